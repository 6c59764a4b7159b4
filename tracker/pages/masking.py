"""A page for a public bug report: its mark-up, and of its words only those that progress pages use everywhere.

Built from what may be shown: tags, a few attributes without a person's data, captions, labels and the sentences by which pages
say that they are no record. Every other character becomes a sign of its kind: □ for a Chinese one, x for a letter, # for a
digit. Scripts, comments, addresses and values are told by their length only.
"""

import json
import re
from collections.abc import Iterable
from html import escape
from html.parser import HTMLParser

from tracker.core.clean import clean, cut
from tracker.core.errors import CheckError
from tracker.core.labels import USUAL
from tracker.core.mask import hide_text
from tracker.pages.contract import Response
from tracker.pages.jsontext import json_of
from tracker.pages.names import could_be_name, without_names
from tracker.pages.signs import TABLE
from tracker.pages.words import KNOWN, key

LONGEST = 60_000  # characters of a page that are looked at
DEEPEST = 40
MOST_ENTRIES = 20  # of a list in JSON

_SHOWN = frozenset(
    {"type", "method", "colspan", "rowspan", "readonly", "disabled", "hidden", "checked", "selected", "multiple"}
)
_NAMES = frozenset({"name", "http-equiv"})
_TEXTS = frozenset({"placeholder", "title", "alt", "aria-label"})
_WORDS = (
    "未查询到 没有查询到 未找到 没有找到 查无 暂无 相关 记录 信息 数据 结果 查询 输入 选择 验证码 登录 用户 密码 系统"
    " 办理 办件 公告 首页 返回 提交 打印 关闭 版权所有"
    " 技术支持 主办 当前时间 欢迎 网站 服务 中心 页面 错误 请稍后再试 业务 事项 居民身份证 护照"
)
_HTML = (
    "html head title meta link base body div span p br hr h1 h2 h3 h4 h5 h6 a b i u em strong font center small big pre ul ol"
    " li dl dt dd table caption colgroup col thead tbody tfoot tr th td form input select option optgroup textarea button"
    " label fieldset legend img frameset frame iframe script style noscript template svg section article header footer main"
    " nav aside marquee map area object embed"
)
_TAGS = frozenset(_HTML.split())
_VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "base", "col", "frame", "area"})
_SILENT = frozenset({"script", "style", "noscript", "template", "svg"})
_PLAIN = re.compile(r"[A-Za-z0-9_-]{1,20}")
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z_.$-]{0,39}")
_PLAIN_VALUES = frozenset(
    {
        *("get", "post", "text", "hidden", "submit", "button", "image", "radio", "checkbox", "password", "reset", "search"),
        *("readonly", "disabled", "checked", "selected", "multiple", "true", "false", "date", "number", "tel", "email"),
    }
)


_LITERAL = re.compile("[\u4e00-\u9fff]{2,}|[a-z]{3,}")


def _public() -> re.Pattern[str]:
    # The words of the sentences in which sites speak of themselves; what may stand between them is anybody's.
    phrases = [word for _, pattern in TABLE for word in _LITERAL.findall(pattern.pattern)]
    words = {w for w in (*KNOWN, *USUAL, *phrases, *_WORDS.split()) if len(w) > 1 and not any(c.isdigit() for c in w)}
    chinese = sorted((w for w in words if not w.isascii()), key=len, reverse=True)
    english = sorted((w for w in words if w.isascii() and w.replace(" ", "").isalpha()), key=len, reverse=True)
    return re.compile("|".join([*map(re.escape, chinese), rf"\b(?:{'|'.join(map(re.escape, english))})\b"]), re.IGNORECASE)


_PUBLIC = _public()


def masked_words(text: str, known: Iterable[str] = ()) -> str:
    """A text with all that could be somebody's made unreadable; `known`: values that are masked though they look ordinary."""
    for value in known:
        if value:
            text = re.sub(re.escape(value), lambda found: _signs(found[0]), text, flags=re.IGNORECASE)
    shown, at = [], 0
    for found in _PUBLIC.finditer(text):
        shown += [_signs(text[at : found.start()]), found[0]]
        at = found.end()
    return "".join([*shown, _signs(text[at:])])


def public_words(text: str, known: Iterable[str] = (), most: int = 60) -> str:
    """A label or a caption as anybody may see it: nothing known of the person in it, no name, no digit."""
    line, values = clean(text), tuple(known)
    if could_be_name(line) and key(line) not in KNOWN:
        return masked_words(line, values)
    return cut(_nobodys(line, values), most)


