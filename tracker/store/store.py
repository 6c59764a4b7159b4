"""Cases, sources and what was seen of them. A check is one transaction: history, observation, events, outbox, next check."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, RowMapping, bindparam, insert, select, update

from tracker.core.decide import Keep
from tracker.core.errors import StoreError
from tracker.core.history import History, HostHistory
from tracker.core.model import MOVES, Event, Observation, Problem
from tracker.core.schedule import Next
from tracker.pages.shape import Shape
from tracker.store.amend import Amendment, amend
from tracker.store.base import (
    CASES,
    EVENT,
    EVENTS,
    HISTORY,
    OBSERVATION,
    OBSERVATIONS,
    SOURCES,
    Base,
    as_json,
    newest_of,
)
from tracker.store.cases import HISTORY_PLACE, SourceSpec, sync
from tracker.store.events import EVENT_PLACE, acked, keep_event
from tracker.store.owner import is_gone
from tracker.store.pages import NEW, ToKeep, keep_page
from tracker.store.sealed import Sealer
from tracker.store.shapes import columns
from tracker.store.slots import load_host, load_hosts, save_hosts

_PROBLEM = "sources.problem"
_BODY = "observations.body"


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source as the store has it. `key` is (case, source name); `paused`, `archived` and `imported` are its case's."""

    id: int
    case: str
    name: str
    adapter: str
    host: str
    history: History
    next_check: Next
    problem: Problem | None
    leased: bool
    fence: int = 0
    paused: bool = False
    archived: bool = False
    imported: bool = False

    @property
    def key(self) -> tuple[str, str]:
        return self.case, self.name


class HostMovedError(Exception):
    """Another process kept a look at the host meanwhile: decide again on `history`, or its failures are told twice."""

    def __init__(self, history: HostHistory) -> None:
        super().__init__("the host's history is another one now")
        self.history = history


@dataclass(frozen=True, slots=True)
class Finish:
    """All that one check leaves behind. `events` come with the receivers that are owed each of them.

    `hosts_were`: what the hosts' histories were decided on. `page`: kept where it can be; `shapes`: the page's, where they are
    others now, with the digest of the redesign (`drift`); `amended`: what kept pages say since they were read again.
    """

    source: SourceRow
    history: History
    next_check: Next
    problem: Problem | None
    keep: Keep = Keep.NOTHING
    observation: Observation | None = None
    events: tuple[tuple[Event, tuple[str, ...]], ...] = ()
    hosts: Mapping[str, HostHistory] = field(default_factory=dict)
    hosts_were: Mapping[str, HostHistory] = field(default_factory=dict)
    page: ToKeep | None = None
    shapes: Mapping[str, Shape] | None = None
    drift: str = ""
    amended: tuple[Amendment, ...] = ()

    @property
    def is_quiet(self) -> bool:
        """Nothing anybody would miss: it may share a commit with others."""
        more = self.events or self.hosts or self.page or self.amended
        return self.keep is Keep.NOTHING and self.shapes is None and not more


