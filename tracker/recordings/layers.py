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
_LARGE = 100_000
_KEPT = 24  # large texts, whose answers are at hand: those of one page
_NEAR = 240  # what is undone is undone with what stands around it: the rest is in the layer before
_BASE64 = re.compile(r"[A-Za-z0-9+/_\-]{8,}={0,2}")
_HEX = re.compile(r"(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{2}){4,}(?![0-9A-Fa-f])")
_CODES = re.compile(r"(?<![0-9])[0-9]{2,6}(?:\s*,\s*[0-9]{2,6})+(?![0-9])")
# What may be text of each charset between other bytes: short runs only where they are plainly so. Of noise most is none, so
# that a look at the bytes by themselves comes first; and where one character ends is never in doubt, so that nothing is
# tried twice (the possessive +).
_PAIR = rb".[\0\x34-\x9f\xd8-\xdf]"
RUNS = {
    "utf-8": re.compile(
        rb"(?=[ -~\t\r\n\xc2-\xf4][ -~\t\r\n\x80-\xf4]{5})(?:[ -~\t\r\n]|[\xc2-\xf4][\x80-\xbf]{1,3}+){6,}+"
        rb"|(?:[\xe3-\xe9][\x80-\xbf]{2}){2,}+"
    ),
    "gb18030": re.compile(
        rb"(?=[ -~\t\r\n\x81-\xfe][ -\xfe\t\r\n]{7})"
        rb"(?:[ -~\t\r\n]|[\x81-\xfe][@-\xfe]|[\x81-\xfe][0-9][\x81-\xfe][0-9]){8,}+|(?:[\xb0-\xf7][\xa1-\xfe]){2,}+"
    ),
    "utf-16-le": re.compile(rb"(?=%s)(?:[ -~]\0|.[\x34-\x9f\xd8-\xdf]){6,}+|(?:.[\x4e-\x9f]){3,}+" % (_PAIR * 6), re.DOTALL),
}
_ENTITY = re.compile(r"&[#A-Za-z]")
_SLASH = re.compile(r"\\")
_ESCAPE = re.compile(r"\\+(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([0-3][0-7]{2})|(/))")
_PERCENT = re.compile(r"%(?:u[0-9a-fA-F]{4}|[0-9a-fA-F]{2})")
_PERCENT_U = re.compile(r"%u([0-9a-fA-F]{4})")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,400}>|<!--[^<>]{0,200}-->")
_JOINED = re.compile(r"[\"']\s*\+\s*[\"']")
_APART = re.compile(r"(?:[\s\-\u00ad\u00b7\u200b-\u200f\u2010-\u2015\u2060\ufeff+]|\\+[nrt])+")
_POINTS = re.compile(r"[._/:,()\[\]〔〕【】《》\"'|、。第号年字]+")
_DEFLATED = ("H4sI", "eJ", "eN", "eF", "eA")  # how gzip and zlib begin in Base64
_MIXED = re.compile(r"(?=.{0,30}[0-9])(?=.{0,30}[a-z])(?=.{0,30}[A-Z])")
_SHORTEST_DEFLATED = 20
_MOST_FOLDERS = 6
_MOST_INFLATED = 1 << 20
_HASH = re.compile(r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{16,64}(?![0-9A-Fa-f])")
_PACKED = re.compile(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/_\-]{22,80}(?![A-Za-z0-9+/])")
_PACKED_DIGESTS = (22, 27, 43)
_LONGEST_DIGESTED = 60  # a longer one is a token: nobody guesses it


def layers(text: str) -> tuple[str, ...]:
    """The text and what it says when entities, escapes, percent signs, Base64 and the like are undone, in any order."""
    return _kept_layers(text) if len(text) > _LARGE else _layers(text)


def _layers(text: str) -> tuple[str, ...]:
    found, seen, size = [text], {text}, len(text)
    begin = 0
    for _ in range(DEPTH):
        begin, layer = len(found), found[begin:]
        for one in layer:
            for undone in _kept_undone(one) if len(one) > _LARGE else _undone(one):
                if undone and undone not in seen and size < _MOST:
                    seen.add(undone)
                    found.append(undone)
                    size += len(undone)
    return tuple(found)


_kept_layers = lru_cache(maxsize=4)(_layers)  # a page is looked at several times


def remains(text: str, values: Iterable[str]) -> list[str]:
    """Those of the values that stand in the text in any encoding, case or width, with blanks, points or tags between.

    A value's digest counts as the value: whoever knows the values that there can be finds it by trying.
    """
    wanted = tuple(dict.fromkeys(values))
    return _sought(wanted).among(text) if wanted else []


def fold(text: str) -> str:
    """Without what may stand between the characters of a value, in one case and width."""
    return _APART.sub("", plain_width(text)).casefold()


def plain_width(text: str) -> str:
    """A text in Unicode's compatibility form (NFKC)."""
    return _kept_width(text) if len(text) > _LARGE else _width(text)


def _width(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


_kept_width = lru_cache(maxsize=_KEPT)(_width)


def is_code(folded: str) -> bool:
    """Whether a folded value is a number, code or Latin name long enough to be known by its characters alone."""
    return folded.isascii() and len(folded) >= (9 if folded.isdigit() else 8)


def _folded(text: str) -> tuple[tuple[str, str], ...]:
    return _kept_folded(text) if len(text) > _LARGE else _fold_layers(text)


def _fold_layers(text: str) -> tuple[tuple[str, str], ...]:
    """Each layer folded, with its tags and without them, and beside it without points too."""
    return tuple(
        dict.fromkeys(pair for one in layers(text) for pair in (_kept_fold(one) if len(one) > _LARGE else _fold_layer(one)))
    )


def _fold_layer(text: str) -> tuple[tuple[str, str], ...]:
    layer = _JOINED.sub("", text) if "+" in text else text
    found = [fold(layer)]
    if _MARKUP.search(layer):
        found.append(fold(_MARKUP.sub("", layer)))
    return tuple((one, _POINTS.sub("", one)) for one in found)


# A page is looked at several times, and each time a little of it is another text: most of its layers are the same.
_kept_folded = lru_cache(maxsize=4)(_fold_layers)
_kept_fold = lru_cache(maxsize=_KEPT)(_fold_layer)


class _Sought:
    """Values, and the patterns that find them in folded texts."""

    def __init__(self, values: Iterable[str]) -> None:
        self._plain: dict[str, str] = {}
        self._short: dict[str, str] = {}
        self._codes: dict[str, str] = {}
        self._digests: dict[str, str] = {}
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
                self._digests |= dict.fromkeys(_digests(value), value)
        self._find_plain = _pattern(self._plain)
        self._find_short = _pattern(self._short, "(?<![0-9a-z])", "(?![0-9a-z])")
        self._find_codes = _pattern(self._codes)

    def among(self, text: str) -> list[str]:
        left: dict[str, None] = {}
        for layer in layers(text) if self._digests else ():
            hashed = {match.lower() for match in _HASH.findall(layer)}
            hashed |= {match[-n:] for match in _PACKED.findall(layer) for n in _PACKED_DIGESTS}
            left |= dict.fromkeys(self._digests[one] for one in hashed & self._digests.keys())
        for one, bare in _folded(text):
            for find, of, there in (
                (self._find_plain, self._plain, one),
                (self._find_short, self._short, one),
                (self._find_codes, self._codes, bare),
            ):
                left |= dict.fromkeys(of[match] for match in find(there))
        return list(left)


class Wide:
    """Values in bytes that nobody takes for UTF-16."""

    def __init__(self, values: Iterable[str]) -> None:
        self._values = {v.encode(codec, "ignore").decode("latin-1"): v for v in values for codec in ("utf-16-le", "utf-16-be")}
        self._find = _pattern(self._values)

    def among(self, content: bytes) -> list[str]:
        return [self._values[found] for found in self._find(content.decode("latin-1"))]


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


def forget() -> None:
    """Nothing of large texts is at hand any more: the next answer has others, and a few pages would fill the memory."""
    for kept in (_kept_layers, _kept_width, _kept_folded, _kept_fold, _kept_undone, _kept_runs):
        kept.cache_clear()


# --- one layer undone ------------------------------------------------------------------------------------------------


@lru_cache(maxsize=_KEPT)
def _kept_undone(text: str) -> tuple[str, ...]:
    return tuple(_undone(text))


def _undone(text: str) -> Iterator[str]:
    if "&" in text:
        yield html.unescape(_around(text, _ENTITY))
    if "\\" in text:
        yield _joined(_ESCAPE.sub(_character, _around(text, _SLASH)))
    if "%" in text:
        near = _joined(_PERCENT_U.sub(_percent_character, _around(text, _PERCENT)))
        yield from (unquote(near, codec, "ignore") for codec in ("utf-8", "gb18030", "big5hkscs"))
    yield BETWEEN.join(map(_of_codes, _CODES.findall(text)))
    raw = bytes.fromhex("0a0a0a0a".join(dict.fromkeys(_HEX.findall(text))))
    yield from (raw.decode(codec, "ignore") for codec in ("utf-8", "gb18030", "utf-16-le"))
    yield from _readable(list(_unpacked(dict.fromkeys(_BASE64.findall(text)))))


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


def _unpacked(tokens: Iterable[str]) -> Iterator[bytes]:
    """What tokens say as Base64, four zeros between them; each may begin behind a slash of something else."""
    plain = [token.rstrip("=").replace("-", "+").replace("_", "/") for token in tokens]
    for start in range(4):
        parts = [token[start:] + "A" * (-(len(token) - start) % 4) for token in plain if len(token) >= start + 7]
        yield base64.b64decode("AAAAAAAA".join(parts))
    for tail in (tail for token in plain for tail in _tails(token)):
        if tail.startswith(_DEFLATED) or _MIXED.match(tail):
            yield _inflated(base64.b64decode(tail[: len(tail) - (len(tail) % 4 == 1)] + "=" * (-len(tail) % 4)))


def _tails(token: str) -> Iterator[str]:
    """A token, and what it says behind the slashes before it."""
    at = 0
    for _ in range(_MOST_FOLDERS):
        if len(token) - at < _SHORTEST_DEFLATED:
            return
        yield token[at:]
        at = token.find("/", at) + 1
        if not at:
            return


def _readable(several: Iterable[bytes]) -> Iterator[str]:
    """The texts that bytes hold: what may be text of each charset, without the noise around it."""
    found = [_kept_runs(raw) if len(raw) > _LARGE else _runs(raw) for raw in several if raw]
    for number, codec in enumerate(RUNS):
        yield b"\0\0".join(filter(None, (runs[number] for runs in found))).decode(codec, "ignore")


def _runs(raw: bytes) -> tuple[bytes, ...]:
    """The runs that may be text of each charset, two zeros between them."""
    return tuple(b"\0\0".join(run.findall(raw)) for run in RUNS.values())


_kept_runs = lru_cache(maxsize=_KEPT)(_runs)


def _inflated(raw: bytes) -> bytes:
    for wbits in (31, 15) if raw[:1] in b"\x1f\x78" else (-15,):
        try:
            return zlib.decompressobj(wbits).decompress(raw, _MOST_INFLATED)
        except zlib.error:
            continue
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
