"""`status` and `list` on real stores: what is known, how sure, how old, and what is not shown."""

import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.shell.reading import CONFIG, HOST, NOW, NUMBER, PERSON, Desk, history, install_adapter, reading
from tracker.core.history import History, HostHistory, Streak
from tracker.core.model import Event, EventKind, Identity, OutcomeKind, Problem, Reference, Status, Turn, Urgency, Via
from tracker.core.schedule import Next
from tracker.store.cases import SourceSpec

CHECK_FIELDS = {
    "case", "source", "adapter", "outcome", "via", "label", "status", "status_confirmed", "turn", "notice", "identity",
    "provisional", "reported_on", "details", "problem", "next_check_at", "next_check_reason", "next_check_text",
}  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.syspath_prepend(install_adapter(tmp_path / "dist"))
    return Desk(tmp_path)


def test_a_reading_is_shown_with_its_turn_its_age_and_the_next_check(desk: Desk) -> None:
    desk.keep(reading())
    shown = desk.run("status").stdout
    assert shown.splitlines()[0] == "me  “审核中” (likely in review)"
    assert "the authority" in shown
    assert "5 minutes ago" in shown
    assert "on the site" in shown
    assert "every 4 hours, jitter +12 min" in shown


def test_a_confirmed_status_is_not_called_likely(desk: Desk) -> None:
    desk.keep(reading(confirmed=True))
    assert desk.run("status").stdout.startswith("me  “审核中” (in review)\n")


def test_since_is_the_authoritys_own_date_with_its_working_days(desk: Desk) -> None:
    desk.keep(reading(reported_on=date(2026, 2, 13)))
    source = desk.json("status")["cases"][0]["sources"][0]
    assert source["since"] == "2026-02-13"
    weekdays = sum((date(2026, 2, 13) + timedelta(days=n)).weekday() < 5 for n in range((NOW.date() - date(2026, 2, 13)).days))
    assert 0 < source["since_workdays"] < weekdays  # the holidays of the new year lie in between


def test_without_a_date_since_is_the_first_look_that_found_this_label(desk: Desk) -> None:
    old = reading("已受理", Status.ACCEPTED, reported_on=None, seen_at=NOW - timedelta(days=9))
    first = reading(reported_on=None, seen_at=NOW - timedelta(days=5))
    now = reading(reported_on=None, notice="请耐心等待", seen_at=NOW - timedelta(days=1))
    for seen in (old, first, now):
        desk.keep(seen)
    since = desk.json("status")["cases"][0]["sources"][0]["since"]
    assert abs((date.fromisoformat(since) - (NOW - timedelta(days=5)).date()).days) <= 1
    assert "when we first saw it" in desk.run("status").stdout


def test_a_doubtful_reading_is_unconfirmed_and_says_what_was_sure(desk: Desk) -> None:
    told = reading("已受理", Status.ACCEPTED)
    doubtful = reading("未提交", Status.NOT_SUBMITTED, provisional=True, turn=Turn.APPLICANT)
    desk.keep(doubtful, past=history(told, last=doubtful, pending=doubtful, pending_since=NOW))
    shown = desk.run("status").stdout
    assert "likely not submitted, unconfirmed" in shown
    assert "Before" in shown
    assert "“已受理” (likely accepted)" in shown
    source = desk.json("status")["cases"][0]["sources"][0]
    assert source["provisional"] is True
    assert source["sure"] == {"label": "已受理", "status": "accepted"}


def test_a_record_whose_identity_is_not_shown_asks_the_person_to_make_sure(desk: Desk) -> None:
    desk.keep(reading(provisional=True, identity=Identity.NOT_SHOWN))
    assert "make sure that this record is yours" in desk.run("status").stdout


def test_an_unknown_word_is_kept_and_the_way_to_teach_it_is_said(desk: Desk) -> None:
    desk.keep(reading("流转中", Status.UNKNOWN, known=False))
    shown = desk.run("status").stdout
    assert "“流转中” (a word that is not known yet)" in shown
    assert 'add for example "流转中" = "in_review" under [cases.labels].' in shown
    assert desk.json("status")["defects"][0]["reason"] == "label_unknown"


def test_an_end_that_nobody_confirmed_says_how_to_confirm_it(desk: Desk) -> None:
    desk.keep(reading("办结", Status.COMPLETED, turn=Turn.NOBODY))
    assert 'add "办结" = "completed" under [cases.labels].' in desk.run("status").stdout


