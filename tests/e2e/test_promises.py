"""The promises, kept by the installed command against a real site and real receivers on loopback."""

import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.desk import NUMBER, Desk, wait_for
from tests.shell.receivers import Gate, Mailbox, Phone, said
from tests.sites.query import ASK, FORM, QuerySite, Record
from tests.sites.server import Reply

# --- only a recognised page moves a status ---------------------------------------------------------------------------


def test_a_move_is_told_once(desk: Desk, site: QuerySite, phone: Phone) -> None:
    first = desk.run("check", "--json")
    assert (first.code, first.result["outcome"], first.result["label"]) == (0, "read", "已受理")
    assert [event["kind"] for event in first.result["events"]] == ["first_seen"]
    site.move(NUMBER, "审核中")
    second = desk.run("check", "--json")
    (event,) = second.result["events"]
    assert (event["kind"], event["before"]["label"], event["after"]["label"]) == ("status_changed", "已受理", "审核中")
    assert second.json["deliveries"] == [{"event": event["id"], "receiver": "phone", "state": "sent", "reason": None}]
    third = desk.run("check", "--json")
    assert (third.code, third.result["changed"], third.result["events"], third.json["deliveries"]) == (0, False, [], [])
    assert len(phone.texts) == 2
    assert "审核中" in phone.texts[1]
    assert event["id"][:8] in phone.texts[1]


MISHAPS = [
    ("<h2>系统维护中，请于明日再试。</h2>", "unavailable", "maintenance"),
    ("<form action=/login method=post>用户名<input name=u>密码<input type=password name=p></form>", "blocked", "login"),
    ("<script>alert('验证码输入错误');history.back()</script>", "blocked", "captcha"),
    ("<script>alert('您的访问过于频繁，请稍后再试');</script>", "unavailable", "rate_limited"),
    ("", "page_changed", "page_changed"),
    ("<table><tr><td>办理阶段一览</td><td>审核中</td></tr></table>", "page_changed", "page_changed"),
    (
        "<table><tr><td>受理编号</td><td>SH2026000999</td></tr><tr><td>当前状态</td><td>办结</td></tr></table>",
        "mismatched",
        "mismatched",
    ),
    ("<table><tr><td>受理编号</td><td>SH2026000123</td></tr><tr><td>当前状态</td><td>办", "page_changed", "truncated"),
]


@pytest.mark.parametrize(("page", "outcome", "reason"), MISHAPS, ids=[m[2] + str(n) for n, m in enumerate(MISHAPS)])
def test_what_is_no_status_page_changes_nothing(desk: Desk, site: QuerySite, page: str, outcome: str, reason: str) -> None:
    assert [d["state"] for d in desk.run("check", "--json").json["deliveries"]] == ["sent"]
    whole = f"<html><head><title>办理进度查询</title></head><body>{page}</body></html>"
    site.answer(ASK, Reply(f"<html><body>{page}" if reason == "truncated" else whole if page else ""))
    bad = desk.run("check", "--json")
    assert (bad.result["outcome"], bad.result["problem"]["reason"], bad.code) == (outcome, reason, 11)
    assert bad.result["label"] is None
    assert bad.result["next_check_at"] > bad.json["checked_at"]
    assert [event["kind"] for event in bad.result["events"]] in ([], ["defect"])
    (case,) = desk.run("status", "--json").json["cases"]
    assert case["sources"][0]["label"] == "已受理", "the last good reading stays"
    assert bad.json["deliveries"] == [], "nothing is told"


def test_an_unknown_number_is_a_calm_answer(desk: Desk, site: QuerySite) -> None:
    del site.cases[NUMBER]
    run = desk.run("check", "--json")
    assert (run.code, run.result["outcome"], run.result["events"]) == (0, "not_listed", [])


# --- no change is lost, none is told twice ---------------------------------------------------------------------------


