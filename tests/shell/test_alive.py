"""The service's signs of life, round by round: real store, real watcher on loopback, clocks set by hand."""

import logging
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.shell.keeping import Office
from tests.shell.stores import Place, seen
from tests.shell.test_heartbeat import SECRET, address, watcher
from tests.sites.server import Site
from tracker.alive import Alive, Round, free_on_disk
from tracker.core.errors import StoreError
from tracker.core.model import EventKind, Urgency
from tracker.store.notes import Notes

__all__ = ["watcher"]
MB = 1 << 20


@dataclass
class Service:
    """Rounds five seconds apart, on a machine whose clocks and disk are set by hand."""

    office: Office
    steady: float = 0.0
    free: int | None = 1000 * MB
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        store = self.office.place.store()
        self.notes = Notes(store.base, self.office.place.clock)
        self.alive = Alive(
            self.office.config,
            upkeep=self.office.upkeep(),
            notes=self.notes,
            clock=self.office.place.clock,
            steady=lambda: self.steady,
            free=lambda: self.free,
        )

    def round(self, *, stalled: float = 0.0, well: bool = True, seconds: float = 5, wall: float | None = None) -> str:
        self.steady += seconds
        self.office.place.clock.move(seconds=seconds if wall is None else wall)
        return self.alive.round(Round(stalled, well))

    def defects(self) -> list[str]:
        """What the operator is owed, in order; the calendar of the test's year is none of it."""
        rows = [row.event for row in self.office.place.outbox().rows() if row.receiver == "operator"]
        assert all(event.kind is EventKind.DEFECT and event.urgency is Urgency.LOW for event in rows)
        return [event.reason for event in rows if event.reason != "year_unpublished"]


@pytest.fixture
def service(tmp_path: Path) -> Service:
    office = Office(Place(tmp_path))
    office.keep(seen(at=office.place.clock()))
    return Service(office)


def messages(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "tracker.alive"]


def test_quiet_rounds_say_nothing(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    assert [service.round() for _ in range(3)] == ["", "", ""]
    assert service.defects() == messages(caplog) == []


def test_rounds_that_stood_still_are_told_when_they_go_on(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    service.round()
    service.round(stalled=184.0, seconds=184)
    service.round()
    assert service.defects() == ["stalled"]
    assert messages(caplog) == ["the service stood still for 184 s, and goes on"]


def test_a_machine_that_slept_or_whose_clock_was_set_is_told_once(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    service.round()
    service.round(wall=8 * 3600 + 5)
    service.round()
    service.round(wall=-3600 + 5)
    service.round()
    assert service.defects() == ["clock_jump", "clock_jump"]
    assert messages(caplog) == [
        "the machine slept or its clock was set: +480 min",
        "the machine slept or its clock was set: -60 min",
    ]


def test_a_full_disk_is_told_once_and_once_when_there_is_room_again(service: Service) -> None:
    states = []
    for free in (100, 49, 10, 55, 49, 60, 55):
        service.free = free * MB
        states.append(service.round())
    assert states == ["", "disk", "disk", "disk", "disk", "", ""]
    assert service.defects() == ["disk", "disk_again"]
    service.free = None
    assert service.round() == "", "a database elsewhere has a disk of its own"


def test_what_the_store_cannot_take_is_told_when_it_can(service: Service) -> None:
    service.round()
    base = service.notes._base
    with base.write() as connection:
        connection.exec_driver_sql("CREATE TRIGGER full BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
    service.free = 0
    for _ in range(2):
        with pytest.raises(StoreError, match="full"):
            service.round()
    with base.write() as connection:
        connection.exec_driver_sql("DROP TRIGGER full")
    service.free = 100 * MB
    assert service.round() == ""
    assert service.defects() == ["disk", "disk_again"]


def test_people_are_asked_at_the_first_round_then_every_few_minutes(tmp_path: Path) -> None:
    office = Office(Place(tmp_path))
    service = Service(office)
    service.round()
    assert office.history().asked == 1
    office.place.clock.move(days=7)
    service.alive._pulse = None  # the days went by as days do
    service.round(seconds=290)
    assert office.history().asked == 1
    service.round(seconds=10)
    assert office.history().asked == 2


def test_a_mistake_in_asking_is_logged_once_and_ends_no_round(
    beating: Service, watcher: Site, caplog: pytest.LogCaptureFixture
) -> None:
    whole, beating.alive._upkeep._config = beating.alive._upkeep._config, None  # type: ignore[assignment]
    assert [beating.round(seconds=301) for _ in range(2)] == ["", ""]
    (told,) = messages(caplog)
    assert told.startswith("asking and reminding ended unexpectedly: AttributeError at upkeep.py:"), "no words of the error"
    assert watcher.log == [], "no good round"
    beating.alive._upkeep._config = whole
    beating.round(seconds=301)
    wait(beating)
    assert len(watcher.log) == 1


def test_a_changed_config_is_used_at_once(tmp_path: Path, watcher: Site) -> None:
    office = Office(Place(tmp_path), more={"schedule": {"look_every": ""}})
    service = Service(office)
    service.round()
    assert office.history().asked == 0
    office.more = {"life": {"heartbeat": address(watcher)}}
    service.alive.use(office.config, office.subjects)
    service.round()
    assert office.history().asked == 1
    wait(service)
    assert len(watcher.log) == 1


def wait(service: Service) -> None:
    assert service.alive._heartbeat is not None
    service.alive._heartbeat.wait()


@pytest.fixture
def beating(service: Service, watcher: Site) -> Service:
    service.office.more = {"life": {"heartbeat": address(watcher, SECRET)}}
    service.alive.use(service.office.config, service.office.subjects)
    return service


def test_the_heartbeat_follows_a_good_round_only(beating: Service, watcher: Site) -> None:
    beating.round(well=False)
    beating.free = 0
    beating.round()
    beating.free = 1000 * MB
    wait(beating)
    assert watcher.log == []
    beating.round()
    wait(beating)
    assert len(watcher.log) == 1


def test_the_same_address_beats_at_most_once_a_minute_whatever_is_reloaded(beating: Service, watcher: Site) -> None:
    for _ in range(3):
        beating.round()
        wait(beating)
        beating.alive.use(beating.office.config, beating.office.subjects)
    assert len(watcher.log) == 1


def test_a_store_that_cannot_be_written_has_no_heartbeat(beating: Service, watcher: Site) -> None:
    beating.round()
    wait(beating)
    heart = beating.alive._heartbeat
    assert heart is not None
    heart._began = None
    with beating.notes._base.write() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE UPDATE ON settings BEGIN SELECT RAISE(ABORT, 'disk is full'); END"
        )
    with pytest.raises(StoreError):
        beating.round()
    assert len(watcher.log) == 1


def test_the_room_on_the_disk_of_a_store_is_known(tmp_path: Path) -> None:
    file = Place(tmp_path).base().file
    assert file is not None
    assert (free_on_disk(file) or 0) > 0
    assert free_on_disk(None) is None
    assert free_on_disk(tmp_path / "gone" / "tracker.db") is None
