"""A page whose text is watched: a change is lines that came or went, and is told when a second look finds the same."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from tracker.core import schedule
from tracker.core.clean import cut
from tracker.core.decision import Decision, Draft, Keep, Look
from tracker.core.history import History
from tracker.core.labels import fold
from tracker.core.model import EventKind, Observation, Urgency

RESTLESS = 4  # looks in a row of which each finds another text than the one before
EXCERPT = 200
MOST_LINES = 3


def watched(history: History, seen: Observation, look: Look) -> Decision:
    """What one look at a watched page means."""
    told, changed = history.current, not is_same_text(history.last, seen)
    if told is None or told.watched is None:
        event = Draft(EventKind.FIRST_SEEN, "watch_began", after=seen)
        return _settled(history, seen, (event,), Keep.NEW, look, changed=True)
    if is_same_text(told, seen):
        return _settled(history, told, (), Keep.NOTHING, look, changed=changed)
    begun = history.pending_since if is_same_text(history.pending, seen) else None
    first_look = begun or look.now
    seen = replace(seen, seen_at=first_look)
    if begun is not None and look.now - first_look >= look.policy.second_look:
        params = difference(told, seen)
        event = Draft(EventKind.WATCHED_PAGE_CHANGED, "text_changed", before=told, after=seen, params=params)
        return _settled(history, seen, (event,), Keep.NEW, look, changed=changed)
    return _waits(history, told, replace(seen, provisional=True), look, changed=changed)


def _settled(
    history: History, seen: Observation, events: tuple[Draft, ...], keep: Keep, look: Look, *, changed: bool
) -> Decision:
    """The text that is told, or was told before, stands there."""
    history = replace(history, current=seen, last=seen, pending=None, pending_since=None, restless=0)
    history = replace(history, missing_since=None, missing_told=False)
    return Decision(history, events, schedule.after_good_look(look.policy, look.now, look.jitter), keep, changed)


def _waits(history: History, told: Observation, seen: Observation, look: Look, *, changed: bool) -> Decision:
    """Another text waits for its second look. One that is another at every look is never told, but that it is so, once."""
    restless = history.restless + changed
    history = replace(history, last=seen, pending=seen, pending_since=seen.seen_at, restless=restless)
    if restless < RESTLESS:
        return Decision(history, (), schedule.for_second_look(look.policy, seen.seen_at, look.now), Keep.NOTHING, changed)
    # A second look every half hour for ever would only bother the site: the ordinary one does for it.
    planned = schedule.after_good_look(look.policy, look.now, look.jitter)
    differs = difference(told, seen)
    params = {"reason": "restless", "evidence": differs["after"] or differs["before"]}
    event = Draft(EventKind.DEFECT, "restless", Urgency.LOW, params=params)
    return Decision(history, (event,) if restless == RESTLESS and changed else (), planned, Keep.NOTHING, changed)


def is_same_text(before: Observation | None, after: Observation) -> bool:
    """Whether two looks found the same lines."""
    return before is not None and _folded(before) == _folded(after)


def difference(before: Observation, after: Observation) -> dict[str, str | int]:
    """`before` and `after`: the first lines that went and that came, short; `more` counts the lines left out of these."""
    gone, come = _only_in(before, after), _only_in(after, before)
    more = max(len(gone) - MOST_LINES, 0) + max(len(come) - MOST_LINES, 0)
    shown: dict[str, str | int] = {"before": _excerpt(gone), "after": _excerpt(come)}
    return shown | ({"more": more} if more else {})


def without_text(seen: Observation | None) -> Observation | None:
    """For an event: that a page is watched is enough, its text is kept once."""
    return replace(seen, watched="") if seen is not None and seen.watched else seen


def _lines(seen: Observation) -> list[str]:
    return (seen.watched or "").split("\n")


def _folded(seen: Observation) -> Counter[str]:
    return Counter(fold(line) for line in _lines(seen))


def _only_in(one: Observation, other: Observation) -> list[str]:
    left, found = _folded(other), []
    for line in _lines(one):
        folded = fold(line)
        if left[folded] > 0:
            left[folded] -= 1
        else:
            found.append(line)
    return found


def _excerpt(lines: Iterable[str]) -> str:
    """The first lines, each cut so that the next one is seen too."""
    shown = [cut(line, EXCERPT // 2) for line in list(lines)[:MOST_LINES]]
    return cut(" / ".join(shown), EXCERPT)
