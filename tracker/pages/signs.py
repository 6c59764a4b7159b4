"""The sentences by which a page says that it is no record. Data only; recognise.py has the rules."""

import re

# Folded (no white space, lower case). The order is the precedence among signs that go together.
_SENTENCES = {
    "captcha": (
        "验证码错误 验证码不正确 验证码输入错误 验证码输入不正确 验证码有误 验证码输入有误 验证码填写错误 "
        "验证码已过期 验证码过期 验证码失效 验证码已失效 "
        "验证码超时 验证码不匹配 验证码不对 校验码错误 校验码不正确 校验码输入错误 附加码错误 附加码不正确 "
        "请完成安全验证 请完成验证 滑动完成验证 "
        "拖动滑块 人机验证 安全验证 人机身份验证 wrongcaptcha invalidcaptcha incorrectcaptcha captchaisincorrect "
        "captchaiswrong "
        "captchaerror captchaisinvalid verifyyouarehuman verifythatyouarehuman verifyingyouarehuman notarobot"
    ),
    "session_over": (
        "会话已过期 会话过期 会话已超时 会话超时 会话已失效 会话失效 会话已结束 登录已过期 登录过期 登录超时 "
        "登录已超时 登录失效 登录已失效 登录状态已失效 "
        "登录信息已失效 请重新登录 请重新登陆 重新登录后 令牌为空 令牌无效 令牌失效 令牌已失效 令牌已过期 "
        "页面已过期 页面过期 长时间未操作 长时间没有操作 "
        "sessionhasexpired sessionexpired sessiontimedout sessiontimeout sessionhastimedout pleaseloginagain "
        "pleasesigninagain "
    ),
    "login": (
        "请先登录 请先登陆 请登录后 请您登录 请您先登录 您还未登录 您尚未登录 您还没有登录 用户未登录 尚未登录 "
        "登录后才能 登录后方可 "
        "pleaselogin pleaselogon pleasesignin youmustlogin youmustbeloggedin loginrequired youneedtosignin"
    ),
    "refused": (
        "requestrejected 访问被拒绝 拒绝访问 禁止访问 访问受限 访问受到限制 请求被拒绝 请求被拦截 访问被拦截 "
        "请求已被拦截 访问已被拦截 您的ip已被 您的ip地址已被 "
        "系统检测到非法访问 非法请求 没有访问权限 没有权限访问 accessdenied accessisdenied 403forbidden "
        "youhavebeenblocked "
        "theurlyourequestedhasbeenblocked"
    ),
    "rate_limited": (
        "过于频繁 操作太频繁 访问太频繁 查询太频繁 请求太频繁 操作频繁 查询次数已达 查询次数已超 查询次数超过 "
        "次数已用完 "
        "访问次数过多 查询次数过多 请求次数过多 访问人数过多 toomanyrequests toomanyattempts ratelimit"
    ),
    "maintenance": (
        "维护中 正在维护 正在进行维护 正在进行系统维护 维护期间 正在升级 升级中 正在进行升级 正在进行系统升级 "
        "系统升级维护 系统维护升级 停机维护 停机升级 "
        "暂停服务 暂停访问 暂停对外服务 暂停使用 服务暂停 非服务时间 不在服务时间 "
        "undermaintenance downformaintenance systemmaintenance scheduledmaintenance temporarilyunavailable "
        "serviceunavailable "
    ),
    "server_error": (
        "发生错误 出现错误 系统错误 系统异常 服务异常 服务器异常 服务器错误 服务器内部错误 内部错误 "
        "内部服务器错误 网络异常 接口异常 数据异常 系统繁忙 系统忙 "
        "服务器繁忙 网络繁忙 查询失败 查询异常 获取失败 加载失败 读取失败 请求失败 访问出错 页面出错 系统出错 "
        "出错了 操作超时 请求超时 查询超时 连接超时 "
        "internalservererror systemerror anerroroccurred anerrorhasoccurred somethingwentwrong badgateway "
        "gatewaytimeout "
    ),
    "not_listed": (
        "未查询到 未查到 没有查询到 没有查到 查询不到 查不到 未找到 没有找到 找不到相关 查无此 查无记录 查无数据 "
        "查无结果 查无相关 暂无数据 暂无记录 "
        "暂无相关 暂无办件 暂无查询结果 暂无信息 没有相关记录 没有相关数据 没有相关信息 没有符合条件 没有满足条件 "
        "无相关记录 无相关数据 无相关信息 "
        "无符合条件 无此记录 无查询结果 查询无结果 查询结果为空 记录不存在 编号不存在 办件不存在 信息不存在 "
        "该申请不存在 没有记录 没有数据 "
        "norecord nodatafound nodataavailable nomatchingrecord nomatchfound noresult recordnotfound casenotfound "
        "applicationnotfound "
        "receiptnotfound doesnotrecognizethereceiptnumber couldnotfind cannotfind couldnotbefound unabletofind"
    ),
    "invalid": (
        "格式不正确 格式错误 格式有误 格式不对 格式不符 不合要求 位数不正确 位数不对 长度不正确 编号不正确 "
        "编号有误 编号错误 编号输入有误 编号输入错误 号码不正确 "
        "号码有误 号码错误 号码输入有误 号码输入错误 编号无效 号码无效 invalidreceiptnumber invalidcasenumber "
        "invalidapplicationnumber "
        "numberisinvalid numberisnotvalid numberenteredisinvalid invalidformat invalidnumber"
    ),
    "moved": (
        "已迁移至 已迁移到 已搬迁至 已迁至 网址已变更 网址变更为 地址已变更 已更换域名 域名已变更 启用新网址 "
        "启用新域名 请访问新 "
        "hasmovedto havemovedto movedpermanently"
    ),
    "script_wall": (
        "请开启javascript 请启用javascript 需要启用javascript 需要开启javascript 请打开javascript "
        "不支持javascript enablejavascript "
        "javascriptisdisabled javascriptisrequired requiresjavascript withoutjavascript checkingyourbrowser "
        "justamoment ddosprotection "
    ),
    # Said together with almost every other sign; alone it only says that there is no answer now.
    "later": "请稍后再试 请稍后重试 请稍候再试 请稍候重试 稍后再来 tryagainlater",
}
TABLE = tuple((kind, tuple(phrases.split())) for kind, phrases in _SENTENCES.items())
# Too common inside a sentence ("系统维护：某某公司" is a footer), but clear as the whole of one.
WHOLE = dict.fromkeys(
    ("系统维护", "系统升级", "系统维护公告", "系统维护通知", "系统升级公告", "系统维护提示", "网站维护", "maintenance"),
    "maintenance",
)
# 权益维护中心 is an office; 信息维护中心 too.
OFFICES = ("维护中心", "升级中心")
# "页面未找到" speaks of the address, not of the case.
OF_THE_ADDRESS = ("页面", "网页", "网址", "404", "page", "url", "server")

