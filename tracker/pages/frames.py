"""Where a page that only holds another one leads to."""

from urllib.parse import urlsplit

from tracker.pages.contract import Response


def leads_to(page: Response) -> str | None:
    """The address of the page's one frame, or of its meta refresh, on the same host; None where there is no such."""
    document = page.document
    here = urlsplit(page.url)
    for addresses in (document.frames, (document.refresh,)):
        near = {a for a in addresses if urlsplit(a).scheme in {"http", "https"} and urlsplit(a).netloc == here.netloc}
        near.discard(page.url)
        if len(near) == 1:
            return near.pop()
    return None
