"""Bytes as sites send them: the charset of the text, and what header and meta claim of it."""

from dataclasses import dataclass
from random import Random

from tests.reading.words import pick
from tracker.pages.contract import Response

_BY_LANGUAGE: dict[str, tuple[tuple[str, float], ...]] = {
    "zh-Hans": (("utf-8", 5), ("gb18030", 5)),
    "zh-Hant": (("utf-8", 5), ("big5", 5)),
    "ja": (("shift_jis", 4), ("utf-8", 1)),
    "ko": (("euc-kr", 4), ("utf-8", 1)),
    "es": (("windows-1252", 4), ("utf-8", 1)),
    "en": (("utf-8", 4), ("windows-1252", 1)),
}
_CODECS = {"shift_jis": "cp932", "euc-kr": "cp949", "windows-1252": "cp1252"}
_LABELS = {
    "utf-8": ("utf-8", "UTF-8", "utf8"),
    "gb18030": ("gb2312", "GBK", "gb18030", "GB2312", "gbk"),
    "big5": ("big5", "Big5"),
    "shift_jis": ("Shift_JIS", "shift_jis", "x-sjis"),
    "euc-kr": ("euc-kr", "EUC-KR", "ks_c_5601-1987"),
    "windows-1252": ("windows-1252", "iso-8859-1", "ISO-8859-1"),
}
# What is claimed wrongly is what such servers really claim: the other usual charset of the country, or a servlet's default.
_WRONG = {
    "utf-8": ("gb2312", "iso-8859-1", "gbk"),
    "gb18030": ("utf-8", "iso-8859-1", "UTF-8"),
    "big5": ("utf-8", "iso-8859-1"),
    "shift_jis": ("utf-8", "iso-8859-1"),
    "euc-kr": ("utf-8", "iso-8859-1"),
    "windows-1252": ("utf-8",),
}
_METAS = (
    '<meta http-equiv="Content-Type" content="text/html; charset={0}">',
    '<meta http-equiv="Content-Type" content="text/html;charset={0}" />',
    '<meta charset="{0}">',
    "<META content='text/html; charset={0}' http-equiv=Content-Type>",
    "<meta charset={0} />",
)


@dataclass(frozen=True)
class Sent:
    """How a text goes over the wire: `how` names it."""

    charset: str
    header: str
    meta: str
    bom: bool
    how: str

    def response(self, url: str, markup: str) -> Response:
        """The page; `{meta}` in the markup is where its declaration goes."""
        body = markup.replace("{meta}", self.meta, 1).encode(_CODECS.get(self.charset, self.charset), "xmlcharrefreplace")
        return Response(url, 200, self.header, b"\xef\xbb\xbf" + body if self.bom else body)


def sent(rng: Random, language: str, *, plain: bool = False) -> Sent:
    """One way of sending a text in this language. `plain`: rightly labelled."""
    charset = pick(rng, _BY_LANGUAGE[language])
    right, other = rng.choice(_LABELS[charset]), rng.choice(_LABELS[charset])
    wrong = rng.choice(_WRONG[charset])
    modes = [("both", 5.0), ("header", 2), ("meta", 4), ("header with a space", 1)]
    if not plain:
        modes += [("none", 1.5), ("wrong header", 1), ("wrong meta", 1), ("servlet default", 1), ("both wrong", 0.5)]
        modes += [("bom", 1)] if charset == "utf-8" else []
    how = pick(rng, modes)
    header = {
        "both": right,
        "header": right,
        "meta": "",
        "header with a space": right,
        "none": "",
        "wrong header": wrong,
        "wrong meta": right,
        "servlet default": "ISO-8859-1",
        "both wrong": wrong,
        "bom": rng.choice(("", right, wrong)),
    }[how]
    meta = {
        "both": other,
        "meta": other,
        "wrong header": other,
        "servlet default": other,
        "wrong meta": wrong,
        "both wrong": wrong,
    }
    declared = meta.get(how, "")
    gap = " = " if how == "header with a space" else "="
    return Sent(
        charset,
        f"text/html;{rng.choice(('', ' '))}charset{gap}{header}" if header else "text/html",
        rng.choice(_METAS).format(declared) if declared else "",
        how == "bom",
        f"{charset}, {how}",
    )
