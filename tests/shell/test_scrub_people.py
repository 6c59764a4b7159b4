"""Scrubbing what nobody told us: people in markup, scripts, greetings and lists, and the known ones wherever they stand."""

import base64
import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

import pytest

from tests.shell.test_scrub import ID, META, NAME, NUMBER, TOKEN, page, scrub, scrubbed, table, text_of
from tracker.core.model import Reference
from tracker.fetch.saved import Got
from tracker.recordings import secrets
from tracker.recordings.invented import Inventor
from tracker.recordings.scrub import PICTURE, without_pictures

OTHER = "尉迟恭"
PASSPORT = "E12345678"


# --- known values, wherever they stand -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        f"<p>{NAME}：您的申请正在审核</p>",
        f"<form><select name=who><option>{NAME}</option></select></form>",
        f"<form><input type=submit value={NAME}></form>",
        f"<form><input type=radio name=who value={NAME}>{NAME}</form>",
    ],
    ids=["before a colon", "choice", "button", "radio"],
)
def test_a_persons_name_is_no_word_of_the_page(body: str) -> None:
    assert NAME not in scrubbed(body, 姓名=NAME)


def test_a_number_that_the_page_offers_is_replaced_too() -> None:
    assert ID not in scrubbed(f"<form><select name=who><option value={ID}>本人</option></select></form>", 证件号码=ID)


def test_whom_else_the_person_may_ask_for_is_replaced_too() -> None:
    body = f"<form><select name=who><option>请选择</option><option>{NAME}</option><option>{OTHER}</option></select></form>"
    after = scrubbed(body, 姓名=NAME)
    assert OTHER not in after
    assert "请选择" in after


@pytest.mark.parametrize("shown", ["1990-01-01", "1990/1/1", "1990.01.01", "1990年1月1日", "19900101", "01/01/1990"])
def test_the_birth_date_in_an_id_number_is_replaced_in_any_order(shown: str) -> None:
    after = scrubbed(f"<p>生于 {shown} 的申请人</p>", 证件号码=ID)
    assert shown not in after
    assert "1951" in after


def test_other_dates_stay_beside_an_id_number() -> None:
    assert "2026-11-20" in scrubbed(f"<p>{ID} 2026-11-20</p>", 证件号码=ID)


@pytest.mark.parametrize(
    "shown", ["3101…1234", "310101########1234", "310101____1234", "310101&#42;&#42;&#42;1234", "310101∗∗∗∗1234", "310...1234"]
)
def test_a_mask_of_other_signs_is_a_mask(shown: str) -> None:
    assert f"“{shown}”" not in scrubbed(f"<p>“{shown}”</p>", 证件号码=ID)


def test_a_name_masked_by_words_is_replaced() -> None:
    assert "“测某某”" in scrubbed("<p>“欧某某”</p>", 姓名=NAME)


# --- people without a caption ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        table(("申请人", OTHER)) + f"<p>{OTHER}：您好</p>",
        f"<form><input type=hidden name=userName value={OTHER}></form>",
        f"<form>姓名：<input name=q1 value={OTHER}></form>",
        f"<script>var xm = '{OTHER}';</script>",
        f'<script>show({{userName:"{OTHER}"}})</script>',
        f"<script>window.D={json.dumps({'xm': OTHER})}</script>",
        f"<a href='/d?a=1&xm={quote(OTHER)}'>1</a>",
        f"<a href='/d?xm={quote(OTHER.encode('gb18030'))}'>1</a>",
        f"<p data-name='{OTHER}'>1</p>",
        f"<xm>{OTHER}</xm>",
        f"<p>尊敬的{OTHER}女士：您好</p>",
        f"<p>欢迎您，{OTHER}！</p>",
    ],
)
def test_a_name_in_markup_scripts_addresses_and_greetings_is_replaced(body: str) -> None:
    after = scrubbed(body)
    written = (OTHER, json.dumps(OTHER)[1:-1], quote(OTHER), quote(OTHER.encode("gb18030")))
    assert [gone for gone in written if gone in after] == []


@pytest.mark.parametrize(
    "body",
    [
        f"<p data-idcard={PASSPORT}>1</p>",
        f"<sfzh>{PASSPORT}</sfzh>",
        f"<a href='/d?zjhm={PASSPORT}&a=1'>1</a>",
        table(("银行账号", PASSPORT)),
        "<p>6222021234567890</p>",
        "<p>１３８１２３４５６７８</p>",
        "<p>310101 19800101 1235</p>",
    ],
)
def test_a_number_of_somebody_is_replaced_under_any_name_and_in_any_width(body: str) -> None:
    assert scrubbed(body) != text_of(page(body))
    assert not [
        gone for gone in (PASSPORT, "6222021234567890", "１３８１２３４５６７８", "19800101 1235") if gone in scrubbed(body)
    ]


def test_a_birth_date_is_somebodys() -> None:
    assert "1987-05-06" not in scrubbed(table(("出生日期", "1987-05-06")))


def test_other_numbers_of_the_same_kind_are_replaced_without_a_caption() -> None:
    after = scrubbed("<li>SH2026009999 已受理</li><a onclick=\"show('SH2026008888')\">看</a>", 受理编号=NUMBER)
    assert "SH20260" not in after
    assert "已受理" in after


