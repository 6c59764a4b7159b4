"""The objects of a JSON answer and their plain values; and what an answer without a status says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker.core.errors import CheckError, NotListed, PageChanged
from tracker.core.model import Reference
from tracker.pages.blanks import NUMBER
from tracker.pages.captions import Pair
from tracker.pages.identity import is_blank
from tracker.pages.recognise import said
from tracker.pages.words import JSON_CODE, JSON_KINDS, JSON_MESSAGE, JSON_SUCCESS, key, line, plain_key

Object = dict[str, object]

LONGEST_MESSAGE = 1000
MOST_MESSAGES = 20
_GOOD_CODES = frozenset({"0", "00", "000", "0000", "1", "200", "ok", "success", "true"})
_GOOD_WORDS = frozenset({"ok", "success", "succeed", "successful"})


@dataclass(frozen=True, slots=True)
class Found:
    """One object: the list that it is an entry of (None: of none), and the objects around it, the outermost first."""

    record: Object
    entries: Sequence[object] | None
    around: tuple[Object, ...]


def objects(value: object, around: tuple[Object, ...] = (), entries: Sequence[object] | None = None) -> Iterator[Found]:
    """All objects of an answer, the outer ones first. What stands inside an entry of a list belongs to the entry."""
    if isinstance(value, dict):
        yield Found(value, entries, around)
        for inner in value.values():
            yield from objects(inner, (*around, value))
    elif isinstance(value, list):
        for entry in value:
            yield from objects(entry, around, value)


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


def why_nothing(root: object, reference: Reference, otherwise: PageChanged) -> CheckError:
    """Why an answer has no status: what it says itself, an empty list, or else that it has changed."""
    messages = list(_messages(root))
    sign = said(messages)
    record = _has_record(root, reference)
    if sign is not None and record:
        return PageChanged("status", "a record or a message", "both", evidence=sign.evidence)
    if sign is not None:
        return sign
    if record:
        return otherwise
    bad = [text for text in messages if not is_blank(text) and not _is_good(key(text))]
    if bad:
        return PageChanged("page", "a record or a message that is known", "another message", evidence=bad[0])
    return NotListed() if _is_empty(root) else otherwise


def _is_good(message: str) -> bool:
    words = message.rstrip("!。.")
    return words in _GOOD_WORDS or (words.endswith("成功") and not set("不未没") & set(words))


def _messages(root: object) -> Iterator[str]:
    """What the answer says in sentences."""
    if isinstance(root, str):
        yield line(root)[:LONGEST_MESSAGE]
    texts = (p.value for found in objects(root) for p in pairs_of(found.record) if p.key in JSON_MESSAGE)
    for _, text in zip(range(MOST_MESSAGES), texts, strict=False):
        yield text[:LONGEST_MESSAGE]


def _has_record(root: object, reference: Reference) -> bool:
    """Whether somebody's record is there, below the outermost object, which may repeat what was asked."""
    alike = frozenset().union(*JSON_KINDS.values()) | {plain_key(name) for name in reference.values}
    inner = (f.record for f in objects(root) if f.around or f.entries is not None)
    return any(p.key in alike and not is_blank(p.value) for o in inner for p in pairs_of(o))


def _is_empty(root: object) -> bool:
    """Whether an answer that went well holds an empty list, or nothing at all where the record should be."""
    if isinstance(root, list):
        return not root
    if not isinstance(root, dict):
        return False
    went_well = [good for k, v in root.items() if (good := _went_well(plain_key(k), v)) is not None]
    if not all(went_well):
        return False
    lists = list(_lists(root))
    if lists:
        return not any(lists)
    empty = any(v is None or v == {} for k, v in root.items() if plain_key(k) not in JSON_MESSAGE)
    return empty and bool(went_well) and not any(isinstance(v, dict) and v for v in root.values())


def _went_well(name: str, value: object) -> bool | None:
    """Whether a flag or code of the outermost object says that the asking went well; None where it says nothing."""
    text = text_of(value)
    if text is None or name not in JSON_SUCCESS | JSON_CODE:
        return None
    return key(text) in _GOOD_CODES


def _lists(value: object) -> Iterator[Sequence[object]]:
    if isinstance(value, list):
        yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in inner:
        yield from _lists(part)
