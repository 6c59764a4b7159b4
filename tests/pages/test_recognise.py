import pytest

from tests.pages.made import response
from tracker.core.errors import Blocked, InvalidReference, NotListed, PageChanged, Unavailable
from tracker.pages.captchas import is_captcha
from tracker.pages.contract import Response
from tracker.pages.recognise import asks_for_something, not_a_status, recognise

FORM = "<form action=/q method=post>受理编号：<input name=bh> 姓名：<input name=xm><input type=submit value=查询></form>"
LOGIN = "<form action=/do method=post>用户名<input name=u>密码<input type=password name=p><input type=submit value=登录></form>"


def outcome(body: str, *, title: str = "", whole: bool = True) -> str | None:
    seen = recognise(response(body, title=title, whole=whole))
    return None if seen is None else f"{seen.kind}/{seen.reason}"


SENTENCES = [
    ("未查询到相关记录", "not_listed/not_listed"),
    ("抱歉，没有查询到您的办件信息。", "not_listed/not_listed"),
    ("查无此人", "not_listed/not_listed"),
    ("暂无数据", "not_listed/not_listed"),
    ("未查询到相关记录，请稍后再试", "not_listed/not_listed"),
    ("未查询到相关记录，受理编号有误", "not_listed/not_listed"),
    ("No record found for this number.", "not_listed/not_listed"),
    ("系统维护中，请于明日再试。", "unavailable/maintenance"),
    ("系统正在升级，请稍后再试", "unavailable/maintenance"),
    ("The service is under maintenance.", "unavailable/maintenance"),
    ("操作过于频繁，请稍后再试", "unavailable/rate_limited"),
    ("发生错误，请稍后重试", "unavailable/server_error"),
    ("请稍后再试", "unavailable/server_error"),
    ("Request Rejected", "blocked/refused"),
    ("访问被拒绝", "blocked/refused"),
    ("验证码输入错误", "blocked/captcha"),
    ("验证码不正确，请重新输入！", "blocked/captcha"),
    ("会话超时，请重新登录", "blocked/session_over"),
    ("令牌为空", "blocked/session_over"),
    ("您还未登录，请先登录", "blocked/login"),
    ("请开启JavaScript后访问", "blocked/script_wall"),
    ("受理编号格式不正确", "invalid_reference/invalid_reference"),
    ("系统检测到非法访问，不合要求的在线验证码", "invalid_reference/invalid_reference"),
    ("本系统已迁移至新平台", "page_changed/page_changed"),
]


@pytest.mark.parametrize(("sentence", "expected"), SENTENCES)
def test_a_page_that_says_what_it_is_is_recognised(sentence: str, expected: str) -> None:
    assert outcome(f"<div>{sentence}</div>") == expected


@pytest.mark.parametrize(("sentence", "expected"), SENTENCES[:1] + SENTENCES[7:8] + SENTENCES[15:17])
def test_a_message_that_a_script_shows_counts(sentence: str, expected: str) -> None:
    assert outcome(f"<script>alert('{sentence}');history.back();</script>") == expected
    assert outcome(f"{FORM}<script>alert('{sentence}');</script>") == expected


def test_what_is_recognised_quotes_the_page() -> None:
    seen = recognise(response("<p>您好。</p><p>证件号码格式不正确！</p>"))
    assert isinstance(seen, InvalidReference)
    assert (seen.params["field"], seen.evidence) == ("证件号码", "证件号码格式不正确")


def test_spaced_and_titled_words_are_recognised() -> None:
    assert outcome("<h1>系 统 维 护</h1>") == "unavailable/maintenance"
    assert outcome("", title="系统维护") == "unavailable/maintenance"


@pytest.mark.parametrize(
    "words",
    [
        "如遇系统维护中，请稍后再试",
        "若提示“未查询到相关记录”，请核对编号",
        "系统将于11月25日进行系统升级维护",
        "为什么未查询到相关记录？",
        "系统维护：某某科技有限公司",
        "权益维护中心",
        "系统维护中的功能已恢复",
        "If no record is shown, try again later.",
        "页面未找到",
        "关于系统维护期间的通知",
        "长" * 130 + "未查询到相关记录",
    ],
)
def test_advice_announcements_and_offices_are_no_signs(words: str) -> None:
    assert outcome(f"<p>{words}</p>{'<p>政务服务</p>' * 120}") is None


def test_links_labels_and_portal_greetings_are_no_signs() -> None:
    assert outcome("<a href=/n>系统维护中</a><p>政务服务网</p>") is None
    assert outcome(f"<p>您尚未登录</p><p>请开启JavaScript</p>{'<p>政务服务网欢迎您</p>' * 60}") is None


def test_validation_words_of_a_form_are_no_signs() -> None:
    hidden = '<div style="display:none" class=msg>未查询到相关记录</div><div style="display:none" class=error>系统异常</div>'
    assert outcome(FORM + hidden) is None


def test_signs_that_disagree_are_not_understood() -> None:
    seen = recognise(response("<p>未查询到相关记录</p><p>系统维护中</p>"))
    assert isinstance(seen, PageChanged)
    assert "maintenance" in seen.found
    assert "not_listed" in seen.found


def test_signs_that_go_together_are_one() -> None:
    assert outcome("<p>系统繁忙</p><p>操作过于频繁</p>") == "unavailable/rate_limited"


