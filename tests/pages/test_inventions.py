"""What stands near a status caption and is no status: nothing of it is ever read as one."""

import pytest

from tests.pages.made import NUMBER, read, response
from tracker.core.errors import Mismatched, NotListed, PageChanged
from tracker.core.model import Reference
from tracker.pages.reading import read_page
from tracker.pages.recognise import recognise

MINE = {"受理编号": NUMBER}


def refused(markup: str) -> str:
    """What was found in place of a status."""
    with pytest.raises(PageChanged) as raised:
        read(markup, MINE)
    problem = raised.value.outcome().problem
    assert problem is not None
    return str(problem.params["found"])


@pytest.mark.parametrize(
    "markup",
    [
        "<p>受理编号：SH2026000123</p><p>状态：</p><div>初审通过的人很多</div>",
        "<p>受理编号：SH2026000123</p><p>状态：<div>已受理的申请</div></p>",
        "<div><label>受理编号:</label> <i>SH2026000123</i></div><div><label>状态:</label> <i></i></div><h3>办结</h3>",
        "<div>受理编号：SH2026000123 状态： <p>已受理</p></div>",
        "<b>受理编号：</b>SH2026000123 <b>状态：</b><div>已受理</div>",
        "<div>受理编号：SH2026000123<br>状态：<br>已受理的，请等待</div>",
        "<p>受理编号：</p><p>SH2026000123</p><p>状态：</p><p></p><p>已受理</p>",
        "<div><div>受理编号：</div><div>SH2026000123</div></div><div><div>状态：</div><div></div></div><p>已受理</p>",
        "<h4>受理编号：SH2026000123</h4><h4>审核状态：</h4><div>已受理</div>",
        "<h4>状态：</h4><div>已受理</div>",
    ],
)
def test_a_caption_that_ends_without_a_value_has_none(markup: str) -> None:
    assert refused(markup) == "nothing"


@pytest.mark.parametrize(
    "markup",
    [
        "<p>受理编号：</p><p>SH2026000123</p><p>状态：</p><p>已受理</p>",
        "<div>受理编号：<br>SH2026000123<br>状态：<br>已受理</div>",
        "<div>受理编号：<div>SH2026000123</div></div><div>状态：<div>已受理</div></div>",
        "<div><p>受理编号：</p><p><div>SH2026000123</div></div><div><p>状态：</p><p>已受理</div>",
        "<p>受理编号：SH2026000123</p><td><div>状态</div>:<span>已受理</span>",
    ],
)
def test_a_value_behind_its_captions_line_is_read_where_the_captions_beside_it_have_theirs_there(markup: str) -> None:
    assert read(markup, MINE).label == "已受理"


CELL = f"<table><tr><td>受理编号</td><td>{NUMBER}</td></tr><tr><td>状态</td><td>%s</td></tr></table>"
LINE = f"<p>受理编号：{NUMBER}</p><p>状态：%s</p>"


@pytest.mark.parametrize(
    "markup",
    [
        CELL % '<span v-if="s==1">已通过</span><span v-else>未通过</span>',
        CELL % '<el-tag v-if="row.status == 1">已通过</el-tag>',
        CELL % '<span ng-show="s==1">已通过</span>',
        CELL % '<span data-bind="visible: s()==1">已通过</span>',
        CELL % "<c:if test='${s==1}'>已通过</c:if><c:if test='${s==2}'>未通过</c:if>",
        CELL % "<?php if($s==1){ ?>已通过<?php } else { ?>未通过<?php } ?>",
        LINE % "<?php echo $row->zt ?>",
        '<div th:if="${found}">' + LINE % "已通过" + "</div>",
    ],
)
def test_a_condition_that_nobody_has_decided_is_no_status(markup: str) -> None:
    assert refused(markup) == "a template that was not filled in"


@pytest.mark.parametrize(
    "markup",
    [
        CELL % '<span ng-show="s==1" class="ng-scope">已通过</span>',
        CELL % '<span data-bind="text: s">已通过</span>',
        CELL % "<o:p>已通过</o:p>",
        CELL % "<?xml:namespace prefix = o />已通过",
        LINE % "<del>审核中</del> <ins>已通过</ins>",
        LINE % "<s>审核中</s> 已通过",
        "<div class='modal hide'>" + LINE % "已驳回" + "</div>" + LINE % "已通过",
        LINE % "<b>已通</b>过",
        LINE % "<a href=/d>已通过</a>",
        "<p>状态：已通过</p>",
    ],
)
def test_what_was_decided_and_stands_there_is_read(markup: str) -> None:
    assert read(markup, MINE).label == "已通过"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("<button>审核中</button>", "something to click"),
        ("<a href=/d>办件公告</a>", "something to click"),
        ("返回办件列表", "something to click"),
        ("Track shipment", "something to click"),
        ("Error: connection refused", "words about something else"),
        ("示例：已通过", "words about something else"),
        ("0-未审核 1-审核通过 2-审核不通过", "an explanation"),
        ("<span>已提交</span><span>审核中</span><span class=on>已通过</span>", "an explanation"),
        ("status); ?>", "no words of a status"),
        ("Home sweet home", "no words of a status"),
        ("lorem ipsum", "no words of a status"),
        ("Updates daily", "no words of a status"),
        ("本页面仅供参阅", "no words of a status"),
    ],
)
def test_other_words_on_a_captions_line_are_no_status(words: str, found: str) -> None:
    assert refused(LINE % words) == found


