"""Markup made to hurt a reader, and the child process that reads it: hostile.py read FILE.

Each is at most 2 MiB, the largest body that is fetched. The child reads the page in all the ways that a check would.
"""

import resource
import sys
from collections.abc import Callable
from pathlib import Path

from tracker.core.errors import CheckError
from tracker.core.model import Reference
from tracker.pages.contract import Response
from tracker.pages.forms import find_form
from tracker.pages.jsonread import read_json
from tracker.pages.reading import read_page
from tracker.pages.recognise import recognise

MOST = 2 * 1024 * 1024
CPU_SECONDS = 8
RECORD = "<table><tr><td>受理编号</td><td>SH2026000123</td><td>当前状态</td><td>审核中</td></tr></table>"


def _filled(piece: str, around: str = "{0}") -> str:
    """As many of a piece as fit."""
    room = MOST - len(around.encode()) - 1000
    return around.replace("{0}", piece * (room // len(piece.encode())))


def _page(body: str) -> str:
    return f"<html><head><title>x</title></head><body>{RECORD}{body}</body></html>"


def _nested(tag: str, depth: int) -> str:
    return f"<{tag}>" * depth + "x" + f"</{tag}>" * depth


def _wide_table() -> str:
    row = "<tr>" + "<td>状态</td>" * 250 + "</tr>"
    return _page("<table>" + row * 200 + "</table>")


TRAPS: dict[str, Callable[[], str]] = {
    "deep divs": lambda: _page(_nested("div", 90_000)),
    "deep divs under the limit": lambda: _page(_nested("div", 4_900)),
    "deep tables": lambda: _page("<table><tr><td>" * 40_000),
    "deep tables under the limit": lambda: _page("<table><tr><td>" * 1_600),
    "deep lists": lambda: _page("<ul><li>" * 60_000),
    "formatting never closed": lambda: _page("<b><i><font color=red><u>" * 15_000 + "x"),
    "formatting closed across": lambda: _page("<b><p><i></b></p></i>" * 9_000),
    "links in links": lambda: _page("<a href=x>" * 59_000),
    "paragraphs never closed": lambda: _page("<p>状态" * 59_000),
    "cells never closed": lambda: _page("<table>" + "<td>状态" * 59_000),
    "rows never closed": lambda: _page("<table>" + "<tr><td>状态<td>审核中" * 19_000),
    "100,000 attributes": lambda: _page("<div " + " ".join(f"a{n}=1" for n in range(100_000)) + ">x</div>"),
    "an attribute of 2 MiB": lambda: _filled("x", "<div title='{0}'>x</div>"),
    "inputs": lambda: _page("<form>" + "状态：<input name=a value=审核中>" * 29_000 + "</form>"),
    "labels for one field": lambda: _page("<form><input id=a>" + "<label for=a>状态</label>" * 29_000 + "</form>"),
    "forms": lambda: _page("<form action=a><input name=b>" * 20_000),
    "options": lambda: _page("<select>" + "<option>审核中</option>" * 29_000 + "</select>"),
    "a wide table": _wide_table,
    "rowspans and colspans": lambda: _page(
        "<table>" + ("<tr>" + "<td rowspan=65534 colspan=1000>状态</td>" * 40 + "</tr>") * 300 + "</table>"
    ),
    "one span of everything": lambda: _page(
        "<table>" + "<tr><td rowspan=99999999 colspan=99999999>状态</td></tr>" * 9_000 + "</table>"
    ),
    "entities": lambda: _page(_filled("&amp;")),
    "entities without an end": lambda: _page(_filled("&#1234567890")),
    "entities that are none": lambda: _page(_filled("&notit;&")),
    "open brackets": lambda: _filled("<"),
    "open comments": lambda: _filled("<!--"),
    "comments": lambda: _page(_filled("<!---->")[: MOST // 3]),
    "CDATA": lambda: _filled("<![CDATA["),
    "scripts never closed": lambda: _filled("<script>alert('"),
    "alerts": lambda: _page("<script>" + _filled("alert('系统维护中');")[: MOST // 4] + "</script>"),
    "alerts in alerts": lambda: _page("<script>" + "alert(" * 200_000 + "</script>"),
    "braces": lambda: _page("<script>" + "{" * 1_000_000 + "alert('x')</script>"),
    "backslashes": lambda: _page("<script>alert('" + "\\" * 1_000_000 + "</script>"),
    "captions with colons": lambda: _page(_filled("状态：")[: MOST // 3]),
    "captions in paragraphs": lambda: _page("<p>当前状态：审核中</p>" * 28_000),
    "white space": lambda: _page(_filled(" ")),
    "lines": lambda: _page(_filled("\n")),
    "no-break spaces": lambda: _page(_filled("\u00a0")[: MOST // 2]),
    "one long word": lambda: _page(_filled("x")),
    "one long number": lambda: _page(_filled("1")),
    "sentences": lambda: _page(_filled("请稍后再试。")[: MOST // 3]),
    "questions": lambda: _page("<form><input name=a>" + _filled("1 + 1 = ? ")[: MOST // 3] + "</form>"),
    "dates": lambda: _page("<p>更新日期：" + _filled("2026-11-20 ")[: MOST // 3]),
    "stars": lambda: _page("<p>受理编号：" + _filled("*")[: MOST // 3] + "</p>"),
    "metas": lambda: "<meta charset=gbk>" * 50_000 + RECORD,
    "charsets": lambda: _filled("charset="),
    "frames": lambda: "<frameset>" + "<frame src=a.htm>" * 50_000 + "</frameset>",
    "images": lambda: _page("<form><input name=yzm>" + "<img src=code.jsp>" * 50_000 + "</form>"),
    "steps": lambda: _page(
        "<table><tr><th>状态</th><th>更新日期</th></tr>" + "<tr><td>审核中</td><td>2026-11-20</td></tr>" * 9_000 + "</table>"
    ),
    "definitions": lambda: _page("<dl>" + "<dt>状态</dt><dd>审核中</dd>" * 14_000 + "</dl>"),
    "lists in JSON": lambda: "[" * 1_000_000,
    "objects in JSON": lambda: '{"a":' * 300_000,
    "numbers in JSON": lambda: '{"status": ' + "9" * 1_500_000 + "}",
    "records in JSON": lambda: "[" + ",".join('{"status": "审核中", "no": "1"}' for _ in range(50_000)) + "]",
    "zeros": lambda: _filled("\x00"),
}
BYTES: dict[str, Callable[[], bytes]] = {
    "bytes of no charset": lambda: bytes(range(128, 256)) * (MOST // 128),
    "half a character, often": lambda: ("状态".encode("gb18030") + b"\x81") * (MOST // 5),
    "UTF-8 until the end": lambda: ("审" * (MOST // 3 - 10)).encode() + b"\xff\xfe",
    "UTF-16": lambda: ("审核中" * 300_000).encode("utf-16"),
}


def body(name: str) -> bytes:
    """One of them, no longer than what is fetched."""
    return (BYTES[name]() if name in BYTES else TRAPS[name]().encode())[:MOST]


def read(path: Path) -> str:
    """Everything that a check, a probe or a sighting would do with it. Says what came of it."""

    said = []
    reference = Reference({"受理编号": "SH2026000123"}, "http://127.0.0.1/")
    page = Response("http://127.0.0.1/", 200, "text/html", path.read_bytes())
    for way in (
        lambda: recognise(page),
        lambda: read_page(page, reference).label[:40],
        lambda: find_form(page.document, ("受理编号",)).action,
        lambda: read_json(page, reference).label[:40],
    ):
        try:
            said.append(str(way()))
        except CheckError as error:
            said.append(error.reason)
    return ", ".join(said)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))  # a trap that closes ends here
    sys.stdout.write(read(Path(sys.argv[1])))
