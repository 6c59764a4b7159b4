"""A changed page that still reads is told once, learnt when it stands or is accepted, and never cries wolf."""

import pytest

from tracker.core.drift import (
    MOST_KNOWN,
    MOST_WAITING,
    STANDS,
    Memory,
    accepted,
    explained,
    learnt,
    recall,
    rested,
    seen_again,
    waiting,
)
from tracker.core.history import Shapes

A, B, C = "1.a", "1.b", "1.c"


def told(shapes: Shapes, digest: str) -> Shapes:
    waits = waiting(shapes, digest)
    assert waits is not None
    return waits


def test_a_shape_is_nothing_new_once_it_is_known_or_waits() -> None:
    shapes = Shapes((A,))
    assert recall(Shapes(), A) is Memory.NOTHING
    assert recall(shapes, A) is Memory.KNOWN
    assert recall(shapes, B) is Memory.NEW
    assert recall(told(shapes, B), B) is Memory.WAITING


def test_a_shape_by_other_rules_says_nothing() -> None:
    assert recall(Shapes((A,)), "2.a") is Memory.NOTHING


def test_a_shape_that_stands_is_learnt_also_when_the_old_one_comes_in_between() -> None:
    shapes = told(Shapes((A,)), B)
    for _ in range(STANDS - 2):
        shapes = seen_again(shapes, B)
        assert recall(shapes, A) is Memory.KNOWN
        assert recall(shapes, B) is Memory.WAITING
    assert seen_again(shapes, B) == Shapes((A, B))


def test_what_is_accepted_is_known_and_so_is_what_it_replaced() -> None:
    assert accepted(told(told(Shapes((A,)), B), C)) == Shapes((A, B, C))
    assert accepted(Shapes((A,))) == Shapes((A,))
    assert learnt(Shapes((A, B)), A) == Shapes((B, A)), "the newest stands last"


def test_a_page_that_never_rests_is_told_of_a_few_times_at_most() -> None:
    shapes = Shapes((A,))
    for number in range(MOST_WAITING):
        shapes = told(shapes, f"1.{number}")
    assert waiting(shapes, "1.more") is None


def test_few_shapes_are_remembered() -> None:
    shapes = Shapes((A,))
    for number in range(9):
        shapes = learnt(shapes, f"1.{number}")
    assert len(shapes.known) == MOST_KNOWN
    assert shapes.known[-1] == "1.8"


@pytest.mark.parametrize(
    ("moved_on", "came", "went", "moved", "calm"),
    [
        (True, True, False, False, True),
        (True, False, True, False, True),
        (True, True, True, False, False),
        (True, True, False, True, False),
        (False, True, False, False, False),
    ],
)
def test_only_what_comes_or_only_what_goes_with_a_new_reading_is_no_redesign(
    *, moved_on: bool, came: bool, went: bool, moved: bool, calm: bool
) -> None:
    assert explained(moved_on=moved_on, came=came, went=went, moved=moved) is calm


def test_what_waits_is_forgotten_once_the_page_rested_long_enough_and_not_where_two_designs_take_turns() -> None:
    waits = Shapes(("1.a",), (("1.b", 1),))
    rests = waits
    for _ in range(STANDS - 1):
        rests = rested(rests)
        assert rests.waiting == waits.waiting
    assert rested(rests) == Shapes(("1.a",))
    assert seen_again(rests, "1.b").rest == 0
    assert rested(Shapes(("1.a",))) == Shapes(("1.a",))
