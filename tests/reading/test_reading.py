"""A small part of `make reading` with every run of the tests, and shapes that no seed thought of."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.reading import mutations, score, shared
from tests.reading.answers import answer
from tests.reading.charsets import sent
from tests.reading.forms import form
from tests.reading.judge import ASTRAY, NAMED, RIGHT, WRONG, of_answer, of_form, of_non_answer, squash
from tests.reading.layouts import LAYOUTS
from tests.reading.nonanswers import non_answer
from tests.reading.style import Item, style
from tests.reading.words import ALL, HANS
from tests.replay import folders
from tracker.core.errors import CheckError
from tracker.core.model import Reference
from tracker.pages.contract import Response
from tracker.pages.reading import read_page

SOME = 0.1
SEED = 7  # not the one of `make reading`: what is mended for one must hold for another


@pytest.mark.parametrize("name", list(score.SUITES))
def test_made_up_pages_are_read_as_often_as_they_must_be(name: str) -> None:
    [result] = score.run([name], SEED, scale=0.2 if name != "answers" else SOME, jobs=1)
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
@given(st.integers(), st.sampled_from([answer, form, non_answer]))
def test_no_page_by_any_seed_is_misread(seed: int, make: object) -> None:
    judges = {answer: of_answer, form: of_form, non_answer: of_non_answer}
    verdict = judges[make](make(Random(seed)))  # type: ignore[index,operator]
    assert verdict.kind in ({RIGHT, NAMED} if make is not form else {RIGHT, NAMED, WRONG}), (verdict, ASTRAY)


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
