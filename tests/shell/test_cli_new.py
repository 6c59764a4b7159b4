"""`adapters new`: an adapter of one's own, as a file that works; and how such files are found, or told to be broken."""

import inspect
import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.hars import Asked, chrome
from tests.pages.made import NUMBER, record
from tests.shell.reading import Desk
from tests.sites.query import QuerySite
from tests.sites.server import Reply
from tracker.core.errors import CheckError, PageChanged
from tracker.core.model import Reading, Reference
from tracker.har import exchanges
from tracker.pages.adapter import Adapter, CaptchaAsk, LookAsk, Meta, Request, Response, hosts_of
from tracker.registry import AdapterError, Registry, load_file, own_folder

SITE = "https://progress.example"
FORM = (
    '<html><title>"某地"查询\\</title><body><form method=post action=/q>受理编号：<input name=slbh>'
    "证件类型：<select name=lx><option value=''>请选择</option><option>身份证</option></select></form></body></html>"
)
RECORD = {"slbh": NUMBER, "zt": "窗口流转", "gxsj": "2026-11-20"}
API = f"{SITE}/api"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TRACKER_ADAPTERS", str(tmp_path / "own"))
    return tmp_path / "own"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, 'language = "en"\n')


def answer(url: str, **more: object) -> bytes:
    page = Asked(f"{SITE}/cx/index.htm", "<html><title>某地</title><div id=app></div></html>", set_cookie="S=abc1; Path=/")
    text = json.dumps({"data": [RECORD]}, ensure_ascii=False)
    return chrome(page, Asked(url, text, "application/json", kind="xhr", **more))  # type: ignore[arg-type]


def post(body: object) -> bytes:
    return answer(API, method="POST", sent=json.dumps(body), sent_type="application/json")


PROBED = {
    "form": FORM.encode(),
    "page": f"<html><body>{record(受理编号=NUMBER, 办件进展='窗口流转', 最近处理时间='2026-11-20')}</body></html>".encode(),
    "by_hand": b"<html><body><form>\xe5\xa7\x93\xe5\x90\x8d<input name=xm>code<input name=captcha></form></body></html>",
    "get": answer(f"{API}?type=7&slbh={NUMBER}"),
    "cookie": answer(f"{API}?slbh={NUMBER}", cookies="S=abc1"),
    "path": answer(f"{SITE}/api/of/{NUMBER}"),
    "json": post({"slbh": NUMBER, "page": 1}),
    "nested": post({"q": {"slbh": NUMBER, "all": False, "n": None}, "l": [1, "x"]}),
    "posted": answer(API, method="POST", sent=f"slbh={NUMBER}&lx=2"),
    "asked": chrome(
        Asked(f"{SITE}/q.htm", "<html><body><input id=n></body></html>"),
        Asked(API, record(受理编号=NUMBER, 当前状态="审核中"), method="POST", sent=f"slbh={NUMBER}&lx=2", kind="xhr"),
    ),
}


def drafted(desk: Desk, name: str, data: bytes) -> Adapter:
    file = desk.folder / "probed"
    file.write_bytes(data)
    result = desk.run("adapters", "new", name, "--from-probe", str(file))
    assert result.exit_code == 0, result.stderr
    return load_file(Path(result.stdout.strip()))


def reference(meta: Meta) -> Reference:
    return Reference({field.name: NUMBER for field in meta.reference} or {"slbh": NUMBER}, meta.home)


def first_ask(adapter: Adapter) -> object:
    flow = adapter.query(reference(adapter.META))
    asked = next(flow)
    flow.close()
    return asked


@pytest.mark.parametrize("kind", PROBED)
def test_a_draft_keeps_the_contract(desk: Desk, kind: str) -> None:
    adapter = drafted(desk, f"my_{kind}", PROBED[kind])
    meta, module = adapter.META, inspect.getmodule(adapter.query)
    assert module is not None
    source = inspect.getsource(module)
    assert (meta.id, set(meta.title), meta.verified_on) == (f"my_{kind}", {"zh-CN", "en"}, None)
    assert meta.source.startswith("What its own page and answers showed on 20")
    assert meta.home
    assert meta.free_reference or meta.reference
    assert module.__doc__
    assert len(source.splitlines()) <= 120
    imported = re.findall(r"^(?:from|import) (tracker[\w.]*|adapters[\w.]*)", source, re.MULTILINE)
    assert imported == ["tracker.pages.adapter"]
    asked = first_ask(adapter)
    assert not isinstance(asked, CaptchaAsk)
    assert isinstance(asked, LookAsk) is (kind == "by_hand")
    if isinstance(asked, Request) and kind != "page":
        assert re.match(r"https?://([^/:]+)", asked.url)[1] in hosts_of(meta, reference(meta))  # type: ignore[index]
    for body in ("<p>系统维护中</p>", "{}"):
        with pytest.raises(CheckError):
            adapter.read(Response(SITE, 200, "text/html", body.encode()), reference(meta))


