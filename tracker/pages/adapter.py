"""The adapter contract, and all that an adapter may use: import nothing else of ours.

An adapter is a module with `META`, `query(reference)` and `read(page, reference)`. `query` is a generator that asks for
requests and receives responses, so the same code runs live, in replay, in tests and with a person as the transport.
"""

from urllib.parse import urljoin

from tracker.core.errors import Blocked, InvalidReference, Mismatched, NotListed, PageChanged, Unavailable
from tracker.core.model import AskHints, Identity, ReadHints, Reading, Reference, Status, Turn, Word
from tracker.pages.asking import ask_by_form, hinted, inner_page, not_in_query, read_inside, value_in
from tracker.pages.captchas import captcha_of
from tracker.pages.contract import (
    Adapter,
    Answer,
    Ask,
    CaptchaAsk,
    Field,
    Flow,
    LookAsk,
    Meta,
    Request,
    Response,
    captcha,
    get,
    hosts_of,
    look,
    only_watches,
    post,
    post_json,
    send,
)
from tracker.pages.document import Document
from tracker.pages.forms import fill, find_form, submit
from tracker.pages.frames import leads_to
from tracker.pages.jsonpath import json_path
from tracker.pages.jsonread import read_json
from tracker.pages.reading import read_page
from tracker.pages.recognise import recognise
from tracker.pages.watching import read_watched

__all__ = [
    "Adapter",
    "Answer",
    "Ask",
    "AskHints",
    "Blocked",
    "CaptchaAsk",
    "Document",
    "Field",
    "Flow",
    "Identity",
    "InvalidReference",
    "LookAsk",
    "Meta",
    "Mismatched",
    "NotListed",
    "PageChanged",
    "ReadHints",
    "Reading",
    "Reference",
    "Request",
    "Response",
    "Status",
    "Turn",
    "Unavailable",
    "Word",
    "ask_by_form",
    "captcha",
    "captcha_of",
    "fill",
    "find_form",
    "get",
    "hinted",
    "hosts_of",
    "inner_page",
    "json_path",
    "leads_to",
    "look",
    "not_in_query",
    "only_watches",
    "post",
    "post_json",
    "read_inside",
    "read_json",
    "read_page",
    "read_watched",
    "recognise",
    "send",
    "submit",
    "urljoin",
    "value_in",
]
