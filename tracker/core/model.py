"""The words of the product as data: statuses, readings, outcomes, events. Frozen, and free of I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum


class Status(StrEnum):
    """What an authority's words mean. The first six are in order; the others stand beside it."""

    NOT_SUBMITTED = "not_submitted"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    COMPLETED = "completed"
    NEEDS_ACTION = "needs_action"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


ORDER = (
    Status.NOT_SUBMITTED,
    Status.SUBMITTED,
    Status.ACCEPTED,
    Status.IN_REVIEW,
    Status.APPROVED,
    Status.COMPLETED,
)
FINAL = frozenset({Status.COMPLETED, Status.REJECTED, Status.WITHDRAWN, Status.EXPIRED})


class Turn(StrEnum):
    """Who has to do something next."""

    AUTHORITY = "authority"
    APPLICANT = "applicant"
    EMPLOYER = "employer"
    NOBODY = "nobody"


class Via(StrEnum):
    """How something was seen."""

    SITE = "site"
    PAGE = "page"
    TEXT = "text"
    MAIL = "mail"
    PERSON = "person"


ASKED = frozenset({Via.SITE, Via.MAIL})  # seen by our own looks; everything else a person showed or told us
VOUCHED = frozenset({Via.TEXT, Via.PERSON})  # a person said that it is so: never in doubt


class Identity(StrEnum):
    """Whether the answer repeats what the case was asked by."""

    MATCHED = "matched"
    NOT_SHOWN = "not_shown"


class OutcomeKind(StrEnum):
    """How one check ended."""

    READ = "read"
    NOT_LISTED = "not_listed"
    BLOCKED = "blocked"
    UNAVAILABLE = "unavailable"
    PAGE_CHANGED = "page_changed"
    MISMATCHED = "mismatched"
    INVALID_REFERENCE = "invalid_reference"
    SKIPPED = "skipped"


class EventKind(StrEnum):
    """What the applicant or the operator may be told."""

    FIRST_SEEN = "first_seen"
    STATUS_CHANGED = "status_changed"
    NOTICE_CHANGED = "notice_changed"
    DETAILS_CHANGED = "details_changed"
    NOT_LISTED = "not_listed"
    LISTED_AGAIN = "listed_again"
    UNREADABLE = "unreadable"
    READABLE_AGAIN = "readable_again"
    HANDOFF_NEEDED = "handoff_needed"
    LOOK_NEEDED = "look_needed"
    LABEL_UNKNOWN = "label_unknown"
    DEFECT = "defect"
    OVERDUE = "overdue"
    DEADLINE_NEAR = "deadline_near"
    WATCHED_PAGE_CHANGED = "watched_page_changed"
    STILL_WAITING = "still_waiting"


OPERATOR_KINDS = frozenset({EventKind.LABEL_UNKNOWN, EventKind.DEFECT})


class Urgency(StrEnum):
    URGENT = "urgent"
    NORMAL = "normal"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Word:
    """What one label means: an entry of a label table. Without a turn, the status decides it."""

    status: Status
    turn: Turn | None = None


@dataclass(frozen=True, slots=True)
class Meaning:
    """A label understood. `known` is False when no table has it; `confirmed` when nobody need doubt it."""

    status: Status
    turn: Turn
    confirmed: bool
    known: bool


@dataclass(frozen=True, slots=True)
class ReadHints:
    """What the case's `read` table says: a caption, "css:…" or "json:…"; None or () means the well-known captions."""

    label: str | None = None
    date: str | None = None
    identify: tuple[str, ...] = ()
    details: tuple[str, ...] | None = None

    @property
    def told(self) -> tuple[str, ...] | None:
        """The captions whose changes are told; a value named by its path stands under that path."""
        return None if self.details is None else tuple(d.removeprefix("json:") for d in self.details)


@dataclass(frozen=True, slots=True)
class AskHints:
    """How a source is asked, where its adapter leaves that open.

    `method` and `body` ("form" or "json"): how the reference is sent; `watch`: the page's text is watched instead of a
    status being read, or the part of it that `css` selects.
    """

    method: str = "GET"
    body: str = "form"
    watch: bool = False
    css: str | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """What finds a case on a site: values by the caption on the page or the field's own name.

    `words` are those of the case's own table: a bare number is a status only where it stands there.
    """

    values: Mapping[str, str]
    url: str = ""
    read: ReadHints = field(default_factory=ReadHints)
    ask: AskHints = field(default_factory=AskHints)
    words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reading:
    """What an adapter read on a page, in the authority's own words and not yet understood.

    `details` holds every other caption and value of the record, in page order. `watched` is the text of a page that is
    watched instead, a line a line; the label is then empty.
    """

    label: str
    identity: Identity
    reported_on: date | None = None
    notice: str | None = None
    details: Mapping[str, str] = field(default_factory=dict)
    watched: str | None = None


@dataclass(frozen=True, slots=True)
class Observation:
    """A reading understood. Its texts are already masked where they repeat the reference.

    `watched` is the text of a watched page, "" where only the fact matters; label, status, turn and identity then say nothing.
    """

    label: str
    status: Status
    turn: Turn
    confirmed: bool
    known: bool
    identity: Identity
    via: Via
    seen_at: datetime
    reported_on: date | None = None
    notice: str | None = None
    notice_asks: bool = False
    details: Mapping[str, str] = field(default_factory=dict)
    provisional: bool = False
    watched: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a check did not read: a reason code, where on the page, and what was expected and found."""

    reason: str
    params: Mapping[str, str] = field(default_factory=dict)
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one check ended: an observation, or a problem."""

    kind: OutcomeKind
    observation: Observation | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something worth telling, about a case or (case is None) about a host and its `cases`.

    `before` and `after` are what stood there and what stands there now; `params` are plain texts and numbers
    for the message (see core/message.py for the names that each kind uses).
    """

    id: str
    kind: EventKind
    urgency: Urgency
    reason: str
    at: datetime
    case: str | None = None
    source: str | None = None
    host: str | None = None
    cases: tuple[str, ...] = ()
    before: Observation | None = None
    after: Observation | None = None
    params: Mapping[str, str | int] = field(default_factory=dict)
