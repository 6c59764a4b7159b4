"""What a walk collects, and what it does at the beginning and end of special elements: tables, fields, links, scripts."""

from collections.abc import Callable

from selectolax.lexbor import LexborNode

from tracker.pages.elements import BLOCKS, BOLD, INLINE, UNREAD, Label, RawControl, option_of, text_of
from tracker.pages.looks import DISABLED, HIDDEN, LINES, LOUD, NAMED, Attributes, by_name, hidden_by, says
from tracker.pages.parts import Option, Text
from tracker.pages.source import FORM_MARK
from tracker.pages.tables import BREAK, Grids, fold

# An open element, and what its texts and children inherit: tag, names, spot, block, cell, flags, what to do at its end,
# attributes, node. A plain tuple, made for every element of every page.
Frame = tuple[str, str, int, int, int, int, Callable[["Walked", "Frame"], None] | None, Attributes, LexborNode]
_Enter = Callable[["Walked", Frame], int | None]  # the cell that its texts stand in; None: don't read on inside
_Leave = Callable[["Walked", Frame], None]
Kind = tuple[bool, int, _Enter | None, _Leave | None]  # is it a block, its flags, what to do at its start and end


class Walked:
    """What a walk in document order has met so far, addresses still as they were written.

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
        self.pending: list[str] = []
        self.broken = False  # a <br> came right before
        self.stack: list[Frame] = []
        self.cell_texts = self.grids.texts
        self.known_names: dict[str, int] = {}
        self.hidden_names: frozenset[str] = frozenset()  # by the page's own style sheets so far
        self.form = -1


def _table(walk: Walked, frame: Frame) -> int | None:
    if not frame[5] & HIDDEN:
        walk.grids.open_table(frame[4], frame[2])
    return -1


def _leave_table(walk: Walked, frame: Frame) -> None:
    if not frame[5] & HIDDEN:
        walk.grids.close_table(len(walk.parents))


def _row(walk: Walked, frame: Frame) -> int | None:
    if not frame[5] & HIDDEN:
        walk.grids.open_row()
    return -1


def _cell(walk: Walked, frame: Frame) -> int | None:
    return -1 if frame[5] & HIDDEN else walk.grids.open_cell(frame[0] == "th", frame[7], frame[2])


def _leave_cell(walk: Walked, frame: Frame) -> None:
    if frame[4] >= 0:
        walk.grids.close_cell(frame[4], len(walk.parents))


def leave_block(walk: Walked, frame: Frame) -> None:
    walk.cell_texts[frame[4]].append(BREAK)


def _script(walk: Walked, frame: Frame) -> int | None:
    attrs = frame[7]
    mark = attrs.get(FORM_MARK)
    if mark is None:
        walk.scripts.append(text_of(frame[8]))
        return None
    if walk.form >= 0:
        began, start, _ = walk.forms[walk.form]
        walk.forms[walk.form] = (began, start, frame[2])
        walk.form = -1
    if mark != "end":
        walk.form = len(walk.forms)
        walk.forms.append((attrs, frame[2], -1))
    return None


def _control(walk: Walked, frame: Frame) -> int | None:
    tag, names, spot, block, cell, flags, _, attrs, node = frame
    value = attrs.get("value") or ""
    options: tuple[Option, ...] = ()
    if tag == "select":
        options = tuple(option_of(o) for o in node.css("option"))
    elif tag == "textarea":
        value = text_of(node)
    disabled = "disabled" in attrs or flags & DISABLED != 0
    fresh, walk.broken = walk.broken, False
    walk.controls.append(RawControl(tag, attrs, value, options, spot, walk.parents[spot], block, cell, disabled, fresh))
    if tag == "input" and (attrs.get("type") or "").lower() == "hidden" and by_name(names) & NAMED and says(value):
        walk.messages.append(fold(value))
    return cell if tag == "button" else None


def _image(walk: Walked, frame: Frame) -> int | None:
    attrs = frame[7]
    walk.images.append((attrs.get("src") or "", attrs.get("alt") or "", frame[2], walk.form))
    return None


def leave_anchor(walk: Walked, frame: Frame) -> None:
    href = frame[7].get("href")
    if href:
        texts, spot = walk.texts, frame[2]
        start = len(texts)
        while start and texts[start - 1].spot > spot:
            start -= 1
        walk.anchors.append((href, " ".join([t.text for t in texts[start:]])))


def _leave_label(walk: Walked, frame: Frame) -> None:
    walk.labels.append(Label(frame[7].get("for") or "", frame[2], len(walk.parents)))


def _head(walk: Walked, frame: Frame) -> int | None:
    tag, _, _, _, _, _, _, attrs, node = frame
    if tag == "title":
        walk.title = walk.title or fold(text_of(node))
    elif tag == "base":
        walk.base = walk.base or attrs.get("href") or ""
    elif tag in ("iframe", "frame"):
        walk.frames.append(attrs.get("src") or "")
    elif (attrs.get("http-equiv") or "").lower() == "refresh":
        walk.refresh = walk.refresh or attrs.get("content") or "0"
    return None


def _body(walk: Walked, frame: Frame) -> int | None:
    if onload := frame[7].get("onload"):
        walk.scripts.append(onload)
    return -1


def _style(walk: Walked, frame: Frame) -> int | None:
    walk.hidden_names |= hidden_by(text_of(frame[8]))
    walk.known_names.clear()
    return None


def _unread(_walk: Walked, _frame: Frame) -> int | None:
    return None


_ENTERS: dict[str, _Enter] = {
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
_LEAVES: dict[str, _Leave] = {
    "td": _leave_cell,
    "th": _leave_cell,
    "table": _leave_table,
    "a": leave_anchor,
    "label": _leave_label,
}
_FLAGS = {**dict.fromkeys(BOLD, LOUD), "pre": LINES, "dialog": HIDDEN}
KINDS: dict[str, Kind] = {
    tag: (tag in BLOCKS, _FLAGS.get(tag, 0), _ENTERS.get(tag), _LEAVES.get(tag))
    for tag in (*BLOCKS, *BOLD, *INLINE, *_ENTERS, *_LEAVES)
}
