"""Tables of text as spreadsheets keep them: CSV and XLSX to rows of cells, and back."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any
from unicodedata import category

from tracker.core.errors import TrackerError
from tracker.core.words import N_
from tracker.pages.charset import decode

Tr = Callable[[str], str]
Check = Callable[[int, Sequence[str]], None]
"""Looks at the header and the line where it stands; SheetError where it is none."""

XLSX = "application-tracker[xlsx]"
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the old .xls, or a new one behind a password
_DELIMITERS = ",;\t"
# The wide forms too: spreadsheets set to Chinese or Japanese take them for the narrow ones.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# What stands in a cell whose formula has no result; the last one is ours, for a formula that nobody calculated.
_NO_VALUE = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "=?"})
_EXPONENT = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]{1,3}")
# A spreadsheet's number has 15 digits; the rest of a longer one is gone.
_SAFE_DIGITS = 15


class SheetError(TrackerError):
    """The file can't be read as a table; says why and what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as the reader of the file counts, its cells by the header. `wrong`: what a spreadsheet spoiled."""

    line: int
    cells: Mapping[str, str] = field(repr=False)
    wrong: tuple[str, ...] = ()


def is_xlsx(body: bytes) -> bool:
    return body.startswith(_ZIP)


def need_xlsx(tr: Tr) -> None:
    """SheetError where the extra is not installed; says how."""
    try:
        import openpyxl  # noqa: F401, PLC0415 - an extra, and slow to load
    except ImportError:
        text = tr(N_("spreadsheets need one more package: pip install '{package}' (CSV needs none)"))
        raise SheetError(text.format(package=XLSX)) from None


# --- reading ---------------------------------------------------------------------------------------------------------


def _any(_line: int, _header: Sequence[str]) -> None:
    """Any header will do."""


def read_csv(body: bytes, tr: Tr, check: Check = _any) -> list[Row]:
    """The rows under the header; any usual character set, separated by comma, semicolon or tab."""
    if body.startswith(_OLE):
        raise _no_book("xls", tr)
    text, _ = decode(body, "text/csv")
    head = re.sub(r'"[^"]*"', "", text.lstrip("\r\n").partition("\n")[0])
    delimiter = max(_DELIMITERS, key=head.count)
    # Strict: else a quote that is never closed swallows all rows behind it without a word.
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    numbered: list[tuple[int, list[str]]] = []
    begin = 1
    try:
        for cells in reader:
            numbered.append((begin, [_undone(cell) for cell in cells]))
            begin = reader.line_num + 1
    except csv.Error as error:
        raise SheetError(tr(N_("line {line}: this is no CSV: {why}")).format(line=begin, why=error)) from error
    return _rows(numbered, tr, lambda _, name: tr(N_("column {name}")).format(name=name), check)


def read_xlsx(body: bytes, tr: Tr, check: Check = _any) -> list[Row]:
    """The rows of the first sheet."""
    need_xlsx(tr)
    from openpyxl import load_workbook  # noqa: PLC0415 - an extra, and slow to load

    def values(*, results: bool) -> Iterator[tuple[Any, ...]]:
        sheet = load_workbook(BytesIO(body), read_only=True, data_only=results).worksheets[0]
        sheet.reset_dimensions()  # some programs write a wrong size of the sheet, which would hide its rows
        return sheet.iter_rows(values_only=True)

    try:
        pairs = zip(values(results=True), values(results=False), strict=True)
        numbered = [(n, [_text(v, as_kept) for v, as_kept in zip(*pair, strict=True)]) for n, pair in enumerate(pairs, 1)]
    except Exception as error:
        raise _no_book(type(error).__name__, tr) from error
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - likewise

    names = numbered[0][1] if numbered else []
    return _rows(numbered, tr, lambda line, name: f"{get_column_letter(names.index(name) + 1)}{line}", check)


def _no_book(why: str, tr: Tr) -> SheetError:
    text = tr(N_("this is no spreadsheet that can be read ({why}): save it anew as .xlsx, or as CSV"))
    return SheetError(text.format(why=why))


def _text(value: object, as_kept: object = None) -> str:
    """A cell's value as a person sees it; a number too long for the spreadsheet is marked by its exponent.

    `as_kept`: the formula, where it is one. The program that made the sheet may never have calculated it.
    """
    if value is None:
        return "" if as_kept is None else "=?"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        if abs(value) >= 10**_SAFE_DIGITS:
            return f"{float(value):.5E}"
        return str(int(value)) if value == int(value) else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if not value.time() else value.isoformat(" ", "minutes")
    return value.isoformat() if isinstance(value, date) else str(value)


def _undone(cell: str) -> str:
    """A cell without the mark that keeps a spreadsheet from obeying it."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in _FORMULA else cell


def _rows(numbered: Sequence[tuple[int, list[str]]], tr: Tr, place: Callable[[int, str], str], check: Check) -> list[Row]:
    filled = [(line, cells) for line, cells in numbered if any(cell.strip() for cell in cells)]
    if not filled:
        raise SheetError(tr(N_("the file is empty: its first row must name the columns")))
    (first, names), *others = filled
    header = [name.strip() for name in names]
    for name in header:
        if name and header.count(name) > 1:
            raise SheetError(tr(N_("line {line}: two columns are called “{name}”")).format(line=first, name=name))
    check(first, header)
    return [_row(line, header, cells, tr, place) for line, cells in others]


def _row(line: int, header: Sequence[str], cells: Sequence[str], tr: Tr, place: Callable[[int, str], str]) -> Row:
    wrong = []
    found: dict[str, str] = {}
    for name, cell in zip(header, cells, strict=False):
        value = cell.strip()
        if not name or not value:
            continue
        found[name] = value
        if _EXPONENT.fullmatch(value):
            text = tr(N_("{cell}: a spreadsheet made a number of it and lost digits: format the column as text, type it again"))
            wrong.append(text.format(cell=place(line, name)))
        elif value in _NO_VALUE:
            text = tr(N_("{cell}: a formula without a result stands there: type the value itself"))
            wrong.append(text.format(cell=place(line, name)))
        elif any(category(c) == "Cc" for c in value):
            text = tr(N_("{cell}: a line break, or another sign that can't be seen, stands in the middle: take it out"))
            wrong.append(text.format(cell=place(line, name)))
    if any(cell.strip() for cell in cells[len(header) :]):
        wrong.append(tr(N_("more cells than the first row has columns")))
    return Row(line, found, tuple(wrong))


# --- writing ---------------------------------------------------------------------------------------------------------


def write_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with a mark, by which spreadsheets know it; no cell is a formula."""
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([inert(cell) for cell in header])
    writer.writerows([inert(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def write_xlsx(header: Sequence[str], rows: Iterable[Sequence[str]], tr: Tr) -> bytes:
    """One sheet, every cell a text: no number loses its digits, nothing is a formula."""
    need_xlsx(tr)
    from openpyxl import Workbook  # noqa: PLC0415 - an extra, and slow to load
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - likewise

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for at, row in enumerate([header, *rows], 1):
        for column, text in enumerate(row, 1):
            cell = sheet.cell(at, column)
            cell.value = _printable(text)
            cell.data_type, cell.number_format = "s", "@"
    for column, name in enumerate(header, 1):
        sheet.column_dimensions[get_column_letter(column)].width = max(12, 2 * len(name) + 2)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def inert(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _printable(text: str) -> str:
    """Without the control characters that XML can't hold."""
    return "".join(_kept(text))


def _kept(text: str) -> Iterator[str]:
    return (c for c in text if c >= " " or c in "\t\n")
