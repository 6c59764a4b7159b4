"""Words that a person passes on: the status under its caption, else the words themselves, never a message about the site."""

import pytest

from tests.pages.made import NUMBER, PERSON, REFERENCE, record, response
from tracker.core.errors import Blocked, CheckError, Mismatched, NotListed, PageChanged, Unavailable
from tracker.core.model import Identity, Reading, Reference
from tracker.pages.contract import Response
from tracker.pages.plain import count_records, read_text


def said(text: str, **values: str) -> Reading:
    return read_text(text, Reference(values or REFERENCE))


def test_a_status_under_its_caption_is_taken_with_the_rest() -> None:
    reading = said(f"受理编号：{NUMBER}\n\n当前状态：审核中\n备注：请耐心等待")
    assert (reading.label, reading.identity) == ("审核中", Identity.MATCHED)


def test_without_a_caption_the_words_are_taken_as_they_stand() -> None:
    reading = said("  您的积分申请\n 已受理 ")
    assert (reading.label, reading.identity) == ("您的积分申请 已受理", Identity.NOT_SHOWN)


def test_words_that_repeat_the_number_or_the_name_are_the_cases_own() -> None:
    assert said(f"您的申请{NUMBER}已受理").identity is Identity.MATCHED
    assert said("测试甲，您的申请已受理").identity is Identity.MATCHED


def test_words_are_cut_where_a_label_is() -> None:
    assert len(said("已受理" * 200).label) == 300


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("系统维护中，请稍后再试", Unavailable),
        ("未查询到相关记录", NotListed),
        ("验证码输入错误", Blocked),
        ("请先登录", Blocked),
        ("2026-11-20", PageChanged),
        ("", PageChanged),
        ("当前状态：审核中\n办理结果：不予受理", PageChanged),
    ],
)
def test_what_can_be_no_status_is_named(text: str, kind: type[CheckError]) -> None:
    with pytest.raises(kind):
        said(text)


def test_another_persons_number_is_refused() -> None:
    with pytest.raises(Mismatched):
        said("证件号310000198001015678的申请已受理", 证件号码=PERSON)


@pytest.mark.parametrize("text", ["SH2026999999 审核通过", "您的业务sh2025000001已审核通过"])
def test_another_cases_number_is_refused(text: str) -> None:
    with pytest.raises(Mismatched):
        said(text, 受理编号=NUMBER)


def test_a_number_of_another_shape_is_nobodys_case() -> None:
    for text in ("已受理，咨询电话 4008001234", "已受理，凭证号 A20260001234", "已受理，详情 progress2026"):
        assert said(text, 受理编号=NUMBER).identity is Identity.NOT_SHOWN
    assert said("已受理，咨询电话 4008001234", 受理编号="2026000123").identity is Identity.NOT_SHOWN
    with pytest.raises(Mismatched):
        said("2026000999 已受理", 受理编号="2026000123")
    assert said(f"{NUMBER}已受理，同批 SH2026000999", 受理编号=NUMBER).identity is Identity.MATCHED


def test_of_two_numbers_one_is_enough_and_another_persons_beside_it_is_refused() -> None:
    both = {"受理编号": NUMBER, "业务编号": "SH2026000777"}
    assert said("SH2026000777 已受理", **both).identity is Identity.MATCHED
    with pytest.raises(Mismatched):
        said(f"{NUMBER}：310000198001015678的申请已受理", 受理编号=NUMBER, 证件号码=PERSON)


def test_records_are_counted_by_their_statuses() -> None:
    rows = "".join(f"<tr><td>SH202600010{n}</td><td>审核中</td></tr>" for n in range(3))
    assert count_records(response(f"<table><tr><th>受理编号</th><th>当前状态</th></tr>{rows}</table>")) == 3
    assert count_records(response(record(受理编号=NUMBER, 当前状态="审核中"))) == 1
    assert count_records(response("<p>欢迎</p>")) == 0
    rows = '{"status": "ok", "rows": [{"status": "审核中"}, {"zt": "办结"}, {"status": ""}, {"x": 1}]}'
    assert count_records(Response("", 200, "application/json", rows.encode())) == 2
    assert count_records(Response("", 200, "application/json", rows[:40].encode())) == 0
