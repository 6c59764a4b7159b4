"""The sentences of a message, one builder a kind of event: `TITLES` and `BODIES`. See message.py for the params read."""

from collections.abc import Callable, Mapping

from tracker.core.asks import OF_SERVICE, look_needed, of_service, still_waiting, waiting_title
from tracker.core.decision import REREAD
from tracker.core.drift import SHAPE_CHANGED
from tracker.core.explain import place_text, problem_parts
from tracker.core.model import EventKind, Problem, Turn, Via
from tracker.core.teller import SEEN, Teller
from tracker.core.words import N_

LABEL_IN_TITLE = 24


def _first_seen(t: Teller) -> list[str]:
    proof = t.tr.gettext("This message shows that notifications work.")
    if t.event.after is None:
        count = len(t.names)
        added = t.tr.ngettext("{count} case is watched from now on.", "{count} cases are watched from now on.", count)
        return [added.format(count=count), proof, t.noted()]
    if t.event.after.watched is not None:
        text = t.tr.gettext("This page is watched from now on. When its text changes and stays so, you hear of it.")
        return [text, proof, t.seen()]
    return [t.move(), t.notice(), t.turn(), t.doubt(), proof, t.seen()]


def _moved(t: Teller) -> list[str]:
    return [t.move(), _corrected(t), t.notice(), t.turn(), *t.details(), t.doubt(), t.seen()]


def _corrected(t: Teller) -> str:
    """Where nothing moved at the authority: a page was misread, and is read right now."""
    if t.event.reason != REREAD:
        return ""
    return t.tr.gettext("This corrects what was told before: the page that was kept then has been read again.")


def _notice_changed(t: Teller) -> list[str]:
    before = t.event.before
    gone = t.event.after is not None and not t.event.after.notice and before is not None and before.notice
    if gone and before is not None and before.notice is not None:
        first = t.say(N_("The page no longer says: “{notice}”"), notice=t.quote(before.notice))
        return [first, t.move(), t.turn(), *t.details(), t.doubt(), t.seen()]
    return [t.notice(), _corrected(t), t.move(), t.turn(), *t.details(), t.doubt(), t.seen()]


def _details_changed(t: Teller) -> list[str]:
    return [*t.details(), t.move(), t.notice(), t.turn(), t.doubt(), t.seen()]


def _not_listed(t: Teller) -> list[str]:
    if t.event.before is None:
        text = t.tr.gettext(
            "The site answers, but does not show this case yet. In the first days after handing in that is usual."
        )
        return [text, t.tr.gettext("We keep looking, and tell you when it appears."), _since_on_site(t)]
    text = t.tr.gettext(
        "The site answers, but does not show this case any more. What was read before is kept, and we keep looking."
    )
    return [text, t.last_state(), t.last(), t.tr.gettext("If you did not expect this, ask the authority."), _since_on_site(t)]


def _since_on_site(t: Teller) -> str:
    if since := t.moment("since"):
        return t.say(N_("Seen on the site since {since}."), since=since)
    return t.say(SEEN[Via.SITE], when=t.when(t.event.at))


def _unreadable(t: Teller) -> list[str]:
    problem = t.problem()
    if problem.reason == "invalid_reference":
        return [*problem_parts(problem, t.tr), t.last(), t.noted()]
    what, _ = problem_parts(Problem(problem.reason), t.tr)  # where on the page is the operator's business: see _defect
    again = t.tr.gettext("We keep trying, and tell you once it can be read again.")
    return [what, _tries(t), _concerned(t), t.last(), t.please_look(), again]


def _tries(t: Teller) -> str:
    since, looks = t.moment("since"), t.count("looks")
    if not since or not looks:
        return t.noted()
    text = t.tr.ngettext(
        "Tried on the site {count} time since {since}.", "Tried on the site {count} times since {since}.", looks
    )
    return text.format(count=looks, since=since)


def _concerned(t: Teller) -> str:
    """The cases of a host's event."""
    return "" if t.event.case else t.say(N_("Concerns: {cases}"), cases=t.who(public=False))


def _readable_again(t: Teller) -> list[str]:
    since, until = t.moment("since"), t.moment("until") or t.when(t.event.at)
    if not since:
        gap = t.say(N_("It can be read again on the site, since {until}."), until=until)
    else:
        gap = t.say(N_("It could not be read on the site from {since}; it can since {until}."), since=since, until=until)
    return [gap, _concerned(t), t.move(), t.notice(), t.turn(), t.seen() if t.event.after else ""]


