"""The product's own words, ready for translation: names of statuses, turns, outcomes, events. English here is the msgid."""

from collections.abc import Mapping
from typing import Protocol

from tracker.core.model import EventKind, Observation, OutcomeKind, Status, Turn, Via


class Translator(Protocol):
    """What we need of `gettext.NullTranslations`."""

    def gettext(self, message: str, /) -> str: ...

    def ngettext(self, msgid1: str, msgid2: str, n: int, /) -> str: ...


def N_(text: str) -> str:  # noqa: N802 - the name that translators' tools look for
    """Marks a text for extraction; it is translated where it is shown."""
    return text


STATUSES: Mapping[Status, str] = {
    Status.NOT_SUBMITTED: N_("not submitted"),
    Status.SUBMITTED: N_("submitted"),
    Status.ACCEPTED: N_("accepted"),
    Status.IN_REVIEW: N_("in review"),
    Status.APPROVED: N_("approved"),
    Status.COMPLETED: N_("completed"),
    Status.NEEDS_ACTION: N_("needs action"),
    Status.REJECTED: N_("rejected"),
    Status.WITHDRAWN: N_("withdrawn"),
    Status.EXPIRED: N_("expired"),
    Status.UNKNOWN: N_("unknown word"),
}

TURNS: Mapping[Turn, str] = {
    Turn.AUTHORITY: N_("the authority"),
    Turn.APPLICANT: N_("the applicant"),
    Turn.EMPLOYER: N_("the employer"),
    Turn.NOBODY: N_("nobody"),
}

VIAS: Mapping[Via, str] = {
    Via.SITE: N_("on the site"),
    Via.PAGE: N_("from a page shown to us"),
    Via.TEXT: N_("from a text given to us"),
    Via.MAIL: N_("from a mail"),
    Via.PERSON: N_("entered by hand"),
}

OUTCOMES: Mapping[OutcomeKind, str] = {
    OutcomeKind.READ: N_("read"),
    OutcomeKind.NOT_LISTED: N_("not listed"),
    OutcomeKind.BLOCKED: N_("blocked"),
    OutcomeKind.UNAVAILABLE: N_("unavailable"),
    OutcomeKind.PAGE_CHANGED: N_("page changed"),
    OutcomeKind.MISMATCHED: N_("somebody else's record"),
    OutcomeKind.INVALID_REFERENCE: N_("reference not accepted"),
    OutcomeKind.SKIPPED: N_("not asked"),
}

KINDS: Mapping[EventKind, str] = {
    EventKind.FIRST_SEEN: N_("first reading"),
    EventKind.STATUS_CHANGED: N_("status changed"),
    EventKind.NOTICE_CHANGED: N_("notice changed"),
    EventKind.DETAILS_CHANGED: N_("details changed"),
    EventKind.NOT_LISTED: N_("not shown"),
    EventKind.LISTED_AGAIN: N_("shown again"),
    EventKind.UNREADABLE: N_("can't be read"),
    EventKind.READABLE_AGAIN: N_("reads again"),
    EventKind.HANDOFF_NEEDED: N_("needs your hand"),
    EventKind.LOOK_NEEDED: N_("needs your look"),
    EventKind.LABEL_UNKNOWN: N_("word not known"),
    EventKind.DEFECT: N_("defect"),
    EventKind.OVERDUE: N_("overdue"),
    EventKind.DEADLINE_NEAR: N_("deadline near"),
    EventKind.WATCHED_PAGE_CHANGED: N_("watched page changed"),
    EventKind.STILL_WAITING: N_("still waiting"),
}


def status_name(status: Status, tr: Translator) -> str:
    return tr.gettext(STATUSES[status])


def likely(seen: Observation, tr: Translator) -> str:
    """A status that nobody confirmed. Where the label is the status's very name, "likely" alone would read as a doubt of it."""
    name = status_name(seen.status, tr)
    if seen.label == name:
        return tr.gettext("likely, by its usual meaning")
    return tr.gettext("likely {status}").format(status=name)


def turn_name(turn: Turn, tr: Translator) -> str:
    return tr.gettext(TURNS[turn])


def via_name(via: Via, tr: Translator) -> str:
    """How something was seen, as it stands in brackets or at the end of a sentence."""
    return tr.gettext(VIAS[via])


def outcome_name(kind: OutcomeKind, tr: Translator) -> str:
    return tr.gettext(OUTCOMES[kind])


def kind_name(kind: EventKind, tr: Translator) -> str:
    return tr.gettext(KINDS[kind])
