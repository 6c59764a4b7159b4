"""A masked page keeps its mark-up and the words that all such pages use; nothing of a person is left."""

import base64
import json
import re
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pages.made import NUMBER, PERSON
from tracker.pages.contract import Response
from tracker.pages.masking import LONGEST, masked_page, masked_words, public_words

NAME, MOBILE, STREET = "测试甲乙", "13900001234", "某路九弄"
SECRETS = (NAME, NUMBER, PERSON, MOBILE, STREET, "Test Person")
KNOWN = (NUMBER, PERSON, NAME)


def page(html: str, charset: str = "utf-8", content_type: str = "text/html") -> Response:
    return Response("http://127.0.0.1/q", 200, f"{content_type}; charset={charset}", html.encode(charset))


def forms(secret: str) -> set[str]:
    """A secret as it may stand on a page."""
    return {
        secret,
        "".join(f"&#{ord(c)};" for c in secret),
        "".join(f"&#x{ord(c):X};" for c in secret),
        json.dumps(secret)[1:-1],
        quote(secret),
        quote(secret.encode("gb18030")),
        base64.b64encode(secret.encode()).decode(),
        base64.b64encode(secret.encode("gb18030")).decode(),
        secret.encode().hex(),
        secret[::-1],
    }


def remains(text: str) -> list[str]:
    return [form for secret in SECRETS for form in forms(secret) if form in text]


def places(form: str) -> str:
    """A page that has something in every place where something can stand."""
    return f"""<html lang="{form}"><head><title>{form}</title><meta name="{form}" content="{form}"><base href="/{form}/">
<style>.a{{content:"{form}"}}</style><script>var user = "{form}"; /* {form} */</script></head>
<body onload="f('{form}')" class="{form}" id="{form}" data-x="{form}"><!-- {form} --><a href="/x?q={form}">{form}</a>
<img src="/{form}.png" alt="{form}" title="{form}"><form action="/{form}" method="{form}" name="{form}">
<input type="text" name="{form}" value="{form}" placeholder="{form}"><input type="{form}" colspan="{form}">
<select name="a"><option value="{form}">{form}</option></select><textarea>{form}</textarea></form>
<table><tr><td>姓名</td><td>{form}</td></tr><tr><td>{form}</td><td rowspan="{form}">审核中 {form}</td></tr></table>
<noscript>{form}</noscript><svg><text>{form}</text><!-- {form} --></svg><{form}>{form}</{form}>
<![CDATA[{form}]]><?pi {form}?></body></html>"""


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
@pytest.mark.parametrize("secret", SECRETS)
def test_nothing_of_a_person_is_left_wherever_and_however_it_stood(secret: str, charset: str) -> None:
    for form in forms(secret):
        shown = masked_page(page(places(form), charset), KNOWN)
        assert remains(shown) == [], form
        assert not re.search(r"\d{4,}", shown)
        assert "姓名" in shown
        assert "审核中" in shown


def test_what_a_reader_of_a_bug_report_needs_is_left() -> None:
    html = (
        f"<table><tr><td class=t1>受理编号：</td><td>{NUMBER}</td></tr>"
        "<tr><th colspan=2>当前状态</th><td>审核中</td></tr></table>"
        f"<p>未查询到相关记录，{NAME}</p><form method=post action='/q?x=1'>"
        f"<input type=text name=sh_no readonly value='{NUMBER}'></form>"
        "<p>Status: pending</p><!-- x --></p></br><script>alert(1)</script>"
    )
    assert masked_page(page(html), KNOWN) == (
        "<table><tr><td>受理编号：</td><td>xx##########</td></tr>"
        '<tr><th colspan="2">当前状态</th><td>审核中</td></tr></table>'
        "<p>未查询到相关记录，□□□□</p>"
        '<form method="post" action="(6)"><input type="text" name="sh_no" readonly value="(12)"></form>'
        "<p>Status: pending</p><!-- (3 characters) --></p><script>(8 characters)</script>"
    )


def test_an_answer_in_json_keeps_its_keys_and_masks_its_values() -> None:
    value = {
        "code": 0,
        "ok": True,
        "none": None,
        "data": [{"statusName": "审核中", "xm": NAME, "状态": "办结", NAME: 1, PERSON: 2, "Test Person": 3}] * 30,
    }
    shown = masked_page(page(json.dumps(value), content_type="application/json"), KNOWN)
    assert remains(shown) == []
    first = json.loads(shown)["data"][0]
    assert first["statusName"] == "审核中"
    assert first["状态"] == "办结"
    assert first["xm"] == "□□□□"
    assert len(first) == 6, "no key is lost"
    assert len(json.loads(shown)["data"]) == 20
    assert (json.loads(shown)["code"], json.loads(shown)["ok"], json.loads(shown)["none"]) == ("#", True, None)


