"""People are asked to look, reminded of what waits for them, and told that it still runs: real store, a clock set by hand."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.core.telling import EN, SHANGHAI, ZH
from tests.shell.keeping import URL, Office, case
from tests.shell.stores import Place, seen
from tracker.core.history import History, HostHistory, Streak
from tracker.core.message import render
from tracker.core.model import Event, EventKind, Observation, Status, Turn, Urgency
from tracker.core.words import Translator

ASKS = replace(seen("补正材料"), status=Status.NEEDS_ACTION, turn=Turn.APPLICANT, confirmed=True)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(Place(tmp_path))  # a Monday, 09:00 in Shanghai


@pytest.fixture
def watched(office: Office) -> Office:
    """Read on the site just now, and nothing else to be told of it."""
    office.asked = {"me"}
    office.more = {"schedule": {"look_every": ""}}
    office.keep(seen())
    office.run()
    return office


def kinds(events: list[Event]) -> list[str]:
    return [event.reason if event.kind is EventKind.DEFECT else event.kind.value for event in events]


def asks(events: list[Event]) -> list[Event]:
    return [event for event in events if event.kind is EventKind.LOOK_NEEDED]


def waiting(events: list[Event]) -> list[Event]:
    return [event for event in events if event.kind is EventKind.STILL_WAITING]


def text(event: Event, tr: Translator = EN, *, link: str = "") -> str:
    return render(event, tr, privacy="masked", zone=SHANGHAI, link=link).body


# --- please look -----------------------------------------------------------------------------------------------------


def test_a_by_hand_case_is_asked_for_from_the_start_then_every_interval(office: Office) -> None:
    (first,) = asks(office.run())
    assert (first.case, first.reason, first.urgency, first.params["url"]) == ("me", "by_hand", Urgency.NORMAL, URL)
    assert ("phone", first.id) in office.owed()
    assert ("operator", first.id) not in office.owed()
    assert asks(office.run()) == []
    assert asks(office.days(6)) == [], "five working days have a week-end in them"
    assert len(asks(office.days(1))) == 1
    assert office.history().asked == 2


def test_nobody_is_asked_at_night(office: Office) -> None:
    office.place.clock.move(hours=12)
    assert asks(office.run()) == []
    office.place.clock.move(hours=12)
    assert len(asks(office.run())) == 1


def test_a_case_that_was_just_seen_is_not_asked_for_at_once(office: Office) -> None:
    office.keep(seen(at=office.place.clock()))
    assert asks(office.run()) == []
    (event,) = asks(office.days(7))
    assert event.before is not None
    assert "Last known status: “已受理”" in text(event)


def test_one_message_asks_for_all_cases_and_each_receiver_hears_of_its_own(office: Office) -> None:
    mother: dict[str, object] = {"name": "mother", "url": "json://127.0.0.1:9/"}
    office.receivers.append(mother)
    office.cases = [case("a", receivers=["phone"]), case("bb", receivers=["phone", "mother"]), case("ccc")]
    events = asks(office.run())
    assert {(e.case, e.cases): [r for r, i in office.owed() if i == e.id] for e in events} == {
        (None, ("a", "bb", "ccc")): ["phone"],
        (None, ("bb", "ccc")): ["mother"],
    }
    assert [office.history(name).asked for name in ("a", "bb", "ccc")] == [1, 1, 1]
    assert "3 cases can't be read automatically. Please look yourself:\na: http://" in text(events[0])


def test_a_case_without_a_receiver_is_asked_for_in_the_history_only(office: Office) -> None:
    office.receivers = [office.receivers[1]]
    (event,) = asks(office.run())
    assert event.id not in [i for _, i in office.owed()]
    assert [e.id for e in office.place.store().events("me", 9)] == [event.id]


def test_three_unanswered_double_the_interval_and_the_message_says_so(office: Office) -> None:
    told = []
    for _ in range(40):
        told += [(office.place.clock().date().toordinal(), event) for event in asks(office.run())]
        office.place.clock.move(days=1)
    days = [day - told[0][0] for day, _ in told]
    assert days == [0, 7, 14, 28]
    assert "less often" not in text(told[2][1])
    assert "ask again on 21 Dec" in text(told[2][1])
    assert "We asked 3 times without an answer, so we ask less often now." in text(told[3][1])
    assert "已请您查看 3 次而未得到回复" in text(told[3][1], ZH)


def test_a_reading_is_an_answer(office: Office) -> None:
    office.run()
    office.days(7)
    office.keep(seen(at=office.place.clock()))
    assert (office.history().asked, office.history().asked_at) == (0, None)
    assert asks(office.days(3)) == []
    assert len(asks(office.days(4))) == 1


def test_an_unreadable_source_is_asked_for_an_interval_after_that_was_told(office: Office) -> None:
    office.asked = {"me"}
    now = office.place.clock()
    streak = Streak(now - timedelta(days=1), 4, "page_changed", told=True, told_at=now)
    office.keep(history=History(streak=streak))
    assert asks(office.days(4)) == []
    (event,) = asks(office.days(3))
    assert event.reason == "page_changed"
    assert "The page does not look as expected" in text(event)


def test_a_host_that_refuses_is_asked_for_likewise(office: Office) -> None:
    office.asked = {"me"}
    now = office.place.clock()
    office.keep(history=History(), host=HostHistory(Streak(now - timedelta(days=1), 4, "captcha", told=True, told_at=now)))
    (event,) = asks(office.days(7))
    assert event.reason == "captcha"


def test_nobody_is_asked_for_what_rests(office: Office) -> None:
    office.cases = [case(name) for name in ("me", "paused", "archived", "snoozed", "over")]
    office.keep(replace(ASKS, status=Status.COMPLETED, turn=Turn.NOBODY), name="over")
    office.roster.pause("paused")
    office.roster.archive("archived")
    office.roster.snooze("snoozed", office.place.clock() + timedelta(days=30))
    (event,) = asks(office.days(7))
    assert event.case == "me"


def test_look_every_switches_it_off(office: Office) -> None:
    office.more = {"schedule": {"look_every": ""}}
    assert asks(office.run()) == asks(office.days(30)) == []


def test_two_processes_ask_once(office: Office) -> None:
    one, two = office.upkeep(), office.upkeep()
    look = one._look()
    assert len(asks(two.run())) == 1
    assert one._ask(look) == [], "what it read is no longer so"
    assert len(asks(office.run())) == 0
    assert office.history().asked == 1


def test_a_case_that_is_being_looked_at_is_asked_for_later(office: Office) -> None:
    office.place.store().sync([s.spec() for s in office.subjects])
    checking = office.place.store()
    held = checking.claim([row.id for row in checking.sources()], timedelta(minutes=1))
    assert asks(office.run()) == []
    checking.release(held.values())
    assert len(asks(office.run())) == 1


def test_an_address_is_told_without_its_query(office: Office) -> None:
    office.cases[0]["sources"][0]["url"] = URL + "?no=SH20260020123#top"  # type: ignore[index]
    (event,) = asks(office.run())
    assert event.params["url"] == URL


# --- still your turn -------------------------------------------------------------------------------------------------


def asking(office: Office, current: Observation = ASKS) -> Event:
    """The message of an observation that asks for something."""
    event = Event("f" * 32, EventKind.STATUS_CHANGED, Urgency.URGENT, "label_changed", office.place.clock(), "me", "page")
    event = replace(event, after=current)
    office.asked = {"me"}
    office.more = {"schedule": {"look_every": ""}, "life": {"still_waiting": ""}}
    office.keep(current, event)
    return event


def test_what_nobody_acknowledged_is_told_again_at_double_intervals_five_times(office: Office) -> None:
    asking(office)
    days, told = [], []
    for day in range(120):
        events = waiting(office.run())
        days += [day] * len(events)
        told += events
        office.place.clock.move(days=1)
    assert days == [2, 8, 18, 42, 86]
    assert [event.params["count"] for event in told] == [1, 2, 3, 4, 5]
    first = told[0]
    assert (first.reason, first.urgency, first.case) == ("reminder", Urgency.URGENT, "me")
    assert "tracker ack ffffffff\n" in text(first)
    assert [i for r, i in office.owed() if r == "phone"][-5:] == [event.id for event in told]


def test_an_acknowledged_event_is_not_told_again(office: Office) -> None:
    event = asking(office)
    sql(office, f"UPDATE events SET acked_at = '2026-11-24 00:00:00.000000' WHERE id = '{event.id}'")
    assert waiting(office.days(4)) == []


def test_acknowledging_the_reminder_itself_does_it_too(office: Office) -> None:
    asking(office)
    (reminder,) = waiting(office.days(2))
    sql(office, f"UPDATE events SET acked_at = '2026-11-26 00:00:00.000000' WHERE id = '{reminder.id}'")
    assert waiting(office.days(7)) == []


def test_a_move_ends_the_reminders(office: Office) -> None:
    asking(office)
    office.place.clock.move(days=1)
    office.keep(seen("审核中"))
    assert waiting(office.days(6)) == []


@pytest.mark.parametrize("rest", ["pause", "archive", "snooze"])
def test_nobody_is_reminded_of_what_rests(office: Office, rest: str) -> None:
    asking(office)
    until = (office.place.clock() + timedelta(days=30),) if rest == "snooze" else ()
    getattr(office.roster, rest)("me", *until)
    assert waiting(office.days(7)) == []


def test_reminders_pass_in_office_hours_only(office: Office) -> None:
    asking(office)
    office.place.clock.move(hours=12)
    assert waiting(office.days(2)) == []
    office.place.clock.move(hours=12)
    assert len(waiting(office.run())) == 1


def test_two_processes_remind_once(office: Office) -> None:
    asking(office)
    office.place.clock.move(days=2)
    one, two = office.upkeep(), office.upkeep()
    told = one._notes.told(1)
    assert len(waiting(two.run())) == 1
    assert not one._notes.remind(told[0], [])


# --- still waiting ---------------------------------------------------------------------------------------------------


def test_once_a_week_a_message_says_that_it_runs(watched: Office) -> None:
    assert waiting(watched.days(6)) == []
    (event,) = waiting(watched.days(1))
    assert (event.urgency, event.case, event.reason) == (Urgency.LOW, "me", "still_waiting")
    assert "No change since 23 Nov 09:00, 7 days now.\nLast known status: “已受理”" in text(event)
    assert "Last good reading: 7 days ago" in text(event)
    assert waiting(watched.run()) == []
    assert len(waiting(watched.days(7))) == 1


def test_a_case_of_which_something_was_told_is_not_waiting(watched: Office) -> None:
    watched.place.clock.move(days=3)
    moved = seen("审核中")
    event = Event("e" * 32, EventKind.STATUS_CHANGED, Urgency.NORMAL, "label_changed", watched.place.clock(), "me", "page")
    watched.keep(moved, replace(event, after=moved))
    assert waiting(watched.days(4)) == []
    assert len(waiting(watched.days(7))) == 1, "the week after it is"


def test_the_weekly_message_names_what_is_paused_and_what_cannot_be_read(office: Office) -> None:
    office.cases = [case(name) for name in ("a", "bb", "ccc", "dddd")]
    office.asked = {"a", "bb", "ccc", "dddd"}
    office.more = {"schedule": {"look_every": ""}}
    office.keep(seen(), name="a")
    office.keep(history=History(streak=Streak(office.place.clock(), 4, "page_changed", told=True)), name="bb")
    office.roster.pause("ccc")
    office.roster.archive("dddd")
    office.run()
    (event,) = waiting(office.days(7))
    assert event.cases == ("a", "bb", "ccc")
    body = text(event)
    assert "3 cases: a, bb, ccc" in body
    assert "Paused since 23 Nov 09:00: ccc. To go on: tracker resume" in body
    assert "Can't be read now: bb" in body
    assert "The oldest of the last good readings: 7 days ago (23 Nov 09:00).\n2 cases were not read so far." in body
    assert "The checks are running" in body


def test_a_paused_case_alone_is_noticed_and_no_check_is_claimed_to_run(watched: Office) -> None:
    watched.roster.pause("me")
    (event,) = waiting(watched.days(7))
    assert "Paused since 23 Nov 09:00: me. To go on: tracker resume me" in text(event)
    assert "checks are running" not in text(event)


def test_what_is_over_or_snoozed_is_not_waiting(watched: Office) -> None:
    watched.keep(replace(ASKS, status=Status.COMPLETED, turn=Turn.NOBODY))
    assert waiting(watched.days(7)) == []


def test_a_clock_that_was_set_back_starts_the_week_anew(watched: Office) -> None:
    watched.place.clock.move(days=-98)
    assert waiting(watched.run()) == []
    assert len(waiting(watched.days(7))) == 1


def test_still_waiting_can_be_switched_off_and_comes_in_office_hours(watched: Office) -> None:
    watched.place.clock.move(hours=12)
    assert waiting(watched.days(7)) == []
    watched.place.clock.move(hours=12)
    watched.more["life"] = {"still_waiting": ""}
    assert waiting(watched.run()) == []
    watched.more["life"] = {}
    assert len(waiting(watched.run())) == 1


def test_two_processes_tell_once_that_it_runs(watched: Office) -> None:
    watched.place.clock.move(days=7)
    one, two = watched.upkeep(), watched.upkeep()
    look = one._look()
    was = one._notes.setting("told.still_waiting")
    assert len(waiting(two.run())) == 1
    assert not one._notes.note("told.still_waiting", was, look.at.isoformat(), [])
    assert not one._notes.note("told.still_waiting", None, look.at.isoformat(), [])


# --- the calendar ----------------------------------------------------------------------------------------------------


def test_the_operator_hears_once_of_a_year_without_published_working_days(office: Office) -> None:
    office.place.clock.now = datetime(2098, 11, 24, 1, 0, tzinfo=office.place.clock.now.tzinfo)
    events = [e for e in office.run() if e.kind is EventKind.DEFECT]
    assert kinds(events) == ["year_unpublished"]
    assert [r for r, i in office.owed() if i == events[0].id] == ["operator"]
    assert "The year: 2098." in text(events[0])
    assert "year_unpublished" not in kinds(office.days(30))
    assert "year_unpublished" in kinds(office.days(40)), "the year after"


def test_an_office_without_cases_tells_nothing(office: Office) -> None:
    office.cases = []
    assert office.run() == office.days(30) == []


def sql(office: Office, statement: str) -> None:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(office.place.file)) as store, store:
        store.execute(statement)
