"""Ways in which an answer stands on a page, as counted on recorded pages, and how often each is met."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.reading import boxes, tables
from tests.reading.style import Record, Style

Layout = Callable[[Style, Sequence[Record]], str]


@dataclass(frozen=True)
class Kind:
    """One layout: how often it is met, and whether it can show several records."""

    layout: Layout
    weight: float
    many: bool = False


LAYOUTS: dict[str, Kind] = {
    "header rows": Kind(tables.header_rows, 16, many=True),
    "header twice": Kind(tables.header_twice, 3, many=True),
    "header apart": Kind(tables.header_apart, 5, many=True),
    "records as columns": Kind(tables.records_as_columns, 2, many=True),
    "alternating": Kind(tables.alternating, 16),
    "wide value": Kind(tables.wide_value, 5),
    "colon cells": Kind(tables.colon_cells, 9),
    "lines": Kind(boxes.lines, 9),
    "definitions": Kind(boxes.definitions, 5),
    "elements": Kind(boxes.elements, 10),
    "cards": Kind(boxes.cards, 7),
    "inputs": Kind(boxes.inputs, 3),
    "input labels": Kind(boxes.input_labels, 2),
    "spans by id": Kind(tables.spans_by_id, 3),
    "fieldset": Kind(boxes.fieldset, 2),
    "nested documents": Kind(tables.nested_documents, 4, many=True),
    "nested tables": Kind(tables.nested_tables, 5, many=True),
    "bold run": Kind(boxes.bold_run, 2),
    "nested cells": Kind(tables.nested_cells, 3, many=True),
    "grid of divs": Kind(boxes.grid_of_divs, 1, many=True),
    "stacked rows": Kind(tables.stacked_rows, 4),
    "grouped rows": Kind(tables.grouped_rows, 3),
    "portal list": Kind(tables.portal_list, 7, many=True),
    "spaced text": Kind(boxes.spaced_text, 1),
    "tiles": Kind(boxes.tiles, 2),
    "chosen lists": Kind(boxes.chosen_lists, 1),
}
