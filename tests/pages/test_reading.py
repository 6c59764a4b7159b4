from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pages.made import NUMBER, PERSON, REFERENCE, read, record, response, table
from tracker.core.errors import Blocked, Mismatched, NotListed, PageChanged, Unavailable
from tracker.core.model import Identity, ReadHints, Reference
from tracker.pages.dates import parse_date, parse_moment
from tracker.pages.frames import leads_to
from tracker.pages.identity import Match, compare
from tracker.pages.reading import read_page

OTHER = "SH2026000999"


def test_a_record_is_read_whole() -> None:
    got = read(record(受理编号=NUMBER, 姓名="测试甲", 当前状态="审核中", 更新日期="2026-11-20", 经办窗口="三楼"))
    assert (got.label, got.identity, got.reported_on, got.notice) == ("审核中", Identity.MATCHED, date(2026, 11, 20), None)
    assert dict(got.details) == {"受理编号": NUMBER, "姓名": "测试甲", "更新日期": "2026-11-20", "经办窗口": "三楼"}


def test_details_with_the_same_caption_are_all_kept() -> None:
    got = read("<p>当前状态：审核中</p><p>意见：甲</p><p>意见：乙</p><p>意见：甲</p>")
    assert dict(got.details) == {"意见": "甲", "意见 (2)": "乙"}


def test_white_space_and_length_of_a_label_are_bounded() -> None:
    assert read("<p>当前状态：&nbsp;\n 已\n  受理</p>").label == "已 受理"
    assert len(read(f"<table><tr><th>当前状态</th><td>审核{'长' * 400}</td></tr></table>").label) == 300


def test_a_page_without_a_status_says_what_captions_it_has() -> None:
    with pytest.raises(PageChanged) as raised:
        read(record(受理编号=NUMBER, 流转情况="审核中", 更新日期="2026-11-20"))
    assert raised.value.where == "status"
    assert "流转情况" in raised.value.found
    assert NUMBER not in raised.value.found


# --- read.label


def test_the_configured_caption_decides() -> None:
    body = record(受理编号=NUMBER, 当前状态="审核中", 办理结果="待定结果", 流转情况="窗口二")
    with pytest.raises(PageChanged, match="page_changed") as raised:
        read(body)
    assert "read.label" in raised.value.expected
    assert read(body, hints=ReadHints(label="当前状态")).label == "审核中"
    assert read(body, hints=ReadHints(label="流转情况")).label == "窗口二"


def test_a_configured_caption_that_is_missing_is_page_changed() -> None:
    with pytest.raises(PageChanged) as raised:
        read(record(受理编号=NUMBER, 当前状态="审核中"), hints=ReadHints(label="流转情况"))
    assert (raised.value.where, raised.value.expected) == ("read.label", "流转情况")


def test_a_page_that_says_what_it_is_comes_before_a_missing_caption() -> None:
    with pytest.raises(Unavailable):
        read("<p>系统维护中</p>", hints=ReadHints(label="流转情况"))


def test_several_captions_that_agree_are_fine() -> None:
    assert read(record(受理编号=NUMBER, 当前状态="审核中", 办理状态="审核中")).label == "审核中"


def test_a_selector_names_one_element() -> None:
    body = (
        f"<p>受理编号：{NUMBER}</p><b id=zt>审核<i>中</i></b><p>温馨提示：请携带材料到窗口</p><i class=x>1</i><i class=x>2</i>"
    )
    got = read(body, hints=ReadHints(label="css:#zt"))
    assert (got.label, got.identity) == ("审核 中", Identity.MATCHED)
    for selector, found in (("css:.x", "2"), ("css:#gone", "0")):
        with pytest.raises(PageChanged) as raised:
            read(body, hints=ReadHints(label=selector))
        assert (raised.value.where, raised.value.found) == ("read.label", found)


