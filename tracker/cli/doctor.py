"""`tracker doctor`: what is wrong, and what to do about it."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from tracker.cli.app import App, out_json
from tracker.core.words import N_
from tracker.desk import now

if TYPE_CHECKING:
    from tracker.doctor import Finding

_COLOURS = {"ok": "green", "note": "yellow", "wrong": "bold red"}
_WORDS = {"ok": N_("ok"), "note": N_("note"), "wrong": N_("wrong")}


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Data for scripts on stdout.")
@click.pass_obj
def doctor_command(app: App, *, as_json: bool) -> None:
    """Look at everything around the cases and say what is wrong and what to do: exit 0 all well, 1 something is wrong."""
    from tracker.cli.health import ask
    from tracker.doctor import Level, findings

    found = list(findings(app, now(), ask))
    wrong = sum(one.level is Level.WRONG for one in found)
    if as_json:
        out_json({"ok": not wrong, "findings": [asdict(one) for one in found]})
    else:
        _show(app, found, wrong)
    click.get_current_context().exit(1 if wrong else 0)


def _show(app: App, found: "list[Finding]", wrong: int) -> None:
    from rich.text import Text

    from tracker.cli.views import grid, put, words_of

    tr = words_of(app)
    table = grid(False, True)
    for one in found:
        level = one.level.value
        # A finding that is well needs no next step.
        todo = f"\n→ {one.todo}" if one.todo and level != "ok" else ""
        table.add_row(Text(tr.gettext(_WORDS[level]), _COLOURS[level]), Text(one.text + todo))
    put(app, table)
    words = tr.ngettext("{count} thing is wrong.", "{count} things are wrong.", wrong).format(count=wrong)
    notes = sum(one.level == "note" for one in found)
    well = tr.ngettext(
        "Nothing is wrong; {count} note is worth reading.", "Nothing is wrong; {count} notes are worth reading.", notes
    )
    app.say(words if wrong else well.format(count=notes) if notes else tr.gettext("All is well."))
