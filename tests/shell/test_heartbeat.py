"""The heartbeat: asked in a thread of its own, at most once a minute, and never a word of its address in the log."""

import logging
from collections.abc import Callable

import pytest

from tests.shell.receivers import Gate
from tests.sites.server import Reply, Site
from tracker.fetch import heartbeat
from tracker.fetch.heartbeat import Heartbeat

SECRET = "/ping/0a1b2c3d-secret"


class Watch:
    """Seconds that are set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watcher(open_site: Callable[..., Site]) -> Site:
    site = open_site()
    site.answer(SECRET, Reply())
    return site


def beaten(beats: Heartbeat) -> None:
    beats.beat()
    beats.wait()


def address(site: Site, path: str = SECRET) -> str:
    return f"http://{site.host}:{site.port}{path}"


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "tracker.fetch.heartbeat"]


def test_it_asks_the_address_and_is_due_again_after_a_minute(watcher: Site) -> None:
    watch = Watch()
    beats = Heartbeat(address(watcher), clock=watch)
    assert beats.is_due
    beaten(beats)
    assert [(seen.method, seen.path) for seen in watcher.log] == [("GET", SECRET)]
    due = []
    for watch.now in (59.0, 60.0):
        due.append(beats.is_due)
    assert due == [False, True]


def test_a_slow_watcher_keeps_nobody_waiting_and_is_given_up(watcher: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    slow, watch = Gate(), Watch()
    watcher.answer(SECRET, slow)
    beats = Heartbeat(address(watcher), clock=watch)
    beats.beat()
    assert slow.entered.wait(5)
    watch.now = 100.0
    assert not beats.is_due, "one at a time"
    slow.open()
    beats.wait()
    monkeypatch.setattr(heartbeat, "TIMEOUT", 0.2)
    silent = Gate()
    watcher.answer(SECRET, silent)
    beaten(beats)
    silent.open()
    watch.now = 200.0
    assert beats.is_due


def test_a_failure_is_logged_once_and_its_end_once_and_never_with_the_address(
    watcher: Site, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    beats = Heartbeat(address(watcher))
    watcher.answer(SECRET, Reply(status=500))
    beaten(beats)
    beaten(beats)
    watcher.answer(SECRET, Reply())
    beaten(beats)
    beaten(beats)
    assert warnings(caplog) == [
        "life.heartbeat: not accepted (HTTP 500); checks and messages go on",
        "life.heartbeat: accepted again",
    ]
    beaten(Heartbeat("http://127.0.0.1:9" + SECRET))
    assert warnings(caplog)[-1] == "life.heartbeat: not accepted (ConnectError); checks and messages go on"
    assert "secret" not in caplog.text


def test_a_redirect_is_followed_on_the_same_host_only(
    watcher: Site, open_site: Callable[..., Site], caplog: pytest.LogCaptureFixture
) -> None:
    other = open_site("127.0.0.2")
    watcher.answer("/there", Reply(status=302, headers=(("Location", SECRET),)))
    beaten(Heartbeat(address(watcher, "/there")))
    assert watcher.log[-1].path == SECRET
    assert warnings(caplog) == []
    watcher.answer("/away", Reply(status=302, headers=(("Location", address(other)),)))
    beaten(Heartbeat(address(watcher, "/away")))
    watcher.answer("/circle", Reply(status=302, headers=(("Location", "/circle"),)))
    beaten(Heartbeat(address(watcher, "/circle")))
    assert [line.partition("(")[2].partition(")")[0] for line in warnings(caplog)] == [
        "redirected elsewhere",
        "redirected in circles",
    ]
    assert other.log == []
    assert len([seen for seen in watcher.log if seen.path == "/circle"]) == 4
