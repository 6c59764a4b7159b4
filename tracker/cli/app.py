"""What every command shares: options, config, store, words; each made when first asked for."""

import json
import logging
import os
import sys
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cached_property
from gettext import NullTranslations
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console

    from tracker.config.load import Loaded
    from tracker.config.model import Config
    from tracker.registry import Registry
    from tracker.store.base import Base
    from tracker.store.outbox import Outbox
    from tracker.store.slots import Slots
    from tracker.store.store import Store

SCHEMA_VERSION = 1
_ACTING = frozenset({"Cc", "Cf", "Zl", "Zp"})


def now() -> datetime:
    """The clock of the edges: aware, UTC, whole seconds would lose the order of events, so with microseconds."""
    return datetime.now(UTC)


class App:
    """The command's surroundings. `verbose`: -1 quiet, 0, 1 steps, 2 everything but personal data."""

    def __init__(self, config_path: str | None, *, verbose: int, color: str) -> None:
        self.config_path = Path(config_path) if config_path else None
        self.verbose = verbose
        self.color = color
        level = {-1: logging.ERROR, 0: logging.WARNING, 1: logging.INFO}.get(verbose, logging.DEBUG)
        logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
        logging.getLogger("tracker").setLevel(level)

    @cached_property
    def registry(self) -> "Registry":
        from tracker.registry import Registry

        return Registry()

    @cached_property
    def loaded(self) -> "Loaded":
        """The configuration; ConfigError with every mistake."""
        from tracker.config.load import load
        from tracker.registry import Metas

        return load(self.config_path, os.environ, Metas(self.registry), tr=self.system_words.gettext)

    @cached_property
    def system_words(self) -> NullTranslations:
        """The words in the system's language: for what is said before the config is known."""
        from tracker.config.layers import system_language
        from tracker.locale import translator

        return translator(system_language(os.environ))

    @property
    def config(self) -> "Config":
        return self.loaded.config

    @cached_property
    def tr(self) -> NullTranslations:
        """The words, in the config's language."""
        from tracker.locale import translator

        return translator(self.config.language)

    def _(self, text: str) -> str:
        return self.tr.gettext(text)

    @cached_property
    def owner(self) -> str:
        from tracker.store.owner import new_owner

        return new_owner()

    @cached_property
    def base(self) -> "Base":
        """The open store; StoreError where it can't be used."""
        from tracker.store.base import Base, KeyPlace
        from tracker.store.sealed import parse_key

        store = self.config.store
        given = parse_key(store.key.get_secret_value()) if store.key else None
        return Base(store.url or "", KeyPlace(given, store.key_file))

    @cached_property
    def store(self) -> "Store":
        from tracker.store.store import Store

        return Store(self.base, self.owner, now)

    @cached_property
    def slots(self) -> "Slots":
        from tracker.store.slots import Slots

        return Slots(self.base, self.owner)

    @cached_property
    def outbox(self) -> "Outbox":
        from tracker.store.outbox import Outbox

        return Outbox(self.base, self.owner, now)

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

    def say(self, text: str) -> None:
        """Words for people go to stderr, unless -q."""
        if self.verbose >= 0:
            click.echo(text, err=True)


def out_json(content: Mapping[str, object]) -> None:
    """Data for scripts goes to stdout, with the version of its shape."""
    text = json.dumps({"schema_version": SCHEMA_VERSION, **content}, ensure_ascii=False, indent=2)
    # Control characters of a page (direction marks, C1) would act on a terminal: JSON can spell them out.
    click.echo("".join(c if c == "\n" or unicodedata.category(c) not in _ACTING else f"\\u{ord(c):04x}" for c in text))


def iso(moment: datetime | None, app: App) -> str | None:
    """A time as the contract's JSON has it: in the config's zone, to the second."""
    return moment.astimezone(app.config.zone).isoformat(timespec="seconds") if moment else None
