"""Cases and their sources as the config has them, taken over into the store."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from tracker.core.history import History, Shapes
from tracker.core.model import AskHints, Reference
from tracker.store.base import CASES, HISTORY, SOURCES, Base
from tracker.store.pages import drop_pages
from tracker.store.sealed import Sealer

HISTORY_PLACE = "sources.history"
REFERENCE_PLACE = "sources.reference"


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """A source as the config has it."""

    case: str
    name: str
    adapter: str
    host: str
    reference: Reference

    def identity(self) -> str:
        """What makes its history its own: the adapter and the reference (or the address, where that is all there is).

        Another part of a watched page is another text.
        """
        ask = self.reference.ask
        parts = [self.adapter, sorted(self.reference.values.items()) or self.reference.url]
        return json.dumps(parts + (["watch", ask.css] if ask.watch or ask.css else []), ensure_ascii=False)

    def text(self) -> str:
        read = self.reference.read
        parts = [self.host, self.reference.url, read.label, read.date, read.identify, read.details]
        ask = self.reference.ask
        how = [] if ask == AskHints() else [ask.method, ask.body]
        return json.dumps([self.identity(), *parts, *how], ensure_ascii=False)


def sync(base: Base, specs: Sequence[SourceSpec], now: datetime) -> None:
    """Takes the config's cases over: new ones are due at once, others stop; a changed reference starts a new history."""
    with base.read() as connection:
        if not specs and not connection.execute(select(SOURCES.c.id).limit(1)).first():
            return
        if base.has_key(connection) and _is_in_step(base, connection, specs):
            return
    with base.write() as connection:
        _sync(connection, base.sealer(connection), specs, now)


def _is_in_step(base: Base, connection: Connection, specs: Sequence[SourceSpec]) -> bool:
    sealer = base.sealer(connection)
    live = select(CASES.c.name, SOURCES.c.name, SOURCES.c.spec).join(CASES).where(SOURCES.c.retired_at.is_(None))
    there = {tuple(row) for row in connection.execute(live)}
    return there == {(s.case, s.name, sealer.blind(s.text())) for s in specs}


def _sync(connection: Connection, sealer: Sealer, specs: Sequence[SourceSpec], now: datetime) -> None:
    cases = {name: number for number, name in connection.execute(select(CASES.c.id, CASES.c.name))}
    columns = (SOURCES.c.id, SOURCES.c.case_id, SOURCES.c.name, SOURCES.c.identity, SOURCES.c.spec, SOURCES.c.retired_at)
    rows = {(r.case_id, r.name, r.identity): r for r in connection.execute(select(*columns))}
    kept = set()
    for spec in specs:
        if spec.case not in cases:
            made = connection.execute(insert(CASES).values(name=spec.case, origin="config", created_at=now))
            assert made.inserted_primary_key is not None
            cases[spec.case] = int(made.inserted_primary_key[0])
        case, identity = cases[spec.case], sealer.blind(spec.identity())
        row = rows.get((case, spec.name, identity))
        if row is None:
            _add(connection, sealer, spec, case, now)
            continue
        kept.add(row.id)
        if row.spec != sealer.blind(spec.text()):
            _take_up(connection, sealer, spec, row.id, now)
        elif row.retired_at is not None:
            # Its plan goes on: two configs that take turns at one store must not ask at every turn.
            connection.execute(update(SOURCES).where(SOURCES.c.id == row.id).values(retired_at=None))
    gone = {r.id: (r.case_id, r.name) for r in rows.values() if r.id not in kept and r.retired_at is None}
    if gone:
        connection.execute(update(SOURCES).where(SOURCES.c.id.in_(list(gone))).values(retired_at=now, **let_go()))
        there = {(cases[spec.case], spec.name) for spec in specs}
        # With another reference it is another record: what was shown for the one before may even be a stranger's.
        drop_pages(connection, [number for number, name in gone.items() if name in there])


def let_go() -> dict[str, object]:
    """Another fence: what is just being asked in the old way is no answer any more."""
    return {"lease_owner": None, "lease_until": None, "fence": SOURCES.c.fence + 1}


def _columns(sealer: Sealer, spec: SourceSpec, now: datetime) -> dict[str, object]:
    kept = json.dumps({"url": spec.reference.url, "values": dict(spec.reference.values)}, ensure_ascii=False)
    return {
        "adapter": spec.adapter,
        "host": spec.host,
        "spec": sealer.blind(spec.text()),
        "sealed_reference": sealer.seal(REFERENCE_PLACE, kept.encode()),
        "retired_at": None,
        "next_check_at": now if spec.host else None,  # without a site to ask, it is read by hand
        "next_reason": "now" if spec.host else "by_hand",
        "next_params": "{}",
        "sealed_problem": None,
    }


def _add(connection: Connection, sealer: Sealer, spec: SourceSpec, case: int, now: datetime) -> None:
    empty = sealer.seal(HISTORY_PLACE, HISTORY.dump_json(History()))
    more = {
        "case_id": case,
        "name": spec.name,
        "identity": sealer.blind(spec.identity()),
        "sealed_history": empty,
        "fence": 0,
    }
    connection.execute(insert(SOURCES).values(**_columns(sealer, spec, now), **more))


def _take_up(connection: Connection, sealer: Sealer, spec: SourceSpec, number: int, now: datetime) -> None:
    """A source that is asked in another way: its history goes on, it may be asked again at once.

    Its page may look otherwise, too.
    """
    sealed = connection.execute(select(SOURCES.c.sealed_history).where(SOURCES.c.id == number)).scalar_one()
    history = HISTORY.validate_json(sealer.open(HISTORY_PLACE, sealed))
    again = sealer.seal(HISTORY_PLACE, HISTORY.dump_json(replace(history, invalid=False, shapes=Shapes())))
    values = {**_columns(sealer, spec, now), "sealed_history": again, **let_go()}
    connection.execute(update(SOURCES).where(SOURCES.c.id == number).values(values))
