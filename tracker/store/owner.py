"""Who holds a lease, and whether that process is still there."""

import os
import secrets
import socket
from functools import cache
from pathlib import Path


@cache
def machine() -> str:
    """The machine as far as process numbers go: its boot and its process namespace."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        return f"{boot}-{Path('/proc/self/ns/pid').stat().st_ino}"
    except OSError:
        return socket.gethostname()


def _started(pid: int) -> str:
    """When a process started, in clock ticks since boot: tells a process from a later one with its number.

    "dead" for one that was killed and whose parent has not looked yet.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("ascii", errors="replace")
    except OSError:
        return ""
    fields = stat.rpartition(")")[2].split()
    return "dead" if fields[0] in "ZX" else fields[19]


def new_owner() -> str:
    """A name for this process as a holder of leases."""
    pid = os.getpid()
    return f"{machine()}/{pid}/{_started(pid)}/{secrets.token_hex(4)}"


def is_gone(owner: str) -> bool:
    """Whether the process of this name has ended; False where that can't be known from here."""
    where, _, rest = owner.partition("/")
    pid, _, rest = rest.partition("/")
    started = rest.partition("/")[0]
    if where != machine() or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass
    return bool(started) and _started(int(pid)) != started
