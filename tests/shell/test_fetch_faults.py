"""What can go wrong on the way to a page, each with its named outcome: faults 1 to 7 and 10."""

import asyncio
import errno
import gzip
import socket
import ssl
import time
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from tests.shell.fetching import NOW, fetch, fetcher, hosts, look_at, read, reading
from tests.sites import faults
from tests.sites.query import FORM, QuerySite
from tests.sites.server import Raw, Reply, Site
from tests.sites.tls import Authority
from tracker.core.errors import Blocked, CheckError, PageChanged, Unavailable
from tracker.fetch import rules
from tracker.fetch.drive import Fetcher
from tracker.pages.adapter import Flow, post

OpenSite = Callable[..., QuerySite]
PAGE = "<html><body><table><tr><td>当前状态</td><td>审核中</td></tr></table></body></html>".encode("gb18030")
LIMIT = 2 * 1024 * 1024


def failure(url: str, *, timeout: float = 5, max_body: int = LIMIT) -> CheckError:
    """The error that ends a look at one page; the adapter never gets a page."""
    pages: list[str] = []

    def flow() -> Flow:
        page = yield from look_at(url)
        pages.append(page.label)
        return page

    with pytest.raises(CheckError) as caught:
        fetch(flow(), hosts(url), fetcher(timeout=timeout, max_body=max_body))
    assert pages == []
    return caught.value


def named(error: CheckError) -> str:
    return f"{error.kind.value}/{error.reason}"


# 1: nobody there


def test_a_refused_connection_is_the_network() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert named(failure(f"http://127.0.0.1:{port}/")) == "unavailable/network"


def test_a_name_that_does_not_resolve_is_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    assert named(failure("http://progress.invalid/")) == "unavailable/network"


def test_a_connection_that_the_system_gives_up_is_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise TimeoutError(errno.ETIMEDOUT, "Connection timed out")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    assert named(failure("http://127.0.0.1:9/")) == "unavailable/network"


# 2: TLS


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


def tls_site(context: ssl.SSLContext) -> Site:
    site = Site(tls=context)
    site.answer("*", Reply("ok"))
    return site


@pytest.mark.parametrize("fault", ["unknown CA", "wrong name", "expired"])
def test_a_certificate_that_does_not_hold_stops_the_check(
    fault: str, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if fault != "unknown CA":
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.write(tmp_path)))
    name = "127.0.0.9" if fault == "wrong name" else "127.0.0.1"
    with tls_site(authority.server(name, expired=fault == "expired")) as site:
        assert named(failure(site.url)) == "unavailable/tls"
        assert site.connections == 1, "no second try, and none without TLS"
        assert site.log == []


def test_a_certificate_of_a_trusted_authority_is_accepted(
    authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.write(tmp_path)))
    with tls_site(authority.server()) as site:
        assert read(site.url) == "ok"


def test_a_plain_server_behind_an_https_address_is_a_tls_fault(site: QuerySite) -> None:
    assert named(failure(f"https://127.0.0.1:{site.port}/")) == "unavailable/tls"
    assert site.log == []


def test_a_handshake_without_an_answer_ends_at_the_deadline_and_leaves_no_connection() -> None:
    async def work(listener: socket.socket) -> None:
        url = f"https://127.0.0.1:{listener.getsockname()[1]}/"
        async with fetcher(timeout=0.1) as opened:
            with pytest.raises(Unavailable) as caught:
                await opened.run(look_at(url), hosts=hosts(url), gap=timedelta(0))
            assert named(caught.value) == "unavailable/timeout"
            conn, _ = listener.accept()
            with conn:
                conn.setblocking(False)
                async with asyncio.timeout(5):
                    while await asyncio.get_running_loop().sock_recv(conn, 65536):
                        pass

    with socket.create_server(("127.0.0.1", 0)) as listener:
        asyncio.run(work(listener))


def test_plain_http_loads_no_certificates(site: QuerySite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ssl, "create_default_context", lambda *_, **__: pytest.fail("loaded the CAs"))
    read(site.form_url)


# 3: slow


