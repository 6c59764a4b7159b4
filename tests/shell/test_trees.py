"""A case as a tree that a person could have written, and what flags change of it."""

from typing import Any

import pytest

from tracker.config.model import Case
from tracker.config.single import case_of
from tracker.core.errors import ConfigError
from tracker.registry import Metas, Registry
from tracker.trees import Change, edited, pair, tree_of, twins, without_source

PLAIN = {
    "name": "anna",
    "adapter": "form",
    "url": "http://127.0.0.1:8901/",
    "reference": {"受理编号": "SH2026000101", "证件号码": "110101199003071230"},
}
FULL: dict[str, Any] = {
    **PLAIN,
    "receivers": ["phone"],
    "promised": "20 workdays",
    "labels": {"审核通过": "approved", "待单位审核": {"status": "submitted", "turn": "employer"}},
    "read": {"label": "当前状态", "date": "更新日期", "identify": ["受理编号"], "details": ["备注", "意见"]},
}
LIST = {"name": "list", "adapter": "page", "url": "http://127.0.0.1:8902/", "reference": {"受理编号": "SH2026000101"}}
BOTH = {"name": "both", "sources": [{k: v for k, v in PLAIN.items() if k != "name"} | {"name": "public"}, LIST]}


def case(tree: dict[str, Any]) -> Case:
    return case_of(tree, Metas(Registry()), ["phone"], str)


@pytest.mark.parametrize("tree", [PLAIN, FULL, BOTH, FULL | {"promised": "36h"}], ids=["plain", "full", "both", "hours"])
def test_a_case_becomes_the_tree_that_it_was_made_of(tree: dict[str, Any]) -> None:
    assert tree_of(case(tree)) == tree
    assert case(tree_of(case(tree))) == case(tree)


@pytest.mark.parametrize(
    ("change", "key", "value"),
    [
        (Change(url="http://127.0.0.1:9/"), "url", "http://127.0.0.1:9/"),
        (Change(reference={"受理编号": "X1"}), "reference", {**PLAIN["reference"], "受理编号": "X1"}),  # type: ignore[dict-item]
        (Change(reference={"证件号码": ""}), "reference", {"受理编号": "SH2026000101"}),
        (Change(receivers=("",)), "receivers", None),
        (Change(promised=""), "promised", None),
        (Change(labels={"审核通过": "", "办结": "completed,nobody"}), "labels", {
            "待单位审核": {"status": "submitted", "turn": "employer"}, "办结": {"status": "completed", "turn": "nobody"},
        }),
        (Change(read={"label": "", "details": ()}), "read", {"date": "更新日期", "identify": ["受理编号"]}),
    ],
)  # fmt: skip
def test_a_change_touches_what_it_names_and_an_empty_value_takes_out(change: Change, key: str, value: object) -> None:
    new = edited(FULL, change, None, str)
    assert new.get(key) == value
    assert {k: v for k, v in new.items() if k != key} == {k: v for k, v in FULL.items() if k != key}


def test_a_second_source_turns_a_plain_case_into_one_of_sources() -> None:
    change = Change(adapter="page", url="http://127.0.0.1:8902/", reference={"受理编号": "SH2026000101"})
    new = edited(PLAIN, change, "list", str)
    assert new["name"] == "anna"
    assert [source["name"] for source in new["sources"]] == ["form", "list"]
    assert new["sources"][0]["reference"] == PLAIN["reference"]
    assert len(case(new).sources) == 2


def test_a_change_of_one_of_several_sources_must_say_which() -> None:
    with pytest.raises(ConfigError, match="public, list"):
        edited(BOTH, Change(url="http://127.0.0.1:9/"), None, str)
    new = edited(BOTH, Change(url="http://127.0.0.1:9/"), "list", str)
    assert [source["url"] for source in new["sources"]] == ["http://127.0.0.1:8901/", "http://127.0.0.1:9/"]
    assert edited(BOTH, Change(promised="3d"), None, str) == BOTH | {"promised": "3d"}


def test_a_source_can_be_taken_out_but_not_the_last_one() -> None:
    left = without_source(BOTH, "list", str)
    assert [source["name"] for source in left["sources"]] == ["public"]
    with pytest.raises(ConfigError, match="only one"):
        without_source(left, "public", str)
    with pytest.raises(ConfigError, match="there are: form"):
        without_source(PLAIN, "nix", str)


def test_two_names_for_one_reference_are_twins() -> None:
    again, other = case(PLAIN | {"name": "berta"}), case(PLAIN | {"name": "clara", "url": "http://127.0.0.1:9/"})
    assert twins([case(PLAIN), other, again]) == [("anna", "berta")]
    assert twins([case(PLAIN), other]) == []


def test_a_pair_is_cut_at_its_first_sign_of_either_width() -> None:
    assert pair("受理编号=A=B") == ("受理编号", "A=B")
    assert pair(" 受理编号 ＝ A ") == ("受理编号", "A")
    assert pair("受理编号") is None
