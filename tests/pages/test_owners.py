"""Whose a status is where several stand on a page: never a neighbour's, a paper's, an example's or everybody's."""

import pytest

from tests.pages.made import NUMBER, PERSON, read, record, table
from tracker.core.errors import CheckError, Mismatched, PageChanged
from tracker.core.model import Identity

MINE = {"受理编号": NUMBER}
OTHER = "SH2026000999"
DL = "<dl><dt>{name}</dt><dd>{number}</dd><dt>办理状态</dt><dd>{status}</dd><dt>日期</dt><dd>2026-11-11</dd></dl>"
SPANS = (
    "<div><div><span>{name}</span><span>{number}</span></div><div><span>办理状态</span><span>{status}</span></div>"
    "<div><span>日期</span><span>2026-11-11</span></div></div>"
)
LINES = "<div><p>{name}：{number}</p><p>办理状态：{status}</p></div>"
FLAT = "<p>{name}：{number}</p><p>办理状态：{status}</p>"
ORDERS = "<table><tr><th>订单号</th><th>办理状态</th></tr><tr><td>{}</td><td>{}</td></tr></table>"
ENDING = "<div>办理状态：{status}<br>{name} {number}</div>"


@pytest.mark.parametrize("layout", [DL, SPANS, LINES, FLAT, ENDING])
@pytest.mark.parametrize("name", ["受理编号", "申请编号", "单号"])
def test_a_neighbours_status_never_stands_for_an_empty_own_one(layout: str, name: str) -> None:
    own = layout.format(name=name, number=NUMBER, status="")
    other = layout.format(name=name, number=OTHER, status="已办结")
    for body in (own + other, other + own):
        with pytest.raises(CheckError):
            read(body, MINE)


@pytest.mark.parametrize("layout", [DL, LINES])
def test_an_empty_neighbour_does_not_hide_the_own_record(layout: str) -> None:
    own = layout.format(name="受理编号", number=NUMBER, status="审核中")
    other = layout.format(name="受理编号", number=OTHER, status="")
    for body in (own + other, other + own):
        got = read(body, MINE)
        assert (got.label, got.identity) == ("审核中", Identity.MATCHED)


def test_the_own_number_chooses_its_row_under_any_caption() -> None:
    got = read(ORDERS.format(f"{OTHER}</td><td>审核中</td></tr><tr><td>{NUMBER}", "已办结"), MINE)
    assert (got.label, got.identity) == ("已办结", Identity.MATCHED)


def test_a_record_with_another_number_of_its_own_only_mentions_the_case() -> None:
    with pytest.raises(Mismatched):
        read(record(申请编号=OTHER, 关联=NUMBER, 当前状态="审核中"), {"编号": OTHER.replace("9", "8"), **MINE})


@pytest.mark.parametrize(
    "body",
    [
        f"<div>{OTHER} <b>居住证</b><p>办理状态：审核中</p></div>",
        f"<fieldset><legend>报修单 <span>编号：{OTHER}</span></legend></fieldset>" + table(["状态", "审核中"], ["备注", "无"]),
        table(["序号", "流水号", "状态"], ["1", OTHER, "审核中"]),
        ORDERS.format(NUMBER + "1", "审核中"),
        ORDERS.format(NUMBER[:-1], "审核中"),
        f"<h3>Order #{OTHER}</h3><p>状态：审核中</p><p>{NUMBER}7</p>",
        f"<h2>状态查询</h2><div><p>{OTHER}</p><p>状态：审核中</p></div><div><p>{NUMBER}</p></div>",
    ],
)
def test_a_number_built_like_the_cases_is_anothers(body: str) -> None:
    with pytest.raises(Mismatched):
        read(body, MINE)


def test_a_number_of_digits_is_alike_only_within_its_year() -> None:
    assert read("<p>状态：审核中</p><p>2025000111</p>", {"查询码": "2026000123"}).label == "审核中"
    with pytest.raises(Mismatched):
        read("<p>状态：审核中</p><p>2026000111</p>", {"查询码": "2026000123"})


def test_numbers_beside_the_own_one_in_its_own_block_are_read() -> None:
    body = f"<p>{OTHER} 办结公告</p><div><p>{NUMBER}</p><p>状态：审核中</p></div>"
    assert read(body, MINE).label == "审核中"


@pytest.mark.parametrize(
    ("status", "number"), [("<p>状态：审核中</p>", f"<p>编号 {NUMBER}</p>"), ("<p>状态：审核中</p>", f"<p>{NUMBER}</p>")]
)
def test_where_records_end_with_their_number_the_one_behind_the_status_counts(status: str, number: str) -> None:
    assert read(f"<div>{status}{number}<p>关联 {OTHER}</p></div>", MINE).label == "审核中"


