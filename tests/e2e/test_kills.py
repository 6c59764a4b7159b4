"""kill -9 at any moment: nothing is lost, at most one repeat for each kill, the host's gap is kept, the store is whole."""

import random
import re
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from tests.e2e.desk import Desk
from tests.shell.receivers import Phone
from tests.sites.query import QuerySite, Record
from tracker.core.model import Event
from tracker.store.base import Base, KeyPlace
from tracker.store.pages import MOST_OF_A_SOURCE, kept_pages
from tracker.store.store import Store

CASES = {"a": "SH2026000101", "b": "SH2026000102", "c": "SH2026000103"}
GAP = 0.05
SEED = 20261123

# Every boundary between two steps of a check and of a delivery.
POINTS = [
    ("tracker.store.store:Store.claim", "before"),
    ("tracker.store.store:Store.claim", "after"),
    ("tracker.store.slots:Slots.take", "after"),
    ("tracker.store.slots:Slots.free", "before"),
    ("tracker.store.slots:Slots.free", "after"),
    ("tracker.store.store:Store.finish", "before"),
    ("tracker.store.store:Store._keep", "after"),  # inside the transaction
    ("tracker.store.store:keep_page", "after"),  # likewise
    ("tracker.store.store:Store._owe", "after"),  # likewise
    ("tracker.store.store:Store.finish", "after"),
    ("tracker.store.outbox:Outbox.claim", "after"),
    ("tracker.deliver.courier:attempt", "after"),  # accepted, not yet marked: only here a repeat is due
    ("tracker.store.outbox:Outbox.sent", "before"),
    ("tracker.store.outbox:Outbox.sent", "after"),
]


@dataclass
class Scene:
    """A desk with three cases and two receivers, and the authority that moves the cases."""

    desk: Desk
    site: QuerySite
    phones: dict[str, Phone]
    dice: random.Random
    kills: int = 0

    def __post_init__(self) -> None:
        self._steps = count(1)

    def move(self, *names: str) -> None:
        """To the authority's next step; the config knows every step, so each move is certain and told at once."""
        for name in names:
            self.site.move(CASES[name], f"第{next(self._steps)}步")

    def move_some(self) -> None:
        self.move(*self.dice.sample(sorted(CASES), self.dice.randint(1, 3)))

    def kill(self, **how: object) -> int:
        code = self.desk.run("check", **how).code  # type: ignore[arg-type]
        self.kills += code == -9
        return code

    def clean_up(self) -> None:
        """Clean runs, until nothing is owed any more."""
        self.desk.run("check")
        retried = self.desk.run("notify", "retry")
        assert retried.code == 0, retried
        last = self.desk.run("check", "--json")
        assert (last.code, last.json["deliveries"]) == (0, []), last
        assert [r["outcome"] for r in last.json["results"]] == ["read"] * 3

    def told(self) -> dict[str, Counter[str]]:
        """Receiver -> how often it was told of each event, by the id that stands in the message."""
        return {name: Counter(re.findall(r"#([0-9a-f]{8})\b", "\n".join(phone.texts))) for name, phone in self.phones.items()}

    def repeats(self) -> int:
        return sum(sum(times.values()) - len(times) for times in self.told().values())

    def events(self) -> list[Event]:
        return [event for name in CASES for event in self._store().events(name, 10_000)]

    def _base(self) -> Base:
        return Base(f"sqlite:///{self.desk.folder}/tracker.db", KeyPlace(None, self.desk.folder / "tracker.key"))

    def _store(self) -> Store:
        from tracker.desk import now

        return Store(self._base(), "checker", now)

    def prove(self) -> None:
        """The one checker: the store, the site's log and the receivers' logs against the promises."""
        with sqlite3.connect(self.desk.folder / "tracker.db") as raw:
            assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert raw.execute("SELECT count(*) FROM sources WHERE lease_owner IS NOT NULL").fetchone() == (0,)
            assert raw.execute("SELECT count(*) FROM outbox WHERE state != 'sent'").fetchone() == (0,)
            owed = set(raw.execute("SELECT event_id, receiver FROM outbox"))
        store = self._store()
        assert sorted(row.case for row in store.sources()) == sorted(CASES), "no case lost"
        for row in store.sources():
            current = row.history.current
            assert current is not None
            assert current.label == self.site.cases[CASES[row.case]].label, "the last move was seen"
            seen = [observation.label for _, observation in store.observations(row.case, 10_000)]
            told = [event.after.label for event in store.events(row.case, 10_000) if event.after]
            assert seen == told, "one event for each thing seen, none without"
            assert len(set(seen)) == len(seen), "nothing is seen twice"
            pages = [page.outcome.observation for page in kept_pages(store.base, [row.case])]
            assert [page.label for page in pages if page] == seen[::-1][-MOST_OF_A_SOURCE:], "one page for each, none twice"
        events = {event.id for event in self.events()}
        assert owed == {(event, receiver) for event in events for receiver in self.phones}, "owed to every receiver"
        for receiver, times in self.told().items():
            assert set(times) == {event[:8] for event in events}, f"{receiver} was told of every event, and of nothing else"
            assert sum(times.values()) - len(times) <= self.kills, f"{receiver}: at most one repeat for each kill"
        assert min(self.site.gaps()) >= GAP * 0.9, "the gap is kept across kills"


