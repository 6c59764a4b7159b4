"""The use case beside the check: people are asked to look, reminded of what waits for them, and told that it still runs."""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tracker.config.model import Case, Config
from tracker.core.asking import Watched, may_be_reminded, next_ask, next_reminder, unanswered, who_is_asked
from tracker.core.decide import is_over
from tracker.core.history import HostHistory
from tracker.core.model import Event, EventKind, Urgency
from tracker.core.schedule import for_people, is_open
from tracker.core.vitals import missing_year
from tracker.core.workdays import after, is_published
from tracker.store.notes import Notes, Owed
from tracker.store.roster import Kept, Roster
from tracker.store.store import SourceRow, Store
from tracker.subjects import Subject, operators, receivers_of

MOST_NAMED = 50  # cases whose address stands in one message's event
WAITING, YEAR = "told.still_waiting", "told.year"
Params = dict[str, str | int]
Pair = tuple[Subject, SourceRow]


@dataclass(frozen=True, slots=True)
class _Now:
    """What is known at one time: the sources that are watched, those that rest, and how their sites answer."""

    at: datetime
    pairs: Sequence[Pair]
    kept: Mapping[str, Kept]
    hosts: Mapping[str, HostHistory]

    def read_at(self, case: str) -> datetime | None:
        """When any source of a case was read last."""
        return max((r.history.last_read_at for _, r in self.pairs if r.case == case and r.history.last_read_at), default=None)

    def is_silent(self, case: str) -> bool:
        """Whether the person wants to hear nothing of a case now."""
        kept = self.kept.get(case)
        return kept is not None and kept.snoozed_until is not None and kept.snoozed_until > self.at

    def paused_at(self, case: str) -> datetime | None:
        kept = self.kept.get(case)
        return kept.paused_at if kept is not None else None

    def watched(self, pair: Pair) -> Watched:
        subject, row = pair
        site = self.hosts.get(subject.host)
        return Watched(subject.is_by_hand, row.history, subject.policy, site, self.read_at(row.case))


