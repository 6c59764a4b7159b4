"""Takes an edited config over while the service runs: all of it, or nothing."""

import logging
import stat
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from tracker.config.load import Loaded
from tracker.config.mistakes import plain
from tracker.config.model import Config
from tracker.core.errors import ConfigError
from tracker.desk import Desk

log = logging.getLogger(__name__)

Stamp = tuple[tuple[int, int, int] | None, ...]  # of each file: when, how large, which one; None: not there

_OF_FETCH = ("contact", "timeout", "max_body")  # what the connections to the sites are made with
_OF_WEB = ("listen", "base_url", "password")  # what the page's door, addresses and sessions are made with


class Reloader:
    """Looks at each tick whether the config file, or a file that it refers to, is another one now.

    A file counts once it has stood still from one tick to the next: half of a file is often a valid, smaller config. `look`
    belongs to the store's thread, `ask` to any.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._started = desk.loaded.config
        self._files = desk.loaded.files
        self._taken: Stamp | None = None  # unknown: an edit while we started is found by reading once more
        self._standing: Stamp | None = None
        self._asked = False
        self._told: set[str] = set()  # mistakes and warnings
        self._later: dict[str, object] = {}
        self._told.update(desk.loaded.warnings)
        self._is_read_once = any(map(_flows, self._files))
        self.trouble = False

    def ask(self) -> None:
        """Read it again at the next look, whether it stands still or not."""
        self._asked = True

    def look(self) -> bool:
        """Whether the desk works with another config from now on."""
        asked, self._asked = self._asked, False
        if self._is_read_once:
            if asked:
                log.warning("the config came through a pipe, which can't be read again: start again to take another one over")
            return False
        stamp = _stamp(self._files)
        if asked:
            self._told.clear()  # who asks wants to hear
            return self._read(asked=True)
        if stamp == self._taken:
            self._standing = None
            return False
        if stamp != self._standing:
            self._standing = stamp
            return False
        return self._read()

    def _read(self, *, asked: bool = False) -> bool:
        before = _stamp(self._files)
        try:
            loaded = self._desk.read(self._desk.loaded.path)
            mistakes = _emptied(loaded, self._desk.loaded)
            files = loaded.files
        except ConfigError as error:
            loaded, mistakes, files = None, error.mistakes, tuple(map(Path, error.files))
        if _stamp(self._files) != before:
            self._standing = None  # written while we read: the next looks decide
            self._asked = asked
            return False
        # Where these are other files, their stamp is another one at the next look: read once more, to be sure of them.
        self._files, self._taken = files, before
        if loaded is None or mistakes:
            self._refuse(mistakes)
            return False
        return self._take_over(loaded, asked=asked)

    def _refuse(self, mistakes: list[str]) -> None:
        """Says each mistake once, for as long as it stays."""
        if not self.trouble:
            log.error("the edited config is not taken over, the one from before goes on")
        self.trouble = True
        for line in mistakes:
            if line not in self._told:
                log.error("%s", line)
        self._told = set(mistakes)

    def _take_over(self, loaded: Loaded, *, asked: bool) -> bool:
        old, was_in_trouble = self._desk.loaded.config, self.trouble
        running = self._running(loaded.config)
        self.trouble = False
        self._desk.use(replace(loaded, config=running))
        self._say_later(loaded.config)
        for line in loaded.warnings:
            if line not in self._told:
                log.warning("%s", line)
        self._told = set(loaded.warnings)
        if running != old:
            count = len(running.cases), len(running.receivers)
            log.info("the edited config is taken over; cases: %s, receivers: %s", *count)
        elif was_in_trouble:
            log.info("the config has no mistakes any more")
        elif asked:
            log.info("the config was read again: nothing in it is new")
        return running != old

    def _running(self, new: Config) -> Config:
        """The new config with what can't change while we run: the store, the page, the connections to the sites."""
        fetch = new.fetch.model_copy(update={key: getattr(self._started.fetch, key) for key in _OF_FETCH})
        return new.model_copy(update={"store": self._started.store, "fetch": fetch, "web": self._started.web})

    def _say_later(self, new: Config) -> None:
        """What waits for the next start is said once, and again when it is another value."""
        later = {
            "store": (new.store, self._started.store),
            **{f"web.{key}": (getattr(new.web, key), getattr(self._started.web, key)) for key in _OF_WEB},
            **{f"fetch.{key}": (getattr(new.fetch, key), getattr(self._started.fetch, key)) for key in _OF_FETCH},
        }
        waiting = {key: wanted for key, (wanted, running) in later.items() if wanted != running}
        for key, wanted in waiting.items():
            if key not in self._later or self._later[key] != wanted:  # also where it was taken out
                log.warning("%s: takes effect at the next start", key)
        self._later = dict(waiting)


def _stamp(files: Iterable[Path]) -> Stamp:
    return tuple(map(_stat, files))


def _stat(file: Path) -> tuple[int, int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _flows(file: Path) -> bool:
    """Whether it is a pipe, as a shell's <(…) makes one: read again, it would be empty, or keep us waiting."""
    try:
        mode = file.stat().st_mode
    except OSError:
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or stat.S_ISCHR(mode)


def _emptied(new: Loaded, old: Loaded) -> list[str]:
    """An editor or a full disk leaves an empty file; nobody takes every case out that way while the service runs."""
    if new.is_blank and not old.is_blank:
        return [f"{plain(str(new.path), 500)}: empty, write it whole; to run without any setting, start the service again"]
    return []