def test_a_selector_is_no_way_round_the_other_rules() -> None:
    css = ReadHints(label="css:#zt")
    with pytest.raises(Unavailable):
        read("<p>系统维护中</p>", hints=css)
    with pytest.raises(Unavailable):
        read("<b id=zt>系统维护中</b>", hints=css)
    with pytest.raises(Mismatched):
        read(f"<p>受理编号：{OTHER}</p><b id=zt>审核中</b>", hints=css)
    with pytest.raises(PageChanged, match="truncated"):
        read("<html><body><b id=zt>审核", hints=css, whole=False)


# --- several records


def test_of_several_records_the_case_s_own_is_read() -> None:
    body = table(["受理编号", "状态"], [OTHER, "已办结"], [NUMBER, "审核中"], ["SH2026000998", "退回"])
    got = read(body)
    assert (got.label, got.identity, dict(got.details)) == ("审核中", Identity.MATCHED, {"受理编号": NUMBER})


def test_a_masked_number_tells_records_apart_but_a_masked_name_does_not() -> None:
    assert read(table(["受理编号", "状态"], ["SH2026****99", "已办结"], ["SH2026****23", "审核中"])).label == "审核中"
    with pytest.raises(PageChanged) as raised:
        read(table(["姓名", "状态"], ["李*", "已办结"], ["测*", "审核中"]))
    assert raised.value.where == "record"


def test_records_of_others_only_are_page_changed() -> None:
    with pytest.raises(PageChanged) as raised:
        read(table(["受理编号", "状态"], [OTHER, "已办结"], ["SH2026000998", "审核中"]))
    assert raised.value.where == "record"


def test_two_cases_of_one_person_are_not_told_apart_by_the_name() -> None:
    with pytest.raises(PageChanged) as raised:
        read(table(["姓名", "状态", "更新日期"], ["测试甲", "已办结", "2025-01-01"], ["测试甲", "审核中", "2026-01-01"]))
    assert raised.value.where == "record"


def test_rows_of_the_very_number_are_steps_of_the_case() -> None:
    body = table(["受理编号", "状态", "更新日期"], [NUMBER, "审核中", "2026-11-20"], [NUMBER, "已受理", "2026-11-01"])
    assert read(body).label == "审核中"


def test_of_several_blocks_the_case_s_own_is_read() -> None:
    card = "<div><p>受理编号：{}</p><p>当前状态：{}</p></div>"
    assert read(card.format(OTHER, "已办结") + card.format(NUMBER, "审核中")).label == "审核中"


def test_a_second_status_without_an_owner_is_a_contradiction() -> None:
    steps = table(["办理环节", "办理时间"], ["受理", "2026-11-01"], ["初审", "2026-11-10"])
    body = record(受理编号=NUMBER, 当前状态="审核中") + steps
    with pytest.raises(PageChanged) as raised:
        read(body)
    assert "read.label" in raised.value.expected
    assert read(body, hints=ReadHints(label="当前状态")).label == "审核中"
    with pytest.raises(PageChanged):
        read(f"<p>当前状态：审核中</p>{steps}")


def test_a_second_status_that_agrees_is_fine() -> None:
    step = table(["办理环节", "办理时间"], ["审核中", "2026-11-01"])
    assert read(record(受理编号=NUMBER, 当前状态="审核中") + step).label == "审核中"
    assert read(f"<p>当前状态：审核中</p>{step}").label == "审核中"


# --- steps


@pytest.mark.parametrize(
    ("captions", "rows", "label"),
    [
        (["环节", "经办人", "办理时间"], [["受理", "测试乙", "2026-11-01"], ["初审", "测试丙", "2026-11-10"]], "初审"),
        (["序号", "办理环节", "时间"], [["1", "初审", "2026-11-10"], ["2", "受理", "2026-11-01"]], "初审"),
        (["状态", "办理时间"], [["已受理", "2026-11-10 09:00"], ["审核中", "2026-11-10 10:00"]], "审核中"),
    ],
)
def test_of_dated_steps_the_latest_is_read(captions: list[str], rows: list[list[str]], label: str) -> None:
    assert read(table(captions, *rows)).label == label


