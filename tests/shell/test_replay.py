"""Kept pages read again: what would read otherwise now, and history amended so that everybody sees it."""

import asyncio
import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from click.testing import CliRunner, Result

from tests.shell.receivers import Phone
from tests.sites.query import ASK, QuerySite, Record
from tests.sites.server import Reply
from tracker.cli import root
from tracker.core.model import Observation, Outcome, OutcomeKind, Status
from tracker.desk import Desk
from tracker.replay import apply, reread
from tracker.store.amend import Entry, timeline
from tracker.store.store import Store

NUMBER = "SH2026000123"
HEAD = 'language = "en"\ntimezone = "Asia/Shanghai"\n[fetch]\nmin_gap = "0s"\ntimeout = "5s"\n'


@dataclass
class Office:
    """One case at a site; `look` is a check at the office's own time, `run` any command."""

    folder: Path
    site: QuerySite
    receivers: str = ""
    more: str = ""
    adapter: str = "form"
    moment: datetime = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)

    @property
    def config(self) -> Path:
        place = f'[store]\nurl = "sqlite:///{self.folder}/tracker.db"\n'
        case = f'[[cases]]\nname = "me"\nadapter = "{self.adapter}"\nurl = "{self.site.form_url}"\n'
        reference = f'reference = {{ "受理编号" = "{NUMBER}" }}\n'
        path = self.folder / "config.toml"
        path.write_text(HEAD + place + self.receivers + case + reference + self.more, "utf-8")
        return path

    def run(self, *arguments: str) -> Result:
        with time_machine.travel(self.moment, tick=True):
            return CliRunner().invoke(root, ["-c", str(self.config), *arguments], standalone_mode=False)

    def look(self, page: str = "", label: str = "", **record: str) -> None:
        if page:
            self.site.answer(ASK, Reply(f"<html><body>{page}</body></html>"))
        else:
            self.site.forget(ASK)
            self.site.move(NUMBER, label or "已受理", **record)
        desk = Desk(self.config, {"LC_ALL": "C.UTF-8"})
        with time_machine.travel(self.moment, tick=False), ThreadPoolExecutor(1) as executor:
            checker = desk.checker(executor)

            async def once() -> None:
                async with checker:
                    await checker.run()

            asyncio.run(once())
        desk.base.close()
        self.moment += timedelta(hours=5)

    @property
    def store(self) -> Store:
        return Desk(self.config, {"LC_ALL": "C.UTF-8"}).store

    def replay(self, *options: str) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.run("replay", "--json", *options).stdout)
        return content

    def entries(self) -> list[Entry]:
        return timeline(self.store.base, "me", 99)

    def labels(self) -> list[str]:
        return [entry.seen.label for entry in self.entries()]

    def events(self) -> list[tuple[str, str]]:
        return [(event.kind.value, event.reason) for event in reversed(self.store.events("me", 99))]

    @property
    def current(self) -> Observation:
        seen = self.store.sources()[0].history.last
        assert seen is not None
        return seen


def table(**rows: str) -> str:
    cells = "".join(f"<tr><td>{caption}</td><td>{value}</td></tr>" for caption, value in rows.items())
    return f"<table>{cells}</table>"


TWO = table(受理编号=NUMBER, 材料状态="已受理", 流转情况="审核通过")
NEW_CAPTION = table(受理编号=NUMBER, 流转情况="审核中")


@pytest.fixture
def office(tmp_path: Path, site: QuerySite) -> Office:
    site.cases[NUMBER] = Record(NUMBER)
    return Office(tmp_path, site)


def mend(office: Office, caption: str = "流转情况") -> None:
    """The case says where the status really stands."""
    office.more = f'[cases.read]\nlabel = "{caption}"\n'


# --- what would read otherwise ---------------------------------------------------------------------------------------


def test_pages_that_read_as_they_did_are_shown_and_nothing_is_asked(office: Office) -> None:
    office.look(label="已受理")
    office.look(label="审核中")
    asked = len(office.site.log)
    result = office.run("replay")
    assert result.return_value == 0
    assert result.stdout.count("me") == 2
    assert "2 pages read again: nothing reads differently." in result.stderr
    assert len(office.site.log) == asked
    content = office.replay()
    assert content["dry_run"]
    assert [page["differs"] for page in content["pages"]] == [[], []]
    assert [page["then"]["label"] for page in content["pages"]] == ["已受理", "审核中"]


