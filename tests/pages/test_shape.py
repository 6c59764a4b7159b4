import json

import pytest

from tests.pages.made import NUMBER, PERSON, REFERENCE, record, response, table
from tracker.core.model import ReadHints, Reference
from tracker.pages.contract import Response
from tracker.pages.names import could_be_name
from tracker.pages.shape import MOST, Drift, Place, Shape, compare, json_shape, load, shape, shape_of

CASE = Reference(REFERENCE, "http://127.0.0.1/query")


def of(body: str, *also: str, known: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    return [(caption, kind) for caption, kind in shape(response(body).document, also, known).places]


def answer(value: object, content_type: str = "application/json") -> Response:
    return Response("http://127.0.0.1/query", 200, content_type, json.dumps(value, ensure_ascii=False).encode())


LAYOUTS = {
    "cell beside": record(受理编号=NUMBER, 当前状态="审核中"),
    "column header": table(["受理编号", "当前状态"], [NUMBER, "审核中"]),
    "colon": f"<p>受理编号：{NUMBER} 当前状态：审核中</p>",
    "definition list": f"<dl><dt>受理编号</dt><dd>{NUMBER}</dd><dt>当前状态</dt><dd>审核中</dd></dl>",
    "label": f"<div><label>受理编号</label><div>{NUMBER}</div></div><div><label>当前状态</label><div>审核中</div></div>",
    "beside": f"<p><span>受理编号</span><span>{NUMBER}</span></p><p><span>当前状态</span><span>审核中</span></p>",
    "read-only field": table(["受理编号", f"<input readonly value={NUMBER}>"], ["当前状态", "<input disabled value=审核中>"]),
}


@pytest.mark.parametrize("kind", LAYOUTS)
def test_a_shape_has_each_caption_with_the_kind_of_its_place(kind: str) -> None:
    assert of(LAYOUTS[kind]) == [("受理编号", kind), ("当前状态", kind)]


def test_a_shape_has_the_fields_to_fill_in_but_no_buttons_and_no_value_as_a_caption() -> None:
    fields = table(
        ["受理编号：", "<input name=a>"],
        ["证件类型", "<select name=b><option>居民身份证</select>"],
        ["备注", "<input readonly value=无>"],
    )
    form = "<div><input placeholder=站内搜索></div><form><p><input value=测试乙 name=d></p>"
    form += f"{fields}<p><label><input type=radio name=c>本人</label></p>"
    form += "<input type=submit value=查询></form>"
    assert of(form) == [
        ("站内搜索", "entry field"),
        ("受理编号", "entry field"),
        ("证件类型", "list"),
        ("备注", "cell beside"),
        ("本人", "choice"),
    ]


def test_neither_values_nor_rows_nor_counters_nor_dates_change_a_shape() -> None:
    def page(rows: int, visitors: int, day: str, label: str) -> str:
        listed = [["序号", "受理编号", "状态", "更新日期"], *([str(n), f"SH202600{n:04}", label, day] for n in range(rows))]
        return f"<div>当前时间：{day}　您是第 <b>{visitors}</b> 位访问者</div>{table(*listed)}<p>今日访问：{visitors}</p>"

    assert of(page(2, 1203441, "2026-11-20", "审核中")) == of(page(9, 88, "2026-12-01", "待转办"))
    assert of(page(2, 1, "2026-11-20", "审核中"))[0] == ("当前时间", "colon")


def test_a_redesign_says_what_came_went_and_moved() -> None:
    before = shape(response(record(受理编号=NUMBER, 姓名="测试甲", 当前状态="审核中", 更新日期="2026-11-20")).document)
    after = shape(
        response(record(受理编号=NUMBER, 当前状态="审核中", 办理窗口="三号") + "<p>更新日期：2026-11-20</p>").document
    )
    assert compare(before, after) == Drift(
        came=(Place("办理窗口", "cell beside"),), went=(Place("姓名", "cell beside"),), moved=(Place("更新日期", "colon"),)
    )


def test_captions_in_another_order_have_moved_and_only_those() -> None:
    def row(text: str) -> Shape:
        return Shape(tuple(Place(caption, "colon") for caption in text))

    assert compare(row("甲乙丙丁戊"), row("甲丙丁乙戊")).moved == (Place("乙", "colon"),)
    assert compare(row("甲乙丙"), row("甲乙丙")) == Drift()
    assert compare(row("甲乙"), row("")) == Drift(went=(Place("甲", "colon"), Place("乙", "colon")))
    assert not compare(row(""), row(""))
    assert compare(row("甲"), row("乙"))


def test_the_same_redesign_of_two_cases_is_the_same_drift() -> None:
    def page(label: str, more: str) -> Shape:
        return shape(response(record(受理编号=NUMBER, **{label: "审核中"}) + more).document)

    reason = "<p>退回原因：无</p>"
    one, other = (
        compare(page("当前状态", ""), page("办理状态", "")),
        compare(page("当前状态", reason), page("办理状态", reason)),
    )
    assert one.digest == other.digest
    assert one.digest != compare(page("办理状态", ""), page("当前状态", "")).digest


def test_a_kept_shape_comes_back_the_same_and_its_digest_is_short_and_stable() -> None:
    seen = shape(response(LAYOUTS["cell beside"]).document)
    assert load(seen.dump()) == seen
    assert load(seen.dump()).digest == seen.digest
    assert seen.digest == "2.0980c5b47a47a993"
    assert seen.digest != shape(response(LAYOUTS["colon"]).document).digest


@pytest.mark.parametrize(
    "body",
    [
        "<p>张伟：已受理</p>",
        "<p>Zhang San: in review</p>",
        table(["受理编号：", NUMBER], ["测试甲：", "审核中"]),
        "<dl><dt>欧阳小明</dt><dd>已受理</dd><dt>受理编号</dt><dd>X</dd></dl>",
        f"<p><span>{NUMBER}</span><span>审核中</span></p>",
        "<form><label>李四<input name=a></label></form>",
        "<a href=x>关于办理的通知：今日</a>",
    ],
)
def test_what_could_be_somebodys_is_no_part_of_a_shape(body: str) -> None:
    words = " ".join(caption for caption, _ in of(body, known=("测试甲", NUMBER, PERSON)))
    assert words in {"", "受理编号"}


def test_words_that_nothing_marks_as_a_caption_count_only_where_they_are_known_or_the_case_names_them() -> None:
    body = table(["受理编号", NUMBER], ["流转情况", "审核中"], ["当前状态", "审核中"])
    assert of(body) == [("受理编号", "cell beside"), ("当前状态", "cell beside")]
    assert ("流转情况", "cell beside") in of(body, "流转情况")
    marked = f"<table><tr><th>受理编号</th><td>{NUMBER}</td></tr><tr><th>流转情况</th><td>审核中</td></tr></table>"
    assert ("流转情况", "cell beside") in of(marked)


@pytest.mark.parametrize("name", ["张伟", "王小明", "欧阳小明", "司马懿", "阿依古丽·买买提", "Zhang San", "O'Neil, Mary Ann"])
def test_a_name_is_taken_for_one(name: str) -> None:
    assert could_be_name(name)


@pytest.mark.parametrize("caption", ["当前状态", "流转情况", "审批", "Filing Office", "status", "Last Updated", "", "办理x"])
def test_a_caption_is_taken_for_no_name(caption: str) -> None:
    assert not could_be_name(caption)


def test_the_shape_of_an_answer_in_json_is_the_paths_of_its_values() -> None:
    seen = json_shape(
        {"code": 0, "data": {"statusName": "审核中", "张伟": 1, "id7": 2, "steps": [{"time": "x", "statusName": "y"}]}}
    )
    assert [place.caption for place in seen.places] == ["code", "data.statusName", "data.steps[].statusName"]
    assert {place.kind for place in seen.places} == {"key"}


def test_the_rows_of_a_json_list_are_not_counted_and_null_is_a_value_too() -> None:
    few = json_shape({"data": [{"status": "a"}], "msg": None})
    assert few == json_shape({"data": [{"status": "a", "x": 1}, {"status": "b"}], "msg": "ok"})


def test_the_shape_of_an_answer_is_that_of_its_kind() -> None:
    page = shape_of(response(LAYOUTS["colon"]), CASE)
    assert page is not None
    assert page.places[0] == Place("受理编号", "colon")
    seen = shape_of(answer({"status": "审核中"}), CASE)
    assert seen is not None
    assert seen.places == (Place("status", "key"),)
    assert shape_of(Response("http://127.0.0.1/", 200, "image/png", b"\x89PNG\r\n\x1a\n"), CASE) is None
    assert shape_of(Response("http://127.0.0.1/", 200, "", b"{broken"), CASE) is None


def test_the_captions_that_a_case_reads_by_are_part_of_its_shape() -> None:
    body = response(table(["受理编号", NUMBER], ["流转情况", "审核中"], ["流转日", "2026-11-20"]))
    hints = ReadHints(label="流转情况", date="流转日")
    seen = shape_of(body, Reference(REFERENCE, read=hints))
    assert seen is not None
    assert [p.caption for p in seen.places] == ["受理编号", "流转情况", "流转日"]
    by_css = shape_of(body, Reference(REFERENCE, read=ReadHints(label="css:td")))
    assert by_css is not None
    assert [p.caption for p in by_css.places] == ["受理编号"]


def test_a_page_of_a_thousand_captions_has_a_small_shape() -> None:
    letters = [chr(0x4E00 + n) for n in range(1000)]
    body = "".join(f"<p>结{c}目：无</p>" for c in letters)
    assert len(of(body)) == MOST


def test_what_comes_or_goes_beside_a_record_is_no_redesign_and_a_caption_of_the_record_is() -> None:
    def change(**places: tuple[str, str]) -> Drift:
        return Drift(**{name: (Place(*place),) for name, place in places.items()})

    for place in (("系统公告", "colon"), ("温馨提示", "colon"), ("验证码", "entry field"), ("办理时间", "column header")):
        assert not change(came=place).matters()
        assert not change(went=place).matters()
    assert change(came=("更新时间", "colon")).matters()
    assert change(moved=("当前状态", "column header")).matters()
    assert change(came=("流转情况", "colon")).matters(["流转情况"])
    assert not change(came=("流转情况", "cell beside")).matters()
    assert change(went=("流转情况", "cell beside")).matters()
    assert change(went=("data.lzqk", "key")).matters()
    assert not change(came=("data.servertime", "key")).matters()
