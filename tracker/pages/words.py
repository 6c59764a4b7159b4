"""The captions that progress pages use everywhere, and how two texts are compared. Words only, no rules.

Whole captions, never endings: 系统状态, 服务状态 and 登录状态 are no status captions.
"""

import re

from tracker.core.hanzi import PLAIN, SIMPLIFIED, narrow, simplified
from tracker.core.memo import remembered

_NO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff"
_UNSEEN = re.compile(f"[{_NO_WIDTH}]")
_FOLDED: dict[int, str | None] = {**SIMPLIFIED, **dict.fromkeys(map(ord, _NO_WIDTH))}
_TO_FOLD = re.compile(f"[{''.join(map(chr, _FOLDED))}]")
_EDGES = "::*·、-—•●■◆▪>|【】[]"
_CHINESE = re.compile("[\u2e80-\U0010ffff]")
_NO_CAPTION = re.compile(r"""[\d，。！？；,;!?“”"'=<>{}%￥$#@&+~、…]""")
_LETTER = re.compile(r"[^\W\d_]")


@remembered
def key(text: str) -> str:
    """A caption as it is compared: NFKC, simplified, no white space, no colon or star at its ends, lower case."""
    if PLAIN.fullmatch(text):
        return simplified(text)
    folded = narrow(text)
    if _TO_FOLD.search(folded):
        folded = folded.translate(_FOLDED)
    return "".join(folded.split()).strip(_EDGES).casefold()


def line(text: str) -> str:
    """White space folded to single spaces, zero-width characters gone."""
    return " ".join(_UNSEEN.sub("", text).split())


def shown(text: str) -> str:
    """A caption as it is shown: the page's own words without white space between Chinese characters, colon and star."""
    words = _UNSEEN.sub("", text).split()
    return (" " if text.isascii() else "").join(words).strip("：:*＊ 【】[]")


def _keys(words: str) -> frozenset[str]:
    return frozenset(key(w) for w in words.split("|"))


STATUS = _keys(
    "状态|当前状态|办理状态|办件状态|审核状态|审批状态|受理状态|申请状态|业务状态|办理进度|当前进度|"
    "当前环节|办理环节|审核结果|办理结果"
    "|目前状态|案件状态|申办状态|处理状态|处理进度|案件进度|申办进度|目前进度"
    "|status|current status|case status|application status"
)
# As often of something else, or of one step: they count where none of the above stands on the page, and beside the case's
# own number or name. 受理结果 is none: it stays when the case has gone on. Nor are 订单状态 and 缴费状态.
WEAKER = _keys(
    "最新状态|当前办理状态|当前办件状态|当前审核状态|当前审批状态|当前受理状态|当前申请状态|当前业务状态|当前案件状态|当前处理状态|"
    "最新办理状态|目前办理状态|业务办理状态|案件办理状态|事项办理状态|办件办理状态|申请办理状态|申请处理状态|业务处理状态|事项状态|"
    "流程状态|进度状态|您的办理状态|您的办件状态|您的申请状态|"
    "办件进度|申请进度|业务进度|审核进度|审批进度|最新进度|当前办理进度|当前办件进度|当前审核进度|当前审批进度|业务办理进度|案件办理进度|"
    "当前办理环节|当前审核环节|当前审批环节|当前阶段|目前阶段|当前办理阶段|办理情况|办件结果|审批结果|处理结果|申请结果"
    "|your status|latest status|processing status|current application status|current case status|your application status|"
    "your case status|status of application|status of your application|status of case|status of your case|application progress|"
    "case progress|current stage"
)
# in the order in which they are believed
_DATES = (
    *("更新日期", "更新时间", "状态时间", "办理日期", "办理时间"),
    *("last updated", "updated on", "status date", "date updated", "update date", "last update"),
)
DATES = tuple(map(key, _DATES))
DATE = frozenset(DATES)
NUMBER = _keys(
    "受理编号|受理号|申报号|查询编号|查询号|办件编号|业务编号|申请编号|受理号码|办件号|业务号|申请号|"
    "受理单号|业务流水号|申办编号|案件编号|案件号码|收件编号|收件字号|案号|申请单号|申请案号"
    "|receipt number|case number|application number|reference number|receipt no|case no|application no|"
    "file no|file no.|file number|case id|application id|tracking number|reference no|tracking no|"
    "reference code"
)
NAME = _keys("姓名|申请人|申请人姓名|办理人姓名|申办人|申办人姓名|applicant|applicant name|name|full name")
PERSON = _keys(
    "证件号码|身份证号|身份证号码|证件号|公民身份号码|公民身份证号|居民身份证号|居民身份证号码|身份证件号码"
    "|申请人证件号码|身分证字号|身分证号码|身分证号|证号|id number|passport number"
)
KINDS = {"number": NUMBER, "name": NAME, "person": PERSON}
# Field names of forms that have no captions: the initials of the Chinese words, and the usual English ones.
FIELDS = {
    "number": _keys("slbh|slh|sqbh|ywbh|bjbh|ywh|bjh|receipt|receiptnumber|appreceiptnum|caseno|casenumber|registercode"),
    "name": _keys("xm|sqr|sqrxm|personname|realname|username_cn"),
    "person": _keys("sfz|sfzh|sfzhm|zjhm|zjh|pid|idcard|idno|idnumber|cardno"),
}
IDENTITY = NUMBER | NAME | PERSON

