"""An event and the messages that are owed of it, kept inside the caller's transaction."""

from collections.abc import Iterable

from sqlalchemy import Connection, insert

from tracker.core.model import Event
from tracker.store.base import EVENT, EVENTS, OUTBOX
from tracker.store.sealed import Sealer

EVENT_PLACE = "events.body"


def owe(
    connection: Connection,
    sealer: Sealer,
    event: Event,
    receivers: Iterable[str],
    *,
    case_id: int | None = None,
    source_id: int | None = None,
) -> None:
    """Keeps an event, and a row of the outbox for each receiver."""
    connection.execute(
        insert(EVENTS).values(
            id=event.id,
            case_id=case_id,
            source_id=source_id,
            kind=event.kind.value,
            at=event.at,
            sealed_body=sealer.seal(EVENT_PLACE, EVENT.dump_json(event)),
            reminders=0,
        )
    )
    for receiver in receivers:
        row = {"event_id": event.id, "receiver": receiver, "created_at": event.at, "next_try_at": event.at}
        connection.execute(insert(OUTBOX).values(**row, state="pending", attempts=0, repeats=0, fence=0))
