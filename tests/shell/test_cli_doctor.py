"""`doctor` finds what is wrong and says what to do; exit 0 all well, 1 something is wrong."""

import os
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.shell.reading import CONFIG, HOST, NOW, Desk, history, install_adapter, reading
from tracker.core.errors import StoreError
from tracker.core.history import HostHistory, Streak
from tracker.core.model import Event, EventKind, OutcomeKind, Problem, Urgency
from tracker.core.schedule import Next

NO_SERVICE = '[web]\nlisten = "127.0.0.1:1"\n'


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.syspath_prepend(str(install_adapter(tmp_path / "site")))
    return Desk(tmp_path, CONFIG + NO_SERVICE, {"LC_ALL": "C.UTF-8"})


def found(desk: Desk, about: str, **env: str) -> list[tuple[str, str, str]]:
    """(level, text, what to do) of the findings about one thing."""
    import json

    result = desk.run("doctor", "--json", **env)
    content = json.loads(result.stdout)
    assert content["ok"] == (result.exit_code == 0)
    return [(f["level"], f["text"], f["todo"]) for f in content["findings"] if f["about"] == about]


def levels(desk: Desk, about: str) -> set[str]:
    return {level for level, _, _ in found(desk, about)}


def test_all_well_is_exit_0(desk: Desk) -> None:
    desk.keep(reading())
    result = desk.run("doctor")
    assert result.exit_code == 0, result.stdout
    assert "Nothing is wrong; " in result.stderr, "no service runs: all is not well"
    assert levels(desk, "store") == levels(desk, "key") == levels(desk, "clock") == levels(desk, "schedule") == {"ok"}
    assert levels(desk, "receivers") == {"ok"}


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_it_fits_a_terminal_of_80_columns(desk: Desk, language: str) -> None:
    from rich.cells import cell_len

    desk.keep(None, past=history(None, streak=Streak(NOW - timedelta(days=3), 9, "timeout")))
    lines = desk.run("doctor", COLUMNS="80", TRACKER_LANGUAGE=language, TRACKER_NOTHING="1").stdout.splitlines()
    assert max(cell_len(line) for line in lines) <= 80
    assert any("→" in line for line in lines)


def test_a_broken_config_is_told_with_its_lines(desk: Desk) -> None:
    desk.file.write_text('language = "fr"\n')
    result = desk.run("doctor")
    assert result.exit_code == 1
    assert "config.toml:1: language" in result.stdout
    assert "tracker config check" in result.stdout


def test_a_variable_that_nothing_uses_is_mentioned(desk: Desk) -> None:
    ((level, text, _),) = found(desk, "environment", TRACKER_SCHEDULE_EVERY="2h")
    assert level == "note"
    assert "TRACKER_SCHEDULE_EVERY" in text


def test_a_store_that_is_damaged_is_wrong_and_untouched(desk: Desk) -> None:
    desk.keep(reading())
    desk.database.write_bytes(b"this is no database" * 400)
    before = desk.database.read_bytes()
    assert levels(desk, "store") == {"wrong"}
    assert desk.database.read_bytes() == before