def test_a_receiver_that_is_down_is_told_once_when_it_is_back(desk: Desk, site: QuerySite, phone: Phone) -> None:
    desk.run("check")
    phone.answers(Reply(status=503), said("ok"))
    site.move(NUMBER, "审核中")
    down = desk.run("check", "--json")
    assert down.code == 12
    assert [d["state"] for d in down.json["deliveries"]] == ["pending"]
    (owed,) = desk.run("notify", "pending", "--json").json["deliveries"]
    assert owed["receiver"] == "phone"
    back = desk.run("notify", "retry", "--json")
    assert back.code == 0, back.err
    again = desk.run("check", "--json")
    assert (again.code, again.json["deliveries"]) == (0, [])
    assert ["审核中" in text for text in phone.texts] == [False, True, True], "refused once, accepted once, and not again"


def test_what_is_owed_is_said_in_words_at_every_run(desk: Desk, phone: Phone) -> None:
    phone.answers(Reply(status=503))
    first = desk.run("check")
    assert first.out == "me：“已受理”（按常见含义） · 首次读到\n"
    assert first.err.splitlines() == [
        "phone：未被接收，稍后重试：HTTP 503: Service Unavailable",
        "尚有 1 条提醒未送达 phone；详见 tracker notify pending",
    ]
    again = desk.run("check")
    assert (again.code, again.err) == (12, "尚有 1 条提醒未送达 phone；详见 tracker notify pending\n")


def test_a_run_killed_between_commit_and_send_is_made_good_by_the_next(desk: Desk, site: QuerySite, phone: Phone) -> None:
    desk.run("check")
    site.move(NUMBER, "审核中")
    # The process dies at the moment when the move is kept and its message is owed.
    assert desk.run("check", at="tracker.store.store:Store.finish").code == -signal.SIGKILL
    assert len(phone.texts) == 1
    next_run = desk.run("check", "--json")
    assert [d["state"] for d in next_run.json["deliveries"]] == ["sent"]
    assert next_run.result["events"] == [], "told late, but no second event"
    assert ["审核中" in text for text in phone.texts] == [False, True]


def test_a_run_killed_while_sending_repeats_with_the_same_event_id(desk: Desk, site: QuerySite, phone: Phone) -> None:
    desk.run("check")
    gate = Gate()
    phone.answers(gate, said("ok"))
    site.move(NUMBER, "审核中")
    process = desk.start("check")
    wait_for(lambda: len(phone.log) == 2)
    process.kill()
    process.communicate()
    gate.open()
    assert desk.run("check", "--json").code == 0
    first, second = phone.texts[1:]
    assert first == second, "the same message, with the same event id"


def test_a_slow_mail_server_is_not_asked_again_at_every_run(desk: Desk) -> None:
    desk.receivers.clear()
    desk.head = 'language = "en"\n[fetch]\nmin_gap = "0s"\n[delivery]\ntimeout = "300ms"\n'
    with Mailbox() as mailbox:
        desk.add_receiver(mailbox.url, name="mail")
        mailbox.shut.set()  # it accepts later than any run waits
        runs = [desk.run("check", "--json") for _ in range(7)]
        assert [run.code for run in runs] == [12] * 7
        assert runs[0].json["deliveries"][0]["state"] == "sending"
        mailbox.shut.clear()
        (owed,) = desk.run("notify", "pending", "--json").json["deliveries"]
        assert owed["state"] in ("pending", "sending")
        desk.head = desk.head.replace("300ms", "30s")
        retried = desk.run("notify", "retry")
        assert retried.code == 0, retried.err
        assert len(mailbox.mails) == 1


# --- polite ----------------------------------------------------------------------------------------------------------


def test_two_processes_at_once_ask_a_host_one_request_at_a_time(tmp_path: Path, site: QuerySite) -> None:
    # Long enough that the second process begins while the first still asks, also on a busy machine.
    desk = Desk(tmp_path, head='[fetch]\nmin_gap = "500ms"\n')
    for n in range(3):
        number = f"SH20260001{n:02}"
        site.cases[number] = Record(number)
        desk.add_case(site.form_url, number, name=f"c{n}")
    desk.run("status")  # the store exists, so that both begin with the site
    site.answer("/slow", Reply("…"))
    runs = [desk.start("check", "--json") for _ in range(2)]
    outputs = [run.communicate(timeout=60) for run in runs]
    assert [run.returncode for run in runs] == [0, 0], outputs
    assert len(site.asked(ASK)) == 3, "each case is asked by one of them"
    assert min(site.gaps()) >= 0.45, site.gaps()


