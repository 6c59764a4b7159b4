"""Captions that are a status's less often: they count where none of the others does, in a record that says whose it is."""

from contextlib import suppress
from time import process_time

import pytest

from tests.pages.made import NUMBER, read, record, response, table
from tracker.core.errors import CheckError, NotListed, PageChanged
from tracker.core.model import Identity, ReadHints, Reference
from tracker.pages.described import describe
from tracker.pages.plain import count_records, read_text
from tracker.pages.words import STATUS, WEAKER, key

MINE = {"受理编号": NUMBER}
CAPTIONS = (
    "最新状态",
    "当前办理状态",
    "办件进度",
    "流程状态",
    "事项状态",
    "审批结果",
    "办理情况",
    "Processing status",
    "Your status",
)


@pytest.mark.parametrize("caption", CAPTIONS)
@pytest.mark.parametrize(
    "markup",
    [
        f"<table><tr><td>受理编号</td><td>{NUMBER}</td></tr><tr><td>%s</td><td>审核中</td></tr></table>",
        f"<table><tr><th>受理编号</th><th>%s</th></tr><tr><td>{NUMBER}</td><td>审核中</td></tr></table>",
        f"<div><p>受理编号：{NUMBER}</p><p>%s：审核中</p></div>",
        f"<dl><dt>受理编号</dt><dd>{NUMBER}</dd><dt>%s</dt><dd>审核中</dd></dl>",
        f"<h3>居住证积分</h3><div><h4>受理编号</h4><p>{NUMBER}</p></div><div><h4>%s</h4><p>审核中</p></div>",
    ],
)
def test_a_weaker_caption_is_read_beside_the_cases_own_number(caption: str, markup: str) -> None:
    reading = read(markup % caption, MINE)
    assert (reading.label, reading.identity) == ("审核中", Identity.MATCHED)
    assert set(reading.details) == {"受理编号"}


def test_it_never_beats_nor_contradicts_another_status() -> None:
    reading = read(record(受理编号=NUMBER, 办件进度="第2步", 状态="审核中", 最新状态="已受理"), MINE)
    assert reading.label == "审核中"
    assert reading.details["办件进度"] == "第2步"


def test_an_empty_status_is_not_filled_by_a_weaker_one() -> None:
    with pytest.raises(PageChanged):
        read(record(受理编号=NUMBER, 状态="", 最新状态="已受理"), MINE)


ABOVE = f"<p>受理编号：{NUMBER}</p>"
BELOW = "<p>审批结果：审核通过</p>"


@pytest.mark.parametrize(
    "markup",
    [
        f"<div>{ABOVE}<p>办理状态</p>{BELOW}</div>",
        f"<div>{ABOVE}<p>办理状态 <span></span></p>{BELOW}</div>",
        f"<div>{ABOVE}<p>办理状态 <img src=3.png></p>{BELOW}</div>",
        f"<div>{ABOVE}<p>【说明】办理状态：退回</p>{BELOW}</div>",
        f"<div>{ABOVE}<p>办理状态（市级）：退回</p>{BELOW}</div>",
        f"<div>{ABOVE}<p>办理状态（市级） —</p>{BELOW}</div>",
        f"<div>{ABOVE}{BELOW}<p>当前状态为 —</p></div>",
        f"<div>{ABOVE}{BELOW}<p><a>当前状态</a>：</p></div>",
        f"<div>{ABOVE}{BELOW}<h4>办理状态</h4><p>—</p></div>",
        f"<div>受理编号：{NUMBER}<br>当前状态 —<br><label>审批结果</label><span>审核通过</span></div>",
        f"<div>{ABOVE}审核结果 <br>审批结果：审核通过<br></div>",
        f"<div><p>1. 受理编号：{NUMBER}</p><p>2. 办理状态：</p><p>3. 审批结果：审核通过</p></div>",
        table(("受理编号", NUMBER, "事项", "落户"), ("办理状态", "", "", ""), ("审批结果", "审核通过", "受理部门", "样例局")),
        table(("受理编号", NUMBER), ("办理状态",), ("审批结果", "审核通过")),
        f"<table><tr><th>受理编号<th>审批结果<th colspan=2>办理状态<tr><td>{NUMBER}<td>审核通过<td><td></table>",
        f"<div>{ABOVE}<h4>办件状态</h4><p>已完成</p><p>办理状态 <i></i></p></div>",
    ],
)
def test_nor_is_one_whose_caption_stands_there_without_being_understood(markup: str) -> None:
    with pytest.raises(PageChanged):
        read(markup, MINE)


@pytest.mark.parametrize(
    "markup",
    [
        f"<table><tr><td colspan=2>办理进度<tr><td>受理编号<td>{NUMBER}<tr><td>最新状态<td>审核中</table>",
        f"<div><div>办理进度</div>{ABOVE}<p>最新状态：审核中</p></div>",
        f"<div><h3>办理进度</h3>{ABOVE}<p>最新状态：审核中</p></div>",
        f"<div>{ABOVE}<p>最新状态：审核中</p><p><a href=x>办理进度</a></p></div>",
        f"<div>{ABOVE}<p>最新状态：审核中</p><p><b><a href=x><i>办理进度</i></a></b></p></div>",
    ],
)
def test_a_title_or_a_link_of_that_name_is_no_status_without_a_value(markup: str) -> None:
    assert read(markup, MINE).label == "审核中"


