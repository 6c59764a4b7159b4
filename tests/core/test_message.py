"""What a message says, kind by kind."""

import gettext
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.core.telling import (
    ACCEPTED,
    ASKS,
    EN,
    EVENTS,
    NOW,
    SINCE,
    THREE_DAYS_AGO,
    UNKNOWN,
    URL,
    ZH,
    all_kinds,
    both_languages,
    event,
    moved,
    seen,
    tell,
)
from tracker.core.message import Message, via_name
from tracker.core.model import EventKind, Identity, Observation, Status, Turn, Urgency, Via
from tracker.core.teller import SEEN
from tracker.core.telling import BODIES, TITLES

NO_WORK = ("nothing for you to do", "无需操作")


def test_every_kind_of_event_has_a_title_and_a_body() -> None:
    assert set(TITLES) == set(BODIES) == set(EVENTS) == set(EventKind)


@all_kinds
@both_languages
def test_every_message_says_what_how_it_was_seen_where_to_look_and_its_id(
    kind: EventKind, tr: gettext.NullTranslations
) -> None:
    message = tell(EVENTS[kind], tr)
    assert message.title.startswith("me")
    lines = message.body.splitlines()
    assert lines[-1] == "#0a1b2c3d"
    assert lines[-2].endswith("tracker status me")
    ways = {tr.gettext(text).partition("{when}")[2 if tr is ZH else 0] for text in SEEN.values()}
    ways |= {via_name(Via.SITE, tr), "on the site", "在网站上", "Noticed by Tracker", "由 Tracker 发现"}
    assert any(way in message.body for way in ways)
    assert "{" not in message.title + message.body


@all_kinds
def test_a_message_carries_the_link_instead_of_what_to_type_where_there_is_one(kind: EventKind) -> None:
    body = tell(EVENTS[kind], link="https://tracker.example/cases/me").body
    assert body.splitlines()[-2].endswith(": https://tracker.example/cases/me")
    assert "tracker status" not in body


def test_a_page_that_reads_but_changed_says_which_captions_and_how_it_is_accepted() -> None:
    params = {"reason": "shape_changed", "came": "办理状态, 经办窗口", "went": "当前状态", "moved": "受理编号", "url": URL}
    message = tell(event(EventKind.DEFECT, "shape_changed", params=params, urgency=Urgency.LOW))
    assert message.title == "me: reads, but the page changed"
    for words in ("New captions: 办理状态, 经办窗口", "Gone: 当前状态", "Elsewhere now: 受理编号", URL, "tracker ack 0a1b2c3d"):
        assert words in message.body
    only = tell(event(EventKind.DEFECT, "shape_changed", params={"reason": "shape_changed", "came": "备注"})).body
    assert "Gone" not in only
    assert "Page:" not in only


def test_what_follows_from_a_page_read_again_says_that_it_corrects() -> None:
    words = "This corrects what was told before"
    moved_on = event(EventKind.STATUS_CHANGED, "reread", before=ACCEPTED, after=seen())
    assert words in tell(moved_on).body
    assert words in tell(event(EventKind.NOTICE_CHANGED, "reread", before=ACCEPTED, after=ASKS)).body
    assert words not in tell(moved(ACCEPTED, seen())).body


# --- a move ----------------------------------------------------------------------------------------------------------


def test_a_move_stands_in_the_authoritys_words_with_our_status_beside_them() -> None:
    likely = seen("复审中", confirmed=False, reported_on=date(2026, 11, 20))
    assert tell(moved(ACCEPTED, likely), ZH) == Message(
        "me：复审中",
        "“已受理” → “复审中”（可能是审核中）\n"
        "现可能由办理部门处理，会继续查询。\n"
        "11月23日 09:30 在网站上查到。网站所示日期：11月20日。\n"
        "详情：tracker status me\n"
        "#0a1b2c3d",
        Urgency.NORMAL,
    )
    assert tell(moved(ACCEPTED, likely), EN).body == (
        "“已受理” (accepted) → “复审中” (likely in review)\n"
        "It is probably with the authority; we keep looking.\n"
        "Seen on the site, 23 Nov 09:30. The authority's own date: 20 Nov.\n"
        "More: tracker status me\n"
        "#0a1b2c3d"
    )


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (seen("审核中"), "“审核中”\n"),  # our status says the same: once is enough
        (seen("审核中", provisional=True), "“审核中”（审核中，未确认）"),
        (seen("复审中"), "“复审中”（审核中）"),
        (seen("复审中", confirmed=False, provisional=True), "“复审中”（可能是审核中，未确认）"),
        (UNKNOWN, "“特殊办理”（尚未识别）"),
    ],
)
def test_a_status_says_how_sure_it_is(after: Observation, words: str) -> None:
    assert words in tell(moved(ACCEPTED, after), ZH).body


