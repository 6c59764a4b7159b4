"""Where each key of a TOML text stands: key path -> line. TOML libraries tell no line of a value that is wrong."""

import re
import tomllib

KeyPath = tuple[str | int, ...]

_GAP = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:[^"\\]++|\\.|"(?!""))*+""""?"?'
    r"|'''(?:[^']++|'(?!''))*+''''?'?"
    r'|"(?:[^"\\\n]++|\\.)*+"'
    r"|'[^'\n]*+'",
    re.DOTALL,
)
_SCALAR = re.compile(r"[^,\]}#\n]+")  # a date may have a blank inside


def index(text: str) -> dict[KeyPath, int]:
    """Key path -> line, counted from 1, for a text that tomllib accepts. Items of lists have their number in the path."""
    return _Scan(text).run()


class _Scan:
    """One pass over the text; `here` is the table that the last header opened, `counts` how often a [[header]] stood."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines: dict[KeyPath, int] = {}
        self.counts: dict[KeyPath, int] = {}
        self.here: KeyPath = ()
        self.line, self.counted = 1, 0

    def run(self) -> dict[KeyPath, int]:
        at = self.gap(0)
        while at < len(self.text):
            at = self.header(at) if self.text[at] == "[" else self.pair(at, self.here)
            at = self.gap(at)
        return self.lines

    def gap(self, at: int) -> int:
        """Behind blanks, line ends and comments."""
        return _end(_GAP.match(self.text, at), at)

    def line_of(self, at: int) -> int:
        """The line of a place; places come in rising order, so every line end is counted once."""
        self.line += self.text.count("\n", self.counted, at)
        self.counted = at
        return self.line

    def keys(self, at: int) -> tuple[list[str], int]:
        """The parts of a dotted key, and the place of what follows it."""
        parts: list[str] = []
        while True:
            at = self.gap(at)
            start = at
            at = _end((_STRING if self.text[at] in "\"'" else _BARE).match(self.text, at), at)
            parts.append(_plain(self.text[start:at]))
            at = self.gap(at)
            if self.text[at] != ".":
                return parts, at
            at += 1

    def header(self, at: int) -> int:
        """[table] or [[list of tables]]: moves `here`."""
        line, many = self.line_of(at), self.text.startswith("[[", at)
        parts, at = self.keys(at + 1 + many)
        path: KeyPath = ()
        for part in parts[:-1]:
            path = (*path, part)
            self.lines.setdefault(path, line)
            if path in self.counts:
                path = (*path, self.counts[path] - 1)
        path = (*path, parts[-1])
        if many:
            self.lines.setdefault(path, line)
            number = self.counts.get(path, 0)
            self.counts[path] = number + 1
            path = (*path, number)
        self.lines[path] = line
        self.here = path
        return at + 1 + many

    def pair(self, at: int, table: KeyPath) -> int:
        """key = value."""
        line = self.line_of(at)
        parts, at = self.keys(at)
        for part in parts:
            table = (*table, part)
            self.lines.setdefault(table, line)
        return self.value(self.gap(at + 1), table)

    def value(self, at: int, path: KeyPath) -> int:
        opening = self.text[at]
        if opening in "\"'":
            return _end(_STRING.match(self.text, at), at)
        if opening not in "[{":
            return _end(_SCALAR.match(self.text, at), at)
        at, number = self.gap(at + 1), 0
        while self.text[at] not in "]}":
            if opening == "{":
                at = self.pair(at, path)
            else:
                self.lines[*path, number] = self.line_of(at)
                at = self.value(at, (*path, number))
            number += 1
            at = self.gap(at)
            if self.text[at] == ",":
                at = self.gap(at + 1)
        return at + 1


def _end(match: re.Match[str] | None, at: int) -> int:
    if match is None:
        raise ValueError(f"not TOML at character {at}")
    return match.end()


def _plain(key: str) -> str:
    """A key as written -> the key itself."""
    if key[0] not in "\"'":
        return key
    return str(tomllib.loads(f"key = {key}")["key"]) if "\\" in key else key[1:-1]
