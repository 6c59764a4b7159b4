"""What a person meets: a phone and a wide window, light and dark, both languages, no scripts, and sometimes only a keyboard."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.desk import NUMBER, Desk
from tests.sites.query import QuerySite, Record
from tests.web.conftest import CAPTCHA, Office
from tests.web.served import PASSWORD, read, serving

PHONE, WIDE = (390, 844), (1280, 800)
PATHS = (
    "/",
    "/cases/我的积分",
    "/cases/act",
    "/cases/new word",
    "/cases/hostile",
    "/cases/blocked",
    "/cases/act/saw",
    "/saw",
    "/health",
    "/nowhere",
)
Scheme = Literal["light", "dark"]
Look = Callable[..., Page]

# How far the content reaches beyond the window, and what is too small to be tapped.
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL = """[...document.querySelectorAll("button, .button, input:not([type=hidden]), select, textarea, summary, nav a, h2 a")]
    .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43.5).map(e => e.outerHTML.slice(0, 80))"""
# The weakest contrast of any text with the first opaque ground below it.
CONTRAST = """() => {
    const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
    const rgb = color => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
        return canvas.getImageData(0, 0, 1, 1).data; };
    const light = c => [0, 1, 2].map(i => c[i] / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
    const ground = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor);
        if (c[3] === 255) return c; } return [255, 255, 255]; };
    const worst = [];
    for (const e of document.querySelectorAll("body *")) {
        if (e.matches(":disabled") || ![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
        const [a, b] = [light(rgb(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
        worst.push([(a + .05) / (b + .05), e.outerHTML.slice(0, 80)]);
    }
    return worst.sort((x, y) => x[0] - y[0])[0];
}"""


@pytest.fixture
def look(browser: Browser) -> Iterator[Look]:
    """Opens a window: look(PHONE, "dark", scripts=True). Ours never needs scripts; what measures it does."""
    with ExitStack() as stack:

        def opened(size: tuple[int, int] = PHONE, scheme: Scheme = "light", *, scripts: bool = False) -> Page:
            viewport = {"width": size[0], "height": size[1]}
            context = browser.new_context(viewport=viewport, color_scheme=scheme, java_script_enabled=scripts)  # type: ignore[arg-type]
            stack.callback(context.close)
            page = context.new_page()
            page.set_default_timeout(15_000)
            return page

        yield opened


@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "wide"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_fits_its_window_can_be_read_and_tapped(
    office: Office, look: Look, size: tuple[int, int], scheme: Scheme
) -> None:
    page = look(size, scheme, scripts=True)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    for path in PATHS:
        page.goto(office.visitor.url + path)
        assert page.evaluate(OVERFLOW) <= 0, f"{path} scrolls sideways"
        assert page.evaluate(SMALL) == [], path
        contrast, where = page.evaluate(CONTRAST)
        assert contrast >= 4.5, f"{path}: {where}"
    assert [text for text in complaints if "404" not in text] == [], "the policy allows all that a page needs"


def test_a_hostile_page_runs_nothing(office: Office, look: Look) -> None:
    page = look(scripts=True)
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    for path in ("/", "/cases/hostile", "/cases/hostile/saw", "/health"):
        page.goto(office.visitor.url + path)
        assert page.locator("script").count() == 0
        assert page.locator("img:not([src$='icon.svg'])").count() == 0


def test_a_person_with_a_phone_and_no_scripts_does_everything(desk: Desk, site: QuerySite, look: Look) -> None:
    site.cases[NUMBER] = Record(NUMBER, "已受理")
    desk.add_case(site.form_url)
    with serving(desk, language="zh-CN") as visitor:
        read(visitor, "me", "已受理")
        page = look(PHONE, "dark")
        page.goto(visitor.url)
        page.get_by_role("link", name="me", exact=True).click()
        site.move(NUMBER, "审核通过")
        page.get_by_role("button", name="立即查询").click()
        page.get_by_text("有新变化").wait_for()  # it reloads by itself
        page.get_by_role("button", name="对，“审核通过”就是已通过").click()
        page.get_by_text("已记下：“审核通过”表示已通过").wait_for()
        page.get_by_role("link", name="我自己看过了").click()
        page.get_by_role("button", name="办结").click()
        page.get_by_text("人工录入。有新变化").wait_for()
        page.get_by_role("link", name="我自己看过了").click()
        page.get_by_label("粘贴您看到的文字").fill(CAPTCHA)
        page.get_by_role("button", name="读取").click()
        page.get_by_text("没有保存任何内容").wait_for()
        assert page.get_by_text("验证码").count() >= 1
        page.get_by_role("link", name="me", exact=True).click()
        page.get_by_role("button", name="暂停查询").click()
        page.get_by_role("button", name="恢复查询").wait_for()
        message = page.locator(".message").last
        assert not message.is_visible()
        page.locator("summary", has_text="首次读到").click()
        assert message.is_visible(), "what was told can be unfolded"
        assert "已受理" in message.inner_text()


def test_a_keyboard_is_enough(desk: Desk, site: QuerySite, look: Look) -> None:
    site.cases[NUMBER] = Record(NUMBER, "已受理")
    desk.add_case(site.form_url)
    with serving(desk, web=f'password = "{PASSWORD}"\n') as visitor:
        page = look(WIDE, scripts=True)
        page.goto(f"{visitor.url}/cases/me")
        assert page.evaluate("document.activeElement.id") == "password"
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Check now").wait_for()
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        assert page.locator(".skip").bounding_box()["x"] >= 0, "it shows itself"  # type: ignore[index]
        for _ in range(30):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.textContent.trim()") == "Check now":
                break
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        page.keyboard.press("Enter")
        page.get_by_text("Nothing new.").wait_for()