@pytest.mark.parametrize("kind", ["get", "cookie", "path", "json", "nested", "posted"])
def test_a_draft_for_a_script_asks_as_the_page_did_and_reads_its_answer(desk: Desk, kind: str) -> None:
    adapter = drafted(desk, f"my_{kind}", PROBED[kind])
    flow = adapter.query(reference(adapter.META))
    asked = next(flow)
    assert isinstance(asked, Request)
    if kind == "cookie":
        assert asked.url == f"{SITE}/cx/index.htm"
        asked = flow.send(Response(asked.url, 200, "text/html", b"x"))
        assert isinstance(asked, Request)
    sent = json.loads(asked.json) if asked.json else dict(asked.form)
    assert (asked.url, sent) == {
        "get": (f"{API}?type=7", {"slbh": NUMBER}),
        "cookie": (API, {"slbh": NUMBER}),
        "path": (f"{SITE}/api/of/{NUMBER}", {}),
        "json": (API, {"slbh": NUMBER, "page": "1"}),
        "nested": (API, {"q": {"slbh": NUMBER, "all": False, "n": None}, "l": [1, "x"]}),
        "posted": (API, {"slbh": NUMBER, "lx": "2"}),
    }[kind]
    with pytest.raises(StopIteration) as stopped:
        flow.send(Response(API, 200, "application/json", json.dumps({"data": [RECORD]}).encode()))
    assert isinstance(stopped.value.value, Reading)
    assert (stopped.value.value.label, str(stopped.value.value.reported_on)) == ("窗口流转", "2026-11-20")


def test_a_draft_for_a_piece_of_a_page_asks_as_the_script_did(desk: Desk) -> None:
    adapter = drafted(desk, "my_asked", PROBED["asked"])
    flow = adapter.query(reference(adapter.META))
    asked = next(flow)
    assert isinstance(asked, Request)
    assert (asked.method, asked.url, dict(asked.form)) == ("POST", API, {"slbh": NUMBER, "lx": "2"})
    with pytest.raises(StopIteration) as stopped:
        flow.send(Response(API, 200, "text/html", record(受理编号=NUMBER, 当前状态="审核中").encode()))
    assert stopped.value.value.label == "审核中"


def test_a_draft_of_a_form_asks_and_reads_a_site(desk: Desk, site: QuerySite) -> None:
    site.answer("/q.htm", Reply(FORM.replace("/q", f"{site.url}r")))
    site.answer("/r", Reply(f"<html><body>{record(受理编号=NUMBER, 当前状态='审核中')}</body></html>"))
    drafted(desk, "my_form", FORM.replace("<title>", f"<!-- saved from url=(0020){site.url}q.htm --><title>").encode())
    case = f'[[cases]]\nname = "me"\nadapter = "my_form"\nreference = {{ "受理编号" = "{NUMBER}", "证件类型" = "身份证" }}\n'
    inner = Desk(desk.folder, f'language = "en"\n[fetch]\nmin_gap = "0s"\n{case}')
    assert inner.run("check", "--dry-run").stdout == "me: “审核中” (likely in review) · first reading\n"


def test_what_probe_printed_is_as_good_as_the_file(desk: Desk, folder: Path) -> None:
    for kind in ("nested", "form", "cookie"):
        file = desk.folder / "kept"
        file.write_bytes(PROBED[kind])
        printed = desk.folder / "probe.json"
        printed.write_text(desk.run("adapters", "probe", str(file), "--json").stdout)
        assert desk.run("adapters", "new", "from_json", "--from-probe", str(printed)).exit_code == 0
        assert desk.run("adapters", "new", "from_file", "--from-probe", str(file)).exit_code == 0
        one, other = (folder / f"{name}.py" for name in ("from_json", "from_file"))
        assert one.read_text().replace("from_json", "from_file") == other.read_text()
        one.unlink()
        other.unlink()


