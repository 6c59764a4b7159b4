"""A page -> what it says about one case, or the named reason why nothing can be said.

Only a status under its caption, in a record that can be the case's own, whose end was seen, is read. Everything else is
an outcome by name; what is not understood is PageChanged with what was expected and found.
"""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import cast

from tracker.core.errors import CheckError, Mismatched, PageChanged
from tracker.core.labels import fold
from tracker.core.model import Identity, ReadHints, Reading, Reference
from tracker.pages.blanks import CONTROLS, SITES_OWN, may_be_its_own
from tracker.pages.captions import Pair, pairs
from tracker.pages.contract import Response
from tracker.pages.dates import parse_date
from tracker.pages.document import Document
from tracker.pages.identity import Match, compare, is_blank, verdicts
from tracker.pages.notices import beside, from_pair
from tracker.pages.recognise import not_a_status, recognise
from tracker.pages.records import choose, is_certain
from tracker.pages.sections import misplaced, says_whose
from tracker.pages.spots import around
from tracker.pages.strangers import neighbour, stranger
from tracker.pages.words import DATES, IDENTITY, KINDS, KNOWN, NOTICE, PLAIN_NOTE, STATUS, WEAKER, key, line, with_also
from tracker.pages.worth import head, is_beside, unworthy, wordless

LABEL_LENGTH = 300
_CSS = "css:"
_CAPTIONS = KNOWN - NOTICE - PLAIN_NOTE
_WIDE = str.maketrans("（）［］", "()[]")


def read_page(page: Response, reference: Reference) -> Reading:
    """What a page says about a case. Raises the named error when it doesn't say it."""
    document = page.document
    hints = reference.read
    if not page.complete or (document.truncated and not document.unclosed):
        raise _truncated("the page")
    also = _also(reference)
    found = found_on(page, reference)
    if hints.label and hints.label.startswith(_CSS):
        return _by_css(page, reference, found)
    label, own, elsewhere = choose(found, _status(hints), reference)
    if label is None:
        raise _unread(page, reference, found)
    own = own if label.record else _around_label(document, label, own, also)
    named = with_also(IDENTITY, also)
    elsewhere = [p for p in elsewhere if p.table >= 0 or p.key in named]
    _check_closed(document, label, own)
    shown = verdicts(own, elsewhere, reference.values)
    identity = _identity(shown, (*own, *elsewhere), reference)
    if identity is Identity.NOT_SHOWN and _stands_beside_its_caption(document, reference):
        identity = Identity.MATCHED
    wanted = _standing(page, reference, found, label)
    if (what := misplaced(document, label, [*own, *elsewhere], identity)) is not None:
        raise PageChanged("record", "the case's own record", what)
    if label.how != "column" and (other := neighbour(document, label, reference)) is not None:
        raise Mismatched(other)
    others = [p for p in found if p.record not in {0, label.record}]
    if (other := stranger(document, own, others, reference, list(shown))) is not None:
        raise Mismatched(other)
    words = head(document, label, _without_controls(label.value))
    problem = _problem(document, label, words, reference, own)
    if _is_menu(document, label):
        problem = PageChanged("status", "a status", "something to click", evidence=words)
    if _is_half_bracketed(words):
        problem = PageChanged("status", "a status", "one that ends inside a bracket", evidence=words)
    if any(compare(words, value) is Match.FULL for value in reference.values.values()):
        problem = PageChanged("status", "a status", "what the case was asked by")  # columns have moved
    if problem is not None:
        raise problem if label.value else _said_instead(page, reference, found, problem)
    notices = _notices(document, [p for p in own if p.key not in wanted and from_pair(p)])
    said = [p.value for p in notices]
    near = beside(document, label, own, [*elsewhere, *(p for p in found if p.key in _CAPTIONS)])
    return Reading(
        words[:LABEL_LENGTH],
        identity,
        _reported_on(own, hints),
        " ".join(dict.fromkeys([*said, near] if near else said)) or None,
        _details([p for p in (*own, *elsewhere) if p.key not in wanted and p not in notices]),
    )


def _standing(page: Response, reference: Reference, found: Sequence[Pair], label: Pair) -> frozenset[str]:
    """The captions that count here. A weaker one does, and one like a heading, where it is said whose it is."""
    weaker = reference.read.label is None and label.key in WEAKER
    if (weaker or label.form) and not says_whose(page.document, label, found, reference):
        unsaid = PageChanged("record", "a status in the case's own record", label.caption)
        raise _said_instead(page, reference, found, unsaid)
    return WEAKER if weaker else _status(reference.read)


def _notices(document: Document, found: list[Pair]) -> list[Pair]:
    """The notices among the pairs that look like one: not what there is to click."""
    if not found:
        return found
    clicked = {t.spot for t in document.texts if t.text in document.link_texts}
    return [p for p in found if p.spot not in clicked]


