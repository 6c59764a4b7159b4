"""What a page looks like to us: captions, status and why, charset and why, and what it is where it has no status."""

import pytest

from tests.pages.made import NUMBER, record, response, table
from tracker.core.model import Status
from tracker.pages.contract import Response
from tracker.pages.described import Described, SeenStatus, describe, why_charset

URL = "http://127.0.0.1/query"


def seen(body: str, reference: dict[str, str] | None = None) -> Described:
    return describe(response(body), reference)


def status(body: str, reference: dict[str, str] | None = None) -> SeenStatus:
    found = seen(body, reference).status
    assert found is not None
    return found


def roles(described: Described) -> list[tuple[str, str]]:
    return [(p.caption, p.role) for p in described.pairs]


def test_a_record_is_described_with_the_status_its_caption_and_its_day() -> None:
    page = seen(record(受理编号=NUMBER, 申请人="测试甲", 当前状态="审核中", 更新日期="2026-11-20", 提示="请携带材料"))
    assert roles(page) == [
        ("受理编号", "identity"),
        ("申请人", "identity"),
        ("当前状态", "status"),
        ("更新日期", "date"),
        ("提示", "notice"),
    ]
    found = page.status
    assert found is not None
    assert (found.caption, found.label, found.how, found.table, found.hint) == ("当前状态", "审核中", "turns", 1, "")
    assert (found.meaning.status, found.meaning.confirmed) == (Status.IN_REVIEW, False)
    assert (found.date_caption, found.date_hint, str(found.reading.reported_on)) == ("更新日期", "", "2026-11-20")
    assert found.reading.notice == "请携带材料"
    assert page.known == (NUMBER, "测试甲")
    assert (page.outcome, page.records, page.scripted, page.logged_in) == (None, 0, False, "")


def test_a_status_under_a_caption_of_its_own_is_found_by_its_word_and_must_be_named() -> None:
    found = status(record(受理编号=NUMBER, 目前情况="审核中", 最近处理时间="2026年11月20日"))
    assert (found.caption, found.hint) == ("目前情况", "目前情况")
    assert (found.date_caption, found.date_hint, str(found.reading.reported_on)) == ("最近处理时间",) * 2 + ("2026-11-20",)


def test_a_word_that_nobody_knows_is_found_under_a_caption_that_sounds_like_a_status() -> None:
    found = status(record(受理编号=NUMBER, 办件进展="窗口流转"))
    assert (found.hint, found.label, found.meaning.known) == ("办件进展", "窗口流转", False)


@pytest.mark.parametrize("caption", ["系统状态", "服务状态", "婚姻状况", "登录状态"])
def test_what_the_site_says_of_itself_is_no_status(caption: str) -> None:
    assert seen(record(受理编号=NUMBER, **{caption: "良好"})).status is None


def test_days_that_could_be_anything_are_not_proposed() -> None:
    two = status(record(当前状态="审核中", 处理时间="2026-11-20", 办理完成日期="2026-11-21"))
    none = status(record(当前状态="审核中", 出生日期="1990-01-01"))
    assert (two.date_caption, none.date_caption) == ("", "")


def test_of_several_records_the_first_is_read_as_if_it_were_ours() -> None:
    rows = (("受理编号", "姓名", "办理进展"), (NUMBER, "测试甲", "审核中"), ("SH2026000124", "测试乙", "已受理"))
    page = seen(table(*rows))
    assert page.records == 2
    assert page.status is not None
    assert (page.status.label, page.status.hint) == ("审核中", "办理进展")
    mine = seen(table(*rows), {"受理编号": "SH2026000124"}).status
    assert mine is not None
    assert mine.label == "已受理"


def test_records_that_name_nobody_are_told_apart_by_nothing() -> None:
    page = seen(table(("事项", "当前状态"), ("甲", "审核中"), ("乙", "已受理")))
    assert (page.status, page.records) == (None, 2)
    assert page.outcome is not None
    assert page.outcome.reason == "page_changed"


def test_what_the_case_was_asked_by_is_known_by_its_own_captions() -> None:
    page = seen(table(("办件流水号", "JX2026110077", "当前状态", "审核中")), {"办件流水号": "JX2026110077"})
    assert roles(page)[0] == ("办件流水号", "identity")
    assert page.known == ("JX2026110077",)


