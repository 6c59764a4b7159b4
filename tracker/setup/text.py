"""The first config as TOML, with comments in the person's language."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from gettext import NullTranslations
from typing import Any

Tree = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class First:
    """What the first config says. `case`: as a user would write it, None: none yet; `store` "": the default place."""

    language: str
    timezone: str = ""
    receivers: tuple[tuple[str, object], ...] = field(default=(), repr=False)
    case: Tree | None = field(default=None, repr=False)
    store: str = ""


def config_text(first: First, tr: NullTranslations) -> str:
    """The file's text."""
    _ = tr.gettext
    parts = [
        _comment(_("Tracker's configuration, made by `tracker init`. Every key: docs/configuration.md.")),
        _comment(_("Check it after a change: tracker config check")),
        "",
        f"language = {quoted(first.language)}",
    ]
    if first.timezone:
        parts.append(f"timezone = {quoted(first.timezone)}")
    if first.store:
        seal = _("Numbers and names in it are sealed with the key beside this file: keep both.")
        parts += ["", "[store]", _comment(seal), f"url = {quoted(first.store)}"]
    parts += [
        "",
        _comment(_("Who is told. Secrets may stand elsewhere:"), 'url = { env = "NAME" },', 'url = { file = "/path" }'),
    ]
    if not first.receivers:
        parts.append(_comment(_("Nobody yet: put a [[receivers]] table here, with name and url (docs/receivers.md).")))
    for name, url in first.receivers:
        parts += receiver_lines(name, url)
    parts += ["", _comment(_("What is tracked. `tracker check` looks now, `tracker serve` keeps looking."))]
    if first.case is None:
        parts.append(_comment(_("Nothing yet: put a [[cases]] table here; `tracker adapters show form` shows one.")))
    else:
        parts += case_lines(first.case)
    return "\n".join(parts) + "\n"


def receiver_lines(name: str, url: object) -> list[str]:
    """A [[receivers]] table."""
    return ["[[receivers]]", f"name = {quoted(name)}", f"url = {value(url)}", ""]


def case_lines(case: Tree) -> list[str]:
    """A [[cases]] table with its reference."""
    plain = {key: v for key, v in case.items() if not isinstance(v, Mapping)}
    lines = ["[[cases]]", *(f"{key} = {value(v)}" for key, v in plain.items())]
    for key, table in case.items():
        if isinstance(table, Mapping) and table:
            lines += ["", f"[cases.{key}]", *(f"{quoted(caption)} = {value(v)}" for caption, v in table.items())]
    return lines


def value(given: object) -> str:
    """A value as TOML: a text, or where it stands instead."""
    if isinstance(given, Mapping):
        return "{ " + ", ".join(f"{key} = {quoted(str(v))}" for key, v in given.items()) + " }"
    return quoted(str(given))


def quoted(text: str) -> str:
    """A basic string: JSON's escapes are TOML's, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _comment(*words: str) -> str:
    return "# " + " ".join(words)


def names_for(names: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """Names that differ from each other and from those taken: phone, phone-2, …."""
    found: list[str] = []
    there = set(taken)
    for name in names:
        free = next(n for n in (name, *(f"{name}-{number}" for number in range(2, 1000))) if n not in there)
        there.add(free)
        found.append(free)
    return found
