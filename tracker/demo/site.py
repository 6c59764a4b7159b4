"""A progress site as Chinese authorities run them, on loopback: JSP, GB18030, a one-use token, tables in tables.

The number of visitors, the clock and the tokens are new in every answer, so two pages are never the same bytes.
"""

import secrets
from datetime import date, datetime
from http.cookies import SimpleCookie
from urllib.parse import parse_qsl

from tracker.demo.server import Asked, Reply, Server

FORM, RESULT = "/cxhs/query.jsp", "/cxhs/result.jsp"
NUMBER, NAME = "SH2026000123", "测试甲"
_TOKEN = "org.apache.struts.taglib.html.TOKEN"  # noqa: S105 - a field's name


class Site(Server):
    """One case is known there, by its number and the applicant's name; `move_to` moves it on."""

    def __init__(self, label: str = "已受理") -> None:
        super().__init__()
        self.label = label
        self._tokens: dict[str, str] = {}
        self._visitors = 1_203_441

    @property
    def url(self) -> str:
        """The address of the form."""
        return f"http://{self.host}{FORM}"

    def move_to(self, label: str) -> None:
        """The authority moves the case on."""
        self.label = label

    def reply(self, request: Asked) -> Reply:
        if (request.method, request.path) == ("GET", FORM):
            return self._form(request)
        if (request.method, request.path) == ("POST", RESULT):
            return self._result(request)
        return self._page("提示", "<p>您访问的页面不存在</p>", status=404)

    def _form(self, request: Asked) -> Reply:
        session = _session(request) or secrets.token_hex(16).upper()
        token = self._tokens[session] = secrets.token_hex(16)
        page = self._page("办理进度查询", _FORM.format(action=RESULT, name=_TOKEN, token=token))
        cookie = {"Set-Cookie": f"JSESSIONID={session}; Path=/cxhs; HttpOnly"}
        return Reply(page.body, page.content_type, headers=cookie)

    def _result(self, request: Asked) -> Reply:
        form = dict(parse_qsl(request.body.decode("ascii", "replace"), encoding="gb18030", errors="replace"))
        expected = self._tokens.pop(_session(request), None)
        if expected is None or form.get(_TOKEN) != expected:
            return self._page("提示", "<script>alert('会话已过期，请重新查询');history.back();</script>")
        if (form.get("slbh"), form.get("xm")) != (NUMBER, NAME):
            return self._page("办理进度查询", "<p class='msg'>未查询到相关记录</p>")
        return self._page("办理进度查询", _record(self.label))

    def _page(self, title: str, body: str, *, status: int = 200) -> Reply:
        self._visitors += 1
        clock = datetime.now().astimezone().strftime("%Y年%m月%d日 %H:%M:%S")
        text = _PAGE.format(title=title, clock=clock, visitors=self._visitors, body=body, serial=secrets.token_hex(8))
        return Reply(text.encode("gb18030"), "text/html;charset=GB18030", status)


def _session(request: Asked) -> str:
    cookie = SimpleCookie(request.cookies).get("JSESSIONID")
    return cookie.value if cookie else ""


def _record(label: str) -> str:
    today = date.today().isoformat()  # noqa: DTZ011 - an authority's date has no zone
    pairs = (
        ("受理编号", NUMBER),
        ("姓名", f"{NAME[0]}**"),
        ("事项名称", "居住证积分（演示）"),
        ("当前状态", label),
        ("更新日期", today),
        ("备注", ""),
    )
    cells = [f"<td class='t1'>{k}：</td>\n<td class='t2'>\n<!-- {k} -->\n&nbsp;{v}\n\n</td>" for k, v in pairs]
    rows = "".join(f"<tr>{a}{b}</tr>" for a, b in zip(cells[::2], cells[1::2], strict=True))
    return f"<table width=760 border=1><tr><td colspan=4 align=center>查询结果</td></tr>{rows}</table>"


_PAGE = """<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">
<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>{title}</title></head>
<body><table width="778" align="center" cellpadding="0"><tr><td>
<div id="top">当前时间：{clock}　您是第 <b>{visitors}</b> 位访问者</div></td></tr>
<tr><td valign="top">
{body}
</td></tr><tr><td align="center">演示网站，只在本机运行　流水号 {serial}</td></tr></table></body></html>"""

_FORM = """<table width="500"><form name="f1" method="post" action="{action}">
<input type="hidden" name="{name}" value="{token}">
<tr><td align="right">受理编号：</td><td><input type="text" name="slbh" maxlength="20"></td></tr>
<tr><td align="right">姓　　名：</td><td><input type="text" name="xm" maxlength="30"></td></tr>
<tr><td colspan="2" align="center"><input type="submit" name="button1" value="提交查询"></td></tr></form></table>"""
