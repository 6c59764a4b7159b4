"""The check as a whole, in one process, with a clock that is set by hand: a real site, a real store."""

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from tests.shell.receivers import Gate
from tests.shell.stores import Clock, Place
from tests.sites.query import ASK, FORM, QuerySite, Record
from tests.sites.server import Reply, Site
from tracker.check import Checker
from tracker.conclude import Options
from tracker.config.load import load
from tracker.config.model import Config
from tracker.core.errors import StoreError
from tracker.core.history import HostHistory
from tracker.core.model import OutcomeKind
from tracker.registry import Metas, Registry
from tracker.results import Result, exit_code
from tracker.store.owner import new_owner
from tracker.store.roster import Roster
from tracker.store.slots import Slots
from tracker.store.store import Finish, Store
from tracker.subjects import Subject, subjects

NUMBER = "SH2026000123"
OTHER = "SH2026000124"


@dataclass
class Office:
    """A config, its store and its clock; `check` is one run of it."""

    place: Place
    config: str
    jitter: Callable[[], float] = lambda: 0.0
    told: list[str] = field(default_factory=list)

    @property
    def clock(self) -> Clock:
        return self.place.clock

    def check(self, *names: str, due: bool = False, notify: bool = True, dry_run: bool = False) -> list[Result]:
        owner = new_owner()
        with ThreadPoolExecutor(1) as executor:
            checker = self.checker(self.place.store(owner), self.place.slots(owner), executor)

            async def run() -> list[Result]:
                async with checker:
                    return await checker.run(names, Options(due=due, notify=notify, dry_run=dry_run))

            results = asyncio.run(run())
        self.told += [event.kind.value for result in results for event in result.events]
        return results

    def checker(self, store: Store, slots: Slots, executor: Executor) -> Checker:
        path = self.place.folder / "config.toml"
        path.write_text(self.config, "utf-8")
        registry = Registry()
        config = load(path, {}, Metas(registry)).config
        return Checker(
            config=config,
            subjects=subjects(config, registry),
            store=store,
            slots=slots,
            executor=executor,
            clock=self.clock,
            jitter=self.jitter,
            user_agent="test",
        )

    def one(self, **options: bool) -> Result:
        (result,) = self.check(**options)
        return result


def case(site: QuerySite, name: str, number: str, more: str = "") -> str:
    head = f'[[cases]]\nname = "{name}"\nadapter = "form"\nurl = "{site.form_url}"'
    return f'{head}\nreference = {{ "受理编号" = "{number}" }}\n{more}\n'


HEAD = """timezone = "Asia/Shanghai"
[fetch]
min_gap = "0s"
timeout = "5s"
[[receivers]]
name = "phone"
url = "json://127.0.0.1:9/"
[[receivers]]
name = "operator"
url = "json://127.0.0.1:9/"
events = ["operator"]
"""


@pytest.fixture
def office(tmp_path: Path, site: QuerySite) -> Office:
    site.cases[NUMBER] = Record(NUMBER)
    place = Place(tmp_path)
    return Office(place, HEAD + case(site, "me", NUMBER))


def kinds(result: Result) -> list[str]:
    return [event.kind.value for event in result.events]


def owed(office: Office) -> list[tuple[str, str]]:
    return [(row.receiver, row.event.kind.value) for row in office.place.outbox().rows()]


def test_a_reading_is_understood_masked_and_owed_to_its_receivers(office: Office, site: QuerySite) -> None:
    site.move(NUMBER, f"{NUMBER} 已受理")
    result = office.one()
    seen = result.outcome.observation
    assert seen is not None
    assert seen.label == "SH2026****23 已受理", "the reference is masked before anything is kept"
    assert not seen.known
    assert owed(office) == [("phone", "first_seen")]


def test_an_operators_event_is_owed_to_the_operator_only(office: Office, site: QuerySite) -> None:
    office.one()
    site.answer(ASK, Reply("<table><tr><td>办理阶段</td><td>审核中</td></tr></table>"))
    assert kinds(office.one()) == ["defect"]
    assert owed(office)[-1] == ("operator", "defect")


def test_a_doubtful_move_is_planned_for_its_second_look_and_then_told(office: Office, site: QuerySite) -> None:
    site.move(NUMBER, "审核中")
    office.one()
    site.move(NUMBER, "已受理")
    first = office.one()
    assert (first.changed, kinds(first)) == (True, [])
    assert first.next_check.at == office.clock.now + timedelta(minutes=30)
    assert office.check(due=True) == [], "not yet due"
    office.clock.move(minutes=30)
    assert kinds(office.one(due=True)) == ["status_changed"]


