"""The config file, the environment and the flags -> Loaded, or every mistake at once."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tracker.config import layers as given
from tracker.config import rules, sparing
from tracker.config.layers import KEYS, OWN_ENV, SECTIONS, Layers
from tracker.config.lines import KeyPath, index
from tracker.config.mistakes import Mistake, Tr, from_pydantic, key_of, plain, sentence, unique, unknown_key, without_echoes
from tracker.config.model import Case, Config, Receiver, Source
from tracker.core.errors import ConfigError
from tracker.core.model import ReadHints, Word
from tracker.pages.adapter import Meta

_SECRET = {("store", "key"), ("store", "url"), ("web", "password"), ("life", "heartbeat")}


@dataclass(frozen=True)
class _Origins:
    """Where values came from, for mistakes and `config show --origin`; the file's lines are found when first asked for."""

    file: Path | None
    text: str = field(repr=False)
    given: Mapping[KeyPath, str]
    referred: Mapping[KeyPath, str]

    @cached_property
    def lines(self) -> dict[KeyPath, int]:
        return index(self.text)

    def exact(self, path: KeyPath) -> str | None:
        """The variable, the flag or the line of exactly this key."""
        line = self.lines.get(path)
        return self.given.get(path) or (f"{self.file}:{line}" if line else None)

    def near(self, path: KeyPath) -> str:
        """The same for the nearest key around it that is there."""
        found = (self.exact(path[:cut]) for cut in range(len(path), 0, -1))
        return next((f for f in found if f), f"{self.file}:1" if self.file else "config")

    def order(self, path: KeyPath) -> int:
        """Mistakes outside the file come first, the others in its order."""
        cuts = [path[:cut] for cut in range(len(path), 0, -1)]
        return 0 if any(c in self.given for c in cuts) else next((self.lines[c] for c in cuts if c in self.lines), 0)


@dataclass(frozen=True)
class Loaded:
    """A valid config. `path` is absolute, or None without a file; `unused_env`: TRACKER_ variables that nothing uses.

    `files`: what it was read from, or would be read from once it is there. `left_out`: the mistakes of the cases of the file
    that `config` does not have because of them; `theirs`: what is a person's in those, to be hidden all the same.
    """

    config: Config
    path: Path | None
    warnings: tuple[str, ...]
    unused_env: tuple[str, ...]
    files: tuple[Path, ...]
    left_out: tuple[str, ...]
    theirs: tuple[str, ...] = field(repr=False)
    _origins: _Origins = field(repr=False)
    _tree: dict[str, Any] = field(repr=False)

    @cached_property
    def origins(self) -> Mapping[str, str]:
        """Key -> "file:line", the name of a variable, "flag" or "default", for each key of the schema and each key given."""
        keys = dict.fromkeys(KEYS) | dict.fromkeys(_leaves(self._tree, ()))
        origins, tree = self._origins, self._tree
        return {key_of(k, tree): (origins.exact(k) or "default") if k in KEYS else origins.near(k) for k in keys}

    def origin(self, path: KeyPath) -> str:
        """Where the value of one key came from, also of one that nobody gave; and where it was fetched from."""
        origins = self._origins
        place = origins.exact(path) or (origins.near(path) if _is_there(self._tree, path) else "default")
        how = origins.referred.get(path)
        return f"{place}, {how}" if how else place

    @property
    def is_blank(self) -> bool:
        """Whether the file says nothing at all."""
        return not any(line.strip() and line.lstrip()[0] != "#" for line in self._origins.text.splitlines())

    def is_plain(self, number: int) -> bool:
        """Whether a case of the file is written without `sources`."""
        return "sources" not in self._tree["cases"][number]

    @property
    def count(self) -> int:
        """How many cases the file has."""
        return len(self._tree.get("cases", ()))


