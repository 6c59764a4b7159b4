"""What every adapter must offer, whoever wrote it."""

import inspect
import re
from types import GeneratorType

import pytest

from tests.pages.made import record, response
from tracker.core.errors import CheckError
from tracker.core.model import Reference, Status, Word
from tracker.pages.adapter import Adapter, CaptchaAsk, Field, LookAsk, Meta, Request, hosts_of
from tracker.registry import Registry

URL = "http://127.0.0.1:8901/query.htm"
REGISTRY = Registry()
NAMES = sorted(REGISTRY)


def adapter(name: str) -> Adapter:
    return REGISTRY[name]


def reference(meta: Meta) -> Reference:
    """A reference that fits an adapter; values of obviously invented cases."""
    values = {field.name: _value(field) for field in meta.reference}
    return Reference(values or {"受理编号": "SH2026000123"}, URL if meta.needs_url or meta.by_hand else meta.home)


def _value(field: Field) -> str:
    for candidate in ("SH2026000123", "310000199001011234", "测试甲", "123456789012", "A123456789012345", "me@example.org"):
        if field.pattern is None or re.fullmatch(field.pattern, candidate):
            return candidate
    pytest.fail(f"no invented value fits {field.pattern}")


@pytest.mark.parametrize("name", NAMES)
def test_the_meta_is_complete(name: str) -> None:
    meta = adapter(name).META
    assert isinstance(meta, Meta)
    assert meta.id == name
    assert set(meta.title) == {"zh-CN", "en"}
    assert all(meta.title.values())
    assert meta.source
    assert meta.needs_url or meta.hosts or meta.home or meta.by_hand
    assert meta.free_reference or meta.reference or meta.watches
    for field in meta.reference:
        assert field.pattern is None or re.compile(field.pattern)
        assert not field.title or set(field.title) == {"zh-CN", "en"}


@pytest.mark.parametrize("name", NAMES)
def test_the_labels_mean_something(name: str) -> None:
    for label, meaning in adapter(name).META.labels.items():
        assert label.strip() == label
        assert (meaning.status if isinstance(meaning, Word) else meaning) is not Status.UNKNOWN


@pytest.mark.parametrize("name", NAMES)
def test_the_module_says_what_it_is(name: str) -> None:
    module = inspect.getmodule(adapter(name).query)
    assert module is not None
    assert module.__doc__
    assert len(inspect.getsource(module).splitlines()) <= 120


@pytest.mark.parametrize("name", NAMES)
def test_an_adapter_imports_only_the_contract(name: str) -> None:
    module = inspect.getmodule(adapter(name).query)
    assert module is not None
    imported = re.findall(r"^(?:from|import) (tracker[\w.]*|adapters[\w.]*)", inspect.getsource(module), re.MULTILINE)
    assert set(imported) == {"tracker.pages.adapter"}


@pytest.mark.parametrize("name", NAMES)
def test_the_flow_first_asks_for_something_it_may_ask_for(name: str) -> None:
    meta = adapter(name).META
    flow = adapter(name).query(reference(meta))
    assert isinstance(flow, GeneratorType)
    first = next(flow)
    flow.close()
    assert not isinstance(first, CaptchaAsk)
    if isinstance(first, Request):
        host = re.fullmatch(r"https?://([^/:]+)(?::\d+)?(?:[/?].*)?", first.url)
        assert host is not None
        assert host[1] in hosts_of(meta, reference(meta))
    else:
        assert isinstance(first, LookAsk)


@pytest.mark.parametrize("name", NAMES)
def test_reading_is_pure_and_fails_by_name(name: str) -> None:
    meta = adapter(name).META
    for body in (record(当前状态="审核中"), "<p>系统维护中</p>", "<p>甲</p>", "{}"):
        page = response(body)
        results = []
        for _ in range(2):
            try:
                results.append(str(adapter(name).read(page, reference(meta))))
            except CheckError as error:
                results.append(repr(error))
        assert results[0] == results[1]


def test_the_generic_adapters_are_there() -> None:
    assert {"form", "page"} <= set(NAMES)
