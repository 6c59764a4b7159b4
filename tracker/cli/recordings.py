"""`tracker adapters test` and `accept`: what the recordings say of an adapter, and who has looked at them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.app import App, out_json
from tracker.cli.caseflags import is_terminal
from tracker.cli.record import expected_text
from tracker.cli.recorded import recordings_option, there
from tracker.cli.views import unknown_name
from tracker.core.clean import clean

if TYPE_CHECKING:
    from tracker.recordings.replaying import Difference
    from tracker.recordings.scenario import Scenario

json_option = click.option("--json", "as_json", is_flag=True, help="Data for scripts on stdout.")


@dataclass(frozen=True, slots=True)
class Tried:
    """One recording run again. `broken`: why it could not be; `scenario` is None then."""

    called: str
    folder: Path
    scenario: "Scenario | None"
    differences: "tuple[Difference, ...]" = ()
    broken: str = ""

    @property
    def result(self) -> str:
        if self.broken:
            return "broken"
        if self.differences:
            return "differs"
        return "same" if self.scenario is not None and self.scenario.reviewed else "unreviewed"


# --- test ------------------------------------------------------------------------------------------------------------


@click.command("test")
@click.argument("name", default="", metavar="[NAME]")
@recordings_option
@json_option
@click.pass_obj
def test_command(app: App, name: str, *, recordings: Path, as_json: bool) -> int:
    """Run the recordings of all adapters, of one (NAME), or one recording (NAME/SCENARIO): exit 1 where one differs."""
    app.needs_no_config()
    tried = [tried_one(app, folder) for folder in _folders(app, recordings, name)]
    if as_json:
        out_json({"recordings": [_json(one) for one in tried], "counts": _counts(tried)})
        return _code(tried)
    for one in tried:
        _show(app, one)
    counts = _counts(tried)
    words = {
        "same": app._("{count} as expected"),
        "differs": app._("{count} differ"),
        "unreviewed": app._("{count} not reviewed yet"),
        "broken": app._("{count} can't be run"),
    }
    click.echo(app._(", ").join(words[kind].format(count=count) for kind, count in counts.items() if count))
    if counts["differs"]:
        app.say(
            app._("Mend the adapter; or where what is read now is right: {command}").format(
                command=there("tracker adapters accept NAME/SCENARIO --update", recordings)
            )
        )
    if counts["unreviewed"]:
        app.say(
            app._("To look at what they expect, and to accept it: {command}").format(
                command=there("tracker adapters accept", recordings)
            )
        )
    return _code(tried)


def _folders(app: App, recordings: Path, name: str = "") -> list[Path]:
    """The recordings that a name means; usage errors where there are none."""
    from tracker.recordings.scenario import folders

    found = folders(recordings)
    if not found:
        text = app._("There is no recording in {folder}: name their folder with {option}, or make one with {command}.")
        raise click.UsageError(text.format(folder=recordings, option="--recordings DIR", command="tracker record"))
    if not name:
        return found
    adapter, _, scenario = name.partition("/")
    known = [f"{folder.parent.name}/{folder.name}" for folder in found]
    found = [folder for folder in found if folder.parent.name == adapter and scenario in ("", folder.name)]
    if not found:
        if scenario:
            sentence = app._("There is no recording “{name}”.").format(name=clean(name, 80))
            raise unknown_name(app.tr, sentence, name, known)
        if adapter in app.registry:
            text = app._("The adapter {adapter} has no recording in {folder}: make one with {command}.")
            raise click.UsageError(text.format(adapter=adapter, folder=recordings, command=f"tracker record {adapter}"))
        sentence = app._("There is no adapter “{name}”.").format(name=clean(name, 80))
        raise unknown_name(app.tr, sentence, name, app.registry)
    return found


def tried_one(app: App, folder: Path) -> Tried:
    """Runs one recording again."""
    from tracker.recordings.replaying import differences, replayed
    from tracker.recordings.scenario import RecordingError, load

    called = f"{folder.parent.name}/{folder.name}"
    try:
        scenario = load(folder)
    except RecordingError as error:
        return Tried(called, folder, None, broken=error.words(app._))
    if scenario.adapter not in app.registry:
        text = app._("There is no adapter “{name}”.").format(name=clean(scenario.adapter, 80))
        return Tried(called, folder, None, broken=text)
    run = replayed(scenario, app.registry[scenario.adapter])
    return Tried(called, folder, scenario, tuple(differences(scenario.expected, run)))


def _show(app: App, one: Tried) -> None:
    if one.result == "same":
        return
    words = {"differs": app._("differs"), "unreviewed": app._("not reviewed yet"), "broken": clean(one.broken, 300)}
    click.echo(app._("{recording}: {what}").format(recording=clean(one.called, 120), what=words[one.result]))
    for difference in one.differences:
        text = app._("  {field}: expected “{expected}”, found “{found}”")
        click.echo(
            text.format(
                field=clean(difference.field, 80), expected=clean(difference.expected, 300), found=clean(difference.found, 300)
            )
        )


def _counts(tried: Sequence[Tried]) -> dict[str, int]:
    return {kind: sum(one.result == kind for one in tried) for kind in ("same", "differs", "unreviewed", "broken")}


def _code(tried: Sequence[Tried]) -> int:
    return int(any(one.result != "same" for one in tried))


def _json(one: Tried) -> dict[str, object]:
    return {
        "adapter": one.folder.parent.name,
        "scenario": one.folder.name,
        "result": one.result,
        "reviewed": one.scenario.reviewed if one.scenario else None,
        "differences": [{"field": d.field, "expected": d.expected, "found": d.found} for d in one.differences],
        "problem": one.broken or None,
    }


# --- accept ----------------------------------------------------------------------------------------------------------


@click.command("accept")
@click.argument("names", nargs=-1, metavar="[RECORDING]...")
@click.option("--update", is_flag=True, help="Expect what is read now, where that is something else.")
@click.option("--yes", is_flag=True, help="Accept without asking.")
@recordings_option
@json_option
@click.pass_obj
def accept_command(app: App, names: tuple[str, ...], *, update: bool, yes: bool, recordings: Path, as_json: bool) -> int:
    """Show what recordings expect and mark it as reviewed: those named (NAME/SCENARIO), or all that nobody has reviewed."""
    app.needs_no_config()
    if not yes and (as_json or not is_terminal()):
        raise click.UsageError(app._("Nobody can be asked here: look at them with `tracker adapters test`, then say --yes."))
    folders = [folder for name in names or ("",) for folder in _folders(app, recordings, name)]
    tried = [tried_one(app, folder) for folder in dict.fromkeys(folders)]
    if not names:
        tried = [one for one in tried if one.scenario is None or not one.scenario.reviewed]
    became: list[tuple[Tried, str]] = []
    for one in tried:
        expected = _expected(app, one, update=update)
        if not as_json:
            _show_expected(app, one, expected)
        if expected is None or one.scenario is None:
            became.append((one, "refused"))
        elif not yes and not click.confirm(clean(app._("Is that right?")), err=True):
            became.append((one, "left"))
        else:
            _mark(app, one.folder, expected if expected != dict(one.scenario.expected) else None)
            became.append((one, "accepted"))
    if as_json:
        out_json({"recordings": [_json(one) | {"became": what} for one, what in became]})
    else:
        _say_accepted(app, became)
    return int(any(what == "refused" for _, what in became))


def _mark(app: App, folder: Path, expected: "dict[str, Any] | None") -> None:
    from tracker.recordings.scenario import accept

    try:
        accept(folder, expected)
    except OSError as error:
        text = app._("{name} can't be written ({why}).")
        raise click.ClickException(text.format(name=clean(str(folder), 200), why=error.strerror)) from error


def _expected(app: App, one: Tried, *, update: bool) -> "dict[str, Any] | None":
    """What is to be expected from now on; None where that can't be accepted."""
    from tracker.recordings.replaying import expectation, replayed

    if one.scenario is None:
        return None
    if not one.differences:
        return dict(one.scenario.expected)
    run = replayed(one.scenario, app.registry[one.scenario.adapter]) if update else None
    return expectation(run.got) if run is not None and run.got is not None else None


def _show_expected(app: App, one: Tried, expected: "dict[str, Any] | None") -> None:
    if one.scenario is None or expected is None:
        _show(app, one)
        return
    click.echo(app._("{recording} expects:").format(recording=clean(one.called, 120)))
    for line in expected_text(expected):
        click.echo(f"  {line}")


def _say_accepted(app: App, became: Sequence[tuple[Tried, str]]) -> None:
    if not became:
        app.say(app._("There is nothing to review."))
    count = sum(what == "accepted" for _, what in became)
    if count:
        app.say(app.tr.ngettext("{count} recording accepted.", "{count} recordings accepted.", count).format(count=count))
    if any(what == "refused" and one.scenario is not None for one, what in became):
        app.say(app._("What differs is not accepted: mend the adapter, or say --update where what is read now is right."))
