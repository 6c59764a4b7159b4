"""What a probe looks at: a file, told by its bytes, or an address, asked once as politely as a check would ask it."""

import asyncio
import re
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol, TypeVar
from urllib.parse import parse_qsl, urlsplit

from tracker.config import values
from tracker.config.model import Fetch
from tracker.core.errors import CheckError, StoreError, TrackerError
from tracker.core.mask import is_personal, mask_text
from tracker.core.model import Identity, Reading
from tracker.core.slots import HostSlots
from tracker.core.words import N_
from tracker.fetch.drive import Fetcher
from tracker.fetch.pace import Pace
from tracker.har import Exchange, exchanges
from tracker.pages.contract import Answer, Ask, Response, get
from tracker.pages.described import Described, describe
from tracker.pages.formed import SeenForm, asks_for_a_case
from tracker.pages.frames import frames_of
from tracker.pages.jsonseen import SeenJson, describe_json
from tracker.pages.proposed import Proposal, propose
from tracker.proposing import propose_talk
from tracker.talk import Talk
from tracker.traffic import find_talk

T = TypeVar("T")
MOST_FRAMES = 3
_SAVED_FROM = re.compile(rb"<!--\s*saved from url=\(\d{1,6}\)(https?://[^\s>]{1,2000}?)\s*-->", re.IGNORECASE)
_MHTML = re.compile(
    rb"(?:From:|MIME-Version:|Subject:|Snapshot-Content-Location:|Content-Type:\s*multipart/related)", re.IGNORECASE
)
_RELATED = re.compile(rb"multipart/related|Snapshot-Content-Location:", re.IGNORECASE)
_KINDS = (
    (b"%PDF", N_("a PDF")),
    (b"\x89PNG", N_("a picture")),
    (b"\xff\xd8\xff", N_("a picture")),
    (b"GIF8", N_("a picture")),
    (b"RIFF", N_("a picture")),
    (b"bplist", N_("an archive that Safari made")),
    (b"\x1f\x8b", N_("a packed file")),
    (b"Rar!", N_("a packed file")),
    (b"\xd0\xcf\x11\xe0", N_("an office document")),
)
_OF_A_HAR = (b'"startedDateTime"', b'"request"', b'"response"')
_ZIP = b"PK\x03\x04"


class ProbeError(TrackerError):
    """What was given can't be probed; says what it is and what to give instead."""

    def __init__(self, text: str, **params: str) -> None:
        super().__init__(text.format(**params))
        self._text, self._params = text, params

    def words(self, tr: Callable[[str], str]) -> str:
        return tr(self._text).format(**{name: tr(value) for name, value in self._params.items()})


@dataclass(frozen=True, slots=True)
class Probe:
    """What was seen. `kind`: page, json or har. `talk`: a HAR's exchange that matters; `form_page`: where its form stood.

    `asked`: the pages that were asked one after the other, for an address.
    """

    kind: str
    proposal: Proposal
    page: Described | None = None
    json: SeenJson | None = None
    talk: Talk | None = None
    form_page: Described | None = None
    exchanges: tuple[Exchange, ...] = ()
    asked: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What the site calls its page."""
        page = self.form_page or self.page
        if page is None and self.talk is not None and self.talk.page is not None:
            with suppress(CheckError):
                return self.talk.page.response().document.title
        return page.title if page is not None else ""

    @property
    def sent_form(self) -> SeenForm | None:
        """The form that was sent, else the one that asks for a case."""
        if self.talk is not None and self.talk.sent_form is not None:
            return self.talk.sent_form
        page = self.form_page or self.page
        return page.query if page is not None else None

    @property
    def known(self) -> tuple[str, ...]:
        """What is masked wherever it stands."""
        parts = (self.talk, self.page, self.json, self.form_page)
        return tuple(dict.fromkeys(value for part in parts if part is not None for value in part.known))


# --- a file ----------------------------------------------------------------------------------------------------------


def probe_bytes(data: bytes, url: str = "") -> Probe:
    """A file: a page as a browser saved it, a HAR, or a JSON answer. ProbeError or HarError where it is none of them."""
    if not data.strip(b" \t\r\n\0\xef\xbb\xbf"):
        raise ProbeError(N_("it is empty: save the page again (in the browser: “HTML only”), or export a HAR"))
    require_page(data)
    start = data[:4000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if data.startswith(_ZIP) or (start.startswith((b"{", b"[")) and _is_har(data, start)):
        return probe_har(exchanges(data))
    if start.startswith((b"{", b"[")):
        return _json(Response(url, 200, "application/json", data))
    if b"<" not in data.replace(b"\0", b""):
        raise ProbeError(N_("there is no markup in it: give the page's source (saved as “HTML only”), not its text"))
    return probe_page(Response(url or saved_from(data), 200, "text/html", data))


def saved_from(data: bytes) -> str:
    """The address that a browser noted in a page when it saved it; "" where it didn't."""
    found = _SAVED_FROM.search(data[:4000])
    return found[1].decode("ascii", "replace") if found else ""


def _is_har(data: bytes, start: bytes) -> bool:
    """Whether JSON is a browser's export, or pieces of one: what it says is never shown as if it were an answer."""
    return re.match(rb'\{\s*"log"\s*:', start) is not None or all(name in data for name in _OF_A_HAR)


def probe_page(page: Response) -> Probe:
    """A page by itself."""
    try:
        seen = describe(page)
    except CheckError as error:
        raise _unreadable(error) from error
    return Probe("page", propose(seen), page=seen)


