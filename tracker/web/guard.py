"""What every request passes: our sub-path, the name it was sent to, where it came from, how large it is; and the headers of
every answer."""

import logging
from collections.abc import Mapping
from typing import Protocol
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tracker.config.model import Web
from tracker.config.values import is_loopback
from tracker.core.errors import place_of

log = logging.getLogger(__name__)

READING = frozenset({"GET", "HEAD"})
AROUND_A_PAGE = 64 << 10  # bytes that a form takes beside what it carries

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not "no-referrer": with that, browsers send our own forms with `Origin: null`, as a stranger's would be.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Refused(Exception):
    """A request that is not answered; `reason` is a code of messages.py."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


class Guard:
    """Stands before the page. `refuse` makes the answer for a status and a reason."""

    def __init__(self, page: ASGIApp, web: Web, most: int, refuse: "Refuse") -> None:
        self._page, self._refuse = page, refuse
        own = urlsplit(web.base_url)
        self._prefix, self._origin, self._name = own.path, f"{own.scheme}://{own.netloc}".lower(), own.hostname or ""
        self._most = most + AROUND_A_PAGE
        # Without a login, a page that was led to us under a name of its own (DNS rebinding) could read everything.
        self._any_name = web.password is not None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        begun = False

        async def answer(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            self._check(scope)
            await self._page(self._ours(scope), self._bounded(scope, receive), answer)
        except Refused as refused:
            await self._say(refused.status, refused.reason, scope, receive, answer, begun=begun)
        except Exception as error:  # noqa: BLE001 - the last resort: what an exception says may hold personal data
            log.error("the page failed unexpectedly: %s at %s", type(error).__name__, place_of(error))  # noqa: TRY400 - as above
            await self._say(500, "unexpected", scope, receive, answer, begun=begun)

    async def _say(self, status: int, reason: str, scope: Scope, receive: Receive, send: Send, *, begun: bool) -> None:
        if not begun:
            await self._refuse(status, reason)(scope, receive, send)

    def _check(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        host = headers.get("host", "").lower()
        if not self._any_name and not self._is_ours(_name(host)):
            raise Refused(400, "host")
        if scope["method"] not in READING and not self._is_from_us(headers, host):
            raise Refused(403, "origin")

    def _is_ours(self, name: str) -> bool:
        return is_loopback(name) or (name != "" and name == self._name)

    def _is_from_us(self, headers: Headers, host: str) -> bool:
        """Whether one of our own pages sent this form. Browsers leave Sec-Fetch-Site out on plain http; Origin they send."""
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site == "same-origin"
        origin = headers.get("origin", "").lower()
        return origin in (f"http://{host}", f"https://{host}") or origin == self._origin

    def _ours(self, scope: Scope) -> Scope:
        """The request as if we stood at the root, whether or not a proxy took our sub-path away. HEAD is answered like GET."""
        path = scope["path"]
        if self._prefix and (path + "/").startswith(self._prefix + "/"):
            path = path[len(self._prefix) :] or "/"
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        return {**scope, "path": path, "root_path": "", "method": method}

    def _bounded(self, scope: Scope, receive: Receive) -> Receive:
        """A body that is larger than a page may be is not taken in."""
        said = Headers(scope=scope).get("content-length", "0")
        if not said.isdecimal() or int(said[:20]) > self._most:
            raise Refused(413, "too_large")
        size = 0

        async def bounded() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > self._most:
                raise Refused(413, "too_large")
            return message

        return bounded


class Refuse(Protocol):
    """(status, reason) -> an answer."""

    def __call__(self, status: int, reason: str) -> ASGIApp: ...


def _name(host: str) -> str:
    """A Host header without its port."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
