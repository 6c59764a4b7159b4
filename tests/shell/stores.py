"""Real stores for tests: a SQLite file, a key, a clock that is set by hand."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from tracker.core.model import Identity, Observation, Reference, Status, Turn, Via
from tracker.store.base import Base, KeyPlace
from tracker.store.cases import SourceSpec
from tracker.store.outbox import Outbox
from tracker.store.owner import new_owner
from tracker.store.slots import Slots
from tracker.store.store import Store

START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Place:
    """One store in a folder, opened as often as a test likes: each opening is another process's view of it.

    It begins as a copy of an empty one; `from_nothing`: the first opening makes it, as a user's first run does.
    """

    folder: Path
    clock: Clock = field(default_factory=Clock)
    from_nothing: bool = False

    @property
    def file(self) -> Path:
        return self.folder / "tracker.db"

    @property
    def url(self) -> str:
        return f"sqlite:///{self.file}"

    @property
    def key_file(self) -> Path:
        return self.folder / "tracker.key"

    def base(self, key: bytes | None = None) -> Base:
        if not self.from_nothing and not self.file.exists():
            self.file.touch(0o600)
            self.file.write_bytes(_empty())
        return Base(self.url, KeyPlace(key, self.key_file))

    def store(self, owner: str | None = None, clock: Callable[[], datetime] | None = None) -> Store:
        return Store(self.base(), owner or new_owner(), clock or self.clock)

    def slots(self, owner: str | None = None) -> Slots:
        return Slots(self.base(), owner or new_owner())

    def outbox(self, owner: str | None = None) -> Outbox:
        return Outbox(self.base(), owner or new_owner(), self.clock)


@cache
def _empty() -> bytes:
    """A store that was just made."""
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder), from_nothing=True)
        place.base().close()
        return place.file.read_bytes()


def spec(case: str = "me", number: str = "SH2026000123", **more: str) -> SourceSpec:
    url = more.get("url", "http://127.0.0.1:8901/query.htm")
    reference = Reference({"受理编号": number}, url)
    return SourceSpec(case, more.get("name", "form"), more.get("adapter", "form"), "127.0.0.1", reference)


def seen(label: str = "已受理", at: datetime = START) -> Observation:
    return Observation(
        label=label,
        status=Status.ACCEPTED,
        turn=Turn.AUTHORITY,
        confirmed=False,
        known=True,
        identity=Identity.MATCHED,
        via=Via.SITE,
        seen_at=at,
        details={"姓名": "测试甲"},
    )
