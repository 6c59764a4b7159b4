"""The store keeps what was seen, one transaction per check, sealed, and gives each source to one process at a time."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect
from sqlmodel import SQLModel

from tests.shell.stores import START, Clock, Place, seen, spec
from tracker.core.decide import Keep
from tracker.core.errors import StoreError
from tracker.core.history import HostHistory, Streak
from tracker.core.model import Event, EventKind, OutcomeKind, Problem, Urgency
from tracker.core.schedule import Next
from tracker.store.base import Base, KeyPlace
from tracker.store.cases import SourceSpec
from tracker.store.engine import open_engine
from tracker.store.owner import is_gone, machine, new_owner
from tracker.store.sealed import Sealer, parse_key
from tracker.store.store import Finish, HostMovedError, SourceRow, Store

HOLD = timedelta(seconds=35)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path, from_nothing=True)


def claimed(store: Store) -> SourceRow:
    return next(iter(store.claim([row.id for row in store.sources()], HOLD).values()))


def finish(row: SourceRow, label: str = "已受理", event: str = "e1", receivers: tuple[str, ...] = ("phone",)) -> Finish:
    reading = seen(label)
    history = replace(row.history, current=reading, last=reading, outcome=OutcomeKind.READ, looked_at=START)
    told = Event(
        event, EventKind.FIRST_SEEN, Urgency.NORMAL, "first_reading", START, case=row.case, source=row.name, after=reading
    )
    planned = Next(START + timedelta(hours=4), "interval", {"every_minutes": 240})
    return Finish(row, history, planned, None, Keep.NEW, reading, ((told, receivers),))


def dead_process_owner() -> str:
    code = "from tracker.store.owner import new_owner; print(new_owner())"
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.strip()


# --- the config's cases ----------------------------------------------------------------------------------------------


def test_a_new_case_is_due_at_once(place: Place) -> None:
    store = place.store()
    store.sync([spec()])
    (row,) = store.sources()
    assert (row.case, row.name, row.adapter, row.host) == ("me", "form", "form", "127.0.0.1")
    assert row.next_check == Next(START, "now")
    assert store.is_any_due()


def test_an_empty_config_on_an_empty_store_makes_no_key(place: Place) -> None:
    store = place.store()
    store.sync([])
    assert store.sources() == []
    assert not place.key_file.exists()
    assert not store.is_any_due()


def test_taking_the_same_config_over_again_writes_nothing(place: Place) -> None:
    store = place.store()
    store.sync([spec()])
    before = place.base().engine.connect().exec_driver_sql("PRAGMA data_version").scalar()
    watcher = sqlite3.connect(place.file)
    version = watcher.execute("PRAGMA data_version").fetchone()
    store.sync([spec()])
    assert watcher.execute("PRAGMA data_version").fetchone() == version
    assert before is not None


def test_a_changed_reference_starts_a_new_history_and_the_old_one_stays(place: Place) -> None:
    store = place.store()
    store.sync([spec()])
    store.finish(finish(claimed(store)))
    store.sync([spec(number="SH2026000999")])
    (row,) = store.sources()
    assert row.history.current is None
    assert len(store.sources(live_only=False)) == 2
    store.sync([spec()])
    (row,) = store.sources()
    assert row.history.current is not None, "the first reference is back, and so is its history"
    assert row.next_check.reason == "interval", "and its plan: whoever swaps two configs on one store asks no oftener"


def test_a_case_taken_out_of_the_config_stops_and_keeps_its_history(place: Place) -> None:
    store = place.store()
    store.sync([spec(), spec(case="other", number="SH2026000456")])
    store.finish(finish(claimed(store)))
    store.sync([spec(case="other", number="SH2026000456")])
    assert [row.case for row in store.sources()] == ["other"]
    assert [seen.label for _, seen in store.observations("me", 10)] == ["已受理"]
    assert store.case_names() == ["me", "other"]
    store.sync([])
    assert store.sources() == []


def test_a_moved_site_keeps_the_history_and_lifts_an_invalid_reference(place: Place) -> None:
    store = place.store()
    store.sync([spec()])
    row = claimed(store)
    invalid = replace(finish(row), history=replace(row.history, invalid=True), events=())
    store.finish(invalid)
    store.sync([spec(url="http://127.0.0.1:8902/new.htm")])
    (row,) = store.sources()
    assert not row.history.invalid
    assert row.next_check.reason == "now"


# --- leases ----------------------------------------------------------------------------------------------------------


def test_a_source_is_asked_by_one_process_at_a_time(place: Place) -> None:
    first, second = place.store("here/1/2/a"), place.store("here/1/2/b")
    first.sync([spec()])
    ids = [row.id for row in first.sources()]
    assert list(first.claim(ids, HOLD)) == ids
    assert second.claim(ids, HOLD) == {}
    assert second.sources()[0].leased
    place.clock.move(seconds=36)
    assert list(second.claim(ids, HOLD)) == ids, "a lease ends by itself"


def test_the_lease_of_a_process_that_is_gone_is_free_at_once(place: Place) -> None:
    dead, living = place.store(dead_process_owner()), place.store()
    dead.sync([spec()])
    ids = [row.id for row in dead.sources()]
    dead.claim(ids, HOLD)
    assert list(living.claim(ids, HOLD)) == ids


def test_a_result_that_comes_after_the_lease_was_lost_changes_nothing(place: Place) -> None:
    slow, quick = place.store("elsewhere/1/2/a"), place.store("elsewhere/1/2/b")
    slow.sync([spec()])
    late = claimed(slow)
    place.clock.move(seconds=36)
    assert quick.finish(finish(claimed(quick), "审核中", "e2"))
    assert not slow.finish(finish(late, "已受理", "e1"))
    assert not slow.renew(late, HOLD)
    slow.finish_quiet([replace(finish(late), keep=Keep.NOTHING, events=())])
    assert [event.id for event in quick.events("me", 10)] == ["e2"]
    assert quick.sources()[0].history.current.label == "审核中"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "now",
    [(), (spec(number="SH2026000199"),), (spec(url="http://127.0.0.1:8902/query.htm"),)],
    ids=["it left the config", "its reference is another one", "it is asked elsewhere"],
)
def test_a_result_that_comes_after_the_case_was_edited_changes_nothing(place: Place, now: tuple[SourceSpec, ...]) -> None:
    store = place.store()
    store.sync([spec()])
    row = claimed(store)
    place.store().sync(now)
    assert not store.finish(finish(row))
    assert (store.observations("me", 9), store.events("me", 9)) == ([], [])


def test_a_lease_can_be_renewed_and_given_back(place: Place) -> None:
    store, other = place.store("elsewhere/1/2/a"), place.store("elsewhere/1/2/b")
    store.sync([spec()])
    row = claimed(store)
    place.clock.move(seconds=30)
    assert store.renew(row, HOLD)
    place.clock.move(seconds=30)
    assert other.claim([row.id], HOLD) == {}
    store.release([row])
    assert list(other.claim([row.id], HOLD)) == [row.id]


# --- results ---------------------------------------------------------------------------------------------------------


def test_a_check_leaves_history_observation_event_and_messages_owed(place: Place) -> None:
    store = place.store()
    store.sync([spec()])
    host = {"127.0.0.1": HostHistory(streak=Streak(START, 1, "timeout"))}
    problem = Problem("timeout", {"host": "127.0.0.1"})
    assert store.finish(replace(finish(claimed(store)), hosts=host, problem=problem))
    (row,) = store.sources()
    assert row.history.current == seen()
    assert row.problem == problem
    assert not row.leased
    assert row.next_check == Next(START + timedelta(hours=4), "interval", {"every_minutes": 240})
    assert store.observations("me", 10) == [("form", seen())]
    assert [event.after for event in store.events("me", 10)] == [seen()]
    assert [(owed.receiver, owed.event.id) for owed in place.outbox().rows()] == [("phone", "e1")]
    assert store.hosts() == host


def test_a_check_that_fails_to_be_kept_leaves_nothing_at_all(place: Place) -> None:
    store = place.store()
    store.sync([spec()])
    row = claimed(store)
    twice = finish(row)
    broken = replace(twice, events=(*twice.events, *twice.events))  # the same event id cannot be stored twice
    with pytest.raises(StoreError):
        store.finish(broken)
    assert store.sources()[0].history.current is None
    assert store.observations("me", 10) == []
    assert place.outbox().rows() == []


def test_a_look_at_a_host_that_another_process_saw_meanwhile_is_decided_again(place: Place) -> None:
    store = place.store()
    store.sync([spec()])
    row = claimed(store)
    told = HostHistory(Streak(START, 3, "network", told=True))
    stale = replace(finish(row), hosts={"127.0.0.1": HostHistory()}, hosts_were={"127.0.0.1": told})
    with pytest.raises(HostMovedError) as moved:
        store.finish(stale)
    assert moved.value.history == HostHistory(), "as it stands in the store"
    assert store.events("me", 10) == [], "nothing of it was kept"
    assert store.finish(replace(stale, hosts={"127.0.0.1": told}, hosts_were={"127.0.0.1": moved.value.history}))
    assert store.host("127.0.0.1") == told


def test_an_amended_observation_replaces_the_last_one(place: Place) -> None:
    store = place.store()
    store.sync([spec()])
    store.finish(finish(claimed(store), "甲"))
    store.finish(finish(claimed(store), "乙", "e2"))
    amended = replace(finish(claimed(store), "丙", "e3"), keep=Keep.AMEND)
    store.finish(amended)
    assert [reading.label for _, reading in store.observations("me", 10)] == ["丙", "甲"]
    assert len(store.observations("me", 1)) == 1


def test_unchanged_checks_share_a_commit_and_add_no_rows(place: Place) -> None:
    store = place.store()
    store.sync([spec(case=f"c{n}", number=f"SH20260001{n:02}") for n in range(20)])
    store.finish_quiet([])
    for _ in range(3):
        rows = store.claim([row.id for row in store.sources()], HOLD).values()
        quiet = [replace(finish(row), keep=Keep.NOTHING, events=()) for row in rows]
        assert all(result.is_quiet for result in quiet)
        store.finish_quiet(quiet)
    tables = inspect(store.base.engine)
    assert tables.has_table("observations")
    with store.base.read() as connection:
        counts = [
            connection.exec_driver_sql(f"SELECT count(*) FROM {t}").scalar() for t in ("observations", "events", "outbox")
        ]
    assert counts == [0, 0, 0]
    assert all(row.next_check.reason == "interval" and not row.leased for row in store.sources())


# --- what is sealed --------------------------------------------------------------------------------------------------


def test_nothing_personal_stands_readable_in_the_file(place: Place) -> None:
    store = place.store()
    store.sync([spec()])
    store.finish(finish(claimed(store), "请测试甲领证"))
    store.base.close()
    content = b"".join(path.read_bytes() for path in place.folder.glob("tracker.db*"))
    for personal in ("SH2026000123", "测试甲"):
        assert personal.encode() not in content
        assert personal.encode("unicode-escape") not in content


def test_the_key_is_made_at_the_first_write_and_only_its_owner_may_read_it(place: Place) -> None:
    place.base()
    assert not place.key_file.exists()
    place.store().sync([spec()])
    assert stat.S_IMODE(place.key_file.stat().st_mode) == 0o600
    assert place.store().sources()[0].case == "me"


def test_sealed_rows_without_their_key_are_an_error_and_never_get_a_new_one(place: Place) -> None:
    place.store().sync([spec()])
    place.key_file.unlink()
    with pytest.raises(StoreError, match=r"tracker\.db: it holds sealed rows, and their key is missing"):
        place.base()
    assert not place.key_file.exists()


def test_another_key_is_told_from_a_damaged_row(place: Place) -> None:
    place.store().sync([spec()])
    with pytest.raises(StoreError, match="not the one that its rows were sealed with"):
        place.base(key=parse_key("ab" * 32))
    sealer = Sealer(parse_key("ab" * 32))
    sealed = sealer.seal("sources.history", b"text")
    with pytest.raises(StoreError, match="another one"):
        Sealer(parse_key("cd" * 32)).open("sources.history", sealed)
    with pytest.raises(StoreError, match="damaged"):
        sealer.open("events.body", sealed)
    with pytest.raises(StoreError, match="damaged"):
        sealer.open("sources.history", sealed[:-1] + bytes([sealed[-1] ^ 1]))


def test_two_processes_that_write_first_agree_on_one_key(place: Place) -> None:
    first, second = place.store(), place.store()
    first.sync([spec()])
    second.sync([spec()])
    assert [row.case for row in second.sources()] == ["me"]


def test_a_key_that_was_half_written_is_never_there(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        with pytest.raises(StoreError, match="No space left"):
            place.store().sync([spec()])
    assert [file.name for file in place.folder.iterdir() if "key" in file.name] == []
    place.store().sync([spec()])
    assert len(place.store().sources()) == 1


def test_a_key_whose_proof_was_not_kept_is_proved_by_the_next_write(place: Place) -> None:
    store = place.store()
    with place.base().write() as connection:
        connection.exec_driver_sql("CREATE TRIGGER full BEFORE INSERT ON cases BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
    with pytest.raises(StoreError):
        store.sync([spec()])
    with place.base().write() as connection:
        connection.exec_driver_sql("DROP TRIGGER full")
    store.sync([spec()])
    place.key_file.unlink()
    with pytest.raises(StoreError, match="their key is missing"):
        place.base()


def test_a_key_may_be_given_in_the_usual_ways() -> None:
    raw = bytes(range(32))
    assert parse_key(raw.hex()) == raw
    assert parse_key(" AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n") == raw
    assert parse_key("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8") == raw
    assert len(parse_key("a sentence that nobody else says")) == 32
    with pytest.raises(StoreError, match="too short"):
        parse_key("hunter2")


def test_an_unreadable_key_file_is_named(place: Place) -> None:
    place.store().sync([spec()])
    place.key_file.write_bytes(b"\xff\xfe")
    with pytest.raises(StoreError, match=r"tracker\.key: the key can't be read"):
        place.base()


def test_a_key_that_can_not_be_made_says_what_to_set_instead(place: Place) -> None:
    place.key_file.parent.joinpath("blocked").write_text("a file, not a folder")
    blocked = Place(place.folder, from_nothing=True)
    base = Store(blocked.base(), new_owner(), Clock())
    base.base._key = replace(base.base._key, file=place.folder / "blocked" / "tracker.key")
    with pytest.raises(StoreError, match="TRACKER_KEY"):
        base.sync([spec()])


# --- places that can't be used ---------------------------------------------------------------------------------------


def test_a_text_file_is_left_untouched(place: Place) -> None:
    place.file.write_text("a shopping list, long enough to be looked at\n" * 40)
    before = place.file.read_bytes()
    with pytest.raises(StoreError, match=r"tracker\.db: this is not a store of ours"):
        place.base()
    assert place.file.read_bytes() == before


def test_another_programs_database_is_left_untouched(place: Place) -> None:
    with sqlite3.connect(place.file) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
    with pytest.raises(StoreError, match="belongs to another program"):
        place.base()


def test_a_store_of_a_newer_version_is_refused(place: Place) -> None:
    place.base().close()
    with sqlite3.connect(place.file) as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="newer version"):
        place.base()


def test_a_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(StoreError, match="the store can't be used"):
        Place(tmp_path / "data", from_nothing=True).base()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_named(place: Place) -> None:
    place.folder.chmod(0o500)
    with pytest.raises(StoreError, match="can't be opened"):
        place.base()


def test_an_address_of_no_database_is_named_without_its_password() -> None:
    with pytest.raises(StoreError, match=r"nosuch://user:\*\*\*@host/db: the store can't be used") as error:
        open_engine("nosuch://user:secret@host/db")
    assert "secret" not in str(error.value)


def test_the_migrations_make_exactly_the_tables_that_the_program_uses(place: Place) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with place.base().engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), SQLModel.metadata)
    assert [d for d in differences if "alembic_version" not in str(d)] == []


def test_a_store_that_is_up_to_date_opens_without_the_migration_tool(place: Place) -> None:
    place.base().close()
    code = f"""