@pytest.mark.parametrize(
    "markup",
    [
        f"<div>{ABOVE}</div><div><p>姓名：测试甲</p><p>流水号：L999</p><p>最新状态：审核通过</p></div>",
        table(("姓名", "事项", "最新状态"), ("测试甲", "落户", "审核通过")),
        record(受理编号=NUMBER, 快递单号="SF123456789", 最新状态="已完成"),
        record(受理编号=NUMBER, 缴费金额="100元", 处理结果="已完成"),
        table(("受理编号", "材料名称", "审批结果"), (NUMBER, "身份证", "审核通过")),
        f"<div>{ABOVE}<p>顺丰 SF1234</p><p>最新状态：已签收</p></div>",
        f"<div>{ABOVE}<p>缴费记录</p><h4>当前状态</h4><p>已完成</p></div>",
    ],
)
def test_beside_another_case_or_a_parcel_a_payment_or_a_paper_it_is_none(markup: str) -> None:
    with pytest.raises(PageChanged):
        read(markup, {"受理编号": NUMBER, "姓名": "测试甲"})


def test_asked_by_name_it_is_read_beside_the_name() -> None:
    assert read(record(姓名="测试甲", 最新状态="审核中"), {"姓名": "测试甲"}).label == "审核中"


@pytest.mark.parametrize(
    "markup",
    [
        "<div>·" * 4_800 + "<p>最新状态：审核中</p>" + "</div>" * 4_800 + ABOVE,
        ABOVE + "<table>" + "<tr><td>1<td>状态<td>x1" * 8_000 + "</table>",
    ],
)
def test_many_elements_take_no_time_with_their_square(markup: str) -> None:
    began = process_time()
    with suppress(CheckError):
        read(markup, MINE)
    assert process_time() - began < 3


@pytest.mark.parametrize(
    "markup",
    [
        f"<p>受理编号：{NUMBER}</p><div>物流信息</div><div><p>快递单号：SF1</p><p>最新状态：已完成</p></div>",
        f"<p>受理编号：{NUMBER}</p>" + record(材料名称="身份证", 审批结果="已受理"),
        f"<p>受理编号：{NUMBER}</p>" + table(("事项名称", "最新状态", "更新日期"), ("落户", "办结", "2026-11-01")),
        f"<h3>办件信息</h3><p>受理编号：{NUMBER}</p><h3>缴费信息</h3><p>最新状态：已完成</p>",
        f"<p>受理号：{NUMBER}</p><h3>缴费信息</h3><p>最新状态：已完成</p>",
        "<p>最新状态：已受理</p>",
        record(最新状态="已受理", 更新日期="2026-11-01"),
        record(姓名="测*", 最新状态="已受理"),
    ],
)
def test_it_is_not_read_where_its_record_does_not_say_whose_it_is(markup: str) -> None:
    with pytest.raises(PageChanged):
        read(markup, {"受理编号": NUMBER, "姓名": "测试甲"})


@pytest.mark.parametrize("values", [("审核中", "已受理"), ("", "已受理")])
def test_two_of_them_that_disagree_are_refused(values: tuple[str, str]) -> None:
    with pytest.raises(PageChanged):
        read(record(受理编号=NUMBER, 办件进度=values[0], 审批结果=values[1]), MINE)


def test_an_empty_one_leaves_the_word_to_the_page() -> None:
    with pytest.raises(NotListed):
        read("<p>办件进度：</p><p>未查询到相关记录</p>", MINE)
    with pytest.raises(NotListed):
        read("<p>未查询到相关记录</p><p>最新状态：未知状态说明</p>", MINE)


def test_one_that_the_case_names_needs_no_number_beside_it() -> None:
    assert read("<p>最新状态：审核中</p>", MINE, ReadHints(label="最新状态")).label == "审核中"


def test_a_table_of_steps_is_read_as_before() -> None:
    rows = (("步骤", "审批结果", "时间"), ("受理", "通过", "2026-11-01"), ("初审", "通过", "2026-11-03"))
    with pytest.raises(CheckError):
        read(record(受理编号=NUMBER) + table(*rows), MINE)


def test_one_to_click_at_the_end_of_a_row_is_no_caption() -> None:
    with pytest.raises(PageChanged):
        read(table(("受理编号", "状态"), (NUMBER, "<a href=x>办件进度</a>")), MINE)
    rows = (("受理编号", "状态", "操作", "部门"), (NUMBER, "审核中", "<a href=x>办件进度</a>", "<a href=y>审批结果</a>"))
    assert read(table(*rows), MINE).label == "审核中"


def test_a_list_is_counted_and_described_by_them_too() -> None:
    page = response(table(("受理编号", "最新状态"), (NUMBER, "审核中"), ("SH2026000124", "办结")))
    assert count_records(page) == 2
    status = describe(page, MINE).status
    assert status is not None
    assert (status.caption, status.label, status.hint, status.is_usual) == ("最新状态", "审核中", "", True)


@pytest.mark.parametrize("text", [f"受理编号：{NUMBER}\n最新状态：审核中", "最新状态：审核中", "您好，办件进度：审核中"])
def test_in_a_text_that_a_person_passes_on_it_needs_no_number(text: str) -> None:
    assert read_text(text, Reference(MINE)).label == "审核中"


def test_a_text_that_says_two_things_is_refused() -> None:
    with pytest.raises(PageChanged):
        read_text("最新状态：审核中\n审批结果：已受理", Reference(MINE))


def test_no_caption_is_both() -> None:
    assert STATUS.isdisjoint(WEAKER)
    assert WEAKER.isdisjoint(map(key, ("订单状态", "缴费状态", "受理结果", "系统状态", "物流状态")))


def test_fields_whose_captions_stand_elsewhere_are_read() -> None:
    labels = "<div><label for=n>受理编号</label><label for=s>最新状态</label></div>"
    fields = f"<div><input id=n readonly value={NUMBER}><input id=s readonly value=审核中></div>"
    assert read(labels + fields, MINE).label == "审核中"
