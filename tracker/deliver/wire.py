"""What receivers answer: an ear on requests and one on smtplib, per thread, because Apprise keeps neither status nor words.

Importing it puts the ears on, so only send.py does, when there is something to send. Other threads' requests pass unheard.
"""

import logging
import smtplib
import ssl
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import requests

from tracker.deliver.heard import Answer, Heard, Silence

MOST_BODY = 64 << 10

# Where a connection is still being made: nothing of the message has left us yet.
_MAKING = frozenset({"connect", "_new_conn", "_validate_conn", "_prepare_proxy"})


class _Ear(threading.local):
    heard: Heard | None = None
    complaint = ""


_ear = _Ear()
_session_send = requests.Session.send
_smtp_connect, _smtp_getreply, _smtp_data = smtplib.SMTP.connect, smtplib.SMTP.getreply, smtplib.SMTP.data


@contextmanager
def listening() -> Iterator[Heard]:
    """Collects the replies to what this thread sends."""
    _ear.heard, _ear.complaint = [], ""
    try:
        yield _ear.heard
    finally:
        _ear.heard = None


def complaint() -> str:
    """What Apprise complained of first while this thread listened; it may hold secrets."""
    return _ear.complaint


def _overhear(record: logging.LogRecord) -> bool:
    if _ear.heard is not None and record.levelno >= logging.WARNING and not _ear.complaint:
        _ear.complaint = record.getMessage()
    return False


def _send(self: requests.Session, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:  # noqa: ANN401 - requests' signature
    heard = _ear.heard
    if heard is None:
        return _session_send(self, request, **kwargs)
    # Whatever a URL asks for: a redirect would carry the token and the message to another place.
    kwargs["allow_redirects"] = False
    try:
        reply = _session_send(self, request, **kwargs)
    except requests.RequestException as error:
        heard.append(_silence(error, ambiguous=isinstance(error, _CUT)))
        raise
    body = b"" if kwargs.get("stream") else reply.content[:MOST_BODY]
    heard.append(Answer("HTTP", reply.status_code, body, reply.headers.get("Retry-After")))
    return reply


_CUT = (
    requests.Timeout,
    requests.ConnectionError,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
)


def _connect(self: smtplib.SMTP, *args: Any, **kwargs: Any) -> tuple[int, bytes]:  # noqa: ANN401 - smtplib's signature
    try:
        return _smtp_connect(self, *args, **kwargs)
    except OSError as error:
        if _ear.heard is not None:
            _ear.heard.append(_silence(error, ambiguous=False))
        raise


def _getreply(self: smtplib.SMTP) -> tuple[int, bytes]:
    code, words = _smtp_getreply(self)
    if _ear.heard is not None and code >= 400:
        _ear.heard.append(Answer("SMTP", code, words))
    return code, words


def _data(self: smtplib.SMTP, msg: Any) -> tuple[int, bytes]:  # noqa: ANN401 - likewise
    heard = _ear.heard
    try:
        code, words = _smtp_data(self, msg)
    except (smtplib.SMTPServerDisconnected, TimeoutError, ConnectionError) as error:
        if heard is not None:
            heard.append(_silence(error, ambiguous=True))
        raise
    if heard is not None and code == 250:
        heard.append(Answer("SMTP", code, words))
    return code, words


def _silence(error: BaseException, *, ambiguous: bool) -> Silence:
    chain = [error]
    while following := chain[-1].__cause__ or chain[-1].__context__:
        chain.append(following)
    sent = ambiguous and not any(
        frame.f_code.co_name in _MAKING for link in chain for frame, _ in traceback.walk_tb(link.__traceback__)
    )
    kind: Literal["network", "timeout", "tls"] = "network"
    if any(isinstance(link, (ssl.SSLError, requests.exceptions.SSLError)) for link in chain):
        kind = "tls"
    elif any(isinstance(link, (TimeoutError, requests.Timeout)) for link in chain):
        kind = "timeout"
    return Silence(kind, _words(chain), sent)


def _words(chain: list[BaseException]) -> str:
    """The system's own words for what went wrong; never the library's, which repeat the URL."""
    for link in reversed(chain):
        if isinstance(link, ssl.SSLCertVerificationError):
            return link.verify_message
        if isinstance(link, OSError) and link.strerror:
            return str(link.strerror)
    if isinstance(chain[-1], (ConnectionError, smtplib.SMTPServerDisconnected)):
        return "connection closed"
    return "timed out" if isinstance(chain[-1], TimeoutError) else type(chain[-1]).__name__


requests.Session.send = _send  # type: ignore[method-assign]
smtplib.SMTP.connect = _connect  # type: ignore[method-assign]
smtplib.SMTP.getreply = _getreply  # type: ignore[method-assign]
smtplib.SMTP.data = _data  # type: ignore[method-assign]

# Apprise logs a URL that does not parse with its secret, and whole bodies; urllib3 logs paths, where tokens stand.
logging.getLogger("apprise").addFilter(_overhear)
logging.getLogger("urllib3").setLevel(logging.CRITICAL + 1)