class Upkeep:
    """Runs in the store's thread. What it tells is owed afterwards; nothing here asks a site."""

    def __init__(
        self,
        config: Config,
        subjects: Sequence[Subject],
        *,
        store: Store,
        notes: Notes,
        roster: Roster,
        clock: Callable[[], datetime],
    ) -> None:
        self._config, self._subjects = config, subjects
        self._store, self._notes, self._roster, self._clock = store, notes, roster, clock

    def use(self, config: Config, subjects: Sequence[Subject]) -> None:
        """Other cases and receivers from the next run on."""
        self._config, self._subjects = config, subjects

    def run(self) -> list[Event]:
        """All that is due to be asked, reminded and told now."""
        now = self._look()
        told = [*self._ask(now), *self._remind(now), *self._still_waiting(now), *self._missing_year(now)]
        return [event for event, _ in told]

    def _look(self) -> _Now:
        self._store.sync([s.spec() for s in self._subjects])
        rows = {row.key: row for row in self._store.sources()}
        pairs = [(s, rows[s.key]) for s in self._subjects if s.key in rows and not rows[s.key].archived]
        return _Now(self._clock(), pairs, {k.name: k for k in self._roster.all()}, self._store.hosts())

    # --- please look -------------------------------------------------------------------------------------------------

    def _ask(self, now: _Now) -> list[Owed]:
        """One message to each person for all their cases that wait for a look."""
        every = self._config.schedule.look_every
        there = [p for p in now.pairs if not p[1].paused and not now.is_silent(p[1].case) and not _is_finished(now, p[1].case)]
        watched = [now.watched(pair) for pair in there]
        asked = [(there[n], watched[n]) for n in who_is_asked(watched, every, now.at)]
        if not asked:
            return []
        histories = [(row, replace(row.history, asked_at=now.at, asked=row.history.asked + 1)) for (_, row), _ in asked]
        again = [
            next_ask(replace(one, history=history), every, now.at)
            for (_, one), (_, history) in zip(asked, histories, strict=True)
        ]
        events = []
        for cases, receivers in self._groups(EventKind.LOOK_NEEDED, Urgency.NORMAL, [s.case for (s, _), _ in asked]):
            mine = [(pair, one, at) for (pair, one), at in zip(asked, again, strict=True) if pair[0].case.name in cases]
            events.append((self._please_look(now, mine, cases), receivers))
        return events if self._notes.ask(histories, events) else []

    def _please_look(self, now: _Now, asked: Sequence[tuple[Pair, Watched, datetime | None]], cases: tuple[str, ...]) -> Event:
        params: Params = {"unanswered": max(row.history.asked for (_, row), _, _ in asked)}
        following = min((at for _, _, at in asked if at is not None), default=None)
        if following is not None:
            params["next"] = following.isoformat()
        (subject, row), one, _ = asked[0]
        if len(cases) > 1:
            for number, ((each, _), _, _) in enumerate(asked[:MOST_NAMED], 1):
                params |= {f"case_{number}": each.case.name, f"url_{number}": public(each)}
            return _event(now.at, EventKind.LOOK_NEEDED, "look_needed", cases, params=params)
        if public(subject):
            params["url"] = public(subject)
        if row.history.last_read_at is not None:
            params["last_read_at"] = row.history.last_read_at.isoformat()
        event = _event(now.at, EventKind.LOOK_NEEDED, one.reason, cases, params=params)
        return replace(event, source=subject.name, before=row.history.current)

    # --- still your turn ---------------------------------------------------------------------------------------------

    def _remind(self, now: _Now) -> list[Owed]:
        """What the authority waits for is told again, until it moves or somebody acknowledges it."""
        done = []
        for subject, row in now.pairs:
            current = row.history.current
            if current is None or row.paused or now.is_silent(row.case) or not may_be_reminded(current):
                continue
            told = unanswered(current, self._notes.told(row.id))
            at = next_reminder(told, self._config.life.remind, subject.policy) if told else None
            if told is None or at is None or at > now.at or not is_open(for_people(subject.policy), now.at):
                continue
            params: Params = {"event": told.event.id, "count": told.reminders + 1, "since": told.event.at.isoformat()}
            if public(subject):
                params["url"] = public(subject)
            if row.history.last_read_at is not None:
                params["last_read_at"] = row.history.last_read_at.isoformat()
            event = _event(now.at, EventKind.STILL_WAITING, "reminder", (row.case,), urgency=Urgency.URGENT, params=params)
            event = replace(event, source=subject.name, after=current)
            owed = (event, receivers_of(self._config, event, [subject.case]))
            if self._notes.remind(told, [owed]):
                done.append(owed)
        return done

    # --- still waiting -----------------------------------------------------------------------------------------------

    def _still_waiting(self, now: _Now) -> list[Owed]:
        """That it runs: for the cases of which nothing was told since the last time."""
        every = self._config.life.still_waiting
        if every is None or not now.pairs:
            return []
        was = self._notes.setting(WAITING)
        since = datetime.fromisoformat(was) if was else now.at
        if was is None or since > now.at:  # the first time, or the clock was set back: it counts from now
            self._notes.note(WAITING, was, now.at.isoformat())
            return []
        policy = for_people(now.pairs[0][0].policy)
        if now.at < after(every, since, policy.workdays, policy.zone) or not is_open(policy, now.at):
            return []
        told = self._notes.last_told()
        quiet = [p for p in now.pairs if _is_quiet(now, p, told, since)]
        events = []
        for cases, receivers in self._groups(EventKind.STILL_WAITING, Urgency.LOW, [s.case for s, _ in quiet]):
            events.append((self._waiting(now, [p for p in quiet if p[1].case in cases], cases, told, since), receivers))
        return events if self._notes.note(WAITING, was, now.at.isoformat(), events) else []

    @staticmethod
    def _waiting(
        now: _Now, pairs: Sequence[Pair], cases: tuple[str, ...], told: Mapping[str, datetime], since: datetime
    ) -> Event:
        began = max(min(told.get(case) or now.kept[case].created_at, now.at) for case in cases)
        params: Params = {"since": began.isoformat(), "days": (now.at - began).days}
        read = [at for case in cases if (at := now.read_at(case)) is not None]
        if read:
            params["last_read_at"] = min(read).isoformat()
        params["unread_cases"] = len(cases) - len(read)
        paused = [(case, at) for case in cases if (at := now.paused_at(case)) is not None]
        params["paused"] = len(paused)
        for number, (case, at) in enumerate(paused[:MOST_NAMED], 1):
            params |= {f"paused_{number}": case, f"paused_at_{number}": at.isoformat()}
        troubled = {r.case: w.told_at for (_, r), w in zip(pairs, map(now.watched, pairs), strict=True) if w.told_at}
        for number, case in enumerate([c for c in troubled if now.paused_at(c) is None][:MOST_NAMED], 1):
            params[f"troubled_{number}"] = case
        event = _event(now.at, EventKind.STILL_WAITING, "still_waiting", cases, urgency=Urgency.LOW, params=params)
        if len(cases) > 1:
            return event
        _, row = max(pairs, key=lambda p: p[1].history.last_read_at or since - timedelta(days=36500))
        return replace(event, source=row.name, after=row.history.current)

    # --- the calendar ------------------------------------------------------------------------------------------------

    def _missing_year(self, now: _Now) -> list[Owed]:
        """The operator hears once of a year whose working days are only estimated."""
        year = missing_year(now.at.astimezone(self._config.zone).date(), is_published)
        was = self._notes.setting(YEAR)
        if year is None or not now.pairs or (was is not None and int(was) >= year):
            return []
        owed = self.of_service("year_unpublished", {"year": year}, now.at)
        return [owed] if self._notes.note(YEAR, was, str(year), [owed]) else []

    # --- events ------------------------------------------------------------------------------------------------------

    def of_service(self, reason: str, params: Params, at: datetime) -> Owed:
        """Something about the service itself, for those who look after it."""
        event = _event(at, EventKind.DEFECT, reason, (), urgency=Urgency.LOW, params=params)
        return event, operators(self._config, event)

    def _groups(
        self, kind: EventKind, urgency: Urgency, cases: Iterable[Case]
    ) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
        """(cases, receivers): who is told of the same cases shares an event; cases that nobody is told of have one too."""
        there = list({case.name: case for case in cases}.values())
        if not there:
            return []
        probe = _event(self._clock(), kind, "", (), urgency=urgency)
        mine = {case.name: receivers_of(self._config, probe, [case]) for case in there}
        by_receiver = {r.name: tuple(case.name for case in there if r.name in mine[case.name]) for r in self._config.receivers}
        groups: dict[tuple[str, ...], list[str]] = {}
        for receiver, names in by_receiver.items():
            if names:
                groups.setdefault(names, []).append(receiver)
        nobody = tuple(case.name for case in there if not mine[case.name])
        found = [(names, tuple(receivers)) for names, receivers in groups.items()]
        return [*found, (nobody, ())] if nobody else found


def public(subject: Subject) -> str:
    """The address to open, without a query, which may hold what the case is asked by."""
    return subject.reference.url.partition("#")[0].partition("?")[0]


def _is_finished(now: _Now, case: str) -> bool:
    """Whether a source of the case has shown an end that nobody need doubt."""
    return any(row.case == case and row.history.current and is_over(row.history.current) for _, row in now.pairs)


def _is_quiet(now: _Now, pair: Pair, told: Mapping[str, datetime], since: datetime) -> bool:
    case = pair[1].case
    at = told.get(case, since)
    return not now.is_silent(case) and not _is_finished(now, case) and not since < at <= now.at


def _event(
    at: datetime,
    kind: EventKind,
    reason: str,
    cases: tuple[str, ...],
    *,
    urgency: Urgency = Urgency.NORMAL,
    params: Params | None = None,
) -> Event:
    """About one case, or about several (or, without any, about the service)."""
    case, several = (cases[0], ()) if len(cases) == 1 else (None, cases)
    return Event(uuid.uuid4().hex, kind, urgency, reason, at, case=case, cases=several, params=params or {})
