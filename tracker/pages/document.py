"""Text -> a light, flat, immutable Document. The only module (with its private helpers) that imports the fast parser."""

from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

from tracker.pages.controls import controls_and_forms
from tracker.pages.markup import Walk
from tracker.pages.parts import Caption, Cell, Control, Document, Form, Image, Option, Page, Table, Text
from tracker.pages.scripts import alerts
from tracker.pages.source import balanced, ends_early, mark, refuse

_ZERO_WIDTH = ("\u200b", "\ufeff", "\u2060")


def parse(page: Page) -> Document:
    """Read a page. PageChanged(too_large | not_text | page_changed) where it can't be read safely."""
    refuse(page)
    text = page.text
    for character in _ZERO_WIDTH:
        if character in text:
            text = text.replace(character, "")
    walk = Walk()
    walk.run(mark(text))
    absolute = _resolver(urljoin(page.url, walk.base) if walk.base else page.url)
    cells, tables = walk.grids.cells(), walk.grids.tables()
    forms, loose = controls_and_forms(walk, cells, tables, page.url, absolute)
    messages = [m for script in walk.scripts if "alert" in script for m in alerts(script)]
    return Document(
        url=page.url,
        resolve=absolute,
        title=walk.title,
        texts=tuple(walk.texts),
        cells=cells,
        tables=tables,
        forms=forms,
        controls=loose,
        images=tuple(Image(absolute(src) if src else "", alt, spot, form) for src, alt, spot, form in walk.images),
        anchors=tuple(walk.anchors),
        messages=tuple(dict.fromkeys([*messages, *walk.messages])),
        dormant=tuple(walk.dormant),
        refresh=absolute(_refresh_target(walk.refresh)) if walk.refresh else "",
        frames=tuple(absolute(src) for src in walk.frames if src),
        script_size=sum(map(len, walk.scripts)),
        truncated=_truncated(page, text, walk),
        parents=tuple(walk.parents),
        unclosed=walk.unclosed,
        undecided=frozenset(walk.undecided),
    )


def _truncated(page: Page, text: str, walk: Walk) -> bool:
    if not page.complete or not walk.ended or text.endswith("<"):
        return True
    return ends_early(text) or (walk.in_cell and not balanced(text))


def _refresh_target(content: str) -> str:
    _, _, after = content.partition(";")
    name, _, address = after.partition("=")
    return address.strip().strip("'\"") if name.strip().lower() == "url" else ""


def _resolver(base: str) -> Callable[[str], str]:
    """Makes addresses absolute; the plain ones, a page's sixty menu entries, without taking them apart."""
    parts = urlsplit(base)
    root = f"{parts.scheme}://{parts.netloc}"
    plain = bool(parts.scheme and parts.netloc)

    def absolute(address: str) -> str:
        if plain and address[:1] == "/" and address[1:2] != "/" and "." not in address.rpartition("/")[0] and address.isascii():
            return root + address
        try:
            return urljoin(base, address.strip())
        except ValueError:  # such as an unfinished IPv6 host
            return address

    return absolute


__all__ = ["Caption", "Cell", "Control", "Document", "Form", "Image", "Option", "Page", "Table", "Text", "parse"]
