"""How an element looks: hidden, loud, meant for messages. Flags, since every element of every page has them."""

import re

HIDDEN, LOUD, NAMED, DISABLED, LINES = 1, 2, 4, 8, 16  # LINES: <pre>, whose line ends are shown
Attributes = dict[str, str | None]

_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_RED_HEX = r"#?(?:[c-f]00|[c-f][0-9a-f](?:[0-3][0-9a-f]){2})"
_RED = re.compile(rf"\s*(?:red|{_RED_HEX})\s*$", re.IGNORECASE)
_LOUD_STYLE = re.compile(
    rf"(?<!-)color\s*:\s*(?:red|{_RED_HEX}|rgb\(\s*2\d\d\s*,\s*0\s*,\s*0)(?![0-9a-z])|font-weight\s*:\s*bold", re.IGNORECASE
)
_LOUD_NAME = re.compile(r"tip(?!le)|notice|warn|alert|error|\bred\b", re.IGNORECASE)
_HIDDEN_NAME = re.compile(r"(?<!\S)modal\s(?:.*\s)?hide(?!\S)")
_MESSAGE_NAME = re.compile(r"(?i:msg|message|error)|(?<![a-z])tips?(?![a-z])|Tips?(?![a-z])")


def by_name(names: str) -> int:
    """The flags of an element by its id, class and name."""
    hidden = HIDDEN if "modal" in names and _HIDDEN_NAME.search(names) else 0
    return hidden | (LOUD if _LOUD_NAME.search(names) else 0) | (NAMED if _MESSAGE_NAME.search(names) else 0)


def by_look(tag: str, attrs: Attributes, flags: int) -> int:
    """The flags of an element by how it looks."""
    style = attrs.get("style")
    if style:
        flags |= (HIDDEN if _HIDING.search(style) else 0) | (LOUD if _LOUD_STYLE.search(style) else 0)
    if "hidden" in attrs:
        flags |= HIDDEN
    if tag == "font" and _RED.match(attrs.get("color") or ""):
        flags |= LOUD
    if tag == "fieldset" and "disabled" in attrs:
        flags |= DISABLED
    return flags


def says(value: str) -> bool:
    """Whether a hidden value is words for a person, not a code."""
    return any(c > "\u2e7f" for c in value) or len(value.split()) > 1