def load(
    path: Path | None,
    env: Mapping[str, str],
    adapters: Mapping[str, Meta],
    *,
    tr: Tr = str,
    flags: Mapping[str, str] | None = None,
    root: Path = Path("/"),
    only: Collection[str] | None = None,
) -> Loaded:
    """Read the config; raises ConfigError with every mistake.

    `path` is what -c names; else TRACKER_CONFIG, XDG's place, the image's (below `root`), or none: no cases. `flags` maps
    keys (`web.listen`) to texts; `adapters` are those there are; `tr` translates the words of mistakes and warnings. `only`:
    the names of the cases that must be right; others with mistakes are left out.
    """
    named = path or (Path(env["TRACKER_CONFIG"]) if env.get("TRACKER_CONFIG") else None)
    file = named or given.config_place(root)
    text, tree, broken = given.read_file(file) if file else ("", {}, None)
    if broken:
        raise ConfigError([f"{plain(broken.at, 500)}: {sentence(broken, '', tr, secret=True)}"], [str(file)])

    layers = Layers(tree, file.absolute().parent if file else Path.cwd(), env)
    given.overlay(layers, flags or {})
    given.add_apprise(layers)
    given.resolve(layers)
    origins = _Origins(file, text, layers.given, layers.referred)
    shaped, plainly = rules.normalised(_with_defaults(layers, root))

    unusable = sparing.unusable(shaped, only, adapters)
    config, mistakes = _checked(layers, shaped, plainly, adapters, unusable.keys())
    wrong = unique([*(line for lines in unusable.values() for line in lines), *_told(mistakes, origins, layers, tr)])
    gone = unusable.keys() | sparing.spared(shaped, only, mistakes)
    if gone:
        # What is wrong outside of these cases is so because of them too: how often sites may be asked.
        elsewhere_wrong = [m for m in mistakes if m.path[:1] != ("cases",) or len(m.path) < 2 or m.path[1] not in gone]
        config, mistakes = _checked(layers, shaped, plainly, adapters, gone)
        mistakes += elsewhere_wrong
    if mistakes or config is None:
        raise ConfigError(wrong, map(str, _files(file, layers, root)))

    config = _with_places(config, layers, file, root)
    elsewhere = layers.referred.keys() | layers.given.keys()
    unwise = [as_written(m, plainly) for m in rules.warnings(sparing.blanked(shaped, gone), adapters, given.mode_of(file))]
    unwise = [m for m in unwise if m.code != "readable" or m.path not in elsewhere]
    spare = {n for n in env if n.startswith("TRACKER_")} - layers.used - OWN_ENV
    return Loaded(
        config,
        file.absolute() if file else None,
        tuple(_told(unwise, origins, layers, tr)),
        tuple(sorted(spare)),
        _files(file, layers, root),
        tuple(wrong),
        tuple(sparing.personal(shaped, gone)),
        origins,
        layers.tree,
    )


def unset(env: Mapping[str, str], root: Path = Path("/")) -> Loaded:
    """What holds for a command that needs nothing of a config that can't be read: the system's language and time zone."""
    tree = {"language": given.system_language(env), "timezone": given.system_timezone(env, root)}
    return Loaded(Config.model_validate(tree), None, (), (), (), (), (), _Origins(None, "", {}, {}), {})


def _checked(
    layers: Layers, shaped: dict[str, Any], plainly: set[int], adapters: Mapping[str, Meta], gone: Collection[int]
) -> tuple[Config | None, list[Mistake]]:
    """The config without the cases that are gone, or None; and every mistake, by the models and by the rules, of the others."""
    config, mistakes = _validate(shaped)
    if gone:
        config, _ = _validate(sparing.without(shaped, gone))
    mistakes += rules.check(layers.tree, sparing.blanked(shaped, gone), adapters)
    mistakes = [as_written(m, plainly) for m in mistakes]
    mistakes = layers.mistakes + without_echoes([m for m in mistakes if not _is_inside(m.path, layers.failed)])
    return config, [m for m in mistakes if m.path[:1] != ("cases",) or len(m.path) < 2 or m.path[1] not in gone]


def _with_defaults(layers: Layers, root: Path) -> dict[str, Any]:
    """The tree with the locale's language and the system's time zone, where nobody gave others."""
    tree = dict(layers.tree)
    tree.setdefault("language", given.system_language(layers.env))
    if "timezone" not in tree:
        tree["timezone"] = given.system_timezone(layers.env, root)
    return tree


def _with_places(config: Config, layers: Layers, file: Path | None, root: Path) -> Config:
    """The config with absolute places for the store and a new key; a path in the file counts from the file."""
    database, key_file = given.default_places(file.absolute() if file else None, root)
    url = config.store.url or f"sqlite:///{database}"
    head, _, name = url.partition("sqlite:///")
    if not head and name and not name.startswith(("/", ":memory:")):
        base = Path.cwd() if ("store", "url") in layers.given else layers.base
        url = f"sqlite:///{base / name}"
    store = config.store.model_copy(update={"url": url, "key_file": key_file})
    return config.model_copy(update={"store": store})


