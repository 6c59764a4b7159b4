"""What matters of a HAR: the exchanges that the adapter's flow asks for, and clear words where they are missing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from tests.hars import FORM, Asked, chrome, firefox
from tracker.core.model import AskHints, Reference
from tracker.fetch.saved import Got
from tracker.har import exchanges
from tracker.recordings.finding import NoHostError, NotInHarError, found, shown_page
from tracker.registry import Registry

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SITE = "https://progress.example"
NUMBER, NAME = "SH2026004711", "欧阳测"
GBK = "text/html; charset=GBK"
REFERENCE = Reference({"受理编号": NUMBER, "姓名": NAME}, f"{SITE}/query.htm")

QUERY = """<html><head><meta charset=gb2312></head><body><form action="query.do" method="post">
<input type=hidden name=csrf value=5f2c9a71><p>受理编号：<input name=slbh></p><p>姓名：<input name=xm></p>
<input type=image name=go src=go.gif></form></body></html>"""
ANSWER = f"""<html><head><meta charset=gb2312></head><body><table><tr><th>受理编号</th><td>{NUMBER}</td></tr>
<tr><th>姓名</th><td>{NAME}</td></tr><tr><th>当前状态</th><td>审核中</td></tr></table></body></html>"""


def sent(number: str = NUMBER, token: str = "5f2c9a71", name: str = NAME, x: int = 34) -> str:
    return f"csrf={token}&slbh={number}&xm={quote(name.encode('gbk'))}&go.x={x}&go.y=7"


FORM_PAGE = Asked(f"{SITE}/query.htm", QUERY, GBK)
ANSWER_PAGE = Asked(f"{SITE}/query.do", ANSWER, GBK, method="POST", sent=sent())
NOISE = (
    Asked("https://mail.example/inbox", "<p>当前状态：已办结</p>", tab="page_2"),
    Asked(f"{SITE}/logo.gif", content_type="image/gif", body=b"GIF89a", kind="image"),
    Asked(f"{SITE}/a.js", "var a=1", "application/javascript", kind="script"),
    Asked("https://counter.example/hit?u=1", "", "text/plain", kind="ping"),
)
both = pytest.mark.parametrize("shape", [chrome, firefox])
Shape = Callable[..., bytes]


def look(har: bytes, reference: Reference = REFERENCE, adapter: str = "form") -> tuple[list[Got], str]:
    return found(exchanges(har), Registry()[adapter], reference, AT)


def bodies(answers: list[Got]) -> list[str]:
    return [got.body.decode("gb18030") for got in answers]


@both
def test_the_flow_finds_its_exchanges_among_the_noise(shape: Shape) -> None:
    answers, url = look(shape(NOISE[0], FORM_PAGE, *NOISE[1:], ANSWER_PAGE, NOISE[0]))
    assert (bodies(answers), url) == ([QUERY, ANSWER], f"{SITE}/query.htm")


@both
def test_of_several_answers_that_of_the_reference_is_taken(shape: Shape) -> None:
    other = replace(ANSWER_PAGE, text=ANSWER.replace("审核中", "已办结"), sent=sent("SH2026000001"))
    assert bodies(look(shape(FORM_PAGE, other, ANSWER_PAGE, other))[0]) == [QUERY, ANSWER]


def test_where_the_same_was_asked_twice_the_one_with_the_pages_own_token_is_taken() -> None:
    stale = replace(ANSWER_PAGE, text="<p>会话超时</p>", sent=sent(token="00000000"))
    assert bodies(look(chrome(FORM_PAGE, stale, ANSWER_PAGE))[0]) == [QUERY, ANSWER]


def test_where_a_body_was_not_kept_the_same_page_loaded_again_is_taken() -> None:
    assert bodies(look(chrome(replace(FORM_PAGE, text=None), FORM_PAGE, ANSWER_PAGE))[0]) == [QUERY, ANSWER]


def test_a_page_from_the_cache_counts() -> None:
    cached = replace(FORM_PAGE, status=304, cached=True)
    answers, _ = look(chrome(cached, ANSWER_PAGE))
    assert (bodies(answers), answers[0].status) == ([QUERY, ANSWER], 200)


def test_a_redirect_is_followed_as_a_check_follows_it() -> None:
    moved = Asked(f"{SITE}/query.htm", "", status=302, location=f"{SITE}/in;jsessionid=1F/query.htm", set_cookie="a=1; Path=/")
    landed = replace(FORM_PAGE, url=f"{SITE}/in;jsessionid=1F/query.htm")
    answered = replace(ANSWER_PAGE, url=f"{SITE}/in;jsessionid=1F/query.do")
    answers, _ = look(chrome(moved, landed, answered))
    assert [(got.status, got.location) for got in answers] == [
        (302, f"{SITE}/in;jsessionid=1F/query.htm"),
        (200, ""),
        (200, ""),
    ]


def test_a_session_in_the_address_is_no_other_page() -> None:
    assert len(look(chrome(FORM_PAGE, replace(ANSWER_PAGE, url=f"{SITE}/query.do;jsessionid=AB12")))[0]) == 2


def test_an_answer_to_json_is_found_by_what_was_sent() -> None:
    api = Asked(
        f"{SITE}/api",
        '{"zt":"审核中"}',
        "application/json",
        method="POST",
        sent='{"slbh": "SH2026004711"}',
        kind="xhr",
        sent_type="application/json;charset=UTF-8",
    )
    other = replace(api, text='{"zt":"已办结"}', sent='{"slbh": "SH2026000001"}')
    reference = Reference({"slbh": NUMBER}, f"{SITE}/api", ask=AskHints("POST", "json"))
    (got,), _ = look(chrome(other, api), reference, "json")
    assert got.body == '{"zt":"审核中"}'.encode()


def test_without_an_address_the_first_page_from_which_it_reads_is_the_beginning() -> None:
    start = Asked(f"{SITE}/", "<p>首页</p>")
    answers, url = look(chrome(NOISE[0], start, FORM_PAGE, ANSWER_PAGE), Reference(REFERENCE.values))
    assert (len(answers), url) == (2, f"{SITE}/query.htm")


def test_without_an_address_and_without_a_page_that_reads_the_pages_are_named() -> None:
    with pytest.raises(NoHostError) as raised:
        look(chrome(NOISE[2], Asked(f"{SITE}/", "<p>首页</p>")), Reference(REFERENCE.values))
    assert (raised.value.wanted, raised.value.there) == ((), ("progress.example",))


def test_a_har_of_other_sites_says_which_it_has() -> None:
    with pytest.raises(NoHostError) as raised:
        look(chrome(NOISE[0], replace(FORM_PAGE, url="https://other.example/")))
    assert (raised.value.wanted, raised.value.there) == (("progress.example",), ("mail.example", "other.example"))


def test_a_request_that_is_not_there_is_named_with_what_is_near() -> None:
    asked = Asked(f"{SITE}/query2.do", ANSWER, GBK, method="POST", sent=sent())
    with pytest.raises(NotInHarError) as raised:
        look(chrome(*NOISE, FORM_PAGE, asked))
    assert (raised.value.sent.method, raised.value.sent.url, raised.value.lost) == ("POST", f"{SITE}/query.do", "")
    assert [e.url for e in raised.value.near][:2] == [f"{SITE}/query2.do", f"{SITE}/query.htm"]


def test_only_somebody_elses_answer_is_not_taken() -> None:
    with pytest.raises(NotInHarError):
        look(chrome(FORM_PAGE, replace(ANSWER_PAGE, sent=sent("SH2026000001"))))


@pytest.mark.parametrize(("text", "lost"), [(None, "body"), ("<p>\ufffd\ufffd</p>", "text")])
def test_a_body_that_is_missing_or_spoiled_is_named(text: str | None, lost: str) -> None:
    with pytest.raises(NotInHarError) as raised:
        look(chrome(FORM_PAGE, replace(ANSWER_PAGE, text=text)))
    assert (raised.value.lost, raised.value.near[0].url) == (lost, f"{SITE}/query.do")


def test_the_last_page_that_reads_can_be_taken_as_one_that_is_shown() -> None:
    behind = Asked(f"{SITE}/result.jsp", ANSWER, GBK)
    got = shown_page(exchanges(chrome(FORM_PAGE, behind, *NOISE)), Registry()["form"], Reference(REFERENCE.values))
    assert got is not None
    assert (got[1], got[0].body) == (f"{SITE}/result.jsp", ANSWER.encode("gb18030"))
    assert shown_page(exchanges(chrome(FORM_PAGE)), Registry()["form"], REFERENCE) is None


def test_an_answer_with_a_form_kind_but_no_pairs_still_finds_itself() -> None:
    bare = replace(ANSWER_PAGE, sent_type=FORM + "; charset=GBK")
    assert len(look(chrome(FORM_PAGE, bare))[0]) == 2
