"""What a person saw: a page, a text, a word, or "unchanged", read for a case as an answer of its site would be."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from tracker.conclude import Concluder, Options
from tracker.core.decide import HOST_WIDE
from tracker.core.errors import CheckError, PageChanged
from tracker.core.model import Identity, Outcome, OutcomeKind, Reading, Via
from tracker.pages.adapter import Response
from tracker.pages.plain import count_records, read_text
from tracker.results import Result, skipped, unasked, unseen
from tracker.store.keeper import Run
from tracker.store.store import SourceRow, Store
from tracker.subjects import Subject
from tracker.understand import understood, without_person

Rows = Mapping[tuple[str, str], SourceRow]
CLAIM_AGAIN = 0.5  # seconds


class NothingSeenYetError(Exception):
    """ "Unchanged" says nothing where nothing was seen before."""


class WatchedOnlyError(Exception):
    """A watched page has a text and no status: a word says nothing about it."""


class SeenSinceError(Exception):
    """The case was read after the day of the sighting: an older one can't be put in between."""

    def __init__(self, at: datetime) -> None:
        super().__init__(at.isoformat())
        self.at = at


@dataclass(frozen=True, slots=True)
class Sighting:
    """Exactly one of `page`, `text`, `label` and `same`. `at`: when the person saw it, None: now."""

    page: Response | None = None
    text: str | None = None
    label: str | None = None
    same: bool = False
    at: datetime | None = None

    @property
    def via(self) -> Via:
        if self.page is not None:
            return Via.PAGE
        return Via.TEXT if self.text is not None else Via.PERSON


def page_of(body: bytes, content_type: str = "", url: str = "") -> Response:
    """A page that a person kept or pasted, as if the site had just sent it."""
    return Response(url, 200, content_type, body)


def seen_by(sighting: Sighting, subject: Subject, row: SourceRow, now: datetime) -> Outcome:
    """What the sighting says about one source. Raises NothingSeenYetError, SeenSinceError."""
    at = min(sighting.at or now, now)
    last = row.history.last_read_at
    if sighting.at is not None and last is not None and at < last:
        raise SeenSinceError(last)
    if sighting.same:
        current = row.history.current
        if current is None:
            raise NothingSeenYetError
        again = replace(current, via=Via.PERSON, seen_at=at, provisional=False)
        return Outcome(OutcomeKind.READ, again)
    try:
        reading = _reading(sighting, subject)
    except CheckError as error:
        return without_person(error.outcome(), subject)
    return Outcome(OutcomeKind.READ, understood(reading, subject, at, sighting.via))


def _reading(sighting: Sighting, subject: Subject) -> Reading:
    if sighting.page is not None:
        return read_by(subject, replace(sighting.page, url=sighting.page.url or subject.reference.url))
    if sighting.text is not None:
        return read_text(sighting.text, subject.reference)
    return Reading(" ".join((sighting.label or "").split()), Identity.MATCHED)


def read_by(subject: Subject, page: Response) -> Reading:
    """By the adapter of the source, whose crash on a page is an outcome too."""
    try:
        return subject.adapter.read(page, subject.reference)
    except CheckError:
        raise
    except Exception as error:
        raise PageChanged("adapter", "a page that it understands", type(error).__name__) from error


@dataclass(frozen=True, slots=True)
class Sighted:
    """What one page said about many cases. `elsewhere`: cases it does not name; `strangers`: records of nobody we track.

    `refused`: why the page says nothing at all (a captcha, a log-in, …).
    """

    results: list[Result]
    elsewhere: int
    strangers: int
    refused: Outcome | None


