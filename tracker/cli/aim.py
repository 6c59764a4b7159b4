"""Whom an adapter is to ask: a case of the config, or an address and a reference given on the line. And asking it, live."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from tracker.cli.app import App
from tracker.cli.caseflags import reference_of
from tracker.cli.views import unknown_name
from tracker.core.clean import clean
from tracker.core.model import Outcome, Problem, Reading, Reference
from tracker.desk import now

if TYPE_CHECKING:
    from tracker.pages.adapter import Adapter, Meta
    from tracker.recordings.live import Asked


class UnreadError(click.ClickException):
    """The site could not be asked, or gave nothing to read."""

    exit_code = 11


_OPTIONS = (
    click.option("--case", metavar="CASE", help="Ask for this case of the configuration."),
    click.option("--source", metavar="NAME", help="Which of its sources, where several use the adapter."),
    click.option("--url", metavar="URL", help="Where to begin, instead of the adapter's own address."),
    click.option(
        "--reference",
        multiple=True,
        metavar="CAPTION=VALUE",
        help="What finds it on the site; CAPTION=@FILE, CAPTION=- (stdin) or CAPTION alone (asked) keep it out of the history.",
    ),
)


def aim_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say whom to ask for."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class Aim:
    """An adapter and what it asks for."""

    adapter: "Adapter"
    reference: Reference

    @property
    def meta(self) -> "Meta":
        return self.adapter.META

    @property
    def known(self) -> tuple[str, ...]:
        return tuple(self.reference.values.values())


def adapter_of(app: App, name: str) -> "Adapter":
    """The adapter of this name, or a usage error with the nearest."""
    try:
        return app.registry[name]
    except KeyError:
        sentence = app._("There is no adapter “{name}”.").format(name=clean(name, 80))
        raise unknown_name(app.tr, sentence, name, app.registry) from None


def aim_of(app: App, adapter: "Adapter", given: Mapping[str, Any]) -> Aim:
    """What was given on the line, as the config would have it."""
    meta, case, url, texts = adapter.META, given["case"], given["url"], given["reference"]
    if case is not None:
        if texts:
            raise click.UsageError(app._("{options}: only one of them at a time.").format(options="--case, --reference"))
        reference = _of_case(app, meta, case, given["source"])
    else:
        reference = Reference(dict(reference_of(app, texts)), meta.home)
    if url is not None:
        reference = Reference(reference.values, url, reference.read, reference.ask, reference.words)
    if reference.url and not re.match(r"https?://[^/\s]", reference.url, re.IGNORECASE):
        raise click.UsageError(
            app._("--url: “{url}” is no address such as {example}.").format(
                url=clean(reference.url, 80), example="https://www.example.org/query"
            )
        )
    _require_values(app, meta, reference)
    return Aim(adapter, reference)


def _of_case(app: App, meta: "Meta", name: str, source: str | None) -> Reference:
    from tracker.cli.views import require_cases

    require_cases(app, [name])
    there = [s for s in app.subjects() if s.case.name == name]
    fitting = [s for s in there if s.meta.id == meta.id and source in (None, s.name)]
    if not fitting:
        text = app._("“{case}” has no such source of the adapter {adapter}; it has: {sources}")
        sources = app._(", ").join(f"{s.name} ({s.meta.id})" for s in there)
        raise click.UsageError(text.format(case=clean(name, 80), adapter=meta.id, sources=clean(sources)))
    if len(fitting) > 1:
        names = app._(", ").join(s.name for s in fitting)
        raise click.UsageError(
            app._("“{case}” has several: say which one with --source ({names}).").format(
                case=clean(name, 80), names=clean(names)
            )
        )
    return fitting[0].reference


def _require_values(app: App, meta: "Meta", reference: Reference) -> None:
    """Every value that the adapter needs, in the shape that the site takes."""
    missing = [field.name for field in meta.reference if field.required and field.name not in reference.values]
    if missing:
        text = app._("The adapter {adapter} needs {names}: give each with {option}, or a case with --case.")
        names = app._(", ").join(missing)
        raise click.UsageError(text.format(adapter=meta.id, names=names, option="--reference CAPTION=VALUE"))
    for field in meta.reference:
        value = reference.values.get(field.name)
        if value is not None and field.pattern is not None and not re.fullmatch(field.pattern, value):
            raise click.UsageError(
                app._("--reference: “{caption}” has another shape on this site: {pattern}").format(
                    caption=clean(field.name, 40), pattern=field.pattern
                )
            )


def require_url(app: App, aim: Aim) -> None:
    """Where a site is asked there must be one."""
    if not aim.reference.url:
        raise click.UsageError(
            app._("The adapter {adapter} needs an address: give it with --url, or a case with --case.").format(
                adapter=aim.meta.id
            )
        )


# --- asking ----------------------------------------------------------------------------------------------------------


def ask_live(app: App, aim: Aim) -> "Asked":
    """Asks the site once, as a check would; a ClickException with exit 11 where it may not be asked now."""
    from concurrent.futures import ThreadPoolExecutor

    from tracker.config.values import is_loopback
    from tracker.fetch.pace import HostBusy
    from tracker.fetch.saved import NoSlots
    from tracker.recordings.live import Manner, ask

    if aim.meta.by_hand:
        text = app._("The adapter {adapter} never asks a site: record the page that you keep, with {option}.")
        raise click.UsageError(text.format(adapter=aim.meta.id, option="--from-html FILE"))
    require_url(app, aim)
    host = (urlsplit(aim.reference.url).hostname or "").lower()
    there = app.store_is_there
    fetch = app.config.fetch
    with ThreadPoolExecutor(1, "store") as executor:
        manner = Manner(
            slots=app.slots if there else NoSlots(),
            executor=executor,
            clock=now,
            gap=max(fetch.gap_for(host), aim.meta.min_gap if not is_loopback(host) else timedelta(0)),
            timeout=fetch.timeout,
            max_body=fetch.max_body,
            user_agent=app.user_agent(),
        )
        try:
            return ask(aim.adapter, aim.reference, manner)
        except HostBusy as busy:
            raise _waiting(app, host, busy.retry_at) from busy
        finally:
            if there:
                app.base.close()


def _waiting(app: App, host: str, until: datetime) -> click.ClickException:
    moment = until.astimezone(app.config.zone).strftime("%Y-%m-%d %H:%M:%S")
    return UnreadError(app._("{host} may not be asked before {time}. Nothing was sent.").format(host=host, time=moment))


# --- in words --------------------------------------------------------------------------------------------------------


def outcome_words(app: App, got: Reading | Outcome, known: tuple[str, ...]) -> str:
    """What was read, or why nothing was, in one line."""
    from tracker.known.fields import problem_words, quoted

    if isinstance(got, Outcome):
        return problem_words(got.problem or Problem(got.kind.value), app, known, unmasked=False)
    if got.watched is not None:
        count = len(got.watched.split("\n"))
        return app.tr.ngettext("watched page, {count} line", "watched page, {count} lines", count).format(count=count)
    return app._("read: “{label}”").format(label=quoted(got.label, known, unmasked=False))
