"""What a browser does not show, where one value ends, and small things of a layout that the score sheet's pages brought up."""

import pytest

from tests.pages.made import NUMBER, read, record, table
from tracker.core.errors import CheckError, PageChanged
from tracker.core.model import Identity, ReadHints
from tracker.pages.looks import hidden_by

MINE = {"受理编号": NUMBER}
LOOSE = "<div><p><strong><div>受理编号</div></strong> SH2026000123<p><strong><div>状态</div></strong> <b>审核中</b>"
ABOVE = f"<p>受理编号：{NUMBER}</p>"


@pytest.mark.parametrize(
    "element",
    [
        "<div class=layui-hide>",
        "<div class='row d-none'>",
        "<div class=hidden>",
        "<div class=hide>",
        "<div class='modal fade'>",
        "<dialog>",
        "<div style='position:absolute;left:-9999px'>",
        "<div style='height:0;overflow:hidden'>",
        "<div style='opacity:0'>",
        "<style>.zz{display:none}</style><div class=zz>",
        "<style>#zz { display : none; }</style><div id=zz>",
        "<style>.a .zz, .zz {display:none}</style><div class=zz>",
        "<style>@media screen {.zz {display:none}} </style><div class=zz>",
        "<div class='am-hide'>",
        "<div class='invisible'>",
    ],
)
def test_what_is_hidden_is_not_read(element: str) -> None:
    with pytest.raises(CheckError):
        read(f"{ABOVE}{element}<p>办理状态：已办结</p></dialog></div><p>窗口：A1</p>", MINE)


@pytest.mark.parametrize(
    "element",
    [
        "<div class='d-none d-md-block'>",
        "<div class='hidden sm:block'>",
        "<div class=hidden-xs>",
        "<div class='modal fade in'>",
        "<dialog open>",
        "<div style='opacity:0.9'>",
        "<style></style><style>@media print { .zz { display:none } } .z{color:red}</style><div class=zz>",
        "<style>.zz{display:none} .zz.on{display:block}</style><div class='zz on'>",
        "<style>@media screen and (max-width: 600px) {.zz {display:none}}</style><div class=zz>",
    ],
)
def test_what_is_hidden_only_elsewhere_is_read(element: str) -> None:
    assert read(f"{ABOVE}{element}<p>办理状态：已办结</p></dialog></div>", MINE).label == "已办结"


def test_a_sheet_hides_what_it_names_alone() -> None:
    assert hidden_by("/* .a{ */ .a, #b , .c d {display:none} } .e{color:red}") == {"a", "b"}
    assert hidden_by("@media screen{.a{display:none}} .b{display:none}") == {"a", "b"}


@pytest.mark.parametrize(
    "body",
    [
        ABOVE + "<div><p>状态：</p><b>审核中</b> <i></i> 其他情况</div>",
        ABOVE + "<p>状态：审核中 <i></i> 2026-11-20</p>",
        f"<div>受理编号：<div>{NUMBER}</div></div><div>状态：<div>审核中 <i></i> 第二轮</div></div>",
        ABOVE + "<p><span>状态：初审</span> <span>未通过</span></p>",
        LOOSE + "<p><strong><div></div></strong> 2026-11-20</div>",
    ],
)
def test_a_value_does_not_go_on_where_a_caption_may_have_stood(body: str) -> None:
    with pytest.raises(PageChanged):
        read(body, MINE)


@pytest.mark.parametrize(
    "value",
    [
        "审核中 <i class=icon></i>",
        "<i></i>审核中",
        "审核中 <a><i></i> 查看</a>",
        "<img src=a>审核<img src=b>中",
        "<span>审核</span><span>中</span>",
    ],
)
def test_icons_and_pictures_part_no_value(value: str) -> None:
    assert read(f"{ABOVE}<p>状态：{value}</p>", MINE).label == "审核中"


def test_lines_of_a_pre_are_lines() -> None:
    pre = "<pre>Case Number: A-2026-0456\nApplication Date: 04 June 2026\nPayment Status: Closed</pre>"
    with pytest.raises(CheckError):
        read(pre, {"Case Number": "A-2026-0456"})
    got = read(pre.replace("Payment", "Case"), {"Case Number": "A-2026-0456"})
    assert (got.label, got.details["Application Date"]) == ("Closed", "04 June 2026")


