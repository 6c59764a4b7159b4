"""How an element looks: hidden, loud, meant for messages. Flags, since every element of every page has them."""

import re

from tracker.core.memo import remembered

HIDDEN, LOUD, NAMED, DISABLED, LINES = 1, 2, 4, 8, 16  # LINES: <pre>, whose line ends are shown
Attributes = dict[str, str | None]

_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?<![\w-])opacity\s*:\s*0(?![.\d])|(?<![\w-])(?:left|top|text-indent)\s*:\s*-\d{3}"
    r"|(?<![\w-])(?:max-)?height\s*:\s*0(?:px)?\s*;(?:.*;)?\s*overflow\s*:\s*hidden",
    re.IGNORECASE,
)
_RED_HEX = r"#?(?:[c-f]00|[c-f][0-9a-f](?:[0-3][0-9a-f]){2})"
_RED = re.compile(rf"\s*(?:red|{_RED_HEX})\s*$", re.IGNORECASE)
_LOUD_STYLE = re.compile(
    rf"(?<!-)color\s*:\s*(?:red|{_RED_HEX}|rgb\(\s*2\d\d\s*,\s*0\s*,\s*0)(?![0-9a-z])|font-weight\s*:\s*bold", re.IGNORECASE
)
_LOUD_NAME = re.compile(r"tip(?!le)|notice|warn|alert|error|\bred\b", re.IGNORECASE)
# What the usual style sheets hide, unless another class shows it again or on larger screens.
_HIDDEN_NAMES = frozenset(
    ["hidden", "hide", "invisible", "d-none", "is-hidden", "ng-hide", "layui-hide", "mui-hidden", "uk-hidden", "am-hide"]
)
_SHOWN_NAME = re.compile(r"(?<!\S)(?:show|in|active|open|is-active|d-(?:sm|md|lg|xl|xxl)-\S+|(?:sm|md|lg|xl|2xl):\S+)(?!\S)")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{}]*)\{|\}")
_ON_SCREENS = re.compile(r"\s*@media\s+(?:only\s+)?(?:all|screen)\s*", re.IGNORECASE)
_SELECTOR = re.compile(r"\s*[.#]([\w-]+)\s*")
_NAME = re.compile(r"[.#]([\w-]+)")
_LONGEST_SHEET = 200_000
_MESSAGE_NAME = re.compile(r"(?i:msg|message|error)|(?<![a-z])tips?(?![a-z])|Tips?(?![a-z])")


@remembered
def by_name(names: str) -> int:
    """The flags of an element by its id, class and name."""
    words = names.split()
    hides = not _HIDDEN_NAMES.isdisjoint(words) or ("modal" in words and "fade" in words)
    hidden = HIDDEN if hides and not _SHOWN_NAME.search(names) else 0
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


def hidden_by(sheet: str) -> frozenset[str]:
    """The classes and ids that a page's own style sheet hides on every screen, and speaks of in no other rule."""
    hidden: set[str] = set()
    spoken_of: set[str] = set()
    depth = 0
    selectors, start = "", 0
    for found in _RULE.finditer(_COMMENT.sub("", sheet[:_LONGEST_SHEET])):
        if found.group() == "}":
            if depth == 1 and _HIDING.search(found.string, start, found.start()):
                hidden.update(name[1] for part in selectors.split(",") if (name := _SELECTOR.fullmatch(part)))
            else:
                spoken_of.update(_NAME.findall(selectors))
            depth, selectors = max(depth - 1, 0), ""
        elif depth or not _ON_SCREENS.fullmatch(found[1]):
            selectors, start, depth = found[1], found.end(), depth + 1
    return frozenset(hidden - spoken_of)


def says(value: str) -> bool:
    """Whether a hidden value is words for a person, not a code."""
    return any(c > "\u2e7f" for c in value) or len(value.split()) > 1
