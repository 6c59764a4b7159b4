"""Any address that answers with JSON: ask it with the reference, read the answer by its keys or by paths."""

from tracker.pages.adapter import (
    Flow,
    Meta,
    Reference,
    get,
    not_in_query,
    post,
    post_json,
    read_json,
)

META = Meta(
    id="json",
    title={"zh-CN": "任意 JSON 接口", "en": "Any JSON answer"},
    needs_url=True,
    free_reference=True,
    sends=True,
    source="The usual shapes of JSON answers; what each site says is taken from its own answer.",
)

read = read_json  # what the answer says


def query(reference: Reference) -> Flow:
    """Send the reference as the case says: in the query, in a form, or as a JSON object."""
    if reference.ask.method == "GET":
        answer = yield from get(reference.url, not_in_query(reference))
    elif reference.ask.body == "json":
        answer = yield from post_json(reference.url, reference.values)
    else:
        answer = yield from post(reference.url, tuple(reference.values.items()))
    return read(answer, reference)
