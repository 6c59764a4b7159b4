"""Paths into a JSON answer: what is one, and what it finds."""

import pytest

from tracker.pages.jsonpath import NOTHING, follow, json_path

ROOT = {"data": {"list": [{"no": 1, "a.b": "x"}, {"no": 2}], "status": None}, "状态": "办结"}


def at(path: str) -> object:
    steps = json_path(path)
    assert steps is not None
    return follow(ROOT, steps, own=lambda entries: entries[1])[-1]


@pytest.mark.parametrize(
    ("path", "steps"),
    [
        ("status", ("status",)),
        ("data.list[0].status", ("data", "list", 0, "status")),
        ("data.list[-1]", ("data", "list", -1)),
        ("data.list[].status", ("data", "list", None, "status")),
        ("[0].状态", (0, "状态")),
        ('data["a.b"].c', ("data", "a.b", "c")),
        (r'["say \"x\" [0]"]', ('say "x" [0]',)),
        ("办理 状态", ("办理 状态",)),
        ("a[0][1]", ("a", 0, 1)),
    ],
)
def test_a_path_is_keys_places_and_the_own_entry(path: str, steps: tuple[object, ...]) -> None:
    assert json_path(path) == steps


@pytest.mark.parametrize(
    "path",
    ["", ".", "a.", ".a", "a..b", "a[", "a[x]", "a]", 'a["]', 'a[""]', "a b ", " a", "a[0]b", "a.[0]", 'a"b', "a" + ".b" * 20],
)
def test_anything_else_is_none(path: str) -> None:
    assert json_path(path) is None


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("data.list[0].no", 1),
        ("data.list[-1].no", 2),
        ("data.list[].no", 2),
        ('data.list[0]["a.b"]', "x"),
        ("状态", "办结"),
        ("data.status", None),  # null is there, and says nothing
    ],
)
def test_a_path_finds_what_stands_there(path: str, found: object) -> None:
    assert at(path) == found


@pytest.mark.parametrize(
    "path",
    ["data.list[2]", "data.list[-3]", "data.list.no", "data[0]", "data[]", "状态.x", "data.none.deeper", "data.status.x"],
)
def test_a_way_that_leads_nowhere_ends_in_nothing(path: str) -> None:
    assert at(path) is NOTHING
