"""The many ways in which pages say that they are no record, in both Chinese scripts and English."""

import pytest

from tests.pages.made import NUMBER, read, record, response
from tracker.core.errors import CheckError, PageChanged
from tracker.core.hanzi import simplified
from tracker.core.model import Reference
from tracker.pages.anchors import ANCHORS
from tracker.pages.reading import read_page
from tracker.pages.recognise import not_a_status, recognise
from tracker.pages.words import key

FORM = "<form action=/q method=post>受理编号：<input name=bh> 姓名：<input name=xm><input type=submit value=查询></form>"

SAID = {
    "not_listed": (
        "未查询到相关办件信息|查无此件|查无此编号|没有找到符合条件的记录|未检索到相关数据|未能查询到该办件|"
        "受理编号不存在|您查询的办件不存在"
        "|对不起，没有您要查询的数据|系统中没有该受理编号的记录|无此受理编号|没有相应的记录|未发现相关记录|"
        "查询无此记录|未获取到办件信息"
        "|您输入的信息有误或不存在|数据库中没有您的信息|您还没有申请记录|尚无办理记录|"
        "未查到该申请人的积分信息|共 0 条|查询失败：未找到该办件"
        "|查詢無資料|查無資料|查無此案件|查無相關資料|無符合條件的資料|尚無資料|No records found.|No data "
        "available in table"
        "|Your search did not match any records.|We could not find your case.|There is no record matching "
        "your input.|Case not found"
        "|0 results|We were unable to locate your application."
    ),
    "maintenance": (
        "系统升级维护中，给您带来不便敬请谅解|网站正在升级改造，请稍后访问|因系统升级，暂停查询服务|"
        "系统例行维护，请于明日访问|目前系统处于维护状态"
        "|系统正在进行数据迁移，暂停使用|非系统开放时间|当前不在查询时间内|系統維護中|網站維護中，請稍後再試|"
        "本站暫停服務|We are down for maintenance"
        "|This service is currently unavailable|Site is being upgraded"
    ),
    "rate_limited": (
        "您的访问过于频繁，请稍后再试|您今日查询次数已达上限|当日查询次数超限|查询太频繁，请1分钟后重试|"
        "請求過於頻繁|当前排队人数过多|您操作太快，请稍后再试"
        "|You have made too many attempts|Rate limit exceeded"
    ),
    "server_error": (
        "系统异常，请联系管理员|程序运行出错|应用程序中的服务器错误|Server Error in '/' Application.|HTTP "
        "Status 500|java.lang.NullPointerException"
        "|ORA-01017: invalid username/password|系統錯誤|系統忙碌中，請稍後再試|數據庫連接失敗|接口调用失败|"
        "抱歉，服务器开小差了|Service error|参数错误"
        "|Oops! Something is broken|502 Bad Gateway"
    ),
    "session_over": (
        "session超时|Session失效|登录信息已过期|您的账号已在其他地方登录|連線逾時，請重新登入|請重新登入|"
        "Token已失效|Your session has expired"
        "|Your session has timed out due to inactivity|Please log in again|登录已失效，请登录"
    ),
    "login": (
        "请登录系统|请登录后查询|對不起，請先登入|請先登入|您还未登录|Please log in to continue|You must be "
        "logged in to view this page|用户名或密码错误"
    ),
    "captcha": (
        "附加码输入错误|验证码不能为空|请输入正确的验证码|驗證碼錯誤|驗證碼輸入錯誤|滑动验证失败|"
        "验证失败，请重新验证|Wrong verification code"
        "|The code you entered is incorrect|Captcha verification failed|验证码或身份证号有误|验证码格式错误"
    ),
    "refused": (
        "您的访问被阻断|当前访问疑似黑客攻击，已被网站管理员设置为拦截|非法访问|IP地址受限|無權限訪問|"
        "Forbidden|请求包含不合法的参数，已被拦截"
        "|Your access to this site has been limited"
    ),
    "invalid_reference": (
        "证件号码不合法|身份证号码有误|姓名与身份证号不匹配|编号长度错误|證件號碼格式錯誤|"
        "身分證字號格式不正確|The receipt number is not valid"
    ),
    "script_wall": "浏览器安全检查中|正在进行浏览器安全检测|請啟用JavaScript",
    "page_changed": "本站已迁移|系统已迁移，请访问新地址|域名已变更，请使用新域名|This site has moved to a new address",
}
SENTENCES = [(sentence, reason) for reason, sentences in SAID.items() for sentence in sentences.split("|")]


@pytest.mark.parametrize(("sentence", "reason"), SENTENCES)
def test_a_sentence_is_known_wherever_it_stands(sentence: str, reason: str) -> None:
    for body in (f"<div>{sentence}</div>", f"{FORM}<p style='color:red'>{sentence}</p>", f"<p><b>{sentence}</b></p>"):
        seen = recognise(response(body, title=""))
        assert seen is not None
        assert seen.reason == reason


