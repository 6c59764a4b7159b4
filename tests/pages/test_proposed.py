"""Which case would read a page, and why."""

from collections.abc import Callable

import pytest

from tests.pages.made import NUMBER, record, response, table
from tracker.pages.described import describe
from tracker.pages.proposed import Proposal, Wanted, propose

FORM = "<form method=post>受理编号：<input name=slbh>姓名：<input name=xm><input type=submit value=查询></form>"


def proposal(body: str) -> Proposal:
    return propose(describe(response(body)))


def reasons(found: Proposal) -> list[str]:
    return [reason.code for reason in found.reasons]


def test_a_form_is_proposed_with_what_it_asks_for() -> None:
    found = proposal(FORM)
    assert (found.adapter, found.draft, found.url, reasons(found)) == ("form", "form", "http://127.0.0.1/query", [])
    assert found.wanted == (Wanted("受理编号"), Wanted("姓名"))


def test_a_list_brings_its_words_along() -> None:
    options = "<option value=''>请选择</option><option>身份证</option>"
    found = proposal(f"<form>证件号码：<input name=a>证件类型：<select name=b>{options}</select></form>")
    assert found.wanted[1] == Wanted("证件类型", ("身份证",))


def test_what_the_page_has_chosen_already_may_be_changed() -> None:
    found = proposal("<form>证件号码：<input name=a>证件类型：<select name=b><option>身份证<option>护照</select></form>")
    assert found.wanted[1] == Wanted("证件类型", ("身份证", "护照"), "身份证", is_optional=True)
    assert [w.is_constant for w in found.wanted] == [False, False]


def test_a_field_that_nothing_speaks_of_may_be_anothers() -> None:
    found = proposal("<form><input name=k1><p>受理编号：<input name=slbh></p></form>")
    assert found.wanted == (Wanted("k1", is_optional=True), Wanted("受理编号"))


def test_a_case_is_told_from_others_by_its_number_rather_than_by_a_name() -> None:
    found = proposal(record(申请人="测试甲", 办件流水号="HP202611070042", 当前状态="审核中"))
    assert found.wanted == (Wanted("办件流水号"),)
    called = proposal(record(申请人="测试甲", 联系电话号码="139-0000-1111", 当前状态="审核中"))
    assert called.wanted == (Wanted("申请人"),)


def test_what_a_person_should_make_sure_of_is_said() -> None:
    two = "<form action=/a>受理编号：<input name=a></form><form action=/b>受理编号：<input name=b></form>"
    assert (proposal(two).adapter, reasons(proposal(two))) == ("form", ["several_forms"])
    link = "<script>var x</script><form>受理编号：<input name=a><a href='javascript:go()'>查询</a></form>"
    assert (proposal(link).adapter, reasons(proposal(link))) == ("form", ["no_button"])


def test_a_caption_that_is_named_against_another_says_so() -> None:
    rows = (("环节", "办理状态", "时间"), ("受理", "已受理", "2026-11-01"), ("审核", "审核中", "2026-11-20"))
    assert reasons(proposal(f"<p>受理编号：{NUMBER}</p>{table(*rows)}")) == ["answer_only", "label_rivals"]


def test_an_answer_is_proposed_as_a_page_with_what_tells_its_record() -> None:
    found = proposal(record(姓名="测试甲", 受理编号=NUMBER, 办件进展="窗口流转", 最近处理时间="2026-11-20"))
    assert (found.adapter, found.wanted, found.label, found.date) == ("page", (Wanted("受理编号"),), "办件进展", "最近处理时间")
    assert (found.words, reasons(found)) == (("窗口流转",), ["answer_only", "label_named", "label_unknown"])
    assert proposal(record(姓名="测试甲", 当前状态="审核中")).wanted == (Wanted("姓名"),)
    assert proposal(record(当前状态="审核中")).wanted == ()


def test_an_answer_with_the_form_above_it_is_asked_for_by_the_form() -> None:
    found = proposal(FORM + record(受理编号=NUMBER, 办件进展="审核中", 最近处理时间="2026-11-20"))
    assert (found.adapter, found.label, found.date) == ("form", "办件进展", "最近处理时间")


def test_an_answer_with_a_form_that_can_not_be_sent_is_a_page() -> None:
    found = proposal(
        "<form>受理编号：<input name=slbh>验证码<input name=yzm></form>" + record(受理编号=NUMBER, 当前状态="审核中")
    )
    assert found.adapter == "page"