@pytest.mark.parametrize(
    "words", ["张三", "上海市公安局", "男", "申请的当前状态", "varchar(20)", "TBD", "lorem ipsum", "第1页"]
)
def test_other_words_in_a_cell_of_their_own_are_no_status(words: str) -> None:
    assert refused(CELL % words) == "no words of a status"


@pytest.mark.parametrize("words", ["窗口叫号", "专家评审", "窗口已收件", "Interview Scheduled", "On Hold", "Printed"])
def test_words_that_nobody_here_knows_are_read_in_a_cell_of_their_own(words: str) -> None:
    assert read(CELL % words, MINE).label == words


def test_the_cases_own_table_may_know_any_words() -> None:
    reference = Reference(MINE, "http://127.0.0.1/query", words=frozenset({"甲乙丙"}))
    assert read_page(response(LINE % "甲乙丙"), reference).label == "甲乙丙"


@pytest.mark.parametrize(
    ("name", "value", "markup"),
    [
        ("Ticket #", "80011", "<h2>Ticket #: 70011</h2>"),
        ("Ticket #", "80011", "<h1>Ticket #70011</h1>"),
        ("Ticket", "80011", "<h1>Ticket #70011</h1>"),
        ("Order #", "80011", "<table><tr><td>Order #</td><td>70011</td></tr></table>"),
        ("申请编号", "SH20230012", "<h1>申请编号 SH20230011</h1>"),
        ("申请编号", "SH20230012", "<h1>SH20230011 的申请</h1>"),
        ("Application number", "SH20230012", "<p>Case reference: SH20230011</p>"),
        ("itemId", "SH20230012", "<input name=itemId value=SH20230011>"),
        ("itemId", "SH20230012", "<form><input name=itemid value=SH20230011></form>"),
    ],
)
def test_another_cases_number_is_seen_wherever_it_stands(name: str, value: str, markup: str) -> None:
    with pytest.raises(Mismatched):
        read(markup + "<p>状态：审核中</p>", {name: value})


@pytest.mark.parametrize(
    ("name", "value", "markup"),
    [
        ("Ticket #", "80011", "<h1>Ticket #80011</h1>"),
        ("Ticket", "80011", "<h1>Ticket 7</h1>"),
        ("#", "80011", "<h1>70011</h1>"),
        ("申请编号", "SH20230012", "<h1>SH20230011</h1><div>SH20230012</div>"),
        ("申请编号", "SH20230012", "<p>手机号码：SH20230011</p><h2>SH2023001 申请</h2>"),
        ("itemId", "SH20230012", "<input name=itemId value=''><input name=other value=SH20230011>"),
        ("姓名", "测试甲", "<h1>姓名 SH20230011</h1>"),
    ],
)
def test_other_numbers_are_nobodys(name: str, value: str, markup: str) -> None:
    assert read(markup + "<p>状态：审核中</p>", {name: value}).label == "审核中"


@pytest.mark.parametrize("words", ["Juno Records", "Showing 100 results", "Piano data", "They could not find a problem"])
def test_a_phrase_inside_of_other_words_says_nothing(words: str) -> None:
    assert recognise(response(f"<h1>{words}</h1>")) is None


@pytest.mark.parametrize(
    "words", ["No records found", "Juno Records: no records found", "0 results", "We could not find your case"]
)
def test_a_phrase_on_its_own_says_it(words: str) -> None:
    assert isinstance(recognise(response(f"<h1>{words}</h1>")), NotListed)


@pytest.mark.parametrize("words", ["已通过(row.zt) ?>", "已受理 => ok", "approved; set(1)"])
def test_code_between_words_of_a_status_is_none(words: str) -> None:
    assert refused(LINE % words) == "no words of a status"


@pytest.mark.parametrize("words", ["Designed in Town", "a sent b c d e f g h i j k l m n"])
def test_what_only_sounds_like_a_deed_is_no_status(words: str) -> None:
    assert refused(CELL % words) == "no words of a status"


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("处理中……", "a page that is still loading"),
        ("正在处理...", "a page that is still loading"),
        ("Processing...", "a page that is still loading"),
        ("处理中，请稍候", "a page that is still loading"),
        ("正在处理，请稍候", "a page that is still loading"),
        ("处理中，请不要刷新页面", "a page that is still loading"),
        ("正在处理，请勿关闭", "a page that is still loading"),
        ("Processing, please wait", "a page that is still loading"),
        ("待受理、待初审、审核中", "an explanation"),
        ("待复审/办结", "an explanation"),
        ("已受理、待复审", "an explanation"),
    ],
)
def test_what_a_page_says_of_itself_while_it_loads_is_no_status(value: str, why: str) -> None:
    assert refused(CELL % value) == why
    assert refused(LINE % value) == why


@pytest.mark.parametrize(
    "value", ["处理中", "审核中，请稍候", "Under review, please wait", "初审通过、待复审", "正在审核，请耐心等待"]
)
def test_a_status_that_asks_for_patience_is_one(value: str) -> None:
    assert read(CELL % value, MINE).label == value


def test_a_busy_word_before_nothing_found_is_no_status() -> None:
    with pytest.raises(NotListed):
        read(CELL % "处理中，未查询到相关记录", MINE)
