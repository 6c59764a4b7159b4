"""`tracker status` and `tracker list`: what is known now, how old it is, and when we look next."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.cli import views
from tracker.cli.app import App, out_json
from tracker.core.clean import clean
from tracker.core.drift import SHAPE_CHANGED
from tracker.core.history import HostHistory
from tracker.core.model import Problem
from tracker.desk import now
from tracker.known import facts, fields
from tracker.known.fields import JSON, iso
from tracker.known.plan import planned

if TYPE_CHECKING:
    from tracker.known.facts import CaseFacts, SourceFacts

_json = click.option("--json", "as_json", is_flag=True, help="Data for scripts on stdout.")
_all = click.option("--all", "archived", is_flag=True, help="Archived cases too.")
_unmasked = click.option("--unmasked", is_flag=True, help="Show personal data.")


@click.command("status")
@click.argument("cases", nargs=-1, metavar="[CASE]...")
@click.option("--explain", is_flag=True, help="How often each site is asked.")
@_all
@_json
@_unmasked
@click.pass_obj
def status_command(app: App, cases: tuple[str, ...], *, explain: bool, archived: bool, as_json: bool, unmasked: bool) -> None:
    """Show what is known now: status, whose turn, since when, and how old the last good reading is."""
    from tracker.cli import status_text

    moment = now()
    found = _found(app, cases, moment, dated=True, archived=archived)
    plan = planned(app, cases) if explain else None
    if as_json:
        out_json(
            status_json(app, found, moment, unmasked=unmasked)
            | ({} if plan is None else {"explain": [asdict(p) for p in plan]})
        )
    elif not found:
        app.say(next_step(app))
    else:
        status_text.show(app, found, moment, unmasked=unmasked, whole=bool(cases))
        if plan is not None:
            status_text.show_plan(app, plan)


@click.command("list")
@click.argument("cases", nargs=-1, metavar="[CASE]...")
@_all
@_json
@_unmasked
@click.pass_obj
def list_command(app: App, cases: tuple[str, ...], *, archived: bool, as_json: bool, unmasked: bool) -> None:
    """List the cases, a line each: status, whose turn, age of the last good reading."""
    from tracker.cli import status_text

    moment = now()
    found = _found(app, cases, moment, dated=False, archived=archived)
    if as_json:
        out_json({"cases": [_line_json(app, case, moment, unmasked=unmasked) for case in found]})
    elif not found:
        app.say(next_step(app))
    else:
        status_text.show_list(app, found, moment, unmasked=unmasked)


def _found(app: App, cases: Sequence[str], moment: datetime, *, dated: bool, archived: bool) -> "list[CaseFacts]":
    if cases:
        views.require_cases(app, cases, facts.stored_names(app))
    for problem in app.cases.problems:
        app.say(clean(problem))
    return facts.gather(app, cases, moment, dated=dated, archived=archived)


def next_step(app: App) -> str:
    """What to do where no case is set up."""
    from tracker.config.layers import usual_config

    place = app.loaded.path or usual_config(Path("/"))
    if app.config.cases:
        return app._("All cases are archived: --all shows them.")
    text = app._("No case is set up yet. To set one up: {command} (it writes {file}; {example} shows all that can stand there)")
    tryout = app._("To see it work first, with nothing to set up: {command}")
    lines = text.format(file=place, example="config.example.toml", command="tracker init")
    return f"{lines}\n{tryout.format(command='tracker demo')}"


# --- data for scripts ------------------------------------------------------------------------------------------------


def status_json(app: App, found: "Sequence[CaseFacts]", moment: datetime, *, unmasked: bool) -> JSON:
    """The cases with their sources, the sites that can't be read, what is broken and what is owed."""
    sources = [source for case in found for source in case.sources]
    return {
        "checked_at": iso(moment, app),
        "cases": [_case_json(app, case, moment, unmasked=unmasked) for case in found],
        "hosts": _hosts_json(app, sources),
        "defects": list(_defects_json(app, sources, unmasked=unmasked)),
        "deliveries": _owed_json(found),
    }


def _case_json(app: App, case: "CaseFacts", moment: datetime, *, unmasked: bool) -> JSON:
    sources = [_source_json(app, source, moment, unmasked=unmasked) for source in case.sources]
    head = sources[case.sources.index(case.headline)]
    headline = {k: v for k, v in head.items() if k in _HEADLINE}
    return {"case": case.name, **_said_json(app, case), "headline": headline, "sources": sources}


