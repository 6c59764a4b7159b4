"""The outbox's rounds: each receiver's rows in turn, in a thread of its own, so that none waits for another."""

import logging
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

from tracker.config.model import Config, Receiver
from tracker.config.values import Period
from tracker.core.errors import DeliveryError
from tracker.core.mask import mask_text
from tracker.core.message import SHORT, Message, render
from tracker.core.model import Event, EventKind, Urgency
from tracker.core.words import Translator
from tracker.deliver.send import attempt, is_mail
from tracker.deliver.verdict import Unclear
from tracker.store.outbox import SNOOZED, Outbox, Owed, State
from tracker.subjects import named_source

log = logging.getLogger(__name__)

# A process that can't be asked whether it lives (another machine's) has this long for one send.
HOLD = timedelta(minutes=5)
MAIL_LENGTH = 5000
# An unset variable in one run must not lose what is owed: a receiver's messages outlive its absence.
KEPT_FOR_MISSING = timedelta(days=7)
RETRY_MISSING = timedelta(minutes=10)
MOST_KEPT = 1000


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of one message to one receiver: sent, tried or held by this run. `reason`: see verdict.py."""

    event: str
    receiver: str
    state: State
    reason: str | None


@dataclass(slots=True)
class _Round:
    """One receiver's thread. `again`: something new may have come since it last looked; `owed`: the send in hand."""

    receiver: str
    force: bool
    thread: threading.Thread | None = None
    again: bool = False
    owed: Owed | None = None


