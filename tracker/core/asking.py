"""When a person is asked: to look at what we can't read, and to do what the authority waits for. No clock, no store."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.core.decide import is_over, urgency_of
from tracker.core.history import History, HostHistory
from tracker.core.model import Event, EventKind, Observation, Urgency
from tracker.core.schedule import Policy, for_people, is_open, opening
from tracker.core.workdays import Span, after

UNANSWERED = 3  # asks without an answer, after which the interval doubles
MOST_REMINDERS = 5
SKEW = timedelta(days=1)
TOGETHER = timedelta(hours=12)  # who is asked within this comes along, rather than in a message of its own
MOST_DOUBLINGS = 4
_LONGEST = {"seconds": 3650 * 86_400, "workdays": 2500}  # a calendar ends somewhere


@dataclass(frozen=True, slots=True)
class Watched:
    """A source as far as asking its person goes. `read_at`: when any source of its case was read last."""

    by_hand: bool
    history: History
    policy: Policy
    site: HostHistory | None = None
    read_at: datetime | None = None

    @property
    def told_at(self) -> datetime | None:
        """Since when the person knows that it can't be read; None where it can, or that was not told."""
        streaks = [self.history.streak, self.site.streak if self.site else None]
        told = [s.told_at or s.since for s in streaks if s is not None and s.told]
        return min(told) if told else None

    @property
    def reason(self) -> str:
        """Why it is not read automatically: a code of core/explain.py."""
        if self.by_hand:
            return "by_hand"
        own, site = self.history.streak, self.site.streak if self.site else None
        streak = own if own is not None and own.told else site
        return streak.reason if streak is not None else ""


def next_ask(watched: Watched, every: Span | None, now: datetime) -> datetime | None:
    """When the person is asked to look next; None: never, as things stand. Not before `now` where it was never asked."""
    history = watched.history
    if every is None or history.invalid or (history.current is not None and is_over(history.current)):
        return None
    told_at = watched.told_at
    if not watched.by_hand and told_at is None:
        return None
    # What lies further ahead than clocks differ was noted before ours was set back, and means nothing.
    marks = (history.last_read_at, history.asked_at, watched.read_at, told_at)
    last = max((at for at in marks if at is not None and at <= now + SKEW), default=None)
    if last is None and watched.by_hand:
        return opening(for_people(watched.policy), now)
    return _later(every, history.asked // UNANSWERED, last or now, watched.policy)


def who_is_asked(all_of: Sequence[Watched], every: Span | None, now: datetime) -> list[int]:
    """The places in `all_of` of those who are asked now, in one message; none outside of office hours."""
    due = {n: at for n, one in enumerate(all_of) if (at := next_ask(one, every, now)) is not None}
    if not any(at <= now and is_open(for_people(all_of[n].policy), now) for n, at in due.items()):
        return []
    return [n for n, at in due.items() if at <= now or _comes_along(all_of[n].history, at, now)]


def _comes_along(history: History, at: datetime, now: datetime) -> bool:
    last = max((t for t in (history.asked_at, history.last_read_at) if t is not None), default=None)
    return at - now <= TOGETHER and (last is None or now - last >= TOGETHER)


@dataclass(frozen=True, slots=True)
class Told:
    """An event of a source as it was told; `reminders`: how often since, last `reminded_at`."""

    event: Event
    acked: bool = False
    reminders: int = 0
    reminded_at: datetime | None = None


def may_be_reminded(current: Observation | None) -> bool:
    """Whether the authority waits for something now: what was told of it is only read for these."""
    return current is not None and not current.provisional and not is_over(current) and urgency_of(current) is Urgency.URGENT


def unanswered(current: Observation | None, told: Iterable[Told]) -> Told | None:
    """The event that asked for what the authority still waits for; None where nothing is asked, or somebody acknowledged it.

    `told`: the source's events, newest first.
    """
    if current is None or not may_be_reminded(current):
        return None
    acked: set[object] = set()
    for one in told:
        event = one.event
        if event.kind is EventKind.STILL_WAITING:
            acked |= {event.params.get("event")} if one.acked else set()
        elif event.urgency is Urgency.URGENT and event.after is not None:
            same = (event.after.label, event.after.notice) == (current.label, current.notice)
            return None if not same or one.acked or event.id in acked else one
    return None


def next_reminder(told: Told, every: Span | None, policy: Policy) -> datetime | None:
    """When it is told again; None: never, or often enough."""
    if every is None or told.reminders >= MOST_REMINDERS:
        return None
    return _later(every, told.reminders, told.reminded_at or told.event.at, policy)


def _later(every: Span, doublings: int, start: datetime, policy: Policy) -> datetime:
    people = for_people(policy)
    amount = every.amount << min(doublings, MOST_DOUBLINGS)
    span = Span(min(amount, _LONGEST[every.unit]), every.unit)
    return opening(people, after(span, start, people.workdays, people.zone))
