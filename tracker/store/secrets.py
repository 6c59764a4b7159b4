"""Random secrets that outlive a restart, sealed like everything personal: what sessions of the page are signed with."""

import os

from sqlalchemy import insert, select

from tracker.store.base import SETTINGS, Base

_LENGTH = 32


def kept_secret(base: Base, name: str) -> bytes:
    """The store's secret of this name, made when it is first asked for."""
    place = f"settings.{name}"
    with base.write() as connection:
        sealer = base.sealer(connection)
        sealed = connection.execute(select(SETTINGS.c.value).where(SETTINGS.c.name == name)).scalar_one_or_none()
        if sealed is not None:
            return sealer.open(place, sealed)
        secret = os.urandom(_LENGTH)
        connection.execute(insert(SETTINGS).values(name=name, value=sealer.seal(place, secret)))
    return secret
