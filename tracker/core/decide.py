"""(history, outcome, look) -> what is remembered, what is told and why. THE rule of the product."""

from dataclasses import replace
from datetime import datetime

from tracker.core import schedule
from tracker.core.decision import Decision, Draft, Keep, Look
from tracker.core.history import History, Streak, begun_by
from tracker.core.labels import fold
from tracker.core.model import (
    ASKED,
    FINAL,
    VOUCHED,
    EventKind,
    Observation,
    Outcome,
    OutcomeKind,
    Problem,
    Status,
    Turn,
    Urgency,
)
from tracker.core.moves import Params, details_moved, is_doubtful, is_nameless, is_same_move, moves, vanished
from tracker.core.schedule import Next
from tracker.core.watching import watched

HOST_WIDE = frozenset({OutcomeKind.UNAVAILABLE, OutcomeKind.BLOCKED})


def decide(history: History, outcome: Outcome, look: Look) -> Decision:
    """What one look at a source means."""
    if history.looked_at is not None and history.looked_at > look.now:
        history = begun_by(history, look.now)
    looked = replace(history, outcome=outcome.kind, looked_at=look.now)
    if outcome.observation is not None:
        # What a person showed us says nothing about whether the site can be read.
        own = outcome.observation.via in ASKED or history.streak is None
        return _read(looked if own else history, outcome.observation, look)
    problem = outcome.problem or Problem(outcome.kind.value)
    if outcome.kind is OutcomeKind.NOT_LISTED:
        return _not_listed(looked, look)
    if outcome.kind is OutcomeKind.INVALID_REFERENCE:
        return _invalid(looked, problem)
    if outcome.kind in HOST_WIDE:
        # The host's own history counts these (hosts.py); a source's streak neither grows nor ends by them.
        return Decision(looked, (), schedule.never("host_waits"))
    return _misread(looked, problem, look)


# --- a reading -------------------------------------------------------------------------------------------------------


def _read(history: History, seen: Observation, look: Look) -> Decision:
    again: tuple[Draft, ...] = ()
    if seen.via in ASKED:
        history, again = _readable_again(replace(history, invalid=False, defect=""), look)
    read_at = look.now if seen.via in ASKED else max(seen.seen_at, history.last_read_at or seen.seen_at)
    history = replace(history, last_read_at=read_at, asked_at=None, asked=0)
    told = history.current
    if seen.watched is not None:
        decision = watched(history, seen, look)
    elif told is None:
        decision = _first(history, seen, look)
    else:
        moved = moves(told, seen, look.watched)
        back = history.missing_told
        history = replace(history, missing_since=None, missing_told=False)
        if not moved and not back:
            decision = _same(history, told, seen, look)
        else:
            decision = _moved(history, told, seen, moved, back=back, look=look)
    return replace(decision, events=(*again, *decision.events))


def _first(history: History, seen: Observation, look: Look) -> Decision:
    """A first reading is told at once: it proves that the messages arrive. Where doubtful, it is marked so."""
    doubtful = seen.via not in VOUCHED and (not seen.known or is_nameless(seen))
    seen = replace(seen, provisional=doubtful)
    since = look.now if doubtful else None
    history = replace(history, current=seen, last=seen, pending=None, pending_since=since, missing_since=None)
    history = replace(history, missing_told=False)
    event = Draft(EventKind.FIRST_SEEN, "first_reading", urgency_of(seen), after=seen)
    return Decision(history, (event,), _plan(history, look), Keep.NEW, changed=True)


def _same(history: History, told: Observation, seen: Observation, look: Look) -> Decision:
    """Nothing moved against what was told: a doubtful move is off, a doubtful first reading may become sure."""
    was_last = not moves(history.last or told, seen, look.watched)
    waiting = _first_look_of(history, told, seen, look)
    sure = waiting is None
    details = {**vanished(told, seen, look.watched), **seen.details}
    # It has stood since it was told; but back from a doubtful move it is another entry of the history, of its own day.
    entered = (history.last or told).seen_at if was_last else seen.seen_at
    seen = replace(seen, provisional=not sure, seen_at=told.seen_at, details=details)
    meaning = (seen.status, seen.turn, seen.confirmed, seen.provisional)
    amended = meaning != (told.status, told.turn, told.confirmed, told.provisional)
    history = replace(history, current=seen, last=replace(seen, seen_at=entered), pending=None, pending_since=waiting)
    events: tuple[Draft, ...] = ()
    if sure and told.provisional:
        history, events = _unknown_word(history, seen)
    keep = (Keep.AMEND if amended else Keep.NOTHING) if was_last else Keep.NEW
    return Decision(history, events, _plan(history, look), keep, changed=not was_last)


