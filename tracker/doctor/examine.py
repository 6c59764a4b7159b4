"""All findings in their order; what can't be asked because something before it is broken is left out."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from tracker.core.errors import ConfigError, StoreError
from tracker.desk import Desk
from tracker.doctor import life, place
from tracker.doctor.finding import Finding, Level

Ask = Callable[[str, int], tuple[int, str]]  # (host, port) -> (HTTP status, first line) of /readyz; OSError


def findings(desk: Desk, now: datetime, ask: Ask) -> Iterator[Finding]:
    """Everything that was looked at."""
    yield from place.surroundings(desk)
    yield from place.adapters(desk)
    try:
        loaded = desk.loaded
    except ConfigError as error:
        yield from _mistakes(desk, error.mistakes)
        return
    yield from _mistakes(desk, loaded.left_out)
    yield from place.config(desk)
    yield from place.calendar(desk, now)
    yield from life.receivers(desk)
    sound = True
    for finding in place.store(desk, now):
        sound = sound and finding.level is not Level.WRONG
        yield finding
    if not sound:
        return
    try:
        yield from life.cases(desk)
        service = life.service(desk, loaded.config.web.listen, ask)
        yield service
        if desk.store_is_there:
            yield from life.sites(desk, now)
            yield from life.messages(desk)
            yield from life.lateness(desk, now, runs=service.level is Level.OK)
    except StoreError as error:
        yield Finding(Level.WRONG, "store", str(error))


def _mistakes(desk: Desk, lines: Iterable[str]) -> Iterator[Finding]:
    words = desk.system_words.gettext
    return (Finding(Level.WRONG, "config", line, words("mend the file, then: tracker config check")) for line in lines)
