"""The readable text of a page that is watched: line by line, without clocks and counters.

A page that says it is something else (maintenance, a captcha, a log-in) is an outcome by name, as everywhere.
"""

import re
from collections.abc import Iterable, Iterator

from tracker.core.errors import Blocked, CheckError, InvalidReference, NotListed, PageChanged
from tracker.core.model import Identity, Reading, Reference
from tracker.pages.contract import Response
from tracker.pages.document import Document
from tracker.pages.recognise import recognise
from tracker.pages.words import line

LONGEST_TEXT = 20_000
LONGEST_LINE = 1000
_PORTAL = 2000  # characters: a page with more has its log-in beside what it says, a log-in page is shorter
_SMALL_TEXT = 400
_COUNTS = re.compile(
    r"当前时间|现在时间|现在是|北京时间|系统时间|今天是|第\s*\d+\s*[位次个]|访问量|访问者|访客|浏览次数|点击次数|浏览量"
)
_SHORT_LINE = 60


def read_watched(page: Response, reference: Reference) -> Reading:
    """The text of a page, or of the part that the case selects. Raises the named error where it is another page."""
    document = page.document
    if not page.complete or document.truncated:
        raise PageChanged("page", "the end of the page", "the source ends before", reason="truncated")
    css = reference.ask.css
    lines = list(_selected(page, css)) if css else list(_lines(document))
    whole = "\n".join(lines)
    obstacle = recognise(page)
    if obstacle is not None and not (css and len(whole) > _SMALL_TEXT) and not _is_beside(obstacle, document):
        raise obstacle if not isinstance(obstacle, NotListed | InvalidReference) else _gone(obstacle)
    if not whole:
        raise PageChanged("css", f"a text at {css}", "nothing") if css else PageChanged("page", "text", "nothing")
    return Reading("", Identity.NOT_SHOWN, watched=_bounded(lines))


def _is_beside(obstacle: CheckError, document: Document) -> bool:
    """Whether a page has so much to say that a log-in box or an empty list is only a part of it."""
    return isinstance(obstacle, Blocked | NotListed | InvalidReference) and len(document.visible) > _PORTAL


def _gone(obstacle: CheckError) -> PageChanged:
    """A page that now only says that there is nothing: not the one that was to be watched."""
    return PageChanged("page", "the text to watch", "a message only", evidence=obstacle.evidence)


def _lines(document: Document) -> Iterator[str]:
    """The visible text, a line for each block."""
    block, parts = -1, [""]
    for text in document.texts:
        if text.block != block or text.fresh:
            yield from _kept("".join(parts))
            block, parts = text.block, []
        parts.append(text.text)
    yield from _kept("".join(parts))


def _selected(page: Response, css: str) -> Iterator[str]:
    for element in page.soup.select(css):
        yield from _kept(element.get_text("\n"))


def _kept(text: str) -> Iterator[str]:
    """The lines of a text that say something; a running clock and a count of visitors say nothing."""
    for piece in text.split("\n"):
        words = line(piece)
        if any(c.isalnum() for c in words) and not (len(words) <= _SHORT_LINE and _COUNTS.search(words)):
            yield words[:LONGEST_LINE]


def _bounded(lines: Iterable[str]) -> str:
    """Whole lines up to the limit."""
    kept, size = [], 0
    for words in lines:
        size += len(words) + 1
        if size > LONGEST_TEXT + 1:
            break
        kept.append(words)
    return "\n".join(kept)
