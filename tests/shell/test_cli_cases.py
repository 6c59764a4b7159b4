"""`add`, `edit`, `remove`, `archive`, `pause`, `resume`: whichever place a case stands in."""

import json
from pathlib import Path

import pytest

from tests.shell.reading import NUMBER, PERSON, Desk, install_adapter, reading
from tracker.core.model import Status, Word
from tracker.desk import now
from tracker.store.roster import Roster

ADD = ("add", "anna", "--adapter", "form", "--url", "http://127.0.0.1:9/", "--reference", "受理编号=SH2026000101")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.syspath_prepend(install_adapter(tmp_path / "dist"))
    return Desk(tmp_path)


def names(desk: Desk, *more: str) -> list[str]:
    return [case["case"] for case in desk.json("list", *more)["cases"]]


def exported(desk: Desk, name: str) -> dict[str, object]:
    (tree,) = json.loads(desk.run("export", name, "--unmasked").stdout)["cases"]
    assert isinstance(tree, dict)
    return tree


@pytest.fixture
def added(desk: Desk) -> Desk:
    assert desk.run(*ADD).exit_code == 0
    return desk


def test_an_added_case_is_watched_and_says_how_to_look(desk: Desk) -> None:
    result = desk.run(*ADD, "--promised", "20 workdays", "--label", "待单位审核=submitted,employer")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "anna is watched from now on. To look now: tracker check anna\n"
    assert names(desk) == ["me", "anna"]
    tree = exported(desk, "anna")
    assert tree["promised"] == "20 workdays"
    assert tree["labels"] == {"待单位审核": {"status": "submitted", "turn": "employer"}}


def test_a_value_can_stay_out_of_the_shells_history(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "id").write_text(f"{PERSON}\n")
    assert desk.run(*ADD, "--reference", f"证件号码=@{tmp_path / 'id'}").exit_code == 0
    assert exported(desk, "anna")["reference"] == {"受理编号": "SH2026000101", "证件号码": PERSON}


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--reference", "证件号码"), "“证件号码” has no value, and there is no terminal to ask at: give 证件号码=@FILE."),
        (("--reference", "证件号码=@/nowhere"), "the file /nowhere can't be read"),
        (("--adapter", "frm"), 'adapter: no adapter is called "frm"'),
        (("--adapter", "frm"), 'did you mean "form"?'),
        (("--label", "办结=done"), 'labels.办结: "done" is not known'),
        (("--label", "办结"), "there is no “=” in “办结”"),
        (("--promised", "soon"), 'promised: "soon" is not a length of time'),
        (("--receiver", "fax"), 'no receiver is called "fax"'),
    ],
)
def test_what_is_wrong_with_a_flag_is_said_by_its_key(desk: Desk, more: tuple[str, ...], words: str) -> None:
    result = desk.run(*ADD, *more)
    assert result.exit_code == 2
    assert words in result.stderr
    assert names(desk) == ["me"]


def test_a_name_that_is_taken_says_where(added: Desk) -> None:
    assert "tracker edit anna" in added.run(*ADD).stderr
    line = next(n for n, text in enumerate(added.file.read_text("utf-8").splitlines(), 1) if 'name = "me"' in text)
    result = added.run("add", "me", "--adapter", "form")
    assert (result.exit_code, f"{added.file}:{line}" in result.stderr) == (2, True)


def test_the_same_reference_under_another_name_and_plain_http_are_warned_of(added: Desk) -> None:
    assert "anna and berta are asked for by the same reference" in added.run("add", "berta", *ADD[2:]).stderr
    far = ("add", "clara", "--adapter", "form", "--url", "http://progress.example/", "--reference", "受理编号=SH2026000103")
    assert "over plain http to progress.example" in added.run(*far).stderr


