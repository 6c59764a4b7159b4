"""What the page says where something is wrong: with the service, or with a request."""

from collections.abc import Mapping

from tracker.core.words import N_, Translator

_SERVICE: Mapping[str, str] = {
    "starting": N_("The service is starting; it has not looked anywhere yet."),
    "store": N_(
        "The store can't be used right now, so nothing is checked and no message is sent. Nothing that was kept is lost: "
        "make room on the disk, or see who keeps the store locked. It goes on by itself."
    ),
    "unexpected": N_("A check ended unexpectedly. It is tried again; the service's log says where it happened."),
    "config": N_(
        "The edited config has mistakes, so the one from before goes on. `tracker config check` says what to mend; "
        "it is taken over by itself then."
    ),
    "disk": N_("There is little room left on the disk where the store lies: please make room, else nothing can be kept."),
    "stalled": N_("The service has not looked at its cases for over a minute: this machine may be overloaded or asleep."),
}
# code -> (title, what to do)
_REFUSALS: Mapping[str, tuple[str, str]] = {
    "host": (
        N_("This page is not here"),
        N_(
            "It answers only under its own name: http://localhost or http://127.0.0.1 with its port. "
            "To reach it under another one, set web.base_url."
        ),
    ),
    "origin": (
        N_("That came from another site"),
        N_("Only forms of this page are accepted. Nothing was changed: open the page itself and try again there."),
    ),
    "token": (
        N_("The form was too old"),
        N_("Nothing was changed. Go back, reload the page, and try again."),
    ),
    "too_large": (
        N_("That is too large"),
        N_("A page may have as many bytes as fetch.max_body says. Save only the part with your record, or paste its text."),
    ),
    "not_found": (
        N_("There is no such page"),
        N_("It may have been removed or renamed."),
    ),
    "no_case": (
        N_("There is no such case"),
        N_("It may have been removed or renamed. All cases stand on the first page."),
    ),
    "bad_request": (
        N_("That could not be understood"),
        N_("Nothing was changed. Go back, reload the page, and try again."),
    ),
    "store": (
        N_("The store can't be used right now"),
        N_("What was kept is not lost. The page works again as soon as the store does."),
    ),
    "unexpected": (
        N_("Something went wrong here"),
        N_("It is our mistake, not yours. The service's log says where it happened; please report it."),
    ),
}


def service_words(code: str, tr: Translator) -> str:
    """Why the service does not work; "" where it does. A code not known here stands as it is."""
    if not code:
        return ""
    known = _SERVICE.get(code)
    return tr.gettext(known) if known else tr.gettext("The service reports a problem: {code}.").format(code=code)


def refusal_words(code: str, tr: Translator) -> tuple[str, str]:
    """(title, what to do)."""
    title, advice = _REFUSALS[code]
    return tr.gettext(title), tr.gettext(advice)
