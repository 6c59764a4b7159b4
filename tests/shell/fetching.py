"""What the tests of fetch share: flows, a fetcher on a clock of the test's, and slots in memory."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from urllib.parse import urlsplit

import pytest

from tracker.core.errors import CheckError
from tracker.core.model import Identity, Reading
from tracker.core.slots import Grant
from tracker.fetch.drive import Fetcher
from tracker.fetch.pace import Pace
from tracker.pages.adapter import Flow, get

PAGE = "<html><body><table><tr><td>当前状态</td><td>审核中</td></tr></table></body></html>".encode("gb18030")
LIMIT = 2 * 1024 * 1024

T = TypeVar("T")

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
NO_GAP = timedelta(0)


class MemorySlots:
    """The slots of hosts as a store keeps them; `owners` are those taken now."""

    def __init__(self) -> None:
        self.owners: dict[str, datetime] = {}
        self.next_at: dict[str, datetime] = {}

    def take(self, host: str, *, now: datetime, hold: timedelta, gap: timedelta) -> Grant:
        if self.owners.get(host, now) > now:
            return Grant(False, self.owners[host], True)
        if self.next_at.get(host, now) > now:
            return Grant(False, self.next_at[host], False)
        self.owners[host], self.next_at[host] = now + hold, now + gap
        return Grant(True, now, False)

    def free(self, host: str, *, next_at: datetime) -> None:
        del self.owners[host]
        self.next_at[host] = next_at


async def run_here(call: Callable[[], T], /) -> T:
    return call()


def pace(slots: MemorySlots | None = None, patience: float = 60) -> Pace:
    return Pace(slots or MemorySlots(), clock=lambda: datetime.now(UTC), run=run_here, patience=timedelta(seconds=patience))


def fetcher(
    *,
    timeout: float = 5,
    max_body: int = LIMIT,
    slots: MemorySlots | None = None,
    patience: float = 60,
    renew: Callable[[], Awaitable[None]] | None = None,
    user_agent: str = "tracker/0 (+me@example.org)",
) -> Fetcher:
    return Fetcher(
        pace=pace(slots, patience),
        user_agent=user_agent,
        timeout=timedelta(seconds=timeout),
        max_body=max_body,
        renew=renew,
        clock=lambda: NOW,
    )


def reading(label: str) -> Reading:
    return Reading(label, Identity.MATCHED)


def look_at(url: str) -> Flow:
    """The smallest flow: its reading is the page itself."""
    page = yield from get(url)
    return reading(page.body.decode("gb18030"))


def hosts(*urls: str) -> frozenset[str]:
    return frozenset(urlsplit(url).hostname or "" for url in urls)


def fetch(flow: Flow, allowed: Iterable[str], made: Fetcher | None = None, *, gap: timedelta = NO_GAP) -> str:
    """Run one flow with a fetcher of its own; the label that it read."""

    async def work() -> str:
        async with made or fetcher() as opened:
            return (await opened.run(flow, hosts=frozenset(allowed), gap=gap)).label

    return asyncio.run(work())


def read(url: str, made: Fetcher | None = None) -> str:
    """Get one page; its text."""
    return fetch(look_at(url), hosts(url), made)


def failure(url: str, *, timeout: float = 5, max_body: int = LIMIT) -> CheckError:
    """The error that ends a look at one page; the adapter never gets a page."""
    pages: list[str] = []

    def flow() -> Flow:
        page = yield from look_at(url)
        pages.append(page.label)
        return page

    with pytest.raises(CheckError) as caught:
        fetch(flow(), hosts(url), fetcher(timeout=timeout, max_body=max_body))
    assert pages == []
    return caught.value


def named(error: CheckError) -> str:
    return f"{error.kind.value}/{error.reason}"
