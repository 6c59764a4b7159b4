"""Where a page that only holds another one leads to."""

from urllib.parse import urlsplit

from tracker.pages.contract import Response


def leads_to(page: Response) -> str | None:
    """The address of the page's one frame, or of its meta refresh, on the same host; None where there is no such."""
    document = page.document
    for addresses in (document.frames, (document.refresh,)):
        near = set(_near(page, addresses))
        if len(near) == 1:
            return near.pop()
    return None


def frames_of(page: Response) -> tuple[str, ...]:
    """The addresses of all its frames on the same host and of its meta refresh, in page order, each once."""
    document = page.document
    return tuple(dict.fromkeys(_near(page, (*document.frames, document.refresh))))


def _near(page: Response, addresses: tuple[str, ...]) -> list[str]:
    here = urlsplit(page.url)
    parts = [(a, urlsplit(a)) for a in addresses if a != page.url]
    return [a for a, p in parts if p.scheme in {"http", "https"} and p.netloc == here.netloc]
