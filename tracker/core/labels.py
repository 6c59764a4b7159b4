"""An authority's words -> status, turn, and how sure that is. Never a substring, never a default."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType

from tracker.core.hanzi import PLAIN, narrow, simplified
from tracker.core.memo import remembered
from tracker.core.model import FINAL, Meaning, Status, Turn, Word

Table = Mapping[str, Word]

_NEEDS_APPLICANT = frozenset({Status.NEEDS_ACTION, Status.NOT_SUBMITTED})
_DONE = FINAL | {Status.APPROVED}
_NEGATIONS = frozenset("不未无非暂没勿")
_BRACKETS = MappingProxyType({"(": ")", "[": "]", "【": "】", "〔": "〕", "<": ">", "《": "》"})
_NEUTRAL = ("材料", "已", "中", "您的", "申请", "your", "application", "case", "hasbeen", "was", "is")

# Usual on Chinese progress pages, not proved for any one site: a status from here is only "likely". What may be either
# stays unknown: 已审核 (passed, or only looked at), 待审批 (just sent in, or looked at before), 已注销, 已签发, 审核驳回.
_USUAL = {
    Status.NOT_SUBMITTED: "未提交 尚未提交 草稿 暂存 待提交 待填报 待申报 填报中",
    Status.SUBMITTED: "已提交 已申报 已申请 已上报 已递交 已报送 等待受理 待受理 待预审 待初审 待审核 等待审核 单位已审核",
    Status.ACCEPTED: "已受理 受理 受理通过 受理成功 正式受理 予以受理 准予受理 同意受理 预审通过",
    Status.IN_REVIEW: "受理中 审核中 审查中 办理中 处理中 审批中 审理中 评审中 核查中 核验中 会审中 联审中 在办 初审 初审中 "
    "初审通过 待复审 复审 复审中 待复核 复核 复核中 待终审 终审中 公示中 制证中 制卡中 正在受理 正在审核 正在审查 正在审批 "
    "正在办理 正在处理 正在复核 正在公示 正在制证 正在制卡 在审 审核过程中 办理过程中",
    Status.NEEDS_ACTION: "退回 退回修改 退回补正 补正 待补正 待补件 待补充 待修改 需补正 通知补正 告知补正 补正材料 补充材料 "
    "待补充材料 需补充材料 需补正材料 需修改 审核退回 被退回",
    Status.APPROVED: "审核通过 审批通过 复审通过 终审通过 通过 准予 核准 已批准 准予许可 准予批准 同意批准 予以批准 予以核准 "
    "予以许可",
    Status.COMPLETED: "办结 已办结 已完成 已发证 发证 已领证 已制证 已归档 已结案 已完结 已办完 办理完成 办理完毕 办理完结 "
    "办理结束",
    Status.REJECTED: "不予受理 审核不通过 审核未通过 审批不通过 审批未通过 初审不通过 初审未通过 复审不通过 复审未通过 "
    "复核不通过 复核未通过 终审不通过 终审未通过 未通过 不通过 驳回 被驳回 不予许可 不予批准 不予核准 不予通过 不予行政许可 "
    "不符合 已拒绝 已否决",
    Status.WITHDRAWN: "撤回 已撤回 撤销 终止 已终止 作废 已取消",
    Status.EXPIRED: "已过期 已失效 超期 逾期失效",
}
# Likewise: "returned" (to be mended, or for good), "decision made", "incomplete", "pending approval", "not approved" (yet?).
_USUAL_ENGLISH = {
    Status.NOT_SUBMITTED: ("draft", "not submitted", "not yet submitted"),
    Status.SUBMITTED: ("submitted",),
    Status.ACCEPTED: ("received", "accepted"),
    Status.IN_REVIEW: (
        *(
            "under review",
            "in review",
            "in process",
            "in progress",
            "pending",
            "processing",
            "being processed",
            "in processing",
        ),
        *("under processing", "being reviewed", "review in progress", "processing in progress", "under consideration"),
        *("being considered", "under assessment", "being assessed", "under evaluation", "under examination"),
    ),
    Status.NEEDS_ACTION: (
        *("additional documents required", "action required", "additional information required"),
        "further information required",
    ),
    Status.APPROVED: ("approved", "granted"),
    Status.COMPLETED: ("issued", "completed", "closed"),
    Status.REJECTED: ("refused", "denied", "rejected", "declined", "unsuccessful"),
    Status.WITHDRAWN: ("withdrawn", "cancelled", "canceled"),
    Status.EXPIRED: ("expired", "lapsed"),
}
# 已补正 says that the applicant has done it, 补正 that he still must: "已" is not neutral before these.
_DONE_BY_APPLICANT = frozenset({"补正", "补正材料", "补充材料"})


@remembered
def fold(text: str) -> str:
    """A label as it is compared: NFKC, simplified, no white space, lower case, no full stop at its end."""
    if PLAIN.fullmatch(text):
        return simplified(text)
    folded = "".join(simplified(narrow(text)).split()).casefold()
    return folded.strip("。.!,;:")


def default_turn(status: Status) -> Turn:
    """Whose turn it is while a case has this status, where the label's entry does not say."""
    if status in _NEEDS_APPLICANT:
        return Turn.APPLICANT
    return Turn.NOBODY if status in FINAL else Turn.AUTHORITY


