"""A form is found by the words beside its fields and sent as a browser would send it."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tracker.core.errors import Blocked, InvalidReference, PageChanged
from tracker.pages.captchas import captcha_of
from tracker.pages.contract import Answer, Ask, CaptchaAsk, Request, Response
from tracker.pages.forms import encode_form, fill, find_form, normal, submit

SHARED = Path(__file__).resolve().parents[3] / "shared" / "pages"
URL = "http://127.0.0.1:8901/app/query.htm?x=1"


def page(markup: str, *, charset: str = "utf-8", url: str = URL) -> Response:
    return Response(url, 200, f"text/html; charset={charset}", markup.encode(charset))


def sent(markup: str, values: Mapping[str, str], **more: str) -> tuple[tuple[str, str], ...]:
    shown = page(markup)
    return fill(find_form(shown.document, tuple(values)), values, shown, **more).form


QUERY = (
    "<form action='search.do' name=top><input name=q placeholder=站内搜索><input type=submit></form>"
    "<form action='/query.do?old=1' method=post name=main><input type=hidden name=token value=t1>"
    "<table><tr><td>受 理 编 号：</td><td><input name=slbh maxlength=14></td></tr>"
    "<tr><td>*证件号码（18位）</td><td><input name=zjhm id=zj></td></tr>"
    "<tr><td>姓名</td><td><input name=xm placeholder='请输入您的姓名'></td></tr></table>"
    "<input type=submit name=go value=查询><input type=submit name=clear value=重填></form>"
)


# finding


@pytest.mark.parametrize(
    "wanted",
    [
        ("受理编号",),
        ("受理编号：", "姓 名"),
        ("slbh", "XM"),
        ("证件号码", "受理编号"),
        ("zj",),
        ("证件号码(18位)",),
    ],
)
def test_the_form_that_has_every_wanted_field_is_found(wanted: tuple[str, ...]) -> None:
    assert find_form(page(QUERY).document, wanted).name == "main"


def test_a_field_with_only_a_placeholder_answers_to_its_bare_name() -> None:
    shown = page("<form><input name=a placeholder=请输入受理编号></form>")
    assert find_form(shown.document, ("受理编号",)).controls[0].name == "a"


def test_a_form_without_the_fields_says_which_were_seen() -> None:
    with pytest.raises(PageChanged) as caught:
        find_form(page(QUERY).document, ("受理编号", "手机号"))
    assert caught.value.where == "form"
    assert caught.value.expected == "受理编号, 手机号"
    assert caught.value.found == "站内搜索; 受理编号; 证件号码（18位）; 姓名"


@pytest.mark.parametrize("markup", ["<p>no form", "<form name=form1><input type=hidden name=slbh></form>"])
def test_a_page_without_a_form_to_fill_says_so(markup: str) -> None:
    with pytest.raises(PageChanged) as caught:
        find_form(page(markup).document, ("slbh",))
    assert caught.value.found == "no form"


def test_two_different_forms_with_the_same_fields_are_not_guessed_between() -> None:
    two = "<form action=a>编号<input name=x></form><form action=b>编号<input name=x></form>"
    with pytest.raises(PageChanged) as caught:
        find_form(page(two).document, ("编号",))
    assert caught.value.found == "2 forms that have them"


def test_a_form_that_stands_twice_is_one_form() -> None:
    one = "<form action=a>编号<input name=x></form>"
    assert find_form(page(one + one).document, ("编号",)).action.endswith("/app/a")


def test_the_form_whose_fields_fit_better_is_taken() -> None:
    markup = "<form id=a><input name=x placeholder=编号></form><form id=b><label for=i>编号</label><input name=y id=i></form>"
    assert find_form(page(markup).document, ("编号",)).id == "b"


def test_without_wanted_names_only_a_single_form_will_do() -> None:
    assert find_form(page("<form id=a><input name=x></form>").document, ()).id == "a"
    with pytest.raises(PageChanged) as caught:
        find_form(page("<form><input name=x></form><form><input name=y></form>").document, ())
    assert caught.value.expected == "one form"


FIELD = "受理编号：<input name=slbh>"


@pytest.mark.parametrize(
    "button",
    [
        "<input type=submit value=撤销申请>",
        "<button>删 除</button>",
        "<button>Subscribe</button>",
        "<input type=submit value=提交申请>",
    ],
)
def test_a_form_that_does_something_is_no_query(button: str) -> None:
    with pytest.raises(PageChanged):
        find_form(page(f"<form action=a method=post>{FIELD}{button}</form>").document, ("受理编号",))
    query = f"<form action=q method=post>{FIELD}<button>查询</button></form>"
    both = page(f"<form action=a method=post>{FIELD}{button}</form>{query}")
    assert find_form(both.document, ("受理编号",)).action.endswith("/q")


@pytest.mark.parametrize(
    "buttons",
    [
        "<button>取消申请进度查询</button>",
        "<button>查询</button><button>取消</button>",
        "<input type=submit>",
        "<button>提交</button>",
        "",
    ],
)
def test_a_form_with_a_button_that_may_ask_is_a_query(buttons: str) -> None:
    assert find_form(page(f"<form action=q method=post>{FIELD}{buttons}</form>").document, ("受理编号",)).action.endswith("/q")


@pytest.mark.parametrize(
    "markup",
    [
        "<form>编号<input name=a><p>编号<input name=b></form>",
        "<form><input name=a title=编号><input name=b title=编号></form>",
    ],
)
def test_a_name_that_fits_two_fields_is_not_guessed(markup: str) -> None:
    with pytest.raises(PageChanged):
        find_form(page(markup).document, ("编号",))


def test_two_names_never_mean_one_field() -> None:
    with pytest.raises(PageChanged):
        find_form(page("<form>编号<input name=no></form>").document, ("编号", "no"))


def test_a_text_field_is_meant_before_the_select_that_shares_its_caption() -> None:
    markup = (
        "<form><table><tr><td>证件号码</td><td><select name=kind><option>身份证</select>"
        "<input name=no></td></tr></table></form>"
    )
    assert dict(sent(markup, {"证件号码": "A1"}))["no"] == "A1"


def test_names_are_compared_without_width_space_colon_star_and_case() -> None:
    assert normal(" ＊受 理\u3000编号： ") == normal("受理编号") == "受理编号"
    assert normal("ＳＬＢＨ") == "slbh"


# filling


def test_a_form_is_sent_as_a_browser_would() -> None:
    shown = page(QUERY)
    request = fill(find_form(shown.document, ("受理编号",)), {"受理编号": "SH2026000123", "姓名": "测试甲"}, shown)
    assert request == Request(
        "POST",
        "http://127.0.0.1:8901/query.do?old=1",
        (("token", "t1"), ("slbh", "SH2026000123"), ("zjhm", ""), ("xm", "测试甲"), ("go", "查询")),
        "utf-8",
        URL,
    )


def test_a_get_form_replaces_the_query_and_drops_the_fragment() -> None:
    shown = page("<form action='/q.do?old=1#top'><input name=a></form>")
    request = fill(shown.document.forms[0], {"a": "1"}, shown)
    assert (request.method, request.url, request.form) == ("GET", "http://127.0.0.1:8901/q.do", (("a", "1"),))


@pytest.mark.parametrize(
    ("charset", "accept", "expected"),
    [
        ("utf-8", "", "utf-8"),
        ("gb18030", "", "gb18030"),
        ("gb18030", "accept-charset=UTF-8", "utf-8"),
        ("utf-8", "accept-charset=gb2312", "gb18030"),
    ],
)
def test_a_form_is_sent_in_its_own_charset_else_in_the_pages(charset: str, accept: str, expected: str) -> None:
    shown = page(f"<form {accept}>编号、状态、查询<input name=a><input type=hidden name=_charset_></form>", charset=charset)
    request = fill(shown.document.forms[0], {"a": "1"}, shown)
    assert request.charset == expected
    assert request.form[1] == ("_charset_", expected)


FIELDS = (
    "<form><input name=a value=kept><input value=nameless><input name=off value=1 disabled><textarea name=t>x</textarea>"
    "<select name=one><option value=1>一<option value=2>二</select><select name=two><option>甲<option selected>乙</select>"
    "<select name=many multiple><option selected>p<option>q<option selected>r</select>"
    "<select name=none multiple><option>p</select>"
    "<select name=dis><option disabled selected>请选择<option>甲</select><select name=skip><option disabled>x<option>y</select>"
    "<select name=empty></select><input type=radio name=r value=m>男<input type=radio name=r value=f checked>女"
    "<input type=radio name=un value=1>甲<input type=checkbox name=c checked>同意<input type=checkbox name=d value=z>订阅"
    "<input type=file name=file value=x><input type=button name=b value=x><input type=reset name=rs>"
    "<button>查询</button></form>"
)


def test_what_is_not_given_stands_as_a_browser_would_leave_it() -> None:
    assert sent(FIELDS, {}) == (
        ("a", "kept"),
        ("t", "x"),
        ("one", "1"),
        ("two", "乙"),
        ("many", "p"),
        ("many", "r"),
        ("skip", "y"),
        ("r", "f"),
        ("c", "on"),
        ("file", ""),
    )


@pytest.mark.parametrize(
    ("values", "pair"),
    [
        ({"one": "二"}, ("one", "2")),
        ({"one": "2"}, ("one", "2")),
        ({"r": "男"}, ("r", "m")),
        ({"r": "m"}, ("r", "m")),
        ({"女": "m"}, ("r", "m")),
        ({"d": "是"}, ("d", "z")),
        ({"订阅": "订阅"}, ("d", "z")),
        ({"d": "z"}, ("d", "z")),
        ({"t": "第一行\n第二行"}, ("t", "第一行\n第二行")),
        ({"file": "name"}, ("file", "name")),
    ],
)
def test_choices_are_made_by_words_or_values(values: dict[str, str], pair: tuple[str, str]) -> None:
    pairs = sent(FIELDS, values)
    assert [p for p in pairs if p[0] == pair[0]] == [pair]


def test_a_box_can_be_left_unticked() -> None:
    assert "c" not in dict(sent(FIELDS, {"c": "否"}))


@pytest.mark.parametrize("values", [{"one": "三"}, {"one": ""}, {"dis": "请选择"}, {"r": "其他"}, {"d": "也许"}])
def test_a_choice_that_the_page_does_not_offer_is_the_users_to_mend(values: dict[str, str]) -> None:
    with pytest.raises(InvalidReference) as caught:
        sent(FIELDS, values)
    assert caught.value.params["field"] == next(iter(values))


def test_a_value_longer_than_its_field_is_the_users_to_mend() -> None:
    with pytest.raises(InvalidReference) as caught:
        sent(QUERY, {"受理编号": "SH20260001234567"})
    assert caught.value.params["field"] == "受理编号"
    assert dict(sent("<form><input name=a maxlength=0></form>", {"a": "x"})) == {"a": "x"}


@pytest.mark.parametrize(
    ("markup", "values", "found"),
    [
        ("<form action='javascript:go()'>编号<input name=a></form>", {"编号": "1"}, "javascript: action"),
        ("<form action='java\nscript:go()'>编号<input name=a></form>", {"编号": "1"}, "javascript: action"),
        ("<form action='mailto:a@example.org'>编号<input name=a></form>", {"编号": "1"}, "mailto: action"),
        ("<form>编号<input></form>", {"编号": "1"}, "a field without a name"),
        ("<form>编号<input name=a disabled></form>", {"编号": "1"}, "a disabled field"),
    ],
)
def test_a_form_that_only_its_script_can_send_is_not_guessed(markup: str, values: dict[str, str], found: str) -> None:
    with pytest.raises(PageChanged) as caught:
        sent(markup, values)
    assert (caught.value.where, caught.value.found) == ("form", found)


def test_filling_a_form_that_lacks_a_field_says_what_it_has() -> None:
    shown = page(QUERY)
    with pytest.raises(PageChanged) as caught:
        fill(shown.document.forms[0], {"受理编号": "1"}, shown)
    assert caught.value.found == "站内搜索"


@pytest.mark.parametrize("caption", ["请输入申请人姓名", "您的姓名", "2、姓名：", "(2) 姓名", "姓名/名称", "姓名（必填）"])
def test_a_caption_may_say_more_than_the_name(caption: str) -> None:
    assert sent(f"<form><p>{caption}<input name=x></p></form>", {"姓名": "测试甲"}) == (("x", "测试甲"),)


def test_words_behind_a_field_do_not_name_the_field_on_the_next_line() -> None:
    markup = "<form><input name=a> 受理编号<br><input name=b> 姓名<br></form>"
    with pytest.raises(PageChanged):
        sent(markup, {"受理编号": "A1"})
    assert sent("<form>受理编号：<br><input name=a><br>姓名：<br><input name=b></form>", {"姓名": "甲"})[1] == ("b", "甲")


def test_a_field_is_named_by_the_elements_that_it_points_to() -> None:
    far = "<div><div><div><div>{}</div></div></div></div>"
    markup = f"<form><b id=l1>受理编号</b><i id=l2>姓名</i>{far.format('<input name=a aria-labelledby=l1>')}"
    markup += f"{far.format('<input name=b aria-labelledby=l2>')}</form>"
    assert sent(markup, {"受理编号": "A1", "姓名": "甲"}) == (("a", "A1"), ("b", "甲"))


def test_a_button_may_send_its_form_elsewhere() -> None:
    shown = page(
        "<form action=/a>编号<input name=n><button formaction='/b?c=1' formmethod=POST name=z value=1>查询</button></form>"
    )
    request = fill(shown.document.forms[0], {"编号": "A1"}, shown)
    assert (request.method, request.url) == ("POST", "http://127.0.0.1:8901/b?c=1")


def test_an_option_may_carry_its_words_in_a_label() -> None:
    markup = "<form>证件类型<select name=t><option value=1 label=居民身份证></option><option value=2>护照</select></form>"
    assert sent(markup, {"证件类型": "居民身份证"}) == (("t", "1"),)


BUTTONS = (
    "<form><input name=a><button type=button name=no>返回</button><input type=submit name=off disabled>"
    "<input type=submit name=first value=查询><button name=second value=2>高级查询</button>"
    "<input type=image name=pic src=a.gif>"
    "<input type=image src=b.gif alt=搜索><input type=submit value=再来></form>"
)


@pytest.mark.parametrize(
    ("button", "pairs"),
    [
        (None, (("first", "查询"),)),
        ("second", (("second", "2"),)),
        ("高级查询", (("second", "2"),)),
        ("pic", (("pic.x", "1"), ("pic.y", "1"))),
        ("搜索", (("x", "1"), ("y", "1"))),
        ("再来", ()),
    ],
)
def test_the_clicked_button_is_sent_and_no_other(button: str | None, pairs: tuple[tuple[str, str], ...]) -> None:
    shown = page(BUTTONS)
    assert fill(shown.document.forms[0], {"a": "1"}, shown, button=button).form == (("a", "1"), *pairs)


def test_the_button_behind_the_filled_field_is_clicked_where_one_form_holds_the_whole_page() -> None:
    whole = (
        "<form method=post><input name=q placeholder=站内搜索><input type=submit name=search value=搜索>"
        "<p>受理号：<input name=no><input type=submit name=ask value='查 询'><input type=submit name=clear value=重置></form>"
    )
    assert sent(whole, {"受理号": "1"}) == (("q", ""), ("no", "1"), ("ask", "查 询"))
    assert sent("<form><button name=ask>查询</button><p>受理号：<input name=no></form>", {"受理号": "1"})[0] == ("ask", "")


def test_a_missing_button_says_which_there_are() -> None:
    with pytest.raises(PageChanged) as caught:
        sent(BUTTONS, {"a": "1"}, button="打印")
    assert caught.value.found == "查询; 2; pic; ; 再来"
    with pytest.raises(PageChanged):
        sent("<form><input name=a></form>", {"a": "1"}, button="打印")


# the bytes


@pytest.mark.parametrize(
    ("pairs", "charset", "body"),
    [
        ((("xm", "张 伟"), ("a*b", "-._~")), "utf-8", b"xm=%E5%BC%A0+%E4%BC%9F&a*b=-._%7E"),
        ((("xm", "张伟"),), "gb2312", b"xm=%D5%C5%CE%B0"),
        ((("xm", "𬭚"),), "gbk", b"xm=%993%AA4"),
        ((("xm", "é張张"),), "big5", b"xm=%88m%B1i%26%2324352%3B"),
        ((("xm", "張😀"),), "shift_jis", b"xm=%92%A3%26%23128512%3B"),
        ((("t", "a\nb\r\nc\rd"),), "utf-8", b"t=a%0D%0Ab%0D%0Ac%0D%0Ad"),
        ((), "utf-8", b""),
    ],
)
def test_forms_are_encoded_as_browsers_encode_them(pairs: tuple[tuple[str, str], ...], charset: str, body: bytes) -> None:
    assert encode_form(pairs, charset) == body


# captchas and log-ins


def answers(flow_page: Response, values: Mapping[str, str], replies: list[Answer]) -> tuple[list[Ask], Response]:
    """Run `submit` with prepared replies; what it asked for, and what it ended with."""
    flow = submit(flow_page, values)
    asked = [next(flow)]
    asked.extend(flow.send(reply) for reply in replies[:-1])
    with pytest.raises(StopIteration) as stop:
        flow.send(replies[-1])
    return asked, stop.value.value


WITH_CAPTCHA = (
    "<form action=q.do method=post><p>受理编号：<input name=no></p>"
    "<p>验证码：<input name=yzm><img src='/jzzjf/inc/code.jsp'></p><input type=submit></form><img src=far.gif>"
)


def test_a_captcha_is_handed_to_the_person_and_sent_with_the_form() -> None:
    picture, answer = page("x", url="http://127.0.0.1/code.jsp"), page("<p>ok")
    asked, ended = answers(page(WITH_CAPTCHA), {"受理编号": "A1"}, [picture, "8k2x", answer])
    assert asked == [
        Request("GET", "http://127.0.0.1:8901/jzzjf/inc/code.jsp", referer=URL),
        CaptchaAsk(picture, ""),
        Request("POST", "http://127.0.0.1:8901/app/q.do", (("no", "A1"), ("yzm", "8k2x")), "utf-8", URL),
    ]
    assert ended is answer


def test_a_form_without_a_captcha_is_sent_at_once() -> None:
    asked, ended = answers(page(QUERY), {"受理编号": "A1"}, [page("<p>ok")])
    assert len(asked) == 1
    assert ended.text == "<p>ok"


def test_a_question_in_words_is_asked_without_a_picture() -> None:
    markup = "<form>编号<input name=no><p>6 + <input name=cptch_number> = 12</p></form>"
    asked, _ = answers(page(markup), {"编号": "A1"}, ["6", page("<p>ok")])
    assert asked[0] == CaptchaAsk(None, "6 + = 12")
    assert isinstance(asked[1], Request)
    assert ("cptch_number", "6") in asked[1].form


def test_a_captcha_answered_beforehand_is_not_asked_again() -> None:
    flow = submit(page(WITH_CAPTCHA), {"受理编号": "A1"}, captcha="9999")
    ask = next(flow)
    assert isinstance(ask, Request)
    assert ("yzm", "9999") in ask.form
    with pytest.raises(TypeError):
        flow.send("not a page")


def test_a_code_that_the_case_itself_holds_is_no_captcha() -> None:
    markup = "<form>在线验证码：<input name=vcode></form>"
    asked, _ = answers(page(markup), {"在线验证码": "A1"}, [page("<p>ok")])
    assert len(asked) == 1


def test_a_password_that_nobody_gave_blocks() -> None:
    markup = "<form>用户名<input name=u>密码<input type=password name=p></form>"
    with pytest.raises(Blocked) as caught:
        next(submit(page(markup), {"用户名": "x"}))
    assert caught.value.reason == "login"
    asked, _ = answers(page(markup), {"用户名": "x", "密码": "y"}, [page("<p>ok")])
    assert isinstance(asked[0], Request)


@pytest.mark.parametrize(
    ("markup", "field", "src"),
    [
        ("<form><input name=vlidataCode><img src=inc/code.jsp></form>", "vlidataCode", "inc/code.jsp"),
        ("<form>校验码<input name=a></form>", "a", None),
        ("<form><input name=code><img src=x.png></form>", "code", "x.png"),
        ("<form><img src=logo.gif><input name=rand><img src=randomImage></form>", "rand", "randomImage"),
        ("<form><input name=a placeholder=请输入下方验证码></form><img src=x>", "a", None),
        ("<form><input name=code></form>", None, None),
        ("<form><input name=code><img></form>", None, None),
        ("<form><input name=a value=验证码></form>", None, None),
        (
            "<form><input name=yzm disabled><input type=hidden name=captcha><input type=submit value=获取验证码></form>",
            None,
            None,
        ),
        ("<form>在线验证码<input name=a></form>", None, None),
        ("<form><input name=no></form>", None, None),
        ("<form><input name=code>" + "<p>x</p>" * 20 + "<img src=far.gif></form>", None, None),
    ],
)
def test_a_captcha_field_is_known_by_its_words_and_the_picture_near(markup: str, field: str | None, src: str | None) -> None:
    document = page(markup).document
    found = captcha_of(document, document.forms[0])
    assert (found[0].name if found else None) == field
    if found:
        assert (found[1].src.removeprefix("http://127.0.0.1:8901/app/") if found[1] else None) == src


def test_an_answer_to_a_captcha_that_is_not_there_is_a_changed_page() -> None:
    with pytest.raises(PageChanged) as caught:
        sent(QUERY, {"受理编号": "1"}, captcha="8888")
    assert caught.value.expected == "a captcha field"


@pytest.mark.skipif(not SHARED.is_dir(), reason="the recorded pages are not here")
def test_recorded_captchas_are_found() -> None:
    def captcha(name: str) -> tuple[str, str | None, str] | None:
        document = Response("http://127.0.0.1/", 200, "", (SHARED / f"{name}.html").read_bytes()).document
        (found,) = [c for f in document.forms if (c := captcha_of(document, f))]
        return found[0].name, found[1].src if found[1] else None, found[2]

    assert captcha("fs-compareit4me.com-2") == ("cptch_number", None, "6 + = 12")
    assert captcha("hailedu-sa-viewstate-captcha") == (
        "ctl01$ctl00$TxtImageSecurity",
        "http://127.0.0.1/CaptchaImage.axd?guid=b2cb70b9-f7c8-4360-bf9b-111d216f6727",
        "",
    )
    assert captcha("urp-helper-login-gb2312") == ("yzm", "http://127.0.0.1/%s", "")