class Store:
    """The check's side of the store: sources and their leases, observations, events."""

    def __init__(self, base: Base, owner: str, clock: Callable[[], datetime]) -> None:
        self.base, self.owner, self._clock = base, owner, clock

    def sync(self, specs: Sequence[SourceSpec]) -> None:
        """Takes the config's cases over; see cases.py."""
        sync(self.base, specs, self._clock())

    # --- leases ------------------------------------------------------------------------------------------------------

    def sources(self, *, live_only: bool = True) -> list[SourceRow]:
        """All sources, by case and name."""
        query = _SOURCE_ROWS.order_by(CASES.c.id, SOURCES.c.id)
        if live_only:
            query = query.where(SOURCES.c.retired_at.is_(None))
        with self.base.read() as connection:
            rows = connection.execute(query).mappings().all()
            return [self._row(self.base.sealer(connection), row) for row in rows]

    def _row(self, sealer: Sealer, row: RowMapping) -> SourceRow:
        history = HISTORY.validate_json(sealer.open(HISTORY_PLACE, row["sealed_history"]))
        sealed = row["sealed_problem"]
        problem = json.loads(sealer.open(_PROBLEM, sealed)) if sealed else None
        planned = Next(row["next_check_at"], row["next_reason"], json.loads(row["next_params"]))
        until = row["lease_until"]
        leased = bool(row["lease_owner"] and row["lease_owner"] != self.owner and until and until > self._clock())
        return SourceRow(
            id=row["id"],
            case=row["case_name"],
            name=row["name"],
            adapter=row["adapter"],
            host=row["host"],
            history=history,
            next_check=planned,
            problem=Problem(problem.pop("reason"), problem) if problem else None,
            leased=leased and not is_gone(str(row["lease_owner"])),
            fence=row["fence"],
            paused=row["paused_at"] is not None,
            archived=row["archived_at"] is not None,
            imported=row["imported_at"] is not None,
        )

    def is_any_due(self) -> bool:
        """A cheap look whether a run would find anything to do."""
        due = select(SOURCES.c.id).join(CASES).where(CASES.c.paused_at.is_(None), CASES.c.archived_at.is_(None))
        due = due.where(SOURCES.c.retired_at.is_(None), SOURCES.c.next_check_at <= self._clock())
        with self.base.read() as connection:
            return connection.execute(due.limit(1)).first() is not None

    def claim(self, ids: Iterable[int], hold: timedelta) -> dict[int, SourceRow]:
        """Leases those of the sources that nobody else is asking; the rows are read again, as they are now."""
        wanted = list(ids)
        until = self._clock() + hold
        with self.base.write() as connection:
            sealer = self.base.sealer(connection)
            query = _SOURCE_ROWS.where(SOURCES.c.id.in_(wanted), SOURCES.c.retired_at.is_(None))
            rows = connection.execute(query.with_for_update(of=SOURCES)).mappings()
            free = [row for row in (self._row(sealer, r) for r in rows) if not row.leased]
            lease = update(SOURCES).where(SOURCES.c.id.in_([row.id for row in free]))
            if free:
                connection.execute(lease.values(lease_owner=self.owner, lease_until=until, fence=SOURCES.c.fence + 1))
        return {row.id: replace(row, fence=row.fence + 1) for row in free}

    def renew(self, row: SourceRow, hold: timedelta) -> bool:
        """Keeps a lease through a long exchange; False where somebody else took it."""
        with self.base.write() as connection:
            values = {"lease_until": self._clock() + hold}
            return bool(connection.execute(update(SOURCES).where(self._mine(row)).values(values)).rowcount)

    def release(self, rows: Iterable[SourceRow]) -> None:
        """Gives leases back without a result."""
        with self.base.write() as connection:
            for row in rows:
                connection.execute(update(SOURCES).where(self._mine(row)).values(lease_owner=None, lease_until=None))

    def _mine(self, row: SourceRow):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a clause of SQLAlchemy
        return (SOURCES.c.id == row.id) & (SOURCES.c.lease_owner == self.owner) & (SOURCES.c.fence == row.fence)

    # --- results -----------------------------------------------------------------------------------------------------

    def finish(self, result: Finish) -> bool:
        """One check, one transaction. False where the lease was lost meanwhile: the result is dropped.

        Raises HostMovedError, with nothing kept. A page that can't be kept costs no reading.
        """
        try:
            return self._finish(result)
        except StoreError:
            if result.page is None:
                raise
            return self._finish(replace(result, page=None))

    def _finish(self, result: Finish) -> bool:
        with self.base.write() as connection:
            sealer = self.base.sealer(connection)
            values = self._finished(sealer, result)
            if result.shapes is not None:
                values |= columns(sealer, result.shapes, result.drift)
            done = connection.execute(update(SOURCES).where(self._mine(result.source)).values(values))
            if done.rowcount != 1:
                return False
            for name, was in result.hosts_were.items():
                if (history := load_host(connection, name, to_write=True)) != was:
                    raise HostMovedError(history)
            number = self._keep(connection, sealer, result)
            if result.page is not None:
                keep_page(connection, sealer, result.source.id, number if result.page.kind == NEW else None, result.page)
            amend(connection, sealer, result.source.id, result.amended)
            self._owe(connection, sealer, result)
            save_hosts(connection, result.hosts)
        return True

    def finish_quiet(self, results: Sequence[Finish]) -> None:
        """Unchanged checks share a commit; one whose lease was lost changes no row."""
        if not results:
            return
        mine = (SOURCES.c.id == bindparam("source")) & (SOURCES.c.fence == bindparam("held"))
        statement = update(SOURCES).where(mine & (SOURCES.c.lease_owner == self.owner))
        with self.base.write() as connection:
            sealer = self.base.sealer(connection)
            rows = [{"source": r.source.id, "held": r.source.fence, **self._finished(sealer, r)} for r in results]
            connection.execute(statement, rows)

    def _finished(self, sealer: Sealer, result: Finish) -> dict[str, object]:
        sealed = None
        if result.problem is not None:
            text = as_json({"reason": result.problem.reason, **result.problem.params})
            sealed = sealer.seal(_PROBLEM, text.encode())
        return {
            "sealed_history": sealer.seal(HISTORY_PLACE, HISTORY.dump_json(result.history)),
            "next_check_at": result.next_check.at,
            "next_reason": result.next_check.reason,
            "next_params": as_json(result.next_check.params),
            "sealed_problem": sealed,
            "lease_owner": None,
            "lease_until": None,
        }

    def _keep(self, connection: Connection, sealer: Sealer, result: Finish) -> int | None:
        """The number of a new observation."""
        seen = result.observation
        if seen is None or result.keep is Keep.NOTHING:
            return None
        values = {"seen_at": seen.seen_at, "sealed_body": sealer.seal(_BODY, OBSERVATION.dump_json(seen))}
        if result.keep is Keep.NEW:
            made = connection.execute(insert(OBSERVATIONS).values(source_id=result.source.id, **values))
            return int(made.inserted_primary_key[0]) if made.inserted_primary_key else None
        number = connection.execute(newest_of(result.source.id)).scalar_one()
        connection.execute(update(OBSERVATIONS).where(OBSERVATIONS.c.id == number).values(values))
        return None

    def _owe(self, connection: Connection, sealer: Sealer, result: Finish) -> None:
        if not result.events:
            return
        case = connection.execute(select(SOURCES.c.case_id).where(SOURCES.c.id == result.source.id)).scalar_one()
        for event, receivers in result.events:
            keep_event(connection, sealer, event, receivers, case_id=case, source_id=result.source.id)

    # --- what was seen -----------------------------------------------------------------------------------------------

    def hosts(self) -> dict[str, HostHistory]:
        """How each host answered lately."""
        with self.base.read() as connection:
            return load_hosts(connection)

    def host(self, name: str) -> HostHistory:
        """How one host answered lately, as all processes have seen it."""
        with self.base.read() as connection:
            return load_host(connection, name)

    def observations(self, case: str, limit: int) -> list[tuple[str, Observation]]:
        """(source name, observation), newest first."""
        query = select(SOURCES.c.name, OBSERVATIONS.c.sealed_body).select_from(OBSERVATIONS).join(SOURCES).join(CASES)
        query = query.where(CASES.c.name == case).order_by(OBSERVATIONS.c.seen_at.desc(), OBSERVATIONS.c.id.desc())
        with self.base.read() as connection:
            sealer = self.base.sealer(connection)
            rows = connection.execute(query.limit(limit))
            return [(name, OBSERVATION.validate_json(sealer.open(_BODY, body))) for name, body in rows]

    def events(self, case: str, limit: int) -> list[Event]:
        """Newest first."""
        query = select(EVENTS.c.sealed_body).join(CASES).where(CASES.c.name == case)
        with self.base.read() as connection:
            sealer = self.base.sealer(connection)
            rows = connection.execute(query.order_by(EVENTS.c.at.desc(), EVENTS.c.id.desc()).limit(limit))
            return [EVENT.validate_json(sealer.open(EVENT_PLACE, body)) for (body,) in rows]

    def acked(self, events: Sequence[Event]) -> dict[str, datetime]:
        """Event id -> when the person acknowledged it, of those that were."""
        with self.base.read() as connection:
            return acked(connection, [event.id for event in events])

    def moved_since(self, moment: datetime) -> set[str]:
        """The cases about which a move was told since then."""
        query = select(CASES.c.name).join(EVENTS, EVENTS.c.case_id == CASES.c.id).distinct()
        query = query.where(EVENTS.c.at >= moment, EVENTS.c.kind.in_(sorted(kind.value for kind in MOVES)))
        with self.base.read() as connection:
            return set(connection.execute(query).scalars())

    def case_names(self) -> list[str]:
        """Every case that has a row, also those that left the config."""
        with self.base.read() as connection:
            return list(connection.execute(select(CASES.c.name).order_by(CASES.c.id)).scalars())


_SOURCE_ROWS = select(
    SOURCES.c.id,
    CASES.c.name.label("case_name"),
    SOURCES.c.name,
    SOURCES.c.adapter,
    SOURCES.c.host,
    SOURCES.c.sealed_history,
    SOURCES.c.next_check_at,
    SOURCES.c.next_reason,
    SOURCES.c.next_params,
    SOURCES.c.sealed_problem,
    SOURCES.c.lease_owner,
    SOURCES.c.lease_until,
    SOURCES.c.fence,
    CASES.c.paused_at,
    CASES.c.archived_at,
    CASES.c.imported_at,
).join(CASES)