@pytest.mark.parametrize(
    "answer",
    [
        faults.silence(b""),
        faults.silence(b"HTTP/1.1 200 OK\r\n"),
        faults.silence(),
        faults.drip_in_header(0.02),
        faults.drip_in_body(0.02),
    ],
    ids=["no word", "silence in the header", "silence in the body", "drip in the header", "drip in the body"],
)
def test_a_total_deadline_ends_what_is_too_slow(site: QuerySite, answer: Raw) -> None:
    url = site.answer("/slow", answer)
    started = time.monotonic()
    assert named(failure(url, timeout=0.15)) == "unavailable/timeout"
    assert time.monotonic() - started < 1
    assert len(site.log) == 1


def test_a_slow_host_does_not_hold_up_another(open_site: OpenSite) -> None:
    slow, quick = open_site("127.0.0.1"), open_site("127.0.0.2")
    url = slow.answer("/slow", faults.drip_in_body(0.02))
    ends: list[str] = []

    async def one(opened: Fetcher, name: str, address: str) -> None:
        with suppress(Unavailable):
            await opened.run(look_at(address), hosts=hosts(address), gap=timedelta(0))
        ends.append(name)

    async def work() -> None:
        async with fetcher(timeout=0.2) as opened, asyncio.TaskGroup() as group:
            group.create_task(one(opened, "slow", url))
            group.create_task(one(opened, "quick", quick.form_url))

    asyncio.run(work())
    assert ends == ["quick", "slow"]


def test_the_wait_for_the_host_is_not_counted(site: QuerySite) -> None:
    async def work() -> None:
        async with fetcher(timeout=0.1) as opened:
            for _ in range(2):
                await opened.run(look_at(site.form_url), hosts=hosts(site.url), gap=timedelta(seconds=0.15))

    asyncio.run(work())
    assert len(site.log) == 2


# 4: broken


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (faults.says(b""), "unavailable/network"),
        (faults.says(b"HTTP/1.1 200 OK\r\nContent-"), "unavailable/network"),
        (faults.reset(), "unavailable/network"),
        (faults.reset(faults.HEAD + b"Content-Length: 5000\r\n\r\n" + PAGE), "unavailable/network"),
        (faults.junk(), "unavailable/network"),
        (faults.long_header(), "unavailable/network"),
        (faults.junk_chunks(PAGE), "unavailable/network"),
        (faults.short_body(PAGE, 5000), "page_changed/truncated"),
        (faults.unfinished_chunks(PAGE), "page_changed/truncated"),
    ],
    ids=[
        "closed at once",
        "closed in the header",
        "reset at once",
        "reset in the body",
        "junk",
        "300 KB header",
        "junk between chunks",
        "short body",
        "no last chunk",
    ],
)
def test_a_broken_answer_is_never_a_page(site: QuerySite, answer: Raw, outcome: str) -> None:
    assert named(failure(site.answer("/broken", answer))) == outcome
    assert len(site.log) == 1, "not asked again at once"


def test_a_body_that_the_close_ends_is_left_to_the_page_itself(site: QuerySite) -> None:
    assert "当前状态" in read(site.answer("/cut", faults.cut_body(PAGE[:60])))


# 5 and 6: statuses


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (429, "unavailable/rate_limited"),
        (500, "unavailable/server_error"),
        (502, "unavailable/server_error"),
        (503, "unavailable/server_error"),
        (401, "blocked/refused"),
        (403, "blocked/refused"),
        (407, "blocked/refused"),
        (412, "blocked/refused"),
        (451, "blocked/refused"),
        (468, "blocked/refused"),
        (404, "page_changed/page_changed"),
        (410, "page_changed/page_changed"),
        (400, "page_changed/page_changed"),
        (418, "page_changed/page_changed"),
        (206, "page_changed/page_changed"),
        (304, "page_changed/page_changed"),
        (300, "page_changed/page_changed"),
        (999, "page_changed/page_changed"),
    ],
)
def test_a_status_that_is_no_page_has_its_outcome(site: QuerySite, status: int, outcome: str) -> None:
    error = failure(site.answer("/x", Reply("" if status == 304 else PAGE, status=status)))
    assert named(error) == outcome
    assert error.retry_after is None
    if isinstance(error, PageChanged):
        assert (error.where, error.expected, error.found) == ("http", "200", str(status))


