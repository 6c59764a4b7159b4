"""What a shell may complete. It is asked at each press of a key: next to nothing is imported, and nothing is complained of."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, suppress
from pathlib import Path

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    add_completion_class,
    get_completion_class,
    shell_complete,
)

from tracker.cli import COMPLETING as VARIABLE
from tracker.cli.glance import looked_up, settings, table

SHELLS = ("bash", "zsh", "fish")
_STORE = "sqlite:///"

Names = Callable[[Path | None], Iterator[str]]


class _Bash(BashComplete):
    """A name may have blanks and quotes in it: they are escaped for the command line, and once more for the script's `read`."""

    def format_completion(self, item: CompletionItem) -> str:
        escaped = re.sub(r"([^\w@%+=:,./-])", r"\\\1", str(item.value))
        return f"{item.type}," + escaped.replace("\\", "\\\\")


class _Fish(FishComplete):
    """click's script cuts what it shows at the second comma."""

    source_template = FishComplete.source_template.replace('string split ","', 'string split -m 1 ","')


def _register() -> None:
    add_completion_class(_Bash, "bash")
    add_completion_class(_Fish, "fish")


def script(shell: str) -> str:
    """The script that a shell reads once."""
    from tracker.cli import root

    _register()
    of_shell = get_completion_class(shell)
    assert of_shell is not None, shell
    return of_shell(root, {}, "tracker", VARIABLE).source()


def complete(root: click.Command) -> int:
    """Answers the shell. Where anything is wrong there is nothing to complete: words in the middle of typing help nobody."""
    _register()
    with Path(os.devnull).open("w") as nowhere, redirect_stderr(nowhere), suppress(Exception):
        return shell_complete(root, {}, "tracker", VARIABLE, os.environ[VARIABLE])
    return 0


def attach(command: click.Command, *path: str) -> None:
    """Lets a command complete what its arguments and options are called: CASE, RECEIVER, ADAPTER."""
    for param in command.params:
        found = _NAMES.get(_word(param, path))
        if found is not None and param.type is click.STRING:
            param.type = _NameOf(found)
    if isinstance(command, click.Group):
        for name, one in command.commands.items():
            attach(one, *path, name)


def _word(param: click.Parameter, path: tuple[str, ...]) -> str:
    word = re.search(r"[A-Z]+", param.metavar or str(param.name).upper())
    called = word[0].removesuffix("S") if word else ""
    is_adapter = called == "NAME" and path[0] == "adapters" and path[-1] != "new"
    return "ADAPTER" if is_adapter else called


class _NameOf(click.ParamType[str]):
    """A text that is one of the names that there are."""

    name = "text"

    def __init__(self, names: Names) -> None:
        self._names = names

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        named = ctx.find_root().params.get("config_path")
        given = ctx.params.get(str(param.name)) or ()
        found: list[str] = []
        with suppress(Exception):
            found += self._names(Path(named).expanduser() if named else None)
        return [CompletionItem(n) for n in dict.fromkeys(found) if n.startswith(incomplete) and n not in given]


def _cases(named: Path | None) -> Iterator[str]:
    """The file's, then the store's."""
    from tracker.store.names import names

    tree, folder = settings(named)
    yield from _called(tree.get("cases"), folder)
    with suppress(Exception):
        url = os.environ.get("TRACKER_STORE__URL") or looked_up(table(tree, "store").get("url"), folder)
        yield from names(_store(url, folder))


def _receivers(named: Path | None) -> Iterator[str]:
    tree, folder = settings(named)
    return _called(tree.get("receivers"), folder)


def _adapters(_: Path | None) -> Iterator[str]:
    from tracker.registry import Registry, own_folder

    return iter(Registry(own_folder()))


def _recordings(_: Path | None) -> Iterator[str]:
    """Those in the usual place."""
    return (
        f"{file.parent.parent.name}/{file.parent.name}" for file in sorted(Path("tests/recordings").glob("*/*/scenario.toml"))
    )


def _called(tables: object, folder: Path) -> Iterator[str]:
    for one in tables if isinstance(tables, list) else ():
        name = looked_up(one.get("name"), folder) if isinstance(one, dict) else None
        if isinstance(name, str) and name.isprintable():
            yield name


def _store(url: object, folder: Path) -> Path:
    """The file of the store; its usual place where the config names none."""
    if isinstance(url, str) and url.startswith(_STORE):
        return folder / url.removeprefix(_STORE)
    from platformdirs import user_data_path

    in_image = folder == Path("/config") and Path("/data").is_dir()
    return (Path("/data") if in_image else user_data_path("tracker")) / "tracker.db"


_NAMES: dict[str, Names] = {"CASE": _cases, "RECEIVER": _receivers, "ADAPTER": _adapters, "RECORDING": _recordings}
