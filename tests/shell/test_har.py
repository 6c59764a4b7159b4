"""A browser's HAR: every shape of it gives the exchanges as the site had them, and what is none is said so."""

import gzip
import io
import json
import zipfile
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hars import Asked, chrome, firefox
from tracker.har import Exchange, HarError, exchanges

SITE = "https://progress.example"
GBK = "text/html; charset=GBK"
PAGE = "<html><head><meta charset=gb2312></head><body>当前状态：审核中</body></html>"

Shape = Callable[..., bytes]
both = pytest.mark.parametrize("shape", [chrome, firefox])


def one(data: bytes) -> Exchange:
    (exchange,) = exchanges(data)
    return exchange


@both
def test_a_page_is_there_as_the_site_sent_it(shape: Shape) -> None:
    got = one(shape(Asked(f"{SITE}/a#top", "<p>审核中</p>")))
    assert (got.method, got.url, got.status, got.kind, got.host) == ("GET", f"{SITE}/a", 200, "document", "progress.example")
    assert got.response().text == "<p>审核中</p>"
    assert got.response().complete


@both
@pytest.mark.parametrize("content_type", [GBK, "text/html"])
def test_a_page_in_gbk_is_put_back_into_the_bytes_that_its_form_is_sent_in(shape: Shape, content_type: str) -> None:
    got = one(shape(Asked(SITE, PAGE, content_type)))
    assert got.body == PAGE.encode("gb18030")
    assert (got.response().text, got.response().charset) == (PAGE, "gb18030")


@both
def test_a_text_that_its_charset_can_not_hold_is_kept_all_the_same(shape: Shape) -> None:
    assert one(shape(Asked(SITE, "é状态", "text/html; charset=big5"))).response().text == "é状态"
    # Two characters of GBK that would be valid UTF-8 as well: what is read afterwards must still be the same text.
    assert one(shape(Asked(SITE, "ß", "text/html; charset=iso-8859-1"))).response().text == "ß"


@both
def test_a_body_in_base64_is_unpacked(shape: Shape) -> None:
    got = one(shape(Asked(f"{SITE}/code.jsp", content_type="image/png", body=b"\x89PNG\r\n", kind="image")))
    assert (got.body, got.kind) == (b"\x89PNG\r\n", "image")


@both
def test_a_page_in_base64_is_the_bytes_of_the_site(shape: Shape) -> None:
    assert one(shape(Asked(SITE, content_type="text/html", body=PAGE.encode("gb18030")))).response().text == PAGE


@both
def test_a_body_that_the_browser_did_not_keep_is_none_and_not_an_empty_page(shape: Shape) -> None:
    got = one(shape(Asked(SITE, None)))
    assert got.body is None
    assert not got.response().complete


def test_an_answer_without_content_is_no_missing_body() -> None:
    assert one(chrome(Asked(SITE, "", status=204))).body == b""
    tree = json.loads(chrome(Asked(SITE)))
    del tree["log"]["entries"][0]["response"]["content"]
    assert one(json.dumps(tree).encode()).body is None
    tree["log"]["entries"][0]["response"]["status"] = 302
    assert one(json.dumps(tree).encode()).body == b""


@both
def test_a_redirect_says_where_it_leads(shape: Shape) -> None:
    first, second = exchanges(
        shape(Asked(f"{SITE}/a/b", status=302, location="../c?x=1#y"), Asked(f"{SITE}/c?x=1", "<p>甲</p>"))
    )
    assert (first.location, second.location) == (f"{SITE}/c?x=1", "")


@both
def test_a_form_is_there_to_its_bytes(shape: Shape) -> None:
    got = one(shape(Asked(SITE, "", method="POST", sent="xm=%B2%E2%CA%D4&no=1+2")))
    assert (got.method, got.sent, got.sent_type) == ("POST", b"xm=%B2%E2%CA%D4&no=1+2", "application/x-www-form-urlencoded")


def test_a_form_of_which_only_the_parts_are_kept_is_put_together() -> None:
    tree = json.loads(firefox(Asked(SITE, "", method="POST", sent="xm=%B2%E2&no=1%262")))
    post = tree["log"]["entries"][0]["request"]["postData"]
    post |= {"text": "", "params": [{"name": "xm", "value": "%B2%E2"}, {"name": "no", "value": "1&2"}]}
    assert one(json.dumps(tree).encode()).sent == b"xm=%B2%E2&no=1%262"


def test_a_body_sent_in_base64_is_unpacked() -> None:
    tree = json.loads(chrome(Asked(SITE, "", method="POST", sent="eyJhIjoxfQ==", sent_type="application/json")))
    tree["log"]["entries"][0]["request"]["postData"]["encoding"] = "base64"
    assert one(json.dumps(tree).encode()).sent == b'{"a":1}'


