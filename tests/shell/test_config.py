"""The config: what it gives, and how it says what is wrong."""

import re
from collections.abc import Callable, Mapping
from datetime import time, timedelta
from pathlib import Path
from string import Formatter

import pytest
from pydantic import SecretStr, ValidationError

from tracker.config.layers import KEYS, SECTIONS
from tracker.config.load import Loaded, load
from tracker.config.mistakes import MISTAKES, WARNINGS, Tr
from tracker.config.model import Case, Config, Fetch, Life, Receiver, Schedule, Source, Store, Web
from tracker.core.errors import ConfigError
from tracker.core.model import AskHints, EventKind, ReadHints, Status, Turn, Urgency, Word
from tracker.core.workdays import Span
from tracker.locale import LANGUAGES, translator
from tracker.pages.adapter import Field, Meta

ROOT = Path(__file__).parents[2]
BAD = Path(__file__).parent / "bad"
FILES = sorted(BAD.glob("*.toml"))
ALL_CODES = {**MISTAKES, **WARNINGS}
ADAPTERS = {
    "form": Meta("form", {}, needs_url=True, free_reference=True),
    "page": Meta("page", {}, needs_url=True, free_reference=True, watches=True),
    "json": Meta("json", {}, needs_url=True, free_reference=True, sends=True),
    "by_hand": Meta("by_hand", {}, free_reference=True, by_hand=True),
    "list": Meta("list", {}, home="http://list.example/papers.jsp", hosts=("list.example",), watches=True),
    "site": Meta(
        "site",
        {},
        home="http://site.example/",
        hosts=("site.example",),
        reference=(Field("受理编号"), Field("姓名", required=False)),
    ),
}
CASE = '[[cases]]\nname = "me"\nadapter = "form"\nurl = "http://127.0.0.1:8901/"\nreference = { "受理编号" = "SH2026000123" }\n'
PUBLIC = CASE.replace("http://127.0.0.1:8901", "https://progress.example.org")
ID_NUMBER = "110101199001011234"  # fails its checksum

