"""What can be wrong in a config, each as one unwrapped line: `file:line: key: what, what is allowed`."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from difflib import get_close_matches
from zoneinfo import available_timezones

from pydantic_core import ErrorDetails

from tracker.config.lines import KeyPath
from tracker.core.words import N_

Tr = Callable[[str], str]

MISTAKES: Mapping[str, str] = {
    # the file
    "no_file": N_("no such file, name an existing one with -c, or copy config.example.toml there"),
    "directory": N_("this is a directory, the config is a file"),
    "unreadable": N_("can't be read ({why}), the config is a file that you may read"),
    "not_utf8": N_("not UTF-8 text, save the file as UTF-8"),
    "syntax": N_("not TOML ({why}), mend this line first, the rest is read after that"),
    # its shape
    "unknown_key": N_("no such key, allowed: {allowed}"),
    "missing_name": N_('missing, needed: a short name, such as "me"'),
    "missing_url": N_('missing, needed: an Apprise URL, such as {{ env = "TRACKER_PHONE_URL" }}'),
    "missing_adapter": N_("missing, needed: the name of an adapter, see `tracker adapters list`"),
    "missing_status": N_('missing, needed beside turn: status = "…"'),
    "not_string": N_('{value} is not a string, allowed: text in quotes, {{ env = "NAME" }} or {{ file = "path" }}'),
    "not_bool": N_("{value} is neither true nor false, allowed: true, false"),
    "not_list": N_('{value} is not a list, allowed: ["…", "…"]'),
    "not_table": N_("{value} is not a table, allowed: keys and their values below [{table}]"),
    "not_word": N_('{value} is no status, allowed: "approved" or {{ status = "submitted", turn = "employer" }}'),
    "not_tables": N_("{value} is not a list of tables, allowed: [[{table}]] before each of them"),
    "empty": N_("empty, allowed: a value, or leave the key out"),
    "mixed": N_("stands beside sources, allowed: either sources or adapter, url, reference and read"),
    "no_sources": N_("no source, allowed: one or more [[cases.sources]], or adapter, url, reference and read instead"),
    # its values
    "choice": N_("{value} is not known, allowed: {allowed}"),
    "duration": N_('{value} is not a duration, allowed: "45s", "30min", "4h", "2d", or together "1h30min", up to ten years'),
    "span": N_('{value} is not a length of time, allowed: "20 workdays", or "4h", "30d"'),
    "not_positive": N_('{value} is no time at all, allowed: "1s" or longer'),
    "every_floor": N_("{value} asks too often, allowed: 10min or longer (shorter only if all urls are on this machine)"),
    "gap_floor": N_("{value} asks too fast, allowed: 5s or longer (shorter only if all urls are on this machine)"),
    "hours": N_('{value} is not a time of day from-to, allowed: "08:30-18:00"'),
    "hours_order": N_('{value} ends before it begins, allowed: "08:30-18:00", or two of them around midnight'),
    "hours_empty": N_('{value} ends when it begins, allowed: "22:00-08:00"'),
    "size": N_('{value} is not a size, allowed: "512KiB", "2MiB", from 1KiB to 64MiB'),
    "listen": N_('{value} is not an address and port, allowed: "127.0.0.1:8300", "[::1]:8300"'),
    "url": N_('{value} is not a web address, allowed: "http://…" or "https://…"'),
    "selector": N_('{value} is not a CSS selector, allowed: such as "#content", "div.notice", "table tr"'),
    "json_path": N_(
        '{value} is not a path into a JSON answer, allowed: such as "json:data.status", "json:data.list[0].status", '
        '"json:data.list[].status" ([] is the entry that repeats the reference)'
    ),
    "contact": N_('{value} can\'t stand in a request, allowed: a mail or web address of up to 100 ASCII characters, or ""'),
    "timezone": N_('{value} is not a time zone, allowed: an IANA name such as "Asia/Shanghai"'),
    "name": N_(
        '{value} is not a name, allowed: up to 64 characters, no "/", no "-" in front, no blanks around it, not "." or ".."'
    ),
    "store_url": N_('{value} is not a store, allowed: "sqlite:////path/tracker.db" or "postgresql+psycopg://…"'),
    "short_key": N_(
        "{value} is too short for a key, allowed: 32 bytes in base64 or hex, or a sentence of 16 characters or more"
    ),
    "receiver_url": N_('{value} is not an Apprise URL, allowed: one with a scheme, such as "ntfy://topic"'),
    # what it refers to
    "env_unset": N_("the environment variable {name} is not set, set it or write the value here"),
    "env_empty": N_("the environment variable {name} is empty, give it a value or write the value here"),
    "file_missing": N_("the file {name} is not there, make it or write the value here"),
    "file_unreadable": N_("the file {name} can't be read ({why}), allowed: a text file that you may read"),
    "file_empty": N_("the file {name} is empty, put the value into it"),
    "apprise_file": N_("{name} holds something else than Apprise URLs on line {line}, allowed: one URL a line, # comments"),
    # how its parts fit
    "duplicate": N_("{value} is the name of another one too ({other}), allowed: a name of its own"),
    "unknown_receiver": N_("no receiver is called {value}, allowed: {allowed}"),
    "no_receivers": N_("no receiver is called {value}, and there is none at all, needed: a [[receivers]] of this name"),
    "unknown_adapter": N_("no adapter is called {value}, allowed: {allowed}"),
    "unknown_field": N_("{adapter} asks for no such field, allowed: {allowed}"),
    "missing_field": N_("missing, {adapter} asks for it, needed: {allowed}"),
    "empty_reference": N_('empty, needed: what finds the case on the site, such as "受理编号" = "…"'),
    "url_needed": N_("missing, {adapter} has no site of its own, needed: the address of the progress page"),
    "not_for_adapter": N_("{adapter} has no use for it, allowed: only with {allowed}"),
    "body_alone": N_('stands without method = "POST", allowed: method = "POST" beside it, or leave it out'),
    "css_alone": N_('stands without watch = true, allowed: watch = true beside it, or label = "css:…" below read for a status'),
    "read_of_watched": N_("stands beside a watched page, which has no status to read, allowed: one of the two"),
    "password_needed": N_('missing, needed to listen beyond this machine: {{ file = "path" }} or {{ env = "NAME" }}'),
}

WARNINGS: Mapping[str, str] = {
    "readable": N_('an ID number that others on this machine can read ({mode}), chmod 600 the file or use {{ file = "path" }}'),
    "plain_http": N_("personal data would travel over plain http to {host}, use https where the site offers it"),
}

# pydantic's own refusals; those not listed are ours already
_SHAPES = {
    "extra_forbidden": "unknown_key",
    "unexpected_keyword_argument": "unknown_key",
    "string_type": "not_string",
    "bool_type": "not_bool",
    "tuple_type": "not_list",
    "model_type": "not_table",
    "dataclass_type": "not_table",
    "dict_type": "not_table",
    "mapping_type": "not_table",
    "literal_error": "choice",
    "enum": "choice",
    "string_too_short": "empty",
    "too_short": "empty",
}
_LISTS_OF_TABLES = {"receivers", "cases", "sources"}
_ABSENCES = {c for c in MISTAKES if c.startswith("missing_")} | {"empty_reference", "url_needed", "password_needed"}
# keys that people write one table too high
_ELSEWHERE = {
    **{key: f"schedule.{key}" for key in ("every", "jitter", "hours", "workdays", "patience", "handoff_every", "look_every")},
    **{key: f"fetch.{key}" for key in ("contact", "min_gap", "max_body")},
    **{key: f"life.{key}" for key in ("heartbeat", "still_waiting", "remind")},
    **{key: f"web.{key}" for key in ("listen", "base_url", "password")},
    **{key: f"read.{key}" for key in ("label", "date", "identify", "details")},
}
_QUOTED = re.compile(r"'([^']*)'")
_NOTHING = object()


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake by its code. `value` is shown unless secret; `among` are the names that a wrong one may have meant.

    `beside` stands in for the place of a key that is not there; `other` is a key whose place the words name; `at` is a
    place outside the config file.
    """

    path: KeyPath
    code: str
    params: Mapping[str, str] = field(default_factory=dict)
    value: object = _NOTHING
    meant: str = ""
    among: tuple[str, ...] = ()
    beside: KeyPath | None = None
    other: KeyPath | None = None
    at: str = ""


