"""`make bench`: what Tracker costs, as ratios taken in one run on loopback. Prints one line a figure; there are no targets.

Contestants take turns within each round, so that whatever else the machine does hits all alike; a figure is the median of the
rounds. urlwatch is left out where it is not installed.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
from pages import hosts, number

HERE = Path(__file__).parent
IMPORTS = "import sqlmodel, httpx, click, pydantic, lxml.html"


@dataclass(frozen=True, slots=True)
class Cost:
    """One process: wall and CPU in seconds, peak memory in MiB."""

    wall: float
    cpu: float
    memory: float


@dataclass(frozen=True, slots=True)
class Field:
    """Where everybody runs: the server's port, the hosts and cases, a folder for stores, urlwatch if there is one."""

    port: int
    hosts: int
    cases: int
    folder: Path
    urlwatch: Path | None

    def url(self, case: int) -> str:
        return f"http://{hosts(self.hosts)[case % self.hosts]}:{self.port}/case/{case}"


Run = Callable[[], Cost]


def run(command: Sequence[str | Path], home: Path) -> Cost:
    """Runs a command in a home of its own; its failure ends the benchmark."""
    # Where a loaded machine has a virtual environment active, none of it is meant for the contestants.
    env = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8", "PYTHONWARNINGS": "ignore"}
    with tempfile.TemporaryFile() as output:
        began = time.perf_counter()
        process = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)  # noqa: S603 - our own commands
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            raise click.ClickException(
                f"{command}: exit {process.returncode}\n{output.read().decode(errors='replace')[-2000:]}"
            )
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / unit)


def tracker(field: Field, name: str, cases: int) -> Run:
    """`tracker check -q` over the first cases."""
    home = field.folder / name
    home.mkdir()
    config = ['language = "en"', "[store]", 'url = "sqlite:///tracker.db"', "[fetch]", 'min_gap = "0s"']
    for case in range(cases):
        config += ["[[cases]]", f'name = "case-{case}"', 'adapter = "page"', f'url = "{field.url(case)}"']
        config += [f'reference = {{ "受理编号" = "{number(case)}" }}']
    (home / "config.toml").write_text("\n".join(config), "utf-8")
    command: list[str | Path] = [Path(sys.executable).with_name("tracker"), "-q", "-c", home / "config.toml", "check"]
    return counted(field, cases, lambda: run(command, home))


def bare(field: Field) -> Run:
    home = field.folder / "bare"
    home.mkdir()
    numbers = (str(n) for n in (field.port, field.hosts, field.cases))
    command: list[str | Path] = [sys.executable, HERE / "bare.py", home / "bare.db", *numbers]
    return counted(field, field.cases, lambda: run(command, home))


def urlwatch(field: Field, program: Path) -> Run:
    home = field.folder / "urlwatch"
    home.mkdir()
    jobs = (f'name: case {c}\nurl: {field.url(c)}\nfilter:\n  - css: "#zt"\n  - html2text\n' for c in range(field.cases))
    (home / "jobs.yaml").write_text("---\n".join(jobs), "utf-8")
    (home / "config.yaml").write_text("report:\n  stdout:\n    enabled: true\n    color: false\n")
    files = {"--urls": "jobs.yaml", "--config": "config.yaml", "--cache": "cache.db", "--hooks": "hooks.py"}
    command = [program, *(part for option, name in files.items() for part in (option, home / name))]
    return counted(field, field.cases, lambda: run(command, home))


def counted(field: Field, pages: int, once: Run) -> Run:
    """The same, but a run that did not ask for every page once does not count."""

    def checked() -> Cost:
        before = served(field)
        cost = once()
        asked = served(field) - before
        if asked != pages:
            raise click.ClickException(f"{asked} pages were asked for, not {pages}")
        return cost

    return checked


def served(field: Field) -> int:
    with urllib.request.urlopen(f"http://127.0.1.1:{field.port}/count") as answer:
        return int(answer.read())


def in_turns(contestants: Mapping[str, Run], rounds: int) -> dict[str, Cost]:
    """Medians by name; a first round fills the stores and warms the caches, and does not count."""
    costs: dict[str, list[Cost]] = {name: [] for name in contestants}
    for turn in range(rounds + 1):
        for name, once in contestants.items():
            cost = once()
            if turn:
                costs[name].append(cost)
    return {
        name: Cost(*(statistics.median(values) for values in zip(*((c.wall, c.cpu, c.memory) for c in all_), strict=True)))
        for name, all_ in costs.items()
    }


