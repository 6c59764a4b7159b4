"""`tracker init`: from nothing to a first message, in a terminal and with flags."""

import os
import stat
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e import forks
from tests.e2e.desk import TRACKER, wait_for
from tests.shell.receivers import Phone
from tests.shell.terminal import Terminal
from tests.sites.query import QuerySite, Record
from tests.sites.server import Reply

NUMBER, PERSON = "SH2026000123", "110101199003071230"  # its check digit is wrong: nobody's


@pytest.fixture
def phone() -> Iterator[Phone]:
    with Phone() as phone:
        yield phone


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """A user who has nothing yet; no gap on this machine, so that the tests need not wait."""
    home = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "config"), "XDG_DATA_HOME": str(tmp_path / "data")}
    return {"LANG": "C.UTF-8", "TZ": "Asia/Shanghai", "TRACKER_FETCH__MIN_GAP": "0s", **home}


def config_of(env: dict[str, str]) -> Path:
    return Path(env["XDG_CONFIG_HOME"]) / "tracker" / "config.toml"


def written(env: dict[str, str]) -> dict[str, Any]:
    return tomllib.loads(config_of(env).read_text("utf-8"))


def tracker(env: dict[str, str], *arguments: str) -> forks.Run:
    return forks.run([str(TRACKER), *arguments], {"PATH": os.environ["PATH"], **env})


def with_flags(env: dict[str, str], *more: str) -> forks.Run:
    return tracker(env, "init", "--no-input", "--language", "en", *more)


def case_flags(url: str, *more: str) -> tuple[str, ...]:
    return ("--name", "me", "--url", url, "--reference", f"受理编号={NUMBER}", *more)


def to_the_case(terminal: Terminal, phone: Phone) -> None:
    """Through the step for the phone, with a receiver on loopback."""
    terminal.answer("Which one? [1]:", "11")
    terminal.answer("Apprise URL (Enter: back):", phone.at())
    terminal.answer("Did it arrive on the phone?")
    terminal.answer("Tell somebody or something else too?")


def choose(terminal: Terminal, words: str) -> None:
    """Takes the option that says so out of the list that stands there."""
    options = terminal.see("Which one? [")
    (number,) = [line.split()[0] for line in options.splitlines() if words in line]
    terminal.enter(number)


def the_form(terminal: Terminal, url: str) -> None:
    choose(terminal, "a page with a query form")
    terminal.answer("Address of the progress page", url)
    terminal.answer("Caption [受理编号]:")
    terminal.answer("受理编号 (Enter: back):", NUMBER)


# --- in a terminal -----------------------------------------------------------------------------------------------------


def test_from_nothing_to_a_first_message(env: dict[str, str], site: QuerySite, phone: Phone) -> None:
    site.cases[NUMBER] = Record(NUMBER, label="审核中", id_number=PERSON)
    with Terminal("init", env=env, from_scratch=True) as terminal:
        terminal.answer("1-2 [2]:")
        to_the_case(terminal, phone)
        assert phone.messages[0]["title"] == "Tracker: test message"
        the_form(terminal, site.form_url)
        terminal.answer("Caption (Enter: that was all)", "证件号码")
        terminal.answer("证件号码 (Enter: back):", PERSON)
        terminal.answer("110*************30 (18 characters), right?")
        terminal.answer("Caption (Enter: that was all)")
        terminal.answer("What do you call it in messages? [me]:")
        terminal.see("This is what we read:")
        assert not config_of(env).exists()
        shown = terminal.see("Is that your case? Then it is saved")
        assert "审核中" in shown
        assert "likely in review" in shown
        terminal.enter("")
        terminal.see("first reading")
        terminal.see("phone: told")
        terminal.see("tracker serve")
        assert terminal.end() == 0
    assert PERSON not in terminal.shown
    assert NUMBER not in terminal.shown.replace(f"back): {NUMBER}", "")
    assert [m["title"] for m in phone.messages] == ["Tracker: test message", "me: 审核中"]
    assert stat.S_IMODE(config_of(env).stat().st_mode) == 0o600
    assert written(env)["cases"][0]["reference"] == {"受理编号": NUMBER, "证件号码": PERSON}
    check = tracker(env, "config", "check")
    assert (check.code, check.err.count("\n")) == (0, 0), check.err
    assert len([seen for seen in site.log if seen.method == "POST"]) == 2  # one before saving, one that counts


