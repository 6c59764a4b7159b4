"""Recordings: folders of saved exchanges with the outcome that they must have, replayed through the real fetcher.

tests/recordings/<adapter>/<scenario>/
    scenario.toml       adapter, origin (constructed or seen), time, url, words, [reference], [read], [ask], [expected]
    NN.request.toml     method, url, form (pairs), charset, json (a body's text), cookie
    NN.response.toml    status, content_type, body (a file beside it), set_cookie
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import respx

from tests.shell.fetching import pace
from tracker.core.errors import CheckError
from tracker.core.model import AskHints, Outcome, ReadHints, Reading, Reference
from tracker.fetch.drive import Fetcher
from tracker.pages.adapter import Adapter, Response, hosts_of
from tracker.pages.forms import encode_form

RECORDINGS = Path(__file__).parent / "recordings"


@dataclass(frozen=True)
class Exchange:
    """One request as it must be sent, and its answer."""

    method: str
    url: str
    status: int
    content_type: str
    body: bytes
    form: tuple[tuple[str, str], ...] = ()
    charset: str = "utf-8"
    json: str | None = None
    cookie: str | None = None
    set_cookie: str | None = None

    def response(self) -> Response:
        return Response(self.url, self.status, self.content_type, self.body)


@dataclass(frozen=True)
class Scenario:
    """One recording. `expected`: outcome, and of reason, where, label, identity, reported_on, notice, details what matters."""

    adapter: str
    name: str
    origin: str
    time: datetime
    reference: Reference
    expected: Mapping[str, Any]
    exchanges: tuple[Exchange, ...] = field(repr=False)


def load(folder: Path) -> Scenario:
    """Read a recording's folder."""
    told = tomllib.loads((folder / "scenario.toml").read_text("utf-8"))
    hints: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in told.get("read", {}).items()}
    ask = AskHints(**told.get("ask", {}))
    reference = Reference(told["reference"], told["url"], ReadHints(**hints), ask, frozenset(told.get("words", ())))
    exchanges = tuple(_exchange(request) for request in sorted(folder.glob("*.request.toml")))
    return Scenario(told["adapter"], folder.name, told["origin"], told["time"], reference, told["expected"], exchanges)


def folders() -> list[Path]:
    """All recordings."""
    return sorted(file.parent for file in RECORDINGS.glob("*/*/scenario.toml"))


async def replay(scenario: Scenario, adapter: Adapter) -> Reading | Outcome:
    """Run the adapter's flow over the recorded exchanges; every request must be the recorded one, in order."""
    waiting = list(scenario.exchanges)

    def answer(request: httpx.Request) -> httpx.Response:
        exchange = waiting.pop(0)
        _same(request, exchange)
        headers = {"Content-Type": exchange.content_type}
        if exchange.set_cookie:
            headers["Set-Cookie"] = exchange.set_cookie
        return httpx.Response(exchange.status, headers=headers, content=exchange.body)

    hosts = hosts_of(adapter.META, scenario.reference)
    made = Fetcher(
        pace=pace(), user_agent="tracker/0", timeout=timedelta(seconds=5), max_body=2**21, clock=lambda: datetime.now(UTC)
    )
    with respx.mock(assert_all_called=False) as router:
        router.route().mock(side_effect=answer)
        async with made as fetcher:
            try:
                got: Reading | Outcome = await fetcher.run(adapter.query(scenario.reference), hosts=hosts, gap=timedelta(0))
            except CheckError as error:
                got = error.outcome()
    assert not waiting, f"{len(waiting)} recorded requests were not made"
    return got


def _same(request: httpx.Request, exchange: Exchange) -> None:
    """Whether a request is the recorded one, to the bytes of its form."""
    sent = exchange.json.encode() if exchange.json is not None else encode_form(exchange.form, exchange.charset)
    url, body = (exchange.url, sent) if exchange.method == "POST" else (_with_query(exchange.url, sent), b"")
    assert (request.method, str(request.url), request.content) == (exchange.method, url, body)
    if exchange.method == "POST":
        kind = "application/x-www-form-urlencoded" if exchange.json is None else "application/json; charset=utf-8"
        assert request.headers["Content-Type"] == kind
    if exchange.cookie is not None:
        assert request.headers["Cookie"] == exchange.cookie


def _with_query(url: str, query: bytes) -> str:
    if not query:
        return url
    return f"{url}{'&' if urlsplit(url).query else '?'}{query.decode()}"


def _exchange(request: Path) -> Exchange:
    asked = tomllib.loads(request.read_text("utf-8"))
    answered = tomllib.loads(request.with_name(request.name.replace("request", "response")).read_text("utf-8"))
    answered["body"] = (request.parent / answered["body"]).read_bytes()
    asked["form"] = tuple((name, value) for name, value in asked.get("form", ()))
    return Exchange(**asked, **answered)
