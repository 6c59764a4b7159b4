"""Caption -> value pairs of a page: tables, "caption：value", dl, captions beside values, read-only fields.

A caption that could belong to two values has none: what is in doubt is left out, never guessed.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

from tracker.core.memo import remembered
from tracker.pages import divgrids, grids, prose
from tracker.pages.below import CAPTION_TAGS, HEADED, Said
from tracker.pages.colons import BRACKETS
from tracker.pages.document import Control, Document, Form, Text
from tracker.pages.spots import around
from tracker.pages.words import ANY_STATUS, IDENTITY, KNOWN, STATUS, WEAKER, captionlike, key, line, shown, with_also

_TRAILING = " |｜；;，,、"  # between a value and the next caption
_MOST_BLOCKS = 200
_LONGEST = 40  # characters of a caption
_BUTTONS = frozenset({"hidden", "submit", "button", "image", "reset"})


class Pair(NamedTuple):
    """One caption with its value. A named tuple: a page has dozens, and they are made fast.

    `key` is the folded caption. `spot` and `end` span caption and value in document order; `cell` and `table` are indexes
    of the value's cell and table, or -1. `closed`: the source goes on behind the value's container. `record` numbers
    the rows of tables with a row of captions and repeated blocks from 1; 0 is the page itself. `how`: turns, column,
    colon, beside, below, field; doubt: two places may be its value, or both. `ragged`: its table has rows that were not
    understood. `rest`: the sentences on lines of their own below the value. `form`: headed or listed, see `below`.
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
    form: str = ""


def pairs(document: Document, also: frozenset[str] = frozenset(), status: frozenset[str] = STATUS) -> tuple[Pair, ...]:
    """All pairs of a page in page order; `also` are folded captions that the case names, `status` those of the status."""
    known = with_also(KNOWN, also)
    either = ANY_STATUS if status is STATUS else status
    edited = [c for c in _controls(document) if c.kind not in _BUTTONS and not c.readonly and not c.disabled]
    found = grids.find(document, also, either)
    consumed = {f.caption for f in found} | {f.value for f in found} | _repeated(document, found)
    fields = list(_from_fields(document))
    shown_in_fields = {p.cell for p in fields}
    named_by_fields = {p.key for p in fields}
    opening = _opening(document, known)
    result = [
        p for p in _from_tables(document, found) if not _between(edited, p) and (p.value or p.cell not in shown_in_fields)
    ]
    blocks = {c.block for c in edited}
    spoken = [t for t in opening if t.cell not in consumed and t.block not in blocks]
    said = [p for p in prose.find(document, spoken, known, consumed, either) if p.last is None or p.last.block not in blocks]
    texts = [p for p in _from_texts(document, said) if p.value or p.key not in named_by_fields]
    result += [p for p in texts if not _between(edited, p) and (p.value or not _before_field(document, edited, p))]
    result += fields
    divs = list(divgrids.find(document, opening, known, either))
    heads = {(d.head, document.ends[d.head]) for d in divs}  # their captions are no empty ones
    result = [p for p in result if p.value or p.record or not any(a <= p.spot < b for a, b in heads)]
    result += _from_divs(divs, max((p.record for p in result), default=0))
    if any(p.key in either and p.form != HEADED for p in result):
        result = [p for p in result if p.form != HEADED]
    result.sort(key=lambda p: p.spot)
    return _blocks(document, result, told_by(result, status))


def told_by(found: Sequence[Pair], status: frozenset[str]) -> frozenset[str]:
    """The captions of the status on this page: the weaker ones only where none of the others stands."""
    return WEAKER if status is STATUS and not any(p.key in STATUS for p in found) else status


def _repeated(document: Document, found: Sequence[grids.Found]) -> set[int]:
    """The captions that stand twice across a row, also where no values stand below the second ones."""
    heads: dict[tuple[int, int], set[str]] = {}
    for cell in {f.caption for f in found if f.how == "column"}:
        at = document.cells[cell]
        heads.setdefault((at.table, at.row), set()).add(key(at.text))
    cells = ((c, names) for (table, row), names in heads.items() for c in document.tables[table].rows[row])
    return {c for c, names in cells if key(document.cells[c].text) in names}


def _opening(document: Document, known: frozenset[str]) -> list[Text]:
    """The texts in which a pair may begin: most of a page's texts can't."""
    if known is KNOWN:
        return [t for t in document.texts if _opens(t.text) or t.tag in CAPTION_TAGS]
    return [t for t in document.texts if _opens(t.text) or t.tag in CAPTION_TAGS or _is_caption(t.text, known)]


