"""`tracker record`: a live conversation, a browser's HAR or a kept page, scrubbed and written as a recording."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.aim import Aim, UnreadError, adapter_of, aim_of, aim_options, ask_live, outcome_words, require_url
from tracker.cli.app import App, out_json
from tracker.cli.caseflags import is_terminal
from tracker.cli.record_words import no_host, not_there, refusal
from tracker.cli.recorded import recordings_option, there
from tracker.cli.views import grid, put
from tracker.core.clean import clean
from tracker.core.mask import mask_value
from tracker.core.model import Outcome
from tracker.core.words import N_
from tracker.desk import now

if TYPE_CHECKING:
    from tracker.fetch.saved import Got
    from tracker.recordings.making import Made, Replacement

MOST_BYTES = 256 << 20
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_HAR = re.compile(rb"PK\x03\x04|(?:\xef\xbb\xbf)?\s*\{\s*\"log\"\s*:")
_KINDS = {
    "reference": N_("of the reference"),
    "hidden": N_("to be hidden"),
    "person": N_("beside a personal caption"),
    "birth": N_("a birth date"),
    "number": N_("an ID number"),
    "phone": N_("a mobile number"),
    "mail": N_("a mail address"),
    "token": N_("a token or session"),
}


@click.command("record")
@click.argument("adapter", metavar="ADAPTER")
@click.option("--scenario", required=True, metavar="NAME", help="What it shows, such as read or no-record.")
@aim_options
@click.option("--from-har", metavar="FILE", help="A HAR that your browser exported, instead of asking the site.")
@click.option("--from-html", metavar="FILE", help="A page that you saved (or a JSON answer), instead of asking the site.")
@click.option("--shown", is_flag=True, help="Of a HAR, only the answer: as a page that a person shows.")
@click.option("--hide", multiple=True, metavar="TEXT", help="Another text that must not be seen, as often as needed.")
@recordings_option
@click.option("--yes", is_flag=True, help="Write it without asking.")
@click.option("--dry-run", is_flag=True, help="Show what would be written, write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Data for scripts on stdout.")
@click.pass_obj
def record_command(
    app: App,
    /,
    adapter: str,
    *,
    scenario: str,
    from_har: str | None,
    from_html: str | None,
    shown: bool,
    hide: tuple[str, ...],
    recordings: Path,
    yes: bool,
    dry_run: bool,
    as_json: bool,
    **aimed: Any,  # noqa: ANN401 - the options of aim_options
) -> int:
    """Record what a site answers, without anything personal, as a test of ADAPTER."""
    if (from_har or from_html) and aimed["case"] is None:
        app.needs_no_config()
    else:
        app.needs_only([aimed["case"]] if aimed["case"] else [])
    aim = aim_of(app, adapter_of(app, adapter), aimed)
    folder = _folder(app, recordings, adapter, scenario)
    _require_nobodys(app, scenario, (*aim.known, *hide))
    if from_har and from_html:
        raise click.UsageError(app._("{options}: only one of them at a time.").format(options="--from-har, --from-html"))
    if shown and not from_har:
        raise click.UsageError(app._("{option} goes with {other}.").format(option="--shown", other="--from-har"))
    if not (yes or dry_run) and (as_json or not is_terminal()):
        raise click.UsageError(app._("Nobody can be asked here: say --yes, or --dry-run to look first."))
    if from_html:
        answers, begin, note = _of_page(app, from_html), aim.reference.url, app._("A page that was saved.")
    elif from_har:
        answers, begin = _of_har(app, aim, from_har, shown=shown)
        note = app._("From a browser's HAR.")
    else:
        require_url(app, aim)
        answers, begin, note = _of_site(app, aim), aim.reference.url, app._("Asked live.")
    whole = Aim(aim.adapter, replace(aim.reference, url=begin))
    content = _made(app, whole, answers, name=scenario, note=note, shown=shown or bool(from_html), hidden=hide)
    if not as_json:
        _show(app, content)
    if not dry_run and not yes:
        click.confirm(clean(app._("Write it to {folder}?").format(folder=folder)), abort=True, err=True)
    files = [] if dry_run else _written(app, folder, content)
    if as_json:
        out_json(_json(content, files))
    else:
        _say_next(app, content, recordings, dry_run=dry_run)
    return 0


def _folder(app: App, recordings: Path, adapter: str, name: str) -> Path:
    if not _NAME.fullmatch(name):
        text = app._("--scenario: “{name}” is no name for a folder: small letters, digits and dashes, such as no-record.")
        raise click.UsageError(text.format(name=clean(name, 80)))
    folder = recordings / adapter / name
    if folder.exists():
        text = app._("--scenario: {folder} is there already: choose another name, or take it away first.")
        raise click.UsageError(text.format(folder=folder))
    return folder


def _require_nobodys(app: App, name: str, known: Sequence[str]) -> None:
    """A folder's name is published too."""
    from tracker.recordings.layers import remains
    from tracker.recordings.secrets import is_plain

    if remains(name, [value for value in known if not is_plain(value)]):
        raise click.UsageError(app._("--scenario: the name itself holds what must not be seen: choose another."))


