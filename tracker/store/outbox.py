"""Messages owed: claimed, sent, marked. A row is marked sent only after its receiver accepted."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, RowMapping, insert, select, update

from tracker.core.model import Event
from tracker.store.base import CASES, EVENT, EVENTS, OUTBOX, RECEIVERS, Base
from tracker.store.events import EVENT_PLACE
from tracker.store.owner import is_gone
from tracker.store.references import known_values

SNOOZED = "snoozed"  # why a message is held
MOST_REPEATS = 3
MOST_ATTEMPTS = 25
LONGEST_WAIT = timedelta(hours=24)
_IN_ORDER = 3
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
    """One message to one receiver. `repeats` counts tries whose end nobody saw; `fence` guards the claim.

    `snoozed_until`: until when its case is quiet; None for what concerns a whole site.
    """

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
    snoozed_until: datetime | None = None


def backoff(failures: int) -> timedelta:
    """10 s, 30 s, 90 s, … up to 6 h."""
    return min(_FIRST_BACKOFF * int(3 ** min(failures - 1, 12)), _LONGEST_BACKOFF)


def _is_due(now: datetime) -> ColumnElement[bool]:
    """Rows to try now: never tried, or their time has come, or it lies so far ahead that the clock was set back."""
    never = (OUTBOX.c.state == State.PENDING) & (OUTBOX.c.attempts == 0) & (OUTBOX.c.repeats == 0)
    at = OUTBOX.c.next_try_at
    come = at.is_(None) | (at <= now) | (at > now + LONGEST_WAIT)
    return OUTBOX.c.state.in_([State.PENDING, State.HELD]) & (never | come)


def _is_lost(owner: str | None, until: datetime | None, now: datetime) -> bool:
    """Whether the process that sends a row has gone, or can't be heard of and had its time."""
    return is_gone(owner or "") or until is None or not now < until <= now + LONGEST_WAIT


def _repeat(repeats: int, now: datetime, wait: datetime) -> dict[str, object]:
    """What becomes of a row whose end nobody saw."""
    if repeats >= MOST_REPEATS:
        return {"state": State.FAILED, "next_try_at": now}
    return {"state": State.PENDING, "repeats": repeats + 1, "next_try_at": wait}