def _first_look_of(history: History, told: Observation, seen: Observation, look: Look) -> datetime | None:
    """Since when a doubtful first reading waits for its second look; None where it is sure, or becomes so now."""
    if not told.provisional or seen.via in VOUCHED:
        return None
    first_look = history.pending_since if history.pending is None else None
    first_look = first_look or look.now
    return first_look if look.now - first_look < look.policy.second_look else None


def _moved(
    history: History, told: Observation, seen: Observation, moved: frozenset[str], *, back: bool, look: Look
) -> Decision:
    """Something moved, or the record is `back`: told at once, or after the second look where it is doubtful."""
    last = history.last or told
    changed = bool(moves(last, seen, look.watched))
    if not changed:
        seen = replace(seen, seen_at=last.seen_at)
    if is_doubtful(told, seen, moved):
        begun = history.pending_since if is_same_move(history.pending, seen, moved) else None
        first_look = begun or look.now
        if look.now - first_look < look.policy.second_look:
            seen = replace(seen, provisional=True)
            history = replace(history, pending=seen, pending_since=first_look, last=seen, missing_told=back)
            keep = Keep.NEW if changed else Keep.NOTHING
            return Decision(history, (), schedule.for_second_look(look.policy, first_look, look.now), keep, changed)
    kind, reason = _name(moved, back=back)
    params = details_moved(told, seen, look.watched)
    waiting = None if "label" in moved else _first_look_of(history, told, seen, look)
    seen = replace(seen, provisional=waiting is not None)
    event = Draft(kind, reason, urgency_of(seen), before=told, after=seen, params=params)
    history = replace(history, current=seen, last=seen, pending=None, pending_since=waiting)
    sure_now = "label" in moved or (told.provisional and waiting is None)
    history, unknown = _unknown_word(history, seen) if sure_now else (history, ())
    return Decision(history, (event, *unknown), _plan(history, look), Keep.NEW if changed else Keep.AMEND, changed)


def _name(moved: frozenset[str], *, back: bool) -> tuple[EventKind, str]:
    if back:
        return EventKind.LISTED_AGAIN, "listed_again"
    if "label" in moved:
        return EventKind.STATUS_CHANGED, "label_changed"
    if "notice" in moved:
        return EventKind.NOTICE_CHANGED, "notice_changed"
    return EventKind.DETAILS_CHANGED, "details_changed"


def urgency_of(seen: Observation) -> Urgency:
    """Urgent is what the applicant must act on: the authority asks for something."""
    asks = seen.notice_asks or seen.status is Status.NEEDS_ACTION
    return Urgency.URGENT if asks and seen.turn is Turn.APPLICANT else Urgency.NORMAL


def _unknown_word(history: History, seen: Observation) -> tuple[History, tuple[Draft, ...]]:
    """The operator is told of a label that no table has, once per word."""
    word = fold(seen.label)
    if seen.known or word in history.words:
        return history, ()
    event = Draft(EventKind.LABEL_UNKNOWN, "label_unknown", Urgency.LOW, after=seen, params={"word": seen.label})
    return replace(history, words=(*history.words, word)), (event,)


def _plan(history: History, look: Look) -> Next:
    if history.pending_since is not None:
        return schedule.for_second_look(look.policy, history.pending_since, look.now)
    if history.current is not None and is_over(history.current):
        return schedule.never("final")
    return schedule.after_good_look(look.policy, look.now, look.jitter)


def is_over(seen: Observation) -> bool:
    """A final status ends the checks only when nobody need doubt it."""
    return seen.status in FINAL and seen.confirmed and not seen.provisional


# --- no reading ------------------------------------------------------------------------------------------------------


