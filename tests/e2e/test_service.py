"""The service and its neighbours on one store: signals, a full disk, a locked store, processes that stop and wake."""

import asyncio
import resource
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import pytest

from tests.e2e import forks
from tests.e2e.desk import NUMBER, Desk, wait_for
from tests.shell.receivers import Gate, Phone
from tests.shell.stores import Place
from tests.sites.query import ASK, FORM, QuerySite
from tracker.check import Checker
from tracker.config.model import Config
from tracker.store.slots import Slots
from tracker.store.store import Store

if TYPE_CHECKING:
    from tracker.service import Service

LOOK_NOW = "UPDATE sources SET next_check_at = '2020-01-01 00:00:00.000000'"
PENDING = "SELECT count(*) FROM outbox WHERE state = 'pending'"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def head(gap: str = "0s", every: str = "1s") -> str:
    fetch = f'[fetch]\nmin_gap = "{gap}"\ntimeout = "5s"'
    schedule = f'[schedule]\nevery = "{every}"\njitter = "0s"'
    return f'language = "en"\n{fetch}\n{schedule}\n[web]\nlisten = "127.0.0.1:{free_port()}"\n'


Process = forks.Process


def ticking(seconds: float) -> str:
    """The code that gives a service another tick."""
    return f"from datetime import timedelta\nfrom tracker import service\nservice.TICK = timedelta(seconds={seconds})\n"


@contextmanager
def serving(desk: Desk, *, code: str = ticking(0.2), **settings: str) -> Iterator[Process]:
    """The service, with a short tick, so that nobody waits for seconds."""
    desk.head = head(**settings)
    process = desk.start("serve", code=code)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def stopped(process: Process | subprocess.Popen[str], within: float = 10) -> str:
    """SIGTERM, and what the service said; it must end well in time."""
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=within + 5)
    assert process.returncode == 0, err
    assert time.monotonic() - began < within
    assert "Traceback" not in err
    return err


def is_ready(desk: Desk) -> bool:
    from tracker.cli.health import ask, parsed

    address = desk.head.partition('listen = "')[2].partition('"')[0]
    try:
        return ask(*parsed(address))[0] == 200
    except OSError:
        return False


# --- signals ---------------------------------------------------------------------------------------------------------


def test_the_service_checks_tells_and_stops_cleanly(desk: Desk, site: QuerySite, phone: Phone) -> None:
    with serving(desk, code="") as process:  # and ticks by itself
        wait_for(lambda: len(phone.texts) == 1)
        wait_for(lambda: desk.run("health").code == 0)
        site.move(NUMBER, "审核通过")
        wait_for(lambda: len(phone.texts) == 2)
        stopped(process)
    assert desk.run("health").code == 1


def test_a_second_signal_ends_the_service_at_once(desk: Desk, site: QuerySite) -> None:
    slow = Gate()
    site.answer(FORM, slow)
    with serving(desk) as process:
        wait_for(lambda: site.asked(FORM))
        process.send_signal(signal.SIGTERM)
        time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=4)
        slow.open()
        assert process.returncode in (-signal.SIGTERM, 0)


def test_a_stop_in_the_gap_between_two_exchanges_waits_for_no_gap(desk: Desk, site: QuerySite) -> None:
    with serving(desk, gap="10s") as process:
        wait_for(lambda: site.asked(FORM))
        stopped(process, within=4)
    assert site.asked(ASK) == [], "no new exchange"
    assert desk.sql("SELECT count(*) FROM sources WHERE lease_owner IS NOT NULL") == [(0,)], "given back"


def test_a_stop_lets_the_exchange_and_the_send_in_hand_end_well(desk: Desk, site: QuerySite, phone: Phone) -> None:
    asking, sending = Gate(), Gate()
    site.answer(FORM, asking)
    phone.answers(sending)
    desk.add_case(site.list_url, NUMBER, name="other", adapter="page")
    desk.cases[-1] = desk.cases[-1].replace("127.0.0.1", "localhost")  # another host: told while the first one is slow
    with serving(desk) as process:
        wait_for(lambda: asking.entered.is_set() and sending.entered.is_set())
        process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        asking.open()
        sending.open()
        _, err = process.communicate(timeout=10)
    assert process.returncode == 0, err
    assert site.asked(ASK) == [], "the exchange in hand was the last one"
    assert desk.sql("SELECT state FROM outbox") == [("sent",)]
    phone.answers(Gate())
    assert len(phone.log) == 1


def test_a_stop_while_the_store_is_locked_ends_in_time(desk: Desk, phone: Phone) -> None:
    desk.head = head()
    process = desk.start("serve", code="from tracker import service; service.LAST_CALL = 1.5; service.PATIENCE = 1.0")
    try:
        wait_for(lambda: len(phone.texts) == 1)
        lock = sqlite3.connect(desk.folder / "tracker.db")
        lock.execute("BEGIN IMMEDIATE")
        time.sleep(1.5)  # the next look stands before the locked store
        stopped(process, within=4)
        lock.close()
    finally:
        process.kill()
        process.communicate()


