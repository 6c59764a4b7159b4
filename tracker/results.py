"""What became of each source in one run, the events that it raised, and the exit code that follows."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tracker.core.decide import Draft, is_over
from tracker.core.history import History
from tracker.core.model import Event, EventKind, Outcome, OutcomeKind, Problem, Via
from tracker.core.schedule import Next
from tracker.core.watching import without_text
from tracker.store.store import SourceRow
from tracker.subjects import Subject


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one source in one run. `events` are what its look raised, also about its host."""

    subject: Subject
    outcome: Outcome
    next_check: Next
    changed: bool = False
    events: tuple[Event, ...] = ()
    retry_at: datetime | None = None
    history: History = field(default_factory=History)
    via: Via = Via.SITE


UNSEEN = -1


def unseen(subject: Subject) -> SourceRow:
    """A source that the store has not taken over: only in a dry run."""
    return SourceRow(
        UNSEEN, subject.case.name, subject.name, subject.meta.id, subject.host, History(), Next(None, "now"), None, False
    )


def needs_no_look(subject: Subject, row: SourceRow, *, named: bool) -> Outcome | None:
    """Why a source is not asked at all: it is read by hand, over, or its reference was refused."""
    if row.paused or row.archived:
        return _skip_outcome("paused" if row.paused else "archived")
    if subject.is_by_hand:
        return _skip_outcome("by_hand")
    if row.history.invalid:
        return Outcome(OutcomeKind.INVALID_REFERENCE, problem=row.problem or Problem("invalid_reference"))
    if row.history.current is not None and is_over(row.history.current) and not named:
        return _skip_outcome("final")
    return None


def _skip_outcome(reason: str) -> Outcome:
    return Outcome(OutcomeKind.SKIPPED, problem=Problem(reason))


def unasked(subject: Subject, row: SourceRow, outcome: Outcome) -> Result:
    """A source that needed no look; one that rests has no next one either."""
    resting = row.paused or row.archived
    planned = Next(None, outcome.problem.reason) if resting and outcome.problem is not None else row.next_check
    return Result(subject, outcome, planned, history=row.history)


def skipped(subject: Subject, row: SourceRow, reason: str, retry_at: datetime | None = None) -> Result:
    """A source that was to be asked, and was not."""
    return Result(subject, _skip_outcome(reason), row.next_check, retry_at=retry_at, history=row.history)


_WITH_ADDRESS = frozenset(
    {
        EventKind.UNREADABLE,
        EventKind.DEFECT,
        EventKind.LOOK_NEEDED,
        EventKind.HANDOFF_NEEDED,
        EventKind.WATCHED_PAGE_CHANGED,
    }
)


def raised(
    subject: Subject, own: Iterable[Draft], of_host: Iterable[Draft], cases_there: tuple[str, ...], now: datetime
) -> tuple[Event, ...]:
    """What one look raised: first about the host, for all the cases there, then about its own case."""
    url = subject.reference.url
    public = {"url": url} if url and "?" not in url else {}

    def event(draft: Draft, case: str | None = None) -> Event:
        return Event(
            id=uuid.uuid4().hex,
            kind=draft.kind,
            urgency=draft.urgency,
            reason=draft.reason,
            at=now,
            case=case,
            source=subject.name if case else None,
            host=None if case else subject.host,
            cases=() if case else cases_there,
            before=without_text(draft.before),
            after=without_text(draft.after),
            params={**public, **draft.params} if draft.kind in _WITH_ADDRESS else dict(draft.params),
        )

    return (*(event(draft) for draft in of_host), *(event(draft, subject.case.name) for draft in own))


def exit_code(results: Sequence[Result], *, owed: bool, tell_events: bool = False) -> int:
    """The contract's exit code of a check."""
    unread = [r for r in results if _is_unread(r.outcome)]
    good = [r for r in results if r.outcome.kind in (OutcomeKind.READ, OutcomeKind.NOT_LISTED)]
    if owed:
        return 12
    if unread:
        return 10 if good else 11
    return 20 if tell_events and any(r.events for r in results) else 0


_UNREAD = frozenset(
    {
        OutcomeKind.BLOCKED,
        OutcomeKind.UNAVAILABLE,
        OutcomeKind.PAGE_CHANGED,
        OutcomeKind.MISMATCHED,
        OutcomeKind.INVALID_REFERENCE,
    }
)


def _is_unread(outcome: Outcome) -> bool:
    waiting = outcome.kind is OutcomeKind.SKIPPED and outcome.problem is not None and outcome.problem.reason == "waiting"
    return waiting or outcome.kind in _UNREAD
