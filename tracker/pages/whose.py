"""Whether a caption speaks of the case itself: a payment, a paper, a parcel and an invoice have a status too."""

import re
from collections.abc import Iterable

from tracker.pages.captions import Pair
from tracker.pages.identity import is_blank
from tracker.pages.words import STATUS

_OF_A_STATE = "状态 状况 进度 进展 环节 阶段 结果 情况 动态 status state progress stage step result name text desc code"
_OF_A_CASE = (
    "办理 办件 办事 业务 案件 申请 申办 申报 受理 审核 审批 审查 处理 流转 流程"
    " 当前 目前 现在 最新 最近 现时 事项 本 的 您 我 总体 整体"
    " application case current latest last request review process processing approval apply audit flow workflow handle handling"
    " business overall your my of the"
)
_WORDS = sorted((*_OF_A_STATE.split(), *_OF_A_CASE.split()), key=len, reverse=True)
_CASE = re.compile(rf"(?:{'|'.join(map(re.escape, _WORDS))}|[\s_\-])+")


def is_of_the_case(folded: str) -> bool:
    """Whether a folded caption names nothing but the case and its state."""
    return _CASE.fullmatch(folded) is not None


def says_nothing(value: str) -> bool:
    """Whether a place for a status has none: empty, 无, or only dashes and the like."""
    return is_blank(value) or not any(map(str.isalnum, value))


def empty_status(found: Iterable[Pair]) -> str:
    """The caption of the first record's own status, where it has none beside it yet; else ""."""
    return next((p.caption for p in found if p.key in STATUS and p.record in {0, 1} and says_nothing(p.value)), "")
