"""A page's source before it is parsed: what is refused unread, and the marks that the parser would lose."""

import re
from itertools import islice

from tracker.core.errors import PageChanged
from tracker.pages.parts import Page

MAX_TAGS = 60_000
MAX_OPEN = 5_000
MAX_REOPENED = 1_000_000  # unclosed <font> and the like are opened again in every paragraph
MAX_SEARCHED = 100_000_000  # an end tag that fits nothing looks through all open elements
MAX_ATTRIBUTES = 5_000  # the parser compares each attribute of an element with all the others
MAX_FIELDS = 5_000
MAX_OPTIONS = 10_000  # the parser takes time with the square of a select's length
FEW, SHORT = 1_000, 20_000  # with fewer tags, or in fewer characters, nothing can go wrong

END_MARK = "tracker:end-of-source"
FORM_MARK = "tracker-form"
OWNER_MARK = "tracker-owner"

_MAGIC = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b", b"RIFF", b"\xd0\xcf\x11\xe0", b"Rar!")
_BOMS = (b"\xff\xfe", b"\xfe\xff")
_CONTROL = bytes(c for c in range(32) if c not in (9, 10, 12, 13, 27))
_NOT_TEXT = re.compile(
    r"\s*(?:(?:image|audio|video|font)/(?!svg)|application/(?:pdf|zip|x-rar|msword|vnd\.(?!.*xml)))", re.IGNORECASE
)

_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)([^>]{0,60})")
_FIELD = re.compile("<(?:[iI][nN][pP]|[sS][eE][lL]|[bB][uU][tT]|[tT][eE][xX])")
_OPTION = re.compile("<[oO][pP][tT][iI]")
_TAG_START = re.compile("<[a-zA-Z/]")
_QUOTED_END = re.compile(r""">[^<>"']*+["'][\s/]*+[^\s=<>"'/]++\s*+=""")
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr")
)
_IMPLIED = frozenset(
    (
        *("p", "li", "dt", "dd", "td", "th", "tr", "tbody", "thead", "tfoot", "colgroup", "caption"),
        *("option", "optgroup", "rt", "rp", "body", "head", "html"),
    )
)
_FORMATTING = frozenset(["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"])

# without re.I and beginning with one fixed character, this looks at a page of 8 KB in 12 µs; _SPECIAL then decides
_PERHAPS = re.compile(r"<(?:!--|/[fF][oO][rR]|[fFiIsStTbBxXnN][oOnNeEcCtTiIuUmMfFrR])")
_SPECIAL = re.compile(
    r"<(?:(!--)|(/?)(form|input|select|textarea|button|script|style|title|xmp|iframe|noembed|noframes)(?=[\s/>]))",
    re.IGNORECASE,
)
_REST = re.compile(r"""(?:[^>"'=]+|=\s*(?:"[^"]*"|'[^']*')?|["'])*+>""")
_RAW = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)
    for name in ("script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes")
}
_OPENED = re.compile(r"<(?:![dD][oO][cC]|[hH][tT][mM][lL](?=[\s/>]))")
_HTML = re.compile(r"<[hH][tT][mM][lL](?=[\s/>])")
_HTML_END = re.compile(r"</[hH][tT][mM][lL]")
_BODY_END = re.compile(r"</[bB][oO][dD][yY]")


def refuse(page: Page) -> None:
    """Raise PageChanged where the page is empty, no text, or would cost too much to parse. Linear."""
    head = page.body[:4096]
    if not page.body.strip() or not page.text.strip("\ufeff \t\r\n\f\0"):
        raise PageChanged("page", "text", "empty")
    if _NOT_TEXT.match(page.content_type) or head.startswith(_MAGIC):
        raise PageChanged("page", "text", page.content_type or "binary", reason="not_text")
    strange = len(head) - len(head.translate(None, _CONTROL))
    if strange * 20 > len(head) and not head.startswith(_BOMS):
        raise PageChanged("page", "text", "binary", reason="not_text")
    tags = page.text.count("<")
    if tags > FEW:
        _refuse_large(page.text, tags)
    if len(page.text) > SHORT:
        _refuse_wide(page.text)


def _refuse_large(text: str, tags: int) -> None:
    if tags > MAX_TAGS:
        tags = _at_most(MAX_TAGS, "tags", _TAG, text)
    _at_most(MAX_FIELDS, "fields", _FIELD, text)
    _at_most(MAX_OPTIONS, "options", _OPTION, text)
    depth, reopened = _depth(text)
    if depth > MAX_OPEN or reopened * tags > MAX_REOPENED or depth * tags > MAX_SEARCHED:
        found = f"{depth} open elements, {reopened} unclosed fonts"
        raise PageChanged("page", f"at most {MAX_OPEN} open elements", found, reason="too_large")


