"""A page becomes flat: texts, cells in a grid, forms, messages; and what can't be read safely is refused."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tracker.core.errors import PageChanged
from tracker.pages.contract import Response
from tracker.pages.document import Document, Form
from tracker.pages.scripts import alerts, unescape
from tracker.pages.tables import Grids

SHARED = Path(__file__).resolve().parents[3] / "shared" / "pages"
URL = "http://127.0.0.1:8901/app/query.htm?x=1"


def page(markup: str | bytes, content_type: str = "text/html; charset=utf-8", *, complete: bool = True) -> Response:
    body = markup if isinstance(markup, bytes) else markup.encode()
    return Response(URL, 200, content_type, body, complete)


def doc(markup: str) -> Document:
    return page(markup).document


def words(markup: str) -> list[str]:
    return [t.text for t in doc(markup).texts]


def grid(document: Document) -> list[list[str]]:
    return [[document.cells[i].text for i in row] for row in document.tables[0].rows]


# texts


def test_white_space_is_folded_and_a_break_is_a_line() -> None:
    assert words("<p>  当前\n 状态&nbsp;： <br/> 已受理\u3000</p>") == ["当前 状态 ：\n已受理"]


def test_a_bare_run_between_elements_is_a_text_of_its_own() -> None:
    texts = doc("<div id=top class=c>您是第 <b name=n>12</b> 位</div>").texts
    assert [(t.text, t.tag, t.names) for t in texts] == [("您是第", "div", "top c"), ("12", "b", "n"), ("位", "div", "top c")]
    assert texts[0].parent == texts[2].parent == texts[1].block != texts[1].parent
    assert [t.spot for t in texts] == sorted(t.spot for t in texts)


def test_comments_do_not_cut_a_text_and_do_not_show() -> None:
    assert words("<td></td><p>受理<!-- f_login_pass -->通过</p>") == ["受理通过"]


def test_zero_width_characters_are_gone() -> None:
    assert words("<p>已\u200b受\ufeff理</p>") == ["已受理"]


@pytest.mark.parametrize(
    "hidden",
    [
        "<p style='display : none'>x</p>",
        "<div hidden><p>x</p></div>",
        "<p style='VISIBILITY:hidden'>x</p>",
        "<script>x</script>",
        "<style>x</style>",
        "<noscript>x</noscript>",
        "<template>x</template>",
        "<title>x</title>",
        "<textarea>x</textarea>",
        "<select><option>x</select>",
        "<iframe>x</iframe>",
        "<svg><text>x</text></svg>",
        "<table style='display:none'><tr><td>x</td></tr></table>",
        "<table><tr style='display:none'><td>x</td></tr></table>",
    ],
)
def test_what_a_browser_does_not_show_is_no_text_and_no_cell(hidden: str) -> None:
    document = doc(f"<body>{hidden}<p>shown</p>")
    assert [t.text for t in document.texts] == ["shown"]
    assert document.cells == ()
    assert document.visible == "shown"


@pytest.mark.parametrize(
    ("markup", "loud"),
    [
        ("<b>x</b>", True),
        ("<strong><i>x</i></strong>", True),
        ("<font color=red>x</font>", True),
        ("<font color='#FF0000'>x</font>", True),
        ("<font color='#FFFFFF'>x</font>", False),
        ("<span style='color:#f00'>x</span>", True),
        ("<span style='background-color:red'>x</span>", False),
        ("<span style='font-weight: bold'>x</span>", True),
        ("<p class='err-tip'>x</p>", True),
        ("<p class=notice>x</p>", True),
        ("<p class=multiple>x</p>", False),
        ("<table class=notice><tr><td>x</td></tr></table>", False),
        ("<p>x</p>", False),
    ],
)
def test_text_made_to_stand_out_is_loud(markup: str, loud: bool) -> None:
    assert [t.loud for t in doc(markup).texts] == [loud]


def test_title_links_images_frames_and_refresh_have_absolute_addresses() -> None:
    document = doc(
        "<title> 办理 进度 </title><title>second</title><base href='/other/'><base href='/no/'>"
        "<meta http-equiv=Refresh content=\"5; URL='go.jsp'\"><meta http-equiv=refresh content='0;url=no.jsp'>"
        "<a href='/a/b.html'>甲</a><a href='c.html?x=1'>乙<b>丙</b></a><a name=here>丁</a><a href=' /a.b/../e '>戊</a>"
        "<a href='http://['>己</a><img src='y.jpg' alt='图'><iframe src='f.html'></iframe><iframe></iframe>"
    )
    assert document.title == "办理 进度"
    assert document.links == (
        ("http://127.0.0.1:8901/a/b.html", "甲"),
        ("http://127.0.0.1:8901/other/c.html?x=1", "乙 丙"),
        ("http://127.0.0.1:8901/e", "戊"),
        ("http://[", "己"),
    )
    assert [(i.src, i.alt, i.form) for i in document.images] == [("http://127.0.0.1:8901/other/y.jpg", "图", -1)]
    assert document.frames == ("http://127.0.0.1:8901/other/f.html",)
    assert document.refresh == "http://127.0.0.1:8901/other/go.jsp"
    assert doc("<meta http-equiv=refresh content=30><p>x").refresh == URL
    assert doc("<p>x").refresh == ""


# tables


def test_cells_stand_in_a_grid_with_rowspans_and_colspans_expanded() -> None:
    document = doc(
        "<table><tr><th colspan=3>标题</th></tr>"
        "<tr><td rowspan=2>甲</td><td>乙</td><td rowspan=0>丙</td></tr>"
        "<tr><td>丁</td></tr><tr></tr>"
        "<tr><td colspan=x>戊</td><td colspan=0 rowspan='２'>己</td></tr></table>"
    )
    assert grid(document) == [["标题"], ["甲", "乙", "丙"], ["丁"], [], ["戊", "己"]]
    assert [(c.text, c.row, c.column) for c in document.cells] == [
        ("标题", 0, 0),
        ("甲", 1, 0),
        ("乙", 1, 1),
        ("丙", 1, 2),
        ("丁", 2, 1),
        ("戊", 4, 0),
        ("己", 4, 1),
    ]
    assert document.cells[0].header
    assert not document.cells[1].header
    assert (document.cells[0].colspan, document.cells[1].rowspan, document.cells[6].rowspan) == (3, 2, 1)


def test_a_cell_hides_under_a_rowspan_that_reaches_down_two_rows() -> None:
    document = doc(
        "<table><tr><td rowspan=3>a<td>b</tr><tr><td>c</tr><tr><td>d</tr><tr><td>e</tr></table>",
    )
    assert [(c.text, c.column) for c in document.cells] == [("a", 0), ("b", 1), ("c", 1), ("d", 1), ("e", 0)]


def test_nested_tables_are_apart_from_their_cell() -> None:
    document = doc(
        "<table><tr><td>前<table><tr><td>里</td></tr></table>后</td><td>旁</td></tr></table><table><tr><td>二</td></tr></table>"
    )
    outer, inner, beside, second = document.cells
    assert (outer.text, inner.text, beside.text, second.text) == ("前\n后", "里", "旁", "二")
    assert outer.tables == (1,)
    assert [t.outer for t in document.tables] == [-1, 0, -1]
    assert outer.spot < inner.spot < inner.end <= outer.end <= beside.spot
    assert document.tables[1].end <= outer.end
    assert [t.cell for t in document.texts] == [0, 1, 0, 2, 3]


def test_whole_documents_nested_in_cells_are_read_in_their_place() -> None:
    document = doc(
        "<html><body><table><tr><td><!DOCTYPE html><html><head><title>in</title></head><body><p>里</p></body></html></td>"
        "<td>状态</td></tr></table></body></html>"
    )
    assert [c.text for c in document.cells] == ["里", "状态"]
    assert not document.truncated


def test_a_cells_text_keeps_words_together_and_blocks_apart() -> None:
    document = doc(
        "<table><tr><td>受<font>理</font>中</td><td><div>a</div><div>b<br>c</div><ul><li>d</ul></td>"
        "<td> \n<!-- x --> (续办)等待受理 <span style='display:none'>no</span><script>no</script></td>"
        "<td>&nbsp;</td></tr></table>"
    )
    assert [c.text for c in document.cells] == ["受理中", "a\nb\nc\nd", "(续办)等待受理", ""]


def test_a_cell_in_foreign_markup_is_no_cell() -> None:
    assert doc("<svg><td>x</td></svg><math><mi><td>x</td></mi></math><p>y").cells == ()
    assert [c.text for c in doc("<table><caption><td>x</table>").cells] == ["x"]
    grids = Grids()
    grids.open_row()
    assert grids.open_cell(False, {}, 0) == -1


# what was cut off


@pytest.mark.parametrize(
    "markup",
    [
        "<html><body><p>x",
        "<!doctype html><p>x",
        "<p>x</p><td class='sta",
        "<p>x</p><!-- comment",
        "<p>x</p><script>var a",
        "<p>x</p><textarea>",
        "<p>x</p><",
        "<p>x</p></",
        "<table><tr><td>当前状态</td><td>已",
        "<html><table><tr><td><html><body>x</body></html>",
        "<p>x<select><option>a",
        "<p>x<form name=a><!--",
        "<p>x<form name='a",
        "<p>x<form><script>",
    ],
)
def test_a_source_that_ends_early_is_truncated(markup: str) -> None:
    assert doc(markup).truncated


@pytest.mark.parametrize(
    "markup",
    [
        "<p>x</p>",
        "<html><body><p>x</BODY>",
        "<html><p>x</html> \n",
        "<html><table><tr><td>never closed</body></html>",
        "<table><tr><td>x</td></tr>",
        "<!DOCTYPE html><p>x</p></html><!-- after -->",
    ],
)
def test_a_sloppy_page_that_says_that_it_is_over_is_not_truncated(markup: str) -> None:
    assert not doc(markup).truncated


def test_a_transfer_that_ended_early_truncates_any_page() -> None:
    assert page("<html><p>x</html>", complete=False).document.truncated


def test_cells_and_tables_know_whether_their_end_was_seen() -> None:
    document = doc("<html><table><tr><td>a<td>b</td></tr><tr><td>已受<table><tr><td>c</td></tr></table>")
    assert [(c.text, c.closed) for c in document.cells] == [("a", True), ("b", True), ("已受", False), ("c", True)]
    assert [t.closed for t in document.tables] == [False, True]
    document = doc("<table><tr><td>a</td>")
    assert [c.closed for c in document.cells] == [True]
    assert [t.closed for t in document.tables] == [False]


@settings(max_examples=60)
@given(st.integers(min_value=0))
def test_a_page_cut_anywhere_before_the_end_of_its_table_says_so(at: int) -> None:
    whole = (
        "<!DOCTYPE html><html><head><title>进度</title></head><body><table><tr><th>当前状态</th><td>已受理</td></tr></table>"
    )
    cut = whole[: 1 + at % (len(whole) - 1)]
    assert doc(cut).truncated


# messages


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("alert('会话已过期,请重新查询')", ("会话已过期,请重新查询",)),
        ('window.alert ("a\\"b\\u67e5\\x41\\n\\u{1F600}"); history.back();', ('a"b查A 😀',)),
        ("alert('\\ud800x\\u{ffffff}\\t\\\ny')", ("x y",)),
        ("alert('没有' + '记录'); alert(`第二`)", ("没有记录", "第二")),
        ("$.messager.alert('提示', '验证码错误')", ("提示", "验证码错误")),
        ("alert(f(1, '里'))", ("里",)),
        ("alert(message)", ()),
        ("alert('unfinished", ("unfinished",)),
        ("myalert('x'); $alert('y')", ()),
        ("var x = 'alert(1)'; // alert('y')\n/* alert('z') */ alert('ok')", ("ok",)),
        ("// alert('y')", ()),
        ("/* alert('y')", ()),
        ("function check(){ if(!a){ alert('请输入受理编号'); } } alert('ok')", ("ok",)),
        ("$('#go').click(function(){ alert('请输入') })", ()),
        ("window.onload = function(){ alert('甲') }", ("甲",)),
        ("$(function(){ alert('甲') })", ("甲",)),
        ("jQuery(document).ready(() => { alert('甲') })", ("甲",)),
        ("addEventListener('load', function go() { alert('甲') })", ("甲",)),
        ("(function(){ alert('甲') })();", ("甲",)),
        ("var a = 1;\n!function(){ alert('甲') }();", ("甲",)),
        ("try { alert('甲') } catch(e) { alert('乙') }", ("甲",)),
        ("{ alert('甲') } } alert('乙')", ("甲", "乙")),
        ("var o = { a: alert('甲') }", ()),
        ("if (code == '1') alert('没有记录');", ()),
        ("if (code == '1') { alert('没有记录'); }", ()),
        ("ok || alert('没有记录')", ()),
        ("if(''!=''){\n\talert('');\n}", ()),
        ("if('验证码错误'!=''){ alert('验证码错误') }", ("验证码错误",)),
        ('if ("验证码错误" !== "") alert("验证码错误")', ("验证码错误",)),
    ],
)
def test_alerts_at_load_are_messages_and_others_are_not(script: str, expected: tuple[str, ...]) -> None:
    assert alerts(script) == expected


def test_a_literal_without_escapes_is_left_alone() -> None:
    assert unescape("没有") == "没有"


def test_a_very_long_script_is_looked_at_only_so_far() -> None:
    assert alerts("alert('甲');" + "{}" * 30_000 + "alert('乙');") == ("甲",)


def test_messages_come_from_scripts_onload_hidden_fields_and_hidden_elements() -> None:
    document = doc(
        "<body onload=\"alert('维护')\"><script>alert('甲');alert('甲')</script><script></script>"
        "<input type=hidden id=msg value=' 验证码 错误 '><input type=hidden name=errorCode value=0>"
        "<input type=hidden name=message value='not found'><input type=hidden name=token value='不是'>"
        "<div class=errTip style='display:none'>没有<b>记录</b>"
        "<input type=hidden name=t value='不是 词'></div><p style='display:none'>no</p><p id=msg>shown</p>"
    )
    assert document.messages == ("维护", "甲", "验证码 错误", "not found")
    assert document.dormant == (("errTip", "没有"), ("", "记录"))
    assert document.script_size == len("alert('维护')" + "alert('甲');alert('甲')")


# forms


def names(form: Form) -> list[str]:
    return [c.name for c in form.controls]


def test_a_form_broken_across_table_rows_keeps_its_controls() -> None:
    document = doc(
        "<table><form action='/q.do' method=POST name=f><tr><td>受理编号</td><td><input name=no></td></tr>"
        "<input type=text name=loose><tr><td><select name=s></select></td></tr></form></table><input name=after>"
    )
    (form,) = document.forms
    assert sorted(names(form)) == ["loose", "no", "s"]
    assert (form.method, form.action, form.name) == ("post", "http://127.0.0.1:8901/q.do", "f")
    assert [c.name for c in document.controls] == ["after"]


def test_a_form_start_inside_an_open_form_is_ignored() -> None:
    document = doc("<form id=a><input name=x><form id=b><input name=y></form><input name=z></form><form id=c><input name=w>")
    assert [(f.id, names(f)) for f in document.forms] == [("a", ["x", "y"]), ("c", ["w"])]
    assert [c.name for c in document.controls] == ["z"]
    assert document.forms[0].end <= document.forms[1].spot < document.forms[1].end


@pytest.mark.parametrize(
    "markup",
    [
        "<!-- <form name=no><input name=y> -->",
        "<!--><p>--><!-- <form> -->",
        "<script>document.write('<form name=no></form>')</script>",
        "<textarea><form name=no></textarea>",
        "<title><form name=no></title>",
        "<style><form></style></form>",
        "<formula><informal>",
    ],
)
def test_forms_in_comments_scripts_and_plain_text_are_none(markup: str) -> None:
    document = doc(f"{markup}<FORM name=yes><INPUT name=x></FORM>")
    assert [f.name for f in document.forms] == ["yes"]
    assert names(document.forms[0]) == ["x"]


def test_a_control_can_name_its_form_from_anywhere() -> None:
    document = doc(
        "<input name=a form=f><form id=f><input name=b><input name=c form=g></form><input name=d form=none><form id=f></form>"
    )
    assert names(document.forms[0]) == ["a", "b"]
    assert [c.name for c in document.controls] == ["c", "d"]


def test_a_made_up_owner_does_not_harm() -> None:
    assert [c.name for c in doc("<input name=a tracker-owner=7><input name=b tracker-owner=x>").controls] == ["a", "b"]


def test_quotes_and_signs_inside_a_tag_do_not_end_it() -> None:
    (form,) = doc(
        """<form onsubmit="return a>b" action='x"y'" target=_blank><input value="</form>" name=a><input name=b>"""
    ).forms
    assert names(form) == ["a", "b"]
    assert form.has_onsubmit
    assert form.target == "_blank"


