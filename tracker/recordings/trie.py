"""One pattern for thousands of words: what they begin with alike is looked at once."""

import re
from collections.abc import Iterable


def any_of(words: Iterable[str]) -> str:
    """A pattern that finds any of the words, the longest first."""
    return _branch(sorted({word for word in words if word}))


def _branch(words: list[str]) -> str:
    """Of sorted words: their common beginning, then one branch for each character that follows."""
    first, last = words[0], words[-1]
    head = first[: next((n for n, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last)))]
    rest = [word[len(head) :] for word in words]
    ends = rest[0] == ""
    tails: dict[str, list[str]] = {}
    for tail in rest[ends:]:
        tails.setdefault(tail[0], []).append(tail)
    if not tails:
        return re.escape(head)
    branches = "|".join(map(_branch, tails.values()))
    return f"{re.escape(head)}(?:{branches}){'?' if ends else ''}"