def test_retry_after_is_kept_across_runs_even_when_asked_by_hand(desk: Desk, site: QuerySite) -> None:
    site.answer(FORM, Reply("busy", status=429, headers=(("Retry-After", "3600"),)))
    desk.add_case(site.form_url, "SH2026000124", name="other")
    first = desk.run("check", "--json")
    assert [(r["outcome"], r["problem"]["reason"]) for r in first.json["results"]] == [
        ("unavailable", "rate_limited"),
        ("skipped", "waiting"),
    ]
    asked = len(site.log)
    second = desk.run("check", "--json")
    assert [r["problem"]["reason"] for r in second.json["results"]] == ["waiting", "waiting"]
    assert second.code == 11
    assert len(site.log) == asked == 1


def test_a_host_that_waits_is_asked_once_by_hand_and_its_other_cases_are_skipped(desk: Desk, site: QuerySite) -> None:
    site.answer(FORM, Reply("broken", status=500))
    desk.add_case(site.form_url, "SH2026000124", name="other")
    desk.run("check")
    assert len(site.log) == 1
    assert desk.run("check", "--due", "--json").json["results"] == []
    assert len(site.log) == 1, "what is due waits"
    by_hand = desk.run("check", "--json")
    assert [r["outcome"] for r in by_hand.json["results"]] == ["unavailable", "skipped"]
    assert len(site.log) == 2


def test_nothing_due_is_exit_0_without_a_request(desk: Desk, site: QuerySite) -> None:
    desk.run("check")
    asked = len(site.log)
    run = desk.run("check", "--due", "--json")
    assert (run.code, run.json["results"], len(site.log)) == (0, [], asked)


# --- personal data ---------------------------------------------------------------------------------------------------


def test_no_output_shows_the_reference_unless_asked(desk: Desk, site: QuerySite) -> None:
    shown = [
        desk.run(*words)
        for words in (("check", "--json"), ("status",), ("status", "--json"), ("history", "me"), ("-v", "check"))
    ]
    for run in shown:
        assert NUMBER not in run.out + run.err
    assert NUMBER in desk.run("check", "--json", "--unmasked").out
    site.answer(ASK, Reply(f"<p>系统错误：{NUMBER}</p>"))
    assert NUMBER not in desk.run("check", "--json").out


# --- options ---------------------------------------------------------------------------------------------------------


def test_a_dry_run_reads_and_keeps_nothing(desk: Desk, phone: Phone) -> None:
    run = desk.run("check", "--dry-run", "--json")
    assert (run.code, run.result["label"], run.json["deliveries"]) == (0, "已受理", [])
    assert desk.run("history", "me", "--json").json["observations"] == []
    assert phone.texts == []
    with sqlite3.connect(desk.folder / "tracker.db") as store:
        assert store.execute("SELECT count(*) FROM sources").fetchone() == (0,)


def test_no_notify_keeps_the_event_and_owes_no_message(desk: Desk, phone: Phone) -> None:
    run = desk.run("check", "--no-notify", "--json")
    assert [event["kind"] for event in run.result["events"]] == ["first_seen"]
    assert desk.run("check", "--json").json["deliveries"] == []
    assert phone.texts == []


def test_exit_code_says_that_something_happened(desk: Desk) -> None:
    assert desk.run("check", "--exit-code").code == 20
    assert desk.run("check", "--exit-code").code == 0


def test_an_unknown_case_is_a_usage_error_with_the_nearest_name(desk: Desk) -> None:
    run = desk.run("check", "ne")
    assert run.code == 2
    assert "me" in run.err


def test_a_run_with_nothing_to_send_never_imports_the_senders(desk: Desk) -> None:
    desk.run("check")
    code = (
        "import sys; from tracker.cli import main\n"
        "try: main()\nexcept SystemExit as e: assert not e.code, e.code\n"
        "heavy = {'apprise', 'alembic', 'bs4', 'rich', 'uvicorn', 'apscheduler'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *desk.command("check")[1:]], env=desk.env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
