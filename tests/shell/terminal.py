"""The command in a terminal of its own, as a person sits before it."""

import errno
import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.e2e import forks

TRACKER = Path(sys.executable).with_name("tracker")
# So that Ctrl-C in it reaches the command.
_TAKE_TERMINAL = (
    "import fcntl, os, signal, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
    "signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"
)
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """Runs `tracker ARGUMENTS`; `see` waits for words on the screen, `enter` answers with a line.

    The run is a fork of a process that has imported everything; `from_scratch`: it starts as a person's does.
    """

    def __init__(self, *arguments: str, env: Mapping[str, str], from_scratch: bool = False) -> None:
        master, slave = pty.openpty()
        self._master = master
        argv = [str(TRACKER), *arguments]
        env = {"PATH": os.environ["PATH"], "TERM": "xterm", "COLUMNS": "80", "LINES": "24", **env}
        self._process: forks.Child | subprocess.Popen[bytes] = (
            _from_scratch(argv, env, slave) if from_scratch else forks.sit(argv, env, os.ttyname(slave))
        )
        os.close(slave)
        self.shown = ""
        self._read_to = 0

    def see(self, words: str, seconds: float = 30) -> str:
        """Waits until the words stand there, after what was seen before; all that came up to them."""
        until = time.monotonic() + seconds
        while (at := self.shown.find(words, self._read_to)) < 0:
            left = until - time.monotonic()
            assert left > 0, f"{words!r} never came:\n{self.shown[self._read_to :]}"
            assert self._more(left), f"it ended before {words!r}:\n{self.shown[self._read_to :]}"
        seen = self.shown[self._read_to : at]
        self._read_to = at + len(words)
        return seen

    def enter(self, *lines: str) -> None:
        for line in lines:
            os.write(self._master, line.encode("utf-8", "surrogateescape") + b"\n")

    def answer(self, words: str, line: str = "") -> None:
        """Waits for a question and answers it."""
        self.see(words)
        self.enter(line)

    def interrupt(self, words: str, seconds: float = 30) -> None:
        """Ctrl-C until the words stand there: one that comes just before a line is read is only seen with the next key."""
        until = time.monotonic() + seconds
        while self.shown.find(words, self._read_to) < 0:
            assert time.monotonic() < until, f"{words!r} never came:\n{self.shown[self._read_to :]}"
            os.write(self._master, b"\x03")
            again = min(time.monotonic() + 3, until)
            while self.shown.find(words, self._read_to) < 0 and time.monotonic() < again:
                assert self._more(again - time.monotonic()), f"it ended before {words!r}:\n{self.shown[self._read_to :]}"
        self.see(words)

    def end(self, seconds: float = 30) -> int:
        """Waits for the end of the command; its exit code."""
        until = time.monotonic() + seconds
        while self._more(max(until - time.monotonic(), 0)):
            assert time.monotonic() < until, f"it never ended:\n{self.shown[self._read_to :]}"
        return self._process.wait(5)

    def _more(self, seconds: float) -> bool:
        """Takes what came; False at the end."""
        if not select.select([self._master], [], [], seconds)[0]:
            return True
        try:
            got = os.read(self._master, 65536)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            got = b""
        self.shown += _ESCAPES.sub("", got.decode("utf-8", "ignore")).replace("\r\n", "\n")
        return bool(got)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        os.close(self._master)


def _from_scratch(argv: list[str], env: Mapping[str, str], slave: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", _TAKE_TERMINAL, *argv]
    return subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, env=env, start_new_session=True)
