"""The ways to a person's phone: what each needs, and the Apprise URL that follows from it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, quote, urlsplit

from tracker.core.words import N_

Answers = Mapping[str, str]

# Read aloud and typed on a phone: nothing that looks like something else. 16 of them hold 79 bits.
TOPIC_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
TOPIC_LENGTH = 16
# Apprise knows the servers of these; for others the server is asked.
KNOWN_MAIL = frozenset({"qq.com", "foxmail.com", "163.com", "gmail.com", "hotmail.com", "outlook.com", "yahoo.com"})

# These take mail on the port that is secure from the start; others are tried on the usual one.
SSL_MAIL = frozenset({"126.com", "yeah.net", "139.com", "sina.com", "sina.cn", "sohu.com", "aliyun.com"})

_ADDRESS = re.compile(r"[^@\s/]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_SERVER = re.compile(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?")
_APPRISE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S+")


class WrongAnswerError(ValueError):
    """What was pasted is not what the service gives out; the text says what is (an English msgid)."""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to ask. `default` None: must be answered; "": may be left out."""

    key: str
    text: str
    default: str | None = None
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to a phone. `steps`: what to do there first; `name`: what the receiver is called; `build` makes its URL.

    `subscribe` gives the address that a phone opens to take part, for those that have one.
    """

    id: str
    title: str
    name: str
    steps: str
    questions: tuple[Question, ...]
    build: Callable[[Answers], str]
    subscribe: Callable[[Answers], str] | None = None


def topic(number: Callable[[int], int]) -> str:
    """An unguessable topic; `number(n)` is a random one below n."""
    letters = "".join(TOPIC_LETTERS[number(len(TOPIC_LETTERS))] for _ in range(TOPIC_LENGTH))
    return "tr-" + "-".join(letters[at : at + 4] for at in range(0, TOPIC_LENGTH, 4))


def _split(text: str) -> SplitResult:
    """The parts of an address; none where it is no address at all, such as https://[your-server]/."""
    try:
        return urlsplit(text)
    except ValueError:
        return urlsplit("")


def _ntfy_server(answers: Answers) -> tuple[bool, str]:
    """(whether it is secure, host and port) of the server."""
    text = answers.get("server") or "ntfy.sh"
    parts = _split(text if "://" in text else f"https://{text}")
    if parts.scheme not in {"http", "https"} or not _SERVER.fullmatch(parts.netloc) or parts.path.strip("/") or parts.query:
        raise WrongAnswerError(N_("a server is a name such as ntfy.sh, or an address such as https://ntfy.example.org"))
    return parts.scheme == "https", parts.netloc.lower()


def _ntfy(answers: Answers) -> str:
    secure, server = _ntfy_server(answers)
    if not re.fullmatch(r"[-_A-Za-z0-9]{1,64}", answers["topic"]):
        raise WrongAnswerError(N_("a topic has letters, digits, - and _, 64 at most"))
    return f"{'ntfys' if secure else 'ntfy'}://{server}/{answers['topic']}"


def _ntfy_deep(answers: Answers) -> str:
    """Opens the Android app and subscribes."""
    secure, server = _ntfy_server(answers)
    return f"ntfy://{server}/{answers['topic']}" + ("" if secure else "?secure=false")


def _ntfy_page(answers: Answers) -> str:
    """The topic's page: the iPhone app opens no addresses of its own."""
    secure, server = _ntfy_server(answers)
    return f"{'https' if secure else 'http'}://{server}/{answers['topic']}"


def _bark(answers: Answers) -> str:
    """The key alone, or the address that the app shows: https://api.day.app/KEY/…."""
    text = answers["key"]
    secure, server, path = True, "api.day.app", text
    if "://" in text:
        parts = _split(text)
        secure, server, path = parts.scheme != "http", parts.netloc, parts.path
    key = path.strip("/").partition("/")[0]
    if not re.fullmatch(r"[A-Za-z0-9_-]{8,64}", key) or not _SERVER.fullmatch(server):
        raise WrongAnswerError(N_("paste the address that Bark shows, such as https://api.day.app/YourKey/"))
    return f"{'barks' if secure else 'bark'}://{server}/{key}"


