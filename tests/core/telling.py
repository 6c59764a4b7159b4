"""Events and how they are told: what the tests of messages share."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tracker.core.message import Message, Privacy, render
from tracker.core.model import Event, EventKind, Identity, Observation, Status, Turn, Urgency, Via
from tracker.core.words import Translator
from tracker.locale import translator

ZH, EN = translator("zh-CN"), translator("en")
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
THREE_DAYS_AGO = NOW - timedelta(days=3)
URL = "http://127.0.0.1:8901/query.htm"


def seen(label: str = "审核中", status: Status = Status.IN_REVIEW, turn: Turn = Turn.AUTHORITY, **more: object) -> Observation:
    start = Observation(label, status, turn, confirmed=True, known=True, identity=Identity.MATCHED, via=Via.SITE, seen_at=NOW)
    return replace(start, **more)  # type: ignore[arg-type]


ACCEPTED = seen("已受理", Status.ACCEPTED, seen_at=THREE_DAYS_AGO)
ASKS = seen(turn=Turn.APPLICANT, notice="请携带材料原件至受理点", notice_asks=True)
UNKNOWN = seen("特殊办理", Status.UNKNOWN, known=False, confirmed=False)


def event(
    kind: EventKind,
    reason: str = "",
    *,
    case: str | None = "me",
    cases: tuple[str, ...] = (),
    host: str | None = None,
    before: Observation | None = None,
    after: Observation | None = None,
    params: Mapping[str, str | int] | None = None,
    urgency: Urgency = Urgency.NORMAL,
) -> Event:
    return Event("0a1b2c3d4e5f", kind, urgency, reason, NOW, case, None, host, cases, before, after, params or {})


def moved(before: Observation | None, after: Observation, **params: str | int) -> Event:
    return event(EventKind.STATUS_CHANGED, "label_changed", before=before, after=after, params=params)


def tell(
    what: Event,
    tr: Translator = EN,
    *,
    privacy: Privacy = "masked",
    link: str = "",
    last_read: datetime | None = None,
    cases: tuple[str, ...] | None = None,
    known: tuple[str, ...] = (),
    limit: int = 500,
    source: str = "",
) -> Message:
    more = {"link": link, "last_read": last_read, "cases": cases, "known": known, "limit": limit, "source": source}
    return render(what, tr, privacy=privacy, zone=SHANGHAI, **more)  # type: ignore[arg-type]


SINCE: dict[str, str | int] = {"since": THREE_DAYS_AGO.isoformat(), "looks": 5}
EVENTS = {
    EventKind.FIRST_SEEN: event(EventKind.FIRST_SEEN, after=seen()),
    EventKind.STATUS_CHANGED: moved(ACCEPTED, seen()),
    EventKind.NOTICE_CHANGED: event(EventKind.NOTICE_CHANGED, before=ACCEPTED, after=ASKS),
    EventKind.DETAILS_CHANGED: event(
        EventKind.DETAILS_CHANGED, after=seen(), params={"caption_1": "备注", "before_1": "无", "after_1": "缺一页"}
    ),
    EventKind.NOT_LISTED: event(EventKind.NOT_LISTED, "not_shown_any_more", before=ACCEPTED, params=SINCE),
    EventKind.LISTED_AGAIN: event(EventKind.LISTED_AGAIN, before=ACCEPTED, after=seen()),
    EventKind.UNREADABLE: event(EventKind.UNREADABLE, "captcha", before=ACCEPTED, params={**SINCE, "url": URL}),
    EventKind.READABLE_AGAIN: event(EventKind.READABLE_AGAIN, after=seen(), params={**SINCE, "until": NOW.isoformat()}),
    EventKind.HANDOFF_NEEDED: event(EventKind.HANDOFF_NEEDED, "captcha", before=ACCEPTED, params={"url": URL}),
    EventKind.LOOK_NEEDED: event(EventKind.LOOK_NEEDED, "by_hand", before=ACCEPTED, params={"url": URL}),
    EventKind.LABEL_UNKNOWN: event(EventKind.LABEL_UNKNOWN, after=UNKNOWN, params={"word": "特殊办理"}),
    EventKind.DEFECT: event(
        EventKind.DEFECT,
        "page_changed",
        params={"where": "label", "expected": "1", "found": "0", "evidence": "首页", "url": URL},
    ),
    EventKind.OVERDUE: event(EventKind.OVERDUE, before=ACCEPTED, params={"days": 3, "promised": 20, "due": "2026-11-18"}),
    EventKind.DEADLINE_NEAR: event(EventKind.DEADLINE_NEAR, params={"title": "居住证", "due": "2026-12-23", "days": 30}),
    EventKind.STILL_WAITING: event(EventKind.STILL_WAITING, after=seen(), params={**SINCE, "days": 3}),
    EventKind.WATCHED_PAGE_CHANGED: event(EventKind.WATCHED_PAGE_CHANGED, params={"url": URL, "before": "旧", "after": "新"}),
}

all_kinds = pytest.mark.parametrize("kind", EventKind)
both_languages = pytest.mark.parametrize("tr", [ZH, EN], ids=["zh-CN", "en"])
