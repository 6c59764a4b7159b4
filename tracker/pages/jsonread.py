"""A JSON answer -> what it says about one case, or the named reason why nothing can be said.

The same rules as for a page: only words under a status key (or at the case's own path), in a record that can be the case's own,
are read; of the rest of the answer nothing is kept. A message in the answer means what it means on a page.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from html import unescape

from tracker.core.errors import Mismatched, PageChanged
from tracker.core.labels import fold
from tracker.core.model import Identity, Reading, Reference
from tracker.pages.captions import Pair
from tracker.pages.contract import Response
from tracker.pages.dates import parse_date
from tracker.pages.identity import Match, compare, is_blank, verdicts
from tracker.pages.jsonasked import contradiction, is_about_asking, is_around, why_nothing
from tracker.pages.jsonpath import NOTHING, Nothing, follow, json_path
from tracker.pages.jsontext import json_of
from tracker.pages.jsonwalk import Found, Object, numeric, objects, own_pairs, pairs_of, text_of
from tracker.pages.jsonwhose import anothers_number, outside_own
from tracker.pages.recognise import asks_for_something, not_a_status
from tracker.pages.records import is_own
from tracker.pages.words import JSON_DATES, JSON_KINDS, JSON_MESSAGE, JSON_NOTE, JSON_NOTICE, JSON_STATUS, line, plain_key

LABEL_LENGTH = 300
LONGEST_VALUE = 1000  # a longer one is a picture or a document
MOST_DETAILS = 60
_PATH = "json:"
_TAG = re.compile(r"<[^<>]{1,200}>")
_CONFIGURE = "configure read.label"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The label, the object that it stands in, and the objects around that, the outermost first."""

    label: str
    key: str
    record: Object
    around: Sequence[Object] = field(default=())


def read_json(page: Response, reference: Reference) -> Reading:
    """What a JSON answer says about a case. Raises the named error when it doesn't say it."""
    root = json_of(page)
    chosen = _by_path(root, reference) if (reference.read.label or "").startswith(_PATH) else _by_keys(root, reference)
    own, around = own_pairs(chosen.record), [p for o in chosen.around for p in pairs_of(o)]
    identity = _identity(root, chosen, reference)
    label = _label(chosen, reference)
    _agrees(chosen, identity)
    notices = [p for p in pairs_of(chosen.record) if p.key != plain_key(chosen.key) and _is_notice(p)]
    return Reading(
        label[:LABEL_LENGTH],
        identity,
        _reported_on(root, own, around, reference),
        " ".join(dict.fromkeys(p.value for p in notices))[:LABEL_LENGTH] or None,
        _details(root, chosen, notices, reference),
    )


def _plain(text: str) -> str:
    """The words of a value that brings its own markup."""
    return line(unescape(_TAG.sub("", text)))


def _is_notice(pair: Pair) -> bool:
    if not any(c.isalnum() for c in pair.value) or is_blank(pair.value) or len(pair.value) > LONGEST_VALUE:
        return False
    return pair.key in JSON_NOTICE or (pair.key in JSON_NOTE | JSON_MESSAGE and asks_for_something(pair.value))


# --- where the label stands ------------------------------------------------------------------------------------------


def _by_path(root: object, reference: Reference) -> Chosen:
    hint = reference.read.label or ""
    steps = json_path(hint.removeprefix(_PATH))
    if steps is None:
        raise PageChanged("read.label", "a path into the answer", hint)
    way = follow(root, steps, partial(_own_entry, reference=reference))
    value = way[-1]
    if value is NOTHING:
        raise why_nothing(root, reference, PageChanged("read.label", hint, _keys(way[-2] if len(way) > 1 else root)))
    text = text_of(value)
    if text is None:
        raise PageChanged("read.label", "a word", "an object or a list" if isinstance(value, dict | list) else "nothing")
    if not isinstance(value, str) and fold(text) not in _words(reference):
        raise PageChanged("read.label", "words, or a number that stands under [cases.labels]", text)
    held = [o for o in way[:-1] if isinstance(o, dict)]
    key = steps[-1] if isinstance(steps[-1], str) else ""
    return Chosen(text, key, held[-1] if held else {}, held[:-1])


