"""Captions in brackets, with numbers, or like headings; and statuses that are links."""

import pytest

from tests.pages.made import NUMBER, read, record, table
from tracker.core.errors import CheckError, PageChanged
from tracker.core.model import Identity

MINE = {"受理编号": NUMBER}
ABOVE = f"<p>受理编号：{NUMBER}</p>"
OTHER = "SH2026000999"


@pytest.mark.parametrize(
    "markup",
    [
        f"<p>【受理编号】{NUMBER}</p><p>【办理状态】审核中</p>",
        f"<p>【受理编号】{NUMBER}【办理状态】审核中</p>",
        f"<p>【受理编号】{NUMBER}<br>【办理状态】审核中</p>",
        f"<p>[受理编号] {NUMBER}</p><p>[办理状态] 审核中</p>",
        f"<p>【受理编号】{NUMBER}</p><p>【办理状态】<b>审核中</b></p>",
        f"<p>1. 受理编号：{NUMBER}</p><p>2. 办理状态：审核中</p>",
        f"<p>1. 受理编号：{NUMBER}<br>2. 办理状态：审核中</p>",
        f"<p>1. 受理编号：{NUMBER}</p><p>2. 办理状态：<b>审核中</b></p>",
        f"<p>1．受理编号：{NUMBER}</p><p>2．最新状态：审核中</p>",
        table(("1", "受理编号", NUMBER), ("2", "状态", "审核中")),
        table(("序号", "项目", "内容"), ("1", "受理编号", NUMBER), ("2", "状态", "审核中"), ("3", "备注", "无")),
    ],
)
def test_captions_in_brackets_or_with_numbers_are_read(markup: str) -> None:
    reading = read(markup, MINE)
    assert (reading.label, reading.identity) == ("审核中", Identity.MATCHED)


@pytest.mark.parametrize(
    "markup",
    [
        f"{ABOVE}<p>【办理状态】审核中</p>",
        f"{ABOVE}<ul><li>【审核结果】2026年第一批审核通过名单公示</li></ul>",
        f"{ABOVE}<ul><li><a href=n>【审核结果】审核通过</a></li></ul>",
        f"{ABOVE}<div class=tips><p>1. 请携带原件</p><p>2. 办理状态：办结</p></div>",
        f"<div><p>【受理编号】{NUMBER}</p></div><div><p>【金额】100</p><p>【办理状态】已完成</p></div>",
        f"<p>【受理编号】{NUMBER}</p><div><p>【金额】100<br>【办理状态】已完成</p></div>",
        f"{record(受理编号=NUMBER)}<p>【受理部门】样例局</p><p>【办理状态】已完成</p>",
        f"<p>【受理编号】{NUMBER}<br>【Status of your application】审核中</p><p>【Latest status】办结</p>",
        f"<p>【受理编号】{OTHER}</p><p>【办理状态】审核中</p>",
        f"<p>【受理编号】{NUMBER}<br>【办理状态】<b></b></p><p>办结</p>",
        f"<p>【受理编号】{NUMBER}<br>【事项名称】落户<br>【办理状态】<b></b></p>{record(快递单号='SF1', 办理状态='已取消')}",
        f"<p>1. 受理编号：{NUMBER}</p><p>2. 办理状态：</p><p>3. 办结</p>",
        f"<p>【通知】</p><p>【受理编号】{NUMBER}</p><p>通知【办理状态】审核中</p>",
        ABOVE + table(("1", "状态", "审核中"), ("2", "快递单号", "SF1")),
    ],
)
def test_of_news_advice_and_other_records_in_that_form_nothing_is_read(markup: str) -> None:
    with pytest.raises(CheckError):
        read(markup, MINE)


@pytest.mark.parametrize(
    "markup",
    [
        f"{ABOVE}<h3>当前状态</h3><p>审核中</p>",
        f"{ABOVE}<h4>办理状态</h4><div class=v>审核中</div>",
        f"<h2>办件信息</h2>{ABOVE}<h4>当前状态：</h4><p>审核中</p>",
    ],
)
def test_a_usual_status_right_below_its_heading_is_read(markup: str) -> None:
    assert read(markup, MINE).label == "审核中"


@pytest.mark.parametrize(
    "markup",
    [
        "<h3>当前状态</h3><p>审核中</p>",
        f"{ABOVE}<h3>状态</h3><p>审核中</p>",
        f"{ABOVE}<h3>当前状态</h3><p>请看公告</p>",
        f"{ABOVE}<h3>当前状态</h3><p></p><p>审核中</p>",
        f"{ABOVE}<h3>当前状态</h3><p>审核中</p><p>办结</p>",
        f"{ABOVE}<h3>当前状态</h3><ul><li>审核中</li><li>办结</li></ul>",
        f"{ABOVE}<div><h4>当前状态</h4><a href='?s=1'>审核中</a></div>",
        f"{ABOVE}<h3>系统公告</h3><h4>当前状态</h4><p>审核中</p>",
        f"{ABOVE}<h4>物流</h4><h4>当前状态</h4><p>已完成</p>",
        f"{ABOVE}<div><div><div><h4>当前状态</h4></div></div></div><p>已完成</p>",
        f"<div>{ABOVE}</div><div><p>快递单号：SF1</p><h4>当前状态</h4><p>已完成</p></div>",
        f"<h1>办结</h1>{ABOVE}<h2>当前状态</h2><p>审核中</p>",
        f"{ABOVE}<div><h3>办理进度</h3><div>已受理</div></div><div>审核</div><div>办结</div>",
        f"{ABOVE}<div><h3>办理进度</h3><div>受理</div></div>",
        f"{ABOVE}<div>其他办件</div><h4>办理状态</h4><p>办结</p>",
        f"{ABOVE}<div><h4>办理状态</h4><p>办结</p></div>",
        f"{ABOVE}<dl><dt>办理状态</dt><dd>草稿</dd></dl>",
        f"<h1>政务网</h1>{ABOVE}<div><div><h4>办理状态</h4></div><div><p>审核中</p></div></div>",
    ],
)
def test_a_heading_over_anything_else_has_no_status(markup: str) -> None:
    with pytest.raises(PageChanged):
        read(markup, MINE)