def test_a_reading_that_fails_shows_what_was_seen_and_the_ways_on(
    env: dict[str, str], site: QuerySite, phone: Phone, tmp_path: Path
) -> None:
    site.answer("/query.htm", Reply("<html><body>系统维护中，请稍后再试</body></html>"))
    kept = tmp_path / "kept.html"
    kept.write_text(
        f"<meta charset=utf-8><table><tr><th>受理编号</th><td>{NUMBER}</td><th>当前状态</th><td>已受理</td></table>"
    )
    strange = tmp_path / "strange.html"
    strange.write_text(kept.read_text().replace("当前状态", "办件进展").replace("已受理", "窗口流转"))
    with Terminal("init", "--language", "en", env=env) as terminal:
        to_the_case(terminal, phone)
        the_form(terminal, site.form_url)
        terminal.answer("Caption (Enter: that was all)")
        terminal.answer("What do you call it", "mine")
        terminal.see("under maintenance")
        offered = terminal.see("Which one? [1]:")
        assert "keep trying" in offered
        assert "show a page that I saved" in offered
        assert "another way, another address" in offered
        assert "but paused" in offered
        page = next(line for line in offered.splitlines() if "show a page" in line).split()[0]
        terminal.enter(page)
        terminal.answer("File of the page", str(tmp_path / "nowhere.html"))
        terminal.see("such file")
        terminal.answer("File of the page", str(kept))
        terminal.see("This is what we read:")
        terminal.see("已受理")
        terminal.see("SH2026****23")
        terminal.answer("Which one? [1]:", page)
        terminal.answer("File of the page", str(strange))
        terminal.see("page changed")
        terminal.see("Captions and values")
        terminal.see("Status: “窗口流转”")
        terminal.see('label = "办件进展"')
        terminal.answer("Which one? [1]:")
        terminal.see("it is asked again by the schedule")
        assert terminal.end() == 0
    assert [seen.path for seen in site.log] == ["/query.htm"]
    assert written(env)["cases"][0]["name"] == "mine"
    assert len(phone.messages) == 1


def test_with_the_site_switched_off_the_persons_word_is_the_first_message(
    env: dict[str, str], site: QuerySite, phone: Phone
) -> None:
    with Terminal("init", "--language", "en", env=env) as terminal:
        to_the_case(terminal, phone)
        choose(terminal, "I look myself")
        terminal.answer("Address of the page where you look", site.form_url)
        terminal.answer("Caption (Enter: that was all)", "受理编号")
        terminal.answer("受理编号 (Enter: back):", NUMBER)
        terminal.answer("Caption (Enter: that was all)")
        terminal.answer("What do you call it")
        choose(terminal, "I type it")
        terminal.answer("The word beside the status", "审核中")
        terminal.see("phone: told")
        assert terminal.end() == 0
    assert [m["title"] for m in phone.messages] == ["Tracker: test message", "me: 审核中"]
    assert site.log == []
    assert written(env)["cases"][0]["adapter"] == "by_hand"


def test_a_page_that_the_person_kept_is_the_first_message_too(
    env: dict[str, str], site: QuerySite, phone: Phone, tmp_path: Path
) -> None:
    site.answer("/query.htm", Reply("<html><body>系统维护中，请稍后再试</body></html>"))
    kept = tmp_path / "kept.html"
    kept.write_text(
        f"<meta charset=utf-8><table><tr><th>受理编号</th><td>{NUMBER}</td><th>当前状态</th><td>已受理</td></table>"
    )
    with Terminal("init", "--language", "en", env=env) as terminal:
        to_the_case(terminal, phone)
        the_form(terminal, site.form_url)
        terminal.answer("Caption (Enter: that was all)")
        terminal.answer("What do you call it")
        terminal.see("under maintenance")
        choose(terminal, "ask me to look")
        choose(terminal, "I have the page as a file")
        terminal.answer("File of the page", str(kept))
        terminal.see("phone: told")
        assert terminal.end() == 0
    assert phone.messages[-1]["title"] == "me: 已受理"
    assert written(env)["cases"][0]["adapter"] == "by_hand"


