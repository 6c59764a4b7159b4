"""A faster way to the same words: what is compared must not depend on which way was taken."""

import unicodedata

import pytest

from tracker.core.hanzi import PLAIN, narrow


@pytest.mark.parametrize(
    "text", ["，：；（）！？", "审核，（通过）！", "ＡＢＣ１２３", "①㈱ﬁ", "审核中", "abc", "é，e\u0301：", "神，\uf900"]
)
def test_narrowing_is_unicodes_compatibility_form(text: str) -> None:
    assert narrow(text) == unicodedata.normalize("NFKC", text)


@pytest.mark.parametrize("text", ["A", "：", " ", "ｂ", "\u200b", "。", "é", "\uf900"])
def test_what_must_be_folded_is_not_plain(text: str) -> None:
    assert PLAIN.fullmatch(f"审核{text}中") is None
