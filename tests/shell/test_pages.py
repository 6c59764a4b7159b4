"""Kept pages: the page of every new label and the last that could not be read; sealed, bounded, forgotten in time."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.shell.stores import Place
from tests.shell.test_check import HEAD, NUMBER, OTHER, Office, case, kinds
from tests.shell.test_sightings import Office as Desk
from tests.shell.test_sightings import answer as shown
from tests.shell.test_sightings import listed
from tests.sites.query import ASK, QuerySite, Record
from tests.sites.server import Reply
from tracker.core.errors import StoreError
from tracker.core.model import OutcomeKind
from tracker.pages.contract import Response
from tracker.store import pages
from tracker.store.pages import Kept, kept_pages, pack, unpack
from tracker.store.roster import Roster

UNREAD = Reply("<html><body><table><tr><td>办理阶段一览</td><td>审核中</td></tr></table></body></html>")


@pytest.fixture
def office(tmp_path: Path, site: QuerySite) -> Office:
    site.cases[NUMBER], site.cases[OTHER] = Record(NUMBER), Record(OTHER)
    return Office(Place(tmp_path), HEAD + case(site, "me", NUMBER))


def kept(office: Office | Desk) -> list[Kept]:
    return kept_pages(office.place.base())


def short(office: Office | Desk) -> list[tuple[str, str]]:
    """(kind, the label or the reason it was read as)."""
    found = []
    for page in kept(office):
        seen, problem = page.outcome.observation, page.outcome.problem
        found.append((page.kind, seen.label if seen else problem.reason if problem else ""))
    return found


def raw(office: Office, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(office.place.file)) as store:
        return store.execute(query).fetchall()


def test_the_page_of_every_new_label_is_kept_as_it_came(office: Office, site: QuerySite) -> None:
    for label in ("已受理", "已受理", "审核中", "审核中"):
        site.move(NUMBER, label)
        office.one()
    assert short(office) == [("new", "已受理"), ("new", "审核中")]
    page = kept(office)[1].page
    assert page.url == site.origin + ASK
    assert page.content_type == "text/html; charset=GB18030"
    assert NUMBER in page.text
    assert page.body.decode("gb18030").startswith("<!DOCTYPE HTML")


def test_of_pages_that_can_not_be_read_only_the_last_is_kept(office: Office, site: QuerySite) -> None:
    office.one()
    for text in ("<h2>系统维护中，请稍后再试。</h2>", "<p>别的</p>", "<p>又是别的</p>"):
        site.answer(ASK, Reply(f"<html><body>{text}</body></html>"))
        office.one()
    assert short(office) == [("new", "已受理"), ("unread", "page_changed")]
    assert "又是别的" in kept(office)[-1].page.text


def test_a_line_that_breaks_behind_the_form_keeps_no_page_and_leaves_the_one_that_could_not_be_read(
    office: Office, site: QuerySite
) -> None:
    site.answer(ASK, UNREAD, Reply("down", status=503))
    assert [office.one().outcome.kind for _ in range(2)] == [OutcomeKind.PAGE_CHANGED, OutcomeKind.UNAVAILABLE]
    assert short(office) == [("unread", "page_changed")]
    assert "办理阶段一览" in kept(office)[0].page.text


def test_somebody_elses_page_is_never_kept_nor_one_without_the_record(office: Office, site: QuerySite) -> None:
    rows = "<tr><td>受理编号</td><td>SH2026000999</td></tr><tr><td>当前状态</td><td>办结</td></tr>"
    site.answer(ASK, Reply(f"<html><body><table>{rows}</table></body></html>"), Reply("<p>未查询到相关记录</p>"))
    assert [office.one().outcome.kind for _ in range(2)] == [OutcomeKind.MISMATCHED, OutcomeKind.NOT_LISTED]
    assert kept(office) == []


def test_nothing_of_a_page_stands_in_the_file_as_it_is(office: Office) -> None:
    office.one()
    files = b"".join(path.read_bytes() for path in office.place.folder.glob("tracker.db*"))
    for text in (NUMBER, ASK, "text/html", "SH2026", "当前状态"):
        assert text.encode() not in files
        assert text.encode("gb18030") not in files


def test_an_unchanged_look_keeps_no_page_again(office: Office) -> None:
    office.one()
    before = raw(office, "SELECT id, sealed_body FROM pages")
    for _ in range(3):
        office.one()
    assert raw(office, "SELECT id, sealed_body FROM pages") == before


def test_the_same_label_with_another_remark_keeps_no_page_again(office: Office, site: QuerySite) -> None:
    for remark in ("", "请等待通知", "材料齐全"):
        site.move(NUMBER, "审核中", remark=remark)
        office.one()
    assert office.told == ["first_seen", "details_changed", "details_changed"]
    assert short(office) == [("new", "审核中")]


def test_a_source_keeps_its_newest_pages_only(office: Office, site: QuerySite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MOST_OF_A_SOURCE", 3)
    for number in range(5):
        site.move(NUMBER, f"待转{'甲乙丙丁戊'[number]}")
        office.one()
        office.clock.move(hours=1)
    assert [label for _, label in short(office)] == ["待转丙", "待转丁", "待转戊"]


def test_all_pages_together_have_a_bound_and_the_oldest_go_first(
    office: Office, site: QuerySite, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.one()
    ((size,),) = raw(office, "SELECT size FROM pages")
    assert isinstance(size, int)
    monkeypatch.setattr(pages, "MOST_BYTES", int(size * 2.5))
    for label in ("审核中", "审核通过", "办结"):
        site.move(NUMBER, label)
        office.check("me")
        office.clock.move(hours=1)
    assert [label for _, label in short(office)] == ["审核通过", "办结"]


def test_a_page_larger_than_what_is_fetched_is_not_kept(tmp_path: Path) -> None:
    office = Desk(Place(tmp_path))
    office.config = office.config.replace("[[receivers]]", '[fetch]\nmax_body = "1KiB"\n[[receivers]]')
    office.sight(shown("审核中 " + "　" * 2000))
    assert kept(office) == []


def test_pages_are_forgotten_after_their_time_also_when_nothing_new_comes(office: Office) -> None:
    office.one()
    office.clock.move(days=179)
    office.one()
    assert len(kept(office)) == 1
    office.clock.move(days=2)
    office.one()
    assert kept(office) == []


def test_without_a_time_no_page_is_kept_and_those_there_go(office: Office, site: QuerySite) -> None:
    office.one()
    office.config = '[store]\nkeep_pages = ""\n' + office.config.replace('timezone = "Asia/Shanghai"\n', "")
    office.config = 'timezone = "Asia/Shanghai"\n' + office.config
    site.move(NUMBER, "审核中")
    office.clock.move(minutes=1)
    assert kinds(office.one()) == ["status_changed"]
    assert kept(office) == []


def test_a_page_that_can_not_be_kept_costs_no_reading(office: Office, site: QuerySite) -> None:
    office.one()
    raw(office, "CREATE TRIGGER full BEFORE INSERT ON pages BEGIN SELECT RAISE(ABORT, 'no room for pages'); END")
    site.move(NUMBER, "审核中")
    result = office.one()
    assert (result.changed, kinds(result)) == (True, ["status_changed"])
    assert [seen.label for _, seen in office.place.store().observations("me", 9)] == ["审核中", "已受理"]
    assert short(office) == [("new", "已受理")]


def test_a_store_that_fails_otherwise_still_says_so(office: Office, site: QuerySite) -> None:
    office.one()
    raw(office, "CREATE TRIGGER full BEFORE INSERT ON observations BEGIN SELECT RAISE(ABORT, 'no room'); END")
    site.move(NUMBER, "审核中")
    with pytest.raises(StoreError, match="no room"):
        office.one()
    assert short(office) == [("new", "已受理")]


def test_a_dry_run_keeps_no_page(office: Office) -> None:
    office.one(dry_run=True)
    assert kept(office) == []


def test_a_page_that_a_person_showed_is_kept_for_its_case_but_a_list_of_many_is_not(tmp_path: Path) -> None:
    office = Desk(Place(tmp_path))
    office.sight(shown("审核中"))
    assert short(office) == [("new", "审核中")]
    office.sight_all(listed({NUMBER: "审核通过", OTHER: "办结"}))
    assert [label for label, _ in office.stored()] == ["审核通过", "审核中"]
    assert short(office) == [("new", "审核中")]


def test_the_text_of_a_watched_page_is_not_kept_as_a_page_too(tmp_path: Path, site: QuerySite) -> None:
    config = f'[[cases]]\nname = "me"\nadapter = "page"\nwatch = true\nurl = "{site.list_url}"\n'
    site.answer("/list.htm", Reply("<html><body><p>办事指南第一版</p></body></html>"))
    office = Office(Place(tmp_path), HEAD + config)
    assert kinds(office.one()) == ["first_seen"]
    assert kept(office) == []


def other(site: QuerySite) -> str:
    """A case that is found on the list of all."""
    return f'[[cases]]\nname = "other"\nadapter = "page"\nurl = "{site.list_url}"\nreference = {{ "受理编号" = "{OTHER}" }}\n'


def test_a_list_that_shows_others_too_is_read_and_not_kept(office: Office, site: QuerySite) -> None:
    office.config += other(site)
    office.check()
    assert [seen.label for _, seen in office.place.store().observations("other", 9)] == ["已受理"]
    assert {page.case for page in kept(office)} == {"me"}


@pytest.mark.parametrize(
    "named",
    [NUMBER, "".join(f"&#{ord(c)};" for c in NUMBER), f"{NUMBER[:4]}<wbr>{NUMBER[4:]}", NUMBER.lower(), f"\\u0053{NUMBER[1:]}"],
)
def test_a_purge_deletes_a_cases_pages_and_those_of_others_that_name_it(office: Office, site: QuerySite, named: str) -> None:
    rows = "<tr><td>查询码</td><td>QX77881199</td></tr><tr><td>当前状态</td><td>审核中</td></tr>"
    site.answer("/list.htm", Reply(f"<html><body><table>{rows}</table><p>并案：{named}</p></body></html>"))
    office.config += other(site).replace("受理编号", "查询码").replace(OTHER, "QX77881199")
    office.check()
    assert {page.case for page in kept(office)} == {"me", "other"}
    Roster(office.place.base(), office.clock).purge("me")
    assert kept(office) == []


UNREAD_LIST = f"<table><tr><td>人员</td><td>编号</td><td>流转</td></tr><tr><td>张三</td><td>{NUMBER}</td><td>审核中</td></tr>"


def test_of_pages_that_can_not_be_read_none_with_other_people_on_it_is_kept(office: Office, site: QuerySite) -> None:
    site.answer(ASK, Reply(f"<html><body>{UNREAD_LIST}</table></body></html>"))
    assert office.one().outcome.kind is OutcomeKind.PAGE_CHANGED
    assert short(office) == [("unread", "page_changed")]
    site.answer(
        ASK, Reply(f"<html><body>{UNREAD_LIST}<tr><td>李四</td><td>{OTHER}</td><td>办结</td></tr></table></body></html>")
    )
    assert office.one().outcome.kind is OutcomeKind.PAGE_CHANGED
    assert OTHER not in kept(office)[-1].page.text, "the one before stays the last that could be kept"


def test_a_list_that_is_read_by_the_cases_own_caption_is_not_kept(office: Office, site: QuerySite) -> None:
    rows = "".join(f"<tr><td>{n}</td><td>{s}</td></tr>" for n, s in ((NUMBER, "审核中"), (OTHER, "办结")))
    site.answer(ASK, Reply(f"<html><body><table><tr><th>受理编号</th><th>流转情况</th></tr>{rows}</table></body></html>"))
    office.config += '[cases.read]\nlabel = "流转情况"\n'
    assert kinds(office.one()) == ["first_seen"]
    assert kept(office) == []


def test_a_purge_deletes_a_cases_pages_also_where_they_name_nobody(office: Office, site: QuerySite) -> None:
    site.answer(ASK, Reply("<html><body><table><tr><td>当前状态</td><td>审核中</td></tr></table></body></html>"))
    office.one()
    assert short(office) == [("new", "审核中")]
    Roster(office.place.base(), office.clock).purge("me")
    assert kept(office) == []


def test_with_another_reference_the_pages_of_the_one_before_go_and_its_history_stays(office: Office) -> None:
    office.one()
    office.config = office.config.replace(NUMBER, OTHER)
    assert kinds(office.one()) == ["first_seen"]
    assert [OTHER in page.page.text for page in kept(office)] == [True]
    assert raw(office, "SELECT count(*) FROM pages") == [(1,)], "those of a source that is asked no more are not shown"
    assert len(office.place.store().observations("me", 9)) == 2


def test_a_case_that_leaves_the_config_for_a_while_finds_its_pages_again(office: Office, site: QuerySite) -> None:
    office.config += case(site, "other", OTHER)
    office.check()
    whole, office.config = office.config, office.config.replace(case(site, "other", OTHER), "")
    office.check()
    assert [page.case for page in kept(office)] == ["me"]
    office.config = whole
    office.check()
    assert [page.case for page in kept(office)] == ["me", "other"]


def test_a_case_that_is_archived_and_brought_back_has_all_that_it_had(office: Office) -> None:
    office.one()
    roster = Roster(office.place.base(), office.clock)
    before = kept(office)
    roster.archive("me")
    roster.archive("me", back=True)
    assert (kept(office), len(before)) == (before, 1)
    assert len(office.place.store().observations("me", 9)) == 1


def test_the_pages_of_an_archived_case_go_after_their_time(office: Office, site: QuerySite) -> None:
    office.config += case(site, "other", OTHER)
    office.check()
    Roster(office.place.base(), office.clock).archive("me")
    office.clock.move(days=181)
    office.check("other")
    assert "me" not in [page.case for page in kept(office)]


def test_the_pages_of_an_archived_case_go_with_a_purge(office: Office) -> None:
    office.one()
    roster = Roster(office.place.base(), office.clock)
    roster.archive("me")
    roster.purge("me")
    assert raw(office, "SELECT id FROM pages") == []


def test_a_case_that_is_removed_keeps_its_history_and_no_page(office: Office) -> None:
    roster, mine = Roster(office.place.base(), office.clock), office.config
    roster.add("me", {"name": "me"})
    office.one()
    assert len(raw(office, "SELECT id FROM pages")) == 1
    roster.remove("me")
    assert raw(office, "SELECT id FROM pages") == []
    assert len(office.place.store().observations("me", 9)) == 1
    assert office.config == mine


def test_a_purge_leaves_the_pages_of_others_that_do_not_name_it(office: Office, site: QuerySite) -> None:
    office.config += case(site, "other", OTHER)
    office.check()
    Roster(office.place.base(), office.clock).purge("me")
    assert [page.case for page in kept(office)] == ["other"]


def test_a_page_comes_back_from_its_packing_byte_by_byte() -> None:
    page = Response("http://127.0.0.1/查询?no=1", 200, "text/html; charset=gb2312", bytes(range(256)) * 99, complete=False)
    assert unpack(pack(page)) == page
    assert len(pack(page)) < len(page.body)


def test_no_store_has_no_pages(tmp_path: Path) -> None:
    assert kept_pages(Place(tmp_path).base()) == []


def test_the_pages_of_named_cases_can_be_asked_for(office: Office, site: QuerySite) -> None:
    office.config += case(site, "other", OTHER)
    office.check()
    assert [page.case for page in kept_pages(office.place.base(), ["other"])] == ["other"]
    assert kept(office)[0].at == office.clock.now + timedelta(0)
