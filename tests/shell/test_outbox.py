"""The outbox gives each row to one sender at a time, and loses none of them whatever becomes of the sender."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from tests.shell.stores import START, Place
from tests.shell.test_deliver import event, owe
from tracker.store.outbox import MOST_ATTEMPTS, SNOOZED, Outbox, Owed, State, backoff
from tracker.store.roster import Roster

HOLD = timedelta(minutes=5)
ELSEWHERE = "another-machine/1/2/abcd"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture(scope="module")
def dead_owner() -> str:
    """The name of a process of this machine that has ended."""
    code = "from tracker.store.owner import new_owner; print(new_owner())"
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.strip()


def claim(outbox: Outbox, *, force: bool = False, after: int = 0) -> Owed:
    owed = outbox.claim("phone", HOLD, force=force, after=after)
    assert owed is not None
    return owed


def test_a_row_is_given_to_one_sender_and_the_next_one_waits(place: Place) -> None:
    owe(place, event("e1"), event("e2"))
    first = place.outbox()
    assert claim(first).event.id == "e1"
    assert place.outbox().claim("phone", HOLD) is None, "one message at a time goes to a receiver"
    assert place.outbox().waiting() == {"phone": None}, "e2 is due"


def test_rows_come_oldest_first_and_only_once(place: Place) -> None:
    owe(place, event("e1"), event("e2"))
    outbox = place.outbox()
    for name in ("e1", "e2"):
        owed = claim(outbox)
        assert owed.event.id == name
        assert outbox.sent(owed)
    assert outbox.claim("phone", HOLD) is None
    assert outbox.waiting() == {}
    assert outbox.rows() == []


def test_the_body_of_an_owed_message_is_sealed(place: Place) -> None:
    owe(place, event())
    with place.base().read() as connection:
        (body,) = connection.exec_driver_sql("SELECT sealed_body FROM events").one()
    assert "审核中".encode() not in body
    assert place.outbox().rows()[0].event == event()


def test_a_dead_senders_row_is_free_at_once_then_with_back_off_and_parked_after_three_repeats(
    place: Place, dead_owner: str
) -> None:
    owe(place, event())
    assert claim(place.outbox(dead_owner)).repeats == 0
    assert claim(place.outbox(dead_owner)).repeats == 1, "at once: the process is gone"
    for repeat in (2, 3):
        assert place.outbox(dead_owner).claim("phone", HOLD) is None
        place.clock.move(seconds=backoff(repeat - 1).total_seconds())
        assert claim(place.outbox(dead_owner)).repeats == repeat
    place.clock.move(days=1)
    assert place.outbox().claim("phone", HOLD) is None
    (row,) = place.outbox().rows()
    assert (row.state, row.reason) == (State.FAILED, "no_answer")
    assert place.outbox().waiting() == {}


def test_a_sender_on_another_machine_has_its_time_before_its_row_is_free(place: Place) -> None:
    owe(place, event())
    far = place.outbox(ELSEWHERE)
    owed = claim(far)
    assert place.outbox().waiting() == {}
    assert place.outbox().claim("phone", HOLD) is None
    place.clock.move(minutes=5)
    assert place.outbox().waiting() == {"phone": None}
    again = claim(place.outbox())
    assert again.event.id == owed.event.id
    assert not far.sent(owed), "the row was lost meanwhile"
    assert place.outbox().rows()[0].state is State.SENDING


def test_a_late_sender_changes_nothing(place: Place) -> None:
    owe(place, event())
    far = place.outbox(ELSEWHERE)
    owed = claim(far)
    place.clock.move(minutes=5)
    mine = place.outbox()
    assert mine.sent(claim(mine))
    assert far.refused(owed, "HTTP 500", failures=1) is None
    assert far.unclear(owed, "no_answer", failures=1) is None
    assert not far.hold(owed, START)
    assert not far.skip(owed, "receiver_removed")
    assert [row.state for row in mine.rows(State)] == [State.SENT]
    assert mine.failures("phone") == 0


def test_failures_in_a_row_drive_the_receivers_back_off_and_a_success_ends_it(place: Place) -> None:
    owe(place, event("e1"), event("e2"))
    outbox = place.outbox()
    assert outbox.refused(claim(outbox), "HTTP 500", failures=3) is State.PENDING
    assert outbox.failures("phone") == 3
    assert outbox.waiting() == {"phone": place.clock.now + backoff(3)}
    assert outbox.sent(claim(outbox))
    assert outbox.failures("phone") == 0


def test_back_off_grows_up_to_six_hours() -> None:
    assert [backoff(n).total_seconds() for n in (1, 2, 3, 4)] == [10, 30, 90, 270]
    assert backoff(8) == backoff(1000) == timedelta(hours=6)


def test_retry_after_is_kept_up_to_a_day(place: Place) -> None:
    owe(place, event())
    outbox = place.outbox()
    outbox.refused(claim(outbox), "HTTP 429", retry_after=timedelta(days=30), failures=1)
    assert outbox.waiting() == {}
    assert outbox.rows()[0].next_try_at == place.clock.now + timedelta(hours=24)


def test_a_refused_message_counts_as_no_failure_of_the_receiver(place: Place) -> None:
    owe(place, event("e1"), event("e2"))
    outbox = place.outbox()
    assert outbox.refused(claim(outbox), "HTTP 400", permanent=True, failures=0) is State.FAILED
    assert outbox.waiting() == {"phone": None}


def test_a_message_that_failed_three_times_lets_the_others_go_first(place: Place) -> None:
    owe(place, event("bad"), event("good"))
    outbox = place.outbox()
    for _ in range(3):
        owed = claim(outbox)
        assert owed.event.id == "bad"
        outbox.refused(owed, "HTTP 500", failures=1)
        place.clock.move(hours=7)
    assert claim(outbox).event.id == "good"


def test_a_parked_message_stays_parked_until_it_is_forced(place: Place) -> None:
    owe(place, event())
    outbox = place.outbox()
    for number in range(MOST_ATTEMPTS):
        state = outbox.refused(claim(outbox), "HTTP 500", failures=1)
        assert state is (State.FAILED if number == MOST_ATTEMPTS - 1 else State.PENDING)
        place.clock.move(hours=7)
    assert outbox.waiting() == {}
    assert list(outbox.waiting(parked=True)) == ["phone"]
    assert outbox.claim("phone", HOLD) is None
    forced = claim(outbox, force=True)
    assert outbox.sent(forced)


def test_a_forced_pass_takes_each_row_once(place: Place) -> None:
    owe(place, event("e1"), event("e2"))
    outbox = place.outbox()
    first = claim(outbox, force=True)
    outbox.refused(first, "HTTP 500", failures=1)
    second = claim(outbox, force=True, after=first.id)
    assert second.event.id == "e2"
    outbox.refused(second, "HTTP 500", failures=2)
    assert outbox.claim("phone", HOLD, force=True, after=second.id) is None


def test_a_held_row_waits_for_its_time_and_is_not_forced(place: Place) -> None:
    owe(place, event())
    outbox = place.outbox()
    assert outbox.hold(claim(outbox), START + timedelta(hours=8))
    assert outbox.waiting() == outbox.waiting(parked=True) == {}
    assert outbox.claim("phone", HOLD, force=True) is None
    place.clock.move(hours=8)
    assert outbox.waiting() == {"phone": None}
    assert claim(outbox).attempts == 0


def test_a_row_held_for_days_is_looked_at_once_a_day_and_not_all_the_time(place: Place) -> None:
    owe(place, event())
    outbox = place.outbox()
    assert outbox.hold(claim(outbox), START + timedelta(days=3), SNOOZED)
    assert outbox.claim("phone", HOLD) is None
    place.clock.move(hours=23)
    assert outbox.claim("phone", HOLD) is None
    place.clock.move(hours=2)
    assert claim(outbox).reason == SNOOZED


def test_a_row_knows_until_when_its_case_is_quiet_and_ending_that_makes_it_due(place: Place) -> None:
    owe(place, event())
    outbox, roster = place.outbox(), Roster(place.base(), place.clock)
    roster.snooze("me", START + timedelta(days=3))
    held = claim(outbox)
    assert held.snoozed_until == START + timedelta(days=3)
    outbox.hold(held, START + timedelta(days=3), SNOOZED)
    roster.snooze("me", None)
    again = claim(outbox)
    assert (again.snoozed_until, again.reason) == (None, SNOOZED)


def test_a_skipped_row_is_owed_no_more(place: Place) -> None:
    owe(place, event())
    outbox = place.outbox()
    assert outbox.skip(claim(outbox), "receiver_removed")
    assert outbox.rows() == []


def test_a_clock_that_was_set_back_delays_no_message_for_long(place: Place) -> None:
    place.clock.move(days=365)
    owe(place, event("failed"), event("new"))
    ahead = place.outbox()
    ahead.refused(claim(ahead), "HTTP 500", failures=9)
    place.clock.move(days=-365)
    outbox = place.outbox()
    assert outbox.waiting() == {"phone": None}
    for name in ("failed", "new"):
        owed = claim(outbox)
        assert owed.event.id == name
        outbox.sent(owed)


def test_a_message_made_before_the_clock_was_set_back_a_little_is_sent_at_once(place: Place) -> None:
    place.clock.move(hours=3)
    owe(place, event(at=place.clock.now))
    place.clock.move(hours=-3)
    assert claim(place.outbox()).event.id == "event-1"


def test_receivers_do_not_wait_for_each_other(place: Place) -> None:
    owe(place, event(), to=("phone", "mail"))
    outbox = place.outbox()
    outbox.refused(claim(outbox), "HTTP 500", failures=1)
    assert outbox.waiting() == {"mail": None}
    assert outbox.claim("mail", HOLD) is not None
