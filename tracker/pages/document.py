"""Text -> a light, flat, immutable Document. The only module (with its private helpers) that imports the fast parser.

Every item carries `spot`, its place in document order (the running number of its opening tag), so that "beside", "before"
and "inside" can be asked without a tree.
"""

from dataclasses import dataclass
from typing import Protocol


class Page(Protocol):
    """What `parse` needs of a Response."""

    @property
    def text(self) -> str: ...
    @property
    def charset(self) -> str: ...
    @property
    def body(self) -> bytes: ...
    @property
    def content_type(self) -> str: ...
    @property
    def complete(self) -> bool: ...
    @property
    def url(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Text:
    """The visible text of one leaf element (or a bare run between elements), white space folded, <br> as "\\n".

    `parent` and `block` are the spots of the parent element and of the nearest block-level element; `cell` is the index in
    `Document.cells`, or -1. `loud` is text made to stand out (red, bold, strong, a class that says tip or notice).
    """

    text: str
    tag: str
    names: str
    parent: int
    block: int
    cell: int
    spot: int
    loud: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One td or th. `text` leaves nested tables out; `tables` are the indexes of those. `closed`: its end was seen."""

    text: str
    header: bool
    table: int
    row: int
    column: int
    rowspan: int
    colspan: int
    spot: int
    end: int
    tables: tuple[int, ...] = ()
    closed: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """One table: `rows` hold indexes of `Document.cells`; `outer` is the index of the cell it stands in, or -1."""

    rows: tuple[tuple[int, ...], ...]
    outer: int
    spot: int
    end: int
    closed: bool = True


@dataclass(frozen=True, slots=True)
class Caption:
    """A caption candidate of a control. `how`, best first: label, cell_left, before, row_above, sibling, inside,
    placeholder, title, hint (value as hint)."""

    text: str
    how: str


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    text: str
    selected: bool


@dataclass(frozen=True, slots=True)
class Control:
    """One control of a form. `kind` is the input's type in lower case, or select, textarea, button."""

    kind: str
    name: str
    value: str
    captions: tuple[Caption, ...]
    options: tuple[Option, ...]
    checked: bool
    disabled: bool
    readonly: bool
    spot: int
    max_length: int | None = None
    id: str = ""
    image: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """One form, as the browser would own its controls (by markers in document order). `action` is absolute."""

    method: str
    action: str
    name: str
    id: str
    charset: str
    target: str
    has_onsubmit: bool
    controls: tuple[Control, ...]
    spot: int
    end: int


@dataclass(frozen=True, slots=True)
class Image:
    src: str
    alt: str
    spot: int
    form: int


@dataclass(frozen=True, slots=True)
class Document:
    """A page, flat. `messages` are texts of alert('…') calls and of hidden message fields; `controls` those outside forms.

    `truncated`: the source ends inside a tag, an open table cell, or without </html> though it opened one;
    `script_size` is the number of characters inside scripts; `links` are (href absolute, text).
    """

    url: str
    title: str
    texts: tuple[Text, ...]
    cells: tuple[Cell, ...]
    tables: tuple[Table, ...]
    forms: tuple[Form, ...]
    controls: tuple[Control, ...]
    images: tuple[Image, ...]
    links: tuple[tuple[str, str], ...]
    messages: tuple[str, ...]
    refresh: str
    frames: tuple[str, ...]
    script_size: int
    truncated: bool

    @property
    def visible(self) -> str:
        """All visible text, one line per text."""
        return "\n".join(t.text for t in self.texts)


def parse(page: Page) -> Document:
    raise RuntimeError("being written")
