"""The JSON Schema of the config: it takes what the loader takes, and refuses what a schema can refuse."""

import json
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.shell.reading import Desk
from tests.shell.test_config import ADAPTERS, CASE, FILES, ROOT
from tracker.config.load import load
from tracker.config.schema import DRAFT, schema
from tracker.config.texts import TEXTS
from tracker.core.errors import ConfigError

# What a schema can't say: files and surroundings, names that must fit together, floors, values that must be looked up.
BEYOND = (
    *("no-file*", "directory", "unreadable", "not-utf8", "syntax*", "env-*", "file-*", "apprise-file*"),
    *("*-of-a-flag", "*-of-the-environment", "*-by-the-environment", "duplicate*", "unknown-receiver", "no-receivers"),
    *("every-floor", "gap-floor", "password-needed", "hours-order", "hours-empty", "timezone*", "listen-port"),
    *("size-too-large", "readable", "plain-http", "json-path", "selector"),
)


@cache
def validator() -> Draft202012Validator:
    made = schema(ADAPTERS)
    Draft202012Validator.check_schema(made)
    return Draft202012Validator(made)


def refused(text: str) -> list[str]:
    return [error.json_path for error in validator().iter_errors(tomllib.loads(text))]


def is_beyond(file: Path) -> bool:
    return any(file.match(f"{pattern}.toml") for pattern in BEYOND)


def test_the_example_is_valid() -> None:
    assert refused((ROOT / "config.example.toml").read_text("utf-8")) == []


@pytest.mark.parametrize("file", [f for f in FILES if not is_beyond(f)], ids=lambda f: f.stem)
def test_a_bad_file_is_refused_by_the_schema_too(file: Path) -> None:
    assert refused(file.read_text("utf-8"))


GOOD = (
    "",
    CASE,
    'language = { env = "L" }\n[schedule]\nevery = { file = "every" }\nhours = [{ env = "H" }, "8:30-24:00"]\n',
    '[schedule]\nhours = []\nworkdays = ""\njitter = "0s"\npatience = "1h 30 min"\nlook_every = ""\n',
    '[fetch]\nmax_body = 65536\ncontact = ""\n[web]\nlisten = "[::1]:0"\nbase_url = "https://example.org:8443/t/"\n',
    '[life]\nheartbeat = { file = "beat" }\nstill_waiting = ""\nremind = "1 workday"\n',
    '[life]\nheartbeat = ""\n[store]\nkey = { env = "K" }\nurl = "sqlite:///my.db"\n',
    '[[receivers]]\nname = "测试甲 居住证积分"\nurl.env = "U"\nevents = ["urgent", "defect"]\nprivacy = "minimal"\n',
    CASE + '[cases.labels]\n"办结" = { status = { env = "W" } }\n"受理" = "accepted"\n',
    CASE + '[cases.labels]\n"待" = { status = "submitted", turn = "employer" }\n',
    CASE.replace('{ "受理编号" =', "{ file ="),
    CASE.replace("form", "json") + 'method = "POST"\nbody = "json"\n[cases.read]\nlabel = "json:data.status"\n',
    '[[cases]]\nname = "a"\nadapter = "page"\nurl = "http://localhost/"\nwatch = true\ncss = "#content"\n',
    '[[cases]]\nname = "a"\nadapter = "list"\ncss = "#content"\n',
    '[[cases]]\nname = "a"\nadapter = "by_hand"\n',
    '[[cases]]\nname = "a"\nadapter = "site"\nreference = { "受理编号" = { env = "N" } }\npromised = "20 workdays"\n',
    (
        '[[cases]]\nname = "a"\nreceivers = []\n[[cases.sources]]\nadapter = "site"\nname = "b"\n'
        'reference = { "受理编号" = "1", "姓名" = "测试甲" }\n'
    ),
)
VARIABLES = {"L": "en", "H": "08:30-18:00", "U": "json://localhost", "W": "completed", "N": "1", "K": "a-key-of-some-length"}


@pytest.mark.parametrize("text", GOOD)
def test_what_the_loader_takes_the_schema_takes(tmp_path: Path, text: str) -> None:
    for name, value in (("every", "4h"), ("beat", "https://beat.example.org/")):
        (tmp_path / name).write_text(value)
    file = tmp_path / "config.toml"
    file.write_text(text, "utf-8")
    assert load(file, VARIABLES, ADAPTERS).path == file
    assert refused(text) == []


@pytest.mark.parametrize(
    "text",
    [
        'langauge = "en"',
        '[schedule]\nevery = "0h"',
        '[schedule]\nevery = { env = "A", file = "b" }',
        '[[cases]]\nname = "a"\nadapter = "site"\nreference = { "受理编号" = " " }',
        '[[cases]]\nname = "a"\nadapter = "form"\nurl = "http://localhost/"\nreference = {}',
        CASE + "[cases.read]\nlabel = 3\n",
    ],
)
def test_what_the_loader_refuses_the_schema_refuses(tmp_path: Path, text: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(ConfigError):
        load(file, {"A": "4h"}, ADAPTERS)
    assert refused(text)


def titles(part: object) -> set[str]:
    """What the keys are called in the schema."""
    if isinstance(part, list):
        return set().union(*map(titles, part))
    if not isinstance(part, dict):
        return set()
    own = {part["title"]} if isinstance(part.get("title"), str) else set()
    return own.union(*map(titles, part.values()))


def test_every_key_has_its_words_in_the_schema_and_they_are_those_of_the_docs() -> None:
    docs = (ROOT / "docs/configuration.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `([a-z_.]+)` \| [^|]* \| (.*) \|$", docs, re.MULTILINE))
    assert {key for key in rows if key not in TEXTS} == set(), "a text for texts.py"
    for key, text in TEXTS.items():
        if "." in key or key in rows:
            assert text in rows[key].replace("`", ""), key
        else:
            assert f"`: {text}\n" in docs, key
    assert titles(schema(ADAPTERS)) >= set(TEXTS)


def test_defaults_and_choices_stand_in_the_schema() -> None:
    made = schema(ADAPTERS)["properties"]
    assert made["schedule"]["properties"]["every"]["default"] == "4h"
    assert made["life"]["properties"]["remind"]["default"] == "2 workdays"
    assert made["web"]["properties"]["listen"]["default"] == "127.0.0.1:8300"
    assert made["fetch"]["properties"]["max_body"]["default"] == "2MiB"
    assert made["language"]["anyOf"][0]["enum"] == ["zh-CN", "en"]
    assert made["cases"]["items"]["properties"]["adapter"]["anyOf"][0]["enum"] == list(ADAPTERS)
    assert "key_file" not in made["store"]["properties"]


def test_the_command_prints_the_schema_with_the_adapters_that_there_are(tmp_path: Path) -> None:
    broken = Desk(tmp_path, 'language = "xx"\n')
    result = broken.run("config", "schema")
    assert result.exit_code == 0, "a schema is wanted most where the file has mistakes"
    made = json.loads(result.stdout)
    assert made["$schema"] == DRAFT
    assert "form" in made["properties"]["cases"]["items"]["properties"]["adapter"]["anyOf"][0]["enum"]
    Draft202012Validator.check_schema(made)
