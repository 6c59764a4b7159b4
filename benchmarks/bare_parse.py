"""What decoding, recognising and reading an 8 KB answer takes, as a part of BeautifulSoup's bare parse of the same bytes.

Both take turns in blocks within one run; the figure is the median of the rounds.
"""

import statistics
import sys
import time
from collections.abc import Callable

from bs4 import BeautifulSoup
from pages import number, page

from tracker.core.model import Reference
from tracker.pages.contract import Response
from tracker.pages.reading import read_page
from tracker.pages.recognise import recognise

ROUNDS, BLOCK, CASE = 20, 15, 3


def ours(body: bytes) -> None:
    answer = Response("http://127.0.0.1/q", 200, "text/html;charset=GB18030", body)
    recognise(answer)
    read_page(answer, Reference({"受理编号": number(CASE)}, answer.url))


def seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    for _ in range(BLOCK):
        work()
    return time.process_time() - began


def main() -> None:
    body = page(CASE).encode("gb18030")
    ratios = [seconds(lambda: ours(body)) / seconds(lambda: BeautifulSoup(body, "lxml")) for _ in range(ROUNDS)]
    sys.stdout.write(f"reading {len(body)} bytes: {statistics.median(ratios):.2f} of BeautifulSoup(lxml)'s bare parse\n")


if __name__ == "__main__":
    main()
