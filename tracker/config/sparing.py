"""The cases that a command can do without: those with mistakes, where it needs only some of the file's."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from tracker.config.mistakes import Mistake
from tracker.config.rules import sources_of
from tracker.core.errors import ConfigError
from tracker.pages.adapter import Meta
from tracker.pages.names import could_be_name

Tree = dict[str, Any]


def names_of(tree: Tree) -> list[object]:
    """The name of each case, by its number; None where it has none."""
    cases = tree.get("cases")
    return [case.get("name") if isinstance(case, dict) else None for case in (cases if isinstance(cases, list) else ())]


def unusable(tree: Tree, needed: Collection[str] | None, adapters: Mapping[str, Meta]) -> dict[int, list[str]]:
    """The cases that nobody needs and whose adapter's file is broken, with what is wrong with it. `needed` None: all are."""
    names, found = names_of(tree), dict[int, list[str]]()
    for path, source in sources_of(tree):
        number = int(path[1])
        if needed is None or names[number] in needed:
            continue
        try:
            adapters.get(str(source.get("adapter")))
        except ConfigError as error:
            found.setdefault(number, []).extend(error.mistakes)
    return found


def spared(tree: Tree, needed: Collection[str] | None, mistakes: Iterable[Mistake]) -> set[int]:
    """The cases that nobody needs and that have mistakes."""
    if needed is None:
        return set()
    names = names_of(tree)
    numbers = {m.path[1] for m in mistakes if len(m.path) > 1 and m.path[0] == "cases"}
    return {n for n in numbers if isinstance(n, int) and names[n] not in needed}


def without(tree: Tree, numbers: Collection[int]) -> Tree:
    """The tree without these cases."""
    if not numbers:
        return tree
    return tree | {"cases": [case for number, case in enumerate(tree["cases"]) if number not in numbers]}


def blanked(tree: Tree, numbers: Collection[int]) -> Tree:
    """The tree with these cases emptied, so that the others keep their numbers."""
    if not numbers:
        return tree
    return tree | {"cases": [None if number in numbers else case for number, case in enumerate(tree["cases"])]}


def personal(tree: Tree, numbers: Collection[int]) -> Iterator[str]:
    """What their references say, whatever else is wrong with these cases, and their names where those are people's."""
    named = (name for number, name in enumerate(names_of(tree)) if number in numbers and isinstance(name, str))
    yield from filter(could_be_name, named)
    for path, source in sources_of(tree):
        reference = source.get("reference")
        if path[1] in numbers and isinstance(reference, dict):
            yield from (value for value in reference.values() if isinstance(value, str))
