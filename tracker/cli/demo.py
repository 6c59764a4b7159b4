"""`tracker demo`: a whole check on a simulated site, with nothing to set up."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.cli.app import App, out_json
from tracker.locale import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.deliver import Delivered
    from tracker.demo.run import Stage, Step
    from tracker.results import Result


@click.command("demo")
@click.option("--language", type=click.Choice(LANGUAGES), help="Default: the locale's.")
@click.option("--keep", is_flag=True, help="Keep the folder with the config and the store, to look around.")
@click.option("--json", "as_json", is_flag=True, help="Data for scripts on stdout.")
@click.pass_obj
def demo_command(app: App, *, language: str | None, keep: bool, as_json: bool) -> int:
    """Show a whole check on a simulated site: first reading, a move, the message."""
    from tracker.config.layers import system_language
    from tracker.demo.run import play

    language = language or system_language(os.environ)
    steps: list[Step] = []
    with _folder(keep=keep) as folder, _stage(app, folder, language) as (inner, stage):
        for step in play(stage):
            steps.append(step)
            if not as_json:
                _show(inner, len(steps), step)
        ok = not steps[-1].faults
        if as_json:
            kept = str(folder) if keep else None
            out_json({"ok": ok, "kept_in": kept, "steps": [_json(step) for step in steps]})
        else:
            _end(inner, steps[-1], folder if keep else None)
    return 0 if ok else 1


@contextmanager
def _folder(*, keep: bool) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="tracker-demo-"))
    try:
        yield folder
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _stage(app: App, folder: Path, language: str) -> "Iterator[tuple[App, Stage]]":
    """The site, the receiver and an app of its own over them: nothing of the user's config, environment or store."""
    from tracker.config.load import load
    from tracker.demo.receiver import Receiver
    from tracker.demo.run import NAMES, Stage, config_text
    from tracker.demo.site import Site
    from tracker.registry import Metas

    file = folder / "config.toml"
    with Site() as site, Receiver() as receiver:
        file.write_text(config_text(site, receiver, language), "utf-8")
        inner = App(str(file), verbose=app.verbose, color=app.color)
        zone = {"TZ": os.environ["TZ"]} if os.environ.get("TZ") else {}
        inner.loaded = load(file, zone, Metas(inner.registry))
        case = NAMES[language][0]
        try:
            yield (
                inner,
                Stage(
                    site=site,
                    receiver=receiver,
                    look=lambda: _look(inner),
                    stored=lambda: [seen for _, seen in inner.store.observations(case, 10)],
                    place=str(folder / "tracker.db"),
                    language=language,
                    tr=inner.tr,
                ),
            )
        finally:
            inner.base.close()


def _look(app: App) -> "tuple[Sequence[Result], Sequence[Delivered]]":
    """What `tracker check` does: look, keep, send."""
    from tracker.cli.check import look
    from tracker.conclude import Options
    from tracker.desk import Sender

    sender = Sender(app)
    return look(app, (), Options(), sender), sender.finish()


def _show(app: App, number: int, step: "Step") -> None:
    """One step: what happened, the requests with their times, the message in a box."""
    from rich.padding import Padding
    from rich.panel import Panel
    from rich.text import Text

    from tracker.demo.run import when

    if app.verbose >= 0:
        if step.text:
            app.console.print(Text(f"{number}. {step.text}"))
        for request in step.requests:
            app.console.print(Text(f"   {when(request):%H:%M:%S.%f}", "dim").append(f" {request.method:4} {request.path}"))
        if step.message is not None:
            title, body = step.message
            box = Panel(Text(body), title=Text(title), title_align="left", expand=False)
            app.console.print(Padding(box, (0, 3)), soft_wrap=False)
    if step.faults:
        failed = app._("Step {number} ({name}) failed:").format(number=number, name=step.name)
        click.echo("\n   ".join([failed, *step.faults]), err=True)


def _end(app: App, last: "Step", kept: Path | None) -> None:
    """What to do next."""
    if kept:
        config = kept / "config.toml"
        app.say(app._("Kept in {folder}. Look around: {command}").format(folder=kept, command=f"tracker -c {config} status"))
    if last.faults or app.verbose < 0:
        return
    lines = [
        app._("All of it really happened. Next, a real case:"),
        app._("   1. `tracker init` asks for your phone and your case, looks once, and sends the first message"),
        app._("   2. `tracker serve`, or cron with `tracker check --due`, keeps looking"),
    ]
    if not kept:
        lines.insert(0, app._("The demo's files are deleted now; --keep keeps them."))
    click.echo("\n".join(lines))


def _json(step: "Step") -> dict[str, object]:
    from tracker.demo.run import when

    requests = [{"at": when(r).isoformat(timespec="milliseconds"), "method": r.method, "path": r.path} for r in step.requests]
    message = {"title": step.message[0], "text": step.message[1]} if step.message else None
    return {
        "step": step.name,
        "ok": not step.faults,
        "text": step.text,
        "requests": requests,
        "message": message,
        "faults": list(step.faults),
    }
