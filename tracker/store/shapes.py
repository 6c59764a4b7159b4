"""The shapes of each source's page, which redesign was told already, and what somebody accepted."""

import json
from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import Connection, select, update

from tracker.core.drift import accepted
from tracker.pages.shape import Shape, load
from tracker.store.base import HISTORY, SOURCES, Base
from tracker.store.cases import HISTORY_PLACE
from tracker.store.sealed import Sealer

_PLACE = "sources.shapes"


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


def is_told(base: Base, source: int, drift: str) -> bool:
    """Whether another case of the same site and adapter showed the same redesign before: one message is enough."""
    with base.read() as connection:
        mine = connection.execute(select(SOURCES.c.adapter, SOURCES.c.host).where(SOURCES.c.id == source)).one_or_none()
        if mine is None:
            return False
        same = (SOURCES.c.adapter == mine.adapter) & (SOURCES.c.host == mine.host) & (SOURCES.c.drift == drift)
        return connection.execute(select(SOURCES.c.id).where(same, SOURCES.c.id != source).limit(1)).first() is not None


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
