"""What the docs say exists, and what exists stands in the docs."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest
from pydantic import BaseModel

from tracker.cli import root
from tracker.config.model import Case, Config, Receiver, Source
from tracker.core.message import status_name
from tracker.core.model import EventKind, ReadHints, Status, Turn
from tracker.locale import translator
from tracker.pages import words
from tracker.pages.adapter import Meta, Reference, Response
from tracker.registry import Registry

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PAGES = sorted([README, ROOT / "README.zh-CN.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)


@cache
def text_of(page: Path) -> str:
    return page.read_text("utf-8")


def commands(group: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """(path, command) of every command that does something."""
    if not isinstance(group, click.Group):
        yield path, group
        return
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None, name
        yield from commands(command, (*path, name))


COMMANDS = dict(commands(root))


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_has_a_row_that_names_each_of_its_options(path: tuple[str, ...]) -> None:
    rows = [line for line in text_of(ROOT / "docs/commands.md").splitlines() if line.startswith("| `tracker ")]
    (row,) = [line for line in rows if re.match(rf"\| `tracker {' '.join(path)}[ `]", line)]
    options = {opt for p in COMMANDS[path].params if isinstance(p, click.Option) for opt in p.opts if opt.startswith("--")}
    assert set(re.findall(r"`(--[a-z-]+)`", row)) == options


def test_the_docs_name_the_options_of_tracker_itself() -> None:
    text = text_of(ROOT / "docs/commands.md").partition("| Command |")[0]
    for option in (p for p in root.params if isinstance(p, click.Option)):
        for name in option.opts:
            assert re.search(rf"[`/\[|]{name}\b", text), name


def mentioned() -> Iterator[tuple[str, str]]:
    """(page, command line) of every `tracker …` in code."""
    for page in PAGES:
        text = text_of(page)
        lines = [line for block in FENCE.findall(text) for line in block.splitlines()]
        for code in (*lines, *CODE.findall(FENCE.sub("", text))):
            for line in re.findall(r"(?:^|\s)(tracker [a-z][^#]*)", code):
                yield page.name, line.strip()


@pytest.mark.parametrize(("page", "line"), sorted(set(mentioned())))
def test_every_command_in_the_docs_exists_with_the_options_shown(page: str, line: str) -> None:
    known = {part for path in COMMANDS for part in path}
    given = line.split()[1:]
    for names in (word.split("|") for word in given[: 2 if given[0] in {"notify", "adapters", "config"} else 1]):
        assert set(names) <= known, page
    options = [word for word in given if word.startswith("--")]
    path = next(p for p in COMMANDS if p[0] == given[0] and (len(p) == 1 or p[1] in given[1].split("|")))
    allowed = {opt for p in COMMANDS[path].params for opt in p.opts}
    assert set(options) <= allowed, page


def test_every_make_target_in_the_docs_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", text_of(ROOT / "Makefile"), re.MULTILINE))
    used = {t for page in PAGES for t in re.findall(r"(?:^|`)make ([a-z]+)", text_of(page), re.MULTILINE)}
    assert {"demo", "test"} <= used <= targets


def test_the_readme_begins_with_the_two_commands() -> None:
    (first, *_) = FENCE.findall(text_of(README))
    assert [line.split("#")[0].strip() for line in first.splitlines()] == ["make demo", "make test"]
    assert text_of(README).index(first) < 40


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_resolve(page: Path) -> None:
    for target in LINK.findall(text_of(page)):
        if re.match(r"https?://", target):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.is_file(), target
        if anchor:
            titles = re.findall(r"^#+ (.+)$", text_of(there), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w\- ]", "", t).lower().replace(" ", "-") for t in titles}, target


def keys() -> Iterator[str]:
    """Every key of the schema, as the docs call it."""
    tables: dict[str, type[BaseModel]] = {"receivers": Receiver, "cases": Case, "cases.sources": Source}
    for name, field in Config.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            tables[name] = field.annotation
        elif name not in tables:
            yield name
    for table, model in tables.items():
        yield from (f"{table}.{key}" for key in model.model_fields)
    yield from (f"read.{key}" for key in ReadHints.__dataclass_fields__)


def documented() -> dict[str, str]:
    """Key -> default, from the tables of the page."""
    rows = re.findall(r"^\| `([a-z_.]+)` \| ([^|]*) \|", text_of(ROOT / "docs/configuration.md"), re.MULTILINE)
    return dict(rows)


def test_every_key_of_the_config_is_documented_and_no_other() -> None:
    assert set(documented()) == set(keys()) - {"store.key_file"}  # worked out by `load`, not written by anybody


PLAIN = sorted((key, cell[1:-1]) for key, cell in documented().items() if re.fullmatch(r"`[^`]+`", cell))


@pytest.mark.parametrize(("key", "default"), PLAIN)
def test_a_default_in_the_docs_is_the_default(key: str, default: str) -> None:
    table, _, name = key.rpartition(".")
    value = [default[2:-2]] if default.startswith("[") else default
    if table == "receivers":
        receiver = Receiver.model_validate({"name": "a", "url": "json://127.0.0.1", name: value})
        assert getattr(receiver, name) == Receiver.model_fields[name].default
    elif table == "cases.sources":
        source = Source.model_validate({"name": "a", "adapter": "json", name: value})
        assert getattr(source, name) == Source.model_fields[name].default
    else:
        given = Config.model_validate({table: {name: value}})
        assert getattr(getattr(given, table), name) == getattr(getattr(Config(), table), name)


def test_every_status_turn_and_kind_is_named() -> None:
    named = set(CODE.findall(text_of(ROOT / "docs/configuration.md")))
    assert {s.value for s in Status if s is not Status.UNKNOWN} | {t.value for t in Turn} | {
        k.value for k in EventKind
    } <= named


def test_the_glossary_has_the_chinese_words_that_are_shown() -> None:
    named = dict(
        re.findall(r"\b([a-z_]+) ([\u4e00-\u9fff]+)[,.]", text_of(ROOT / "docs/glossary.md").partition("## Statuses")[2])
    )
    assert named == {status.value: status_name(status, translator("zh-CN")) for status in Status}


@pytest.mark.parametrize("title", ["Status", "Weaker", "Date", "Number", "Name", "Person"])
def test_the_well_known_captions_are_those_of_the_code(title: str) -> None:
    text = text_of(ROOT / "docs/configuration.md")
    found = re.search(rf"^- {title}: (.*?)\.$", text, re.MULTILINE | re.DOTALL)
    assert found
    listed = {words.key(caption) for caption in re.split(r"[,;]\s+", found[1])}
    assert listed == getattr(words, title.upper())


@pytest.mark.parametrize(
    ("title", "known", "usual"),
    [("Status keys", words.JSON_STATUS, words.STATUS), ("Date keys", frozenset(words.JSON_DATES), words.DATE)],
)
def test_the_well_known_keys_of_json_are_those_of_the_code(title: str, known: frozenset[str], usual: frozenset[str]) -> None:
    text = text_of(ROOT / "docs/configuration.md")
    found = re.search(rf"^- {title}: (.*?)\.$", text, re.MULTILINE | re.DOTALL)
    assert found
    assert {words.plain_key(name) for name in re.split(r",\s+", found[1])} == known - usual


def test_every_adapter_is_documented_and_no_other() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", text_of(ROOT / "docs/adapters.md"), re.MULTILINE)
    changes = text_of(ROOT / "CHANGELOG.md").partition("### Adapters")[2]
    assert rows == re.findall(r"^- `(\w+)`:", changes, re.MULTILINE) == list(Registry())


def test_the_adapter_in_the_docs_works() -> None:
    (code,) = re.findall(r"^```python\n(.*?)^```", text_of(ROOT / "docs/adapters.md"), re.MULTILINE | re.DOTALL)
    names: dict[str, object] = {}
    exec(code, names)
    meta, read = names["META"], names["read"]
    assert isinstance(meta, Meta)
    assert callable(read)
    page = "<table><tr><th>受理编号</th><td>SH2026000123</td></tr><tr><th>当前状态</th><td>窗口已收件</td></tr></table>"
    response = Response(meta.home, 200, "text/html; charset=utf-8", page.encode())
    assert read(response, Reference({"受理编号": "SH2026000123"})).label == "窗口已收件"


def tracked() -> list[Path]:
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("no git here")
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_file_names_a_package_index_or_a_place_on_this_machine() -> None:
    index = re.compile(r"py" r"pi\.org|python" r"hosted|/simp" r"le\b|--(?:extra-)?index-" r"url[ =]\S|--find-" r"links[ =]\S")
    places = {f"{ROOT}/", f"{Path.home()}/"} | ({f"{ROOT.parent}/"} if len(ROOT.parts) > 3 else set())
    found = []
    for file in tracked():
        try:
            text = file.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{file}: {match}" for match in index.findall(text)]
        found += [f"{file}: {place}" for place in places if place in text]
    assert not found
