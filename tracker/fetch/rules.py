"""What an answer means before any page is read: statuses, Retry-After, and where a redirect may lead."""

import ipaddress
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import quote, unquote, urljoin, urlsplit

from tracker.core.errors import Blocked, CheckError, PageChanged, Unavailable

LONGEST_WAIT = timedelta(hours=24)
MOVED = frozenset({301, 302, 303, 307, 308})
# 412 and 468 are what the usual Chinese web firewalls answer to a client that they don't like.
REFUSED = frozenset({401, 403, 407, 412, 451, 468})
_LOGIN_PART = re.compile(r"login|logon|signin|sign-in|passport|登录|登陆")
_LOGIN_WORDS = frozenset({"sso", "cas", "auth", "oauth", "oauth2", "authserver", "idp", "uaa", "tyrz"})
# What the program itself says of a request, and what would say that somebody else asks.
_NOT_AN_ADAPTERS = re.compile(
    r"host|user-agent|cookie|referer|origin|content-.*|transfer-encoding|connection|te|upgrade|accept-encoding|proxy-.*"
    r"|via|forwarded|x-forwarded-.*|x-real-ip|(?:x-)?(?:client|remote|originating|cluster)-.*|true-client-ip",
    re.IGNORECASE,
)
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~\-]{1,100}")
_HEADERS_VALUE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")
PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))


def retry_after(header: str | None, now: datetime) -> timedelta | None:
    """How long the server asks us to stay away: seconds or an HTTP date; None for the past and for garbage; at most 24 h."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        wait = timedelta(seconds=int(text)) if len(text) < 9 else LONGEST_WAIT
    else:
        try:
            at = parsedate_to_datetime(text)
        except ValueError:
            return None
        wait = (at if at.tzinfo else at.replace(tzinfo=UTC)) - now
    return min(wait, LONGEST_WAIT) if wait > timedelta(0) else None


def refusal(status: int, headers: Mapping[str, str], now: datetime) -> CheckError | None:
    """The error that a status stands for; None where there is a page to read."""
    wait = retry_after(headers.get("retry-after"), now)
    if status == 429:
        return Unavailable("rate_limited", retry_after=wait, status=str(status))
    if status in REFUSED:
        return Blocked("refused", retry_after=wait, status=str(status))
    if 500 <= status < 600:
        return Unavailable("server_error", retry_after=wait, status=str(status))
    # 206 is part of a page, and a part is never read.
    if not 200 <= status < 300 or status == 206:
        return PageChanged("http", "200", str(status))
    return None


def may_send(name: str, value: str) -> bool:
    """Whether an adapter may send a header: one that a script of the site adds, and nothing that says who asks."""
    well_made = _HEADER.fullmatch(name) and _HEADERS_VALUE.fullmatch(value)
    return well_made is not None and _NOT_AN_ADAPTERS.fullmatch(name) is None


def redirect_target(base: str, location: bytes) -> str:
    """The absolute address that a Location header means; raw bytes of any charset stay what they are."""
    raw = location.strip()
    if not raw:
        raise PageChanged("redirect", "an address", "nothing")
    try:
        return urljoin(base, quote(raw, safe=PRINTABLE))
    except ValueError:
        raise PageChanged("redirect", "an address", "junk") from None


def is_loopback(host: str) -> bool:
    """Whether a host name means this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def looks_like_login(address: str) -> bool:
    """Whether the host's name or the path is that of a log-in."""
    parts = urlsplit(address)
    where = unquote(f"{parts.hostname or ''}{parts.path}").lower()
    return _LOGIN_PART.search(where) is not None or not _LOGIN_WORDS.isdisjoint(re.split(r"[^a-z0-9]+", where))


def forbidden(scheme: str, host: str, hosts: frozenset[str], *, came_from: tuple[str, str] | None) -> tuple[str, str] | None:
    """What an address should have been and what it is, where it must not be asked; `came_from`: (scheme, host) before it."""
    if scheme not in ("http", "https"):
        return "http or https", scheme[:40]
    if host not in hosts:
        return f"one of {', '.join(sorted(hosts))}", host[:100]
    if came_from is None:
        return None
    if is_loopback(host) and not is_loopback(came_from[1]):
        return "no loopback address", host
    if came_from[0] == "https" and scheme == "http":
        return "https", "http"
    return None
