"""A case with a mistake stops what is about all cases, and nothing else: other commands leave it out and say so."""

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.hars import chrome
from tests.pages.made import record as page_of
from tests.replay import RECORDINGS
from tests.shell.reading import Desk
from tests.shell.test_config import ADAPTERS, CASE
from tests.shell.test_finding import ANSWER_PAGE, FORM_PAGE, NAME, NUMBER, SITE
from tests.sites.query import QuerySite, Record
from tracker.config.load import Loaded, load
from tracker.core.errors import ConfigError

Read = Callable[..., Loaded]
HEAD = 'language = "en"\ntimezone = "Asia/Shanghai"\n[fetch]\nmin_gap = "0s"\n'
WRONG = '[[cases]]\nname = "other"\nadapter = "nope"\nurl = "http://127.0.0.1:9/"\n'
SAID = "left out here, because of a mistake: "


def mine(url: str = "http://127.0.0.1:9/query.htm") -> str:
    return f'[[cases]]\nname = "me"\nadapter = "form"\nurl = "{url}"\nreference = {{ "受理编号" = "{NUMBER}" }}\n'


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", "CACHE", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    monkeypatch.setenv("TRACKER_ADAPTERS", str(tmp_path / "own"))


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def reader(text: str, only: Sequence[str]) -> Loaded:
        file = tmp_path / "some.toml"
        file.write_text(text, "utf-8")
        return load(file, {}, ADAPTERS, root=tmp_path, only=only)

    return reader


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, HEAD + WRONG + mine())


def recorded(desk: Desk, *args: str) -> list[str]:
    place = desk.folder / "recordings"
    args = ("record", "form", "--scenario", "read", "--recordings", str(place), "--yes", *args)
    result = desk.run(*args)
    assert result.exit_code == 0, result.stderr
    assert (place / "form" / "read" / "scenario.toml").exists()
    return [line for line in result.stderr.splitlines() if SAID in line]


def har(desk: Desk) -> str:
    file = desk.folder / "site.har"
    file.write_bytes(chrome(FORM_PAGE, ANSWER_PAGE))
    return str(file)


# --- what needs one case, or none ------------------------------------------------------------------------------------


def test_a_case_is_recorded_though_another_one_has_a_mistake_and_that_is_said(desk: Desk) -> None:
    (line,) = recorded(desk, "--from-har", har(desk), "--case", "me", "--url", f"{SITE}/query.htm")
    assert f'{desk.file}:7: cases[other].adapter: no adapter is called "nope"' in line


def test_a_har_is_recorded_with_what_stands_on_the_line_whatever_is_wrong_in_the_config(desk: Desk) -> None:
    for wrong in (desk.config, desk.config.replace('"0s"', '"soon"'), "language = [\n"):
        desk.file.write_text(wrong, "utf-8")
        shutil.rmtree(desk.folder / "recordings", ignore_errors=True)
        given = ("--reference", f"受理编号={NUMBER}", "--reference", f"姓名={NAME}", "--url", f"{SITE}/query.htm")
        assert recorded(desk, "--from-har", har(desk), *given) == []


def test_a_site_is_recorded_though_a_case_has_a_mistake(tmp_path: Path) -> None:
    with QuerySite() as site:
        site.cases[NUMBER] = Record(NUMBER)
        desk = Desk(tmp_path, HEAD + WRONG + mine(site.form_url))
        assert len(recorded(desk, "--case", "me")) == 1
        verified = desk.run("adapters", "verify", "form", "--recordings", str(desk.folder / "recordings"))
    assert "The site answers." in verified.stdout
    assert SAID in verified.stderr


def test_how_a_site_is_asked_must_be_right_before_it_is_asked(desk: Desk) -> None:
    desk.file.write_text(desk.config.replace('"0s"', '"soon"'), "utf-8")
    for command in (("record", "form", "--scenario", "read", "--case", "me", "--yes"), ("adapters", "probe", SITE)):
        with pytest.raises(ConfigError) as error:
            desk.run(*command)
        assert any("fetch.min_gap" in line for line in error.value.mistakes)


def test_a_case_with_a_mistake_is_not_recorded_itself(desk: Desk) -> None:
    with pytest.raises(ConfigError, match="nope"):
        desk.run("record", "form", "--scenario", "read", "--case", "other", "--from-har", har(desk), "--yes")


def test_recordings_are_run_and_accepted_whatever_is_wrong_in_the_config(desk: Desk) -> None:
    place = desk.folder / "recordings"
    shutil.copytree(RECORDINGS / "form/read-gb18030", place / "form/read-gb18030")
    for wrong in (desk.config, desk.config.replace('"0s"', '"soon"')):
        desk.file.write_text(wrong, "utf-8")
        for command in (("test",), ("accept", "--yes")):
            result = desk.run("adapters", *command, "--recordings", str(place))
            assert (result.exit_code, SAID in result.stderr) == (0, False), result.output


