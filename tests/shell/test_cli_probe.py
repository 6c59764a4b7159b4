"""`adapters probe`: what a page looks like to us, and the case that would read it; never more than one polite look."""

import json
import tomllib
from pathlib import Path
from urllib.parse import quote

import pytest
from click.testing import CliRunner, Result

from tests.hars import Asked, chrome
from tests.pages.made import NUMBER, PERSON, record
from tests.shell.reading import Desk
from tests.sites.query import QuerySite
from tests.sites.server import HTML, Reply
from tracker.cli import root

FORM = (
    "<html><head><title>办件查询</title></head><body><form action=/s>站内搜索<input name=wd></form>"
    "<form action=query.do method=post onsubmit='return ok()' accept-charset=gbk>受理编号：<input name=slbh>"
    "姓名：<input name=xm value=测试甲>类别：<select name=lx><option>个人</option><option>企业</option></select>"
    "<input id=x title=手机号><input type=hidden name=t value=1><input type=submit value=查询></form></body></html>"
)
RECORD = record(受理编号=NUMBER, 证件号码=PERSON, 办件进展="审核中", 最近处理时间="2026-11-20", 提示="请携带材料")
ANSWER = f"<html><body>{RECORD}</body></html>"
SENDABLE = FORM.replace("id=x", "name=tel")
CAPTCHA = "<html><body><form>受理编号：<input name=slbh>验证码<input name=yzm><img src=code.jsp?r=1></form></body></html>"
SITE = "https://progress.example"


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", "CACHE", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, 'language = "en"\n')


def with_gap(folder: Path, gap: str) -> Desk:
    """A desk whose config asks this machine's sites as often as it says."""
    return Desk(folder, f'language = "en"\n[fetch]\nmin_gap = "{gap}"\n')


def probed(desk: Desk, body: str | bytes, *args: str, name: str = "page.html") -> Result:
    file = desk.folder / name
    file.write_bytes(body if isinstance(body, bytes) else body.encode())
    return desk.run("adapters", "probe", str(file), *args)


def block(result: Result) -> dict[str, object]:
    """The case in the output, as TOML."""
    (case,) = tomllib.loads(result.stdout[result.stdout.index("[[cases]]") :])["cases"]
    assert isinstance(case, dict)
    return case


def test_forms_are_shown_with_how_each_caption_was_found(desk: Desk) -> None:
    shown = probed(desk, FORM).stdout
    assert "Page “办件查询”" in shown
    assert "charset: utf-8 (its bytes are valid UTF-8)" in shown
    assert "Form 1: a search box" in shown
    assert "Form 2: asks for a case ← this one" in shown
    assert "a script looks at it before it is sent" in shown
    assert "hidden values, copied as they are: t" in shown
    line = next(line for line in shown.splitlines() if "slbh" in line and "text" in line)
    assert line.split() == ["受理编号", "text", "slbh", "the", "text", "in", "front", "of", "it"]
    assert "has no name: a browser does not send it" in shown
    assert "one of: 个人, 企业" in shown
    assert "this is the form: its answer comes once it is sent" in shown
    assert "测试甲" not in shown


def test_an_answer_is_shown_masked_with_what_is_taken_for_the_status_and_why(desk: Desk) -> None:
    result = probed(desk, ANSWER)
    assert NUMBER not in result.stdout
    assert PERSON not in result.stdout
    assert "SH2026****23" in result.stdout
    assert "Status: “审核中”" in result.stdout
    assert (
        "it stands under “办件进展” (no usual caption of one), caption and value in turns along a row, in table 1"
        in result.stdout
    )
    assert "it means “in review”, likely" in result.stdout
    assert "its day: 20 Nov 2026, under “最近处理时间”" in result.stdout
    assert "a notice beside it: “请携带材料”" in result.stdout
    assert block(result)["read"] == {"label": "办件进展", "date": "最近处理时间"}
    assert NUMBER in probed(desk, ANSWER, "--unmasked").stdout


def test_what_a_page_is_instead_is_quoted(desk: Desk) -> None:
    shown = probed(desk, "<html><body><p>系统维护中，请稍后再试</p></body></html>").stdout
    assert "The site is under maintenance." in shown
    assert "on the page: “系统维护中，请稍后再试”" in shown


def test_a_captcha_is_named_and_left_to_the_person(desk: Desk) -> None:
    result = probed(desk, CAPTCHA, "--url", f"{SITE}/cx.htm")
    assert f"captcha: 验证码 ({SITE}/code.jsp?r=1)" in result.stdout
    assert "only you may answer" in result.stdout
    assert block(result) == {"name": "me", "adapter": "by_hand", "url": f"{SITE}/cx.htm", "reference": {"受理编号": "…"}}


