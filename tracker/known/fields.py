"""What is shown of a reading, an event, a problem and a plan: the contract's JSON fields, and the same in words."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from tracker.core.clean import clean, cut
from tracker.core.explain import problem_parts
from tracker.core.mask import mask_details, mask_text
from tracker.core.message import Privacy, likely, next_check_text, problem_text, render, status_name
from tracker.core.model import Event, Observation, Outcome, Problem, Via
from tracker.core.schedule import Next
from tracker.core.times import time_text
from tracker.desk import Desk

if TYPE_CHECKING:
    from tracker.config.model import Case
    from tracker.store.amend import Amended

JSON = dict[str, object]
LONGEST_LABEL = 300


def iso(moment: datetime | None, desk: Desk) -> str | None:
    """A time as the contract's JSON has it: in the config's zone, to the second."""
    return moment.astimezone(desk.config.zone).isoformat(timespec="seconds") if moment else None


def known_values(case: "Case | None") -> tuple[str, ...]:
    """The reference values of a case, which are masked wherever they stand."""
    return tuple(value for source in case.sources for value in source.reference.values()) if case else ()


def find_case(desk: Desk, name: str | None) -> "Case | None":
    """The config's case of this name; None for one that left the config, and for a host's event."""
    return next((case for case in desk.config.cases if case.name == name), None)


def masked(text: str, known: tuple[str, ...], *, unmasked: bool) -> str:
    """A text as it leaves the program: reference values, ID and mobile numbers masked unless the user wants all."""
    return text if unmasked else mask_text(text, known)


def observation_fields(seen: Observation | None, *, known: tuple[str, ...], unmasked: bool, via: Via | None = None) -> JSON:
    """The contract's fields of a reading; nulls where there is none, but for `via`, which the caller then knows."""
    if seen is None:
        blank: JSON = dict.fromkeys(("label", "status", "status_confirmed", "turn", "notice", "identity"))
        return {"via": via and via.value, **blank, "provisional": False, "reported_on": None, "details": {}}
    if seen.watched is not None:  # a page's text: it has no status
        blank = dict.fromkeys(("label", "status", "status_confirmed", "turn", "notice", "identity"))
        return {"via": seen.via.value, **blank, "provisional": seen.provisional, "reported_on": None, "details": {}}
    return {
        "via": seen.via.value,
        "label": masked(seen.label, known, unmasked=unmasked),
        "status": seen.status.value,
        "status_confirmed": seen.confirmed,
        "turn": seen.turn.value,
        "notice": None if seen.notice is None else masked(seen.notice, known, unmasked=unmasked),
        "identity": seen.identity.value,
        "provisional": seen.provisional,
        "reported_on": seen.reported_on.isoformat() if seen.reported_on else None,
        "details": dict(seen.details) if unmasked else mask_details(seen.details, known),
    }


def event_json(event: Event, desk: Desk, *, known: tuple[str, ...], unmasked: bool) -> JSON:
    """An event as the contract has it; `text` is the message that a receiver with privacy "masked" (or "full") gets."""
    return {
        "id": event.id,
        "kind": event.kind.value,
        "urgency": event.urgency.value,
        "reason": event.reason,
        "params": params_json(event.params, known=known, unmasked=unmasked),
        "text": event_text(event, desk, known=known, unmasked=unmasked),
        "before": _short(event.before, known=known, unmasked=unmasked),
        "after": _short(event.after, known=known, unmasked=unmasked),
        "at": iso(event.at, desk),
        "case": event.case,
        "source": event.source,
        "host": event.host,
    }


def event_text(event: Event, desk: Desk, *, known: tuple[str, ...], unmasked: bool) -> str:
    """Title and body, as told."""
    from tracker.subjects import named_source

    privacy: Privacy = "full" if unmasked else "masked"
    source = named_source(desk.config, event)
    message = render(event, desk.tr, privacy=privacy, zone=desk.config.zone, known=known, source=source)
    return f"{message.title}\n{message.body}"


def _short(seen: Observation | None, *, known: tuple[str, ...], unmasked: bool) -> JSON | None:
    if seen is None:
        return None
    if seen.watched is not None:
        return {"label": None, "status": None}
    return {"label": masked(seen.label, known, unmasked=unmasked), "status": seen.status.value}


