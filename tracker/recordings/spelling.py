"""One value in every spelling that pages use, found and replaced character by character, so that each keeps its spelling.

A character may stand as it is, in another case or width, as an HTML entity, a JSON or script escape, or percent-encoded in
UTF-8 or GBK; blanks, dashes and tags may stand between characters.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import quote, unquote_to_bytes

from tracker.recordings.layers import fold, is_code

_CODECS = ("utf-8", "gb18030", "big5hkscs")
_NAMED = {"&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos"}
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~*@[]^`{|}\\")
_WIDE = 0xFEE0
_APART = (
    r"[\-\u00ad\u00b7\u200b-\u200f\u2010-\u2015\u2060\ufeff+]|(?>\s+)|&nbsp;|&#0*160;|&#[xX]0*[aA]0;|%20|%C2%A0"
    r"|\\+[nrt]|\\+u00[aA]0|\\+u3000|</?[a-zA-Z][^<>]{0,400}>|<!--[^<>]{0,200}-->|[\"']\s*\+\s*[\"']"
)
_BETWEEN = f"(?:{_APART}){{0,12}}"
_BETWEEN_CODE = rf"(?:{_APART}|[._/:,、。()\[\]【】〔〕《》|第号年字]){{0,12}}"
_STARS = r"[*＊∗●•○□■×]|&#0*42;|&ast;"
_MASKS = rf"(?:(?:{_STARS}|某)+|[xX]{{3,}}|[#＃_…]+|\.{{3,}})"
_MASKS_NAME = rf"(?:(?:{_STARS}|某)+|[xX]{{2,}})"
MASK = re.compile(rf"{_STARS}|某|[xX]{{2}}|[#＃_…]|\.{{3}}")
_LONGEST = 80  # a longer one is a token, which is spelled as a whole


@lru_cache(maxsize=512)
def pattern_of(value: str) -> re.Pattern[str]:
    """What finds a value; a short one only where no letter or digit goes on."""
    if len(value) > _LONGEST:
        return re.compile("|".join(re.escape(text) for text in whole_forms(value)))
    text = (_BETWEEN_CODE if is_code(fold(value)) else _BETWEEN).join(map(_spellings, value))
    if value.isascii() and len(value) < 6:
        text = rf"(?<![0-9A-Za-z]){text}(?![0-9A-Za-z])"
    return re.compile(text)


@lru_cache(maxsize=512)
def masked_pattern_of(value: str) -> re.Pattern[str]:
    """What finds a value with its middle, head or tail masked, as pages show it."""
    head = tail = ""
    for c in reversed(value[:-1]):
        head = f"(?:{_spellings(c)}{head})?"
    for c in value[1:]:
        tail = f"(?:{tail}{_spellings(c)})?"
    edge = ("(?<![0-9A-Za-z])", "(?![0-9A-Za-z])") if value.isascii() else ("", "")
    masks = _MASKS if value.isascii() else _MASKS_NAME
    return re.compile(f"{edge[0]}(?P<head>{head})(?P<masks>{masks})(?P<tail>{tail}){edge[1]}")


def respelled(found: str, value: str, stand_in: str) -> str:
    """The stand-in, spelled as the value was."""
    if len(value) > _LONGEST:
        return dict(zip(whole_forms(value), whole_forms(stand_in), strict=True))[found]
    parts, at = [], 0
    for old, new in zip(value, stand_in, strict=True):
        match = _one(old).match(found, at)
        while match is None and at < len(found):
            gap = _gap().match(found, at)
            step = gap.end() if gap and gap.end() > at else at + 1
            parts.append(found[at:step])
            at = step
            match = _one(old).match(found, at)
        if match is None:
            return stand_in
        parts.append(_like(match.group(), old, new))
        at = match.end()
    return "".join(parts)


def remasked(match: re.Match[str], value: str, stand_in: str) -> str | None:
    """A masked spelling with what is visible replaced; None where so little is visible that it may be anything."""
    heads = list(_pieces(match["head"], value))
    tails = list(_pieces(match["tail"][::-1], value[::-1], backwards=True))
    visible = len(heads) + len(tails)
    exactly = len(match["masks"]) == len(value) - visible
    if not visible or (value.isascii() and visible < 3 and not exactly):
        return None
    head = "".join(_like(piece, value[n], stand_in[n]) for n, piece in enumerate(heads))
    tail = "".join(_like(piece, value[-n - 1], stand_in[-n - 1]) for n, piece in reversed(list(enumerate(tails))))
    return head + match["masks"] + tail


def _pieces(text: str, value: str, *, backwards: bool = False) -> Iterator[str]:
    """The spelled characters of a visible end."""
    for old in value:
        if not text:
            return
        if backwards:
            ending = re.search(f"(?:{_spellings(old)})$", text[::-1])
            piece = ending.group() if ending else text[::-1]
        else:
            beginning = _one(old).match(text)
            piece = beginning.group() if beginning else text
        yield piece
        text = text[len(piece) :]


# --- one character ---------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def _one(c: str) -> re.Pattern[str]:
    return re.compile(_spellings(c))


@lru_cache(maxsize=1)
def _gap() -> re.Pattern[str]:
    return re.compile(_BETWEEN_CODE)


@lru_cache(maxsize=4096)
def _spellings(c: str) -> str:
    """A pattern of all spellings of one character; the longer ones first."""
    forms = {c, c.lower(), c.upper()} if c.isascii() else {c}
    found: list[str] = []
    for form in sorted(forms):
        found += _entities(form)
        found += _escapes(form)
        found += (_percent(raw) for codec in _CODECS if (raw := form.encode(codec, "ignore")))
        found.append("".join(f"%(?:25)*u{_hex(unit)}" for unit in _units(form)))
    for form in sorted(forms):
        found.append(re.escape(form))
        if "!" <= form <= "~":
            found.append(chr(ord(form) + _WIDE))
    return f"(?:{'|'.join(dict.fromkeys(found))})"


def _entities(c: str) -> Iterator[str]:
    yield rf"&(?:amp;)*#0*{ord(c)}(?![0-9]);?"
    yield rf"&(?:amp;)*#[xX]0*{_hex(f'{ord(c):x}')}(?![0-9a-fA-F]);?"
    if c in _NAMED:
        yield f"&(?:amp;)*{_NAMED[c]};"


def _escapes(c: str) -> Iterator[str]:
    yield "".join(rf"\\+u{_hex(unit)}" for unit in _units(c))
    yield rf"\\+u\{{0*{_hex(f'{ord(c):x}')}\}}"
    if ord(c) < 256:
        yield rf"\\+x{_hex(f'{ord(c):02x}')}"
    if c in "\"'\\/":
        yield rf"\\+{re.escape(c)}"


def _percent(raw: bytes) -> str:
    """Percent-encoded; a byte behind the first may stand as it is where it is a letter."""
    parts = []
    for n, byte in enumerate(raw):
        escaped = f"%(?:25)*{_hex(f'{byte:02x}')}"
        plain = re.escape(chr(byte)) if n and byte in _UNRESERVED else ""
        parts.append(f"(?:{escaped}|{plain})" if plain else escaped)
    return "".join(parts)


def _units(c: str) -> list[str]:
    raw = c.encode("utf-16-be", "surrogatepass")
    return [raw[n : n + 2].hex() for n in range(0, len(raw), 2)]


def _hex(digits: str) -> str:
    return "".join(d if d.isdigit() else f"[{d}{d.upper()}]" for d in digits)


# --- the other way ---------------------------------------------------------------------------------------------------


def _like(piece: str, old: str, new: str) -> str:
    """A new character in the spelling of an old one."""
    if old == new:
        return piece
    if piece.startswith("&"):
        return _entity_like(piece, new)
    if piece.startswith("\\") and old != "\\":
        return _escape_like(piece, new)
    if piece.startswith("%") and len(piece) > 1:
        return _percent_like(piece, old, new)
    if len(piece) == 1 and ord(piece) - _WIDE in range(0x21, 0x7F) and old.isascii():
        return chr(ord(new) + _WIDE)
    return new.swapcase() if piece == old.swapcase() and piece != old else new


def _entity_like(piece: str, new: str) -> str:
    found = re.fullmatch(r"(&(?:amp;)*#)([xX]?)0*([0-9a-fA-F]+)(;?)", piece)
    if found is None:
        return new
    begin, sign, digits, end = found.groups()
    number = str(ord(new)) if not sign else _cased(f"{ord(new):x}", digits)
    return f"{begin}{sign}{number}{end}"


def _escape_like(piece: str, new: str) -> str:
    slashes = piece[: len(piece) - len(piece.lstrip("\\"))]
    rest = piece[len(slashes) :]
    if rest.startswith("x") and ord(new) < 256:
        return f"{slashes}x{_cased(f'{ord(new):02x}', rest, small=True)}"
    return "".join(f"{slashes}u{_cased(unit, rest[1:], small=True)}" for unit in _units(new))


def _percent_like(piece: str, old: str, new: str) -> str:
    again = re.match(r"%((?:25)*)", piece)
    assert again is not None
    nested = again[1]
    bare = re.sub(r"%(?:25)*", "%", piece)
    if bare[1:2] == "u":
        return "".join(f"%{nested}u{_cased(unit, bare[2:])}" for unit in _units(new))
    raw = unquote_to_bytes(bare)
    codec = next((c for c in _CODECS if raw.decode(c, "ignore").casefold() == old.casefold()), "utf-8")
    return "".join(f"%{nested}{_cased(f'{byte:02x}', bare)}" for byte in new.encode(codec, "replace"))


def _cased(digits: str, like: str, *, small: bool = False) -> str:
    """Hexadecimal digits in the case of others; `small`: what is usual where those have no letter."""
    if re.search("[a-fA-F]", like):
        small = re.search("[a-f]", like) is not None
    return digits if small else digits.upper()


def whole_forms(value: str) -> list[str]:
    """A long value as a whole: as it is, percent-encoded, with its slashes escaped, with entities."""
    percent = "".join(c if c.isascii() and (c.isalnum() or c in "-_.~*") else _escaped(c) for c in value)
    entity = value.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    lower = re.sub(r"%[0-9A-F]{2}", _lower, percent)
    numeric = value.replace("+", "&#43;").replace("/", "&#47;").replace("=", "&#61;")
    return [value, percent, lower, value.replace("/", "\\/"), entity, numeric, value.replace("+", " ")]


def usual_forms(value: str) -> list[str]:
    """A value as it is, and as JSON and addresses usually write it."""
    if value.isascii():
        return [value]
    escaped = "".join(c if c.isascii() else "".join(f"\\u{unit}" for unit in _units(c)) for c in value)
    return [value, escaped, *(quote(value.encode(codec, "replace")) for codec in ("utf-8", "gb18030"))]


def _escaped(c: str) -> str:
    return "".join(f"%{byte:02X}" for byte in c.encode("utf-8"))


def _lower(found: re.Match[str]) -> str:
    return found.group().lower()
