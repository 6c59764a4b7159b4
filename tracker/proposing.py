"""The case that would ask a site as a browser was recorded asking it; and what stands against that."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from tracker.core.errors import PageChanged
from tracker.pages.described import Described
from tracker.pages.formed import SeenForm, leads_to
from tracker.pages.jsonseen import SeenJson
from tracker.pages.proposed import (
    Proposal,
    Reason,
    Wanted,
    plain_reasons,
    propose,
    status_reasons,
    unknown_words,
    wanted_of,
    without_person,
)
from tracker.pages.whose import says_nothing
from tracker.pages.words import JSON_KINDS, plain_key
from tracker.sent import Sent
from tracker.talk import Talk


def propose_talk(talk: Talk) -> Proposal:
    """The case for the exchange that matters."""
    if talk.json is not None:
        return _json(talk, talk.json)
    assert talk.html is not None
    if talk.form is not None:
        return _form(talk, talk.html)
    if talk.is_by_script:
        return _fragment(talk, talk.html)
    if talk.asked.method == "GET" and not talk.reference:
        return _with_login(propose(talk.html), talk)
    return _page(talk, talk.html)


# --- a page ----------------------------------------------------------------------------------------------------------


def _form(talk: Talk, answer: Described) -> Proposal:
    """The answer to a form whose page was recorded too."""
    page, form = talk.form_page, talk.sent_form
    assert page is not None
    assert form is not None
    used = _used(talk, form)
    reasons = list(_against(talk))
    if form.captcha is not None and not any(r.code == "captcha" for r in reasons):
        reasons.insert(0, Reason("captcha", {"field": form.captcha.field}))
    if talk.scripted:
        reasons.append(Reason("scripted_fields", {"fields": ", ".join(talk.scripted)}))
    if not (_is_found(talk, used) if used else form.is_found):
        reasons.append(Reason("not_alone"))
    status = answer.status
    adapter = "by_hand" if reasons else "form"
    return Proposal(
        adapter,
        _without_person(page.url, talk),
        used or wanted_of(form),
        label=status.hint if status else "",
        date=status.date_hint if status else "",
        words=unknown_words(status),
        reasons=(*reasons, *status_reasons(answer), *_unread(answer, adapter), *plain_reasons(page.url)),
    )


def _used(talk: Talk, form: SeenForm) -> tuple[Wanted, ...]:
    """What the person typed and chose, in the words of the page; and what a link that sent the form put there."""
    sent = talk.reference
    mine = [
        Wanted(f.by, f.offered, f.words_for(sent[f.name]))
        if f.choices
        else Wanted(f.by, value="yes" if f.kind == "checkbox" else "")
        for f in form.fields
        if f.by and f.name in sent and (f.kind != "checkbox" or sent[f.name] in f.values)
    ]
    if not mine:
        return ()
    used = tuple(mine + [Wanted(name, value=value) for name, value in talk.pressed])
    return used if _is_found(talk, used) else tuple(_by_field_names(used, form))


def _by_field_names(used: Sequence[Wanted], form: SeenForm) -> Iterator[Wanted]:
    """The same by the fields' own names: another form has the same captions."""
    names = {f.by: f.name for f in form.fields}
    return (replace(one, name=names.get(one.name, one.name)) for one in used)


def _is_found(talk: Talk, used: Sequence[Wanted]) -> bool:
    assert talk.page is not None
    assert talk.form is not None
    return leads_to(talk.page.response().document, talk.form, [one.name for one in used])


def _unread(answer: Described, adapter: str) -> Iterator[Reason]:
    """What is to be said of an answer that nobody could read yet."""
    if adapter != "by_hand" and answer.status is None and not answer.empty:
        yield Reason("answer_unread")


def _page(talk: Talk, answer: Described) -> Proposal:
    """An answer whose form was not recorded."""
    status, url = answer.status, talk.asked.url
    reasons = [*_against(talk), Reason("no_form_page")]
    referer = talk.asked.asked_with("referer")
    base = Proposal("form", _without_person(referer or url, talk), tuple(Wanted(name) for name in talk.reference))
    return replace(
        base,
        adapter="by_hand" if len(reasons) > 1 else "form",
        label=status.hint if status else "",
        date=status.date_hint if status else "",
        words=unknown_words(status),
        reasons=(*reasons, *status_reasons(answer), *plain_reasons(url)),
    )


