"""Runs of the installed command as forks of one process that has imported everything: many runs, and kills, in little time.

    with Forks(desk) as forks:
        forks.run("check", after=0.05)                          # kill -9 after 50 ms
        forks.run("check", at="tracker.store.store:Store.finish", when="after")   # kill -9 right after its first call

Run as a script it is that process: a request a line on stdin, its answer a line on stdout.
"""

import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.e2e.desk import Desk, Run

ROOT = Path(__file__).parents[2]


class Forks:
    """The process that forks. `run` answers as `Desk.run`; a killed run has the code -9."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def __enter__(self) -> Self:
        pipe = subprocess.PIPE
        command = [sys.executable, "-m", "tests.e2e.forks"]
        self._process = subprocess.Popen(command, cwd=ROOT, env=self._desk.env, stdin=pipe, stdout=pipe, text=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()

    def run(self, *arguments: str, after: float | None = None, at: str = "", when: str = "after") -> Run:
        self._desk.write()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        request = {"argv": self._desk.command(*arguments), "after": after, "at": at, "when": when}
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return Run(**json.loads(self._process.stdout.readline()))


def _die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _set_a_trap(at: str, when: str) -> None:
    """The process dies before or after its first call of `module:name` or `module:Class.name`."""
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

    os.dup2(out, 1)
    os.dup2(err, 2)
    sys.argv = request["argv"]
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
    for heavy in ("check", "fetch.wire", "fetch.drive", "store.slots", "store.outbox", "cli.check", "cli.notify"):
        importlib.import_module(f"tracker.{heavy}")
    importlib.import_module("adapters.page")
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
