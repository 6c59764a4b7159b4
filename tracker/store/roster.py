"""The cases that the store keeps, and what was said by hand about any case: paused, archived, snoozed, words confirmed."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from tracker.core.errors import StoreError
from tracker.core.model import Event, Status, Turn, Word
from tracker.store.base import CASES, EVENTS, OBSERVATIONS, OUTBOX, SETTINGS, SOURCES, Base
from tracker.store.cases import let_go
from tracker.store.events import keep_event, spare
from tracker.store.outbox import SNOOZED
from tracker.store.pages import drop_pages, purge_pages
from tracker.store.references import known_values
from tracker.store.sealed import Sealer

_SPEC = "cases.spec"
_WORDS = "cases.words"
_VERSION = "roster"

Tree = dict[str, Any]
Told = tuple[Event, tuple[str, ...]]


class NoSuchCaseError(StoreError):
    """The store has no row for a case of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name}: the store has no such case: somebody removed it meanwhile; see `tracker list --all`")


class ChangedMeanwhileError(StoreError):
    """Another process changed the case since it was read: what was made of that would undo the change."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name}: somebody changed this case meanwhile, and nothing of this was kept: say it again")


class NameTakenError(StoreError):
    """Another case has this name, or had it and its history is still kept."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name}: another case has this name, or had it and its history is kept: give it another one")
        self.name = name


@dataclass(frozen=True, slots=True)
class Kept:
    """What the store knows of one case. `tree`: the case as a user would write it in the config, None for the config's own."""

    name: str
    tree: Tree | None = field(repr=False)
    created_at: datetime
    words: Mapping[str, Word] = field(default_factory=dict)
    paused_at: datetime | None = None
    archived_at: datetime | None = None
    snoozed_until: datetime | None = None


