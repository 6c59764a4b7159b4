"""Answers made fit to be seen: every secret replaced in every spelling, counted, and looked for again."""

import base64
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from html import escape

from tracker.fetch.saved import Got
from tracker.pages.charset import codec_of, decode
from tracker.recordings.invented import noise
from tracker.recordings.layers import BETWEEN, forget, layers, remains, starts
from tracker.recordings.secrets import Secret, is_plain, is_text
from tracker.recordings.spelling import MASK, masked_pattern_of, pattern_of, remasked, respelled, usual_forms, whole_forms
from tracker.recordings.trie import any_of

_DEPTH = 3
# A character of Base64, as it is or as addresses, scripts and markup write its signs.
_UNIT = r"[A-Za-z0-9+/_\-]|%2[BbFf]|\\+/|&#(?:43|47|[xX]2[bBfF]);|\\+u002[bBfF]"
_BASE64 = re.compile(rf"(?:{_UNIT}){{8,}}(?:=|%3[Dd]|&#61;|&#[xX]3[dD];|\\+u003[dD]){{0,2}}")
_SIGNS = {"+": r"%2[Bb]|&#43;|&#[xX]2[bB];|\\+u002[bB]", "/": r"%2[Ff]|\\+/|&#47;|&#[xX]2[fF];|\\+u002[fF]"}
_SIGNS["="] = r"%3[Dd]|&#61;|&#[xX]3[dD];|\\+u003[dD]"
# One white point: a picture may show anything.
PICTURE = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEANl9ngAAAAABJRU5ErkJggg==")
_INSIDE = re.compile(rb"data:(?:image|audio|video|application)/[\w.+\-]+(?:;[\w=.\-]+)*(?:;base64)?,[A-Za-z0-9+/=%_.\-]{16,}")
_WORD = re.compile(r"[^\s<>\"']+")
_MASKED_KINDS = frozenset({"reference", "hidden", "number", "phone"})
_OWN_KINDS = frozenset({"reference", "hidden"})
_MOST_MASKED = 40
_LONGEST_MASKED = 60
_LONGEST_SPELLED = 12  # characters that one is usually spelled with at most
_SHORT = 6
_RANDOM = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z]).{12,}", re.DOTALL)  # a token that is nothing else besides
_PART = 8192
_CUT = re.compile(r"[<\n ]")
_KIND = re.compile(r"^\s*[\w.+\-]+/[\w.+\-]+|;\s*charset\s*=\s*[\"']?[\w:.\-]+[\"']?", re.IGNORECASE)
_MAGIC = 4
_SHORTEST_COOKIE = 4
_COOKIE_KEPT = ("path", "domain", "secure")


