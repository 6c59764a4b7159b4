"""A small part of `make reading` with every run of the tests, and shapes that no seed thought of."""

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.reading import mutations, score, shared
from tests.reading.__main__ import main
from tests.reading.answers import answer
from tests.reading.charsets import sent
from tests.reading.forms import form
from tests.reading.judge import ASTRAY, NAMED, RIGHT, WRONG, of_answer, of_form, of_non_answer
from tests.reading.layouts import LAYOUTS
from tests.reading.nonanswers import NonAnswer
from tests.reading.plans import Answer
from tests.reading.style import Item, style
from tests.reading.words import ALL, HANS, squash
from tests.replay import folders
from tracker.core.errors import CheckError
from tracker.core.model import ReadHints, Reference
from tracker.pages.contract import Response
from tracker.pages.reading import read_page

SEED = 7  # not the one of `make reading`: what is mended for one must hold for another


@pytest.mark.parametrize("name", list(score.SUITES))
def test_made_up_pages_are_read_as_often_as_they_must_be(name: str) -> None:
    [result] = score.run([name], SEED, scale=200 / score.SUITES[name].count, jobs=1)
    assert result.problems() == [], [(m.index, m.verdict) for m in result.misses]


@pytest.mark.skipif(not shared.FOLDER.is_dir(), reason="the shared pages are not beside this checkout")
def test_the_shared_pages_are_read_as_their_sources_say() -> None:
    assert shared.check()[1] == []
    assert shared.without() == []


@pytest.mark.parametrize("folder", folders()[::9], ids=lambda f: f"{f.parent.name}/{f.name}")
def test_a_damaged_recording_reads_as_before_or_not_at_all(folder: object) -> None:
    assert mutations.damaged(folder).wrong == []  # type: ignore[arg-type]


# --- shapes that no seed thought of

WORDS = st.text(st.characters(codec="gb18030", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(), st.sampled_from(["answers", "damaged", "non-answers"]))
def test_no_page_by_any_seed_says_a_status_that_it_has_not(seed: int, suite: str) -> None:
    verdict, _ = score.judged(suite, seed, 0)
    assert verdict.kind != WRONG, verdict.detail


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(sorted(LAYOUTS)), WORDS, WORDS, st.integers(0, 2**32))
def test_whatever_the_other_values_say_the_status_is_read_or_nothing_is(name: str, unit: str, item: str, seed: int) -> None:
    rng = Random(seed)
    record = (
        Item("number", "受理编号", "SH2026000123"),
        Item("item", "事项名称", item),
        Item("unit", "承办部门", unit),
        Item("status", "当前状态", "审核中"),
    )
    body = LAYOUTS[name].layout(style(rng, HANS), [record])
    page = sent(rng, "zh-Hans", plain=True).response(
        "http://127.0.0.1/", f"<html><head>{{meta}}</head><body>{body}</body></html>"
    )
    try:
        got = read_page(page, Reference({"受理编号": "SH2026000123"}, "http://127.0.0.1/"))
    except CheckError:
        return
    assert squash(got.label) == "审核中"


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=4000), st.sampled_from(("", "gbk", "utf-8", "big5")))
def test_no_bytes_make_a_status(body: bytes, charset: str) -> None:
    page = Response("http://127.0.0.1/", 200, f"text/html; charset={charset}", body)
    with pytest.raises(CheckError):
        read_page(page, Reference({"受理编号": "SH2026000123"}, "http://127.0.0.1/"))


# --- the judge itself


def _kind(made: Answer, **truth: object) -> str:
    return of_answer(replace(made, may_refuse=False, **truth)).kind  # type: ignore[arg-type]


def test_the_judge_catches_every_kind_of_misreading() -> None:
    """By a page that reads rightly, and truths that are not its own."""
    made = next(
        m for m in (answer(Random(f"judge/{n}")) for n in range(99)) if of_answer(m).kind == RIGHT and m.foreign and not m.json
    )
    assert _kind(made) == RIGHT
    assert _kind(made, labels=frozenset({"从未有过"})) == WRONG
    assert _kind(made, dates=frozenset({date(1999, 1, 1)})) == ASTRAY
    assert _kind(made, identities=frozenset()) == ASTRAY
    assert _kind(made, notice="请携带不存在的材料") == ASTRAY
    assert _kind(made, foreign=(min(made.labels),)) == ASTRAY
    assert _kind(made, reference=replace(made.reference, read=ReadHints(label="没有的"))) == NAMED


