"""A place that is never asked automatically: the person looks, and shows or says what stands there."""

from tracker.pages.adapter import Flow, Meta, Reading, Reference, Response, look, read_page

META = Meta(
    id="by_hand",
    title={"zh-CN": "由本人查看", "en": "Looked at by the person"},
    by_hand=True,
    free_reference=True,
    source="What the person shows or says; a page is read like any other.",
)


def query(reference: Reference) -> Flow:
    """Ask the person to look, and read the page that they show."""
    return read((yield from look(reference.url)), reference)


def read(page: Response, reference: Reference) -> Reading:
    """What the page says."""
    return read_page(page, reference)