@pytest.mark.parametrize(
    ("captions", "rows"),
    [
        (["状态", "办理时间"], [["已受理", "2026-11-10"], ["审核中", "2026-11-10"]]),
        (["状态", "办理时间"], [["已受理", "2026-11-10"], ["审核中", ""]]),
        (["状态", "办理时间"], [["已受理", "2026-11-10"], ["审核中", "近日"]]),
        (["环节", "办理结果", "办理时间"], [["受理", "通过", "2026-11-01"], ["初审", "通过", "2026-11-10"]]),
        (["环节", "办理结果", "办理时间"], [["初审", "通过", "2026-11-10"]]),
        (["事项名称", "状态", "更新时间"], [["居住证", "已办结", "2025-11-01"], ["积分", "审核中", "2026-11-10"]]),
        (["序号", "状态", "更新时间"], [["1", "已办结", "2025-11-01"], ["2", "审核中", "2026-11-10"]]),
        (["状态", "含义"], [["已受理", "窗口已经接收"], ["审核中", "正在审核"]]),
        (["环节", "说明"], [["受理", "窗口接收"], ["初审", "审核材料"]]),
    ],
)
def test_steps_that_may_be_something_else_are_page_changed(captions: list[str], rows: list[list[str]]) -> None:
    with pytest.raises(PageChanged):
        read(table(captions, *rows))


def test_the_configured_date_orders_the_steps() -> None:
    body = table(["状态", "流转日"], ["已受理", "2026-11-01"], ["审核中", "2026-11-10"])
    assert read(body, hints=ReadHints(date="流转日")).label == "审核中"


def test_steps_in_two_tables_are_not_ordered() -> None:
    with pytest.raises(PageChanged):
        read(table(["状态", "时间"], ["已受理", "2026-11-01"]) + table(["状态", "时间"], ["审核中", "2026-11-10"]))


def test_a_table_with_a_row_that_does_not_fit_is_read_only_for_its_owner() -> None:
    with pytest.raises(PageChanged) as raised:
        read(table(["状态", "更新日期"], ["已受理", "2026-11-01"], ["甲", "乙", "丙"]))
    assert raised.value.where == "record"
    assert read(table(["受理编号", "状态"], [NUMBER, "审核中"], ["甲", "乙", "丙"])).label == "审核中"


# --- identity


@pytest.mark.parametrize(
    ("shown", "value", "expected"),
    [
        (NUMBER, NUMBER, Match.FULL),
        ("sh-2026 000123", NUMBER, Match.FULL),
        ("SH2026****23", NUMBER, Match.PART),
        ("SH2026**23", NUMBER, Match.PART),
        ("SH2026****24", NUMBER, Match.NONE),
        ("SH20260001234**", NUMBER, Match.NONE),
        (OTHER, NUMBER, Match.NONE),
        ("测*", "测试甲", Match.WEAK),
        ("测*甲", "测试甲", Match.PART),
        ("*试*", "测试甲", Match.WEAK),
        ("李*", "测试甲", Match.NONE),
        ("310***********1234", PERSON, Match.PART),
        ("310XXXXXXXXXXX1234", PERSON, Match.PART),
        ("310***1990****1234", PERSON, Match.PART),
        ("310***1991****1234", PERSON, Match.NONE),
        ("3****************4", PERSON, Match.WEAK),
        ("3*****************", PERSON, None),
        ("31010119900101123X", "31010119900101123X", Match.FULL),
        ("******", PERSON, None),
        ("", PERSON, None),
        ("--", PERSON, None),
        (NUMBER, "", None),
        ("SH2026000123SH2026000123*", NUMBER, Match.NONE),
    ],
)
def test_a_shown_value_fits_or_not(shown: str, value: str, expected: Match | None) -> None:
    assert compare(shown, value) is expected


