import gettext
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from tracker.locale import LANGUAGES, closest, translator

ROOT = Path(__file__).parents[2]
LOCALE = ROOT / "tracker" / "locale"

MsgId = str | tuple[str, ...]


@cache
def extracted() -> dict[MsgId, str]:
    """Every text of the source that is shown to a user, and a file it stands in."""
    keywords = {**DEFAULT_KEYWORDS, "N_": None, "_": None}
    methods = [("**.py", "python"), ("**.html", "jinja2")]
    options = {"**.html": {"silent": "false", "trimmed": "true", "extensions": "jinja2.ext.i18n"}}
    found = extract_from_dir(ROOT / "tracker", methods, options, keywords)
    return {message: file for file, _, message, _, _ in found}


def catalogue(language: str) -> Catalog:
    with (LOCALE / language.replace("-", "_") / "LC_MESSAGES" / "tracker.po").open("rb") as file:
        return read_po(file, locale=language.replace("-", "_"))


def entries(language: str) -> Iterator[Message]:
    return (message for message in catalogue(language) if message.id)


def forms(value: object) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(str(v) for v in value)  # type: ignore[attr-defined]


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_every_text_of_the_source_stands_in_the_catalogue_and_no_stale_one(language: str) -> None:
    source, known = set(extracted()), {message.id for message in entries(language)}
    assert sorted(map(str, source - known)) == [], "missing: run extract and update (babel.cfg)"
    assert sorted(map(str, known - source)) == [], "stale: run extract and update (babel.cfg)"


def test_every_text_is_translated(language: str) -> None:
    gaps = [message.id for message in entries(language) if message.fuzzy or not all(forms(message.string))]
    assert gaps == []


def test_a_translation_keeps_the_places_for_values(language: str) -> None:
    wrong = [
        message.id
        for message in entries(language)
        for text in forms(message.string)
        if places(text) != set().union(*map(places, forms(message.id)))
    ]
    assert wrong == []


def test_the_chinese_text_is_chinese() -> None:
    untranslated = [
        m.id for m in entries("zh-CN") if forms(m.string)[0] == forms(m.id)[0] and any(c.isalpha() for c in m_words(m))
    ]
    assert untranslated == []


def m_words(message: Message) -> str:
    """The words of a text without its places for values."""
    return "".join(literal for literal, _, _, _ in Formatter().parse(forms(message.id)[0]))


def test_the_compiled_catalogue_is_the_one_of_the_source(language: str) -> None:
    buffer = BytesIO()
    write_mo(buffer, catalogue(language))
    compiled = LOCALE / language.replace("-", "_") / "LC_MESSAGES" / "tracker.mo"
    assert compiled.read_bytes() == buffer.getvalue(), "run the compile line of babel.cfg"


def test_the_translator_speaks_each_language() -> None:
    assert translator("zh-CN").gettext("in review") == "审核中"
    assert translator("en").gettext("in review") == "in review"
    assert translator("en").ngettext("{count} day", "{count} days", 2) == "{count} days"
    assert isinstance(translator("en"), gettext.NullTranslations)


def test_a_language_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="no such language: 'fr'; there are zh-CN, en"):
        translator("fr")


def test_a_catalogue_that_was_not_compiled_is_an_error_and_not_english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tracker.locale

    monkeypatch.setattr(tracker.locale, "__file__", str(tmp_path / "__init__.py"))
    with pytest.raises(RuntimeError, match=r"not compiled; run `pip install -e \.`"):
        translator.__wrapped__("zh-CN")


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("zh_CN.UTF-8", "zh-CN"),
        ("zh-Hans", "zh-CN"),
        ("ZH", "zh-CN"),
        ("en_GB.UTF-8", "en"),
        ("C", "en"),
        ("", "en"),
        ("de_DE", "en"),
    ],
)
def test_a_systems_locale_finds_its_nearest_language(locale: str, language: str) -> None:
    assert closest(locale) == language
