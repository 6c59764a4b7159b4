"""The walk over the parsed tree: once, in document order, into flat records."""

from collections.abc import Callable
from typing import ClassVar

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tracker.pages.elements import (
    BLOCKS,
    BOLD,
    CONDITIONS,
    INLINE,
    TELLING,
    UNREAD,
    UNUSUAL,
    WIDE,
    Label,
    RawControl,
    is_open,
    is_undecided,
    names_of,
    option_of,
    text_of,
)
from tracker.pages.looks import DISABLED, HIDDEN, LINES, LOUD, NAMED, Attributes, by_look, by_name, hidden_by, says
from tracker.pages.parts import Option, Text
from tracker.pages.source import END_MARK, FORM_MARK
from tracker.pages.tables import BREAK, Grids, fold

# An open element, and what its texts and children inherit: tag, names, spot, block, cell, flags, what to do at its end,
# attributes, node. A plain tuple, made for every element of every page.
_Frame = tuple[str, str, int, int, int, int, Callable[["Walk", "_Frame"], None] | None, Attributes, LexborNode]
_Enter = Callable[["Walk", _Frame], int | None]
_Leave = Callable[["Walk", _Frame], None]
_Kind = tuple[bool, int, _Enter | None, _Leave | None]  # is it a block, its flags, what to do at its start and end
_PLAIN: _Kind = (False, 0, None, None)
_new = tuple.__new__  # a named tuple made without its Python-written constructor takes half the time