def _fragment(talk: Talk, answer: Described) -> Proposal:
    """A piece of a page that a script asked for, and put into its own page."""
    status, hard = answer.status, list(_against(talk))
    own = [] if hard else [Reason("fragment"), *_beyond_the_built_in(talk)]
    return Proposal(
        "by_hand",
        _address(talk),
        _wanted(talk),
        method=talk.exchange.method,
        body="json" if any(s.where == "json" for s in talk.sent) else "form",
        label=status.hint if status else "",
        date=status.date_hint if status else "",
        words=unknown_words(status),
        first=_opened_first(talk),
        look=_without_person(talk.page.url, talk) if talk.page is not None else "",
        body_json=_body(talk) if talk.is_nested else None,
        fetches=talk.fetches,
        drafted="" if hard or talk.exchange.method not in {"GET", "POST"} else "asked",
        reasons=(*hard, *own, *status_reasons(answer), *plain_reasons(talk.exchange.url)),
    )


def _opened_first(talk: Talk) -> str:
    """The page that gives the cookies which a request carried; none where what is fetched anyway gives them."""
    return _without_person(talk.page.url, talk) if talk.page is not None and _fresh_cookies(talk) else ""


def _fresh_cookies(talk: Talk) -> list[str]:
    """The cookies that the site gave, but for those that come with a token that is fetched anyway."""
    fetched = {fetch.url.partition("?")[0] for fetch in talk.fetches}
    return [k.name for k in talk.keys if k.where == "cookie" and k.is_given and k.by.partition("?")[0] not in fetched]


def _with_login(proposal: Proposal, talk: Talk) -> Proposal:
    reasons = [r for r in _against(talk) if r.code == "logged_in"]
    if not reasons:
        return replace(proposal, url=_without_person(proposal.url, talk))
    return replace(proposal, adapter="by_hand", reasons=(*reasons, *proposal.reasons))


# --- JSON ------------------------------------------------------------------------------------------------------------


def _json(talk: Talk, seen: SeenJson) -> Proposal:
    exchange = talk.exchange
    hard = list(_against(talk))
    own = [] if hard else list(_beyond_the_built_in(talk))
    notes = [*_notes(talk, seen), *plain_reasons(exchange.url)]
    body = [s for s in talk.sent if s.where in {"form", "json"}]
    is_json = any(s.where == "json" for s in body) or (talk.is_nested and exchange.method == "POST")
    return Proposal(
        "by_hand" if hard or own else "json",
        _address(talk),
        _wanted(talk),
        method=exchange.method if exchange.method in {"GET", "POST"} else "POST",
        body="json" if is_json else "form",
        label=f"json:{seen.label_path}" if seen.label_path else "",
        date=f"json:{seen.date_path}" if seen.date_path else "",
        words=(seen.label,) if seen.label and not (seen.meaning and seen.meaning.known) else (),
        numbers=seen.number,
        look=_without_person(talk.page.url, talk) if talk.page is not None else "",
        first=_opened_first(talk),
        body_json=_body(talk) if talk.is_nested else None,
        fetches=talk.fetches,
        drafted="" if hard else "json",
        reasons=(*hard, *own, *notes),
    )


def _wanted(talk: Talk) -> tuple[Wanted, ...]:
    """What the reference says: the case's own values, and the constants that go into the body beside them."""
    mine = [Wanted(s.name or _name_in_path(talk)) for s in talk.sent if s.role == "reference"]
    fixed = [
        Wanted(s.name, value=s.value)
        for s in talk.sent
        if s.role == "constant" and s.where in {"form", "json"} and s.value and not talk.is_nested
    ]
    telling = _telling_key(talk, talk.json) if talk.json is not None and talk.is_nested else ""
    return tuple(dict.fromkeys([*mine, *([Wanted(telling)] if telling else []), *fixed]))


def _telling_key(talk: Talk, seen: SeenJson) -> str:
    """The key of the number that tells several records of one person apart, where what was sent does not; else ""."""
    if not isinstance(seen.outcome, PageChanged) or seen.outcome.where != "record":
        return ""
    said = talk.reference.values()
    numbers = [v for v in seen.values if v.entry and plain_key(v.key) in JSON_KINDS["number"] and v.value not in said]
    return numbers[0].key if len({v.value for v in numbers}) > 1 else ""


def _name_in_path(talk: Talk) -> str:
    """What the answer calls the number that stood in the address's path."""
    value = next((s.value for s in talk.sent if s.where == "path"), "")
    shown = talk.json.values if talk.json else ()
    return next((v.key for v in shown if v.value == value), "number")


