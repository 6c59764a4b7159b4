"""`tracker paths`: where files are, and whether they are there."""

import os
from dataclasses import asdict, dataclass
from gettext import NullTranslations
from pathlib import Path

import click

from tracker.cli.app import App, out_json
from tracker.cli.views import grid, put, words_of
from tracker.core.errors import ConfigError
from tracker.core.words import N_

_SERVER = "postgresql"


@dataclass(frozen=True, slots=True)
class Place:
    """One file or folder. `exists` is None for a server, which is not asked here."""

    name: str
    path: str
    exists: bool | None


@click.command("paths")
@click.option("--json", "as_json", is_flag=True, help="Data for scripts on stdout.")
@click.pass_obj
def paths_command(app: App, *, as_json: bool) -> None:
    """Show where the configuration, the store and its key are, and which of them exist."""
    tr, places = _places(app)
    if as_json:
        out_json({"paths": [asdict(place) for place in places]})
        return
    from rich.text import Text

    table = grid(False, False, False)
    for place in places:
        table.add_row(*(Text(cell) for cell in (tr.gettext(_NAMES[place.name]), place.path, tr.gettext(_THERE[place.exists]))))
    # A path is copied from here: it is neither broken nor cut, however narrow the terminal.
    put(app, table, whole=True)


def _places(app: App) -> tuple[NullTranslations, list[Place]]:
    """The places in use; where the configuration has mistakes, those that it would have without its own words."""
    from tracker.config.layers import config_place, default_places, usual_config

    root = Path("/")
    named = app.config_path or (Path(os.environ["TRACKER_CONFIG"]) if os.environ.get("TRACKER_CONFIG") else None)
    file = named or config_place(root)
    tr = words_of(app)
    try:
        store = app.loaded.config.store
        url, key, given = store.url or "", store.key_file, store.key is not None
    except ConfigError:
        app.say(
            tr.gettext("The configuration has mistakes, see {command}; these are the usual places.").format(
                command="tracker config check"
            )
        )
        database, key = default_places(file.absolute() if file else None, root)
        url, given = f"sqlite:///{database}", False
    places = [_file("config", file.absolute() if file else usual_config(root))]
    if url.startswith(_SERVER):
        places.append(Place("store", _without_password(url), None))
    else:
        path = Path(url.removeprefix("sqlite:///"))
        places += [_file("data", path.parent), _file("store", path)]
    # A key that is given elsewhere has no place of ours.
    return tr, places if given else [*places, _file("key", key)]


def _file(name: str, path: Path) -> Place:
    return Place(name, str(path), os.path.exists(path))  # noqa: PTH110 - Path.exists fails where the folder is closed to us


def _without_password(url: str) -> str:
    from tracker.store.engine import shown

    return shown(url)


_NAMES = {"config": N_("configuration"), "data": N_("data"), "store": N_("store"), "key": N_("key of the store")}
_THERE = {True: N_("there"), False: N_("not there"), None: N_("a server's")}
