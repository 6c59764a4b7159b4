"""What is remembered of texts: answers are the function's, and no page fills the memory."""

from collections.abc import Callable

import pytest

from tracker.core.memo import LONGEST, MOST, remembered


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def upper(asked: list[str]) -> Callable[[str], str]:
    def function(text: str) -> str:
        asked.append(text)
        return text.upper()

    return remembered(function)


def test_a_short_texts_answer_is_worked_out_once(upper: Callable[[str], str], asked: list[str]) -> None:
    assert [upper("status"), upper("status"), upper("state")] == ["STATUS", "STATUS", "STATE"]
    assert asked == ["status", "state"]


def test_an_answer_of_none_is_remembered_too(asked: list[str]) -> None:
    def function(text: str) -> str | None:
        asked.append(text)
        return None

    nothing = remembered(function)
    assert [nothing("x"), nothing("x")] == [None, None]
    assert asked == ["x"]


def test_a_long_text_is_not_kept(upper: Callable[[str], str], asked: list[str]) -> None:
    long = "x" * (LONGEST + 1)
    assert upper(long) == upper(long) == long.upper()
    assert asked == [long, long]


def test_no_more_texts_are_kept_than_so_many(upper: Callable[[str], str], asked: list[str]) -> None:
    for number in range(MOST + 1):
        upper(str(number))
    asked.clear()
    assert upper(str(MOST)) == str(MOST)  # the newest is there
    assert not asked
    assert upper("0") == "0"  # the first had to go
    assert asked == ["0"]
