"""What stands in the place of a status and is no authority's word about a case: blanks, codes, holes, lists, advice.

A status may be any words ("待窗口叫号"), so these are positive signs of the other things that pages put there.
"""

import re

from tracker.core.labels import USUAL, fold
from tracker.core.memo import remembered
from tracker.pages.general import in_general, is_caption
from tracker.pages.signs import CLAUSE_END, POLITE
from tracker.pages.words import key, line

LONGEST_LABEL = 1000

BLANK = frozenset(
    {
        *("无", "暂无", "null", "undefined", "nan", "none", "n/a", "na", "false", "true", "[objectobject]", "objectobject"),
        *(
            "空",
            "暂缺",
            "隐藏",
            "不详",
            "未知",
            "未知状态",
            "状态未知",
            "无状态",
            "无法识别",
            "待更新",
            "unknown",
            "nil",
            "nodata",
            "notavailable",
            "notfound",
        ),
    }
)
# Words of a test, an account or a question.
_OF_A_TEST = (
    "是 否 有 错误 必填 选填 在线 离线 已登录 已登陆 已登入 运行中 测试 测试数据 示例 样例 "
    "ok yes no required optional online offline loggedin test demo sample"
)
_NEVER = frozenset(_OF_A_TEST.split())
# Words of a setting as often as of a case: they count in the case's own record, or where its own labels say so.
_OF_A_SETTING = "正常 异常 启用 停用 禁用 开启 关闭 已关闭 排队中 active inactive enabled disabled"
_SETTINGS = frozenset(_OF_A_SETTING.split())
# The paper that a procedure ends with, as guides name it: 许可证书. "领取证书" and "不予许可决定书" tell what was done.
_PAPER = re.compile(
    r"(?:(?![已待未发制领印送寄取签补退缴办不])[\u4e00-\u9fff])*"
    "(?:证书|许可证|居住证|证明|批文|批复|决定书|通知书|执照|登记表|备案表|文书)"
)
_CONTROLS = (
    "查询 查看 详情 查看详情 点击查看 更多 返回 提交 打印 下载 全部 不限 刷新 重置 编辑 删除 修改 展开 "
    "收起 检视 详细 详细资料 详细信息 search view details more all "
    "refresh print"
)
CONTROLS = frozenset(_CONTROLS.split())
NUMBER = re.compile(r"[\d\s./:年月日时分秒t+,%-]+")
_CODE = re.compile(r"[a-z]{0,4}[-_#]?\d[\da-z_*#-]*|[a-z]|0x[\da-f]+")
_MISREAD = re.compile("[\u0080-\u00ff]{3}|[\ue000-\uf8ff\ufffd]")  # GBK read as Latin-1, or as another Chinese charset
_HOLE = re.compile(r"[{}]|<%|%>|\$[\w{(]|^[$@#%]|^%s$|\bth:\w|\[\[|v-(?:text|html)\b")
_LOADING = re.compile(
    "^(?:数据|资料|页面)?(?:加载|载入|读取|查询|获取)中|^正在(?:加载|载入|查询|获取|读取)|^请?(?:稍候|稍后|稍等)|^loading"
)
_WAIT = re.compile(
    "请(?:稍候|稍后|稍等)|请(?:勿|不要)(?:刷新|关闭|离开)|数据(?:同步|更新|处理|迁移|加载)中|系统正在处理|排队中|pleasewait"
)
# A status as often as what a page says of itself while it loads: with dots behind, or with "请稍候", it says that.
BUSY = frozenset(("处理中", "正在处理", "正在处理中", "processing", "beingprocessed", "inprogress"))
_BUSY_STILL = re.compile(rf"(?:{'|'.join(BUSY)})[.。]{{2,}}")
_FILL_IN = re.compile("^(?:请(?:您)?(?:选择|输入|填写|点击|勾选)|点击|please(?:select|enter|choose))")
_ADVICE = re.compile(
    "^(?:请勿|请先|请重新|请(?:您)?(?:拨打|致电|咨询|关注|联系|扫|使用|查看|查阅|参阅|参考|核对|检查|"
    "刷新|下载|更换|确认|重试|参见|在|于[^,，]{0,24}查询)"
    "|详见|参见|见(?:附件|备注|通知|下方|附表|右侧|说明)|例[:：]|如[:：]|例如|比如|e\\.g\\.)"
    "|为准|敬请(?:期待|关注|谅解)|(?:暂未|尚未|暂不|未)(?:开放|开通|支持|提供|上线)|暂不(?:支持|提供)|"
    "建设中|(?:通道|功能|系统|窗口|入口|查询|网站|平台|服务|栏目|页面)[^,，]{0,2}(?:已|暂时|暂)关闭|^暂时?关闭|"
    "(?:登[录陆入])后?可(?:见|查)|无权|(?:没有|无)(?:查看)?权限|无法(?:获取|显示|访问|查询|读取)|"
    "查询时间为|^(?:no|not)(?:authorized|permitted|allowed)|(?:该|本)(?:功能|站|系统|平台|网|服务)|名下"
    "|(?<![待需等由请给为向])(?:您|你)(?!的?(?:申请|材料|办件|案件|业务|居住证|积分|档案|信息|资料|证|件|户))"
)
# A longer text of an authority about a case has one of these words. What has none speaks of something else.
_OF_A_CASE = re.compile(
    "[审受理办批核补退证收转完结驳撤签寄领缴派复初评勘]|通过|提交|申[报请]|公示|终止|过期|打印|登记|材料|"
    "移交|部门|流程|等待|待|送达|许可|准予|同意|资格"
    "|处置|反馈|答复|调查|鉴定|听证|档"
    "|case|appl|review|approv|receiv|card|decision|document|request|submi|process|pend|interview|permit|"
    "visa|form|notice|mail|issu|refus|den[iy]"
    "|reject|withdr|clos|complet|accept|transfer|schedul|evidence|fingerprint|biometric|fee|paid|sent|"
    "return|certificate|file|await|pay|check|ready|collect|assess|officer|print|hold|queue|assign|"
    "register|renew|grant|dispatch|deliver|consider|progress|verif|evaluat"
)
_CHINESE_OR_ENGLISH = re.compile("[\x00-\x7f\u2010-\u2027\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]*")
_LONG, _LONG_LATIN = 12, 16  # characters of a text that is more than a word
_BOX = re.compile(r"[(（]\s*[)）]|□")  # to tick
_LISTED = re.compile(r"[、·/|,，—–\n→➔➜»>＞⇒□☐☑✓✔√○◯●◉■]|-+>|(?<!\d)\d[.．、]|[①-⑨]|\bor\b")
_OF_A_LIST = re.compile("[、·/|—–\n→➔➜»>＞⇒□☐☑✓✔√○◯●◉■12①-]|\\bor\\b")  # "已受理，待审核" may be one status
_BESIDE_ONE = re.compile(r"等$|(?<=\S)[(（][^()（）]*[)）]$")  # 审核中(黄): the legend of a colour
_STEPS = (
    "提交 申请 申报 提交申请 网上申报 受理 预审 初审 审核 审批 复审 复核 终审 公示 办结 办理 制证 发证 "
    "领证 领取 归档 完成 审核中 已受理 审查 决定 送达 "
    "材料审核 部门审核 窗口受理 网上预审 开始 结束"
)
STEPS = frozenset(_STEPS.split())
_STEP = "|".join(sorted(STEPS, key=len, reverse=True))
_STEP_BAR = re.compile(rf"(?:\d*[.、]?(?:{_STEP})){{3,}}|(?:\d[.、]?(?:{_STEP})){{2,}}")
_ONE_STEP = re.compile(_STEP)
_NEXT, _AND_NEXT = ("待复", "待终"), 2  # what follows on a step, said behind it: 初审通过、待复审
_LONGEST_BAR = 60
_LONGEST_OF_A_LIST = 6


