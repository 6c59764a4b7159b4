"""Kept pages: sealed, compressed and bounded. What a look kept of its page is part of the look's own transaction."""

import json
import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from html import unescape

from pydantic import TypeAdapter
from sqlalchemy import Connection, delete, func, insert, select, update

from tracker.core.mask import mentions
from tracker.core.model import Observation, Outcome, OutcomeKind
from tracker.pages.charset import decode
from tracker.pages.contract import Response
from tracker.store.base import CASES, OBSERVATION, OBSERVATIONS, PAGES, SOURCES, Base
from tracker.store.sealed import Sealer

NEW, UNREAD = "new", "unread"  # the page of a new label; the last one that could not be read
STEP = "step"  # the last one too, where asking ended before any answer: it has no status to read
MOST_OF_A_SOURCE = 20
MOST_BYTES = 64 << 20  # of all pages together, as they are kept

_BODY, _OUTCOME = "pages.body", "pages.outcome"
_OBSERVATION = "observations.body"
_TAG = re.compile("<[^<>]*>")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")


@cache
def _outcomes() -> TypeAdapter[Outcome]:
    """Made when a page is first kept: an unchanged check needs none."""
    return TypeAdapter(Outcome)


@dataclass(frozen=True, slots=True)
class ToKeep:
    """A page that a look wants to keep. `outcome`: what it was read as; `keep`: for how long pages are kept."""

    kind: str
    page: Response
    outcome: Outcome
    at: datetime
    keep: timedelta


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept page. `outcome` is what it counts as today: the observation as it stands in the history, or the problem."""

    id: int
    case: str
    source: str
    kind: str
    at: datetime
    outcome: Outcome
    observation: int | None
    packed: bytes = field(repr=False)

    @property
    def page(self) -> Response:
        """Unpacked when it is wanted: of thousands only one at a time fits."""
        return unpack(self.packed)


def pack(page: Response) -> bytes:
    """A page as bytes: a line about it, then the compressed body."""
    head = json.dumps([page.url, page.status, page.content_type, page.complete], ensure_ascii=True)
    return head.encode() + b"\n" + zlib.compress(page.body, 6)


def unpack(packed: bytes) -> Response:
    """The page as it came."""
    head, _, body = packed.partition(b"\n")
    url, status, content_type, complete = json.loads(head)
    return Response(url, status, content_type, zlib.decompress(body), complete)


def keep_page(connection: Connection, sealer: Sealer, source: int, observation: int | None, page: ToKeep) -> None:
    """Keeps a page, and forgets what is over its bounds."""
    sealed = sealer.seal(_BODY, pack(page.page))
    _forget(connection, page.at - page.keep)
    mine = PAGES.c.source_id == source
    if page.kind != NEW:
        connection.execute(delete(PAGES).where(mine & (PAGES.c.kind != NEW)))
    else:
        mine &= PAGES.c.kind == NEW
        newest = select(PAGES.c.id).where(mine).order_by(PAGES.c.id.desc()).offset(MOST_OF_A_SOURCE - 1)
        connection.execute(delete(PAGES).where(PAGES.c.id.in_(list(connection.execute(newest).scalars()))))
    _make_room(connection, MOST_BYTES - len(sealed))
    values = {"source_id": source, "observation_id": observation, "kind": page.kind, "kept_at": page.at, "size": len(sealed)}
    outcome = sealer.seal(_OUTCOME, _outcomes().dump_json(page.outcome))
    connection.execute(insert(PAGES).values(**values, sealed_outcome=outcome, sealed_body=sealed))


def _make_room(connection: Connection, most: int) -> None:
    """The oldest go first."""
    total = int(connection.execute(select(func.coalesce(func.sum(PAGES.c.size), 0))).scalar_one())
    if total <= most:
        return
    gone = []
    for number, size in connection.execute(select(PAGES.c.id, PAGES.c.size).order_by(PAGES.c.kept_at, PAGES.c.id)):
        gone.append(number)
        total -= size
        if total <= most:
            break
    connection.execute(delete(PAGES).where(PAGES.c.id.in_(gone)))


def _forget(connection: Connection, before: datetime) -> None:
    connection.execute(delete(PAGES).where(PAGES.c.kept_at < before))


def forget_pages(base: Base, before: datetime) -> None:
    """Pages kept before then are deleted; without any, nothing is written."""
    with base.read() as connection:
        if connection.execute(select(PAGES.c.id).where(PAGES.c.kept_at < before).limit(1)).first() is None:
            return
    with base.write() as connection:
        _forget(connection, before)


def kept_pages(base: Base, cases: Iterable[str] = ()) -> list[Kept]:
    """The pages of the named cases, or of all, by case, source and time."""
    columns = (CASES.c.name.label("case_name"), SOURCES.c.name.label("source_name"), OBSERVATIONS.c.sealed_body.label("seen"))
    query = select(PAGES, *columns).select_from(PAGES).join(SOURCES, PAGES.c.source_id == SOURCES.c.id).join(CASES)
    query = query.outerjoin(OBSERVATIONS, PAGES.c.observation_id == OBSERVATIONS.c.id).where(SOURCES.c.retired_at.is_(None))
    wanted = list(cases)
    if wanted:
        query = query.where(CASES.c.name.in_(wanted))
    with base.read() as connection:
        sealer = base.sealer(connection) if base.has_key(connection) else None
        rows = connection.execute(query.order_by(CASES.c.id, SOURCES.c.id, PAGES.c.kept_at, PAGES.c.id)).mappings().all()
        return [] if sealer is None else [_kept(sealer, row) for row in rows]


def _kept(sealer: Sealer, row) -> Kept:  # type: ignore[no-untyped-def]  # noqa: ANN001 - a row of SQLAlchemy
    outcome = _outcomes().validate_json(sealer.open(_OUTCOME, row["sealed_outcome"]))
    if row["seen"] is not None:
        outcome = Outcome(OutcomeKind.READ, OBSERVATION.validate_json(sealer.open(_OBSERVATION, row["seen"])))
    return Kept(
        id=row["id"],
        case=row["case_name"],
        source=row["source_name"],
        kind=row["kind"],
        at=row["kept_at"],
        outcome=outcome,
        observation=row["observation_id"],
        packed=sealer.open(_BODY, row["sealed_body"]),
    )


def settle(connection: Connection, sealer: Sealer, page: int, seen: Observation, observation: int | None) -> None:
    """From now on a page counts as read so."""
    outcome = sealer.seal(_OUTCOME, _outcomes().dump_json(Outcome(OutcomeKind.READ, seen)))
    values = {"sealed_outcome": outcome} | ({} if observation is None else {"observation_id": observation})
    connection.execute(update(PAGES).where(PAGES.c.id == page).values(values))


def drop_pages(connection: Connection, sources: Iterable[int]) -> None:
    """Deletes the pages of these sources: nobody will read them again."""
    connection.execute(delete(PAGES).where(PAGES.c.source_id.in_(list(sources))))


def purge_pages(connection: Connection, base: Base, sources: Iterable[int], known: Iterable[str]) -> None:
    """Deletes the pages of these sources, and those of others on which a value of the same reference stands."""
    drop_pages(connection, sources)
    values = tuple(known)
    if not values:
        return
    sealer = base.sealer(connection)
    rows = connection.execute(select(PAGES.c.id, PAGES.c.sealed_body)).all()
    gone = [row.id for row in rows if _names(unpack(sealer.open(_BODY, row.sealed_body)), values)]
    connection.execute(delete(PAGES).where(PAGES.c.id.in_(gone)))


def _names(page: Response, values: Sequence[str]) -> bool:
    """Whether a page shows or holds one of the values, with mark-up inside or in the escapes of HTML and JSON."""
    text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), unescape(decode(page.body, page.content_type)[0]))
    return mentions(text, values) or mentions(_TAG.sub("", text), values)
