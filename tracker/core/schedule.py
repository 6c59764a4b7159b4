"""When to look next, and why: (policy, what was found, now, jitter) -> time and reason. No clock, no dice."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from tracker.core.workdays import is_workday

SECOND_LOOK = timedelta(minutes=30)
LONGEST = timedelta(hours=24)
REFUSED_AT_LEAST = timedelta(hours=12)
LEAST_FAILED_LOOKS = 3
DAYTIME = ((time(8, 30), time(18)),)


@dataclass(frozen=True, slots=True)
class Policy:
    """How often a source is asked. `hours` () is any hour; `workdays` "" is any day. Times are local in `zone`."""

    every: timedelta
    jitter: timedelta
    patience: timedelta
    zone: ZoneInfo
    hours: tuple[tuple[time, time], ...] = ()
    workdays: str = ""

    @property
    def second_look(self) -> timedelta:
        """How long a doubtful reading waits for the look that makes it sure."""
        return min(self.every, SECOND_LOOK)


@dataclass(frozen=True, slots=True)
class Next:
    """The next check: never where `at` is None. `params` fill the words of the reason."""

    at: datetime | None
    reason: str
    params: Mapping[str, int] = field(default_factory=dict)


def after_good_look(policy: Policy, now: datetime, jitter: float) -> Next:
    """The ordinary interval; `jitter` in -1…1."""
    shift = _shift(policy, jitter)
    params = {"every_minutes": _minutes(policy.every), "jitter_minutes": _minutes(shift)}
    return in_hours(policy, Next(now + policy.every + shift, "interval", params))


def for_second_look(policy: Policy, first_look: datetime, now: datetime) -> Next:
    """The look that makes a doubtful reading sure, or a missing record missing."""
    return in_hours(policy, Next(max(first_look + policy.second_look, now), "second_look"))


def after_failure(policy: Policy, looks: int, now: datetime, jitter: float) -> Next:
    """Back-off of a source whose page can't be read: `looks` failed looks of this streak, at least 1."""
    return in_hours(policy, Next(now + backoff(policy, looks, jitter), "back_off", {"looks": looks}))


def backoff(policy: Policy, looks: int, jitter: float, *, refused: bool = False) -> timedelta:
    """min(every · 2ⁿ, 24 h) ± jitter, where n counts the failed looks before this one; refused: at least 12 h."""
    delay = min(policy.every * (1 << min(looks - 1, 20)), LONGEST) + _shift(policy, jitter)
    return max(delay, REFUSED_AT_LEAST) if refused else delay


def longest_wait(policy: Policy) -> timedelta:
    """The longest that `backoff` ever gives."""
    return LONGEST + longest_interval(policy) - policy.every


def longest_interval(policy: Policy) -> timedelta:
    """The longest that `after_good_look` ever waits, office hours aside."""
    return policy.every + min(policy.jitter, policy.every / 2)


def never(reason: str) -> Next:
    return Next(None, reason)


def in_hours(policy: Policy, planned: Next) -> Next:
    """Moves a planned time on to the next office hour of a working day, and says so."""
    if planned.at is None or is_open(policy, planned.at):
        return planned
    opens = opening(policy, planned.at)
    # A whole office's sources must not all ask at the stroke of opening: keep the minutes of the plan.
    spread = opens + timedelta(minutes=planned.at.minute % 20, seconds=planned.at.second)
    return Next(spread if is_open(policy, spread) else opens, "office_hours", planned.params)


def opening(policy: Policy, at: datetime) -> datetime:
    """This time where it lies in office hours, else when they begin next."""
    return at if is_open(policy, at) else next(o for o in _openings(policy, at) if o > at)


def _openings(policy: Policy, at: datetime) -> Iterator[datetime]:
    """Every opening of the sites' counters from the day of `at` on."""
    today = at.astimezone(policy.zone).date()
    for days in count():  # pragma: no branch - it ends with the reader
        day = today + timedelta(days=days)
        if is_workday(day, policy.workdays)[0]:
            for start, _ in sorted(policy.hours) or [(time(0), time.max)]:
                yield datetime.combine(day, start, policy.zone).astimezone(at.tzinfo)


def is_open(policy: Policy, at: datetime) -> bool:
    """Whether a site may be asked at this time, by office hours and working days."""
    local = at.astimezone(policy.zone)
    if not is_workday(local.date(), policy.workdays)[0]:
        return False
    return not policy.hours or any(start <= local.time() < end for start, end in policy.hours)


def for_people(policy: Policy) -> Policy:
    """When a person is asked to do something: in office hours of working days also where a site may be asked at any hour."""
    return replace(policy, hours=policy.hours or DAYTIME, workdays=policy.workdays or "CN")


def _shift(policy: Policy, jitter: float) -> timedelta:
    """Jitter, kept to half the interval so that a short interval never turns negative."""
    return min(policy.jitter, policy.every / 2) * jitter


def _minutes(delay: timedelta) -> int:
    return round(delay.total_seconds() / 60)
