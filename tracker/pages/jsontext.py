"""The body of an answer -> the JSON in it. Whatever else it is, is told by name."""

import json
import re
from typing import NoReturn

from tracker.core.errors import PageChanged
from tracker.pages.contract import Response
from tracker.pages.recognise import recognise, said
from tracker.pages.source import refuse

DEEPEST = 40

_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_BRACKETS = re.compile(r"[\[\]{}]")
# JSONP: some sites wrap every answer into a call, which nobody need execute to read it.
_CALL = re.compile(r"(?:/\*\*/)?\s*[\w$.]{1,80}\s*\(\s*(?=[{\[\"])")


def json_of(page: Response) -> object:
    """The JSON of an answer. Where it is none: what it says it is instead, else PageChanged with the reason."""
    if not page.complete:
        raise _cut()
    refuse(page)
    text = page.text.strip("\ufeff \t\r\n\f\0")
    if text.startswith("<"):
        raise recognise(page) or PageChanged("page", "a JSON answer", "a web page")
    call = _CALL.match(text)
    if call is not None:
        text = text[call.end() :].rstrip("; \t\r\n")
        if not text.endswith(")"):
            raise _cut()
        text = text[:-1].rstrip()
    if _depth(text) > DEEPEST:
        raise PageChanged("page", f"at most {DEEPEST} levels", "more", reason="too_large")
    return _parsed(text)


def _parsed(text: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        if text[:1] in {"{", "[", '"'} and (error.pos >= len(text) or error.msg.startswith("Unterminated")):
            raise _cut() from None
        raise said([text[:1000]]) or PageChanged("page", "a JSON answer", "something else", evidence=text[:60]) from None
    except ValueError:  # a number of thousands of digits
        raise PageChanged("page", "a JSON answer", "a number without end") from None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object whose keys stand once: of two values nobody can say which one counts."""
    made = dict(pairs)
    if len(made) < len(pairs):
        raise PageChanged("page", "each key once", "a key twice")
    return made


def _refuse_constant(name: str) -> NoReturn:
    raise PageChanged("page", "a JSON answer", name)


def _depth(text: str) -> int:
    depth = deepest = 0
    for bracket in _BRACKETS.findall(_STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _cut() -> PageChanged:
    return PageChanged("page", "the end of the page", "the source ends before", reason="truncated")