Read = Callable[..., Loaded]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Loads a text as a config file that only its owner can read."""

    def reader(text: str, env: Mapping[str, str] | None = None, **more: object) -> Loaded:
        file = tmp_path / "config.toml"
        file.write_bytes(text.encode())
        file.chmod(0o600)
        return load(file, env or {}, ADAPTERS, root=tmp_path, **more)  # type: ignore[arg-type]

    return reader


@pytest.fixture
def xdg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home for XDG's places."""
    for name in ("CONFIG", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    return tmp_path


def mistakes(read: Read, text: str, env: Mapping[str, str] | None = None, **more: object) -> list[str]:
    with pytest.raises(ConfigError) as error:
        read(text, env, **more)
    return error.value.mistakes


# ---- mistakes


def told_of(file: Path, tr: Tr = str) -> tuple[list[str], list[str]]:
    """(the lines that the file's comments expect, the mistakes or warnings that it gets).

    `# expect:` a mistake, `# warn:` a warning; `# env:` and `# flag:` stand over the file; `# load:` what -c names instead.
    """
    text = file.read_bytes().decode("utf-8", "replace").replace("{file}", str(file)).replace("{here}", str(BAD))

    def said(word: str) -> list[str]:
        return re.findall(rf"^# {word}: ?(.*)$", text, re.MULTILINE)

    env, flags = (dict(line.split("=", 1) for line in said(word)) for word in ("env", "flag"))
    (named,) = said("load") or [str(file)]
    path = Path(named) if named else None
    if warned := said("warn"):
        return warned, list(load(path, env, ADAPTERS, tr=tr, flags=flags).warnings)
    with pytest.raises(ConfigError) as error:
        load(path, env, ADAPTERS, tr=tr, flags=flags)
    return said("expect"), error.value.mistakes


def code_of(file: Path) -> str:
    """The code that a bad file is named for: `hours-order.toml`, `choice-of-a-turn.toml`."""
    words = file.stem.split("-")
    names = ("_".join(words[:cut]) for cut in range(len(words), 0, -1))
    return next((name for name in names if name in ALL_CODES), "")


def pattern_of(code: str) -> str:
    """What a message of this code looks like, whatever stands in its places."""
    parts = Formatter().parse(ALL_CODES[code])
    return "".join(re.escape(words) + (".*" if place is not None else "") for words, place, _, _ in parts)


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_each_bad_file_is_refused_in_exactly_these_words(file: Path) -> None:
    expected, found = told_of(file)
    assert expected
    assert found == expected


def test_each_kind_of_mistake_and_warning_has_a_file_named_for_it() -> None:
    assert set(ALL_CODES) - {code_of(f) for f in FILES} == set()


@pytest.mark.parametrize("file", [f for f in FILES if f.stem != "many-at-once"], ids=lambda f: f.stem)
def test_each_bad_file_shows_the_kind_that_it_is_named_for(file: Path) -> None:
    code = code_of(file)
    assert code, "named for no kind of mistake: rename it, or take it away"
    assert any(re.search(f": {pattern_of(code)}", line) for line in told_of(file)[1])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_whole_in_each_language(language: str) -> None:
    for file in FILES:
        for english, line in zip(told_of(file)[1], told_of(file, translator(language).gettext)[1], strict=True):
            assert not re.search(r"\{\w*\}", line), line
            assert line.split(": ")[:1] == english.split(": ")[:1], "the place is the same"
            assert (line == english) is (language == "en"), line


def test_no_mistake_tells_a_secret() -> None:
    told = "\n".join(line for file in FILES for line in told_of(file)[1])
    assert "geheim" not in told
    assert "SH2026" not in told
    assert ID_NUMBER not in told


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    _, found = told_of(BAD / "many-at-once.toml")
    lines = [int(re.search(r"\.toml:(\d+): ", m)[1]) for m in found]  # type: ignore[index]
    assert len(found) >= 10
    assert lines == sorted(lines)


def test_each_mistake_is_one_line_that_a_terminal_shows_as_it_is() -> None:
    for file in FILES:
        assert all(m.isprintable() for m in told_of(file)[1])


def test_a_long_wrong_value_is_cut(read: Read) -> None:
    [mistake] = mistakes(read, f'language = "{"x" * 5000}"')
    assert len(mistake) < 300


def test_the_words_of_mistakes_and_warnings_can_be_translated(read: Read) -> None:
    [mistake] = mistakes(
        read,
        '[schedule]\nevrey = "4h"',
        tr=lambda text: text.replace("no such key", "没有这一项").replace("did you mean", "是否想写"),
    )
    assert "没有这一项" in mistake
    assert '是否想写 "every"' in mistake


def test_every_text_has_the_form_what_and_what_is_allowed() -> None:
    for text in ALL_CODES.values():
        assert ", " in text
        assert "\n" not in text
    assert not set(MISTAKES) & set(WARNINGS)


def test_a_missing_file_is_named_with_the_next_step(tmp_path: Path) -> None:
    for path, env in ((tmp_path / "no.toml", {}), (None, {"TRACKER_CONFIG": str(tmp_path / "no.toml")})):
        with pytest.raises(ConfigError) as error:
            load(path, env, {})
        assert error.value.mistakes == [
            f"{tmp_path}/no.toml: no such file, name an existing one with -c, or copy config.example.toml there"
        ]


def test_a_directory_is_no_config(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"this is a directory, the config is a file$"):
        load(tmp_path, {}, {})


def test_a_file_that_cannot_be_read_is_told_with_the_reason(tmp_path: Path) -> None:
    loop = tmp_path / "loop.toml"
    loop.symlink_to(loop)
    with pytest.raises(ConfigError, match=r"loop\.toml: can't be read \(.*symbolic links.*\)"):
        load(loop, {}, {})


def test_a_file_nested_too_deep_is_refused_and_not_crashed_on(read: Read) -> None:
    [mistake] = mistakes(read, "a = " + "[" * 5000 + "]" * 5000)
    assert "config.toml:1: not TOML" in mistake


def test_a_mistake_in_a_value_from_elsewhere_does_not_show_it(read: Read) -> None:
    [mistake] = mistakes(read, 'language = { env = "SECRET" }', {"SECRET": "geheim"})
    assert mistake.endswith(': language: the value is not known, allowed: "zh-CN", "en"')


# ---- order and origins


def test_without_any_file_the_config_is_empty_and_has_the_defaults(xdg: Path) -> None:
    loaded = load(None, {}, {}, root=xdg)
    config = loaded.config
    assert loaded.path is None
    assert (config.cases, config.receivers, loaded.warnings, loaded.unused_env) == ((), (), (), ())
    assert config.schedule == Schedule(
        every=timedelta(hours=4),
        jitter=timedelta(minutes=20),
        hours=None,
        workdays=None,
        patience=timedelta(hours=24),
        handoff_every=Span(5, "workdays"),
        look_every=Span(5, "workdays"),
    )
    assert config.fetch == Fetch(
        contact=None, min_gap=timedelta(seconds=10), timeout=timedelta(seconds=30), max_body=2 * 1024 * 1024
    )
    assert config.delivery.timeout == timedelta(seconds=30)
    assert config.life == Life(heartbeat=None, still_waiting=Span(7 * 86400, "seconds"), remind=Span(2, "workdays"))
    assert config.web == Web(listen=("127.0.0.1", 8300), base_url="", password=None)
    assert config.store == Store(
        url=f"sqlite:///{xdg}/data/tracker/tracker.db", key_file=xdg / "config" / "tracker" / "tracker.key"
    )


def test_flags_go_over_the_environment_over_the_file_over_the_default(read: Read) -> None:
    text = '[schedule]\nevery = "1h"\njitter = "1m"\npatience = "1h"\n'
    env = {"TRACKER_SCHEDULE__JITTER": "2m", "TRACKER_SCHEDULE__PATIENCE": "2h", "TRACKER_WEB__LISTEN": "127.0.0.1:1"}
    loaded = read(text, env, flags={"schedule.patience": "3h", "web.listen": "127.0.0.1:2"})
    schedule = loaded.config.schedule
    assert schedule.every == timedelta(hours=1)
    assert schedule.jitter == timedelta(minutes=2)
    assert schedule.patience == timedelta(hours=3)
    assert loaded.config.web.listen == ("127.0.0.1", 2)
    origins = loaded.origins
    assert origins["schedule.every"] == f"{loaded.path}:2"
    assert origins["schedule.jitter"] == "TRACKER_SCHEDULE__JITTER"
    assert origins["schedule.patience"] == "flag"
    assert origins["schedule.look_every"] == "default"


def test_origins_name_the_line_of_each_key_of_a_case_and_its_readers(read: Read) -> None:
    loaded = read(CASE + '[cases.labels]\n"办结" = "completed"\n', {"APPRISE_URLS": "json://localhost"})
    assert loaded.origins["cases[me].reference.受理编号"] == f"{loaded.path}:5"
    assert loaded.origins["cases[me].labels.办结"] == f"{loaded.path}:7"
    assert loaded.origins["receivers[apprise-1].url"] == "APPRISE_URLS"


def test_lines_are_not_looked_for_while_nothing_is_wrong(read: Read) -> None:
    loaded = read(CASE)
    assert "lines" not in vars(loaded._origins)
    assert loaded.origins
    assert "lines" in vars(loaded._origins)


def test_hours_from_the_environment_are_separated_by_commas(read: Read) -> None:
    assert read("", {"TRACKER_SCHEDULE__HOURS": "08:30-12:00, 13:30-17:00"}).config.schedule.hours == (
        (time(8, 30), time(12)),
        (time(13, 30), time(17)),
    )
    assert read("", {"TRACKER_SCHEDULE__HOURS": ""}).config.schedule.hours == ()


def test_variables_that_match_no_key_are_ignored_and_listed(read: Read) -> None:
    env = {
        "TRACKER_PHONE_URL": "json://localhost",
        "TRACKER_SCHEDULE__EVREY": "1h",
        "TRACKER_RECEIVERS__0__URL": "json://localhost",
        "TRACKER_STORE__KEY_FILE": "x",
        "TRACKER_LANGUAGE": "en",
        "TRACKER_KEY": "a-key-of-some-length",
        "PATH": "/bin",
    }
    loaded = read('[[receivers]]\nname = "phone"\nurl = { env = "TRACKER_PHONE_URL" }\n', env)
    assert loaded.unused_env == ("TRACKER_RECEIVERS__0__URL", "TRACKER_SCHEDULE__EVREY", "TRACKER_STORE__KEY_FILE")


def test_the_key_comes_from_its_own_variables(read: Read, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from-a-file-of-mine\n")
    text = '[store]\nkey = "from-the-config-file"\n'
    env = {"TRACKER_KEY": "from-the-environment"}

    def key(env: Mapping[str, str]) -> str:
        secret = read(text, env).config.store.key
        assert secret is not None
        return secret.get_secret_value()

    assert key({}) == "from-the-config-file"
    assert key(env) == "from-the-environment"
    assert key(env | {"TRACKER_KEY_FILE": str(tmp_path / "key")}) == "from-a-file-of-mine"
    [mistake] = mistakes(read, text, {"TRACKER_KEY_FILE": str(tmp_path / "no")})
    assert mistake.startswith(f"TRACKER_KEY_FILE: store.key: the file {tmp_path}/no is not there")
    [mistake] = mistakes(read, text, {"TRACKER_KEY": ""})
    assert mistake.startswith("TRACKER_KEY: store.key: empty")


def test_any_string_may_stand_in_a_variable_or_in_a_file_beside_the_config(read: Read, tmp_path: Path) -> None:
    (tmp_path / "number").write_text("SH2026000123\r\n")
    loaded = read(
        'language = { env = "L" }\n[schedule]\nhours = [{ env = "H" }]\n[[receivers]]\n'
        'name = { file = "number" }\nurl.env = "U"\n'
        '[[cases]]\nname = "me"\n[[cases.sources]]\nadapter.env = "A"\nurl = { env = "S" }\n'
        '[cases.sources.reference]\n"受理编号" = { file = "number" }\n[cases.labels]\n"办结" = { status = { env = "W" } }\n',
        {"L": "en", "H": "08:30-18:00", "U": "json://localhost", "A": "form", "S": "http://localhost/", "W": "completed"},
    )
    config = loaded.config
    assert config.language == "en"
    assert config.schedule.hours == ((time(8, 30), time(18)),)
    assert config.receivers[0].name == "SH2026000123"
    assert config.cases[0].sources[0].adapter == "form"
    assert config.cases[0].sources[0].reference == {"受理编号": "SH2026000123"}
    assert config.cases[0].labels == {"办结": Word(Status.COMPLETED)}


def test_a_reference_may_have_a_field_called_file(read: Read) -> None:
    config = read(CASE.replace('{ "受理编号" =', "{ file =")).config
    assert config.cases[0].sources[0].reference == {"file": "SH2026000123"}


# ---- places


def test_the_config_is_looked_for_where_it_may_be(xdg: Path) -> None:
    def language(path: Path, env: Mapping[str, str]) -> str:
        return load(path if path.name == "named.toml" else None, env, {}, root=xdg).config.language

    named, other = xdg / "named.toml", xdg / "other.toml"
    home, image = xdg / "config" / "tracker" / "config.toml", xdg / "config" / "config.toml"
    home.parent.mkdir(parents=True)
    for file, text in ((named, "zh-CN"), (other, "zh-CN"), (home, "en"), (image, "zh-CN")):
        file.write_text(f'language = "{text}"\n')
    assert language(named, {"TRACKER_CONFIG": str(home)}) == "zh-CN"
    assert language(Path(), {"TRACKER_CONFIG": str(other)}) == "zh-CN"
    assert language(Path(), {}) == "en"
    home.unlink()
    assert language(Path(), {}) == "zh-CN"


def test_the_image_keeps_its_data_in_its_own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    for name in ("config", "data"):
        (tmp_path / name).mkdir()
    for text in (None, ""):
        if text is not None:
            (tmp_path / "config" / "config.toml").write_text(text)
        store = load(None, {}, {}, root=tmp_path).config.store
        assert store.url == f"sqlite:///{tmp_path}/data/tracker.db"
        assert store.key_file == tmp_path / "config" / "tracker.key"
    mine = tmp_path / "xdg" / "tracker" / "config.toml"
    mine.parent.mkdir(parents=True)
    mine.write_text("")
    assert load(None, {}, {}, root=tmp_path).config.store.url != f"sqlite:///{tmp_path}/data/tracker.db"


def test_a_relative_place_of_the_store_counts_from_the_file_that_names_it(
    read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    text = '[store]\nurl = "sqlite:///my.db"\n'
    assert read(text).config.store.url == f"sqlite:///{tmp_path}/my.db"
    assert read(text).config.store.key_file == tmp_path / "tracker.key"
    assert read("", {"TRACKER_STORE__URL": "sqlite:///my.db"}).config.store.url == f"sqlite:///{elsewhere}/my.db"
    for url in ("sqlite:////srv/my.db", "sqlite:///:memory:", "postgresql+psycopg://u:p@db/tracker"):
        assert read(f'[store]\nurl = "{url}"\n').config.store.url == url


def test_a_file_of_a_windows_editor_is_read(read: Read) -> None:
    loaded = read("\ufeff" + CASE.replace("\n", "\r\n"))
    assert loaded.origins["cases[me].url"].endswith(":4")


@pytest.mark.parametrize(
    ("env", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh-CN"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "zh_SG"}, "zh-CN"),
        ({"LANG": "en_GB.UTF-8", "LANGUAGE": "zh_CN:en"}, "zh-CN"),
        ({"LANG": "C", "LANGUAGE": "zh_CN"}, "en"),
        ({"LANG": "fr_FR"}, "en"),
    ],
)
def test_the_language_is_the_locales(read: Read, env: Mapping[str, str], language: str) -> None:
    assert read("", env).config.language == language


def test_the_time_zone_is_the_systems(read: Read, tmp_path: Path) -> None:
    assert read("").config.timezone == "UTC"
    etc = tmp_path / "etc"
    etc.mkdir()
    (etc / "timezone").write_text("Europe/Berlin\n")
    assert read("").config.timezone == "Europe/Berlin"
    (etc / "localtime").symlink_to("/usr/share/zoneinfo/Asia/Tokyo")
    assert read("").config.timezone == "Asia/Tokyo"
    assert read("", {"TZ": ":Asia/Shanghai"}).config.timezone == "Asia/Shanghai"
    assert read("", {"TZ": "CST-8"}).config.timezone == "Asia/Tokyo"
    config = read('timezone = "Asia/Urumqi"').config
    assert config.zone.key == config.timezone == "Asia/Urumqi"


# ---- values


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("45s", 45),
        ("30min", 1800),
        ("20m", 1200),
        ("4h", 14400),
        ("2d", 172800),
        ("1h30min", 5400),
        ("1h 30 min", 5400),
        ("0s", 0),
    ],
)
def test_durations(read: Read, text: str, seconds: int) -> None:
    assert read(f'[schedule]\njitter = "{text}"').config.schedule.jitter == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text", ["", "4", "4 hours", "-4h", "+4h", "1.5h", "4H", "h", "４h", "1e3s", "4h,", " 4h", "3651d", "9" * 400 + "s"]
)
def test_what_is_no_duration(read: Read, text: str) -> None:
    assert "is not a duration" in mistakes(read, f'[schedule]\njitter = "{text}"')[0]


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("20 workdays", Span(20, "workdays")),
        ("1 workday", Span(1, "workdays")),
        ("7d", Span(604800, "seconds")),
        ("1h30min", Span(5400, "seconds")),
    ],
)
def test_spans(read: Read, text: str, span: Span) -> None:
    schedule = read(f'[schedule]\nhandoff_every = "{text}"\nlook_every = "{text}"').config.schedule
    assert schedule.handoff_every == schedule.look_every == span


