"""`tracker notify` says honestly what each service answered, what is owed, and tries it again."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.shell.receivers import Gate, Phone, said
from tests.shell.stores import Place
from tests.shell.test_deliver import event, owe, run, to
from tests.sites.server import Reply
from tracker.cli import main
from tracker.core.model import EventKind
from tracker.store.outbox import State

SECRET = "tOkEn-0123456789"


@dataclass
class Terminal:
    """The command line on one store, as installed."""

    place: Place
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def config(self, *receivers: tuple[str, str], more: str = "", language: str = "en") -> None:
        tables = "".join(f'[[receivers]]\nname = "{name}"\nurl = "{url}"\n{more}\n' for name, url in receivers)
        text = f'language = "{language}"\ntimezone = "Asia/Shanghai"\n[store]\nurl = "{self.place.url}"\n'
        (self.place.folder / "config.toml").write_text(text + tables, "utf-8")

    def run(self, *args: str) -> tuple[int, str, str]:
        """Exit code, stdout, stderr."""
        self.monkeypatch.setattr(sys, "argv", ["tracker", "-c", str(self.place.folder / "config.toml"), *args])
        with pytest.raises(SystemExit) as end:
            main()
        out, err = self.capsys.readouterr()
        assert isinstance(end.value.code, int)
        return end.value.code, out, err

    def json(self, *args: str) -> tuple[int, list[dict[str, Any]]]:
        code, out, _ = self.run(*args, "--json")
        content = json.loads(out)
        assert content["schema_version"] == 1
        return code, content["deliveries"]


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    for name in ("APPRISE_URLS", "APPRISE_CONFIG_PATH", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return Terminal(Place(tmp_path), monkeypatch, capsys)


@pytest.fixture
def phones() -> Iterator[Sequence[Phone]]:
    with Phone() as one, Phone() as two:
        yield one, two


# --- test ------------------------------------------------------------------------------------------------------------


def test_a_test_message_goes_to_every_receiver_and_is_marked_as_one(terminal: Terminal, phones: Sequence[Phone]) -> None:
    terminal.config(("one", phones[0].at()), ("two", phones[1].at()))
    code, out, _ = terminal.run("notify", "test")
    assert (code, out) == (0, "one: accepted\ntwo: accepted\n")
    for phone in phones:
        (message,) = phone.messages
        assert message["title"] == "Tracker: test message"
        assert "No case has moved" in message["message"]
    assert not terminal.place.file.exists(), "nothing is kept of it"


def test_a_test_tells_what_the_service_said_and_nothing_of_the_url(terminal: Terminal, phones: Sequence[Phone]) -> None:
    phones[0].answers(said({"error": f"topic {SECRET} is closed"}, 403))
    terminal.config(("one", phones[0].at(path="/" + SECRET)), ("two", phones[1].at()))
    code, out, err = terminal.run("notify", "test")
    assert code == 12
    assert out == "one: not accepted: HTTP 403: topic *** is closed\ntwo: accepted\n"
    assert SECRET not in err
    _, answers = terminal.json("notify", "test")
    assert answers == [
        {"receiver": "one", "state": "failed", "reason": "HTTP 403: topic *** is closed"},
        {"receiver": "two", "state": "sent", "reason": None},
    ]


def test_only_the_named_receivers_are_tested(terminal: Terminal, phones: Sequence[Phone]) -> None:
    terminal.config(("one", phones[0].at()), ("two", phones[1].at()))
    assert terminal.run("notify", "test", "two")[:2] == (0, "two: accepted\n")
    assert phones[0].log == []


def test_an_unknown_receiver_is_a_usage_error_with_a_suggestion(terminal: Terminal, phones: Sequence[Phone]) -> None:
    terminal.config(("phone", phones[0].at()))
    code, _, err = terminal.run("notify", "test", "fone")
    assert code == 2
    assert "phone" in err
    assert phones[0].log == []


def test_without_a_receiver_a_test_says_what_to_do(terminal: Terminal) -> None:
    terminal.config()
    code, _, err = terminal.run("notify", "test")
    assert code == 2
    assert "[[receivers]]" in err


def test_a_receiver_that_does_not_answer_in_time_is_not_called_accepted(terminal: Terminal, phones: Sequence[Phone]) -> None:
    gate = Gate()
    phones[0].answers(gate)
    terminal.config(("one", phones[0].at()), ("two", phones[1].at()))
    with (terminal.place.folder / "config.toml").open("a") as file:
        file.write('[delivery]\ntimeout = "1s"\n')
    code, answers = terminal.json("notify", "test")
    gate.open()
    assert code == 12
    assert [one["reason"] for one in answers] == ["no_answer", None]


# --- pending ---------------------------------------------------------------------------------------------------------


def test_nothing_owed_is_said_on_stderr(terminal: Terminal) -> None:
    terminal.config()
    assert terminal.run("notify", "pending") == (0, "", "Nothing is owed.\n")
    assert terminal.json("notify", "pending") == (0, [])


def test_what_is_owed_is_shown_with_its_reason(terminal: Terminal, phones: Sequence[Phone]) -> None:
    phone = phones[0]
    host = event("e3", case=None, host="progress.example", cases=("me",), kind=EventKind.UNREADABLE)
    owe(terminal.place, event("e1"), event("e2"), host)
    phone.answers(said({"error": "chat not found"}, 400), Reply(status=503))
    run(terminal.place, to(phone.at()))
    terminal.config(("phone", phone.at()))
    code, rows = terminal.json("notify", "pending")
    assert code == 0
    assert [(r["event"], r["case"], r["kind"], r["state"], r["reason"], r["attempts"]) for r in rows] == [
        ("e1", "me", "status_changed", "failed", "HTTP 400: chat not found", 1),
        ("e2", "me", "status_changed", "pending", "HTTP 503: Service Unavailable", 1),
        ("e3", None, "unreadable", "pending", None, 0),
    ]
    assert [r["next_try_at"] for r in rows[:2]] == [None, "2026-11-23T09:00:10+08:00"]
    assert rows[0]["created_at"] == "2026-11-23T09:00:00+08:00"
    _, out, _ = terminal.run("notify", "pending")
    head, first, second, third = out.splitlines()
    assert head.split()[0] == "receiver"
    assert "me: status changed" in first
    assert "parked" in first
    assert "chat not found" in first
    assert "23 Nov" in second
    assert "progress.example" in third


def test_held_messages_are_shown_as_held(terminal: Terminal, phones: Sequence[Phone]) -> None:
    owe(terminal.place, event())
    run(terminal.place, to(phones[0].at(), quiet_hours="08:00-20:00"))
    terminal.config(("phone", phones[0].at()))
    (row,) = terminal.json("notify", "pending")[1]
    assert (row["state"], row["next_try_at"]) == ("held", "2026-11-23T20:00:00+08:00")


# --- retry -----------------------------------------------------------------------------------------------------------


def test_retry_tries_all_that_is_owed_whatever_its_back_off(terminal: Terminal, phones: Sequence[Phone]) -> None:
    phone = phones[0]
    owe(terminal.place, event("e1"), event("e2"))
    phone.answers(Reply(status=400), Reply(status=503))
    run(terminal.place, to(phone.at()))
    terminal.config(("phone", phone.at()))
    code, tried = terminal.json("notify", "retry")
    assert code == 12
    assert {(one["event"], one["state"]) for one in tried} == {("e1", "pending"), ("e2", "pending")}
    phone.answers(Reply())
    code, out, err = terminal.run("notify", "retry")
    assert (code, err) == (0, "Nothing is owed.\n")
    assert out == "phone #e1: sent\nphone #e2: sent\n"
    assert [row.state for row in terminal.place.outbox().rows(State)] == [State.SENT, State.SENT]


def test_retry_leaves_held_messages_held_and_does_not_count_them_as_owed(terminal: Terminal, phones: Sequence[Phone]) -> None:
    owe(terminal.place, event())
    run(terminal.place, to(phones[0].at(), quiet_hours="08:00-20:00"))
    terminal.config(("phone", phones[0].at()))
    assert terminal.json("notify", "retry") == (0, [])
    assert phones[0].log == []


def test_what_cannot_be_sent_stays_owed_and_is_said_in_the_users_language(terminal: Terminal) -> None:
    owe(terminal.place, event())
    with Phone() as gone:
        url = gone.at()
    terminal.config(("phone", url), language="zh-CN")
    code, out, err = terminal.run("notify", "retry")
    assert code == 12
    assert out == "phone #event-1：待发送：无法连接：Connection refused\n"
    assert err == "尚有 1 条提醒未送达。\n"
