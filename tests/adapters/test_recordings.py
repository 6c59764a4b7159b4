"""Every folder of tests/recordings is a test."""

import re
from pathlib import Path

import pytest

from tests.replay import differences, folders, load, replayed
from tracker.registry import Registry

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


@pytest.mark.parametrize("folder", folders(), ids=lambda f: f"{f.parent.name}/{f.name}")
def test_a_recording_has_its_expected_outcome(folder: Path) -> None:
    scenario = load(folder)
    assert differences(scenario.expected, replayed(scenario, Registry()[scenario.adapter])) == []


@pytest.mark.parametrize("folder", folders(), ids=lambda f: f"{f.parent.name}/{f.name}")
def test_a_recording_says_where_it_comes_from_and_holds_nothing_personal(folder: Path) -> None:
    scenario = load(folder)
    assert scenario.adapter == folder.parent.name
    assert scenario.origin in {"constructed", "seen"}
    assert scenario.time.tzinfo is not None
    assert scenario.exchanges
    assert scenario.reviewed, "look at what it expects, then: tracker adapters accept"
    text = (folder / "scenario.toml").read_text("utf-8") + "".join(e.response().text for e in scenario.exchanges)
    assert not [n for n in re.findall(r"(?<!\d)\d{17}[\dX](?!\d)", text) if _is_real(n)]
    assert not re.findall(r"(?<!\d)1[3-9]\d{9}(?!\d)", text)


def _is_real(number: str) -> bool:
    """Whether an ID number passes its checksum."""
    return _CHECKS[sum(w * int(d) for w, d in zip(_WEIGHTS, number[:17], strict=True)) % 11] == number[17]
