"""Who gets in, and what is refused: names, origins, tokens, passwords, sizes."""

import asyncio
import re
import subprocess
import sys

import pytest
from fastapi.routing import APIRoute

from tests.e2e.desk import Desk
from tests.sites.query import QuerySite
from tests.web.conftest import ID_NUMBER, Office
from tests.web.served import FORM_TYPE, PASSWORD, Visitor, serving
from tracker.web import case, health, listed, login, saw
from tracker.web.sessions import FREE_TRIES, VISITOR, Sessions, Tries, hashed

READ = ("/", "/cases/我的积分", "/cases/hostile", "/cases/我的积分/saw", "/saw", "/health")
ROUTES = [r for part in (listed, case, saw, health, login) for r in part.router.routes if isinstance(r, APIRoute)]
POSTS = sorted({route.path.replace("{name}", "act") for route in ROUTES if "POST" in (route.methods or ())})


@pytest.mark.parametrize("path", [*READ, "/nowhere", "/cases/nobody"])
def test_every_answer_forbids_scripts_frames_strangers_and_copies(office: Office, path: str) -> None:
    page = office.visitor.get(path)
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self'" in policy
    assert "unsafe" not in policy
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "same-origin"
    assert page.headers["cache-control"] == "no-store"
    assert "server" not in page.headers
    assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=\S", page.text.replace("onerror=alert(2)", ""))


@pytest.mark.parametrize("path", READ)
def test_a_page_never_shows_personal_data(office: Office, path: str) -> None:
    text = office.visitor.get(path).text
    for secret in (ID_NUMBER, "SH2026000123", "SH2026000126", "测试甲"):
        assert secret not in text
    assert office.visitor.get("/cases/我的积分?all=1").text.count("310101**********00") >= 1


@pytest.mark.parametrize("path", ["/", "/cases/hostile", "/cases/hostile/saw"])
def test_the_words_of_a_hostile_page_are_only_words(office: Office, path: str) -> None:
    text = office.visitor.get(path).text
    assert "alert(1)" in text
    assert "<script" not in text
    assert "<img src=x" not in text
    assert '">' + "＜img" not in text, "a quotation mark ends no attribute"
    assert "\u202e" not in text


def test_what_an_address_says_is_only_words(office: Office) -> None:
    text = office.visitor.get("/?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&show=%22%3E%3Cb%3E&note=%22%3E").text
    assert "&lt;script&gt;alert(1)" in text
    assert "<script" not in text
    assert "<b>" not in text


def test_a_page_that_was_led_to_us_under_another_name_reads_nothing(office: Office) -> None:
    for name in ("rebound.example.com", f"rebound.example.com:{office.visitor.port}", "localhost.example.com", "", "[::1"):
        page = office.visitor.get("/", Host=name)
        assert (page.status, "act" in page.text) == (400, False), name
    for name in ("localhost", "127.0.0.1:8300", "[::1]:8300", "tracker.example.org", "TRACKER.example.org:443"):
        assert office.visitor.get("/", Host=name).status == 200, name
    assert office.visitor.get("/readyz", Host="anything").status == 200, "watchers come by any name, and learn nothing"


@pytest.mark.parametrize("path", POSTS)
def test_nothing_is_changed_for_a_form_of_another_site(office: Office, path: str) -> None:
    visitor, before = office.visitor, office.desk.sql("SELECT * FROM settings WHERE name = 'roster'")
    token = visitor.get("/saw").token
    body = f"token={token}".encode()
    own = f"http://{visitor.name}"
    for headers in (
        {},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site", "Origin": own},
        {"Sec_Fetch_Site": "none"},
        {"Origin": "https://evil.example.com"},
        {"Origin": "null"},
        {"Origin": own + ".evil.example.com"},
    ):
        assert visitor.send(path, body, FORM_TYPE, **headers).status == 403, headers
    for wrong in (b"", b"token=", b"token=" + b"0" * 64, b"\xff=\xfe", b"token=%E4%B8%AD"):
        assert visitor.send(path, wrong, FORM_TYPE, Origin=own).status == 403, wrong
    assert office.desk.sql("SELECT * FROM settings WHERE name = 'roster'") == before


