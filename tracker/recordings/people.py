"""What a text says of people without a caption beside it: numbers, greetings, fields of markup and scripts, folders."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from tracker.core.mask import is_personal
from tracker.pages.names import could_be_name
from tracker.recordings.layers import plain_width

_PERSON = re.compile(
    r"(?<![0-9A-Za-z])[1-9][0-9]{5}[ \-]?[0-9]{4}[ \-]?[0-9]{4}[ \-]?[0-9]{3}[0-9Xx](?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z])[1-9][0-9]{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}(?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z])[3-9][0-9]{15,18}(?![0-9A-Za-z])"  # a bank's card
)
_PHONE = re.compile(r"(?<![0-9])(?:86)?1[3-9][0-9][ \-]?[0-9]{4}[ \-]?[0-9]{4}(?![0-9])")
_MAIL = re.compile(
    r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63})*\.[A-Za-z]{2,24}"
)
_OWN = re.compile(
    "出生|生日|银行|账号|帐号|卡号|车牌|微信|籍贯|毕业|学校|公司|(?:工作|用人|申请|申报|所在|就业|参保)单位|^单位(?:名称|全称)$|统一社会信用"
    "|birth|bankcard|accountn|licen[cs]eplate"
)
_OWN_KEYS = frozenset(("csrq", "csny", "yhkh", "yhzh", "cph", "wxh", "dwmc", "gsmc", "sqdw", "sbdw", "gzdw", "tyshxydm"))
_KIND_OF = ("类型", "类别", "种类")
# A name in markup, an address or a script, and what it is given: xm='…', "xm":"…", data-xm="…", &xm=….
_SAID = re.compile(
    r"(?<![A-Za-z0-9_])([A-Za-z_\u4e00-\u9fff][\w.\-]{0,40})(?=(?:\\*[\"'])?\s{0,3}[:=]\s{0,3}"
    r"(?:\\*\"([^\"\\<>\n]{2,120})\\*\"|\\*'([^'\\<>\n]{2,120})\\*'|([^\s\"'\\<>&;,)}]{2,120})))"
)
_ELEMENT = re.compile(r"<(?:\w{1,20}:)?([A-Za-z_]\w{1,40})>\s*(?:<!\[CDATA\[)?([^<>\[\]]{2,60})")
_PART_OF_NAME = re.compile(r"[^A-Za-z\u4e00-\u9fff]+|(?<=[a-z])(?=[A-Z])")
_DISK = re.compile(r"(?:(?<![\w.])/home/|/Users/|[\\/]Users[\\/]|Settings[\\/])([^\\/\"'<>\n]{2,40})[\\/]")
_TITLE = "女士|先生|小姐|同志|老师"
_GREETED = re.compile(
    rf"尊敬的\s?([\u4e00-\u9fff·]{{2,5}}?)\s?(?:{_TITLE})"
    rf"|(?:尊敬的|欢迎您?|您好|你好|当前用户|登录用户)\s?[，,：:！! ]?\s?([\u4e00-\u9fff·]{{2,4}})(?![\u4e00-\u9fff])"
    rf"|(?<![\u4e00-\u9fff])([\u4e00-\u9fff·]{{2,4}})\s?(?:{_TITLE})"
)
_BESIDE = re.compile(
    r"(?:姓\s?名|申请人|申办人|办理人|经办人|联系人|持证人|户主|被保险人)(?:姓名)?[\s：:\0]{1,40}([\u4e00-\u9fff·]{2,5})(?![\u4e00-\u9fff])"
)
_TAG = re.compile(r"<[^<>]{1,400}>")
_ANYBODY = frozenset(("用户", "客户", "申请人", "市民", "群众", "朋友", "各位", "游客", "访客", "单位", "企业", "家长", "会员"))


@lru_cache(maxsize=4096)
def is_ones_own(caption: str) -> bool:
    """Whether a caption, or a field's name, announces something of a person."""
    folded = "".join(c for c in unicodedata.normalize("NFKC", caption).casefold() if c.isalpha())
    if folded.endswith(_KIND_OF):
        return False
    return is_personal(caption) or folded in _OWN_KEYS or _OWN.search(folded) is not None


