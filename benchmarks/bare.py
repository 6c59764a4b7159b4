"""The floor: fetch each page, find its status, keep it in SQLite. No rules, no leases, no messages.

bare.py STORE PORT HOSTS CASES: the hosts side by side, the pages of each one after another, as Tracker asks them.
"""

import asyncio
import sqlite3
import sys
import time

import httpx
from pages import hosts
from selectolax.lexbor import LexborHTMLParser


async def main(store: str, port: int, count: int, cases: int) -> None:
    database = sqlite3.connect(store)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("CREATE TABLE IF NOT EXISTS seen (id INTEGER, at REAL, label TEXT)")
    last = dict(database.execute("SELECT id, label FROM seen ORDER BY at"))
    new: list[tuple[int, float, str]] = []

    async def one_host(client: httpx.AsyncClient, at: int, address: str) -> None:
        for case in range(at, cases, count):
            answer = await client.get(f"http://{address}:{port}/case/{case}")
            cell = LexborHTMLParser(answer.content.decode("gb18030")).css_first("#zt")
            assert cell is not None
            label = cell.text(strip=True)
            if last.get(case) != label:
                new.append((case, time.time(), label))

    async with httpx.AsyncClient(trust_env=False) as client:
        await asyncio.gather(*(one_host(client, at, address) for at, address in enumerate(hosts(count))))
    with database:
        database.executemany("INSERT INTO seen VALUES (?, ?, ?)", new)
    database.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], *map(int, sys.argv[2:5])))
