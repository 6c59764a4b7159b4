"""Where a token of a recorded request came from: the earlier exchange that gave it, and its place in that answer."""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from tracker.core.errors import CheckError
from tracker.har import Exchange
from tracker.pages.asking import value_in
from tracker.pages.contract import Response
from tracker.pages.jsonseen import places_of
from tracker.pages.proposed import TOKEN, Fetch, without_person
from tracker.sent import Sent, sent_in

_FRONT = 40
_NAMED = re.compile(r"[\w.:\-]{1,60}")


def is_door(header: str) -> bool:
    """Whether a request's header may open a door: a browser's own never do."""
    folded = header.lower()
    return folded == "authorization" or (TOKEN.search(folded) is not None and not folded.startswith(("sec-", "cookie")))


def fetches_of(asked: Exchange, sent: Sequence[Sent], before: Sequence[Exchange]) -> tuple[Fetch, ...]:
    """How each token can be fetched anew, where a request of nobody's own gives it."""
    carried = {"query"} if asked.method == "GET" else {"form", "json"}
    doors = [Sent(name, value, "header", "token") for name, value in asked.request_headers if is_door(name)]
    tokens = [one for one in sent if one.role == "token" and one.where in carried]
    found = (_fetch(one, before) for one in (*doors, *tokens))
    return tuple(fetch for fetch in found if fetch is not None)


def _fetch(token: Sent, before: Sequence[Exchange]) -> Fetch | None:
    raw = token.value.encode()
    for exchange in reversed(before):
        if exchange.kind not in {"document", "data"} or raw not in (exchange.body or b""):
            continue
        said, nested = sent_in(exchange)
        if nested or exchange.method not in {"GET", "POST"} or any(s.role not in {"constant", "stamp"} for s in said):
            continue
        place = next(_places(token.value, exchange.response()), "")
        url, cut = without_person(_without_clock(exchange.url, said))
        if place and not cut:
            body = "json" if any(s.where == "json" for s in said) else "form"
            pairs = tuple((s.name, s.value) for s in said if s.where != "query" and s.role == "constant")
            return Fetch(token.name, place, url, exchange.method, body, pairs, token.where == "header")
    return None


def _without_clock(url: str, said: Sequence[Sent]) -> str:
    clocks = {s.name for s in said if s.role == "stamp" and s.where == "query"}
    parts = urlsplit(url)
    query = [(n, v) for n, v in parse_qsl(parts.query, keep_blank_values=True) if n not in clocks]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(query), "")) if clocks else url


def _places(value: str, page: Response) -> Iterator[str]:
    """The places of the answer that give this very value, as the adapter will look for it."""
    for place in _guessed(value, page):
        try:
            if value_in(page, place) == value:
                yield place
        except CheckError:
            continue


def _guessed(value: str, page: Response) -> Iterator[str]:
    text = page.text
    if text.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        yield from (f"json:{path}" for path in places_of(page, value))
        return
    for tag, name in (("meta", "name"), ("input", "name"), ("input", "id")):
        for element in page.soup.find_all(tag, attrs={name: _NAMED}):
            if value in (element.get("content"), element.get("value")):
                yield f"css:{tag}[{name}='{element[name]}']"
    front = text.partition(value)[0][-_FRONT:].rpartition("\n")[2].lstrip()
    if front:
        yield f"after:{front}"