def test_steps_are_told_as_steps() -> None:
    page = seen(table(("步骤", "处理时间", "经办人"), ("已受理", "2026-11-19", "甲"), ("审核中", "2026-11-20", "乙")))
    assert page.status is not None
    assert (page.status.label, page.status.caption) == ("审核中", "步骤")
    assert ("步骤", "step") in roles(seen(record(步骤="甲", 姓名="测试甲")))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<p>系统维护中</p>", "maintenance"),
        ("<p>未查询到相关记录</p>", "not_listed"),
        ("<form action=/login><input name=u><input type=password name=p><button>登录</button></form>", "login"),
    ],
)
def test_a_page_without_a_status_is_named_with_what_it_said(body: str, reason: str) -> None:
    outcome = seen(body).outcome
    assert outcome is not None
    assert (outcome.reason, bool(outcome.evidence)) == (reason, True)


SCRIPT = "<script>" + "x=1;" * 200 + "</script>"


@pytest.mark.parametrize(
    "body",
    [
        f"<div id=app></div>{SCRIPT}",
        f"<p>办件</p><p>{{{{ status }}}}</p>{SCRIPT}",
        f"<table><tr><td>当前状态</td><td id=zt></td></tr></table>{SCRIPT}",
    ],
)
def test_content_that_comes_by_a_script_is_said_to(body: str) -> None:
    assert seen(body).scripted


def test_a_page_whose_record_is_there_is_not_scripted_however_many_scripts_it_has() -> None:
    assert not seen(record(当前状态="审核中") + SCRIPT).scripted


def test_frames_the_way_on_fields_outside_of_forms_and_a_way_out_are_noted() -> None:
    head = '<meta http-equiv=refresh content="0;url=next.htm">'
    page = seen(f"{head}<iframe src=inner.htm></iframe><input name=a><input type=button><a href=out>安全退出</a>")
    assert (page.frames, page.refresh) == (("http://127.0.0.1/inner.htm",), "http://127.0.0.1/next.htm")
    assert (page.loose, page.logged_in, page.query) == (1, "安全退出", None)


def test_values_in_fields_that_ask_for_a_person_are_known_as_theirs() -> None:
    body = (
        "<form>姓名<input name=xm value=测试甲>年份<input name=nf value=2026>证件<select name=zj><option>身份证</select></form>"
    )
    assert seen(body).known == ("测试甲",)


HTML = "<html><head>{meta}</head><body>状态查询办理</body></html>"
META = "<meta charset=gb2312>"


@pytest.mark.parametrize(
    ("body", "content_type", "why"),
    [
        (b"\xef\xbb\xbf" + HTML.format(meta="").encode(), "", "mark"),
        (HTML.format(meta=META).encode(), "", "utf-8"),
        (HTML.format(meta="").encode("gbk"), "text/html; charset=gbk", "header"),
        (HTML.format(meta=META).encode("gbk"), "text/html", "meta"),
        (HTML.format(meta="").encode("gbk"), "text/html", "guess"),
        (b"<p>plain</p>", "text/html", "ascii"),
        (HTML.format(meta="<meta charset=big5>").encode("gbk"), "text/html; charset=shift_jis", "guess"),
    ],
)
def test_a_charset_says_by_what_it_was_told(body: bytes, content_type: str, why: str) -> None:
    assert why_charset(Response(URL, 200, content_type, body)) == why


STEPS = table(("环节", "办理状态", "时间"), ("受理", "已受理", "2026-11-01"), ("审核", "审核中", "2026-11-20"))


def test_of_two_captions_that_disagree_the_one_that_can_be_read_is_named() -> None:
    found = status(f"<p>受理编号：{NUMBER}</p>{STEPS}", {"受理编号": NUMBER})
    assert (found.label, found.hint, found.is_usual) == ("审核中", "办理状态", True)


def test_of_two_captions_that_could_both_be_read_a_person_chooses() -> None:
    page = seen(record(受理编号=NUMBER, 办理状态="审核中", 审核结果="不予通过"), {"受理编号": NUMBER})
    assert page.status is None
    assert page.outcome is not None
    assert "read.label" in str(page.outcome.params["expected"])


def test_a_number_is_a_cases_whatever_the_site_calls_it() -> None:
    page = seen(record(办件流水号="HP202611070042", 申请人="测试甲", 版本号="2", 截止日期号="2026-11-20", 当前状态="审核中"))
    assert ("办件流水号", "identity") in roles(page)
    assert page.known == ("HP202611070042", "测试甲")
