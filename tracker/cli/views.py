"""What commands show of a reading, an event, a problem and a plan: the contract's JSON fields, and the same in words."""

import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from difflib import get_close_matches
from gettext import NullTranslations
from shutil import get_terminal_size
from typing import TYPE_CHECKING

import click

from tracker.cli.app import App, iso
from tracker.core.clean import clean, cut
from tracker.core.errors import ConfigError
from tracker.core.mask import mask_details, mask_text
from tracker.core.message import likely, next_check_text, problem_text, render, status_name
from tracker.core.model import Event, Observation, Problem, Via
from tracker.core.schedule import Next

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from tracker.config.model import Case

JSON = dict[str, object]
LONGEST_LABEL = 300
LONGEST_LIST = 200
UNLIMITED = 10_000  # what is piped into another program is not wrapped


def known_values(case: "Case | None") -> tuple[str, ...]:
    """The reference values of a case, which are masked wherever they stand."""
    return tuple(value for source in case.sources for value in source.reference.values()) if case else ()


def find_case(app: App, name: str | None) -> "Case | None":
    """The config's case of this name; None for one that left the config, and for a host's event."""
    return next((case for case in app.config.cases if case.name == name), None)


def masked(text: str, known: tuple[str, ...], *, unmasked: bool) -> str:
    """A text as it leaves the program: reference values, ID and mobile numbers masked unless the user wants all."""
    return text if unmasked else mask_text(text, known)


def observation_fields(seen: Observation | None, *, known: tuple[str, ...], unmasked: bool, via: Via | None = None) -> JSON:
    """The contract's fields of a reading; nulls where there is none, but for `via`, which the caller then knows."""
    if seen is None:
        blank: JSON = dict.fromkeys(("label", "status", "status_confirmed", "turn", "notice", "identity"))
        return {"via": via and via.value, **blank, "provisional": False, "reported_on": None, "details": {}}
    if seen.watched is not None:  # a page's text: it has no status
        blank = dict.fromkeys(("label", "status", "status_confirmed", "turn", "notice", "identity"))
        return {"via": seen.via.value, **blank, "provisional": seen.provisional, "reported_on": None, "details": {}}
    return {
        "via": seen.via.value,
        "label": masked(seen.label, known, unmasked=unmasked),
        "status": seen.status.value,
        "status_confirmed": seen.confirmed,
        "turn": seen.turn.value,
        "notice": None if seen.notice is None else masked(seen.notice, known, unmasked=unmasked),
        "identity": seen.identity.value,
        "provisional": seen.provisional,
        "reported_on": seen.reported_on.isoformat() if seen.reported_on else None,
        "details": dict(seen.details) if unmasked else mask_details(seen.details, known),
    }


def event_json(event: Event, app: App, *, known: tuple[str, ...], unmasked: bool) -> JSON:
    """An event as the contract has it; `text` is the message that a receiver with privacy "masked" (or "full") gets."""
    return {
        "id": event.id,
        "kind": event.kind.value,
        "urgency": event.urgency.value,
        "reason": event.reason,
        "params": params_json(event.params, known=known, unmasked=unmasked),
        "text": event_text(event, app, known=known, unmasked=unmasked),
        "before": _short(event.before, known=known, unmasked=unmasked),
        "after": _short(event.after, known=known, unmasked=unmasked),
        "at": iso(event.at, app),
        "case": event.case,
        "source": event.source,
        "host": event.host,
    }


def event_text(event: Event, app: App, *, known: tuple[str, ...], unmasked: bool) -> str:
    """Title and body, as told."""
    message = render(event, app.tr, privacy="full" if unmasked else "masked", zone=app.config.zone, known=known)
    return f"{message.title}\n{message.body}"


def _short(seen: Observation | None, *, known: tuple[str, ...], unmasked: bool) -> JSON | None:
    if seen is None:
        return None
    if seen.watched is not None:
        return {"label": None, "status": None}
    return {"label": masked(seen.label, known, unmasked=unmasked), "status": seen.status.value}


def params_json(params: Mapping[str, str | int], *, known: tuple[str, ...], unmasked: bool) -> JSON:
    """Params of an event or a problem; before_N and after_N are values beside caption_N and masked as such."""
    if unmasked:
        return dict(params)
    shown: JSON = {}
    for key, value in params.items():
        if not isinstance(value, str):
            shown[key] = value
            continue
        side, _, number = key.partition("_")
        caption = str(params.get(f"caption_{number}", "")) if side in {"before", "after"} else ""
        shown[key] = mask_details({caption: value}, known)[caption]
    return shown