import sys
from pathlib import Path
from tracker.store.base import Base, KeyPlace
from tracker.store.cases import SourceSpec
Base({place.url!r}, KeyPlace(None, Path({str(place.key_file)!r})))
assert "alembic" not in sys.modules, "alembic was imported"
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def older_store(place: Place) -> None:
    """A store as the first version of this program left it, with one case."""
    from alembic import command
    from alembic.config import Config

    import tracker.store

    config = Config()
    config.set_main_option("script_location", str(Path(tracker.store.__file__).parent / "migrations"))
    engine = create_engine(place.url)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.exec_driver_sql("INSERT INTO cases (name, origin, created_at) VALUES ('me', 'config', '2026-01-01')")
    engine.dispose()


def test_a_new_store_and_its_folder_are_their_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        place = Place(tmp_path / "data", from_nothing=True)
        place.store().sync([spec()])
    finally:
        os.umask(before)
    assert stat.S_IMODE(place.folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in place.folder.iterdir()} == {0o600}


@pytest.mark.parametrize(("was", "becomes"), [(0o644, 0o600), (0o666, 0o600), (0o640, 0o640), (0o660, 0o660)])
def test_a_store_that_everybody_may_read_is_shut_and_one_that_a_group_may_use_stays_so(
    place: Place, was: int, becomes: int
) -> None:
    base = place.base()
    Store(base, new_owner(), place.clock).sync([spec()])
    files = sorted(place.folder.glob("tracker.db*"))
    assert len(files) == 3, "the journals of a store in use too"
    for file in files:
        file.chmod(was)
    place.base()
    assert {file.name: stat.S_IMODE(file.stat().st_mode) for file in files} == {file.name: becomes for file in files}
    base.close()


