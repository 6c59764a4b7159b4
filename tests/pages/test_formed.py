"""The forms of a page as a case would use them."""

import pytest

from tests.pages.made import response, table
from tracker.pages.formed import SeenForm, asks_for_a_case, forms_of, query_form

QUERY = (
    "<form method=post action=/query.do accept-charset=gb2312>受理编号：<input name=slbh><br>"
    "姓名：<input name=xm><input type=hidden name=token value=1><input type=submit value=查询></form>"
)
SEARCH = "<form action=/s><input name=wd><input type=submit value=搜索></form>"
LOGIN = "<form action=/login method=post>用户名<input name=user>密码<input type=password name=pwd><button>登录</button></form>"


def forms(body: str) -> tuple[SeenForm, ...]:
    return forms_of(response(body).document)


def query(body: str) -> SeenForm:
    found = query_form(forms(body))
    assert found is not None
    return found


def test_a_form_is_described_with_its_fields_and_what_it_copies() -> None:
    form = query(QUERY)
    assert (form.method, form.action, form.charset, form.role) == ("POST", "http://127.0.0.1/query.do", "gb18030", "query")
    assert [(f.by, f.name, f.captions[0].how) for f in form.fields] == [
        ("受理编号", "slbh", "before"),
        ("姓名", "xm", "before"),
    ]
    assert (form.hidden, form.buttons, form.captcha) == (("token",), ("查询",), None)
    assert form.is_found
    assert not form.is_scripted


def test_of_several_forms_the_one_that_asks_for_a_case_is_chosen() -> None:
    found = forms(SEARCH + LOGIN + QUERY)
    assert [form.role for form in found] == ["search", "login", "query"]
    assert query_form(found) is found[2]


@pytest.mark.parametrize(
    "body", [SEARCH, LOGIN, "<form><input type=hidden name=a></form>", "<form><input type=submit></form>", ""]
)
def test_a_page_that_asks_for_no_case_has_no_such_form(body: str) -> None:
    assert query_form(forms(body)) is None


def test_a_message_to_an_office_asks_for_no_case() -> None:
    (form,) = forms("<form>姓名<input name=xm>电话<input name=tel>留言<textarea name=ly></textarea></form>")
    assert form.role == "message"
    assert query_form((form,)) is None


def test_a_query_may_want_a_password_of_its_own() -> None:
    form = query("<form method=post>受理编号<input name=slbh>查询密码<input type=password name=mm><button>查询</button></form>")
    assert [f.by for f in form.wanted] == ["受理编号", "查询密码"]


def test_a_form_without_words_that_we_know_is_something_else() -> None:
    (form,) = forms("<form action=/x>条目<input name=a></form>")
    assert form.role == "other"
    assert query_form((form,)) is form


def test_two_forms_with_the_same_captions_are_told_apart_by_their_names() -> None:
    one = "<form action=/a>受理编号：<input name=a1></form>"
    two = "<form action=/b>受理编号：<input name=b1>查询码：<input name=b2></form>"
    assert [[f.by for f in form.fields] for form in forms(one + two)] == [["a1"], ["受理编号", "查询码"]]
    assert all(form.is_found for form in forms(one + two))


def test_two_forms_that_are_alike_are_not_told_apart() -> None:
    one = "<form action=/a>受理编号：<input name=a></form>"
    assert not any(form.is_found for form in forms(one + one.replace("/a", "/b")))


def test_of_very_many_forms_and_fields_the_first_are_described() -> None:
    many = forms("<form>受理编号：<input name=a></form>" * 300)
    assert 1 <= len(many) < 20
    (form,) = forms("<form>" + "<input type=hidden name=h>" * 500 + "<input name=a>" * 300 + "</form>")
    assert 10 < len(form.fields) < 300


def test_a_field_without_a_name_is_reported_and_never_called_anything() -> None:
    form = query("<form>受理编号：<input id=a></form>")
    assert [(f.note, f.by, f.caption) for f in form.unnamed] == [("no_name", "", "受理编号")]
    assert form.wanted == ()


def test_a_field_that_only_its_hint_names_goes_by_its_name() -> None:
    form = query("<form><input name=slbh value=请输入受理编号></form>")
    (field,) = form.fields
    assert (field.by, field.captions[0].how, field.value) == ("slbh", "hint", "请输入受理编号")


