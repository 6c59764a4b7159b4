"""The text of a watched page, and the pages that are none to watch."""

import pytest

from tests.pages.made import response
from tracker.core.errors import CheckError, PageChanged
from tracker.core.model import AskHints, Reference
from tracker.pages.contract import Response
from tracker.pages.watching import LONGEST_TEXT, read_watched

URL = "http://127.0.0.1/papers.jsp"
PAPERS = "<h1>办理材料</h1><ul><li>身份证</li><li>居住证<b>原件</b></li></ul><p>一、提交<br>二、审核</p>"
LONG = "<p>" + "</p><p>".join(f"第{n}项材料，请按要求准备齐全后交窗口" for n in range(120)) + "</p>"


def watch(body: str, css: str | None = None) -> str:
    got = read_watched(response(body), Reference({}, URL, ask=AskHints(watch=True, css=css)))
    assert (got.label, got.details, got.notice) == ("", {}, None)
    assert got.watched is not None
    return got.watched


def refused(page: Response, css: str | None = None) -> str:
    with pytest.raises(CheckError) as raised:
        read_watched(page, Reference({}, URL, ask=AskHints(watch=True, css=css)))
    return f"{raised.value.kind}/{raised.value.reason}"


def test_the_text_is_taken_line_by_line() -> None:
    assert watch(PAPERS) == "办理材料\n身份证\n居住证原件\n一、提交\n二、审核"


def test_scripts_comments_and_what_is_hidden_are_no_text() -> None:
    noise = "<script>var a=1</script><style>p{}</style><!-- x --><p style='display:none'>密</p><p>——</p>"
    assert watch(PAPERS + noise) == watch(PAPERS)


@pytest.mark.parametrize(
    "line",
    [
        "当前时间：2026-11-23 10:00:01",
        "您是第 1203441 位访问者",
        "浏览次数：77",
        "2026年11月26日 星期四",
        "2026年11月26日 星期四 15:10:22",
        "星期四 2026/11/26 15:10",
        "15:10:22",
        "点击：1234",
        "阅读量 55 次",
        "访问人数：7",
    ],
)
def test_a_clock_and_a_counter_of_visitors_are_no_text(line: str) -> None:
    assert watch(f"{PAPERS}<p>{line}</p>") == watch(PAPERS)


@pytest.mark.parametrize(
    "line", ["周六 9:00-16:00", "发布日期：2026-11-20", "2026-11-20", "点击下载申请表", "阅读须知（2026年版）"]
)
def test_office_hours_and_days_are_text(line: str) -> None:
    assert line in watch(f"{PAPERS}<p>{line}</p>")


def test_a_long_sentence_that_only_mentions_a_visitor_is_text() -> None:
    sentence = "访客须知：" + "请提前预约并携带身份证原件，" * 8
    assert sentence in watch(f"<p>{sentence}</p>")


def test_a_selector_takes_a_part_of_the_page() -> None:
    body = f"<div class=menu>首页</div><div id=content>{PAPERS}</div><div id=ad>广告 77</div>"
    assert watch(body, "#content") == watch(PAPERS)
    assert watch(body, ".menu, #ad") == "首页\n广告 77"


def test_in_a_part_of_a_page_what_is_hidden_is_no_text_either() -> None:
    noise = "<script>var a=1</script><!-- x --><i style='display: none'>密</i><p hidden>7</p><template>8</template>"
    assert watch(f"<div id=content>{PAPERS}{noise}</div>", "#content") == watch(PAPERS)
    assert refused(response(f"<div hidden><div id=content>{PAPERS}</div></div>"), "#content") == "page_changed/page_changed"


def test_a_part_inside_a_part_is_taken_once() -> None:
    assert watch("<div class=a><p>一</p><div class=a><p>二</p></div></div>", ".a") == "一\n二"


def test_a_text_without_end_is_cut_at_a_line() -> None:
    got = watch("".join(f"<p>第{n}行，材料若干</p>" for n in range(4000)))
    assert LONGEST_TEXT - 20 < len(got) <= LONGEST_TEXT
    assert got.endswith("材料若干")
    assert len(watch("<p>" + "材" * 5000 + "</p>")) == 1000


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>系统维护中，请稍后再试</p>", "unavailable/maintenance"),
        ("<p>系统发生错误，请稍后重试</p>", "unavailable/server_error"),
        ("<p>请完成安全验证</p>", "blocked/captcha"),
        ("<form>用户名<input name=u>密码<input type=password name=p><input type=submit value=登录></form>", "blocked/login"),
        ("<p>Request Rejected</p>", "blocked/refused"),
        ("<p>本站已迁移至新网址</p>", "page_changed/page_changed"),
        ("<p>未找到相关信息</p>", "page_changed/page_changed"),
        ("<p>&nbsp;</p><hr>", "page_changed/page_changed"),
        ("<h1>404 页面未找到</h1><p>返回首页</p>", "page_changed/page_changed"),
        ("<p>您访问的页面不存在或已被删除！</p>", "page_changed/page_changed"),
        ("<h1>Not Found</h1><p>The requested URL was not found on this server.</p>", "page_changed/page_changed"),
    ],
)
def test_a_page_that_says_it_is_something_else_is_no_text(body: str, expected: str) -> None:
    assert refused(response(body)) == expected
    assert refused(response(body), "#content") == expected


def test_a_text_that_speaks_of_a_lost_page_is_a_text_all_the_same() -> None:
    assert "网页不存在" in watch(LONG + "<p>如网页不存在，请联系窗口</p>")


def test_a_part_that_is_gone_is_a_changed_page() -> None:
    page = response(PAPERS)
    with pytest.raises(PageChanged) as raised:
        read_watched(page, Reference({}, URL, ask=AskHints(watch=True, css="#content")))
    assert (raised.value.where, raised.value.found) == ("css", "nothing")


def test_a_page_that_ended_early_is_not_used() -> None:
    assert refused(response(PAPERS, complete=False)) == "page_changed/truncated"
    assert refused(response(f"<html><body>{PAPERS}", whole=False)) == "page_changed/truncated"


@pytest.mark.parametrize(
    "beside",
    [
        "<form>用户名<input name=u>密码<input type=password name=p><input type=submit value=登录></form>",
        "<form>验证码<input name=yzm><img src=code.jsp><input type=submit value=查询></form>",
        "<div>暂无数据</div>",
    ],
)
def test_beside_much_text_a_log_in_box_and_an_empty_list_are_only_a_part(beside: str) -> None:
    assert "第7项材料" in watch(LONG + beside)


def test_much_text_does_not_hide_that_the_site_is_down_unless_a_part_of_it_is_watched() -> None:
    down = f"<div id=content>{LONG}</div><p>系统维护中</p>"
    assert refused(response(down)) == "unavailable/maintenance"
    assert "第7项材料" in watch(down, "#content")
