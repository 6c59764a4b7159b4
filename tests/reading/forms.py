"""Query forms by seed, and what a browser would send when they are filled and their button is clicked."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import escape
from random import Random
from urllib.parse import quote_plus, urljoin

from tests.reading import fields, noise
from tests.reading.charsets import Sent, sent
from tests.reading.fields import Drawn, Pairs, Sheet
from tests.reading.plans import document
from tests.reading.style import aged
from tests.reading.words import ALL, Words, id_number, number, person, pick
from tracker.core.model import Reference
from tracker.pages.contract import Response

URL = "http://127.0.0.1/cx/query.jsp"
CODECS = {"shift_jis": "cp932", "euc-kr": "cp949", "windows-1252": "cp1252"}
SIGNS = "{x}"  # in an expected pair: any whole number (where a picture was clicked)


@dataclass(frozen=True)
class Wanted:
    """What must be sent. `captcha`: (picture's address or "", question or "") where the person is asked first."""

    method: str
    url: str
    pairs: Pairs
    charset: str
    captcha: tuple[str, str] | None = None

    def encoded(self) -> list[str]:
        """The pairs as they go over the wire."""
        codec = CODECS.get(self.charset, self.charset)
        quoted = [[quote_plus(t.encode(codec, "xmlcharrefreplace"), safe="*-._") for t in pair] for pair in self.pairs]
        return ["=".join(pair).replace("%7Bx%7D", SIGNS) for pair in quoted]


@dataclass(frozen=True)
class FormCase:
    """A site with a form. `wanted` None: it can't be sent, and must be refused as a changed page."""

    pages: Mapping[str, Response]
    pictures: frozenset[str]
    reference: Reference
    wanted: Wanted | None
    traits: tuple[str, ...]


_NAMES = {
    "number": ("slbh", "bh", "acceptNo", "caseno", "receipt_number", "sblsh", "code1", "txtNo", "q.bjbh", "applyId"),
    "name": ("xm", "name", "PersonName", "sqr", "realname", "txtName", "q.xm", "username1"),
    "id": ("zjhm", "sfzh", "Pid", "idcard", "cardNo", "txtSfz", "q.zjhm", "idNumber"),
}
_KINDS = {
    "zh-Hans": ("证件类型", ("居民身份证", "护照", "港澳居民来往内地通行证", "其他")),
    "zh-Hant": ("證件種類", ("身分證", "護照", "居留證")),
    "en": ("Document type", ("National ID", "Passport", "Other")),
}
_WAYS = {
    "zh-Hans": ("查询方式", ("按编号查询", "按证件查询")),
    "zh-Hant": ("查詢方式", ("依編號", "依證件")),
    "en": ("Search by", ("Number", "Document")),
}
_CODE = {
    "zh-Hans": ("验证码", "校验码", "图形验证码", "附加码"),
    "zh-Hant": ("驗證碼", "圖形驗證碼"),
    "en": ("Verification Code", "Captcha", "Security code"),
}
_GO = {
    "zh-Hans": ("查询", "提交查询", "查 询", "确定"),
    "zh-Hant": ("查詢", "送出"),
    "en": ("Search", "Check Status", "Submit"),
}
_RESET = {"zh-Hans": "重置", "zh-Hant": "清除", "en": "Reset"}


@dataclass
class Plan:
    """A form in the making."""

    rng: Random
    words: Words
    sheet: Sheet
    traits: list[str]
    reference: dict[str, str]
    captcha: tuple[str, str] | None = None
    broken: str = ""


def form(rng: Random) -> FormCase:
    """One form on its page."""
    words = ALL[pick(rng, (("zh-Hans", 68), ("zh-Hant", 12), ("en", 20)))]
    plan = Plan(rng, words, Sheet(), [words.code], {})
    plan.broken = pick(rng, (("", 92), ("nameless", 3), ("javascript", 3), ("no form", 2)))
    _hidden(plan)
    _fields(plan)
    if rng.random() < 0.45:
        _captcha(plan)
    _buttons(plan)
    way = fields.way(rng)
    plan.traits.append(way)
    return _placed(plan, fields.laid_out(rng, words, plan.sheet, way), plan.sheet.pairs(way))


def _hidden(plan: Plan) -> None:
    """What the server wants back as it sent it."""
    rng, add = plan.rng, plan.sheet.drawn.append
    how = pick(rng, (("", 8), ("token", 3), ("viewstate", 1.5), ("jsf", 1), ("old values", 1.5)))
    if how == "token":
        add(
            fields.hidden(
                rng.choice(("csrf", "_token", "org.apache.struts.taglib.html.TOKEN", "token")), f"{rng.getrandbits(128):032x}"
            )
        )
    elif how == "viewstate":
        add(fields.hidden("__VIEWSTATE", "/wEPDwUKLTI2+" + "Ab3/" * rng.randint(5, 80) + "=="))
        add(fields.hidden("__VIEWSTATEGENERATOR", "CA0B0334"))
        add(fields.hidden("__EVENTVALIDATION", "/wEWBAL+raDpAg=="))
    elif how == "jsf":
        add(fields.hidden("queryForm", "queryForm"))
        add(fields.hidden("javax.faces.ViewState", f"{rng.randint(10**9, 10**10)}:-{rng.randint(10**9, 10**10)}"))
    elif how == "old values":
        add(fields.hidden("method", "query"))
        add(fields.hidden("pageNo", "1"))
        add(fields.hidden("flag", ""))
    plan.traits += [how] if how else []


def _fields(plan: Plan) -> None:
    rng, words = plan.rng, plan.words
    roles = pick(
        rng, ((("number",), 3), (("number", "name"), 5), (("name", "id"), 4), (("number", "id"), 1), (("id", "name"), 2))
    )
    prefix = rng.choice(("", "", "", "", "ctl00$Main$", "queryForm:"))
    by_name = rng.random() < 0.08
    plan.traits += ["by field names"] if by_name else []
    for at, role in enumerate(roles):
        name = prefix + rng.choice(_NAMES[role])
        caption = rng.choice(words.captions[role])
        value = {"number": number, "name": lambda r: person(r, words), "id": id_number}[role](rng)
        nameless = plan.broken == "nameless" and at == 0
        plan.reference[name if by_name and not nameless else caption] = value
        more = rng.choice(("", "", " maxlength=32", " class='input' size=20"))
        kind = "text" if rng.random() < 0.9 else rng.choice(("tel", "search", "TEXT"))
        plan.sheet.drawn.append(fields.text("" if nameless else name, caption, value, kind=kind, more=more))
    if rng.random() < 0.22:
        _choice(plan, prefix)
    _beside(plan, prefix)
    if rng.random() < 0.08:
        checked = rng.random() < 0.5
        box = f"<input type=checkbox name=agree value=1{' checked' if checked else ''}>"
        plan.sheet.drawn.append(Drawn("", f"{box} OK", (("agree", "1"),) if checked else (), bare=True))


_WORD = {"zh-Hans": "查询密码", "zh-Hant": "查詢密碼", "en": "Access code"}
_MORE = {
    "zh-Hans": ("联系电话", "申请日期", "邮箱"),
    "zh-Hant": ("聯絡電話", "申請日期"),
    "en": ("Telephone", "Date of application"),
}
_SMALL = {
    "zh-Hans": ("（18位）", "<font color=red>*</font>", "<span class=tip>例如：SH2026000001</span>", "（与证件一致）"),
    "zh-Hant": ("（必填）", "<span class=tip>例：A123456789</span>"),
    "en": ("<small>13 characters</small>", "<span class=req>*</span>", "<em>as in your passport</em>"),
}


def _beside(plan: Plan, prefix: str) -> None:
    """What else such forms have: a password of the query's own, fields that may stay empty, words behind a field."""
    rng, drawn = plan.rng, plan.sheet.drawn
    if rng.random() < 0.05:
        caption = _WORD[plan.words.code]
        plan.reference[caption] = "k3m9"
        drawn.append(fields.text(prefix + "cxmm", caption, "k3m9", kind="password"))
        plan.traits.append("query password")
    if rng.random() < 0.12:
        drawn.append(fields.text(prefix + "more", rng.choice(_MORE[plan.words.code]), ""))
        plan.traits.append("may stay empty")
    if rng.random() < 0.1:
        drawn.append(
            Drawn(
                "",
                "<input type=text name=off value=1 disabled><input type=text name=area value='310000' readonly size=6>",
                (("area", "310000"),),
                bare=True,
            )
        )
        plan.traits.append("fixed fields")
    if rng.random() < 0.2:
        at = next(n for n, control in enumerate(drawn) if control.kind == "text" and not control.bare)
        drawn[at] = replace(drawn[at], after=rng.choice(_SMALL[plan.words.code]))
        plan.traits.append("words behind")


def _choice(plan: Plan, prefix: str) -> None:
    """A list or a row of buttons to choose from; the case names the choice, or leaves it as it stands."""
    rng = plan.rng
    asked = rng.random() < 0.5
    as_list = rng.random() < 0.65
    caption, entries = (_KINDS if as_list else _WAYS)[plan.words.code]
    options = [(f"{at:02}" if as_list else str(at), entry) for at, entry in enumerate(entries, 1)]
    want = rng.randrange(len(options)) if asked else 0
    marked = rng.choice((None, 0))
    if asked:
        plan.reference[caption] = options[want][1]
    name = prefix + ("zjlx" if as_list else "cxfs")
    control = (
        fields.select(name, caption, options, want, marked)
        if as_list
        else fields.radios(rng, name, caption, options, chosen=want, checked=0)
    )
    plan.sheet.drawn.insert(rng.randint(0, 1) and len(plan.sheet.drawn), control)
    plan.traits.append(("select" if as_list else "radios") + (" asked" if asked else ""))


def _captcha(plan: Plan) -> None:
    rng = plan.rng
    name = rng.choice(
        ("yzm", "YanZheng", "code", "vlidataCode", "captcha", "validateCode", "checkCode", "verifycode", "rand", "imgcode")
    )
    caption = rng.choice(_CODE[plan.words.code])
    drawn = fields.text(name, caption, "x7kq", more=" maxlength=4 size=6")
    if rng.random() < 0.15:
        first, second = rng.randint(2, 20), rng.randint(1, 9)
        question = rng.choice((f"{first} + {second} = ?", f"{first}+{second}=", f"{first} - {second} = ？"))
        plan.captcha = ("", question)
        plan.traits.append("question")
        after = f" {question}"
    else:
        src = rng.choice(
            (
                "inc/code.jsp",
                "/captcha.jpg",
                "validateCode.do?t=0.123",
                "../image.jsp",
                "/servlet/ValidateCode",
                "getimg.aspx?rnd=7",
            )
        )
        plan.captcha = (src, "")
        plan.traits.append("captcha")
        after = rng.choice(
            (
                " <img src='{0}' onclick='this.src=this.src'>",
                "<a href='javascript:f()'><img src='{0}' alt='' width=80></a>",
                "<img id=vimg src='{0}'> <a href=#>换一张</a>",
            )
        ).format(src)
    plan.sheet.drawn.append(Drawn(drawn.caption, drawn.markup, drawn.sent, after=after, id=drawn.id))


def _buttons(plan: Plan) -> None:
    """What is clicked, and what only stands beside it."""
    rng, add = plan.rng, plan.sheet.drawn.append
    said = rng.choice(_GO[plan.words.code])
    how = pick(rng, (("submit", 40), ("named", 15), ("button", 12), ("image", 12), ("none", 21)))
    plan.traits.append(f"{how} button")
    if how == "submit":
        add(Drawn("", f"<input type=submit value='{said}'>", bare=True))
    elif how == "named":
        name = rng.choice(("button1", "Submit", "btnQuery", "ctl00$Main$btnQuery"))
        add(Drawn("", f"<input type='submit' name='{name}' value='{said}'>", ((name, said),), bare=True))
    elif how == "button":
        add(Drawn("", f"<button type=submit class='btn'>{said}</button>", bare=True))
    elif how == "image":
        name = rng.choice(("", "imgBtn", "search"))
        keys = (f"{name}.x", f"{name}.y") if name else ("x", "y")
        shown = f" name={name}" if name else ""
        add(Drawn("", f"<input type=image{shown} src='/images/query.gif'>", ((keys[0], SIGNS), (keys[1], SIGNS)), bare=True))
    else:
        add(Drawn("", f"<a href='javascript:document.forms[0].submit()' class=btn>{said}</a>", bare=True))
    if how != "none" and rng.random() < 0.4:
        add(Drawn("", f"<input type=reset value='{_RESET[plan.words.code]}'>", bare=True))
    if how in {"submit", "named", "button"} and rng.random() < 0.06:
        add(Drawn("", "<input type=submit value='Excel' name=export>", bare=True))
        plan.traits.append("second submit")
    if how in {"submit", "named"} and rng.random() < 0.1:
        add(Drawn("", "<input type=button value='导出' name=export onclick=x()>", bare=True))


_TWINS = {
    "zh-Hans": "<div id=tab2 style='display:none'><form action=corp.do method=post>{0}：<input name=qybh> 企业名称：<input name=qymc><input type=submit value=查询></form></div>",
    "zh-Hant": "<div class=tab><form action=corp.do method=post>{0}：<input name=cno> 公司名稱：<input name=cname><input type=submit value=查詢></form></div>",
    "en": "<div class=tab-pane><form action=corp.do method=post>{0} <input name=cno> Company name <input name=cname><input type=submit></form></div>",
}
_OTHERS = {
    "zh-Hans": "<form action=unit.do method=post><h3>单位查询</h3>单位名称：<input name=dwmc> 统一社会信用代码：<input name=xydm> <input type=submit value=查询></form>",
    "zh-Hant": "<form action=unit.do method=post>公司名稱：<input name=corp> 統一編號：<input name=ubn><input type=submit value=查詢></form>",
    "en": "<form action=unit.do method=post>Company <input name=corp> Tax number <input name=tax><input type=submit></form>",
}


def _placed(plan: Plan, inside: str, pairs: Pairs) -> FormCase:
    rng, words = plan.rng, plan.words
    wire = sent(rng, words.code)
    method = pick(rng, (("post", 7), ("get", 2), ("", 1)))
    base = rng.choice(("/app/", "http://127.0.0.1/other/dir/")) if rng.random() < 0.06 else ""
    action = pick(
        rng,
        (
            ("result.do", 5),
            ("/cx/cxjg.do?type=1", 2),
            ("?method=query&type=2", 0.5),
            ("./do/query.action", 0.5),
            ("http://127.0.0.1/cx/r.jsp", 1),
            ("", 1),
            (None, 1),
        ),
    )
    charset = pick(rng, (("", 93), ("utf-8", 4), ("gbk", 3))) if words.code == "zh-Hans" else ""
    at = URL
    attributes = rng.choice(("", " onsubmit='return check();'", " name=form1 id=form1"))
    attributes += f' method="{method}"' if method else ""
    shown = "javascript:void(0)" if plan.broken == "javascript" else action
    attributes += f' action="{escape(shown)}"' if shown is not None else ""
    attributes += f' accept-charset="{charset}"' if charset else ""
    across = not plan.broken and inside.startswith("<table border=0>") and rng.random() < 0.3
    markup = f"<form{attributes}>\n{inside}\n</form>"
    if plan.broken == "no form":
        markup = f"<div id=app class=form>{inside}</div><script>function query(){{$.post('/api/query')}}</script>"
    if across:  # a form between a table and its rows, as no browser would nest it
        markup = (
            inside.replace("<table border=0>", f"<table border=0><form{attributes}>", 1).removesuffix("</table>")
            + "</form></table>"
        )
        plan.traits.append("form across rows")
    others = [_OTHERS[words.code]] if rng.random() < 0.2 else []
    plan.traits += ["another query"] if others else []
    if len(plan.reference) > 1 and plan.broken != "no form" and rng.random() < 0.08:
        others.append(_TWINS[words.code].format(words.captions["number"][0]))
        plan.traits.append("twin form")
    before, first = noise.some(rng, words, {n: c for n, c in noise.BEFORE.items() if n != "filter"})
    after, last = noise.some(rng, words, {n: c for n, c in noise.AFTER.items() if n not in {"buttons", "survey"}})
    if rng.random() < 0.5:
        others, before = [], before + others
    page = document(rng, words, noise.laid_out(rng, before, markup, others + after))
    if base:
        page = page.replace("{meta}", f'{{meta}}<base href="{base}">', 1)
        plan.traits.append("base href")
    page, old = aged(rng, page)
    plan.traits += [*(f"with {n}" for n in (*first, *last)), old, wire.how, *(["accept-charset"] if charset else [])]
    plan.traits.append("no action" if action is None else f"{method or 'no method'}")
    pages, at = _where(plan, wire, page)
    here = urljoin(at, base) if base else at
    target = urljoin(here, action) if action else at
    sent_to = target.partition("?")[0] if method != "post" else target
    encoded = {"": wire.charset, "utf-8": "utf-8", "gbk": "gb18030"}[charset]
    picture = urljoin(here, plan.captcha[0]) if plan.captcha and plan.captcha[0] else ""
    captcha = (picture, plan.captcha[1]) if plan.captcha else None
    wanted = None if plan.broken else Wanted(method.upper() or "GET", sent_to, pairs, encoded, captcha)
    return FormCase(
        pages,
        frozenset({picture} - {""}),
        Reference(plan.reference, URL),
        wanted,
        (*plan.traits, *([plan.broken] if plan.broken else [])),
    )


def _where(plan: Plan, wire: Sent, page: str) -> tuple[dict[str, Response], str]:
    """The form's page, or a frame or a refresh that leads to it; and the form's own address."""
    how = pick(plan.rng, (("itself", 90), ("frame", 4), ("frameset", 3), ("refresh", 2)))
    if how == "itself":
        return {URL: wire.response(URL, page)}, URL
    plan.traits.append(how)
    inner = "http://127.0.0.1/cx/sub/form.jsp"
    around = {
        "frame": "<html><head>{meta}</head><body><h1>*</h1><iframe src='sub/form.jsp' height=400></iframe></body></html>",
        "frameset": "<html><head>{meta}</head><frameset cols='180,*'><frame src='left.htm'><frame src='/cx/sub/form.jsp'></frameset></html>",
        "refresh": "<html><head>{meta}<meta http-equiv=refresh content='0; url=sub/form.jsp'></head><body></body></html>",
    }[how]
    left = "http://127.0.0.1/cx/left.htm"
    menu = wire.response(left, f"<html><head>{{meta}}</head><body>{noise.menu(plan.rng, plan.words)}</body></html>")
    return {URL: wire.response(URL, around), inner: wire.response(inner, page), left: menu}, inner