class Roster:
    """Each change is one transaction, and moves `version` on, so that a running service notices."""

    def __init__(self, base: Base, clock: Callable[[], datetime]) -> None:
        self._base, self._clock = base, clock

    # --- questions ---------------------------------------------------------------------------------------------------

    def all(self) -> list[Kept]:
        """Every case that has a row, in the order in which they came, also those that left the config."""
        with self._base.read() as connection:
            rows = connection.execute(select(CASES).order_by(CASES.c.id)).mappings().all()
            if not rows or not self._base.has_key(connection):
                return []
            sealer = self._base.sealer(connection)
            return [_kept(sealer, row) for row in rows]

    def version(self) -> str:
        """Another text after each change of the cases, whichever process made it."""
        with self._base.read() as connection:
            return _version(connection)

    # --- changes -----------------------------------------------------------------------------------------------------

    def add(self, name: str, tree: Tree) -> None:
        """Keeps a new case, or takes up one of this name that was removed; NameTakenError where it is still there."""
        self.add_all([(name, tree)])

    def add_all(self, cases: Sequence[tuple[str, Tree]]) -> None:
        """Keeps several new cases: all of them, or none."""
        self.bring(cases)

    def replace(self, name: str, tree: Tree, words: Iterable[str] = (), *, was: Tree | None = None) -> None:
        """A kept case is another one from now on; where the tree has another name, the history goes along.

        `was`: what the tree was made of; ChangedMeanwhileError where the case is not that any more.

        `words`: of these the tree says what they mean, or that nobody says so: what was confirmed before counts no more.
        """
        with self._base.write() as connection:
            sealer = self._base.sealer(connection)
            if was is not None:
                spec = connection.execute(select(CASES.c.sealed_spec).where(CASES.c.name == name)).scalar_one_or_none()
                if spec is not None and json.loads(sealer.open(_SPEC, spec)) != was:
                    raise ChangedMeanwhileError(name)
            self._confirm(connection, sealer, name, dict.fromkeys(words))
            self._replace(connection, name, str(tree.get("name", name)), _sealed(sealer, tree), None)
            _move_on(connection)

    def bring(
        self,
        new: Sequence[tuple[str, Tree]],
        changed: Sequence[tuple[str, Tree]] = (),
        *,
        told: Told | None = None,
        together: bool = False,
    ) -> None:
        """Keeps new cases and changes others, all in one transaction.

        `together`: there are many, so that their own first readings are owed to nobody; `told`: the one event instead, with
        those who are owed it.
        """
        imported_at = self._clock() if together else None
        with self._base.write() as connection:
            sealer = self._base.sealer(connection)
            for name, tree in new:
                self._add(connection, name, _sealed(sealer, tree), imported_at)
            for name, tree in changed:
                self._replace(connection, name, str(tree.get("name", name)), _sealed(sealer, tree), imported_at)
            if told is not None:
                keep_event(connection, sealer, *told)
            _move_on(connection)

    def _add(self, connection: Connection, name: str, sealed: bytes, imported_at: datetime | None) -> None:
        row = connection.execute(select(CASES.c.id, CASES.c.sealed_spec).where(CASES.c.name == name)).one_or_none()
        values = {"origin": "store", "sealed_spec": sealed, "imported_at": imported_at}
        if row is None:
            connection.execute(insert(CASES).values(name=name, created_at=self._clock(), **values))
        elif row.sealed_spec is not None:
            raise NameTakenError(name)
        else:
            blank = {"paused_at": None, "archived_at": None, "snoozed_until": None}
            connection.execute(update(CASES).where(CASES.c.id == row.id).values(**values, **blank))

    @staticmethod
    def _replace(connection: Connection, name: str, new: str, sealed: bytes, imported_at: datetime | None) -> None:
        if new != name and connection.execute(select(CASES.c.id).where(CASES.c.name == new)).first():
            raise NameTakenError(new)
        mine = (CASES.c.name == name) & CASES.c.sealed_spec.is_not(None)
        # What begins anew with another reference is a first reading of its own.
        values = {"sealed_spec": sealed, "name": new, "imported_at": imported_at}
        _changed(connection.execute(update(CASES).where(mine).values(values)).rowcount, name)

    def remove(self, name: str) -> None:
        """The case's checks stop; its history stays, its pages go."""
        mine = (CASES.c.name == name) & CASES.c.sealed_spec.is_not(None)
        with self._base.write() as connection:
            number = connection.execute(select(CASES.c.id).where(mine)).scalar_one_or_none()
            _changed(number is not None, name)
            connection.execute(update(CASES).where(CASES.c.id == number).values(sealed_spec=None))
            retired = (SOURCES.c.case_id == number) & SOURCES.c.retired_at.is_(None)
            connection.execute(update(SOURCES).where(retired).values(retired_at=self._clock(), **let_go()))
            drop_pages(connection, connection.execute(select(SOURCES.c.id).where(SOURCES.c.case_id == number)).scalars().all())
            _move_on(connection)

    def purge(self, name: str) -> None:
        """Deletes the case with all that was ever seen and told of it, and what the file still holds of that.

        Pages of other cases that name it go too: a list shows many.
        """
        known = known_values(self._base, name)
        with self._base.write() as connection:
            number = connection.execute(select(CASES.c.id).where(CASES.c.name == name)).scalar_one_or_none()
            _changed(number is not None, name)
            if number is not None and self._base.has_key(connection):
                spare(connection, self._base.sealer(connection), number, name)
            events = select(EVENTS.c.id).where(EVENTS.c.case_id == number)
            sources = select(SOURCES.c.id).where(SOURCES.c.case_id == number)
            connection.execute(delete(OUTBOX).where(OUTBOX.c.event_id.in_(events)))
            connection.execute(delete(EVENTS).where(EVENTS.c.case_id == number))
            purge_pages(connection, self._base, connection.execute(sources).scalars().all(), known)
            connection.execute(delete(OBSERVATIONS).where(OBSERVATIONS.c.source_id.in_(sources)))
            connection.execute(delete(SOURCES).where(SOURCES.c.case_id == number))
            connection.execute(delete(CASES).where(CASES.c.id == number))
            _move_on(connection)
        self._base.scrub()

    def pause(self, name: str, *, resume: bool = False) -> None:
        """No checks of the case until it is resumed."""
        with self._base.write() as connection:
            _say(connection, name, paused_at=None if resume else self._clock())
            _move_on(connection)

    def archive(self, name: str, *, back: bool = False) -> None:
        """The case is over for its people: no checks, no reminders, not among those listed; all of it comes back with it."""
        with self._base.write() as connection:
            _say(connection, name, archived_at=None if back else self._clock())
            _move_on(connection)

    def snooze(self, name: str, until: datetime | None) -> None:
        """Messages about the case that are not urgent are held until then; None: no longer.

        What a snooze of before still holds is looked at again, and held until the new time or told.
        """
        of_case = select(EVENTS.c.id).join(CASES).where(CASES.c.name == name)
        held = (OUTBOX.c.state == "held") & (OUTBOX.c.reason == SNOOZED) & OUTBOX.c.event_id.in_(of_case)
        with self._base.write() as connection:
            _say(connection, name, snoozed_until=until)
            connection.execute(update(OUTBOX).where(held).values(next_try_at=self._clock()))
            _move_on(connection)

    def confirm(self, name: str, words: Mapping[str, Word | None]) -> None:
        """The person says what words of the authority mean for this case: sure from now on; None: takes that back."""
        with self._base.write() as connection:
            self._confirm(connection, self._base.sealer(connection), name, words)
            _move_on(connection)

    @staticmethod
    def _confirm(connection: Connection, sealer: Sealer, name: str, words: Mapping[str, Word | None]) -> None:
        row = connection.execute(select(CASES).where(CASES.c.name == name)).mappings().one_or_none()
        if row is None:
            raise NoSuchCaseError(name)
        known = {**_words(sealer, row["sealed_words"]), **words}
        content = {w: {"status": e.status.value, "turn": e.turn and e.turn.value} for w, e in known.items() if e is not None}
        sealed = sealer.seal(_WORDS, json.dumps(content, ensure_ascii=False).encode())
        connection.execute(update(CASES).where(CASES.c.id == row["id"]).values(sealed_words=sealed))


