import pytest

from tests.pages.made import NUMBER, response, table
from tracker.pages.captions import pairs


def found(body: str, *also: str, whole: bool = True) -> list[tuple[str, str]]:
    return [(p.caption, p.value) for p in pairs(response(body, whole=whole).document, frozenset(also))]


def records(body: str) -> list[dict[str, str]]:
    by_number: dict[int, dict[str, str]] = {}
    for pair in pairs(response(body).document):
        by_number.setdefault(pair.record, {})[pair.caption] = pair.value
    return list(by_number.values())


BOTH = [("受理编号", NUMBER), ("当前状态", "待转办")]

ROWS = table(["受理编号", NUMBER], ["当前状态", "待转办"])
COLUMNS = table(["受理编号", "当前状态"], [NUMBER, "待转办"])
LAYOUTS = {
    "th and td": f"<table><tr><th>受理编号</th><td>{NUMBER}</td></tr><tr><th>当前状态</th><td>待转办</td></tr></table>",
    "th and td along a row": f"<table><tr><th>受理编号</th><td>{NUMBER}</td><th>当前状态</th><td>待转办</td></tr></table>",
    "plain cells": table(["受理编号", NUMBER], ["当前状态", "待转办"]),
    "plain cells in turns": table(["受理编号", NUMBER, "当前状态", "待转办"]),
    "cells with colons": table(["受理编号：", NUMBER], ["当前状态:", "待转办"]),
    "caption broken by br": table(["受理<br/>编号", f"&nbsp;{NUMBER}"], ["当前<br>状态", "&nbsp;待转办<!-- 备注 -->\n\n\n"]),
    "spaced captions": table(["受 理 编 号", NUMBER], ["当前　状态*", "待转办"]),
    "a title row above": f"<table><tr><td colspan=2>办件信息</td></tr>{ROWS[7:]}",
    "a group of rows": f"<table><tr><td rowspan=2>办件</td><td>受理编号</td><td>{NUMBER}</td></tr>"
    "<tr><td>当前状态</td><td>待转办</td></tr></table>",
    "header row": table(["受理编号", "当前状态"], [NUMBER, "待转办"]),
    "header row of th": f"<table><tr><th>受理编号</th><th>当前状态</th></tr><tr><td>{NUMBER}</td><td>待转办</td></tr></table>",
    "header row under a title": f"<table><tr><td colspan=2>办件</td></tr>{COLUMNS[7:]}",
    "header in one table, data in the next": table(["受理编号", "当前状态"]) + table([NUMBER, "待转办"]),
    "a table in a cell": f"<table><tr><td>{table(['受理编号', NUMBER], ['当前状态', '待转办'])}</td></tr></table>",
    "colons in one text": f"<p>受理编号：{NUMBER} 当前状态：待转办</p>",
    "colons, half width": f"<p>受理编号: {NUMBER} 当前状态 :待转办</p>",
    "colons and semicolons": f"<p>受理编号：{NUMBER}；当前状态：待转办；</p>",
    "colons on lines": f"<div>受理编号：{NUMBER}<br>当前状态：待转办</div>",
    "colons in cells": table([f"受理编号：{NUMBER}", "当前状态：待转办"]),
    "colon and bold value": f"<p>受理编号：<b>{NUMBER}</b></p><p>当前状态：<b>待</b>转<i>办</i></p>",
    "spaced letters before a colon": f"<p>受理 编号：{NUMBER} 当前 状态：待转办</p>",
    "caption and value on two lines": f"<p>受理编号：<br>{NUMBER}</p><p>当前状态：<br>待转办</p>",
    "dl": f"<dl><dt>受理编号</dt><dd>{NUMBER}</dd><dt>当前状态</dt><dd><i>待</i>转办</dd></dl>",
    "spans": f"<p><span>受理编号</span><span>{NUMBER}</span></p><p><span>当前状态</span><span>待转办</span></p>",
    "spans by class": f"<p><i class=label>受理编号</i><i>{NUMBER}</i></p><p><i class=label>当前状态</i><i>待转办</i></p>",
    "label and div": f"<div><label>受理编号</label><div>{NUMBER}</div></div>"
    "<div><label>当前状态</label><div>待转办</div></div>",
    "divs in divs": f"<div><div>受理编号</div><div>{NUMBER}</div></div><div><div>当前状态</div><div>待转办</div></div>",
    "divs in wrapped divs": f"<div><div><p>受理编号</p></div><div><p>{NUMBER}</p></div></div>"
    "<div><div><p>当前状态</p></div><div><p>待转办</p></div></div>",
    "divs in a row": f"<div><div class=k>受理编号</div><div>{NUMBER}</div><div class=k>当前状态</div><div>待转办</div></div>",
    "caption with colon above": f"<div><div>受理编号：</div><div>{NUMBER}</div></div>"
    "<div><div>当前状态：</div><div>待转办</div></div>",
    "a colon between spans": f"<p><span>受理编号</span>：<span>{NUMBER}</span></p>"
    "<p><span>当前状态</span> : <span>待转办</span></p>",
    "a colon before the value": f"<p><label>受理编号</label><i>：{NUMBER}</i></p><p><label>当前状态</label><i>：待转办</i></p>",
    "a colon in a cell of its own": table(["受理编号", "：", NUMBER], ["当前状态", ":", "待转办"]),
    "values in tables of their own": table(["受理编号：", table([NUMBER])], ["当前状态：", table(["待转办"])]),
    "commas between pairs": f"<p>受理编号：{NUMBER}，当前状态：待转办</p>",
    "half-width semicolons": f"<p>受理编号:{NUMBER};当前状态:待转办;</p>",
    "in a sentence": f"<p>您查询的办件（受理编号：{NUMBER}）当前状态：待转办</p>",
    "fields behind colons": f"<p>受理编号：<input readonly value={NUMBER}></p><p>当前状态：<input readonly value=待转办></p>",
    "fields in a disabled group": f"<form><fieldset disabled>受理编号：<input value={NUMBER}>"
    "当前状态：<input value=待转办></fieldset></form>",
    "a record with a field to fill in": f"<form><p>受理编号：<input readonly value={NUMBER}></p>"
    "<p>当前状态：<input readonly value=待转办></p><p>留言：<textarea name=t></textarea></form>",
    "read-only fields": table(["受理编号", f"<input readonly value={NUMBER}>"], ["当前状态", "<input disabled value=待转办>"]),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_caption_and_its_value_are_found_in_every_layout(layout: str) -> None:
    assert found(LAYOUTS[layout]) == BOTH


DOUBTFUL = {
    "one row of two words": table(["状态", "窗口"]),
    "captions unknown, values unknown": table(["办理状态", "叫号"], ["待转办", "甲"]),
    "steps side by side": table(["办理进度", "受理", "初审", "复审"]),
    "steps side by side, odd": table(["办理进度", "受理", "初审"]),
    "a field to choose": f"<form>{table(['状态', '<select name=z><option>全部<option>审核中</select>'])}</form>",
    "a field to choose behind a colon": "<form><p>状态：<select name=z><option>全部</select></p></form>",
    "a field to choose beside a label": "<form><div><label>状态</label><div>全部<input name=z></div></div></form>",
    "radio buttons": "<form><p>状态：<input type=radio name=z>已受理<input type=radio name=z>审核中</p></form>",
    "a heading and a sentence": "<div><div>办理进度</div><p>查询您的申请</p></div>",
    "a bold heading and a sentence": "<p><b>办理进度</b>查询您的申请</p>",
    "headings of a portal": "<dl><dt>办理进度</dt><dd>查询</dd></dl><dl><dt>办理结果</dt><dd>查询</dd></dl>",
    "links": "<p><a href=/a>办理进度</a><a href=/b>政策法规</a></p>",
    "two values without an end": "<div><div>状态</div><div>初审</div><div>未通过</div></div>",
    "an unknown caption behind the value": "<div><label>状态</label><div>初审</div><div>未通过</div></div>",
    "a section of many blocks": "<div><label>状态</label><div><p>初审</p><p>未通过</p></div></div>",
    "a section of many blocks below": "<div><div>状态</div><div><p>初审</p><p>未通过</p></div></div>",
    "the next caption at once": "<div><label>状态</label><div>更新日期</div></div>",
    "a list to choose from": "<form>受理编号：<input name=n>状态：<input readonly value=审核中><input type=submit></form>",
    "a pair as the value": "<div><label>状态</label><div>备案号：甲</div></div>",
    "nothing behind": "<div><p>其他</p><label>状态</label></div>",
    "another part of a word": "<p>系统状态：</p>",
}


@pytest.mark.parametrize("case", DOUBTFUL)
def test_a_caption_whose_value_is_in_doubt_has_none(case: str) -> None:
    assert not [value for caption, value in found(DOUBTFUL[case]) if caption in {"状态", "办理状态", "办理进度"} and value]


def test_each_row_under_captions_is_a_record() -> None:
    body = table(["受理编号", "状态"], [NUMBER, "待转办"], ["SH2026000999", "办结"], ["", ""])
    assert records(body) == [{"受理编号": NUMBER, "状态": "待转办"}, {"受理编号": "SH2026000999", "状态": "办结"}]


def test_captions_twice_across_a_row_make_two_records_a_row() -> None:
    body = table(
        ["序号", "姓名", "状态"] * 2, ["1", "测试甲", "待转办", "2", "测试乙", "办结"], ["3", "测试丙", "补正", "", "", ""]
    )
    assert [r["姓名"] for r in records(body)] == ["测试甲", "测试乙", "测试丙"]


def test_a_label_that_we_know_tells_which_way_a_table_runs() -> None:
    assert found(table(["状态", "窗口"], ["审核中", "三楼"])) == [("状态", "审核中"), ("窗口", "三楼")]
    assert ("状态", "审核中") in found(table(["状态", "审核中"], ["窗口", "三楼"]))
    assert found(table(["状态", "窗口"]) + table(["审核中", "三楼"])) == [("状态", "审核中"), ("窗口", "三楼")]


def test_rows_alike_tell_which_way_a_table_runs() -> None:
    assert found(table(["姓名", "测试甲"], ["状态", "待转办"])) == [("姓名", "测试甲"), ("状态", "待转办")]
    assert ("状态", "待转办") in found(table(["受理编号", NUMBER], ["状态", "待转办"]))
    assert ("窗口", "三楼") in found(table(["受理编号", NUMBER], ["窗口", "三楼"], ["更新日期", "2026-11-20"]))


def test_a_value_that_is_also_a_caption_word_does_not_turn_the_table() -> None:
    body = table(["办理事项", "积分", "状态", "审核中"], ["受理编号", NUMBER, "更新日期", "2026-11-20"])
    assert ("状态", "审核中") in found(body)
    assert found(table(["受理编号", "姓名", "状态", "办理网点"], ["暂无数据"])) == []
    assert found(table(["受理编号", "姓名", "状态", "办理网点"], ["甲", "乙", "丙"])) == []


def test_a_spanned_cell_is_not_put_under_one_caption() -> None:
    body = "<table><tr><td>受理编号</td><td>姓名</td><td>状态</td></tr><tr><td colspan=2>甲</td><td>待转办</td></tr></table>"
    assert found(body) == [("状态", "待转办")]


def test_captions_of_a_case_count_as_known() -> None:
    assert ("流转情况", "待转办") in found(table(["流转情况", "待转办"], ["受理编号", NUMBER]), "流转情况")


def test_rows_that_do_not_fit_their_captions_are_marked() -> None:
    ragged = table(["受理编号", "状态"], [NUMBER, "待转办"], ["甲", "乙", "丙"])
    assert all(p.ragged for p in pairs(response(ragged).document))
    ended = table(["受理编号", "状态"], [NUMBER, "待转办"], ["共 1 条"])
    assert not any(p.ragged for p in pairs(response(ended).document))


def test_blocks_with_a_status_each_are_records_of_their_own() -> None:
    card = "<div><p>受理编号：{}</p><p>当前状态：{}</p></div>"
    body = card.format(NUMBER, "待转办") + card.format("SH2026000999", "办结")
    assert records(body) == [{"受理编号": NUMBER, "当前状态": "待转办"}, {"受理编号": "SH2026000999", "当前状态": "办结"}]


def test_the_same_status_said_twice_is_one_record() -> None:
    body = f"<h3>当前状态：待转办</h3>{table(['受理编号', NUMBER], ['当前状态', '待转办'])}"
    assert len({p.record for p in pairs(response("<p>状态：甲</p><p>状态：甲</p>").document)}) == 1
    assert len({p.record for p in pairs(response(body).document)}) == 2  # the table shows whose it is, the heading does not


def test_a_value_goes_on_until_the_next_caption() -> None:
    assert found("<p>当前状态：初审<span>未通过</span>，材料不全</p>") == [("当前状态", "初审未通过，材料不全")]
    assert found("<p>当前状态：初审；材料不全</p>") == [("当前状态", "初审；材料不全")]
    assert found("<p>状态：In review<b>now</b></p>") == [("状态", "In review now")]


def test_a_known_caption_ends_the_value_before_it() -> None:
    assert found("<p>当前状态：初审<span>未通过</span>，原因：材料不全</p>") == [
        ("当前状态", "初审未通过"),
        ("原因", "材料不全"),
    ]
    assert found("<p>说明甲；乙；当前状态：初审；材料不全；丙</p>") == [("当前状态", "初审；材料不全；丙")]


def test_words_before_a_caption_belong_to_it() -> None:
    assert found("<p>系统 状态：正常</p>") == [("系统状态", "正常")]
    assert found("<p><b>系统</b>状态：正常</p>") == [("系统状态", "正常")]
    assert found("<p>1。<br>状态：待转办</p>") == [("状态", "待转办")]
    assert found("<p>说明甲。；状态：待转办</p>") == [("状态", "待转办")]


def test_times_and_addresses_are_no_captions() -> None:
    assert found("<p>申请时间：2026-11-20 10:30:00 http://127.0.0.1/a</p>") == [
        ("申请时间", "2026-11-20 10:30:00 http://127.0.0.1/a")
    ]
    assert found("<p>http://127.0.0.1/a</p>") == []


def test_english_captions_have_several_words() -> None:
    assert found("<p>Case Number: A1 Current Status: In review</p>") == [("Case Number", "A1"), ("Current Status", "In review")]


def test_a_chosen_option_nobody_may_change_is_a_value() -> None:
    body = "<form><label>状态</label><select disabled><option>甲<option selected>待转办</select></form>"
    assert found(body) == [("状态", "待转办")]


@pytest.mark.parametrize(
    ("source", "closed"),
    [
        ("<html><body><table><tr><td>受理编号</td><td>甲1</td></tr><tr><td>状态</td><td>待转", False),
        ("<html><body><table><tr><td>受理编号</td><td>甲1</td></tr><tr><td>状态</td><td>待转办</td></tr>", False),
        ("<html><body><table><tr><td>受理编号</td><td>甲1</td></tr><tr><td>状态</td><td>待转办</td></tr></table><p>", True),
        ("<dl><dt>受理编号</dt><dd>甲1</dd><dt>状态</dt><dd>待转", False),
        ("<html><body>状态：待转", False),
        ("<html><body>状态：待转办</body></html>", True),
    ],
)
def test_a_value_is_closed_when_the_source_goes_on_behind_it(source: str, closed: bool) -> None:
    last = [p for p in pairs(response(source, whole=False).document) if p.key == "状态"]
    assert [p.closed for p in last] == [closed]


def test_a_field_whose_caption_is_a_sentence_is_no_pair() -> None:
    assert found("<form><label>请核对2026年的信息。</label><input readonly value=甲></form>") == []


def test_what_stands_outside_of_the_blocks_belongs_to_none() -> None:
    card = "<div><p>受理编号：{}</p><p>当前状态：{}</p></div>"
    body = f"<p>姓名：测试甲</p>{card.format(NUMBER, '待转办')}{card.format('甲1', '办结')}"
    numbers = {p.caption: p.record for p in pairs(response(body + table(["序号", "环节"], ["1", "受理"])).document)}
    assert numbers["姓名"] == 0
    assert len({numbers["当前状态"], numbers["姓名"], numbers["环节"]}) == 3


def test_a_row_with_a_label_for_a_caption_is_not_read_in_turns() -> None:
    assert found(table(["受理编号", NUMBER, "初审", "三号窗口"])) == []
    assert found(table(["受理编号", NUMBER, "网点电话簿", "三号窗口"])) == [("受理编号", NUMBER)]


def test_a_row_of_captions_nobody_knows_is_read_like_the_pairs_above_it_however_wide_their_values() -> None:
    wide = "<tr><td>{}</td><td colspan=3>{}</td></tr>"
    rows = [("受理编号", NUMBER, "姓名", "测试甲"), ("受理街镇", "乙街", "承诺办结日", "2026-12-04")]
    first, second = ("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in rows)
    cells = first + wide.format("事项名称", "甲事项") + second + wide.format("近况", "在办")
    assert found(f"<table>{cells}</table>")[2:] == [
        ("事项名称", "甲事项"),
        ("受理街镇", "乙街"),
        ("承诺办结日", "2026-12-04"),
        ("近况", "在办"),
    ]


def test_a_row_as_wide_that_has_no_value_for_each_caption_is_no_row_of_pairs() -> None:
    odd = "<tr><td>甲项</td><td>乙项</td><td colspan=2>丙项</td></tr>"
    assert found(f"<table><tr><td>受理编号</td><td>{NUMBER}</td><td>姓名</td><td>测试甲</td></tr>{odd}</table>") == [
        ("受理编号", NUMBER),
        ("姓名", "测试甲"),
    ]
