"""The first run's questions about a case: how it is read, where, and by which numbers."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from pydantic_core import PydanticCustomError

from tracker.cli.screen import Screen
from tracker.config import values
from tracker.core.mask import is_personal, mask_value
from tracker.core.times import day_text
from tracker.core.words import N_
from tracker.pages.adapter import Adapter, Field, Meta
from tracker.pages.contract import only_watches

BY_HAND = "by_hand"
_ID = re.compile(r"证件|身份证|护照|passport|\bid\b|id ?(?:number|card|no)", re.IGNORECASE)
# What those adapters do that know no site of their own, in a person's words.
_PLAIN = {
    "form": N_("a page with a query form: it is filled in and sent for you"),
    "page": N_("a page that shows the answer at once, such as a public list"),
    "json": N_("an address that answers programs (JSON)"),
    BY_HAND: N_("I look myself, and say or show what is there; no site is asked"),
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A case as far as it was said."""

    name: str
    adapter: str
    url: str = ""
    reference: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def tree(self) -> dict[str, Any]:
        """As a user would write it."""
        parts = {"name": self.name, "adapter": self.adapter, "url": self.url, "reference": dict(self.reference)}
        return {key: value for key, value in parts.items() if value}


def ask_case(
    screen: Screen, adapters: Mapping[str, Adapter], taken: Iterable[str], before: Draft | None = None
) -> Draft | None:
    """A whole case, the last answers as defaults; None: the person doesn't want one."""
    there = set(taken)
    while True:
        adapter = _adapter(screen, adapters, before)
        if not adapter:
            return None
        meta = adapters[adapter].META
        url = _url(screen, meta, before)
        if url is None:
            continue
        reference = _reference(screen, meta, before.reference if before else {})
        if reference is None:
            continue
        name = before.name if before else _name(screen, there)
        draft = _sent_plainly(screen, Draft(name, adapter, url, reference), meta.home, by_hand=BY_HAND in adapters)
        if draft is not None:
            return draft


def _adapter(screen: Screen, adapters: Mapping[str, Adapter], before: Draft | None) -> str:
    screen.title(screen._("How is the case looked up?"))
    names = sorted(adapters, key=lambda name: _rank(adapters[name].META))
    options = [_described(screen, adapters[name].META) for name in names]
    usual = before.adapter if before else "form"
    chosen = names.index(usual) + 1 if usual in names else 1
    number = screen.choose([*options, screen._("no case for now")], chosen)
    return names[number - 1] if number <= len(names) else ""


def _rank(meta: Meta) -> tuple[int, int, str]:
    """What knows a site of its own comes first: who has such a case needs to know nothing else. Last, what has no status."""
    usual = list(_PLAIN).index(meta.id) if meta.id in _PLAIN else 0
    return (2 if only_watches(meta) else 1 if meta.id in _PLAIN else 0), usual, meta.id


def _described(screen: Screen, meta: Meta) -> str:
    if meta.id in _PLAIN:
        return screen._(_PLAIN[meta.id])
    language = "zh-CN" if screen.tr.info().get("language", "").startswith("zh") else "en"
    title = meta.title.get(language) or meta.id
    if meta.verified_on:
        sure = screen._("confirmed {day}").format(day=day_text(meta.verified_on, screen.tr))
    else:
        sure = screen._("nobody has confirmed this on the real site yet")
    return screen._("{what} ({words})").format(what=title, words=sure)


def _url(screen: Screen, meta: Meta, before: Draft | None) -> str | None:
    """The page's address; "" for the adapter's own; None: back."""
    is_by_hand = meta.id == BY_HAND
    if not meta.needs_url and not is_by_hand:
        return ""
    default = before.url if before and before.url else meta.home
    text = (
        screen._("Address of the page where you look (Enter: none)") if is_by_hand else screen._("Address of the progress page")
    )
    if not is_by_hand and not default:
        text = screen._("{what} (Enter: back)").format(what=text)
    allowed = screen._("an address begins with http:// or https://, such as https://www.example.org/query")
    answer = screen.ask(text, default, check=lambda a: None if _is_address(a) else allowed)
    return answer if answer or is_by_hand else None


