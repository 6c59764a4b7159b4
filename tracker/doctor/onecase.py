"""What the bundle says of one case beside all others: how it is asked and read, its looks, its page's shape and kept pages."""

import re
from collections.abc import Iterator
from datetime import datetime

from tracker.core.model import Event, Outcome
from tracker.desk import Desk
from tracker.pages.masking import masked_page, public_words
from tracker.pages.shape import Shape, shape_of
from tracker.replay import Reread, reread
from tracker.store.pages import NEW
from tracker.store.shapes import kept_shapes
from tracker.store.store import SourceRow
from tracker.subjects import Subject

JSON = dict[str, object]
LOOKED_BACK = 20
_TYPE = re.compile(r"[a-z]{1,12}/[a-z.+-]{1,30}|utf-?8|gbk|gb2312|gb18030|big5|iso-8859-1")


def asked(subject: Subject, known: tuple[str, ...]) -> JSON:
    """The source's config, with captions masked like a page's words."""
    ask, read = subject.reference.ask, subject.reference.read
    return {
        "method": ask.method,
        "body": ask.body,
        "watch": ask.watch,
        "css": ask.css is not None,
        "label": _hint(read.label, known),
        "date": _hint(read.date, known),
        "identify": [_hint(name, known) for name in read.identify],
        "details": None if read.details is None else [_hint(name, known) for name in read.details],
        "own_labels": sorted(word.status.value for word in subject.case.labels.values()),
        "min_gap_seconds": subject.gap.total_seconds(),
    }


def _hint(name: str | None, known: tuple[str, ...]) -> str | None:
    """A caption as a page's words; a selector or a path only by its kind."""
    if name is None:
        return None
    kind, mark, _ = name.partition(":")
    if mark and kind in {"css", "json"}:
        return f"{kind}:…"
    return public_words(name, known)


def shapes(desk: Desk, row: SourceRow, known: tuple[str, ...]) -> JSON:
    """The captions of the page and their places: of the usual shape, and of those that wait to be accepted."""
    kept, past = kept_shapes(desk.base, row.id), row.history.shapes
    usual = kept.get(past.known[-1]) if past.known else None
    waiting = [{"looks": looks, "captions": _captions(kept[d], known)} for d, looks in past.waiting if d in kept]
    return {"captions": _captions(usual, known) if usual is not None else None, "accepted": len(past.known), "waiting": waiting}


def _captions(shape: Shape, known: tuple[str, ...]) -> list[str]:
    return [f"{public_words(place.caption, known)} ({place.kind})" for place in shape.places]


def told(desk: Desk, row: SourceRow) -> list[JSON]:
    """What the last looks raised, newest first."""
    events = [event for event in desk.store.events(row.case, LOOKED_BACK) if event.source in (row.name, None)]
    return [_event(event) for event in events]


def _event(event: Event) -> JSON:
    return {"at": _iso(event.at), "kind": event.kind.value, "reason": masked_reason(event.reason)}


def masked_reason(reason: str) -> str:
    """A code of ours, or of an adapter's own."""
    return reason if reason.replace("_", "").isascii() and len(reason) <= 40 else "other"


def pages(desk: Desk, subject: Subject, known: tuple[str, ...], *, page: bool) -> Iterator[JSON]:
    """The kept pages: what each was read as and would be now; with `page` the unreadable one itself, masked."""
    for one in reread(desk.store, [subject], [subject.case.name]):
        text = {"text": _masked(one, subject, known).splitlines()} if page and one.kept.kind != NEW else {}
        yield {**_page(one), **text}


def _masked(one: Reread, subject: Subject, known: tuple[str, ...]) -> str:
    shape = shape_of(one.kept.page, subject.reference) or Shape()
    return masked_page(one.kept.page, known, [place.caption for place in shape.places])


def _page(one: Reread) -> JSON:
    response = one.kept.page
    return {
        "kept_at": _iso(one.kept.at),
        "kind": one.kept.kind,
        "bytes": len(response.body),
        "charset": response.charset,
        "content_type": masked_type(response.content_type),
        "then": _outcome(one.kept.outcome),
        "now": _outcome(one.now),
        "differs": list(one.differs),
    }


def masked_type(content_type: str) -> str:
    """A Content-Type without what a site may have put behind it."""
    kind, _, rest = content_type.lower().partition(";")
    _, _, charset = rest.partition("charset=")
    parts = (kind.strip(), charset.partition(";")[0].strip().strip("'\""))
    return "; ".join(part for part in parts if _TYPE.fullmatch(part))


def _outcome(outcome: Outcome) -> str:
    if outcome.problem is None:
        return outcome.kind.value
    return f"{outcome.kind.value}/{masked_reason(outcome.problem.reason)}"


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")
