"""The flags that describe a case, for `add` and `edit`: read, asked for where they are missing, checked."""

import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.app import App
from tracker.core.clean import clean
from tracker.core.errors import ConfigError
from tracker.trees import Change, Tree, edited, pair

if TYPE_CHECKING:
    from tracker.config.model import Case

_OPTIONS = (
    click.option("--adapter", metavar="NAME", help="How its site is read; see `tracker adapters list`."),
    click.option("--url", metavar="URL", help="The address of its progress page."),
    click.option(
        "--reference",
        multiple=True,
        metavar="CAPTION=VALUE",
        help="What finds it on the site; CAPTION=@FILE, CAPTION=- (stdin) or CAPTION alone (asked) keep it out of the history.",
    ),
    click.option("--receiver", "receivers", multiple=True, metavar="NAME", help="Who is told; default: all receivers."),
    click.option("--promised", metavar="TIME", help='The promised time, such as "20 workdays".'),
    click.option("--label", "labels", multiple=True, metavar="WORD=STATUS[,TURN]", help="What a word of this site means."),
    click.option("--read-label", metavar="CAPTION", help='Where the status stands: a caption, "css:…" or "json:…".'),
    click.option("--read-date", metavar="CAPTION", help="Where its date stands."),
    click.option("--read-identify", multiple=True, metavar="CAPTION", help="What the answer must repeat."),
    click.option("--read-details", multiple=True, metavar="CAPTION", help="Whose changes are told."),
    click.option("--source", metavar="NAME", help="Which of its sources the flags are about; another name adds one."),
    click.option("--dry-run", is_flag=True, help="Read it once, keep nothing."),
    click.option("--json", "as_json", is_flag=True, help="Data for scripts on stdout, with --dry-run."),
    click.option("--unmasked", is_flag=True, help="Show personal data."),
)


def case_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that `add` and `edit` share."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def is_terminal() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def change_of(app: App, given: dict[str, Any]) -> Change:
    """The flags as a change; usage errors for what can't be understood."""
    read = {"label": given["read_label"], "date": given["read_date"]}
    read |= {key: given[f"read_{key}"] or None for key in ("identify", "details")}
    return Change(
        receivers=given["receivers"] or None,
        promised=given["promised"],
        labels=dict(_pair(app, text, "--label") for text in given["labels"]),
        adapter=given["adapter"],
        url=given["url"],
        reference=dict(reference_of(app, given["reference"])),
        read={key: value for key, value in read.items() if value is not None},
    )


def _pair(app: App, text: str, option: str) -> tuple[str, str]:
    found = pair(text)
    if found is None:
        sentence = app._("{option}: there is no “=” in “{text}”.")
        raise click.UsageError(sentence.format(option=option, text=clean(text, 40)))
    return found


def reference_of(app: App, texts: Iterable[str]) -> Iterable[tuple[str, str]]:
    """The values of --reference by their captions."""
    stdin_taken = False
    for text in texts:
        if pair(text) is None and text.strip():
            yield text.strip(), _asked(app, text.strip())
            continue
        caption, value = _pair(app, text, "--reference")
        if value == "-":
            if stdin_taken:
                raise click.UsageError(app._("--reference: only one value can come from stdin."))
            stdin_taken = True
            value = _needed(app, caption, sys.stdin.readline())
        elif value.startswith("@"):
            value = _needed(app, caption, _from_file(app, value[1:]))
        yield caption, value


def _asked(app: App, caption: str) -> str:
    if not is_terminal():
        sentence = app._("--reference: “{caption}” has no value, and there is no terminal to ask at: give {example}.")
        raise click.UsageError(sentence.format(caption=clean(caption, 40), example=f"{clean(caption, 40)}=@FILE"))
    value: str = click.prompt(clean(caption, 40), hide_input=True, err=True)
    return value.strip()


def _from_file(app: App, name: str) -> str:
    from tracker.config.layers import at_home

    try:
        return at_home(name).read_text("utf-8-sig")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "UTF-8"
        sentence = app._("--reference: the file {name} can't be read ({why}).")
        raise click.UsageError(sentence.format(name=clean(name, 200), why=why)) from error


def _needed(app: App, caption: str, text: str) -> str:
    value = text.strip()
    if not value or "\n" in value:
        raise click.UsageError(app._("--reference: “{caption}” needs one line of text.").format(caption=clean(caption, 40)))
    return value


def with_change(app: App, tree: Tree, change: Change, source: str | None) -> "tuple[Tree, Case]":
    """The tree with a change, and the case that it describes; in a terminal, what its adapter needs is asked for."""
    try:
        tree = edited(tree, change, source, app._)
        tree = edited(tree, Change(reference=_missing(app, tree)), source, app._)
        return tree, case_in(app, tree)
    except ConfigError as error:
        raise click.UsageError("\n".join(clean(line) for line in error.mistakes)) from error


def case_in(app: App, tree: Tree) -> "Case":
    """The case that a tree describes; ConfigError."""
    from tracker.config.single import case_of
    from tracker.registry import Metas

    return case_of(tree, Metas(app.registry), [r.name for r in app.config.receivers], app._)


def _missing(app: App, tree: Tree) -> dict[str, str]:
    """The required fields of a plain case's adapter that nobody gave."""
    if "sources" in tree or not is_terminal() or tree.get("adapter") not in app.registry:
        return {}
    wanted = app.registry[tree["adapter"]].META.reference
    there = tree.get("reference", {})
    return {field.name: _asked(app, field.name) for field in wanted if field.required and field.name not in there}
