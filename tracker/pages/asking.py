"""Ways of asking that several adapters share: a query form, wherever on the site it stands; a query without repeats."""

import re
from collections.abc import Callable, Generator
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

from tracker.core.errors import PageChanged
from tracker.core.model import Reading, Reference
from tracker.pages.contract import Answer, Ask, Response, get
from tracker.pages.forms import find_form, submit
from tracker.pages.frames import frames_of, leads_to
from tracker.pages.jsonpath import NOTHING, follow, json_path
from tracker.pages.jsontext import json_of
from tracker.pages.jsonwalk import text_of
from tracker.pages.recognise import recognise

MOST_FRAMES = 3
_VALUE = re.compile(r"[^\s\"'<>;&]{1,2000}")


def ask_by_form(reference: Reference) -> Generator[Ask, Answer, Response]:
    """Open the case's url, find the form there or in its frames, fill and send it; receives the answer."""
    page = yield from _with_form(reference)
    return (yield from submit(page, reference.values))


def read_inside(
    page: Response, reference: Reference, read: Callable[[Response, Reference], Reading]
) -> Generator[Ask, Answer, Reading]:
    """What a page says, or the one that it only frames or leads to."""
    try:
        return read(page, reference)
    except PageChanged:
        inner = yield from inner_page(page)
        if inner is None:
            raise
    return read(inner, reference)


def inner_page(answer: Response) -> Generator[Ask, Answer, Response | None]:
    """The page that an answer only frames or leads to; None where it leads nowhere."""
    inner = leads_to(answer)
    if inner is None:
        return None
    return (yield from get(inner, referer=answer.url))


def not_in_query(reference: Reference) -> tuple[tuple[str, str], ...]:
    """The reference as pairs of a query, but for names that the address has already."""
    there = {name for name, _ in parse_qsl(urlsplit(reference.url).query, keep_blank_values=True)}
    return tuple((name, value) for name, value in reference.values.items() if name not in there)


def value_in(page: Response, place: str) -> str:
    """A value that an answer gives for the next request, such as a token; PageChanged where it isn't there.

    `place`: `json:` and a path, `css:` and a selector (its content, value or text), or `after:` and the words in front of it.
    """
    kind, _, where = place.partition(":")
    ways = {"json": _in_json, "css": _in_markup, "after": _behind}
    if kind not in ways:
        raise _misnamed("a place that begins with json:, css: or after:", place)
    found = ways[kind](page, where, place)
    if not found:
        raise PageChanged("page", place, "nothing")
    return found


def _misnamed(allowed: str, place: str) -> PageChanged:
    """The adapter names a place that can be on no page."""
    return PageChanged("adapter", allowed, place[:60] or "nothing")


def _in_json(page: Response, where: str, place: str) -> str:
    steps = json_path(where)
    if steps is None:
        raise _misnamed("a path into the answer", place)
    return text_of(follow(json_of(page), steps, lambda _: NOTHING)[-1]) or ""


def _in_markup(page: Response, where: str, place: str) -> str:
    soup = page.soup
    from soupsieve import SelectorSyntaxError  # noqa: PLC0415 - start-up time: it is loaded with the soup

    try:
        element = soup.select_one(where)
    except SelectorSyntaxError:
        raise _misnamed("a CSS selector", place) from None
    return "" if element is None else str(element.get("content") or element.get("value") or element.get_text(strip=True))


def _behind(page: Response, where: str, place: str) -> str:
    if not where:
        raise _misnamed("words in front of the value", place)
    found = _VALUE.match(page.text.partition(where)[2])
    return found[0] if found else ""


def _with_form(reference: Reference) -> Generator[Ask, Answer, Response]:
    """The page that has the form: the case's url, or one that it frames or leads to."""
    first = yield from get(reference.url)
    if has_form(first, reference):
        return first
    page = first
    for address in frames_of(first)[:MOST_FRAMES]:
        page = yield from get(address, referer=first.url)
        if has_form(page, reference):
            return page
    obstacle = recognise(page) or recognise(first)
    if obstacle is not None:
        raise obstacle
    return page


def has_form(page: Response, reference: Reference) -> bool:
    """Whether a page has the one form with a field for each value of the reference."""
    try:
        find_form(page.document, tuple(reference.values))
    except PageChanged:
        return False
    return True


def hinted(reference: Reference, *, label: str | None = None, date: str | None = None) -> Reference:
    """The reference with what an adapter knows of the answer's captions (or `json:` paths); what the case says goes first."""
    own = reference.read
    return replace(reference, read=replace(own, label=own.label or label, date=own.date or date))
