"""What a person saw goes through the same rules as an answer of the site: real store, real config, no site asked."""

import asyncio
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from adapters import page
from tests.shell.stores import START, Place
from tracker.check import Checker
from tracker.conclude import USUAL, Options
from tracker.config.load import load
from tracker.core.decide import Keep
from tracker.core.history import Streak
from tracker.core.model import Identity, OutcomeKind, Problem, Reading, Reference, Status, Turn, Via
from tracker.core.schedule import never
from tracker.pages.adapter import Adapter, Document, Response
from tracker.registry import Metas, Registry
from tracker.results import Result
from tracker.sightings import NothingSeenYetError, SeenSinceError, Sighted, Sighting, WatchedOnlyError, page_of
from tracker.store.owner import new_owner
from tracker.store.store import Finish
from tracker.subjects import subjects

NUMBER = "SH2026000123"
CASES = """timezone = "Asia/Shanghai"
[[receivers]]
name = "phone"
url = "json://127.0.0.1:9/"
"""


def case(name: str, number: str) -> str:
    head = f'[[cases]]\nname = "{name}"\nadapter = "page"\nurl = "http://127.0.0.1:9/"'
    return f'{head}\nreference = {{ "受理编号" = "{number}" }}\n'


def answer(label: str, number: str = NUMBER) -> Sighting:
    rows = f"<tr><th>受理编号</th><td>{number}</td></tr><tr><th>当前状态</th><td>{label}</td></tr>"
    return shown(f"<table>{rows}</table>")


def shown(html: str) -> Sighting:
    return Sighting(page=page_of(f"<html><body>{html}</body></html>".encode()))


def listed(rows: dict[str, str]) -> Sighting:
    cells = "".join(f"<tr><td>{number}</td><td>{label}</td></tr>" for number, label in rows.items())
    return shown(f"<table><tr><th>受理编号</th><th>当前状态</th></tr>{cells}</table>")


@dataclass
class Office:
    """A config and its store; nothing listens at the cases' address."""

    place: Place
    config: str = CASES + case("me", NUMBER)
    told: list[str] = field(default_factory=list)
    registry: Mapping[str, Adapter] = field(default_factory=Registry)

    def run(self, use: Callable[[Checker], object]) -> object:
        path = self.place.folder / "config.toml"
        path.write_text(self.config, "utf-8")
        registry, owner = self.registry, new_owner()
        config = load(path, {}, Metas(Registry())).config
        with ThreadPoolExecutor(1) as executor:
            checker = Checker(
                config=config,
                subjects=subjects(config, registry),
                store=self.place.store(owner),
                slots=self.place.slots(owner),
                executor=executor,
                clock=self.place.clock,
                jitter=lambda: 0.0,
                user_agent="test",
            )

            async def run() -> object:
                async with checker:
                    return await use(checker)  # type: ignore[misc]

            return asyncio.run(run())

    def sight(self, sighting: Sighting, options: Options = USUAL, case: str = "me") -> Result:
        result = self.run(lambda checker: checker.sight(case, sighting, options))
        assert isinstance(result, Result)
        self.told += [event.kind.value for event in result.events]
        return result

    def sight_all(self, sighting: Sighting, options: Options = USUAL) -> Sighted:
        found = self.run(lambda checker: checker.sight_all(sighting, options))
        assert isinstance(found, Sighted)
        return found

    def stored(self, case: str = "me") -> list[tuple[str, Via]]:
        return [(seen.label, seen.via) for _, seen in self.place.store().observations(case, 99)]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(Place(tmp_path))


def test_a_page_is_read_like_a_live_one_and_says_how_it_was_seen(office: Office) -> None:
    result = office.sight(answer("审核中"))
    seen = result.outcome.observation
    assert seen is not None
    assert (seen.label, seen.status, seen.identity, seen.via) == ("审核中", Status.IN_REVIEW, Identity.MATCHED, Via.PAGE)
    assert result.via is Via.PAGE
    assert office.told == ["first_seen"]
    assert [row.receiver for row in office.place.outbox().rows()] == ["phone"]


