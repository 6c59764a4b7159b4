"""What the walk over a page knows of elements before it meets them, and what it keeps of controls and labels."""

from typing import NamedTuple

from selectolax.lexbor import LexborNode

from tracker.pages.looks import Attributes
from tracker.pages.parts import Option
from tracker.pages.tables import fold

BLOCKS = frozenset(
    (
        *("html", "body", "address", "article", "aside", "blockquote", "center", "dd", "details", "dialog", "dir", "div", "dl"),
        *("dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup"),
        *("hr", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "ul"),
        *("table", "caption", "tbody", "thead", "tfoot", "tr", "td", "th"),
    )
)
UNREAD = (
    *("style", "template", "noscript", "object", "svg", "math", "audio", "video", "canvas", "noframes", "noembed", "xmp"),
    *("datalist", "del", "s", "strike"),  # what is crossed out is no longer said
)
BOLD = frozenset(("b", "strong"))
INLINE = ("span", "font", "i", "em", "u", "small", "big", "code", "sup", "sub", "tt", "cite", "nobr")
WIDE = frozenset(("html", "body", "form", "table", "tbody", "tr"))  # a class on these says nothing about one text
# Attributes by which a script or a template decides later whether, or what, an element shows.
CONDITIONS = frozenset(
    (
        *(
            "data-bind",
            "v-if",
            "v-else",
            "v-else-if",
            "v-show",
            "v-for",
            "v-text",
            "v-html",
            "*ngif",
            "*ngfor",
            "[hidden]",
            "[ngif]",
        ),
        *("ng-if", "ng-show", "ng-hide", "ng-repeat", "ng-bind", "ng-switch-when", "ng-switch-default", "data-ng-if"),
        *("x-if", "x-show", "x-text", "x-for", "wx:if", "wx:else", "wx:elif", "wx:for", "th:if", "th:unless", "th:text"),
        *("th:each", "th:case", "c-if", "s-if", "a:if", "a:else", "a:elif"),
    )
)
RENDERED = ("ng-scope", "ng-binding")  # classes by which a script says that it has decided
OFFICE = ("o", "v", "w", "st1", "svg", "fb", "g", "xlink")  # prefixes of elements that decide nothing
LOOKS = frozenset(("style", "hidden", "color", "disabled"))
UNUSUAL = CONDITIONS | LOOKS
TELLING = UNUSUAL | {"class", "id", "name"}


class RawControl(NamedTuple):
    """A control as the source wrote it, and where it stands."""

    tag: str
    attrs: Attributes
    value: str
    options: tuple[Option, ...]
    spot: int
    parent: int
    block: int
    cell: int
    disabled: bool
    fresh: bool


def is_undecided(tag: str) -> bool:
    """Whether an element is one of a script or a server, by its prefix: what it holds has not been decided."""
    return ":" in tag and tag.partition(":")[0] not in OFFICE


def is_open(attrs: Attributes, names: str) -> bool:
    """Whether an element's text waits for a script or a server, by its conditions: what it says has not been decided."""
    if CONDITIONS.intersection(attrs) == {"data-bind"}:
        bound = attrs["data-bind"] or ""
        return any(word in bound for word in ("visible", "if:", "ifnot", "foreach"))
    return not any(name in names for name in RENDERED)


class Label(NamedTuple):
    target: str
    spot: int
    end: int


def names_of(attrs: Attributes) -> str:
    """An element's id, class and name."""
    return " ".join([attrs[key] or "" for key in ("id", "class", "name") if key in attrs])


def option_of(node: LexborNode) -> Option:
    attrs = node.attributes
    text = fold(text_of(node)) or attrs.get("label") or ""
    return Option(attrs.get("value", text) or "", text, "selected" in attrs, "disabled" in attrs)


def text_of(node: LexborNode) -> str:
    """The text directly inside; node.text() takes time with the square of what follows."""
    pieces: list[str] = []
    child = node.first_child
    while child is not None:
        pieces.append(child.text_content or "")
        child = child.next
    return "".join(pieces)