def test_the_address_that_a_browser_noted_is_used(desk: Desk) -> None:
    assert block(probed(desk, f"<!-- saved from url=(0031){SITE}/query.htm -->{FORM}".replace("id=x", "name=tel")))["url"] == (
        f"{SITE}/query.htm"
    )


@pytest.mark.parametrize("body", [SENDABLE, FORM, ANSWER, CAPTCHA, "<html><body><p>甲</p></body></html>"])
def test_the_block_is_a_valid_case_once_its_values_are_filled_in(desk: Desk, body: str) -> None:
    text = probed(desk, body).stdout
    config = 'language = "en"\n' + text[text.index("[[cases]]") :]
    result = Desk(desk.folder, config).run("config", "check")
    assert result.exit_code == 0, result.stderr


def har(*asked: Asked) -> bytes:
    return chrome(Asked(f"{SITE}/", "<html><title>查询</title><div id=app></div></html>"), *asked)


def answered(url: str = f"{SITE}/api?slbh={NUMBER}&type=7", cookies: str = "") -> Asked:
    tree = {"data": [{"slbh": NUMBER, "xm": "测试甲", "ztmc": "审核中", "gxsj": "2026-11-20"}]}
    return Asked(url, json.dumps(tree, ensure_ascii=False), "application/json", kind="xhr", cookies=cookies)


def test_in_a_har_the_json_answer_is_found_and_a_case_for_it_printed(desk: Desk) -> None:
    result = probed(desk, har(answered()), name="a.har")
    assert "the content comes by a script: the page asks this address, and gets JSON" in result.stdout
    assert "it stands at the path json:data[].ztmc" in result.stdout
    assert (NUMBER in result.stdout, "测试甲" in result.stdout) == (False, False)
    assert block(result) == {
        "name": "me",
        "adapter": "json",
        "url": f"{SITE}/api?type=7",
        "reference": {"slbh": "…"},
        "read": {"label": "json:data[].ztmc", "date": "json:data[].gxsj"},
    }


def test_a_har_with_a_form_shows_the_form_and_its_answer(desk: Desk) -> None:
    sent = f"slbh={NUMBER}&xm=%E6%B5%8B%E8%AF%95%E4%B8%99&lx=%E4%B8%AA%E4%BA%BA&t=1&tel="
    form = Asked(f"{SITE}/cx.htm", SENDABLE.replace(" value=测试甲", ""))
    moved = Asked(f"{SITE}/query.do", status=302, method="POST", sent=sent, location=f"{SITE}/r.htm?k=1")
    result = probed(desk, chrome(form, moved, Asked(f"{SITE}/r.htm?k=1", ANSWER)), name="a.har")
    for words in (
        "3 exchanges of 1 host",
        f"POST {SITE}/query.do",
        f"which led on to: {SITE}/r.htm?k=1",
        f"the form stood on {SITE}/cx.htm",
        "Form 2: asks for a case",
        "Status: “审核中”",
    ):
        assert words in result.stdout
    assert NUMBER not in result.stdout
    case = block(result)
    assert (case["adapter"], case["url"]) == ("form", f"{SITE}/cx.htm")
    assert case["reference"] == {"受理编号": "…", "姓名": "…"}


def test_what_was_chosen_stands_in_the_block_and_what_the_page_has_chosen_as_a_remark(desk: Desk) -> None:
    page = SENDABLE.replace("text name=t", "").replace("<input id=x", "<input")
    sent = f"slbh={NUMBER}&xm=&lx={quote('企业'.encode('gbk'))}&t=1&tel="  # in the form's charset; its answer is in UTF-8
    asked = Asked(f"{SITE}/query.do", ANSWER, method="POST", sent=sent)
    result = probed(desk, chrome(Asked(f"{SITE}/cx.htm", page), asked), name="x.har")
    assert block(result)["reference"] == {"受理编号": "…", "类别": "企业"}
    assert "# as you chose; one of: 个人, 企业" in result.stdout
    alone = probed(desk, page.replace("受理编号", "<input name=k1>受理编号")).stdout
    assert '# "类别" = "个人"  # chosen on the page already; one of: 个人, 企业' in alone
    assert '# "k1" = "…"  # nothing on the page says what it is for: only if the site wants it' in alone
    by_hand = probed(desk, page.replace("受理编号", "<input name=k1>受理编号").replace("query.do", "javascript:go()"))
    assert set(block(by_hand)["reference"]) == {"受理编号", "姓名", "手机号"}  # type: ignore[call-overload]


