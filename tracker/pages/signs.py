"""The sentences by which a page says that it is no record, as patterns over folded text. Data.

Folded text has no white space, small letters and simplified characters; the words of Taiwan (登入, 逾时, 资料) too.
No pattern repeats what may match in two ways: each takes time in proportion to its sentence.
"""

import re

_SITE = "系统|网站|本站|平台|服务器?|伺服器|网络|网路|接口|数据库|资料库|程序|程式|页面|网页|后台|应用"
_LOG = "登[录陆入]"
_CODE = "(?:验证|校验|附加|确认|图形|图片|安全)码"
_ENGLISH_CODE = "(?:captcha|verificationcode|securitycode|validationcode|imagecode|codeyouentered|codeentered)"
_THING = (
    "(?:您|你|该|此|任何|相关|相应|对应|符合|满足|匹配|条件|要?查询|办理|受理|申请人?|申报|办件|案件|编号|号码|人员?|单位|"
    "业务|积分|的|之|所|上述)"
)
_DATA = "(?:记录|纪录|数据|资料|信息|资讯|结果|内容)"
_NUMBER = "(?:编号|号码|证件号?|身份证号?|身份证件号码|字号|单号|查询码|流水号)"

# The order is the precedence among signs that go together.
_PATTERNS = {
    "captcha": (
        (
            f"{_CODE}[^,，。:：请点]{{0,4}}(?:错误|不正确|有误|不对|不匹配|不符|不一致|过期|失效|超时|逾时|"
            "不能为空|为空|无效|不存在|未通过|不通过|失败)"
        ),
        f"(?:输入|填写)正确的(?:图形|图片)?{_CODE}|{_CODE}[或和、及][^,，。]{{1,8}}(?:错误|不正确|有误)",
        (
            "请完成[^,，。]{0,4}验证|重新(?:输入|获取|填写)[^,，。]{0,4}验证码|请输入(?:图形|图片)?验证码(?:$|"
            "[,，后以])|滑块|不是机器人|"
            "输入[^,，。]{0,6}(?:验证码|字符|文字)(?:后|以|来)继续|图(?:片)?中的?(?:字符|文字|数字|内容)|"
            "滑动完成验证|拖动滑块|人机(?:身份)?验证|(?:滑动|滑块|拼图|行为|安全)验证|请重新验证"
        ),
        (
            f"{_ENGLISH_CODE}(?:verification)?(?:youentered)?(?:is|was|has|does)?(?:not)?"
            "(?:wrong|invalid|incorrect|correct|expired|match|error|failed|mismatch)"
        ),
        "(?:wrong|invalid|incorrect|expired)(?:captcha|verificationcode|securitycode|code)",
        (
            "code(?:you)?(?:typed|entered)[^.]{0,6}(?:n't|not)match|captcha(?:validation|verification|"
            "check)(?:failed|error)|thecorrect(?:verification|security)?code|textyou(?:see|read)|"
            "verify(?:ing)?(?:that)?youarehuman|notarobot|youarobot|characters(?:you|in|shown)|securitycheck"
        ),
    ),
    "session_over": (
        f"(?:会话|{_LOG}|令牌|凭证|session|token)(?:状态|信息|凭证)?(?:已经?)?(?:超时|逾时|过期|失效|结束|为空|无效|丢失)",
        (
            f"请重新{_LOG}|重新{_LOG}后|页面已?过期|(?:身份|认证)(?:信息|状态)?已?(?:过期|失效)|请重新(?:认证|"
            f"进入)|工作阶段[^,，。]{{0,3}}(?:逾时|过期|失效)|长时间(?:未|没有)操作|(?:账号|账户|帐号)(?:已|"
            f"已经)?在(?:其他|其它|别|异)[^,，。]{{0,4}}{_LOG}"
        ),
        (
            "session(?:has|is|was)?(?:been)?(?:expired|timedout|timeout|invalid|ended|(?:nolonger|not)valid)|"
            "been(?:logged|signed)out|(?:logged|signed)youout|login(?:has)?(?:timedout|expired)|please(?:log|"
            "sign)inagain|duetoinactivity"
        ),
    ),
    "login": (
        (
            f"请(?:您)?(?:先|首先){_LOG}|请(?:使用|用|通过)[^,，。]{{0,10}}{_LOG}|(?<!您好,)请(?:您)?{_LOG}(?:后|"
            f"系统|平台|$)|(?:您|用户|尚|还|您还|您尚)(?:没有|未){_LOG}|未{_LOG}|(?:需要?|须|"
            f"只有)[^,，。]{{0,4}}{_LOG}|请以[^,，。]{{0,10}}{_LOG}|{_LOG}后(?:才能|方可|才可)"
            "|(?:用户名|账号|帐号|账户|密码)[^,，。:：请]{0,6}(?:错误|不正确|有误)"
        ),
        (
            "please(?:log[io]n|signin)|mustlogin|must(?:be|first)(?:log(?:in|ged)|signedin)|^(?:log|sign)into|"
            "(?:log|sign)inrequired|not(?:logged|signed)in|needtosignin|needtologin|^unauthorized"
        ),
    ),
    "refused": (
        (
            "requestrejected|安全风险|已被(?:限制|阻止|封锁|禁止)|禁止[^,，。]{0,4}访问|"
            "accessto[^.]{0,20}is(?:restricted|denied|forbidden)|黑名单|(?:可疑|恶意)(?:访问|请求|行为)|(?:url|"
            "request)was(?:rejected|blocked|denied)|(?:not|n't|no)(?:have)?permission|拒绝访问|禁止访问|"
            "非法(?:访问|请求)|黑客攻击|没有访问权限|没有权限|(?:无权限?|无访问权限|无查看权限)(?:访问|查看)"
        ),
        (
            "(?:拒绝|禁止)存取|(?<!或)(?:访问|存取|请求|要求|操作|"
            "ip(?:地址)?)(?:[^,，。次频]{0,4}[已被遭受])?(?:被|受到|受)?(?:拒绝?|拦截|阻断|阻止|禁止|封锁|封禁|"
            "屏蔽|限制|受限)"
        ),
        "[已被](?:被)?[^,，。:：]{0,10}拦截|造成[^,，。]{0,4}威胁",
        "access(?:is)?denied|403forbidden|^forbidden$|beenblocked|accesstothis\\w{1,12}hasbeen(?:limited|denied|blocked)",
    ),
    "rate_limited": (
        (
            "(?:过于|太|过|较)频繁|间隔(?:过|太)短|超过?[^,，。]{0,6}次数|too(?:quickly|fast)|slowdown|"
            "reachedthe(?:maximum|limit)|maximumnumberof|操作频繁|频率(?:过|太)[高快]|(?:操作|点击|查询|访问|"
            "请求)[^,，。]{0,2}[太过]快"
        ),
        "(?:次数|人数)[^,，。]{0,4}(?:上限|超限|超过|超出|过多|已满|已超|已达|用完|用尽)",
        (
            "exceeded(?:the|your)?(?:number|limit|maximum|daily|allowed)|toomany(?:requests|attempts|queries|"
            "times)|ratelimit|requestlimit"
        ),
    ),
    "maintenance": (
        "(?:维护|升级|改造|改版|切换|割接|迁移|检修|扩容)(?:维护|升级|改造)?(?:中|期间|状态)|(?:系统|网站)更新中",
        "(?:正在|处于)[^,，。]{0,6}(?:维护|升级|改造|改版|切换|割接|迁移|检修)",
        (
            "系统(?:升级维护|维护升级)|查询暂停|(?:不提供|停止)[^,，。]{0,4}查询|暂停[^,，。]{0,4}办理业务|"
            "offlinefor|beingupdated|besoon|backsoon|comebacklater|(?:例行|日常|停机|紧急)(?:维护|升级)"
        ),
        "(?:暂停|停止)[^,，。]{0,4}(?:服务|访问|使用|开放)|服务(?:暂停|中断)|暂停[^,，。]{0,2}查询",
        "非(?:系统)?(?:开放|服务|查询)时间|不在[^,，。]{0,4}(?:开放|服务|查询)时间",
        (
            "upgradingour|(?:currently|now)closed|(?:进行|作)维护作业|downfor(?:scheduled|planned)?maintenance|"
            "(?:system|site|scheduled|routine)maintenance"
        ),
        "undermaintenance|(?:temporarily|currently)unavailable|serviceunavailable|beingupgraded|downformaintenance",
    ),
    "server_error": (
        (
            f"(?:{_SITE})[^,，。:：]{{0,4}}(?:异常|错误|故障|出错|繁忙|忙|超时|逾时|崩溃|开小差|无响应|连接失败)|"
            "服务(?:暂时)?不可用"
        ),
        (
            "(?:数据|内部|运行)(?:异常|错误|出错)|(?:查询|获取|加载|读取|请求|连接|连线|调用|访问|"
            "操作)[^,，。]{0,2}(?:失败|异常|出错|超时|逾时)|连线逾时|操作超时|参数错误"
        ),
        "未知错误|意外错误|(?:发生|出现)了?(?:未知|内部|系统)?(?:错误|异常)|出错了|开小差",
        (
            "internalserver(?:error)?|encounteredanerror|something(?:has)?broke|notcompleteyourrequest|(?:server|"
            "database|system|service|unexpected|internal|application)error|servererrorin|httpstatus[-–]?5\\d\\d|"
            "http状态[-–]?5\\d\\d|^error(?:\\d{3})?$|connectionexception|(?:fatal|runtime|parse|"
            "compilation)error|意外的?(?:情况|错误)"
        ),
        (
            "(?:unable|not|cannot)(?:to)?process|(?:system|server|service)is(?:too|very)?busy|(?:odbc|sql|jdbc|"
            "oledb|dbnetlib)[^,，。]{0,30}(?:error|exception|server|driver|connection)|an(?:unexpected|"
            "unknown)?error(?:has)?occurred|somethingwentwrong|somethingisbroken|badgateway|gatewaytimeout|"
            "(?:java|javax|org|com|system)\\.[a-z.]{1,90}exception|nullpointerexception|ora-\\d{5}"
        ),
    ),
    "not_listed": (
        (
            "未(?:能)?(?:查询|查找|检索|搜索|找|查)[到得]|(?:没有|没能?)(?:查询|查找|检索|搜索|找|查)到|(?:查询|"
            "查找|检索|找|查)不到"
        ),
        (
            "没有(?:您|你|该|此|正在)[^,，。]{0,14}(?:$|[,，!])|没有登记$|(?<!面)不存在(?:$|[,，!])|"
            "结果[:：]?共?0[条笔个项]|(?:您|你)(?:还|尚|目前|还尚)?(?:没有|未)(?:提交|申请|办理|申报)"
        ),
        f"未(?:发现|获取到?){_THING}{{0,4}}(?:{_DATA}|办件|申请|案件)",
        f"(?:查询|检索|搜索)结果为空|查询无结果|(?:查无|查询无|检索无)此?(?:人|件|案|号|编号|{_THING}{{0,4}}{_DATA})",
        f"(?:暂无|尚无|没有|没|暂没有|尚未有|无){_THING}{{0,6}}(?:{_DATA}|办件)(?:$|[,，!、])",
        f"(?:没有|无)(?:符合|满足){_THING}{{0,3}}{_DATA}",
        (
            "(?:编号|号码|记录|办件|案件|信息|数据|申请|申请人|用户|账户)(?:有误或)?(?:并)?不存在|"
            f"无此{_THING}{{0,3}}(?:编号|号码?|人|件|案件?|{_DATA})(?:$|[,，!])"
        ),
        "共(?:有|找到|查询到|查到)?0(?:条|个|项|笔)|(?:查询|查|找)到0[条个项笔]",
        (
            "no(?:matching)?(?:record|data|result|case|application|match|entr)(?:s|es|ies)?(?:was|were|is|are|has|have)?(?:been)?"
            "(?:found|available|exist|to|for|match|return|$)|norecord|noresult|nothingfound|didnotmatch|0(?:results|records)"
        ),
        (
            "(?:record|case|application|receipt)(?:number)?(?:was|is)?notfound|doesnotrecognizethereceiptnumber|"
            "(?:could|can|did)(?:n't|not)find[^.]{0,30}(?:record|case|appl|result|number|match|data|receipt|inform|any|your|it$|entr)|(?:not|n't)matchany|thereisno(?:application|case|record|matching|"
            "data|result)|doesnotexist|couldnot(?:be)?(?:found|locate)"
            "|cannot(?:be)?(?:find|found|locate)|unableto(?:find|locate)"
        ),
    ),
    "invalid": (
        (
            "不符合(?:规范|要求|格式|规则)|not(?:in)?thecorrectformat|(?:incorrect|wrong)format|格式(?:不正确|"
            "错误|有误|不对|不符|不合法|无效)|不合要求|(?:位数|长度)(?:不正确|不对|错误|有误|不足|不符)"
        ),
        f"{_NUMBER}[^,，。:：请点]{{0,3}}(?:不正确|有误|错误|无效|不合法|非法|不对)",
        f"(?:姓名|{_NUMBER})[^,，。:：请]{{0,8}}(?:不匹配|不相符|不一致|不符)$",
        (
            "invalid(?:receipt|case|application|reference|id)?number|number(?:format|entered|"
            "youentered)?is(?:invalid|not(?:a)?valid|incorrect|wrong)|isnot(?:a)?valid\\w{0,12}number|"
            "invalidformat"
        ),
    ),
    "moved": (
        (
            "已(?:经)?(?:整体)?(?:迁移|搬迁|迁|切换)[至到]|(?:网址|域名|地址)已?(?:变更|更换|停用)|更换域名|"
            "(?:系统|网站|本站|平台)已(?:迁移|搬迁|搬家)"
            "|启用新(?:网址|域名)|请(?:访问|使用|移步)新(?!闻)"
        ),
        "ha(?:s|ve)movedto|movedpermanently",
    ),
    "script_wall": (
        (
            "(?:开启|启用|打开|支持|支援|允许)[^,，。]{0,6}(?:javascript|cookie|脚本)|检查(?:您|你)的浏览器|"
            "禁用[^,，。]{0,4}(?:脚本|javascript)|javascript(?:is)?turnedoff|浏览器安全(?:检查|检测)"
        ),
        (
            "enablejavascript|javascriptis(?:disabled|required)|requiresjavascript|withoutjavascript|"
            "checkingyourbrowser|justamoment|ddosprotection"
        ),
    ),
    # Said in a form's help as often: counts only where there is nothing to fill in.
    "asked": (
        "(?:应|必须|须|需)(?:为|是)\\d+位|请输入\\d+[位码个]|请正确(?:填写|输入)|(?:不能|不得)包含|只能由",
        "have(?:ten|twelve|\\d+)digits|只能(?:输入|填写|为|是)|must(?:be|have|contain)\\d+(?:character|digit|letter)",
        f"请输入(?:正确|有效|合法)的(?!图形|图片|验证|校验|附加)|{_NUMBER}不能为空|pleaseentera?valid",
    ),
    # Likewise: when a site is open, how often it may be asked, and what it will do some day.
    "hours": (
        (
            "请(?:在|于)[^,，。]{0,18}(?:访问|查询|使用|登录|办理)(?:$|[,，!])|(?:将于|定于)[^。]{0,40}(?:暂停|"
            "停止)(?:服务|访问|使用|对外|查询)"
        ),
    ),
    "limits": ("(?:每|当|一)[天日][^,，。]{0,6}(?:只能|最多|限)[^,，。]{0,4}\\d+次",),
    # Said together with almost every other sign; alone it only says that there is no answer now.
    "later": ("请?(?:稍后|稍候)(?:再|后|重)?(?:试|重试|查询|访问)|稍后再来|tryagainlater",),
}
TABLE = tuple((kind, re.compile("|".join(patterns))) for kind, patterns in _PATTERNS.items())

