"""One service for all tests that change nothing; one browser for all tests that need eyes."""

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.desk import Desk
from tests.sites.query import FORM, QuerySite, Record
from tests.sites.server import Reply
from tests.web.served import Visitor, desk_in, read, serving

ID_NUMBER = "310101199001010000"  # its checksum is wrong
CAPTCHA = "<html><body><form><p>请输入验证码</p><input name=yzm><img src=code.jsp></form><p>验证码错误</p></body></html>"
HOSTILE = "<script>alert(1)</script>\"><img src=x onerror=alert(2)>'\u202e反"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass
class Office:
    """A service that runs, its desk, the site that it reads."""

    desk: Desk
    site: QuerySite
    visitor: Visitor


def filled(desk: Desk, site: QuerySite, blocked: QuerySite) -> None:
    """Cases of every kind."""
    site.cases = {
        "SH2026000123": Record("SH2026000123", "审核中", id_number=ID_NUMBER, name="测试甲乙"),
        "SH2026000124": Record("SH2026000124", "退回补正", notice="请于12月3日前补交劳动合同复印件"),
        "SH2026000125": Record("SH2026000125", "窗口已收件"),
        "SH2026000126": Record("SH2026000126", HOSTILE),
        "SH2026000127": Record("SH2026000127", "办" * 200_000),
    }
    blocked.answer(FORM, Reply(CAPTCHA))
    desk.add_case(site.form_url, "SH2026000123", name="我的积分", more=f'"证件号码" = "{ID_NUMBER}"\n')
    desk.add_case(site.form_url, "SH2026000124", name="act")
    desk.add_case(site.form_url, "SH2026000125", name="new word")
    # Code is no authority's word unless the case itself says so: the worst that can come onto the page.
    words = f'[cases.labels]\n{json.dumps(HOSTILE)} = "in_review"\n'
    desk.add_case(site.list_url, "SH2026000126", name="hostile", adapter="page", more=words)
    desk.add_case(blocked.form_url, "SH2026000128", name="blocked")


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Runs for the whole session: a test that changes anything takes a case of its own, or a service of its own."""
    with QuerySite() as site, QuerySite("127.0.0.3") as blocked:
        desk = desk_in(tmp_path_factory.mktemp("office"))
        filled(desk, site, blocked)
        with serving(desk, web='base_url = "http://tracker.example.org"\n') as visitor:
            for case, label in (
                ("我的积分", "审核中"),
                ("act", "退回补正"),
                ("new word", "窗口已收件"),
                ("blocked", "captcha"),
            ):
                read(visitor, case, label)
            read(visitor, "hostile", "alert")
            yield Office(desk, site, visitor)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. Without it these tests are no tests: CI must have it.

    For one module only: as long as it runs, its loop stands in the way of every other test's `asyncio.run`.
    """
    place = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if place is None:
        words = "NO CHROMIUM: nobody looked at the page. Install it (apt-get install chromium fonts-noto-cjk), or set CHROMIUM"
        if os.environ.get("CI") == "true":
            pytest.fail(words)
        pytest.skip(words)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=place, args=list(ARGUMENTS))
        yield started
        started.close()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk of the test's own."""
    return Desk(tmp_path)
