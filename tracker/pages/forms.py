"""Find a form by the words beside its fields, and fill it as a browser would."""

import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from urllib.parse import quote_plus, urlsplit, urlunsplit

from tracker.core.errors import Blocked, InvalidReference, PageChanged
from tracker.core.hanzi import narrow, simplified
from tracker.pages.acts import does_something_else
from tracker.pages.captchas import captcha_of
from tracker.pages.charset import codec_of
from tracker.pages.contract import Answer, Ask, Request, Response, get, send
from tracker.pages.contract import captcha as ask_captcha
from tracker.pages.parts import Control, Document, Form

Pairs = tuple[tuple[str, str], ...]

_BUTTONS = frozenset(("submit", "image", "button", "reset"))
_SUBMITS = frozenset(("submit", "image"))
_CHOICES = frozenset(("radio", "checkbox"))
_UNTYPED = frozenset(("hidden", "select", "file", "range", "color")) | _BUTTONS | _CHOICES
_HOW = ("label", "after", "cell_left", "before", "row_above", "sibling", "inside", "placeholder", "title", "hint")
_NOISE = re.compile(r"[\s:：*＊﹕∶]+")
_REMARK = re.compile(r"(?<=.)[(（\[【][^()（）\[\]【】]*[)）\]】]$")
_ASKING = re.compile(
    r"^请?您?(?:在此|在这里)?(?:输入|填写|填入|选择|录入)(?:您的|您|你的)?"
    r"|^(?:please)?(?:enter|inputs?|type|fillin|provide|typein)(?:your|the|an?(?=.{6}))?|^your"
)
_OWNER = re.compile(r"^(?:您的|你的|您|申请人的?|本人的?|办理人的?|申办人的?|查询人的?)(?=.{2})")
_COUNTED = re.compile(r"^(?:[(（]?\d{1,2}[)）.、．]|[①-⑩])")
_ALTERNATIVES = re.compile(r"[/／、或]")
_TABS = re.compile(r"[\t\n\r]+")
_YES = frozenset(("1", "on", "yes", "true", "是", "y"))
_NO = frozenset(("", "0", "off", "no", "false", "否", "n"))


def find_form(document: Document, wanted: Sequence[str]) -> Form:
    """The form whose fields match every wanted name: a caption beside the field, or the field's own name or id."""
    fitting: list[tuple[int, Form]] = []
    for form in document.forms:
        if any(c.kind not in _UNCOUNTED for c in form.controls):
            matched = _match(form, wanted)
            if matched is not None and not does_something_else(form):
                fitting.append((sum(rank for rank, _ in matched.values()), form))
    expected = ", ".join(wanted) or "one form"
    if not fitting:
        raise PageChanged("form", expected, "; ".join(_seen(document))[:400] or "no form")
    fitting.sort(key=_worth)
    best = [form for worth, form in fitting if worth == fitting[0][0]]
    if len({(f.method, f.action, tuple(c.name for c in f.controls)) for f in best}) > 1:
        raise PageChanged("form", expected, f"{len(best)} forms that have them")
    return best[0]


_UNCOUNTED = _BUTTONS | {"hidden"}


def fill(
    form: Form, values: Mapping[str, str], page: Response, *, button: str | None = None, captcha: str | None = None
) -> Request:
    """The request that a browser would send: hidden values copied, the rest as it stands but for `values`.

    Values may be fewer than the fields. Select and radio are set by their words or values. InvalidReference where the
    page does not take a value (an option that it does not offer, longer than the field).
    """
    matched = _match(form, tuple(values))
    if matched is None:
        raise PageChanged("form", ", ".join(values), "; ".join(_captions(form))[:400] or "no fields")
    given = {control.spot: (name, values[name]) for name, (_, control) in matched.items()}
    if captcha is not None:
        asked = captcha_of(page.document, form, given)
        if asked is None:
            raise PageChanged("form", "a captcha field", "none")
        given[asked[0].spot] = (asked[0].name, captcha)
    for control in form.controls:
        if control.spot in given and not control.name:
            raise PageChanged("form", given[control.spot][0], "a field without a name")
    groups = {c.name: given[c.spot] for c in form.controls if c.kind == "radio" and c.spot in given}
    clicked = _button(form, button, max(given, default=-1))
    action, method = (clicked.action or form.action, clicked.method or form.method) if clicked else (form.action, form.method)
    _check_action(action)
    charset = form.charset or page.charset
    pairs = [pair for c in form.controls for pair in _pairs(c, given.get(c.spot), groups, clicked, form)]
    pairs = [(name, charset if name == "_charset_" else value) for name, value in pairs]
    address = urlsplit(action)
    url = urlunsplit(address._replace(query=address.query if method == "post" else "", fragment=""))
    return Request(method.upper(), url, tuple(pairs), charset, page.url)


