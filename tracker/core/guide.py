"""A procedure as its applicant lives it: steps, papers, warnings. Data in, data out; the files stand in tracker/guides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from tracker.core.errors import TrackerError
from tracker.core.model import Status, Turn

Words = Mapping[str, str]
"""A text by language: "zh-CN" and "en"."""

LANGUAGES = ("zh-CN", "en")

Choice = TypeVar("Choice", bound=StrEnum)


class Expiry(StrEnum):
    """Whether a paper can lapse while one waits."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class GuideError(TrackerError):
    """A guide's file is not understood; says where."""


@dataclass(frozen=True, slots=True)
class Link:
    """An address with what is there; `as_of`: when somebody last saw it, as far as anybody knows."""

    url: str
    title: Words
    as_of: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `turns`: who has to do something; `statuses`: what a case shows meanwhile, () where it shows nothing."""

    number: int
    title: Words
    text: Words
    turns: tuple[Turn, ...]
    statuses: tuple[Status, ...]
    links: tuple[Link, ...]
    as_of: str


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper to hand in. `note` may be empty."""

    id: str
    title: Words
    note: Words
    expires: Expiry
    links: tuple[Link, ...]
    as_of: str


@dataclass(frozen=True, slots=True)
class Group:
    """Papers that belong together."""

    id: str
    title: Words
    papers: tuple[Paper, ...]


@dataclass(frozen=True, slots=True)
class Caution:
    """What sends a declaration back, or costs time. `step`: where it matters."""

    text: Words
    step: int
    as_of: str


@dataclass(frozen=True, slots=True)
class Guide:
    """One procedure. `confirmed_on` None: nobody has compared it with the authority's own pages; `adapters` read its pages."""

    id: str
    title: Words
    summary: Words
    source: Words
    as_of: str
    confirmed_on: date | None
    adapters: tuple[str, ...]
    steps: tuple[Step, ...]
    groups: tuple[Group, ...]
    cautions: tuple[Caution, ...]

    @property
    def papers(self) -> tuple[Paper, ...]:
        return tuple(paper for group in self.groups for paper in group.papers)

    def steps_at(self, status: Status) -> tuple[Step, ...]:
        """The steps at which a case with this status may be."""
        return tuple(step for step in self.steps if status in step.statuses)


def guide_of(name: str, data: Mapping[str, object]) -> Guide:
    """A guide from the tables of its file; GuideError names the place of the first mistake."""
    top = _Table(name, data, "")
    as_of = top.text("as_of")
    guide = Guide(
        id=name,
        title=top.words("title"),
        summary=top.words("summary"),
        source=top.words("source"),
        as_of=as_of,
        confirmed_on=top.day("confirmed_on"),
        adapters=top.texts("adapters"),
        steps=tuple(_step(number, table) for number, table in enumerate(top.tables("steps", as_of))),
        groups=tuple(_group(table) for table in top.tables("groups", as_of)),
        cautions=tuple(Caution(t.words("text"), t.number("step"), t.as_of) for t in top.tables("cautions", as_of)),
    )
    top.done()
    ids = [paper.id for paper in guide.papers]
    if len(set(ids)) < len(ids):
        raise GuideError(f"{name}: groups: a paper's id stands twice")
    if any(not 0 <= c.step < len(guide.steps) for c in guide.cautions):
        raise GuideError(f"{name}: cautions: a step that is not there")
    return guide


def _step(number: int, table: "_Table") -> Step:
    turns = tuple(table.choice(Turn, text) for text in table.texts("turns"))
    statuses = tuple(table.choice(Status, text) for text in table.texts("statuses"))
    step = Step(number, table.words("title"), table.words("text"), turns, statuses, _links(table), table.as_of)
    table.done()
    return step


def _group(table: "_Table") -> Group:
    papers = tuple(_paper(inner) for inner in table.tables("papers", table.as_of))
    group = Group(table.text("id"), table.words("title"), papers)
    table.done()
    return group


def _paper(table: "_Table") -> Paper:
    expires = table.choice(Expiry, table.text("expires"))
    note = table.words("note", needed=False)
    paper = Paper(table.text("id"), table.words("title"), note, expires, _links(table), table.as_of)
    table.done()
    return paper


def _links(table: "_Table") -> tuple[Link, ...]:
    return tuple(Link(t.text("url"), t.words("title"), t.as_of) for t in table.tables("links", table.as_of))


class _Table:
    """One table of a file, whose keys are taken one by one; what is left over is a mistake."""

    def __init__(self, name: str, data: Mapping[str, object], place: str, as_of: str = "") -> None:
        self._name, self._place = name, place
        self._left = dict(data)
        self.as_of = str(self._left.pop("as_of", as_of)) if place else as_of

    def _wrong(self, key: str, what: str) -> GuideError:
        return GuideError(f"{self._name}: {self._place}{key}: {what}")

    def text(self, key: str) -> str:
        value = self._left.pop(key, None)
        if not isinstance(value, str) or not value:
            raise self._wrong(key, "a text is needed")
        return value

    def number(self, key: str) -> int:
        value = self._left.pop(key, None)
        if not isinstance(value, int):
            raise self._wrong(key, "a number is needed")
        return value

    def day(self, key: str) -> date | None:
        value = self._left.pop(key, None)
        if value is not None and not isinstance(value, date):
            raise self._wrong(key, "a date is needed, or nothing")
        return value

    def words(self, key: str, *, needed: bool = True) -> Words:
        value = self._left.pop(key, None)
        if value is None and not needed:
            return {}
        if not isinstance(value, dict) or set(value) != set(LANGUAGES) or not all(value.values()):
            raise self._wrong(key, f"a text for each of {', '.join(LANGUAGES)} is needed")
        return {language: str(value[language]) for language in LANGUAGES}

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._left.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise self._wrong(key, "a list of texts is needed")
        return tuple(value)

    def tables(self, key: str, as_of: str) -> "Sequence[_Table]":
        value = self._left.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            raise self._wrong(key, "a list of tables is needed")
        return [_Table(self._name, v, f"{self._place}{key}[{n}].", as_of) for n, v in enumerate(value)]

    def choice(self, kind: type[Choice], text: str) -> Choice:
        try:
            return kind(text)
        except ValueError:
            raise self._wrong(kind.__name__.lower(), f"{text!r} is none of {', '.join(kind)}") from None

    def done(self) -> None:
        if self._left:
            raise self._wrong(next(iter(self._left)), "no such key")
