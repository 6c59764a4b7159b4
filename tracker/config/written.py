"""Values of the config -> how a user would write them, with secrets hidden and personal data masked."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import time, timedelta
from enum import Enum

from pydantic import BaseModel, SecretStr

from tracker.config.layers import NOT_KEYS, SECTIONS
from tracker.config.lines import KeyPath
from tracker.config.model import Case, Config
from tracker.config.rules import OF_A_SOURCE
from tracker.config.values import SIZES
from tracker.core.mask import mask_value
from tracker.core.model import Word
from tracker.core.workdays import Span

Written = str | bool | int | list["Written"] | dict[str, "Written"] | None

HIDDEN = "••••"
_SECOND = 1_000
_UNITS = (("d", 86_400 * _SECOND), ("h", 3_600 * _SECOND), ("min", 60 * _SECOND), ("s", _SECOND), ("ms", 1))


def written(value: object) -> Written:
    """A value as the config file would have it; None where the key would be left out."""
    match value:
        case None | bool() | int():
            return value
        case Word(status, None):
            return status.value
        case BaseModel():
            return {key: written(getattr(value, key)) for key in type(value).model_fields}
        case Mapping():
            return {str(key): written(one) for key, one in value.items()}
    if is_dataclass(value) and not isinstance(value, Span):
        return {f.name: written(getattr(value, f.name)) for f in fields(value)}
    return _value(value)


def _value(value: object) -> Written:
    match value:
        case SecretStr():
            return HIDDEN
        case Enum():
            return str(value.value)
        case timedelta():
            return _duration(value)
        case Span(amount, unit):
            return f"{amount} workdays" if unit == "workdays" else _duration(timedelta(seconds=amount))
        case (time() as begin, time() as end):
            return f"{_clock(begin)}-{_clock(end)}"
        case (str() as host, int() as port):
            return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        case list() | tuple():
            return [written(one) for one in value]
    return str(value)


def size(value: int) -> str:
    """2097152 -> "2MiB": in the largest unit that needs no fraction."""
    unit, factor = next((u, f) for u, f in reversed(SIZES.items()) if value % f == 0)
    return f"{value // factor}{unit}"


def entries(config: Config, plainly: Sequence[bool]) -> Iterator[tuple[KeyPath, Written]]:
    """(path, value) of every key of the schema, in its order. `plainly`: which cases are written without `sources`."""
    for section, keys in SECTIONS.items():
        if section in {"receivers", "cases"}:
            continue
        table = getattr(config, section)
        if not keys:
            yield (section,), written(table)
        for key in keys:
            if (section, key) not in NOT_KEYS:
                yield (section, key), _setting(key, getattr(table, key))
    for n, receiver in enumerate(config.receivers):
        for key in type(receiver).model_fields:
            yield ("receivers", n, key), written(getattr(receiver, key))
    for n, case in enumerate(config.cases):
        yield from _case(("cases", n), case, plainly=plainly[n])


def _setting(key: str, value: object) -> Written:
    if isinstance(value, int) and key == "max_body":
        return size(value)
    if isinstance(value, Mapping) and key == "reference":  # it finds a person
        return {name: mask_value(text) for name, text in value.items()}
    return _address(value) if key == "url" and isinstance(value, str) else written(value)


def _case(path: KeyPath, case: Case, *, plainly: bool) -> Iterator[tuple[KeyPath, Written]]:
    parts = [((*path, key), getattr(case, key)) for key in type(case).model_fields if key != "sources"]
    if plainly:
        parts += [((*path, key), getattr(case.sources[0], key)) for key in OF_A_SOURCE]
    yield from _parts(parts)
    if not plainly:
        for m, source in enumerate(case.sources):
            yield from _parts([((*path, "sources", m, key), getattr(source, key)) for key in type(source).model_fields])


def _parts(parts: list[tuple[KeyPath, object]]) -> Iterator[tuple[KeyPath, Written]]:
    """The keys of a table, those that are tables themselves last, as the file wants it."""
    for path, value in sorted(parts, key=lambda part: _is_table(part[1])):
        shown = _setting(str(path[-1]), value)
        if shown and isinstance(shown, dict):
            yield from (((*path, key), one) for key, one in shown.items())
        else:
            yield path, shown


def _is_table(value: object) -> bool:
    return bool(value) if isinstance(value, Mapping) else is_dataclass(value) and not isinstance(value, Span)


def _address(url: str) -> str:
    """An address without the password or the query in it: they may find a person, or open a door."""
    place, mark, _ = re.sub(r"//[^/?#]*@", f"//{HIDDEN}@", url, count=1).partition("?")
    return place + mark + (HIDDEN if mark else "")


def _duration(value: timedelta) -> str:
    left, text = round(value.total_seconds() * _SECOND), ""
    for unit, length in _UNITS:
        count, left = divmod(left, length)
        text += f"{count}{unit}" if count else ""
    return text or "0s"


def _clock(moment: time) -> str:
    return "24:00" if moment == time.max else f"{moment:%H:%M}"
