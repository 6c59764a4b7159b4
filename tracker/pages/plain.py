"""A few words that a person passes on (a message, a note) -> what they say about one case."""

import re
from dataclasses import replace
from html import escape

from tracker.core.errors import CheckError, Mismatched, PageChanged
from tracker.core.model import Identity, Reading, Reference
from tracker.pages.captions import pairs, told_by
from tracker.pages.contract import Response
from tracker.pages.identity import Match, compare, is_alike, is_blank, kind_of
from tracker.pages.jsontext import json_of
from tracker.pages.jsonwalk import objects, pairs_of
from tracker.pages.reading import LABEL_LENGTH, read_page
from tracker.pages.recognise import not_a_status
from tracker.pages.words import JSON_STATUS, STATUS, WEAKER, key, line

_CODE = re.compile(r"[0-9A-Za-z]{6,}", re.ASCII)


def read_text(text: str, reference: Reference) -> Reading:
    """The status under its caption where there is one, else the words as they stand: the person sees them before they count.

    Raises the named error for what can be no status: a message about the site, somebody else's number, more than one status.
    """
    lines = [line(part) for part in text.splitlines() if line(part)]
    body = "".join(f"<p>{escape(part)}</p>\n" for part in lines)
    page = Response("", 200, "text/html; charset=utf-8", f"<html><body>{body}</body></html>".encode())
    try:
        return read_page(page, reference)
    except PageChanged:
        found = pairs(page.document)
        if any(pair.key in STATUS for pair in found):
            raise
        weaker = {pair.caption for pair in found if pair.key in WEAKER}
        if reference.read.label is None and len(weaker) == 1:  # whose it is, the person knows
            return read_page(page, replace(reference, read=replace(reference.read, label=weaker.pop())))
    words = line(" ".join(lines))
    problem = not_a_status(words)
    if problem is not None:
        raise problem
    return Reading(words[:LABEL_LENGTH], _identity(words, reference))


def _identity(words: str, reference: Reference) -> Identity:
    """Whether the words repeat what the case is asked by; Mismatched where they name another person's number, or case's."""
    codes = _CODE.findall(words)
    own = {n for n, v in reference.values.items() if any(compare(c, v) is Match.FULL for c in codes) or _says(words, v)}
    others = [c for c in codes if not any(compare(c, v) is Match.FULL for v in reference.values.values())]
    for name, value in reference.values.items():
        kind = kind_of(name, value)
        if name not in own and kind == "person" and any(kind_of("", code) == "person" for code in others):
            raise Mismatched(name)
        if not own and kind in {"number", None} and any(is_alike(code, value) for code in others):
            raise Mismatched(name)
    return Identity.MATCHED if own else Identity.NOT_SHOWN


def _says(words: str, value: str) -> bool:
    """Whether the words hold a value that is no code, such as a name."""
    return not value.isascii() and value in words


def count_records(page: Response) -> int:
    """How many records a page or a JSON answer shows, by the places where a status stands under its caption."""
    if page.text.lstrip("\ufeff \t\r\n")[:1] in {"{", "["}:
        return _count_objects(page)
    found = pairs(page.document)
    wanted = told_by(found, STATUS)
    return len({pair.record for pair in found if pair.key in wanted and key(pair.value)})


def _count_objects(page: Response) -> int:
    """The entries of lists that have a status."""
    try:
        root = json_of(page)
    except CheckError:
        return 0
    listed = (pairs_of(found.record) for found in objects(root) if found.entries)
    return sum(any(p.key in JSON_STATUS and not is_blank(p.value) for p in record) for record in listed)
