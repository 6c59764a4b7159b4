"""A watched page in what the commands say: it has a text and no status, in words and in JSON."""

from pathlib import Path

import pytest

from tests.shell.reading import Desk, history, install_adapter, reading
from tracker.core.model import Identity, Status, Turn
from tracker.core.watching import RESTLESS

PAGE = reading(
    "",
    Status.UNKNOWN,
    turn=Turn.NOBODY,
    identity=Identity.NOT_SHOWN,
    reported_on=None,
    details={},
    watched="办理材料\n身份证",
)
NOTHING = ("label", "status", "status_confirmed", "turn", "notice", "identity")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.syspath_prepend(install_adapter(tmp_path / "dist"))
    made = Desk(tmp_path)
    made.keep(PAGE)
    return made


def test_status_list_and_history_say_that_it_is_a_page(desk: Desk) -> None:
    status = desk.run("status", "me").stdout
    assert status.startswith("me  watched page, 2 lines\n")
    assert "Turn" not in status
    assert "not known" not in status
    assert desk.run("list").stdout.startswith("me  watched page, 2 lines")
    assert "watched page, 2 lines; on the site" in desk.run("history", "me").stdout


def test_in_json_it_has_no_label_and_no_status(desk: Desk) -> None:
    [case] = desk.json("status")["cases"]
    [source] = case["sources"]
    [line] = desk.json("list")["cases"]
    [seen] = desk.json("history", "me")["observations"]
    assert [shown.get(key) for shown in (source, seen) for key in NOTHING] == [None] * 12
    assert (line["label"], line["status"]) == (None, None)
    assert desk.json("status")["defects"] == []


def test_a_page_that_is_restless_is_said_to_be_with_what_to_do(desk: Desk) -> None:
    moving = reading("", Status.UNKNOWN, turn=Turn.NOBODY, identity=Identity.NOT_SHOWN, watched="广告", provisional=True)
    desk.keep(moving, past=history(moving, current=PAGE, restless=RESTLESS))
    shown = " ".join(desk.run("status", "me").stdout.split())
    assert shown.startswith("me watched page: another text, not told yet")
    assert "The text of this page is another one at every look" in shown
    assert "reference" not in shown
    assert "Before" not in shown
