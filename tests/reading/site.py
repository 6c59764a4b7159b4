"""A site made of a few pages, and a visit to it: what the fetcher does, without a network."""

from collections.abc import Mapping

from tracker.core.errors import PageChanged
from tracker.core.model import Reading
from tracker.pages.contract import CaptchaAsk, Flow, LookAsk, Request, Response

CAPTCHA = "x7kq"


class Sent(Exception):
    """The form has been sent: the visit is over."""

    def __init__(self, request: Request, captchas: tuple[CaptchaAsk, ...]) -> None:
        super().__init__(request.url)
        self.request = request
        self.captchas = captchas


def visit(flow: Flow, pages: Mapping[str, Response], pictures: frozenset[str] = frozenset()) -> Reading:
    """Run a flow over the pages. Sent where it asks for what is no page of the site."""
    captchas: tuple[CaptchaAsk, ...] = ()
    ask = next(flow)
    try:
        while True:
            match ask:
                case CaptchaAsk():
                    captchas = (*captchas, ask)
                    ask = flow.send(CAPTCHA)
                case LookAsk():
                    raise AssertionError("nobody is there to look")
                case Request() if ask.method == "GET" and not ask.form and ask.url in pages:
                    ask = flow.send(pages[ask.url])
                case Request() if ask.method == "GET" and not ask.form and ask.url in pictures:
                    ask = flow.send(Response(ask.url, 200, "image/png", b"\x89PNG"))
                case Request():
                    raise Sent(ask, captchas)
    except StopIteration as done:
        value = done.value
        if not isinstance(value, Reading):
            raise PageChanged("flow", "a reading", "nothing") from None
        return value