def test_a_word_that_a_person_entered_is_no_promise_that_anybody_keeps_looking() -> None:
    by_hand = seen("审核中", Status.IN_REVIEW, Turn.AUTHORITY, confirmed=False, via=Via.PERSON)
    body = tell(moved(ACCEPTED, by_hand)).body
    assert "It is probably with the authority." in body
    assert "we keep looking" not in body


def test_an_unconfirmed_first_reading_is_marked_and_asks_whether_the_record_is_yours() -> None:
    doubtful = seen(identity=Identity.NOT_SHOWN, provisional=True, confirmed=False)
    message = tell(event(EventKind.FIRST_SEEN, after=doubtful), ZH)
    assert message.title == "me：审核中（未确认）"
    assert "请确认这是您的办件" in message.body
    assert "请确认这是您的办件" not in tell(event(EventKind.FIRST_SEEN, after=replace(doubtful, provisional=False)), ZH).body


def test_a_first_reading_says_that_it_proves_the_notifications() -> None:
    assert "收到本消息，说明提醒已开通。" in tell(EVENTS[EventKind.FIRST_SEEN], ZH).body


def test_a_message_names_its_source_where_it_is_told_to_but_not_where_the_reader_wants_the_least() -> None:
    moved = event(EventKind.STATUS_CHANGED, after=seen())
    assert "\nSource: list\n" in tell(moved, source="list").body
    assert "Source" not in tell(moved).body
    assert "list" not in tell(moved, source="list", privacy="minimal").body


def test_an_import_is_told_once_for_all_its_cases() -> None:
    message = tell(event(EventKind.FIRST_SEEN, case=None, cases=("a", "b", "c", "d", "e")))
    assert message.title == "a, b, c and 2 more: watched from now on"
    assert message.body.startswith("5 cases are watched from now on.\n")
    assert "tracker status\n" in message.body


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (seen(), "there is nothing for you to do now"),
        (seen(confirmed=False), "It is probably with the authority"),
        (seen(provisional=True), "It is probably with the authority"),
        (seen(notice="请留意公告"), "please read the notice all the same"),
        (UNKNOWN, "What it means is not known"),
        (replace(UNKNOWN, notice="请留意公告"), "What it means is not known"),
        (ASKS, "please do what the notice asks"),
        (seen("退回", Status.NEEDS_ACTION, Turn.APPLICANT), "correct or add what the authority asks for"),
        (seen("草稿", Status.NOT_SUBMITTED, Turn.APPLICANT), "fill it in and submit it"),
        (seen("待确认", turn=Turn.APPLICANT), "see on the site what to do"),
        (seen("待单位审核", Status.SUBMITTED, Turn.EMPLOYER), "It is the employer's turn"),
        (seen("办结", Status.COMPLETED, Turn.NOBODY), "It is completed, so checks end here"),
        (seen("驳回", Status.REJECTED, Turn.NOBODY), "It was refused, so checks end here"),
        (seen("撤回", Status.WITHDRAWN, Turn.NOBODY), "It was withdrawn, so checks end here"),
        (seen("已过期", Status.EXPIRED, Turn.NOBODY), "It has expired, so checks end here"),
        (seen("办结", Status.COMPLETED, Turn.NOBODY, confirmed=False), "that is not confirmed, so checks go on"),
        (seen("办结", Status.COMPLETED, Turn.NOBODY, provisional=True), "that is not confirmed, so checks go on"),
    ],
)
def test_a_message_says_whose_turn_it_is_and_what_to_do(after: Observation, words: str) -> None:
    assert words in tell(moved(ACCEPTED, after)).body


