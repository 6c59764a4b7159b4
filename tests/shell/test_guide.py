"""`tracker guide`: the procedures that ship with us, for people and for scripts."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tracker.cli import root
from tracker.cli.wrap import wrapped
from tracker.core.guide import Expiry, Guide, Link
from tracker.core.model import Status, Turn
from tracker.guides import load_guide, names
from tracker.registry import Registry


def run(*arguments: str, language: str = "en_GB.UTF-8", columns: int = 80) -> Result:
    env = {"LC_ALL": language, "COLUMNS": str(columns), "XDG_CONFIG_HOME": "/nonexistent", "TRACKER_CONFIG": None}
    return CliRunner().invoke(root, ["guide", *arguments], env=env, catch_exceptions=False)


def links_of(guide: Guide) -> list[Link]:
    return [link for step in guide.steps for link in step.links] + [link for paper in guide.papers for link in paper.links]


@pytest.mark.parametrize("name", names())
def test_every_guide_is_complete(name: str) -> None:
    guide = load_guide(name)
    assert guide.steps
    assert guide.papers
    assert set(guide.adapters) <= set(Registry())
    links = links_of(guide)
    assert all(link.url.startswith(("http://", "https://")) and link.as_of for link in links)


def test_the_points_guide_has_the_whole_procedure() -> None:
    guide = load_guide("shanghai-points")
    assert [step.turns[0] for step in guide.steps] == [
        Turn.APPLICANT,
        Turn.EMPLOYER,
        Turn.APPLICANT,
        Turn.EMPLOYER,
        Turn.AUTHORITY,
        Turn.AUTHORITY,
    ]
    assert [step.number for step in guide.steps_at(Status.NOT_SUBMITTED)] == [1, 2, 3]
    assert [step.number for step in guide.steps_at(Status.NEEDS_ACTION)] == [4]
    assert [step.number for step in guide.steps_at(Status.IN_REVIEW)] == [5]
    assert [group.id for group in guide.groups] == ["identity", "education", "work", "social-insurance"]
    assert len(guide.papers) == 11
    lapse = {paper.id for paper in guide.papers if paper.expires is Expiry.YES}
    assert {"residence-permit", "student-status-report", "education-registration"} <= lapse


def test_nothing_that_nobody_confirmed_is_told_as_a_fact() -> None:
    shown = run("shanghai-points").stdout
    assert "Not confirmed: this comes from an applicant's public walk-through of June 2021" in " ".join(shown.split())
    assert "(address of 2021):\n   http://222.68.19.232/webMaster/ggrs/ggrs_cxhs.htm\n" in shown
    [guide] = json.loads(run("shanghai-points", "--json").stdout)["guides"]
    assert (guide["confirmed_on"], guide["as_of"]) == (None, "2021-06")
    assert guide["text"].startswith("Not confirmed")


def test_it_warns_of_the_addresses_and_of_the_work_history() -> None:
    shown = run(language="zh_CN.UTF-8", columns=1000).stdout
    assert "! 两处地址都要与证件一字不差" in shown
    assert "! 工作经历要写实际缴纳社保的单位" in shown
    assert "尚未核实" in shown


def test_each_language_is_shown_whole_and_addresses_are_never_broken() -> None:
    for language in ("zh_CN.UTF-8", "en_GB.UTF-8"):
        shown = run(language=language)
        assert shown.exit_code == 0
        guide = load_guide("shanghai-points")
        lines = [line.strip() for line in shown.stdout.splitlines()]
        assert all(link.url in lines for link in links_of(guide))


def test_json_is_for_scripts() -> None:
    content = json.loads(run("--json").stdout)
    assert content["schema_version"] == 1
    [guide] = content["guides"]
    assert [step["number"] for step in guide["steps"]] == [0, 1, 2, 3, 4, 5]
    papers = {paper["id"]: paper for group in guide["groups"] for paper in group["papers"]}
    assert (papers["residence-permit"]["expires"], papers["tax-certificate"]["expires"]) == (True, False)
    assert papers["degree-report"]["expires"] is None, "nobody knows"
    assert papers["tax-certificate"]["links"][0]["url"] == "https://etax.chinatax.gov.cn/webstatic/special-app"
    assert len(guide["cautions"]) == 4


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("两处地址都要一字不差，不要多字、少字。", ["两处地址都", "要一字不", "差，不要多", "字、少字。"]),
        ("期间可以看；Tracker 可以替您查。", ["期间可以", "看；Tracker", "可以替您", "查。"]),
        ("see http://site.example/a/long/one now", ["see", "http://site.example/a/long/one", "now"]),
        ("［轮到：申请人］", ["［轮到：申", "请人］"]),
        ("  ", []),
    ],
)
def test_chinese_breaks_anywhere_but_before_a_closing_mark(text: str, lines: list[str]) -> None:
    assert list(wrapped(text, 11)) == lines


def test_an_unknown_procedure_is_a_usage_error_that_names_those_there_are() -> None:
    result = run("shanghai-point")
    assert result.exit_code == 2
    assert "Did you mean “shanghai-points”?" in result.stderr


def test_it_needs_no_configuration_and_not_even_a_good_one(tmp_path: Path) -> None:
    broken = tmp_path / "config.toml"
    broken.write_text("language = [", "utf-8")
    result = CliRunner().invoke(root, ["-c", str(broken), "guide"], env={"LC_ALL": "en_GB.UTF-8"})
    assert result.exit_code == 0
    assert "Points for the Shanghai residence permit" in result.stdout
