"""The masked bundle for a bug report: built from what may be shown, never by crossing out what may not.

No reference value, no name of a case or receiver, no receiver's URL, no query of an address, no evidence. No page either, but
for the last unreadable one of a named case, masked, where that is asked for.
"""

import platform
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from tracker.config.layers import SECTIONS
from tracker.core.clean import clean
from tracker.core.errors import ConfigError, StoreError
from tracker.core.explain import PLACES
from tracker.core.mask import hide_text, is_personal, mask_text
from tracker.core.model import Observation, Problem
from tracker.desk import Desk
from tracker.doctor import onecase
from tracker.doctor.examine import Ask, findings
from tracker.pages.masking import public_words
from tracker.pages.names import could_be_name
from tracker.store import survey
from tracker.store.store import SourceRow
from tracker.store.tables import SCHEMA
from tracker.subjects import Subject

JSON = dict[str, object]

LIBRARIES = (
    "alembic", "apprise", "apscheduler", "beautifulsoup4", "chinesecalendar", "click", "cryptography", "fastapi", "httpx",
    "lxml", "pydantic", "rich", "selectolax", "sqlalchemy", "sqlmodel", "starlette", "tzdata", "uvicorn",
)  # fmt: skip
LOOKED_BACK = 10
# Findings whose words name cases or receivers are told by their code alone; the sources below say the rest.
_PLAIN = frozenset({"packages", "user", "timezone", "workdays", "disk", "clock", "service", "schedule"})
_USUAL_PLACES = ("/config", "/data", "/etc", "/var", "/run", "/tmp")  # noqa: S108 - shown as they are, never written to
_KEY = re.compile(rf"(?:{'|'.join(SECTIONS)})(?:\[…\])?(?:\.(?!reference|labels)[a-z_]+(?:\[…\])?)*")
_PATH = re.compile(r"(?<![A-Za-z])(?:sqlite:///)?/[^\s:：,，;)）]+")


def bundle(desk: Desk, case: str, now: datetime, ask: Ask, *, page: bool = False) -> JSON:
    """Everything, as data; `case` "": all of them. Of a named one more is said; `page`: also its last unreadable page."""
    content = _gathered(desk, case, now, ask, page=page)
    theirs = _theirs(desk)
    return {key: _without(part, theirs) for key, part in content.items()}


def _gathered(desk: Desk, case: str, now: datetime, ask: Ask, *, page: bool) -> JSON:
    content: JSON = {"made_at": now.isoformat(timespec="minutes"), "versions": versions()}
    content["doctor"] = [
        {"level": f.level.value, "about": f.about, "text": shown_text(f.text) if f.about in _PLAIN else ""}
        for f in findings(desk, now, ask)
    ]
    try:
        content["config"] = _config(desk) | _mistakes(desk.loaded.left_out)
    except ConfigError as error:
        content["config"] = _mistakes(error.mistakes)
        return content
    try:
        content["sources"] = list(_sources(desk, case, page=page))
        content["store"] = survey.counts(desk.base) if desk.store_is_there else None
    except StoreError as error:
        content["store"] = shown_text(str(error).partition(": ")[2])
    return content


def versions() -> JSON:
    """Of us, Python, the system, and the libraries."""
    found: JSON = {"application-tracker": version("application-tracker"), "schema": SCHEMA}
    found["python"] = f"{platform.python_implementation()} {platform.python_version()}"
    found["system"] = f"{platform.system()} {platform.release()} {platform.machine()}"
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = None
    return found


def _mistakes(lines: Sequence[str]) -> JSON:
    return {"mistakes": [_place_of(line) for line in lines]} if lines else {}


def _place_of(mistake: str) -> str:
    """Where a mistake of the config is: line and key, without the value that is wrong."""
    parts = mistake.split(": ")
    line = re.search(r":(\d+)$", parts[0])
    key = _KEY.match(re.sub(r"\[.*\]", "[…]", parts[1])) if len(parts) > 2 else None
    return f"line {line[1] if line else '?'} {key[0] if key else ''}".strip()


def _config(desk: Desk) -> JSON:
    config = desk.config
    numbers = {receiver.name: number for number, receiver in enumerate(config.receivers, 1)}
    return {
        "language": config.language,
        "timezone": config.timezone,
        "store": (config.store.url or "").partition(":")[0],
        "key": "given" if config.store.key else "file",
        "schedule": config.schedule.model_dump(mode="json"),
        "fetch": config.fetch.model_dump(mode="json", exclude={"contact"}),
        "heartbeat": config.life.heartbeat is not None,
        "listens_beyond_this_machine": config.web.listen[0] not in {"127.0.0.1", "::1", "localhost"},
        "unused_variables": len(desk.loaded.unused_env),
        "receivers": [
            {
                "number": number,
                "scheme": receiver.url.get_secret_value().partition("://")[0].lower()[:20],
                "events": list(receiver.events),
                "privacy": receiver.privacy,
                "quiet_hours": receiver.quiet_hours is not None,
            }
            for number, receiver in enumerate(config.receivers, 1)
        ],
        "cases": [
            {
                "number": number,
                "of_store": desk.cases.is_of_store(case.name),
                "sources": [source.adapter for source in case.sources],
                "receivers": None if case.receivers is None else [numbers.get(name, 0) for name in case.receivers],
                "own_labels": len(case.labels),
            }
            for number, case in enumerate(config.cases, 1)
        ],
    }