def _at_most(limit: int, what: str, pattern: re.Pattern[str], text: str) -> int:
    count = sum(1 for _ in islice(pattern.finditer(text), limit + 1))
    if count > limit:
        raise PageChanged("page", f"at most {limit} {what}", "more", reason="too_large")
    return count


def _refuse_wide(text: str) -> None:
    """A tag with very many attributes: a long stretch without > behind a <, or quotes with a > in each."""
    for piece in text.split(">"):
        if len(piece) > 2 * MAX_ATTRIBUTES:
            inside = _TAG_START.search(piece)
            if inside and len(piece[inside.start() :].replace("/", " ").split()) > MAX_ATTRIBUTES:
                raise PageChanged("page", f"at most {MAX_ATTRIBUTES} attributes", "more", reason="too_large")
    _at_most(MAX_ATTRIBUTES, "attributes", _QUOTED_END, text)


def _depth(text: str) -> tuple[int, int]:
    """(most elements open at once, most formatting elements that would be opened again); both from above."""
    opened: dict[str, int] = {}
    fonts: dict[tuple[str, str], int] = {}
    depth = deepest = reopened = most = 0
    for closing, written, rest in _TAG.findall(text):
        name = written.lower()
        if name in _VOID or name in _IMPLIED:
            continue
        count = opened.get(name, 0)
        if not closing:
            opened[name] = count + 1
            depth += 1
            deepest = max(deepest, depth)
        elif count:
            opened[name] = count - 1
            depth -= 1
        if name in _FORMATTING:
            # of equal ones at most three are opened again; an end tag closes the latest, whatever its attributes
            if not closing and fonts.get((name, rest), 0) < 3:
                fonts[name, rest] = fonts.get((name, rest), 0) + 1
                reopened += 1
                most = max(most, reopened)
            elif closing and count == 1:
                for key in [k for k in fonts if k[0] == name]:
                    reopened -= fonts.pop(key)
    return deepest, most


def mark(text: str) -> str:
    """The source with its end marked, and with forms as marks in document order instead of elements.

    Parsers drop a form that is broken across table rows. A form's start and end become empty scripts, which stay where
    they stand, and each control carries its form's number, so that the browser's rule holds: a control belongs to the form
    whose start tag came last and has not ended; a start tag inside an open form is ignored.
    """
    out: list[str] = []
    kept = at = 0
    form, forms = -1, 0
    while perhaps := _PERHAPS.search(text, at):
        at = perhaps.end()
        found = _SPECIAL.match(text, perhaps.start())
        if found is None:
            continue
        comment, closing, name = found.group(1), found.group(2), (found.group(3) or "").lower()
        if comment:
            at = text.find("-->", found.start() + 2) + 3
            if at < 3:
                break
            continue
        rest = _REST.match(text, found.end())
        if rest is None:
            break
        at = rest.end()
        if name == "form":
            out.append(text[kept : found.start()])
            kept = at
            if closing:
                form = -1
                out.append(f'<script {FORM_MARK}="end"></script>')
            elif form < 0:
                form, forms = forms, forms + 1
                out.append(f"<script {FORM_MARK}={form} {text[found.end() : at]}</script>")
        elif name in ("input", "select", "textarea", "button") and not closing and form >= 0:
            out.append(f"{text[kept : found.end()]} {OWNER_MARK}={form}")
            kept = found.end()
        if name in _RAW and not closing:
            over = _RAW[name].search(text, at)
            if over is None:
                break
            at = over.start()
    out.append(text[kept:])
    out.append(f"<!--{END_MARK}-->")
    return "".join(out)


def ends_early(text: str) -> bool:
    """Whether a page was opened and nothing says that it is over."""
    if text.rfind("</html>") >= 0 or text.rfind("</body>") >= 0:  # as nearly every page writes it, at its end
        return False
    return bool(_OPENED.search(text)) and not (_HTML_END.search(text) or _BODY_END.search(text))


def balanced(text: str) -> bool:
    """Whether every <html> has its end: with documents nested in cells, the last end may be an inner one's."""
    closed = max(len(_HTML_END.findall(text)), len(_BODY_END.findall(text)))
    return closed >= max(1, len(_HTML.findall(text)))
