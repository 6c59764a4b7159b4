"""Errors carry what their reader needs, and say it in one piece."""

from datetime import timedelta

import pytest

from tracker.core.errors import ConfigError, DeliveryError, place_of


def test_a_configs_mistakes_are_said_all_at_once_and_name_the_files_that_may_be_mended() -> None:
    error = ConfigError(["a.toml:3: every: too short", "a.toml:9: url: missing"], files=iter(["a.toml", "key"]))
    assert str(error) == "a.toml:3: every: too short\na.toml:9: url: missing"
    assert (error.mistakes[0], error.files) == ("a.toml:3: every: too short", ("a.toml", "key"))


def test_a_refused_message_says_in_the_services_words_whether_and_when_to_try_again() -> None:
    assert not DeliveryError("busy").permanent
    error = DeliveryError("no such topic", permanent=True, retry_after=timedelta(minutes=2))
    assert (str(error), error.reason, error.permanent, error.retry_after) == (
        "no such topic",
        "no such topic",
        True,
        timedelta(minutes=2),
    )


def test_the_place_of_an_error_is_told_without_its_words() -> None:
    with pytest.raises(ValueError, match="secret") as raised:
        int("secret")
    assert place_of(raised.value).startswith("test_errors.py:")
    assert "secret" not in place_of(raised.value)
