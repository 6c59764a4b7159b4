"""Mutated recordings: whatever happens to a page, no status is read that the authority did not give."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from tests.replay import Exchange, Scenario, folders, load
from tracker.core.errors import CheckError
from tracker.core.labels import USUAL, fold
from tracker.pages.words import STATUS, key
from tracker.registry import Registry

_REGISTRY = Registry()
_TEXT = re.compile(r"(?<=>)[^<>]*[^<>\s][^<>]*(?=<)")
_CELL = re.compile(r"<(t[dh])\b[^>]*>[^<]*(?:<(?!/?t[dhr])[^<]*)*</\1>")
_ITEM = re.compile(r"<(dt|dd|span|label)\b[^>]*>[^<]*</\1>")


@cache
def _read() -> dict[str, Scenario]:
    """The recordings of pages that read a status, by name."""
    return {name: s for name, s in _all().items() if s.exchanges[-1].body.lstrip().startswith(b"<")}


@cache
def _json() -> dict[str, Scenario]:
    """The recordings of other answers that read a status, by name."""
    return {name: s for name, s in _all().items() if name not in _read()}


@cache
def _all() -> dict[str, Scenario]:
    scenarios = (load(folder) for folder in folders())
    return {f"{s.adapter}/{s.name}": s for s in scenarios if s.expected.get("label")}


def _names() -> list[str]:
    return sorted(_read())


def _label(scenario: Scenario, text: str) -> str | None:
    """What is read on a changed answer, or None where it is an outcome by name."""
    last: Exchange = scenario.exchanges[-1]
    page = replace(last, body=text.encode("utf-8"), content_type="text/html; charset=utf-8").response()
    try:
        return _REGISTRY[scenario.adapter].read(page, scenario.reference).label
    except CheckError:
        return None


def _body(scenario: Scenario) -> str:
    """The answer's body without its head, whose charset no longer holds."""
    text = scenario.exchanges[-1].response().text
    return re.sub(r"<meta[^>]*charset[^>]*>", "", text)


def _without(text: str, pattern: re.Pattern[str], put: str) -> Iterator[tuple[str, str]]:
    for found in pattern.finditer(text, text.index("</head>")):
        yield found.group(), text[: found.start()] + put + text[found.end() :]


@pytest.mark.parametrize("name", _names())
def test_a_cut_page_reads_the_same_or_not_at_all(name: str) -> None:
    scenario = _read()[name]
    text = _body(scenario)
    for part in range(1, 50):
        assert _label(scenario, text[: len(text) * part // 50]) in {None, scenario.expected["label"]}


@pytest.mark.parametrize("name", _names())
def test_a_status_caption_that_is_gone_or_renamed_leaves_no_status(name: str) -> None:
    scenario = _read()[name]
    text = _body(scenario)
    captions = [k for k in re.findall(r"[\u4e00-\u9fff]{2,6}", text) if key(k) in STATUS or k == scenario.reference.read.label]
    assert captions
    for put in ("", "流转情况", "系统状态"):
        changed = text
        for caption in set(captions):
            changed = re.sub(rf"(?<![\u4e00-\u9fff]){caption}(?![\u4e00-\u9fff])", put, changed)
        assert _label(scenario, changed) is None


@pytest.mark.parametrize("put", ["系统维护中", "", "--", "未查询到相关记录", "2026-11-20"])
@pytest.mark.parametrize("name", _names())
def test_other_words_in_one_place_make_no_status(name: str, put: str) -> None:
    scenario = _read()[name]
    for was, changed in _without(_body(scenario), _TEXT, put):
        if put == "2026-11-20" and was.startswith("2026"):
            continue  # another date of a step is another fact
        assert _label(scenario, changed) in {None, scenario.expected["label"]}, was


@pytest.mark.parametrize("name", _names())
def test_a_place_that_is_gone_makes_no_status(name: str) -> None:
    scenario = _read()[name]
    text = _body(scenario)
    for pattern in (_CELL, _ITEM):
        for was, changed in _without(text, pattern, ""):
            assert _label(scenario, changed) in {None, scenario.expected["label"]}, was


@pytest.mark.parametrize("name", _names())
def test_another_label_in_the_status_is_read_as_it_stands(name: str) -> None:
    """The other way round: the mutations above fail for what they change, not because nothing reads."""
    scenario = _read()[name]
    text = _body(scenario)
    assert _label(scenario, text) == scenario.expected["label"]
    label = scenario.expected["label"]
    assert text.count(label) == 1
    other = "退回补正" if fold(label) in USUAL else "转交二号窗口"
    assert _label(scenario, text.replace(label, other)) == other


@pytest.mark.parametrize("name", sorted(_json()))
def test_a_cut_answer_is_never_read(name: str) -> None:
    scenario = _json()[name]
    text = scenario.exchanges[-1].response().text.rstrip().rstrip(";")
    assert _label(scenario, text) == scenario.expected["label"]
    for length in range(len(text)):
        assert _label(scenario, text[:length]) is None


@pytest.mark.parametrize("name", sorted(_json()))
def test_a_key_that_is_renamed_leaves_no_status(name: str) -> None:
    scenario = _json()[name]
    text = scenario.exchanges[-1].response().text
    changed = re.sub(r'"(?:status|statusName|zt|ztmc|nodeName)"', '"stage"', text)
    assert changed != text
    assert _label(scenario, changed) is None


@pytest.mark.parametrize("put", ["系统维护中", "", "--", "未查询到相关记录", "2026-11-20", "登录已过期，请重新登录"])
@pytest.mark.parametrize("name", sorted(_json()))
def test_other_words_in_one_value_make_no_status(name: str, put: str) -> None:
    scenario = _json()[name]
    text = scenario.exchanges[-1].response().text
    for found in re.finditer(r'(?<=: ")[^"]*(?=")', text):
        assert _label(scenario, text[: found.start()] + put + text[found.end() :]) in {None, scenario.expected["label"]}


def test_recordings_are_where_they_belong() -> None:
    assert all(Path(f).is_dir() for f in folders())
