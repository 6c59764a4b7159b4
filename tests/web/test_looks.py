"""Looks that the page asked for: what stays of them, and what a log says of a mistake of ours."""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from tests.web.conftest import ID_NUMBER
from tracker.check import Checker
from tracker.web.looks import NEWS, Looks

START = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


class Broken:
    """The service of a machine on which something of ours is broken."""

    def __init__(self) -> None:
        self.runs: list[Coroutine[None, None, None]] = []

    def problem(self) -> str:
        return ""

    def begin(self, run: Coroutine[None, None, None]) -> None:
        self.runs.append(run)

    async def take_over(self) -> None:
        raise ValueError(f"{ID_NUMBER} is no number")


class Clock:
    now = START

    def __call__(self) -> datetime:
        return self.now


def test_a_look_that_ended_unexpectedly_says_where_and_nothing_of_a_person(caplog: pytest.LogCaptureFixture) -> None:
    hands, clock = Broken(), Clock()
    looks = Looks(cast("Checker", None), hands, clock)
    looks.ask("me", again=False)
    asyncio.run(hands.runs.pop())
    look = looks.of("me")
    assert look is not None
    assert (look.is_running, look.error) == (False, "ValueError")
    assert "ValueError at test_looks.py:" in caplog.text
    assert ID_NUMBER not in caplog.text


def test_an_answer_is_news_for_a_while_only() -> None:
    hands, clock = Broken(), Clock()
    looks = Looks(cast("Checker", None), hands, clock)
    looks.ask("me", again=False)
    clock.now = START + 2 * NEWS
    assert looks.of("me") is not None, "it runs still"
    asyncio.run(hands.runs.pop())
    assert looks.of("me") is None
    looks.ask("other", again=False)
    asyncio.run(hands.runs.pop())
    clock.now += NEWS - timedelta(seconds=1)
    assert looks.of("other") is not None
