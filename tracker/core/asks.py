"""The sentences of what is asked of a person, and of the signs of life: please look, still your turn, still waiting."""

from tracker.core.clean import clean
from tracker.core.explain import problem_parts
from tracker.core.model import Problem
from tracker.core.teller import LONGEST_NAME, SHOWN_NAMES, Teller
from tracker.core.times import age_text
from tracker.core.words import N_

OF_SERVICE = frozenset({"stalled", "disk", "disk_again", "clock_jump", "year_unpublished"})
ASKED_IN_VAIN = 3


def look_needed(t: Teller) -> list[str]:
    if len(t.names) > 1:
        return [*_several(t), _type(t), _in_vain(t), _next_ask(t), t.noted()]
    what, _ = problem_parts(Problem(t.problem().reason), t.tr)
    return [what, _open(t), _type(t), t.last_state(), t.last(), _in_vain(t), _next_ask(t), t.noted()]


def _open(t: Teller) -> str:
    """The one case's address, also out of a message about several."""
    (where,) = [key for _, key in t.numbered("case", "url")] or ["url"]
    return t.please_look(where)


def _several(t: Teller) -> list[str]:
    count = len(t.names)
    first = t.tr.ngettext(
        "{count} case can't be read automatically. Please look yourself:",
        "{count} cases can't be read automatically. Please look yourself:",
        count,
    ).format(count=count)
    lines = []
    for case, key in list(t.numbered("case", "url"))[:SHOWN_NAMES]:
        name, url = clean(case, LONGEST_NAME), t.address(key)
        lines.append(t.say(N_("{case}: {url}"), case=name, url=url) if url else name)
    more = count - len(lines)
    if lines and more:
        lines.append(t.tr.ngettext("and {count} more", "and {count} more", more).format(count=more))
    return [first, *(lines or [t.who(public=False)])]


def _type(t: Teller) -> str:
    """How to tell us; where we have a page, its link says it."""
    if t.link:
        return ""
    saw = t.command("saw") if len(t.names) == 1 else "tracker saw " + t.tr.gettext("CASE")
    label = f"{saw} " + t.tr.gettext('"THE STATUS"')
    if not t.event.before and len(t.names) == 1:
        return t.say(N_("Then type what you see: {command}"), command=label)
    return t.say(N_("Then type what you see: {command}; if nothing changed: {same}"), command=label, same=f"{saw} --same")


def _in_vain(t: Teller) -> str:
    count = t.count("unanswered")
    if count < ASKED_IN_VAIN:
        return ""
    text = t.tr.ngettext(
        "We asked {count} time without an answer, so we ask less often now.",
        "We asked {count} times without an answer, so we ask less often now.",
        count,
    )
    return text.format(count=count)


def _next_ask(t: Teller) -> str:
    day = t.day("next")
    return t.say(N_("If we hear nothing, we ask again on {day}."), day=day) if day else ""


def still_waiting(t: Teller) -> list[str]:
    if t.event.reason == "reminder":
        return _your_turn(t)
    since, days = t.moment("since"), t.count("days")
    waited = t.tr.ngettext("No change since {since}, {count} day now.", "No change since {since}, {count} days now.", days)
    first = waited.format(since=since, count=days) if since else t.tr.gettext("No change so far.")
    resting = len(list(t.numbered("paused")))
    runs = t.tr.gettext("The checks are running; any change is told at once.") if resting < max(len(t.names), 1) else ""
    return [first, *_concerned(t), t.last_state(), *_paused(t), _troubled(t), _oldest(t), runs]


def _concerned(t: Teller) -> list[str]:
    if t.event.case:
        return []
    count = len(t.names)
    watched = t.tr.ngettext("{count} case: {cases}", "{count} cases: {cases}", count)
    return [watched.format(count=count, cases=t.who(public=False))]


def _paused(t: Teller) -> list[str]:
    paused = list(t.numbered("paused", "paused_at"))
    lines = []
    for case, at in paused[:SHOWN_NAMES]:
        text = N_("Paused since {since}: {case}. To go on: {command}")
        command = t.command("resume") if len(t.names) == 1 else "tracker resume"
        lines.append(t.say(text, since=t.moment(at), case=clean(case, LONGEST_NAME), command=command))
    if more := len(paused) - len(lines):
        lines.append(t.tr.ngettext("{count} more is paused.", "{count} more are paused.", more).format(count=more))
    return lines


def _troubled(t: Teller) -> str:
    cases = [clean(case, LONGEST_NAME) for (case,) in t.numbered("troubled")]
    if not cases:
        return ""
    shown, more = t.tr.gettext(", ").join(cases[:SHOWN_NAMES]), len(cases) - SHOWN_NAMES
    if more > 0:
        shown = t.tr.ngettext("{names} and {count} more", "{names} and {count} more", more).format(names=shown, count=more)
    return t.say(N_("Can't be read now: {cases}"), cases=shown)


def _oldest(t: Teller) -> str:
    """How old the last good reading is; of several cases the oldest, and how many were never read."""
    if t.event.case:
        return t.last()
    parts = []
    if at := t.time("last_read_at"):
        age = age_text(t.event.at - at, t.tr)
        parts.append(t.say(N_("The oldest of the last good readings: {age} ({when})."), age=age, when=t.when(at)))
    if count := t.count("unread_cases"):
        unread = t.tr.ngettext("{count} case was not read so far.", "{count} cases were not read so far.", count)
        parts.append(unread.format(count=count))
    return "\n".join(parts)


def _your_turn(t: Teller) -> list[str]:
    url, since = t.address(), t.moment("since")
    command = "tracker ack " + clean(t.param("event"))[:8]
    return [
        t.move(),
        t.notice(),
        t.turn(),
        t.say(N_("Page: {url}"), url=url) if url else "",
        t.say(N_("Done, or known? To stop these reminders: {command}"), command=command),
        t.say(N_("First told {since}; this is reminder {count}."), since=since, count=t.count("count")),
        t.last(),
    ]


def waiting_title(t: Teller) -> str:
    text = N_("{case}: still your turn") if t.event.reason == "reminder" else N_("{case}: still waiting")
    return t.say(text, case=t.who())


def of_service(t: Teller) -> list[str]:
    """What the operator is told of the service itself."""
    what, follows = problem_parts(Problem(t.event.reason), t.tr)
    minutes, free, year = t.count("minutes"), t.count("free_mb"), t.count("year")
    return [
        what,
        t.tr.ngettext("It took {count} minute.", "It took {count} minutes.", minutes).format(count=minutes) if minutes else "",
        t.say(N_("Room left: {count} MB."), count=free) if "free_mb" in t.event.params else "",
        t.say(N_("The year: {year}."), year=year) if year else "",
        follows,
        t.noted(),
    ]
