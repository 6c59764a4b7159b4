"""Where recordings are: the option that the commands about them share, and how they repeat it in what they suggest."""

import shlex
from pathlib import Path

import click

USUAL = Path("tests/recordings")

recordings_option = click.option(
    "--recordings",
    type=click.Path(file_okay=False, path_type=Path),
    default=USUAL,
    show_default=True,
    metavar="DIR",
    help="Where the recordings are.",
)


def there(command: str, recordings: Path) -> str:
    """A command that looks where this one looked."""
    return command if recordings == USUAL else f"{command} --recordings {shlex.quote(str(recordings))}"
