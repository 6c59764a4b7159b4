"""One conversation with the site itself, politely, with every exchange kept."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from tracker.core.errors import CheckError
from tracker.core.model import Outcome, Reading, Reference
from tracker.core.slots import HostSlots
from tracker.fetch.drive import Fetcher
from tracker.fetch.pace import Pace
from tracker.fetch.saved import Got, KeptWire, Sent
from tracker.pages.contract import Adapter, Response, hosts_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Manner:
    """How a site is asked: whose turn it is, how long to wait, and who asks."""

    slots: HostSlots
    executor: Executor
    clock: Callable[[], datetime]
    gap: timedelta
    timeout: timedelta
    max_body: int
    user_agent: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of it: the outcome, and the exchanges that got an answer."""

    got: Reading | Outcome
    exchanges: tuple[tuple[Sent, Got], ...] = field(repr=False)

    @property
    def answers(self) -> list[Got]:
        return [got for _, got in self.exchanges]

    @property
    def page(self) -> Response | None:
        """The answer that was read last."""
        if not self.exchanges:
            return None
        sent, got = self.exchanges[-1]
        return Response(sent.url, got.status, got.content_type, got.body)


def ask(adapter: Adapter, reference: Reference, manner: Manner) -> Asked:
    """Asks once. Raises HostBusy where somebody else keeps the host."""
    kept: list[tuple[Sent, Got]] = []

    async def run() -> Reading:
        async def in_thread(call: Callable[[], T], /) -> T:
            return await asyncio.get_running_loop().run_in_executor(manner.executor, call)

        wire = KeptWire(lambda sent, got: kept.append((sent, got)), user_agent=manner.user_agent, max_body=manner.max_body)
        fetcher = Fetcher(
            pace=Pace(manner.slots, clock=manner.clock, run=in_thread),
            user_agent=manner.user_agent,
            timeout=manner.timeout,
            max_body=manner.max_body,
            clock=manner.clock,
            wire=wire,
        )
        async with fetcher:
            return await fetcher.run(adapter.query(reference), hosts=hosts_of(adapter.META, reference), gap=manner.gap)

    try:
        got: Reading | Outcome = asyncio.run(run())
    except CheckError as error:
        got = error.outcome()
    return Asked(got, tuple(kept))
