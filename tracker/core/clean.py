"""Page text made harmless for terminals, phones and mail: no control, no invisible, no mention of everybody."""

import re
import unicodedata

# Bidi overrides, zero-width, soft hyphens and tags (Cf), control (Cc), halves of characters (Cs): none of them is text.
_DROPPED = frozenset({"Cc", "Cf", "Cs"})
_SPACES = frozenset({"Zl", "Zp", "Zs"})
# An at sign inside an address stays; any other one may call a whole chat room.
_MENTION = re.compile(r"(?<![A-Za-z0-9._%+\-])@|@(?![A-Za-z0-9\-]{1,63}\.[A-Za-z])")
_MARKUP = re.compile(r"<(?=[!@#/A-Za-z])")


WHOLE = 2000


def clean(text: str, limit: int = WHOLE) -> str:
    """One line of harmless text, at most `limit` characters."""
    kept = (_plain(c) for c in text[: limit * 20])  # a page may send a megabyte of nothing: the rest is not looked at
    line = " ".join("".join(kept).split())
    return cut(_MARKUP.sub("＜", _MENTION.sub("＠", line)), limit)


def _plain(character: str) -> str:
    if character in "\n\r\t\v\f\x85":
        return " "
    category = unicodedata.category(character)
    if category in _SPACES:
        return " "
    return "" if category in _DROPPED else character


def cut(text: str, characters: int, size: int | None = None) -> str:
    """The text, ended with … where it is longer than `characters`, or than `size` bytes of UTF-8."""
    if len(text) <= characters and (size is None or len(text.encode()) <= size):
        return text
    short = text[: max(characters - 1, 0)]
    if size is not None:
        short = short.encode()[: max(size - 3, 0)].decode(errors="ignore")
    return short.rstrip() + "…"