def from_pydantic(error: ErrorDetails, allowed: Callable[[KeyPath], tuple[str, ...]]) -> Mistake:
    """A refusal of the models as a mistake; `allowed` names the keys of a table."""
    path, code = tuple(error["loc"]), error["type"]
    last, value = str(path[-1]), error["input"]
    meant = value if isinstance(value, str) else ""
    if code == "missing":
        return Mistake(path[:-1], "no_sources") if last == "sources" else Mistake(path, f"missing_{last}")
    code = _SHAPES.get(code, code)
    if code == "unknown_key":
        return unknown_key(path, allowed(path[:-1]))
    if code in {"not_list", "not_table"}:
        if code == "not_table" and "labels" in path[:-1]:
            return Mistake(path, "not_word", value=value)
        return Mistake(path, "not_tables" if code == "not_list" and last in _LISTS_OF_TABLES else code, value=value)
    if code == "choice":
        among = tuple(_QUOTED.findall(error.get("ctx", {}).get("expected", "")))
        return Mistake(path, code, {"allowed": ", ".join(f'"{n}"' for n in among)}, value, meant, among)
    if code == "timezone":
        return Mistake(path, code, value=value, meant=meant, among=tuple(sorted(available_timezones())))
    return Mistake(path, code, value=value)


def unknown_key(path: KeyPath, names: tuple[str, ...]) -> Mistake:
    """A key that its table does not have; `names` are those that it has."""
    return Mistake(path, "unknown_key", {"allowed": ", ".join(names)}, meant=str(path[-1]), among=names)