def with_token(given: Asked, *, url: str = API, method: str = "POST", body: object = None) -> bytes:
    """A visit whose request carried a token that an earlier answer gave."""
    text = json.dumps({"data": [RECORD]}, ensure_ascii=False)
    sent = json.dumps(body or {"slbh": NUMBER, "token": "tok-12345"}) if method == "POST" else ""
    asked = Asked(url, text, "application/json", method=method, sent=sent, sent_type="application/json", kind="xhr")
    return chrome(Asked(f"{SITE}/", "<html><div id=app></div></html>"), given, asked)


META_TAG = Asked(f"{SITE}/cx/", "<html><meta name=csrf content=tok-12345><div id=app></div></html>")
INPUT = Asked(f"{SITE}/cx/", "<html><input type=hidden id=t value=tok-12345></html>")
SCRIPT = Asked(f"{SITE}/cx/", "<html><script>\n var csrf = 'tok-12345';</script></html>")
TOKEN_API = Asked(f"{SITE}/api/t?v=2", '{"data": {"t": "tok-12345"}}', "application/json", kind="xhr")
POSTED = replace(TOKEN_API, method="POST", sent="app=web", url=f"{SITE}/api/t")
POSTED_JSON = replace(POSTED, sent='{"app": "web"}', sent_type="application/json")
GET_URL = f"{API}?slbh={NUMBER}&token=tok-12345"


@pytest.mark.parametrize(
    ("data", "asked"),
    [
        (with_token(META_TAG), Request("GET", f"{SITE}/cx/")),
        (with_token(INPUT), Request("GET", f"{SITE}/cx/")),
        (with_token(SCRIPT), Request("GET", f"{SITE}/cx/")),
        (with_token(TOKEN_API), Request("GET", f"{SITE}/api/t?v=2")),
        (with_token(POSTED), Request("POST", f"{SITE}/api/t", (("app", "web"),))),
        (with_token(POSTED_JSON), Request("POST", f"{SITE}/api/t", json='{"app": "web"}')),
        (with_token(TOKEN_API, url=GET_URL, method="GET"), Request("GET", f"{SITE}/api/t?v=2")),
        (
            with_token(TOKEN_API, body={"q": {"slbh": NUMBER}, "h": [{"token": "tok-12345"}]}),
            Request("GET", f"{SITE}/api/t?v=2"),
        ),
        (with_token(TOKEN_API, url=f"{API}/{NUMBER}?token=tok-12345", method="GET"), Request("GET", f"{SITE}/api/t?v=2")),
    ],
)
def test_a_draft_fetches_a_token_anew_and_sends_it_where_the_browser_did(
    desk: Desk, folder: Path, data: bytes, asked: Request
) -> None:
    adapter = drafted(desk, "my_token", data)
    assert "tok-12345" not in (folder / "my_token.py").read_text()
    flow = adapter.query(reference(adapter.META))
    first = next(flow)
    assert first == asked
    before = next(e for e in exchanges(data) if e.url == asked.url)
    body = (before.body or b"").replace(b"tok-12345", b"fresh-678")
    second = flow.send(Response(asked.url, 200, before.content_type, body))
    assert isinstance(second, Request)
    assert "fresh-678" in f"{second.json}{second.form}"
    with pytest.raises(StopIteration) as stopped:
        flow.send(Response(API, 200, "application/json", json.dumps({"data": [RECORD]}).encode()))
    assert stopped.value.value.label == "窗口流转"


def test_a_token_that_is_gone_is_a_changed_page(desk: Desk) -> None:
    flow = drafted(desk, "my_token", with_token(META_TAG)).query(Reference({"slbh": NUMBER}, API))
    next(flow)
    with pytest.raises(PageChanged):
        flow.send(Response(SITE, 200, "text/html", b"<html><p>x</p></html>"))


@pytest.mark.parametrize(
    "given",
    [
        Asked(f"{SITE}/x", "tok-12345", "text/plain", kind="xhr"),  # nothing stands in front of it
        replace(TOKEN_API, text='{"data": [{"t": "tok-12345"}]}'),  # which entry, nobody knows
        replace(TOKEN_API, url=f"{SITE}/api/t?slbh={NUMBER}"),  # it was given for a person
        replace(TOKEN_API, method="PUT"),
    ],
)
@pytest.mark.parametrize("body", [None, {"q": {"slbh": NUMBER}, "token": "tok-12345"}], ids=["flat", "nested"])
def test_a_token_that_can_not_be_fetched_is_named_in_the_draft_and_stands_in_it_nowhere(
    desk: Desk, folder: Path, given: Asked, body: object
) -> None:
    drafted(desk, "my_token", with_token(given, body=body))
    written = (folder / "my_token.py").read_text()
    assert "held by an earlier answer: token. Ask for that first." in written
    assert "tok-12345" not in written
    file = desk.folder / "probed"
    assert "tok-12345" not in desk.run("adapters", "probe", str(file), "--json").stdout
    again = desk.run("adapters", "new", "other", "--from-probe", str(file)).stderr
    assert "but in no place that has a name" in " ".join(again.split())


