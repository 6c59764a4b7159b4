"""An adapter asks and receives; what it receives must be what it asked for."""

import pytest
from bs4 import BeautifulSoup

from tracker.core.errors import PageChanged
from tracker.core.model import ReadHints, Reference
from tracker.pages import adapter
from tracker.pages.adapter import LookAsk, Meta, Request, Response, get, hosts_of, look, only_watches, post, post_json

ANSWER = Response("http://127.0.0.1/a", 200, "text/html; charset=gbk", "<p>状态</p>".encode("gbk"))


def test_get_and_post_ask_for_a_page_and_take_nothing_else() -> None:
    flow = get("http://127.0.0.1/", (("a", "1"),), charset="gbk", referer="http://127.0.0.1/r")
    assert next(flow) == Request("GET", "http://127.0.0.1/", (("a", "1"),), "gbk", "http://127.0.0.1/r")
    with pytest.raises(StopIteration) as stop:
        flow.send(ANSWER)
    assert stop.value.value is ANSWER
    flow = post("http://127.0.0.1/", ())
    assert next(flow) == Request("POST", "http://127.0.0.1/")
    with pytest.raises(TypeError):
        flow.send("text")


def test_a_json_body_is_the_values_as_they_are() -> None:
    flow = post_json("http://127.0.0.1/", {"no": "SH1", "姓名": "甲"})
    assert next(flow) == Request("POST", "http://127.0.0.1/", json='{"no": "SH1", "姓名": "甲"}')
    with pytest.raises(StopIteration) as stop:
        flow.send(ANSWER)
    assert stop.value.value is ANSWER


def test_a_site_that_is_never_asked_has_no_hosts() -> None:
    assert hosts_of(Meta("by_hand", {}, by_hand=True), Reference({}, "http://127.0.0.1/look")) == frozenset()


def test_an_adapter_without_a_reference_that_watches_only_watches() -> None:
    assert only_watches(Meta("list", {}, watches=True))
    assert not only_watches(Meta("page", {}, watches=True, free_reference=True))
    assert not only_watches(Meta("site", {}))


def test_details_named_by_a_path_are_told_under_it() -> None:
    assert ReadHints(details=("备注", "json:data.remark")).told == ("备注", "data.remark")
    assert ReadHints().told is None


def test_a_captcha_is_answered_with_text_only() -> None:
    flow = adapter.captcha(None, "1 + 1 =")
    next(flow)
    with pytest.raises(TypeError):
        flow.send(ANSWER)


def test_a_look_shows_a_page() -> None:
    flow = look("http://127.0.0.1/")
    assert next(flow) == LookAsk("http://127.0.0.1/")
    with pytest.raises(StopIteration) as stop:
        flow.send(ANSWER)
    assert stop.value.value is ANSWER


def test_a_response_is_decoded_and_parsed_once_and_has_a_soup_within_the_same_limits() -> None:
    assert (ANSWER.text, ANSWER.charset) == ("<p>状态</p>", "gb18030")
    assert ANSWER.document is ANSWER.document
    assert isinstance(ANSWER.soup, BeautifulSoup)
    assert ANSWER.soup.get_text() == "状态"
    with pytest.raises(PageChanged):
        _ = Response("http://127.0.0.1/", 200, "image/png", b"x").soup


def test_a_flow_may_talk_to_the_adapters_hosts_and_the_one_of_the_cases_address() -> None:
    meta = Meta("x", {}, home="https://Home.example/x", hosts=("A.example",))
    assert hosts_of(meta, Reference({})) == {"a.example", "home.example"}
    assert hosts_of(meta, Reference({}, url="http://127.0.0.1:8901/")) == {"a.example", "127.0.0.1"}
    assert hosts_of(Meta("x", {}), Reference({})) == frozenset()


def test_the_adapters_door_offers_what_it_lists() -> None:
    assert all(hasattr(adapter, name) for name in adapter.__all__)