def test_a_record_that_vanishes_is_told_after_two_looks_and_when_it_is_back(office: Office, site: QuerySite) -> None:
    office.one()
    record = site.cases.pop(NUMBER)
    assert office.one().outcome.kind is OutcomeKind.NOT_LISTED
    office.clock.move(minutes=31)
    assert kinds(office.one()) == ["not_listed"]
    site.cases[NUMBER] = record
    office.clock.move(hours=4)
    assert kinds(office.one()) == ["listed_again"]


def test_a_host_that_is_down_is_told_once_for_all_its_cases(office: Office, site: QuerySite) -> None:
    site.cases[OTHER] = Record(OTHER)
    office.config += case(site, "other", OTHER)
    office.check()
    site.answer(FORM, Reply("broken", status=500))
    told = []
    for _ in range(5):
        office.clock.move(hours=13)
        told += [(e.kind.value, e.host, e.cases) for r in office.check() for e in r.events]
    assert told == [("unreadable", "127.0.0.1", ("me", "other"))]
    assert [kind for _, kind in owed(office)] == ["first_seen", "first_seen", "unreadable"]


def test_a_host_that_answers_again_is_told_once(office: Office, site: QuerySite) -> None:
    office.one()
    site.answer(FORM, Reply("broken", status=500))
    for _ in range(4):
        office.clock.move(hours=13)
        office.one()
    site.forget(FORM)
    office.clock.move(hours=25)
    assert kinds(office.one()) == ["readable_again"]
    office.clock.move(hours=5)
    assert kinds(office.one()) == []
    assert office.told == ["first_seen", "unreadable", "readable_again"]


def test_the_whole_host_waits_after_a_failure_through_restarts(office: Office, site: QuerySite) -> None:
    site.cases[OTHER] = Record(OTHER)
    office.config += case(site, "other", OTHER)
    office.check()
    site.answer(FORM, Reply("broken", status=500))
    office.clock.move(hours=5)
    asked = len(site.log)
    assert [r.outcome.kind for r in office.check(due=True)] == [OutcomeKind.UNAVAILABLE, OutcomeKind.SKIPPED]
    for _ in range(3):
        office.clock.move(minutes=10)
        assert office.check(due=True) == []
    assert len(site.log) == asked + 1


def test_an_invalid_reference_is_not_asked_again_until_it_is_edited(office: Office, site: QuerySite) -> None:
    site.answer(ASK, Reply("<p class=msg>受理编号格式不正确，请重新输入</p>"))
    assert office.one().outcome.kind is OutcomeKind.INVALID_REFERENCE
    asked = len(site.log)
    again = office.one()
    assert again.outcome.kind is OutcomeKind.INVALID_REFERENCE
    assert len(site.log) == asked, "shown again without a request"
    assert exit_code([again], owed=False) == 11
    assert office.check(due=True) == []
    site.forget(ASK)
    site.cases[OTHER] = Record(OTHER)
    office.config = HEAD + case(site, "me", OTHER)
    assert office.one(due=True).outcome.kind is OutcomeKind.READ, "edited"


def test_a_confirmed_end_is_asked_again_only_by_name(office: Office, site: QuerySite) -> None:
    site.move(NUMBER, "审批通过并制证完毕")
    office.config += '[cases.labels]\n"审批通过并制证完毕" = "completed"\n'
    assert office.one().next_check.reason == "final"
    asked = len(site.log)
    skipped = office.one()
    assert skipped.outcome.problem is not None
    assert skipped.outcome.problem.reason == "final"
    assert exit_code([skipped], owed=False) == 0
    assert len(site.log) == asked
    office.clock.move(days=30)
    assert office.check(due=True) == []
    assert office.check("me")[0].outcome.kind is OutcomeKind.READ


def test_a_clock_set_back_by_a_day_asks_at_once_and_goes_on(office: Office) -> None:
    office.one()
    office.clock.move(days=-1)
    (result,) = office.check(due=True)
    assert result.outcome.kind is OutcomeKind.READ
    assert result.next_check.at == office.clock.now + timedelta(hours=4)
    assert office.check(due=True) == []


def test_a_clock_that_jumps_a_year_asks_once(office: Office, site: QuerySite) -> None:
    office.one()
    office.clock.move(days=365)
    asked = len(site.asked(ASK))
    office.check(due=True)
    assert office.check(due=True) == []
    assert len(site.asked(ASK)) == asked + 1