@dataclass(slots=True)
class Scrubber:
    """Replaces secrets in texts, and counts them by place."""

    secrets: Sequence[Secret]
    counts: dict[str, Counter[str]] = field(default_factory=dict)  # value -> place -> how often

    _literally: re.Pattern[str] | None = field(default=None, init=False)
    _stand_ins: dict[str, tuple[str, Secret]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self.secrets = sorted(self.secrets, key=_length, reverse=True)

    def answer(self, got: Got, place: str) -> Got:
        """An answer without secrets; a picture becomes one white point."""
        location = self.text(got.location, place)
        cookies = tuple(self._cookie(text, place) for text in got.set_cookie)
        kind = "".join(_KIND.findall(got.content_type)[:2])
        got = replace(got, location=location, set_cookie=cookies, retry_after=self.text(got.retry_after, place))
        if is_text(got):
            body = self._body(got, place)
            forget()
            return replace(got, body=body, content_type=kind)
        if got.content_type.lower().startswith("image/"):
            return replace(got, content_type="image/png", body=PICTURE)
        return replace(got, body=got.body[:_MAGIC], content_type=kind)  # a file shows what it is by how it begins

    def text(self, text: str, place: str = "") -> str:
        """A text without secrets, whatever their spelling."""
        text = self._literal(text, place)
        # Most secrets stand there plainly, and are gone by now: only the others cost patterns for all spellings, and only
        # in those parts of the page where they are.
        for find in (_parts, _whole):
            left = self._remaining(text)
            if left:
                text = "".join(self._spelled_part(part, left, place) for part in find(text))
        return self._masked(text, place)

    def _remaining(self, text: str) -> list[Secret]:
        there = set(remains(text, known(self.secrets)))
        return [secret for secret in self.secrets if secret.value in there]

    def _literal(self, text: str, place: str) -> str:
        """Secrets that stand there as they are, or as addresses and scripts usually write them, in one pass."""
        if not self.secrets:
            return text
        if self._literally is None:
            self._stand_ins = {form: (made, one) for one in reversed(self.secrets) for form, made in forms_of(one)}
            self._literally = _literally(tuple(self._stand_ins))

        def put(found: re.Match[str]) -> str:
            made, secret = self._stand_ins[found.group()]
            self._count(secret, place)
            return made

        return self._literally.sub(put, text)

    def _spelled_part(self, part: str, secrets: Sequence[Secret], place: str) -> str:
        there = set(remains(part, [secret.value for secret in secrets]))
        if not there:
            return part
        secrets = [secret for secret in secrets if secret.value in there]
        return self._unwrapped(self._spelled(part, secrets, place, 0), secrets, place)

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
        wanted = [s for s in self.secrets if s.kind in _MASKED_KINDS and len(s.value) <= _LONGEST_MASKED]
        if len(wanted) > _MOST_MASKED:  # a list of people: what it masks itself finds none of the others
            wanted = [s for s in wanted if s.kind in _OWN_KINDS]
        parts, done = [], 0
        for start, end in _near(text, MASK, max((len(s.value) for s in wanted), default=0) * _LONGEST_SPELLED):
            near = text[start:end]
            for secret in wanted:
                near = masked_pattern_of(secret.value).sub(partial(self._remasked, secret=secret, place=place), near)
            parts += [text[done:start], near]
            done = end
        return "".join([*parts, text[done:]])

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
        if not (left := remains(word, values)):
            return word
        for layer in layers(word)[1:]:
            new = layer if BETWEEN in layer else self._spelled(layer, secrets, place, 1)
            if new != layer and not remains(new, values):
                return escape(new)
        for secret in secrets:
            if secret.value in left:
                self._count(secret, place)
        return noise(word, len(word))  # nobody reads what is spelled like that

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
        name, mark, value = first.partition("=")
        made = self.text(value, place)
        if made == value and len(value) >= _SHORTEST_COOKIE:
            made = noise(value, 1)
        return "; ".join([f"{self.text(name, place)}{mark}{made}", *(self.text(part, place) for part in kept)])

    def _count(self, secret: Secret, place: str) -> None:
        self.counts.setdefault(secret.value, Counter())[place] += 1


def without_pictures(got: Got) -> Got:
    """An answer whose pictures are all one white point, those inside the page too."""
    if not is_text(got) or b"data:" not in got.body:
        return got
    return replace(got, body=_INSIDE.sub(b"data:image/png;base64," + base64.b64encode(PICTURE), got.body))


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
    """A secret as it is and as addresses, scripts and markup write it, each with its stand-in."""
    forms = whole_forms if secret.kind == "token" else usual_forms
    return list(dict(zip(forms(secret.value), forms(secret.stand_in), strict=True)).items())


@lru_cache(maxsize=2)
def _literally(forms: tuple[str, ...]) -> re.Pattern[str]:
    """What finds any of these; a short one only where no letter or digit goes on."""
    short = {form for form in forms if form.isascii() and len(form) < _SHORT}
    patterns = [any_of(set(forms) - short), f"(?<![0-9A-Za-z])(?:{any_of(short)})(?![0-9A-Za-z])" if short else ""]
    return re.compile("|".join(filter(None, patterns)))


def _whole(text: str) -> list[str]:
    return [text]


def _parts(text: str) -> list[str]:
    """A long text in parts that end where a tag, a line or a word does."""
    parts, begin = [], 0
    while len(text) - begin > 2 * _PART:
        found = _CUT.search(text, begin + _PART)
        end = found.start() if found else len(text)
        parts.append(text[begin:end])
        begin = end
    return [*parts, text[begin:]]


def _near(text: str, sign: re.Pattern[str], reach: int) -> Iterator[tuple[int, int]]:
    """What stands near a sign, as (start, end); neighbours that touch are one."""
    start = end = -1
    for found in sign.finditer(text):
        if end >= 0 and found.start() - reach > end:
            yield start, end
            start = -1
        start = max(found.start() - reach, 0) if start < 0 else start
        end = min(found.end() + reach, len(text))
    if end >= 0:
        yield start, end


def known(secrets: Sequence[Secret]) -> list[str]:
    """The values that must not stand anywhere any more."""
    return [s.value for s in secrets if not is_plain(s.value) and (s.kind != "token" or _RANDOM.search(s.value))]


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
