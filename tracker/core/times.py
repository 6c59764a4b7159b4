"""Times and lengths of time in the reader's words, without a locale library at run time."""

from datetime import date, datetime, timedelta, tzinfo

from tracker.core.words import N_, Translator

MONTHS = (
    N_("Jan"),
    N_("Feb"),
    N_("Mar"),
    N_("Apr"),
    N_("May"),
    N_("Jun"),
    N_("Jul"),
    N_("Aug"),
    N_("Sep"),
    N_("Oct"),
    N_("Nov"),
    N_("Dec"),
)


def day_text(day: date, tr: Translator, *, year: int | None = None) -> str:
    """ "23 Nov" or "11月23日"; with its year where that is not `year`."""
    month = tr.gettext(MONTHS[day.month - 1])
    if day.year == year:
        return tr.gettext("{day} {month}").format(day=day.day, month=month)
    return tr.gettext("{day} {month} {year}").format(day=day.day, month=month, year=day.year)


def time_text(moment: datetime, tr: Translator, zone: tzinfo, *, year: int | None = None) -> str:
    """ "23 Nov 09:30" or "11月23日 09:30" in the reader's zone; with its year where that is not `year`."""
    local = moment.astimezone(zone)
    return tr.gettext("{day} {time}").format(day=day_text(local.date(), tr, year=year), time=f"{local:%H:%M}")


def age_text(age: timedelta, tr: Translator) -> str:
    """ "3 days ago": whole days from two days on, whole hours from two hours on, else minutes."""
    minutes = int(age.total_seconds() // 60)
    if minutes < 1:
        return tr.gettext("just now")
    if minutes < 120:
        return tr.ngettext("{count} minute ago", "{count} minutes ago", minutes).format(count=minutes)
    hours = minutes // 60
    if hours < 48:
        return tr.ngettext("{count} hour ago", "{count} hours ago", hours).format(count=hours)
    days = hours // 24
    return tr.ngettext("{count} day ago", "{count} days ago", days).format(count=days)


def duration_text(minutes: int, tr: Translator) -> str:
    """ "4 hours", "90 minutes", "2 days": the largest unit that divides it."""
    if minutes and minutes % 1440 == 0:
        return tr.ngettext("{count} day", "{count} days", minutes // 1440).format(count=minutes // 1440)
    if minutes and minutes % 60 == 0:
        return tr.ngettext("{count} hour", "{count} hours", minutes // 60).format(count=minutes // 60)
    return tr.ngettext("{count} minute", "{count} minutes", minutes).format(count=minutes)
