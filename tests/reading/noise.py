"""What else stands on such pages: none of it says where the case is."""

import re
from collections.abc import Callable
from html import escape
from random import Random

from tests.reading.style import Item, style
from tests.reading.tables import header_rows
from tests.reading.words import Words, dated, day, number, person

_MENUS = {
    "zh-Hans": (
        "首页",
        "政务公开",
        "办事指南",
        "进度查询",
        "在线申报",
        "表格下载",
        "通知公告",
        "常见问题",
        "联系我们",
        "状态查询",
        "结果公示",
    ),
    "zh-Hant": ("首頁", "最新消息", "線上申辦", "進度查詢", "表單下載", "常見問答", "聯絡我們", "網站導覽", "公告事項"),
    "en": ("Home", "Services", "Apply Online", "Check Status", "Forms", "Fees", "Contact Us", "FAQ", "News"),
}
_FOOTERS = {
    "zh-Hans": (
        "主办单位：示例市人力资源和社会保障局　版权所有",
        "备案号：示例ICP备00000000号-1　网站标识码：0000000000",
        "技术支持：样例信息技术有限公司　建议使用IE8.0以上浏览器，分辨率1024*768",
        "地址：示例市样例路1号　邮编：000000　服务热线：000-00000000",
    ),
    "zh-Hant": (
        "版權所有 示範市政府",
        "地址：示範市範例路1號　服務時間：週一至週五 8:30-17:30",
        "本網站通過無障礙AA檢測　更新日期：2026-10-01",
    ),
    "en": (
        "© 2026 Example Town Office. All rights reserved.",
        "Privacy Policy | Terms of Use | Accessibility",
        "Call us: 000-000-0000",
    ),
}
_ADVICE = {
    "zh-Hans": (
        "审核通过后，请携带身份证到受理点领取证件。",
        "如显示“退回补正”，请于十五日内补齐材料。",
        "办理进度每日更新一次，请勿频繁查询。",
        "状态为“已受理”的，表示材料已经收到。",
        "查询不到记录的，请核对受理编号是否正确。",
        "系统维护时间为每周日22:00至24:00，期间暂停查询。",
        "如有疑问，请拨打服务热线或到窗口咨询。",
        "忘记密码的，请重新登录后在个人中心修改。",
        "验证码看不清的，可点击图片换一张。",
    ),
    "zh-Hant": (
        "案件核准後，請攜帶證件至服務站領取。",
        "查無資料者，請確認案件編號是否正確。",
        "系統維護時間為每週日22:00至24:00。",
    ),
    "en": (
        "If your case was approved, please bring your passport when you collect the card.",
        "If no record is found, check the number and try again later.",
        "Maintenance takes place every Sunday between 22:00 and 24:00.",
        "“Under Review” means that an officer is looking at your papers.",
    ),
}
_NEWS = {
    "zh-Hans": (
        "关于系统升级维护的公告",
        "关于调整积分办理时间的通知",
        "2026年节假日暂停办理业务的公告",
        "审核通过人员名单公示",
        "关于启用新版查询系统的通知",
    ),
    "zh-Hant": ("系統維護公告", "春節期間暫停服務公告", "新版查詢系統上線通知", "審核通過名單公告"),
    "en": (
        "Scheduled maintenance this weekend",
        "New fees from January",
        "Offices closed on public holidays",
        "Approved list published",
    ),
}
_STEPS = {
    "zh-Hans": ("提交申请", "受理", "审核中", "公示", "审批通过", "办结"),
    "zh-Hant": ("送件", "收件", "審核中", "核准", "結案"),
    "en": ("Submitted", "Under Review", "Approved", "Issued"),
}
_LEGEND = {
    "zh-Hans": (
        ("已受理", "材料齐全，窗口已经接收"),
        ("审核中", "承办部门正在核查材料"),
        ("退回补正", "材料有欠缺，需要申请人补充"),
        ("已办结", "办理完毕，可以领取结果"),
    ),
    "zh-Hant": (("已收件", "文件已送達"), ("審核中", "承辦人員審查文件"), ("已結案", "案件辦理完畢")),
    "en": (
        ("Received", "We have your papers"),
        ("Under Review", "An officer is looking at them"),
        ("Closed", "Nothing more will happen"),
    ),
}


