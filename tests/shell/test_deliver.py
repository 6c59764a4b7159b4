"""What is owed is sent once, by one thread per receiver; only what a receiver accepted counts as sent."""

import logging
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from gettext import NullTranslations
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy.event import listen

from tests.shell.receivers import HANGS_UP, Gate, Mailbox, Phone, said
from tests.shell.stores import START, Place, seen, spec
from tests.sites.server import Reply, Seen
from tracker.config.model import Case, Config, Receiver, Source, Web
from tracker.core.decide import Keep
from tracker.core.model import Event, EventKind, Urgency
from tracker.core.schedule import Next
from tracker.deliver import Courier, Delivered, reason_text
from tracker.store.outbox import MOST_ATTEMPTS, Outbox, State
from tracker.store.owner import new_owner
from tracker.store.store import Finish

SOON = 20.0  # seconds a test waits at most for something that takes none
SECRET = "tOkEn-0123456789"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture
def open_phone() -> Iterator[Callable[[], Phone]]:
    with ExitStack() as stack:
        yield lambda: stack.enter_context(Phone())


@pytest.fixture
def phone(open_phone: Callable[[], Phone]) -> Phone:
    return open_phone()


def event(number: str = "event-1", **other: object) -> Event:
    told = Event(number, EventKind.STATUS_CHANGED, Urgency.NORMAL, "label_changed", START, case="me", after=seen("审核中"))
    return replace(told, **other)  # type: ignore[arg-type]


def owe(place: Place, *events: Event, to: tuple[str, ...] = ("phone",)) -> None:
    """Commits events as a check does."""
    store = place.store()
    store.sync([spec()])
    (row,) = store.claim([r.id for r in store.sources()], timedelta(seconds=30)).values()
    owed = tuple((one, to) for one in events)
    assert store.finish(Finish(row, row.history, Next(START, "interval"), None, Keep.NOTHING, events=owed))


def config(*receivers: Receiver, **other: object) -> Config:
    source = Source(name="form", adapter="form", url="http://127.0.0.1:8901/", reference={"受理编号": "SH2026000123"})
    values = {"language": "en", "receivers": receivers, "cases": (Case(name="me", sources=(source,)),)}
    return Config.model_validate(values | other)


def to(url: str, name: str = "phone", **other: object) -> Receiver:
    return Receiver.model_validate({"name": name, "url": url, **other})


def courier(place: Place, *receivers: Receiver, **other: object) -> Courier:
    return Courier(place.outbox(), config(*receivers, **other), NullTranslations(), place.clock)


def run(place: Place, *receivers: Receiver, force: bool = False, **other: object) -> dict[str, Delivered]:
    """One process's run: what became of each receiver's last message."""
    mine = courier(place, *receivers, **other)
    mine.start(force=force)
    return {one.receiver: one for one in mine.wait(SOON)}


def states(place: Place) -> list[State]:
    return [row.state for row in place.outbox().rows(State)]


# --- accepted or not -------------------------------------------------------------------------------------------------


def test_an_accepted_message_is_sent_once_and_marked(place: Place, phone: Phone) -> None:
    owe(place, event())
    assert run(place, to(phone.at())) == {"phone": Delivered("event-1", "phone", State.SENT, None)}
    assert run(place, to(phone.at())) == {}
    (text,) = phone.texts
    assert "审核中" in phone.messages[0]["title"] + text
    assert text.endswith("#event-1")
    assert states(place) == [State.SENT]


def test_a_receiver_that_is_down_is_tried_again_after_a_back_off_that_grows(place: Place, phone: Phone) -> None:
    owe(place, event())
    phone.answers(Reply(status=503))
    assert run(place, to(phone.at()))["phone"].state is State.PENDING
    assert run(place, to(phone.at())) == {}
    place.clock.move(seconds=10)
    assert run(place, to(phone.at()))["phone"].reason == "HTTP 503: Service Unavailable"
    place.clock.move(seconds=29)
    assert run(place, to(phone.at())) == {}
    place.clock.move(seconds=1)
    phone.answers(Reply())
    assert run(place, to(phone.at()))["phone"].state is State.SENT
    assert len(phone.log) == 3