def test_what_a_browser_would_not_send_is_counted_and_a_value_in_the_wrong_place_forbidden() -> None:
    cases = (form(Random(f"judge/{n}")) for n in range(99))
    case = next(c for c in cases if of_form(c).kind == RIGHT and c.wanted and len(c.wanted.pairs) > len(c.reference.values))
    assert case.wanted is not None
    own, pairs = set(case.reference.values.values()), case.wanted.pairs
    more, moved = (*pairs, ("more", "1")), tuple((n + "2", v) if v in own else (n, v) for n, v in pairs)
    assert of_form(replace(case, wanted=replace(case.wanted, pairs=more))).kind == ASTRAY
    assert of_form(replace(case, wanted=replace(case.wanted, captcha=("http://127.0.0.1/other.png", "")))).kind == ASTRAY
    assert of_form(replace(case, wanted=replace(case.wanted, pairs=moved))).kind == WRONG
    assert of_form(replace(case, wanted=replace(case.wanted, url="http://127.0.0.1/elsewhere"))).kind == WRONG
    assert of_form(replace(case, wanted=None)).kind == WRONG


def test_a_status_on_a_page_that_is_no_answer_is_wrong_and_another_name_is_counted() -> None:
    page = Response("http://127.0.0.1/", 200, "text/html; charset=utf-8", "<p>当前状态：审核中</p>".encode())
    other = Response("http://127.0.0.1/", 200, "text/html; charset=utf-8", "<p>系统维护中</p>".encode())
    reference = Reference({"受理编号": "SH2026000123"}, "http://127.0.0.1/")
    assert of_non_answer(NonAnswer({page.url: page}, reference, frozenset(), ())).kind == WRONG
    assert of_non_answer(NonAnswer({page.url: other}, reference, frozenset({"blocked/login"}), ())).kind == NAMED
    assert of_non_answer(NonAnswer({page.url: other}, reference, frozenset({"unavailable/maintenance"}), ())).kind == RIGHT


def test_figures_that_are_not_reached_are_told() -> None:
    def problems(**counts: int) -> list[str]:
        return score.Score("answers", Counter(counts)).problems()

    assert problems(right=97, unreadable=3) == []
    assert problems(right=96, unreadable=4) == ["answers: 96.0% right, 97% wanted"]
    assert problems(right=99, astray=1) == ["answers: 1 astray, none allowed"]
    assert problems(right=99, WRONG=1) == ["answers: 1 WRONG, none allowed"]


def test_a_page_is_shown_with_its_verdict_and_a_missing_folder_is_told(tmp_path: Path) -> None:
    shown = CliRunner().invoke(main, ["--show", "answers:3", "--seed", "2"])
    assert shown.exit_code == 0
    assert "http://127.0.0.1/cx/" in shown.output
    assert shown.output.rstrip().splitlines()[-1].startswith("---")
    assert CliRunner().invoke(main, ["--show", "answers"]).exit_code == 2
    skipped = CliRunner().invoke(main, ["--only", "shared", "--pages", str(tmp_path / "absent")])
    assert skipped.exit_code == 0
    assert "SKIPPED" in skipped.output
    (tmp_path / "new.html").write_text("<p>x</p>", "utf-8")
    assert shared.without(tmp_path) == ["new.html"]


def test_the_same_seed_makes_the_same_pages() -> None:
    for suite in score.SUITES:
        for index in range(20):
            assert score.pages(suite, 3, index) == score.pages(suite, 3, index)
        assert score.pages(suite, 3, 0) != score.pages(suite, 4, 0)


def test_every_layout_language_and_kind_of_noise_is_met() -> None:
    traits = {t for index in range(1500) for t in score.made("answers", 1, index).traits}  # type: ignore[attr-defined]
    assert set(LAYOUTS) | set(ALL) | {"steps", "json", "several records", "framed", "masked"} <= traits


def test_a_made_up_page_holds_the_truth_that_it_is_judged_by() -> None:
    for index in range(300):
        made = answer(Random(f"truth/{index}"))
        if not made.json:
            text = squash("".join(page.text for page in made.pages.values()))
            assert any(squash(label) in text or "&" in text for label in made.labels)