def _handoff_needed(t: Teller) -> list[str]:
    what, _ = problem_parts(Problem(t.problem().reason), t.tr)
    return [what, t.please_look(), _concerned(t), t.last(), t.noted()]


def _label_unknown(t: Teller) -> list[str]:
    word = t.quote(t.param("word"))
    entry = t.entry(t.param("word"), "in_review")
    return [
        t.say(N_("The site says “{word}”, which stands in no table. It is kept and told as it stands."), word=word),
        t.say(N_("If you know what it means, add for example {entry} under [cases.labels]."), entry=entry),
        t.seen(),
    ]


def _defect(t: Teller) -> list[str]:
    problem = t.problem()
    if t.event.reason in OF_SERVICE:
        return of_service(t)
    what, follows = problem_parts(Problem(problem.reason), t.tr)
    if problem.reason == "restless":
        return [what, follows, t.say(N_("Now: “{text}”"), text=t.quote(t.param("evidence"))), t.noted()]
    if problem.reason == SHAPE_CHANGED:
        return _shape_changed(t, what, follows)
    place = place_text(problem.params, t.tr, t.quoted)
    evidence = t.quote(t.param("evidence"))
    mend = t.tr.gettext("Compare it with the page; if captions have new names, set them under [cases.read].")
    return [
        what,
        t.say(N_("Where: {place}"), place=t.quote(place, 3 * t.quoted)) if place else "",
        t.say(N_("The page says: “{evidence}”"), evidence=evidence) if evidence else "",
        t.say(N_("Page: {url}"), url=t.address()) if t.address() else "",
        mend if problem.reason != "mismatched" else t.tr.gettext("Check the reference and what identifies the record."),
        t.say(SEEN[Via.SITE], when=t.when(t.event.at)),
    ]


def _shape_changed(t: Teller, what: str, follows: str) -> list[str]:
    """Which captions came and went, and how the new shape is accepted."""
    told = {"came": N_("New captions: {captions}"), "went": N_("Gone: {captions}"), "moved": N_("Elsewhere now: {captions}")}
    command = f"tracker ack {t.event.id[:8]}"
    return [
        what,
        *(t.say(text, captions=t.quote(t.param(key))) for key, text in told.items() if t.param(key)),
        t.say(N_("Page: {url}"), url=t.address()) if t.address() else "",
        follows,
        t.say(N_("To accept it: {command}. It is also accepted once it stands."), command=command),
        t.say(SEEN[Via.SITE], when=t.when(t.event.at)),
    ]


def _overdue(t: Teller) -> list[str]:
    days, promised, due = t.count("days"), t.count("promised"), t.day("due")
    late = t.tr.ngettext(
        "The promised time is over by {count} working day.", "The promised time is over by {count} working days.", days
    ).format(count=days)
    period = t.tr.ngettext("Promised: {count} working day.", "Promised: {count} working days.", promised).format(count=promised)
    return [
        late,
        period if promised else "",
        t.say(N_("It ended on {day}."), day=due) if due else "",
        t.tr.gettext("Not all holidays of that time are published yet, so this is an estimate.")
        if t.count("estimated")
        else "",
        t.last_state(),
        t.tr.gettext("You can ask the authority how it stands."),
        t.last(),
    ]


def _deadline_near(t: Teller) -> list[str]:
    return [
        t.say(N_("{title} ends on {day}: {left}."), title=t.quote(t.param("title")), day=t.day("due"), left=_left(t)),
        t.tr.gettext("Please renew or extend it in time."),
        t.last_state(),
        t.last() if t.event.after or t.event.before or t.last_read else "",
        t.noted(),
    ]


def _left(t: Teller) -> str:
    days = t.count("days")
    if days == 0:
        return t.tr.gettext("that is today")
    if days < 0:
        return t.tr.ngettext("{count} day past", "{count} days past", -days).format(count=-days)
    return t.tr.ngettext("{count} day left", "{count} days left", days).format(count=days)


def _watched_page_changed(t: Teller) -> list[str]:
    url, before, after = t.address(), t.quote(t.param("before")), t.quote(t.param("after"))
    gone, come = N_("Before: “{text}”"), N_("Now: “{text}”")
    if not (before and after):
        gone, come = N_("Gone: “{text}”"), N_("New: “{text}”")
    more = t.count("more")
    others = t.tr.ngettext("{count} more line has changed.", "{count} more lines have changed.", more).format(count=more)
    return [
        t.tr.gettext("The text of the watched page has changed, and two looks found the same."),
        t.say(gone, text=before) if before else "",
        t.say(come, text=after) if after else "",
        others if more else "",
        t.say(N_("Please read it: {url}"), url=url) if url else t.tr.gettext("Please read it on the site."),
        t.seen() if t.event.after else t.say(SEEN[Via.SITE], when=t.when(t.event.at)),
    ]