@given(st.text("0123456789AB", min_size=6, max_size=18), st.integers(0, 5), st.integers(0, 5))
def test_a_masked_value_always_fits_its_own(value: str, head: int, tail: int) -> None:
    shown = value[:head] + "****" + value[max(len(value) - tail, head) :]
    assert compare(shown, value) is not Match.NONE


@pytest.mark.parametrize(
    "shown",
    [
        {"受理编号": OTHER},
        {"受理号": OTHER},
        {"受理编号": "SH2026****99"},
        {"申请人": "李*"},
        {"姓名": "测试乙", "受理编号": NUMBER},
        {"身份证号": "310000199001019999"},
    ],
)
def test_another_person_s_record_is_mismatched(shown: dict[str, str]) -> None:
    with pytest.raises(Mismatched):
        read(record(**shown, 当前状态="审核中"))


def test_two_values_under_the_reference_s_caption_must_both_fit() -> None:
    with pytest.raises(Mismatched):
        read(table(["姓名", "测试甲"], ["姓名", "测试乙"], ["当前状态", "审核中"]))


def test_a_second_number_of_the_same_kind_is_no_contradiction() -> None:
    got = read(record(受理编号=NUMBER, 业务编号="YW1", 申请人="某某公司", 姓名="测试甲", 当前状态="审核中"))
    assert got.identity is Identity.MATCHED


def test_field_names_stand_for_their_captions() -> None:
    body = record(受理编号=NUMBER, 姓名="测试甲", 当前状态="审核中")
    assert read(body, {"slbh": NUMBER, "xm": "测试甲"}).identity is Identity.MATCHED
    with pytest.raises(Mismatched):
        read(body, {"slbh": OTHER})
    with pytest.raises(Mismatched):
        read(record(证件号码="310000199001019999", 当前状态="审核中"), {"q": PERSON})
    assert read(body, {"查询码": "a1b2"}).identity is Identity.NOT_SHOWN


def test_a_record_that_names_nobody_is_read_as_not_shown() -> None:
    assert read("<p>当前状态：审核中</p>").identity is Identity.NOT_SHOWN
    assert read(record(受理编号="******", 当前状态="审核中")).identity is Identity.NOT_SHOWN
    assert read(record(受理编号=NUMBER, 当前状态="审核中"), {}).identity is Identity.NOT_SHOWN


def test_the_number_above_the_table_counts() -> None:
    body = f"<p>受理编号：{NUMBER}</p>" + table(["状态", "更新日期"], ["审核中", "2026-11-20"])
    assert read(body).identity is Identity.MATCHED
    with pytest.raises(Mismatched):
        read(body.replace(NUMBER, OTHER))


def test_identify_names_what_must_be_shown() -> None:
    hints = ReadHints(identify=("受理编号",))
    assert read(record(受理编号=NUMBER, 当前状态="审核中"), hints=hints).identity is Identity.MATCHED
    assert read(record(受理号=NUMBER, 当前状态="审核中"), hints=hints).identity is Identity.MATCHED
    with pytest.raises(PageChanged) as raised:
        read(record(姓名="测试甲", 当前状态="审核中"), hints=hints)
    assert (raised.value.where, raised.value.expected) == ("identify", "受理编号")
    with pytest.raises(PageChanged):
        read(record(姓名="测试甲", 当前状态="审核中"), {"姓名": "测试甲", "查询码": "a1"}, ReadHints(identify=("查询码",)))


