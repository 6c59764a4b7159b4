"""One live reading of a case that is not saved yet: through the usual checker, with nothing kept and nothing sent."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from tracker.check import Checker
from tracker.conclude import Options
from tracker.config.model import Case
from tracker.core.errors import StoreError
from tracker.desk import Desk, now
from tracker.results import Result
from tracker.roster import Cases
from tracker.setup.text import First, config_text
from tracker.sightings import Sighting

T = TypeVar("T")
_DRY = Options(dry_run=True)
_OWN_STORE = ("TRACKER_STORE", "TRACKER_KEY", "TRACKER_CONFIG")
_LONGEST_WAIT = timedelta(minutes=59)  # a slot further ahead counts as written by another clock


class Drafts:
    """Looks at cases as they are set up.

    Where no config is there yet (`file` None), `folder` keeps whose turn it is at a host, and nothing else.
    """

    def __init__(self, desk: Desk, file: Path | None, folder: Path, language: str) -> None:
        self._desk, self._file, self._folder, self._language = desk, file, folder, language
        self._asked: dict[str, tuple[datetime, datetime]] = {}  # host -> (when its gap ends, until when it asked us to wait)

    def waits(self, case: Case) -> datetime | None:
        """Until when the case's site asked us to wait."""
        until = [self._asked[s.host][1] for s in self._draft(case).subjects() if s.host in self._asked]
        return max((moment for moment in until if moment > now()), default=None)

    def look(self, case: Case) -> Result:
        """Asks the site once."""
        desk = self._draft(case)
        (result,) = run(desk, lambda checker: checker.run((case.name,), _DRY))
        wait = result.outcome.problem.retry_after if result.outcome.problem else None
        self._asked[result.subject.host] = (now() + result.subject.gap, now() + (wait or timedelta()))
        return result

    def sight(self, case: Case, sighting: Sighting) -> Result:
        """Reads what the person kept of the page."""
        return run(self._draft(case), lambda checker: checker.sight(case.name, sighting, _DRY))

    def hand_over(self, desk: Desk) -> None:
        """What a site was asked here counts for the real store: its gap, and the wait that it asked for."""
        for host, times in self._asked.items():
            at = min(max(times), now() + _LONGEST_WAIT)
            if at > now():
                with suppress(StoreError):
                    desk.slots.take(host, now=now(), hold=timedelta(seconds=1), gap=at - now())
                    desk.slots.free(host, next_at=at)

    def _draft(self, case: Case) -> Desk:
        desk = Desk(self._file, self._desk.env) if self._file else self._new_desk()
        desk.cases = Cases(desk.loaded.config.model_copy(update={"cases": (case,)}))
        return desk

    def _new_desk(self) -> Desk:
        file = self._folder / "config.toml"
        store = f"sqlite:///{self._folder}/draft.db"
        file.write_text(config_text(First(self._language, store=store), self._desk.system_words), "utf-8")
        return Desk(file, {k: v for k, v in self._desk.env.items() if not k.startswith(_OWN_STORE)})


def run(desk: Desk, call: Callable[[Checker], Awaitable[T]], moved: Callable[[], None] | None = None) -> T:
    """One call of the desk's checker; `moved` is told after each commit that may owe messages."""

    async def inside(checker: Checker) -> T:
        async with checker:
            return await call(checker)

    try:
        with ThreadPoolExecutor(1, "store") as executor:
            checker = desk.checker(executor)
            if moved is not None:
                checker.on_move(moved)
            return asyncio.run(inside(checker))
    finally:
        desk.base.close()
