"""What the first run makes of a person's answers: Apprise URLs, a code to scan, the text of the first config."""

import random
import re
import tomllib
from pathlib import Path
from typing import Any

import apprise
import pytest

from tracker.config.load import load
from tracker.deliver import is_known
from tracker.locale import LANGUAGES, translator
from tracker.registry import Metas, Registry
from tracker.setup.qr import QUIET, modules, qr_text
from tracker.setup.receivers import KINDS, TOPIC_LENGTH, WrongAnswerError, topic
from tracker.setup.text import First, config_text, names_for

BY_ID = {kind.id: kind for kind in KINDS}
TOKEN = "0123456789abcdef" * 2
TELEGRAM = "123456789:" + "Aa0_-" * 7

# kind, answers, URL
MADE = [
    ("ntfy", {"topic": "tr-abcd"}, "ntfys://ntfy.sh/tr-abcd"),
    ("ntfy", {"topic": "tr-abcd", "server": "https://push.example.org/"}, "ntfys://push.example.org/tr-abcd"),
    ("ntfy_iphone", {"topic": "tr-abcd", "server": "http://192.0.2.7:8080"}, "ntfy://192.0.2.7:8080/tr-abcd"),
    ("bark", {"key": "AbCdEfGh12345678"}, "barks://api.day.app/AbCdEfGh12345678"),
    ("bark", {"key": "https://api.day.app/AbCdEfGh12345678/这里改成你的内容"}, "barks://api.day.app/AbCdEfGh12345678"),
    ("bark", {"key": "http://192.0.2.7:8080/AbCdEfGh/"}, "bark://192.0.2.7:8080/AbCdEfGh"),
    (
        "wecom",
        {"webhook": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-1111-4bc4-97a0-0ec2aaaaaaaa"},
        "wecombot://693a91f6-1111-4bc4-97a0-0ec2aaaaaaaa",
    ),
    ("wecom", {"webhook": "693a91f6-1111-4bc4-97a0-0ec2aaaaaaaa"}, "wecombot://693a91f6-1111-4bc4-97a0-0ec2aaaaaaaa"),
    ("dingtalk", {"webhook": f"https://oapi.dingtalk.com/robot/send?access_token={TOKEN}"}, f"dingtalk://{TOKEN}"),
    ("dingtalk", {"webhook": TOKEN, "secret": "SECabc123"}, f"dingtalk://SECabc123@{TOKEN}"),
    ("feishu", {"webhook": "https://open.feishu.cn/open-apis/bot/v2/hook/e4e8f5e1-1111-2222-3333-444455556666"}, "feishu://e4e8f5e1-1111-2222-3333-444455556666"),
    ("feishu", {"webhook": "https://open.larksuite.com/open-apis/bot/v2/hook/e4e8f5e1-1111-2222-3333-444455556666"}, "lark://e4e8f5e1-1111-2222-3333-444455556666"),
    ("serverchan", {"key": "SCT1234abcdEFGH"}, "schan://SCT1234abcdEFGH"),
    ("serverchan", {"key": "https://sctapi.ftqq.com/SCT1234abcdEFGH.send"}, "schan://SCT1234abcdEFGH"),
    ("pushplus", {"token": TOKEN}, f"pushplus://{TOKEN}"),
    ("telegram", {"token": TELEGRAM, "chat": "123456"}, f"tgram://{TELEGRAM}/123456"),
    ("mail", {"address": "me@163.com", "password": "p@ss/w:rd"}, "mailtos://me:p%40ss%2Fw%3Ard@163.com?to=me@163.com"),
    ("mail", {"address": "me@126.com", "password": "pw"}, "mailtos://smtp.126.com:465?user=me%40126.com&pass=pw&from=me@126.com&to=me@126.com&mode=ssl"),
    ("mail", {"address": "me@example.org", "password": "pw", "to": "you@example.org", "server": "mx.example.org:587"}, "mailtos://mx.example.org:587?user=me%40example.org&pass=pw&from=me@example.org&to=you@example.org"),
    ("other", {"url": "gotify://192.0.2.7/abcdef"}, "gotify://192.0.2.7/abcdef"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "answers", "url"), MADE)
def test_what_a_person_pastes_becomes_a_url_that_apprise_knows(kind: str, answers: dict[str, str], url: str) -> None:
    assert BY_ID[kind].build(answers) == url
    assert is_known(url)


def test_every_kind_is_made_above() -> None:
    assert {kind for kind, _, _ in MADE} == set(BY_ID)


@pytest.mark.parametrize(
    ("kind", "service"),
    [
        ("wecom", "NotifyWeComBot"),
        ("pushplus", "NotifyPushplus"),
        ("serverchan", "NotifyServerChan"),
        ("telegram", "NotifyTelegram"),
        ("dingtalk", "NotifyDingTalk"),
        ("bark", "NotifyBark"),
    ],
)
def test_a_kind_is_the_service_that_its_title_says(kind: str, service: str) -> None:
    for name, _, url in MADE:
        if name == kind:
            assert type(apprise.Apprise.instantiate(url)).__name__ == service


@pytest.mark.parametrize("domain", ["qq.com", "foxmail.com", "163.com", "gmail.com", "outlook.com"])
def test_the_server_of_a_well_known_mail_address_is_its_providers(domain: str) -> None:
    url = BY_ID["mail"].build({"address": f"me@{domain}", "password": "pw"})
    service: Any = apprise.Apprise.instantiate(url)
    assert service.smtp_host not in {domain, ""}
    assert service.smtp_host.startswith("smtp")


@pytest.mark.parametrize(
    ("kind", "answers", "allowed"),
    [
        ("ntfy", {"topic": "tr-abcd", "server": "ntfy.sh/mytopic"}, "a server is a name such as ntfy.sh"),
        ("ntfy", {"topic": "no blanks"}, "letters, digits"),
        ("bark", {"key": "short"}, "https://api.day.app/YourKey/"),
        ("wecom", {"webhook": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"}, "send?key="),
        ("dingtalk", {"webhook": "https://oapi.dingtalk.com/robot/send"}, "access_token="),
        ("dingtalk", {"webhook": TOKEN, "secret": "abc"}, "begins with SEC"),
        ("feishu", {"webhook": "https://open.feishu.cn/"}, "/hook/"),
        ("serverchan", {"key": "abc"}, "begins with SCT"),
        ("pushplus", {"token": "abc"}, "32 digits"),
        ("telegram", {"token": "abc", "chat": "123456"}, "@BotFather"),
        ("telegram", {"token": TELEGRAM, "chat": "me"}, "@userinfobot"),
        ("mail", {"address": "me", "password": "pw"}, "name@example.org"),
        ("mail", {"address": "me@example.org", "password": "pw", "server": "smtp server"}, "smtp.example.org"),
        ("other", {"url": "https"}, "gotify://host/token"),
        ("ntfy", {"topic": "tr-abcd", "server": "https://[your-server]/"}, "a server is a name such as ntfy.sh"),
        ("bark", {"key": "https://[your-server]/AbCdEfGh12345678"}, "https://api.day.app/YourKey/"),
        ("wecom", {"webhook": "https://[your-server]/send?key="}, "send?key="),
    ],
)
def test_what_is_no_address_of_the_service_is_refused_with_what_is(kind: str, answers: dict[str, str], allowed: str) -> None:
    with pytest.raises(WrongAnswerError, match=re.escape(allowed)):
        BY_ID[kind].build(answers)


def test_a_topic_can_be_typed_and_not_guessed() -> None:
    made = {topic(random.SystemRandom().randrange) for _ in range(200)}
    assert len(made) == 200
    for one in made:
        assert re.fullmatch(r"tr(-[2-9a-hjkmnp-z]{4}){4}", one)
    assert TOPIC_LENGTH * 4.95 > 75  # bits


def test_the_code_opens_the_app_on_android_and_the_topics_page_on_an_iphone() -> None:
    for kind, server, address in (
        ("ntfy", "ntfy.sh", "ntfy://ntfy.sh/tr-a"),
        ("ntfy", "http://192.0.2.7:80", "ntfy://192.0.2.7:80/tr-a?secure=false"),
        ("ntfy_iphone", "ntfy.sh", "https://ntfy.sh/tr-a"),
    ):
        subscribe = BY_ID[kind].subscribe
        assert subscribe is not None
        assert subscribe({"topic": "tr-a", "server": server}) == address


def _dark(text: str) -> list[list[bool]]:
    """The modules that a terminal would show, read back from its colours."""
    rows = []
    for line in text.split("\n"):
        upper, lower, pair = [], [], (False, False)
        for found in re.finditer(r"\x1b\[38;5;(\d+);48;5;(\d+)m|[ ▀]", line.replace("\x1b[0m", "")):
            if found[1]:
                pair = (found[1] == "16", found[2] == "16")
            else:
                upper.append(pair[0] if found[0] == "▀" else pair[1])
                lower.append(pair[1])
        rows += [upper, lower]
    return rows


def test_the_code_is_drawn_dark_on_light_with_its_margin_whatever_the_terminals_colours() -> None:
    address = "ntfy://ntfy.sh/tr-abcd-efgh-jkmn-pqrs"
    wanted, drawn = modules(address), _dark(qr_text(address))
    assert drawn[: len(wanted)] == wanted
    assert not any(any(row) for row in [*wanted[:QUIET], *wanted[-QUIET:]])
    assert len(wanted) <= 41  # with the words around it, a terminal of 24 lines holds it


def test_without_colours_the_light_modules_are_drawn() -> None:
    wanted, text = modules("ntfy://ntfy.sh/tr-a"), qr_text("ntfy://ntfy.sh/tr-a", colour=False)
    assert "\x1b" not in text
    lines = text.split("\n")
    light = [[c in above for c in line] for line in lines for above in ("█▀", "█▄")]
    assert light[: len(wanted)] == [[not dark for dark in row] for row in wanted]


CASE = {
    "name": '我的 "办件"',
    "adapter": "form",
    "url": "https://www.example.org/query?a=1&b=2",
    "reference": {"受理编号": "SH2026000123", 'a "b" \\c\x7f': "\t值"},
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_config_says_what_was_answered_and_has_no_mistake(language: str, tmp_path: Path) -> None:
    first = First(language, "Asia/Shanghai", (("phone", "ntfys://ntfy.sh/tr-a"),), CASE, "sqlite:///tracker.db")
    file = tmp_path / "config.toml"
    file.write_text(config_text(first, translator(language)), "utf-8")
    file.chmod(0o600)
    loaded = load(file, {}, Metas(Registry()))
    assert loaded.warnings == ()
    assert loaded.config.language == language
    (case,) = loaded.config.cases
    assert (case.name, case.sources[0].url) == (CASE["name"], CASE["url"])
    assert dict(case.sources[0].reference) == CASE["reference"]
    assert loaded.config.receivers[0].url.get_secret_value() == "ntfys://ntfy.sh/tr-a"
    assert ("配置" in file.read_text("utf-8")) == (language == "zh-CN")


def test_values_may_stand_elsewhere_and_nothing_at_all_is_a_config_too() -> None:
    first = First("en", receivers=(("phone", {"env": "PHONE"}),), case=CASE | {"reference": {"受理编号": {"file": "/run/n"}}})
    tree = tomllib.loads(config_text(first, translator("en")))
    assert tree["receivers"][0]["url"] == {"env": "PHONE"}
    assert tree["cases"][0]["reference"] == {"受理编号": {"file": "/run/n"}}
    assert tomllib.loads(config_text(First("en"), translator("en"))) == {"language": "en"}


def test_names_differ_from_each_other_and_from_those_taken() -> None:
    assert names_for(["phone", "phone", "mail"], ["phone"]) == ["phone-2", "phone-3", "mail"]
