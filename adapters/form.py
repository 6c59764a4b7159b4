"""Any site with a public query form: find the form on the case's url, fill it by its captions, read the answer."""

from collections.abc import Generator

from tracker.pages.adapter import (
    Answer,
    Ask,
    Flow,
    Meta,
    PageChanged,
    Reading,
    Reference,
    Response,
    find_form,
    get,
    leads_to,
    read_page,
    recognise,
    submit,
)

META = Meta(
    id="form",
    title={"zh-CN": "任意查询表单", "en": "Any query form"},
    needs_url=True,
    free_reference=True,
    source="The usual shapes of query forms and answers; what each site says is taken from its own page.",
)


def query(reference: Reference) -> Flow:
    """Open the form, send the reference, read the answer."""
    page = yield from _with_form(reference)
    answer = yield from submit(page, reference.values)
    try:
        return read(answer, reference)
    except PageChanged:  # the result may stand in a frame, or behind a refresh
        inner = leads_to(answer)
        if inner is None:
            raise
    return read((yield from get(inner, referer=answer.url)), reference)


def read(page: Response, reference: Reference) -> Reading:
    """What the answer says."""
    return read_page(page, reference)


def _with_form(reference: Reference) -> Generator[Ask, Answer, Response]:
    """The page that has the form: the case's url, or the one that it leads to."""
    page = yield from get(reference.url)
    inner = leads_to(page)
    if inner is not None and not _has_form(page, reference):
        page = yield from get(inner, referer=page.url)
    if not _has_form(page, reference):
        obstacle = recognise(page)
        if obstacle is not None:
            raise obstacle
    return page


def _has_form(page: Response, reference: Reference) -> bool:
    try:
        find_form(page.document, tuple(reference.values))
    except PageChanged:
        return False
    return True
