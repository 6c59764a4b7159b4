"""The service: a tick that checks what is due and delivers what is owed; two doors for its watchers; signals."""

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from datetime import datetime, timedelta

import uvicorn
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from tracker.check import Checker, Options
from tracker.core.errors import ConfigError, StoreError
from tracker.store.store import Store

log = logging.getLogger(__name__)

TICK = timedelta(seconds=5)
FULL_LOOK = timedelta(minutes=5)  # also where nothing seems due: a clock that was set back hides what is
STALLED = timedelta(minutes=1)
PATIENCE = 8.0  # seconds for what is in hand when asked to stop


class _Server(uvicorn.Server):
    """uvicorn without its own signal handling, which would end the process before our work is put down."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Service:
    """Runs until it is told to stop. `deliver` starts sending what is owed; `settle` waits for sends in hand (seconds)."""

    def __init__(
        self,
        *,
        checker: Checker,
        store: Store,
        executor: Executor,
        clock: Callable[[], datetime],
        deliver: Callable[[], None],
        settle: Callable[[float], None],
    ) -> None:
        self._checker, self._store, self._executor, self._clock = checker, store, executor, clock
        self._deliver, self._settle = deliver, settle
        self._runs: set[asyncio.Task[None]] = set()
        self._stop = asyncio.Event()
        self._problem = "starting"
        self._ticked_at: datetime | None = None
        self._full_look_at: datetime | None = None

    async def run(self, listen: tuple[str, int]) -> None:
        """Serves until SIGTERM or SIGINT; a second signal ends at once."""
        door = _bind(listen)
        self._catch_signals()
        # Job stores of the scheduler would move the next run on before it succeeded: it only ticks over our own rows.
        ticker = AsyncIOScheduler(timezone="UTC")
        options = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        ticker.add_job(self._tick, "interval", seconds=TICK.total_seconds(), next_run_time=self._clock(), **options)
        server = _Server(uvicorn.Config(self._doors(), log_config=None, access_log=False, lifespan="off"))
        serving = asyncio.create_task(server.serve(sockets=[door]))
        async with self._checker:
            ticker.start()
            log.info("serving on %s:%s", *listen)
            await self._stop.wait()
            ticker.shutdown(wait=False)
            self._checker.stop()
            await self._put_down()
        await asyncio.to_thread(self._settle, 1.0)
        server.should_exit = True
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(serving, 1.0)

    def _catch_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._asked_to_stop, number)

    def _asked_to_stop(self, number: int) -> None:
        if self._stop.is_set():
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        log.info("asked to stop: finishing what is in hand")
        self._stop.set()

    async def _put_down(self) -> None:
        """The exchanges in hand end, or are dropped and asked again at the next start."""
        if not self._runs:
            return
        _, late = await asyncio.wait(self._runs, timeout=PATIENCE)
        for run in late:
            run.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    # --- the tick ----------------------------------------------------------------------------------------------------

    async def _tick(self) -> None:
        """Starts a run of what is due; a long one doesn't keep other hosts waiting."""
        if self._stop.is_set():
            return
        try:
            loop = asyncio.get_running_loop()
            due = await loop.run_in_executor(self._executor, self._store.is_any_due)
            await loop.run_in_executor(self._executor, self._deliver)
        except StoreError as error:
            self._went_wrong("store", str(error))
            return
        now = self._clock()
        full = self._full_look_at is None or not timedelta(0) <= now - self._full_look_at < FULL_LOOK
        if due or full:
            self._full_look_at = now
            run = asyncio.create_task(self._check())
            self._runs.add(run)
            run.add_done_callback(self._runs.discard)
        else:
            self._went_well()
        self._ticked_at = now

    async def _check(self) -> None:
        try:
            await self._checker.run(options=Options(due=True))
        except StoreError as error:
            self._went_wrong("store", str(error))
        except Exception as error:
            log.exception("a check ended unexpectedly")
            self._went_wrong("unexpected", type(error).__name__)
        else:
            self._went_well()

    def _went_wrong(self, reason: str, words: str) -> None:
        """A failure is logged once, and its end once."""
        if self._problem != reason:
            log.error("%s", words)
        self._problem = reason
        self._ticked_at = self._clock()

    def _went_well(self) -> None:
        if self._problem not in ("", "starting"):
            log.warning("works again")
        self._problem = ""

    # --- the doors ---------------------------------------------------------------------------------------------------

    def _doors(self) -> Starlette:
        return Starlette(routes=[Route("/healthz", self._healthz), Route("/readyz", self._readyz)])

    async def _healthz(self, _request: Request) -> PlainTextResponse:
        return PlainTextResponse("ok\n")

    async def _readyz(self, _request: Request) -> PlainTextResponse:
        """200 where it works; else 503 with a reason code and no details."""
        problem = self._problem
        if not problem and (self._ticked_at is None or self._clock() - self._ticked_at > STALLED):
            problem = "stalled"
        return PlainTextResponse("ready\n" if not problem else f"{problem}\n", status_code=200 if not problem else 503)


def _bind(listen: tuple[str, int]) -> socket.socket:
    host, port = listen
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        door = socket.socket(family, socket.SOCK_STREAM)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((host, port))
    except OSError as error:
        why = error.strerror or str(error)
        mistake = f"web.listen: {host}:{port}: can't listen here ({why}); name another port, or stop who uses it"
        raise ConfigError([mistake]) from error
    return door
