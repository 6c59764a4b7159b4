"""`replay --apply` killed at any step, and beside a running service: no half amendment, nothing lost, nothing told twice."""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.e2e.desk import Desk, wait_for
from tests.shell.receivers import Phone
from tests.sites.server import Answer, Reply, Seen, Site
from tracker.core.model import Event
from tracker.desk import now
from tracker.store.amend import Entry, timeline
from tracker.store.base import Base, KeyPlace
from tracker.store.store import Store

CASES = {"a": "SH2026000101", "b": "SH2026000102", "c": "SH2026000103"}
CAPTIONS = ("办理阶段", "流转情况")
QUICK = "from datetime import timedelta\nfrom tracker import service\nservice.TICK = timedelta(milliseconds=100)\n"

# Every boundary between two steps of an amendment and of the message that follows.
POINTS = [
    ("tracker.store.store:Store.claim", "before"),
    ("tracker.store.store:Store.claim", "after"),
    ("tracker.store.store:Store.finish", "before"),
    ("tracker.store.amend:_rewrite", "after"),  # inside the transaction
    ("tracker.store.amend:_rewrite#2", "after"),  # likewise: one entry of the case said so, and one not yet
    ("tracker.store.amend:settle#5", "after"),  # likewise, in the second case
    ("tracker.store.store:amend", "after"),  # likewise
    ("tracker.store.store:Store._owe", "after"),  # likewise
    ("tracker.store.store:Store.finish", "after"),
    ("tracker.store.outbox:Outbox.claim", "after"),
    ("tracker.deliver.courier:attempt", "after"),  # accepted, not yet marked: only here a repeat is due
    ("tracker.store.outbox:Outbox.sent", "after"),
]


