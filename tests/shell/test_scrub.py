"""Scrubbing: no known value survives in any spelling, what stands in for it is spelled alike, and the rest stays as it was."""

import base64
import hashlib
import html
import json
import re
import zlib
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tracker.core.model import Reference
from tracker.fetch.saved import Got
from tracker.pages.adapter import Field, Meta
from tracker.pages.charset import decode
from tracker.recordings import secrets
from tracker.recordings.invented import Inventor, is_real_id
from tracker.recordings.layers import RUNS, remains
from tracker.recordings.scrub import PICTURE, Scrubber
from tracker.recordings.secrets import Secret

ID = "310101199001011234"  # its check digit is wrong: nobody's
NAME = "欧阳测"
NUMBER = "SH2026004711"
META = Meta("some", {"en": "Some"})


def page(body: str, charset: str = "utf-8") -> Got:
    text = f"<html><head><meta charset={charset}></head><body>{body}</body></html>"
    return Got(200, f"text/html; charset={charset}", text.encode(charset))


def scrubbed(body: str, **values: str) -> str:
    """A page's text after scrubbing."""
    got = page(body)
    return text_of(scrub(got, **values))


def scrub(got: Got, **values: str) -> Got:
    found = secrets.find([got], Reference(values), META)
    return Scrubber(found.secrets).answer(got, "01.response")


def text_of(got: Got) -> str:
    return decode(got.body, got.content_type)[0]


# --- spellings -------------------------------------------------------------------------------------------------------


def decimal(text: str) -> str:
    return "".join(f"&#{ord(c)};" for c in text)


def hexadecimal(text: str) -> str:
    return "".join(f"&#x{ord(c):04X};" for c in text)


def escaped(text: str) -> str:
    return json.dumps(text)[1:-1]


def all_escaped(text: str) -> str:
    units = text.encode("utf-16-be")
    return "".join(f"\\u{units[n]:02x}{units[n + 1]:02x}" for n in range(0, len(units), 2))


def percent(codec: str, *, upper: bool = True) -> Callable[[str], str]:
    def encode(text: str) -> str:
        whole = "".join(f"%{byte:02x}" for byte in text.encode(codec, "xmlcharrefreplace"))
        return whole.upper() if upper else whole

    return encode


def quoted(codec: str) -> Callable[[str], str]:
    return lambda text: quote(text.encode(codec))


def twice(text: str) -> str:
    return quote(quote(text))


def packed(codec: str, *, web: bool = False) -> Callable[[str], str]:
    def encode(text: str) -> str:
        raw = f'{{"who": "{text}"}}'.encode(codec)
        return (base64.urlsafe_b64encode(raw).rstrip(b"=") if web else base64.b64encode(raw)).decode()

    return encode


def spaced(text: str) -> str:
    return " ".join(text)


def marked_up(text: str) -> str:
    return f"<em>{text[:1]}</em>{text[1:]}"


def wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def script_escaped(text: str) -> str:
    units = {c: c.encode("utf-16-be").hex().upper() for c in text if ord(c) > 127}
    return "".join("".join(f"%u{units[c][n : n + 4]}" for n in range(0, len(units[c]), 4)) if c in units else c for c in text)


def deflated(wbits: int) -> Callable[[str], str]:
    def encode(text: str) -> str:
        squeezer = zlib.compressobj(wbits=wbits)
        raw = squeezer.compress(json.dumps({"no": text}).encode()) + squeezer.flush()
        return base64.b64encode(raw).decode()

    return encode


def digest(algorithm: str) -> Callable[[str], str]:
    return lambda text: hashlib.new(algorithm, text.encode(), usedforsecurity=False).hexdigest()


def joined(text: str) -> str:
    return f"{text[:1]}' + '{text[1:]}"


def boxed(text: str) -> str:
    return "</td>\n            <td class='box box-of-one-character' style='border: 1px solid #cccccc; width: 20px'>".join(text)


