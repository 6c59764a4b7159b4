"""httpx without its own command line, which would drag in rich and pygments (half of its import time) for nothing."""

import importlib
import sys
from importlib.util import find_spec

_CLI = "httpx._main"

if "httpx" not in sys.modules and _CLI not in sys.modules:
    # httpx expects that this module may be missing; should it be renamed one day, nothing breaks but the speed.
    sys.modules[_CLI] = None  # type: ignore[assignment]
    try:
        importlib.import_module("httpx")
    finally:
        del sys.modules[_CLI]

# httpcore asks for sniffio four times a request, and where it is not installed each failing look-up walks the whole path.
if find_spec("sniffio") is None:
    # None is the sign for "there is none".
    sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]

import httpx as httpx  # noqa: E402, PLC0414 - after the above; re-exported on purpose
