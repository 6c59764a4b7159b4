"""`tracker saw`: what a person saw, read like an answer of the site."""

import sys
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from shlex import quote
from typing import TYPE_CHECKING, TypeVar

import click

from tracker.cli import views
from tracker.cli.app import App, out_json
from tracker.cli.caseflags import is_terminal
from tracker.cli.cases import require_live
from tracker.cli.check import delivery_json, result_json, say_owed, show
from tracker.core.clean import clean
from tracker.core.times import time_text
from tracker.desk import Sender, is_owed, now
from tracker.known import fields
from tracker.known.fields import iso

if TYPE_CHECKING:
    from tracker.check import Checker
    from tracker.conclude import Options
    from tracker.core.model import Outcome
    from tracker.results import Result
    from tracker.sightings import Sighted, Sighting

T = TypeVar("T")
MOST_BYTES = 64 << 20
NONE_READ = 11


@click.command("saw")
@click.argument("case", required=False)
@click.argument("label", required=False)
@click.option("--same", is_flag=True, help="Looked, and it is unchanged.")
@click.option("--page", metavar="FILE", help="A saved page, or - for stdin; without CASE, it is read for every case.")
@click.option("--text", metavar="FILE", help="A text, or - for stdin; shown back before it counts.")
@click.option("--on", "on", metavar="DATE", help="The day on which it was seen, as 2026-11-23; default: now.")
@click.option("--source", default="", metavar="NAME", help="Which of its sources it is about.")
@click.option("--dry-run", is_flag=True, help="Read it, but keep and send nothing.")
@click.option("--yes", is_flag=True, help="Keep a text without asking.")
@click.option("--json", "as_json", is_flag=True, help="Data for scripts on stdout.")
@click.option("--unmasked", is_flag=True, help="Show personal data.")
@click.pass_obj
def saw_command(
    app: App,
    case: str | None,
    label: str | None,
    *,
    same: bool,
    page: str | None,
    text: str | None,
    on: str | None,
    source: str,
    dry_run: bool,
    yes: bool,
    as_json: bool,
    unmasked: bool,
) -> int:
    """Tell what you saw yourself: a LABEL as it stands there, "unchanged", a page or a text."""
    from tracker.conclude import Options
    from tracker.sightings import Sighting, page_of

    _require_one(app, case, label, same=same, page=page, text=text)
    if case is not None:
        require_live(app, case)
        _require_source(app, case, source)
    at = _day(app, on) if on else None
    if page is not None:
        sighting = Sighting(page=page_of(_bytes(app, page, "--page")), at=at)
    elif text is not None:
        sighting = Sighting(text=_decoded(_bytes(app, text, "--text")), at=at)
    else:
        assert case is not None
        if label is None and not same:
            label = _chosen(app, case)
            same = label is None
        sighting = Sighting(label=label, same=same, at=at)
    options = Options(dry_run=dry_run)
    if case is None:
        return _all(app, sighting, options, as_json=as_json, unmasked=unmasked)
    if text is not None and not dry_run and not yes:
        _show_back(app, case, source, sighting, unmasked=unmasked)
    return _one(app, case, source, sighting, options, as_json=as_json, unmasked=unmasked)


# --- what was given --------------------------------------------------------------------------------------------------


def _require_one(app: App, case: str | None, label: str | None, *, same: bool, page: str | None, text: str | None) -> None:
    """One kind of sighting, and the case that it is about; a usage error that names the next step."""
    given = [name for name, there in (("LABEL", label), ("--same", same), ("--page", page), ("--text", text)) if there]
    if len(given) > 1:
        raise click.UsageError(app._("{options}: only one of them at a time.").format(options=", ".join(given)))
    if case is None and page is None:
        commands = "tracker saw CASE LABEL; tracker saw CASE --same; tracker saw --page FILE"
        raise click.UsageError(app._("Which case? Say one of: {commands}").format(commands=commands))
    if label is not None and not label.strip():
        raise click.UsageError(app._("LABEL is empty: give the words as they stand on the page."))
    if case is not None and not given and not is_terminal():
        commands = "tracker saw CASE LABEL; tracker saw CASE --same; tracker saw CASE --page FILE; tracker saw CASE --text FILE"
        raise click.UsageError(app._("What was seen? Say one of: {commands}").format(commands=commands))


