"""How the parts of a config must fit together. Looks at the tree as written, so that one wrong value hides no other."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from pydantic_core import PydanticCustomError

from tracker.config import values
from tracker.config.lines import KeyPath
from tracker.config.mistakes import Mistake
from tracker.config.model import EVERY_FLOOR, GAP_FLOOR, Web
from tracker.pages.adapter import Meta, json_path, only_watches

Tree = dict[str, Any]
Found = Iterator[Mistake]

OF_A_SOURCE = ("adapter", "url", "method", "body", "watch", "css", "reference", "read")
_ID_NUMBER = re.compile(r"[0-9]{17}[0-9Xx]")  # the check digit is not tested: a mistyped number is as private


def normalised(tree: Tree) -> tuple[Tree, set[int]]:
    """The tree with every case as a case of sources, and the numbers of those that were written plainly."""
    cases = tree.get("cases")
    if not isinstance(cases, list):
        return tree, set()
    plainly = {n for n, c in enumerate(cases) if isinstance(c, dict) and "sources" not in c}
    return tree | {"cases": [_case(c) if isinstance(c, dict) else c for c in cases]}, plainly


def _case(case: Tree) -> Tree:
    if "sources" in case:
        sources = case["sources"]
        named = [_named(s) if isinstance(s, dict) else s for s in sources] if isinstance(sources, list) else sources
        return {k: v for k, v in case.items() if k not in OF_A_SOURCE} | {"sources": named}
    only = {k: case[k] for k in OF_A_SOURCE if k in case}
    return {k: v for k, v in case.items() if k not in OF_A_SOURCE} | {"sources": [_named(only)]}


def _named(source: Tree) -> Tree:
    """A source is called like its adapter unless it has a name. A wrong adapter is told as such, not as a wrong name."""
    if "name" in source:
        return source
    try:
        return source | {"name": values.name(source["adapter"])}
    except (KeyError, TypeError, AttributeError, PydanticCustomError):
        return source | {"name": "source"}


def check(raw: Tree, tree: Tree, adapters: Mapping[str, Meta]) -> Found:
    """Every mistake between parts; `raw` as written, `tree` normalised."""
    yield from _mixed(raw)
    yield from _duplicates(tree, "receivers", ())
    yield from _duplicates(tree, "cases", ())
    yield from _receivers(tree)
    for path, source in sources_of(tree):
        yield from _source(path, source, adapters)
    yield from _floors(tree, adapters)
    yield from _password(tree)


def warnings(tree: Tree, adapters: Mapping[str, Meta], mode: int) -> Found:
    """What is allowed but unwise in a valid config; `mode`: the file's permission bits."""
    for path, source in sources_of(tree):
        meta = adapters.get(str(source.get("adapter")))
        reference = _table(source.get("reference"))
        for key, value in reference.items():
            where = (*path, "reference", key)
            if mode & 0o044 and _ID_NUMBER.fullmatch("".join(value.split())):
                yield Mistake(where, "readable", {"mode": f"{mode:04o}"})
        url = source.get("url") or _home(source, adapters)
        host = (urlsplit(url).hostname or "") if url[:5].lower() == "http:" else "localhost"
        if reference and not values.is_loopback(host) and _sends_reference(source, meta):
            yield Mistake((*path, "url"), "plain_http", {"host": host})


def _sends_reference(source: Tree, meta: Meta | None) -> bool:
    """Nothing is sent where a person looks, or where a page's text is watched."""
    return not (meta is not None and (meta.by_hand or only_watches(meta))) and source.get("watch") is not True


def sources_of(tree: Tree) -> Iterator[tuple[KeyPath, Tree]]:
    """(path, table) of every source."""
    for n, case in _tables(tree.get("cases")):
        for m, source in _tables(case.get("sources")):
            yield ("cases", n, "sources", m), source


def _mixed(raw: Tree) -> Found:
    for n, case in _tables(raw.get("cases")):
        if "sources" in case:
            yield from (Mistake(("cases", n, key), "mixed") for key in OF_A_SOURCE if key in case)
            if case["sources"] == []:
                yield Mistake(("cases", n, "sources"), "no_sources")


def _duplicates(tree: Tree, key: str, path: KeyPath) -> Found:
    seen: dict[str, KeyPath] = {}
    for n, table in _tables(tree.get(key)):
        name, here = table.get("name"), (*path, key, n)
        if isinstance(name, str) and seen.setdefault(name, here) != here:
            yield Mistake((*here, "name"), "duplicate", value=name, other=(*seen[name], "name"))
        if key == "cases":
            yield from _duplicates(table, "sources", here)


def _receivers(tree: Tree) -> Found:
    names = tuple(r["name"] for _, r in _tables(tree.get("receivers")) if isinstance(r.get("name"), str))
    for n, case in _tables(tree.get("cases")):
        wanted = case.get("receivers")
        for m, name in enumerate(wanted if isinstance(wanted, list) else ()):
            if isinstance(name, str) and name not in names:
                code = "unknown_receiver" if names else "no_receivers"
                yield Mistake(("cases", n, "receivers", m), code, _list(names), name, name, names)


