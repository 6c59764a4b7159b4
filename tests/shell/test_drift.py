"""A page that was redesigned and still reads: the operator hears of it once, the applicant never."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.shell.stores import Place
from tests.shell.test_check import HEAD, NUMBER, OTHER, Office, case, kinds, owed
from tests.sites.query import ASK, QuerySite, Record
from tests.sites.server import Reply
from tracker.core.drift import STANDS
from tracker.core.model import Event, Urgency
from tracker.store.events import acknowledge, find_events

Page = Callable[..., Reply]


def old(label: str = "已受理", number: str = NUMBER, more: str = "") -> Reply:
    rows = f"<tr><td>受理编号：</td><td>{number}</td></tr><tr><td>当前状态：</td><td>{label}</td></tr>{more}"
    return Reply(f"<html><body><table>{rows}</table><p>今日访问：{id(rows)}</p></body></html>")


def new(label: str = "已受理", number: str = NUMBER) -> Reply:
    rows = f"<dl><dt>受理编号</dt><dd>{number}</dd><dt>办理状态</dt><dd>{label}</dd><dt>经办窗口</dt><dd>三号</dd></dl>"
    return Reply(f"<html><body>{rows}<p>今日访问：{id(rows)}</p></body></html>")


def other(label: str = "已受理") -> Reply:
    return Reply(f"<html><body><p>受理编号：{NUMBER}</p><p>审核状态：{label}</p></body></html>")


@pytest.fixture
def office(tmp_path: Path, site: QuerySite) -> Office:
    site.cases[NUMBER], site.cases[OTHER] = Record(NUMBER), Record(OTHER)
    site.answer(ASK, old())
    return Office(Place(tmp_path), HEAD + case(site, "me", NUMBER))


def events_of(office: Office) -> list[Event]:
    return [event for event in office.place.store().events("me", 99) if event.reason == "shape_changed"]


def look(office: Office, site: QuerySite, page: Reply) -> list[str]:
    site.answer(ASK, page)
    return kinds(office.one())


def test_a_redesigned_page_that_reads_is_told_once_to_the_operator_and_never_to_the_applicant(
    office: Office, site: QuerySite
) -> None:
    look(office, site, old())
    assert look(office, site, new()) == ["defect"]
    for _ in range(3):
        assert look(office, site, new()) == []
    (event,) = events_of(office)
    assert event.urgency is Urgency.LOW
    assert event.params["came"] == "办理状态, 经办窗口"
    assert event.params["went"] == "当前状态"
    assert event.params["moved"] == "受理编号"
    assert owed(office) == [("phone", "first_seen"), ("operator", "defect")]


def test_values_rows_and_counters_are_no_redesign(office: Office, site: QuerySite) -> None:
    assert look(office, site, old()) == ["first_seen"]
    assert look(office, site, old("审核中")) == ["status_changed"]
    assert look(office, site, old("审核中")) == []


def test_a_caption_that_comes_with_a_move_is_no_redesign_and_goes_without_a_word(office: Office, site: QuerySite) -> None:
    look(office, site, old())
    back = old("退回补正", more="<tr><td>退回原因：</td><td>缺少材料</td></tr>")
    assert look(office, site, back) == ["status_changed"]
    assert look(office, site, back) == []
    assert look(office, site, old("审核中")) == ["status_changed"]
    assert events_of(office) == []


def test_a_caption_that_comes_by_itself_is_told(office: Office, site: QuerySite) -> None:
    look(office, site, old())
    assert look(office, site, old(more="<tr><td>承诺日期：</td><td>2026-12-01</td></tr>")) == ["defect"]


def test_two_servers_that_answer_in_turns_are_told_of_once(office: Office, site: QuerySite) -> None:
    told = [kind for _ in range(6) for page in (old(), new()) for kind in look(office, site, page)]
    assert told == ["first_seen", "defect"]


def test_an_accepted_shape_is_the_usual_one_and_a_third_is_told_against_it(office: Office, site: QuerySite) -> None:
    look(office, site, old())
    look(office, site, new())
    (event,) = events_of(office)
    store = office.place.store()
    assert store.sources()[0].history.shapes.waiting
    assert acknowledge(store.base, event.id, office.clock()) is None
    assert store.sources()[0].history.shapes.waiting == ()
    assert look(office, site, new()) == []
    assert look(office, site, old()) == [], "the one before is no news either"
    assert look(office, site, other()) == ["defect"]
    assert find_events(store.base, event.id[:8])


def test_a_shape_that_stands_is_accepted_without_a_word(office: Office, site: QuerySite) -> None:
    look(office, site, old())
    for _ in range(STANDS):
        look(office, site, new())
    assert office.place.store().sources()[0].history.shapes.waiting == ()
    assert len(events_of(office)) == 1


def test_a_redesign_of_a_site_is_told_once_for_all_its_cases(office: Office, site: QuerySite) -> None:
    office.config += case(site, "other", OTHER)

    def answered(page: Page) -> list[list[str]]:
        site.answer(ASK, lambda seen: page(number=seen.form()["sh_no"]))
        return [kinds(result) for result in office.check()]

    assert answered(old) == [["first_seen"], ["first_seen"]]
    assert answered(new) == [["defect"], []]
    rows = office.place.store().sources()
    assert all(row.history.shapes.waiting for row in rows)
    acknowledge(office.place.base(), events_of(office)[0].id, office.clock())
    assert not any(row.history.shapes.waiting for row in office.place.store().sources()), "accepted for all"


def row(caption: str) -> str:
    return f"<tr><td>{caption}：</td><td>无</td></tr>"


OTHERS = ("承诺日期", "联系人", "办理地点", "业务类型", "总积分", "工作单位")


def test_a_page_that_never_rests_is_told_of_three_times_and_no_more(office: Office, site: QuerySite) -> None:
    look(office, site, old())
    told = [look(office, site, old(more=row(caption))) for caption in OTHERS]
    assert told == [["defect"]] * 3 + [[]] * 3


def test_whims_of_long_ago_leave_room_for_the_redesign_that_comes_after_them(office: Office, site: QuerySite) -> None:
    look(office, site, old())
    for caption in OTHERS[:3]:
        look(office, site, old(more=row(caption)))
    for _ in range(STANDS):
        assert look(office, site, old()) == []
    assert office.place.store().sources()[0].history.shapes.waiting == ()
    assert look(office, site, new()) == ["defect"]


@pytest.mark.parametrize(
    "more",
    [
        "<p>系统公告：本周六维护</p>",
        "<p>温馨提示：系统升级后更快</p>",
        "<div>热线服务：12333</div>",
        "<ul><li>通知公告</li><li>二号：办事须知</li></ul>",
        "<ul><li>提交申请：2026-11-20</li></ul>",
        "<table><tr><td>环节</td><td>办理人</td><td>办理时间</td></tr><tr><td>受理</td><td>张三</td><td>2026-11-20</td></tr></table>",
        "<form><p>验证码：<input name=c></p></form>",
    ],
)
def test_what_comes_and_goes_beside_the_record_is_no_redesign(office: Office, site: QuerySite, more: str) -> None:
    beside = Reply(str(old().body).replace("</table>", f"</table>{more}", 1))
    told = [look(office, site, page) for page in (old(), beside, old(), beside)]
    assert told == [["first_seen"], [], [], []]
    assert look(office, site, new()) == ["defect"]


def test_cases_that_each_show_captions_of_their_own_are_told_of_once_too(office: Office, site: QuerySite) -> None:
    office.config += case(site, "other", OTHER)

    def answered(change: Callable[[str], str]) -> list[list[str]]:
        def page(number: str) -> Reply:
            more = row("承诺日期") if number == OTHER else ""
            return Reply(change(str(old(number=number, more=more).body)))

        site.answer(ASK, lambda seen: page(seen.form()["sh_no"]))
        return [kinds(result) for result in office.check()]

    assert answered(str) == [["first_seen"], ["first_seen"]]
    assert answered(lambda text: text.replace("当前状态", "办理状态").replace("承诺日期", "受理窗口")) == [["defect"], []]
    assert all(one.history.shapes.waiting for one in office.place.store().sources())


def test_a_case_that_is_asked_in_another_way_begins_anew(office: Office, site: QuerySite) -> None:
    look(office, site, old())
    office.config = office.config.replace("[[cases]]", "[[cases]]", 1) + '[cases.read]\nlabel = "办理状态"\n'
    assert look(office, site, new()) == []


def test_a_page_that_does_not_read_says_nothing_of_shapes(office: Office, site: QuerySite) -> None:
    look(office, site, old())
    look(office, site, Reply("<html><body><h2>系统维护中</h2></body></html>"))
    assert look(office, site, old()) == []
    assert events_of(office) == []


def test_an_unchanged_look_writes_no_shape_again(office: Office, site: QuerySite) -> None:
    look(office, site, old())

    def sealed() -> object:
        with closing(office.place.base().engine.connect()) as connection:
            return connection.exec_driver_sql("SELECT sealed_shapes FROM sources").scalar_one()

    before = sealed()
    look(office, site, old())
    assert sealed() == before, "a sealed value that is written again is another one"


def test_a_dry_run_tells_and_keeps_nothing(office: Office, site: QuerySite) -> None:
    look(office, site, old())
    site.answer(ASK, new())
    assert kinds(office.one(dry_run=True)) == ["defect"]
    assert office.place.store().sources()[0].history.shapes.waiting == ()
    assert kinds(office.one()) == ["defect"]
