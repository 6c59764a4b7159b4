"""Where the first config goes, and how it gets there: whole, 0600, and never over another one."""

import errno
import os
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracker.cli.app import App
from tracker.config.layers import at_home, config_place, default_places, is_there, system_timezone
from tracker.config.load import load
from tracker.core.errors import ConfigError
from tracker.desk import Desk
from tracker.locale import translator
from tracker.registry import Metas
from tracker.setup.text import First, Tree, config_text
from tracker.store.base import Base, KeyPlace

ROOT = Path("/")
Tr = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Place:
    """The config's file. `store`: what it says of the store, "" for the usual place."""

    file: Path
    exists: bool
    store: str = ""


def place_of(desk: Desk) -> Place:
    """The file that is named, or used already, or would be used."""
    named = desk.config_path or (Path(desk.env["TRACKER_CONFIG"]) if desk.env.get("TRACKER_CONFIG") else None)
    usual = config_place(ROOT) or default_places(None, ROOT)[1].parent / "config.toml"
    file = at_home(str(named or usual)).absolute()
    if is_there(file):
        return Place(file, exists=True)
    # A config of its own has a store of its own: two of them must not write into one.
    return Place(file, exists=False, store="" if file.parent == usual.absolute().parent else "sqlite:///tracker.db")


def require_usable(desk: Desk, place: Place) -> None:
    """Before anything is typed in vain.

    ConfigError where the config or its store couldn't be written, StoreError where a store is there already that this config
    couldn't open.
    """
    _require_writable(desk, place.file)
    if any(name.startswith(("TRACKER_STORE", "TRACKER_KEY")) for name in desk.env):
        return
    database, key = default_places(place.file, ROOT)
    if place.store:
        database = place.file.parent / "tracker.db"
    _require_writable(desk, database)
    if is_there(database):
        Base(f"sqlite:///{database}", KeyPlace(None, key)).close()


def _require_writable(desk: Desk, file: Path) -> None:
    """ConfigError where a new file couldn't be made there."""
    why, folder = 0, file.parent
    try:
        folder = next(there for there in file.parents if there.exists())
        if not folder.is_dir():
            why = errno.ENOTDIR
        elif os.statvfs(folder).f_flag & os.ST_RDONLY:
            why = errno.EROFS
        elif not os.access(folder, os.W_OK | os.X_OK):
            why = errno.EACCES
    except OSError as error:
        why = error.errno or errno.EIO
    if why:
        text = desk.system_words.gettext("{file}: can't be written ({why}): look whose {folder} is, and its rights")
        raise ConfigError([text.format(file=file, why=os.strerror(why), folder=folder)])


def zone_for(language: str, env: Mapping[str, str]) -> str:
    """The system's time zone; a container's UTC tells a reader of Chinese the wrong hours."""
    zone = system_timezone(env, ROOT)
    return "Asia/Shanghai" if language == "zh-CN" and zone in {"UTC", "Etc/UTC"} else zone


def write_new(desk: Desk, file: Path, text: str, tr: Tr) -> None:
    """Writes the config where none is yet. ConfigError where it could not be read back, or another one came meanwhile."""
    half = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        load(half, desk.env, Metas(desk.registry), tr=tr)
        _move(half, file)
    except FileExistsError:
        raise ConfigError([tr("{file}: it is there already, and is never overwritten").format(file=file)]) from None
    except OSError as error:
        words = tr("{file}: can't be written: {why}").format(file=file, why=error.strerror or type(error).__name__)
        raise ConfigError([words]) from error
    finally:
        with suppress(OSError):
            half.unlink(missing_ok=True)


def _move(half: Path, file: Path) -> None:
    """A link fails where a file is there; where links can't be made, nobody else writes a first config at the same moment."""
    try:
        os.link(half, file)
    except FileExistsError:
        raise
    except OSError:
        if file.exists():
            raise FileExistsError from None
        half.rename(file)


def save(app: App, place: Place, language: str, receivers: tuple[tuple[str, Any], ...], case: Tree | None) -> App:
    """Writes the first config, or keeps the case in the store of the one that is there; the app over it."""
    if not place.exists:
        first = First(language, zone_for(language, app.env), receivers, case, place.store)
        words = translator(language)
        write_new(app, place.file, config_text(first, words), words.gettext)
    elif case is not None:
        app.roster.add(str(case["name"]), dict(case))
        app.base.close()
    named = place.file if app.config_path else None
    return App(str(named) if named else None, verbose=app.verbose, color=app.color)
