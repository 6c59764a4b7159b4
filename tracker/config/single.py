"""One case by itself, as a command, a table of cases or the page gives it: checked by the rules of the config file."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

from pydantic import ValidationError

from tracker.config import rules
from tracker.config.load import allowed_keys, as_written, is_secret
from tracker.config.mistakes import Mistake, Tr, from_pydantic, key_of, sentence, unique, without_echoes
from tracker.config.model import Case, Config
from tracker.core.errors import ConfigError
from tracker.pages.adapter import Meta


def case_of(tree: Mapping[str, Any], adapters: Mapping[str, Meta], receivers: Iterable[str], tr: Tr) -> Case:
    """The case that a tree of the config's keys describes; ConfigError with a line `key: what, what is allowed` a mistake.

    `receivers`: the names that there are.
    """
    raw = {"cases": [deepcopy(dict(tree))], "receivers": [{"name": r, "url": "json://127.0.0.1"} for r in receivers]}
    shaped, plainly = rules.normalised(raw)
    mistakes: list[Mistake] = []
    config = None
    try:
        config = Config.model_validate(shaped)
    except ValidationError as error:
        mistakes = [from_pydantic(e, allowed_keys) for e in error.errors(include_url=False)]
    mistakes += rules.check(raw, shaped, adapters)
    mistakes = without_echoes([as_written(m, plainly) for m in mistakes])
    if mistakes or config is None:
        raise ConfigError(unique(_line(m, raw, tr) for m in mistakes))
    return config.cases[0]


def warnings_of(tree: Mapping[str, Any], adapters: Mapping[str, Meta], tr: Tr) -> list[str]:
    """What is allowed but unwise in a valid case, a line each."""
    raw = {"cases": [dict(tree)]}
    shaped, plainly = rules.normalised(raw)
    return unique(_line(as_written(m, plainly), raw, tr) for m in rules.warnings(shaped, adapters, 0))


def _line(mistake: Mistake, raw: Mapping[str, Any], tr: Tr) -> str:
    path = mistake.path[2:]
    key = key_of(path, raw["cases"][0]) if path else ""
    words = sentence(mistake, "", tr, secret=is_secret(mistake))
    return f"{key}: {words}" if key else words
