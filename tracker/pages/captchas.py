"""A captcha in a form: its field, its picture, its question. It is for the person that it belongs to."""

import re
from collections.abc import Container, Iterator

from tracker.core.hanzi import simplified
from tracker.pages.parts import Control, Document, Form, Image

_TYPED = frozenset(("text", "tel", "number", "search", "textarea"))
_CAPTCHA = re.compile(
    r"(?<!在线)验证码|校验码|附加码|图形码|安全码|确认码|验证图|验证答案|yzm|yan_?zheng|ca?ptcha?|imgcode|image_?code|image_?security"
    r"|verif(?:y|ication)[_-]?(?:code|text)|characters(?:you|in)|check_?code|valid(?:ate|ation)?_?code|vlidata|rand_?code|security_?code|auth_?code|vcode",
    re.IGNORECASE,
)
_CAPTCHA_WITH_IMAGE = re.compile(r"code|验证|verif|rand|secur|valid|yz", re.IGNORECASE)
_CAPTCHA_IMAGE = re.compile(r"code|captcha|yzm|yan_?zheng|verif|valid|rand|secur|kaptcha|cap(?:acha)?img", re.IGNORECASE)
_QUESTION = re.compile(r"\d\s*[-+×xX*÷/加减乘除]|[=＝?？]|等于|多少")
_SUM = re.compile(r"\d\s*[-+×xX*÷加减乘]\s*\d?.*[=＝?？]")
_MOST_FIELDS = 200
_NEAR = 15  # spots between a captcha's field and its picture


def captcha_of(document: Document, form: Form, taken: Container[int] = frozenset()) -> tuple[Control, Image | None, str] | None:
    """(field, picture, question in words) of the form's captcha, or None; `taken` are the spots of fields that it can't be.

    A field that says so comes before one that only has a picture near it: a page has other codes than captchas.
    """
    likely: tuple[Control, Image] | None = None
    for control in form.controls[:_MOST_FIELDS]:
        if control.kind not in _TYPED or control.disabled or control.readonly or control.spot in taken:
            continue
        words = "|".join("".join(said.split()) for said in _words(control, hints=True))
        if not _CAPTCHA.search(words) and not _CAPTCHA_WITH_IMAGE.search(words):
            continue
        question, picture = _question(document, control), _picture(document, form, control)
        sum_asked = _SUM.search(question) is not None
        words = "|".join("".join(said.split()) for said in _words(control, hints=sum_asked))
        if _CAPTCHA.search(words) or (sum_asked and _CAPTCHA_WITH_IMAGE.search(words)):
            return control, picture, "" if picture is not None else question
        if picture is not None and _CAPTCHA_WITH_IMAGE.search(words):
            closer = likely is None or _distance(control, picture) < _distance(*likely)
            likely = (control, picture) if closer else likely
    return (*likely, "") if likely is not None else None


def _words(control: Control, *, hints: bool) -> Iterator[str]:
    yield control.name
    yield control.id
    beside = [c for c in control.captions if c.how != "inside"]
    for caption in beside or control.captions[:1]:
        said = simplified(caption.text)
        if hints or caption.how != "hint" or said.startswith("请"):
            yield said


def _distance(control: Control, picture: Image) -> tuple[bool, int]:
    return not _CAPTCHA_IMAGE.search(picture.src), abs(picture.spot - control.spot)


def is_captcha(word: str) -> bool:
    """Whether a caption or a field's name is a captcha's."""
    return _CAPTCHA.search(word) is not None


def _picture(document: Document, form: Form, control: Control) -> Image | None:
    """The captcha's picture: near the field, in its form, the likeliest by its address first."""
    index = next(n for n, other in enumerate(document.forms) if other is form)
    near = [i for i in document.images if i.form == index and i.src and abs(i.spot - control.spot) <= _NEAR]
    near.sort(key=lambda i: _distance(control, i))
    return near[0] if near else None


def _question(document: Document, control: Control) -> str:
    """The words around the field where they ask something: 6 + = 12."""
    words = [
        t.text for t in document.texts if t.parent == control.parent or (t.block == control.block and t.cell == control.cell)
    ]
    text = " ".join(words)
    return text[:100] if _QUESTION.search(text) else ""
