"""`tracker adapters verify`: whether the live site reads, and looks like the recordings."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.aim import UnreadError, adapter_of, aim_of, aim_options, ask_live, outcome_words
from tracker.cli.app import App, out_json
from tracker.cli.record import plain
from tracker.cli.recorded import recordings_option
from tracker.cli.recordings import json_option, tried_one
from tracker.core.clean import clean
from tracker.core.mask import mask_text
from tracker.core.model import Outcome
from tracker.desk import now

if TYPE_CHECKING:
    from tracker.cli.aim import Aim
    from tracker.core.model import Reading
    from tracker.pages.shape import Drift, Place, Shape


@click.command("verify")
@click.argument("name", metavar="NAME")
@aim_options
@recordings_option
@json_option
@click.pass_obj
def verify_command(app: App, /, name: str, *, recordings: Path, as_json: bool, **aimed: Any) -> int:  # noqa: ANN401 - aim_options
    """Ask the live site once, and compare its page with the recordings: exit 0 where it reads and looks like them."""
    from tracker.pages.shape import compare, shape_of

    app.needs_only([aimed["case"]] if aimed["case"] else [])
    adapter = adapter_of(app, name)
    if aimed["case"] is None and not aimed["reference"]:
        aimed["case"] = _only_case(app, name)
    aim = aim_of(app, adapter, aimed)
    shapes = list(_shapes(app, recordings, name))
    asked = ask_live(app, aim)
    page = asked.page
    live = shape_of(page, aim.reference) if page is not None and not isinstance(asked.got, Outcome) else None
    best = min(((compare(shape, live), called) for called, shape in shapes), key=_size) if live and shapes else None
    reads = not isinstance(asked.got, Outcome)
    well = reads and best is not None and not best[0]
    if as_json:
        out_json(_verified_json(app, aim, asked.got, best, shape=live.digest if live else None, well=well))
    else:
        _say_verified(app, aim, asked.got, best, shapes, well=well)
    return 0 if well else 1 if reads else UnreadError.exit_code


def _only_case(app: App, adapter: str) -> str:
    """The case that uses the adapter, where there is exactly one."""
    names = list(dict.fromkeys(s.case.name for s in app.subjects() if s.meta.id == adapter))
    if len(names) == 1:
        return names[0]
    if not names:
        text = app._("No case of yours uses {adapter}: say whom to ask for with {options}.")
        raise click.UsageError(text.format(adapter=clean(adapter, 80), options="--reference CAPTION=VALUE, --url URL"))
    text = app._("Several cases use {adapter}: say which one with --case ({names}).")
    raise click.UsageError(text.format(adapter=clean(adapter, 80), names=clean(app._(", ").join(names), 300)))


def _shapes(app: App, recordings: Path, adapter: str) -> "Iterator[tuple[str, Shape]]":
    """The shapes of the answers that the adapter's recordings read."""
    from tracker.pages.shape import shape_of
    from tracker.recordings.scenario import folders

    for folder in folders(recordings, adapter):
        scenario = tried_one(app, folder).scenario
        if scenario is None or scenario.expected.get("outcome") != "read":
            continue
        shape = shape_of(scenario.exchanges[-1].response(), scenario.reference)
        if shape is not None:
            yield f"{adapter}/{folder.name}", shape


def _size(one: "tuple[Drift, str]") -> tuple[int, str]:
    drift, called = one
    return len(drift.came) + len(drift.went) + len(drift.moved), called


def _say_verified(
    app: App,
    aim: "Aim",
    got: "Reading | Outcome",
    best: "tuple[Drift, str] | None",
    shapes: "Sequence[tuple[str, Shape]]",
    *,
    well: bool,
) -> None:
    click.echo(app._("The site answers. {what}").format(what=clean(outcome_words(app, got, aim.known), 300)))
    if isinstance(got, Outcome):
        app.say(app._("Nothing can be confirmed like this; the adapter's `verified_on` stays as it is."))
        return
    if not shapes:
        text = app._("There is no recording of a reading to compare it with: {command}")
        app.say(text.format(command=f"tracker record {aim.meta.id} --scenario read"))
        return
    if best is None:
        app.say(app._("What it answers has no shape that could be compared: it is neither a page nor JSON."))
        return
    drift, called = best
    if not drift:
        click.echo(
            app._("Its page looks like that of {recording}: all captions stand where they stood.").format(recording=called)
        )
    else:
        click.echo(app._("Nearest is {recording}; against it:").format(recording=called))
        for words, places in (
            (app._("newly there"), drift.came),
            (app._("gone"), drift.went),
            (app._("elsewhere"), drift.moved),
        ):
            for place in places:
                line = app._("  {what}: “{caption}” ({kind})")
                click.echo(line.format(what=words, caption=clean(mask_text(place.caption, aim.known), 80), kind=place.kind))
        app.say(
            app._("Where this is right, record it: {command}").format(command=f"tracker record {aim.meta.id} --scenario NAME")
        )
    if well:
        today = now().astimezone(app.config.zone).date()
        app.say(app._("Compare what was read with the page in your browser. Where it is the same, set in the adapter's META:"))
        app.say(f"    verified_on=date({today.year}, {today.month}, {today.day}),  # from datetime import date")


def _verified_json(
    app: App, aim: "Aim", got: "Reading | Outcome", best: "tuple[Drift, str] | None", *, shape: str | None, well: bool
) -> dict[str, object]:
    from tracker.recordings.replaying import expectation

    told = plain(expectation(got))
    assert isinstance(told, dict)
    shown = {key: mask_text(value, aim.known) if isinstance(value, str) else value for key, value in told.items()}
    shown.pop("details", None)
    drift = best[0] if best else None
    return {
        "adapter": aim.meta.id,
        "read": shown,
        "well": well,
        "shape": shape,
        "nearest": best[1] if best else None,
        "new": [_place(place, aim) for place in drift.came] if drift else [],
        "gone": [_place(place, aim) for place in drift.went] if drift else [],
        "elsewhere": [_place(place, aim) for place in drift.moved] if drift else [],
        "verified_on": now().astimezone(app.config.zone).date().isoformat() if well else None,
    }


def _place(place: "Place", aim: "Aim") -> dict[str, str]:
    return {"caption": mask_text(place.caption, aim.known), "kind": place.kind}
