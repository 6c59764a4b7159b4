"""What a page looks like to us, as data: its forms and fields with their captions, and what we take for the status, and why.

Nothing is asked or kept here. A page is described without a reference: of several records, as if the first were ours.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from tracker.core.errors import CheckError, Mismatched, PageChanged
from tracker.core.labels import understand
from tracker.core.model import Meaning, ReadHints, Reading, Reference
from tracker.pages.captions import Pair, pairs, told_by
from tracker.pages.charset import decode
from tracker.pages.contract import Response
from tracker.pages.dates import parse_date
from tracker.pages.document import Document
from tracker.pages.formed import SeenForm, forms_of, query_form
from tracker.pages.identity import is_blank, is_case_number, names_a_number
from tracker.pages.notices import from_pair
from tracker.pages.reading import read_page
from tracker.pages.records import choose
from tracker.pages.whose import empty_status, is_of_the_case
from tracker.pages.words import (
    ANY_STATUS,
    DATE,
    DATES,
    IDENTITY,
    KINDS,
    ORDINAL,
    STATUS,
    STEP,
    STEP_DATE,
    captionlike,
    key,
    shown,
)

_CHANGES = ("更新", "变更", "状态", "办理", "处理", "审核", "审批", "update", "status")
_STATES = ("状态", "进度", "进展", "环节", "阶段", "status", "progress")
_OF_THE_SITE = ("系统", "服务", "登录", "网络", "婚姻", "查询", "system", "service", "login", "marital", "online")
_TAKEN = STATUS | IDENTITY | DATE | STEP_DATE | ORDINAL
_MOST_TRIED = 12
_READABLE = 12_000  # texts and cells, over all tries
_DAY = ("时间", "日期", "date", "time")
_LOG_OUT = re.compile(
    r"退出登[录陆]|安全退出|退出系统|注销登[录陆]|^[\[【]?(?:退出|注销)[\]】]?$|log ?out|sign ?out", re.IGNORECASE
)
_LOG_OUT_WORDS = 12

_HOLES = ("{{", "${", "<%", "%s", "\ufffd")  # what a template leaves where nobody filled it in


@dataclass(frozen=True, slots=True)
class SeenPair:
    """A caption with its value. `role`: status, date, identity, notice, step or "". `record` counts from 1, 0: of none."""

    caption: str
    value: str
    how: str
    record: int
    role: str


@dataclass(frozen=True, slots=True)
class SeenStatus:
    """What is taken for the status. `hint`: what `read.label` must say for it, "" where the caption is well known.

    `how` is the layout that caption and value stand in; `table` counts from 1, 0: in no table. `date_caption`: where the day
    stands, `date_hint` what `read.date` must say for it.
    """

    caption: str
    label: str
    how: str
    table: int
    meaning: Meaning
    reading: Reading
    hint: str = ""
    date_caption: str = ""
    date_hint: str = ""

    @property
    def is_usual(self) -> bool:
        """Whether the caption is well known as a status's; it is named all the same where another one says something else."""
        return key(self.caption) in ANY_STATUS


@dataclass(frozen=True, slots=True)
class Described:
    """One page. `why_charset`: mark, utf-8, header, meta, ascii or guess.

    Without a `status`, `outcome` says what the page is; with one, why it would not be read for the one who asked. `records`:
    how many records with a status it shows. `empty`: the usual caption of a status that has none beside it, "" without such a
    one. `scripted`: its content is filled in by a script. `logged_in`: the words by which
    somebody could log out, "" where there are none.
    """

    url: str
    title: str
    charset: str
    why_charset: str
    forms: tuple[SeenForm, ...]
    loose: int
    frames: tuple[str, ...]
    refresh: str
    pairs: tuple[SeenPair, ...]
    records: int
    status: SeenStatus | None
    outcome: CheckError | None
    empty: str
    scripted: bool
    script_size: int
    logged_in: str

    @property
    def query(self) -> SeenForm | None:
        """The form that asks for a case."""
        return query_form(self.forms)

    @property
    def known(self) -> tuple[str, ...]:
        """What the page shows of persons and their numbers: masked wherever it stands."""
        shown = [p.value for p in self.pairs if p.role == "identity"]
        filled = [f.value for form in self.forms for f in form.fields if f.is_identity and not f.choices]
        return tuple(dict.fromkeys(v for v in (*shown, *filled) if not is_blank(v)))