def _token(text: str, pattern: str, *, query: str = "", after: str = "") -> str:
    """The token alone, or out of a pasted webhook: the query's value of this name, or the path's part behind `after`."""
    if "://" in text:
        parts = _split(text)
        text = parse_qs(parts.query).get(query, [""])[0] if query else parts.path.rpartition(after)[2].partition("/")[0]
    return text if re.fullmatch(pattern, text) else ""


def _wecom(answers: Answers) -> str:
    key = _token(answers["webhook"], r"[0-9a-zA-Z-]{20,64}", query="key")
    if not key:
        raise WrongAnswerError(N_("paste the bot's webhook, such as https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…"))
    return f"wecombot://{key}"


def _dingtalk(answers: Answers) -> str:
    token = _token(answers["webhook"], r"[0-9a-zA-Z]{20,128}", query="access_token")
    if not token:
        raise WrongAnswerError(N_("paste the bot's webhook, such as https://oapi.dingtalk.com/robot/send?access_token=…"))
    secret = answers.get("secret", "")
    if secret and not re.fullmatch(r"SEC[0-9a-zA-Z]+", secret):
        raise WrongAnswerError(N_("the signing secret begins with SEC"))
    return f"dingtalk://{secret}@{token}" if secret else f"dingtalk://{token}"


def _feishu(answers: Answers) -> str:
    text = answers["webhook"]
    token = _token(text, r"[0-9a-zA-Z_-]{20,64}", after="/hook/")
    if not token:
        raise WrongAnswerError(N_("paste the bot's webhook, such as https://open.feishu.cn/open-apis/bot/v2/hook/…"))
    return f"{'lark' if 'larksuite' in text else 'feishu'}://{token}"


def _serverchan(answers: Answers) -> str:
    key = answers["key"]
    if "://" in key:
        key = _split(key).path.strip("/").removesuffix(".send")
    if not re.fullmatch(r"(?i:sct)[0-9a-zA-Z]{8,}", key):
        raise WrongAnswerError(N_("paste the SendKey, which begins with SCT"))
    return f"schan://{key}"


def _pushplus(answers: Answers) -> str:
    token = _token(answers["token"], r"[0-9a-fA-F]{32}", query="token")
    if not token:
        raise WrongAnswerError(N_("paste the token: 32 digits and letters a to f"))
    return f"pushplus://{token}"


def _telegram(answers: Answers) -> str:
    token, chat = answers["token"], answers["chat"]
    if not re.fullmatch(r"[0-9]{6,12}:[A-Za-z0-9_-]{30,50}", token):
        raise WrongAnswerError(N_("paste the bot's token from @BotFather: digits, a colon, and 35 letters"))
    if not re.fullmatch(r"-?[0-9]{4,20}|@[A-Za-z0-9_]{4,}", chat):
        raise WrongAnswerError(N_("a chat is a number (the bot @userinfobot tells you yours), or @channel"))
    return f"tgram://{token}/{chat}"


def _mail(answers: Answers) -> str:
    address, to, server = answers["address"], answers.get("to") or answers["address"], answers.get("server", "")
    if not (_ADDRESS.fullmatch(address) and _ADDRESS.fullmatch(to)):
        raise WrongAnswerError(N_("a mail address looks like name@example.org"))
    if server and not _SERVER.fullmatch(server):
        raise WrongAnswerError(N_("a mail server is a name such as smtp.example.org, perhaps with a port"))
    user, _, domain = address.rpartition("@")
    password = quote(answers["password"], safe="")
    if not server and domain.lower() in KNOWN_MAIL:
        return f"mailtos://{quote(user, safe='')}:{password}@{domain}?to={quote(to, safe='@')}"
    server = server or f"smtp.{domain}" + (":465" if domain.lower() in SSL_MAIL else "")
    parts = f"user={quote(address, safe='')}&pass={password}&from={quote(address, safe='@')}&to={quote(to, safe='@')}"
    return f"mailtos://{server}?{parts}" + ("&mode=ssl" if server.endswith(":465") else "")


