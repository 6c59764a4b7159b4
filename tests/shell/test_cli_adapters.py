"""`adapters list` and `show`: what there is, how sure it is, and how it is set up."""

import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.replay import RECORDINGS
from tests.shell.reading import Desk, install_adapter
from tracker.cli.tiers import tier
from tracker.core.model import Status
from tracker.pages.adapter import Meta

TODAY = date(2026, 11, 23)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.syspath_prepend(install_adapter(tmp_path / "dist"))
    return Desk(tmp_path)


def test_the_list_says_of_each_that_nobody_has_confirmed_it(desk: Desk) -> None:
    lines = desk.run("adapters", "list").stdout.splitlines()
    line = next(line for line in lines if line.startswith("fancy "))
    assert "Progress of some place" in line
    assert "progress.example" in line
    assert "nobody has confirmed this on the real site yet" in line


def test_json_lists_every_adapter_with_its_facts(desk: Desk) -> None:
    adapters = {adapter["id"]: adapter for adapter in desk.json("adapters", "list")["adapters"]}
    fancy = adapters["fancy"]
    assert fancy["hosts"] == ["progress.example"]
    assert fancy["verified_on"] is None
    assert fancy["every_seconds"] == 7200
    assert fancy["min_gap_seconds"] == 20
    assert fancy["label_count"] == 1
    assert [field["name"] for field in fancy["reference"]] == ["受理编号", "证件号码"]
    assert [field["required"] for field in fancy["reference"]] == [True, False]
    assert adapters["form"]["needs_url"] is True


def test_show_says_what_it_wants_how_it_asks_and_what_to_do(desk: Desk) -> None:
    shown = desk.run("adapters", "show", "fancy").stdout
    assert "受理编号 (receipt number), 证件号码 (may be left out)" in shown
    assert "at most every 2 hours, requests at least 20 s apart" in shown
    assert "已受理 = accepted" in shown
    assert "Nobody has confirmed this on the real site yet." in shown
    assert "tracker check --dry-run CASE" in shown
    assert "made up for a test" in shown


def test_the_shown_configuration_is_a_valid_one_once_it_is_filled_in(desk: Desk) -> None:
    for name in desk.json("adapters", "list")["adapters"]:
        [adapter] = desk.json("adapters", "show", name["id"])["adapters"]
        assert tomllib.loads(adapter["config"])["cases"][0]["adapter"] == name["id"]
        assert adapter["config"] in desk.run("adapters", "show", name["id"]).stdout
        result = Desk(desk.folder, f'language = "en"\n{adapter["config"]}\n').run("config", "check")
        assert result.exit_code == 0, result.stderr


def test_an_unknown_adapter_is_a_usage_error_that_suggests_the_nearest(desk: Desk) -> None:
    result = desk.run("adapters", "show", "fanzy")
    assert result.exit_code == 2
    assert "Did you mean “fancy”?" in result.stderr


def test_adapters_can_be_looked_up_while_the_configuration_has_mistakes(desk: Desk) -> None:
    broken = Desk(desk.folder, '[[cases]]\nname = "me"\nadapter = "fanzy"\n')
    assert broken.run("adapters", "show", "fancy", LC_ALL="en_GB.UTF-8").exit_code == 0
    assert "某地进度查询" in broken.run("adapters", "list", LC_ALL="zh_CN.UTF-8").stdout


def _record(folder: Path, *outcomes: str) -> None:
    for outcome in outcomes:
        place = folder / "some" / outcome
        place.mkdir(parents=True)
        (place / "scenario.toml").write_text(f'[expected]\noutcome = "{outcome}"\n')


BRONZE = ("read", "not_listed")
SILVER = (*BRONZE, "blocked", "unavailable", "page_changed")
FRESH = TODAY - timedelta(days=90)


