"""Conversations with saved answers instead of a site, and live ones that are written down.

Everything but the line itself is what a check does: the same hosts are allowed, redirects followed, cookies sent, statuses
refused.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from tracker.core.model import Reading
from tracker.core.slots import Grant
from tracker.fetch.drive import Fetcher
from tracker.fetch.lean import httpx
from tracker.fetch.pace import Pace
from tracker.fetch.wire import Answer, Content, Extra, Wire
from tracker.pages.contract import Flow, Pairs

T = TypeVar("T")

MAX_BODY = 2 << 20
_TOTAL = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Sent:
    """One request as it goes out; `cookie` None: none was sent. `headers`: those that the adapter adds."""

    method: str
    url: str
    body: bytes = field(default=b"", repr=False)
    kind: str = ""
    cookie: str | None = field(default=None, repr=False)
    headers: Pairs = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Got:
    """What came back, as far as it matters for what is read."""

    status: int
    content_type: str = ""
    body: bytes = field(default=b"", repr=False)
    set_cookie: tuple[str, ...] = field(default=(), repr=False)
    location: str = ""
    retry_after: str = ""


class SavedWire(Wire):
    """Answers from `answer` instead of the network."""

    def __init__(self, answer: Callable[[Sent], Got]) -> None:
        super().__init__(user_agent="", max_body=MAX_BODY)
        self._saved = answer

    async def exchange(
        self, method: str, url: httpx.URL, *, content: Content | None, extra: Extra, jar: httpx.Cookies
    ) -> Answer:
        sent = _sent(method, url, content, extra, jar)
        got = self._saved(sent)
        pairs = [("content-type", got.content_type), ("retry-after", got.retry_after)]
        headers = httpx.Headers([pair for pair in pairs if pair[1]] + [("set-cookie", text) for text in got.set_cookie])
        if got.set_cookie:
            jar.extract_cookies(httpx.Response(got.status, headers=headers, request=httpx.Request(method, url)))
        return Answer(got.status, headers, got.location.encode(), got.body if 200 <= got.status < 300 else b"")


class KeptWire(Wire):
    """The network; `keep` is told of each exchange that got an answer."""

    def __init__(self, keep: Callable[[Sent, Got], None], *, user_agent: str, max_body: int) -> None:
        super().__init__(user_agent=user_agent, max_body=max_body)
        self._keep = keep

    async def exchange(
        self, method: str, url: httpx.URL, *, content: Content | None, extra: Extra, jar: httpx.Cookies
    ) -> Answer:
        sent = _sent(method, url, content, extra, jar)
        answer = await super().exchange(method, url, content=content, extra=extra, jar=jar)
        headers = answer.headers
        got = Got(
            answer.status,
            headers.get("content-type", ""),
            answer.body,
            tuple(headers.get_list("set-cookie")),
            answer.location.decode("utf-8", "replace"),
            headers.get("retry-after", ""),
        )
        self._keep(sent, got)
        return answer


async def run_saved(flow: Flow, *, hosts: frozenset[str], answer: Callable[[Sent], Got], at: datetime) -> Reading:
    """What a flow reads from saved answers, at a frozen time; raises a CheckError, and whatever `answer` raises."""
    pace = Pace(NoSlots(), clock=lambda: at, run=_here)
    fetcher = Fetcher(pace=pace, user_agent="", timeout=_TOTAL, max_body=MAX_BODY, clock=lambda: at, wire=SavedWire(answer))
    async with fetcher:
        return await fetcher.run(flow, hosts=hosts, gap=timedelta(0))


class NoSlots:
    """Nobody is asked: it is always our turn."""

    def take(self, host: str, *, now: datetime, hold: timedelta, gap: timedelta) -> Grant:  # noqa: ARG002 - HostSlots
        return Grant(True, now, False)

    def free(self, host: str, *, next_at: datetime) -> None:
        """Nothing is held."""


async def _here(call: Callable[[], T], /) -> T:
    return call()


def _sent(method: str, url: httpx.URL, content: Content | None, extra: Extra, jar: httpx.Cookies) -> Sent:
    request = httpx.Request(method, url)
    if jar:
        jar.set_cookie_header(request)
    body, kind = (content.body, content.kind.decode("ascii")) if content is not None else (b"", "")
    return Sent(method, str(url), body, kind, request.headers.get("cookie"), extra.headers)


__all__ = ["Got", "KeptWire", "NoSlots", "SavedWire", "Sent", "run_saved"]
