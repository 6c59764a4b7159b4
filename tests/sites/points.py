"""Three guesses at the public progress page of the Shanghai points, as differing as such pages are.

Nothing of the real page is known but its address, so each is built of what such pages do elsewhere: a frameset in GBK whose
form posts to another place; a form in UTF-8 sent by GET, with a list of the kinds of papers; ASP.NET's page in one form, with
its state, an image button and, where it wants one, a captcha.
"""

import secrets
from dataclasses import dataclass, replace
from html import escape

from tests.sites.server import Answer, Reply, Seen, Site

HOME = "/webMaster/ggrs/ggrs_cxhs.htm"
NONE = "未查询到相关记录"
UTF8 = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Applicant:
    """One person with a declaration."""

    name: str
    id_number: str
    label: str = "等待受理"
    on: str = "2026-11-20"
    number: str = "JF2026000123"
    notice: str = ""


class PointsSite(Site):
    """What the three share: applicants by ID number, and the address of the real page."""

    def __init__(self) -> None:
        super().__init__()
        self.people: dict[str, Applicant] = {}

    @property
    def home(self) -> str:
        return self.origin + HOME

    def add(self, person: Applicant) -> None:
        self.people[person.id_number] = person

    def move(self, id_number: str, label: str, on: str = "2026-11-23", notice: str = "") -> None:
        self.people[id_number] = replace(self.people[id_number], label=label, on=on, notice=notice)

    def find(self, name: str, id_number: str) -> Applicant | None:
        person = self.people.get(id_number)
        return person if person is not None and person.name == name else None


class Framed(PointsSite):
    """GBK; the address is a frameset, the form a static page that posts to a servlet; caption and value cells alternate."""

    def reply(self, seen: Seen) -> Answer:
        if self.planned(seen.path):
            return super().reply(seen)
        if seen.path == "/servlet/ggrs.cx":
            form = seen.form()
            person = self.find(form.get("xm", ""), form.get("zjhm", ""))
            return Reply(framed_answer(person))
        pages = {HOME: FRAMESET, "/webMaster/ggrs/top.htm": TOP, "/webMaster/ggrs/cx.htm": FRAMED_FORM}
        return Reply(pages[seen.path]) if seen.path in pages else super().reply(seen)


FRAMESET = """<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>公共人事</title></head>
<frameset rows="90,*"><frame src="top.htm" noresize><frame src="cx.htm" name="main"></frameset></html>"""
TOP = """<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>top</title></head>
<body><img src="logo.gif" alt="网上办事"><a href="/index.htm">首页</a></body></html>"""
FRAMED_FORM = """<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>办理进度查询</title>
</head><body><table width="600" align="center"><form name="cxform" method="post" action="/servlet/ggrs.cx"
onsubmit="return check()"><input type="hidden" name="method" value="query">
<tr><td align="right">姓　　名：</td><td><input type="text" name="xm" maxlength="20"></td></tr>
<tr><td align="right">证件号码<font color="red">*</font>：</td><td><input type="text" name="zjhm" maxlength="18"></td></tr>
<tr><td colspan="2"><input type="submit" value="查 询"><input type="reset" value="重 填"></td></tr></form></table>
</body></html>"""


def framed_answer(person: Applicant | None) -> str:
    """The servlet's page."""
    inner = f'<p align="center"><font color="red">{NONE}</font></p>'
    if person is not None:
        cells = (
            f"<tr><td>姓名：</td><td>&nbsp;{person.name[:1]}**</td><td>证件号码：</td><td>&nbsp;{_masked(person.id_number)}</td></tr>"
            f"<tr><td>办理状态：</td><td>&nbsp;{escape(person.label)}</td><td>办理日期：</td><td>&nbsp;{person.on}</td></tr>"
        )
        inner = f'<table border="1" width="600"><tr><td colspan="4" align="center">积分办理进度</td></tr>{cells}</table>'
        inner += f"<p><font color=red>{escape(person.notice)}</font></p>" if person.notice else ""
    head = '<meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>查询结果</title>'
    return f"<html><head>{head}</head><body>{inner}<p><a href='javascript:history.back()'>返回</a></p></body></html>"


