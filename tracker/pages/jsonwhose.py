"""Whose a status of a JSON answer is: the case's own, or that of a paper or a step which belongs to it, or another's."""

from collections.abc import Sequence
from typing import NamedTuple

from tracker.core.model import Reference
from tracker.pages.captions import Pair
from tracker.pages.identity import Match, compare, is_alike, is_blank, is_numbered
from tracker.pages.jsonwalk import Found, Object, own_pairs, pairs_of, text_of
from tracker.pages.words import JSON_HOLDS, JSON_STATUS, plain_key


def outside_own(found: Sequence[Found], reference: Reference) -> list[Found]:
    """Without the statuses of what belongs to the case: its own record, around them, has none or has its own."""
    seen: dict[int, _Owner] = {}  # by the object's identity: a record may hold thousands
    kept = []
    for one in found:
        owners = (seen.get(id(o)) or seen.setdefault(id(o), _owner(o, reference)) for o in one.around)
        if not any(_owns(owner, one) for owner in owners) or _shows(own_pairs(one.record), reference):
            kept.append(one)
    return kept


def anothers_number(found: Found, reference: Reference) -> str | None:
    """The key of a number that is built like the case's and is not the case's, in a record that does not show that one."""
    if _shows(own_pairs(found.record), reference):
        return None
    values = reference.values.values()
    return next(
        (p.caption for p in pairs_of(found.record) if is_numbered(p.value) and any(is_alike(p.value, v) for v in values)), None
    )


class _Owner(NamedTuple):
    """What an object around a status is: the case's own record whose status stands empty, or which lists papers or steps."""

    empty: bool
    lists: frozenset[int]


def _owner(outer: Object, reference: Reference) -> _Owner:
    if not _shows(pairs_of(outer), reference):
        return _Owner(empty=False, lists=frozenset())
    empty = any(plain_key(name) in JSON_STATUS and _is_empty(value) for name, value in outer.items())
    # What was asked may be repeated beside the list that answers it; in a record a list holds papers or steps.
    lists = (id(v) for name, v in outer.items() if isinstance(v, list) and plain_key(name) not in JSON_HOLDS)
    return _Owner(empty, frozenset(lists))


def _owns(owner: _Owner, found: Found) -> bool:
    return owner.empty or any(id(entries) in owner.lists for entries, _ in found.entries)


def _is_empty(value: object) -> bool:
    return value is None or is_blank(text_of(value) or "")


def _shows(shown: Sequence[Pair], reference: Reference) -> bool:
    return any(compare(pair.value, value) in {Match.FULL, Match.PART} for pair in shown for value in reference.values.values())
