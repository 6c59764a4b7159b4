"""Controls with the captions that a person would read beside them, and the forms that own them."""

from bisect import bisect_left
from collections.abc import Callable, Iterator

from tracker.pages.charset import codec_label
from tracker.pages.elements import RawControl
from tracker.pages.looks import Attributes
from tracker.pages.markup import Walk
from tracker.pages.parts import Caption, Cell, Control, Form, Table, Text
from tracker.pages.source import OWNER_MARK

_EDGE = " \t\n：:＊*﹕∶·　\xa0"
_LONG = 40  # longer text is an explanation, not a caption
_NEAR = 3  # a sibling's sibling is still beside; what lies further up is another part of the page
_CLIMBS = 3
_LOOK_BACK = 50
_MANY = 20
_UNCAPTIONED = frozenset(("hidden", "submit", "reset", "button", "image"))
_HINTED = frozenset(("text", "search", "tel", "email", "url"))
_CHOICES = frozenset(("radio", "checkbox"))
_SENDS = frozenset(("submit", "image"))
_METHODS = {"post": "post", "get": "get"}


def clean_caption(text: str) -> str:
    """A caption's words without colons and stars around them; 受 理 编 号 is 受理编号."""
    text = text.strip(_EDGE)
    if " " in text and all(len(word) == 1 and word > "\u2e7f" for word in text.split()):
        return "".join(text.split())
    return text


def controls_and_forms(
    walk: Walk, cells: tuple[Cell, ...], tables: tuple[Table, ...], url: str, absolute: Callable[[str], str]
) -> tuple[tuple[Form, ...], tuple[Control, ...]]:
    """(the page's forms with their controls, the controls outside of forms)."""
    if not walk.controls and not walk.forms:
        return (), ()
    owned: dict[int, list[Control]] = {}
    # most result pages hold a hidden token and nothing to fill in
    captions = _Captions(walk, cells, tables) if any(_kind(raw) != "hidden" for raw in walk.controls) else None
    ids = {attrs["id"]: i for i, (attrs, _, _) in reversed(list(enumerate(walk.forms))) if attrs.get("id")}
    for raw in walk.controls:
        named = raw.attrs.get("form")
        owner = ids.get(named) if named is not None else _whole(raw.attrs.get(OWNER_MARK))
        owned.setdefault(-1 if owner is None or owner >= len(walk.forms) else owner, []).append(
            _control(raw, captions, absolute)
        )
    last = len(walk.parents)
    forms = tuple(
        _form(attrs, tuple(owned.get(i, ())), (spot, last if end < 0 else end), url, absolute)
        for i, (attrs, spot, end) in enumerate(walk.forms)
    )
    return forms, tuple(owned.get(-1, ()))


def _form(
    attrs: Attributes, controls: tuple[Control, ...], spots: tuple[int, int], url: str, absolute: Callable[[str], str]
) -> Form:
    action = (attrs.get("action") or "").strip()
    labels = (attrs.get("accept-charset") or "").replace(",", " ").split()
    return Form(
        method="post" if (attrs.get("method") or "").strip().lower() == "post" else "get",
        action=absolute(action) if action else url,
        name=attrs.get("name") or "",
        id=attrs.get("id") or "",
        charset=next((known for label in labels if (known := codec_label(label))), ""),
        target=attrs.get("target") or "",
        has_onsubmit="onsubmit" in attrs,
        controls=controls,
        spot=spots[0],
        end=spots[1],
    )


def _control(raw: RawControl, captions: "_Captions | None", absolute: Callable[[str], str]) -> Control:
    attrs = raw.attrs
    kind = _kind(raw)
    source = attrs.get("src")
    return Control(
        kind=kind,
        name=attrs.get("name") or "",
        value="on" if kind in _CHOICES and "value" not in attrs else raw.value,
        captions=captions.of(raw, kind) if captions is not None and kind != "hidden" else (),
        options=raw.options,
        checked="checked" in attrs,
        disabled=raw.disabled,
        readonly="readonly" in attrs,
        spot=raw.spot,
        max_length=_whole(attrs.get("maxlength")),
        id=attrs.get("id") or "",
        image=absolute(source) if kind == "image" and source else "",
        multiple="multiple" in attrs,
        action=absolute(action) if kind in _SENDS and (action := attrs.get("formaction")) else "",
        method=_METHODS.get((attrs.get("formmethod") or "").strip().lower(), ""),
        parent=raw.parent,
        block=raw.block,
        cell=raw.cell,
    )


