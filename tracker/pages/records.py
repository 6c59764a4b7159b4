"""Which of the records on a page is the case's own, and which of its captions is the status."""

from collections.abc import Sequence

from tracker.core.errors import PageChanged
from tracker.core.model import Reference
from tracker.pages.blanks import NUMBER
from tracker.pages.captions import Pair
from tracker.pages.dates import parse_date, parse_moment
from tracker.pages.grids import DOUBT
from tracker.pages.identity import Match, verdicts
from tracker.pages.words import COUNT, IDENTITY, KINDS, LEGEND, ORDINAL, PAPER, STEP, STEP_DATE, STEP_SIDE, WEAKER, key

Chosen = tuple[Pair | None, list[Pair], list[Pair]]
_NOTHING: Chosen = (None, [], [])
_CONFIGURE = "configure read.label"


def choose(found: Sequence[Pair], wanted: frozenset[str], reference: Reference) -> Chosen:
    """(the status, the pairs of its record, those elsewhere that belong to no other record).

    No status: (None, [], []). PageChanged where several records could be the case's, or captions contradict each other.
    """
    chosen = _chosen(found, wanted, reference)
    return chosen if chosen[0] or reference.read.label is not None else _weaker(found, reference)


def _weaker(found: Sequence[Pair], reference: Reference) -> Chosen:
    """What stands under a weaker caption where none stands under the others; nothing where that leaves a doubt."""
    try:
        label, record, page = _chosen(found, WEAKER, reference, steps=False)
    except PageChanged:
        return _NOTHING
    return (label, record, page) if label and label.value else _NOTHING


def _chosen(found: Sequence[Pair], wanted: frozenset[str], reference: Reference, *, steps: bool = True) -> Chosen:
    if any(p.key in wanted and p.how == DOUBT for p in found):
        raise PageChanged("status", f"one value; {_CONFIGURE}", "two places that may be its value")
    records: dict[int, list[Pair]] = {}
    for pair in (p for p in found if p.value or p.how != DOUBT):
        records.setdefault(pair.record, []).append(pair)
    candidates = {n: r for n, r in records.items() if any(p.key in wanted for p in r) and not _is_legend(r)}
    configured = reference.read.label is not None
    if not candidates and steps and not configured:
        return _from_steps(records, reference)
    if not candidates:
        return _NOTHING
    number = next(iter(candidates)) if len(candidates) == 1 else _own(candidates, wanted, reference)
    record = records[number]
    if record[0].ragged and not is_certain(verdicts(record, (), reference.values), reference):
        raise PageChanged("record", "rows alike", "rows that do not fit their captions")
    label = _one_label(record, wanted, configured=configured)
    alone = len(candidates) == 1 or 0 not in candidates
    page = [] if number == 0 or not alone else list(records.get(0, []))
    if len(candidates) == 1:
        page += _whose(records, number, reference)
    return label, record, page


def _whose(records: dict[int, list[Pair]], number: int, reference: Reference) -> list[Pair]:
    """The pairs of the one other row that says whose record it is, where that and the status stand in two tables."""
    telling = IDENTITY | {key(name) for name in reference.values}
    others = [r for n, r in records.items() if n not in {0, number} and any(p.key in telling and p.value for p in r)]
    return others[0] if len(others) == 1 else []


def _is_legend(record: Sequence[Pair]) -> bool:
    """Whether a row only explains or counts what has a status, of nobody and of no day; or is about a paper.

    状态 | 含义, 状态 | 数量, 材料名称 | 审核状态.
    """
    captions = {p.key for p in record}
    if any(p.how != "column" for p in record) or not captions.isdisjoint(KINDS["number"]):
        return False
    if any(PAPER.search(name) for name in captions):
        return True
    if any(parse_date(p.value) for p in record) or not captions.isdisjoint(IDENTITY | STEP_DATE):
        return False
    return any(name in LEGEND or COUNT.search(name) for name in captions)


def _one_label(record: Sequence[Pair], wanted: frozenset[str], *, configured: bool) -> Pair:
    """The status of a record: one value under all its status captions, and no step beside it that says more."""
    labels = [p for p in record if p.key in wanted]
    if not configured:
        labels += [p for p in record if p.key in STEP and p.key not in wanted and not NUMBER.fullmatch(key(p.value) or "0")]
    values = dict.fromkeys(key(p.value) for p in labels)
    if len(values) > 1:
        captions = ", ".join(dict.fromkeys(p.caption for p in labels))
        raise PageChanged("status", f"one status; {_CONFIGURE}", f"different ones under {captions}")
    return labels[0]


