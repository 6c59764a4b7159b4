"""The use case: load -> drive, or a sighting -> decide -> commit. The only place where the parts meet."""

import asyncio
import uuid
from collections.abc import Callable, Coroutine, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from types import TracebackType
from typing import Self, TypeVar

from tracker.config.model import Case, Config
from tracker.core import schedule
from tracker.core.decide import HOST_WIDE, Decision, Draft, Look, decide
from tracker.core.errors import CheckError
from tracker.core.history import HostHistory
from tracker.core.hosts import HostDecision, decide_host
from tracker.core.model import Event, Outcome, OutcomeKind, Via
from tracker.core.schedule import Next
from tracker.core.slots import HostSlots
from tracker.fetch.drive import Fetcher
from tracker.fetch.pace import HostBusy, Pace
from tracker.results import Result, needs_no_look, skipped, unasked, unseen
from tracker.store.store import Finish, SourceRow, Store
from tracker.subjects import Subject, receivers_of, require_shape
from tracker.understand import understood, without_person

T = TypeVar("T")
AT_ONCE = 20  # hosts asked side by side
CHUNK = 50  # sources of one host claimed in one commit
FLUSH = 100  # unchanged checks in one commit
AFTER_DEADLINE = timedelta(seconds=5)


class LeaseLostError(Exception):
    """Another process took the source over: what this one found is dropped."""


@dataclass(frozen=True, slots=True)
class Options:
    """`due`: only what is due, with office hours and back-off. `dry_run`: read, keep nothing. `notify`: owe messages."""

    due: bool = False
    dry_run: bool = False
    notify: bool = True


