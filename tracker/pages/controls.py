"""Controls with the captions that a person would read beside them, and the forms that own them."""

from collections.abc import Callable

from tracker.pages.markup import Walk
from tracker.pages.parts import Cell, Control, Form, Table


def controls_and_forms(
    walk: Walk, cells: tuple[Cell, ...], tables: tuple[Table, ...], url: str, absolute: Callable[[str], str]
) -> tuple[tuple[Form, ...], tuple[Control, ...]]:
    return (), ()
