"""What every page is made with: the desk in its own thread, the templates in the config's language, our own addresses."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Annotated, TypeVar
from urllib.parse import quote, urlsplit

from fastapi import Depends, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, RedirectResponse

from tracker.check import Checker
from tracker.core.errors import StoreError
from tracker.desk import Desk
from tracker.locale import translator
from tracker.sightings import Sighting
from tracker.web.guard import Refused
from tracker.web.looks import Hands, Looks, Shelf
from tracker.web.messages import service_words
from tracker.web.sessions import COOKIE, VISITOR, Sessions, Tries

T = TypeVar("T")
HERE = Path(__file__).parent
STYLE = HERE / "static" / "style.css"
ANSWER_WITHIN = 10.0  # seconds for the store; it may be locked by another process for longer


@dataclass(frozen=True, slots=True)
class Note:
    """What is said once, on the next page. `tone`: good, calm, bad."""

    tone: str
    lines: tuple[str, ...]
    cases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A text that a person gave us and that waits for a yes."""

    case: str
    sighting: Sighting


class Page:
    """`desk` is the page's own: it is used in `executor`'s one thread only, and has a connection of its own.

    So a page is read beside a check that writes, waits for none, and keeps none waiting.
    """

    def __init__(
        self, *, desk: Desk, checker: Checker, hands: Hands, executor: Executor, clock: Callable[[], datetime], secret: bytes
    ) -> None:
        self.desk, self.checker, self.hands, self.clock = desk, checker, hands, clock
        self.web = desk.loaded.config.web
        self.most = desk.loaded.config.fetch.max_body
        self._executor = executor
        own = urlsplit(self.web.base_url)
        self.prefix, self.is_secure = own.path, own.scheme == "https"
        password = self.web.password
        self.sessions = Sessions(password.get_secret_value() if password is not None else None, secret)
        self.tries = Tries(time.monotonic)
        self.looks = Looks(checker, hands, clock)
        self.notes: Shelf[Note] = Shelf()
        self.shown: Shelf[Shown] = Shelf()
        self._style = sha256(STYLE.read_bytes()).hexdigest()[:12]

    def _(self, text: str) -> str:
        return self.desk.tr.gettext(text)

    async def ask(self, call: Callable[[Desk], T]) -> T:
        """Runs in the desk's thread, with the cases of now. StoreError also where the store takes too long."""
        work = asyncio.get_running_loop().run_in_executor(self._executor, partial(self._fresh, call))
        try:
            return await asyncio.wait_for(asyncio.shield(work), ANSWER_WITHIN)
        except TimeoutError:
            work.add_done_callback(lambda done: done.cancelled() or done.exception())  # nobody waits for it any more
            raise StoreError(self._("the store does not answer in time; another process may keep it locked")) from None

    def _fresh(self, call: Callable[[Desk], T]) -> T:
        self.desk.refresh()
        return call(self.desk)

    # --- addresses ---------------------------------------------------------------------------------------------------

    def url(self, *parts: str) -> str:
        """Our own address for a path, under our sub-path: url("cases", "me")."""
        return self.prefix + "/" + "/".join(quote(part, safe="") for part in parts)

    def go(self, *parts: str, note: Note | None = None) -> RedirectResponse:
        """To another of our pages; a form is never sent twice by a reload."""
        tail = f"?note={self.notes.put(note)}" if note is not None else ""
        return RedirectResponse(self.url(*parts) + tail, status_code=303)

    # --- answers -----------------------------------------------------------------------------------------------------

    def render(self, request: Request | None, template: str, status: int = 200, **values: object) -> HTMLResponse:
        language = self.desk.loaded.config.language
        session = self.session(request) if request is not None else None
        note = self.notes.get(request.query_params.get("note", "")) if request is not None else None
        text = (
            _templates(language)
            .get_template(template)
            .render(
                page=self,
                url=self.url,
                language=language,
                style=f"{self.url('style.css')}?{self._style}",
                token=self.sessions.token(session) if session else "",
                inside=session is not None,
                can_leave=session is not None and self.sessions.needs_login,
                trouble=service_words(self.hands.problem(), self.desk.tr) if session is not None else "",
                note=note,
                **values,
            )
        )
        return HTMLResponse(text, status_code=status)

    def session(self, request: Request) -> str | None:
        return self.sessions.read(request.cookies.get(COOKIE))


@cache
def _templates(language: str) -> Environment:
    """The templates in one language. What a template misses is an error, never an empty place."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_translations(translator(language), newstyle=False)  # type: ignore[attr-defined]
    return environment


def _page(request: Request) -> Page:
    page = request.app.state.page
    assert isinstance(page, Page)
    return page


Here = Annotated[Page, Depends(_page)]


class NeedsLogin(Exception):
    """Nobody is logged in."""


def require_session(request: Request, page: Here) -> str:
    """For every page but the way in."""
    session = page.session(request)
    if session is None:
        raise NeedsLogin
    return session


async def _form(request: Request, page: Here) -> FormData:
    """What one of our own forms says: it carries the token of its session."""
    form = await request.form(max_files=2, max_fields=30, max_part_size=page.most)
    given = form.get("token")
    session = page.session(request) or VISITOR
    if not isinstance(given, str) or not page.sessions.is_token(session, given):
        raise Refused(403, "token")
    return form


Form = Annotated[FormData, Depends(_form)]


def said(form: FormData, name: str) -> str:
    """A field's text without its outer blanks; "" where it is none."""
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""