class Outbox:
    """The delivery's side of the store."""

    def __init__(self, base: Base, owner: str, clock: Callable[[], datetime]) -> None:
        self._base, self._owner, self._clock = base, owner, clock

    def rows(self, states: Iterable[State] = _OPEN) -> list[Owed]:
        """Deliveries in these states, oldest first."""
        query = _ROWS.where(OUTBOX.c.state.in_([s.value for s in states])).order_by(OUTBOX.c.id)
        with self._base.read() as connection:
            return [self._owed(connection, row) for row in connection.execute(query).mappings()]

    def waiting(self, *, parked: bool = False) -> dict[str, datetime | None]:
        """Receivers with rows that are due or whose sender is gone, and the time before which each must not be tried.

        `parked`: those with rows to retry, whatever their back-off.
        """
        now = self._clock()
        ready = OUTBOX.c.state.in_([State.PENDING, State.FAILED]) if parked else _is_due(now)
        columns = (OUTBOX.c.receiver, OUTBOX.c.state, OUTBOX.c.lease_owner, OUTBOX.c.lease_until, RECEIVERS.c.next_try_at)
        query = select(*columns).distinct().select_from(OUTBOX).outerjoin(RECEIVERS, RECEIVERS.c.name == OUTBOX.c.receiver)
        query = query.where(ready | (OUTBOX.c.state == State.SENDING)).order_by(OUTBOX.c.receiver)
        with self._base.read() as connection:
            rows = connection.execute(query).all()
        return {
            row.receiver: row.next_try_at if row.next_try_at and row.next_try_at <= now + LONGEST_WAIT else None
            for row in rows
            if row.state != State.SENDING or _is_lost(row.lease_owner, row.lease_until, now)
        }

    def claim(self, receiver: str, hold: timedelta, *, force: bool = False, after: int = 0) -> Owed | None:
        """The receiver's oldest row that is due, marked as being sent; None too while another process sends to it.

        `force`: the oldest one behind row `after`, whatever its back-off, parked ones too, held ones not. A message that
        failed three times lets the others go first, so that one that is never accepted doesn't stop them.
        """
        now = self._clock()
        query = _ROWS.where(OUTBOX.c.receiver == receiver).limit(1).with_for_update(skip_locked=True, of=OUTBOX)
        if force:
            query = query.where(OUTBOX.c.state.in_([State.PENDING, State.FAILED]), OUTBOX.c.id > after).order_by(OUTBOX.c.id)
        else:
            query = query.where(_is_due(now)).order_by(OUTBOX.c.attempts >= _IN_ORDER, OUTBOX.c.id)
        with self._base.write() as connection:
            if self._settle_unseen(connection, receiver, now):
                return None
            row = connection.execute(query).mappings().first()
            if row is None:
                return None
            values = {"state": State.SENDING, "lease_owner": self._owner, "lease_until": now + hold}
            mine = OUTBOX.c.id == row["id"]
            connection.execute(update(OUTBOX).where(mine).values(**values, fence=OUTBOX.c.fence + 1))
            owed = self._owed(connection, row)
        return replace(owed, state=State.SENDING, fence=owed.fence + 1)

    def _settle_unseen(self, connection: Connection, receiver: str, now: datetime) -> bool:
        """Settles rows whose sender went away; whether somebody is still sending."""
        sending = (OUTBOX.c.receiver == receiver) & (OUTBOX.c.state == State.SENDING)
        columns = select(OUTBOX.c.id, OUTBOX.c.repeats, OUTBOX.c.lease_owner, OUTBOX.c.lease_until).where(sending)
        busy = False
        for number, repeats, owner, until in connection.execute(columns).all():
            if not _is_lost(owner, until, now):
                busy = True
                continue
            # Repeated at once the first time: most likely the process was killed before it sent anything.
            values = _repeat(repeats, now, now if repeats == 0 else now + backoff(repeats)) | {"reason": "no_answer"}
            values |= {"lease_owner": None, "lease_until": None, "fence": OUTBOX.c.fence + 1}
            connection.execute(update(OUTBOX).where(OUTBOX.c.id == number).values(values))
        return busy

    def sent(self, owed: Owed) -> bool:
        """The receiver accepted. False, here and below: the row was lost to another process meanwhile."""
        values = {"state": State.SENT, "sent_at": self._clock(), "reason": None, "attempts": owed.attempts + 1}
        return self._finish(owed, values, receiver={"failures": 0, "next_try_at": None})

    def refused(
        self, owed: Owed, reason: str, *, permanent: bool = False, retry_after: timedelta | None = None, failures: int
    ) -> State | None:
        """The receiver did not take it: tried again after a back-off, or parked where trying again can't help.

        `failures`: how often the receiver failed in a row, this time included; 0 where it is up and refused this message.
        """
        now, attempts = self._clock(), owed.attempts + 1
        asked = min(retry_after or timedelta(0), LONGEST_WAIT)
        state = State.FAILED if permanent or attempts >= MOST_ATTEMPTS else State.PENDING
        again = now + max(backoff(max(failures, attempts)), asked)
        values = {"state": state, "reason": reason, "attempts": attempts, "next_try_at": again}
        wait = now + max(backoff(failures), asked) if failures else None
        return state if self._finish(owed, values, receiver={"failures": failures, "next_try_at": wait}) else None

    def unclear(self, owed: Owed, reason: str, *, failures: int) -> State | None:
        """Nobody saw whether the receiver took it: repeated after a back-off, three times at most."""
        now = self._clock()
        wait = now + backoff(max(failures, owed.repeats + 1))
        values = _repeat(owed.repeats, now, wait) | {"reason": reason, "attempts": owed.attempts + 1}
        done = self._finish(owed, values, receiver={"failures": failures, "next_try_at": now + backoff(failures)})
        return State(str(values["state"])) if done else None

    def hold(self, owed: Owed, until: datetime, reason: str | None = None) -> bool:
        """Told later: when quiet hours end, or (with a reason) when the receiver is there again or the case no longer quiet.

        Looked at again within a day: what lies further ahead counts as due (see `_is_due`), and a snooze may be taken back.
        """
        until = min(until, self._clock() + LONGEST_WAIT)
        return self._finish(owed, {"state": State.HELD, "next_try_at": until, "reason": reason})

    def known_values(self, case: str) -> tuple[str, ...]:
        """Every reference value that a case ever had, for masking."""
        return known_values(self._base, case)

    def skip(self, owed: Owed, reason: str) -> bool:
        """Nobody is there any more to receive it."""
        return self._finish(owed, {"state": State.SKIPPED, "reason": reason})

    def failures(self, receiver: str) -> int:
        """How often a receiver failed in a row."""
        with self._base.read() as connection:
            query = select(RECEIVERS.c.failures).where(RECEIVERS.c.name == receiver)
            return connection.execute(query).scalar_one_or_none() or 0

    def _finish(self, owed: Owed, values: dict[str, object], *, receiver: dict[str, object] | None = None) -> bool:
        mine = (OUTBOX.c.id == owed.id) & (OUTBOX.c.lease_owner == self._owner) & (OUTBOX.c.fence == owed.fence)
        with self._base.write() as connection:
            done = connection.execute(update(OUTBOX).where(mine).values(**values, lease_owner=None, lease_until=None))
            if done.rowcount == 1 and receiver is not None:
                known = connection.execute(update(RECEIVERS).where(RECEIVERS.c.name == owed.receiver).values(receiver))
                if known.rowcount == 0:
                    connection.execute(insert(RECEIVERS).values(name=owed.receiver, **receiver))
        return done.rowcount == 1

    def _owed(self, connection: Connection, row: RowMapping) -> Owed:
        event = EVENT.validate_json(self._base.sealer(connection).open(EVENT_PLACE, row["sealed_body"]))
        return Owed(
            id=row["id"],
            event=event,
            receiver=row["receiver"],
            state=State(row["state"]),
            attempts=row["attempts"],
            repeats=row["repeats"],
            reason=row["reason"],
            created_at=row["created_at"],
            next_try_at=row["next_try_at"],
            fence=row["fence"],
            snoozed_until=row["snoozed_until"] if event.case else None,
        )


_ROWS = (
    select(
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
        CASES.c.snoozed_until,
    )
    .select_from(OUTBOX)
    .join(EVENTS)
    .outerjoin(CASES, CASES.c.id == EVENTS.c.case_id)
)
