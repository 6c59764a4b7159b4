"""`tracker adapters list` and `show NAME`: which sites can be read, how sure that is, and how they are set up."""

from datetime import timedelta
from gettext import NullTranslations
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.cli.app import App, out_json
from tracker.cli.new_adapter import new_command
from tracker.cli.probe import probe_command
from tracker.cli.recorded import recordings_option
from tracker.cli.recordings import accept_command, test_command
from tracker.cli.tiers import SHORT, TIERS, tier
from tracker.cli.verify import verify_command
from tracker.cli.views import grid, put, unknown_name, words_of
from tracker.core.clean import clean
from tracker.core.message import status_name
from tracker.core.model import Word
from tracker.core.times import day_text, duration_text
from tracker.desk import now
from tracker.known.fields import JSON

if TYPE_CHECKING:
    from tracker.pages.adapter import Field, Meta

Line = tuple[str, str]

_json = click.option("--json", "as_json", is_flag=True, help="Data for scripts on stdout.")


@click.group("adapters", no_args_is_help=True)
def adapters_command() -> None:
    """Show which sites can be read, and how sure that is."""


for command in (probe_command, new_command, test_command, accept_command, verify_command):
    adapters_command.add_command(command)


@adapters_command.command("list")
@recordings_option
@_json
@click.pass_obj
def list_command(app: App, *, recordings: Path, as_json: bool) -> None:
    """List the adapters, a line each."""
    metas = [adapter.META for adapter in app.registry.usable().values()]
    troubles = app.registry.troubles()
    if as_json:
        found = [_summary(meta, recordings) | {"file": _file(app, meta.id)} for meta in metas]
        out_json({"adapters": found, "broken": [{"id": name, "text": text} for name, text in troubles.items()]})
        return
    from rich.text import Text

    tr = words_of(app)
    table = grid(False, True)
    for meta in metas:
        if meta.by_hand:
            table.add_row(
                Text(meta.id, "bold"), Text(tr.gettext("; ").join((_title(meta, tr), tr.gettext("never asks a site"))))
            )
            continue
        sure = tr.gettext("confirmed {day}").format(day=day_text(meta.verified_on, tr)) if meta.verified_on else None
        cells = (
            _title(meta, tr),
            tr.gettext("your own") if app.registry.place_of(meta.id) else "",
            tr.gettext(", ").join(meta.hosts) or (tr.gettext("the address that you set") if meta.needs_url else ""),
            tr.gettext("tier: {tier}").format(tier=tr.gettext(SHORT[tier(meta, recordings, now().date())])),
            sure or tr.gettext("nobody has confirmed this on the real site yet"),
        )
        table.add_row(Text(meta.id, "bold"), Text(tr.gettext("; ").join(cell for cell in cells if cell)))
    put(app, table)
    for text in troubles.values():
        app.say(tr.gettext("can't be used: {why}").format(why=clean(text, 500)))
    app.say(tr.gettext("More about one, and how to set it up: {command}").format(command="tracker adapters show NAME"))


@adapters_command.command("show")
@click.argument("name")
@recordings_option
@_json
@click.pass_obj
def show_command(app: App, name: str, *, recordings: Path, as_json: bool) -> None:
    """Show one adapter: what it wants, how it asks, what it understands, and how to set it up."""
    tr = words_of(app)
    try:
        meta = app.registry[name].META
    except KeyError:
        sentence = tr.gettext("There is no adapter “{name}”.").format(name=clean(name, 80))
        raise unknown_name(tr, sentence, name, app.registry) from None
    if as_json:
        labels = {label: _entry(word).status.value for label, word in meta.labels.items()}
        out_json({"adapters": [_summary(meta, recordings) | {"labels": labels, "config": example(meta, tr)}]})
        return
    _show(app, tr, meta, recordings)


def _file(app: App, name: str) -> str | None:
    """Where an adapter of the person's own lies."""
    file = app.registry.place_of(name)
    return str(file) if file else None


def _show(app: App, tr: NullTranslations, meta: "Meta", recordings: Path) -> None:
    from rich.text import Text

    put(app, Text.assemble((meta.id, "bold"), "  ", _title(meta, tr)))
    table = grid(False, True)
    for caption, text in [*_lines(meta, tr, recordings), *_place(app, meta.id, tr)]:
        table.add_row(Text(f"  {caption}", "dim"), Text(text))
    put(app, table)
    click.echo()
    put(app, Text(tr.gettext("In the configuration:")))
    # It is copied from here into a file: never wrapped.
    put(app, Text(example(meta, tr)), whole=True)


def _place(app: App, name: str, tr: NullTranslations) -> list[Line]:
    file = _file(app, name)
    return [(tr.gettext("File"), file)] if file else []


