"""`tracker serve`: the service in the foreground."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

import click

from tracker.cli.app import App, now


@click.command("serve")
@click.pass_obj
def serve_command(app: App) -> int:
    """Run the service: checks on schedule, messages as they come, /healthz and /readyz. SIGTERM stops it."""
    from tracker.cli.check import Sender, make_checker
    from tracker.service import Service

    if app.verbose == 0:
        logging.getLogger("tracker").setLevel(logging.INFO)
    for warning in app.loaded.warnings:
        app.say(warning)
    sender = Sender(app)
    with ThreadPoolExecutor(1, "store") as executor:
        # The service's own pieces need a running loop: made inside it.
        async def serve() -> None:
            checker = make_checker(app, executor)
            checker.moved = sender.start
            service = Service(
                checker=checker,
                store=app.store,
                executor=executor,
                clock=now,
                deliver=sender.start,
                settle=sender.settle,
            )
            await service.run(app.config.web.listen)

        asyncio.run(serve())
    return 0
