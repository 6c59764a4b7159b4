"""`health` asks the service that listens, and imports next to nothing."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tracker.cli import root
from tracker.cli.health import parsed


class _Service(HTTPServer):
    """Answers /readyz with `answer`, and keeps the paths asked."""

    answer = 200
    asked: list[str]


class _Handler(BaseHTTPRequestHandler):
    server: _Service

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_response(self.server.answer)
        self.end_headers()
        self.wfile.write(b"store\n" if self.server.answer != 200 else b"ok\n")

    def log_message(self, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def service() -> Iterator[_Service]:
    with _Service(("127.0.0.1", 0), _Handler) as server:
        server.asked = []
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def _health(config: Path | None, **env: str) -> Result:
    named = ["-c", str(config)] if config else []
    return CliRunner().invoke(root, [*named, "health"], env={"LC_ALL": "C.UTF-8", **env})


def _config(folder: Path, text: str) -> Path:
    file = folder / "config.toml"
    file.write_text(text, "utf-8")
    return file


def test_a_service_that_is_well_is_exit_0_without_a_word(tmp_path: Path, service: _Service) -> None:
    config = _config(tmp_path, f'[web]\nlisten = "127.0.0.1:{service.server_port}"\n')
    result = _health(config)
    assert (result.exit_code, result.output) == (0, "")
    assert service.asked == ["/readyz"]


@pytest.mark.parametrize(
    ("listen", "asked"),
    [
        ("0.0.0.0:8300", ("127.0.0.1", 8300)),
        ("[::]:8300", ("::1", 8300)),
        ("[fd00::1]:80", ("fd00::1", 80)),
        ("tracker.lan:8300", ("tracker.lan", 8300)),
    ],
)
def test_a_service_that_listens_everywhere_is_asked_on_loopback(listen: str, asked: tuple[str, int]) -> None:
    assert parsed(listen) == asked


def test_the_environment_stands_over_the_file(service: _Service, tmp_path: Path) -> None:
    config = _config(tmp_path, '[web]\nlisten = "127.0.0.1:1"\n')
    assert _health(config, TRACKER_WEB__LISTEN=f"127.0.0.1:{service.server_port}").exit_code == 0


@pytest.mark.parametrize("given", ['{ env = "MY_LISTEN" }', '{ file = "listen.txt" }'])
def test_an_address_that_stands_elsewhere_is_found_there(service: _Service, tmp_path: Path, given: str) -> None:
    address = f"127.0.0.1:{service.server_port}"
    (tmp_path / "listen.txt").write_text(address + "\n")
    assert _health(_config(tmp_path, f"[web]\nlisten = {given}\n"), MY_LISTEN=address).exit_code == 0


def test_a_service_that_is_not_ready_is_exit_1_with_its_words(service: _Service, tmp_path: Path) -> None:
    service.answer = 503
    result = _health(_config(tmp_path, f'[web]\nlisten = "127.0.0.1:{service.server_port}"\n'))
    assert result.exit_code == 1
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert "HTTP 503: store" in result.stderr


def test_where_nothing_listens_it_is_exit_1_with_the_address(service: _Service, tmp_path: Path) -> None:
    port = service.server_port
    service.server_close()
    result = _health(_config(tmp_path, f'[web]\nlisten = "127.0.0.1:{port}"\n'))
    assert result.exit_code == 1
    assert f"127.0.0.1:{port}" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_an_address_that_is_none_is_exit_1(tmp_path: Path) -> None:
    result = _health(_config(tmp_path, '[web]\nlisten = "somewhere"\n'))
    assert result.exit_code == 1
    assert "somewhere" in result.stderr


def test_the_reason_is_chinese_where_the_config_says_so(tmp_path: Path) -> None:
    result = _health(_config(tmp_path, 'language = "zh-CN"\n[web]\nlisten = "x"\n'))
    assert result.exit_code == 1
    assert "监听" in result.stderr


def test_health_imports_next_to_nothing(tmp_path: Path) -> None:
    config = _config(tmp_path, '[web]\nlisten = "127.0.0.1:1"\n')
    code = (
        "import sys; from click.testing import CliRunner; from tracker.cli import root;"
        f"r = CliRunner().invoke(root, ['-c', {str(config)!r}, 'health']); assert r.exit_code == 1, r.output;"
        "heavy = {'httpx', 'pydantic', 'sqlmodel', 'sqlalchemy', 'rich', 'selectolax', 'tracker.config', 'tracker.store'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr
