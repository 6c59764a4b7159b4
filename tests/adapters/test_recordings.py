"""Every folder of tests/recordings is a test."""

import asyncio
import re
from pathlib import Path

import pytest

from tests.replay import folders, load, replay
from tracker.core.model import Outcome, Reading
from tracker.registry import Registry

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


@pytest.mark.parametrize("folder", folders(), ids=lambda f: f"{f.parent.name}/{f.name}")
def test_a_recording_has_its_expected_outcome(folder: Path) -> None:
    scenario = load(folder)
    got = asyncio.run(replay(scenario, Registry()[scenario.adapter]))
    wanted = dict(scenario.expected)
    outcome = wanted.pop("outcome")
    if isinstance(got, Outcome):
        assert got.problem is not None
        seen = {"reason": got.problem.reason, **got.problem.params}
        assert (got.kind, {key: seen.get(key) for key in wanted}) == (outcome, wanted)
    else:
        assert outcome == "read"
        assert _flat(got) == {"reported_on": None, "notice": None, "details": {}, "watched": None, **wanted}


def _flat(got: Reading) -> dict[str, object]:
    return {
        "label": got.label,
        "identity": got.identity,
        "reported_on": got.reported_on,
        "notice": got.notice,
        "details": dict(got.details),
        "watched": got.watched,
    }


@pytest.mark.parametrize("folder", folders(), ids=lambda f: f"{f.parent.name}/{f.name}")
def test_a_recording_says_where_it_comes_from_and_holds_nothing_personal(folder: Path) -> None:
    scenario = load(folder)
    assert scenario.adapter == folder.parent.name
    assert scenario.origin in {"constructed", "seen"}
    assert scenario.time.tzinfo is not None
    assert scenario.exchanges
    text = (folder / "scenario.toml").read_text("utf-8") + "".join(e.response().text for e in scenario.exchanges)
    assert not [n for n in re.findall(r"(?<!\d)\d{17}[\dX](?!\d)", text) if _is_real(n)]
    assert not re.findall(r"(?<!\d)1[3-9]\d{9}(?!\d)", text)


def _is_real(number: str) -> bool:
    """Whether an ID number passes its checksum."""
    return _CHECKS[sum(w * int(d) for w, d in zip(_WEIGHTS, number[:17], strict=True)) % 11] == number[17]
