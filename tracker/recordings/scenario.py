"""One recording as data, read from its folder and written into one.

<recordings>/<adapter>/<scenario>/
    scenario.toml       adapter, origin (constructed or seen), reviewed, shown, time, url, words, [reference], [read], [ask],
                        [expected]
    NN.request.toml     method, url, form (pairs) with charset, or json (a body's text), or sent (any other); cookie
    NN.response.toml    status, content_type, body (a file beside it), set_cookie, location, retry_after
"""

import os
import re
import shutil
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tracker.core.errors import TrackerError
from tracker.core.model import AskHints, ReadHints, Reference
from tracker.core.words import N_
from tracker.pages.contract import Response
from tracker.pages.forms import encode_form

FORM = "application/x-www-form-urlencoded"
JSON = "application/json; charset=utf-8"
SCENARIO = "scenario.toml"
ORIGINS = ("constructed", "seen")


class RecordingError(TrackerError):
    """A recording's folder can't be read; says the file, and what is wrong with it."""

    def __init__(self, text: str, **params: object) -> None:
        super().__init__(text.format(**params))
        self._text, self._params = text, params

    def words(self, tr: Callable[[str], str]) -> str:
        return tr(self._text).format(**self._params)


@dataclass(frozen=True)
class Exchange:
    """One request as it must be sent, and its answer."""

    method: str
    url: str
    status: int
    content_type: str
    body: bytes = field(repr=False)
    form: tuple[tuple[str, str], ...] = ()
    charset: str = "utf-8"
    json: str | None = None
    sent: str | None = None
    cookie: str | None = None
    set_cookie: str | tuple[str, ...] = ()
    location: str = ""
    retry_after: str = ""

    def response(self) -> Response:
        return Response(self.url, self.status, self.content_type, self.body)

    @property
    def cookies(self) -> tuple[str, ...]:
        """The cookies that the answer sets."""
        return (self.set_cookie,) if isinstance(self.set_cookie, str) else self.set_cookie

    @property
    def asked(self) -> tuple[str, str, bytes, str]:
        """(method, address, body, its kind) as they go over the line."""
        if self.json is not None:
            return self.method, self.url, self.json.encode(), JSON
        body = self.sent.encode() if self.sent is not None else encode_form(self.form, self.charset)
        if self.method == "POST":
            return self.method, self.url, body, FORM
        query = f"{'&' if urlsplit(self.url).query else '?'}{body.decode()}" if body else ""
        return self.method, self.url + query, b"", ""


@dataclass(frozen=True)
class Scenario:
    """One recording. `expected`: outcome, and of reason, where, label, identity, reported_on, notice, details what matters.

    `shown`: its page was shown by a person, so no flow is run. `reviewed` False: nobody has looked at what is expected yet.
    """

    adapter: str
    name: str
    origin: str
    time: datetime
    reference: Reference
    expected: Mapping[str, Any]
    exchanges: tuple[Exchange, ...] = field(repr=False)
    reviewed: bool = True
    shown: bool = False
    note: str = ""

    @property
    def called(self) -> str:
        return f"{self.adapter}/{self.name}"


def folders(recordings: Path, adapter: str = "*", name: str = "*") -> list[Path]:
    """All recordings, or those of one adapter, or one."""
    found = (file.parent for file in recordings.glob(f"{adapter}/{name}/{SCENARIO}"))
    return sorted(folder for folder in found if not folder.name.startswith("."))  # one that was never finished


# --- reading ---------------------------------------------------------------------------------------------------------


