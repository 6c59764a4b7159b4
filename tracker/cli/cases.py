"""The cases that the store keeps, and what is said about any case: add, edit, remove, archive, pause, resume."""

from shlex import quote
from typing import TYPE_CHECKING, Any

import click

from tracker.cli import views
from tracker.cli.app import App, out_json
from tracker.cli.caseflags import case_options, change_of, is_terminal, with_change
from tracker.core.clean import clean
from tracker.core.errors import ConfigError
from tracker.trees import Change, Tree

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.config.model import Case


@click.command("add")
@click.argument("name")
@case_options
@click.pass_obj
def add_command(app: App, /, name: str, *, source: str | None, **given: Any) -> int:  # noqa: ANN401 - flags, see caseflags.py
    """Keep a new case in the store, and watch it from now on."""
    from tracker.store.roster import NameTakenError

    place = app.place_of(name)
    if place:
        text = app._("“{name}” stands in the config file: change it there, at {place}.")
        raise click.UsageError(text.format(name=clean(name, 80), place=place))
    taken = app._("There is a case “{name}” already. To change it: {command}").format(
        name=clean(name, 80), command=_command("edit", name)
    )
    if app.cases.is_of_store(name):
        raise click.UsageError(taken)
    tree, case = with_change(app, {"name": name}, change_of(app, given), source)
    _warn(app, tree, case)
    if given["dry_run"]:
        return _one_reading(app, case, as_json=given["as_json"], unmasked=given["unmasked"])
    again = name in app.cases.kept
    try:
        app.roster.add(name, tree)
    except NameTakenError as error:
        raise click.UsageError(taken) from error
    words = (
        app._("{case} is watched again, and its history goes on. To look now: {command}")
        if again
        else app._("{case} is watched from now on. To look now: {command}")
    )
    command = _command("check", name)
    if all(app.registry[source.adapter].META.by_hand for source in case.sources):
        words, command = app._("{case} is kept. To say what its page says now: {command}"), _command("saw", name)
    app.say(words.format(case=clean(name), command=command))
    if not app.config.receivers:
        app.say(app._("there is no [[receivers]] yet: nobody would be told of a move"))
    return 0


@click.command("edit")
@click.argument("case")
@click.option("--name", "new_name", metavar="NEW", help="Another name; its history goes along.")
@click.option("--drop-source", metavar="NAME", help="Take one of several sources out.")
@case_options
@click.pass_obj
def edit_command(
    app: App,
    /,
    case: str,
    *,
    new_name: str | None,
    drop_source: str | None,
    source: str | None,
    **given: Any,  # noqa: ANN401 - flags, see caseflags.py
) -> int:
    """Change a case of the store; or say what a word means, of any case. An empty value takes something out."""
    from dataclasses import replace

    from tracker.trees import without_source

    change = replace(change_of(app, given), name=new_name)
    kept = app.cases.kept.get(case)
    if kept is None or kept.tree is None or app.place_of(case):
        require_live(app, case)
        return _confirm_words(app, case, change, drop_source)
    if change == Change() and not drop_source and not source:
        raise click.UsageError(app._("Nothing to change was given: see {command}").format(command="tracker edit -h"))
    if new_name == "" or (new_name and app.place_of(new_name)):
        raise click.UsageError(app._("“{name}” can't be its new name.").format(name=clean(new_name, 80)))
    try:
        before = without_source(kept.tree, drop_source, app._) if drop_source else kept.tree
    except ConfigError as error:
        raise click.UsageError(str(error)) from error
    tree, edited = with_change(app, before, change, source)
    _warn(app, tree, edited, was=case)
    if given["dry_run"]:
        return _one_reading(app, edited, as_json=given["as_json"], unmasked=given["unmasked"])
    _replace(app, case, tree, change.labels, was=kept.tree)
    app.say(app._("{case} is changed.").format(case=clean(edited.name)))
    if _asks_for_another(kept.tree, tree):
        app.say(
            app._("Another reference begins a new history; what was seen before stays in: {command}").format(
                command=_command("history", edited.name)
            )
        )
    return 0


