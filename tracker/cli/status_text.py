"""What `status` and `list` say to people: blocks and lines that fit 80 columns, and say in words what a colour would."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import click
from rich.cells import cell_len
from rich.padding import Padding
from rich.text import Text

from tracker.cli.app import App
from tracker.cli.views import grid, put, width_of
from tracker.core.clean import clean, cut
from tracker.core.mask import mask_details
from tracker.core.message import next_check_text, outcome_name, turn_name, via_name
from tracker.core.model import FINAL, Identity, Problem
from tracker.core.times import age_text, day_text, duration_text, time_text
from tracker.core.watching import RESTLESS
from tracker.known.facts import CaseFacts, SourceFacts, age_seconds, sure_before
from tracker.known.fields import problem_words, quoted, state
from tracker.known.plan import SitePlan, SourcePlan

Line = tuple[str, str]


def show(app: App, found: Sequence[CaseFacts], now: datetime, *, unmasked: bool, whole: bool) -> None:
    """A block for each case; `whole`: with all details of the record."""
    for number, case in enumerate(found):
        if number:
            click.echo()
        teller = _Teller(app, now, unmasked=unmasked, whole=whole)
        head = case.headline
        put(app, Text.assemble((clean(case.name), "bold"), "  ", teller.state(head)))
        if len(case.sources) == 1:
            _block(app, [*teller.lines(head), *teller.owed(case)], indent=2)
            continue
        for source in case.sources:
            title = Text.assemble((source.name, "bold"), "  ", teller.state(source))
            put(app, Padding(title, (0, 0, 0, 2), expand=False))
            _block(app, list(teller.lines(source)), indent=4)
        _block(app, list(teller.owed(case)), indent=2)


def _block(app: App, lines: Sequence[Line], indent: int) -> None:
    if not lines:
        return
    table = grid(False, True)
    for caption, text in lines:
        table.add_row(Text(caption, "dim"), Text(text))
    put(app, Padding(table, (0, 0, 0, indent), expand=False))


def show_list(app: App, found: Sequence[CaseFacts], now: datetime, *, unmasked: bool) -> None:
    """A line for each case, cut where the terminal ends."""
    teller = _Teller(app, now, unmasked=unmasked, whole=False)
    rows = [_cells(case, teller) for case in found]
    table = grid(*[False] * 5)
    taken = sum(max(map(cell_len, column)) + 2 for n, column in enumerate(zip(*rows, strict=True)) if n != 1)
    label = table.columns[1]
    label.overflow, label.max_width = "ellipsis", max(width_of(app) - taken - 2, 10)
    for row in rows:
        table.add_row(*map(Text, row))
    put(app, table)


def _cells(case: CaseFacts, teller: "_Teller") -> tuple[str, ...]:
    head = case.headline
    turn = turn_name(head.seen.turn, teller.app.tr) if head.seen and head.seen.watched is None else ""
    return cut(clean(case.name), 20), teller.state(head), turn, teller.age(head), teller.trouble(case)


def show_plan(app: App, plan: Sequence[SitePlan]) -> None:
    """Requests a day for each site."""
    click.echo()
    for site in plan:
        count = round(site.requests_per_day) or int(site.requests_per_day > 0)
        if site.workdays:
            words = app.tr.ngettext("about {count} request a working day", "about {count} requests a working day", count)
        else:
            words = app.tr.ngettext("about {count} request a day", "about {count} requests a day", count)
        gap = app._("at least {count} s apart").format(count=site.min_gap_seconds)
        line = app._("{host}: {requests}, {gap}").format(host=site.host, requests=words.format(count=count), gap=gap)
        put(app, Text(line))
        _block(app, [(clean(source.name), _rhythm(app, source)) for source in site.sources], indent=2)


def _rhythm(app: App, source: SourcePlan) -> str:
    if not source.looks_per_day:
        return app._("not asked any more")
    seconds = source.every_seconds
    every = f"{seconds} s" if seconds < 60 else duration_text(seconds // 60, app.tr)
    count = source.requests_per_look
    text = app.tr.ngettext("every {every}, {count} request a look", "every {every}, {count} requests a look", count)
    return text.format(every=every, count=count)


class _Teller:
    """The sentences about a source."""

    def __init__(self, app: App, now: datetime, *, unmasked: bool, whole: bool) -> None:
        self.app, self.now, self.unmasked, self.whole = app, now, unmasked, whole

    def when(self, moment: datetime) -> str:
        zone = self.app.config.zone
        return time_text(moment, self.app.tr, zone, year=self.now.astimezone(zone).year)

    def state(self, source: SourceFacts) -> str:
        """The authority's words and ours, or that nothing was read yet."""
        if source.seen is not None:
            return state(source.seen, self.app, source.known, unmasked=self.unmasked)
        if source.history.missing_since is not None:
            return self.app._("not shown yet")
        return self.app._("not read yet") if source.history.looked_at else self.app._("not checked yet")

    def age(self, source: SourceFacts) -> str:
        seconds = age_seconds(source, self.now)
        return "" if seconds is None else age_text(timedelta(seconds=seconds), self.app.tr)

    def trouble(self, case: CaseFacts) -> str:
        """Why the last look brought nothing, in a word or two; also that a message is owed."""
        app = self.app
        bad = [s.history.outcome for s in case.sources if s.problem is not None and s.history.outcome]
        if bad:
            return app._("! {problem}").format(problem=outcome_name(bad[0], app.tr))
        return app._("! message owed") if case.owed else ""

    def lines(self, source: SourceFacts) -> Iterator[Line]:
        """Caption and words, in the order in which a person asks."""
        yield from self._reading(source)
        yield from self._doubts(source)
        yield from self._problems(source)
        yield self.app._("Next check"), self._next(source)

    def _reading(self, source: SourceFacts) -> Iterator[Line]:
        app, seen = self.app, source.seen
        if seen is None:
            return
        if seen.watched is None:
            yield app._("Turn"), turn_name(seen.turn, app.tr)
        if source.since is not None:
            yield app._("Since"), self._since(source)
        if seen.notice:
            notice = quoted(seen.notice, source.known, unmasked=self.unmasked)
            yield app._("The page says"), app._("“{label}”").format(label=notice)
        if source.history.last_read_at is not None:
            parts = {"age": self.age(source), "when": self.when(source.history.last_read_at), "via": via_name(seen.via, app.tr)}
            yield app._("Last read"), app._("{age} ({when}, {via})").format(**parts)
        if self.whole:
            details = dict(seen.details) if self.unmasked else mask_details(seen.details, source.known)
            yield from ((clean(caption, 30), clean(value)) for caption, value in details.items())

    def _since(self, source: SourceFacts) -> str:
        app, seen = self.app, source.seen
        assert source.since is not None
        assert seen is not None
        day = day_text(source.since, app.tr, year=self.now.astimezone(app.config.zone).year)
        how = app._("{day}, the authority's own date") if seen.reported_on else app._("{day}, when we first saw it")
        if source.workdays is None:
            return how.format(day=day)
        days = app.tr.ngettext("{count} working day", "{count} working days", source.workdays).format(count=source.workdays)
        text = app._("{since}; about {days} ago") if source.estimated else app._("{since}; {days} ago")
        return text.format(since=how.format(day=day), days=days) if source.workdays else how.format(day=day)

    def _doubts(self, source: SourceFacts) -> Iterator[Line]:
        """What makes the reading less than sure, and what the person can do about it."""
        app, seen = self.app, source.seen
        if seen is not None and seen.watched is not None and source.history.restless >= RESTLESS:
            yield app._("Restless"), problem_words(Problem("restless"), app, source.known, unmasked=self.unmasked)
        if seen is None or seen.watched is not None:
            return
        sure = sure_before(source)
        if sure is not None:
            yield app._("Before"), state(sure, app, source.known, unmasked=self.unmasked)
        if seen.provisional and seen.identity is Identity.NOT_SHOWN:
            text = app._("The page does not repeat the reference: please make sure that this record is yours.")
            yield app._("Unconfirmed"), text
        if not seen.known:
            word = quoted(seen.label, source.known, unmasked=self.unmasked, limit=40)
            text = app._("If you know what it means, add for example {entry} under [cases.labels].")
            yield app._("New word"), text.format(entry=f'"{word}" = "in_review"')
        elif seen.status in FINAL and not seen.confirmed:
            word = quoted(seen.label, source.known, unmasked=self.unmasked, limit=40)
            text = app._(
                "It looks final, but that is not confirmed, so checks go on. If it is right, add {entry} under [cases.labels]."
            )
            yield app._("The end"), text.format(entry=f'"{word}" = "{seen.status.value}"')

    def _problems(self, source: SourceFacts) -> Iterator[Line]:
        app = self.app
        missing = source.history.missing_since
        if missing is not None and source.seen is not None:
            text = app._(
                "The site answers, but does not show this case any more (since {since}). What was read before is kept."
            )
            yield app._("Not shown"), text.format(since=self.when(missing))
        elif source.problem is not None:
            yield app._("Problem"), problem_words(source.problem, app, source.known, unmasked=self.unmasked)
        streak = source.history.streak
        if streak is not None:
            yield app._("Not read"), self._tries(streak.looks, streak.since)
        site = source.site
        if site is not None and site.streak is not None:
            tries = self._tries(site.streak.looks, site.streak.since)
            yield app._("Site"), app._("{what}: {words}").format(what=source.host, words=tries)
        if site is not None and site.wait_until is not None and self.now < site.wait_until != source.planned.at:
            reason = next_check_text(site.wait_reason or "host_waits", {}, app.tr)
            yield app._("Rests until"), app._("{when} ({why})").format(when=self.when(site.wait_until), why=reason)

    def _tries(self, looks: int, since: datetime) -> str:
        text = self.app.tr.ngettext("{count} failed look since {since}", "{count} failed looks since {since}", looks)
        return text.format(count=looks, since=self.when(since))

    def _next(self, source: SourceFacts) -> str:
        app, planned = self.app, source.planned
        why = next_check_text(planned.reason, planned.params, app.tr)
        if planned.at is None:
            return why
        if planned.at <= self.now:
            return app._("due since {when} ({why})").format(when=self.when(planned.at), why=why)
        return app._("{when} ({why})").format(when=self.when(planned.at), why=why)

    def owed(self, case: CaseFacts) -> Iterator[Line]:
        app = self.app
        if not case.owed:
            return
        names = app._(", ").join(dict.fromkeys(clean(row.receiver, 40) for row in case.owed))
        count = len(case.owed)
        text = app.tr.ngettext(
            "{count} message is still owed to {names}; see {command}",
            "{count} messages are still owed to {names}; see {command}",
            count,
        )
        yield app._("Messages"), text.format(count=count, names=names, command="tracker notify pending")
