"""The end of the first run: the first message, and what was written, where, and what to do next."""

from shlex import quote
from typing import TYPE_CHECKING

import click

from tracker.cli.app import App
from tracker.cli.init_case import BY_HAND
from tracker.cli.init_look import run
from tracker.cli.init_save import Place
from tracker.cli.screen import Screen
from tracker.desk import Sender, is_owed
from tracker.sightings import Sighting

if TYPE_CHECKING:
    from tracker.cli.init_settle import Settled

OWED, NONE_READ, SOME_READ = 12, 11, 10


def check(inner: App, name: str) -> int:
    """The first check as `tracker check NAME` makes it; its exit code."""
    from tracker.cli.check import check_command

    try:
        with click.Context(check_command, obj=inner) as context:
            code = int(context.invoke(check_command, cases=(name,)) or 0)
    finally:
        inner.base.close()
    return SOME_READ if code == NONE_READ else code


def saw(inner: App, screen: Screen, name: str, sighting: Sighting) -> int:
    """What the person saw, kept and told."""
    from tracker.core.message import outcome_name, problem_text
    from tracker.deliver import reason_text
    from tracker.known import fields

    sender = Sender(inner)
    result = run(inner, lambda checker: checker.sight(name, sighting), sender.start)
    known = fields.known_values(result.subject.case)
    seen, problem = result.outcome.observation, result.outcome.problem
    if seen is not None:
        words = fields.state(seen, inner, known, unmasked=False)
    else:
        words = outcome_name(result.outcome.kind, screen.tr)
        if problem is not None:
            words = screen._("{what}: {words}").format(what=words, words=problem_text(problem, screen.tr))
    screen.say(screen._("{what}: {words}").format(what=name, words=fields.masked(words, known, unmasked=False)))
    for one in sender.finish():
        told = screen._("{receiver}: not accepted, tried again later: {reason}") if one.reason else screen._("{receiver}: told")
        screen.say(told.format(receiver=one.receiver, reason=reason_text(one.reason or "", screen.tr)))
    owed = is_owed(inner)
    inner.base.close()
    return OWED if owed else 0 if seen is not None else SOME_READ


def pause(inner: App, name: str) -> None:
    """The case is kept, and not asked until it is resumed."""
    inner.store.sync([subject.spec() for subject in inner.subjects()])
    inner.roster.pause(name)


def tell(screen: Screen, inner: App, place: Place, settled: "Settled | None") -> None:
    """What was written, where, and what to do next."""
    screen.title(screen._("Done"))
    _written(screen, inner, place, settled)
    if settled is not None and settled.rests:
        text = screen._("The case is paused: mend it in the file, then say {command}.")
        screen.say(text.format(command=f"tracker resume {quote(settled.draft.name)}"))
    elif settled is not None and not settled.look and settled.draft.adapter != BY_HAND:
        screen.say(
            screen._("The site could not be read yet: it is asked again by the schedule, and you are told when it reads.")
        )
    if not inner.config.receivers:
        screen.say(screen._("Nobody is told yet: add a [[receivers]] table to the file (docs/receivers.md)."), "yellow")
    screen.title(screen._("So that somebody keeps looking, one of these must run"))
    option = f"-c {quote(str(place.file))} " if inner.config_path else ""
    screen.pairs(
        [
            (screen._("in a terminal"), f"tracker {option}serve"),
            ("cron", f"*/10 * * * * tracker {option}check --due"),
            (screen._("container"), "docker compose up -d"),
        ]
    )
    screen.say()
    more = [(screen._("where it stands"), f"tracker {option}status"), (screen._("is all well?"), f"tracker {option}doctor")]
    if settled is not None and settled.draft.adapter == BY_HAND:
        more.append((screen._("what you saw"), f"tracker {option}saw {quote(settled.draft.name)} …"))
    screen.pairs(more)


def _written(screen: Screen, inner: App, place: Place, settled: "Settled | None") -> None:
    store = inner.loaded.config.store
    if place.exists:
        text = screen._("{case} is in the store; {file} was not touched.") if settled else screen._("Nothing was changed.")
        screen.say(text.format(case=settled.draft.name if settled else "", file=place.file))
        return
    screen.say(screen._("{file} was written; only you can read it. Change it with any editor.").format(file=place.file))
    if settled is not None and store.key is None and store.key_file.exists():
        text = screen._("Numbers are sealed in the store; its key is {file}. Keep both: one is worthless without the other.")
        screen.say(text.format(file=store.key_file))
