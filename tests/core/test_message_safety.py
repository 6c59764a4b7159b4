"""Messages fit a phone, carry nothing hostile and tell no more than the reader wants."""

import gettext
import unicodedata
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.telling import ACCEPTED, EVENTS, URL, ZH, all_kinds, both_languages, event, moved, seen, tell
from tracker.core.message import Privacy, status_name
from tracker.core.model import EventKind, Status, Urgency


@pytest.mark.parametrize("kind", EventKind)
@pytest.mark.parametrize("privacy", ["full", "masked", "minimal"])
def test_every_message_keeps_its_urgency_and_fits_a_phone(kind: EventKind, privacy: Privacy) -> None:
    long = seen("长" * 300, notice="长" * 3000, notice_asks=True, reported_on=date(2026, 11, 20), provisional=True)
    keys = ("where", "expected", "found", "evidence", "word", "title", "before", "after", "caption_1")
    params: dict[str, str | int] = dict.fromkeys(keys, "长" * 900)
    what = replace(EVENTS[kind], before=long, after=long, urgency=Urgency.URGENT, params={**params, **EVENTS[kind].params})
    message = tell(what, ZH, privacy=privacy)
    assert message.urgency is Urgency.URGENT
    assert len(message.body) < 500
    assert len((message.title + message.body).encode()) <= 2048
    assert message.body.endswith("#0a1b2c3d")


HOSTILE = (
    "<script>x</script> [a](javascript:b) {0} %s \u202egnp\u2066 @all a@b.example @everyone\n第二\t行\x1b[31m\u200b\ufeff\ud800"
)


@pytest.mark.parametrize("kind", EventKind)
def test_a_hostile_page_text_is_inert_in_every_message(kind: EventKind) -> None:
    after = seen(HOSTILE, notice=HOSTILE)
    keys = (
        "where",
        "expected",
        "found",
        "evidence",
        "word",
        "title",
        "before",
        "after",
        "caption_1",
        "before_1",
        "after_1",
        "url",
    )
    base = EVENTS[kind]
    what = replace(base, before=after, after=after, params={**base.params, **dict.fromkeys(keys, HOSTILE)})
    message = tell(what, privacy="full", limit=5000)
    for text in (message.title, *message.body.split("\n")):
        assert not any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for c in text)
        assert "@all" not in text
        assert "@everyone" not in text
        assert "<script" not in text
    message.body.encode()


def test_a_mail_address_in_a_notice_stays_readable() -> None:
    assert "a@b.example" in tell(moved(ACCEPTED, seen(notice="请发至a@b.example"))).body
    assert "office＠all" in tell(moved(ACCEPTED, seen(notice="office@all"))).body


def test_a_long_text_is_cut_with_an_ellipsis_and_mail_may_be_longer() -> None:
    after = seen(notice="长" * 1500)
    assert "长…”" in tell(moved(ACCEPTED, after)).body
    mail = tell(moved(ACCEPTED, after), ZH, limit=8000)
    assert "长" * 1500 in mail.body
    assert len(mail.body.encode()) > 2048


@given(st.text(max_size=700), st.text(max_size=700), st.integers(60, 500))
def test_any_text_gives_a_message_within_its_limits(label: str, notice: str, limit: int) -> None:
    message = tell(moved(ACCEPTED, seen(label, notice=notice)), limit=limit)
    assert len(message.body) < limit
    assert len((message.title + message.body).encode()) <= 2048
    assert message.body.endswith("#0a1b2c3d")


def test_an_emoji_is_not_cut_in_two() -> None:
    full = "😀" * 125
    params: dict[str, str | int] = {f"{key}_{n}": full for key in ("caption", "before", "after") for n in (1, 2)}
    what = event(EventKind.DETAILS_CHANGED, case=None, host="😀" * 60, after=seen(full), params=params)
    message = tell(what)
    assert 2000 < len((message.title + message.body).encode()) <= 2048
    assert "\ufffd" not in message.body


# --- privacy ---------------------------------------------------------------------------------------------------------