def test_an_interrupted_check_says_nothing_and_gives_its_case_back(desk: Desk, site: QuerySite) -> None:
    slow = Gate()
    site.answer(FORM, slow)
    process = desk.start("check")
    wait_for(lambda: site.asked(FORM))
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=10)
    slow.open()
    assert process.returncode == 130
    assert "Traceback" not in err
    assert desk.sql("SELECT lease_owner FROM sources") == [(None,)]
    site.forget(FORM)
    assert desk.run("check").code == 0


# --- the store in trouble --------------------------------------------------------------------------------------------


def test_a_full_disk_tells_nothing_asks_nobody_and_is_over_when_there_is_space(
    desk: Desk, site: QuerySite, phone: Phone
) -> None:
    with serving(desk) as process:
        wait_for(lambda: len(phone.texts) == 1)
        wait_for(lambda: desk.sql(PENDING + " OR state = 'sending'") == [(0,)])
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
        wait_for(lambda: not is_ready(desk))
        asked = len(site.log)
        site.move(NUMBER, "审核通过")
        time.sleep(1)  # several more ticks
        assert (len(site.log), len(phone.texts)) == (asked, 1)
        assert process.poll() is None
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        wait_for(lambda: len(phone.texts) == 2)
        wait_for(lambda: is_ready(desk))
        err = stopped(process)
    assert err.count("the disk is full") == 1, "said once"
    assert desk.sql("PRAGMA integrity_check") == [("ok",)]


