"""What of an exchange is somebody's own: known values, numbers of people, what stands beside personal captions, tokens."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tracker.core.errors import CheckError
from tracker.core.mask import is_personal
from tracker.core.model import Reference
from tracker.fetch.saved import Got
from tracker.pages.captions import pairs
from tracker.pages.contract import Meta, Response
from tracker.pages.document import Control, Document
from tracker.pages.words import key
from tracker.recordings.invented import Inventor
from tracker.recordings.layers import fold, layers
from tracker.recordings.spelling import masked_pattern_of

_PERSON = re.compile(
    r"(?<![0-9A-Za-z])[1-9][0-9]{16}[0-9Xx](?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z])[1-9][0-9]{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}(?![0-9A-Za-z])"
)
_PHONE = re.compile(r"(?<![0-9])(?:86)?1[3-9][0-9][ \-]?[0-9]{4}[ \-]?[0-9]{4}(?![0-9])")
_MAIL = re.compile(
    r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63})*\.[A-Za-z]{2,24}"
)
_TOKEN_NAME = re.compile(
    r"token|csrf|xsrf|session|sessid|viewstate|eventvalidation|nonce|ticket|signature|credential|secret|authori[sz]ation"
    r"|(?:^|[_.\-])(?:sid|jwt)$",
    re.IGNORECASE,
)
# In scripts and data the same names have words for values too: sessionState = "expired".
_NO_WORD = re.compile(r"[A-Za-z0-9+/_.\-]*[0-9][A-Za-z0-9+/=_.\-]*|\S{16,}")
_IN_ADDRESS = re.compile(r"[;?&]([A-Za-z0-9_.\-]{1,64})=([^&\"'\s<>#;]{6,})")
_COOKIELESS = re.compile(r"/\([A-Z]\(([A-Za-z0-9_\-]{12,})\)\)")
_IN_SCRIPT = re.compile(r"[\"']?([A-Za-z_][\w.\-]{0,60})[\"']?\s*[:=]\s*[\"']([A-Za-z0-9+/=_.\-]{8,})[\"']")
_IN_META = re.compile(r"<meta\b[^<>]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"\b(name|content)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>]+))", re.IGNORECASE)
_RANDOM = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])[A-Za-z0-9+/=_.\-]{16,}")
_MASKED = re.compile(r"[*＊●•×]")
_KIND_OF = ("类型", "类别", "种类")
_SENTENCE = re.compile(r"[。！？；!?]")
_LONGEST = 60
_SHORTEST_TOKEN = 6


@dataclass(frozen=True, slots=True)
class Secret:
    """One value and what stands in for it.

    `kind`: reference, hidden, person, number, phone, mail or token; `caption`: what it stood beside.
    """

    value: str = field(repr=False)
    stand_in: str
    kind: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """All that was found. `kept`: reference values that say nothing of a person, such as a choice of the page, or a year."""

    secrets: tuple[Secret, ...]
    kept: Mapping[str, str] = field(repr=False)


def find(answers: Sequence[Got], reference: Reference, meta: Meta, hidden: Sequence[str] = ()) -> Found:
    """What is to be replaced before these answers may be written down. `hidden`: what the person wants hidden besides."""
    shown = [Response(reference.url, 200, got.content_type, got.body) for got in answers if is_text(got)]
    documents = [document for page in shown if (document := _document(page)) is not None]
    public = _public(documents)
    kept = {name: value for name, value in reference.values.items() if is_plain(value) or key(value) in public}
    known = {name: value for name, value in reference.values.items() if name not in kept}
    others = list(_others(documents, shown, answers, reference, public))
    inventor = Inventor([*known.values(), *hidden, *(value for _, value, _ in others)])
    patterns = {wanted.name: wanted.pattern for wanted in meta.reference}
    secrets = [Secret(v, inventor.stand_in(v, "", patterns.get(name)), "reference", name) for name, v in known.items()]
    secrets += [Secret(v, inventor.stand_in(v), "hidden") for v in hidden if v not in known.values()]
    there = {fold(secret.value) for secret in secrets}
    for kind, value, caption in others:
        if fold(value) in there or value in kept.values():
            continue
        if kind == "person" and any(_is_masked_form(value, own) for own in known.values()):
            continue
        there.add(fold(value))
        secrets.append(Secret(value, inventor.stand_in(value, kind), kind, caption))
    return Found(tuple(secrets), kept)


def is_plain(value: str) -> bool:
    """Whether a value is too short to be told from a year or a word: then it finds nobody either."""
    folded = fold(value)
    return len(folded) < 2 or (folded.isascii() and folded.isdigit() and len(folded) < 5)


def is_text(got: Got) -> bool:
    return bool(got.body) and not got.content_type.lower().startswith(("image/", "audio/", "video/", "font/"))


def _document(page: Response) -> Document | None:
    try:
        return page.document
    except CheckError:
        return None


def _public(documents: Iterable[Document]) -> frozenset[str]:
    """Words that the site itself offers: choices, captions, buttons."""
    words: set[str] = set()
    for document in documents:
        for control in _controls(document):
            words |= {option.text for option in control.options} | {option.value for option in control.options}
            words |= {caption.text for caption in control.captions}
            if control.kind in {"radio", "checkbox", "submit", "button", "reset"}:
                words.add(control.value)
        words |= {pair.caption for pair in pairs(document)}
    return frozenset(map(key, words))


def _controls(document: Document) -> Iterator[Control]:
    for form in document.forms:
        yield from form.controls
    yield from document.controls


Item = tuple[str, str, str]


def _others(
    documents: Sequence[Document],
    shown: Sequence[Response],
    answers: Sequence[Got],
    reference: Reference,
    public: frozenset[str],
) -> Iterator[Item]:
    """(kind, value, caption) of all that nobody had to tell us."""
    asked = frozenset(key(name) for name in reference.values)
    for document in documents:
        for pair in pairs(document, asked):
            if _personal(pair.caption, pair.key, asked) and _is_somebodys(pair.value, public):
                yield "person", pair.value.strip(), pair.caption
        yield from _hidden(document, public)
    for page in shown:
        yield from _in_json(page.text, asked, public)
    for got in answers:
        for cookie in got.set_cookie:
            name, _, value = cookie.partition(";")[0].partition("=")
            if len(value.strip()) >= 4:
                yield "token", value.strip().strip('"'), name.strip()
    for text in (reference.url, *(page.text for page in shown), *(got.location for got in answers)):
        yield from _tokens(text)
        for layer in layers(text):
            for kind, pattern in (("number", _PERSON), ("phone", _PHONE), ("mail", _MAIL)):
                yield from ((kind, re.sub(r"[ \-]", "", v) if kind == "phone" else v, "") for v in pattern.findall(layer))


def _personal(caption: str, folded: str, asked: frozenset[str]) -> bool:
    return (is_personal(caption) and not folded.endswith(_KIND_OF)) or folded in asked


def _is_somebodys(value: str, public: frozenset[str]) -> bool:
    """Whether a text beside a personal caption is a value, and not another caption, a choice or a sentence."""
    value = value.strip()
    if not 2 <= len(value) <= _LONGEST or _SENTENCE.search(value) or not any(map(str.isalnum, value)):
        return False
    return key(value) not in public and not is_personal(value) and not is_plain(value)


def _is_masked_form(value: str, own: str) -> bool:
    """Whether a value is the masked form of a known one: that gets the known one's stand-in, masked alike."""
    return _MASKED.search(value) is not None and len(own) <= _LONGEST and masked_pattern_of(own).fullmatch(value) is not None


