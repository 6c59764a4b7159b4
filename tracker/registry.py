"""Finds adapters: the package that ships with us, the user's own folder, then what other distributions offer."""

import importlib
import importlib.util
import os
import pkgutil
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, cast

from tracker.core.errors import ConfigError
from tracker.core.words import N_

if TYPE_CHECKING:  # start-up time: names are listed without the page toolkit, at each press of a key in a shell
    from tracker.pages.adapter import Adapter, Meta

PACKAGE = "adapters"  # found by its name only: nothing of ours imports an adapter
GROUP = "tracker.adapters"
FOLDER = "TRACKER_ADAPTERS"
_OWN_FILES = "tracker_own_adapters"  # where modules of the user's folder stand among Python's


class AdapterError(ConfigError):
    """A file of the user's folder is no adapter: `file:line: what`."""


def own_folder(env: Mapping[str, str] = os.environ) -> Path:
    """Where a user's own adapters lie: TRACKER_ADAPTERS, else the folder `adapters` beside the usual config."""
    named = env.get(FOLDER)
    if named:
        return Path(named).expanduser().absolute()
    from platformdirs import user_config_path  # noqa: PLC0415 - start-up time

    in_image = Path("/config").is_dir() and Path("/data").is_dir()
    return (Path("/config") if in_image else user_config_path("tracker")) / "adapters"


class Registry(Mapping[str, "Adapter"]):
    """Adapters by id. Names are listed without importing; a module is imported when it is asked for.

    `folder` has the user's own. A file there that is no adapter raises AdapterError when it is asked for, in the words of `tr`.
    """

    def __init__(self, folder: Path | None = None, tr: Callable[[str], str] = str) -> None:
        package = importlib.import_module(PACKAGE)
        self._shipped = {m.name for m in pkgutil.iter_modules(package.__path__) if not m.name.startswith("_")}
        self._files = {} if folder is None else _files(folder)
        self._loaded: dict[str, Adapter] = {}
        self._tr = tr

    def __getitem__(self, name: str) -> "Adapter":
        if name not in self._loaded:
            self._loaded[name] = self._load(name)
        return self._loaded[name]

    def _load(self, name: str) -> "Adapter":
        if name in self._shipped:
            return cast("Adapter", importlib.import_module(f"{PACKAGE}.{name}"))
        if name in self._files:
            return load_file(self._files[name], self._tr)
        # Looking through every distribution takes time: only for a name that isn't ours.
        for point in entry_points(group=GROUP, name=name):
            return cast("Adapter", point.load())
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._shipped | self._files.keys() | {point.name for point in entry_points(group=GROUP)}))

    def __len__(self) -> int:
        return len(list(iter(self)))

    def __contains__(self, name: object) -> bool:
        """Also for a broken one: it is there."""
        return name in list(iter(self))

    def place_of(self, name: str) -> Path | None:
        """The file of an adapter of the user's own folder."""
        return None if name in self._shipped else self._files.get(name)

    def usable(self) -> "dict[str, Adapter]":
        """All but those that can't be used."""
        found = {}
        for name in self:
            with suppress(AdapterError):
                found[name] = self[name]
        return found

    def troubles(self) -> dict[str, str]:
        """Name -> why its file in the user's folder can't be used."""
        found = {}
        for name, file in self._files.items():
            if name in self._shipped:
                text = self._tr(N_("an adapter that ships with Tracker has this name: give the file another one"))
                found[name] = f"{file}: {text}"
                continue
            try:
                self[name]
            except AdapterError as error:
                found[name] = str(error)
        return found


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

    def __contains__(self, name: object) -> bool:
        return name in self._registry


def _files(folder: Path) -> dict[str, Path]:
    """name -> file, of a folder that may not be there."""
    try:
        files = sorted(folder.iterdir())
    except OSError:
        return {}
    return {f.stem: f for f in files if f.suffix == ".py" and f.stem.isidentifier() and not f.stem.startswith("_")}


def load_file(file: Path, tr: Callable[[str], str] = str) -> "Adapter":
    """The adapter in a file; AdapterError says where and why it is none."""
    name = f"{_OWN_FILES}.{file.stem}"
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # as an import does: dataclasses and pickle look there
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:  # anybody's code: whatever breaks in it is told, and nothing else breaks
        del sys.modules[name]
        raise AdapterError([_told(file, error)], [str(file)]) from error
    wrong = _wrong(module, file.stem, tr)
    if wrong:
        del sys.modules[name]
        raise AdapterError([f"{file}: {wrong}"], [str(file)])
    return cast("Adapter", module)


def _told(file: Path, error: BaseException) -> str:
    if isinstance(error, SyntaxError) and error.filename == str(file):
        return f"{file}:{error.lineno}: {type(error).__name__}: {error.msg}"
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(file)]
    place = f"{file}:{lines[-1]}" if lines else str(file)
    return f"{place}: {type(error).__name__}: {' '.join(str(error).split())[:200]}"


def _wrong(module: object, stem: str, tr: Callable[[str], str]) -> str:
    """What a module lacks to be an adapter."""
    from tracker.pages.adapter import Meta  # noqa: PLC0415 - start-up time

    meta = getattr(module, "META", None)
    if not isinstance(meta, Meta):
        return tr(N_("META is missing: an adapter has META, query and read; `tracker adapters new` writes one"))
    if meta.id != stem:
        return tr(N_("META.id is “{id}”: it must be the file's name, “{name}”")).format(id=meta.id, name=stem)
    for call in ("query", "read"):
        if not callable(getattr(module, call, None)):
            return tr(N_("the function {name} is missing")).format(name=call)
    return ""