def _fixed(text: str) -> Callable[[Teller], str]:
    return lambda t: t.say(text, case=t.who())


def _label_title(t: Teller) -> str:
    """The new label itself, and whether it asks for something."""
    seen = t.event.after
    if seen is None:
        text = N_("{case}: first reading") if t.event.case else N_("{case}: watched from now on")
        return t.say(text, case=t.who())
    if seen.watched is not None:
        return t.say(N_("{case}: page is watched"), case=t.who())
    label = t.quote(seen.label, LABEL_IN_TITLE)
    text = N_("{case}: {label}, your turn") if seen.turn is Turn.APPLICANT else N_("{case}: {label}")
    if seen.provisional:
        text = N_("{case}: {label} (unconfirmed)")
    return t.say(text, case=t.who(), label=label)


def _notice_title(t: Teller) -> str:
    seen = t.event.after
    if seen is None or not seen.notice:
        return t.say(N_("{case}: a notice is gone"), case=t.who())
    text = N_("{case}: new notice, your turn") if seen.turn is Turn.APPLICANT else N_("{case}: new notice")
    return t.say(text, case=t.who())


def _not_listed_title(t: Teller) -> str:
    text = N_("{case}: not shown yet") if t.event.before is None else N_("{case}: not shown any more")
    return t.say(text, case=t.who())


def _unreadable_title(t: Teller) -> str:
    wrong = t.problem().reason == "invalid_reference"
    return t.say(N_("{case}: reference not accepted") if wrong else N_("{case}: can't be read"), case=t.who())


def _defect_title(t: Teller) -> str:
    if t.event.reason == SHAPE_CHANGED:
        return t.say(N_("{case}: reads, but the page changed"), case=t.who())
    of_us = t.event.reason in OF_SERVICE
    return t.say(N_("{case}: about the service") if of_us else N_("{case}: the page needs mending here"), case=t.who())


TITLES: Mapping[EventKind, Callable[[Teller], str]] = {
    EventKind.FIRST_SEEN: _label_title,
    EventKind.STATUS_CHANGED: _label_title,
    EventKind.NOTICE_CHANGED: _notice_title,
    EventKind.DETAILS_CHANGED: _fixed(N_("{case}: details changed")),
    EventKind.NOT_LISTED: _not_listed_title,
    EventKind.LISTED_AGAIN: _fixed(N_("{case}: shown again")),
    EventKind.UNREADABLE: _unreadable_title,
    EventKind.READABLE_AGAIN: _fixed(N_("{case}: reads again")),
    EventKind.HANDOFF_NEEDED: _fixed(N_("{case}: needs your hand")),
    EventKind.LOOK_NEEDED: _fixed(N_("{case}: please look")),
    EventKind.LABEL_UNKNOWN: _fixed(N_("{case}: a word not known yet")),
    EventKind.DEFECT: _defect_title,
    EventKind.OVERDUE: _fixed(N_("{case}: the authority is late")),
    EventKind.DEADLINE_NEAR: _fixed(N_("{case}: a deadline is near")),
    EventKind.WATCHED_PAGE_CHANGED: _fixed(N_("{case}: the page has changed")),
    EventKind.STILL_WAITING: waiting_title,
}

BODIES: Mapping[EventKind, Callable[[Teller], list[str]]] = {
    EventKind.FIRST_SEEN: _first_seen,
    EventKind.STATUS_CHANGED: _moved,
    EventKind.NOTICE_CHANGED: _notice_changed,
    EventKind.DETAILS_CHANGED: _details_changed,
    EventKind.NOT_LISTED: _not_listed,
    EventKind.LISTED_AGAIN: _moved,
    EventKind.UNREADABLE: _unreadable,
    EventKind.READABLE_AGAIN: _readable_again,
    EventKind.HANDOFF_NEEDED: _handoff_needed,
    EventKind.LOOK_NEEDED: look_needed,
    EventKind.LABEL_UNKNOWN: _label_unknown,
    EventKind.DEFECT: _defect,
    EventKind.OVERDUE: _overdue,
    EventKind.DEADLINE_NEAR: _deadline_near,
    EventKind.WATCHED_PAGE_CHANGED: _watched_page_changed,
    EventKind.STILL_WAITING: still_waiting,
}