def test_a_page_that_could_not_be_read_and_can_now_is_told_with_exit_20(office: Office) -> None:
    office.look(NEW_CAPTION)
    assert office.run("replay").return_value == 0
    mend(office)
    result = office.run("replay")
    assert result.return_value == 20
    assert "→ “审核中” (likely in review)" in result.stdout
    assert "Nothing was changed" in result.stderr
    (page,) = office.replay()["pages"]
    assert (page["kind"], page["then"]["outcome"], page["now"]["outcome"], page["now"]["label"]) == (
        "unread",
        "page_changed",
        "read",
        "审核中",
    )
    assert page["differs"] == ["outcome", "reason"]
    assert office.labels() == [], "a dry run"


def test_a_word_whose_meaning_is_another_now_differs_in_its_status_only(office: Office) -> None:
    office.look(label="待单位确认")
    office.more = '[cases.labels]\n"待单位确认" = "needs_action"\n'
    (page,) = office.replay()["pages"]
    assert page["differs"] == ["status"]
    assert (page["then"]["status"], page["now"]["status"]) == ("unknown", "needs_action")


@pytest.mark.parametrize(
    ("then", "more", "differs", "words"),
    [
        (table(受理编号=NUMBER, 当前状态="审核中", 回执日="2026-11-20"), 'date = "回执日"', ["reported_on"], "own date"),
        (table(受理编号=NUMBER, 当前状态="审核中"), 'identify = ["受理编号"]', [], "nothing reads differently"),
    ],
)
def test_a_date_that_is_read_now_differs(office: Office, then: str, more: str, differs: list[str], words: str) -> None:
    office.look(then)
    office.more = f"[cases.read]\n{more}\n"
    assert office.replay()["pages"][0]["differs"] == differs
    result = office.run("replay")
    assert words in result.stdout + result.stderr


def test_personal_data_is_masked_unless_it_is_wanted(office: Office) -> None:
    office.look(table(受理编号=NUMBER, 当前状态=f"{NUMBER}审核中"))
    assert NUMBER not in office.run("replay").stdout
    assert NUMBER not in office.run("replay", "--json").stdout
    assert office.run("replay", "nobody").exception is not None
    assert "which of the two" in str(office.run("replay", "--apply", "--dry-run").exception)


def test_without_a_kept_page_there_is_nothing_to_read(office: Office) -> None:
    result = office.run("replay")
    assert (result.return_value, result.stdout) == (0, "")
    assert "No page is kept so far" in result.stderr


# --- a page that reads but changed -----------------------------------------------------------------------------------


def test_a_changed_page_stands_among_the_defects_until_it_is_accepted(office: Office) -> None:
    def defects() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(office.run("status", "--json").stdout)["defects"]
        return found

    office.look(table(受理编号=NUMBER, 当前状态="已受理"))
    assert defects() == []
    office.look(table(受理编号=NUMBER, 办理状态="已受理"))
    (defect,) = defects()
    assert (defect["case"], defect["reason"]) == ("me", "shape_changed")
    assert "looks different now" in defect["text"]
    (event,) = [event for event in office.store.events("me", 9) if event.reason == "shape_changed"]
    assert office.run("ack", event.id[:8]).exception is None
    assert defects() == []


# --- history amended -------------------------------------------------------------------------------------------------


def test_the_reading_that_stands_now_is_corrected_marked_and_told(office: Office) -> None:
    with Phone() as phone:
        office.receivers = f'[[receivers]]\nname = "phone"\nurl = "{phone.at()}"\n'
        office.look(TWO.replace("材料状态", "办理状态"))
        assert office.current.status is Status.ACCEPTED
        mend(office)
        result = office.run("replay", "--apply")
        assert result.return_value == 0, result.output
        assert "This corrects what was told before" in phone.texts[-1]
        assert "审核通过" in phone.texts[-1]
    (entry,) = office.entries()
    assert (entry.seen.label, entry.seen.status) == ("审核通过", Status.APPROVED)
    (mark,) = entry.amended
    assert mark.was.observation is not None
    assert mark.was.observation.label == "已受理", "what stood there before is kept"
    assert office.current.label == "审核通过", "the headline"
    assert office.events() == [("first_seen", "first_reading"), ("status_changed", "reread")]
    assert "amended on" in office.run("history", "me").stdout
    shown = json.loads(office.run("history", "me", "--json").stdout)["observations"][0]
    assert shown["amended"][0]["was"]["label"] == "已受理"


