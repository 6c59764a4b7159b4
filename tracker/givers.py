"""Where a token comes from that a request sent on: an earlier JSON answer of the same site, which gives it to anybody."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from tracker.core.errors import CheckError
from tracker.har import Exchange
from tracker.pages.jsonseen import describe_json
from tracker.pages.proposed import Given
from tracker.sent import TOKEN, Sent, sent_in


def is_door(header: str) -> bool:
    """Whether a request's header may open a door: a browser's own never do."""
    folded = header.lower()
    return folded == "authorization" or (TOKEN.search(folded) is not None and not folded.startswith(("sec-", "cookie")))


def givers(asked: Exchange, sent: Sequence[Sent], before: Sequence[Exchange]) -> Iterator[Given]:
    """What of a request an earlier answer held, and where."""
    doors = [(name, "header", value) for name, value in asked.request_headers if is_door(name)]
    for name, where, value in [*doors, *((s.name, s.where, s.value) for s in sent if s.role == "token")]:
        place = next(_places(value, asked, before), None)
        if place is not None:
            yield Given(name, where, *place)


def _places(value: str, asked: Exchange, before: Sequence[Exchange]) -> Iterator[tuple[str, str]]:
    """(the address, the path in its answer) where a value stands; the last answer first."""
    for exchange in reversed(before):
        if exchange.host != asked.host or exchange.method != "GET" or value.encode() not in (exchange.body or b""):
            continue
        said = sent_in(exchange, "utf-8")[0]
        if any(s.role not in {"constant", "stamp"} for s in said):
            continue  # whoever asks for it says who they are
        with suppress(CheckError):
            seen = describe_json(exchange.response(), {})
            yield from (
                (_without_clock(exchange.url, said), v.path) for v in seen.values if v.value == value and "[" not in v.path
            )


def _without_clock(url: str, said: Sequence[Sent]) -> str:
    clocks = {s.name for s in said if s.role == "stamp"}
    parts = urlsplit(url)
    query = [(n, v) for n, v in parse_qsl(parts.query, keep_blank_values=True) if n not in clocks]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(query), ""))