def test_office_hours_hold_for_what_is_due_and_not_for_what_is_asked_by_hand(office: Office) -> None:
    office.config = '[schedule]\nhours = ["13:00-14:00"]\nworkdays = "CN"\n' + office.config.replace("timezone", "#timezone")
    office.config = 'timezone = "Asia/Shanghai"\n' + office.config
    assert office.check(due=True) == [], "09:00 in Shanghai"
    assert office.one().outcome.kind is OutcomeKind.READ
    office.clock.move(hours=3)
    assert office.check(due=True) == []
    office.clock.move(hours=1, minutes=30)
    assert len(office.check(due=True)) == 1
    office.clock.move(hours=4)
    assert office.check(due=True) == [], "past closing time"


def test_hours_that_were_widened_count_at_once(office: Office) -> None:
    office.config = '[schedule]\nhours = ["08:30-10:00"]\n' + office.config.replace("timezone", "#timezone")
    office.config = 'timezone = "Asia/Shanghai"\n' + office.config
    assert office.one().next_check.reason == "office_hours"
    office.config = office.config.replace('["08:30-10:00"]', "[]")
    office.clock.move(hours=3)
    assert office.check(due=True) == [], "not oftener than every interval"
    office.clock.move(hours=2)
    assert len(office.check(due=True)) == 1, "not only tomorrow"


def test_every_case_gets_its_own_session(office: Office, site: QuerySite) -> None:
    site.cases[OTHER] = Record(OTHER)
    office.config += case(site, "other", OTHER)
    office.check()
    first, second = (seen.cookies["JSESSIONID"] for seen in site.asked(ASK))
    assert first != second
    assert all("JSESSIONID" not in seen.cookies for seen in site.asked(FORM))


def test_a_defective_case_does_not_stop_the_others(office: Office, site: QuerySite) -> None:
    site.cases[OTHER] = Record(OTHER)
    office.config = (
        HEAD + case(site, "wrong", "SH2026000999", '[cases.read]\nlabel = "没有这一栏"') + case(site, "other", OTHER)
    )
    site.cases["SH2026000999"] = Record("SH2026000999")
    wrong, other = office.check()
    assert wrong.outcome.kind is OutcomeKind.PAGE_CHANGED
    assert other.outcome.kind is OutcomeKind.READ
    assert exit_code([wrong, other], owed=False) == 10
    assert exit_code([wrong, other], owed=True) == 12
    assert exit_code([other], owed=False, tell_events=True) == 20
    assert exit_code([wrong], owed=False, tell_events=True) == 11


