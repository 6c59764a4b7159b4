"""The strings of the config -> values. Each refuses with a code of mistakes.MISTAKES; a value of the right type passes."""

import re
from collections.abc import Iterable
from datetime import time, timedelta
from functools import cache
from ipaddress import ip_address
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic_core import PydanticCustomError

from tracker.core.model import EventKind
from tracker.core.workdays import COUNTRIES, Span

Period = tuple[time, time]

LONGEST = timedelta(days=3650)
SIZES = {"B": 1, "KiB": 1 << 10, "MiB": 1 << 20}
SHORTEST_KEY = 16
SMALLEST_BODY, LARGEST_BODY = 1 << 10, 64 << 20
EVENTS = (*(k.value for k in EventKind), "*", "urgent", "operator")
APPRISE_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S.*", re.DOTALL)

_MILLISECONDS = {"d": 86_400_000, "h": 3_600_000, "min": 60_000, "m": 60_000, "s": 1000, "ms": 1}
_PART = re.compile(r"([0-9]{1,9}) ?(d|h|min|ms|m|s) ?")
_DURATION = re.compile(r"(?:[0-9]{1,9} ?(?:d|h|min|ms|m|s) ?)+")
_WORKDAYS = re.compile(r"([0-9]{1,4}) ?workdays?")
_PERIOD = re.compile(r"([0-9]{1,2}):([0-9]{2}) ?- ?([0-9]{1,2}):([0-9]{2})")
_SIZE = re.compile(r"([0-9]{1,9}) ?(B|KiB|MiB)")
_LISTEN = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+)):([0-9]{1,5})")
_STORE = re.compile(r"sqlite:///.+|postgresql\+psycopg://.+")


def wrong(code: str, **params: str) -> PydanticCustomError:
    """A refusal by its code; its words are made in mistakes.py."""
    return PydanticCustomError(code, "mistake", params)


def among(names: Iterable[str]) -> str:
    """Names as pydantic lists them: 'a', 'b'."""
    return ", ".join(f"'{n}'" for n in names)


def duration(value: object) -> timedelta:
    """ "1h30min" -> timedelta."""
    if isinstance(value, timedelta):
        return value
    if isinstance(value, str) and _DURATION.fullmatch(value):
        length = timedelta(milliseconds=sum(int(n) * _MILLISECONDS[unit] for n, unit in _PART.findall(value)))
        if length <= LONGEST:
            return length
    raise wrong("duration")


def positive(value: object) -> timedelta:
    """A duration that is not nothing."""
    length = duration(value)
    if not length:
        raise wrong("not_positive")
    return length


def span(value: object) -> Span:
    """ "20 workdays" or a duration -> Span."""
    if isinstance(value, Span):
        return value
    days = _WORKDAYS.fullmatch(value) if isinstance(value, str) else None
    try:
        found = Span(int(days[1]), "workdays") if days else Span(int(duration(value).total_seconds()), "seconds")
    except PydanticCustomError:
        raise wrong("span") from None
    if not found.amount:
        raise wrong("not_positive")
    return found


def span_or_never(value: object) -> Span | None:
    """A span; "" is never."""
    return None if value is None or value == "" else span(value)


def duration_or_never(value: object) -> timedelta | None:
    """A duration that is not nothing; "" is never."""
    return None if value is None or value == "" else positive(value)


def period(value: object) -> Period:
    """ "22:00-08:00" -> (time, time), in either order; "24:00" is the last moment of the day."""
    if isinstance(value, tuple):
        return value[0], value[1]
    match = _PERIOD.fullmatch(value) if isinstance(value, str) else None
    if not match:
        raise wrong("hours")
    begin, end = _time(match[1], match[2]), _time(match[3], match[4])
    if begin == end:
        raise wrong("hours_empty")
    return begin, end


def hours(value: object) -> Period:
    """A period that ends on the day on which it begins."""
    begin, end = period(value)
    if end < begin:
        raise wrong("hours_order")
    return begin, end


def _time(hour: str, minute: str) -> time:
    if (hour, minute) == ("24", "00"):
        return time.max
    if int(hour) > 23 or int(minute) > 59:
        raise wrong("hours")
    return time(int(hour), int(minute))


def size(value: object) -> int:
    """ "2MiB" -> bytes."""
    match = _SIZE.fullmatch(value) if isinstance(value, str) else None
    found = int(match[1]) * SIZES[match[2]] if match else value
    if not isinstance(found, int) or not SMALLEST_BODY <= found <= LARGEST_BODY:
        raise wrong("size")
    return found


def listen(value: object) -> tuple[str, int]:
    """ "[::1]:8300" -> ("::1", 8300)."""
    if isinstance(value, tuple):
        return value[0], value[1]
    match = _LISTEN.fullmatch(value) if isinstance(value, str) else None
    if not match or int(match[3]) > 65535:
        raise wrong("listen")
    return match[1] or match[2], int(match[3])


def web_url(value: str) -> str:
    """An http or https address; "" is none."""
    try:
        parts = urlsplit(value)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        good = False
    if value and (not good or not value.isprintable() or " " in value):
        raise wrong("url")
    return value


def selector(value: str | None) -> str | None:
    """A CSS selector that the page's parser understands."""
    if value is None:
        return None
    from soupsieve import SelectorSyntaxError, compile  # noqa: A004, PLC0415 - start-up time: few configs select anything

    try:
        compile(value)
    except (SelectorSyntaxError, ValueError):
        raise wrong("selector") from None
    return value


def base_url(value: str) -> str:
    """Our own address as others reach it, without the last slash."""
    if "?" in value or "#" in value:
        raise wrong("url")
    return web_url(value).rstrip("/")


def heartbeat(value: object) -> object:
    """A web address that tells a watcher that we live; "" is none."""
    if value == "":
        return None
    return web_url(value) if isinstance(value, str) else value


def contact(value: object) -> str | None:
    """What stands in the User-Agent: a header takes ASCII only."""
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not (value.isascii() and value.isprintable()) or len(value) > 100:
        raise wrong("contact")
    return value


def store_url(value: object) -> str | None:
    if value is not None and not (isinstance(value, str) and _STORE.fullmatch(value)):
        raise wrong("store_url")
    return value


def store_key(value: object) -> object:
    """What is shorter can't be 32 bytes in any spelling, and is too easily guessed as a sentence."""
    if isinstance(value, str) and 0 < len(value.strip()) < SHORTEST_KEY:
        raise wrong("short_key")
    return value


def receiver_url(value: object) -> object:
    if isinstance(value, str) and not APPRISE_URL.fullmatch(value):
        raise wrong("receiver_url")
    return value


def name(value: str) -> str:
    """A name that a command line and a web address can carry."""
    if not 0 < len(value) <= 64 or not value.isprintable() or value != value.strip() or value[0] == "-" or "/" in value:
        raise wrong("name")
    if value in {".", ".."}:  # a browser takes them out of an address
        raise wrong("name")
    return value


def event(value: str) -> str:
    if value not in EVENTS:
        raise wrong("choice", expected=among(EVENTS))
    return value


def workdays(value: object) -> str | None:
    if value is not None and value not in COUNTRIES:
        raise wrong("choice", expected=among(COUNTRIES))
    return None if value is None else str(value)


def timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ValueError, OSError, LookupError):
        raise wrong("timezone") from None
    return value


@cache
def is_loopback(host: str) -> bool:
    """Whether a host's name or address can only mean this machine."""
    host = host.lower().rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