def numbers(text: str) -> Iterator[tuple[str, str]]:
    """(kind, value) of ID numbers, bank cards, mobile numbers and mail addresses, in any width."""
    text = plain_width(text)
    for kind, pattern in (("number", _PERSON), ("phone", _PHONE)):
        yield from ((kind, re.sub(r"[ \-]", "", found)) for found in pattern.findall(text))
    yield from (("mail", found) for found in _MAIL.findall(text))


def fields(text: str) -> Iterator[tuple[str, str]]:
    """(name, value) of what markup, addresses and scripts say under a personal name."""
    for pattern in (_SAID, _ELEMENT):
        for name, *values in pattern.findall(text):
            value = decoded("".join(values)).strip()
            if _says_of_a_person(name, value):
                yield name, value


def _says_of_a_person(name: str, value: str) -> bool:
    """Scripts have messages and rules under the same names: only what can be a name, or has a number in it, counts."""
    last = next((part for part in reversed(_PART_OF_NAME.split(name)) if part), "")
    if not (is_ones_own(name) or is_ones_own(last)):
        return False
    if last.casefold() == "name" and name.casefold() == "name" and "·" not in value and not could_be_name(value):
        return False
    has_number = sum(c.isdigit() for c in value) >= 4 and not re.search(r"[(){}\[\]$^|]", value)
    return could_be_name(value) or (has_number and len(value) >= 6) or (not value.isascii() and any(map(str.isdigit, value)))


def decoded(value: str) -> str:
    """What a percent-encoded value says."""
    if "%" not in value:
        return value
    raw = unquote_to_bytes(value.replace("+", " "))
    for codec in ("utf-8", "gb18030"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return value


def greeted(text: str) -> Iterator[str]:
    """Whom a page greets by name, or names behind the caption."""
    for found in _GREETED.finditer(text):
        title, welcome, before = found.groups()
        name = title or welcome or before
        if name not in _ANYBODY and (title or could_be_name(name)):
            yield name
    yield from (name for name in _BESIDE.findall(_TAG.sub("\n", text)) if could_be_name(name))


def folders(text: str) -> Iterator[str]:
    """Whose folder a saved page names: file:///C:/Users/…/."""
    yield from (found for found in _DISK.findall(text) if found.casefold() not in {"public", "default", "user"})


def alike(value: str) -> re.Pattern[str] | None:
    """What finds other numbers of the same kind; None where the value has no shape of its own."""
    digits = sum(c in "0123456789" for c in value)
    if not value.isascii() or digits < (9 if digits == len(value) else 6) or " " in value:
        return None
    shape = "".join("[0-9]" if c in "0123456789" else re.escape(c) for c in value)
    dated = re.match(r"20[0-9]{2}[01]", value) is None and value[:1].isdigit()
    return re.compile(rf"(?<![0-9A-Za-z]){r'(?!20[0-9]{2}[01])' if dated else ''}{shape}(?![0-9A-Za-z])", re.IGNORECASE)


def births(number: str) -> list[tuple[str, str]]:
    """The birth date in an ID number as pages write it, each with one that is nobody's."""
    try:
        day = date(int(number[6:10]), int(number[10:12]), int(number[12:14])) if len(number) == 18 else None
    except ValueError:
        day = None
    if day is None:
        return []
    found = []
    for form in ("{y}-{m}-{d}", "{y}/{m}/{d}", "{y}.{m}.{d}", "{y}年{m}月{d}日", "{y}{m}{d}", "{d}/{m}/{y}", "{m}/{d}/{y}",
                 "{d}-{m}-{y}", "{d}.{m}.{y}"):  # fmt: skip
        for width in (2, 1):
            month, day_ = f"{day.month:0{width}d}", f"{day.day:0{width}d}"
            if width == 1 and form == "{y}{m}{d}":
                continue
            made = form.format(y=1951, m="11" if len(month) == 2 else "3", d="17" if len(day_) == 2 else "7")
            found.append((form.format(y=day.year, m=month, d=day_), made))
    return found