def load(folder: Path) -> Scenario:
    """Read a recording's folder; RecordingError names the file and what is wrong there."""
    told = _table(folder / SCENARIO)
    try:
        hints: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in told.get("read", {}).items()}
        ask = AskHints(**told.get("ask", {}))
        reference = Reference(dict(told["reference"]), told["url"], ReadHints(**hints), ask, frozenset(told.get("words", ())))
        return Scenario(
            adapter=told["adapter"],
            name=folder.name,
            origin=told["origin"],
            time=_aware(told["time"]),
            reference=reference,
            expected=dict(told["expected"]),
            exchanges=tuple(_exchange(request) for request in sorted(folder.glob("*.request.toml"))),
            reviewed=bool(told.get("reviewed", True)),
            shown=bool(told.get("shown", False)),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _wrong(folder / SCENARIO, error) from error


def _aware(moment: object) -> datetime:
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise ValueError("time: a time with its zone is wanted")
    return moment


def _exchange(request: Path) -> Exchange:
    response = request.with_name(request.name.replace(".request.", ".response."))
    asked, answered = _table(request), _table(response)
    try:
        answered["body"] = _bytes(request.parent / answered["body"])
        asked["form"] = tuple((name, value) for name, value in asked.get("form", ()))
        if isinstance(answered.get("set_cookie"), list):
            answered["set_cookie"] = tuple(answered["set_cookie"])
        return Exchange(**asked, **answered)
    except (KeyError, TypeError, ValueError) as error:
        raise _wrong(response if isinstance(error, KeyError) else request, error) from error


def _table(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_bytes(file).decode("utf-8"))
    except ValueError as error:
        raise _wrong(file, error) from error


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        text = N_("{file}: it can't be read ({why})")
        raise RecordingError(text, file=f"{file.parent.name}/{file.name}", why=error.strerror) from error


def _wrong(file: Path, error: Exception) -> RecordingError:
    where = f"{file.parent.name}/{file.name}"
    if isinstance(error, KeyError):
        return RecordingError(N_("{file}: {key} is missing"), file=where, key=error.args[0])
    return RecordingError(N_("{file}: {why}"), file=where, why=error)


# --- writing ---------------------------------------------------------------------------------------------------------


def write(folder: Path, scenario: Scenario) -> list[Path]:
    """Write a recording into a folder that is made for it, whole or not at all; the files that were written."""
    files = texts_of(scenario)
    folder.parent.mkdir(parents=True, exist_ok=True)
    growing = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        for name, content in files.items():
            (growing / name).write_bytes(content)
        growing.chmod(0o777 & ~_umask())
        growing.rename(folder)
    except BaseException:
        shutil.rmtree(growing, ignore_errors=True)
        raise
    return [folder / name for name in sorted(files)]


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def texts_of(scenario: Scenario) -> dict[str, bytes]:
    """The files of a recording, by name."""
    files: dict[str, bytes] = {SCENARIO: _told(scenario).encode()}
    for number, exchange in enumerate(scenario.exchanges, 1):
        body = f"{number:02d}.response.{ending(exchange.content_type, exchange.body)}"
        files[f"{number:02d}.request.toml"] = _asked(exchange).encode()
        files[f"{number:02d}.response.toml"] = _answered(exchange, body).encode()
        files[body] = exchange.body
    return files


def accept(folder: Path, expected: Mapping[str, Any] | None = None) -> None:
    """Mark a recording as reviewed; with `expected`, expect that from now on. What else stands in the file stays."""
    file = folder / SCENARIO
    lines = file.read_text("utf-8").splitlines()
    lines = ["reviewed = true" if re.fullmatch(r"reviewed\s*=\s*false\s*(#.*)?", line) else line for line in lines]
    if expected is not None:
        kept, ours = [], False
        for line in lines:
            if line.lstrip().startswith("["):
                ours = re.match(r"\s*\[\s*expected\s*[.\]]", line) is not None
            if not ours:
                kept.append(line)
        while kept and not kept[-1].strip():
            kept.pop()
        lines = [*kept, *expected_lines(expected)]
    growing = file.with_name(f".{file.name}")
    try:
        growing.write_text("\n".join(lines) + "\n", "utf-8")
        growing.replace(file)
    finally:
        growing.unlink(missing_ok=True)


def ending(content_type: str, body: bytes) -> str:
    """What the file of a body is called."""
    kind = content_type.partition(";")[0].strip().lower()
    begins = body[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    if kind.startswith("image/"):
        return {"image/jpeg": "jpg", "image/gif": "gif"}.get(kind, "png")
    if "json" in kind or begins.startswith((b"{", b"[")):
        return "json"
    return "txt" if kind == "text/plain" and not begins.startswith(b"<") else "html"


def _told(scenario: Scenario) -> str:
    reference, read, ask = scenario.reference, scenario.reference.read, scenario.reference.ask
    lines = [f"# {line}".rstrip() for line in scenario.note.splitlines()]
    lines += _pairs({"adapter": scenario.adapter, "origin": scenario.origin})
    lines += _pairs({} if scenario.reviewed else {"reviewed": False})
    lines += _pairs({"shown": True} if scenario.shown else {})
    lines += _pairs({"time": scenario.time, "url": reference.url})
    lines += _pairs({"words": sorted(reference.words)} if reference.words else {})
    lines += _section("reference", reference.values, always=True)
    lines += _section("read", {k: v for k in ReadHints.__dataclass_fields__ if (v := getattr(read, k)) not in (None, ())})
    usual = AskHints()
    lines += _section("ask", {k: v for k in AskHints.__dataclass_fields__ if (v := getattr(ask, k)) != getattr(usual, k)})
    lines += expected_lines(scenario.expected)
    return "\n".join(lines) + "\n"


def expected_lines(expected: Mapping[str, Any]) -> list[str]:
    """The tables of what is expected."""
    plain = {key: value for key, value in expected.items() if not isinstance(value, Mapping) and value is not None}
    lines = _section("expected", plain)
    for key, value in expected.items():
        if isinstance(value, Mapping) and value:
            lines += _section(f"expected.{key}", value)
    return lines


def _asked(exchange: Exchange) -> str:
    told: dict[str, Any] = {"method": exchange.method, "url": exchange.url}
    if exchange.form:
        told |= {"form": exchange.form} | ({"charset": exchange.charset} if exchange.charset != "utf-8" else {})
    told |= {k: v for k in ("json", "sent", "cookie") if (v := getattr(exchange, k)) is not None}
    return "\n".join(_pairs(told)) + "\n"


def _answered(exchange: Exchange, body: str) -> str:
    told: dict[str, Any] = {"status": exchange.status, "content_type": exchange.content_type, "body": body}
    told |= {k: v for k in ("set_cookie", "location", "retry_after") if (v := getattr(exchange, k))}
    return "\n".join(_pairs(told)) + "\n"


def _section(name: str, values: Mapping[str, Any], *, always: bool = False) -> list[str]:
    return ["", f"[{name}]", *_pairs(values)] if values or always else []


def _pairs(values: Mapping[str, Any]) -> list[str]:
    return [f"{_name(key)} = {_value(value)}" for key, value in values.items()]


def _name(key: str) -> str:
    return key if key.isascii() and key.replace("_", "").replace("-", "").isalnum() else _value(key)


def _value(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case int():
            return str(value)
        case datetime() | date():
            return value.isoformat()
        case list() | tuple():
            return f"[{', '.join(map(_value, value))}]"
    return '"' + "".join(_escaped(str(value))) + '"'


def _escaped(text: str) -> Iterator[str]:
    for c in text:
        if c in '"\\':
            yield "\\" + c
        elif c == "\n":
            yield "\\n"
        elif ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0:
            yield f"\\u{ord(c):04x}"
        else:
            yield "\ufffd" if 0xD800 <= ord(c) < 0xE000 else c