def test_a_log_in_page_is_recognised_by_what_it_consists_of() -> None:
    assert outcome(LOGIN) == "blocked/login"
    assert outcome(LOGIN.replace("登录", "确定"), title="统一身份认证") == "blocked/login"
    assert outcome(LOGIN.replace("登录", "'登 &nbsp;录'")) == "blocked/login"
    moved = Response("http://127.0.0.1/cas/login.jsp", 200, "text/html", LOGIN.replace("登录", "确定").encode())
    assert isinstance(recognise(moved), Blocked)


def test_a_log_in_box_beside_the_query_form_is_no_log_in_page() -> None:
    assert outcome(FORM + LOGIN) is None
    assert outcome(LOGIN.replace("登录", "查询")) is None


def test_a_form_that_asks_for_a_captcha_is_recognised() -> None:
    interstitial = "<form action=/c><img src=/captcha.jpg>请输入验证码<input name=yzm><input type=submit value=继续></form>"
    assert outcome(interstitial) == "blocked/captcha"
    assert outcome("<form action=/c>6 + 7 = <input name=captcha></form>") == "blocked/captcha"


def test_a_page_that_only_a_script_could_show_is_a_script_wall() -> None:
    assert outcome(f"<script>{'var a=1;' * 100}</script>") == "blocked/script_wall"
    assert outcome("<div id=app></div><script src=/app.js></script>".replace("id=app>", 'id="app">')) == "blocked/script_wall"
    assert outcome("<script>var x='__jsl_clearance';</script>") == "blocked/script_wall"
    assert outcome("<script>top.location.href='/login.jsp'</script>") == "blocked/login"


def test_a_page_with_text_or_without_scripts_is_no_script_wall() -> None:
    assert outcome(f"<p>{'政务服务' * 20}</p><script>{'var a=1;' * 100}</script>") is None
    assert outcome(f"<p>{'政务服务' * 200}</p>") is None
    assert outcome("<p>甲</p>") is None
    assert outcome(f"{FORM}<script>{'var a=1;' * 100}</script>") is None


@pytest.mark.parametrize(
    "text",
    [
        "审核中",
        "已受理",
        "初审未通过",
        "待窗口叫号",
        "审批通过，请登录后下载证书",
        "Under review",
        "补正材料：身份证号码有误",
        "已迁至二号窗口",
    ],
)
def test_words_of_an_authority_are_a_status(text: str) -> None:
    assert not_a_status(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("系统维护中", "unavailable/maintenance"),
        ("系统维护", "unavailable/maintenance"),
        ("抱歉，系统维护中，请稍后再试", "unavailable/maintenance"),
        ("查询失败", "unavailable/server_error"),
        ("暂无数据", "not_listed/not_listed"),
        ("请登录", "blocked/login"),
        ("请先登录后查看", "blocked/login"),
        ("请输入验证码", "blocked/captcha"),
        ("请重新登录", "blocked/session_over"),
        ("", "page_changed/page_changed"),
        ("--", "page_changed/page_changed"),
        ("无", "page_changed/page_changed"),
        ("null", "page_changed/page_changed"),
        ("加载中...", "page_changed/page_changed"),
        ("2026-11-20", "page_changed/page_changed"),
        ("2026年11月20日 10:30", "page_changed/page_changed"),
        ("12", "page_changed/page_changed"),
        ("{{item.status}}", "page_changed/page_changed"),
        ("审\ufffd中", "page_changed/page_changed"),
        ("请选择", "page_changed/page_changed"),
        ("查看详情", "page_changed/page_changed"),
        ("已受理表示窗口已经收到材料", "page_changed/page_changed"),
        ("已受理、审核中、已办结", "page_changed/page_changed"),
        ("长" * 1001, "page_changed/page_changed"),
    ],
)
def test_what_stands_for_a_status_but_is_none_is_named(text: str, expected: str) -> None:
    seen = not_a_status(text)
    assert seen is not None
    assert f"{seen.kind}/{seen.reason}" == expected


@pytest.mark.parametrize(
    ("notice", "asks"),
    [
        ("请携带身份证原件到窗口", True),
        ("请补充学历证明", True),
        ("请于2026年12月1日前补交", True),
        ("请尽快联系单位", True),
        ("您需提供社保缴费记录", True),
        ("Please bring your passport.", True),
        ("单位已审核", False),
        ("无需提供纸质材料", False),
        ("请妥善保管受理编号", False),
        ("办理进度以窗口答复为准", False),
    ],
)
def test_a_notice_asks_when_it_wants_something_done(notice: str, asks: bool) -> None:
    assert asks_for_something(notice) is asks


def test_errors_are_of_the_right_kind() -> None:
    assert isinstance(recognise(response("<p>未查询到相关记录</p>")), NotListed)
    assert isinstance(recognise(response("<p>系统维护中</p>")), Unavailable)
    assert isinstance(recognise(response("<p>访问被拒绝</p>")), Blocked)


def test_another_caption_in_the_status_is_none() -> None:
    assert isinstance(not_a_status("更新日期"), PageChanged)


def test_what_stands_behind_a_thousand_sentences_is_not_looked_at() -> None:
    sentences = "<p>" + "未见其事。" * 1000 + "</p>"
    assert recognise(response(sentences + "<p>系统维护中</p>")) is None
    assert isinstance(recognise(response("<p>未见其事。</p><p>系统维护中</p>")), Unavailable)


def test_a_long_page_in_any_script_is_no_wall() -> None:
    script = "<div id=app></div><script>" + "x();" * 200 + "</script>"
    assert recognise(response(f"<p>{'Ж' * 401}</p>{script}")) is None
    assert isinstance(recognise(response(script, title="")), Blocked)


def test_a_captchas_caption_is_told_from_a_reports_code() -> None:
    assert is_captcha("请输入验证码")
    assert not is_captcha("在线验证码")