def _problem(document: Document, label: Pair, words: str, reference: Reference, own: Sequence[Pair]) -> CheckError | None:
    """Why the words beside the caption are no status; those of the case's own table, or where the case says, may be any."""
    known = fold(words) in map(fold, reference.words)
    problem = None if known else not_a_status(words)

    def certain() -> bool:
        return is_certain(verdicts(own, (), reference.values), reference)

    its_own = isinstance(problem, PageChanged) and problem.found == SITES_OWN and certain() and _is_its_own(document, label)
    problem = None if its_own else problem
    if problem is None and (wrong := unworthy(document, label, words, certain)) is not None:
        return PageChanged("status", "a status", wrong, evidence=words)
    if problem is None and not its_own and not known and reference.read.label is None and wordless(label, words):
        return PageChanged("status", "a status", "no words of a status", evidence=words)
    return problem


def _is_its_own(document: Document, label: Pair) -> bool:
    """Whether a status stands right beside its caption: in a record that shows the case's own number 正常 is one, then."""
    return is_beside(document, label) and may_be_its_own(label.value)


def found_on(page: Response, reference: Reference) -> Sequence[Pair]:
    """The pairs of a page as this case sees them: with the captions that it names, and its own for the status."""
    hints, also = reference.read, _also(reference)
    asked = ("pairs", also, hints.label)
    if asked not in page.found:
        page.found[asked] = pairs(page.document, also, _status(hints))
    return cast("Sequence[Pair]", page.found[asked])


def _also(reference: Reference) -> frozenset[str]:
    """The captions that the case itself names."""
    hints = reference.read
    return frozenset(key(n) for n in (*reference.values, *hints.identify, hints.date or "", hints.label or "") if n)


def _status(hints: ReadHints) -> frozenset[str]:
    return frozenset({key(hints.label)}) if hints.label else STATUS


def _without_controls(label: str) -> str:
    """审核中 [查看] -> 审核中: what there is to click behind a status is no part of it."""
    words = line(label).split(" ")
    while len(words) > 1 and key(words[-1]) in CONTROLS:
        words.pop()
    text = " ".join(words)
    bare = text.rstrip("。；;，,")
    return text if any(c in bare for c in "。；;，,") else bare


def _is_half_bracketed(words: str) -> bool:
    """A bracket that never closes: what stands behind it was taken for something else."""
    folded = words.translate(_WIDE)
    return any(folded.count(opening) > folded.count(closing) for opening, closing in ("()", "[]", "【】", "《》", "「」", "“”"))


def _is_menu(document: Document, label: Pair) -> bool:
    """Whether the value consists of several links: statuses to choose from."""
    inside = document.between(label.spot, label.end)
    return sum(1 for t in inside if t.tag == "a" and key(t.text) not in CONTROLS) > 1


def _around_label(document: Document, label: Pair, own: Sequence[Pair], also: frozenset[str]) -> list[Pair]:
    """Of the pairs of a page with one record, those of the record: all tables', and the texts' around the label.

    Further away only numbers, names of persons and what the case itself names count: a footer has a telephone number too.
    """
    table = label.table if label.table >= 0 else _table_of_cells(document, label, own)
    if table >= 0:
        start, end = document.tables[table].spot, document.tables[table].end
    else:
        start, end = label.spot, label.end
        behind = document.ends
        for element in around(document, label.spot):
            start, end = element, behind[element]
            if any(start <= p.spot < end and p is not label for p in own):
                break
    named = with_also(IDENTITY, also)
    return [p for p in own if start <= p.spot < end or p.key in named or p.how in {"turns", "field"}]


def _table_of_cells(document: Document, label: Pair, own: Sequence[Pair]) -> int:
    """The table whose cells hold a pair each: 受理编号：… | 状态：…; -1 where all stand in one cell, for the looks."""
    table = document.cells[label.cell].table if label.cell >= 0 else -1
    shared = [p for p in own if p.cell >= 0 and p.cell != label.cell and document.cells[p.cell].table == table]
    return table if shared else -1


def _check_closed(document: Document, label: Pair, own: Sequence[Pair]) -> None:
    """A page may lack its end; the record may not: what follows could be the other half of "初审未通过"."""
    cut = not label.closed or any(not p.closed for p in own if p.table == label.table)
    if document.truncated and label.table < 0 and not cut:
        cut = not document.unclosed.isdisjoint(_holders(document, label, own))
    if cut:
        raise _truncated("the record")


def _holders(document: Document, label: Pair, own: Sequence[Pair]) -> list[int]:
    """The elements from the label's own to the one that holds another pair, at least two."""
    others = [p.spot for p in own if p is not label]
    behind = document.ends
    chain = list(around(document, label.end - 1))
    holding = (n for n, e in enumerate(chain) if n and (not others or any(e <= spot < behind[e] for spot in others)))
    return chain[: next(holding, len(chain)) + 1]


def _truncated(what: str) -> PageChanged:
    return PageChanged("page", f"the end of {what}", "the source ends before", reason="truncated")