# Advice, announcements and questions: what stands behind such a word has not happened.
CONDITIONAL = re.compile(
    "如(?:果|遇|有|您|出现|提示|显示|需|因|系统|查|未|无)|若|倘|遇|当您|(?:出现|显示|提示)“"
    "|将于|将在|定于|拟于|预计|以免|避免|防止|是否|为什么|关于"
)
CONDITIONAL_ENGLISH = re.compile(r"\b(?:if|when|will|in case|should)\b", re.IGNORECASE)
NOT_NOW = re.compile("已恢复|已结束|完毕|常见问题")
SENTENCE_END = re.compile(r"(?<=[？?])|[。！!\n;；]|\.\s")
CLAUSE_END = re.compile(r"[，,。！!；;：:\n]|\.\s")
POLITE = re.compile("^(?:[您你]好|[非很]?常?抱歉|对不起|尊敬的(?:用户|申请人)|系统提示|温馨提示|提示|sorry)[，,、！!：:]*")

CAPTCHA = ("验证码", "校验码", "附加码", "captcha", "yzm", "verifycode", "validatecode", "checkcode", "randcode", "yanzheng")
REPORT_CODE = "在线验证码"  # the number of a report on CHSI, no captcha
LOGIN = ("登录", "登陆", "login", "logon", "signin", "统一身份认证", "log-in", "sign-in")
ASKED_TO_LOG_IN = frozenset({"请登录", "登录", "未登录", "请登陆", "用户登录", "login", "signin"})
CHALLENGES = (
    "__jsl_clearance",
    "acw_sc__v2",
    "_incapsula_resource",
    "cf-browser-verification",
    "cf_chl_",
    "challenge-platform",
    "$_ts",
)
SCRIPT_ROOTS = ('id="app"', 'id="root"', "id='app'", "id='root'", "id=app>", "id=root>", "enable javascript")

ASKS = (
    "请携带",
    "请带",
    "请补",
    "请尽快",
    "请及时",
    "请到",
    "请至",
    "请前往",
    "需提供",
    "需补",
    "请提供",
    "请提交",
    "pleasebring",
    "pleasesubmit",
    "pleaseprovide",
)
ASKS_BY_DATE = re.compile("请[于在].{1,40}?前")
NOT_ASKED = ("无需提供", "不需提供", "无须提供", "无需补", "不需补", "无需携带")

BLANK = frozenset(
    {"无", "暂无", "null", "undefined", "nan", "none", "n/a", "na", "false", "true", "[objectobject]", "objectobject"}
)
LOADING = ("加载中", "正在加载", "载入中", "正在查询", "查询中", "请稍候", "请稍等", "loading")
NUMBER = re.compile(r"[\d\s./:年月日时分秒t+,%-]+")
_CONTROLS = "查询 查看 详情 查看详情 点击查看 更多 返回 提交 打印 下载 全部 search view details more all"
CONTROLS = frozenset(_CONTROLS.split())
TO_FILL_IN = ("请选择", "请输入", "请填写", "点击", "pleaseselect", "pleaseenter")
EXPLAINS = ("表示", "是指", "指的是", "含义")
LISTED = re.compile(r"[、/|,，]")
MISREAD = re.compile("[\u0080-\u00ff]{3}")  # GBK read as Latin-1
HOLES = ("{{", "${", "<%", "%s", "\ufffd")
