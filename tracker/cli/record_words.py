"""Why a recording can't be made: what was looked for, what is near, and what to do."""

from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

import click

from tracker.cli.app import App
from tracker.core.clean import clean
from tracker.core.mask import mask_text

if TYPE_CHECKING:
    from tracker.recordings.finding import NoHostError, NotInHarError


def no_host(app: App, error: "NoHostError") -> str:
    """A HAR without the site."""
    there = app._(", ").join(error.there[:10]) or app._("none")
    if not error.wanted:
        text = app._("from no page in it does the adapter read: say where to begin with --url. It holds pages of: {hosts}")
        return text.format(hosts=clean(there, 400))
    text = app._(
        "it holds nothing of {wanted}; it holds pages of: {hosts}. Open the site with the network tools open, ask there, "
        "export again; or give another --url."
    )
    return text.format(wanted=app._(", ").join(error.wanted), hosts=clean(there, 400))


def not_there(app: App, error: "NotInHarError", known: tuple[str, ...]) -> str:
    """A HAR without a request that the adapter makes."""
    sent = f"{error.sent.method} {_address(error.sent.url, known)}"
    if error.lost == "body":
        text = app._(
            "the body of {request} is missing: load it again with the network tools open and the cache off, then export"
        )
        return text.format(request=sent)
    if error.lost == "text":
        text = app._(
            "the text of {request} lost its characters when the HAR was written: export it from the browser itself, or save "
            "the page and use --from-html"
        )
        return text.format(request=sent)
    names = [part.partition("=")[0] for part in error.sent.body.decode("utf-8", "replace").split("&") if part]
    if names and "json" not in error.sent.kind:
        fields = app._("with the fields {names}").format(names=clean(app._(", ").join(names), 300))
        sent = f"{sent} {fields}"
    near = [f"{e.method} {_address(e.url, known)} ({e.status})" for e in error.near]
    lines = [app._("the adapter asks for {request}, which is not in it.").format(request=sent)]
    if near:
        lines += [app._("What is near:"), *(f"  {line}" for line in near)]
    lines.append(app._("Ask on the site with the same reference while the network tools are open, and export again."))
    return "\n".join(lines)


def _address(url: str, known: tuple[str, ...]) -> str:
    raw = unquote_to_bytes(url)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("gb18030", "replace")
    return clean(mask_text(text, known), 200)


def refusal(app: App, error: Exception) -> click.ClickException:
    """Why answers that are there make no recording."""
    from tracker.recordings.making import LeftOverError, ReadsOtherwiseError

    separator = app._(", ")
    if isinstance(error, LeftOverError):
        text = app._(
            "Nothing was written: {captions} would still stand in {files}. Please report it (without the page): "
            "it is a spelling that is not known yet."
        )
        captions, files = (clean(separator.join(dict.fromkeys(names)), 300) for names in (error.captions, error.files))
        return click.ClickException(text.format(captions=captions or app._("a number of a person"), files=files))
    if isinstance(error, ReadsOtherwiseError):
        text = app._("Nothing was written: without the personal data the pages read otherwise ({before}, then {after}).")
        before, after = (
            clean(str(told.get("label") or told.get("reason") or told.get("requests") or "-"), 80)
            for told in (error.before, error.after)
        )
        return click.ClickException(text.format(before=before, after=after))
    text = app._("Nothing was written: no invented value fits the pattern that the adapter demands of its reference.")
    return click.ClickException(text)