@all_kinds
@both_languages
def test_a_message_never_says_nothing_to_do_over_a_notice(kind: EventKind, tr: gettext.NullTranslations) -> None:
    for turn in Turn:
        for asks in (True, False):
            after = seen(turn=turn, notice="请携带材料原件至受理点", notice_asks=asks)
            body = tell(replace(EVENTS[kind], after=after), tr).body
            assert not any(words in body for words in NO_WORK)


def test_the_title_says_that_it_is_the_applicants_turn() -> None:
    assert tell(moved(ACCEPTED, seen("退回", Status.NEEDS_ACTION, Turn.APPLICANT)), ZH).title == "me：退回，需要您处理"
    assert tell(EVENTS[EventKind.NOTICE_CHANGED], ZH).title == "me：页面有新提示，需要您处理"
    calm = event(EventKind.NOTICE_CHANGED, before=ACCEPTED, after=seen(notice="周六维护"))
    assert tell(calm, ZH).title == "me：页面有新提示"


def test_an_unconfirmed_end_shows_the_entry_that_would_confirm_it() -> None:
    body = tell(moved(ACCEPTED, seen('办结"', Status.COMPLETED, Turn.NOBODY, confirmed=False))).body
    assert 'add "办结\\"" = "completed" under [cases.labels].' in body


def test_a_confirmed_end_offers_the_purge_date() -> None:
    end = seen("办结", Status.COMPLETED, Turn.NOBODY)
    body = tell(moved(ACCEPTED, end, purge_on="2027-11-23")).body
    assert "Its data can be deleted from 23 Nov 2027: tracker remove me --purge" in body


@pytest.mark.parametrize(
    ("via", "words"),
    [
        (Via.SITE, "Seen on the site, 23 Nov 09:30."),
        (Via.PAGE, "Read from a page shown to us, 23 Nov 09:30."),
        (Via.TEXT, "Taken from a text given to us, 23 Nov 09:30."),
        (Via.MAIL, "Read in a mail, 23 Nov 09:30."),
        (Via.PERSON, "Entered by hand, 23 Nov 09:30."),
    ],
)
def test_a_move_says_how_it_was_seen_and_when(via: Via, words: str) -> None:
    assert words in tell(moved(ACCEPTED, seen(via=via))).body
    assert words in tell(moved(ACCEPTED, seen(via=via)), privacy="minimal").body


def test_a_notice_that_went_away_is_quoted_once_more() -> None:
    message = tell(event(EventKind.NOTICE_CHANGED, before=ASKS, after=seen()))
    assert message.title == "me: a notice is gone"
    assert message.body.startswith("The page no longer says: “请携带材料原件至受理点”\nStatus: “审核中” (in review)\n")


def test_changed_details_stand_caption_by_caption() -> None:
    params = {
        "caption_1": "备注",
        "before_1": "",
        "after_1": "缺一页",
        "caption_2": "意见",
        "before_2": "无",
        "after_2": "同意",
    }
    body = tell(event(EventKind.DETAILS_CHANGED, after=seen(), params=params)).body
    assert body.startswith("备注: “缺一页”\n意见: “无” → “同意”\nStatus:")


@pytest.mark.parametrize(
    ("before", "reason", "title", "words"),
    [
        (None, "not_shown_yet", "me: not shown yet", "does not show this case yet"),
        (ACCEPTED, "not_shown_any_more", "me: not shown any more", "does not show this case any more"),
    ],
)
def test_a_missing_record_is_told_calmly(before: Observation | None, reason: str, title: str, words: str) -> None:
    message = tell(event(EventKind.NOT_LISTED, reason, before=before, params=SINCE))
    assert message.title == title
    assert words in message.body
    assert "Seen on the site since 20 Nov 09:30." in message.body
    assert "Seen on the site, 23 Nov 09:30." in tell(event(EventKind.NOT_LISTED, reason, before=before)).body