@pytest.mark.parametrize(
    ("attributes", "action", "charset"),
    [
        ("", URL, ""),
        ("action=''", URL, ""),
        ("action=' q.do '", "http://127.0.0.1:8901/base/q.do", ""),
        ("action='?a=b' accept-charset='nonsense, GBK utf-8'", "http://127.0.0.1:8901/base/?a=b", "gb18030"),
        ("action='javascript:go()' accept-charset=''", "javascript:go()", ""),
    ],
)
def test_actions_are_resolved_and_the_first_known_charset_counts(attributes: str, action: str, charset: str) -> None:
    (form,) = doc(f"<base href='/base/'><form {attributes}><input name=a></form>").forms
    assert (form.action, form.charset, form.method) == (action, charset, "get")


def test_controls_say_what_they_are() -> None:
    (form,) = doc(
        "<form><input name=a maxlength=18 value=v readonly id=i>"
        "<input type=CHECKBOX name=b checked><input type=radio name=c value=1>"
        "<textarea name=d disabled>\nt</textarea><button name=e value=1>查<b>询</b></button><button type=button>x</button>"
        "<input type=image name=f src=go.gif alt=搜索><input type=image>"
        "<fieldset disabled><input name=g maxlength=x></fieldset>"
        "<select name=h multiple><optgroup><option value=1 selected>一<option disabled>二</select>"
        "<input type=submit value=提交></form>"
    ).forms
    a, b, c, d, e, other, f, bare, g, h, go = form.controls
    assert (a.kind, a.value, a.max_length, a.readonly, a.id) == ("text", "v", 18, True, "i")
    assert (b.kind, b.value, b.checked) == ("checkbox", "on", True)
    assert (c.kind, c.value, c.checked) == ("radio", "1", False)
    assert (d.kind, d.value, d.disabled) == ("textarea", "t", True)
    assert (e.kind, e.value, [t.text for t in e.captions]) == ("submit", "1", ["查询"])
    assert other.kind == "button"
    assert (f.kind, f.image, f.captions[0].text) == ("image", "http://127.0.0.1:8901/app/go.gif", "搜索")
    assert bare.image == ""
    assert (g.disabled, g.max_length) == (True, None)
    assert [(o.value, o.text, o.selected, o.disabled) for o in h.options] == [
        ("1", "一", True, False),
        ("二", "二", False, True),
    ]
    assert h.multiple
    assert go.captions[0].text == "提交"


