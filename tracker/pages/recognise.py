"""What a page says when it is no record: maintenance, captcha, log-in, no record, error, session over.

Signs are positive and quote what they saw. A sentence counts only when it states something: "如遇系统维护…" is advice.
When signs disagree nobody knows what the page means: PageChanged.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from unicodedata import normalize

from tracker.core.errors import Blocked, CheckError, InvalidReference, NotListed, PageChanged, Unavailable
from tracker.core.labels import USUAL, fold
from tracker.core.memo import remembered
from tracker.pages import signs
from tracker.pages.anchors import ANCHORS
from tracker.pages.blanks import BUSY, no_words, to_fill_in
from tracker.pages.contract import Response
from tracker.pages.document import Document, Text
from tracker.pages.shapes import asks, by_shape, small
from tracker.pages.words import IDENTITY, key, line

_ORDER = tuple(kind for kind, _ in signs.TABLE)
_UNSAID = frozenset({"option", "label", "button"})
_ASKED_TO_LOG_IN = frozenset({"请登录", "登录", "未登录", "请登陆", "请登入", "用户登录", "login", "signin"})
_MOST_SENTENCES = 1000
_LONGEST_STATEMENT = 120  # a longer sentence explains something

Sign = tuple[str, str]
Statement = tuple[str, bool]  # a text, and whether it is made to stand out


def recognise(page: Response) -> CheckError | None:
    """What a page without a status says it is, with the words that say so; None where nothing is recognised."""
    document = page.document
    asking = any(map(asks, document.forms))
    found = _signs(_statements(document), help_stands=asking)
    found = found or _signs(_spoken(document, asking=asking)) or _signs(_dormant(page, asking=asking))
    if not found.keys().isdisjoint(_ON_SMALL_PAGES) and not small(document):
        found = {kind: sign for kind, sign in found.items() if kind not in _ON_SMALL_PAGES}
    return _judge(found) if found else by_shape(page, document)


_ON_SMALL_PAGES = frozenset({"login", "script_wall", "hours", "limits"})
_HELP = frozenset({"asked", "hours", "limits"})  # as often a form's help: counts where there is no form, or in red
_MEANS = {"asked": "invalid", "hours": "maintenance", "limits": "rate_limited"}


def said(texts: Iterable[str]) -> CheckError | None:
    """What sentences outside of a page say it is, such as the message of a JSON answer."""
    found = _signs([(text, True) for text in texts])
    return _judge(found) if found else None


def not_a_status(text: str) -> CheckError | None:
    """Whether the text of a status cell is no status but a sentence about the site, a blank, a number or a date."""
    folded = key(text)
    wrong = no_words(text)
    if wrong == "nothing":
        return PageChanged("status", "a status", wrong, evidence=text)
    if len(folded) <= 30 and signs.REPORT_CODE not in folded and any(word in folded for word in signs.CAPTCHA):
        return Blocked("captcha", evidence=text)
    # Of a longer sentence the first clause decides: "审批通过，请登录后下载" is a status, "系统维护中，请稍后再试" none.
    parts = signs.CLAUSE_END.split(signs.POLITE.sub("", line(text)))
    clauses = [part for part in parts if key(part)] or [text]
    clause = key(clauses[0])
    for place, said_there in enumerate(clauses[:3]):
        for kind, phrase in _phrases(said_there):
            if kind not in _IN_A_STATUS and (not place or kind in _NEVER_IN_A_STATUS):
                return _error(kind, text, phrase)
    if clause in BUSY or fold(clause) not in USUAL:
        for kind, phrase in _phrases(text):
            if kind == "not_listed":
                return _error(kind, text, phrase)
    if clause in _ASKED_TO_LOG_IN:
        return Blocked("login", evidence=text)
    if wrong is None and to_fill_in(folded):
        wrong = "something to fill in"
    return PageChanged("status", "a status", wrong, evidence=text) if wrong else None


_IN_A_STATUS = frozenset({"invalid", "moved", "asked", "hours", "later"})
_NEVER_IN_A_STATUS = frozenset({"session_over", "captcha", "rate_limited", "limits", "refused", "maintenance", "script_wall"})


_ASKS = re.compile("|".join(map(re.escape, signs.ASKS)))  # a list of thousands of sentences is no reason to search one by one


def asks_for_something(notice: str) -> bool:
    """Whether a notice asks the applicant to do something: 请携带, 请补, 请于…前, 请尽快, 需提供."""
    folded = key(notice)
    if "需" in folded or "须" in folded:
        for phrase in signs.NOT_ASKED:
            folded = folded.replace(phrase, "")
    return _ASKS.search(folded) is not None or signs.ASKS_BY_DATE.search(folded) is not None


def _statements(document: Document) -> list[Statement]:
    """The page's own sentences: title and visible texts, without the texts of links and of form captions.

    A block whose sentence is cut up by <b> or <font> says it as a whole, too.
    """
    links = document.link_texts
    found: list[Statement] = [(document.title, False)]
    block, unit = -1, list[Text]()
    for text in document.texts:
        words = text.text
        if words in links or text.tag in _UNSAID:
            continue
        found.append((words, text.loud))
        if text.block == block:
            unit.append(text)
            continue
        if len(unit) > 1:
            found.append(_whole(unit))
        block, unit = text.block, [text]
    if len(unit) > 1:
        found.append(_whole(unit))
    return found


def _whole(unit: Sequence[Text]) -> Statement:
    return "".join([t.text for t in unit]), all(t.loud for t in unit)


def _spoken(document: Document, *, asking: bool) -> list[Statement]:
    """What scripts say on load. Checks of a form's fields say such things too: then only a lone message counts."""
    said = dict.fromkeys(document.messages)
    return [(text, True) for text in said] if len(said) <= (1 if asking else 3) else []


