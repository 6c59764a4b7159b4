"""What an adapter read or raised, in our terms and without the person's data."""

from dataclasses import replace
from datetime import datetime

from tracker.core.errors import CheckError, PageChanged
from tracker.core.labels import understand
from tracker.core.mask import mask_text
from tracker.core.model import Identity, Observation, Outcome, OutcomeKind, Reading, Status, Turn, Via
from tracker.pages.contract import Response
from tracker.pages.recognise import asks_for_something
from tracker.subjects import Subject

LONGEST_LABEL = 300


def read_by(subject: Subject, page: Response) -> Reading:
    """By the adapter of the source, whose crash on a page is an outcome too."""
    try:
        return subject.adapter.read(page, subject.reference)
    except CheckError:
        raise
    except Exception as error:
        raise PageChanged("adapter", "a page that it understands", type(error).__name__) from error


def read_again(subject: Subject, page: Response, at: datetime, via: Via) -> Outcome:
    """What a page that is there says about a source, as a look that ended on it would."""
    page = page if page.url else replace(page, url=subject.reference.url)
    try:
        reading = read_by(subject, page)
    except CheckError as error:
        return without_person(error.outcome(), subject)
    return Outcome(OutcomeKind.READ, understood(reading, subject, at, via))


def understood(reading: Reading, subject: Subject, now: datetime, via: Via) -> Observation:
    """A reading in our terms, with the reference masked wherever the authority's words repeat it."""
    if reading.watched is not None:
        return _watched(reading.watched, reading.identity, subject, now, via)
    label = mask_text(reading.label, subject.known)[:LONGEST_LABEL]
    notice = mask_text(reading.notice, subject.known)[:LONGEST_LABEL] if reading.notice else None
    verified = subject.meta.verified_on is not None
    meaning = understand(label, subject.case_words, subject.adapter_words, verified=verified)
    asks = notice is not None and asks_for_something(notice)
    return Observation(
        label=label,
        status=meaning.status,
        turn=Turn.APPLICANT if asks else meaning.turn,
        confirmed=meaning.confirmed,
        known=meaning.known,
        identity=reading.identity,
        via=via,
        seen_at=now,
        reported_on=reading.reported_on,
        notice=notice,
        notice_asks=asks,
        details=dict(reading.details),
    )


def _watched(text: str, identity: Identity, subject: Subject, now: datetime, via: Via) -> Observation:
    """The text of a watched page: it has no status, so nothing of it is unknown either."""
    masked = "\n".join(mask_text(line, subject.known) for line in text.split("\n"))
    return Observation(
        label="",
        status=Status.UNKNOWN,
        turn=Turn.NOBODY,
        confirmed=False,
        known=True,
        identity=identity,
        via=via,
        seen_at=now,
        watched=masked,
    )


def without_person(outcome: Outcome, subject: Subject) -> Outcome:
    """What an error quotes of a page is kept and shown: without the person's data."""
    problem = outcome.problem
    if problem is None:
        return outcome
    params = {name: mask_text(text, subject.known) for name, text in problem.params.items()}
    return replace(outcome, problem=replace(problem, params=params))