def test_two_tokens_of_one_answer_are_fetched_with_one_request(desk: Desk, folder: Path) -> None:
    page = Asked(f"{SITE}/cx/", "<html><meta name=a content=tok-12345><meta name=b content=sig-67890></html>")
    drafted(desk, "my_two", with_token(page, body={"slbh": NUMBER, "token": "tok-12345", "sign": "sig-67890"}))
    written = (folder / "my_two.py").read_text()
    assert written.count("yield from get(") == 1
    assert """tokens["sign"] = value_in(given, "css:meta[name='b']")""" in written


def test_a_token_of_another_host_is_fetched_there(desk: Desk, folder: Path) -> None:
    adapter = drafted(desk, "my_far", with_token(replace(TOKEN_API, url="https://sso.example/t")))
    assert adapter.META.hosts == ("progress.example", "sso.example")
    asked = first_ask(adapter)
    assert isinstance(asked, Request)
    assert asked.url == "https://sso.example/t"
    assert "urljoin" not in (folder / "my_far.py").read_text()


def test_a_draft_of_a_form_fills_in_what_a_link_of_its_page_would(desk: Desk, folder: Path) -> None:
    link = "<input type=hidden name=__EVENTTARGET><a href=\"javascript:go('lbQuery')\">查询</a></form>"
    page = Asked(f"{SITE}/q.htm", f"<form method=post action=/a>受理编号：<input name=slbh>{link}")
    sent = Asked(f"{SITE}/a", record(受理编号=NUMBER), method="POST", sent=f"slbh={NUMBER}&__EVENTTARGET=lbQuery")
    adapter = drafted(desk, "my_link", chrome(page, sent))
    assert [f.name for f in adapter.META.reference] == ["受理编号"]
    flow = adapter.query(Reference({"受理编号": NUMBER}, adapter.META.home))
    next(flow)
    asked = flow.send(Response(f"{SITE}/q.htm", 200, "text/html", (page.text or "").encode()))
    assert isinstance(asked, Request)
    assert dict(asked.form) == {"slbh": NUMBER, "__EVENTTARGET": "lbQuery"}
    assert "from dataclasses import replace" in (folder / "my_link.py").read_text()


@pytest.mark.parametrize("kind", PROBED)
def test_a_draft_is_written_as_this_repository_writes_code(desk: Desk, folder: Path, kind: str) -> None:
    drafted(desk, f"my_{kind}", PROBED[kind])
    ruff = [sys.executable, "-m", "ruff"]
    settings = ("--config", str(Path(__file__).parents[2] / "pyproject.toml"), str(folder / f"my_{kind}.py"))
    checked = subprocess.run([*ruff, "check", "-q", *settings], capture_output=True, text=True, check=False)
    shaped = subprocess.run([*ruff, "format", "-q", "--diff", *settings], capture_output=True, text=True, check=False)
    assert (checked.stdout, shaped.stdout) == ("", "")


def test_where_only_the_person_may_ask_the_draft_reads_what_they_show(desk: Desk) -> None:
    adapter = drafted(desk, "my_own", answer(f"{API}?slbh={NUMBER}", cookies="SID=before"))
    assert (adapter.META.by_hand, adapter.META.home) == (True, f"{SITE}/cx/index.htm")
    page = f"<html><body>{record(受理编号=NUMBER, 当前状态='审核中')}</body></html>"
    assert adapter.read(Response(SITE, 200, "text/html", page.encode()), Reference({})).label == "审核中"


def test_without_a_probe_there_is_a_skeleton(desk: Desk, folder: Path) -> None:
    result = desk.run("adapters", "new", "office")
    assert (result.exit_code, result.stdout) == (0, f"{folder / 'office.py'}\n")
    assert "tracker adapters show office" in result.stderr
    assert load_file(folder / "office.py").META.reference[0].name == "受理编号"
    assert (folder / "office.py").read_text("utf-8").startswith('"""office: a skeleton, to be filled in."""')
    assert "your own" in desk.run("adapters", "list").stdout
    assert str(folder / "office.py") in desk.run("adapters", "show", "office").stdout


