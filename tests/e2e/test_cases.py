"""Cases of the store from end to end: imported and told once, snoozed, shown by a person, seen in two places."""

from pathlib import Path

import pytest

from tests.e2e.desk import NUMBER, Desk, wait_for
from tests.e2e.test_service import is_ready, serving, stopped
from tests.shell.receivers import Phone
from tests.sites.query import QuerySite, Record

NUMBERS = ["SH2026000301", "SH2026000302", "SH2026000303"]


@pytest.fixture
def many(tmp_path: Path, desk: Desk, site: QuerySite) -> Path:
    """Three cases in a file, as a spreadsheet in China writes it; the site asks something of the third."""
    for number in NUMBERS:
        site.cases[number] = Record(number)
    site.cases[NUMBERS[2]] = Record(NUMBERS[2], "待补正")
    rows = [f"c{n},form,{site.form_url},{number}" for n, number in enumerate(NUMBERS, 1)]
    file = tmp_path / "cases.csv"
    file.write_bytes("\r\n".join(["name,adapter,url,受理编号", *rows]).encode("gb18030"))
    desk.cases.clear()
    return file


def test_a_case_that_is_added_while_the_service_runs_on_an_empty_store_is_asked_and_told(
    desk: Desk, site: QuerySite, phone: Phone
) -> None:
    desk.cases.clear()
    with serving(desk) as process:
        wait_for(lambda: is_ready(desk))
        added = desk.run("add", "me", "--adapter", "form", "--url", site.form_url, "--reference", f"受理编号={NUMBER}")
        assert added.code == 0, added.err
        wait_for(lambda: len(phone.texts) == 1)
        stopped(process)


def test_an_import_is_told_once_and_first_readings_only_where_something_is_asked(desk: Desk, phone: Phone, many: Path) -> None:
    assert desk.run("import", str(many), "--json").json["deliveries"][0]["state"] == "sent"
    (text,) = phone.texts
    assert "3" in text
    checked = desk.run("check", "--json")
    assert (checked.code, [len(r["events"]) for r in checked.json["results"]]) == (0, [1, 1, 1]), "each is kept"
    assert [m["title"] for m in phone.messages[1:]] == ["c3：待补正，需要您处理"]


def test_an_update_of_many_references_sends_no_message_for_each(desk: Desk, site: QuerySite, phone: Phone, many: Path) -> None:
    desk.run("import", str(many), "--no-notify")
    for number in NUMBERS:
        site.cases[number + "9"] = Record(number + "9")
    rows = many.read_text("gb18030").split()
    many.write_text("\n".join([rows[0], *(f"{row}9" for row in rows[1:])]), "gb18030")
    assert desk.run("import", str(many), "--update", "--json").json["counts"]["changed"] == len(NUMBERS)
    desk.run("check")
    assert phone.texts == []


def test_moves_after_the_first_reading_of_an_import_are_told(desk: Desk, site: QuerySite, phone: Phone, many: Path) -> None:
    desk.run("import", str(many))
    desk.run("check")
    site.move(NUMBERS[0], "审核中")
    desk.run("check")
    assert "审核中" in phone.texts[-1]


def test_what_an_import_missed_and_then_appears_is_news(desk: Desk, site: QuerySite, phone: Phone, many: Path) -> None:
    del site.cases[NUMBERS[0]]
    desk.head = 'language = "zh-CN"\n[schedule]\nevery = "1s"\njitter = "0s"\n[fetch]\nmin_gap = "0s"\n'
    desk.run("import", str(many))

    def missing_was_told() -> bool:
        (result,) = desk.run("check", "c1", "--json").json["results"]
        return [event["kind"] for event in result["events"]] == ["not_listed"]

    wait_for(missing_was_told)
    told = len(phone.texts)
    site.move(NUMBERS[0], "已受理")
    desk.run("check", "c1")
    assert len(phone.texts) == told + 1


def test_a_snoozed_case_is_told_afterwards_and_what_is_urgent_at_once(desk: Desk, site: QuerySite, phone: Phone) -> None:
    desk.run("check")
    desk.run("snooze", "me", "3d")
    site.move(NUMBER, "审核中")
    held = desk.run("check", "--json")
    assert (held.code, [(d["state"], d["reason"]) for d in held.json["deliveries"]]) == (0, [("held", "snoozed")])
    (waiting,) = desk.run("notify", "pending", "--json").json["deliveries"]
    assert waiting["state"] == "held"
    assert len(phone.texts) == 1
    site.move(NUMBER, "待补正")
    desk.run("check")
    assert "待补正" in phone.texts[-1]
    desk.run("snooze", "me", "off")
    desk.run("check")
    assert len(phone.texts) == 3
    assert "审核中" in phone.texts[-1]


def test_a_persons_word_is_told_and_says_that_it_was_entered_by_hand(desk: Desk, phone: Phone) -> None:
    desk.run("check")
    saw = desk.run("saw", "me", "审核中", "--json")
    assert (saw.code, [d["state"] for d in saw.json["deliveries"]]) == (0, ["sent"])
    assert "人工录入" in phone.texts[-1]


def test_two_places_that_disagree_are_shown_and_the_latest_by_its_own_date_leads(
    desk: Desk, site: QuerySite, phone: Phone
) -> None:
    desk.run("check")
    place = ("--adapter", "page", "--url", site.list_url, "--reference", f"受理编号={NUMBER}")
    desk.cases.clear()
    desk.run(
        "add", "both", "--adapter", "form", "--url", site.form_url, "--reference", f"受理编号={NUMBER}", "--source", "form"
    )
    assert desk.run("edit", "both", "--source", "list", *place).code == 0
    assert len(desk.run("check", "both", "--json").json["results"]) == 2
    head = "<tr><th>受理编号</th><th>当前状态</th><th>更新日期</th></tr>"
    page = f"<table>{head}<tr><td>{NUMBER}</td><td>{{}}</td><td>{{}}</td></tr></table>"
    shown = desk.folder / "shown.html"
    shown.write_text(page.format("审核中", "2026-11-22"), "utf-8")
    desk.run("saw", "both", "--page", str(shown), "--source", "list")
    assert "来源：list" in phone.texts[-1]
    (case,) = desk.run("status", "both", "--json").json["cases"]
    assert [(s["source"], s["label"]) for s in case["sources"]] == [("form", "已受理"), ("list", "审核中")]
    assert case["headline"]["label"] == "审核中"
    site.move(NUMBER, "审核通过", on="2026-11-24")
    desk.run("check", "both")
    (case,) = desk.run("status", "both", "--json").json["cases"]
    assert (case["headline"]["source"], case["headline"]["label"]) in {("form", "审核通过"), ("list", "审核通过")}
    history = desk.run("history", "both", "--json").json["observations"]
    assert {o["source"] for o in history} == {"form", "list"}, "one timeline"