def first_captions(markup: str, name: str = "x") -> list[tuple[str, str]]:
    document = doc(markup)
    controls = [*document.controls, *(c for f in document.forms for c in f.controls)]
    (control,) = (c for c in controls if c.name == name)
    return [(c.text, c.how) for c in control.captions]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<label for=i>受理编号：</label><p>别的</p><p><input id=i name=x>", [("受理编号", "label")]),
        (
            "<p>甲</p><div><label><i><u>受理编号*</u></i><div><div><input name=x></div></div></label></div>",
            [("受理编号", "sibling")],
        ),
        ("<label><input name=x> 受理编号</label>", [("受理编号", "inside")]),
        ("<label><label><input name=x>里</label>外</label>", [("里", "inside")]),
        ("受理编号 ：<input name=x>", [("受理编号", "before")]),
        ("<span>受理编号</span><input name=x>", [("受理编号", "before")]),
        ("受<b>理</b>编号<font color=red>*</font>(必填)：<input name=x>", [("编号", "before"), ("受理编号", "before")]),
        ("甲<br>受理<b>编号</b><input name=x>", [("编号", "before"), ("受理编号", "before")]),
        ("受 理 编 号：<input name=x>", [("受理编号", "before")]),
        ("请 填写：<input name=x>", [("请 填写", "before")]),
        ("甲<input name=a> 乙：<input name=x>", [("乙", "before")]),
        ("<input name=a><input name=x>", []),
        ("<div>学号</div><div><input name=x></div>", [("学号", "sibling")]),
        ("<dl><dt>学号</dt><dd><input name=x></dd></dl>", [("学号", "sibling")]),
        ("<div><div><div><div><div>远</div></div></div></div></div><div><div><div><div><input name=x>", []),
        (
            "<input name=x placeholder='请输入编号' title='编号' value='编号或姓名'>",
            [("请输入编号", "placeholder"), ("编号", "title"), ("编号或姓名", "hint")],
        ),
        ("<input name=x aria-label='编号' type=password value=no>", [("编号", "title")]),
        ("<textarea name=x>内容</textarea>", []),
        ("<input type=hidden name=x title=no>", []),
        ("<table><tr><td>编号：</td><td><input name=x></td></tr></table>", [("编号", "cell_left")]),
        (
            "<table><tr><td>证件<br>号码</td><td>：</td><td></td><td><input name=x></td></tr></table>",
            [("证件号码", "cell_left"), ("证件", "cell_left")],
        ),
        (
            "<table><tr><td>证件<br>号码</td><td></td><td><input name=x></td></tr></table>",
            [("证件号码", "cell_left"), ("证件", "cell_left")],
        ),
        ("<table><tr><td>甲<input name=a></td><td>乙：<input name=x></td></tr></table>", [("乙", "before")]),
        (
            "<table><tr><td rowspan=2>证件</td><td><input name=a></td></tr><tr><td><input name=x></td></tr></table>",
            [("证件", "cell_left")],
        ),
        ("<table><tr><td rowspan=1>甲</td><td>乙</td></tr><tr><td><input name=x></td></tr></table>", [("甲", "row_above")]),
        ("<table><tr><td colspan=2>甲</td></tr><tr><td></td><td><input name=x></td></tr></table>", [("甲", "row_above")]),
        ("<table><tr><td>甲<input name=a></td></tr><tr><td><input name=x></td></tr></table>", []),
        ("<table><tr><td>" + "长" * 50 + "</td></tr><tr><td><input name=x></td></tr></table>", []),
        ("<table><tr></tr><tr><td><input name=x></td></tr></table>", []),
        (
            "<table><tr><td>编号</td><td><table><tr><td><input name=x></td></tr></table></td></tr></table>",
            [("编号", "cell_left")],
        ),
        ("<table><tr><td>" * 5 + "<input name=x>", []),
        ("甲<br>乙<br><b>编</b>号<input name=x>", [("号", "before"), ("编号", "before")]),
        ("<table><tr><td><table><tr><td>里</td></tr></table></td><td><input name=x></td></tr></table>", []),
        ("<table><tr><td><input name=x> 受理编号</td></tr></table>", [("受理编号", "inside")]),
        ("<div style='display:none'>受理编号：<input name=x></div>", [("受理编号", "before")]),
        ("性别：<input type=radio name=a>男 <input type=radio name=x>女", [("女", "after")]),
        ("性别：<input type=radio name=x>男 <input type=radio name=a>女", [("男", "after"), ("性别", "before")]),
        ("<p>同意<input type=checkbox name=x></p><p>别的", [("同意", "before")]),
        ("同意<input type=checkbox name=x><input name=b>", [("同意", "before")]),
        ("<p>" + "长" * 50 + "<b>x</b><input name=x>", [("x", "before")]),
        ("<table><tr><td>甲</td></tr></table><input name=x>", []),
    ],
)
def test_captions_are_found_beside_a_field(markup: str, expected: list[tuple[str, str]]) -> None:
    found = first_captions(f"<form>{markup}</form>")
    assert found[: len(expected)] == expected
    if not expected:
        assert found == []


