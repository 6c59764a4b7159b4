"""A browser's own export of what it asked and got (HAR), as exchanges: Chrome's, Edge's, Firefox's and Playwright's shapes.

Everything that went over http is kept, other tabs' noise too: who reads it tells by `host`, `tab` and `kind` what matters.
"""

import io
import json
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote_plus, urldefrag, urljoin, urlsplit

from tracker.core.errors import TrackerError
from tracker.core.words import N_
from tracker.harbody import body_of, unpacked
from tracker.pages.contract import Response

Pairs = tuple[tuple[str, str], ...]

# What a browser calls a kind, by ours.
_KINDS = {
    "document": "document",
    "xhr": "data",
    "fetch": "data",
    "script": "script",
    "stylesheet": "style",
    "image": "image",
    "font": "font",
    "media": "media",
}
_TYPES = (
    (re.compile(r"html|xhtml"), "document"),
    (re.compile(r"json|text/plain|(?:text|application)/xml"), "data"),
    (re.compile(r"javascript|ecmascript"), "script"),
    (re.compile(r"text/css"), "style"),
    (re.compile(r"^image/"), "image"),
    (re.compile(r"font|woff"), "font"),
    (re.compile(r"^(?:audio|video)/"), "media"),
)
_ENDINGS = {"js": "script", "css": "style", "png": "image", "gif": "image", "jpg": "image", "ico": "image", "woff2": "font"}
_HTTP = re.compile(r"https?://[^/?#]", re.IGNORECASE)
_NO_CONTENT = frozenset({204, 205, 301, 302, 303, 307, 308})
_ZIP = b"PK\x03\x04"
_MOST_UNPACKED = 256 << 20


class HarError(TrackerError):
    """The file is no HAR that can be read; says why and what to do."""

    def __init__(self, text: str, **params: object) -> None:
        super().__init__(text.format(**params))
        self._text, self._params = text, params

    def words(self, tr: Callable[[str], str]) -> str:
        return tr(self._text).format(**self._params)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request of a browser and what it got.

    `url` has no fragment. `sent` is the request's body, `sent_type` its Content-Type. `status` 0: no answer came.
    `body` None: the browser had kept no body (or lost it); `damaged`: it lost characters when it wrote the file.
    `location`: where a redirect leads, absolute. `tab`: the page of the browser that asked. `kind`: document, data, script,
    style, image, font, media or other. `cached`: it was asked of nobody.
    """

    method: str
    url: str
    sent: bytes = field(default=b"", repr=False)
    sent_type: str = ""
    status: int = 0
    content_type: str = ""
    body: bytes | None = field(default=None, repr=False)
    location: str = ""
    request_headers: Pairs = field(default=(), repr=False)
    response_headers: Pairs = field(default=(), repr=False)
    tab: str = ""
    kind: str = "other"
    cached: bool = False
    damaged: bool = False
    at: datetime | None = None

    @property
    def host(self) -> str:
        """The name of the host that was asked, without its port."""
        return (urlsplit(self.url).hostname or "").lower()

    def header(self, name: str) -> str:
        """A header of the answer, "" where there is none."""
        return _header(self.response_headers, name)

    def asked_with(self, name: str) -> str:
        """A header of the request, "" where there is none."""
        return _header(self.request_headers, name)

    def response(self) -> Response:
        """The answer as an adapter reads it; what the browser had in its cache counts as sent anew."""
        status = 200 if self.status == 304 and self.body is not None else self.status
        return Response(self.url, status, self.content_type, self.body or b"", complete=self.body is not None)


def exchanges(data: bytes) -> tuple[Exchange, ...]:
    """Every exchange over http in a HAR file (or in a zip with one), in the order in which they were begun.

    HarError where it is none, says where it breaks, or holds no exchange.
    """
    files: Mapping[str, bytes] = {}
    if data.startswith(_ZIP):
        data, files = _unzipped(data)
    found = tuple(_exchanges(_entries(_tree(data)), files))
    if not found:
        raise HarError(N_("the HAR holds no exchange over http: open the site with the browser's network tools, export again"))
    if all(exchange.at is not None for exchange in found):
        found = tuple(sorted(found, key=_begun))
    return found


def _begun(exchange: Exchange) -> datetime:
    return exchange.at or datetime.max.replace(tzinfo=UTC)


# --- the file --------------------------------------------------------------------------------------------------------


def _unzipped(data: bytes) -> tuple[bytes, Mapping[str, bytes]]:
    """The HAR of a zip, and the files beside it that its bodies stand in."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(info.file_size for info in archive.infolist()) > _MOST_UNPACKED:
                raise HarError(N_("the zip is too large: export only the site's own exchanges"))
            files = {info.filename: archive.read(info) for info in archive.infolist() if not info.is_dir()}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error) as error:
        raise HarError(N_("the zip can't be opened ({why})"), why=type(error).__name__) from error
    hars = sorted(name for name in files if name.endswith(".har"))
    if not hars:
        raise HarError(N_("the zip holds no .har file"))
    return files[hars[0]], files


