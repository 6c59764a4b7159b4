"""What goes on: receivers, cases, sites, messages, and whether anything looks at all."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from http.client import HTTPException
from shlex import quote

from tracker.config.values import is_loopback
from tracker.core.clean import clean
from tracker.core.explain import problem_parts
from tracker.core.model import Problem
from tracker.core.times import age_text
from tracker.deliver import is_known
from tracker.desk import Desk
from tracker.doctor.finding import Finding, Level
from tracker.store.outbox import State

LATE = timedelta(minutes=30)  # cron may come every ten minutes, and a run may take its time
_ANYWHERE = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}  # noqa: S104 - what the service listens on, not we


def receivers(desk: Desk) -> Iterator[Finding]:
    """Whether each URL is one that Apprise knows; nothing is sent."""
    _, found = desk._, desk.loaded.config.receivers
    if not found:
        text = _("no receiver is set up: nobody is told of anything")
        yield Finding(Level.WRONG, "receivers", text, _("add a [[receivers]] table (docs/receivers.md)"))
    for receiver in found:
        name = clean(receiver.name, 40)
        if is_known(receiver.url.get_secret_value()):
            text = _("{receiver}: its URL can be used").format(receiver=name)
            yield Finding(Level.OK, "receivers", text, _command("notify test", receiver.name))
        else:
            text = _("{receiver}: its URL is not one that Apprise knows").format(receiver=name)
            yield Finding(Level.WRONG, "receivers", text, _("mend receivers.url (docs/receivers.md)"))


def cases(desk: Desk) -> Iterator[Finding]:
    """Cases that can't be checked, rest, or are read by an adapter that nobody confirmed."""
    _, there = desk._, desk.cases
    for problem in there.problems:
        yield Finding(Level.WRONG, "cases", problem)
    count = len(there.config.cases)
    if not count:
        yield Finding(Level.NOTE, "cases", _("no case is set up yet"), "tracker init")
        return
    words = desk.tr.ngettext("{count} case is set up", "{count} cases are set up", count).format(count=count)
    yield Finding(Level.OK, "cases", words)
    for name in (case.name for case in there.config.cases if there.is_paused(case.name)):
        text = _("{case}: paused, nobody looks").format(case=clean(name, 40))
        yield Finding(Level.NOTE, "paused", text, _command("resume", name))
    asked = [s.meta for s in desk.subjects() if not s.is_by_hand and not is_loopback(s.host)]
    for meta in {m.id: m for m in asked if m.verified_on is None}.values():
        text = _("adapter {name}: nobody has confirmed it on the real site yet").format(name=meta.id)
        yield Finding(Level.NOTE, "adapters", text, f"tracker adapters show {meta.id}")


def sites(desk: Desk, now: datetime) -> Iterator[Finding]:
    """Sources that can't be read for longer than patience allows, and references that were refused."""
    _, hosts = desk._, desk.store.hosts()
    patience = desk.config.schedule.patience
    for row in desk.store.sources():
        if row.archived or row.paused:
            continue
        name = clean(row.case if row.name == row.adapter else f"{row.case} / {row.name}", 60)
        of_host = hosts[row.host].streak if row.host in hosts else None
        streak = row.history.streak or of_host
        if row.history.invalid:
            text = _("{case}: its reference was refused; it is not asked until that is corrected").format(case=name)
            yield Finding(Level.WRONG, "reference", text, _command("check", row.case))
        elif streak is not None and now - streak.since > patience:
            age = age_text(now - streak.since, desk.tr)
            text = _("{case}: not readable, which began {age}: {reason}").format(
                case=name, age=age, reason=_why(desk, streak.reason)
            )
            yield Finding(Level.WRONG, "unreadable", text, _command("status", row.case))
        elif streak is not None:
            text = _("{case}: the last look failed: {reason}").format(case=name, reason=_why(desk, streak.reason))
            yield Finding(Level.NOTE, "unreadable", text, _command("status", row.case))


def _why(desk: Desk, reason: str) -> str:
    return problem_parts(Problem(reason), desk.tr)[0]


def _command(words: str, name: str) -> str:
    """What to type about this case or receiver."""
    return clean(f"tracker {words} {quote(name)}")


def messages(desk: Desk) -> Iterator[Finding]:
    """What is owed, parked, or held."""
    rows = desk.outbox.rows()
    parked = [row for row in rows if row.state is State.FAILED]
    owed = [row for row in rows if row.state in {State.PENDING, State.SENDING}]
    held = [row for row in rows if row.state is State.HELD]
    ngettext = desk.tr.ngettext
    if parked:
        words = ngettext(
            "{count} message was refused, and is parked", "{count} messages were refused, and are parked", len(parked)
        )
        yield Finding(Level.WRONG, "messages", words.format(count=len(parked)), "tracker notify retry")
    if owed:
        words = ngettext("{count} message is still owed", "{count} messages are still owed", len(owed))
        yield Finding(Level.NOTE, "messages", words.format(count=len(owed)), "tracker notify pending")
    if held:
        words = ngettext("{count} message is held for now", "{count} messages are held for now", len(held))
        yield Finding(Level.NOTE, "messages", words.format(count=len(held)), "tracker notify pending")
    if not rows:
        yield Finding(Level.OK, "messages", desk._("nothing is owed"))


def service(desk: Desk, listen: tuple[str, int], ask: Callable[[str, int], tuple[int, str]]) -> Finding:
    """Whether the service answers, and is well."""
    _, (host, port) = desk._, listen
    try:
        status, words = ask(_ANYWHERE.get(host, host), port)
    except (OSError, HTTPException):
        text = _("no service answers at {address}").format(address=f"{host}:{port}")
        return Finding(Level.NOTE, "service", text, _("tracker serve; or cron with: tracker check --due"))
    if status == 200:
        return Finding(Level.OK, "service", _("the service runs and is well"))
    text = _("the service is not well: HTTP {status} {words}").format(status=status, words=clean(words, 60))
    return Finding(Level.WRONG, "service", text, _("look at its log, or start it again: tracker serve"))


def lateness(desk: Desk, now: datetime, *, runs: bool) -> Iterator[Finding]:
    """Whether planned looks are long past: then nothing looks, whatever anybody believes."""
    _ = desk._
    # A host that rests after a failure holds its sources back.
    resting = {host for host, site in desk.store.hosts().items() if site.wait_until is not None and site.wait_until > now}
    rows = [row for row in desk.store.sources() if not (row.paused or row.archived or row.host in resting)]
    planned = [row.next_check.at for row in rows if row.next_check.at is not None]
    if not planned:
        return
    late = now - min(planned)
    if late <= LATE:
        yield Finding(Level.OK, "schedule", _("looks happen when they are planned"))
        return
    age = age_text(late, desk.tr)
    if runs:
        text = _("a look was planned {age} and is late, though the service runs").format(age=age)
        yield Finding(Level.NOTE, "schedule", text, _("office hours may hold it back: tracker status"))
    else:
        text = _("nothing looks: a look was planned {age}").format(age=age)
        yield Finding(Level.WRONG, "schedule", text, _("tracker serve; or cron with: tracker check --due"))
