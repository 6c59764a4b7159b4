"""An edited config while the service runs: all of it is taken over, or nothing, and both are said once."""

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from tracker.config.load import Loaded
from tracker.config.model import Config
from tracker.desk import Desk
from tracker.reload import Reloader

HEAD = 'language = "en"\n[fetch]\nmin_gap = "0s"\n[web]\nlisten = "127.0.0.1:8300"\n'
PHONE = '[[receivers]]\nname = "phone"\nurl = "json://127.0.0.1:9/"\n'
BROKEN = 'language = "en"\n[schedule]\nevery = "soon"\n'


def case(name: str = "me") -> str:
    return (
        f'[[cases]]\nname = "{name}"\nadapter = "form"\nurl = "http://127.0.0.1:9/"\nreference = {{ "受理编号" = "{name}1" }}\n'
    )


@dataclass
class Office:
    """A desk over a config file that a test edits, and what is said meanwhile."""

    folder: Path
    caplog: pytest.LogCaptureFixture
    env: dict[str, str] = field(default_factory=dict)

    @property
    def file(self) -> Path:
        return self.folder / "config.toml"

    def write(self, text: str, file: Path | None = None) -> None:
        """As most editors do: a new file in the place of the old one."""
        new = self.folder / "new"
        new.write_text(text, "utf-8")
        new.replace(file or self.file)

    def open(self, text: str) -> "Running":
        self.write(text)
        return self.running(self.file)

    def running(self, path: Path | None) -> "Running":
        desk = Desk(path, {"TRACKER_STORE__URL": f"sqlite:///{self.folder}/tracker.db", **self.env})
        running = Running(desk, Reloader(desk), self.caplog)
        running.settle()
        return running


@dataclass
class Running:
    desk: Desk
    reloader: Reloader
    caplog: pytest.LogCaptureFixture

    @property
    def config(self) -> Config:
        return self.desk.config

    def settle(self) -> bool:
        """Two looks: the first sees that something is new, the second that it stands still."""
        self.caplog.clear()
        looks = [self.reloader.look() for _ in range(2)]
        assert not looks[0]
        return looks[1]

    @property
    def cases(self) -> list[str]:
        return [c.name for c in self.config.cases]

    def in_trouble(self) -> bool:
        return self.reloader.trouble

    @property
    def said(self) -> list[str]:
        return [record.getMessage() for record in self.caplog.records]


