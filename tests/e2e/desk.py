"""A user's desk: a config file, a store, and the installed command."""

import os
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.e2e import forks
from tests.e2e.forks import Run

TRACKER = Path(sys.executable).with_name("tracker")
NUMBER = "SH2026000123"


def wait_for(happened: Callable[[], object], seconds: float = 45) -> None:
    """Waits for something that another process does, looking less often the longer it takes; in vain: the test is red."""
    end, pause = time.monotonic() + seconds, 0.02
    while not happened():
        assert time.monotonic() < end, "it never happened"
        time.sleep(pause)
        pause = min(pause * 1.2, 0.2)


@dataclass
class Desk:
    """One user's folder. `head` is TOML in front of the cases."""

    folder: Path
    head: str = ""
    cases: list[str] = field(default_factory=list)
    receivers: list[str] = field(default_factory=list)

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    @property
    def env(self) -> dict[str, str]:
        home = {"HOME": str(self.folder), "XDG_CONFIG_HOME": str(self.folder), "XDG_DATA_HOME": str(self.folder)}
        return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TZ": "Asia/Shanghai", **home}

    def add_case(self, url: str, number: str = NUMBER, name: str = "me", adapter: str = "form", more: str = "") -> None:
        lines = (
            "[[cases]]",
            f'name = "{name}"',
            f'adapter = "{adapter}"',
            f'url = "{url}"',
            "[cases.reference]",
            f'"受理编号" = "{number}"',
        )
        self.cases.append("\n".join(lines) + f"\n{more}")

    def add_receiver(self, url: str, name: str = "phone", more: str = "") -> None:
        self.receivers.append(f'[[receivers]]\nname = "{name}"\nurl = "{url}"\n{more}')

    def write(self) -> None:
        base = 'language = "zh-CN"\n[fetch]\nmin_gap = "0s"\ntimeout = "5s"\n'
        parts = [self.head or base, f'[store]\nurl = "sqlite:///{self.folder}/tracker.db"', *self.receivers, *self.cases]
        self.config.write_text("\n".join(parts) + "\n", "utf-8")

    def command(self, *arguments: str) -> list[str]:
        return [str(TRACKER), "-c", str(self.config), *arguments]

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        """Looks into the store, or breaks it, past the program."""
        with closing(sqlite3.connect(self.folder / "tracker.db", timeout=10)) as store, store:
            return store.execute(statement).fetchall()

    def start(self, *arguments: str, code: str = "") -> forks.Process:
        """The command in the background."""
        self.write()
        return forks.start(self.command(*arguments), self.env, code)

    def run(self, *arguments: str, timeout: int = 60, after: float | None = None, at: str = "", when: str = "after") -> Run:
        """The command, to its end or to where it is killed (see `forks.run`)."""
        self.write()
        return forks.run(self.command(*arguments), self.env, timeout=timeout, after=after, at=at, when=when)