def test_forms_come_from_our_own_name_on_plain_http_and_behind_a_proxy(office: Office) -> None:
    visitor = office.visitor
    for origin, host in ((f"http://{visitor.name}", visitor.name), ("http://tracker.example.org", "127.0.0.1:8300")):
        body = f"token={visitor.get('/saw').token}".encode()
        assert visitor.send("/saw", body, FORM_TYPE, Origin=origin, Host=host).status == 303, origin


def test_what_is_too_large_is_not_taken_in(office: Office) -> None:
    visitor = office.visitor
    assert visitor.upload("/saw", b"<p>" + b"x" * (2 << 20)).status == 413
    assert visitor.upload("/cases/act/saw", b"x" * (2 << 20) + b"y").status == 413
    claimed = visitor.send("/saw", b"", FORM_TYPE, Origin=f"http://{visitor.name}", Content_Length="9" * 30)
    assert claimed.status in {400, 413}
    pasted = visitor.post("/cases/act/saw", {"page": "<p>" + "x" * (1 << 20)}, page="/saw")
    assert pasted.status == 303, "a page of a megabyte may be pasted"


def test_a_page_that_is_not_there_says_so_in_words(office: Office) -> None:
    assert (office.visitor.get("/nowhere").status, office.visitor.get("/cases/nobody").status) == (404, 404)
    assert "no such case" in office.visitor.get("/cases/nobody").words
    assert office.visitor.get("/cases/nobody/saw").status == 404
    assert office.visitor.post("/cases/nobody/pause").status == 404
    assert office.visitor.get("/openapi.json").status == 404
    assert office.visitor.get("/cases/act/check").status == 405, "a link changes nothing"


def test_a_watcher_may_ask_for_the_head_only(office: Office) -> None:
    page = office.visitor.get("/health", method="HEAD")
    assert (page.status, page.text) == (200, "")


