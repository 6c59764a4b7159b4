"""The errors, by what the caller should do.

TrackerError
├── ConfigError         the user's file or the store's place: show it, exit 3
├── StoreError          the store can't be used: show it, exit 3
├── DeliveryError       a receiver refused: retry with back-off, or park it visibly when `permanent`
└── CheckError          a check did not read; becomes an Outcome before it reaches `decide`
    ├── InvalidReference  tell the user, don't ask again until it is edited
    ├── NotListed         the site answered and knows no such case
    ├── Unavailable       network, TLS, 5xx, 429, maintenance: the host waits
    ├── Blocked           captcha, login, refusal: hand off or wait long, never work round it
    ├── PageChanged       the adapter no longer understands the page: a defect, history untouched
    └── Mismatched        another person's record came back: keep nothing of it
"""

from collections.abc import Iterable
from datetime import timedelta
from traceback import walk_tb

from tracker.core.model import Outcome, OutcomeKind, Problem


class TrackerError(Exception):
    """The root of every error we raise on purpose."""


class ConfigError(TrackerError):
    """Every mistake of the user's configuration at once: `file:line: key: what, and what is allowed`.

    `files`: the paths of those whose mending may mend it.
    """

    def __init__(self, mistakes: list[str], files: Iterable[str] = ()) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes
        self.files = tuple(files)


class StoreError(TrackerError):
    """The store can't be used; says the path and the next step."""


class DeliveryError(TrackerError):
    """A receiver did not take a message; `reason` is the service's own words where it gave any."""

    def __init__(self, reason: str, *, permanent: bool = False, retry_after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        self.retry_after = retry_after


class CheckError(TrackerError):
    """A check that did not read. `reason` is a code of the contract; `evidence` quotes the page, at most 200 characters."""

    kind: OutcomeKind

    def __init__(self, reason: str, *, evidence: str = "", retry_after: timedelta | None = None, **params: str) -> None:
        super().__init__(f"{reason}: {evidence}" if evidence else reason)
        self.reason = reason
        self.evidence = evidence[:200]
        self.retry_after = retry_after
        self.params = params

    def outcome(self) -> Outcome:
        """The error as a value."""
        params = dict(self.params)
        if self.evidence:
            params["evidence"] = self.evidence
        return Outcome(self.kind, problem=Problem(self.reason, params, self.retry_after))


class InvalidReference(CheckError):
    kind = OutcomeKind.INVALID_REFERENCE

    def __init__(self, field: str, evidence: str = "") -> None:
        super().__init__("invalid_reference", evidence=evidence, field=field)


class NotListed(CheckError):
    kind = OutcomeKind.NOT_LISTED

    def __init__(self, evidence: str = "") -> None:
        super().__init__("not_listed", evidence=evidence)


class Unavailable(CheckError):
    """Reasons: network, tls, timeout, server_error, rate_limited, maintenance."""

    kind = OutcomeKind.UNAVAILABLE


class Blocked(CheckError):
    """Reasons: captcha, login, refused, session_over, script_wall."""

    kind = OutcomeKind.BLOCKED


class PageChanged(CheckError):
    """`reason` is page_changed, or the narrower too_large, not_text, truncated."""

    kind = OutcomeKind.PAGE_CHANGED

    def __init__(self, where: str, expected: str, found: str, *, evidence: str = "", reason: str = "page_changed") -> None:
        super().__init__(reason, evidence=evidence, where=where, expected=expected, found=found)
        self.where, self.expected, self.found = where, expected, found


class Mismatched(CheckError):
    kind = OutcomeKind.MISMATCHED

    def __init__(self, field: str) -> None:
        super().__init__("mismatched", field=field)


def place_of(error: BaseException) -> str:
    """Where an error of ours was raised, the innermost place first. For logs: what an exception says may hold personal data."""
    frames = list(walk_tb(error.__traceback__))[-3:]
    return " < ".join(f"{frame.f_code.co_filename.rpartition('/')[2]}:{line}" for frame, line in reversed(frames))