def test_a_notice_stands_beside_the_status(desk: Desk) -> None:
    desk.keep(reading(notice="请携带材料到服务点"))
    assert "“请携带材料到服务点”" in desk.run("status").stdout


def test_a_problem_is_said_in_words_and_the_last_good_reading_stays(desk: Desk) -> None:
    streak = Streak(NOW - timedelta(hours=30), 4, "page_changed", told=True)
    past = history(reading(), outcome=OutcomeKind.PAGE_CHANGED, streak=streak, defect="page_changed/状态/")
    problem = Problem("page_changed", {"where": "状态", "expected": "1", "found": "0"})
    desk.keep(reading(), past=past, problem=problem, planned=Next(NOW + timedelta(hours=9), "back_off", {"looks": 4}))
    shown = desk.run("status").stdout
    assert shown.startswith("me  “审核中” (likely in review)\n")
    assert "The page does not look as expected" in shown
    assert "4 failed looks since" in shown
    assert "longer wait after a failed look" in shown
    content = desk.json("status")
    source = content["cases"][0]["sources"][0]
    assert source["label"] == "审核中"
    assert source["problem"]["reason"] == "page_changed"
    assert source["problem"]["retry_at"] == source["next_check_at"]
    assert content["defects"][0]["params"]["where"] == "状态"


def test_a_site_that_fails_is_named_with_since_when_and_until_when_it_rests(desk: Desk) -> None:
    until = NOW + timedelta(hours=3)
    site = HostHistory(Streak(NOW - timedelta(days=2), 7, "maintenance", told=True), until, None, "back_off")
    past = history(reading(), outcome=OutcomeKind.UNAVAILABLE)
    desk.keep(reading(), past=past, problem=Problem("maintenance"), planned=Next(until, "back_off"), hosts={HOST: site})
    shown = desk.run("status").stdout
    assert f"{HOST}: 7 failed looks since" in shown
    assert "Rests until" not in shown, "the next check says the same"
    later = Next(until + timedelta(hours=1), "back_off")
    desk.keep(reading(), past=past, problem=Problem("maintenance"), planned=later, hosts={HOST: site})
    assert "Rests until" in desk.run("status").stdout
    [told] = desk.json("status")["hosts"]
    assert told["host"] == HOST
    assert told["reason"] == "maintenance"
    assert told["looks"] == 7
    assert told["waits_until"] is not None


def test_a_record_that_is_gone_is_not_called_usual(desk: Desk) -> None:
    past = history(reading(), outcome=OutcomeKind.NOT_LISTED, missing_since=NOW - timedelta(hours=2), missing_told=True)
    desk.keep(reading(), past=past, problem=Problem("not_listed"))
    shown = desk.run("status").stdout
    assert "does not show this case any more" in shown
    assert "In the first days" not in shown


def test_a_record_that_never_was_there_is_a_calm_answer(desk: Desk) -> None:
    past = History(outcome=OutcomeKind.NOT_LISTED, looked_at=NOW, missing_since=NOW)
    desk.keep(None, past=past, problem=Problem("not_listed"))
    shown = desk.run("status").stdout
    assert shown.startswith("me  not shown yet\n")
    assert "In the first days after handing in that is usual" in shown
    source = desk.json("status")["cases"][0]["sources"][0]
    assert source["label"] is None
    assert source["details"] == {}
    assert source["provisional"] is False


def test_a_final_status_says_that_checks_ended(desk: Desk) -> None:
    desk.keep(reading("办结", Status.COMPLETED, turn=Turn.NOBODY, confirmed=True), planned=Next(None, "final"))
    assert "ended, no more checks" in desk.run("status").stdout


def test_a_check_that_should_have_run_is_called_due(desk: Desk) -> None:
    desk.keep(reading(), planned=Next(NOW - timedelta(hours=2), "interval", {"every_minutes": 240}))
    assert "due since" in desk.run("status").stdout


def test_messages_that_are_still_owed_are_said(desk: Desk) -> None:
    event = Event("e" * 32, EventKind.STATUS_CHANGED, Urgency.NORMAL, "label_changed", NOW, "me", "fancy", after=reading())
    desk.keep(reading(), events=((event, ("phone",)),))
    assert "1 message is still owed to phone" in desk.run("status").stdout
    assert desk.json("status")["deliveries"] == [{"event": "e" * 32, "receiver": "phone", "state": "pending", "reason": None}]
    assert "message owed" in desk.run("list").stdout


