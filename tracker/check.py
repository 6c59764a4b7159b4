"""The use case: load -> drive, or a sighting -> decide -> commit. The only place where the parts meet."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from types import TracebackType
from typing import Self, TypeVar

from tracker.conclude import USUAL, Concluder, Host, Options
from tracker.config.model import Config
from tracker.core import schedule
from tracker.core.errors import CheckError, StoreError
from tracker.core.history import HostHistory
from tracker.core.hosts import asked_to_wait, waits
from tracker.core.model import Outcome, OutcomeKind, Via
from tracker.core.slots import HostSlots
from tracker.drifting import LastAnswer
from tracker.fetch.drive import Fetcher
from tracker.fetch.pace import HostBusy, Pace
from tracker.results import UNSEEN, Result, needs_no_look, skipped, unasked, unseen
from tracker.sightings import Sighted, Sighting, Sightings
from tracker.store.keeper import Keeper
from tracker.store.pages import forget_pages
from tracker.store.store import SourceRow, Store
from tracker.subjects import Subject, require_shape
from tracker.understand import understood, without_person

T = TypeVar("T")
AT_ONCE = 20  # hosts asked side by side
CHUNK = 50  # sources of one host claimed in one commit
AFTER_DEADLINE = timedelta(seconds=5)


class LeaseLostError(Exception):
    """Another process took the source over: what this one found is dropped."""


class StoppedError(Exception):
    """We were asked to stop before the next exchange began."""


class Checker:
    """Runs checks. Its store calls go through `executor`, which has one thread; `jitter` gives numbers in -1…1."""

    def __init__(
        self,
        *,
        config: Config,
        subjects: Sequence[Subject],
        store: Store,
        slots: HostSlots,
        executor: Executor,
        clock: Callable[[], datetime],
        jitter: Callable[[], float],
        user_agent: str,
    ) -> None:
        self._config, self._store, self._clock, self._jitter = config, store, clock, jitter
        self._subjects = {s.key: s for s in subjects}
        self._executor = executor
        self._pace = Pace(slots, clock=clock, run=self._in_store, sleep=self._pause)
        fetch = config.fetch
        self._hold = fetch.timeout + AFTER_DEADLINE
        self._fetcher = Fetcher(
            pace=self._pace, user_agent=user_agent, timeout=fetch.timeout, max_body=fetch.max_body, clock=clock
        )
        self._keeper = Keeper(store, self._in_store)
        self._concluder = Concluder(config, self._subjects, self._keeper, clock=clock, jitter=jitter)
        self._sightings = Sightings(store, self._concluder, run=self._in_store, clock=clock, pause=self._pause, hold=self._hold)
        self._leased: dict[int, datetime] = {}
        self._stop = asyncio.Event()
        self._busy: set[str] = set()  # hosts that another run of this process is asking: their turn comes with a later tick

    async def _in_store(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, call)

    async def __aenter__(self) -> Self:
        await self._fetcher.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._fetcher.__aexit__(kind, error, trace)

    def on_move(self, call: Callable[[], None]) -> None:
        """What is called, in the store's thread, after each commit that may owe messages."""
        self._keeper.moved = call

    def use(self, config: Config, subjects: Sequence[Subject]) -> None:
        """Other cases, receivers and schedules, from the next run on; how sites are asked ([fetch]) stays as it was."""
        self._config = config
        self._subjects = {s.key: s for s in subjects}
        self._concluder.use(config, self._subjects)

    def stop(self) -> None:
        """No new exchange begins; the one in hand is finished."""
        self._stop.set()

    async def _pause(self, seconds: float) -> None:
        """A wait for our turn at a host; asked to stop, nobody waits on."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), seconds)
        if self._stop.is_set():
            raise StoppedError

    # --- which sources, and in which order ---------------------------------------------------------------------------

    async def run(self, names: Iterable[str] = (), options: Options = USUAL) -> list[Result]:
        """Checks the named cases, or all that are not over; one result per source, in the config's order."""
        wanted = set(names)
        subjects, rows = self._subjects, await self._rows(options)
        hosts = await self._in_store(self._store.hosts)
        results: dict[tuple[str, str], Result] = {}
        asked: dict[str, list[tuple[Subject, SourceRow]]] = {}
        for subject in subjects.values():
            if wanted and subject.case.name not in wanted:
                continue
            row = rows.get(subject.key) or unseen(subject)
            if subject.host in self._busy or self._keeper.has_unkept(row.id):
                continue
            if options.due and not self._is_due(subject, row, hosts.get(subject.host)):
                continue
            calm = needs_no_look(subject, row, named=bool(wanted))
            if calm is not None:
                results[subject.key] = unasked(subject, row, calm)
            else:
                asked.setdefault(subject.host, []).append((subject, row))
        limit = asyncio.Semaphore(AT_ONCE)
        self._busy |= asked.keys()
        jobs = [self._host(Host(h, hosts.get(h, HostHistory())), todo, options, limit) for h, todo in asked.items()]
        try:
            done = await _together(jobs)
        finally:
            self._busy -= asked.keys()
            await self._keeper.flush()
        results |= {result.subject.key: result for host in done for result in host}
        return [results[key] for key in subjects if key in results]

    def _is_due(self, subject: Subject, row: SourceRow, host: HostHistory | None) -> bool:
        now = self._clock()
        if subject.is_by_hand:
            return False
        if host is not None and waits(host, now, subject.policy):
            return False
        planned = now if row.id == UNSEEN else row.next_check.at
        if row.paused or row.archived:
            return False
        looked_at = row.history.looked_at
        if looked_at is not None and looked_at > now + timedelta(minutes=1):
            planned = now  # the clock was set back: what was planned by the other one means nothing
        elif looked_at is not None and planned is not None and "every_minutes" in row.next_check.params:
            latest = looked_at + schedule.longest_interval(
                subject.policy
            )  # it was longer when it was planned, or not open then
            if row.next_check.reason == "interval" or schedule.is_open(subject.policy, latest):
                planned = min(planned, latest)
        return planned is not None and planned <= now and schedule.is_open(subject.policy, now)

    # --- one host: its sources one after another ---------------------------------------------------------------------

    async def _host(
        self, host: Host, todo: list[tuple[Subject, SourceRow]], options: Options, limit: asyncio.Semaphore
    ) -> list[Result]:
        results = []
        async with limit:
            # With a gap between requests a chunk would hold its leases for minutes: one at a time then.
            size = CHUNK if not todo[0][0].gap else 1
            for at in range(0, len(todo), size):
                results += await self._chunk(host, todo[at : at + size], options)
            await self._pace.let_go(host.name)
        return results

    async def _chunk(self, host: Host, todo: list[tuple[Subject, SourceRow]], options: Options) -> list[Result]:
        if self._stop.is_set():
            return [skipped(subject, row, "waiting") for subject, row in todo]
        held: dict[int, SourceRow] = {row.id: row for _, row in todo}
        if not options.dry_run:
            held = await self._claim(host, todo)
        results = []
        try:
            for planned, row in todo:
                mine = row if options.dry_run else held.get(row.id)
                subject = self._subjects.get(planned.key, planned)
                if mine is None or self._was_just_read(mine, row):
                    results.append(skipped(subject, mine or row, "leased"))
                elif reason := self._left(planned, mine):
                    results.append(skipped(subject, mine, reason))
                elif (until := self._waits(host, subject, options)) or self._stop.is_set():
                    results.append(skipped(subject, row, "waiting", until))
                else:
                    results.append(await self._one(host, subject, mine, held, options))
        finally:
            if held and not options.dry_run:
                with suppress(StoreError):  # what it can't give back ends by itself
                    await self._in_store(partial(self._store.release, list(held.values())))
        return results

    async def _claim(self, host: Host, todo: list[tuple[Subject, SourceRow]]) -> dict[int, SourceRow]:
        claimed = await self._in_store(partial(self._store.claim, [row.id for _, row in todo], self._hold))
        self._leased |= dict.fromkeys(claimed, self._clock() + self._hold)
        host.history = await self._in_store(partial(self._store.host, host.name))
        return claimed

    def _left(self, planned: Subject, row: SourceRow) -> str:
        """What became of a source while it waited for its turn, so that it is not asked as was planned; "" if nothing."""
        now = self._subjects.get(planned.key)
        if now is None or row.archived:
            return "archived"
        if row.paused:
            return "paused"
        return "" if now.spec().text() == planned.spec().text() else "leased"  # edited: the next run asks it in its new way

    @staticmethod
    def _was_just_read(now: SourceRow, then: SourceRow) -> bool:
        """Another process looked while this one waited for its turn: asking again would only bother the site."""
        return now.history.looked_at != then.history.looked_at

    def _waits(self, host: Host, subject: Subject, options: Options) -> datetime | None:
        """Until when a host must not be asked: its own Retry-After always, our back-off where it counts."""
        now = self._clock()
        own_back_off = waits(host.history, now, subject.policy) if host.failed or options.due else None
        return asked_to_wait(host.history, now) or own_back_off

    # --- one source --------------------------------------------------------------------------------------------------

    async def _one(self, host: Host, subject: Subject, row: SourceRow, held: dict[int, SourceRow], options: Options) -> Result:
        """Asks one source, and keeps what follows; what stays in `held` is given back."""
        try:
            outcome = await self._ask(subject, row, options, shown := LastAnswer())
        except HostBusy as busy:
            return skipped(subject, row, "waiting", busy.retry_at)
        except StoppedError:
            return skipped(subject, row, "waiting")
        except LeaseLostError:
            return skipped(subject, row, "leased")
        held.pop(row.id, None)
        result = await self._concluder.look(host, subject, row, outcome, options, page=shown.page)
        return result or skipped(subject, row, "leased")

    async def _ask(self, subject: Subject, row: SourceRow, options: Options, shown: LastAnswer) -> Outcome:
        """One flow, driven to its end: every named failure is an outcome."""
        renew = partial(self._may_ask, row, options)
        flow = subject.adapter.query(subject.reference)
        try:
            require_shape(subject)
            reading = await self._fetcher.run(flow, hosts=subject.hosts, gap=subject.gap, on_exchange=renew, on_answer=shown)
        except CheckError as error:
            return without_person(error.outcome(), subject)
        return Outcome(OutcomeKind.READ, understood(reading, subject, self._clock(), Via.SITE))

    async def _may_ask(self, row: SourceRow, options: Options) -> None:
        """Before each exchange: nobody asked us to stop, and the lease outlives it."""
        if self._stop.is_set():
            raise StoppedError
        now = self._clock()
        if options.dry_run or self._leased.get(row.id, now) - now >= self._hold - AFTER_DEADLINE:
            return
        if not await self._in_store(partial(self._store.renew, row, self._hold)):
            raise LeaseLostError
        self._leased[row.id] = now + self._hold

    # --- what a person saw -------------------------------------------------------------------------------------------

    async def sight(self, name: str, sighting: Sighting, options: Options = USUAL, source: str = "") -> Result:
        """Reads a sighting for one case; see Sightings.one."""
        rows, mine = await self._rows(options), [s for s in self._subjects.values() if s.case.name == name]
        return await self._sightings.one([s for s in mine if source in ("", s.name)], rows, sighting, options)

    async def sight_all(self, sighting: Sighting, options: Options = USUAL) -> Sighted:
        """Reads one page for every case whose adapter fits; see Sightings.all."""
        rows = await self._rows(options)
        return await self._sightings.all(list(self._subjects.values()), rows, sighting, options)

    async def _rows(self, options: Options) -> dict[tuple[str, str], SourceRow]:
        """The sources as the store has them, the cases of now taken over first."""
        await self._keeper.catch_up()
        if not options.dry_run:
            specs = [s.spec() for s in self._subjects.values()]
            await self._in_store(partial(self._store.sync, specs))
            forgotten = self._clock() - (self._config.store.keep_pages or timedelta(0))
            await self._in_store(partial(forget_pages, self._store.base, forgotten))
        return {row.key: row for row in await self._in_store(self._store.sources)}


async def _together(jobs: list[Coroutine[None, None, list[Result]]]) -> list[list[Result]]:
    """Side by side. A store that fails for one fails for all; any other error of ours stops its own host only."""
    broken: list[Exception] = []

    async def one(job: Coroutine[None, None, list[Result]]) -> list[Result]:
        try:
            return await job
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - raised below, when the others are done
            broken.append(error)
            return []

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(job)) for job in jobs]
    except BaseExceptionGroup as failed:
        raise failed.exceptions[0] from None
    if broken:
        raise broken[0]
    return [task.result() for task in tasks]
