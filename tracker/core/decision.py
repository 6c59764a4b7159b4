"""What a look is decided on and what follows from it, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from tracker.core.history import History
from tracker.core.model import EventKind, Observation, Urgency
from tracker.core.schedule import Next, Policy

REREAD = "reread"  # the reason of what follows from a kept page that was read again


class Keep(Enum):
    """What becomes of an observation in the store."""

    NOTHING = "nothing"
    NEW = "new"
    AMEND = "amend"  # the one stored last became sure, or its word's meaning was edited


@dataclass(frozen=True, slots=True)
class Draft:
    """An event without the id and the names that the edge adds."""

    kind: EventKind
    reason: str
    urgency: Urgency = Urgency.NORMAL
    before: Observation | None = None
    after: Observation | None = None
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Look:
    """The circumstances of one look. `watched`: captions whose changes are told (None: the usual); `jitter` in -1…1."""

    now: datetime
    policy: Policy
    jitter: float = 0.0
    watched: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows from one look: `changed` is the contract's: the observation differs from the one stored last."""

    history: History
    events: tuple[Draft, ...]
    next: Next
    keep: Keep = Keep.NOTHING
    changed: bool = False
