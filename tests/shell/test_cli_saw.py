"""`saw`: a label, "unchanged", a page, a text; what is missing or wrong is a usage error that names the next step."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.shell.reading import NOW, NUMBER, Desk
from tracker.cli import root

CASES = """
language = "en"
timezone = "Asia/Shanghai"
"""
CAPTCHA = "<form><p>请输入验证码</p><input name=yzm><img src=code.jsp></form><p>验证码错误</p>"


def case(name: str, number: str) -> str:
    head = f'[[cases]]\nname = "{name}"\nadapter = "page"\nurl = "http://127.0.0.1:9/"'
    return f'{head}\nreference = {{ "受理编号" = "{number}" }}\n'


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, CASES + case("me", NUMBER) + case("anna", "SH2026000101") + case("berta", "SH2026000102"))


def said(desk: Desk, text: str, *args: str) -> Result:
    """The command with something on stdin."""
    return CliRunner().invoke(root, ["-c", str(desk.file), *args], input=text, catch_exceptions=False)


def seen(desk: Desk, name: str = "me") -> list[tuple[str, str]]:
    return [(o["label"], o["via"]) for o in desk.json("history", name)["observations"]]


def table(rows: dict[str, str]) -> str:
    cells = "".join(f"<tr><td>{number}</td><td>{label}</td></tr>" for number, label in rows.items())
    return f"<html><body><table><tr><th>受理编号</th><th>当前状态</th></tr>{cells}</table></body></html>"


def test_a_label_is_kept_and_has_the_json_of_check(desk: Desk) -> None:
    content = desk.json("saw", "me", "审核中")
    assert set(content) == {"checked_at", "results", "deliveries"}
    (result,) = content["results"]
    assert (result["outcome"], result["via"], result["label"], result["changed"]) == ("read", "person", "审核中", True)
    assert [event["kind"] for event in result["events"]] == ["first_seen"]
    assert seen(desk) == [("审核中", "person")]
    assert desk.run("saw", "me", "--same").stdout == "me: “审核中” (likely in review) · unchanged\n"


def test_a_word_that_nobody_knows_is_kept_and_how_to_explain_it_said(desk: Desk) -> None:
    result = desk.run("saw", "me", "窗口已收件")
    assert result.exit_code == 0
    assert "tracker edit me --label WORD=STATUS" in result.stderr
    assert seen(desk) == [("窗口已收件", "person")]


def test_a_dry_run_keeps_nothing(desk: Desk) -> None:
    assert "Nothing was kept." in desk.run("saw", "me", "审核中", "--dry-run").stderr
    assert seen(desk) == []


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ((), "Which case?"),
        (("--same",), "Which case?"),
        (("me",), "What was seen? Say one of: tracker saw CASE LABEL; tracker saw CASE --same"),
        (("me", "审核中", "--same"), "LABEL, --same: only one of them at a time."),
        (("me", " "), "LABEL is empty"),
        (("you", "审核中"), "There is no case “you”."),
        (("me", "--same"), "“me” was never read"),
        (("me", "--page", "/nowhere"), "--page: /nowhere can't be read"),
        (("me", "审核中", "--source", "x"), "“me” has no source “x”."),
        (("me", "审核中", "--on", "yesterday"), "is no day such as 2026-11-23"),
        (("me", "审核中", "--on", "2099-01-01"), "has not come yet"),
    ],
)  # fmt: skip
def test_what_does_not_go_together_is_a_usage_error(desk: Desk, args: tuple[str, ...], words: str) -> None:
    result = desk.run("saw", *args)
    assert (result.exit_code, words in result.stderr) == (2, True), result.stderr
    assert seen(desk) == []


def test_an_earlier_day_is_kept_as_that_day_and_none_goes_before_a_reading(desk: Desk) -> None:
    day = (NOW - timedelta(days=3)).date().isoformat()
    assert desk.run("saw", "me", "审核中", "--on", day).exit_code == 0
    assert desk.json("history", "me")["observations"][0]["seen_at"].startswith(day)
    earlier = (NOW - timedelta(days=9)).date().isoformat()
    refused = desk.run("saw", "me", "已受理", "--on", earlier)
    assert (refused.exit_code, "was read after that day" in refused.stderr) == (2, True)


def test_a_captcha_page_is_blocked_and_exit_11(desk: Desk) -> None:
    assert "me: blocked" in said(desk, CAPTCHA, "saw", "me", "--page", "-").stdout
    assert desk.code("saw", "me", "--page", "-", text=CAPTCHA) == 11
    assert seen(desk) == []


def test_a_text_is_shown_back_and_kept_only_after_a_yes(desk: Desk) -> None:
    text = f"您的申请 {NUMBER}：审核通过"
    asked = said(desk, text, "saw", "me", "--text", "-")
    assert asked.exit_code == 2
    assert "it names the reference" in asked.stderr
    assert "add --yes" in asked.stderr
    assert NUMBER not in asked.output
    assert seen(desk) == []
    assert said(desk, text, "saw", "me", "--text", "-", "--yes").exit_code == 0
    assert [via for _, via in seen(desk)] == ["text"]


def test_a_text_that_is_no_status_needs_no_yes_to_be_refused(desk: Desk) -> None:
    assert desk.code("saw", "me", "--text", "-", text="系统维护中，请稍后再试") == 11


def test_a_page_without_a_case_is_read_for_all_that_it_names(desk: Desk) -> None:
    page = table({NUMBER: "审核中", "SH2026000101": "已受理", "SH2026000777": "审核通过"})
    result = said(desk, page, "saw", "--page", "-")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == "read 2, moved 2, not on this page 1, unknown rows 1"
    page = page.replace("已受理", "审核通过")
    content = json.loads(said(desk, page, "saw", "--page", "-", "--json").stdout)
    assert content["page"] == {"read": 2, "moved": 1, "elsewhere": 1, "unknown_rows": 1, "problem": None}
    assert "SH2026000777" not in (desk.folder / "tracker.db").read_bytes().decode("latin-1")
    assert seen(desk, "berta") == []


def test_a_page_that_names_nobody_is_exit_11_and_says_why(desk: Desk) -> None:
    result = said(desk, "<p>系统维护中，请稍后再试</p>", "saw", "--page", "-")
    assert "under maintenance" in result.stderr
    assert desk.code("saw", "--page", "-", text="<p>系统维护中，请稍后再试</p>") == 11
    assert "not on this page 3" in result.stdout


def test_a_persons_word_shows_how_it_was_seen(desk: Desk) -> None:
    desk.run("saw", "me", "审核中")
    assert "entered by hand" in desk.run("status", "me").stdout


def test_a_file_that_is_no_page_says_so_for_all_cases_too(desk: Desk) -> None:
    (desk.folder / "scan.pdf").write_bytes(b"%PDF-1.7\n\xff\xfe\x00\x01")
    result = desk.run("saw", "--page", str(desk.folder / "scan.pdf"))
    assert result.stdout == "read 0, moved 0, not on this page 3, unknown rows 0\n"
    assert "something else than a page of text" in result.stderr
    assert desk.code("saw", "--page", str(desk.folder / "scan.pdf")) == 11
