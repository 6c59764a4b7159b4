"""The objects of a JSON answer and their plain values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker.pages.blanks import NUMBER
from tracker.pages.captions import Pair
from tracker.pages.words import key, line, plain_key

Object = dict[str, object]
Entry = tuple[Sequence[object], object]
"""A list, and one of its entries."""


@dataclass(frozen=True, slots=True)
class Found:
    """One object, the objects around it, and the entries of lists that it stands in; the outermost first."""

    record: Object
    around: tuple[Object, ...]
    entries: tuple[Entry, ...]


def objects(value: object, around: tuple[Object, ...] = (), entries: tuple[Entry, ...] = ()) -> Iterator[Found]:
    """All objects of an answer, the outer ones first. What stands inside an entry of a list belongs to the entry."""
    if isinstance(value, dict):
        yield Found(value, around, entries)
        for inner in value.values():
            yield from objects(inner, (*around, value), entries)
    elif isinstance(value, list):
        for entry in value:
            yield from objects(entry, around, (*entries, (value, entry)))


def text_of(value: object) -> str | None:
    """A plain value as text; None for null, objects and lists."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return line(str(value)) if isinstance(value, str | int | float) else None


def numeric(text: str) -> bool:
    """Whether a value is a code or a number, no words."""
    return bool(NUMBER.fullmatch(key(text))) or key(text) in {"true", "false"}


def pairs_of(record: Object) -> list[Pair]:
    """The plain values of an object itself, by their keys."""
    return [_pair(k, text) for k, v in record.items() if (text := text_of(v)) is not None]


def own_pairs(record: Object) -> list[Pair]:
    """The plain values of a record and of the objects in it; its lists are other records."""
    found = pairs_of(record)
    for value in record.values():
        if isinstance(value, dict):
            found += own_pairs(value)
    return found


def _pair(name: str, text: str) -> Pair:
    return Pair(line(name)[:60], plain_key(name), text, 0, 1, True, 0, "json")