# --- no status, though its caption is there


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ("系统维护中", Unavailable),
        ("请登录", Blocked),
        ("暂无数据", NotListed),
        ("--", PageChanged),
        ("2026-11-20", PageChanged),
    ],
)
def test_a_status_cell_that_holds_no_status_is_named(value: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        read(record(受理编号=NUMBER, 当前状态=value))


def test_an_empty_status_is_page_changed_or_what_the_page_says_besides() -> None:
    with pytest.raises(PageChanged) as raised:
        read(record(受理编号=NUMBER, 当前状态=""))
    assert raised.value.found == "nothing"
    with pytest.raises(NotListed):
        read(record(受理编号="", 当前状态="") + "<p>未查询到相关记录</p>")


def test_signs_elsewhere_do_not_hide_a_record() -> None:
    body = (
        "<a href=/login>用户登录</a><form action=/login>账号<input name=u>密码<input type=password name=p>"
        "<input type=submit value=登录></form>"
        + record(受理编号=NUMBER, 当前状态="审核中")
        + "<div><p>系统维护中的功能请见公告</p><p>附件：暂无数据</p></div>"
    )
    assert read(body).label == "审核中"


def test_a_sign_beside_a_record_we_no_longer_understand_is_page_changed() -> None:
    with pytest.raises(PageChanged) as raised:
        read(record(受理编号=NUMBER, 姓名="李某", 流转情况="审核中") + "<p>附件</p><p>暂无数据</p>")
    assert raised.value.where == "status"
    assert "暂无数据" in raised.value.evidence


def test_what_was_asked_repeated_is_no_record() -> None:
    with pytest.raises(NotListed):
        read(record(受理编号=NUMBER, 姓名="", 证件号码="--") + "<p>未查询到相关记录</p>")


def test_the_date_of_a_footer_is_no_record() -> None:
    with pytest.raises(Unavailable):
        read("<p>系统维护中</p><p>更新时间：2026-11-20</p>")


# --- cut pages

WHOLE = (
    "<html><body>"
    + record(受理编号=NUMBER, 姓名="测试甲", 当前状态="审核中", 更新日期="2026-11-20")
    + "<p>甲</p></body></html>"
)


def test_a_page_cut_before_the_end_of_its_record_is_truncated() -> None:
    end = WHOLE.index("</table>") + len("</table>")
    for at in range(WHOLE.index("<table>"), end):
        with pytest.raises(PageChanged):
            read(WHOLE[:at], whole=False)


def test_a_page_cut_behind_its_record_is_read() -> None:
    end = WHOLE.index("</table>") + len("</table>")
    assert read(WHOLE[: end + 4], whole=False).label == "审核中"


def test_a_page_whose_transfer_ended_early_is_truncated() -> None:
    with pytest.raises(PageChanged) as raised:
        read_page(response(record(当前状态="审核中"), complete=False), Reference({}))
    assert raised.value.reason == "truncated"


@pytest.mark.parametrize(
    ("source", "reads"),
    [
        ("<html><body><dl><dt>受理编号</dt><dd>甲1</dd><dt>当前状态</dt><dd>审核中</dd></dl><p>甲</p>", True),
        ("<html><body><dl><dt>受理编号</dt><dd>甲1</dd><dt>当前状态</dt><dd>审核中</dd>", False),
        ("<html><body><p>当前状态：初审</p><p>甲</p>", False),
        ("<html><body><div><div><div><p>当前状态：审核中</p></div></div></div><p>甲</p>", True),
        ("<html><body><p>当前状态：初审</p><p", False),
        ("<html><body><p>受理编号：甲1</p>", False),
        ("<html><body><p>系统维护中</p>", None),
    ],
)
def test_a_text_record_needs_its_end_too(source: str, reads: bool | None) -> None:
    if reads:
        assert read(source, {}, whole=False).label == "审核中"
        return
    with pytest.raises(Unavailable if reads is None else PageChanged) as raised:
        read(source, {}, whole=False)
    assert raised.value.reason == ("maintenance" if reads is None else "truncated")


# --- dates


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-20", date(2026, 11, 20)),
        ("2026/1/2", date(2026, 1, 2)),
        ("2026.11.20", date(2026, 11, 20)),
        ("2026年11月20日", date(2026, 11, 20)),
        ("2026 年 11 月 20 日 上午", date(2026, 11, 20)),
        ("20261120", date(2026, 11, 20)),
        ("20261120103000", date(2026, 11, 20)),
        ("2026-11-20T10:30:00", date(2026, 11, 20)),
        ("20 November 2026", date(2026, 11, 20)),
        ("Sept. 3, 2026, 10:30", date(2026, 9, 3)),
        ("2 may 2026", date(2026, 5, 2)),
        ("20 Office 2026", None),
        ("31 Feb 2026", None),
        ("03/04/2026", None),
        ("2026-13-40", None),
        ("202611201", None),
        ("近日", None),
        ("11-20", None),
        ("", None),
    ],
)
def test_dates_are_read_as_they_are_written(text: str, day: date | None) -> None:
    assert parse_date(text) == day


