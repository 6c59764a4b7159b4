"""What a person saw: a page, a text, a word, or "unchanged", read for a case as an answer of its site would be."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from tracker.conclude import Concluder, Options
from tracker.core.decide import HOST_WIDE
from tracker.core.errors import CheckError
from tracker.core.model import Identity, Outcome, OutcomeKind, Reading, Via
from tracker.pages.adapter import Response
from tracker.pages.plain import count_records, read_text
from tracker.results import Result, skipped, unasked, unseen
from tracker.store.keeper import Run
from tracker.store.store import SourceRow, Store
from tracker.subjects import Subject
from tracker.understand import read_by, understood, without_person

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


class Shown:
    """A sighting that is read for several sources: its page is parsed once, and read once for each of them.

    The parsing of a large page takes seconds: `seen_by` is called in a thread first, and finds its readings made afterwards.
    """

    def __init__(self, sighting: Sighting) -> None:
        self.sighting = sighting
        self._pages: dict[str, Response] = {}
        self._readings: dict[tuple[str, str], Reading | CheckError] = {}

    def reading(self, subject: Subject) -> Reading:
        """What it says about a source. Raises the named error where it says nothing."""
        if subject.key not in self._readings:
            try:
                self._readings[subject.key] = self._read(subject)
            except CheckError as error:
                self._readings[subject.key] = error
        found = self._readings[subject.key]
        if isinstance(found, CheckError):
            raise found
        return found

    def records(self) -> int:
        """How many records the page shows."""
        return count_records(next(iter(self._pages.values()))) if self._pages else 0

    def _read(self, subject: Subject) -> Reading:
        sighting = self.sighting
        if sighting.page is not None:
            return read_by(subject, self._page(sighting.page, subject.reference.url))
        if sighting.text is not None:
            return read_text(sighting.text, subject.reference)
        return Reading(" ".join((sighting.label or "").split()), Identity.MATCHED)

    def _page(self, page: Response, url: str) -> Response:
        """The page as the site would have sent it; where only the query differs, it is the same page."""
        address = page.url or url.partition("#")[0].partition("?")[0]
        if address not in self._pages:
            self._pages[address] = replace(page, url=page.url or url)
        return self._pages[address]


def seen_by(shown: Shown, subject: Subject, row: SourceRow, now: datetime) -> Outcome:
    """What the sighting says about one source. Raises NothingSeenYetError."""
    at = min(shown.sighting.at or now, now)
    if shown.sighting.same:
        current = row.history.current
        if current is None:
            raise NothingSeenYetError
        again = replace(current, via=Via.PERSON, seen_at=at, provisional=False)
        return Outcome(OutcomeKind.READ, again)
    try:
        reading = shown.reading(subject)
    except CheckError as error:
        return without_person(error.outcome(), subject)
    return Outcome(OutcomeKind.READ, understood(reading, subject, at, shown.sighting.via))


def require_newer(sighting: Sighting, row: SourceRow, now: datetime) -> None:
    """Raises SeenSinceError where the source was read after the day of the sighting."""
    last = row.history.last_read_at
    if sighting.at is not None and last is not None and min(sighting.at, now) < last:
        raise SeenSinceError(last)


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
        for _, row in there:
            require_newer(sighting, row, now)
        shown = Shown(sighting)
        subject, outcome = await asyncio.to_thread(_best_of, shown, there, now)
        return await self._keep(subject, outcome, rows, shown, options, page=sighting.page)

    async def all(self, subjects: Sequence[Subject], rows: Rows, sighting: Sighting, options: Options) -> Sighted:
        """For every case that the page names; the others, and strangers, leave no trace."""
        now = self._clock()
        cases: dict[str, list[tuple[Subject, SourceRow]]] = {}
        for subject in subjects:
            row = rows.get(subject.key) or unseen(subject)
            if not row.archived and not subject.is_watched:
                cases.setdefault(subject.case.name, []).append((subject, row))
        shown = Shown(sighting)
        outcomes = await asyncio.to_thread(lambda: [_best_of(shown, there, now) for there in cases.values()])
        named = [(s, o) for s, o in outcomes if o.observation is not None and o.observation.identity is Identity.MATCHED]
        for subject, _ in named:  # before anything is kept: all of the page counts, or nothing
            require_newer(sighting, rows.get(subject.key) or unseen(subject), now)
        results = [await self._keep(subject, outcome, rows, shown, options) for subject, outcome in named]
        refused = next((o for _, o in outcomes if o.kind in HOST_WIDE), None)
        records = 0
        if results or refused is None:
            try:
                records = await asyncio.to_thread(shown.records)
            except CheckError as error:  # an image, a PDF: no page at all
                refused = error.outcome()
        strangers = max(records - len(results), 0)
        return Sighted(results, len(outcomes) - len(named), strangers, None if results else refused)

    async def _keep(
        self,
        subject: Subject,
        outcome: Outcome,
        rows: Rows,
        shown: Shown,
        options: Options,
        *,
        page: Response | None = None,  # to be kept; one that was shown for all cases is not: it may name many
    ) -> Result:
        row, via = rows.get(subject.key) or unseen(subject), shown.sighting.via
        if outcome.kind not in {OutcomeKind.READ, OutcomeKind.NOT_LISTED}:
            return replace(unasked(subject, row, outcome), via=via)
        if not options.dry_run:
            held = await self._claim(row)
            if held is None:
                return replace(skipped(subject, row, "leased"), via=via)
            # Another process may have looked while we waited: what follows is decided on what is known now.
            row, now = held, self._clock()
            try:
                require_newer(shown.sighting, row, now)
                outcome = seen_by(shown, subject, row, now)
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


def _best_of(shown: Shown, there: Sequence[tuple[Subject, SourceRow]], now: datetime) -> tuple[Subject, Outcome]:
    """What a sighting says about one case, by the source that reads it."""
    return best([(subject, seen_by(shown, subject, row, now)) for subject, row in there])


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
