"""Verdicts: what the product made of a page, against the truth that the page was made from."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from adapters import form as form_adapter
from adapters import json as json_adapter
from adapters import page as page_adapter
from tests.reading.damage import Damaged
from tests.reading.forms import SIGNS, FormCase, Wanted
from tests.reading.nonanswers import NonAnswer
from tests.reading.plans import Answer
from tests.reading.site import Sent, visit
from tests.reading.words import squash
from tracker.core.errors import CheckError, PageChanged
from tracker.core.model import Reading
from tracker.pages.forms import encode_form

RIGHT, NAMED, ASTRAY, WRONG = "right", "unreadable", "astray", "WRONG"


@dataclass(frozen=True)
class Verdict:
    """`right`; `unreadable`: refused by name; `astray`: the status is right, something beside it is not; `WRONG`.

    Of a form: `astray` sends otherwise than a browser would, `WRONG` sends a person's value where it does not belong.
    """

    kind: str
    detail: str = ""


def of_answer(made: Answer) -> Verdict:
    """How an answer was read."""
    try:
        if made.json:
            got = json_adapter.read(next(iter(made.pages.values())), made.reference)
        else:
            got = visit(page_adapter.query(made.reference), made.pages)
    except CheckError as error:
        return Verdict(RIGHT if made.may_refuse else NAMED, named(error))
    except Sent as sent:
        return Verdict(NAMED, f"asked for {sent.request.url}")
    return _compared(made, got)


def of_damaged(made: Damaged) -> Verdict:
    """Whether a broken answer says its own status still, or none. What stands beside it may have gone."""
    verdict = of_answer(made)
    if verdict.kind == WRONG:
        return Verdict(WRONG, f"{verdict.detail} {made.what}")
    return Verdict(NAMED if verdict.kind == NAMED else RIGHT, verdict.detail)


def of_form(made: FormCase) -> Verdict:
    """What would be sent."""
    try:
        visit(form_adapter.query(made.reference), made.pages, made.pictures)
    except Sent as sent:
        return _as_a_browser(made, sent)
    except PageChanged as error:
        return Verdict(NAMED if made.wanted else RIGHT, named(error))
    except CheckError as error:
        beside = made.wanted is None and "with log-in box" in made.traits  # then the log-in is the only form there is
        return Verdict(RIGHT if beside and error.reason == "login" else NAMED, named(error))
    return Verdict(WRONG, "read a status")


def _as_a_browser(made: FormCase, sent: Sent) -> Verdict:
    """Whether a browser would have sent the same."""
    request, wanted = sent.request, made.wanted
    if wanted is None:
        return Verdict(WRONG, "sends what can't be sent")
    if (request.method, request.url) != (wanted.method, wanted.url):
        if request.method == "GET" and (request.url in made.pictures or not request.form):
            return Verdict(NAMED, f"asks for {request.url}")
        return Verdict(WRONG, f"{request.method} {request.url} for {wanted.method} {wanted.url}")
    misplaced = _values(made, request.form) - _values(made, wanted.pairs)
    if misplaced:
        return Verdict(WRONG, f"tells the fields {', '.join(sorted(name for name, _ in misplaced))} what is not theirs")
    got = encode_form(request.form, request.charset).decode().split("&") if request.form else []
    if len(got) != len(wanted.encoded()) or not all(map(_same_pair, got, wanted.encoded())):
        return Verdict(
            ASTRAY,
            f"sends {' '.join(g for g in got if g not in wanted.encoded())[:80]!r}, "
            f"not {' '.join(w for w in wanted.encoded() if w not in got)[:80]!r}",
        )
    return _person_asked(wanted, sent)


def _values(made: FormCase, pairs: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Where the person's own values go."""
    own = set(made.reference.values.values())
    return {pair for pair in pairs if pair[1] in own}


def _same_pair(got: str, wanted: str) -> bool:
    return got == wanted or (
        wanted.endswith(SIGNS) and re.fullmatch(re.escape(wanted.removesuffix(SIGNS)) + r"\d+", got) is not None
    )


def _person_asked(wanted: Wanted, sent: Sent) -> Verdict:
    """Whether the person was shown the captcha, and the right one."""
    if wanted.captcha is None:
        return Verdict(ASTRAY, "asks for a captcha that is none") if sent.captchas else Verdict(RIGHT)
    if len(sent.captchas) != 1:
        return Verdict(ASTRAY, f"asks for {len(sent.captchas)} captchas")
    asked, (picture, question) = sent.captchas[0], wanted.captcha
    if picture:
        shown = asked.image.url if asked.image is not None else None
        return Verdict(RIGHT) if shown == picture else Verdict(ASTRAY, f"shows {shown} as captcha")
    return Verdict(RIGHT) if squash(question) in squash(asked.question) else Verdict(ASTRAY, f"question {asked.question!r}")


def of_non_answer(made: NonAnswer) -> Verdict:
    """What a page that is no answer was called."""
    try:
        if made.json:
            got = json_adapter.read(next(iter(made.pages.values())), made.reference)
        else:
            got = visit(page_adapter.query(made.reference), made.pages)
    except CheckError as error:
        kind = f"{error.kind}/{error.reason}"
        return Verdict(
            RIGHT if kind in made.outcomes else NAMED,
            "" if kind in made.outcomes else f"{named(error)}, not {' or '.join(sorted(made.outcomes))}",
        )
    except Sent as sent:
        return Verdict(RIGHT if sent.request.url == made.leads_to else NAMED, f"asked for {sent.request.url}")
    return Verdict(WRONG, f"status {got.label!r}")


def named(error: CheckError) -> str:
    """An error in one line, without what belongs to the one page."""
    where = f" {error.where}: {error.found[:60]!r}" if isinstance(error, PageChanged) else f" {error.evidence[:60]!r}"
    return f"{error.kind}/{error.reason}{where}"


def _compared(made: Answer, got: Reading) -> Verdict:
    if squash(got.label) not in {squash(label) for label in made.labels}:
        return Verdict(WRONG, f"status {got.label!r}")
    if got.identity not in made.identities:
        return Verdict(ASTRAY, f"identity {got.identity}")
    if got.reported_on not in made.dates:
        return Verdict(ASTRAY, f"date {got.reported_on}" if got.reported_on else "date not found")
    problem = _notice(made, got.notice)
    if problem:
        return Verdict(ASTRAY, problem)
    kept = squash(" ".join((got.label, got.notice or "", *got.details.values())))
    if any(squash(other) in kept for other in made.foreign):
        return Verdict(ASTRAY, "keeps what is somebody else's")
    return Verdict(RIGHT)


def _notice(made: Answer, got: str | None) -> str:
    if made.notice is not None:
        return "" if got is not None and squash(made.notice.rstrip("。.")) in squash(got) else f"notice missed, {got!r} instead"
    rest = re.sub(r"\d、", "", squash(got or ""))
    for tolerated in made.tolerated:
        rest = rest.replace(squash(tolerated), "")
    if not rest:
        return ""
    return f"notice {got!r}"
