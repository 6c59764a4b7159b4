"""History that was read again: an observation says something else from then on, what stood there before is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from pydantic import TypeAdapter
from sqlalchemy import Connection, insert, select, update

from tracker.core.model import Observation, Outcome, OutcomeKind
from tracker.store.base import CASES, OBSERVATION, OBSERVATIONS, SOURCES, Base, newest_of
from tracker.store.pages import settle
from tracker.store.sealed import Sealer

_BODY, _AMENDED = "observations.body", "observations.amended"


@dataclass(frozen=True, slots=True)
class Amended:
    """When an observation was amended, and what had been made of its page until then."""

    at: datetime
    was: Outcome


@dataclass(frozen=True, slots=True)
class Amendment:
    """A kept page reads otherwise. `observation`: the row that says so from now on, None: a new one, where `tells`."""

    page: int
    seen: Observation
    at: datetime
    was: Outcome
    observation: int | None = None
    tells: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """An observation as the history shows it; `amended`: oldest first."""

    source: str
    seen: Observation
    amended: tuple[Amended, ...] = ()


@cache
def _all() -> TypeAdapter[tuple[Amended, ...]]:
    """Made when something is first amended, or shown to be: an unchanged check needs none."""
    return TypeAdapter(tuple[Amended, ...])


def amend(connection: Connection, sealer: Sealer, source: int, changes: Sequence[Amendment]) -> None:
    """In the caller's transaction: nothing is deleted."""
    for change in changes:
        number = change.observation
        if number is not None:
            _rewrite(connection, sealer, number, change)
        elif change.tells:
            marked = sealer.seal(_AMENDED, _all().dump_json((Amended(change.at, change.was),)))
            values = {"seen_at": change.seen.seen_at, "sealed_body": sealer.seal(_BODY, OBSERVATION.dump_json(change.seen))}
            made = connection.execute(insert(OBSERVATIONS).values(source_id=source, **values, sealed_amended=marked))
            assert made.inserted_primary_key is not None
            number = int(made.inserted_primary_key[0])
        settle(connection, sealer, change.page, change.seen, number)


def _rewrite(connection: Connection, sealer: Sealer, number: int, change: Amendment) -> None:
    mine = OBSERVATIONS.c.id == number
    row = connection.execute(select(OBSERVATIONS.c.sealed_body, OBSERVATIONS.c.sealed_amended).where(mine)).one()
    was = Outcome(OutcomeKind.READ, OBSERVATION.validate_json(sealer.open(_BODY, row.sealed_body)))
    marks = (*_marks(sealer, row.sealed_amended), Amended(change.at, was))
    body = sealer.seal(_BODY, OBSERVATION.dump_json(change.seen))
    values = {"sealed_body": body, "sealed_amended": sealer.seal(_AMENDED, _all().dump_json(marks))}
    connection.execute(update(OBSERVATIONS).where(mine).values(values))


def _marks(sealer: Sealer, sealed: bytes | None) -> tuple[Amended, ...]:
    return _all().validate_json(sealer.open(_AMENDED, sealed)) if sealed else ()


def timeline(base: Base, case: str, limit: int, source: int | None = None) -> list[Entry]:
    """What a case showed, newest first, with what was amended; `source`: only what that one showed."""
    columns = (SOURCES.c.name, OBSERVATIONS.c.sealed_body, OBSERVATIONS.c.sealed_amended)
    query = select(*columns).select_from(OBSERVATIONS).join(SOURCES).join(CASES).where(CASES.c.name == case)
    if source is not None:
        query = query.where(OBSERVATIONS.c.source_id == source)
    query = query.order_by(OBSERVATIONS.c.seen_at.desc(), OBSERVATIONS.c.id.desc()).limit(limit)
    with base.read() as connection:
        sealer = base.sealer(connection)
        rows = connection.execute(query).all()
        return [
            Entry(row.name, OBSERVATION.validate_json(sealer.open(_BODY, row.sealed_body)), _marks(sealer, row.sealed_amended))
            for row in rows
        ]


def newest_observation(base: Base, source: int) -> int | None:
    """The observation that stands now; one that was put in between counts by its own day."""
    with base.read() as connection:
        return connection.execute(newest_of(source)).scalar_one_or_none()
