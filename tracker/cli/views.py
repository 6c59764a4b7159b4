"""What every command shows and refuses alike: tables on a terminal, names that nobody knows."""

import os
from collections.abc import Iterable
from difflib import get_close_matches
from gettext import NullTranslations
from shutil import get_terminal_size
from typing import TYPE_CHECKING

import click

from tracker.cli.app import App
from tracker.core.clean import clean
from tracker.core.errors import ConfigError

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

LONGEST_LIST = 200
UNLIMITED = 10_000  # what is piped into another program is not wrapped


def words_of(app: App) -> NullTranslations:
    """The translator also where the configuration has mistakes: then in the system's language."""
    try:
        return app.tr
    except ConfigError:
        return app.system_words


def width_of(app: App) -> int:
    """The terminal's width, or COLUMNS; without either, lines stay whole."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns) > 0:
        return int(columns)
    return get_terminal_size().columns if app.console.is_terminal else UNLIMITED


def put(app: App, content: "RenderableType", *, whole: bool = False) -> None:
    """Prints to stdout, wrapped to the terminal unless `whole`, and without the blanks that a table leaves at line ends."""
    app.console.width = UNLIMITED if whole else width_of(app)
    with app.console.capture() as captured:
        app.console.print(content, soft_wrap=False)
    lines = captured.get().removesuffix("\n").split("\n")
    click.echo("\n".join(line.rstrip() for line in lines), color=True)  # the console has decided about colours


def grid(*columns: bool) -> "Table":
    """A table without lines; True for a column whose text may wrap."""
    from rich.table import Table

    table = Table.grid(padding=(0, 2, 0, 0))
    for wraps in columns:
        table.add_column(no_wrap=not wraps, overflow="fold")
    return table


def require_cases(app: App, names: Iterable[str], more: Iterable[str] = ()) -> None:
    """A usage error (exit 2) that suggests the nearest name, where one is neither in the config nor among `more`."""
    known = [*(case.name for case in app.config.cases), *more]
    for name in names:
        if name not in known:
            raise unknown_name(app.tr, app._("There is no case “{name}”.").format(name=clean(name, 80)), name, known)


def unknown_name(tr: NullTranslations, sentence: str, name: str, known: Iterable[str]) -> click.UsageError:
    """What is wrong with a name, and what may have been meant: the nearest name, else all where they are few."""
    names = sorted(set(known))
    near = get_close_matches(name, names, 1)
    listed = tr.gettext(", ").join(names)
    hint = ""
    if near:
        hint = tr.gettext("Did you mean “{name}”?").format(name=near[0])
    elif names and len(listed) <= LONGEST_LIST:
        hint = tr.gettext("There are: {names}.").format(names=listed)
    return click.UsageError(tr.gettext("{first} {second}").format(first=sentence, second=hint) if hint else sentence)
