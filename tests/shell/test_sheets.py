"""Spreadsheets as they come: any character set and separator, cells that a spreadsheet spoiled, nothing that it would obey."""

import builtins
from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook

from tracker.sheets import SheetError, inert, read_csv, read_xlsx, write_csv, write_xlsx

TEXT = "name,受理编号,备注\r\nanna,SH2026000101,已受理的申请\r\n"
HEADER = ["name", "受理编号", "备注"]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_is_read_whatever_its_character_set_and_separator(codec: str, separator: str) -> None:
    (row,) = read_csv(TEXT.replace(",", separator).encode(codec), str)
    assert row.cells == {"name": "anna", "受理编号": "SH2026000101", "备注": "已受理的申请"}
    assert row.line == 2


def test_lines_are_numbered_as_an_editor_counts_them_and_empty_ones_left_out() -> None:
    rows = read_csv('name,备注\r\nanna,"two\r\nlines"\r\n\r\n,,\r\nberta,x\r\n'.encode(), str)
    assert [(row.line, row.cells["name"]) for row in rows] == [(2, "anna"), (6, "berta")]
    assert rows[0].cells["备注"] == "two\r\nlines"


@pytest.mark.parametrize("cell", ["1.23E+17", "1,23E+17", "3.10101e17"])
def test_an_id_number_that_became_a_number_is_refused_by_its_column(cell: str) -> None:
    (row,) = read_csv(f'name;证件号码\nanna;"{cell}"\n'.encode(), str)
    assert row.wrong[0].startswith("column 证件号码: a spreadsheet made a number of it")


def book(*rows: list[object]) -> bytes:
    made, out = Workbook(), BytesIO()
    assert made.active is not None
    for row in rows:
        made.active.append(row)
    made.save(out)
    return out.getvalue()


def test_a_spreadsheet_is_read_as_its_reader_sees_it_and_a_spoiled_cell_named() -> None:
    rows = read_xlsx(
        book(["name", "受理编号", "证件号码"], ["anna", 2026000101, "110101199003071230"], ["berta", "x", 1.1e17]), str
    )
    assert dict(rows[0].cells) == {"name": "anna", "受理编号": "2026000101", "证件号码": "110101199003071230"}
    assert rows[0].wrong == ()
    assert rows[1].wrong[0].startswith("C3: a spreadsheet made a number of it")


@pytest.mark.parametrize(
    ("read", "body", "words"),
    [
        (read_csv, b"", "the file is empty"),
        (read_csv, b"name,name\nx,y\n", "two columns are called"),
        (read_csv, b'name,x\nanna,"1\nberta,2\n', "line 2: this is no CSV"),
        (read_csv, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), r"this is no spreadsheet .* save it anew as .xlsx"),
        (read_xlsx, b"PK\x03\x04 no book", "this is no spreadsheet"),
    ],
)
def test_what_is_no_table_says_so(read: Callable[..., object], body: bytes, words: str) -> None:
    with pytest.raises(SheetError, match=words):
        read(body, str)


def test_more_cells_than_columns_are_not_dropped_in_silence() -> None:
    (row,) = read_csv(b"name,x\nanna,1,2\n", str)
    assert row.wrong == ("more cells than the first row has columns",)


def test_a_sign_that_cannot_be_seen_inside_a_value_is_named() -> None:
    (row,) = read_csv('name,受理编号\nanna,"SH2026\n000101"\n'.encode(), str)
    assert row.wrong == (
        "column 受理编号: a line break, or another sign that can't be seen, stands in the middle: take it out",
    )


@pytest.mark.parametrize("cell", ["#N/A", "#REF!", '="SH"&"2026000101"'])  # openpyxl calculates nothing
def test_a_formula_without_a_result_is_never_a_value(cell: str) -> None:
    (row,) = read_xlsx(book(["name", "受理编号"], ["anna", cell]), str)
    assert row.wrong == ("B2: a formula without a result stands there: type the value itself",)


def test_a_sheet_that_says_a_wrong_size_is_read_whole() -> None:
    out = BytesIO()
    with ZipFile(BytesIO(book(["name", "受理编号"], ["anna", "SH1"], ["berta", "SH2"]))) as there, ZipFile(out, "w") as made:
        for name in there.namelist():
            made.writestr(name, there.read(name).replace(b'<dimension ref="A1:B3"', b'<dimension ref="A1"'))
    assert [dict(row.cells) for row in read_xlsx(out.getvalue(), str)] == [
        {"name": "anna", "受理编号": "SH1"},
        {"name": "berta", "受理编号": "SH2"},
    ]


HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1+1", "＠SUM(A1)"]


@pytest.mark.parametrize("cell", HOSTILE)
def test_no_cell_that_is_written_is_a_formula_and_reading_gives_it_back(cell: str) -> None:
    assert inert(cell) == f"'{cell}"
    (row,) = read_csv(write_csv(HEADER, [["anna", cell, ""]]), str)
    assert row.cells["受理编号"] == cell.strip()
    sheet = load_workbook(BytesIO(write_xlsx(HEADER, [["anna", cell, ""]], str))).active
    assert sheet is not None
    assert {c.data_type for line in sheet.iter_rows() for c in line} <= {"s", "inlineStr", "n"}
    assert sheet["B2"].data_type == "s"


def test_a_long_number_survives_a_spreadsheet() -> None:
    (row,) = read_xlsx(write_xlsx(HEADER, [["anna", "110101199003071230", ""]], str), str)
    assert row.cells["受理编号"] == "110101199003071230"


def test_without_the_extra_the_way_to_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: object, **more: object) -> object:
        if name.partition(".")[0] == "openpyxl":
            raise ImportError(name)
        return real(name, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(SheetError, match=r"pip install 'application-tracker\[xlsx\]'"):
        read_xlsx(b"PK\x03\x04", str)
