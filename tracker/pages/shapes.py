"""Log-in page, captcha page, script wall: what a page is by what it consists of."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from tracker.core.errors import Blocked, CheckError
from tracker.pages import signs
from tracker.pages.contract import Response
from tracker.pages.document import Control, Document, Form
from tracker.pages.forms import captcha_of
from tracker.pages.words import key, line

_TYPED = frozenset({"text", "password", "tel", "number", "email", "search", "textarea", ""})
_SMALL_PAGE = 400  # characters of text; a portal says "您尚未登录" at the top of every page
# so many characters that are one however they are folded: most pages are told by their beginning
_NOT_SMALL = re.compile(f"(?:[^\u4e00-\u9fffA-Za-z0-9]*+[\u4e00-\u9fffA-Za-z0-9]){{{_SMALL_PAGE + 1}}}")
_SHELL = 40  # characters of text that a page still to be built by a script may have
_LARGE_SCRIPT = 500
_MOST_FORMS = 50


def by_shape(page: Response, document: Document) -> CheckError | None:
    """Log-in page, captcha page, script wall: by what the page consists of."""
    return _login_page(page, document) or _captcha_page(document) or _script_wall(page, document)


def _login_page(page: Response, document: Document) -> CheckError | None:
    """A password field with log-in words, where no other form could be the query."""
    forms = [f for f in document.forms if any(c.kind == "password" for c in typed_in(f))]
    if not forms or any(map(asks, document.forms)) or not all(len(typed_in(f)) <= 4 for f in forms):
        return None
    says = [document.title, *(w for f in forms for w in (f.action, f.id, f.name)), *_buttons(forms)]
    says += [part for part in urlsplit(page.url).path.split("/") if part.casefold().startswith(signs.LOGIN)]
    seen = next((text for text in says if any(w in key(text) for w in signs.LOGIN)), None)
    return Blocked("login", evidence=line(seen)) if seen else None


def _captcha_page(document: Document) -> CheckError | None:
    """A form that asks for a captcha, where a record was expected: an interstitial, or the query form come back."""
    for form in document.forms[:_MOST_FORMS]:
        asked = captcha_of(document, form)
        if asked is not None and not any(c.kind == "textarea" for c in form.controls):  # else a comment's, not a query's
            field, _, question = asked
            return Blocked("captcha", evidence=line(question or next((c.text for c in field.captions), field.name)))
    return None


def _script_wall(page: Response, document: Document) -> CheckError | None:
    """A page nearly without text that a script would build, or that sends a browser to the log-in."""
    if any(typed_in(f) for f in document.forms) or _NOT_SMALL.match(document.visible):
        return None
    visible = len(key(document.visible))
    if visible > _SMALL_PAGE:
        return None
    challenge = next((c for c in signs.CHALLENGES if c in page.text), None)
    if challenge:
        return Blocked("script_wall", evidence=challenge)
    if visible > _SHELL:
        return None
    source = page.text.casefold()
    if document.script_size and "location" in source and any(w in source for w in ("login", "logon", "signin")):
        return Blocked("login", evidence="location")
    if document.script_size < _LARGE_SCRIPT and not any(root in source for root in signs.SCRIPT_ROOTS):
        return None
    return Blocked("script_wall", evidence=f"{document.script_size} characters of script, {visible} of text")


def small(document: Document) -> bool:
    return len(document.visible) <= _SMALL_PAGE


def asks(form: Form) -> bool:
    """Whether a form could be the query: more to fill in than a word to search for, and no password."""
    typed = typed_in(form)
    if not typed or any(c.kind == "password" for c in typed):
        return False
    words = [key(w) for c in typed for w in (c.name, c.id, *(n.text for n in c.captions))] + [key(form.action)]
    searches = any(sign in word for word in words for sign in signs.SEARCH) or not _SHORT_NAMES.isdisjoint(words)
    return len(typed) > 1 or not searches


_SHORT_NAMES = frozenset({"q", "s", "k", "kw", "wd"})  # of a site's search


def typed_in(form: Form) -> list[Control]:
    return [c for c in form.controls if c.kind in _TYPED and not c.readonly and not c.disabled]


def _buttons(forms: Iterable[Form]) -> Iterator[str]:
    for form in forms:
        yield from (c.value for c in form.controls if c.kind in {"submit", "button", "image"})