def test_what_was_amended_reads_the_same_afterwards_and_a_check_finds_nothing_new(office: Office) -> None:
    office.look(TWO.replace("材料状态", "办理状态"))
    mend(office)
    office.run("replay", "--apply")
    again = office.run("replay", "--apply")
    assert again.return_value == 0
    assert "nothing reads differently" in again.stderr
    office.look(TWO)
    assert len(office.entries()) == 1
    assert len(office.events()) == 2


def test_an_old_reading_is_amended_and_told_to_nobody(office: Office) -> None:
    office.look(TWO.replace("材料状态", "办理状态"))
    office.look(table(受理编号=NUMBER, 流转情况="办结", 办理状态="审核中"))
    told = office.events()
    mend(office)
    office.more += '[cases.labels]\n"办结" = "in_review"\n'
    content = office.replay("--apply")
    assert [page["applied"] for page in content["pages"]] == [True, True]
    assert office.labels() == ["办结", "审核通过"]
    assert [event["reason"] for event in content["events"]] == ["reread"], "only about what stands now"
    assert len(office.events()) == len(told) + 1


def test_a_meaning_that_was_wrong_is_told_where_it_stands_now(office: Office) -> None:
    office.look(label="审核中")
    office.more = '[cases.labels]\n"审核中" = "needs_action"\n'
    content = office.replay("--apply")
    (event,) = content["events"]
    assert (event["kind"], event["reason"], event["urgency"]) == ("status_changed", "reread", "urgent")
    assert office.current.status is Status.NEEDS_ACTION


def test_a_page_that_could_not_be_read_then_becomes_news_where_nothing_newer_was_read(office: Office) -> None:
    office.look(label="已受理")
    office.look(NEW_CAPTION)
    streak = office.store.sources()[0].history.streak
    mend(office)
    result = office.run("replay", "--apply")
    assert result.return_value == 0, "the first page reads no more with this config, but a later one does"
    assert "takes nothing back" in result.stderr
    assert [page["outlived"] for page in office.replay()["pages"]] == [True, False]
    assert office.labels() == ["审核中", "已受理"]
    assert office.events()[-1] == ("status_changed", "reread")
    past = office.store.sources()[0].history
    assert past.streak == streak, "whether the site can be read is another matter"
    assert past.last_read_at == office.moment - timedelta(hours=5), "as old as the page"
    assert "before: The page does not look as expected" in office.run("history", "me").stdout


def test_an_unread_page_of_long_ago_is_put_into_its_place_and_told_to_nobody(office: Office) -> None:
    office.look(label="已受理")
    office.look(NEW_CAPTION)
    office.look(label="审核通过")
    told = office.events()
    mend(office)
    office.run("replay", "--apply")
    assert office.labels() == ["审核通过", "审核中", "已受理"]
    assert office.events() == told
    assert office.current.label == "审核通过"


def test_an_unread_page_that_says_what_stood_there_anyway_adds_nothing(office: Office) -> None:
    office.look(label="审核中")
    office.look(NEW_CAPTION)
    office.look(label="审核中")
    mend(office)
    office.run("replay", "--apply")
    assert office.labels() == ["审核中"]
    assert [p["differs"] for p in office.replay()["pages"] if p["kind"] == "unread"] == [[]], "and it is settled"


def test_the_same_as_what_stands_now_only_makes_the_last_good_reading_younger(office: Office) -> None:
    office.look(label="审核中")
    office.look(NEW_CAPTION)
    mend(office)
    office.run("replay", "--apply")
    assert office.labels() == ["审核中"]
    assert office.store.sources()[0].history.last_read_at == office.moment - timedelta(hours=5)
    assert office.events()[0] == ("first_seen", "first_reading")
    assert [kind for kind, _ in office.events()] == ["first_seen", "defect"]


