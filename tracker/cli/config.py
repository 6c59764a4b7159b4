"""`tracker config`: every mistake at once, the values in force and where they came from, a schema for editors."""

import click

from tracker.cli.app import App, out_json
from tracker.core.clean import clean
from tracker.core.errors import ConfigError


@click.group("config", no_args_is_help=True)
def config_command() -> None:
    """Check and show the configuration."""


@config_command.command("check")
@click.option("--json", "as_json", is_flag=True, help="Data for scripts on stdout.")
@click.pass_obj
def check_command(app: App, *, as_json: bool) -> None:
    """Read the configuration and say all that is wrong with it: exit 0, or 3 with a line for each mistake."""
    try:
        loaded = app.loaded
    except ConfigError as error:
        if as_json:
            out_json({"ok": False, "mistakes": error.mistakes})
        raise
    config = loaded.config
    unconfirmed = _unconfirmed(app)
    if as_json:
        out_json(
            {
                "ok": True,
                "mistakes": [],
                "file": str(loaded.path) if loaded.path else None,
                "cases": len(config.cases),
                "receivers": len(config.receivers),
                "warnings": list(loaded.warnings),
                "unconfirmed_adapters": unconfirmed,
            }
        )
        return
    for warning in loaded.warnings:
        app.say(warning)
    for name in unconfirmed:
        text = app._("adapter {name}: nobody has confirmed it on the real site yet; what to do: {command}")
        app.say(text.format(name=clean(name), command=f"tracker adapters show {name}"))
    if config.cases and not config.receivers:
        app.say(app._("there is no [[receivers]] yet: nobody would be told of a move"))
    cases = app.tr.ngettext("{count} case", "{count} cases", len(config.cases)).format(count=len(config.cases))
    count = len(config.receivers)
    receivers = app.tr.ngettext("{count} receiver", "{count} receivers", count).format(count=count)
    file = str(loaded.path) if loaded.path else app._("no file")
    click.echo(app._("ok: {cases}, {receivers}, {file}").format(cases=cases, receivers=receivers, file=file))


@config_command.command("show")
@click.option("--origin", is_flag=True, help="Say where each value came from.")
@click.option("--json", "as_json", is_flag=True, help="Data for scripts on stdout.")
@click.pass_obj
def show_command(app: App, *, origin: bool, as_json: bool) -> None:
    """Show every setting as it is in force, with secrets hidden and personal data masked."""
    from tracker.cli.config_show import as_data, as_text, gathered

    entries = gathered(app)
    file = app.loaded.path
    if as_json:
        out_json({"file": str(file) if file else None, **as_data(entries, origin=origin)})
        return
    click.echo(f"# {clean(str(file), 500) if file else app._('no file')}")
    for line in as_text(app, entries, origin=origin):
        click.echo(line)
    for problem in app.cases.problems:
        app.say(clean(problem, 500))


@config_command.command("schema")
def schema_command() -> None:
    """Print a JSON Schema of the configuration file, for editors."""
    import json

    from tracker.config.schema import schema
    from tracker.registry import Registry, own_folder

    metas = {name: adapter.META for name, adapter in Registry(own_folder()).usable().items()}
    click.echo(json.dumps(schema(metas), ensure_ascii=False, indent=2))


def _unconfirmed(app: App) -> list[str]:
    """The adapters in use that nobody ran on a real site; what stays on this machine is no real site."""
    from tracker.config.values import is_loopback
    from tracker.subjects import subjects

    asked = [s.meta for s in subjects(app.config, app.registry) if not s.is_by_hand and not is_loopback(s.host)]
    return list(dict.fromkeys(meta.id for meta in asked if meta.verified_on is None))
