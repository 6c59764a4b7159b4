"""A page that shows other people is told from one that shows the case alone, also where nothing on it is understood."""

import json

import pytest

from tests.pages.made import NUMBER, PERSON, REFERENCE, record, response, table
from tracker.core.model import ReadHints, Reference
from tracker.pages.contract import Response
from tracker.pages.others import shows_others

CASE = Reference(REFERENCE, "http://127.0.0.1/query")
NUMBERED = Reference({"受理编号": NUMBER}, "http://127.0.0.1/query")
OWN = record(受理编号=NUMBER, 姓名="测试甲", 当前状态="审核中", 证件号码="310***********1234", 联系电话="13900000000")
OTHER, OTHER_PERSON = "SH2026000999", "320000198002022345"

ALONE = {
    "its record": OWN,
    "its record, masked": record(受理编号="SH2026****23", 姓名="测*甲", 办件情况="审核中"),
    "steps with those who did them": OWN
    + table(["环节", "办理人", "时间"], ["受理", "张三", "20日"], ["审核", "李四", "21日"]),
    "steps with a status each": OWN + table(["环节", "状态", "日期"], ["受理", "办结", "20日"], ["审核", "审核中", "21日"]),
    "how a number is written": f"{OWN}<p>受理编号，例如：{OTHER}</p><input placeholder='{OTHER}'><p>(e.g. {OTHER})</p>",
    "where offices can be reached": OWN + table(["联系人电话", "地址"], ["010-1", "一路"], ["010-2", "二路"]),
    "captions that begin like names": record(受理编号=NUMBER, 当前状态="审核中", 金额="三元", 时间="20日", 方式="窗口"),
    "other numbers": f"{OWN}<p>沪ICP备2026000999号 20261123093000 ABCDEF AB2026000999</p>",
    "nothing": "<p>系统维护中</p>",
}
OTHERS = {
    "another case's number": f"<p>{OTHER} 审核中</p>",
    "another case's number, masked": "<p>SH2026****99 审核中</p>",
    "another case's number in a link": f"{OWN}<a href='/x?no={OTHER}'>下一件</a>",
    "another case's number in a script": f"{OWN}<script>var rows = [{{no: '{OTHER}'}}]</script>",
    "another case's number in full width": "<p>ＳＨ２０２６０００９９９</p>",
    "another case's number in entities": "<p>&#83;H2026000999</p>",
    "another's ID number": f"<p>{OTHER_PERSON}</p>",
    "another's ID number, masked": "<p>3200**********2345</p>",
    "another's ID number, dotted": "<p>320●●●●●●●●●●●2345</p>",
    "names under an unknown caption": table(["人员", "去向"], ["张三", "科室"], ["李四", "窗口"]),
    "names below a title": table(["公示名单"], ["人员", "去向"], ["张三", "科室"], ["李四", "窗口"]),
    "masked names": table(["人员", "去向"], ["张*", "科室"], ["李*四", "窗口"]),
    "names without a caption": table(["张三", "科室"], ["李四", "窗口"]),
    "names under a caption": table(["姓名", "去向"], ["测试甲", "科室"], ["测试乙", "窗口"]),
    "several records with a status": table(["事项", "当前状态"], ["续签", "审核中"], ["新办", "办结"]),
}


@pytest.mark.parametrize("page", ALONE)
def test_a_page_of_the_case_alone_shows_nobody_else(page: str) -> None:
    assert not shows_others(response(ALONE[page]), CASE)


@pytest.mark.parametrize("page", OTHERS)
def test_a_page_with_anybody_else_on_it_shows_others(page: str) -> None:
    assert shows_others(response(OTHERS[page]), CASE)


def test_one_id_number_may_be_the_persons_own_where_the_case_was_not_asked_by_it() -> None:
    assert not shows_others(response(f"<p>{PERSON}</p>"), NUMBERED)
    assert shows_others(response(f"<p>{PERSON}</p><p>{OTHER_PERSON}</p>"), NUMBERED)


def test_of_numbers_without_letters_only_those_of_the_same_year_are_alike() -> None:
    case = Reference({"受理编号": "202600123", "查询码": "1234"}, "http://127.0.0.1/query")
    assert shows_others(response("<p>202600999</p>"), case)
    assert not shows_others(response("<p>198800999 1239</p>"), case)


def test_records_are_counted_by_the_caption_that_the_case_reads_by() -> None:
    rows = response(table(["事项", "流转情况"], ["续签", "审核中"], ["新办", "办结"]))
    assert not shows_others(rows, CASE)
    assert shows_others(rows, Reference(REFERENCE, "http://127.0.0.1/query", ReadHints(label="流转情况")))


def answer(value: object) -> Response:
    return Response("http://127.0.0.1/query", 200, "application/json", json.dumps(value).encode())


def test_the_entries_of_a_json_answer_are_looked_at_like_rows() -> None:
    one = {"slbh": NUMBER, "xm": "测试甲", "status": "审核中", "dh": "13900000000"}
    assert not shows_others(answer({"data": [one]}), CASE)
    assert not shows_others(
        answer({"data": {**one, "steps": [{"step": "受理", "clerk": "x"}, {"step": "审核", "clerk": ""}]}}), CASE
    )
    assert shows_others(answer({"data": [one, {"slbh": OTHER}]}), CASE)
    assert shows_others(answer({"data": [{"xm": "测试甲"}, {"xm": "测试乙"}]}), CASE)
    assert shows_others(answer({"data": [{"holder": "a"}, {"holder": "b"}]}), CASE)
    assert shows_others(answer({"data": [{"status": "审核中"}, {"status": "办结"}]}), CASE)


def test_what_can_not_be_looked_at_may_show_anybody() -> None:
    assert shows_others(Response("http://127.0.0.1/", 200, "application/pdf", b"%PDF-1.4"), CASE)
    assert shows_others(Response("http://127.0.0.1/", 200, "application/json", b'{"broken'), CASE)
