"""What of an exchange is somebody's own: known values, numbers of people, what stands beside personal captions, tokens."""

import json
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tracker.core.errors import CheckError
from tracker.core.model import Reference
from tracker.fetch.saved import Got
from tracker.pages.captions import pairs
from tracker.pages.contract import Meta, Response
from tracker.pages.document import Control, Document
from tracker.pages.names import could_be_name
from tracker.pages.words import key
from tracker.recordings import people
from tracker.recordings.invented import Inventor
from tracker.recordings.layers import BETWEEN, fold, layers
from tracker.recordings.spelling import masked_pattern_of

_TOKEN_NAME = re.compile(
    r"token|csrf|xsrf|session|sessid|viewstate|eventvalidation|nonce|ticket|signature|credential|secret|authori[sz]ation"
    r"|(?:^|[_.\-])(?:sid|jwt)$",
    re.IGNORECASE,
)
# In scripts and data the same names have words for values too: sessionState = "expired".
_NO_WORD = re.compile(r"[A-Za-z0-9+/_.\-]*[0-9][A-Za-z0-9+/=_.\-]*|\S{16,}")
_IN_ADDRESS = re.compile(r"[;?&]([A-Za-z0-9_.\-]{1,64})=([^&\"'\s<>#;]{6,})")
_COOKIELESS = re.compile(r"/\([A-Z]\(([A-Za-z0-9_\-]{12,})\)\)")
_IN_SCRIPT = re.compile(r"(?<![\w.\-])([A-Za-z_][\w.\-]{0,60})[\"']?\s*[:=]\s*[\"']([A-Za-z0-9+/=_.\-]{8,})[\"']")
_IN_META = re.compile(r"<meta\b[^<>]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"\b(name|content)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>]+))", re.IGNORECASE)
_RANDOM = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])[A-Za-z0-9+/=_.\-]{16,}")
# A digest or a UUID: it may be somebody's number, or lead to a record.
_DIGEST = re.compile(
    r"(?<![0-9A-Za-z])(?=[0-9]*[A-Fa-f])(?:[0-9A-Fa-f]{32,128}|[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12})(?![0-9A-Za-z])"
)
_BINARY = (b"%PDF", b"PK\3\4", b"\x1f\x8b", b"\x7fELF", b"\xd0\xcf\x11\xe0", b"Rar!", b"7z\xbc\xaf")
_LONGEST_LATIN = 3  # words of a name
_MASKED = re.compile(r"[*＊●•×]")
_SENTENCE = re.compile(r"[。！？；!?]")
_LONGEST = 60
_SHORTEST_TOKEN = 6
_LONG_COOKIE = 16
_LARGE = 20_000
_WRITTEN = frozenset({"hidden", "text", "tel", "email", "search", "textarea", "password"})


@dataclass(frozen=True, slots=True)
class Secret:
    """One value and what stands in for it.

    `kind`: reference, hidden, person, birth, number, phone, mail or token; `caption`: what it stood beside.
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
    kept = {name: value for name, value in reference.values.items() if _may_stay(name, value, public)}
    known = {name: value for name, value in reference.values.items() if name not in kept}
    offered = _offered_beside(documents, frozenset(map(key, known.values())))
    others = [("person", name, "") for name in offered]
    others += _others(documents, shown, answers, reference, public - frozenset(map(key, offered)))
    dates = _births([*known.values(), *(value for kind, value, _ in others if kind == "number")], shown)
    inventor = Inventor([*known.values(), *hidden, *dates, *(value for _, value, _ in others)])
    patterns = {wanted.name: wanted.pattern for wanted in meta.reference}
    secrets = [Secret(v, inventor.stand_in(v, "", patterns.get(name)), "reference", name) for name, v in known.items()]
    secrets += [Secret(v, inventor.stand_in(v), "hidden") for v in hidden if v not in known.values()]
    secrets += [turned for secret in secrets for turned in _turned(secret)]
    there = {fold(secret.value) for secret in secrets}
    for kind, value, caption in others:
        if fold(value) in there or value in kept.values():
            continue
        if kind == "person" and any(_is_masked_form(value, own) for own in known.values()):
            continue
        there.add(fold(value))
        secrets.append(Secret(value, inventor.stand_in(value, kind), kind, caption))
    return Found((*secrets, *(Secret(value, made, "birth") for value, made in dates.items())), kept)


def _may_stay(name: str, value: str, public: frozenset[str]) -> bool:
    """A choice of the page, or what finds nobody; never what the person's name or number is asked under."""
    return is_plain(value) or (key(value) in public and not people.is_ones_own(name))


