"""What a JSON answer looks like to us: where status and day stand, and whose record it is."""

import json
from collections.abc import Mapping

import pytest

from tests.pages.made import NUMBER
from tracker.core.errors import CheckError
from tracker.core.model import Identity, Status
from tracker.pages.contract import Response
from tracker.pages.jsonseen import MOST_VALUES, SeenJson, describe_json, places_of

REFERENCE = {"slbh": NUMBER}


def seen(tree: object, reference: Mapping[str, str] = REFERENCE) -> SeenJson:
    body = json.dumps(tree, ensure_ascii=False).encode()
    return describe_json(Response("http://127.0.0.1/api", 200, "application/json", body), reference)


def test_the_paths_of_status_and_day_are_found_and_read() -> None:
    record = {"slbh": NUMBER, "statusName": "审核中", "updateTime": "2026-11-20 10:00", "gddh": "x"}
    page = seen({"code": 0, "msg": "success", "data": {"list": [record]}})
    assert (page.label_path, page.date_path, page.entries) == ("data.list[].statusName", "data.list[].updateTime", 1)
    assert page.meaning is not None
    assert page.meaning.status is Status.IN_REVIEW
    assert page.reading is not None
    assert (page.reading.label, page.reading.identity, str(page.reading.reported_on)) == (
        "审核中",
        Identity.MATCHED,
        "2026-11-20",
    )
    assert page.known == (NUMBER,)
    assert [v.role for v in page.values] == ["", "", "identity", "status", "date", ""]


def test_of_several_records_the_one_that_repeats_the_reference_is_read() -> None:
    others = [{"slbh": "SH2026000124", "zt": "已受理"}, {"slbh": NUMBER, "zt": "审核中"}]
    page = seen({"data": others})
    assert (page.label, page.entries, page.label_path) == ("审核中", 2, "data[].zt")
    assert page.reading is not None
    assert page.reading.label == "审核中"


def test_without_a_reference_the_first_record_is_read_as_if_it_were_ours() -> None:
    page = seen({"data": [{"slbh": NUMBER, "zt": "审核中"}, {"slbh": "SH2026000124", "zt": "已受理"}]}, {})
    assert page.reading is not None
    assert (page.reading.label, page.reading.identity) == ("审核中", Identity.MATCHED)


@pytest.mark.parametrize(
    ("record", "path"),
    [
        ({"zt": "窗口流转", "jd": "x"}, "data.zt"),  # words under a status's key, though nobody knows them
        ({"curStatusDesc": "窗口流转", "zt": "审核中"}, "data.zt"),  # known words under such a key go first
        ({"curStatusDesc": "审核中"}, "data.curStatusDesc"),  # a key that sounds like one
        ({"result": "审核中", "qt": "甲"}, "data.result"),  # known words anywhere
        ({"zt": 3, "qt": "甲"}, "data.zt"),  # a code, where there are no words
        ({"zt": 3, "ztmc": "审核中"}, "data.ztmc"),
    ],
)
def test_the_likeliest_status_is_chosen(record: dict[str, object], path: str) -> None:
    assert seen({"code": 0, "data": record | {"slbh": NUMBER}}).label_path == path


@pytest.mark.parametrize(
    "tree",
    [
        {"status": "success", "code": 200},
        {"code": 0, "data": {"slbh": NUMBER, "zt": ""}},
        {"code": 0, "data": {"slbh": NUMBER, "lastStatusDate": "2026-11-20", "zt": None}},
        {"code": 0, "data": {"slbh": NUMBER, "zt": "1.5"}},
        {"msg": "审核中"},
        [],
    ],
)
def test_what_can_be_no_status_is_none(tree: object) -> None:
    page = seen(tree)
    assert (page.label_path, page.label, page.meaning, page.reading) == ("", "", None, None)
    assert page.outcome is not None


def test_a_code_is_read_once_the_table_explains_it() -> None:
    page = seen({"data": {"slbh": NUMBER, "state": 2}})
    assert (page.number, page.label, page.meaning) == (True, "2", None)
    assert page.reading is not None


def test_a_status_beside_an_error_is_not_read() -> None:
    page = seen({"success": False, "data": {"slbh": NUMBER, "zt": "审核中"}})
    assert (page.label_path, page.reading) == ("data.zt", None)
    assert page.outcome is not None


