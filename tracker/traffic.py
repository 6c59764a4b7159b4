"""What a browser's recorded exchanges say about asking a site: which one has the answer, what was sent for it, and what of
that is the person's own.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from html import unescape
from urllib.parse import urlsplit

from tracker.core.errors import CheckError
from tracker.har import Exchange
from tracker.pages.contract import Response
from tracker.pages.described import Described, describe
from tracker.pages.document import Control, Form
from tracker.pages.identity import Match, compare
from tracker.pages.jsonseen import SeenJson, describe_json
from tracker.pages.proposed import TOKEN
from tracker.sent import Sent, sent_in, sent_in_path, values_of
from tracker.talk import Key, Talk
from tracker.tokens import fetches_of, is_door

_CALL = re.compile(r"(?:/\*\*/)?\s*[\w$.]{1,80}\s*\(\s*[{\[]")
_COUNTERS = re.compile(r"_g[ai]|_gat|Hm_l|_pk_|UM_|CNZZ|_hj|_fbp|__utm|sensorsdata|_trs_|arialoadData|_jz", re.IGNORECASE)
_UNTYPED = frozenset({"hidden", "submit", "button", "image", "reset"})
_SHORTEST_SECRET = 16
_NAME_OF_A_PART = re.compile(r"[A-Za-z_][A-Za-z_$.:]*[0-9]{0,3}[A-Za-z_$.:]*[0-9]{0,3}")
_MOST = 400  # exchanges that are looked into


def find_talk(exchanges: Sequence[Exchange]) -> Talk | None:
    """The exchange whose answer holds a status; else the one that asked for a case; else the page with a form."""
    best: tuple[int, int] = (0, -1)
    found: Talk | None = None
    likely = [e for e in exchanges if e.body and e.kind not in {"style", "image", "font", "media"}]
    for number, exchange in enumerate(likely[-_MOST:]):  # the answer comes last, behind all that its pages loaded
        talk = _looked_into(exchange, _asking(exchange, exchanges))
        worth = (_worth(talk), number) if talk is not None else (0, number)
        if talk is not None and worth[0] and worth > best:
            best, found = worth, talk
    return _with_surroundings(found, exchanges) if found is not None else None


# --- one exchange ----------------------------------------------------------------------------------------------------


def _looked_into(exchange: Exchange, asked: Exchange) -> Talk | None:
    """The answer described, by what it was asked with; None where it is neither a page nor JSON."""
    page = exchange.response()
    sent, nested = sent_in(asked, page.charset)
    try:
        if _is_json(page):
            seen = describe_json(page, values_of(sent, "reference"))
            given = sent + sent_in_path(exchange)
            repeated = [replace(s, role="reference") if _is_repeated(s, seen) else s for s in given]
            if repeated != given:
                seen = describe_json(page, values_of(repeated, "reference"))
            sent = [s for s in repeated if s.where != "path" or s.role == "reference"]
            return Talk(exchange, asked, json=seen, sent=tuple(sent), is_nested=nested)
        if exchange.kind == "script" or "<" not in page.text[:2000]:
            return None
        return Talk(exchange, asked, html=describe(page), sent=tuple(sent), is_nested=nested)
    except CheckError:
        return None


def _is_json(page: Response) -> bool:
    text = page.text[:400].lstrip("\ufeff \t\r\n")
    return text.startswith(("{", "[")) or _CALL.match(text) is not None


def _is_repeated(sent: Sent, seen: SeenJson) -> bool:
    """Whether an answer repeats what was sent, long enough to be no accident."""
    shortest = 2 if not sent.value.isascii() else 6 if sent.value.isdecimal() else 4
    if sent.role != "constant" or len(sent.value) < shortest:
        return False
    return any(v.role != "status" and compare(v.value, sent.value) is Match.FULL for v in seen.values)


def _worth(talk: Talk) -> int:
    """How much speaks for this exchange being the one; 0: nothing.

    A status that nobody asked for is often that of something else (news, other people's cases): where an answer repeats what
    the person sent, nothing of that kind outweighs it.
    """
    asked = bool(talk.reference)
    worth = 0
    if talk.html is not None:
        worth = _worth_of_page(talk, talk.html, asked=asked)
    if talk.json is not None:
        seen = talk.json
        if seen.reading is not None:
            known = seen.meaning is not None and seen.meaning.known
            worth = 42 if known else 12 if seen.number else 24 if asked else 7
        elif seen.outcome is not None and seen.outcome.kind.value == "not_listed" and asked:
            worth = 9
        if _repeats(talk, seen):
            worth += 35  # our record, also where nobody can say yet where its status stands
    if worth > 9 and asked:
        worth += 10
    return worth


def _worth_of_page(talk: Talk, page: Described, *, asked: bool) -> int:
    form = page.query
    if page.status is not None:
        return 40 if page.status.meaning.known else 25 if asked else 7
    if page.outcome is not None and page.outcome.kind.value == "not_listed":
        return 8 if asked else 2
    if any(s.value in talk.exchange.response().text for s in talk.sent if s.role == "reference" or _is_words(s)):
        return 12
    if form is not None:
        return 6 if form.role == "query" else 2
    return 1 if any(f.role == "login" for f in page.forms) else 0


def _is_words(sent: Sent) -> bool:
    """Whether somebody may have typed a value, whatever its field is called."""
    return sent.role == "constant" and len(sent.value) > 3 and not sent.value.isdecimal()


def _repeats(talk: Talk, seen: SeenJson) -> bool:
    """Whether an answer shows what the person sent, also masked."""
    told_apart = {Match.FULL, Match.PART}
    shown = [v.value for v in seen.values if v.role == "identity"]
    return any(compare(text, value) in told_apart for text in shown for value in talk.reference.values())


# --- what stands around it -------------------------------------------------------------------------------------------


def _with_surroundings(talk: Talk, exchanges: Sequence[Exchange]) -> Talk:
    asked = talk.asked
    before = exchanges[: next(n for n, e in enumerate(exchanges) if e is asked)]
    sent = [replace(s, role="token") if s.role == "own_token" and _was_given(s.value, before) else s for s in talk.sent]
    talk = replace(talk, sent=tuple(sent), keys=tuple(_keys(asked, before)), logged_in=_logged_in(talk, before))
    if talk.html is not None:
        talk = _with_form(talk, before)
    if talk.form is not None:
        return talk
    talk = replace(talk, fetches=fetches_of(asked, talk.sent, before))
    first = next((e for e in before if e.kind == "document" and e.host == talk.exchange.host and _is_page(e)), None)
    return replace(talk, page=first)


def _asking(exchange: Exchange, exchanges: Sequence[Exchange]) -> Exchange:
    """The exchange whose redirects led to this one."""
    for earlier in reversed(exchanges[: next(n for n, e in enumerate(exchanges) if e is exchange)]):
        if earlier.location == exchange.url:
            exchange = earlier
    return exchange


def _is_page(exchange: Exchange) -> bool:
    return exchange.method == "GET" and bool(exchange.body) and 200 <= exchange.status < 300


def _was_given(value: str, before: Sequence[Exchange]) -> bool:
    """Whether an earlier answer held a value: then the site gives it to whoever asks."""
    raw = value.encode()
    return len(value) > 3 and any(raw in (e.body or b"") or any(value in v for _, v in e.response_headers) for e in before)


def _keys(exchange: Exchange, before: Sequence[Exchange]) -> Iterator[Key]:
    """The cookies and headers that may open the door."""
    for name, value in exchange.request_headers:
        folded = name.lower()
        if folded == "cookie":
            for part in value.split(";"):
                cookie, _, text = part.strip().partition("=")
                if cookie and not _COUNTERS.match(cookie):
                    by = _setter(cookie, text, exchange.host, before)
                    there = [e for e in before if e.host == exchange.host]
                    plain = len(text) < _SHORTEST_SECRET and not TOKEN.search(cookie)
                    is_new = _setter(cookie, "", exchange.host, before) is None
                    made = is_new and plain and any(cookie not in _cookies(e) for e in there)
                    yield Key(cookie, "cookie", by is not None, by or "", made)
        elif is_door(name):
            yield Key(name, "header", _was_given(value.removeprefix("Bearer "), before))


def _cookies(exchange: Exchange) -> set[str]:
    return {part.partition("=")[0].strip() for part in exchange.asked_with("cookie").split(";")}


def _setter(cookie: str, value: str, host: str, before: Sequence[Exchange]) -> str | None:
    """The address whose answer set a cookie; None where nothing in the recording did."""
    for exchange in before:
        lines = [v for name, v in exchange.response_headers if exchange.host == host and name.lower() == "set-cookie"]
        if any(line.strip().startswith(f"{cookie}={value}") for text in lines for line in text.split("\n")):
            return exchange.url
    return None


def _logged_in(talk: Talk, before: Sequence[Exchange]) -> str:
    """What shows that somebody was logged in: a log-out beside the answer, or a password that was sent before."""
    for exchange in before:
        if (
            exchange.host == talk.exchange.host
            and exchange is not talk.asked
            and any(s.role == "password" for s in sent_in(exchange)[0])
        ):
            return urlsplit(exchange.url).path
    if talk.html is not None:
        return talk.html.logged_in
    pages = [e for e in before if e.host == talk.exchange.host and e.kind == "document" and e.body]
    for exchange in pages[-2:]:
        with suppress(CheckError):
            words = describe(exchange.response()).logged_in
            if words:
                return words
    return ""


# --- the form that was sent ------------------------------------------------------------------------------------------


def _with_form(talk: Talk, before: Sequence[Exchange]) -> Talk:
    """The page whose form asked for this answer, and which of its fields the person filled in."""
    names = {s.name for s in talk.sent}
    for exchange in reversed(before):
        if exchange.kind != "document" or not exchange.body:
            continue
        try:
            document = exchange.response().document
        except CheckError:
            continue
        form = next((f for f in document.forms if _sends(f, talk.asked, names)), None)
        if form is not None:
            page = exchange.response()
            text, charsets = unescape(page.text), (form.charset, page.charset, talk.exchange.response().charset)
            talk = replace(talk, sent=tuple(sent_in(talk.asked, *filter(None, charsets))[0]))
            return _read_for_its_owner(_compared(replace(talk, page=exchange, form=form), form, text))
    return talk


def _read_for_its_owner(talk: Talk) -> Talk:
    """The answer read once more, now that it is known by which captions it was asked."""
    assert talk.page is not None
    page = describe(talk.page.response())
    form = next((f for f in page.forms if talk.form and f.spot == talk.form.spot), None)
    assert form is not None  # it has a field that was sent
    if form.role != "login":  # a query may want a password of its own
        talk = replace(talk, sent=tuple(replace(s, role="reference") if s.role == "password" else s for s in talk.sent))
    sent = talk.reference
    values = {f.by: sent[f.name] for f in form.wanted if f.name in sent}
    return replace(talk, html=describe(talk.exchange.response(), values), form_page=page, sent_form=form)


def _sends(form: Form, exchange: Exchange, names: set[str]) -> bool:
    same = form.action.partition("?")[0].partition("#")[0] == exchange.url.partition("?")[0]
    own = {c.name for c in form.controls if c.name}
    return same and form.method == exchange.method.lower() and bool(own & names)


def _compared(talk: Talk, form: Form, text: str) -> Talk:
    """What differs from the page as it came is what the person typed or chose, or what a script put there."""
    controls: dict[str, list[Control]] = {}
    for control in form.controls:
        controls.setdefault(control.name, []).append(control)
    sent = tuple(replace(one, role=_role_in_form(one, controls.get(one.name, []))) for one in talk.sent)
    made = [one for one in talk.sent if _is_scripted(one, controls.get(one.name, []))]
    pressed = {one.name: one.value for one in made if one.name in controls and _is_spelt_out(one, text)}
    scripted = dict.fromkeys(one.name for one in made if one.name not in pressed)
    return replace(talk, sent=sent, scripted=tuple(scripted), pressed=tuple(pressed.items()))


def _role_in_form(one: Sent, there: Sequence[Control]) -> str:
    """What a field's value is, now that the page is known that it stood on."""
    chosen = bool(one.value) and any(c.kind not in _UNTYPED for c in there) and one.value not in _presets(there)
    if one.role in {"captcha", "password"}:
        return one.role
    if one.role in {"token", "own_token"} and not chosen:
        return "token"  # copied from the page, or named among what a script put there
    if chosen:
        return "reference"
    return "copied" if one.value and any(c.kind == "hidden" and c.value == one.value for c in there) else "constant"


def _is_spelt_out(sent: Sent, text: str) -> bool:
    """Whether a page has a value in quotes, as in `__doPostBack('lbQuery','')`: a name that stays, no token of the day."""
    quoted = f"'{sent.value}'" in text or f'"{sent.value}"' in text
    return quoted and _NAME_OF_A_PART.fullmatch(sent.value) is not None and not TOKEN.search(sent.name)


def _is_scripted(sent: Sent, there: Sequence[Control]) -> bool:
    """Whether a script put a value there: another one than the page's hidden one, or one for no field at all."""
    if sent.role in {"stamp", "captcha"} or sent.name.endswith((".x", ".y")) or sent.name in {"x", "y"}:
        return False
    hidden = [c for c in there if c.kind == "hidden"]
    return all(c.value != sent.value for c in hidden) if hidden else not there and sent.where == "form"


def _presets(controls: Sequence[Control]) -> list[str]:
    """What a browser would have sent of these fields had nobody touched them."""
    found = [c.value for c in controls if c.kind not in {"radio", "checkbox", "select"}]
    found += [c.value for c in controls if c.checked]
    for control in controls:
        options = [o for o in control.options if not o.disabled]
        found += [o.value for o in options if o.selected] or [o.value for o in options[:1]]
    return found
