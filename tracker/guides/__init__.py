"""The procedures that ship with us: one TOML file each, read when it is asked for."""

import tomllib
from pathlib import Path

from tracker.core.guide import Guide, guide_of

FOLDER = Path(__file__).parent


def names() -> list[str]:
    """The procedures there are."""
    return sorted(file.stem for file in FOLDER.glob("*.toml"))


def load_guide(name: str) -> Guide:
    """One procedure; KeyError where there is none of that name, GuideError where its file is broken."""
    if name not in names():
        raise KeyError(name)
    return guide_of(name, tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8")))
