"""A desk with one case at a real site and one receiver, both on loopback."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.desk import NUMBER, Desk
from tests.shell.receivers import Phone
from tests.sites.query import QuerySite, Record


@pytest.fixture
def phone() -> Iterator[Phone]:
    """A receiver that accepts everything until told otherwise."""
    with Phone() as receiver:
        yield receiver


@pytest.fixture
def desk(tmp_path: Path, site: QuerySite, phone: Phone) -> Desk:
    """The user's folder, ready to run."""
    site.cases[NUMBER] = Record(NUMBER)
    desk = Desk(tmp_path)
    desk.add_case(site.form_url, NUMBER)
    desk.add_receiver(phone.at())
    return desk
