"""Whether a page says in other ways than by a pair that it is another case's: by its heading, or in a field it was asked by."""

import re
from collections.abc import Sequence

from tracker.core.model import Reference
from tracker.pages.captions import Pair
from tracker.pages.document import Document
from tracker.pages.identity import Match, compare, is_alike
from tracker.pages.parts import CODES
from tracker.pages.spots import around
from tracker.pages.words import key

_CODE = re.compile(r"(?:no|number|号)?[#:：.]*([a-z0-9-]*\d[a-z0-9-]*)")
_NUMBERED = re.compile(r"(?:编号|号码|单号|案号|no\.?|number|reference|id|#)$")
_OF_A_PERSON = re.compile("电话|手机|传真|联系|邮编|phone|mobile|fax|post")
_HEADINGS = frozenset({"h1", "h2", "h3"})
_TYPED = frozenset({"", "text", "hidden"})
_LONGEST = 60
_TELLING = 6  # characters of a value that stands nowhere by chance


def stranger(
    document: Document, own: Sequence[Pair], others: Sequence[Pair], reference: Reference, shown: Sequence[str]
) -> str | None:
    """The name of a value that the case was asked by, and that the page gives otherwise.

    `others` are the pairs of other records, which may be other people's; `shown` are the names of what its own pairs show.
    """
    for name, value in reference.values.items():
        if name in shown or not any(c.isdigit() for c in value):
            continue
        if any(compare(code, value) is Match.NONE for code in (*_named(document, name), *_asked(document, name))):
            return name
        alike = any(compare(code, value) is Match.NONE for code in _alike(document, own, others, value))
        if alike and not _stands_there(document, value):
            return name
    return None


def neighbour(document: Document, label: Pair, reference: Reference) -> str | None:
    """The name of a number that stands nearer to the status than the case's own: of two records the other one's.

    Where one record is not told from the next, the numbers show where each begins or ends.
    """
    for name, value in reference.values.items():
        if len(value) < _TELLING or not any(c.isdigit() for c in value):
            continue
        if len({compare(code, value) is Match.FULL for code in document.codes if is_alike(code, value)}) < 2:
            continue
        texts = (t for t in document.texts if len(t.text) >= len(value))
        places = [(t.spot, mine) for t in texts if (mine := _mentions(t.text, value)) is not None]
        if len({mine for _, mine in places}) < 2:
            continue
        held = ((e, [p for p in places if e <= p[0] < document.ends[e]]) for e in around(document, label.spot))
        element, inside = next(found for found in held if found[1])  # the page holds them all
        if not _next_to(document, label, element, inside):
            return name
    return None


def _mentions(words: str, value: str) -> bool | None:
    """True where a text has the value, False where it has another one built like it, None where it has neither."""
    codes = [code for code in CODES.findall(words) if is_alike(code, value)]
    own = any(compare(code, value) is Match.FULL for code in codes)
    return own if codes else None


def _next_to(document: Document, label: Pair, element: int, places: Sequence[tuple[int, bool]]) -> bool:
    """Whether the case's own number is the one before the status, or the one behind it where records end with theirs."""
    captions = (t.spot for t in document.texts if t.spot > element and key(t.text).startswith(label.key))
    first = next(captions, label.spot)
    before = [mine for spot, mine in places if spot < label.end]
    behind = [mine for spot, mine in places if spot >= label.spot]
    return before[-1] if before and (places[0][0] <= first or not behind) else behind[0]


def _named(document: Document, name: str) -> list[str]:
    """The numbers right behind a caption that the case was asked by: <h1>Ticket #70011</h1>."""
    caption = key(name).rstrip("#.")
    found = []
    for text in document.texts if caption else ():
        folded = key(text.text) if len(text.text) <= _LONGEST else ""
        code = _CODE.match(folded, len(caption)) if folded.startswith(caption) else None
        if code and len(code[1]) > 3:
            found.append(code[1])
    return found


def _asked(document: Document, name: str) -> list[str]:
    """What the fields of that name hold."""
    fields = [c for form in document.forms for c in form.controls] + list(document.controls)
    alike = [c for c in fields if c.name.casefold() == name.casefold() and c.kind in _TYPED]
    return [c.value for c in alike if any(d.isdigit() for d in c.value)]


def _alike(document: Document, own: Sequence[Pair], others: Sequence[Pair], value: str) -> list[str]:
    """The numbers built like it: any on the page, and of other letters those in headings or under a number's caption."""
    headings = [text.text for text in document.texts if text.tag in _HEADINGS]
    numbers = [p.value for p in own if _NUMBERED.search(p.key) and not _OF_A_PERSON.search(p.key)]
    codes = [code for words in (*headings, *numbers) for code in CODES.findall(words)]
    found = [c for c in codes if _shape(c) == _shape(value)]
    found += [c for p in own if not _OF_A_PERSON.search(p.key) for c in CODES.findall(p.value) if _is_part(c, value)]
    of_others = [p.value for p in (*others, *(p for p in own if _OF_A_PERSON.search(p.key)))]
    elsewhere = {code for words in of_others for code in CODES.findall(words)}
    return found + [c for c in document.codes if is_alike(c, value) and c not in elsewhere]


def _is_part(code: str, value: str) -> bool:
    """Whether a number goes on where the case's ends, or ends before it does."""
    short, long = sorted((code.casefold(), value.casefold()), key=len)
    return len(short) >= _TELLING and any(c.isdigit() for c in short) and len(long) - len(short) < len(short) and short in long


def _stands_there(document: Document, value: str) -> bool:
    """Whether the page shows a value, as a whole."""
    whole = re.compile(rf"(?<![a-z0-9]){re.escape(key(value))}(?![a-z0-9])")
    return any(whole.search(key(text.text)) for text in document.texts)


def _shape(code: str) -> str:
    """SH2026000123 -> aa0000000000."""
    return re.sub("[a-z]", "a", re.sub(r"\d", "0", code.casefold()))