def _sources(desk: Desk, case: str, *, page: bool) -> Iterator[JSON]:
    """What is set up and what happened, source by source."""
    rows = {row.key: row for row in desk.store.sources()} if desk.store_is_there else {}
    hosts = desk.store.hosts() if desk.store_is_there else {}
    numbers = {c.name: number for number, c in enumerate(desk.config.cases, 1)}
    theirs = _theirs(desk)
    for subject in desk.subjects():
        if case and subject.case.name != case:
            continue
        row, site = rows.get(subject.key), hosts.get(subject.host)
        seen = list(_observations(desk, row)) if row else []
        known = (*subject.known, *_persons(seen), *theirs)
        yield {
            "case": numbers[subject.case.name],
            "adapter": subject.meta.id,
            "verified_on": subject.meta.verified_on.isoformat() if subject.meta.verified_on else None,
            "site": site_shown(subject.reference.url, known),
            "asked_by": [public_words(name, known) for name in subject.reference.values],
            "read": {key: value is not None and value != () for key, value in _read(subject).items()},
            "site_streak": _streak(site.streak) if site and site.streak else None,
            "site_waits_until": _iso(site.wait_until) if site else None,
            **(_history(row, known) if row else {"history": None}),
            "observations": [_seen(one, known) for one in seen],
            **(_of_one(desk, subject, row, known, page=page) if case else {}),
        }


def _of_one(desk: Desk, subject: Subject, row: SourceRow | None, known: tuple[str, ...], *, page: bool) -> JSON:
    """What only the bundle of a named case says."""
    more: JSON = {"config": onecase.asked(subject, known)}
    if row is not None:
        more |= {"told": onecase.told(desk, row), "shape": onecase.shapes(desk, row, known)}
        more["pages"] = list(onecase.pages(desk, subject, known, page=page))
    return more


def _persons(seen: Iterable[Observation]) -> Iterator[str]:
    """What the page showed beside captions such as 姓名: the person's own, though the reference has none of it."""
    return (value for one in seen for caption, value in one.details.items() if is_personal(caption))


def _theirs(desk: Desk) -> tuple[str, ...]:
    """What is a person's in any case: references, and names of cases that are people's; Latin words are too often anybody's."""
    try:
        subjects = desk.subjects()
    except (ConfigError, StoreError):
        return ()
    values = [*desk.loaded.theirs, *(value for subject in subjects for value in subject.known)]
    values += [subject.case.name for subject in subjects if could_be_name(subject.case.name)]
    return tuple(v for v in dict.fromkeys(values) if not v.isascii() or not v.isalpha())


def _without(part: object, known: tuple[str, ...]) -> object:
    """The last look: whatever else a text holds, it holds nothing of a person's."""
    if isinstance(part, dict):
        return {name: _without(inner, known) for name, inner in part.items()}
    if isinstance(part, list):
        return [_without(inner, known) for inner in part]
    return hide_text(part, known, lambda _: "…") if isinstance(part, str) else part


def _read(subject: Subject) -> Mapping[str, object]:
    hints = subject.reference.read
    return {"label": hints.label, "date": hints.date, "identify": hints.identify, "details": hints.details}


def _observations(desk: Desk, row: SourceRow) -> Iterable[Observation]:
    return [seen for source, seen in desk.store.observations(row.case, LOOKED_BACK) if source == row.name]


def _history(row: SourceRow, known: tuple[str, ...]) -> JSON:
    past = row.history
    return {
        "history": {
            "outcome": past.outcome.value if past.outcome else None,
            "looked_at": _iso(past.looked_at),
            "last_read_at": _iso(past.last_read_at),
            "missing_since": _iso(past.missing_since),
            "pending_since": _iso(past.pending_since),
            "streak": _streak(past.streak) if past.streak else None,
            "unknown_words": len(past.words),
            "reference_refused": past.invalid,
        },
        "problem": _problem(row.problem, known),
        "next_check": {"at": _iso(row.next_check.at), "reason": row.next_check.reason},
        "paused": row.paused,
        "archived": row.archived,
    }


def _streak(streak: object) -> JSON:
    since, looks = getattr(streak, "since", None), getattr(streak, "looks", 0)
    return {"since": _iso(since), "looks": looks, "reason": clean(str(getattr(streak, "reason", "")), 40)}


def _problem(problem: Problem | None, known: tuple[str, ...]) -> JSON | None:
    """The reason, and where on the page: our own words for what was expected and found, else only how long that was."""
    if problem is None:
        return None
    found: JSON = {"reason": clean(problem.reason, 40)}
    for name in ("where", "field"):
        if name in problem.params:
            found[name] = public_words(problem.params[name], known)
    for name in ("expected", "found"):
        if name in problem.params:
            words = problem.params[name]
            found[name] = words if words in PLACES else f"({len(words)} characters)"
    return found


def _seen(seen: Observation, known: tuple[str, ...]) -> JSON:
    return {
        "seen_at": _iso(seen.seen_at),
        "via": seen.via.value,
        "label": public_words(seen.label, known),
        "status": seen.status.value,
        "known": seen.known,
        "confirmed": seen.confirmed,
        "identity": seen.identity.value,
        "provisional": seen.provisional,
        "dated": seen.reported_on is not None,
        "notice": seen.notice is not None,
        "captions": [public_words(name, known) for name in seen.details],
    }


def site_shown(url: str, known: tuple[str, ...]) -> str:
    """An address without user, query and fragment, and without digits in its path."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.hostname}{port}{public_words(unquote(parts.path), known)}" if parts.hostname else ""


def shown_text(text: str) -> str:
    """A sentence of ours with the paths in it made harmless."""
    home = str(Path.home())
    if len(home) > 1:
        text = text.replace(home, "~")
    return mask_text(_PATH.sub(lambda found: _shown_path(found[0]), text), ())


def _shown_path(path: str) -> str:
    path = path.removeprefix("sqlite://")
    inside = PurePosixPath(path)
    return path if any(inside.is_relative_to(place) for place in _USUAL_PLACES) else f"…/{inside.name}"


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="minutes") if moment else None
