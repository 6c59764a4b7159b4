"""The page behind a look: whether its shape is another one now, and whether the page itself is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tracker.core.decision import Decision, Draft, Keep
from tracker.core.drift import SHAPE_CHANGED, Memory, explained, learnt, recall, rested, seen_again, waiting
from tracker.core.history import Shapes
from tracker.core.labels import fold
from tracker.core.model import EventKind, Observation, Outcome, OutcomeKind, Urgency, Via
from tracker.pages.contract import Response
from tracker.pages.others import shows_others
from tracker.pages.shape import Drift, Place, Shape, compare, shape_of
from tracker.store.keeper import Keeper
from tracker.store.pages import NEW, STEP, UNREAD, ToKeep
from tracker.store.store import SourceRow
from tracker.subjects import Subject
from tracker.understand import read_again

_UNREAD = frozenset({OutcomeKind.PAGE_CHANGED, OutcomeKind.BLOCKED, OutcomeKind.UNAVAILABLE})
TOGETHER = timedelta(days=1)  # what cases of one site show of a redesign: each may have captions of its own
_LONGEST = 200  # characters of the captions in an event


@dataclass(frozen=True, slots=True)
class Drifted:
    """What a look's shape changes. `shapes`: what is kept of shapes from now on, None: what was; `drift`: the redesign."""

    decision: Decision
    shapes: Mapping[str, Shape] | None = None
    drift: str = ""


async def drifted(keeper: Keeper, subject: Subject, row: SourceRow, page: Response | None, decision: Decision) -> Drifted:
    """After a good reading of the site: its shape compared with those that were accepted."""
    shape = shape_of(page, subject.reference) if page is not None else None
    if shape is None:
        return Drifted(decision)
    known, digest = decision.history.shapes, shape.digest
    memory = recall(known, digest)
    if memory is Memory.KNOWN:
        return Drifted(_with(decision, rested(known)))
    if memory is Memory.WAITING:
        return Drifted(_with(decision, seen_again(known, digest)))
    if memory is Memory.NOTHING:
        return Drifted(_with(decision, Shapes((digest,))), {digest: shape})
    kept = await keeper.shapes(row.id)
    change = _nearest([kept[one] for one in known.known if one in kept], shape)
    if change is None:
        return Drifted(_with(decision, learnt(known, digest)), {digest: shape})
    everyday = not change.matters((*subject.reference.values, subject.reference.read.label or ""))
    if everyday or explained(
        moved_on=decision.changed, came=bool(change.came), went=bool(change.went), moved=bool(change.moved)
    ):
        return Drifted(_with(decision, learnt(known, digest)), _those(kept, learnt(known, digest), shape))
    waits = waiting(known, digest)
    if waits is None:
        return Drifted(decision)
    read_at = decision.history.last_read_at
    assert read_at is not None  # it was read just now
    events = () if await keeper.is_told(row.id, change.digest, read_at - TOGETHER) else (_event(change),)
    told = _with(replace(decision, events=(*decision.events, *events)), waits)
    return Drifted(told, _those(kept, waits, shape), change.digest)


def _with(decision: Decision, shapes: Shapes) -> Decision:
    return replace(decision, history=replace(decision.history, shapes=shapes))


def _nearest(known: Sequence[Shape], shape: Shape) -> Drift | None:
    """Against the accepted shape that differs least; the newest of those that are alike."""
    changes = [compare(one, shape) for one in reversed(known)]
    return min(changes, key=lambda c: len(c.came) + len(c.went) + len(c.moved)) if changes else None


def _those(kept: Mapping[str, Shape], shapes: Shapes, new: Shape) -> dict[str, Shape]:
    """The shapes that still matter."""
    wanted = {*shapes.known, *(digest for digest, _ in shapes.waiting)}
    return {digest: shape for digest, shape in {**kept, new.digest: new}.items() if digest in wanted}


def _event(change: Drift) -> Draft:
    words = {"came": _listed(change.came), "went": _listed(change.went), "moved": _listed(change.moved)}
    params = {name: text for name, text in words.items() if text}
    return Draft(EventKind.DEFECT, SHAPE_CHANGED, Urgency.LOW, params={**params, "reason": SHAPE_CHANGED})


def _listed(places: Sequence[Place]) -> str:
    return ", ".join(dict.fromkeys(place.caption for place in places))[:_LONGEST]


# --- the page itself -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pages:
    """How pages are kept: for how long (None: not at all), and how large one may be."""

    keep: timedelta | None = None
    most: int = 0

    def to_keep(
        self,
        page: Response | None,
        outcome: Outcome,
        decision: Decision,
        *,
        subject: Subject,
        before: Observation | None,
        now: datetime,
    ) -> ToKeep | None:
        """The page of a new label, or one that could not be read; somebody else's never. `before`: what was stored last.

        A list shows people who are no cases here: nothing of them is stored.
        """
        if page is None or self.keep is None or not page.body or len(page.body) > self.most:
            return None
        kind = _kind(page, outcome, decision, subject, before)
        if not kind or shows_others(page, subject.reference):
            return None
        seen = decision.history.last if kind == NEW else None
        return ToKeep(kind, page, Outcome(OutcomeKind.READ, seen) if seen is not None else outcome, now, self.keep)


def _kind(page: Response, outcome: Outcome, decision: Decision, subject: Subject, before: Observation | None) -> str:
    """As what a page is kept; "" where it is not.

    A flow may end on a page that it did not read: on a form that has changed, or on the last answer before the line broke.
    """
    found = outcome.observation
    if outcome.kind not in _UNREAD and (found is None or not _is_new_label(decision, before)):
        return ""
    at, via = (found.seen_at, found.via) if found is not None else (decision.history.looked_at, Via.SITE)
    assert at is not None
    if read_again(subject, page, at, via) == outcome:
        return UNREAD if found is None else NEW
    return STEP if outcome.kind is OutcomeKind.PAGE_CHANGED else ""


def _is_new_label(decision: Decision, before: Observation | None) -> bool:
    seen = decision.history.last
    if decision.keep is not Keep.NEW or seen is None or seen.watched is not None:
        return False
    return before is None or fold(before.label) != fold(seen.label)


@dataclass(slots=True)
class LastAnswer:
    """The answer that a flow read, or failed on: the last one, a captcha's picture left aside."""

    page: Response | None = field(default=None)

    def __call__(self, answer: Response) -> None:
        if self.page is None or not answer.content_type.lower().startswith("image/"):
            self.page = answer
