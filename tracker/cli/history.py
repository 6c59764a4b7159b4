"""`tracker history CASE`: what it showed over time, and what was told."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from shlex import quote
from typing import TYPE_CHECKING

import click

from tracker.cli import views
from tracker.cli.app import App, out_json
from tracker.core.clean import clean
from tracker.core.message import kind_name, via_name
from tracker.core.model import Event, Observation
from tracker.core.times import day_text, time_text
from tracker.known import facts, fields
from tracker.known.fields import JSON, iso

if TYPE_CHECKING:
    from tracker.store.amend import Entry


@click.command("history")
@click.argument("case")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, metavar="N", help="At most N of each.")
@click.option("--json", "as_json", is_flag=True, help="Data for scripts on stdout.")
@click.option("--unmasked", is_flag=True, help="Show personal data.")
@click.pass_obj
def history_command(app: App, case: str, *, limit: int, as_json: bool, unmasked: bool) -> None:
    """Show what a case showed over time and what was told, newest first."""
    views.require_cases(app, [case], facts.stored_names(app))
    seen: Sequence[Entry] = []
    events: Sequence[Event] = []
    acked: Mapping[str, datetime] = {}
    known = fields.known_values(fields.find_case(app, case))
    if app.store_is_there:
        from tracker.store.amend import timeline
        from tracker.store.references import known_values

        seen, events = timeline(app.base, case, limit), app.store.events(case, limit)
        acked = app.store.acked(events)
        known = tuple(dict.fromkeys((*known, *known_values(app.base, case))))
    if as_json:
        told = [
            fields.event_json(event, app, known=known, unmasked=unmasked) | {"acked_at": iso(acked.get(event.id), app)}
            for event in events
        ]
        shown = [_observation_json(case, entry, app, known=known, unmasked=unmasked) for entry in seen]
        out_json({"case": case, "observations": shown, "events": told})
    elif not seen and not events:
        words = app._("Nothing was seen of “{case}” so far. To look now: {command}")
        if _is_by_hand(app, case):
            words = app._("Nothing was seen of “{case}” so far. It is read by hand; to say what you saw: {command}")
            app.say(words.format(case=clean(case), command=f"tracker saw {quote(clean(case))}"))
        else:
            app.say(words.format(case=clean(case), command=f"tracker check {quote(clean(case))}"))
    else:
        _show(app, seen, [(event, acked.get(event.id)) for event in events], known, unmasked=unmasked)


def _is_by_hand(app: App, case: str) -> bool:
    mine = [subject for subject in app.subjects() if subject.case.name == case]
    return bool(mine) and all(subject.is_by_hand for subject in mine)


def _observation_json(case: str, entry: "Entry", app: App, *, known: tuple[str, ...], unmasked: bool) -> JSON:
    shown = fields.observation_fields(entry.seen, known=known, unmasked=unmasked)
    amended = [
        {"at": iso(one.at, app), "was": fields.outcome_json(one.was, app, known=known, unmasked=unmasked)}
        for one in entry.amended
    ]
    return {"case": case, "source": entry.source, "seen_at": iso(entry.seen.seen_at, app), **shown, "amended": amended}


def _show(
    app: App,
    seen: "Sequence[Entry]",
    events: Sequence[tuple[Event, datetime | None]],
    known: tuple[str, ...],
    *,
    unmasked: bool,
) -> None:
    """One line of time: when, what was seen or told. Newest first."""
    from rich.text import Text

    many = len({entry.source for entry in seen}) > 1
    rows: list[tuple[datetime, int, str, str]] = []
    for entry in seen:
        words = _seen_words(app, entry.source if many else "", entry.seen, known, unmasked)
        words = app._("; ").join([words, *(fields.amended_words(a, app, known, unmasked=unmasked) for a in entry.amended)])
        rows.append((entry.seen.seen_at, 0, app._("seen"), words))
    rows += [(event.at, 1, app._("told"), _told_words(app, event, acked)) for event, acked in events]
    table = views.grid(False, False, True)
    for at, _, how, words in sorted(rows, key=lambda row: row[:2], reverse=True):
        # Years apart look alike without their year, so a history always shows it.
        table.add_row(Text(time_text(at, app.tr, app.config.zone)), Text(how, "dim"), Text(words))
    views.put(app, table)


def _seen_words(app: App, source: str, seen: Observation, known: tuple[str, ...], unmasked: bool) -> str:
    words = [fields.state(seen, app, known, unmasked=unmasked), via_name(seen.via, app.tr)]
    if seen.reported_on is not None:
        words.append(app._("the authority's own date: {day}").format(day=day_text(seen.reported_on, app.tr)))
    if source:
        words.append(clean(source))
    if seen.notice:
        words.append(app._("“{label}”").format(label=fields.quoted(seen.notice, known, unmasked=unmasked)))
    return app._("; ").join(words)


def _told_words(app: App, event: Event, acked: datetime | None) -> str:
    """What kind of event, and the id that its message carries."""
    about = "" if event.case else clean(event.host or "")
    name = kind_name(event.kind, app.tr)
    words = f"{name}  #{clean(event.id)[:8]}" if not about else f"{name} ({about})  #{clean(event.id)[:8]}"
    if acked is None:
        return words
    when = time_text(acked, app.tr, app.config.zone)
    return app._("; ").join([words, app._("acknowledged on {when}").format(when=when)])