# Advice that tells nobody in particular to come with something: taken for a notice, it would send people on errands.
ERRANDS = re.compile("请携带|请于|請攜帶|please bring")


def harmless(words: Words) -> tuple[str, ...]:
    """What may be quoted beside a status without doing harm: advice and announcements that ask for nothing."""
    said = (*_texts(words, _ADVICE), *_texts(words, _BANNERS))
    bare = tuple(s.partition("：")[2] or s.partition(": ")[2] for s in _texts(words, _BANNERS))
    return tuple(s for s in (*said, *bare) if s and not ERRANDS.search(s))


def _texts(words: Words, table: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    return table.get(words.code, table["en"])


def menu(rng: Random, words: Words) -> str:
    entries = rng.sample(_texts(words, _MENUS), k=5)
    how = rng.choice(("<ul class=nav>%s</ul>", "<div id=menu>%s</div>", "<table class=nav><tr>%s</tr></table>"))
    cell = "<li><a href='/c{0}.htm'>{1}</a></li>" if "ul" in how else "<a href='c{0}.jsp'>{1}</a> | "
    cell = "<td><a href='c{0}.do'>{1}</a></td>" if "table" in how else cell
    return how % "".join(cell.format(at, entry) for at, entry in enumerate(entries))


def footer(rng: Random, words: Words) -> str:
    said = rng.sample(_texts(words, _FOOTERS), k=2)
    how = rng.choice(
        ("<div class=footer><p>{0}</p><p>{1}</p></div>", "<table width=100%><tr><td align=center>{0}<br>{1}</td></tr></table>")
    )
    return how.format(*said)


def crumbs(rng: Random, words: Words) -> str:
    entries = rng.sample(_texts(words, _MENUS), k=3)
    before = {"zh-Hans": "当前位置：", "zh-Hant": "目前位置：", "en": "You are here: "}.get(words.code, "")
    return f"<div class=crumb>{before}<a href=/>{entries[0]}</a> &gt; <a href=/a>{entries[1]}</a> &gt; {rng.choice(words.title)}</div>"


def site_search(rng: Random, words: Words) -> str:
    ask = {"zh-Hans": "请输入关键字", "zh-Hant": "全站搜尋"}.get(words.code, "Search this site")
    go = {"zh-Hans": "搜索", "zh-Hant": "搜尋"}.get(words.code, "Go")
    return rng.choice(
        (
            f"<form action=/search.jsp><input name=keyword placeholder='{ask}'><input type=submit value='{go}'></form>",
            f"<form name=s method=get action='/so'><input type=text name=q value='{ask}'><a href='javascript:s.submit()'>{go}</a></form>",
        )
    )


def log_in(rng: Random, words: Words) -> str:
    user, word, go = {"zh-Hans": ("用户名", "密码", "登录"), "zh-Hant": ("帳號", "密碼", "登入")}.get(
        words.code, ("User name", "Password", "Sign in")
    )
    return (
        f"<div class=login><form action=/login.do method=post>{user}：<input name=username size=10> "
        f"{word}：<input type=password name=pwd size=10> <input type=submit value={go!r}></form></div>"
    )


def filter_form(rng: Random, words: Words) -> str:
    options = "".join(f"<option value={at}>{escape(state)}</option>" for at, state in enumerate(rng.sample(words.states, k=5)))
    every, go = {"zh-Hans": ("全部", "查询"), "zh-Hant": ("全部", "查詢")}.get(words.code, ("All", "Search"))
    caption = rng.choice(words.captions["status"])
    number_caption = rng.choice(words.captions["number"])
    return (
        f"<form action=list.do method=post><table><tr><td>{number_caption}：</td><td><input name=q_bh></td>"
        f"<td>{caption}：</td><td><select name=q_zt><option value=''>{every}</option>{options}</select></td>"
        f"<td><input type=submit value={go}></td></tr></table></form>"
    )


def advice(rng: Random, words: Words) -> str:
    said = rng.sample(_texts(words, _ADVICE), k=min(3, len(_texts(words, _ADVICE))))
    head = {"zh-Hans": rng.choice(("查询须知", "注意事项", "常见问题", "办事须知")), "zh-Hant": "注意事項"}.get(
        words.code, "Good to know"
    )
    if rng.random() < 0.5:
        return f"<div class=side><h3>{head}</h3><ol>{''.join(f'<li>{s}</li>' for s in said)}</ol></div>"
    return f"<div class=tips><h4>{head}</h4>{''.join(f'<p>{at}、{s}</p>' for at, s in enumerate(said, 1))}</div>"


def news(rng: Random, words: Words) -> str:
    said = rng.sample(_texts(words, _NEWS), k=3)
    rows = "".join(f"<li><a href='/n/{at}.html'>{s}</a><span>{day(rng):%Y-%m-%d}</span></li>" for at, s in enumerate(said))
    return f"<div class=news><ul>{rows}</ul></div>"


def hidden_messages(rng: Random, words: Words) -> str:
    """Places for messages that say nothing now, or what a script might show."""
    wrong = {"zh-Hans": "验证码输入错误", "zh-Hant": "驗證碼錯誤"}.get(words.code, "Wrong verification code")
    return rng.choice(
        (
            "<input type=hidden name=msg value=''><div id=errMsg style='display:none'></div>",
            f"<div id=tip style='display:none'>{wrong}</div>",
            "<span id=message class=error></span><input type=hidden name=errorMessage>",
            f"<script type='text/template'><div class=err>{wrong}</div></script>",
        )
    )


def scripts(rng: Random, words: Words) -> str:
    states = words.states
    none = {"zh-Hans": "未查询到相关记录", "zh-Hant": "查無資料"}.get(words.code, "No record found")
    return rng.choice(
        (
            f"<script>var ZT={{1:'{states[0]}',2:'{states[1]}',3:'{states[-1]}'}};</script>",
            f"<script>function check(){{if(document.forms[0].bh.value==''){{alert('{none}');return false;}}}}</script>",
            f'<script language=javascript>\n<!--\nfunction show(n){{ if(n==0) alert("{none}"); }}\n//-->\n</script>',
            "<script src=/js/jquery-1.8.3.min.js></script><script>$(function(){$('#t tr:odd').addClass('odd');});</script>",
        )
    )


def counter(rng: Random, words: Words) -> str:
    said = {"zh-Hans": "您是第 {0} 位访问者　今天是2026年11月26日 星期四", "zh-Hant": "瀏覽人次：{0}"}.get(
        words.code, "Visitors: {0}"
    )
    return f"<div class=count>{said.format(f'<b>{rng.randint(10**4, 10**7)}</b>')}</div>"


def step_bar(rng: Random, words: Words) -> str:
    """All the steps that there are; which one is lit is a matter of a class."""
    steps = _texts(words, _STEPS)
    at = rng.randrange(len(steps))
    lit = [f"<li class='{'active' if n <= at else ''}'><i>{n + 1}</i><span>{s}</span></li>" for n, s in enumerate(steps)]
    return rng.choice(
        (
            f"<ul class='step'>{''.join(lit)}</ul>",
            "<div class=flow>" + " &gt; ".join(f"<span>{s}</span>" for s in steps) + "</div>",
        )
    )


def legend(rng: Random, words: Words) -> str:
    """What each status means."""
    rows = _LEGEND.get(words.code, _LEGEND["en"])
    heads = {
        "zh-Hans": rng.choice((("状态", "说明"), ("办理状态", "含义"), ("状态名称", "状态说明"))),
        "zh-Hant": ("狀態", "說明"),
    }.get(words.code, ("Status", "Meaning"))
    if rng.random() < 0.6:
        body = "".join(f"<tr><td>{s}</td><td>{m}</td></tr>" for s, m in rows)
        return f"<table class=legend border=1><tr><th>{heads[0]}</th><th>{heads[1]}</th></tr>{body}</table>"
    return f"<dl class=legend>{''.join(f'<dt>{s}</dt><dd>{m}</dd>' for s, m in rows)}</dl>"


def other_people(rng: Random, words: Words) -> str:
    """Somebody else's records in a list of their own."""
    roles = ("number", "name", "status", "date") if rng.random() < 0.5 else ("name", "item", "status")
    captions = {role: words.captions[role][0] for role in roles}
    rows = []
    for _ in range(rng.randint(2, 5)):
        value = {
            "number": "QT" + number(rng),
            "name": "旁" + "*" if words.code.startswith("zh") else "O*** " + person(rng, words)[:1],
            "status": rng.choice(words.states),
            "date": dated(rng, day(rng), words),
            "item": rng.choice(words.items),
        }
        rows.append(tuple(Item(role, captions[role], value[role]) for role in roles))
    head = {"zh-Hans": rng.choice(("最新办结公示", "办件公示", "近期办理情况")), "zh-Hant": "近期案件公告"}.get(
        words.code, "Latest decisions"
    )
    return f"<div class=public><h3>{head}</h3>{header_rows(style(rng, words), rows)}</div>"


def links(rng: Random, words: Words) -> str:
    options = "".join(f"<option>{unit}</option>" for unit in words.units)
    said = {"zh-Hans": "友情链接", "zh-Hant": "相關連結"}.get(words.code, "Related sites")
    return f"<div class=links>{said}：<select onchange='go(this)'>{options}</select></div>"


def buttons(rng: Random, words: Words) -> str:
    said = {"zh-Hans": ("打印", "返回", "关闭窗口"), "zh-Hant": ("列印", "回上頁", "關閉")}.get(
        words.code, ("Print", "Back", "Close")
    )
    return f"<div align=center><input type=button value={said[0]} onclick=print()> <button onclick=history.back()>{said[1]}</button> <a href='javascript:window.close()'>{said[2]}</a></div>"


def survey(rng: Random, words: Words) -> str:
    """A question with radio buttons: no part of the answer."""
    said = {"zh-Hans": ("您对查询结果是否满意？", "满意", "不满意"), "zh-Hant": ("您對本服務滿意嗎？", "滿意", "不滿意")}.get(
        words.code, ("Was this page helpful?", "Yes", "No")
    )
    return f"<form action=/survey method=post><p>{said[0]}</p><label><input type=radio name=s value=1>{said[1]}</label><label><input type=radio name=s value=0>{said[2]}</label></form>"


def greeting(rng: Random, words: Words) -> str:
    """Who is here, and that one could log in."""
    said = {
        "zh-Hans": (
            "您好，请登录 <a href=/login>登录</a> | <a href=/reg>注册</a>",
            "欢迎您，游客！<a href=/login.do>请登录</a>",
            "欢迎访问示例市人社局网站　<a>设为首页</a> <a>加入收藏</a>",
        ),
        "zh-Hant": ("您好，訪客　<a href=/login>會員登入</a>", "<a href=/login>登入</a>｜<a>註冊</a>"),
    }.get(words.code, ("<a href=/login>Sign in</a> or <a href=/join>create an account</a>", "Welcome, guest"))
    return f"<div class=top>{rng.choice(said)}</div>"


_BANNERS = {
    "zh-Hans": (
        "公告：系统将于2026年12月1日22:00至次日6:00进行维护升级，届时暂停服务，敬请谅解。",
        "温馨提示：近期有不法分子冒充工作人员，请勿相信。",
        "通知：元旦期间窗口暂停办理，网上申报照常受理。",
    ),
    "zh-Hant": ("公告：本系統訂於12月1日22時進行維護。",),
    "en": ("Planned maintenance: our services will be unavailable on 1 December 2026 from 22:00.",),
}


def banner(rng: Random, words: Words) -> str:
    """An announcement across the page: it is about another day."""
    said = rng.choice(_texts(words, _BANNERS))
    return rng.choice(("<marquee>{0}</marquee>", "<div class=notice-bar><a href=/n/9>{0}</a></div>")).format(said)


def fallbacks(rng: Random, words: Words) -> str:
    """What browsers without scripts, or of old, would show; and dialogs that wait for their time."""
    old, off, over = {
        "zh-Hans": ("您的浏览器版本过低，请升级浏览器", "您的浏览器不支持JavaScript，请启用后刷新", "会话已过期，请重新登录"),
        "zh-Hant": ("您的瀏覽器版本過舊，請更新", "您的瀏覽器不支援JavaScript", "連線逾時，請重新登入"),
    }.get(words.code, ("Your browser is out of date", "Please enable JavaScript to continue.", "Your session has expired."))
    return rng.choice(
        (
            f"<noscript>{off}</noscript>",
            f"<!--[if lt IE 9]><p class=browsehappy>{old}</p><![endif]-->",
            f"<div class='modal fade' id=timeout style='display: none;'><div class=modal-body>{over}</div></div>",
            f"<label class=error style='display:none'>{off}</label><div hidden>{over}</div>",
        )
    )


def printed(rng: Random, words: Words) -> str:
    """When this was asked: no date of the case."""
    said = {"zh-Hans": ("查询时间", "打印时间", "数据截止时间"), "zh-Hant": ("查詢時間", "列印時間")}.get(
        words.code, ("Printed on", "Queried at")
    )
    return f"<p class=right>{rng.choice(said)}：2026-11-26 10:{rng.randint(10, 59)}:00</p>"


def chat(rng: Random, words: Words) -> str:
    said = {"zh-Hans": "在线客服　意见反馈　扫码关注　返回顶部", "zh-Hant": "線上客服　意見信箱　回頂端"}.get(
        words.code, "Chat with us　Feedback　Back to top"
    )
    return f"<div class=float-bar>{''.join(f'<a href=#>{s}</a>' for s in said.split('　'))}</div>"


def calendar(rng: Random, words: Words) -> str:
    """A calendar in a table."""
    heads = {"zh-Hans": "日一二三四五六", "zh-Hant": "日一二三四五六"}.get(words.code, "SMTWTFS")
    days = "".join("<tr>" + "".join(f"<td>{n}</td>" for n in range(at, at + 7)) + "</tr>" for at in range(1, 28, 7))
    return f"<table class=cal><tr>{''.join(f'<th>{h}</th>' for h in heads)}</tr>{days}</table>"


Noise = Callable[[Random, Words], str]
BEFORE: dict[str, tuple[Noise, float]] = {
    "menu": (menu, 0.7),
    "site search": (site_search, 0.3),
    "log-in box": (log_in, 0.12),
    "crumbs": (crumbs, 0.35),
    "news": (news, 0.12),
    "step bar": (step_bar, 0.12),
    "filter": (filter_form, 0.12),
    "hidden messages": (hidden_messages, 0.2),
    "scripts": (scripts, 0.5),
    "greeting": (greeting, 0.2),
    "banner": (banner, 0.1),
    "fallbacks": (fallbacks, 0.15),
}
AFTER: dict[str, tuple[Noise, float]] = {
    "buttons": (buttons, 0.3),
    "advice": (advice, 0.3),
    "legend": (legend, 0.06),
    "others": (other_people, 0.06),
    "survey": (survey, 0.06),
    "links": (links, 0.15),
    "counter": (counter, 0.2),
    "footer": (footer, 0.75),
    "printed": (printed, 0.1),
    "chat": (chat, 0.1),
    "calendar": (calendar, 0.04),
}


def some(rng: Random, words: Words, which: dict[str, tuple[Noise, float]]) -> tuple[list[str], list[str]]:
    """Some of it: the markup, and the names of what was taken."""
    taken = [name for name, (_, chance) in which.items() if rng.random() < chance]
    return [which[name][0](rng, words) for name in taken], taken


def laid_out(rng: Random, before: list[str], main: str, after: list[str]) -> str:
    """Everything around the answer, by divs, by tables, or one behind the other."""
    head, foot = "\n".join(before), "\n".join(after)
    return rng.choice(
        (
            f"{head}\n<div id=content>\n{main}\n</div>\n{foot}",
            f"<div class='header'>{head}</div><div class='wrap'><div class='main'>\n{main}\n</div></div><div class=foot>{foot}</div>",
            f"<table width=1000 align=center><tr><td>{head}</td></tr><tr><td>\n{main}\n</td></tr><tr><td>{foot}</td></tr></table>",
            f"{head}\n<center>{main}</center>\n{foot}",
            f"<header>{head}</header><main>{main}</main><footer>{foot}</footer>",
        )
    )
