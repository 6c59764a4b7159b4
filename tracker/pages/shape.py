"""The shape of a page: its captions and where each stands, without one value. What came, went or moved between two shapes.

Two looks at the same design give the same shape, however many rows, visitors and other records the page counts meanwhile.
Words that could be somebody's, such as a name in front of a colon, are no part of it.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from tracker.core.errors import CheckError
from tracker.core.model import Reference
from tracker.pages.captions import Pair, pairs
from tracker.pages.contract import Response
from tracker.pages.document import Cell, Control, Document, Text
from tracker.pages.grids import DOUBT
from tracker.pages.jsontext import json_of
from tracker.pages.names import could_be_name
from tracker.pages.reading import found_on
from tracker.pages.words import (
    DATE,
    JSON_DATES,
    JSON_KINDS,
    JSON_NOTE,
    JSON_NOTICE,
    JSON_STATUS,
    KNOWN,
    NOTICE,
    ORDINAL,
    STATUS,
    STEP,
    STEP_DATE,
    STEP_SIDE,
    captionlike,
    key,
    plain_key,
    shown,
)

VERSION = 2  # of the rules below: shapes of other rules can't be compared
MOST = 200  # captions of one page

_KINDS = {"turns": "cell beside", "column": "column header", "field": "read-only field"}
_CAPTION_TAGS = frozenset({"dt", "label", "th"})
_BUTTONS = frozenset({"hidden", "submit", "button", "image", "reset"})
_CHOICES = frozenset({"radio", "checkbox"})
_MARKED = frozenset({"cell beside", "definition list", "read-only field", "key"})
_OF_RECORDS = KNOWN - NOTICE - STEP - (STEP_DATE - DATE) - STEP_SIDE - ORDINAL | STATUS
_IN_LISTS = JSON_STATUS | JSON_NOTICE | JSON_NOTE | frozenset(JSON_DATES) | frozenset().union(*JSON_KINDS.values())


class Place(NamedTuple):
    """A caption and the kind of its place: cell beside, column header, colon, beside, below, definition list, label,
    read-only field, entry field, list to choose from, choice, key of an answer in JSON."""

    caption: str
    kind: str


@dataclass(frozen=True, slots=True)
class Shape:
    """The captions of a page in page order, each once for each kind of place."""

    places: tuple[Place, ...] = ()

    @property
    def digest(self) -> str:
        """Equal shapes have equal digests; it begins with the version of the rules."""
        return f"{VERSION}.{sha256(self.dump().encode()).hexdigest()[:16]}"

    def dump(self) -> str:
        """As text, to be kept."""
        return json.dumps(self.places, ensure_ascii=False, separators=(",", ":"))


def load(text: str) -> Shape:
    """A shape as `dump` wrote it."""
    return Shape(tuple(Place(str(caption), str(kind)) for caption, kind in json.loads(text)))


@dataclass(frozen=True, slots=True)
class Drift:
    """What a page has that it had not (`came`), has no more (`went`), and has at another place (`moved`, as it is now)."""

    came: tuple[Place, ...] = ()
    went: tuple[Place, ...] = ()
    moved: tuple[Place, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.came or self.went or self.moved)

    def matters(self, named: Iterable[str] = ()) -> bool:
        """Whether the record may be read otherwise now: notices, news, advertisements and steps come and go every day.

        `named`: captions that the case names. Of words that records do not use everywhere, only those count that stood in a
        record and are gone, or stand elsewhere.
        """
        own = _OF_RECORDS | frozenset(map(key, named))
        changed = [place for place in (*self.came, *self.went, *self.moved) if not _is_of_steps(place)]
        usual = any(key(place.caption) in own for place in changed)
        return usual or any(place.kind in _MARKED for place in (*self.went, *self.moved))

    @property
    def digest(self) -> str:
        """The same redesign has the same digest for every case that shows it."""
        return sha256(json.dumps([self.came, self.went, self.moved], ensure_ascii=False).encode()).hexdigest()[:16]


def compare(before: Shape, after: Shape) -> Drift:
    """From one shape to another. A caption that only stands in another kind of place, or in another order, has moved."""
    old, new = set(before.places), set(after.places)
    gone, come = [p for p in before.places if p not in new], [p for p in after.places if p not in old]
    left, arrived = {key(p.caption) for p in gone}, {key(p.caption) for p in come}
    both = left & arrived
    stayed = set(_in_order([p for p in before.places if p in new], [p for p in after.places if p in old]))
    moved = [p for p in after.places if (p in old and p not in stayed) or (p not in old and key(p.caption) in both)]
    return Drift(
        tuple(p for p in come if key(p.caption) not in both),
        tuple(p for p in gone if key(p.caption) not in both),
        tuple(moved),
    )


def _is_of_steps(place: Place) -> bool:
    return place.kind == "column header" and key(place.caption) in STEP_DATE


def _in_order(before: Sequence[Place], after: Sequence[Place]) -> list[Place]:
    """The longest row of places that stand in the same order in both; each stands once in each."""
    rank = {place: number for number, place in enumerate(before)}
    best: list[list[Place]] = []  # best[n]: of the rows of n + 1 places so far, the one that ends first in `before`
    for place in after:
        at = next((n for n, row in enumerate(best) if rank[row[-1]] > rank[place]), len(best))
        best[at : at + 1] = [[*(best[at - 1] if at else []), place]]
    return best[-1] if best else []


# --- from a page -----------------------------------------------------------------------------------------------------


def shape(document: Document, also: Iterable[str] = (), known: Iterable[str] = ()) -> Shape:
    """The shape of a page. `also`: captions that the case names; `known`: values of the reference, never part of a shape."""
    named = frozenset(key(caption) for caption in also)
    return _shape(document, pairs(document, named, STATUS | named), named, known)


def _shape(document: Document, found: Sequence[Pair], named: frozenset[str], known: Iterable[str]) -> Shape:
    words = _Words(KNOWN | named, known)
    there = {pair.spot for pair in found}
    texts = {text.spot: text for text in document.texts if text.spot in there}
    cells = {cell.spot: cell for cell in document.cells if cell.spot in there}
    places = [(pair.spot, place) for pair in found if (place := words.pair(pair, texts, cells))]
    places += [(control.spot, place) for control in _controls(document) if (place := words.control(control))]
    return _once(place for _, place in sorted(places, key=lambda at: at[0]))


def shape_of(page: Response, reference: Reference) -> Shape | None:
    """The shape of an answer for a case, a page or JSON; None where it is neither."""
    read = reference.read
    also = (*reference.values, *read.identify, read.label or "", read.date or "")
    known = tuple(reference.values.values())
    try:
        if page.text.lstrip("\ufeff \t\r\n")[:1] in {"{", "["}:
            return json_shape(json_of(page), known)
        return _shape(page.document, found_on(page, reference), frozenset(key(n) for n in also if n), known)
    except CheckError:
        return None


def json_shape(value: object, known: Iterable[str] = ()) -> Shape:
    """The shape of a JSON answer: the paths of its plain values. Of the entries of lists only what a status may stand by."""
    words = _Words(_IN_LISTS, known)
    return _once(Place(path, "key") for path in _paths(value) if all(map(words.may_stand, path.replace("[]", "").split("."))))


def _once(places: Iterable[Place]) -> Shape:
    return Shape(tuple(dict.fromkeys(places))[:MOST])


def _paths(value: object, path: str = "", name: str = "", *, listed: bool = False) -> Iterator[str]:
    """The paths of the plain values."""
    if isinstance(value, dict):
        for inner, content in value.items():
            yield from _paths(content, f"{path}.{inner}" if path else inner, inner, listed=listed)
    elif isinstance(value, list):
        for entry in value:
            yield from _paths(entry, f"{path}[]", name, listed=True)
    elif not listed or plain_key(name) in _IN_LISTS:
        yield path


def _controls(document: Document) -> Iterator[Control]:
    for form in document.forms:
        yield from form.controls
    yield from document.controls


class _Words:
    """Which captions are the page's own and nobody's. `known` are folded captions, `values` what the case was asked by."""

    def __init__(self, known: frozenset[str], values: Iterable[str]) -> None:
        self._known = known
        self._values = tuple(folded for value in values if (folded := key(value)))

    def may_stand(self, caption: str) -> bool:
        """Whether a caption can't be somebody's."""
        folded = key(caption)
        if any(value in folded for value in self._values) or any(c.isdigit() for c in folded):
            return False
        return folded in self._known or not could_be_name(caption)

    def pair(self, pair: Pair, texts: dict[int, Text], cells: dict[int, Cell]) -> Place | None:
        """The place of a pair's caption; None for what may not stand, and for words that nothing marks as a caption."""
        text, cell = texts.get(pair.spot), cells.get(pair.spot)
        tag = text.tag if text is not None else ""
        kind = _KINDS.get(pair.how, pair.how)
        if pair.how in {"beside", "below"} and tag in _CAPTION_TAGS:
            kind = "definition list" if tag == "dt" else "label"
        marked = pair.how in {"column", "field"} or tag in _CAPTION_TAGS or (pair.how == "colon" and tag != "a")
        if cell is not None and pair.how == "turns":
            marked = cell.header or cell.text.rstrip().endswith((":", "："))
        plain = pair.how != DOUBT and (marked or pair.key in self._known)
        return Place(pair.caption, kind) if plain and self.may_stand(pair.caption) else None

    def control(self, control: Control) -> Place | None:
        """The place of a field to fill in. Its value as a hint is no caption: it may be filled in already."""
        if control.kind in _BUTTONS or control.readonly or control.disabled:
            return None
        caption = next((c.text for c in control.captions if c.how != "hint"), "")
        if not captionlike(caption) or not self.may_stand(caption):
            return None
        kind = "choice" if control.kind in _CHOICES else "list" if control.kind == "select" else "entry field"
        return Place(shown(caption), kind)