class Office(Site):
    """Shows two steps of each case, each under a caption of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.steps = dict.fromkeys(CASES.values(), 1)

    def reply(self, seen: Seen) -> Answer:
        number = seen.form().get("no", "")
        pairs = [("受理编号", number), *((caption, step(caption, self.steps[number])) for caption in CAPTIONS)]
        rows = "".join(f"<tr><td>{caption}</td><td>{value}</td></tr>" for caption, value in pairs)
        return Reply(f"<html><body><table>{rows}</table></body></html>")

    def move(self) -> None:
        for number in self.steps:
            self.steps[number] += 1


def step(caption: str, number: int) -> str:
    return f"{caption}第{number}步"


@dataclass
class Scene:
    """Three cases with a history of three readings each, which another caption would have read otherwise."""

    desk: Desk
    site: Office
    phone: Phone
    read: str = ""
    rounds: int = field(default=0)

    def reads(self, caption: str) -> None:
        """The config names the caption of the status."""
        words = (f'"{step(c, n)}" = "{"needs_action" if n % 2 else "in_review"}"' for c in CAPTIONS for n in range(1, 20))
        more = "\n".join(["[cases.labels]", *words, "[cases.read]", f'label = "{caption}"'])
        self.desk.cases.clear()
        for name, number in CASES.items():
            self.desk.add_case(f"{self.site.origin}/q?no={number}", number, name=name, adapter="page", more=f"{more}\n")
        self.read = caption

    def turn(self) -> None:
        """It was the other caption all the time."""
        self.rounds += 1
        self.reads(CAPTIONS[self.rounds % 2])

    @property
    def base(self) -> Base:
        return Base(f"sqlite:///{self.desk.folder}/tracker.db", KeyPlace(None, self.desk.folder / "tracker.key"))

    def entries(self) -> dict[str, list[Entry]]:
        return {name: timeline(self.base, name, 99) for name in CASES}

    def events(self, name: str) -> list[Event]:
        return Store(self.base, "checker", now).events(name, 999)

    def amended(self) -> dict[str, list[int]]:
        """How often each entry was amended, newest first."""
        return {name: [len(entry.amended) for entry in entries] for name, entries in self.entries().items()}

    def wait_for_entries(self, count: int) -> None:
        wait_for(lambda: all(len(entries) == count for entries in self.entries().values()))

    def half_amended(self) -> list[str]:
        """Cases of whose entries some say what the one caption says, and some what the other does."""
        labels = {name: {entry.seen.label[:4] for entry in entries} for name, entries in self.entries().items()}
        return [name for name, captions in labels.items() if len(captions) > 1]

    def repeats(self) -> int:
        told = Counter(re.findall(r"#([0-9a-f]{8})\b", "\n".join(self.phone.texts)))
        return sum(told.values()) - len(told)

    def prove(self, *, times: int) -> None:
        """Each entry was amended so often, each correction told once, and nothing else was changed."""
        with sqlite3.connect(self.desk.folder / "tracker.db") as raw:
            assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert raw.execute("SELECT count(*) FROM sources WHERE lease_owner IS NOT NULL").fetchone() == (0,)
            assert raw.execute("SELECT count(*) FROM outbox WHERE state != 'sent'").fetchone() == (0,)
        for name, entries in self.entries().items():
            assert [entry.seen.label for entry in entries] == [step(self.read, n) for n in (3, 2, 1)]
            assert [len(entry.amended) for entry in entries] == [times] * 3, "once for each correction, never twice"
            corrections = [event for event in self.events(name) if event.reason == "reread"]
            assert len(corrections) == times, "one event for each correction of what stands now"


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    head = 'language = "en"\n[fetch]\nmin_gap = "0s"\ntimeout = "5s"\n[schedule]\nevery = "1h"\njitter = "0s"\nhours = []\n'
    head += 'workdays = ""\n[web]\nlisten = "127.0.0.1:0"\n'
    desk = Desk(tmp_path, head=head)
    with Office() as site, Phone() as phone:
        desk.add_receiver(phone.at())
        scene = Scene(desk, site, phone)
        scene.reads(CAPTIONS[0])
        for _ in range(3):
            assert desk.run("check").code == 0
            site.move()
        for number in site.steps:
            site.steps[number] = 3
        yield scene


def test_a_kill_at_any_step_leaves_each_case_amended_or_as_it_was(scene: Scene) -> None:
    for number, (at, when) in enumerate(POINTS, 1):
        scene.turn()
        repeated = scene.repeats()
        assert scene.desk.run("replay", "--apply", at=at, when=when).code == -9, (at, when)
        assert scene.half_amended() == [], f"{at} {when}: all entries of a case or none"
        whole = scene.desk.run("replay", "--apply")
        assert whole.code == 0, (at, when, whole)
        retried = scene.desk.run("notify", "retry")
        assert retried.code == 0, (at, when, retried)
        assert scene.repeats() - repeated <= ("deliver" in at or "outbox" in at), f"{at} {when}: a repeat only while it is sent"
        scene.prove(times=number)
    assert scene.desk.run("check", "--json").json["deliveries"] == []
    assert len(scene.entries()["a"]) == 3, "the next look finds nothing new"


def test_it_is_killed_and_run_again_beside_a_service_that_goes_on(scene: Scene) -> None:
    scene.turn()
    service = scene.desk.start("serve", code=QUICK)
    try:
        scene.wait_for_entries(4)  # what is read in another way is looked at again
        for at, when in (POINTS[1], POINTS[5], POINTS[7]):
            assert scene.desk.run("replay", "--apply", at=at, when=when).code == -9, (at, when)
            assert all(amended in ([0] * 4, [0, 1, 1, 1]) for amended in scene.amended().values()), (at, when)
        assert scene.desk.run("replay", "--apply").code == 0
        assert set(map(tuple, scene.amended().values())) == {(0, 1, 1, 1)}
        scene.site.move()
        scene.desk.sql("UPDATE sources SET next_check_at = '2026-01-01 00:00:00'")
        scene.wait_for_entries(5)
        wait_for(lambda: scene.desk.sql("SELECT count(*) FROM outbox WHERE state != 'sent'") == [(0,)])
        assert service.poll() is None
    finally:
        service.send_signal(15)
        service.communicate(30)
    assert service.returncode == 0
    steps = [step(scene.read, n) for n in (4, 3, 3, 2, 1)]
    assert [[entry.seen.label for entry in entries] for entries in scene.entries().values()] == [steps] * len(CASES)
    assert [event.reason for name in CASES for event in scene.events(name) if event.reason == "reread"] == []
    assert scene.repeats() == 0
