"""The names of the cases that a store on this machine keeps, for completion: no SQLAlchemy, no key, no waiting."""

import sqlite3
from contextlib import closing
from pathlib import Path

_NAMES = "SELECT name FROM cases WHERE sealed_spec IS NOT NULL ORDER BY id"


def names(place: Path) -> list[str]:
    """Raises sqlite3.Error or OSError where the store can't be asked."""
    address = place.absolute().as_uri() + "?mode=ro"
    with closing(sqlite3.connect(address, uri=True, timeout=0.2)) as store:
        return [str(name) for (name,) in store.execute(_NAMES)]
