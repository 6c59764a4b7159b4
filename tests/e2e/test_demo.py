"""The demo: it works with nothing set up, touches nothing of the user's, and fails where a step did not happen."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx
import pytest

from tests.e2e import forks
from tracker.cli.app import App
from tracker.cli.demo import _stage
from tracker.core.errors import StoreError
from tracker.core.model import Observation
from tracker.demo import run as demo
from tracker.demo.receiver import Receiver
from tracker.demo.server import Reply
from tracker.demo.site import FORM, NAME, NUMBER, RESULT, Site

COMMAND = Path(sys.executable).with_name("tracker")
# Apprise loads all its plugins at the first message, and one of them imports this.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
STEPS = ["site", "first_check", "move", "second_check", "third_check", "store"]


def settings(home: Path) -> dict[str, str]:
    """The environment of a person who has set up nothing."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("TRACKER_", "APPRISE_", "LC_", "LANG"))}
    clean |= {"HOME": str(home), "XDG_DATA_HOME": str(home / "data"), "XDG_CONFIG_HOME": str(home / "config")}
    clean |= {"TMPDIR": str(home / "tmp"), "PYTHONUTF8": "1"}
    (home / "tmp").mkdir(exist_ok=True)
    return clean


def play(home: Path, *options: str, env: dict[str, str] | None = None) -> forks.Run:
    return forks.run([str(COMMAND), *options], settings(home) | (env or {}))