SPELLINGS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "decimal entities": decimal,
    "hexadecimal entities": hexadecimal,
    "JSON escapes": escaped,
    "JSON escapes of all": all_escaped,
    "UTF-8, percent, upper": percent("utf-8"),
    "UTF-8, percent, lower": percent("utf-8", upper=False),
    "UTF-8, percent where needed": quoted("utf-8"),
    "GBK, percent": percent("gb18030"),
    "GBK, percent where needed": quoted("gb18030"),
    "percent twice": twice,
    "script's own escape": script_escaped,
    "Base64": packed("utf-8"),
    "Base64 of GBK": packed("gb18030"),
    "Base64 of UTF-16": packed("utf-16-le"),
    "Base64 for addresses": packed("utf-8", web=True),
    "spaces between": spaced,
    "markup between": marked_up,
    "full width": wide,
    "lower case": str.lower,
    "entities of entities": lambda text: html.escape(decimal(text)),
    "entities in Base64": lambda text: packed("utf-8")(decimal(text)),
    "escapes in Base64, in an address": lambda text: quote(packed("utf-8")(escaped(text)), safe=""),
    "hexadecimal bytes": lambda text: text.encode().hex(),
    "hexadecimal bytes of GBK": lambda text: text.encode("gb18030").hex().upper(),
    "numbers of characters": lambda text: ",".join(str(ord(c)) for c in f"<{text}>"),
    "octal escapes": lambda text: "".join(f"\\{ord(c):03o}" if ord(c) < 256 else c for c in text),
    "gzip in Base64": deflated(31),
    "zlib in Base64": deflated(15),
    "deflate in Base64": deflated(-15),
    "a cell for each character": boxed,
    "comments between": "<!-- -->".join,
    "joined by a script": joined,
    "MD5": digest("md5"),
    "the middle of an MD5": lambda text: digest("md5")(text)[8:24].upper(),
    "SHA-1": digest("sha1"),
    "SHA-256": digest("sha256"),
    "Base64 in Base64": lambda text: packed("utf-8")(packed("utf-8")(text)),
}
spellings = pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)


@spellings
@pytest.mark.parametrize("value", [ID, NAME, NUMBER, "㐀䶮", "𠮷野", "E12345678", "me@example.org", "O'Neil & Sons"])
def test_no_spelling_of_a_known_value_survives(spelling: Callable[[str], str], value: str) -> None:
    text = f'<p>甲 "{spelling(value)}" 乙</p>'
    assert remains(text, [value])  # the test sees it
    after = scrubbed(text, 受理编号=value)
    assert remains(after, [value]) == []
    assert after.startswith("<html")
    assert '甲 "' in after
    assert '" 乙' in after


@pytest.mark.parametrize("signs", ["/", "_", ".", ":", "）第", "-"])
def test_a_number_with_other_signs_between_its_parts_is_found(signs: str) -> None:
    after = scrubbed(f"<p>“{NUMBER[:6]}{signs}{NUMBER[6:]}”</p>", 受理编号=NUMBER)
    assert NUMBER[6:] not in after


@pytest.mark.parametrize("shown", ["ZHANG, SAN", "Zhang San", "SAN ZHANG", "zhangsan", "San,Zhang"])
def test_a_latin_name_is_found_whichever_end_the_family_name_stands_at(shown: str) -> None:
    after = scrubbed(f"<p>“{shown}”</p>", 姓名="ZHANG SAN").casefold()
    assert "zhang" not in after
    assert "san" not in after


def test_a_value_behind_thousands_of_other_tokens_is_found() -> None:
    tokens = "".join(f"<p>{base64.b64encode(hashlib.sha256(b'%d' % n).digest()).decode()}</p>" for n in range(3000))
    own = packed("utf-8")(ID)
    assert own not in scrubbed(f"{tokens}<p>{own}</p>", 证件号码=ID)


