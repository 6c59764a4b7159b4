"""Which words are a captcha's."""

import pytest

from tracker.pages.captchas import is_captcha


@pytest.mark.parametrize(
    ("word", "is_one"), [("验证码", True), ("yzm", True), ("checkCode", True), ("受理编号", False), ("slbh", False)]
)
def test_a_field_or_caption_is_a_captchas_by_its_words(word: str, is_one: bool) -> None:
    assert is_captcha(word) is is_one
