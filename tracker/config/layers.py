"""The tree of config values as the user gave them: the file, over it the environment, over it the flags."""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from platformdirs import user_config_path, user_data_path
from pydantic_core import PydanticCustomError

from tracker.config.lines import KeyPath
from tracker.config.mistakes import Mistake, plain
from tracker.config.model import Config
from tracker.config.values import APPRISE_URL, timezone

NOT_KEYS = {("store", "key_file")}  # worked out by `load`, not written by anybody
SECTIONS = {name: tuple(getattr(of.annotation, "model_fields", ())) for name, of in Config.model_fields.items()}
KEYS: tuple[KeyPath, ...] = tuple(
    (name, key) if key else (name,)
    for name, keys in SECTIONS.items()
    for key in keys or ("",)
    if (name, key) not in NOT_KEYS and name not in {"receivers", "cases"}
)
PASSWORD_FILE = "TRACKER_WEB__PASSWORD_FILE"  # noqa: S105 - a variable's name
OWN_ENV = frozenset({"TRACKER_CONFIG", "TRACKER_KEY", "TRACKER_KEY_FILE", "TRACKER_ADAPTERS", PASSWORD_FILE})

_TABLES: set[tuple[str, ...]] = {
    *((name,) for name in Config.model_fields if name not in {"language", "timezone"}),
    *((*at, table) for at in (("cases",), ("cases", "sources")) for table in ("reference", "read")),
    ("cases", "sources"),
    ("cases", "labels"),
}
_APPRISE_SPLIT = re.compile(r"[\s,;]+(?=[A-Za-z][A-Za-z0-9+.-]*://)")
_APPRISE_TAGS = re.compile(r"[\w\s,-]+=(?=\s*[A-Za-z][A-Za-z0-9+.-]*://)")


@dataclass
class Layers:
    """`given` stands over the file; `referred`: how a value was fetched, as written; `failed`: those that could not be.

    `files`: all that were read, or should have been, beside the config file.
    """

    tree: dict[str, Any]
    base: Path
    env: Mapping[str, str]
    given: dict[KeyPath, str] = field(default_factory=dict)
    referred: dict[KeyPath, str] = field(default_factory=dict)
    failed: set[KeyPath] = field(default_factory=set)
    mistakes: list[Mistake] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    files: list[Path] = field(default_factory=list)


def config_places(root: Path) -> tuple[Path, Path]:
    """Where the config file may be if none is named: in XDG's place, in the image's."""
    return user_config_path("tracker") / "config.toml", root / "config" / "config.toml"


def config_place(root: Path) -> Path | None:
    """The config file where none is named; None where there is none."""
    return next((p for p in config_places(root) if is_there(p)), None)


def is_there(place: Path) -> bool:
    """Also where it can't be looked at: passed over, a config would be ignored without a word; read, it says what is wrong."""
    try:
        place.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def usual_config(root: Path) -> Path:
    """Where the config file belongs, whether or not there is one yet: in /config in the image, else in XDG's place."""
    folder = root / "config" if _is_image(root) else user_config_path("tracker")
    return folder / "config.toml"


def default_places(path: Path | None, root: Path) -> tuple[Path, Path]:
    """(the store's file, the key's file): in /data in the image, else in XDG's data place; beside the config."""
    in_image = _is_image(root) and not (path and path.parent == user_config_path("tracker"))
    data = root / "data" if in_image else user_data_path("tracker")
    return data / "tracker.db", (path or usual_config(root)).parent / "tracker.key"


def _is_image(root: Path) -> bool:
    return (root / "config").is_dir() and (root / "data").is_dir()