def test_an_account_is_looked_at_by_its_owner() -> None:
    found = proposal(record(受理编号=NUMBER, 办件进展="审核中") + "<a href=out>退出登录</a>")
    assert (found.adapter, found.label, reasons(found)) == ("by_hand", "办件进展", ["logged_in", "label_named"])


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ("<form>受理编号：<input name=slbh>验证码<input name=yzm></form>", ["captcha"]),
        ('<form action="javascript:go()">受理编号：<input name=slbh></form>', ["javascript_action"]),
        ("<form>受理编号：<input id=slbh></form>", ["no_name"]),
        ("<form>受理编号：<input></form>", ["no_name"]),
        ("<form><input id=a title=受理编号 disabled><input name=b title=条目></form>", ["form_unsure"]),
        ("<form action=/a>受理编号：<input name=a></form><form action=/b>受理编号：<input name=a></form>", ["not_alone"]),
        ("<form>姓名：<input type=checkbox name=xm></form>", ["no_fields"]),
        ("<form action=/login>用户名<input name=u>密码<input type=password name=p></form>", ["login"]),
        ("<p>请先登录</p>", ["login"]),
        ("<div id=app></div><script>" + "x=1;" * 200 + "</script>", ["script"]),
        ("<iframe src=a.htm></iframe>", ["leads_on"]),
        ("<p>甲</p>", ["nothing"]),
        (table(("甲", "乙")), ["nothing"]),
    ],
)
def test_what_can_not_be_asked_for_anybody_is_looked_at_by_hand(body: str, codes: list[str]) -> None:
    found = proposal(body)
    assert reasons(found) == codes
    assert found.adapter == ("form" if codes == ["form_unsure"] else "by_hand")


@pytest.mark.parametrize(
    ("url", "kept", "names"),
    [
        (f"https://me:pw@a.example/q;jsessionid=1?slbh={NUMBER}&type=2", "https://a.example/q?type=2", ("slbh",)),
        (f"https://a.example/q?x={NUMBER}&y=1#z", "https://a.example/q?y=1", ("x",)),
        ("https://a.example/q?x=310000199001011234&xm=", "https://a.example/q?xm=", ("x",)),
        ("https://a.example/q?a=%E4%B8%AD&b=1", "https://a.example/q?a=%E4%B8%AD&b=1", ()),
    ],
)
def test_an_address_is_proposed_without_what_finds_a_person(url: str, kept: str, names: tuple[str, ...]) -> None:
    page = response(record(受理编号=NUMBER, 当前状态="审核中"))
    found = propose(describe(type(page)(url, 200, page.content_type, page.body)))
    assert found.url == kept
    assert [r.params["names"] for r in found.reasons if r.code == "url_cut"] == [", ".join(names)] * bool(names)


@pytest.mark.parametrize(
    ("url", "is_told"),
    [
        ("http://progress.example/q", True),
        ("https://progress.example/q", False),
        ("http://127.0.0.1:8901/q", False),
        ("http://localhost/q", False),
        ("http://[::1]/q", False),
        ("", False),
    ],
)
def test_a_way_without_encryption_is_told_of_but_not_on_this_machine(url: str, *, is_told: bool) -> None:
    page = response(FORM)
    found = propose(describe(type(page)(url, 200, page.content_type, page.body)))
    assert ("plain_http" in reasons(found)) is is_told


OTHERS = ("缴费状态", "付款状态", "材料状态", "物流状态", "发票状态", "快递进度", "Payment status", "Document status", "备注")
EMPTY = ("", "—", "&nbsp;", "-")


def lines(**pairs: str) -> str:
    return "".join(f"<p>{caption}：{value}</p>" for caption, value in pairs.items())


def columns(**pairs: str) -> str:
    return table(tuple(pairs), tuple(pairs.values()))


def in_one_row(**pairs: str) -> str:
    return table([part for pair in pairs.items() for part in pair])


@pytest.mark.parametrize("made", [record, columns, lines, in_one_row])
@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("empty", EMPTY)
def test_where_the_cases_status_is_empty_no_other_things_status_is_proposed(
    made: Callable[..., str], other: str, empty: str
) -> None:
    for word in ("已缴费", "审核通过", "已签收"):
        seen = describe(response(made(**{"受理编号": NUMBER, "办理状态": empty, other: word})))
        found = propose(seen)
        assert (seen.status, found.label, found.words) == (None, "", ()), (other, word)
        assert (found.adapter, found.wanted) == ("page", (Wanted("受理编号"),))
        assert reasons(found) == ["answer_only", "status_empty"]
        assert found.reasons[1].params == {"caption": "办理状态"}


def test_where_the_cases_status_is_empty_another_word_for_it_may_be_named_and_that_is_said() -> None:
    found = proposal(record(受理编号=NUMBER, 缴费状态="已缴费", 办理状态="", 流转情况="审核中"))
    assert (found.label, reasons(found)) == ("流转情况", ["answer_only", "status_empty", "label_named"])
    both = proposal(record(受理编号=NUMBER, 缴费状态="已缴费", 办理状态="", 当前环节="审核中"))
    assert (both.label, reasons(both)) == ("当前环节", ["answer_only", "status_empty", "label_rivals"])


def test_without_a_status_of_the_cases_own_another_caption_may_be_named_as_before() -> None:
    found = proposal(record(受理编号=NUMBER, 缴费状态="已缴费"))
    assert (found.label, reasons(found)) == ("缴费状态", ["answer_only", "label_named", "label_unknown"])


def test_an_empty_record_behind_a_form_is_no_news_but_one_of_somebody_is() -> None:
    form = "<form method=post>受理编号：<input name=slbh><input type=submit value=查询></form>"
    assert reasons(proposal(form + record(受理编号="", 办理状态=""))) == []
    assert reasons(proposal(form + record(受理编号=NUMBER, 办理状态="", 缴费状态="已缴费"))) == ["status_empty"]
