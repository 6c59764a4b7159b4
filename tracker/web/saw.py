"""`/cases/NAME/saw` and `/saw`: what a person saw, read as an answer of the site would be."""

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial

from fastapi import APIRouter, Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import HTMLResponse, Response

from tracker.conclude import USUAL, Options
from tracker.core.clean import clean
from tracker.core.labels import fold, table, understand
from tracker.core.mask import mask_text
from tracker.core.message import status_name
from tracker.core.model import Identity
from tracker.desk import Desk
from tracker.known.facts import gather
from tracker.known.fields import find_case, known_values, quoted
from tracker.known.sentences import when_text
from tracker.results import Result
from tracker.sightings import NothingSeenYetError, SeenSinceError, Sighted, Sighting, WatchedOnlyError, page_of
from tracker.subjects import Subject, subjects
from tracker.web.guard import Refused
from tracker.web.page import Form, Here, Note, Page, Shown, said
from tracker.web.telling import problem_words_of, result_words

router = APIRouter()

LOOKED_BACK = 50  # observations in which words are found that this case had before
MOST_WORDS = 12
USUAL_WORDS = ("已受理", "审核中", "退回补正", "审核通过", "不予受理", "办结")
LONGEST_WORD = 300
_TAGS = ("<table", "<div", "<html", "<body", "<td", "<p", "<span", "<form")


@dataclass(frozen=True, slots=True)
class Choice:
    """A word to tap: what stands on the button, what it is taken for, and the label itself."""

    shown: str
    meaning: str
    label: str


@dataclass(frozen=True, slots=True)
class SawView:
    """What the page offers for one case. `current`: what "unchanged" would say again."""

    name: str
    shown: str
    current: str
    before: tuple[Choice, ...]
    usual: tuple[Choice, ...]
    watched: bool


@router.get("/cases/{name}/saw")
async def saw(request: Request, name: str, page: Here) -> HTMLResponse:
    """What may be said about one case."""
    offered = await page.ask(partial(_offer, name=name, now=page.clock()))
    today = page.clock().astimezone(page.desk.config.zone).date().isoformat()
    return page.render(request, "saw.html", case=offered, today=today)


def _offer(desk: Desk, *, name: str, now: datetime) -> SawView:
    case = find_case(desk, name)
    if case is None:
        raise Refused(404, "no_case")
    (facts,) = gather(desk, [name], now, dated=False)
    mine = [s for s in subjects(desk.config, desk.registry) if s.case.name == name]
    known = known_values(case)
    seen = [o.label for _, o in desk.store.observations(name, LOOKED_BACK)] if desk.store_is_there else []
    own = [*seen, *case.labels, *(label for s in mine for label in s.meta.labels)]
    labels: dict[str, str] = {}
    for label in filter(None, own):
        labels.setdefault(fold(label), label)
    current = facts.headline.history.current
    there = fold(current.label) if current else ""  # it has a button of its own
    before = [_choice(label, mine[0], known, desk) for folded, label in labels.items() if folded != there]
    usual = [_choice(label, mine[0], known, desk) for label in USUAL_WORDS if fold(label) not in labels]
    words = quoted(current.label, known, unmasked=False) if current else ""
    watched = all(s.is_watched for s in mine)  # a text without a status: no word says anything of it
    return SawView(name, clean(name), words, tuple(before[:MOST_WORDS]), tuple(usual), watched)


def _choice(label: str, subject: Subject, known: tuple[str, ...], desk: Desk) -> Choice:
    meaning = understand(label, subject.case_words, table(subject.meta.labels))
    words = status_name(meaning.status, desk.tr) if meaning.known else ""
    return Choice(quoted(label, known, unmasked=False, limit=60), words, quoted(label, known, unmasked=False))


# --- one case --------------------------------------------------------------------------------------------------------


@router.post("/cases/{name}/saw")
async def keep(request: Request, name: str, page: Here, form: Form) -> Response:
    """Keeps what was seen; a text is shown back first."""
    await page.ask(partial(_require_case, name=name))
    back = partial(page.go, "cases", name, "saw")
    if token := said(form, "shown"):
        shown = page.shown.take(token)
        if shown is None or shown.case != name:
            return back(
                note=Note("bad", (page._("That waited too long for your yes, and was forgotten. Please give it again."),))
            )
        return await _keep(page, name, shown.sighting)
    try:
        at = _day(page, said(form, "on"))
        sighting = await _sighting(page, form, at)
    except ValueError as mistake:
        return back(note=Note("bad", (str(mistake),)))
    if sighting.text is not None:
        return await _show_back(request, page, name, sighting)
    return await _keep(page, name, sighting)


def _require_case(desk: Desk, *, name: str) -> None:
    if find_case(desk, name) is None:
        raise Refused(404, "no_case")


def _day(page: Page, text: str) -> datetime | None:
    """The end of the day on which it was seen; None: just now. ValueError in the reader's words."""
    if not text:
        return None
    zone, now = page.desk.config.zone, page.clock()
    today = now.astimezone(zone).date()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(page._("“{text}” is no date; write it as 2026-11-23.").format(text=clean(text, 20))) from None
    if day > today:
        raise ValueError(page._("That day has not come yet."))
    return None if day == today else datetime.combine(day, time.max, zone)


