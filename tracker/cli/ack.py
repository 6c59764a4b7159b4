"""`tracker ack` and `snooze`: no reminders of an event, no messages about a case for a while."""

import re
from datetime import datetime, time, timedelta
from shlex import quote
from typing import TYPE_CHECKING

import click

from tracker.cli.app import App
from tracker.cli.cases import require_live
from tracker.core.clean import clean
from tracker.core.message import kind_name
from tracker.core.times import time_text
from tracker.desk import now

if TYPE_CHECKING:
    from tracker.core.model import Event

SHORTEST = 8  # characters of an id, as messages show them
_ID = re.compile(r"[0-9a-f]{8,64}")


@click.command("ack")
@click.argument("event")
@click.pass_obj
def ack_command(app: App, event: str) -> None:
    """Say that you know of an EVENT (its number as the message shows it): no more reminders of it."""
    from tracker.store.events import acknowledge

    found = _found(app, event)
    since = acknowledge(app.base, found.id, now())
    about = clean(found.case or found.host or app._(", ").join(found.cases) or "Tracker", 40)
    what = app._("{what}: {words}").format(what=about, words=kind_name(found.kind, app.tr))
    if since is None:
        app.say(app._("{event} is acknowledged: nothing reminds of it any more.").format(event=what))
    else:
        when = time_text(since, app.tr, app.config.zone)
        app.say(app._("{event} was acknowledged already, on {when}.").format(event=what, when=when))


def _found(app: App, text: str) -> "Event":
    """The one event that is meant; usage errors for what is no number, and for one that nobody or several have."""
    from tracker.store.events import find_events

    number = text.strip().removeprefix("#").lower()
    if not _ID.fullmatch(number):
        sentence = app._("“{text}” is no number of an event: give it as the message shows it, such as #1a2b3c4d.")
        raise click.UsageError(sentence.format(text=clean(text, 40)))
    there = find_events(app.base, number) if app.store_is_there else []
    if not there:
        sentence = app._("There is no event #{number}; see {command}")
        raise click.UsageError(sentence.format(number=number[:SHORTEST], command="tracker history CASE"))
    if len(there) > 1:
        sentence = app._("Several events begin with #{number}: give more of it ({numbers}).")
        numbers = ", ".join(event.id for event in there)
        raise click.UsageError(sentence.format(number=number, numbers=numbers))
    return there[0]


@click.command("snooze")
@click.argument("case")
@click.argument("until", nargs=-1, required=True)
@click.pass_obj
def snooze_command(app: App, case: str, until: tuple[str, ...]) -> None:
    """Hold messages about CASE UNTIL then, unless urgent: a day, "3d", "2 workdays"; "off" ends it."""
    require_live(app, case)
    moment = _until(app, " ".join(until))
    app.take_over()
    app.roster.snooze(case, moment)
    if moment is None:
        app.say(app._("{case} is told of again at once.").format(case=clean(case)))
        return
    text = app._("{case} is quiet until {when}, but for what is urgent; checks go on. To end it: {command}")
    when = time_text(moment, app.tr, app.config.zone)
    app.say(text.format(case=clean(case), when=when, command=f"tracker snooze {quote(clean(case))} off"))


def _until(app: App, text: str) -> datetime | None:
    """The end of the quiet time: the beginning of a day, or so long from now; None for "off"."""
    from pydantic_core import PydanticCustomError

    from tracker.config.values import span
    from tracker.core.workdays import after

    moment, zone = now(), app.config.zone
    if text.strip().lower() == "off":
        return None
    try:
        day = datetime.fromisoformat(text)
        end = datetime.combine(day.date(), day.time() or time(0), day.tzinfo or zone)
    except ValueError:
        try:
            end = after(span(text), moment, "CN", zone)
        except PydanticCustomError:
            sentence = app._("“{text}” is no time to come, allowed: 2026-12-01, 3d, 12h, 2 workdays, off.")
            raise click.UsageError(sentence.format(text=clean(text, 40))) from None
    if not moment < end < moment + timedelta(days=3660):
        sentence = app._("“{text}” is no time to come, allowed: 2026-12-01, 3d, 12h, 2 workdays, off.")
        raise click.UsageError(sentence.format(text=clean(text, 40)))
    return end
