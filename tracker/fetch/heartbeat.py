"""The heartbeat: an address that is asked after each good round, so that somebody else notices when the rounds end."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable

from tracker.fetch.lean import httpx

log = logging.getLogger(__name__)

TIMEOUT = 10.0
LEAST_GAP = 60.0
MAX_HOPS = 3


class Heartbeat:
    """Asks in a thread of its own, so that no check ever waits for it. The address is a secret: no line of the log names it."""

    def __init__(self, url: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        for name in ("httpx", "httpcore"):
            logging.getLogger(name).setLevel(logging.WARNING)  # below that they log full addresses
        self._url, self._clock = url, clock
        self._began: float | None = None
        self._thread: threading.Thread | None = None
        self._failed = False

    @property
    def is_due(self) -> bool:
        """At most once a minute, and one at a time."""
        busy = self._thread is not None and self._thread.is_alive()
        return not busy and (self._began is None or self._clock() - self._began >= LEAST_GAP)

    def beat(self) -> None:
        """Asks now."""
        self._began = self._clock()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Until the answer came, or its time is over."""
        if self._thread is not None:
            self._thread.join(TIMEOUT + 1)

    def _run(self) -> None:
        try:
            reason = asyncio.run(asyncio.wait_for(_ask(self._url), TIMEOUT))
        except Exception as error:  # noqa: BLE001 - the end of a thread; the error's own words may repeat the address
            reason = type(error).__name__
        if reason and not self._failed:
            log.warning("life.heartbeat: not accepted (%s); checks and messages go on", reason)
        elif self._failed and not reason:
            log.warning("life.heartbeat: accepted again")
        self._failed = bool(reason)


async def _ask(address: str) -> str:
    """ "" where it was accepted, else why not. Redirects are followed on the same host only."""
    async with httpx.AsyncClient(trust_env=False, timeout=TIMEOUT, headers={"User-Agent": "application-tracker"}) as client:
        url = httpx.URL(address)
        for _ in range(MAX_HOPS + 1):
            async with client.stream("GET", url) as answer:  # the body is nobody's business
                if answer.is_success:
                    return ""
                following = answer.headers.get("location")
                if not answer.has_redirect_location or following is None:
                    return f"HTTP {answer.status_code}"
            there = url.join(following)
            if there.host != url.host or (url.scheme == "https" and there.scheme != "https"):
                return "redirected elsewhere"
            url = there
    return "redirected in circles"
