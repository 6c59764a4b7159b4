"""Captions and values in running text: "caption：value", a caption beside its value, a caption in the block before it.

A page's headings and menus look like captions too: without a colon or mark-up that says so, several pairs must be alike.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from tracker.core.errors import PageChanged
from tracker.core.labels import USUAL, fold
from tracker.pages.below import CAPTION_TAGS, HEADED, LISTED, NEAR, Said, find_below, has_gap
from tracker.pages.blanks import STEPS
from tracker.pages.colons import BRACKETS, COLONS, colons, join, listed
from tracker.pages.document import Document, Text
from tracker.pages.grids import DOUBT
from tracker.pages.words import ANY_STATUS, captionlike, key

_CAPTION_NAMES = ("label", "caption", "lbl", "item-key", "field-name")  # not title: that is a heading as often
MOST_PAIRS = 1_000
_NEAREST = 2  # blocks out
_INLINE = frozenset({"b", "em", "font", "i", "label", "span", "strong", "u"})
_MARKED = CAPTION_TAGS | _INLINE
_HEADING = frozenset({"h3", "h4", "h5", "h6", "dt", "legend"})
_ANY_MATTERS = frozenset(map(key, ("状态", "status")))
_NEVER = frozenset({"a", "option", "button", "title", "h1", "h2"})


def find(
    document: Document,
    opening: Sequence[Text],
    known: frozenset[str],
    consumed: AbstractSet[int],
    status: AbstractSet[str],
) -> list[Said]:
    """The pairs that begin in a block of one of the texts `opening`, outside of caption and value cells (`consumed`)."""
    promising = {t.block for t in opening if _promising(t, known)}
    if not promising:
        return []
    last = max([document.ends[block] for block in promising])
    units: list[list[Text]] = []
    behind = 0
    for unit in _units(document.texts):
        if unit[0].cell < 0 or unit[0].cell not in consumed:
            units.append(unit)
            behind += unit[0].spot >= last
        if behind > NEAR:
            break
    found: list[Said] = []
    for place, unit in enumerate(units):
        if unit[0].block not in promising:
            continue
        opened = _along(document, unit, known)
        if opened and not opened[-1].value and (len(opened) == 1 or opened[-1].how == "colon"):
            find_below(document, units, place, opened[-1], known, alone=len(opened) == 1 and opened[0].first is unit[0])
        found += [pair for pair in opened if pair.value or pair.how == "colon" or key(pair.caption) in status]
        if len(found) > MOST_PAIRS:
            raise PageChanged("page", f"at most {MOST_PAIRS} captions", "more", reason="too_large")
    _empty(document, found, status)
    alike = _alike(found, known)
    given = [p for p in found if p.value and key(p.caption) not in status]
    places = {(p.first.tag, p.first.names) for p in given if p.first.tag in _MARKED or p.first.names}
    blocks = {p.first.block for p in given}  # in the midst of another pair's block it is a breadcrumb's
    return [p for p in found if _counts(p, alike, places, blocks)]


def _counts(
    pair: Said, alike: AbstractSet[tuple[str, str]], places: AbstractSet[tuple[str, str]], blocks: AbstractSet[int]
) -> bool:
    """Whether a pair is one. An empty status marked up like other captions is one too: nothing else may stand for it."""
    like = (pair.first.tag, pair.first.names)
    if pair.sure:
        return bool(pair.value) or pair.how == "colon" or pair.first.tag in _MARKED
    if pair.value:
        return like in alike
    if pair.form == LISTED or pair.caption[:1] in BRACKETS:
        return like in alike
    return like in places and (pair.first.tag in _MARKED or pair.first.block not in blocks)


def _is_headed(document: Document, pair: Said, status: AbstractSet[str]) -> bool:
    """Whether a usual status stands right below the page's one heading of that kind: <h3>当前状态</h3><p>审核中</p>."""
    if pair.first.tag not in _HEADING or pair.last is None or pair.how != "below" or pair.parted or pair.far > _NEAREST:
        return False
    folded = key(pair.caption)
    if folded not in status or folded in _ANY_MATTERS or pair.last.tag in _NEVER or fold(pair.value) not in USUAL:
        return False
    following = document.texts[(at := bisect_right(document.spots, pair.last.spot)) : at + 1]
    if _is_step(pair.value) or any(_is_step(t.text) or fold(t.text) in USUAL for t in following):
        return False  # the first of several steps
    return document.tags[pair.first.tag] == 1