@pytest.mark.parametrize("status", [429, 503, 403])
@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("120", timedelta(minutes=2)),
        (" 120 ", timedelta(minutes=2)),
        ("0", None),
        ("1000000000", timedelta(hours=24)),
        ("9" * 5000, timedelta(hours=24)),
        (format_datetime(NOW + timedelta(hours=2), usegmt=True), timedelta(hours=2)),
        (format_datetime(NOW + timedelta(days=3), usegmt=True), timedelta(hours=24)),
        (format_datetime(NOW - timedelta(hours=2), usegmt=True), None),
        ("Mon, 23 Nov 2026 02:30:00 -0000", timedelta(hours=1)),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("稍后", None),
        ("", None),
    ],
)
def test_the_server_says_how_long_to_stay_away(site: QuerySite, status: int, header: str, wait: timedelta | None) -> None:
    url = site.answer("/x", Reply(PAGE, status=status, headers=(("Retry-After", header),)))
    assert failure(url).retry_after == wait


@pytest.mark.parametrize("answer", [faults.silence, faults.endless, lambda head: faults.drip(b"x" * 99, start=head, step=0.02)])
def test_a_refusal_stands_whatever_its_body_does(site: QuerySite, answer: Callable[[bytes], Raw]) -> None:
    for head in (
        b"HTTP/1.1 503 Busy\r\nRetry-After: 60\r\n\r\n",
        b"HTTP/1.1 503 Busy\r\nRetry-After: 60\r\nContent-Length: 99999\r\n\r\n",
    ):
        error = failure(site.answer("/x", answer(head)))
        assert named(error) == "unavailable/server_error"
        assert error.retry_after == timedelta(minutes=1)


# 7: redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_an_own_host_is_followed(open_site: OpenSite, status: int) -> None:
    one, other = open_site(), open_site()
    url = one.answer("/do", faults.redirect(other.origin + "/done", status))
    other.answer("/done", Reply("done"))

    def flow() -> Flow:
        page = yield from post(url, (("sh_no", "A1"),))
        return reading(page.url)

    assert fetch(flow(), ["127.0.0.1"]) == other.origin + "/done"
    (seen,) = other.log
    assert (seen.method, seen.form()) == (("POST", {"sh_no": "A1"}) if status > 303 else ("GET", {}))
    assert ("content-type" in seen.headers) == (status > 303)


def test_a_cookie_set_by_a_redirect_is_brought_along(site: QuerySite) -> None:
    site.answer("/in", Reply(status=302, headers=(("Location", "/out?状态=1"), ("Set-Cookie", "JSESSIONID=abc; Path=/"))))
    site.answer("/out", Reply("done"))
    assert read(site.origin + "/in") == "done"
    assert site.log[1].cookies == {"JSESSIONID": "abc"}
    assert site.log[1].target == "/out?%E7%8A%B6%E6%80%81=1", "the bytes as they came"


def test_three_redirects_are_followed_and_no_more(site: QuerySite) -> None:
    for hop in range(3):
        site.answer(f"/{hop}", faults.redirect(f"{hop + 1}"))
    site.answer("/3", Reply("done"))
    assert read(site.origin + "/0") == "done"
    site.answer("/3", faults.redirect("/3"))
    error = failure(site.origin + "/0")
    assert isinstance(error, PageChanged)
    assert (error.where, error.expected) == ("redirect", "at most 3")
    assert len(site.log) == 8


