"""What else a page says beside a record: a sentence that asks for something, or that is made to stand out.

Only near the record: in its table across all columns, in the cell or block around it, in the cells beside that, in the
blocks right before and behind. Footers, lists of advice, clocks and counters are no notices.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import islice, takewhile

from tracker.core.hanzi import simplified
from tracker.pages.captions import Pair
from tracker.pages.document import Document, Text
from tracker.pages.recognise import asks_for_something
from tracker.pages.signs import CONDITIONAL
from tracker.pages.spots import around, child_of
from tracker.pages.words import NOTICE, PLAIN_NOTE, captionlike, key, line

_CLOCK = re.compile(r"\d{1,2}[:：]\d{2}")
_RUNNING = re.compile(
    r"\d{1,2}[:：]\d{2}[:：]\d{2}|当前时间|现在时间|现在是|北京时间|系统时间|今天是"
    r"|第\s*\d+\s*[位次个]|访问量|访问者|访客|流水号|浏览次数"
)
_BOILERPLATE = re.compile(
    "版权|ICP备|公网安备|[Cc]opyright|浏览器|分辨率|阅读器|妥善保管|技术支持|主办|承办|咨询电话|热线|仅供参考|为准|欢迎|免责|下载|点击"
)
# What everybody is told who may come so far: it asks nothing of this applicant now.
_ADVICE = re.compile(
    "(?:通过|核准|批准|办结|完成|成功|受理|发证|制证|寄出)(?:之?后|时|的)[,，]?.{0,6}请|(?:者|的)[,，]请|^(?:\\d[、.])?(?:如|若|凡)"
    "|\\b(?:if|when|once|after)\\b",
    re.IGNORECASE,
)
_ITEM = re.compile(r"\s*[(（]?\d{1,2}[、.．)）]")  # of a list of advice
_SENTENCE = re.compile("[您请，。！!；;须应]")
_FAR = re.compile("foot|copyright|nav|menu|help|faq|sidebar|breadcrumb|crumb|banner", re.IGNORECASE)
_SPLIT = re.compile(r"(?<=[。！!；;\n])")
_NOTED = NOTICE | PLAIN_NOTE
_MOST_UNITS = 4  # a longer list beside a record is advice for everybody
_LONGEST = 300


def from_pair(pair: Pair) -> bool:
    """Whether a pair of the record is a notice: captioned as one, or a remark that asks for something."""
    if pair.key not in _NOTED or not any(c.isalnum() for c in pair.value) or len(key(pair.value)) < 2:
        return False
    if pair.key in NOTICE and pair.key != key("说明"):
        return True
    return asks_for_something(pair.value)


def beside(document: Document, label: Pair, record: Sequence[Pair], others: Sequence[Pair] = ()) -> str | None:
    """The notices around a record, in page order; `others` are the page's own pairs elsewhere."""
    fields = [p.cell for p in record if p.cell >= 0 and p.how == "field"]
    # A cell of one field is that field's own; one of several lays the page out.
    taken = {p.cell for p in record if p.table >= 0} | {cell for cell, times in Counter(fields).items() if times == 1}
    captions = {p.key for p in record}
    spans = _joined((p.spot, p.end) for p in (*record, *others))
    links = document.link_texts
    found = [words for p in record if p.rest and (words := _sentences(p.rest, loud=False))]
    for zone in _zones(document, label, record):
        beside_it = (t for t in zone if t.cell not in taken and t.text not in links and key(t.text) not in captions)
        units = list(islice(_units(t for t in beside_it if not _inside(t.spot, spans)), _MOST_UNITS + 1))
        for unit in units if len(units) <= _MOST_UNITS else []:
            words = _quotable(unit)
            if words and words not in found:
                found.append(words)
    return line(" ".join(found))[:_LONGEST] or None


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same ranges in order, none within or across another: a page has thousands of pairs and of texts."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _inside(spot: int, spans: Sequence[tuple[int, int]]) -> bool:
    at = bisect_right(spans, spot, key=lambda span: span[0])
    return at > 0 and spot < spans[at - 1][1]


def _quotable(unit: Sequence[Text]) -> str:
    """The part of a block's text that is a notice, or nothing."""
    if any(_FAR.search(t.names) for t in unit):
        return ""
    return _sentences("".join(t.text for t in unit), loud=all(t.loud for t in unit))


