"""Any site with a public query form: find the form on the case's url, fill it by its captions, read the answer."""

from tracker.pages.adapter import Flow, Meta, PageChanged, Reading, Reference, Response, ask_by_form, inner_page, read_page

META = Meta(
    id="form",
    title={"zh-CN": "任意查询表单", "en": "Any query form"},
    needs_url=True,
    free_reference=True,
    source="The usual shapes of query forms and answers; what each site says is taken from its own page.",
)


def query(reference: Reference) -> Flow:
    """Open the form, send the reference, read the answer."""
    answer = yield from ask_by_form(reference)
    try:
        return read(answer, reference)
    except PageChanged:  # the result may stand in a frame, or behind a refresh
        inner = yield from inner_page(answer)
        if inner is None:
            raise
    return read(inner, reference)


def read(page: Response, reference: Reference) -> Reading:
    """What the answer says."""
    return read_page(page, reference)
