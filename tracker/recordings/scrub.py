"""Answers made fit to be seen: every secret replaced in every spelling, counted, and looked for again."""

import base64
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from html import escape

from tracker.fetch.saved import Got
from tracker.pages.charset import codec_of, decode
from tracker.recordings.layers import layers, remains, starts
from tracker.recordings.secrets import Secret, is_plain, is_text
from tracker.recordings.spelling import masked_pattern_of, pattern_of, remasked, respelled

_DEPTH = 3
# A character of Base64, as it is or as addresses, scripts and markup write its signs.
_UNIT = r"[A-Za-z0-9+/_\-]|%2[BbFf]|\\+/|&#(?:43|47|[xX]2[bBfF]);|\\+u002[bBfF]"
_BASE64 = re.compile(rf"(?:{_UNIT}){{8,}}(?:=|%3[Dd]|&#61;|&#[xX]3[dD];|\\+u003[dD]){{0,2}}")
_SIGNS = {"+": r"%2[Bb]|&#43;|&#[xX]2[bB];|\\+u002[bB]", "/": r"%2[Ff]|\\+/|&#47;|&#[xX]2[fF];|\\+u002[fF]"}
_SIGNS["="] = r"%3[Dd]|&#61;|&#[xX]3[dD];|\\+u003[dD]"
# One white point: a picture may show anything.
PICTURE = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEANl9ngAAAAABJRU5ErkJggg==")
_WORD = re.compile(r"[^\s<>\"']+")
_COOKIE_KEPT = ("path", "domain", "secure")


@dataclass(slots=True)
class Scrubber:
    """Replaces secrets in texts, and counts them by place."""

    secrets: Sequence[Secret]
    counts: dict[str, Counter[str]] = field(default_factory=dict)  # value -> place -> how often

    def __post_init__(self) -> None:
        self.secrets = sorted(self.secrets, key=_length, reverse=True)

    def answer(self, got: Got, place: str) -> Got:
        """An answer without secrets; a picture becomes one white point."""
        location = self.text(got.location, place)
        cookies = tuple(self._cookie(text, place) for text in got.set_cookie)
        if is_text(got):
            return replace(got, body=self._body(got, place), location=location, set_cookie=cookies)
        if got.body:
            return replace(got, content_type="image/png", body=PICTURE, location=location, set_cookie=cookies)
        return replace(got, location=location, set_cookie=cookies)

    def text(self, text: str, place: str = "", depth: int = 0) -> str:
        """A text without secrets, whatever their spelling."""
        if depth < _DEPTH:
            text = _BASE64.sub(lambda found: self._packed(found.group(), place, depth), text)
        spans = [*self._spans(text)]
        parts, done = [], 0
        for start, end, put, secret in sorted(spans, key=_start):
            parts += [text[done:start], put]
            done = end
            self._count(secret, place)
        text = "".join([*parts, text[done:]])
        return self._unwrapped(text, place) if not depth else text

    def _unwrapped(self, text: str, place: str) -> str:
        """What is spelled in a way of its own, such as Base64 in entities, stands there plainly afterwards, and replaced."""
        if not remains(text, known(self.secrets)):
            return text
        return _WORD.sub(lambda found: self._plainly(found.group(), place), text)

    def _plainly(self, word: str, place: str) -> str:
        values = known(self.secrets)
        if not remains(word, values):
            return word
        for layer in layers(word):
            new = self.text(layer, place, 1)
            if new != layer and not remains(new, values):
                return escape(new)
        return word  # who writes it down looks again, and refuses

    def _spans(self, text: str) -> Iterator[tuple[int, int, str, Secret]]:
        """(start, end, what is put there, for which) of what doesn't overlap, the longest secrets first."""
        taken: list[tuple[int, int]] = []
        for masked in (False, True):
            for secret in self.secrets:
                if masked and (secret.kind in {"token", "mail"} or len(secret.value) > 60):
                    continue
                pattern = masked_pattern_of(secret.value) if masked else pattern_of(secret.value)
                for found in pattern.finditer(text):
                    start, end = found.span()
                    if any(start < b and a < end for a, b in taken):
                        continue
                    put = (
                        remasked(found, secret.value, secret.stand_in)
                        if masked
                        else respelled(found.group(), secret.value, secret.stand_in)
                    )
                    if put is not None:
                        taken.append((start, end))
                        yield start, end, put, secret

    def _packed(self, token: str, place: str, depth: int) -> str:
        """A token whose Base64 holds a secret, packed anew."""
        plain, signs = _plain(token)
        for start, raw in starts(plain):
            new = self._raw(raw, place, depth)
            if new is None:
                continue
            packed = base64.b64encode(new).decode()
            if not plain.endswith("="):
                packed = packed.rstrip("=")
            if "-" in plain or "_" in plain or (len(plain) % 4 and not start and not plain.endswith("=")):
                packed = packed.replace("+", "-").replace("/", "_")
            return _signed(plain[:start] + packed, signs)
        return token

    def _raw(self, raw: bytes, place: str, depth: int) -> bytes | None:
        """Bytes without secrets; None where they hold none."""
        for codec in ("utf-8", "gb18030", "utf-16-le"):
            try:
                text = raw.decode(codec)
            except UnicodeDecodeError:
                continue
            if text.isprintable() or codec == "utf-8":
                new = self.text(text, place, depth + 1)
                if new != text:
                    return new.encode(codec)
        new_raw = raw
        for secret in self.secrets:
            for codec in ("utf-8", "gb18030", "utf-16-le"):
                old = secret.value.encode(codec, "ignore")
                if len(old) >= 4 and old in new_raw:
                    new_raw = new_raw.replace(old, secret.stand_in.encode(codec))
                    self._count(secret, place)
        return new_raw if new_raw != raw else None

    def _body(self, got: Got, place: str) -> bytes:
        text, charset = decode(got.body, got.content_type)
        mark = next((m for m in (BOM_UTF8, BOM_UTF16_LE, BOM_UTF16_BE) if got.body.startswith(m)), b"")
        new = self.text(text, place)
        return mark + new.encode(codec_of(charset), "xmlcharrefreplace") if new != text else got.body

    def _cookie(self, cookie: str, place: str) -> str:
        """Name, value and where it is sent; it lives as long as the recording."""
        first, *others = (part.strip() for part in cookie.split(";"))
        kept = [part for part in others if part.partition("=")[0].strip().lower() in _COOKIE_KEPT]
        return "; ".join([self.text(first, place), *kept])

    def _count(self, secret: Secret, place: str) -> None:
        self.counts.setdefault(secret.value, Counter())[place] += 1


def known(secrets: Sequence[Secret]) -> list[str]:
    """The values that must not stand anywhere any more."""
    return [s.value for s in secrets if s.kind != "token" and not is_plain(s.value)]


def _length(secret: Secret) -> int:
    return len(secret.value)


def _start(span: tuple[int, int, str, Secret]) -> int:
    return span[0]


def _plain(token: str) -> tuple[str, dict[str, str]]:
    """A token with its signs as they are, and how each was written."""
    signs: dict[str, str] = {}
    for sign, pattern in _SIGNS.items():
        written = re.search(pattern, token)
        if written is not None:
            signs[sign] = written.group()
            token = re.sub(pattern, sign, token)
    return token, signs


def _signed(token: str, signs: dict[str, str]) -> str:
    return "".join(signs.get(c, c) for c in token)
