"""The config is edited while the service runs: through the installed command, with real files, a real site, a real phone."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.request import urlopen

from tests.e2e.desk import Desk, wait_for
from tests.e2e.test_service import LOOK_NOW, Process, free_port, head, is_ready, stopped, ticking
from tests.shell.receivers import Phone, said
from tests.sites.query import ASK, QuerySite, Record

OTHER = "SH2026000124"
REFUSED = "the edited config is not taken over"
TAKEN = "the edited config is taken over"


@contextmanager
def serving(desk: Desk, tick: float = 0.2) -> Iterator[Process]:
    """The service with another tick, so that nobody waits for seconds; an hour: then only a signal makes it look."""
    desk.head = head(every="1h")
    process = desk.start("serve", code=ticking(tick) + "service.LATE = 3600.0")
    try:
        wait_for(lambda: is_ready(desk))
        yield process
    finally:
        process.kill()
        process.communicate()


def door(desk: Desk) -> str:
    """What /readyz says."""
    from tracker.cli.health import ask, parsed

    status, reason = ask(*parsed(desk.head.partition('listen = "')[2].partition('"')[0]))
    return f"{status} {reason}"


def page(desk: Desk) -> str:
    """The first page, as a browser gets it."""
    where = desk.head.partition('listen = "')[2].partition('"')[0]
    with urlopen(f"http://{where}/") as answer:
        text: str = answer.read().decode()
    return text


def asked(site: QuerySite, number: str) -> int:
    return sum(number.encode() in seen.body for seen in site.asked(ASK))


def test_new_cases_are_due_at_once_and_nobody_is_asked_twice(desk: Desk, site: QuerySite, phone: Phone) -> None:
    site.cases[OTHER] = Record(OTHER)
    with serving(desk) as process:
        wait_for(lambda: len(phone.texts) == 1)
        desk.head = desk.head.replace('"en"', '"zh-CN"')
        desk.add_case(site.form_url, OTHER, name="other")
        desk.write()
        wait_for(lambda: len(phone.texts) == 2)
        shown = page(desk)
        err = stopped(process)
    assert "cases/other" in shown
    assert "办件" in shown, "the page learns of it too"
    assert (asked(site, "SH2026000123"), asked(site, OTHER)) == (1, 1)
    assert "已受理" in phone.texts[1]
    assert "other" in phone.texts[1]
    assert "first" not in phone.texts[1].lower(), "the language is the new one"
    assert err.count(TAKEN) == 1


def test_a_case_that_left_the_config_is_asked_no_more(desk: Desk, site: QuerySite, phone: Phone) -> None:
    site.cases[OTHER] = Record(OTHER)
    desk.add_case(site.form_url, OTHER, name="other")
    with serving(desk) as process:
        wait_for(lambda: len(phone.texts) == 2)
        del desk.cases[0]
        desk.write()
        wait_for(lambda: desk.sql("SELECT count(*) FROM sources WHERE retired_at IS NULL") == [(1,)])
        desk.sql(LOOK_NOW)
        wait_for(lambda: asked(site, OTHER) == 2)
        stopped(process)
    assert asked(site, "SH2026000123") == 1
    assert desk.run("history", "me", "--json").json["observations"], "its history stays"


def test_a_shorter_interval_counts_from_the_last_look(desk: Desk, site: QuerySite, phone: Phone) -> None:
    with serving(desk) as process:
        wait_for(lambda: len(phone.texts) == 1)
        site.move("SH2026000123", "审核通过")
        desk.head = desk.head.replace('every = "1h"', 'every = "1ms"')
        desk.write()
        wait_for(lambda: len(phone.texts) == 2)
        stopped(process)


def test_with_a_bad_config_the_old_one_goes_on_and_both_ends_are_said_once(desk: Desk, site: QuerySite, phone: Phone) -> None:
    with serving(desk) as process:
        wait_for(lambda: len(phone.texts) == 1)
        good = desk.config.read_text("utf-8")
        desk.config.write_text(good.replace('every = "1h"', 'every = "soon"'), "utf-8")
        wait_for(lambda: door(desk) == "503 config")
        site.move("SH2026000123", "审核通过")
        desk.sql(LOOK_NOW)
        wait_for(lambda: len(phone.texts) == 2)
        health = desk.run("health")
        assert health.code == 1
        assert "config" in health.err
        desk.config.write_text(good[: len(good) // 2], "utf-8")
        desk.config.unlink()
        wait_for(lambda: door(desk) == "503 config")
        desk.config.write_text(good, "utf-8")
        wait_for(lambda: door(desk) == "200 ready")
        err = stopped(process)
    assert err.count(REFUSED) == 1
    assert err.count('schedule.every: "soon" is not a duration') == 1
    assert err.count("the config has no mistakes any more") == 1
    assert asked(site, "SH2026000123") == 2


def test_another_heartbeat_address_is_asked(desk: Desk, site: QuerySite, phone: Phone) -> None:
    with serving(desk) as process:
        wait_for(lambda: len(phone.texts) == 1)
        desk.head += f'[life]\nheartbeat = "{site.origin}/beat"\n'
        desk.write()
        wait_for(lambda: site.asked("/beat"))
        stopped(process)


def test_a_signal_makes_it_read_at_once(desk: Desk, site: QuerySite, phone: Phone) -> None:
    site.cases[OTHER] = Record(OTHER)
    with serving(desk, tick=3600) as process:
        wait_for(lambda: len(phone.texts) == 1)
        desk.add_case(site.form_url, OTHER, name="other")
        desk.write()
        process.send_signal(signal.SIGHUP)
        wait_for(lambda: len(phone.texts) == 2)
        err = stopped(process)
    assert err.count(TAKEN) == 1


def test_what_is_owed_goes_to_the_receivers_that_are_left(desk: Desk, phone: Phone) -> None:
    phone.answers(said({}, 503))
    with Phone() as lost:
        lost.answers(said({}, 503))
        desk.add_receiver(lost.at(), name="lost")
        with serving(desk) as process:
            wait_for(lambda: phone.log and lost.log)
            wait_for(lambda: desk.sql("SELECT count(*) FROM outbox WHERE state = 'pending'") == [(2,)])
            del desk.receivers[-1]
            desk.write()
            process.send_signal(signal.SIGHUP)
            tried = len(lost.log)
            phone.answers(said({}))
            wait_for(lambda: desk.sql("SELECT count(*) FROM outbox WHERE receiver = 'lost' AND state = 'pending'") == [(1,)])
            desk.sql("UPDATE receivers SET next_try_at = NULL")
            desk.sql("UPDATE outbox SET next_try_at = '2020-01-01 00:00:00.000000'")
            wait_for(lambda: desk.sql("SELECT state FROM outbox WHERE receiver = 'phone'") == [("sent",)])
            stopped(process)
        assert len(lost.log) == tried
    assert len({message["message"] for message in phone.messages}) == 1, "the same message, told once more until taken"


def test_what_waits_for_the_next_start_is_said_once(desk: Desk, site: QuerySite, phone: Phone) -> None:
    with serving(desk) as process:
        wait_for(lambda: len(phone.texts) == 1)
        old = desk.head
        moved = old.replace(old.partition('listen = "')[2].partition('"')[0], f"127.0.0.1:{free_port()}")
        desk.head = moved
        site.cases[OTHER] = Record(OTHER)
        desk.add_case(site.form_url, OTHER, name="other")
        desk.write()
        wait_for(lambda: len(phone.texts) == 2)
        desk.head = old
        assert is_ready(desk), "it listens where it did"
        desk.head = moved
        del desk.cases[-1]
        desk.write()
        wait_for(lambda: desk.sql("SELECT count(*) FROM sources WHERE retired_at IS NULL") == [(1,)])
        err = stopped(process)
    assert err.count("web.listen: takes effect at the next start") == 1


def test_a_case_of_the_store_that_can_not_be_checked_any_more_is_said_once(desk: Desk, site: QuerySite, phone: Phone) -> None:
    site.cases[OTHER] = Record(OTHER)
    desk.run("add", "other", "--adapter", "form", "--url", site.form_url, "--reference", f"受理编号={OTHER}")
    with serving(desk) as process:
        wait_for(lambda: len(phone.texts) == 2)
        desk.add_case(site.form_url, OTHER, name="other")
        desk.write()
        wait_for(lambda: "other" in desk.run("check", "--due").err)
        desk.add_case(site.form_url, "SH2026000125", name="third")
        desk.write()
        wait_for(lambda: asked(site, "SH2026000125"))
        err = stopped(process)
    assert err.count("other: it stands in the config file and in the store") == 1


def test_a_config_that_comes_through_a_pipe_serves_and_shows_its_cases(desk: Desk, phone: Phone) -> None:
    """`tracker -c <(decrypt config) serve`: it can be read once, and the page shows what was read."""
    desk.head = head(every="1h")
    desk.write()
    reading, writing = os.pipe()
    os.write(writing, desk.config.read_bytes())
    os.close(writing)
    command = [desk.command()[0], "-c", f"/dev/fd/{reading}", "serve"]
    pipe, env = subprocess.PIPE, desk.env | {"TRACKER_KEY": "nobody keeps a file beside a pipe"}
    process = subprocess.Popen(command, env=env, stdout=pipe, stderr=pipe, text=True, pass_fds=(reading,))
    os.close(reading)
    try:
        wait_for(lambda: len(phone.texts) == 1)
        wait_for(lambda: is_ready(desk))
        assert "cases/me" in page(desk)
        stopped(process)
    finally:
        process.kill()
        process.communicate()
