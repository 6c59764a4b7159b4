"""`tracker adapters probe`: what a page looks like to us, and the case that would read it."""

import sys
import tempfile
from gettext import NullTranslations
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.cli.app import App, out_json
from tracker.cli.views import grid, put
from tracker.core.clean import clean

if TYPE_CHECKING:
    from tracker.probing import Manners, Probe

MOST_BYTES = 256 << 20
NOT_READ = 11
_ADDRESS = ("http://", "https://")


@click.command("probe")
@click.argument("what", metavar="URL|FILE|HAR", type=click.Path())
@click.option("--url", metavar="URL", help="The address that a saved page came from.")
@click.option("--json", "as_json", is_flag=True, help="Data for scripts on stdout.")
@click.option("--unmasked", is_flag=True, help="Show personal data.")
@click.pass_obj
def probe_command(app: App, what: str, *, url: str | None, as_json: bool, unmasked: bool) -> int:
    """Show what a page (an address, a saved page or a browser's HAR; - for stdin) looks like to us, and a case for it."""
    from tracker.cli.probe_json import probe_json
    from tracker.cli.probe_words import Shown

    if what.lower().startswith(_ADDRESS):
        app.needs_only()
    else:
        app.needs_no_config()
    tr = app.tr
    probe = _probed(app, tr, what, url or "")
    if probe is None:
        return NOT_READ
    shown = Shown(probe.known, unmasked)
    if as_json:
        out_json({"probe": probe_json(probe, shown.url(what) if what.lower().startswith(_ADDRESS) else what, tr, shown)})
        return 0
    show(app, probe, tr, shown.known, unmasked=unmasked)
    return 0


def show(app: App, probe: "Probe", tr: NullTranslations, known: tuple[str, ...], *, unmasked: bool) -> None:
    """The report, and the block to be pasted."""
    from rich.padding import Padding
    from rich.text import Text

    from tracker.cli.probe_block import block
    from tracker.cli.probe_text import sections
    from tracker.cli.probe_words import Shown

    shown = Shown(known, unmasked)
    for section in sections(probe, tr, shown):
        put(app, Text(section.title, "bold"))
        for line in section.lines:
            put(app, Padding(Text(line), (0, 0, 0, 2)))
        if section.rows:
            table = grid(*[True] * len(section.rows[0]))
            for row in section.rows:
                table.add_row(*(Text(cell) for cell in row))
            put(app, Padding(table, (0, 0, 0, 4)))
        click.echo()
    put(app, Text(tr.gettext("In the configuration:"), "bold"))
    click.echo()
    put(app, Text(block(probe.proposal, tr, shown)), whole=True)
    me = tr.gettext("me")
    after = f"tracker saw {me} --page FILE" if probe.proposal.adapter == "by_hand" else f"tracker check --dry-run {me}"
    app.say(tr.gettext("Then: {command}").format(command=f"tracker config check; {after}"))


def bytes_of(tr: NullTranslations, name: str, option: str = "") -> bytes:
    """A file's bytes, or stdin's; a usage error that names the next step where there are none."""
    label = clean(name, 200)
    if name == "-":
        return sys.stdin.buffer.read(MOST_BYTES)
    file = Path(name).expanduser()
    if file.is_dir():
        text = tr.gettext(
            "{file} is a folder. A page that was saved “complete” lies beside such a folder: give its .html file."
        )
        raise click.UsageError(text.format(file=label))
    try:
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES)
    except FileNotFoundError as error:
        text = tr.gettext("There is no file {file}. An address begins with http:// or https://; - reads from stdin.")
        raise click.UsageError(option + text.format(file=label)) from error
    except OSError as error:
        text = tr.gettext("{file} can't be read ({why}).").format(file=label, why=error.strerror or type(error).__name__)
        raise click.UsageError(option + text) from error


def probe_file(tr: NullTranslations, name: str, url: str = "") -> "Probe":
    """A file, probed; a usage error where it can't be."""
    return probe_data(tr, bytes_of(tr, name), name, url)


def probe_data(tr: NullTranslations, data: bytes, name: str, url: str = "") -> "Probe":
    """The same of its bytes."""
    from tracker.har import HarError
    from tracker.probing import ProbeError, address_of, probe_bytes

    try:
        return probe_bytes(data, address_of(url) if url else "")
    except (ProbeError, HarError) as error:
        why = error.words(tr.gettext)
        raise click.UsageError(tr.gettext("{file}: {why}").format(file=clean(name, 200), why=why)) from error


def _probed(app: App, tr: NullTranslations, what: str, url: str) -> "Probe | None":
    """The probe; None where a site did not answer with a page: that is said."""
    if not what.lower().startswith(_ADDRESS):
        return probe_file(tr, what, url)
    if url:
        raise click.UsageError(tr.gettext("--url is for a saved page."))
    from tracker.cli.probe_words import Shown, outcome_text
    from tracker.core.errors import CheckError
    from tracker.core.times import time_text
    from tracker.fetch.pace import HostBusy
    from tracker.probing import ProbeError, address_of, probe_address

    try:
        address = address_of(what)
        app.say(
            tr.gettext("Asking {url} once, politely: this may take half a minute…").format(
                url=Shown((), unmasked=False).url(what)
            )
        )
        return probe_address(address, _manners(app))
    except ProbeError as error:
        raise click.UsageError(error.words(tr.gettext)) from error
    except HostBusy as busy:
        text = tr.gettext("The site is not asked before {time}: it asked us to wait, or another check is asking it.")
        app.say(text.format(time=time_text(busy.retry_at, tr, app.config.zone)))
    except CheckError as error:
        app.say(outcome_text(error, tr, Shown((), unmasked=False)))
        if error.evidence and error.reason not in {"network", "tls", "timeout"}:
            app.say(tr.gettext("on the page: “{words}”").format(words=clean(error.evidence, 200)))
        app.say(tr.gettext("If your browser shows the page: save it as “HTML only”, or export a HAR, and probe the file."))
    return None


def _manners(app: App) -> "Manners":
    """The config's, with the store's turns at hosts; without a store, turns of the probes alone."""
    from tracker.desk import now
    from tracker.probing import Manners

    if app.store_is_there:
        slots = app.slots
    else:
        from platformdirs import user_cache_path

        from tracker.store.base import Base, KeyPlace
        from tracker.store.slots import Slots

        folder = user_cache_path("tracker")
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:  # a read-only home: then this probe keeps its own gaps only
            folder = Path(tempfile.mkdtemp(prefix="tracker-probe-"))
        slots = Slots(Base(f"sqlite:///{folder}/turns.db", KeyPlace(None, folder / "turns.key")), app.owner)
    return Manners(app.loaded.config.fetch, slots, app.user_agent(), now)