def test_a_doubtful_correction_waits_for_its_second_look(office: Office) -> None:
    office.look(TWO.replace("材料状态", "办理状态").replace("审核通过", "流转至三科"))
    mend(office)
    office.run("replay", "--apply")
    assert office.events() == [("first_seen", "first_reading")], "an unknown word is not told at the first look"
    assert office.current.provisional
    row = office.store.sources()[0]
    assert row.next_check.reason == "second_look"
    office.moment += timedelta(hours=1)
    office.look(TWO.replace("审核通过", "流转至三科"))
    assert ("status_changed", "label_changed") in office.events()


def test_a_final_status_that_was_none_is_looked_at_again(office: Office) -> None:
    office.more = '[cases.labels]\n"已受理" = "completed"\n'
    office.look(label="已受理")
    assert office.store.sources()[0].next_check.reason == "final"
    office.more = '[cases.labels]\n"已受理" = "accepted"\n'
    office.run("replay", "--apply")
    assert office.store.sources()[0].next_check.at is not None
    assert office.current.status is Status.ACCEPTED


def test_a_page_that_reads_no_more_takes_nothing_back(office: Office) -> None:
    office.look(label="审核中")
    mend(office)
    result = office.run("replay", "--apply")
    assert result.return_value == 20
    assert office.labels() == ["审核中"]
    assert office.entries()[0].amended == ()
    assert office.current.label == "审核中"


def test_details_that_are_read_only_now_are_amended_without_a_message(office: Office) -> None:
    office.look(table(受理编号=NUMBER, 办理状态="已受理", 流转情况="已受理", 备注="请等待"))
    mend(office)
    assert office.replay("--apply")["events"] == []


def test_beside_a_corrected_status_other_details_are_no_message_of_their_own(office: Office) -> None:
    office.look(label="审核中")
    desk = Desk(office.config, {"LC_ALL": "C.UTF-8"})
    (one,) = reread(desk.store, desk.subjects())
    seen = one.now.observation
    assert seen is not None
    now = replace(seen, status=Status.NEEDS_ACTION, details={**seen.details, "备注": "缺一页"})
    found = [replace(one, now=Outcome(OutcomeKind.READ, now))]
    with time_machine.travel(office.moment):
        done = apply(desk.store, desk.config, found, now=office.moment)
    assert [(event.kind.value, event.reason) for event in done.events] == [("status_changed", "reread")]
    assert office.current.details["备注"] == "缺一页"


def test_a_failure_that_was_told_does_not_end_because_a_kept_page_reads(office: Office) -> None:
    office.look(label="已受理")
    for _ in range(6):
        office.look(NEW_CAPTION)
    assert ("unreadable", "page_changed") in office.events()
    mend(office)
    office.run("replay", "--apply")
    assert office.events()[-1] == ("status_changed", "reread")
    assert "readable_again" not in [kind for kind, _ in office.events()]
    office.moment += timedelta(hours=1)
    office.look(NEW_CAPTION)
    assert office.events()[-1] == ("readable_again", "readable_again")


def test_nobody_is_told_where_that_is_not_wanted(office: Office) -> None:
    with Phone() as phone:
        office.receivers = f'[[receivers]]\nname = "phone"\nurl = "{phone.at()}"\n'
        office.look(TWO.replace("材料状态", "办理状态"))
        mend(office)
        content = office.replay("--apply", "--no-notify")
        assert len(content["events"]) == 1
        assert content["deliveries"] == []
        assert not any("corrects" in text for text in phone.texts)


def test_a_message_that_could_not_be_sent_is_owed(office: Office) -> None:
    office.look(TWO.replace("材料状态", "办理状态"))
    office.receivers = '[[receivers]]\nname = "phone"\nurl = "json://127.0.0.1:9/"\n[delivery]\ntimeout = "5s"\n'
    mend(office)
    assert office.run("replay", "--apply").return_value == 12