# --- not read --------------------------------------------------------------------------------------------------------


def test_an_unreadable_site_asks_the_person_to_look_and_promises_to_tell() -> None:
    what = event(EventKind.UNREADABLE, "captcha", before=ACCEPTED, params={**SINCE, "url": URL, "reason": "captcha"})
    assert tell(what, ZH, last_read=NOW - timedelta(days=4)).body == (
        "网站要求输入验证码，须由您本人填写。\n"
        "自11月20日 09:30 起在网站上查询 5 次，均未读到。\n"
        "最近一次读到：4 天前（11月19日 09:30，查自网站）。\n"
        f"请自行查看 {URL}。\n"
        "会继续尝试，恢复后提醒您一次。\n"
        "详情：tracker status me\n"
        "#0a1b2c3d"
    )


def test_a_host_that_cannot_be_read_names_the_readers_own_cases() -> None:
    what = event(EventKind.UNREADABLE, "network", case=None, host="127.0.0.1", cases=("me", "both", "other"), params=SINCE)
    message = tell(what, cases=("me", "both"))
    assert message.title == "127.0.0.1: can't be read"
    assert "Concerns: me, both\n" in message.body
    assert "It has not been read so far." in message.body
    assert "Please look at the site yourself.\n" in message.body
    assert "Concerns: me, both, other\n" in tell(what).body


def test_an_unreadable_event_without_a_streak_says_when_it_was_noticed() -> None:
    body = tell(event(EventKind.UNREADABLE, "network"), last_read=THREE_DAYS_AGO).body
    assert "Noticed by Tracker, 23 Nov 09:30.\n" in body
    assert "Last good reading: 3 days ago (20 Nov 09:30).\n" in body


def test_a_reference_that_is_not_accepted_says_so_and_promises_no_further_tries() -> None:
    message = tell(event(EventKind.UNREADABLE, "invalid_reference", params={"field": "受理编号"}), ZH)
    assert message.title == "me：查询信息有误"
    assert message.body.startswith("查询信息有误，未被接受。涉及：受理编号。\n更正之前不再查询。\n")
    assert "会继续尝试" not in message.body


def test_reading_again_says_from_when_to_when_it_was_not_possible() -> None:
    body = tell(EVENTS[EventKind.READABLE_AGAIN]).body
    assert body.startswith("It could not be read on the site from 20 Nov 09:30; it can since 23 Nov 09:30.\n")
    assert tell(event(EventKind.READABLE_AGAIN)).body.startswith("It can be read again on the site, since 23 Nov 09:30.\n")


def test_a_hand_off_leads_to_where_it_is_done() -> None:
    body = tell(EVENTS[EventKind.HANDOFF_NEEDED], link="https://tracker.example/handoff/abc").body
    assert "Please do it here: https://tracker.example/handoff/abc\n" in body


def test_an_unknown_word_is_told_to_the_operator_with_the_entry_that_would_explain_it() -> None:
    body = tell(EVENTS[EventKind.LABEL_UNKNOWN]).body
    assert "The site says “特殊办理”, which stands in no table." in body
    assert 'add for example "特殊办理" = "in_review" under [cases.labels].' in body


def test_a_defect_says_where_the_page_differs_and_how_to_find_the_cause() -> None:
    body = tell(EVENTS[EventKind.DEFECT]).body
    assert "Where: label: expected 1, found 0\nThe page says: “首页”\n" in body
    assert f"Page: {URL}\nCompare it with the page; if captions have new names, set them under [cases.read].\n" in body
    other = tell(event(EventKind.DEFECT, "mismatched", params={"field": "受理编号"})).body
    assert "Where: 受理编号\nCheck the reference" in other
    assert "[cases.read]" not in other
    assert "Where" not in tell(event(EventKind.DEFECT, "mismatched")).body


# --- reminders -------------------------------------------------------------------------------------------------------


