"""Tables: which cells are captions and which their values. Where a table can be read two ways, it is not read.

Three shapes are told apart row by row: captions and values in turns along a row; a row of captions over rows of values
(also with the values in the next table, and also with the captions twice across the row); a title spanning the row.
"""

import re
from collections.abc import Iterator, Sequence
from enum import Enum
from itertools import takewhile
from typing import NamedTuple

from tracker.core.labels import USUAL, fold
from tracker.pages.document import Cell, Document
from tracker.pages.words import IDENTITY, KNOWN, STATUS, WEAKER, captionlike, key, with_also

_FAR = 100  # rows further down say nothing of this one
_ORDINAL = re.compile(r"\d{1,2}[.、]?")
_COLON = frozenset({":", "："})
DOUBT = "doubt"  # a caption whose value may be beside it or below


class Shape(Enum):
    """What a row is by itself. MAYBE: in turns, or a row of captions; its neighbours decide."""

    TITLE = 0
    TURNS = 1
    MAYBE = 2
    CAPTIONS = 3
    VALUES = 4


class Row(NamedTuple):
    shape: Shape
    cells: tuple[int, ...]


class Found(NamedTuple):
    """One caption cell and its value cell.

    `row` numbers the records of tables with a row of captions, else -1; `ragged`: rows of that table were not understood.
    """

    caption: int
    value: int
    how: str
    row: int = -1
    ragged: bool = False


def find(document: Document, also: frozenset[str], status: frozenset[str] = STATUS) -> list[Found]:
    """All caption and value cells of a page's tables; `also` are captions that the case names, `status` those of the status."""
    return _Grid(document, also, status).found()


def words_of(document: Document, cell: Cell) -> str:
    """A cell's text, or that of the one cell of a table in it that is there for its looks."""
    if cell.text or not cell.tables:
        return cell.text
    inner = [c for c in document.cells if c.table in cell.tables and (c.text or c.tables)]
    return inner[0].text if len(inner) == 1 else ""


