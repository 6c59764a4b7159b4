"""The words of a probe: how a caption was found, where the status stands, what stands against asking for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from tracker.core.clean import clean, cut
from tracker.core.errors import CheckError
from tracker.core.explain import problem_parts
from tracker.core.mask import is_personal, mask_text, mask_value
from tracker.core.words import N_, Translator
from tracker.pages.formed import asks_for_a_case
from tracker.pages.proposed import TOKEN, Reason
from tracker.sent import Sent

# How the caption of a field was found.
FOUND = {
    "label": N_("its label"),
    "after": N_("the words behind it"),
    "cell_left": N_("the cell to its left"),
    "before": N_("the text in front of it"),
    "row_above": N_("the row above"),
    "sibling": N_("the element beside it"),
    "inside": N_("the words around it"),
    "placeholder": N_("its placeholder"),
    "title": N_("its title"),
    "hint": N_("the hint in it"),
}
# How a caption and its value stand on the page.
LAYOUTS = {
    "turns": N_("caption and value in turns along a row"),
    "column": N_("under a row of captions"),
    "colon": N_("“caption: value” in one text"),
    "beside": N_("beside its caption"),
    "below": N_("below its caption"),
    "field": N_("in a field that nobody may fill in"),
    "doubt": N_("two places may be its value: none is taken"),
}
CHARSETS = {
    "mark": N_("by the mark at its beginning"),
    "utf-8": N_("its bytes are valid UTF-8"),
    "header": N_("the header says so"),
    "meta": N_("the page says so"),
    "ascii": N_("only plain ASCII in it"),
    "guess": N_("guessed: neither header nor page say it, or they are wrong"),
}
ROLES = {
    "query": N_("asks for a case"),
    "login": N_("a log-in"),
    "search": N_("a search box"),
    "message": N_("sends a message"),
    "other": N_("something else"),
}
PAIR_ROLES = {
    "status": N_("status"),
    "date": N_("date"),
    "identity": N_("reference"),
    "notice": N_("notice"),
    "step": N_("step"),
}
FIELD_NOTES = {
    "no_name": N_("has no name: a browser does not send it"),
    "captcha": N_("the captcha"),
    "disabled": N_("switched off"),
}
SENT = {
    "reference": N_("the reference"),
    "constant": N_("always the same"),
    "copied": N_("copied from the page"),
    "captcha": N_("the captcha"),
    "password": N_("a password"),
    "stamp": N_("a clock's or a die's: left out"),
    "token": N_("a token that the site gives to everybody, fresh each time"),
    "own_token": N_("a token of unknown origin"),
}
REASONS: Mapping[str, str] = {
    "answer_only": N_(
        "This is an answer without the form that led to it. If its address shows it to everybody, this works; "
        "else probe the page with the form."
    ),
    "captcha": N_(
        "The form has a captcha ({field}), which only you may answer: so you look yourself, and show the page with "
        "`tracker saw --page FILE`."
    ),
    "login": N_("The page wants a log-in, and nobody logs in for you: so you look yourself."),
    "logged_in": N_("You were logged in (“{evidence}”), and nobody logs in for you: so you look yourself."),
    "javascript_action": N_(
        "The form is sent by a script ({action}): what it sends, only the browser knows. Export a HAR and probe that."
    ),
    "scripted_fields": N_(
        "A script filled in {fields} before the form was sent, and nobody but the browser can do that: so you look yourself."
    ),
    "no_name": N_(
        "Fields without a name are not sent by a browser but by a script ({fields}). Look your case up with the browser's "
        "network tools open, export a HAR and probe that."
    ),
    "no_fields": N_("The form has nothing to fill in that could find a case."),
    "not_alone": N_(
        "Another form on the page answers to the same captions, or two fields to one: an adapter of your own could tell them "
        "apart (`tracker adapters new`)."
    ),
    "form_unsure": N_("None of its captions is that of a number or a name: make sure that it is the form you mean."),
    "several_forms": N_("Another form of the page asks for a case too: make sure that it is the one you mean."),
    "no_button": N_(
        "The form has no button of its own, a script may send it. If the site answers with the form again, export a HAR and "
        "probe that."
    ),
    "answer_unread": N_(
        "No status was read from the recorded answer. Compare it with the page in your browser: name the caption of the status "
        'with read = {{ label = "…" }}, or record a look at a case that is there.'
    ),
    "no_form_page": N_(
        "The page with the form is not in the HAR, only its answer: set its address, or record again from the form on."
    ),
    "script": N_(
        "The content comes by a script: it is not in the page itself. Look your case up with the browser's network tools open, "
        "export a HAR and probe that."
    ),
    "leads_on": N_("The page itself holds nothing; it shows or leads to another one. Probe that: {urls}"),
    "nothing": N_(
        "There is no form and no status that we know. If the answer is on the page all the same, name its caption: "
        'read = {{ label = "…" }}; to be told when its text changes: adapter = "page", watch = true.'
    ),
    "status_empty": N_(
        "“{caption}” is the status of the case, and it is empty: what stands under another thing's caption is not proposed. "
        "Look again once the site says something, or record a case that has a status."
    ),
    "label_named": N_("“{caption}” is no usual caption of a status: so it is named in `read.label`."),
    "label_rivals": N_(
        "Another caption could be a status's too and says something else: so “{caption}”, the only one that can be read, is "
        "named in `read.label`."
    ),
    "label_unknown": N_(
        "“{label}” is no word that we know: say what it means under `[cases.labels]`, or it is told as it stands."
    ),
    "label_number": N_(
        "The status is only a code ({label}): it is read once `[cases.labels]` says what it means, and its fellows."
    ),
    "no_label": N_("Nothing in the answer looks like a status: name its path in `read.label`."),
    "no_reference": N_("Nothing that was sent looks like a reference: put the name of the field that finds your case."),
    "url_cut": N_(
        "The address held what finds a person ({names}), which is left out here. "
        "Where a form led to it, probe the page with the form."
    ),
    "plain_http": N_("The address has no encryption: your numbers would travel to {host} openly."),
    "own_header": N_(
        "The request carried the header {names}, and no earlier answer holds it: it is yours, or a script made it. "
        "So you look yourself."
    ),
    "script_cookie": N_(
        "A script of the page made a cookie ({names}), and no script runs here. Most sites answer without it; where this one "
        "doesn't, you look yourself."
    ),
    "which_record": N_(
        "The answer lists several records of yours, and what you send does not tell them apart: put the one that you mean into "
        "the reference, under its key `{key}`. An adapter of your own need not send it."
    ),
    "own_cookie": N_(
        "The request carried a cookie from before the recording ({names}). If it is a log-in's, you look yourself; else record "
        "once more in a private window, from the first page on: then it shows who gives it."
    ),
    "own_token": N_(
        "The request carried {names}, and no earlier answer holds it: it is yours, or a script made it. So you look yourself."
    ),
    "fresh_token": N_(
        "The request carried {names}, which an earlier answer gives: `tracker adapters new NAME --from-probe FILE` writes an "
        "adapter that fetches it first; until then you look yourself."
    ),
    "lost_token": N_(
        "The request carried {names}, which an earlier answer holds, but in no place that has a name: an adapter of your own "
        "would have to fetch it (`tracker adapters new`); until then you look yourself."
    ),
    "fresh_cookie": N_(
        "The site had given a cookie before ({names}). If it refuses to answer without: "
        "`tracker adapters new NAME --from-probe FILE` writes an adapter that opens {url} first."
    ),
    "nested_body": N_(
        "The request's body is more than names and texts, which `json` can't send: "
        "`tracker adapters new NAME --from-probe FILE` writes an adapter that does."
    ),
    "in_path": N_(
        "The number stands in the address itself, where `json` can't put it: "
        "`tracker adapters new NAME --from-probe FILE` writes an adapter that does."
    ),
    "fragment": N_(
        "A script asks this address and puts the answer into its page: "
        "`tracker adapters new NAME --from-probe FILE` writes an adapter that asks so too; until then you look yourself."
    ),
    "method": N_("The site was asked with {method}, which is not sent for anybody: so you look yourself."),
}


_DOORS = frozenset({"captcha", "password", "token", "own_token"})
_OPAQUE = 16


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be shown of a page: masked unless the person wants all."""

    known: tuple[str, ...]
    unmasked: bool

    def text(self, text: str, limit: int = 200) -> str:
        """A page's words, harmless for a terminal."""
        text = clean(text)
        return cut(text if self.unmasked else mask_text(text, self.known), limit)

    def value(self, caption: str, value: str, *, personal: bool = False) -> str:
        """What stands beside a caption."""
        if not self.unmasked and value.strip() and (personal or is_personal(caption)):
            return cut(mask_value(clean(value).strip()), 80)
        return self.text(value, 120)

    def sent(self, sent: Sent) -> str:
        """What was sent: of what opens a door nothing at all."""
        if not self.unmasked and sent.role in _DOORS and sent.value:
            return "…"
        if not self.unmasked and sent.role == "copied" and len(sent.value) >= _OPAQUE:
            return "…"  # a page's state may hold the person's own data, packed
        return self.value(sent.name, sent.value, personal=sent.role == "reference")

    def url(self, url: str) -> str:
        """An address without session and without values that find a person or open a door."""
        if self.unmasked:
            return clean(url)
        parts = urlsplit(url)
        pairs = [(n, self._query(n, v)) for n, v in parse_qsl(parts.query, keep_blank_values=True)]
        place = parts.netloc.rpartition("@")[2]
        path = parts.path.partition(";")[0]
        query = "&".join(f"{name}={value}" for name, value in pairs)
        return self.text(urlunsplit((parts.scheme, place, path, query, "")), 300)

    def _query(self, name: str, value: str) -> str:
        door = (len(value) >= _OPAQUE and value.isascii()) or TOKEN.search(name) is not None
        return (
            "…"
            if value and (door or value in self.known or is_personal(name) or asks_for_a_case(name))
            else mask_text(value, self.known)
        )


def reason_text(reason: Reason, tr: Translator, shown: Shown) -> str:
    """A reason in words."""
    params = {name: _param(name, value, shown) for name, value in reason.params.items()}
    return tr.gettext(REASONS[reason.code]).format(**params)


def _param(name: str, value: str, shown: Shown) -> str:
    if name in {"url", "urls"}:
        return " ".join(shown.url(one) for one in value.split())
    return shown.text(value, 120)


def outcome_text(error: CheckError, tr: Translator, shown: Shown) -> str:
    """Why there is no status on the page."""
    problem = error.outcome().problem
    assert problem is not None
    return shown.text(problem_parts(problem, tr)[0], 300)
