"""The points adapters against three guesses at the real page: real checks over loopback."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.shell.stores import Place
from tests.shell.test_check import HEAD, Office, kinds
from tests.sites.points import HOME, Applicant, Framed, Listed, PointsSite, Stateful
from tests.sites.server import Reply, Site
from tracker.core.model import Identity, OutcomeKind, Status
from tracker.registry import Registry

PERSON = "310000199001011234"  # fails its checksum
NAME = "测试喆"
OTHER = "310000199202022345"  # likewise
FRAMED = {"姓名": NAME, "证件号码": PERSON}
LISTED = {"申请人姓名": NAME, "证件类型": "居民身份证", "证件号码": PERSON}
STATEFUL = {"姓名": NAME, "身份证号": PERSON}

Asked = tuple[PointsSite, Office]


def office(tmp_path: Path, site: PointsSite, reference: dict[str, str]) -> Office:
    lines = [f'[[cases]]\nname = "me"\nadapter = "shanghai_points_progress"\nurl = "{site.home}"\n[cases.reference]']
    return Office(Place(tmp_path), HEAD + "\n".join([*lines, *(f'"{k}" = "{v}"' for k, v in reference.items())]) + "\n")


@pytest.fixture(params=[(Framed, FRAMED), (Listed, LISTED), (Stateful, STATEFUL)], ids=["framed", "listed", "stateful"])
def asked(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Asked]:
    kind, reference = request.param
    with kind() as site:
        site.add(Applicant(NAME, PERSON))
        yield site, office(tmp_path, site, reference)


def test_the_form_is_found_filled_and_its_answer_read(asked: Asked) -> None:
    site, desk = asked
    result = desk.one()
    seen = result.outcome.observation
    assert seen is not None, result.outcome.problem
    assert (seen.label, seen.status, seen.confirmed) == ("等待受理", Status.SUBMITTED, False)
    assert seen.identity is Identity.MATCHED
    assert str(seen.reported_on) == "2026-11-20"
    assert len(site.log) <= 4


def test_a_move_is_told_once(asked: Asked) -> None:
    site, desk = asked
    desk.one()
    desk.clock.move(hours=6)
    site.move(PERSON, "受理通过")
    assert kinds(desk.one()) == ["status_changed"]
    desk.clock.move(hours=6)
    assert kinds(desk.one()) == []


def test_a_notice_that_asks_for_the_papers_is_quoted(asked: Asked) -> None:
    site, desk = asked
    if isinstance(site, Listed):
        pytest.skip("a list of records has no place for one")
    site.move(PERSON, "等待受理", notice="您的申报信息单位已审核，请携带相关材料去网点进行受理！")
    seen = desk.one().outcome.observation
    assert seen is not None
    assert (seen.notice, seen.notice_asks) == ("您的申报信息单位已审核，请携带相关材料去网点进行受理！", True)


def test_nobody_of_that_name_is_not_listed(asked: Asked) -> None:
    site, desk = asked
    site.people.clear()
    assert desk.one().outcome.kind is OutcomeKind.NOT_LISTED


def test_another_persons_record_is_refused(asked: Asked) -> None:
    site, desk = asked
    site.people[PERSON] = Applicant("测试乙", OTHER)
    site.find = lambda name, id_number: site.people[PERSON]  # type: ignore[method-assign] # noqa: ARG005 - it mixes people up
    result = desk.one()
    assert result.outcome.kind is OutcomeKind.MISMATCHED
    assert OTHER not in repr(result.history)


def test_maintenance_on_the_way_is_no_status(asked: Asked) -> None:
    site, desk = asked
    site.answer(HOME, Reply("<html><body>系统维护中，请稍后再试</body></html>"))
    result = desk.one()
    assert result.outcome.problem is not None
    assert result.outcome.problem.reason == "maintenance"


def test_a_captcha_is_left_to_the_person(tmp_path: Path) -> None:
    with Stateful(captcha=True) as site:
        site.add(Applicant(NAME, PERSON))
        result = office(tmp_path, site, STATEFUL).one()
    assert result.outcome.problem is not None
    assert (result.outcome.kind, result.outcome.problem.reason) == (OutcomeKind.BLOCKED, "captcha")
    assert [seen.method for seen in site.log] == ["GET", "GET"], "the page and the picture; nothing is sent without an answer"


def test_fields_that_the_page_does_not_have_are_a_changed_page_that_names_what_is_there(tmp_path: Path) -> None:
    with Framed() as site:
        result = office(tmp_path, site, {"受理编号": "JF2026000123"}).one()
    problem = result.outcome.problem
    assert problem is not None
    assert (result.outcome.kind, problem.params["where"]) == (OutcomeKind.PAGE_CHANGED, "form")
    assert all(len(seen.body) == 0 for seen in site.log), "nothing personal was sent"


def test_the_real_site_is_asked_slowly_in_office_hours_and_a_loopback_one_at_once(tmp_path: Path) -> None:
    from tracker.config.load import load
    from tracker.registry import Metas
    from tracker.subjects import subjects

    registry = Registry()

    def gap(url: str) -> tuple[timedelta, bool]:
        file = tmp_path / "config.toml"
        file.write_text(
            f'[[cases]]\nname = "me"\nadapter = "shanghai_points_progress"\n{url}\nreference = {{ "姓名" = "测试甲" }}\n'
        )
        [subject] = subjects(load(file, {}, Metas(registry)).config, registry)
        return subject.gap, bool(subject.policy.hours)

    assert gap("") == (timedelta(seconds=20), True)
    assert gap('url = "http://127.0.0.1:8901/"') == (timedelta(seconds=10), True)


def test_the_list_of_papers_is_watched(tmp_path: Path) -> None:
    page = "<html><body><h2>积分申请材料</h2><p>1. 身份证</p><p>2. 居住证</p>{more}</body></html>"
    with Site() as site:
        url = site.answer("/jzzjf/pingfen/bszn4.jsp", Reply(page.format(more="")))
        desk = Office(Place(tmp_path), f'{HEAD}[[cases]]\nname = "papers"\nadapter = "shanghai_points_guide"\nurl = "{url}"\n')
        assert kinds(desk.one()) == ["first_seen"]
        site.answer("/jzzjf/pingfen/bszn4.jsp", Reply(page.format(more="<p>3. 完税证明</p>")))
        desk.clock.move(days=1)
        assert kinds(desk.one()) == []
        desk.clock.move(minutes=30)
        result = desk.one()
    assert kinds(result) == ["watched_page_changed"]
    assert result.events[0].params["after"] == "3. 完税证明"
