"""Opening the store: the engine, its pragmas, its schema's version, and errors that name the place and the next step."""

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from tracker.core.errors import StoreError
from tracker.store.tables import SCHEMA

_BUSY_SECONDS = 30


def open_engine(url: str) -> Engine:
    """An engine on a store whose schema is today's, made or migrated where it wasn't; StoreError names the place."""
    try:
        address = make_url(url)
        with explained(address):
            engine = (
                _sqlite(address) if address.get_backend_name() == "sqlite" else create_engine(address, hide_parameters=True)
            )
            _migrate(engine, address)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise StoreError(f"store.url: {_bare(url)}: not a database address we can use: {error}") from error
    return engine


def place(address: URL) -> str:
    """How a store is called in messages: the file's path, or the address without its password."""
    return address.database or "memory" if address.get_backend_name() == "sqlite" else address.render_as_string()


def shown(url: str) -> str:
    """A store's address as it may be shown: without its password."""
    return make_url(url).render_as_string()


def _bare(url: str) -> str:
    return url.partition("://")[0] + "://…"


@contextmanager
def explained(address: URL) -> Iterator[None]:
    """Turns a database's error into a StoreError that says what is wrong and what to do."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        raise StoreError(f"{place(address)}: {_explain(str(cause))}") from error
    except SQLAlchemyError as error:
        raise StoreError(f"{place(address)}: the store can't be used: {error}") from error
    except OSError as error:
        raise StoreError(f"{place(address)}: the store can't be used: {error.strerror or error}") from error


def _explain(cause: str) -> str:
    known = (
        (
            "not a database",
            "this is not a store of ours (or it is damaged): nothing was touched; restore a backup or name another file",
        ),
        ("malformed", "the store is damaged: nothing was touched; restore a backup"),
        ("locked", "another process has kept the store locked for too long: try again, or see who uses it"),
        (
            "readonly",
            "the store can't be written: check the rights of the file, of those beside it (-wal, -shm) and of its folder",
        ),
        ("unable to open", "the store can't be opened: check that the folder exists and may be written"),
        ("disk I/O error", "the disk is full or fails: nothing of this was kept; make room, or look at the disk"),
        ("full", "the disk is full: nothing of this was kept; make room"),
    )
    return next((f"{words} ({cause})" for sign, words in known if sign in cause), cause)


def _sqlite(address: URL) -> Engine:
    if address.database and address.database != ":memory:":
        _make_private(Path(address.database))
    arguments = {"timeout": _BUSY_SECONDS, "check_same_thread": False}
    engine = create_engine(address, hide_parameters=True, connect_args=arguments)

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # we begin transactions ourselves
        for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={_BUSY_SECONDS * 1000}", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A transaction that reads first and writes then fails at once in spite of the timeout: writers say so at once.
        reader = connection.get_execution_options().get("tracker_reader")
        connection.exec_driver_sql("BEGIN" if reader else "BEGIN IMMEDIATE")

    return engine


def _make_private(file: Path) -> None:
    """A new store is its owner's alone, as are the journals that SQLite makes after it: names of cases stand there unsealed."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        _shut_out_others(file)


def _shut_out_others(store: Path) -> None:
    """Earlier versions made stores that everybody may read. One that is open to a group alone was made so by somebody."""
    for file in (store, *(store.with_name(store.name + journal) for journal in ("-wal", "-shm"))):
        with suppress(OSError):  # none there, or another user's: `tracker doctor` says so
            if file.stat().st_mode & stat.S_IRWXO:
                file.chmod(0o600)


def _version(connection: Connection, address: URL) -> str | None:
    """The schema's version; None for an empty store."""
    query = "SELECT name FROM sqlite_master WHERE type = 'table'"
    if connection.dialect.name != "sqlite":
        query = "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
    tables = {row[0] for row in connection.execute(text(query))}
    if "alembic_version" in tables:
        return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none() or "")
    if "sources" in tables or (tables and connection.dialect.name == "sqlite"):
        raise StoreError(
            f"{place(address)}: this database belongs to another program: nothing was touched; name another one in store.url"
        )
    return None


def _migrate(engine: Engine, address: URL) -> None:
    with engine.connect().execution_options(tracker_reader=True) as connection:
        if _checked(_version(connection, address), address) == SCHEMA:
            return
    with engine.begin() as connection:  # waits for a process that migrates at the same time: then there is nothing left to do
        version = _checked(_version(connection, address), address)
        if version == SCHEMA:
            return
        if version is not None and address.get_backend_name() == "sqlite" and address.database:
            _copy(Path(address.database), version)
        _upgrade(connection)


def _checked(version: str | None, address: URL) -> str | None:
    if version is not None and (not version.isdigit() or int(version) > int(SCHEMA)):
        raise StoreError(
            f"{place(address)}: the store was written by a newer version (schema {version}, this program knows {SCHEMA}): "
            "update this program, or name another file in store.url"
        )
    return version


def _copy(database: Path, version: str) -> None:
    """An older store is copied before it is migrated; the copy is complete, whatever still stands in the journal.

    The caller holds the store's write lock, so one process copies at a time, and nothing is written meanwhile. A copy of an
    earlier try, or of the time before somebody went back to the older version, gives way: this one holds what came since.
    """
    target = database.with_name(f"{database.name}.before-{SCHEMA}-from-{version}")
    half = target.with_name(target.name + ".part")
    half.unlink(missing_ok=True)  # of a process that was killed
    _make_private(half)
    source = sqlite3.connect(database)
    copy = sqlite3.connect(half)
    try:
        source.backup(copy)
    finally:
        copy.close()
        source.close()
    half.replace(target)


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - start-up time: 0.4 s, and needed only when the schema differs
    from alembic.config import Config  # noqa: PLC0415 - likewise

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
