"""`tracker completion`: the script by which a shell completes our command line."""

import click

from tracker.cli.completing import SHELLS, script


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS))
def completion_command(shell: str) -> None:
    """Print the script that lets a shell complete commands, options and names: eval "$(tracker completion bash)"."""
    click.echo(script(shell))