def test_a_value_behind_long_lists_and_much_text_is_found() -> None:
    rows = "".join(f"<tr><td>SH2026{n:06d}</td><td>尉{chr(0x5000 + n)}</td><td>审核中</td></tr>\n" for n in range(300))
    words = "".join(f"<p class='row item'>第{n}条 说明 longword{n} href=/static/page{n}.html</p>\n" for n in range(1500))
    body = f"<table><tr><th>受理编号</th><th>姓名</th><th>状态</th></tr>{rows}</table>{words}<p>{decimal(NAME)}</p>"
    after = scrubbed(body, 受理编号=NUMBER, 姓名=NAME)
    assert remains(body, [NAME])
    assert remains(after, [NAME]) == []


@pytest.mark.parametrize(
    "body",
    [f"<img src='/p/{deflated(15)(NUMBER)}.jpg'>", f"<input value='{NAME[:1]}' + '{NAME[1:]}'>"],
    ids=["deflated in a path", "joined in a tag"],
)
def test_a_spelling_of_a_script_is_found_in_markup_too(body: str) -> None:
    assert remains(body, [NAME, NUMBER])
    assert body not in scrubbed(body, 受理编号=NUMBER, 姓名=NAME)


names = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=4)
codes = st.from_regex(r"[A-Z]{0,3}[0-9]{6,15}[A-Z]?", fullmatch=True)
numbers = st.from_regex(r"[1-9][0-9]{16}[0-9X]", fullmatch=True)


# A script joins text that is spelled already; its quotes and plus are never spelled anew.
ways = st.lists(st.sampled_from(list(SPELLINGS.values())), min_size=1, max_size=2).filter(lambda how: joined not in how[:-1])


@given(value=st.one_of(names, codes, numbers), how=ways)
@example(value="Z0000000", how=[packed("utf-8")])
@example(value=NAME, how=[spaced, boxed])
@settings(max_examples=100, deadline=None)
def test_whatever_the_value_and_its_spellings_nothing_of_it_is_left(value: str, how: list[Callable[[str], str]]) -> None:
    spelled = value
    for spell in how:
        spelled = spell(spelled)
    inventor = Inventor([value])
    stand_in = inventor.stand_in(value)
    after = Scrubber([Secret(value, stand_in, "reference")]).text(f"甲='{spelled}';")
    assert remains(after, [value]) == []
    assert (after.startswith("甲='"), after.endswith("';")) == (True, True)


@given(st.one_of(names, codes, numbers), st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_a_text_without_the_value_stays_as_it_is(value: str, text: str) -> None:
    if not remains(text, [value]) and not re.search(r"[*＊●•×]|xxx", text, re.IGNORECASE):
        assert Scrubber([Secret(value, Inventor([value]).stand_in(value), "reference")]).text(text) == text


@pytest.mark.parametrize(
    ("spelling", "expected"),
    [
        (decimal, "&#27979;&#35797;&#30002;"),
        (escaped, "\\u6d4b\\u8bd5\\u7532"),
        (percent("utf-8", upper=False), "%e6%b5%8b%e8%af%95%e7%94%b2"),
        (percent("gb18030"), "%B2%E2%CA%D4%BC%D7"),
        (spaced, "测 试 甲"),
        (marked_up, "<em>测</em>试甲"),
    ],
)
def test_a_stand_in_is_spelled_as_the_value_was(spelling: Callable[[str], str], expected: str) -> None:
    assert expected in scrubbed(f"<p>“{spelling(NAME)}”</p>", 姓名=NAME)


@pytest.mark.parametrize("spelling", [packed("utf-8"), packed("gb18030"), packed("utf-8", web=True)])
def test_base64_stays_base64(spelling: Callable[[str], str]) -> None:
    after = scrubbed(f"<p>“{spelling(NAME)}”</p>", 姓名=NAME)
    assert f"“{spelling('测试甲')}”" in after


@pytest.mark.parametrize(("charset", "name"), [("gb18030", "欧阳测"), ("utf-8", "欧阳测"), ("big5", "歐陽測")])
def test_a_page_stays_in_its_charset(charset: str, name: str) -> None:
    words = "姓名：" + name + "。本網站提供查詢服務，請輸入受理編號。" if charset == "big5" else f"姓名：{name}"
    text = scrub(page(f"<p>{words}</p>", charset), 姓名=name).body.decode(charset)
    assert name not in text
    assert f"charset={charset}" in text
    assert "姓名：" in text


# --- masks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "shown", "expected"),
    [
        (ID, "310101********1234", "110101********0011"),
        (ID, "3101**************", "1101**************"),
        (ID, "**************1234", "**************0011"),
        (NAME, "欧**", "测**"),
        (NAME, "欧*测", "测*甲"),
        (NAME, "**测", "**甲"),
        (NUMBER, "SH2026****11", "SH9000****01"),
    ],
)
def test_a_masked_form_is_replaced_by_that_of_the_stand_in(value: str, shown: str, expected: str) -> None:
    assert f"“{expected}”" in scrubbed(f"<p>“{shown}”</p>", 受理编号=value)


