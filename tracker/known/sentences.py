"""What is said alike in a terminal and on the page: how old a reading is, since when, when we look next and why."""

from datetime import datetime, timedelta

from tracker.core.message import next_check_text
from tracker.core.times import age_text, day_text, time_text
from tracker.desk import Desk
from tracker.known.facts import SourceFacts, age_seconds


def when_text(moment: datetime, desk: Desk, now: datetime) -> str:
    """A time in the config's zone; the year only where it is not this one."""
    zone = desk.config.zone
    return time_text(moment, desk.tr, zone, year=now.astimezone(zone).year)


def age_words(source: SourceFacts, desk: Desk, now: datetime) -> str:
    """How old the last good reading is; "" where there is none."""
    seconds = age_seconds(source, now)
    return "" if seconds is None else age_text(timedelta(seconds=seconds), desk.tr)


def unread_words(source: SourceFacts, desk: Desk) -> str:
    """What stands in the place of a status where nothing was read yet."""
    if source.history.missing_since is not None:
        return desk._("not shown yet")
    return desk._("not read yet") if source.history.looked_at else desk._("not checked yet")


def since_text(source: SourceFacts, desk: Desk, now: datetime) -> str:
    """Since when it stands there, by whose word, and how many working days that is; "" where nothing is known."""
    seen, since = source.seen, source.since
    if seen is None or since is None:
        return ""
    day = day_text(since, desk.tr, year=now.astimezone(desk.config.zone).year)
    how = desk._("{day}, the authority's own date") if seen.reported_on else desk._("{day}, when we first saw it")
    if not source.workdays:
        return how.format(day=day)
    days = desk.tr.ngettext("{count} working day", "{count} working days", source.workdays).format(count=source.workdays)
    text = desk._("{since}; about {days} ago") if source.estimated else desk._("{since}; {days} ago")
    return text.format(since=how.format(day=day), days=days)


def next_text(source: SourceFacts, desk: Desk, now: datetime) -> str:
    """When we look next, and why then."""
    planned = source.planned
    why = next_check_text(planned.reason, planned.params, desk.tr)
    if planned.at is None:
        return why
    if planned.at <= now:
        return desk._("due since {when} ({why})").format(when=when_text(planned.at, desk, now), why=why)
    return desk._("{when} ({why})").format(when=when_text(planned.at, desk, now), why=why)


def tries_text(looks: int, since: datetime, desk: Desk, now: datetime) -> str:
    """How often in vain, and since when."""
    text = desk.tr.ngettext("{count} failed look since {since}", "{count} failed looks since {since}", looks)
    return text.format(count=looks, since=when_text(since, desk, now))
