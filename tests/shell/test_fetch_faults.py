"""What can go wrong on the wire, each with its named outcome: faults 1 to 4."""

import asyncio
import errno
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from tests.shell.fetching import LIMIT, PAGE, failure, fetcher, hosts, look_at, named, read
from tests.sites import faults
from tests.sites.query import FORM, QuerySite
from tests.sites.server import Raw, Reply
from tests.sites.tls import Authority, tls_site
from tracker.core.errors import Blocked, PageChanged, Unavailable
from tracker.fetch.drive import Fetcher

OpenSite = Callable[..., QuerySite]


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
        async with fetcher(timeout=0.15) as opened:
            assert opened._wire._tls  # loaded beforehand: the deadline is to strike in the handshake
            with pytest.raises(Unavailable) as caught:
                await opened.run(look_at(url), hosts=hosts(url), gap=timedelta(0))
            assert named(caught.value) == "unavailable/timeout"
            conn, _ = listener.accept()
            with conn:
                conn.setblocking(False)
                async with asyncio.timeout(2):
                    greeting = await asyncio.get_running_loop().sock_recv(conn, 65536)
                    assert greeting.startswith(b"\x16")
                    assert await asyncio.get_running_loop().sock_recv(conn, 65536) == b""

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
