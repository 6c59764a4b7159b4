"""Statuses, Retry-After and redirects, each with its named outcome: faults 5 to 7."""

from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from tests.shell.fetching import NOW, PAGE, failure, fetch, named, read, reading
from tests.sites import faults
from tests.sites.query import QuerySite
from tests.sites.server import Raw, Reply, Site
from tests.sites.tls import Authority, tls_site
from tracker.core.errors import PageChanged
from tracker.fetch import rules
from tracker.pages.adapter import Flow, post

OpenSite = Callable[..., QuerySite]


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
