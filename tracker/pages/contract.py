"""The adapter contract as data and generators: what a site is, what is asked of it, and what it answers.

Adapters import it from `tracker.pages.adapter`; the page toolkit imports it from here.
"""

import json
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from tracker.core.model import Reading, Reference, Status, Word
from tracker.pages.charset import decode
from tracker.pages.document import Document, parse

if TYPE_CHECKING:
    from bs4 import BeautifulSoup


Pairs = tuple[tuple[str, str], ...]
"""Names and values, in order."""


@dataclass(frozen=True, slots=True)
class Field:
    """One value that a site wants. `name` is its caption or field name; `pattern` (whole match) catches typing errors."""

    name: str
    title: Mapping[str, str] = field(default_factory=dict)
    pattern: str | None = None
    required: bool = True


@dataclass(frozen=True, slots=True)
class Meta:
    """What is known of a site. `hosts` empty: the host of the case's own url. `verified_on` None: nobody confirmed it live.

    `labels` maps the site's words; `hours` and `workdays` are its office hours as in the config, None: any.
    `source` says where these facts come from; `title` has "zh-CN" and "en". `by_hand`: the site is never asked, the person is.
    What a case may set beside its address: `sends`: `method` and `body`; `watches`: `watch` and `css`.
    """

    id: str
    title: Mapping[str, str]
    home: str = ""
    hosts: tuple[str, ...] = ()
    reference: tuple[Field, ...] = ()
    min_gap: timedelta = timedelta(0)
    every: timedelta | None = None
    hours: tuple[str, ...] | None = None
    workdays: str | None = None
    labels: Mapping[str, Status | Word] = field(default_factory=dict)
    verified_on: date | None = None
    source: str = ""
    needs_url: bool = False
    free_reference: bool = False
    by_hand: bool = False
    sends: bool = False
    watches: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """One request to a site. `form` pairs are sent urlencoded in `charset`: in the body for POST, in the query for GET.

    `json` is the text of a JSON body, which a POST sends in UTF-8 instead. `headers` are those that the site's own script
    adds, such as a token of an earlier answer; a redirect takes them along only within the origin.
    """

    method: str
    url: str
    form: Pairs = ()
    charset: str = "utf-8"
    referer: str | None = None
    json: str | None = None
    headers: Pairs = ()


@dataclass(frozen=True)
class Response:
    """One answer of a site: final URL, HTTP status, Content-Type header, and the body's bytes after transfer decoding.

    `complete` is False where the transfer itself ended early. A 4xx or 5xx never reaches an adapter.
    """

    url: str
    status: int
    content_type: str
    body: bytes
    complete: bool = True

    @cached_property
    def decoded(self) -> tuple[str, str]:
        """(text, charset) as a browser would decode it; see charset.decode."""
        return decode(self.body, self.content_type)

    @property
    def text(self) -> str:
        return self.decoded[0]

    @property
    def charset(self) -> str:
        return self.decoded[1]

    @cached_property
    def document(self) -> Document:
        """The parsed page; PageChanged(too_large | not_text | truncated) where it can't be parsed safely."""
        return parse(self)

    @cached_property
    def found(self) -> dict[object, object]:
        """What was worked out about this answer so far, so that it is not worked out twice; see reading.found_on."""
        return {}

    @cached_property
    def soup(self) -> "BeautifulSoup":
        """BeautifulSoup for an adapter's own selectors, parsed only when asked for."""
        from bs4 import BeautifulSoup  # noqa: PLC0415 - start-up time: most adapters never ask for it

        _ = self.document  # the same limits hold
        return BeautifulSoup(self.text, "lxml")


@dataclass(frozen=True, slots=True)
class CaptchaAsk:
    """A captcha for the person it belongs to: the image's answer, or a question in words."""

    image: Response | None
    question: str = ""


@dataclass(frozen=True, slots=True)
class LookAsk:
    """Asks the person to open `url` and show us the page."""

    url: str


Ask = Request | CaptchaAsk | LookAsk
Answer = Response | str
Flow = Generator[Ask, Answer, Reading]


def get(
    url: str, params: Pairs = (), *, charset: str = "utf-8", referer: str | None = None, headers: Pairs = ()
) -> Generator[Ask, Answer, Response]:
    """Ask for a page; receives its Response."""
    return (yield from send(Request("GET", url, params, charset, referer, headers=headers)))


def post(
    url: str, form: Pairs, *, charset: str = "utf-8", referer: str | None = None, headers: Pairs = ()
) -> Generator[Ask, Answer, Response]:
    """Send a form; receives the Response."""
    return (yield from send(Request("POST", url, form, charset, referer, headers=headers)))


def post_json(
    url: str, values: Mapping[str, object], *, referer: str | None = None, headers: Pairs = ()
) -> Generator[Ask, Answer, Response]:
    """Send values, or whole objects and lists of them, as a JSON object; receives the Response."""
    body = json.dumps(dict(values), ensure_ascii=False)
    return (yield from send(Request("POST", url, referer=referer, json=body, headers=headers)))


def send(request: Request) -> Generator[Ask, Answer, Response]:
    """Ask with a request as it is; receives the Response."""
    return _response((yield request))


def captcha(image: Response | None, question: str = "") -> Generator[Ask, Answer, str]:
    """Ask the person for a captcha's answer; receives the text."""
    answer = yield CaptchaAsk(image, question)
    if not isinstance(answer, str):
        raise TypeError("a captcha is answered with text")
    return answer


def look(url: str) -> Generator[Ask, Answer, Response]:
    """Ask the person to show the page; receives it as a Response."""
    return _response((yield LookAsk(url)))


def _response(answer: Answer) -> Response:
    if not isinstance(answer, Response):
        raise TypeError("a request is answered with a Response")
    return answer


class Adapter(Protocol):
    """What a module must offer to be an adapter."""

    META: Meta

    def query(self, reference: Reference) -> Flow: ...

    def read(self, page: Response, reference: Reference) -> Reading: ...


def only_watches(meta: Meta) -> bool:
    """Whether an adapter has no status to read: it watches a page's text, whoever asks."""
    return meta.watches and not meta.free_reference and not meta.reference


def hosts_of(meta: Meta, reference: Reference) -> frozenset[str]:
    """The host names that a flow may talk to: the adapter's, and the one of the case's url. None where a person looks."""
    if meta.by_hand:
        return frozenset()
    names = {h.lower() for h in meta.hosts}
    address = urlsplit(reference.url or meta.home).hostname
    if address:
        names.add(address.lower())
    return frozenset(names)
