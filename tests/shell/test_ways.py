"""The ways of asking beside form and page, by real checks: JSON, a watched page, a place that only a person looks at."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests.shell.stores import Place
from tests.shell.test_check import HEAD, NUMBER, OTHER, Office, kinds
from tests.sites.query import JSON, QuerySite, Record
from tests.sites.server import Reply
from tracker.core.model import EventKind, OutcomeKind
from tracker.results import exit_code

PAPERS = "<html><body><h1>办理材料</h1><p>身份证</p><p>居住证</p><p>当前时间：10:00:0{n}</p></body></html>"
MORE = PAPERS.replace("</h1>", "</h1><p>完税证明</p>")
HTML = "text/html; charset=utf-8"


def office(tmp_path: Path, lines: str) -> Office:
    return Office(Place(tmp_path), f'{HEAD}[[cases]]\nname = "me"\n{lines}\n')


# --- JSON ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def asked(tmp_path: Path, site: QuerySite) -> Office:
    site.cases[NUMBER] = Record(NUMBER, label="审核中", remark="缺照片")
    return office(tmp_path, f'adapter = "json"\nurl = "{site.json_url}?lang=zh"\nreference = {{ no = "{NUMBER}" }}')


def test_a_json_answer_is_asked_by_its_query_and_read(asked: Office, site: QuerySite) -> None:
    seen = asked.one().outcome.observation
    assert seen is not None
    assert (seen.label, seen.identity, seen.details["remark"]) == ("审核中", "matched", "缺照片")
    assert site.asked(JSON)[0].target == f"{JSON}?lang=zh&no={NUMBER}"
    site.move(NUMBER, "审核通过")
    assert kinds(asked.one()) == ["status_changed"]


def test_a_number_that_the_site_does_not_know_is_not_listed(asked: Office, site: QuerySite) -> None:
    site.cases.clear()
    assert asked.one().outcome.kind is OutcomeKind.NOT_LISTED


@pytest.mark.parametrize("body", ["form", "json"])
def test_a_post_carries_the_reference_as_the_case_says(tmp_path: Path, site: QuerySite, body: str) -> None:
    found = json.dumps({"data": {"no": NUMBER, "status": "审核中"}}).encode()
    site.answer("/api", Reply(found, content_type="application/json"))
    lines = f'adapter = "json"\nurl = "{site.origin}/api"\nmethod = "POST"\nbody = "{body}"'
    made = office(tmp_path, f'{lines}\nreference = {{ no = "{NUMBER}", "姓名" = "测试甲" }}')
    assert made.one().outcome.kind is OutcomeKind.READ
    [seen] = site.asked("/api")
    if body == "json":
        assert seen.headers["content-type"] == "application/json; charset=utf-8"
        assert json.loads(seen.body) == {"no": NUMBER, "姓名": "测试甲"}
        assert "测试甲".encode() in seen.body
    else:
        assert seen.headers["content-type"] == "application/x-www-form-urlencoded"
        assert seen.form("utf-8") == {"no": NUMBER, "姓名": "测试甲"}


def test_a_changed_way_of_asking_keeps_the_history_and_asks_at_once(asked: Office, site: QuerySite) -> None:
    asked.one()
    asked.config = asked.config.replace("reference = ", 'method = "POST"\nreference = ')
    site.answer(JSON, Reply(b'{"data": {"status": "\xe5\xae\xa1\xe6\xa0\xb8\xe4\xb8\xad"}}', content_type="application/json"))
    assert kinds(asked.one(due=True)) == [], "the same status, and no first reading again"
    assert site.asked(JSON)[-1].method == "POST"


# --- a watched page --------------------------------------------------------------------------------------------------


@pytest.fixture
def watching(tmp_path: Path, site: QuerySite) -> Office:
    show(site, PAPERS)
    return office(tmp_path, f'adapter = "page"\nurl = "{site.origin}/papers.htm"\nwatch = true')


def show(site: QuerySite, text: str) -> None:
    pages = [Reply(text.replace("{n}", str(n)).encode(), content_type=HTML) for n in range(9)]
    site.answer("/papers.htm", *pages)


def test_a_change_of_a_watched_page_is_told_after_the_second_look(watching: Office, site: QuerySite) -> None:
    assert kinds(watching.one()) == ["first_seen"]
    show(site, MORE)
    first = watching.one()
    assert (first.changed, kinds(first)) == (True, [])
    assert first.next_check.at == watching.clock.now + timedelta(minutes=30)
    watching.clock.move(minutes=30)
    result = watching.one(due=True)
    assert kinds(result) == ["watched_page_changed"]
    params = result.events[0].params
    assert params == {"url": f"{site.origin}/papers.htm", "before": "", "after": "完税证明"}
    assert result.events[0].after is not None
    assert result.events[0].after.watched == "", "the text is kept once, not in each event"
    watching.clock.move(hours=4)
    assert kinds(watching.one()) == []
    seen = [o for _, o in watching.place.store().observations("me", 10)]
    assert [o.watched for o in seen] == ["办理材料\n完税证明\n身份证\n居住证", "办理材料\n身份证\n居住证"]


def test_a_page_that_is_down_is_no_change(watching: Office, site: QuerySite) -> None:
    watching.one()
    show(site, "<html><body>系统维护中</body></html>")
    for _ in range(2):
        assert watching.one().outcome.kind is OutcomeKind.UNAVAILABLE
        watching.clock.move(hours=13)
    assert watching.told == ["first_seen"]


def test_another_part_of_the_page_is_another_text_and_no_change(watching: Office) -> None:
    watching.one()
    watching.config = watching.config.replace("watch = true", 'watch = true\ncss = "h1"')
    assert kinds(watching.one()) == ["first_seen"]
    seen = watching.place.store().sources()[0].history.current
    assert seen is not None
    assert seen.watched == "办理材料"


def test_what_a_watched_page_says_of_the_person_is_masked_before_it_is_kept(tmp_path: Path, site: QuerySite) -> None:
    show(site, f"<html><body><p>编号 {NUMBER} 请到窗口</p></body></html>")
    lines = f'adapter = "page"\nurl = "{site.origin}/papers.htm"\nwatch = true\nreference = {{ no = "{NUMBER}" }}'
    seen = office(tmp_path, lines).one().outcome.observation
    assert seen is not None
    assert seen.watched == "编号 SH2026****23 请到窗口"


def test_a_restless_page_is_a_defect_for_the_operator_and_nothing_else(watching: Office, site: QuerySite) -> None:
    watching.one()
    for n in range(8):
        show(site, PAPERS.replace("身份证", f"广告{n}"))
        watching.clock.move(hours=4)
        watching.one()
    assert watching.told == ["first_seen", "defect"]
    rows = [(row.receiver, row.event.reason) for row in watching.place.outbox().rows()]
    assert rows == [("phone", "watch_began"), ("operator", "restless")]


# --- by hand ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "more", ["", 'url = "http://jindu.example/"', 'url = "http://jindu.example/"\nreference = { "受理编号" = "SH2026000123" }']
)
def test_a_place_that_a_person_looks_at_is_never_asked(tmp_path: Path, more: str) -> None:
    made = office(tmp_path, f'adapter = "by_hand"\n{more}')
    [result] = made.check()
    assert result.outcome.problem is not None
    assert (result.outcome.kind, result.outcome.problem.reason) == (OutcomeKind.SKIPPED, "by_hand")
    assert (result.next_check.at, result.next_check.reason) == (None, "by_hand")
    assert exit_code([result], owed=False) == 0
    assert (result.subject.host, result.subject.hosts) == ("", frozenset())
    assert made.check(due=True) == []
    assert not made.place.store().is_any_due(), "the service finds nothing to do"


def test_other_cases_go_on_beside_one_that_a_person_looks_at(tmp_path: Path, site: QuerySite) -> None:
    site.cases[OTHER] = Record(OTHER)
    made = office(tmp_path, 'adapter = "by_hand"')
    made.config += (
        f'[[cases]]\nname = "it"\nadapter = "form"\nurl = "{site.form_url}"\nreference = {{ "受理编号" = "{OTHER}" }}\n'
    )
    skipped, read = made.check()
    assert (skipped.outcome.kind, read.outcome.kind) == (OutcomeKind.SKIPPED, OutcomeKind.READ)
    assert [e.kind for e in read.events] == [EventKind.FIRST_SEEN]