def test_a_success_resets_the_back_off(place: Place, phone: Phone) -> None:
    owe(place, event("e1"))
    for number in range(3):
        phone.answers(Reply(status=503 if number < 2 else 200))
        run(place, to(phone.at()))
        place.clock.move(hours=1)
    owe(place, event("e2"))
    phone.answers(Reply(status=503))
    run(place, to(phone.at()))
    place.clock.move(seconds=10)
    assert list(run(place, to(phone.at()))) == ["phone"]


def test_nobody_listens_at_the_receivers_address(place: Place) -> None:
    owe(place, event())
    with Phone() as gone:
        url = gone.at()
    assert run(place, to(url))["phone"] == Delivered("event-1", "phone", State.PENDING, "network: Connection refused")


def test_a_message_that_is_refused_for_good_is_parked_and_the_next_ones_go_on(place: Place, phone: Phone) -> None:
    owe(place, event("e1"), event("e2"))
    phone.answers(said({"error": "chat not found"}, 400), Reply())
    mine = courier(place, to(phone.at()))
    mine.start()
    assert mine.wait(SOON) == (
        Delivered("e1", "phone", State.FAILED, "HTTP 400: chat not found"),
        Delivered("e2", "phone", State.SENT, None),
    )
    place.clock.move(days=30)
    assert run(place, to(phone.at())) == {}
    assert len(phone.log) == 2


@pytest.mark.parametrize("status", [401, 403, 404, 410, 500, 502])
def test_what_may_be_mended_is_not_given_up(place: Place, phone: Phone, status: int) -> None:
    owe(place, event())
    phone.answers(Reply(status=status))
    assert run(place, to(phone.at()))["phone"].state is State.PENDING


def test_a_message_that_is_never_accepted_does_not_stop_the_others_for_long(place: Place, phone: Phone) -> None:
    owe(place, event("bad"), event("good"))

    def picky(asked: Seen) -> Reply:
        return Reply(status=500 if b"#bad" in asked.body else 200)

    phone.answers(picky)
    for _ in range(4):
        run(place, to(phone.at()))
        place.clock.move(hours=7)
    assert [row.state for row in place.outbox().rows(State)] == [State.PENDING, State.SENT]


def test_after_many_tries_a_message_is_parked_and_still_owed(place: Place, phone: Phone) -> None:
    owe(place, event())
    phone.answers(Reply(status=500))
    for _ in range(MOST_ATTEMPTS):
        place.clock.move(hours=7)
        found = run(place, to(phone.at()))
    assert found["phone"].state is State.FAILED
    place.clock.move(days=365)
    assert run(place, to(phone.at())) == {}
    assert len(phone.log) == MOST_ATTEMPTS


# --- services that refuse with HTTP 200 ------------------------------------------------------------------------------

LYING = [
    (f"wecombot://{SECRET}", {"errcode": 0, "errmsg": "ok"}, {"errcode": 93000, "errmsg": "invalid webhook url"}),
    (f"dingtalk://{'a1' * 32}", {"errcode": 0, "errmsg": "ok"}, {"errcode": 310000, "errmsg": "keywords not in content"}),
    (f"feishu://{SECRET}", {"code": 0, "msg": "success"}, {"code": 19001, "msg": "param invalid"}),
    (f"feishu://{SECRET}", {"StatusCode": 0, "StatusMessage": "success"}, {"code": 9499, "msg": "Bad Request"}),
    (f"lark://{SECRET}", {"code": 0, "msg": "success"}, {"code": 19001, "msg": "param invalid"}),
    ("schan://SCT0123456789abcdef", {"code": 0, "message": ""}, {"code": 40001, "message": "bad pushtoken"}),
    ("pushdeer://127.0.0.1/PDU0123456789", {"code": 0, "content": {}}, {"code": 80501, "error": "no such key"}),
    (f"bark://127.0.0.1/{SECRET}", {"code": 200, "message": "success"}, {"code": 400, "message": "failed to push"}),
]


