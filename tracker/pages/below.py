"""The value of a caption that has none along its line: in a block below it, beside it or inside its own."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

from tracker.pages.colons import COLONS, STOPS, colons, join
from tracker.pages.document import Document, Text
from tracker.pages.grids import DOUBT
from tracker.pages.spots import child_of
from tracker.pages.words import ANY_STATUS, captionlike, key

CAPTION_TAGS = frozenset({"label", "dt", "th"})
NEAR = 12  # further blocks have no value for a caption
# A usual status right below a heading, and captions in brackets or numbered: they count in a record that says whose it is.
HEADED, LISTED = "headed", "listed"
_INSIDE = 100
_BOLD = frozenset({"b", "em", "strong"})


@dataclass(slots=True)
class Said:
    """A pair in the making: its value may go on in the next piece of text."""

    caption: str
    first: Text
    how: str
    sure: bool
    value: str = ""
    last: Text | None = None
    ended: bool = False
    rest: str = ""
    far: int = 0  # how far behind its caption's line the value stands: -1 on the next line, else so many blocks out
    parted: bool = False  # by an element without words
    doubted: bool = False
    form: str = ""


def find_below(
    document: Document, units: Sequence[list[Text]], place: int, opened: Said, known: frozenset[str], *, alone: bool
) -> None:
    """The value of a caption that is a block of its own: the next block beside it, when it is clear where that ends."""
    inner = own = opened.first.block
    if place + 1 < len(units) and child_of(document, units[place + 1][0].spot, inner) >= 0:
        _within(document, units, place, opened, known)
        return
    if not alone:
        return
    first: tuple[list[Text], int] | None = None
    while first is None:
        outer = document.parents[inner]
        if inner in document.cell_spots or outer < 0:
            return
        inside = _inside(document, units[place + 1 : place + NEAR], outer)
        first = next(inside, None)
        if first is None and place and child_of(document, units[place - 1][0].spot, outer) >= 0:
            return
        inner, own = outer, inner
        opened.far += 1
    opened.parted = _is_parted(document, own, first[1], units[place + 1])
    if place + 1 < len(units) and not any(t.text.strip("：: ") for t in units[place + 1]):
        opened.sure = True  # <div>状态</div>：<div>审核中</div>
    value, behind = _value(first, inside, opened.first)
    if behind is not None and not _opens(document, behind, known, opened.first):
        return
    texts = [text for unit in value for text in unit]
    if texts and texts[0].text.startswith(COLONS):  # <div>状态</div>：<em>审核中</em>
        opened.sure, opened.far = True, 0
        texts = [text for text in texts if text.text.strip("：: ")]
    if (len(value) > 1 and opened.first.tag != "dt") or any(t.cell != opened.first.cell for t in texts):
        return
    if any(_is_caption(t, known, opened.first) or colons(t.text, known)[1] for t in texts):
        return
    _take(document, opened, texts, whole=len(value) == 1)


def _take(document: Document, opened: Said, texts: Sequence[Text], *, whole: bool) -> None:
    """The texts are the caption's value; in doubt where they are not one whole."""
    for text in texts:
        opened.value = join(opened.value, text.text if opened.value else text.text.lstrip("：: "))
        opened.last = text
    if texts:
        opened.how = "below" if whole and not has_gap(document, texts) else DOUBT


def _within(document: Document, units: Sequence[list[Text]], place: int, opened: Said, known: frozenset[str]) -> None:
    """A value in a block inside the caption's own: <p>状态：<div>审核中</div></p>, where that ends or a caption follows."""
    block = opened.first.block
    value = units[place + 1]
    inner = child_of(document, opened.first.spot, block)
    opened.parted = _is_parted(document, inner, child_of(document, value[0].spot, block), value)
    opened.far = _INSIDE
    following = (t for t in (units[place + 2] if place + 2 < len(units) else ()) if t.text.strip(STOPS))
    behind = next(following, None)
    if behind is not None and child_of(document, behind.spot, block) >= 0 and not _opens(document, behind, known, opened.first):
        return
    if any(t.cell != opened.first.cell or _is_caption(t, known, opened.first) or colons(t.text, known)[1] for t in value):
        return
    for text in value:
        opened.value = join(opened.value, text.text)
        opened.last = text
    if has_gap(document, value):
        opened.how = DOUBT


def _inside(document: Document, units: Sequence[list[Text]], outer: int) -> Iterator[tuple[list[Text], int]]:
    """Those with words that stand in an element, and in which of its children; lazily, as most are not looked at."""
    for unit in units:
        child = child_of(document, unit[0].spot, outer)
        if child >= 0 and any(t.text.strip("：: ") for t in unit):
            yield unit, child


def has_gap(document: Document, texts: Sequence[Text]) -> bool:
    """Whether an element without words, where another value's caption may have stood, parts a value. A picture is none."""
    for before, text in pairwise(texts):
        empty = (spot for spot in range(before.spot + 1, text.spot) if document.ends[spot] <= text.spot)
        if text.tag != "a" and any(spot not in document.pictured for spot in empty):
            return True
    return False


def _is_parted(document: Document, caption: int, value: int, between: Sequence[Text]) -> bool:
    """Whether an element without words, where the value would be, stands between a caption's and the next with some."""
    behind = document.ends[caption]
    return behind != value and all(t.spot != behind for t in between)


def _value(
    first: tuple[list[Text], int], others: Iterator[tuple[list[Text], int]], caption: Text
) -> tuple[list[list[Text]], Text | None]:
    """(the texts of the value, the text behind them): the next child, of a dl everything up to the next dt."""
    value: list[list[Text]] = []
    for unit, child in chain([first], others):
        ends_here = unit[0].tag == "dt" if caption.tag == "dt" else child != first[1]
        if ends_here:
            return value, unit[0]
        value.append(unit)
    return value, None


def _opens(document: Document, text: Text, known: frozenset[str], like: Text) -> bool:
    """Whether the next pair begins here: a caption, one with its value behind it, or one before a colon of its own."""
    if _is_caption(text, known, like) or colons(text.text, known)[1]:
        return True
    following = document.texts[(at := bisect_right(document.spots, text.spot)) : at + 1]
    return captionlike(text.text) and any(t.text.startswith(COLONS) for t in following)


def _is_caption(text: Text, known: frozenset[str], like: Text) -> bool:
    if text.text.endswith(COLONS) or key(text.text) in known:
        return True
    if not captionlike(text.text):
        return False
    marked = bool(text.names) or text.tag in CAPTION_TAGS or (text.tag in _BOLD and key(like.text) not in ANY_STATUS)
    return text.tag == "dt" or (marked and (text.tag, text.names) == (like.tag, like.names))