def describe(page: Response, reference: Mapping[str, str] | None = None) -> Described:
    """Describe a page, read for this reference where one is known. PageChanged where it can't be parsed safely."""
    document = page.document
    also = frozenset(key(name) for name in reference or {}) | _of_numbers(document)
    found = pairs(document, also)
    status, outcome, empty = _status(page, found, reference or {})
    if status is not None and status.hint:  # a caption that is known makes others clearer
        hint = frozenset({key(status.hint)})
        found = pairs(document, also | hint, hint)
    forms = forms_of(document)
    holes = any(hole in document.visible for hole in _HOLES)
    blank = any(p.key in STATUS and is_blank(p.value) for p in found)
    walled = outcome is not None and outcome.reason == "script_wall"
    return Described(
        url=page.url,
        title=document.title,
        charset=page.charset,
        why_charset=why_charset(page),
        forms=forms,
        loose=sum(1 for c in document.controls if c.kind not in {"hidden", "button", "submit", "image", "reset"}),
        frames=document.frames,
        refresh=document.refresh,
        pairs=tuple(SeenPair(p.caption, p.value, p.how, p.record, _role(p, status, reference or {})) for p in found),
        records=len({p.record for p in found if p.record and _role(p, status, {}) == "status"}),
        status=status,
        outcome=outcome,
        empty=empty,
        scripted=status is None and (walled or (bool(document.script_size) and (holes or blank))),
        script_size=document.script_size,
        logged_in=next((t.text for t in document.texts if len(t.text) <= _LOG_OUT_WORDS and _LOG_OUT.search(t.text)), ""),
    )


def _of_numbers(document: Document) -> frozenset[str]:
    """The captions of numbers, whatever a site calls its own."""
    texts = [*(cell.text for cell in document.cells), *(text.text for text in document.texts)]
    return frozenset(folded for text in texts if captionlike(text) and names_a_number(folded := key(text)))


def why_charset(page: Response) -> str:
    """By what the charset of a page was told."""
    body, charset = page.body, page.charset
    if body.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return "mark"
    if charset == "utf-8" and not body.isascii():
        return "utf-8"
    if page.content_type and decode(b"", page.content_type)[1] == charset and "charset" in page.content_type.lower():
        return "header"
    head = bytes(b for b in body[:4096] if b < 128)
    if decode(head)[1] == charset and charset != "utf-8":
        return "meta"
    return "ascii" if body.isascii() else "guess"


def _role(pair: Pair, status: SeenStatus | None, mine: Mapping[str, str]) -> str:
    if pair.key in STATUS or (status is not None and pair.caption == status.caption):
        return "status"
    if pair.key in IDENTITY or pair.caption in mine or is_case_number(pair.key, pair.value):
        return "identity"
    if pair.key in DATE or (status is not None and pair.caption == status.date_caption):
        return "date"
    if pair.value and from_pair(pair):
        return "notice"
    return "step" if pair.key in STEP else ""


# --- the status ------------------------------------------------------------------------------------------------------


Taken = tuple[SeenStatus | None, CheckError | None, str]


def _status(page: Response, found: Sequence[Pair], values: Mapping[str, str]) -> Taken:
    """(what is taken for the status; why there is none, or why it would not be read for the one who asked; see `empty`)."""
    first: CheckError | None = None
    strange: CheckError | None = None
    empty = empty_status(found)
    for reference in _readers(page.document, found, values):
        if own := _emptied_by(page.document, reference):
            empty = own
            continue
        try:
            reading = read_page(page, reference)
        except CheckError as error:
            first = first or error
            strange = error if isinstance(error, Mismatched) else strange
            continue
        return _seen(page, reading, reference), strange, empty
    seen = _rival(page, found, values) if _disagree(first) else None
    return seen, strange if seen is not None else strange or first, empty


def _disagree(why: CheckError | None) -> bool:
    return isinstance(why, PageChanged) and "read.label" in why.expected


def _rival(page: Response, found: Sequence[Pair], values: Mapping[str, str]) -> SeenStatus | None:
    """The only one of several well-known captions that can be read once it is named; of two a person has to choose."""
    read: list[tuple[Reading, Reference]] = []
    for caption in dict.fromkeys(p.caption for p in found if p.key in told_by(found, STATUS)):
        reference = Reference(dict(values), read=ReadHints(label=caption))
        with suppress(CheckError):
            read.append((read_page(page, reference), reference))
    return _seen(page, *read[0]) if len(read) == 1 else None