def test_a_check_from_the_shell_loads_nothing_of_the_page(desk: Desk, site: QuerySite) -> None:
    desk.add_case(site.form_url)
    desk.write()
    code = (
        "import sys; from click.testing import CliRunner; from tracker.cli import root;"
        f"CliRunner().invoke(root, ['-c', {str(desk.config)!r}, 'check']);"
        "heavy = {'fastapi', 'starlette', 'uvicorn', 'jinja2', 'argon2', 'itsdangerous'};"
        "print('tracker.check' in sys.modules, sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], env=desk.env, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True []"


# --- the password ----------------------------------------------------------------------------------------------------


def log_in(visitor: Visitor, password: str = PASSWORD, to: str = "") -> int:
    page = visitor.post("/login", {"password": password, "to": to}, page="/login")
    return page.status


def test_with_a_password_nothing_is_shown_before_the_log_in(desk: Desk, site: QuerySite) -> None:
    desk.add_case(site.form_url, name="secret")
    desk.add_case(site.form_url, name="my 积分?")
    web = f'password = "{PASSWORD}"\n'
    with serving(desk, web=web) as visitor:
        for path in ("/", "/cases/secret", "/cases/secret/saw", "/saw", "/health"):
            page = visitor.get(path)
            assert (page.status, page.text) == (303, ""), path
            assert page.headers["location"].startswith("/login")
        assert "secret" not in visitor.get("/login").text
        assert "secret" not in visitor.get("/nowhere").text
        assert (visitor.get("/readyz").status, visitor.get("/healthz").text) == (200, "ok\n")
        assert visitor.post("/cases/secret/pause", page="/login").status == 303
        assert desk.sql("SELECT paused_at FROM cases") == [(None,)] * 2, "a form before the log-in does nothing"
        assert (log_in(visitor, "wrong"), visitor.cookies) == (403, {})
        page = visitor.post("/login", {"password": PASSWORD, "to": "/cases/secret"}, page="/login")
        assert "HttpOnly" in page.headers["set-cookie"]
        assert "SameSite=lax" in page.headers["set-cookie"]
        assert visitor.follow(page).status == 200
        again = visitor.get("/login?to=/cases/secret")
        assert again.headers["location"] == "/cases/secret", "whoever is inside already goes on"
        assert visitor.get("/login?to=//evil.example.com").headers["location"] == "/"
        named = visitor.get("/login?to=/cases/my%20%E7%A7%AF%E5%88%86%3F").headers["location"]
        assert named == "/cases/my%20%E7%A7%AF%E5%88%86%3F", "a name may have blanks and question marks"
        kept = dict(visitor.cookies)
        name = next(iter(kept))
        visitor.cookies[name] = kept[name][:-2] + "xx"
        assert visitor.get("/").status == 303, "a cookie that we did not sign"
        visitor.cookies = dict(kept)
        assert visitor.follow(visitor.post("/logout")).status == 200
        assert visitor.get("/").status == 303
    with serving(desk, web=web) as visitor:
        visitor.cookies = dict(kept)
        assert visitor.get("/").status == 200, "a session outlives a restart"
    with serving(desk, web='password = "another one"\n') as visitor:
        visitor.cookies = dict(kept)
        assert visitor.get("/").status == 303, "another password ends every session"


def test_guessing_gets_slow_and_the_log_in_leads_to_no_other_site(desk: Desk, site: QuerySite) -> None:
    desk.add_case(site.form_url)
    with serving(desk, web=f'password = "{PASSWORD}"\nbase_url = "https://tracker.example.org"\n') as visitor:
        for to in ("//evil.example.com", "https://evil.example.com", "/\\evil.example.com", "/cases/../..//evil"):
            page = visitor.post("/login", {"password": PASSWORD, "to": to}, page="/login")
            assert page.headers["location"] == "/", to
            assert "Secure" in page.headers["set-cookie"], "it never travels over plain http"
            visitor.cookies.clear()
        answers = [log_in(visitor, f"guess {n}") for n in range(FREE_TRIES)]
        assert answers == [403] * FREE_TRIES
        for more in range(8):  # on a slow machine the first short waits are over before the next guess
            if log_in(visitor, f"another guess {more}") == 429:
                break
        page = visitor.post("/login", {"password": PASSWORD}, page="/login", X_Forwarded_For="192.0.2.7")
        assert page.status == 429, "the right one waits too, else guessing goes on; no header makes somebody else of us"
        assert int(page.headers["retry-after"]) >= 1
        assert "wait" in page.words


class Seconds:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_each_wrong_try_waits_twice_as_long_and_a_right_one_forgets_them() -> None:
    clock = Seconds()
    tries = Tries(clock)
    waits = []
    for _ in range(14):
        tries.begin("192.0.2.1")
        waits.append(tries.wait("192.0.2.1"))
        clock.now += waits[-1]
    assert waits[:7] == [0, 0, 1, 2, 4, 8, 16]
    assert waits[-1] == 300
    tries.begin("192.0.2.1")
    assert tries.wait("192.0.2.2") == 0, "nobody is kept out by somebody else"
    tries.was_right("192.0.2.1")
    assert tries.wait("192.0.2.1") == 0


def test_one_network_is_one_guesser_and_many_guessers_fill_no_memory() -> None:
    tries = Tries(Seconds())
    for number in range(4):
        tries.begin(f"2001:db8::{number}")
    assert tries.wait("2001:db8::ffff") > 0
    for number in range(2000):
        tries.begin(f"host{number}")
    assert len(tries._peers) <= 1000


def test_the_config_may_hold_the_hash_instead_of_the_password() -> None:
    kept = hashed("open sesame")
    assert kept.startswith("$argon2id$")
    assert hashed(kept) == kept
    sessions = Sessions(kept, b"secret")
    assert asyncio.run(sessions.is_right("open sesame"))
    assert not asyncio.run(sessions.is_right(kept)), "who has read the config has not the password"


def test_a_token_belongs_to_its_session_and_a_session_to_its_store() -> None:
    one, other = Sessions("a", b"secret"), Sessions("a", b"another secret")
    session = one.read(one.new())
    assert session is not None
    assert one.is_token(session, one.token(session))
    assert not one.is_token(VISITOR, one.token(session))
    assert not other.is_token(session, one.token(session))
    assert other.read(one.new()) is None
    assert one.read(None) is None
    assert one.read("中") is None
