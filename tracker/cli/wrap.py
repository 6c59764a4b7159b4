"""Lines that fit a terminal: Chinese breaks between any two characters, but no line begins with a closing mark."""

import re
from collections.abc import Iterator

from rich.cells import cell_len

_CLOSING = "，。；：、！？）］】》”’…"
_OPENING = "（［【《“‘"
# A word of letters and signs; else one character, with the opening marks before it and the closing ones behind it.
_PIECE = re.compile(rf"[!-~]+[{_CLOSING}]*|\s+|[{_OPENING}]*[^\s][{_CLOSING}]*")


def wrapped(text: str, width: int) -> Iterator[str]:
    """The lines of a text, each at most `width` columns; an address that is longer stays whole."""
    line = ""
    for piece in _PIECE.findall(text):
        if line and cell_len(line + piece.rstrip()) > width:
            yield line.rstrip()
            line = ""
        if line or not piece.isspace():
            line += piece
    if line.strip():
        yield line.rstrip()