def _lines(meta: "Meta", tr: NullTranslations, recordings: Path) -> list[Line]:
    if meta.by_hand:
        never = tr.gettext("None is ever asked: you look yourself, at the address that you may set.")
        return [(tr.gettext("Site"), never), (tr.gettext("Known from"), meta.source)]
    from tracker.pages.adapter import only_watches

    everywhere = tr.gettext("the address that you set")
    lines = [(tr.gettext("Site"), tr.gettext(", ").join(meta.hosts) or (everywhere if meta.needs_url else "-"))]
    if meta.home:
        lines.append((tr.gettext("Page"), meta.home))
    if meta.reference or meta.free_reference:
        lines.append((tr.gettext("Reference"), _reference(meta, tr)))
    lines.append((tr.gettext("Asked"), _rhythm(meta, tr)))
    if not only_watches(meta):
        lines.append((tr.gettext("Words"), _words(meta, tr)))
    lines.append((tr.gettext("Tier"), tr.gettext(TIERS[tier(meta, recordings, now().date())])))
    if meta.verified_on:
        lines.append((tr.gettext("Confirmed"), day_text(meta.verified_on, tr)))
    else:
        lines.append((tr.gettext("Confirmed"), tr.gettext("Nobody has confirmed this on the real site yet.")))
        text = tr.gettext("Run it with a case of yours ({command}) and compare what it reads with the page itself.")
        if not only_watches(meta):
            text = tr.gettext(
                "Run it with a case of yours ({command}) and compare what it reads with the page itself. "
                "Until then a status counts as likely, unless your own [cases.labels] confirms its word."
            )
        lines.append((tr.gettext("What to do"), text.format(command="tracker check --dry-run CASE")))
    if meta.source:
        lines.append((tr.gettext("Known from"), meta.source))
    return lines


def _reference(meta: "Meta", tr: NullTranslations) -> str:
    if meta.free_reference:
        free = tr.gettext("the captions on the page, or the fields' own names, with your values")
        usual = tr.gettext(", ").join(field.title.get(_language(tr)) or field.name for field in meta.reference)
        return tr.gettext("{words}; usually {names}").format(words=free, names=usual) if usual else free
    return tr.gettext(", ").join(_field(field, tr) for field in meta.reference)


def _field(field: "Field", tr: NullTranslations) -> str:
    title = field.title.get(_language(tr), "")
    name = f"{field.name} ({title})" if title and title != field.name else field.name
    return name if field.required else tr.gettext("{field} (may be left out)").format(field=name)


def _rhythm(meta: "Meta", tr: NullTranslations) -> str:
    """How often at most, and when; what the adapter leaves open the config says."""
    parts = []
    if meta.every:
        parts.append(tr.gettext("at most every {every}").format(every=duration_text(_minutes(meta.every), tr)))
    if meta.min_gap:
        parts.append(tr.gettext("requests at least {count} s apart").format(count=int(meta.min_gap.total_seconds())))
    parts += meta.hours or ()
    if meta.workdays:
        parts.append(tr.gettext("on working days ({country})").format(country=meta.workdays))
    return tr.gettext(", ").join(parts) or tr.gettext("as the configuration says")


def _words(meta: "Meta", tr: NullTranslations) -> str:
    if not meta.labels:
        return tr.gettext("the usual ones of progress pages, which count as likely")
    shown = [f"{label} = {status_name(_entry(word).status, tr)}" for label, word in meta.labels.items()]
    return tr.gettext(", ").join(shown)


def _entry(word: object) -> Word:
    from tracker.core.model import Status

    return word if isinstance(word, Word) else Word(Status(str(word)))


def _summary(meta: "Meta", recordings: Path) -> JSON:
    """One adapter for scripts."""
    return {
        "id": meta.id,
        "title": dict(meta.title),
        "home": meta.home or None,
        "hosts": list(meta.hosts),
        "needs_url": meta.needs_url,
        "reference": [
            {"name": f.name, "title": dict(f.title), "pattern": f.pattern, "required": f.required} for f in meta.reference
        ],
        "free_reference": meta.free_reference,
        "by_hand": meta.by_hand,
        "watches": meta.watches,
        "every_seconds": int(meta.every.total_seconds()) if meta.every else None,
        "min_gap_seconds": int(meta.min_gap.total_seconds()),
        "hours": list(meta.hours) if meta.hours is not None else None,
        "workdays": meta.workdays,
        "label_count": len(meta.labels),
        "verified_on": meta.verified_on.isoformat() if meta.verified_on else None,
        "tier": None if meta.by_hand else tier(meta, recordings, now().date()),
        "known_from": meta.source or None,
    }


def example(meta: "Meta", tr: NullTranslations) -> str:
    """A case of this adapter as it stands in the config file."""
    lines = ["[[cases]]", f'name = "{tr.gettext("me")}"', f'adapter = "{meta.id}"']
    if meta.needs_url:
        lines.append(f'url = "{meta.home or "https://www.example.org/query"}"')
    if meta.by_hand:
        return "\n".join([*lines, 'url = "https://www.example.org/query"'])
    if meta.free_reference and not meta.reference:
        return "\n".join([*lines, "", "[cases.reference]", '"受理编号" = "SH2026000123"'])
    if meta.reference:
        lines += ["", "[cases.reference]"]
        # Where any caption will do, one must be there all the same: the first two show how.
        shown = {field.name for n, field in enumerate(meta.reference) if field.required or (meta.free_reference and n < 2)}
        lines += [f'{"" if field.name in shown else "# "}"{field.name}" = "…"' for field in meta.reference]
    return "\n".join(lines)


def _title(meta: "Meta", tr: NullTranslations) -> str:
    return meta.title.get(_language(tr)) or next(iter(meta.title.values()), "")


def _language(tr: NullTranslations) -> str:
    return "zh-CN" if tr.info().get("language", "").startswith("zh") else "en"


def _minutes(length: timedelta) -> int:
    return max(round(length.total_seconds() / 60), 1)