def test_nothing_for_look_every_is_never(read: Read) -> None:
    assert read('[schedule]\nlook_every = ""').config.schedule.look_every is None
    assert "is not a length of time" in mistakes(read, '[schedule]\nhandoff_every = ""')[0]


def test_signs_of_life_are_given_as_addresses_and_spans(read: Read) -> None:
    text = '[life]\nheartbeat = { env = "BEAT" }\nstill_waiting = "10 workdays"\nremind = ""\n'
    loaded = read(text, {"BEAT": "https://beat.example.org/geheim"})
    life = loaded.config.life
    assert life.heartbeat == SecretStr("https://beat.example.org/geheim")
    assert (life.still_waiting, life.remind) == (Span(10, "workdays"), None)
    assert "geheim" not in repr(loaded)
    assert read('[life]\nheartbeat = ""\nstill_waiting = ""').config.life == Life(still_waiting=None)


@pytest.mark.parametrize("url", ["ftp://beat.example.org/geheim", "https://geheim:x", "geheim"])
def test_a_wrong_heartbeat_is_not_shown(read: Read, url: str) -> None:
    [mistake] = mistakes(read, f'[life]\nheartbeat = "{url}"')
    assert mistake.endswith(': life.heartbeat: the value is not a web address, allowed: "http://…" or "https://…"')


