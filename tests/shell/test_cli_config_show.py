"""`config show`: every setting in force, where it came from, and nothing that should stay hidden."""

import tomllib
from pathlib import Path

import pytest

from tests.shell.reading import CONFIG, NOW, NUMBER, PERSON, Desk, install_adapter
from tests.shell.test_docs import documented
from tracker.config.load import load
from tracker.core.model import Status, Word
from tracker.registry import Metas, Registry
from tracker.store.base import Base, KeyPlace
from tracker.store.roster import Roster

MORE = """
promised = "20 workdays"
[cases.labels]
"待单位审核" = { status = "submitted", turn = "employer" }

[[cases]]
name = "both"
[[cases.sources]]
name = "public"
adapter = "form"
url = "https://progress.example/q?id=SH2026000125"
[cases.sources.reference]
"受理 编号" = { env = "OTHER_NUMBER" }

[life]
heartbeat = "https://beat.example/geheim"
[web]
password = "geheim"
[schedule]
hours = ["08:30-12:00", "13:30-24:00"]
"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.syspath_prepend(install_adapter(tmp_path / "dist"))
    env = {"OTHER_NUMBER": "SH2026000124", "TRACKER_SCHEDULE__EVERY": "90min", "APPRISE_URLS": "json://geheim@localhost/"}
    return Desk(tmp_path, CONFIG + MORE, env)


def line_of(desk: Desk, text: str) -> str:
    lines = desk.file.read_text("utf-8").splitlines()
    return f"{desk.file}:{next(n for n, line in enumerate(lines, 1) if text in line)}"


def test_every_key_is_shown_as_the_file_would_have_it(desk: Desk) -> None:
    shown = desk.json("config", "show")
    assert shown["file"] == str(desk.file)
    config = shown["config"]
    assert config["language"] == "en"
    assert config["schedule"]["every"] == "1h30min"
    assert config["schedule"]["hours"] == ["08:30-12:00", "13:30-24:00"]
    assert config["schedule"]["workdays"] is None
    assert config["fetch"]["max_body"] == "2MiB"
    assert config["web"]["listen"] == "127.0.0.1:8300"
    me, both = config["cases"]
    assert (me["name"], me["adapter"], me["promised"]) == ("me", "fancy", "20 workdays")
    assert me["labels"] == {"待单位审核": {"status": "submitted", "turn": "employer"}}
    assert both["sources"][0]["name"] == "public"
    assert "origins" not in shown


def test_no_key_of_the_schema_is_left_out(desk: Desk) -> None:
    origins = desk.json("config", "show", "--origin")["origins"]
    wanted = {key for key in documented() if "." not in key or key.split(".")[0] not in {"receivers", "cases", "read"}}
    assert wanted <= set(origins)
    for key in (key for key in documented() if key not in wanted):
        name = (
            key.replace("receivers.", "receivers[phone].").replace("cases.sources.", "cases.").replace("read.", "cases.read.")
        )
        name = name.replace("cases.", "cases[me].")
        if key not in {"cases.sources", "cases.sources.name"}:
            assert any(found == name or found.startswith(f"{name}.") for found in origins), key


def test_each_value_says_where_it_came_from(desk: Desk) -> None:
    origins = desk.json("config", "show", "--origin")["origins"]
    assert origins["language"] == line_of(desk, "language =")
    assert origins["schedule.every"] == "TRACKER_SCHEDULE__EVERY"
    assert origins["schedule.jitter"] == "default"
    assert origins["receivers[phone].url"] == line_of(desk, "json://127.0.0.1:9/")
    assert origins["receivers[phone].privacy"] == "default"
    assert origins["receivers[apprise-1].url"] == "APPRISE_URLS"
    assert origins["cases[me].reference.受理编号"] == line_of(desk, "reference = {")
    assert origins["cases[me].labels.待单位审核"] == line_of(desk, "待单位审核")
    assert origins["cases[me].receivers"] == "default"
    number = 'cases[both].sources[public].reference."受理 编号"'
    assert origins[number] == line_of(desk, "OTHER_NUMBER") + ', { env = "OTHER_NUMBER" }'


def test_secrets_are_hidden_and_personal_data_is_masked(desk: Desk) -> None:
    config = desk.json("config", "show")["config"]
    assert config["life"]["heartbeat"] == config["web"]["password"] == config["receivers"][0]["url"] == "••••"
    assert config["cases"][0]["reference"]["受理编号"] == "SH2026****23"
    assert config["cases"][1]["sources"][0]["url"] == "https://progress.example/q?••••"
    for args in (("--json",), ("--origin",), ()):
        said = desk.run("config", "show", *args).output
        assert not any(secret in said for secret in ("geheim", NUMBER, PERSON, "SH2026000124", "SH2026000125"))


def test_a_password_with_an_at_sign_in_it_is_hidden_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(install_adapter(tmp_path / "dist"))
    address = 'adapter = "fancy"\nurl = "https://me:geh@eim@progress.example/q"'
    desk = Desk(tmp_path, CONFIG.replace('adapter = "fancy"', address))
    shown = desk.run("config", "show").stdout
    assert "https://••••@progress.example/q" in shown
    assert "eim" not in shown


def test_a_password_in_the_stores_address_is_hidden(desk: Desk) -> None:
    env = {"TRACKER_STORE__URL": "postgresql+psycopg://tracker:geheim@db.example/tracker?password=geheim"}
    from tracker.config.written import entries

    loaded = load(desk.file, {**desk.env, **env}, Metas(Registry()))
    shown = dict(entries(loaded.config, [True, False]))
    assert shown["store", "url"] == "postgresql+psycopg://••••@db.example/tracker?••••"


def test_for_people_it_reads_like_the_file(desk: Desk) -> None:
    result = desk.run("config", "show")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == f"# {desk.file}"
    assert 'every = "1h30min"' in lines
    assert "# workdays: not set" in lines
    assert '"待单位审核" = { status = "submitted", turn = "employer" }' in lines
    read = tomllib.loads(result.stdout)
    data = desk.json("config", "show")["config"]
    assert read["schedule"] == {key: value for key, value in data["schedule"].items() if value is not None}
    assert read["cases"][1]["sources"][0]["reference"] == data["cases"][1]["sources"][0]["reference"]


def test_the_origins_stand_in_a_column_beside_the_values(desk: Desk) -> None:
    lines = desk.run("config", "show", "--origin").stdout.splitlines()
    every = next(line for line in lines if line.startswith("every = "))
    jitter = next(line for line in lines if line.startswith("jitter = "))
    assert every.split("  # ")[-1] == "TRACKER_SCHEDULE__EVERY"
    assert jitter.split("  # ")[-1] == "default"
    assert every.index("# ") == jitter.index("# ")
    assert tomllib.loads("\n".join(lines))


def test_cases_and_words_of_the_store_are_in_force_too(desk: Desk) -> None:
    roster = Roster(Base(f"sqlite:///{desk.database}", KeyPlace(None, desk.folder / "tracker.key")), lambda: NOW)
    tree = {"name": "mum", "adapter": "form", "url": "http://127.0.0.1:9/", "reference": {"受理编号": "SH2026000126"}}
    roster.add("mum", tree)
    roster.confirm("mum", {"审核通过": Word(Status.APPROVED)})
    shown = desk.json("config", "show", "--origin")
    assert [case["name"] for case in shown["config"]["cases"]] == ["me", "both", "mum"]
    assert shown["config"]["cases"][2]["reference"] == {"受理编号": "SH2026****26"}
    assert shown["origins"]["cases[mum].adapter"] == "store"
    assert shown["origins"]["cases[mum].labels.审核通过"] == "store"
    assert 'name = "mum"' in desk.run("config", "show").stdout


def test_a_config_with_mistakes_is_not_shown(tmp_path: Path) -> None:
    from tracker.core.errors import ConfigError

    with pytest.raises(ConfigError, match="language"):
        Desk(tmp_path, 'language = "xx"\n').run("config", "show")


def test_in_chinese_the_words_are_chinese(desk: Desk) -> None:
    lines = desk.run("config", "show", "--origin", TRACKER_LANGUAGE="zh-CN").stdout.splitlines()
    assert any(line.endswith("# 默认值") for line in lines)
    assert any(line.startswith("# workdays: 未设置") for line in lines)


def test_a_checked_case_without_words_of_its_own_is_shown_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.shell.reading import reading

    monkeypatch.syspath_prepend(install_adapter(tmp_path / "dist"))
    desk = Desk(tmp_path)
    desk.keep(reading())
    shown = desk.run("config", "show", "--origin")
    assert "[[cases]]" in shown.stdout
