"""CPU seconds of the first page that a process reads, imports left out, as in one `tracker check`: once.py ours|soup ANSWER."""

import gc
import sys

from pages import number
from reading import ANSWERS, ours, soup

from tracker.core.model import Reference

if __name__ == "__main__":
    who, name = sys.argv[1:]
    body = ANSWERS[name](1).encode("gb18030")
    gc.collect()  # what the imports left behind
    took = soup(body) if who == "soup" else ours(body, Reference({"受理编号": number(1)}, "http://127.0.0.1/case"))
    sys.stdout.write(f"{took}")