@pytest.mark.parametrize(
    "body",
    [
        table(["状态", "数量"], ["已受理", "3"]),
        table(["办理结果", "件数", "占比"], ["审核通过", "128", "80%"]),
        table(["状态", "办理时限"], ["已受理", "五个工作日"]),
        f"<p>受理编号：{NUMBER}</p>" + ORDERS.format("身份证", "审核通过").replace("订单号", "材料名称"),
        "<h3>最新办件动态</h3>" + table(["申请人", "事项", "办理状态"], ["张**", "居住证", "已办结"]),
        f"<h4>上次查询结果</h4><p>受理编号：{NUMBER}</p><p>办理状态：审核中</p>",
        f"<h4>查询结果示例</h4><p>受理编号：{NUMBER}</p><p>办理状态：审核中</p>",
        f"<p>例如：受理编号：{NUMBER} 状态：审核中</p>",
        record(受理编号=NUMBER) + "<h4>缴费信息</h4>" + table(["名称", "甲"], ["状态", "已完成"]),
        "<p>发布时间：2026-11-02 来源：市政府 状态：有效</p>",
        "<p>status: failed</p><p>error: invalid token</p>",
        f"<p>受理编号：{NUMBER}</p><p>办理状态：--</p><div><p>关联事项：社保</p><p>状态：已办结</p></div>",
    ],
)
def test_what_is_about_something_else_is_not_the_cases_status(body: str) -> None:
    with pytest.raises(PageChanged):
        read(body, MINE)


def test_a_row_that_explains_its_status_to_somebody_on_a_day_is_a_record() -> None:
    assert read(table(["状态", "说明", "日期"], ["已受理", "材料已收", "2026-11-02"])).label == "已受理"
    assert read(table(["申请事项", "状态", "说明"], ["居住证", "已受理", "2026-11-02"])).label == "已受理"


def test_an_empty_status_in_a_block_like_the_other_captions_is_the_cases_own() -> None:
    cell = "<div class=cell><div class=t>{}</div><div class=v>{}</div></div>"
    own = cell.format("受理编号", NUMBER) + cell.format("当前状态", "") + cell.format("窗口", "A1")
    people = "<table><tr><th>担保人</th><th>状态</th></tr><tr><td>张某</td><td>审核通过</td></tr></table>"
    with pytest.raises(PageChanged):
        read(own + people, MINE)
    crumb = f"<div class=c>您的位置：首页 <a href=/>列表</a> &gt; 办理状态</div>{record(受理编号=NUMBER, 当前状态='审核中')}"
    assert read(crumb, MINE).label == "审核中"


@pytest.mark.parametrize("heading", ["办理信息", "查询结果", "申请：居住证"])
def test_a_bare_status_under_a_heading_of_the_procedure_is_the_cases(heading: str) -> None:
    body = record(受理编号=NUMBER) + f"<h4>{heading}</h4>" + table(["窗口", "甲"], ["状态", "审核中"])
    assert read(body, MINE).label == "审核中"


def test_a_table_of_columns_that_lacks_a_cell_is_not_read() -> None:
    rows = "<tr><th>受理编号</th><td>{}</td><td>{}</td></tr><tr><th>办理状态</th><td>已办结</td></tr>"
    rows += "<tr><th>窗口</th><td>甲</td><td>乙</td></tr>"
    with pytest.raises(PageChanged):
        read(f"<table>{rows.format(NUMBER, OTHER)}</table>", MINE)


def test_an_empty_table_beside_the_status_is_nothing() -> None:
    assert read("<p>办理状态：审核中</p><table id=users></table>", MINE).label == "审核中"


def test_the_own_number_beside_its_caption_is_the_cases_however_they_are_marked_up() -> None:
    body = f"<div><p><strong>受理编号</strong></p><p><em>{NUMBER}</em></p></div>" + table(
        ["办理环节：", "等待受理"], ["备注：", "无"]
    )
    assert read(body, MINE).identity is Identity.MATCHED


def test_a_phone_number_is_no_number_of_a_case() -> None:
    assert read(record(联系电话="2026000999", 当前状态="审核中"), {"查询码": "2026000123"}).label == "审核中"
    assert read(record(证件号码=PERSON, 当前状态="审核中"), {"证件号码": PERSON}).identity is Identity.MATCHED


def test_a_line_that_also_has_the_number_from_before_is_the_cases_own() -> None:
    assert read(f"<p>受理编号：{NUMBER} 原编号：{OTHER}</p><p>状态：审核中</p>", MINE).label == "审核中"