@pytest.mark.parametrize(
    ("outcomes", "labels", "source", "verified_on", "expected"),
    [
        (("read",), True, "seen", FRESH, "none"),  # nobody knows what it makes of no record
        (BRONZE, True, "seen", FRESH, "bronze"),
        (SILVER, False, "seen", FRESH, "bronze"),  # without words of its own
        (SILVER, True, "", FRESH, "bronze"),  # words from nowhere
        (SILVER, True, "seen", None, "silver"),
        (SILVER, True, "seen", FRESH - timedelta(days=1), "silver"),  # too long ago
        (SILVER, True, "seen", FRESH, "gold"),
    ],
)
def test_the_tier_follows_from_what_is_there(
    tmp_path: Path, outcomes: tuple[str, ...], *, labels: bool, source: str, verified_on: date | None, expected: str
) -> None:
    _record(tmp_path, *outcomes)
    words = {"已受理": Status.ACCEPTED} if labels else {}
    meta = Meta("some", {"en": "Some"}, labels=words, source=source, verified_on=verified_on)
    assert tier(meta, tmp_path, TODAY) == expected


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [((), "none"), (("read",), "bronze"), (("read", "blocked", "unavailable", "page_changed"), "silver")],
)
def test_a_page_that_is_only_watched_needs_no_words_and_no_missing_record(
    tmp_path: Path, outcomes: tuple[str, ...], expected: str
) -> None:
    (tmp_path / "some").mkdir()
    _record(tmp_path, *outcomes)
    assert tier(Meta("some", {"en": "Some"}, watches=True, source="seen"), tmp_path, TODAY) == expected


def test_a_place_that_is_never_asked_has_nothing_to_confirm(desk: Desk) -> None:
    shown = desk.run("adapters", "show", "by_hand").stdout
    assert "None is ever asked: you look yourself" in shown
    assert "confirmed" not in shown.lower()
    [adapter] = desk.json("adapters", "show", "by_hand")["adapters"]
    assert (adapter["tier"], adapter["by_hand"]) == (None, True)
    case = f'language = "en"\n{adapter["config"]}\n'
    assert Desk(desk.folder, case).json("config", "check")["unconfirmed_adapters"] == []


def test_the_points_adapters_say_that_nobody_has_seen_the_real_page(desk: Desk) -> None:
    for name in ("shanghai_points_progress", "shanghai_points_guide"):
        [adapter] = desk.json("adapters", "show", name, "--recordings", str(RECORDINGS))["adapters"]
        assert (adapter["tier"], adapter["verified_on"]) == ("silver", None)
        shown = desk.run("adapters", "show", name).stdout
        assert "Nobody has confirmed this on the real site yet." in shown
        assert "2021" in shown
        config = Desk(desk.folder, f'language = "en"\n{adapter["config"]}\n')
        assert f"adapter {name}: nobody has confirmed it on the real site yet" in config.run("config", "check").stderr


def test_a_recording_that_can_not_be_read_proves_nothing(tmp_path: Path) -> None:
    _record(tmp_path, *BRONZE)
    (tmp_path / "some" / "read" / "scenario.toml").write_text("outcome = ")
    assert tier(Meta("some", {"en": "Some"}), tmp_path, TODAY) == "none"


def test_a_recording_that_nobody_reviewed_proves_nothing(tmp_path: Path) -> None:
    _record(tmp_path, *BRONZE)
    scenario = tmp_path / "some" / "read" / "scenario.toml"
    for said, expected in (("false", "none"), ("true", "bronze")):
        scenario.write_text(f'reviewed = {said}\n[expected]\noutcome = "read"\n')
        assert tier(Meta("some", {"en": "Some"}), tmp_path, TODAY) == expected


def test_without_recordings_here_the_tier_is_not_known(desk: Desk) -> None:
    absent = str(desk.folder / "absent")
    fancy = desk.json("adapters", "show", "fancy", "--recordings", absent)["adapters"][0]
    assert fancy["tier"] == "unknown"
    assert "not known here" in desk.run("adapters", "list", "--recordings", absent).stdout
