"""Whose a status of a JSON answer is: the case's own, or that of a paper or a step which belongs to it, or another's."""

from collections.abc import Sequence

from tracker.core.model import Reference
from tracker.pages.captions import Pair
from tracker.pages.identity import Match, compare, is_alike, is_blank, is_numbered
from tracker.pages.jsonwalk import Found, Object, own_pairs, pairs_of, text_of
from tracker.pages.words import JSON_HOLDS, JSON_STATUS, plain_key


def is_inside_own(found: Found, reference: Reference) -> bool:
    """Whether a status stands in something that belongs to the case: its own record, around it, has none or has its own."""
    return not _shows(own_pairs(found.record), reference) and any(_is_owner(o, found, reference) for o in found.around)


def anothers_number(found: Found, reference: Reference) -> str | None:
    """The key of a number that is built like the case's and is not the case's, in a record that does not show that one."""
    if _shows(own_pairs(found.record), reference):
        return None
    values = reference.values.values()
    return next(
        (p.caption for p in pairs_of(found.record) if is_numbered(p.value) and any(is_alike(p.value, v) for v in values)), None
    )


def _is_owner(outer: Object, found: Found, reference: Reference) -> bool:
    """Whether an object is the case's own record, and the status only stands somewhere in it."""
    if not _shows(pairs_of(outer), reference):
        return False
    if any(plain_key(name) in JSON_STATUS and _is_empty(value) for name, value in outer.items()):
        return True
    # What was asked may be repeated beside the list that answers it; in a record a list holds papers or steps.
    return any(_holds(value, found) and plain_key(name) not in JSON_HOLDS for name, value in outer.items())


def _holds(value: object, found: Found) -> bool:
    return isinstance(value, list) and any(entries is value for entries, _ in found.entries)


def _is_empty(value: object) -> bool:
    return value is None or is_blank(text_of(value) or "")


def _shows(shown: Sequence[Pair], reference: Reference) -> bool:
    return any(compare(pair.value, value) in {Match.FULL, Match.PART} for pair in shown for value in reference.values.values())
