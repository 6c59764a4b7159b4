"""When a page that still reads is told to have changed: once a shape, to the operator, until that shape is learnt.

A new shape is told of at its first look. It is learnt when somebody acknowledges the event, or when STANDS looks found it: then
it is as good as the one before, and both may come in turns (two servers behind one address) without a word. What only came or
only went together with a new reading is no redesign: a case that is sent back shows a reason. Nor is what comes and goes beside
the record. A page that never rests is told of MOST_WAITING times at most, until STANDS looks in a row found a look of before.
"""

from enum import Enum

from tracker.core.history import Shapes

SHAPE_CHANGED = "shape_changed"  # the reason of the event
STANDS = 10  # looks
MOST_WAITING = 3
MOST_KNOWN = 4


class Memory(Enum):
    """What is known of a shape. NOTHING: no shape was ever seen, or only by other rules."""

    NOTHING = "nothing"
    KNOWN = "known"
    WAITING = "waiting"
    NEW = "new"


def recall(shapes: Shapes, digest: str) -> Memory:
    """Whether a shape was seen before."""
    if not shapes.known or _rules(shapes.known[-1]) != _rules(digest):
        return Memory.NOTHING
    if digest in shapes.known:
        return Memory.KNOWN
    return Memory.WAITING if digest in dict(shapes.waiting) else Memory.NEW


def _rules(digest: str) -> str:
    """The version of the rules by which a shape was taken."""
    return digest.partition(".")[0]


def seen_again(shapes: Shapes, digest: str) -> Shapes:
    """One more look found a shape that waits: in the end it stands."""
    counted = {known: looks + (known == digest) for known, looks in shapes.waiting}
    if counted[digest] < STANDS:
        return Shapes(shapes.known, tuple(counted.items()))
    return learnt(shapes, digest)


def rested(shapes: Shapes) -> Shapes:
    """One more look found an accepted shape: what waits was a whim of the site once STANDS of them did so in a row.

    Else a few whims a year would leave no place for the redesign that comes after them.
    """
    if not shapes.waiting:
        return shapes
    return Shapes(shapes.known, shapes.waiting, shapes.rest + 1) if shapes.rest + 1 < STANDS else Shapes(shapes.known)


def learnt(shapes: Shapes, *digests: str) -> Shapes:
    """These are the page's shapes too from now on."""
    known = (*(d for d in shapes.known if d not in digests), *digests)
    waiting = tuple((d, looks) for d, looks in shapes.waiting if d not in digests)
    return Shapes(known[-MOST_KNOWN:], waiting)


def accepted(shapes: Shapes) -> Shapes:
    """All that waits is learnt."""
    return learnt(shapes, *(digest for digest, _ in shapes.waiting))


def waiting(shapes: Shapes, digest: str) -> Shapes | None:
    """A new shape is told of, and waits; None where the page never rests."""
    if len(shapes.waiting) >= MOST_WAITING:
        return None
    return Shapes(shapes.known, (*shapes.waiting, (digest, 1)))


def explained(*, moved_on: bool, came: bool, went: bool, moved: bool) -> bool:
    """Whether captions that differ go with another reading: they only came, or only went."""
    return moved_on and not moved and not (came and went)
