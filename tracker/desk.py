"""What commands and the page work with: config, cases, store, words; each made when first asked for."""

import os
from collections.abc import Collection, Mapping
from concurrent.futures import Executor
from datetime import UTC, datetime
from functools import cached_property
from gettext import NullTranslations
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.core.errors import ConfigError

if TYPE_CHECKING:
    from tracker.alive import Alive
    from tracker.check import Checker
    from tracker.config.load import Loaded
    from tracker.config.model import Case, Config
    from tracker.deliver import Courier, Delivered
    from tracker.registry import Registry
    from tracker.roster import Cases
    from tracker.store.base import Base
    from tracker.store.notes import Notes
    from tracker.store.outbox import Outbox
    from tracker.store.roster import Roster
    from tracker.store.slots import Slots
    from tracker.store.store import Store
    from tracker.subjects import Subject
    from tracker.upkeep import Upkeep


def now() -> datetime:
    """The clock of the edges: aware, UTC, whole seconds would lose the order of events, so with microseconds."""
    return datetime.now(UTC)


class Desk:
    """One user's config and store. `refresh` takes over what changed in them while a service runs."""

    def __init__(self, config_path: Path | None, env: Mapping[str, str] = os.environ) -> None:
        self.config_path = config_path
        self.env = env
        self._seen = ""  # the version of the store's cases that was last read

    # --- config and cases --------------------------------------------------------------------------------------------

    @cached_property
    def registry(self) -> "Registry":
        from tracker.registry import Registry, own_folder

        return Registry(own_folder(self.env), self.system_words.gettext)

    @cached_property
    def loaded(self) -> "Loaded":
        """The config file and its surroundings; ConfigError with every mistake."""
        return self.read(self.config_path)

    def read(self, path: Path | None, only: Collection[str] | None = None) -> "Loaded":
        """The config as it stands now; nothing here works with it yet. `only`: the cases that must be right, default all."""
        from tracker.config.load import load
        from tracker.registry import Metas

        return load(path, self.env, Metas(self.registry), tr=self.system_words.gettext, only=only)

    def needs_only(self, cases: Collection[str] = ()) -> None:
        """What follows needs these cases of the file: others are left out where they have mistakes, see `loaded.left_out`."""
        self.loaded = self.read(self.config_path, cases)

    def needs_no_config(self) -> None:
        """What follows needs words and a time zone: the config's, or the system's where the config can't be read."""
        from tracker.config.load import unset

        try:
            Desk.needs_only(self)
        except ConfigError:
            self.loaded = unset(self.env)

    @cached_property
    def roster(self) -> "Roster":
        """The cases that the store keeps, and what was said about any case by hand."""
        from tracker.store.roster import Roster

        return Roster(self.base, now)

    @cached_property
    def cases(self) -> "Cases":
        """The cases of the file and of the store together; a reading command makes no store for it."""
        from tracker.roster import gathered

        kept = self.roster.all() if self.store_is_there else []
        return gathered(self.loaded.config, kept, self.registry, self.tr.gettext)

    @property
    def config(self) -> "Config":
        """The file's config with the cases of the store, and the words that the person confirmed."""
        return self.cases.config

    def place_of(self, case: str) -> str:
        """Where the config file has a case: `file:line`; "" where it has none of this name."""
        from tracker.config.mistakes import plain

        if not any(there.name == case for there in self.loaded.config.cases):
            return ""
        return self.loaded.origins.get(f"cases[{plain(case)}].name", str(self.loaded.path))

    def take_over(self) -> None:
        """The store knows every case of the config: so that something can be said about one that was never checked."""
        self.store.sync([subject.spec() for subject in self.subjects()])

    def try_on(self, case: "Case") -> None:
        """From now on this one stands among the cases, whatever the store has of it."""
        from dataclasses import replace

        others = tuple(there for there in self.cases.config.cases if there.name != case.name)
        config = self.cases.config.model_copy(update={"cases": (*others, case)})
        self.__dict__["cases"] = replace(self.cases, config=config)

    def use(self, loaded: "Loaded") -> None:
        """Works with another config from now on; the store stays the one that is open."""
        self.loaded = loaded
        self.__dict__.pop("cases", None)

    def refresh(self) -> bool:
        """Reads the cases again where another process, or the page, changed them; whether anything is new."""
        seen, self._seen = self._seen, self.roster.version()
        if seen == self._seen:
            return False
        self.__dict__.pop("cases", None)
        return True

    @cached_property
    def system_words(self) -> NullTranslations:
        """The words in the system's language: for what is said before the config is known."""
        from tracker.config.layers import system_language
        from tracker.locale import translator

        return translator(system_language(self.env))

    @property
    def tr(self) -> NullTranslations:
        """The words, in the config's language."""
        from tracker.locale import translator

        return translator(self.loaded.config.language)

    def _(self, text: str) -> str:
        return self.tr.gettext(text)

    # --- the store ---------------------------------------------------------------------------------------------------

    @property
    def store_is_there(self) -> bool:
        """Whether a store can be asked: a reading command never makes one. One behind a locked door says so when asked."""
        from tracker.config.layers import is_there

        head, _, place = (self.loaded.config.store.url or "").partition("sqlite:///")
        return bool(head) or is_there(Path(place))

    @cached_property
    def owner(self) -> str:
        from tracker.store.owner import new_owner

        return new_owner()

    @cached_property
    def base(self) -> "Base":
        """The open store; StoreError where it can't be used."""
        from tracker.store.base import Base, KeyPlace
        from tracker.store.sealed import parse_key

        store = self.loaded.config.store
        given = parse_key(store.key.get_secret_value()) if store.key else None
        return Base(store.url or "", KeyPlace(given, store.key_file))

    @cached_property
    def store(self) -> "Store":
        from tracker.store.store import Store

        return Store(self.base, self.owner, now)

    @cached_property
    def notes(self) -> "Notes":
        from tracker.store.notes import Notes

        return Notes(self.base, now)

    @cached_property
    def slots(self) -> "Slots":
        from tracker.store.slots import Slots

        return Slots(self.base, self.owner)

    @cached_property
    def outbox(self) -> "Outbox":
        from tracker.store.outbox import Outbox

        return Outbox(self.base, self.owner, now)

    # --- checks and messages -----------------------------------------------------------------------------------------

    def subjects(self) -> "list[Subject]":
        """Every source of every case, ready to be checked."""
        from tracker.subjects import subjects

        return subjects(self.config, self.registry)

    def checker(self, executor: Executor) -> "Checker":
        """A checker over the config and the store; the executor's one thread is the store's."""
        import random

        from tracker.check import Checker

        dice = random.SystemRandom()
        return Checker(
            config=self.config,
            subjects=self.subjects(),
            store=self.store,
            slots=self.slots,
            executor=executor,
            clock=now,
            jitter=lambda: dice.uniform(-1, 1),
            user_agent=self.user_agent(),
        )

    def upkeep(self) -> "Upkeep":
        """What asks people, reminds them and says that it runs; over the config and the store."""
        from tracker.upkeep import Upkeep

        return Upkeep(self.config, self.subjects(), store=self.store, notes=self.notes, roster=self.roster, clock=now)

    def alive(self) -> "Alive":
        """The service's signs of life."""
        import time

        from tracker.alive import Alive, free_on_disk

        file = self.base.file
        return Alive(
            self.config,
            upkeep=self.upkeep(),
            notes=self.notes,
            clock=now,
            steady=time.monotonic,
            free=lambda: free_on_disk(file),
        )

    def user_agent(self) -> str:
        """Who asks: the program, its version, and how to reach the person who runs it."""
        from importlib.metadata import version

        contact = self.config.fetch.contact
        return f"application-tracker/{version('application-tracker')}" + (f" ({contact})" if contact else "")


