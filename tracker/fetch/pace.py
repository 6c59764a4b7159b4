"""Whose turn it is to ask a host: one request at a time and a gap after each answer, across processes and restarts.

The store keeps a slot per host (`HostSlots`). Within the process a lock per host comes first, so that our own cases queue
up without asking the store.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol, TypeVar

from tracker.core.slots import Grant, HostSlots

T = TypeVar("T")

ZERO = timedelta(0)
POLL = timedelta(milliseconds=250)
# Without a gap (loopback only) a slot is free for moments only: look often, and leave others a moment to step in.
POLL_NO_GAP = timedelta(milliseconds=20)
BREATH = timedelta(milliseconds=30)
SHORTEST = timedelta(milliseconds=5)


class Run(Protocol):
    """Runs a synchronous store call in the store's one worker thread."""

    def __call__(self, call: Callable[[], T], /) -> Awaitable[T]: ...


class HostBusy(Exception):
    """Somebody else kept the host for longer than our patience; nothing was sent."""

    def __init__(self, host: str, retry_at: datetime) -> None:
        super().__init__(f"{host} is kept busy")
        self.host = host
        self.retry_at = retry_at


@dataclass(slots=True)
class _Mine:
    """What this process knows of one host. `held_until`: until when the store's slot is ours; None: it is not."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    held_until: datetime | None = None
    next_at: datetime | None = None
    leave: bool = False
    timer: asyncio.TimerHandle | None = None
    waited: timedelta = ZERO
    gave_up_at: datetime | None = None


class Pace:
    """Turns at hosts.

    `patience` is the time that other processes may keep us from a host, over all turns since we last had it: the cases
    behind the one that gave up look once and don't wait as long again. `keep`: how long a slot without a gap stays ours.
    """

    def __init__(
        self,
        slots: HostSlots,
        *,
        clock: Callable[[], datetime],
        run: Run,
        patience: timedelta = timedelta(seconds=60),
        keep: timedelta = timedelta(seconds=1),
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._slots = slots
        self._clock = clock
        self._run = run
        self._patience = patience
        self._keep = keep
        self._sleep = sleep
        self._hosts: dict[str, _Mine] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def turn(self, host: str, *, gap: timedelta, hold: timedelta) -> AsyncIterator[None]:
        """Our turn at the host, for at most `hold`; raises HostBusy where others keep it."""
        mine = self._hosts.setdefault(host, _Mine())
        async with mine.lock:
            mine.leave = False
            if not await self._still_ours(host, mine, gap, hold):
                await self._acquire(host, mine, gap, hold)
            clean = False
            try:
                yield
                clean = True
            finally:
                if gap or not clean or mine.leave:
                    now = self._clock()
                    # Without a gap, hold back for a moment in which another process can step in.
                    mine.next_at = now + (gap or BREATH)
                    await self._give_back(host, mine, now + gap)

    async def let_go(self, host: str) -> None:
        """Give back a slot that is kept between our own requests (the end of a batch)."""
        mine = self._hosts.get(host)
        if mine is None:
            return
        if mine.lock.locked():
            mine.leave = True  # the turn in hand gives it back
        elif mine.held_until is not None:
            async with mine.lock:
                if mine.held_until is not None:
                    await self._give_back(host, mine, self._clock())

    async def let_go_all(self) -> None:
        """Give back every slot that is kept."""
        for host in list(self._hosts):
            await self.let_go(host)

    async def _still_ours(self, host: str, mine: _Mine, gap: timedelta, hold: timedelta) -> bool:
        """Whether the store's slot was kept, for the whole of one more exchange."""
        if mine.held_until is None:
            return False
        now = self._clock()
        if not gap and now + hold <= mine.held_until:
            return True
        mine.next_at = now + BREATH
        await self._give_back(host, mine, now)
        return False

    async def _acquire(self, host: str, mine: _Mine, gap: timedelta, hold: timedelta) -> None:
        await self._own_gap(mine, gap)
        keep = ZERO if gap else self._keep
        if mine.gave_up_at is not None and self._clock() - mine.gave_up_at > self._patience:
            mine.waited, mine.gave_up_at = ZERO, None
        while True:
            now = self._clock()
            grant = await self._take(host, now=now, hold=hold + keep, gap=gap)
            if grant.granted:
                break
            ahead, left = max(grant.retry_at - now, SHORTEST), self._patience - mine.waited
            if left <= ZERO or (not grant.busy and ahead > left):
                mine.gave_up_at = now
                raise HostBusy(host, grant.retry_at)
            # A running gap can't get shorter, a busy host can be free at any moment.
            step = min(ahead, POLL if gap else POLL_NO_GAP) if grant.busy else ahead
            await self._sleep(step.total_seconds())
            mine.waited += step
        mine.held_until = now + hold + keep
        mine.waited, mine.gave_up_at = ZERO, None
        if keep:
            mine.timer = asyncio.get_running_loop().call_later(keep.total_seconds(), self._second_is_over, host)

    async def _own_gap(self, mine: _Mine, gap: timedelta) -> None:
        """Wait out the gap after our own last request: it counts against nobody's patience, and costs no store call."""
        budget = max(gap, BREATH)  # the clock may have been set back meanwhile
        while mine.next_at is not None and budget > ZERO and (left := mine.next_at - self._clock()) > ZERO:
            step = min(left, budget)
            await self._sleep(step.total_seconds())
            budget -= step

    async def _take(self, host: str, *, now: datetime, hold: timedelta, gap: timedelta) -> Grant:
        call = asyncio.ensure_future(self._run(partial(self._slots.take, host, now=now, hold=hold, gap=gap)))
        try:
            return await asyncio.shield(call)
        except asyncio.CancelledError:
            # The thread takes it all the same: a slot that nobody uses must not stay taken.
            with suppress(Exception):
                if (await call).granted:
                    await self._run(partial(self._slots.free, host, next_at=now))
            raise

    async def _give_back(self, host: str, mine: _Mine, next_at: datetime) -> None:
        if mine.timer is not None:
            mine.timer.cancel()
        mine.held_until, mine.timer, mine.leave = None, None, False
        call = asyncio.ensure_future(self._run(partial(self._slots.free, host, next_at=next_at)))
        try:
            await asyncio.shield(call)
        except asyncio.CancelledError:
            with suppress(Exception):
                await call
            raise

    def _second_is_over(self, host: str) -> None:
        task = asyncio.get_running_loop().create_task(self.let_go(host))
        self._tasks.add(task)
        task.add_done_callback(self._forget)

    def _forget(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # a store that fails here fails at the next call too; the slot ends by itself