class Sightings:
    """Keeps what sightings say, under the same leases and rules as looks at a site. `hold`: how long a lease is waited for."""

    def __init__(
        self,
        store: Store,
        concluder: Concluder,
        *,
        run: Run,
        clock: Callable[[], datetime],
        pause: Callable[[float], Awaitable[None]],
        hold: timedelta,
    ) -> None:
        self._store, self._concluder, self._run = store, concluder, run
        self._clock, self._pause, self._hold = clock, pause, hold

    async def one(self, subjects: Sequence[Subject], rows: Rows, sighting: Sighting, options: Options) -> Result:
        """For one case, whose sources these are; what can't be read leaves everything as it was.

        A page or a text counts for the source that reads it, a word for the by-hand source, else where it was seen last. Any
        page reads as a watched text, so one is shown to a watched source only where the case has no other.
        """
        now = self._clock()
        subjects = [s for s in subjects if not s.is_watched] or subjects
        if subjects[0].is_watched and (sighting.label is not None or sighting.text is not None):
            raise WatchedOnlyError
        there = [(s, rows.get(s.key) or unseen(s)) for s in sorted(subjects, key=lambda s: not s.is_by_hand)]
        if sighting.via is Via.PERSON:
            there = [_seen_last(there)]
        seen = [(s, seen_by(sighting, s, row, now)) for s, row in there]
        return await self._keep(*best(seen), rows, sighting, options, page=sighting.page)

    async def all(self, subjects: Sequence[Subject], rows: Rows, sighting: Sighting, options: Options) -> Sighted:
        """For every case that the page names; the others, and strangers, leave no trace."""
        now = self._clock()
        results: list[Result] = []
        elsewhere, refused = 0, None
        cases: dict[str, list[tuple[Subject, SourceRow]]] = {}
        for subject in subjects:
            row = rows.get(subject.key) or unseen(subject)
            if not row.archived and not subject.is_watched:
                cases.setdefault(subject.case.name, []).append((subject, row))
        for there in cases.values():
            subject, outcome = best([(s, seen_by(sighting, s, row, now)) for s, row in there])
            if outcome.observation is not None and outcome.observation.identity is Identity.MATCHED:
                results.append(await self._keep(subject, outcome, rows, sighting, options))
                continue
            elsewhere += 1
            refused = refused or (outcome if outcome.kind in HOST_WIDE else None)
        shown = count_records(sighting.page) if sighting.page is not None and (results or refused is None) else 0
        return Sighted(results, elsewhere, max(shown - len(results), 0), None if results else refused)

    async def _keep(
        self,
        subject: Subject,
        outcome: Outcome,
        rows: Rows,
        sighting: Sighting,
        options: Options,
        *,
        page: Response | None = None,  # to be kept; one that was shown for all cases is not: it may name many
    ) -> Result:
        row, via = rows.get(subject.key) or unseen(subject), sighting.via
        if outcome.kind not in {OutcomeKind.READ, OutcomeKind.NOT_LISTED}:
            return replace(unasked(subject, row, outcome), via=via)
        if not options.dry_run:
            held = await self._claim(row)
            if held is None:
                return replace(skipped(subject, row, "leased"), via=via)
            # Another process may have looked while we waited: what follows is decided on what is known now.
            row = held
            try:
                outcome = seen_by(sighting, subject, row, self._clock())
            except SeenSinceError:
                await self._run(partial(self._store.release, [row]))
                raise
        result = await self._concluder.sighting(subject, row, outcome, via, options, page=page)
        return result or replace(skipped(subject, row, "leased"), via=via)

    async def _claim(self, row: SourceRow) -> SourceRow | None:
        """The lease of a source; waits for a look in hand, as long as one may take."""
        until = self._clock() + self._hold
        while True:
            held = await self._run(partial(self._store.claim, [row.id], self._hold))
            if row.id in held or self._clock() >= until:
                return held.get(row.id)
            await self._pause(CLAIM_AGAIN)


def _seen_last(there: Sequence[tuple[Subject, SourceRow]]) -> tuple[Subject, SourceRow]:
    """The by-hand source, else the one that was read last, else the first."""
    by_hand = [pair for pair in there if pair[0].is_by_hand]
    read = [pair for pair in there if pair[1].history.last_read_at is not None]
    return by_hand[0] if by_hand else max(read, key=_read_at) if read else there[0]


def _read_at(pair: tuple[Subject, SourceRow]) -> datetime:
    at = pair[1].history.last_read_at
    assert at is not None
    return at


def best(outcomes: Sequence[tuple[Subject, Outcome]]) -> tuple[Subject, Outcome]:
    """Of one sighting read for several sources of a case: the first that reads it, else the first that knows its name.

    What names somebody else for one source is nobody's for another that has nothing to compare it with.
    """
    strangers = [pair for pair in outcomes if pair[1].kind is OutcomeKind.MISMATCHED]
    if strangers and not any(o.observation and o.observation.identity is Identity.MATCHED for _, o in outcomes):
        return strangers[0]
    if strangers:
        return next((s, o) for s, o in outcomes if o.observation and o.observation.identity is Identity.MATCHED)
    for kinds in ({OutcomeKind.READ}, {OutcomeKind.NOT_LISTED}, {OutcomeKind.BLOCKED, OutcomeKind.UNAVAILABLE}):
        for subject, outcome in outcomes:
            if outcome.kind in kinds:
                return subject, outcome
    return outcomes[0]