def test_processes_that_find_an_older_store_at_once_all_use_it_and_it_is_copied_once(place: Place) -> None:
    older_store(place)
    with closing(sqlite3.connect(place.file)) as store, store:  # large enough for its copy to take a while
        store.execute("INSERT INTO settings (name, value) VALUES ('much', zeroblob(20000000))")
    code = f"""
from pathlib import Path
from tracker.store.base import Base, KeyPlace
print("ready", flush=True)
input()
Base({place.url!r}, KeyPlace(None, Path({str(place.key_file)!r})))
"""
    command = [sys.executable, "-c", code]
    pipe = subprocess.PIPE
    there = [subprocess.Popen(command, text=True, stdin=pipe, stdout=pipe, stderr=pipe) for _ in range(4)]
    for process in there:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in there:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    assert [(process.communicate()[1], process.returncode) for process in there] == [("", 0)] * 4
    assert [file.name for file in place.folder.glob("*before*")] == ["tracker.db.before-0002-from-0001"]


def test_the_copy_is_of_the_store_as_it_is_migrated_not_of_an_earlier_try(place: Place) -> None:
    older_store(place)
    copy = place.folder / "tracker.db.before-0002-from-0001"
    copy.with_name(f"{copy.name}.part").write_text("half a copy, left by a kill")
    place.base().close()
    shutil.copy(copy, place.file)  # back to the version before, as the documentation says
    with closing(sqlite3.connect(place.file)) as store, store:
        store.execute("INSERT INTO cases (name, origin, created_at) VALUES ('later', 'config', '2026-02-01')")
    place.base().close()
    with closing(sqlite3.connect(copy)) as store:
        assert store.execute("SELECT name FROM cases ORDER BY id").fetchall() == [("me",), ("later",)]
    assert not list(place.folder.glob("*.part"))


