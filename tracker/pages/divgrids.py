"""Tables made of other elements: a row of captions, and below it rows with as many children."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from tracker.pages.document import Document, Text
from tracker.pages.spots import around
from tracker.pages.words import captionlike, key

_MOST_CHILDREN = 30
_CLIMBS = 3


@dataclass(frozen=True, slots=True)
class Cell:
    """One child of a row: its words, and the places from and to which it reaches."""

    text: str
    spot: int
    end: int


@dataclass(frozen=True, slots=True)
class DivRecord:
    """The captions and values of one row; `head`: where the captions' row stands; `closed`: the source goes on behind the
    rows; `ragged`: another row did not fit.
    """

    head: int
    captions: Sequence[str]
    values: Sequence[Cell]
    closed: bool
    ragged: bool


def find(document: Document, opening: Sequence[Text], known: frozenset[str], wanted: frozenset[str]) -> Iterator[DivRecord]:
    """The records of each such table that has a caption of a status, among the texts in which a pair may begin."""
    starts = [t for t in opening if len(t.text) <= 40 and "，" not in t.text and key(t.text) in wanted]
    if not starts:
        return
    page = _Page(document)
    seen: set[int] = set()
    for text in starts:
        inside = document.cells[text.cell].spot if text.cell >= 0 else 0
        for row in islice(around(document, text.spot), _CLIMBS):
            if row in seen or row <= inside:
                continue
            seen.add(row)
            captions = page.cells(row)
            names = [key(c.text) for c in captions]
            if len(names) > 2 and all(captionlike(c.text) for c in captions) and len(known.intersection(names)) > 1:
                yield from page.records(row, [c.text for c in captions], known)
                break


class _Page:
    """A document's elements with their children; a class only because all steps share them."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def children(self, outer: int, behind: int = -1) -> Iterator[int]:
        """The spots directly inside an element, or those behind one of them; lazily, since it may have 50,000."""
        ends = self.document.ends
        spot, end = outer + 1 if behind < 0 else ends[behind], ends[outer]
        while spot < end:
            yield spot
            spot = ends[spot]

    def texts(self, spot: int) -> Sequence[Text]:
        """The texts inside an element, or the text itself."""
        return self.document.between(spot, self.document.ends[spot])

    def cells(self, row: int) -> list[Cell]:
        """The elements directly inside a row, with their words; nothing where words stand outside of them."""
        inside = list(islice(self.children(row), _MOST_CHILDREN + 1))
        if not 1 < len(inside) <= _MOST_CHILDREN:
            return []
        texts = [self.texts(c) for c in inside]
        if any(words and words[0].spot == c for c, words in zip(inside, texts, strict=True)):
            return []
        return [
            Cell(" ".join([t.text for t in words]), c, self.document.ends[c]) for c, words in zip(inside, texts, strict=True)
        ]

    def records(self, head: int, captions: Sequence[str], known: frozenset[str]) -> Iterator[DivRecord]:
        rows, ragged = self.rows_below(head, len(captions), known)
        container = self.document.parents[head]
        closed = self.document.unclosed.isdisjoint(c for c in (container, *around(self.document, container)) if c > 1)
        for row in rows:
            if any(c.text for c in row):
                yield DivRecord(head, captions, row, closed, ragged)

    def rows_below(self, head: int, count: int, known: frozenset[str]) -> tuple[list[list[Cell]], bool]:
        """The rows of values behind a head, or inside the one element behind it or behind its wrapper."""
        parent = self.document.parents[head]
        behind = self.children(parent, head)
        first = next(behind, None)
        if first is None and parent > 0:
            behind = self.children(self.document.parents[parent], parent)
            first = next(behind, None)
        if first is None:
            return [], False
        rows = chain([first], behind) if len(self.cells(first)) == count else self.children(first)
        found: list[list[Cell]] = []
        for row in rows:
            cells = self.cells(row)
            if len(cells) != count or any(key(c.text) in known for c in cells):
                return found, bool(found) and len(cells) > 1
            found.append(cells)
        return found, False
