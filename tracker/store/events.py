"""Events found by the number that a message carries, and acknowledged."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, select, update

from tracker.core.model import Event
from tracker.store.base import EVENT, EVENTS, Base
from tracker.store.owing import EVENT_PLACE


def find_events(base: Base, beginning: str, most: int = 5) -> list[Event]:
    """The events whose id begins so, newest first; `beginning` is of letters and digits."""
    query = select(EVENTS.c.sealed_body).where(EVENTS.c.id.startswith(beginning, autoescape=True))
    with base.read() as connection:
        sealer = base.sealer(connection) if base.has_key else None
        rows = connection.execute(query.order_by(EVENTS.c.at.desc()).limit(most)).scalars().all()
        return [EVENT.validate_json(sealer.open(EVENT_PLACE, body)) for body in rows] if sealer else []


def acknowledge(base: Base, event: str, now: datetime) -> datetime | None:
    """The person knows of the event: nobody reminds of it any more. Since when, where that was known before."""
    with base.write() as connection:
        since = acked(connection, [event]).get(event)
        if since is None:
            connection.execute(update(EVENTS).where(EVENTS.c.id == event).values(acked_at=now))
    return since


def acked(connection: Connection, events: Iterable[str]) -> dict[str, datetime]:
    """Event -> when it was acknowledged, of those that were."""
    query = select(EVENTS.c.id, EVENTS.c.acked_at).where(EVENTS.c.id.in_(list(events)), EVENTS.c.acked_at.is_not(None))
    return {row.id: row.acked_at for row in connection.execute(query)}