def _by_keys(root: object, reference: Reference) -> Chosen:
    wanted = frozenset({plain_key(reference.read.label)}) if reference.read.label else JSON_STATUS
    found = [f for f in objects(root) if any(_may_be_label(k, f, wanted, reference) for k in f.record)]
    if not found:
        raise why_nothing(root, reference, _no_words(root, wanted, reference))
    if not reference.read.label:
        found = outside_own(found, reference)
        if not found:
            raise PageChanged("status", f"a status in the case's own record; {_CONFIGURE}", "in what belongs to it")
    outermost = {(id(f.entries[0][0]), len(f.entries)) if f.entries else None for f in found}
    if len(outermost) == 1 and None not in outermost:
        found = [f for f in found if _is_own(f, reference)]
        if not found:
            raise PageChanged("status", "a status in the case's own record", "in other records")
    lists = {id(f.entries[-1][0]) if f.entries else None for f in found}
    chosen = [_one_label(f, wanted, reference) for f in found]
    if len({fold(c.label) for c in chosen}) > 1 or len(lists) > 1:
        raise PageChanged("status", f"one status; {_CONFIGURE}", f"{len(found)} records")
    if (other := anothers_number(found[0], reference)) is not None:
        raise Mismatched(other)
    return chosen[0]


def _may_be_label(name: str, found: Found, wanted: frozenset[str], reference: Reference) -> bool:
    value = found.record[name]
    text = text_of(value)
    if plain_key(name) not in wanted or text is None:
        return False
    if not reference.read.label and is_around(found, text, reference):
        return False
    if fold(text) in _words(reference):
        return True
    words = isinstance(value, str) and not is_blank(text) and not numeric(text)
    return words and (bool(reference.read.label) or not is_about_asking(text))


def _one_label(found: Found, wanted: frozenset[str], reference: Reference) -> Chosen:
    """The status of one record: the same words under all its status keys; a code beside its name is none."""
    labels = {k: text_of(v) or "" for k, v in found.record.items() if _may_be_label(k, found, wanted, reference)}
    if len({fold(text) for text in labels.values()}) > 1:
        raise PageChanged("status", f"one status; {_CONFIGURE}", f"different ones under {', '.join(labels)}"[:200])
    key = next(iter(labels))
    return Chosen(labels[key], key, found.record, found.around)


def _no_words(root: object, wanted: frozenset[str], reference: Reference) -> PageChanged:
    """Nothing under a status key could be one."""
    values = [(k, text_of(v)) for f in objects(root) for k, v in f.record.items() if plain_key(k) in wanted]
    numbers = [f"{k}: {text}" for k, text in values if text and numeric(text)]
    if numbers:
        return PageChanged("status", "words, or a number that stands under [cases.labels]", numbers[0][:60])
    if reference.read.label:
        return PageChanged("read.label", reference.read.label, _keys(root))
    return PageChanged("status", "one of status, statusName, state, 状态, 办理状态; configure read.label", _keys(root))


def _keys(value: object) -> str:
    names = [key for found in objects(value) for key in found.record]
    return ", ".join(dict.fromkeys(names))[:200] or "no keys"


def _words(reference: Reference) -> frozenset[str]:
    return frozenset(map(fold, reference.words))


# --- whose record it is ----------------------------------------------------------------------------------------------


def _own_entry(entries: Sequence[object], *, reference: Reference) -> Object | Nothing:
    """The one entry of a list that is the case's own; Nothing where the list is empty."""
    records = [e for e in entries if isinstance(e, dict)]
    if not entries:
        return NOTHING
    if len(records) == 1 == len(entries):
        return records[0]  # whose it is, is seen where all records are looked at
    own = [r for r in records if is_own(_verdicts(own_pairs(r), (), reference))]
    own = own or [r for r in records if _holds_own(r, reference)]
    if len(own) != 1:
        raise PageChanged("record", "one record of this case", f"{len(own)} of {len(entries)}")
    return own[0]


def _holds_own(record: Object, reference: Reference) -> bool:
    """Whether an entry that names nobody has the case's own record in a list of its own: cases by year, by office."""
    if not any(isinstance(value, dict | list) for value in record.values()):
        return False
    inner = [f.record for f in objects(record) if f.entries and f.entries[-1][1] is f.record]
    silent = Match.NONE not in _verdicts(own_pairs(record), (), reference).values()
    return silent and any(is_own(_verdicts(own_pairs(r), (), reference)) for r in inner)


def _is_own(found: Found, reference: Reference) -> bool:
    """Whether the case's own entry holds an object, in each of the lists that it stands in."""
    return all(len(entries) == 1 or _own_entry(entries, reference=reference) is entry for entries, entry in found.entries)


def _verdicts(own: Sequence[Pair], around: Sequence[Pair], reference: Reference) -> dict[str, Match]:
    """How what is shown fits, by the reference's names."""
    names = {plain_key(name): name for name in reference.values}
    plain = {key: reference.values[name] for key, name in names.items()}
    return {names[key]: match for key, match in verdicts(own, around, plain, JSON_KINDS).items()}


