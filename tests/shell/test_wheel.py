"""The wheel as a user gets it: built from the source alone, installed beside nothing of the source tree."""

import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source as git has it: no compiled catalogue that was lying about can get into the wheel."""
    copy = tmp_path_factory.mktemp("source")
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc", "*.mo")
    for name in ("tracker", "adapters"):
        shutil.copytree(ROOT / name, copy / name, ignore=ignored)
    for name in ("pyproject.toml", "setup.py", "MANIFEST.in", "babel.cfg", "README.md", "LICENSE"):
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, copy)
    return copy


@pytest.fixture(scope="module")
def installed(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel in it, that finds our dependencies in the one that runs the tests."""
    place = tmp_path_factory.mktemp("installed")
    run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", place, source)
    (wheel,) = place.glob("*.whl")
    venv.create(place / "env", with_pip=False, symlinks=True)
    python = place / "env" / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "-q", "--no-deps", "--no-index", wheel)
    (packages,) = (place / "env" / "lib").glob("python*/site-packages")
    # A .pth's own lines don't process the .pth files there, so the editable install of this tree stays out of sight.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return place / "env"


def run(*command: object, cwd: Path | None = None) -> str:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, cwd=cwd, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_wheel_speaks_chinese_and_english(installed: Path) -> None:
    code = (
        "import tracker.locale as l; print(l.__file__);"
        "print(l.translator('zh-CN').gettext('in review'), l.translator('en').gettext('in review'))"
    )
    place, words = run(installed / "bin" / "python", "-X", "utf8", "-c", code, cwd=installed).splitlines()
    assert Path(place).is_relative_to(installed)
    assert words == "审核中 in review"


def test_the_wheel_brings_both_packages_and_the_command(installed: Path) -> None:
    code = "import adapters, tracker; print(adapters.__file__); print(tracker.__file__)"
    for place in run(installed / "bin" / "python", "-c", code, cwd=installed).splitlines():
        assert Path(place).is_relative_to(installed)
    assert (installed / "bin" / "tracker").is_file()


def test_the_wheel_brings_whatever_else_stands_in_the_packages_but_no_translators_files(installed: Path, source: Path) -> None:
    (packages,) = (installed / "lib").glob("python*/site-packages")
    there = {
        str(p.relative_to(packages)) for name in ("tracker", "adapters") for p in (packages / name).rglob("*") if p.is_file()
    }
    there = {name for name in there if "__pycache__" not in name}
    wanted = {str(p.relative_to(source)) for name in ("tracker", "adapters") for p in (source / name).rglob("*") if p.is_file()}
    compiled = {name.removesuffix(".po") + ".mo" for name in wanted if name.endswith(".po")}
    assert len(compiled) == 2
    assert there == {name for name in wanted if not name.endswith((".po", ".pot"))} | compiled


def test_an_editable_install_compiles_the_catalogues_into_the_tree(source: Path) -> None:
    code = "import setuptools.build_meta as b; print(b.build_editable('out'))"
    run(sys.executable, "-c", code, cwd=source)
    assert (source / "tracker/locale/zh_CN/LC_MESSAGES/tracker.mo").is_file()
