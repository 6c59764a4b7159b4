"""Working days of a country, and promised periods counted in them.

Years whose holidays are not published yet count Monday to Friday, and the answer says that it is an estimate.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo

COUNTRIES = ("CN", "")  # "": every day is a working day


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time as people promise it: exact seconds, or working days."""

    amount: int
    unit: Literal["seconds", "workdays"]


def is_workday(day: date, country: str) -> tuple[bool, bool]:
    """(whether offices work on this day, whether that is only an estimate)."""
    if country == "":
        return True, False
    if country not in COUNTRIES:
        raise ValueError(f"no working days known for {country!r}; known: {', '.join(c for c in COUNTRIES if c)}")
    holidays, made_up, years = _china()
    if day.year not in years:
        return day.weekday() < 5, True
    return day in made_up or (day.weekday() < 5 and day not in holidays), False


def is_published(year: int) -> bool:
    """Whether the holidays of a year are known; else Monday to Friday is an estimate of its working days."""
    return year in _china()[2]


def add_workdays(day: date, count: int, country: str) -> tuple[date, bool]:
    """(the `count`-th working day after `day`, or before it where negative; whether an estimated day was passed)."""
    step = timedelta(days=1 if count > 0 else -1)
    left, estimated = abs(count), False
    while left:
        day += step
        works, guess = is_workday(day, country)
        left -= works
        estimated |= guess
    return day, estimated


def workdays_between(start: date, end: date, country: str) -> tuple[int, bool]:
    """(working days after `start` up to and including `end`, whether some are estimated); none where `end` is not later."""
    days = [is_workday(start + timedelta(days=n), country) for n in range(1, (end - start).days + 1)]
    return sum(works for works, _ in days), any(guess for _, guess in days)


def after(span: Span, start: datetime, country: str, zone: ZoneInfo) -> datetime:
    """When a span that begins at `start` is over, in UTC; working days end at the same local time of day."""
    if span.unit == "seconds":
        return start.astimezone(UTC) + timedelta(seconds=span.amount)
    local = start.astimezone(zone)
    day, _ = add_workdays(local.date(), span.amount, country)
    return datetime.combine(day, local.timetz()).astimezone(UTC)


@cache
def _china() -> tuple[Mapping[date, object], Mapping[date, object], range]:
    """(holidays, working days that a weekend gave up, years published). The package's own question takes 45 µs a day."""
    from chinese_calendar.constants import holidays, workdays  # noqa: PLC0415 - start-up time: half the commands count no days

    return holidays, workdays, range(min(holidays).year, max(holidays).year + 1)
