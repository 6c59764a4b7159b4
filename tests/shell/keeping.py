"""A config with by-hand and other cases over a real store, for tests of what is asked and reminded."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, cast

from adapters import page
from tests.shell.stores import Place
from tracker.config.model import Config
from tracker.core.decide import Keep
from tracker.core.history import History, HostHistory
from tracker.core.model import Event, Observation
from tracker.core.schedule import Next
from tracker.pages.adapter import Adapter
from tracker.store.notes import Notes
from tracker.store.outbox import State
from tracker.store.roster import Roster
from tracker.store.store import Finish
from tracker.subjects import Subject, subjects
from tracker.upkeep import Upkeep

URL = "http://127.0.0.1:8901/query.htm"
PHONE = {"name": "phone", "url": "json://127.0.0.1:9/"}
OPERATOR = {"name": "operator", "url": "json://127.0.0.1:9/", "events": ["operator"]}
REGISTRY: Mapping[str, Adapter] = {"page": cast("Adapter", page)}


def case(name: str, **more: object) -> dict[str, object]:
    source = {"name": "page", "adapter": "page", "url": URL, "reference": {"受理编号": f"SH20260{len(name)}0123"}}
    return {"name": name, "sources": [source], **more}


@dataclass
class Office:
    """Its cases are read by hand, but for those in `asked`, whose site is asked."""

    place: Place
    cases: list[dict[str, object]] = field(default_factory=lambda: [case("me")])
    receivers: list[dict[str, object]] = field(default_factory=lambda: [dict(PHONE), dict(OPERATOR)])
    asked: set[str] = field(default_factory=set)
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def config(self) -> Config:
        tables = {"timezone": "Asia/Shanghai", "receivers": self.receivers, "cases": self.cases}
        return Config.model_validate({**tables, **self.more})

    @property
    def subjects(self) -> list[Subject]:
        return [s if s.case.name in self.asked else _by_hand(s) for s in subjects(self.config, REGISTRY)]

    @property
    def roster(self) -> Roster:
        return Roster(self.place.base(), self.place.clock)

    def upkeep(self) -> Upkeep:
        """As another process would make it."""
        store = self.place.store()
        notes, roster = Notes(store.base, self.place.clock), Roster(store.base, self.place.clock)
        return Upkeep(self.config, self.subjects, store=store, notes=notes, roster=roster, clock=self.place.clock)

    def run(self) -> list[Event]:
        return self.upkeep().run()

    def days(self, count: float) -> list[Event]:
        """So many days later."""
        self.place.clock.move(days=count)
        return self.run()

    def owed(self) -> list[tuple[str, str]]:
        return [(row.receiver, row.event.id) for row in self.place.outbox().rows(State)]

    def history(self, name: str = "me") -> History:
        return next(row.history for row in self.place.store().sources() if row.case == name)

    def keep(
        self,
        seen: Observation | None = None,
        *events: Event,
        name: str = "me",
        history: History | None = None,
        host: HostHistory | None = None,
    ) -> None:
        """One finished look."""
        store, now = self.place.store(), self.place.clock()
        store.sync([s.spec() for s in self.subjects])
        row = next(r for r in store.sources() if r.case == name)
        held = store.claim([row.id], timedelta(minutes=1))[row.id]
        past = history or replace(row.history, current=seen, last=seen, last_read_at=now, looked_at=now, asked_at=None, asked=0)
        owed = tuple((event, ("phone",)) for event in events)
        keep = Keep.NEW if seen else Keep.NOTHING
        hosts = {"127.0.0.1": host} if host else {}
        planned = row.next_check if row.next_check.at is None else Next(now + timedelta(hours=4), "interval")
        assert store.finish(Finish(held, past, planned, None, keep, seen, owed, hosts))


def _by_hand(subject: Subject) -> Subject:
    """The same, never asked automatically."""
    return replace(subject, host="", meta=replace(subject.meta, by_hand=True))
