"""The demo's steps: real checks of a simulated site, and whether each step really happened."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.core.errors import TrackerError
from tracker.core.model import EventKind, Observation
from tracker.core.words import N_, Translator
from tracker.deliver import Delivered
from tracker.demo.receiver import Receiver
from tracker.demo.server import Asked
from tracker.demo.site import FORM, NAME, NUMBER, RESULT, Site
from tracker.results import Result
from tracker.store.outbox import State

FIRST, SECOND = "已受理", "审核中"
CONVERSATION = [("GET", FORM), ("POST", RESULT)]
NAMES = {"zh-CN": ("演示", "手机"), "en": ("demo", "phone")}

_CONFIG = """language = "{language}"

[store]
url = "sqlite:///tracker.db"

[fetch]
min_gap = "0s"  # allowed on this machine only

[[receivers]]
name = "{receiver}"
url = "{receiver_url}"

[[cases]]
name = "{case}"
adapter = "form"
url = "{url}"

[cases.reference]
"受理编号" = "{number}"
"姓名" = "{name}"
"""


@dataclass(frozen=True, slots=True)
class Step:
    """One step as told. `faults`: what should have happened and did not; where there are none, it really happened."""

    name: str
    text: str
    requests: tuple[Asked, ...] = ()
    message: tuple[str, str] | None = None
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """What the demo plays on. `look` is one `tracker check`; `stored` reads the observations back, newest first."""

    site: Site
    receiver: Receiver
    look: Callable[[], tuple[Sequence[Result], Sequence[Delivered]]]
    stored: Callable[[], Sequence[Observation]]
    place: str
    language: str
    tr: Translator


def config_text(site: Site, receiver: Receiver, language: str) -> str:
    """The config of the demo: one case, one receiver, both on this machine."""
    case, name = NAMES[language]
    return _CONFIG.format(
        language=language, receiver=name, receiver_url=receiver.url, case=case, url=site.url, number=NUMBER, name=NAME
    )


def play(stage: Stage) -> Iterator[Step]:
    """The steps, each done when it is asked for; the last one is the first that failed, where one does."""
    for act in (_site, _first_check, _move, _second_check, _third_check, _store):
        try:
            step = act(stage)
        except (TrackerError, OSError) as error:
            step = Step(act.__name__.strip("_"), "", faults=(f"{type(error).__name__}: {error}",))
        yield step
        if step.faults:
            return


def _site(stage: Stage) -> Step:
    text = N_(
        "A simulated progress site has started at {url}. Nothing leaves this machine, and your configuration is not read."
    )
    return Step("site", stage.tr.gettext(text).format(url=stage.site.url))


def _first_check(stage: Stage) -> Step:
    return _check(
        stage,
        "first_check",
        N_("First check: opened the page, filled in the case number and the name, and read “{label}”. “{receiver}” was told:"),
        FIRST,
        EventKind.FIRST_SEEN,
    )


def _move(stage: Stage) -> Step:
    stage.site.move_to(SECOND)
    return Step("move", stage.tr.gettext(N_("The authority moves the case on.")))


def _second_check(stage: Stage) -> Step:
    text = N_("Second check: asked again and read “{label}”. The status has moved, so “{receiver}” was told:")
    return _check(stage, "second_check", text, SECOND, EventKind.STATUS_CHANGED)


def _third_check(stage: Stage) -> Step:
    text = N_(
        "Third check: still “{label}”. Only the page's clock and its visitor counter have changed, so nobody was told: "
        "silence means no change."
    )
    return _check(stage, "third_check", text, SECOND, None)


def _store(stage: Stage) -> Step:
    labels = [seen.label for seen in reversed(stage.stored())]
    text = stage.tr.gettext(N_("Both readings are kept, personal data encrypted, in {place}.")).format(place=stage.place)
    fault = stage.tr.gettext(N_("kept: {found}; should be: {expected}"))
    faults = () if labels == [FIRST, SECOND] else (fault.format(found=_list(labels), expected=_list([FIRST, SECOND])),)
    return Step("store", text, faults=faults)


def _check(stage: Stage, name: str, text: str, label: str, told: EventKind | None) -> Step:
    """One real check, and all that must be seen of it: at the site, in the result, at the receiver."""
    asked, received = len(stage.site.log), len(stage.receiver.messages)
    results, deliveries = stage.look()
    requests = tuple(stage.site.log[asked:])
    messages = stage.receiver.messages[received:]
    read = [r.outcome.observation.label if r.outcome.observation else r.outcome.kind.value for r in results]
    events = [event.kind.value for result in results for event in result.events]
    states = [d.state.value for d in deliveries]
    expected = [told.value] if told else []
    say = stage.tr.gettext
    pairs: tuple[tuple[str, Sequence[object], Sequence[object]], ...] = (
        (say(N_("read: {found}; should be: {expected}")), read, [label]),
        (say(N_("the site was asked: {found}; should be: {expected}")), [(r.method, r.path) for r in requests], CONVERSATION),
        (say(N_("raised: {found}; should be: {expected}")), events, expected),
        (say(N_("deliveries: {found}; should be: {expected}")), states, [State.SENT.value] * len(expected)),
        (
            say(N_("messages that say it: {found}; should be: {expected}")),
            [label in title + body for title, body in messages],
            [True] * len(expected),
        ),
    )
    return Step(
        name,
        say(text).format(label=label, receiver=NAMES[stage.language][1]),
        requests=requests,
        message=messages[0] if messages else None,
        faults=tuple(words.format(found=_list(found), expected=_list(want)) for words, found, want in pairs if found != want),
    )


def _list(items: Sequence[object]) -> str:
    return ", ".join(" ".join(i) if isinstance(i, tuple) else str(i) for i in items) or "-"


def when(asked: Asked) -> datetime:
    """When a request came, in local time."""
    return datetime.fromtimestamp(asked.at).astimezone()
