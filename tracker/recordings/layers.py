"""Whether a value still stands in a text in any encoding: the text is undone layer by layer, and looked at in each.

It knows nothing of how values are replaced: it is the other pair of eyes.
"""

import base64
import hashlib
import html
import re
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from urllib.parse import unquote

from tracker.recordings.trie import any_of

DEPTH = 4
BETWEEN = "\0"  # stands between pieces of one layer that do not touch; nothing folds it away
_MOST = 96 << 20  # characters in all layers of one text
_NEAR = 240  # what is undone is undone with what stands around it: the rest is in the layer before
_BASE64 = re.compile(r"[A-Za-z0-9+/_\-]{8,}={0,2}")
_HEX = re.compile(r"(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{2}){4,}(?![0-9A-Fa-f])")
_CODES = re.compile(r"(?<![0-9,])[0-9]{2,6}(?:\s*,\s*[0-9]{2,6})+(?![0-9,])")
_READABLE = re.compile(rb"[ -~]{4}|(?:[ -~]\0){4}|[\x81-\xfe].[\x81-\xfe].", re.DOTALL)
_ENTITY = re.compile(r"&[#A-Za-z]")
_SLASH = re.compile(r"\\")
_ESCAPE = re.compile(r"\\+(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([0-3][0-7]{2})|(/))")
_PERCENT = re.compile(r"%(?:u[0-9a-fA-F]{4}|[0-9a-fA-F]{2})")
_PERCENT_U = re.compile(r"%u([0-9a-fA-F]{4})")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,400}>|<!--[^<>]{0,200}-->|[\"']\s*\+\s*[\"']")
_APART = re.compile(r"(?:[\s\-\u00ad\u00b7\u200b-\u200f\u2010-\u2015\u2060\ufeff+]|\\+[nrt])+")
_POINTS = re.compile(r"[._/:,()\[\]〔〕【】《》\"'|、。]+")
_DEFLATED = {b"\x1f\x8b": 31, b"\x78\x01": 15, b"\x78\x5e": 15, b"\x78\x9c": 15, b"\x78\xda": 15}
_MOST_INFLATED = 1 << 20
_LONGEST_DIGESTED = 60  # a longer one is a token: nobody guesses it


@lru_cache(maxsize=8)
def layers(text: str) -> tuple[str, ...]:
    """The text and what it says when entities, escapes, percent signs, Base64 and the like are undone, in any order."""
    found, seen, size = [text], {text}, len(text)
    begin = 0
    for _ in range(DEPTH):
        begin, layer = len(found), found[begin:]
        for one in layer:
            for undone in _undone(one):
                if undone and undone not in seen and size < _MOST:
                    seen.add(undone)
                    found.append(undone)
                    size += len(undone)
    return tuple(found)


def remains(text: str, values: Iterable[str]) -> list[str]:
    """Those of the values that stand in the text in any encoding, case or width, with blanks, points or tags between.

    A value's digest counts as the value: whoever knows the values that there can be finds it by trying.
    """
    wanted = tuple(dict.fromkeys(values))
    return _sought(wanted).among(_folded(text)) if wanted else []


def fold(text: str) -> str:
    """Without what may stand between the characters of a value, in one case and width."""
    return _APART.sub("", unicodedata.normalize("NFKC", text)).casefold()


def is_code(folded: str) -> bool:
    """Whether a folded value is a number or code long enough to be known by its characters alone."""
    return folded.isascii() and len(folded) >= 9 and sum(c.isdigit() for c in folded) >= 5


@lru_cache(maxsize=8)
def _folded(text: str) -> tuple[tuple[str, str], ...]:
    """Each layer folded, with its tags and without them, and beside it without points too."""
    found: list[str] = []
    for layer in layers(text):
        found.append(fold(layer))
        if _MARKUP.search(layer):
            found.append(fold(_MARKUP.sub("", layer)))
    return tuple((one, _POINTS.sub("", one)) for one in dict.fromkeys(found))


class _Sought:
    """Values, and the patterns that find them in folded texts."""

    def __init__(self, values: Iterable[str]) -> None:
        self._plain: dict[str, str] = {}
        self._short: dict[str, str] = {}
        self._codes: dict[str, str] = {}
        for value in values:
            folded = fold(value)
            if not folded:
                continue
            # A short number counts only by itself: it may be a part of any other.
            (self._short if folded.isascii() and len(folded) < 6 else self._plain).setdefault(folded, value)
            if is_code(folded):
                bare = _POINTS.sub("", folded)
                self._codes |= {bare: value, bare[::-1]: value}
            if len(folded) <= _LONGEST_DIGESTED and (len(folded) >= 6 or not folded.isascii()):
                self._plain |= dict.fromkeys(map(fold, _digests(value)), value)
        self._find_plain = _pattern(self._plain)
        self._find_short = _pattern(self._short, "(?<![0-9a-z])", "(?![0-9a-z])")
        self._find_codes = _pattern(self._codes)

    def among(self, folded: Iterable[tuple[str, str]]) -> list[str]:
        left: dict[str, None] = {}
        for one, bare in folded:
            for find, of, there in (
                (self._find_plain, self._plain, one),
                (self._find_short, self._short, one),
                (self._find_codes, self._codes, bare),
            ):
                left |= dict.fromkeys(of[match] for match in find(there))
        return list(left)


