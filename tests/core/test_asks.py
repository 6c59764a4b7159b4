"""What is said when a person is asked, reminded, or told that it still runs."""

from datetime import timedelta

import pytest

from tests.core.telling import (
    ACCEPTED,
    ASKS,
    EN,
    EVENTS,
    NOW,
    SINCE,
    THREE_DAYS_AGO,
    URL,
    ZH,
    both_languages,
    event,
    seen,
    tell,
)
from tracker.core.asks import OF_SERVICE
from tracker.core.message import Message
from tracker.core.model import EventKind, Urgency
from tracker.core.words import Translator

LINK = "https://tracker.example/cases/me/saw"


def look(*cases: str, **params: str | int) -> Message:
    named = {f"case_{n}": name for n, name in enumerate(cases, 1)} | {f"url_{n}": f"{URL}?{n}" for n in range(1, len(cases))}
    case = cases[0] if len(cases) == 1 else None
    return tell(
        event(EventKind.LOOK_NEEDED, "look_needed", case=case, cases=cases if case is None else (), params=named | params)
    )


# --- please look -----------------------------------------------------------------------------------------------------


def test_one_case_is_asked_for_with_its_page_what_to_type_and_what_was_known() -> None:
    message = tell(EVENTS[EventKind.LOOK_NEEDED], last_read=THREE_DAYS_AGO)
    assert message.title == "me: please look"
    assert message.body == (
        "This site is never asked automatically.\n"
        f"Please look at {URL} yourself.\n"
        'Then type what you see: tracker saw me "THE STATUS"; if nothing changed: tracker saw me --same\n'
        "Last known status: “已受理” (accepted)\n"
        "Last good reading: 3 days ago (20 Nov 09:30, on the site).\n"
        "Noticed by Tracker, 23 Nov 09:30.\n"
        "More: tracker status me\n"
        "#0a1b2c3d"
    )
    chinese = tell(EVENTS[EventKind.LOOK_NEEDED], ZH).body
    assert '看到后请输入：tracker saw me "网站上的状态"；如无变化：tracker saw me --same\n' in chinese


def test_where_nothing_was_seen_yet_unchanged_is_no_answer() -> None:
    body = tell(event(EventKind.LOOK_NEEDED, "by_hand")).body
    assert 'Then type what you see: tracker saw me "THE STATUS"\n' in body
    assert "--same" not in body
    assert "It has not been read so far." in body


def test_where_there_is_a_page_its_link_stands_instead_of_what_to_type() -> None:
    body = tell(EVENTS[EventKind.LOOK_NEEDED], link=LINK).body
    assert body.splitlines()[-2] == f"Please do it here: {LINK}"
    assert "tracker saw" not in body


def test_several_cases_stand_with_their_pages_in_one_message() -> None:
    message = look("a", "b", "c", "d", "e")
    assert message.title == "a, b, c and 2 more: please look"
    assert message.body.startswith(
        f"5 cases can't be read automatically. Please look yourself:\na: {URL}?1\nb: {URL}?2\nc: {URL}?3\nand 2 more\n"
        'Then type what you see: tracker saw CASE "THE STATUS"; if nothing changed: tracker saw CASE --same\n'
    )
    assert "and" not in look("a", "b").body.partition("Then")[0]
    assert f"\na: {URL}?1\nb\n" in look("a", "b").body, "one without an address"


def test_a_reader_of_one_of_them_sees_only_that_one() -> None:
    what = event(
        EventKind.LOOK_NEEDED,
        "look_needed",
        case=None,
        cases=("a", "b"),
        params={"case_1": "a", "url_1": "http://a.example/", "case_2": "b", "url_2": "http://b.example/"},
    )
    body = tell(what, cases=("b",)).body
    assert body.startswith("This case can't be read automatically.\nPlease look at http://b.example/ yourself.\n")
    assert "tracker saw b " in body
    assert "a.example" not in body
    assert tell(what, cases=("x", "y")).body.startswith("2 cases can't be read automatically. Please look yourself:\nx, y\n")


def test_it_says_when_it_asks_again_and_that_it_does_so_less_often() -> None:
    assert "If we hear nothing, we ask again on 30 Nov." in look("me", next="2026-11-30T10:00:00+08:00").body
    assert "less often" not in look("me", unanswered=2).body
    assert "We asked 3 times without an answer, so we ask less often now." in look("me", unanswered=3).body


# --- still your turn -------------------------------------------------------------------------------------------------


def reminder(**params: str | int) -> Message:
    told: dict[str, str | int] = {"event": "f" * 32, "count": 2, "since": THREE_DAYS_AGO.isoformat()}
    return tell(event(EventKind.STILL_WAITING, "reminder", after=ASKS, params=told | params, urgency=Urgency.URGENT))