def test_a_site_and_a_file_are_probed_though_a_case_has_a_mistake(desk: Desk) -> None:
    page = f"<html><body>{page_of(受理编号=NUMBER, 办理状态='审核中')}</body></html>"
    file = desk.folder / "page.html"
    file.write_text(page, "utf-8")
    assert "Status: “审核中”" in desk.run("adapters", "probe", str(file)).stdout
    with QuerySite() as site:
        result = desk.run("adapters", "probe", site.form_url)
    assert "asks for a case" in result.stdout
    assert SAID in result.stderr


def test_a_bundle_holds_its_case_and_where_the_mistakes_of_others_are(desk: Desk) -> None:
    for named in (("me",), ()):
        text = desk.run("diagnostics", *named).stdout
        assert "line 7 cases[…].adapter" in text
        assert '"asked_by"' in text
        assert "nope" not in text
        assert '"level": "wrong",\n  "about": "config"' in text
        assert '"level": "ok",\n  "about": "config"' not in text


def test_pages_of_a_case_are_read_again_though_another_one_has_a_mistake(tmp_path: Path) -> None:
    with QuerySite() as site:
        site.cases[NUMBER] = Record(NUMBER)
        desk = Desk(tmp_path, HEAD + mine(site.form_url))
        assert desk.code("check") == 0
    desk = Desk(tmp_path, HEAD + WRONG + mine(site.form_url))
    result = desk.run("replay", "me")
    assert (result.exit_code, "1 page read again" in result.stderr, SAID in result.stderr) == (0, True, True)
    assert desk.run("replay", "me", "--apply", "--no-notify").exit_code == 0


def test_what_is_about_all_cases_or_sends_messages_wants_all_of_them_right(desk: Desk) -> None:
    for command in (("replay",), ("replay", "me", "--apply"), ("check", "me"), ("status",)):
        with pytest.raises(ConfigError, match="nope"):
            desk.run(*command)


# --- which mistakes are those of a case ------------------------------------------------------------------------------


def test_only_the_cases_with_mistakes_are_left_out(read: Read) -> None:
    unset = '[[cases]]\nname = "b"\nadapter = "form"\nurl = { env = "NOT_SET" }\nreference = { "a" = "1" }\n'
    loaded = read(CASE + unset + '[[cases]]\nname = 5\n[[cases]]\nadapter = "form"\n', only=())
    assert [case.name for case in loaded.config.cases] == ["me"]
    assert [line.partition(": ")[2].partition(":")[0] for line in loaded.left_out] == [
        "cases[b].url", "cases[3].adapter", "cases[3].name", "cases[4].name", "cases[4].url", "cases[4].reference",
    ]  # fmt: skip


def test_a_config_without_mistakes_leaves_nothing_out(read: Read) -> None:
    loaded = read(CASE, only=())
    assert (len(loaded.config.cases), loaded.left_out) == (1, ())


def test_of_two_cases_with_one_name_neither_is_taken_for_the_one_that_was_named(read: Read) -> None:
    with pytest.raises(ConfigError, match="the name of another one too"):
        read(CASE + CASE, only=("me",))
    assert len(read(CASE + CASE, only=()).config.cases) == 1


def test_a_mistake_elsewhere_is_told_with_all_others(read: Read) -> None:
    with pytest.raises(ConfigError) as error:
        read('[schedule]\nevery = "soon"\n' + CASE + '[[cases]]\nname = "b"\nadapter = "nope"\n', only=("me",))
    assert [line.split(": ")[1] for line in error.value.mistakes] == ["schedule.every", "cases[b].adapter"]


@pytest.mark.parametrize("wrong", ["[[cases]]", "cases = [1]", "[[cases]]\nsources = [1]"])
def test_what_is_no_case_at_all_is_left_out(wrong: str, read: Read) -> None:
    loaded = read(wrong, only=())
    assert (loaded.config.cases, bool(loaded.left_out)) == ((), True)


@pytest.mark.parametrize("wrong", ["cases = 5", "[cases]"])
def test_without_a_list_of_cases_nothing_can_be_left_out(wrong: str, read: Read) -> None:
    with pytest.raises(ConfigError):
        read(wrong, only=())


def test_a_broken_adapter_leaves_out_the_cases_that_use_it(desk: Desk) -> None:
    own = desk.folder / "own"
    own.mkdir()
    (own / "mine.py").write_text("import nothing_of_the_kind\n")
    desk.file.write_text(desk.config.replace('"nope"', '"mine"'), "utf-8")
    (line,) = recorded(desk, "--from-har", har(desk), "--case", "me", "--url", f"{SITE}/query.htm")
    assert f"{own / 'mine.py'}:1: ModuleNotFoundError" in line
    bundle = json.loads(desk.run("diagnostics").stdout.partition("## sources\n\n```json\n")[2].partition("```")[0])
    assert len(bundle) == 1


def test_how_often_sites_may_be_asked_is_no_mistake_of_a_case(read: Read) -> None:
    """A pause that is too short for a site is so whether or not the site's case is left out."""
    real = '[[cases]]\nname = "b"\nadapter = "nope"\nurl = "https://progress.example/"\n'
    with pytest.raises(ConfigError) as error:
        read('[fetch]\nmin_gap = "0s"\n' + mine() + real, only=("me",))
    assert [line.split(": ")[1] for line in error.value.mistakes] == ["fetch.min_gap", "cases[b].adapter"]
