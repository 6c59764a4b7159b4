"""What is remembered of a source and of a host between looks: the state that `decide` works on."""

from dataclasses import dataclass, replace
from datetime import datetime

from tracker.core.model import Observation, OutcomeKind


@dataclass(frozen=True, slots=True)
class Streak:
    """Failed looks in a row: since the first of them, how many, why the last failed, and whether (and when) that was told."""

    since: datetime
    looks: int
    reason: str
    told: bool = False
    told_at: datetime | None = None

    def begun_by(self, now: datetime) -> "Streak":
        """After the clock was set back: it began, and was told, no later than now."""
        return replace(self, since=min(self.since, now), told_at=self.told_at and min(self.told_at, now))


@dataclass(frozen=True, slots=True)
class Shapes:
    """Which shapes of a source's page were accepted (`known`), and which were told of and wait, with the looks that found them.

    Shapes stand here by their digests; see drift.py. `rest`: looks in a row that found an accepted one while others wait.
    """

    known: tuple[str, ...] = ()
    waiting: tuple[tuple[str, int], ...] = ()
    rest: int = 0


@dataclass(frozen=True, slots=True)
class History:
    """What a source showed so far.

    `current` is what was last told; `pending` a doubtful move that waits for its second look since `pending_since`;
    `last` is the observation stored last. `missing_since` is the first look that found no record.
    `defect` names the defect already recorded; `words` are the unknown labels already reported. `asked_at`: when the
    person was last asked to look, `asked` how often since the last good reading. `restless` counts the looks in a row at a
    watched page of which each found another text.
    """

    current: Observation | None = None
    pending: Observation | None = None
    pending_since: datetime | None = None
    last: Observation | None = None
    last_read_at: datetime | None = None
    missing_since: datetime | None = None
    missing_told: bool = False
    streak: Streak | None = None
    defect: str = ""
    invalid: bool = False
    words: tuple[str, ...] = ()
    outcome: OutcomeKind | None = None
    looked_at: datetime | None = None
    asked_at: datetime | None = None
    asked: int = 0
    restless: int = 0
    shapes: Shapes = Shapes()


def begun_by(history: History, now: datetime) -> History:
    """After the clock was set back: what seems to begin later than `now` begins now, else its second look never comes."""
    pending, missing, streak = history.pending_since, history.missing_since, history.streak
    return replace(
        history,
        pending_since=pending and min(pending, now),
        missing_since=missing and min(missing, now),
        streak=streak and streak.begun_by(now),
    )


@dataclass(frozen=True, slots=True)
class HostHistory:
    """What a host did so far: its failures count for all its sources. `refused_until` is its own Retry-After."""

    streak: Streak | None = None
    wait_until: datetime | None = None
    refused_until: datetime | None = None
    wait_reason: str = ""