def _identity(root: object, chosen: Chosen, reference: Reference) -> Identity:
    """Matched or not shown; Mismatched where anything shown is another's."""
    own, inner = own_pairs(chosen.record), list(chosen.around[1:])
    around = [p for o in chosen.around for p in pairs_of(o)]
    found = _verdicts(own, [*around, *_beside(inner, chosen)], reference)
    # Beside the record in the outermost object may stand what was asked: that proves nothing, but another's name does.
    found |= {n: m for n, m in _verdicts((), _beside(chosen.around[:1], chosen), reference).items() if m is Match.NONE} | found
    for name, match in found.items():
        if match is Match.NONE:
            raise Mismatched(name)
    for name in reference.read.identify:
        if name.startswith(_PATH):
            _check_at(root, name, reference)
        elif name not in found and not _has_alike(name, found):
            raise PageChanged("identify", name, "not shown")
    return Identity.MATCHED if found or reference.read.identify else Identity.NOT_SHOWN


def _beside(around: Sequence[Object], chosen: Chosen) -> list[Pair]:
    """The plain values of the objects that stand beside the record, or beside what holds it."""
    way = [id(o) for o in (*chosen.around, chosen.record)]
    return [p for o in around for v in o.values() if isinstance(v, dict) and id(v) not in way for p in own_pairs(v)]


def _has_alike(name: str, found: dict[str, Match]) -> bool:
    """Whether the answer repeated the same kind of value under another name."""
    folded = plain_key(name)
    kinds = [words for words in JSON_KINDS.values() if folded in words]
    alike = kinds[0] if kinds else frozenset({folded})
    return any(plain_key(n) in alike for n in found)


def _check_at(root: object, hint: str, reference: Reference) -> None:
    """What stands at a path must be one of the values that the case was asked by."""
    shown = _at(root, hint, reference)
    if shown is None or is_blank(shown):
        raise PageChanged("identify", hint, "not shown")
    if not any(compare(shown, value) in {Match.FULL, Match.PART} for value in reference.values.values()):
        raise Mismatched(hint)


def _at(root: object, hint: str, reference: Reference) -> str | None:
    """The text at a path, or None."""
    steps = json_path(hint.removeprefix(_PATH)) or ()
    value = follow(root, steps, partial(_own_entry, reference=reference))[-1]
    return None if value is NOTHING else text_of(value)


# --- what is read of it ----------------------------------------------------------------------------------------------


def _label(chosen: Chosen, reference: Reference) -> str:
    label = _plain(chosen.label)
    if fold(label) in _words(reference):
        return label
    if any(compare(label, value) is Match.FULL for value in reference.values.values()):
        raise PageChanged("status", "a status", "what the case was asked by")
    problem = not_a_status(label)
    if problem is not None:
        raise problem
    return label


def _agrees(chosen: Chosen, identity: Identity) -> None:
    """Whether the answer does not say elsewhere that there is none."""
    sign = contradiction(chosen.record, [o for o in chosen.around if o is not chosen.record], chosen.label)
    if sign is None:
        return
    # A word beside the message, in an object that is nobody's record, is about the asking.
    if not chosen.around and identity is Identity.NOT_SHOWN:
        raise sign
    raise PageChanged("status", "a record or a message", "both", evidence=sign.evidence)


def _reported_on(root: object, own: Sequence[Pair], around: Sequence[Pair], reference: Reference) -> date | None:
    hint = reference.read.date
    if hint and hint.startswith(_PATH):
        return parse_date(_at(root, hint, reference) or "")
    for name in (plain_key(hint),) if hint else JSON_DATES:
        for pair in (*own, *around):
            if pair.key == name and (day := parse_date(pair.value)) is not None:
                return day
    return None


def _details(root: object, chosen: Chosen, notices: Sequence[Pair], reference: Reference) -> dict[str, str]:
    """The record's own plain values by their keys, and what the case names by a path."""
    details: dict[str, str] = {}
    for pair in pairs_of(chosen.record):
        status = pair.caption == chosen.key or (pair.key in JSON_STATUS and fold(pair.value) == fold(chosen.label))
        if not status and pair not in notices and len(pair.value) <= LONGEST_VALUE and len(details) < MOST_DETAILS:
            details[pair.caption] = _plain(pair.value)
    for hint in reference.read.details or ():
        if hint.startswith(_PATH):
            text = _at(root, hint, reference)
            details[hint.removeprefix(_PATH)] = _plain(text)[:LONGEST_VALUE] if text else ""
    return details
