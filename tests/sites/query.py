"""A query site as Chinese authorities run them: JSP, GB18030, a form with a hidden token, a session, tables in tables."""

import itertools
import secrets
import threading
import time
from dataclasses import dataclass, replace
from html import escape

from tests.sites.server import Answer, Reply, Seen, Site

FORM, ASK, LIST, JSON, SET = "/query.htm", "/query.do", "/list.htm", "/progress.json", "/_set"
TOKEN = "org.apache.struts.taglib.html.TOKEN"  # the field's name, no secret


@dataclass(frozen=True, slots=True)
class Record:
    """One case at the authority. `id_number` empty: whoever asks is answered."""

    number: str
    label: str = "已受理"
    id_number: str = ""
    name: str = "测试甲"
    on: str = "2026-11-20"
    remark: str = ""
    notice: str = ""


class QuerySite(Site):
    """The site. `cases` may be changed while it runs; `answer(path, …)` overrides any of its pages."""

    def __init__(self, host: str = "127.0.0.1", *, port: int = 0) -> None:
        super().__init__(host, port=port)
        self.cases: dict[str, Record] = {}
        self._tokens: dict[str, str] = {}
        self._visitors = itertools.count(1_203_441)
        self._session_lock = threading.Lock()

    @property
    def form_url(self) -> str:
        return self.origin + FORM

    @property
    def list_url(self) -> str:
        return self.origin + LIST

    @property
    def json_url(self) -> str:
        return self.origin + JSON

    def move(self, number: str, label: str, on: str = "2026-11-23", **changes: str) -> None:
        """The authority moves a case on (or lists it for the first time)."""
        record = self.cases.get(number, Record(number))
        self.cases[number] = replace(record, label=label, on=on, **changes)

    def reply(self, seen: Seen) -> Answer:
        pages = {FORM: self._form, ASK: self._ask, LIST: self._list, JSON: self._json, SET: self._set}
        if self.planned(seen.path) or seen.path not in pages:
            return super().reply(seen)
        return pages[seen.path](seen)

    def _form(self, seen: Seen) -> Reply:
        with self._session_lock:
            session = seen.cookies.get("JSESSIONID", "")
            fresh = session not in self._tokens
            if fresh:
                session = secrets.token_hex(16).upper()
            token = self._tokens[session] = secrets.token_hex(16)
        cookie = (("Set-Cookie", f"JSESSIONID={session}; Path=/; HttpOnly"),) if fresh else ()
        return Reply(self._page("办理进度查询", _FORM.format(action=ASK, token_name=TOKEN, token=token)), headers=cookie)

    def _ask(self, seen: Seen) -> Reply:
        form = seen.form()
        with self._session_lock:
            token = self._tokens.pop(seen.cookies.get("JSESSIONID", ""), None)
        if seen.method != "POST" or token is None or form.get(TOKEN) != token:
            return Reply(self._page("提示", "<script>alert('会话超时，请重新查询');history.back();</script>"))
        record = self.cases.get(form.get("sh_no", ""))
        if record is None or record.id_number not in ("", form.get("id_no", "")):
            return Reply(self._page("办理进度查询", "<p class='msg'>未查询到相关记录</p>"))
        shown = replace(record, id_number=record.id_number or form.get("id_no", ""))
        return Reply(self._page("办理进度查询", _record(shown)))

    def _list(self, seen: Seen) -> Reply:
        """All records; `?no=` shows that one alone."""
        wanted = seen.form().get("no", "")
        rows = "".join(
            f"<tr><td>{i}</td><td>{escape(r.number)}</td><td>{r.name[:1]}**</td><td>{escape(r.label)}</td><td>{r.on}</td></tr>"
            for i, r in enumerate(self.cases.values(), 1)
            if wanted in ("", r.number)
        )
        head = "<tr><th>序号</th><th>受理编号</th><th>姓名</th><th>状态</th><th>更新日期</th></tr>"
        return Reply(self._page("办件公示", f"<table border=1><tr><td colspan=5>办件公示</td></tr>{head}{rows}</table>"))

    def _json(self, seen: Seen) -> Reply:
        import json

        record = self.cases.get(seen.form("utf-8").get("no", ""))
        data = {"number": record.number, "status": record.label, "date": record.on, "remark": record.remark} if record else None
        answer = {"code": 0 if record else 404, "msg": "" if record else "未查询到相关记录", "data": data}
        return Reply(json.dumps(answer, ensure_ascii=False).encode(), content_type="application/json;charset=UTF-8")

    def _set(self, seen: Seen) -> Reply:
        values = seen.form("utf-8")
        self.move(values["no"], values["label"])
        return Reply("ok", content_type="text/plain; charset=GB18030")

    def _page(self, title: str, body: str) -> str:
        clock = time.strftime("%Y年%m月%d日 %H:%M:%S")
        return _PAGE.format(title=title, clock=clock, visitors=next(self._visitors), body=body)


def _record(record: Record) -> str:
    notice = f'<p><font color="red">{escape(record.notice)}</font></p>' if record.notice else ""
    masked = record.id_number and f"{record.id_number[:6]}********{record.id_number[-4:]}"
    pairs = (
        ("受理编号", record.number),
        ("姓名", record.name[:1] + "*" * (len(record.name) - 1)),
        ("证件号码", masked),
        ("当前状态", record.label),
        ("更新日期", record.on),
        ("备注", record.remark),
    )
    cells = [
        f"<td class=t1>{caption}：</td><td class=t2>\n<!-- v -->\n&nbsp;{escape(value)}\n</td>" for caption, value in pairs
    ]
    rows = "".join(f"<tr>{a}{b}</tr>" for a, b in zip(cells[::2], cells[1::2], strict=True))
    return f"<table width=760 border=1><tr><td colspan=4 align=center>查询结果</td></tr>{rows}</table>{notice}"


_PAGE = """<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">
<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>{title}</title></head>
<body><table width="778" align="center" cellpadding="0"><tr><td>
<div id="top">当前时间：{clock}　您是第 <b>{visitors}</b> 位访问者</div></td></tr>
<tr><td valign="top">
{body}
</td></tr><tr><td align="center">版权所有 测试市测试服务中心　技术支持电话：000-00000000</td></tr></table></body></html>"""

_FORM = """<table width="500"><form name="f1" method="post" action="{action}">
<input type="hidden" name="{token_name}" value="{token}">
<tr><td align="right">受理编号：</td><td><input type="text" name="sh_no" maxlength="20"></td></tr>
<tr><td align="right">证件号码：</td><td><input type="text" name="id_no" maxlength="18"></td></tr>
<tr><td colspan="2"><input type="submit" name="button1" value="提交查询"></td></tr></form></table>"""