def test_a_time_behind_a_date_is_kept() -> None:
    assert parse_moment("2026-11-20 10:30") == datetime(2026, 11, 20, 10, 30)  # noqa: DTZ001 - naive by contract
    assert parse_moment("2026年11月20日 9时05分07秒") == datetime(2026, 11, 20, 9, 5, 7)  # noqa: DTZ001 - likewise
    assert parse_moment("20261120103000") == datetime(2026, 11, 20, 10, 30)  # noqa: DTZ001 - likewise


def test_the_date_comes_from_the_record() -> None:
    body = record(受理编号=NUMBER, 当前状态="审核中", 办理日期="2026-11-01", 更新日期="2026年11月20日", 流转日="2026-11-05")
    assert read(body).reported_on == date(2026, 11, 20)
    assert read(body, hints=ReadHints(date="流转日")).reported_on == date(2026, 11, 5)
    assert read(body, hints=ReadHints(date="没有")).reported_on is None
    assert read(record(受理编号=NUMBER, 当前状态="审核中", 更新日期="近日")).reported_on is None
    assert read(record(当前状态="审核中") + "<p>更新日期：2026-11-20</p>").reported_on is None


# --- notices

PLAIN = record(受理编号=NUMBER, 当前状态="审核中")
BRING = "请携带材料到窗口办理。"


@pytest.mark.parametrize(
    "body",
    [
        f"{PLAIN}<p>{BRING}</p>",
        f"<p>{BRING}</p>{PLAIN}",
        f"<div>{PLAIN}</div><p>{BRING}</p>",
        f"<div>{PLAIN}</div><h4>办理须知</h4><p>{BRING}</p>",
        f"<table><tr><td>{PLAIN}</td><td>{BRING}</td></tr></table>",
        f"<table><tr><td>{BRING}{PLAIN}</td></tr></table>",
        f"<table><tr><td>{BRING}</td><td><table><tr><td>{PLAIN}</td></tr></table></td></tr></table>",
        f"<table><tr><td colspan=2>{BRING}</td></tr>{PLAIN[7:]}",
        PLAIN.replace("</table>", f"<tr><td>温馨提示</td><td>{BRING}</td></tr></table>"),
        PLAIN.replace("</table>", f"<tr><td>备注</td><td>{BRING}</td></tr></table>"),
        f"<div><p>受理编号：{NUMBER}</p><p>当前状态：审核中</p><p>{BRING}</p></div>",
        f"<div><p>受理编号：{NUMBER}</p><p>当前状态：审核中</p></div><p>{BRING}</p>",
    ],
)
def test_what_a_page_asks_beside_the_record_is_the_notice(body: str) -> None:
    got = read(body)
    assert (got.label, got.notice) == ("审核中", BRING)
    assert BRING not in got.details.values()


def test_a_notice_behind_a_table_of_readonly_fields_is_read() -> None:
    row = "<tr><td>{}</td><td><input readonly value='{}'></td></tr>"
    fields = row.format("受理编号", NUMBER) + row.format("当前状态", "审核中")
    for body in (f"<table>{fields}</table><p>{BRING}", f"<table><tr><td><table>{fields}</table><p>{BRING}</table>"):
        assert (read(body).label, read(body).notice) == ("审核中", BRING)


