"""`/health`: how old the truth is, site by site, and what is broken."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from tracker.core.clean import clean
from tracker.core.drift import SHAPE_CHANGED
from tracker.core.explain import next_check_text
from tracker.core.history import HostHistory
from tracker.core.model import Problem
from tracker.core.times import age_text
from tracker.desk import Desk
from tracker.known.facts import CaseFacts, SourceFacts, gather
from tracker.known.fields import quoted
from tracker.known.sentences import tries_text, when_text
from tracker.subjects import Subject, subjects
from tracker.web.page import Here
from tracker.web.telling import exposed_host, has_status, short_problem

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Site:
    """One site. `oldest` and `newest` say how old the last good readings of its cases are."""

    host: str
    cases: int
    unread: int
    oldest: str
    newest: str
    works: bool
    why: str
    tries: str
    rests: str


@dataclass(frozen=True, slots=True)
class Broken:
    """Something to mend: about a case, or about the set-up where `case` is ""."""

    case: str
    text: str


@dataclass(frozen=True, slots=True)
class Health:
    """What the page shows."""

    sites: Sequence[Site]
    broken: Sequence[Broken]
    owed: int
    doubts: Sequence[str]


@router.get("/health")
async def health(request: Request, page: Here) -> HTMLResponse:
    """The age of what is known, and what is broken."""
    found = await page.ask(partial(_health, now=page.clock()))
    return page.render(request, "health.html", health=found)


def _health(desk: Desk, *, now: datetime) -> Health:
    kept = desk.cases
    cases = [case for case in gather(desk, (), now, dated=False) if not kept.is_archived(case.name)]
    by_host: dict[str, list[SourceFacts]] = {}
    for source in (s for case in cases for s in case.sources):
        by_host.setdefault(source.host, []).append(source)
    sites = [_site(host, sources, desk, now) for host, sources in sorted(by_host.items())]
    broken = [*_broken(desk, cases), *(Broken("", clean(line)) for line in kept.problems)]
    owed = len({row.id for case in cases for row in case.owed})
    mine = [s for s in subjects(desk.config, desk.registry) if not kept.is_archived(s.case.name)]
    return Health(sites, broken, owed, list(_doubts(desk, mine)))


def _site(host: str, sources: Sequence[SourceFacts], desk: Desk, now: datetime) -> Site:
    read = sorted(s.history.last_read_at for s in sources if s.history.last_read_at is not None)
    state = next((s.site for s in sources if s.site is not None), None) or HostHistory()
    rests = ""
    if state.wait_until is not None and state.wait_until > now:
        why = next_check_text(state.wait_reason or "host_waits", {}, desk.tr)
        rests = desk._("{when} ({why})").format(when=when_text(state.wait_until, desk, now), why=why)
    return Site(
        host=host,
        cases=len({s.case for s in sources}),
        unread=len(sources) - len(read),
        oldest=age_text(max(now - read[0], now - now), desk.tr) if read else "",
        newest=age_text(max(now - read[-1], now - now), desk.tr) if read else "",
        works=state.streak is None,
        why=short_problem(Problem(state.streak.reason), desk, ()) if state.streak else "",
        tries=tries_text(state.streak.looks, state.streak.since, desk, now) if state.streak else "",
        rests=rests,
    )


def _broken(desk: Desk, cases: Iterable[CaseFacts]) -> Iterator[Broken]:
    """Pages that changed, references that are refused, words that no table has."""
    for source in (s for case in cases for s in case.sources):
        if source.history.shapes.waiting:
            yield Broken(source.case, short_problem(Problem(SHAPE_CHANGED), desk, source.known))
        if source.problem is not None and (source.history.defect or source.history.invalid):
            yield Broken(source.case, short_problem(source.problem, desk, source.known))
        elif source.seen is not None and has_status(source.seen) and not source.seen.known:
            word = quoted(source.seen.label, source.known, unmasked=False, limit=60)
            yield Broken(source.case, desk._("“{label}”: a word that is not known yet").format(label=word))


def _doubts(desk: Desk, mine: Sequence[Subject]) -> Iterator[str]:
    """What works, but not as it should."""
    for meta in {s.meta.id: s.meta for s in mine if s.meta.verified_on is None and not s.is_by_hand}.values():
        title = meta.title.get(desk.loaded.config.language) or meta.id
        text = desk._("{title} ({adapter}): nobody has confirmed this adapter on the real site yet.")
        yield text.format(title=title, adapter=meta.id)
    for host in sorted({exposed_host(s) for s in mine} - {""}):
        yield desk._("Personal data travels unencrypted (plain http) to {host}.").format(host=host)
    web = desk.loaded.config.web
    if web.base_url and web.password is None:
        yield desk._("This page has an address for others (web.base_url) and no password: whoever reaches it reads everything.")
