"""Tables as grids while a page is walked: rows, columns after rowspan and colspan, tables inside cells."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tracker.pages.parts import Cell, Table

BREAK = "\0"  # never in parsed text; stands for <br> and the edges of blocks until white space is folded
_new = tuple.__new__  # a named tuple made without its Python-written constructor takes half the time
_MAX_SPAN = 1000
_MAX_COVERED = 100  # columns beyond are not looked after when a rowspan hangs into the next rows


def fold(raw: str) -> str:
    """White space folded, breaks as "\\n"."""
    if BREAK not in raw:
        return " ".join(raw.split())
    lines = (" ".join(line.split()) for line in raw.split(BREAK))
    return "\n".join(line for line in lines if line)


@dataclass(slots=True)
class _OpenTable:
    index: int
    outer: int
    spot: int
    rows: list[list[int]] = field(default_factory=list)
    column: int = 0
    covered: dict[int, int] = field(default_factory=dict)  # column -> the first row that no rowspan above covers
    end: int = 0


# A cell as far as it is known while it is open; tuples are made fast.
_OpenCell = tuple[bool, int, int, int, int, int, int]  # header, table, row, column, rowspan, colspan, spot


class Grids:
    """The tables and cells met so far. `texts` has each cell's pieces of text, unfolded."""

    def __init__(self) -> None:
        self.texts: list[list[str]] = []
        self._cells: list[_OpenCell] = []
        self._ends: list[int] = []
        self._inner: dict[int, list[int]] = {}  # the tables inside each cell
        self._tables: list[_OpenTable] = []
        self._open: list[_OpenTable] = []
        self._unclosed_cells: frozenset[int] = frozenset()
        self._unclosed_tables: frozenset[int] = frozenset()

    def open_table(self, outer: int, spot: int) -> None:
        table = _OpenTable(len(self._tables), outer, spot)
        self._tables.append(table)
        self._open.append(table)
        if outer >= 0:
            self._inner.setdefault(outer, []).append(table.index)

    def open_row(self) -> None:
        if self._open:
            table = self._open[-1]
            table.rows.append([])
            table.column = 0

    def open_cell(self, header: bool, attrs: Mapping[str, str | None], spot: int) -> int:
        """The new cell's index; -1 where it stands in no row (inside foreign markup)."""
        if not self._open or not self._open[-1].rows:
            return -1
        table = self._open[-1]
        column = table.column
        row = len(table.rows) - 1
        if table.covered:
            while table.covered.get(column, 0) > row:
                column += 1
        colspan = max(_span(attrs["colspan"]), 1) if "colspan" in attrs else 1
        rowspan = _span(attrs["rowspan"]) or _MAX_SPAN if "rowspan" in attrs else 1  # 0 means: down to the end
        table.column = column + colspan
        if rowspan > 1:
            table.covered.update(dict.fromkeys(range(column, min(column + colspan, _MAX_COVERED)), row + rowspan))
        index = len(self._cells)
        self._cells.append((header, table.index, row, column, rowspan, colspan, spot))
        self._ends.append(0)
        self.texts.append([])
        table.rows[-1].append(index)
        return index

    def close_cell(self, index: int, end: int) -> None:
        self._ends[index] = end

    def close_table(self, end: int) -> None:
        self._open.pop().end = end

    def end_of_source(self, open_cells: frozenset[int]) -> None:
        """What is open here was never closed."""
        self._unclosed_cells = open_cells
        self._unclosed_tables = frozenset(t.index for t in self._open)

    def cells(self) -> tuple[Cell, ...]:
        texts, ends, inner, unclosed = self.texts, self._ends, self._inner, self._unclosed_cells
        return tuple(
            [
                _new(Cell, (fold("".join(texts[i])), *c, ends[i], tuple(inner[i]) if i in inner else (), i not in unclosed))
                for i, c in enumerate(self._cells)
            ]
        )

    def tables(self) -> tuple[Table, ...]:
        return tuple(
            Table(tuple(map(tuple, t.rows)), t.outer, t.spot, t.end, t.index not in self._unclosed_tables) for t in self._tables
        )


def _span(text: str | None) -> int:
    digits = (text or "1").strip()[:5]
    return min(int(digits), _MAX_SPAN) if digits.isdecimal() and digits.isascii() else 1