def read_file(path: Path) -> tuple[str, dict[str, Any], Mistake | None]:
    """(text, tree, what is wrong with the file as a whole)."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return "", {}, Mistake((), "no_file", at=str(path))
    except IsADirectoryError:
        return "", {}, Mistake((), "directory", at=str(path))
    except OSError as error:
        return "", {}, Mistake((), "unreadable", {"why": error.strerror or "?"}, at=str(path))
    try:
        text = raw.decode("utf-8-sig")  # Windows editors put a mark in front
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return "", {}, Mistake((), "not_utf8", at=f"{path}:{line}")
    try:
        return text, tomllib.loads(text), None
    except (ValueError, RecursionError) as error:
        why, _, where = str(error).rpartition(" (at ")
        told = re.match(r"line ([0-9]+)", where)  # else it is the end of the text
        number = told[1] if told else str(text.rstrip().count("\n") + 1)
        return "", {}, Mistake((), "syntax", {"why": (why or str(error)).splitlines()[0]}, at=f"{path}:{number}")


def mode_of(file: Path | None) -> int:
    """The permission bits of the file; 0 where there is none (any more)."""
    try:
        return file.stat().st_mode & 0o777 if file else 0
    except OSError:
        return 0


def overlay(layers: Layers, flags: Mapping[str, str]) -> None:
    """Lay the environment and then the flags (`schedule.every` -> text) over the file."""
    _key_variables(layers)
    for path in KEYS:
        variable = "TRACKER_" + "__".join(str(p) for p in path).upper()
        if variable in layers.env:
            layers.used.add(variable)
            put(layers, path, layers.env[variable], variable)
    # A container gets its secrets as files, and at its first start it has no config file that could refer to them.
    _file_variable(layers, ("web", "password"), PASSWORD_FILE)
    for key, value in flags.items():
        put(layers, tuple(key.split(".")), value, "flag")


def put(layers: Layers, path: KeyPath, value: str, origin: str) -> None:
    """Set one value over the file; where the file has no table in its place, that mistake is told instead."""
    table = layers.tree if len(path) == 1 else layers.tree.setdefault(str(path[0]), {})
    if isinstance(table, dict):
        parts = [v.strip() for v in value.split(",") if v.strip()] if path[-1] == "hours" else value
        table[str(path[-1])] = parts
        layers.given[path] = origin


def _key_variables(layers: Layers) -> None:
    """TRACKER_KEY, and before it TRACKER_KEY_FILE, stand for store.key."""
    path: KeyPath = ("store", "key")
    if "TRACKER_KEY" in layers.env:
        put(layers, path, layers.env["TRACKER_KEY"], "TRACKER_KEY")
    _file_variable(layers, path, "TRACKER_KEY_FILE")


def _file_variable(layers: Layers, path: KeyPath, variable: str) -> None:
    """A variable that names the file with the value; it stands over the variable with the value itself."""
    if variable in layers.env:
        put(layers, path, "", variable)  # first, so that a file that can't be read is told of the variable
        put(layers, path, _from_file(layers, path, Path(layers.env[variable])), variable)


def resolve(layers: Layers) -> None:
    """Put the values in the place of every { env = "NAME" } and { file = "path" }."""
    _walk(layers, layers.tree, (), ())


def _walk(layers: Layers, node: dict[str, Any] | list[Any], path: KeyPath, names: tuple[str, ...]) -> None:
    key: str | int
    for key, child in list(node.items()) if isinstance(node, dict) else enumerate(node):
        if not isinstance(child, dict | list):
            continue
        here = (*path, key)
        called = (*names, key) if isinstance(key, str) else names
        value = _referred(layers, child, here) if called not in _TABLES and isinstance(child, dict) else None
        if value is None:
            _walk(layers, child, here, called)
        else:
            node[key] = value  # type: ignore[index]


def _referred(layers: Layers, table: dict[str, Any], path: KeyPath) -> str | None:
    """The value that a table refers to; None where it is another table."""
    [(how, name), *more] = table.items() if table else [("", "")]
    if more or how not in {"env", "file"} or not isinstance(name, str):
        return None
    layers.referred[path] = f'{{ {how} = "{plain(name)}" }}'
    if how == "file":
        return _from_file(layers, path, layers.base / at_home(name))
    layers.used.add(name)
    value = layers.env.get(name)
    if value:
        return value
    return _failed(layers, path, "env_unset" if value is None else "env_empty", name)


def at_home(name: str) -> Path:
    """~ is the user's home; the home of somebody who is not known here stays as it was written, and is not there."""
    try:
        return Path(name).expanduser()
    except RuntimeError:
        return Path(name)


