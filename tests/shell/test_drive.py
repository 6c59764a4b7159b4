"""A flow over the network: what is sent, to whom, how often, and what becomes of the adapter's own mistakes."""

import asyncio
import logging
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from tests.shell.fetching import MemorySlots, fetch, fetcher, hosts, look_at, read, reading
from tests.sites import faults
from tests.sites.query import FORM, TOKEN, QuerySite, Record
from tests.sites.server import Reply, Seen
from tracker.core.errors import Blocked, NotListed, PageChanged, Unavailable
from tracker.fetch.pace import HostBusy
from tracker.pages.adapter import CaptchaAsk, Flow, LookAsk, Request, Response, captcha, get, look, post, post_json

OpenSite = Callable[..., QuerySite]
NO_GAP = timedelta(0)


def ask(site: QuerySite, number: str) -> Flow:
    """Fill the site's form as an adapter does."""
    form = yield from get(site.form_url)
    token = form.body.decode("gb18030").partition(f'name="{TOKEN}" value="')[2][:32]
    pairs = ((TOKEN, token), ("sh_no", number), ("id_no", ""), ("button1", "提交查询"))
    page = yield from post(site.origin + "/query.do", pairs, charset="gb18030", referer=form.url)
    return reading(page.body.decode("gb18030"))


def test_a_form_is_fetched_filled_and_answered(site: QuerySite) -> None:
    site.cases["SH2026000123"] = Record("SH2026000123", label="审核中")
    assert "审核中" in fetch(ask(site, "SH2026000123"), ["127.0.0.1"])
    first, second = site.log
    assert (first.method, second.method) == ("GET", "POST")
    assert second.form()["button1"] == "提交查询"
    assert second.headers["content-type"] == "application/x-www-form-urlencoded"
    assert second.headers["referer"] == site.form_url
    assert "referer" not in first.headers
    assert "JSESSIONID" in second.cookies


def test_a_request_says_honestly_who_asks_and_wants_what_we_can_read(site: QuerySite) -> None:
    read(site.form_url)
    headers = site.log[0].headers
    assert headers["user-agent"] == "tracker/0 (+me@example.org)"
    assert headers["accept"].startswith("text/html")
    assert headers["accept-language"].startswith("zh-CN")
    assert headers["accept-encoding"] == "gzip"
    assert headers["host"] == f"127.0.0.1:{site.port}"


def test_a_contact_in_chinese_or_with_a_line_break_can_not_break_the_request(site: QuerySite) -> None:
    read(site.form_url, fetcher(user_agent="tracker/0 (联系人：测试甲\r\nX-Evil: 1)"))
    assert "x-evil" not in site.log[0].headers
    assert site.log[0].headers["user-agent"].encode("latin-1").decode() == "tracker/0 (联系人：测试甲X-Evil: 1)"


def test_the_pairs_of_a_get_go_into_the_query_in_their_charset(site: QuerySite) -> None:
    url = site.answer("/sbkRS.jsp", Reply("ok"))

    def flow() -> Flow:
        yield from get(url, (("name", "测试甲"), ("registerCode", "1")), charset="gb18030")
        yield from get(url + "?a=1", (("name", "测试甲"),), charset="utf-8")
        page = yield from get(url + "?name=测试甲#部分", charset="GB2312")
        return reading(page.url)

    assert fetch(flow(), hosts(url)) == url + "?name=%B2%E2%CA%D4%BC%D7"
    first, second, third = site.log
    assert first.target == "/sbkRS.jsp?name=%B2%E2%CA%D4%BC%D7&registerCode=1"
    assert second.target == "/sbkRS.jsp?a=1&name=%E6%B5%8B%E8%AF%95%E7%94%B2"
    assert third.target == "/sbkRS.jsp?name=%B2%E2%CA%D4%BC%D7"


def test_a_referer_is_sent_to_its_own_host_only(site: QuerySite) -> None:
    url = site.answer("/a", Reply("ok"))

    def flow() -> Flow:
        yield from get(url, referer="http://elsewhere.example/form?id=1")
        yield from get(url, referer=f"https://127.0.0.1:{site.port}/form?id=1")
        page = yield from get(url, referer=site.origin + "/form#top")
        return reading(page.url)

    fetch(flow(), hosts(url))
    assert [seen.headers.get("referer") for seen in site.log] == [None, None, site.origin + "/form"]