@pytest.fixture
def office(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Office:
    caplog.set_level(logging.INFO, "tracker.reload")
    return Office(tmp_path, caplog)


# --- taken over ------------------------------------------------------------------------------------------------------


def test_an_edited_file_is_taken_over_as_a_whole_once_it_stands_still(office: Office) -> None:
    running = office.open(HEAD + PHONE + case())
    office.write('language = "zh-CN"\n[schedule]\nevery = "1h"\n[delivery]\ntimeout = "9s"\n' + case() + case("mum"))
    assert running.reloader.look() is False
    assert running.config.language == "en", "half of a file is often a valid, smaller config"
    assert running.reloader.look() is True
    assert running.cases == ["me", "mum"]
    assert (running.config.receivers, running.config.language) == ((), "zh-CN")
    assert running.config.schedule.every == timedelta(hours=1)
    assert running.config.delivery.timeout == timedelta(seconds=9)
    assert running.desk.tr.gettext("in review") == "审核中"
    assert running.said == ["the edited config is taken over; cases: 2, receivers: 0"]
    assert running.settle() is False
    assert running.said == []


def test_a_file_that_is_still_being_written_is_never_taken_for_a_smaller_config(office: Office) -> None:
    running = office.open(HEAD + case() + case("mum"))
    text = HEAD + case() + case("mum") + case("dad")
    for end in range(0, len(text), 40):
        office.file.write_text(text[:end], "utf-8")
        assert running.reloader.look() is False
        assert len(running.config.cases) == 2
    office.file.write_text(text, "utf-8")
    assert running.settle() is True
    assert running.cases == ["me", "mum", "dad"]
    assert not any("mistake" in line or "empty" in line for line in running.said)


def test_a_file_that_was_put_back_and_then_changed_again_must_stand_still_anew(office: Office) -> None:
    running = office.open(HEAD + case())
    office.write(HEAD + case("mum"), office.folder / "edited")
    aside, edited = office.folder / "aside", office.folder / "edited"

    def swap(out: Path, into: Path) -> None:
        office.file.rename(out)
        into.rename(office.file)

    swap(aside, edited)
    assert running.reloader.look() is False
    swap(edited, aside)
    assert running.settle() is False
    swap(aside, edited)
    assert running.reloader.look() is False, "seen before, but not at the look before"
    assert running.reloader.look() is True


def meanwhile(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Lets something happen while the config is being read the next time, behind what was read of it."""
    read = Desk.read

    def slow(desk: Desk, path: Path | None) -> Loaded:
        monkeypatch.setattr(Desk, "read", read)
        loaded = read(desk, path)
        happens()
        return loaded

    monkeypatch.setattr(Desk, "read", slow)


@pytest.mark.parametrize("asked", [False, True], ids=["by itself", "asked by a signal"])
def test_a_file_that_is_written_while_it_is_read_is_read_again(
    office: Office, monkeypatch: pytest.MonkeyPatch, asked: bool
) -> None:
    running = office.open(HEAD + case())
    office.write(HEAD + case("mum"))
    meanwhile(monkeypatch, lambda: office.write(HEAD + case("mum") + case("dad")))
    if asked:
        running.reloader.ask()
    else:
        assert running.reloader.look() is False
    assert running.reloader.look() is False
    assert running.cases == ["me"], "what was read is old already"
    if not asked:
        assert running.reloader.look() is False
    assert running.reloader.look() is True, "who asked needs not ask again"
    assert running.cases == ["mum", "dad"]


def test_a_file_that_the_config_has_just_begun_to_refer_to_is_watched_from_its_reading_on(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = office.open(HEAD)
    url = office.folder / "url"
    url.write_text("json://127.0.0.1:9/")
    office.write(HEAD + '[[receivers]]\nname = "phone"\nurl = { file = "url" }\n')
    meanwhile(monkeypatch, lambda: url.write_text("json://127.0.0.1:10/"))
    assert running.settle() is True
    assert running.settle() is True
    assert running.config.receivers[0].url.get_secret_value() == "json://127.0.0.1:10/"


def test_an_edit_while_the_service_starts_is_not_missed(office: Office) -> None:
    office.write(HEAD)
    desk = Desk(office.file, {})
    assert desk.config.cases == ()
    office.write(HEAD + case())
    running = Running(desk, Reloader(desk), office.caplog)
    assert running.settle() is True
    assert running.cases == ["me"]


def test_a_file_saved_without_any_change_is_no_news(office: Office) -> None:
    running = office.open(HEAD + case())
    office.write("# a remark\n" + HEAD + case())
    assert running.settle() is False
    assert running.said == []
    assert running.desk.loaded.origins["language"] == f"{office.file}:2", "but its lines are those of now"


def test_a_file_that_the_config_refers_to_counts_as_a_part_of_it(office: Office) -> None:
    url = office.folder / "url"
    url.write_text("json://127.0.0.1:9/")
    running = office.open(HEAD + '[[receivers]]\nname = "phone"\nurl = { file = "url" }\n')
    url.write_text("json://127.0.0.1:10/")
    assert running.settle() is True
    assert running.config.receivers[0].url.get_secret_value() == "json://127.0.0.1:10/"
    assert "127.0.0.1:10" not in str(running.said)


def test_a_config_that_appears_where_there_was_none_is_taken_over(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(office.folder / "xdg"))
    running = office.running(None)
    assert running.cases == []
    home = office.folder / "xdg" / "tracker" / "config.toml"
    home.parent.mkdir(parents=True)
    office.write(HEAD + case(), home)
    assert running.settle() is True
    assert running.cases == ["me"]
    home.unlink()
    running.settle()
    assert running.cases == ["me"], "and is kept when it goes again"
    assert running.in_trouble()


# --- refused ---------------------------------------------------------------------------------------------------------


def vanish(file: Path) -> None:
    file.unlink()


def become(text: str) -> Callable[[Path], None]:
    def spoil(file: Path) -> None:
        file.write_text(text, "utf-8")

    return spoil


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (vanish, "no such file"),
        (become(""), "empty, write it whole"),
        (become("\n# nothing\n"), "empty, write it whole"),
        (become("[[cases]\n"), "not TOML"),
        (become(BROKEN), 'schedule.every: "soon" is not a duration'),
        (become(case().replace("form", "fomr")), "no adapter is called"),
    ],
    ids=["vanished", "empty", "only remarks", "syntax", "value", "rule"],
)
def test_a_spoiled_file_changes_nothing_and_is_said_once(office: Office, spoil: Callable[[Path], None], words: str) -> None:
    running = office.open(HEAD + PHONE + case())
    before = running.config
    spoil(office.file)
    assert running.settle() is False
    assert running.config == before
    assert running.in_trouble()
    first, mistake = running.said
    assert first == "the edited config is not taken over, the one from before goes on"
    assert words in mistake
    assert running.settle() is False
    assert running.said == [], "said once"
    office.write(HEAD + PHONE + case() + case("mum"))
    assert running.settle() is True
    assert not running.in_trouble()
    assert running.said == ["the edited config is taken over; cases: 2, receivers: 1"]


def test_each_mistake_is_said_once_while_it_stays_and_again_when_it_comes_back(office: Office) -> None:
    running = office.open(HEAD + case())
    office.write(BROKEN)
    running.settle()
    assert len(running.said) == 2
    office.write(BROKEN + 'jitter = "much"\n')
    running.settle()
    assert [line.split(": ")[1] for line in running.said] == ["schedule.jitter"]
    office.write(BROKEN)
    running.settle()
    assert running.said == [], "one of two is mended"
    office.write(BROKEN + 'jitter = "much"\n')
    running.settle()
    assert [line.split(": ")[1] for line in running.said] == ["schedule.jitter"], "and is back"
    office.write(HEAD + case())
    assert running.settle() is False
    assert running.said == ["the config has no mistakes any more"]
    office.write(BROKEN)
    running.settle()
    assert len(running.said) == 2


def test_a_missing_file_that_is_made_at_last_mends_the_config(office: Office) -> None:
    running = office.open(HEAD)
    office.write(HEAD + '[[receivers]]\nname = "phone"\nurl = { file = "url" }\n')
    assert running.settle() is False
    assert "is not there" in running.said[-1]
    (office.folder / "url").write_text("json://127.0.0.1:9/")
    assert running.settle() is True
    assert [r.name for r in running.config.receivers] == ["phone"]


def test_what_was_unwise_when_it_started_is_not_said_again(office: Office) -> None:
    unwise = HEAD.replace('min_gap = "0s"\n', "") + case().replace("127.0.0.1:9", "progress.example.org")
    running = office.open(unwise)
    assert running.said == [], "it was said at the start"
    office.write(unwise + case("mum"))
    assert running.settle() is True
    assert running.said == ["the edited config is taken over; cases: 2, receivers: 0"]


def test_an_empty_file_that_was_empty_from_the_start_is_no_mistake(office: Office) -> None:
    running = office.open("")
    office.write("# to be written\n")
    assert running.settle() is False
    assert (running.in_trouble(), running.said) == (False, [])


def test_what_is_unwise_is_said_once(office: Office) -> None:
    running = office.open(HEAD)
    unwise = HEAD + case().replace("127.0.0.1:9", "progress.example.org")
    unwise = unwise.replace('min_gap = "0s"\n', "")
    office.write(unwise)
    assert running.settle() is True
    assert "plain http" in running.said[0]
    office.write(unwise + case("mum"))
    assert running.settle() is True
    assert len(running.said) == 1


# --- what waits for the next start -----------------------------------------------------------------------------------


def test_what_cannot_change_while_running_is_said_once_and_the_rest_is_taken_over(office: Office) -> None:
    running = office.open(HEAD + case())
    later = HEAD.replace("8300", "8301").replace('"0s"', '"0s"\ncontact = "me@example.org"\ntimeout = "9s"')
    office.write(later + case() + case("mum"))
    assert running.settle() is True
    assert running.said[:3] == [
        f"{key}: takes effect at the next start" for key in ("web.listen", "fetch.contact", "fetch.timeout")
    ]
    config = running.config
    assert (config.web.listen[1], config.fetch.contact, config.fetch.timeout) == (8300, None, timedelta(seconds=30))
    assert len(config.cases) == 2
    office.write(later + case())
    assert running.settle() is True
    assert running.said == ["the edited config is taken over; cases: 1, receivers: 0"]
    office.write(HEAD + case())
    running.settle()
    assert running.said == [], "nothing waits any more"
    office.write(later + case())
    running.settle()
    assert len(running.said) == 3, "and it does again"


def test_the_store_stays_the_one_that_is_open(office: Office) -> None:
    office.write(f'[store]\nurl = "sqlite:///{office.folder}/a.db"\n')
    desk = Desk(office.file, {})
    running = Running(desk, Reloader(desk), office.caplog)
    running.settle()
    office.write(f'[store]\nurl = "sqlite:///{office.folder}/b.db"\n')
    assert running.settle() is False
    assert running.said == ["store: takes effect at the next start"]
    assert (running.desk.loaded.config.store.url or "").endswith("/a.db")


def test_the_page_keeps_its_door_its_password_and_its_address(office: Office) -> None:
    beyond = HEAD.replace("127.0.0.1:8300", "0.0.0.0:8300") + 'password = "geheim"\n'
    running = office.open(beyond)
    office.write(HEAD)  # valid by itself, but the door of now is open to all
    running.settle()
    assert running.said == [f"web.{key}: takes effect at the next start" for key in ("listen", "password")]
    office.write(beyond.replace("geheim", "other") + 'base_url = "https://t.example.org"\n')
    assert running.settle() is False
    assert running.said == [f"web.{key}: takes effect at the next start" for key in ("base_url", "password")]
    web = running.config.web
    assert (web.password and web.password.get_secret_value(), web.base_url, web.listen[0]) == ("geheim", "", "0.0.0.0")
    assert "other" not in str(running.said)


# --- asked by hand ---------------------------------------------------------------------------------------------------


def test_asked_by_a_signal_it_is_read_at_once(office: Office) -> None:
    running = office.open(HEAD + case())
    office.write(HEAD + case() + case("mum"))
    running.reloader.ask()
    assert running.reloader.look() is True
    running.caplog.clear()
    running.reloader.ask()
    assert running.reloader.look() is False
    assert running.said == ["the config was read again: nothing in it is new"]


def test_asked_again_it_says_the_mistakes_again(office: Office) -> None:
    running = office.open(HEAD + case())
    office.write(BROKEN)
    running.settle()
    running.caplog.clear()
    running.reloader.ask()
    assert running.reloader.look() is False
    assert [line.split(": ")[1] for line in running.said] == ["schedule.every"]


def touched(file: Path, text: str, moment: os.stat_result) -> None:
    """Writes into the same file, and sets the time at which it was written."""
    file.write_text(text, "utf-8")
    os.utime(file, ns=(moment.st_atime_ns, moment.st_mtime_ns))


@pytest.mark.parametrize("differs", ["which", "size", "time"])
def test_a_file_is_another_one_by_when_how_large_or_which_it_is(office: Office, differs: str) -> None:
    running = office.open(HEAD + case("mum"))
    was = office.file.stat()
    text = HEAD + case("mum!" if differs == "size" else "dad")
    if differs == "which":
        touched(office.folder / "other", text, was)
        (office.folder / "other").replace(office.file)
    elif differs == "size":
        touched(office.file, text, was)
    else:
        office.file.write_text(text, "utf-8")
        os.utime(office.file, ns=(was.st_atime_ns, was.st_mtime_ns + 1_000_000_000))
    now = office.file.stat()
    same = (now.st_ino == was.st_ino, now.st_size == was.st_size, now.st_mtime_ns == was.st_mtime_ns)
    assert same.count(False) == 1, "only that differs"
    assert running.settle() is True
    assert running.cases != ["mum"]


def test_a_link_that_points_elsewhere_now_is_another_file(office: Office) -> None:
    for name, text in (("a", HEAD), ("b", HEAD + case())):
        (office.folder / name).write_text(text, "utf-8")
    office.file.symlink_to("a")
    running = office.running(office.file)
    (office.folder / "link").symlink_to("b")
    (office.folder / "link").replace(office.file)
    assert running.settle() is True
    assert running.cases == ["me"]


def test_a_config_that_comes_through_a_pipe_is_read_once(office: Office) -> None:
    """As a shell's <(…) gives it: read again, it is empty."""
    reading, writing = os.pipe()
    try:
        os.write(writing, (HEAD + case()).encode())
        os.close(writing)
        running = office.running(Path(f"/proc/self/fd/{reading}"))
        assert running.settle() is False
        assert (running.cases, running.in_trouble(), running.said) == (["me"], False, [])
        running.reloader.ask()
        assert running.reloader.look() is False
        assert (running.cases, running.in_trouble()) == (["me"], False)
        assert ["pipe" in line for line in running.said] == [True]
    finally:
        os.close(reading)