def test_the_end_of_a_longer_caption_is_no_status_caption() -> None:
    with pytest.raises(CheckError):
        read("<p>Application Date: 04 June 2026 Payment Status: Closed</p>", {})
    assert read("<p>Name: Ben Status: Closed</p>", {}).label == "Closed"


def test_a_status_word_before_a_day_is_a_caption() -> None:
    body = "<div>Application ID: A-2026-0456<br>Application status: Approved<br>Submitted: 2026-05-01</div>"
    assert read(body, {"Application ID": "A-2026-0456"}).label == "Approved"


def test_the_next_pair_ends_a_value_also_where_its_caption_is_unknown() -> None:
    within = "<div><p>受理编号：<div>SH2026000123</div></p><p>流程现况：已退件</p></div>"
    assert read(within, MINE, ReadHints(label="流程现况")).identity is Identity.MATCHED
    before = f"<div><div>Estado</div>：<b>审核中</b><br><div>受理编号</div>： {NUMBER}<br><div>Pasaporte</div>： 7</div>"
    assert dict(read(before, MINE, ReadHints(label="Estado")).details)["受理编号"] == NUMBER
    bold = "<p><strong>受理编号</strong> <div>SH2026000123</div></p><p><strong>去向</strong> <div>甲</div></p>"
    assert read(f"<div>{bold}<p><strong>状态</strong> 审核中</p></div>", MINE).identity is Identity.MATCHED


def test_captions_and_values_row_by_row_go_on_where_one_caption_is_unknown() -> None:
    rows = [["受理编号", "姓名"], [NUMBER, "测试甲"], ["备注", "去向"], ["请携带原件到窗口", "三楼"], ["当前状态", "更新日期"]]
    got = read(table(*rows, ["审核中", "2026-11-20"]))
    assert (got.label, got.notice) == ("审核中", "请携带原件到窗口")


def test_captions_that_the_case_names_end_a_row_of_values() -> None:
    rows = [
        ["gamma", "申請者", "状況"],
        ["甲一号", "中サンプル", "書類確認中"],
        ["最終日", "旅券", "有効"],
        ["2026-10-01", "E1", ""],
    ]
    hints = ReadHints(label="状況", date="最終日")
    got = read(table(*rows).replace("gamma", "受付"), {"受付": "甲一号"}, hints)
    assert (got.label, str(got.reported_on)) == ("書類確認中", "2026-10-01")


def test_a_status_is_never_guessed_at_in_stacked_rows() -> None:
    rows = [["受理编号", "姓名"], [NUMBER, "测试甲"], ["状态", "去向"], ["窗口叫号", "三楼"]]
    with pytest.raises(PageChanged):
        read(table(*rows))


@pytest.mark.parametrize(
    "beside",
    [
        "<div class=tips><h4>注意事项</h4><p>1、状态为“已受理”的，表示材料已经收到。</p><p>2、请勿频繁查询。</p></div>",
        "<p><b>000-50800814</b></p>",
    ],
)
def test_items_of_advice_and_bare_numbers_are_no_notice(beside: str) -> None:
    assert read(f"<div>{record(受理编号=NUMBER, 当前状态='审核中')}</div>{beside}", MINE).notice is None


def test_pairs_beside_the_record_are_no_notice() -> None:
    body = f"<section><div><em>申请事项：</em><b>人才引进落户</b></div></section>{record(受理编号=NUMBER, 当前状态='审核中')}"
    assert read(body, MINE).notice is None


@pytest.mark.parametrize("icon", ["<i class=icon>&#xe605;</i>", "<span>&#xf0012;</span>"])
def test_the_glyph_of_an_icon_font_is_no_text(icon: str) -> None:
    assert read(f"{ABOVE}<p>办理状态：{icon}审核中</p>", MINE).label == "审核中"
    assert read(table(("受理编号", NUMBER), ("办理状态", f"{icon}审核中")), MINE).label == "审核中"
