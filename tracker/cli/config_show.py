"""The effective configuration as text that reads like the file, and as data."""

import json
import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from tracker.cli.app import App
from tracker.config.lines import KeyPath
from tracker.config.mistakes import key_of, plain
from tracker.config.written import Written, entries
from tracker.core.words import N_

Entry = tuple[KeyPath, Written, str]  # path, value, where it came from

STORE = "store"
FARTHEST = 44  # columns: where the origins stand, unless a line is longer
_WORDS = {"default": N_("default"), "flag": N_("flag"), STORE: N_("the store")}
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def gathered(app: App) -> list[Entry]:
    """Every key in force, also of the cases that the store keeps."""
    cases, loaded = app.cases, app.loaded
    trees = [cases.kept[c.name].tree or {} for c in cases.config.cases[loaded.count :]]
    plainly = [loaded.is_plain(n) for n in range(loaded.count)] + ["sources" not in tree for tree in trees]
    return [(path, value, _origin(app, path)) for path, value in entries(cases.config, plainly)]


def _origin(app: App, path: KeyPath) -> str:
    if path[0] != "cases" or not isinstance(path[1], int):
        return app.loaded.origin(path)
    kept = app.cases.kept.get(app.config.cases[path[1]].name)
    said = kept is not None and len(path) > 3 and path[2] == "labels" and path[3] in kept.words
    return STORE if said or path[1] >= app.loaded.count else app.loaded.origin(path)


def as_data(entries: list[Entry], *, origin: bool) -> dict[str, object]:
    """The tree of all values, and key -> origin."""
    tree: dict[str, object] = {}
    for path, value, _ in entries:
        _put(tree, path, value)
    for key in ("receivers", "cases"):
        tree.setdefault(key, [])
    origins = {key_of(path, tree): place for path, _, place in entries}
    return {"config": tree} | ({"origins": origins} if origin else {})


def _put(node: object, path: KeyPath, value: Written) -> None:
    """Sets a value in a tree of tables and lists; what is missing on the way is made."""
    for key, following in pairwise(path):
        empty: object = [] if isinstance(following, int) else {}
        if isinstance(node, dict):
            node = node.setdefault(key, empty)
        elif isinstance(node, list) and isinstance(key, int):
            node.extend(empty for _ in range(key + 1 - len(node)))
            node = node[key]
    if isinstance(node, dict):
        node[path[-1]] = value


def as_text(app: App, entries: list[Entry], *, origin: bool) -> Iterator[str]:
    """Lines that read like the config file; keys without a value are comments."""
    lines = [(_header(path), plain(_line(app, path, value), 500), place) for path, value, place in entries]
    column = min(max((_width(line) for _, line, _ in lines), default=0), FARTHEST) + 2
    last: tuple[KeyPath, str] = ((), "")
    for header, line, place in lines:
        if header != last:
            yield from ("", plain(header[1], 200))
            last = header
        words = app._(_WORDS[place]) if place in _WORDS else plain(place, 500)
        yield line + " " * max(column - _width(line), 1) + f"# {words}" if origin else line


def _header(path: KeyPath) -> tuple[KeyPath, str]:
    """(the table that a key stands in, its line): `[schedule]`, `[[cases]]`, `[cases.reference]`."""
    table = path[:-1]
    if not table:
        return (), ""
    name = ".".join(str(part) for part in table if isinstance(part, str))
    return table, f"[[{name}]]" if isinstance(table[-1], int) else f"[{name}]"


def _line(app: App, path: KeyPath, value: Written) -> str:
    last = str(path[-1])
    key = last if _BARE.fullmatch(last) else _toml(last)
    nothing = app._("not set")
    return f"# {key}: {nothing}" if value is None else f"{key} = {_toml(value)}"


def _toml(value: Written) -> str:
    if isinstance(value, dict) and value:
        return "{ " + ", ".join(f"{key} = {_toml(one)}" for key, one in value.items() if one is not None) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _width(text: str) -> int:
    """Columns on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