def test_hours_and_workdays_tell_any_from_what_the_adapter_says(read: Read) -> None:
    schedule = read('[schedule]\nhours = []\nworkdays = ""').config.schedule
    assert (schedule.hours, schedule.workdays) == ((), "")
    schedule = read('[schedule]\nhours = ["8:30-12:00", "13:00-24:00"]\nworkdays = "CN"').config.schedule
    assert schedule.hours == ((time(8, 30), time(12)), (time(13), time.max))
    assert schedule.workdays == "CN"


@pytest.mark.parametrize(("text", "size"), [('"2MiB"', 2097152), ('"512KiB"', 524288), ('"65536 B"', 65536), ("65536", 65536)])
def test_sizes(read: Read, text: str, size: int) -> None:
    assert read(f"[fetch]\nmax_body = {text}").config.fetch.max_body == size


@pytest.mark.parametrize("text", ['"2MB"', '"2"', '"1000B"', '"65MiB"', "true", "1000", "65536.0"])
def test_what_is_no_size(read: Read, text: str) -> None:
    assert "is not a size" in mistakes(read, f"[fetch]\nmax_body = {text}")[0]


@pytest.mark.parametrize(
    ("text", "address"),
    [("127.0.0.1:8300", ("127.0.0.1", 8300)), ("[::1]:0", ("::1", 0)), ("localhost:80", ("localhost", 80))],
)
def test_the_page_listens_on_this_machine_without_a_password(read: Read, text: str, address: tuple[str, int]) -> None:
    assert read(f'[web]\nlisten = "{text}"').config.web.listen == address