def _is_address(text: str) -> bool:
    try:
        return bool(values.web_url(text))
    except PydanticCustomError:
        return False


def _reference(screen: Screen, meta: Meta, before: Mapping[str, str]) -> dict[str, str] | None:
    """What finds the case; None: back."""
    if not meta.free_reference:
        return _fields(screen, meta.reference, before)
    optional = meta.id == BY_HAND
    screen.say(
        screen._("Which number finds your case? A page that you show is then compared with it.")
        if optional
        else screen._("What does the page ask for? Its caption as it stands there, then your value; one after the other.")
    )
    usual = [field.name for field in meta.reference]
    if usual:
        screen.say(screen._("Usually: {captions}").format(captions=screen._(", ").join(usual)))
    found: dict[str, str] = {}
    suggested = [*before] if before else [*usual, "受理编号"]
    while True:
        default = next((caption for caption in suggested if caption not in found), "")
        if optional:
            default = ""
        text = screen._("Caption (Enter: that was all)") if found or optional else screen._("Caption")
        caption = screen.ask(text, default if not found or before else "")
        if not caption:
            return found
        value = _value(screen, caption, None, before.get(caption, ""))
        if value:
            found[caption] = value
        elif not found and not optional:
            return None


def _fields(screen: Screen, fields: Iterable[Field], before: Mapping[str, str]) -> dict[str, str] | None:
    found = {}
    for one in fields:
        value = _value(screen, one.name, one, before.get(one.name, ""))
        if value:
            found[one.name] = value
        elif one.required:
            return None
    return found


def _value(screen: Screen, caption: str, wanted: Field | None, before: str) -> str:
    """One value. An ID number is not echoed, and shown back masked. "": left out, or back."""
    pattern = wanted.pattern if wanted else None
    out = screen._("Enter: back") if wanted is None or wanted.required else screen._("Enter: leave out")
    text = screen._("{what} ({words})").format(what=caption, words=screen._("Enter: as before") if before else out)
    shape = screen._("something of the shape {pattern}").format(pattern=pattern)
    while True:
        answer = screen.ask(
            text, secret=bool(_ID.search(caption)), check=lambda a: shape if pattern and not re.fullmatch(pattern, a) else None
        )
        answer = answer or before
        if not answer or not is_personal(caption):
            return answer
        shown = screen._("{what}: {words}").format(what=caption, words=mask_value(answer))
        length = screen.tr.ngettext("{count} character", "{count} characters", len(answer)).format(count=len(answer))
        if screen.confirm(screen._("{what} ({words}), right?").format(what=shown, words=length), default=True):
            return answer
        before = ""


def _name(screen: Screen, taken: set[str]) -> str:
    def wrong(answer: str) -> str | None:
        if answer in taken:
            return screen._("there is a case of this name already")
        try:
            values.name(answer)
        except PydanticCustomError:
            return screen._("a name has 1 to 64 characters, no /, and does not begin with -")
        return None

    default = next(n for n in (screen._("me"), *(f"{screen._('me')}-{number}" for number in range(2, 1000))) if n not in taken)
    return screen.ask(screen._("What do you call it in messages?"), default, check=wrong)


def goes_plainly(draft: Draft, home: str = "") -> str:
    """The host to which personal data would travel unencrypted; "" where none does."""
    parts = urlsplit(draft.url or home)
    host = parts.hostname or ""
    open_way = parts.scheme == "http" and bool(draft.reference) and draft.adapter != BY_HAND
    return host if open_way and not values.is_loopback(host) else ""


def _sent_plainly(screen: Screen, draft: Draft, home: str, *, by_hand: bool) -> Draft | None:
    """Asks once before numbers travel over plain http; None: another address."""
    host = goes_plainly(draft, home)
    if not host:
        return draft
    screen.say(
        screen._(
            "The page has no encryption (http, not https): on the way to {host} anybody in between could read your numbers."
        ).format(host=host),
        "yellow",
    )
    if screen.confirm(screen._("Send them all the same?"), default=False):
        return draft
    options = [screen._("another address, or another way")]
    if by_hand:
        options.append(screen._("I look myself: no site is asked"))
    return None if screen.choose(options) == 1 else replace(draft, adapter=BY_HAND)