def _asks_for_another(before: Tree, after: Tree) -> bool:
    """Whether a source that was there is asked by another reference from now on."""

    def asked(tree: Tree) -> dict[str, object]:
        sources = tree.get("sources", [{**tree, "name": tree.get("adapter")}])
        return {s.get("name", s["adapter"]): (s["adapter"], s.get("reference")) for s in sources}

    old, new = asked(before), asked(after)
    return old.keys().isdisjoint(new) or any(old[name] != new[name] for name in old.keys() & new.keys())


def _replace(app: App, case: str, tree: Tree, words: "Iterable[str]", *, was: Tree) -> None:
    from tracker.store.roster import NameTakenError

    try:
        app.roster.replace(case, tree, words, was=was)
    except NameTakenError as error:
        text = app._("Another case is called “{name}”, or was, and its history is kept: {command} deletes that.")
        command = _command("remove --purge", error.name)
        raise click.UsageError(text.format(name=clean(error.name, 80), command=command)) from error


def _confirm_words(app: App, name: str, change: Change, drop_source: str | None) -> int:
    """For a case of the config file, only words: all else stands where its owner wrote it."""
    from tracker.trees import tree_of

    kept = app.cases.kept.get(name)
    taken_back = {word for word, meaning in change.labels.items() if not meaning and kept is not None and word in kept.words}
    said = {word: meaning for word, meaning in change.labels.items() if word not in taken_back}
    if change != Change(labels=change.labels) or not change.labels or drop_source or not all(said.values()):
        text = app._("“{name}” stands in the config file: change it there, at {place}. Only --label WORD=STATUS is kept here.")
        raise click.UsageError(text.format(name=clean(name, 80), place=app.place_of(name)))
    old = next(case for case in app.config.cases if case.name == name)
    _, case = with_change(app, tree_of(old), Change(labels=said), None)
    app.take_over()
    app.roster.confirm(name, {word: case.labels[word] if word in said else None for word in change.labels})
    if said:
        app.say(app._("{case}: the word counts as confirmed from the next reading on.").format(case=clean(name)))
    if taken_back:
        app.say(
            app._("{case}: what was confirmed of the word is taken back from the next reading on.").format(case=clean(name))
        )
    return 0


@click.command("remove")
@click.argument("case")
@click.option("--purge", is_flag=True, help="Really delete it, with all that was ever seen and told of it.")
@click.option("--yes", is_flag=True, help="Don't ask.")
@click.pass_obj
def remove_command(app: App, case: str, *, purge: bool, yes: bool) -> None:
    """Stop the checks of a case of the store; its kept pages go, its history stays, unless it is purged."""
    from tracker.known.facts import stored_names

    views.require_cases(app, [case], stored_names(app))
    place = app.place_of(case)
    if place:
        text = app._(
            "“{name}” stands in the config file, at {place}: take it out there first; its history stays until it is purged."
        )
        raise click.UsageError(text.format(name=clean(case, 80), place=place))
    if purge:
        _purge(app, case, yes=yes)
        return
    if app.cases.is_of_store(case):
        app.roster.remove(case)
        text = app._("{case} is no longer asked; its kept pages are deleted, its history stays. To delete that too: {command}")
    else:
        text = app._("{case} is not asked any more already; its history stays. To delete that too: {command}")
    app.say(text.format(case=clean(case), command=_command("remove --purge", case)))


def _purge(app: App, case: str, *, yes: bool) -> None:
    if not yes:
        question = app._("Delete {case} with all that was ever seen and told of it, for good?").format(case=clean(case))
        if not is_terminal():
            raise click.UsageError(app._("Purging asks first, and there is no terminal to ask at: add --yes."))
        if not click.confirm(question, err=True):
            app.say(app._("Nothing was deleted."))
            return
    app.roster.purge(case)
    app.say(app._("{case} is deleted.").format(case=clean(case)))


