"""What a JSON answer looks like to us, as data: where the status and its day stand, by paths, and whose record it is."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

from tracker.core.errors import CheckError
from tracker.core.labels import understand
from tracker.core.model import Meaning, ReadHints, Reading, Reference
from tracker.pages.contract import Response
from tracker.pages.dates import parse_date
from tracker.pages.identity import Match, compare, is_blank
from tracker.pages.jsonread import read_json
from tracker.pages.jsontext import json_of
from tracker.pages.jsonwalk import numeric, own_pairs, text_of
from tracker.pages.whose import is_of_the_case, says_nothing
from tracker.pages.words import JSON_CODE, JSON_DATES, JSON_KINDS, JSON_MESSAGE, JSON_STATUS, plain_key

MOST_VALUES = 200
_SIMPLE = re.compile(r'[^.\[\]"\s]+')
_STATES = ("status", "state", "zt", "状态", "进度", "环节", "progress", "stage")
# The initials of 当前环节, 办理进度, 审批结果 and the like, as programmers abbreviate them.
_INITIALS = frozenset(
    f"{what}{of}{more}"
    for what in ("dq", "bl", "sp", "sh", "bj", "sq", "yw")
    for of in ("hj", "jd", "jg", "qk")
    for more in ("", "mc")
)
_WORDS = frozenset({"text", "txt", "name", "desc", "description", "label", "mc", "msg", "cn", "zh"})
_MOST_OF_A_GROUP = 3
_DAYS = ("time", "date", "sj", "rq", "时间", "日期")


@dataclass(frozen=True, slots=True)
class SeenValue:
    """A plain value and the path to it. `entry`: of which entry of a list, counted from 1; 0: of none. `role` as of a pair."""

    path: str
    key: str
    value: str
    entry: int
    role: str


@dataclass(frozen=True, slots=True)
class SeenJson:
    """One JSON answer. `label_path` is `read.label` without "json:", "" where nothing looks like a status.

    `number`: the status is only a code, which nobody but the case's own table can explain.
    """

    values: tuple[SeenValue, ...]
    entries: int
    label_path: str
    label: str
    meaning: Meaning | None
    number: bool
    date_path: str
    reading: Reading | None
    outcome: CheckError | None

    @property
    def known(self) -> tuple[str, ...]:
        """What the answer shows of persons and their numbers."""
        return tuple(dict.fromkeys(v.value for v in self.values if v.role == "identity" and not is_blank(v.value)))


def describe_json(page: Response, reference: Mapping[str, str]) -> SeenJson:
    """Describe a JSON answer that was asked for with this reference. A CheckError says what it is where it is no JSON."""
    root = json_of(page)
    found = [_valued(*leaf, reference) for leaf, _ in zip(_leaves(root, "", 0, None), range(MOST_VALUES), strict=False)]
    mine = _own_entry(found, reference)
    own = [v for v in found if v.entry in {0, mine}]
    status = _status(own)
    label = ReadHints(label=f"json:{status.path}") if status else ReadHints()
    number = status is not None and numeric(status.value)
    label_path = status.path if status else ""
    date_path = _day([v for v in own if label_path.startswith(_list_of(v.path))])
    hints = ReadHints(label=label.label, date=f"json:{date_path}" if date_path else None)
    words = frozenset({status.value}) if status and number else frozenset[str]()
    reading, outcome = _read(page, Reference(dict(reference) or _owner(own), read=hints, words=words))
    return SeenJson(
        values=tuple(_named(v, label_path, date_path) for v in found),
        entries=len({v.entry for v in found if v.entry and v.path == label_path}),
        label_path=label_path,
        label=status.value if status else "",
        meaning=understand(status.value, {}, {}) if status and not number else None,
        number=number,
        date_path=date_path,
        reading=reading,
        outcome=outcome,
    )


def places_of(page: Response, text: str) -> list[str]:
    """The paths to a plain value, but for those that lead into lists."""
    leaves = zip(_leaves(json_of(page), "", 0, None), range(MOST_VALUES), strict=False)
    return [path for (path, _, value, _), _ in leaves if value == text and "[]" not in path]


def _read(page: Response, reference: Reference) -> tuple[Reading | None, CheckError | None]:
    try:
        return read_json(page, reference), None
    except CheckError as error:
        return None, error


def _leaves(value: object, path: str, entry: int, inner: "count[int] | None") -> Iterator[tuple[str, str, str, int]]:
    """(path, key, text, entry) of every plain value; what stands in a list is reached by the case's own entry.

    A list in a record tells its steps, not other records, but in a group of records: `inner` numbers those.
    """
    if isinstance(value, dict):
        for name, held in value.items():
            step = name if _SIMPLE.fullmatch(name) else '["' + name.replace("\\", "\\\\").replace('"', '\\"') + '"]'
            here = f"{path}.{step}" if path and not step.startswith("[") else f"{path}{step}"
            text = "" if held is None else text_of(held)
            if text is None:
                yield from _leaves(held, here, entry, inner)
            else:
                yield here, name, text, entry
    elif isinstance(value, list) and ("[]" not in path or inner is not None):
        numbers, grouped = inner or count(1), inner is None and bool(value) and all(map(_is_group, value))
        for one in value:
            yield from _leaves(one, f"{path}[]", 0 if grouped else next(numbers), numbers if grouped else None)


def _is_group(entry: object) -> bool:
    """Whether an entry of a list is no record but holds some: cases by year, by office."""
    if not isinstance(entry, dict):
        return False
    own = own_pairs(entry)
    holds = any(isinstance(v, list) and any(isinstance(one, dict) for one in v) for v in entry.values())
    told = any(p.key in JSON_STATUS or any(p.key in names for names in JSON_KINDS.values()) for p in own)
    return holds and not told and len(own) <= _MOST_OF_A_GROUP


def _valued(path: str, name: str, text: str, entry: int, reference: Mapping[str, str]) -> SeenValue:
    return SeenValue(path, name, text, entry, _role(plain_key(name), text, reference))


def _list_of(path: str) -> str:
    """The list that a path leads through, "" where it is none: another list's entries are no part of the record."""
    return path[: path.rfind("[]") + 2] if "[]" in path else ""