def test_the_form_that_was_sent_is_pointed_at_and_its_answer_is_no_form(desk: Desk) -> None:
    twice = SENDABLE.replace("</body>", "<form method=post action=b.do>受理编号：<input name=b></form></body>")
    answer = Asked(f"{SITE}/b.do", f"{twice}<p>{NUMBER}，您好</p>", method="POST", sent=f"b={NUMBER}")
    result = probed(desk, chrome(Asked(f"{SITE}/cx.htm", twice), answer), name="x.har")
    assert "Form 3: asks for a case ← this one" in result.stdout
    assert "Status: none\n  The page does not look as expected" in result.stdout
    assert "No status was read from the recorded answer" in " ".join(result.stdout.split())
    data = json.loads(probed(desk, chrome(Asked(f"{SITE}/cx.htm", twice), answer), "--json", name="x.har").stdout)["probe"]
    assert [form["chosen"] for form in data["form_page"]["forms"]] == [False, False, True]


@pytest.mark.parametrize(
    ("field", "value"),
    [("yzm", "x4t7"), ("pwd", "246810"), ("csrf", "tok-1234567"), ("__VIEWSTATE", "dDwtMTIzNDU2Nzg5"), ("sign", "5f3a9c")],
)
def test_what_opens_a_door_is_shown_in_no_part(desk: Desk, field: str, value: str) -> None:
    page = SENDABLE.replace("<select", f"<input type=hidden name={field} value={value}><select")
    asked = Asked(f"{SITE}/query.do", ANSWER, method="POST", sent=f"slbh={NUMBER}&xm=甲乙&lx=个人&t=1&tel=&{field}={value}")
    api = Asked(f"{SITE}/api?slbh={NUMBER}&{field}={value}", answered().text, "application/json", kind="xhr")
    form = chrome(Asked(f"{SITE}/cx.htm", page), asked)
    for data in [form] if field.startswith("__") else [form, har(api)]:
        for args in ((), ("--json",)):
            shown = probed(desk, data, *args, name="x.har").stdout
            assert value not in shown
            assert value[:5] not in shown


def test_an_answer_that_would_be_refused_for_the_one_who_asked_says_so(desk: Desk) -> None:
    form = Asked(f"{SITE}/cx.htm", SENDABLE)
    sent = Asked(f"{SITE}/query.do", ANSWER, method="POST", sent="slbh=SH2026000999&xm=a&lx=%E4%B8%AA%E4%BA%BA&t=1&tel=")
    shown = probed(desk, chrome(form, sent), name="a.har").stdout
    assert "read for what was sent, it gives: The page shows a record that does not match yours" in shown


def test_several_records_frames_and_loose_fields_are_counted(desk: Desk) -> None:
    rows = "".join(f"<tr><td>SH202600012{n}</td><td>测试甲</td><td>审核中</td></tr>" for n in range(20))
    head = "<tr><th>受理编号</th><th>姓名</th><th>当前状态</th></tr>"
    more = "<iframe src=in.htm></iframe><input name=a><input name=b><meta http-equiv=refresh content='5;url=/next'>"
    shown = probed(desk, f"<html><body>{more}<table>{head}{rows}</table></body></html>", "--url", f"{SITE}/").stdout
    assert "20 records with a status: yours is the one that repeats your reference." in shown
    assert "the first 40 of 60" in shown
    assert "record 13" in shown
    assert f"frames: {SITE}/in.htm" in shown
    assert f"leads on by itself to: {SITE}/next" in shown
    assert "2 fields outside of any form: only a script sends them" in shown


def test_a_script_is_named_and_what_to_do_about_it(desk: Desk) -> None:
    body = "<html><body><table><tr><td>当前状态</td><td></td></tr></table><script>load()</script></body></html>"
    shown = probed(desk, body).stdout
    assert "Its content comes by a script (6 characters of it)." in shown
    assert "export a HAR and probe that" in shown
    scripted = probed(desk, FORM.replace("action=query.do", "action=javascript:go()")).stdout
    assert "its action is a script" in scripted


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ({"zt": 3}, "a code, no words"),
        ({"qt": "甲"}, "Status: none"),
        ({"zt": "审核中", "tips": "请携带材料"}, "a notice beside it: “请携带材料”"),
        ({"zt": "窗口流转"}, "no table knows this word"),
    ],
)
def test_a_json_answer_says_how_it_would_be_read(desk: Desk, record: dict[str, object], words: str) -> None:
    tree = {"data": [record | {"slbh": NUMBER}, record | {"slbh": "SH2026000124"}]}
    result = probed(desk, json.dumps(tree).encode(), name="a.json")
    assert words in result.stdout
    assert NUMBER not in result.stdout