# Too common inside a sentence ("系统维护：某某公司" is a footer), but clear as the whole of one.
WHOLE = dict.fromkeys(
    ("系统维护", "系统升级", "系统维护公告", "系统维护通知", "系统升级公告", "系统维护提示", "网站维护", "maintenance", "维护"),
    "maintenance",
)
# 权益维护中心 is an office; 信息维护中心 too.
OFFICES = ("维护中心", "升级中心")
# "页面未找到" speaks of the address, not of the case.
OF_THE_ADDRESS = ("页面", "网页", "网址", "资源", "文件", "404", "page", "url", "server", "resource")

# Advice, announcements and questions: what stands behind such a word has not happened.
CONDITIONAL = re.compile(
    "(?:的|者)[,，]$|如(?:果|遇|有|您|出现|提示|显示|需|因|系统|查|未|无|输入)|若|倘|遇|当您|(?:出现|显示|提示)“"
    "|将于|将在|定于|拟于|预计|以免|避免|防止|是否|为什么|关于|为避免"
)
CONDITIONAL_ENGLISH = re.compile(r"\b(?:if|when|will|in case|should)\b", re.IGNORECASE)
NOT_NOW = re.compile(
    "已恢复|已结束|完毕|常见问题|维护时间[为是:：]|每(?:周|日|天|月|晚|星期)[^,，。]{0,4}\\d|takesplace|every(?:day|week|month|night|\\w{3,6}day)"
)
# "查询不到记录的，请核对编号": what stands before such a word is only the case in which the advice helps.
ADVISED = re.compile("^[^,，]{0,8}(?:的|者|时|后)[,，]")
SENTENCE_END = re.compile(r"(?<=[？?])|[。！!\n;；]|\.\s")
CLAUSE_END = re.compile(r"[，,。！!；;：:\n]|\.\s")
POLITE = re.compile(
    (
        "^[^:：,，。]{0,4}(?:提示|提醒|讯息|訊息|消息|公告|注意|message|error|notice|warning)[:：]|"
        "^(?:[您你]好|恭喜[您你]?|[非很]?常?抱歉|对不起|對不起|尊敬的(?:用户|申请人)|亲|系统提示|温馨提示|提示|哎呀|"
        "sorry|oops)[，,、！!：:~～]*"
    ),
    re.IGNORECASE,
)

