"""What a recorded request sent, value by value, and what each is: the person's own, the site's, a clock's."""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, unquote_to_bytes, urlsplit

from tracker.core.mask import is_personal
from tracker.har import Exchange
from tracker.pages.captchas import is_captcha
from tracker.pages.charset import codec_of
from tracker.pages.formed import asks_for_a_case
from tracker.pages.identity import is_numbered
from tracker.pages.proposed import TOKEN
from tracker.pages.words import FIELDS, JSON_KINDS, plain_key

_SHORT = 2  # sid=7 is a page's part, and opens no door
_STAMP = re.compile(r"_|t|ts|r|v|rnd|rand|random|time|timestamp|nocache|cache|callback|jsonp\w*|_t|_time", re.IGNORECASE)
_HASTE = re.compile(r"1[0-9]{9}(?:[0-9]{3})?|0?\.[0-9]{6,}|jQuery\w+|callback\w*|jsonp\w*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sent:
    """One value of a request. `where`: query, form, json or path.

    `role`: reference, constant, captcha, password, stamp (a clock's or a die's), token (an earlier answer has it: the site
    gives it to everybody) or own_token.
    """

    name: str
    value: str
    where: str
    role: str


def sent_in(exchange: Exchange, *charsets: str) -> tuple[list[Sent], bool]:
    """(what a request said, whether its JSON body is more than flat texts). `charsets`: it may be in one of them."""
    codec = _codec(exchange, charsets)
    query = parse_qsl(urlsplit(exchange.url).query, keep_blank_values=True, encoding=codec, errors="replace")
    found = [_classed(name, value, "query") for name, value in query]
    kind = exchange.sent_type.lower()
    if not exchange.sent:
        return found, False
    if "json" in kind or exchange.sent.lstrip()[:1] in (b"{", b"["):
        pairs, nested = _json_pairs(exchange.sent)
        return found + [_classed(name, value, "json") for name, value in pairs], nested
    if "multipart" in kind:
        return found, True
    pairs = parse_qsl(exchange.sent.decode("ascii", "replace"), keep_blank_values=True, encoding=codec, errors="replace")
    return found + [_classed(name, value, "form") for name, value in pairs], False


def _codec(exchange: Exchange, charsets: Sequence[str]) -> str:
    """The charset that a form's values are in: no browser says it, and only UTF-8 refuses what is none."""
    said = unquote_to_bytes(urlsplit(exchange.url).query) + unquote_to_bytes(exchange.sent)
    for codec in dict.fromkeys(("utf-8", *map(codec_of, charsets))):
        with suppress(UnicodeDecodeError):
            said.decode(codec)
            return codec
    return "utf-8"


def sent_in_path(exchange: Exchange) -> list[Sent]:
    """The last part of the address's path, where a number may stand: /api/progress/SH2026000123."""
    last = unquote(urlsplit(exchange.url).path.rpartition("/")[2])
    return [Sent("", last, "path", "constant")] if is_numbered(last) else []


def _json_pairs(body: bytes) -> tuple[list[tuple[str, str]], bool]:
    try:
        tree = json.loads(body)
    except ValueError:
        return [], True
    return list(_leaves(tree)), not isinstance(tree, dict) or any(isinstance(v, dict | list) for v in tree.values())


def _leaves(tree: object, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(tree, dict):
        for inner, value in tree.items():
            yield from _leaves(value, inner)
    elif isinstance(tree, list):
        for value in tree:
            yield from _leaves(value, name)
    elif isinstance(tree, bool):
        yield name, "true" if tree else "false"
    else:
        yield name, "" if tree is None else str(tree)


def _classed(name: str, value: str, where: str) -> Sent:
    return Sent(name, value, where, _role(name, value))


def _role(name: str, value: str) -> str:
    """What a value is, by its name and its looks."""
    folded = plain_key(name)
    if is_captcha(name):
        return "captcha"
    if re.fullmatch(r"pass(?:word|wd)?|pwd|mm", folded):
        return "password"
    if not value:
        return "constant"
    if any(folded in names for names in (*FIELDS.values(), *JSON_KINDS.values())) or is_personal(folded):
        return "reference"
    if _STAMP.fullmatch(name) and _HASTE.fullmatch(value):
        return "stamp"
    if TOKEN.search(name) and len(value) > _SHORT:
        return "own_token"
    if _HASTE.fullmatch(value):
        return "stamp" if "time" in folded or "stamp" in folded else "constant"
    return "reference" if is_numbered(value) or asks_for_a_case(name) else "constant"


def values_of(sent: Sequence[Sent], role: str) -> dict[str, str]:
    """The sent values of a role, by name."""
    return {s.name: s.value for s in sent if s.role == role}
