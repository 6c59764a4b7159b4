"""Whose record it is: what a page shows against what the case was asked by, masked forms included."""

import re
from collections.abc import Mapping, Sequence
from enum import Enum

from tracker.core.hanzi import narrow
from tracker.pages.blanks import BLANK
from tracker.pages.captions import Pair
from tracker.pages.dates import parse_date
from tracker.pages.words import FIELDS, KINDS, key

_MASK = re.compile("[*×•●○＊]+|X{2,}")
_PERSON_NUMBER = re.compile(r"\d{17}[\dX]")
# Six digits alone are a region's or a page's as often as a case's, eight a day's.
_NUMBERED = re.compile(r"(?=(?:[^0-9]*[0-9]){6})(?![0-9]{1,8}$)[0-9A-Za-z()（）\-]{6,40}")
_NUMBER_OF = re.compile(r"(?:号|号码|编码|代码|number|code|no\.?)$")
_YEAR = 4  # characters
_TELLING = 6  # characters of a value that stands nowhere by chance
_DROPPED = str.maketrans("", "", " -\u2010\u2011\u2012\u2013\u00b7")


class Match(Enum):
    """How a shown value fits: FULL and PART tell cases apart, WEAK (测*) only does not contradict much."""

    FULL = 3
    PART = 2
    WEAK = 1
    NONE = 0


def compare(shown: str, value: str) -> Match | None:
    """Whether a shown value is the case's, masked or not. None: it says nothing (blank, or all of it masked)."""
    seen, wanted = _fold(shown), _fold(value)
    if not wanted or is_blank(shown):
        return None
    if seen == wanted:
        return Match.FULL
    pieces = _MASK.split(seen)
    if len(pieces) == 1:
        return Match.NONE
    visible = sum(map(len, pieces))
    if not visible:
        return None
    if visible > len(wanted) or not _fits(pieces, wanted):
        return Match.NONE
    enough = 2 if not wanted.isascii() else 4
    if visible >= enough:
        return Match.PART
    return Match.WEAK if not wanted.isascii() or visible >= 2 else None


def is_numbered(text: str) -> bool:
    """Whether a value looks like the number of a case or a person, and like no day."""
    return _NUMBERED.fullmatch(text) is not None and parse_date(text) is None


def names_a_number(caption: str) -> bool:
    """Whether a folded caption, of whatever words of the site's own, is that of a number."""
    return _NUMBER_OF.search(caption) is not None


def is_case_number(caption: str, value: str) -> bool:
    """Whether a caption has a number beside it that may find a case."""
    return names_a_number(caption) and is_numbered(value.strip())


def is_alike(code: str, value: str) -> bool:
    """Whether a code is built like the case's number: the same letters in their places; of digits alone, the same year."""
    code, value = code.upper(), value.upper()
    if len(code) != len(value) or (value.isdigit() and code[:_YEAR] != value[:_YEAR]):
        return False
    return all(c == v if not v.isdigit() else c.isdigit() for c, v in zip(code, value, strict=True))


def is_blank(shown: str) -> bool:
    """Whether a shown value says nothing: empty, a dash, 无."""
    seen = _fold(shown)
    return not seen or seen.casefold() in BLANK


def _fits(pieces: Sequence[str], wanted: str) -> bool:
    """Whether the visible pieces are the value's beginning, end, and parts between, in this order."""
    head, tail = pieces[0], pieces[-1]
    if not (wanted.startswith(head) and wanted.endswith(tail)):
        return False
    at, end = len(head), len(wanted) - len(tail)
    for piece in pieces[1:-1]:
        found = wanted.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return at <= end


def _fold(text: str) -> str:
    if text.isascii():
        return "".join(text.replace("-", "").split()).upper()
    return "".join(narrow(text).translate(_DROPPED).split()).upper()


Kinds = Mapping[str, frozenset[str]]


def kind_of(name: str, value: str) -> str | None:
    """Which of number, name, person a reference value is: by its caption, its field's name, or an ID number's shape."""
    folded = key(name)
    for words in (KINDS, FIELDS):
        for kind, known in words.items():
            if folded in known:
                return kind
    return "person" if folded.isascii() and _PERSON_NUMBER.fullmatch(_fold(value)) else None


def verdicts(
    own: Sequence[Pair], elsewhere: Sequence[Pair], reference: Mapping[str, str], kinds: Kinds = KINDS
) -> dict[str, Match]:
    """How the shown values fit, by the reference's names; names that are not shown are left out.

    A value under the reference's own caption decides, in the record before elsewhere on the page; else one under another
    caption of the same kind. A long one that the record repeats under any caption is its own, too.
    """
    result: dict[str, Match] = {}
    for name, value in reference.items():
        folded = key(name)
        kind = kind_of(name, value) or next((kind for kind, words in kinds.items() if folded in words), None)
        alike = kinds[kind] if kind else frozenset()
        for choices, choose in (
            ([p for p in own if p.key == folded], min),
            ([p for p in elsewhere if p.key == folded], max),
            ([p for p in own if p.key in alike], max),
            ([p for p in elsewhere if p.key in alike], max),
        ):
            found = [match for p in choices if (match := compare(p.value, value)) is not None]
            if found:
                result[name] = choose(found, key=lambda match: match.value)
                break
        else:
            if len(value) >= _TELLING and _is_repeated(own, value, kind, kinds):
                result[name] = Match.FULL
    return result


def _is_repeated(own: Sequence[Pair], value: str, kind: str | None, kinds: Kinds) -> bool:
    """Whether a record repeats a value, and has no number of its own besides: then it only mentions the case."""
    if kind in {None, "number"} and any(p.key in kinds["number"] and compare(p.value, value) is Match.NONE for p in own):
        return False
    return any(compare(p.value, value) is Match.FULL for p in own)
