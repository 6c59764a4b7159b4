"""`tracker import` and `export`: cases from a file, and into one."""

import os
import sys
import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from tracker.cli import views
from tracker.cli.app import SCHEMA_VERSION, App, out_json
from tracker.cli.check import delivery_json, say_owed, show_sent
from tracker.core.clean import clean
from tracker.desk import Sender, is_owed, now
from tracker.known.fields import JSON, iso

if TYPE_CHECKING:
    from tracker.core.model import Event
    from tracker.deliver import Delivered
    from tracker.importing import Kind, Verdict
    from tracker.known.facts import CaseFacts
    from tracker.trees import Tree

MOST_BYTES = 64 << 20
TOGETHER = 2  # from so many new cases on, one message stands for all their first readings
USAGE = 2


@click.command("import")
@click.argument("file")
@click.option("--format", "kind", type=click.Choice(["csv", "json", "xlsx"]), help="Default: what the file looks like.")
@click.option("--adapter", metavar="NAME", help="For rows that name none.")
@click.option("--url", metavar="URL", help="For rows that name none.")
@click.option("--update", is_flag=True, help="Change cases that are there already.")
@click.option("--skip-wrong", is_flag=True, help="Take in what is right, though some is wrong.")
@click.option("--dry-run", is_flag=True, help="Say what would become of each, keep nothing.")
@click.option("--no-notify", is_flag=True, help="Tell nobody that they are watched now.")
@click.option("--json", "as_json", is_flag=True, help="Data for scripts on stdout.")
@click.pass_obj
def import_command(
    app: App,
    file: str,
    *,
    kind: "Kind | None",
    adapter: str | None,
    url: str | None,
    update: bool,
    skip_wrong: bool,
    dry_run: bool,
    no_notify: bool,
    as_json: bool,
) -> int:
    """Take cases in from a CSV, JSON or XLSX FILE (- for stdin): all that are right, or none."""
    from tracker.importing import Judge, entries, kind_of, warnings
    from tracker.sheets import SheetError

    body = _read(app, file)
    usual = {key: value for key, value in (("adapter", adapter), ("url", url)) if value}
    try:
        found = entries(body, kind or kind_of(body), usual, app._)
    except SheetError as error:
        raise click.UsageError(f"{clean(file, 200)}: {clean(str(error))}") from error
    of_file = {case.name: app.place_of(case.name) for case in app.loaded.config.cases}
    verdicts = Judge(app.cases, of_file, app.registry, app._, update).all(found)
    refused = any(v.became == "wrong" for v in verdicts) and not skip_wrong
    told, owed = warnings(verdicts, app.cases, app._), False
    deliveries: tuple[Delivered, ...] = ()
    if not dry_run and not refused:
        _keep(app, verdicts, notify=not no_notify)
        deliveries = () if no_notify else Sender(app).finish()
        owed = not no_notify and is_owed(app)
    if as_json:
        content: JSON = {"dry_run": dry_run, "kept": not dry_run and not refused, "counts": _counts(verdicts)}
        out_json(
            content
            | {"rows": [_row_json(v) for v in verdicts], "warnings": told, "deliveries": [delivery_json(d) for d in deliveries]}
        )
    else:
        _report(app, verdicts, told, numbered=(kind or kind_of(body)) == "json", kept=not dry_run and not refused)
        show_sent(app, deliveries)
        if owed:
            say_owed(app)
    return USAGE if refused else 12 if owed else 0


def _read(app: App, file: str) -> bytes:
    from tracker.config.layers import at_home

    try:
        if file == "-":
            body = sys.stdin.buffer.read(MOST_BYTES + 1)
        else:
            with at_home(file).open("rb") as there:
                body = there.read(MOST_BYTES + 1)
    except OSError as error:
        text = app._("{name} can't be read ({why}).")
        raise click.UsageError(text.format(name=clean(file, 200), why=error.strerror)) from error
    if len(body) > MOST_BYTES:  # half a file would be taken for the whole
        text = app._("{name} is larger than {size} MiB: split it.")
        raise click.UsageError(text.format(name=clean(file, 200), size=MOST_BYTES >> 20))
    return body


def _keep(app: App, verdicts: "Sequence[Verdict]", *, notify: bool) -> None:
    """All in one transaction, with the one message that stands for their first readings."""
    added = [v for v in verdicts if v.became == "added"]
    changed = [(v.name, v.tree) for v in verdicts if v.became == "changed"]
    if not added and not changed:
        return
    together = len(added) + len(changed) >= TOGETHER
    told = _told(app, added, notify=notify) if together and added else None
    app.roster.bring([(v.name, v.tree) for v in added], changed, told=told, together=together)
    app.refresh()


def _told(app: App, added: "Sequence[Verdict]", *, notify: bool) -> "tuple[Event, tuple[str, ...]]":
    from tracker.core.model import Event, EventKind, Urgency
    from tracker.subjects import receivers_of

    names = tuple(v.name for v in added)
    event = Event(uuid.uuid4().hex, EventKind.FIRST_SEEN, Urgency.NORMAL, "imported", now(), cases=names)
    return event, receivers_of(app.config, event, [v.case for v in added if v.case is not None]) if notify else ()


def _counts(verdicts: "Sequence[Verdict]") -> dict[str, int]:
    kinds = ("added", "unchanged", "changed", "wrong")
    return {kind: sum(v.became == kind for v in verdicts) for kind in kinds}