@both
def test_what_came_from_the_cache_is_said_and_can_be_read(shape: Shape) -> None:
    got = one(shape(Asked(SITE, "<p>甲</p>", status=304, cached=True)))
    assert got.cached
    assert (got.response().status, got.response().text) == (200, "<p>甲</p>")


def test_chrome_says_that_a_page_came_from_its_cache() -> None:
    assert [e.cached for e in exchanges(chrome(Asked(SITE, "甲", cached=True), Asked(SITE, "甲")))] == [True, False]


@both
def test_other_tabs_are_kept_and_can_be_told_apart(shape: Shape) -> None:
    noise = Asked("https://mail.example/inbox", "<p>…</p>", tab="page_2")
    picture = Asked(f"{SITE}/logo.gif", content_type="image/gif", body=b"GIF89a", kind="image")
    answer = Asked(f"{SITE}/api", "{}", "application/json", kind="xhr")
    style = Asked(f"{SITE}/a.css", "a{}", "text/css", kind="stylesheet")
    got = exchanges(shape(Asked(SITE, "甲"), noise, picture, answer, style))
    assert [(e.host, e.tab, e.kind) for e in got] == [
        ("progress.example", "page_1", "document"),
        ("mail.example", "page_2", "document"),
        ("progress.example", "page_1", "image"),
        ("progress.example", "page_1", "data"),
        ("progress.example", "page_1", "style"),
    ]


def test_a_kind_that_nobody_says_is_seen_by_the_address() -> None:
    kinds = [e.kind for e in exchanges(firefox(Asked(f"{SITE}/a.js?v=1", None, ""), Asked(f"{SITE}/a", None, "")))]
    assert kinds == ["script", "other"]


def test_what_never_went_over_http_is_left_out() -> None:
    got = exchanges(chrome(Asked("data:text/html,甲"), Asked("chrome-extension://abc/x.js"), Asked(SITE, "甲")))
    assert [e.url for e in got] == [SITE]


def test_an_exchange_that_got_no_answer_has_no_status() -> None:
    got = one(chrome(Asked(SITE, None, "x-unknown", status=0)))
    assert (got.status, got.content_type, got.body) == (0, "", None)


def test_exchanges_stand_in_the_order_in_which_they_were_begun() -> None:
    tree = json.loads(chrome(Asked(f"{SITE}/1", "甲"), Asked(f"{SITE}/2", "乙")))
    tree["log"]["entries"].reverse()
    assert [e.url for e in exchanges(json.dumps(tree).encode())] == [f"{SITE}/1", f"{SITE}/2"]
    for entry in tree["log"]["entries"]:
        entry["startedDateTime"] = "yesterday"
    assert [e.url for e in exchanges(json.dumps(tree).encode())] == [f"{SITE}/2", f"{SITE}/1"]


def test_a_text_that_lost_characters_on_its_way_is_marked() -> None:
    assert one(chrome(Asked(SITE, "<p>\ufffd\ufffd״̬</p>"))).damaged
    assert not one(chrome(Asked(SITE, PAGE))).damaged


def test_headers_are_there_by_name_without_those_of_http2() -> None:
    got = one(chrome(Asked(SITE, "甲", cookies="sid=1", set_cookie="sid=2; Path=/")))
    assert (got.asked_with("cookie"), got.header("set-cookie"), got.header("etag")) == ("sid=1", "sid=2; Path=/", "")
    assert ":authority" not in dict(got.request_headers)


def test_a_zip_with_bodies_beside_the_har_is_read() -> None:
    tree = json.loads(chrome(Asked(SITE, "", content_type="text/html", method="POST", sent="a=1")))
    entry = tree["log"]["entries"][0]
    entry["response"]["content"] = {"size": -1, "mimeType": "text/html", "_file": "page.html"}
    entry["request"]["postData"] = {"mimeType": "text/plain", "_file": "sent.txt"}
    # Some keep the bytes of the site, some the text that the browser made of them.
    for kept in ("gb18030", "utf-8"):
        files = {"har.har": json.dumps(tree).encode(), "page.html": PAGE.encode(kept), "sent.txt": b"a=2"}
        got = one(_zip(files))
        assert (got.response().text, got.response().charset, got.sent) == (PAGE, "gb18030", b"a=2")