def test_stars_that_mask_something_else_stay() -> None:
    text = "<p>评分 3** 必填* 5*6 注*</p>"
    assert text in scrubbed(text, 证件号码=ID)


# --- what nobody told us ---------------------------------------------------------------------------------------------


def table(*cells: tuple[str, str]) -> str:
    return "<table>" + "".join(f"<tr><th>{a}</th><td>{b}</td></tr>" for a, b in cells) + "</table>"


def test_what_stands_beside_personal_captions_is_replaced_everywhere() -> None:
    after = scrubbed(
        table(("申请人", "尉迟恭"), ("联系地址", "某路12号"), ("状态", "审核中")) + "<p>尉迟恭，您好</p>", 受理编号=NUMBER
    )
    assert "尉迟恭" not in after
    assert "某路12号" not in after
    assert "审核中" in after


def test_numbers_of_people_phones_and_mail_are_replaced_wherever_they_stand() -> None:
    body = f"<script>var u='{ID}';</script><p>138-1234 5678，{NAME}@qq.com x.y@mail.example 021-12345678</p>"
    after = scrubbed(body)
    assert not [gone for gone in (ID, "138-1234 5678", "x.y@mail.example") if gone in after]
    assert "021-12345678" in after
    found = secrets.find([page(body + body)], Reference({}), META).secrets
    assert sorted(secret.kind for secret in found) == ["mail", "number", "phone"]
    assert not re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", after)


def test_other_records_of_a_list_lose_their_numbers_and_names() -> None:
    head = "<tr><th>受理编号</th><th>姓名</th><th>状态</th></tr>"
    rows = "".join(
        f"<tr><td>{n}</td><td>{who}</td><td>{s}</td></tr>"
        for n, who, s in [(NUMBER, NAME, "审核中"), ("SH2026009999", "尉迟恭", "已受理"), ("SH2026008888", "尉**", "已受理")]
    )
    after = scrubbed(f"<table>{head}{rows}</table>", 受理编号=NUMBER)
    assert not [gone for gone in (NUMBER, "SH2026009999", "SH2026008888", NAME, "尉") if gone in after]
    assert after.count("已受理") == 2


def test_a_long_list_of_people_is_replaced_whole() -> None:
    people = {f"SH2026{n:06d}": f"尉{chr(0x5000 + n)}" for n in range(300)}
    rows = "".join(f"<tr><td>{number}</td><td>{who}</td><td>审核中</td></tr>" for number, who in people.items())
    after = scrubbed(f"<table><tr><th>受理编号</th><th>姓名</th><th>状态</th></tr>{rows}</table>", 受理编号="SH2026000007")
    assert not [gone for pair in people.items() for gone in pair if gone in after]
    assert len(set(re.findall(r"<td>([^<]*)</td>", after))) == 601


def test_the_same_value_gets_the_same_stand_in_in_every_answer() -> None:
    first, second = page(f"<p>{NUMBER}</p>"), page(f"<a href='/x?no={NUMBER}'>1</a>")
    found = secrets.find([first, second], Reference({"受理编号": NUMBER}), META)
    scrubber = Scrubber(found.secrets)
    (stand_in,) = [s.stand_in for s in found.secrets]
    assert all(stand_in in text_of(scrubber.answer(got, "x")) for got in (first, second))
    assert scrubber.counts[NUMBER] == {"x": 2}


