"""`tracker serve`: the service in the foreground."""

import logging
import os
import signal
import sys
from typing import TYPE_CHECKING

import click

from tracker.cli.app import App
from tracker.desk import Desk, Sender, now

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from starlette.types import ASGIApp

    from tracker.check import Checker
    from tracker.config.model import Config
    from tracker.service import Service
    from tracker.subjects import Subject


@click.command("serve")
@click.pass_obj
def serve_command(app: App) -> int:
    """Run the service: checks on schedule, messages as they come, the web page. SIGTERM stops it."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # until the service has its own: nothing is in hand yet
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # likewise: the config was not read yet
    import asyncio
    from concurrent.futures import ThreadPoolExecutor
    from urllib.parse import urlsplit

    from tracker.cli.status import next_step
    from tracker.service import Service

    if app.verbose == 0:
        logging.getLogger("tracker").setLevel(logging.INFO)
    for warning in app.loaded.warnings:
        app.say(warning)
    if not app.config.cases:
        app.say(next_step(app))  # no mistake: a container may be started first and set up then
    running = _Running(app)
    with ThreadPoolExecutor(1, "store") as executor, ThreadPoolExecutor(1, "page") as readers:
        # The service's own pieces need a running loop: made inside it.
        async def serve() -> "Service":
            checker = app.checker(executor)
            checker.on_move(running.sender.start)
            service = Service(
                checker=checker,
                store=app.store,
                executor=executor,
                clock=now,
                deliver=running.deliver,
                settle=running.sender.settle,
                refresh=running.refresh,
                live=running.alive.round,
                is_config_bad=lambda: running.reloader.trouble,
                hang_up=running.reloader.ask,
            )
            web, page = app.config.web, _page(running.page_desk, checker, service, readers)
            await service.run(web.listen, page, urlsplit(web.base_url).path)
            return service

        service = asyncio.run(serve())
    service.last_call.cancel()
    return 0


log = logging.getLogger(__name__)


class _Running:
    """What stands beside the service, and learns of an edited config and of other cases as it does."""

    def __init__(self, app: App) -> None:
        from tracker.reload import Reloader

        self._app = app
        self.sender, self.alive, self.reloader = Sender(app), app.alive(), Reloader(app)
        self.page_desk = Desk(app.config_path, app.env)
        self.page_desk.use(app.loaded)  # not read again: it may be another one by now
        self._news: set[str] = set()
        self._problems: tuple[str, ...] = ()

    def deliver(self) -> bool:
        """Starts sending what is owed; whether it can."""
        self.sender.start()
        return not self.sender.trouble

    def refresh(self) -> "tuple[Config, list[Subject]] | None":
        """The config and the cases of now, where they are others than before."""
        app = self._app
        if self.reloader.look():
            self._news.add("config")
        if app.refresh():
            self._news.add("cases")
        if not self._news:
            return None
        taken = app.config, app.subjects()
        self._say_problems()
        self.sender.take_over()
        self.alive.use(*taken)
        if "config" in self._news:
            self.page_desk.use(app.loaded)
        self._news.clear()  # not before: where the store fails, the next tick takes over
        return taken

    def _say_problems(self) -> None:
        """A case of the store that can't be checked any more is no silent one: said once, for as long as it stays so."""
        from tracker.config.mistakes import plain

        problems = self._app.cases.problems
        for line in problems:
            if line not in self._problems:
                log.error("%s", plain(line, 500))
        self._problems = problems


def _page(desk: Desk, checker: "Checker", service: "Service", readers: "Executor") -> "ASGIApp":
    """The page, with a desk of its own: its connection waits for nobody's writes, and keeps no check waiting."""
    from tracker.core.errors import StoreError
    from tracker.store.secrets import kept_secret
    from tracker.web.app import application
    from tracker.web.page import Page

    try:
        # Without a password nobody logs in: an empty store then stays empty.
        secret = kept_secret(desk.base, "web") if desk.loaded.config.web.password else os.urandom(32)
    except StoreError:
        secret = os.urandom(32)  # a full disk keeps nobody from reading; sessions then end with this process
    return application(Page(desk=desk, checker=checker, hands=service, executor=readers, clock=now, secret=secret))
