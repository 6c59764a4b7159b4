"""Bodies that are not what they seem: fault 10."""

import gzip
import tracemalloc

import pytest

from tests.shell.fetching import LIMIT, PAGE, failure, fetcher, named, read
from tests.sites import faults
from tests.sites.query import QuerySite
from tests.sites.server import Raw, Reply
from tracker.core.errors import PageChanged


@pytest.mark.parametrize("body", [faults.gzipped(PAGE), faults.deflated(PAGE), faults.deflated(PAGE, bare=True)])
def test_a_packed_page_is_unpacked(site: QuerySite, body: Reply) -> None:
    assert read(site.answer("/x", body)).encode("gb18030") == PAGE


def gzip_reply(data: bytes, coding: str = "gzip") -> Reply:
    return Reply(data, headers=(("Content-Encoding", coding),))


@pytest.mark.parametrize(
    ("reply", "text"),
    [
        (gzip_reply(gzip.compress(b"one ") + gzip.compress(b"two")), "one two"),
        (gzip_reply(gzip.compress(b"one") + b"\x00" * 8), "one"),
        (gzip_reply(b""), ""),
        (gzip_reply(gzip.compress(b"")), ""),
        (gzip_reply(gzip.compress(b"one"), "X-GZIP"), "one"),
        (gzip_reply(gzip.compress(b"one"), "identity, gzip"), "one"),
        (gzip_reply(b"one", "identity"), "one"),
    ],
    ids=["two members", "padding", "nothing", "an empty page", "x-gzip", "identity and gzip", "identity"],
)
def test_odd_but_honest_codings_are_read(site: QuerySite, reply: Reply, text: str) -> None:
    assert read(site.answer("/x", reply)) == text


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (faults.cut_gzip(PAGE * 50), "truncated"),
        (gzip_reply(gzip.compress(PAGE)[:-1]), "truncated"),
        (gzip_reply(gzip.compress(PAGE)[:-8] + b"\x00" * 8), "truncated"),
        (gzip_reply(gzip.compress(PAGE)[:5]), "truncated"),
        (gzip_reply(PAGE), "not_text"),
        (gzip_reply(PAGE, "deflate"), "truncated"),
        (gzip_reply(PAGE, "br"), "not_text"),
        (faults.bomb(8 * LIMIT), "too_large"),
        (gzip_reply(gzip.compress(b"x" * LIMIT) + gzip.compress(b"x")), "too_large"),
        (gzip_reply(gzip.compress(b"") * (LIMIT // 20 + 1)), "too_large"),
        (faults.double_bomb(8 * LIMIT), "too_large"),
        (gzip_reply(gzip.compress(gzip.compress(PAGE)), "gzip,deflate"), "too_large"),
        (faults.endless(), "too_large"),
        (faults.endless(faults.HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(PAGE)), "too_large"),
        (faults.silence(faults.HEAD + b"Content-Length: 1000000000000\r\n\r\n"), "too_large"),
    ],
    ids=[
        "half a stream",
        "a byte short",
        "a wrong checksum",
        "half a header",
        "plain text called gzip",
        "plain text called deflate",
        "brotli",
        "a bomb",
        "a bomb in two members",
        "a million empty members",
        "gzip, gzip",
        "gzip, deflate",
        "endless",
        "endless after the end",
        "a terabyte promised",
    ],
)
def test_a_body_out_of_bounds_is_refused(site: QuerySite, answer: Reply | Raw, reason: str) -> None:
    error = failure(site.answer("/x", answer))
    assert named(error) == f"page_changed/{reason}"
    assert isinstance(error, PageChanged)
    assert error.where == "transfer"


def test_the_limit_itself_is_allowed(site: QuerySite) -> None:
    for reply in (Reply(b"x" * 5000), faults.gzipped(b"x" * 5000), Reply(b"x" * 5000, length=False)):
        url = site.answer("/x", reply)
        assert len(read(url, fetcher(max_body=5000))) == 5000
        assert failure(url, max_body=4999).reason == "too_large"


def test_a_bomb_costs_little_memory(site: QuerySite) -> None:
    url = site.answer("/x", faults.bomb())
    tracemalloc.start()
    try:
        assert failure(url).reason == "too_large"
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 * LIMIT