class Walk:
    """One pass over a tree in document order; afterwards the lists hold the page, addresses still as they were written.

    `parents` has each spot's parent spot; `forms` are (attributes, spot, end), `images` (src, alt, spot, form),
    `anchors` (href, text); `ended` is whether the source's end was met outside of tags, comments and scripts, `in_cell`
    whether that was inside a cell.
    """

    def __init__(self) -> None:
        self.parents: list[int] = []
        self.texts: list[Text] = []
        self.hidden: list[Text] = []
        self.messages: list[str] = []
        self.dormant: list[tuple[str, str]] = []
        self.controls: list[RawControl] = []
        self.labels: list[Label] = []
        self.forms: list[tuple[Attributes, int, int]] = []
        self.images: list[tuple[str, str, int, int]] = []
        self.anchors: list[tuple[str, str]] = []
        self.scripts: list[str] = []
        self.frames: list[str] = []
        self.title = self.base = self.refresh = ""
        self.ended = self.in_cell = False
        self.unclosed: frozenset[int] = frozenset()  # the spots of the elements that the end of the source left open
        self.undecided: set[int] = set()  # the spots of elements whose texts a script or a server has yet to choose
        self.grids = Grids()
        self._pending: list[str] = []
        self._broken = False  # a <br> came right before
        self._stack: list[_Frame] = []
        self._cell_texts = self.grids.texts
        self._known_names: dict[str, int] = {}
        self._hidden_names: frozenset[str] = frozenset()  # by the page's own style sheets so far
        self._form = -1

    def run(self, markup: str) -> None:  # noqa: C901, PLR0912, PLR0915 - a call for each of a page's elements takes a tenth of it
        """Parse and walk: one loop, run once for everything that stands on a page."""
        root = LexborHTMLParser(markup).root
        assert root is not None  # the parser makes one for any text
        node, tag = root, root.tag or ""
        pending, stack, cell_texts, parents, texts = self._pending, self._stack, self._cell_texts, self.parents, self.texts
        kinds, leave_anchor = self._kinds, Walk._leave_anchor
        stack.append(("", "", -1, -1, -1, 0, None, {}, root))
        outer, parent, block, cell, flags = "", -1, -1, -1, 0  # what the element around has: the stack's last
        while True:
            kind = kinds.get(tag)
            if kind is None and tag == "-text":
                text = node.text_content or ""
                if pending or not text.isspace():
                    pending.append(text)
                elif cell >= 0:  # what stands between two tags is only white space, mostly
                    cell_texts[cell].append(" ")
            elif kind is not None or (kind := self._unusual(node, tag)) is not None:
                if pending:
                    self._flush()
                spot = len(parents)
                parents.append(parent)
                attrs = node.attributes
                names = ""
                own_flags = flags
                own_block = block
                own_cell = cell
                if attrs and not TELLING.isdisjoint(attrs):  # most links only lead somewhere
                    names, own_flags = self._told(tag, attrs, flags, spot)
                is_block, extra, enter, leave = kind
                if extra and not (extra & HIDDEN and "open" in attrs):
                    own_flags |= extra
                if is_block:
                    own_block = spot
                    if cell >= 0:
                        cell_texts[cell].append(BREAK)
                        leave = leave or Walk._leave_block
                elif outer == "dt":
                    tag = "dt"  # <dt><b>状态</b>: a caption all the same
                child = node.first_child
                if enter is not None:
                    inner = enter(self, (tag, names, spot, own_block, cell, own_flags, leave, attrs, node))
                    if inner is None:
                        child = leave = None
                    else:
                        own_cell = inner
                if child is not None:
                    within = child.tag or ""
                    if within != "-text" or child.next is not None:
                        stack.append((tag, names, spot, own_block, own_cell, own_flags, leave, attrs, node))
                        outer = tag
                        parent = spot
                        block = own_block
                        cell = own_cell
                        flags = own_flags
                        node = child
                        tag = within
                        continue
                    raw = child.text_content or ""  # the common leaf needs no step down and up
                    if own_cell >= 0 or own_flags & ~LOUD or len(raw) == 1:
                        self._text((tag, names, spot, own_block, own_cell, own_flags, leave, attrs, node), raw)
                    elif text := " ".join(raw.split()):
                        loud = own_flags & LOUD != 0
                        texts.append(_new(Text, (text, tag, names, spot, own_block, -1, spot + 1, loud, self._broken)))
                        parents.append(spot)
                        self._broken = False
                        if leave is leave_anchor:
                            leave = None
                            if href := attrs.get("href"):
                                self.anchors.append((href, text))
                if leave is not None:
                    leave(self, (tag, names, spot, own_block, own_cell, own_flags, leave, attrs, node))
            following = node.next
            if following is None:
                while following is None and len(stack) > 1:  # that was the last child of an element, which ends here
                    if pending:
                        self._flush()
                    frame = stack.pop()
                    if frame[6] is not None:
                        frame[6](self, frame)
                    following = frame[8].next
                if following is None:
                    return
                outer, _, parent, block, cell, flags, _, _, _ = stack[-1]
            node = following
            tag = node.tag or ""

    def _unusual(self, node: LexborNode, tag: str) -> _Kind | None:
        """The kind of an element that nothing is known of; None for a break, or where it is no element."""
        if tag == "br":
            self._pending.append(BREAK)
            return None
        if tag in ("-comment", ""):
            self._aside(node)
            return None
        if is_undecided(tag):
            self._flush()
            self.undecided.add(len(self.parents))
        return _PLAIN

    def _told(self, tag: str, attrs: Attributes, flags: int, spot: int) -> tuple[str, int]:
        """(an element's names, its flags) by its attributes."""
        names = names_of(attrs) if "id" in attrs or "name" in attrs else attrs.get("class") or ""
        if names:
            known = self._known_names.get(names)
            if known is None:
                known = self._learn(names)
            if known:
                flags |= known & ~LOUD if tag in WIDE else known
        if not UNUSUAL.isdisjoint(attrs):
            flags = by_look(tag, attrs, flags)
            if not CONDITIONS.isdisjoint(attrs) and is_open(attrs, names):
                self.undecided.add(spot)
        return names, flags

    def _aside(self, node: LexborNode) -> None:
        """A comment; or <? … >, the code of a server that did not run it, or what a word processor left."""
        if node.comment_content == END_MARK:
            self._end_of_source()
        elif node.tag is None and not (node.html or "").startswith("<?xml"):
            self.undecided.add(self._stack[-1][2])

    def _learn(self, names: str) -> int:
        hidden = HIDDEN if not self._hidden_names.isdisjoint(names.split()) else 0
        self._known_names[names] = known = by_name(names) | hidden
        return known

    def _flush(self) -> None:
        """The text collected since the last tag becomes one run."""
        raw = "".join(self._pending)
        self._pending.clear()
        self._text(self._stack[-1], raw)

    def _text(self, frame: _Frame, raw: str) -> None:
        tag, names, parent, block, cell, flags, _, _, _ = frame
        if flags & LINES:
            raw = raw.replace("\n", BREAK)
        elif len(raw) == 1 and ("\ue000" <= raw <= "\uf8ff" or raw >= "\U000f0000"):
            return  # the glyph of an icon font
        if cell >= 0 and not flags & HIDDEN:
            self._cell_texts[cell].append(raw)
        if BREAK in raw:
            text = fold(raw)
            fresh = self._broken or raw.lstrip().startswith(BREAK)
            self._broken = not text or raw.rstrip().endswith(BREAK)
            if not text:
                return
        else:
            text = " ".join(raw.split())
            if not text:
                return
            fresh, self._broken = self._broken, False
        spot = len(self.parents)
        self.parents.append(parent)
        run = _new(Text, (text, tag, names, parent, block, cell, spot, flags & LOUD != 0, fresh))
        if not flags & HIDDEN:
            self.texts.append(run)
            return
        self.hidden.append(run)
        if flags & NAMED:
            self.dormant.append((names, text))

    def _end_of_source(self) -> None:
        open_cells = frozenset(frame[4] for frame in self._stack if frame[4] >= 0)
        self.grids.end_of_source(open_cells)
        self.ended, self.in_cell = True, bool(open_cells)
        self.unclosed = frozenset(frame[2] for frame in self._stack)

    # What special elements do. The answer is the cell that their texts stand in; None: don't read on inside.

    def _table(self, frame: _Frame) -> int | None:
        if not frame[5] & HIDDEN:
            self.grids.open_table(frame[4], frame[2])
        return -1

    def _leave_table(self, frame: _Frame) -> None:
        if not frame[5] & HIDDEN:
            self.grids.close_table(len(self.parents))

    def _row(self, frame: _Frame) -> int | None:
        if not frame[5] & HIDDEN:
            self.grids.open_row()
        return -1

    def _cell(self, frame: _Frame) -> int | None:
        return -1 if frame[5] & HIDDEN else self.grids.open_cell(frame[0] == "th", frame[7], frame[2])

    def _leave_cell(self, frame: _Frame) -> None:
        if frame[4] >= 0:
            self.grids.close_cell(frame[4], len(self.parents))

    def _leave_block(self, frame: _Frame) -> None:
        self._cell_texts[frame[4]].append(BREAK)

    def _script(self, frame: _Frame) -> int | None:
        attrs = frame[7]
        mark = attrs.get(FORM_MARK)
        if mark is None:
            self.scripts.append(text_of(frame[8]))
            return None
        if self._form >= 0:
            began, start, _ = self.forms[self._form]
            self.forms[self._form] = (began, start, frame[2])
            self._form = -1
        if mark != "end":
            self._form = len(self.forms)
            self.forms.append((attrs, frame[2], -1))
        return None

    def _control(self, frame: _Frame) -> int | None:
        tag, names, spot, block, cell, flags, _, attrs, node = frame
        value = attrs.get("value") or ""
        options: tuple[Option, ...] = ()
        if tag == "select":
            options = tuple(option_of(o) for o in node.css("option"))
        elif tag == "textarea":
            value = text_of(node)
        disabled = "disabled" in attrs or flags & DISABLED != 0
        fresh, self._broken = self._broken, False
        self.controls.append(RawControl(tag, attrs, value, options, spot, self.parents[spot], block, cell, disabled, fresh))
        if tag == "input" and (attrs.get("type") or "").lower() == "hidden" and by_name(names) & NAMED and says(value):
            self.messages.append(fold(value))
        return cell if tag == "button" else None

    def _image(self, frame: _Frame) -> int | None:
        attrs = frame[7]
        self.images.append((attrs.get("src") or "", attrs.get("alt") or "", frame[2], self._form))
        return None

    def _leave_anchor(self, frame: _Frame) -> None:
        href = frame[7].get("href")
        if href:
            texts, spot = self.texts, frame[2]
            start = len(texts)
            while start and texts[start - 1].spot > spot:
                start -= 1
            self.anchors.append((href, " ".join([t.text for t in texts[start:]])))

    def _leave_label(self, frame: _Frame) -> None:
        self.labels.append(Label(frame[7].get("for") or "", frame[2], len(self.parents)))

    def _head(self, frame: _Frame) -> int | None:
        tag, _, _, _, _, _, _, attrs, node = frame
        if tag == "title":
            self.title = self.title or fold(text_of(node))
        elif tag == "base":
            self.base = self.base or attrs.get("href") or ""
        elif tag in ("iframe", "frame"):
            self.frames.append(attrs.get("src") or "")
        elif (attrs.get("http-equiv") or "").lower() == "refresh":
            self.refresh = self.refresh or attrs.get("content") or "0"
        return None

    def _body(self, frame: _Frame) -> int | None:
        if onload := frame[7].get("onload"):
            self.scripts.append(onload)
        return -1

    def _style(self, frame: _Frame) -> int | None:
        self._hidden_names |= hidden_by(text_of(frame[8]))
        self._known_names.clear()
        return None

    def _unread(self, _frame: _Frame) -> int | None:
        return None

    _enters: ClassVar[dict[str, _Enter]] = {
        "table": _table,
        "tr": _row,
        "td": _cell,
        "th": _cell,
        "script": _script,
        "img": _image,
        "body": _body,
        **dict.fromkeys(("input", "select", "textarea", "button"), _control),
        **dict.fromkeys(("title", "base", "meta", "iframe", "frame"), _head),
        **dict.fromkeys(UNREAD, _unread),
        "style": _style,
    }
    _leaves: ClassVar[dict[str, _Leave]] = {
        "td": _leave_cell,
        "th": _leave_cell,
        "table": _leave_table,
        "a": _leave_anchor,
        "label": _leave_label,
    }
    _kinds: ClassVar[dict[str, _Kind]] = {}
    _flags: ClassVar[dict[str, int]] = {**dict.fromkeys(BOLD, LOUD), "pre": LINES, "dialog": HIDDEN}
    for _tag in (*BLOCKS, *BOLD, *INLINE, *_enters, *_leaves):
        _kinds[_tag] = (_tag in BLOCKS, _flags.get(_tag, 0), _enters.get(_tag), _leaves.get(_tag))
