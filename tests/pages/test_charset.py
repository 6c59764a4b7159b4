"""Right text from wrong labels: what the bytes are counts more than what was claimed."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.pages.charset import codec_label, codec_of, decode

SHARED = Path(__file__).resolve().parents[3] / "shared" / "pages"

CODECS = {"gb18030": "gb18030", "big5": "big5", "shift_jis": "cp932", "euc-kr": "cp949", "utf-8": "utf-8"}
CHINESE = "<title>办理进度查询</title><table><tr><td>当前状态</td><td>等待受理，请耐心等候</td></tr></table>"
TAIWANESE = "<body><table><tr><td>案件編號</td><td>A1</td></tr><tr><td>目前狀態</td><td>審核中，請等候通知</td></tr></table>"
JAPANESE = "<p>申請の状況を確認してください。現在審査中です。</p>"
KOREAN = "<p>신청 현황 조회 결과입니다. 처리 상태: 심사중</p>"
LABELS = ("", "utf-8", "gb2312", "GBK", "GB18030", "big5", "ISO-8859-1", "shift_jis", "nonsense")


def meta(label: str) -> bytes:
    return f'<meta http-equiv="Content-Type" content="text/html; charset={label}">'.encode() if label else b""


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize(
    ("text", "charset"),
    [
        (CHINESE, "gb18030"),
        (CHINESE, "utf-8"),
        (TAIWANESE, "big5"),
        (TAIWANESE, "utf-8"),
        (JAPANESE, "shift_jis"),
        (KOREAN, "euc-kr"),
        ("查无此人", "gb18030"),
        ("系统维护中", "gb18030"),
        ("查無資料", "big5"),
    ],
)
def test_the_text_is_right_whatever_header_or_meta_claim(text: str, charset: str, label: str) -> None:
    body = text.encode(CODECS[charset])
    assert decode(body, f"text/html;charset={label}") == (text, charset)
    assert decode(meta(label) + body, "text/html") == (meta(label).decode() + text, charset)


@pytest.mark.parametrize("label", ["gb2312", "gbk", "gb_2312-80", "gb18030", "x-gbk", "cp936", "GB2312", "euc-cn"])
def test_every_gb_label_takes_the_whole_of_gb18030(label: str) -> None:
    name = "姓名：杨镕、赵喆、黄䶮、吴𬭚，状态：已受理"
    assert decode(name.encode("gb18030"), f"text/html; charset={label}") == (name, "gb18030")


@pytest.mark.parametrize(
    "content_type",
    ["text/html;charset=GB18030", "text/html; charset=gb2312", 'text/html; charset="gbk"', "text/html;CHARSET = 'GBK'"],
)
def test_a_header_is_read_with_and_without_spaces_and_quotes(content_type: str) -> None:
    assert decode(b"plain ascii", content_type) == ("plain ascii", "gb18030")


def test_a_plain_ascii_page_has_the_charset_that_it_claims_since_its_form_is_sent_in_it() -> None:
    assert decode(b'<meta charset="gb2312"><form>')[1] == "gb18030"
    assert decode(b'<?xml version="1.0" encoding="big5"?><html>')[1] == "big5"
    assert decode(b"<form>")[1] == "utf-8"


def test_a_servlets_default_in_the_header_is_no_claim_and_leaves_the_word_to_meta() -> None:
    body = b'<meta charset="gb2312"><form>'
    assert decode(body, "text/html;charset=ISO-8859-1")[1] == "gb18030"
    assert decode(b"<form>", "text/html;charset=US-ASCII")[1] == "utf-8"


def test_a_claim_inside_a_comment_or_far_down_is_none() -> None:
    assert decode(b'<!-- <meta charset="big5"> --><form>')[1] == "utf-8"
    assert decode(b'<form><!-- <meta charset="big5">')[1] == "utf-8"
    assert decode(b" " * 5000 + b'<meta charset="big5">')[1] == "utf-8"
    assert decode(b'<meta name="viewport" content="x"><meta charset="big5">')[1] == "big5"


def test_a_byte_order_mark_comes_first() -> None:
    assert decode(b"\xef\xbb\xbf" + CHINESE.encode(), "text/html;charset=gbk") == (CHINESE, "utf-8")
    assert decode(b"\xff\xfe" + CHINESE.encode("utf-16-le")) == (CHINESE, "utf-16le")
    assert decode(b"\xfe\xff" + CHINESE.encode("utf-16-be")) == (CHINESE, "utf-16be")


@pytest.mark.parametrize("content_type", ["text/html", "text/html;charset=gbk", "text/html;charset=utf-8"])
def test_the_chinese_words_that_happen_to_be_utf8_are_chinese_all_the_same(content_type: str) -> None:
    body = "<td>状态</td>".encode("gbk")
    assert body.decode("utf-8")
    assert decode(body, content_type) == ("<td>状态</td>", "gb18030")
    assert decode("<td>Prénom, Größe</td>".encode(), content_type)[1] == "utf-8"
    assert decode("<td>Заявление</td>".encode(), content_type)[1] == "utf-8"
    assert decode("é".encode() + b"\xc3", content_type) == ("é", "utf-8")


@pytest.mark.parametrize("lost", [1, 2])
def test_a_utf8_page_cut_in_its_last_character_is_still_utf8(lost: int) -> None:
    assert decode("当前状态：已受".encode()[:-lost], "text/html;charset=gbk") == ("当前状态：已", "utf-8")


@pytest.mark.parametrize("charset", ["gb18030", "big5"])
def test_a_page_cut_in_its_last_character_keeps_its_charset(charset: str) -> None:
    text = {"gb18030": "当前状态：已受理", "big5": "目前狀態：已受理"}[charset]
    assert decode(text.encode(charset)[:-1], f"text/html;charset={charset}") == (text[:-1], charset)


def test_half_a_chinese_character_after_plain_ascii_is_not_taken_for_utf8() -> None:
    assert decode("<td>状".encode("gb18030")[:-1], "text/html;charset=gbk") == ("<td>", "gb18030")


def test_a_claim_with_a_broken_byte_still_wins_over_nonsense_that_happens_to_fit() -> None:
    body = CHINESE.encode() + b"\xe5\xbd<b>" + CHINESE.encode()
    text, charset = decode(body, "text/html;charset=utf-8")
    assert charset == "utf-8"
    assert text.count("等待受理") == 2
    body = CHINESE.encode("gb18030") + b"\xff" + CHINESE.encode("gb18030")
    assert decode(body, "text/html;charset=gbk")[1] == "gb18030"
    assert decode(body)[1] == "gb18030"


@pytest.mark.parametrize("text", ["Usuário: situação não disponível", "Ihr Antrag ist geprüft. Grüße aus Köln"])
def test_lone_letters_with_accents_are_western(text: str) -> None:
    assert decode(text.encode("cp1252"), "text/html") == (text, "windows-1252")
    assert decode(b'<meta charset="iso-8859-1">' + text.encode("cp1252"))[1] == "windows-1252"


def test_a_claim_nobody_has_a_table_for_is_believed_when_it_fits() -> None:
    text = "Заявление рассматривается, ожидайте ответа"
    assert decode(text.encode("cp1251"), "text/html;charset=windows-1251") == (text, "windows-1251")


@given(st.binary(max_size=200), st.sampled_from(["text/html", "text/html;charset=gbk", "text/html;charset=utf-8"]))
def test_any_bytes_become_some_text(body: bytes, content_type: str) -> None:
    text, charset = decode(body, content_type)
    assert isinstance(text, str)
    assert codec_of(charset)


def test_labels_are_known_by_many_names() -> None:
    assert codec_label(" 'GB_2312-80' ") == "gb18030"
    assert codec_label("x-sjis") == "shift_jis"
    assert codec_label("rot13") == ""
    assert codec_of("big5") == "big5hkscs"
    assert codec_of("gbk") == "gb18030"
    assert codec_of("nonsense") == "utf-8"


@pytest.mark.skipif(not SHARED.is_dir(), reason="the recorded pages are not here")
@pytest.mark.parametrize(
    ("name", "charset", "words"),
    [
        ("baidu-gb2312-2010", "gb18030", "百度一下"),
        ("big5-no-declaration", "big5", ""),
        ("mitbbs-meta-gb2312-bytes-utf8", "utf-8", "未名空间"),
        ("sh-jzh-myinfo", "utf-8", "受理通过"),
        ("sh-jzzjf-home", "utf-8", "等待受理"),
        ("urp-helper-login-gb2312", "gb18030", "验证码"),
        ("sigaa-br-login-jsf", "utf-8", "Usuário"),
    ],
)
def test_recorded_pages_decode(name: str, charset: str, words: str) -> None:
    text, found = decode((SHARED / f"{name}.html").read_bytes(), "text/html")
    assert found == charset
    assert words in text
    assert "\ufffd" not in text