def test_a_reminder_repeats_what_is_asked_and_how_to_end_it() -> None:
    message = reminder(url=URL)
    assert (message.title, message.urgency) == ("me: still your turn", Urgency.URGENT)
    assert message.body == (
        "Status: “审核中” (in review)\n"
        "The page also says: “请携带材料原件至受理点”\n"
        "It is your turn: please do what the notice asks.\n"
        f"Page: {URL}\n"
        "Done, or known? To stop these reminders: tracker ack ffffffff\n"
        "First told 20 Nov 09:30; this is reminder 2.\n"
        "Last good reading: just now (23 Nov 09:30, on the site).\n"
        "More: tracker status me\n"
        "#0a1b2c3d"
    )
    assert "Page:" not in reminder().body


# --- still waiting ---------------------------------------------------------------------------------------------------


def test_still_waiting_says_that_the_checks_run_and_how_old_the_last_reading_is() -> None:
    what = event(
        EventKind.STILL_WAITING, after=seen(), params={**SINCE, "days": 3, "last_read_at": "2026-11-23T01:00:00+00:00"}
    )
    body = tell(what, last_read=THREE_DAYS_AGO).body
    assert body.startswith("No change since 20 Nov 09:30, 3 days now.\nLast known status: “审核中” (in review)\n")
    assert "Last good reading: 30 minutes ago (23 Nov 09:00, on the site)." in body
    assert "The checks are running; any change is told at once." in body
    assert tell(event(EventKind.STILL_WAITING, case=None, cases=("a", "b"))).body.startswith(
        "No change so far.\n2 cases: a, b\nThe checks are running"
    )


def weekly(*cases: str, **params: str | int) -> str:
    return tell(event(EventKind.STILL_WAITING, "still_waiting", case=None, cases=cases, params=params)).body


def test_of_several_cases_the_oldest_reading_is_told_and_how_many_have_none() -> None:
    body = weekly("a", "b", last_read_at=THREE_DAYS_AGO.isoformat(), unread_cases=1)
    assert "The oldest of the last good readings: 3 days ago (20 Nov 09:30).\n1 case was not read so far.\n" in body


def test_paused_cases_are_named_with_how_to_go_on() -> None:
    names = ("a", "b", "c", "d", "e")
    params: dict[str, str | int] = {}
    for number, name in enumerate(names, 1):
        params |= {f"paused_{number}": name, f"paused_at_{number}": (NOW - timedelta(days=number)).isoformat()}
    body = weekly(*names, **params)
    assert "Paused since 22 Nov 09:30: a. To go on: tracker resume\n" in body
    assert "Paused since 20 Nov 09:30: c. To go on: tracker resume\n2 more are paused.\n" in body
    assert "checks are running" not in body
    assert "checks are running" in weekly(*names, "f", **params)


def test_what_cannot_be_read_now_is_named() -> None:
    names = ("a", "b", "c", "d", "e")
    assert "Can't be read now: a, b\n" in weekly(*names, troubled_1="a", troubled_2="b")
    everything = {f"troubled_{number}": name for number, name in enumerate(names, 1)}
    assert "Can't be read now: a, b, c and 2 more\n" in weekly(*names, **everything)


# --- the service itself ----------------------------------------------------------------------------------------------


@both_languages
@pytest.mark.parametrize("reason", sorted(OF_SERVICE))
def test_the_operator_is_told_of_the_service_and_not_to_compare_a_page(reason: str, tr: Translator) -> None:
    message = tell(event(EventKind.DEFECT, reason, case=None, params={}), tr)
    assert message.title in {"Tracker: about the service", "Tracker：服务状况"}
    assert "[cases.read]" not in message.body
    assert "cases.read" not in message.body
    assert len(message.body.splitlines()) == 5, message.body


def test_the_service_says_how_long_how_much_and_which() -> None:
    def of(reason: str, **params: str | int) -> str:
        return tell(event(EventKind.DEFECT, reason, case=None, params=params), EN).body

    assert "\nIt took 1 minute.\nIt goes on now." in of("stalled", minutes=1)
    assert "\nRoom left: 0 MB.\nPlease make room" in of("disk", free_mb=0)
    assert "\nThe year: 2027.\n" in of("year_unpublished", year=2027)


def test_an_ask_keeps_what_was_known_before_in_the_readers_words() -> None:
    assert "最近一次读到" in tell(event(EventKind.LOOK_NEEDED, "captcha", before=ACCEPTED), ZH).body
