"""Dates as progress pages write them."""

import re
from datetime import date, datetime

_DATE = re.compile(r"\s*(\d{4})\s*(?:[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{2})(\d{2})(?!\d{1,5}(?!\d)))")
_WORDED = re.compile(r"\s*(?:(\d{1,2})\s+([A-Za-z]{3,9})\.?|([A-Za-z]{3,9})\.?\s+(\d{1,2})),?\s+(\d{4})(?!\d),?")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_TIME = re.compile(r"[\sT]*(\d{1,2})\s*[:：时]?\s*(\d{2})(?:\s*[:：分]?\s*(\d{2}))?")


def parse_moment(text: str) -> datetime | None:
    """2026-11-20, 2026/11/20, 2026年11月20日, 20261120, 20 November 2026, Nov 20, 2026, with a time behind or without.

    Naive: the page's own time. 20/11/2026 is none: nobody can say which is the month in 03/04/2026.
    """
    if found := _DATE.match(text):
        year, month, day = int(found[1]), int(found[2] or found[4]), int(found[3] or found[5])
    elif found := _WORDED.match(text):
        name = (found[2] or found[3]).casefold()
        month = next((n for n, month in enumerate(_MONTHS, 1) if month.startswith(name)), 0)
        year, day = int(found[5]), int(found[1] or found[4])
    else:
        return None
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
