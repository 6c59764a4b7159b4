"""A recording run again: the adapter's own flow over the saved exchanges, by the rules of a check and without a network."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tracker.core.errors import CheckError, PageChanged
from tracker.core.model import Outcome, OutcomeKind, Reading
from tracker.fetch.saved import Got, Sent, run_saved
from tracker.pages.contract import Adapter, Pairs, hosts_of
from tracker.recordings.scenario import Exchange, Scenario


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of it. `departed`: where the flow asked for something else than was recorded; `left`: what it never asked."""

    got: Reading | Outcome | None
    departed: "Departed | None" = None
    left: int = 0


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that is not as expected. `field`: as in the recording, "request 2", or "requests" for their number."""

    field: str
    expected: str
    found: str


class Departed(Exception):
    """The flow asked for something that was not recorded at this place."""

    def __init__(self, number: int, part: str, expected: str, found: str) -> None:
        super().__init__(f"request {number}: {part}")
        self.number, self.part, self.expected, self.found = number, part, expected, found


def replayed(scenario: Scenario, adapter: Adapter) -> Replayed:
    """Run it: every request must be the recorded one, in order."""
    if scenario.shown:
        return Replayed(read_shown(scenario, adapter))
    waiting = list(enumerate(scenario.exchanges, 1))

    def answer(sent: Sent) -> Got:
        if not waiting:
            raise Departed(len(scenario.exchanges) + 1, "address", "", f"{sent.method} {sent.url}")
        number, exchange = waiting.pop(0)
        _compare(number, sent, exchange)
        return Got(
            exchange.status, exchange.content_type, exchange.body, exchange.cookies, exchange.location, exchange.retry_after
        )

    flow = adapter.query(scenario.reference)
    hosts = hosts_of(adapter.META, scenario.reference)
    try:
        got: Reading | Outcome = asyncio.run(run_saved(flow, hosts=hosts, answer=answer, at=scenario.time))
    except CheckError as error:
        got = error.outcome()
    except Departed as departed:
        return Replayed(None, departed)
    return Replayed(got, left=len(waiting))


def read_shown(scenario: Scenario, adapter: Adapter) -> Reading | Outcome:
    """What the adapter reads on the page that a person showed."""
    try:
        return adapter.read(scenario.exchanges[-1].response(), scenario.reference)
    except CheckError as error:
        return error.outcome()
    except Exception as error:  # noqa: BLE001 - an adapter is anybody's code: its crash on a page is an outcome too
        return PageChanged("adapter", "a page that it understands", type(error).__name__).outcome()


def _compare(number: int, sent: Sent, exchange: Exchange) -> None:
    """Departed where a request is not the recorded one, to the bytes of its form."""
    method, url, body, kind = exchange.asked
    pairs = [
        ("address", f"{method} {url}", f"{sent.method} {sent.url}"),
        ("body", body.decode("utf-8", "replace"), sent.body.decode("utf-8", "replace")),
        ("kind", kind, sent.kind),
        ("cookie", exchange.cookie, sent.cookie if exchange.cookie is not None else None),
        ("headers", _lines(exchange.headers), _lines(sent.headers)),
    ]
    for part, expected, found in pairs:
        if expected != found:
            raise Departed(number, part, expected or "", found or "")


def _lines(headers: Pairs) -> str:
    return "; ".join(f"{name}: {value}" for name, value in headers)


# --- what is expected ------------------------------------------------------------------------------------------------


def expectation(got: Reading | Outcome) -> dict[str, Any]:
    """What a recording expects that reads like this."""
    if isinstance(got, Reading):
        told: dict[str, Any] = {"outcome": OutcomeKind.READ.value, "label": got.label, "identity": got.identity.value}
        told |= {"reported_on": got.reported_on, "notice": got.notice, "watched": got.watched, "details": dict(got.details)}
        return {key: value for key, value in told.items() if value not in (None, {})}
    assert got.problem is not None
    kept = {key: value for key, value in got.problem.params.items() if key in _LASTING}
    return {"outcome": got.kind.value, "reason": got.problem.reason, **kept}


# What else of a problem stays the same from run to run; the rest quotes the page.
_LASTING = ("where", "field", "status")


def differences(expected: Mapping[str, Any], run: Replayed) -> list[Difference]:
    """Field by field what is not as expected; nothing where all is."""
    if run.departed is not None:
        gone = run.departed
        return [Difference(f"request {gone.number} ({gone.part})", gone.expected or "-", gone.found or "-")]
    assert run.got is not None
    found = list(_differences(dict(expected), run.got))
    if run.left:
        found.append(Difference("requests", "all that were recorded", f"{run.left} never made"))
    return found


def _differences(expected: dict[str, Any], got: Reading | Outcome) -> Iterator[Difference]:
    if isinstance(got, Reading):
        seen: dict[str, Any] = {"outcome": OutcomeKind.READ, "label": got.label, "identity": got.identity}
        seen |= {"reported_on": got.reported_on, "notice": got.notice, "watched": got.watched}
        wanted = dict.fromkeys(seen) | {key: value for key, value in expected.items() if key != "details"}
        yield from _unequal(wanted, seen, "")
        if expected.get("outcome") == OutcomeKind.READ:
            yield from _unequal(expected.get("details", {}), got.details, "details.")
        return
    problem = got.problem
    assert problem is not None
    seen = {"outcome": got.kind, "reason": problem.reason, **problem.params}
    yield from _unequal(expected, {key: seen.get(key) for key in expected}, "")


def _unequal(expected: Mapping[str, Any], found: Mapping[str, Any], prefix: str) -> Iterator[Difference]:
    for key in dict.fromkeys([*expected, *found]):
        wanted, there = expected.get(key), found.get(key)
        if wanted != there:
            yield Difference(f"{prefix}{key}", _shown(wanted), _shown(there))


def _shown(value: object) -> str:
    return "-" if value is None else str(value)
