"""Pages that other people's programs recorded, where they lie beside this checkout."""

import pytest

from tests.replay import RECORDINGS
from tracker.core.errors import CheckError
from tracker.core.model import Identity, Reading, Reference
from tracker.pages.adapter import Response, read_page

PAGES = RECORDINGS.parent.parent.parent / "shared" / "pages"

pytestmark = pytest.mark.skipif(not PAGES.is_dir(), reason="the pages of other people's programs are not here")


def read(name: str, **values: str) -> Reading:
    return read_page(Response(f"http://127.0.0.1/{name}", 200, "text/html", (PAGES / name).read_bytes()), Reference(values))


def test_the_hukou_account_page_is_read() -> None:
    got = read("sh-jzh-myinfo.html", 姓名="例子")
    assert (got.label, got.identity, got.notice) == ("受理通过", Identity.MATCHED, None)
    assert list(got.details) == ["序号", "用户名", "姓名", "上报时间", "操作"]


def test_the_points_account_page_is_read_with_the_note_beside_it() -> None:
    got = read("sh-jzzjf-home.html", 姓名="例子")
    assert (got.label, got.identity) == ("(续办)等待受理", Identity.MATCHED)
    assert got.notice == "(续办)您的申报信息单位已审核,请携带相关材料去网点进行受理!（网签人员除外）"
    assert got.details["办理类型"] == "(续办)"


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("baidu-gb2312-2010.html", "page_changed/page_changed"),
        ("big5-no-declaration.html", "page_changed/page_changed"),
        ("fs-compareit4me.com-2.html", "page_changed/page_changed"),
        ("mitbbs-meta-gb2312-bytes-utf8.html", "page_changed/page_changed"),
        ("urp-helper-query-gb2312.html", "page_changed/page_changed"),
        ("uscis-2020-valid.html", "page_changed/page_changed"),
        ("uscis-2020-invalid.html", "not_listed/not_listed"),
        ("hailedu-sa-viewstate-captcha.html", "blocked/captcha"),
        ("urp-helper-login-gb2312.html", "blocked/captcha"),
        ("sigaa-br-login-jsf.html", "blocked/login"),
        ("w1000-hu-login-token.html", "blocked/login"),
    ],
)
def test_a_page_without_a_status_is_named(name: str, outcome: str) -> None:
    with pytest.raises(CheckError) as raised:
        read(name)
    assert f"{raised.value.kind}/{raised.value.reason}" == outcome