@all_kinds
@both_languages
def test_a_minimal_message_says_only_that_something_moved(kind: EventKind, tr: gettext.NullTranslations) -> None:
    after = seen("密词", notice="密词", reported_on=date(2026, 1, 2))
    base = EVENTS[kind]
    params = {key: "密词" if isinstance(value, str) else value for key, value in base.params.items()}
    message = tell(replace(base, before=after, after=after, host="secret.example", params=params), tr, privacy="minimal")
    text = message.title + message.body
    assert message.title.startswith("me")
    assert "tracker status me" in message.body
    assert not any(
        words in text for words in ("密词", "secret.example", *(status_name(s, tr) for s in Status), "1月2日", "2 Jan")
    )


def test_a_minimal_message_does_not_call_a_failure_a_move() -> None:
    assert tell(EVENTS[EventKind.STATUS_CHANGED], privacy="minimal").title == "me: something moved"
    assert tell(EVENTS[EventKind.UNREADABLE], privacy="minimal").title == "me: a reminder"
    assert tell(EVENTS[EventKind.FIRST_SEEN], privacy="minimal").title == "me: notifications work"
    host = event(EventKind.UNREADABLE, "network", case=None, host="secret.example", cases=("a", "b"))
    assert tell(host, privacy="minimal").title == "a, b: a reminder"
    assert tell(host, privacy="minimal", cases=()).title == "Tracker: a reminder"


def test_a_masked_message_hides_what_a_full_one_shows() -> None:
    params = {"caption_1": "联系电话", "before_1": "", "after_1": "13800000078", "caption_2": "备注", "after_2": "SH2026000123"}
    what = event(EventKind.DETAILS_CHANGED, after=seen(notice="请致电13800000078"), params=params)
    masked = tell(what, known=("SH2026000123",)).body
    assert "13800000078" not in masked
    assert "SH2026000123" not in masked
    assert "138******78" in masked
    full = tell(what, privacy="full", known=("SH2026000123",)).body
    assert full.count("13800000078") == 2
    assert "SH2026000123" in full


def test_a_number_at_the_end_of_a_long_text_is_masked_before_it_is_cut() -> None:
    text = "长" * 115 + "310101190001010000"
    assert "3101011" not in tell(moved(ACCEPTED, seen(notice=text))).body


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (f"{URL}?a=1", f"look at {URL}?a=1 yourself"),
        (f"{URL}?id=310101190001010000", f"look at {URL} yourself"),
        ("http://127.0.0.1/310101190001010000", "look at the site yourself"),
        ("javascript:alert(1)", "look at the site yourself"),
        ("http://user@host/", "look at the site yourself"),
        ("http://host/\u202e", "look at the site yourself"),
        ("http://host/" + "a" * 300, "look at the site yourself"),
    ],
)
def test_an_address_is_shown_only_where_it_is_harmless_and_tells_nothing(url: str, shown: str) -> None:
    assert shown in tell(event(EventKind.LOOK_NEEDED, "by_hand", params={"url": url})).body


def test_an_alias_is_quoted_for_the_shell_and_left_out_where_it_is_too_long() -> None:
    assert "tracker status 'my case'\n" in tell(replace(EVENTS[EventKind.STATUS_CHANGED], case="my case")).body
    assert "tracker status\n" in tell(replace(EVENTS[EventKind.STATUS_CHANGED], case="x" * 64)).body
    assert "tracker status\n" in tell(replace(EVENTS[EventKind.STATUS_CHANGED], case="a\nb")).body


def test_a_link_too_long_for_a_phone_gives_way_to_what_to_type() -> None:
    assert "tracker status me\n" in tell(EVENTS[EventKind.STATUS_CHANGED], link="https://x.example/" + "a" * 300).body


def test_a_title_without_a_reading_says_that_it_is_the_first() -> None:
    assert tell(event(EventKind.STATUS_CHANGED)).title == "me: first reading"
    assert tell(event(EventKind.NOTICE_CHANGED)).title == "me: a notice is gone"