def _turned(secret: Secret) -> Iterator[Secret]:
    """A name in Latin letters with the family name at its other end."""
    words, made = secret.value.split(" "), secret.stand_in.split(" ")
    if 1 < len(words) <= _LONGEST_LATIN and secret.value.isascii() and all(w.isalpha() for w in words):
        value = " ".join([*words[1:], words[0]])
        if fold(value) != fold(secret.value) and len(words) == len(made):
            yield Secret(value, " ".join([*made[1:], made[0]]), secret.kind, secret.caption)


def _births(numbers: Iterable[str], shown: Sequence[Response]) -> dict[str, str]:
    """Birth dates that stand in ID numbers and on the page, each with one that is nobody's."""
    dates = dict(pair for number in numbers for pair in people.births(number))
    there = [layer for page in shown for layer in layers(page.text)] if dates else []
    return {value: made for value, made in dates.items() if any(_by_itself(value, layer) for layer in there)}


def _by_itself(number: str, text: str) -> bool:
    return number in text and re.search(rf"(?<![0-9]){re.escape(number)}(?![0-9])", text) is not None


def is_plain(value: str) -> bool:
    """Whether a value is too short to be told from a year or a word: then it finds nobody either."""
    folded = fold(value)
    return len(folded) < 2 or (folded.isascii() and folded.isdigit() and len(folded) < 5)


def is_text(got: Got) -> bool:
    """Whether an answer is something to read: no picture, no file of another program."""
    body = got.body
    if not body or got.content_type.lower().startswith(("image/", "audio/", "video/", "font/", "application/pdf")):
        return False
    return not body.startswith(_BINARY) and (b"\0" not in body[:4096] or body.startswith((BOM_UTF16_LE, BOM_UTF16_BE)))


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
            words |= {caption.text for caption in control.captions if caption.text != control.value}
            if control.kind in {"radio", "checkbox", "submit", "button", "reset"}:
                words.add(control.value)
        # 某某：您的申请… has a name before its colon
        words |= {pair.caption for pair in pairs(document) if pair.how != "colon" or not could_be_name(pair.caption)}
    return frozenset(map(key, words))


def _offered_beside(documents: Iterable[Document], known: frozenset[str]) -> list[str]:
    """Names that are offered beside a known one: whom else the person may ask for."""
    choices = [[option.text for option in control.options] for document in documents for control in _controls(document)]
    return [name for names in choices if known & set(map(key, names)) for name in names if could_be_name(name)]


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
        yield from _filled_in(document, asked, public)
        yield from _hidden(document, public)
    for page in shown:
        yield from _in_json(page.text, asked, public)
    for got in answers:
        for cookie in got.set_cookie:
            yield from _in_cookie(cookie)
    like = [pattern for value in reference.values.values() if (pattern := people.alike(value))]
    for text in (reference.url, *(page.text for page in shown), *(got.location for got in answers)):
        yield from _tokens(text)
        yield from _of_people(text, like, public)


def _of_people(text: str, like: Sequence[re.Pattern[str]], public: frozenset[str]) -> Iterator[Item]:
    """What a text says of people, also where it is written in another way."""
    words = [word for word in public if "尊敬" not in word and "您" not in word]
    for layer in layers(text):
        plain = layer is text
        for kind, value in people.numbers(layer):
            if plain or kind != "mail" or value.islower():  # undone noise may look like a mail address
                yield kind, value, ""
        yield from (("number", value, "") for pattern in like for value in pattern.findall(layer))
        if BETWEEN in layer and len(layer) > _LARGE:
            continue
        yield from (("person", value, name) for name, value in people.fields(layer) if _is_somebodys(value, public))
        # 尊敬的公民 is nobody where the page asks for a 公民身份号码.
        greeted = (value for value in people.greeted(layer) if not any(key(value) in word for word in words))
        yield from (("person", value, "") for value in greeted)
    yield from (("person", value, "") for value in people.folders(text))


