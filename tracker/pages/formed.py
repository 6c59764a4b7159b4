"""The forms of a page as a case would use them: which asks for a case, and what its fields are called in a reference."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tracker.core.errors import PageChanged
from tracker.core.mask import is_personal
from tracker.pages.captchas import captcha_of
from tracker.pages.forms import bare, field_of, find_form
from tracker.pages.parts import Caption, Control, Document, Form
from tracker.pages.words import FIELDS, IDENTITY, key

MOST_FORMS = 20
MOST_CONTROLS = 200
_MATCHED_FORMS = 2_000  # what a name leads to is looked for in all forms, and in all fields of its own
_MATCHED = 60_000
_LONG = 40  # a longer caption explains something: the field's name says it better
_UNSHOWN = frozenset({"hidden", "submit", "button", "image", "reset"})
_BUTTONS = frozenset({"submit", "button", "image"})
_SENDING = frozenset({"submit", "image"})
_CHOICES = frozenset({"radio", "checkbox"})
_OWN_WORDS = ("label", "after", "inside", "title")
_ASKS_FOR_A_CASE = re.compile(
    r"编号|单号|号码|受理号|流水号|查询码|姓名|申请人|证件|身份证|手机号|receipt|case|application|passport|number|fullname|surname"
)
_SEARCH = re.compile(r"搜索|检索|站内|全文|关键[字词]|search|keyword|query|^(?:q|wd|kw|word|key)$")
_LOGIN = re.compile(r"登[录陆]|用户名|账号|帐号|log[io]n|sign-?in|user", re.IGNORECASE)
_UNSET = re.compile(r"^(?:请选择|--|—|全部|不限|select|please|all|any)|^$")


@dataclass(frozen=True, slots=True)
class SeenField:
    """One field, or radios that go together. `by`: what a reference calls it, "" where nothing names it alone.

    `choices` are the words of a list, `values` what is sent for them; `preset`: one of them is chosen already. `note`: no_name,
    captcha, disabled, or "".
    """

    kind: str
    name: str
    id: str
    captions: tuple[Caption, ...]
    by: str
    value: str
    choices: tuple[str, ...]
    values: tuple[str, ...]
    preset: str
    note: str

    @property
    def caption(self) -> str:
        return self.captions[0].text if self.captions else ""

    @property
    def is_identity(self) -> bool:
        """Whether it asks for what finds a case or a person."""
        words = (*(c.text for c in self.captions), self.name, self.id)
        return any(asks_for_a_case(word) for word in words if word)

    @property
    def offered(self) -> tuple[str, ...]:
        """The words of a list that say something."""
        return tuple(c for c in self.choices if not _UNSET.match(key(c)))

    @property
    def is_chosen(self) -> bool:
        """Whether the page itself has chosen from the list, which a case may change."""
        return bool(self.by and self.choices and self.preset) and not self.is_wanted

    def words_for(self, sent: str) -> str:
        """What a reference says to have this sent: the words of the choice, where they name it alone."""
        words = dict(zip(self.values, self.choices, strict=False)).get(sent, sent)
        return words if self.choices.count(words) == 1 else sent

    @property
    def is_wanted(self) -> bool:
        """Whether a case has to say something here: typed fields, and lists from which nothing is chosen yet."""
        if self.note or self.kind in {"checkbox", "file", "textarea"}:
            return False
        return not self.choices or not self.preset or bool(_UNSET.match(key(self.preset)))


@dataclass(frozen=True, slots=True)
class SeenCaptcha:
    """A captcha: its field, the picture's address, or the question in words."""

    field: str
    image: str
    question: str


@dataclass(frozen=True, slots=True)
class SeenForm:
    """One form. `role`: query, login, search, message or other. `is_found`: the names of its fields lead to it alone."""

    method: str
    action: str
    charset: str
    role: str
    fields: tuple[SeenField, ...]
    hidden: tuple[str, ...]
    buttons: tuple[str, ...]
    captcha: SeenCaptcha | None
    has_button: bool
    has_onsubmit: bool
    is_scripted: bool
    is_found: bool
    spot: int

    @property
    def wanted(self) -> tuple[SeenField, ...]:
        """The fields that a reference fills."""
        return tuple(f for f in self.fields if f.is_wanted and f.by)

    @property
    def unnamed(self) -> tuple[SeenField, ...]:
        """The fields that a browser would not send."""
        return tuple(f for f in self.fields if f.note == "no_name")


def asks_for_a_case(word: str) -> bool:
    """Whether a caption or a field's name asks for a number or a name that finds a case."""
    folded = key(bare(word))
    named = folded in IDENTITY or any(folded in names for names in FIELDS.values())
    return named or is_personal(folded) or _ASKS_FOR_A_CASE.search(folded) is not None