def _kind(raw: RawControl) -> str:
    if raw.tag in ("select", "textarea"):
        return raw.tag
    kind = (raw.attrs.get("type") or "").strip().lower()
    if raw.tag == "button":
        return kind if kind in ("button", "reset") else "submit"
    return kind or "text"


class _Captions:
    """Looks around a control for the words that name it."""

    def __init__(self, walk: Walk, cells: tuple[Cell, ...], tables: tuple[Table, ...]) -> None:
        self.cells, self.tables, self.parents = cells, tables, walk.parents
        # a form in a hidden tab has its captions there too
        self.texts = sorted([*walk.texts, *walk.hidden], key=_spot) if walk.hidden else walk.texts
        self.spots = [t.spot for t in self.texts]
        shown = [c for c in walk.controls if _kind(c) not in _UNCAPTIONED]
        self.shown = [c.spot for c in shown]
        self.choices = {c.spot: c.attrs.get("name") for c in shown if _kind(c) in _CHOICES}
        self.taken = {c.cell for c in shown}
        self.blocks = {c.spot: c.block for c in shown}
        self.targets: dict[str, str] = {}
        self.around: dict[int, str] = {}
        self.by_name: dict[str, str] = {}
        for label in walk.labels:
            words = clean_caption(" ".join(t.text for t in self._between(label.spot, label.end, _MANY)))
            if label.target:
                self.targets.setdefault(label.target, words)
            at = bisect_left(self.shown, label.spot)
            for spot in self.shown[at : at + _MANY]:
                if spot < label.end:
                    self.around.setdefault(spot, words)  # labels come inner ones first

    def of(self, raw: RawControl, kind: str) -> tuple[Caption, ...]:
        found: dict[str, Caption] = {}
        for how, text in self._candidates(raw, kind):
            words = clean_caption(text)
            if words and words not in found:
                found[words] = Caption(words, how)
        return tuple(found.values())

    def _candidates(self, raw: RawControl, kind: str) -> Iterator[tuple[str, str]]:
        attrs = raw.attrs
        if kind in _UNCAPTIONED:
            yield "inside", self._inside_button(raw)
            yield "title", attrs.get("title") or attrs.get("alt") or ""
            return
        yield "label", self.targets.get(attrs.get("id") or "", "")
        if named := attrs.get("aria-labelledby"):
            yield "label", self._named(named)
        if kind in _CHOICES:
            yield "after", self._after(raw)
        yield from self._cell_left(raw.cell)
        before = list(self._before(raw))
        yield from (pair for pair in before if pair[0] == "before")
        yield "row_above", self._row_above(raw.cell)
        yield from (pair for pair in before if pair[0] == "sibling")
        yield "inside", self.around.get(raw.spot, "")
        if raw.cell >= 0 and len(self.cells[raw.cell].text) <= _LONG:
            yield "inside", self.cells[raw.cell].text.replace("\n", "")
        yield "placeholder", attrs.get("placeholder") or ""
        yield "title", attrs.get("title") or attrs.get("aria-label") or ""
        if kind in _HINTED and len(raw.value) <= _LONG:
            yield "hint", raw.value

    def _named(self, ids: str) -> str:
        """The words of the elements that aria-labelledby names."""
        if not self.by_name:
            for text in self.texts:
                for name in text.names.split():
                    self.by_name.setdefault(name, text.text)
        return " ".join(self.by_name[name] for name in ids.split() if name in self.by_name)[:_LONG]

    def _between(self, start: int, end: int, most: int = _LOOK_BACK) -> list[Text]:
        at = bisect_left(self.spots, start)
        return [t for t in self.texts[at : at + most] if t.spot < end]

    def _inside_button(self, raw: RawControl) -> str:
        if raw.tag != "button":
            return raw.value
        inside = []
        for text in self._between(raw.spot, len(self.parents), _MANY):
            if raw.spot not in self._ancestors(text.spot):
                break
            inside.append(text.text)
        return " ".join(inside)

    def _ancestors(self, spot: int) -> list[int]:
        """The nearest enclosing elements, the nearest first."""
        found: list[int] = []
        while len(found) <= _NEAR and (spot := self.parents[spot]) >= 0:
            found.append(spot)
        return found

    def _previous(self, raw: RawControl) -> list[Text]:
        """The texts between the control before and this one, the nearest first."""
        at = bisect_left(self.shown, raw.spot)
        start = self.shown[at - 1] if at else -1
        return self._between(max(start, raw.spot - _LOOK_BACK), raw.spot)[::-1]

    def _before(self, raw: RawControl) -> Iterator[tuple[str, str]]:
        at = bisect_left(self.shown, raw.spot)
        if at and raw.spot in self.choices and self.choices.get(self.shown[at - 1], "") == self.choices[raw.spot]:
            return  # the words in front belong to the choice in front
        previous = [t for t in self._previous(raw) if not _is_remark(t.text)]
        if not previous:
            return
        nearest = previous[0]
        if raw.fresh and at and self._is_behind(nearest, self.shown[at - 1]):
            return
        line = nearest.text.rpartition("\n")[2]
        if nearest.cell == raw.cell and nearest.block == raw.block:
            yield "before", line
            joined = _same_line(previous, raw)
            if len(joined) <= _LONG:
                yield "before", joined
        elif nearest.cell == raw.cell and set(self._ancestors(nearest.spot)) & set(self._ancestors(raw.spot)):
            yield "sibling", line

    def _is_behind(self, text: Text, control: int) -> bool:
        """Whether words belong to the field in front of them: on its line, without a colon, and a break behind."""
        own = not text.fresh and not text.text.rstrip().endswith(("：", ":")) and "\n" not in text.text
        return own and control in self.blocks and self.blocks[control] == text.block

    def _after(self, raw: RawControl) -> str:
        at = bisect_left(self.shown, raw.spot)
        end = self.shown[at + 1] if at + 1 < len(self.shown) else len(self.parents)
        following = self._between(raw.spot, end, 1)
        return following[0].text.partition("\n")[0] if following and following[0].block == raw.block else ""

    def _cell_left(self, index: int) -> Iterator[tuple[str, str]]:
        for _ in range(_CLIMBS):
            if index < 0:
                return
            cell = self.cells[index]
            left = self._left_of(cell)
            if left is not None:
                yield "cell_left", left.text.replace("\n", "")
                yield "cell_left", left.text.partition("\n")[0]
                return
            # a field alone in a table of its own, for the looks: its caption is beside that table
            index = self.tables[cell.table].outer

    def _left_of(self, cell: Cell) -> Cell | None:
        row = self.tables[cell.table].rows[cell.row]
        for index in reversed(row):
            left = self.cells[index]
            if left.column >= cell.column:
                continue
            if index in self.taken or left.tables:
                return None  # words in a cell with a field of its own belong to that field
            if clean_caption(left.text):
                return left
        for earlier in reversed(self.tables[cell.table].rows[max(0, cell.row - _LOOK_BACK) : cell.row]):
            for index in earlier[:_LOOK_BACK]:
                left = self.cells[index]
                if left.column + left.colspan == cell.column and left.row + left.rowspan > cell.row and left.text:
                    return left
        return None

    def _row_above(self, index: int) -> str:
        if index < 0 or not self.cells[index].row:
            return ""
        cell = self.cells[index]
        for above in self.tables[cell.table].rows[cell.row - 1]:
            other = self.cells[above]
            if other.column <= cell.column < other.column + other.colspan:
                return "" if above in self.taken or len(other.text) > _LONG else other.text.replace("\n", "")
        return ""


def _same_line(previous: list[Text], raw: RawControl) -> str:
    """The words in front, also where they are cut up by <b> or a red star; back to the last break."""
    words: list[str] = []
    for text in previous:
        if text.block != raw.block or text.cell != raw.cell:
            break
        words.append(text.text.rpartition("\n")[2])
        if text.fresh or "\n" in text.text:
            break
    return "".join(reversed(words))


def _is_remark(text: str) -> bool:
    """Whether a text is only a star, a colon or a remark such as （必填）."""
    words = clean_caption(text)
    return not words or (words[0] in "(（[" and words[-1] in ")）]")


def _spot(text: Text) -> int:
    return text.spot


def _whole(text: str | None) -> int | None:
    digits = (text or "").strip()
    return int(digits) if digits.isdecimal() and digits.isascii() and len(digits) < 7 else None