def _is_step(words: str) -> bool:
    """Whether words only name a step: 受理, 初审; but 已受理 and 办结 say what became of a case."""
    folded = fold(words)
    return folded in STEPS and not folded.startswith("已") and not folded.endswith(("中", "结"))


def _empty(document: Document, found: Sequence[Said], status: AbstractSet[str]) -> None:
    """Take back the values behind the end of their caption's line or block where the captions beside it have no such ones.

    What follows a caption without a value is anything: a menu, a button, an advertisement.
    """
    given = [p for p in found if p.value]
    for place, pair in enumerate(given):
        like = (pair.first.tag, pair.first.names)
        around_it = (*reversed(given[:place]), *given[place + 1 :])
        near = [p for p in around_it if (p.first.tag, p.first.names) == like and (p.first.cell < 0) == (pair.first.cell < 0)]
        if pair.far and key(pair.caption) in status and _is_empty(pair, near):
            pair.doubted = bool(near) or not _is_headed(document, pair, status)
            pair.form, pair.sure = ("", pair.sure) if pair.doubted else (HEADED, True)
    for pair in given:
        if pair.doubted:
            pair.value, pair.rest, pair.last, pair.how = "", "", None, "colon"


def _is_empty(pair: Said, near: Sequence[Said]) -> bool:
    """Whether a value so far away is not the caption's: a caption beside it has its own elsewhere, or none has one there."""
    if not near:
        return pair.far > 0
    return near[0].far != pair.far or (pair.parted and not near[0].parted)


def _alike(found: Sequence[Said], known: frozenset[str]) -> set[tuple[str, str]]:
    """The mark-up (tag, names) of captions without colons that several pairs share, an ordinary caption among them.

    A heading 办理进度 over a paragraph looks like a caption and its value; 受理编号 beside its number shows which is which.
    """
    unsure: dict[tuple[str, str], set[str]] = {}
    for pair in found:
        if not pair.sure and pair.value:
            unsure.setdefault((pair.first.tag, pair.first.names), set()).add(key(pair.caption))
    return {like for like, keys in unsure.items() if len(keys) > 1 and any(k in known and k not in ANY_STATUS for k in keys)}


def _units(texts: Sequence[Text]) -> Iterator[list[Text]]:
    """The texts of each block, as far as they follow each other."""
    unit: list[Text] = []
    block = cell = -2
    for text in texts:
        if text.block != block or text.cell != cell:
            if unit:
                yield unit
            unit, block, cell = [], text.block, text.cell
        unit.append(text)
    yield unit


def _promising(text: Text, known: frozenset[str]) -> bool:
    """Whether a text can begin a pair at all: most of a page's texts can't."""
    words, tag = text.text, text.tag
    if tag in _NEVER:
        return "：" in words or ":" in words
    if "：" in words or ":" in words or "\n" in words or tag in CAPTION_TAGS or words[:1] in BRACKETS:
        return True
    return len(words) <= 30 and key(words) in known