def forms_of(document: Document) -> tuple[SeenForm, ...]:
    """All forms of a page that have something to fill in or to press."""
    shown = [form for form in document.forms if any(c.kind != "hidden" for c in form.controls)]
    most = min(MOST_FORMS, 1 + _MATCHED_FORMS // (1 + len(document.forms)))
    return tuple(_form(document, form) for form in shown[:most])


def query_form(forms: Sequence[SeenForm]) -> SeenForm | None:
    """The form that asks for a case: the one with the most fields that do; none where only searches and log-ins are there."""
    worth = [
        (sum(f.is_identity for f in form.fields), len(form.wanted), form) for form in forms if form.role in {"query", "other"}
    ]
    worth = [item for item in worth if item[0] or item[1] or item[2].unnamed]
    return max(worth, key=lambda item: item[:2])[2] if worth else None


def _form(document: Document, form: Form) -> SeenForm:
    asked = captcha_of(document, form)
    fields = tuple(_fields(form, asked[0].spot if asked else -1))
    if not _is_found(document, form, fields):  # another form has the same captions, but hardly the same names
        fields = tuple(replace(f, by=f.by and f.name) for f in fields)
    captcha = None
    if asked is not None:
        field, picture, question = asked
        words = field.captions[0].text if field.captions else field.name
        captcha = SeenCaptcha(words, picture.src if picture else "", question)
    return SeenForm(
        method=form.method.upper(),
        action=form.action,
        charset=form.charset,
        role=_role(form, fields),
        fields=fields,
        hidden=tuple(dict.fromkeys(c.name for c in form.controls if c.kind == "hidden" and c.name)),
        buttons=tuple(t for c in form.controls if c.kind in _BUTTONS and (t := _button(c))),
        captcha=captcha,
        has_button=any(c.kind in _SENDING for c in form.controls),
        has_onsubmit=form.has_onsubmit,
        is_scripted=form.action.lower().startswith("javascript:"),
        is_found=_is_found(document, form, fields),
        spot=form.spot,
    )


def _button(control: Control) -> str:
    return control.captions[0].text if control.captions else control.value or control.name


def _is_found(document: Document, form: Form, fields: Sequence[SeenField]) -> bool:
    return leads_to(document, form, [f.by for f in fields if f.is_wanted and f.by])


def leads_to(document: Document, form: Form, names: Sequence[str]) -> bool:
    """Whether these names are this form's and no other's."""
    try:
        return bool(names) and find_form(document, names) == form
    except PageChanged:
        return False


def _role(form: Form, fields: Sequence[SeenField]) -> str:
    typed = [f for f in fields if not f.choices and f.kind not in _CHOICES]
    said = [w for f in typed for w in (f.caption, f.name, f.id)]
    said += [form.name, form.id, *(_button(c) for c in form.controls if c.kind in _BUTTONS)]
    words = [key(word) for word in said if word]
    is_identity = any(f.is_identity for f in typed)
    if any(f.kind == "password" for f in typed) and (not is_identity or any(_LOGIN.search(w) for w in (*words, form.action))):
        return "login"
    if len(typed) == 1 and not is_identity and any(_SEARCH.search(word) for word in words):
        return "search"
    if any(f.kind == "textarea" for f in typed):
        return "message"
    return "query" if is_identity else "other"


def _fields(form: Form, captcha: int) -> Iterator[SeenField]:
    groups: set[str] = set()
    most = min(MOST_CONTROLS, _MATCHED // len(form.controls))
    for control in [c for c in form.controls if c.kind not in _UNSHOWN][:most]:
        if control.kind == "radio":
            if control.name in groups:
                continue
            groups.add(control.name)
        yield _field(form, control, is_captcha=control.spot == captcha)


def _field(form: Form, control: Control, *, is_captcha: bool) -> SeenField:
    choices, values, preset = _choices(form, control)
    note = "captcha" if is_captcha else "disabled" if control.disabled else "" if control.name else "no_name"
    captions = control.captions
    if control.kind == "radio":  # its own words are a choice, not what the group is called
        captions = tuple(c for c in captions if c.text not in choices)
    return SeenField(
        kind=control.kind,
        name=control.name,
        id=control.id,
        captions=captions,
        by="" if note else _by(form, control, captions),
        value="" if control.kind in _CHOICES or control.kind == "select" else control.value,
        choices=choices,
        values=values,
        preset=preset,
        note=note,
    )


def _by(form: Form, control: Control, captions: Sequence[Caption]) -> str:
    """The first of its captions, its name and its id that leads to this field and to no other."""
    usual = [c.text for c in captions if c.how != "hint"]
    for word in (*map(bare, usual), *usual, control.name, control.id):
        found = field_of(form, word) if 0 < len(word) <= _LONG else None
        if found is not None and (found.spot == control.spot or (control.kind == "radio" and found.name == control.name)):
            return word
    return ""


def _choices(form: Form, control: Control) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """(the words to choose from, what is sent for them, the one that is chosen already)."""
    if control.kind == "select":
        options = [o for o in control.options if not o.disabled]
        chosen = next((o.text for o in options if o.selected), options[0].text if options else "")
        return tuple(o.text for o in options), tuple(o.value for o in options), chosen
    if control.kind == "radio":
        group = [c for c in form.controls if c.kind == "radio" and c.name == control.name]
        return tuple(map(_words, group)), tuple(c.value for c in group), next((_words(c) for c in group if c.checked), "")
    return (), (control.value,) if control.kind == "checkbox" else (), ""


def _words(radio: Control) -> str:
    """The words beside one radio."""
    own = (c.text for how in _OWN_WORDS for c in radio.captions if c.how == how)
    return next(own, radio.captions[0].text if radio.captions else radio.value)
