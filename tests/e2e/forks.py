"""Runs of the installed command as forks of one process that has imported everything: many runs, and kills, in little time.

`run` waits for the end, `start` leaves it in the background, `sit` gives it a terminal. Each test process has one such process,
made when first needed. Run as a script this is it: a request a line on stdin, its answer a line on stdout. A run has an
environment, outputs and an end of its own; what start-up itself does, other tests hold.
"""

import atexit
import fcntl
import gc
import importlib
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Thread
from typing import Any

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Run:
    """What one run of the command left: exit code (-9: killed) and both outputs."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.out)
        return content

    @property
    def result(self) -> dict[str, Any]:
        """The only source's result."""
        (result,) = self.json["results"]
        assert isinstance(result, dict)
        return result


def run(
    argv: Sequence[str],
    env: Mapping[str, str],
    *,
    timeout: int = 60,
    after: float | None = None,
    at: str = "",
    when: str = "after",
) -> Run:
    """One run. `after`: kill -9 after so many seconds; `at`: at its first call of `module:name` or `module:Class.name`,
    with `#2` behind it at its second."""
    asked = {"argv": list(argv), "env": dict(env), "timeout": timeout, "after": after, "at": at, "when": when}
    return Run(**_ask(asked))


class Child:
    """A run in the background, as `subprocess.Popen` has it."""

    def __init__(self, argv: Sequence[str], env: Mapping[str, str], **more: object) -> None:
        self.returncode: int | None = None
        self.pid: int = _ask({"argv": list(argv), "env": dict(env), "at": "", "timeout": 0, **more})["pid"]

    def poll(self) -> int | None:
        if self.returncode is None:
            self.returncode = _ask({"poll": self.pid})["code"]
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:  # else the number may be somebody else's by now
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def wait(self, timeout: float = 60) -> int:
        end = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > end:
                raise subprocess.TimeoutExpired("tracker", timeout)
            time.sleep(0.01)
        return code


class Process(Child):
    """Its outputs are pipes, as a service's are. `code`: Python that it executes first, such as another length of a tick."""

    def __init__(self, argv: Sequence[str], env: Mapping[str, str], code: str) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._texts: dict[str, str] = {}
        pipes = {name: str(Path(self._folder.name, name)) for name in ("out", "err")}
        for path in pipes.values():
            os.mkfifo(path)
        self._readers = [Thread(target=self._read, args=pipe, daemon=True) for pipe in pipes.items()]
        for reader in self._readers:
            reader.start()
        super().__init__(argv, env, start=pipes, code=code)

    def _read(self, name: str, path: str) -> None:
        self._texts[name] = Path(path).read_text("utf-8", "replace")

    def communicate(self, timeout: float = 60) -> tuple[str, str]:
        """Waits for the end: (stdout, stderr)."""
        self.wait(timeout)
        for reader in self._readers:
            reader.join(10)
        self._folder.cleanup()
        return self._texts.get("out", ""), self._texts.get("err", "")


def start(argv: Sequence[str], env: Mapping[str, str], code: str = "") -> Process:
    """One run in the background; `code`: see there."""
    return Process(argv, env, code)


def sit(argv: Sequence[str], env: Mapping[str, str], terminal: str) -> Child:
    """One run at a terminal, such as /dev/pts/3, that is its own: Ctrl-C there reaches it."""
    return Child(argv, env, sit=terminal)


def _ask(request: dict[str, Any]) -> dict[str, Any]:
    process = _forge()
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(request) + "\n")
    process.stdin.flush()
    answer: dict[str, Any] = json.loads(process.stdout.readline())
    return answer


@cache
def _forge() -> subprocess.Popen[str]:
    """The process that forks; it ends with the tests."""
    pipe = subprocess.PIPE
    env = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": "/nonexistent"}
    process = subprocess.Popen([sys.executable, "-m", "tests.e2e.forks"], cwd=ROOT, env=env, stdin=pipe, stdout=pipe, text=True)
    atexit.register(_end, process)
    return process