@pytest.mark.parametrize(
    ("location", "found"),
    [
        ("http://127.0.0.2:{port}/x", "127.0.0.2"),
        ("//127.0.0.2:{port}/x", "127.0.0.2"),
        ("http://127.0.0.1@127.0.0.2:{port}/x", "127.0.0.2"),
        ("http://127.0.0.1%40127.0.0.2:{port}/x", None),
        ("http://2130706434:{port}/x", "2130706434"),
        ("file:///etc/passwd", "file"),
        ("javascript:alert(1)", "javascript"),
        ("http://[::1", "junk"),
        ("http://127.0.0.1:99999/", "junk"),
        ("", "nothing"),
    ],
)
def test_a_redirect_elsewhere_is_refused(open_site: OpenSite, location: str, found: str | None) -> None:
    site, other = open_site("127.0.0.1"), open_site("127.0.0.2")
    headers = (("Location", location.format(port=other.port)), ("Set-Cookie", "JSESSIONID=abc; Path=/"))
    error = failure(site.answer("/x", Reply(status=302, headers=headers)))
    assert isinstance(error, PageChanged)
    assert error.where == "redirect"
    assert found is None or error.found == found
    assert other.log == []
    assert other.connections == 0


def test_a_redirect_without_an_address_is_refused(site: QuerySite) -> None:
    error = failure(site.answer("/x", Reply(status=302)))
    assert isinstance(error, PageChanged)
    assert (error.where, error.found) == ("redirect", "nothing")


@pytest.mark.parametrize("path", ["/login.do", "/cas/index", "/userLogin.jsp?service=x", "/%E7%99%BB%E5%BD%95"])
def test_a_redirect_to_somebody_elses_log_in_is_a_log_in(open_site: OpenSite, path: str) -> None:
    site, other = open_site("127.0.0.1"), open_site("127.0.0.2")
    error = failure(site.answer("/x", faults.redirect(other.origin + path)))
    assert named(error) == "blocked/login"
    assert other.connections == 0


def test_the_sites_own_log_in_page_is_left_to_the_adapter(site: QuerySite) -> None:
    site.answer("/login.do", Reply("请登录"))
    assert read(site.answer("/x", faults.redirect("/login.do"))) == "请登录"


def test_https_never_becomes_http(
    site: QuerySite, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.write(tmp_path)))
    with Site(tls=authority.server()) as secure:
        error = failure(secure.answer("/x", faults.redirect(site.form_url)))
    assert isinstance(error, PageChanged)
    assert (error.where, error.expected, error.found) == ("redirect", "https", "http")
    assert site.connections == 0


def test_http_may_become_https(site: QuerySite, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.write(tmp_path)))
    with tls_site(authority.server()) as secure:
        assert read(site.answer("/x", faults.redirect(secure.url))) == "ok"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "localhost", "app.localhost", "::1"])
def test_loopback_is_reached_from_loopback_only(host: str) -> None:
    allowed = frozenset({host, "progress.example", "127.0.0.1"})
    assert rules.forbidden("http", host, allowed, came_from=("http", "progress.example")) is not None
    assert rules.forbidden("http", host, allowed, came_from=("http", "127.0.0.1")) is None
    assert rules.forbidden("http", host, allowed, came_from=None) is None


@pytest.mark.parametrize(
    ("address", "login"),
    [
        ("https://sso.city.example/x", True),
        ("https://city.example/passport/x", True),
        ("https://city.example/sign-in", True),
        ("https://tyrz.city.example/am/", True),
        ("https://cases.example/case/1", False),
        ("https://city.example/authority/author", False),
        ("https://city.example/x?back=login", False),
    ],
)
def test_a_log_in_is_known_by_its_name_or_path(address: str, login: bool) -> None:
    assert rules.looks_like_login(address) is login


# 10: bodies that are not what they seem


@pytest.mark.parametrize("body", [faults.gzipped(PAGE), faults.deflated(PAGE), faults.deflated(PAGE, bare=True)])
def test_a_packed_page_is_unpacked(site: QuerySite, body: Reply) -> None:
    assert read(site.answer("/x", body)).encode("gb18030") == PAGE


def gzip_reply(data: bytes, coding: str = "gzip") -> Reply:
    return Reply(data, headers=(("Content-Encoding", coding),))


