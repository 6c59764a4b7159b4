"""When a person is asked to look, and when they are reminded of what waits for them."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.core.telling import event, seen
from tracker.core.asking import MOST_REMINDERS, Told, Watched, next_ask, next_reminder, unanswered, who_is_asked
from tracker.core.decide import Look, decide
from tracker.core.history import History, HostHistory, Streak
from tracker.core.hosts import decide_host
from tracker.core.model import EventKind, Outcome, OutcomeKind, Problem, Status, Turn, Urgency, Via
from tracker.core.schedule import Policy, for_people
from tracker.core.workdays import Span

SHANGHAI = ZoneInfo("Asia/Shanghai")
POLICY = Policy(timedelta(hours=4), timedelta(0), timedelta(hours=24), SHANGHAI)
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI).astimezone(UTC)
WEEK = Span(5, "workdays")
DAY = timedelta(days=1)


def by_hand(history: History = History(), **more: object) -> Watched:  # noqa: B008 - frozen
    return Watched(by_hand=True, history=history, policy=POLICY, **more)  # type: ignore[arg-type]


def broken(told_at: datetime | None = MONDAY, **more: object) -> Watched:
    streak = Streak(MONDAY - DAY, 4, "page_changed", told=told_at is not None, told_at=told_at)
    return Watched(by_hand=False, history=History(streak=streak, **more), policy=POLICY)  # type: ignore[arg-type]


def local(at: datetime | None) -> str:
    return at.astimezone(SHANGHAI).strftime("%a %d %H:%M") if at else ""


# --- please look -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "asked"),
    [
        (MONDAY, "Mon 23 10:00"),
        (MONDAY + timedelta(hours=13), "Tue 24 08:30"),  # never at night
        (MONDAY + 5 * DAY, "Mon 30 08:30"),  # nor on a Saturday
    ],
)
def test_a_source_read_by_hand_is_asked_for_at_the_first_office_hour(now: datetime, asked: str) -> None:
    assert local(next_ask(by_hand(), WEEK, now)) == asked


def test_office_hours_that_are_set_up_are_kept() -> None:
    policy = replace(POLICY, hours=((time(14), time(15)),))
    assert local(next_ask(replace(by_hand(), policy=policy), WEEK, MONDAY)) == "Mon 23 14:00"
    assert for_people(replace(POLICY, workdays="CN")).workdays == "CN"


@pytest.mark.parametrize("key", ["last_read_at", "asked_at"])
def test_after_a_look_or_an_ask_the_next_ask_comes_an_interval_later(key: str) -> None:
    assert local(next_ask(by_hand(History(**{key: MONDAY})), WEEK, MONDAY)) == "Mon 30 10:00"  # type: ignore[arg-type]


@pytest.mark.parametrize(("asked", "day"), [(0, "Mon 30"), (2, "Mon 30"), (3, "Mon 07"), (5, "Mon 07"), (6, "Mon 21")])
def test_three_asks_without_an_answer_double_the_interval(asked: int, day: str) -> None:
    assert local(next_ask(by_hand(History(asked_at=MONDAY, asked=asked)), WEEK, MONDAY)) == f"{day} 10:00"


def test_an_interval_never_grows_beyond_the_calendar() -> None:
    history = History(asked_at=MONDAY, asked=400)
    assert next_ask(by_hand(history), Span(9 * 10**9, "seconds"), MONDAY) is not None
    assert next_ask(by_hand(history), Span(10**6, "workdays"), MONDAY) is not None


def test_a_look_at_another_source_of_the_case_counts_too() -> None:
    later = MONDAY + DAY
    assert local(next_ask(by_hand(History(asked_at=MONDAY), read_at=later), WEEK, later)) == "Tue 01 10:00"


def test_what_the_clock_noted_before_it_was_set_back_means_nothing() -> None:
    slightly = MONDAY + timedelta(seconds=2)  # by another machine's clock
    assert local(next_ask(by_hand(History(asked_at=slightly)), WEEK, MONDAY)) == "Mon 30 10:00"
    ahead = MONDAY + 300 * DAY
    assert next_ask(by_hand(History(asked_at=ahead)), WEEK, MONDAY) == MONDAY
    assert local(next_ask(broken(ahead), WEEK, MONDAY)) == "Mon 30 10:00"


DONE = seen("办结", Status.COMPLETED, Turn.NOBODY)


@pytest.mark.parametrize(
    ("watched", "every"),
    [
        (by_hand(), None),
        (by_hand(History(current=DONE)), WEEK),
        (by_hand(History(invalid=True)), WEEK),
        (broken(told_at=None), WEEK),
        (Watched(by_hand=False, history=History(), policy=POLICY, site=HostHistory(Streak(MONDAY, 2, "captcha"))), WEEK),
    ],
)
def test_nobody_is_asked_where_there_is_nothing_to_look_at(watched: Watched, every: Span | None) -> None:
    assert next_ask(watched, every, MONDAY) is None


def test_a_site_that_cannot_be_read_is_asked_for_an_interval_after_that_was_told() -> None:
    assert local(next_ask(broken(), WEEK, MONDAY)) == "Mon 30 10:00"
    site = HostHistory(Streak(MONDAY - 3 * DAY, 9, "captcha", told=True))  # kept before the time of telling was
    watched = Watched(by_hand=False, history=History(), policy=POLICY, site=site)
    assert local(next_ask(watched, WEEK, MONDAY)) == "Fri 27 10:00"
    assert (watched.reason, broken().reason, by_hand().reason) == ("captcha", "page_changed", "by_hand")
    assert broken(told_at=None).reason == ""


def test_when_it_was_told_is_remembered_of_sources_and_hosts() -> None:
    history, host = History(), HostHistory()
    for hour in (0, 4, 12, 28):
        look = Look(MONDAY + timedelta(hours=hour), POLICY)
        history = decide(history, Outcome(OutcomeKind.PAGE_CHANGED, problem=Problem("page_changed")), look).history
        host = decide_host(host, Outcome(OutcomeKind.BLOCKED, problem=Problem("captcha")), look).history
    for streak in (history.streak, host.streak):
        assert streak is not None
        assert streak.told_at == MONDAY + timedelta(hours=28)
        assert streak.begun_by(MONDAY).told_at == MONDAY


def test_whoever_is_due_soon_comes_along_in_the_same_message() -> None:
    due = by_hand(History(asked_at=MONDAY - 7 * DAY))
    soon = by_hand(History(asked_at=MONDAY - 7 * DAY + timedelta(hours=3)))
    later = by_hand(History(asked_at=MONDAY - 6 * DAY))
    assert who_is_asked([later, due, soon, by_hand()], WEEK, MONDAY) == [1, 2, 3]
    assert who_is_asked([soon, later], WEEK, MONDAY) == []
    assert who_is_asked([], WEEK, MONDAY) == []


def test_who_was_just_asked_does_not_come_along_though_the_interval_is_short() -> None:
    hour = Span(3600, "seconds")
    asked = by_hand(History(asked_at=MONDAY - timedelta(minutes=10)))
    assert who_is_asked([asked, by_hand()], hour, MONDAY) == [1]


def test_nobody_is_asked_outside_of_office_hours() -> None:
    due = by_hand(History(asked_at=MONDAY - 30 * DAY))
    assert who_is_asked([due], WEEK, MONDAY + timedelta(hours=12)) == []


def test_a_broken_source_comes_along_with_the_others() -> None:
    assert who_is_asked([broken(MONDAY - 7 * DAY + timedelta(hours=1)), by_hand()], WEEK, MONDAY) == [0, 1]


# --- still your turn -------------------------------------------------------------------------------------------------

ASKS = seen("补正材料", Status.NEEDS_ACTION, Turn.APPLICANT)
NOTICE = seen(turn=Turn.APPLICANT, notice="请携带原件", notice_asks=True)


def told(after: object = ASKS, urgency: Urgency = Urgency.URGENT, **more: object) -> Told:
    what = replace(event(EventKind.STATUS_CHANGED, after=after, urgency=urgency), at=MONDAY)  # type: ignore[arg-type]
    return Told(what, **more)  # type: ignore[arg-type]


def reminder(acked: bool = False) -> Told:
    what = event(EventKind.STILL_WAITING, "reminder", after=ASKS, params={"event": told().event.id}, urgency=Urgency.URGENT)
    return Told(what, acked=acked)


def test_an_event_that_asks_waits_for_its_person_until_it_moves_or_is_acknowledged() -> None:
    assert unanswered(ASKS, [told()]) == told()
    assert unanswered(NOTICE, [told(NOTICE)]) == told(NOTICE)
    assert unanswered(ASKS, [reminder(), told()]) == told(), "a reminder is no news"
    assert unanswered(ASKS, [told(acked=True)]) is None
    assert unanswered(ASKS, [reminder(acked=True), told()]) is None, "acknowledged by the reminder's own id"
    assert unanswered(ASKS, [told(NOTICE), told()]) is None, "the newest that asked asked for something else"
    assert unanswered(ASKS, []) is None
    assert unanswered(ASKS, [told(urgency=Urgency.NORMAL), told(None)]) is None


@pytest.mark.parametrize("current", [None, seen(), replace(ASKS, provisional=True), replace(ASKS, turn=Turn.AUTHORITY)])
def test_nobody_is_reminded_where_nothing_is_asked(current: object) -> None:
    assert unanswered(current, [told()]) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("reminders", "day"), [(0, "Wed 25"), (1, "Fri 27"), (2, "Thu 03"), (3, "Tue 15"), (MOST_REMINDERS, "")]
)
def test_reminders_come_at_double_intervals_and_end(reminders: int, day: str) -> None:
    once = told(reminders=reminders, reminded_at=MONDAY if reminders else None)
    assert local(next_reminder(once, Span(2, "workdays"), POLICY)) == (f"{day} 10:00" if day else "")


def test_reminders_can_be_switched_off() -> None:
    assert next_reminder(told(), None, POLICY) is None


def test_a_word_of_the_person_counts_as_a_look() -> None:
    history = History(asked_at=MONDAY - 7 * DAY, asked=4)
    said = replace(seen("已受理", Status.ACCEPTED), via=Via.PERSON)
    history = decide(history, Outcome(OutcomeKind.READ, said), Look(MONDAY, POLICY)).history
    assert (history.asked_at, history.asked) == (None, 0)