def test_a_pasted_captcha_page_is_blocked_and_never_a_status(office: Office) -> None:
    office.sight(answer("审核中"))
    before = office.place.store().sources()
    result = office.sight(shown("<form><p>请输入验证码</p><input name=yzm><img src=code.jsp></form><p>验证码错误</p>"))
    assert result.outcome.kind is OutcomeKind.BLOCKED
    assert office.place.store().sources() == before
    assert office.stored() == [("审核中", Via.PAGE)]


def test_somebody_elses_page_leaves_no_trace(office: Office) -> None:
    result = office.sight(answer("审核中", "SH2026000999"))
    assert result.outcome.kind is OutcomeKind.MISMATCHED
    assert office.stored() == []
    assert office.place.store().sources()[0].history.defect == ""


def test_a_page_that_the_person_shows_as_theirs_need_not_repeat_the_number(office: Office) -> None:
    result = office.sight(shown("<table><tr><th>当前状态</th><td>审核中</td></tr></table>"))
    seen = result.outcome.observation
    assert seen is not None
    assert seen.identity is Identity.NOT_SHOWN
    assert result.history.current is not None
    assert not result.history.current.provisional


def test_a_persons_word_is_believed_and_marked(office: Office) -> None:
    office.sight(answer("审核通过"))
    result = office.sight(Sighting(label="审核中"))
    assert result.history.current is not None
    assert (result.history.current.label, result.history.current.via) == ("审核中", Via.PERSON)
    assert not result.history.current.provisional, "backward, and yet it is the person's word"
    assert office.told == ["first_seen", "status_changed"]


def test_an_unknown_word_of_a_person_is_kept_as_it_stands(office: Office) -> None:
    result = office.sight(Sighting(label="窗口已收件"))
    assert result.outcome.observation is not None
    assert result.outcome.observation.status is Status.UNKNOWN
    assert office.stored() == [("窗口已收件", Via.PERSON)]


def test_unchanged_makes_the_last_reading_younger_and_tells_nobody(office: Office) -> None:
    office.sight(answer("审核中"))
    office.place.clock.now = START + timedelta(days=3)
    result = office.sight(Sighting(same=True))
    assert (result.changed, result.events) == (False, ())
    assert result.history.last_read_at == START + timedelta(days=3)
    assert office.stored() == [("审核中", Via.PAGE)]


def test_unchanged_makes_a_doubtful_reading_sure(office: Office) -> None:
    office.sight(answer("窗口已收件"))
    assert office.place.store().observations("me", 1)[0][1].provisional
    office.sight(Sighting(same=True))
    assert not office.place.store().observations("me", 1)[0][1].provisional


def test_unchanged_says_nothing_where_nothing_was_seen(office: Office) -> None:
    with pytest.raises(NothingSeenYetError):
        office.sight(Sighting(same=True))


def test_a_text_is_taken_with_its_status_under_its_caption(office: Office) -> None:
    result = office.sight(Sighting(text=f"受理编号：{NUMBER}\n当前状态：审核中"))
    seen = result.outcome.observation
    assert seen is not None
    assert (seen.label, seen.via, seen.identity) == ("审核中", Via.TEXT, Identity.MATCHED)


def test_an_earlier_day_is_kept_as_that_day(office: Office) -> None:
    result = office.sight(Sighting(label="审核中", at=START - timedelta(days=2)))
    assert result.history.last_read_at == START - timedelta(days=2)


def test_a_sighting_older_than_the_last_reading_is_refused(office: Office) -> None:
    office.sight(answer("审核中"))
    with pytest.raises(SeenSinceError) as refused:
        office.sight(Sighting(label="已受理", at=START - timedelta(days=2)))
    assert refused.value.at == START


def test_a_dry_run_reads_and_keeps_nothing(office: Office) -> None:
    result = office.sight(answer("审核中"), Options(dry_run=True))
    assert result.outcome.kind is OutcomeKind.READ
    assert office.place.store().sources() == []


