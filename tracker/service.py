"""The service: a tick that checks what is due and delivers what is owed; two doors for its watchers; signals."""

import asyncio
import contextlib
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Executor
from datetime import datetime, timedelta

import uvicorn
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp

from tracker.alive import Round
from tracker.check import Checker
from tracker.conclude import Options
from tracker.config.model import Config
from tracker.core.errors import ConfigError, StoreError, place_of
from tracker.store.store import Store
from tracker.subjects import Subject

log = logging.getLogger(__name__)

TICK = timedelta(seconds=5)
FULL_LOOK = timedelta(minutes=5)  # also where nothing seems due: a clock that was set back hides what is
# Seconds on a clock that nobody sets:
LATE = 15.0  # the scheduler sleeps by the wall clock: after a set-back it would sleep for as long again
STALLED = 60.0
LONGEST_REST = 600.0  # after errors of our own, so that a mistake in us never becomes a storm at a site
PATIENCE = 7.0  # for what is in hand when asked to stop
LAST_CALL = 9.0  # then the process ends whatever hangs (a locked store, say): nothing that is kept is lost by it


class _Server(uvicorn.Server):
    """uvicorn without its own signal handling, which would end the process before our work is put down."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Service:
    """Runs until it is told to stop.

    `deliver` starts sending what is owed and says whether it can; `settle` stops new sends and waits for those in hand
    (seconds). `refresh` gives the config and the cases of now where they changed; `live` gives the signs of life of each tick,
    and says what else is wrong. These, and `deliver`, run in the store's thread. `is_config_bad`: an edited config is not taken
    over; `hang_up`: SIGHUP came.
    """

    def __init__(
        self,
        *,
        checker: Checker,
        store: Store,
        executor: Executor,
        clock: Callable[[], datetime],
        deliver: Callable[[], bool],
        settle: Callable[[float], None],
        refresh: Callable[[], tuple[Config, list[Subject]] | None],
        live: Callable[[Round], str] = lambda _: "",
        is_config_bad: Callable[[], bool] = lambda: False,
        hang_up: Callable[[], None] = lambda: None,
    ) -> None:
        self._checker, self._store, self._executor, self._clock = checker, store, executor, clock
        self._deliver, self._settle, self._refresh, self._live = deliver, settle, refresh, live
        self._is_config_bad, self._hang_up = is_config_bad, hang_up
        self._runs: set[asyncio.Task[None]] = set()
        self._stop = asyncio.Event()
        self._problems = {"start": "starting"}  # part of the service -> reason code
        self._ticked_at: float | None = None
        self._stalled = 0.0  # seconds for which the ticks stood still, until that was told
        self._full_look_at: datetime | None = None
        self._errors, self._rests_until = 0, 0.0
        self.last_call = threading.Timer(LAST_CALL, os._exit, (0,))
        self.last_call.daemon = True

    async def run(self, listen: tuple[str, int], page: ASGIApp | None = None, prefix: str = "") -> None:
        """Serves until SIGTERM or SIGINT; a second signal ends at once. `page` gets what the two doors don't answer.

        `prefix`: our sub-path, which a proxy may pass on or take away.
        """
        door = _bind(listen)
        self._catch_signals()
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a tick that waits for the store is no news
        # Job stores of the scheduler would move the next run on before it succeeded: it only ticks over our own rows.
        ticker = AsyncIOScheduler(timezone="UTC")
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, self._asked_to_read, ticker)
        options = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        ticker.add_job(self._tick, "interval", seconds=TICK.total_seconds(), next_run_time=self._clock(), **options)
        doors = uvicorn.Config(self._doors(page, prefix), log_config=None, access_log=False, lifespan="off")
        doors.proxy_headers = False  # who asks is whom we see: anybody can send a header X-Forwarded-…
        doors.server_header = False
        server = _Server(doors)
        serving = asyncio.create_task(server.serve(sockets=[door]))
        async with self._checker:
            ticker.start()
            log.info("serving on %s:%s", *listen)
            await self._keep_ticking(ticker)
            logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # nor is one that the stop cuts short
            ticker.shutdown(wait=False)
            self._checker.stop()
            server.should_exit = True
            await asyncio.gather(self._put_down(), asyncio.to_thread(self._settle, PATIENCE))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(serving, 1.0)

    async def _keep_ticking(self, ticker: AsyncIOScheduler) -> None:
        """Until we are asked to stop."""
        loop = asyncio.get_running_loop()
        while not self._stop.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), LATE)
            if self._ticked_at is not None and loop.time() - self._ticked_at > LATE:
                self._tick_now(ticker)
            if self._is_stalled():
                self._went_wrong("tick", "stalled", "no round has ended for a minute: the store or this machine is very slow")

    def _tick_now(self, ticker: AsyncIOScheduler) -> None:
        for job in ticker.get_jobs():
            job.modify(next_run_time=self._clock())

    def _asked_to_read(self, ticker: AsyncIOScheduler) -> None:
        """SIGHUP: the config is read again at once."""
        self._hang_up()
        self._tick_now(ticker)

    def _catch_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._asked_to_stop, number)

    def _asked_to_stop(self, number: int) -> None:
        if self._stop.is_set():
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        log.info("asked to stop: finishing what is in hand")
        self.last_call.start()
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
        loop = asyncio.get_running_loop()
        try:
            await self.take_over()
            due = await loop.run_in_executor(self._executor, self._store.is_any_due)
            sends = await loop.run_in_executor(self._executor, self._deliver)
            signs = Round(self._stalled, not self._problems)
            trouble = await loop.run_in_executor(self._executor, self._live, signs)
        except StoreError as error:
            self._went_wrong("store", "store", str(error))
            return
        except Exception as error:  # noqa: BLE001 - else the checks would stop while all looks well
            self._ended_unexpectedly("round", "a round ended unexpectedly", error)
            return
        finally:
            self._ticked()
        self._went_well("round")
        self._problems.pop("start", None)
        self._problems.pop("disk", None)
        self._problems |= {"disk": trouble} if trouble else {}
        self._stalled -= signs.stalled
        self._problems.pop("config", None)
        if self._is_config_bad():
            self._problems["config"] = "config"
        if sends:
            self._went_well("delivery")
        else:
            self._went_wrong("delivery", "store", "messages can't be marked as sent: see above")
        now = self._clock()
        full = self._full_look_at is None or not timedelta(0) <= now - self._full_look_at < FULL_LOOK
        if (due or full or "store" in self._problems) and loop.time() >= self._rests_until:
            self._full_look_at = now
            self.begin(self._check())

    def begin(self, run: Coroutine[None, None, None]) -> None:
        """Runs something beside the ticks; a stop waits for it as for their own runs."""
        task = asyncio.create_task(run)
        self._runs.add(task)
        task.add_done_callback(self._runs.discard)

    async def take_over(self) -> None:
        """What changed in the cases counts from now on."""
        await asyncio.shield(asyncio.ensure_future(self._take_over()))  # a visitor who goes away takes no news along

    async def _take_over(self) -> None:
        changed = await asyncio.get_running_loop().run_in_executor(self._executor, self._refresh)
        if changed is not None:
            self._checker.use(*changed)
            self._full_look_at = None

    def _ticked(self) -> None:
        now = asyncio.get_running_loop().time()
        if self._is_stalled():
            self._stalled += now - (self._ticked_at or now)
        self._ticked_at = now
        self._problems.pop("tick", None)

    def _is_stalled(self) -> bool:
        return self._ticked_at is not None and asyncio.get_running_loop().time() - self._ticked_at > STALLED

    async def _check(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            results = await self._checker.run(options=Options(due=True))
        except StoreError as error:
            self._went_wrong("store", "store", str(error))
        except Exception as error:  # noqa: BLE001 - likewise
            self._ended_unexpectedly("check", "a check ended unexpectedly", error)
            self._errors += 1
            self._rests_until = loop.time() + min(TICK.total_seconds() * 2 ** min(self._errors, 10), LONGEST_REST)
        else:
            # A run beside another one that found nothing to do proves nothing.
            if results or len(self._runs) == 1:
                self._errors = 0
                self._went_well("store")
                self._went_well("check")

    def _ended_unexpectedly(self, part: str, words: str, error: Exception) -> None:
        """A mistake of ours: once, with its place; what it says may hold personal data."""
        if part not in self._problems:
            log.error("%s: %s at %s", words, type(error).__name__, place_of(error))
        self._went_wrong(part, "unexpected", type(error).__name__)

    def _went_wrong(self, part: str, reason: str, words: str) -> None:
        """A failure is logged once, and its end once."""
        if self._problems.get(part) != reason:
            log.error("%s", words)
        self._problems[part] = reason

    def _went_well(self, part: str) -> None:
        if self._problems.pop(part, None):
            log.warning("works again")

    # --- the doors ---------------------------------------------------------------------------------------------------

    def _doors(self, page: ASGIApp | None, prefix: str) -> Starlette:
        doors = (("/healthz", self._healthz), ("/readyz", self._readyz))
        routes: list[BaseRoute] = [Route(p + path, door) for p in dict.fromkeys(("", prefix)) for path, door in doors]
        return Starlette(routes=[*routes, Mount("/", app=page)] if page is not None else routes)

    async def _healthz(self, _request: Request) -> PlainTextResponse:
        return PlainTextResponse("ok\n")

    async def _readyz(self, _request: Request) -> PlainTextResponse:
        """200 where it works; else 503 with a reason code and no details."""
        problem = self.problem()
        return PlainTextResponse("ready\n" if not problem else f"{problem}\n", status_code=200 if not problem else 503)

    def problem(self) -> str:
        """Why the service does not work, as a code; "" where it does."""
        problem = min(self._problems.values(), key="config".__eq__, default="")  # what stops us comes before what waits
        if not problem and (self._ticked_at is None or self._is_stalled()):
            problem = "stalled"
        return problem


def _bind(listen: tuple[str, int]) -> socket.socket:
    host, port = listen
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        door = socket.socket(family, socket.SOCK_STREAM)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((host, port))
        door.listen()  # here, where it can still be said that somebody else listens already
    except OSError as error:
        why = error.strerror or str(error)
        mistake = f"web.listen: {host}:{port}: can't listen here ({why}); name another port, or stop who uses it"
        raise ConfigError([mistake]) from error
    return door
