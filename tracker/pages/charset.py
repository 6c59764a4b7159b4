"""Bytes -> text as a browser would, and a little better: what the bytes really are counts more than what was claimed."""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator

GUESSES = ("gb18030", "big5", "shift_jis", "euc-kr", "windows-1252")

# our name -> Python's codec, the widest of each family, as browsers take it
_CODECS = {
    "utf-8": "utf-8",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc-jp": "euc_jp",
    "iso-2022-jp": "iso2022_jp",
    "euc-kr": "cp949",
    "windows-1252": "cp1252",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "koi8-r": "koi8_r",
    "koi8-u": "koi8_u",
    "windows-874": "cp874",
    **{f"iso-8859-{n}": f"iso8859_{n}" for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
    **{f"windows-125{n}": f"cp125{n}" for n in (0, 1, 3, 4, 5, 6, 7, 8)},
}
_LABELS = {
    **{name: name for name in _CODECS if not name.startswith("utf-16")},
    **dict.fromkeys(("utf8", "unicode-1-1-utf-8", "utf-16", "utf-16le", "utf-16be", "unicode"), "utf-8"),
    **dict.fromkeys(
        (
            *("gb2312", "gb_2312", "gb_2312-80", "gb2312-80", "gb-2312", "csgb2312", "csiso58gb231280", "iso-ir-58", "chinese"),
            *("gbk", "x-gbk", "cp936", "ms936", "windows-936", "euc-cn", "euccn", "x-euc-cn", "gb"),
            *("gb-18030", "gb18030-2000", "gb18030-2005", "gb18030-2022"),
        ),
        "gb18030",
    ),
    **dict.fromkeys(("big5-hkscs", "big-5", "cn-big5", "csbig5", "x-x-big5", "cp950", "ms950", "big5hkscs", "zh-tw"), "big5"),
    **dict.fromkeys(("sjis", "shift-jis", "x-sjis", "ms_kanji", "windows-31j", "cp932", "csshiftjis", "ms932"), "shift_jis"),
    **dict.fromkeys(("eucjp", "x-euc-jp", "cseucpkdfmtjapanese"), "euc-jp"),
    **dict.fromkeys(("euckr", "ks_c_5601-1987", "ksc5601", "korean", "cp949", "windows-949", "ksc_5601", "uhc"), "euc-kr"),
    **dict.fromkeys(
        ("iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "latin-1", "l1", "us-ascii", "ascii", "cp1252"), "windows-1252"
    ),
    **dict.fromkeys(("iso-8859-9", "latin5", "iso8859-9"), "windows-1254"),
    **dict.fromkeys(("iso-8859-11", "tis-620"), "windows-874"),
}

# The commonest characters of running text and of such pages, by which a right decoding is told from one that only fits.
_COMMON = frozenset(
    "的一是不了在人有我他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么心多天而能好都然"
    "没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理"
    "美点月明其种声全工己话儿者向情部正名定女问力机给等几业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北少"
    "关并内加化由代产入先山五万市场常提何更反合做系计或司利受光果务制解各任至清物台记共接它特直服统色字请交算论百科社结六功指思"
    "队花条院变联权传近留治决周保达办运八必城完革深区求品士转量轻程告语基式息写识极令收取设始版双历史商千容像找站广改议形委早房音"
    "火际则首单据导影失拿网似斯专石兵校读志观争究包组造落视济离"
    "查询受理编号状态审核姓名证件材料申请提交通过退补登录验码错误系统维护升级度更期件居住积分办结待初复准予驳撤销密输填表格项目栏"
    "技术支持版权备案返回页您欢迎访客户服务电话地址邮箱打印下载暂数据未到相关记录温馨提示注意号码身份社会险单位个人"
    "這來個國說們為時會對過裡後麼沒於還發當無開經頭見長動兩樣現將與進實點種聲話兒問給幾業間東電門氣關並內產場記務統請結論"
    "查詢編號狀態審證申請補錄驗碼錯誤維護級辦準駁銷輸項欄術權備頁歡訪戶電話郵載暫數據關記錄溫馨險單條傳報導資訊網站聯絡總級處機構"
    "，。、：；！？（）“”《》【】　・ー。、「」"
    "のはをにがとでしたるれてすいまかもなこそあらさんっくりきつ年月日本"
    "アイウエオカキクケコサシスセソタチツテトナニハフホマミムメモラリルレロンドグジバパプ"
    "이다는의에을를가은로하고지한사기도자시어대리라인스해서일원정보제수부주나전조회신청번호년월있습니입력확결과접"
)
_HIGH = re.compile("[^\x00-\x7f]+")
_LONE = re.compile(rb"(?<![\x80-\xff])[\xc0-\xff](?![\x80-\xff])")
_ABOVE_ASCII = bytes(range(128))
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_META = re.compile(rb"<(?:[mM][eE][tT][aA][\s/]|\?xml\s)[^>]*")
_META_CHARSET = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_LONGER = re.compile(rb"[\xe0-\xf4]")
_META_WITHIN = 4096
_FEW, _BEGINNING = 400, 1500  # characters at the beginning of a page, where its language shows
_SURE = 0.25  # of the characters beyond ASCII are common ones: nobody need doubt the claim
_CLAIMED = 0.3  # what a claim is worth in a guess


def decode(body: bytes, content_type: str = "") -> tuple[str, str]:
    """(text, charset). A mark of order, else valid UTF-8, else what header or meta claim where it holds, else a guess."""
    for mark, name in ((BOM_UTF8, "utf-8"), (BOM_UTF16_LE, "utf-16le"), (BOM_UTF16_BE, "utf-16be")):
        if body.startswith(mark):
            return body[len(mark) :].decode(_CODECS[name], "replace"), name
    if body.isascii():
        name = next(_claims(body, content_type), "utf-8")
        return body.decode(_CODECS[name], "replace"), name
    if _is_utf8(body):
        accident = None if "json" in content_type.lower() else _unless_by_accident(body, content_type)  # JSON is UTF-8
        return accident or (body.decode("utf-8", "ignore"), "utf-8")
    for claim in _claims(body, content_type):
        text, errors = _read(body, claim)
        if not errors and claim != "windows-1252" and _plausible(text) >= _SURE:
            return text, claim
    return _guess(body, tuple(_claims(body, content_type)))


def codec_label(label: str) -> str:
    """Our name for a charset label as servers write it, or ""."""
    return _LABELS.get(label.strip().strip("\"'").lower(), "")


def codec_of(charset: str) -> str:
    """Python's codec for one of our names or a server's label; UTF-8 where nobody knows it."""
    return _CODECS.get(charset) or _CODECS[codec_label(charset) or "utf-8"]


def _is_utf8(body: bytes) -> bool:
    """Also where the page was cut in the middle of its last character, when it has a whole one before."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        cut = error.reason == "unexpected end of data" and len(body) - error.start < 4
        return cut and _MULTIBYTE.search(body) is not None
    return True


def _unless_by_accident(body: bytes, content_type: str) -> tuple[str, str] | None:
    """Few Chinese words are valid UTF-8 too: 状态 in GBK is a Hebrew and a combining mark. Real UTF-8 would be longer."""
    if not _LONGER.search(body):
        for name in (*_claims(body, content_type), "gb18030"):
            text, errors = _read(body, name)
            if not errors and name not in ("utf-8", "windows-1252") and _plausible(text) >= 2 * _SURE:
                return text, name
    return None


def _claims(body: bytes, content_type: str) -> Iterator[str]:
    """The known charsets that the header and the page's head name, in the order in which they count."""
    header = _HEADER.search(content_type)
    if header:
        name = codec_label(header.group(1))
        if name and name != "windows-1252":  # that is what a servlet says when nobody told it
            yield name
    head = body[:_META_WITHIN]
    while (start := head.find(b"<!--")) >= 0:
        end = head.find(b"-->", start + 2)
        head = head[:start] + (head[end + 3 :] if end >= 0 else b"")
    for found in _META.finditer(head):
        claim = _META_CHARSET.search(found.group())
        name = codec_label(claim.group(1).decode("ascii", "replace")) if claim else ""
        if name:
            yield name


def _read(body: bytes, charset: str) -> tuple[str, int]:
    """(text, number of places that do not decode); a character cut off by the page's end is left out and no error."""
    codec = _CODECS[charset]
    try:
        return body.decode(codec), 0
    except UnicodeDecodeError as error:
        if len(body) - error.start < 4 and "incomplete" in error.reason:
            return body[: error.start].decode(codec), 0
        text = body.decode(codec, "replace")
        return text, text.count("\ufffd")


def _plausible(text: str, enough: int = 40) -> float:
    """The share of the commonest characters beyond ASCII: at the beginning, or in all where `enough` do not stand there."""
    high = "".join(_HIGH.findall(text[:_FEW]))
    if len(high) < 2 * enough:
        high = "".join(_HIGH.findall(text[:_BEGINNING]))
    if len(high) < enough:
        high = "".join(_HIGH.findall(text))
    high = high[: 2 * enough]
    return sum(map(_COMMON.__contains__, high)) / len(high) if high else 1.0


def _guess(body: bytes, claims: tuple[str, ...]) -> tuple[str, str]:
    """The candidate whose text looks most like a language; a claim counts for something, an error against."""
    best, chosen = -9.0, ("", "utf-8")
    for name in dict.fromkeys([*claims, *GUESSES, "utf-8"]):
        text, errors = _read(body, name)
        high = max(1, len(text) - sum(map(str.isascii, text)))
        worth = _latin(body) if name == "windows-1252" else _plausible(text, 200)
        worth -= min(1.0, 0.1 + 4 * errors / high) if errors else 0.0
        worth += _CLAIMED if name in claims else 0.0
        if worth > best + 1e-9:
            best, chosen = worth, (text, name)
    return chosen


def _latin(body: bytes) -> float:
    """How much bytes beyond ASCII stand alone among ASCII letters, as é and ü do and halves of Chinese characters don't."""
    high = len(body.translate(None, _ABOVE_ASCII))
    return 0.5 * len(_LONE.findall(body)) / high


__all__ = ["codec_label", "codec_of", "decode"]
