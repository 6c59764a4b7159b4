"""When a site is asked next, and why."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tracker.core import schedule
from tracker.core.schedule import Next, Policy

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=SHANGHAI)


def policy(
    every: timedelta = timedelta(hours=4),
    jitter: timedelta = timedelta(minutes=20),
    hours: tuple[tuple[time, time], ...] = (),
    workdays: str = "",
) -> Policy:
    return Policy(every, jitter, timedelta(hours=24), SHANGHAI, hours, workdays)


OFFICE = ((time(8, 30), time(18, 0)),)


def test_an_ordinary_look_follows_after_the_interval_and_its_jitter() -> None:
    planned = schedule.after_good_look(policy(), MONDAY_NOON, 0.6)
    assert planned == Next(
        MONDAY_NOON + timedelta(hours=4, minutes=12), "interval", {"every_minutes": 240, "jitter_minutes": 12}
    )


def test_jitter_never_takes_more_than_half_of_a_short_interval() -> None:
    planned = schedule.after_good_look(policy(every=timedelta(minutes=10)), MONDAY_NOON, -1)
    assert planned.at == MONDAY_NOON + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("every", "wait"), [(timedelta(hours=4), timedelta(minutes=30)), (timedelta(minutes=10), timedelta(minutes=10))]
)
def test_a_second_look_comes_after_half_an_hour_or_a_shorter_interval(every: timedelta, wait: timedelta) -> None:
    first = MONDAY_NOON
    assert schedule.for_second_look(policy(every=every), first, first).at == first + wait


def test_a_second_look_that_is_overdue_is_due_now() -> None:
    late = MONDAY_NOON + timedelta(hours=9)
    assert schedule.for_second_look(policy(), MONDAY_NOON, late).at == late


@pytest.mark.parametrize(("looks", "hours"), [(1, 4), (2, 8), (3, 16), (4, 24), (50, 24)])
def test_failed_looks_double_the_wait_up_to_a_day(looks: int, hours: int) -> None:
    planned = schedule.after_failure(policy(), looks, MONDAY_NOON, 0)
    assert planned == Next(MONDAY_NOON + timedelta(hours=hours), "back_off", {"looks": looks})


def test_a_refusal_waits_at_least_half_a_day() -> None:
    assert schedule.backoff(policy(), 1, -1, refused=True) == timedelta(hours=12)
    assert schedule.backoff(policy(), 4, 0, refused=True) == timedelta(hours=24)


def test_outside_office_hours_the_look_waits_for_the_next_morning() -> None:
    evening = datetime(2026, 11, 23, 19, 7, 30, tzinfo=SHANGHAI)
    planned = schedule.in_hours(policy(hours=OFFICE), Next(evening, "interval"))
    assert planned == Next(datetime(2026, 11, 24, 8, 37, 30, tzinfo=SHANGHAI), "office_hours")


def test_before_office_hours_the_look_waits_for_the_same_morning() -> None:
    early = datetime(2026, 11, 23, 6, 0, tzinfo=SHANGHAI)
    planned = schedule.in_hours(policy(hours=OFFICE), Next(early, "interval"))
    assert planned.at == datetime(2026, 11, 23, 8, 30, tzinfo=SHANGHAI)


def test_a_lunch_break_is_waited_out() -> None:
    halves = ((time(13, 30), time(17, 0)), (time(9, 0), time(11, 30)))
    planned = schedule.in_hours(policy(hours=halves), Next(MONDAY_NOON, "interval"))
    assert planned.at == datetime(2026, 11, 23, 13, 30, tzinfo=SHANGHAI)


def test_a_tiny_opening_is_met_at_its_beginning() -> None:
    narrow = ((time(9, 0), time(9, 2)),)
    planned = schedule.in_hours(policy(hours=narrow), Next(MONDAY_NOON + timedelta(minutes=19), "interval"))
    assert planned.at == datetime(2026, 11, 24, 9, 0, tzinfo=SHANGHAI)


def test_national_holidays_and_weekends_are_left_out() -> None:
    eve = datetime(2026, 9, 30, 20, 0, tzinfo=SHANGHAI)
    planned = schedule.in_hours(policy(hours=OFFICE, workdays="CN"), Next(eve, "interval"))
    assert planned.at is not None
    assert planned.at.date().isoformat() == "2026-10-08"
    saturday = datetime(2026, 11, 28, 12, 0, tzinfo=SHANGHAI)
    monday = schedule.in_hours(policy(workdays="CN"), Next(saturday, "interval")).at
    assert monday is not None
    assert monday.date().isoformat() == "2026-11-30"


def test_times_may_come_in_any_zone() -> None:
    utc = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)  # 19:00 in Shanghai
    planned = schedule.in_hours(policy(hours=OFFICE), Next(utc, "interval"))
    assert planned.at == datetime(2026, 11, 24, 8, 30, tzinfo=SHANGHAI)


def test_never_stays_never() -> None:
    assert schedule.in_hours(policy(hours=OFFICE), schedule.never("final")) == Next(None, "final")


def test_hours_that_never_open_leave_the_plan_as_it_is() -> None:
    shut = ((time(9, 0), time(9, 0)),)
    planned = Next(MONDAY_NOON, "interval")
    moved = schedule.in_hours(policy(hours=shut), planned)
    assert moved.at is not None
    assert moved.at >= MONDAY_NOON