def params_json(params: Mapping[str, str | int], *, known: tuple[str, ...], unmasked: bool) -> JSON:
    """Params of an event or a problem; before_N and after_N are values beside caption_N and masked as such."""
    if unmasked:
        return dict(params)
    shown: JSON = {}
    for key, value in params.items():
        if not isinstance(value, str):
            shown[key] = value
            continue
        side, _, number = key.partition("_")
        caption = str(params.get(f"caption_{number}", "")) if side in {"before", "after"} else ""
        shown[key] = mask_details({caption: value}, known)[caption]
    return shown


def problem_json(
    problem: Problem | None, desk: Desk, retry_at: datetime | None, *, known: tuple[str, ...] = (), unmasked: bool = False
) -> JSON | None:
    """Why something was not read: reason, words, when it is tried again (null: not until somebody does something)."""
    if problem is None:
        return None
    return {
        "reason": problem.reason,
        "text": problem_words(problem, desk, known, unmasked=unmasked),
        "retry_at": iso(retry_at, desk),
        "params": params_json(problem.params, known=known, unmasked=unmasked),
    }


def outcome_json(outcome: Outcome, desk: Desk, *, known: tuple[str, ...], unmasked: bool) -> JSON:
    """What a page was read as."""
    return {
        "outcome": outcome.kind.value,
        **observation_fields(outcome.observation, known=known, unmasked=unmasked),
        "problem": problem_json(outcome.problem, desk, None, known=known, unmasked=unmasked),
    }


def outcome_words(outcome: Outcome, desk: Desk, known: tuple[str, ...], *, unmasked: bool) -> str:
    """The same in words: the label, or why it could not be read."""
    if outcome.observation is not None:
        return state(outcome.observation, desk, known, unmasked=unmasked)
    problem = outcome.problem or Problem(outcome.kind.value)
    return problem_parts(replace(problem, params={}), desk.tr)[0]


def amended_words(amended: "Amended", desk: Desk, known: tuple[str, ...], *, unmasked: bool) -> str:
    """That a page was read again, and what had been made of it until then."""
    when = time_text(amended.at, desk.tr, desk.config.zone)
    was = outcome_words(amended.was, desk, known, unmasked=unmasked)
    return desk._("amended on {when}, before: {was}").format(when=when, was=was)


def problem_words(problem: Problem, desk: Desk, known: tuple[str, ...], *, unmasked: bool) -> str:
    """What happened, and what follows from it."""
    return masked(problem_text(problem, desk.tr), known, unmasked=unmasked)


def next_json(planned: Next, desk: Desk) -> JSON:
    """The next check, and why then."""
    return {
        "next_check_at": iso(planned.at, desk),
        "next_check_reason": planned.reason,
        "next_check_text": next_check_text(planned.reason, planned.params, desk.tr),
    }


def quoted(text: str, known: tuple[str, ...], *, unmasked: bool, limit: int = LONGEST_LABEL) -> str:
    """The authority's words for a terminal: one harmless line."""
    return cut(masked(clean(text), known, unmasked=unmasked), limit)


def meaning(seen: Observation, desk: Desk) -> str:
    """Our status, and how sure it is: "likely in review, unconfirmed"."""
    if not seen.known:
        words = desk._("a word that is not known yet")
    else:
        words = status_name(seen.status, desk.tr) if seen.confirmed else likely(seen, desk.tr)
    return desk._("{status}, unconfirmed").format(status=words) if seen.provisional else words


def state(seen: Observation, desk: Desk, known: tuple[str, ...], *, unmasked: bool) -> str:
    """The authority's own words with our status beside them."""
    if seen.watched is not None:
        if seen.provisional:
            return desk._("watched page: another text, not told yet")
        count = len(seen.watched.split("\n"))
        return desk.tr.ngettext("watched page, {count} line", "watched page, {count} lines", count).format(count=count)
    label, words = quoted(seen.label, known, unmasked=unmasked), meaning(seen, desk)
    return label if label == words else desk._("“{label}” ({status})").format(label=label, status=words)