def test_the_words_in_front_of_a_second_choice_belong_to_the_first() -> None:
    document = doc("<p>性别：<input type=radio name=s id=a>男 <input type=radio name=s id=b></p><p>女")
    assert [c.captions[0].text if c.captions else "" for c in document.controls] == ["男", ""]


def test_a_line_break_ends_the_words_in_front() -> None:
    assert first_captions("<div>说明<br>受理<b>编号</b>：<input name=x></div>")[:2] == [
        ("编号", "before"),
        ("受理编号", "before"),
    ]
    assert first_captions("<div>说明<br><b>受理</b>编号：<input name=x></div>")[1] == ("受理编号", "before")
    assert first_captions("<div>受理<p>编号<b>甲</b>：<input name=x></div>")[1] == ("编号甲", "before")


# what is refused


@pytest.mark.parametrize("body", [b"", b" \n\t", b"\xef\xbb\xbf", "\u3000\xa0".encode() * 0 + b"\r\n"])
def test_an_empty_page_is_a_changed_page(body: bytes) -> None:
    with pytest.raises(PageChanged) as caught:
        _ = page(body).document
    assert (caught.value.reason, caught.value.where, caught.value.found) == ("page_changed", "page", "empty")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"%PDF-1.7 ...", "text/html"),
        (b"\x89PNG\r\n", "text/html"),
        (b"\xff\xd8\xff\xe0", ""),
        (b"GIF89a", ""),
        (b"PK\x03\x04", "application/octet-stream"),
        (b"<html>", "image/png"),
        (b"<html>", " Application/PDF"),
        (bytes(range(256)) * 4, "application/octet-stream"),
        (b"a\0" * 50, "text/html"),
    ],
)
def test_images_pdfs_and_other_bytes_are_not_text(body: bytes, content_type: str) -> None:
    with pytest.raises(PageChanged) as caught:
        _ = page(body, content_type).document
    assert caught.value.reason == "not_text"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"\xff\xfe" + "<p>状态</p>".encode("utf-16-le"), "text/html"),
        ("<p>状态</p>".encode(), "application/octet-stream"),
        ("<p>状态\0</p>".encode() + b" " * 50, "text/html"),
        ("<p>状态</p>".encode(), "application/xhtml+xml"),
        (("<p>状态</p>" + "long text " * 7000 + "a < b " * 9 + "<br>").encode(), "text/html"),
    ],
)
def test_text_with_an_odd_label_is_read(body: bytes, content_type: str) -> None:
    assert page(body, content_type).document.texts[0].text.startswith("状态")


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 100_000,
        "<p>" * 1_000_000,
        "<div>" * 6000,
        "<div></b>" * 6000,
        "".join(f"<font size={i}><p>x" for i in range(4900)),
        "<span>" * 4900 + "</b>" * 54_000,
        "<div " + " ".join(f"a{i}=1" for i in range(100_000)) + ">",
        "<div " + " ".join(f'a{i}=">"' for i in range(100_000)) + ">",
        "<select>" + "<option>x" * 55_000,
        "<form>" + "<input>" * 50_000,
    ],
    ids=["deep", "many", "open", "unmatched", "fonts", "search", "attributes", "quoted", "options", "fields"],
)
def test_hostile_markup_is_refused_in_good_time(markup: str) -> None:
    began = time.process_time()
    with pytest.raises(PageChanged) as caught:
        _ = page(markup).document
    assert caught.value.reason == "too_large"
    assert time.process_time() - began < 3


