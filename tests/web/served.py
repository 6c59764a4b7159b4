"""A running service with its page, and a visitor that sends exactly the headers a test wants."""

import http.client
import re
import signal
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import quote, urlencode

from tests.e2e.desk import Desk, wait_for
from tests.e2e.forks import Process
from tests.e2e.test_service import free_port

FORM_TYPE = "application/x-www-form-urlencoded"
PASSWORD = "eine lange Losung"


@dataclass(frozen=True)
class Page:
    """One answer."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def token(self) -> str:
        found = re.search(r'name="token" value="([0-9a-f]+)"', self.text)
        return found[1] if found else ""

    @property
    def words(self) -> str:
        """What a reader sees, in one line."""
        return words_of(self.text.partition("<main")[2])


def words_of(text: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", text)).split())


@dataclass
class Visitor:
    """A browser without its own ideas: cookies are kept, headers are as given."""

    host: str
    port: int
    prefix: str = ""
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.name}{self.prefix}"

    def get(self, path: str, method: str = "GET", **headers: str) -> Page:
        return self._ask(method, path, None, headers)

    def post(self, path: str, form: Mapping[str, str] | None = None, *, page: str = "/saw", **headers: str) -> Page:
        """A form of one of our pages, as a browser sends it; it carries the token that stands on `page`."""
        fields = {"token": self.get(page).token, **(form or {})}
        return self.send(path, urlencode(fields).encode(), FORM_TYPE, **{"Sec_Fetch_Site": "same-origin", **headers})

    def upload(self, path: str, body: bytes, *, page: str = "/saw", **fields: str) -> Page:
        edge = uuid.uuid4().hex
        fields = {"token": self.get(page).token, **fields}
        parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode() for k, v in fields.items()]
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="a.html"\r\nContent-Type: text/html\r\n\r\n'
        whole = b"".join([*parts, head.encode(), body, f"\r\n--{edge}--\r\n".encode()])
        return self.send(path, whole, f"multipart/form-data; boundary={edge}", Sec_Fetch_Site="same-origin")

    def send(self, path: str, body: bytes, kind: str, **headers: str) -> Page:
        return self._ask("POST", path, body, {"Content_Type": kind, **headers})

    def follow(self, page: Page) -> Page:
        assert page.status == 303, page.words
        place = page.headers["location"]
        assert place.startswith("/")
        assert not place.startswith("//")
        return self.get(place.removeprefix(self.prefix))

    def _ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Page:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies:
            sent.setdefault("Cookie", "; ".join(f"{k}={v}" for k, v in self.cookies.items()))
        connection = http.client.HTTPConnection(self.host, self.port, timeout=20)
        try:
            connection.request(method, quote(self.prefix + path, safe="/?=&%#"), body, sent)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        for name, value in answer.headers.items():
            if name == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0].strip('"')
        return Page(answer.status, {k.lower(): v for k, v in answer.headers.items()}, text)


@contextmanager
def serving(
    desk: Desk, *, language: str = "en", web: str = "", gap: str = "0s", prefix: str = "", code: str = ""
) -> Iterator[Visitor]:
    """The service, once it is ready; it must end well. `code`: see `forks.start`."""
    port = free_port()
    desk.head = (
        f'language = "{language}"\n[fetch]\nmin_gap = "{gap}"\ntimeout = "5s"\n[schedule]\nevery = "4h"\njitter = "0s"\n'
        f'[web]\nlisten = "127.0.0.1:{port}"\n{web}'
    )
    process = desk.start("serve", code=code)
    visitor = Visitor("127.0.0.1", port, prefix)
    try:
        wait_for(lambda: process.poll() is not None or is_ready(port))
        assert process.poll() is None, process.communicate()[1]
        yield visitor
        stop(process)
    finally:
        process.kill()
        process.communicate()


def stop(process: Process) -> None:
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=15)
    assert process.returncode == 0, err
    assert "Traceback" not in err
    assert "unexpectedly" not in err


def is_ready(port: int) -> bool:
    try:
        return Visitor("127.0.0.1", port).get("/readyz").status == 200
    except OSError:
        return False


def desk_in(folder: Path) -> Desk:
    folder.mkdir(exist_ok=True)
    return Desk(folder)


def read(visitor: Visitor, case: str, label: str) -> None:
    """Waits until a case shows this label."""
    wait_for(lambda: label in visitor.get(f"/cases/{case}").words)
