"""Which case would read what was seen: the adapter that fits, its reference, what `read` must say; and why."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from tracker.core.mask import is_personal, mask_text
from tracker.pages.described import Described, SeenPair, SeenStatus
from tracker.pages.formed import SeenForm, asks_for_a_case
from tracker.pages.identity import is_blank, is_case_number
from tracker.pages.words import IDENTITY, KINDS, key

CUT = "…"  # in an address: where a person's own number stood
TOKEN = re.compile(
    r"token|csrf|xsrf|nonce|(?:^|_)sign(?:ature)?$|ticket|session|(?:^|_)sid$|auth|api_?-?key|secret", re.IGNORECASE
)
_DOOR = 8  # a shorter value opens none
_LOOPBACK = re.compile(r"127(?:\.[0-9]{1,3}){3}|::1|(?:.+\.)?localhost\.?")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One entry of the reference. `choices`: the words of its list; `value`: the one that is chosen, or without a list always
    this. `is_optional`: the site may do without, or has it on its page already.
    """

    name: str
    choices: tuple[str, ...] = ()
    value: str = ""
    is_optional: bool = False

    @property
    def is_constant(self) -> bool:
        """Whether the site wants the same of everybody."""
        return bool(self.value) and not self.choices


@dataclass(frozen=True, slots=True)
class Fetch:
    """A request that gives a token for the next one: its `name` there, and its `place` in the answer, as in `value_in`."""

    name: str
    place: str
    url: str
    method: str = "GET"
    body: str = "form"
    sent: tuple[tuple[str, str], ...] = ()
    is_header: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """Why this is proposed, or what stands against it, as a code with its words."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A case. `label` and `date` as in `read`; `words`: labels that nobody knows; `numbers`: they are codes.

    `first`: a page that has to be opened before; `look`: the one that a person looks at; `body_json`: a JSON body that is
    more than a flat object, its constants too. `drafted`: what an adapter of one's own
    would do where the built-in ones can't: form, page, json or by_hand.
    """

    adapter: str
    url: str
    wanted: tuple[Wanted, ...] = ()
    method: str = "GET"
    body: str = "form"
    label: str = ""
    date: str = ""
    words: tuple[str, ...] = ()
    numbers: bool = False
    first: str = ""
    look: str = ""
    body_json: object = None
    drafted: str = ""
    fetches: tuple[Fetch, ...] = ()
    reasons: tuple[Reason, ...] = ()

    @property
    def draft(self) -> str:
        """The kind of adapter that one would write for it."""
        return self.drafted or self.adapter


def propose(seen: Described) -> Proposal:
    """The case for one page by itself."""
    url, personal = without_person(seen.url, seen.known)
    found = _proposed(replace(seen, url=url))
    cut = (Reason("url_cut", {"names": ", ".join(personal)}),) if personal else ()
    return replace(found, reasons=(*found.reasons, *cut))


def _proposed(seen: Described) -> Proposal:
    form = seen.query
    if seen.logged_in and seen.status is not None:
        return replace(_page(seen, seen.status), adapter="by_hand", reasons=tuple(_of_an_account(seen)))
    if seen.status is not None and (form is None or not _may_be_sent(form)):
        return _page(seen, seen.status)
    if form is not None:
        return _form(seen, form)
    return _page(seen, None) if _is_empty(seen) and not seen.scripted else _by_hand(seen)


def _is_empty(seen: Described) -> bool:
    """Whether somebody's record is there, with an empty status of its own."""
    return bool(seen.empty and _shown(seen)) and (seen.status is None or bool(seen.status.hint))


def unknown_words(status: SeenStatus | None) -> tuple[str, ...]:
    """The label, where no table has it."""
    return (status.label,) if status and not status.meaning.known else ()


def status_reasons(seen: Described) -> Iterator[Reason]:
    """What is to be said of the status."""
    status = seen.status
    if _is_empty(seen):
        yield Reason("status_empty", {"caption": seen.empty})
    if status is None:
        return
    if status.hint:
        yield Reason("label_rivals" if status.is_usual else "label_named", {"caption": status.caption})
    if not status.meaning.known:
        yield Reason("label_unknown", {"label": status.label})


def is_plain(url: str) -> bool:
    """Whether an address is asked without encryption, and not on this machine."""
    parts = urlsplit(url)
    return parts.scheme == "http" and not _LOOPBACK.fullmatch(parts.hostname or "")


def plain_reasons(url: str) -> Iterator[Reason]:
    """What is to be said of the way."""
    if is_plain(url):
        yield Reason("plain_http", {"host": urlsplit(url).hostname or ""})


def without_person(url: str, known: Iterable[str] = ()) -> tuple[str, tuple[str, ...]]:
    """(an address without session and without what finds a person or opens a door, the names of what was left out)."""
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    mine = set(known)
    personal = [name for name, value in pairs if value and (value in mine or _is_somebodys(name, value))]
    query = urlencode([(n, v) for n, v in pairs if n not in personal]) if personal else parts.query
    steps = parts.path.partition(";")[0].split("/")
    path = "/".join(CUT if _is_step_of(unquote(step), mine) else step for step in steps)
    personal += [CUT] if CUT in path else []
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], path, query, "")), tuple(personal)