def test_a_case_of_the_store_is_changed_in_place(added: Desk) -> None:
    result = added.run("edit", "anna", "--name", "anna b", "--url", "http://127.0.0.1:10/", "--read-label", "状态")
    assert result.stderr == "anna b is changed.\n"
    assert names(added) == ["me", "anna b"]
    assert (exported(added, "anna b")["url"], exported(added, "anna b")["read"]) == ("http://127.0.0.1:10/", {"label": "状态"})
    assert "begins a new history" in added.run("edit", "anna b", "--reference", "受理编号=SH2026000102").stderr
    assert added.run("edit", "anna b").exit_code == 2
    assert added.run("edit", "anna b", "--name", "me").exit_code == 2


def test_of_a_case_of_the_config_file_only_words_are_kept(desk: Desk) -> None:
    refused = desk.run("edit", "me", "--url", "http://127.0.0.1:9/")
    assert (refused.exit_code, f"{desk.file}:" in refused.stderr) == (2, True)
    assert desk.run("edit", "me", "--label", "审核通过=approved").exit_code == 0
    assert exported(desk, "me")["labels"] == {"审核通过": "approved"}
    assert "审核通过" not in desk.file.read_text("utf-8")


@pytest.mark.parametrize("name", ["me", "anna"])
def test_a_paused_case_says_how_it_goes_on_and_shows_it(added: Desk, name: str) -> None:
    assert added.run("pause", name).stderr == f"{name} is not asked until: tracker resume {name}\n"
    (case,) = added.json("status", name)["cases"]
    assert (case["paused"], case["headline"]["next_check_reason"]) == (True, "paused")
    assert "tracker resume" in added.run("status", name).stdout
    result = added.json("check", name)["results"][0]
    assert (result["outcome"], result["problem"]["reason"]) == ("skipped", "paused")
    assert (result["next_check_at"], result["next_check_reason"], result["problem"]["retry_at"]) == (None, "paused", None)
    assert added.run("resume", name).stderr.startswith(f"{name} is asked again from now on.")
    assert not added.json("status", name)["cases"][0]["paused"]


def test_a_paused_case_counts_for_no_requests(added: Desk) -> None:
    added.run("pause", "anna")
    (site,) = added.json("status", "anna", "--explain")["explain"]
    assert site["requests_per_day"] == 0


@pytest.mark.parametrize("name", ["me", "anna"])
def test_an_archived_case_is_listed_only_where_it_is_asked_for(added: Desk, name: str) -> None:
    added.run("archive", name)
    assert name not in names(added)
    assert name in names(added, "--all")
    assert "archived" in added.run("status", name).stdout
    assert name not in [case["case"] for case in added.json("status")["cases"]]
    assert f'"name": "{name}"' not in added.run("export").stdout
    added.run("archive", name, "--undo")
    assert name in names(added)


def test_a_case_that_is_both_paused_and_archived_says_what_is_left(added: Desk) -> None:
    added.run("pause", "anna")
    added.run("archive", "anna")
    assert "stays archived" in added.run("resume", "anna").stderr
    added.run("pause", "anna")
    assert "stays paused until: tracker resume anna" in added.run("archive", "--undo", "anna").stderr


def test_where_all_are_archived_that_is_said(desk: Desk) -> None:
    desk.run("archive", "me")
    assert "All cases are archived: --all shows them." in desk.run("list").stderr


def labels_in_force(desk: Desk, name: str) -> object:
    (case,) = (c for c in desk.json("config", "show")["config"]["cases"] if c["name"] == name)
    return case["labels"]


def test_what_an_edit_says_of_a_word_counts_whatever_was_confirmed_before(added: Desk) -> None:
    Roster(added.store().base, now).confirm("anna", {"审核通过": Word(Status.APPROVED)})
    assert labels_in_force(added, "anna") == {"审核通过": "approved"}
    assert added.run("edit", "anna", "--label", "审核通过=in_review").exit_code == 0
    assert labels_in_force(added, "anna") == {"审核通过": "in_review"}
    assert added.run("edit", "anna", "--label", "审核通过=").exit_code == 0
    assert not labels_in_force(added, "anna")