def test_a_case_that_the_store_has_not_seen_is_not_checked_yet_and_no_store_is_made(desk: Desk) -> None:
    assert desk.run("status").stdout.startswith("me  not checked yet\n")
    case = desk.json("status")["cases"][0]
    assert case["headline"]["label"] is None
    assert case["sources"][0]["outcome"] is None
    assert not desk.database.exists()


def test_without_any_case_the_next_step_is_said_on_stderr(tmp_path: Path) -> None:
    desk = Desk(tmp_path, 'language = "en"\n')
    for command in ("status", "list"):
        result = desk.run(command)
        assert result.exit_code == 0
        assert result.stdout == ""
        assert "config.example.toml" in result.stderr
        assert str(desk.file) in result.stderr
        assert desk.json(command)["cases"] == []


def test_an_unknown_case_is_a_usage_error_that_suggests_the_nearest(desk: Desk) -> None:
    for command in ("status", "list"):
        result = desk.run(command, "mee")
        assert result.exit_code == 2
        assert "Did you mean “me”?" in result.stderr
        assert result.stdout == ""


def test_a_case_that_left_the_config_is_shown_when_named_and_stays_masked(desk: Desk) -> None:
    other = SourceSpec("me", "fancy", "fancy", HOST, Reference({"受理编号": NUMBER, "证件号码": PERSON}))
    desk.keep(
        reading("已受理", Status.ACCEPTED, details={"编号": "QQ20260777"}),
        case="gone",
        values={"受理编号": "QQ20260777"},
        others=(other,),
    )
    assert "gone" not in desk.run("status").stdout
    result = desk.run("status", "gone")
    assert "“已受理”" in result.stdout
    assert "no longer set up" in result.stdout
    assert "QQ20260777" not in result.stdout


TWO = """
language = "en"
timezone = "Asia/Shanghai"

[[cases]]
name = "both"
sources = [
  { name = "public", adapter = "fancy", reference = { "受理编号" = "SH2026000123" } },
  { name = "list", adapter = "fancy", reference = { "受理编号" = "SH2026000124" } },
]
"""


def test_of_several_sources_the_latest_by_the_authoritys_date_is_the_headline(desk: Desk) -> None:
    desk = Desk(desk.folder, TWO)
    numbers = {"public": "SH2026000123", "list": NUMBER.replace("123", "124")}
    specs = tuple(SourceSpec("both", n, "fancy", HOST, Reference({"受理编号": v})) for n, v in numbers.items())
    early = reading("已受理", Status.ACCEPTED, reported_on=date(2026, 1, 2), seen_at=NOW)
    late = reading("审核中", reported_on=date(2026, 1, 9), seen_at=NOW - timedelta(days=1))
    desk.keep(early, case="both", source="public", values={"受理编号": numbers["public"]}, others=(specs[1],))
    desk.keep(late, case="both", source="list", values={"受理编号": numbers["list"]}, others=(specs[0],))
    shown = desk.run("status").stdout
    assert shown.splitlines()[0] == "both  “审核中” (likely in review)"
    assert "  public  “已受理” (likely accepted)" in shown  # sources that disagree are shown, not merged
    case = desk.json("status")["cases"][0]
    assert case["headline"]["source"] == "list"
    assert [source["source"] for source in case["sources"]] == ["public", "list"]


def test_json_has_the_field_names_of_check_and_the_age_of_the_reading(desk: Desk) -> None:
    desk.keep(reading())
    source = desk.json("status")["cases"][0]["sources"][0]
    assert source.keys() >= CHECK_FIELDS
    assert 300 <= source["age_seconds"] < 400
    assert source["reported_on"] == "2026-01-05"
    assert source["last_read_at"].endswith("+08:00")
    assert source["next_check_text"] == "every 4 hours, jitter +12 min"


@pytest.mark.parametrize("arguments", [("status",), ("status", "me"), ("list",)])
def test_nothing_personal_is_shown_unless_asked_for(desk: Desk, arguments: tuple[str, ...]) -> None:
    desk.keep(reading(f"{NUMBER}审核中", notice=f"请联系 13900000000，{PERSON}", details={"姓名": "测试甲", "编号": NUMBER}))
    for more in ((), ("--json",)):
        shown = desk.run(*arguments, *more).stdout
        for personal in (NUMBER, PERSON, "13900000000", "测试甲"):
            assert personal not in shown
    assert NUMBER in desk.run(*arguments, "--unmasked").stdout


