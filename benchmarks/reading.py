"""What reading costs: an answer against BeautifulSoup's bare parse of it, and hostile markup. Exit 1 where a limit is passed.

The answer is decoded, recognised and read anew each time; BeautifulSoup(lxml) only parses the same bytes; neither is told their
charset. Both take turns, so that whatever else the machine does hits both alike; the figure is the median of the pairs' ratios.
No garbage is collected meanwhile, as in timeit. Told beside it, without a limit: the same with a full collection before each
turn, which empties the interpreter's free lists and the processor's caches, and the first page of a process, which has nothing
at hand and is all that one `tracker check` reads.
Hostile markup: see defence.py.
"""

import gc
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click
from bs4 import BeautifulSoup
from defence import defence
from pages import number, page

from tracker.core.errors import CheckError
from tracker.core.model import Reference
from tracker.pages.contract import Response
from tracker.pages.reading import read_page
from tracker.pages.recognise import recognise

RATIO = 0.5
PAIRS = 40
UNCOUNTED = 4  # what is loaded at first use does not count
PROCESSES = 9


def cards(case: int) -> str:
    """The same size, of nested divs: what component libraries put on a page."""
    record = {
        "受理编号": number(case),
        "申请人": "测试甲",
        "事项名称": "居住证积分",
        "当前状态": "审核中",
        "更新日期": "2026-11-20",
    }
    cell = "<div class='cell'><div class='title'><span>{0}</span></div><div class='value'><span>{1}</span></div></div>"
    tiles = "".join(
        f"<div class='grid'><a class='grid__item' href='/service/{n}'><i class='icon'></i><p>服务事项{n}</p></a></div>"
        for n in range(56)
    )
    return f"""<!DOCTYPE html><html lang="zh"><head><meta charset="gbk"><title>办件详情</title>
<style>.cell{{padding:8px 16px}}</style></head>
<body><div id="app"><header class="bar"><span>办件详情</span></header>{tiles}
<div class="group">{"".join(cell.format(*pair) for pair in record.items())}</div>
<section><h4>温馨提示</h4>{"<p>办理时限自受理之日起计算，以书面通知为准。</p>" * 24}</section></div>
<script>window.__DATA__={{"case":{case},"theme":"blue"}};</script></body></html>"""


ANSWERS: dict[str, Callable[[int], str]] = {"a table on an old portal": page, "cards on a new one": cards}


def ours(body: bytes, reference: Reference) -> float:
    """CPU seconds to decode, recognise and read."""
    began = time.process_time()
    got = Response("http://127.0.0.1/case", 200, "text/html", body)
    recognise(got)
    try:
        read_page(got, reference)
    except CheckError as error:
        raise click.ClickException(f"the benchmark's answer was not read: {error!r}") from error
    return time.process_time() - began


def soup(body: bytes) -> float:
    """CPU seconds of the bare parse."""
    began = time.process_time()
    BeautifulSoup(body, "lxml")
    return time.process_time() - began


def ratio(answer: Callable[[int], str], pairs: int = PAIRS, *, clear: bool = False) -> tuple[float, float, float]:
    """(the median of the ratios, our median in ms, theirs); `clear`: everything is collected before each turn."""
    found = []
    gc.disable()
    for turn in range(pairs + UNCOUNTED):
        body, reference = answer(turn).encode("gb18030"), Reference({"受理编号": number(turn)}, "http://127.0.0.1/case")
        took: dict[str, float] = {}
        for who in ("ours", "soup") if turn % 2 else ("soup", "ours"):
            if clear:
                gc.collect()
            took[who] = ours(body, reference) if who == "ours" else soup(body)
        if turn >= UNCOUNTED:
            found.append((took["ours"], took["soup"]))
    gc.enable()
    return (
        statistics.median(a / b for a, b in found),
        statistics.median(a for a, _ in found) * 1000,
        statistics.median(b for _, b in found) * 1000,
    )


def first(name: str) -> float:
    """The same for the first page of a process: the least of several processes against the least of theirs."""
    took: dict[str, list[float]] = {"ours": [], "soup": []}
    for _ in range(PROCESSES):
        for who, times in took.items():
            command: list[str | Path] = [sys.executable, Path(__file__).with_name("once.py"), who, name]
            done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own
            times.append(float(done.stdout))
    return min(took["ours"]) / min(took["soup"])


def speed(pairs: int) -> list[str]:
    """Says what each kind of answer costs; what is too much."""
    problems = []
    for name, answer in ANSWERS.items():
        median, mine, theirs = ratio(answer, pairs)
        cleared, _, _ = ratio(answer, pairs, clear=True)
        size = len(answer(0).encode("gb18030")) / 1024
        cost = f"{mine:.2f} ms = {median:.2f} x BeautifulSoup(lxml)'s bare parse ({theirs:.2f} ms)"
        beside = f"after a full collection {cleared:.2f} x, as a process's first {first(name):.2f} x"
        click.echo(f"an answer of {size:.0f} KiB read, {name}: {cost}; {RATIO} allowed; {beside}")
        if median > RATIO:
            problems.append(f"reading {name} costs {median:.2f} of the bare parse, {RATIO} allowed")
    return problems


@click.command(help=__doc__)
@click.option("--pairs", default=PAIRS, show_default=True, help="So many pairs of readings and bare parses.")
@click.option("--verbose", is_flag=True, help="A line for each trap.")
def main(*, pairs: int, verbose: bool) -> None:
    problems = [*speed(pairs), *defence(verbose=verbose)]
    for problem in problems:
        click.echo(f"not reached: {problem}", err=True)
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