def _require_source(app: App, case: str, source: str) -> None:
    there = [s.name for s in app.subjects() if s.case.name == case]
    if source and source not in there:
        sentence = app._("“{case}” has no source “{name}”.").format(case=clean(case, 80), name=clean(source, 80))
        raise views.unknown_name(app.tr, sentence, source, there)


def _day(app: App, text: str) -> datetime:
    """The end of that day, or now where it is today: what was seen in the course of it."""
    moment = now()
    try:
        day = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.UsageError(app._("--on: “{text}” is no day such as 2026-11-23.").format(text=clean(text, 40))) from error
    if day.tzinfo is None:
        day = day.replace(tzinfo=app.config.zone)
    if day > moment:
        raise click.UsageError(app._("--on: “{text}” has not come yet.").format(text=clean(text, 40)))
    whole = len(text) <= len("2026-11-23")
    return min(day + timedelta(days=1, seconds=-1), moment) if whole else day


def _bytes(app: App, name: str, option: str) -> bytes:
    from tracker.config.layers import at_home

    try:
        if name == "-":
            body = sys.stdin.buffer.read(MOST_BYTES)
        else:
            with at_home(name).open("rb") as file:
                body = file.read(MOST_BYTES)
    except OSError as error:
        text = app._("{option}: {name} can't be read ({why}).")
        raise click.UsageError(text.format(option=option, name=clean(name, 200), why=error.strerror)) from error
    if not body.strip():
        raise click.UsageError(app._("{option}: {name} is empty.").format(option=option, name=clean(name, 200)))
    return body


def _decoded(body: bytes) -> str:
    from tracker.pages.charset import decode

    return decode(body, "text/plain")[0]


def _chosen(app: App, case: str) -> str | None:
    """Asks at the terminal: a label seen before, another one, or None for "unchanged"."""
    seen = [o.label for _, o in app.store.observations(case, 50)] if app.store_is_there else []
    labels = list(dict.fromkeys(seen))[:9]
    known = fields.known_values(fields.find_case(app, case))
    for number, label in enumerate(labels, 1):
        app.say(f"  {number}  {fields.quoted(label, known, unmasked=False)}")
    if labels:
        app.say("  0  " + app._("unchanged"))
    question = (
        app._("What stands there now? A number, or the words as they stand") if labels else app._("What stands there now?")
    )
    answer: str = click.prompt(clean(question), err=True).strip()
    if labels and answer == "0":
        return None
    return labels[int(answer) - 1] if answer.isdecimal() and 0 < int(answer) <= len(labels) else answer


# --- one case --------------------------------------------------------------------------------------------------------


def _one(app: App, case: str, source: str, sighting: "Sighting", options: "Options", *, as_json: bool, unmasked: bool) -> int:
    from tracker.results import exit_code

    began, sender = now(), None if options.dry_run else Sender(app)
    result = _sight(app, case, source, sighting, options, sender=sender)
    deliveries = sender.finish() if sender else ()
    if as_json:
        sent = [delivery_json(d) for d in deliveries]
        out_json({"checked_at": iso(began, app), "results": [result_json(result, app, unmasked=unmasked)], "deliveries": sent})
    else:
        show(app, [result], deliveries, unmasked=unmasked)
        _say_unknown(app, result, sighting)
        if options.dry_run:
            app.say(app._("Nothing was kept."))
        else:
            say_owed(app)
    return exit_code([result], owed=not options.dry_run and is_owed(app))


def _say_unknown(app: App, result: "Result", sighting: "Sighting") -> None:
    seen = result.outcome.observation
    if sighting.label is None or seen is None or seen.known:
        return
    name = clean(quote(result.subject.case.name))
    text = app._("The word is not known yet: it is kept as it stands. To say what it means: {command}")
    app.say(text.format(command=f"tracker edit {name} --label WORD=STATUS"))


