"""A source, a case, a result as the page tells them: words ready to show, everything personal masked."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from tracker.config.values import is_loopback
from tracker.core.clean import clean, cut
from tracker.core.explain import problem_parts
from tracker.core.mask import mask_details, mask_text
from tracker.core.message import status_name, turn_name, via_name
from tracker.core.model import FINAL, Identity, Observation, OutcomeKind, Problem, Status, Turn
from tracker.desk import Desk
from tracker.known.facts import CaseFacts, SourceFacts, sure_before
from tracker.known.fields import meaning, problem_words, quoted, state
from tracker.known.sentences import age_words, next_text, since_text, tries_text, unread_words, when_text
from tracker.results import Result
from tracker.subjects import Subject

OUR_TURN = frozenset({Turn.APPLICANT, Turn.EMPLOYER})  # an employer's desk reads this page too
_GOOD = frozenset({Status.APPROVED, Status.COMPLETED})
_CALM = frozenset({"not_listed", "by_hand", "paused", "archived", "final", "leased"})  # no failure of anybody
LONGEST_DETAIL = 500


@dataclass(frozen=True, slots=True)
class SourceView:
    """One source in words. `label` "" and `meaning` say so where nothing was read; `tone` is a class of the style."""

    name: str
    host: str
    tone: str
    label: str
    meaning: str
    sure: bool
    provisional: bool
    turn: str
    since: str
    age: str
    read_at: str
    via: str
    notice: str
    asks: bool
    problem: str
    problem_short: str
    is_bad: bool
    tries: str
    next: str
    by_hand: bool
    before: str
    doubt: str
    details: tuple[tuple[str, str], ...]
    word: str
    status: str


def view(source: SourceFacts, desk: Desk, now: datetime) -> SourceView:
    seen, problem = source.seen, source.problem
    missing = source.history.missing_since is not None and seen is not None
    sure = sure_before(source)
    return SourceView(
        name=clean(source.name),
        host=source.host,
        tone=tone(source),
        label=quoted(seen.label, source.known, unmasked=False) if seen else "",
        meaning=_meaning(source, desk),
        sure=seen is not None and seen.confirmed,
        provisional=seen is not None and seen.provisional,
        turn=turn_name(seen.turn, desk.tr) if seen and has_turn(seen) else "",
        since=since_text(source, desk, now),
        age=age_words(source, desk, now),
        read_at=when_text(source.history.last_read_at, desk, now) if source.history.last_read_at else "",
        via=via_name(seen.via, desk.tr) if seen else "",
        notice=quoted(seen.notice, source.known, unmasked=False) if seen and seen.notice else "",
        asks=seen is not None and seen.notice_asks,
        problem=_missing(source, desk, now) if missing else problem_words_of(problem, desk, source.known),
        problem_short=desk._("not shown any more") if missing else short_problem(problem, desk, source.known),
        is_bad=is_troubled(source),
        tries=_tries(source, desk, now),
        next=next_text(source, desk, now),
        by_hand=not source.host,
        before=state(sure, desk, source.known, unmasked=False) if sure else "",
        doubt=_doubt(seen, desk),
        details=_details(source),
        word=word_id(seen.label) if seen else "",
        status=seen.status.value if seen else "",
    )


def has_status(seen: Observation) -> bool:
    """Whether a reading says where a case stands; a page that is only watched has a text and no label."""
    return bool(seen.label)


def has_turn(seen: Observation) -> bool:
    """Whether it is known who has to act; a word that nobody knows says nothing of it, a notice beside it may."""
    return has_status(seen) and (seen.known or seen.turn in OUR_TURN)


def exposed_host(subject: Subject) -> str:
    """The host to which personal data travels unencrypted; "" where none does: nothing is sent where a person looks."""
    sends = subject.reference.values and not (subject.is_by_hand or subject.is_watched)
    is_open = subject.reference.url[:5].lower() == "http:" and not is_loopback(subject.host)
    return subject.host if sends and is_open else ""


def _meaning(source: SourceFacts, desk: Desk) -> str:
    """Our status and how sure it is, without the mark for provisional, which stands beside it."""
    seen = source.seen
    if seen is None:
        return unread_words(source, desk)
    return (
        meaning(replace(seen, provisional=False), desk) if has_status(seen) else state(seen, desk, source.known, unmasked=False)
    )


def tone(source: SourceFacts) -> str:
    """Who acts, or how it stands, as one word of the style; the page says the same in words."""
    seen = source.seen
    if seen is None:
        return "bad" if is_troubled(source) else "none"
    if not has_status(seen):
        return "calm"
    if seen.status in FINAL and seen.status not in _GOOD:
        return "over"
    if seen.turn in OUR_TURN:
        return "act"
    return "good" if seen.status in _GOOD else "calm"


def problem_words_of(problem: Problem | None, desk: Desk, known: tuple[str, ...]) -> str:
    return problem_words(problem, desk, known, unmasked=False) if problem is not None else ""


def short_problem(problem: Problem | None, desk: Desk, known: tuple[str, ...]) -> str:
    """What happened, without what follows from it."""
    return mask_text(problem_parts(problem, desk.tr)[0], known) if problem is not None else ""


def _missing(source: SourceFacts, desk: Desk, now: datetime) -> str:
    since = source.history.missing_since
    assert since is not None
    text = desk._("The site answers, but does not show this case any more (since {since}). What was read before is kept.")
    return text.format(since=when_text(since, desk, now))


def _tries(source: SourceFacts, desk: Desk, now: datetime) -> str:
    streak = source.history.streak or (source.site.streak if source.site else None)
    return tries_text(streak.looks, streak.since, desk, now) if streak is not None else ""


def _doubt(seen: Observation | None, desk: Desk) -> str:
    """Why a reading waits for its second look."""
    if seen is None or not seen.provisional or not has_status(seen):
        return ""
    if not seen.known:
        return desk._("We don't know this word, so we look a second time.")
    if seen.identity is Identity.NOT_SHOWN:
        return desk._("The page does not repeat the reference: please make sure that this record is yours.")
    return desk._("It surprised us, so we look a second time before we believe it.")


def _details(source: SourceFacts) -> tuple[tuple[str, str], ...]:
    seen = source.seen
    if seen is None:
        return ()
    shown = mask_details(seen.details, source.known)
    return tuple(
        (quoted(caption, source.known, unmasked=False, limit=40), cut(clean(value), LONGEST_DETAIL))
        for caption, value in shown.items()
    )


def word_id(label: str) -> str:
    """A label as a button names it: what was shown may differ from what stands in the store by its invisible characters."""
    return sha256(label.encode()).hexdigest()[:16]


def result_words(result: Result, desk: Desk, now: datetime) -> tuple[str, str]:
    """(tone, sentence) about one look or sighting."""
    outcome, known = result.outcome, result.subject.known
    if outcome.observation is not None:
        words = state(outcome.observation, desk, known, unmasked=False)
        how = via_name(result.via, desk.tr)
        if result.changed:
            return "good", desk._("Read: {state}, {via}. That is new.").format(state=words, via=how)
        return "good", desk._("Read: {state}, {via}. Nothing new.").format(state=words, via=how)
    text = problem_words_of(outcome.problem, desk, known) or desk._("Nothing was read.")
    if result.retry_at is not None and result.retry_at > now:
        rest = desk._("It rests until {when}.").format(when=when_text(result.retry_at, desk, now))
        text = desk._("{first} {second}").format(first=text, second=rest)
    calm = outcome.kind in {OutcomeKind.NOT_LISTED, OutcomeKind.SKIPPED}
    return "calm" if calm else "bad", text


def results_words(results: Iterable[Result], desk: Desk, now: datetime) -> tuple[str, tuple[str, ...]]:
    """(worst tone, a sentence for each result)."""
    told = [result_words(result, desk, now) for result in results]
    tones = [tone for tone, _ in told]
    worst = next((tone for tone in ("bad", "calm", "good") if tone in tones), "calm")
    return worst, tuple(dict.fromkeys(words for _, words in told))


def status_choices(desk: Desk) -> list[tuple[str, str]]:
    """(value, words) of every status that a word can mean."""
    return [(status.value, status_name(status, desk.tr)) for status in Status if status is not Status.UNKNOWN]


def is_troubled(source: SourceFacts) -> bool:
    """Whether the last look brought nothing though it should have; a record that vanished counts."""
    if source.problem is None:
        return False
    return source.problem.reason not in _CALM or (source.history.missing_since is not None and source.seen is not None)


def troubles(case: CaseFacts) -> list[SourceFacts]:
    """The sources that can't be read."""
    return [source for source in case.sources if is_troubled(source)]
