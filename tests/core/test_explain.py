"""Codes of the contract in words."""

import gettext

import pytest

from tests.core.telling import EN, ZH, both_languages
from tracker.core.asks import OF_SERVICE
from tracker.core.explain import NEXT, PROBLEMS
from tracker.core.message import kind_name, next_check_text, outcome_name, problem_text, status_name, turn_name, via_name
from tracker.core.model import EventKind, OutcomeKind, Problem, Status, Turn, Via

CONTRACT = (
    "captcha login refused script_wall session_over rate_limited maintenance server_error network timeout tls too_large "
    "not_text truncated page_changed mismatched not_listed invalid_reference restless shape_changed by_hand waiting leased "
    "paused archived final"
)


def test_every_reason_of_the_contract_is_explained() -> None:
    assert set(CONTRACT.split()) | OF_SERVICE | {"look_needed"} == set(PROBLEMS)


@both_languages
@pytest.mark.parametrize("reason", PROBLEMS)
def test_a_problem_says_what_happened_and_what_follows(reason: str, tr: gettext.NullTranslations) -> None:
    text = problem_text(Problem(reason), tr)
    first, second = PROBLEMS[reason]
    assert text == tr.gettext(first) + ("" if tr is ZH else " ") + tr.gettext(second)


def test_a_problem_says_where_on_the_page_where_that_is_known() -> None:
    changed = Problem("page_changed", {"where": "状态", "expected": "1", "found": "310101190001010000\n"})
    assert "涉及：状态：应为 1，实为 310*************00。" in problem_text(changed, ZH)
    assert "It is about: 受理编号." in problem_text(Problem("invalid_reference", {"field": "受理编号"}), EN)


def test_the_usual_places_of_a_page_are_named_in_the_readers_language() -> None:
    changed = Problem("page_changed", {"where": "page", "expected": "text", "found": "empty"})
    assert "涉及：页面：应为 文字，实为 空白。" in problem_text(changed, ZH)
    assert "It is about: page: expected text, found empty." in problem_text(changed, EN)


def test_a_reason_of_an_adapters_own_is_quoted() -> None:
    assert problem_text(Problem("moon\nphase"), EN).startswith("The site could not be read (moon phase). We ask again later")


@pytest.mark.parametrize(
    ("every", "jitter", "chinese", "english"),
    [
        (240, 12, "每 4 小时，抖动 +12 分钟", "every 4 hours, jitter +12 min"),
        (60, -3, "每 1 小时，抖动 -3 分钟", "every 1 hour, jitter -3 min"),
        (90, 0, "每 90 分钟", "every 90 minutes"),
        (2880, 0, "每 2 天", "every 2 days"),
        (0, 0, "每隔几秒", "every few seconds"),
    ],
)
def test_the_ordinary_interval_says_its_length_and_jitter(every: int, jitter: int, chinese: str, english: str) -> None:
    params = {"every_minutes": every, "jitter_minutes": jitter}
    assert next_check_text("interval", params, ZH) == chinese
    assert next_check_text("interval", params, EN) == english


def test_every_other_reason_of_a_next_check_has_words() -> None:
    codes = (
        "second_look back_off retry_after office_hours workday host_waits now final paused archived invalid_reference by_hand "
        "asks_you retired"
    )
    assert set(codes.split()) == set(NEXT)
    for code in NEXT:
        assert next_check_text(code, {"looks": 3}, ZH) == ZH.gettext(NEXT[code]) != NEXT[code]
    assert next_check_text("from_a_newer_version", {}, ZH) == "from_a_newer_version"


def test_every_code_has_a_name_in_both_languages() -> None:
    for tr in (ZH, EN):
        names = [
            *(status_name(s, tr) for s in Status),
            *(turn_name(t, tr) for t in Turn),
            *(via_name(v, tr) for v in Via),
            *(outcome_name(o, tr) for o in OutcomeKind),
            *(kind_name(k, tr) for k in EventKind),
        ]
        assert all(names)
    assert (status_name(Status.NEEDS_ACTION, ZH), turn_name(Turn.EMPLOYER, ZH)) == ("需补正", "用人单位")
    assert (via_name(Via.PERSON, ZH), outcome_name(OutcomeKind.NOT_LISTED, ZH)) == ("人工录入", "未查到")
    assert kind_name(EventKind.STILL_WAITING, ZH) == "仍在等待"
