"""One request and its answer on the wire: connections, TLS, cookies, the bounded body, and what a failure there means.

Transports are used without httpx's client on top: its cookie jar would be shared by all cases of a host, and it would
unpack, redirect and log by itself.
"""

import asyncio
import logging
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from tracker.core.errors import Unavailable
from tracker.fetch.body import coding_of, read_body, truncated
from tracker.fetch.lean import httpx
from tracker.pages.contract import Pairs, Request
from tracker.pages.forms import encode_form

if TYPE_CHECKING:
    import httpcore

# An idle connection is reused within this many seconds; with a real site's gap it never is, so none goes stale under us.
KEEP_ALIVE = 4.0
# The body of an answer that is not read is taken off the line where that is quick, so that the connection can be used again.
DRAIN_BYTES, DRAIN_SECONDS = 65_536, 0.5
ACCEPT = b"text/html,application/xhtml+xml,application/xml;q=0.9,application/json;q=0.9,*/*;q=0.8"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `body` is empty unless the status was 2xx; `location` is the raw header of a redirect."""

    status: int
    headers: httpx.Headers
    location: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class Content:
    """The body of a POST with its kind."""

    body: bytes
    kind: bytes

    @classmethod
    def of(cls, request: Request) -> Self:
        """A form in its page's charset, or JSON in UTF-8."""
        if request.json is not None:
            return cls(request.json.encode("utf-8", "replace"), b"application/json; charset=utf-8")
        return cls(encode_form(request.form, request.charset), b"application/x-www-form-urlencoded")


@dataclass(frozen=True, slots=True)
class Extra:
    """What a request says beside its address and body: the page that it came from, and what the adapter adds."""

    referer: str | None = None
    headers: Pairs = field(default=(), repr=False)


class Wire:
    """Connections to any number of origins, each with a transport of its own, kept until `aclose`."""

    def __init__(self, *, user_agent: str, max_body: int) -> None:
        for name in ("httpx", "httpcore"):
            logging.getLogger(name).setLevel(logging.WARNING)  # below that they log full addresses and headers
        self._max_body = max_body
        self._transports: dict[tuple[bytes, bytes, int | None], httpx.AsyncHTTPTransport] = {}
        self._headers = [
            (b"User-Agent", "".join(c for c in user_agent if c.isprintable()).encode()),
            (b"Accept", ACCEPT),
            (b"Accept-Language", b"zh-CN,zh;q=0.9,en;q=0.5"),
            (b"Accept-Encoding", b"gzip"),
        ]

    async def aclose(self) -> None:
        """Close every connection."""
        for transport in self._transports.values():
            await transport.aclose()
        self._transports.clear()

    async def exchange(
        self, method: str, url: httpx.URL, *, content: Content | None, extra: Extra, jar: httpx.Cookies
    ) -> Answer:
        """Send one request and read its answer; the total deadline is the caller's. Cookies are kept in `jar`."""
        added = [(name.encode(), value.encode()) for name, value in extra.headers]
        replaced = {name.lower() for name, _ in added}
        headers = [(name, value) for name, value in self._headers if name.lower() not in replaced]
        if content is not None:
            headers.append((b"Content-Type", content.kind))
        if extra.referer is not None:
            headers.append((b"Referer", extra.referer.encode()))
        headers += added
        request = httpx.Request(method, url, headers=headers, content=content.body if content is not None else None)
        if jar:
            jar.set_cookie_header(request)
        response = await self._head(request)
        try:
            if "set-cookie" in response.headers:
                response.request = request
                jar.extract_cookies(response)
            body = await self._body(response)
        finally:
            await response.aclose()
        location = next((value for name, value in response.headers.raw if name.lower() == b"location"), b"")
        return Answer(response.status_code, response.headers, location, body)

    async def _head(self, request: httpx.Request) -> httpx.Response:
        handshake = _Handshake()
        if request.url.scheme == "https":
            request.extensions["trace"] = handshake
        try:
            return await self._transport(request.url).handle_async_request(request)
        except (httpx.TransportError, OSError, UnicodeError) as error:
            raise _unavailable(error) from error
        finally:
            if handshake.stream is not None:
                await handshake.stream.aclose()

    async def _body(self, response: httpx.Response) -> bytes:
        headers = response.headers
        length = headers.get("content-length")
        if not 200 <= response.status_code < 300:
            await _drain(response, length)
            return b""
        coding = coding_of(headers.get("content-encoding", ""))
        try:
            return await read_body(response.aiter_raw(), coding=coding, limit=self._max_body, length=length)
        except httpx.RemoteProtocolError as error:
            # h11's words for a close before the promised length or the last chunk; anything else is junk.
            if "without sending complete message body" in str(error):
                raise truncated("the connection was closed") from error
            raise _unavailable(error) from error
        except (httpx.TransportError, OSError) as error:
            raise _unavailable(error) from error

    def _transport(self, url: httpx.URL) -> httpx.AsyncHTTPTransport:
        origin = (url.raw_scheme, url.raw_host, url.port)
        transport = self._transports.get(origin)
        if transport is None:
            transport = self._transports[origin] = httpx.AsyncHTTPTransport(
                verify=self._tls if url.scheme == "https" else self._no_tls,
                trust_env=False,
                limits=httpx.Limits(max_connections=2, max_keepalive_connections=1, keepalive_expiry=KEEP_ALIVE),
            )
        return transport

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        """The system's CAs (or SSL_CERT_FILE's) and certifi's; made when an https address is asked for the first time."""
        import certifi  # noqa: PLC0415 - start-up time: a plain http site needs none of it

        context = ssl.create_default_context()
        context.load_verify_locations(certifi.where())
        return context

    @cached_property
    def _no_tls(self) -> ssl.SSLContext:
        """For plain http: knows no CA and would refuse every certificate, and costs no 20 ms of loading them."""
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class _Handshake:
    """Remembers a connection until TLS stands: httpcore leaves it open when the handshake is cancelled by a deadline."""

    def __init__(self) -> None:
        self.stream: httpcore.AsyncNetworkStream | None = None

    async def __call__(self, name: str, info: Mapping[str, Any]) -> None:
        if name == "connection.connect_tcp.complete":
            self.stream = info["return_value"]
        elif name == "connection.start_tls.complete":
            self.stream = None


async def _drain(response: httpx.Response, length: str | None) -> None:
    if length is None or not length.isdigit() or len(length) > 5 or int(length) > DRAIN_BYTES:
        return  # closing the response drops the connection
    with suppress(httpx.TransportError, OSError, TimeoutError):
        async with asyncio.timeout(DRAIN_SECONDS):
            async for _ in response.aiter_raw():
                pass


def _unavailable(error: BaseException) -> Unavailable:
    reason = "tls" if _is_tls(error) else "network"
    # Before the connection stands, the words are the system's own; later ones may quote what the server sent.
    words = str(error) if isinstance(error, httpx.ConnectError) else type(error).__name__
    return Unavailable(reason, evidence=words)


def _is_tls(error: BaseException | None) -> bool:
    for _ in range(10):
        if error is None or isinstance(error, ssl.SSLError):
            break
        error = error.__cause__ or error.__context__
    return isinstance(error, ssl.SSLError)
