"""What every command shares: the desk, the terminal, and how data for scripts is put out."""

import json
import logging
import os
import sys
import unicodedata
from collections.abc import Collection, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.desk import Desk

if TYPE_CHECKING:
    from rich.console import Console

SCHEMA_VERSION = 1
_ACTING = frozenset({"Cc", "Cf", "Zl", "Zp"})


class App(Desk):
    """The command's surroundings. `verbose`: -1 quiet, 0, 1 steps, 2 everything but personal data."""

    def __init__(self, config_path: str | None, *, verbose: int, color: str) -> None:
        super().__init__(Path(config_path) if config_path else None)
        self.verbose = verbose
        self.color = color
        level = {-1: logging.ERROR, 0: logging.WARNING, 1: logging.INFO}.get(verbose, logging.DEBUG)
        logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
        logging.getLogger("tracker").setLevel(level)

    @cached_property
    def console(self) -> "Console":
        """Tables and colours on stdout; plain where it is no terminal, or NO_COLOR is set."""
        from rich.console import Console

        force = True if self.color == "always" or os.environ.get("FORCE_COLOR") else None
        plain = self.color == "never" or bool(os.environ.get("NO_COLOR") and self.color != "always")
        return Console(force_terminal=False if plain else force, no_color=plain, highlight=False, soft_wrap=True)

    def hush(self, logger: str) -> None:
        """For a command that says in words what this logger would warn of; -v shows both."""
        if self.verbose == 0:
            logging.getLogger(logger).setLevel(logging.ERROR)

    def needs_only(self, cases: Collection[str] = ()) -> None:
        """Says what is wrong with the cases that are left out."""
        super().needs_only(cases)
        for mistake in self.loaded.left_out:
            self.say(self._("left out here, because of a mistake: {mistake}").format(mistake=mistake))

    def say(self, text: str) -> None:
        """Words for people go to stderr, unless -q."""
        if self.verbose >= 0:
            click.echo(text, err=True)


def out_json(content: Mapping[str, object]) -> None:
    """Data for scripts goes to stdout, with the version of its shape."""
    text = json.dumps({"schema_version": SCHEMA_VERSION, **content}, ensure_ascii=False, indent=2)
    # Control characters of a page (direction marks, C1) would act on a terminal: JSON can spell them out.
    click.echo("".join(c if c == "\n" or unicodedata.category(c) not in _ACTING else f"\\u{ord(c):04x}" for c in text))