def test_a_token_of_an_earlier_answer_is_sent_in_a_header_to_the_site_that_gave_it(site: QuerySite) -> None:
    url = site.answer("/api/progress", Reply("{}"))
    site.answer("/moved", Reply("", status=307, headers=(("Location", "/api/progress"),)))
    away = url.replace("127.0.0.1", "localhost")
    site.answer("/away", Reply("", status=307, headers=(("Location", away),)))

    def flow() -> Flow:
        token = (("X-Csrf-Token", "5f2c9a71"), ("Accept", "application/json"))
        yield from post_json(url, {"query": {"no": 1}}, headers=token)
        yield from get(site.origin + "/moved", headers=token)
        yield from post(site.origin + "/away", (("a", "1"),), headers=token)
        return reading("")

    fetch(flow(), ["127.0.0.1", "localhost"])
    assert [(seen.path, seen.headers.get("x-csrf-token")) for seen in site.log] == [
        ("/api/progress", "5f2c9a71"),
        ("/moved", "5f2c9a71"),
        ("/api/progress", "5f2c9a71"),
        ("/away", "5f2c9a71"),
        ("/api/progress", None),  # another origin
    ]
    assert site.log[0].body == b'{"query": {"no": 1}}'
    assert site.log[0].headers["accept"] == "application/json"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("User-Agent", "Mozilla/5.0"),
        ("Cookie", "a=1"),
        ("x-forwarded-for", "10.0.0.1"),
        ("Content-Length", "0"),
        ("X Token", "1"),
        ("X-Token", "1\r\nX-Evil: 1"),
        ("X-Token", "令牌"),
    ],
)
def test_no_adapter_can_say_with_a_header_that_somebody_else_asks(site: QuerySite, name: str, value: str) -> None:
    def flow() -> Flow:
        yield from get(site.form_url, headers=((name, value),))
        return reading("")

    with pytest.raises(PageChanged) as caught:
        fetch(flow(), ["127.0.0.1"])
    assert caught.value.where == "adapter"
    assert not site.log


def test_the_adapter_gets_the_whole_answer(site: QuerySite) -> None:
    url = site.answer("/a", Reply("测试", status=203, content_type="text/html;charset=GBK"))
    pages: list[Response] = []

    def flow() -> Flow:
        pages.append((yield from get(url)))
        return reading("")

    fetch(flow(), hosts(url))
    assert pages == [Response(url, 203, "text/html;charset=GBK", "测试".encode("gb18030"), complete=True)]


def test_no_two_flows_share_a_cookie(site: QuerySite) -> None:
    for number in ("A1", "A2", "A3"):
        site.cases[number] = Record(number, label="已受理")

    async def work() -> list[str]:
        async with fetcher() as opened:
            runs = [opened.run(ask(site, number), hosts=frozenset({"127.0.0.1"}), gap=NO_GAP) for number in site.cases]
            return [got.label for got in await asyncio.gather(*runs)]

    pages = asyncio.run(work())
    assert all(number in page for number, page in zip(site.cases, pages, strict=True))
    assert [seen.cookies for seen in site.asked(FORM)] == [{}, {}, {}]
    assert len({seen.cookies["JSESSIONID"] for seen in site.asked("/query.do")}) == 3


def test_connections_are_kept_between_flows(site: QuerySite) -> None:
    moved = site.answer("/moved", faults.redirect(FORM))
    failing = site.answer("/500", Reply("500", status=500))

    async def work() -> None:
        async with fetcher() as opened:
            for url in (site.form_url, moved, site.form_url):
                await opened.run(look_at(url), hosts=hosts(url), gap=NO_GAP)
            with pytest.raises(Unavailable):
                await opened.run(look_at(failing), hosts=hosts(failing), gap=NO_GAP)
            await opened.run(look_at(site.form_url), hosts=hosts(failing), gap=NO_GAP)
            assert opened.requests == {"127.0.0.1": 6}

    asyncio.run(work())
    assert site.connections == 1


def test_every_exchange_keeps_the_gap_redirects_too(site: QuerySite) -> None:
    url = site.answer("/moved", faults.redirect(FORM))
    gap = timedelta(milliseconds=60)

    async def work() -> None:
        async with fetcher() as opened:
            for _ in range(2):
                await opened.run(look_at(url), hosts=hosts(url), gap=gap)

    asyncio.run(work())
    assert len(site.gaps()) == 3
    assert min(site.gaps()) >= 0.9 * gap.total_seconds()


