"""The config as validated data. Every model is frozen and refuses keys that it does not know."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, StrictBool

from tracker.config import values
from tracker.config.values import Period
from tracker.core.model import OPERATOR_KINDS, AskHints, EventKind, ReadHints, Urgency, Word
from tracker.core.workdays import Span

EVERY_FLOOR = timedelta(minutes=10)
GAP_FLOOR = timedelta(seconds=5)

Duration = Annotated[timedelta, BeforeValidator(values.duration)]
PositiveDuration = Annotated[timedelta, BeforeValidator(values.positive)]
Promise = Annotated[Span, BeforeValidator(values.span)]
Name = Annotated[str, AfterValidator(values.name)]
Secret = Annotated[SecretStr, Field(min_length=1)]
LabelWord = Annotated[Word, BeforeValidator(lambda v: {"status": v} if isinstance(v, str) else v)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Store(_Table):
    """Where everything is kept. `load` always fills in `url`, and in `key_file` the place where a new key would be made.

    `keep_pages`: how long pages are kept to be read again; None: not at all.
    """

    url: Annotated[str | None, BeforeValidator(values.store_url)] = Field(default=None, repr=False)
    key: Annotated[Secret | None, BeforeValidator(values.store_key)] = None
    key_file: Path = Path("tracker.key")
    keep_pages: Annotated[timedelta | None, BeforeValidator(values.duration_or_never)] = timedelta(days=180)


class Schedule(_Table):
    """When sources are asked. `hours` and `workdays` None: what the adapter says; () and "": any. `look_every` None: never."""

    every: PositiveDuration = timedelta(hours=4)
    jitter: Duration = timedelta(minutes=20)
    hours: tuple[Annotated[Period, BeforeValidator(values.hours)], ...] | None = None
    workdays: Annotated[str | None, BeforeValidator(values.workdays)] = None
    patience: Duration = timedelta(hours=24)
    handoff_every: Promise = Span(5, "workdays")
    look_every: Annotated[Span | None, BeforeValidator(values.span_or_never)] = Span(5, "workdays")

    def every_for(self, host: str) -> timedelta:
        """The interval for a host, not below the floor unless it is this machine (cases of the store have no check at load)."""
        return self.every if values.is_loopback(host) else max(self.every, EVERY_FLOOR)


class Fetch(_Table):
    """How sites are asked. `timeout` is the total of one exchange; `max_body` in bytes."""

    contact: Annotated[str | None, BeforeValidator(values.contact)] = None
    min_gap: Duration = timedelta(seconds=10)
    timeout: PositiveDuration = timedelta(seconds=30)
    max_body: Annotated[int, BeforeValidator(values.size)] = 2 << 20

    def gap_for(self, host: str) -> timedelta:
        """The least time between two requests to a host, not below the floor unless it is this machine."""
        return self.min_gap if values.is_loopback(host) else max(self.min_gap, GAP_FLOOR)


class Delivery(_Table):
    timeout: PositiveDuration = timedelta(seconds=30)


class Web(_Table):
    """The page. `listen` is (host, port); `base_url` "" or without a last slash."""

    listen: Annotated[tuple[str, int], BeforeValidator(values.listen)] = ("127.0.0.1", 8300)
    base_url: Annotated[str, AfterValidator(values.base_url)] = ""
    password: Secret | None = None


class Life(_Table):
    """Signs of life. `heartbeat`: asked after each good round. `still_waiting` and `remind` None: never."""

    heartbeat: Annotated[Secret | None, BeforeValidator(values.heartbeat)] = None
    still_waiting: Annotated[Span | None, BeforeValidator(values.span_or_never)] = Span(7 * 86_400, "seconds")
    remind: Annotated[Span | None, BeforeValidator(values.span_or_never)] = Span(2, "workdays")


class Receiver(_Table):
    """Where messages go. `quiet_hours` may cross midnight."""

    name: Name
    url: Annotated[Secret, BeforeValidator(values.receiver_url)]
    events: Annotated[tuple[Annotated[str, AfterValidator(values.event)], ...], Field(min_length=1)] = ("*",)
    privacy: Literal["full", "masked", "minimal"] = "masked"
    quiet_hours: Annotated[Period, BeforeValidator(values.period)] | None = None

    def wants(self, kind: EventKind, urgency: Urgency) -> bool:
        """Whether this receiver is told of such an event; the operator's kinds want to be named."""
        if kind in self.events:
            return True
        if kind in OPERATOR_KINDS:
            return "operator" in self.events
        return "*" in self.events or ("urgent" in self.events and urgency is Urgency.URGENT)


class Source(_Table):
    """One place where a case can be seen. `url` "": the adapter's own."""

    name: Name
    adapter: str
    url: Annotated[str, AfterValidator(values.web_url)] = ""
    method: Literal["GET", "POST"] = "GET"
    body: Literal["form", "json"] = "form"
    watch: StrictBool = False
    css: Annotated[str | None, AfterValidator(values.selector)] = None
    reference: Mapping[str, str] = Field(default_factory=dict, repr=False)
    read: ReadHints = ReadHints()

    @property
    def ask(self) -> AskHints:
        """How it is asked, as the adapter gets it."""
        return AskHints(self.method, self.body, self.watch, self.css)


class Case(_Table):
    """What is tracked. `receivers` None: all of them."""

    name: Name
    receivers: tuple[str, ...] | None = None
    promised: Promise | None = None
    labels: Mapping[str, LabelWord] = Field(default_factory=dict)
    sources: tuple[Source, ...]


class Config(_Table):
    """The whole config; `load` fills in the locale's language and the system's time zone."""

    language: Literal["zh-CN", "en"] = "zh-CN"
    timezone: Annotated[str, AfterValidator(values.timezone)] = "Asia/Shanghai"
    store: Store = Store()
    schedule: Schedule = Schedule()
    fetch: Fetch = Fetch()
    delivery: Delivery = Delivery()
    life: Life = Life()
    web: Web = Web()
    receivers: tuple[Receiver, ...] = ()
    cases: tuple[Case, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)