def _other(answers: Answers) -> str:
    if not _APPRISE.fullmatch(answers["url"]):
        raise WrongAnswerError(N_("an Apprise URL looks like gotify://host/token; its documentation lists all services"))
    return answers["url"]


_NTFY_ASKS = (Question("server", N_("ntfy server"), "ntfy.sh"),)
_WEBHOOK = (Question("webhook", N_("webhook of the bot")),)

KINDS: tuple[Kind, ...] = (
    Kind(
        "ntfy",
        N_("Android: the ntfy app (free, no account)"),
        "phone",
        N_("Install “ntfy” on the phone, then scan the code, or add the topic by hand. Whoever knows it can read along."),
        _NTFY_ASKS,
        _ntfy,
        _ntfy_deep,
    ),
    Kind(
        "ntfy_iphone",
        N_("iPhone: the ntfy app (free, no account)"),
        "phone",
        N_(
            "Install “ntfy” on the phone, tap + and type the topic; the code opens its page, to copy it from. "
            "Whoever knows it can read along."
        ),
        _NTFY_ASKS,
        _ntfy,
        _ntfy_page,
    ),
    Kind(
        "bark",
        N_("iPhone: the Bark app"),
        "phone",
        N_("Open Bark on the phone; its first page shows an address with your key. Copy it."),
        (Question("key", N_("Bark's address or key")),),
        _bark,
    ),
    Kind(
        "wecom",
        N_("WeCom (企业微信): a bot of a group"),
        "wecom",
        N_("In the group: settings, group bots (群机器人), add one, copy its webhook address."),
        _WEBHOOK,
        _wecom,
    ),
    Kind(
        "dingtalk",
        N_("DingTalk (钉钉): a bot of a group"),
        "dingtalk",
        N_("In the group: settings, bots (机器人), custom; for its security choose signing (加签), copy webhook and secret."),
        (*_WEBHOOK, Question("secret", N_("signing secret (SEC…; Enter: none)"), "", secret=True)),
        _dingtalk,
    ),
    Kind(
        "feishu",
        N_("Feishu (飞书) or Lark: a bot of a group"),
        "feishu",
        N_("In the group: settings, bots, custom bot; no signature check. Copy its webhook address."),
        _WEBHOOK,
        _feishu,
    ),
    Kind(
        "serverchan",
        N_("WeChat (微信): ServerChan (Server酱)"),
        "wechat",
        N_("Log in to ServerChan with WeChat, copy the SendKey."),
        (Question("key", N_("SendKey (SCT…)"), secret=True),),
        _serverchan,
    ),
    Kind(
        "pushplus",
        N_("WeChat (微信): PushPlus"),
        "wechat",
        N_("Log in to PushPlus with WeChat, copy the token of one-to-one messages (一对一消息)."),
        (Question("token", N_("PushPlus token"), secret=True),),
        _pushplus,
    ),
    Kind(
        "telegram",
        N_("Telegram: a bot of your own"),
        "telegram",
        N_("Ask @BotFather for a bot, write to that bot once, then ask @userinfobot for the number of your chat."),
        (Question("token", N_("the bot's token"), secret=True), Question("chat", N_("number of the chat"))),
        _telegram,
    ),
    Kind(
        "mail",
        N_("Mail"),
        "mail",
        N_("QQ, 163 and others want an authorisation code (授权码) instead of the password: their settings make one."),
        (
            Question("address", N_("your mail address")),
            Question("password", N_("password or authorisation code"), secret=True),
            Question("server", N_("SMTP server (Enter: the usual one)"), ""),
            Question("to", N_("send to (Enter: the same address)"), ""),
        ),
        _mail,
    ),
    Kind(
        "other",
        N_("Something else: any Apprise URL"),
        "phone",
        N_("Apprise knows more than a hundred services; its documentation says how each URL looks."),
        (Question("url", N_("Apprise URL"), secret=True),),
        _other,
    ),
)