def test_the_demo_shows_two_readings_two_messages_and_a_silence(tmp_path: Path) -> None:
    command = [str(COMMAND), "demo", "--json"]  # from scratch, as a person starts it
    done = subprocess.run(command, env=settings(tmp_path), capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    shown = json.loads(done.stdout)
    assert (shown["schema_version"], shown["ok"]) == (1, True)
    assert [s["step"] for s in shown["steps"]] == STEPS
    by_name = {s["step"]: s for s in shown["steps"]}
    for name in ("first_check", "second_check", "third_check"):
        assert [(r["method"], r["path"]) for r in by_name[name]["requests"]] == [("GET", FORM), ("POST", RESULT)]
    assert "已受理" in by_name["first_check"]["message"]["text"]
    assert "审核中" in by_name["second_check"]["message"]["text"]
    assert by_name["third_check"]["message"] is None


@pytest.mark.parametrize(("locale", "words"), [("zh_CN.UTF-8", "第一次查询"), ("de_DE.UTF-8", "First check")])
def test_it_speaks_the_locales_language(tmp_path: Path, locale: str, words: str) -> None:
    done = play(tmp_path, "demo", env={"LANG": locale})
    assert done.code == 0, done.out + done.err
    assert words in done.out
    assert done.err == ""


def test_it_leaves_nothing_behind_and_uses_nothing_of_the_users(tmp_path: Path) -> None:
    config = tmp_path / "config" / "tracker" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text("this is not TOML")
    theirs = {"TRACKER_STORE__URL": f"sqlite:///{tmp_path}/theirs.db", "APPRISE_URLS": "json://127.0.0.1:9/theirs"}
    done = play(tmp_path, "-q", "demo", env=theirs | {"TRACKER_CONFIG": str(config)})
    assert (done.code, done.out, done.err) == (0, "", "")  # and quiet it says nothing when all is well
    assert {p.name for p in tmp_path.rglob("*") if p.is_file()} == {"config.toml"}
    assert not list((tmp_path / "tmp").iterdir())


def test_what_it_made_can_be_kept_and_looked_at(tmp_path: Path) -> None:
    done = play(tmp_path, "demo", "--keep", "--json", "--language", "en", env={"LANG": "zh_CN.UTF-8"})
    kept = Path(done.json["kept_in"])
    assert kept.is_relative_to(tmp_path / "tmp")
    shown = play(tmp_path, "-c", str(kept / "config.toml"), "history", "demo", "--json")
    assert [o["label"] for o in shown.json["observations"]] == ["审核中", "已受理"]
    sealed = b"".join(p.read_bytes() for p in kept.glob("tracker.db*"))
    assert NUMBER.encode() not in sealed
    assert NAME.encode() not in sealed


# --- it fails where a step did not happen ----------------------------------------------------------------------------


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[demo.Stage]:
    with _stage(App(None, verbose=0, color="never"), tmp_path, "en") as (_, stage):
        yield stage


def last(stage: demo.Stage) -> demo.Step:
    steps = list(demo.play(stage))
    assert all(not step.faults for step in steps[:-1])
    return steps[-1]


def test_a_site_that_does_not_move_fails_the_second_check(stage: demo.Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage.site, "move_to", lambda _: None)
    step = last(stage)
    assert step.name == "second_check"
    assert "read: 已受理; should be: 审核中" in step.faults


def test_a_message_that_does_not_arrive_fails_its_step(stage: demo.Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Receiver, "reply", lambda *_: Reply(b"", "text/plain", 500))
    step = last(stage)
    assert step.name == "first_check"
    assert "deliveries: pending; should be: sent" in step.faults


def test_a_check_that_asks_nobody_is_seen_in_the_sites_log(stage: demo.Stage) -> None:
    step = last(replaced(stage, look=lambda: ([], [])))
    assert step.name == "first_check"
    assert f"the site was asked: -; should be: GET {FORM}, POST {RESULT}" in step.faults


def test_a_message_over_nothing_fails_the_third_check(stage: demo.Stage) -> None:
    def noisy() -> object:
        found = stage.look()
        if len(stage.site.log) == 6:
            stage.receiver.messages.append(("again", "审核中"))
        return found

    step = last(replaced(stage, look=noisy))
    assert step.name == "third_check"
    assert "messages that say it: True; should be: -" in step.faults


def test_a_reading_that_was_not_kept_fails_the_last_step(stage: demo.Stage) -> None:
    def newest_only() -> Sequence[Observation]:
        return stage.stored()[:1]

    step = last(replaced(stage, stored=newest_only))
    assert step.name == "store"
    assert step.faults == ("kept: 审核中; should be: 已受理, 审核中",)


def test_a_broken_store_is_named(stage: demo.Stage) -> None:
    def broken() -> object:
        raise StoreError("the disk is full")

    step = last(replaced(stage, look=broken))
    assert (step.name, step.faults) == ("first_check", ("StoreError: the disk is full",))


def replaced(stage: demo.Stage, **parts: object) -> demo.Stage:
    from dataclasses import replace

    return replace(stage, **parts)  # type: ignore[arg-type]


# --- the simulated site ----------------------------------------------------------------------------------------------


@pytest.fixture
def browser() -> Iterator[tuple[Site, httpx.Client]]:
    with Site() as site, httpx.Client(base_url=f"http://{site.host}") as client:
        yield site, client


def ask(client: httpx.Client, token: str, number: str = NUMBER) -> str:
    form = {"org.apache.struts.taglib.html.TOKEN": token, "slbh": number, "xm": NAME}
    body = "&".join(f"{k}={''.join(f'%{b:02X}' for b in v.encode('gb18030'))}" for k, v in form.items())
    answer = client.post(RESULT, content=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
    return answer.content.decode("gb18030")


def token_of(client: httpx.Client) -> str:
    return client.get(FORM).content.decode("gb18030").partition('value="')[2].partition('"')[0]


def test_a_token_is_good_once(browser: tuple[Site, httpx.Client]) -> None:
    _, client = browser
    token = token_of(client)
    assert "当前状态" in ask(client, token)
    assert "会话已过期" in ask(client, token)


def test_a_token_is_good_for_its_own_session_only(browser: tuple[Site, httpx.Client]) -> None:
    _, client = browser
    token = token_of(client)
    client.cookies.clear()
    assert "会话已过期" in ask(client, token)


def test_another_number_is_not_on_record(browser: tuple[Site, httpx.Client]) -> None:
    _, client = browser
    assert "未查询到相关记录" in ask(client, token_of(client), "SH2026000124")


def test_no_two_pages_are_the_same_bytes(browser: tuple[Site, httpx.Client]) -> None:
    _, client = browser
    assert ask(client, token_of(client)) != ask(client, token_of(client))
    assert client.get("/nowhere").status_code == 404