# A table of steps: what each row did, when, and what may stand beside that without making it another case.
STEP = _keys(
    "流程|流程节点|节点名称|阶段名称|所处环节|步骤名|stage name|step name|phase|"
    "环节|步骤|办理步骤|环节名称|步骤名称|办理环节|当前环节|流程环节|审批环节|阶段|节点|办理进度|step|stage"
)
STEP_DATE = DATE | _keys(
    "时间|日期|处理时间|处理日期|操作时间|操作日期|审核时间|审核日期|完成时间|完成日期|变更时间|"
    "操作时刻|办结时间|办结日期|受理时间|受理日期|date|time|date updated|update date|updated|changed on"
)
STEP_SIDE = _keys(
    "经办人|承办人|承办人员|经办人员|操作员|审批人|处理人员|承办部门|承办单位|经办机构|经办单位|退回原因|"
    "审批部门|officer|handled by|handler|comments|remarks|notes|"
    "办理人|操作人|处理人|审核人|办理人员|经办部门|办理单位|办理部门|处理部门|部门|单位|意见|办理意见|"
    "审核意见|处理意见|审批意见|备注|说明"
)
ORDINAL = _keys("序号|no|no.|#")

# What stands beside a status where a table explains what each one means.
LEGEND = _keys(
    "含义|说明|描述|解释|释义|状态说明|状态描述|状态含义|状态解释|对应说明|备注说明|meaning|description|"
    "explanation|what it means|时限|办理时限|处理时限"
)
# Of papers that were handed in, each has a status of its own.
PAPER = re.compile(
    "^(?:申请|申报|提交|上传)?(?:材料|附件|文件|资料|要件|证件|图片|照片)(?:名称?|清单)?$|^(?:document|file|attachment)(?:name)?s?$"
)
# Likewise where a table counts how many have each one.
COUNT = re.compile(
    "数量$|[件笔人个条户]数$|总数$|占比$|比例$|百分比$|合计$|小计$|^(?:count|total|number|percent|percentage|%|share)$"
)

NOTICE = _keys("提示|温馨提示|友情提示|通知|通知内容|说明|提醒|重要提示|重要提醒|告知|办理提示|notice|note")
PLAIN_NOTE = _keys(
    "备注|意见|审核意见|办理意见|处理意见|审批意见|退回原因|退件原因|原因|补正原因|补正内容|补正说明|"
    "补件说明|不予受理原因|结果说明"
    "|remarks|comments|notes|reason"
)