def _check_action(action: str) -> None:
    """Only what a browser would send over the net is sent; what a script would do is not guessed."""
    scheme = _TABS.sub("", action).strip().partition(":")[0].lower()
    if scheme not in {"http", "https"}:
        raise PageChanged("form", "an address to send to", f"{scheme[:20]}: action")


def submit(
    page: Response, values: Mapping[str, str], *, button: str | None = None, captcha: str | None = None
) -> Generator[Ask, Answer, Response]:
    """Find the form for these values on a page, hand its captcha to the person if it has one, and send it.

    Blocked(login) where the form wants a password that is not among the values.
    """
    form = find_form(page.document, tuple(values))
    matched = _match(form, tuple(values)) or {}
    ours = {control.spot for _, control in matched.values()}
    if any(c.kind == "password" and c.spot not in ours for c in form.controls):
        raise Blocked("login", evidence="; ".join(_captions(form)))
    asked = captcha_of(page.document, form, ours)
    if captcha is None and asked is not None:
        _, picture, question = asked
        shown = (yield from get(picture.src, referer=page.url)) if picture is not None else None
        captcha = yield from ask_captcha(shown, question)
    return (yield from send(fill(form, values, page, button=button, captcha=captcha)))


def encode_form(pairs: Pairs, charset: str) -> bytes:
    """application/x-www-form-urlencoded in a page's charset; what it lacks becomes &#NNNN; as in browsers."""
    codec = codec_of(charset)
    return "&".join(f"{_quote(name, codec)}={_quote(value, codec)}" for name, value in pairs).encode("ascii")