def problem_json(
    problem: Problem | None, app: App, retry_at: datetime | None, *, known: tuple[str, ...] = (), unmasked: bool = False
) -> JSON | None:
    """Why something was not read: reason, words, when it is tried again (null: not until somebody does something)."""
    if problem is None:
        return None
    return {
        "reason": problem.reason,
        "text": problem_words(problem, app, known, unmasked=unmasked),
        "retry_at": iso(retry_at, app),
        "params": params_json(problem.params, known=known, unmasked=unmasked),
    }


def problem_words(problem: Problem, app: App, known: tuple[str, ...], *, unmasked: bool) -> str:
    """What happened, and what follows from it."""
    return masked(problem_text(problem, app.tr), known, unmasked=unmasked)


def next_json(planned: Next, app: App) -> JSON:
    """The next check, and why then."""
    return {
        "next_check_at": iso(planned.at, app),
        "next_check_reason": planned.reason,
        "next_check_text": next_check_text(planned.reason, planned.params, app.tr),
    }


def quoted(text: str, known: tuple[str, ...], *, unmasked: bool, limit: int = LONGEST_LABEL) -> str:
    """The authority's words for a terminal: one harmless line."""
    return cut(masked(clean(text), known, unmasked=unmasked), limit)


def meaning(seen: Observation, app: App) -> str:
    """Our status, and how sure it is: "likely in review, unconfirmed"."""
    if not seen.known:
        words = app._("a word that is not known yet")
    else:
        words = status_name(seen.status, app.tr) if seen.confirmed else likely(seen, app.tr)
    return app._("{status}, unconfirmed").format(status=words) if seen.provisional else words


def state(seen: Observation, app: App, known: tuple[str, ...], *, unmasked: bool) -> str:
    """The authority's own words with our status beside them."""
    if seen.watched is not None:
        if seen.provisional:
            return app._("watched page: another text, not told yet")
        count = len(seen.watched.split("\n"))
        return app.tr.ngettext("watched page, {count} line", "watched page, {count} lines", count).format(count=count)
    label, words = quoted(seen.label, known, unmasked=unmasked), meaning(seen, app)
    return label if label == words else app._("“{label}” ({status})").format(label=label, status=words)


def words_of(app: App) -> NullTranslations:
    """The translator also where the configuration has mistakes: then in the system's language."""
    try:
        return app.tr
    except ConfigError:
        return app.system_words


def width_of(app: App) -> int:
    """The terminal's width, or COLUMNS; without either, lines stay whole."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns) > 0:
        return int(columns)
    return get_terminal_size().columns if app.console.is_terminal else UNLIMITED


def put(app: App, content: "RenderableType", *, whole: bool = False) -> None:
    """Prints to stdout, wrapped to the terminal unless `whole`, and without the blanks that a table leaves at line ends."""
    app.console.width = UNLIMITED if whole else width_of(app)
    with app.console.capture() as captured:
        app.console.print(content, soft_wrap=False)
    lines = captured.get().removesuffix("\n").split("\n")
    click.echo("\n".join(line.rstrip() for line in lines), color=True)  # the console has decided about colours


def grid(*columns: bool) -> "Table":
    """A table without lines; True for a column whose text may wrap."""
    from rich.table import Table

    table = Table.grid(padding=(0, 2, 0, 0))
    for wraps in columns:
        table.add_column(no_wrap=not wraps, overflow="fold")
    return table


def require_cases(app: App, names: Iterable[str], more: Iterable[str] = ()) -> None:
    """A usage error (exit 2) that suggests the nearest name, where one is neither in the config nor among `more`."""
    known = [*(case.name for case in app.config.cases), *more]
    for name in names:
        if name not in known:
            raise unknown_name(app.tr, app._("There is no case “{name}”.").format(name=clean(name, 80)), name, known)


def unknown_name(tr: NullTranslations, sentence: str, name: str, known: Iterable[str]) -> click.UsageError:
    """What is wrong with a name, and what may have been meant: the nearest name, else all where they are few."""
    names = sorted(set(known))
    near = get_close_matches(name, names, 1)
    listed = tr.gettext(", ").join(names)
    hint = ""
    if near:
        hint = tr.gettext("Did you mean “{name}”?").format(name=near[0])
    elif names and len(listed) <= LONGEST_LIST:
        hint = tr.gettext("There are: {names}.").format(names=listed)
    return click.UsageError(tr.gettext("{first} {second}").format(first=sentence, second=hint) if hint else sentence)