def _identity(found: dict[str, Match], pairs_shown: Sequence[Pair], reference: Reference) -> Identity:
    """Matched or not shown; Mismatched where anything shown is another's."""
    for name, match in found.items():
        if match is Match.NONE:
            raise Mismatched(name)
    for name in reference.read.identify:
        if not _is_shown(name, found, pairs_shown):
            raise PageChanged("identify", name, "not shown")
    return Identity.MATCHED if found else Identity.NOT_SHOWN


def _stands_beside_its_caption(document: Document, reference: Reference) -> bool:
    """Whether a value of the reference stands right behind its caption, or below it in a table that leaves open which it is."""
    values = {key(name): value for name, value in reference.values.items()}
    for caption, text in pairwise(document.texts):
        if (value := values.get(key(caption.text))) and compare(text.text, value) is Match.FULL:
            return True
    for table in document.tables:
        for above, below in zip(table.rows, (*table.rows[1:], ()), strict=False):
            for at, cell in enumerate(above):
                value = values.get(key(document.cells[cell].text))
                beside_it = (*above[at + 1 : at + 2], *below[at : at + 1]) if value else ()
                if any(compare(document.cells[c].text, value or "") is Match.FULL for c in beside_it):
                    return True
    return False


def _is_shown(name: str, found: dict[str, Match], shown: Sequence[Pair]) -> bool:
    """Whether the answer repeated a field: by its caption, or by the reference value of the same kind."""
    folded = key(name)
    kinds = [words for words in KINDS.values() if folded in words]
    alike = kinds[0] if kinds else frozenset({folded})
    return any(key(n) in alike for n in found) and any(p.key in alike and p.value for p in shown)


def _reported_on(own: Sequence[Pair], hints: ReadHints) -> date | None:
    wanted = (key(hints.date),) if hints.date else DATES
    for name in wanted:
        for pair in own:
            if pair.key == name and (day := parse_date(pair.value)) is not None:
                return day
    return None


def _details(rest: Sequence[Pair]) -> dict[str, str]:
    """Captions and values in page order; a caption that stands twice is numbered."""
    details: dict[str, str] = {}
    for pair in sorted(rest, key=lambda p: p.spot):
        name, number = pair.caption, 1
        while name in details and details[name] != pair.value:
            number += 1
            name = f"{pair.caption} ({number})"
        details[name] = pair.value
    return details


def _unread(page: Response, reference: Reference, found: Sequence[Pair]) -> CheckError:
    """Why no status was read: what the page says it is, unless a record is there that we no longer understand."""
    sign = recognise(page)
    if page.document.truncated and (
        sign is None or sign.reason not in {"maintenance", "server_error", "rate_limited", "session_over"}
    ):
        return _truncated("the page")
    captions = ", ".join(dict.fromkeys(p.caption for p in found))[:200] or "no captions"
    if sign is not None and not _has_record(found, reference):
        return sign
    if sign is not None:
        return PageChanged("status", "a record or a message", f"both: {captions}", evidence=sign.evidence)
    if reference.read.label:
        return PageChanged("read.label", reference.read.label, captions)
    return PageChanged("status", "one of 状态, 当前状态, 办理状态, 审核状态, status", captions)


def _said_instead(page: Response, reference: Reference, found: Sequence[Pair], problem: CheckError) -> CheckError:
    """For what is no status: what the page says besides, as in a template for a record that isn't there."""
    seen = _unread(page, reference, found)
    return problem if isinstance(seen, PageChanged) else seen


def _has_record(found: Sequence[Pair], reference: Reference) -> bool:
    """Whether a page shows somebody's record: a number, a name or a date that is not what was asked, repeated."""
    for pair in found:
        if pair.key not in IDENTITY and (pair.key not in DATES or pair.how in {"colon", "below", "beside"}):
            continue
        if is_blank(pair.value) or any(compare(pair.value, v) is Match.FULL for v in reference.values.values()):
            continue
        return True
    return False


def _by_css(page: Response, reference: Reference, found: Sequence[Pair]) -> Reading:
    """The label from the one element that the case's own selector names; identity and details from the whole page."""
    assert reference.read.label is not None
    if page.document.truncated:
        raise _truncated("the page")
    selector = reference.read.label.removeprefix(_CSS)
    matches = page.soup.select(selector)
    if len(matches) != 1:
        seen = _unread(page, reference, found)
        wrong = PageChanged("read.label", f"1 of {selector}", str(len(matches)))
        raise wrong if isinstance(seen, PageChanged) else seen
    label = line(matches[0].get_text(" "))
    own = [p for p in found if p.record == 0 and (p.table >= 0 or p.key in IDENTITY)]
    identity = _identity(verdicts(own, (), reference.values), own, reference)
    problem = not_a_status(label)
    if problem is not None:
        raise problem
    notices = [p for p in own if from_pair(p)]
    rest = [p for p in own if p not in notices and p.value != label]
    said = " ".join(dict.fromkeys(p.value for p in notices)) or None
    return Reading(label[:LABEL_LENGTH], identity, _reported_on(own, reference.read), said, _details(rest))
