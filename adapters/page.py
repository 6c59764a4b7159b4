"""Any page that shows the status by itself: get the case's url, read what it says. Or one whose text is watched."""

from tracker.pages.adapter import (
    Flow,
    Meta,
    Reading,
    Reference,
    Response,
    get,
    read_inside,
    read_page,
    read_watched,
)

META = Meta(
    id="page",
    title={"zh-CN": "任意结果页面，或需要留意变化的页面", "en": "Any result page, or a page to be watched"},
    needs_url=True,
    free_reference=True,
    watches=True,
    source="The usual shapes of result pages; what each site says is taken from its own page.",
)


def query(reference: Reference) -> Flow:
    """Open the page and read it, or the one that it frames or leads to."""
    return (yield from read_inside((yield from get(reference.url)), reference, read))


def read(page: Response, reference: Reference) -> Reading:
    """What the page says, or its text."""
    return read_watched(page, reference) if reference.ask.watch else read_page(page, reference)