def _quote(text: str, codec: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    return quote_plus(text.encode(codec, "xmlcharrefreplace"), safe="*-._").replace("~", "%7E")


def normal(name: str) -> str:
    """A caption or name as it is compared: NFKC, simplified, case folded, without white space, colons and stars."""
    return _NOISE.sub("", simplified(narrow(name))).casefold()


def bare(caption: str) -> str:
    """A caption's own words: 请输入受理编号（18位） -> 受理编号."""
    return _ASKING.sub("", _REMARK.sub("", _COUNTED.sub("", caption)))


def field_of(form: Form, name: str) -> Control | None:
    """The one field that answers to a name; of radios that go together the first."""
    matched = _match(form, (name,))
    return matched[name][1] if matched else None


def _match(form: Form, wanted: Sequence[str]) -> dict[str, tuple[int, Control]] | None:
    """Per wanted name how well which control fits; None where one fits none, or two, or two fit the same."""
    found: dict[str, tuple[int, Control]] = {}
    for name in wanted:
        ranked = sorted(_ranked(form, normal(name)), key=_worth)
        if not ranked:
            return None
        best = [control for rank, control in ranked if rank == ranked[0][0]]
        if len(best) > 1 and not (best[0].kind == "radio" and len({c.name for c in best}) == 1):
            return None
        found[name] = (ranked[0][0], best[0])
    if len({_identity(control) for _, control in found.values()}) < len(found):
        return None
    return found


def _identity(control: Control) -> tuple[int, str]:
    return (-1, control.name) if control.kind == "radio" else (control.spot, "")


def _worth(item: tuple[int, object]) -> int:
    return item[0]


def _ranked(form: Form, name: str) -> Iterator[tuple[int, Control]]:
    """Every control that answers to a name, with how surely (less is better); a text field before a select beside it."""
    for control in form.controls:
        if control.kind in _BUTTONS:
            continue
        if name in (normal(control.name), normal(control.id)):
            yield 0, control
            continue
        ranks = [_HOW.index(c.how) * 4 + extra for c in control.captions if (extra := _alike(c.text, name)) is not None]
        if ranks:
            yield min(ranks) + 1 + (control.kind in _UNTYPED), control


def _alike(caption: str, name: str) -> int | None:
    """0 where a caption is the name, 2 without （18位） behind or 请输入 in front, 3 as one of several, else None."""
    caption = normal(caption)
    if caption == name:
        return 0
    words = bare(caption)
    if name in (words, _OWNER.sub("", words)):
        return 2 if name else None
    return 3 if name and name in _ALTERNATIVES.split(words) else None


def _captions(form: Form) -> list[str]:
    return [c.captions[0].text if c.captions else c.name for c in form.controls if c.kind not in _UNCOUNTED]


def _seen(document: Document) -> list[str]:
    return [text for form in document.forms for text in _captions(form) if text]


def _button(form: Form, name: str | None, last: int) -> Control | None:
    """The submit button to click: the one of this name, value or words; else the first behind the `last` filled field.

    ASP.NET wraps the whole page into one form: its first button belongs to the site search, not to the query.
    """
    buttons = [c for c in form.controls if c.kind in _SUBMITS and not c.disabled]
    if name is None:
        return next((c for c in buttons if c.spot > last), buttons[0] if buttons else None)
    want = normal(name)
    for control in buttons:
        if want in [normal(t) for t in (control.name, control.id, control.value, *(c.text for c in control.captions))]:
            return control
    seen = "; ".join(c.value or c.name for c in buttons)
    raise PageChanged("form", f"a button {name}", seen or "no button")


def _pairs(
    control: Control,
    given: tuple[str, str] | None,
    groups: Mapping[str, tuple[str, str]],
    clicked: Control | None,
    form: Form,
) -> Iterator[tuple[str, str]]:
    """What one control adds to the request."""
    name, kind = control.name, control.kind
    if control.disabled:
        if given is not None:
            raise PageChanged("form", given[0], "a disabled field")
        return
    if kind in _BUTTONS:
        if clicked is not None and control.spot == clicked.spot:
            yield from _click(control)
    elif not name:
        return
    elif kind == "select":
        yield from ((name, value) for value in _chosen(control, given))
    elif kind == "radio":
        if _is_checked(control, groups.get(name), form):
            yield name, control.value
    elif kind == "checkbox":
        if _is_ticked(control, given):
            yield name, control.value
    else:
        yield name, _typed(control, given)


def _click(control: Control) -> Iterator[tuple[str, str]]:
    if control.kind == "image":
        prefix = f"{control.name}." if control.name else ""
        yield f"{prefix}x", "1"
        yield f"{prefix}y", "1"
    elif control.name:
        yield control.name, control.value


def _typed(control: Control, given: tuple[str, str] | None) -> str:
    if given is None:
        return "" if control.kind == "file" else control.value
    name, value = given
    if control.max_length is not None and len(value) > control.max_length > 0:
        raise InvalidReference(name, f"at most {control.max_length} characters")
    return value


def _chosen(control: Control, given: tuple[str, str] | None) -> list[str]:
    """The values of a select's chosen options."""
    if given is not None:
        name, want = given
        for option in control.options:
            if not option.disabled and want and normal(want) in (normal(option.text), normal(option.value)):
                return [option.value]
        raise InvalidReference(name, "; ".join(o.text for o in control.options))
    selected = [o.value for o in control.options if o.selected and not o.disabled]
    if control.multiple:
        return selected
    if any(o.selected for o in control.options):
        return selected[-1:]
    return [o.value for o in control.options if not o.disabled][:1]


def _is_checked(control: Control, given: tuple[str, str] | None, form: Form) -> bool:
    """Whether this radio is the chosen one of its group, by the words beside it or its value."""
    group = [c for c in form.controls if c.kind == "radio" and c.name == control.name and not c.disabled]
    if given is None:
        return control.spot == next((c.spot for c in reversed(group) if c.checked), -1)
    name, want = given
    for radio in group:
        if normal(want) in [normal(t) for t in (radio.value, *(c.text for c in radio.captions if c.how in _OWN_WORDS))]:
            return control.spot == radio.spot
    raise InvalidReference(name, "; ".join(c.text for r in group for c in r.captions[:1]))


_OWN_WORDS = frozenset(("label", "after", "inside", "title"))


def _is_ticked(control: Control, given: tuple[str, str] | None) -> bool:
    if given is None:
        return control.checked
    name, want = given
    if normal(want) in _NO:
        return False
    own = [normal(t) for t in (control.value, *(c.text for c in control.captions))]
    if normal(want) in _YES or normal(want) in own:
        return True
    raise InvalidReference(name, "; ".join(c.text for c in control.captions))


__all__ = ["Pairs", "bare", "captcha_of", "encode_form", "field_of", "fill", "find_form", "normal", "submit"]
