"""What the heading over a record says it is: an example, what was asked before, another matter; and whose it says it is."""

import re
from bisect import bisect_left
from collections.abc import Sequence

from tracker.core.model import Identity, Reference
from tracker.pages.below import HEADED, LISTED
from tracker.pages.captions import Pair
from tracker.pages.document import Document, Text
from tracker.pages.identity import kind_of, verdicts
from tracker.pages.records import is_own
from tracker.pages.spots import around
from tracker.pages.words import IDENTITY, STATUS, WEAKER, key

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "legend", "caption"})
_NOT_NOW = re.compile("^上次|示例|样例|范例|^(?:example|sample|previous)")
_OF_ALL = re.compile("动态|公示|最新|近期|统计|^(?:latest|recent)")
_PAIR = re.compile("[:：]")
_EXAMPLE = frozenset(map(key, ("例如", "示例", "样例", "范例", "example", "sample", "for example", "e.g.")))
_PUBLISHED = "发布时间 发布日期 发布机构 发布单位 来源 作者 浏览次数 文号 发文字号 索引号 author published error"
_OTHER_MATTER = frozenset(map(key, _PUBLISHED.split()))
_BARE = WEAKER | frozenset(map(key, ("状态", "status")))
# 办理状态, 【办理状态】, "2. 办理状态（市级）：退回", "当前状态为 —"
_CAPTION = re.compile(
    r"(?:^|[】\]，,；;。\n])\s*(?:\d{1,2}[.．、]\s*)?[【\[]?([^：:，,；;。【】\[\]\n（(]{2,30}?)(?=\s*(?:[：:】\]\n=（(为是—–-]|$))"
)
_NO_CAPTION = frozenset({"button", "option"})
# What has a status of its own beside the case's number.
_OF_A_THING = re.compile(
    "快递|物流|运单|订单|缴费金额|付款金额|发票|投诉|咨询内容|留言|^(?:材料|附件|文件|要件)(?:名称|清单)$|^(?:order|shipment|courier|usps|invoice)"
)
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
    """Whether the status's row or table, or else what stands right around it, shows what the case was asked by.

    That is its number, where it has one; and nothing there is another thing's, or leaves open which caption is the status's.
    """
    beside = [p for p in found if p.record == label.record]
    start, end = _place(document, label, beside)
    if (label.key in WEAKER or label.form == HEADED) and _names_another(document, label, beside, (start, end)):
        return False
    if label.form == HEADED and start != document.parents[document.parents[label.spot]]:
        return False  # a box of its own, of whatever: its number would stand beside the heading
    if label.table >= 0 or label.record:
        beside = [p for p in beside if p.table == label.table]
    elif label.form == LISTED:
        beside = [p for p in beside if p.form == LISTED and _in_one(document, p, label)]
    else:
        captions = {p.spot for p in beside}
        heads = (t.spot for t in document.texts if t.tag in _HEADINGS and t.spot < label.spot and t.spot not in captions)
        last = max(heads, default=-1)
        if label.how != "field" and _behind_loose_words(document, label, beside):
            return False
        beside = [p for p in beside if start <= p.spot < end and p.spot > last]
    if any(_OF_A_THING.search(p.key) for p in beside):
        return False
    shown = verdicts(beside, (), reference.values)
    numbers = [name for name, value in reference.values.items() if kind_of(name, value) == "number"]
    return is_own(shown) and (not numbers or any(name in shown for name in numbers))


def _place(document: Document, label: Pair, beside: Sequence[Pair]) -> tuple[int, int]:
    """From where to where a status's table reaches, or else the first element around it with other words or pairs."""
    if label.table >= 0:
        return document.tables[label.table].spot, document.tables[label.table].end
    others = [p.spot for p in beside if p is not label]
    before = document.texts[: bisect_left(document.spots, label.spot)]
    behind = document.texts[bisect_left(document.spots, label.end) :]
    others += [t.spot for t in (next(filter(_has_words, reversed(before)), None), next(filter(_has_words, behind), None)) if t]
    nearest = {max((s for s in others if s <= label.spot), default=-1), min((s for s in others if s > label.spot), default=-1)}
    for element in around(document, label.spot):
        if any(element <= spot < document.ends[element] for spot in nearest):
            return element, document.ends[element]
    return label.spot, label.end


def _behind_loose_words(document: Document, label: Pair, beside: Sequence[Pair]) -> bool:
    """Whether the words before a status are no pair's and no heading: 其他办件, "Fee payment"."""
    before = document.texts[: bisect_left(document.spots, label.spot)]
    last = next(filter(_has_words, reversed(before)), None)
    if last is None or last.tag in _HEADINGS:
        return False
    return not any(p.spot <= last.spot < p.end for p in beside)


def _has_words(text: Text) -> bool:
    return any(c.isalnum() for c in text.text)


def _names_another(document: Document, label: Pair, beside: Sequence[Pair], place: tuple[int, int]) -> bool:
    """Whether a usual caption of the status stands there too, whatever became of its value: it would be the status.

    Not what there is to click, nor the title or the heading of all.
    """
    start, end = place
    first = min(p.spot for p in beside if start <= p.spot < end)
    texts = document.between(start, end)
    texts = texts if any("\n" in t.text for t in texts[:1]) else texts[1:]
    if label.key not in WEAKER:
        texts = tuple(t for t in texts if not label.spot <= t.spot < label.end)
    texts = tuple(t for t in texts if t.tag not in _NO_CAPTION and not (t.tag in _HEADINGS and t.spot < first))
    named = (t for t in texts if any(key(m) in STATUS for m in _CAPTION.findall(t.text)))
    return any(t.text not in document.link_texts for t in named)


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
