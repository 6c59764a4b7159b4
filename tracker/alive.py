"""The service's signs of life, once a tick: its own troubles told, people asked and reminded, the heartbeat sent."""

import logging
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from tracker.config.model import Config
from tracker.core.errors import StoreError, place_of
from tracker.core.vitals import Pulse, is_short, jumped
from tracker.fetch.heartbeat import Heartbeat
from tracker.store.notes import Notes
from tracker.subjects import Subject
from tracker.upkeep import Params, Upkeep

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=5)
ALIVE = "alive"  # the note that proves that the store can be written


@dataclass(frozen=True, slots=True)
class Round:
    """One tick. `stalled`: seconds for which the ticks had stood still; `well`: nothing is wrong with the service."""

    stalled: float = 0.0
    well: bool = True


class Alive:
    """Called in the store's thread. `free`: bytes left where the store lies; None where that is not our disk."""

    def __init__(
        self,
        config: Config,
        *,
        upkeep: Upkeep,
        notes: Notes,
        clock: Callable[[], datetime],
        steady: Callable[[], float],
        free: Callable[[], int | None],
    ) -> None:
        self._upkeep, self._notes, self._clock, self._steady, self._free = upkeep, notes, clock, steady, free
        self._pulse: Pulse | None = None
        self._looked_at: float | None = None
        self._short = self._broken = False
        self._unsaid: list[tuple[str, Params, datetime]] = []  # until the store takes it
        self._heartbeat: Heartbeat | None = None
        self._url = ""
        self._set_heartbeat(config)

    def use(self, config: Config, subjects: Sequence[Subject]) -> None:
        """Other cases, receivers and addresses from the next round on."""
        self._upkeep.use(config, subjects)
        self._set_heartbeat(config)
        self._looked_at = None

    def _set_heartbeat(self, config: Config) -> None:
        secret = config.life.heartbeat
        url = secret.get_secret_value() if secret is not None else ""
        if url != self._url:
            self._heartbeat, self._url = Heartbeat(url) if url else None, url

    def round(self, now: Round) -> str:
        """Why the service is not well, as a code for /readyz; "" where it is. StoreError where the store can't be used."""
        self._notice(now)
        while self._unsaid:
            self._notes.tell([self._upkeep.of_service(*self._unsaid[0])])
            self._unsaid.pop(0)
        steady = self._steady()
        if self._looked_at is None or steady - self._looked_at >= EVERY.total_seconds():
            self._looked_at = steady
            self._keep_up()
        if now.well and not self._short and not self._broken and self._heartbeat is not None and self._heartbeat.is_due:
            self._notes.note(ALIVE, self._notes.setting(ALIVE), self._clock().isoformat())
            self._heartbeat.beat()
        return "disk" if self._short else ""

    def _keep_up(self) -> None:
        """A mistake of ours in asking and reminding must not end the checks."""
        try:
            self._upkeep.run()
        except StoreError:
            self._looked_at = None
            raise
        except Exception as error:  # noqa: BLE001 - what it says may hold personal data
            if not self._broken:
                place = place_of(error)
                log.error("asking and reminding ended unexpectedly: %s at %s", type(error).__name__, place)  # noqa: TRY400
            self._broken = True
        else:
            self._broken = False

    def _notice(self, now: Round) -> None:
        pulse = Pulse(self._clock(), self._steady())
        if now.stalled:
            log.warning("the service stood still for %d s, and goes on", now.stalled)
            self._say("stalled", pulse.wall, {"minutes": max(round(now.stalled / 60), 1)})
        jump = jumped(self._pulse, pulse)
        if jump is not None:
            minutes = round(abs(jump).total_seconds() / 60)
            log.warning("the machine slept or its clock was set: %+d min", round(jump.total_seconds() / 60))
            self._say("clock_jump", pulse.wall, {"minutes": minutes})
            self._looked_at = None
        self._pulse = pulse
        self._look_at_disk(pulse.wall)

    def _look_at_disk(self, at: datetime) -> None:
        free = self._free()
        if free is None:
            return
        short = is_short(free, was=self._short)
        if short != self._short:
            log.warning("store: %d MB left on its disk%s", free >> 20, ": please make room" if short else ", enough again")
            self._say("disk" if short else "disk_again", at, {"free_mb": free >> 20})
        self._short = short

    def _say(self, reason: str, at: datetime, params: Params) -> None:
        self._unsaid.append((reason, params, at))


def free_on_disk(file: Path | None) -> int | None:
    """Bytes left on the disk of a store's file; None where it has none, or that can't be known."""
    if file is None:
        return None
    try:
        return shutil.disk_usage(file.parent).free
    except OSError:
        return None