@remembered
def _opens(words: str) -> bool:
    """Whether a text has a colon, several lines or a bracket at its beginning, or is a usual caption."""
    return "：" in words or ":" in words or "\n" in words or words[:1] in BRACKETS or _is_caption(words, KNOWN)


def _is_caption(words: str, known: frozenset[str]) -> bool:
    return len(words) <= _LONGEST and key(words) in known


def _controls(document: Document) -> Iterator[Control]:
    for form in document.forms:
        yield from form.controls
    yield from document.controls


def _between(edited: Sequence[Control], pair: Pair) -> bool:
    """Whether a field to fill in stands where the value is: then the caption is the field's."""
    return any(pair.spot < c.spot < pair.end for c in edited)


def _before_field(document: Document, edited: Sequence[Control], pair: Pair) -> bool:
    """Whether a field to fill in comes right behind a caption without a value."""
    if not edited:
        return False
    following = next((t.spot for t in document.texts if t.spot >= pair.end), len(document.parents))
    return any(pair.spot < c.spot < following for c in edited)


def _from_tables(document: Document, found: Sequence[grids.Found]) -> Iterator[Pair]:
    for pair in found:
        caption, value = document.cells[pair.caption], document.cells[pair.value]
        start = caption.spot if pair.how == "turns" else value.spot
        yield Pair(
            shown(caption.text),
            key(caption.text),
            line(grids.words_of(document, value)) if pair.how != grids.DOUBT else "",
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
    """Values that a page shows in fields nobody may fill in.

    In a form with others to fill in, such a field is a date or a list to choose from, unless it says whose record it is.
    """
    controls = [c for form in document.forms if _is_record(form) for c in form.controls]
    for control in (*controls, *document.controls):
        if not (control.readonly or control.disabled) or control.kind in _BUTTONS or not control.captions:
            continue
        chosen = [o.text for o in control.options if o.selected]
        value = line(chosen[0] if chosen else control.value)
        caption = control.captions[0].text
        if captionlike(caption):
            yield Pair(shown(caption), key(caption), value, control.spot, control.spot + 1, True, 0, "field", control.cell)


def _is_record(form: Form) -> bool:
    asking = any(c.kind not in _BUTTONS and not c.readonly and not c.disabled for c in form.controls)
    names = (key(c.captions[0].text) for c in form.controls if c.readonly and c.value and c.captions)
    return not asking or any(name in IDENTITY for name in names)


def _from_texts(document: Document, said: Sequence[Said]) -> Iterator[Pair]:
    for pair in said:
        last = pair.last or pair.first
        yield Pair(
            shown(pair.caption),
            key(pair.caption),
            line(pair.value).rstrip(_TRAILING),
            pair.first.spot,
            last.spot + 1,
            _closed(document, last),
            0,
            pair.how,
            last.cell,
            rest=line(pair.rest),
            form=pair.form,
        )


def _from_divs(records: Sequence[divgrids.DivRecord], last: int) -> Iterator[Pair]:
    for number, found in enumerate(records, last + 1):
        for caption, value in zip(found.captions, found.values, strict=True):
            yield Pair(
                shown(caption),
                key(caption),
                line(value.text),
                value.spot,
                value.end,
                found.closed,
                number,
                "column",
                ragged=found.ragged,
            )


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
    if not 1 < len(repeated) <= _MOST_BLOCKS:
        return tuple(found)
    behind = document.ends
    spans = []
    for pair in repeated:
        others = [p.spot for p in repeated if p is not pair]
        span = (pair.spot, pair.end)
        for element in takewhile(_apart(others, behind), around(document, pair.spot)):
            span = (element, behind[element])
        spans.append(span)
    alone = not any(p.key in IDENTITY and any(a <= p.spot < b for a, b in spans) for p in found if p.record == 0)
    if alone and len({p.value for p in repeated}) == 1:
        return tuple(found)
    first = max(p.record for p in found) + 1
    return tuple(_numbered(p, spans, first) for p in found)


def _apart(others: Sequence[int], behind: Sequence[int]) -> Callable[[int], bool]:
    """Whether an element holds none of the other places."""
    return lambda element: not any(element <= spot < behind[element] for spot in others)


def _numbered(pair: Pair, spans: Sequence[tuple[int, int]], first: int) -> Pair:
    if pair.record:
        return pair
    for number, (start, end) in enumerate(spans):
        if start <= pair.spot < end:
            return pair._replace(record=first + number)
    return pair
