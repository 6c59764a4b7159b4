"""What a receiver answered to one message, as data."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Answer:
    """One reply, with the beginning of its body."""

    protocol: Literal["HTTP", "SMTP"]
    status: int
    body: bytes = b""
    retry_after: str | None = None


@dataclass(frozen=True, slots=True)
class Silence:
    """A try without a reply. `sent`: the message may have arrived all the same."""

    kind: Literal["network", "timeout", "tls"]
    words: str
    sent: bool


Heard = list[Answer | Silence]
