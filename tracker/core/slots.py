"""Whose turn it is at a host, as the pace asks it and the store answers it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Grant:
    """The store's answer. Not granted: ask again at `retry_at`; `busy`: somebody asks right now, else only the gap runs."""

    granted: bool
    retry_at: datetime
    busy: bool


class HostSlots(Protocol):
    """The slots of all hosts, shared by all processes; a host is its name without the port."""

    def take(self, host: str, *, now: datetime, hold: timedelta, gap: timedelta) -> Grant:
        """Take the slot where it is free and its gap is over: ours until `now + hold`, the next not before `now + gap`."""
        ...

    def free(self, host: str, *, next_at: datetime) -> None:
        """Give the slot back: the next turn not before `next_at`."""
        ...