async def _sighting(page: Page, form: FormData, at: datetime | None) -> Sighting:
    """What the form says. ValueError in the reader's words where it says nothing."""
    if said(form, "same"):
        return Sighting(same=True, at=at)
    for field in ("label", "other"):
        if label := said(form, field):
            return Sighting(label=label[:LONGEST_WORD], at=at)
    if body := await _file(page, form):
        return Sighting(page=page_of(*body), at=at)
    if pasted := said(form, "page"):
        if any(tag in pasted.lower() for tag in _TAGS):
            return Sighting(page=page_of(pasted.encode(), "text/html; charset=utf-8"), at=at)
        if pasted[0] + pasted[-1] in {"{}", "[]"}:
            return Sighting(page=page_of(pasted.encode(), "application/json; charset=utf-8"), at=at)
        return Sighting(text=pasted, at=at)  # what a phone copies from a page is its text
    raise ValueError(page._("Nothing was given: tap a word, paste something, or choose a file."))


async def _file(page: Page, form: FormData) -> tuple[bytes, str] | None:
    """(bytes, content type) of a page that was uploaded."""
    file = form.get("file")
    if not isinstance(file, UploadFile):
        return None
    body = await file.read(page.most + 1)
    if len(body) > page.most:
        raise Refused(413, "too_large")
    return (body, file.content_type or "") if body else None


async def _show_back(request: Request, page: Page, name: str, sighting: Sighting) -> Response:
    """A text is shown as it would be read, and kept after a yes."""
    result = await _sight(page, name, sighting, Options(dry_run=True))
    if isinstance(result, Note) or result.outcome.observation is None:
        note = result if isinstance(result, Note) else _told(page, result)
        return page.go("cases", name, "saw", note=note)
    _, words = result_words(result, page.desk, page.clock())
    text = mask_text(sighting.text or "", result.subject.known)
    lines = [clean(line, 300) for line in text.splitlines() if line.strip()][:40]
    token = page.shown.put(Shown(name, sighting))
    label = quoted(result.outcome.observation.label, result.subject.known, unmasked=False)
    return page.render(
        request,
        "saw_text.html",
        name=name,
        shown=clean(name),
        lines=lines,
        words=words,
        label=label,
        waiting=token,
        named=result.outcome.observation.identity is Identity.MATCHED,
    )


async def _keep(page: Page, name: str, sighting: Sighting) -> Response:
    result = await _sight(page, name, sighting, USUAL)
    if isinstance(result, Note):
        return page.go("cases", name, "saw", note=result)
    note = _told(page, result)
    return page.go("cases", name, *(() if result.outcome.observation is not None else ("saw",)), note=note)


async def _sight(page: Page, name: str, sighting: Sighting, options: Options) -> Result | Note:
    await page.hands.take_over()
    try:
        return await page.checker.sight(name, sighting, options)
    except NothingSeenYetError:
        return Note(
            "bad", (page._("Nothing was seen of this case before, so “unchanged” says nothing. Tap what stands there."),)
        )
    except WatchedOnlyError:
        return Note("bad", (page._("This is a watched page: it has no status to tap. Give the page itself."),))
    except SeenSinceError as since:
        when = when_text(since.at, page.desk, page.clock())
        text = page._("This case was read at {when}, after that day; an older look can't be put in between.")
        return Note("bad", (text.format(when=when),))


def _told(page: Page, result: Result) -> Note:
    tone, words = result_words(result, page.desk, page.clock())
    if result.outcome.observation is not None:
        return Note(tone, (words,))
    kept = result.outcome.problem is None or result.outcome.problem.reason == "not_listed"
    return Note(tone, (words,) if kept else (words, page._("Nothing of it was kept; what was read before stands.")))


# --- one page for every case -----------------------------------------------------------------------------------------


@router.get("/saw")
async def saw_all(request: Request, page: Here) -> HTMLResponse:
    """A page that names many cases, or the way to one of them."""
    names = await page.ask(lambda desk: [case.name for case in desk.config.cases if not desk.cases.is_archived(case.name)])
    return page.render(request, "saw_all.html", names=[(name, clean(name)) for name in names])


@router.post("/saw")
async def keep_all(page: Here, form: Form) -> Response:
    """Reads one page for every case that it names."""
    pasted = said(form, "page")
    body = await _file(page, form) or ((pasted.encode(), "text/html; charset=utf-8") if pasted else None)
    if body is None:
        return page.go("saw", note=Note("bad", (page._("Nothing was given: paste a page, or choose a file."),)))
    await page.hands.take_over()
    sighted = await page.checker.sight_all(Sighting(page=page_of(*body)))
    return page.go("saw", note=_summary(page, sighted))


def _summary(page: Page, sighted: Sighted) -> Note:
    if sighted.refused is not None:
        why = problem_words_of(sighted.refused.problem, page.desk, ())
        return Note("bad", (why, page._("Nothing of it was kept; what was read before stands.")))
    moved = [result for result in sighted.results if result.changed]
    text = page._("Read {read}, moved {moved}, not on this page {elsewhere}, unknown rows {strangers}.")
    numbers = {
        "read": len(sighted.results),
        "moved": len(moved),
        "elsewhere": sighted.elsewhere,
        "strangers": sighted.strangers,
    }
    names = tuple(dict.fromkeys(result.subject.case.name for result in moved))
    return Note("good" if sighted.results else "calm", (text.format(**numbers),), names)
