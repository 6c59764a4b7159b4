"""Answers about words that are asked for again and again: a site's captions and sentences are the same at every reading."""

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

LONGEST = 200  # characters; longer texts are not kept, since a page's may be megabytes
MOST = 4096


class _Memo(dict[str, T]):
    """The answers so far. A dict, so that one that is there costs no call of Python's."""

    def __init__(self, function: Callable[[str], T]) -> None:
        super().__init__()
        self.function = function

    def __missing__(self, text: str) -> T:
        answer = self.function(text)
        if len(text) <= LONGEST:
            if len(self) >= MOST:
                self.clear()
            self[text] = answer
        return answer


def remembered(function: Callable[[str], T]) -> Callable[[str], T]:
    """The same function of a text, which does not work out a short one's answer twice."""
    return _Memo(function).__getitem__
