"""What a failure means for everybody who has a case on the same host."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tracker.core.decide import Look
from tracker.core.history import HostHistory
from tracker.core.hosts import HostDecision, asked_to_wait, decide_host, waits
from tracker.core.model import Outcome, OutcomeKind, Problem
from tracker.core.schedule import Policy

POLICY = Policy(timedelta(hours=4), timedelta(0), timedelta(hours=24), ZoneInfo("Asia/Shanghai"))
START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
READ = Outcome(OutcomeKind.READ)


def down(reason: str = "network", retry_after: timedelta | None = None) -> Outcome:
    kind = OutcomeKind.BLOCKED if reason in ("captcha", "refused", "login") else OutcomeKind.UNAVAILABLE
    return Outcome(kind, problem=Problem(reason, retry_after=retry_after))


def look(history: HostHistory, outcome: Outcome, hour: float = 0) -> HostDecision:
    return decide_host(history, outcome, Look(START + timedelta(hours=hour), POLICY))


def kinds(decision: HostDecision) -> list[tuple[str, str]]:
    return [(event.kind.value, event.reason) for event in decision.events]


def test_a_host_that_answers_has_no_history() -> None:
    assert look(HostHistory(), READ) == HostDecision(HostHistory())


def test_a_failure_lets_the_whole_host_wait() -> None:
    history = look(HostHistory(), down()).history
    assert history.wait_until == START + timedelta(hours=4)
    assert history.wait_reason == "back_off"
    assert history.refused_until is None, "our own back-off may be overridden by the user"


def test_a_host_is_told_once_after_patience_and_three_looks_and_once_when_it_reads_again() -> None:
    history = HostHistory()
    told = []
    for hour in (0, 4, 12, 28, 52):
        decision = look(history, down("timeout"), hour)
        history = decision.history
        told.append(kinds(decision))
    assert told == [[], [], [], [("unreadable", "timeout")], []]
    back = look(history, READ, 60)
    assert kinds(back) == [("readable_again", "readable_again")]
    assert back.history == HostHistory()


def test_a_short_outage_is_never_told() -> None:
    history = look(HostHistory(), down()).history
    assert look(history, READ, 4) == HostDecision(HostHistory())


@pytest.mark.parametrize(
    ("retry_after", "waits", "refused", "reason"),
    [
        (timedelta(hours=6), 6, 6, "retry_after"),
        (timedelta(days=400), 24, 24, "retry_after"),
        (timedelta(minutes=1), 4, 1 / 60, "back_off"),
        (timedelta(0), 4, None, "back_off"),
    ],
)
def test_retry_after_is_kept_and_clamped_to_a_day(
    retry_after: timedelta, waits: float, refused: float | None, reason: str
) -> None:
    history = look(HostHistory(), down("rate_limited", retry_after)).history
    assert history.wait_until == START + timedelta(hours=waits)
    assert history.refused_until == (None if refused is None else START + timedelta(hours=refused))
    assert history.wait_reason == reason


def test_a_refusal_waits_half_a_day() -> None:
    assert look(HostHistory(), down("refused")).history.wait_until == START + timedelta(hours=12)


@pytest.mark.parametrize("kind", [OutcomeKind.PAGE_CHANGED, OutcomeKind.MISMATCHED, OutcomeKind.INVALID_REFERENCE])
def test_an_answer_that_can_not_be_read_ends_the_wait_but_is_no_all_clear(kind: OutcomeKind) -> None:
    history = HostHistory()
    for hour in (0, 12, 25):
        history = look(history, down(), hour).history
    decision = look(history, Outcome(kind, problem=Problem(kind.value)), 30)
    assert decision.events == ()
    assert decision.history.wait_until is None
    assert decision.history.streak is not None
    assert decision.history.streak.told
    assert kinds(look(decision.history, READ, 31)) == [("readable_again", "readable_again")]


def test_a_host_wide_outcome_without_a_problem_is_no_failure_to_count() -> None:
    assert look(HostHistory(), Outcome(OutcomeKind.UNAVAILABLE)) == HostDecision(HostHistory())


def test_a_wait_that_was_set_before_the_clock_went_back_is_over() -> None:
    history = look(HostHistory(), down("rate_limited", timedelta(hours=24))).history
    assert waits(history, START, POLICY) == asked_to_wait(history, START) == START + timedelta(hours=24)
    assert waits(history, START + timedelta(hours=24), POLICY) is None
    yesterday = START - timedelta(days=1)
    assert waits(history, yesterday, POLICY) is None
    assert asked_to_wait(history, yesterday) is None
    assert waits(HostHistory(), START, POLICY) is None


def test_patience_is_counted_anew_after_the_clock_went_back() -> None:
    history = look(HostHistory(), down(), 24 * 365).history
    told = []
    for hour in (0, 12, 25):
        decision = look(history, down(), hour)
        history = decision.history
        told.append(kinds(decision))
    assert told == [[], [], [("unreadable", "network")]]
