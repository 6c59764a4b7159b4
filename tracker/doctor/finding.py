"""One line of the doctor."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """`note` is worth knowing and may be meant so; `wrong` wants to be mended."""

    OK = "ok"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """`about`: a code for scripts; `text` says what was found, `todo` what to do next ("" where nothing is to be done)."""

    level: Level
    about: str
    text: str
    todo: str = ""
