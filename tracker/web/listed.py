"""`/`: the cases, who must act first on top; searched and filtered by the address, so that a list can be kept as a bookmark."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from tracker.core.clean import clean
from tracker.core.labels import fold
from tracker.core.model import FINAL
from tracker.core.words import N_
from tracker.desk import Desk
from tracker.known.facts import CaseFacts, gather
from tracker.known.fields import meaning
from tracker.web.page import Here
from tracker.web.telling import OUR_TURN, SourceView, has_status, troubles, view

router = APIRouter()

PAGE = 100  # cases on one page
LATELY = timedelta(days=7)
LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One case of the list."""

    name: str
    shown: str
    head: SourceView
    problem: str
    paused: bool
    archived: bool
    moved: bool
    owed: int
    sources: int


@dataclass(frozen=True, slots=True)
class Known:
    """A case with what sorting and filtering ask of it."""

    facts: CaseFacts
    paused: bool
    archived: bool
    moved: bool

    @property
    def is_over(self) -> bool:
        seen = self.facts.headline.seen
        return seen is not None and seen.status in FINAL and seen.confirmed

    @property
    def is_our_turn(self) -> bool:
        seen = self.facts.headline.seen
        return seen is not None and has_status(seen) and seen.turn in OUR_TURN

    @property
    def has_problem(self) -> bool:
        return not self.is_over and bool(troubles(self.facts))


SHOWS: Mapping[str, tuple[str, Callable[[Known], bool]]] = {
    "": (N_("All"), lambda _: True),
    "your-turn": (N_("Your turn"), lambda known: known.is_our_turn),
    "problem": (N_("Not readable"), lambda known: known.has_problem),
    "moved": (N_("Moved this week"), lambda known: known.moved),
    "waiting": (N_("Waiting"), lambda known: not (known.is_our_turn or known.is_over or known.has_problem)),
    "over": (N_("Ended"), lambda known: known.is_over),
}
ARCHIVED = "archived"


@dataclass(frozen=True, slots=True)
class Listing:
    """What one page of the list shows. `counts`: how many each filter has, of those that the search found.

    `all` leaves out what was put away; `is_empty`: there is no case at all, not even one of these.
    """

    lines: Sequence[Line]
    counts: Mapping[str, int]
    found: int
    all: int
    is_empty: bool
    first: int
    problems: Sequence[str]


@router.get("/")
async def cases(request: Request, page: Here, q: str = "", show: str = "", start: str = "") -> HTMLResponse:
    """The cases."""
    q, show = q.strip()[:LONGEST_SEARCH], show if show in SHOWS or show == ARCHIVED else ""
    first = int(start) if start.isascii() and start.isdigit() and len(start) < 7 else 0
    now = page.clock()
    listing = await page.ask(partial(_listing, now=now, q=q, show=show, first=first))
    if listing.is_empty:
        return page.render(request, "empty.html", file=str(page.desk.loaded.path or ""), problems=listing.problems)
    tabs = [(name, page._(words), listing.counts[name]) for name, (words, _) in SHOWS.items()]
    if listing.counts[ARCHIVED]:
        tabs.append((ARCHIVED, page._(N_("Archived")), listing.counts[ARCHIVED]))
    return page.render(request, "cases.html", listing=listing, tabs=tabs, q=q, show=show, most=PAGE, around=_around(listing))


def _around(listing: Listing) -> tuple[int | None, int | None]:
    """(where the page before begins, where the next one does)."""
    before = max(listing.first - PAGE, 0) if listing.first else None
    after = listing.first + PAGE if listing.first + PAGE < listing.found else None
    return before, after


def _listing(desk: Desk, *, now: datetime, q: str, show: str, first: int) -> Listing:
    moved = desk.store.moved_since(now - LATELY) if desk.store_is_there else set()
    everyone = [_known(desk, case, moved) for case in gather(desk, (), now, dated=False, archived=True)]
    found = [known for known in everyone if _matches(known, fold(q), desk)]
    there = [known for known in found if not known.archived]
    counts = {name: sum(map(wanted, there)) for name, (_, wanted) in SHOWS.items()}
    counts[ARCHIVED] = len(found) - len(there)
    if show == ARCHIVED:
        chosen = [known for known in found if known.archived]
    else:
        chosen = [known for known in there if SHOWS[show][1](known)]
    chosen.sort(key=lambda known: _urgency(known, now))
    first = first if first < len(chosen) else 0
    seen = chosen[first : first + PAGE]
    # Since when a label stands there takes a question for each case: only for those that are shown.
    dated = {case.name: case for case in gather(desk, [k.facts.name for k in seen], now)} if seen else {}
    lines = [_line(desk, replace(known, facts=dated[known.facts.name]), now) for known in seen]
    kept = sum(not known.archived for known in everyone)
    problems = [clean(line) for line in desk.cases.problems]
    return Listing(lines, counts, len(chosen), kept, not everyone, first, problems)


def _known(desk: Desk, case: CaseFacts, moved: set[str]) -> Known:
    kept = desk.cases
    return Known(case, kept.is_paused(case.name), kept.is_archived(case.name), case.name in moved)


def _matches(known: Known, wanted: str, desk: Desk) -> bool:
    """By the case's name, the authority's words or ours."""
    if not wanted:
        return True
    seen = known.facts.headline.seen
    texts = [known.facts.name, *([seen.label, meaning(seen, desk)] if seen else [])]
    return any(wanted in fold(text) for text in texts)


def _urgency(known: Known, now: datetime) -> tuple[int, float]:
    """Who must act comes first, then what can't be read, then what moved lately; what is over comes last."""
    rank = next(
        number
        for number, applies in enumerate(
            (
                known.is_our_turn and not known.paused,
                known.has_problem and not known.paused,
                known.moved,
                not known.is_over and not known.paused,
                not known.is_over,
                True,
            )
        )
        if applies
    )
    read = known.facts.headline.history.last_read_at
    return rank, (now - read).total_seconds() if read and rank == 2 else 0.0


def _line(desk: Desk, known: Known, now: datetime) -> Line:
    case = known.facts
    bad = troubles(case)
    return Line(
        name=case.name,
        shown=clean(case.name),
        head=view(case.headline, desk, now),
        problem=view(bad[0], desk, now).problem_short if bad and known.has_problem else "",
        paused=known.paused,
        archived=known.archived,
        moved=known.moved,
        owed=len(case.owed),
        sources=len(case.sources),
    )
