"""`tracker init`: from nothing to a first message, with questions in a terminal or with flags."""

import tempfile
from gettext import NullTranslations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.app import App
from tracker.cli.screen import Screen, there_is_a_terminal
from tracker.locale import LANGUAGES, translator

if TYPE_CHECKING:
    from tracker.cli.init_save import Place
    from tracker.cli.init_settle import Settled

ABORTED = 130
PARTLY = 10


@click.command("init")
@click.option("--no-input", is_flag=True, help="Ask nothing: everything is said with the flags below.")
@click.option("--language", type=click.Choice(LANGUAGES), help="Of messages and of what commands say. Default: the locale's.")
@click.option("--receiver-url", "urls", multiple=True, metavar="URL|@FILE", help="Who is told, as an Apprise URL. Repeatable.")
@click.option("--receiver-name", "names", multiple=True, metavar="NAME", help="Its name, in the same order.")
@click.option("--name", metavar="NAME", help="The case's name in messages.")
@click.option("--adapter", metavar="NAME", help="How the case is read: see `tracker adapters list`. Default: form.")
@click.option("--url", metavar="URL", help="The address of the progress page.")
@click.option("--reference", "references", multiple=True, metavar="CAPTION=VALUE", help="Finds the case; or CAPTION=@FILE.")
@click.option("--yes-plain-http", is_flag=True, help="Personal data may travel over plain http.")
@click.pass_obj
def init_command(app: App, /, *, no_input: bool, yes_plain_http: bool, **flags: Any) -> int:  # noqa: ANN401 - click's own
    """Set up: language, where messages go, the first case, one look at it, the first message."""
    from tracker.cli import init_flags
    from tracker.cli.init_save import place_of, require_usable

    place = place_of(app)
    if not place.exists:
        require_usable(app, place)
    if no_input:
        return init_flags.run(app, place, init_flags.Flags(yes_plain_http=yes_plain_http, **flags))
    given = [name for name, value in flags.items() if value and name != "language"]
    if given or yes_plain_http:
        raise click.UsageError("These flags are for --no-input; without it, init asks.")
    if not there_is_a_terminal():
        raise click.UsageError(
            "There is no terminal to ask in. Say it with flags: tracker init --no-input --receiver-url URL --name NAME "
            "--adapter form --url URL --reference CAPTION=VALUE"
        )
    return _Run(app, place, flags["language"]).run()


class _Run:
    """One conversation. `written`: what to say where it is broken off."""

    def __init__(self, app: App, place: "Place", language: str | None) -> None:
        self._app, self._place = app, place
        self._written = ""
        self._language = language or (app.loaded.config.language if place.exists else "")
        self._tr: NullTranslations = app.tr if place.exists else app.system_words
        colour = app.color == "always" or (app.color == "auto" and app.console.is_terminal and not app.console.no_color)
        self._screen = Screen(self._tr, colour=colour)

    def run(self) -> int:
        try:
            return self._conversation()
        except (click.Abort, KeyboardInterrupt):
            screen = self._screen
            screen.say()
            screen.say(self._written or screen._("Stopped: nothing was written."))
            return ABORTED

    def _conversation(self) -> int:
        from tracker.cli.init_look import Drafts
        from tracker.cli.init_settle import Settling

        screen, app = self._screen, self._app
        self._greet()
        receivers = [] if self._place.exists else self._receivers()
        screen.title(screen._("The case"))
        taken = [case.name for case in app.config.cases] if self._place.exists else []
        with tempfile.TemporaryDirectory(prefix="tracker-init-") as folder:
            drafts = Drafts(app, self._place.file if self._place.exists else None, Path(folder), self._language)
            settled = Settling(screen, app.registry, drafts, taken).case()
            inner = self._save(receivers, settled)
            if settled is not None:
                drafts.hand_over(inner)
        return self._first_message(inner, settled)

    def _greet(self) -> None:
        screen, place = self._screen, self._place
        if not place.exists and not self._language:
            default = LANGUAGES.index(self._system_language()) + 1
            screen.say("Language 语言", "bold")
            self._language = LANGUAGES[screen.choose(["简体中文", "English"], default, "1-2") - 1]
        if not place.exists:
            self._tr = screen.tr = translator(self._language)
            screen.say(screen._("Tracker: first the phone, then the case; about five minutes. Ctrl-C ends it at any time."))
        if place.exists:
            text = screen._("{file} is there already, and is never overwritten: a new case goes into the store beside it.")
            screen.say(text.format(file=place.file))
            screen.say(screen._("Receivers are added by hand in that file: docs/receivers.md."))
            screen.say(screen._("Ctrl-C ends it at any time."))

    def _system_language(self) -> str:
        from tracker.config.layers import system_language

        return system_language(self._app.env)

    def _receivers(self) -> list[tuple[str, str]]:
        from zoneinfo import ZoneInfo

        from tracker.cli.init_receiver import ask_receivers
        from tracker.cli.init_save import zone_for

        return ask_receivers(self._screen, ZoneInfo(zone_for(self._language, self._app.env)))

    def _save(self, receivers: list[tuple[str, str]], settled: "Settled | None") -> App:
        from tracker.cli.init_save import save
        from tracker.core.errors import ConfigError, StoreError

        screen, tree = self._screen, settled.draft.tree if settled else None
        while True:
            try:
                inner = save(self._app, self._place, self._language, tuple(receivers), tree)
                break
            except (ConfigError, StoreError) as error:  # all that was typed is still here: a full disk must not cost it
                screen.say(str(error), "yellow")
                screen.ask(screen._("Mend that in another window, then press Enter to try again; Ctrl-C gives up"))
        self._written = self._screen._("Stopped. What was set up is kept in {file}; go on with: {command}").format(
            file=self._place.file, command="tracker check"
        )
        return inner

    def _first_message(self, inner: App, settled: "Settled | None") -> int:
        from tracker.cli import init_end

        if settled is not None and settled.rests:
            init_end.pause(inner, settled.draft.name)
        code = 0
        if settled is not None and settled.look:
            self._screen.title(self._screen._("The first look that counts"))
            self._screen.say(self._screen._("A site is never asked twice in a row, so this may take some seconds…"))
            code = init_end.check(inner, settled.draft.name)
        elif settled is not None and settled.saw is not None:
            code = init_end.saw(inner, self._screen, settled.draft.name, settled.saw)
        init_end.tell(self._screen, inner, self._place, settled)
        return code