def test_who_is_greeted_as_anybody_stays() -> None:
    text = f"<p>尊敬的公民：您好</p><p>欢迎您，用户</p>{table(('公民身份号码', PASSPORT))}"
    after = scrubbed(text)
    assert [word for word in ("尊敬的公民", "公民身份号码", "用户") if word not in after] == []


def test_what_scripts_say_under_the_same_names_stays() -> None:
    text = '<script>rules={mobile:"required",xm:{required:true}};var msg={xm:"请输入姓名"};</script><input name=xm title=姓名>'
    assert text in scrubbed(text)


@pytest.mark.parametrize("where", ["file:///C:/Users/weichi/Downloads/a_files/b.png", "file:///home/weichi/b.png"])
def test_a_saved_page_does_not_name_the_folder_it_lay_in(where: str) -> None:
    assert "weichi" not in scrubbed(f"<img src='{where}'>")


@pytest.mark.parametrize(
    "tree",
    [
        {"d": json.dumps({"xm": OTHER, "sfzh": PASSPORT}, ensure_ascii=False)},
        {"sqr": [OTHER, PASSPORT]},
        {"csrq": "1987-05-06", "yhkh": "6222021234567890", "xm": OTHER},
    ],
)
def test_json_in_json_and_lists_are_looked_through(tree: dict[str, object]) -> None:
    got = Got(200, "application/json", json.dumps(tree, ensure_ascii=False).encode())
    after = text_of(scrub(got))
    assert not [gone for gone in (OTHER, PASSPORT, "1987-05-06", "6222021234567890") if gone in after]


def test_what_a_thing_is_called_stays_in_json() -> None:
    tree = {"items": [{"name": "受理编号", "value": NUMBER}, {"name": "当前状态", "value": "审核中"}], "name": "居住证积分"}
    got = Got(200, "application/json", json.dumps(tree, ensure_ascii=False).encode())
    after = text_of(scrub(got, 受理编号=NUMBER))
    assert [word for word in ("受理编号", "当前状态", "居住证积分", "审核中") if word not in after] == []


# --- tokens, cookies, heads ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "token",
    ["c76f1ce4d3d4410a15adf5e368b9c834", "C76F1CE4D3D4410A15ADF5E368B9C834", "3f2504e0-4f89-41d3-9a0c-0305e82c3301"],
)
def test_a_digest_or_uuid_in_a_pictures_name_is_a_token(token: str) -> None:
    assert token not in scrubbed(f"<img src='/photo/{token}.jpg'>")


@pytest.mark.parametrize(
    "spell", [str.upper, lambda t: f"{t[:8]} {t[8:]}", lambda t: base64.b64encode(f"x{t}".encode()).decode()]
)
def test_a_session_is_found_in_other_spellings(spell: Callable[[str], str]) -> None:
    got = replace(page(f"<p>“{spell(TOKEN)}”</p>"), set_cookie=(f"S={TOKEN}; Path=/",))
    assert spell(TOKEN) not in text_of(scrub(got))


def test_a_cookie_that_is_a_word_changes_only_the_cookie() -> None:
    got = replace(page("<p lang=zh-CN>true 200 success</p>"), set_cookie=("a=true", "b=zh-CN", "c=success; Path=/"))
    after = scrub(got)
    assert "<p lang=zh-CN>true 200 success</p>" in text_of(after)
    assert not [cookie for cookie in after.set_cookie if cookie.partition(";")[0] in {"a=true", "b=zh-CN", "c=success"}]


def test_a_name_in_a_cookie_is_replaced_on_the_page_too() -> None:
    got = replace(page(f"<p>{OTHER}</p>"), set_cookie=(f"uname={quote(OTHER)}; Path=/",))
    after = scrub(got)
    assert OTHER not in text_of(after)
    assert quote(OTHER) not in after.set_cookie[0]


def test_of_a_content_type_only_the_kind_and_charset_stay() -> None:
    got = replace(page("<p>甲</p>"), content_type=f"text/html; name={OTHER}.html; charset=utf-8")
    assert scrub(got).content_type == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    "body",
    [b"%PDF-1.4 " + NAME.encode(), gzip.compress(NAME.encode()), b"\0\1\2\3" + NAME.encode()],
    ids=["PDF", "gzip", "bytes"],
)
def test_of_a_file_only_its_beginning_stays(body: bytes) -> None:
    assert scrub(Got(200, "application/octet-stream", body)).body == body[:4]


def test_a_picture_inside_the_page_becomes_a_point() -> None:
    inside = base64.b64encode(b"\xff\xd8 a face" * 9).decode()
    after = without_pictures(page(f"<img src='data:image/jpeg;base64,{inside}'><p>甲</p>"))
    assert f"data:image/png;base64,{base64.b64encode(PICTURE).decode()}'><p>甲" in text_of(after)


# --- stand-ins -------------------------------------------------------------------------------------------------------


def test_there_are_stand_ins_for_as_many_as_a_list_can_hold() -> None:
    inventor = Inventor([])
    made = [inventor.stand_in(f"{n}@qq.com", "mail") for n in range(10, 60)]
    made += [inventor.stand_in(f"3101011980{n:07d}X", "number") for n in range(1100)]
    assert len(set(made)) == len(made)


def test_a_stand_in_for_a_number_holds_no_birth_date_of_anybody() -> None:
    (secret,) = secrets.find([page(f"<p>{ID} 01-01-1990</p>")], Reference({"证件号码": ID}), META).secrets[:1]
    assert "01011990" not in secret.stand_in
