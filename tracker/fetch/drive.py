"""Runs a flow over the network: sends what the adapter asks for, politely, and hands the answers back to it."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import PurePath
from types import TracebackType
from typing import Self
from urllib.parse import quote, urlsplit

from tracker.core.errors import Blocked, CheckError, PageChanged, Unavailable
from tracker.core.model import Reading
from tracker.fetch import rules
from tracker.fetch.lean import httpx
from tracker.fetch.pace import Pace
from tracker.fetch.wire import Answer, Content, Extra, Wire
from tracker.pages import contract
from tracker.pages.charset import codec_of
from tracker.pages.forms import encode_form

MAX_HOPS = 3
# The host's slot outlives the exchange's deadline by this, for the hooks and the store's own calls.
MARGIN = timedelta(seconds=5)

Hook = Callable[[], Awaitable[None]]


@dataclass(slots=True)
class _Talk:
    """One run of a flow: where it may go, its own cookies, and where it has been (scheme and host of the last answer)."""

    hosts: frozenset[str]
    gap: timedelta
    hook: Hook | None
    seen: Callable[[contract.Response], None] | None = None
    jar: httpx.Cookies = field(default_factory=httpx.Cookies)
    sent: int = 0
    last: tuple[str, str] | None = None


class Fetcher:
    """Runs flows; keeps connections open between them. `requests` counts what was sent, by host.

    `timeout` is the total of one exchange, the wait for the host not counted. `renew` (of the whole fetcher) and
    `on_exchange` (of one run) are awaited before each request, when the host is already ours: what they raise ends the run
    with nothing sent. `on_answer` is called with each answer that the adapter gets.
    `wire`: another line than the network's own.
    """

    def __init__(
        self,
        *,
        pace: Pace,
        user_agent: str,
        timeout: timedelta,
        max_body: int,
        max_exchanges: int = 8,
        renew: Hook | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        wire: Wire | None = None,
    ) -> None:
        self.requests: Counter[str] = Counter()
        self._pace = pace
        self._timeout = timeout
        self._max_exchanges = max_exchanges
        self._renew = renew
        self._clock = clock
        self._wire = wire or Wire(user_agent=user_agent, max_body=max_body)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await self._pace.let_go_all()
        finally:
            await self._wire.aclose()

    async def run(
        self,
        flow: contract.Flow,
        *,
        hosts: frozenset[str],
        gap: timedelta,
        on_exchange: Hook | None = None,
        on_answer: Callable[[contract.Response], None] | None = None,
    ) -> Reading:
        """What the flow read; raises a CheckError, or HostBusy where somebody else kept the host too long."""
        talk = _Talk(hosts, gap, on_exchange, on_answer)
        try:
            step = _step(flow, None)
            while not isinstance(step, Reading):
                step = _step(flow, await self._answer(step, talk))
            return step
        finally:
            with suppress(Exception):  # an adapter's clean-up can't change what the check found
                flow.close()

    async def _answer(self, ask: contract.Ask, talk: _Talk) -> contract.Answer:
        match ask:
            case contract.Request():
                return await self._ask(ask, talk)
            case contract.CaptchaAsk():
                raise Blocked("captcha")
            case contract.LookAsk():
                raise Blocked("by_hand")

    async def _ask(self, request: contract.Request, talk: _Talk) -> contract.Response:
        """One request and the redirects that follow it, each an exchange of its own."""
        method = request.method.upper()
        url, content = _address(request), None
        if method == "POST":
            content = Content.of(request)
        for name, value in request.headers:
            if not rules.may_send(name, value):
                raise PageChanged("adapter", "headers that a script of the site adds", name[:60])
        origin, where = _origin(url), "request"
        for _ in range(MAX_HOPS + 1):
            self._allow(url, talk, where)
            extra = Extra(_referer(request.referer, url), request.headers if _origin(url) == origin else ())
            answer = await self._exchange(method, url, content, extra, talk)
            if answer.status not in rules.MOVED:
                break
            url, where = _url(rules.redirect_target(str(url), answer.location), "redirect"), "redirect"
            if answer.status in (301, 302, 303):
                method, content = "GET", None
        else:
            raise PageChanged("redirect", f"at most {MAX_HOPS}", "more")
        error = rules.refusal(answer.status, answer.headers, self._clock())
        if error is not None:
            raise error
        response = contract.Response(str(url), answer.status, answer.headers.get("content-type", ""), answer.body)
        if talk.seen is not None:
            talk.seen(response)
        return response

    def _allow(self, url: httpx.URL, talk: _Talk, where: str) -> None:
        if talk.sent >= self._max_exchanges:
            raise PageChanged("exchanges", f"at most {self._max_exchanges}", "more")
        # An international name may stand in the config either way.
        host = url.host if url.host in talk.hosts else url.raw_host.decode("ascii")
        refused = rules.forbidden(url.scheme, host, talk.hosts, came_from=talk.last)
        if refused is None:
            return
        if url.scheme in ("http", "https") and rules.looks_like_login(str(url)):
            raise Blocked("login", host=url.host)
        raise PageChanged(where, *refused)

    async def _exchange(self, method: str, url: httpx.URL, content: Content | None, extra: Extra, talk: _Talk) -> Answer:
        async with self._pace.turn(url.host, gap=talk.gap, hold=self._timeout + MARGIN):
            for hook in (self._renew, talk.hook):
                if hook is not None:
                    await hook()
            self.requests[url.host] += 1
            talk.sent += 1
            talk.last = (url.scheme, url.host)
            try:
                async with asyncio.timeout(self._timeout.total_seconds()):
                    return await self._wire.exchange(method, url, content=content, extra=extra, jar=talk.jar)
            except TimeoutError:
                raise Unavailable("timeout") from None


def _step(flow: contract.Flow, answer: contract.Answer | None) -> contract.Ask | Reading:
    """What the flow wants next, or what it read."""
    try:
        step: object = next(flow) if answer is None else flow.send(answer)
    except StopIteration as stop:
        step = stop.value
    except CheckError:
        raise
    except Exception as error:  # an adapter is anybody's code: its crash on a page is an outcome too
        raise PageChanged("adapter", "a page that it understands", _crash(error)) from error
    if isinstance(step, (Reading, contract.Request, contract.CaptchaAsk, contract.LookAsk)):
        return step
    raise PageChanged("adapter", "a request or a reading", type(step).__name__)


def _crash(error: Exception) -> str:
    """Where an adapter broke; not the error's words, which may quote the page."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" at {PurePath(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace is not None else ""
    return type(error).__name__ + place


def _address(request: contract.Request) -> httpx.URL:
    """The address to ask, a GET's form added to its query; Chinese in the query is sent in the page's charset."""
    text = request.url.strip().partition("#")[0]
    if not text.isascii():
        path, mark, query = text.partition("?")
        text = path + mark + quote(query.encode(codec_of(request.charset), "xmlcharrefreplace"), safe=rules.PRINTABLE)
    if request.form and request.method.upper() == "GET":
        pairs = encode_form(request.form, request.charset).decode("ascii")
        text += ("&" if "?" in text else "?") + pairs
    return _url(text, "request")


def _url(text: str, where: str) -> httpx.URL:
    with suppress(httpx.InvalidURL):
        url = httpx.URL(text)
        if (url.port or 0) < 65536:
            return url
    raise PageChanged(where, "an http address", "junk")


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _referer(referer: str | None, url: httpx.URL) -> str | None:
    """The Referer where it stays on the same host and is no https page asked from over http."""
    if not referer:
        return None
    parts = urlsplit(referer)
    if parts.hostname != url.host or (parts.scheme == "https" and url.scheme == "http"):
        return None
    return quote(referer.partition("#")[0], safe=rules.PRINTABLE)