def _nobodys(text: str, known: Iterable[str]) -> str:
    nameless = without_names(hide_text(text, known, _signs), _signs)
    return "".join("#" if c.isdigit() else c for c in nameless)


def _signs(text: str) -> str:
    return "".join(_sign(c) for c in text)


def _sign(character: str) -> str:
    if character.isdigit() or character.isnumeric():
        return "#"
    if character.isascii():
        return "x" if character.isalpha() else character
    if character.isspace() or character in "：；，。、！？（）【】“”·—…《》〔〕":
        return character
    return "□"


def masked_page(page: Response, known: Iterable[str] = (), captions: Iterable[str] = ()) -> str:
    """A page or a JSON answer, masked. `captions`: those of its shape, which are nobody's."""
    values = tuple(known)
    text = page.text[:LONGEST]
    if text.lstrip("\ufeff \t\r\n")[:1] in {"{", "["}:
        try:
            return json.dumps(_masked_json(json_of(page), values), ensure_ascii=False, indent=1)
        except CheckError:
            return masked_words(text, values)
    masker = _Masker(values, frozenset(map(key, captions)))
    masker.feed(text)
    masker.close()
    return "".join(masker.shown)


def _masked_json(value: object, known: tuple[str, ...]) -> object:
    if isinstance(value, dict):
        return {_masked_key(name, known, n): _masked_json(inner, known) for n, (name, inner) in enumerate(value.items())}
    if isinstance(value, list):
        return [_masked_json(entry, known) for entry in value[:MOST_ENTRIES]]
    if isinstance(value, bool) or value is None:
        return value
    return masked_words(str(value), known)


def _masked_key(name: str, known: tuple[str, ...], number: int) -> str:
    """A key as a programmer chose it; what else it may be only by its kind, numbered so that none is lost."""
    if key(name) in KNOWN or _is_identifier(name, known):
        return name
    return f"{masked_words(name[:40], known)} ({number})"


def _is_identifier(name: str, known: tuple[str, ...]) -> bool:
    folded = name.casefold()
    clear = not any(value and value.casefold() in folded for value in known)
    return clear and bool(_IDENTIFIER.fullmatch(name)) and not could_be_name(name)


class _Masker(HTMLParser):
    """Writes the mark-up anew. Entities are characters already when they come here, so that none hides a word."""

    def __init__(self, known: tuple[str, ...], captions: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self._captions = captions
        self.shown: list[str] = []
        self._known = known
        self._silent = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._silent:
            return
        tag = tag if tag in _TAGS else "x"
        shown = "".join(f" {part}" for name, value in attrs if (part := self._attribute(name, value or "")))
        self.shown.append(f"<{tag}{shown}>")
        self._silent = tag if tag in _SILENT else ""

    def _attribute(self, name: str, value: str) -> str:
        if name in _SHOWN:
            return f'{name}="{value}"' if _PLAIN.fullmatch(value) and self._is_clear(value) else name
        if name in _NAMES:
            shown = value if _is_identifier(value, self._known) else masked_words(value[:40], self._known)
            return f'{name}="{escape(shown)}"'
        if name in _TEXTS:
            return f'{name}="{escape(masked_words(value[:80], self._known))}"'
        return f'{name}="({len(value)})"' if name in {"value", "href", "src", "action", "content"} else ""

    def _is_clear(self, value: str) -> bool:
        return (value.isdigit() and len(value) < 4) or (value.isalpha() and value.casefold() in _PLAIN_VALUES)

    def handle_endtag(self, tag: str) -> None:
        if self._silent:
            self._silent = "" if tag == self._silent else self._silent
            if self._silent:
                return
        if tag not in _VOID:
            self.shown.append(f"</{tag if tag in _TAGS else 'x'}>")

    def handle_data(self, data: str) -> None:
        if self._silent:
            self.shown.append(f"({len(data)} characters)")
        else:
            self.shown.append(escape(self._said(data), quote=False))

    def _said(self, text: str) -> str:
        """A text, its caption left as it stands."""
        caption, colon, value = text.partition("：" if "：" in text else ":")
        if key(caption) not in self._captions:
            return masked_words(text, self._known)
        return _nobodys(caption, self._known) + colon + masked_words(value, self._known)

    def handle_comment(self, data: str) -> None:
        if not self._silent:
            self.shown.append(f"<!-- ({len(data)} characters) -->")
