"""The readable text of a page that is watched: line by line, without clocks and counters.

A page that says it is something else (maintenance, a captcha, a log-in) is an outcome by name, as everywhere.
"""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from tracker.core.errors import Blocked, CheckError, InvalidReference, NotListed, PageChanged
from tracker.core.model import Identity, Reading, Reference
from tracker.pages.contract import Response
from tracker.pages.document import Document
from tracker.pages.looks import HIDDEN, Attributes, by_look
from tracker.pages.recognise import recognise
from tracker.pages.words import key, line

if TYPE_CHECKING:
    from bs4.element import PageElement, Tag

LONGEST_TEXT = 20_000
LONGEST_LINE = 1000
_PORTAL = 2000  # characters: a page with more has its log-in beside what it says, a log-in page is shorter
_SMALL_TEXT = 400
_COUNTS = re.compile(
    r"当前时间|现在时间|现在是|北京时间|系统时间|今天是|第\s*\d+\s*[位次个]|访问量|访问者|访客|浏览次数|点击次数|浏览量"
    r"|(?:点击|浏览|阅读|访问|在线)(?:次数|人数|数|量)?\s*[:：]?\s*\d+\s*[次人]?$"
)
# A line of nothing but the time: a day counts only with its weekday or an hour, for texts are dated too.
_DAY = r"\d{4}\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}\s*日?"
_WEEKDAY = r"(?:星期|周|礼拜)[一二三四五六日天]"
_HOUR = r"\d{1,2}[:：]\d{2}(?:[:：]\d{2})?"
_CLOCK = re.compile(
    rf"(?:{_DAY}\s*)?(?:[上下]午\s*)?\d{{1,2}}[:：]\d{{2}}[:：]\d{{2}}|{_DAY}\s*{_WEEKDAY}\s*(?:{_HOUR})?|{_WEEKDAY}\s*{_DAY}\s*(?:{_HOUR})?"
)
# What a site says where an address leads nowhere, though it answers with 200.
_LOST = re.compile(
    "(?:页面|网页|文件|地址|page|file|url)[^。!！]{0,12}(?:不存在|未找到|没有找到|找不到|已删除|已被删除|notfound|cannotbefound)"
    "|(?:找不到|未找到|无法找到)[^。!！]{0,6}(?:页面|网页|文件|地址)|404notfound|404错误"
)
_INLINE = frozenset(
    (
        "a",
        "abbr",
        "b",
        "big",
        "code",
        "em",
        "font",
        "i",
        "ins",
        "label",
        "mark",
        "q",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "u",
    )
)
_NO_TEXT = frozenset({"script", "style", "template", "noscript"})
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
    if len(whole) <= _SMALL_TEXT and _LOST.search(key(whole)):
        raise PageChanged("page", "the text to watch", "a message only", evidence=lines[0])
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
    """The visible text of the selected parts, a line for each block."""
    found = page.soup.select(css)
    inside = {id(element) for element in found}
    for element in found:
        if not any(id(parent) in inside or _is_hidden(parent) for parent in element.parents):
            yield from _kept("".join(_pieces(element)))


def _pieces(element: "Tag") -> Iterator[str]:
    """The texts of an element and the ends of its blocks, in page order."""
    from bs4.element import NavigableString, Tag  # noqa: PLC0415 - start-up time: it is loaded where a part is selected

    todo: list[PageElement | None] = [element]
    while todo:
        node = todo.pop()
        if node is None:
            yield "\n"
        elif isinstance(node, Tag):
            if node.name not in _NO_TEXT and not _is_hidden(node):
                ends = [] if node.name in _INLINE else [None]
                todo += [*ends, *reversed(node.contents), *ends]
        elif isinstance(node, NavigableString) and not node.PREFIX:  # a comment has one
            yield str(node).replace("\n", " ")  # an end of a line in the source ends no block


def _is_hidden(element: "Tag") -> bool:
    attributes: Attributes = {name: value if isinstance(value, str) else "" for name, value in element.attrs.items()}
    return bool(by_look(element.name, attributes, 0) & HIDDEN)


def _kept(text: str) -> Iterator[str]:
    """The lines of a text that say something; a running clock and a count of visitors say nothing."""
    for piece in text.split("\n"):
        words = line(piece)
        counts = len(words) <= _SHORT_LINE and (_COUNTS.search(words) or _CLOCK.fullmatch(words))
        if any(c.isalnum() for c in words) and not counts:
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