def test_loud_words_beside_the_record_are_a_notice() -> None:
    body = f"<table><tr><td>{PLAIN}</td><td><font color=red>您的申报信息单位已审核！（网签人员除外）</font></td></tr></table>"
    assert read(body).notice == "您的申报信息单位已审核！（网签人员除外）"


@pytest.mark.parametrize(
    "body",
    [
        f"{PLAIN}<p>办理进度以窗口答复为准。</p>",
        f"{PLAIN}<p style='color:red'>查询结果仅供参考。</p>",
        f"{PLAIN}<p style='color:red'>若申报表无法打开，您可以更换电脑</p>",
        f"{PLAIN}<p style='color:red'>当前时间 10:20:30</p>",
        f"{PLAIN}<p style='color:red'>请您于9:00来电</p>",
        f"{PLAIN}<p style='color:red'>您是第 1203441 位访问者！</p>",
        f"{PLAIN}<b>办理进度查询</b>",
        f"{PLAIN}<b>提示！</b>",
        f"{PLAIN}<div class=footer>{BRING}</div>",
        f"{PLAIN}<p><a href=/n>{BRING}</a></p>",
        f"{PLAIN}<div>{'<p class=tip>请妥善保管受理编号。请到窗口咨询。</p>' * 9}</div>",
        f"{PLAIN}<p>甲</p><p>乙</p><p>{BRING}</p>",
        PLAIN.replace("</table>", "<tr><td>备注</td><td>材料齐全</td></tr></table>"),
        PLAIN.replace("</table>", "<tr><td>说明</td><td>以窗口答复为准</td></tr></table>"),
        PLAIN.replace("</table>", "<tr><td>提示</td><td>--</td></tr></table>"),
        f"<table><tr><td>甲</td></tr></table><p>{BRING}</p><p>乙</p>{PLAIN}",
    ],
)
def test_other_words_are_no_notice(body: str) -> None:
    assert read(body).notice is None


def test_a_clock_beside_a_notice_is_left_out() -> None:
    body = f"{PLAIN}<p>当前时间 10:20:30。{BRING}</p>"
    assert read(body).notice == BRING


# --- where a page leads to


@pytest.mark.parametrize(
    ("body", "address"),
    [
        ("<iframe src=/inner.htm></iframe>", "http://127.0.0.1/inner.htm"),
        ("<iframe src=/a></iframe><iframe src=/b></iframe>", None),
        ("<iframe src=http://other.example/a></iframe>", None),
        ("<iframe src=/query></iframe>", None),
        ("<meta http-equiv=refresh content='0;url=/next'>", "http://127.0.0.1/next"),
        ("<p>甲</p>", None),
    ],
)
def test_a_page_leads_to_one_page_of_its_own_host(body: str, address: str | None) -> None:
    assert leads_to(response(body)) == address


def test_reading_is_the_same_each_time() -> None:
    page = response(PLAIN)
    assert read_page(page, Reference(REFERENCE)) == read_page(page, Reference(REFERENCE))


@pytest.mark.parametrize(
    "body",
    [
        "<p>当前状态：初审<br>未通过</p>",
        "<dl><dt>受理编号</dt><dd>甲1</dd><dt>当前状态</dt><dd>初审</dd><dd>未通过</dd></dl>",
        table(["办理状态", "叫号"], ["待转办", "甲"]),
    ],
)
def test_a_status_that_may_be_longer_or_elsewhere_is_page_changed(body: str) -> None:
    with pytest.raises(PageChanged) as raised:
        read(body, {})
    assert "one value" in raised.value.expected


def test_a_sentence_below_a_status_is_no_part_of_it() -> None:
    got = read("<div>当前状态：审核中<br>请于2026年12月1日前补交材料。<br>逾期视为放弃</div>", {})
    assert (got.label, got.notice) == ("审核中", "请于2026年12月1日前补交材料。逾期视为放弃")