class _Grid:
    """The reading of one page's tables; a class only because all steps share the cells and the words."""

    def __init__(self, document: Document, also: frozenset[str], status: frozenset[str]) -> None:
        self.also, self.status = also, status
        self.document = document
        self.cells = document.cells
        self.known = with_also(KNOWN, also)
        self.telling = with_also(IDENTITY, also)
        self.records = 0
        self.groups: dict[int, tuple[bool, frozenset[int]]] = {}

    def found(self) -> list[Found]:
        tables = [(table, [r for r in map(self.row, table.rows) if r.cells]) for table in self.document.tables]
        result: list[Found] = []
        taken = -1
        for place, (table, rows) in enumerate(tables):
            if place == taken or not rows:
                continue
            after, below = tables[place + 1] if place + 1 < len(tables) else (table, [])
            if after.spot < table.end or not self.only_titles(rows[:-1]) or self.row_count(below) != len(rows[-1].cells):
                below = []
            result += self.table(rows, below)
            if below and rows[-1].shape in _OVER:
                taken = place + 1 if self.settled(rows, len(rows) - 1, below) is Shape.CAPTIONS else -1
        return result

    def only_titles(self, rows: Sequence[Row]) -> bool:
        return all(row.shape is Shape.TITLE for row in rows)

    def row_count(self, rows: Sequence[Row]) -> int:
        """How many cells the rows of a table of values have; 0 where it is none."""
        sizes = {len(row.cells) for row in rows if row.shape is not Shape.TITLE}
        fit = all(row.shape is Shape.TITLE or self.fits(row) for row in rows)
        return sizes.pop() if fit and len(sizes) == 1 else 0

    def fits(self, row: Row) -> bool:
        """Whether a row may be values: no caption that we know stands where one would stand."""
        if row.shape is Shape.VALUES:
            return True
        captions = {t for c in row.cells if key(t := self.cells[c].text) in self.known}
        clicked = self.document.link_texts if captions else captions
        return all(t in clicked and key(t) in WEAKER for t in captions)  # 办件进度, to click at a row's end

    def row(self, indexes: tuple[int, ...]) -> Row:
        """A row's shape, from its own cells only."""
        cells = [self.cells[i] for i in indexes]
        texts = [c.text for c in cells]
        if not _COLON.isdisjoint(texts):  # 状态 | ： | 审核中
            cells = [c for c in cells if c.text not in _COLON]
            indexes = tuple(i for i in indexes if self.cells[i].text not in _COLON)
        marked = [t for t in texts if "：" in t or ":" in t]
        if marked and len(cells) > 1 and any(map(self.pair, marked)):
            return Row(Shape.TITLE, ())
        nested = [c for c in cells if c.tables]
        filled = len([c for c in cells if c.text]) + len([c for c in nested if not c.text and words_of(self.document, c)])
        if nested and filled < 2:
            return Row(Shape.TITLE, ())
        if len(cells) < 2 or filled < 2:
            title = len(cells) != 2 or not self.strong(cells[0])
            return Row(Shape.TITLE if title else Shape.TURNS, indexes)
        if len(cells) % 2 and not cells[0].tables and (cells[0].rowspan > 1 or self.is_grouped(cells)):
            cells, indexes = cells[1:], indexes[1:]  # the name of a group of rows
        strong = [self.strong(c) for c in cells]
        return Row(_shape(cells, strong, [not c.text or captionlike(c.text) for c in cells]), indexes)

    def is_grouped(self, cells: list[Cell]) -> bool:
        """Whether a cell before a caption and its value only names a group of rows, also of one, or numbers the row."""
        if len(cells) < 3 or self.strong(cells[0]) or not self.strong(cells[1]) or self.strong(cells[2]):
            return False
        if cells[1].header or cells[1].text.endswith((":", "：")):
            return True
        spans, telling = self.grouping(cells[0].table)
        return spans or (len(cells) in telling and _ORDINAL.fullmatch(cells[0].text) is not None)

    def grouping(self, table: int) -> tuple[bool, frozenset[int]]:
        """(whether a row of a table begins with a cell that spans several, how wide the rows are whose second cell names a
        number or a person); found once for all its rows."""
        if table not in self.groups:
            rows = [row for row in self.document.tables[table].rows if row]
            spans = any(self.cells[row[0]].rowspan > 1 for row in rows)
            telling = frozenset(len(row) for row in rows if len(row) > 1 and key(self.cells[row[1]].text) in self.telling)
            self.groups[table] = (spans, telling)
        return self.groups[table]

    def pair(self, text: str) -> bool:
        """Whether a cell holds a caption that we know and its value: 状态：审核中."""
        caption, _, value = text.replace(":", "：").partition("：")
        return bool(value.strip()) and key(caption) in self.known

    def strong(self, cell: Cell) -> bool:
        """Whether a cell is a caption by its mark-up, its colon or its words."""
        text = cell.text
        if not text or len(text) > 40 or cell.tables:
            return False
        if key(text) in self.known:
            return True
        return (cell.header or text.endswith((":", "："))) and captionlike(text)

    def table(self, rows: list[Row], below: list[Row]) -> list[Found]:
        """The pairs of one table; `below` are the rows of the next one, where they may be this one's values."""
        if self.is_turned(rows):
            return list(self.columns(rows))
        if self.is_torn(rows):
            return [Found(r.cells[0], r.cells[0], DOUBT) for r in rows]
        result: list[Found] = []
        over = len(rows)
        rows = rows + below
        at = 0
        stacked: set[str] | None = None
        above = Shape.TITLE  # of the row above with as many cells, or with pairs over the same columns
        while at < over:
            row = rows[at]
            if not at or not self.is_like(row, rows[at - 1]):
                above = Shape.TITLE
            shape = self.settled(rows, at, below, above)
            if shape in _READ_NOWHERE and stacked and self.is_stacked(rows[at : at + 2]):
                shape = Shape.CAPTIONS
            if stacked and at + 1 < over and self.is_lone(row) and self.is_filled_first(rows[at + 1]):
                result.append(Found(row.cells[0], rows[at + 1].cells[0], "column", self.records - 1))
                at += 1
            elif shape is Shape.TURNS or (shape is Shape.VALUES and above is Shape.TURNS):
                result += self.turns(row, alike=above is Shape.TURNS or self.turns_below(rows, at))
                shape = Shape.TURNS
            elif shape is Shape.CAPTIONS:
                values, ragged = self.values_below(row, rows[at + 1 :])
                names = {key(self.cells[c].text) for c in row.cells} - {""}
                goes_on = len(values) == 1 and stacked is not None and names.isdisjoint(stacked)
                self.records -= goes_on  # captions and values row by row: one record
                result += self.under(row.cells, values, ragged=ragged)
                stacked = names | (stacked if goes_on and stacked else set()) if len(values) == 1 else None
                if not values and any(self.label(c) for c in row.cells[1::2]):  # a value that is also a caption's word
                    result += self.turns(row, alike=False)
                at += len(values)
            elif row.shape is Shape.MAYBE:
                result += [Found(c, c, DOUBT) for c in row.cells[::2]]
            above = shape
            at += 1
        return result

    def is_like(self, row: Row, over: Row) -> bool:
        """Whether a row has as many cells as the one over it, or as wide ones whose captions stand under captions."""
        if len(row.cells) == len(over.cells):
            return True
        heads, others = ({self.cells[c].column for c in r.cells[::2]} for r in (row, over))
        paired = not len(row.cells) % 2 and (heads <= others or others <= heads)
        return paired and self.width(row) == self.width(over)

    def is_turned(self, rows: list[Row]) -> bool:
        """Whether the captions stand down the left side, and beside them a record a column, which says whose each is."""
        rows = [r for r in rows if r.shape is not Shape.TITLE or len(r.cells) > 1]
        size = len(rows[0].cells) if rows else 0
        if size < 3 or len(rows) < 2 or any(len(r.cells) != size for r in rows):
            return False
        heads = [self.cells[r.cells[0]] for r in rows]
        if not all(self.strong(c) or c.header for c in heads) or not any(key(c.text) in self.telling for c in heads):
            return False
        return not any(self.strong(self.cells[c]) or self.cells[c].header for r in rows for c in r.cells[1:])

    def is_torn(self, rows: list[Row]) -> bool:
        """Whether a record a column would stand there, but for a row that lacks a cell: nobody knows which one."""
        rows = [r for r in rows if len(r.cells) > 1]
        wide = sum(len(r.cells) > 2 for r in rows)
        if wide * 2 <= len(rows) or len({self.width(r) for r in rows}) < 2:
            return False
        heads, others = [r.cells[0] for r in rows], [c for r in rows for c in r.cells[1:]]
        return all(self.cells[c].header for c in heads) and not any(self.cells[c].header for c in others)

    def columns(self, rows: list[Row]) -> Iterator[Found]:
        rows = [r for r in rows if r.shape is not Shape.TITLE or len(r.cells) > 1]
        for place in range(1, len(rows[0].cells)):
            yield from (Found(r.cells[0], r.cells[place], "column", self.records) for r in rows)
            self.records += 1

    def settled(self, rows: list[Row], at: int, below: list[Row], above: Shape = Shape.TITLE) -> Shape:
        """A row's shape; a MAYBE row is what its neighbours or the labels that we know say, else TITLE: not read."""
        row = rows[at]
        if row.shape is not Shape.MAYBE:
            return row.shape
        size = len(row.cells)
        following = [*rows[at + 1 : at + _FAR], *(below if rows[-1] is row else [])]
        is_first = bool(following) and len(following[0].cells) == size
        # "MAYBE, VALUES, MAYBE, VALUES" may as well be captions and values row by row
        may_turn = is_first and (following[0].shape is not Shape.VALUES or above is Shape.TURNS)
        if may_turn and any(r.shape in _IN_TURNS for r in takewhile(lambda r: len(r.cells) == size, following)):
            return Shape.TURNS
        if not is_first and any(r.shape is Shape.TURNS for r in rows[:_FAR]):  # the last pair of a table of pairs
            return Shape.TURNS
        beside = any(self.label(c) for c in row.cells[1::2])
        run = takewhile(lambda r: len(r.cells) == size, following)
        under = any(self.label(r.cells[p]) for r in run for p in range(0, len(r.cells), 2) if r.shape is Shape.VALUES)
        if beside != under:
            return Shape.TURNS if beside else Shape.CAPTIONS
        return Shape.TURNS if above is Shape.TURNS else Shape.TITLE

    def is_stacked(self, rows: Sequence[Row]) -> bool:
        """Whether captions and values follow each other row by row here, too. A status's is never guessed at."""
        captions = {key(self.cells[c].text) for c in rows[0].cells}
        sure = rows[0].shape is Shape.MAYBE or self.is_named(rows[0])
        return len(rows) == 2 and sure and rows[1].shape is Shape.VALUES and self.status.isdisjoint(captions)

    def is_named(self, row: Row) -> bool:
        """Whether the case itself names one of a row's captions."""
        texts = [self.cells[c].text for c in row.cells]
        return all(not t or captionlike(t) for t in texts) and any(key(t) in self.also for t in texts)

    def label(self, cell: int) -> bool:
        return fold(self.cells[cell].text) in USUAL

    def turns_below(self, rows: list[Row], at: int) -> bool:
        run = takewhile(lambda r: len(r.cells) == len(rows[at].cells), rows[at + 1 : at + _FAR])
        return any(r.shape is Shape.TURNS for r in run)

    def values_below(self, captions: Row, rows: Sequence[Row]) -> tuple[list[Row], bool]:
        """The rows that belong to a row of captions, as wide and without captions; and whether a doubtful row ends them."""
        values: list[Row] = []
        for row in rows:
            if len(row.cells) == 1 or row.shape is Shape.CAPTIONS or self.is_lone(row) or self.is_named(row):
                break
            if self.width(row) != self.width(captions) or not self.fits(row):
                return values, True
            values.append(row)
        return values, False

    def is_lone(self, row: Row) -> bool:
        """Whether only a caption stands in a row, and blanks beside it."""
        first, *rest = (self.cells[c] for c in row.cells)
        caption = self.strong(first) or (len(rest) > 1 and captionlike(first.text))
        return bool(rest) and caption and not any(c.text for c in rest)

    def is_filled_first(self, row: Row) -> bool:
        """Whether a row has one value, at its beginning."""
        first, *rest = (self.cells[c] for c in row.cells)
        return bool(first.text) and not self.strong(first) and not any(c.text for c in rest)

    def width(self, row: Row) -> int:
        return sum(self.cells[c].colspan for c in row.cells)

    def turns(self, row: Row, *, alike: bool) -> Iterator[Found]:
        """The pairs along a row. Steps side by side ("办理进度 | 受理 | 初审 | 复审") are none."""
        captions = [self.cells[c] for c in row.cells[::2]]
        if any(fold(c.text) in USUAL for c in captions):
            return
        sure = len(captions) == 1 or alike or all(self.strong(c) or not c.text for c in captions)
        for place in range(0, len(row.cells) - 1, 2):
            caption, value = row.cells[place], row.cells[place + 1]
            if not sure and (key(self.cells[caption].text) not in self.telling or captionlike(self.cells[value].text)):
                continue
            if captionlike(self.cells[caption].text) and key(self.cells[value].text) not in self.known:
                yield Found(caption, value, "turns")

    def under(self, captions: tuple[int, ...], rows: Sequence[Row], *, ragged: bool) -> Iterator[Found]:
        """Each row of values is a record, or several where the captions repeat across the row."""
        names = [key(self.cells[c].text) for c in captions]
        size = _period(names)
        for row in rows:
            by_column = {self.cells[c].column: c for c in row.cells}
            for start in range(0, len(captions), size):
                pairs = []
                for caption in captions[start : start + size]:
                    value = by_column.get(self.cells[caption].column)
                    if value is not None and self.cells[value].colspan == self.cells[caption].colspan:
                        pairs.append(Found(caption, value, "column", self.records, ragged))
                if any(self.cells[p.value].text for p in pairs):
                    yield from pairs
                    self.records += 1


