"""`/login` and `/logout`."""

import re
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from tracker.web.page import Form, Here, Page, said
from tracker.web.sessions import COOKIE, LASTS

router = APIRouter()

_OURS = re.compile(r"/(?:saw|health|cases/[^/\\\x00-\x1f]{1,64}(?:/saw)?)?")  # a name may have blanks in it, and ? and #


@router.get("/login")
async def ask(request: Request, page: Here, to: str = "") -> Response:
    """The way in."""
    if page.session(request) is not None:
        return _inside(page, to)
    return _again(page, request, to)


@router.post("/login")
async def come_in(request: Request, page: Here, form: Form) -> Response:
    """Tries a password."""
    peer = request.client.host if request.client else ""
    to = said(form, "to")
    wait = page.tries.wait(peer)
    if wait > 0:
        seconds = int(wait) + 1
        text = page.desk.tr.ngettext(
            "Too many wrong tries: please wait {count} second.", "Too many wrong tries: please wait {count} seconds.", seconds
        )
        answer = _again(page, request, to, text.format(count=seconds), 429)
        answer.headers["Retry-After"] = str(seconds)
        return answer
    page.tries.begin(peer)
    password = form.get("password")
    if not isinstance(password, str) or not await page.sessions.is_right(password):
        return _again(page, request, to, page._("That is not the password."), 403)
    page.tries.was_right(peer)
    inside = _inside(page, to)
    _set(page, inside, page.sessions.new(), LASTS)
    return inside


@router.post("/logout")
async def leave(page: Here, form: Form) -> Response:  # noqa: ARG001 - the form's token was checked
    """Forgets the session in this browser."""
    answer = page.go("login")
    _set(page, answer, "", 0)
    return answer


def _inside(page: Page, to: str) -> RedirectResponse:
    """To where somebody wanted to go, if that is a page of ours."""
    return RedirectResponse(page.prefix + (quote(to) if _OURS.fullmatch(to) else "/"), status_code=303)


def _again(page: Page, request: Request, to: str, mistake: str = "", status: int = 200) -> HTMLResponse:
    return page.render(request, "login.html", status, to=to, mistake=mistake)


def _set(page: Page, answer: Response, value: str, seconds: int) -> None:
    # Lax, not Strict: a link in a message must lead in; what changes anything is a form, and is checked by itself.
    answer.set_cookie(
        COOKIE, value, max_age=seconds, path=page.prefix or "/", secure=page.is_secure, httponly=True, samesite="lax"
    )
