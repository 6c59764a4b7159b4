"""`tracker serve`: the service in the foreground."""

import asyncio
import logging
import signal
import sys
from concurrent.futures import ThreadPoolExecutor

import click

from tracker.cli.app import App, now


@click.command("serve")
@click.pass_obj
def serve_command(app: App) -> int:
    """Run the service: checks on schedule, messages as they come, /healthz and /readyz. SIGTERM stops it."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # until the service has its own: nothing is in hand yet
    from tracker.cli.check import Sender, make_checker
    from tracker.cli.status import next_step
    from tracker.service import Service

    if app.verbose == 0:
        logging.getLogger("tracker").setLevel(logging.INFO)
    for warning in app.loaded.warnings:
        app.say(warning)
    if not app.config.cases:
        app.say(next_step(app))  # no mistake: a container may be started first and set up then
    sender = Sender(app)

    def deliver() -> bool:
        sender.start()
        return not sender.trouble

    with ThreadPoolExecutor(1, "store") as executor:
        # The service's own pieces need a running loop: made inside it.
        async def serve() -> "Service":
            checker = make_checker(app, executor)
            checker.on_move(sender.start)
            service = Service(
                checker=checker,
                store=app.store,
                executor=executor,
                clock=now,
                deliver=deliver,
                settle=sender.settle,
            )
            await service.run(app.config.web.listen)
            return service

        service = asyncio.run(serve())
    service.last_call.cancel()
    return 0