def probe_har(found: Sequence[Exchange]) -> Probe:
    """What a browser's export says of asking the site."""
    talk = find_talk(found)
    if talk is None:
        raise ProbeError(
            N_(
                "the HAR holds no page and no answer that could be a case's: open the browser's network tools first, then "
                "the query page, look your case up, and export with the answers' content"
            )
        )
    return Probe(
        "har",
        propose_talk(talk),
        page=talk.html,
        json=talk.json,
        talk=talk,
        form_page=talk.form_page,
        exchanges=tuple(found),
    )


def _json(page: Response) -> Probe:
    """A JSON answer by itself: how it was asked for, nobody can tell from it."""
    try:
        seen = describe_json(page, {})
    except CheckError as error:
        raise _unreadable(error) from error
    exchange = Exchange("GET", page.url, status=200, content_type=page.content_type, body=page.body, kind="data")
    return Probe("json", propose_talk(Talk(exchange, exchange, json=seen)), json=seen)


def require_page(data: bytes) -> None:
    """ProbeError where it is no page, by its first bytes."""
    for magic, what in _KINDS:
        if data.startswith(magic):
            raise ProbeError(
                N_("it is {what}, no page: save the page in the browser as “HTML only”, or export a HAR"), what=what
            )
    head = data[:4000]
    if _MHTML.match(head.lstrip()) and _RELATED.search(head):
        raise ProbeError(
            N_("it is a page archive (MHTML): save the page again, as “HTML only” instead of “single file”, or export a HAR")
        )
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff", _ZIP)):
        raise ProbeError(N_("it is no text: save the page in the browser as “HTML only”, or export a HAR"))


def _unreadable(error: CheckError) -> ProbeError:
    if error.reason == "too_large":
        return ProbeError(N_("the page is too large to be read safely: save only its frame with the result, or export a HAR"))
    if error.reason == "truncated":
        return ProbeError(N_("it ends too early: save it again"))
    return ProbeError(N_("it is no text that can be read: save the page in the browser as “HTML only”, or export a HAR"))


# --- an address ------------------------------------------------------------------------------------------------------


class Slots(HostSlots, Protocol):
    """The turns at hosts, and what a host said about being asked."""

    def asked_to_wait(self, host: str, *, until: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Manners:
    """How a site is asked: the config's, as for a check."""

    fetch: Fetch
    slots: Slots
    user_agent: str
    clock: Callable[[], datetime]


def address_of(text: str) -> str:
    """An address that may be asked. ProbeError where it is none, or would carry a person's data."""
    try:
        url = values.web_url(text)
    except ValueError:
        raise ProbeError(N_("that is no address: one begins with http:// or https://")) from None
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    personal = [n for n, v in query if v and (is_personal(n) or asks_for_a_case(n) or mask_text(v, ()) != v)]
    if parts.username or parts.password:
        personal.append(parts.username or "@")
    if personal or mask_text(parts.path, ()) != parts.path:
        raise ProbeError(
            N_(
                "the address carries what looks like a person's data ({names}), and a probe sends none: "
                "save the answer in the browser and probe the file"
            ),
            names=", ".join(personal) or parts.path.rpartition("/")[2][:3] + "…",
        )
    return url


def probe_address(url: str, manners: Manners) -> Probe:
    """Asks once, and the frames where the page itself holds nothing. CheckError where the site did not answer with a page.

    HostBusy where another process keeps the host.
    """
    got: list[Response] = []
    asyncio.run(_ask(url, manners, got))
    pages = [probe_bytes(page.body, page.url) if _is_json(page) else probe_page(page) for page in got]
    best = next((p for p in pages if p.page is None or _holds_something(p.page)), pages[0])
    return replace(best, asked=tuple(page.url for page in got))


def _is_json(page: Response) -> bool:
    return "json" in page.content_type.lower() or page.text[:100].lstrip("\ufeff \t\r\n").startswith(("{", "["))


def _holds_something(seen: Described) -> bool:
    return seen.status is not None or seen.query is not None


def _flow(url: str, got: list[Response]) -> Generator[Ask, Answer, Reading]:
    page = yield from get(url)
    got.append(page)
    with suppress(CheckError):
        if not _is_json(page) and not _holds_something(describe(page)):
            for address in frames_of(page)[:MOST_FRAMES]:
                got.append((yield from get(address, referer=page.url)))
                if _holds_something(describe(got[-1])):
                    break
    return Reading("", Identity.NOT_SHOWN)


async def _ask(url: str, manners: Manners, got: list[Response]) -> None:
    host = (urlsplit(url).hostname or "").lower()
    gap = manners.fetch.gap_for(host)
    with ThreadPoolExecutor(1, "slots") as executor:

        async def run(call: Callable[[], T]) -> T:
            return await asyncio.get_running_loop().run_in_executor(executor, call)

        pace = Pace(manners.slots, clock=manners.clock, run=run)
        fetch = manners.fetch
        async with Fetcher(
            pace=pace,
            user_agent=manners.user_agent,
            timeout=fetch.timeout,
            max_body=fetch.max_body,
            max_exchanges=2 * (1 + MOST_FRAMES),
            clock=manners.clock,
        ) as fetcher:
            try:
                await fetcher.run(_flow(url, got), hosts=frozenset({host}), gap=gap)
            except CheckError as error:
                if error.retry_after is not None and error.retry_after > timedelta(0):
                    with suppress(StoreError):
                        await run(partial(manners.slots.asked_to_wait, host, until=manners.clock() + error.retry_after))
                if not got:
                    raise
