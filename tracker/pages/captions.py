"""Caption -> value pairs of a page: tables, "caption：value", dl, captions beside values, read-only fields.

A caption that could belong to two values has none: what is in doubt is left out, never guessed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tracker.pages import grids
from tracker.pages.document import Control, Document, Text
from tracker.pages.words import IDENTITY, KNOWN, STATUS, captionlike, key, line, shown

COLONS = ("：", ":")
_CAPTION_TAGS = frozenset({"label", "dt", "th"})
_CAPTION_NAMES = ("label", "caption", "lbl", "item-key", "field-name")  # not title: that is a heading as often
_NEVER = frozenset({"a", "option", "button", "title", "h1", "h2"})
_BUTTONS = frozenset({"hidden", "submit", "button", "image", "reset"})


@dataclass(frozen=True, slots=True)
class Pair:
    """One caption with its value.

    `key` is the folded caption. `spot` and `end` span caption and value in document order; `cell` and `table` are indexes
    of the value's cell and table, or -1. `closed`: the source goes on behind the value's container. `record` numbers
    the rows of tables with a row of captions and repeated blocks from 1; 0 is the page itself. `how`: turns, column,
    colon, beside, below, field; doubt: two places may be its value, or both. `ragged`: its table has rows that were not
    understood. `rest`: the sentences on lines of their own below the value.
    """

    caption: str
    key: str
    value: str
    spot: int
    end: int
    closed: bool
    record: int
    how: str
    cell: int = -1
    table: int = -1
    ragged: bool = False
    rest: str = ""


@dataclass(slots=True)
class _Open:
    """A pair that is being read: its value may go on in the next piece of text."""

    caption: str
    first: Text
    how: str
    sure: bool
    value: str = ""
    last: Text | None = None
    ended: bool = False
    rest: str = ""


def pairs(document: Document, also: frozenset[str] = frozenset(), status: frozenset[str] = STATUS) -> tuple[Pair, ...]:
    """All pairs of a page in page order; `also` are folded captions that the case names, `status` those of the status."""
    known = KNOWN | also if also else KNOWN
    edited = [c for c in _controls(document) if c.kind not in _BUTTONS and not c.readonly and not c.disabled]
    found = grids.find(document, also)
    consumed = {f.caption for f in found} | {f.value for f in found}
    fields = list(_from_fields(document))
    shown_in_fields = {p.cell for p in fields}
    result = [
        p for p in _from_tables(document, found) if not _between(edited, p) and (p.value or p.cell not in shown_in_fields)
    ]
    result += _from_texts(document, known, consumed, edited)
    result += fields
    result.sort(key=lambda p: p.spot)
    return _blocks(document, result, status)


def ends(document: Document) -> list[int]:
    """The first spot behind each element or text."""
    result = list(range(1, len(document.parents) + 1))
    for spot in range(len(result) - 1, 0, -1):
        around = document.parents[spot]
        if around >= 0 and result[spot] > result[around]:
            result[around] = result[spot]
    return result


def around(document: Document, spot: int) -> Iterator[int]:
    """The spots of the elements around a spot, from the inside out."""
    spot = document.parents[spot]
    while spot >= 0:
        yield spot
        spot = document.parents[spot]


def _controls(document: Document) -> Iterator[Control]:
    for form in document.forms:
        yield from form.controls
    yield from document.controls


def _between(edited: Sequence[Control], pair: Pair) -> bool:
    """Whether a field to fill in stands where the value is: then the caption is the field's."""
    return any(pair.spot < c.spot < pair.end for c in edited)


def _from_tables(document: Document, found: Sequence[grids.Found]) -> Iterator[Pair]:
    for pair in found:
        caption, value = document.cells[pair.caption], document.cells[pair.value]
        start = caption.spot if pair.how == "turns" else value.spot
        yield Pair(
            shown(caption.text),
            key(caption.text),
            line(value.text) if pair.how != grids.DOUBT else "",
            start,
            value.end,
            value.closed and document.tables[value.table].closed,
            pair.row + 1,
            pair.how,
            pair.value,
            value.table,
            pair.ragged,
        )


def _from_fields(document: Document) -> Iterator[Pair]:
    """Values that a page shows in fields nobody may fill in."""
    for control in _controls(document):
        if not (control.readonly or control.disabled) or control.kind in _BUTTONS or not control.captions:
            continue
        chosen = [o.text for o in control.options if o.selected]
        value = line(chosen[0] if chosen else control.value)
        caption = control.captions[0].text
        if captionlike(caption):
            yield Pair(shown(caption), key(caption), value, control.spot, control.spot + 1, True, 0, "field", control.cell)


