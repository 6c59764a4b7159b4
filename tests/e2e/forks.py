"""Runs of the installed command as forks of one process that has imported everything: many runs, and kills, in little time.

Each test process has one such process, made when first needed. Run as a script this is it: a request a line on stdin, its
answer a line on stdout. A run has an environment, outputs and an end of its own; what start-up itself does, other tests hold.
"""

import atexit
import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
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
    """One run. `after`: kill -9 after so many seconds; `at`: at its first call of `module:name` or `module:Class.name`."""
    process = _forge()
    assert process.stdin is not None
    assert process.stdout is not None
    request = {"argv": list(argv), "env": dict(env), "timeout": timeout, "after": after, "at": at, "when": when}
    process.stdin.write(json.dumps(request) + "\n")
    process.stdin.flush()
    return Run(**json.loads(process.stdout.readline()))


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
    """The process dies before or after its first call of `at`."""
    module, _, path = at.partition(":")
    *owners, name = path.split(".")
    owner: Any = importlib.import_module(module)
    for part in owners:
        owner = getattr(owner, part)
    genuine = getattr(owner, name)

    def trapped(*args: object, **kwargs: object) -> None:
        genuine(*args, **kwargs)
        _die()

    setattr(owner, name, _die if when == "before" else trapped)


def _child(request: dict[str, Any], out: int, err: int) -> None:
    from tracker.cli import main

    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(out, 1)
    os.dup2(err, 2)
    os.environ.clear()
    os.environ.update(request["env"])
    time.tzset()
    sys.argv = request["argv"]
    signal.alarm(request["timeout"])
    if request["at"]:
        _set_a_trap(request["at"], request["when"])
    try:
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


def _serve() -> None:
    heavy = ("check", "importing", "fetch.wire", "fetch.drive", "store.slots", "store.outbox", "known.facts", "setup.receivers")
    commands = ("check", "notify", "cases", "saw", "status", "history", "exchange", "init", "ack")
    for name in (*heavy, *(f"cli.{command}" for command in commands)):
        importlib.import_module(f"tracker.{name}")
    for name in ("page", "form"):
        importlib.import_module(f"adapters.{name}")
    from tracker.deliver import send

    send._load()
    for line in sys.stdin:
        request = json.loads(line)
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
            child = os.fork()
            if child == 0:
                _child(request, out.fileno(), err.fileno())
            if request["after"] is not None:
                time.sleep(request["after"])
                os.kill(child, signal.SIGKILL)  # not yet waited for: the number is still its own
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            out.seek(0)
            err.seek(0)
            answer = {"code": code, "out": out.read(), "err": err.read()}
        print(json.dumps(answer), flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    _serve()
