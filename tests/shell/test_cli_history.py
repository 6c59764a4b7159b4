"""`history`: what a case showed and what was told, newest first."""

from datetime import timedelta
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.shell.reading import CONFIG, HOST, NOW, NUMBER, PERSON, Desk, install_adapter, reading
from tracker.core.model import Event, EventKind, Reference, Status, Urgency
from tracker.store.cases import SourceSpec

EARLIER = reading("已受理", Status.ACCEPTED, seen_at=NOW - timedelta(days=3))
MOVE = Event(
    "1f" * 16,
    EventKind.STATUS_CHANGED,
    Urgency.NORMAL,
    "label_changed",
    NOW,
    case="me",
    source="fancy",
    before=EARLIER,
    after=reading(seen_at=NOW),
    params={
        "caption_1": "申请人",
        "before_1": "测试甲",
        "after_1": "测试乙",
        "url": "https://progress.example/query",
        "days": 3,
    },
)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.syspath_prepend(install_adapter(tmp_path / "dist"))
    desk = Desk(tmp_path)
    desk.keep(EARLIER)
    desk.keep(reading(seen_at=NOW), events=((MOVE, ()),))
    return desk


def test_what_was_seen_and_told_stands_newest_first(desk: Desk) -> None:
    lines = desk.run("history", "me").stdout.splitlines()
    assert [("told" in line, "审核中" in line, "已受理" in line) for line in lines] == [
        (True, False, False),
        (False, True, False),
        (False, False, True),
    ]
    assert "status changed  #1f1f1f1f" in lines[0]  # the id that the message carries
    assert "on the site" in lines[1]


def test_json_has_observations_and_events_as_check_has_them(desk: Desk) -> None:
    content = desk.json("history", "me")
    assert [seen["label"] for seen in content["observations"]] == ["审核中", "已受理"]
    assert content["observations"][0]["source"] == "fancy"
    assert content["observations"][0]["seen_at"].endswith("+08:00")
    [event] = content["events"]
    assert event["id"] == MOVE.id
    assert event["kind"] == "status_changed"
    assert event["urgency"] == "normal"
    assert event["reason"] == "label_changed"
    assert event["before"] == {"label": "已受理", "status": "accepted"}
    assert event["after"] == {"label": "审核中", "status": "in_review"}
    assert "“已受理” (likely accepted) → “审核中” (likely in review)" in event["text"]
    assert event["params"]["days"] == 3


def test_the_limit_holds_for_each(desk: Desk) -> None:
    content = desk.json("history", "me", "--limit", "1")
    assert len(content["observations"]) == 1
    assert desk.run("history", "me", "--limit", "0").exit_code == 2


def test_values_of_a_person_are_masked_also_in_the_params_of_an_event(desk: Desk) -> None:
    for more in ((), ("--json",)):
        shown = desk.run("history", "me", *more).stdout
        for personal in (NUMBER, PERSON, "测试甲", "测试乙", "13900000000"):
            assert personal not in shown
    assert desk.json("history", "me")["events"][0]["params"]["url"] == "https://progress.example/query"
    open_to_its_owner = desk.json("history", "me", "--unmasked")
    assert open_to_its_owner["events"][0]["params"]["after_1"] == "测试乙"
    assert open_to_its_owner["observations"][0]["details"]["受理编号"] == NUMBER


def test_readings_by_a_reference_that_was_changed_stay_masked(desk: Desk) -> None:
    old = {"受理编号": "QQ20260777"}
    desk.keep(reading("已受理", Status.ACCEPTED, details={"编号": "QQ20260777"}), values=old)
    new = SourceSpec("me", "fancy", "fancy", HOST, Reference({"受理编号": NUMBER, "证件号码": PERSON}))
    desk.store().sync([new])
    assert "QQ20260777" not in desk.run("history", "me", "--json").stdout


def test_the_history_of_a_case_that_left_the_config_can_be_read(desk: Desk) -> None:
    left = Desk(desk.folder, CONFIG.replace('name = "me"', 'name = "new"'))
    shown = left.run("history", "me").stdout
    assert "审核中" in shown
    assert NUMBER not in left.run("history", "me", "--json").stdout


def test_a_case_without_history_says_how_to_look(tmp_path: Path, desk: Desk) -> None:
    desk.database.unlink()
    result = desk.run("history", "me")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "tracker check" in result.stderr
    assert desk.json("history", "me") == {"case": "me", "observations": [], "events": []}
    assert not (tmp_path / "tracker.db").exists()


def test_a_case_read_by_hand_without_history_says_how_to_tell_what_was_seen(tmp_path: Path) -> None:
    desk = Desk(tmp_path, 'language = "en"\n[[cases]]\nname = "my points"\nadapter = "by_hand"\n')
    said = desk.run("history", "my points").stderr
    assert "tracker saw 'my points'" in said
    assert "tracker check" not in said


def test_an_unknown_case_is_a_usage_error_that_suggests_the_nearest(desk: Desk) -> None:
    result = desk.run("history", "mee")
    assert result.exit_code == 2
    assert "Did you mean “me”?" in result.stderr


def test_lines_fit_the_terminal(desk: Desk) -> None:
    desk.keep(reading("审核" * 60, notice="请携带材料" * 20))
    lines = desk.run("history", "me", COLUMNS="80").stdout.splitlines()
    assert max(map(cell_len, lines)) <= 80
