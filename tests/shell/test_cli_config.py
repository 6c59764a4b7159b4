"""`config check` and `paths`."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.shell.reading import CONFIG, Desk, install_adapter, reading


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.syspath_prepend(install_adapter(tmp_path / "dist"))
    return Desk(tmp_path)


def _tracker(*args: str) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).with_name("tracker")
    return subprocess.run([command, *args], check=False, capture_output=True, text=True)


def test_a_good_config_is_counted_on_stdout(desk: Desk) -> None:
    result = desk.run("config", "check")
    assert result.exit_code == 0
    assert result.stdout == f"ok: 1 case, 1 receiver, {desk.file}\n"


def test_what_is_unwise_is_said_on_stderr(desk: Desk) -> None:
    desk.file.chmod(0o644)
    result = desk.run("config", "check")
    assert result.exit_code == 0
    assert f"{desk.file}:" in result.stderr
    assert "chmod 600" in result.stderr
    assert desk.json("config", "check")["warnings"]


def test_it_says_which_adapters_nobody_has_confirmed(desk: Desk) -> None:
    result = desk.run("config", "check")
    assert "adapter fancy: nobody has confirmed it on the real site yet" in result.stderr
    assert "tracker adapters show fancy" in result.stderr
    assert desk.json("config", "check")["unconfirmed_adapters"] == ["fancy"]


def test_an_adapter_that_only_asks_this_machine_needs_no_confirmation(desk: Desk) -> None:
    case = (
        '[[cases]]\nname = "a"\nadapter = "form"\nurl = "http://127.0.0.1:9/q"\nreference = { "受理编号" = "SH2026000123" }\n'
    )
    assert Desk(desk.folder, case).json("config", "check")["unconfirmed_adapters"] == []


def test_every_mistake_is_a_line_on_stderr_and_exit_3(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('language = "xx"\n[schedule]\nevery = "soon"\n')
    done = _tracker("-c", str(file), "config", "check")
    assert done.returncode == 3
    assert done.stdout == ""
    assert [line.split(": ")[0] for line in done.stderr.splitlines()] == [f"{file}:1", f"{file}:3"]


def test_mistakes_are_data_for_scripts_too(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('language = "xx"\n')
    done = _tracker("-c", str(file), "config", "check", "--json")
    assert done.returncode == 3
    content = json.loads(done.stdout)
    assert content["ok"] is False
    assert len(content["mistakes"]) == 1


def test_paths_say_where_everything_is_and_what_exists(desk: Desk) -> None:
    places = {place["name"]: place for place in desk.json("paths")["paths"]}
    assert places["config"] == {"name": "config", "path": str(desk.file), "exists": True}
    assert places["store"] == {"name": "store", "path": str(desk.database), "exists": False}
    assert places["key"]["exists"] is False
    desk.keep(reading())
    places = {place["name"]: place for place in desk.json("paths")["paths"]}
    assert places["store"]["exists"] is True
    assert places["key"] == {"name": "key", "path": str(desk.folder / "tracker.key"), "exists": True}


def test_a_path_is_never_broken_however_narrow_the_terminal(desk: Desk) -> None:
    assert str(desk.database) in desk.run("paths", COLUMNS="20").stdout


def test_paths_are_said_while_the_configuration_has_mistakes(desk: Desk) -> None:
    broken = Desk(desk.folder, 'language = "xx"\n')
    result = broken.run("paths", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["paths"][0]["path"] == str(desk.file)
    assert "tracker config check" in result.stderr


def test_a_server_is_shown_without_its_password(desk: Desk) -> None:
    store = '\n[store]\nurl = "postgresql+psycopg://tracker:geheim@db.example/tracker"\n'
    desk.file.write_text(CONFIG + store, "utf-8")
    result = desk.run("paths", "--json")
    assert "geheim" not in result.stdout
    place = next(place for place in json.loads(result.stdout)["paths"] if place["name"] == "store")
    assert place["exists"] is None
    assert "db.example" in place["path"]
