"""Whether the words beside a status caption can be a status: what they stand in, and which words they are made of.

A list of what is no status never ends; so one word, or part of a word, of which statuses are made must be there.
"""

import re
from collections.abc import Callable, Sequence

from tracker.core.hanzi import simplified
from tracker.core.labels import USUAL, fold
from tracker.pages.blanks import NUMBER
from tracker.pages.captions import Pair
from tracker.pages.document import Document, Text
from tracker.pages.general import in_general
from tracker.pages.names import could_be_name
from tracker.pages.spots import around
from tracker.pages.words import WEAKER, captionlike, key, line

_FOLLOWED = re.compile("([^，,；;：:]+)[，,；;]([^，,；;：:]{1,14})[：:]")  # 审核中，窗口：A1
_CLICKED = frozenset({"a", "button"})
_IN_A_CELL = frozenset({"turns", "column", "field"})
_CLICK = re.compile(
    r"(?:返回|点击|查看|下载|上一页|下一页|首页|末页|联系我们|(?:撤销|取消|撤回)申请$)"
    r"|(?:(?:go )?back(?: to\b|$)|click\b|view\b|track\b|see\b|check\b|details?\b|download\b|print$|select\b|choose\b|home$"
    r"|contact\b|read more|learn\b|next$|previous$)"
)
_SAID_OF_THE_SITE = re.compile(
    r"(?:warning|caution|important)\b|(?:error|exception|错误|异常|示例|样例|例子?)\s*[:：]"
    r"|please wait|checking\b|loading|coming soon|updated\b|©|copyright"
    r"|(?:could|can)(?:not| not|n't)\b|(?:unable|failed) to\b|invalid [\w ]*number"
)
_NOWHERE = re.compile(r"\s*(?:#.*|javascript:.*)?$", re.IGNORECASE)
_DO = re.compile("(?:提交|办理|申请|立即|在线|我要|去|进入)(?!.*[中已待])")
_BUTTON = re.compile(r"(?<![a-z])(?:btn|button)", re.IGNORECASE)
_STATE = re.compile("[已未待不无]|中$|[通超]过|成功|失败|完[成毕结]|结束|等待|收件|退|驳|补|撤|废|效|止|冻结|挂起|需")
# 已寄出, 待领证, 预审中, "case is being reviewed"; but 待办事项 and 已办件 are lists, "what is needed" is help.
_BECAME = re.compile(
    "(?:已|待|等待|正在[审复核受办处制评会公])[^?？]{1,12}|[^?？]{1,12}(?:(?<!集)中|成功|失败|完[成毕结]|通过|结束)"
    r"|(?:your |the )?(?:case|application|petition|request|card|permit|document)s? (?:was|has been|is being) [a-z ]*ed\b[a-z ]*"
    "|(?:(?:card|fee|decision|interview|documents?|evidence|notice) )?"
    "(?:received|transferred|forwarded|mailed|sent|scheduled|made)(?: to [a-z ]+)?"
)
_LEADS_TO = re.compile(
    "^[已待]办|^已[阅读同是为]|什么|为何|怎[么样]|如何|是否|^点|关注|订阅|收藏|提醒|登[录陆]|实名|评价|收货|快递|知书$"
    "|开通|绑定|(?:[件项单表情者人]|[公通]告|[查咨]询|说明|信息|指南|须知|材料|流程|进度|结果|名单|案例|问题)$"
)
_HELP = re.compile(
    r"^(?:what|how|where|why|who)\b|^(?:frequently asked|advanced|related|documents required)\b"
    "|^[已待]办(?:事项|件)$|^(?![已待正]).{0,6}(?:说明|指南|须知|事项|问题|中心|流程|清单|名单|查询|详情|入口|通道)$"
)
_CODE = re.compile(r"\?>|%>|\);|->|=>|\w\(\d*\)$")
_LEGEND = re.compile(r"(?:\d\s*[-:：=]\s*[^\d\s]\D*){2}")
_CHINESE = re.compile("[\u4e00-\u9fff]+")
_OFFICE = re.compile("(?:局|厅|中心|委员会|公司|学校|大学|医院|银行|政府|支队|派出所)$")
_PARTS = re.compile(
    "[已未待审核批补退驳撤签寄领缴准拟复初终拒查转派督付]|中$|正在|通过|受理|办[理结件毕]|在办|结[案束]|完结|成功|失败|不予"
    "|同意|[有无失生]效|注销|关闭|录取|公示|完成|草稿|暂存|作废|取消|挂起|冻结|[过到]期|合格|缺考|在读|休学|毕业|爽约|立案|调解"
    "|归档|授权|注册|维持|流程|收件|打印|送达|[终中]止|网申|发货|评价|许可|制证|发证|登记|提交|申报|处理|处置|移交|等待|鉴定|听证"
    "|答复|反馈|调查|开始|进行|交付|排队|预约|就诊|报名|入围|判决|执行|材料|延期|不符|符合|准予|生成"
)
_DEEDS = (
    "pending open closed active inactive valid invalid complete incomplete ready new draft progress review process "
    "processing transit paid unpaid overdue sent held hold pass fail done live made taken absent eligible "
    "ineligible lapse successful unsuccessful decision offer check issue work delivery origination examination "
    "evidence interview reviewing preparing finalizing awaiting waiting printing scheduling shipping sending moving "
    "testing assessing verifying examining final tentative withdrawn given found undergoing ongoing hearing "
    "investigation assessment consideration verification evaluation processed not on lost stayed out"
)
_WORDS = frozenset(_DEEDS.split())
_OF_A_SITE = "updated related featured recommended united limited located provided powered designed need based associated"
_NO_DEED = frozenset(_OF_A_SITE.split())
_SHORT, _MOST_WORDS = 8, 14


