"""`tracker adapters new NAME`: an adapter of one's own as a file, from a probe or as a skeleton."""

import keyword
import re
from dataclasses import replace
from gettext import NullTranslations
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.cli.app import App
from tracker.cli.views import words_of
from tracker.core.clean import clean
from tracker.core.mask import mask_text

if TYPE_CHECKING:
    from tracker.setup.draft import Draft

_MENDED = frozenset({"fragment", "fresh_token", "fresh_cookie", "nested_body", "in_path"})  # what the file itself takes care of
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


@click.command("new")
@click.argument("name")
@click.option(
    "--from-probe",
    "probe",
    type=click.Path(),
    metavar="FILE",
    help="A saved page, a HAR, or what `probe --json` printed; - for stdin.",
)
@click.option("--url", metavar="URL", help="The address that a saved page came from.")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Default: your own adapters'.")
@click.pass_obj
def new_command(app: App, name: str, *, probe: str | None, url: str | None, folder: Path | None) -> None:
    """Write an adapter of your own, to be mended by hand; nothing that is there is overwritten."""
    from tracker.registry import own_folder
    from tracker.setup.draft import module_text

    tr = words_of(app)
    _require_name(app, tr, name)
    draft = _draft(tr, name, probe, url or "")
    own = own_folder(app.env)
    file = (folder.expanduser() if folder else own) / f"{name}.py"
    _write(tr, file, module_text(draft))
    click.echo(str(file))
    if file.parent.absolute() != own:
        app.say(
            tr.gettext("Adapters are looked for in {folder}: put it there, or set {variable}.").format(
                folder=own, variable="TRACKER_ADAPTERS"
            )
        )
    app.say(tr.gettext("Look it over, then see what we make of it: {command}").format(command=f"tracker adapters show {name}"))
    if draft.proposal.reasons:
        from tracker.cli.probe_words import Shown, reason_text

        for reason in draft.proposal.reasons:
            if reason.code not in _MENDED:
                app.say(reason_text(reason, tr, Shown((), unmasked=False)))


def _require_name(app: App, tr: NullTranslations, name: str) -> None:
    if not _NAME.fullmatch(name) or keyword.iskeyword(name):
        text = tr.gettext("“{name}” can't be an adapter's name: small letters, digits and _, such as my_office.")
        raise click.UsageError(text.format(name=clean(name, 80)))
    if name in app.registry:
        file = app.registry.place_of(name)
        text = tr.gettext("There is an adapter “{name}” already ({place}), and nothing is overwritten: take another name.")
        raise click.UsageError(text.format(name=name, place=file or tr.gettext("it ships with Tracker")))


def _draft(tr: NullTranslations, name: str, probe: str | None, url: str) -> "Draft":
    """What the file will say."""
    from tracker.cli.probe import bytes_of, probe_data
    from tracker.cli.probe_json import proposal_of, template_of
    from tracker.desk import now
    from tracker.setup.draft import SKELETON, Draft

    if probe is None:
        return Draft(name, SKELETON, "", "Say here where these facts come from.")
    source = f"What its own page and answers showed on {now().date().isoformat()}; nobody has confirmed it since."
    data = bytes_of(tr, probe)
    told = proposal_of(data)
    if told is not None:
        proposal, title = told
        return Draft(name, proposal, title, source, proposal.body_json)
    seen = probe_data(tr, data, probe, url)
    proposal = replace(seen.proposal, words=tuple(mask_text(word, seen.known) for word in seen.proposal.words))
    return Draft(name, proposal, mask_text(clean(seen.title, 60), seen.known), source, template_of(proposal))


def _write(tr: NullTranslations, file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as opened:
            opened.write(text)
    except FileExistsError as error:
        raise click.UsageError(tr.gettext("{file} is there already, and nothing is overwritten.").format(file=file)) from error
    except OSError as error:
        text = tr.gettext("{file} can't be written ({why}): name another folder with --folder.")
        raise click.UsageError(text.format(file=file, why=error.strerror or type(error).__name__)) from error
