"""Receivers on loopback that record what they get, and refuse, dawdle or hang up as a test tells them to."""

import asyncio
import json
import socket
import threading
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.sites.server import Answer, Line, Raw, Reply, Seen, Site

JSON = "application/json"


def said(content: object, status: int = 200, **headers: str) -> Reply:
    """A JSON answer; `Retry_After="60"` stands for the header of that name."""
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Reply(json.dumps(content).encode(), status, named, JSON)


def _hang_up(line: Line) -> None:
    line.reset()


HANGS_UP = Raw(_hang_up)


class Phone(Site):
    """An HTTP receiver: Apprise's json:// talks to it. It accepts everything until `answers` says otherwise."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        super().__init__(host)
        self.answers(Reply())

    def at(self, scheme: str = "json", path: str = "/push", query: str = "") -> str:
        """Its Apprise URL."""
        return f"{scheme}://{self.host}:{self.port}{path}{query}"

    def answers(self, *answers: Answer | Callable[[Seen], Answer]) -> None:
        """What it answers from now on: each in turn, the last for ever."""
        self.answer("*", *answers)

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [json.loads(seen.body) for seen in self.log]

    @property
    def texts(self) -> list[str]:
        return [message["message"] for message in self.messages]


class Gate:
    """An answer that waits until the test opens it; `entered` tells that somebody waits."""

    def __init__(self, answer: Answer | None = None) -> None:
        self._answer = answer or Reply()
        self._open = threading.Event()
        self.entered = threading.Event()

    def __call__(self, seen: Seen) -> Answer:  # noqa: ARG002 - an answer is asked with what was seen
        self.entered.set()
        self._open.wait(20)
        return self._answer

    def open(self) -> None:
        self._open.set()


class Mailbox:
    """An SMTP server that takes mail, not while it is `shut`; refuses it with `refusal`; or takes it and `hangs_up`."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refusal, self.hangs_up = "", False
        self.shut = threading.Event()
        self.entered = threading.Event()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    @property
    def url(self) -> str:
        return f"mailto://127.0.0.1:{self.port}?from=tracker@example.org&to=reader@example.org&mode=insecure"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 - aiosmtpd's
        self.entered.set()
        while self.shut.is_set():  # noqa: ASYNC110 - the test sets it from another thread
            await asyncio.sleep(0.005)
        if self.refusal:
            return self.refusal
        mail = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        if self.hangs_up:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return "250 taken"

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.shut.clear()
        self._controller.stop()