def test_numbers_go_over_plain_http_only_after_a_yes(env: dict[str, str], phone: Phone) -> None:
    with Terminal("init", "--language", "en", env=env) as terminal:
        to_the_case(terminal, phone)
        the_form(terminal, "http://progress.invalid/query.htm")
        terminal.answer("Caption (Enter: that was all)")
        terminal.answer("What do you call it")
        terminal.see("The page has no encryption")
        terminal.answer("Send them all the same?")  # Enter is no
        choose(terminal, "I look myself: no site is asked")
        choose(terminal, "I look later")
        terminal.see("what you saw")
        assert terminal.end() == 0
    assert "Asking it" not in terminal.shown
    assert len(phone.messages) == 1


def test_a_case_saved_all_the_same_rests_until_it_is_resumed(env: dict[str, str], site: QuerySite, phone: Phone) -> None:
    site.answer("/query.htm", Reply("<html><body>空</body></html>"))
    with Terminal("init", "--language", "en", env=env) as terminal:
        to_the_case(terminal, phone)
        the_form(terminal, site.form_url)
        terminal.answer("Caption (Enter: that was all)")
        terminal.answer("What do you call it")
        choose(terminal, "but paused")
        terminal.see("The case is paused")
        assert terminal.end() == 0
    asked = len(site.log)
    result = tracker(env, "check", "--json")
    assert '"reason": "paused"' in result.out
    assert len(site.log) == asked


def test_another_address_is_tried_with_the_last_answers_as_defaults(env: dict[str, str], site: QuerySite, phone: Phone) -> None:
    site.cases[NUMBER] = Record(NUMBER)
    with Terminal("init", "--language", "en", env=env) as terminal:
        to_the_case(terminal, phone)
        the_form(terminal, site.origin + "/wrong.htm")
        terminal.answer("Caption (Enter: that was all)")
        terminal.answer("What do you call it")
        choose(terminal, "another way, another address")
        terminal.see("How is the case looked up?")
        terminal.answer("Which one? [")
        terminal.answer("/wrong.htm]:", site.form_url)
        terminal.answer("Caption [受理编号]:")
        terminal.answer("受理编号 (Enter: as before):")
        terminal.answer("Caption (Enter: that was all)")
        terminal.answer("Is that your case?")
        terminal.see("phone: told")
        assert terminal.end() == 0
    assert written(env)["cases"][0]["url"] == site.form_url


def test_ctrl_c_leaves_nothing_and_says_so(env: dict[str, str], phone: Phone) -> None:
    with Terminal("init", "--language", "en", env=env, from_scratch=True) as terminal:
        to_the_case(terminal, phone)
        terminal.see("How is the case looked up?")
        terminal.see("Which one? [")
        terminal.interrupt("Stopped: nothing was written.")
        assert terminal.end() == 130
    assert not config_of(env).parent.exists()
    assert not Path(env["XDG_DATA_HOME"]).exists()


def test_a_place_that_cannot_be_written_is_said_before_anything_is_typed(env: dict[str, str]) -> None:
    config_of(env).parent.parent.write_text("a file where the folder should be")
    with Terminal("init", "--language", "en", env=env) as terminal:
        terminal.see(f"{config_of(env)}: can't be written (Not a directory): look whose")
        assert terminal.end() == 3
    assert "Which one?" not in terminal.shown


def test_what_was_typed_survives_a_config_that_cannot_be_written_at_the_end(env: dict[str, str], phone: Phone) -> None:
    with Terminal("init", "--language", "en", env=env) as terminal:
        to_the_case(terminal, phone)
        config_of(env).parent.parent.write_text("a file where the folder should be")
        choose(terminal, "no case for now")
        terminal.see("can't be written")
        config_of(env).parent.parent.unlink()
        terminal.answer("then press Enter to try again")
        terminal.see("Done")
        assert terminal.end() == 0
    assert written(env)["receivers"][0]["url"] == phone.at()


