"""Layouts that pages build of other elements or put together in odd ways, and what stands beside a record."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.pages.made import NUMBER, read, record, response, table
from tracker.core.errors import Blocked, CheckError, Mismatched, NotListed, PageChanged, Unavailable
from tracker.core.model import Identity, ReadHints
from tracker.pages.charset import decode
from tracker.pages.recognise import recognise

OTHER = "SH2026000999"


def grid(*rows: tuple[str, ...], cell: str = "<div class=td>{}</div>", row: str = "<div class=tr>{}</div>") -> str:
    return "".join(row.format("".join(cell.format(value) for value in values)) for values in rows)


CAPTIONS, VALUES = ("受理编号", "姓名", "状态"), (NUMBER, "测试甲", "待转办")


@pytest.mark.parametrize(
    "body",
    [
        f"<div class=table>{grid(CAPTIONS, VALUES)}</div>",
        f"<div><div class=head>{grid(CAPTIONS)}</div><div class=body>{grid(VALUES)}</div></div>",
        f"<div>{grid(CAPTIONS, cell='<li>{}</li>', row='<ul class=head>{}</ul>')}{grid(VALUES, row='<ul>{}</ul>')}</div>",
        f"<table><tr><td><div>{grid(CAPTIONS, VALUES, ('', '', ''))}</div></td></tr></table>",
    ],
)
def test_a_table_made_of_other_elements_is_read(body: str) -> None:
    got = read(body)
    assert (got.label, got.identity) == ("待转办", Identity.MATCHED)


def test_of_the_rows_of_such_a_table_the_cases_own_is_read() -> None:
    assert read(f"<div>{grid(CAPTIONS, (OTHER, '测试乙', '办结'), VALUES)}</div>").label == "待转办"
    with pytest.raises(CheckError):
        read(f"<div>{grid(CAPTIONS, (OTHER, '测试乙', '办结'))}</div>")


@pytest.mark.parametrize(
    "body",
    [
        f"<div>{grid(CAPTIONS)}</div>",
        f"<div>{grid(CAPTIONS, ('甲', '乙'))}</div>",
        f"<div>{grid(CAPTIONS, CAPTIONS)}</div>",
        f"<div>{grid(('状态', '初审', '复审'), ('甲', '乙', '丙'))}</div>",
        f"<div>说明{grid(CAPTIONS, VALUES, row='<p>甲{}</p>')}</div>",
        "<p>状态</p>",
    ],
)
def test_rows_of_elements_that_fit_no_captions_are_none(body: str) -> None:
    with pytest.raises(PageChanged):
        read(body)


def test_such_a_table_with_a_row_that_does_not_fit_is_read_only_for_its_owner() -> None:
    rows = grid(CAPTIONS, VALUES, ("甲", "乙", "丙", "丁"))
    assert read(f"<div>{rows}</div>").label == "待转办"
    with pytest.raises(PageChanged):
        read(f"<div>{rows}</div>", {"查询码": "a1"})


def test_captions_and_values_row_by_row_are_one_record() -> None:
    blank = "&nbsp;"
    got = read(
        table(
            ["受理编号", "姓名", "事项名称"],
            [NUMBER, "测试甲", "积分"],
            ["受理时间", "当前状态", "备注"],
            ["2026-11-01", "审核中", ""],
            ["更新日期", blank, blank],
            ["2026-11-20", blank, blank],
        )
    )
    assert (got.label, got.identity, str(got.reported_on)) == ("审核中", Identity.MATCHED, "2026-11-20")
    two = table(["受理编号", "状态"], [OTHER, "办结"], ["受理编号", "状态"], [NUMBER, "审核中"])
    assert read(two).label == "审核中"


def test_words_that_may_be_captions_row_by_row_are_no_status() -> None:
    rows = table(
        ["审查状况", "担当窗口"], ["确认中", "见本"], ["更新日", "区分"], ["2026/07/01", "甲"], ["受付号", "备考"], ["A1", "无"]
    )
    with pytest.raises(PageChanged):
        read(rows, {"受付号": "A1"}, ReadHints(label="审查状况", date="更新日"))


def test_blanks_at_the_end_of_a_row_say_nothing_of_it() -> None:
    rows = table(
        ["询问处", "受付号", "名称甲", "种类甲"],
        ["甲", "A1", "乙", "丙"],
        ["审查状况", "担当窗口", "", ""],
        ["丁", "戊", "", ""],
    )
    with pytest.raises(PageChanged):
        read(rows, {"受付号": "A1"}, ReadHints(label="审查状况"))


def test_records_beside_each_other_are_told_apart() -> None:
    columns = table(["受理编号：", OTHER, NUMBER], ["姓名：", "测试乙", "测试甲"], ["当前状态：", "办结", "审核中"])
    assert read(columns).label == "审核中"
    assert read("<table><tr><td colspan=3>办件</td></tr>" + columns.removeprefix("<table>")).label == "审核中"


def test_a_group_of_one_row_is_no_caption() -> None:
    body = (
        "<table><tr><td>申请资料</td><th>受理编号</th><td>{}</td></tr>"
        "<tr><td rowspan=2>办理资料</td><th>当前状态</th><td>审核中</td></tr>"
        "<tr><th>更新日期</th><td>2026-11-20</td></tr></table>"
    )
    assert read(body.format(NUMBER)).identity is Identity.MATCHED
    with pytest.raises(Mismatched):
        read(body.format(OTHER))
    plain = body.replace("<th>", "<td>").replace("</th>", "</td>")
    with pytest.raises(Mismatched):
        read(plain.format(OTHER))


def test_a_number_beside_a_row_of_unknown_captions_counts() -> None:
    with pytest.raises(Mismatched):
        read(table(["受理编号", OTHER, "网点电话簿", "三号窗口"]) + "<p>当前状态：审核中</p>")


def test_the_last_pair_of_a_table_of_pairs_may_stand_alone() -> None:
    body = (
        f"<table><tr><td>受理编号</td><td>{NUMBER}</td><td>姓名</td><td>测试甲</td></tr>"
        "<tr><td>办件状态</td><td colspan=3>待区县复核</td></tr></table>"
    )
    assert read(body).label == "待区县复核"


@pytest.mark.parametrize(
    "body",
    [
        f"<p>受理编号：<div>{NUMBER}</div></p><p>当前状态：<div>待转办</div></p>",
        f"<div>受理编号：<div>{NUMBER}</div><br>当前状态：<div>待转办</div><br></div>",
        f"<div><b>受理编号:</b><div>{NUMBER}</div>；<b>当前状态:</b><div>待转办</div></div>",
        f"<div><div>受理编号</div>：<em>{NUMBER}</em></div><div><div>当前状态</div>：<em>待转办</em></div>",
        f"<div><div>受理编号</div>：<div>{NUMBER}</div></div><div><div>当前状态</div>：<div>待转办</div></div>",
        f"<div><b>受理<br>编号：</b>{NUMBER} <b>有效<br>期间：</b>一年 <b>当前<br>状态：</b>待转办</div>",
        f"<div><b>受理编号：</b>{NUMBER} | <b>当前状态：</b>待转办 | <b>姓名：</b>测试甲</div>",
        f"<div><b>受理编号</b><i>{NUMBER}</i><b>流转说明</b><i>甲</i><b>当前状态</b><i>待转办</i><b>后续说明</b><i>乙</i></div>",
        f"<p><strong>受理编号</strong> <label>{NUMBER}</label></p><p><strong>当前状态</strong> <label>待转办</label></p>",
        f"<dl><dt><b>受理编号</b></dt><dd>{NUMBER}</dd><dt><b>字段</b></dt><dd>甲</dd><dt><b>当前状态</b></dt><dd>待转办</dd></dl>",
        f"<p>您的申请（{NUMBER}）当前状态为：待转办。</p>",
        f"<p>编号甲1。（当前状态为：待转办）</p><p>受理编号：{NUMBER}</p>",
    ],
)
def test_a_status_is_read_wherever_its_caption_ends(body: str) -> None:
    assert read(body).label == "待转办"


@pytest.mark.parametrize(
    "body",
    [
        "<div>状态：<div>初审</div><div>未通过</div></div>",
        "<div>状态：<div>说明：甲</div></div>",
        "<div>状态：<div>更新日期</div></div>",
    ],
)
def test_blocks_behind_a_caption_that_may_be_more_are_none(body: str) -> None:
    with pytest.raises(PageChanged):
        read(body)


def test_a_filter_above_the_answer_is_no_part_of_it() -> None:
    form = "<form><table><tr><td>审核状态：</td><td><select name=z><option>全部</select></td></tr></table></form>"
    assert read(form + record(受理编号=NUMBER, 审核状态="待转办")).label == "待转办"
    assert read(f"<form>状态：<input name=q></form>{record(受理编号=NUMBER, 当前状态='待转办')}").label == "待转办"


def test_a_status_with_its_reason_is_one_status() -> None:
    assert read(record(受理编号=NUMBER, 当前状态="已受理，待审核")).label == "已受理，待审核"
    assert read(f"<div><p>受理编号</p><p>{NUMBER}</p></div><div><p>当前状态</p><p>不通过：材料不齐</p></div>").label == (
        "不通过：材料不齐"
    )


def test_other_peoples_list_beside_the_answer_is_left_out() -> None:
    others = table(["受理编号", "姓名", "状态"], [OTHER, "旁*", "办结"], ["SH2026000998", "旁*", "退回"])
    got = read("<p>当前状态：待转办</p>" + others)
    assert (got.label, got.identity) == ("待转办", Identity.NOT_SHOWN)
    with pytest.raises(CheckError):
        read(f"<p>当前状态：甲乙</p><p>办理状态：丙丁</p>{others}")
    steps = table(["状态", "时间"], ["已受理", "2026-11-01"], ["待转办", "2026-11-02"])
    assert read(steps + others).label == "待转办"


def test_whose_record_it_is_may_stand_in_another_table() -> None:
    status = table(["当前状态", "更新日期"], ["待转办", "2026-11-20"])
    assert read(table(["受理编号", "姓名"], [NUMBER, "测试甲"]) + status).identity is Identity.MATCHED
    with pytest.raises(Mismatched):
        read(table(["受理编号", "姓名"], [OTHER, "测试甲"]) + status)


def test_captions_of_a_case_tell_whose_record_it_is() -> None:
    body = f"<p>档案代码：A1</p>{table(['步骤', '状态', '时间'], ['1', '已受理', '2026-11-01'], ['2', '待转办', '2026-11-02'])}"
    assert read(body, {"档案代码": "A1"}).identity is Identity.MATCHED
    with pytest.raises(Mismatched):
        read(body, {"档案代码": "A2"})


def test_each_pair_in_a_cell_of_its_own_belongs_to_the_record() -> None:
    rows = [["当前状态：待转办", "姓名：测试甲"], ["档案代码：A1", "甲"], ["更新日期：2026-11-20", "乙"]]
    got = read(table(*rows), {"档案代码": "A1"})
    assert (got.identity, str(got.reported_on)) == (Identity.MATCHED, "2026-11-20")
    assert read(table(["证件有效期：", "当前状态：<b>待转办</b>"])).label == "待转办"


PLAIN = record(受理编号=NUMBER, 当前状态="待转办")


@pytest.mark.parametrize(
    "advice",
    [
        "审核通过后，请携带身份证到受理点领取证件。",
        "查無資料者，請提供案件編號。",
        "如显示“退回补正”，请于十五日内补齐材料。",
        "If your case was approved, please bring your passport.",
    ],
)
def test_advice_for_whoever_comes_so_far_is_no_notice(advice: str) -> None:
    assert read(f"{PLAIN}<p>{advice}</p>").notice is None


@pytest.mark.parametrize(
    "body",
    [
        f"<table><tr><td><p>请补交材料</p><div><p>受理编号：{NUMBER}</p><p>当前状态：待转办</p></div></td></tr></table>",
        f"<table><tr><td>&nbsp;</td><td>{PLAIN}</td></tr></table><p>请补交材料</p>",
        f"<p>请补交材料</p><div>{table(['受理编号', '状态'])}</div><div>{table([NUMBER, '待转办'])}</div>",
        record(受理编号=NUMBER, 当前状态="待转办", 退回原因="请补交材料"),
    ],
)
def test_a_notice_is_found_around_layout_tables(body: str) -> None:
    assert read(body).notice == "请补交材料"


def test_the_number_beside_the_status_is_no_notice() -> None:
    steps = table(["状态", "时间"], ["已受理", "2026-11-01"], ["待转办", "2026-11-02"])
    assert read(f"<p><b>受理编号：{NUMBER}</b></p>{steps}").notice is None
    assert read("<p><a href=/n>通知：元旦期间窗口暂停办理，请提前办理。</a></p><p>当前状态：待转办</p>").notice is None


def outcome(body: str) -> str | None:
    seen = recognise(response(body, title=""))
    return None if seen is None else seen.reason


def test_a_hidden_message_counts_where_a_script_looks_at_it() -> None:
    hidden = "<div id=msg style='display:none'>验证码错误</div>"
    assert outcome(f"{hidden}<p>甲</p>") is None
    assert outcome(f"{hidden}<p>甲</p><script>show(document.getElementById('msg'))</script>") == "captcha"
    form = "<form>受理编号<input name=no></form>"
    assert outcome(f"{hidden}{form}<script>show(document.getElementById('msg'))</script>") is None


def test_a_sites_search_and_log_in_are_no_query() -> None:
    search = "<form action=/s><input name=q><input type=submit value=搜索></form>"
    assert outcome(
        f"{search}<script>alert('未查询到相关记录');</script><div id=m class=msg style='display:none'>甲 乙</div>"
    ) == ("not_listed")
    log_in = "<form action=/login>用户名<input name=u>密码<input type=password name=p><input type=submit value=登录></form>"
    assert outcome(search + log_in) == "login"
    assert outcome("<form action=/s><input name=code1>站内搜索<input type=submit></form>") is None


def test_when_and_how_often_a_site_may_be_asked_is_no_status() -> None:
    for words in ("本系统开放时间为每天7:00至23:00，请在开放时间内查询", "同一IP每天只能查询10次"):
        assert outcome(f"<div>{words}</div>") in {"maintenance", "rate_limited"}
        assert outcome(f"<form>受理编号<input name=no></form><p>{words}</p>") is None
        with pytest.raises(CheckError):
            read(record(受理编号=NUMBER, 当前状态=words))


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ("提示：查詢結果：0 筆", NotListed),
        ("閒置過久，請重新登入", Blocked),
        ("系統訊息：系統異常，請洽管理人員", Unavailable),
        ("因系统升级，本系统将于11月26日18:00至次日8:00暂停服务。", CheckError),
        ("身份信息已过期，请重新认证", Blocked),
        ("Your login has timed out", Blocked),
        ("The weather is nice today", PageChanged),
        ("近期天气晴朗适合户外活动大家好", PageChanged),
        ("您名下没有业务", CheckError),
        ("¼", PageChanged),
        ("结果：0条", NotListed),
        ("Sorry. Application error", Unavailable),
    ],
)
def test_a_sentence_in_the_status_is_none(value: str, error: type[CheckError]) -> None:
    with pytest.raises(error):
        read(record(受理编号=NUMBER, 当前状态=value))


FLOODS = {
    "colons": "<p>" + "状态：" * 100_000,
    "captions": "<p>状态：审核中</p>" * 25_000,
    "spans": "<p>" + "<span>状态</span><span>审核中</span>" * 14_000,
    "cards": "<div><p>受理编号：A1</p><p>状态：审核中</p></div>" * 300,
    "rows": "<table>" + "<tr><td>受理编号</td><td>1</td><td>状态</td><td>审核中</td></tr>" * 5_900,
    "labels": "<form>" + "<b id=x>受理</b><input name=n aria-labelledby=x>" * 4_900,
    "codes": "<form>" + "<img src=code.jpg><input name=code>" * 4_900,
    "forms": "<form><input name=a></form>" * 4_900,
    "signs": ("<p>未查询到相关记录，系统维护中，验证码错误" + "无" * 90) * 5_000,
}
READ_FLOODS = """
import pathlib, re, time
from tests.pages.made import REFERENCE, response
from tests.pages.test_layouts import FLOODS
from tracker.core.errors import CheckError
from tracker.core.model import Reference
from tracker.pages.asking import has_form
from tracker.pages.reading import read_page
from tracker.pages.recognise import recognise