def _hidden(document: Document, public: frozenset[str]) -> Iterator[Item]:
    for control in _controls(document):
        value = control.value
        if control.kind != "hidden" or len(value) < _SHORTEST_TOKEN or key(value) in public:
            continue
        if _TOKEN_NAME.search(control.name) or _RANDOM.fullmatch(value):
            yield "token", value, control.name


def _in_json(text: str, asked: frozenset[str], public: frozenset[str]) -> Iterator[Item]:
    begin = text.find("{")
    if not text.lstrip("\ufeff \t\r\n").startswith(("{", "[")) and not re.match(r"\s*[\w.$]+\s*\(", text):
        return
    try:
        tree, _ = json.JSONDecoder().raw_decode(text, begin if text.lstrip()[:1] != "[" else text.find("["))
    except (ValueError, RecursionError):
        return
    for name, value in _leaves(tree, ""):
        if _personal(name, key(name), asked) and _is_somebodys(value, public):
            yield "person", value.strip(), name
        elif len(value) >= _SHORTEST_TOKEN and _TOKEN_NAME.search(name) and value.isascii() and _NO_WORD.fullmatch(value):
            yield "token", value, name


def _leaves(tree: object, name: str) -> Iterator[tuple[str, str]]:
    """(key, value) of each value; iterative, for hostile depth."""
    waiting: list[tuple[str, object]] = [(name, tree)]
    while waiting:
        called, one = waiting.pop()
        if isinstance(one, dict):
            waiting += [(str(k), v) for k, v in one.items()]
        elif isinstance(one, list):
            waiting += [(called, v) for v in one]
        elif isinstance(one, str) or (isinstance(one, int) and not isinstance(one, bool)):
            yield called, str(one)


def _tokens(text: str) -> Iterator[Item]:
    """Session ids in addresses, and tokens in scripts and heads."""
    for name, value in _IN_ADDRESS.findall(text):
        if _TOKEN_NAME.search(name) or _RANDOM.fullmatch(value):
            yield "token", value, name
    yield from (("token", value, "") for value in _COOKIELESS.findall(text))
    for name, value in _IN_SCRIPT.findall(text):
        if _TOKEN_NAME.search(name) and _NO_WORD.fullmatch(value):
            yield "token", value, name
    for tag in _IN_META.findall(text):
        said = {name.lower(): "".join(values) for name, *values in _ATTRIBUTE.findall(tag)}
        if _TOKEN_NAME.search(said.get("name", "")) and len(said.get("content", "")) >= _SHORTEST_TOKEN:
            yield "token", said["content"], said["name"]
