"""What sites say instead of an answer, in their own words: by what they mean, in three languages."""

from random import Random

SAYINGS: dict[str, dict[str, tuple[str, ...]]] = {
    "no record": {
        "zh-Hans": (
            *(
                "未查询到相关记录",
                "没有查询到符合条件的记录！",
                "查无此人",
                "查无记录",
                "暂无数据",
                "无查询结果",
                "未找到您的办件信息。",
            ),
            *(
                "对不起，没有找到您要查询的信息！",
                "抱歉，系统中没有您的申请记录",
                "没有符合条件的数据",
                "您查询的办件不存在",
                "该受理编号不存在",
            ),
            *(
                "未能查询到该申请人的积分信息",
                "很抱歉，未检索到相关结果",
                "您还没有提交过申请。",
                "查不到该身份证号对应的申请信息",
                "共0条记录",
            ),
            *(
                "没有相关信息，请核实后重新查询",
                "未查到您的业务办理信息，请核对姓名和证件号码",
                "数据库中无此记录",
                "没有查到匹配的记录。",
            ),
        ),
        "zh-Hant": (
            "查無資料",
            "查無此案件",
            "查無符合條件之資料",
            "無此案件編號之資料，請重新查詢",
            "沒有符合的資料",
            "抱歉，找不到您的申請紀錄",
        ),
        "en": (
            *(
                "No record found.",
                "No matching records were found",
                "We could not find a case with that number.",
                "No results found",
            ),
            *("Your application could not be found.", "There is no application with this reference number", "0 records found"),
            *("Sorry, we have no record of this case.", "The case number you entered does not exist."),
        ),
    },
    "wrong captcha": {
        "zh-Hans": (
            *(
                "验证码输入错误",
                "验证码不正确，请重新输入！",
                "校验码错误",
                "您输入的验证码有误",
                "验证码已过期，请刷新",
                "验证码错误，请重新获取",
            ),
            *("图形验证码不匹配", "附加码输入不正确", "请输入正确的验证码！", "验证码失效", "验证码校验失败"),
        ),
        "zh-Hant": ("驗證碼錯誤", "驗證碼輸入錯誤，請重新輸入", "圖形驗證碼不正確"),
        "en": (
            *(
                "The verification code is incorrect.",
                "Incorrect captcha, please try again",
                "Wrong security code",
                "Invalid captcha.",
            ),
            "The characters you entered did not match the image.",
        ),
    },
    "captcha": {
        "zh-Hans": (
            "请输入验证码后继续访问",
            "为了您的账户安全，请完成下方验证",
            "请拖动滑块完成拼图验证",
            "请完成安全验证",
            "请输入图中的字符以继续",
        ),
        "zh-Hant": ("請輸入驗證碼以繼續", "請完成驗證", "請輸入圖片中的文字"),
        "en": (
            *(
                "Please enter the characters you see in the image to continue.",
                "Please verify that you are human",
                "Are you a robot?",
            ),
            *("Complete the security check to access this site.", "I'm not a robot"),
        ),
    },
    "session over": {
        "zh-Hans": (
            *(
                "会话超时，请重新登录",
                "登录超时，请重新登录！",
                "您的登录已过期，请重新登录。",
                "会话已失效",
                "由于长时间未操作，请重新登录",
                "令牌为空",
            ),
            *(
                "Session已过期，请重新登陆",
                "您的账号已在别处登录，请重新登录",
                "登录信息失效，请重新登录系统",
                "页面已过期，请返回首页重新进入",
            ),
        ),
        "zh-Hant": ("連線逾時，請重新登入", "閒置過久，請重新登入", "您的登入已失效"),
        "en": (
            *(
                "Your session has expired.",
                "Session timed out. Please log in again.",
                "You have been logged out due to inactivity.",
            ),
            "Your session is no longer valid",
        ),
    },
    "login": {
        "zh-Hans": (
            "您还未登录，请先登录",
            "请先登录后再查询",
            "您尚未登录或无权访问该页面，请登录",
            "请登录",
            "请使用实名账户登录后办理",
            "用户未登录",
        ),
        "zh-Hant": ("請先登入", "您尚未登入，請先登入會員"),
        "en": (
            "Please log in to continue.",
            "You must be signed in to view this page.",
            "Login required",
            "Sign in to see your application",
        ),
    },
    "malformed": {
        "zh-Hans": (
            *(
                "受理编号格式不正确",
                "身份证号码格式错误！",
                "请输入正确的身份证号码",
                "证件号码位数不对",
                "您输入的编号不合法",
                "证件号码有误，请重新输入",
            ),
            *(
                "请输入18位身份证号码",
                "不合要求的在线验证码",
                "参数错误：证件号码校验不通过",
                "姓名只能输入汉字",
                "受理编号应为12位数字",
            ),
        ),
        "zh-Hant": ("身分證字號格式錯誤", "案件編號格式不正確", "請輸入正確的案件編號"),
        "en": (
            *("The receipt number format is invalid.", "Please enter a valid application number.", "Invalid ID number"),
            *("The case number must be 13 characters long", "That is not a valid reference number."),
        ),
    },
    "maintenance": {
        "zh-Hans": (
            *(
                "系统维护中",
                "系统正在升级，请稍后再试",
                "系统维护，暂停服务",
                "网站正在维护中，给您带来不便敬请谅解",
                "服务升级中，暂时无法访问",
                "系统升级维护中……",
            ),
            *(
                "因系统升级，本系统将于11月26日18:00至次日8:00暂停服务。",
                "平台升级改造中，暂停对外服务",
                "非服务时间，请于工作日8:30-17:00访问",
            ),
            *("数据同步中，暂停查询", "本系统开放时间为每天7:00至23:00，请在开放时间内查询", "正在进行数据维护，请稍后访问"),
        ),
        "zh-Hant": ("系統維護中", "系統維護，暫停服務", "網站進行維護作業中，造成不便敬請見諒", "系統更新中，請稍後再試"),
        "en": (
            *(
                "The system is under maintenance.",
                "Scheduled maintenance in progress",
                "This service is temporarily unavailable due to maintenance.",
            ),
            *(
                "We are upgrading our systems. Please come back later.",
                "Service hours: 8am to 8pm. The service is currently closed.",
            ),
            "Down for maintenance",
        ),
    },
    "rate limit": {
        "zh-Hans": (
            *(
                "操作过于频繁，请稍后再试",
                "访问过于频繁",
                "您的查询次数过多，请明天再试",
                "查询太频繁，请1分钟后再查询",
                "今日查询次数已达上限",
            ),
            *("请求过于频繁，请稍后重试", "您的访问频率过高", "同一IP每天只能查询10次", "请勿频繁操作"),
        ),
        "zh-Hant": ("查詢次數過多，請稍後再試", "操作過於頻繁", "今日查詢次數已達上限"),
        "en": (
            "Too many requests",
            "You have exceeded the number of queries allowed.",
            "Rate limit exceeded. Try again later.",
            "Too many attempts, please wait",
        ),
    },
    "error": {
        "zh-Hans": (
            *(
                "发生错误，请稍后重试",
                "系统错误",
                "系统异常，请联系管理员",
                "服务器内部错误",
                "系统繁忙，请稍后再试",
                "网络异常，请稍后重试",
                "查询失败，请稍后再试",
            ),
            *(
                "服务器开小差了",
                "抱歉，系统出现异常！",
                "数据库连接失败",
                "接口调用失败",
                "请求超时",
                "未知错误",
                "操作失败，请重试",
                "后台服务异常",
            ),
        ),
        "zh-Hant": ("系統發生錯誤，請稍後再試", "系統忙碌中，請稍後再試", "伺服器錯誤", "資料庫連線失敗"),
        "en": (
            *(
                "An error occurred. Please try again later.",
                "Internal Server Error",
                "Something went wrong.",
                "Service unavailable",
            ),
            *(
                "An unexpected error has occurred",
                "We are unable to process your request at this time.",
                "The system is busy, try again later.",
            ),
        ),
    },
    "refused": {
        "zh-Hans": (
            *(
                "您的访问被拒绝",
                "访问被拦截！",
                "您的请求可能存在恶意行为，已被拦截",
                "当前访问疑似黑客攻击，已被网站管理员设置为拦截",
                "禁止访问",
                "您没有权限访问该页面",
            ),
            *("您的IP已被列入黑名单", "检测到可疑访问，事件编号：00000000", "非法请求", "拒绝访问"),
        ),
        "zh-Hant": ("您的要求已被拒絕", "存取被拒", "禁止存取"),
        "en": (
            *(
                "Request Rejected",
                "Access Denied",
                "The requested URL was rejected. Please consult with your administrator.",
                "403 Forbidden",
            ),
            *(
                "You have been blocked",
                "Your IP address has been blocked.",
                "You don't have permission to access this resource.",
            ),
        ),
    },
    "script wall": {
        "zh-Hans": (
            "请开启JavaScript后访问",
            "您的浏览器不支持JavaScript，请启用后刷新",
            "本页面需要启用JavaScript才能正常显示",
            "正在检查您的浏览器，请稍候",
            "请启用浏览器脚本功能",
        ),
        "zh-Hant": ("請開啟JavaScript功能", "您的瀏覽器不支援JavaScript語法"),
        "en": (
            *(
                "Please enable JavaScript to continue.",
                "You need to enable JavaScript to run this app.",
                "Checking your browser before accessing",
            ),
            *("JavaScript is disabled in your browser.", "Just a moment..."),
        ),
    },
    "moved": {
        "zh-Hans": (
            "本系统已迁移至新平台",
            "网站已改版，请访问新网址",
            "本页面已停用，请使用一网通办查询",
            "您访问的页面不存在",
            "该栏目已下线",
        ),
        "zh-Hant": ("本網站已搬遷至新網址", "您查詢的網頁不存在"),
        "en": (
            "This site has moved to a new address.",
            "Page not found",
            "The page you requested no longer exists.",
            "404 Not Found",
        ),
    },
}

