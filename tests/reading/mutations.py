"""Every recording, damaged in every place: it reads as before, or not at all.

A recording that reads must go on saying its own status or nothing. One that doesn't read may come to show the status that
stands on it (a second, contradicting one was taken away, say), and no other words.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from pathlib import Path

from tests.reading.words import squash
from tests.replay import RECORDINGS, Scenario, folders, load
from tracker.core.errors import CheckError
from tracker.pages.contract import Response
from tracker.registry import Registry

CUTS = 50
INSTEAD = ("系统维护中", "未查询到相关记录", "请重新登录", "系统繁忙，请稍后再试")
RENAMED = ("流转情况", "系统状态")
TAG = re.compile(r"<[^<>]+>")
TEXT = re.compile(r"(?<=>)[^<>]*[^<>\s][^<>]*(?=<)")
CELL = re.compile(r"<(td|th|dt|dd|li|span|p|label|b|strong|div|h\d)\b[^<>]*>[^<>]*</\1>", re.IGNORECASE)
_META = re.compile(r"<meta[^>]*charset[^>]*>", re.IGNORECASE)
_PAIR = re.compile(r'"([^"]+)"\s*:\s*("(?:[^"\\]|\\.)*"|[-\d.]+|null|true|false)\s*,?')
_QUOTED = re.compile(r"""(?<=: ")[^"]*(?=")""")


@dataclass
class Damage:
    """What came of damaging one recording, or all of them."""

    recordings: int = 0
    mutations: int = 0
    same: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, other: "Damage") -> None:
        self.recordings += other.recordings
        self.mutations += other.mutations
        self.same += other.same
        self.wrong += other.wrong


def of_page(text: str, value: str = "") -> Iterator[tuple[str, str]]:
    """(what was done, the page afterwards) for a page of markup that says `value`."""
    yield "nothing", text
    for part in range(1, CUTS):
        yield f"cut at {part}/{CUTS}", text[: len(text) * part // CUTS]
    for found in TAG.finditer(text):
        yield f"without {found.group()}", text[: found.start()] + text[found.end() :]
    for found in CELL.finditer(text):
        rest = text[: found.start()] + text[found.end() :]
        yield f"without {found.group()}", rest
        if not value or squash(value) not in squash(unescape(found.group())):
            yield f"twice {found.group()}", text[: found.end()] + found.group() + text[found.end() :]
        yield f"at the end {found.group()}", _before(rest, "</body>", found.group())
        yield f"at the start {found.group()}", _after(rest, "<body>", found.group())
    yield from _texts(text, value)


def _texts(text: str, value: str) -> Iterator[tuple[str, str]]:
    """Every text gone, or another in its place. The status itself is not renamed: then it would be another one."""
    start = max(text.find("</head>"), 0)
    for found in TEXT.finditer(text, start):
        before, after = text[: found.start()], text[found.end() :]
        yield f"no text {found.group()}", before + after
        for words in INSTEAD:
            yield f"{words} for {found.group()}", before + words + after
        if not value or squash(value) not in squash(unescape(found.group())):
            yield f"text twice {found.group()}", before + found.group() * 2 + after
            for words in RENAMED:
                yield f"{words} for {found.group()}", before + words + after


def of_json(text: str) -> Iterator[tuple[str, str]]:
    """The same for a JSON answer."""
    yield "nothing", text
    for part in range(1, CUTS):
        yield f"cut at {part}/{CUTS}", text[: len(text) * part // CUTS]
    for found in _PAIR.finditer(text):
        before, after = text[: found.start()], text[found.end() :]
        yield f"without {found.group()}", before + after
        yield f"twice {found.group()}", before + found.group().rstrip(", ") + ", " + found.group() + after
        yield f"renamed {found.group()}", before + found.group().replace(found[1], "stage", 1) + after
    for found in _QUOTED.finditer(text):
        for words in INSTEAD:
            yield f"{words} for {found.group()}", text[: found.start()] + words + text[found.end() :]


def _before(text: str, mark: str, put: str) -> str:
    at = text.rfind(mark)
    return text + put if at < 0 else text[:at] + put + text[at:]


def _after(text: str, mark: str, put: str) -> str:
    at = text.find(mark)
    return put + text if at < 0 else text[: at + len(mark)] + put + text[at + len(mark) :]


def damaged(folder: Path) -> Damage:
    """One recording."""
    scenario = load(folder)
    result = Damage(recordings=1)
    last = scenario.exchanges[-1]
    if scenario.reference.ask.watch or ("json" not in last.content_type and not last.content_type.startswith("text/")):
        return result
    body = _META.sub("", last.response().text)
    kind = last.content_type.split(";")[0]
    value = scenario.expected.get("label", "")
    for what, changed in of_json(body) if _is_json(body) else of_page(body, value):
        label = _label(scenario, Response(last.url, 200, f"{kind}; charset=utf-8", changed.encode()))
        result.mutations += 1
        if label is None:
            continue
        if label in allowed(scenario, body):
            result.same += 1
        else:
            result.wrong.append(f"{folder.parent.name}/{folder.name}: {label!r} with {what[:90]!r}")
    return result


def allowed(scenario: Scenario, body: str) -> frozenset[str]:
    """The status of a recording that reads; of another, whatever stands alone in its cells or values."""
    if "label" in scenario.expected:
        return frozenset({scenario.expected["label"]})
    captions = set(INSTEAD)
    return frozenset(({words.strip() for words in TEXT.findall(body)} | set(_QUOTED.findall(body))) - captions) | set(RENAMED)


def _is_json(body: str) -> bool:
    try:
        json.loads(body)
    except ValueError:
        return body.lstrip().startswith(("{", "["))
    return True


@cache
def _registry() -> Registry:
    return Registry()


def _label(scenario: Scenario, page: Response) -> str | None:
    try:
        return _registry()[scenario.adapter].read(page, scenario.reference).label or None
    except CheckError:
        return None
    except Exception as error:  # noqa: BLE001 - a crash is the worst reading there is
        return f"crash: {error!r}"


def run(*, jobs: int = 2) -> Damage:
    """All recordings, in so many processes."""
    total = Damage()
    with ProcessPoolExecutor(jobs) as pool:
        for part in pool.map(damaged, folders()):
            total.add(part)
    return total


def by_kind(wrong: list[str]) -> list[tuple[str, int]]:
    """How often each recording was read wrongly, the worst first."""
    return Counter(line.split(":")[0] for line in wrong).most_common()


__all__ = ["RECORDINGS", "Damage", "allowed", "by_kind", "damaged", "of_json", "of_page", "run"]