def test_nothing_that_is_there_is_overwritten(desk: Desk, folder: Path) -> None:
    folder.mkdir()
    (folder / "office.py").write_text("x = 1\n")
    for name in ("office", "form"):
        result = desk.run("adapters", "new", name)
        assert (result.exit_code, "nothing is overwritten" in result.stderr) == (2, True)
    other = desk.folder / "other"
    other.mkdir()
    (other / "mine.py").write_text("x = 1\n")
    result = desk.run("adapters", "new", "mine", "--folder", str(other))
    assert (result.exit_code, "is there already" in result.stderr) == (2, True)
    assert (folder / "office.py").read_text() == "x = 1\n"


def test_another_folder_says_where_adapters_are_looked_for(desk: Desk) -> None:
    result = desk.run("adapters", "new", "mine", "--folder", str(desk.folder / "elsewhere"))
    assert result.exit_code == 0
    assert "TRACKER_ADAPTERS" in result.stderr


@pytest.mark.parametrize("name", ["My-Office", "1st", "class", "ä", "a" * 60])
def test_a_name_that_python_could_not_import_is_refused(desk: Desk, name: str) -> None:
    result = desk.run("adapters", "new", name)
    assert (result.exit_code, "can't be an adapter's name" in result.stderr) == (2, True)


def test_a_folder_that_can_not_be_written_is_said_with_the_way_out(desk: Desk) -> None:
    (desk.folder / "file").write_text("")
    result = desk.run("adapters", "new", "mine", "--folder", str(desk.folder / "file" / "x"))
    assert (result.exit_code, "--folder" in result.stderr) == (2, True)
    missing = desk.run("adapters", "new", "mine", "--from-probe", "/nowhere")
    assert (missing.exit_code, "There is no file /nowhere" in missing.stderr) == (2, True)


# --- files of one's own ----------------------------------------------------------------------------------------------

BROKEN = {
    "unfinished": ("x = (\n", ":1: SyntaxError"),
    "lost": ("\n\nimport nowhere_to_be_found\n", ":3: ModuleNotFoundError"),
    "leaves": ("import sys\nsys.exit('bye')\n", ":2: SystemExit: bye"),
    "empty": ("", "META is missing"),
    "other": ("from tracker.pages.adapter import Meta\nMETA = Meta(id='x', title={})\n", "META.id is “x”"),
    "half": ("from tracker.pages.adapter import Meta\nMETA = Meta(id='half', title={})\n", "the function query is missing"),
    "page": ("", "an adapter that ships with Tracker has this name"),
}


@pytest.fixture
def broken(desk: Desk, folder: Path) -> Desk:
    assert desk.run("adapters", "new", "good").exit_code == 0
    for name, (text, _) in BROKEN.items():
        (folder / f"{name}.py").write_text(text)
    (folder / "_helper.py").write_text("raise ValueError")
    (folder / "notes.txt").write_text("no adapter")
    return desk


def test_a_broken_file_is_named_and_stops_nothing_else(broken: Desk, folder: Path) -> None:
    result = broken.run("adapters", "list")
    assert result.exit_code == 0
    assert "good" in result.stdout
    said = result.stderr.splitlines()
    for name, (_, words) in BROKEN.items():
        assert any(f"{folder / name}.py" in line and words in line for line in said), name
    listed = json.loads(broken.run("adapters", "list", "--json").stdout)
    assert {one["id"] for one in listed["broken"]} == set(BROKEN)
    assert {"good", "form", "page"} <= {one["id"] for one in listed["adapters"]}
    assert broken.run("config", "check").exit_code == 0
    assert json.loads(broken.run("config", "schema").stdout)


def test_a_case_on_a_broken_file_is_a_mistake_of_the_config(broken: Desk, folder: Path) -> None:
    inner = Desk(broken.folder, '[[cases]]\nname = "me"\nadapter = "unfinished"\n')
    with pytest.raises(AdapterError, match=r"unfinished\.py:1: SyntaxError"):
        inner.run("check")
    with pytest.raises(AdapterError):
        broken.run("adapters", "show", "unfinished")
    assert f"{folder / 'unfinished.py'}:1: SyntaxError" in broken.run("doctor").stdout


def test_a_registry_without_a_folder_has_what_ships(folder: Path) -> None:
    assert "form" in Registry()
    assert "mine" not in Registry(folder)
    assert Registry(folder).troubles() == {}


def test_the_folder_is_the_one_named_else_beside_the_usual_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    assert own_folder({"TRACKER_ADAPTERS": str(tmp_path / "a")}) == tmp_path / "a"
    assert own_folder({}).name == "adapters"