def _readers(document: Document, found: Sequence[Pair], values: Mapping[str, str]) -> Iterator[Reference]:
    """As whom the page is read: the one who asked, nobody, its first record's owner; by usual captions, then by others."""
    captions = (None, *_captions_of_words(document, found))
    for who in dict.fromkeys(tuple(v.items()) for v in (values, {}, _first_owner(found))):
        yield from (Reference(dict(who), read=ReadHints(label=caption)) for caption in captions)


def _first_owner(found: Sequence[Pair]) -> dict[str, str]:
    """What the first record with a number shows of its owner."""
    for kind in ("number", "person", "name"):
        for pair in found:
            if pair.record and pair.key in KINDS[kind] and not is_blank(pair.value):
                return {pair.caption: pair.value}
    return {}


def _captions_of_words(document: Document, found: Sequence[Pair]) -> list[str]:
    """The captions, not well known as a status's, under which words of a status stand; then what sounds like one."""
    others = [p for p in found if p.key not in _TAKEN and p.value]
    known = [p.caption for p in others if understand(p.value, {}, {}).known]
    alike = [p.caption for p in others if _sounds_like_one(p.key)]
    # In a table of which no caption is known, none is found at all, until one of them is named.
    texts = (*(c.text for c in document.cells), *(t.text for t in document.texts))
    loose = [shown(text) for text in texts if captionlike(text) and _sounds_like_one(key(text))]
    captions = list(dict.fromkeys([*known, *alike, *loose]))
    if empty_status(found):  # what is said of another thing is not said of the case
        captions = [caption for caption in captions if is_of_the_case(key(caption))]
    return captions[: _tries(document)]


def _emptied_by(document: Document, reference: Reference) -> str:
    """The caption of the case's own empty status, where the one to be tried is another thing's; else "".

    Beside an empty cell a caption that nobody knows looks like the value: it must be named before that is seen.
    """
    hint = reference.read.label
    if hint is None or is_of_the_case(key(hint)):
        return ""
    wanted = frozenset({key(hint)})
    return empty_status(pairs(document, _of_numbers(document) | frozenset(map(key, reference.values)) | wanted, wanted))


def _tries(document: Document) -> int:
    """How many captions are tried one after the other: each is a reading of the whole page."""
    return min(_MOST_TRIED, _READABLE // (1 + len(document.cells) + len(document.texts)))


def _sounds_like_one(folded: str) -> bool:
    return any(word in folded for word in _STATES) and not any(word in folded for word in (*_OF_THE_SITE, *STATUS & {folded}))


def _seen(page: Response, reading: Reading, reference: Reference) -> SeenStatus:
    hint = reference.read.label or ""
    wanted = frozenset({key(hint)}) if hint else STATUS
    also = frozenset(key(name) for name in (*reference.values, hint) if name)
    label, own, _ = choose(pairs(page.document, also, wanted), wanted, reference)
    assert label is not None  # it was read just now
    caption, date_hint = _day(own, reading)
    if date_hint:
        reading = _with_date(page, reference, date_hint, reading)
    return SeenStatus(
        label.caption,
        reading.label,
        label.how,
        label.table + 1,
        understand(reading.label, {}, {}),
        reading,
        hint,
        caption,
        date_hint,
    )


def _day(own: Iterable[Pair], reading: Reading) -> tuple[str, str]:
    """(the caption that the day stands under, the same where the configuration must name it)."""
    dated = [p for p in own if parse_date(p.value) is not None]
    if reading.reported_on is not None:
        return next((p.caption for name in DATES for p in dated if p.key == name), ""), ""
    named = [p.caption for p in dated if p.key.endswith(_DAY) and any(word in p.key for word in _CHANGES)]
    return (named[0], named[0]) if len(set(named)) == 1 else ("", "")


def _with_date(page: Response, reference: Reference, caption: str, reading: Reading) -> Reading:
    """The reading once more, now that the day's caption is known."""
    with suppress(CheckError):
        reading = read_page(page, replace(reference, read=replace(reference.read, date=caption)))
    return reading
