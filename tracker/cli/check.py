"""`tracker check`: look now, say what was found, send what is owed."""

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from tracker.cli import views
from tracker.cli.app import App, out_json
from tracker.core.clean import clean
from tracker.core.model import EventKind, Observation
from tracker.desk import Sender, is_owed, now
from tracker.known import fields
from tracker.known.fields import iso

if TYPE_CHECKING:
    from tracker.check import Checker
    from tracker.conclude import Options
    from tracker.deliver import Delivered
    from tracker.results import Result


@click.command("check")
@click.argument("cases", nargs=-1, metavar="[CASE]...")
@click.option("--due", is_flag=True, help="Only what is due, with office hours and back-off: for cron.")
@click.option("--dry-run", is_flag=True, help="Read, but keep and send nothing.")
@click.option("--no-notify", is_flag=True, help="Keep what was read, but make no messages and send none.")
@click.option("--exit-code", is_flag=True, help="Exit 20 where something happened and nothing failed.")
@click.option("--json", "as_json", is_flag=True, help="Data for scripts on stdout.")
@click.option("--unmasked", is_flag=True, help="Show personal data.")
@click.pass_obj
def check_command(
    app: App,
    cases: tuple[str, ...],
    *,
    due: bool,
    dry_run: bool,
    no_notify: bool,
    exit_code: bool,
    as_json: bool,
    unmasked: bool,
) -> int:
    """Check the named cases, or all but those that are over, and send what is owed."""
    from tracker.conclude import Options
    from tracker.results import exit_code as code_of

    for problem in app.cases.problems:
        app.say(clean(problem, 500))
    views.require_cases(app, cases)
    app.hush("tracker.deliver")
    options = Options(due=due, dry_run=dry_run, notify=not no_notify)
    began = now()
    silent = dry_run or no_notify
    sender = None if silent else Sender(app)
    results = look(app, cases, options, sender)
    if due and not silent:
        app.upkeep().run()
    deliveries = sender.finish() if sender else ()
    if not dry_run:
        _beat(app)
    if as_json:
        shown = [result_json(r, app, unmasked=unmasked) for r in results]
        sent = [delivery_json(d) for d in deliveries]
        out_json({"checked_at": iso(began, app), "results": shown, "deliveries": sent})
    else:
        show(app, results, deliveries, unmasked=unmasked)
        if not silent:
            say_owed(app)
    return code_of(results, owed=not silent and is_owed(app), tell_events=exit_code)


def _beat(app: App) -> None:
    """This run ended well and was kept, whatever the sites said: says so to whoever waits for it."""
    secret = app.config.life.heartbeat
    if secret is not None:
        from tracker.fetch.heartbeat import Heartbeat

        heartbeat = Heartbeat(secret.get_secret_value())
        heartbeat.beat()
        heartbeat.wait()


def look(app: App, cases: tuple[str, ...], options: "Options", sender: Sender | None) -> "list[Result]":
    """One run over the named cases (none: all); what it finds is sent while it goes on."""
    import asyncio
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1, "store") as executor:
        checker = app.checker(executor)
        if sender is not None:
            sender.start()
            checker.on_move(sender.start)
        return asyncio.run(_checked(checker, cases, options))


async def _checked(checker: "Checker", cases: tuple[str, ...], options: "Options") -> "list[Result]":
    async with checker:
        return await checker.run(cases, options)


def _seen(result: "Result") -> Observation | None:
    """What was read, with the doubt that the history has of it."""
    seen, last = result.outcome.observation, result.history.last
    return replace(seen, provisional=last.provisional) if seen is not None and last is not None else seen


def result_json(result: "Result", app: App, *, unmasked: bool) -> fields.JSON:
    """One source's result, as the contract has it."""
    subject, outcome = result.subject, result.outcome
    known = fields.known_values(subject.case)
    seen = fields.observation_fields(_seen(result), known=known, unmasked=unmasked, via=result.via)
    retry_at = result.retry_at or result.next_check.at
    return {
        "case": subject.case.name,
        "source": subject.name,
        "adapter": subject.meta.id,
        "outcome": outcome.kind.value,
        **seen,
        "changed": result.changed,
        "events": [fields.event_json(e, app, known=known, unmasked=unmasked) for e in result.events],
        "problem": fields.problem_json(outcome.problem, app, retry_at, known=known, unmasked=unmasked),
        **fields.next_json(result.next_check, app),
    }


