"""Answers made fit to be seen: every secret replaced in every spelling, counted, and looked for again."""

import base64
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from html import escape

from tracker.fetch.saved import Got
from tracker.pages.charset import codec_of, decode
from tracker.recordings.layers import layers, remains, starts
from tracker.recordings.secrets import Secret, is_plain, is_text
from tracker.recordings.spelling import masked_pattern_of, pattern_of, remasked, respelled, whole_forms

_DEPTH = 3
# A character of Base64, as it is or as addresses, scripts and markup write its signs.
_UNIT = r"[A-Za-z0-9+/_\-]|%2[BbFf]|\\+/|&#(?:43|47|[xX]2[bBfF]);|\\+u002[bBfF]"
_BASE64 = re.compile(rf"(?:{_UNIT}){{8,}}(?:=|%3[Dd]|&#61;|&#[xX]3[dD];|\\+u003[dD]){{0,2}}")
_SIGNS = {"+": r"%2[Bb]|&#43;|&#[xX]2[bB];|\\+u002[bB]", "/": r"%2[Ff]|\\+/|&#47;|&#[xX]2[fF];|\\+u002[fF]"}
_SIGNS["="] = r"%3[Dd]|&#61;|&#[xX]3[dD];|\\+u003[dD]"
# One white point: a picture may show anything.
PICTURE = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEANl9ngAAAAABJRU5ErkJggg==")
_WORD = re.compile(r"[^\s<>\"']+")
_MASK = re.compile(r"[*＊●•×]|[xX]{3}")
_MASKED_KINDS = frozenset({"reference", "hidden", "number", "phone"})
_LONGEST_MASKED = 60
_COOKIE_KEPT = ("path", "domain", "secure")


@dataclass(slots=True)
class Scrubber:
    """Replaces secrets in texts, and counts them by place."""

    secrets: Sequence[Secret]
    counts: dict[str, Counter[str]] = field(default_factory=dict)  # value -> place -> how often

    _plain_pattern: re.Pattern[str] | None = field(default=None, init=False)
    _stand_ins: dict[str, tuple[str, Secret]] = field(default_factory=dict, init=False)

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

    def text(self, text: str, place: str = "") -> str:
        """A text without secrets, whatever their spelling."""
        text = self._literal(text, place)
        # Most secrets stand there plainly, and are gone by now: only the others cost patterns for all spellings.
        left = self._remaining(text)
        if left:
            text = self._spelled(text, left, place, 0)
            text = self._unwrapped(text, left, place)
        return self._masked(text, place)

    def _remaining(self, text: str) -> list[Secret]:
        there = set(remains(text, known(self.secrets)))
        return [secret for secret in self.secrets if secret.value in there]

    def _literal(self, text: str, place: str) -> str:
        """Secrets that stand there as they are (tokens also as addresses and scripts write them), in one pass."""
        if not self.secrets:
            return text
        if self._plain_pattern is None:
            self._stand_ins = {
                form: (made, secret)
                for secret in reversed(self.secrets)
                for form, made in (forms_of(secret) if secret.kind == "token" else [(secret.value, secret.stand_in)])
            }
            self._plain_pattern = re.compile("|".join(map(_literally, sorted(self._stand_ins, key=len, reverse=True))))

        def put(found: re.Match[str]) -> str:
            made, secret = self._stand_ins[found.group()]
            self._count(secret, place)
            return made

        return self._plain_pattern.sub(put, text)

    def _spelled(self, text: str, secrets: Sequence[Secret], place: str, depth: int) -> str:
        """Secrets in any spelling, those in Base64 first."""
        if depth < _DEPTH:
            text = _BASE64.sub(lambda found: self._packed(found.group(), secrets, place, depth), text)
        parts, done = [], 0
        for start, end, put, secret in sorted(_spans(text, secrets), key=_start):
            parts += [text[done:start], put]
            done = end
            self._count(secret, place)
        return "".join([*parts, text[done:]])

    def _masked(self, text: str, place: str) -> str:
        """What the page itself masks of a known value."""
        if not _MASK.search(text):
            return text
        for secret in self.secrets:
            if secret.kind in _MASKED_KINDS and len(secret.value) <= _LONGEST_MASKED:
                put = partial(self._remasked, secret=secret, place=place)
                text = masked_pattern_of(secret.value).sub(put, text)
        return text

    def _remasked(self, found: re.Match[str], secret: Secret, place: str) -> str:
        put = remasked(found, secret.value, secret.stand_in)
        if put is None:
            return found.group()
        self._count(secret, place)
        return put

    def _unwrapped(self, text: str, secrets: Sequence[Secret], place: str) -> str:
        """What is spelled in a way of its own, such as Base64 in entities, stands there plainly afterwards, and replaced."""
        values = [secret.value for secret in secrets]
        if not remains(text, values):
            return text
        return _WORD.sub(lambda found: self._plainly(found.group(), secrets, place), text)

    def _plainly(self, word: str, secrets: Sequence[Secret], place: str) -> str:
        values = [secret.value for secret in secrets]
        if not remains(word, values):
            return word
        for layer in layers(word):
            new = self._spelled(layer, secrets, place, 1)
            if new != layer and not remains(new, values):
                return escape(new)
        return word  # who writes it down looks again, and refuses

    def _packed(self, token: str, secrets: Sequence[Secret], place: str, depth: int) -> str:
        """A token whose Base64 holds a secret, packed anew."""
        plain, signs = _plain(token)
        for start, raw in starts(plain):
            new = self._raw(raw, secrets, place, depth)
            if new is None:
                continue
            packed = base64.b64encode(new).decode()
            if not plain.endswith("="):
                packed = packed.rstrip("=")
            if "-" in plain or "_" in plain or (len(plain) % 4 and not start and not plain.endswith("=")):
                packed = packed.replace("+", "-").replace("/", "_")
            return _signed(plain[:start] + packed, signs)
        return token

    def _raw(self, raw: bytes, secrets: Sequence[Secret], place: str, depth: int) -> bytes | None:
        """Bytes without secrets; None where they hold none."""
        for codec in ("utf-8", "gb18030", "utf-16-le"):
            try:
                text = raw.decode(codec)
            except UnicodeDecodeError:
                continue
            if text.isprintable() or codec == "utf-8":
                new = self._spelled(text, secrets, place, depth + 1)
                if new != text:
                    return new.encode(codec)
        new_raw = raw
        for secret in secrets:
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


def _spans(text: str, secrets: Sequence[Secret]) -> Iterator[tuple[int, int, str, Secret]]:
    """(start, end, what is put there, for which) of what doesn't overlap, the longest secrets first."""
    taken: list[tuple[int, int]] = []
    for secret in secrets:
        for found in pattern_of(secret.value).finditer(text):
            start, end = found.span()
            if not any(start < b and a < end for a, b in taken):
                taken.append((start, end))
                yield start, end, respelled(found.group(), secret.value, secret.stand_in), secret


def forms_of(secret: Secret) -> list[tuple[str, str]]:
    """A token as it is and as addresses, scripts and markup write it, each with its stand-in."""
    return list(dict(zip(whole_forms(secret.value), whole_forms(secret.stand_in), strict=True)).items())


def _literally(value: str) -> str:
    """A short value counts only where no letter or digit goes on."""
    text = re.escape(value)
    return rf"(?<![0-9A-Za-z]){text}(?![0-9A-Za-z])" if value.isascii() and len(value) < 6 else text


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