def test_bytes_of_another_character_set_are_asked_for_again(env: dict[str, str], site: QuerySite) -> None:
    site.cases[NUMBER] = Record(NUMBER)
    with Terminal("init", "--language", "en", env=env) as terminal:
        terminal.answer("Which one? [1]:", "12")
        choose(terminal, "a page with a query form")
        terminal.answer("Address of the progress page", site.form_url)
        terminal.answer("Caption [受理编号]:", "\udccc\udcec")
        terminal.see("it holds signs that are no UTF-8")
        terminal.answer("Caption [受理编号]:")
        terminal.answer("受理编号 (Enter: back):", NUMBER)
        terminal.answer("Caption (Enter: that was all)")
        terminal.answer("What do you call it", "my case")
        terminal.answer("Is that your case?", "n")
        choose(terminal, "but paused")
        terminal.see("tracker resume 'my case'")
        assert terminal.end() == 0


def test_a_service_that_refuses_says_so_and_another_one_can_be_chosen(env: dict[str, str], phone: Phone) -> None:
    phone.answers(Reply("no such bot", status=404, content_type="text/plain"))
    with Terminal("init", "--language", "en", env=env) as terminal:
        terminal.answer("Which one? [1]:", "99")
        terminal.see("Not that: a number from 1 to 12.")
        terminal.answer("Which one? [1]:", "11")
        terminal.answer("Apprise URL (Enter: back):", "nosuchservice://x")
        terminal.see("Apprise knows no service for that")
        terminal.answer("Apprise URL (Enter: back):", phone.at())
        terminal.see("phone: not accepted: HTTP 404")
        terminal.answer("Which one? [1]:", "2")
        terminal.see("Where do messages go?")
        terminal.answer("Which one? [1]:", "12")
        terminal.see("How is the case looked up?")
        choose(terminal, "no case for now")
        terminal.see("Nobody is told yet")
        assert terminal.end() == 0
    assert set(written(env)) == {"language", "timezone"}


def test_ntfy_gets_a_topic_of_its_own_and_a_code(env: dict[str, str], phone: Phone) -> None:
    with Terminal("init", "--language", "zh-CN", env=env) as terminal:
        terminal.answer("请选择 [1]:")
        terminal.answer("ntfy 服务器 [ntfy.sh]:", f"http://127.0.0.1:{phone.port}")
        code = terminal.see("主题：")
        assert "▀" in code
        terminal.answer("手机上订阅好后请按回车")
        terminal.see("已接收")
        terminal.interrupt("什么都没有写入")
    topic = phone.messages[0]["topic"]
    assert topic in terminal.shown
    assert len(topic) == 22


def test_a_config_that_is_there_stays_and_the_new_case_goes_into_the_store(
    env: dict[str, str], site: QuerySite, phone: Phone
) -> None:
    site.cases[NUMBER] = Record(NUMBER)
    assert with_flags(env, "--receiver-url", phone.at()).code == 0
    before = config_of(env).read_bytes()
    with Terminal("init", env=env) as terminal:
        terminal.see("is there already, and is never overwritten")
        the_form(terminal, site.form_url)
        terminal.answer("Caption (Enter: that was all)")
        terminal.answer("What do you call it")
        terminal.answer("Is that your case?")
        terminal.see("phone: told")
        assert terminal.end() == 0
    assert config_of(env).read_bytes() == before
    assert [m["title"] for m in phone.messages] == ["me: 已受理"]
    assert '"case": "me"' in tracker(env, "list", "--json").out


# --- with flags --------------------------------------------------------------------------------------------------------


def test_flags_set_it_up_without_a_question(env: dict[str, str], site: QuerySite, phone: Phone) -> None:
    site.cases[NUMBER] = Record(NUMBER, label="审核中")
    done = with_flags(env, "--receiver-url", phone.at(), *case_flags(site.form_url))
    assert done.code == 0, done.err
    assert "was written" in done.err
    assert "审核中" in done.out
    assert [m["title"] for m in phone.messages] == ["me: 审核中"]
    assert stat.S_IMODE(config_of(env).stat().st_mode) == 0o600


def test_a_reading_that_fails_is_exit_10_and_saved(env: dict[str, str], site: QuerySite, phone: Phone) -> None:
    site.answer("/query.htm", Reply("系统维护中", status=503))
    done = with_flags(env, "--receiver-url", phone.at(), *case_flags(site.form_url))
    assert done.code == 10
    assert "was written" in done.err
    assert written(env)["cases"][0]["name"] == "me"