@pytest.mark.parametrize("text", ["0.0.0.0:8300", "[::]:8300", "192.168.1.2:8300", "tracker.example.org:80"])
def test_beyond_this_machine_it_wants_one(read: Read, text: str) -> None:
    assert "web.password: missing" in mistakes(read, f'[web]\nlisten = "{text}"')[0]
    assert read(f'[web]\nlisten = "{text}"\npassword = "geheim"').config.web.password


@pytest.mark.parametrize(
    "text", ["8300", ":8300", "localhost", "::1:8300", "http://localhost:8300", "localhost:65536", "a b:1"]
)
def test_what_is_no_address_to_listen_on(read: Read, text: str) -> None:
    assert "is not an address and port" in mistakes(read, f'[web]\nlisten = "{text}"')[0]


def test_the_base_url_loses_its_last_slash(read: Read) -> None:
    assert read('[web]\nbase_url = "https://example.org/t/"').config.web.base_url == "https://example.org/t"
    assert "is not a web address" in mistakes(read, '[web]\nbase_url = "https://example.org/#x"')[0]


@pytest.mark.parametrize(
    "url",
    [
        "https://",
        "http:///x",
        "https://[::1",
        "https://h:0/",
        "https://h:99999/",
        "https://h/a b",
        "javascript:1",
        "https://h/\\u0000",
    ],
)
def test_what_is_no_address_of_a_page(read: Read, url: str) -> None:
    assert any("is not a web address" in m for m in mistakes(read, CASE.replace("http://127.0.0.1:8901/", url)))


def test_a_contact_cannot_smuggle_a_header(read: Read) -> None:
    assert read('[fetch]\ncontact = "me@example.org"').config.fetch.contact == "me@example.org"
    assert read('[fetch]\ncontact = ""').config.fetch.contact is None
    assert mistakes(read, '[fetch]\ncontact = "a\\r\\nHost: b"')