def _not_listed(history: History, look: Look) -> Decision:
    """The site answered and has no such record: calm, and told once after the second look."""
    history, events = _readable_again(replace(history, invalid=False, defect=""), look)
    first_look = history.missing_since or look.now
    # A doubtful move whose record vanished before its second look was never sure: it starts anew.
    provisional = history.current is not None and history.current.provisional
    pending_since = history.pending_since if provisional else None
    history = replace(history, missing_since=first_look, pending=None, pending_since=pending_since)
    if not history.missing_told:
        if look.now - first_look < look.policy.second_look:
            return Decision(history, events, schedule.for_second_look(look.policy, first_look, look.now))
        reason = "not_shown_yet" if history.current is None else "not_shown_any_more"
        params = {"since": first_look.isoformat(), **_last_read(history)}
        event = Draft(EventKind.NOT_LISTED, reason, before=history.current, params=params)
        history = replace(history, missing_told=True)
        events = (*events, event)
    return Decision(history, events, schedule.after_good_look(look.policy, look.now, look.jitter))


def _invalid(history: History, problem: Problem) -> Decision:
    """Told once; not asked again until the reference is edited."""
    event = Draft(EventKind.UNREADABLE, problem.reason, params={**problem.params, "reason": problem.reason})
    events = () if history.invalid else (event,)
    return Decision(replace(history, invalid=True), events, schedule.never("invalid_reference"))


def _misread(history: History, problem: Problem, look: Look) -> Decision:
    """The page can't be understood, or it was somebody else's: a defect at once, and told to all after patience."""
    streak = longer(history.streak, problem.reason, look.now)
    params: Params = {**problem.params, "reason": problem.reason}
    defect = "/".join((problem.reason, problem.params.get("where", ""), problem.params.get("field", "")))
    events = []
    if history.defect != defect:
        events.append(Draft(EventKind.DEFECT, problem.reason, Urgency.LOW, params=params))
    if patience_ended(streak, look):
        streak = replace(streak, told=True, told_at=look.now)
        params |= _last_read(history)
        events.append(replace(unreadable(streak, params), before=history.current))
    history = replace(history, streak=streak, defect=defect)
    planned = schedule.after_failure(look.policy, streak.looks, look.now, look.jitter)
    return Decision(history, tuple(events), planned)


def _last_read(history: History) -> Params:
    """When it was last read, for those who are told that it can't be read now."""
    return {"last_read_at": history.last_read_at.isoformat()} if history.last_read_at else {}


def longer(streak: Streak | None, reason: str, now: datetime) -> Streak:
    """The streak with one more failed look."""
    if streak is None:
        return Streak(now, 1, reason)
    return replace(streak, looks=streak.looks + 1, reason=reason)


def patience_ended(streak: Streak, look: Look) -> bool:
    """Whether it is time to tell: once per streak, after patience and at least three failed looks."""
    long_enough = look.now - streak.since >= look.policy.patience
    return not streak.told and streak.looks >= schedule.LEAST_FAILED_LOOKS and long_enough


def unreadable(streak: Streak, params: Params) -> Draft:
    """Tells that nothing could be read since the streak began."""
    params = {**params, "since": streak.since.isoformat(), "looks": streak.looks}
    return Draft(EventKind.UNREADABLE, streak.reason, params=params)


def ended(streak: Streak, now: datetime) -> Draft:
    """Tells that it reads again."""
    params: Params = {"since": streak.since.isoformat(), "until": now.isoformat(), "reason": streak.reason}
    return Draft(EventKind.READABLE_AGAIN, "readable_again", Urgency.LOW, params=params)


def _readable_again(history: History, look: Look) -> tuple[History, tuple[Draft, ...]]:
    """Ends a streak of unreadable looks; says so where its beginning was told."""
    streak = history.streak
    if streak is None:
        return history, ()
    return replace(history, streak=None), ((ended(streak, look.now),) if streak.told else ())


__all__ = [
    "HOST_WIDE",
    "Decision",
    "Draft",
    "Keep",
    "Look",
    "decide",
    "ended",
    "is_over",
    "longer",
    "patience_ended",
    "unreadable",
]
