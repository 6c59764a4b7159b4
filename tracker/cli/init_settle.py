"""The first run's live reading of the case, and the ways on when it fails."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from tracker.cli.init_case import BY_HAND, Draft, ask_case
from tracker.cli.init_look import Drafts
from tracker.cli.probe_block import block
from tracker.cli.probe_text import sections
from tracker.cli.probe_words import Shown
from tracker.cli.screen import Screen
from tracker.config.layers import at_home
from tracker.config.model import Case
from tracker.config.single import case_of
from tracker.core.clean import clean, cut
from tracker.core.errors import ConfigError
from tracker.core.explain import problem_parts
from tracker.core.mask import mask_details, mask_text
from tracker.core.message import likely, outcome_name, status_name
from tracker.core.model import Identity, Observation, OutcomeKind
from tracker.core.times import day_text, time_text
from tracker.har import HarError
from tracker.known.fields import known_values
from tracker.pages.adapter import Adapter, Response
from tracker.probing import Probe, ProbeError, probe_bytes
from tracker.registry import Metas, Registry
from tracker.results import Result
from tracker.sightings import Sighting, page_of

MOST_DETAILS = 10
MOST_OF_TEXT = 200
_TYPES = {".json": "application/json", ".txt": "text/plain"}


@dataclass(frozen=True, slots=True)
class Settled:
    """The case to be saved. `look`: whether it is looked at right after; `saw`: what the person sees there; `rests`: paused."""

    draft: Draft
    look: bool = True
    saw: Sighting | None = None
    rests: bool = False


class Settling:
    """Asks for a case and tries it until the person is content."""

    def __init__(self, screen: Screen, registry: Registry, drafts: Drafts, taken: Iterable[str]) -> None:
        self._screen, self._registry, self._drafts = screen, registry, drafts
        self._adapters: Mapping[str, Adapter] = registry.usable()
        self._taken = tuple(taken)

    def case(self) -> Settled | None:
        """The case; None: none for now."""
        draft = ask_case(self._screen, self._adapters, self._taken)
        while draft is not None:
            case = self._validated(draft)
            if case is None:
                draft = ask_case(self._screen, self._adapters, self._taken, draft)
                continue
            done = self._by_hand(draft) if draft.adapter == BY_HAND else self._tried(draft, case)
            if isinstance(done, Settled):
                return done
            draft = done
        return None

    def _validated(self, draft: Draft) -> Case | None:
        screen = self._screen
        try:
            return case_of(draft.tree, Metas(self._registry), (), screen.tr.gettext)
        except ConfigError as error:
            for line in error.mistakes:
                screen.say(screen._("Not that: {why}.").format(why=line), "yellow")
            return None

    # --- one reading -------------------------------------------------------------------------------------------------

    def _tried(self, draft: Draft, case: Case) -> Settled | Draft | None:
        """Looks once and shows what is there: saved, or another draft to try."""
        screen = self._screen
        screen.title(screen._("One look at the site, before anything is saved"))
        until = self._drafts.waits(case)
        if until is not None:
            moment = time_text(until, screen.tr, until.astimezone().tzinfo or until.tzinfo)  # type: ignore[arg-type]
            screen.say(
                screen._("The site asked us to wait until {time}: it is not asked before.").format(time=moment), "yellow"
            )
            return self._ways_on(draft, case)
        screen.say(screen._("Asking it, politely: this may take half a minute…"))
        result = self._drafts.look(case)
        self._show(result, case)
        if result.outcome.kind is OutcomeKind.READ:
            if screen.confirm(screen._("Is that your case? Then it is saved"), default=True):
                return Settled(draft)
        elif result.outcome.kind is OutcomeKind.NOT_LISTED:
            screen.say(screen._("That is an answer too: you are told when it appears."))
            if screen.confirm(screen._("Save it like this?"), default=True):
                return Settled(draft)
        return self._ways_on(draft, case)

    def _ways_on(self, draft: Draft, case: Case) -> Settled | Draft | None:
        screen = self._screen
        ways = ["keep", *(["by_hand"] if BY_HAND in self._adapters else []), "page", "other", "rest"]
        words = {
            "keep": screen._("keep trying: save it; it is asked again by the schedule, and you are told when it reads"),
            "by_hand": screen._("ask me to look: no site is asked, I say what is there"),
            "page": screen._("show a page that I saved in the browser, to see whether it can be read"),
            "other": screen._("another way, another address, or other values"),
            "rest": screen._("save it all the same, but paused, until I have mended it"),
        }
        while True:
            screen.title(screen._("What now?"))
            way = ways[screen.choose([words[name] for name in ways]) - 1]
            if way != "page":
                break
            self._page(case)
        if way == "other":
            return ask_case(screen, self._adapters, self._taken, draft)
        if way == "by_hand":
            return replace(draft, adapter=BY_HAND)
        return Settled(draft, look=False, rests=way == "rest")

    def _page(self, case: Case) -> None:
        """Reads a page that the person saved, shows what we make of it, and where that is not enough, what a probe makes."""
        file = self._kept_file(self._screen._("File of the page (saved as “HTML only”, or a HAR; Enter: back)"))
        if file is None:
            return
        screen, data = self._screen, file.read_bytes()
        try:
            probe = probe_bytes(data, case.sources[0].url)
        except (ProbeError, HarError) as error:
            screen.say(screen._("{file}: {why}").format(file=file.name, why=error.words(screen._)), "yellow")
            return
        answer = probe.talk.exchange.response() if probe.talk is not None else _page_in(file, data)
        result = self._drafts.sight(case, Sighting(page=answer))
        self._show(result, case)
        if result.outcome.kind is not OutcomeKind.READ:
            self._show_probe(probe, known_values(case))

    def _show_probe(self, probe: Probe, known: tuple[str, ...]) -> None:
        """What the page looks like to us, and the case that would read it."""
        screen = self._screen
        shown = Shown((*known, *probe.known), unmasked=False)
        for section in sections(probe, screen.tr, shown):
            screen.title(section.title)
            for line in section.lines:
                screen.say(line, indent=2)
            screen.pairs([(row[0], " · ".join(cell for cell in row[1:] if cell)) for row in section.rows])
        screen.title(screen._("In the configuration:"))
        screen.raw(block(probe.proposal, screen.tr, shown))

    def _kept_page(self) -> Sighting | None:
        file = self._kept_file(self._screen._("File of the page (saved as “HTML only”; Enter: back)"))
        return Sighting(page=_page_in(file, file.read_bytes())) if file is not None else None

    def _kept_file(self, text: str) -> Path | None:
        name = self._screen.ask(text, check=self._not_a_file)
        return at_home(name.strip("'\"")) if name else None

    def _not_a_file(self, name: str) -> str | None:
        file = at_home(name.strip("'\""))
        try:
            with file.open("rb"):
                return None
        except OSError as error:
            return self._screen._("{file}: {why}").format(file=file, why=error.strerror or type(error).__name__)

    # --- by hand -----------------------------------------------------------------------------------------------------

    def _by_hand(self, draft: Draft) -> Settled:
        """No site is asked: the person says what stands there, so that the first message comes all the same."""
        screen = self._screen
        screen.title(screen._("What does the page say now?"))
        ways = [
            screen._("its status is this word: I type it"),
            screen._("I have the page as a file, saved in the browser"),
            screen._("I look later"),
        ]
        number = screen.choose(ways)
        if number == 1:
            label = screen.ask(screen._("The word beside the status, as it stands there (Enter: later)"))
            return Settled(draft, look=False, saw=Sighting(label=label) if label else None)
        saw = self._kept_page() if number == 2 else None
        return Settled(draft, look=False, saw=saw)

    # --- what was seen -----------------------------------------------------------------------------------------------

    def _show(self, result: Result, case: Case) -> None:
        """What was read, masked; or why nothing was."""
        screen, seen, known = self._screen, result.outcome.observation, known_values(case)
        if seen is not None:
            screen.say(screen._("This is what we read:"), "green")
            screen.pairs(list(self._rows(seen, known)))
            if seen.watched is not None:
                return
            if seen.identity is Identity.NOT_SHOWN:
                screen.say(screen._("The page does not repeat your number: make sure that it is your case."))
            if seen.known and not seen.confirmed:
                screen.say(screen._("Compare it with the page: “likely” means that nobody has confirmed this word yet."))
            return
        problem = result.outcome.problem
        what = outcome_name(result.outcome.kind, screen.tr)
        words = mask_text(problem_parts(problem, screen.tr)[0], known) if problem else ""
        screen.say(screen._("{what}: {words}").format(what=what, words=words), "yellow")
        evidence = problem.params.get("evidence", "") if problem else ""
        if evidence:
            screen.pairs([(screen._("on the page"), mask_text(evidence, known))])

    def _rows(self, seen: Observation, known: tuple[str, ...]) -> Iterable[tuple[str, str]]:
        tr = self._screen.tr
        if seen.watched is not None:  # a page's text: it has no status
            lines = seen.watched.split("\n")
            words = tr.ngettext("watched page, {count} line", "watched page, {count} lines", len(lines))
            yield words.format(count=len(lines)), cut(mask_text(clean(" ".join(lines)), known), MOST_OF_TEXT)
            return
        status = status_name(seen.status, tr) if seen.confirmed else likely(seen, tr)
        meaning = status if seen.known else tr.gettext("a word that is not known yet")
        label = mask_text(clean(seen.label), known)
        yield tr.gettext("status"), tr.gettext("“{label}” ({status})").format(label=label, status=meaning)
        if seen.reported_on:
            yield tr.gettext("date"), day_text(seen.reported_on, tr)
        if seen.notice:
            yield tr.gettext("notice"), mask_text(seen.notice, known)
        details = [(caption, text) for caption, text in mask_details(seen.details, known).items() if text.strip()]
        for caption, text in details[:MOST_DETAILS]:
            yield caption, cut(text, 60)


def _page_in(file: Path, data: bytes) -> Response:
    return page_of(data, _TYPES.get(file.suffix.lower(), "text/html"))
