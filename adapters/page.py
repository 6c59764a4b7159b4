"""Any page that shows the status by itself: get the case's url, read what it says."""

from tracker.pages.adapter import Flow, Meta, PageChanged, Reading, Reference, Response, get, leads_to, read_page

META = Meta(
    id="page",
    title={"zh-CN": "任意结果页面", "en": "Any result page"},
    needs_url=True,
    free_reference=True,
    source="The usual shapes of result pages; what each site says is taken from its own page.",
)


def query(reference: Reference) -> Flow:
    """Open the page and read it, or the one that it frames or leads to."""
    page = yield from get(reference.url)
    try:
        return read(page, reference)
    except PageChanged:
        inner = leads_to(page)
        if inner is None:
            raise
    return read((yield from get(inner, referer=page.url)), reference)


def read(page: Response, reference: Reference) -> Reading:
    """What the page says."""
    return read_page(page, reference)