def _personal(caption: str, folded: str, asked: frozenset[str]) -> bool:
    return people.is_ones_own(caption) or folded in asked


def _in_cookie(cookie: str) -> Iterator[Item]:
    """What a cookie says; what may be a word or a number of the page as well is replaced in the cookie only."""
    name, _, value = cookie.partition(";")[0].partition("=")
    name, value = name.strip(), value.strip().strip('"')
    if _RANDOM.fullmatch(value) or len(value) >= _LONG_COOKIE or (len(value) >= _SHORTEST_TOKEN and _NO_WORD.fullmatch(value)):
        yield "token", value, name
    said = people.decoded(value)
    if said != value and not said.isascii() and _is_somebodys(said, frozenset()):
        yield "person", said, name


def _is_somebodys(value: str, public: frozenset[str]) -> bool:
    """Whether a text beside a personal caption is a value, and not another caption, a choice or a sentence."""
    value = value.strip()
    if not 2 <= len(value) <= _LONGEST or _SENTENCE.search(value) or not any(map(str.isalnum, value)):
        return False
    return key(value) not in public and not people.is_ones_own(value) and not is_plain(value)


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


def _filled_in(document: Document, asked: frozenset[str], public: frozenset[str]) -> Iterator[Item]:
    """What stands in the fields of a form already."""
    for control in _controls(document):
        names = [control.name, *(caption.text for caption in control.captions)]
        personal = control.kind in _WRITTEN and any(_personal(name, key(name), asked) for name in names)
        if personal and _is_somebodys(control.value, public):
            yield "person", control.value.strip(), names[-1]


def _in_json(text: str, asked: frozenset[str], public: frozenset[str]) -> Iterator[Item]:
    begin = text.find("{")
    if not text.lstrip("\ufeff \t\r\n").startswith(("{", "[")) and not re.match(r"\s*[\w.$]+\s*\(", text):
        return
    try:
        tree, _ = json.JSONDecoder().raw_decode(text, begin if text.lstrip()[:1] != "[" else text.find("["))
    except (ValueError, RecursionError):
        return
    for name, value in _leaves(tree, ""):
        if name.casefold() == "name" and not could_be_name(value):
            continue  # what a thing is called
        if _personal(name, key(name), asked) and _is_somebodys(value, public):
            yield "person", value.strip(), name
        elif len(value) >= _SHORTEST_TOKEN and _TOKEN_NAME.search(name) and value.isascii() and _NO_WORD.fullmatch(value):
            yield "token", value, name


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _leaves(tree: object, name: str) -> Iterator[tuple[str, str]]:
    """(key, value) of each value; iterative, for hostile depth."""
    waiting: list[tuple[str, object]] = [(name, tree)]
    while waiting:
        called, one = waiting.pop()
        if isinstance(one, dict):
            waiting += [(str(k), v) for k, v in one.items()]
        elif isinstance(one, list):
            waiting += [(called, v) for v in one]
        elif isinstance(one, str) and one.startswith(("{", "[")) and (inner := _parsed(one)) is not None:
            waiting.append((called, inner))
        elif isinstance(one, str) or (isinstance(one, int) and not isinstance(one, bool)):
            yield called, str(one)


def _tokens(text: str) -> Iterator[Item]:
    """Session ids in addresses, and tokens in scripts and heads."""
    for name, value in _IN_ADDRESS.findall(text):
        if _TOKEN_NAME.search(name) or _RANDOM.fullmatch(value):
            yield "token", value, name
    yield from (("token", value, "") for pattern in (_COOKIELESS, _DIGEST) for value in pattern.findall(text))
    for name, value in _IN_SCRIPT.findall(text):
        if _TOKEN_NAME.search(name) and _NO_WORD.fullmatch(value):
            yield "token", value, name
    for tag in _IN_META.findall(text):
        said = {name.lower(): "".join(values) for name, *values in _ATTRIBUTE.findall(tag)}
        if _TOKEN_NAME.search(said.get("name", "")) and len(said.get("content", "")) >= _SHORTEST_TOKEN:
            yield "token", said["content"], said["name"]