@pytest.mark.parametrize("sentence", [s for s, _ in SENTENCES])
def test_a_sentence_that_a_pattern_knows_has_an_anchor_as_it_is_written(sentence: str) -> None:
    bare = "".join(sentence.split()).casefold()
    assert any(anchor in bare for anchor in ANCHORS)


@pytest.mark.parametrize("sentence", ["请输入正确的身份证号码", "受理编号不能为空", "Please enter a valid case number"])
def test_what_a_form_may_say_in_its_help_counts_only_without_a_form(sentence: str) -> None:
    assert recognise(response(f"{FORM}<p>{sentence}</p>", title="")) is None
    seen = recognise(response(f"<p>{sentence}</p>", title=""))
    assert seen is not None
    assert seen.reason == "invalid_reference"


def test_a_sentence_cut_up_by_markup_is_one() -> None:
    seen = recognise(response("<p>系统<b>正在</b>进行<font color=red>维护</font></p><p>甲</p>", title=""))
    assert seen is not None
    assert seen.reason == "maintenance"
    seen = recognise(response("<p>甲</p><p>系统<b>正在</b>维护</p>", title=""))
    assert seen is not None
    assert seen.reason == "maintenance"


def test_advice_to_log_in_beside_an_answer_is_no_contradiction() -> None:
    seen = recognise(response("<p>未查询到相关记录</p><p>请登录后查询详情</p>", title=""))
    assert seen is not None
    assert seen.reason == "not_listed"
    seen = recognise(response("<p>暂无数据</p><p>您尚未登录</p>", title=""))
    assert isinstance(seen, PageChanged)


OTHER_THINGS = (
    "登录|全部审核中已办结|用户登录|结果：0条|查詢結果：0 筆|"
    "服务不可用|无法获取|登录后可见|无数据|处理中，请稍候...|数据同步中|数据更新中|Error|error 500|Not "
    "found|No data|#{status}|@status@|$status|{status}"
    "|th:text|刷新|A1|SH2026000999|是|否|已登录|在线|无权查看|没有权限|隐藏|请拨打12333咨询|"
    "请咨询窗口|以窗口答复为准|详见通知|见附件"
    "|受理→审核→办结|受理 > 审核 > 办结|1.受理 2.审核 3.办结|提交受理审核|1提交申请2受理3办结|"
    "请关注微信公众号|本栏目显示办理状态|显示当前办件所处的状态"
    "|指办件当前所处环节|该功能暂未开放|功能建设中|敬请期待|查询功能已关闭|系统正在处理您的请求|"
    "Forbidden|系統維護中|查無此案|請登入|驗證碼錯誤|連線逾時"
    "|資料讀取中|尚無資料|維護中|系统切换中|接口调用失败|哎呀，出错了|亲，系统开小差了|您的操作太快了|"
    "排队中，请稍候|查询时间为工作日|测试数据|test|示例"
    "|例：审核中|如：审核中|暂缺|空|待更新|未知|状态未知|无法识别|全部|糵\ue1ad|审核\ufffd|请选择状态|"
    "正在加载|受理\n审核\n办结"
)


@pytest.mark.parametrize("text", OTHER_THINGS.split("|"))
def test_what_is_no_status_is_never_taken_for_one(text: str) -> None:
    assert not_a_status(text) is not None
    with pytest.raises(CheckError):
        read(record(受理编号=NUMBER, 当前状态=text.replace("\n", "<br>")))


STATUSES = (
    "审核中|审核中，请稍候|已受理|初审 通过|初审通过，待复审|受理通过|審核中|退回補正|待窗口叫号|"
    "材料不齐|无需补正|未通过|不予受理|已迁至二号窗口|办理完成"
    "|已送达|准予许可|暂停办理|终止|有效|Under review|Case Was Received|审批通过，请登录后下载证书|"
    "请补正材料|通过(80分)|已受理（网上）|待单位审核"
    "|已审核，请于2026年12月1日前到窗口领取|异议处理中|权限内审核|无异议|失效|系统预审通过"
)


@pytest.mark.parametrize("text", STATUSES.split("|"))
def test_an_authoritys_own_words_stay_a_status(text: str) -> None:
    assert not_a_status(text) is None
    assert read(record(受理编号=NUMBER, 当前状态=text)).label == text


def test_a_word_that_the_case_itself_explains_is_a_status() -> None:
    body = response(record(受理编号=NUMBER, 当前状态="正常"))
    assert read_page(body, Reference({"受理编号": NUMBER}, words=frozenset({"正常"}))).label == "正常"


def test_traditional_characters_are_the_same_words() -> None:
    assert simplified("審核狀態") == "审核状态"
    assert key("目前狀態：") == key("目前状态")
    assert read(record(案件編號=NUMBER, 申請人="测试甲", 辦理狀態="審核中")).label == "審核中"
