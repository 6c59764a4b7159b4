"""What every part of the store stands on: transactions, the sealer and its key, tables and texts."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter
from sqlalchemy import Connection, Select, Table, insert, select
from sqlmodel import SQLModel

import tracker.store.tables  # noqa: F401 - fills the metadata
from tracker.core.errors import StoreError
from tracker.core.history import History, HostHistory
from tracker.core.model import Event, Observation
from tracker.store.engine import explained, open_engine, place
from tracker.store.sealed import Sealer, make_key_file, read_key_file


def _table(name: str) -> Table:
    return SQLModel.metadata.tables[name]


SETTINGS, CASES, SOURCES = _table("settings"), _table("cases"), _table("sources")
OBSERVATIONS, EVENTS, OUTBOX = _table("observations"), _table("events"), _table("outbox")
RECEIVERS, HOSTS, PAGES = _table("receivers"), _table("hosts"), _table("pages")

HISTORY = TypeAdapter(History)
HOST_HISTORY = TypeAdapter(HostHistory)
OBSERVATION = TypeAdapter(Observation)
EVENT = TypeAdapter(Event)

_PROOF = "settings.key"
_PROOF_TEXT = b"tracker"


@dataclass(frozen=True, slots=True)
class KeyPlace:
    """Where the key comes from: given, or kept in a file that is made at the first write of an empty store."""

    given: bytes | None
    file: Path


class Base:
    """One open store. Its methods are synchronous: the service calls them from one worker thread."""

    def __init__(self, url: str, key: KeyPlace) -> None:
        self.engine = open_engine(url)
        self._key = key
        self._sealer: Sealer | None = None
        self._new: Sealer | None = None  # its proof stands in a transaction that may yet fail
        with self.read() as connection:
            self._proof = self._find_proof(connection)
        if self._proof is not None:
            self._sealer = self._proved(self._proof)

    @property
    def place(self) -> str:
        return place(self.engine.url)

    @property
    def file(self) -> Path | None:
        """The file of a SQLite store; None for another database, whose disk is not ours to watch."""
        address = self.engine.url
        return Path(address.database) if address.get_backend_name() == "sqlite" and address.database else None

    def has_key(self, connection: Connection) -> bool:
        """Whether anything was sealed here yet, by whichever process: a service may have found the store empty."""
        return self._sealer is not None or self._find_proof(connection) is not None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A snapshot to read from."""
        with explained(self.engine.url), self.engine.connect().execution_options(tracker_reader=True) as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: all of it is kept, or nothing."""
        self._new = None
        with explained(self.engine.url), self.engine.begin() as connection:
            yield connection
        self._sealer = self._sealer or self._new

    def scrub(self) -> None:
        """After a deletion: what a SQLite file and its journal still hold of deleted rows is overwritten."""
        if self.engine.dialect.name != "sqlite":
            return
        with explained(self.engine.url), self.engine.connect() as connection:
            raw = connection.connection.driver_connection
            assert raw is not None
            for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                raw.execute(statement).close()

    def close(self) -> None:
        self.engine.dispose()

    def sealer(self, connection: Connection) -> Sealer:
        """The sealer; inside the first write of an empty store it makes the key and leaves the proof of it."""
        if self._sealer is not None:
            return self._sealer
        proof = self._find_proof(connection)
        if proof is not None:
            self._sealer = self._proved(proof)
            return self._sealer
        self._new = Sealer(self._key.given or read_key_file(self._key.file) or make_key_file(self._key.file))
        connection.execute(insert(SETTINGS).values(name="key", value=self._new.seal(_PROOF, _PROOF_TEXT)))
        return self._new

    @staticmethod
    def _find_proof(connection: Connection) -> bytes | None:
        return connection.execute(select(SETTINGS.c.value).where(SETTINGS.c.name == "key")).scalar_one_or_none()

    def _proved(self, proof: bytes) -> Sealer:
        key = self._key.given or read_key_file(self._key.file)
        if key is None:
            raise StoreError(
                f"{self.place}: it holds sealed rows, and their key is missing: put it back at {self._key.file}, "
                "or set store.key, TRACKER_KEY or TRACKER_KEY_FILE; a new key would not open them"
            )
        sealer = Sealer(key)
        if sealer.is_other_key(proof):
            raise StoreError(f"{self.place}: the key is not the one that its rows were sealed with: restore that one")
        sealer.open(_PROOF, proof)
        return sealer


def newest_of(source: int) -> Select[int]:
    """The observation of a source that stands now: by its own day, for old ones are put in between later on."""
    mine = select(OBSERVATIONS.c.id).where(OBSERVATIONS.c.source_id == source)
    return mine.order_by(OBSERVATIONS.c.seen_at.desc(), OBSERVATIONS.c.id.desc()).limit(1)


def as_json(params: Mapping[str, int | str]) -> str:
    return json.dumps(dict(params), ensure_ascii=False, separators=(",", ":"))