def _tree(data: bytes) -> object:
    """What the JSON says."""
    start = data[:400].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<"):
        raise HarError(N_("this is a page, not a HAR: give it as one ({option})"), option="--from-html")
    try:
        return json.loads(data)
    except json.JSONDecodeError as error:
        if not start.startswith(b"{"):
            raise HarError(N_("this is no HAR: a HAR is JSON that begins with {brace}"), brace="{") from error
        if error.pos >= len(error.doc.rstrip()) - 1 or "Unterminated" in error.msg:
            raise HarError(N_("the HAR is cut off at line {line}: export it again"), line=error.lineno) from error
        where = {"line": error.lineno, "column": error.colno}
        raise HarError(N_("the HAR is broken at line {line}, column {column}: export it again"), **where) from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise HarError(N_("this is no HAR: {why}"), why=type(error).__name__) from error


def _entries(tree: object) -> Sequence[object]:
    log = tree.get("log") if isinstance(tree, dict) else None
    entries = log.get("entries") if isinstance(log, dict) else None
    if not isinstance(entries, list):
        raise HarError(N_("this JSON is no HAR: it has no {key}"), key="log.entries")
    return entries


# --- one exchange ----------------------------------------------------------------------------------------------------


def _exchanges(entries: Sequence[object], files: Mapping[str, bytes]) -> Iterator[Exchange]:
    for number, entry in enumerate(entries):
        request = _part(entry, "request")
        url = request.get("url")
        if not isinstance(url, str) or not isinstance(entry, dict):
            raise HarError(N_("this JSON is no HAR: {key} is missing"), key=f"log.entries[{number}].request.url")
        if _HTTP.match(url) and _absolute(url, ""):
            yield _exchange(entry, request, urldefrag(url).url, files)


def _exchange(entry: Mapping[str, object], request: Mapping[str, Any], url: str, files: Mapping[str, bytes]) -> Exchange:
    response = _part(entry, "response")
    content = _part(response, "content")
    asked, answered = _headers(request), _headers(response)
    sent, sent_type = _sent(_part(request, "postData"), files)
    status = _number(response.get("status"))
    content_type = _header(answered, "content-type") or _text(content.get("mimeType"))
    content_type = "" if content_type == "x-unknown" else content_type
    coding = _header(answered, "content-encoding").strip().lower()
    is_empty = status in _NO_CONTENT or (status > 0 and content.get("size") == 0)
    body, damaged = body_of(content, content_type, files, is_empty=is_empty, coding=coding)
    location = _text(response.get("redirectURL")) or _header(answered, "location")
    return Exchange(
        method=_text(request.get("method")).upper() or "GET",
        url=url,
        sent=sent,
        sent_type=_header(asked, "content-type") or sent_type,
        status=status,
        content_type=content_type,
        body=body,
        location=urldefrag(_absolute(url, location)).url if location and 300 <= status < 400 else "",
        request_headers=asked,
        response_headers=answered,
        tab=_text(entry.get("pageref")),
        kind=_kind(_text(entry.get("_resourceType")), content_type, url),
        cached=bool(entry.get("_fromCache")) or status == 304,
        damaged=damaged,
        at=_moment(_text(entry.get("startedDateTime"))),
    )


def _sent(post: Mapping[str, Any], files: Mapping[str, bytes]) -> tuple[bytes, str]:
    """The request's body as it went out, and its kind."""
    text, kind = _text(post.get("text")), _text(post.get("mimeType"))
    if _text(post.get("_file")) in files:
        return files[post["_file"]], kind
    if post.get("encoding") == "base64":
        return unpacked(text) or b"", kind
    if text:
        return text.encode("utf-8", "surrogatepass"), kind
    # Only the parts are there; what is escaped in them already stays as it is.
    pairs = _pairs(post.get("params"))
    return "&".join(f"{quote_plus(n, safe='%*-._')}={quote_plus(v, safe='%*-._+')}" for n, v in pairs).encode("ascii"), kind


def _kind(said: str, content_type: str, url: str) -> str:
    """What was asked for; some browsers don't say it."""
    known = _KINDS.get(said.lower())
    if known:
        return known
    found = next((kind for pattern, kind in _TYPES if pattern.search(content_type.lower())), "")
    return found or _ENDINGS.get(urlsplit(url).path.rpartition(".")[2].lower(), "other")


def _absolute(url: str, location: str) -> str:
    """Where a location leads; "" where it is no address that anybody could open."""
    try:
        found = urljoin(url, location)
        return found if urlsplit(found).hostname else ""
    except ValueError:
        return ""


def _moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _part(tree: object, key: str) -> Mapping[str, Any]:
    part = tree.get(key) if isinstance(tree, dict) else None
    return part if isinstance(part, dict) else {}


def _headers(part: Mapping[str, Any]) -> Pairs:
    """Without those that HTTP/2 only pretends to have."""
    return tuple((name, value) for name, value in _pairs(part.get("headers")) if name and not name.startswith(":"))


def _pairs(listed: object) -> list[tuple[str, str]]:
    """The names and values of a list of them; nothing where it is none."""
    parts = [part for part in listed if isinstance(part, dict)] if isinstance(listed, list) else []
    return [(_text(part.get("name")), _text(part.get("value"))) for part in parts]


def _header(headers: Pairs, name: str) -> str:
    return next((value for known, value in headers if known.lower() == name), "")


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number(value: object) -> int:
    return int(value) if isinstance(value, (int, float)) and 0 <= value < 2**40 else 0