def _is_somebodys(name: str, value: str) -> bool:
    door = TOKEN.search(name) is not None and len(value) >= _DOOR
    return door or is_personal(name) or asks_for_a_case(name) or mask_text(value, ()) != value


def _is_step_of(step: str, mine: set[str]) -> bool:
    """Whether a part of a path, or the name of its page, is a person's own."""
    return mask_text(step, ()) != step or any(len(one) > 5 and one in step for one in mine)


def _may_be_sent(form: SeenForm) -> bool:
    return form.is_found and not form.is_scripted and form.captcha is None and any(f.is_identity for f in form.wanted)


def _page(seen: Described, status: SeenStatus | None) -> Proposal:
    """An answer by itself: whether its address shows it to everybody, nobody can tell from the page."""
    reasons = [Reason("answer_only"), *status_reasons(seen), *plain_reasons(seen.url)]
    return Proposal(
        "page",
        seen.url,
        _shown(seen),
        label=status.hint if status else "",
        date=status.date_hint if status else "",
        words=unknown_words(status),
        reasons=tuple(reasons),
    )


def _of_an_account(seen: Described) -> Iterator[Reason]:
    yield Reason("logged_in", {"evidence": seen.logged_in})
    yield from status_reasons(seen)


def _shown(seen: Described) -> tuple[Wanted, ...]:
    """By what the answer's record is told from others: its number, else the person's, else the name."""
    shown = [p for p in seen.pairs if p.role == "identity" and not is_blank(p.value)]
    for kind in ("number", "other", "person", "name"):
        found = next((p for p in shown if _is_of(kind, p)), None)
        if found:
            return (Wanted(found.caption),)
    return ()


def _is_of(kind: str, pair: SeenPair) -> bool:
    folded = key(pair.caption)
    if kind == "other":  # a number under a caption of this site's own, and no person's
        return folded not in IDENTITY and not is_personal(folded) and is_case_number(folded, pair.value)
    return folded in KINDS[kind]


def _form(seen: Described, form: SeenForm) -> Proposal:
    reasons = list(form_reasons(form))
    adapter = "by_hand" if reasons else "form"
    if not reasons:
        reasons = list(_doubts(seen, form))
    return Proposal(
        adapter,
        seen.url,
        wanted_of(form),
        label=seen.status.hint if seen.status else "",
        date=seen.status.date_hint if seen.status else "",
        words=unknown_words(seen.status),
        reasons=(*reasons, *status_reasons(seen), *plain_reasons(seen.url)),
    )


def _doubts(seen: Described, form: SeenForm) -> Iterator[Reason]:
    """What a person should make sure of, though the form can be sent."""
    if not any(f.is_identity for f in form.wanted):
        yield Reason("form_unsure")
    if any(f.role == "query" and f.spot != form.spot for f in seen.forms):
        yield Reason("several_forms")
    if not form.has_button and seen.script_size:
        yield Reason("no_button")


def wanted_of(form: SeenForm) -> tuple[Wanted, ...]:
    """What a reference says for a form; as options what the page has chosen already, and what nothing speaks of."""
    finds = any(f.is_identity for f in form.wanted)
    return tuple(
        Wanted(f.by, f.offered, f.preset, is_optional=True)
        if f.is_chosen
        else Wanted(f.by, f.offered, is_optional=finds and not f.choices and not f.captions)
        for f in form.fields
        if f.is_chosen or (f.is_wanted and f.by)
    )


def form_reasons(form: SeenForm) -> Iterator[Reason]:
    """Why a form can't be sent for somebody."""
    if form.captcha is not None:
        yield Reason("captcha", {"field": form.captcha.field})
    if form.is_scripted:
        yield Reason("javascript_action", {"action": form.action[:80]})
    if form.unnamed:
        yield Reason("no_name", {"fields": ", ".join(f.caption or f.id or f.kind for f in form.unnamed)})
    if not form.wanted and not form.unnamed:
        yield Reason("no_fields")
    elif form.wanted and not form.is_found:
        yield Reason("not_alone")


def _by_hand(seen: Described) -> Proposal:
    """Nothing here can be asked or read by us."""
    return Proposal("by_hand", seen.url, reasons=tuple(_obstacles(seen)))


def _obstacles(seen: Described) -> Iterator[Reason]:
    if any(form.role == "login" for form in seen.forms) or (seen.outcome and seen.outcome.reason == "login"):
        yield Reason("login")
    elif seen.scripted:
        yield Reason("script")
    elif seen.frames or seen.refresh:
        yield Reason("leads_on", {"urls": " ".join(dict.fromkeys([*seen.frames, seen.refresh])).strip()})
    else:
        yield Reason("nothing")