def test_a_case_that_is_being_looked_at_is_left_alone(office: Office) -> None:
    office.look(TWO.replace("材料状态", "办理状态"))
    mend(office)
    other = Store(office.store.base, f"elsewhere:1:{'0' * 8}", lambda: office.moment)
    assert other.claim([other.sources()[0].id], timedelta(minutes=5))
    result = office.run("replay", "--apply")
    assert result.return_value == 20
    assert "try again" in result.stderr
    assert office.entries()[0].amended == ()


def test_two_amendments_of_one_entry_are_both_kept(office: Office) -> None:
    office.look(TWO.replace("材料状态", "办理状态"))
    mend(office)
    office.run("replay", "--apply")
    office.moment += timedelta(hours=1)
    mend(office, "办理状态")
    office.run("replay", "--apply")
    (entry,) = office.entries()
    assert entry.seen.label == "已受理"
    was = [mark.was.observation for mark in entry.amended]
    assert [seen.label for seen in was if seen] == ["已受理", "审核通过"]


# --- what is no second look, no answer, and no news ------------------------------------------------------------------

UNKNOWN = "流转至三科"


def test_a_page_on_which_asking_ended_before_an_answer_is_never_read_as_one(office: Office) -> None:
    office.look(label="已受理")
    form = f"<p>受理编号：{NUMBER}</p><p>办理状态：办结</p><form action=/x><input name=kw placeholder=站内搜索></form>"
    office.site.answer(office.site.form_url.removeprefix(office.site.origin), Reply(f"<html><body>{form}</body></html>"))
    office.look(label="审核中")
    office.site.forget(office.site.form_url.removeprefix(office.site.origin))
    (step,) = [page for page in office.replay("--apply")["pages"] if page["kind"] != "new"]
    assert (step["kind"], step["then"]["outcome"], step["now"]["outcome"], step["differs"]) == (
        "step",
        "page_changed",
        "page_changed",
        [],
    )
    assert office.labels() == ["已受理"]
    assert "<form action" in office.run("diagnostics", "me", "--page").stdout, "what a bug report needs"


def test_a_page_read_again_hours_later_is_no_second_look(office: Office) -> None:
    office.look(label="已受理")
    office.look(label=UNKNOWN)
    told = office.events()
    office.more = f'[cases.labels]\n"{UNKNOWN}" = "submitted"\n'
    office.run("replay", "--apply")
    assert office.events() == told, "a step backward, seen once"
    assert (office.current.status, office.current.provisional) == (Status.SUBMITTED, True)
    office.look(label=UNKNOWN)
    assert office.events()[-1] == ("status_changed", "label_changed")


def test_a_doubtful_look_that_was_off_by_the_next_is_no_news_when_it_is_read_again(office: Office) -> None:
    for label in ("已受理", UNKNOWN, "已受理"):
        office.look(label=label)
    told = office.events()
    assert office.labels() == ["已受理", UNKNOWN, "已受理"]
    office.more = f'[cases.labels]\n"{UNKNOWN}" = "approved"\n'
    office.run("replay", "--apply")
    assert office.events() == told
    assert office.current.label == "已受理"


def test_an_amended_entry_keeps_its_day(office: Office) -> None:
    office.look(table(受理编号=NUMBER, 办理状态="已受理", 流转情况="已受理"))
    office.look(table(受理编号=NUMBER, 办理状态=UNKNOWN, 流转情况="已受理"))
    days = [entry.seen.seen_at for entry in office.entries()]
    assert len(set(days)) == 2
    mend(office)
    office.run("replay", "--apply")
    assert office.labels() == ["已受理", "已受理"]
    assert [entry.seen.seen_at for entry in office.entries()] == days
    assert not office.current.provisional


def test_after_an_entry_was_put_in_between_the_second_look_makes_the_right_one_sure(office: Office) -> None:
    office.look(table(受理编号=NUMBER, 办理状态="已受理", 流转情况="已受理"))
    office.look(NEW_CAPTION)
    office.look(table(受理编号=NUMBER, 办理状态=UNKNOWN, 流转情况=UNKNOWN))
    mend(office)
    office.run("replay", "--apply")
    assert office.labels() == [UNKNOWN, "审核中", "已受理"]
    office.look(table(受理编号=NUMBER, 办理状态=UNKNOWN, 流转情况=UNKNOWN))
    assert office.labels() == [UNKNOWN, "审核中", "已受理"]
    assert not office.entries()[0].seen.provisional


