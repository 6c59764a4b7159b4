"""What a log may say of an error of ours."""

import pytest

from tracker.core.errors import place_of


def test_the_place_of_an_error_is_told_without_its_words() -> None:
    with pytest.raises(ValueError, match="secret") as raised:
        int("secret")
    assert place_of(raised.value).startswith("test_errors.py:")
    assert "secret" not in place_of(raised.value)