OUTCOMES: dict[str, frozenset[str]] = {
    "no record": frozenset({"not_listed/not_listed"}),
    "wrong captcha": frozenset({"blocked/captcha"}),
    "captcha": frozenset({"blocked/captcha"}),
    "session over": frozenset({"blocked/session_over", "blocked/login"}),
    "login": frozenset({"blocked/login", "blocked/session_over"}),
    "malformed": frozenset({"invalid_reference/invalid_reference"}),
    "maintenance": frozenset({"unavailable/maintenance"}),
    "rate limit": frozenset({"unavailable/rate_limited", "blocked/refused"}),
    "error": frozenset({"unavailable/server_error"}),
    "refused": frozenset({"blocked/refused"}),
    "script wall": frozenset({"blocked/script_wall"}),
    "moved": frozenset({"page_changed/page_changed"}),
}
# Sentences that a sensible person could take for two things.
TWOFOLD: dict[str, frozenset[str]] = {
    "证件号码有误，请重新输入": frozenset({"not_listed/not_listed"}),
    "该受理编号不存在": frozenset({"invalid_reference/invalid_reference"}),
    "The case number you entered does not exist.": frozenset({"invalid_reference/invalid_reference"}),
    "未查到您的业务办理信息，请核对姓名和证件号码": frozenset({"invalid_reference/invalid_reference"}),
    "系统繁忙，请稍后再试": frozenset({"unavailable/rate_limited"}),
    "The system is busy, try again later.": frozenset({"unavailable/rate_limited"}),
    "系統忙碌中，請稍後再試": frozenset({"unavailable/rate_limited"}),
    "Service unavailable": frozenset({"unavailable/maintenance"}),
    "请求超时": frozenset({"unavailable/timeout", "blocked/session_over"}),
    "您没有权限访问该页面": frozenset({"blocked/login"}),
    "您尚未登录或无权访问该页面，请登录": frozenset({"blocked/refused"}),
    "非法请求": frozenset({"invalid_reference/invalid_reference", "unavailable/server_error"}),
    "正在检查您的浏览器，请稍候": frozenset({"blocked/captcha", "blocked/refused"}),
    "Checking your browser before accessing": frozenset({"blocked/captcha", "blocked/refused"}),
    "Just a moment...": frozenset({"blocked/captcha", "blocked/refused", "page_changed/page_changed"}),
    "您访问的页面不存在": frozenset({"unavailable/server_error"}),
    "您查詢的網頁不存在": frozenset({"unavailable/server_error"}),
    "Page not found": frozenset({"unavailable/server_error"}),
    "404 Not Found": frozenset({"unavailable/server_error"}),
    "The page you requested no longer exists.": frozenset({"unavailable/server_error"}),
    "页面已过期，请返回首页重新进入": frozenset({"page_changed/page_changed"}),
    "令牌为空": frozenset({"unavailable/server_error"}),
    "您还没有提交过申请。": frozenset({"page_changed/page_changed"}),
    "参数错误：证件号码校验不通过": frozenset({"unavailable/server_error"}),
    "Complete the security check to access this site.": frozenset({"blocked/refused", "blocked/script_wall"}),
    "验证码已过期，请刷新": frozenset({"blocked/session_over"}),
    "请勿频繁操作": frozenset({"page_changed/page_changed"}),
    "不合要求的在线验证码": frozenset({"blocked/captcha"}),
    "未知错误": frozenset({"page_changed/page_changed"}),
    "您的访问频率过高": frozenset({"blocked/captcha"}),
}