@pytest.mark.parametrize(
    ("record", "path"),
    [
        ({"updateTime": "2026-11-20", "createTime": "2026-11-01"}, "data.updateTime"),
        ({"finishDate": "2026-11-20"}, "data.finishDate"),
        ({"finishDate": "2026-11-20", "createTime": "2026-11-01"}, ""),
        ({"number": "2026-11-20"}, ""),
    ],
)
def test_the_day_stands_under_a_usual_key_or_alone(record: dict[str, str], path: str) -> None:
    assert seen({"data": {"zt": "审核中"} | record}).date_path == path


def test_odd_keys_and_lists_in_records_have_paths_that_lead_there() -> None:
    record = {"a.b": {'c"d': "审核中"}, "steps": [{"name": "受理"}, {"name": "初审"}]}
    page = seen({"data": [record | {"slbh": NUMBER}]})
    assert page.label_path == 'data[]["a.b"]["c\\"d"]'
    assert page.reading is not None
    assert [v.path for v in page.values if "steps" in v.path] == []


def test_a_long_answer_is_looked_at_up_to_a_limit() -> None:
    assert len(seen({f"k{n}": "甲" for n in range(MOST_VALUES + 50)}).values) == MOST_VALUES


def test_what_is_no_json_is_told_by_name() -> None:
    with pytest.raises(CheckError):
        describe_json(Response("http://127.0.0.1/api", 200, "text/html", b"<p>x</p>"), {})


CASE = {"xm": "测*甲", "applyNo": NUMBER, "now": {"state": 20, "text": "部门复核", "at": "2026-11-02"}, "trace": [{"node": 1}]}
OTHER = {"xm": "测*甲", "applyNo": "SH2025000077", "now": {"state": 90, "text": "已办结", "at": "2025-04-01"}, "trace": []}


def test_records_that_stand_in_groups_are_found_and_the_own_one_is_read() -> None:
    page = seen({"data": {"groups": [{"year": 2025, "items": [OTHER]}, {"year": 2026, "items": [CASE]}]}}, {"applyNo": NUMBER})
    assert (page.label_path, page.label, page.number) == ("data.groups[].items[].now.text", "部门复核", False)
    assert page.reading is not None
    assert (page.reading.label, page.reading.identity) == ("部门复核", Identity.MATCHED)
    assert [v.entry for v in page.values if v.key in {"year", "applyNo"}] == [0, 1, 0, 2]
    assert seen({"data": ["甲", {"items": [CASE]}]}).label_path == "", "a list of this and that holds no groups"


def test_the_words_beside_a_code_are_the_status() -> None:
    assert seen({"data": {"slbh": NUMBER, "status": 3, "name": "3"}}).label_path == "data.status"
    page = seen({"data": {"slbh": NUMBER, "name": "甲", "now": {"status": 3, "desc": "窗口流转"}}})
    assert (page.label_path, page.label, page.number) == ("data.now.desc", "窗口流转", False)


def test_a_values_places_are_told_but_for_those_in_lists() -> None:
    tree = {"token": "abc1", "data": {"t": "abc1", "list": [{"t": "abc1"}]}, "n": 7}
    page = Response("http://127.0.0.1/api", 200, "application/json", json.dumps(tree).encode())
    assert places_of(page, "abc1") == ["token", "data.t"]


@pytest.mark.parametrize("other", ["payStatus", "缴费状态", "jfzt", "materialState", "logisticsProgress", "remark"])
@pytest.mark.parametrize("empty", ["", "-", "——", None])
def test_where_the_status_is_empty_no_other_things_status_is_taken(other: str, empty: str | None) -> None:
    for word in ("已缴费", "审核通过"):
        page = seen({"data": {"slbh": NUMBER, "status": empty, other: word}})
        assert (page.label_path, page.label) == ("", ""), word
    assert seen({"data": {"slbh": NUMBER, "status": empty, "blhj": "审核中"}}).label_path == "data.blhj"
    assert seen({"data": {"slbh": NUMBER, "status": empty, "currentStep": "审核中"}}).label_path == "data.currentStep"
