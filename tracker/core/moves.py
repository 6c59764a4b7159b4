"""What differs between what was told and what is seen now, and whether that is in doubt."""

from tracker.core.labels import fold
from tracker.core.model import ASKED, FINAL, ORDER, VOUCHED, Identity, Observation, Status

WATCHED = frozenset({"备注", "意见", "审核意见", "退回原因"})
EXPIRIES = ("有效期", "到期", "expiry", "expires")

Params = dict[str, str | int]


def moves(told: Observation, seen: Observation, watched: tuple[str, ...] | None) -> frozenset[str]:
    """Which of label, notice and details differ."""
    moved = set()
    if fold(told.label) != fold(seen.label):
        moved.add("label")
    if fold(told.notice or "") != fold(seen.notice or ""):
        moved.add("notice")
    if details_moved(told, seen, watched):
        moved.add("details")
    return frozenset(moved)


def details_moved(told: Observation, seen: Observation, watched: tuple[str, ...] | None) -> Params:
    """caption_1, before_1, after_1, …: watched captions that now say something else. A vanished one says nothing."""
    params: Params = {}
    count = 0
    for caption, value in seen.details.items():
        before = told.details.get(caption, "")
        if value and fold(value) != fold(before) and _is_watched(caption, watched):
            count += 1
            params |= {f"caption_{count}": caption, f"before_{count}": before, f"after_{count}": value}
    return params


def vanished(told: Observation, seen: Observation, watched: tuple[str, ...] | None) -> dict[str, str]:
    """Watched captions that this answer leaves out are remembered: their return with the same value is no news."""
    return {c: v for c, v in told.details.items() if not seen.details.get(c) and _is_watched(c, watched)}


def _is_watched(caption: str, watched: tuple[str, ...] | None) -> bool:
    folded = fold(caption)
    if watched is not None:
        return folded in {fold(w) for w in watched}
    return folded in WATCHED or any(word in folded for word in EXPIRIES)


def is_nameless(seen: Observation) -> bool:
    """Whether nobody knows whose record it is: the answer names nobody, and no person showed it to us as theirs."""
    return seen.identity is Identity.NOT_SHOWN and seen.via in ASKED


def is_doubtful(told: Observation, seen: Observation, moved: frozenset[str]) -> bool:
    """Whether a move waits for a second look: nobody is named, an unknown word, or a step backward. Never a person's word."""
    if seen.via in VOUCHED:
        return False
    if is_nameless(seen):
        return True
    return "label" in moved and (not seen.known or is_backward(told.status, seen.status))


def is_backward(before: Status, after: Status) -> bool:
    """Away from a final status, or back in the order; to or from needs_action and to a final one never is."""
    if before in FINAL:
        return before is not after
    if before not in ORDER or after not in ORDER or after in FINAL:
        return False
    return ORDER.index(after) < ORDER.index(before)


def is_same_move(pending: Observation | None, seen: Observation, moved: frozenset[str]) -> bool:
    """Whether this look finds what the first look of a doubtful move found. Beside a new label the rest may still vary."""
    if pending is None or fold(pending.label) != fold(seen.label):
        return False
    return "label" in moved or fold(pending.notice or "") == fold(seen.notice or "")
