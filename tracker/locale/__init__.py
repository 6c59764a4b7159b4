"""The catalogues: every user-visible text in Chinese and English. How they are made stands in babel.cfg."""

import gettext
from functools import cache
from pathlib import Path

LANGUAGES = ("zh-CN", "en")


@cache
def translator(language: str) -> gettext.GNUTranslations:
    """The texts of one of LANGUAGES; an error where they were not compiled, never silence in another language."""
    if language not in LANGUAGES:
        raise ValueError(f"no such language: {language!r}; there are {', '.join(LANGUAGES)}")
    path = Path(__file__).parent / language.replace("-", "_") / "LC_MESSAGES" / "tracker.mo"
    try:
        with path.open("rb") as file:
            return gettext.GNUTranslations(file)
    except FileNotFoundError:
        message = f"{path}: the texts are not compiled; run `pip install -e .`, or the compile line of babel.cfg"
        raise RuntimeError(message) from None


def closest(locale: str) -> str:
    """The one of LANGUAGES for a system's locale name: zh_CN.UTF-8 and all Chinese ones give zh-CN, all others en."""
    return "zh-CN" if locale.lower().startswith("zh") else "en"