def test_formatting_that_is_closed_costs_nothing() -> None:
    assert doc("<b><i></i></b><br>x" * 1000).visible.startswith("x")


ODD = {
    "deep": "<div>" * 4900 + "x",
    "fonts": "<font>" * 400 + "x" + "</font>" * 10 + "<p>x" * 700,
    "closed": "<b><i></i></b><br>x" * 1000,
    "many": "<p>x" * 55_000,
    "attribute": "<td class='" + "x" * 1_000_000 + "'>x",
    "cells": "<table><tr>" + "<td colspan=1000 rowspan=1000>x" * 50_000,
    "rows": "<table>" + "<tr><td colspan=1000 rowspan=1000>x" * 25_000,
    "alerts": "<script>" + 'alert("x"' * 20_000 + "</script>x",
    "functions": "<script>" + "function(){alert('x')" * 20_000 + "</script>x",
    "comments": "<p>x" + "<!--" * 50_000,
    "labels": "<form>" + "<label for=a>x<input id=a>" * 4900,
    "radios": "<form>" + "<input type=radio name=a value=1>x" * 4900,
    "buttons": "<form>" + "<button>x</button>" * 4900,
}
READ_ODD = """
import pathlib, re, time
from tests.pages.test_document import ODD, doc

def most():  # of this process alone: getrusage counts from the one that started it, which may hold a whole suite
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", pathlib.Path("/proc/self/status").read_text())[1])

for name, markup in ODD.items():
    began = time.process_time()
    assert doc(markup).texts, name
    print(name, time.process_time() - began, most() / 1024)
"""