def _named(value: SeenValue, label_path: str, date_path: str) -> SeenValue:
    """The value with the role that its path turned out to have."""
    role = {label_path: "status", date_path: "date"}.get(value.path, value.role)
    return replace(value, role=role)


def _is_repeated(text: str, reference: Mapping[str, str]) -> bool:
    return any(len(v) >= 2 and compare(text, v) in {Match.FULL, Match.PART} for v in reference.values())


def _role(name: str, text: str, reference: Mapping[str, str]) -> str:
    if _is_repeated(text, reference) or any(name in names for names in JSON_KINDS.values()):
        return "identity"
    if name in JSON_STATUS:
        return "status"
    return "date" if name in JSON_DATES else ""


def _own_entry(found: Sequence[SeenValue], reference: Mapping[str, str]) -> int:
    """The entry that repeats the reference, else the first."""
    return next((v.entry for v in found if v.entry and _is_repeated(v.value, reference)), 1)


def _owner(own: Sequence[SeenValue]) -> dict[str, str]:
    """Where nothing is known of the asking: what the record says of its owner, so that it can be told from the others."""
    return next(({v.key: v.value} for v in own if v.entry and v.role == "identity" and not is_blank(v.value)), {})


def _status(own: Sequence[SeenValue]) -> SeenValue | None:
    """The likeliest status: known words under a status's key, any words there, known words elsewhere, a code under the key."""
    inner = [v for v in own if ("." in v.path or "[" in v.path) and plain_key(v.key) not in JSON_MESSAGE]
    outer = [v for v in own if v not in inner and plain_key(v.key) not in JSON_CODE | JSON_MESSAGE]
    is_empty = any(v.role == "status" and says_nothing(v.value) for v in own)
    may_be = [v for v in (*inner, *outer) if not is_empty or _is_of_the_case(v)]  # another thing's says nothing of the case
    ranked = [(rank, v) for v in may_be if (rank := _rank(v)) is not None]
    best = min(ranked, key=lambda item: item[0])[1] if ranked else None
    return _words_beside(best, own) or best if best and numeric(best.value) else best


def _is_of_the_case(value: SeenValue) -> bool:
    name = plain_key(value.key)
    return value.role == "status" or name in _INITIALS or is_of_the_case(name)


def _words_beside(code: SeenValue, own: Sequence[SeenValue]) -> SeenValue | None:
    """The words that stand for a code in the object that is there for the two: {"status": 3, "text": "复核"}."""
    place = code.path.rpartition(".")[0]
    beside = [v for v in own if v.path.rpartition(".")[0] == place and v.entry == code.entry]
    if any(v.role == "identity" for v in beside):
        return None  # a record's own name or text may be anything
    return next((v for v in beside if plain_key(v.key) in _WORDS and not numeric(v.value) and not is_blank(v.value)), None)


def _rank(value: SeenValue) -> int | None:
    name, text = plain_key(value.key), value.value
    if says_nothing(text) or value.role == "identity":
        return None
    known = understand(text, {}, {}).known
    usual, like = value.role == "status", name in _INITIALS or any(word in name for word in _STATES)
    if parse_date(text) is not None and not known:
        return None
    if numeric(text):
        return 5 if usual and text.isdecimal() else None
    if usual or like:
        return (0 if known else 2) + (not usual)
    return 4 if known else None


def _day(own: Sequence[SeenValue]) -> str:
    """The path of the day on which the status changed."""
    dated = [v for v in own if parse_date(v.value) is not None]
    for name in JSON_DATES:
        for value in dated:
            if plain_key(value.key) == name:
                return value.path
    alike = [v.path for v in dated if plain_key(v.key).endswith(_DAYS)]
    return alike[0] if len(alike) == 1 else ""
