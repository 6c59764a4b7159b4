"""What a parsed page consists of: light, flat, immutable.

Every item carries `spot`, its place in document order (the running number of its opening tag or text), so that "beside",
"before" and "inside" can be asked without a tree. `end` is the first spot after an item: `spot <= x < end` is inside.
Hidden elements take numbers too, but their texts and cells are left out.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, Protocol

CODES = re.compile("[A-Za-z0-9-]{6,}")  # what may be a case's number


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


class Text(NamedTuple):
    """The visible text of one leaf element (or a bare run between elements), white space folded, <br> as "\\n".

    `names` are the element's id, class and name. `parent` and `block` are the spots of the parent element and of the
    nearest block-level element; `cell` is the index in `Document.cells`, or -1. `loud` is text made to stand out (red,
    bold, strong, a class that says tip or notice), `fresh` text with a <br> right before it. A named tuple: a page has
    hundreds, and they are made fast.
    """

    text: str
    tag: str
    names: str
    parent: int
    block: int
    cell: int
    spot: int
    loud: bool = False
    fresh: bool = False


class Cell(NamedTuple):
    """One td or th. `text` leaves nested tables out ("\\n" for <br> and between blocks); `tables` are the indexes of those.

    `row` counts the table's rows, `column` the grid's columns after rowspan and colspan. `closed`: its end was seen.
    """

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
    """A caption candidate of a control. `how`, best first: label, after (of a radio or checkbox), cell_left, before,
    row_above, sibling, inside, placeholder, title, hint (value as hint)."""

    text: str
    how: str


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    text: str
    selected: bool
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Control:
    """One control of a form. `kind` is the type in lower case of an input or button, or select, textarea.

    `image` is the absolute address of an image button's picture; `action` (absolute) and `method` are a button's own, or "".
    """

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
    multiple: bool = False
    action: str = ""
    method: str = ""
    parent: int = -1
    block: int = -1
    cell: int = -1


@dataclass(frozen=True, slots=True)
class Form:
    """One form, as the browser would own its controls (by markers in document order). `action` is absolute.

    `charset` is the first known one of accept-charset, in our spelling, or "".
    """

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
    """A picture: its absolute address, and the index of the form that it stands in, or -1."""

    src: str
    alt: str
    spot: int
    form: int


@dataclass(frozen=True)
class Document:
    """A page, flat. `messages` are texts of alert('…') calls and of hidden message fields; `dormant` the names and texts of
    hidden message elements, which wait for a script to show them; `controls` those outside forms.

    `truncated`: the source ends inside a tag, an open table cell, or without </html> though it opened one;
    `script_size` is the number of characters inside scripts; `anchors` are (href as written, text); `resolve` completes one;
    `refresh` is the absolute address that a meta refresh leads to, or "". `parents` has the spot of the element around each
    spot, -1 for none; `unclosed` are the spots of the elements still open where the source ends;
    `undecided` those of the elements whose texts a script or a server has yet to choose (v-if, <c:if>, <?php if … ?>).
    """

    url: str
    resolve: Callable[[str], str] = field(repr=False, compare=False)
    title: str
    texts: tuple[Text, ...]
    cells: tuple[Cell, ...]
    tables: tuple[Table, ...]
    forms: tuple[Form, ...]
    controls: tuple[Control, ...]
    images: tuple[Image, ...]
    anchors: tuple[tuple[str, str], ...]
    messages: tuple[str, ...]
    refresh: str
    frames: tuple[str, ...]
    script_size: int
    truncated: bool
    parents: tuple[int, ...] = ()
    unclosed: frozenset[int] = frozenset()
    dormant: tuple[tuple[str, str], ...] = ()
    undecided: frozenset[int] = frozenset()

    @cached_property
    def visible(self) -> str:
        """All visible text, one line per text."""
        return "\n".join([t.text for t in self.texts])

    @cached_property
    def codes(self) -> list[str]:
        """What may be the numbers of cases in all its texts."""
        return CODES.findall(self.visible)

    @cached_property
    def tags(self) -> Counter[str]:
        """The elements that its texts stand in, and how many stand in each kind."""
        return Counter([t.tag for t in self.texts])

    @cached_property
    def link_texts(self) -> frozenset[str]:
        """The words of its links."""
        return frozenset([text for _, text in self.anchors])

    @cached_property
    def links(self) -> tuple[tuple[str, str], ...]:
        """(href absolute, text). A page has dozens, and most readers ask for their words only."""
        return tuple((self.resolve(href), text) for href, text in self.anchors)

    @cached_property
    def spots(self) -> list[int]:
        """Where the texts stand, in page order."""
        return [t.spot for t in self.texts]

    def between(self, start: int, end: int) -> tuple[Text, ...]:
        """The texts from one spot to before another."""
        return self.texts[bisect_left(self.spots, start) : bisect_left(self.spots, end)]

    @cached_property
    def pictured(self) -> frozenset[int]:
        """Where the pictures stand."""
        return frozenset(image.spot for image in self.images)

    @cached_property
    def cell_spots(self) -> frozenset[int]:
        """Where the cells stand."""
        return frozenset(c.spot for c in self.cells)

    @cached_property
    def ends(self) -> list[int]:
        """The first spot behind each element or text."""
        result = list(range(1, len(self.parents) + 1))
        last_child = dict(zip(self.parents, range(len(self.parents)), strict=True))  # in the order of the elements
        last_child.pop(-1, None)
        for outer, child in reversed(last_child.items()):
            result[outer] = result[child]
        return result
