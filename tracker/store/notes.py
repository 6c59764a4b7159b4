"""What is told without a look at a site: asks, reminders, signs of life. Each is one transaction, and none is told twice."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from tracker.core.asking import Told
from tracker.core.history import History
from tracker.core.model import OPERATOR_KINDS, Event, EventKind
from tracker.store.base import CASES, EVENT, EVENTS, HISTORY, SETTINGS, SOURCES, Base
from tracker.store.cases import HISTORY_PLACE
from tracker.store.events import EVENT_PLACE, keep_event
from tracker.store.sealed import Sealer
from tracker.store.store import SourceRow

Owed = tuple[Event, tuple[str, ...]]  # an event and the receivers that are owed it

LOOKED_BACK = 20  # events of one source among which the one that asks is looked for
_NO_MOVES = (*OPERATOR_KINDS, EventKind.STILL_WAITING, EventKind.LOOK_NEEDED)


class _Lost(Exception):
    """Another process wrote meanwhile: nothing of this transaction is kept."""


class Notes:
    """The side of the store that asks and reminds."""

    def __init__(self, base: Base, clock: Callable[[], datetime]) -> None:
        self._base, self._clock = base, clock

    # --- questions ---------------------------------------------------------------------------------------------------

    def setting(self, name: str) -> str | None:
        """A small thing that was noted under this name."""
        with self._base.read() as connection:
            value = connection.execute(select(SETTINGS.c.value).where(SETTINGS.c.name == name)).scalar_one_or_none()
        return value.decode() if value is not None else None

    def told(self, source: int) -> list[Told]:
        """What was told of one source lately, newest first."""
        columns = (EVENTS.c.sealed_body, EVENTS.c.acked_at, EVENTS.c.reminders, EVENTS.c.reminded_at)
        query = select(*columns).where(EVENTS.c.source_id == source).order_by(EVENTS.c.at.desc(), EVENTS.c.id.desc())
        with self._base.read() as connection:
            sealer = self._base.sealer(connection)
            rows = connection.execute(query.limit(LOOKED_BACK)).all()
            return [Told(_event(sealer, r.sealed_body), r.acked_at is not None, r.reminders, r.reminded_at) for r in rows]

    def last_told(self) -> dict[str, datetime]:
        """When each case had its last event of its own; asks, reminders and the operator's are none."""
        query = select(CASES.c.name, func.max(EVENTS.c.at)).select_from(EVENTS).join(CASES)
        query = query.where(EVENTS.c.kind.not_in([kind.value for kind in _NO_MOVES])).group_by(CASES.c.name)
        with self._base.read() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    # --- what is told ------------------------------------------------------------------------------------------------

    def ask(self, asked: Sequence[tuple[SourceRow, History]], events: Iterable[Owed]) -> bool:
        """The people of these sources are asked to look. False, and nothing kept, where one of them is being looked at now."""
        free = SOURCES.c.lease_owner.is_(None) | (SOURCES.c.lease_until <= self._clock())
        try:
            with self._base.write() as connection:
                sealer = self._base.sealer(connection)
                for row, history in asked:
                    sealed = sealer.seal(HISTORY_PLACE, HISTORY.dump_json(history))
                    mine = (SOURCES.c.id == row.id) & (SOURCES.c.fence == row.fence) & free
                    # Another fence, so that a second process that read the same row is too late.
                    values = {"sealed_history": sealed, "fence": SOURCES.c.fence + 1}
                    _require(connection.execute(update(SOURCES).where(mine).values(values)).rowcount)
                self._owe(connection, sealer, events)
        except _Lost:
            return False
        return True

    def remind(self, told: Told, events: Iterable[Owed]) -> bool:
        """An event is told again. False, and nothing kept, where another process was quicker, or somebody acknowledged it."""
        mine = (EVENTS.c.id == told.event.id) & (EVENTS.c.reminders == told.reminders) & EVENTS.c.acked_at.is_(None)
        try:
            with self._base.write() as connection:
                values = {"reminders": told.reminders + 1, "reminded_at": self._clock()}
                _require(connection.execute(update(EVENTS).where(mine).values(values)).rowcount)
                self._owe(connection, self._base.sealer(connection), events)
        except _Lost:
            return False
        return True

    def note(self, name: str, was: str | None, value: str, events: Iterable[Owed] = ()) -> bool:
        """Notes a small thing, and tells what follows. False, and nothing kept, where it is no longer what it was."""
        try:
            with self._base.write() as connection:
                sealer = self._base.sealer(connection)
                if was is None:
                    there = connection.execute(select(SETTINGS.c.name).where(SETTINGS.c.name == name)).first()
                    _require(there is None)
                    connection.execute(insert(SETTINGS).values(name=name, value=value.encode()))
                else:
                    same = (SETTINGS.c.name == name) & (SETTINGS.c.value == was.encode())
                    _require(connection.execute(update(SETTINGS).where(same).values(value=value.encode())).rowcount)
                self._owe(connection, sealer, events)
        except _Lost:
            return False
        return True

    def tell(self, events: Iterable[Owed]) -> None:
        """Keeps events that no look and no note belongs to."""
        with self._base.write() as connection:
            self._owe(connection, self._base.sealer(connection), events)

    def _owe(self, connection: Connection, sealer: Sealer, events: Iterable[Owed]) -> None:
        for event, receivers in events:
            case = source = None
            if event.case:
                case = connection.execute(select(CASES.c.id).where(CASES.c.name == event.case)).scalar_one()
                live = (SOURCES.c.case_id == case) & (SOURCES.c.name == event.source) & SOURCES.c.retired_at.is_(None)
                source = connection.execute(select(SOURCES.c.id).where(live)).scalar_one_or_none()
            keep_event(connection, sealer, event, receivers, case_id=case, source_id=source)


def _event(sealer: Sealer, body: bytes) -> Event:
    return EVENT.validate_json(sealer.open(EVENT_PLACE, body))


def _require(kept: object) -> None:
    if not kept:
        raise _Lost
