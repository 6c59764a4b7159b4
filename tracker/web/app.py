"""The page as an application: its parts put together behind the guard."""

from http import HTTPStatus
from typing import cast
from urllib.parse import quote

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.types import ASGIApp

from tracker.core.errors import StoreError
from tracker.web import case, health, listed, login, saw
from tracker.web.guard import READING, Guard, Refused
from tracker.web.messages import refusal_words
from tracker.web.page import HERE, STYLE, NeedsLogin, Page, require_session

_DAY = {"Cache-Control": "public, max-age=86400"}


def application(page: Page) -> ASGIApp:
    """What the service serves beside its doors."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.page = page
    app.include_router(login.router)
    for part in (listed, case, saw, health):
        app.include_router(part.router, dependencies=[Depends(require_session)])
    app.add_api_route("/style.css", _style, include_in_schema=False)
    app.add_api_route("/icon.svg", _icon, include_in_schema=False)
    _catch(app, page)

    def refuse(status: int, reason: str) -> ASGIApp:
        return _refusal(page, None, status, reason)

    return Guard(app, page.web, page.most, refuse)


async def _style() -> Response:
    return FileResponse(STYLE, media_type="text/css", headers=_DAY)


async def _icon() -> Response:
    return FileResponse(HERE / "static" / "icon.svg", media_type="image/svg+xml", headers=_DAY)


def _catch(app: FastAPI, page: Page) -> None:
    """Every failure is a page in the reader's words."""

    async def login_first(request: Request, _error: Exception) -> Response:
        to = request.url.path if request.method in READING and request.url.path != "/" else ""
        return RedirectResponse(page.url("login") + (f"?to={quote(to)}" if to else ""), status_code=303)

    async def refused(request: Request, error: Exception) -> Response:
        known = cast("Refused", error)
        return _refusal(page, request, known.status, known.reason)

    async def http(request: Request, error: Exception) -> Response:
        status = cast("HTTPException", error).status_code
        reason = "not_found" if status in {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED} else "bad_request"
        return _refusal(page, request, status, reason)

    async def invalid(request: Request, _error: Exception) -> Response:
        return _refusal(page, request, 400, "bad_request")

    async def store(request: Request, error: Exception) -> Response:
        return _refusal(page, request, 503, "store", str(error))

    async def unexpected(request: Request, _error: Exception) -> Response:
        return _refusal(page, request, 500, "unexpected")  # it is raised again, and the guard says where it happened

    app.add_exception_handler(NeedsLogin, login_first)
    app.add_exception_handler(Refused, refused)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(StoreError, store)
    app.add_exception_handler(Exception, unexpected)


def _refusal(page: Page, request: Request | None, status: int, reason: str, detail: str = "") -> Response:
    title, advice = refusal_words(reason, page.desk.tr)
    return page.render(request, "message.html", status, title=title, advice=advice, detail=detail)
