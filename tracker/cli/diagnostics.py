"""`tracker diagnostics`: a masked bundle that can be put into a public bug report."""

import io
import json
import zipfile
from pathlib import Path

import click

from tracker.cli import views
from tracker.cli.app import App
from tracker.core.errors import ConfigError
from tracker.desk import now

TITLES = ("versions", "doctor", "config", "sources", "store")


@click.command("diagnostics")
@click.argument("case", default="", metavar="[CASE]")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="A new .md or .zip file.")
@click.option("--page", is_flag=True, help="With CASE: also the last page that could not be read, its words masked.")
@click.pass_obj
def diagnostics_command(app: App, case: str, *, output: Path | None, page: bool) -> None:
    """Make a masked bundle for a public bug report: versions, doctor, shapes of config and history; no personal data."""
    from tracker.cli.health import ask
    from tracker.doctor.bundle import bundle

    try:
        app.needs_only([case] if case else [])
    except ConfigError:
        case = ""
    if case:
        views.require_cases(app, [case])
    if page and not case:
        raise click.UsageError(views.words_of(app).gettext("--page: of which case? Name it: tracker diagnostics CASE --page"))
    if output is not None and (output.suffix not in {".md", ".zip"} or output.exists()):
        raise click.UsageError(f"--output: {output}: a new file is wanted, ending in .md or .zip")
    content = bundle(app, case, now(), ask, page=page)
    text = _markdown(app, content, case=bool(case), page=page)
    if output is None:
        click.echo(text)
        return
    try:
        output.write_bytes(_zipped(text, content) if output.suffix == ".zip" else f"{text}\n".encode())
    except OSError as error:
        raise click.UsageError(f"--output: {output}: can't be written ({error.strerror})") from error
    app.say(views.words_of(app).gettext("{file} was written. Read it before you publish it.").format(file=output))


def _markdown(app: App, content: dict[str, object], *, case: bool, page: bool) -> str:
    """The bundle to read; its head says exactly what it holds."""
    tr = views.words_of(app)
    kept = tr.gettext(
        "It holds no reference, name or number of a person, no name of a case or receiver, no receiver's address, "
        "no key or password, no page and no log."
    )
    if page:
        kept = tr.gettext(
            "It holds no reference, name or number of a person, no name of a case or receiver, no receiver's address, no key "
            "or password and no log. Of the last page that could not be read it holds the mark-up, the names of its fields, "
            "and the words that all such pages use; every other character became a sign of its kind."
        )
    one = tr.gettext(
        "Of this case also: how it is asked and read, what was told, the captions of its page and their places, and what its "
        "kept pages were read as."
    )
    head = [
        "# Tracker diagnostics",
        "",
        tr.gettext(
            "It holds: versions of programs; what the doctor found; which settings are used, receivers and cases as numbers; "
            "for each source its adapter, site, captions, the authority's words for the status with digits as #, times, "
            "counts and reasons."
        ),
        *(["", one] if case else []),
        "",
        kept,
        "",
        tr.gettext("Read it before you publish it."),
        "",
        str(content["made_at"]),
    ]
    for title in TITLES:
        if title in content:
            shown = json.dumps(content[title], ensure_ascii=False, indent=1)
            head += ["", f"## {title}", "", "```json", shown, "```"]
    return "\n".join(head)


def _zipped(text: str, content: dict[str, object]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("diagnostics.md", text + "\n")
        archive.writestr("diagnostics.json", json.dumps(content, ensure_ascii=False, indent=1) + "\n")
    return out.getvalue()
