"""A path into a JSON answer: `data.list[0].status`, `data["a.b"].status`, `data.list[].status`.

A name is a key, `[0]` an entry counted from 0 (from the end: `[-1]`), and `[]` the entry that repeats the reference. A key with
a dot, a bracket or a quote in it stands in brackets and quotes. What a path does not find is Nothing, never an error.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

Step = str | int | None
"""A key, a place in a list, or None for the case's own entry."""

_NAME = re.compile(r'[^.\[\]"\s](?:[^.\[\]"]*[^.\[\]"\s])?')
_BRACKET = re.compile(r'\[(?:(-?[0-9]{1,4})|"((?:[^"\\]|\\.)+)")?\]')
_MOST = 20


class Nothing:
    """There is no such place."""


NOTHING = Nothing()


@lru_cache(maxsize=256)
def json_path(text: str) -> tuple[Step, ...] | None:
    """The steps of a path, at least one and at most 20; None where it is none."""
    steps: list[Step] = []
    at = 0
    while at < len(text):
        bracket = _BRACKET.match(text, at)
        if bracket is not None:
            number, quoted = bracket.groups()
            steps.append(int(number) if number else re.sub(r"\\(.)", r"\1", quoted) if quoted else None)
            at = bracket.end()
            continue
        if steps:
            if text[at] != ".":
                return None
            at += 1
        name = _NAME.match(text, at)
        if name is None:
            return None
        steps.append(name.group())
        at = name.end()
    return tuple(steps) if 0 < len(steps) <= _MOST else None


def follow(root: object, steps: Sequence[Step], own: Callable[[list[object]], object]) -> list[object]:
    """What stands at each step of the way, the root first; it ends with Nothing where the way does.

    `own` finds the case's own entry of a list, or raises.
    """
    way = [root]
    for step in steps:
        here = way[-1]
        found: object = NOTHING
        if isinstance(here, dict) and isinstance(step, str):
            found = here.get(step, NOTHING)
        elif isinstance(here, list) and step is None:
            found = own(here)
        elif isinstance(here, list) and isinstance(step, int):
            found = here[step] if -len(here) <= step < len(here) else NOTHING
        way.append(found)
        if found is NOTHING:
            break
    return way
