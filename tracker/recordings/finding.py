"""The exchanges of a HAR that an adapter's flow asks for; other tabs, pictures and scripts are left where they are."""

import asyncio
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from difflib import SequenceMatcher
from urllib.parse import unquote_to_bytes, urlsplit

from tracker.core.errors import CheckError
from tracker.core.model import Identity, Outcome, Reading, Reference
from tracker.fetch.saved import Got, Sent, run_saved
from tracker.har import Exchange
from tracker.pages.contract import Adapter, hosts_of
from tracker.recordings.secrets import is_plain

NEAR = 5
_READABLE = ("document", "data", "other")

Pairs = list[tuple[bytes, bytes]]


class NotInHarError(Exception):
    """The flow asked for something that the HAR does not hold. `lost`: it is there, but "body" or "text" was not kept."""

    def __init__(self, sent: Sent, near: Sequence[Exchange], lost: str = "") -> None:
        super().__init__(f"{sent.method} {sent.url}")
        self.sent, self.near, self.lost = sent, tuple(near), lost


class NoHostError(Exception):
    """The HAR holds nothing of the adapter's site. `there`: the hosts that it holds pages of."""

    def __init__(self, wanted: Iterable[str], there: Iterable[str]) -> None:
        super().__init__(", ".join(wanted))
        self.wanted, self.there = tuple(wanted), tuple(there)


@dataclass(slots=True)
class Finder:
    """Answers a flow's requests from a HAR; `answers` are those that it gave, in order."""

    exchanges: Sequence[Exchange]
    reference: Reference
    answers: list[Got] = field(default_factory=list)
    _used: list[int] = field(default_factory=list)

    def __call__(self, sent: Sent) -> Got:
        ranked = sorted(
            (rank, number)
            for number, exchange in enumerate(self.exchanges)
            if exchange.status and (rank := self._rank(sent, exchange, number)) is not None
        )
        if not ranked:
            raise NotInHarError(sent, self._near(sent))
        number = ranked[0][1]
        exchange = self.exchanges[number]
        if 200 <= exchange.response().status < 300 and (exchange.body is None or exchange.damaged):
            raise NotInHarError(sent, [exchange], "body" if exchange.body is None else "text")
        self._used.append(number)
        self.answers.append(_got(exchange))
        return self.answers[-1]

    def _rank(self, sent: Sent, exchange: Exchange, number: int) -> tuple[int, ...] | None:
        """How well a recorded exchange answers a request, less is better; None where it is another one."""
        if exchange.method != sent.method or _place(exchange.url)[1:] != _place(sent.url)[1:]:
            return None
        ours, theirs = _pairs(sent.url, sent.body, sent.kind), _pairs(exchange.url, exchange.sent, exchange.sent_type)
        personal = [pair for pair in ours if self._is_asked(pair[1])]
        if any(pair not in theirs for pair in personal):
            return None  # somebody else was asked for
        apart = sum(pair not in theirs for pair in ours) + sum(pair not in ours for pair in theirs)
        lost = exchange.body is None or exchange.damaged
        after = self._used[-1] if self._used else -1
        return (lost, number in self._used, apart, _place(exchange.url)[0] != _place(sent.url)[0], number < after)

    def _is_asked(self, value: bytes) -> bool:
        wanted = [v for v in self.reference.values.values() if not is_plain(v)]
        return any(value in (v.encode(), v.encode("gb18030", "ignore")) for v in wanted)

    def _near(self, sent: Sent) -> list[Exchange]:
        """What the HAR holds instead: of the same host first, then by the likeness of the address."""
        readable = [e for e in self.exchanges if e.kind in _READABLE]
        return sorted(readable, key=lambda e: (e.host != urlsplit(sent.url).hostname, -_likeness(e, sent)))[:NEAR]


