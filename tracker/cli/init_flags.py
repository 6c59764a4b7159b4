"""`tracker init --no-input`: the same as the questions, said with flags, for scripts."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from tracker.cli import init_end
from tracker.cli.app import App
from tracker.cli.init_case import BY_HAND, Draft, goes_plainly
from tracker.cli.init_save import Place, save
from tracker.cli.views import unknown_name
from tracker.config.layers import at_home, system_language
from tracker.config.single import case_of
from tracker.core.errors import ConfigError
from tracker.locale import translator
from tracker.registry import Metas
from tracker.setup.text import names_for

PARTLY = 10


@dataclass(frozen=True, slots=True)
class Flags:
    """What was said on the command line."""

    language: str | None
    urls: tuple[str, ...]
    names: tuple[str, ...]
    name: str | None
    adapter: str | None
    url: str | None
    references: tuple[str, ...]
    yes_plain_http: bool

    @property
    def wants_case(self) -> bool:
        return bool(self.name or self.adapter or self.url or self.references)


def run(app: App, place: Place, flags: Flags) -> int:
    """Saves, says so, looks once; 10 where that reading failed, 12 where its message is owed."""
    if place.exists and (flags.urls or flags.names or flags.language or not flags.wants_case):
        raise click.UsageError(
            f"{place.file} is there already, and init never overwrites it: change it by hand. "
            "With --name, --adapter, --url and --reference a case is added to the store beside it."
        )
    language = app.config.language if place.exists else flags.language or system_language(app.env)
    receivers = _receivers(flags)
    case = _case(app, flags, taken=[c.name for c in app.config.cases] if place.exists else []) if flags.wants_case else None
    inner = save(app, place, language, receivers, case and _stored(case) if place.exists else case)
    tr = translator(language)
    if place.exists and case is not None:
        app.say(tr.gettext("{case} is in the store; {file} was not touched.").format(case=case["name"], file=place.file))
    else:
        app.say(tr.gettext("{file} was written; only you can read it. Change it with any editor.").format(file=place.file))
    if case is None or case["adapter"] == BY_HAND:
        return 0
    return init_end.check(inner, str(case["name"]))


def _receivers(flags: Flags) -> tuple[tuple[str, Any], ...]:
    from tracker.deliver import is_known

    if len(flags.names) > len(flags.urls):
        raise click.UsageError("There are more --receiver-name than --receiver-url.")
    names = [*flags.names, *names_for(["phone"] * (len(flags.urls) - len(flags.names)), flags.names)]
    if len(set(names)) < len(names):
        raise click.UsageError("Each receiver needs a --receiver-name of its own.")
    for name, url in zip(names, flags.urls, strict=True):
        if not is_known(_read(url)):
            raise click.UsageError(f"--receiver-url of “{name}”: its URL is not one that Apprise knows (docs/receivers.md).")
    return tuple(zip(names, (_elsewhere(url) for url in flags.urls), strict=True))


def _case(app: App, flags: Flags, taken: list[str]) -> dict[str, Any]:
    """The case as it goes into the file; a usage error for every mistake in it."""
    tr = app.system_words
    adapter, name = flags.adapter or "form", flags.name or "me"
    if adapter not in app.registry:
        sentence = tr.gettext("There is no adapter “{name}”.").format(name=adapter)
        raise unknown_name(tr, sentence, adapter, app.registry)
    if name in taken:
        raise click.UsageError(f"--name: there is a case “{name}” already.")
    pairs = [_reference(text) for text in flags.references]
    written = dict(pairs)
    if len(written) < len(pairs):
        raise click.UsageError("--reference: a CAPTION is given twice; each has one value.")
    plain = {caption: _read(value) for caption, value in written.items()}
    draft = Draft(name, adapter, flags.url or "", plain)
    try:
        case_of(draft.tree, Metas(app.registry), (), tr.gettext)
    except ConfigError as error:
        raise click.UsageError("\n".join(error.mistakes)) from None
    host = goes_plainly(draft, app.registry[adapter].META.home)
    if host and not flags.yes_plain_http:
        raise click.UsageError(
            f"--url: without encryption (http, not https) anybody on the way to {host} could read the numbers. "
            "Say --yes-plain-http to send them all the same, or give an https address."
        )
    return draft.tree | ({"reference": {caption: _elsewhere(value) for caption, value in written.items()}} if written else {})


def _stored(case: dict[str, Any]) -> dict[str, Any]:
    """A case of the store has its values in it, sealed."""
    reference = {c: Path(v["file"]).read_text("utf-8").rstrip("\r\n") if isinstance(v, dict) else v for c, v in _ref(case)}
    return case | ({"reference": reference} if reference else {})


def _ref(case: dict[str, Any]) -> list[tuple[str, Any]]:
    return list(case.get("reference", {}).items())


def _reference(text: str) -> tuple[str, str]:
    caption, sign, value = text.partition("=")
    if not (sign and caption.strip() and value.strip()):
        raise click.UsageError("--reference: say CAPTION=VALUE, or CAPTION=@FILE; the value stands in neither of them here.")
    return caption.strip(), value.strip()


def _elsewhere(text: str) -> str | dict[str, str]:
    """How a value stands in the file: itself, or for @FILE where it is."""
    return {"file": str(at_home(text[1:]).absolute())} if text.startswith("@") else text.strip()


def _read(text: str) -> str:
    """The value itself."""
    if not text.startswith("@"):
        return text.strip()
    try:
        return at_home(text[1:]).read_text("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f"{text[1:]}: can't be read ({error.__class__.__name__}).") from None