@pytest.mark.parametrize("name", ["", " me", "me ", "-me", "a/b", "a\\nb", "a\\u202eb", "x" * 65])
def test_what_is_no_name(read: Read, name: str) -> None:
    assert "is not a name" in mistakes(read, CASE.replace('"me"', f'"{name}"'))[0]


@pytest.mark.parametrize("name", ["me", "测试甲 居住证积分", "a.b", "x" * 64])
def test_what_is_a_name(read: Read, name: str) -> None:
    assert read(CASE.replace('"me"', f'"{name}"')).config.cases[0].name == name


# ---- floors


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "[::1]", "localhost", "LOCALHOST", "x.localhost"])
def test_there_is_no_floor_on_this_machine(read: Read, host: str) -> None:
    text = '[schedule]\nevery = "1s"\n[fetch]\nmin_gap = "0s"\n' + CASE.replace("127.0.0.1", host)
    config = read(text).config
    assert config.schedule.every == timedelta(seconds=1)
    assert config.fetch.min_gap == timedelta(0)


@pytest.mark.parametrize(
    "host", ["progress.example.org", "10.0.0.1", "127.0.0.1.example.org", "localhost.example.org", "0.0.0.0"]
)
def test_one_case_elsewhere_brings_the_floors_back(read: Read, host: str) -> None:
    other = CASE.replace('"me"', '"other"').replace("127.0.0.1", host)
    found = mistakes(read, '[schedule]\nevery = "1s"\n[fetch]\nmin_gap = "0s"\n' + CASE + other)
    assert [m.split(": ")[1] for m in found] == ["schedule.every", "fetch.min_gap"]


def test_the_floors_themselves_are_allowed(read: Read) -> None:
    assert read('[schedule]\nevery = "10min"\n[fetch]\nmin_gap = "5s"\n' + PUBLIC)


def test_the_floors_hold_for_cases_that_the_file_does_not_know() -> None:
    schedule, fetch = Schedule(every=timedelta(seconds=1)), Fetch(min_gap=timedelta(0))
    assert schedule.every_for("progress.example.org") == timedelta(minutes=10)
    assert schedule.every_for("localhost") == timedelta(seconds=1)
    assert fetch.gap_for("progress.example.org") == timedelta(seconds=5)
    assert fetch.gap_for("::1") == timedelta(0)
    assert Schedule().every_for("progress.example.org") == timedelta(hours=4)


# ---- receivers


@pytest.mark.parametrize(
    ("events", "kind", "urgency", "wanted"),
    [
        (["*"], EventKind.STATUS_CHANGED, Urgency.NORMAL, True),
        (["*"], EventKind.DEFECT, Urgency.URGENT, False),  # the operator's kinds want to be named
        (["*", "operator"], EventKind.DEFECT, Urgency.NORMAL, True),
        (["operator"], EventKind.LABEL_UNKNOWN, Urgency.NORMAL, True),
        (["operator"], EventKind.STATUS_CHANGED, Urgency.URGENT, False),
        (["defect"], EventKind.DEFECT, Urgency.NORMAL, True),
        (["defect"], EventKind.LABEL_UNKNOWN, Urgency.NORMAL, False),
        (["urgent"], EventKind.NOTICE_CHANGED, Urgency.URGENT, True),
        (["urgent"], EventKind.NOTICE_CHANGED, Urgency.NORMAL, False),
        (["urgent"], EventKind.DEFECT, Urgency.URGENT, False),
        (["overdue", "urgent"], EventKind.OVERDUE, Urgency.LOW, True),
    ],
)
def test_a_receiver_wants_what_its_events_say(events: list[str], kind: EventKind, urgency: Urgency, *, wanted: bool) -> None:
    receiver = Receiver.model_validate({"name": "phone", "url": "json://localhost", "events": events})
    assert receiver.wants(kind, urgency) is wanted


def test_a_receiver_is_masked_and_gets_all_unless_it_says_so(read: Read) -> None:
    text = '[[receivers]]\nname = "phone"\nurl = "ntfy://topic"\n'
    [plain] = read(text).config.receivers
    assert (plain.events, plain.privacy, plain.quiet_hours) == (("*",), "masked", None)
    [quiet] = read(text + 'quiet_hours = "22:00-08:00"\nprivacy = "minimal"').config.receivers
    assert (quiet.privacy, quiet.quiet_hours) == ("minimal", (time(22), time(8)))


def test_apprise_variables_add_receivers(read: Read, tmp_path: Path) -> None:
    (tmp_path / "one.cfg").write_text("# mine\n\n; old\nfamily, me=json://localhost/c?x=1\n  json://localhost/d  \n")
    (tmp_path / "two.cfg").write_text("json://localhost/e\n")
    env = {
        "APPRISE_URLS": " json://localhost/a,b\tmailto://x:y@localhost ",
        "APPRISE_CONFIG_PATH": f"{tmp_path / 'one.cfg'};{tmp_path / 'two.cfg'}",
    }
    receivers = read('[[receivers]]\nname = "phone"\nurl = "ntfy://topic"\n', env).config.receivers
    assert [(r.name, r.url.get_secret_value()) for r in receivers] == [
        ("phone", "ntfy://topic"),
        ("apprise-1", "json://localhost/a,b"),
        ("apprise-2", "mailto://x:y@localhost"),
        ("apprise-3", "json://localhost/c?x=1"),
        ("apprise-4", "json://localhost/d"),
        ("apprise-5", "json://localhost/e"),
    ]


