"""Fixtures: simulated sites on loopback."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.sites.query import QuerySite

if TYPE_CHECKING:
    from tests.sites.tls import Authority


@pytest.fixture
def open_site() -> Iterator[Callable[..., QuerySite]]:
    """Opens a query site on a loopback host of its own: `open_site("127.0.0.2")`."""
    with ExitStack() as stack:
        yield lambda host="127.0.0.1": stack.enter_context(QuerySite(host))


@pytest.fixture
def site(open_site: Callable[..., QuerySite]) -> QuerySite:
    """A query site on 127.0.0.1."""
    return open_site()


@pytest.fixture(scope="session")
def authority() -> "Authority":
    """A certificate authority that nobody trusts unasked."""
    from tests.sites.tls import Authority

    return Authority()


@pytest.fixture(autouse=True)
def no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' output goes to no terminal; a parallel run's workers pretend to one of 80 columns."""
    for name in ("COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)
