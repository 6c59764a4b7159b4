"""The score sheet: how many made-up pages are read, named, or taken for what they are not."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from random import Random

from tests.reading.answers import answer
from tests.reading.damage import damaged
from tests.reading.forms import form
from tests.reading.judge import ASTRAY, NAMED, RIGHT, WRONG, Verdict, of_answer, of_damaged, of_form, of_non_answer
from tests.reading.nonanswers import non_answer
from tracker.pages.contract import Response

CHUNK = 50


@dataclass(frozen=True)
class Suite:
    """One kind of made-up page: how one is made and judged, and what must be reached."""

    make: Callable[[Random], object]
    judge: Callable[..., Verdict]
    count: int
    reach: float
    forbidden: frozenset[str]


SUITES: dict[str, Suite] = {
    "answers": Suite(answer, of_answer, 2000, 0.97, frozenset({WRONG, ASTRAY})),
    "forms": Suite(form, of_form, 1000, 0.95, frozenset({WRONG})),
    "damaged": Suite(damaged, of_damaged, 2000, 0.0, frozenset({WRONG})),
    "non-answers": Suite(non_answer, of_non_answer, 1000, 0.95, frozenset({WRONG})),
}


@dataclass(frozen=True)
class Miss:
    """One page that was not read rightly."""

    suite: str
    index: int
    verdict: Verdict
    traits: tuple[str, ...]


@dataclass
class Score:
    """What one suite came to."""

    name: str
    counts: Counter[str] = field(default_factory=Counter)
    misses: list[Miss] = field(default_factory=list)
    traits: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return self.counts.total()

    @property
    def part(self) -> float:
        return self.counts[RIGHT] / self.total if self.total else 0.0

    def problems(self) -> list[str]:
        """Why the figures are not reached; nothing where they are."""
        suite = SUITES[self.name]
        out = [f"{self.name}: {self.counts[kind]} {kind}, none allowed" for kind in suite.forbidden if self.counts[kind]]
        if self.part < suite.reach:
            out.append(f"{self.name}: {self.part:.1%} right, {suite.reach:.0%} wanted")
        return out


def made(suite: str, seed: int, index: int) -> object:
    """The page of this number: the same on every machine."""
    return SUITES[suite].make(Random(f"{suite}/{seed}/{index}"))


def judged(suite: str, seed: int, index: int) -> tuple[Verdict, tuple[str, ...]]:
    """Its verdict. A crash is one too: the worst that a reader may do with a page."""
    page = made(suite, seed, index)
    traits: tuple[str, ...] = page.traits  # type: ignore[attr-defined]
    try:
        return SUITES[suite].judge(page), traits
    except Exception as error:  # noqa: BLE001 - whatever it is, it is counted and told
        return Verdict(WRONG, f"crash: {error!r}"), traits


def pages(suite: str, seed: int, index: int) -> dict[str, Response]:
    """The pages themselves, to be looked at."""
    return dict(made(suite, seed, index).pages)  # type: ignore[attr-defined]


def _chunk(task: tuple[str, int, int, int]) -> Score:
    suite, seed, first, count = task
    score = Score(suite)
    for index in range(first, first + count):
        verdict, traits = judged(suite, seed, index)
        score.counts[verdict.kind] += 1
        score.traits.update(set(traits))
        if verdict.kind != RIGHT and (SUITES[suite].reach or verdict.kind in SUITES[suite].forbidden):
            score.misses.append(Miss(suite, index, verdict, traits))
    return score


def tasks(names: Sequence[str], seed: int, scale: float) -> Iterator[tuple[str, int, int, int]]:
    for name in names:
        total = max(1, round(SUITES[name].count * scale))
        for first in range(0, total, CHUNK):
            yield name, seed, first, min(CHUNK, total - first)


def run(names: Sequence[str], seed: int, *, scale: float = 1.0, jobs: int = 2) -> list[Score]:
    """All of them, in so many processes."""
    scores = {name: Score(name) for name in names}
    with ProcessPoolExecutor(jobs) as pool:
        for part in pool.map(_chunk, tasks(names, seed, scale)):
            scores[part.name].counts += part.counts
            scores[part.name].misses += part.misses
            scores[part.name].traits += part.traits
    return list(scores.values())


def sheet(scores: Sequence[Score]) -> Iterator[str]:
    """The figures, a line a suite."""
    yield f"{'':14}{'pages':>7}{'right':>8}{'':>8}{'refused by name':>17}{'astray':>8}{'WRONG':>7}"
    for score in scores:
        c = score.counts
        yield f"{score.name:14}{score.total:>7}{c[RIGHT]:>8}{score.part:>8.1%}{c[NAMED]:>17}{c[ASTRAY]:>8}{c[WRONG]:>7}"


def by_trait(score: Score, most: int = 25) -> list[tuple[str, int, int]]:
    """(trait, missed, pages) of what goes with misses more than pages do in general, the most telling first."""
    missed = Counter(trait for miss in score.misses for trait in set(miss.traits))
    usual = len(score.misses) / max(score.total, 1)
    telling = sorted(missed, key=lambda t: usual * score.traits[t] - missed[t])
    return [
        (trait, missed[trait], score.traits[trait]) for trait in telling[:most] if missed[trait] > usual * score.traits[trait]
    ]


def by_class(misses: Sequence[Miss]) -> list[tuple[str, list[Miss]]]:
    """Misses that have the same cause, as far as a verdict and a layout tell it; the worst, then the largest class first."""
    classes: dict[str, list[Miss]] = {}
    for miss in misses:
        detail = miss.verdict.detail.split(":")[0].split("'")[0][:60]
        layout = next((t for t in miss.traits[1:] if not t.startswith("with ")), "")
        classes.setdefault(f"{miss.suite} | {miss.verdict.kind} | {detail.strip()} | {miss.traits[0]} | {layout}", []).append(
            miss
        )
    worst = (WRONG, ASTRAY, NAMED)
    return sorted(classes.items(), key=lambda c: (worst.index(c[1][0].verdict.kind), -len(c[1])))