def failing(office: Office) -> None:
    """The site's page can't be read for a while."""
    office.sight(answer("审核中"))
    store = office.place.store()
    (row,) = store.claim([store.sources()[0].id], timedelta(minutes=1)).values()
    history = row.history.__class__(
        current=row.history.current, last=row.history.last, streak=Streak(START, 4, "page_changed", told=True)
    )
    planned = row.next_check.__class__(START + timedelta(hours=16), "back_off")
    store.finish(Finish(row, history, planned, row.problem, Keep.NOTHING))


def test_what_a_person_saw_does_not_say_that_the_site_reads_again(office: Office) -> None:
    failing(office)
    result = office.sight(answer("审核通过"))
    assert [event.kind.value for event in result.events] == ["status_changed"]
    assert result.history.streak is not None
    assert (result.next_check.at, result.next_check.reason) == (START + timedelta(hours=16), "back_off")


def test_one_page_is_read_for_every_case_that_it_names(office: Office) -> None:
    office.config = CASES + case("anna", "SH2026000101") + case("berta", "SH2026000102") + case("clara", "SH2026000103")
    found = office.sight_all(listed({"SH2026000101": "审核中", "SH2026000102": "已受理", "SH2026000777": "审核通过"}))
    assert sorted(result.subject.case.name for result in found.results) == ["anna", "berta"]
    assert (found.elsewhere, found.strangers, found.refused) == (1, 1, None)
    assert office.stored("clara") == []
    again = office.sight_all(listed({"SH2026000101": "审核通过", "SH2026000102": "已受理"}))
    assert [result.subject.case.name for result in again.results if result.changed] == ["anna"]


class Watching:
    """An adapter that notes which parsed pages it was given, and in which threads."""

    META = page.META
    query = staticmethod(page.query)

    def __init__(self) -> None:
        self.documents: list[Document] = []
        self.threads: set[threading.Thread] = set()

    def read(self, shown: Response, reference: Reference) -> Reading:
        if not any(shown.document is known for known in self.documents):
            self.documents.append(shown.document)
        self.threads.add(threading.current_thread())
        return page.read(shown, reference)


def test_a_page_of_many_is_parsed_once_and_keeps_nobody_waiting(office: Office) -> None:
    adapter = Watching()
    office.registry = {"page": adapter}
    numbers = [f"SH20260001{n:02}" for n in range(12)]
    office.config = CASES + "".join(case(f"case{n}", n).replace("9/", f"9/list?no={n}") for n in numbers)
    found = office.sight_all(listed(dict.fromkeys(numbers[:8], "审核中")))
    assert (len(found.results), found.elsewhere) == (8, 4)
    assert len(adapter.documents) == 1
    assert threading.main_thread() not in adapter.threads, "the service answers others meanwhile"
    office.sight(answer("审核中", numbers[0]), case=f"case{numbers[0]}")
    assert threading.main_thread() not in adapter.threads


def test_of_a_page_of_an_earlier_day_all_counts_or_nothing(office: Office) -> None:
    office.config = CASES + case("anna", "SH2026000101") + case("berta", "SH2026000102") + case("clara", "SH2026000103")
    for name in ("berta", "clara"):
        office.sight(Sighting(label="已受理"), case=name)
    both = replace(listed({"SH2026000101": "审核中", "SH2026000102": "已受理"}), at=START - timedelta(days=2))
    with pytest.raises(SeenSinceError):
        office.sight_all(both)
    assert office.stored("anna") == []
    only = replace(listed({"SH2026000101": "审核中"}), at=START - timedelta(days=2))
    assert len(office.sight_all(only).results) == 1, "who is not on it was not seen on it"


def test_a_page_that_names_nobody_says_why_where_it_can(office: Office) -> None:
    found = office.sight_all(shown("<p>系统维护中，请稍后再试</p>"))
    assert found.results == []
    assert found.refused is not None
    assert found.refused.kind is OutcomeKind.UNAVAILABLE


