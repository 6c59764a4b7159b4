"""A configured case with a real store behind it, for tests of the commands that read."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import time_machine
from click.testing import CliRunner, Result

from tests.shell.stores import Place
from tracker.cli import root
from tracker.core.decide import Keep
from tracker.core.history import History, HostHistory
from tracker.core.model import Event, Identity, Observation, OutcomeKind, Problem, Reference, Status, Turn, Via
from tracker.core.schedule import Next
from tracker.store.cases import SourceSpec
from tracker.store.store import Finish, Store

NUMBER = "SH2026000123"
PERSON = "110101199003071230"  # its check digit is wrong: nobody's
HOST = "progress.example"
NOW = datetime.now(UTC).replace(microsecond=0)

ADAPTER = """
from datetime import timedelta

from tracker.pages.adapter import Field, Meta, Reading, Reference, Response, Status, get

META = Meta(
    id="fancy",
    title={"zh-CN": "某地进度查询", "en": "Progress of some place"},
    home="https://progress.example/query",
    hosts=("progress.example",),
    reference=(Field("受理编号", {"en": "receipt number"}), Field("证件号码", required=False)),
    min_gap=timedelta(seconds=20),
    every=timedelta(hours=2),
    labels={"已受理": Status.ACCEPTED},
    source="made up for a test",
)


def query(reference):
    page = yield from get(META.home)
    return read(page, reference)


def read(page, reference):
    raise NotImplementedError
"""

CONFIG = f"""
language = "en"
timezone = "Asia/Shanghai"

[[receivers]]
name = "phone"
url = "json://127.0.0.1:9/"

[[cases]]
name = "me"
adapter = "fancy"
reference = {{ "受理编号" = "{NUMBER}", "证件号码" = "{PERSON}" }}
"""


def install_adapter(folder: Path) -> Path:
    """An adapter in a distribution of its own, as a user would install one; the folder belongs on sys.path."""
    folder.mkdir()
    (folder / "fancy_adapter.py").write_text(ADAPTER, "utf-8")
    info = folder / "fancy_adapter-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: fancy-adapter\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[tracker.adapters]\nfancy = fancy_adapter\n")
    return folder


def reading(label: str = "审核中", status: Status = Status.IN_REVIEW, **other: object) -> Observation:
    """A reading of five minutes ago, likely in review."""
    values: dict[str, Any] = {
        "turn": Turn.AUTHORITY,
        "confirmed": False,
        "known": True,
        "identity": Identity.MATCHED,
        "via": Via.SITE,
        "seen_at": NOW - timedelta(minutes=5),
        "reported_on": date(2026, 1, 5),
        "details": {"受理编号": NUMBER, "申请人": "测试甲", "备注": f"请致电 13900000000，编号 {NUMBER}"},
    }
    return Observation(label, status, **(values | other))


def history(seen: Observation | None, **other: object) -> History:
    """What is remembered after a good look."""
    values: dict[str, Any] = {
        "current": seen,
        "last": seen,
        "last_read_at": NOW - timedelta(minutes=5),
        "outcome": OutcomeKind.READ,
        "looked_at": NOW - timedelta(minutes=5),
    }
    return History(**(values | other))


@dataclass
class Desk:
    """A folder with a config and a store, and the command line run on it."""

    folder: Path
    config: str = CONFIG
    env: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        head = f'[store]\nurl = "sqlite:///{self.folder}/tracker.db"\n'
        # Tables follow the plain keys, so the store's table goes to the end.
        self.file.write_text(self.config + "\n" + head, "utf-8")

    @property
    def file(self) -> Path:
        return self.folder / "config.toml"

    @property
    def database(self) -> Path:
        return self.folder / "tracker.db"

    def run(self, *args: str, **env: str) -> Result:
        """The command, as installed, at NOW, however long ago the suite began: its exit code, stdout and stderr."""
        with time_machine.travel(NOW):
            return CliRunner().invoke(root, ["-c", str(self.file), *args], env={**self.env, **env}, catch_exceptions=False)

    def code(self, *args: str, text: str | None = None) -> int:
        """The exit code that the installed command would end with."""
        with time_machine.travel(NOW):
            whole = ["-c", str(self.file), *args]
            result = CliRunner().invoke(root, whole, input=text, env=self.env, standalone_mode=False)
        if result.exception is None:
            return int(result.return_value or 0)
        assert isinstance(result.exception, click.ClickException), result.exception
        return result.exception.exit_code

    def json(self, *args: str) -> Any:  # noqa: ANN401 - JSON is whatever it is
        """What the command says to scripts."""
        result = self.run(*args, "--json")
        assert result.exit_code == 0, result.stderr
        content = json.loads(result.stdout)
        assert content.pop("schema_version") == 1
        return content

    def store(self) -> Store:
        return Store(Place(self.folder).base(), f"test:{os.getpid()}", lambda: NOW)

    def keep(
        self,
        seen: Observation | None,
        *,
        case: str = "me",
        source: str = "fancy",
        values: Mapping[str, str] | None = None,
        past: History | None = None,
        planned: Next | None = None,
        problem: Problem | None = None,
        events: tuple[tuple[Event, tuple[str, ...]], ...] = (),
        hosts: Mapping[str, HostHistory] | None = None,
        others: tuple[SourceSpec, ...] = (),
    ) -> None:
        """Stores one finished check."""
        store = self.store()
        reference = Reference(
            {"受理编号": NUMBER, "证件号码": PERSON} if values is None else values, "https://progress.example/query"
        )
        store.sync([SourceSpec(case, source, "fancy", HOST, reference), *others])
        row = next(r for r in store.sources() if r.key == (case, source))
        held = store.claim([row.id], timedelta(minutes=1))[row.id]
        done = Finish(
            source=held,
            history=past or history(seen),
            next_check=planned or Next(NOW + timedelta(hours=4), "interval", {"every_minutes": 240, "jitter_minutes": 12}),
            problem=problem,
            keep=Keep.NEW if seen else Keep.NOTHING,
            observation=seen,
            events=events,
            hosts=hosts or {},
        )
        assert store.finish(done)
        store.base.close()
