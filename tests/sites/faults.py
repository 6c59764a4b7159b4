"""The ways in which a site misbehaves, each an answer for `Site.answer`."""

import gzip
import zlib
from collections.abc import Callable

from tests.sites.server import HTML, Line, Raw, Reply

HEAD = f"HTTP/1.1 200 OK\r\nContent-Type: {HTML}\r\n".encode()


def _played(play: Callable[[Line], None]) -> Raw:
    return Raw(play)


def silence(after: bytes = HEAD + b"Content-Length: 5000\r\n\r\n<html><body>") -> Raw:
    """Sends `after` (by default a head and the body's beginning), then nothing more."""

    def play(line: Line) -> None:
        line.send(after)
        line.wait(60)

    return _played(play)


def drip(data: bytes, *, start: bytes = b"", step: float = 0.3) -> Raw:
    """Sends `start` at once and `data` one byte every `step` seconds."""

    def play(line: Line) -> None:
        line.send(start)
        for byte in data:
            line.send(bytes((byte,)))
            line.wait(step)

    return _played(play)


def drip_in_header(step: float = 0.3) -> Raw:
    return drip(b"X-Long: " + b"x" * 1000, start=b"HTTP/1.1 200 OK\r\n", step=step)


def drip_in_body(step: float = 0.3) -> Raw:
    return drip(b"x" * 1000, start=HEAD + b"Content-Length: 1000\r\n\r\n", step=step)


def says(data: bytes) -> Raw:
    """Sends exactly these bytes and hangs up."""
    return _played(lambda line: line.send(data))


def short_body(body: bytes, promised: int) -> Raw:
    """Fewer bytes than Content-Length says."""
    return says(HEAD + f"Content-Length: {promised}\r\n\r\n".encode() + body)


def unfinished_chunks(body: bytes) -> Raw:
    """A chunked body without its last chunk."""
    return says(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + f"{len(body):x}\r\n".encode() + body + b"\r\n")


def junk_chunks(body: bytes) -> Raw:
    """A chunked body whose second chunk has no length."""
    return says(
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + f"{len(body):x}\r\n".encode() + body + b"\r\nnot a number\r\n" + body
    )


def cut_body(body: bytes) -> Raw:
    """A body ended by the close alone: only the page itself can tell that it was cut."""
    return says(HEAD + b"Connection: close\r\n\r\n" + body)


def reset(after: bytes = b"") -> Raw:
    """Sends `after`, then RST."""

    def play(line: Line) -> None:
        if after:
            line.send(after)
            line.wait(0.02)  # else the reset overtakes the bytes
        line.reset()

    return _played(play)


def junk() -> Raw:
    """No HTTP at all."""
    return says(b"SSH-2.0-OpenSSH_9.2\r\n\x00\x01\x02\r\n\r\n")


def long_header(size: int = 300_000) -> Raw:
    return says(b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * size + b"\r\nContent-Length: 2\r\n\r\nok")


def gzipped(body: bytes) -> Reply:
    return Reply(gzip.compress(body), headers=(("Content-Encoding", "gzip"),))


def deflated(body: bytes, *, bare: bool = False) -> Reply:
    """Content-Encoding: deflate, as the RFC says or (bare) as old IIS sends it."""
    packer = zlib.compressobj(wbits=-15 if bare else 15)
    return Reply(packer.compress(body) + packer.flush(), headers=(("Content-Encoding", "deflate"),))


def cut_gzip(body: bytes) -> Reply:
    """Half of a gzip stream with a right Content-Length: a lenient client takes it for the whole page."""
    packed = gzip.compress(body)
    return Reply(packed[: len(packed) // 2], headers=(("Content-Encoding", "gzip"),))


def bomb(size: int = 64 * 1024 * 1024) -> Reply:
    """Some 64 KB that unpack to 64 MB."""
    return gzipped(b"\x00" * size)


def double_bomb(size: int = 32 * 1024 * 1024) -> Reply:
    """A few hundred bytes under two codings."""
    return Reply(gzip.compress(gzip.compress(b"\x00" * size)), headers=(("Content-Encoding", "gzip, gzip"),))


def endless(head: bytes = HEAD + b"\r\n") -> Raw:
    """A body without an end."""

    def play(line: Line) -> None:
        line.send(head)
        while True:
            line.send(b"<p>x</p>" * 4096)
            line.wait(0)

    return _played(play)


def redirect(location: str, status: int = 302) -> Reply:
    return Reply(status=status, headers=(("Location", location),))