def test_odd_markup_within_the_limits_is_read_in_good_time_and_space() -> None:
    done = subprocess.run(
        [sys.executable, "-c", READ_ODD], cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    for line in done.stdout.splitlines():
        name, seconds, megabytes = line.split()
        assert float(seconds) < 3, name
        assert float(megabytes) < 220, name
    assert len(done.stdout.splitlines()) == len(ODD)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *("<table>", "<tr>", "<td>", "<th rowspan=2>", "</td>", "</tr>", "</table>", "<caption>", "<form>", "</form>"),
                *(
                    "<input name=a>",
                    "<select>",
                    "<option>",
                    "</select>",
                    "<b>",
                    "</b>",
                    "<p>",
                    "</p>",
                    "<div hidden>",
                    "</div>",
                ),
                *(
                    "<script>",
                    "</script>",
                    "alert('x')",
                    "<!--",
                    "-->",
                    "x",
                    "状态",
                    "<a href=x>",
                    "</a>",
                    "<label>",
                    "</label>",
                ),
                *("<button>", "</button>", "<textarea>", "</textarea>", "<svg>", "<td", '"', "<template>", "<html>", "</html>"),
                *("<br>", "<fieldset disabled>", "<frameset>", "<plaintext>", "<title>"),
            ]
        ),
        min_size=1,
        max_size=40,
    )
)
@example(["<td", '"'])
def test_any_soup_of_tags_gives_a_consistent_document(pieces: list[str]) -> None:
    document = doc("x" + "".join(pieces))
    for i, cell in enumerate(document.cells):
        assert cell.spot < cell.end
        assert i in document.tables[cell.table].rows[cell.row]
    for text in document.texts:
        assert text.parent < text.spot
        assert -1 <= text.cell < len(document.cells)
    for form in document.forms:
        assert form.spot <= form.end