def _validate(tree: dict[str, Any]) -> tuple[Config | None, list[Mistake]]:
    unknown, store = [], tree.get("store")
    if isinstance(store, dict) and "key_file" in store:
        tree = tree | {"store": {k: v for k, v in store.items() if k != "key_file"}}
        unknown = [unknown_key(("store", "key_file"), allowed_keys(("store",)))]
    try:
        return Config.model_validate(tree), unknown
    except ValidationError as error:
        found = error.errors(include_url=False)
        return None, unknown + [from_pydantic(e, allowed_keys) for e in found]


def allowed_keys(path: KeyPath) -> tuple[str, ...]:
    """The keys of a table."""
    names = tuple(p for p in path if isinstance(p, str))
    case = tuple(k for k in Case.model_fields if k != "sources")
    tables: Mapping[tuple[str, ...], tuple[str, ...]] = {
        (): tuple(Config.model_fields),
        ("receivers",): tuple(Receiver.model_fields),
        ("cases",): (*case, *rules.OF_A_SOURCE, "sources"),
        ("cases", "sources"): tuple(Source.model_fields),
        ("cases", "sources", "read"): tuple(ReadHints.__dataclass_fields__),
    }
    if names[:2] == ("cases", "labels"):
        return tuple(Word.__dataclass_fields__)
    return tables.get(names) or tuple(k for k in SECTIONS[names[0]] if (names[0], k) not in given.NOT_KEYS)


def as_written(mistake: Mistake, plainly: set[int]) -> Mistake:
    """A mistake of a plain case, with the path under which the user wrote it."""
    path = mistake.path
    if len(path) > 3 and path[0] == "cases" and path[1] in plainly and path[2] == "sources":
        return replace(mistake, path=(*path[:2], *path[4:]))
    return mistake


def _is_inside(path: KeyPath, tops: set[KeyPath]) -> bool:
    return bool(tops) and any(path[:cut] in tops for cut in range(1, len(path) + 1))


def _told(mistakes: list[Mistake], origins: _Origins, layers: Layers, tr: Tr) -> list[str]:
    """The lines that the user sees, in the order of the file."""
    told = []
    for mistake in mistakes:
        key, missing = key_of(mistake.path, layers.tree), mistake.beside if origins.exact(mistake.path) is None else None
        path = missing or mistake.path
        place, other = origins.near(path), origins.near(mistake.other) if mistake.other else ""
        words = sentence(mistake, other, tr, secret=mistake.path in layers.referred or is_secret(mistake))
        told.append((origins.order(path), f"{place}: {words}" if place == key else f"{place}: {key}: {words}"))
    return unique(line for _, line in sorted(told, key=lambda t: t[0]))


def is_secret(mistake: Mistake) -> bool:
    """Whether the wrong value must not be shown: keys, passwords, receivers, references, and addresses that carry something."""
    path, value = mistake.path, mistake.value
    names = tuple(p for p in path if isinstance(p, str))
    if path in _SECRET or names[:2] == ("receivers", "url") or "reference" in names[1:]:
        return True
    return names[-1] == "url" and isinstance(value, str) and bool({"?", "@"} & set(value))


def _files(file: Path | None, layers: Layers, root: Path) -> tuple[Path, ...]:
    return (*((file,) if file else given.config_places(root)), *layers.files)


def _is_there(tree: object, path: KeyPath) -> bool:
    for part in path:
        if isinstance(tree, list) and isinstance(part, int):
            tree = tree[part] if part < len(tree) else None
        elif isinstance(tree, dict) and part in tree:
            tree = tree[part]
        else:
            return False
    return True


def _leaves(node: object, path: KeyPath) -> Iterator[KeyPath]:
    """The paths of all values; a list of plain values is one."""
    if isinstance(node, dict):
        for key, child in node.items():
            yield from _leaves(child, (*path, key))
    elif isinstance(node, list) and node and isinstance(node[0], dict):
        for number, child in enumerate(node):
            yield from _leaves(child, (*path, number))
    else:
        yield path
