"""`import` and `export`: rows with a report each, all or none; what goes out comes back."""

import json
from pathlib import Path

import pytest

from tests.shell.reading import NUMBER, PERSON, Desk, install_adapter, reading

URL = "http://127.0.0.1:9/"
TWO = f"name,adapter,url,受理编号,证件号码\nanna,form,{URL},SH2026000101,{PERSON}\nberta,page,{URL},SH2026000102,\n"
LIST = {"name": "list", "adapter": "page", "url": URL, "reference": {"受理编号": "SH2026000105"}}
RICH = {
    "name": "both",
    "receivers": ["phone"],
    "promised": "20 workdays",
    "labels": {"待单位审核": {"status": "submitted", "turn": "employer"}, "审核通过": "approved"},
    "sources": [LIST | {"name": "public", "read": {"label": "状态", "details": ["备注", "意见"]}}, LIST],
}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.syspath_prepend(install_adapter(tmp_path / "dist"))
    return Desk(tmp_path)


def put(desk: Desk, text: str | bytes, name: str = "cases.csv") -> str:
    (desk.folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(desk.folder / name)


def names(desk: Desk) -> list[str]:
    return [case["case"] for case in desk.json("list")["cases"]]


def outcomes(desk: Desk, text: str, *more: str) -> list[tuple[str, str]]:
    result = desk.run("import", put(desk, text), "--no-notify", "--json", *more)
    return [(row["case"], row["outcome"]) for row in json.loads(result.stdout)["rows"]]


def test_each_row_is_told_by_its_line_and_all_are_kept(desk: Desk) -> None:
    result = desk.run("import", put(desk, TWO), "--no-notify")
    assert (result.exit_code, result.stdout) == (0, "line 2: anna: added\nline 3: berta: added\n")
    assert "added 2\n" in result.stderr
    assert names(desk) == ["me", "anna", "berta"]
    assert desk.run("import", put(desk, TWO)).stdout == "line 2: anna: unchanged\nline 3: berta: unchanged\n"


def test_a_dry_run_keeps_nothing(desk: Desk) -> None:
    assert outcomes(desk, TWO, "--dry-run") == [("anna", "added"), ("berta", "added")]
    assert names(desk) == ["me"]


WRONG = f"name,adapter,url,受理编号\nanna,form,{URL},SH2026000101\nberta,frm,{URL},SH2026000102\n,form,{URL},SH2026000103\n"


def test_one_wrong_row_stops_all_unless_it_may_be_left_out(desk: Desk) -> None:
    result = desk.run("import", put(desk, WRONG))
    assert desk.code("import", put(desk, WRONG)) == 2
    assert 'line 3: berta: wrong: adapter: no adapter is called "frm"' in result.stdout
    assert "line 4: ?: wrong: name: missing" in result.stdout
    assert "--skip-wrong" in result.stderr
    assert names(desk) == ["me"]
    assert desk.code("import", put(desk, WRONG), "--skip-wrong", "--no-notify") == 0
    assert names(desk) == ["me", "anna"]


def test_what_is_there_with_something_else_is_changed_only_when_asked(desk: Desk) -> None:
    outcomes(desk, TWO)
    desk.run("edit", "anna", "--promised", "20 workdays")
    other = TWO.replace("SH2026000101", "SH2026000109")
    assert outcomes(desk, other) == [("anna", "wrong"), ("berta", "unchanged")]
    assert outcomes(desk, other, "--update") == [("anna", "changed"), ("berta", "unchanged")]
    (tree,) = json.loads(desk.run("export", "anna", "--unmasked").stdout)["cases"]
    assert tree["reference"]["受理编号"] == "SH2026000109"
    assert tree["promised"] == "20 workdays", "what the file has no column for stays"


def test_a_case_of_the_config_file_is_not_changed_by_a_row(desk: Desk) -> None:
    row = f"name,adapter,受理编号\nme,fancy,{NUMBER}9\n"
    result = desk.run("import", put(desk, row), "--update")
    assert f"edit {desk.file}:" in result.stdout
    same = f"name,adapter,受理编号,证件号码\nme,fancy,{NUMBER},{PERSON}\n"
    assert outcomes(desk, same) == [("me", "unchanged")]


def test_rows_of_one_name_are_sources_and_without_a_source_a_mistake(desk: Desk) -> None:
    rows = f"name,source,adapter,url,受理编号\nanna,public,form,{URL},SH1234567\nanna,list,page,{URL},SH1234567\n"
    assert outcomes(desk, rows) == [("anna", "added")]
    assert [s["source"] for s in desk.json("status", "anna")["cases"][0]["sources"]] == ["public", "list"]
    twice = f"name,adapter,url,受理编号\nberta,form,{URL},SH1\nberta,page,{URL},SH2\n"
    assert "name: line 3 has the same" in desk.run("import", put(desk, twice)).stdout


def test_an_adapter_and_an_address_may_be_given_for_all_rows(desk: Desk) -> None:
    rows = "办件;受理编号\nanna;SH2026000101\n".encode("gb18030")
    result = desk.run("import", put(desk, rows), "--adapter", "form", "--url", URL, "--no-notify")
    assert result.stdout == "line 2: anna: added\n"


def test_the_same_reference_twice_and_a_rounded_number_are_warned_of(desk: Desk) -> None:
    rows = f"name,adapter,url,证件号码\nanna,form,{URL},110101199003071000\nberta,form,{URL},110101199003071000\n"
    said = desk.run("import", put(desk, rows), "--dry-run").stderr
    assert "line 2: anna: 证件号码 ends with 000" in said
    assert "anna and berta are asked for by the same reference" in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "this is no JSON"),
        ("[1]", 'this is no list of cases, needed: {"cases": ['),
        ("", "the file is empty"),
        (TWO.partition("\n")[2], "line 1: no column is called “name” or “办件”: the first row must name the columns"),
        (f"name,办件,adapter,url,受理编号\nanna,berta,form,{URL},SH1\n", "line 1: two columns are called “name, 办件”"),
    ],
)
def test_a_file_that_is_none_says_what_is_needed(desk: Desk, text: str, words: str) -> None:
    result = desk.run("import", put(desk, text))
    assert (result.exit_code, words in result.stderr) == (2, True)


