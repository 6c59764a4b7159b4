"""The files that run Tracker elsewhere: image, compose, systemd. `.ci/image` builds and runs the image itself."""

import configparser
import fnmatch
import re
import shutil
import subprocess
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from tracker.cli import root

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
UNITS = sorted((ROOT / "deploy/systemd").iterdir())
SECONDS_TO_STOP = 10
LIMITS = {
    *("UMask", "NoNewPrivileges", "LockPersonality", "RestrictAddressFamilies", "RestrictNamespaces", "RestrictRealtime"),
    *("RestrictSUIDSGID", "SystemCallArchitectures", "SystemCallFilter", "SystemCallErrorNumber", "MemoryMax", "TasksMax"),
}


def instructions() -> list[tuple[str, str]]:
    """(word, rest) of each instruction, long lines joined."""
    text = re.sub(r"^\s*#.*\n", "", DOCKERFILE, flags=re.MULTILINE).replace("\\\n", " ")
    return [(word, rest) for word, _, rest in (line.strip().partition(" ") for line in text.splitlines()) if word]


def last(word: str) -> str:
    """The instruction that counts, of the stage that runs."""
    return [rest for name, rest in instructions() if name == word][-1]


@cache
def compose() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
    return content


@cache
def service() -> dict[str, Any]:
    [only] = compose()["services"].values()
    assert isinstance(only, dict)
    return only


# --- the image -------------------------------------------------------------------------------------------------------


def test_the_base_can_be_replaced_and_every_stage_stands_on_it() -> None:
    assert instructions()[0] == ("ARG", "BASE_IMAGE=python:3.13-slim")
    stages = [rest.split()[0] for word, rest in instructions() if word == "FROM"]
    assert stages == ["${BASE_IMAGE}"] * 2


def test_the_image_runs_as_nobody_in_particular_with_two_places_for_what_is_the_users() -> None:
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", last("USER"))
    assert last("VOLUME") == '["/config", "/data"]'
    assert (last("ENTRYPOINT"), last("CMD")) == ('["tracker"]', '["serve"]')
    assert last("HEALTHCHECK").endswith('CMD ["tracker", "health"]')
    assert "TRACKER_" not in last("ENV"), "the image keeps to loopback until it is told otherwise"


def test_older_builders_know_every_word_of_the_dockerfile() -> None:
    assert "<<" not in DOCKERFILE
    assert not re.search(r"^\s*(RUN|COPY|ADD) --(?!from=)", DOCKERFILE, re.MULTILINE)
    assert "--start-interval" not in DOCKERFILE


def test_libraries_are_installed_as_locked_and_ourselves_without_any() -> None:
    installs = [rest for word, rest in instructions() if word == "RUN" and " install " in rest]
    assert len(installs) == 2
    assert "--require-hashes -r requirements.txt" in installs[0]
    assert {"--no-deps", "--no-build-isolation"} <= set(installs[1].split())


def test_the_images_version_is_ours() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    labels = dict(re.findall(r'org\.opencontainers\.image\.(\w+)="([^"]*)"', last("LABEL")))
    assert labels["version"] == project["version"]
    assert labels["licenses"] == project["license"]
    assert labels["description"] == project["description"]


def test_the_context_is_what_is_copied_and_nothing_else() -> None:
    lines = [line for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line and not line.startswith("#")]
    assert lines[0] == "*"
    copied = [rest.split()[:-1] for word, rest in instructions() if word == "COPY" and "--from" not in rest]
    allowed = {line[1:] for line in lines if line.startswith("!")}
    assert allowed == {name for names in copied for name in names}
    assert all((ROOT / name).exists() for name in allowed)
    assert any(fnmatch.fnmatch("tracker/__pycache__", line) for line in lines[1:])


# --- compose ---------------------------------------------------------------------------------------------------------


def test_compose_gives_the_service_nothing_that_it_needs_not() -> None:
    given = service()
    assert given["read_only"] is True
    assert given["cap_drop"] == ["ALL"]
    assert given["security_opt"] == ["no-new-privileges:true"]
    assert {volume["target"] for volume in given["volumes"]} == {"/config", "/data"}
    assert [place.partition(":")[0] for place in given["tmpfs"]] == ["/tmp"]
    assert not {"privileged", "network_mode", "pid", "cap_add", "devices"} & given.keys()


def test_compose_keeps_it_running_and_lets_it_end_well() -> None:
    given = service()
    assert given["restart"] == "unless-stopped"
    assert int(given["stop_grace_period"].removesuffix("s")) > SECONDS_TO_STOP
    assert given["logging"]["options"].keys() == {"max-size", "max-file"}
    assert "healthcheck" not in given, "the image's own"


def test_the_port_is_opened_to_this_machine_only_and_with_a_password_from_a_secret() -> None:
    given = service()
    assert given["ports"] == ["127.0.0.1:8300:8300"]
    assert given["environment"]["TRACKER_WEB__LISTEN"] == "0.0.0.0:8300"
    name = Path(given["environment"]["TRACKER_WEB__PASSWORD_FILE"]).name
    assert name in given["secrets"]
    assert compose()["secrets"][name] == {"file": f"./secrets/{name}"}


def test_git_ignores_what_compose_mounts() -> None:
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("no git here")
    private = [".env", "config/config.toml", "config/tracker.key", "data/tracker.db", "secrets/web-password"]
    done = subprocess.run(["git", "check-ignore", *private], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.split() == private


# --- systemd ---------------------------------------------------------------------------------------------------------


def unit(name: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, strict=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string((ROOT / "deploy/systemd" / name).read_text("utf-8"))
    return parser


@pytest.mark.parametrize("name", ["tracker.service", "tracker-check.service"])
def test_a_unit_runs_a_command_that_there_is(name: str) -> None:
    program, command, *options = unit(name)["Service"]["ExecStart"].split()
    assert Path(program).name == "tracker"
    known = {option for parameter in root.get_command(None, command).params for option in parameter.opts}  # type: ignore[union-attr,arg-type]
    assert set(options) <= known


def test_a_site_that_can_not_be_read_is_no_failure_of_the_unit_but_a_wrong_config_is() -> None:
    assert unit("tracker-check.service")["Service"]["SuccessExitStatus"].split() == ["10", "11", "12"]
    assert "3" in unit("tracker.service")["Service"]["RestartPreventExitStatus"].split()
    assert int(unit("tracker.service")["Service"]["TimeoutStopSec"]) > SECONDS_TO_STOP


def test_both_units_have_the_same_limits() -> None:
    one, other = (
        {k: v for k, v in unit(n)["Service"].items() if k in LIMITS} for n in ("tracker.service", "tracker-check.service")
    )
    assert one == other
    assert one.keys() == LIMITS


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
@pytest.mark.parametrize("file", UNITS, ids=lambda file: file.name)
def test_systemd_finds_no_fault(file: Path, tmp_path: Path) -> None:
    program = tmp_path / ".local/bin/tracker"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    env = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}
    done = subprocess.run(
        ["systemd-analyze", "--user", "verify", str(file)], env=env, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
