"""What is known now of each case, gathered from the config and the store for `status` and `list`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from tracker.core.history import History, HostHistory
from tracker.core.labels import fold
from tracker.core.model import Observation, Problem
from tracker.core.schedule import Next
from tracker.core.workdays import workdays_between
from tracker.desk import Desk
from tracker.known.fields import known_values

if TYPE_CHECKING:
    from tracker.store.outbox import Owed
    from tracker.store.store import SourceRow
    from tracker.subjects import Subject

NOW = Next(None, "now")
LOOKED_BACK = 50  # observations that are read to find since when a label stands there


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """One source. `since`: the authority's own date, else the day on which we first saw its present label."""

    case: str
    name: str
    adapter: str
    host: str
    known: tuple[str, ...] = ()
    history: History = field(default_factory=History)
    planned: Next = NOW
    problem: Problem | None = None
    site: HostHistory | None = None
    since: date | None = None
    workdays: int | None = None
    estimated: bool = False

    @property
    def seen(self) -> Observation | None:
        """The latest good reading, also where it is not sure yet."""
        return self.history.last


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """One case with its sources and the messages that are still owed about it."""

    name: str
    sources: tuple[SourceFacts, ...]
    owed: tuple["Owed", ...] = ()

    @property
    def headline(self) -> SourceFacts:
        """The source whose reading is the latest by the authority's date, else by when we saw it."""
        read = [source for source in self.sources if source.seen is not None]
        return max(read, key=_recency) if read else self.sources[0]


def _recency(source: SourceFacts) -> tuple[date, datetime]:
    seen = source.seen
    assert seen is not None
    return seen.reported_on or seen.seen_at.date(), seen.seen_at


def stored_names(desk: Desk) -> list[str]:
    """Every case that the store has, also those that left the config."""
    return desk.store.case_names() if desk.store_is_there else []


def gather(desk: Desk, names: Sequence[str], now: datetime, *, dated: bool = True) -> list[CaseFacts]:
    """The named cases, or all of the config, in its order. `dated`: with since when and working days."""
    from tracker.subjects import subjects

    there = desk.store_is_there
    wanted = set(names)
    rows = {row.key: row for row in desk.store.sources()} if there else {}
    hosts = desk.store.hosts() if there else {}
    owed = _owed(desk) if there else []
    found: dict[str, list[SourceFacts]] = {}
    for subject in subjects(desk.config, desk.registry):
        name = subject.case.name
        if not wanted or name in wanted:
            facts = _live(desk, subject, rows.get(subject.key), hosts, now, dated=dated)
            found.setdefault(name, []).append(facts)
    gone = [name for name in dict.fromkeys(names) if name not in found]
    for name in gone:
        found[name] = _gone(desk, name)
    return [CaseFacts(name, tuple(sources), _about(owed, name)) for name, sources in found.items()]


def _live(
    desk: Desk,
    subject: "Subject",
    row: "SourceRow | None",
    hosts: Mapping[str, HostHistory],
    now: datetime,
    *,
    dated: bool,
) -> SourceFacts:
    """A source of the config; the store may not have seen it yet."""
    known = known_values(subject.case)
    about = (subject.case.name, subject.name, subject.meta.id, subject.host, known)
    if row is None:
        return SourceFacts(*about, planned=Next(None, "by_hand") if subject.is_by_hand else NOW)
    since, workdays, estimated = None, None, False
    if dated and row.history.last is not None:
        since = since_when(desk, row, row.history.last)
        # Promised times run in the authority's working days, also where we look on any day.
        country = subject.policy.workdays or "CN"
        workdays, estimated = workdays_between(since, now.astimezone(desk.config.zone).date(), country)
    state = (row.history, row.next_check, row.problem, hosts.get(subject.host))
    return SourceFacts(*about, *state, since, workdays, estimated)


def _gone(desk: Desk, name: str) -> list[SourceFacts]:
    """The sources of a case that left the config: their history stays, their checks stopped."""
    from tracker.store.references import known_values as all_values

    known = all_values(desk.base, name)
    planned = Next(None, "retired")
    rows = [row for row in desk.store.sources(live_only=False) if row.case == name]
    return [SourceFacts(row.case, row.name, row.adapter, row.host, known, row.history, planned, row.problem) for row in rows]


def since_when(desk: Desk, row: "SourceRow", seen: Observation) -> date:
    """The authority's own date, else the day on which the present label was first seen in an unbroken row."""
    if seen.reported_on is not None:
        return seen.reported_on
    if seen.watched is not None:
        return seen.seen_at.astimezone(desk.config.zone).date()
    first = seen.seen_at
    for source, earlier in desk.store.observations(row.case, LOOKED_BACK):
        if source == row.name:
            if fold(earlier.label) != fold(seen.label):
                break
            first = min(first, earlier.seen_at)
    return first.astimezone(desk.config.zone).date()


def _owed(desk: Desk) -> "list[Owed]":
    from tracker.store.outbox import OWED

    return desk.outbox.rows(OWED)


def _about(owed: "Iterable[Owed]", case: str) -> "tuple[Owed, ...]":
    return tuple(row for row in owed if case == row.event.case or case in row.event.cases)


def age_seconds(source: SourceFacts, now: datetime) -> int | None:
    """How old the last good reading is; never negative, though clocks differ."""
    read = source.history.last_read_at
    return max(int((now - read).total_seconds()), 0) if read else None


def sure_before(source: SourceFacts) -> Observation | None:
    """What was told last, where the latest reading says something else and still waits for its second look."""
    told, seen = source.history.current, source.seen
    if told is None or seen is None or not seen.provisional or told.provisional or seen.watched is not None:
        return None
    return told


def troubled(sources: Iterable[SourceFacts]) -> dict[str, HostHistory]:
    """The sites among these that can't be read now, or rest."""
    return {s.host: s.site for s in sources if s.site is not None and (s.site.streak or s.site.wait_until)}