def test_broken_json_is_masked_as_a_text() -> None:
    shown = masked_page(page('{"name": "' + NAME + '", '), KNOWN)
    assert (NAME in shown, shown[:2]) == (False, '{"')


def test_a_value_that_looks_like_an_ordinary_word_is_masked_where_it_is_known() -> None:
    assert masked_words("审核中", ["审核中", ""]) == "□□□"
    assert masked_words("审核中") == "审核中"
    assert masked_page(page("<input name=Zhangsan type=text>"), ["zhangsan"]) == '<input name="xxxxxxxx" type="text">'


def test_captions_of_the_pages_shape_are_left() -> None:
    html = f"<p>流转情况：{NAME}</p><p>流转情况</p><p>流转: x</p><td>别的</td>"
    shown = "<p>流转情况：□□□□</p><p>流转情况</p><p>□□: x</p><td>□□</td>"
    assert masked_page(page(html), KNOWN, ["流转情况"]) == shown


def test_a_huge_page_is_cut() -> None:
    assert len(masked_page(page("<p>x</p>" * 100_000))) <= LONGEST


@given(st.text(max_size=200))
def test_no_digit_and_no_unknown_word_is_left_of_any_text(text: str) -> None:
    shown = masked_words(text)
    assert not any(c.isdigit() for c in shown)
    assert len(shown) == len(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("已转交测试甲处理", "已转交□□□处理"),
        ("已轉交測試甲處理", "已轉交□□□處理"),
        ("已转交测 试 甲处理", "已转交□ □ □处理"),
        ("测*甲的材料", "□*□的材料"),
        ("测**的材料", "□**的材料"),
        ("编号sh2026-000123已受理", "编号xx####-######已受理"),
        ("ＳＨ２０２６０００１２３号", "□□##########号"),
        ("处理人：test person", "处理人：xxxx xxxxxx"),
        ("Forwarded to Test  Person", "Forwarded to xxxx xxxxxx"),
        ("2026年3月转交", "####年#月转交"),
        ("审核", "审核"),
        ("李小明", "□□□"),
    ],
)
def test_a_known_value_is_found_inside_other_words_however_it_is_written(text: str, shown: str) -> None:
    assert public_words(text, ("测试甲", NUMBER, "Test Person")) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("待李小明审核", "待□□□审核"),
        ("由王芳经办", "由□□经办"),
        ("已由张伟同志签收", "已□□□同志签收"),
        ("您好，李雷，您的申请正在审核", "您好，□□，您的申请正在审核"),
        ("欧阳小明先生，您的申请已受理", "□□□□先生，您的申请已受理"),
        ("请于3日内补正", "请于#日内补正"),
        ("市级会审中", "市级会审中"),
        ("已转交市局联审", "已转交市局联审"),
        ("提交材料", "提交材料"),
        ("请申请人于3日内到窗口", "请申请人于#日内到窗口"),
    ],
)
def test_whom_a_sentence_names_is_hidden_though_nobody_knows_the_name(text: str, shown: str) -> None:
    assert public_words(text) == shown


@pytest.mark.parametrize("value", ["", "甲", "12", "*"])
def test_a_value_that_is_too_short_to_find_anybody_hides_nothing(value: str) -> None:
    assert public_words("已受理，共甲级第四号", (value,)) == "已受理，共甲级第四号"


@given(st.text(alphabet="已转交处理审核的，", max_size=8), st.text(alphabet="已转交处理审核的，", max_size=8))
def test_no_known_name_is_left_wherever_it_stands(before: str, after: str) -> None:
    for name in (NAME, NUMBER, "Test Person"):
        assert name not in public_words(f"{before}{name}{after}", (name,))


def test_a_caption_of_the_page_with_a_known_name_in_it_is_shown_without_it() -> None:
    shown = masked_page(page(f"<p>{NAME}的办件情况：{STREET}</p>"), KNOWN, [f"{NAME}的办件情况"])
    assert shown == "<p>□□□□的办件情况：□□#□</p>"
