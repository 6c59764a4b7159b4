"""The walk over the parsed tree: once, in document order, into flat records. Only this package's parser is imported here."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tracker.pages.parts import Cell, Option, Table, Text
from tracker.pages.source import END_MARK, FORM_MARK

HIDDEN, LOUD, NAMED, DISABLED = 1, 2, 4, 8
BREAK = "\0"  # never in parsed text; stands for <br> and the edges of blocks until white space is folded

_BLOCKS = frozenset(
    "html body address article aside blockquote center dd details dialog dir div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hgroup hr li main menu nav ol p pre section summary table caption tbody thead tfoot tr td th "
    "ul".split()
)
_UNREAD = frozenset("style template noscript object svg math audio video canvas noframes noembed xmp datalist".split())
_BOLD = frozenset(("b", "strong"))
_WIDE = frozenset("html body form table tbody tr".split())  # a class on these says nothing about one text
_LOOKS = frozenset(("style", "hidden", "color", "disabled"))
_MAX_SPAN = 1000
_new = tuple.__new__  # a named tuple made without its Python-written constructor takes half the time

_HIDING = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
_LOUD_STYLE = re.compile(
    r"(?<!-)color\s*:\s*(?:red|#[c-f]00\b|#[c-f][0-9a-f](?:[0-3][0-9a-f]){2}|rgb\(\s*2\d\d\s*,\s*0\s*,\s*0)|font-weight\s*:\s*bold",
    re.I,
)
_RED = re.compile(r"red$|#?[c-f]00$|#?[c-f][0-9a-f](?:[0-3][0-9a-f]){2}$", re.I)
_LOUD_NAME = re.compile(r"tip(?!le)|notice|warn|alert|\bred\b", re.I)
_MESSAGE_NAME = re.compile(r"(?i:msg|message|error)|(?<![a-z])tips?(?![a-z])|Tips?(?![a-z])")


class RawControl(NamedTuple):
    """A control as the source wrote it, and where it stands."""

    tag: str
    attrs: dict[str, str | None]
    value: str
    options: tuple[Option, ...]
    spot: int
    parent: int
    block: int
    cell: int
    disabled: bool


class Label(NamedTuple):
    target: str
    spot: int
    end: int


@dataclass(slots=True)
class _OpenTable:
    index: int
    outer: int
    spot: int
    rows: list[list[int]] = field(default_factory=list)
    column: int = 0
    covered: dict[int, int] = field(default_factory=dict)  # column -> rows that a rowspan above still covers
    end: int = 0


@dataclass(slots=True)
class _OpenCell:
    header: bool
    table: int
    row: int
    column: int
    rowspan: int
    colspan: int
    spot: int
    parts: list[str] = field(default_factory=list)
    tables: list[int] = field(default_factory=list)
    end: int = 0


# an open element, and what its texts and children inherit: tag, names, spot, block, cell, flags
# and what is to be done when it ends
_Frame = tuple[str, str, int, int, int, int, Callable[["Walk", "_Frame"], None] | None]
_Attrs = dict[str, str | None]
_Special = Callable[["Walk", LexborNode, _Attrs, _Frame], int | None]


def fold(raw: str) -> str:
    """White space folded, breaks as "\\n"."""
    if BREAK not in raw:
        return " ".join(raw.split())
    lines = (" ".join(line.split()) for line in raw.split(BREAK))
    return "\n".join(line for line in lines if line)


class Walk:
    """One pass over a tree in document order; afterwards the lists hold the page, addresses still as they were written.

    `parents` has each spot's parent spot; `forms` are (attributes, spot, end), `images` (src, alt, spot, form),
    `anchors` (href, text); `ended` is whether the source's end was met outside of tags, comments and scripts.
    """

    def __init__(self) -> None:
        self.parents: list[int] = []
        self.texts: list[Text] = []
        self.hidden: list[Text] = []
        self.messages: list[str] = []
        self.controls: list[RawControl] = []
        self.labels: list[Label] = []
        self.forms: list[tuple[_Attrs, int, int]] = []
        self.images: list[tuple[str, str, int, int]] = []
        self.anchors: list[tuple[str, str]] = []
        self.scripts: list[str] = []
        self.frames: list[str] = []
        self.title = self.base = self.refresh = ""
        self.ended = False
        self.in_cell = False
        self.unclosed: frozenset[int] = frozenset()
        self._pending: list[str] = []
        self._stack: list[_Frame] = [("", "", -1, -1, -1, 0, None)]
        self._cells: list[_OpenCell] = []
        self._tables: list[_OpenTable] = []
        self._open_tables: list[_OpenTable] = []
        self._open_anchors: list[tuple[str, int]] = []
        self._open_labels: list[str] = []
        self._known_names: dict[str, int] = {}
        self._form = -1
        self._unclosed_cells: set[int] = set()
        self._unclosed_tables: set[int] = set()

    def run(self, markup: str) -> None:
        """Parse and walk."""
        node = LexborHTMLParser(markup).root
        pending, stack = self._pending, self._stack
        while node is not None:
            tag = node.tag
            if tag == "-text":
                pending.append(node.text_content or "")
            elif tag == "br":
                pending.append(BREAK)
            elif tag == "-comment":
                if node.comment_content == END_MARK:
                    self._end_of_source()
            elif tag is not None and (frame := self._enter(node, tag)) is not None:
                child = node.first_child
                if child is not None and (child.tag != "-text" or child.next is not None):
                    stack.append(frame)
                    node = child
                    continue
                if child is not None:  # the common leaf, one text in one element, needs no step down and up
                    self._text(frame, child.text_content or "")
                if frame[6] is not None:
                    frame[6](self, frame)
            node = node.next or self._upward(node)

    def _upward(self, node: LexborNode) -> LexborNode | None:
        """The node after the last child of its parent, leaving the elements that end here."""
        stack = self._stack
        following = None
        while following is None and len(stack) > 1:
            if self._pending:
                self._flush()
            frame = stack.pop()
            if frame[6] is not None:
                frame[6](self, frame)
            parent = node.parent
            assert parent is not None
            node = parent
            following = node.next
        return following

    def cells(self) -> tuple[Cell, ...]:
        unclosed = self._unclosed_cells
        return tuple(
            Cell(
                fold("".join(c.parts)),
                c.header,
                c.table,
                c.row,
                c.column,
                c.rowspan,
                c.colspan,
                c.spot,
                c.end,
                tuple(c.tables),
                i not in unclosed,
            )
            for i, c in enumerate(self._cells)
        )

    def tables(self) -> tuple[Table, ...]:
        return tuple(
            Table(tuple(map(tuple, t.rows)), t.outer, t.spot, t.end, t.index not in self._unclosed_tables) for t in self._tables
        )

    def _enter(self, node: LexborNode, tag: str) -> _Frame | None:
        """Take an element; None where its children are not for reading."""
        if self._pending:
            self._flush()
        _, _, parent, block, cell, flags, _ = self._stack[-1]
        spot = len(self.parents)
        self.parents.append(parent)
        attrs = node.attributes
        names = ""
        if attrs:
            names = attrs.get("class") or ""
            if "id" in attrs or "name" in attrs:
                names = " ".join([attrs[key] or "" for key in ("id", "class", "name") if key in attrs])
            if names:
                known = self._known_names.get(names)
                flags |= self._learn(names) if known is None else known
            if not _LOOKS.isdisjoint(attrs):
                flags = _look(tag, attrs, flags)
        kind = _KINDS.get(tag)
        if kind is None:
            return tag, names, spot, block, cell, flags, None
        is_block, extra, special, leave = kind
        flags |= extra
        if is_block:
            block = spot
            if cell >= 0:
                self._cells[cell].parts.append(BREAK)
                leave = leave or Walk._leave_block
        if special is None:
            return tag, names, spot, block, cell, flags, leave
        inner = special(self, node, attrs, (tag, names, spot, block, cell, flags, leave))
        return None if inner is None else (tag, names, spot, block, inner, flags, leave)

    def _learn(self, names: str) -> int:
        known = (LOUD if _LOUD_NAME.search(names) else 0) | (NAMED if _MESSAGE_NAME.search(names) else 0)
        self._known_names[names] = known
        return known

    def _flush(self) -> None:
        """The text collected since the last tag becomes one run."""
        raw = "".join(self._pending)
        self._pending.clear()
        self._text(self._stack[-1], raw)

    def _text(self, frame: _Frame, raw: str) -> None:
        tag, names, parent, block, cell, flags, _ = frame
        if cell >= 0 and not flags & HIDDEN:
            self._cells[cell].parts.append(raw)
        text = " ".join(raw.split()) if BREAK not in raw else fold(raw)
        if not text:
            return
        spot = len(self.parents)
        self.parents.append(parent)
        run = _new(Text, (text, tag, names, parent, block, cell, spot, flags & LOUD != 0))
        if not flags & HIDDEN:
            self.texts.append(run)
            return
        self.hidden.append(run)
        if flags & NAMED:
            self.messages.append(text)

    def _end_of_source(self) -> None:
        self.ended = True
        self._unclosed_cells = {frame[4] for frame in self._stack if frame[4] >= 0}
        self._unclosed_tables = {t.index for t in self._open_tables}
        self.in_cell = bool(self._unclosed_cells)
        self.unclosed = frozenset(frame[2] for frame in self._stack)

    def _table(self, _node: LexborNode, _attrs: _Attrs, frame: _Frame) -> int | None:
        _, _, spot, _, cell, flags, _ = frame
        if flags & HIDDEN:
            return -1
        table = _OpenTable(len(self._tables), cell, spot)
        self._tables.append(table)
        self._open_tables.append(table)
        if cell >= 0:
            self._cells[cell].tables.append(table.index)
        return -1

    def _row(self, _node: LexborNode, _attrs: _Attrs, frame: _Frame) -> int | None:
        if self._open_tables and not frame[5] & HIDDEN:
            table = self._open_tables[-1]
            table.rows.append([])
            table.column = 0
            table.covered = {column: rows - 1 for column, rows in table.covered.items() if rows > 1}
        return -1

    def _cell(self, _node: LexborNode, attrs: _Attrs, frame: _Frame) -> int | None:
        tag, _, spot, _, _, flags, _ = frame
        if flags & HIDDEN or not self._open_tables or not self._open_tables[-1].rows:
            return -1
        table = self._open_tables[-1]
        column, covered = table.column, table.covered
        while column in covered:
            column += 1
        colspan, rowspan = max(_number(attrs, "colspan", 1), 1), _number(attrs, "rowspan", 1) or _MAX_SPAN
        table.column = column + colspan
        if rowspan > 1:
            # a row that is below is one less when it begins
            covered.update(dict.fromkeys(range(column, min(column + colspan, _MAX_SPAN)), rowspan))
        index = len(self._cells)
        self._cells.append(_OpenCell(tag == "th", table.index, len(table.rows) - 1, column, rowspan, colspan, spot))
        table.rows[-1].append(index)
        return index

    def _leave_block(self, frame: _Frame) -> None:
        self._cells[frame[4]].parts.append(BREAK)

    def _leave_cell(self, frame: _Frame) -> None:
        if frame[4] >= 0:
            self._cells[frame[4]].end = len(self.parents)

    def _leave_table(self, frame: _Frame) -> None:
        if not frame[5] & HIDDEN:
            self._open_tables.pop().end = len(self.parents)

    def _script(self, node: LexborNode, attrs: _Attrs, frame: _Frame) -> int | None:
        mark = attrs.get(FORM_MARK)
        if mark is None:
            child = node.first_child
            if child is not None:
                self.scripts.append(child.text_content or "")
        elif mark == "end":
            self._end_form(frame[2])
        else:
            self._end_form(frame[2])
            self._form = len(self.forms)
            self.forms.append((attrs, frame[2], -1))
        return None

    def _end_form(self, spot: int) -> None:
        if self._form >= 0:
            attrs, start, _ = self.forms[self._form]
            self.forms[self._form] = (attrs, start, spot)
        self._form = -1

    def _control(self, node: LexborNode, attrs: _Attrs, frame: _Frame) -> int | None:
        tag, names, spot, block, cell, flags, _ = frame
        value = attrs.get("value") or ""
        options: tuple[Option, ...] = ()
        if tag == "select":
            options = tuple(_option(o) for o in node.css("option"))
        elif tag == "textarea":
            value = node.text()
        disabled = "disabled" in attrs or flags & DISABLED != 0
        parent = self.parents[spot]
        self.controls.append(RawControl(tag, attrs, value, options, spot, parent, block, cell, disabled))
        if tag == "input" and (attrs.get("type") or "").lower() == "hidden" and _MESSAGE_NAME.search(names) and _says(value):
            self.messages.append(fold(value))
        return cell if tag == "button" else None

    def _image(self, _node: LexborNode, attrs: _Attrs, frame: _Frame) -> int | None:
        self.images.append((attrs.get("src") or "", attrs.get("alt") or "", frame[2], self._form))
        return None

    def _anchor(self, _node: LexborNode, attrs: _Attrs, frame: _Frame) -> int | None:
        self._open_anchors.append((attrs.get("href") or "", len(self.texts)))
        return frame[4]

    def _leave_anchor(self, _frame: _Frame) -> None:
        href, start = self._open_anchors.pop()
        if href:
            texts = self.texts[start:]
            self.anchors.append((href, texts[0].text if len(texts) == 1 else " ".join([t.text for t in texts])))

    def _label(self, _node: LexborNode, attrs: _Attrs, frame: _Frame) -> int | None:
        self._open_labels.append(attrs.get("for") or "")
        return frame[4]

    def _leave_label(self, frame: _Frame) -> None:
        self.labels.append(Label(self._open_labels.pop(), frame[2], len(self.parents)))

    def _head(self, node: LexborNode, attrs: _Attrs, frame: _Frame) -> int | None:
        tag = frame[0]
        if tag == "title":
            self.title = self.title or fold(node.text())
        elif tag == "base":
            self.base = self.base or attrs.get("href") or ""
        elif tag in ("iframe", "frame"):
            self.frames.append(attrs.get("src") or "")
        elif (attrs.get("http-equiv") or "").lower() == "refresh":
            self.refresh = self.refresh or attrs.get("content") or "0"
        return None

    def _body(self, _node: LexborNode, attrs: _Attrs, _frame: _Frame) -> int | None:
        if onload := attrs.get("onload"):
            self.scripts.append(onload)
        return -1

    def _unread(self, _node: LexborNode, _attrs: _Attrs, _frame: _Frame) -> int | None:
        return None


_ENTER: dict[str, _Special] = {
    "table": Walk._table,
    "tr": Walk._row,
    "td": Walk._cell,
    "th": Walk._cell,
    "script": Walk._script,
    "img": Walk._image,
    "a": Walk._anchor,
    "label": Walk._label,
    "body": Walk._body,
    **dict.fromkeys(("input", "select", "textarea", "button"), Walk._control),
    **dict.fromkeys(("title", "base", "meta", "iframe", "frame"), Walk._head),
    **dict.fromkeys(_UNREAD, Walk._unread),
}
_LEAVE: dict[str, Callable[[Walk, _Frame], None]] = {
    "td": Walk._leave_cell,
    "th": Walk._leave_cell,
    "table": Walk._leave_table,
    "a": Walk._leave_anchor,
    "label": Walk._leave_label,
}
_KINDS = {
    tag: (tag in _BLOCKS, LOUD if tag in _BOLD else 0, _ENTER.get(tag), _LEAVE.get(tag))
    for tag in {*_BLOCKS, *_BOLD, *_ENTER, *_LEAVE}
}


def _look(tag: str, attrs: _Attrs, flags: int) -> int:
    """The flags of an element by how it looks."""
    style = attrs.get("style")
    if style:
        flags |= (HIDDEN if _HIDING.search(style) else 0) | (LOUD if _LOUD_STYLE.search(style) else 0)
    if "hidden" in attrs:
        flags |= HIDDEN
    if tag == "font" and _RED.match(attrs.get("color") or ""):
        flags |= LOUD
    if tag == "fieldset" and "disabled" in attrs:
        flags |= DISABLED
    return flags


def _number(attrs: _Attrs, name: str, default: int) -> int:
    text = attrs.get(name)
    if text is None:
        return default
    digits = text.strip()[:5]
    return min(int(digits), _MAX_SPAN) if digits.isdecimal() and digits.isascii() else default


def _option(node: LexborNode) -> Option:
    attrs = node.attributes
    text = fold(node.text())
    value = attrs.get("value") if "value" in attrs else text
    return Option(value or "", text, "selected" in attrs, "disabled" in attrs)


def _says(value: str) -> bool:
    """Whether a hidden value is words for a person, not a code."""
    return any(ord(c) > 0x2E7F for c in value) or len(value.split()) > 1