def _own(candidates: dict[int, list[Pair]], wanted: frozenset[str], reference: Reference) -> int:
    """The number of the case's own record among several."""
    matches = {n: verdicts(r, (), reference.values) for n, r in candidates.items()}
    own = [n for n, found in matches.items() if is_own(found)]
    telling = IDENTITY | {key(name) for name in reference.values}
    shared = {candidates[n][0].table for n in own} - {-1}  # beside a row that is the case's, the others are not
    silent = [
        n
        for n, r in candidates.items()
        if n not in own
        and not any(p.key in telling and p.value for p in r)
        and (r[0].table not in shared or r[0].how != "column")
    ]
    strangers = [n for n, found in matches.items() if Match.NONE in found.values() and candidates[n][0].how == "column"]
    if not own and silent and len(strangers) > 1 and len(strangers) + len(silent) == len(candidates):
        rest = {n: candidates[n] for n in silent}  # a list of other people's stands beside this one
        return silent[0] if len(silent) == 1 else _own(rest, wanted, reference)
    if len(own) == 1 and (not silent or reference.read.label or _agree(candidates, [*own, *silent], wanted)):
        return own[0]
    if len(own) > 1 and all(_same_case(matches[n], reference) for n in own):
        if _agree(candidates, own, wanted):
            return own[0]
        return _latest({n: candidates[n] for n in own}, wanted, reference, free=IDENTITY)
    if not own and len(silent) == len(candidates):
        if _agree(candidates, silent, wanted) and 0 in candidates:
            return 0
        if 0 in candidates and reference.read.label is None:
            raise PageChanged("status", f"one status; {_CONFIGURE}", f"{len(candidates)} records")
        return _latest(candidates, wanted, reference)
    if len(own) == 1:
        raise PageChanged("status", f"one status; {_CONFIGURE}", f"{1 + len(silent)} different ones")
    raise PageChanged("record", "one record of this case", f"{len(own)} of {len(candidates)}")


def is_own(found: dict[str, Match]) -> bool:
    """Whether a row among others is the case's: something tells it apart (测* does not), nothing contradicts."""
    return Match.NONE not in found.values() and any(m in {Match.FULL, Match.PART} for m in found.values())


def _same_case(found: dict[str, Match], reference: Reference) -> bool:
    """Whether a row shows the very number of the case; one person may have several cases."""
    return any(key(name) in KINDS["number"] and found.get(name) is Match.FULL for name in reference.values)


def is_certain(found: dict[str, Match], reference: Reference) -> bool:
    """Whether a row is the case's own even where other rows may be lost: by its number, if it was asked by one."""
    numbered = any(key(name) in KINDS["number"] for name in reference.values)
    return is_own(found) and (not numbered or _same_case(found, reference))


def _agree(candidates: dict[int, list[Pair]], numbers: Sequence[int], wanted: frozenset[str]) -> bool:
    return len({key(p.value) for n in numbers for p in candidates[n] if p.key in wanted}) == 1


def _from_steps(records: dict[int, list[Pair]], reference: Reference) -> Chosen:
    """A table of steps without a status caption: 环节, 办理时间."""
    steps = {n: r for n, r in records.items() if n and any(p.key in STEP for p in r) and any(p.key in STEP_DATE for p in r)}
    if not steps:
        return _NOTHING
    number = _latest(steps, STEP, reference)
    return _one_label(steps[number], STEP, configured=False), steps[number], records.get(0, [])


def _latest(
    rows: dict[int, list[Pair]], wanted: frozenset[str], reference: Reference, free: frozenset[str] = frozenset()
) -> int:
    """The row with the latest date, where the table says that its rows are the steps of one case."""
    configured = key(reference.read.date) if reference.read.date else None
    moments = {}
    for number, row in rows.items():
        dates = [p for p in row if (p.key == configured if configured else p.key in STEP_DATE)]
        by_step = any(p.key in STEP for p in row)
        beside = STEP_SIDE | STEP | free | (ORDINAL if by_step else frozenset())
        strange = [p for p in row if p not in dates and p.key not in wanted and p.key not in beside]
        moment = parse_moment(dates[0].value) if len(dates) == 1 else None
        if strange or moment is None or row[0].ragged or row[0].table != rows[min(rows)][0].table:
            found = strange[0].caption if strange else "a row without its date"
            raise PageChanged("record", "one record, or dated steps of one case", f"{len(rows)} rows, {found}")
        moments[number] = moment
    latest = max(moments.values())
    last = [n for n, moment in moments.items() if moment == latest]
    if len(last) > 1:
        raise PageChanged("record", "one latest step", f"{len(last)} of the same time")
    return last[0]