# --- where the answers come from -------------------------------------------------------------------------------------


def _of_site(app: App, aim: Aim) -> "list[Got]":
    asked = ask_live(app, aim)
    if not asked.exchanges:
        assert isinstance(asked.got, Outcome)
        text = app._("There is nothing to record: {why}").format(why=outcome_words(app, asked.got, aim.known))
        raise UnreadError(text)
    return asked.answers


def _of_page(app: App, file: str) -> "list[Got]":
    from tracker.fetch.saved import Got
    from tracker.probing import ProbeError, require_page

    body = _bytes(app, file, "--from-html")
    try:
        require_page(body)
    except ProbeError as error:
        raise click.UsageError(f"{clean(file, 200)}: {error.words(app._)}") from error
    if _HAR.match(body):
        text = app._("{file}: this is no page: a HAR, or a zip with one, goes with {option}.")
        raise click.UsageError(text.format(file=clean(file, 200), option="--from-har"))
    begins = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return [Got(200, "application/json" if begins in {b"{", b"["} else "text/html", body)]


def _of_har(app: App, aim: Aim, file: str, *, shown: bool) -> "tuple[list[Got], str]":
    from tracker.har import HarError, exchanges
    from tracker.recordings.finding import NoHostError, NotInHarError, found, shown_page

    try:
        kept = exchanges(_bytes(app, file, "--from-har"))
    except HarError as error:
        raise click.UsageError(f"{clean(file, 200)}: {error.words(app._)}") from error
    if shown:
        page = shown_page(kept, aim.adapter, aim.reference)
        if page is None:
            text = app._("{file}: no page in it reads for this adapter and reference: {command} shows what it holds.")
            raise click.UsageError(text.format(file=clean(file, 200), command="tracker adapters probe FILE"))
        return [page[0]], page[1]
    try:
        return found(kept, aim.adapter, aim.reference, now())
    except NoHostError as error:
        raise click.UsageError(f"{clean(file, 200)}: {no_host(app, error)}") from error
    except NotInHarError as error:
        raise click.UsageError(f"{clean(file, 200)}: {not_there(app, error, aim.known)}") from error


def _bytes(app: App, name: str, option: str) -> bytes:
    try:
        with Path(name).expanduser().open("rb") as file:
            body = file.read(MOST_BYTES)
    except OSError as error:
        text = app._("{option}: {name} can't be read ({why}).")
        raise click.UsageError(text.format(option=option, name=clean(name, 200), why=error.strerror)) from error
    if not body.strip():
        raise click.UsageError(app._("{option}: {name} is empty.").format(option=option, name=clean(name, 200)))
    return body


# --- what becomes of them --------------------------------------------------------------------------------------------


def _made(app: App, aim: Aim, answers: "list[Got]", *, name: str, note: str, shown: bool, hidden: Sequence[str]) -> "Made":
    from tracker.recordings.invented import NoStandInError
    from tracker.recordings.making import LeftOverError, ReadsOtherwiseError, made

    moment = now().astimezone(app.loaded.config.zone).replace(microsecond=0)
    texts = tuple(text for text in hidden if text.strip())
    try:
        return made(aim.adapter, aim.reference, answers, name=name, at=moment, shown=shown, note=note, hidden=texts)
    except (LeftOverError, ReadsOtherwiseError, NoStandInError) as error:
        raise refusal(app, error) from error


