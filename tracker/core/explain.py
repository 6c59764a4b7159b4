"""Why something was not read, and when we look next, in one or two sentences: codes of the contract -> words."""

from collections.abc import Mapping

from tracker.core.clean import WHOLE, clean, cut
from tracker.core.mask import mask_text
from tracker.core.model import Problem
from tracker.core.times import duration_text
from tracker.core.words import N_, Translator

# reason -> (what happened, what follows from it for us and for the person)
PROBLEMS: Mapping[str, tuple[str, str]] = {
    "captcha": (
        N_("The site asks for a captcha, which only the person it belongs to may answer."),
        N_("Please look at the site yourself for now."),
    ),
    "login": (
        N_("The site wants a login, so it can't be asked for you."),
        N_("Please log in there yourself to look."),
    ),
    "refused": (
        N_("The site refused to answer."),
        N_("We wait at least twelve hours before we ask again; meanwhile you can look at the site yourself."),
    ),
    "script_wall": (
        N_("The site tests the browser before it answers, and we don't work round that."),
        N_("Please look at the site yourself."),
    ),
    "session_over": (
        N_("The site ended the session before it answered."),
        N_("We ask again later; if it lasts, look at the site yourself."),
    ),
    "rate_limited": (
        N_("The site says that it is asked too often."),
        N_("We wait as long as it wants; if you need to know now, look at the site yourself."),
    ),
    "maintenance": (
        N_("The site is under maintenance."),
        N_("We ask again later; if it lasts, look for an announcement on the site."),
    ),
    "server_error": (
        N_("The site reports an error of its own."),
        N_("We ask again later; if it lasts, look at the site yourself."),
    ),
    "network": (
        N_("The site could not be reached."),
        N_("We ask again later; if other sites fail too, check the network here."),
    ),
    "timeout": (
        N_("The site did not answer in time."),
        N_("We ask again later; if it lasts, look at the site yourself."),
    ),
    "tls": (
        N_("The site's certificate can't be trusted, so nothing was sent to it."),
        N_("We ask again later; if it lasts, check the address and this machine's clock."),
    ),
    "too_large": (
        N_("The page is too large to be read safely."),
        N_("What was read before stands; please check the address that is set up, and look at the site yourself."),
    ),
    "not_text": (
        N_("The site answered with something else than a page of text, such as an image or a PDF."),
        N_("What was read before stands; please look at the site yourself."),
    ),
    "truncated": (
        N_("The page ended too early, so nothing of it was used."),
        N_("We ask again later; if it lasts, look at the site yourself."),
    ),
    "page_changed": (
        N_("The page does not look as expected, so no status was read from it."),
        N_("What was read before stands; please look at the site yourself until the way of reading it is mended."),
    ),
    "mismatched": (
        N_("The page shows a record that does not match yours, so nothing of it was kept."),
        N_("Please check the reference that is set up, and look at the site yourself."),
    ),
    "not_listed": (
        N_("The site answered, and lists no such record."),
        N_("In the first days after handing in that is usual; we keep looking."),
    ),
    "invalid_reference": (
        N_("The reference is not accepted."),
        N_("We don't ask again until you have corrected it."),
    ),
    "shape_changed": (
        N_("The page still reads, but it looks different now."),
        N_("Please see that what was read is right; then accept the new look, so that it counts as the usual one."),
    ),
    "restless": (
        N_("The text of this page is another one at every look, so none of its changes is told."),
        N_("Narrow what is watched to the part that matters, with css = “…”."),
    ),
    "by_hand": (
        N_("This site is never asked automatically."),
        N_("Please look at it yourself now and then."),
    ),
    "waiting": (
        N_("The site rests after a failure, or stayed busy with another question."),
        N_("We ask again when its time has come."),
    ),
    "leased": (
        N_("Another check of the same is running."),
        N_("Its result will stand in the status."),
    ),
    "paused": (
        N_("Checks are paused."),
        N_("They go on once you resume them."),
    ),
    "look_needed": (
        N_("This case can't be read automatically."),
        N_("Please look at it yourself now and then."),
    ),
    "stalled": (
        N_("The service stood still for a while: nothing was checked or sent meanwhile."),
        N_("It goes on now. If this comes again, see whether the machine is overloaded or its disk is slow."),
    ),
    "disk": (
        N_("There is little room left on the disk where the store lies."),
        N_("Please make room: on a full disk nothing can be kept, and so nothing is told."),
    ),
    "disk_again": (
        N_("There is room again on the disk where the store lies."),
        N_("Checks and messages go on."),
    ),
    "clock_jump": (
        N_("This machine slept, or its clock was set."),
        N_("What was due meanwhile is checked now; please see that the clock is right and the machine stays on."),
    ),
    "year_unpublished": (
        N_("The working days of a year are not known here yet, so Monday to Friday stand in for them."),
        N_("Please install a newer version once the holidays are published."),
    ),
    "archived": (
        N_("The case is archived, so its site is not asked."),
        N_("Its history stays; `tracker archive --undo` brings it back."),
    ),
    "final": (
        N_("The procedure has ended, so the site is no longer asked."),
        N_("Reminders of deadlines go on."),
    ),
}