def _dormant(page: Response, *, asking: bool) -> list[Statement]:
    """A lone hidden message that a script of the page looks at. Others wait for something that has not happened."""
    hidden = page.document.dormant
    if asking or len({text for _, text in hidden}) != 1:
        return []
    names, text = hidden[0]
    return [(text, True)] if any(page.text.count(name) > 1 for name in names.split()) else []


def _signs(texts: Sequence[Statement], *, help_stands: bool = False) -> dict[str, Sign]:
    """kind -> (sentence, phrase) that says so, the first of each kind; `help_stands`: a form's help may be among them."""
    found: dict[str, Sign] = {}
    looked_at = 0
    for text, loud in texts:
        if not _may_say(text):  # most of a page
            continue
        if looked_at >= _MOST_SENTENCES:
            break
        for sentence in signs.SENTENCE_END.split(text)[: _MOST_SENTENCES - looked_at]:
            folded = key(sentence)
            if not 2 <= len(folded) <= _LONGEST_STATEMENT:
                continue
            looked_at += 1
            for kind, phrase in _phrases(sentence):
                is_help = kind in _HELP and help_stands and not loud
                if kind not in found and not is_help and not _hypothetical(kind, sentence, folded, phrase):
                    found[kind] = (line(sentence), phrase)
    return found


_BY_FIRST = {first: tuple(a for a in ANCHORS if a[0] == first) for first in {a[0] for a in ANCHORS}}
_SECOND = "".join({re.escape(a[1]) for a in ANCHORS if len(a) > 1})
_ALONE = "".join(a for a in ANCHORS if len(a) == 1)
# with hundreds of branches it would take ten times as long
_BEGINS = re.compile(f"[{''.join(map(re.escape, _BY_FIRST))}](?=[{_SECOND}])|[{_ALONE}]")


@remembered
def _may_say(text: str) -> bool:
    """Whether an anchor stands in a text, so that one of the signs may."""
    bare = "".join(text.split()).casefold()
    return any(bare.startswith(_BY_FIRST[found.group()], found.start()) for found in _BEGINS.finditer(bare))


@remembered
def _phrases(sentence: str) -> tuple[Sign, ...]:
    """The signs in a sentence: (kind, phrase)."""
    return tuple(_looked_for(key(sentence), sentence))


