"""Events as rows: kept with the messages that they owe, found by the number that a message carries, acknowledged."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from tracker.core.drift import SHAPE_CHANGED
from tracker.core.model import Event
from tracker.store.base import EVENT, EVENTS, OUTBOX, Base
from tracker.store.sealed import Sealer
from tracker.store.shapes import accept

EVENT_PLACE = "events.body"


def keep_event(
    connection: Connection,
    sealer: Sealer,
    event: Event,
    receivers: Iterable[str],
    *,
    case_id: int | None = None,
    source_id: int | None = None,
) -> None:
    """An event and a message owed to each of the receivers, in the caller's transaction."""
    sealed = sealer.seal(EVENT_PLACE, EVENT.dump_json(event))
    about = {"case_id": case_id, "source_id": source_id, "kind": event.kind.value, "at": event.at}
    connection.execute(insert(EVENTS).values(id=event.id, sealed_body=sealed, **about))
    for receiver in receivers:
        row = {"event_id": event.id, "receiver": receiver, "created_at": event.at, "next_try_at": event.at}
        connection.execute(insert(OUTBOX).values(**row, state="pending", attempts=0, repeats=0, fence=0))


def find_events(base: Base, beginning: str, most: int = 5) -> list[Event]:
    """The events whose id begins so, newest first; `beginning` is of letters and digits."""
    query = select(EVENTS.c.sealed_body).where(EVENTS.c.id.startswith(beginning, autoescape=True))
    with base.read() as connection:
        sealer = base.sealer(connection) if base.has_key(connection) else None
        rows = connection.execute(query.order_by(EVENTS.c.at.desc()).limit(most)).scalars().all()
        return [EVENT.validate_json(sealer.open(EVENT_PLACE, body)) for body in rows] if sealer else []


def acknowledge(base: Base, event: str, now: datetime) -> datetime | None:
    """The person knows of the event: nobody reminds of it any more. Since when, where that was known before.

    Of a page that changed: it looks right.
    """
    with base.write() as connection:
        since = acked(connection, [event]).get(event)
        if since is None:
            connection.execute(update(EVENTS).where(EVENTS.c.id == event).values(acked_at=now))
            sealer = base.sealer(connection)
            row = connection.execute(select(EVENTS.c.sealed_body, EVENTS.c.source_id).where(EVENTS.c.id == event)).one()
            reason = EVENT.validate_json(sealer.open(EVENT_PLACE, row.sealed_body)).reason
            if reason == SHAPE_CHANGED and row.source_id is not None:
                accept(connection, sealer, row.source_id)
    return since


def acked(connection: Connection, events: Iterable[str]) -> dict[str, datetime]:
    """Event -> when it was acknowledged, of those that were."""
    query = select(EVENTS.c.id, EVENTS.c.acked_at).where(EVENTS.c.id.in_(list(events)), EVENTS.c.acked_at.is_not(None))
    return {row.id: row.acked_at for row in connection.execute(query)}


def spare(connection: Connection, sealer: Sealer, case: int, name: str) -> None:
    """What was told about several cases stays for the others when one of them is purged; that one is named no more."""
    for row in connection.execute(select(EVENTS.c.id, EVENTS.c.sealed_body).where(EVENTS.c.case_id == case)).all():
        event = EVENT.validate_json(sealer.open(EVENT_PLACE, row.sealed_body))
        others = tuple(other for other in event.cases if other != name)
        if event.case is None and others:
            body = sealer.seal(EVENT_PLACE, EVENT.dump_json(replace(event, cases=others)))
            about = {"case_id": None, "source_id": None, "sealed_body": body}
            connection.execute(update(EVENTS).where(EVENTS.c.id == row.id).values(about))
