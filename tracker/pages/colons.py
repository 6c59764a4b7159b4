"""Captions and values in one line of text: "受理编号：甲1 当前状态：审核中", "您的办件（受理编号：甲1），状态：审核中"."""

import re
from collections.abc import Sequence

from tracker.core.labels import USUAL, fold
from tracker.pages.dates import parse_date
from tracker.pages.words import STATUS, captionlike, key

COLONS = ("：", ":")
BRACKETS = frozenset({"【", "["})
_LONGEST_LINE, _MOST_COLONS = 2000, 60
STOPS = " ，,；;。、|｜/）)】]"
# 【办理状态】审核中, "2. 办理状态：审核中"; "2、" and "（2）" are marks as good as others.
_BRACKETED = re.compile(r"[【\[]([^【】\[\]]{2,32})[】\]]\s*[:：]?")
_NUMBERED = re.compile(r"\d{1,2}[.．]\s*([^\d：:]{2,32})[:：]")
_OPEN = re.compile("[（(【][^）)】]*$")
# A caption in the middle of a line begins behind a mark that ends something, or behind a bracket that opens.
_INNER = re.compile("[，,；;。、|｜/）)】\\]（(【]\\s*([^，,；;。、|｜/）)】\\]（(【：:]{1,28})$")


def colons(words: str, known: frozenset[str]) -> tuple[str, list[tuple[str, str]]]:
    """(the words before the first caption, the captions with their values) of one line of text."""
    if "：" not in words and ":" not in words:
        return words, []
    if len(words) > _LONGEST_LINE or words.count("：") + words.count(":") > _MOST_COLONS:
        return words, []  # no record: what follows takes time with the square of it
    found: list[tuple[str, str]] = []
    head = ""
    for part in words.replace("；", "\n").replace(" :", ":").replace(" ：", "：").split("\n"):
        before, caption, rest = _first_caption(part, known)
        if before and found:
            found[-1] = (found[-1][0], f"{found[-1][1]}；{before}")
        elif before:
            head = join(head, before)
        while caption:
            value, following, behind = _next_caption(rest, known)
            found.append((caption, _bare(value)))
            caption, rest = following, behind
    return head, found


def listed(words: str, known: frozenset[str]) -> list[tuple[str, str]]:
    """The known captions of a line that begins with one in brackets or behind its number, each with its value."""
    if words[:1] in {"【", "["}:
        marks = [m for m in _BRACKETED.finditer(words) if key(m[1]) in known]
    else:
        marks = [m for m in (_NUMBERED.match(words),) if m and key(m[1]) in known]
    if not marks or marks[0].start():
        return []
    ends = [*(m.start() for m in marks[1:]), len(words)]
    return [(m[1].strip(), _bare(words[m.end() : end])) for m, end in zip(marks, ends, strict=True)]


def _bare(value: str) -> str:
    """A value without the mark behind it, or the bracket that it only closes."""
    value = value.strip().rstrip("；;，,")
    return value[:-1] if value.endswith(("）", ")")) and not ("（" in value or "(" in value) else value


def _first_caption(part: str, known: frozenset[str]) -> tuple[str, str, str]:
    """(the words before the first caption, the caption, the rest); without a caption all are words before."""
    tokens = part.replace(":", "：").split("：")
    caption = "".join(tokens[0].split()) if not tokens[0].isascii() else tokens[0].strip()
    if (
        len(tokens) > 1
        and not tokens[1].startswith("//")
        and captionlike(caption)
        and not _OPEN.search(caption)
        and (fold(caption) not in USUAL or parse_date(tokens[1]) is not None)  # Submitted: 2026-11-01
    ):
        return "", caption, part[len(tokens[0]) + 1 :]
    inner = _INNER.search(tokens[0])
    if len(tokens) > 1 and inner is not None and _named_inside(inner[1]) in known:  # "您的办件（受理编号：…", "，原因：…"
        return tokens[0][: inner.start()].strip(), inner[1].strip().rstrip("为是為"), part[len(tokens[0]) + 1 :]
    return part.strip(), "", ""


def _named_inside(words: str) -> str:
    """当前状态为 -> 当前状态."""
    return key(words.strip().rstrip("为是為"))


def _next_caption(words: str, known: frozenset[str]) -> tuple[str, str, str]:
    """(the value, the caption behind it, the rest): a caption begins behind white space and ends with a colon."""
    at = 0
    while True:
        places = [p for p in (words.find("：", at), words.find(":", at)) if p >= 0]
        if not places:
            return words, "", ""
        colon = min(places)
        inner = _INNER.search(words, 0, colon)
        if inner is not None and _named_inside(inner[1]) in known:
            return words[: inner.start()].rstrip(STOPS), inner[1].strip().rstrip("为是為"), words[colon + 1 :]
        before = words[:colon].lstrip().split(" ")
        for size in (4, 3, 2, 1) if words[colon + 1 : colon + 3] != "//" else ():
            caption = " ".join(before[-size:])
            if size < len(before) and (key(caption) in known or (size == 1 and _may_be_caption(caption))):
                start = size + (size == 1 and _is_ending(before))
                return " ".join(before[:-start]), " ".join(before[-start:]), words[colon + 1 :]
        at = colon + 1


def _is_ending(before: Sequence[str]) -> bool:
    """Whether "Status" is, or may be, the end of another caption: "04 June 2026 Payment Status"."""
    return len(before) > 2 and key(before[-1]) in STATUS and before[-1].isascii() and before[-2].isalpha()


def _may_be_caption(words: str) -> bool:
    return len(words) > 1 and captionlike(words) and fold(words) not in USUAL


def join(before: str, after: str) -> str:
    gap = " " if before and after and before[-1].isascii() and after[0].isascii() else ""
    return before + gap + after