def _sentences(text: str, *, loud: bool) -> str:
    sentences = [s for s in _SPLIT.split(text) if not _RUNNING.search(s)]
    return "".join(sentences).strip() if any(_is_notice(s, loud=loud) for s in sentences) else ""


def _is_notice(sentence: str, *, loud: bool) -> bool:
    if _BOILERPLATE.search(sentence) or _ADVICE.search(simplified(sentence)):
        return False
    if asks_for_something(sentence):
        return True
    if not loud or _CLOCK.search(sentence) or CONDITIONAL.search(sentence) or _ITEM.match(sentence):
        return False
    if len(key(sentence)) < 6 or not any(c.isalpha() for c in sentence):
        return False
    return _SENTENCE.search(sentence) is not None or not captionlike(sentence)


def _units(texts: Iterator[Text]) -> Iterator[list[Text]]:
    unit: list[Text] = []
    for text in texts:
        if unit and text.block != unit[0].block:
            yield unit
            unit = []
        unit.append(text)
    if unit:
        yield unit


def _zones(document: Document, label: Pair, record: Sequence[Pair]) -> Iterator[Sequence[Text]]:
    """The texts of each place where a notice may stand."""
    behind = document.ends
    captions = {p.key for p in record}
    inner = _container(document, label, record, behind) if label.table < 0 else -1
    number = _table_across(document, inner) if label.table < 0 else label.table
    if number < 0:
        yield document.between(inner, behind[inner])
        yield from _neighbours(document, inner, behind, captions)
        return
    table = document.tables[number]
    titles = {row[0] for row in table.rows if len(row) == 1}
    if titles:
        yield [t for t in document.texts if t.cell in titles]
    while table.outer >= 0:
        around_it = document.tables[document.cells[table.outer].table]
        row = next(r for r in around_it.rows if table.outer in r)
        for cell in sorted(row, key=lambda c: c != table.outer):
            yield [t for t in document.texts if t.cell == cell]
        if any(document.cells[c].text or document.cells[c].tables for c in row if c != table.outer):
            return
        table = around_it
    yield from _neighbours(document, table.spot, behind, captions)


def _table_across(document: Document, inner: int) -> int:
    """The table in whose rows a record of fields stands (values in readonly fields are no cells); -1 inside one cell."""
    around_it = [n for n, table in enumerate(document.tables) if table.spot <= inner < table.end]
    number = max(around_it, key=lambda n: document.tables[n].spot, default=-1)
    return -1 if any(c.table == number and c.spot <= inner < c.end for c in document.cells) else number


def _container(document: Document, label: Pair, record: Sequence[Pair], behind: Sequence[int]) -> int:
    """The innermost element that holds the label and another pair of its record; the page's own body at most."""
    others = [p.spot for p in record if p.spot != label.spot]
    inner = label.spot
    for element in takewhile(lambda e: document.parents[e] > 0, around(document, label.spot)):
        inner = element
        if any(element <= spot < behind[element] for spot in others):
            break
    return inner


def _neighbours(document: Document, inner: int, behind: Sequence[int], captions: Container[str]) -> Iterator[Sequence[Text]]:
    """The texts of the blocks right before and right behind an element, out of wrappers that hold nothing else."""
    for outer in around(document, inner):
        start, before, after, end = [bisect_left(document.spots, s) for s in (outer, inner, behind[inner], behind[outer])]
        nearest = next(_not_only(captions, _backward(document, outer, start, before)), None)
        following = list(islice(_not_only(captions, _forward(document, outer, after, end)), 2))
        if nearest:
            yield nearest
        yield from following
        if nearest or following:
            return
        inner = outer


def _not_only(captions: Container[str], zones: Iterator[Sequence[Text]]) -> Iterator[Sequence[Text]]:
    """The zones that do not consist of captions."""
    return (zone for zone in zones if any(key(t.text) not in captions for t in zone))


def _backward(document: Document, outer: int, start: int, at: int) -> Iterator[Sequence[Text]]:
    """The texts from number `start` to `at`, by the children of `outer` that they stand in, the last child first."""
    while at > start:
        child = child_of(document, document.texts[at - 1].spot, outer)
        first = bisect_left(document.spots, child, start, at)
        yield document.texts[first:at]
        at = first


def _forward(document: Document, outer: int, at: int, end: int) -> Iterator[Sequence[Text]]:
    """Likewise, the first child first."""
    while at < end:
        child = child_of(document, document.texts[at].spot, outer)
        last = bisect_left(document.spots, document.ends[child], at, end)
        yield document.texts[at:last]
        at = last
