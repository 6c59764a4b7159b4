"""The cases that the store keeps: added, changed, removed, deleted; paused, snoozed, confirmed."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.shell.stores import START, Place, seen, spec
from tracker.config.model import Config
from tracker.core.decide import Keep
from tracker.core.history import History
from tracker.core.model import Event, EventKind, Status, Turn, Urgency, Word
from tracker.core.schedule import Next
from tracker.registry import Registry
from tracker.roster import gathered
from tracker.store.roster import ChangedMeanwhileError, Kept, NameTakenError, NoSuchCaseError, Roster
from tracker.store.store import Finish, Store

TREE = {"name": "anna", "adapter": "page", "url": "http://127.0.0.1:8901/", "reference": {"受理编号": "SH2026000199"}}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def roster(place: Place) -> Roster:
    return Roster(place.base(), place.clock)


def only(place: Place) -> Kept:
    (kept,) = roster(place).all()
    return kept


def test_a_case_that_was_added_is_there_and_sealed(place: Place) -> None:
    roster(place).add("anna", TREE)
    assert only(place).tree == TREE
    assert b"SH2026000199" not in (place.folder / "tracker.db").read_bytes()
    assert "SH2026000199" not in repr(only(place))


def test_a_process_that_found_the_store_empty_sees_the_case_that_another_one_adds(place: Place) -> None:
    waiting = roster(place)
    assert waiting.all() == []
    roster(place).add("anna", TREE)
    assert [kept.tree for kept in waiting.all()] == [TREE]


def test_a_name_is_given_once(place: Place) -> None:
    roster(place).add("anna", TREE)
    with pytest.raises(NameTakenError):
        roster(place).add("anna", TREE)


def test_of_several_new_cases_all_are_kept_or_none(place: Place) -> None:
    roster(place).add("anna", TREE)
    with pytest.raises(NameTakenError):
        roster(place).add_all([("berta", TREE | {"name": "berta"}), ("anna", TREE)])
    assert [kept.name for kept in roster(place).all()] == ["anna"]


def test_every_change_moves_the_version_on(place: Place) -> None:
    there, versions = roster(place), set[str]()
    changes: list[Callable[[], None]] = [
        lambda: there.add("anna", TREE),
        lambda: there.replace("anna", TREE | {"url": "http://127.0.0.1:8902/"}),
        lambda: there.pause("anna"),
        lambda: there.archive("anna"),
        lambda: there.snooze("anna", START),
        lambda: there.confirm("anna", {"审核通过": Word(Status.APPROVED)}),
        lambda: there.remove("anna"),
        lambda: there.purge("anna"),
    ]
    for change in changes:
        change()
        versions.add(there.version())
    assert len(versions) == len(changes)


def test_a_renamed_case_keeps_its_row(place: Place) -> None:
    roster(place).add("anna", TREE)
    roster(place).pause("anna")
    roster(place).replace("anna", TREE | {"name": "anna b"})
    assert only(place).name == "anna b"
    assert only(place).paused_at == START


def test_of_two_edits_at_a_time_the_second_undoes_nothing_of_the_first(place: Place) -> None:
    roster(place).add("anna", TREE)
    read = only(place).tree or {}
    roster(place).replace("anna", read | {"promised": "20 workdays"}, was=read)
    with pytest.raises(ChangedMeanwhileError, match="say it again"):
        roster(place).replace("anna", read | {"url": "http://127.0.0.1:8902/"}, was=read)
    assert only(place).tree == TREE | {"promised": "20 workdays"}


def test_what_was_said_by_hand_is_kept_and_can_be_taken_back(place: Place) -> None:
    there = roster(place)
    there.add("anna", TREE)
    there.pause("anna")
    there.archive("anna")
    there.snooze("anna", START + timedelta(days=3))
    there.confirm("anna", {"审核通过": Word(Status.APPROVED)})
    there.confirm("anna", {"待单位审核": Word(Status.SUBMITTED, Turn.EMPLOYER)})
    kept = only(place)
    assert (kept.paused_at, kept.archived_at) == (START, START)
    assert kept.snoozed_until == START + timedelta(days=3)
    assert kept.words == {"审核通过": Word(Status.APPROVED), "待单位审核": Word(Status.SUBMITTED, Turn.EMPLOYER)}
    there.pause("anna", resume=True)
    there.archive("anna", back=True)
    there.snooze("anna", None)
    assert (only(place).paused_at, only(place).archived_at, only(place).snoozed_until) == (None, None, None)


def test_a_case_that_is_not_there_is_named(place: Place) -> None:
    there = roster(place)
    there.add("anna", TREE)
    for change in (there.remove, there.purge, there.pause):
        with pytest.raises(NoSuchCaseError, match="berta"):
            change("berta")
    with pytest.raises(NoSuchCaseError, match="berta"):
        there.confirm("berta", {})


def test_a_paused_case_is_not_due(place: Place) -> None:
    store = place.store()
    store.sync([spec()])
    assert store.is_any_due()
    roster(place).pause("me")
    assert not store.is_any_due()
    assert store.sources()[0].paused


def finished(store: Store) -> None:
    """One reading of the case `me`, with a message owed."""
    (row,) = store.claim([store.sources()[0].id], timedelta(minutes=1)).values()
    event = Event("e" * 32, EventKind.FIRST_SEEN, Urgency.NORMAL, "first_reading", START, "me", "form", after=seen())
    history, planned = History(current=seen(), last=seen()), Next(START, "interval")
    store.finish(Finish(row, history, planned, None, Keep.NEW, seen(), events=((event, ("phone",)),)))


def test_a_removed_case_keeps_its_history_and_is_asked_no_more(place: Place) -> None:
    roster(place).add("me", TREE | {"name": "me"})
    store = place.store()
    store.sync([spec()])
    finished(store)
    roster(place).remove("me")
    assert store.sources() == []
    assert len(store.observations("me", 9)) == 1
    roster(place).add("me", TREE | {"name": "me"})
    assert only(place).tree is not None


def test_a_purged_case_leaves_nothing_in_the_file(place: Place) -> None:
    store = place.store()
    store.sync([spec()])
    finished(store)
    with closing(sqlite3.connect(place.folder / "tracker.db")) as raw:
        (sealed,) = raw.execute("SELECT sealed_body FROM observations").fetchone()
    roster(place).purge("me")
    assert store.case_names() == []
    assert place.outbox().rows() == []
    files = [f for f in place.folder.iterdir() if f.name.startswith("tracker.db")]
    assert not any(sealed in f.read_bytes() for f in files)


# --- the file's cases and the store's as one list ----------------------------------------------------------------------


def case_names(config: Config) -> list[str]:
    return [case.name for case in config.cases]


def kept(name: str, **changes: object) -> Kept:
    return Kept(name, {**TREE, "name": name, **changes}, START)


def test_the_stores_cases_follow_the_files() -> None:
    found = gathered(Config(), [kept("anna"), kept("berta")], Registry(), str)
    assert case_names(found.config) == ["anna", "berta"]
    assert found.config.cases[0].sources[0].reference == {"受理编号": "SH2026000199"}
    assert found.is_of_store("anna")
    assert found.problems == ()


def test_a_case_that_can_not_be_used_any_more_stops_no_other_and_is_reported() -> None:
    found = gathered(Config(), [kept("anna", adapter="gone"), kept("berta")], Registry(), str)
    assert case_names(found.config) == ["berta"]
    (problem,) = found.problems
    assert problem.startswith("anna: adapter: no adapter is called")


def test_a_receiver_that_left_the_config_does_not_stop_the_checks() -> None:
    found = gathered(Config(), [kept("anna", receivers=["phone"])], Registry(), str)
    assert found.config.cases[0].receivers is None


def test_a_word_that_the_tree_says_anew_is_no_longer_what_was_confirmed_before(place: Place) -> None:
    there = roster(place)
    there.add("anna", TREE)
    there.confirm("anna", {"审核通过": Word(Status.APPROVED), "办结": Word(Status.COMPLETED)})
    there.replace("anna", TREE | {"labels": {"审核通过": "in_review"}}, ["审核通过"])
    assert only(place).words == {"办结": Word(Status.COMPLETED)}
    there.confirm("anna", {"办结": None})
    assert only(place).words == {}


def test_of_two_cases_with_one_name_the_files_is_used() -> None:
    config = gathered(Config(), [kept("anna")], Registry(), str).config
    found = gathered(config, [kept("anna", url="http://127.0.0.1:9999/")], Registry(), str)
    assert found.config.cases[0].sources[0].url == "http://127.0.0.1:8901/"
    assert "anna" in found.problems[0]


def test_a_word_that_the_person_confirmed_is_the_cases_own() -> None:
    words = {"审核通过": Word(Status.APPROVED)}
    found = gathered(Config(), [Kept("anna", TREE, START, words)], Registry(), str)
    assert found.config.cases[0].labels == words
