"""A host is asked by one process at a time, with its gap, across processes and restarts."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from tests.shell.stores import START, Place
from tests.shell.test_store import dead_process_owner
from tracker.core.history import HostHistory
from tracker.store.base import HOST_HISTORY, HOSTS

HOST = "www.example.test"
HOLD = timedelta(seconds=35)
GAP = timedelta(seconds=10)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_a_free_host_is_granted_and_a_busy_one_is_not(place: Place) -> None:
    first, second = place.slots("elsewhere/1/2/a"), place.slots("elsewhere/1/2/b")
    assert first.take(HOST, now=START, hold=HOLD, gap=GAP).granted
    refused = second.take(HOST, now=START, hold=HOLD, gap=GAP)
    assert (refused.granted, refused.busy, refused.retry_at) == (False, True, START + HOLD)


def test_after_an_answer_the_gap_holds_for_everybody(place: Place) -> None:
    first, second = place.slots(), place.slots()
    first.take(HOST, now=START, hold=HOLD, gap=GAP)
    answered = START + timedelta(seconds=3)
    first.free(HOST, next_at=answered + GAP)
    early = answered + timedelta(seconds=9)
    for slots in (first, second):
        waiting = slots.take(HOST, now=early, hold=HOLD, gap=GAP)
        assert (waiting.granted, waiting.busy, waiting.retry_at) == (False, False, answered + GAP)
    assert second.take(HOST, now=answered + GAP, hold=HOLD, gap=GAP).granted


def test_a_host_left_by_a_killed_process_is_asked_again_after_a_whole_gap(place: Place) -> None:
    dead, living = place.slots(dead_process_owner()), place.slots()
    dead.take(HOST, now=START, hold=HOLD, gap=GAP)
    now = START + timedelta(seconds=1)
    waiting = living.take(HOST, now=now, hold=HOLD, gap=GAP)
    assert (waiting.granted, waiting.busy, waiting.retry_at) == (False, False, now + GAP)
    assert living.take(HOST, now=now + GAP, hold=HOLD, gap=GAP).granted


def test_an_expired_slot_from_elsewhere_is_asked_again_after_a_whole_gap(place: Place) -> None:
    lost, other = place.slots("elsewhere/1/2/a"), place.slots("elsewhere/1/2/b")
    lost.take(HOST, now=START, hold=HOLD, gap=GAP)
    late = START + HOLD
    assert other.take(HOST, now=late, hold=HOLD, gap=GAP).retry_at == late + GAP
    lost.free(HOST, next_at=late + timedelta(days=1))
    assert other.take(HOST, now=late + GAP, hold=HOLD, gap=GAP).granted, "a late return of the first changes nothing"


def test_a_clock_that_was_set_back_keeps_the_gap_and_no_more(place: Place) -> None:
    slots = place.slots()
    slots.take(HOST, now=START, hold=HOLD, gap=GAP)
    slots.free(HOST, next_at=START + GAP)
    yesterday = START - timedelta(days=1)
    waiting = slots.take(HOST, now=yesterday, hold=HOLD, gap=GAP)
    assert (waiting.granted, waiting.retry_at) == (False, yesterday + GAP)
    assert slots.take(HOST, now=yesterday + GAP, hold=HOLD, gap=GAP).granted


def test_a_host_that_asked_another_process_to_wait_is_not_granted(place: Place) -> None:
    slots = place.slots()
    slots.take(HOST, now=START, hold=HOLD, gap=GAP)
    slots.free(HOST, next_at=START)
    later = START + timedelta(hours=2)
    told = HOST_HISTORY.dump_json(HostHistory(wait_until=later, refused_until=later)).decode()
    with place.base().write() as connection:
        connection.execute(update(HOSTS).values(history=told))
    refused = place.slots().take(HOST, now=START, hold=HOLD, gap=GAP)
    assert (refused.granted, refused.busy, refused.retry_at) == (False, False, later)
    assert place.slots().take(HOST, now=later, hold=HOLD, gap=GAP).granted
