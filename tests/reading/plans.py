"""What one answer is going to be: whom it is about, what it shows, and the page around it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from tests.reading import noise
from tests.reading.charsets import Sent, sent
from tests.reading.style import Item, Record, aged
from tests.reading.words import ALL, TODAY, Words, dated, day, id_number, masked, number, person, pick
from tracker.core.model import Identity, ReadHints, Reference
from tracker.pages.contract import Response

URL = "http://127.0.0.1/cx/result.do"
BOTH = frozenset({Identity.MATCHED, Identity.NOT_SHOWN})
# Captions of the date that docs/configuration.md promises; another one a user would have to configure.
_DATES = frozenset(("更新日期", "更新时间", "办理日期", "办理时间", "状态时间", "Last Updated", "Status Date"))
_ID_ROLES = ("number", "name", "id")


@dataclass(frozen=True)
class Answer:
    """An answer and its truth. `labels`, `dates` and `identities` are what may be read; `notice` must be, if there is one.

    `foreign`: words that belong to somebody else and must not be kept. `tolerated`: remarks near the status that may be
    quoted as a notice, or not. `may_refuse`: a sensible person would not be sure either.
    """

    pages: Mapping[str, Response]
    reference: Reference
    labels: frozenset[str]
    identities: frozenset[Identity]
    dates: frozenset[date | None]
    notice: str | None
    tolerated: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    traits: tuple[str, ...] = ()
    json: bool = False
    may_refuse: bool = False


@dataclass
class Plan:
    """What one answer is going to be, before it is written down."""

    rng: Random
    words: Words
    captions: dict[str, str]
    values: dict[str, str]
    asked: tuple[str, ...]
    when: date
    shown: tuple[str, ...] = ()
    masks: frozenset[str] = frozenset()
    notice: str | None = None
    tolerated: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    traits: list[str] = field(default_factory=list)
    dated: bool = False
    strange: bool = False
    may_refuse: bool = False


def plan_of(rng: Random) -> Plan:
    code = pick(rng, (("zh-Hans", 60), ("zh-Hant", 12), ("en", 18), ("ja", 3), ("ko", 3), ("es", 4)))
    words = ALL[code]
    captions = {role: rng.choice(choices) for role, choices in words.captions.items()}
    strange = code == "zh-Hant" or rng.random() < 0.06
    if strange and rng.random() < 0.7:
        captions["status"] = rng.choice(words.strange)
    values = {
        "number": number(rng),
        "name": person(rng, words),
        "id": id_number(rng),
        "status": rng.choice(words.states),
        "item": rng.choice(words.items),
        "unit": rng.choice(words.units),
        "remark": rng.choice(words.remarks),
        "phone": f"000-{rng.randint(10**7, 10**8 - 1)}",
        "expiry": rng.choice(("", dated(rng, TODAY + timedelta(days=300), words))),
        "action": rng.choice(("", words.title[0])),
        "row": "1",
        "officer": person(rng, words)[:1] + "*",
        "other state": rng.choice(words.states),
    }
    when = day(rng)
    values["date"], values["applied"] = dated(rng, when, words), dated(rng, when - timedelta(days=rng.randint(5, 90)), words)
    asked = pick(rng, ((("number",), 5), (("number", "name"), 4), (("name", "id"), 3), (("id",), 1), (("number", "id"), 1)))
    plan = Plan(rng, words, captions, values, asked, when, strange=strange or code in {"ja", "ko", "es"})
    plan.traits.append(code)
    return plan


def record_of(plan: Plan, roles: Sequence[str]) -> Record:
    values = {r: masked(v) if r in plan.masks else v for r, v in plan.values.items()}
    return tuple(Item(role, plan.captions[role], values[role]) for role in roles)


def roles_of(plan: Plan, *, row: bool) -> list[str]:
    """Which captions the record has, in which order. Settles what is shown of the reference."""
    rng = plan.rng
    shown = [] if rng.random() < 0.05 else [r for r in _ID_ROLES if r in plan.asked or rng.random() < 0.35]
    plan.shown = tuple(shown)
    if rng.random() < 0.15:
        plan.masks = frozenset(r for r in ("name", "id") if r in shown)
        plan.traits += ["masked"] if plan.masks else []
    more = [r for r in ("item", "applied", "unit", "remark", "phone", "expiry") if rng.random() < 0.4]
    if rng.random() < 0.08:
        more.insert(rng.randrange(len(more) + 1), "other state")
        plan.traits.append("another state")
    plan.dated = rng.random() < 0.6
    roles = [*shown, *more]
    if rng.random() < 0.3:
        rng.shuffle(roles)
    tail = ["status", "date"] if plan.dated else ["status"]
    if rng.random() < 0.3 and roles:
        at = rng.randrange(len(roles) + 1)
        roles[at:at] = tail
    else:
        roles += tail
    while len(roles) < 3:
        roles.insert(0, rng.choice([r for r in ("item", "unit", "applied") if r not in roles]))
    if row:
        roles = (["row"] if rng.random() < 0.5 else []) + roles + (["action"] if rng.random() < 0.3 else [])
    return roles


def written(plan: Plan, main: str, *, name: str) -> Answer:
    """The page around the answer, in bytes; sometimes in a frame."""
    rng, words = plan.rng, plan.words
    before, first = noise.some(rng, words, noise.BEFORE)
    after, last = noise.some(rng, words, noise.AFTER)
    markup, old = aged(rng, document(rng, words, noise.laid_out(rng, before, main, after)))
    wire = sent(rng, words.code)
    plan.traits += [*(f"with {n}" for n in (*first, *last)), old, wire.how]
    pages = {URL: wire.response(URL, markup)}
    if rng.random() < 0.04 and name != "sentence":
        pages = framed(rng, wire, markup)
        plan.traits.append("framed")
    return answer_of(plan, pages, reference_of(plan))


def document(rng: Random, words: Words, body: str, *, title: str | None = None) -> str:
    """A whole document with a place for its declaration."""
    head = rng.choice(words.title) if title is None else title
    start = rng.choice(
        (
            "<!DOCTYPE html>\n<html>",
            "<html>",
            '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n<html xmlns="http://www.w3.org/1999/xhtml">',
            '\n\n\n\n<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">\n<html>',
        )
    )
    sheet = rng.choice(("", "<link rel=stylesheet href=/css/main.css>", "<style>td{font-size:12px} .red{color:#f00}</style>"))
    return f"{start}\n<head>\n{{meta}}\n<title>{head}</title>\n{sheet}</head>\n<body>\n{body}\n</body>\n</html>\n"


def framed(rng: Random, wire: Sent, markup: str) -> dict[str, Response]:
    """The answer in a frame of a page that has nothing else to say."""
    inner = "http://127.0.0.1/cx/inner.do"
    around = rng.choice(
        (
            "<html><head>{meta}<title>x</title></head><frameset rows='*'><frame src='inner.do' name=main></frameset></html>",
            "<html><head>{meta}</head><body><div class=top></div><iframe src='/cx/inner.do' width=100%></iframe></body></html>",
        )
    )
    return {URL: wire.response(URL, around), inner: wire.response(inner, markup)}


def reference_of(plan: Plan) -> Reference:
    keys = {role: plan.captions[role] for role in plan.asked}
    date_caption = plan.captions["date"] if plan.strange and plan.captions["date"] not in _DATES else None
    hints = ReadHints(label=plan.captions["status"], date=date_caption) if plan.strange else ReadHints()
    plan.traits += ["configured"] if plan.strange else []
    return Reference({keys[role]: plan.values[role] for role in plan.asked}, URL, hints)


def answer_of(plan: Plan, pages: Mapping[str, Response], reference: Reference, *, json: bool = False) -> Answer:
    shown = [role for role in plan.asked if role in plan.shown]
    identities = frozenset({Identity.MATCHED if shown else Identity.NOT_SHOWN})
    if shown and plan.masks.issuperset(shown):
        identities = BOTH  # how much a mask proves is a matter of taste
    surely = plan.captions["date"] in _DATES or reference.read.date is not None or json
    dates: frozenset[date | None] = frozenset({plan.when if plan.dated else None})
    return Answer(
        pages,
        reference,
        frozenset({plan.values["status"]}),
        identities,
        dates if surely else dates | {None},
        plan.notice,
        (*plan.tolerated, *noise.harmless(plan.words)),
        tuple(plan.foreign),
        tuple(plan.traits),
        json,
        plan.may_refuse,
    )