def say(what: str, ours: float, others: Mapping[str, float], unit: str) -> None:
    """One figure: ours, and how it compares."""
    ratios = ", ".join(f"{ours / value:.2f} x {name} ({value:.2f} {unit})" for name, value in others.items())
    click.echo(f"{what}: {ours:.2f} {unit} = {ratios}")


def unchanged(field: Field, rounds: int) -> None:
    contestants = {"tracker": tracker(field, "many", field.cases), "bare loop": bare(field)}
    if field.urlwatch is not None:
        contestants["urlwatch"] = urlwatch(field, field.urlwatch)
    found = in_turns(contestants, rounds)
    ours = found.pop("tracker")
    what = f"{field.cases} unchanged cases on {field.hosts} hosts"
    say(f"{what}, wall", ours.wall, {name: cost.wall for name, cost in found.items()}, "s")
    say(f"{what}, CPU", ours.cpu, {name: cost.cpu for name, cost in found.items()}, "s")
    say(f"{what}, peak memory", ours.memory, {name: cost.memory for name, cost in found.items()}, "MiB")


def cold(field: Field, rounds: int) -> None:
    home = field.folder / "cold"
    home.mkdir()
    imports = [sys.executable, "-c", IMPORTS]
    contestants = {"tracker": tracker(field, "one", 1), "its imports": lambda: run(imports, home)}
    found = in_turns(contestants, rounds)
    ours, floor = found["tracker"], found["its imports"]
    say("a check of one case from cold, wall", ours.wall, {f'`python -c "{IMPORTS}"`': floor.wall}, "s")
    say("a check of one case from cold, CPU", ours.cpu, {"the same": floor.cpu}, "s")
    say("a check of one case from cold, peak memory", ours.memory, {"the same": floor.memory}, "MiB")


def on_disk(field: Field, cases: int, stops: Sequence[int]) -> None:
    """Bytes of the store after so many unchanged rounds."""
    once = tracker(field, "disk", cases)
    sizes: dict[int, int] = {}
    for turn in range(1, stops[-1] + 1):
        once()
        if turn in stops:
            sizes[turn] = sum(p.stat().st_size for p in (field.folder / "disk").glob("tracker.db*"))
    told = ", ".join(f"{size} after {turn}" for turn, size in sizes.items())
    grown = sizes[stops[-1]] / sizes[stops[-2]]
    click.echo(f"bytes on disk, {cases} unchanged cases: {told} rounds; from {stops[-2]} to {stops[-1]}: {grown:.2f} x")


@contextmanager
def server(count: int) -> Iterator[int]:
    """The page server's port, while it runs."""
    command: list[str | Path] = [sys.executable, HERE / "pages.py", "--hosts", str(count)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - likewise
        assert process.stdout is not None
        assert process.stdin is not None
        line = process.stdout.readline()
        if not line:
            raise click.ClickException("the page server did not start: can 127.0.1.1 and the next ones be bound here?")
        try:
            yield int(line)
        finally:
            process.stdin.close()


@click.command(help=__doc__)
@click.option("--urlwatch", "program", type=click.Path(path_type=Path), help="The urlwatch command to race against.")
@click.option("--rounds", default=5, show_default=True)
@click.option("--cases", default=1000, show_default=True)
@click.option("--hosts", "count", default=20, show_default=True)
@click.option("--disk-rounds", default=200, show_default=True, help="0: leaves this figure out.")
def main(program: Path | None, rounds: int, cases: int, count: int, disk_rounds: int) -> None:
    with tempfile.TemporaryDirectory(prefix="tracker-bench-") as folder, server(count) as port:
        there = program.absolute() if program is not None and program.exists() else None
        if there is None:
            click.echo("urlwatch is not installed: compared with the bare loop only", err=True)
        field = Field(port, count, cases, Path(folder), there)
        unchanged(field, rounds)
        cold(field, rounds)
        if disk_rounds:
            on_disk(field, 20, sorted({1, max(disk_rounds // 10, 2), disk_rounds}))


if __name__ == "__main__":
    main()