CAPTCHA = ("验证码", "校验码", "附加码", "captcha", "yzm", "verifycode", "validatecode", "checkcode", "randcode", "yanzheng")
REPORT_CODE = "在线验证码"  # the number of a report on CHSI, no captcha
LOGIN = ("登录", "登陆", "登入", "login", "logon", "signin", "统一身份认证", "log-in", "sign-in")
SEARCH = ("search", "keyword", "关键字", "关键词", "搜索", "搜寻", "检索", "查找", "sousuo", "全站")
CHALLENGES = (
    "__jsl_clearance",
    "acw_sc__v2",
    "_Incapsula_Resource",
    "cf-browser-verification",
    "cf_chl_",
    "challenge-platform",
    "$_ts",
)
SCRIPT_ROOTS = ('id="app"', 'id="root"', "id='app'", "id='root'", "id=app>", "id=root>", "enable javascript")

ASKS = (
    *(
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
        "请上传",
        "请尽速",
        "请缴",
        "请联系经办",
    ),
    *("pleasebring", "pleasesubmit", "pleaseprovide", "pleaseupload", "pleasesend", "pleasevisit", "pleasecome", "pleasepay"),
    *("pleasecollect", "assoonaspossible"),
)
ASKS_BY_DATE = re.compile("请[于在].{1,40}?(?:前|日内|天内)")
NOT_ASKED = ("无需提供", "不需提供", "无须提供", "无需补", "不需补", "无需携带")
