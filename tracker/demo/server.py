"""A small HTTP server on loopback, in threads of this process, on a port that the system picks. It keeps a log."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from types import TracebackType
from typing import Self

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as the server saw it. `at` is time.time()."""

    at: float
    method: str
    path: str
    cookies: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    body: bytes
    content_type: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class Server:
    """Answers with `reply`; a context manager: inside it the server runs."""

    def __init__(self) -> None:
        self.log: list[Asked] = []
        self._lock = threading.Lock()
        self._tcp = _Tcp((HOST, 0), _handler(self))
        self._thread = threading.Thread(target=self._tcp.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def host(self) -> str:
        """Address and port."""
        return f"{HOST}:{self._tcp.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._tcp.shutdown()
        self._thread.join()
        self._tcp.server_close()

    def asked(self, request: Asked) -> Reply:
        """Logs the request and answers it; one at a time, as everything here is shared by the threads."""
        with self._lock:
            self.log.append(request)
            return self.reply(request)

    def reply(self, request: Asked) -> Reply:
        raise NotImplementedError


class _Tcp(ThreadingTCPServer):
    # http.server's own class looks up this machine's name first, which takes seconds where the resolver is broken.
    allow_reuse_address = True
    daemon_threads = True


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked = Asked(time.time(), self.command, self.path.partition("?")[0], self.headers.get("Cookie", ""), body)
            reply = server.asked(asked)
            self.send_response(reply.status)
            for name, value in {"Content-Type": reply.content_type, **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        do_GET = do_POST = answer  # noqa: N815 - http.server's names

        def version_string(self) -> str:
            return "Apache-Coyote/1.1"

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's signature
            """Says nothing: the log is kept, and the demo tells what stands in it."""

    return Handler