@pytest.fixture
def led_to_phone(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> Phone:
    """Whatever host a service has in real life, its requests arrive at the phone."""
    send = requests.adapters.HTTPAdapter.send

    def lead(self: requests.adapters.HTTPAdapter, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:  # noqa: ANN401
        request.url = phone.origin + "/led"
        return send(self, request, **kwargs)

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", lead)
    return phone


@pytest.mark.parametrize(("url", "good", "bad"), LYING)
def test_an_error_code_beneath_http_200_is_a_refusal(
    place: Place, led_to_phone: Phone, url: str, good: dict[str, Any], bad: dict[str, Any]
) -> None:
    owe(place, event())
    led_to_phone.answers(said(bad), said(good))
    refused = run(place, to(url))["phone"]
    assert refused.state is State.PENDING
    code, _, words = (refused.reason or "").partition(": ")
    assert code.split()[1] == str(next(iter(bad.values())))
    assert words == list(bad.values())[1]
    place.clock.move(seconds=10)
    assert run(place, to(url))["phone"].state is State.SENT
    assert len(led_to_phone.log) == 2


def test_an_answer_that_does_not_say_whether_it_accepted_is_repeated_only_a_few_times(
    place: Place, led_to_phone: Phone
) -> None:
    owe(place, event())
    led_to_phone.answers(Reply("<html>wifi login</html>"))
    for _ in range(8):
        run(place, to(f"wecombot://{SECRET}"))
        place.clock.move(hours=7)
    assert len(led_to_phone.log) == 4
    assert place.outbox().rows()[0].state is State.FAILED
    assert place.outbox().rows()[0].reason == "unclear"


# --- what services ask for -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [said({"error": "slow down"}, 429, Retry_After="3600"), said({"message": "slow down", "retry_after": 3600.0}, 429)],
)
def test_a_receiver_that_asks_to_wait_is_left_alone_that_long(place: Place, phone: Phone, answer: Reply) -> None:
    owe(place, event("e1"), event("e2"))
    phone.answers(answer)
    assert run(place, to(phone.at()))["phone"].reason == "HTTP 429: slow down"
    place.clock.move(minutes=59)
    phone.answers(Reply())
    assert run(place, to(phone.at())) == {}
    place.clock.move(minutes=1)
    run(place, to(phone.at()))
    assert states(place) == [State.SENT, State.SENT]
    assert len(phone.log) == 3


@pytest.mark.parametrize("query", ["", "?redirect=yes"])
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(place: Place, open_phone: Callable[[], Phone], status: int, query: str) -> None:
    near, far = open_phone(), open_phone()
    owe(place, event())
    near.answers(Reply(status=status, headers=(("Location", far.origin + "/elsewhere"),)))
    assert run(place, to(near.at(query=query)))["phone"].reason == f"redirect: HTTP {status}"
    assert far.connections == 0
    assert len(near.log) == 1


def test_a_url_cannot_ask_for_retries_or_for_success_whatever_comes(place: Place, phone: Phone) -> None:
    owe(place, event())
    phone.answers(Reply(status=500))
    assert run(place, to(phone.at(query="?retry=3&wait=0&optional=yes")))["phone"].state is State.PENDING
    assert len(phone.log) == 1


# --- nobody saw whether it arrived -----------------------------------------------------------------------------------


def test_a_receiver_that_hangs_up_before_it_answers_gets_the_same_event_again(place: Place, phone: Phone) -> None:
    owe(place, event())
    phone.answers(HANGS_UP, Reply())
    cut = run(place, to(phone.at()))["phone"]
    assert (cut.state, (cut.reason or "").partition(":")[0]) == (State.PENDING, "no_answer")
    place.clock.move(seconds=10)
    assert run(place, to(phone.at()))["phone"].state is State.SENT
    first, second = phone.texts
    assert first == second
    assert first.endswith("#event-1")


def test_an_ambiguous_message_is_repeated_three_times_and_then_parked(place: Place, phone: Phone) -> None:
    owe(place, event())
    phone.answers(HANGS_UP)
    for _ in range(6):
        run(place, to(phone.at()))
        place.clock.move(hours=7)
    assert len(phone.log) == 4
    assert states(place) == [State.FAILED]


def test_a_secure_connection_that_fails_has_sent_nothing_and_is_no_ambiguous_end(place: Place, phone: Phone) -> None:
    owe(place, event())
    for _ in range(6):
        found = run(place, to(phone.at("jsons")))  # TLS spoken to a server that speaks none
        place.clock.move(hours=7)
    assert found["phone"].state is State.PENDING
    assert (found["phone"].reason or "").partition(":")[0] in {"tls", "network"}


def test_addressees_of_one_url_that_already_got_it_are_not_told_for_ever(place: Place, phone: Phone) -> None:
    owe(place, event())

    def half(asked: Seen) -> Reply:
        return said({"error": "forbidden"}, 403) if b"closed" in asked.body else said({"id": "1"})

    phone.answers(half)
    for _ in range(5):
        run(place, to(f"ntfy://{phone.host}:{phone.port}/opened/closed"))
        place.clock.move(hours=7)
    assert sum(b"opened" in asked.body for asked in phone.log) == 4
    assert place.outbox().rows()[0].reason == "partly: HTTP 403: forbidden"


def test_mail_that_is_accepted_late_is_not_sent_twice_while_the_process_lives(place: Place) -> None:
    owe(place, event())
    with Mailbox() as box:
        box.shut.set()
        mine = courier(place, to(box.url))
        mine.start()
        assert box.entered.wait(SOON)
        assert mine.wait(0.01) == (Delivered("event-1", "phone", State.SENDING, None),)
        mine.start()
        assert run(place, to(box.url)) == {}, "another process leaves it alone"
        box.shut.clear()
        assert mine.wait(SOON) == (Delivered("event-1", "phone", State.SENT, None),)
        assert len(box.mails) == 1


def test_a_mail_server_refuses_in_its_own_words(place: Place) -> None:
    owe(place, event())
    with Mailbox() as box:
        box.refusal = "554 5.7.1 looks like spam"
        assert run(place, to(box.url))["phone"] == Delivered(
            "event-1", "phone", State.FAILED, "SMTP 554: 5.7.1 looks like spam"
        )


def test_a_mails_url_cannot_call_a_refusal_a_success(place: Place) -> None:
    owe(place, event())
    with Mailbox() as box:
        box.refusal = "451 try later"
        assert run(place, to(box.url + "&optional=yes"))["phone"].reason == "SMTP 451: try later"


def test_a_mail_server_that_hangs_up_after_it_took_the_mail_is_an_ambiguous_end(place: Place) -> None:
    owe(place, event())
    with Mailbox() as box:
        box.hangs_up = True
        for _ in range(6):
            run(place, to(box.url))
            place.clock.move(hours=7)
        assert len(box.mails) == 4
    assert [(row.state, row.reason) for row in place.outbox().rows()] == [(State.FAILED, "no_answer: connection closed")]


def test_a_mail_server_that_is_not_there_has_taken_nothing(place: Place) -> None:
    owe(place, event())
    with Mailbox() as gone:
        url = gone.url
    assert run(place, to(url))["phone"].reason == "network: Connection refused"


def test_a_killed_sender_is_followed_up_at_once_with_the_same_event(place: Place, phone: Phone) -> None:
    owe(place, event())
    gate = Gate()
    phone.answers(gate, Reply())
    code = f"""
        import sys
        from pathlib import Path
        from tests.shell.stores import Place
        from tests.shell.test_deliver import courier, to
        mine = courier(Place(Path(sys.argv[1])), to({phone.at()!r}))
        mine.start()
        mine.wait(60)
    """
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(code), str(place.folder)]) as process:
        assert gate.entered.wait(SOON)
        os.kill(process.pid, signal.SIGKILL)
    assert run(place, to(phone.at()))["phone"].state is State.SENT
    gate.open()
    first, second = phone.texts
    assert first == second