def _looked_for(folded: str, sentence: str) -> Iterator[Sign]:
    for office in signs.OFFICES:
        folded = folded.replace(office, "")
    if folded in signs.WHOLE:
        yield signs.WHOLE[folded], folded
    for kind, pattern in signs.TABLE:
        found = pattern.search(folded)
        while found and not _is_whole(found.group(), sentence):
            found = pattern.search(folded, found.start() + 1)
        if found and (kind != "not_listed" or not any(word in folded for word in signs.OF_THE_ADDRESS)):
            yield kind, found.group()


def _is_whole(phrase: str, sentence: str) -> bool:
    """Whether a phrase stands in a sentence on its own: in "Juno Records" and "100 results" there is none of a lack."""
    if not (phrase.isascii() and phrase[0].isalnum()):
        return True
    spaced = r"\W*".join(map(re.escape, (c for c in phrase if c.isalnum())))
    return re.search(rf"(?<![a-z0-9]){spaced}(?![a-z]{{4}})", normalize("NFKC", sentence).casefold()) is not None


def _hypothetical(kind: str, sentence: str, folded: str, phrase: str) -> bool:
    if kind in {"hours", "limits"}:
        return False
    before, _, after = folded.partition(phrase)
    return (
        signs.CONDITIONAL.search(before) is not None
        or signs.ADVISED.search(after) is not None
        or signs.CONDITIONAL_ENGLISH.search(sentence) is not None
        or signs.NOT_NOW.search(folded) is not None
        or folded.endswith("?")
    )


def _judge(found: dict[str, Sign]) -> CheckError:
    """One error for the signs of a page; signs that contradict each other are not understood."""
    found = {kind: sign for kind, sign in found.items() if kind not in _HELP} or {
        _MEANS[kind]: sign for kind, sign in found.items()
    }
    kinds = set(found)
    if len(kinds) > 1:
        kinds -= {"later"}
    for kind, other in _SAID_WITH:
        if kind in kinds and other in kinds and found[kind][0] == found[other][0]:
            kinds -= {kind}
    answers = kinds & {"not_listed", "invalid"}
    if answers == {"not_listed", "invalid"}:
        kinds -= {"invalid"}  # "查无此编号，编号有误": the milder one, which goes on asking
    if len(kinds) > 1 and found.get("login", ("", ""))[1].startswith("请登"):
        kinds -= {"login"}  # "…请登录后查询" is advice beside an answer
    if answers and len(kinds) > 1:
        return PageChanged("page", "signs that agree", ", ".join(sorted(kinds)), evidence=found[min(kinds)][0])
    kind = next(k for k in _ORDER if k in kinds)
    return _error(kind, *found[kind])


# In one sentence the first of these is only a part of how the second is said: "系统检测到非法访问，不合要求的编号".
_SAID_WITH = (
    ("refused", "invalid"),
    ("server_error", "refused"),
    ("not_listed", "session_over"),
    ("login", "session_over"),
    ("not_listed", "captcha"),
    ("invalid", "captcha"),
    ("invalid", "session_over"),
    ("server_error", "not_listed"),
    ("server_error", "captcha"),
    ("server_error", "rate_limited"),
    ("server_error", "maintenance"),
)


def _error(kind: str, sentence: str, phrase: str) -> CheckError:
    if kind in {"captcha", "session_over", "login", "refused", "script_wall"}:
        return Blocked(kind, evidence=sentence)
    if kind in {"rate_limited", "maintenance"}:
        return Unavailable(kind, evidence=sentence)
    if kind == "not_listed":
        return NotListed(sentence)
    kind = _MEANS.get(kind, kind)
    if kind == "invalid":
        return InvalidReference(_named(sentence), sentence)
    if kind == "moved":
        return PageChanged("page", "the site at this address", phrase, evidence=sentence)
    return Unavailable("server_error", evidence=sentence)


def _named(sentence: str) -> str:
    """The identity caption that a sentence names, the longest one, or nothing."""
    folded = key(sentence)
    return max((word for word in IDENTITY if word in folded), key=len, default="")
