"""Signs that the service itself is not well: ticks that stood still, a clock that jumped, a full disk, a missing calendar."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

JUMP = timedelta(minutes=2)
STALLED = timedelta(seconds=60)
LEAST_FREE = 50 << 20
ENOUGH_AGAIN = 60 << 20  # above this there is room again: a little more, so that a disk at the limit is told once
ANNOUNCED = 11  # the month in which the next year's working days are published


@dataclass(frozen=True, slots=True)
class Pulse:
    """One moment by the wall's clock, and by one in seconds that nobody sets and that stands still in a suspended machine."""

    wall: datetime
    steady: float


def jumped(before: Pulse | None, now: Pulse) -> timedelta | None:
    """By how much the clock was set between two moments (or the machine slept); None where it only went on."""
    if before is None:
        return None
    jump = now.wall - before.wall - timedelta(seconds=now.steady - before.steady)
    return jump if abs(jump) > JUMP else None


def is_short(free: int, *, was: bool) -> bool:
    """Whether the disk has too little room; `was`: whether it had at the last look."""
    return free < (ENOUGH_AGAIN if was else LEAST_FREE)


def missing_year(today: date, is_published: Callable[[int], bool]) -> int | None:
    """The year whose working days should be known by now and are not."""
    if not is_published(today.year):
        return today.year
    return today.year + 1 if today.month >= ANNOUNCED and not is_published(today.year + 1) else None
