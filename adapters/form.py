"""Any site with a public query form: find the form on the case's url, fill it by its captions, read the answer."""

from tracker.pages.adapter import Flow, Meta, Reference, ask_by_form, read_inside, read_page

META = Meta(
    id="form",
    title={"zh-CN": "任意查询表单", "en": "Any query form"},
    needs_url=True,
    free_reference=True,
    source="The usual shapes of query forms and answers; what each site says is taken from its own page.",
)

read = read_page  # what the answer says


def query(reference: Reference) -> Flow:
    """Open the form, send the reference, read the answer."""
    return (yield from read_inside((yield from ask_by_form(reference)), reference, read))