def test_the_case_s_own_name_in_the_status_column_is_no_status() -> None:
    with pytest.raises(PageChanged) as raised:
        read(table(["姓名", "状态", "更新日期"], ["", "测试甲", "2026-11-20"]))
    assert raised.value.found == "what the case was asked by"


def test_what_there_is_to_click_is_no_part_of_a_status() -> None:
    assert read(record(受理编号=NUMBER, 当前状态="审核中 <a href=/x>[查看]</a>")).label == "审核中"


def test_the_same_record_shown_twice_is_read_once() -> None:
    body = record(受理编号=NUMBER, 当前状态="审核中") + table(["受理编号", "办理状态"], [NUMBER, "审核中"])
    assert read(body).label == "审核中"


def test_with_rows_lost_only_the_number_says_whose_a_row_is() -> None:
    rows = ["测试甲", "已办结"], ["甲", "乙", "丙"]
    with pytest.raises(PageChanged):
        read(table(["姓名", "状态"], *rows))
    assert read(table(["姓名", "状态"], *rows), {"姓名": "测试甲"}).label == "已办结"


def test_a_table_that_explains_a_status_is_no_record() -> None:
    for caption in ("含义", "说明"):
        with pytest.raises(PageChanged):
            read(f"<p>受理编号：{NUMBER}</p>{table(['状态', caption], ['审核中', '正在审核材料'])}")
    assert read(table(["受理编号", "状态", "说明"], [NUMBER, "审核中", "正在审核材料"])).label == "审核中"


def test_links_to_choose_from_are_no_status() -> None:
    for body in (
        "<div>状态：<a href=?s=1>待审核</a><a href=?s=2>审核中</a></div>",
        record(受理编号=NUMBER, 状态="<a href=?s=1>待办甲</a> <a href=?s=2>待办乙</a>"),
    ):
        with pytest.raises(PageChanged) as raised:
            read(body)
        assert raised.value.found == "something to click"
    assert read(record(受理编号=NUMBER, 状态="<a href=/x>审核中</a> <a href=/y>查看</a>")).label == "审核中"


def test_rows_that_show_the_references_own_caption_belong_to_others() -> None:
    rows = table(["编号", "状态"] * 2, ["A1", "审核中", "A2", "已办结"])
    assert read(rows, {"编号": "A1"}).label == "审核中"


def test_a_full_stop_behind_a_status_is_no_part_of_it() -> None:
    assert read("<p>当前状态：审核中。</p>").label == "审核中"
    assert read(record(当前状态="材料不齐，请到窗口补交。")).label == "材料不齐，请到窗口补交。"


def test_a_status_that_ends_inside_a_bracket_is_none() -> None:
    with pytest.raises(PageChanged) as raised:
        read(f"<p>受理编号：{NUMBER}</p><p>当前状态：审核中（第二阶段</p>")
    assert raised.value.found == "one that ends inside a bracket"


def test_a_notice_in_the_layout_cell_of_fields_is_quoted() -> None:
    fields = f"<p><label for=a>受理编号</label><input id=a readonly value={NUMBER}></p>"
    fields += "<p><label for=b>当前状态</label><input id=b readonly value=审核中></p>"
    cell = f"<div style='color:red'>需补交劳动合同复印件。</div><div>{fields}</div>"
    got = read(f"<table><tr><td><ul><li>首页</ul></td></tr><tr><td>{cell}</td></tr><tr><td><p>满意？</p></td></tr></table>")
    assert got.notice == "需补交劳动合同复印件。"


def test_a_number_below_its_caption_is_shown_also_where_the_table_leaves_open_which_row_is_which() -> None:
    rows = [["受理编号", "备案"], [NUMBER, "甲"], ["说明", "当前状态"], ["无", "审核中"], ["更新日期", ""], ["2026-11-20", ""]]
    assert read(table(*rows)).identity is Identity.MATCHED
    assert read(table(["受理编号", "备案"], ["甲", "乙"], *rows[2:])).identity is Identity.NOT_SHOWN
