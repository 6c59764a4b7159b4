"""Signs of life through the installed command: the heartbeat, the messages of `check --due`, ticks that stood still."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner

from tests.e2e.desk import NUMBER, Desk, wait_for
from tests.e2e.test_service import free_port, head, serving, stopped
from tests.shell.receivers import Phone
from tests.shell.stores import Place
from tests.sites.query import FORM, QuerySite
from tests.sites.server import Reply, Site
from tracker.alive import Round
from tracker.check import Checker
from tracker.cli import root
from tracker.config.model import Config

PING = "/ping/a-token"


@pytest.fixture
def watcher(open_site: Callable[..., Site]) -> Site:
    site = open_site()
    site.answer(PING, Reply())
    return site


def beating(desk: Desk, watcher: Site) -> Desk:
    desk.cases[0] = f'[life]\nheartbeat = "http://{watcher.host}:{watcher.port}{PING}"\n{desk.cases[0]}'
    return desk


def test_the_service_sends_its_heartbeat_and_its_token_stands_in_no_log(desk: Desk, phone: Phone, watcher: Site) -> None:
    with serving(beating(desk, watcher)) as process:
        wait_for(lambda: watcher.log)
        wait_for(lambda: len(phone.texts) == 1)
        err = stopped(process)
    assert [seen.path for seen in watcher.log] == [PING]
    assert "a-token" not in err


def test_a_watcher_that_does_not_answer_stops_neither_checks_nor_messages(
    desk: Desk, site: QuerySite, phone: Phone, watcher: Site
) -> None:
    watcher.answer(PING, Reply(status=503))
    with serving(beating(desk, watcher)) as process:
        wait_for(lambda: watcher.log)
        site.move(NUMBER, "审核通过")
        wait_for(lambda: len(phone.texts) == 2)
        err = stopped(process)
    assert err.count("life.heartbeat: not accepted (HTTP 503)") == 1


def test_a_check_from_cron_sends_the_heartbeat_whatever_the_sites_say(desk: Desk, site: QuerySite, watcher: Site) -> None:
    beating(desk, watcher)
    assert desk.run("check", "--due").code == 0
    assert desk.run("check", "--due").code == 0, "nothing is due"
    assert len(watcher.log) == 2
    desk.run("check", "--dry-run")
    assert len(watcher.log) == 2, "nothing was kept"
    site.answer(FORM, Reply(status=500))
    assert desk.run("check").code == 11
    assert len(watcher.log) == 3
    desk.sql("UPDATE settings SET value = x'00' WHERE name = 'key'")
    assert desk.run("check", "--due").code == 3
    assert len(watcher.log) == 3, "a store that can't be used is no good run"


MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def test_check_due_tells_weekly_that_it_runs_and_a_plain_check_does_not(desk: Desk, phone: Phone) -> None:
    desk.head = 'timezone = "Asia/Shanghai"\n' + head(every="1h")
    desk.write()

    def check(*options: str, day: int) -> list[str]:
        with time_machine.travel(MONDAY + timedelta(days=day)):
            result = CliRunner().invoke(root, ["-c", str(desk.config), "check", *options], env=desk.env, catch_exceptions=False)
        assert result.exit_code == 0, result.stderr
        return [message["title"] for message in phone.messages]

    assert check("--due", day=0) == ["me: 已受理"]
    assert check(day=8) == ["me: 已受理"]
    assert check("--due", "--no-notify", day=8) == ["me: 已受理"]
    assert check("--due", day=8) == ["me: 已受理", "me: still waiting"]
    assert check("--due", day=8) == ["me: 已受理", "me: still waiting"]


def test_ticks_that_stand_still_are_said_once_and_told_when_they_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from tracker import service

    monkeypatch.setattr(service, "TICK", timedelta(milliseconds=20))
    monkeypatch.setattr(service, "LATE", 0.05)
    monkeypatch.setattr(service, "STALLED", 1.5)
    caplog.set_level(logging.INFO)
    rounds: list[Round] = []
    states: list[str] = []

    def live(now: Round) -> str:
        rounds.append(now)
        return ""

    async def run(executor: ThreadPoolExecutor) -> None:
        place = Place(tmp_path)
        store = place.store("me")

        def clock() -> datetime:
            return datetime.now(UTC)

        checker = Checker(
            config=Config(),
            subjects=[],
            store=store,
            slots=place.slots("me"),
            executor=executor,
            clock=clock,
            jitter=lambda: 0.0,
            user_agent="test",
        )
        serving = service.Service(
            checker=checker,
            store=store,
            executor=executor,
            clock=clock,
            deliver=lambda: True,
            settle=lambda _: None,
            refresh=lambda: None,
            live=live,
        )
        task = asyncio.create_task(serving.run(("127.0.0.1", free_port())))

        async def until(happened: Callable[[], object]) -> None:
            end = asyncio.get_running_loop().time() + 10
            while not happened():
                assert asyncio.get_running_loop().time() < end, "it never happened"
                await asyncio.sleep(0.005)

        await until(lambda: len(rounds) > 2)
        with place.base().write():  # another process keeps the store locked: no tick ends
            executor.submit(store.release, list(store.sources()))
            await until(lambda: "no round has ended" in caplog.text)
            states.append(serving._problems["tick"])
        await until(lambda: any(now.stalled for now in rounds))
        seen = len(rounds)
        await until(lambda: len(rounds) > seen + 2)
        states.extend(serving._problems)
        serving._stop.set()
        await asyncio.wait_for(task, 5)

    with ThreadPoolExecutor(1) as executor:
        asyncio.run(run(executor))
    assert states == ["stalled"], "and over when they go on"
    assert caplog.text.count("no round has ended") == 1
    assert [now.stalled > 1.5 for now in rounds if now.stalled] == [True], "told once"


def test_cases_read_by_hand_are_asked_for_in_one_message_that_status_foretells(desk: Desk, phone: Phone) -> None:
    desk.cases.clear()
    for name, number in (("me", NUMBER), ("mother", "SH2026000124")):
        desk.add_case("http://127.0.0.1:9/query.htm?no=" + number, number, name=name, adapter="by_hand")
    desk.head = 'timezone = "Asia/Shanghai"\n' + head(every="1h")
    desk.write()

    def run(*command: str, hours: float) -> str:
        with time_machine.travel(MONDAY + timedelta(hours=hours)):
            result = CliRunner().invoke(root, ["-c", str(desk.config), *command], env=desk.env, catch_exceptions=False)
        return result.output

    run("check", "--due", hours=12)
    assert phone.log == [], "it is night"
    assert "24 Nov 08:30 (you are asked to look)" in run("status", "me", hours=12)
    run("check", "--due", hours=24)
    (message,) = phone.messages
    assert message["title"] == "me, mother: please look"
    assert "me: http://127.0.0.1:9/query.htm\n" in message["message"]
    assert NUMBER not in message["message"]
    assert "1 Dec 10:00 (you are asked to look)" in run("status", "me", hours=24)
    phone.answers(Reply(status=500))
    run("check", "--due", hours=24 * 8 + 1)  # the clock runs on in a test too
    assert "me, mother: needs your look" in run("notify", "pending", hours=24 * 8 + 1)
