"""Whose turn it is to ask a host, across processes: core.slots on the store."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from tracker.core.history import HostHistory
from tracker.core.hosts import asked_to_wait
from tracker.core.slots import Grant
from tracker.store.base import HOST_HISTORY, HOSTS, Base
from tracker.store.owner import is_gone

# No gap and no exchange lasts this long: a time further ahead was written before the clock was set back.
_SET_BACK = timedelta(hours=1)


class Slots:
    """A host is a lease: taken where free and its gap is over; freed when the answer ended."""

    def __init__(self, base: Base, owner: str) -> None:
        self._base, self._owner = base, owner

    def take(self, host: str, *, now: datetime, hold: timedelta, gap: timedelta) -> Grant:
        """Takes the host for `hold`, or says when to ask again."""
        with self._base.write() as connection:
            query = select(HOSTS.c.lease_owner, HOSTS.c.busy_until, HOSTS.c.next_at, HOSTS.c.history)
            row = connection.execute(query.where(HOSTS.c.name == host).with_for_update()).one_or_none()
            values = {"lease_owner": self._owner, "busy_until": now + hold, "next_at": now + gap}
            if row is None:
                connection.execute(insert(HOSTS).values(name=host, history="{}", **values))
                return Grant(granted=True, retry_at=now, busy=False)
            owner, busy_until, next_at, history = row
            # What the host told another process while we waited for our turn holds for us too.
            if refused_until := asked_to_wait(HOST_HISTORY.validate_json(history), now):
                return Grant(granted=False, retry_at=refused_until, busy=False)
            if owner and owner != self._owner and now < (busy_until or now) < now + _SET_BACK and not is_gone(owner):
                return Grant(granted=False, retry_at=busy_until or now, busy=True)
            unseen = owner and owner != self._owner
            if unseen or (next_at and next_at > now + _SET_BACK):
                # Nobody saw when the last request ended, or the clock was set back: the whole gap is kept from now on.
                next_at = now + gap
                waiting = {"lease_owner": None, "busy_until": None, "next_at": next_at}
                connection.execute(update(HOSTS).where(HOSTS.c.name == host).values(waiting))
            if next_at and now < next_at:
                return Grant(granted=False, retry_at=next_at, busy=False)
            connection.execute(update(HOSTS).where(HOSTS.c.name == host).values(values))
            return Grant(granted=True, retry_at=now, busy=False)

    def asked_to_wait(self, host: str, *, until: datetime) -> None:
        """What the host itself said outside of a check: it holds for every process."""
        with self._base.write() as connection:
            history = load_host(connection, host, to_write=True)
            save_hosts(connection, {host: replace(history, refused_until=until)})

    def free(self, host: str, *, next_at: datetime) -> None:
        """Gives the host back; the next request to it may start at `next_at`."""
        mine = (HOSTS.c.name == host) & (HOSTS.c.lease_owner == self._owner)
        with self._base.write() as connection:
            connection.execute(update(HOSTS).where(mine).values(lease_owner=None, busy_until=None, next_at=next_at))


def load_hosts(connection: Connection) -> dict[str, HostHistory]:
    """How hosts answered lately."""
    query = select(HOSTS.c.name, HOSTS.c.history)
    return {name: HOST_HISTORY.validate_json(text) for name, text in connection.execute(query)}


def load_host(connection: Connection, name: str, *, to_write: bool = False) -> HostHistory:
    """How one host answered lately; `to_write`: nobody else may change it before this transaction ends."""
    query = select(HOSTS.c.history).where(HOSTS.c.name == name)
    text = connection.execute(query.with_for_update() if to_write else query).scalar_one_or_none()
    return HOST_HISTORY.validate_json(text) if text else HostHistory()


def save_hosts(connection: Connection, histories: Mapping[str, HostHistory]) -> None:
    """Keeps how hosts answered, inside the caller's transaction."""
    for name, history in histories.items():
        text = HOST_HISTORY.dump_json(history).decode()
        changed = connection.execute(update(HOSTS).where(HOSTS.c.name == name).values(history=text))
        if changed.rowcount == 0:
            connection.execute(insert(HOSTS).values(name=name, history=text))