def test_an_unknown_word_of_long_ago_is_as_doubtful_as_it_was(office: Office) -> None:
    office.look(label="已受理")
    office.look(NEW_CAPTION.replace("审核中", UNKNOWN))
    office.look(label="审核通过")
    mend(office)
    office.run("replay", "--apply")
    assert [(entry.seen.label, entry.seen.provisional) for entry in office.entries()][1] == (UNKNOWN, True)


def test_what_another_process_amended_meanwhile_is_not_amended_once_more(office: Office) -> None:
    office.look(TWO.replace("材料状态", "办理状态"))
    mend(office)
    desk = Desk(office.config, {"LC_ALL": "C.UTF-8"})
    found = reread(desk.store, desk.subjects())
    office.run("replay", "--apply")
    told = office.events()
    with time_machine.travel(office.moment):
        done = apply(desk.store, desk.config, found, now=office.moment)
    assert (done.amended, done.events, done.busy) == (frozenset(), (), frozenset({1}))
    assert len(office.entries()[0].amended) == 1
    assert office.events() == told


def test_a_case_that_was_taken_away_meanwhile_is_left_alone(office: Office) -> None:
    office.look(TWO.replace("材料状态", "办理状态"))
    mend(office)
    desk = Desk(office.config, {"LC_ALL": "C.UTF-8"})
    found = reread(desk.store, desk.subjects())
    desk.roster.purge("me")
    assert apply(desk.store, desk.config, found, now=office.moment).busy == frozenset({1})


def test_the_first_readings_of_an_import_are_told_once_for_all_also_when_a_kept_page_brings_them(office: Office) -> None:
    with Phone() as phone:
        office.receivers = f'[[receivers]]\nname = "phone"\nurl = "{phone.at()}"\n'
        office.look(NEW_CAPTION)
        with closing(sqlite3.connect(office.folder / "tracker.db")) as store, store:
            store.execute("UPDATE cases SET imported_at = created_at")
        mend(office)
        content = office.replay("--apply")
        assert [event["kind"] for event in content["events"]] == ["first_seen"]
        assert phone.texts == []


def test_a_case_that_is_read_by_hand_is_never_planned_to_be_asked(office: Office) -> None:
    shown = office.folder / "shown.html"
    shown.write_text(f"<html><body>{table(受理编号=NUMBER, 办理状态='已受理', 流转情况=UNKNOWN)}</body></html>", "utf-8")
    office.adapter = "by_hand"
    assert office.run("saw", "me", "--page", str(shown), "--yes").exception is None
    assert office.store.sources()[0].next_check.reason == "by_hand"
    mend(office)
    office.run("replay", "--apply")
    assert office.current.label == UNKNOWN
    assert (office.store.sources()[0].next_check.at, office.store.sources()[0].next_check.reason) == (None, "by_hand")


def test_a_site_that_can_not_be_read_is_not_asked_sooner_because_of_a_kept_page(office: Office) -> None:
    office.look(table(受理编号=NUMBER, 办理状态="已受理", 流转情况="已受理"))
    office.look(NEW_CAPTION.replace("审核中", UNKNOWN))
    planned = office.store.sources()[0].next_check
    mend(office)
    office.run("replay", "--apply")
    assert office.current.label == UNKNOWN
    assert office.store.sources()[0].next_check == planned


def test_an_archived_case_is_read_again_only_where_it_is_named_and_nobody_is_told(office: Office) -> None:
    with Phone() as phone:
        office.receivers = f'[[receivers]]\nname = "phone"\nurl = "{phone.at()}"\n'
        office.look(TWO.replace("材料状态", "办理状态"))
        assert office.run("archive", "me").exit_code == 0
        mend(office)
        assert office.replay()["pages"] == []
        assert len(office.replay("me")["pages"]) == 1
        office.replay("me", "--apply")
        assert office.labels() == ["审核通过"]
        assert office.events()[-1] == ("status_changed", "reread")
        assert not [text for text in phone.texts if "corrects" in text]