def test_a_late_authority_is_told_with_the_promise_and_how_it_was_counted() -> None:
    params: dict[str, str | int] = {"days": 1, "promised": 20, "due": "2026-11-20", "estimated": 1}
    body = tell(event(EventKind.OVERDUE, after=seen(), params=params)).body
    assert body.startswith(
        "The promised time is over by 1 working day.\nPromised: 20 working days.\nIt ended on 20 Nov.\nNot all"
    )
    short = tell(event(EventKind.OVERDUE, params={"days": 2})).body
    assert short.startswith("The promised time is over by 2 working days.\nYou can ask")


@pytest.mark.parametrize(
    ("due", "days", "words"),
    [
        ("2026-12-23", 30, "“居住证”将于12月23日到期，还有 30 天。"),
        ("2026-11-23", 0, "“居住证”将于11月23日到期，就在今天。"),
        ("2026-11-20", -3, "“居住证”将于11月20日到期，已过 3 天。"),
        ("2027-02-21", 90, "“居住证”将于2027年2月21日到期，还有 90 天。"),
    ],
)
def test_a_deadline_says_how_many_days_are_left(due: str, days: int, words: str) -> None:
    params: dict[str, str | int] = {"title": "居住证", "due": due, "days": days}
    assert words in tell(event(EventKind.DEADLINE_NEAR, params=params), ZH).body
    assert "最近一次读到" in tell(event(EventKind.DEADLINE_NEAR, before=ACCEPTED, params=params), ZH).body


def test_a_watched_page_shows_what_stood_and_stands_there() -> None:
    body = tell(EVENTS[EventKind.WATCHED_PAGE_CHANGED]).body
    assert f"Before: “旧”\nNow: “新”\nPlease read it: {URL}\nSeen on the site, 23 Nov 09:30." in body
    bare = tell(event(EventKind.WATCHED_PAGE_CHANGED, after=seen(via=Via.PAGE))).body
    assert bare.startswith(
        "The text of the watched page has changed, and two looks found the same.\nPlease read it on the site.\nRead from a page"
    )


def test_a_watched_page_says_what_is_new_or_gone_and_how_much_more() -> None:
    new = event(EventKind.WATCHED_PAGE_CHANGED, params={"url": URL, "before": "", "after": "完税证明", "more": 2})
    assert "New: “完税证明”\n2 more lines have changed.\nPlease read it:" in tell(new).body
    assert "新增：“完税证明”\n另有 2 行变化。" in tell(new, ZH).body
    gone = event(EventKind.WATCHED_PAGE_CHANGED, params={"url": URL, "before": "完税证明", "after": ""})
    assert "Gone: “完税证明”\nPlease read it:" in tell(gone).body


def test_a_page_that_is_watched_has_no_status_in_any_message() -> None:
    page = seen("", Status.UNKNOWN, watched="")
    first = tell(event(EventKind.FIRST_SEEN, "watch_began", after=page))
    assert first.title == "me: page is watched"
    assert first.body.startswith("This page is watched from now on. When its text changes and stays so, you hear of it.\n")
    for kind in EventKind:
        for tr in (EN, ZH):
            body = tell(
                event(kind, before=page, after=page, params={"days": 1, "word": "x", "title": "居住证", "due": "2026-12-23"}),
                tr,
            ).body
            assert not re.search("“”|unknown|not known|status:|状态：|未知用语", body), kind


def test_a_restless_page_is_told_with_what_moves_and_what_to_do() -> None:
    body = tell(event(EventKind.DEFECT, "restless", params={"reason": "restless", "evidence": "广告七", "url": URL})).body
    assert "The text of this page is another one at every look" in body
    assert "with css = “…”" in body
    assert "Now: “广告七”" in body
    assert "[cases.read]" not in body


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=119), "119 minutes ago"),
        (timedelta(hours=2), "2 hours ago"),
        (timedelta(hours=47), "47 hours ago"),
        (timedelta(hours=48), "2 days ago"),
    ],
)
def test_an_age_is_told_in_the_unit_that_people_would_use(age: timedelta, words: str) -> None:
    assert f"Last good reading: {words} (" in tell(EVENTS[EventKind.UNREADABLE], last_read=NOW - age).body
