"""Made-up answers with one thing broken in each: the status is read as before, or nothing is."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from html import escape
from random import Random

from tests.reading.answers import answer
from tests.reading.mutations import CELL, INSTEAD, RENAMED, TAG, TEXT
from tests.reading.plans import Answer
from tests.reading.words import pick
from tracker.pages.contract import Response

# Broken in one place, these say something else: another step is then the latest one, a hidden code stands in the open, and in
# one running line a value ends only where the next caption begins.
_LOOSE = frozenset(("steps", "json", "badge", "framed", "bold run"))
_HIDDEN_CODE = re.compile(r"display:none'>\d<", re.IGNORECASE)
Harm = Callable[[Random, str, str], "tuple[str, str] | None"]


@dataclass(frozen=True)
class Damaged(Answer):
    """An answer that one thing was done to: `what`."""

    what: str = ""


def damaged(rng: Random) -> Damaged:
    """One answer, broken in one place."""
    while True:
        made = answer(rng)
        [page, *others] = made.pages.values()
        if others or _LOOSE & set(", ".join(made.traits).split(", ")) or _HIDDEN_CODE.search(page.text):
            continue
        harm = pick(rng, _HARMS)
        done = harm(rng, page.text, min(made.labels))
        if done is None:
            continue
        what, text = done
        broken = Response(page.url, 200, "text/html; charset=utf-8", re.sub(r"<meta[^>]*charset[^>]*>", "", text).encode())
        parts = {name: value for name, value in vars(replace(made, pages={page.url: broken})).items() if name != "traits"}
        return Damaged(**parts, traits=(*made.traits[:2], harm.__name__.strip("_"), *made.traits[2:]), what=what)


def _near(rng: Random, text: str, label: str) -> tuple[int, int]:
    """Where it breaks: mostly around the status, where it matters."""
    start = max(text.lower().find("</head>"), 0)
    places = [found.start() for found in re.finditer(re.escape(escape(label)), text) if found.start() > start]
    if not places or rng.random() < 0.25:
        return start, len(text)
    place = rng.choice(places)
    return max(start, place - rng.choice((60, 200, 800))), min(len(text), place + len(label) + rng.choice((20, 60, 400)))


def _cut(rng: Random, text: str, label: str) -> tuple[str, str]:
    at = rng.randrange(*_near(rng, text, label))
    return f"cut at {at}, after {text[at - 30 : at]!r}", text[:at]


def _one(rng: Random, pattern: re.Pattern[str], text: str, label: str) -> re.Match[str] | None:
    found = list(pattern.finditer(text, *_near(rng, text, label)))
    return rng.choice(found) if found else None


def _without_tag(rng: Random, text: str, label: str) -> tuple[str, str] | None:
    found = _one(rng, TAG, text, label)
    return found and (f"without {found.group()}", text[: found.start()] + text[found.end() :])


def _without_cell(rng: Random, text: str, label: str) -> tuple[str, str] | None:
    found = _one(rng, CELL, text, label)
    return found and (f"without {found.group()[:80]}", text[: found.start()] + text[found.end() :])


def _without_text(rng: Random, text: str, label: str) -> tuple[str, str] | None:
    found = _one(rng, TEXT, text, label)
    return found and (f"without {found.group()[:80]}", text[: found.start()] + text[found.end() :])


def _other_words(rng: Random, text: str, label: str) -> tuple[str, str] | None:
    found, words = _one(rng, TEXT, text, label), rng.choice(INSTEAD)
    return found and (f"{words} for {found.group()[:80]}", text[: found.start()] + words + text[found.end() :])


def _renamed(rng: Random, text: str, label: str) -> tuple[str, str] | None:
    found, words = _one(rng, TEXT, text, label), rng.choice(RENAMED)
    if found is None or label in found.group():
        return None
    return f"{words} for {found.group()[:80]}", text[: found.start()] + words + text[found.end() :]


_HARMS: tuple[tuple[Harm, float], ...] = (
    (_cut, 3),
    (_without_tag, 4),
    (_without_cell, 4),
    (_without_text, 3),
    (_other_words, 4),
    (_renamed, 2),
)
