"""A recording made of answers: scrubbed, run again as it will be replayed, and refused where anything personal is left."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import unquote_to_bytes

from tracker.core.errors import CheckError
from tracker.core.model import Outcome, Reading, Reference
from tracker.fetch.saved import Got, Sent, run_saved
from tracker.pages.charset import decode
from tracker.pages.contract import Adapter, hosts_of
from tracker.pages.forms import encode_form
from tracker.recordings import people, secrets
from tracker.recordings.invented import is_real_id
from tracker.recordings.layers import Wide, remains
from tracker.recordings.replaying import expectation, read_shown
from tracker.recordings.scenario import FORM, JSON, Exchange, Scenario, texts_of
from tracker.recordings.scrub import Scrubber, known, without_pictures
from tracker.recordings.secrets import Secret

_ID = re.compile(r"[0-9]{17}[0-9Xx]")


@dataclass(frozen=True, slots=True)
class Replacement:
    """What was replaced by what, how often and in which files."""

    secret: Secret
    count: int
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """A recording that may be written, and how it came about. `kept`: reference values that say nothing of a person."""

    scenario: Scenario
    replaced: tuple[Replacement, ...]
    kept: Mapping[str, str] = field(repr=False)


class LeftOverError(Exception):
    """A known value, or a number of a person, is still there: nothing may be written. `captions`: whose."""

    def __init__(self, files: Sequence[str], captions: Sequence[str]) -> None:
        super().__init__(", ".join(files))
        self.files, self.captions = tuple(files), tuple(captions)


class ReadsOtherwiseError(Exception):
    """Without the personal data the page no longer reads the same."""

    def __init__(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        super().__init__("the scrubbed pages read otherwise")
        self.before, self.after = before, after


def made(
    adapter: Adapter,
    reference: Reference,
    answers: Sequence[Got],
    *,
    name: str,
    at: datetime,
    shown: bool = False,
    note: str = "",
    hidden: Sequence[str] = (),
) -> Made:
    """A recording of these answers, in the order in which the flow gets them; `hidden`: what to hide besides.

    Raises LeftOverError, ReadsOtherwiseError, NoStandInError.
    """
    real = Scenario(adapter.META.id, name, "seen", at, reference, {}, (), reviewed=False, shown=shown, note=note)
    before, _ = _run(adapter, real, answers)
    answers = [without_pictures(got) for got in answers]
    found = secrets.find(answers, reference, adapter.META, hidden)
    found = replace(found, secrets=tuple(s for s in found.secrets if not _is_label(s, before)))
    scrubber = Scrubber(found.secrets)
    clean = [scrubber.answer(got, f"{number:02d}.response") for number, got in enumerate(answers, 1)]
    invented = replace(
        reference,
        values={n: v if n in found.kept else _stand_in(v, found.secrets) for n, v in reference.values.items()},
        url=scrubber.text(reference.url, "scenario.toml"),
    )
    blank = replace(real, reference=invented)
    after, exchanges = _run(adapter, blank, clean)
    scenario = replace(blank, expected=expectation(after), exchanges=exchanges)
    _require_same(expectation(before), scenario.expected, found.secrets)
    _require_clean(scenario, found.secrets)
    return Made(scenario, tuple(_replacements(scrubber)), found.kept)


def _is_label(secret: Secret, before: Reading | Outcome) -> bool:
    """Whether what looks like a token, or stands beside a personal caption, is the authority's word for the status."""
    return secret.kind in {"token", "person"} and isinstance(before, Reading) and secret.value == before.label


def _stand_in(value: str, found: Sequence[Secret]) -> str:
    return next(s.stand_in for s in found if s.value == value)