class Listed(PointsSite):
    """UTF-8; a form sent by GET, with a list of the kinds of papers; the answer is a table with a row of captions."""

    def reply(self, seen: Seen) -> Answer:
        if self.planned(seen.path) or seen.path not in {HOME, "/webMaster/ggrs/result.jsp"}:
            return super().reply(seen)
        if seen.path == HOME:
            return Reply(LISTED_FORM.encode(), content_type=UTF8)
        form = seen.form("utf-8")
        person = self.find(form.get("personName", ""), form.get("certNo", "")) if form.get("certType") == "01" else None
        return Reply(listed_answer(person).encode(), content_type=UTF8)


LISTED_FORM = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>居住证积分进度查询</title></head><body>
<form action="result.jsp"><div><label for="n">申请人姓名</label><input id="n" name="personName"></div>
<div><label for="t">证件类型</label><select id="t" name="certType"><option value="">请选择</option>
<option value="01">居民身份证</option>
<option value="02">护照</option></select></div><div><label for="c">证件号码</label><input id="c" name="certNo"></div>
<button type="submit">查询</button></form></body></html>"""


def listed_answer(person: Applicant | None) -> str:
    """The page of results."""
    rows = f'<tr><td colspan="6">{NONE}</td></tr>'
    if person is not None:
        cells = ("1", person.number, person.name, "新办", person.label, person.on)
        rows = f"<tr>{''.join(f'<td>{escape(c)}</td>' for c in cells)}</tr>"
    head = "".join(f"<th>{c}</th>" for c in ("序号", "受理编号", "姓名", "办理类型", "当前状态", "更新日期"))
    table = f"<table class=list><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    title = "<title>居住证积分进度查询</title>"
    return f'<!DOCTYPE html><html><head><meta charset="utf-8">{title}</head><body>{table}</body></html>'


class Stateful(PointsSite):
    """ASP.NET: the page posts to itself with its state; an image button; spans with captions beside them; perhaps a captcha."""

    def __init__(self, *, captcha: bool = False) -> None:
        super().__init__()
        self.captcha = captcha
        self._states: set[str] = set()

    def reply(self, seen: Seen) -> Answer:
        if self.planned(seen.path) or seen.path not in {HOME, "/webMaster/code.aspx"}:
            return super().reply(seen)
        if seen.path != HOME:
            return Reply(b"\x89PNG\r\n\x1a\n", content_type="image/png")
        if seen.method == "GET":
            return self._page("")
        form = seen.form("utf-8")
        if form.get("__VIEWSTATE") not in self._states or "btnQuery.x" not in form:
            return self._page("<script>alert('页面已过期，请重新查询');</script>")
        self._states.discard(form["__VIEWSTATE"])
        return self._page(stateful_answer(self.find(form.get("txtName", ""), form.get("txtId", ""))))

    def _page(self, answer: str) -> Reply:
        state = secrets.token_hex(8)
        self._states.add(state)
        return Reply(stateful_page(state, answer, captcha=self.captcha).encode(), content_type=UTF8)


def stateful_page(state: str, answer: str, *, captcha: bool = False) -> str:
    """The whole page: site search, query and answer are one form."""
    code = '验证码：<input name="txtCode" maxlength="4"><img src="/webMaster/code.aspx" alt="验证码"><br>' if captcha else ""
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>积分办理进度</title></head><body>
<form method="post" action="ggrs_cxhs.htm" id="aspnetForm"><input type="hidden" name="__VIEWSTATE" value="{state}">
<div id="search"><input name="txtSearch" placeholder="站内搜索"><input type="submit" name="btnSearch" value="搜索"></div>
<div id="query">姓名：<input name="txtName"><br>身份证号：<input name="txtId" maxlength="18"><br>{code}
<input type="image" name="btnQuery" src="/img/query.gif" alt="查询"></div>{answer}</form></body></html>"""


def stateful_answer(person: Applicant | None) -> str:
    """What stands below the query."""
    if person is None:
        return f'<div id="result"><span id="lblMsg" style="color:red">{NONE}</span></div>'
    pairs = (("受理编号", person.number), ("申请人", person.name), ("审核状态", person.label), ("更新时间", person.on))
    spans = "".join(f"<div><span class=k>{k}：</span><span class=v>{escape(v)}</span></div>" for k, v in pairs)
    notice = f'<div class="tip"><b>{escape(person.notice)}</b></div>' if person.notice else ""
    return f'<div id="result">{spans}{notice}</div>'


def _masked(number: str) -> str:
    return f"{number[:6]}********{number[-4:]}"
