"""`make reading`: the score sheet. Exit 1 where a figure is not reached."""

import sys
from collections.abc import Collection
from pathlib import Path

import click

from tests.reading import mutations, score, shared

PARTS = (*score.SUITES, "recordings", "shared")


@click.command(help=__doc__)
@click.option("--seed", default=1, show_default=True, help="Another seed makes other pages.")
@click.option("--scale", default=1.0, show_default=True, help="This part of the pages, or so many times as many.")
@click.option("--only", multiple=True, type=click.Choice(PARTS), help="Only this part; may be repeated.")
@click.option("--jobs", default=2, show_default=True, help="Processes.")
@click.option("--pages", type=click.Path(path_type=Path), default=shared.FOLDER, help="Where the shared pages are.")
@click.option("--show", metavar="SUITE:N", help="Print page N of a suite and its verdict, and nothing else.")
@click.option("--misses", type=click.Path(path_type=Path), help="Write every page that was not right here, by class.")
def main(
    *, seed: int, scale: float, only: tuple[str, ...], jobs: int, pages: Path, show: str | None, misses: Path | None
) -> None:
    if show is not None:
        _show(show, seed)
        return
    parts = only or PARTS
    scores = score.run([name for name in score.SUITES if name in parts], seed, scale=scale, jobs=jobs)
    problems = [problem for one in scores for problem in one.problems()]
    if scores:
        click.echo("\n".join(score.sheet(scores)))
    problems += _recordings(parts, jobs) + _shared(parts, pages)
    if misses is not None:
        misses.write_text(_listed(scores, seed, problems), "utf-8")
    for problem in problems:
        click.echo(f"not reached: {problem}", err=True)
    sys.exit(bool(problems))


def _recordings(parts: Collection[str], jobs: int) -> list[str]:
    if "recordings" not in parts:
        return []
    total = mutations.run(jobs=jobs)
    gone = total.mutations - total.same - len(total.wrong)
    click.echo(
        f"{total.recordings} recordings damaged in {total.mutations} ways: {total.same} read as before, {gone} refused by name, "
        f"{len(total.wrong)} WRONG"
    )
    return [f"recordings: {line}" for line in total.wrong]


def _shared(parts: Collection[str], folder: Path) -> list[str]:
    if "shared" not in parts:
        return []
    if not folder.is_dir():
        click.echo(f"SKIPPED: no shared pages in {folder}: what is read on real pages was not measured", err=True)
        return []
    total, problems = shared.check(folder)
    click.echo(f"{total} shared pages: {len(problems)} things not found as they should be")
    return problems + [f"shared pages, {name}: nothing is expected of it in shared.toml" for name in shared.without(folder)]


def _show(which: str, seed: int) -> None:
    """One page as it would come over the wire, then what was made of it."""
    suite, _, index = which.rpartition(":")
    if suite not in score.SUITES or not index.isdigit():
        raise click.BadParameter(f"{which!r}: a suite and a number, such as answers:17", param_hint="--show")
    page = score.made(suite, seed, int(index))
    for url, response in score.pages(suite, seed, int(index)).items():
        click.echo(f"--- {url}  {response.content_type}  ({response.charset})\n{response.text}")
    facts = {k: v for k, v in vars(page).items() if k not in {"pages", "traits"}}
    click.echo("--- made with: " + ", ".join(page.traits))  # type: ignore[attr-defined]
    click.echo("\n".join(f"{name}: {value}" for name, value in facts.items()))
    verdict, _ = score.judged(suite, seed, int(index))
    click.echo(f"--- {verdict.kind} {verdict.detail}")


def _listed(scores: list[score.Score], seed: int, problems: list[str]) -> str:
    out = [f"# Not right, seed {seed}\n", "\n".join(score.sheet(scores)), "", *(f"- {problem}" for problem in problems)]
    for one in scores:
        out.append(f"## {one.name}: what goes with a miss (missed / pages)")
        out += [f"- {trait}: {missed} / {total}" for trait, missed, total in score.by_trait(one)]
    for name, members in score.by_class([m for one in scores for m in one.misses]):
        first = members[0]
        out.append(f"## {len(members)} x {name}")
        out.append(f"    .venv/bin/python -m tests.reading --seed {seed} --show {first.suite}:{first.index}")
        out += [f"- {m.index}: {m.verdict.detail} [{', '.join(m.traits)}]" for m in members[:12]]
    return "\n".join(out) + "\n"


if __name__ == "__main__":
    main()