_BEFORE = {
    "zh-Hans": (
        "对不起，",
        "抱歉，",
        "很抱歉！",
        "提示：",
        "系统提示：",
        "错误提示：",
        "操作提示：",
        "尊敬的用户：",
        "【提示】",
    ),
    "zh-Hant": ("抱歉，", "系統訊息：", "很抱歉！", "提示："),
    "en": ("Sorry. ", "Error: ", "Message: ", "Notice: ", "We're sorry. "),
}
_AFTER = {
    "zh-Hans": ("！", "。如有疑问请联系窗口。", "[返回]", "（错误代码：1001）", "！！！", "。 点击这里返回", "，谢谢！"),
    "zh-Hant": ("！", "。如有疑問請洽承辦人員。", "（代碼：E01）"),
    "en": ("!", " (code 1001)", " [Back]"),
}


def dressed(rng: Random, said: str, code: str) -> str:
    """A sentence with what sites put around it."""
    before = rng.choice(_BEFORE[code]) if rng.random() < 0.25 else ""
    after = rng.choice(_AFTER[code]) if rng.random() < 0.25 else ""
    ends = said.endswith(("。", "！", ".", "!", "…", "?"))
    return before + (said.rstrip("。！.!") if after and ends and not said.endswith("...") else said) + after


def outcomes(kind: str, said: str) -> frozenset[str]:
    """What a sentence may be called."""
    return OUTCOMES[kind] | TWOFOLD.get(said, frozenset())
