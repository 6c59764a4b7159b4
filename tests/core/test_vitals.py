"""Signs that the service itself is not well."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tracker.core.vitals import ENOUGH_AGAIN, LEAST_FREE, Pulse, is_short, jumped, missing_year
from tracker.core.workdays import is_published

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "steady", "jump"),
    [(5, 300, None), (6.9, 300, None), (65, 300, 60), (-55, 300, -60), (480, 10, 480 - 1 / 6)],
)
def test_a_jump_of_the_clock_is_told_from_time_that_went_by(minutes: float, steady: float, jump: float | None) -> None:
    found = jumped(Pulse(NOON, 1000.0), Pulse(NOON + timedelta(minutes=minutes), 1000.0 + steady))
    assert found == (None if jump is None else timedelta(minutes=jump))
    assert jumped(None, Pulse(NOON, 0.0)) is None


def test_a_disk_at_the_limit_is_told_once() -> None:
    assert [is_short(free, was=False) for free in (LEAST_FREE - 1, LEAST_FREE)] == [True, False]
    assert [is_short(free, was=True) for free in (LEAST_FREE, ENOUGH_AGAIN)] == [True, False]


@pytest.mark.parametrize(
    ("today", "missing"),
    [(date(2026, 10, 31), None), (date(2026, 11, 1), 2027), (date(2027, 1, 1), 2027), (date(2025, 12, 31), None)],
)
def test_the_next_year_should_be_known_from_november_on(today: date, missing: int | None) -> None:
    assert missing_year(today, lambda year: year <= 2026) == missing


def test_the_years_that_are_published_are_known() -> None:
    assert is_published(2025)
    assert not is_published(2099)