def test_requests_to_one_host_never_overlap_whatever_the_port(open_site: OpenSite) -> None:
    one, two = open_site(), open_site()

    async def work() -> None:
        async with fetcher() as opened:
            runs = [opened.run(look_at(site.form_url), hosts=hosts(site.form_url), gap=NO_GAP) for site in (one, two) * 5]
            await asyncio.gather(*runs)

    asyncio.run(work())
    log = sorted(one.log + two.log, key=lambda seen: seen.started)
    assert len(log) == 10
    assert one.connections == two.connections == 1


def test_a_host_that_somebody_else_keeps_is_not_asked(site: QuerySite) -> None:
    slots = MemorySlots()
    slots.owners["127.0.0.1"] = datetime.now(UTC) + timedelta(hours=1)
    with pytest.raises(HostBusy):
        read(site.form_url, fetcher(slots=slots, patience=0.01))
    assert site.log == []


@pytest.mark.parametrize("gap", [NO_GAP, timedelta(seconds=5)])
def test_a_run_that_is_cancelled_gives_the_host_back(site: QuerySite, gap: timedelta) -> None:
    slots = MemorySlots()
    url = site.answer("/slow", faults.silence())

    async def work() -> None:
        async with fetcher(slots=slots) as opened:
            task = asyncio.create_task(opened.run(look_at(url), hosts=hosts(url), gap=gap))
            while not site.log:  # noqa: ASYNC110 - the site runs in a thread
                await asyncio.sleep(0.001)
            assert slots.owners
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert not slots.owners

    asyncio.run(work())


def test_closing_the_fetcher_gives_kept_hosts_back(site: QuerySite) -> None:
    slots = MemorySlots()
    read(site.form_url, fetcher(slots=slots))
    assert not slots.owners


def test_the_lease_is_renewed_before_every_request(site: QuerySite) -> None:
    url = site.answer("/moved", faults.redirect(FORM))
    seen: list[tuple[str, int]] = []

    async def renew() -> None:
        seen.append(("fetcher", len(site.log)))

    async def on_exchange() -> None:
        seen.append(("run", len(site.log)))

    async def work() -> None:
        async with fetcher(renew=renew) as opened:
            await opened.run(look_at(url), hosts=hosts(url), gap=NO_GAP, on_exchange=on_exchange)

    asyncio.run(work())
    assert seen == [("fetcher", 0), ("run", 0), ("fetcher", 1), ("run", 1)]


def test_a_lease_that_is_lost_sends_nothing(site: QuerySite) -> None:
    async def lost() -> None:
        raise KeyError("lease")

    async def work() -> None:
        async with fetcher() as opened:
            with pytest.raises(KeyError, match="lease"):
                await opened.run(look_at(site.form_url), hosts=hosts(site.url), gap=NO_GAP, on_exchange=lost)
            assert not opened.requests

    asyncio.run(work())
    assert site.log == []


def test_a_captcha_is_for_the_person_and_so_is_a_look(site: QuerySite) -> None:
    def asks_captcha() -> Flow:
        image = yield from get(site.form_url)
        return reading((yield from captcha(image)))

    def asks_look() -> Flow:
        return reading((yield from look(site.form_url)).url)

    with pytest.raises(Blocked) as caught:
        fetch(asks_captcha(), hosts(site.url))
    assert caught.value.reason == "captcha"
    with pytest.raises(Blocked) as caught:
        fetch(asks_look(), hosts(site.url))
    assert caught.value.reason == "by_hand"
    assert len(site.log) == 1


def test_an_error_ends_the_flow_without_being_thrown_into_it(site: QuerySite) -> None:
    url = site.answer("/500", Reply(status=500))
    ended: list[str] = []

    def flow() -> Flow:
        try:
            with suppress(Exception):
                yield from get(url)
            ended.append("went on")
        finally:
            ended.append("closed")
        return reading("made up")

    with pytest.raises(Unavailable):
        fetch(flow(), hosts(url))
    assert ended == ["closed"]


def test_what_an_adapter_says_of_a_page_stands(site: QuerySite) -> None:
    def flow() -> Flow:
        yield from get(site.form_url)
        raise NotListed("未查询到相关记录")

    with pytest.raises(NotListed):
        fetch(flow(), hosts(site.url))