def test_hostile_page_text_can_not_drive_the_terminal(desk: Desk) -> None:
    desk.keep(reading("审核\x1b[2J中\u202e", notice="\x9b31m一\r二", details={"备\x1b注": "\x07x"}))
    shown = desk.run("status", "me").stdout
    assert not any(character in shown for character in "\x1b\x9b\u202e\r\x07")


def test_lines_fit_the_terminal_and_wide_characters_align(desk: Desk) -> None:
    desk.keep(reading("审核" * 40, notice="请携带材料" * 30, details={"退回原因": "材料不全" * 40, "a": "b"}))
    for columns in (80, 120):
        for command in (("status", "me"), ("list",)):
            lines = desk.run(*command, COLUMNS=str(columns)).stdout.splitlines()
            assert max(map(cell_len, lines)) <= columns
    block = [line for line in desk.run("status", "me", COLUMNS="80").stdout.splitlines() if line.startswith("  ")]
    starts = {cell_len(line[: len(line) - len(line.lstrip())]) for line in block}
    assert len(starts) == 2  # captions at the margin, wrapped text under its own column


def test_a_list_is_one_line_a_case_and_whole_where_it_is_piped(desk: Desk) -> None:
    desk.keep(reading("审核" * 40))
    lines = desk.run("list").stdout.splitlines()
    assert len(lines) == 1
    assert "审核" * 40 in lines[0]
    assert lines[0].endswith("5 minutes ago")
    assert desk.run("list", COLUMNS="80").stdout.count("…") == 1
    [case] = desk.json("list")["cases"]
    assert case["case"] == "me"
    assert case["status"] == "in_review"
    assert case["turn"] == "authority"


def test_a_list_says_in_words_that_a_case_can_not_be_read(desk: Desk) -> None:
    past = history(reading(), outcome=OutcomeKind.BLOCKED)
    desk.keep(reading(), past=past, problem=Problem("captcha"))
    assert "! blocked" in desk.run("list").stdout


def test_what_a_person_entered_is_said_to_be_so(desk: Desk) -> None:
    desk.keep(reading(via=Via.PERSON))
    assert "entered by hand" in desk.run("status").stdout


def test_the_words_are_chinese_where_the_config_says_so(desk: Desk) -> None:
    desk = Desk(desk.folder, CONFIG.replace('"en"', '"zh-CN"'))
    desk.keep(reading())
    assert desk.run("status").stdout.splitlines()[0] == "me  “审核中”（按常见含义）"


@pytest.mark.parametrize(
    ("schedule", "looks"),
    [
        ('every = "2h"', 12),
        ('every = "4h"\nhours = ["08:30-18:00"]', 3),  # 8:30, 12:30, 16:30
        ('every = "1d"\nhours = ["08:30-18:00"]', 1),
        ('every = "2d"\nhours = []', 0.5),
    ],
)
def test_explain_counts_the_looks_that_fit_into_a_day(desk: Desk, schedule: str, looks: float) -> None:
    desk = Desk(desk.folder, CONFIG + f"\n[schedule]\n{schedule}\n")
    [site] = desk.json("status", "--explain")["explain"]
    assert site["host"] == HOST
    assert site["sources"][0]["looks_per_day"] == looks
    assert site["requests_per_day"] == looks * 2
    assert site["min_gap_seconds"] == 20  # the adapter's, which is longer than the default


def test_explain_does_not_count_what_is_over(desk: Desk) -> None:
    desk.keep(reading("办结", Status.COMPLETED, confirmed=True), planned=Next(None, "final"))
    assert desk.json("status", "--explain")["explain"][0]["requests_per_day"] == 0
    assert "not asked any more" in desk.run("status", "--explain").stdout


def test_status_imports_nothing_that_only_asking_and_sending_need(desk: Desk) -> None:
    desk.keep(reading())
    code = (
        "import sys; from click.testing import CliRunner; from tracker.cli import root;"
        f"r = CliRunner().invoke(root, ['-c', {str(desk.file)!r}, 'status']); assert r.exit_code == 0, r.output;"
        "print(sorted({m.partition('.')[0] for m in sys.modules} & {'httpx', 'apprise', 'lxml', 'alembic', 'bs4', 'requests'}))"
    )
    path = os.pathsep.join([str(desk.folder / "dist"), str(Path(__file__).parents[2])])
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": path}
    )
    assert done.stdout.strip() == "[]", done.stderr