def table(words: Mapping[str, Status | Word]) -> Table:
    """A label table ready for `understand`: folded words, bare statuses made entries."""
    return {fold(text): entry if isinstance(entry, Word) else Word(entry) for text, entry in words.items()}


def _usual() -> Table:
    words: dict[str, Word] = {}
    for status, texts in _USUAL.items():
        words.update({fold(text): Word(status) for text in texts.split()})
    for status, phrases in _USUAL_ENGLISH.items():
        words.update({fold(text): Word(status) for text in phrases})
    words[fold("待单位审核")] = Word(Status.SUBMITTED, Turn.EMPLOYER)
    return MappingProxyType(words)


USUAL: Table = _usual()


def understand(label: str, case: Table, adapter: Table, *, verified: bool = False) -> Meaning:
    """What a label means: by the case's own table, else the adapter's, else the usual words; else unknown.

    `verified`: somebody ran the adapter on the live site. Tables come from `table`.
    """
    folded = fold(label)
    for words, sure in ((case, True), (adapter, verified), (USUAL, False)):
        found = _match(folded, words)
        if found:
            return Meaning(found.status, found.turn or default_turn(found.status), confirmed=sure, known=True)
    return Meaning(Status.UNKNOWN, default_turn(Status.UNKNOWN), confirmed=False, known=False)


def _match(folded: str, words: Table) -> Word | None:
    if not words:
        return None
    if folded in words:
        return words[folded]
    bare = _without_case_type(folded, words)
    return words.get(bare) or _composed(bare, words)


def _without_case_type(folded: str, words: Table) -> str:
    """(续办)等待受理 -> 等待受理; but (未)受理 and (退回)审核中 stay: what the bracket says matters there."""
    closing = _BRACKETS.get(folded[:1])
    end = folded.find(closing) if closing else -1
    if end < 0:
        return folded
    inside = folded[1:end]
    says_something = any(c in _NEGATIONS for c in inside) or any(w in inside for w in (*words, *USUAL))
    return folded if says_something else folded[end + 1 :]


def _composed(text: str, words: Table) -> Word | None:
    """The one status of a text that consists wholly of table words of that status and neutral pieces."""
    found = {_merged(parts, words) for parts in _splits(text, tuple(words))}
    found.discard(None)
    return found.pop() if len(found) == 1 else None


def _merged(parts: tuple[str, ...], words: Table) -> Word | None:
    used = [p for p in parts if p in words]
    meanings = {words[p] for p in used}
    if len(meanings) != 1:
        return None
    word = meanings.pop()
    neutral = {p for p in parts if p not in words}
    if "中" in neutral and word.status in _DONE:
        return None  # 发证中 is not yet 发证
    if "已" in neutral and not _DONE_BY_APPLICANT.isdisjoint(used):
        return None
    return word


_MOST_SPLITS = 64
_LONGEST = 40


def _splits(text: str, words: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    """Every way to cut a short text into table words and neutral pieces; too many ways count as none."""
    if not text or len(text) > _LONGEST:
        return ()
    ways = []
    for way in _cut(text, tuple(p for p in (*words, *(n for n in _NEUTRAL if n not in words)) if p and p in text)):
        ways.append(way)
        if len(ways) > _MOST_SPLITS:
            return ()
    return ways


def _cut(text: str, pieces: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    ends = _can_end(text, pieces)
    stack: list[tuple[int, tuple[str, ...]]] = [(0, ())]
    while stack:
        at, so_far = stack.pop()
        if at == len(text):
            yield so_far
            continue
        stack.extend((at + len(p), (*so_far, p)) for p in pieces if text.startswith(p, at) and at + len(p) in ends)


@lru_cache(maxsize=256)
def _can_end(text: str, pieces: tuple[str, ...]) -> frozenset[int]:
    """The places of a text from which its end can be reached, so that no dead end is walked."""
    good = {len(text)}
    for at in range(len(text) - 1, -1, -1):
        if any(text.startswith(p, at) and at + len(p) in good for p in pieces):
            good.add(at)
    return frozenset(good)
