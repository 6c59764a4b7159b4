"""Whether a page shows other people too: then it is not kept, however it was read.

It need not be understood for that, and mostly is not: what counts are numbers built like the case's own, ID numbers, and rows
that each say whose they are. In doubt a page shows others.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from html import unescape
from itertools import takewhile
from unicodedata import normalize

from tracker.core.errors import CheckError
from tracker.core.mask import is_personal
from tracker.core.model import Reference
from tracker.pages.captions import Pair
from tracker.pages.contract import Response
from tracker.pages.document import Document
from tracker.pages.identity import Match, compare, is_alike, is_blank
from tracker.pages.jsontext import json_of
from tracker.pages.jsonwalk import objects, pairs_of
from tracker.pages.names import could_be_name
from tracker.pages.reading import found_on
from tracker.pages.words import (
    ANY_STATUS,
    IDENTITY,
    JSON_KINDS,
    JSON_STATUS,
    KNOWN,
    ORDINAL,
    STEP,
    STEP_DATE,
    STEP_SIDE,
    key,
)

_CODE = re.compile(r"[0-9A-Za-z*]{6,32}")
_PERSON = re.compile(
    r"(?<![0-9A-Za-z*])[1-9]\d{5}(?:18|19|20)\d\d(?:0[1-9]|1[0-2])[0-3]\d\d{3}[0-9Xx](?![0-9A-Za-z*])", re.ASCII
)
_MASKED_PERSON = re.compile(r"(?<![0-9A-Za-z*])[1-9]\d{0,9}\*{6,14}[0-9Xx]{1,6}(?![0-9A-Za-z*])", re.ASCII)
# In front of a number that only shows how one is written.
_EXAMPLE = re.compile(r"(?:[如例]|格式|e\.g\.|placeholder)[\W_]{0,4}$")
_BEFORE = 18  # characters
_SHORTEST = 6  # characters of a value that others' numbers are compared with
_REACHING = re.compile("电话|手机|传真|地址|住址|联系|邮箱|phone|mobile|address|email|tel")
_MASKED_NAME = re.compile("[\u4e00-\u9fff][*＊×●某]{1,2}[\u4e00-\u9fff]?")
_HEADS = 2
_OF_A_STEP = STEP | STEP_DATE | STEP_SIDE | ORDINAL
_IN_ANSWERS = frozenset().union(*JSON_KINDS.values())


def shows_others(page: Response, reference: Reference) -> bool:
    """Whether anybody's record may stand on a page beside the case's own, or in its place."""
    text = normalize("NFKC", unescape(page.text)).translate({ord("×"): "*", ord("●"): "*", ord("•"): "*"})
    if _others_numbers(text, reference.values.values()):
        return True
    try:
        if text.lstrip("\ufeff \t\r\n")[:1] in {"{", "["}:
            return _many(_of_answer(json_of(page)))
        return _many(_of_page(found_on(page, reference), reference)) or _has_names(page.document)
    except CheckError:
        return True


# --- numbers ---------------------------------------------------------------------------------------------------------


def _others_numbers(text: str, values: Iterable[str]) -> bool:
    own = tuple(values)
    persons = {code for pattern in (_PERSON, _MASKED_PERSON) for code in pattern.findall(text)}
    strange = [code for code in persons if not _is_one_of(code, own)]
    # The page of a case that was not asked by its ID number may show it.
    if len(strange) > (0 if any(_PERSON.fullmatch(value) for value in own) else 1):
        return True
    alike = [value for value in own if len(value) >= _SHORTEST and any(c.isdigit() for c in value)]
    return any(
        not _is_one_of(found[0], own) and not _EXAMPLE.search(text[max(found.start() - _BEFORE, 0) : found.start()])
        for found in _CODE.finditer(text)
        if any(_is_alike(found[0], value) for value in alike)
    )


def _is_one_of(code: str, own: Iterable[str]) -> bool:
    return any(compare(code, value) is not Match.NONE for value in own)


def _is_alike(code: str, value: str) -> bool:
    """Whether a number, masked or not, is built like the case's."""
    return len(code) == len(value) and is_alike("".join(v if c == "*" else c for c, v in zip(code, value, strict=True)), value)


# --- rows ------------------------------------------------------------------------------------------------------------


def _many(whose: Iterable[tuple[str, int, str]]) -> bool:
    """Whether a caption says different things in several records; (caption, record, value)."""
    seen: dict[str, dict[int, str]] = {}
    for caption, record, value in whose:
        seen.setdefault(caption, {}).setdefault(record, value)
    return any(len(set(values.values())) > 1 for values in seen.values())


def _of_page(found: Sequence[Pair], reference: Reference) -> Iterator[tuple[str, int, str]]:
    """What tells the records of a page apart: whose each is, and that it has a status; the steps of one case do not count."""
    status = ANY_STATUS | {key(reference.read.label or "")}
    records: dict[int, list[Pair]] = {}
    for pair in found:
        if not is_blank(pair.value):
            records.setdefault(pair.record, []).append(pair)
    for number, record in records.items():
        captions = {pair.key for pair in record}
        if not captions.isdisjoint(status) and not (captions <= _OF_A_STEP | status and captions & (STEP | STEP_DATE)):
            yield "", number, str(number)
        yield from ((p.key, number, key(p.value)) for p in record if p.key not in STEP_SIDE and _tells_whose(p, IDENTITY))


def _of_answer(root: object) -> Iterator[tuple[str, int, str]]:
    """The same of the entries of a JSON answer's lists."""
    for number, found in enumerate(found for found in objects(root) if found.entries):
        record = [pair for pair in pairs_of(found.record) if not is_blank(pair.value)]
        if any(pair.key in JSON_STATUS for pair in record):
            yield "", number, str(number)
        yield from ((pair.key, number, key(pair.value)) for pair in record if _tells_whose(pair, _IN_ANSWERS))


def _tells_whose(pair: Pair, known: frozenset[str]) -> bool:
    """Whether a value is a person's; where an office can be reached stands on many pages too."""
    return pair.key in known or (is_personal(pair.caption) and not _REACHING.search(pair.key))


def _has_names(document: Document) -> bool:
    """Whether a column of a table holds names of several people, under whatever caption."""
    for table in document.tables:
        columns: dict[int, list[str]] = {}
        for number in dict.fromkeys(cell for row in table.rows for cell in row):
            cell = document.cells[number]
            columns.setdefault(cell.column, []).append(cell.text)
        if any(map(_are_names, columns.values())):
            return True
    return False


def _are_names(column: Sequence[str]) -> bool:
    """Names below at most two rows of something else: a title and the caption."""
    heads = list(takewhile(lambda words: not _could_name(words), column[:_HEADS]))
    names = column[len(heads) :]
    of_staff = bool(heads) and key(heads[-1]) in STEP_SIDE
    return not of_staff and len(set(names)) > 1 and all(map(_could_name, names))


def _could_name(words: str) -> bool:
    bare = "".join(words.split())
    return key(words) not in KNOWN and (could_be_name(words) or _MASKED_NAME.fullmatch(bare) is not None)