def guess(mistake: Mistake) -> str:
    """What the user may have meant; "" without an idea."""
    if mistake.code == "unknown_key" and mistake.meant in _ELSEWHERE:
        return _ELSEWHERE[mistake.meant]
    close = get_close_matches(mistake.meant, mistake.among, 1) if mistake.meant else []
    return close[0] if close else ""


def without_echoes(mistakes: list[Mistake]) -> list[Mistake]:
    """The mistakes without "this key is missing" where the key is there under a mistyped name."""
    mistyped = {(*m.path[:-1], guess(m)) for m in mistakes if m.code == "unknown_key"}
    return [m for m in mistakes if m.path not in mistyped or m.code not in _ABSENCES]


def sentence(mistake: Mistake, other: str, tr: Tr, *, secret: bool) -> str:
    """The words of a mistake, without place and key."""
    shown = tr(N_("the value")) if secret else show(mistake.value, tr)
    template = MISTAKES[mistake.code] if mistake.code in MISTAKES else WARNINGS[mistake.code]
    table = ".".join(p for p in mistake.path if isinstance(p, str))
    text = tr(template).format(**mistake.params, value=shown, other=other, table=table)
    meant = "" if secret else guess(mistake)
    return text + tr(N_(", did you mean {guess}?")).format(guess=f'"{meant}"') if meant else text


def show(value: object, tr: Tr) -> str:
    """A wrong value on one line: cut, and nothing in it that a terminal would obey."""
    match value:
        case str():
            return f'"{plain(value)}"'
        case bool():
            return str(value).lower()
        case int() | float():
            return plain(str(value))
        case datetime() | date() | time():
            return value.isoformat()
        case list() | tuple():
            return tr(N_("a list"))
        case _:
            return tr(N_("a table"))


def plain(text: str, most: int = 80) -> str:
    """Text without line ends, control and direction characters, at most 80 characters of it."""
    text = text if len(text) <= most else text[: most - 1] + "…"
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def key_of(path: KeyPath, tree: object) -> str:
    """How a key is called: `schedule.every`, `cases[me].url`, `cases[2]` (counted from 1) where it has no name."""
    text = ""
    for part in path:
        if isinstance(part, int):
            tree = tree[part] if isinstance(tree, list) and part < len(tree) else None
            name = tree.get("name") if isinstance(tree, dict) else None
            text += f"[{plain(name) if isinstance(name, str) and name else part + 1}]"
            continue
        if text and not isinstance(tree, dict):
            return text  # a part of a shorthand, such as the status of `"审批通过" = "aproved"`
        tree = tree.get(part) if isinstance(tree, dict) else None
        shown = plain(part) if part and not set(part) & set('."[] ') else f'"{plain(part)}"'
        text += f".{shown}" if text else shown
    return text


def unique(lines: Iterable[str]) -> list[str]:
    """The lines without repeats, in order."""
    return list(dict.fromkeys(lines))
