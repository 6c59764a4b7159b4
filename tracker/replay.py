"""Kept pages read again with today's adapter and config, without asking anybody; and the history amended by what they say.

An old reading is amended in its place and told to nobody. The reading that stands now goes through the rules of any look: what
was told and is not so is told, doubtful ones wait for their second look. A page that reads no more amends nothing: it is as
likely that the way of reading it is broken now.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tracker.config.model import Config
from tracker.core.decide import decide, urgency_of
from tracker.core.decision import REREAD, Draft, Look
from tracker.core.errors import CheckError
from tracker.core.history import History
from tracker.core.labels import fold
from tracker.core.model import Event, EventKind, Observation, Outcome, OutcomeKind, Via
from tracker.core.schedule import Next
from tracker.results import raised
from tracker.sightings import read_by
from tracker.store.amend import Amendment, Entry, newest_observations, timeline
from tracker.store.pages import Kept, kept_pages
from tracker.store.store import Finish, SourceRow, Store
from tracker.subjects import Subject, receivers_of
from tracker.understand import understood, without_person

_MOVES = frozenset({EventKind.STATUS_CHANGED, EventKind.NOTICE_CHANGED})
_QUIET = EventKind.DETAILS_CHANGED  # what else stood on the page by then is old news
LOOKED_BACK = 10_000


@dataclass(frozen=True, slots=True)
class Reread:
    """One kept page: what it counts as, and what it would be read as now."""

    kept: Kept
    subject: Subject
    now: Outcome

    @property
    def differs(self) -> tuple[str, ...]:
        """What would be another: outcome and reason, or label, status, reported_on, identity, notice."""
        then, now = self.kept.outcome, self.now
        if then.observation is None or now.observation is None:
            reasons = [o.problem.reason if o.problem else "" for o in (then, now)]
            return tuple(n for n, d in (("outcome", then.kind is not now.kind), ("reason", reasons[0] != reasons[1])) if d)
        old, new = then.observation, now.observation
        pairs = {
            "label": (old.label, new.label),
            "status": (old.status, new.status),
            "reported_on": (old.reported_on, new.reported_on),
            "identity": (old.identity, new.identity),
            "notice": (old.notice or None, new.notice or None),
        }
        return tuple(name for name, (before, after) in pairs.items() if before != after)

    @property
    def amends(self) -> bool:
        """Whether the history can say so: a page that reads no more takes nothing back."""
        return bool(self.differs) and self.now.observation is not None


def reread(store: Store, subjects: Iterable[Subject], cases: Iterable[str] = ()) -> list[Reread]:
    """Every kept page of the named cases, or of all; watched texts have no reading."""
    mine = {subject.key: subject for subject in subjects if not subject.is_watched}
    return [_again(page, mine[key]) for page in kept_pages(store.base, cases) if (key := (page.case, page.source)) in mine]


def _again(kept: Kept, subject: Subject) -> Reread:
    then = kept.outcome.observation
    at, via = (then.seen_at, then.via) if then is not None else (kept.at, Via.SITE)
    page = replace(kept.page, url=kept.page.url or subject.reference.url)
    try:
        reading = read_by(subject, page)
    except CheckError as error:
        return Reread(kept, subject, without_person(error.outcome(), subject))
    return Reread(kept, subject, Outcome(OutcomeKind.READ, understood(reading, subject, at, via)))


# --- amending --------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Plan:
    """What the pages of one source change, page by page."""

    history: History
    planned: Next
    drafts: list[Draft] = field(default_factory=list)
    changes: list[Amendment] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Applied:
    """What was amended. `busy`: pages of sources that are being looked at just now; nothing of those was changed."""

    amended: frozenset[int] = frozenset()
    events: tuple[Event, ...] = ()
    busy: frozenset[int] = frozenset()


def apply(store: Store, config: Config, found: Sequence[Reread], *, now: datetime, notify: bool = True) -> Applied:
    """Amends the history source by source, each in one transaction with the messages that follow."""
    by_source: dict[tuple[str, str], list[Reread]] = {}
    for one in found:
        if one.amends:
            by_source.setdefault(one.subject.key, []).append(one)
    rows: Mapping[tuple[str, str], SourceRow] = {row.key: row for row in store.sources()} if by_source else {}
    amended, events, busy = set[int](), list[Event](), set[int]()
    for key, pages in by_source.items():
        done = _source(store, config, rows[key], pages, now=now, notify=notify)
        numbers = {one.kept.id for one in pages}
        if done is None:
            busy |= numbers
            continue
        amended |= numbers
        events += done
    return Applied(frozenset(amended), tuple(events), frozenset(busy))


def _source(
    store: Store, config: Config, row: SourceRow, pages: Sequence[Reread], *, now: datetime, notify: bool
) -> tuple[Event, ...] | None:
    """None where somebody else holds the source."""
    held = store.claim([row.id], config.fetch.timeout + timedelta(seconds=5)).get(row.id)
    if held is None:
        return None
    subject = pages[0].subject
    look = Look(now, subject.policy, 0.0, subject.reference.read.told)
    seen = [entry for entry in timeline(store.base, row.case, LOOKED_BACK) if entry.source == row.name]
    plan = _Plan(held.history, held.next_check)
    newest = newest_observations(store.base).get(row.id)
    for one in sorted(pages, key=lambda one: (one.kept.at, one.kept.id)):
        _amend(plan, one, look, newest, seen)
    events = raised(subject, plan.drafts, (), (), now)
    owed = tuple((e, receivers_of(config, e, [subject.case]) if notify else ()) for e in events)
    finish = Finish(held, plan.history, plan.planned, held.problem, events=owed, amended=tuple(plan.changes))
    return events if store.finish(finish) else None


def _amend(plan: _Plan, one: Reread, look: Look, newest: int | None, there: Sequence[Entry]) -> None:
    seen, then = one.now.observation, one.kept.outcome.observation
    assert seen is not None
    last_read, tells = plan.history.last_read_at, True
    if then is None:
        is_news = last_read is None or one.kept.at > last_read
        tells = is_news or _tells(one.kept, seen, there)
    else:
        is_news = one.kept.observation == newest
    if is_news:
        before = plan.history.last
        seen = _current(plan, seen, look)
        tells = before is None or fold(before.label) != fold(seen.label) or before.status is not seen.status
    elif then is not None:
        seen = replace(seen, provisional=then.provisional)
    change = Amendment(one.kept.id, seen, look.now, one.kept.outcome, one.kept.observation, tells)
    plan.changes.append(change)


def _tells(kept: Kept, seen: Observation, there: Sequence[Entry]) -> bool:
    """Whether an unread page of long ago says something else than what stood there then; newest first."""
    before = next((entry.seen for entry in there if entry.seen.seen_at <= kept.at), None)
    return before is None or fold(before.label) != fold(seen.label)


def _current(plan: _Plan, seen: Observation, look: Look) -> Observation:
    """The reading that stands now is another one: decided on as at any look, though nobody looked at the site."""
    was = plan.history
    calm = replace(was, streak=None, missing_since=None, missing_told=False, looked_at=None)
    decision = decide(calm, Outcome(OutcomeKind.READ, seen), look)
    plan.history = replace(
        decision.history,
        streak=was.streak,
        defect=was.defect,
        invalid=was.invalid,
        outcome=was.outcome,
        looked_at=was.looked_at,
        missing_since=was.missing_since,
        missing_told=was.missing_told,
        asked_at=was.asked_at,
        asked=was.asked,
        last_read_at=max(was.last_read_at or seen.seen_at, seen.seen_at),
    )
    if "final" in {plan.planned.reason, decision.next.reason} or decision.next.reason == "second_look":
        plan.planned = decision.next
    plan.drafts += _told(was.current, plan.history.current, decision.events)
    last = plan.history.last
    assert last is not None
    return last


def _told(told: Observation | None, current: Observation | None, events: Iterable[Draft]) -> Iterator[Draft]:
    """What follows, as a correction; also where only the meaning of the same words is another."""
    moved = False
    for draft in events:
        if draft.kind is not _QUIET:
            moved = moved or draft.kind in _MOVES or draft.kind is EventKind.FIRST_SEEN
            yield replace(draft, reason=REREAD) if draft.kind in _MOVES else draft
    if not moved and told is not None and current is not None and told.status is not current.status:
        yield Draft(EventKind.STATUS_CHANGED, REREAD, urgency_of(current), before=told, after=current)
