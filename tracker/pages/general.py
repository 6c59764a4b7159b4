"""What is said of every case, and so of none: conditions, rules, announcements; and the names of what belongs to a case."""

import re

from tracker.core.labels import USUAL, fold
from tracker.pages.names import could_be_name
from tracker.pages.signs import CLAUSE_END
from tracker.pages.words import KNOWN, key, line

_USUAL = "|".join(sorted(USUAL, key=len, reverse=True))
# What a first clause begins or ends with when what it says has not happened to anybody yet.
_IF = re.compile(
    "^(?:如果?|若|倘若?|当|凡|一旦|是否|能否|预[计期]|估计|计划|承诺|应(?=办结|完成))(?![实期意来日])"
    "|^[^,，]{1,16}[的者]$"
    f"|^已?(?:{_USUAL})的"
    f"|(?:{_USUAL}|成功|完成)之?后[,，]?(?:将|可|即|会|凭|方|请)"
    "|结果将|将[在于]?[^,，]{0,20}(?:公布|公示|通知|告知)"
    "|(?<!^)请(?:您)?(?:拨打|致电|咨询)"
    "|^(?:可以?|将|请)?通过(?:短信|邮|电话|微信|网|手机|公众号|app|快递|ems|平台|系统|官网|支付宝|小程序|现场|以下|下列)(?!.*审)"
)
_IF_ENGLISH = re.compile(
    r"\b(?:if|when|once|unless|whether|until)\b|\b(?:applications|applicants|cases|petitions|candidates|decisions)\b"
    r"|\byou (?:can|may|must|should|will)\b",
    re.IGNORECASE,
)
_COUNTED = re.compile("(?:受理|办结|办理|通过|审核中|退回)[^\\d,，。]{0,2}\\d+[件条笔]")
_MEANING = re.compile("表示|是指|指的是|含义|^指|^显示|本栏|此处|该字段|所处(?:的)?(?:状态|环节|阶段|位置)")
# 审核标准, 受理人: the name of a thing that belongs to a procedure, made of the words of a status.
_THING = re.compile(
    "(?:网上|窗口)?(?:预审|初审|复审|终审|审核|审批|审查|受理|办理|办结|申请|申报|登记|提交|收件|处理|评审|发证|制证|领证|公示|许可|业务)"
    "(?:人员?|者|日期|时间|意见|标准|条件|指南|流程|须知|依据|机关|部门|单位|窗口|地点|方式|期限|时限|材料|编号|号|范围|对象|程序|规则"
    "|说明|要求|费用|电话|机构|科室|事项|类型|种类|渠道|平台|系统|中心|大厅|服务)"
)
_DEEDS = frozenset(("审核", "审批", "受理", "办理", "初审", "复审", "终审", "复核", "签收", "经办"))
_THING_ENGLISH = re.compile(
    r".*\b(?:by|on|at|for|to|of|from|with)|(?:date|time|day) .*"
    r"|.*\b(?:guidelines?|criteria|polic(?:y|ies)|requirements|instructions|procedures?|checklist|officer|date|type)",
    re.IGNORECASE,
)


def in_general(text: str) -> bool:
    """Whether a sentence tells a condition, a rule or a count, and nothing that has happened to a case."""
    words = line(text)
    clause = CLAUSE_END.split(words, maxsplit=1)[0]
    folded = key(clause)
    if folded and (_IF.search(folded) or _IF_ENGLISH.search(clause)):
        return True
    return any(pattern.search(key(words)) for pattern in (_COUNTED, _MEANING))


def is_caption(text: str) -> bool:
    """Whether words name something that a case has instead of saying what became of it: 审核人：李四, 审核日期 2026-11-02."""
    words = line(text).replace("：", ":").replace("=", ":")
    name, _, rest = words.partition(":")
    if key(name) in KNOWN or _THING.fullmatch(key(name)) or (not rest and _THING_ENGLISH.fullmatch(name)):
        return True
    first, _, rest = words.partition(" ")
    if rest and not first.isascii() and (key(first) in KNOWN or _THING.fullmatch(key(first))):
        return fold(rest) not in USUAL
    return bool(rest) and could_be_name(first) and not first.isascii() and fold(rest).removesuffix("人") in _DEEDS