@pytest.mark.parametrize(
    ("reply", "text"),
    [
        (gzip_reply(gzip.compress(b"one ") + gzip.compress(b"two")), "one two"),
        (gzip_reply(gzip.compress(b"one") + b"\x00" * 8), "one"),
        (gzip_reply(b""), ""),
        (gzip_reply(gzip.compress(b"")), ""),
        (gzip_reply(gzip.compress(b"one"), "X-GZIP"), "one"),
        (gzip_reply(gzip.compress(b"one"), "identity, gzip"), "one"),
        (gzip_reply(b"one", "identity"), "one"),
    ],
    ids=["two members", "padding", "nothing", "an empty page", "x-gzip", "identity and gzip", "identity"],
)
def test_odd_but_honest_codings_are_read(site: QuerySite, reply: Reply, text: str) -> None:
    assert read(site.answer("/x", reply)) == text


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (faults.cut_gzip(PAGE * 50), "truncated"),
        (gzip_reply(gzip.compress(PAGE)[:-1]), "truncated"),
        (gzip_reply(gzip.compress(PAGE)[:-8] + b"\x00" * 8), "truncated"),
        (gzip_reply(gzip.compress(PAGE)[:5]), "truncated"),
        (gzip_reply(PAGE), "not_text"),
        (gzip_reply(PAGE, "deflate"), "truncated"),
        (gzip_reply(PAGE, "br"), "not_text"),
        (faults.bomb(8 * LIMIT), "too_large"),
        (gzip_reply(gzip.compress(b"x" * LIMIT) + gzip.compress(b"x")), "too_large"),
        (gzip_reply(gzip.compress(b"") * (LIMIT // 20 + 1)), "too_large"),
        (faults.double_bomb(8 * LIMIT), "too_large"),
        (gzip_reply(gzip.compress(gzip.compress(PAGE)), "gzip,deflate"), "too_large"),
        (faults.endless(), "too_large"),
        (faults.endless(faults.HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(PAGE)), "too_large"),
        (faults.silence(faults.HEAD + b"Content-Length: 1000000000000\r\n\r\n"), "too_large"),
    ],
    ids=[
        "half a stream",
        "a byte short",
        "a wrong checksum",
        "half a header",
        "plain text called gzip",
        "plain text called deflate",
        "brotli",
        "a bomb",
        "a bomb in two members",
        "a million empty members",
        "gzip, gzip",
        "gzip, deflate",
        "endless",
        "endless after the end",
        "a terabyte promised",
    ],
)
def test_a_body_out_of_bounds_is_refused(site: QuerySite, answer: Reply | Raw, reason: str) -> None:
    error = failure(site.answer("/x", answer))
    assert named(error) == f"page_changed/{reason}"
    assert isinstance(error, PageChanged)
    assert error.where == "transfer"


def test_the_limit_itself_is_allowed(site: QuerySite) -> None:
    for reply in (Reply(b"x" * 5000), faults.gzipped(b"x" * 5000), Reply(b"x" * 5000, length=False)):
        url = site.answer("/x", reply)
        assert len(read(url, fetcher(max_body=5000))) == 5000
        assert failure(url, max_body=4999).reason == "too_large"


def test_a_bomb_costs_little_memory(site: QuerySite) -> None:
    url = site.answer("/x", faults.bomb())
    tracemalloc.start()
    try:
        assert failure(url).reason == "too_large"
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 * LIMIT


def test_after_any_fault_the_same_fetcher_reads_on(site: QuerySite) -> None:
    broken: list[Reply | Raw] = [
        faults.reset(),
        faults.junk(),
        faults.endless(),
        faults.bomb(4 * LIMIT),
        faults.silence(),
        Reply(status=500),
    ]
    for number, answer in enumerate(broken):
        site.answer(f"/{number}", answer)

    async def work() -> str:
        async with fetcher(timeout=0.3) as opened:
            for number in range(len(broken)):
                with pytest.raises((Unavailable, PageChanged, Blocked)):
                    await opened.run(look_at(f"{site.origin}/{number}"), hosts=hosts(site.url), gap=timedelta(0))
            return (await opened.run(look_at(site.form_url), hosts=hosts(site.url), gap=timedelta(0))).label

    assert "受理编号" in asyncio.run(work())
    assert site.asked(FORM)
