"""Ways of asking that adapters share: the form wherever it stands, a query without repeats."""

import pytest

from tests.pages.made import NUMBER, response
from tracker.core.errors import CheckError, PageChanged
from tracker.core.model import ReadHints, Reference
from tracker.pages.asking import ask_by_form, hinted, inner_page, not_in_query, value_in
from tracker.pages.contract import Request, Response

URL = "http://127.0.0.1/query"
FORM = "<form action=ask method=post>受理编号：<input name=no><input type=submit value=查询></form>"
REFERENCE = Reference({"受理编号": NUMBER}, URL)


def frames(*addresses: str) -> Response:
    return response("".join(f"<iframe src='{a}'></iframe>" for a in addresses))


def asked(*pages: Response) -> list[str]:
    """The addresses that a flow asks for while it is given these pages."""
    flow = ask_by_form(REFERENCE)
    ask = next(flow)
    asks = []
    for page in pages:
        assert isinstance(ask, Request)
        asks.append(f"{ask.method} {ask.url}")
        ask = flow.send(page)
    assert isinstance(ask, Request)
    return [*asks, f"{ask.method} {ask.url}"]


def test_the_form_on_the_page_itself_is_sent() -> None:
    assert asked(response(FORM)) == [f"GET {URL}", "POST http://127.0.0.1/ask"]


def test_the_form_is_looked_for_in_each_frame() -> None:
    got = asked(frames("top.htm", "main.htm", "http://elsewhere.example/x"), response("<p>欢迎</p>"), response(FORM))
    assert got == [f"GET {URL}", "GET http://127.0.0.1/top.htm", "GET http://127.0.0.1/main.htm", "POST http://127.0.0.1/ask"]


def test_the_form_behind_a_refresh_is_found() -> None:
    page = response("<html><head><meta http-equiv=refresh content='0;url=new.htm'></head><body></body></html>", whole=False)
    assert asked(page, response(FORM))[1] == "GET http://127.0.0.1/new.htm"


def test_no_more_than_three_frames_are_opened() -> None:
    with pytest.raises(CheckError) as raised:
        asked(frames("a", "b", "c", "d"), *[response("<p>欢迎光临</p>")] * 4)
    assert raised.value.reason == "page_changed"


@pytest.mark.parametrize(
    ("pages", "reason"),
    [
        ([response("<p>系统维护中</p>")], "maintenance"),
        ([frames("a"), response("<p>请先登录</p>")], "login"),
        ([response("<p>系统维护中</p><iframe src='a'></iframe>"), response("<p>欢迎光临</p>")], "maintenance"),
        ([response("<p>欢迎光临</p>")], "page_changed"),
    ],
)
def test_without_a_form_the_pages_say_why(pages: list[Response], reason: str) -> None:
    with pytest.raises(CheckError) as raised:
        asked(*pages)
    assert raised.value.reason == reason


def test_an_answer_that_frames_nothing_leads_nowhere() -> None:
    with pytest.raises(StopIteration) as stop:
        next(inner_page(response("<p>x</p>")))
    assert stop.value.value is None
    flow = inner_page(frames("result.htm"))
    assert next(flow) == Request("GET", "http://127.0.0.1/result.htm", referer=URL)


def test_what_the_address_says_already_is_not_said_again() -> None:
    reference = Reference({"no": NUMBER, "lang": "zh"}, "http://127.0.0.1/q?lang=&x=1")
    assert not_in_query(reference) == (("no", NUMBER),)


def test_an_adapter_says_where_its_status_stands_and_the_case_goes_first() -> None:
    plain = hinted(Reference({"a": "1"}), label="办件进展", date="处理时间")
    assert (plain.read.label, plain.read.date, plain.values) == ("办件进展", "处理时间", {"a": "1"})
    own = hinted(Reference({}, read=ReadHints(label="状态", identify=("a",))), label="办件进展")
    assert (own.read.label, own.read.date, own.read.identify) == ("状态", None, ("a",))


TOKENS = response("<meta name=csrf content=abc1><input name=t value=abc2><b id=k>abc3</b><script>var s = 'abc4';</script>")
TREE = Response(URL, 200, "application/json", b'{"data": {"t": "abc5", "n": 12, "list": [{"t": "x"}]}}')


@pytest.mark.parametrize(
    ("page", "place", "value"),
    [
        (TOKENS, "css:meta[name=csrf]", "abc1"),
        (TOKENS, "css:input[name=t]", "abc2"),
        (TOKENS, "css:#k", "abc3"),
        (TOKENS, "after:var s = '", "abc4"),
        (TREE, "json:data.t", "abc5"),
        (TREE, "json:data.n", "12"),
    ],
)
def test_a_value_for_the_next_request_is_found_where_it_stands(page: Response, place: str, value: str) -> None:
    assert value_in(page, place) == value


@pytest.mark.parametrize(
    ("page", "place"),
    [
        (TOKENS, "css:meta[name=other]"),
        (TOKENS, "after:var other = "),
        (TREE, "json:data.other"),
        (TREE, "json:data.list[].t"),
        (TREE, "json:data"),
        (TREE, "json:"),
    ],
)
def test_a_value_that_is_not_there_is_a_changed_page(page: Response, place: str) -> None:
    with pytest.raises(PageChanged):
        value_in(page, place)


@pytest.mark.parametrize(
    ("place", "wanted"),
    [
        ("xpath://meta/@content", "a place that begins with json:, css: or after:"),
        ("data.token", "a place that begins with json:, css: or after:"),
        ("", "a place that begins with json:, css: or after:"),
        ("css:meta[name=", "a CSS selector"),
        ("css:", "a CSS selector"),
        ("json:data..token", "a path into the answer"),
        ("after:", "words in front of the value"),
    ],
)
def test_an_adapter_that_names_a_place_wrongly_is_told_what_it_may_name(place: str, wanted: str) -> None:
    with pytest.raises(PageChanged) as raised:
        value_in(TREE if place.startswith("json:") else TOKENS, place)
    assert (raised.value.where, raised.value.expected, raised.value.found) == ("adapter", wanted, place or "nothing")
