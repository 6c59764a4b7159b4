"""Keeps what checks found: moves at once, unchanged looks in shared commits, and what the store could not take later on."""

from asyncio import CancelledError
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Protocol, TypeVar

from tracker.core.errors import StoreError
from tracker.pages.shape import Shape
from tracker.store.shapes import is_told, kept_shapes
from tracker.store.store import Finish, HostMovedError, Store

T = TypeVar("T")

TOGETHER = 100  # unchanged checks in one commit


class Run(Protocol):
    """Runs a synchronous store call in the store's one worker thread."""

    def __call__(self, call: Callable[[], T], /) -> Awaitable[T]: ...


class Keeper:
    """`moved` is called in the store's thread after each commit that may owe messages."""

    def __init__(self, store: Store, run: Run) -> None:
        self._store, self._run = store, run
        self._quiet: list[Finish] = []
        self._unkept: list[Finish] = []
        self._tried: list[Finish] = []  # those of them that the store is asked to take right now
        self.moved: Callable[[], None] = lambda: None

    async def keep(self, finish: Finish, *, may_wait: bool) -> bool:
        """False where the lease was lost: nothing was kept. `may_wait`: an unchanged look may wait for others."""
        if finish.is_quiet:
            self._quiet.append(finish)
            if len(self._quiet) >= TOGETHER or not may_wait:
                await self.flush()
            return True
        try:
            kept = await self._run(partial(self._store.finish, finish))
        except (StoreError, CancelledError):  # cancelled: kept or not, a second time changes nothing
            self._unkept.append(finish)
            raise
        if kept and finish.events:
            await self._run(self.moved)
        return kept

    async def shapes(self, source: int) -> dict[str, Shape]:
        """The shapes of a source's page."""
        return await self._run(partial(kept_shapes, self._store.base, source))

    async def is_told(self, source: int, drift: str, since: datetime) -> bool:
        """Whether this redesign, or any since then, was told about another case of the site."""
        return await self._run(partial(is_told, self._store.base, source, drift, since))

    async def flush(self) -> None:
        """Keeps the unchanged looks that wait."""
        results, self._quiet = self._quiet, []
        if not results:
            return
        try:
            await self._run(partial(self._store.finish_quiet, results))
        except StoreError:
            self._quiet = results + self._quiet
            raise

    async def catch_up(self) -> None:
        """Keeps what the store could not take. While it still can't, StoreError: no site is asked the same again."""
        while self._unkept:
            finish = self._unkept.pop(0)
            self._tried.append(finish)
            try:
                with suppress(HostMovedError):  # then it is looked at again
                    await self.keep(finish, may_wait=False)
            finally:
                self._tried.remove(finish)
        await self.flush()

    def has_unkept(self, source: int) -> bool:
        """Whether the store still owes a place to what another run read of this source."""
        return any(finish.source.id == source for finish in (*self._unkept, *self._tried))
