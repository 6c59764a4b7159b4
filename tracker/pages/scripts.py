"""What a page's scripts say when it loads: the words of alert('…')."""

import re
from collections.abc import Iterator

_SIGN = re.compile(r"""//|/\*|["'`{}]|(?<![\w$])alert\s*(?=\()""")
_STRING_END = {q: re.compile(rf"(?:[^{q}\\\n]|\\.)*+", re.DOTALL) for q in "\"'`"}
_IN_CALL = re.compile(r"""["'`(),]""")
_LOADS = re.compile(
    r"""(?:
        (?:onload|onpageshow)\s*=\s*
      | \bready\s*\(\s*
      | (?:\$|jQuery)\s*\(\s*
      | addEventListener\s*\(\s*["'](?:load|DOMContentLoaded)["']\s*,\s*
      | (?:^|[;}\n])\s*[(!]\s*
    )
    (?:async\s+)?(?:function\s*[\w$]*\s*\([^()]*\)|\([^()]*\)\s*=>) $""",
    re.VERBOSE,
)
# a server that writes its message into the script: if('…' != '') { alert('…') } is true when there are words
_SAYS = re.compile(r"""\bif\s*\(\s*(["'])[^"'\n]+\1\s*!==?\s*(?:""|'')\s*\)$""")
_DOUBT = re.compile(r"\b(?:if|else|for|while|case|function|return)\b|\?|&&|\|\||=>")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_PLAIN = {"n": "\n", "r": "\n", "t": " ", "b": "", "f": "", "v": " ", "0": "", "\n": ""}
_BACK = 200
_MOST = 20_000  # signs that are looked at; a script longer than that is a library


def alerts(script: str) -> tuple[str, ...]:
    """The texts that alert() shows at load: not inside functions that wait to be called, nor under a condition.

    Validation code says 请输入… in its functions, and a server's messages often stand under a condition that is false;
    what is in doubt is left out. Linear.
    """
    return tuple(_alerts(script))


def _alerts(script: str) -> Iterator[str]:
    at = start = 0  # start: of the statement at hand
    blocks: list[bool] = []  # per open brace: does its content wait to be called?
    waiting = 0
    for _ in range(_MOST):
        found = _SIGN.search(script, at)
        if found is None:
            return
        sign, at = found.group(), found.end()
        if sign in ("//", "/*"):
            at = _over(script, sign, at)
        elif sign in _STRING_END:
            at = _end_of_string(script, sign, at) + 1
        elif sign == "{":
            blocks.append(waiting > 0 or not _runs(script[max(0, at - 1 - _BACK) : at - 1].rstrip()))
            waiting += blocks[-1]
            start = at
        elif sign == "}":
            waiting -= blocks.pop() if blocks else 0
            start = at
        elif not waiting:
            before = script[max(start, found.start() - _BACK) : found.start()].rpartition(";")[2]
            at, words = _arguments(script, at + 1)
            if _SAYS.search(before.rstrip()) or not _DOUBT.search(before):
                yield from words


def _over(script: str, sign: str, at: int) -> int:
    end = script.find("\n" if sign == "//" else "*/", at)
    return len(script) if end < 0 else end + len(sign) - (sign == "//")


def _runs(before: str) -> bool:
    """Whether a block runs at load, by what stands before its brace."""
    if not before.endswith((")", "=>")):
        return not before or before.endswith((";", "{", "}", "try", "finally", "<!--"))
    return bool(_LOADS.search(before) or _SAYS.search(before))


def _arguments(script: str, at: int) -> tuple[int, list[str]]:
    """(where the call ends, its literal words); parts joined by + are one."""
    words, depth = [""], 1
    while depth and (found := _IN_CALL.search(script, at)):
        sign, at = found.group(), found.end()
        if sign in _STRING_END:
            end = _end_of_string(script, sign, at)
            words[-1] += unescape(script[at:end])
            at = end + 1
        elif sign == ",":
            words.append("")
        else:
            depth += 1 if sign == "(" else -1
    return at, [w for w in (" ".join(word.split()) for word in words) if w]


def _end_of_string(script: str, quote: str, at: int) -> int:
    found = _STRING_END[quote].match(script, at)
    assert found is not None  # it matches nothing, too
    return found.end()


def unescape(literal: str) -> str:
    """A script's string literal without its quotes, as the words that it shows."""
    return _ESCAPE.sub(_one, literal) if "\\" in literal else literal


def _one(found: re.Match[str]) -> str:
    code = found.group(1) or found.group(2) or found.group(3)
    if code:
        number = int(code, 16)
        return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else ""
    return _PLAIN.get(found.group(4), found.group(4))