def test_a_long_explanation_is_no_name_and_two_fields_of_one_name_have_none() -> None:
    long = "请在这里输入您在窗口领取的受理通知书右上角所印的完整编号，注意区分字母与数字，不要输入空格或其他字符"
    (field,) = query(f'<form><input name=slbh title="{long}"></form>').fields
    assert field.by == "slbh"
    both = query("<form><input name=slbh><input name=slbh></form>").fields
    assert [f.by for f in both] == ["", ""]


def test_lists_and_radios_are_told_by_their_words() -> None:
    options = "<option value=''>请选择</option><option>身份证</option><option>护照</option><option disabled>军官证</option>"
    radios = "<input type=radio name=lx value=1 checked>个人<input type=radio name=lx value=2>企业"
    rows = (("受理编号", "<input name=slbh>"), ("证件类型", f"<select name=zjlx>{options}</select>"), ("类别", radios))
    form = query(f"<form>{table(*rows)}<input type=checkbox name=ty>同意</form>")
    number, kind, sort, agree = form.fields
    assert (kind.choices, kind.preset, kind.offered, kind.is_wanted) == (
        ("请选择", "身份证", "护照"),
        "请选择",
        ("身份证", "护照"),
        True,
    )
    assert (sort.by, sort.choices, sort.preset, sort.is_wanted) == ("类别", ("个人", "企业"), "个人", False)
    assert (agree.kind, agree.is_wanted) == ("checkbox", False)
    assert form.wanted == (number, kind)


def test_a_list_without_options_and_a_radio_without_words_are_no_trouble() -> None:
    form = query("<form>受理编号<input name=slbh><select name=a></select><p><input type=radio name=b value=9></p></form>")
    assert [(f.name, f.choices, f.preset) for f in form.fields[1:]] == [("a", (), ""), ("b", ("9",), "")]


def test_a_captcha_is_named_with_its_picture_or_its_question() -> None:
    form = query("<form>受理编号<input name=slbh>验证码<input name=yzm><img src=code.jsp></form>")
    assert form.captcha is not None
    assert (form.captcha.field, form.captcha.image, form.captcha.question) == ("验证码", "http://127.0.0.1/code.jsp", "")
    assert [f.note for f in form.fields] == ["", "captcha"]
    asked = query("<form><p>受理编号<input name=slbh></p><p>3 + 4 = <input name=yzm></p></form>").captcha
    assert asked is not None
    assert (asked.image, asked.question) == ("", "3 + 4 =")
    bare = query("<form><p>受理编号<input name=slbh></p><p><input name=yzm></p></form>").captcha
    assert bare is not None
    assert bare.field == "yzm"


def test_what_is_switched_off_or_sent_by_a_script_is_noted() -> None:
    form = query(
        '<form action="javascript:go()" onsubmit="x()">受理编号<input name=slbh><input name=xm disabled title=姓名></form>'
    )
    assert (form.is_scripted, form.has_onsubmit) == (True, True)
    assert [f.note for f in form.fields] == ["", "disabled"]


def test_buttons_are_told_by_what_stands_on_them() -> None:
    form = query(
        "<form>受理编号<input name=slbh><button>查 询</button><input type=image name=go src=b.gif><input type=button></form>"
    )
    assert form.buttons == ("查询", "go")


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("受理编号", True),
        ("请输入证件号码（18位）", True),
        ("slbh", True),
        ("查询码", True),
        ("Receipt Number", True),
        ("关键字", False),
        ("", False),
    ],
)
def test_captions_of_numbers_and_names_are_known(word: str, *, expected: bool) -> None:
    assert asks_for_a_case(word) is expected


def test_radios_with_labels_are_told_by_them_and_called_by_the_cell_beside_them() -> None:
    radios = "<input type=radio name=k value=A id=a checked><label for=a>新办</label><input type=radio name=k value=B id=b>"
    form = query(f"<form>受理编号<input name=n>{table(('业务类别', radios + '<label for=b>续签</label>'))}</form>")
    kind = form.fields[1]
    assert (kind.by, kind.choices, kind.preset, kind.is_chosen) == ("业务类别", ("新办", "续签"), "新办", True)
    assert (kind.words_for("B"), kind.words_for("C")) == ("续签", "C")


def test_two_choices_of_the_same_words_are_told_apart_by_what_is_sent() -> None:
    form = query("<form>受理编号<input name=n>地区<select name=q><option value=1>朝阳区<option value=2>朝阳区</select></form>")
    assert form.fields[1].words_for("2") == "2"