def found(exchanges: Sequence[Exchange], adapter: Adapter, reference: Reference, at: datetime) -> tuple[list[Got], str]:
    """(the answers that the flow gets, the address that it begins at).

    Where the reference has no address, the pages of the HAR are tried in order: the first from which it reads. Raises
    NotInHarError, NoHostError.
    """
    hosts = hosts_of(adapter.META, reference)
    there = list(dict.fromkeys(e.host for e in exchanges if e.kind == "document"))
    if hosts and not any(e.host in hosts for e in exchanges):
        raise NoHostError(sorted(hosts), there)
    if reference.url:
        finder = Finder(exchanges, reference)
        _run(finder, adapter, reference, at)
        return finder.answers, reference.url
    best: tuple[int, list[Got], str] | None = None
    for url in beginnings(exchanges):
        tried = Reference(reference.values, url, reference.read, reference.ask, reference.words)
        finder = Finder(exchanges, tried)
        try:
            got = _run(finder, adapter, tried, at)
        except NotInHarError:
            continue
        worth = 2 if isinstance(got, Reading) else 1 if got.kind != "page_changed" else 0
        if best is None or worth > best[0]:
            best = worth, finder.answers, url
    if best is None or not best[0]:
        raise NoHostError((), there)
    return best[1], best[2]


def beginnings(exchanges: Sequence[Exchange]) -> list[str]:
    """The addresses of a HAR that a flow could begin at."""
    return list(dict.fromkeys(e.url for e in exchanges if e.method == "GET" and e.kind in _READABLE and e.status))


def shown_page(exchanges: Sequence[Exchange], adapter: Adapter, reference: Reference) -> tuple[Got, str] | None:
    """The last page of a HAR that the adapter reads when it is shown to it, and its address; one that names the case first."""
    hosts = hosts_of(adapter.META, reference)
    read: list[tuple[bool, int]] = []
    for number, exchange in enumerate(exchanges):
        if (
            exchange.body is None
            or exchange.damaged
            or exchange.kind not in _READABLE
            or (hosts and exchange.host not in hosts)
        ):
            continue
        with suppress(CheckError):
            read.append((adapter.read(exchange.response(), reference).identity is Identity.MATCHED, number))
    if not read:
        return None
    exchange = exchanges[max(read)[1]]
    return _got(exchange), exchange.url


def _run(finder: Finder, adapter: Adapter, reference: Reference, at: datetime) -> Reading | Outcome:
    hosts = hosts_of(adapter.META, reference)
    try:
        return asyncio.run(run_saved(adapter.query(reference), hosts=hosts, answer=finder, at=at))
    except CheckError as error:
        return error.outcome()


def _got(exchange: Exchange) -> Got:
    response = exchange.response()
    cookies = [line for n, v in exchange.response_headers if n.lower() == "set-cookie" for line in v.split("\n")]
    return Got(
        response.status,
        exchange.content_type,
        response.body,
        tuple(filter(None, map(str.strip, cookies))),
        exchange.location,
        exchange.header("retry-after"),
    )


def _place(url: str) -> tuple[str, str, str]:
    """(scheme, host, path) of an address, without the session's id in it."""
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower(), parts.path.partition(";")[0] or "/"


def _pairs(url: str, body: bytes, kind: str) -> Pairs:
    """What a request says: the pairs of its query and of its body."""
    found = _split(urlsplit(url).query.encode())
    if "json" in kind:
        return found + _of_json(body)
    return found + (_split(body) if body else [])


def _split(text: bytes) -> Pairs:
    pairs = (part.partition(b"=") for part in text.split(b"&") if part)
    return [(_unquoted(name), _unquoted(value)) for name, _, value in pairs]


def _unquoted(text: bytes) -> bytes:
    return unquote_to_bytes(text.replace(b"+", b" "))


def _of_json(body: bytes) -> Pairs:
    try:
        tree = json.loads(body)
    except ValueError:
        return [(b"", body)]
    return list(_leaves("", tree))


def _leaves(name: str, value: object) -> Iterator[tuple[bytes, bytes]]:
    """The plain values of a body, however deep: the person's own may lie in an object of its own."""
    if isinstance(value, Mapping):
        for inner, one in value.items():
            yield from _leaves(str(inner), one)
    elif isinstance(value, list):
        for one in value:
            yield from _leaves(name, one)
    else:
        yield name.encode(), (value if isinstance(value, str) else json.dumps(value)).encode("utf-8", "replace")


def _likeness(exchange: Exchange, sent: Sent) -> float:
    same = SequenceMatcher(None, urlsplit(exchange.url).path, urlsplit(sent.url).path).ratio()
    return same + (exchange.method == sent.method) / 4