# Other captions of records: they tell a row of captions from a row of values, and a caption beside its value.
_OTHERS = _keys(
    "申请事项|申请项目|申报事项|案件类别|案件类型|业务类别|办理单位名称|承办机关|受理机关|咨询电话|"
    "服务专线|服务热线|联络电话|证件有效期|有效期限"
    "|service center|category|application type|application date|expiry date|valid until|company|contact"
    "|用户名|性别|上报时间|上报日期|申请时间|申请日期|申报时间|申报日期|受理时间|受理日期|提交时间|"
    "提交日期|登记日期|收件日期|收件时间|办结日期"
    "|办结时间|承诺日期|操作|办理类型|业务类型|申请类型|业务名称|事项名称|办理事项|事项|项目|内容|名称|"
    "类型|受理部门|受理单位|受理机构|受理地点"
    "|办理窗口|办理地点|办理网点|单位名称|工作单位|联系人|联系电话|手机号码|手机号|电话|地址|住址|查询码|"
    "证件类型|有效期|有效期至|居住证有效期"
    "|积分有效期|总积分|积分|编号|退回原因|原因|结果|经办人姓名|下一步|查询时间"
    "|telephone|tel|enquiries|date received"
    "|type|date|remarks|office|phone|address|email|service|submitted on|received date|form type|action"
)
ANY_STATUS = STATUS | WEAKER
KNOWN = ANY_STATUS | DATE | IDENTITY | STEP | STEP_DATE | STEP_SIDE | ORDINAL | NOTICE | PLAIN_NOTE | _OTHERS


def with_also(words: frozenset[str], also: frozenset[str]) -> frozenset[str]:
    """Usual captions and those that a case names, which mostly are among them: then nothing is copied."""
    return words if also <= words else words | also


@remembered
def captionlike(text: str) -> bool:
    """Whether a text could be a caption: short, no digits, no sentence."""
    folded = key(text)
    folded = folded[:-1] if len(folded) > 1 and folded[-1] == "#" else folded  # "Order #"
    if len(folded) > 32 or (len(folded) > 14 and _CHINESE.search(folded)):
        return False
    return _NO_CAPTION.search(folded) is None and _LETTER.search(folded) is not None


# Keys of JSON answers: captions in Chinese or English, and the names that programmers give them. See `plain_key`.
JSON_STATUS = STATUS | _keys(
    "statusname|statustext|statusdesc|statusmsg|statusstr|statuscn|state|statename|zt|ztmc|blzt|blztmc|bjzt|shzt|spzt"
)
JSON_DATES = (
    *DATES,
    *("updatetime", "updatedate", "updatedat", "updatedon", "statusdate", "statustime", "handletime", "handledate"),
    *("gxsj", "gxrq", "blsj", "blrq"),
)
JSON_KINDS = {
    "number": NUMBER | FIELDS["number"] | _keys("applyno|applicationno|acceptno|acceptanceno|businessno|bizno|serialno"),
    # A bare "name" is as often the matter's as the applicant's.
    "name": (NAME | FIELDS["name"] | _keys("applicantname|applyname|applyusername")) - {key("name")},
    "person": PERSON | FIELDS["person"] | _keys("certno|certificateno|identityno|idcardno|zjhm"),
}
JSON_NOTICE = NOTICE | _keys("tip|tips|hint|wxts|tsxx")
JSON_NOTE = PLAIN_NOTE | _keys("remark|bz|opinion|yj|shyj|blyj|comment|comments")
# Where an answer says in a sentence how the asking went.
JSON_MESSAGE = _keys(
    "msg|message|errmsg|errormsg|errormessage|error|errordescription|resultmsg|retmsg|returnmsg|info|desc|description|detail"
    "|reason|tip|tips|提示|提示信息|错误信息|返回信息|消息"
)
# Those of them that speak of the asking alone, also beside a record.
JSON_ERROR = _keys(
    "msg|message|errmsg|errormsg|errormessage|error|errordescription|resultmsg|retmsg|returnmsg|错误信息|返回信息"
)
# Where an answer holds the record, or nothing.
JSON_HOLDS = _keys("data|datas|result|results|rows|row|list|records|record|content|items|body|obj|object|page|payload|response")
JSON_SUCCESS = _keys("success|issuccess|ok|succeed")
JSON_CODE = _keys("code|errcode|errorcode|resultcode|retcode|returncode|rtncode|status|state|ret")


def plain_key(name: str) -> str:
    """A JSON key as it is compared: like a caption, without the dashes between its words."""
    return key(name).replace("_", "").replace("-", "")
