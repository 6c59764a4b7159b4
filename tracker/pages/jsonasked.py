"""What a JSON answer says about the asking itself: how it went, that there is no record, or why it was not answered."""

import re
from collections.abc import Iterator, Sequence

from tracker.core.errors import CheckError, NotListed, PageChanged
from tracker.core.labels import fold, understand
from tracker.core.model import Reference
from tracker.pages.identity import Match, compare, is_blank
from tracker.pages.jsonwalk import Found, Object, numeric, objects, pairs_of, text_of
from tracker.pages.recognise import asks_for_something, said
from tracker.pages.words import JSON_CODE, JSON_ERROR, JSON_HOLDS, JSON_KINDS, JSON_MESSAGE, JSON_SUCCESS, key, line, plain_key

LONGEST_MESSAGE = 1000
MOST_MESSAGES = 20
_GOOD_CODES = frozenset({"0", "00", "000", "0000", "1", "200", "ok", "success", "true", "正常"})
_GOOD_WORDS = frozenset({"ok", "success", "succeed", "successful"})
_ORDER = frozenset({"sort", "sorts", "sortby", "sortname", "sortorder", "order", "orderby", "orders", "direction", "property"})

# What a machine says about the asking, where people would say a status.
_TRANSPORT = frozenset(
    (
        *("success", "succeed", "successful", "ok", "error", "fail", "failed", "failure"),
        *("true", "false", "y", "n", "s", "f", "e"),
        *("up", "down", "notfound", "badrequest", "unauthorized", "unauthenticated", "forbidden", "permissiondenied"),
        *("invalidargument", "internal", "exception", "成功", "失败", "错误"),
    )
)
_OF_ASKING = re.compile(
    "(?:接口|数据|服务|系统)?(?:查询|操作|请求|获取|返回|调用|执行|响应|访问|加载|参数|签名|鉴权)(?:数据|结果|信息)?"
    "(?:成功|失败|正常|异常|错误|有误|无效|为空|不足)"
)


def is_about_asking(text: str) -> bool:
    """Whether words in the place of a status only say how the asking went."""
    folded = fold(text).replace("_", "").replace("-", "")
    return folded in _TRANSPORT or _OF_ASKING.fullmatch(folded) is not None


def is_around(found: Found, text: str, reference: Reference) -> bool:
    """Whether a status stands in the object around the record, where it says how the asking went; a usual word never does."""
    if found.around or found.entries or (not numeric(text) and understand(text, {}, {}).known):
        return False
    holds = {plain_key(k) for k, v in found.record.items() if v is None or isinstance(v, dict | list)}
    return bool(holds & JSON_HOLDS) or (bool(holds) and not _repeats(found.record, reference))


def _repeats(record: Object, reference: Reference) -> bool:
    shown = (compare(p.value, value) for p in pairs_of(record) for value in reference.values.values())
    return any(match in {Match.FULL, Match.PART} for match in shown)


def contradiction(record: Object, around: Sequence[Object], label: str) -> CheckError | None:
    """What an answer with a status says that none can have; a message that asks the applicant for something is a notice."""
    texts = [p.value for o in around or [record] for p in pairs_of(o) if p.key in JSON_ERROR]
    texts += [p.value for p in pairs_of(record) if p.key in JSON_ERROR and "err" in p.key]
    sign = said(t[:LONGEST_MESSAGE] for t in texts if t != label and not asks_for_something(t))
    failed = any(
        plain_key(k) == "success" and v in {False, "false"}
        for o in around or [record]
        for k, v in o.items()
        if isinstance(v, bool | str)
    )
    if sign is None and failed:
        return PageChanged("status", "a record or a message", "both", evidence="success: false")
    return sign


def why_nothing(root: object, reference: Reference, otherwise: PageChanged) -> CheckError:
    """Why an answer has no status: what it says itself, an empty list, or else that it has changed."""
    messages = list(_messages(root))
    sign = said(messages)
    record = _has_record(root, reference)
    if sign is not None and record:
        return PageChanged("status", "a record or a message", "both", evidence=sign.evidence)
    if sign is not None:
        return sign
    if record:
        return otherwise
    bad = [text for text in messages if not is_blank(text) and not _is_good(key(text))]
    if bad:
        return PageChanged("page", "a record or a message that is known", "another message", evidence=bad[0])
    return NotListed() if _is_empty(root) else otherwise


def _is_good(message: str) -> bool:
    words = message.rstrip("!。.")
    return words in _GOOD_WORDS or (words.endswith("成功") and not set("不未没") & set(words))


def _messages(root: object) -> Iterator[str]:
    """What the answer says in sentences."""
    if isinstance(root, str):
        yield line(root)[:LONGEST_MESSAGE]
    texts = (p.value for found in objects(root) for p in pairs_of(found.record) if p.key in JSON_MESSAGE)
    for _, text in zip(range(MOST_MESSAGES), texts, strict=False):
        yield text[:LONGEST_MESSAGE]


def _has_record(root: object, reference: Reference) -> bool:
    """Whether somebody's record is there, below the outermost object, which may repeat what was asked."""
    alike = frozenset().union(*JSON_KINDS.values()) | {plain_key(name) for name in reference.values}
    inner = (f.record for f in objects(root) if f.around or f.entries)
    return any(p.key in alike and not is_blank(p.value) for o in inner for p in pairs_of(o))


def _is_empty(root: object) -> bool:
    """Whether an answer that went well holds an empty list, or nothing at all where the record should be."""
    if isinstance(root, list):
        return not root
    if not isinstance(root, dict):
        return False
    went_well = [good for k, v in root.items() if (good := _went_well(plain_key(k), v)) is not None]
    if not all(went_well):
        return False
    lists = list(_lists(root))
    if lists:
        return not any(lists) and not any(_says_something(found) for found in objects(root))
    empty = any(v is None or v == {} for k, v in root.items() if plain_key(k) not in JSON_MESSAGE)
    return empty and bool(went_well) and not any(isinstance(v, dict) and v for v in root.values())


def _went_well(name: str, value: object) -> bool | None:
    """Whether a flag or code of the outermost object says that the asking went well; None where it says nothing."""
    text = text_of(value)
    if text is None or name not in JSON_SUCCESS | JSON_CODE:
        return None
    return key(text) in _GOOD_CODES or _is_good(key(text))


def _says_something(found: Found) -> bool:
    """Whether an object beside an empty list holds words of a record, more than counts and the order of the list."""
    inner = bool(found.around)
    for pair in pairs_of(found.record):
        text = pair.value
        if pair.key in JSON_MESSAGE | JSON_SUCCESS | JSON_CODE | _ORDER or numeric(text) or is_blank(text):
            continue
        # The outermost object also has traces and times of the asking.
        if (inner or not text.isascii()) and any(c.isalpha() for c in text) and not is_about_asking(text):
            return True
    return False


def _lists(value: object) -> Iterator[Sequence[object]]:
    if isinstance(value, list):
        yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in inner:
        yield from _lists(part)
