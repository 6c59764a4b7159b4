"""The command as a whole: what it says when something is our own fault."""

import subprocess
import sys

CODE = """
import tracker.cli
def broken(**_):
    {}["SH2026000123"]
tracker.cli.root.main = broken
tracker.cli.main()
"""


def test_an_unexpected_error_is_one_line_without_the_data_in_it() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "KeyError at" in line
    assert "please report it" in line
    assert "SH2026000123" not in line
