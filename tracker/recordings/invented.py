"""Stand-ins for what is somebody's own: of the same shape and length, the same at each run, and nobody's."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable

from tracker.recordings.layers import fold
from tracker.recordings.trie import any_of

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_NAMES = ("测试", "样例", "虚构")
_STEMS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
_MORE = 0x4E30  # characters of everyday words follow
_ID = re.compile(r"[0-9]{17}[0-9Xx]")
_OLD_ID = re.compile(r"[0-9]{15}")
_PHONE = re.compile(r"(?:86)?1[3-9][0-9]{9}")
_DATE = re.compile(r"(?:19|20)[0-9]{2}(\D?)[0-9]{2}(\D?)[0-9]{2}(\D?)")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_TRIES = 400


class NoStandInError(Exception):
    """Nothing could be invented that a field's pattern allows."""


def is_real_id(number: str) -> bool:
    """Whether an ID number passes its checksum."""
    return number[17].upper() == _check(number[:17])


def _check(head: str) -> str:
    return _CHECKS[sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, head, strict=True)) % 11]


class Inventor:
    """Gives each value its stand-in. `known`: values that none may hold."""

    def __init__(self, known: Iterable[str]) -> None:
        folded = [one for value in known if (one := fold(value))]
        self._known = re.compile(any_of(folded)) if folded else None
        self._given: dict[str, str] = {}
        self._taken: set[str] = set()
        self._counts: Counter[str] = Counter()

    def stand_in(self, value: str, kind: str = "", pattern: str | None = None) -> str:
        """The same value gets the same one. `kind` "token": nothing about it is kept but its characters' classes."""
        there = self._given.get(fold(value))
        if there is not None and len(there) == len(value):
            return there
        for kept in (0, 2, 4, 6, 8):
            for _ in range(_TRIES):
                made = value[:kept] + self._next(value, kind)[kept:]
                if self._fits(made, value, pattern):
                    self._given[fold(value)] = made
                    self._taken |= {made, fold(made)}
                    return made
            if pattern is None:
                break
        raise NoStandInError(value)

    def _fits(self, made: str, value: str, pattern: str | None) -> bool:
        folded = fold(made)
        if folded == fold(value) or folded in self._taken:
            return False
        if _ID.fullmatch(made) and is_real_id(made):
            return False
        if self._known is not None and self._known.search(folded):
            return False
        return pattern is None or re.fullmatch(pattern, made) is not None

    def _next(self, value: str, kind: str) -> str:
        shape = "token" if kind == "token" else _shape(value)
        self._counts[shape] += 1
        n = self._counts[shape]
        match shape:
            case "id":
                head = f"1101{n // 1000 % 99 + 1:02d}18900307{n % 1000:03d}"  # nobody who was born then applies for anything
                return head + ("1" if _check(head) != "1" else "2")
            case "old_id":
                return f"1101{n // 1000 % 99 + 1:02d}000307{n % 1000:03d}"
            case "phone":
                return value[: len(value) - 11] + f"120{n:08d}"
            case "date":
                return _date(value, n)
            case "mail":
                return f"{_letters(n, len(value) - 7)}@x.test" if len(value) > 9 else noise(value, n)
            case "name":
                return _name(len(value), n)
            case "token":
                return noise(value, n)
        return _code(value, n)


def _shape(value: str) -> str:
    for shape, pattern in (("id", _ID), ("old_id", _OLD_ID), ("phone", _PHONE), ("date", _DATE), ("mail", _MAIL)):
        if pattern.fullmatch(value):
            return shape
    return "name" if value.isalpha() and not value.isascii() and len(value) <= 16 else "code"


def _name(length: int, n: int) -> str:
    """测试甲, 测试乙, …; a long list of people goes on with other characters."""
    round_, stem = divmod(n - 1, len(_STEMS))
    if round_ < len(_NAMES):
        return (_NAMES[round_] * length)[: length - 1] + _STEMS[stem]
    return (chr(_MORE + round_) * length)[: length - 1] + _STEMS[stem]


def _date(value: str, n: int) -> str:
    digits = iter(f"1951{(n - 1) // 28 % 12 + 1:02d}{(n - 1) % 28 + 1:02d}")
    return "".join(next(digits) if c.isdigit() else c for c in value)


def _code(value: str, n: int) -> str:
    """Letters of a short head stay, digits count on, other letters are replaced; signs stay."""
    digits = sum(c in "0123456789" for c in value)
    head = len(value) - len(value.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"))
    kept = head if head <= 4 and digits >= 4 else 0
    number = iter(f"{9 * 10 ** (digits - 1) + n:d}"[-digits:] if digits else "")
    letters = iter(_letters(n, len(value)))
    made = []
    for at, c in enumerate(value):
        letter = next(letters)
        if c in "0123456789":
            made.append(next(number))
        elif not c.isalpha() or at < kept:
            made.append(c)
        elif c.isascii():
            made.append(letter.upper() if c.isupper() else letter)
        else:
            made.append((_NAMES[0] + _STEMS)[(at + n) % 24])
    return "".join(made)


def _letters(n: int, length: int) -> str:
    return "".join(chr(ord("a") + byte % 26) for byte in _stream(f"letters {n}", length))


def noise(value: str, n: int) -> str:
    """A token with other characters of the same classes; hexadecimal stays so, and a number begins with no nought."""
    small, large = (
        ("abcdef", "ABCDEF")
        if re.fullmatch(r"[0-9a-fA-F\-]+", value)
        else (
            "abcdefghijklmnopqrstuvwxyz",
            "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        )
    )
    made = []
    for at, (c, byte) in enumerate(zip(value, _stream(f"token {n}", len(value)), strict=True)):
        if c in "0123456789":
            made.append(str(byte % 10 if at else byte % 9 + 1))
        elif c.isascii() and c.isalpha():
            pool = small if c.islower() else large
            made.append(pool[byte % len(pool)])
        else:
            made.append(c)
    return "".join(made)


def _stream(seed: str, length: int) -> bytes:
    blocks = (hashlib.sha256(f"{seed} {block}".encode()).digest() for block in range(length // 32 + 1))
    return b"".join(blocks)[:length]
