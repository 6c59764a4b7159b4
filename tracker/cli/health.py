"""`tracker health`: one question to the running service. A container asks it often, so it imports next to nothing."""

import http.client
import os
from collections.abc import Mapping
from gettext import NullTranslations
from pathlib import Path

import click

from tracker.cli.glance import looked_up, settings, table
from tracker.locale import LANGUAGES, closest, translator

SECONDS = 3.0
DEFAULT_LISTEN = "127.0.0.1:8300"
_ANY = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}  # noqa: S104 - what the service listens on, not we


@click.command("health")
@click.pass_context
def health_command(ctx: click.Context) -> None:
    """Ask the running service whether it is well: exit 0 or 1."""
    tree, folder = settings(ctx.obj.config_path)
    _ = _translator(tree).gettext
    address = _listen(tree, folder)
    try:
        host, port = parsed(address)
    except ValueError:
        click.echo(_("unhealthy: {address} is no address to listen on").format(address=address), err=True)
        ctx.exit(1)
    shown = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    try:
        status, body = ask(host, port)
    except (OSError, http.client.HTTPException) as error:
        why = str(error) or type(error).__name__
        text = _("unhealthy: nothing answers at {address} ({why}); is {command} running?")
        click.echo(text.format(address=shown, why=why, command="tracker serve"), err=True)
        ctx.exit(1)
    if status != 200:
        why = f"HTTP {status}: {body}" if body else f"HTTP {status}"
        click.echo(_("unhealthy: the service at {address} says {why}").format(address=shown, why=why), err=True)
        ctx.exit(1)


def ask(host: str, port: int) -> tuple[int, str]:
    """(HTTP status, the answer's first line) of /readyz."""
    connection = http.client.HTTPConnection(host, port, timeout=SECONDS)
    try:
        connection.request("GET", "/readyz", headers={"Connection": "close"})
        response = connection.getresponse()
        lines = response.read(1000).decode(errors="replace").splitlines()
        return response.status, "".join(c for c in lines[0] if c.isprintable())[:200] if lines else ""
    finally:
        connection.close()


def _translator(tree: Mapping[str, object]) -> NullTranslations:
    language = os.environ.get("TRACKER_LANGUAGE") or tree.get("language")
    locale = next((os.environ[n] for n in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(n)), "")
    return translator(language if language in LANGUAGES else closest(locale))


def _listen(tree: Mapping[str, object], folder: Path) -> str:
    """The address that the service listens on: environment, file, default."""
    if from_env := os.environ.get("TRACKER_WEB__LISTEN"):
        return from_env
    value = looked_up(table(tree, "web").get("listen"), folder)
    return value if isinstance(value, str) else DEFAULT_LISTEN


def parsed(address: str) -> tuple[str, int]:
    """(host to ask, port); a service that listens everywhere is asked on loopback."""
    host, colon, port = address.rpartition(":")
    number = int(port) if colon and port.isascii() and port.isdigit() else -1
    if not 0 < number < 65536:
        raise ValueError(address)
    host = host.removeprefix("[").removesuffix("]")
    return _ANY.get(host, host), number