def _sight(
    app: App, case: str, source: str, sighting: "Sighting", options: "Options", *, sender: Sender | None = None
) -> "Result":
    """One sighting through the check; what it can't be used for is a usage error."""
    from tracker.sightings import NothingSeenYetError, SeenSinceError, WatchedOnlyError

    try:
        return _run(app, lambda checker: checker.sight(case, sighting, options, source), sender)
    except NothingSeenYetError:
        text = app._("“{case}” was never read, so nothing can be unchanged: say what stands there, with {command}")
        command = f"tracker saw {clean(quote(case), 80)} LABEL"
        raise click.UsageError(text.format(case=clean(case, 80), command=command)) from None
    except WatchedOnlyError:
        text = app._("“{case}” is a watched page: it has no status to tell. To show the page itself: {command}")
        command = f"tracker saw {clean(quote(case), 80)} --page FILE"
        raise click.UsageError(text.format(case=clean(case, 80), command=command)) from None
    except SeenSinceError as error:
        when = time_text(error.at, app.tr, app.config.zone)
        text = app._("--on: “{case}” was read after that day ({when}): what is older can't be put in between.")
        raise click.UsageError(text.format(case=clean(case, 80), when=when)) from None


def _run(app: App, use: "Callable[[Checker], Coroutine[None, None, T]]", sender: Sender | None) -> T:
    app.hush("tracker.deliver")
    import asyncio
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1, "store") as executor:
        checker = app.checker(executor)
        if sender is not None:
            sender.start()
            checker.on_move(sender.start)

        async def run() -> T:
            async with checker:
                return await use(checker)

        return asyncio.run(run())


def _show_back(app: App, case: str, source: str, sighting: "Sighting", *, unmasked: bool) -> None:
    """What the text is taken for, before it counts; ends the command where the person says no."""
    from tracker.conclude import Options

    result = _sight(app, case, source, sighting, Options(dry_run=True))
    seen = result.outcome.observation
    if seen is None:
        return  # it is no status: said, and nothing is kept
    known = fields.known_values(result.subject.case)
    words = app._("{what}: {words}").format(what=clean(case), words=fields.state(seen, app, known, unmasked=unmasked))
    app.say(f"{words} · {_identity(app, result)}")
    if not is_terminal():
        raise click.UsageError(
            app._("A text is kept after a yes, and there is no terminal to ask at: add --yes if this is right.")
        )
    if not click.confirm(app._("Is that right?"), err=True):
        app.say(app._("Nothing was kept."))
        raise click.Abort


def _identity(app: App, result: "Result") -> str:
    from tracker.core.model import Identity

    seen = result.outcome.observation
    if seen is not None and seen.identity is Identity.MATCHED:
        return app._("it names the reference")
    return app._("it does not name the reference")


# --- every case ------------------------------------------------------------------------------------------------------


def _all(app: App, sighting: "Sighting", options: "Options", *, as_json: bool, unmasked: bool) -> int:
    """One page for all cases: what it says of each, and how much of it concerns nobody here."""
    from tracker.results import exit_code
    from tracker.sightings import SeenSinceError

    began, sender = now(), None if options.dry_run else Sender(app)
    try:
        found = _run(app, lambda checker: checker.sight_all(sighting, options), sender)
    except SeenSinceError as error:
        when = time_text(error.at, app.tr, app.config.zone)
        text = app._("--on: a case was read after that day ({when}): what is older can't be put in between.")
        raise click.UsageError(text.format(when=when)) from None
    deliveries = sender.finish() if sender else ()
    moved = [result for result in found.results if result.changed]
    if as_json:
        shown = [result_json(result, app, unmasked=unmasked) for result in found.results]
        counts = {"read": len(shown), "moved": len(moved), "elsewhere": found.elsewhere, "unknown_rows": found.strangers}
        why = found.refused.problem if found.refused else None
        content = {"results": shown, "deliveries": [delivery_json(d) for d in deliveries]}
        page = {**counts, "problem": fields.problem_json(why, app, None, unmasked=unmasked)}
        out_json({"checked_at": iso(began, app), **content, "page": page})
    else:
        show(app, moved, deliveries, unmasked=unmasked)
        click.echo(_summary(app, found, len(moved)))
        if found.refused:
            app.say(_why(app, found.refused))
        if not options.dry_run:
            say_owed(app)
    code = exit_code(found.results, owed=not options.dry_run and is_owed(app))
    return code if found.results or code else NONE_READ


def _summary(app: App, found: "Sighted", moved: int) -> str:
    text = app._("read {read}, moved {moved}, not on this page {elsewhere}, unknown rows {strangers}")
    return text.format(read=len(found.results), moved=moved, elsewhere=found.elsewhere, strangers=found.strangers)


def _why(app: App, refused: "Outcome") -> str:
    from tracker.core.message import problem_text

    return fields.masked(problem_text(refused.problem, app.tr), (), unmasked=False) if refused.problem else ""