def _run(adapter: Adapter, scenario: Scenario, answers: Sequence[Got]) -> tuple[Reading | Outcome, tuple[Exchange, ...]]:
    """What is read from the answers as they come, and the exchanges that it took."""
    if scenario.shown:
        page = answers[-1]
        exchange = Exchange("GET", scenario.reference.url, page.status, page.content_type, page.body)
        return read_shown(replace(scenario, exchanges=(exchange,)), adapter), (exchange,)
    waiting, exchanges = list(answers), []

    def answer(sent: Sent) -> Got:
        if not waiting:
            raise _MoreError
        got = waiting.pop(0)
        exchanges.append(exchange_of(sent, got))
        return got

    hosts = hosts_of(adapter.META, scenario.reference)
    try:
        flow = adapter.query(scenario.reference)
        got: Reading | Outcome = asyncio.run(run_saved(flow, hosts=hosts, answer=answer, at=scenario.time))
    except CheckError as error:
        got = error.outcome()
    except _MoreError:
        raise ReadsOtherwiseError({"requests": len(answers)}, {"requests": len(answers) + 1}) from None
    return got, tuple(exchanges)


class _MoreError(Exception):
    """The flow asks for more than it did before."""


def exchange_of(sent: Sent, got: Got) -> Exchange:
    """One exchange as a recording has it: a form by its pairs where they give the very same bytes."""
    form, charset, raw = _form(sent) if sent.kind == FORM else ((), "utf-8", None)
    return Exchange(
        sent.method,
        sent.url,
        got.status,
        got.content_type,
        got.body if 200 <= got.status < 300 else b"",
        form=form,
        charset=charset,
        json=sent.body.decode("utf-8") if sent.kind == JSON else None,
        sent=raw,
        cookie=sent.cookie,
        set_cookie=got.set_cookie,
        location=got.location,
        retry_after=got.retry_after,
    )


def _form(sent: Sent) -> tuple[tuple[tuple[str, str], ...], str, str | None]:
    parts = [part.partition(b"=") for part in sent.body.replace(b"+", b" ").split(b"&") if part]
    for charset in ("utf-8", "gb18030"):
        try:
            pairs = tuple((unquote_to_bytes(n).decode(charset), unquote_to_bytes(v).decode(charset)) for n, _, v in parts)
        except UnicodeDecodeError:
            continue
        if encode_form(pairs, charset) == sent.body:
            return pairs, charset, None
    return (), "utf-8", sent.body.decode("ascii", "replace")


def _require_same(before: Mapping[str, Any], after: Mapping[str, Any], found: Sequence[Secret]) -> None:
    """The scrubbed pages must read as the real ones did, but for what was replaced."""
    scrubber = Scrubber(found)
    expected = _scrubbed(before, scrubber)
    if expected != _scrubbed(after, scrubber) and expected != after:
        raise ReadsOtherwiseError(expected, after)


def _scrubbed(told: Mapping[str, Any], scrubber: Scrubber) -> dict[str, Any]:
    return {
        key: _scrubbed(value, scrubber)
        if isinstance(value, Mapping)
        else scrubber.text(value)
        if isinstance(value, str)
        else value
        for key, value in told.items()
    }


def _require_clean(scenario: Scenario, found: Sequence[Secret]) -> None:
    """No known value anywhere, in any encoding, and no number that could be a person's."""
    values = known(found)
    wide = Wide(values)
    files, left = [], []
    if there := remains(scenario.name, values):
        files.append("--scenario")
        left += there
    for name, content in texts_of(scenario).items():
        text = decode(content)[0]
        there = remains(text, values)
        there += wide.among(content)
        if there or any(map(_is_a_persons, people.numbers(text))):
            files.append(name)
            left += there
    if files:
        raise LeftOverError(files, [s.caption or s.kind for s in found if s.value in left])


def _is_a_persons(found: tuple[str, str]) -> bool:
    kind, value = found
    return kind == "phone" or (kind == "number" and _ID.fullmatch(value) is not None and is_real_id(value))


def _replacements(scrubber: Scrubber) -> list[Replacement]:
    return [
        Replacement(secret, counted.total(), tuple(sorted(counted)))
        for secret in scrubber.secrets
        if (counted := scrubber.counts.get(secret.value))
    ]