@click.command("archive")
@click.argument("case")
@click.option("--undo", is_flag=True, help="Bring it back.")
@click.pass_obj
def archive_command(app: App, case: str, *, undo: bool) -> None:
    """Put a case away: not asked, not listed, no reminders; what was seen of it stays."""
    require_live(app, case)
    app.take_over()
    app.roster.archive(case, back=undo)
    if undo:
        _say_back(app, case)
    else:
        text = app._("{case} is archived: not asked, not listed; its history stays. To bring it back: {command}")
        app.say(text.format(case=clean(case), command=_command("archive --undo", case)))


@click.command("pause")
@click.argument("case")
@click.pass_obj
def pause_command(app: App, case: str) -> None:
    """Ask a case's sites no more, until it is resumed."""
    require_live(app, case)
    app.take_over()
    app.roster.pause(case)
    app.say(app._("{case} is not asked until: {command}").format(case=clean(case), command=_command("resume", case)))


@click.command("resume")
@click.argument("case")
@click.pass_obj
def resume_command(app: App, case: str) -> None:
    """Ask a paused case's sites again."""
    require_live(app, case)
    app.take_over()
    app.roster.pause(case, resume=True)
    _say_back(app, case)


def _say_back(app: App, case: str) -> None:
    """A case may be both paused and archived: what still keeps it from being asked."""
    app.refresh()
    if app.cases.is_archived(case):
        text, command = app._("{case} stays archived, and so is not asked until: {command}"), "archive --undo"
    elif app.cases.is_paused(case):
        text, command = app._("{case} is back, and stays paused until: {command}"), "resume"
    else:
        text, command = app._("{case} is asked again from now on. To look now: {command}"), "check"
    app.say(text.format(case=clean(case), command=_command(command, case)))


# --- what they share -------------------------------------------------------------------------------------------------


def require_live(app: App, name: str) -> None:
    """A usage error for a name that nobody knows, and for a case that is not asked any more."""
    from tracker.known.facts import stored_names

    views.require_cases(app, [name], [*stored_names(app), *app.cases.kept])
    if not any(case.name == name for case in app.config.cases) and not app.cases.is_of_store(name):
        text = app._("“{name}” is no longer set up: only its history is left. To watch it again: {command}")
        raise click.UsageError(text.format(name=clean(name, 80), command=_command("add", name)))


def _command(words: str, name: str) -> str:
    """What to type about this case."""
    return clean(f"tracker {words} {quote(name)}")


def _warn(app: App, tree: Tree, case: "Case", was: str = "") -> None:
    from tracker.config.single import warnings_of
    from tracker.registry import Metas
    from tracker.trees import twins

    for line in warnings_of(tree, Metas(app.registry), app._):
        app.say(clean(line))
    others = [there for there in app.config.cases if there.name not in (case.name, was)]
    for first, _ in (two for two in twins([*others, case]) if case.name in two):
        text = app._("{first} and {second} are asked for by the same reference: is one of them too many?")
        app.say(text.format(first=clean(first), second=clean(case.name)))


def _one_reading(app: App, case: "Case", *, as_json: bool, unmasked: bool) -> int:
    """Reads a case that is not kept, once: what `check --dry-run` would show of it."""
    from tracker.cli.check import look, result_json, show
    from tracker.conclude import Options
    from tracker.desk import now
    from tracker.known.fields import iso
    from tracker.results import exit_code

    app.try_on(case)
    began = now()
    results = look(app, (case.name,), Options(dry_run=True), None)
    if as_json:
        shown = [result_json(result, app, unmasked=unmasked) for result in results]
        out_json({"checked_at": iso(began, app), "results": shown, "deliveries": []})
    else:
        show(app, results, (), unmasked=unmasked)
        app.say(app._("Nothing was kept."))
    return exit_code(results, owed=False)