TOKEN = "9f86d081884c7d65"


@pytest.mark.parametrize(
    "body",
    [
        f"<form><input type=hidden name=csrf_token value={TOKEN}></form>",
        f"<form><input type=hidden name=__VIEWSTATE value='/wEPDwUK{TOKEN}ZGQ='></form>",
        f"<form><input type=hidden name=x1 value={TOKEN}></form>",
        f"<a href='/q.do;jsessionid={TOKEN}?a=1'>1</a>",
        f"<a href='/q.do?sid={TOKEN}&amp;b=1'>1</a>",
        f"<a href='/(S({TOKEN}))/q.aspx'>1</a>",
        f"<script>var csrfToken = '{TOKEN}';</script>",
        f"<meta name=csrf-token content='{TOKEN}'>",
        f"<meta content='{TOKEN}' name='_csrf'>".replace("_csrf", "x-csrf"),
    ],
)
def test_tokens_and_sessions_are_replaced_by_others_of_the_same_shape(body: str) -> None:
    after = scrubbed(body)
    assert TOKEN not in after
    assert len(after) == len(page(body).body.decode())


def test_a_cookie_keeps_its_name_and_place_and_never_runs_out() -> None:
    cookie = f"JSESSIONID={TOKEN}; Path=/a; Expires=Thu, 26 Nov 2026 09:00:00 GMT; Max-Age=5; HttpOnly; Secure"
    (after,) = scrub(replace(page("<p>甲</p>"), set_cookie=(cookie,))).set_cookie
    assert re.fullmatch(r"JSESSIONID=[0-9a-f]{16}; Path=/a; Secure", after)
    assert TOKEN not in after


def test_a_redirect_loses_its_session_and_its_values() -> None:
    got = scrub(Got(302, "", b"", (), f"/a;jsessionid={TOKEN}?no={NUMBER}"), 受理编号=NUMBER)
    assert TOKEN not in got.location
    assert NUMBER not in got.location


def test_a_picture_becomes_a_point() -> None:
    assert scrub(Got(200, "image/jpeg", b"\xff\xd8a face")).body == PICTURE


def test_an_answer_in_json_loses_what_stands_at_personal_keys() -> None:
    tree = {"data": {"xm": NAME, "sfzh": ID, "zt": "审核中", "accessToken": TOKEN, "lxdh": 13812345678}}
    got = Got(200, "application/json", json.dumps(tree).encode())
    after = json.loads(scrub(got).body)["data"]
    assert after["zt"] == "审核中"
    assert not {NAME, ID, TOKEN, 13812345678} & set(after.values())
    assert isinstance(after["lxdh"], int)


def test_a_word_under_a_tokens_name_is_a_word() -> None:
    tree = {"state": "processing", "sessionState": "expired", "tokenType": "Bearer", "token": TOKEN}
    after = json.loads(scrub(Got(200, "application/json", json.dumps(tree).encode())).body)
    assert {key: after[key] for key in ("state", "sessionState", "tokenType")} == {
        "state": "processing",
        "sessionState": "expired",
        "tokenType": "Bearer",
    }
    assert after["token"] != TOKEN


def test_no_stand_in_holds_the_name_of_anybody_on_the_page() -> None:
    after = scrubbed(table(("姓名", "测试"), ("联系人", "样例甲"), ("申请人", NAME)), 姓名=NAME)
    assert remains(after, ["测试", "样例甲", NAME]) == []


# --- what stays ------------------------------------------------------------------------------------------------------


def test_a_choice_of_the_page_stays_though_it_was_given() -> None:
    form = "<form><select name=t><option value=01>居民身份证</option></select><input name=a></form>"
    found = secrets.find([page(form)], Reference({"证件类型": "居民身份证", "姓名": NAME, "年": "2026"}), META)
    assert dict(found.kept) == {"证件类型": "居民身份证", "年": "2026"}
    assert [s.value for s in found.secrets] == [NAME]


