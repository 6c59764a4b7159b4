"""Completion: what a shell is offered, in the shells themselves where they are installed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.shell.stores import Place
from tracker.cli.completing import SHELLS
from tracker.store.roster import Roster

BIN = Path(sys.executable).parent
ODD = "it's * $(touch x)"
CONFIG = f"""
[[receivers]]
name = "phone"
url = "json://127.0.0.1:9/"

[[cases]]
name = "me"

[[cases]]
name = "测试甲 居住证积分"

[[cases]]
name = "{ODD}"

[[cases]]
name.env = "NAME_OF_A_CASE"
"""


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "config.toml").write_text(CONFIG, "utf-8")
    home = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "c"), "XDG_DATA_HOME": str(tmp_path / "d")}
    paths = {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "TRACKER_CONFIG": str(tmp_path / "config.toml")}
    return {**home, **paths, "LANG": "C.UTF-8", "NAME_OF_A_CASE": "mum"}


def offered(env: dict[str, str], *words: str) -> list[str]:
    """What zsh would be offered for the last word; it is told values as they are."""
    asked = {"_TRACKER_COMPLETE": "zsh_complete", "COMP_WORDS": " ".join(words), "COMP_CWORD": str(len(words) - 1)}
    done = subprocess.run([BIN / "tracker"], env={**env, **asked}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()[1::3]


def shell(name: str, code: str, env: dict[str, str]) -> list[str]:
    """The lines that a real shell puts out, none of them a complaint."""
    found = shutil.which(name)
    if not found:
        pytest.skip(f"{name} IS NOT INSTALLED HERE: its completion script was not tried")
    quiet = {"bash": ["--norc", "--noprofile"], "zsh": ["-f"], "fish": ["--no-config"]}[name]
    done = subprocess.run([found, *quiet, "-c", code], env=env, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.stdout.splitlines()


# --- what is offered -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["check", "status", "list", "history"])
def test_cases_are_offered_by_name(env: dict[str, str], command: str) -> None:
    assert offered(env, "tracker", command, "m") == ["me", "mum"]


def test_a_case_that_stands_already_is_not_offered_again(env: dict[str, str]) -> None:
    assert offered(env, "tracker", "check", "me", "m") == ["mum"]


def test_the_config_named_on_the_line_is_the_one_that_counts(env: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text('[[cases]]\nname = "mill"\n')
    assert offered(env, "tracker", "-c", str(tmp_path / "other.toml"), "check", "m") == ["mill"]


def test_the_cases_of_the_store_are_offered_without_its_key(env: dict[str, str], tmp_path: Path) -> None:
    place = Place(tmp_path)
    Roster(place.base(), place.clock).add("mummy", {"name": "mummy", "adapter": "form"})
    place.key_file.unlink()
    url = {"TRACKER_STORE__URL": place.url}
    assert offered({**env, **url}, "tracker", "check", "m") == ["me", "mum", "mummy"]


def test_receivers_adapters_commands_and_options_are_offered(env: dict[str, str]) -> None:
    assert offered(env, "tracker", "notify", "test", "p") == ["phone"]
    assert offered(env, "tracker", "adapters", "show", "f") == ["form"]
    assert offered(env, "tracker", "record", "f") == ["form"]
    assert offered(env, "tracker", "record", "form", "--case", "m") == ["me", "mum"]
    assert "form/read-gb18030" in offered(env, "tracker", "adapters", "accept", "form/read-g")
    assert offered(env, "tracker", "conf") == ["config"]
    assert offered(env, "tracker", "config", "s") == ["schema", "show"]
    assert offered(env, "tracker", "check", "--d") == ["--due", "--dry-run"]
    assert offered(env, "tracker", "--col") == ["--color"]
    assert offered(env, "tracker", "--color", "a") == ["auto", "always"]


@pytest.mark.parametrize(
    "text",
    [
        "[[cases]\n",
        "cases = 3\nreceivers = 'x'\n",
        "[[cases]]\nname = 7\n[[cases]]\n",
        '[[cases]]\nname = "a\\u001b]0;x"\n',
        "\x00",
    ],
)
def test_a_broken_config_is_no_word_on_the_line(env: dict[str, str], tmp_path: Path, text: str) -> None:
    (tmp_path / "config.toml").write_text(text)
    assert offered(env, "tracker", "check", "") == []
    assert offered(env, "tracker", "stat") == ["status"]


def test_nonsense_on_the_line_offers_nothing(env: dict[str, str]) -> None:
    assert offered(env, "tracker", "nonsense", "x") == []
    assert offered(env, "tracker", "check", "'") == offered(env, "tracker", "check", "")
    assert offered({**env, "TRACKER_STORE__URL": "sqlite:////nowhere/tracker.db"}, "tracker", "check", "me") == ["me"]


def test_completing_makes_no_file(env: dict[str, str], tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    offered(env, "tracker", "check", "")
    assert sorted(tmp_path.rglob("*")) == before


# --- the scripts, in their shells ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SHELLS)
def test_each_shell_gets_a_script(env: dict[str, str], name: str) -> None:
    done = subprocess.run([BIN / "tracker", "completion", name], env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{name}_complete" in done.stdout


def test_another_shell_is_a_usage_error(env: dict[str, str]) -> None:
    done = subprocess.run([BIN / "tracker", "completion", "tcsh"], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "'bash', 'zsh', 'fish'" in done.stderr


def bash(words: str, env: dict[str, str]) -> list[str]:
    code = f"""
        eval "$(tracker completion bash)"
        complete -p tracker >/dev/null || echo "not registered"
        COMP_WORDS=(tracker {words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
        _tracker_completion tracker
        for reply in "${{COMPREPLY[@]}}"; do printf '%s\\n' "$reply"; eval "printf '  %s\\n' $reply"; done
    """
    return shell("bash", code, env)


def test_bash_completes_and_its_words_mean_the_names(env: dict[str, str], tmp_path: Path) -> None:
    assert bash("check m", env) == ["me", "  me", "mum", "  mum"]
    assert bash("check 测", env) == ["测试甲\\ 居住证积分", "  测试甲 居住证积分"]
    assert bash("check it", env)[1] == f"  {ODD}"
    assert bash("check --dr", env) == ["--dry-run", "  --dry-run"]
    assert not (tmp_path / "x").exists(), "a name is never run"


def test_fish_completes(env: dict[str, str]) -> None:
    code = "tracker completion fish | source; complete -C 'tracker check m'; complete -C 'tracker serv'"
    assert shell("fish", code, env) == ["me", "mum", "serve\tRun the service: schedule, messages, web page."]


def test_zsh_takes_the_script(env: dict[str, str]) -> None:
    code = 'compdef() { print -r -- "$@"; }; eval "$(tracker completion zsh)"'
    assert shell("zsh", code, env) == ["_tracker_completion tracker"]