def _along(document: Document, unit: Sequence[Text], known: frozenset[str]) -> list[Said]:
    """The pairs along the text of one block."""
    found: list[Said] = []
    loose = ""  # words before any caption: "系统" before "状态：正常"
    for text in unit:
        lines = [text.text.replace("\n", "")] if _is_broken_caption(text, known) else text.text.split("\n")
        for number, words in enumerate(lines):
            below = number > 0 or text.fresh
            loose = "" if below else loose
            like = found[-1] if found else None
            value_due = like is not None and like.how == "beside" and not like.value and not below
            whole = key(words) in known or (text.tag in CAPTION_TAGS and captionlike(words) and not value_due)
            whole = whole or (like is not None and _is_next(like, text, words))
            if whole and text.tag not in _NEVER and not _belongs(loose, words) and not _ends(words):
                found.append(Said(words, text, "beside", text.tag == "label" or _named(text)))
                continue
            if items := listed(words, known):
                found += [
                    Said(caption, text, "beside", sure=False, value=value, last=text if value else None, form=LISTED)
                    for caption, value in items
                ]
                loose = ""
                continue
            head, parsed = colons(words, known)
            if parsed and loose and captionlike(loose + parsed[0][0]):
                parsed[0] = (loose + parsed[0][0], parsed[0][1])
            if head and not (found and _goes_on(document, found[-1], head, text, below=below)):
                loose = join(loose, head)
            for caption, value in parsed:
                found.append(Said(caption, text, "colon", sure=True, value=value, last=text if value else None))
                loose = ""
    return found


def _ends(words: str) -> bool:
    """Whether a caption ends with its colon, or a dash for a value behind it."""
    return words.rstrip("-—– ").endswith(COLONS)


def _is_broken_caption(text: Text, known: frozenset[str]) -> bool:
    """Whether a <br> only breaks a caption in two: <b>受理<br>编号：</b>."""
    if "\n" not in text.text:
        return False
    words = text.text.replace("\n", "")
    if key(words) in known:
        return True
    return text.tag in _INLINE and words.endswith(COLONS) and captionlike(words) and not _colons_inside(text.text)


def _belongs(loose: str, words: str) -> bool:
    """Whether words before a caption are its beginning: "系统" before "状态"."""
    return bool(loose) and captionlike(loose + words)


def _is_next(pair: Said, text: Text, words: str) -> bool:
    """Whether a text is written like the caption before its value, and unlike the value: the next caption, of any words."""
    if not pair.value or pair.last is None or not captionlike(words) or "\n" in text.text:
        return False
    like, value = (pair.first.tag, pair.first.names), (pair.last.tag, pair.last.names)
    return like == (text.tag, text.names) != value and text.parent not in (pair.first.parent, pair.last.parent)


def _colons_inside(words: str) -> bool:
    return any(c in words.strip().rstrip("：:") for c in COLONS)


def _goes_on(document: Document, pair: Said, words: str, text: Text, *, below: bool) -> bool:
    """Whether words without a caption belong to the value before them; on a line of their own that is in doubt.

    Likewise behind an element without words: a caption may have stood there.
    """
    if not pair.value and words.startswith(COLONS):  # <label>状态</label>：<span>审核中</span>
        pair.sure, pair.how = True, "colon"
        words = words.lstrip("：: ")
        if not words:
            return True
    if below and pair.value:
        pair.ended = pair.ended or _is_sentence(words)
        pair.how = pair.how if pair.ended else DOUBT  # "初审<br>未通过", or something else
    elif pair.last is not None and (has_gap(document, (pair.last, text)) or _is_left(document, pair, text, words)):
        pair.how = DOUBT
    if pair.ended:
        pair.rest += words
    else:
        pair.far = pair.far if pair.value else -below
        pair.value = join(pair.value, words)
        pair.last = text
    return not pair.ended


def _is_left(document: Document, pair: Said, text: Text, words: str) -> bool:
    """Whether the element that held both caption and value ended before more words came."""
    whole = pair.how == "colon" and pair.last is pair.first and document.ends[pair.first.parent] <= text.spot
    return whole and text.tag not in _NEVER and captionlike(words)


def _is_sentence(words: str) -> bool:
    """Whether a line under a value is a sentence of its own: "请于…前补交材料。"."""
    return len(words) >= 8 and any(c in words for c in "，。！请您")


def _named(text: Text) -> bool:
    """Whether a class or an id says that a text is a caption."""
    names = text.names.casefold()
    return any(name in names for name in _CAPTION_NAMES)
