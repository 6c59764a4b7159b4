"""Whose turn it is: never two at once, never within the gap, and nobody waits for ever."""

import asyncio
import gc
import itertools
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest

from tracker.core.slots import Grant
from tracker.fetch.pace import POLL_NO_GAP, HostBusy, Pace

T = TypeVar("T")

START = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
HOLD = timedelta(seconds=35)
HOST = "progress.example"


def s(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


@dataclass
class World:
    """A clock that only sleeping moves, and the slots as a store keeps them. `owner` tells processes apart."""

    now: datetime = START
    early: timedelta = timedelta(0)
    busy_until: datetime = START
    next_at: datetime = START
    owner: str | None = None
    calls: list[str] = field(default_factory=list)
    times: list[datetime] = field(default_factory=list)
    sleeps: list[float] = field(default_factory=list)
    on_sleep: Callable[[], None] = lambda: None

    def clock(self) -> datetime:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.now += s(seconds) - self.early
        self.early = timedelta(0)
        self.on_sleep()
        await asyncio.sleep(0)

    def others_hold(self, seconds: float) -> None:
        self.owner, self.busy_until = "other", self.now + s(seconds)

    def pace(self, owner: str = "us", keep: timedelta = timedelta(seconds=1)) -> Pace:
        return Pace(Slots(self, owner), clock=self.clock, run=run, sleep=self.sleep, keep=keep)

    @property
    def writes(self) -> list[str]:
        return [call for call in self.calls if call != "refused"]


class Slots:
    """One process's hand on the slots, as the rule of the store has it: free or lapsed, and the gap over."""

    def __init__(self, world: World, owner: str) -> None:
        self.world, self.owner = world, owner

    def take(self, host: str, *, now: datetime, hold: timedelta, gap: timedelta) -> Grant:
        world = self.world
        assert host == HOST
        busy = world.owner is not None and world.busy_until > now
        if busy or world.next_at > now:
            world.calls.append("refused")
            return Grant(False, world.busy_until if busy else world.next_at, busy)
        world.owner, world.busy_until, world.next_at = self.owner, now + hold, now + gap
        world.calls.append("take")
        world.times.append(now)
        return Grant(True, now, False)

    def free(self, host: str, *, next_at: datetime) -> None:
        assert host == HOST
        assert self.world.owner == self.owner, "gave back what was not ours"
        self.world.owner, self.world.next_at = None, next_at
        self.world.calls.append("free")
        self.world.times.append(next_at)


async def run(call: Callable[[], T], /) -> T:
    await asyncio.sleep(0)  # as a worker thread would, let others go on meanwhile
    return call()


def go(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(work)


def test_the_next_turn_starts_a_whole_gap_after_the_last_answer_ended() -> None:
    world = World()
    starts, ends = [], []

    async def work() -> None:
        pace = world.pace()
        for _ in range(3):
            async with pace.turn(HOST, gap=s(10), hold=HOLD):
                starts.append(world.now)
                world.now += s(4)  # a slow answer
                ends.append(world.now)

    go(work())
    assert [start - end for start, end in zip(starts[1:], ends, strict=False)] == [s(10), s(10)]
    assert world.calls == ["take", "free"] * 3


def test_a_sleep_that_returns_early_does_not_shorten_the_gap() -> None:
    world = World()

    async def work() -> None:
        pace = world.pace()
        async with pace.turn(HOST, gap=s(10), hold=HOLD):
            pass
        world.early = s(0.003)
        async with pace.turn(HOST, gap=s(10), hold=HOLD):
            assert world.now - START >= s(10)

    go(work())


def test_the_gap_holds_between_two_processes() -> None:
    world = World()
    turns: list[tuple[datetime, datetime]] = []

    async def one(pace: Pace) -> None:
        for _ in range(3):
            async with pace.turn(HOST, gap=s(10), hold=HOLD):
                start = world.now
                await world.sleep(2)
                turns.append((start, world.now))

    async def work() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(one(world.pace("us")))
            group.create_task(one(world.pace("them")))

    go(work())
    turns.sort()
    assert len(turns) == 6
    assert all(after[0] - before[1] >= s(10) for before, after in itertools.pairwise(turns))


def test_the_gap_of_a_process_that_has_ended_is_waited_out() -> None:
    world = World(next_at=START + s(10))

    async def work() -> None:
        async with world.pace().turn(HOST, gap=s(10), hold=HOLD):
            assert world.now == START + s(10)

    go(work())
    assert world.calls == ["refused", "take", "free"]


def test_turns_of_one_process_at_one_host_never_overlap() -> None:
    world = World()
    inside = 0

    async def one(pace: Pace) -> None:
        nonlocal inside
        async with pace.turn(HOST, gap=s(0), hold=HOLD):
            inside += 1
            assert inside == 1
            await asyncio.sleep(0)
            inside -= 1

    async def work() -> None:
        pace = world.pace()
        async with asyncio.TaskGroup() as group:
            for _ in range(20):
                group.create_task(one(pace))
        await pace.let_go_all()

    go(work())
    assert world.owner is None


def test_our_own_gaps_do_not_count_against_the_patience() -> None:
    world = World()

    async def work() -> None:
        pace = world.pace()
        for _ in range(3):
            async with pace.turn(HOST, gap=s(300), hold=HOLD):
                pass

    go(work())
    assert world.now == START + s(600)


def test_a_host_that_another_process_keeps_busy_is_given_up_after_a_minute() -> None:
    world = World()
    world.others_hold(500)

    async def work() -> None:
        with pytest.raises(HostBusy) as caught:
            async with world.pace().turn(HOST, gap=s(10), hold=HOLD):
                pytest.fail("got a turn")
        assert caught.value.retry_at == START + s(500)

    go(work())
    assert world.now == START + s(60)
    assert max(world.sleeps) <= 0.25
    assert world.writes == []


def test_the_cases_behind_the_one_that_gave_up_look_once() -> None:
    world = World()
    world.others_hold(500)

    async def work() -> None:
        pace = world.pace()
        for _ in range(5):
            with pytest.raises(HostBusy):
                async with pace.turn(HOST, gap=s(10), hold=HOLD):
                    pytest.fail("got a turn")
        assert world.now == START + s(60)
        world.owner = None
        async with pace.turn(HOST, gap=s(10), hold=HOLD):
            pass
        world.others_hold(500)
        with pytest.raises(HostBusy):
            async with pace.turn(HOST, gap=s(10), hold=HOLD):
                pytest.fail("got a turn")
        assert world.now == START + s(130), "its own gap, then a whole new patience"

    go(work())


def test_patience_comes_back_with_time() -> None:
    world = World()
    world.others_hold(5000)

    async def work() -> None:
        pace = world.pace()
        for _ in range(2):
            with pytest.raises(HostBusy):
                async with pace.turn(HOST, gap=s(10), hold=HOLD):
                    pytest.fail("got a turn")
            world.now += s(100)
        assert world.now == START + s(320)

    go(work())


def test_a_gap_longer_than_the_patience_is_given_up_at_once() -> None:
    world = World(next_at=START + s(90))

    async def work() -> None:
        with pytest.raises(HostBusy) as caught:
            async with world.pace().turn(HOST, gap=s(100), hold=HOLD):
                pytest.fail("got a turn")
        assert caught.value.retry_at == START + s(90)

    go(work())
    assert world.now == START


def test_a_busy_host_is_taken_soon_after_it_is_free() -> None:
    world = World()
    world.others_hold(35)

    def leave() -> None:
        if world.now >= START + s(3):
            world.owner = None

    world.on_sleep = leave

    async def work() -> None:
        async with world.pace().turn(HOST, gap=s(10), hold=HOLD):
            assert world.now <= START + s(3.3)

    go(work())


def test_a_refusal_whose_time_is_already_over_is_no_busy_loop() -> None:
    world = World()
    refused = [Grant(False, START - s(1), True)] * 3

    class Odd(Slots):
        def take(self, host: str, *, now: datetime, hold: timedelta, gap: timedelta) -> Grant:
            return refused.pop() if refused else super().take(host, now=now, hold=hold, gap=gap)

    async def work() -> None:
        async with Pace(Odd(world, "us"), clock=world.clock, run=run, sleep=world.sleep).turn(HOST, gap=s(10), hold=HOLD):
            pass

    go(work())
    assert len(world.sleeps) == 3
    assert min(world.sleeps) >= 0.005


def test_the_slot_is_given_back_when_the_exchange_fails() -> None:
    world = World()

    async def work() -> None:
        with pytest.raises(ValueError, match="no answer"):
            async with world.pace().turn(HOST, gap=s(10), hold=HOLD):
                raise ValueError("no answer")

    go(work())
    assert world.owner is None
    assert world.next_at == START + s(10)


@pytest.mark.parametrize("gap", [0, 10])
def test_the_slot_is_given_back_when_the_exchange_is_cancelled(gap: float) -> None:
    world = World()

    async def one(pace: Pace, inside: asyncio.Event) -> None:
        async with pace.turn(HOST, gap=s(gap), hold=HOLD):
            inside.set()
            await asyncio.Event().wait()

    async def work() -> None:
        inside = asyncio.Event()
        task = asyncio.create_task(one(world.pace(), inside))
        await inside.wait()
        task.cancel()
        await asyncio.sleep(0)
        task.cancel()  # impatient: while the slot is being given back
        with pytest.raises(asyncio.CancelledError):
            await task

    go(work())
    assert world.calls == ["take", "free"]


def test_a_slot_taken_for_a_cancelled_turn_is_given_back() -> None:
    world = World()

    async def one(pace: Pace) -> None:
        async with pace.turn(HOST, gap=s(10), hold=HOLD):
            pytest.fail("got a turn")

    async def work() -> None:
        task = asyncio.create_task(one(world.pace()))
        await asyncio.sleep(0)  # in the store's hands
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    go(work())
    assert world.calls == ["take", "free"]


def test_without_a_gap_a_batch_keeps_the_slot_between_its_requests() -> None:
    world = World()

    async def work() -> None:
        pace = world.pace()
        for _ in range(50):
            async with pace.turn(HOST, gap=s(0), hold=HOLD):
                world.now += s(0.01)
        await pace.let_go(HOST)
        await pace.let_go(HOST)  # twice does no harm
        await pace.let_go("elsewhere.example")

    go(work())
    assert world.calls == ["take", "free"]
    assert world.now < START + s(0.6)


def test_a_kept_slot_is_never_used_beyond_what_the_store_granted() -> None:
    world = World()

    async def work() -> None:
        pace = world.pace()
        for _ in range(200):
            async with pace.turn(HOST, gap=s(0), hold=HOLD):
                assert world.owner == "us"
                assert world.now + HOLD <= world.busy_until
                world.now += s(0.02)
        await pace.let_go_all()

    go(work())
    assert world.owner is None
    assert 4 <= world.calls.count("take") <= 6, "about once a second"
    free_for = [taken - freed for freed, taken in zip(world.times[1::2], world.times[2::2], strict=False)]
    assert min(free_for) > POLL_NO_GAP, "long enough for another process to step in"


def test_another_process_gets_in_between_the_requests_of_a_long_batch() -> None:
    world = World()
    done: list[str] = []

    async def batch() -> None:
        pace = world.pace("us")
        for _ in range(300):
            async with pace.turn(HOST, gap=s(0), hold=HOLD):
                await world.sleep(0.01)
        await pace.let_go_all()
        done.append("batch")

    async def other() -> None:
        pace = world.pace("them")
        await world.sleep(0.1)
        async with pace.turn(HOST, gap=s(0), hold=HOLD):
            done.append("other")
        await pace.let_go_all()

    async def work() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(batch())
            group.create_task(other())

    go(work())
    assert done == ["other", "batch"]


def test_a_kept_slot_that_nobody_needs_is_given_back_after_its_time() -> None:
    world = World()

    async def work() -> None:
        pace = world.pace(keep=s(0.005))
        async with pace.turn(HOST, gap=s(0), hold=HOLD):
            pass
        assert world.calls == ["take"]
        for _ in range(100):
            if len(world.calls) == 2:
                break
            await asyncio.sleep(0.002)

    go(work())
    assert world.calls == ["take", "free"]


def test_a_slot_let_go_during_a_turn_is_given_back_at_its_end() -> None:
    world = World()

    async def work() -> None:
        pace = world.pace()
        async with pace.turn(HOST, gap=s(0), hold=HOLD):
            await pace.let_go_all()
            assert world.calls == ["take"]
        assert world.calls == ["take", "free"]

    go(work())


def test_a_store_that_fails_while_an_idle_slot_is_given_back_breaks_nothing() -> None:
    world = World()

    failed = asyncio.Event()

    class Full(Slots):
        def free(self, host: str, *, next_at: datetime) -> None:
            super().free(host, next_at=next_at)
            failed.set()
            raise OSError("disk full")

    async def work() -> None:
        pace = Pace(Full(world, "us"), clock=world.clock, run=run, keep=s(0.002))
        async with pace.turn(HOST, gap=s(0), hold=HOLD):
            pass
        async with asyncio.timeout(5):
            await failed.wait()
            while pace._tasks:  # noqa: ASYNC110 - its end is what is waited for
                await asyncio.sleep(0)
        gc.collect()  # a task that nobody waits for complains when it goes
        assert complaints == []

    complaints: list[object] = []
    with asyncio.Runner() as runner:
        runner.get_loop().set_exception_handler(lambda _, context: complaints.append(context))
        runner.run(work())


def test_a_turn_with_a_gap_does_not_use_a_slot_kept_without_one() -> None:
    world = World()

    async def work() -> None:
        pace = world.pace()
        async with pace.turn(HOST, gap=s(0), hold=HOLD):
            pass
        async with pace.turn(HOST, gap=s(10), hold=HOLD):
            pass

    go(work())
    assert world.calls == ["take", "free", "take", "free"]
    assert world.next_at >= START + s(10)


def test_hosts_do_not_wait_for_each_other() -> None:
    worlds = [World(), World()]

    class Both:
        """Two hosts, each with its slots."""

        def take(self, host: str, *, now: datetime, hold: timedelta, gap: timedelta) -> Grant:
            return Slots(worlds[host == "b"], "us").take(HOST, now=now, hold=hold, gap=gap)

        def free(self, host: str, *, next_at: datetime) -> None:
            Slots(worlds[host == "b"], "us").free(HOST, next_at=next_at)

    async def work() -> None:
        pace = Pace(Both(), clock=worlds[0].clock, run=run, sleep=worlds[0].sleep)
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(pace.turn("a", gap=s(10), hold=HOLD))
            await stack.enter_async_context(pace.turn("b", gap=s(10), hold=HOLD))

    go(work())
    assert worlds[0].sleeps == []


def test_a_clock_set_back_makes_nobody_wait_longer_than_the_gap() -> None:
    world = World()

    async def work() -> None:
        pace = world.pace()
        async with pace.turn(HOST, gap=s(10), hold=HOLD):
            pass
        world.now -= timedelta(days=1)
        world.next_at = world.now  # the store clamps its own times
        async with pace.turn(HOST, gap=s(10), hold=HOLD):
            assert world.now == START - timedelta(days=1) + s(10)

    go(work())