def _from_file(layers: Layers, path: KeyPath, file: Path) -> str:
    if "\0" in str(file):  # no file has such a name, and asked for it Python raises what nobody catches
        return _failed(layers, path, "file_missing", str(file))
    layers.files.append(file)
    try:
        value = file.read_text("utf-8").rstrip("\r\n")
    except FileNotFoundError:
        return _failed(layers, path, "file_missing", str(file))
    except OSError as error:
        return _failed(layers, path, "file_unreadable", str(file), error.strerror or "?")
    except UnicodeDecodeError:
        return _failed(layers, path, "file_unreadable", str(file), "UTF-8")
    return value or _failed(layers, path, "file_empty", str(file))


def _failed(layers: Layers, path: KeyPath, code: str, name: str, why: str = "") -> str:
    layers.failed.add(path)
    layers.mistakes.append(Mistake(path, code, {"name": plain(name, 500), "why": why}))
    return ""


def add_apprise(layers: Layers) -> None:
    """Add the receivers of APPRISE_URLS and of the files of APPRISE_CONFIG_PATH, as Apprise's own command would find them.

    Of the two kinds of files that Apprise knows we read the plain one, a URL a line; YAML is refused with its first line.
    """
    for number, (url, origin) in enumerate(_apprise(layers), 1):
        receivers = layers.tree.setdefault("receivers", [])
        if not isinstance(receivers, list):
            return
        layers.given["receivers", len(receivers)] = origin
        receivers.append({"name": f"apprise-{number}", "url": url})


def _apprise(layers: Layers) -> Iterator[tuple[str, str]]:
    for url in _APPRISE_SPLIT.split(layers.env.get("APPRISE_URLS", "").strip()):
        if url:
            yield url, "APPRISE_URLS"
    for name in re.split(r"[\r\n;]+", layers.env.get("APPRISE_CONFIG_PATH", "")):
        if name.strip():
            yield from _apprise_file(layers, at_home(name.strip()))


def _apprise_file(layers: Layers, file: Path) -> Iterator[tuple[str, str]]:
    origin = "APPRISE_CONFIG_PATH"
    layers.given[origin,] = origin
    for number, line in enumerate(_from_file(layers, (origin,), file).splitlines(), 1):
        text = _APPRISE_TAGS.sub("", line.strip(), count=1).strip()
        if not text or text[0] in "#;":
            continue
        if not APPRISE_URL.fullmatch(text):
            layers.mistakes.append(Mistake((origin,), "apprise_file", {"name": str(file), "line": str(number)}))
            return
        yield text, origin


def system_language(env: Mapping[str, str]) -> str:
    """The locale's language, as far as we speak it."""
    locale = next((env[n] for n in ("LC_ALL", "LC_MESSAGES", "LANG") if env.get(n)), "C")
    if env.get("LANGUAGE") and locale.partition(".")[0] not in {"C", "POSIX"}:
        locale = env["LANGUAGE"]
    return "zh-CN" if locale.lower().startswith("zh") else "en"


def system_timezone(env: Mapping[str, str], root: Path) -> str:
    """The IANA name of the system's time zone: TZ, where /etc/localtime points to, /etc/timezone, else UTC."""
    named = root / "etc" / "timezone"
    candidates = (
        env.get("TZ", "").removeprefix(":"),
        os.path.realpath(root / "etc" / "localtime").rpartition("/zoneinfo/")[2],
        named.read_text("utf-8", "replace").strip() if named.is_file() else "",
    )
    return next((c for c in candidates if _is_zone(c)), "UTC")


def _is_zone(name: str) -> bool:
    try:
        return bool(name) and bool(timezone(name))
    except PydanticCustomError:
        return False