def _row_json(verdict: "Verdict") -> JSON:
    return {"line": verdict.line, "case": verdict.name or None, "outcome": verdict.became, "problems": list(verdict.why)}


def _report(app: App, verdicts: "Sequence[Verdict]", told: Sequence[str], *, numbered: bool, kept: bool) -> None:
    """A line for each row on stdout, what to think of it all on stderr."""
    words = {
        "added": app._("added"),
        "unchanged": app._("unchanged"),
        "changed": app._("changed"),
        "wrong": app._("wrong"),
    }
    place = app._("no. {line}: {case}: {what}") if numbered else app._("line {line}: {case}: {what}")
    for verdict in verdicts:
        for why in verdict.why or ("",):
            line = place.format(line=verdict.line, case=clean(verdict.name, 64) or "?", what=words[verdict.became])
            click.echo(app._("{what}: {words}").format(what=line, words=clean(why)) if why else line)
    for text in told:
        app.say(clean(text))
    counts = _counts(verdicts)
    app.say(app._(", ").join(f"{words[kind]} {count}" for kind, count in counts.items() if count) or app._("No row at all."))
    if counts["wrong"] and not kept:
        app.say(app._("Nothing was taken in: mend what is wrong, or leave it out with --skip-wrong."))
    elif not kept:
        app.say(app._("Nothing was taken in: this was a dry run."))
    elif counts["added"]:
        app.say(app._("They are watched from now on. To look now: {command}").format(command="tracker check"))


# --- the other way ---------------------------------------------------------------------------------------------------


@click.command("export")
@click.argument("cases", nargs=-1, metavar="[CASE]...")
@click.option("--format", "kind", type=click.Choice(["json", "csv", "xlsx"]), default="json", show_default=True)
@click.option("--output", metavar="FILE", help="Default: stdout. The file can be read by nobody else.")
@click.option("--all", "archived", is_flag=True, help="Archived cases too.")
@click.option("--unmasked", is_flag=True, help="With the references: needed to import it again.")
@click.pass_obj
def export_command(
    app: App, cases: tuple[str, ...], *, kind: "Kind", output: str | None, archived: bool, unmasked: bool
) -> None:
    """Put the cases out as data: how each is asked for, and (CSV, XLSX) what is known of it now."""
    from tracker.importing import table_of
    from tracker.sheets import SheetError, write_csv, write_xlsx
    from tracker.trees import tree_of

    views.require_cases(app, cases)
    if kind == "xlsx" and output is None and sys.stdout.isatty():
        raise click.UsageError(app._("A spreadsheet is no text for a terminal: name a file with --output."))
    wanted = [c for c in app.config.cases if c.name in cases or (not cases and (archived or not app.cases.is_archived(c.name)))]
    trees = [tree_of(case) if unmasked else _masked(tree_of(case)) for case in wanted]
    if kind == "json":
        _write(app, _json_text(app, trees, unmasked=unmasked), output)
        return
    header, rows = table_of(trees, _known(app, [case.name for case in wanted], unmasked=unmasked))
    try:
        _write(app, write_csv(header, rows) if kind == "csv" else write_xlsx(header, rows, app._), output)
    except SheetError as error:
        raise click.UsageError(str(error)) from error


def _json_text(app: App, trees: "Sequence[Tree]", *, unmasked: bool) -> bytes:
    import json

    content = {"schema_version": SCHEMA_VERSION, "exported_at": iso(now(), app), "masked": not unmasked, "cases": list(trees)}
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _masked(tree: "Tree") -> "Tree":
    from tracker.core.mask import mask_text, mask_value

    def one(source: "Tree") -> "Tree":
        reference = source.get("reference", {})
        shown: dict[str, object] = {"url": mask_text(source["url"], reference.values())} if "url" in source else {}
        if reference:
            shown["reference"] = {caption: mask_value(value) for caption, value in reference.items()}
        return source | shown

    return one(tree) | ({"sources": [one(source) for source in tree["sources"]]} if "sources" in tree else {})


def _known(app: App, names: Sequence[str], *, unmasked: bool) -> dict[str, dict[str, str]]:
    """What is known of each case now, for the columns that people read."""
    from tracker.known import facts

    found = facts.gather(app, names, now()) if names else []
    return {case.name: _known_cells(app, case, unmasked=unmasked) for case in found}


def _known_cells(app: App, case: "CaseFacts", *, unmasked: bool) -> dict[str, str]:
    from tracker.known.fields import masked, problem_words

    head = case.headline
    cells = {"last_read_at": iso(head.history.last_read_at, app) or ""}
    if head.seen is not None:
        cells |= {"label": masked(head.seen.label, head.known, unmasked=unmasked), "status": head.seen.status.value}
        cells |= {"turn": head.seen.turn.value, "since": head.since.isoformat() if head.since else ""}
    if head.problem is not None:
        cells["problem"] = problem_words(head.problem, app, head.known, unmasked=unmasked)
    return cells


def _write(app: App, content: bytes, output: str | None) -> None:
    """To stdout, or to a file that only its owner can read, whole or not at all."""
    if output is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    from tracker.config.layers import at_home

    path = at_home(output)
    half = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
        half.replace(path)
    except OSError as error:
        half.unlink(missing_ok=True)
        text = app._("--output: {name} can't be written ({why}).")
        raise click.UsageError(text.format(name=clean(output, 200), why=error.strerror)) from error
    app.say(app._("written: {name}").format(name=clean(output, 200)))