def _said_json(app: App, case: "CaseFacts") -> JSON:
    """What was said of the case by hand."""
    snoozed = iso(case.snoozed_until, app)
    return {"paused": case.paused_at is not None, "archived": case.archived_at is not None, "snoozed_until": snoozed}


def _line_json(app: App, case: "CaseFacts", moment: datetime, *, unmasked: bool) -> JSON:
    head = _source_json(app, case.headline, moment, unmasked=unmasked)
    return {key: value for key, value in head.items() if key in _LINE} | _said_json(app, case)


def _source_json(app: App, source: "SourceFacts", moment: datetime, *, unmasked: bool) -> JSON:
    """One source: the fields of `check`, but of the last good reading whatever the last look brought."""
    history, problem = source.history, source.problem
    retry_at = source.planned.at if problem is not None else None
    return {
        "case": source.case,
        "source": source.name,
        "adapter": source.adapter,
        "host": source.host or None,
        "outcome": history.outcome.value if history.outcome else None,
        **fields.observation_fields(source.seen, known=source.known, unmasked=unmasked),
        "since": source.since.isoformat() if source.since else None,
        "since_workdays": source.workdays,
        "since_workdays_estimated": source.estimated,
        "sure": _sure_json(source, unmasked=unmasked),
        "missing_since": iso(history.missing_since, app),
        "last_read_at": iso(history.last_read_at, app),
        "age_seconds": facts.age_seconds(source, moment),
        "checked_at": iso(history.looked_at, app),
        "problem": fields.problem_json(problem, app, retry_at, known=source.known, unmasked=unmasked),
        **fields.next_json(source.planned, app),
    }


def _sure_json(source: "SourceFacts", *, unmasked: bool) -> JSON | None:
    """What stood there last without a doubt, where the latest reading still waits for its second look."""
    sure = facts.sure_before(source)
    if sure is None:
        return None
    return {"label": fields.masked(sure.label, source.known, unmasked=unmasked), "status": sure.status.value}


def _hosts_json(app: App, sources: "Iterable[SourceFacts]") -> list[JSON]:
    """The sites that can't be read now or rest."""
    return [_host_json(app, host, site) for host, site in facts.troubled(sources).items()]


def _host_json(app: App, host: str, site: HostHistory) -> JSON:
    streak = site.streak
    return {
        "host": host,
        "unreadable_since": iso(streak.since, app) if streak else None,
        "looks": streak.looks if streak else 0,
        "reason": streak.reason if streak else None,
        "told": streak.told if streak else False,
        "waits_until": iso(site.wait_until, app),
        "wait_reason": site.wait_reason or None,
    }


def _defects_json(app: App, sources: "Iterable[SourceFacts]", *, unmasked: bool) -> Iterable[JSON]:
    """What the operator should mend: pages that changed, words that no table has."""
    for source in sources:
        where = {"case": source.case, "source": source.name, "adapter": source.adapter}
        problem = source.problem
        if source.history.shapes.waiting:
            changed = Problem(SHAPE_CHANGED)
            yield where | (fields.problem_json(changed, app, None, known=source.known, unmasked=unmasked) or {})
        if source.history.defect and problem is not None:
            words = fields.problem_json(problem, app, source.planned.at, known=source.known, unmasked=unmasked)
            yield where | (words or {})
        elif source.seen is not None and not source.seen.known:
            word = fields.masked(source.seen.label, source.known, unmasked=unmasked)
            yield where | {"reason": "label_unknown", "text": app._("a word that is not known yet"), "params": {"word": word}}


def _owed_json(found: "Iterable[CaseFacts]") -> list[JSON]:
    rows = {row.id: row for case in found for row in case.owed}
    return [{"event": r.event.id, "receiver": r.receiver, "state": r.state.value, "reason": r.reason} for r in rows.values()]


_LINE = (
    "case",
    "source",
    "via",
    "label",
    "status",
    "status_confirmed",
    "turn",
    "notice",
    "provisional",
    "reported_on",
    "last_read_at",
    "age_seconds",
    "problem",
    "next_check_at",
)
_HEADLINE = (*_LINE[1:], "since", "since_workdays", "since_workdays_estimated", "next_check_reason", "next_check_text")
