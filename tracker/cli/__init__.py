"""The command line. Commands are imported when they are named, so that `-h` is instant."""

import importlib
import os
import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMPLETING = "_TRACKER_COMPLETE"  # set by the script of `tracker completion` while the shell asks

# command -> (module, what it does); the help of the group is made without importing any of them
COMMANDS = {
    "demo": ("demo", "Show a whole check on a simulated site: nothing to set up."),
    "init": ("init", "Set up: phone, first case, first message."),
    "check": ("check", "Check cases now, and send what is owed."),
    "serve": ("serve", "Run the service: schedule, messages, web page."),
    "status": ("status", "Show what is known now."),
    "list": ("status", "List the cases, a line each."),
    "history": ("history", "Show what a case showed over time."),
    "add": ("cases", "Keep a new case in the store."),
    "edit": ("cases", "Change a case of the store, or say what a word means."),
    "remove": ("cases", "Stop the checks of a case; --purge deletes it."),
    "archive": ("cases", "Put a case away; its history stays."),
    "pause": ("cases", "Ask a case's sites no more, until it is resumed."),
    "resume": ("cases", "Ask a paused case's sites again."),
    "import": ("exchange", "Take cases in from a CSV, JSON or XLSX file."),
    "replay": ("replay", "Read the kept pages again, without asking a site."),
    "export": ("exchange", "Put the cases out as JSON, CSV or XLSX."),
    "saw": ("saw", "Tell what you saw yourself: a label, unchanged, a page, a text."),
    "ack": ("ack", "Say that you know of an event: no more reminders."),
    "snooze": ("ack", "Hold messages about a case for a while."),
    "notify": ("notify", "Test receivers; show and retry what is owed."),
    "guide": ("guide", "Show the steps and papers of a procedure, with links."),
    "adapters": ("adapters", "Show which sites can be read, and how sure that is."),
    "record": ("record", "Record what a site answers, without anything personal, as a test."),
    "completion": ("completion", "Let the shell complete: bash, zsh, fish."),
    "config": ("config", "Check and show the configuration."),
    "doctor": ("doctor", "Say what is wrong and what to do (exit 0 or 1)."),
    "health": ("health", "Ask the running service whether it is well (exit 0 or 1)."),
    "paths": ("paths", "Show where files are."),
    "diagnostics": ("diagnostics", "Make a masked bundle for a bug report."),
}


class _Lazy(click.Group):
    """A group whose commands live in modules of their own."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"tracker.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command | None = getattr(module, f"{cmd_name}_command", None)
        if command is not None and COMPLETING in os.environ:
            from tracker.cli.completing import attach

            attach(command, cmd_name)
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        """The commands with their help, without importing any of them; and our own options."""
        from click.shell_completion import CompletionItem

        found = [CompletionItem(n, help=words) for n, (_, words) in COMMANDS.items() if n.startswith(incomplete)]
        return found + click.Command.shell_complete(self, ctx, incomplete)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in COMMANDS.items()])

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0] if args else ""
        if name and name not in COMMANDS:
            from difflib import get_close_matches

            near = get_close_matches(name, COMMANDS, 1)
            hint = f" Did you mean '{near[0]}'?" if near else ""
            ctx.fail(f"No such command '{name}'.{hint}")
        return super().resolve_command(ctx, args)


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("-c", "--config", "config_path", type=click.Path(), metavar="FILE", help="The configuration file.")
@click.option("-v", "--verbose", count=True, help="Say more on stderr.")
@click.option("-q", "--quiet", is_flag=True, help="Say only what went wrong.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
@click.version_option(package_name="application-tracker", prog_name="tracker")
@click.pass_context
def root(ctx: click.Context, config_path: str | None, verbose: int, *, quiet: bool, color: str) -> None:
    """Reads where an application stands and tells your phone the moment it moves."""
    from tracker.cli.app import App

    ctx.obj = App(config_path, verbose=-1 if quiet else verbose, color=color)


def _unexpected(error: Exception) -> int:
    """Says that it is our fault and where, without the exception's own words."""
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if f"{os.sep}tracker{os.sep}" in frame.filename] or frames
    where = " < ".join(f"{os.path.split(f.filename)[1]}:{f.lineno}" for f in reversed(ours[-3:]))
    click.echo(f"tracker: unexpected error, please report it: {type(error).__name__} at {where}", err=True)
    return 1


def main() -> None:
    """The `tracker` command; the exit codes are the contract's."""
    if COMPLETING in os.environ:
        from tracker.cli.completing import complete

        sys.exit(complete(root))
    from tracker.core.errors import ConfigError, StoreError

    try:
        code = root.main(standalone_mode=False)
    except click.exceptions.Abort:
        code = 130
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (ConfigError, StoreError) as error:
        click.echo(str(error), err=True)
        code = 3
    except BrokenPipeError:
        # The reader of a pipe went away: nothing to say, and nobody to say it to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    except Exception as error:  # noqa: BLE001 - the last resort: what an exception says may hold personal data
        code = _unexpected(error)
    sys.exit(code if isinstance(code, int) else 0)