_OVER = frozenset({Shape.CAPTIONS, Shape.MAYBE})
_READ_NOWHERE = frozenset({Shape.TITLE, Shape.TURNS, Shape.VALUES})
_IN_TURNS = frozenset({Shape.TURNS, Shape.MAYBE})


def _shape(cells: list[Cell], strong: list[bool], plain: list[bool]) -> Shape:
    """The shape of a row of two or more cells."""
    if all(plain):
        both = any(strong[::2]) and any(strong[1::2]) and (sum(strong) * 2 >= len(cells) or sum(strong) > 2)
        if all(c.header for c in cells) or both or (len(cells) % 2 and sum(strong) >= 2):
            return Shape.CAPTIONS
    if len(cells) % 2 or not any(strong[::2]) or any(strong[1::2]):
        return Shape.VALUES
    marked = all(c.header or c.text.endswith((":", "：")) for c in cells[::2] if c.text)
    apart = not any(c.header for c in cells[1::2])
    pairs = zip(cells[::2], cells[1::2], plain[1::2], strict=True)
    worded = any(c.text and (not p or not v.text) for c, v, p in pairs)  # blanks at a row's end are no pair
    return Shape.TURNS if (marked and apart) or worded else Shape.MAYBE


def _period(names: list[str]) -> int:
    """After how many captions the row repeats itself; all of them where it doesn't."""
    size = len(names)
    for period in range(2, size // 2 + 1):
        if size % period == 0 and all(a == b for a, b in zip(names, names[period:], strict=False)):
            return period
    return size