def test_an_older_store_is_copied_before_it_is_migrated(place: Place) -> None:
    older_store(place)
    assert Store(place.base(), new_owner(), place.clock).case_names() == ["me"]
    copy = place.folder / "tracker.db.before-0002-from-0001"
    assert sqlite3.connect(copy).execute("SELECT name FROM cases").fetchone() == ("me",)
    place.base()
    assert len(list(place.folder.glob("*.before-*-0001"))) == 1
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_a_migrated_store_has_the_very_schema_of_a_new_one(place: Place, tmp_path: Path) -> None:
    older_store(place)
    place.base()
    fresh = tmp_path / "fresh.db"
    Base(f"sqlite:///{fresh}", KeyPlace(None, tmp_path / "fresh.key"))

    def columns(file: Path) -> dict[str, list[tuple[object, ...]]]:
        with closing(sqlite3.connect(file)) as store:
            names = [n for (n,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
            return {n: sorted(r[1:4] for r in store.execute(f"PRAGMA table_info({n})")) for n in names}

    assert columns(place.folder / "tracker.db") == columns(fresh)


def test_times_without_a_zone_never_enter_the_store(place: Place) -> None:
    naive = Clock(START.replace(tzinfo=None))
    with pytest.raises((ValueError, StoreError), match="naive"):
        Store(place.base(), new_owner(), naive).sync([spec()])


# --- who is there ----------------------------------------------------------------------------------------------------


def test_a_process_is_known_to_be_gone_only_where_it_can_be_known() -> None:
    assert not is_gone(new_owner())
    assert is_gone(dead_process_owner())
    assert not is_gone("another-machine/1/2/aa")
    assert not is_gone("")
    reused = f"{machine()}/{os.getpid()}/1/aa"
    assert is_gone(reused), "the number belongs to a later process"


def test_a_killed_process_is_gone_also_while_its_parent_has_not_looked() -> None:
    code = "from tracker.store.owner import new_owner; print(new_owner(), flush=True); input()"
    process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    owner = process.stdout.readline().strip()
    assert not is_gone(owner)
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # it has ended, and stays in the table
    assert is_gone(owner)
    process.communicate()
