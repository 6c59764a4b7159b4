"""`tracker replay`: the kept pages read again, without asking a site; `--apply` amends the history."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from tracker.cli import views
from tracker.cli.app import App, out_json
from tracker.core.clean import clean
from tracker.desk import now

if TYPE_CHECKING:
    from tracker.deliver import Delivered
    from tracker.known.fields import JSON
    from tracker.replay import Applied, Reread

DIFFERENT = 20
OWED = 12


@click.command("replay")
@click.argument("cases", nargs=-1, metavar="[CASE]...")
@click.option("--apply", "applies", is_flag=True, help="Amend the history by what differs.")
@click.option("--dry-run", is_flag=True, help="Only say what differs: what happens without --apply.")
@click.option("--no-notify", is_flag=True, help="With --apply: tell nobody, even where the present status is another.")
@click.option("--json", "as_json", is_flag=True, help="Data for scripts on stdout.")
@click.option("--unmasked", is_flag=True, help="Show personal data.")
@click.pass_obj
def replay_command(
    app: App, cases: tuple[str, ...], *, applies: bool, dry_run: bool, no_notify: bool, as_json: bool, unmasked: bool
) -> int:
    """Read the kept pages again with today's adapter and config (exit 20 where something reads differently)."""
    from tracker.cli.check import delivery_json, say_owed, show_sent
    from tracker.desk import Sender, is_owed
    from tracker.replay import Applied, apply, reread

    if applies and dry_run:
        raise click.UsageError(app._("--apply and --dry-run: which of the two?"))
    if cases and (no_notify or not applies):  # whoever sends messages masks the references of all cases in them
        app.needs_only(cases)
    views.require_cases(app, cases)
    mine = [subject for subject in app.subjects() if cases or not app.cases.is_archived(subject.case.name)]
    found = reread(app.store, mine, cases) if app.store_is_there else []
    done, owed = Applied(), False
    deliveries: tuple[Delivered, ...] = ()
    if applies and any(one.amends for one in found):
        done = apply(app.store, app.config, found, now=now(), notify=not no_notify)
        deliveries = () if no_notify else Sender(app).finish()
        owed = bool(done.events) and not no_notify and is_owed(app)
    if as_json:
        shown = [_page_json(app, one, applied=one.kept.id in done.amended, unmasked=unmasked) for one in found]
        told = _events_json(app, done, unmasked=unmasked)
        sent = [delivery_json(d) for d in deliveries]
        out_json({"dry_run": not applies, "pages": shown, "events": told, "deliveries": sent})
    else:
        _show(app, found, done, applies=applies, unmasked=unmasked)
        show_sent(app, deliveries)
        if owed:
            say_owed(app)
    left = any(one.differs and not one.outlived and one.kept.id not in done.amended for one in found)
    return DIFFERENT if left else OWED if owed else 0


def _page_json(app: App, one: "Reread", *, applied: bool, unmasked: bool) -> "JSON":
    from tracker.known.fields import iso, outcome_json

    known = one.subject.known
    return {
        "case": one.kept.case,
        "source": one.kept.source,
        "adapter": one.subject.meta.id,
        "kept_at": iso(one.kept.at, app),
        "kind": one.kept.kind,
        "then": outcome_json(one.kept.outcome, app, known=known, unmasked=unmasked),
        "now": outcome_json(one.now, app, known=known, unmasked=unmasked),
        "differs": list(one.differs),
        "outlived": one.outlived,
        "applied": applied,
    }


def _events_json(app: App, done: "Applied", *, unmasked: bool) -> "list[JSON]":
    from tracker.known.fields import event_json, find_case, known_values

    return [event_json(event, app, known=known_values(find_case(app, event.case)), unmasked=unmasked) for event in done.events]


def _show(app: App, found: "Sequence[Reread]", done: "Applied", *, applies: bool, unmasked: bool) -> None:
    """A line a page: when, whose, what it was read as, and what it would be."""
    from rich.text import Text

    from tracker.core.times import time_text

    if not found:
        app.say(app._("No page is kept so far. The page of each new label is, and the last that could not be read."))
        return
    table = views.grid(False, False, True)
    for one in found:
        when = time_text(one.kept.at, app.tr, app.config.zone)
        table.add_row(Text(when), Text(_whose(app, one)), Text(_words(app, one, unmasked=unmasked)))
    views.put(app, table)
    different = [one for one in found if one.differs]
    pages = app.tr.ngettext("{count} page read again", "{count} pages read again", len(found)).format(count=len(found))
    if not different:
        app.say(app._("{pages}: nothing reads differently.").format(pages=pages))
        return
    app.say(app._("{pages}, {count} of them differently.").format(pages=pages, count=len(different)))
    _say_what_became(app, different, done, applies=applies)


def _say_what_became(app: App, different: "Sequence[Reread]", done: "Applied", *, applies: bool) -> None:
    if not applies and any(one.amends for one in different):
        app.say(
            app._("Nothing was changed. To amend the history by what differs: {command}").format(
                command="tracker replay --apply"
            )
        )
    if done.amended:
        count = len(done.amended)
        text = app.tr.ngettext(
            "{count} entry of the history was amended.", "{count} entries of the history were amended.", count
        )
        app.say(text.format(count=count))
    if done.busy:
        app.say(app._("A check is looking at some of these cases right now, so nothing of theirs was changed: try again."))
    if any(not one.amends for one in different):
        app.say(app._("What can't be read from its page takes nothing back: its entry stays as it is."))


def _whose(app: App, one: "Reread") -> str:
    name = clean(one.kept.case, 40)
    return (
        name
        if len(one.subject.case.sources) < 2
        else app._("{case}, {source}").format(case=name, source=clean(one.kept.source, 40))
    )


def _words(app: App, one: "Reread", *, unmasked: bool) -> str:
    from tracker.known.fields import outcome_words

    then, today = (outcome_words(o, app, one.subject.known, unmasked=unmasked) for o in (one.kept.outcome, one.now))
    if not one.differs:
        return then
    if then == today:  # the date, the notice or the identity
        what = {
            "reported_on": app._("the authority's own date"),
            "notice": app._("the notice"),
            "identity": app._("whose it is"),
        }
        names = app._(", ").join(what[name] for name in one.differs if name in what)
        return app._("{words}; another now: {what}").format(words=then, what=names or app._("the status"))
    return app._("{before} → {after}").format(before=then, after=today)