def test_a_damaged_page_of_the_store_is_found(desk: Desk) -> None:
    desk.keep(reading())
    with closing(sqlite3.connect(desk.database)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        (root,) = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'ix_outbox_state'").fetchone()
        (size,) = raw.execute("PRAGMA page_size").fetchone()
    content = bytearray(desk.database.read_bytes())
    content[(root - 1) * size : (root - 1) * size + 8] = b"\xff" * 8
    desk.database.write_bytes(bytes(content))
    ((level, text, todo),) = found(desk, "store")
    assert (level, "damaged" in text or "malformed" in text) == ("wrong", True)
    assert todo


def test_no_store_yet_is_no_fault(desk: Desk) -> None:
    ((level, _, todo),) = found(desk, "store")
    assert (level, todo) == ("note", "tracker check")
    assert not desk.database.exists()


def test_a_key_that_others_can_read_is_wrong(desk: Desk) -> None:
    desk.keep(reading())
    (desk.folder / "tracker.key").chmod(0o644)
    ((level, text, todo),) = found(desk, "key")
    assert level == "wrong"
    assert "0644" in text
    assert todo.startswith("chmod 600 ")


def test_a_missing_key_is_wrong(desk: Desk) -> None:
    desk.keep(reading())
    (desk.folder / "tracker.key").unlink()
    ((level, text, _),) = found(desk, "store")
    assert level == "wrong"
    assert "key is missing" in text


def test_a_clock_before_the_newest_entry_is_wrong(desk: Desk) -> None:
    desk.keep(reading(seen_at=NOW + timedelta(days=2)))
    assert levels(desk, "clock") == {"wrong"}


def test_no_receiver_and_one_that_apprise_does_not_know_are_wrong(tmp_path: Path) -> None:
    assert levels(Desk(tmp_path, 'language = "en"\n'), "receivers") == {"wrong"}
    bad = Desk(tmp_path, 'language = "en"\n[[receivers]]\nname = "phone"\nurl = "nosuch://secret-token"\n')
    ((level, text, _),) = found(bad, "receivers")
    assert level == "wrong"
    assert "secret-token" not in bad.run("doctor").output
    assert "phone" in text


def test_a_source_unreadable_for_longer_than_patience_is_wrong_a_failed_look_a_note(desk: Desk) -> None:
    problem = Problem("timeout")
    desk.keep(None, past=history(None, streak=Streak(NOW - timedelta(hours=2), 2, "timeout")), problem=problem)
    assert levels(desk, "unreadable") == {"note"}
    desk.keep(None, past=history(None, streak=Streak(NOW - timedelta(days=3), 9, "timeout")), problem=problem)
    ((level, text, todo),) = found(desk, "unreadable")
    assert (level, todo) == ("wrong", "tracker status me")
    assert "which began 3 days ago: " in text
    assert "The site did not answer in time." in text, "words, not a code"


def test_a_site_that_fails_for_all_counts_for_its_sources(desk: Desk) -> None:
    streak = Streak(NOW - timedelta(days=2), 5, "network")
    desk.keep(None, past=history(None), hosts={HOST: HostHistory(streak=streak)})
    assert levels(desk, "unreadable") == {"wrong"}


def test_a_refused_reference_is_wrong(desk: Desk) -> None:
    past = history(None, invalid=True, outcome=OutcomeKind.INVALID_REFERENCE)
    desk.keep(None, past=past, planned=Next(None, "invalid_reference"))
    assert levels(desk, "reference") == {"wrong"}


def test_nothing_looks_where_a_look_is_long_past_and_no_service_answers(desk: Desk) -> None:
    desk.keep(reading(), planned=Next(NOW - timedelta(hours=5), "interval"))
    ((level, text, todo),) = found(desk, "schedule")
    assert level == "wrong"
    assert text == "nothing looks: a look was planned 5 hours ago"
    assert "tracker serve" in todo


def test_a_site_that_rests_holds_its_looks_back_without_a_fault(desk: Desk) -> None:
    rests = HostHistory(wait_until=NOW + timedelta(hours=1), wait_reason="back_off")
    desk.keep(reading(), planned=Next(NOW - timedelta(hours=5), "interval"), hosts={HOST: rests})
    assert found(desk, "schedule") == []


def test_messages_that_are_owed_or_parked_are_told(desk: Desk) -> None:
    event = Event("e1", EventKind.FIRST_SEEN, Urgency.NORMAL, "first", NOW, case="me", source="fancy", after=reading())
    desk.keep(reading(), events=((event, ("phone",)),))
    assert levels(desk, "messages") == {"note"}
    with closing(sqlite3.connect(desk.database)) as raw, raw:
        raw.execute("UPDATE outbox SET state = 'failed'")
    ((level, _, todo),) = found(desk, "messages")
    assert (level, todo) == ("wrong", "tracker notify retry")


def test_a_paused_case_is_mentioned(desk: Desk) -> None:
    desk.keep(reading())
    with closing(sqlite3.connect(desk.database)) as raw, raw:
        raw.execute("UPDATE cases SET paused_at = '2026-11-01 00:00:00.000000'")
    ((level, _, todo),) = found(desk, "paused")
    assert (level, todo) == ("note", "tracker resume me")


def test_an_adapter_that_nobody_confirmed_is_mentioned(desk: Desk) -> None:
    ((level, _, todo),) = found(desk, "adapters")
    assert (level, todo) == ("note", "tracker adapters show fancy")


def test_another_package_that_owns_the_adapters_folder_is_wrong(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    other = desk.folder / "other"
    (other / "adapters-1.0.dist-info").mkdir(parents=True)
    (other / "adapters-1.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: adapters\nVersion: 1.0\n")
    (other / "adapters-1.0.dist-info" / "top_level.txt").write_text("adapters\n")
    monkeypatch.syspath_prepend(str(other))
    ((level, text, _),) = found(desk, "packages")
    assert level == "wrong"
    assert "adapters" in text


def test_a_year_whose_working_days_are_not_published_is_mentioned(desk: Desk) -> None:
    import time_machine
    from click.testing import CliRunner

    from tracker.cli import root

    with time_machine.travel("2099-12-10T00:00:00Z"):
        result = CliRunner().invoke(root, ["-c", str(desk.file), "doctor"], env={"LC_ALL": "C.UTF-8"}, catch_exceptions=False)
    assert "the working days of 2099 are not known yet" in result.stdout
    assert "chinesecalendar" in result.stdout


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_store_that_may_not_be_written_is_wrong(desk: Desk) -> None:
    desk.keep(reading())
    desk.database.chmod(0o400)
    assert "wrong" in levels(desk, "store") | levels(desk, "rights")


def test_a_store_that_cannot_even_be_looked_at_is_wrong_and_no_crash(desk: Desk) -> None:
    # A name too long stands for a folder that is closed to us: that one stops everybody but root.
    url = f"sqlite:///{desk.folder}/{'x' * 300}/tracker.db"
    ((level, text, todo),) = found(desk, "store", TRACKER_STORE__URL=url)
    assert (level, todo) == ("wrong", "mend that, then look again: tracker doctor")
    assert "the store can't be used" in text
    with pytest.raises(StoreError, match="the store can't be used"):
        desk.run("status", TRACKER_STORE__URL=url)
