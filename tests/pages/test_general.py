"""Words under a status caption that speak of every case, of the site, or of what one may do; and those that are a status."""

import pytest

from tests.pages.made import NUMBER, read, record, table
from tracker.core.errors import CheckError, PageChanged
from tracker.core.model import ReadHints
from tracker.pages.general import in_general, is_caption

MINE = {"受理编号": NUMBER}
LINE = f"<p>受理编号：{NUMBER}</p><p>办理状态：{{}}</p>"
CELL = f"<table><tr><td>受理编号</td><td>{NUMBER}</td></tr><tr><td>审核状态</td><td>{{}}</td></tr></table>"


@pytest.mark.parametrize(
    "words",
    [
        "如审核通过，请于5日内领取",
        "如審核通過，將以簡訊通知",
        "审核通过后将以短信通知",
        "审核结果将在5个工作日内公布",
        "预计11月2日审核完成",
        "承诺办结",
        "计划办结",
        "应办结",
        "提交成功后可查看",
        "查询请拨打12345",
        "是否已办结请咨询窗口",
        "审核通过的，由窗口发证",
        "已受理的申请将在15个工作日内办结",
        "通过短信告知",
        "通过邮寄方式送达",
        "已受理 3 件，办结 5 件",
        "If approved, you will be notified",
        "You will be notified when approved",
        "Decisions are made within 10 days",
        "Approved applications will be notified by email.",
        "表示正在审核",
    ],
)
def test_what_is_said_of_every_case_is_said_of_none(words: str) -> None:
    assert in_general(words)
    for body in (LINE, CELL):
        with pytest.raises(CheckError):
            read(body.format(words), MINE)


@pytest.mark.parametrize(
    "words",
    [
        "审核标准",
        "受理条件",
        "办理指南",
        "审批流程",
        "受理人",
        "张三 审核",
        "审核日期 2026-11-02",
        "审核人 李某",
        "审核人：李四",
        "Latest status = 审核通过",
        "审核时间",
        "Submitted by",
        "Date received",
        "Review guidelines",
    ],
)
def test_the_name_of_a_thing_is_no_status(words: str) -> None:
    assert is_caption(words)
    with pytest.raises(CheckError):
        read(CELL.format(words), MINE)


@pytest.mark.parametrize(
    "words",
    [
        "审核通过，请携带身份证到窗口领取",
        "已受理，预计5个工作日内办结",
        "审核通过，证书将邮寄给您",
        "恭喜您，审核通过",
        "您好，您的材料已审核通过，请于3个工作日内到窗口领取",
        "待您补正材料",
        "通过审核",
        "案件已关闭",
        "不予许可决定书",
        "Action required",
        "Under consideration",
        "初审 通过",
    ],
)
def test_what_was_said_of_this_case_is_read(words: str) -> None:
    assert not is_caption(words)
    assert read(LINE.format(words), MINE).label == words


@pytest.mark.parametrize(
    "words",
    [
        "已提交<br>已受理<br>审核中",
        "已提交 已受理 审核中",
        "□已提交 ☑已受理 □审核中",
        "通过（ ）不通过（ ）",
        "審核中/已核准/退件",
        "（审核通过/退回）",
        "已受理——审核中——已办结",
        "审核中 or 已办结",
        "审核中·已办结",
        "审核中、已办结等",
        "审核中(黄) 已办结(绿)",
        "，审核部门：人社局",
        "Could not be loaded",
        "Invalid application number",
        "Warning: you can be fined",
        "检视",
        "詳細資料",
        "错误",
        "Required",
        "<button>审核通过</button>",
        "<a href='#' class='layui-btn'>审核通过</a>",
        "<a href='#'>提交审核</a>",
        "<a href='#'>办理流程</a>",
        "<a href=/apply>提交审核</a>",
    ],
)
def test_lists_boxes_and_what_one_presses_are_no_status(words: str) -> None:
    with pytest.raises(CheckError):
        read(CELL.format(words), MINE)


@pytest.mark.parametrize(
    "words",
    [
        "<span class='layui-btn'>审核通过</span>",
        "<a href=/d>审核通过</a>",
        "<a href='#'>审核通过</a>",
        "<a href=/d>窗口叫号</a>",
    ],
)
def test_a_badge_and_a_link_to_the_details_are_a_status(words: str) -> None:
    assert read(CELL.format(words), MINE).label in {"审核通过", "窗口叫号"}


@pytest.mark.parametrize(
    "tail",
    [
        "<a href=#>查看详情</a>",
        " <button>撤回申请</button>",
        "<br>2026-11-02",
        "<br><small>预计5个工作日完成</small>",
    ],
)
def test_a_known_status_does_not_keep_the_tail_in_its_cell(tail: str) -> None:
    assert read(CELL.format("审核中" + tail), MINE).label == "审核中"


def test_what_may_belong_to_a_status_stays_with_it() -> None:
    assert read(CELL.format("审核中<br>第二轮"), MINE).label == "审核中 第二轮"
    assert read(CELL.format("窗口已收件<br>2026-11-02"), MINE).label == "窗口已收件 2026-11-02"


def test_the_next_pair_in_a_line_is_no_part_of_a_status() -> None:
    assert read(f"<p>受理编号：{NUMBER}，办理状态：审核中，窗口：A1</p>", MINE).label == "审核中"
    assert read(LINE.format("窗口叫号，窗口已收件：A1"), MINE).label == "窗口叫号，窗口已收件：A1"


@pytest.mark.parametrize("word", ["正常", "异常", "启用", "停用", "已关闭", "排队中", "Active", "居住证"])
def test_a_word_of_a_setting_counts_in_the_cases_own_record(word: str) -> None:
    for body in (LINE, CELL, f"<div><span>受理编号：{NUMBER}</span></div><p><b>办理状态：</b>{{}}</p>"):
        assert read(body.format(word), MINE).label == word


@pytest.mark.parametrize("word", ["正常", "已关闭", "排队中", "Active", "居住证"])
def test_a_word_of_a_setting_is_no_status_of_nobody(word: str) -> None:
    masked = record(受理编号="SH2026****23", 当前状态=word)
    far = f"<div>受理编号：<div>{NUMBER}</div></div><div>状态：<div>{word}</div></div>"
    for body in (f"<p>办理状态：{word}</p>", table(["状态", word], ["备注", "无"]), masked, far):
        with pytest.raises(PageChanged):
            read(body, MINE)


@pytest.mark.parametrize("word", ["测试", "是", "在线", "示例"])
def test_a_word_of_a_test_is_never_a_status(word: str) -> None:
    with pytest.raises(PageChanged):
        read(CELL.format(word), MINE)
    with pytest.raises(PageChanged):
        read(CELL.format(word), MINE, ReadHints(label="审核状态"))
