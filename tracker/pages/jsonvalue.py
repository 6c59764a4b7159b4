"""One value of a JSON answer, such as a token that the next request must send."""

from tracker.core.errors import PageChanged
from tracker.core.model import Reference
from tracker.pages.contract import Response
from tracker.pages.jsonasked import why_nothing
from tracker.pages.jsonpath import NOTHING, follow, json_path
from tracker.pages.jsontext import json_of
from tracker.pages.jsonwalk import text_of


def value_at(page: Response, path: str) -> str:
    """The text at a path such as `data.csrfToken`. Raises what the answer says instead, or PageChanged."""
    root = json_of(page)
    steps = json_path(path.removeprefix("json:"))
    if steps is None:
        raise PageChanged("value", "a path into the answer", path)
    value = follow(root, steps, lambda _entries: NOTHING)[-1]  # before the case is asked for, no entry is its own
    text = None if value is NOTHING else text_of(value)
    if text is None:
        raise why_nothing(root, Reference({}), PageChanged("value", path, "nothing"))
    return text
