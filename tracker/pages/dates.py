"""Dates as progress pages write them."""

import re
from datetime import date, datetime

_DATE = re.compile(r"\s*(\d{4})\s*(?:[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{2})(\d{2})(?!\d{1,5}(?!\d)))")
_TIME = re.compile(r"[\sT]*(\d{1,2})\s*[:：时]?\s*(\d{2})(?:\s*[:：分]?\s*(\d{2}))?")


def parse_moment(text: str) -> datetime | None:
    """2026-11-20, 2026/11/20, 2026年11月20日, 20261120, with a time behind or without. Naive: the page's own time."""
    found = _DATE.match(text)
    if found is None:
        return None
    year, month, day = int(found[1]), int(found[2] or found[4]), int(found[3] or found[5])
    time = _TIME.match(text, found.end())
    hour, minute, second = (int(part or 0) for part in time.groups()) if time else (0, 0, 0)
    try:
        return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - only compared with others of the same page
    except ValueError:
        return None


def parse_date(text: str) -> date | None:
    """The day of a date text, or None."""
    moment = parse_moment(text)
    return moment.date() if moment else None