def _end(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    process.wait(20)
    process.stdout.close()


def _die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _set_a_trap(at: str, when: str) -> None:
    """The process dies before or after its first call of `at`; of `at#2` after its second."""
    at, _, which = at.partition("#")
    module, _, path = at.partition(":")
    *owners, name = path.split(".")
    owner: Any = importlib.import_module(module)
    for part in owners:
        owner = getattr(owner, part)
    genuine = getattr(owner, name)
    calls = iter(range(int(which or 1), 0, -1))

    def trapped(*args: object, **kwargs: object) -> object:
        answer = genuine(*args, **kwargs)
        if next(calls) == 1:
            _die()
        return answer

    setattr(owner, name, _die if when == "before" else trapped)


def _take_terminal() -> None:
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    assert isinstance(sys.stdout, io.TextIOWrapper)
    sys.stdout.reconfigure(line_buffering=True)  # as at every terminal; it was made for a pipe


def _child(request: dict[str, Any], given: int, out: int, err: int) -> None:
    from tracker.cli import main

    for number, place in enumerate((given, out, err)):
        os.dup2(place, number)
    if "sit" in request:
        _take_terminal()
    os.environ.clear()
    os.environ.update(request["env"])
    time.tzset()
    tempfile.tempdir = None  # it was found in another environment
    sys.argv = request["argv"]
    signal.signal(signal.SIGINT, signal.default_int_handler)  # tests that run in the background inherit that it is ignored
    signal.alarm(request["timeout"])
    if request["at"]:
        _set_a_trap(request["at"], request["when"])
    try:
        exec(request.get("code", ""), {})
        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0
    except BaseException:  # noqa: BLE001 - a child must never return into its parent's loop
        import traceback

        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _run(request: dict[str, Any]) -> dict[str, Any]:
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        child = os.fork()
        if child == 0:
            _child(request, os.open(os.devnull, os.O_RDONLY), out.fileno(), err.fileno())
        if request["after"] is not None:
            time.sleep(request["after"])
            os.kill(child, signal.SIGKILL)  # not yet waited for: the number is still its own
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        out.seek(0)
        err.seek(0)
        return {"code": code, "out": out.read(), "err": err.read()}


def _start(request: dict[str, Any]) -> dict[str, Any]:
    child = os.fork()
    if child == 0:
        outputs = (os.open(request["start"][name], os.O_WRONLY) for name in ("out", "err"))
        _child(request, os.open(os.devnull, os.O_RDONLY), *outputs)
    return {"pid": child}


def _sit(request: dict[str, Any]) -> dict[str, Any]:
    terminal = os.open(request["sit"], os.O_RDWR | os.O_NOCTTY)
    child = os.fork()
    if child == 0:
        _child(request, terminal, terminal, terminal)
    os.close(terminal)  # else it would stay open when the child ended
    return {"pid": child}


def _poll(request: dict[str, Any]) -> dict[str, Any]:
    done, status = os.waitpid(request["poll"], os.WNOHANG)
    return {"code": os.waitstatus_to_exitcode(status) if done else None}


def _import_everything() -> None:
    """What runs need: our own modules, what the libraries load at the first use only, and one store that is made here."""
    heavy = ("check", "importing", "fetch.wire", "fetch.drive", "store.slots", "store.outbox", "known.facts", "setup.receivers")
    web = ("service", "web.app", "web.page", "reload", "alive", "upkeep")
    commands = ("serve", "check", "notify", "cases", "saw", "status", "status_text", "history", "exchange", "init", "ack")
    for name in (*heavy, *web, *(f"cli.{command}" for command in commands)):
        importlib.import_module(f"tracker.{name}")
    for name in ("page", "form"):
        importlib.import_module(f"adapters.{name}")
    late = ("anyio._backends._asyncio", "apscheduler.executors.asyncio", "chinese_calendar", "h11", "httpcore", "rich.console")
    for name in (*late, "uvicorn.lifespan.off", "uvicorn.protocols.http.auto", "uvicorn.protocols.websockets.auto"):
        importlib.import_module(name)
    from tracker.deliver import send
    from tracker.store.engine import open_engine
    from tracker.web import page

    send._load()
    for language in ("en", "zh-CN"):
        templates = page._templates(language)
        for name in templates.list_templates(["html"]):
            templates.get_template(name)
    with tempfile.TemporaryDirectory() as folder:
        open_engine(f"sqlite:///{folder}/tracker.db").dispose()


def _serve() -> None:
    _import_everything()
    gc.freeze()  # a child that collects garbage would else copy all of it
    for line in sys.stdin:
        request = json.loads(line)
        do = next((do for name, do in (("poll", _poll), ("start", _start), ("sit", _sit)) if name in request), _run)
        answer = do(request)
        print(json.dumps(answer), flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    _serve()
