"""What personal data looks like, and how it is shown. One rule: masking again changes nothing."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

from tracker.core.hanzi import simplified

LONGEST_MASK = 16

# How a person is numbered: ID card of 18 or 15 places, mobile of 11. The check digit is not tested, so invented numbers count.
_PERSON_SHAPE = re.compile(r"[0-9]{17}[0-9Xx]|[0-9]{15}|1[3-9][0-9]{9}", re.ASCII)
_CODE_SHAPE = re.compile(r"(?=[^0-9*]*[0-9*])[0-9A-Za-z*._/()\-]{8,}", re.ASCII)

_PERSONAL = re.compile(
    r"(?:(?<![0-9])(?:[0-9]{17}[0-9Xx]|[0-9]{15})"
    r"|(?:(?<![0-9])|(?<=(?<![0-9])86))1[3-9][0-9][ \-]?[0-9]{4}[ \-]?[0-9]{4}"
    r")(?![0-9])",
    re.ASCII,
)

# Keys of answers made for programs: the initials of the Chinese captions, and names in English.
_KEYS = frozenset(
    (
        *("name", "xm", "sqr", "sqrxm", "sbr", "lxr", "lxdh", "lxfs", "sjh", "sjhm", "dh", "dhhm", "dz", "lxdz", "zz", "hjdz"),
        *("sfz", "sfzh", "sfzhm", "zjh", "zjhm", "personname", "realname", "tel", "telephone", "idcard", "certno", "cardno"),
    )
)

# Full-width digits and letters read as personal data too; one character stays one, so positions agree.
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}

# What people and pages put between the characters of a number or a name.
_SEPARATOR = r"[\s\-\u00ad\u00b7\u200b-\u200f\u2010-\u2015\u2022\u2027\u2060\u2219\u22c5\u30fb\ufeff\uff65]"
_SEPARATORS = re.compile(_SEPARATOR)
_BETWEEN = _SEPARATOR + "{0,3}"
_LONGEST_NAME = 12  # characters; pages mask no part of a company's name or an address
_MASK = "[*●•○□×某]"  # what pages put for a character of a name

_CAPTION = re.compile(
    "姓名|申请人|申办人|申报人|经办人|持证人|联系人|法定代表人|户主|用户名|证件|身份证|护照|电话|手机|住址|地址|联系方式|邮箱"
    "|applicant|phone|mobile|address|email|passport|holder|username"
    "|idnumber|idno|idcard|identitynumber"
    "|surname|(?:full|first|last|given|family|person|contact)name|contactperson"
)


def mask_value(text: str) -> str:
    """A value's mask: an ID or mobile number keeps 3 characters at its head and 2 at its tail, another code 6 and 2, a name 1.

    At least four places of a code are hidden, so a short one keeps less; more than 16 hidden ones show as 16.
    """
    head, tail = _kept(text)
    hidden = min(len(text) - head - tail, LONGEST_MASK)
    return text[:head] + "*" * hidden + text[len(text) - tail :] if hidden > 0 else text


def _kept(text: str) -> tuple[int, int]:
    narrow = text.translate(_NARROW)
    if _PERSON_SHAPE.fullmatch(narrow):
        return 3, 2
    if _CODE_SHAPE.fullmatch(narrow):
        return min(len(text) - 6, 6), 2
    return 1 if len(text) > 1 else 0, 0


def mask_text(text: str, known: Iterable[str]) -> str:
    """A text with the known reference values, ID numbers and mobile numbers in it masked; dates and short codes stay.

    Known values are found in any letter case and with spaces or dashes between their characters.
    """
    joined = _joined(text)
    # Most texts repeat nothing: only what is there costs a pattern.
    masks = {folded: mask_value(value.strip()) for value in known if (folded := _joined(value)) in joined}
    patterns = [pattern for value in sorted(masks, key=len, reverse=True) if (pattern := _known_pattern(value))]
    if patterns:
        text = _replace(re.compile("|".join(patterns), re.IGNORECASE), text, masks)
    return _replace(_PERSONAL, text, {})


def hide_text(text: str, known: Iterable[str], sign: Callable[[str], str]) -> str:
    """A text in which `sign` stands for each known value.

    It is found as by `mask_text`, in traditional characters too, and where a page masks a part of a name.
    """
    pattern = _hidden(frozenset(known))
    if pattern is None:
        return text
    parts, done = [], 0
    for match in pattern.finditer(simplified(text.translate(_NARROW))):
        start, end = match.span()
        parts += [text[done:start], sign(text[start:end])]
        done = end
    return "".join([*parts, text[done:]])


@lru_cache(maxsize=32)  # a bundle has hundreds of texts, and the same values are looked for in each
def _hidden(known: frozenset[str]) -> re.Pattern[str] | None:
    values = {_joined(simplified(value)) for value in known}
    patterns = [pattern for value in sorted(values, key=len, reverse=True) for pattern in _spellings(value)]
    return re.compile("|".join(patterns), re.IGNORECASE) if patterns else None


def mentions(text: str, known: Iterable[str]) -> bool:
    """Whether one of the values stands in a text, where `mask_text` would find it."""
    joined, narrow = _joined(text), text.translate(_NARROW)
    patterns = [_known_pattern(folded) for value in known if (folded := _joined(value)) in joined]
    return any(pattern and re.search(pattern, narrow, re.IGNORECASE) for pattern in patterns)


def mask_details(details: Mapping[str, str], known: Iterable[str]) -> dict[str, str]:
    """Captions with their values as others may see them: a person's values masked whole, the rest by `mask_text`."""
    values = tuple(known)
    return {
        caption: mask_value(value.strip()) if is_personal(caption) else mask_text(value, values)
        for caption, value in details.items()
    }


def is_personal(caption: str) -> bool:
    """Whether a caption announces a person's own data."""
    folded = "".join(c for c in caption.translate(_NARROW).casefold() if c.isalpha())
    return folded in _KEYS or _CAPTION.search(folded) is not None


def _joined(value: str) -> str:
    return _SEPARATORS.sub("", value.translate(_NARROW)).casefold()


def _known_pattern(value: str) -> str:
    """A value's pattern, each character possibly apart; "" where it is too short to tell from a year or a word."""
    if not value.isascii():
        return _BETWEEN.join(map(re.escape, value)) if len(value) > 1 else ""
    if len(value) < 2 or (value.isdigit() and len(value) < 5):
        return ""
    pattern = _BETWEEN.join(map(re.escape, value))
    return pattern if len(value) >= 6 else rf"(?<![0-9A-Za-z]){pattern}(?![0-9A-Za-z])"


def _spellings(value: str) -> Iterator[str]:
    """The patterns of a value, whole and as pages mask a name."""
    whole = _known_pattern(value)
    if whole:
        yield whole
    if whole and not value.isascii() and len(value) <= _LONGEST_NAME:
        size = len(value)
        for shown in range(size - 1, 0, -1):
            for head in range(shown + 1):
                yield f"{re.escape(value[:head])}{_MASK}+{re.escape(value[size - shown + head :])}"


def _replace(pattern: re.Pattern[str], text: str, masks: Mapping[str, str]) -> str:
    """The text with each match masked: found in its narrow form, cut out of the text as it is."""
    parts, done = [], 0
    for match in pattern.finditer(text.translate(_NARROW)):
        start, end = match.span()
        found = _joined(match[0])
        parts += [text[done:start], masks.get(found) or mask_value(found)]
        done = end
    return "".join([*parts, text[done:]])
