"""The quality tier of an adapter, computed from what is there: its recordings, its table of words, the day of its proof."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.core.words import N_

if TYPE_CHECKING:
    from tracker.pages.adapter import Meta

FRESH = timedelta(days=90)
BRONZE = frozenset({"read", "not_listed"})
SILVER = BRONZE | {"blocked", "unavailable", "page_changed"}

TIERS = {
    "gold": N_("gold: confirmed on the real site within 90 days"),
    "silver": N_("silver: recordings of good and bad answers, words with their source"),
    "bronze": N_("bronze: recordings of a reading and of no record"),
    "none": N_("none: recordings are missing"),
    "unknown": N_("unknown here: no recordings in this place"),
}
SHORT = {
    "gold": N_("gold"),
    "silver": N_("silver"),
    "bronze": N_("bronze"),
    "none": N_("none yet"),
    "unknown": N_("not known here"),
}


def tier(meta: "Meta", recordings: Path, today: date) -> str:
    """One of TIERS. Each tier asks for all of the one below it."""
    from tracker.pages.adapter import only_watches  # start-up time: `-h` needs no page toolkit

    if not recordings.is_dir():
        return "unknown"
    outcomes = set(recorded_outcomes(recordings / meta.id))
    words = bool(meta.labels)
    if only_watches(meta):  # a text has no words of a status, and is not listed anywhere
        outcomes, words = outcomes | {"not_listed"} if "read" in outcomes else outcomes, True
    if not outcomes >= BRONZE:
        return "none"
    if not (outcomes >= SILVER and words and meta.source):
        return "bronze"
    fresh = meta.verified_on is not None and today - meta.verified_on <= FRESH
    return "gold" if fresh else "silver"


def recorded_outcomes(folder: Path) -> Iterator[str]:
    """The expected outcome of each scenario; one that can't be read, or that nobody reviewed, proves nothing."""
    for file in sorted(folder.glob("*/scenario.toml")):
        try:
            scenario = tomllib.loads(file.read_text("utf-8"))
        except (OSError, ValueError):
            continue
        if scenario.get("reviewed") is False:  # nobody has said yet that it is right
            continue
        tables = [scenario, *(value for value in scenario.values() if isinstance(value, Mapping))]
        yield from (str(t["outcome"]) for t in tables if "outcome" in t)