def test_a_move_that_the_store_can_not_take_is_kept_later_without_asking_again(
    desk: Desk, site: QuerySite, phone: Phone
) -> None:
    with serving(desk) as process:
        wait_for(lambda: len(phone.texts) == 1)
        # Room for a lease and none for an observation: the site must not be asked at every tick for as long as it lasts.
        desk.sql("CREATE TRIGGER full BEFORE INSERT ON observations BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
        site.move(NUMBER, "审核通过")
        wait_for(lambda: not is_ready(desk))
        asked = len(site.log)
        time.sleep(1)
        assert (len(site.log), len(phone.texts)) == (asked, 1)
        desk.sql("DROP TRIGGER full")
        wait_for(lambda: len(phone.texts) == 2)
        wait_for(lambda: is_ready(desk))
        stopped(process)
    assert desk.sql("SELECT count(*), count(DISTINCT event_id) FROM outbox WHERE state = 'sent'") == [(2, 2)]


# --- several processes on one store ----------------------------------------------------------------------------------


def test_two_services_and_a_check_ask_each_case_once_and_tell_once(desk: Desk, site: QuerySite, phone: Phone) -> None:
    with serving(desk, gap="100ms", every="1h") as first:
        wait_for(lambda: is_ready(desk))
        with serving(desk, gap="100ms", every="1h") as second:
            wait_for(lambda: is_ready(desk))
            # Ready is not yet "has looked": a first look after the move would rightly tell of two statuses only.
            wait_for(lambda: len(phone.texts) == 1)
            by_hand = desk.start("check", "--json")
            site.move(NUMBER, "审核通过")
            out, err = by_hand.communicate(timeout=30)
            assert by_hand.returncode == 0, out + err
            desk.sql(LOOK_NOW)
            wait_for(lambda: any("审核通过" in text for text in phone.texts))
            stopped(first)
            site.move(NUMBER, "办结")
            desk.sql(LOOK_NOW)
            wait_for(lambda: "办结" in phone.texts[-1])
            stopped(second)
    assert min(site.gaps()) >= 0.09, site.gaps()
    assert len(site.asked(ASK)) <= 4, "each look was one process's"
    assert len(set(phone.texts)) == len(phone.texts) == 3, phone.texts


def test_a_second_service_on_the_same_door_says_so(desk: Desk) -> None:
    with serving(desk):
        wait_for(lambda: is_ready(desk))
        run = desk.run("serve")
    assert run.code == 3
    assert "web.listen" in run.err


def test_a_process_that_wakes_after_it_lost_its_lease_changes_nothing(desk: Desk, site: QuerySite, phone: Phone) -> None:
    desk.run("check")
    slow = Gate()
    site.answer(FORM, slow)
    site.move(NUMBER, "审核中")
    sleeper = desk.start("check", "--json")
    wait_for(slow.entered.is_set)
    sleeper.send_signal(signal.SIGSTOP)
    long_ago = "'2020-01-01 00:00:00.000000'"
    desk.sql(f"UPDATE sources SET lease_until = {long_ago}")
    desk.sql(f"UPDATE hosts SET busy_until = {long_ago}")
    site.forget(FORM)
    site.move(NUMBER, "审核通过")
    assert desk.run("check", "--json").result["label"] == "审核通过"
    before = desk.sql("SELECT id, sealed_history, next_check_at, fence FROM sources")
    asked = len(site.asked(ASK))
    sleeper.send_signal(signal.SIGCONT)
    slow.open()
    out, err = sleeper.communicate(timeout=20)
    assert '"leased"' in out, out + err
    assert desk.sql("SELECT id, sealed_history, next_check_at, fence FROM sources") == before
    assert len(site.asked(ASK)) == asked, "nor does it ask on"
    assert len(phone.texts) == 2


def test_a_retry_after_that_one_process_is_told_holds_for_the_one_that_waits_its_turn(desk: Desk, site: QuerySite) -> None:
    from tests.sites.server import Reply

    slow = Gate(Reply("busy", status=429, headers=(("Retry-After", "3600"),)))
    site.answer(FORM, slow)
    desk.add_case(site.form_url, "SH2026000124", name="other")
    first = desk.start("check", "me", "--json")
    wait_for(slow.entered.is_set)
    second = desk.start("check", "other", "--json")
    wait_for(lambda: desk.sql("SELECT count(*) FROM sources WHERE lease_owner IS NOT NULL") == [(2,)])
    slow.open()
    assert '"rate_limited"' in first.communicate(timeout=20)[0]
    out, _ = second.communicate(timeout=20)
    assert '"waiting"' in out
    assert len(site.log) == 1


def bare_service(store: Store, slots: Slots, executor: ThreadPoolExecutor, refresh: Callable[[], None]) -> "Service":
    """A service without a case, for a look at its ticks."""
    from tracker.service import Service

    checker = Checker(
        config=Config(),
        subjects=[],
        store=store,
        slots=slots,
        executor=executor,
        clock=lambda: datetime.now(UTC),
        jitter=lambda: 0.0,
        user_agent="test",
    )
    return Service(
        checker=checker,
        store=store,
        executor=executor,
        clock=lambda: datetime.now(UTC),
        deliver=lambda: True,
        settle=lambda _: None,
        refresh=refresh,
    )


# --- mistakes of ours -------------------------------------------------------------------------------------------------


def test_a_round_that_ends_unexpectedly_is_said_once_and_the_door_is_red_until_it_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from tracker import service

    monkeypatch.setattr(service, "TICK", timedelta(milliseconds=20))
    broken, rounds = [False], [0]

    def refresh() -> None:
        rounds[0] += 1
        if broken[0]:
            raise RuntimeError("nobody thought of this")

    async def ticked(more: int) -> None:
        end = rounds[0] + more
        while rounds[0] < end:  # noqa: ASYNC110 - the rounds are what is waited for
            await asyncio.sleep(0.005)

    async def run(executor: ThreadPoolExecutor) -> None:
        place = Place(tmp_path)
        serving = bare_service(place.store(), place.slots(), executor, refresh)
        task = asyncio.create_task(serving.run(("127.0.0.1", free_port())))
        try:
            for broken[0], problem in ((False, ""), (True, "unexpected"), (False, "")):
                await asyncio.wait_for(ticked(4), 5)
                assert serving.problem() == problem
        finally:
            serving._stop.set()
            await asyncio.wait_for(task, 5)

    with ThreadPoolExecutor(1) as executor:
        asyncio.run(run(executor))
    assert [r.getMessage().partition(":")[0] for r in caplog.records].count("a round ended unexpectedly") == 1
    assert "works again" in caplog.text


# --- the clock -------------------------------------------------------------------------------------------------------


class WatchedStore(Store):
    """A real store that notes each tick's look at it."""

    ticks: ClassVar[list[datetime]] = []

    def is_any_due(self) -> bool:
        self.ticks.append(datetime.now(UTC))
        return super().is_any_due()


def test_the_service_ticks_on_when_the_clock_is_set_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import time_machine

    from tracker import service

    monkeypatch.setattr(service, "TICK", timedelta(milliseconds=20))
    monkeypatch.setattr(service, "LATE", 0.1)
    monkeypatch.setattr(WatchedStore, "ticks", [])
    ticks = WatchedStore.ticks

    async def ticked(more: int) -> None:
        end = len(ticks) + more
        while len(ticks) < end:  # noqa: ASYNC110 - the ticks are what is waited for
            await asyncio.sleep(0.005)

    async def run(store: Store, slots: Slots, executor: ThreadPoolExecutor) -> None:
        serving = bare_service(store, slots, executor, lambda: None)
        with time_machine.travel(datetime.now(UTC)) as traveller:
            task = asyncio.create_task(serving.run(("127.0.0.1", free_port())))
            await asyncio.wait_for(ticked(3), 5)
            traveller.move_to(datetime.now(UTC) - timedelta(days=1))
            await asyncio.wait_for(ticked(3), 5)
            serving._stop.set()
            await asyncio.wait_for(task, 5)

    place = Place(tmp_path)
    with ThreadPoolExecutor(1) as executor:
        asyncio.run(run(WatchedStore(place.base(), "me", lambda: datetime.now(UTC)), place.slots("me"), executor))
    assert ticks[-1] < ticks[0], "it ticked on by a clock that stands before its start"