def _source(path: KeyPath, source: Tree, adapters: Mapping[str, Meta]) -> Found:
    name = source.get("adapter")
    if not isinstance(name, str):
        return
    meta = adapters.get(name)
    if meta is None:
        names = tuple(sorted(adapters))
        yield Mistake((*path, "adapter"), "unknown_adapter", _list(names), name, name, names)
        return
    if meta.needs_url and not source.get("url"):
        yield Mistake((*path, "url"), "url_needed", {"adapter": name})
    yield from _ways(path, source, meta, adapters)
    yield from _paths((*path, "read"), _table(source.get("read")))
    may_be_empty = meta.by_hand or source.get("watch") is True
    yield from _reference((*path, "reference"), source.get("reference", {}), meta, may_be_empty=may_be_empty)


def _ways(path: KeyPath, source: Tree, meta: Meta, adapters: Mapping[str, Meta]) -> Found:
    """How a source is asked: only what its adapter can do, and only what goes together."""
    for key, trait in TRAITS.items():
        if key in source and not getattr(meta, trait):
            able = tuple(n for n in sorted(adapters) if getattr(adapters[n], trait))
            yield Mistake((*path, key), "not_for_adapter", {"adapter": meta.id} | _list(able))
            return
    if "body" in source and source.get("method") != "POST":
        yield Mistake((*path, "body"), "body_alone")
    watches = source.get("watch") is True or only_watches(meta)
    if "css" in source and not watches:
        yield Mistake((*path, "css"), "css_alone")
    if watches and source.get("read"):
        yield Mistake((*path, "read"), "read_of_watched")


TRAITS = {"method": "sends", "body": "sends", "watch": "watches", "css": "watches"}


def _paths(path: KeyPath, read: Tree) -> Found:
    """Paths into a JSON answer that are none."""
    for key, value in read.items():
        for n, text in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(text, str) and text.startswith("json:") and json_path(text.removeprefix("json:")) is None:
                where = (*path, key, n) if isinstance(value, list) else (*path, key)
                yield Mistake(where, "json_path", value=text)


def _reference(path: KeyPath, reference: object, meta: Meta, *, may_be_empty: bool) -> Found:
    if not isinstance(reference, dict):
        return
    fields = tuple(f.name for f in meta.reference)
    needed = tuple(f.name for f in meta.reference if f.required)
    yield from (
        Mistake((*path, key), "empty") for key, value in reference.items() if isinstance(value, str) and not value.strip()
    )
    if not reference and (meta.free_reference or needed) and not may_be_empty:
        yield Mistake(path, "empty_reference")
    elif not meta.free_reference:
        for key in reference:
            if key not in fields:
                yield Mistake((*path, key), "unknown_field", {"adapter": meta.id} | _list(fields), meant=key, among=fields)
        yield from (
            Mistake((*path, f), "missing_field", {"adapter": meta.id, "allowed": f}) for f in needed if f not in reference
        )


def _floors(tree: Tree, adapters: Mapping[str, Meta]) -> Found:
    low = []
    for section, key, floor in (("schedule", "every", EVERY_FLOOR), ("fetch", "min_gap", GAP_FLOOR)):
        value = _table(tree.get(section)).get(key, "1d")
        with suppress(PydanticCustomError):
            read = values.positive if key == "every" else values.duration
            if read(value) < floor:
                low.append(Mistake((section, key), f"{key.removeprefix('min_')}_floor", value=value))
    if low and not all(values.is_loopback(h) for _, s in sources_of(tree) for h in _hosts(s, adapters)):
        yield from low


def _hosts(source: Tree, adapters: Mapping[str, Meta]) -> tuple[str, ...]:
    """The hosts that a source asks: its url's, else its adapter's; none where a person looks."""
    url, meta = source.get("url"), adapters.get(str(source.get("adapter")))
    if meta is not None and meta.by_hand:
        return ()
    try:
        host = urlsplit(url if isinstance(url, str) and url else _home(source, adapters)).hostname
    except ValueError:
        return ()
    return (host,) if host else meta.hosts if meta else ()


def _home(source: Tree, adapters: Mapping[str, Meta]) -> str:
    meta = adapters.get(str(source.get("adapter")))
    return meta.home if meta else ""


def _password(tree: Tree) -> Found:
    web = _table(tree.get("web"))
    try:
        host, _ = values.listen(web.get("listen", Web().listen))
    except PydanticCustomError:
        return
    if "password" not in web and not values.is_loopback(host):
        yield Mistake(("web", "password"), "password_needed", beside=("web", "listen"))


def _tables(value: object) -> Iterator[tuple[int, Tree]]:
    """The numbered tables of a list of tables."""
    return ((n, t) for n, t in enumerate(value if isinstance(value, list) else ()) if isinstance(t, dict))


def _table(value: object) -> Tree:
    return value if isinstance(value, dict) else {}


def _list(names: tuple[str, ...]) -> dict[str, str]:
    return {"allowed": ", ".join(f'"{n}"' for n in names)}