def test_a_source_that_another_process_just_read_is_left_to_it(
    office: Office, site: QuerySite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two runs begin together; the second comes to a source when the first has read it."""
    from tracker.store.store import Store

    office.one()
    claim = Store.claim
    asked = len(site.log)

    def late(store: Store, ids: list[int], hold: timedelta) -> object:
        monkeypatch.setattr(Store, "claim", claim)
        office.clock.move(minutes=1)
        office.one()
        return claim(store, ids, hold)

    monkeypatch.setattr(Store, "claim", late)
    (result,) = office.check()
    assert result.outcome.problem is not None
    assert result.outcome.problem.reason == "leased"
    assert len(site.log) == asked + 2, "one form, one answer: the other process's"


def while_it_waits(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Lets something happen after the next run has planned whom it asks, before their turn comes."""
    from tracker.store.store import Store

    claim = Store.claim

    def late(store: Store, ids: list[int], hold: timedelta) -> object:
        monkeypatch.setattr(Store, "claim", claim)
        happens()
        return claim(store, ids, hold)

    monkeypatch.setattr(Store, "claim", late)


@pytest.mark.parametrize("said", ["paused", "archived"])
def test_a_case_that_is_paused_while_it_waits_for_its_turn_is_not_asked(
    office: Office, site: QuerySite, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    office.one()
    asked, roster = len(site.log), Roster(office.place.base(), office.clock)
    while_it_waits(monkeypatch, lambda: roster.pause("me") if said == "paused" else roster.archive("me"))
    office.clock.move(hours=8)
    problem = office.one(due=True).outcome.problem
    assert problem is not None
    assert (problem.reason, len(site.log)) == (said, asked)


def edited(office: Office, config: str) -> tuple[Config, list[Subject]]:
    path = office.place.folder / "edited.toml"
    path.write_text(config, "utf-8")
    config_ = load(path, {}, Metas(Registry())).config
    return config_, subjects(config_, Registry())


def test_a_case_that_is_edited_while_it_waits_is_not_asked_in_its_old_way_but_at_the_next_run(
    office: Office, site: QuerySite, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.one()
    office.clock.move(hours=8)
    asked = len(site.log)
    new = office.config.replace("reference = {", 'read = { label = "当前状态" }\nreference = {')
    checkers: list[Checker] = []
    use = Checker.__aenter__

    async def entered(checker: Checker) -> Checker:
        checkers.append(checker)
        return await use(checker)

    monkeypatch.setattr(Checker, "__aenter__", entered)
    while_it_waits(monkeypatch, lambda: checkers[0].use(*edited(office, new)))
    problem = office.one(due=True).outcome.problem
    assert problem is not None
    assert (problem.reason, len(site.log)) == ("leased", asked)
    office.config = new
    assert office.one(due=True).outcome.kind is OutcomeKind.READ


def beside(monkeypatch: pytest.MonkeyPatch, other: Callable[[], object]) -> None:
    """Lets `other` happen in another process after the next run has loaded what it decides on."""
    from tracker.store.store import Store

    host = Store.host

    def late(store: Store, name: str) -> object:
        monkeypatch.setattr(Store, "host", host)
        before = host(store, name)
        other()
        return before

    monkeypatch.setattr(Store, "host", late)


def test_two_processes_that_fail_at_one_host_tell_it_once_and_count_both(
    office: Office, site: QuerySite, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.cases[OTHER] = Record(OTHER)
    office.config += case(site, "other", OTHER)
    office.check()
    site.answer(FORM, Reply("broken", status=500))
    for _ in range(3):
        office.clock.move(hours=8)
        office.check("me")
    office.clock.move(hours=9)
    beside(monkeypatch, lambda: office.check("other"))
    office.check("me")
    assert office.told == ["first_seen", "first_seen", "unreadable"]
    streak = office.place.store().host("127.0.0.1").streak
    assert streak is not None
    assert (streak.looks, streak.told) == (5, True)


def test_two_processes_that_find_a_host_well_again_tell_it_once(
    office: Office, site: QuerySite, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.cases[OTHER] = Record(OTHER)
    office.config += case(site, "other", OTHER)
    office.check()
    site.answer(FORM, Reply("broken", status=500))
    for _ in range(4):
        office.clock.move(hours=13)
        office.check("me")
    site.forget(FORM)
    office.clock.move(hours=25)
    beside(monkeypatch, lambda: office.check("other"))
    office.check("me")
    assert office.told.count("readable_again") == 1


def test_a_look_that_is_due_leaves_a_host_alone_that_just_failed_for_another_process(
    office: Office, site: QuerySite, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tracker.store.store import Store

    site.cases[OTHER] = Record(OTHER)
    office.config += case(site, "other", OTHER)
    site.answer(FORM, Reply("broken", status=500))
    claim = Store.claim

    def late(store: Store, ids: list[int], hold: timedelta) -> object:
        monkeypatch.setattr(Store, "claim", claim)
        office.check("other", due=True)
        return claim(store, ids, hold)

    monkeypatch.setattr(Store, "claim", late)
    assert {r.outcome.kind for r in office.check("me", due=True)} == {OutcomeKind.SKIPPED}
    assert len(site.log) == 1


def test_two_configs_that_take_turns_at_one_store_ask_no_oftener(office: Office, site: QuerySite) -> None:
    site.cases[OTHER] = Record(OTHER)
    mine, yours = office.config, HEAD + case(site, "yours", OTHER)
    for _ in range(3):
        for office.config in (mine, yours):
            office.check(due=True)
    assert len(site.asked(ASK)) == 2


def test_a_host_that_asked_for_a_day_is_asked_when_the_clock_was_set_back_by_a_year(office: Office, site: QuerySite) -> None:
    site.answer(FORM, Reply("busy", status=429, headers=(("Retry-After", "86400"),)))
    office.one()
    site.forget(FORM)
    office.clock.move(days=-365)
    assert office.one(due=True).outcome.kind is OutcomeKind.READ


def test_an_error_of_ours_at_one_host_does_not_stop_the_others(
    office: Office, open_site: Callable[..., QuerySite], monkeypatch: pytest.MonkeyPatch
) -> None:
    from tracker.core.hosts import decide_host

    there = open_site("127.0.0.2")
    there.cases[OTHER] = Record(OTHER)
    office.config += case(there, "other", OTHER)

    def clumsy(*_: object) -> object:
        monkeypatch.setattr("tracker.conclude.decide_host", decide_host)
        raise ZeroDivisionError

    monkeypatch.setattr("tracker.conclude.decide_host", clumsy)
    with pytest.raises(ZeroDivisionError):
        office.check()
    read = [row.case for row in office.place.store().sources() if row.history.current]
    assert len(read) == 1, "whichever came first broke, the other one was kept"


def test_a_dry_run_of_what_is_due_looks_at_cases_that_are_new(office: Office) -> None:
    (result,) = office.check(due=True, dry_run=True)
    assert result.outcome.kind is OutcomeKind.READ
    assert office.place.store().sources() == []


class HalfwayStore(Store):
    """A real store; the second run that looks at the hosts in it stops there until the test lets it go on."""

    def __init__(self, place: Place) -> None:
        super().__init__(place.base(), "us", place.clock)
        self._runs = 0
        self.stopped, self.goes_on = threading.Event(), threading.Event()

    def hosts(self) -> dict[str, HostHistory]:
        found = super().hosts()
        self._runs += 1
        if self._runs == 2:
            self.stopped.set()
            self.goes_on.wait(10)
        return found


def test_a_run_that_had_begun_asks_nobody_whose_answer_the_store_could_not_take(office: Office, site: QuerySite) -> None:
    answer, store = (
        Gate(Reply(f"<table><tr><td>受理编号</td><td>{NUMBER}</td></tr><tr><td>当前状态</td><td>已受理</td></tr></table>")),
        HalfwayStore(office.place),
    )
    site.answer(ASK, answer)
    with store.base.write() as connection:
        connection.exec_driver_sql("CREATE TRIGGER t BEFORE INSERT ON observations BEGIN SELECT RAISE(ABORT, 'full'); END")

    async def run(executor: Executor) -> list[Result]:
        async with office.checker(store, office.place.slots("us"), executor) as checker:
            first = asyncio.create_task(checker.run())
            await asyncio.to_thread(answer.entered.wait, 10)
            second = asyncio.create_task(checker.run())
            await asyncio.to_thread(store.stopped.wait, 10)
            answer.open()
            with pytest.raises(StoreError, match="full"):
                await first
            store.goes_on.set()
            return await second

    with ThreadPoolExecutor(2) as executor:
        assert asyncio.run(run(executor)) == []
    assert len(site.asked(ASK)) == 1


class SlowStore(Store):
    """A real store; each result takes a moment."""

    def finish(self, result: Finish) -> bool:
        time.sleep(0.3)
        return super().finish(result)


def test_what_waited_for_the_store_while_it_failed_for_another_site_is_kept_later(tmp_path: Path) -> None:
    place = Place(tmp_path)
    with Site() as one, Site("127.0.0.2") as two:
        config = '[fetch]\nmin_gap = "0s"\n'
        for name, site, number in (("one", one, NUMBER), ("two", two, OTHER)):
            rows = f"<tr><td>受理编号</td><td>{number}</td></tr><tr><td>当前状态</td><td>已受理</td></tr>"
            url = site.answer("/q", Reply(f"<table>{rows}</table>"))
            config += (
                f'[[cases]]\nname = "{name}"\nadapter = "page"\nurl = "{url}"\nreference = {{ "受理编号" = "{number}" }}\n'
            )
        office, store = Office(place, config), SlowStore(place.base(), "us", place.clock)
        with store.base.write() as connection:
            connection.exec_driver_sql("CREATE TRIGGER t BEFORE INSERT ON observations BEGIN SELECT RAISE(ABORT, 'full'); END")

        def mend() -> None:
            with store.base.write() as connection:
                connection.exec_driver_sql("DROP TRIGGER t")

        async def run(executor: Executor) -> list[Result]:
            async with office.checker(store, place.slots("us"), executor) as checker:
                with pytest.raises(StoreError, match="full"):
                    await checker.run()
                await asyncio.get_running_loop().run_in_executor(executor, mend)  # after what waits for the store
                return await checker.run(options=Options(due=True))

        with ThreadPoolExecutor(1) as executor:
            assert asyncio.run(run(executor)) == []
        assert [len(site.log) for site in (one, two)] == [1, 1], "nobody is asked the same again"
        assert [len(store.observations(name, 9)) for name in ("one", "two")] == [1, 1]
