"""What one look means: the rules that keep a false message from being told and a true one from being lost."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.core.decide import Decision, Keep, Look, decide
from tracker.core.history import History
from tracker.core.labels import default_turn, understand
from tracker.core.model import (
    FINAL,
    ORDER,
    EventKind,
    Identity,
    Observation,
    Outcome,
    OutcomeKind,
    Problem,
    Status,
    Turn,
    Urgency,
    Via,
)
from tracker.core.moves import is_backward
from tracker.core.schedule import Policy

POLICY = Policy(timedelta(hours=4), timedelta(0), timedelta(hours=24), ZoneInfo("Asia/Shanghai"))
START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
NOT_LISTED = Outcome(OutcomeKind.NOT_LISTED, problem=Problem("not_listed"))


def minutes(count: float) -> datetime:
    return START + timedelta(minutes=count)


def hours(count: float) -> datetime:
    return START + timedelta(hours=count)


def read(
    label: str,
    *,
    at: datetime = START,
    shown: bool = True,
    notice: str | None = None,
    asks: bool = False,
    details: dict[str, str] | None = None,
    confirmed: bool = False,
) -> Outcome:
    meaning = understand(label, {}, {})
    seen = Observation(
        label=label,
        status=meaning.status,
        turn=Turn.APPLICANT if asks else meaning.turn,
        confirmed=confirmed,
        known=meaning.known,
        identity=Identity.MATCHED if shown else Identity.NOT_SHOWN,
        via=Via.SITE,
        seen_at=at,
        notice=notice,
        notice_asks=asks,
        details=details or {},
    )
    return Outcome(OutcomeKind.READ, seen)


def failed(kind: OutcomeKind, reason: str, **params: str) -> Outcome:
    return Outcome(kind, problem=Problem(reason, params))


REDESIGN = failed(OutcomeKind.PAGE_CHANGED, "page_changed", where="status", expected="当前状态", found="状态一览")


class Story:
    """Looks at one source, one after another."""

    def __init__(self, watched: tuple[str, ...] | None = None) -> None:
        self.history = History()
        self.watched = watched
        self.last: Decision

    def look(self, outcome: Outcome, at: datetime) -> list[tuple[str, str]]:
        if outcome.observation is not None:
            outcome = replace(outcome, observation=replace(outcome.observation, seen_at=at))
        self.last = decide(self.history, outcome, Look(at, POLICY, 0.0, self.watched))
        self.history = self.last.history
        return [(event.kind.value, event.reason) for event in self.last.events]


def told(story: Story) -> list[str]:
    return [event.kind.value for event in story.last.events]


# --- a first reading -------------------------------------------------------------------------------------------------


def test_a_first_reading_is_told_at_once() -> None:
    story = Story()
    assert story.look(read("已受理"), START) == [("first_seen", "first_reading")]
    assert story.last.changed
    assert story.last.keep is Keep.NEW
    assert story.last.next.at == hours(4)
    assert not story.history.current.provisional  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("first", "why"),
    [(read("已转科室"), "no table has the word"), (read("已受理", shown=False), "the page does not say whose it is")],
)
def test_a_doubtful_first_reading_is_told_as_unconfirmed_and_its_becoming_sure_is_not_told_again(
    first: Outcome, why: str
) -> None:
    story = Story()
    assert story.look(first, START) == [("first_seen", "first_reading")], why
    assert story.last.events[0].after.provisional  # type: ignore[union-attr]
    assert (story.last.next.at, story.last.next.reason) == (minutes(30), "second_look")
    assert story.look(first, minutes(10)) == [], "too early for a second look"
    assert story.last.next.at == minutes(30)
    events = story.look(first, minutes(30))
    assert ("first_seen", "first_reading") not in events
    assert story.history.current is not None
    assert not story.history.current.provisional
    assert story.last.keep is Keep.AMEND
    assert not story.last.changed


def test_an_unknown_word_of_a_first_reading_is_reported_to_the_operator_at_the_second_look() -> None:
    story = Story()
    story.look(read("已转科室"), START)
    assert story.look(read("已转科室"), minutes(31)) == [("label_unknown", "label_unknown")]
    assert story.last.events[0].params == {"word": "已转科室"}
    assert story.look(read("已转科室"), hours(5)) == [], "once per word"


# --- moves -----------------------------------------------------------------------------------------------------------


def test_a_certain_move_is_told_at_once_with_both_sides() -> None:
    story = Story()
    story.look(read("已受理"), START)
    assert story.look(read("审核中"), hours(4)) == [("status_changed", "label_changed")]
    event = story.last.events[0]
    assert event.before is not None
    assert event.after is not None
    assert (event.before.label, event.after.label) == ("已受理", "审核中")
    assert (story.last.changed, story.last.keep) == (True, Keep.NEW)


def test_an_unchanged_look_tells_nothing_and_adds_nothing() -> None:
    story = Story()
    story.look(read("已受理"), START)
    assert story.look(read(" 已受理 "), hours(4)) == []
    assert (story.last.changed, story.last.keep) == (False, Keep.NOTHING)
    assert story.history.current is not None
    assert story.history.current.seen_at == START, "it stands there since the first look"


@pytest.mark.parametrize(
    ("before", "after", "shown", "why"),
    [
        ("已受理", "已转科室", True, "an unknown word"),
        ("审核中", "已受理", True, "backward in the order"),
        ("办结", "审核中", True, "away from a final status"),
        ("不予受理", "办结", True, "from one final status to another"),
        ("已受理", "审核中", False, "the page does not say whose it is"),
    ],
)
def test_a_doubtful_move_is_told_after_the_second_look_only(before: str, after: str, shown: bool, why: str) -> None:
    story = Story()
    story.look(read(before), START)
    assert story.look(read(after, shown=shown), hours(4)) == [], why
    assert story.last.changed, "a provisional reading is a change of what stands there"
    assert story.last.keep is Keep.NEW
    assert story.last.next.at == hours(4.5)
    assert story.last.next.reason == "second_look"
    assert story.history.current is not None
    assert story.history.current.label == before, "the last sure reading stays"
    assert story.look(read(after, shown=shown), hours(4.25)) == [], "too early"
    assert (story.last.changed, story.last.keep) == (False, Keep.NOTHING)
    events = story.look(read(after, shown=shown), hours(4.5))
    assert events[0] == ("status_changed", "label_changed")
    assert (story.last.changed, story.last.keep) == (False, Keep.AMEND)
    sure = story.last.events[0].after
    assert sure is not None
    assert not sure.provisional
    assert sure.seen_at == hours(4), "it stands there since the first look"


@pytest.mark.parametrize(("before", "after"), [("已受理", "已转科室"), ("办结", "审核中")])
def test_a_persons_word_is_never_doubted(before: str, after: str) -> None:
    story = Story()
    story.look(read(before), START)
    told = read(after, at=hours(4), shown=False)
    assert told.observation is not None
    told = replace(told, observation=replace(told.observation, via=Via.PERSON))
    assert ("status_changed", "label_changed") in story.look(told, hours(4))
    assert story.history.current is not None
    assert not story.history.current.provisional


@pytest.mark.parametrize(
    ("before", "after"), [("审核中", "退回补正"), ("退回补正", "已受理"), ("已受理", "不予受理"), ("初审", "办结")]
)
def test_to_and_from_needs_action_and_to_a_final_status_is_never_doubtful(before: str, after: str) -> None:
    story = Story()
    story.look(read(before), START)
    assert story.look(read(after), hours(4)) == [("status_changed", "label_changed")]


def test_an_unknown_word_is_told_as_it_stands_and_reported_once() -> None:
    story = Story()
    story.look(read("已受理"), START)
    story.look(read("已转科室"), hours(4))
    assert story.look(read("已转科室"), hours(5)) == [("status_changed", "label_changed"), ("label_unknown", "label_unknown")]
    after = story.last.events[0].after
    assert after is not None
    assert (after.label, after.status) == ("已转科室", Status.UNKNOWN)
    story.look(read("审核中"), hours(9))
    story.look(read("已转科室"), hours(13))
    assert story.look(read("已转科室"), hours(14)) == [("status_changed", "label_changed")]


def test_a_doubtful_move_that_goes_away_was_never_told() -> None:
    story = Story()
    story.look(read("审核中"), START)
    assert story.look(read("已受理"), hours(4)) == []
    assert story.look(read("审核中"), hours(4.5)) == []
    assert story.last.changed
    assert story.last.keep is Keep.NEW, "all observations are stored"
    assert story.look(read("已受理"), hours(8)) == [], "it starts anew"
    assert story.look(read("已受理"), hours(8.2)) == []
    assert story.look(read("已受理"), hours(8.5)) == [("status_changed", "label_changed")]


def test_a_certain_move_overtakes_a_doubtful_one() -> None:
    story = Story()
    story.look(read("审核中"), START)
    story.look(read("已受理"), hours(4))
    assert story.look(read("审核通过"), hours(4.2)) == [("status_changed", "label_changed")]
    assert story.history.pending is None


def test_a_flapping_page_tells_certain_moves_and_holds_doubtful_ones() -> None:
    story = Story()
    story.look(read("审核中"), START)
    events = [story.look(read(label), hours(4 * n)) for n, label in enumerate(["退回补正", "审核中"] * 2, 1)]
    assert events == [[("status_changed", "label_changed")]] * 4


def test_a_doubtful_first_reading_that_flaps_waits_for_two_equal_looks() -> None:
    story = Story()
    story.look(read("已转科室"), START)
    story.look(read("已转处室"), minutes(20))
    assert story.look(read("已转科室"), minutes(40)) == []
    assert story.history.current is not None
    assert story.history.current.provisional
    assert story.look(read("已转科室"), minutes(70)) == [("label_unknown", "label_unknown")]


# --- notices and details ---------------------------------------------------------------------------------------------


def test_a_notice_that_asks_beside_the_same_label_is_told_as_urgent() -> None:
    story = Story()
    story.look(read("等待受理"), START)
    asking = read("等待受理", notice="请携带材料至服务点", asks=True)
    assert story.look(asking, hours(4)) == [("notice_changed", "notice_changed")]
    urgencies = [story.last.events[0].urgency]
    assert story.look(read("等待受理"), hours(8)) == [("notice_changed", "notice_changed")]
    assert [*urgencies, story.last.events[0].urgency] == [Urgency.URGENT, Urgency.NORMAL]


def test_a_new_label_and_a_new_notice_are_one_message() -> None:
    story = Story()
    story.look(read("已受理"), START)
    assert story.look(read("审核中", notice="请补材料", asks=True), hours(4)) == [("status_changed", "label_changed")]


def test_a_notice_beside_a_doubtful_first_reading_leaves_it_doubtful() -> None:
    story = Story()
    story.look(read("已转科室"), START)
    assert story.look(read("已转科室", notice="请补材料", asks=True), minutes(5)) == [("notice_changed", "notice_changed")]
    assert story.history.current is not None
    assert story.history.current.provisional
    assert story.last.next.at == minutes(30)
    events = story.look(read("已转科室"), minutes(30))
    assert events == [("notice_changed", "notice_changed"), ("label_unknown", "label_unknown")]


def test_a_doubtful_notice_waits_for_the_same_notice() -> None:
    story = Story()
    story.look(read("已受理"), START)
    assert story.look(read("已受理", shown=False, notice="第一条通知"), hours(4)) == []
    assert story.look(read("已受理", shown=False, notice="第二条通知"), hours(5)) == [], "another notice: its first look"
    assert story.look(read("已受理", shown=False, notice="第二条通知"), hours(6)) == [("notice_changed", "notice_changed")]


def test_beside_a_doubtful_label_the_notice_may_still_vary() -> None:
    story = Story()
    story.look(read("已受理"), START)
    story.look(read("已转科室", notice="第一条通知"), hours(4))
    assert ("status_changed", "label_changed") in story.look(read("已转科室", notice="第二条通知"), hours(5))


def test_needs_action_is_urgent_and_an_unknown_word_is_not() -> None:
    story = Story()
    story.look(read("退回补正"), START)
    assert story.last.events[0].urgency is Urgency.URGENT
    other = Story()
    other.look(read("已转科室"), START)
    assert other.last.events[0].urgency is Urgency.NORMAL
    unsubmitted = Story()
    unsubmitted.look(read("未提交"), START)
    assert unsubmitted.last.events[0].urgency is Urgency.NORMAL


def test_watched_details_are_told_and_others_never() -> None:
    story = Story()
    story.look(read("审核中", details={"备注": "无", "访问次数": "1"}), START)
    assert story.look(read("审核中", details={"备注": "无", "访问次数": "2"}), hours(4)) == []
    assert story.last.keep is Keep.NOTHING, "noise adds no rows"
    assert story.look(read("审核中", details={"备注": "缺照片", "访问次数": "3"}), hours(8)) == [
        ("details_changed", "details_changed")
    ]
    assert story.last.events[0].params == {"caption_1": "备注", "before_1": "无", "after_1": "缺照片"}
    assert (story.last.changed, story.last.keep) == (True, Keep.NEW)


def test_an_expiry_date_is_watched_without_being_named() -> None:
    story = Story()
    story.look(read("办结", details={"居住证有效期": "2027-01-01"}), START)
    assert story.look(read("办结", details={"居住证有效期": "2028-01-01"}), hours(4)) == [
        ("details_changed", "details_changed")
    ]


def test_named_details_replace_the_usual_ones() -> None:
    story = Story(watched=("分数",))
    story.look(read("审核中", details={"备注": "甲", "分数": "100"}), START)
    assert story.look(read("审核中", details={"备注": "乙", "分数": "100"}), hours(4)) == []
    assert story.look(read("审核中", details={"备注": "乙", "分数": "120"}), hours(8)) == [
        ("details_changed", "details_changed")
    ]


def test_a_watched_detail_that_comes_back_unchanged_is_no_news() -> None:
    story = Story()
    story.look(read("审核中", details={"备注": "缺照片"}), START)
    assert story.look(read("审核中"), hours(4)) == []
    assert story.look(read("审核中", details={"备注": "缺照片"}), hours(8)) == []


def test_a_move_carries_the_details_that_moved_with_it() -> None:
    story = Story()
    story.look(read("审核中"), START)
    story.look(read("不予受理", details={"退回原因": "材料不符"}), hours(4))
    assert told(story) == ["status_changed"]
    assert story.last.events[0].params["after_1"] == "材料不符"


def test_a_word_whose_meaning_was_edited_amends_what_is_stored_and_tells_nothing() -> None:
    story = Story()
    story.look(read("审核通过"), START)
    assert story.look(read("审核通过", confirmed=True), hours(4)) == []
    assert (story.last.changed, story.last.keep) == (False, Keep.AMEND)


# --- the end ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("confirmed", "reason"), [(True, "final"), (False, "interval")])
def test_only_a_confirmed_final_status_ends_the_checks(confirmed: bool, reason: str) -> None:
    story = Story()
    story.look(read("办结", confirmed=confirmed), START)
    assert story.last.next.reason == reason
    assert (story.last.next.at is None) == confirmed


def test_a_doubtful_final_reading_ends_the_checks_only_after_its_second_look() -> None:
    story = Story()
    story.look(read("办结", confirmed=True, shown=False), START)
    assert story.last.next.reason == "second_look"
    story.look(read("办结", confirmed=True, shown=False), minutes(30))
    assert story.last.next.reason == "final"


# --- no record -------------------------------------------------------------------------------------------------------


def test_a_record_never_shown_yet_is_told_once_after_the_second_look() -> None:
    story = Story()
    assert story.look(NOT_LISTED, START) == []
    assert story.last.next.at == minutes(30)
    assert story.look(NOT_LISTED, minutes(20)) == []
    assert story.look(NOT_LISTED, minutes(30)) == [("not_listed", "not_shown_yet")]
    assert story.last.next.reason == "interval"
    assert story.look(NOT_LISTED, hours(5)) == []
    assert story.look(read("已受理"), hours(9)) == [("first_seen", "first_reading")]
    assert not story.history.missing_told


def test_a_record_not_shown_any_more_is_told_after_two_looks_and_its_history_stays() -> None:
    story = Story()
    story.look(read("审核中"), START)
    assert story.look(NOT_LISTED, hours(4)) == []
    assert story.look(NOT_LISTED, hours(4.5)) == [("not_listed", "not_shown_any_more")]
    assert story.history.current is not None
    assert story.look(read("审核中"), hours(9)) == [("listed_again", "listed_again")]
    assert story.last.keep is Keep.AMEND
    assert story.look(read("审核中"), hours(13)) == []


def test_a_record_missing_for_one_look_only_is_no_news() -> None:
    story = Story()
    story.look(read("审核中"), START)
    story.look(NOT_LISTED, hours(4))
    assert story.look(read("审核中"), hours(4.5)) == []
    assert story.look(NOT_LISTED, hours(8.5)) == [], "counted anew"


def test_a_record_that_is_back_with_doubt_waits_for_the_second_look() -> None:
    story = Story()
    story.look(read("审核中"), START)
    story.look(NOT_LISTED, hours(4))
    story.look(NOT_LISTED, hours(5))
    assert story.look(read("审核中", shown=False), hours(9)) == []
    assert story.look(read("审核中", shown=False), hours(9.5)) == [("listed_again", "listed_again")]


def test_a_doubtful_move_whose_record_vanished_starts_anew() -> None:
    story = Story()
    story.look(read("审核中"), START)
    story.look(read("已受理"), hours(4))
    story.look(NOT_LISTED, hours(4.2))
    assert story.look(read("已受理"), hours(4.6)) == []
    assert story.look(read("已受理"), hours(5.2)) == [("status_changed", "label_changed")]


def test_a_doubtful_first_reading_keeps_its_first_look_through_a_missing_record() -> None:
    story = Story()
    story.look(read("已受理", shown=False), START)
    story.look(NOT_LISTED, minutes(20))
    story.look(read("已受理", shown=False), minutes(30))
    assert story.history.current is not None
    assert not story.history.current.provisional


# --- failures --------------------------------------------------------------------------------------------------------


def test_a_redesigned_page_is_one_defect_at_once_and_told_once_after_patience() -> None:
    story = Story()
    story.look(read("审核中"), START)
    assert story.look(REDESIGN, hours(4)) == [("defect", "page_changed")]
    assert story.last.next.reason == "back_off"
    assert story.look(REDESIGN, hours(8)) == []
    assert story.look(REDESIGN, hours(16)) == []
    assert story.look(REDESIGN, hours(28)) == [("unreadable", "page_changed")]
    assert story.last.events[0].params["looks"] == 4
    assert story.last.events[0].params["last_read_at"] == START.isoformat()
    assert story.look(REDESIGN, hours(52)) == []
    assert story.history.current is not None
    assert story.history.current.label == "审核中", "the history is untouched"
    assert story.look(read("审核中"), hours(76)) == [("readable_again", "readable_again")]
    assert story.look(REDESIGN, hours(80)) == [("defect", "page_changed")], "a new incident"


def test_patience_needs_three_failed_looks() -> None:
    story = Story()
    story.look(REDESIGN, START)
    assert story.look(REDESIGN, hours(30)) == []
    assert story.look(REDESIGN, hours(31)) == [("unreadable", "page_changed")]
    assert "last_read_at" not in story.last.events[0].params


def test_another_defect_of_the_same_incident_is_recorded_too() -> None:
    story = Story()
    story.look(REDESIGN, START)
    assert story.look(failed(OutcomeKind.MISMATCHED, "mismatched", field="姓名"), hours(4)) == [("defect", "mismatched")]


def test_a_streak_that_was_not_told_ends_in_silence() -> None:
    story = Story()
    story.look(read("审核中"), START)
    story.look(REDESIGN, hours(4))
    assert story.look(read("审核中"), hours(8)) == []


def test_no_record_after_a_told_incident_reads_again() -> None:
    story = Story()
    for hour in (0, 12, 25):
        story.look(REDESIGN, hours(hour))
    assert story.look(NOT_LISTED, hours(26)) == [("readable_again", "readable_again")]


@pytest.mark.parametrize("kind", [OutcomeKind.UNAVAILABLE, OutcomeKind.BLOCKED])
def test_a_host_wide_failure_changes_nothing_of_the_source(kind: OutcomeKind) -> None:
    story = Story()
    story.look(read("审核中"), START)
    story.look(REDESIGN, hours(4))
    streak = story.history.streak
    assert story.look(failed(kind, "maintenance"), hours(8)) == []
    assert story.history.streak == streak
    assert story.last.next.reason == "host_waits"


def test_an_invalid_reference_is_told_once_and_never_asked_again() -> None:
    story = Story()
    assert story.look(failed(OutcomeKind.INVALID_REFERENCE, "invalid_reference", field="受理编号"), START) == [
        ("unreadable", "invalid_reference")
    ]
    assert (story.last.next.at, story.last.next.reason) == (None, "invalid_reference")
    assert story.look(failed(OutcomeKind.INVALID_REFERENCE, "invalid_reference"), hours(1)) == []
    assert story.history.invalid


def test_a_failure_without_a_problem_is_named_by_its_kind() -> None:
    story = Story()
    assert story.look(Outcome(OutcomeKind.PAGE_CHANGED), START) == [("defect", "page_changed")]


# --- properties ------------------------------------------------------------------------------------------------------


def test_backward_is_a_step_back_in_the_order_or_away_from_a_final_status() -> None:
    for before in Status:
        for after in Status:
            if before in FINAL:
                assert is_backward(before, after) == (before is not after)
            elif before in ORDER and after in ORDER and after not in FINAL:
                assert is_backward(before, after) == (ORDER.index(after) < ORDER.index(before))
            else:
                assert not is_backward(before, after)


OUTCOMES = st.sampled_from(
    [
        read("已受理"),
        read("审核中"),
        read("退回补正"),
        read("办结"),
        read("已转科室"),
        read("审核中", shown=False),
        NOT_LISTED,
        REDESIGN,
        failed(OutcomeKind.UNAVAILABLE, "timeout"),
        failed(OutcomeKind.BLOCKED, "captcha"),
        failed(OutcomeKind.MISMATCHED, "mismatched", field="姓名"),
    ]
)


@given(st.lists(st.tuples(OUTCOMES, st.integers(1, 600)), max_size=40))
def test_whatever_happens_only_readings_move_a_status_and_each_move_is_told_from_what_was_told_before(
    looks: list[tuple[Outcome, int]],
) -> None:
    story, now, last_told = Story(), START, None
    for outcome, pause in looks:
        now += timedelta(minutes=pause)
        story.look(outcome, now)
        for event in story.last.events:
            if event.after is None or event.kind is EventKind.LABEL_UNKNOWN:
                continue
            assert outcome.kind is OutcomeKind.READ
            assert outcome.observation is not None
            assert event.after.label == outcome.observation.label
            if event.kind is EventKind.STATUS_CHANGED:
                assert event.before is not None
                assert event.before.label == last_told
                assert event.after.label != last_told
            last_told = event.after.label
        assert (story.history.current.label if story.history.current else None) == last_told
        planned = story.last.next
        assert planned.at is None or planned.at >= now


@given(st.sampled_from(list(Status)))
def test_every_status_has_a_turn(status: Status) -> None:
    assert default_turn(status) in Turn


# --- the clock was set back ------------------------------------------------------------------------------------------

A_YEAR = 24 * 365


@pytest.mark.parametrize(
    ("outcome", "event"),
    [(read("已转科室"), "status_changed"), (NOT_LISTED, "not_listed")],
    ids=["a doubtful move", "a record that vanished"],
)
def test_a_second_look_does_not_wait_for_the_year_from_which_the_clock_was_set_back(outcome: Outcome, event: str) -> None:
    story = Story()
    story.look(read("已受理"), START)
    assert story.look(outcome, hours(A_YEAR)) == []
    assert story.look(outcome, hours(1)) == [], "by the mended clock this is the first look"
    assert story.last.next.at == hours(1) + POLICY.second_look
    story.look(outcome, hours(1.5))
    assert told(story)[0] == event


def test_patience_does_not_wait_for_the_year_from_which_the_clock_was_set_back() -> None:
    story = Story()
    story.look(REDESIGN, hours(A_YEAR))
    for hour in (1, 13, 26):
        story.look(REDESIGN, hours(hour))
    assert told(story) == ["unreadable"]