def _written(app: App, folder: Path, content: "Made") -> list[Path]:
    from tracker.recordings.scenario import write

    try:
        return write(folder, content.scenario)
    except OSError as error:
        text = app._("{name} can't be written ({why}).")
        raise click.ClickException(text.format(name=clean(str(folder), 200), why=error.strerror)) from error


def _show(app: App, content: "Made") -> None:
    """What was replaced, what stays, what is expected."""
    from rich.text import Text

    scenario = content.scenario
    click.echo(app._("Exchanges:"))
    for number, exchange in enumerate(scenario.exchanges, 1):
        click.echo(f"  {number:02d}  {exchange.method} {clean(exchange.url, 200)}  {exchange.status}")
    click.echo(app._("Replaced:") if content.replaced else app._("Nothing personal was found in them."))
    table = grid(False, False, False, False, True)
    for one in content.replaced:
        table.add_row(*map(Text, _cells(app, one)))
    if content.replaced:
        put(app, table)
    for name, value in content.kept.items():
        text = app._("“{value}” ({caption}) stays: it is a choice of the page, or too short to find anybody.")
        click.echo(text.format(value=clean(value, 40), caption=clean(name, 40)))
    click.echo(app._("Expected:"))
    for line in expected_text(scenario.expected):
        click.echo(f"  {line}")


def _cells(app: App, one: "Replacement") -> tuple[str, ...]:
    secret = one.secret
    kind = app._(_KINDS[secret.kind])
    caption = app._("{kind} ({caption})").format(kind=kind, caption=clean(secret.caption, 40)) if secret.caption else kind
    return (
        f"  {clean(mask_value(secret.value), 40)}",
        f"→ {clean(secret.stand_in, 40)}",
        f"{one.count}×",
        clean(" ".join(one.places), 60),
        caption,
    )


def expected_text(expected: Mapping[str, Any]) -> Sequence[str]:
    """An expectation, a line for each field."""
    from tracker.recordings.scenario import expected_lines

    return [clean(line, 300) for line in expected_lines(expected) if line and line != "[expected]"]


def _say_next(app: App, content: "Made", recordings: Path, *, dry_run: bool) -> None:
    if dry_run:
        app.say(app._("Nothing was written: this was a dry run."))
        return
    called = content.scenario.called
    app.say(app._("written: {name}").format(name=recordings / called))
    if content.scenario.expected.get("reason") == "captcha":
        app.say(
            app._("The flow ends at the captcha. The answer behind it can be recorded too: {option}.").format(
                option="--from-har FILE --shown"
            )
        )
    app.say(
        app._("Read the files: names in running text are not found by themselves (--hide TEXT). Then: {commands}").format(
            commands="; ".join(there(f"tracker adapters {what} {called}", recordings) for what in ("accept", "test"))
        )
    )


def _json(content: "Made", files: Sequence[Path]) -> dict[str, object]:
    scenario = content.scenario
    replaced = [
        {
            "kind": one.secret.kind,
            "caption": one.secret.caption or None,
            "value": mask_value(one.secret.value),
            "stand_in": one.secret.stand_in,
            "count": one.count,
            "places": list(one.places),
        }
        for one in content.replaced
    ]
    return {
        "adapter": scenario.adapter,
        "scenario": scenario.name,
        "exchanges": [{"method": e.method, "url": e.url, "status": e.status} for e in scenario.exchanges],
        "replaced": replaced,
        "kept": dict(content.kept),
        "expected": plain(scenario.expected),
        "files": [str(file) for file in files],
    }


def plain(expected: object) -> object:
    """An expectation as JSON can hold it."""
    if isinstance(expected, Mapping):
        return {key: plain(value) for key, value in expected.items()}
    return expected if expected is None or isinstance(expected, (str, int)) else str(expected)
