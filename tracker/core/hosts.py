"""What one look means for the host that was asked: network, TLS, 5xx, 429, maintenance and refusals are the host's."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tracker.core import schedule
from tracker.core.decide import HOST_WIDE, Draft, Look, ended, longer, patience_ended, unreadable
from tracker.core.history import HostHistory
from tracker.core.model import Outcome, OutcomeKind

_READS = frozenset({OutcomeKind.READ, OutcomeKind.NOT_LISTED})


@dataclass(frozen=True, slots=True)
class HostDecision:
    """What is remembered of the host, and what is told to those who have cases there."""

    history: HostHistory
    events: tuple[Draft, ...] = ()


def asked_to_wait(history: HostHistory, now: datetime) -> datetime | None:
    """Until when the host itself wants not to be asked. More than a day ahead was said before the clock was set back."""
    return _still_ahead(history.refused_until, now, schedule.LONGEST)


def waits(history: HostHistory, now: datetime, policy: schedule.Policy) -> datetime | None:
    """Until when the host waits after a failure; the same of the clock."""
    return _still_ahead(history.wait_until, now, schedule.longest_wait(policy))


def _still_ahead(until: datetime | None, now: datetime, longest: timedelta) -> datetime | None:
    return until if until is not None and now < until <= now + longest else None


def decide_host(history: HostHistory, outcome: Outcome, look: Look) -> HostDecision:
    """The host's side of a look, whichever of its sources was asked."""
    if outcome.kind in _READS:
        streak = history.streak
        events = (ended(streak, look.now),) if streak is not None and streak.told else ()
        return HostDecision(HostHistory(), events)
    if outcome.kind not in HOST_WIDE or outcome.problem is None:
        # It answers, though nothing can be read: no reason to wait, and no all-clear either.
        return HostDecision(HostHistory(streak=history.streak))
    problem = outcome.problem
    streak = longer(history.streak, problem.reason, look.now).begun_by(look.now)
    until = look.now + schedule.backoff(look.policy, streak.looks, look.jitter, refused=problem.reason == "refused")
    refused_until = None
    if problem.retry_after is not None and problem.retry_after > timedelta(0):
        refused_until = look.now + min(problem.retry_after, schedule.LONGEST)
        until = max(until, refused_until)
    reason = "retry_after" if until == refused_until else "back_off"
    if not patience_ended(streak, look):
        return HostDecision(HostHistory(streak, until, refused_until, reason))
    streak = replace(streak, told=True, told_at=look.now)
    event = unreadable(streak, {**problem.params, "reason": problem.reason})
    return HostDecision(HostHistory(streak, until, refused_until, reason), (event,))