def test_captions_and_sentences_beside_a_personal_caption_stay() -> None:
    text = table(("姓名", "证件号码"), ("证件类型", "居民身份证"), ("电话", "请在工作日拨打。谢谢！"))
    assert text in scrubbed(text)


# --- stand-ins -------------------------------------------------------------------------------------------------------


@given(st.one_of(names, codes, numbers, st.emails(), st.dates().map(str), st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)))
@settings(deadline=None)
def test_a_stand_in_has_the_length_of_the_value_and_is_nobodys(value: str) -> None:
    made = Inventor([value]).stand_in(value)
    assert (len(made), made != value) == (len(value), True)
    assert not (re.fullmatch(r"\d{17}[\dX]", made) and is_real_id(made))
    assert not re.fullmatch(r"1[3-9]\d{9}", made)
    assert Inventor([value]).stand_in(value) == made


def test_a_stand_in_keeps_to_the_pattern_that_the_adapter_demands() -> None:
    meta = Meta("some", {"en": "Some"}, reference=(Field("受理编号", pattern=r"SH20\d{8}"),))
    found = secrets.find([], Reference({"受理编号": NUMBER}), meta)
    assert re.fullmatch(r"SH20\d{8}", found.secrets[0].stand_in)


def test_a_number_that_keeps_its_head_for_the_pattern_is_nobodys_either() -> None:
    meta = Meta("some", {"en": "Some"}, reference=(Field("证件号码", pattern=r"31010119\d{10}"),))
    for n in range(30):
        (secret,) = secrets.find([], Reference({"证件号码": f"3101011990{n:02d}01123X"[:17] + "4"}), meta).secrets
        assert re.fullmatch(r"31010119\d{10}", secret.stand_in)
        assert not is_real_id(secret.stand_in)


# The patterns of what may be text between other bytes, as one would write them if they had no haste.
PLAINLY = {
    "utf-8": rb"(?:[ -~\t\r\n]|[\xc2-\xf4][\x80-\xbf]{1,3}){6,}|(?:[\xe3-\xe9][\x80-\xbf]{2}){2,}",
    "gb18030": rb"(?:[ -~\t\r\n]|[\x81-\xfe][@-\xfe]|[\x81-\xfe][0-9][\x81-\xfe][0-9]){8,}|(?:[\xb0-\xf7][\xa1-\xfe]){2,}",
    "utf-16-le": rb"(?s:(?:[ -~]\0|.[\x34-\x9f\xd8-\xdf]){6,}|(?:.[\x4e-\x9f]){3,})",
}
mixed = st.lists(
    st.one_of(
        st.binary(max_size=6),
        st.text(alphabet="测试甲ab12 é😀\n一龥", max_size=9).flatmap(
            lambda text: st.sampled_from([text.encode(codec, "ignore") for codec in PLAINLY])
        ),
        st.sampled_from([b"\x7f", b"\x80", b"\xff", b"\0", b"\xc2\x80", b"\x819\x819", b"\x4e"]),
    ),
    max_size=12,
).map(b"".join)


@given(mixed)
@settings(max_examples=300)
def test_the_fast_look_between_other_bytes_finds_all_that_a_plain_one_does(raw: bytes) -> None:
    for codec, plain in PLAINLY.items():
        assert RUNS[codec].findall(raw) == re.findall(plain, raw), codec


def test_a_large_page_that_was_looked_at_before_is_looked_at_as_if_it_were_new() -> None:
    hidden = base64.b64encode(NAME.encode()).decode()
    filler = "".join(f"<p>word{n} longerword{n}</p>" for n in range(6000))
    for body in (filler, f"{filler}{hidden}", filler, f"{hidden}{filler}", f"{filler}{NAME}"):
        assert bool(remains(body, [NAME])) == (body != filler)
        assert remains(body, [NUMBER]) == []
