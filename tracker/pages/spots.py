"""Questions about places in a document, asked of its list of parents."""

from collections.abc import Iterator

from tracker.pages.document import Document


def ends(document: Document) -> list[int]:
    """The first spot behind each element or text."""
    result = list(range(1, len(document.parents) + 1))
    for spot in range(len(result) - 1, 0, -1):
        outer = document.parents[spot]
        if result[spot] > result[outer]:  # noqa: PLR1730 - max() takes twice as long, hundreds of times a page
            result[outer] = result[spot]
    return result


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