def test_a_message_that_was_accepted_but_could_not_be_marked_is_marked_later_and_not_sent_again(
    place: Place, phone: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    owe(place, event())
    trigger = "CREATE TRIGGER full BEFORE UPDATE ON outbox WHEN new.state = 'sent' BEGIN SELECT RAISE(ABORT, 'disk full'); END"
    with place.base().write() as connection:
        connection.exec_driver_sql(trigger)
    mine = courier(place, to(phone.at()))
    mine.start()
    assert mine.wait(SOON)[0].state is State.SENT
    assert states(place) == [State.SENDING]
    assert "StoreError" in caplog.text
    with place.base().write() as connection:
        connection.exec_driver_sql("DROP TRIGGER full")
    mine.start()
    mine.wait(SOON)
    assert states(place) == [State.SENT]
    assert len(phone.log) == 1


# --- threads ---------------------------------------------------------------------------------------------------------


def test_a_receiver_that_is_slow_or_down_delays_no_other(place: Place, open_phone: Callable[[], Phone]) -> None:
    slow, down, well = open_phone(), open_phone(), open_phone()
    gate = Gate()
    slow.answers(gate)
    down.answers(Reply(status=503))
    owe(place, event("e1"), event("e2"), to=("slow", "down", "well"))
    mine = courier(place, to(slow.at(), "slow"), to(down.at(), "down"), to(well.at(), "well"))
    mine.start()
    assert gate.entered.wait(SOON)
    told: dict[tuple[str, str], State] = {}
    while list(told.values()).count(State.SENT) < 2 or State.PENDING not in told.values():
        told |= {(one.receiver, one.event): one.state for one in mine.wait(0.02)}
    assert told == {
        ("slow", "e1"): State.SENDING,
        ("down", "e1"): State.PENDING,
        ("well", "e1"): State.SENT,
        ("well", "e2"): State.SENT,
    }
    gate.open()
    assert [(one.receiver, one.event) for one in mine.wait(SOON)] == [("slow", "e1"), ("slow", "e2")]
    assert (len(slow.log), len(down.log), len(well.log)) == (2, 1, 2)


def test_a_running_thread_takes_what_is_committed_meanwhile_and_is_never_doubled(place: Place, phone: Phone) -> None:
    owe(place, event("e1"))
    gate = Gate()
    phone.answers(gate, Reply())
    mine = courier(place, to(phone.at()))
    mine.start()
    assert gate.entered.wait(SOON)
    for number in range(2, 6):
        owe(place, event(f"e{number}"))
        mine.start()
    assert len(phone.log) == 1
    gate.open()
    mine.wait(SOON)
    assert [text.rpartition("#")[2] for text in phone.texts] == ["e1", "e2", "e3", "e4", "e5"]


def test_a_message_committed_just_as_a_thread_ends_is_not_forgotten(place: Place, phone: Phone) -> None:
    owe(place, event("e1"))
    base = place.base()
    mine = Courier(Outbox(base, new_owner(), place.clock), config(to(phone.at())), NullTranslations(), place.clock)
    ends: list[bool] = []

    def commit_more(*_: object) -> None:
        """After the claim that found nothing, which is the second use of the store since e1 was marked."""
        if states(place) == [State.SENT] and len(ends) < 2:
            ends.append(True)
            if len(ends) == 2:
                owe(place, event("e2"))
                mine.start()

    listen(base.engine, "checkin", commit_more)
    mine.start()
    mine.wait(SOON)
    assert [text.rpartition("#")[2] for text in phone.texts] == ["e1", "e2"]


def test_after_stop_nothing_new_is_claimed_and_the_send_in_hand_ends_well(place: Place, phone: Phone) -> None:
    owe(place, event("e1"), event("e2"))
    gate = Gate()
    phone.answers(gate, Reply())
    mine = courier(place, to(phone.at()))
    mine.start()
    assert gate.entered.wait(SOON)
    mine.stop()
    gate.open()
    assert [one.event for one in mine.wait(SOON)] == ["e1"]
    mine.start()
    assert mine.wait(SOON) == ()
    assert states(place) == [State.SENT, State.PENDING]


def test_another_configuration_counts_from_the_next_message_on(place: Place, open_phone: Callable[[], Phone]) -> None:
    old, new = open_phone(), open_phone()
    owe(place, event("e1"))
    mine = courier(place, to(old.at()))
    mine.start()
    mine.wait(SOON)
    mine.use(config(to(new.at())), NullTranslations())
    owe(place, event("e2"))
    mine.start()
    mine.wait(SOON)
    assert (len(old.log), len(new.log)) == (1, 1)


class Speechless(NullTranslations):
    """A catalogue whose texts can't be had; the error repeats what must not be shown."""

    def gettext(self, message: str) -> str:  # noqa: ARG002 - gettext's signature
        raise RuntimeError(SECRET)


def test_an_error_in_a_sending_thread_is_logged_once_and_keeps_the_message_owed(
    place: Place, phone: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    owe(place, event("e1"))
    mine = Courier(place.outbox(), config(to(phone.at())), Speechless(), place.clock)
    mine.start()
    assert mine.wait(SOON) == (Delivered("e1", "phone", State.PENDING, "error: RuntimeError"),)
    assert len(caplog.records) == 1
    assert SECRET not in caplog.text


def test_a_store_that_can_no_longer_be_used_is_logged_and_ends_the_thread(
    place: Place, phone: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    owe(place, event())
    mine = courier(place, to(phone.at()))
    with place.base().write() as connection:
        trigger = "CREATE TRIGGER full BEFORE UPDATE ON outbox BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        connection.exec_driver_sql(trigger)
    mine.start()
    assert mine.wait(SOON) == ()
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert len(phone.log) == 0


# --- quiet hours -----------------------------------------------------------------------------------------------------

NIGHT = "22:00-08:00"


def at(hour: int, minute: int = 0, day: int = 23) -> datetime:
    """A time in Shanghai."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


def test_in_quiet_hours_a_message_is_held_and_told_when_they_end(place: Place, phone: Phone) -> None:
    owe(place, event())
    quiet = to(phone.at(), quiet_hours=NIGHT)
    place.clock.now = at(23, 30)
    assert run(place, quiet) == {"phone": Delivered("event-1", "phone", State.HELD, None)}
    assert place.outbox().rows()[0].next_try_at == at(8, day=24)
    place.clock.now = at(7, 59, day=24)
    assert run(place, quiet) == {}
    assert run(place, quiet, force=True) == {}, "retry leaves it alone"
    place.clock.now = at(8, day=24)
    assert run(place, quiet)["phone"].state is State.SENT
    assert len(phone.log) == 1


def test_urgent_messages_pass_in_quiet_hours(place: Place, phone: Phone) -> None:
    owe(place, event(urgency=Urgency.URGENT))
    place.clock.now = at(3)
    assert run(place, to(phone.at(), quiet_hours=NIGHT))["phone"].state is State.SENT


@pytest.mark.parametrize(
    ("period", "now", "ends"),
    [
        (NIGHT, at(22), at(8, day=24)),
        (NIGHT, at(0), at(8)),
        (NIGHT, at(8), None),
        (NIGHT, at(21, 59), None),
        ("12:00-14:00", at(13), at(14)),
        ("12:00-14:00", at(14), None),
        ("12:00-14:00", at(11, 59), None),
    ],
)
def test_quiet_hours_are_counted_in_the_configs_zone(
    place: Place, phone: Phone, period: str, now: datetime, ends: datetime | None
) -> None:
    owe(place, event())
    place.clock.now = now
    run(place, to(phone.at(), quiet_hours=period))
    rows = place.outbox().rows([State.HELD])
    assert [row.next_try_at for row in rows] == ([ends] if ends else [])


def test_quiet_hours_end_in_the_hour_that_a_clock_change_repeats(place: Place, phone: Phone) -> None:
    """At 1:30 for the second time, 1:45 has already been once; it must not be waited for in a tight loop."""
    owe(place, event())
    place.clock.now = datetime(2026, 10, 25, 0, 50, tzinfo=UTC)  # Lisbon's clock goes back at 1:00 UTC
    quiet = to(phone.at(), quiet_hours=(time(22), time(1, 45)))
    place.clock.now = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert run(place, quiet, timezone="Europe/Lisbon")["phone"].state is State.HELD
    assert place.outbox().rows()[0].fence == 1
    place.clock.now = datetime(2026, 10, 25, 1, 50, tzinfo=UTC)
    assert run(place, quiet, timezone="Europe/Lisbon")["phone"].state is State.SENT


# --- who gets what ---------------------------------------------------------------------------------------------------


def test_a_receiver_missing_from_one_run_is_told_when_it_is_back(place: Place, phone: Phone) -> None:
    owe(place, event(), to=("old",))
    assert run(place, to(phone.at()))["old"] == Delivered("event-1", "old", State.HELD, "receiver_removed")
    place.clock.move(minutes=11)
    assert run(place, to(phone.at(), "old"))["old"].state is State.SENT
    assert len(phone.texts) == 1


def test_a_receiver_that_left_the_configuration_for_a_week_gets_nothing_more(place: Place, phone: Phone) -> None:
    owe(place, event(), to=("old",))
    place.clock.move(days=8)
    assert run(place, to(phone.at()))["old"] == Delivered("event-1", "old", State.SKIPPED, "receiver_removed")
    assert run(place, to(phone.at())) == {}
    assert phone.log == []


def case(name: str, *receivers: str) -> Case:
    source = Source(name="form", adapter="form", url="http://127.0.0.1:8901/", reference={"受理编号": f"SH2026-{name}-99"})
    return Case(name=name, receivers=receivers or None, sources=(source,))


def test_a_hosts_event_names_only_the_cases_of_its_receiver(place: Place, open_phone: Callable[[], Phone]) -> None:
    hers, his = open_phone(), open_phone()
    told = event(kind=EventKind.READABLE_AGAIN, case=None, host="progress.example", cases=("anna", "bert"))
    owe(place, told, to=("hers", "his"))
    cases = (case("anna", "hers"), case("bert", "his"))
    run(place, to(hers.at(), "hers", privacy="minimal"), to(his.at(), "his", privacy="minimal"), cases=cases)
    for box, mine, others in ((hers, "anna", "bert"), (his, "bert", "anna")):
        text = box.messages[0]["title"] + box.texts[0]
        assert mine in text
        assert others not in text


def test_each_receiver_gets_the_privacy_it_asked_for(place: Place, open_phone: Callable[[], Phone]) -> None:
    full, masked, minimal = open_phone(), open_phone(), open_phone()
    label = "编号SH2026000123待取件"
    owe(place, event(after=seen(label)), to=("full", "masked", "minimal"))
    run(
        place,
        *(to(box.at(), name, privacy=name) for box, name in ((full, "full"), (masked, "masked"), (minimal, "minimal"))),
    )
    whole = [box.messages[0]["title"] + box.texts[0] for box in (full, masked, minimal)]
    assert ["SH2026000123" in text for text in whole] == [True, False, False]
    assert ["待取件" in text for text in whole] == [True, True, False]


def test_mail_may_be_long_and_other_messages_may_not(place: Place, phone: Phone) -> None:
    notice = "请于收到通知后十五个工作日内携带原件到窗口办理。" * 40
    after = replace(seen("待补正"), notice=notice, notice_asks=True)
    owe(place, event(after=after), to=("phone", "mail"))
    with Mailbox() as box:
        run(place, to(phone.at()), to(box.url, "mail"))
        (mail,) = box.mails
    body = mail.get_body(("plain", "html"))
    assert body is not None
    assert len(phone.texts[0]) < 500 < len(body.get_content())


def test_messages_lead_to_our_page_where_it_can_be_reached(place: Place, phone: Phone) -> None:
    owe(place, event())
    run(place, to(phone.at()), web=Web(base_url="https://home.example/t"))
    assert "https://home.example/t/cases/me" in phone.texts[0]


def test_markup_in_a_page_stays_text_also_in_html_mail(place: Place) -> None:
    owe(place, event(after=seen("<script>alert(1)</script>&lt;b&gt;审核中")))
    with Mailbox() as box:
        run(place, to(box.url + "&format=html"))
        (mail,) = box.mails
    body = mail.get_body(("html",))
    assert body is not None
    assert "<script>" not in body.get_content()
    assert "&amp;lt;b&amp;gt;审核中" in body.get_content()


# --- retry -----------------------------------------------------------------------------------------------------------


def test_a_forced_run_tries_all_that_is_owed_once_whatever_its_back_off(place: Place, phone: Phone) -> None:
    owe(place, event("parked"), event("waiting"))
    phone.answers(Reply(status=400), Reply(status=503))
    run(place, to(phone.at()))
    assert states(place) == [State.FAILED, State.PENDING]
    mine = courier(place, to(phone.at()))
    mine.start(force=True)
    assert {one.event for one in mine.wait(SOON)} == {"parked", "waiting"}
    assert len(phone.log) == 4
    phone.answers(Reply())
    mine.start(force=True)
    assert [one.state for one in mine.wait(SOON)] == [State.SENT, State.SENT], "a second time in one process too"


def test_a_forced_run_stops_where_the_receiver_asks_for_a_wait(place: Place, phone: Phone) -> None:
    owe(place, event("e1"), event("e2"))
    phone.answers(said({}, 429, Retry_After="60"))
    run(place, to(phone.at()), force=True)
    assert len(phone.log) == 1


# --- secrets and imports ---------------------------------------------------------------------------------------------


def test_nothing_of_a_receivers_url_shows_in_reasons_or_logs(
    place: Place, open_phone: Callable[[], Phone], caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    words = f"Token {SECRET} of u5er:pa55word is unknown, see http://127.0.0.1/{SECRET} and SH2026000123, 13900000000"
    phone, other = open_phone(), open_phone()
    phone.answers(said({"error": words}, 403))
    other.answers(said({"code": 400, "message": f"device {SECRET} is gone"}))
    owe(place, event(), to=("a", "b", "c", "d"))
    urls = {
        "a": f"json://u5er:pa55word@{phone.host}:{phone.port}/{SECRET}?-token={SECRET}",
        "b": f"nosuchservice://{SECRET}",
        "c": f"json://{SECRET}.invalid:port/{SECRET}",
        "d": f"bark://{other.host}:{other.port}/{SECRET}/?retry={SECRET}&sound={SECRET}",
    }
    found = run(place, *(to(url, name) for name, url in urls.items()))
    written = capfd.readouterr()
    shown = " ".join([caplog.text, written.out, written.err, *(one.reason or "" for one in found.values())])
    for secret in (SECRET, "pa55word", "u5er", "SH2026000123", "13900000000", "http://"):
        assert secret.lower() not in shown.lower()
    assert (found["a"].reason or "").startswith("HTTP 403: Token *** of ***:*** is unknown")
    assert [found[name].reason for name in "bcd"] == ["bad_url", "bad_url", "code 400: device *** is gone"]


def test_a_run_with_nothing_to_send_imports_neither_apprise_nor_requests(place: Place) -> None:
    owe(place, event(), to=("gone",))
    code = """
        import sys
        from pathlib import Path
        from tests.shell.stores import Place
        from tracker.config.model import Config
        from tracker.deliver import Courier
        from gettext import NullTranslations
        place = Place(Path(sys.argv[1]))
        mine = Courier(place.outbox(), Config(), NullTranslations(), place.clock)
        mine.start()
        print([one.state.value for one in mine.wait(20)], {"apprise", "requests"} & set(sys.modules))
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), str(place.folder)], check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == "['held'] set()"


def test_a_reason_is_shown_in_words_and_the_services_own_as_they_are() -> None:
    tr = NullTranslations()
    assert reason_text("network: Connection refused", tr) == "can't be reached: Connection refused"
    assert reason_text("no_answer", tr) == "no answer: it may have arrived"
    assert reason_text("HTTP 403: forbidden", tr) == "HTTP 403: forbidden"