def test_a_json_answer_that_contradicts_itself_is_said_to(desk: Desk) -> None:
    body = json.dumps({"success": False, "data": {"slbh": NUMBER, "zt": "审核中"}}).encode()
    assert "read so, it gives: The page does not look as expected" in probed(desk, body).stdout


def test_a_list_of_many_words_is_cut_and_a_label_that_needs_a_meaning_leaves_a_line_for_it(desk: Desk) -> None:
    options = "<option value=''>请选择</option>" + "".join(f"<option>事项{n}</option>" for n in range(20))
    body = f"<html><body><form>受理编号：<input name=a>事项：<select name=b>{options}</select></form></body></html>"
    result = probed(desk, body)
    assert '"事项" = "…"  # one of: 事项0, 事项1, 事项2, 事项3, 事项4, 事项5, 事项6, 事项7, …' in result.stdout
    words = probed(desk, f"<html><body>{record(受理编号=NUMBER, 当前状态='窗口流转')}</body></html>").stdout
    assert '# "窗口流转" = "in_review"  # say what it means' in words


def test_a_request_that_needs_something_of_the_persons_own_is_looked_at_by_hand(desk: Desk) -> None:
    result = probed(desk, har(answered(cookies="SID=0123456789")), name="a.har")
    assert "cookie SID: from before the recording" in result.stdout
    assert "0123456789" not in result.stdout
    assert block(result) == {"name": "me", "adapter": "by_hand", "url": f"{SITE}/", "reference": {"slbh": "…"}}


def test_json_has_all_of_it_masked(desk: Desk) -> None:
    for body, name in (
        (FORM, "a.html"),
        (ANSWER, "b.html"),
        (CAPTCHA, "c.html"),
        (har(answered()), "d.har"),
        (b'{"a": 1}', "e"),
    ):
        result = probed(desk, body, "--json", name=name)
        content = json.loads(result.stdout)
        assert content["schema_version"] == 1
        assert not {NUMBER, PERSON, "测试甲"} & set(result.stdout.replace('"', " ").split())
        assert content["probe"]["proposal"]["config"].startswith("[[cases]]")
    page = json.loads(probed(desk, FORM, "--json").stdout)["probe"]["page"]
    assert [form["role"] for form in page["forms"]] == ["search", "query"]
    assert page["forms"][1]["fields"][0]["captions"] == [{"text": "受理编号", "found": "before"}]
    status = json.loads(probed(desk, ANSWER, "--json").stdout)["probe"]["page"]["status"]
    assert (status["status"], status["sure"], status["caption"], status["usual_caption"]) == (
        "in_review",
        "likely",
        "办件进展",
        False,
    )


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "it is empty: save the page again"),
        (b" \n\0", "it is empty"),
        (b"%PDF-1.7", "it is a PDF, no page"),
        (b"\x89PNG\r\n", "it is a picture, no page"),
        (b"bplist00", "an archive that Safari made"),
        (b"a\0b\0c" * 9, "it is no text"),
        (b"From: <Saved by Blink>\nContent-Type: multipart/related;", "a page archive (MHTML)"),
        (b"just words", "there is no markup in it"),
        (b'{"log": {"entries": [', "the HAR is cut off"),
        (b'{"log": {"entries": []}}', "the HAR holds no exchange"),
        (b'{"log": {}}', "it has no log.entries"),
        (
            b'{"entries": [{"startedDateTime": "", "request": {}, "response": {}}]}',
            "this JSON is no HAR: it has no log.entries",
        ),
        (b"PK\x03\x04xx", "the zip can't be opened"),
        (b'{"a": ', "it ends too early"),
        (b"{'a': 1}", "it is no text that can be read"),
        (b"<p>" * 70_000, "too large to be read safely"),
        (chrome(Asked(f"{SITE}/", "<html><p>x</p></html>")), "holds no page and no answer that could be a case's"),
    ],
)
def test_what_can_not_be_probed_is_a_usage_error_that_names_the_next_step(desk: Desk, data: bytes, words: str) -> None:
    result = probed(desk, data, name="thing")
    assert result.exit_code == 2
    assert words in " ".join(result.stderr.split())