@dataclass(slots=True)
class _Host:
    """One host in this run: its history, and whether this run already failed on it."""

    name: str
    history: HostHistory
    failed: bool = False


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
        self._pace = Pace(slots, clock=clock, run=self._in_store)
        fetch = config.fetch
        self._hold = fetch.timeout + AFTER_DEADLINE
        self._fetcher = Fetcher(
            pace=self._pace, user_agent=user_agent, timeout=fetch.timeout, max_body=fetch.max_body, clock=clock
        )
        self._quiet: list[Finish] = []
        self._leased: dict[int, datetime] = {}
        self._stopping = False
        self._busy: set[str] = set()  # hosts that another run of this process is asking: their turn comes with a later tick
        self.moved: Callable[[], None] = lambda: None  # told after each commit that may owe messages

    async def _in_store(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, call)

    async def __aenter__(self) -> Self:
        await self._fetcher.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._fetcher.__aexit__(kind, error, trace)

    def stop(self) -> None:
        """No new source is asked; the exchange in hand is finished."""
        self._stopping = True

    # --- which sources, and in which order ---------------------------------------------------------------------------

    async def run(self, names: Iterable[str] = (), options: Options = Options()) -> list[Result]:
        """Checks the named cases, or all that are not over; one result per source, in the config's order."""
        wanted = set(names)
        if not options.dry_run:
            specs = [s.spec() for s in self._subjects.values()]
            await self._in_store(partial(self._store.sync, specs))
        rows = {row.key: row for row in await self._in_store(self._store.sources)}
        hosts = await self._in_store(self._store.hosts)
        results: dict[tuple[str, str], Result] = {}
        asked: dict[str, list[tuple[Subject, SourceRow]]] = {}
        for subject in self._subjects.values():
            if wanted and subject.case.name not in wanted:
                continue
            row = rows.get(subject.key) or unseen(subject)
            if subject.host in self._busy or (options.due and not self._is_due(subject, row, hosts.get(subject.host))):
                continue
            calm = needs_no_look(subject, row, named=bool(wanted))
            if calm is not None:
                results[subject.key] = unasked(subject, row, calm)
            else:
                asked.setdefault(subject.host, []).append((subject, row))
        limit = asyncio.Semaphore(AT_ONCE)
        self._busy |= asked.keys()
        jobs = [self._host(_Host(h, hosts.get(h, HostHistory())), todo, options, limit) for h, todo in asked.items()]
        try:
            done = await _together(jobs)
        finally:
            self._busy -= asked.keys()
            await self._flush()
        results |= {result.subject.key: result for host in done for result in host}
        return [results[key] for key in self._subjects if key in results]

    def _is_due(self, subject: Subject, row: SourceRow, host: HostHistory | None) -> bool:
        now = self._clock()
        if host is not None and host.wait_until is not None and host.wait_until > now:
            return False
        planned = row.next_check.at
        if row.history.looked_at is not None and row.history.looked_at > now + timedelta(minutes=1):
            planned = now  # the clock was set back: what was planned by the other one means nothing
        return planned is not None and planned <= now and schedule.is_open(subject.policy, now)

    # --- one host: its sources one after another ---------------------------------------------------------------------

    async def _host(
        self, host: _Host, todo: list[tuple[Subject, SourceRow]], options: Options, limit: asyncio.Semaphore
    ) -> list[Result]:
        results = []
        async with limit:
            # With a gap between requests a chunk would hold its leases for minutes: one at a time then.
            size = CHUNK if not todo[0][0].gap else 1
            for at in range(0, len(todo), size):
                results += await self._chunk(host, todo[at : at + size], options)
            await self._pace.let_go(host.name)
        return results

    async def _chunk(self, host: _Host, todo: list[tuple[Subject, SourceRow]], options: Options) -> list[Result]:
        claimed: dict[int, SourceRow] = {}
        if not options.dry_run:
            claimed = await self._in_store(partial(self._store.claim, [row.id for _, row in todo], self._hold))
            self._leased |= dict.fromkeys(claimed, self._clock() + self._hold)
            host.history = await self._in_store(partial(self._store.host, host.name))
        results, unused = [], []
        for subject, row in todo:
            mine = row if options.dry_run else claimed.get(row.id)
            if mine is None or self._was_just_read(mine, row):
                unused += [mine] if mine else []
                results.append(skipped(subject, mine or row, "leased"))
                continue
            waits = self._waits(host)
            if waits is not None or self._stopping:
                unused.append(mine)
                results.append(skipped(subject, row, "waiting", waits))
                continue
            results.append(await self._one(host, subject, mine, options))
        if unused and not options.dry_run:
            await self._in_store(partial(self._store.release, unused))
        return results

    @staticmethod
    def _was_just_read(now: SourceRow, then: SourceRow) -> bool:
        """Another process looked while this one waited for its turn: asking again would only bother the site."""
        return now.history.looked_at != then.history.looked_at

    def _waits(self, host: _Host) -> datetime | None:
        """Until when a host must not be asked: its own Retry-After always, our back-off once this run failed on it."""
        now = self._clock()
        history = host.history
        if history.refused_until is not None and history.refused_until > now:
            return history.refused_until
        return history.wait_until if host.failed else None

    # --- one source --------------------------------------------------------------------------------------------------

    async def _one(self, host: _Host, subject: Subject, row: SourceRow, options: Options) -> Result:
        try:
            outcome = await self._ask(subject, row, options)
        except HostBusy as busy:
            if not options.dry_run:
                await self._in_store(partial(self._store.release, [row]))
            return skipped(subject, row, "waiting", busy.retry_at)
        except LeaseLostError:
            return skipped(subject, row, "leased")
        look = Look(self._clock(), subject.policy, self._jitter(), subject.reference.read.details)
        verdict = decide_host(host.history, outcome, look)
        decision = decide(row.history, outcome, look)
        if outcome.kind in HOST_WIDE:
            host.failed = True
            decision = replace(decision, next=Next(verdict.history.wait_until, verdict.history.wait_reason))
        events = self._events(subject, decision, verdict)
        if not options.dry_run:
            finish = Finish(
                source=row,
                history=decision.history,
                next_check=decision.next,
                problem=outcome.problem,
                keep=decision.keep,
                observation=decision.history.last,
                events=tuple((event, self._owed(subject, event, options)) for event in events),
                hosts={host.name: verdict.history} if verdict.history != host.history else {},
            )
            if not await self._commit(finish, may_wait=not subject.gap):
                return skipped(subject, row, "leased")
        host.history = verdict.history
        return Result(subject, outcome, decision.next, decision.changed, events, verdict.history.wait_until, decision.history)

    async def _ask(self, subject: Subject, row: SourceRow, options: Options) -> Outcome:
        """One flow, driven to its end: every named failure is an outcome."""
        renew = None if options.dry_run else partial(self._renew, row)
        flow = subject.adapter.query(subject.reference)
        try:
            require_shape(subject)
            reading = await self._fetcher.run(flow, hosts=subject.hosts, gap=subject.gap, on_exchange=renew)
        except CheckError as error:
            return without_person(error.outcome(), subject)
        return Outcome(OutcomeKind.READ, understood(reading, subject, self._clock(), Via.SITE))

    async def _renew(self, row: SourceRow) -> None:
        """Before each exchange the lease must outlive it."""
        now = self._clock()
        if self._leased.get(row.id, now) - now >= self._hold - AFTER_DEADLINE:
            return
        if not await self._in_store(partial(self._store.renew, row, self._hold)):
            raise LeaseLostError
        self._leased[row.id] = now + self._hold

    async def _commit(self, finish: Finish, *, may_wait: bool) -> bool:
        """False where the lease was lost: nothing was kept."""
        if finish.is_quiet:
            self._quiet.append(finish)
            if len(self._quiet) >= FLUSH or not may_wait:
                await self._flush()
            return True
        kept = await self._in_store(partial(self._store.finish, finish))
        if kept and finish.events:
            await self._in_store(self.moved)
        return kept

    async def _flush(self) -> None:
        """Unchanged checks share a commit; a move never waits for one."""
        results, self._quiet = self._quiet, []
        if results:
            await self._in_store(partial(self._store.finish_quiet, results))

    # --- what is told ------------------------------------------------------------------------------------------------

    def _events(self, subject: Subject, decision: Decision, verdict: HostDecision) -> tuple[Event, ...]:
        if not decision.events and not verdict.events:
            return ()
        now = self._clock()
        url = subject.reference.url
        public = {"url": url} if url and "?" not in url else {}

        def event(draft: Draft, **about: object) -> Event:
            params = {**public, **draft.params} if draft.kind in _WITH_ADDRESS else dict(draft.params)
            core = {"kind": draft.kind, "urgency": draft.urgency, "reason": draft.reason, "params": params}
            return Event(id=uuid.uuid4().hex, at=now, before=draft.before, after=draft.after, **core, **about)  # type: ignore[arg-type]

        own = [event(d, case=subject.case.name, source=subject.name) for d in decision.events]
        there = tuple(dict.fromkeys(case.name for case in self._cases_at(subject.host)))
        return (*(event(d, host=subject.host, cases=there) for d in verdict.events), *own)

    def _owed(self, subject: Subject, event: Event, options: Options) -> tuple[str, ...]:
        if not options.notify:
            return ()
        about = [subject.case] if event.case else self._cases_at(subject.host)
        return receivers_of(self._config, event, about)

    def _cases_at(self, host: str) -> list[Case]:
        return [s.case for s in self._subjects.values() if s.host == host]


async def _together(jobs: list[Coroutine[None, None, list[Result]]]) -> list[list[Result]]:
    """Side by side; where the store fails for one, the others stop too."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(job) for job in jobs]
    except BaseExceptionGroup as failed:
        raise failed.exceptions[0] from None
    return [task.result() for task in tasks]


_WITH_ADDRESS = frozenset({"unreadable", "defect", "look_needed", "handoff_needed"})