@pytest.mark.skipif(not SHARED.is_dir(), reason="the recorded pages are not here")
def test_recorded_pages_have_the_forms_that_people_saw() -> None:
    def forms(name: str) -> list[tuple[str, str, list[tuple[str, str]]]]:
        document = Response("http://127.0.0.1/d/p", 200, "text/html", (SHARED / f"{name}.html").read_bytes()).document
        assert not document.truncated
        return [
            (f.method, f.action, [(c.name, c.captions[0].text if c.captions else "") for c in f.controls if c.kind != "hidden"])
            for f in document.forms
        ]

    assert forms("urp-helper-login-gb2312") == [
        ("post", "http://127.0.0.1/d/query.cgi", [("xh", "学号"), ("mm", "密码"), ("yzm", "验证码"), ("", "查询")])
    ]
    assert forms("sigaa-br-login-jsf")[0] == (
        "post",
        "http://127.0.0.1/sigaa/logar.do?dispatch=logOn",
        [("user.login", "Usuário"), ("user.senha", "Senha"), ("", "Entrar")],
    )
    assert ("post", "http://127.0.0.1/mitbbs_bbsqry.php", [("userid", "查寻网友"), ("", "")]) in forms(
        "mitbbs-meta-gb2312-bytes-utf8"
    )
    assert forms("sh-jzh-myinfo") == [("post", "http://127.0.0.1/d/p", [])]
    assert forms("baidu-gb2312-2010")[0][1] == "http://127.0.0.1/d/s"


@pytest.mark.skipif(not SHARED.is_dir(), reason="the recorded pages are not here")
def test_recorded_status_tables_are_grids() -> None:
    home = Response("http://127.0.0.1/", 200, "", (SHARED / "sh-jzzjf-home.html").read_bytes()).document
    (table,) = (t for t in home.tables if any(home.cells[i].text == "状态" for row in t.rows for i in row))
    shown = [[home.cells[i].text for i in row] for row in table.rows]
    assert shown[1] == ["序号", "用户名", "姓名", "办理类型", "状态", "居住证\n有效期", "积分\n有效期"]
    assert shown[2][2:] == ["例子", "(续办)", "(续办)等待受理", "", ""]
    assert home.cells[table.rows[0][0]].colspan == 7