@pytest.fixture
def scene(tmp_path: Path, site: QuerySite) -> Iterator[Scene]:
    steps = "\n".join(f'"第{n}步" = "{"needs_action" if n % 2 else "in_review"}"' for n in range(1, 200))
    desk = Desk(tmp_path, head=f'language = "en"\n[fetch]\nmin_gap = "{int(GAP * 1000)}ms"\ntimeout = "5s"\n')
    for name, number in CASES.items():
        site.cases[number] = Record(number)
        desk.add_case(f"{site.list_url}?no={number}", number, name=name, adapter="page", more=f"[cases.labels]\n{steps}")
    with Phone() as phone, Phone() as other:
        phones = {"phone": phone, "desk": other}
        for name, receiver in phones.items():
            desk.add_receiver(receiver.at(), name=name)
        yield Scene(desk, site, phones, random.Random(SEED))


def test_a_kill_at_any_step_boundary_loses_nothing_and_repeats_at_most_once(scene: Scene) -> None:
    assert scene.desk.run("check").code == 0
    for at, when in POINTS:
        scene.move_some()
        repeated = scene.repeats()
        assert scene.kill(at=at, when=when) == -9, (at, when)
        assert scene.desk.run("check").code == 0, f"{at} {when}: one clean run makes it good"
        # Two receivers are told side by side: while one is marked, the other may stand between accepted and marked.
        sending = "outbox" in at or "deliver" in at
        assert scene.repeats() - repeated <= 2 * sending, f"{at} {when}: a repeat only between accepted and marked"
    scene.clean_up()
    scene.prove()


def test_kills_at_random_moments_lose_nothing(scene: Scene) -> None:
    began = time.monotonic()
    assert scene.desk.run("check").code == 0
    span = time.monotonic() - began  # with the start of the forking process: a little longer than a run
    for _ in range(9):
        scene.move_some()
        for _ in range(scene.dice.choice((1, 1, 2))):
            scene.kill(after=scene.dice.uniform(0.02, span))
        began = time.monotonic()
        scene.desk.run("check")
        span = time.monotonic() - began
    scene.clean_up()
    assert scene.kills >= 5, "most runs were still at work when they were killed"
    scene.prove()


def test_a_kill_in_the_very_first_run_leaves_a_store_that_goes_on(scene: Scene) -> None:
    """The key, the schema and the cases are made in it."""
    for at in ("tracker.store.engine:_upgrade", "tracker.store.sealed:os.link", "tracker.store.cases:_add"):
        assert scene.kill(at=at) == -9, at
    assert scene.desk.run("check").code == 0
    scene.clean_up()
    scene.prove()
