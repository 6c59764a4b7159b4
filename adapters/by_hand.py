"""A place that is never asked automatically: the person looks, and shows or says what stands there."""

from tracker.pages.adapter import Flow, Meta, Reference, look, read_page

META = Meta(
    id="by_hand",
    title={"zh-CN": "由本人查看", "en": "Looked at by the person"},
    by_hand=True,
    free_reference=True,
    source="What the person shows or says; a page is read like any other.",
)

read = read_page  # what the page says, as of any other


def query(reference: Reference) -> Flow:
    """Ask the person to look, and read the page that they show."""
    return read((yield from look(reference.url)), reference)
