"""Questions about places in a document, asked of its list of parents."""

from collections.abc import Iterator

from tracker.pages.document import Document


def around(document: Document, spot: int) -> Iterator[int]:
    """The spots of the elements around a spot, from the inside out."""
    spot = document.parents[spot]
    while spot >= 0:
        yield spot
        spot = document.parents[spot]


def child_of(document: Document, spot: int, outer: int) -> int:
    """The element directly inside `outer` that a spot stands in; -1 when it stands elsewhere."""
    while spot > outer:
        above = document.parents[spot]
        if above == outer:
            return spot
        spot = above
    return -1
