"""What the heading over a record says it is: an example, what was asked before, another matter; and whose it says it is."""

import re
from collections.abc import Sequence

from tracker.core.model import Identity, Reference
from tracker.pages.below import HEADED, LISTED
from tracker.pages.captions import Pair
from tracker.pages.document import Document, Text
from tracker.pages.identity import verdicts
from tracker.pages.records import is_own
from tracker.pages.spots import around
from tracker.pages.words import IDENTITY, WEAKER, key

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "legend", "caption"})
_NOT_NOW = re.compile("^上次|示例|样例|范例|^(?:example|sample|previous)")
_OF_ALL = re.compile("动态|公示|最新|近期|统计|^(?:latest|recent)")
_PAIR = re.compile("[:：]")
_EXAMPLE = frozenset(map(key, ("例如", "示例", "样例", "范例", "example", "sample", "for example", "e.g.")))
_PUBLISHED = "发布时间 发布日期 发布机构 发布单位 来源 作者 浏览次数 文号 发文字号 索引号 author published error"
_OTHER_MATTER = frozenset(map(key, _PUBLISHED.split()))
_BARE = WEAKER | frozenset(map(key, ("状态", "status")))
_OF_THE_CASE = re.compile(
    "[办审]|进[度展]|状态|结果|申请|查询|受理|流程|当前|基本|详|case|appl|status|progress|result|detail|track|summary"
)


def misplaced(document: Document, label: Pair, own: Sequence[Pair], identity: Identity) -> str | None:
    """What a record is, by the words over it, instead of the case's own as it stands; None where it may be that."""
    if any(p.key in _EXAMPLE for p in own):
        return "an example"
    if identity is Identity.NOT_SHOWN and any(p.key in _OTHER_MATTER for p in own):
        return "something else: published, or an error"
    heading = _over(document, label)
    if heading is None:
        return None
    words = key(heading.text)
    if _NOT_NOW.search(words):
        return "an example, or what was asked before"
    if identity is Identity.NOT_SHOWN and _OF_ALL.search(words):
        return "a list of everybody's"
    if _OF_THE_CASE.search(words):
        return None
    before = any(p.key in IDENTITY and p.spot < heading.spot for p in own)
    if (label.key in _BARE and before) or (label.form == HEADED and heading.tag != "h1"):
        return "a section of something else"
    return None


def says_whose(document: Document, label: Pair, found: Sequence[Pair], reference: Reference) -> bool:
    """Whether the status's row or table, or else what stands right around it, shows what the case was asked by."""
    beside = [p for p in found if p.record == label.record]
    if label.table >= 0 or label.record:
        return is_own(verdicts([p for p in beside if p.table == label.table], (), reference.values))
    if label.form == LISTED:
        return is_own(verdicts([p for p in beside if p.form == LISTED and _in_one(document, p, label)], (), reference.values))
    captions = {p.spot for p in beside}
    heads = (t.spot for t in document.texts if t.tag in _HEADINGS and t.spot < label.spot and t.spot not in captions)
    start = max(heads, default=-1)
    for element in around(document, label.spot):
        end = document.ends[element]
        inside = [p for p in beside if element <= p.spot < end]
        texts = (t for t in document.between(element, end) if any(c.isalnum() for c in t.text))
        if len(inside) > 1 or any(not label.spot <= t.spot < label.end for t in texts):
            return is_own(verdicts([p for p in inside if p.spot > start], (), reference.values))
    return False


def _in_one(document: Document, pair: Pair, label: Pair) -> bool:
    """Whether two lines of a list stand in the same element."""
    return pair.spot == label.spot or _holder(document, pair) == _holder(document, label)


def _holder(document: Document, pair: Pair) -> int:
    return document.parents[document.parents[pair.spot]]


def _over(document: Document, label: Pair) -> Text | None:
    """The nearest heading before a status."""
    if _HEADINGS.isdisjoint(document.tags):
        return None
    before = (t for t in reversed(document.texts) if t.spot < label.spot and t.tag in _HEADINGS and not _PAIR.search(t.text))
    return next(before, None)
