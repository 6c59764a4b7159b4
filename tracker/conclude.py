"""What follows from one outcome: decided, kept in one transaction with the messages owed, and told as a result."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from tracker.config.model import Case, Config
from tracker.core import schedule
from tracker.core.decide import HOST_WIDE, Decision, Look, decide
from tracker.core.history import HostHistory
from tracker.core.hosts import HostDecision, decide_host
from tracker.core.model import Event, EventKind, Outcome, OutcomeKind, Urgency, Via
from tracker.core.schedule import Next
from tracker.drifting import Pages, drifted
from tracker.pages.contract import Response
from tracker.results import Result, raised
from tracker.store.keeper import Keeper
from tracker.store.pages import ToKeep
from tracker.store.store import Finish, HostMovedError, SourceRow
from tracker.subjects import Subject, receivers_of


@dataclass(frozen=True, slots=True)
class Options:
    """`due`: only what is due, with office hours and back-off. `dry_run`: read, keep nothing. `notify`: owe messages."""

    due: bool = False
    dry_run: bool = False
    notify: bool = True


USUAL = Options()


@dataclass(slots=True)
class Host:
    """One host in this run: its history, and whether this run already failed on it."""

    name: str
    history: HostHistory
    failed: bool = False


class Concluder:
    """Decides on outcomes and keeps what follows. `jitter` gives numbers in -1…1."""

    def __init__(
        self,
        config: Config,
        subjects: Mapping[tuple[str, str], Subject],
        keeper: Keeper,
        *,
        clock: Callable[[], datetime],
        jitter: Callable[[], float],
    ) -> None:
        self._config, self._subjects, self._keeper = config, subjects, keeper
        self._clock, self._jitter = clock, jitter

    def use(self, config: Config, subjects: Mapping[tuple[str, str], Subject]) -> None:
        """Other cases and receivers from the next outcome on."""
        self._config, self._subjects = config, subjects

    async def look(
        self,
        host: Host,
        subject: Subject,
        row: SourceRow,
        outcome: Outcome,
        options: Options,
        *,
        page: Response | None = None,
    ) -> Result | None:
        """After an answer of the site (`page`), or none; None where the lease was lost, and so nothing kept."""
        look = self._look(subject)
        decision = decide(row.history, outcome, look)
        is_read = outcome.kind is OutcomeKind.READ and not subject.is_watched
        found = await drifted(self._keeper, subject, row, page if is_read else None, decision)
        decision = found.decision
        kept_page = self._to_keep(page, outcome, decision, subject, row)
        while True:
            verdict = decide_host(host.history, outcome, look)
            result = self._result(subject, outcome, decision, verdict)
            hosts = {host.name: verdict.history} if verdict.history != host.history else {}
            finish = self._finish(row, outcome, decision, result, options, page=kept_page)
            were = {host.name: host.history}
            finish = replace(finish, hosts=hosts, hosts_were=were, shapes=found.shapes, drift=found.drift)
            try:
                kept = options.dry_run or await self._keeper.keep(finish, may_wait=not subject.gap)
            except HostMovedError as moved:
                host.history = moved.history
                continue
            host.history, host.failed = verdict.history, host.failed or outcome.kind in HOST_WIDE
            return result if kept else None

    async def sighting(
        self,
        subject: Subject,
        row: SourceRow,
        outcome: Outcome,
        via: Via,
        options: Options,
        *,
        page: Response | None = None,
    ) -> Result | None:
        """After a person showed or told us something: says nothing about the site, its host or when that is asked next."""
        streak, defect = row.history.streak, row.history.defect
        # The site's own failures are set aside: a page without a record, shown by a person, does not end them.
        calm = replace(row.history, streak=None) if outcome.kind is OutcomeKind.NOT_LISTED else row.history
        decision = decide(calm, outcome, self._look(subject))
        refused = row.history.invalid
        decision = replace(decision, history=replace(decision.history, streak=streak, defect=defect, invalid=refused, asked=0))
        planned = decision.next
        if decision.next.reason != "final" and (subject.is_by_hand or streak is not None or refused):
            planned = Next(None, "by_hand") if subject.is_by_hand else row.next_check
        events = raised(subject, decision.events, (), (), self._clock())
        result = Result(subject, outcome, planned, decision.changed, events, history=decision.history, via=via)
        kept_page = self._to_keep(page, outcome, decision, subject, row)
        finish = self._finish(row, outcome, decision, result, options, page=kept_page)
        kept = options.dry_run or await self._keeper.keep(finish, may_wait=False)
        return result if kept else None

    def _to_keep(
        self, page: Response | None, outcome: Outcome, decision: Decision, subject: Subject, row: SourceRow
    ) -> ToKeep | None:
        pages, before = Pages(self._config.store.keep_pages, self._config.fetch.max_body), row.history.last
        return pages.to_keep(page, outcome, decision, subject=subject, before=before, now=self._clock())

    def _look(self, subject: Subject) -> Look:
        return Look(self._clock(), subject.policy, self._jitter(), subject.reference.read.told)

    def _finish(
        self,
        row: SourceRow,
        outcome: Outcome,
        decision: Decision,
        result: Result,
        options: Options,
        *,
        page: ToKeep | None,
    ) -> Finish:
        unsettled = result.via is not Via.SITE and (decision.history.streak is not None or decision.history.invalid)
        return Finish(
            source=row,
            history=decision.history,
            next_check=result.next_check,
            problem=row.problem if unsettled else outcome.problem,
            keep=decision.keep,
            observation=decision.history.last,
            events=tuple((event, self._owed(result.subject, row, event, options)) for event in result.events),
            page=page,
        )

    def _result(self, subject: Subject, outcome: Outcome, decision: Decision, verdict: HostDecision) -> Result:
        planned, waits_until = decision.next, verdict.history.wait_until
        if outcome.kind in HOST_WIDE:
            planned = schedule.in_hours(subject.policy, Next(waits_until, verdict.history.wait_reason))
        there = tuple(dict.fromkeys(case.name for case in self._cases_at(subject.host))) if verdict.events else ()
        events = raised(subject, decision.events, verdict.events, there, self._clock())
        return Result(subject, outcome, planned, decision.changed, events, waits_until, decision.history)

    def _owed(self, subject: Subject, row: SourceRow, event: Event, options: Options) -> tuple[str, ...]:
        if not options.notify or is_told_already(row, event):
            return ()
        about: Iterable[Case] = [subject.case] if event.case else self._cases_at(subject.host)
        return receivers_of(self._config, event, about)

    def _cases_at(self, host: str) -> list[Case]:
        return [s.case for s in self._subjects.values() if s.host == host]


def is_told_already(row: SourceRow, event: Event) -> bool:
    """An import tells once that its cases are watched; what asks something of the applicant, or was missing, is news."""
    calm = event.kind is EventKind.FIRST_SEEN and event.urgency is not Urgency.URGENT
    return calm and row.imported and not row.history.missing_told