def test_a_value_may_stay_in_its_file(env: dict[str, str], site: QuerySite, phone: Phone, tmp_path: Path) -> None:
    site.cases[NUMBER] = Record(NUMBER, id_number=PERSON)
    (tmp_path / "id").write_text(PERSON + "\n")
    (tmp_path / "phone").write_text(phone.at())
    more = (
        "--reference",
        f"证件号码=@{tmp_path / 'id'}",
        "--receiver-url",
        f"@{tmp_path / 'phone'}",
        "--receiver-name",
        "mine",
    )
    done = with_flags(env, *case_flags(site.form_url, *more))
    assert done.code == 0, done.err
    assert PERSON not in config_of(env).read_text()
    assert written(env)["receivers"] == [{"name": "mine", "url": {"file": str(tmp_path / "phone")}}]
    assert len(phone.messages) == 1


def test_a_second_run_changes_nothing_of_the_file_and_may_add_a_case(
    env: dict[str, str], site: QuerySite, phone: Phone
) -> None:
    site.cases[NUMBER] = Record(NUMBER)
    assert with_flags(env, "--receiver-url", phone.at()).code == 0
    before = config_of(env).read_bytes()
    again = with_flags(env, "--receiver-url", phone.at())
    assert again.code == 2
    assert "never overwrites it" in again.err
    added = tracker(env, "init", "--no-input", *case_flags(site.form_url))
    assert added.code == 0, added.err
    assert tracker(env, "init", "--no-input", *case_flags(site.form_url)).code == 2
    assert config_of(env).read_bytes() == before
    assert len(phone.messages) == 1


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--url", "http://www.example.org/q", "--reference", f"受理编号={NUMBER}"), "--yes-plain-http"),
        (("--url", "https://www.example.org/q", "--reference", "受理编号"), "CAPTION=VALUE"),
        (("--url", "https://www.example.org/q", "--reference", "受理编号=@/nowhere"), "/nowhere"),
        (("--url", "ftp://example.org", "--reference", f"受理编号={NUMBER}"), "url: "),
        (("--url", "https://www.example.org/q", "--reference", "受理编号=1", "--reference", "受理编号=2"), "is given twice"),
        (("--adapter", "fom", "--url", "https://www.example.org/q"), "form"),
        (("--receiver-url", "nosuchservice://secret-token"), "not one that Apprise knows"),
        (("--receiver-name", "phone"), "--receiver-name"),
    ],
)
def test_a_wrong_flag_is_exit_2_and_nothing_is_written(env: dict[str, str], flags: tuple[str, ...], said: str) -> None:
    done = with_flags(env, *flags)
    assert done.code == 2
    assert said in done.err
    assert NUMBER not in done.err
    assert "secret-token" not in done.err
    assert not config_of(env).exists()


def test_without_a_terminal_nothing_is_asked(env: dict[str, str]) -> None:
    done = tracker(env, "init")
    assert done.code == 2
    assert "init --no-input --receiver-url" in done.err


def test_a_store_of_another_key_is_said_before_anything_is_asked(env: dict[str, str], site: QuerySite, phone: Phone) -> None:
    site.cases[NUMBER] = Record(NUMBER)
    assert with_flags(env, "--receiver-url", phone.at(), *case_flags(site.form_url)).code == 0
    for file in config_of(env).parent.iterdir():
        file.unlink()
    done = with_flags(env)
    assert done.code == 3
    assert "key is missing" in done.err
    assert not config_of(env).exists()


def test_a_config_elsewhere_has_its_own_store_beside_it(env: dict[str, str], site: QuerySite, tmp_path: Path) -> None:
    site.cases[NUMBER] = Record(NUMBER)
    other = tmp_path / "other" / "mine.toml"
    done = tracker(env, "-c", str(other), "init", "--no-input", *case_flags(site.form_url))
    assert done.code == 0, done.err
    wait_for((other.parent / "tracker.db").exists, 1)
    assert not Path(env["XDG_DATA_HOME"]).exists()
