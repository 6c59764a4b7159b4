"""Kept pages read again with today's adapter and config, without asking anybody; and the history amended by what they say.

An old reading is amended in its place and told to nobody. The reading that stands now goes through the rules of any look: what
was told and is not so is told, doubtful ones wait for their second look. A page that reads no more amends nothing: it is as
likely that the way of reading it is broken now.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tracker.conclude import is_told_already
from tracker.config.model import Config
from tracker.core.decide import decide, urgency_of
from tracker.core.decision import REREAD, Draft, Look
from tracker.core.history import History
from tracker.core.labels import fold
from tracker.core.model import Event, EventKind, Observation, Outcome, OutcomeKind, Via
from tracker.core.moves import is_nameless
from tracker.core.schedule import Next
from tracker.results import raised
from tracker.store.amend import Amendment, Entry, newest_observation, timeline
from tracker.store.pages import STEP, Kept, kept_pages
from tracker.store.store import Finish, SourceRow, Store
from tracker.subjects import Subject, receivers_of
from tracker.understand import read_again

_MOVES = frozenset({EventKind.STATUS_CHANGED, EventKind.NOTICE_CHANGED})
_QUIET = EventKind.DETAILS_CHANGED  # what else stood on the page by then is old news
LOOKED_BACK = 10_000


@dataclass(frozen=True, slots=True)
class Reread:
    """One kept page: what it counts as, and what it would be read as now."""

    kept: Kept
    subject: Subject
    now: Outcome
    outlived: bool = False  # reads no more, while a later page of the source does: the site looked so before

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
    found = [_again(page, mine[key]) for page in kept_pages(store.base, cases) if (key := (page.case, page.source)) in mine]
    newest_read = {one.subject.key: one.kept.at for one in found if one.now.observation is not None}
    return [replace(one, outlived=_is_outlived(one, newest_read.get(one.subject.key))) for one in found]


def _is_outlived(one: Reread, newest_read: datetime | None) -> bool:
    return one.now.observation is None and newest_read is not None and newest_read > one.kept.at


def _again(kept: Kept, subject: Subject) -> Reread:
    if kept.kind == STEP:  # no answer, whatever it seems to say: asking never got so far
        return Reread(kept, subject, kept.outcome)
    then = kept.outcome.observation
    at, via = (then.seen_at, then.via) if then is not None else (kept.at, Via.SITE)
    return Reread(kept, subject, read_again(subject, kept.page, at, via))


# --- amending --------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Plan:
    """What the pages of one source change, page by page."""

    subject: Subject
    history: History
    planned: Next
    drafts: list[Draft] = field(default_factory=list)
    changes: list[Amendment] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Applied:
    """What was amended. `busy`: pages of sources that somebody else is working on just now; nothing of those was changed."""

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
        done, told = _source(store, config, rows[key], pages, now=now, notify=notify) if key in rows else ((), ())
        amended |= set(done)
        busy |= {one.kept.id for one in pages} - set(done)
        events += told
    return Applied(frozenset(amended), tuple(events), frozenset(busy))


def _source(
    store: Store, config: Config, row: SourceRow, found: Sequence[Reread], *, now: datetime, notify: bool
) -> tuple[Sequence[int], tuple[Event, ...]]:
    """Which pages were amended, and what is told: nothing where somebody else holds the source."""
    held = store.claim([row.id], config.fetch.timeout + timedelta(seconds=5)).get(row.id)
    if held is None:
        return (), ()
    # What another process amended, or forgot, since these pages were read is not amended once more.
    as_read = {kept.id: kept for kept in kept_pages(store.base, [row.case])}
    pages = [one for one in found if as_read.get(one.kept.id) == one.kept]
    subject = found[0].subject
    look = Look(now, subject.policy, 0.0, subject.reference.read.told)
    seen, newest = timeline(store.base, row.case, LOOKED_BACK, row.id), newest_observation(store.base, row.id)
    plan = _Plan(subject, held.history, held.next_check)
    for one in sorted(pages, key=lambda one: (one.kept.at, one.kept.id)):
        _amend(plan, one, look, newest, seen)
    events = raised(subject, plan.drafts, (), (), now)
    tells = notify and not row.archived  # its people put it away
    told = [event for event in events if tells and not is_told_already(held, event)]
    owed = tuple((event, receivers_of(config, event, [subject.case]) if event in told else ()) for event in events)
    finish = Finish(held, plan.history, plan.planned, held.problem, events=owed, amended=tuple(plan.changes))
    return ([one.kept.id for one in pages], events) if store.finish(finish) else ((), ())


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
        # The page was seen when it was kept: reading it again later on is no second look.
        current = _current(plan, seen, replace(look, now=one.kept.at))
        tells = before is None or fold(before.label) != fold(seen.label) or before.status is not seen.status
        seen = replace(current, seen_at=seen.seen_at)
    else:
        doubtful = then.provisional if then is not None else not seen.known or is_nameless(seen)
        seen = replace(seen, provisional=doubtful)
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
    plan.planned = _planned(plan, decision.next)
    plan.drafts += _told(was.current, plan.history.current, decision.events)
    last = plan.history.last
    assert last is not None
    return last


def _planned(plan: _Plan, following: Next) -> Next:
    """When the site is asked next: as planned, but for what is over now, is over no more, or waits for a second look."""
    was, waits = plan.planned, plan.history.streak is not None or plan.history.invalid
    if following.reason == "final" or (was.reason != "final" and (waits or following.reason != "second_look")):
        return following if following.reason == "final" else was
    return Next(None, "by_hand") if plan.subject.is_by_hand else following


def _told(told: Observation | None, current: Observation | None, events: Iterable[Draft]) -> Iterator[Draft]:
    """What follows, as a correction; also where only the meaning of the same words is another."""
    moved = False
    for draft in events:
        if draft.kind is not _QUIET:
            moved = moved or draft.kind in _MOVES or draft.kind is EventKind.FIRST_SEEN
            yield replace(draft, reason=REREAD) if draft.kind in _MOVES else draft
    if not moved and told is not None and current is not None and told.status is not current.status:
        yield Draft(EventKind.STATUS_CHANGED, REREAD, urgency_of(current), before=told, after=current)
