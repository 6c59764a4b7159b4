"""A glance at the config file as it stands, for what must be quick: without models, rules, or a word about mistakes."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path


def settings(named: Path | None) -> tuple[Mapping[str, object], Path]:
    """(the file's tree, its folder); empty where it can't be read: mistakes are `config check`'s business."""
    from platformdirs import user_config_path

    given = os.environ.get("TRACKER_CONFIG")
    places = [named or (Path(given) if given else user_config_path("tracker") / "config.toml"), Path("/config/config.toml")]
    for place in places[: 1 if named or given else 2]:
        try:
            return tomllib.loads(place.read_text("utf-8-sig")), place.parent
        except (OSError, ValueError):
            continue
    return {}, Path()


def table(tree: Mapping[str, object], key: str) -> Mapping[str, object]:
    """A table of the tree; empty where something else stands in its place."""
    found = tree.get(key)
    return found if isinstance(found, dict) else {}


def looked_up(value: object, folder: Path) -> object:
    """A value, or what `{ env = "NAME" }` or `{ file = "path" }` refers to."""
    if isinstance(value, dict) and "env" in value:
        return os.environ.get(str(value["env"]))
    if isinstance(value, dict) and "file" in value:
        file = folder / Path(str(value["file"])).expanduser()
        return file.read_text("utf-8").strip() if file.is_file() else str(file)
    return value
