"""Certificates for loopback sites: good, of an unknown CA, for a wrong name, expired."""

import datetime as dt
import ssl
from pathlib import Path

import trustme

from tests.sites.server import Reply, Site


class Authority:
    """A CA of the test's own; trusted by a client that gets its file through SSL_CERT_FILE."""

    def __init__(self) -> None:
        self._ca = trustme.CA()

    def write(self, folder: Path) -> Path:
        path = folder / "ca.pem"
        self._ca.cert_pem.write_to_path(str(path))
        return path

    def server(self, name: str = "127.0.0.1", *, expired: bool = False) -> ssl.SSLContext:
        """A server's context with a certificate for `name`."""
        last_day = dt.datetime(2020, 1, 2, tzinfo=dt.UTC) if expired else None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._ca.issue_cert(name, not_after=last_day).configure_cert(context)
        return context


def tls_site(context: ssl.SSLContext) -> Site:
    """A site that speaks TLS and answers every path with "ok"."""
    site = Site(tls=context)
    site.answer("*", Reply("ok"))
    return site
