"""A QR code as text for a terminal, dark on light whatever the terminal's own colours are."""

import segno

QUIET = 4  # modules of margin, as the standard wants: without them many phones find nothing
_DARK, _LIGHT = "38;5;16", "38;5;231"
_ON = {"38;5;16": "48;5;16", "38;5;231": "48;5;231"}
_RESET = "\x1b[0m"


def modules(text: str) -> list[list[bool]]:
    """The code with its margin: rows of modules, True where dark."""
    code = segno.make(text, error="m", micro=False, boost_error=False)
    return [[bool(module) for module in row] for row in code.matrix_iter(border=QUIET)]


def qr_text(text: str, *, colour: bool = True) -> str:
    """Two modules a character. Without colours the light ones are drawn, which suits terminals of light text on dark."""
    rows = modules(text)
    if len(rows) % 2:
        rows.append([False] * len(rows[0]))
    lines = (zip(rows[at], rows[at + 1], strict=True) for at in range(0, len(rows), 2))
    if not colour:
        drawn = {(False, False): "█", (False, True): "▀", (True, False): "▄", (True, True): " "}
        return "\n".join("".join(drawn[pair] for pair in line) for line in lines)
    return "\n".join(_coloured(list(line)) for line in lines)


def _coloured(line: list[tuple[bool, bool]]) -> str:
    """Upper halves in the foreground, lower halves in the background; a colour is said once for its run."""
    parts, before = [], None
    for pair in line:
        if pair != before:
            upper, lower = (_DARK if dark else _LIGHT for dark in pair)
            parts.append(f"\x1b[{upper};{_ON[lower]}m")
            before = pair
        # A run of one colour is blank: some fonts leave a gap between half blocks.
        parts.append(" " if pair[0] == pair[1] else "▀")
    return "".join(parts) + _RESET
