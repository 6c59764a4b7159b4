"""Event and translator -> title, body and urgency, per reader's language and privacy.

What each kind reads of `params` (all optional but for those marked *; times are ISO 8601, counts are ints). A problem's code
stands in `reason`, else event.reason; its own params (where, expected, found, field, evidence) beside it:

first_seen            -            (case None: `cases` were added at once)
status_changed        caption_N, before_N, after_N (N from 1), purge_on
notice_changed        caption_N, before_N, after_N
details_changed       caption_N*, before_N, after_N*
not_listed            since, last_read_at; reason is not_shown_yet or not_shown_any_more
listed_again          caption_N, before_N, after_N
unreadable            since, looks, url, last_read_at, and the problem's
readable_again        since, until
handoff_needed        url; and the problem's code (captcha, login, …)
look_needed           url, last_read_at, and the problem's; its code is by_hand where the site is never asked. unanswered
                      (asks before this one), next; for several cases case_N, url_N (N from 1)
label_unknown         word*
defect                url, and the problem's; reason shape_changed: came, went, moved (captions)
                      about the service itself (case None, host None): minutes, free_mb, year
overdue               days* (working days late), due, promised (working days), estimated (1: holidays not published)
deadline_near         title*, due*, days*
still_waiting         since, days (of waiting), last_read_at; unread_cases, paused, paused_N, paused_at_N, troubled_N.
                      Reason reminder, about one case that waits for its person: event*, count, since, url
watched_page_changed  url, before, after (the first lines that went and that came), more (how many others)

`before` and `after` of the event tell the move. Where nothing moved, either of them (or last_read_at) tells how and when the
case was last read.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Literal

from tracker.core.clean import clean, cut
from tracker.core.explain import next_check_text, problem_text
from tracker.core.model import MOVES, Event, EventKind, Urgency
from tracker.core.teller import LONGEST_NAME, Teller
from tracker.core.telling import BODIES, TITLES
from tracker.core.words import N_, Translator, kind_name, likely, outcome_name, status_name, turn_name, via_name

Privacy = Literal["full", "masked", "minimal"]

SHORT = 500
MOST_BYTES = 2048
LONGEST_TITLE = 80
LONGEST_LINK = 200

_DONE_THERE = frozenset({EventKind.HANDOFF_NEEDED, EventKind.LOOK_NEEDED})


@dataclass(frozen=True, slots=True)
class Message:
    """What a receiver gets. `body` is under 500 characters, both together at most 2,048 bytes, but for mail."""

    title: str
    body: str
    urgency: Urgency


def render(
    event: Event,
    tr: Translator,
    *,
    privacy: Privacy,
    zone: tzinfo,
    link: str = "",
    last_read: datetime | None = None,
    cases: tuple[str, ...] | None = None,
    known: Iterable[str] = (),
    limit: int = SHORT,
    source: str = "",
) -> Message:
    """An event in a reader's words.

    `cases` are those of a host's event that concern this reader (None: all); `known` the reference values to mask;
    `link` leads to our page about it; `limit` above 500 is for mail, which has no limit in bytes either; `source` is named
    where the case can be seen in several places.
    """
    teller = Teller(
        event=event,
        tr=tr,
        zone=zone,
        names=(event.case,) if event.case else event.cases if cases is None else cases,
        known=() if privacy == "full" else tuple(known),
        masked=privacy != "full",
        last_read=last_read,
        quoted=max(limit, 160) // 4,
        link=link if len(link) <= LONGEST_LINK else "",
    )
    title, lines = _minimal(teller) if privacy == "minimal" else (TITLES[event.kind](teller), BODIES[event.kind](teller))
    if source and privacy != "minimal":
        lines = [*lines, teller.say(N_("Source: {name}"), name=clean(source, LONGEST_NAME))]
    title = cut(title, LONGEST_TITLE)
    tail = "\n".join([_pointer(teller, link), f"#{clean(event.id)[:8]}"])
    size = MOST_BYTES - len((title + tail).encode()) - 1 if limit <= SHORT else None
    head = cut("\n".join(line for line in lines if line), max(limit - 2 - len(tail), 0), size)
    return Message(title, f"{head}\n{tail}", event.urgency)


def _pointer(teller: Teller, link: str) -> str:
    """Where to read more: our page, else what to type."""
    if not link or len(link) > LONGEST_LINK:
        return teller.tr.gettext("More: {where}").format(where=teller.command("status"))
    text = N_("Please do it here: {where}") if teller.event.kind in _DONE_THERE else N_("More: {where}")
    return teller.say(text, where=link)


def _minimal(teller: Teller) -> tuple[str, list[str]]:
    """Says that something moved and how it was seen: no words of the authority, nothing of the matter."""
    tr, event = teller.tr, teller.event
    if event.kind is EventKind.FIRST_SEEN:
        what = tr.gettext("{case}: notifications work")
    elif event.kind in MOVES:
        what = tr.gettext("{case}: something moved")
    else:
        what = tr.gettext("{case}: a reminder")
    return what.format(case=teller.who(public=False)), [teller.seen(dated=False)]


__all__ = [
    "Message",
    "Privacy",
    "kind_name",
    "likely",
    "next_check_text",
    "outcome_name",
    "problem_text",
    "render",
    "status_name",
    "turn_name",
    "via_name",
]
