"""A body, read within bounds: httpx itself unpacks whatever it is sent, and takes a truncated gzip stream for a whole one."""

import zlib
from collections.abc import AsyncIterator
from typing import Protocol

from tracker.core.errors import PageChanged

GZIP_MAGIC = b"\x1f\x8b"


class _Unpacker(Protocol):
    """What zlib's decompression object offers."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes: ...


def coding_of(header: str) -> str:
    """The one coding of a Content-Encoding header: "" or "gzip" or "deflate"; more than one, or another, is refused.

    Two codings are how a few hundred bytes become hundreds of megabytes; no honest site needs them.
    """
    codings = [name for part in header.lower().split(",") if (name := part.strip()) not in ("", "identity")]
    if len(codings) > 1:
        raise PageChanged("transfer", "one content coding", str(len(codings)), reason="too_large")
    if not codings:
        return ""
    coding = codings[0].removeprefix("x-")
    if coding not in ("gzip", "deflate"):
        raise PageChanged("transfer", "gzip or deflate", coding[:40], reason="not_text")
    return coding


def truncated(found: str) -> PageChanged:
    """The body ended before its end."""
    return PageChanged("transfer", "the whole body", found, reason="truncated")


async def read_body(chunks: AsyncIterator[bytes], *, coding: str, limit: int, length: str | None = None) -> bytes:
    """The body after unpacking; neither the bytes sent nor those unpacked may be more than `limit`.

    `length` is the Content-Length header: a body that is announced as too large is not even begun.
    """
    if length is not None and _number(length) > limit:
        raise _too_large(limit)
    if not coding:
        return await _plain(chunks, limit)
    return await _packed(chunks, coding, limit)


async def _plain(chunks: AsyncIterator[bytes], limit: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise _too_large(limit)
        parts.append(chunk)
    return b"".join(parts)


async def _packed(chunks: AsyncIterator[bytes], coding: str, limit: int) -> bytes:
    unpacker: _Unpacker | None = None
    parts: list[bytes] = []
    sent = size = 0
    async for chunk in chunks:
        sent += len(chunk)
        if sent > limit:
            raise _too_large(limit)
        data = chunk
        while data:
            if unpacker is None:
                unpacker = _unpacker(coding, data)
            part = _unpack(unpacker, data, limit - size + 1)
            parts.append(part)
            size += len(part)
            if size > limit:
                raise _too_large(limit)
            data = unpacker.unused_data
            if unpacker.eof and data:
                if coding != "gzip" or not data.startswith(GZIP_MAGIC):
                    data = b""  # padding after the end, as browsers ignore it
                else:
                    unpacker = None  # a gzip file may have several members
    if unpacker is not None and not unpacker.eof:
        raise truncated(f"half a {coding} stream")
    return b"".join(parts)


def _unpacker(coding: str, data: bytes) -> _Unpacker:
    if coding == "gzip":
        if not GZIP_MAGIC.startswith(data[:2]):
            raise PageChanged("transfer", "a gzip stream", "something else", reason="not_text")
        return zlib.decompressobj(31)
    # "deflate" means zlib's format; old IIS sends the bare stream. Their first byte tells them apart.
    return zlib.decompressobj(15 if data[0] & 0x0F == 8 else -15)


def _unpack(unpacker: _Unpacker, data: bytes, at_most: int) -> bytes:
    try:
        return unpacker.decompress(data, at_most)
    except zlib.error:
        raise truncated("a damaged stream") from None


def _number(header: str) -> int:
    digits = header.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else 0


def _too_large(limit: int) -> PageChanged:
    return PageChanged("transfer", f"at most {limit} bytes", "more", reason="too_large")
