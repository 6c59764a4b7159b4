"""One message to one Apprise URL; the only module that imports Apprise, and only when there is something to send."""

import threading
import time
import warnings
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from tracker.core.errors import DeliveryError
from tracker.core.message import Message
from tracker.core.model import Urgency
from tracker.deliver.verdict import hide, judge

APP = "Tracker"
MAIL = frozenset({"mailto", "mailtos"})
# Seconds, where the URL names none (cto=, rto=): a receiver that accepts slowly must not get the message twice.
_CONNECT, _READ, _MAIL = 10, 20, 60
# Between the parts of one message and its addressees; Apprise's own 5.5 s also hit services that ask for one part only.
_GAP = 1.0

_lock = threading.Lock()


def is_mail(url: str) -> bool:
    """Whether a receiver takes long messages."""
    return url.partition("://")[0].lower() in MAIL


def is_known(url: str) -> bool:
    """Whether Apprise knows the service and the form of a URL; nothing is sent."""
    apprise, _ = _load()
    try:
        return apprise.Apprise.instantiate(url) is not None
    except Exception:  # noqa: BLE001 - whatever a plugin trips over is no URL of its service
        return False


def attempt(url: str, message: Message, now: datetime) -> None:
    """Sends one message; returns when the receiver accepted it, else DeliveryError, whose reason holds nothing secret."""
    apprise, wire = _load()
    asset = apprise.AppriseAsset(
        service_timeout=0,
        http_redirects=False,
        storage_mode=apprise.PersistentStoreMode.MEMORY,
        async_mode=False,
        app_id=APP,
        app_desc=APP,
        app_url="",
    )
    service = apprise.Apprise.instantiate(url, asset=asset)
    if service is None:
        raise DeliveryError("bad_url")
    _tame(service)
    sender = apprise.Apprise(asset=asset)
    sender.add(service)
    kind = apprise.NotifyType.WARNING if message.urgency is Urgency.URGENT else apprise.NotifyType.INFO
    with wire.listening() as heard:
        # Text, always: with any other format what a page says would be markup at the receiver's.
        result = sender.notify(message.body, message.title, notify_type=kind, body_format=apprise.NotifyFormat.TEXT)
    scheme = service.url(privacy=True).partition("://")[0]
    error = judge(scheme, heard, ok=bool(result), addressees=len(service), now=now, words=wire.complaint())
    if error is not None:
        reason = hide(error.reason, url)
        raise type(error)(reason, permanent=error.permanent, retry_after=error.retry_after)


def _tame(service: Any) -> None:  # noqa: ANN401 - Apprise's classes carry no types
    """What a URL's parameters may ask for and we do ourselves, or don't want: retries, success whatever comes."""
    service.retry, service.optional = 0, False
    service.request_rate_per_sec = min(service.request_rate_per_sec, _GAP)
    kind = type(service)
    if service.socket_connect_timeout == kind.socket_connect_timeout:
        service.socket_connect_timeout = _MAIL if service.schema in MAIL else _CONNECT
    if service.socket_read_timeout == kind.socket_read_timeout:
        service.socket_read_timeout = _READ


@cache
def _apprise() -> Any:  # noqa: ANN401 - Apprise ships no types
    """Apprise with all its services: 0.6 s, which a run that sends nothing does not spend."""
    # A service of its own imports what a later Python will not have any more: nothing that we could mend.
    warnings.filterwarnings("ignore", category=DeprecationWarning, module="apprise")
    import apprise  # noqa: PLC0415 - start-up time

    apprise.Apprise.instantiate("json://localhost")
    return apprise


def _load() -> tuple[Any, Any]:
    """Apprise, and our ear, which also silences its loggers; other threads wait meanwhile."""
    with _lock:
        from tracker.deliver import wire  # noqa: PLC0415 - start-up time: it imports requests

        return _apprise(), wire


def attempt_all(
    urls: Mapping[str, str], message: Message, clock: Callable[[], datetime], timeout: float
) -> dict[str, str | None]:
    """The same message to several receivers at once, past the outbox: receiver -> why it was not accepted, None if it was."""
    results: dict[str, str | None] = dict.fromkeys(urls, "no_answer")

    def one(name: str, url: str) -> None:
        try:
            attempt(url, message, clock())
        except DeliveryError as error:
            results[name] = error.reason
        except Exception as error:  # noqa: BLE001 - whatever a plugin does is this receiver's result
            results[name] = f"error: {type(error).__name__}"
        else:
            results[name] = None

    threads = [threading.Thread(target=one, args=item, daemon=True) for item in urls.items()]
    for thread in threads:
        thread.start()
    until = time.monotonic() + timeout
    for thread in threads:
        thread.join(max(until - time.monotonic(), 0))
    return dict(results)