def _address(talk: Talk) -> str:
    """Where it was asked, without the person's own values, clocks and tokens."""
    parts = urlsplit(talk.exchange.url)
    drop = {s.name for s in talk.sent if s.where == "query" and s.role != "constant"}
    query = [(n, v) for n, v in parse_qsl(parts.query, keep_blank_values=True) if n not in drop]
    path = parts.path.partition(";")[0]
    if any(s.where == "path" for s in talk.sent):
        path = path.rpartition("/")[0] + "/"
    return urlunsplit((parts.scheme, parts.netloc, path, urlencode(query), ""))


def _without_person(url: str, talk: Talk) -> str:
    return without_person(url, talk.known)[0]


def _body(talk: Talk) -> object:
    """The JSON body with the constants in it; what is somebody's, or of the moment, stands as `Sent`."""
    try:
        tree: object = json.loads(talk.exchange.sent)
    except ValueError:
        return None
    clocks = {s.name for s in talk.sent if s.role == "stamp"}
    return _marked(tree, {s.value: s for s in talk.sent if s.value and s.role not in {"constant", "stamp"}}, clocks)


def _marked(tree: object, mine: dict[str, Sent], clocks: set[str]) -> object:
    if isinstance(tree, dict):
        return {name: _marked(value, mine, clocks) for name, value in tree.items() if name not in clocks}
    if isinstance(tree, list):
        return [_marked(value, mine, clocks) for value in tree]
    return mine.get(str(tree), tree) if isinstance(tree, str | int) and not isinstance(tree, bool) else tree


# --- what stands against it ------------------------------------------------------------------------------------------


def _against(talk: Talk) -> Iterator[Reason]:
    """What only the person may have: then nobody asks for them."""
    if talk.logged_in:
        yield Reason("logged_in", {"evidence": talk.logged_in})
    captchas = [s.name for s in talk.sent if s.role == "captcha"]
    if captchas:
        yield Reason("captcha", {"field": ", ".join(captchas)})
    if any(s.role == "password" for s in talk.sent):
        yield Reason("login")
    if talk.json is None and not talk.is_by_script:  # a form brings its page's cookies and hidden values along
        return
    headers = [k.name for k in talk.keys if k.where == "header" and not k.is_given]
    if headers:
        yield Reason("own_header", {"names": ", ".join(headers)})
    cookies = [k.name for k in talk.keys if k.where == "cookie" and not k.is_given and not k.is_made]
    if cookies:
        yield Reason("own_cookie", {"names": ", ".join(cookies)})
    tokens = [s.name for s in talk.sent if s.role == "own_token"]
    if tokens:
        yield Reason("own_token", {"names": ", ".join(tokens)})


def _beyond_the_built_in(talk: Talk) -> Iterator[Reason]:
    """What an adapter of one's own can do, and the built-in one can't."""
    given = [k.name for k in talk.keys if k.where == "header"] + [s.name for s in talk.sent if s.role == "token"]
    fetched = {fetch.name for fetch in talk.fetches}
    lost = [name for name in given if name not in fetched]
    if given:
        names = ", ".join(lost or given)
        yield Reason("lost_token" if lost else "fresh_token", {"names": names})
    if talk.is_nested:
        yield Reason("nested_body")
    if any(s.where == "path" for s in talk.sent):
        yield Reason("in_path")
    if talk.exchange.method not in {"GET", "POST"}:
        yield Reason("method", {"method": talk.exchange.method})


def _notes(talk: Talk, seen: SeenJson) -> Iterator[Reason]:
    """What is to be said of a case that can be asked for."""
    given = _fresh_cookies(talk)
    if given:
        yield Reason(
            "fresh_cookie", {"names": ", ".join(given), "url": _without_person(talk.page.url, talk) if talk.page else ""}
        )
    made = [k.name for k in talk.keys if k.is_made]
    if made:
        yield Reason("script_cookie", {"names": ", ".join(made)})
    if _telling_key(talk, seen):
        yield Reason("which_record", {"key": _telling_key(talk, seen)})
    if not talk.reference:
        yield Reason("no_reference")
    if seen.number:
        yield Reason("label_number", {"label": seen.label})
    elif seen.label and not (seen.meaning and seen.meaning.known):
        yield Reason("label_unknown", {"label": seen.label})
    elif not seen.label_path:
        empty = next((v.path for v in seen.values if v.role == "status" and says_nothing(v.value)), "")
        yield Reason("status_empty", {"caption": f"json:{empty}"}) if empty else Reason("no_label")
