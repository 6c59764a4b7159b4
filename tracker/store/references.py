"""The reference values of a case as the store knows them: also those of sources that left the config."""

import json

from sqlalchemy import select

from tracker.store.base import CASES, SOURCES, Base
from tracker.store.cases import REFERENCE_PLACE


def known_values(base: Base, case: str) -> tuple[str, ...]:
    """Every value by which the case was ever asked: old readings still hold them, and are masked by them."""
    query = select(SOURCES.c.sealed_reference).join(CASES).where(CASES.c.name == case)
    with base.read() as connection:
        sealer = base.sealer(connection)
        kept = [json.loads(sealer.open(REFERENCE_PLACE, sealed)) for sealed in connection.execute(query).scalars()]
    return tuple(dict.fromkeys(value for reference in kept for value in reference["values"].values()))
