"""Whether a value still stands in a text in any encoding: the text is undone layer by layer, and looked at in each.

It knows nothing of how values are replaced: it is the other pair of eyes.
"""

import base64
import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

DEPTH = 4
_MOST = 20_000  # layers of one text: most are single words, taken for Base64
_BASE64 = re.compile(r"[A-Za-z0-9+/_\-]{8,}={0,2}")
_ESCAPE = re.compile(r"\\+(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))")
_PERCENT_U = re.compile(r"%u([0-9a-fA-F]{4})")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,80}>")
_APART = re.compile(r"[\s\-\u00ad\u00b7\u200b-\u200f\u2010-\u2015\u2060\ufeff+]|\\+[nrt]")


def layers(text: str) -> list[str]:
    """The text and what it says when entities, escapes, percent signs and Base64 are undone, in any order."""
    found = [text]
    seen, tokens = {text}, set[str]()
    begin = 0
    for _ in range(DEPTH):
        begin, layer = len(found), found[begin:]
        for one in layer:
            for undone in _undone(one, tokens):
                if undone not in seen and len(found) < _MOST:
                    seen.add(undone)
                    found.append(undone)
    return found


def remains(text: str, values: Iterable[str]) -> list[str]:
    """Those of the values that stand in the text in any encoding, in any case or width, with blanks or tags between."""
    wanted = {value: folded for value in values if (folded := fold(value))}
    left: list[str] = []
    for layer in layers(text):
        for there in dict.fromkeys((fold(layer), fold(_TAG.sub("", layer)))):
            left += [value for value, folded in wanted.items() if _in(folded, there)]
    return list(dict.fromkeys(left))


def fold(text: str) -> str:
    """Without what may stand between the characters of a value, in one case and width."""
    return _APART.sub("", unicodedata.normalize("NFKC", text)).casefold()


def _in(folded: str, there: str) -> bool:
    """A short number counts only by itself: it may be a part of any other."""
    if folded.isascii() and len(folded) < 6:
        return re.search(rf"(?<![0-9a-z]){re.escape(folded)}(?![0-9a-z])", there) is not None
    return folded in there


def _undone(text: str, tokens: set[str]) -> Iterator[str]:
    if "&" in text:
        yield html.unescape(text)
    if "\\" in text:
        yield _joined(_ESCAPE.sub(_character, text))
        yield text.replace("\\/", "/")
    if "%" in text:
        yield _joined(_PERCENT_U.sub(_percent_character, text))
        for codec in ("utf-8", "gb18030"):
            yield unquote(text, codec, "ignore")
    for token in dict.fromkeys(_BASE64.findall(text)):
        if token not in tokens:
            tokens.add(token)
            yield from unpacked(token)


def unpacked(token: str) -> Iterator[str]:
    """What a token says as Base64; it may begin behind a slash of something else, and hold texts between other bytes."""
    for _, raw in starts(token):
        yield raw.decode("utf-8", "ignore")
        for codec in ("gb18030", "utf-16-le"):
            try:
                text = raw.decode(codec)
            except UnicodeDecodeError:
                continue
            if text.isprintable():
                yield text


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
    number = int(next(filter(None, found.groups())), 16)
    return chr(number) if number < 0x110000 else found.group()


def _percent_character(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))
