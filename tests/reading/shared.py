"""Pages that other people's programs recorded: what must be found on each, from shared.toml. Skipped where they are absent."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.reading.words import squash
from tracker.core.errors import CheckError, PageChanged
from tracker.core.model import ReadHints, Reading, Reference
from tracker.pages.captchas import captcha_of
from tracker.pages.contract import Response
from tracker.pages.forms import find_form, normal
from tracker.pages.parts import Form
from tracker.pages.reading import read_page

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "pages"
URL = "http://127.0.0.1/site/page.html"

Expected = Mapping[str, Any]


def expectations() -> list[Expected]:
    """One entry a page."""
    pages: list[Expected] = tomllib.loads(Path(__file__).with_name("shared.toml").read_text("utf-8"))["pages"]
    return pages


def without(folder: Path = FOLDER) -> list[str]:
    """Pages of the folder that nothing is said about yet."""
    told = {str(e["file"]) for e in expectations()}
    return sorted(p.name for p in folder.glob("*.html") if p.name not in told)


def check(folder: Path = FOLDER) -> tuple[int, list[str]]:
    """(pages, what was not found on them)."""
    pages = expectations()
    lines = [f"shared pages, {page['file']}: {what}" for page in pages for what in missed(page, folder)]
    return len(pages), lines


def missed(expected: Expected, folder: Path = FOLDER) -> Iterator[str]:
    """What was not found on one page as it should be."""
    page = Response(URL, 200, "text/html", (folder / expected["file"]).read_bytes())
    if "charset" in expected and page.charset != expected["charset"]:
        yield f"charset {page.charset}, not {expected['charset']}"
    if "title" in expected and page.document.title != expected["title"]:
        yield f"title {page.document.title!r}"
    for form in expected.get("forms", ()):
        yield from _form(page, form)
    yield from _captcha(page, expected.get("captcha"))
    for caption in expected.get("no_form", ()):
        yield from _no_form(page, caption)
    if "status" in expected or "outcome" in expected:
        yield from _reading(page, expected)


def _form(page: Response, wanted: Expected) -> Iterator[str]:
    """Whether one of the page's forms is the wanted one."""
    forms = page.document.forms[:1] if wanted.get("first") else page.document.forms
    names = set(wanted["fields"])
    fitting = [f for f in forms if names <= {c.name for c in f.controls}]
    if not fitting:
        yield f"no form with {', '.join(sorted(names))}"
        return
    form = fitting[0]
    action = wanted["action"]
    if form.method != wanted["method"] or not (form.action.endswith(action) if action else form.action == page.url):
        yield f"form {form.method} {form.action}"
    if "name" in wanted and form.name != wanted["name"]:
        yield f"form named {form.name!r}"
    hidden = [c.name for c in form.controls if c.kind == "hidden"]
    if isinstance(wanted.get("hidden"), int) and len(hidden) != wanted["hidden"]:
        yield f"{len(hidden)} hidden fields"
    if isinstance(wanted.get("hidden"), list) and not set(wanted["hidden"]) <= set(hidden):
        yield f"hidden fields {', '.join(hidden)}"
    if "button" in wanted and wanted["button"] not in [c.value for c in form.controls if c.kind == "submit"]:
        yield f"no button {wanted['button']}"
    yield from _captions(form, wanted["fields"])


def _captions(form: Form, wanted: Mapping[str, str]) -> Iterator[str]:
    for name, caption in wanted.items():
        control = next(c for c in form.controls if c.name == name)
        if caption and normal(caption) not in {normal(c.text) for c in control.captions}:
            yield f"{name} has the captions {', '.join(c.text for c in control.captions)!r}, not {caption}"


def _captcha(page: Response, wanted: Mapping[str, str] | None) -> Iterator[str]:
    found = [c for form in page.document.forms if (c := captcha_of(page.document, form)) is not None]
    if wanted is None:
        if found:
            yield f"captcha {found[0][0].name}, but there is none"
        return
    fields = [c for c in found if c[0].name == wanted["field"]]
    if not fields:
        yield f"no captcha {wanted['field']}"
        return
    _, image, question = fields[0]
    if "image" in wanted and (image is None or wanted["image"] not in image.src):
        yield f"captcha image {image.src if image else None}"
    if "question" in wanted and squash(wanted["question"]) not in squash(question):
        yield f"captcha question {question!r}"


def _no_form(page: Response, caption: str) -> Iterator[str]:
    for wanted in ((caption,), ()):
        try:
            form = find_form(page.document, wanted)
        except PageChanged:
            continue
        yield f"offers the form {form.name!r} for {wanted or 'nothing'}"


def _reading(page: Response, expected: Expected) -> Iterator[str]:
    try:
        got = read_page(page, Reference(expected.get("reference", {}), URL, ReadHints(label=expected.get("label"))))
    except CheckError as error:
        kind = f"{error.kind}/{error.reason}"
        if kind not in expected.get("outcome", ()):
            yield f"{kind}, {error}"
        return
    if "status" not in expected:
        yield f"WRONG: status {got.label!r}"
    else:
        yield from _differences(got, expected)


def _differences(got: Reading, expected: Expected) -> Iterator[str]:
    if squash(got.label) != squash(expected["status"]):
        yield f"WRONG: status {got.label!r}"
    if "identity" in expected and got.identity != expected["identity"]:
        yield f"identity {got.identity}"
    if "notice" in expected and expected["notice"] not in (got.notice or ""):
        yield f"notice {got.notice!r}"
    for caption, value in expected.get("details", {}).items():
        shown = {squash(k): squash(v) for k, v in got.details.items()}
        if shown.get(squash(caption)) != squash(value):
            yield f"{caption}: {shown.get(squash(caption))!r}"
