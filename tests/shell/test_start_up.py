"""What is quick: help and completion come before any library that takes its time."""

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from tests.shell.test_docs import COMMANDS
from tracker.cli import COMMANDS as NAMES
from tracker.cli import root

HEAVY = (
    "alembic apprise apscheduler argon2 asyncio bs4 chinese_calendar cryptography fastapi httpx jinja2 lxml openpyxl pydantic "
    "pydantic_core requests rich segno selectolax sqlalchemy sqlmodel starlette uvicorn"
)
CODE = """
import atexit, sys
atexit.register(lambda: print("HEAVY", *sorted(set(sys.modules) & set(HEAVY.split())), file=sys.stderr))
from tracker.cli import main
main()
"""


def heavy(env: dict[str, str], *args: str) -> tuple[str, list[str]]:
    """(what the command says, which heavy libraries it brought in)."""
    code = f"HEAVY = {HEAVY!r}\nimport sys\nsys.argv = {['tracker', *args]!r}\n{CODE}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ, **env}, check=False)
    *words, last = done.stderr.splitlines()
    assert (done.returncode, words) == (0, []), done.stderr
    return done.stdout, last.split()[1:]


GROUPS = {path[:1] for path in COMMANDS if len(path) > 1}


@pytest.mark.parametrize("path", [(), *sorted(GROUPS), *sorted(COMMANDS)], ids=lambda path: " ".join(path) or "tracker")
def test_help_brings_in_no_library_that_takes_its_time(path: tuple[str, ...]) -> None:
    said, found = heavy({}, *path, "-h")
    assert "Usage: " in said
    assert found == []


def test_the_help_of_the_group_names_every_command() -> None:
    said, _ = heavy({}, "-h")
    assert all(f"  {name} " in said for name in NAMES)


CONFIG = '[[cases]]\nname = "me"\n[[cases]]\nname = "mum"\n[[receivers]]\nname = "phone"\n'


@pytest.mark.parametrize(
    ("line", "wanted"),
    [("check m", {"me", "mum"}), ("notify test p", {"phone"}), ("adapters show f", {"form"}), ("che", {"check"})],
)
def test_completion_brings_in_no_library_that_takes_its_time(tmp_path: Path, line: str, wanted: set[str]) -> None:
    (tmp_path / "config.toml").write_text(CONFIG)
    words = ["tracker", "-c", str(tmp_path / "config.toml"), *line.split()]
    asked = {"_TRACKER_COMPLETE": "bash_complete", "COMP_WORDS": "\n".join(words), "COMP_CWORD": str(len(words) - 1)}
    said, found = heavy(asked)
    assert {one.partition(",")[2] for one in said.splitlines()} == wanted
    assert found == []


def test_every_command_stands_in_the_group() -> None:
    assert root.list_commands(click.Context(root)) == list(NAMES)
