"""`adapters test`, `accept` and `verify`: what differs and how, who has looked at it, and the live site beside them."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import time_machine
from click.testing import CliRunner

from tests.replay import RECORDINGS
from tests.shell.reading import NOW, Desk
from tests.shell.terminal import Terminal
from tests.sites.query import QuerySite, Record
from tests.sites.server import Reply, Seen
from tracker.cli import root
from tracker.recordings.scenario import load

NUMBER = "SH2026004711"
ID = "310101199001011234"  # its check digit is wrong: nobody's
CONFIG = 'language = "en"\ntimezone = "Asia/Shanghai"\n[fetch]\nmin_gap = "0s"\n'


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, CONFIG)


def place(desk: Desk) -> Path:
    return desk.folder / "recordings"


def bring(desk: Desk, *names: str) -> None:
    for name in names:
        shutil.copytree(RECORDINGS / name, place(desk) / name)


def change(desk: Desk, name: str, old: str, new: str, file: str = "scenario.toml") -> None:
    path = place(desk) / name / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def unreview(desk: Desk, name: str) -> None:
    change(desk, name, 'origin = "constructed"\n', 'origin = "constructed"\nreviewed = false\n')


def run(desk: Desk, *args: str) -> tuple[int, str, str]:
    """(exit code, stdout, stderr) as the installed command gives them."""
    line = ["-c", str(desk.file), "adapters", *args, "--recordings", str(place(desk))]
    with time_machine.travel(NOW):
        result = CliRunner().invoke(root, line, standalone_mode=False)
    if result.exception is None:
        return int(result.return_value or 0), result.stdout, result.stderr
    assert isinstance(result.exception, click.ClickException), result.exception
    return result.exception.exit_code, result.stdout, result.stderr + result.exception.format_message()


GOOD, OTHER = "form/read-gb18030", "page/read-dl"


# --- test ------------------------------------------------------------------------------------------------------------


def test_what_is_as_expected_is_only_counted(desk: Desk) -> None:
    bring(desk, GOOD, OTHER)
    assert run(desk, "test") == (0, "2 as expected\n", "")
    assert run(desk, "test", "page") == (0, "1 as expected\n", "")
    assert run(desk, "test", GOOD) == (0, "1 as expected\n", "")


def test_what_differs_is_said_field_by_field(desk: Desk) -> None:
    bring(desk, GOOD, OTHER)
    change(desk, GOOD, 'label = "已受理"', 'label = "已办结"')
    change(desk, GOOD, '"更新日期" = "2026年11月20日"', '"更新日期" = "昨天"')
    code, out, err = run(desk, "test")
    assert code == 1
    assert out.splitlines() == [
        f"{GOOD}: differs",
        "  label: expected “已办结”, found “已受理”",
        "  details.更新日期: expected “昨天”, found “2026年11月20日”",
        "1 as expected, 1 differ",
    ]
    assert f"tracker adapters accept NAME/SCENARIO --update --recordings {place(desk)}" in err


def test_an_outcome_by_name_differs_by_its_reason(desk: Desk) -> None:
    bring(desk, "form/captcha")
    change(desk, "form/captcha", 'reason = "captcha"', 'reason = "login"')
    assert "  reason: expected “login”, found “captcha”" in run(desk, "test")[1]


def test_another_request_than_the_recorded_one_is_said(desk: Desk) -> None:
    bring(desk, GOOD)
    change(desk, GOOD, "query.do", "other.do", "02.request.toml")
    line = "  request 2 (address): expected “POST https://progress.example/other.do”, found “POST https://progress.example/query.do”"
    assert line in run(desk, "test")[1].splitlines()


def test_requests_that_are_never_made_and_that_nobody_recorded_are_said(desk: Desk) -> None:
    bring(desk, GOOD, "page/read-colons")
    for file in ("02.request.toml", "02.response.toml"):
        (place(desk) / GOOD / file).unlink()
    for file in ("request.toml", "response.toml"):
        shutil.copy(place(desk) / "page/read-colons" / f"01.{file}", place(desk) / "page/read-colons" / f"02.{file}")
    _, out, _ = run(desk, "test")
    assert "  request 2 (address): expected “-”, found “POST https://progress.example/query.do”" in out
    assert "  requests: expected “all that were recorded”, found “1 never made”" in out


def test_nobody_has_looked_at_it_counts_as_red(desk: Desk) -> None:
    bring(desk, GOOD, OTHER)
    unreview(desk, GOOD)
    code, out, err = run(desk, "test")
    assert (code, out.splitlines()) == (1, [f"{GOOD}: not reviewed yet", "1 as expected, 1 not reviewed yet"])
    assert "tracker adapters accept" in err


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("scenario.toml", "adapter = ", "read-gb18030/scenario.toml: Invalid value"),
        ("scenario.toml", 'adapter = "form"\n', "read-gb18030/scenario.toml: reference is missing"),
        ("02.response.toml", "status = 200\n", "read-gb18030/02.response.toml: body is missing"),
        ("02.response.toml", 'status = 200\ncontent_type = ""\nbody = "no.html"\n', "no.html: it can't be read (No such file"),
        ("02.request.toml", 'method = "GET"\nurl = ""\nwhat = 1\n', "read-gb18030/02.request.toml: "),
    ],
)
def test_a_recording_that_can_not_be_read_is_named_with_its_file(desk: Desk, file: str, text: str, words: str) -> None:
    bring(desk, GOOD, OTHER)
    (place(desk) / GOOD / file).write_text(text)
    code, out, _ = run(desk, "test")
    assert code == 1
    assert f"{GOOD}: {words}" in out.replace(f"{GOOD}: read-gb18030/no.html", f"{GOOD}: no.html")
    assert "1 as expected, 1 can't be run" in out


def test_a_recording_of_an_adapter_that_is_not_here_is_said(desk: Desk) -> None:
    bring(desk, GOOD)
    change(desk, GOOD, 'adapter = "form"', 'adapter = "forn"')
    assert "There is no adapter “forn”" in run(desk, "test")[1]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("forn", "There is no adapter “forn”. Did you mean “form”?"),
        ("form/read", "There is no recording “form/read”. Did you mean “form/read-gb18030”?"),
        ("json", "The adapter json has no recording in"),
    ],
)
def test_an_unknown_name_is_a_usage_error(desk: Desk, name: str, words: str) -> None:
    bring(desk, GOOD)
    code, _, err = run(desk, "test", name)
    assert (code, words in err) == (2, True)


def test_no_recording_at_all_is_a_usage_error(desk: Desk) -> None:
    code, _, err = run(desk, "test")
    assert code == 2
    assert "There is no recording in" in err
    assert "--recordings DIR" in err


def test_json_has_each_recording_with_its_differences(desk: Desk) -> None:
    bring(desk, GOOD, OTHER)
    change(desk, GOOD, 'label = "已受理"', 'label = "已办结"')
    code, out, _ = run(desk, "test", "--json")
    content = json.loads(out)
    assert code == 1
    first, second = content["recordings"]
    assert (first["adapter"], first["scenario"], first["result"], first["reviewed"]) == (
        "form",
        "read-gb18030",
        "differs",
        True,
    )
    assert first["differences"] == [{"field": "label", "expected": "已办结", "found": "已受理"}]
    assert (second["result"], content["counts"]["same"], content["counts"]["differs"]) == ("same", 1, 1)


def test_every_recording_of_the_suite_is_as_expected(desk: Desk) -> None:
    assert desk.code("adapters", "test", "--recordings", str(RECORDINGS)) == 0


# --- accept ----------------------------------------------------------------------------------------------------------


def test_what_is_accepted_is_shown_and_marked_and_nothing_else_changes(desk: Desk) -> None:
    bring(desk, GOOD, OTHER)
    unreview(desk, GOOD)
    before = (place(desk) / GOOD / "scenario.toml").read_text("utf-8")
    code, out, err = run(desk, "accept", "--yes")
    assert (code, err) == (0, "1 recording accepted.\n")
    assert f"{GOOD} expects:" in out
    assert '  label = "已受理"' in out
    assert OTHER not in out
    assert (place(desk) / GOOD / "scenario.toml").read_text("utf-8") == before.replace("reviewed = false", "reviewed = true")
    assert run(desk, "test")[0] == 0
    assert run(desk, "accept", "--yes") == (0, "", "There is nothing to review.\n")


def test_what_differs_is_not_accepted_unless_the_person_says_so(desk: Desk) -> None:
    bring(desk, GOOD)
    change(desk, GOOD, 'label = "已受理"', 'label = "已办结"')
    code, out, err = run(desk, "accept", GOOD, "--yes")
    assert code == 1
    assert "label: expected “已办结”, found “已受理”" in out
    assert "--update" in err
    assert load(place(desk) / GOOD).expected["label"] == "已办结"
    assert run(desk, "accept", GOOD, "--yes", "--update")[0] == 0
    scenario = load(place(desk) / GOOD)
    assert (scenario.expected["label"], scenario.expected["details"]["姓名"]) == ("已受理", "测试喆")
    assert (place(desk) / GOOD / "scenario.toml").read_text("utf-8").startswith("# GB18030 behind a gb2312 label")
    assert run(desk, "test")[0] == 0


def test_what_an_adapter_of_ones_own_reads_now_is_accepted_too(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    own = desk.folder / "own"
    own.mkdir()
    monkeypatch.setenv("TRACKER_ADAPTERS", str(own))
    shutil.copy(Path(__file__).parents[2] / "adapters" / "form.py", own / "mine.py")
    (own / "mine.py").write_text((own / "mine.py").read_text("utf-8").replace('id="form"', 'id="mine"'), "utf-8")
    shutil.copytree(RECORDINGS / GOOD, place(desk) / "mine" / "read")
    change(desk, "mine/read", 'adapter = "form"', 'adapter = "mine"')
    change(desk, "mine/read", 'label = "已受理"', 'label = "已办结"')
    assert run(desk, "accept", "mine/read", "--yes", "--update")[0] == 0
    assert load(place(desk) / "mine" / "read").expected["label"] == "已受理"


def test_a_person_is_asked_for_each_and_may_say_no(desk: Desk) -> None:
    bring(desk, GOOD)
    unreview(desk, GOOD)
    env = {"HOME": str(desk.folder), "LANG": "C.UTF-8"}
    for answer, reviewed in (("n", False), ("y", True)):
        with Terminal("-c", str(desk.file), "adapters", "accept", "--recordings", str(place(desk)), env=env) as terminal:
            terminal.answer("Is that right? [y/N]", answer)
            assert terminal.end() == 0
        assert load(place(desk) / GOOD).reviewed is reviewed


def test_where_nobody_can_be_asked_nothing_is_accepted(desk: Desk) -> None:
    bring(desk, GOOD)
    unreview(desk, GOOD)
    code, _, err = run(desk, "accept")
    assert (code, "say --yes" in err) == (2, True)
    assert not load(place(desk) / GOOD).reviewed


def test_accept_says_the_same_to_scripts(desk: Desk) -> None:
    bring(desk, GOOD)
    unreview(desk, GOOD)
    (one,) = desk.json("adapters", "accept", "--yes", "--recordings", str(place(desk)))["recordings"]
    assert (one["scenario"], one["became"], one["result"]) == ("read-gb18030", "accepted", "unreviewed")


# --- verify ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def site() -> Iterator[QuerySite]:
    with QuerySite() as opened:
        opened.cases[NUMBER] = Record(NUMBER, "审核中", ID, "欧阳测")
        yield opened


GIVEN = ("--reference", f"受理编号={NUMBER}", "--reference", f"证件号码={ID}")


def recorded(desk: Desk, site: QuerySite) -> None:
    result = desk.run(
        "record", "form", "--scenario", "read", "--recordings", str(place(desk)), "--yes", "--url", site.form_url, *GIVEN
    )
    assert result.exit_code == 0, result.output
    site.log.clear()


def test_a_site_that_looks_like_its_recording_gives_the_line_to_set(desk: Desk, site: QuerySite) -> None:
    recorded(desk, site)
    site.move(NUMBER, "办结")
    code, out, err = run(desk, "verify", "form", "--url", site.form_url, *GIVEN)
    assert code == 0
    assert "The site answers. read: “办结”" in out
    assert "Its page looks like that of form/read" in out
    assert "    verified_on=date(" in err
    assert "# from datetime import date" in err
    assert len(site.log) == 2
    assert NUMBER not in out + err


def test_what_is_new_and_gone_on_the_live_page_is_said(desk: Desk, site: QuerySite) -> None:
    recorded(desk, site)

    def redesigned(seen: Seen) -> Reply:
        cells = "".join(
            f"<tr><th>{a}</th><td>{b}</td></tr>"
            for a, b in (("受理编号", NUMBER), ("当前状态", "审核中"), ("承办单位", "某中心"), ("更新日期", "2026-11-20"))
        )
        del seen
        return Reply(f"<html><body><table>{cells}</table></body></html>")

    site.answer("/query.do", redesigned)
    code, out, err = run(desk, "verify", "form", "--url", site.form_url, *GIVEN)
    assert code == 1
    assert "Nearest is form/read; against it:" in out
    assert "  newly there: “承办单位”" in out
    assert "  gone: “备注”" in out
    assert "verified_on" not in out + err
    code, out, _ = run(desk, "verify", "form", "--json", "--url", site.form_url, *GIVEN)
    content = json.loads(out)
    assert (code, content["well"], content["verified_on"], content["nearest"]) == (1, False, None, "form/read")
    assert [place["caption"] for place in content["new"]] == ["承办单位"]


def test_a_site_that_does_not_read_confirms_nothing(desk: Desk, site: QuerySite) -> None:
    recorded(desk, site)
    site.answer("/query.htm", Reply("<p>系统维护中，请稍后再试</p>"))
    code, out, err = run(desk, "verify", "form", "--url", site.form_url, *GIVEN)
    assert code == 11
    assert "maintenance" in out
    assert "stays as it is" in err


def test_without_a_recording_there_is_nothing_to_compare_with(desk: Desk, site: QuerySite) -> None:
    code, _, err = run(desk, "verify", "form", "--url", site.form_url, *GIVEN)
    assert code == 1
    assert "tracker record form --scenario read" in err


def test_the_one_case_of_an_adapter_is_asked_for_by_itself(tmp_path: Path, site: QuerySite) -> None:
    def case(name: str) -> str:
        reference = f'{{ "受理编号" = "{NUMBER}", "证件号码" = "{ID}" }}'
        return f'[[cases]]\nname = "{name}"\nadapter = "form"\nurl = "{site.form_url}"\nreference = {reference}\n'

    for folder in ("one", "two", "none"):
        (tmp_path / folder).mkdir()
    desk = Desk(tmp_path / "one", CONFIG + case("me"))
    recorded(desk, site)
    assert run(desk, "verify", "form")[0] == 0
    code, _, err = run(Desk(tmp_path / "two", CONFIG + case("me") + case("anna")), "verify", "form")
    assert (code, "say which one with --case (me, anna)" in err) == (2, True)
    code, _, err = run(Desk(tmp_path / "none", CONFIG), "verify", "form")
    assert (code, "No case of yours uses form" in err) == (2, True)
