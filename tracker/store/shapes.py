"""The shapes of each source's page, which redesign was told already, and what somebody accepted."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, select, update

from tracker.core.drift import SHAPE_CHANGED, accepted
from tracker.core.model import EventKind
from tracker.pages.shape import Shape, load
from tracker.store.base import EVENT, EVENTS, HISTORY, SOURCES, Base
from tracker.store.cases import HISTORY_PLACE
from tracker.store.sealed import Sealer

_PLACE = "sources.shapes"
_EVENT = "events.body"


def columns(sealer: Sealer, shapes: Mapping[str, Shape], drift: str) -> dict[str, object]:
    """What a look that found another shape writes into its source's row."""
    text = json.dumps({digest: shape.dump() for digest, shape in shapes.items()}, ensure_ascii=False)
    return {"sealed_shapes": sealer.seal(_PLACE, text.encode())} | ({"drift": drift} if drift else {})


def kept_shapes(base: Base, source: int) -> dict[str, Shape]:
    """The shapes of a source's page, by their digests."""
    with base.read() as connection:
        query = select(SOURCES.c.sealed_shapes).where(SOURCES.c.id == source)
        sealed = connection.execute(query).scalar_one_or_none()
        if not sealed:
            return {}
        kept = json.loads(base.sealer(connection).open(_PLACE, sealed))
    return {digest: load(text) for digest, text in kept.items()}


def is_told(base: Base, source: int, drift: str, since: datetime) -> bool:
    """Whether another case of the same site and adapter showed the same redesign before, or any since then: one is enough."""
    with base.read() as connection:
        mine = connection.execute(select(SOURCES.c.adapter, SOURCES.c.host).where(SOURCES.c.id == source)).one_or_none()
        if mine is None:
            return False
        others = (SOURCES.c.adapter == mine.adapter) & (SOURCES.c.host == mine.host) & (SOURCES.c.id != source)
        same = select(SOURCES.c.id).where(others, SOURCES.c.drift == drift)
        if connection.execute(same.limit(1)).first() is not None:
            return True
        lately = select(EVENTS.c.sealed_body).join(SOURCES, EVENTS.c.source_id == SOURCES.c.id).where(others)
        lately = lately.where(EVENTS.c.kind == EventKind.DEFECT.value, EVENTS.c.at >= since)
        sealer = base.sealer(connection)
        told = (EVENT.validate_json(sealer.open(_EVENT, body)) for body in connection.execute(lately).scalars())
        return any(event.reason == SHAPE_CHANGED for event in told)


def accept(connection: Connection, sealer: Sealer, source: int) -> None:
    """The shapes that wait are learnt, also by the other cases of the site that show the same redesign.

    A look in hand may write over this; then its shape is learnt once it stands.
    """
    mine = connection.execute(select(SOURCES.c.adapter, SOURCES.c.host, SOURCES.c.drift).where(SOURCES.c.id == source)).one()
    alike = (SOURCES.c.adapter == mine.adapter) & (SOURCES.c.host == mine.host) & (SOURCES.c.drift == mine.drift)
    query = select(SOURCES.c.id, SOURCES.c.sealed_history).where((SOURCES.c.id == source) | alike)
    for row in connection.execute(query.with_for_update()).all():
        history = HISTORY.validate_json(sealer.open(HISTORY_PLACE, row.sealed_history))
        if history.shapes.waiting:
            sealed = sealer.seal(HISTORY_PLACE, HISTORY.dump_json(replace(history, shapes=accepted(history.shapes))))
            connection.execute(update(SOURCES).where(SOURCES.c.id == row.id).values(sealed_history=sealed))