class Courier:
    """Sends what is owed. All methods return soon; the sending happens in daemon threads, one per receiver."""

    def __init__(self, outbox: Outbox, config: Config, tr: Translator, clock: Callable[[], datetime]) -> None:
        self._outbox, self._config, self._tr, self._clock = outbox, config, tr, clock
        self._lock = threading.Lock()
        self._rounds: dict[str, _Round] = {}
        self._done: dict[tuple[str, str], Delivered] = {}
        self._unmarked: dict[str, Owed] = {}
        self.trouble: dict[str, str] = {}  # receivers whose rounds fail on our side, and by which error
        self._stopped = False

    def use(self, config: Config, tr: Translator) -> None:
        """Another configuration, from the next message on."""
        self._config, self._tr = config, tr

    def start(self, *, force: bool = False) -> None:
        """Begins a round for each receiver that has rows due and may be tried; `force`: with all that is owed, parked too."""
        now = self._clock()
        waiting = dict.fromkeys(list(self._unmarked)) | self._outbox.waiting(parked=force)
        for receiver, until in waiting.items():
            if force or until is None or until <= now:
                self._begin(receiver, force=force)

    def wait(self, timeout: float) -> tuple[Delivered, ...]:
        """Waits at most so many seconds for sends in hand, and tells what became of all since the last call."""
        until = time.monotonic() + timeout
        while threads := self._threads():
            left = until - time.monotonic()
            if left <= 0:
                break
            threads[0].join(left)
        with self._lock:
            told = dict(self._done)
            self._done.clear()
            for owed in [r.owed for r in self._rounds.values() if r.owed is not None]:
                told[owed.event.id, owed.receiver] = Delivered(owed.event.id, owed.receiver, State.SENDING, None)
        return tuple(told.values())

    def stop(self) -> None:
        """No new claims; sends in hand go on."""
        with self._lock:
            self._stopped = True

    def _threads(self) -> list[threading.Thread]:
        with self._lock:
            return [r.thread for r in self._rounds.values() if r.thread is not None]

    def _begin(self, receiver: str, *, force: bool) -> None:
        with self._lock:
            if self._stopped:
                return
            if mine := self._rounds.get(receiver):
                mine.again, mine.force = True, mine.force or force
                return
            mine = self._rounds[receiver] = _Round(receiver, force)
            mine.thread = threading.Thread(target=self._run, args=(mine,), name=f"deliver to {receiver}", daemon=True)
            mine.thread.start()

    def _run(self, mine: _Round) -> None:
        """One thread's life: rounds until nothing new came meanwhile."""
        try:
            while True:
                with self._lock:
                    force, mine.force, mine.again = mine.force, False, False
                done = self._round(mine, force=force)
                self.trouble.pop(mine.receiver, None)
                with self._lock:
                    if self._stopped or not mine.again or not (done or mine.force):
                        del self._rounds[mine.receiver]
                        return
        except Exception as error:  # noqa: BLE001 - the end of a thread: nobody else would hear of it
            if mine.receiver not in self.trouble:  # a service tries every few seconds
                _log_error(f"{mine.receiver}: messages stay owed", error)
            self.trouble[mine.receiver] = type(error).__name__
            with self._lock:
                del self._rounds[mine.receiver]

    def _round(self, mine: _Round, *, force: bool) -> bool:
        """Sends the receiver's rows in turn; False where it is down and the rest waits."""
        if mine.receiver in self._unmarked:
            self._mark(self._unmarked[mine.receiver])
        last = 0
        while not self._stopped:
            owed = self._outbox.claim(mine.receiver, HOLD, force=force, after=last)
            if owed is None:
                return True
            last, mine.owed = owed.id, owed
            if not self._deliver(owed, force=force):
                return False
        return True

    def _deliver(self, owed: Owed, *, force: bool) -> bool:
        """One row: sent, held, skipped or refused; False where the next one must not be tried now."""
        receiver = next((r for r in self._config.receivers if r.name == owed.receiver), None)
        if receiver is None:
            self._keep_or_skip(owed)
            return True
        until = _quiet_until(receiver.quiet_hours, self._clock(), self._config.zone)
        if until is not None and owed.event.urgency is not Urgency.URGENT:
            self._outbox.hold(owed, until)
            self._note(owed, State.HELD, None)
            return True
        quiet = owed.snoozed_until
        if quiet is not None and quiet > self._clock() and owed.event.urgency is not Urgency.URGENT:
            self._outbox.hold(owed, quiet, SNOOZED)
            self._note(owed, State.HELD, SNOOZED)
            return True
        try:
            attempt(receiver.url.get_secret_value(), self._message(owed.event, receiver), self._clock())
        except DeliveryError as error:
            return self._refused(owed, error) or (force and error.retry_after is None)
        except Exception as error:  # noqa: BLE001 - a message that can't be made must not stop the others
            _log_error(f"{owed.receiver}: event {owed.event.id}", error)
            reason = f"error: {type(error).__name__}"
            self._note(owed, self._outbox.refused(owed, reason, failures=0), reason)
            return True
        self._note(owed, State.SENT, None)
        self._mark(owed)
        return True

    def _keep_or_skip(self, owed: Owed) -> None:
        """A receiver that is not configured in this run may be in the next: its messages are kept for a while."""
        now = self._clock()
        if now - owed.created_at < KEPT_FOR_MISSING:
            self._outbox.hold(owed, now + RETRY_MISSING, "receiver_removed")
            self._note(owed, State.HELD, "receiver_removed")
            return
        self._outbox.skip(owed, "receiver_removed")
        self._note(owed, State.SKIPPED, "receiver_removed")

    def _mark(self, owed: Owed) -> None:
        """Marks a row as sent; where the store refuses, it is marked later rather than sent again."""
        self._unmarked[owed.receiver] = owed
        if not self._outbox.sent(owed):
            log.warning("%s: event %s was sent, but another process had taken it over meanwhile", owed.receiver, owed.event.id)
        del self._unmarked[owed.receiver]

    def _refused(self, owed: Owed, error: DeliveryError) -> bool:
        """Marks a row that was not accepted; whether the receiver is up."""
        reason = mask_text(error.reason, self._known(owed.event))
        failures = 0 if error.permanent else self._outbox.failures(owed.receiver) + 1
        if isinstance(error, Unclear):
            state = self._outbox.unclear(owed, reason, failures=failures)
        else:
            wait = error.retry_after
            state = self._outbox.refused(owed, reason, permanent=error.permanent, retry_after=wait, failures=failures)
        loud = failures <= 1 or state is State.FAILED
        log.log(
            logging.WARNING if loud else logging.INFO, "%s: event %s not accepted: %s", owed.receiver, owed.event.id, reason
        )
        self._note(owed, state, reason)
        return failures == 0

    def _note(self, owed: Owed, state: State | None, reason: str | None) -> None:
        key = owed.event.id, owed.receiver
        with self._lock:
            self._rounds[owed.receiver].owed = None
            self._done.pop(key, None)
            self._done[key] = Delivered(*key, state or State.PENDING, reason)
            while len(self._done) > MOST_KEPT:  # a service never asks
                del self._done[next(iter(self._done))]

    # --- texts -------------------------------------------------------------------------------------------------------

    def _message(self, event: Event, receiver: Receiver) -> Message:
        config, url = self._config, receiver.url.get_secret_value()
        mine = {c.name for c in config.cases if c.receivers is None or receiver.name in c.receivers}
        return render(
            event,
            self._tr,
            privacy=receiver.privacy,
            zone=config.zone,
            link=_link(config.web.base_url, event),
            cases=None if event.case else tuple(name for name in event.cases if name in mine),
            known=self._known(event),
            limit=MAIL_LENGTH if is_mail(url) else SHORT,
            source=named_source(config, event),
        )

    def _known(self, event: Event) -> tuple[str, ...]:
        """The reference values to mask: today's, and those of a case that was edited or removed since."""
        names = {event.case, *event.cases}
        today = (v for c in self._config.cases if c.name in names for s in c.sources for v in s.reference.values())
        return tuple(dict.fromkeys((*today, *(self._outbox.known_values(event.case) if event.case else ()))))


def _link(base: str, event: Event) -> str:
    """Our page about an event; "" where there is none that can be reached."""
    if not base or event.kind is EventKind.HANDOFF_NEEDED:
        return ""
    page = f"{base}/cases/{quote(event.case, safe='')}" if event.case else base
    if event.kind is EventKind.LOOK_NEEDED:
        return f"{page}/saw"
    if event.kind in {EventKind.STILL_WAITING, EventKind.FIRST_SEEN}:
        return page if event.case else f"{base}/"
    return page if event.case else f"{base}/health"


def _quiet_until(period: Period | None, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When the quiet hours end that `now` lies in; None outside of them."""
    if period is None:
        return None
    (begin, end), local = period, now.astimezone(zone)
    at = local.time()
    if not (begin <= at < end if begin < end else at >= begin or at < end):
        return None
    day = local.date() + timedelta(days=1 if begin > end and at >= begin else 0)
    ends = datetime.combine(day, end, zone).astimezone(UTC)
    # In the hour that a clock change repeats, the end may seem to lie behind us.
    return max(ends, now + timedelta(minutes=1))


def _log_error(what: str, error: Exception) -> None:
    """What went wrong and where, without the error's own words, which may repeat a URL."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    log.error("%s: %s in %s, line %s", what, type(error).__name__, place.name, place.lineno)