def _zip(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, body in files.items():
            archive.writestr(zipfile.ZipInfo(name), body)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<!DOCTYPE html><p>1", "this is a page, not a HAR: give it as one (--from-html)"),
        (b"hello", "this is no HAR: a HAR is JSON that begins with {"),
        (b"", "this is no HAR: a HAR is JSON that begins with {"),
        (b'{"log": {"entries": [\n{"request"', "the HAR is cut off at line 2: export it again"),
        (b'{"log": {"entries": [\n{"url": "ab', "the HAR is cut off at line 2: export it again"),
        (b'{"log": \n{"entries" 1, "x": [] } }', "the HAR is broken at line 2, column 12: export it again"),
        (b"[]", "this JSON is no HAR: it has no log.entries"),
        (b'{"log": []}', "this JSON is no HAR: it has no log.entries"),
        (b'{"log": {"entries": [{"request": {}}]}}', "this JSON is no HAR: log.entries[0].request.url is missing"),
        (b'{"log": {"entries": [7]}}', "this JSON is no HAR: log.entries[0].request.url is missing"),
        (b"{" + b'"a":{' * 200_000, "this is no HAR: RecursionError"),
        (b'{"log": {"entries": []}}', "the HAR holds no exchange over http"),
        (_zip({"a.txt": b"1"}), "the zip holds no .har file"),
        (_zip({"a.har": b"{}"})[:40], "the zip can't be opened (BadZipFile)"),
    ],
)
def test_what_is_no_har_is_said_with_the_place_and_the_next_step(data: bytes, said: str) -> None:
    with pytest.raises(HarError) as raised:
        exchanges(data)
    assert str(raised.value).startswith(said)
    assert raised.value.words(lambda text: f"甲{text}").startswith("甲")


@given(st.text(st.characters(codec="gb18030", exclude_categories=["Cs"])), st.sampled_from(["GBK", "utf-8", "big5", "x"]))
@settings(deadline=None)
def test_whatever_the_text_the_page_reads_as_the_browser_showed_it(text: str, charset: str) -> None:
    text = f"<p>{text.replace(chr(0xFEFF), '')}</p>"
    assert one(chrome(Asked(SITE, text, f"text/html; charset={charset}"))).response().text == text


@pytest.mark.parametrize("broken", [5, True, "Content-Type: text/html", {"a": "b"}])
def test_headers_and_parts_of_another_shape_are_as_good_as_none(broken: object) -> None:
    data = json.loads(chrome(Asked(SITE, "<p>审核中</p>", method="POST", sent="a=b")))
    entry = data["log"]["entries"][0]
    entry["request"]["headers"] = entry["response"]["headers"] = broken
    entry["request"]["postData"] = {"mimeType": "text/plain", "params": broken}
    got = one(json.dumps(data).encode())
    assert (got.request_headers, got.sent, got.response().text) == ((), b"", "<p>审核中</p>")


def test_an_address_that_nobody_could_open_is_left_out() -> None:
    found = exchanges(firefox(Asked("http://[::bad/x?a=1", "<p>"), Asked("http:///x", "<p>"), Asked(SITE, "<p>审核中</p>")))
    assert [exchange.url for exchange in found] == [SITE]


def _squeezed(data: bytes, coding: str) -> bytes:
    if coding == "gzip":
        return gzip.compress(data)
    return zlib.compress(data) if coding == "deflate" else zlib.compress(data)[2:-4]  # some servers leave out zlib's own frame


@pytest.mark.parametrize("coding", ["gzip", "deflate", "raw"])
def test_a_body_that_a_proxy_kept_as_it_was_squeezed_on_the_line_is_unpacked(coding: str) -> None:
    data = json.loads(chrome(Asked(SITE, content_type=GBK, body=_squeezed(PAGE.encode("gb18030"), coding))))
    said = {"name": "Content-Encoding", "value": coding.replace("raw", "deflate")}
    data["log"]["entries"][0]["response"]["headers"].append(said)
    assert one(json.dumps(data).encode()).response().text == PAGE


def test_what_a_browser_unpacked_already_stays_as_it_is() -> None:
    data = json.loads(chrome(Asked(SITE, content_type=GBK, body=PAGE.encode("gb18030"))))
    data["log"]["entries"][0]["response"]["headers"].append({"name": "Content-Encoding", "value": "gzip"})
    assert one(json.dumps(data).encode()).response().text == PAGE


@pytest.mark.parametrize("cut", [b"\x1f\x8b\x08", gzip.compress(b"0" * (40 << 20))], ids=["broken", "a bomb"])
def test_a_squeezed_body_that_is_broken_or_a_bomb_is_none(cut: bytes) -> None:
    data = json.loads(chrome(Asked(SITE, body=cut)))
    data["log"]["entries"][0]["response"]["headers"].append({"name": "Content-Encoding", "value": "gzip"})
    assert one(json.dumps(data).encode()).body is None
