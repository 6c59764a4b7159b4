"""Looks that the page asked for, and what came of them; notes that wait for the next page; texts that wait for a yes."""

import asyncio
import logging
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from tracker.check import Checker
from tracker.core.errors import StoreError, place_of
from tracker.results import Result

log = logging.getLogger(__name__)

T = TypeVar("T")
AGAIN = 60.0  # seconds: whoever taps twice is answered by the first look
PATIENCE = 60.0  # for a site that another run of ours is asking
NEWS = timedelta(minutes=15)
MOST = 500


class Hands(Protocol):
    """What the page needs of the service."""

    def problem(self) -> str: ...

    def begin(self, run: Coroutine[None, None, None]) -> None: ...

    async def take_over(self) -> None: ...


@dataclass(slots=True)
class Look:
    """One look that was asked for. `results` None: not there yet; `error`: why there are none."""

    asked_at: datetime
    results: Sequence[Result] | None = None
    error: str = ""
    ended: float = 0.0

    @property
    def is_running(self) -> bool:
        return self.results is None and not self.error


class Looks:
    """The latest look of each case that was asked for on the page."""

    def __init__(self, checker: Checker, hands: Hands, clock: Callable[[], datetime]) -> None:
        self._checker, self._hands, self._clock = checker, hands, clock
        self._looks: OrderedDict[str, Look] = OrderedDict()

    def of(self, case: str) -> Look | None:
        """The look that was asked for last, while it is news: later readings of the schedule say more."""
        look = self._looks.get(case)
        return look if look is None or look.is_running or self._clock() - look.asked_at < NEWS else None

    def ask(self, case: str, *, again: bool) -> None:
        """Begins a look. `again`: also shortly after the last one (a site on this machine minds nothing)."""
        last = self._looks.get(case)
        if last is not None and (last.is_running or (not again and time.monotonic() - last.ended < AGAIN)):
            return
        look = self._looks[case] = Look(self._clock())
        self._looks.move_to_end(case)
        if len(self._looks) > MOST:
            self._looks.popitem(last=False)
        self._hands.begin(self._look(case, look))

    async def _look(self, case: str, look: Look) -> None:
        try:
            await self._hands.take_over()
            look.results = await self._patiently(case)
        except StoreError as error:
            look.error = str(error)
        except Exception as error:  # noqa: BLE001 - what it says may hold personal data
            where = place_of(error)
            log.error("a look asked for on the page ended unexpectedly: %s at %s", type(error).__name__, where)  # noqa: TRY400
            look.error = type(error).__name__
        finally:
            look.ended = time.monotonic()
            if look.is_running:
                look.error = "cancelled"

    async def _patiently(self, case: str) -> list[Result]:
        """A site that another run of ours is asking gives no result: our turn comes after it."""
        until = time.monotonic() + PATIENCE
        while True:
            results = await self._checker.run([case])
            if results or time.monotonic() > until:
                return results
            await asyncio.sleep(0.5)


class Shelf(Generic[T]):
    """A few things in memory under names that nobody can guess, for as long as a person takes for the next tap."""

    def __init__(self, seconds: float = 900.0) -> None:
        self._seconds = seconds
        self._things: OrderedDict[str, tuple[float, T]] = OrderedDict()

    def put(self, thing: T) -> str:
        name = secrets.token_urlsafe(12)
        self._things[name] = (time.monotonic(), thing)
        if len(self._things) > MOST:
            self._things.popitem(last=False)
        return name

    def get(self, name: str) -> T | None:
        at, thing = self._things.get(name, (0.0, None))
        return thing if time.monotonic() - at < self._seconds else None

    def take(self, name: str) -> T | None:
        thing = self.get(name)
        self._things.pop(name, None)
        return thing