@pytest.mark.parametrize("adapter", [["form"], {"name": "form"}, 5, None])
def test_an_adapter_that_is_no_text_is_a_mistake_of_its_case(desk: Desk, adapter: object) -> None:
    cases = [{"name": "anna", "adapter": adapter, "url": URL, "reference": {"受理编号": "SH2026000101"}}]
    shown = desk.run("import", put(desk, json.dumps({"cases": cases}))).stdout
    assert shown.startswith("no. 1: anna: wrong: adapter: ")


@pytest.mark.parametrize("kind", ["json", "csv", "xlsx"])
def test_what_is_exported_whole_is_imported_whole(desk: Desk, tmp_path: Path, kind: str) -> None:
    desk.run("import", put(desk, json.dumps({"cases": [RICH]})), "--no-notify")
    desk.run("import", put(desk, TWO), "--no-notify")
    out = tmp_path / f"out.{kind}"
    assert desk.run("export", "anna", "both", "--format", kind, "--unmasked", "--output", str(out)).exit_code == 0
    assert out.stat().st_mode & 0o777 == 0o600
    (tmp_path / "other").mkdir()
    other = Desk(tmp_path / "other")
    rows = json.loads(other.run("import", str(out), "--no-notify", "--json").stdout)["rows"]
    assert {row["outcome"] for row in rows} == {"added"}
    whole = [json.loads(d.run("export", "anna", "both", "--unmasked").stdout)["cases"] for d in (desk, other)]
    assert sorted(whole[0], key=str) == sorted(whole[1], key=str)


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_a_masked_export_hides_references_and_is_not_taken_back(desk: Desk, kind: str) -> None:
    desk.run("import", put(desk, TWO), "--no-notify")
    shown = desk.run("export", "--format", kind).stdout
    for personal in (NUMBER, PERSON, "SH2026000101"):
        assert personal not in shown
    masked = put(desk, shown.replace("anna", "new"), f"masked.{kind}")
    assert "new: wrong: reference.受理编号: the value is masked: export with --unmasked" in desk.run("import", masked).stdout
    assert desk.code("import", masked) == 2


def test_a_table_shows_what_is_known_and_obeys_no_page(desk: Desk) -> None:
    desk.keep(reading("=HYPERLINK(1)"))
    header, row = desk.run("export", "me", "--format", "csv").stdout.lstrip("\ufeff").splitlines()
    assert "label,status,turn,since,last_read_at" in header
    assert "'=HYPERLINK(1)" in row


def test_a_mistake_is_told_once_in_either_language(tmp_path: Path) -> None:
    chinese = Desk(tmp_path, 'language = "zh-CN"\n')
    shown = chinese.run("import", put(chinese, f"name,adapter,url,受理编号\n,form,{URL},SH2026000103\n")).stdout
    assert shown == "第 2 行：?：有误：name：缺失：每行都需要一个自己的简短名称\n"