def test_an_adapter_that_crashes_on_a_page_did_not_understand_it(site: QuerySite) -> None:
    def flow() -> Flow:
        page = yield from get(site.form_url)
        return reading({"SH2026000123": ""}[page.url])

    with pytest.raises(PageChanged) as caught:
        fetch(flow(), hosts(site.url))
    assert caught.value.where == "adapter"
    assert caught.value.found.startswith("KeyError at test_drive.py:")
    assert "127.0.0.1" not in str(caught.value.params), "the page's own words stay out"


def test_an_adapter_must_ask_and_answer_in_the_contracts_words(site: QuerySite) -> None:
    def asks_text() -> Flow:
        yield site.form_url  # type: ignore[misc] # the mistake in question
        return reading("")

    def reads_nothing() -> Flow:
        yield from get(site.form_url)
        return None  # type: ignore[return-value] # the mistake in question

    def never_stops() -> Flow:
        try:
            yield from get(site.origin + "/404")
        finally:
            yield LookAsk("")
        return reading("")

    for flow, found in ((asks_text(), "str"), (reads_nothing(), "NoneType")):
        with pytest.raises(PageChanged) as caught:
            fetch(flow, hosts(site.url))
        assert (caught.value.where, caught.value.found) == ("adapter", found)
    with pytest.raises(PageChanged) as caught:
        fetch(never_stops(), hosts(site.url))
    assert caught.value.found == "404"


def test_a_flow_has_eight_exchanges_redirects_counted(site: QuerySite) -> None:
    url = site.answer("/moved", faults.redirect(FORM))

    def flow() -> Flow:
        while True:
            yield from get(url)

    with pytest.raises(PageChanged) as caught:
        fetch(flow(), hosts(url))
    assert caught.value.where == "exchanges"
    assert len(site.log) == 8


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "/query.htm", "", "http://[::1", "http://127.0.0.1:99999/", "ftp://127.0.0.1/"]
)
def test_only_a_web_address_is_asked(site: QuerySite, url: str) -> None:
    with pytest.raises(PageChanged) as caught:
        fetch(look_at(url), hosts(site.url))
    assert caught.value.where == "request"
    assert site.log == []


def test_an_adapter_asks_its_own_hosts_only(open_site: OpenSite) -> None:
    own, other = open_site("127.0.0.1"), open_site("127.0.0.2")
    for url in (other.form_url, f"http://127.0.0.1@127.0.0.2:{other.port}/", f"http://127.0.0.1\\@127.0.0.2:{other.port}/"):
        with pytest.raises(PageChanged) as caught:
            fetch(look_at(url), hosts(own.url))
        assert (caught.value.where, caught.value.expected) == ("request", "one of 127.0.0.1")
        assert caught.value.found == "127.0.0.2"
    with pytest.raises(Blocked) as blocked:
        fetch(look_at(other.origin + "/passport/login.do"), hosts(own.url))
    assert blocked.value.reason == "login"
    assert other.log == []


def test_a_proxy_of_the_environment_is_not_used(site: QuerySite, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    read(site.form_url)
    assert len(site.log) == 1


def test_addresses_and_forms_stay_out_of_the_log(site: QuerySite, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    site.cases["SH2026000123"] = Record("SH2026000123")
    fetch(ask(site, "SH2026000123"), hosts(site.url))
    read(site.answer("/a", Reply("ok")) + "?no=SH2026000123")
    assert "SH2026000123" not in caplog.text
    assert "127.0.0.1" not in caplog.text


def test_a_post_without_pairs_is_still_a_post(site: QuerySite) -> None:
    echoed: list[Seen] = []

    def keep(seen: Seen) -> Reply:
        echoed.append(seen)
        return Reply("ok")

    url = site.answer("/a", keep)

    def flow() -> Flow:
        page = yield Request("post", url)
        assert isinstance(page, Response)
        return reading(str(page.status))

    assert fetch(flow(), hosts(url)) == "200"
    assert (echoed[0].method, echoed[0].headers["content-length"]) == ("POST", "0")


def test_a_captcha_without_an_image_is_handed_off_just_the_same() -> None:
    def flow() -> Flow:
        yield CaptchaAsk(None, "三加四等于几")
        return reading("")

    with pytest.raises(Blocked):
        fetch(flow(), [])


def test_httpx_is_loaded_without_its_command_line() -> None:
    code = "import sys, tracker.fetch.drive; print(sorted({'rich', 'pygments'} & set(sys.modules))); import httpx._main"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