def most():
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", pathlib.Path("/proc/self/status").read_text())[1])

for name, markup in FLOODS.items():
    began = time.process_time()
    page, case = response(markup), Reference(REFERENCE)
    recognise(page), has_form(page, case)
    try:
        read_page(page, case)
    except CheckError:
        pass
    print(name, time.process_time() - began, most() / 1024)
"""


def test_a_flood_of_what_a_record_consists_of_is_read_or_refused_in_good_time_and_space() -> None:
    done = subprocess.run(
        [sys.executable, "-c", READ_FLOODS], cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    for line in done.stdout.splitlines():
        name, seconds, megabytes = line.split()
        assert float(seconds) < 3, name
        assert float(megabytes) < 220, name
    assert len(done.stdout.splitlines()) == len(FLOODS)


def test_a_flood_is_refused_by_name() -> None:
    for name in ("captions", "spans"):
        with pytest.raises(PageChanged) as raised:
            read(FLOODS[name])
        assert raised.value.reason == "too_large"
    with pytest.raises(CheckError):
        read(FLOODS["colons"])
    with pytest.raises(CheckError):
        read(FLOODS["cards"])


def test_json_is_utf8_by_its_own_rules() -> None:
    assert decode("¼".encode(), "application/json") == ("¼", "utf-8")
    assert decode("¼".encode(), "text/html") == ("录", "gb18030")


def test_the_configured_caption_of_any_language_is_read() -> None:
    body = "<dl><dt>N.º de solicitud</dt><dd>A1</dd><dt>Estado de tramitación</dt><dd>En tramitación</dd></dl>"
    hints = ReadHints(label="Estado de tramitación")
    assert read(body, {"N.º de solicitud": "A1"}, hints).label == "En tramitación"


def test_a_status_is_read_however_much_stands_behind_it() -> None:
    behind = "".join(f"<p>第{n}条须知</p>" for n in range(40))
    assert read(f"<p>受理编号：{NUMBER}</p><p>当前状态：审核中</p>{behind}").label == "审核中"
