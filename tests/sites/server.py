"""A site on loopback for the suite: it answers what a test tells it to, keeps a log, and misbehaves on request.

    with Site() as site:
        site.answer("/slow.htm", Reply("…", status=503, headers=(("Retry-After", "60"),)))
        ...
        assert [seen.path for seen in site.log] == ["/slow.htm"]

It runs in threads, so any process can ask it. `tests/sites/query.py` is a whole query site on top of it, `faults.py` the
ways to misbehave; `python -m tests.sites.server --port 8901` runs the query site by hand.
"""

import argparse
import itertools
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.cookies import SimpleCookie
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, urlsplit

HTML = "text/html; charset=GB18030"


@dataclass(slots=True)
class Seen:
    """One request as the site saw it. Times are time.monotonic(), one clock for all processes; `ended` None: not yet."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    started: float
    ended: float | None = None

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def cookies(self) -> dict[str, str]:
        return {name: morsel.value for name, morsel in SimpleCookie(self.headers.get("cookie", "")).items()}

    def form(self, charset: str = "gb18030") -> dict[str, str]:
        """The pairs of the body, or of the query where there is no body, decoded from `charset`."""
        pairs = self.body.decode("ascii") or urlsplit(self.target).query
        return dict(parse_qsl(pairs, keep_blank_values=True, encoding=charset, errors="replace"))


@dataclass(frozen=True, slots=True)
class Reply:
    """A well-formed answer. Text is sent in GB18030; `length` False: no Content-Length, the close ends the body."""

    body: bytes | str = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    content_type: str = HTML
    length: bool = True

    def wire(self) -> bytes:
        body = self.body.encode("gb18030") if isinstance(self.body, str) else self.body
        words = HTTPStatus(self.status).phrase if self.status in HTTPStatus._value2member_map_ else "Odd"
        lines = [f"HTTP/1.1 {self.status} {words}", f"Content-Type: {self.content_type}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        lines.append(f"Content-Length: {len(body)}" if self.length else "Connection: close")
        return "\r\n".join(lines).encode("utf-8") + b"\r\n\r\n" + body


class Gone(Exception):
    """The other side, or the site itself, hung up."""


class Line:
    """The raw connection, for an answer that is no well-formed one."""

    def __init__(self, conn: socket.socket, closing: threading.Event) -> None:
        self.conn = conn
        self._closing = closing

    def send(self, data: bytes) -> None:
        try:
            self.conn.sendall(data)
        except OSError as error:
            raise Gone from error

    def wait(self, seconds: float) -> None:
        """Say nothing for a while; ends early when the site closes."""
        if self._closing.wait(seconds):
            raise Gone

    def reset(self) -> None:
        """Close with RST instead of FIN."""
        self.conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.conn.close()


@dataclass(frozen=True, slots=True)
class Raw:
    """An answer played on the bare connection, which is closed afterwards."""

    play: Callable[[Line], None]


Answer = Reply | Raw
Answerer = Callable[[Seen], Answer]


class Site:
    """One loopback server on a port that the system chose. `host` may be any 127.x.y.z, so that a test has several hosts."""

    def __init__(self, host: str = "127.0.0.1", *, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self.host = host
        self.log: list[Seen] = []
        self.connections = 0
        self._tls = tls
        self._answers: dict[str, list[Answer | Answerer]] = {}
        self._listener = socket.create_server((host, port))
        self.port: int = self._listener.getsockname()[1]
        self.origin = f"{'https' if tls else 'http'}://{host}:{self.port}"
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []

    @property
    def url(self) -> str:
        return self.origin + "/"

    def answer(self, path: str, *answers: Answer | Answerer) -> str:
        """What `path` ("*": any other) is answered: each in turn, the last for ever. Returns the path's address."""
        with self._lock:
            self._answers[path] = list(answers)
        return self.origin + path

    def forget(self, path: str) -> None:
        """Takes back what was told to `answer`."""
        with self._lock:
            self._answers.pop(path, None)

    def asked(self, path: str) -> list[Seen]:
        """The requests for one path, oldest first."""
        return [seen for seen in self.log if seen.path == path]

    def gaps(self) -> list[float]:
        """Seconds between the end of each answer and the start of the next request, over all paths."""
        log = sorted(self.log, key=lambda seen: seen.started)
        return [after.started - (before.ended or float("inf")) for before, after in itertools.pairwise(log)]

    def __enter__(self) -> Self:
        self._listener.settimeout(0.2)
        self._spawn(self._accept)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._closing.set()
        with self._lock:
            connections = list(self._open)
        for conn in (self._listener, *connections):
            with suppress(OSError):
                conn.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
        self._listener.close()

    def _spawn(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads = [*(t for t in self._threads if t.is_alive()), thread]
        thread.start()

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                conn, _ = self._listener.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            self.connections += 1
            conn.settimeout(30)
            conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._spawn(self._serve, conn)

    def _serve(self, conn: socket.socket) -> None:
        with self._lock:
            self._open.add(conn)
        plain = conn
        try:
            if self._tls is not None:
                conn = self._tls.wrap_socket(conn, server_side=True)
            self._talk(conn)
        except (OSError, Gone):
            pass
        finally:
            with self._lock:
                self._open.discard(plain)
            conn.close()

    def _talk(self, conn: socket.socket) -> None:
        buffer = conn.recv(65536)
        if buffer.startswith(b"\x16"):  # a TLS greeting on a plain port
            conn.sendall(Reply("400", status=400).wire())
            return
        while (got := _request(conn, buffer)) is not None:
            seen, buffer = got
            self.log.append(seen)
            try:
                answer = self.reply(seen)
                if isinstance(answer, Raw):
                    answer.play(Line(conn, self._closing))
                    return
                conn.sendall(answer.wire())
                if not answer.length:
                    return
            finally:
                seen.ended = time.monotonic()

    def reply(self, seen: Seen) -> Answer:
        """The answer to one request; a site of its own kind overrides it and falls back on this."""
        with self._lock:
            planned = self._answers.get(seen.path) or self._answers.get("*")
            if planned is None:
                return Reply("<html><body>404</body></html>", status=404)
            answer = planned.pop(0) if len(planned) > 1 else planned[0]
        return answer if isinstance(answer, (Reply, Raw)) else answer(seen)

    def planned(self, path: str) -> bool:
        """Whether a test said what `path` is answered."""
        return path in self._answers


def _request(conn: socket.socket, buffer: bytes) -> tuple[Seen, bytes] | None:
    """The next request of a connection and what was read beyond it; None where the client hung up."""
    while b"\r\n\r\n" not in buffer:
        more = conn.recv(65536)
        if not more:
            return None
        buffer += more
    started = time.monotonic()
    head, _, rest = buffer.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    length = int(headers.get("content-length", "0"))
    while len(rest) < length:
        more = conn.recv(65536)
        if not more:
            return None
        rest += more
    return Seen(method, target, headers, rest[:length], started), rest[length:]


@dataclass
class Options:
    """The command line of a site run by hand."""

    host: str = "127.0.0.1"
    port: int = 8901
    case: list[str] = field(default_factory=list)


def main() -> None:
    """Run the query site until interrupted; `GET /_set?no=…&label=…` moves a case."""
    from tests.sites.query import QuerySite, Record

    parser = argparse.ArgumentParser(prog="python -m tests.sites.server")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8901)
    parser.add_argument("--case", action="append", default=[], metavar="NUMBER=LABEL")
    options = parser.parse_args(namespace=Options())
    with QuerySite(options.host, port=options.port) as site:
        for number, _, label in (case.partition("=") for case in options.case):
            site.cases[number] = Record(number, label=label)
        print(site.form_url, flush=True)  # noqa: T201 - how the one who runs it learns the address
        with suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
