"""A page server for the benchmark: many hosts on loopback in one process, 8 KB of GB18030 a page, never twice the same bytes.

Prints its port, then serves until its stdin is closed. `/case/N` is the page of a case, `/count` how many pages were served.
"""

import argparse
import asyncio
import secrets
import sys
import time

STATES = ("已受理", "审核中", "补正材料", "复审中", "审批通过")
NOTE = "请申请人妥善保管受理编号，办理结果以窗口书面答复为准，咨询电话工作日接听。"
NAVIGATION = "".join(f'<li><a href="/channel/{n}/index.html" target="_blank">栏目{n}</a></li>' for n in range(80))
FOOTER = "".join(f"<p class='tip'>{n}. {NOTE}</p>" for n in range(1, 22))


def number(case: int) -> str:
    """The number under which a case is found."""
    return f"BM2026{case:06d}"


def hosts(count: int) -> list[str]:
    """Loopback addresses, each a host of its own."""
    return [f"127.0.1.{n}" for n in range(1, count + 1)]


class Pages(asyncio.Protocol):
    """Just enough HTTP/1.1 for GET with keep-alive."""

    served = 0
    _transport: asyncio.Transport

    def __init__(self) -> None:
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while b"\r\n\r\n" in self._buffer:
            head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].decode()
            if path == "/count":
                self._answer(str(Pages.served).encode(), "text/plain")
            else:
                Pages.served += 1
                self._answer(page(int(path.rpartition("/")[2])).encode("gb18030"), "text/html;charset=GB18030")

    def _answer(self, body: bytes, kind: str) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        self._transport.write(head.encode() + body)


def page(case: int) -> str:
    """One case's page: the record stands still; clock, counter and tokens don't."""
    clock = time.strftime("%Y年%m月%d日 %H:%M:%S")
    rows = (("受理编号", number(case), "no"), ("当前状态", STATES[case % 5], "zt"), ("更新日期", "2026-11-20", "rq"))
    record = "".join(f'<tr><th>{caption}</th><td id="{name}">{value}</td></tr>' for caption, value, name in rows)
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html><head><meta http-equiv="Content-Type" content="text/html; charset=GB18030"><title>办理进度查询</title>
<script>var started={time.time_ns()};var sid="{secrets.token_hex(12)}";</script></head><body>
<div id="top">当前时间：{clock}　您是第 <b>{1_203_441 + Pages.served}</b> 位访问者</div><ul id="nav">{NAVIGATION}</ul>
<form name="search"><input type="hidden" name="token" value="{secrets.token_hex(16)}"></form>
<table id="result" border="1">{record}</table>
<div id="foot">{FOOTER}<p>查询流水号 {secrets.token_hex(6)}</p></div></body></html>"""


async def serve(addresses: list[str]) -> None:
    loop, port = asyncio.get_running_loop(), 0
    for address in addresses:
        server = await loop.create_server(Pages, address, port, backlog=1024)
        port = server.sockets[0].getsockname()[1]
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hosts", type=int, default=20)
    asyncio.run(serve(hosts(parser.parse_args().hosts)))
