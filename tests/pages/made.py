"""Pages made for tests: small HTML in, a Response out."""

from collections.abc import Iterable, Sequence

from tracker.core.model import ReadHints, Reading, Reference
from tracker.pages.contract import Response
from tracker.pages.reading import read_page

NUMBER = "SH2026000123"
PERSON = "310000199001011234"  # fails its checksum
REFERENCE = {"受理编号": NUMBER, "姓名": "测试甲", "证件号码": PERSON}


def response(body: str, *, whole: bool = True, title: str = "办理进度查询", complete: bool = True) -> Response:
    """A page around a body; `whole` False sends the body as it is."""
    html = f"<html><head><title>{title}</title></head><body>{body}</body></html>" if whole else body
    return Response("http://127.0.0.1/query", 200, "text/html; charset=utf-8", html.encode(), complete)


def table(*rows: Sequence[str]) -> str:
    """A table of plain cells."""
    return f"<table>{''.join(_row(row) for row in rows)}</table>"


def record(**values: str) -> str:
    """A table of captions and values, one pair a row."""
    return table(*values.items())


def _row(cells: Iterable[str]) -> str:
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def read(body: str, values: dict[str, str] | None = None, hints: ReadHints | None = None, *, whole: bool = True) -> Reading:
    """Read a body for the test person's case."""
    reference = Reference(REFERENCE if values is None else values, "http://127.0.0.1/query", hints or ReadHints())
    return read_page(response(body, whole=whole), reference)