def _say(connection: Connection, name: str, **values: datetime | None) -> None:
    _changed(connection.execute(update(CASES).where(CASES.c.name == name).values(**values)).rowcount, name)


def _sealed(sealer: Sealer, tree: Tree) -> bytes:
    return sealer.seal(_SPEC, json.dumps(tree, ensure_ascii=False).encode())


def _kept(sealer: Sealer, row: RowMapping) -> Kept:
    sealed = row["sealed_spec"]
    return Kept(
        name=row["name"],
        tree=json.loads(sealer.open(_SPEC, sealed)) if sealed else None,
        created_at=row["created_at"],
        words=_words(sealer, row["sealed_words"]),
        paused_at=row["paused_at"],
        archived_at=row["archived_at"],
        snoozed_until=row["snoozed_until"],
    )


def _words(sealer: Sealer, sealed: bytes | None) -> dict[str, Word]:
    content = json.loads(sealer.open(_WORDS, sealed)) if sealed else {}
    return {w: Word(Status(e["status"]), Turn(e["turn"]) if e["turn"] else None) for w, e in content.items()}


def _changed(rows: int, name: str) -> None:
    if not rows:
        raise NoSuchCaseError(name)


def _version(connection: Connection) -> str:
    value = connection.execute(select(SETTINGS.c.value).where(SETTINGS.c.name == _VERSION)).scalar_one_or_none()
    return value.decode() if value else "0"


def _move_on(connection: Connection) -> None:
    value = str(int(_version(connection)) + 1).encode()
    changed = connection.execute(update(SETTINGS).where(SETTINGS.c.name == _VERSION).values(value=value))
    if not changed.rowcount:
        connection.execute(insert(SETTINGS).values(name=_VERSION, value=value))
