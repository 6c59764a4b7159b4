"""Messages owed: claimed, sent, marked. A row is marked sent only after its receiver accepted."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, RowMapping, insert, select, update

from tracker.core.model import Event
from tracker.store.base import EVENT, EVENTS, OUTBOX, RECEIVERS, Base
from tracker.store.owner import is_gone

EVENT_PLACE = "events.body"
MOST_REPEATS = 3
MOST_ATTEMPTS = 25
_FIRST_BACKOFF = timedelta(seconds=10)
_LONGEST_BACKOFF = timedelta(hours=6)


class State(StrEnum):
    """Where a delivery stands; `failed` is parked until somebody retries it."""

    PENDING = "pending"
    HELD = "held"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    SKIPPED = "skipped"


OWED = frozenset({State.PENDING, State.SENDING, State.FAILED})
_OPEN = (*OWED, State.HELD)


@dataclass(frozen=True, slots=True)
class Owed:
    """One message to one receiver. `repeats` counts tries whose end nobody saw; `fence` guards the claim."""

    id: int
    event: Event
    receiver: str
    state: State
    attempts: int
    repeats: int
    reason: str | None
    created_at: datetime
    next_try_at: datetime | None
    fence: int


def backoff(failures: int) -> timedelta:
    """10 s, 30 s, 90 s, … up to 6 h."""
    return min(_FIRST_BACKOFF * int(3 ** min(failures - 1, 12)), _LONGEST_BACKOFF)


class Outbox:
    """The delivery's side of the store."""

    def __init__(self, base: Base, owner: str, clock: Callable[[], datetime]) -> None:
        self._base, self._owner, self._clock = base, owner, clock

    def rows(self, states: Iterable[State] = _OPEN) -> list[Owed]:
        """Deliveries in these states, oldest first."""
        query = _ROWS.where(OUTBOX.c.state.in_([s.value for s in states])).order_by(OUTBOX.c.id)
        with self._base.read() as connection:
            return [self._owed(connection, row) for row in connection.execute(query).mappings()]

    def waiting(self) -> dict[str, datetime | None]:
        """Receivers that have rows to send, with the time before which each must not be tried."""
        query = select(OUTBOX.c.receiver, RECEIVERS.c.next_try_at).distinct()
        query = query.select_from(OUTBOX).outerjoin(RECEIVERS, RECEIVERS.c.name == OUTBOX.c.receiver)
        open_rows = query.where(OUTBOX.c.state.in_([State.PENDING, State.SENDING, State.HELD]))
        with self._base.read() as connection:
            return {row.receiver: row.next_try_at for row in connection.execute(open_rows)}

    def claim(self, receiver: str, hold: timedelta, *, force: bool = False) -> Owed | None:
        """The receiver's oldest row that is due, marked as being sent; `force`: whatever its back-off, parked ones too, held ones not."""
        now = self._clock()
        with self._base.write() as connection:
            self._settle_unseen(connection, receiver, now)
            states = [State.PENDING, State.FAILED] if force else [State.PENDING, State.HELD]
            query = _ROWS.where(OUTBOX.c.receiver == receiver, OUTBOX.c.state.in_(states))
            if not force:
                query = query.where((OUTBOX.c.next_try_at.is_(None)) | (OUTBOX.c.next_try_at <= now))
            else:
                # One pass over all that is owed: what was tried in this pass waits for the next one.
                query = query.where((OUTBOX.c.lease_owner.is_(None)) | (OUTBOX.c.lease_owner != self._owner))
            row = connection.execute(query.order_by(OUTBOX.c.id).limit(1)).mappings().first()
            if row is None:
                return None
            values = {"state": State.SENDING, "lease_owner": self._owner, "lease_until": now + hold}
            mine = OUTBOX.c.id == row["id"]
            connection.execute(update(OUTBOX).where(mine).values(**values, fence=OUTBOX.c.fence + 1))
            owed = self._owed(connection, row)
        return replace(owed, state=State.SENDING, fence=owed.fence + 1)

    def _settle_unseen(self, connection: Connection, receiver: str, now: datetime) -> None:
        """Rows whose sender went away: repeated at once the first time, then with back-off, three times at most."""
        sending = (OUTBOX.c.receiver == receiver) & (OUTBOX.c.state == State.SENDING)
        columns = select(OUTBOX.c.id, OUTBOX.c.repeats, OUTBOX.c.lease_owner, OUTBOX.c.lease_until).where(sending)
        for number, repeats, owner, until in connection.execute(columns).all():
            if not is_gone(owner or "") and until is not None and until > now:
                continue
            values: dict[str, object] = {"lease_owner": None, "lease_until": None, "fence": OUTBOX.c.fence + 1}
            if repeats >= MOST_REPEATS:
                values |= {"state": State.FAILED, "reason": "no_answer"}
            else:
                again = now if repeats == 0 else now + backoff(repeats)
                values |= {"state": State.PENDING, "repeats": repeats + 1, "reason": "no_answer", "next_try_at": again}
            connection.execute(update(OUTBOX).where(OUTBOX.c.id == number).values(values))

    def sent(self, owed: Owed) -> bool:
        """The receiver accepted."""
        values = {"state": State.SENT, "sent_at": self._clock(), "reason": None, "attempts": owed.attempts + 1}
        return self._finish(owed, values, failures=0, wait=None)

    def refused(self, owed: Owed, reason: str, *, permanent: bool, retry_after: timedelta | None, failures: int) -> bool:
        """The receiver did not take it: tried again after a back-off, or parked where trying again can't help.

        `failures`: how often the receiver failed in a row, this time included; a refused message is no failure of it.
        """
        now, attempts = self._clock(), owed.attempts + 1
        wait = now + max(backoff(failures or attempts), min(retry_after or timedelta(0), timedelta(hours=24)))
        parked = permanent or attempts >= MOST_ATTEMPTS
        values = {
            "state": State.FAILED if parked else State.PENDING,
            "reason": reason,
            "attempts": attempts,
            "next_try_at": wait,
        }
        return self._finish(owed, values, failures=failures, wait=None if permanent else wait)

    def hold(self, owed: Owed, until: datetime) -> bool:
        """Quiet hours: told when they end."""
        return self._finish(owed, {"state": State.HELD, "next_try_at": until}, failures=None, wait=None)

    def skip(self, owed: Owed, reason: str) -> bool:
        """Nobody is there any more to receive it."""
        return self._finish(owed, {"state": State.SKIPPED, "reason": reason}, failures=None, wait=None)

    def failures(self, receiver: str) -> int:
        """How often a receiver failed in a row."""
        with self._base.read() as connection:
            query = select(RECEIVERS.c.failures).where(RECEIVERS.c.name == receiver)
            return connection.execute(query).scalar_one_or_none() or 0

    def _finish(self, owed: Owed, values: dict[str, object], *, failures: int | None, wait: datetime | None) -> bool:
        mine = (OUTBOX.c.id == owed.id) & (OUTBOX.c.lease_owner == self._owner) & (OUTBOX.c.fence == owed.fence)
        with self._base.write() as connection:
            done = connection.execute(update(OUTBOX).where(mine).values(values))
            if done.rowcount == 1 and failures is not None:
                state = {"failures": failures, "next_try_at": wait}
                known = connection.execute(update(RECEIVERS).where(RECEIVERS.c.name == owed.receiver).values(state))
                if known.rowcount == 0:
                    connection.execute(insert(RECEIVERS).values(name=owed.receiver, **state))
        return done.rowcount == 1

    def _owed(self, connection: Connection, row: RowMapping) -> Owed:
        body = self._base.sealer(connection).open(EVENT_PLACE, row["sealed_body"])
        return Owed(
            id=row["id"],
            event=EVENT.validate_json(body),
            receiver=row["receiver"],
            state=State(row["state"]),
            attempts=row["attempts"],
            repeats=row["repeats"],
            reason=row["reason"],
            created_at=row["created_at"],
            next_try_at=row["next_try_at"],
            fence=row["fence"],
        )


_ROWS = select(
    OUTBOX.c.id,
    OUTBOX.c.receiver,
    OUTBOX.c.state,
    OUTBOX.c.attempts,
    OUTBOX.c.repeats,
    OUTBOX.c.reason,
    OUTBOX.c.created_at,
    OUTBOX.c.next_try_at,
    OUTBOX.c.fence,
    EVENTS.c.sealed_body,
).join(EVENTS)
