"""Bytes -> text as a browser would."""


def decode(body: bytes, content_type: str = "") -> tuple[str, str]:
    raise RuntimeError("being written")
