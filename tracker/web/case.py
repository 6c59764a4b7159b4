"""`/cases/NAME`: all that is known of one case, and what can be done about it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from tracker.config.values import is_loopback
from tracker.core.clean import clean
from tracker.core.mask import mask_text
from tracker.core.message import kind_name, status_name, via_name
from tracker.core.model import Event, Observation, Status, Word
from tracker.core.times import day_text, time_text
from tracker.desk import Desk
from tracker.known.facts import gather, stored_names
from tracker.known.fields import amended_words, event_text, find_case, quoted, state
from tracker.store.amend import Entry as Seen
from tracker.store.amend import timeline
from tracker.store.references import known_values
from tracker.store.roster import NoSuchCaseError
from tracker.subjects import Subject, subjects
from tracker.web.guard import Refused
from tracker.web.page import Form, Here, Note, Page, said
from tracker.web.telling import SourceView, exposed_host, has_status, results_words, status_choices, view, word_id

router = APIRouter(prefix="/cases/{name}")

ENTRIES, ALL_ENTRIES = 30, 1000
_ON_THE_WAY = frozenset({Status.SUBMITTED, Status.ACCEPTED, Status.IN_REVIEW})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a source is looked up, and how far that can be trusted."""

    title: str
    adapter: str
    url: str
    verified_on: str
    is_ours: bool
    plain_http: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the timeline: something seen, or something told (`id` is what its message carries)."""

    at: str
    iso: str
    day: str
    kind: str
    words: str
    lines: tuple[str, ...] = ()
    id: str = ""


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case in words."""

    name: str
    shown: str
    head: SourceView
    sources: tuple[tuple[SourceView, Place | None], ...]
    paused: bool
    archived: bool
    retired: bool
    by_hand: bool
    owed: int
    entries: tuple[Entry, ...]
    more: bool
    doubtful: tuple["Doubtful", ...]


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A word whose meaning the person may settle. `status` "": no table has it; `settled`: done, counts from the next look.

    `matters`: something depends on it (an end, an approval, something to do), so that it is worth a question.
    """

    source: str
    word: str
    label: str
    status: str
    status_words: str
    settled: bool
    matters: bool


@router.get("")
async def case(request: Request, name: str, page: Here) -> HTMLResponse:
    """All that is known."""
    now, whole = page.clock(), request.query_params.get("all") == "1"
    shown = await page.ask(partial(_view, name=name, now=now, limit=ALL_ENTRIES if whole else ENTRIES))
    look = page.looks.of(name)
    came: tuple[str, tuple[str, ...]] = ("", ())
    if look is not None and look.results is not None:
        came = results_words(look.results, page.desk, now)
    return page.render(
        request,
        "case.html",
        case=shown,
        look=look,
        look_at=time_text(look.asked_at, page.desk.tr, page.desk.config.zone, year=now.year) if look else "",
        look_tone=came[0],
        look_lines=came[1],
        statuses=status_choices(page.desk),
    )


def require_case(desk: Desk, name: str) -> None:
    if find_case(desk, name) is None and name not in stored_names(desk):
        raise Refused(404, "no_case")


def _view(desk: Desk, *, name: str, now: datetime, limit: int) -> CaseView:
    require_case(desk, name)
    (facts,) = gather(desk, [name], now)
    mine = {s.name: s for s in subjects(desk.config, desk.registry) if s.case.name == name}
    views = tuple((view(source, desk, now), _place(mine.get(source.name), desk)) for source in facts.sources)
    entries, more = _timeline(desk, name, facts.headline.known, limit)
    doubtful = [_doubtful(source.seen, source.name, mine.get(source.name), desk) for source in facts.sources]
    return CaseView(
        name=name,
        shown=clean(name),
        head=views[facts.sources.index(facts.headline)][0],
        sources=views,
        paused=desk.cases.is_paused(name),
        archived=desk.cases.is_archived(name),
        retired=not mine,
        by_hand=bool(mine) and all(s.is_by_hand for s in mine.values()),
        owed=len(facts.owed),
        entries=entries,
        more=more,
        doubtful=tuple({one.word: one for one in doubtful if one is not None}.values()),  # two sources, one question
    )


def _place(subject: Subject | None, desk: Desk) -> Place | None:
    if subject is None:
        return None
    meta, url = subject.meta, subject.reference.url
    is_plain = not set("?@") & set(url) and mask_text(url, subject.known) == url  # else it may hold a secret
    language = desk.loaded.config.language
    return Place(
        title=meta.title.get(language) or meta.id,
        adapter=meta.id,
        url=url if is_plain else "",
        verified_on=day_text(meta.verified_on, desk.tr) if meta.verified_on else "",
        is_ours=subject.is_by_hand,
        plain_http=exposed_host(subject),
    )


def _doubtful(seen: Observation | None, source: str, subject: Subject | None, desk: Desk) -> Doubtful | None:
    """A word of which we are not sure, and which the person may know."""
    if seen is None or seen.confirmed or subject is None or not has_status(seen):
        return None
    label = quoted(seen.label, subject.known, unmasked=False)
    status, words = (seen.status.value, status_name(seen.status, desk.tr)) if seen.known else ("", "")
    settled, matters = seen.label in subject.case.labels, seen.status not in _ON_THE_WAY
    return Doubtful(source, word_id(seen.label), label, status, words, settled, matters)


# --- the timeline ----------------------------------------------------------------------------------------------------


def _timeline(desk: Desk, name: str, known: tuple[str, ...], limit: int) -> tuple[tuple[Entry, ...], bool]:
    """Newest first; whether there is more."""
    if not desk.store_is_there:
        return (), False
    known = tuple(dict.fromkeys((*known, *known_values(desk.base, name))))
    seen, told = timeline(desk.base, name, limit + 1), desk.store.events(name, limit + 1)
    many = len({one.source for one in seen}) > 1
    entries = [(one.seen.seen_at, 0, _seen_entry(desk, one, known, named=many)) for one in seen]
    entries += [(event.at, 1, _told_entry(desk, event, known)) for event in told]
    entries.sort(key=lambda entry: entry[:2], reverse=True)
    return tuple(entry for _, _, entry in entries[:limit]), len(entries) > limit


def _seen_entry(desk: Desk, one: Seen, known: tuple[str, ...], *, named: bool) -> Entry:
    seen = one.seen
    lines = [via_name(seen.via, desk.tr)]
    if seen.reported_on is not None:
        lines.append(desk._("the authority's own date: {day}").format(day=day_text(seen.reported_on, desk.tr)))
    if named:
        lines.append(clean(one.source))
    if seen.notice:
        lines.append(desk._("“{label}”").format(label=quoted(seen.notice, known, unmasked=False)))
    lines += [amended_words(amended, desk, known, unmasked=False) for amended in one.amended]
    words = state(seen, desk, known, unmasked=False)
    return Entry(**_at(desk, seen.seen_at), kind="seen", words=words, lines=tuple(lines))


def _told_entry(desk: Desk, event: Event, known: tuple[str, ...]) -> Entry:
    text = event_text(event, desk, known=known, unmasked=False)
    lines = tuple(clean(line) for line in text.split("\n") if line.strip())
    words = kind_name(event.kind, desk.tr)
    return Entry(**_at(desk, event.at), kind="told", words=words, lines=lines, id=clean(event.id)[:8])


def _at(desk: Desk, moment: datetime) -> dict[str, str]:
    """The times of an entry."""
    local = moment.astimezone(desk.config.zone)
    return {"at": f"{local:%H:%M}", "iso": local.isoformat(timespec="minutes"), "day": day_text(local.date(), desk.tr)}


# --- what can be done ------------------------------------------------------------------------------------------------


@router.post("/check")
async def check_now(name: str, page: Here, form: Form) -> RedirectResponse:  # noqa: ARG001 - the form's token was checked
    """Asks the site now, as politely as ever; the page that follows waits for the answer."""

    def is_near(desk: Desk) -> bool:
        if find_case(desk, name) is None:  # only its history is left: there is nothing to look at
            raise Refused(404, "no_case")
        return all(is_loopback(s.host) for s in subjects(desk.config, desk.registry) if s.case.name == name)

    page.looks.ask(name, again=await page.ask(is_near))
    return page.go("cases", name)


@router.post("/pause")
async def pause(name: str, page: Here, form: Form) -> Response:
    """Pauses the checks, or resumes them."""
    resume = said(form, "resume") == "1"
    text = page._("Checks go on.") if resume else page._("Checks are paused. What was read stays here.")
    return await _change(page, name, lambda desk: desk.roster.pause(name, resume=resume), text)


@router.post("/confirm")
async def confirm(name: str, page: Here, form: Form) -> Response:
    """The person says what a word of the authority means for this case."""
    try:
        status = Status(said(form, "status"))
    except ValueError:
        raise Refused(400, "bad_request") from None
    if status is Status.UNKNOWN:
        raise Refused(400, "bad_request")
    label = await page.ask(partial(_label_of, name=name, word=said(form, "word"), now=page.clock()))
    if label is None:
        return page.go("cases", name, note=Note("bad", (page._("The word is another one by now; nothing was changed."),)))
    text = page._("Noted: “{label}” means {status}. It counts from the next look on.")
    words = text.format(label=clean(label), status=status_name(status, page.desk.tr))
    return await _change(page, name, lambda desk: desk.roster.confirm(name, {label: Word(status)}), words)


def _label_of(desk: Desk, *, name: str, word: str, now: datetime) -> str | None:
    """The label that a button names, if it still stands there."""
    require_case(desk, name)
    (facts,) = gather(desk, [name], now, dated=False)
    labels = [source.seen.label for source in facts.sources if source.seen is not None]
    return next((label for label in labels if word_id(label) == word), None)


async def _change(page: Page, name: str, change: Callable[[Desk], None], words: str) -> RedirectResponse:
    def do(desk: Desk) -> None:
        require_case(desk, name)
        change(desk)

    try:
        await page.ask(do)
    except NoSuchCaseError:  # a case of the config file that the service has not taken over yet
        return page.go("cases", name, note=Note("bad", (page._("The service has not taken over this case yet; try again."),)))
    await page.hands.take_over()
    return page.go("cases", name, note=Note("good", (words,)))