def _from_texts(document: Document, known: frozenset[str], consumed: set[int], edited: Sequence[Control]) -> Iterator[Pair]:
    """Pairs outside of tables' caption and value cells: along the text of one block, or from a block to the next."""
    units = [unit for unit in _units(document.texts) if unit[0].cell not in consumed or unit[0].cell < 0]
    blocks = {c.block for c in edited}
    found: list[_Open] = []
    for place, unit in enumerate(units):
        if unit[0].block in blocks or not any(_promising(text, known) for text in unit):
            continue
        opened = _along(unit, known)
        if len(opened) == 1 and not opened[0].value and opened[0].first is unit[0]:
            _below(document, units, place, opened[0], known)
        found += [pair for pair in opened if pair.value or pair.how == "colon"]
    alike = _alike(found)
    for pair in found:
        if not pair.sure and (not pair.value or (pair.first.tag, pair.first.names) not in alike):
            continue
        last = pair.last or pair.first
        made = Pair(
            shown(pair.caption),
            key(pair.caption),
            line(pair.value),
            pair.first.spot,
            last.spot + 1,
            _closed(document, last),
            0,
            pair.how,
            last.cell,
            rest=line(pair.rest),
        )
        if last.block not in blocks and not _between(edited, made):
            yield made


def _alike(found: Sequence[_Open]) -> set[tuple[str, str]]:
    """The mark-up (tag, names) of captions without colons that several pairs share, an ordinary caption among them.

    A heading 办理进度 over a paragraph looks like a caption and its value; 受理编号 beside its number shows which is which.
    """
    unsure: dict[tuple[str, str], set[str]] = {}
    for pair in found:
        if not pair.sure and pair.value:
            unsure.setdefault((pair.first.tag, pair.first.names), set()).add(key(pair.caption))
    return {like for like, keys in unsure.items() if len(keys) > 1 and not keys.isdisjoint(KNOWN - STATUS)}


def _units(texts: Sequence[Text]) -> Iterator[list[Text]]:
    """The texts of each block, as far as they follow each other."""
    unit: list[Text] = []
    for text in texts:
        if unit and (text.block != unit[0].block or text.cell != unit[0].cell):
            yield unit
            unit = []
        unit.append(text)
    if unit:
        yield unit


def _promising(text: Text, known: frozenset[str]) -> bool:
    """Whether a text can begin a pair at all: most of a page's texts can't."""
    words = text.text
    if "：" in words or ":" in words or text.tag in _CAPTION_TAGS:
        return True
    return text.tag not in _NEVER and (len(words) <= 30 or "\n" in words) and (key(words) in known or "\n" in words)


def _along(unit: Sequence[Text], known: frozenset[str]) -> list[_Open]:
    """The pairs along the text of one block."""
    found: list[_Open] = []
    loose = ""  # words before any caption: "系统" before "状态：正常"
    for text in unit:
        lines = text.text.split("\n")
        for number, words in enumerate(lines):
            below = number > 0 or text.fresh
            loose = "" if below else loose
            whole = key(words) in known or (text.tag in _CAPTION_TAGS and captionlike(words))
            if whole and text.tag not in _NEVER and not loose and not words.endswith(COLONS):
                if len(unit) > 1 or len(lines) == 1:
                    found.append(_Open(words, text, "beside", text.tag == "label" or _named(text)))
                continue
            head, parsed = _colons(words, known)
            if parsed and loose and captionlike(loose + parsed[0][0]):
                parsed[0] = (loose + parsed[0][0], parsed[0][1])
            if head and not (found and _goes_on(found[-1], head, text, below=below)):
                loose = _join(loose, head)
            for caption, value in parsed:
                found.append(_Open(caption, text, "colon", sure=True, value=value, last=text if value else None))
                loose = ""
    return found


def _goes_on(pair: _Open, words: str, text: Text, *, below: bool) -> bool:
    """Whether words without a caption belong to the value before them; on a line of their own that is in doubt."""
    if below and pair.value:
        pair.ended = pair.ended or _is_sentence(words)
        pair.how = pair.how if pair.ended else grids.DOUBT  # "初审<br>未通过", or something else
    if pair.ended:
        pair.rest += words
    else:
        pair.value = _join(pair.value, words)
        pair.last = text
    return not pair.ended


def _colons(words: str, known: frozenset[str]) -> tuple[str, list[tuple[str, str]]]:
    """(the words before the first caption, the captions with their values) of one line of text."""
    if "：" not in words and ":" not in words:
        return words, []
    found: list[tuple[str, str]] = []
    head = ""
    for part in words.replace("；", "\n").replace(" :", ":").replace(" ：", "：").split("\n"):
        tokens = part.replace(":", "：").split("：")
        caption = "".join(tokens[0].split()) if not tokens[0].isascii() else tokens[0].strip()
        if len(tokens) == 1 or not captionlike(caption) or tokens[1].startswith("//"):
            if found and part.strip():
                found[-1] = (found[-1][0], f"{found[-1][1]}；{part.strip()}")
            elif not found:
                head = _join(head, part)
            continue
        found.append((caption, ""))
        rest = part[len(tokens[0]) + 1 :]
        while True:
            value, caption, behind = _next_caption(rest, known)
            found[-1] = (found[-1][0], value.strip())
            if not caption:
                break
            found.append((caption, ""))
            rest = behind
    return head, found


