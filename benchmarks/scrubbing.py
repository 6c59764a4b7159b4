"""What scrubbing the largest pages costs, against BeautifulSoup's bare parse of the same text. Prints one line a page."""

import time
from collections.abc import Callable

import click
from bs4 import BeautifulSoup

from tracker.core.model import Reference
from tracker.fetch.saved import Got
from tracker.pages.adapter import Field, Meta
from tracker.recordings import secrets
from tracker.recordings.layers import remains
from tracker.recordings.scrub import Scrubber

NAME, NUMBER = "欧阳测", "SH2026004711"
META = Meta("some", {"en": "Some"}, reference=(Field("受理编号"), Field("姓名")))


def words(count: int) -> str:
    """Running text, and the case's own name at its end, in numeric entities."""
    text = "".join(f"<p class='row item'>第{n}条 说明 longword{n} href=/static/page{n}.html</p>\n" for n in range(count))
    return f"{text}<p>{''.join(f'&#{ord(c)};' for c in NAME)}</p>"


def people(count: int) -> str:
    """A list of other people."""
    rows = (
        f"<tr><td>SH2026{n:06d}</td><td>尉{chr(0x5000 + n % 2000)}{chr(0x6000 + n // 2000)}</td><td>审核中</td></tr>\n"
        for n in range(count)
    )
    return f"<table><tr><th>受理编号</th><th>姓名</th><th>状态</th></tr>{''.join(rows)}</table><p>{NAME}</p>"


def seconds(do: Callable[[], object]) -> float:
    """CPU seconds of one call."""
    began = time.process_time()
    do()
    return time.process_time() - began


def scrub(got: Got) -> None:
    found = secrets.find([got], Reference({"受理编号": NUMBER, "姓名": NAME}), META)
    after = Scrubber(found.secrets).answer(got, "01.response")
    if remains(after.body.decode(), [NAME]):
        raise click.ClickException("the name is still there")


@click.command(help=__doc__)
def main() -> None:
    for what, body in {"running text": words(19_000), "300 people": people(300), "4,000 people": people(4000)}.items():
        got = Got(200, "text/html; charset=utf-8", f"<html><body>{body}</body></html>".encode())
        ours, bare = seconds(lambda got=got: scrub(got)), seconds(lambda got=got: BeautifulSoup(got.body, "lxml"))  # type: ignore[misc]
        size = len(got.body) / (1 << 20)
        click.echo(
            f"{what}, {size:.1f} MiB, scrubbed: {ours:.1f} s = {ours / bare:.1f} x BeautifulSoup's bare parse ({bare:.1f} s)"
        )


if __name__ == "__main__":
    main()