def test_a_page_without_a_number_is_nobodys_where_no_case_is_named(office: Office) -> None:
    found = office.sight_all(shown("<table><tr><th>当前状态</th><td>审核中</td></tr></table>"))
    assert (found.results, found.elsewhere) == ([], 1)
    assert office.stored() == []


def test_a_notice_on_a_page_is_the_applicants_turn_as_on_the_site(office: Office) -> None:
    rows = f"<tr><th>受理编号</th><td>{NUMBER}</td></tr><tr><th>当前状态</th><td>等待受理</td></tr>"
    result = office.sight(shown(f"<table>{rows}<tr><th>提示</th><td>请携带材料到服务点</td></tr></table>"))
    assert result.outcome.observation is not None
    assert result.outcome.observation.turn is Turn.APPLICANT


def source(name: str, adapter: str, more: str) -> str:
    return f'[[cases.sources]]\nname = "{name}"\nadapter = "{adapter}"\n{more}\n'


ASKED = source("asked", "page", 'url = "http://127.0.0.1:9/"\nreference = { "受理编号" = "SH2026000888" }')
WATCHED = source("watched", "page", 'url = "http://127.0.0.1:9/list.htm"\nwatch = true')
BY_HAND = source("hand", "by_hand", "")


@pytest.mark.parametrize("other", [WATCHED, BY_HAND], ids=["watched", "by_hand"])
def test_somebody_elses_page_is_kept_for_no_source_of_the_case(office: Office, other: str) -> None:
    office.config = f'{CASES}[[cases]]\nname = "me"\n{ASKED}{other}'
    result = office.sight(answer("审核中", "SH2026000999"))
    assert result.outcome.kind is OutcomeKind.MISMATCHED
    assert office.stored() == []
    assert office.told == []


def test_a_word_is_about_the_source_that_has_a_status(office: Office) -> None:
    office.config = f'{CASES}[[cases]]\nname = "me"\n{WATCHED}{ASKED}'
    assert office.sight(Sighting(label="审核中")).subject.name == "asked"


@pytest.mark.parametrize("sighting", [Sighting(label="审核中"), Sighting(text="当前状态：审核中")], ids=["word", "text"])
def test_a_watched_page_has_no_status_that_a_person_could_tell(office: Office, sighting: Sighting) -> None:
    office.config = f'{CASES}[[cases]]\nname = "me"\n{WATCHED}'
    with pytest.raises(WatchedOnlyError):
        office.sight(sighting)
    assert office.stored() == []


def test_a_watched_page_can_be_shown_by_itself_and_is_not_looked_for_on_a_page_of_many(office: Office) -> None:
    office.config = f'{CASES}[[cases]]\nname = "me"\n{WATCHED}'
    assert office.sight_all(listed({"SH2026000777": "审核通过"})).elsewhere == 0
    assert office.stored() == []
    assert office.sight(shown("<p>材料一</p><p>材料二</p>")).outcome.kind is OutcomeKind.READ


def test_a_page_without_a_record_does_not_say_that_the_site_reads_again(office: Office) -> None:
    failing(office)
    result = office.sight(shown("<p>未查询到相关记录</p>"))
    assert result.outcome.kind is OutcomeKind.NOT_LISTED
    assert result.events == ()
    assert result.history.streak is not None
    assert result.next_check.reason == "back_off"


def test_a_reference_that_the_site_refused_stays_refused_whatever_a_person_saw(office: Office) -> None:
    office.sight(answer("审核中"))
    store = office.place.store()
    (row,) = store.claim([store.sources()[0].id], timedelta(minutes=1)).values()
    refused = Problem("invalid_reference")
    store.finish(Finish(row, replace(row.history, invalid=True), never("invalid_reference"), refused, Keep.NOTHING))
    result = office.sight(answer("审核通过"))
    assert result.next_check.at is None, "else each tick would find it due, and ask nothing"
    assert office.place.store().sources()[0].problem == refused
