"""What hostile markup costs: each trap is read or refused within 3 s and 220 MiB. Exit 1 where one is not.

Each is read in a process of its own; its time (CPU) and the peak of its memory are those of the whole process. One that is not
within its limits is tried once more, alone: on a busy machine the same work costs more CPU.
"""

import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import click
import hostile

SECONDS = 3.0
MEMORY = 220.0


@dataclass(frozen=True)
class Read:
    """CPU seconds, peak MiB, and what came of it."""

    name: str
    seconds: float
    memory: float
    said: str

    @property
    def is_within(self) -> bool:
        return self.seconds <= SECONDS and self.memory <= MEMORY and not self.said.startswith("FAILED")

    def __str__(self) -> str:
        return f"{self.name}: {self.seconds:.2f} s, {self.memory:.0f} MiB: {self.said}"


def attacked(name: str, folder: Path) -> Read:
    """One trap: nothing but the reading takes time, and no neighbour counts."""
    trap = folder / f"{name}.html"
    trap.write_bytes(hostile.body(name))
    with tempfile.TemporaryFile() as output:
        command: list[str | Path] = [sys.executable, Path(hostile.__file__), trap]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)  # noqa: S603 - our own
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        said = output.read().decode(errors="replace")
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    came = said if process.returncode == 0 else f"FAILED: {said[-300:]}"
    return Read(name, used.ru_utime + used.ru_stime, used.ru_maxrss / unit, came)


def defence(*, verbose: bool) -> list[str]:
    """Says what hostile markup costs at most; where it is too much."""
    names = [*hostile.TRAPS, *hostile.BYTES]
    with tempfile.TemporaryDirectory(prefix="tracker-hostile-") as folder:
        with ThreadPoolExecutor(2) as pool:
            first = list(pool.map(lambda name: attacked(name, Path(folder)), names))
        found = [read if read.is_within else attacked(read.name, Path(folder)) for read in first]
    if verbose:
        click.echo("\n".join(f"  {read}" for read in found))
    slowest, largest = max(found, key=lambda read: read.seconds), max(found, key=lambda read: read.memory)
    click.echo(
        f"hostile markup, {len(names)} kinds: at most {slowest.seconds:.2f} s ({slowest.name}) "
        f"and {largest.memory:.0f} MiB ({largest.name}); {SECONDS:g} s and {MEMORY:g} MiB allowed"
    )
    return [f"hostile markup, {read}" for read in found if not read.is_within]


@click.command(help=__doc__)
@click.option("--verbose", is_flag=True, help="A line for each trap.")
def main(*, verbose: bool) -> None:
    problems = defence(verbose=verbose)
    for problem in problems:
        click.echo(f"not reached: {problem}", err=True)
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
