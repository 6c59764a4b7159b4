"""The first run's step for the phone: which service, its address, a test message, whether it arrived."""

import secrets
from zoneinfo import ZoneInfo

from tracker.cli.screen import Screen
from tracker.core.times import time_text
from tracker.desk import now
from tracker.setup.receivers import KINDS, Kind, Question, WrongAnswerError, topic

Receiver = tuple[str, str]
ARRIVED, AGAIN, OTHER, GO_ON = range(4)


def ask_receivers(screen: Screen, zone: ZoneInfo) -> list[Receiver]:
    """The receivers that the person set up, perhaps none."""
    from tracker.setup.text import names_for

    found: list[Receiver] = []
    while True:
        kind = _kind(screen, more=bool(found))
        if kind is None:
            return found
        url = _url(screen, kind)
        if not url:
            continue
        (name,) = names_for([kind.name], [n for n, _ in found])
        end = _tested(screen, zone, name, url)
        if end != OTHER:
            found.append((name, url))
            if not screen.confirm(screen._("Tell somebody or something else too?"), default=False):
                return found


def _kind(screen: Screen, *, more: bool) -> Kind | None:
    """What the phone has; None: nothing (any more)."""
    screen.title(screen._("Where do messages go?"))
    titles = [screen._(kind.title) for kind in KINDS]
    none = screen._("that was all") if more else screen._("none yet: nobody is told of anything")
    number = screen.choose([*titles, none])
    return KINDS[number - 1] if number <= len(KINDS) else None


def _url(screen: Screen, kind: Kind) -> str:
    """The Apprise URL; "" where the person went back."""
    from tracker.deliver import is_known

    screen.say(screen._(kind.steps))
    answers: dict[str, str] = {}
    if kind.subscribe is not None:
        answers["topic"] = topic(secrets.randbelow)
    while True:
        for question in kind.questions:
            answer = _answer(screen, question)
            if answer is None:
                return ""
            answers[question.key] = answer
        try:
            url = kind.build(answers)
        except WrongAnswerError as error:
            screen.say(screen._("Not that: {why}.").format(why=screen._(str(error))), "yellow")
            continue
        if not is_known(url):
            screen.say(screen._("Apprise knows no service for that: look at the letters before ://, and at docs/receivers.md."))
            continue
        if kind.subscribe is not None:
            _show_code(screen, kind.subscribe(answers), answers)
        return url


def _answer(screen: Screen, question: Question) -> str | None:
    """None: the person wants to go back."""
    text = screen._(question.text)
    if question.default is None:
        text = screen._("{what} (Enter: back)").format(what=text)
    answer = screen.ask(text, question.default, secret=question.secret)
    return None if question.default is None and not answer else answer


def _show_code(screen: Screen, address: str, answers: dict[str, str]) -> None:
    from tracker.setup.qr import qr_text

    screen.raw(qr_text(address, colour=screen.colour))
    screen.say(screen._("Topic: {topic}").format(topic=answers["topic"]), "bold")
    if answers.get("server", "ntfy.sh") != "ntfy.sh":
        screen.say(screen._("Server: {server}").format(server=answers["server"]))
    screen.ask(screen._("Subscribed on the phone? Then press Enter"))


def _tested(screen: Screen, zone: ZoneInfo, name: str, url: str) -> int:
    """Sends a test message and asks once whether it arrived."""
    while True:
        if _accepted(screen, zone, name, url):
            if screen.confirm(screen._("Did it arrive on the phone?"), default=True):
                return ARRIVED
            screen.say(screen._("The service took it: look whether the app may show notifications, and at the address."))
        number = screen.choose(
            [screen._("send it again"), screen._("another service or address"), screen._("go on with this one all the same")]
        )
        if number != AGAIN:
            return number


def _accepted(screen: Screen, zone: ZoneInfo, name: str, url: str) -> bool:
    from tracker.core.message import Message
    from tracker.core.model import Urgency
    from tracker.deliver import attempt_all, reason_text

    screen.say(screen._("Sending a test message…"))
    at = time_text(now(), screen.tr, zone)
    body = screen._(
        "This is a test, sent by hand at {time}. No case has moved. Messages about your cases will arrive like this one."
    )
    message = Message(screen._("Tracker: test message"), body.format(time=at), Urgency.NORMAL)
    reason = attempt_all({name: url}, message, now, 30)[name]
    if reason is None:
        screen.say(screen._("{receiver}: accepted").format(receiver=name), "green")
        return True
    words = screen._("{receiver}: not accepted: {reason}")
    screen.say(words.format(receiver=name, reason=reason_text(reason, screen.tr)), "yellow")
    return False
