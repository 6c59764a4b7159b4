"""A case as a person would write it: a tree of the config's own keys, made from a case, or changed by what flags say."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from tracker.core.errors import ConfigError
from tracker.core.model import Word
from tracker.core.words import N_
from tracker.core.workdays import Span

if TYPE_CHECKING:
    from tracker.config.model import Case, Source

Tree = dict[str, Any]
Tr = Callable[[str], str]

_UNITS = ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s"))
_PAIR = re.compile(r"\s*([^=＝]+?)\s*[=＝]\s*(.*?)\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be different. None: stays as it is; "" or nothing in a list: is taken out; in a mapping, "" takes it out."""

    name: str | None = None
    receivers: tuple[str, ...] | None = None
    promised: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    adapter: str | None = None
    url: str | None = None
    reference: Mapping[str, str] = field(default_factory=dict, repr=False)
    read: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)

    @property
    def of_source(self) -> bool:
        """Whether it says anything about one source."""
        return bool(self.adapter is not None or self.url is not None or self.reference or self.read)


# --- a case as a tree ------------------------------------------------------------------------------------------------


def tree_of(case: "Case") -> Tree:
    """The case as the config file would have it; what is the default is left out."""
    tree: Tree = {"name": case.name}
    if case.receivers is not None:
        tree["receivers"] = list(case.receivers)
    if case.promised is not None:
        tree["promised"] = span_text(case.promised)
    if case.labels:
        tree["labels"] = {text: word_tree(word_text(word)) for text, word in case.labels.items()}
    sources = [_source_tree(source) for source in case.sources]
    if len(sources) == 1 and case.sources[0].name == case.sources[0].adapter:
        return tree | {key: value for key, value in sources[0].items() if key != "name"}
    return tree | {"sources": sources}


def _source_tree(source: "Source") -> Tree:
    tree: Tree = {}
    for key, of in type(source).model_fields.items():
        value = getattr(source, key)
        if key == "read":
            value = {f.name: _plain(v) for f in fields(value) if (v := getattr(value, f.name)) not in (None, ())}
        if value and value != of.default:
            tree[key] = _plain(value)
    return tree


def _plain(value: object) -> object:
    """Lists and dicts where a model has tuples and mappings."""
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, Mapping) else value


def span_text(span: Span) -> str:
    """ "20 workdays", "30d"."""
    if span.unit == "workdays":
        return f"{span.amount} workdays"
    size, unit = next((s, u) for s, u in _UNITS if span.amount % s == 0)
    return f"{span.amount // size}{unit}"


def word_text(word: Word) -> str:
    """What a word means, as a flag or a cell says it: "approved", "submitted,employer"."""
    return f"{word.status.value},{word.turn.value}" if word.turn else word.status.value


def word_tree(text: str) -> str | Tree:
    """ "submitted,employer" as the config's table has it."""
    status, comma, turn = (part.strip() for part in text.partition(","))
    return {"status": status, "turn": turn} if comma else status


def pair(text: str) -> tuple[str, str] | None:
    """ "受理编号=SH2026000123" as caption and value; None where there is no such sign."""
    found = _PAIR.fullmatch(text)
    return (found[1], found[2]) if found else None


# --- changes ---------------------------------------------------------------------------------------------------------


OF_CASE = ("name", "receivers", "promised", "labels")


def edited(tree: Tree, change: Change, source: str | None, tr: Tr) -> Tree:
    """The case with a change. `source` names the one that it is about; one that is not there yet is added."""
    new = {key: value for key, value in tree.items() if key in OF_CASE}
    own = {key: value for key, value in tree.items() if key not in (*OF_CASE, "sources")}
    _set(new, "name", change.name)
    _set(new, "receivers", None if change.receivers is None else list(filter(None, change.receivers)))
    _set(new, "promised", change.promised)
    _merge(new, "labels", {text: word_tree(meaning) for text, meaning in change.labels.items()})
    if "sources" not in tree:
        if source is None or (own and source == _name(own)):
            return new | _source(own, change)
        sources = [{"name": _name(own), **own}] if own else []
    else:
        sources = [dict(one) for one in tree["sources"]]
    return new | {"sources": _sources(sources, change, source, tr) if source or change.of_source else sources}


def _sources(sources: list[Tree], change: Change, source: str | None, tr: Tr) -> list[Tree]:
    names = [_name(one) for one in sources]
    name = source or (names[0] if len(names) == 1 else "")
    if not name:
        text = tr(N_("sources: it has several ({names}): say which one with --source"))
        raise ConfigError([text.format(names=", ".join(names))])
    if name not in names:
        return [*sources, _source({"name": name}, change)]
    return [_source(one, change) if called == name else one for called, one in zip(names, sources, strict=True)]


def without_source(tree: Tree, name: str, tr: Tr) -> Tree:
    """The case without one of its sources; its last one stays."""
    sources = tree.get("sources", [])
    left = [source for source in sources if _name(source) != name]
    if len(left) == len(sources):
        there = ", ".join(map(_name, sources or [{"adapter": tree.get("adapter")}]))
        raise ConfigError([tr(N_("sources: there is none called “{name}”; there are: {names}")).format(name=name, names=there)])
    if not left:
        raise ConfigError([tr(N_("sources: “{name}” is its only one: remove the case instead")).format(name=name)])
    return tree | {"sources": left}


def _name(source: Tree) -> str:
    return str(source.get("name") or source.get("adapter", "source"))


def _source(source: Tree, change: Change) -> Tree:
    new = dict(source)
    _set(new, "adapter", change.adapter)
    _set(new, "url", change.url)
    _merge(new, "reference", change.reference)
    _merge(new, "read", {key: list(filter(None, v)) if isinstance(v, tuple) else v for key, v in change.read.items()})
    return new


def _set(tree: Tree, key: str, value: object) -> None:
    if value is None:
        return
    if value:
        tree[key] = value
    else:
        tree.pop(key, None)


def _merge(tree: Tree, key: str, values: Mapping[str, Any]) -> None:
    if not values:
        return
    table = dict(tree.get(key) or {})
    for name, value in values.items():
        _set(table, name, value)
    _set(tree, key, table)


# --- what trees have in common ----------------------------------------------------------------------------------------


def twins(cases: "Iterable[Case]") -> list[tuple[str, str]]:
    """Pairs of names under which the same is asked of the same place."""
    seen: dict[object, str] = {}
    found: dict[tuple[str, str], None] = {}
    for case in cases:
        for source in case.sources:
            if not source.reference:
                continue
            key = (source.adapter, source.url, tuple(sorted(source.reference.items())))
            first = seen.setdefault(key, case.name)
            if first != case.name:
                found[first, case.name] = None
    return list(found)