def test_a_wrong_apprise_variable_is_named_without_its_value(read: Read) -> None:
    [mistake] = mistakes(read, "", {"APPRISE_URLS": "geheim"})
    assert mistake.startswith("APPRISE_URLS: receivers[apprise-1].url: the value is not an Apprise URL")


# ---- cases


def test_a_plain_case_is_a_case_of_one_source(read: Read) -> None:
    text = (
        CASE
        + 'promised = "20 workdays"\nreceivers = []\n[cases.read]\nlabel = "css:#s"\nidentify = ["受理编号"]\ndetails = []\n'
    )
    text += '[cases.labels]\n"待单位审核" = { status = "submitted", turn = "employer" }\n"审批通过" = "approved"\n'
    [case] = read(text).config.cases
    assert case == Case(
        name="me",
        receivers=(),
        promised=Span(20, "workdays"),
        labels={"待单位审核": Word(Status.SUBMITTED, Turn.EMPLOYER), "审批通过": Word(Status.APPROVED)},
        sources=(
            Source(
                name="form",
                adapter="form",
                url="http://127.0.0.1:8901/",
                reference={"受理编号": "SH2026000123"},
                read=ReadHints(label="css:#s", identify=("受理编号",), details=()),
            ),
        ),
    )


def test_sources_are_called_like_their_adapters_unless_they_have_names(read: Read) -> None:
    source = '[[cases.sources]]\nurl = "http://localhost/"\nreference = { "受理编号" = "1" }\n'
    text = '[[cases]]\nname = "both"\n' + source + 'adapter = "form"\n' + source + 'adapter = "form"\nname = "list"\n'
    [case] = read(text).config.cases
    assert [(s.name, s.adapter) for s in case.sources] == [("form", "form"), ("list", "form")]
    assert case.receivers is None


def test_an_adapter_with_its_own_site_needs_no_url_and_only_its_required_fields(read: Read) -> None:
    [case] = read('[[cases]]\nname = "me"\nadapter = "site"\nreference = { "受理编号" = "1" }\n').config.cases
    assert case.sources[0].url == ""


def test_the_config_is_frozen_and_prints_nothing_personal(read: Read) -> None:
    text = '[store]\nkey = "geheim-geheim-geheim"\nurl = "postgresql+psycopg://u:geheim@db/t"\n'
    text += '[[receivers]]\nname = "phone"\nurl = "ntfy://geheim"\n[web]\npassword = "geheim"\n'
    loaded = read(text + CASE)
    shown = repr(loaded)
    assert "geheim" not in shown
    assert "SH2026" not in shown
    with pytest.raises(ValidationError):
        loaded.config.language = "en"


# ---- warnings


@pytest.mark.parametrize(
    ("mode", "value", "warned"),
    [
        (0o644, f'"{ID_NUMBER}"', True),
        (0o640, '"11010119900101 123x"', True),
        (0o600, f'"{ID_NUMBER}"', False),
        (0o644, '"SH2026000123"', False),
        (0o644, '{ env = "N" }', False),
    ],
)
def test_an_id_number_that_others_can_read_is_warned_of(tmp_path: Path, mode: int, value: str, *, warned: bool) -> None:
    file = tmp_path / "config.toml"
    file.write_text(
        CASE + '[[cases]]\nname = "b"\nadapter = "form"\nurl = "http://[::1]/"\n[cases.reference]\n"证件号码" = ' + value
    )
    file.chmod(mode)
    warnings = load(file, {"N": ID_NUMBER}, ADAPTERS).warnings
    expected = f"{file}:11: cases[b].reference.证件号码: an ID number that others on this machine can read ({mode:04o}), "
    assert [w.startswith(expected) for w in warnings] == ([True] if warned else [])
    assert ID_NUMBER not in str(warnings)


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        (CASE, []),
        (PUBLIC, []),
        (PUBLIC.replace("https:", "HTTP:"), ["progress.example.org"]),
        ('[[cases]]\nname = "me"\nadapter = "site"\nreference = { "受理编号" = "1" }\n', ["site.example"]),
        ('[[cases]]\nname = "me"\nadapter = "site"\nurl = "https://x.example"\nreference = { "受理编号" = "1" }\n', []),
    ],
)
def test_personal_data_over_plain_http_is_warned_of(read: Read, text: str, hosts: list[str]) -> None:
    warnings = read(text).warnings
    assert [re.findall(r"plain http to (\S+),", w) for w in warnings] == [[h] for h in hosts]


# ---- the example


