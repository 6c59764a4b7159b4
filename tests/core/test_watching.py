"""A watched page: a change is told once two looks found the same, and a restless page never cries wolf."""

from dataclasses import replace
from datetime import datetime

import pytest

from tests.core.test_decide import POLICY, REDESIGN, START, Story, failed, hours, minutes
from tracker.core.decide import Keep, Look, decide
from tracker.core.history import History
from tracker.core.model import Identity, Observation, Outcome, OutcomeKind, Status, Turn, Urgency, Via
from tracker.core.watching import RESTLESS, difference, is_same_text, without_text

PAPERS = "一、身份证\n二、居住证\n三、户口簿"
MORE = PAPERS + "\n四、完税证明"


def text(words: str, at: datetime = START) -> Observation:
    return Observation("", Status.UNKNOWN, Turn.NOBODY, False, True, Identity.NOT_SHOWN, Via.SITE, at, watched=words)


def page(words: str) -> Outcome:
    return Outcome(OutcomeKind.READ, text(words))


def watched(words: str = PAPERS) -> Story:
    story = Story()
    story.look(page(words), START)
    return story


def test_the_first_look_says_that_the_page_is_watched_and_that_messages_arrive() -> None:
    story = Story()
    assert story.look(page(PAPERS), START) == [("first_seen", "watch_began")]
    assert (story.last.changed, story.last.keep, story.last.next.at) == (True, Keep.NEW, hours(4))
    assert not story.history.current.provisional  # type: ignore[union-attr]


def test_the_same_text_is_no_news_whatever_its_order_and_its_spaces() -> None:
    story = watched()
    assert story.look(page("二、居住证\n一、 身份证\n三、户口簿"), hours(4)) == []
    assert (story.last.changed, story.last.keep) == (False, Keep.NOTHING)
    assert story.history.current.seen_at == START  # type: ignore[union-attr]


def test_a_change_is_told_when_a_second_look_finds_the_same() -> None:
    story = watched()
    assert story.look(page(MORE), hours(4)) == []
    assert (story.last.changed, story.last.keep) == (True, Keep.NOTHING)
    assert (story.last.next.at, story.last.next.reason) == (hours(4.5), "second_look")
    assert story.history.last.provisional  # type: ignore[union-attr]
    assert story.look(page(MORE), hours(4.25)) == [], "too early"
    assert story.last.next.at == hours(4.5)
    assert story.look(page(MORE), hours(4.5)) == [("watched_page_changed", "text_changed")]
    event = story.last.events[0]
    assert event.params == {"before": "", "after": "四、完税证明"}
    assert event.before is not None
    assert event.after is not None
    assert (event.before.watched, event.after.watched) == (PAPERS, MORE)
    assert (event.after.provisional, event.after.seen_at) == (False, hours(4)), "it stands there since the first look"
    assert (story.last.changed, story.last.keep) == (False, Keep.NEW)
    assert story.look(page(MORE), hours(9)) == []


def test_a_change_that_is_gone_at_the_second_look_was_never_told() -> None:
    story = watched()
    story.look(page("系统测试页"), hours(4))
    assert story.look(page(PAPERS), hours(4.5)) == []
    assert story.last.changed
    assert story.history.pending is None
    assert story.look(page("系统测试页"), hours(8)) == [], "it starts anew"
    assert story.last.next.at == hours(8.5)


def test_a_text_that_is_another_at_every_look_is_never_told_but_that_it_is_so_once() -> None:
    story = watched()
    events = [story.look(page(f"{PAPERS}\n第{n}条"), hours(4 + n / 2)) for n in range(12)]
    assert [e for e in events if e] == [[("defect", "restless")]]
    assert events.index([("defect", "restless")]) == RESTLESS - 1
    assert story.last.next.reason == "interval", "a restless page is not looked at every half hour"


def test_the_defect_of_a_restless_page_is_low_and_quotes_what_moves() -> None:
    story = watched()
    for n in range(RESTLESS):
        story.look(page(f"第{n}条"), hours(4 + n))
    event = story.last.events[0]
    assert (event.urgency, event.params) == (Urgency.LOW, {"reason": "restless", "evidence": "第3条"})
    shrinking = watched()
    for n in range(RESTLESS):
        shrinking.look(page("\n".join(PAPERS.split("\n")[: n % 2 + 1])), hours(4 + n))
    assert shrinking.last.events[0].params["evidence"] == "三、户口簿", "where nothing came, what went"


def test_a_restless_page_that_comes_to_rest_is_told_and_counts_anew() -> None:
    story = watched()
    for n in range(RESTLESS):
        story.look(page(f"第{n}条"), hours(4 + n))
    story.look(page(MORE), hours(9))
    assert story.look(page(MORE), hours(13)) == [("watched_page_changed", "text_changed")]
    assert story.history.restless == 0


def test_a_look_that_did_not_read_changes_nothing() -> None:
    story = watched()
    story.look(page(MORE), hours(4))
    assert story.look(REDESIGN, hours(5)) == [("defect", "page_changed")]
    story.look(failed(OutcomeKind.UNAVAILABLE, "maintenance"), hours(6))
    assert story.look(page(MORE), hours(7)) == [("watched_page_changed", "text_changed")]


def test_after_patience_the_unreadable_page_is_told_and_when_it_reads_again() -> None:
    story = watched()
    for n in (1, 13, 26):
        story.look(REDESIGN, hours(n))
    assert [e.kind.value for e in story.last.events] == ["unreadable"]
    assert story.look(page(PAPERS), hours(30)) == [("readable_again", "readable_again")]


def test_a_source_that_read_a_status_before_begins_to_watch() -> None:
    seen = replace(text(""), label="已受理", status=Status.ACCEPTED, watched=None)
    history = History(current=seen, last=seen)
    decision = decide(history, page(PAPERS), Look(START, POLICY))
    assert [e.reason for e in decision.events] == ["watch_began"]


def test_a_clock_that_was_set_back_does_not_keep_a_change_waiting_for_ever() -> None:
    story = watched()
    story.look(page(MORE), hours(48))
    story.look(page(MORE), hours(4))
    assert story.look(page(MORE), hours(4) + (minutes(31) - START)) == [("watched_page_changed", "text_changed")]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("甲\n乙", "甲\n丙", {"before": "乙", "after": "丙"}),
        ("甲", "甲\n甲", {"before": "", "after": "甲"}),  # a line that stands twice now
        ("甲\n乙", "乙", {"before": "甲", "after": ""}),
        ("1\n2\n3\n4\n5", "0", {"before": "1 / 2 / 3", "after": "0", "more": 2}),
        ("x" * 500, "y", {"before": "x" * 99 + "…", "after": "y"}),
    ],
)
def test_the_difference_is_the_first_lines_that_went_and_came(before: str, after: str, expected: dict[str, object]) -> None:
    assert difference(text(before), text(after)) == expected


def test_an_event_leaves_the_text_to_the_observation() -> None:
    bare = without_text(text(PAPERS))
    assert bare is not None
    assert bare.watched == ""
    plain = replace(text(""), watched=None)
    assert without_text(plain) is plain
    assert without_text(None) is None
    assert not is_same_text(None, bare)
