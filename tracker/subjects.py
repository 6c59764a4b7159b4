"""What is asked and how: each source of the config with its adapter, its policy and its words, ready to be checked."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from tracker.config import values
from tracker.config.model import Case, Config
from tracker.core.errors import InvalidReference
from tracker.core.labels import Table, table
from tracker.core.model import Event, Reference
from tracker.core.schedule import Policy
from tracker.pages.adapter import Adapter, Meta, hosts_of, only_watches
from tracker.store.cases import SourceSpec


@dataclass(frozen=True, slots=True)
class Subject:
    """One source with all that a check of it needs. `known`: its reference values, never shown unmasked."""

    case: Case
    name: str
    adapter: Adapter
    meta: Meta
    reference: Reference
    host: str
    hosts: frozenset[str]
    policy: Policy
    gap: timedelta
    case_words: Table
    adapter_words: Table

    @property
    def key(self) -> tuple[str, str]:
        return self.case.name, self.name

    @property
    def known(self) -> tuple[str, ...]:
        return tuple(self.reference.values.values())

    @property
    def is_by_hand(self) -> bool:
        return self.meta.by_hand

    @property
    def is_watched(self) -> bool:
        """Whether its page is watched as a text, which has no status and is nobody's."""
        return self.reference.ask.watch or only_watches(self.meta)

    def spec(self) -> SourceSpec:
        """The source as the store takes it over."""
        return SourceSpec(self.case.name, self.name, self.meta.id, self.host, self.reference)


def subjects(config: Config, registry: Mapping[str, Adapter]) -> list[Subject]:
    """Every source of the config, in its order."""
    adapter_words: dict[str, Table] = {}
    policies: dict[tuple[str, str], Policy] = {}
    found = []
    for case in config.cases:
        words = table(case.labels)
        for source in case.sources:
            adapter = registry[source.adapter]
            meta = adapter.META
            if meta.id not in adapter_words:
                adapter_words[meta.id] = table(meta.labels)
            reference = Reference(source.reference, source.url or meta.home, source.read, source.ask, frozenset(case.labels))
            # A person opens the address of a site that is never asked: no host is claimed or waited for.
            host = "" if meta.by_hand else (urlsplit(reference.url).hostname or "").lower()
            if (meta.id, host) not in policies:
                policies[meta.id, host] = _policy(config, meta, host)
            found.append(
                Subject(
                    case=case,
                    name=source.name,
                    adapter=adapter,
                    meta=meta,
                    reference=reference,
                    host=host,
                    hosts=hosts_of(meta, reference),
                    policy=policies[meta.id, host],
                    gap=max(config.fetch.gap_for(host), meta.min_gap if not values.is_loopback(host) else timedelta(0)),
                    case_words=words,
                    adapter_words=adapter_words[meta.id],
                )
            )
    return found


def _policy(config: Config, meta: Meta, host: str) -> Policy:
    """The config's schedule; what it leaves open, the adapter says; what both leave open is any hour, any day."""
    schedule = config.schedule
    hours = schedule.hours
    if hours is None:
        hours = tuple(values.hours(text) for text in meta.hours or ())
    workdays = meta.workdays if schedule.workdays is None else schedule.workdays
    return Policy(
        every=max(schedule.every_for(host), meta.every or timedelta(0)),
        jitter=schedule.jitter,
        patience=schedule.patience,
        zone=config.zone,
        hours=hours,
        workdays=workdays or "",
    )


def named_source(config: Config, event: Event) -> str:
    """The event's source where its case has several; else it needs no name."""
    case = next((case for case in config.cases if case.name == event.case), None)
    return event.source or "" if case is not None and len(case.sources) > 1 else ""


def require_shape(subject: Subject) -> None:
    """InvalidReference where a value can't be what the site wants: a typing error costs no request."""
    for wanted in subject.meta.reference:
        value = subject.reference.values.get(wanted.name)
        if value is not None and wanted.pattern is not None and not re.fullmatch(wanted.pattern, value):
            raise InvalidReference(wanted.name)


def operators(config: Config, event: Event) -> tuple[str, ...]:
    """The receivers that are told of an event about the service itself."""
    return tuple(r.name for r in config.receivers if r.wants(event.kind, event.urgency))


def receivers_of(config: Config, event: Event, cases: Iterable[Case]) -> tuple[str, ...]:
    """The receivers that are told of an event about these cases, each once."""
    chosen = {name for case in cases for name in (case.receivers or [r.name for r in config.receivers])}
    return tuple(r.name for r in config.receivers if r.name in chosen and r.wants(event.kind, event.urgency))
