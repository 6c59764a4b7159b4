"""What stands around the work: packages, config, time zone and working days, store, key, disk, clock."""

import os
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from gettext import NullTranslations
from importlib.metadata import packages_distributions
from pathlib import Path
from zoneinfo import ZoneInfo

from tracker.core.errors import ConfigError, StoreError
from tracker.core.workdays import is_workday
from tracker.desk import Desk
from tracker.doctor.finding import Finding, Level
from tracker.store import survey
from tracker.store.sealed import read_key_file

OURS = "application-tracker"
LEAST_FREE = 100 << 20
_FEW_MINUTES = timedelta(minutes=5)


def words_of(desk: Desk) -> NullTranslations:
    """The config's language, or the system's where the config can't be read."""
    try:
        return desk.tr
    except ConfigError:
        return desk.system_words


def surroundings(desk: Desk) -> Iterator[Finding]:
    """What is wrong whatever the config says."""
    _ = words_of(desk).gettext
    others = sorted({name for name in packages_distributions().get("adapters", []) if name != OURS})
    if others:
        text = _("another installed package owns the name “adapters” too: {names}").format(names=", ".join(others))
        yield Finding(Level.WRONG, "packages", text, _("install Tracker into an environment of its own (pipx)"))
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        text = _("runs as root, which it never needs")
        yield Finding(Level.NOTE, "user", text, _('run it as a user of its own; in a container: user: "10001:10001"'))


def adapters(desk: Desk) -> Iterator[Finding]:
    """The user's own adapters that can't be used."""
    todo = words_of(desk).gettext("mend the file, or take it away; see docs/adapters.md")
    for trouble in desk.registry.troubles().values():
        yield Finding(Level.WRONG, "adapters", trouble, todo)


def config(desk: Desk) -> Iterator[Finding]:
    """The file, what is unwise in it, and variables that nothing reads."""
    loaded, _ = desk.loaded, desk._
    if loaded.path is None:
        yield Finding(Level.NOTE, "config", _("there is no configuration yet"), "tracker init")
    elif not loaded.left_out:
        yield Finding(Level.OK, "config", _("{file}: no mistakes").format(file=loaded.path))
    for warning in loaded.warnings:
        # Both have their next step in themselves: chmod, or another address.
        yield Finding(Level.NOTE, "config", warning)
    for name in loaded.unused_env:
        text = _("the variable {name} is set, and nothing uses it").format(name=name)
        yield Finding(Level.NOTE, "environment", text, _("see docs/configuration.md for the names, or unset it"))


def calendar(desk: Desk, now: datetime) -> Iterator[Finding]:
    """The time zone, and whether this and the next year's working days are published."""
    zone, _ = desk.loaded.config.zone, desk._
    local = now.astimezone(zone)
    text = _("time zone {zone}, it is {time} there").format(zone=desk.loaded.config.timezone, time=f"{local:%H:%M}")
    if desk.loaded.config.timezone in {"UTC", "Etc/UTC"}:
        todo = _('set timezone in the configuration, such as "Asia/Shanghai", if that is not your time')
        yield Finding(Level.NOTE, "timezone", text, todo)
    else:
        yield Finding(Level.OK, "timezone", text)
    today = now.astimezone(ZoneInfo("Asia/Shanghai")).date()
    for year in (today.year, today.year + 1):
        if not is_workday(today.replace(year=year, month=1, day=2), "CN")[1]:
            continue
        text = _("the working days of {year} are not known yet: they are estimated, and marked so").format(year=year)
        # They are published in November: before that nobody can have them.
        due = year == today.year or (today.month, today.day) >= (12, 1)
        yield Finding(Level.NOTE, "workdays", text, _("update Tracker's environment (chinesecalendar)") if due else "")


def store(desk: Desk, now: datetime) -> Iterator[Finding]:
    """Whether the store opens, is sound, can be written, has its key, room, and times that make sense."""
    _ = desk._
    url = desk.loaded.config.store.url or ""
    if not desk.store_is_there:
        place = url.removeprefix("sqlite:///")
        yield Finding(Level.NOTE, "store", _("{file}: not made yet").format(file=place), "tracker check")
        yield from _disk(desk, Path(place))
        return
    try:
        base = desk.base
        survey.writable(base)
        wrong = survey.unsound(base)
        newest = survey.newest(base)
    except StoreError as error:
        yield Finding(Level.WRONG, "store", str(error), _("mend that, then look again: tracker doctor"))
        return
    if wrong:
        text = _("{file}: the store is damaged: {why}").format(file=base.place, why=wrong)
        yield Finding(Level.WRONG, "store", text, _("restore a backup; nothing was touched"))
        return
    yield Finding(Level.OK, "store", _("{file}: opens, is sound, can be written").format(file=base.place))
    yield from _key(desk)
    if url.startswith("sqlite"):
        yield from _disk(desk, Path(base.place))
    if newest is not None and newest > now + _FEW_MINUTES:
        text = _("the clock stands before the newest entry of the store ({time})").format(time=f"{newest:%Y-%m-%d %H:%M} UTC")
        yield Finding(Level.WRONG, "clock", text, _("set this machine's clock; NTP keeps it right"))
    else:
        yield Finding(Level.OK, "clock", _("the clock agrees with the store"))


def _key(desk: Desk) -> Iterator[Finding]:
    _, kept = desk._, desk.loaded.config.store
    if kept.key is not None:
        yield Finding(Level.OK, "key", _("the key is given by the configuration"))
        return
    if read_key_file(kept.key_file) is None:
        yield Finding(Level.OK, "key", _("no key yet: it is made when something is kept"))
        return
    mode = kept.key_file.stat().st_mode & 0o777
    if mode & 0o077:
        text = _("{file}: others may read the key ({mode})").format(file=kept.key_file, mode=f"{mode:04o}")
        yield Finding(Level.WRONG, "key", text, f"chmod 600 {kept.key_file}")
    else:
        yield Finding(Level.OK, "key", _("{file}: the key is there, and only yours").format(file=kept.key_file))


def _disk(desk: Desk, file: Path) -> Iterator[Finding]:
    _, folder = desk._, file.parent
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    text = _("{size} MiB free at {folder}").format(size=free >> 20, folder=folder)
    if free < LEAST_FREE:
        yield Finding(Level.WRONG, "disk", text, _("make room: with a full disk nothing is kept and nothing is told"))
    else:
        yield Finding(Level.OK, "disk", text)
    if not os.access(file if file.exists() else folder, os.W_OK):
        place = file if file.exists() else folder
        text = _("{file}: may not be written by this user").format(file=place)
        yield Finding(Level.WRONG, "rights", text, f"ls -ld {place}")
