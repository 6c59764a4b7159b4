"""`ack` ends the reminders of an event, `snooze` makes a case quiet; both say what follows."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.shell.reading import NOW, Desk, install_adapter, reading
from tracker.core.model import Event, EventKind, Urgency
from tracker.store.outbox import Outbox
from tracker.store.roster import Roster

MOVE = Event("1f2e3d4c" * 4, EventKind.STATUS_CHANGED, Urgency.URGENT, "label_changed", NOW, "me", "fancy", after=reading())


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.syspath_prepend(install_adapter(tmp_path / "dist"))
    return Desk(tmp_path)


@pytest.mark.parametrize("number", ["#1f2e3d4c", "1F2E3D4C1f", MOVE.id])
def test_an_event_is_acknowledged_by_the_number_that_its_message_shows(desk: Desk, number: str) -> None:
    desk.keep(reading(), events=((MOVE, ()),))
    assert desk.json("history", "me")["events"][0]["acked_at"] is None
    assert desk.run("ack", number).stderr == "me: status changed is acknowledged: nothing reminds of it any more.\n"
    assert desk.json("history", "me")["events"][0]["acked_at"] is not None
    assert "acknowledged on" in desk.run("history", "me").stdout
    assert "was acknowledged already, on" in desk.run("ack", number).stderr


def test_a_number_that_is_none_or_nobodys_or_of_several_is_a_usage_error(desk: Desk) -> None:
    twin = replace(MOVE, id=MOVE.id[:-1] + "0")
    desk.keep(reading(), events=((MOVE, ()), (twin, ())))
    for number, words in (("1f2e", "is no number of an event"), ("%" * 8, "is no number"), ("deadbeef", "There is no event")):
        result = desk.run("ack", number)
        assert (result.exit_code, words in result.stderr) == (2, True)
    several = desk.run("ack", "#1f2e3d4c")
    assert (several.exit_code, MOVE.id in several.stderr) == (2, True)
    assert desk.run("ack", MOVE.id).exit_code == 0


def test_an_event_about_several_cases_names_them(desk: Desk) -> None:
    ask = Event("2f2e3d4c" * 4, EventKind.LOOK_NEEDED, Urgency.NORMAL, "by_hand", NOW, cases=("anna", "berta"))
    desk.keep(reading(), events=((ask, ()),))
    assert desk.run("ack", "#2f2e3d4c").stderr.startswith("anna, berta: ")


def test_what_is_owed_about_several_cases_stays_owed_for_the_others_when_one_is_purged(desk: Desk) -> None:
    down = Event("3f2e3d4c" * 4, EventKind.UNREADABLE, Urgency.NORMAL, "timeout", NOW, host="127.0.0.1", cases=("me", "berta"))
    own = replace(down, id="4f2e3d4c" * 4, cases=("me",))
    desk.keep(reading(), events=((down, ("phone",)), (own, ("phone",))))
    base = desk.store().base
    Roster(base, lambda: NOW).purge("me")
    (owed,) = Outbox(base, "test", lambda: NOW).rows()
    assert (owed.event.id, owed.event.cases) == (down.id, ("berta",))


@pytest.mark.parametrize("until", [("3d",), ("2", "workdays"), ("12h",), ((NOW + timedelta(days=9)).date().isoformat(),)])
def test_a_case_is_quiet_until_then_and_says_so(desk: Desk, until: tuple[str, ...]) -> None:
    said = desk.run("snooze", "me", *until).stderr
    assert said.startswith("me is quiet until ")
    assert "tracker snooze me off" in said
    (case,) = desk.json("status", "me")["cases"]
    assert case["snoozed_until"] is not None
    assert "Quiet" in desk.run("status", "me").stdout
    assert "quiet until" in desk.run("list").stdout
    assert not case["paused"], "checks go on"
    assert desk.run("snooze", "me", "off").exit_code == 0
    assert desk.json("list")["cases"][0]["snoozed_until"] is None


@pytest.mark.parametrize("until", ["soon", "2020-01-01", "0d", "99999d"])
def test_a_time_that_does_not_come_is_refused(desk: Desk, until: str) -> None:
    result = desk.run("snooze", "me", until)
    assert (result.exit_code, "is no time to come" in result.stderr) == (2, True)