def _next_caption(words: str, known: frozenset[str]) -> tuple[str, str, str]:
    """(the value, the caption behind it, the rest): a caption begins behind white space and ends with a colon."""
    at = 0
    while True:
        places = [p for p in (words.find("：", at), words.find(":", at)) if p >= 0]
        if not places:
            return words, "", ""
        colon = min(places)
        before = words[:colon].split(" ")
        for size in (4, 3, 2, 1) if words[colon + 1 : colon + 3] != "//" else ():
            caption = " ".join(before[-size:])
            if size < len(before) and (key(caption) in known or (size == 1 and captionlike(caption) and len(caption) > 1)):
                return " ".join(before[:-size]), caption, words[colon + 1 :]
        at = colon + 1


def _below(document: Document, units: Sequence[list[Text]], place: int, opened: _Open, known: frozenset[str]) -> None:
    """The value of a caption that is a block of its own: the next block beside it, when it is clear where that ends."""
    cells = {c.spot for c in document.cells}
    inner = opened.first.block
    inside: list[tuple[list[Text], int]] = []
    while not inside:
        outer = document.parents[inner]
        if inner in cells or outer < 0:
            return
        inside = [
            (unit, child) for unit in units[place + 1 : place + 12] if (child := _child(document, unit[0].spot, outer)) >= 0
        ]
        if not inside and place and _child(document, units[place - 1][0].spot, outer) >= 0:
            return
        inner = outer
    value, behind = _value(inside, opened.first)
    if behind is not None and not _is_caption(behind, known, opened.first):
        return
    texts = [text for unit in value for text in unit]
    if (len(value) > 1 and opened.first.tag != "dt") or any(t.cell != opened.first.cell for t in texts):
        return
    if any(_is_caption(t, known, opened.first) or _colons(t.text, known)[1] for t in texts):
        return
    for text in texts:
        opened.value = _join(opened.value, text.text)
        opened.last = text
    opened.how = "below" if len(value) == 1 else grids.DOUBT


def _value(inside: Sequence[tuple[list[Text], int]], caption: Text) -> tuple[list[list[Text]], Text | None]:
    """(the texts of the value, the text behind them): the next child, of a dl everything up to the next dt."""
    value: list[list[Text]] = []
    for unit, child in inside:
        ends_here = unit[0].tag == "dt" if caption.tag == "dt" else child != inside[0][1]
        if ends_here:
            return value, unit[0]
        value.append(unit)
    return value, None


def _child(document: Document, spot: int, outer: int) -> int:
    """The element directly inside `outer` that a spot stands in; -1 when it stands elsewhere."""
    while spot > outer:
        above = document.parents[spot]
        if above == outer:
            return spot
        spot = above
    return -1


def _is_caption(text: Text, known: frozenset[str], like: Text) -> bool:
    if text.text.endswith(COLONS) or key(text.text) in known:
        return True
    if not captionlike(text.text):
        return False
    marked = bool(text.names) or text.tag in _CAPTION_TAGS
    return text.tag == "dt" or (marked and (text.tag, text.names) == (like.tag, like.names))


def _is_sentence(words: str) -> bool:
    """Whether a line under a value is a sentence of its own: "请于…前补交材料。"."""
    return len(words) >= 8 and any(c in words for c in "，。！请您")


def _named(text: Text) -> bool:
    """Whether a class or an id says that a text is a caption."""
    names = text.names.casefold()
    return any(name in names for name in _CAPTION_NAMES)


def _join(before: str, after: str) -> str:
    gap = " " if before and after and before[-1].isascii() and after[0].isascii() else ""
    return before + gap + after


def _closed(document: Document, last: Text) -> bool:
    """Whether the source goes on behind the containers of a text, the page's own body left aside."""
    chain = list(around(document, last.spot))
    if not document.unclosed.isdisjoint(s for s in chain if document.parents[s] > 0):
        return False
    return last is not document.texts[-1] or chain[0] not in document.unclosed


def _blocks(document: Document, found: list[Pair], labels: frozenset[str]) -> tuple[Pair, ...]:
    """Number the blocks of a page that shows several records one below the other: each has its own status caption."""
    counts: dict[str, list[Pair]] = {}
    for pair in found:
        if pair.record == 0 and pair.key in labels:
            counts.setdefault(pair.key, []).append(pair)
    repeated = max(counts.values(), key=len, default=[])
    if len(repeated) < 2:
        return tuple(found)
    behind = ends(document)
    spans = []
    for pair in repeated:
        others = [p.spot for p in repeated if p is not pair]
        span = (pair.spot, pair.end)
        for element in around(document, pair.spot):
            if any(element <= spot < behind[element] for spot in others):
                break
            span = (element, behind[element])
        spans.append(span)
    alone = not any(p.key in IDENTITY and any(a <= p.spot < b for a, b in spans) for p in found if p.record == 0)
    if alone and len({p.value for p in repeated}) == 1:
        return tuple(found)
    first = max(p.record for p in found) + 1
    return tuple(_numbered(p, spans, first) for p in found)


def _numbered(pair: Pair, spans: Sequence[tuple[int, int]], first: int) -> Pair:
    if pair.record:
        return pair
    for number, (start, end) in enumerate(spans):
        if start <= pair.spot < end:
            return replace(pair, record=first + number)
    return pair
