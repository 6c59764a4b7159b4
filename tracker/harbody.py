"""The bodies in a browser's export (HAR): as the site sent them, though the browser shows them decoded, packed or elsewhere."""

import base64
import binascii
import re
import zlib
from codecs import BOM_UTF8
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from tracker.pages.charset import codec_of, decode

_GZIP = b"\x1f\x8b"
_MOST_OF_A_BODY = 32 << 20
_WINDOWS = {"gzip": (31,), "x-gzip": (31,), "deflate": (15, -15)}  # some servers leave out zlib's own frame
_HEAD = 16_384  # where a page says its charset


def body_of(
    content: Mapping[str, Any], content_type: str, files: Mapping[str, bytes], *, is_empty: bool, coding: str
) -> tuple[bytes | None, bool]:
    """(the answer's bytes, whether characters were lost); None where the browser kept none. `is_empty`: none is wanted."""
    text, size, file = content.get("text"), content.get("size"), str(content.get("_file"))
    if file in files:
        raw = files[file]
        try:  # who keeps bodies in files keeps texts as the browser decoded them
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            return raw, False
    if not isinstance(text, str):
        return (b"" if is_empty else None), False
    if content.get("encoding") == "base64":
        packed = unpacked(text)
        return (None if packed is None else _unsqueezed(packed, coding)), False
    if not text and isinstance(size, int | float) and size > 0:
        return None, False
    return _bytes(text, content_type), "\ufffd" in text


def _bytes(text: str, content_type: str) -> bytes:
    """A text's bytes as the site sent them: in the charset that header or page name, where they mean this text there."""
    ascii_only = text[:_HEAD].encode("ascii", "ignore")
    name = decode(ascii_only, content_type)[1]
    for codec in dict.fromkeys((codec_of(name), "utf-8")):
        body = text.encode(codec, "replace")
        if decode(body, content_type)[0] == text:
            return body
    return BOM_UTF8 + text.encode("utf-8", "replace")  # nobody takes it for anything else


def unpacked(text: str) -> bytes | None:
    """Base64; None where it is none."""
    try:
        return base64.b64decode(re.sub(r"\s", "", text), validate=True)
    except (binascii.Error, ValueError):
        return None


def _unsqueezed(body: bytes, coding: str) -> bytes | None:
    """A body that a proxy kept as it came over the line, unpacked; a browser's own stays as it is. None: broken, or a bomb."""
    windows = _WINDOWS.get(coding, ())
    for window in windows:
        unpacker = zlib.decompressobj(window)
        with suppress(zlib.error):
            plain = unpacker.decompress(body, _MOST_OF_A_BODY)
            return plain if unpacker.eof else None
    return body if not body.startswith(_GZIP) or not windows else None