def test_a_word_that_was_confirmed_of_a_case_of_the_config_file_can_be_taken_back(desk: Desk) -> None:
    desk.run("edit", "me", "--label", "审核通过=approved", "--label", "办结=completed")
    result = desk.run("edit", "me", "--label", "审核通过=", "--label", "办结=approved")
    assert result.exit_code == 0, result.stderr
    assert labels_in_force(desk, "me") == {"办结": "approved"}
    assert desk.run("edit", "me", "--label", "审核通过=").exit_code == 2, "it is taken back already"


def test_a_removed_case_stops_and_its_name_can_come_back(added: Desk) -> None:
    assert "its history stays" in added.run("remove", "anna").stderr
    assert names(added) == ["me"]
    assert added.run("history", "anna").exit_code == 0
    assert "no longer set up" in added.run("pause", "anna").stderr
    assert added.run(*ADD).stderr.startswith("anna is watched again, and its history goes on.")


def test_a_purge_leaves_nothing_and_needs_a_yes(added: Desk) -> None:
    refused = added.run("remove", "anna", "--purge")
    assert (refused.exit_code, "add --yes" in refused.stderr) == (2, True)
    assert added.run("remove", "anna", "--purge", "--yes").stderr == "anna is deleted.\n"
    assert added.run("history", "anna").exit_code == 2


def test_a_case_of_the_config_file_is_taken_out_there_and_purged_when_it_left(desk: Desk) -> None:
    desk.keep(reading())
    for more in ((), ("--purge", "--yes")):
        result = desk.run("remove", "me", *more)
        assert (result.exit_code, f"{desk.file}:" in result.stderr) == (2, True)
    left = Desk(desk.folder, 'language = "en"\n')
    assert left.run("remove", "me", "--purge", "--yes").exit_code == 0
    assert left.store().case_names() == []


def test_a_case_that_nobody_knows_is_a_usage_error_with_the_nearest_name(added: Desk) -> None:
    for command in (("pause",), ("resume",), ("archive",), ("remove",), ("edit", "--url", "http://127.0.0.1:9/")):
        result = added.run(command[0], "anne", *command[1:])
        assert (result.exit_code, "Did you mean “anna”?" in result.stderr) == (2, True), command


def test_no_command_shows_a_reference(added: Desk) -> None:
    for command in (("list",), ("status",), ("export",), ("export", "--format", "csv"), ("status", "--json")):
        shown = added.run(*command).stdout
        assert NUMBER not in shown
        assert "SH2026000101" not in shown


def test_a_new_name_that_a_removed_case_still_has_says_how_to_free_it(added: Desk) -> None:
    added.run("add", "berta", *ADD[2:])
    added.run("remove", "berta")
    result = added.run("edit", "anna", "--name", "berta")
    assert (result.exit_code, "tracker remove --purge berta deletes that" in result.stderr) == (2, True)


def test_a_case_read_by_hand_says_how_to_tell_what_was_seen(desk: Desk) -> None:
    said = desk.run("add", "berta", "--adapter", "by_hand").stderr
    assert "tracker saw berta" in said
    assert "tracker check" not in said


@pytest.mark.parametrize(
    ("command", "option"),
    [
        ((*ADD, "--reference", "证件号码=@~nobody-of-this-name/id"), "--reference"),
        (("saw", "me", "--text", "~nobody-of-this-name/t"), "--text"),
    ],
)
def test_a_file_in_nobodys_home_is_a_usage_error(desk: Desk, command: tuple[str, ...], option: str) -> None:
    result = desk.run(*command)
    assert result.exit_code == 2
    assert f"{option}:" in result.stderr
    assert "~nobody-of-this-name/" in result.stderr


def test_an_address_that_carries_something_is_not_repeated(added: Desk) -> None:
    result = added.run("edit", "anna", "--url", "ftp://me:geheim@progress.example/")
    assert (result.exit_code, "geheim" in result.stderr) == (2, False)
    assert "url: the value is not a web address" in result.stderr