def test_a_har_is_one_wherever_in_its_json_the_log_stands(desk: Desk) -> None:
    tree = {"comment": "by a proxy", **json.loads(har(answered()))}
    result = probed(desk, json.dumps(tree).encode(), name="visit.har")
    assert "The recording (HAR)" in result.stdout
    assert block(result)["adapter"] == "json"


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("/nowhere/page.html", "There is no file /nowhere/page.html. An address begins with http:// or https://"),
        ("http://", "that is no address"),
        (f"{SITE}/q?slbh={NUMBER}", "carries what looks like a person's data (slbh)"),
        (f"{SITE}/q?a={PERSON}", "carries what looks like a person's data (a)"),
        (f"{SITE}/{PERSON}", "carries what looks like a person's data (110…)".replace("110", PERSON[:3])),
        ("https://me:word@progress.example/", "carries what looks like a person's data (me)"),
    ],
)
def test_an_address_that_is_none_or_says_too_much_is_not_asked(desk: Desk, what: str, words: str) -> None:
    result = desk.run("adapters", "probe", what)
    assert (result.exit_code, words in " ".join(result.stderr.split())) == (2, True), result.stderr


def test_a_folder_says_where_the_page_is(desk: Desk) -> None:
    result = desk.run("adapters", "probe", str(desk.folder))
    assert (result.exit_code, "give its .html file" in result.stderr) == (2, True)
    assert "--url is for a saved page" in desk.run("adapters", "probe", f"{SITE}/", "--url", SITE).stderr


def test_a_page_comes_from_stdin_too(desk: Desk) -> None:
    result = CliRunner().invoke(root, ["-c", str(desk.file), "adapters", "probe", "-"], input=ANSWER, catch_exceptions=False)
    assert "Status: “审核中”" in result.stdout


def test_it_needs_no_configuration_and_speaks_chinese(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    monkeypatch.delenv("TRACKER_CONFIG", raising=False)
    file = tmp_path / "page.html"
    file.write_text(FORM)
    shown = CliRunner().invoke(root, ["adapters", "probe", str(file)], catch_exceptions=False).stdout
    assert "用于查询办件" in shown
    assert "← " in shown


# --- an address ------------------------------------------------------------------------------------------------------


def asked(site: QuerySite) -> list[str]:
    return [seen.path for seen in site.log]


def test_an_address_is_asked_once_with_an_honest_name(desk: Desk, site: QuerySite) -> None:
    site.answer("/cx.htm", Reply(SENDABLE, content_type=HTML))
    result = desk.run("adapters", "probe", f"{site.url}cx.htm")
    assert result.exit_code == 0, result.stderr
    assert asked(site) == ["/cx.htm"]
    assert site.log[0].headers["user-agent"].startswith("application-tracker/")
    assert block(result)["url"] == f"{site.url}cx.htm"


def test_a_form_in_a_frame_is_followed_there_and_not_elsewhere(tmp_path: Path, site: QuerySite) -> None:
    desk = with_gap(tmp_path, "300ms")
    frames = "<iframe src=/inner.htm></iframe><iframe src=https://else.example/></iframe><iframe src=/more.htm></iframe>"
    site.answer("/cx.htm", Reply(f"<html><body><h1>查询</h1>{frames}</body></html>"))
    site.answer("/inner.htm", Reply(SENDABLE))
    result = desk.run("adapters", "probe", f"{site.url}cx.htm")
    assert asked(site) == ["/cx.htm", "/inner.htm"]
    assert min(site.gaps()) >= 0.27, "as politely as any other look"
    assert block(result)["url"] == f"{site.url}inner.htm"


def test_a_json_answer_is_read_as_one(desk: Desk, site: QuerySite) -> None:
    site.answer("/api", Reply('{"data": {"ztmc": "审核中"}}'.encode(), content_type="application/json"))
    assert block(desk.run("adapters", "probe", f"{site.url}api"))["read"] == {"label": "json:data.ztmc"}


def test_a_site_that_does_not_answer_is_exit_11_with_the_reason_and_the_next_step(tmp_path: Path, site: QuerySite) -> None:
    desk = with_gap(tmp_path, "0s")
    site.answer("/cx.htm", Reply("x", status=503))
    assert desk.code("adapters", "probe", f"{site.url}cx.htm") == 11
    result = desk.run("adapters", "probe", f"{site.url}cx.htm")
    assert "The site reports an error of its own." in result.stderr
    assert "save it as “HTML only”, or export a HAR" in result.stderr


def test_a_site_that_wants_to_be_left_alone_is_for_the_next_probe_and_the_next_check_too(desk: Desk, site: QuerySite) -> None:
    site.answer("/cx.htm", Reply("x", status=429, headers=(("Retry-After", "1800"),)))
    url = f"{site.url}cx.htm"
    assert desk.code("adapters", "probe", url) == 11
    assert "is not asked before" in desk.run("adapters", "probe", url).stderr
    assert desk.code("adapters", "probe", url) == 11
    assert len(site.log) == 1