def unworthy(document: Document, label: Pair, words: str, own: Callable[[], bool]) -> str | None:
    """What stands where the status would be, judged by what it stands in; None where it may be one.

    `own`: whether it stands in a record that shows the case's own number; asked where it matters.
    """
    inside = _inside(document, label)
    if any(e in document.undecided for t in inside for e in around(document, t.spot)):
        return "a template that was not filled in"
    said = line(words).casefold()
    if _CODE.search(said):
        return "no words of a status"
    if _CLICK.match(said) or _is_control(document, label, inside, own):
        return "something to click"
    if _SAID_OF_THE_SITE.match(said):
        return "words about something else"
    if _LEGEND.search(said) or _is_run(inside, words):
        return "an explanation"
    return None


def wordless(label: Pair, words: str) -> bool:
    """Whether words have nothing of which statuses are made: in a cell of its own, a short Chinese word may be unknown."""
    folded = key(words)
    if _PARTS.search(folded) or _of_a_deed(words):
        return False
    in_a_cell = label.how in _IN_A_CELL and 1 < len(folded) <= _SHORT and _CHINESE.fullmatch(folded)
    return not in_a_cell or could_be_name(words) or "状态" in folded or _OFFICE.search(folded) is not None


def head(document: Document, label: Pair, words: str) -> str:
    """A known status without what stands behind it: in its cell what to click, a day, what will be; else another pair."""
    texts = list(_inside(document, label))
    while len(texts) > 1 and texts[-1].tag in _CLICKED and _CLICK.match(texts[-1].text) and words != texts[-1].text:
        words = words.removesuffix(texts.pop().text).rstrip()
    if label.how not in _IN_A_CELL:
        following = _FOLLOWED.match(words)
        return following[1] if following and _is_usual(following[1]) and captionlike(following[2]) else words
    parts = [(t, said) for t in texts for said in t.text.split("\n")]
    if len(parts) < 2 or not _is_usual(parts[0][1]) or key(words) != key("".join(said for _, said in parts)):
        return words
    apart = all(t.tag in _CLICKED or NUMBER.fullmatch(key(said)) or in_general(said) for t, said in parts[1:])
    return line(parts[0][1]) if apart else words


def is_beside(document: Document, label: Pair) -> bool:
    """Whether a value stands in a cell of its own, or in the line of its caption."""
    if label.how in _IN_A_CELL:
        return True
    return label.how in {"colon", "beside"} and len({t.block for t in _inside(document, label)}) == 1


def _of_a_deed(words: str) -> bool:
    """Whether one of a few English words says what was done, or what is being done."""
    spoken = re.findall("[a-z]+", words.casefold())
    return len(spoken) <= _MOST_WORDS and any(w in _WORDS or _is_deed(w) for w in spoken)


def _is_deed(word: str) -> bool:
    return len(word) > 4 and word.endswith("ed") and word not in _NO_DEED


def _inside(document: Document, label: Pair) -> Sequence[Text]:
    """The texts of a value, and of its caption where they share one."""
    start, end = label.spot, label.end
    if label.how == "turns":
        start = document.cells[label.cell].spot
    return document.between(start, end)


def _is_control(document: Document, label: Pair, inside: Sequence[Text], own: Callable[[], bool]) -> bool:
    """Whether a value is wholly a button, or a link that says no state: 审核通过 on a button is what an officer may do."""
    value = inside if label.how in _IN_A_CELL else inside[1:]
    if not value or key("".join(t.text for t in value)) != key(label.value):
        return False
    alone = label.key in WEAKER or (label.how not in _IN_A_CELL and label.how != "below" and label.cell < 0)
    linked = document.link_texts
    if not any(_is_pressed(t) or t.tag == "a" or t.text in linked for t in value):
        return False
    leading = {text for href, text in document.anchors if not _NOWHERE.match(href)}
    return all(
        _is_pressed(t)
        or ((t.tag == "a" or t.text in linked) and not _says_a_state(t.text, alone=alone, leads=t.text in leading, own=own))
        for t in value
    )


def _is_pressed(text: Text) -> bool:
    return text.tag == "button" or (text.tag == "a" and _BUTTON.search(text.names) is not None)


def _says_a_state(words: str, *, alone: bool, leads: bool, own: Callable[[], bool]) -> bool:
    """Whether the words of a link may be a status: in a cell those that lead somewhere.

    `alone`, in the midst of text, known ones, and in the case's own record those that say what became of a case.
    """
    if _is_usual(words) or alone:
        return _is_usual(words) or (leads and own() and _became(line(words).casefold()))
    if leads:
        return not _DO.match(key(words)) and not _HELP.search(line(words).casefold())
    return _STATE.search(key(words)) is not None or _of_a_deed(words)


def _became(words: str) -> bool:
    """Whether words, or each of several, say what became of a case."""
    parts = re.split("[/、,，;；]", simplified(words))
    return all(_is_usual(p) or (_BECAME.fullmatch(p) is not None and not _LEADS_TO.search(p)) for p in parts)


def _is_run(inside: Sequence[Text], words: str) -> bool:
    """Whether several elements or lines say a status each: steps side by side, or the branches of a condition."""
    lines = [said for t in inside for said in t.text.split("\n")]
    return sum(1 for said in lines if _is_usual(said)) > 1 and not _is_usual(words)


def _is_usual(words: str) -> bool:
    return fold(words) in USUAL or fold(words).removeprefix("已") in USUAL