class Sender:
    """Sends what is owed while the checks go on. The courier is made only when there is something to send."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._courier: Courier | None = None

    def start(self) -> None:
        """There may be something to send."""
        desk = self._desk
        if self._courier is None:
            if not desk.outbox.waiting():
                return
            from tracker.deliver import Courier  # start-up time: nothing to send needs none of it

            self._courier = Courier(desk.outbox, desk.config, desk.tr, now)
        self._courier.start()

    def take_over(self) -> None:
        """From the next message on, the desk's config of now."""
        if self._courier is not None:
            self._courier.use(self._desk.config, self._desk.tr)

    def finish(self) -> "tuple[Delivered, ...]":
        """Waits for the sends in hand, at most as long as the config allows."""
        self.start()
        return self._courier.wait(self._desk.config.delivery.timeout.total_seconds()) if self._courier else ()

    @property
    def trouble(self) -> bool:
        """Whether messages stay owed because of our side: the store takes no marks."""
        return self._courier is not None and bool(self._courier.trouble)

    def settle(self, seconds: float) -> None:
        """No new sends; those in hand get this long."""
        if self._courier is not None:
            self._courier.stop()
            self._courier.wait(seconds)


def is_owed(desk: Desk) -> bool:
    """Whether a message is still owed to somebody; one that is held in quiet hours is not."""
    from tracker.store.outbox import OWED

    return bool(desk.outbox.rows(OWED))
