"""The tables. A case has sources; observations belong to a source; events owe rows of the outbox.

Columns named `sealed…` hold AES-256-GCM ciphertext (see sealed.py). Times are UTC. Enumerations are kept as their values.
Rows are read and written through SQLAlchemy Core: `table=True` classes do not validate, and their repr would show columns.
"""

from datetime import UTC, datetime

from sqlalchemy import Column, DateTime, Index, Integer, LargeBinary, Text, TypeDecorator, UniqueConstraint
from sqlalchemy.engine import Dialect
from sqlmodel import Field, SQLModel

SCHEMA = "0002"


class UtcTime(TypeDecorator[datetime]):
    """One type for times: aware in Python, UTC in the store, whichever database keeps it."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive time never enters the store")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _time(*, nullable: bool = True, index: bool = False) -> Column[datetime]:
    return Column(UtcTime(), nullable=nullable, index=index)


class Setting(SQLModel, table=True):
    """What the store knows of itself: the proof of its key, the digest of the cases last taken over."""

    __tablename__ = "settings"
    name: str = Field(primary_key=True)
    value: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class Case(SQLModel, table=True):
    """What is tracked. `origin`: config or store; only the latter has `sealed_spec`, until it is removed.

    `sealed_words`: the words whose meaning the person confirmed, also for a case of the config. `imported_at`: it came with
    many others, whose beginning was told once for all: its own first reading is owed to nobody.
    """

    __tablename__ = "cases"
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    origin: str = "config"
    created_at: datetime = Field(sa_column=_time(nullable=False))
    sealed_spec: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    sealed_words: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    paused_at: datetime | None = Field(default=None, sa_column=_time())
    archived_at: datetime | None = Field(default=None, sa_column=_time())
    snoozed_until: datetime | None = Field(default=None, sa_column=_time())
    imported_at: datetime | None = Field(default=None, sa_column=_time())


class Source(SQLModel, table=True):
    """One place where a case can be seen. `identity`: blind index of adapter and reference; another one is another history.

    `sealed_shapes`: the shapes of its page that are known or wait, by their digests; `drift`: the digest of the last redesign
    that was told or would have been.
    """

    __tablename__ = "sources"
    __table_args__ = (UniqueConstraint("case_id", "name", "identity"),)
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id", index=True)
    name: str
    adapter: str
    host: str
    identity: str
    spec: str
    sealed_reference: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    sealed_history: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    retired_at: datetime | None = Field(default=None, sa_column=_time())
    next_check_at: datetime | None = Field(default=None, sa_column=_time(index=True))
    next_reason: str = "now"
    next_params: str = "{}"
    sealed_problem: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    lease_owner: str | None = None
    lease_until: datetime | None = Field(default=None, sa_column=_time())
    fence: int = 0
    sealed_shapes: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    drift: str | None = None


class Observation(SQLModel, table=True):
    """What a source showed, from when on. Unchanged looks add none. `sealed_amended`: what stood here before."""

    __tablename__ = "observations"
    id: int | None = Field(default=None, primary_key=True)
    source_id: int = Field(foreign_key="sources.id", index=True)
    seen_at: datetime = Field(sa_column=_time(nullable=False))
    sealed_body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    sealed_amended: bytes | None = Field(default=None, sa_column=Column(LargeBinary))


class KeptPage(SQLModel, table=True):
    """A page as it came: of a new label (with its observation), or the last that could not be read. `size`: as it is kept."""

    __tablename__ = "pages"
    id: int | None = Field(default=None, primary_key=True)
    source_id: int = Field(foreign_key="sources.id", index=True)
    observation_id: int | None = Field(default=None, foreign_key="observations.id")
    kind: str
    kept_at: datetime = Field(sa_column=_time(nullable=False, index=True))
    size: int
    sealed_outcome: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    sealed_body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class Event(SQLModel, table=True):
    """Something worth telling, about a case or about a host. Urgent ones are told again until `acked_at` or a move.

    `reminders`: how often it was told again so far, last `reminded_at`.
    """

    __tablename__ = "events"
    id: str = Field(primary_key=True)
    case_id: int | None = Field(default=None, foreign_key="cases.id", index=True)
    source_id: int | None = Field(default=None, foreign_key="sources.id", index=True)
    kind: str
    at: datetime = Field(sa_column=_time(nullable=False))
    sealed_body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    acked_at: datetime | None = Field(default=None, sa_column=_time())
    reminders: int = Field(default=0, sa_column=Column(Integer, nullable=False, server_default="0"))
    reminded_at: datetime | None = Field(default=None, sa_column=_time())


class Delivery(SQLModel, table=True):
    """One message owed to one receiver. `repeats` counts tries whose end nobody saw."""

    __tablename__ = "outbox"
    __table_args__ = (UniqueConstraint("event_id", "receiver"), Index("ix_outbox_state", "state", "receiver"))
    id: int | None = Field(default=None, primary_key=True)
    event_id: str = Field(foreign_key="events.id", index=True)
    receiver: str
    state: str = "pending"
    attempts: int = 0
    repeats: int = 0
    reason: str | None = Field(default=None, sa_column=Column(Text))
    created_at: datetime = Field(sa_column=_time(nullable=False))
    next_try_at: datetime | None = Field(default=None, sa_column=_time())
    sent_at: datetime | None = Field(default=None, sa_column=_time())
    lease_owner: str | None = None
    lease_until: datetime | None = Field(default=None, sa_column=_time())
    fence: int = 0


class Receiver(SQLModel, table=True):
    """A receiver's own back-off: while it is down, none of its messages is tried."""

    __tablename__ = "receivers"
    name: str = Field(primary_key=True)
    failures: int = 0
    next_try_at: datetime | None = Field(default=None, sa_column=_time())


class Host(SQLModel, table=True):
    """A site's host (its name without the port): whose turn it is, and how it answered lately."""

    __tablename__ = "hosts"
    name: str = Field(primary_key=True)
    lease_owner: str | None = None
    busy_until: datetime | None = Field(default=None, sa_column=_time())
    next_at: datetime | None = Field(default=None, sa_column=_time())
    history: str = "{}"
