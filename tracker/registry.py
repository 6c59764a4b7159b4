"""Finds adapters: the package that ships with us, then what other distributions offer as entry points."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:  # start-up time: names are listed without the page toolkit, at each press of a key in a shell
    from tracker.pages.adapter import Adapter, Meta

PACKAGE = "adapters"  # found by its name only: nothing of ours imports an adapter
GROUP = "tracker.adapters"


class Registry(Mapping[str, "Adapter"]):
    """Adapters by id. Names are listed without importing; a module is imported when it is asked for."""

    def __init__(self) -> None:
        package = importlib.import_module(PACKAGE)
        self._own = {m.name for m in pkgutil.iter_modules(package.__path__) if not m.name.startswith("_")}
        self._loaded: dict[str, Adapter] = {}

    def __getitem__(self, name: str) -> "Adapter":
        if name not in self._loaded:
            self._loaded[name] = self._load(name)
        return self._loaded[name]

    def _load(self, name: str) -> "Adapter":
        if name in self._own:
            return cast("Adapter", importlib.import_module(f"{PACKAGE}.{name}"))
        # Looking through every distribution takes time: only for a name that isn't ours.
        for point in entry_points(group=GROUP, name=name):
            return cast("Adapter", point.load())
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._own | {point.name for point in entry_points(group=GROUP)}))

    def __len__(self) -> int:
        return len(list(iter(self)))


class Metas(Mapping[str, "Meta"]):
    """What the config's validation needs of the adapters: their META, imported only for names that are used."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def __getitem__(self, name: str) -> "Meta":
        return self._registry[name].META

    def __iter__(self) -> Iterator[str]:
        return iter(self._registry)

    def __len__(self) -> int:
        return len(self._registry)
