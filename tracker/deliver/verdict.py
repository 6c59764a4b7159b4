"""Whether a receiver took a message: read from its replies, in its own words, without anything secret.

A reason is `code` or `code: words`; `reason_text` shows it. Codes: HTTP 403, SMTP 550, errcode 93000 (the service's own
field and number), network, timeout, tls, no_answer, redirect, partly, unclear, refused, bad_url, error, receiver_removed,
snoozed.
"""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import unquote_plus

from tracker.core.clean import clean
from tracker.core.errors import DeliveryError
from tracker.core.mask import mask_text
from tracker.core.words import N_, Translator
from tracker.deliver.heard import Answer, Heard, Silence
from tracker.fetch.rules import retry_after

LONGEST_WORDS = 160
SHORTEST_SECRET = 4

# Services that refuse with HTTP 200: the fields of the answer's body that tell, and what they say when all is well.
SIGNS: Mapping[str, tuple[tuple[str, ...], int]] = {
    "wecombot": (("errcode",), 0),
    "dingtalk": (("errcode",), 0),
    "feishu": (("code", "StatusCode"), 0),
    "lark": (("code", "StatusCode"), 0),
    "schan": (("code",), 0),
    "pushdeer": (("code",), 0),
    "pushdeers": (("code",), 0),
    "bark": (("code",), 200),
    "barks": (("code",), 200),
}

# The message or its address is refused for good. A wrong token (401, 403, 404, 410; 535 of mail) may be mended.
_FOR_GOOD = frozenset({("HTTP", 400), ("HTTP", 413), ("HTTP", 422), *(("SMTP", code) for code in range(550, 555))})

_OWN_WORDS = (
    "errmsg",
    "msg",
    "message",
    "description",
    "error_description",
    "error",
    "errors",
    "detail",
    "reason",
    "StatusMessage",
)
_PARTS = re.compile(r"[/:@?&=,;#+|\s]+")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://\S+")


class Unclear(DeliveryError):
    """Nobody saw whether the message arrived, or only some of a receiver's addressees took it."""


def judge(scheme: str, heard: Heard, *, ok: bool, addressees: int, now: datetime, words: str = "") -> DeliveryError | None:
    """Why a message was not accepted; None: it was.

    `ok` is Apprise's opinion, `words` its own ones, for services that speak neither HTTP nor SMTP.
    """
    verdicts = [_verdict(scheme, one, now) for one in heard]
    if ok:
        if scheme in SIGNS:
            return next((v for v in verdicts if v is not None), None)
        last_is_mail = bool(heard) and isinstance(heard[-1], Answer) and heard[-1].protocol == "SMTP"
        return verdicts[-1] if verdicts and not last_is_mail else None
    wrong = [v for v in verdicts if v is not None]
    error = wrong[-1] if wrong else DeliveryError(_joined("refused", _last_words(heard) or words))
    if addressees > 1 and None in verdicts:
        return Unclear(_joined("partly", error.reason))
    return error


def _verdict(scheme: str, one: Answer | Silence, now: datetime) -> DeliveryError | None:
    if isinstance(one, Silence):
        return (
            Unclear(_joined("no_answer", one.words))
            if one.sent
            else DeliveryError(_joined(one.kind, "" if one.kind == "timeout" else one.words))
        )
    data = _data(one.body)
    if one.status < 300:
        return _told(scheme, data) if scheme in SIGNS else None
    if one.status < 400:
        return DeliveryError(_joined("redirect", f"{one.protocol} {one.status}"))
    words = _own_words(data) or _plain(one.body) or _phrase(one)
    wait = retry_after(one.retry_after, now) or _asked(data)
    permanent = (one.protocol, one.status) in _FOR_GOOD
    return DeliveryError(_joined(f"{one.protocol} {one.status}", words), permanent=permanent, retry_after=wait)


def _told(scheme: str, data: object) -> DeliveryError | None:
    """What the body says beneath an HTTP 200."""
    fields, good = SIGNS[scheme]
    name = next((f for f in fields if isinstance(data, dict) and f in data), None)
    if name is None or not isinstance(data, dict):
        return Unclear("unclear")
    return (
        None
        if str(data[name]) == str(good)
        else DeliveryError(_joined(f"{name} {clean(str(data[name]), 20)}", _own_words(data)))
    )


def _data(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _own_words(data: object) -> str:
    """A service's words in a JSON answer."""
    if isinstance(data, list):
        data = data[0] if data else None
    if isinstance(data, str):
        return data
    if not isinstance(data, dict):
        return ""
    found = (_own_words(data[key]) for key in _OWN_WORDS if data.get(key))
    return next((words for words in found if words), "")


def _last_words(heard: Heard) -> str:
    answers = [one for one in heard if isinstance(one, Answer)]
    return _own_words(_data(answers[-1].body)) if answers else ""


def _plain(body: bytes) -> str:
    """A short text answer; a page of HTML or a JSON answer without words says nothing to people."""
    text = body.decode("utf-8", "replace").strip()
    return "" if text[:1] in "<{[" or len(text) > 500 else text


def _phrase(answer: Answer) -> str:
    known = answer.protocol == "HTTP" and answer.status in HTTPStatus._value2member_map_
    return HTTPStatus(answer.status).phrase if known else ""


def _asked(data: object) -> timedelta | None:
    """The wait that Discord and Telegram ask for in the body, in seconds."""
    if not isinstance(data, dict):
        return None
    inner = data.get("parameters")
    seconds = data.get("retry_after", inner.get("retry_after") if isinstance(inner, dict) else None)
    return timedelta(seconds=min(seconds, 86400)) if isinstance(seconds, (int, float)) and seconds > 0 else None


def _joined(code: str, words: str) -> str:
    return f"{code}: {words}" if words else code


def hide(reason: str, url: str, known: Iterable[str] = ()) -> str:
    """A reason without any part of the receiver's URL, addresses, or personal data: one short harmless line."""
    code, _, words = reason.partition(": ")
    words = _ADDRESS.sub("…", clean(words))
    for secret in sorted(_secrets(url), key=len, reverse=True):
        words = re.sub(re.escape(secret), "***", words, flags=re.IGNORECASE)
    return _joined(code, clean(mask_text(words, known), LONGEST_WORDS))


def _secrets(url: str) -> set[str]:
    """Whatever in a receiver's URL may be a token, as it stands and decoded; which part it is differs by service."""
    rest = url.partition("://")[2]
    whole = {part for text in (rest, unquote_plus(rest)) for part in (*text.split("/"), *_PARTS.split(text))}
    return {form for part in whole for form in (part, unquote_plus(part)) if len(form) >= SHORTEST_SECRET}


_WORDS: Mapping[str, str] = {
    "network": N_("can't be reached"),
    "timeout": N_("took too long to answer"),
    "tls": N_("no secure connection"),
    "no_answer": N_("no answer: it may have arrived"),
    "redirect": N_("sent us elsewhere, which is not followed"),
    "partly": N_("only some of its addressees took it"),
    "unclear": N_("its answer doesn't say whether it took it"),
    "refused": N_("refused"),
    "bad_url": N_("its URL is not one that Apprise knows"),
    "error": N_("something went wrong on our side"),
    "receiver_removed": N_("no longer in the configuration"),
    "snoozed": N_("its case is to be quiet"),
}


def reason_text(reason: str, tr: Translator) -> str:
    """A reason for people: our part in their language, the service's own words as they are."""
    code, _, words = reason.partition(": ")
    if code not in _WORDS:
        return reason
    ours = tr.gettext(_WORDS[code])
    return tr.gettext("{what}: {words}").format(what=ours, words=words) if words else ours