def delivery_json(delivered: "Delivered") -> fields.JSON:
    """One delivery of this run, as the contract has it."""
    return {
        "event": delivered.event,
        "receiver": delivered.receiver,
        "state": delivered.state.value,
        "reason": delivered.reason,
    }


def show(app: App, results: "list[Result]", deliveries: "tuple[Delivered, ...]", *, unmasked: bool) -> None:
    """The same for people: a line for each source on stdout, what was sent on stderr."""
    if not app.config.cases:
        from tracker.cli.status import next_step

        app.say(next_step(app))
    for result in results:
        known = fields.known_values(result.subject.case)
        name = result.subject.case.name
        if len(result.subject.case.sources) > 1:
            name += f" / {result.subject.name}"
        if app.verbose >= 0:
            line = _line(result, app, known, unmasked=unmasked)
            click.echo(app._("{what}: {words}").format(what=clean(name), words=line))
    show_sent(app, deliveries)


def show_sent(app: App, deliveries: "tuple[Delivered, ...]") -> None:
    """What became of the messages, a line for those that fared alike."""
    for line, count in Counter(_sent_line(delivered, app) for delivered in deliveries).items():
        app.say(line if count == 1 else app._("{words} ({count} messages)").format(words=line, count=count))


def say_owed(app: App) -> None:
    """The reason for exit code 12, also where this run tried none of it: its time has not come, or it is parked."""
    from tracker.store.outbox import OWED

    left = app.outbox.rows(OWED)
    if left:
        names = app._(", ").join(dict.fromkeys(clean(row.receiver, 40) for row in left))
        text = app.tr.ngettext(
            "{count} message is still owed to {names}; see {command}",
            "{count} messages are still owed to {names}; see {command}",
            len(left),
        )
        app.say(text.format(count=len(left), names=names, command="tracker notify pending"))


def _line(result: "Result", app: App, known: tuple[str, ...], *, unmasked: bool) -> str:
    from tracker.core.message import outcome_name, problem_text

    seen = _seen(result)
    if seen is not None:
        words = fields.state(seen, app, known, unmasked=unmasked)
        return f"{words} · {_news(result, app)}"
    problem = result.outcome.problem
    assert problem is not None
    text = fields.masked(problem_text(problem, app.tr), known, unmasked=unmasked)
    return app._("{what}: {words}").format(what=outcome_name(result.outcome.kind, app.tr), words=text)


def _news(result: "Result", app: App) -> str:
    if any(event.kind is EventKind.FIRST_SEEN for event in result.events):
        return app._("first reading")
    if not result.changed:
        return app._("unchanged")
    seen = _seen(result)
    if seen is not None and seen.provisional:
        return app._("new; told once a later, second look finds the same")
    return app._("new")


def _sent_line(delivered: "Delivered", app: App) -> str:
    from tracker.store.outbox import State

    words = {
        State.SENT: app._("{receiver}: told"),
        State.HELD: app._("{receiver}: held until the quiet hours end"),
        State.SENDING: app._("{receiver}: asked, no answer yet; tried again later"),
        State.PENDING: app._("{receiver}: not accepted, tried again later: {reason}"),
        State.FAILED: app._("{receiver}: refused, parked: {reason}; `tracker notify retry` tries again"),
        State.SKIPPED: app._("{receiver}: no longer in the configuration"),
    }[delivered.state]
    if delivered.state is State.HELD and delivered.reason:
        gone = delivered.reason == "receiver_removed"
        words = app._("{receiver}: not in the configuration; kept for a week") if gone else app._("{receiver}: held: {reason}")
    if not delivered.reason:
        return words.format(receiver=clean(delivered.receiver), reason="")
    from tracker.deliver import reason_text  # start-up time: where a send failed, this is there already

    return words.format(receiver=clean(delivered.receiver), reason=reason_text(delivered.reason, app.tr))