SITES_OWN = "a word that may be the site's own"


def may_be_its_own(words: str) -> bool:
    """Whether words that may be the site's own are a status all the same, where the record is the case's own."""
    return key(words) not in _NEVER


_BEHIND = frozenset("，,；;、")  # what stands behind a value that isn't there


@remembered
def no_words(text: str) -> str | None:
    """What a status cell holds where its words can't be an authority's about a case; None where they can."""
    folded = key(text)
    if not folded or folded in BLANK or text.lstrip()[:1] in _BEHIND or not any(c.isalnum() for c in folded):
        return "nothing"
    if not any(c.isalpha() for c in folded):
        return "no words of a status"
    if NUMBER.fullmatch(folded) or _CODE.fullmatch(folded) or _MISREAD.search(text) or _HOLE.search(text):
        return "no words of a status"
    if len(folded) > LONGEST_LABEL:
        return f"{len(folded)} characters"
    if folded in _NEVER or folded in _SETTINGS or _PAPER.fullmatch(folded):
        return SITES_OWN
    if _is_waiting(text, folded):
        return "a page that is still loading"
    if is_caption(text):
        return "another caption"
    if folded in CONTROLS or folded.endswith("查询") or folded.startswith(("全部", "不限")):
        return "something to click"
    if (
        len(folded) > (_LONG_LATIN if folded.isascii() else _LONG)
        and _CHINESE_OR_ENGLISH.fullmatch(folded)
        and not _OF_A_CASE.search(folded)
    ):
        return "words about something else"
    said = greeted(text)
    return "an explanation" if _is_list(text, folded) or in_general(said) or _ADVICE.search(key(said)) else None


def greeted(text: str) -> str:
    """A sentence without the greeting before it: 恭喜您，审核通过."""
    return POLITE.sub("", line(text))


def to_fill_in(folded: str) -> bool:
    """Whether words ask a reader to fill something in."""
    return _FILL_IN.search(folded) is not None


def _is_waiting(text: str, folded: str) -> bool:
    """Whether words ask a reader to wait for the page: "审核中，请稍候" is still a status."""
    if _LOADING.search(folded) or _BUSY_STILL.fullmatch(folded):
        return True
    clause = fold(CLAUSE_END.split(line(text), maxsplit=1)[0])
    return _WAIT.search(folded) is not None and (clause not in USUAL or clause in BUSY)


def _is_list(text: str, folded: str) -> bool:
    """Whether a text lists statuses or steps instead of giving one: "受理 > 审核 > 办结"."""
    parts = {fold(_BESIDE_ONE.sub("", part.strip()).strip(" ()（）[]【】")) for part in _LISTED.split(text)}
    known = sum(1 for part in parts if part in USUAL or part in STEPS)
    if known == len(parts) == _AND_NEXT and any(p.startswith(_NEXT) for p in parts) and len({*map(USUAL.get, parts)}) == 1:
        known = 1
    if known and len(parts) > 2 and max(map(len, parts)) <= _LONGEST_OF_A_LIST:
        return True
    if known > 2 or (known > 1 and _OF_A_LIST.search(text)):
        return True
    if _BOX.search(text):
        return True
    words = [fold(_BESIDE_ONE.sub("", word)) for word in text.split()]
    if sum(map(USUAL.__contains__, words)) > (1 if text.endswith((")", "）")) else 2):
        return True
    bar = len(folded) <= _LONGEST_BAR and _STEP_BAR.fullmatch(folded) is not None
    steps = _ONE_STEP.findall(folded) if bar else []
    return bar and len(set(steps)) == len(steps)