@lru_cache(maxsize=8)
def _sought(values: tuple[str, ...]) -> _Sought:
    return _Sought(values)


def _pattern(words: Iterable[str], before: str = "", after: str = "") -> Callable[[str], list[str]]:
    words = list(words)
    return re.compile(f"{before}{any_of(words)}{after}").findall if words else lambda _: []


def _digests(value: str) -> Iterator[str]:
    for raw in dict.fromkeys((value.encode("utf-8", "replace"), value.encode("gb18030", "replace"))):
        for algorithm in ("md5", "sha1", "sha256"):
            digest = hashlib.new(algorithm, raw, usedforsecurity=False)
            yield digest.hexdigest()
            yield base64.b64encode(digest.digest()).decode().rstrip("=")
            if algorithm == "md5":
                yield digest.hexdigest()[8:24]


# --- one layer undone ------------------------------------------------------------------------------------------------


def _undone(text: str) -> Iterator[str]:
    if "&" in text:
        yield html.unescape(_around(text, _ENTITY))
    if "\\" in text:
        yield _joined(_ESCAPE.sub(_character, _around(text, _SLASH)))
    if "%" in text:
        near = _joined(_PERCENT_U.sub(_percent_character, _around(text, _PERCENT)))
        yield from (unquote(near, codec, "ignore") for codec in ("utf-8", "gb18030", "big5hkscs"))
    yield BETWEEN.join(map(_of_codes, _CODES.findall(text)))
    yield BETWEEN.join(piece for token in dict.fromkeys(_HEX.findall(text)) for piece in readable(bytes.fromhex(token)))
    yield BETWEEN.join(piece for token in dict.fromkeys(_BASE64.findall(text)) for piece in unpacked(token))


def _around(text: str, sign: re.Pattern[str]) -> str:
    """The neighbourhoods of a sign."""
    if len(text) < 4 * _NEAR:
        return text if sign.search(text) else ""
    spans: list[list[int]] = []
    for found in sign.finditer(text):
        start, end = max(found.start() - _NEAR, 0), found.end() + _NEAR
        if spans and start <= spans[-1][1]:
            spans[-1][1] = end
        else:
            spans.append([start, end])
    return BETWEEN.join(text[start:end] for start, end in spans)


def unpacked(token: str) -> Iterator[str]:
    """What a token says as Base64; it may begin behind a slash of something else, and hold texts between other bytes."""
    for _, raw in starts(token):
        yield from readable(raw)


def readable(raw: bytes) -> Iterator[str]:
    """The texts that bytes may be, also when they are deflated."""
    for one in (raw, _inflated(raw, _DEFLATED.get(raw[:2], -15))):
        if not _READABLE.search(one):
            continue
        yield one.decode("utf-8", "ignore")
        for codec in ("gb18030", "utf-16-le"):
            try:
                text = one.decode(codec)
            except UnicodeDecodeError:
                continue
            if text.isprintable():
                yield text


def _inflated(raw: bytes, wbits: int) -> bytes:
    if len(raw) < 12 or raw.isascii():
        return b""
    try:
        return zlib.decompressobj(wbits).decompress(raw, _MOST_INFLATED)
    except zlib.error:
        return b""


def starts(token: str) -> Iterator[tuple[int, bytes]]:
    """(where it begins, its bytes) of each way to take a token for Base64."""
    plain = token.rstrip("=").replace("-", "+").replace("_", "/")
    for start in range(min(4, len(plain) - 7)):
        part = plain[start:]
        part = part[: len(part) - (len(part) % 4 == 1)]
        yield start, base64.b64decode(part + "=" * (-len(part) % 4))


def _joined(text: str) -> str:
    """Two halves of one character as one."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _character(found: re.Match[str]) -> str:
    *numbers, octal, slash = found.groups()
    if slash:
        return slash
    number = int(octal, 8) if octal else int(next(filter(None, numbers)), 16)
    return chr(number) if number < 0x110000 else found.group()


def _percent_character(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))


def _of_codes(found: str) -> str:
    """Numbers of characters, as scripts list them."""
    return _joined("".join(chr(int(number)) for number in found.split(",") if int(number) < 0x110000))