def test_a_heading_elsewhere_does_not_contradict_the_record() -> None:
    assert read(f"{record(受理编号=NUMBER, 状态='审核中')}<h4>办理状态</h4><p>办结</p>", MINE).label == "审核中"


LINE = "<div><p>受理编号：" + NUMBER + "</p><p>办理状态：<a href='d?id=7'>%s</a></p></div>"


@pytest.mark.parametrize(
    "words",
    [
        "审核中",
        "已寄出",
        "待领证",
        "待区县复核",
        "预审中",
        "办理中/待制证",
        "会審中",
        "办理成功",
        "Fee received",
        "Case is being reviewed",
    ],
)
def test_a_link_that_says_what_became_of_the_case_is_its_status(words: str) -> None:
    assert read(LINE % words, MINE).label == words


@pytest.mark.parametrize(
    "words",
    [
        *(
            "进度详情",
            "待办事项",
            "已办件",
            "已公布名单",
            "帮助中心",
            "办事指南",
            "常见问题",
            "材料补正说明",
            "下载通知书",
            "待领取材料清单",
            "什么是审核中",
            "为什么未通过",
            "怎样办理完成",
            "点此查看是否通过",
            "已关注",
            "已订阅",
            "订阅成功",
            "登录成功",
            "待签收快递",
            "待阅读通知书",
            "等待您评价",
        ),
        *("Frequently asked questions", "What is needed", "Documents required", "Advanced search", "How it was decided"),
    ],
)
@pytest.mark.parametrize(
    "markup", [LINE, LINE.replace("办理状态", "最新状态"), record(受理编号=NUMBER, 办件进度="<a href='d?id=7'>%s</a>")]
)
def test_a_link_to_something_else_is_none(markup: str, words: str) -> None:
    with pytest.raises(CheckError):
        read(markup % words, MINE)


@pytest.mark.parametrize(
    "words", ["办事指南", "待办事项", "进度详情", "常见问题", "已公布名单"[2:], "What is needed", "Frequently asked questions"]
)
def test_nor_is_one_to_help_in_a_cell(words: str) -> None:
    with pytest.raises(PageChanged):
        read(record(受理编号=NUMBER, 状态=f"<a href='d?id=7'>{words}</a>"), MINE)


@pytest.mark.parametrize("words", ["材料已由单位提交至人才中心", "待领取材料", "已退件", "窗口叫号"])
def test_one_in_a_cell_may_say_any_other_words(words: str) -> None:
    assert read(record(受理编号=NUMBER, 状态=f"<a href='d?id=7'>{words}</a>"), MINE).label == words


def test_a_link_says_nothing_of_a_case_whose_number_is_not_shown() -> None:
    with pytest.raises(PageChanged):
        read("<p>办理状态：<a href='d?id=7'>已寄出</a></p>", MINE)


def test_captions_twice_across_a_row_are_no_empty_ones() -> None:
    rows = ("状态", "经办人", "状态", "经办人"), ("审核中", "郑*", "", "")
    cells = table([f"<b>{c}</b>" for c in rows[0]], rows[1])
    assert read(f"<p><b>受理编号</b> {NUMBER}</p><p><b>备注</b> 无</p>{cells}", MINE).label == "审核中"


def test_captions_of_rows_made_of_divs_are_no_empty_ones() -> None:
    head = "<div><div><b>状态</b></div><div><b>办理时间</b></div><div><b>经办人</b></div></div>"
    rows = f"<div>{head}<div><div>审核中</div><div>2026-04-10</div><div>郑*</div></div></div>"
    assert read(f"<p><b>受理编号：</b>{NUMBER}</p>{rows}", MINE).label == "审核中"


def test_a_value_in_a_block_of_its_own_counts_like_those_around_it_not_like_those_in_cells() -> None:
    cells = f"<table><tr><td><b>受理编号</b>：{NUMBER}</td></tr><tr><td><b>姓名</b>：测试甲</td></tr></table>"
    rows = "".join(f"<div><div><b>{c}：</b></div><div>{v}</div></div>" for c, v in (("审核状态", "审核中"), ("备注", "无")))
    assert read(f"{cells}<section>{rows}</section>", MINE).label == "审核中"


def test_what_is_said_of_everybody_behind_a_status_is_none() -> None:
    with pytest.raises(PageChanged):
        read(f"{ABOVE}<p>办理状态：办结后请领取</p>", MINE)
