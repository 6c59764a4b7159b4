"""Questions about the store as a whole, for those who look after it: is it sound, what is in it, how new is it."""

from datetime import datetime

from sqlalchemy import func, select, text

from tracker.store.base import CASES, EVENTS, OBSERVATIONS, OUTBOX, PAGES, SOURCES, Base

_TABLES = {"cases": CASES, "sources": SOURCES, "observations": OBSERVATIONS, "pages": PAGES, "events": EVENTS, "outbox": OUTBOX}


def unsound(base: Base) -> str:
    """What SQLite finds wrong with its file, in its own words; "" where all is well, or another database looks after itself."""
    if base.engine.dialect.name != "sqlite":
        return ""
    with base.read() as connection:
        found = str(connection.execute(text("PRAGMA quick_check(1)")).scalar_one())
    return "" if found == "ok" else found


def writable(base: Base) -> None:
    """Takes and gives back the right to write; StoreError says why it can't."""
    with base.write() as connection:
        connection.execute(text("UPDATE settings SET value = value WHERE name = ''"))


def newest(base: Base) -> datetime | None:
    """The latest time at which anything was kept."""
    with base.read() as connection:
        seen = connection.execute(select(OBSERVATIONS.c.seen_at).order_by(OBSERVATIONS.c.seen_at.desc()).limit(1)).scalar()
        told = connection.execute(select(EVENTS.c.at).order_by(EVENTS.c.at.desc()).limit(1)).scalar()
    return max((moment for moment in (seen, told) if moment is not None), default=None)


def counts(base: Base) -> dict[str, int]:
    """Rows of each table."""
    with base.read() as connection:
        counted = {name: connection.execute(select(func.count()).select_from(table)) for name, table in _TABLES.items()}
        return {name: rows.scalar_one() for name, rows in counted.items()}
