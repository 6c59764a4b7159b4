"""The recordings beside the suite, by the product's own loader."""

from pathlib import Path

from tracker.recordings import scenario
from tracker.recordings.replaying import differences, replayed
from tracker.recordings.scenario import Exchange, Scenario, load

RECORDINGS = Path(__file__).parent / "recordings"


def folders() -> list[Path]:
    """All recordings."""
    return scenario.folders(RECORDINGS)


__all__ = ["RECORDINGS", "Exchange", "Scenario", "differences", "folders", "load", "replayed"]
