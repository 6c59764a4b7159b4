"""Questions in a terminal: every one has a default or a way out, and a wrong answer is said at once with what is allowed."""

import contextlib
import sys
from collections.abc import Callable, Sequence
from functools import cached_property
from gettext import NullTranslations
from shutil import get_terminal_size
from typing import TYPE_CHECKING
from unicodedata import category

import click

from tracker.core.clean import clean

if TYPE_CHECKING:
    from rich.console import Console

YES, NO = frozenset({"y", "yes", "是", "好", "对"}), frozenset({"n", "no", "否", "不"})
Check = Callable[[str], str | None]


def there_is_a_terminal() -> bool:
    """Whether somebody can read a question and answer it."""
    return sys.stdin.isatty() and sys.stderr.isatty()


class Screen:
    """Words go to stderr, answers come from stdin. Ctrl-C and Ctrl-D raise click.Abort anywhere."""

    def __init__(self, tr: NullTranslations, *, colour: bool) -> None:
        self.tr = tr
        self.colour = colour
        with contextlib.suppress(ImportError):
            import readline  # noqa: F401 - so that an answer can be edited, Chinese too

    def _(self, text: str) -> str:
        return self.tr.gettext(text)

    @cached_property
    def _console(self) -> "Console":
        from rich.console import Console

        width = min(get_terminal_size().columns, 100)
        return Console(stderr=True, highlight=False, no_color=not self.colour, width=width)

    def say(self, text: str = "", style: str = "", *, indent: int = 0) -> None:
        """A paragraph, wrapped to the terminal."""
        from rich.padding import Padding
        from rich.text import Text

        words = Text(text, style)
        self._console.print(Padding(words, (0, 0, 0, indent)) if indent else words)

    def title(self, text: str) -> None:
        """The beginning of a step."""
        self.say()
        self.say(text, "bold")

    def raw(self, text: str) -> None:
        """Lines that must not be wrapped: a code, an address."""
        click.echo(text, err=True, color=self.colour or None)

    def pairs(self, rows: Sequence[tuple[str, str]], style: str = "dim") -> None:
        """Captions with their values; a long one goes on below itself."""
        from rich.padding import Padding
        from rich.table import Table
        from rich.text import Text

        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(overflow="fold", max_width=24, justify="left" if style else "right")
        table.add_column(overflow="fold")
        for caption, text in rows:
            table.add_row(Text(clean(caption, 60), style), Text(clean(text, 300)))
        self._console.print(Padding(table, (0, 0, 0, 2)))

    def ask(self, text: str, default: str | None = None, *, secret: bool = False, check: Check | None = None) -> str:
        """An answer without blanks at its ends; "" is the way out where there is no default. `check` says what is wrong."""
        shown = f"{text} [{default}]" if default else text
        if secret:
            self.say(self._("(What you type next is not shown.)"), "dim")
        while True:
            answer = self._typed(shown, secret=secret) or default or ""
            wrong = self._unseen(answer) or (check(answer) if check and answer else None)
            if wrong is None:
                return answer
            self.say(self._("Not that: {why}.").format(why=wrong.rstrip(".。")), "yellow")

    def _typed(self, shown: str, *, secret: bool) -> str:
        try:
            return str(click.prompt(shown, default="", show_default=False, hide_input=secret, err=True)).strip()
        except UnicodeDecodeError:
            return "\udc80"  # what a terminal in UTF-8 makes of such bytes

    def _unseen(self, answer: str) -> str | None:
        """Bytes of another character set and control characters: no file, site or message would take them."""
        if any(category(c) in {"Cc", "Cs"} for c in answer):
            return self._("it holds signs that are no UTF-8, to which this terminal must be set")
        return None

    def choose(self, options: Sequence[str], default: int = 1, text: str = "") -> int:
        """The number of an option, from 1."""
        self.pairs([(str(number), option) for number, option in enumerate(options, 1)], style="")
        allowed = self._("a number from 1 to {last}").format(last=len(options))
        names = {str(number) for number in range(1, len(options) + 1)}
        return int(self.ask(text or self._("Which one?"), str(default), check=lambda a: None if a in names else allowed))

    def confirm(self, text: str, *, default: bool) -> bool:
        """Yes or no."""
        hint = self._("Y/n") if default else self._("y/N")
        allowed = self._("y (yes) or n (no)")

        def wrong(answer: str) -> str | None:
            return None if answer.lower() in YES | NO else allowed

        answer = self.ask(self._("{what} ({words})").format(what=text, words=hint), check=wrong).lower()
        return answer in YES if answer else default
