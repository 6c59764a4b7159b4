"""JSON answers: what is read of them, and what each other answer is called."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pages.made import NUMBER, PERSON
from tracker.core.errors import CheckError, PageChanged
from tracker.core.model import Identity, OutcomeKind, ReadHints, Reading, Reference
from tracker.pages.contract import Response
from tracker.pages.jsonread import read_json

URL = "http://127.0.0.1/progress"
MINE: dict[str, Any] = {"slbh": NUMBER, "xm": "测试甲", "status": "审核中", "updateTime": "2026-11-20 10:00:00"}
OTHERS: dict[str, Any] = {"slbh": "SH2026000999", "xm": "测试乙", "status": "办结"}
REFERENCE = {"slbh": NUMBER}
OTHER_PERSON = "310000199202022345"  # fails its checksum
RECORD = "page_changed/page_changed/record"


def answer(body: object, content_type: str = "application/json") -> Response:
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    return Response(URL, 200, content_type, text.encode())


def read(
    body: object, values: dict[str, str] | None = None, words: frozenset[str] = frozenset(), **hints: str | tuple[str, ...]
) -> Reading:
    return read_json(answer(body), Reference(REFERENCE if values is None else values, URL, _hints(hints), words=words))


def _hints(given: dict[str, str | tuple[str, ...]]) -> ReadHints:
    return ReadHints(**given)  # type: ignore[arg-type]


def refused(body: object, values: dict[str, str] | None = None, **hints: str | tuple[str, ...]) -> str:
    with pytest.raises(CheckError) as raised:
        read(body, values, frozenset(), **hints)
    error = raised.value
    where = f"/{error.where}" if isinstance(error, PageChanged) else ""
    return f"{error.kind}/{error.reason}{where}"


# --- whose status it is ---------------------------------------------------------------------------------------------

PAPER = {"name": "身份证", "status": "审核通过"}


@pytest.mark.parametrize(
    "body",
    [
        {"data": {"slbh": NUMBER, "status": "", "files": [PAPER]}},
        {"data": {"slbh": NUMBER, "status": None, "detail": PAPER}},
        {"data": {"no": NUMBER, "status": "--", "rows": [PAPER]}},
        {"data": {"slbh": NUMBER, "files": [PAPER]}},
        {"slbh": NUMBER, "history": [{"status": "已受理", "time": "2026-11-01"}]},
    ],
)
def test_the_status_of_a_paper_or_a_step_is_not_the_cases(body: object) -> None:
    assert refused(body) == "page_changed/page_changed/status"


@pytest.mark.parametrize(
    "body",
    [
        {"data": {"no": "SH2026000999", "status": "审核中"}},
        {"request": {"no": NUMBER}, "data": {"no": "SH2026000999", "status": "审核中"}},
    ],
)
def test_a_number_built_like_the_cases_is_anothers_under_any_key(body: object) -> None:
    assert refused(body) == "mismatched/mismatched"


@pytest.mark.parametrize(
    "body",
    [
        {"data": {"slbh": NUMBER, "status": "审核中", "files": [PAPER]}},
        {"data": {"slbh": NUMBER, "status": "审核中", "steps": [{"status": "已受理"}, {"status": "审核中"}]}},
        {"slbh": NUMBER, "code": 0, "data": [{"status": "审核中"}]},
        {"data": {"slbh": NUMBER, "progress": {"status": "审核中"}}},
        {"data": {"slbh": NUMBER, "earlier": "SH2026000999", "status": "审核中"}},
        {"data": {"day": "20260005", "status": "审核中"}},
    ],
)
def test_the_cases_own_status_is_read_wherever_it_stands_in_its_record(body: object) -> None:
    assert read(body, {"slbh": NUMBER}).label == "审核中"


# --- by well-known keys ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        MINE,
        {"code": 0, "msg": "查询成功", "data": MINE},
        {"code": 200, "success": True, "data": {"total": 1, "rows": [MINE]}},
        [MINE],
        {"status": "success", "data": MINE},  # how the asking went is no status of a case
        {"status": 200, "data": MINE},
        {"data": {**MINE, "status": 3, "statusName": "审核中"}},  # a code beside its name
        {"data": {**MINE, "state": "审核中"}},  # the same under two keys
        {"data": [OTHERS, MINE]},  # by the reference, in a list of others
        {"data": {**MINE, "status": "<font color='red'>审核中</font>&nbsp;"}},
        "\ufeff" + json.dumps(MINE),
        f"callback({json.dumps(MINE)});",
        f"/**/jQuery1_2.cb( {json.dumps(MINE)} )",
    ],
)
def test_a_record_is_read_and_matched(body: object) -> None:
    got = read(body)
    assert (got.label, got.identity, got.reported_on) == ("审核中", Identity.MATCHED, date(2026, 11, 20))
    assert got.details["slbh"] == NUMBER


def test_of_the_rest_of_the_answer_nothing_is_kept() -> None:
    photo = "A" * 5000
    body = {
        "user": "王某",
        "data": [OTHERS, {**MINE, "remark": "无", "photo": photo, "clerk": {"name": "李某"}, "log": [{"xm": "测试乙"}]}],
    }
    got = read(body)
    assert got.details == {"slbh": NUMBER, "xm": "测试甲", "updateTime": "2026-11-20 10:00:00", "remark": "无"}


def test_the_number_of_details_is_bounded() -> None:
    assert len(read(MINE | {f"k{n}": n for n in range(500)}).details) == 60


def test_a_remark_that_asks_for_something_and_a_tip_are_notices() -> None:
    got = read(MINE | {"remark": "请补充材料", "tips": "窗口周一不开", "tip": "--"})
    assert got.notice == "请补充材料 窗口周一不开"
    assert "remark" not in got.details
    assert read(MINE | {"remark": "正常办理"}).notice is None
    assert read({"data": MINE | {"msg": "请于2026年12月1日前携带材料"}}).notice == "请于2026年12月1日前携带材料"


@pytest.mark.parametrize(
    ("body", "values"),
    [
        ({"data": {**MINE, "state": "办结"}}, None),  # two different words
        ({"data": MINE, "more": {"status": "办结"}}, None),
        ({"a": [MINE], "b": [MINE]}, None),
    ],
)
def test_where_two_places_may_be_the_status_the_case_must_say_which(body: object, values: dict[str, str] | None) -> None:
    assert refused(body, values) == "page_changed/page_changed/status"
    with pytest.raises(PageChanged, match="page_changed") as raised:
        read(body, values)
    assert "configure read.label" in raised.value.expected


def test_equal_words_in_two_objects_are_one_status() -> None:
    assert read({"head": {"status": "审核中"}, "data": MINE}).label == "审核中"


@pytest.mark.parametrize("number", [3, "3", True, "true", 3.5])
def test_a_number_is_a_status_only_by_the_cases_own_table(number: object) -> None:
    body = {"data": {**MINE, "status": number}}
    assert refused(body) == "page_changed/page_changed/status"
    own = "true" if number in (True, "true") else str(number)
    assert read(body, words=frozenset({own})).label == own
    assert refused(body, label="json:data.status") in {
        "page_changed/page_changed/read.label",
        "page_changed/page_changed/status",
    }
    assert read(body, label="json:data.status", words=frozenset({own})).label == own


@pytest.mark.parametrize("blank", [None, "", "--", "暂无", [], {}])
def test_an_empty_status_is_none(blank: object) -> None:
    assert refused({"data": {**MINE, "status": blank}}) == "page_changed/page_changed/status"
    assert refused({"data": {**MINE, "status": blank}}, label="json:data.status").startswith("page_changed/")


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("系统维护中", "unavailable/maintenance"),
        ("验证码错误", "blocked/captcha"),
        ("请登录", "blocked/login"),
        (NUMBER, "page_changed/page_changed/status"),  # keys have moved
        ("查询", "page_changed/page_changed/status"),
    ],
)
def test_a_sentence_in_the_place_of_the_status_is_none(label: str, expected: str) -> None:
    assert refused({"data": {**MINE, "status": label}}) == expected


# --- whose record it is ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "values", "expected"),
    [
        ({"data": OTHERS}, None, "mismatched/mismatched"),
        ({"data": [OTHERS]}, None, "mismatched/mismatched"),
        ({"data": {"progress": {"status": "办结"}, "slbh": "SH2026000999"}}, None, "mismatched/mismatched"),
        ({"data": [OTHERS, OTHERS]}, None, "page_changed/page_changed/record"),
        ({"data": [MINE, MINE]}, None, "page_changed/page_changed/record"),
        ({"data": [MINE, "x"]}, {"slbh": "SH2026000001"}, "page_changed/page_changed/record"),
        ({"data": [OTHERS, {**MINE, "status": None}]}, None, "page_changed/page_changed/status"),
        ({"data": [{"status": "办结"}, {"status": "审核中"}]}, None, "page_changed/page_changed/record"),
        # an object inside an entry belongs to its entry, and an inner list to the entry around it
        ({"data": [{"now": {"status": "办结"}}, {**MINE, "status": None}]}, None, "page_changed/page_changed/status"),
        ({"data": [{"steps": [{"status": "办结"}]}, {**MINE, "status": None}]}, None, "page_changed/page_changed/status"),
        # whose record it is may stand beside it
        (
            {"data": {"person": {"sfzh": OTHER_PERSON}, "now": {"status": "办结"}}},
            {"证件号码": PERSON},
            "mismatched/mismatched",
        ),
        # another case that only names ours, as its parent
        ({"data": [{"caseNo": "SH2026000999", "of": NUMBER, "status": "办结"}, OTHERS]}, {"no": NUMBER}, RECORD),
    ],
)
def test_another_persons_record_is_never_read(body: object, values: dict[str, str] | None, expected: str) -> None:
    assert refused(body, values) == expected


@pytest.mark.parametrize(
    ("record", "values", "identity"),
    [
        ({"status": "审核中"}, REFERENCE, Identity.NOT_SHOWN),
        ({"status": "审核中", "number": NUMBER}, {"no": NUMBER}, Identity.MATCHED),  # repeated under a key of its own
        ({"status": "审核中", "sfzh": "310000********1234"}, {"证件号码": PERSON}, Identity.MATCHED),
        ({"status": "审核中", "applicant_name": "测*甲"}, {"姓名": "测试甲"}, Identity.MATCHED),
        ({"status": "审核中", "name": "居住证积分"}, {"姓名": "测试甲"}, Identity.NOT_SHOWN),  # the matter's name
        ({"status": "审核中", "applicant": {"slbh": NUMBER}}, REFERENCE, Identity.MATCHED),
        ({"status": "审核中", "case_no": NUMBER}, {"case_no": NUMBER}, Identity.MATCHED),
        ({"now": {"status": "审核中"}, "who": {"sfzh": PERSON}}, {"证件号码": PERSON}, Identity.MATCHED),  # beside it
        ({"status": "审核中", "caseNo": "SH2026000999", "of": NUMBER}, {"no": NUMBER}, Identity.NOT_SHOWN),
    ],
)
def test_what_the_answer_shows_of_the_reference_must_agree(
    record: dict[str, Any], values: dict[str, str], identity: Identity
) -> None:
    assert read({"data": record}, values).identity is identity


def test_in_a_list_the_own_entry_is_read_also_where_its_status_lies_deeper() -> None:
    body = {"data": [{**OTHERS, "status": None, "now": {"status": "审核中"}}, {"slbh": NUMBER, "now": {"status": "办结"}}]}
    assert (read(body).label, read(body).identity) == ("办结", Identity.MATCHED)


YEARS: dict[str, Any] = {
    "data": {
        "years": [
            {"year": 2025, "cases": [{"applyNo": "SH2025000777", "now": {"status": "办结"}}]},
            {"year": 2026, "cases": [{**OTHERS, "now": {"status": "退件"}}, {"slbh": NUMBER, "now": {"status": "审核中"}}]},
        ]
    }
}


def test_in_lists_within_a_list_the_own_entry_is_read_by_keys_and_by_a_path() -> None:
    assert (read(YEARS).label, read(YEARS).identity) == ("审核中", Identity.MATCHED)
    got = read(YEARS, label="json:data.years[].cases[].now.status")
    assert (got.label, got.identity) == ("审核中", Identity.MATCHED)


def test_of_one_persons_cases_in_several_lists_that_of_the_number_is_read() -> None:
    who = {"person": {"xm": "测*甲"}}
    years = [{"cases": [{"applyNo": n, **who, "status": s}]} for n, s in (("SH2025000777", "办结"), (NUMBER, "审核中"))]
    assert read({"data": years}, {"applyNo": NUMBER, "xm": "测试甲"}).label == "审核中"


def test_an_entry_that_names_somebody_else_is_not_the_cases_whatever_stands_in_its_lists() -> None:
    body = {"data": [{"slbh": "SH2026000999", "also": [MINE]}, {"slbh": "SH2026000998", "also": []}]}
    assert refused(body, label="json:data[].also[].status") == RECORD


def test_where_no_entry_of_the_inner_lists_is_the_cases_nothing_is_read() -> None:
    assert refused(YEARS, {"slbh": "SH2026000444"}) == RECORD
    assert refused(YEARS, {"slbh": "SH2026000444"}, label="json:data.years[].cases[].now.status") == RECORD


def test_what_the_case_wants_repeated_must_be_there() -> None:
    assert read({"data": MINE}, identify=("slbh",)).identity is Identity.MATCHED
    assert read({"data": {"status": "审核中", "caseNo": NUMBER}}, identify=("受理编号",)).identity is Identity.MATCHED
    assert refused({"data": {"status": "审核中"}}, identify=("slbh",)) == "page_changed/page_changed/identify"
    assert refused({"data": MINE}, identify=("xm",)) == "page_changed/page_changed/identify"
    assert refused({"data": MINE}, identify=("另一项",)) == "page_changed/page_changed/identify"


def test_what_must_be_repeated_may_be_named_by_its_path() -> None:
    body = {"data": {"status": "审核中"}, "asked": {"no": NUMBER}}
    assert read(body, identify=("json:asked.no",)).identity is Identity.MATCHED
    assert refused(body, identify=("json:asked.none",)) == "page_changed/page_changed/identify"
    assert refused(body | {"asked": {"no": ""}}, identify=("json:asked.no",)) == "page_changed/page_changed/identify"
    assert refused(body | {"asked": {"no": "SH2026000999"}}, identify=("json:asked.no",)) == "mismatched/mismatched"


# --- by a path -------------------------------------------------------------------------------------------------------

DEEP = {"data": {"list": [OTHERS, {**MINE, "remark": "缺照片", "flow": {"now": "转交二号窗口"}}], "when": "2026-11-21"}}


def test_paths_name_the_label_the_date_and_the_details() -> None:
    got = read(
        DEEP,
        label="json:data.list[].status",
        date="json:data.when",
        details=("slbh", "json:data.list[].remark", "json:data.no"),
    )
    assert (got.label, got.reported_on, got.identity) == ("审核中", date(2026, 11, 21), Identity.MATCHED)
    assert got.details["data.list[].remark"] == "缺照片"
    assert got.details["data.no"] == ""
    assert "status" not in got.details


def test_an_empty_list_beside_the_record_says_nothing_about_the_record() -> None:
    got = read({"data": {**MINE, "steps": []}}, label="json:data.status", details=("json:data.steps[].text",))
    assert (got.label, got.details["data.steps[].text"]) == ("审核中", "")


def test_the_only_entry_of_a_list_may_be_somebody_elses_too() -> None:
    assert read({"list": [MINE]}, label="json:list[].status").identity is Identity.MATCHED
    assert refused({"list": [OTHERS]}, label="json:list[].status") == "mismatched/mismatched"
    assert refused({"list": [MINE, "x"]}, {"slbh": "SH2026000001"}, label="json:list[].status") == RECORD


def test_a_label_in_an_object_of_its_own_belongs_to_the_record_around_it() -> None:
    got = read(DEEP, label="json:data.list[1].flow.now")
    assert (got.label, got.identity) == ("转交二号窗口", Identity.MATCHED)
    assert refused(DEEP, label="json:data.list[0].status") == "mismatched/mismatched"


def test_a_key_may_be_named_without_a_path() -> None:
    assert read({"data": {"阶段": "转交二号窗口", "slbh": NUMBER}}, label="阶段").label == "转交二号窗口"
    assert refused({"data": MINE}, label="阶段") == "page_changed/page_changed/read.label"
    assert read({"data": MINE | {"day": "20261119"}}, date="day").reported_on == date(2026, 11, 19)
    assert read({"data": MINE}, date="json:data.none").reported_on is None


@pytest.mark.parametrize(
    ("label", "body", "expected"),
    [
        ("json:data.list[].state", DEEP, "page_changed/page_changed/read.label"),
        ("json:nowhere", DEEP, "page_changed/page_changed/read.label"),
        ("json:nowhere", "[]", "not_listed/not_listed"),
        ("json:data.list", DEEP, "page_changed/page_changed/read.label"),
        ("json:data.none", {"data": {"none": None, "slbh": NUMBER}}, "page_changed/page_changed/read.label"),
        ("json:..", DEEP, "page_changed/page_changed/read.label"),
        ("json:data.list[].status", {"code": 0, "data": {"list": []}}, "not_listed/not_listed"),
        ("json:data.list[0].status", {"code": 0, "data": {"list": []}}, "not_listed/not_listed"),
        ("json:data.status", {"code": 500, "msg": "系统维护中"}, "unavailable/maintenance"),
        ("json:[0]", ["审核中"], None),
    ],
)
def test_a_path_that_finds_no_word_is_told_by_name(label: str, body: object, expected: str | None) -> None:
    if expected is None:
        assert read(body, label=label).label == "审核中"
    else:
        assert refused(body, label=label) == expected


# --- answers without a record ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"code": 500, "msg": "系统维护中"}, "unavailable/maintenance"),
        ({"success": False, "msg": "未查询到相关记录"}, "not_listed/not_listed"),
        ({"code": 404, "msg": "未查询到相关记录", "data": None}, "not_listed/not_listed"),
        ({"code": 401, "message": "登录已过期，请重新登录"}, "blocked/session_over"),
        ({"error": {"code": 1, "message": "验证码错误"}}, "blocked/captcha"),
        ({"code": 429, "msg": "访问过于频繁"}, "unavailable/rate_limited"),
        ({"code": -1, "msg": "受理编号格式不正确"}, "invalid_reference/invalid_reference"),
        ('"未查询到相关记录"', "not_listed/not_listed"),
        ("系统维护中", "unavailable/maintenance"),
        ("<html><body>系统维护中</body></html>", "unavailable/maintenance"),
        ("<html><body><p>欢迎</p></body></html>", "page_changed/page_changed/page"),
        ({"code": 0, "msg": "查询成功！", "data": []}, "not_listed/not_listed"),
        ({"code": 0, "data": {"rows": [], "total": 0}}, "not_listed/not_listed"),
        ({"code": 200, "msg": "ok", "data": None}, "not_listed/not_listed"),
        ({"success": True, "data": {}}, "not_listed/not_listed"),
        ([], "not_listed/not_listed"),
        # words about the asking, where a status could stand
        ({"status": "失败", "msg": "验证码错误"}, "blocked/captcha"),
        ({"status": "成功", "msg": "未查询到相关记录", "data": []}, "not_listed/not_listed"),
        ({"code": 0, "statusMsg": "查询成功", "data": []}, "not_listed/not_listed"),
        ({"code": 200, "statusText": "请求成功", "data": {"list": []}}, "not_listed/not_listed"),
        ({"code": 0, "status": "正常", "data": None}, "not_listed/not_listed"),
        ({"status": 404, "statusText": "Not Found"}, "page_changed/page_changed/status"),
        ({"status": "INVALID_ARGUMENT", "message": "x"}, "page_changed/page_changed/page"),
        ({"status": "UP", "components": {}}, "page_changed/page_changed/status"),
        ({"status": "已受理", "msg": "未查询到相关记录"}, "not_listed/not_listed"),
        # what nobody can be sure of
        ({"code": 0, "data": {"phase": "审核中", "files": []}}, "page_changed/page_changed/status"),
        ({"code": 0, "data": {"phase": "In review", "files": []}}, "page_changed/page_changed/status"),
        ({"data": None}, "page_changed/page_changed/status"),
        ({"code": 0}, "page_changed/page_changed/status"),
        ({"code": 500, "data": []}, "page_changed/page_changed/status"),
        ({"success": False, "data": []}, "page_changed/page_changed/status"),
        ({"code": 0, "msg": "参数不足", "data": []}, "page_changed/page_changed/page"),
        ({"code": 0, "msg": "未成功", "data": []}, "page_changed/page_changed/page"),
        ({"code": 0, "data": None, "form": {"x": 1}}, "page_changed/page_changed/status"),
        ({"code": 0, "data": {"rows": [{"x": 1}]}}, "page_changed/page_changed/status"),
        ({"data": {"slbh": NUMBER, "phase": "审核中"}}, "page_changed/page_changed/status"),
        ({"msg": "未查询到相关记录", "data": {"slbh": NUMBER}}, "page_changed/page_changed/status"),
        ("3", "page_changed/page_changed/status"),
        ("null", "page_changed/page_changed/status"),
    ],
)
def test_an_answer_without_a_status_is_named(body: object, expected: str) -> None:
    assert refused(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        {"code": 0, "msg": "系统繁忙", "data": MINE},
        {"success": False, "data": MINE},
        {"success": "false", "data": MINE},
        {"code": 1001, "msg": "验证码错误", "data": MINE},
        {"code": 0, "msg": "未查询到相关记录", "data": {"status": "审核中"}},
        {"data": MINE, "errorMsg": "请先登录"},
        MINE | {"msg": "系统维护中"},
    ],
)
def test_a_record_beside_a_message_that_there_is_none_is_not_read(body: object) -> None:
    assert refused(body) == "page_changed/page_changed/status"


# --- what is no JSON -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (json.dumps(MINE)[:-9], "page_changed/truncated/page"),
        ('{"status": "审核', "page_changed/truncated/page"),
        ('cb({"status": "审核中"}', "page_changed/truncated/page"),
        ('cb({"status": "审核', "page_changed/truncated/page"),
        ("[" * 100 + "]" * 100, "page_changed/too_large/page"),
        ("[" * 100_000, "page_changed/too_large/page"),
        ('{"status": "审核中", "status": "办结"}', "page_changed/page_changed/page"),
        ('{"status": NaN}', "page_changed/page_changed/page"),
        ('{"n": ' + "9" * 5000 + "}", "page_changed/page_changed/page"),
        ("{'status': '审核中'}", "page_changed/page_changed/page"),
        ("status=审核中", "page_changed/page_changed/page"),
        ("", "page_changed/page_changed/page"),
    ],
)
def test_what_is_no_json_is_refused_by_name(body: str, expected: str) -> None:
    assert refused(body) == expected


def test_an_answer_that_ended_early_is_not_used_whatever_it_holds() -> None:
    page = Response(URL, 200, "application/json", json.dumps(MINE).encode(), complete=False)
    with pytest.raises(PageChanged) as raised:
        read_json(page, Reference(REFERENCE, URL))
    assert raised.value.reason == "truncated"


def test_a_number_around_the_record_says_how_the_asking_went() -> None:
    words = frozenset({"1", "3"})
    assert read({"status": 1, "data": {**MINE, "status": 3}}, words=words).label == "3"
    with pytest.raises(CheckError) as raised:
        read({"status": 1, "msg": "ok", "data": None}, words=words)
    assert raised.value.kind is OutcomeKind.NOT_LISTED


def test_an_empty_page_of_a_list_is_no_record_whatever_counts_stand_beside_it() -> None:
    paged = {"records": [], "total": 0, "size": 10, "orders": [], "hitCount": False, "countId": None, "sort": "createTime"}
    assert refused({"code": 0, "data": paged}) == "not_listed/not_listed"


def test_an_empty_list_on_the_way_to_the_label_is_no_record() -> None:
    assert refused({"status": "success", "data": {"rows": []}}, label="json:data.rows[].status") == "not_listed/not_listed"
    got = refused({"code": 500, "data": {"rows": []}}, label="json:data.rows[].status")
    assert got == "page_changed/page_changed/read.label", "nobody knows what an empty list means where the asking failed"


def test_a_status_beside_a_list_of_papers_is_read_where_its_word_is_known() -> None:
    assert read({"status": "审核中", "papers": [], "remark": None}).label == "审核中"


def test_a_message_that_asks_for_something_is_no_message_about_the_asking() -> None:
    got = read(MINE | {"message": "未找到您的社保记录，请补充材料"})
    assert (got.label, got.notice) == ("审核中", "未找到您的社保记录，请补充材料")


def test_a_list_of_lists_has_no_entry_of_its_own() -> None:
    assert refused({"data": [[MINE], [OTHERS]]}) == RECORD
    assert read({"data": [[MINE]]}).label == "审核中"
    assert refused({"data": [[MINE], "x"]}) == RECORD


def test_a_picture_is_no_answer() -> None:
    with pytest.raises(PageChanged) as raised:
        read_json(answer("x", "image/png"), Reference(REFERENCE, URL))
    assert raised.value.reason == "not_text"


def test_brackets_in_strings_are_no_depth() -> None:
    assert read(MINE | {"note": "[[[[" * 100 + '\\"'}).label == "审核中"


def said_in(body: object) -> Iterator[str]:
    """Every string of an answer, as a label would stand there."""
    if isinstance(body, str):
        yield " ".join(body.split())
    for inner in body.values() if isinstance(body, dict) else body if isinstance(body, list) else ():
        yield from said_in(inner)


# Control characters make one doubt that bytes are UTF-8 at all, and other letters of them.
TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT | st.sampled_from(["审核中", NUMBER, "系统维护中"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["status", "slbh", "data", "list", "msg", "state", "xm"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(deadline=None)  # a busy machine is no news about the answer
@given(JSON)
def test_whatever_the_answer_a_label_is_one_of_its_own_words_or_there_is_none(body: object) -> None:
    for hints in (
        ReadHints(),
        ReadHints("json:data.list[].status"),
        ReadHints("json:data.status", "json:list[0]", ("json:msg",)),
    ):
        try:
            got = read_json(answer(body), Reference(REFERENCE, URL, hints))
        except CheckError:
            continue
        assert got.label in set(said_in(body))
