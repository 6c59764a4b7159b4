"""The cases of the config file and those that the store keeps, as one list."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tracker.config.model import Case, Config
from tracker.config.single import case_of
from tracker.core.errors import ConfigError
from tracker.core.words import N_
from tracker.registry import Metas, Registry
from tracker.store.roster import Kept, Tree


@dataclass(frozen=True, slots=True)
class Cases:
    """`config` has all cases that can be checked, the file's first. `kept`: what the store knows of each, by name.

    `problems`: why a case that the store keeps can't be checked, a line each.
    """

    config: Config
    kept: Mapping[str, Kept] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    def is_of_store(self, name: str) -> bool:
        """Whether the store keeps this case, and so `edit` and `remove` may change it."""
        kept = self.kept.get(name)
        return kept is not None and kept.tree is not None

    def is_archived(self, name: str) -> bool:
        kept = self.kept.get(name)
        return kept is not None and kept.archived_at is not None

    def is_paused(self, name: str) -> bool:
        kept = self.kept.get(name)
        return kept is not None and kept.paused_at is not None


def gathered(config: Config, kept: Sequence[Kept], registry: Registry, tr: Callable[[str], str]) -> Cases:
    """The file's cases, then the store's; words that the person confirmed come in front of a case's own table."""
    by_name = {k.name: k for k in kept}
    cases = [_with_words(case, by_name.get(case.name)) for case in config.cases]
    problems: list[str] = []
    of_file = {case.name for case in config.cases}
    receivers = [r.name for r in config.receivers]
    for one in (k for k in kept if k.tree is not None):
        if one.name in of_file:
            text = tr(N_("{case}: it stands in the config file and in the store; the file's is used"))
            problems.append(text.format(case=one.name))
            continue
        try:
            case = case_of(_with_receivers_there(one.tree or {}, receivers), Metas(registry), receivers, tr)
        except ConfigError as error:
            problems += [f"{one.name}: {line}" for line in error.mistakes]
            continue
        cases.append(_with_words(case, one))
    return Cases(config.model_copy(update={"cases": tuple(cases)}), by_name, tuple(problems))


def _with_receivers_there(tree: Tree, receivers: Sequence[str]) -> Tree:
    """A receiver that left the config is no reason to stop the checks: without any left, all receivers are told."""
    wanted = tree.get("receivers")
    if not isinstance(wanted, list):
        return tree
    there = [name for name in wanted if name in receivers]
    rest = {key: value for key, value in tree.items() if key != "receivers"}
    return rest | {"receivers": there} if there else rest


def _with_words(case: Case, kept: Kept | None) -> Case:
    if kept is None or not kept.words:
        return case
    return case.model_copy(update={"labels": {**case.labels, **kept.words}})
