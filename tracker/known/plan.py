"""How often each site is asked by the schedule: what `status --explain` shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from tracker.core.schedule import Policy
from tracker.desk import Desk

_EXCHANGES = {"form": 2, "page": 1, "json": 1}
_OTHER_EXCHANGES = 2  # a site's own adapter usually fetches its form, then sends it


@dataclass(frozen=True, slots=True)
class SourcePlan:
    """One source; the interval in seconds, the rest a day (a working day, where only those are used)."""

    case: str
    source: str
    adapter: str
    every_seconds: int
    looks_per_day: float
    requests_per_look: int
    requests_per_day: float

    @property
    def name(self) -> str:
        return self.case if self.source == self.adapter else f"{self.case} / {self.source}"


@dataclass(frozen=True, slots=True)
class SitePlan:
    """One site. `workdays`: it is asked on working days only; `min_gap_seconds` between two requests."""

    host: str
    requests_per_day: float
    workdays: bool
    min_gap_seconds: int
    sources: tuple[SourcePlan, ...]


def planned(desk: Desk, names: Sequence[str]) -> list[SitePlan]:
    """The sites of the named cases, or of all; second looks and failures, which are rare, are not counted."""
    from tracker.subjects import subjects

    over = _over(desk)
    sites: dict[str, list[SourcePlan]] = {}
    circumstances: dict[str, tuple[bool, int]] = {}
    for subject in subjects(desk.config, desk.registry):
        if subject.is_by_hand or (names and subject.case.name not in names):
            continue
        looks = 0.0 if subject.key in over else looks_per_day(subject.policy)
        each = _EXCHANGES.get(subject.meta.id, _OTHER_EXCHANGES)
        every = int(subject.policy.every.total_seconds())
        plan = SourcePlan(
            subject.case.name, subject.name, subject.meta.id, every, round(looks, 2), each, round(looks * each, 2)
        )
        sites.setdefault(subject.host, []).append(plan)
        circumstances[subject.host] = (bool(subject.policy.workdays), int(subject.gap.total_seconds()))
    return [
        SitePlan(host, round(sum(p.requests_per_day for p in plans), 2), *circumstances[host], tuple(plans))
        for host, plans in sites.items()
    ]


def looks_per_day(policy: Policy) -> float:
    """How many looks fit into a day's office hours: one at their beginning, then one an interval."""
    most = timedelta(days=1) / policy.every
    if not policy.hours:
        return most
    open_hours = sum((_length(period) for period in policy.hours), timedelta(0))
    return min(most, open_hours // policy.every + 1)


def _length(period: tuple[time, time]) -> timedelta:
    day = date(2000, 1, 1)
    return datetime.combine(day, period[1], UTC) - datetime.combine(day, period[0], UTC)


def _over(desk: Desk) -> set[tuple[str, str]]:
    """Sources that are not asked any more."""
    rows = desk.store.sources() if desk.store_is_there else []
    ended = {"final", "invalid_reference"}
    return {
        row.key for row in rows if row.paused or row.archived or (row.next_check.at is None and row.next_check.reason in ended)
    }