# What pages and fetch say of a place, of what they expected there and of what they found; other words stand as they are.
PLACES = frozenset(
    {
        N_("page"),
        N_("form"),
        N_("status"),
        N_("record"),
        N_("redirect"),
        N_("transfer"),
        N_("adapter"),
        N_("text"),
        N_("empty"),
        N_("binary"),
        N_("more"),
        N_("none"),
        N_("nothing"),
        N_("junk"),
        N_("one form"),
        N_("no form"),
        N_("no fields"),
        N_("no button"),
        N_("a status"),
        N_("a record or a message"),
        N_("one of 状态, 当前状态, 办理状态, 审核状态, status"),
        N_("one value; configure read.label"),
        N_("one status; configure read.label"),
        N_("one record of this case"),
        N_("two places that may be its value"),
        N_("what the case was asked by"),
        N_("something to fill in"),
        N_("signs that agree"),
        N_("not shown"),
        N_("no captions"),
        N_("a web page"),
        N_("a JSON answer"),
        N_("something else"),
        N_("each key once"),
        N_("a key twice"),
        N_("no keys"),
        N_("a word"),
        N_("an object or a list"),
        N_("words, or a number that stands under [cases.labels]"),
        N_("one of status, statusName, state, 状态, 办理状态; configure read.label"),
        N_("a status in the case's own record"),
        N_("a record or a message that is known"),
        N_("another message"),
        N_("both"),
        N_("the text to watch"),
        N_("a message only"),
        N_("the end of the page"),
        N_("the end of the record"),
        N_("the connection was closed"),
        N_("the whole body"),
        N_("the source ends before"),
        N_("a place that begins with json:, css: or after:"),
        N_("a path into the answer"),
        N_("a CSS selector"),
        N_("words in front of the value"),
        N_("an address"),
        N_("an http address"),
    }
)

NEXT: Mapping[str, str] = {
    "second_look": N_("a second look, to be sure"),
    "back_off": N_("longer wait after a failed look"),
    "retry_after": N_("the site asked us to wait"),
    "office_hours": N_("waits for office hours"),
    "workday": N_("waits for the next working day"),
    "host_waits": N_("the site rests after a failure"),
    "now": N_("now"),
    "final": N_("ended, no more checks"),
    "paused": N_("paused"),
    "archived": N_("archived, no more checks"),
    "invalid_reference": N_("not until the reference is corrected"),
    "by_hand": N_("when you look yourself"),
    "asks_you": N_("you are asked to look"),
    "retired": N_("no longer set up, no more checks"),
}


def problem_parts(problem: Problem, tr: Translator) -> tuple[str, str]:
    """(what happened, what follows): one sentence each. A reason of an adapter's own is quoted."""
    known = PROBLEMS.get(problem.reason)
    if known is None:
        what = tr.gettext("The site could not be read ({reason}).").format(reason=clean(problem.reason, 40))
        return what, tr.gettext("We ask again later; if it lasts, look at the site yourself.")
    what, follows = known
    return _located(tr.gettext(what), problem, tr), tr.gettext(follows)


def problem_text(problem: Problem, tr: Translator) -> str:
    """What happened, what we do next and what the person can do."""
    first, second = problem_parts(problem, tr)
    return tr.gettext("{first} {second}").format(first=first, second=second)


def place_text(params: Mapping[str, str | int], tr: Translator, limit: int = 80) -> str:
    """Where on the page something else stood than expected; "" where that is not known."""
    if "where" in params:
        where, expected, found = (_place(params.get(key, ""), tr, limit) for key in ("where", "expected", "found"))
        return tr.gettext("{where}: expected {expected}, found {found}").format(where=where, expected=expected, found=found)
    return _quoted(params.get("field", ""), limit)


def _located(what: str, problem: Problem, tr: Translator) -> str:
    place = place_text(problem.params, tr)
    return tr.gettext("{what} It is about: {place}.").format(what=what, place=place) if place else what


def _place(value: str | int, tr: Translator, limit: int) -> str:
    return tr.gettext(value) if isinstance(value, str) and value in PLACES else _quoted(value, limit)


def _quoted(value: str | int, limit: int) -> str:
    return cut(mask_text(clean(str(value), WHOLE), ()), limit)


def next_check_text(reason: str, params: Mapping[str, int | str], tr: Translator) -> str:
    """Why the next check is when it is. `interval` reads every_minutes and jitter_minutes; a code not known stands as it is."""
    if reason != "interval":
        return tr.gettext(NEXT[reason]) if reason in NEXT else reason
    minutes = int(params.get("every_minutes", 0))
    if minutes == 0:
        return tr.gettext("every few seconds")
    every = duration_text(minutes, tr)
    jitter = int(params.get("jitter_minutes", 0))
    if jitter == 0:
        return tr.gettext("every {every}").format(every=every)
    return tr.gettext("every {every}, jitter {jitter} min").format(every=every, jitter=f"{jitter:+d}")