def test_the_example_is_valid_and_shows_every_key() -> None:
    file = ROOT / "config.example.toml"
    loaded = load(file, {}, ADAPTERS)
    assert [c.name for c in loaded.config.cases] == ["me", "both"]
    assert not [w for w in loaded.warnings if "plain http" in w]
    text = file.read_text("utf-8")
    for section in re.split(r"^(?=\[)", text, flags=re.MULTILINE):
        header = re.match(r"\[+([a-z.]+)\]", section)
        shown = set(re.findall(r"^(?:# )?([a-z_]+) = ", section, re.MULTILINE))
        name = header[1] if header else ""
        if SECTIONS.get(name):
            assert {str(k[1]) for k in KEYS if k[0] == name} <= shown, name
    for model in (Config, Receiver, Case, Source):
        for key in model.model_fields:
            assert re.search(rf"^(?:# )?{key} = |^\[+(?:cases\.)?{key}\]", text, re.MULTILINE), key
    for key in ReadHints.__dataclass_fields__:
        assert re.search(rf"^{key} = ", text, re.MULTILINE), key


def test_the_example_refers_to_the_environment_and_to_files_in_comments_only() -> None:
    for line in (ROOT / "config.example.toml").read_text("utf-8").splitlines():
        assert not re.search(r"\{ (env|file) =", line.partition("#")[0])


def test_the_example_is_what_the_defaults_are(xdg: Path) -> None:
    example, default = load(ROOT / "config.example.toml", {}, ADAPTERS).config, load(None, {}, {}, root=xdg).config
    assert example.schedule.model_copy(update={"hours": None, "workdays": None}) == default.schedule
    assert example.fetch == default.fetch
    assert example.delivery == default.delivery
    assert example.life == default.life
    assert example.web == default.web


def test_the_models_can_become_a_json_schema() -> None:
    assert set(Config.model_json_schema()["properties"]) == set(Config.model_fields)


def test_values_of_the_right_type_pass_as_they_are() -> None:
    night = (time(22), time(8))
    assert Receiver(name="phone", url=SecretStr("json://localhost"), quiet_hours=night).quiet_hours == night
    assert Schedule(hours=((time(8), time(12)),), look_every=None).hours == ((time(8), time(12)),)
    assert Web(listen=("::1", 80)).listen == ("::1", 80)


def test_a_date_where_text_is_wanted_is_shown_as_a_date(read: Read) -> None:
    assert "timezone: 2026-11-23 is not a string" in mistakes(read, "timezone = 2026-11-23")[0]


def test_a_file_with_other_bytes_than_text_is_no_secret(read: Read, tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"\xff\xfe")
    [mistake] = mistakes(read, '[store]\nkey = { file = "key" }')
    assert mistake.endswith(f"store.key: the file {tmp_path}/key can't be read (UTF-8), allowed: a text file that you may read")


def test_one_wrong_value_hides_no_other(read: Read) -> None:
    text = 'receivers = "x"\n[schedule]\nevery = "1s"\n' + PUBLIC.replace("https://", "https://[")
    found = mistakes(read, text + PUBLIC, {"APPRISE_URLS": "json://localhost", "TRACKER_SCHEDULE__JITTER": "x"})
    assert [m.split(": ")[1] for m in found] == [
        "schedule.jitter",
        "receivers",
        "schedule.every",
        "cases[me].url",
        "cases[me].name",
    ]


def test_a_flag_for_a_table_that_is_none_leaves_the_mistake_in_the_file(read: Read) -> None:
    [mistake] = mistakes(read, 'web = "x"', flags={"web.listen": "127.0.0.1:1"})
    assert 'config.toml:1: web: "x" is not a table' in mistake


# ---- ways of asking


def test_a_place_that_a_person_looks_at_needs_neither_address_nor_reference_and_warns_of_nothing(read: Read) -> None:
    case = '[[cases]]\nname = "me"\nadapter = "by_hand"\n'
    assert read(case).warnings == ()
    assert read(f'{case}url = "http://site.example/"\nreference = {{ "受理编号" = "SH2026000123" }}\n').warnings == ()


def test_a_watched_page_needs_no_reference_and_sends_none(read: Read) -> None:
    case = '[[cases]]\nname = "me"\nadapter = "page"\nurl = "http://site.example/"\nwatch = true\ncss = "#content"\n'
    loaded = read(f'{case}reference = {{ "受理编号" = "SH2026000123" }}\n')
    assert loaded.warnings == ()
    assert read(case).config.cases[0].sources[0].ask == AskHints(watch=True, css="#content")
    only = read('[[cases]]\nname = "me"\nadapter = "list"\ncss = "#content"\n').config.cases[0].sources[0]
    assert only.ask.css == "#content"


def test_how_a_json_source_is_asked(read: Read) -> None:
    plain = CASE.replace('"form"', '"json"')
    assert read(plain).config.cases[0].sources[0].ask == AskHints()
    text = f'{plain}method = "POST"\nbody = "json"\nread.label = "json:data.list[].status"\n'
    assert read(text).config.cases[0].sources[0].ask == AskHints("POST", "json")
