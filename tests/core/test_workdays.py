from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.core.workdays import Span, add_workdays, after, is_workday, workdays_between

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("day", "country", "works", "estimated"),
    [
        (date(2026, 11, 23), "CN", True, False),  # a Monday
        (date(2026, 11, 21), "CN", False, False),  # a Saturday
        (date(2026, 2, 17), "CN", False, False),  # Spring Festival, a Tuesday
        (date(2026, 2, 14), "CN", True, False),  # a Saturday worked for it
        (date(2040, 2, 14), "CN", True, True),  # a Tuesday of a year nobody has published
        (date(2040, 2, 18), "CN", False, True),
        (date(2003, 2, 17), "CN", True, True),
        (date(2026, 11, 21), "", True, False),
        (date(2040, 2, 18), "", True, False),
    ],
)
def test_a_working_day_follows_the_published_calendar_and_says_when_it_only_guesses(
    day: date, country: str, works: bool, estimated: bool
) -> None:
    assert is_workday(day, country) == (works, estimated)


def test_the_calendar_agrees_with_the_package_it_is_read_from() -> None:
    import chinese_calendar

    days = [date.fromordinal(n) for n in range(date(2025, 12, 1).toordinal(), date(2026, 12, 31).toordinal())]
    assert [is_workday(day, "CN")[0] for day in days] == [chinese_calendar.is_workday(day) for day in days]


def test_an_unknown_country_is_refused_and_not_guessed() -> None:
    with pytest.raises(ValueError, match="no working days known for 'XX'; known: CN"):
        is_workday(date(2026, 11, 23), "XX")


@pytest.mark.parametrize(
    ("start", "count", "country", "end"),
    [
        (date(2026, 11, 20), 1, "CN", (date(2026, 11, 23), False)),  # Friday to Monday
        (date(2026, 11, 20), 5, "CN", (date(2026, 11, 27), False)),
        (date(2026, 11, 20), 5, "", (date(2026, 11, 25), False)),
        (date(2026, 11, 20), 0, "CN", (date(2026, 11, 20), False)),
        (date(2026, 11, 23), -1, "CN", (date(2026, 11, 20), False)),
        (date(2026, 2, 13), 1, "CN", (date(2026, 2, 14), False)),  # the Saturday counts
        (date(2026, 2, 14), 1, "CN", (date(2026, 2, 24), False)),  # over Spring Festival
        (date(2039, 12, 30), 1, "CN", (date(2040, 1, 2), True)),  # the new year's holidays are not known
    ],
)
def test_a_promise_in_working_days_ends_on_a_working_day(start: date, count: int, country: str, end: tuple[date, bool]) -> None:
    assert add_workdays(start, count, country) == end


def test_working_days_between_leave_the_first_day_out_and_take_the_last_in() -> None:
    assert workdays_between(date(2026, 11, 20), date(2026, 11, 27), "CN") == (5, False)
    assert workdays_between(date(2026, 11, 20), date(2026, 11, 27), "") == (7, False)
    assert workdays_between(date(2026, 11, 20), date(2026, 11, 20), "CN") == (0, False)
    assert workdays_between(date(2026, 11, 27), date(2026, 11, 20), "CN") == (0, False)  # a clock set back
    assert workdays_between(date(2040, 2, 13), date(2040, 2, 14), "CN") == (1, True)


@given(st.dates(date(2020, 1, 1), date(2045, 1, 1)), st.integers(1, 80))
def test_counting_back_finds_the_days_that_were_added(start: date, count: int) -> None:
    end, estimated = add_workdays(start, count, "CN")
    assert workdays_between(start, end, "CN") == (count, estimated)
    assert is_workday(end, "CN")[0]


def test_a_span_of_seconds_is_exact_over_a_change_of_the_clocks() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    start = datetime(2026, 10, 24, 12, tzinfo=berlin)
    assert after(Span(86400, "seconds"), start, "", berlin) == datetime(2026, 10, 25, 11, tzinfo=berlin)


def test_a_span_of_working_days_ends_at_the_same_time_of_day_where_the_office_is() -> None:
    start = datetime(2026, 11, 19, 23, 30, tzinfo=UTC)  # Friday morning in Shanghai
    end = after(Span(5, "workdays"), start, "CN", SHANGHAI)
    assert end == datetime(2026, 11, 27, 7, 30, tzinfo=SHANGHAI)
    assert end.tzinfo is UTC
