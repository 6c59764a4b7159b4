"""`tracker serve`: the service in the foreground."""

import logging
import signal
import sys
from typing import TYPE_CHECKING

import click

from tracker.cli.app import App
from tracker.desk import Sender, now

if TYPE_CHECKING:
    from tracker.config.model import Config
    from tracker.subjects import Subject


@click.command("serve")
@click.pass_obj
def serve_command(app: App) -> int:
    """Run the service: checks on schedule, messages as they come, /healthz and /readyz. SIGTERM stops it."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # likewise: the config was not read yet
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # until the service has its own: nothing is in hand yet
    import asyncio
    from concurrent.futures import ThreadPoolExecutor

    from tracker.reload import Reloader
    from tracker.service import Service

    if app.verbose == 0:
        logging.getLogger("tracker").setLevel(logging.INFO)
    for warning in app.loaded.warnings:
        app.say(warning)
    sender = Sender(app)

    def deliver() -> bool:
        sender.start()
        return not sender.trouble

    reloader, news = Reloader(app), []

    def refresh() -> "tuple[Config, list[Subject]] | None":
        if reloader.look():
            news.append("config")
        if app.refresh():
            news.append("cases")
        if not news:
            return None
        taken = app.config, app.subjects()
        sender.take_over()
        news.clear()  # not before: where the store fails, the next tick takes over
        return taken

    with ThreadPoolExecutor(1, "store") as executor:
        # The service's own pieces need a running loop: made inside it.
        async def serve() -> "Service":
            checker = app.checker(executor)
            checker.on_move(sender.start)
            service = Service(
                checker=checker,
                store=app.store,
                executor=executor,
                clock=now,
                deliver=deliver,
                settle=sender.settle,
                refresh=refresh,
                is_config_bad=lambda: reloader.trouble,
                hang_up=reloader.ask,
            )
            await service.run(app.config.web.listen)
            return service

        service = asyncio.run(serve())
    service.last_call.cancel()
    return 0
