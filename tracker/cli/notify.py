"""`tracker notify`: test receivers, show what is owed, try it again now."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click

from tracker.cli import views
from tracker.cli.app import App, out_json
from tracker.core.clean import clean
from tracker.desk import now
from tracker.known import fields
from tracker.known.fields import iso

if TYPE_CHECKING:
    from tracker.config.model import Receiver
    from tracker.core.message import Message
    from tracker.deliver import Delivered
    from tracker.store.outbox import Owed, State

OWED = 12

_json = click.option("--json", "as_json", is_flag=True, help="Data for scripts on stdout.")


@click.group("notify")
def notify_command() -> None:
    """Test receivers; show and retry what is owed."""


@notify_command.command("test")
@click.argument("receivers", nargs=-1, metavar="[RECEIVER]...")
@_json
@click.pass_obj
def test_command(app: App, receivers: tuple[str, ...], *, as_json: bool) -> int:
    """Send a test message to the named receivers, or to all, and say what each service answered."""
    from tracker.deliver import attempt_all, reason_text
    from tracker.store.outbox import State

    chosen = _chosen(app, receivers)
    urls = {r.name: r.url.get_secret_value() for r in chosen}
    answers = attempt_all(urls, _test_message(app), now, app.config.delivery.timeout.total_seconds())
    if as_json:
        shown = [
            {"receiver": name, "state": (State.FAILED if reason else State.SENT).value, "reason": reason}
            for name, reason in answers.items()
        ]
        out_json({"deliveries": shown})
    else:
        for name, reason in answers.items():
            words = app._("{receiver}: not accepted: {reason}") if reason else app._("{receiver}: accepted")
            click.echo(words.format(receiver=name, reason=reason_text(reason or "", app.tr)))
    return OWED if any(answers.values()) else 0


def _chosen(app: App, names: Sequence[str]) -> "list[Receiver]":
    """The receivers of these names, or all; a usage error for an unknown one, and where there is none at all."""
    found = {r.name: r for r in app.config.receivers}
    for name in names:
        if name not in found:
            sentence = app._("There is no receiver “{name}”.").format(name=clean(name, 80))
            raise views.unknown_name(app.tr, sentence, name, found)
    if not found:
        raise click.UsageError(app._("No receiver is set up yet: add a [[receivers]] table to the configuration."))
    return [found[name] for name in dict.fromkeys(names or found)]


def _test_message(app: App) -> "Message":
    from tracker.core.message import Message
    from tracker.core.model import Urgency
    from tracker.core.times import time_text

    at = time_text(now(), app.tr, app.config.zone)
    body = app._(
        "This is a test, sent by hand at {time}. No case has moved. Messages about your cases will arrive like this one."
    )
    return Message(app._("Tracker: test message"), body.format(time=at), Urgency.NORMAL)


@notify_command.command("pending")
@_json
@click.pass_obj
def pending_command(app: App, *, as_json: bool) -> None:
    """Show what is owed, and what is held until quiet hours end."""
    rows = app.outbox.rows()
    if as_json:
        out_json({"deliveries": [_row_json(app, row) for row in rows]})
    elif rows:
        _show_rows(app, rows)
    else:
        app.say(app._("Nothing is owed."))


def _row_json(app: App, row: "Owed") -> fields.JSON:
    return {
        "event": row.event.id,
        "case": row.event.case,
        "kind": row.event.kind.value,
        "receiver": row.receiver,
        "state": row.state.value,
        "reason": row.reason,
        "attempts": row.attempts,
        "created_at": iso(row.created_at, app),
        "next_try_at": _next_try(app, row),
    }


def _next_try(app: App, row: "Owed") -> str | None:
    """When a row is tried again by itself; a parked one, or one under way, is not."""
    from tracker.store.outbox import State

    return iso(_again(row), app) if row.state in {State.PENDING, State.HELD} else None


def _again(row: "Owed") -> datetime | None:
    """When its time comes: a snooze is looked at again each day, and yet holds until its end."""
    from tracker.store.outbox import SNOOZED

    return row.snoozed_until or row.next_try_at if row.reason == SNOOZED else row.next_try_at


def _show_rows(app: App, rows: "Sequence[Owed]") -> None:
    from rich.table import Table
    from rich.text import Text

    from tracker.core.message import kind_name
    from tracker.core.times import time_text
    from tracker.deliver import reason_text

    captions = (app._("receiver"), app._("message"), app._("state"), app._("attempts"), app._("next try"), app._("why"))
    table = Table(*captions, box=None, pad_edge=False, header_style="dim")
    for row in rows:
        subject = clean(row.event.case or row.event.host or app._(", ").join(row.event.cases) or "Tracker", 40)
        what = app._("{what}: {words}").format(what=subject, words=kind_name(row.event.kind, app.tr))
        again = _again(row) if _next_try(app, row) else None
        when = time_text(again, app.tr, app.config.zone, year=now().year) if again else ""
        why = reason_text(row.reason or "", app.tr)
        cells = (clean(row.receiver), what, _held_name(app, row), str(row.attempts), when, why)
        table.add_row(*(Text(cell) for cell in cells))
    views.put(app, table)


def _held_name(app: App, row: "Owed") -> str:
    from tracker.store.outbox import State

    return app._("held") if row.state is State.HELD and row.reason else _state_name(app, row.state)


def _state_name(app: App, state: "State") -> str:
    from tracker.store.outbox import State

    return {
        State.PENDING: app._("waiting to be sent"),
        State.HELD: app._("held in quiet hours"),
        State.SENDING: app._("being sent"),
        State.SENT: app._("sent"),
        State.FAILED: app._("parked"),
        State.SKIPPED: app._("dropped"),
    }[state]


@notify_command.command("retry")
@_json
@click.pass_obj
def retry_command(app: App, *, as_json: bool) -> int:
    """Try everything owed now, parked messages too; what is held in quiet hours stays held."""
    from tracker.deliver import Courier
    from tracker.store.outbox import OWED as OPEN

    app.hush("tracker.deliver")
    courier = Courier(app.outbox, app.config, app.tr, now)
    courier.start(force=True)
    tried = courier.wait(app.config.delivery.timeout.total_seconds())
    courier.stop()
    left = app.outbox.rows(OPEN)
    if as_json:
        shown = [{"event": d.event, "receiver": d.receiver, "state": d.state.value, "reason": d.reason} for d in tried]
        out_json({"deliveries": shown})
    else:
        _show_tried(app, tried, len(left))
    return OWED if left else 0


def _show_tried(app: App, tried: "Sequence[Delivered]", left: int) -> None:
    from tracker.deliver import reason_text

    for one in tried:
        became = _state_name(app, one.state)
        if one.reason:
            became = app._("{what}: {words}").format(what=became, words=reason_text(one.reason, app.tr))
        click.echo(app._("{what}: {words}").format(what=f"{clean(one.receiver)} #{one.event[:8]}", words=became))
    if left:
        app.say(app.tr.ngettext("{count} message is still owed.", "{count} messages are still owed.", left).format(count=left))
    else:
        app.say(app._("Nothing is owed."))
