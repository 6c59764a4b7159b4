"""`record`: a site, a HAR or a kept page becomes a recording without anything personal, or it is said why not."""

import json
import resource
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.hars import Asked, chrome
from tests.shell.reading import Desk
from tests.shell.terminal import Terminal
from tests.shell.test_finding import ANSWER, ANSWER_PAGE, FORM_PAGE, NAME, NOISE, NUMBER, QUERY, SITE
from tests.sites.points import Applicant, Framed, Listed, Stateful
from tests.sites.query import QuerySite, Record
from tests.sites.server import Reply
from tracker.recordings.replaying import differences, replayed
from tracker.recordings.scenario import Scenario, folders, load, write
from tracker.registry import Registry

ID = "310101199001011234"  # its check digit is wrong: nobody's
CONFIG = 'language = "en"\ntimezone = "Asia/Shanghai"\n[fetch]\nmin_gap = "0s"\n'
GIVEN = ("--reference", f"受理编号={NUMBER}", "--reference", f"姓名={NAME}")
BEGIN = ("--url", f"{SITE}/query.htm")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, CONFIG)


@pytest.fixture
def site() -> Iterator[QuerySite]:
    with QuerySite() as opened:
        opened.cases[NUMBER] = Record(NUMBER, "审核中", ID, NAME, remark=f"请致电 13812345678，编号 {NUMBER}")
        yield opened


def place(desk: Desk) -> Path:
    return desk.folder / "recordings"


def record(desk: Desk, *args: str, adapter: str = "form", code: int = 0) -> str:
    """The command, and what it said on stderr."""
    result = desk.run("record", adapter, "--scenario", "read", "--recordings", str(place(desk)), *args)
    assert result.exit_code == code, result.output
    return result.stderr


def har(desk: Desk, *asked: Asked) -> str:
    file = desk.folder / "site.har"
    file.write_bytes(chrome(*asked))
    return str(file)


def folder(desk: Desk, adapter: str = "form") -> Path:
    return place(desk) / adapter / "read"


def written(desk: Desk, adapter: str = "form") -> str:
    """All that was written, as text."""
    return "\n".join(
        file.read_bytes().decode("gb18030", "replace") + file.read_bytes().decode("utf-8", "replace")
        for file in sorted(folder(desk, adapter).iterdir())
    )


def require_good(desk: Desk, adapter: str = "form", **expected: object) -> None:
    """The recording replays as it says, expects this, and waits for a review."""
    scenario = load(folder(desk, adapter))
    assert (scenario.origin, scenario.reviewed) == ("seen", False)
    assert {key: scenario.expected.get(key) for key in expected} == expected
    assert differences(scenario.expected, replayed(scenario, Registry()[adapter])) == []


# --- live ------------------------------------------------------------------------------------------------------------


def test_a_live_conversation_is_recorded_without_anything_personal(desk: Desk, site: QuerySite) -> None:
    said = record(desk, "--url", site.form_url, "--reference", f"受理编号={NUMBER}", "--reference", f"证件号码={ID}", "--yes")
    assert "tracker adapters accept form/read" in said
    require_good(desk, outcome="read", label="审核中", identity="matched")
    text = written(desk)
    assert not [gone for gone in (NUMBER, ID, NAME, "13812345678", site.log[-1].cookies["JSESSIONID"]) if gone in text]
    assert [seen.path for seen in site.log] == ["/query.htm", "/query.do"]


def test_a_case_of_the_config_says_what_to_ask(tmp_path: Path, site: QuerySite) -> None:
    reference = f'{{ "受理编号" = "{NUMBER}", "证件号码" = "{ID}" }}'
    case = f'[[cases]]\nname = "me"\nadapter = "form"\nurl = "{site.form_url}"\nreference = {reference}\n'
    case += 'labels = { "审核中" = "approved" }\n'
    desk = Desk(tmp_path, CONFIG + case)
    record(desk, "--case", "me", "--yes")
    require_good(desk, outcome="read", label="审核中")
    assert load(folder(desk)).reference.words == {"审核中"}


@pytest.mark.parametrize(
    ("kind", "captions"),
    [(Framed, ("姓名", "证件号码")), (Listed, ("申请人姓名", "证件号码", "证件类型")), (Stateful, ("姓名", "身份证号"))],
)
def test_every_kind_of_site_is_recorded(desk: Desk, kind: type[Framed | Listed | Stateful], captions: tuple[str, ...]) -> None:
    values = dict(zip(captions, (NAME, ID, "居民身份证"), strict=False))
    with kind() as site:
        site.add(Applicant(NAME, ID, notice="请于2026年12月1日前补交材料"))
        given = [part for caption, value in values.items() for part in ("--reference", f"{caption}={value}")]
        record(desk, "--url", site.home, *given, "--yes")
    require_good(desk, outcome="read", label="等待受理")
    text = written(desk)
    assert NAME not in text
    assert ID not in text
    assert ("居民身份证" in text) == (kind is Listed)


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (Reply("<p>系统维护中，请稍后再试</p>"), {"outcome": "unavailable", "reason": "maintenance"}),
        (Reply("", status=503, headers=(("Retry-After", "60"),)), {"outcome": "unavailable", "reason": "server_error"}),
        (Reply("<p>欢迎</p>"), {"outcome": "page_changed", "where": "form"}),
    ],
)
def test_a_bad_answer_is_a_recording_too(desk: Desk, site: QuerySite, reply: Reply, outcome: dict[str, str]) -> None:
    site.answer("/query.htm", reply)
    record(desk, "--url", site.form_url, "--reference", f"受理编号={NUMBER}", "--yes")
    require_good(desk, **outcome)


def test_a_redirect_is_recorded_and_followed_again(desk: Desk, site: QuerySite) -> None:
    start = site.answer(
        "/start", Reply("", status=302, headers=(("Location", f"/query.htm?sid=9f86d081884c7d65&no={NUMBER}"),))
    )
    record(desk, "--url", start, "--reference", f"受理编号={NUMBER}", "--reference", f"证件号码={ID}", "--yes")
    require_good(desk, outcome="read")
    assert len(load(folder(desk)).exchanges) == 3
    assert "9f86d081884c7d65" not in written(desk)
    assert NUMBER not in written(desk)


def test_a_captcha_is_recorded_up_to_it_and_the_way_on_said(desk: Desk) -> None:
    with Stateful(captcha=True) as site:
        said = record(desk, "--url", site.home, "--reference", f"姓名={NAME}", "--yes")
    assert "--from-har FILE --shown" in said
    require_good(desk, outcome="blocked", reason="captcha")


def test_a_site_that_does_not_answer_gives_nothing_to_record(desk: Desk) -> None:
    said = record(desk, "--url", "http://127.0.0.1:9/", "--reference", f"受理编号={NUMBER}", "--yes", code=11)
    assert "There is nothing to record" in said
    assert not place(desk).exists()


def test_a_site_that_asked_us_to_wait_is_not_asked(desk: Desk, site: QuerySite) -> None:
    from datetime import timedelta

    from tests.shell.reading import NOW
    from tracker.core.history import HostHistory

    waiting = HostHistory(refused_until=NOW + timedelta(hours=1))
    desk.keep(None, hosts={"127.0.0.1": waiting})
    said = record(desk, "--url", site.form_url, "--reference", f"受理编号={NUMBER}", "--yes", code=11)
    assert "127.0.0.1 may not be asked before" in said
    assert site.log == []


# --- from a HAR ------------------------------------------------------------------------------------------------------


def test_a_har_becomes_the_recording_of_its_two_exchanges(desk: Desk) -> None:
    file = har(desk, *NOISE, FORM_PAGE, *NOISE, ANSWER_PAGE)
    record(desk, "--from-har", file, *GIVEN, *BEGIN, "--yes")
    require_good(desk, outcome="read", label="审核中", identity="matched")
    assert len(load(folder(desk)).exchanges) == 2
    assert not [gone for gone in (NUMBER, NAME, "5f2c9a71", "mail.example") if gone in written(desk)]


def test_the_answer_behind_a_captcha_is_recorded_as_a_page_that_was_shown(desk: Desk) -> None:
    code = QUERY.replace("<input type=image", "验证码：<input name=yzm><img src=code.jsp><input type=image")
    file = har(desk, replace(FORM_PAGE, text=code), replace(ANSWER_PAGE, sent=ANSWER_PAGE.sent + "&yzm=8f3k"))
    record(desk, "--from-har", file, "--shown", *GIVEN, *BEGIN, "--yes")
    require_good(desk, outcome="read", label="审核中", identity="matched")
    assert load(folder(desk)).shown


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ((NOISE[0],), ["it holds nothing of progress.example; it holds pages of: mail.example", "--url"]),
        (
            (FORM_PAGE,),
            [
                "POST https://progress.example/query.do with the fields csrf, slbh, xm, go.x, go.y",
                "which is not in it",
                "GET https://progress.example/query.htm (200)",
                "network tools",
            ],
        ),
        (
            (FORM_PAGE, replace(ANSWER_PAGE, text=None)),
            ["the body of POST https://progress.example/query.do is missing", "cache off"],
        ),
        ((FORM_PAGE, replace(ANSWER_PAGE, text="\ufffd")), ["lost its characters", "--from-html"]),
    ],
)
def test_a_har_without_what_is_needed_says_what_was_looked_for(desk: Desk, asked: tuple[Asked, ...], words: list[str]) -> None:
    said = record(desk, "--from-har", har(desk, *asked), *GIVEN, *BEGIN, "--yes", code=2)
    assert [word for word in words if word not in said] == []
    assert NUMBER not in said
    assert NAME not in said
    assert not place(desk).exists()


def test_what_is_near_shows_nobodys_values(desk: Desk) -> None:
    start = '<form action="find.jsp"><p>受理编号：<input name=no></p><p>姓名：<input name=xm></p></form>'
    other = Asked(f"{SITE}/find.jsp;sid=9f86d081?no=SH2026000001&xm=%CE%BE%B3%D9%B9%A7", ANSWER)
    said = record(desk, "--from-har", har(desk, replace(FORM_PAGE, text=start), other), *GIVEN, *BEGIN, "--yes", code=2)
    assert "GET https://progress.example/find.jsp;…?no=…&xm=… (200)" in said
    assert "asks for GET https://progress.example/find.jsp?no=SH2026****11&xm=欧**" in said


def test_what_is_no_har_is_said_with_its_place(desk: Desk) -> None:
    file = desk.folder / "a.har"
    file.write_text('{"log": \n{"entries" 1, "x": [] } }')
    assert "a.har: the HAR is broken at line 2, column 12" in record(desk, "--from-har", str(file), *GIVEN, "--yes", code=2)
    assert "absent.har can't be read" in record(desk, "--from-har", "absent.har", *GIVEN, "--yes", code=2)


# --- from a page -----------------------------------------------------------------------------------------------------


def test_a_page_that_was_saved_becomes_a_recording(desk: Desk) -> None:
    file = desk.folder / "answer.html"
    file.write_bytes(ANSWER.encode("gb18030"))
    record(desk, "--from-html", str(file), *GIVEN, *BEGIN, "--yes")
    require_good(desk, outcome="read", label="审核中", identity="matched")
    assert NAME not in written(desk)


def test_an_answer_in_json_that_was_saved_becomes_one_too(desk: Desk) -> None:
    file = desk.folder / "answer.json"
    file.write_text(json.dumps({"slbh": NUMBER, "xm": NAME, "zt": "审核中"}))
    record(desk, "--from-html", str(file), "--reference", f"slbh={NUMBER}", "--url", f"{SITE}/api", "--yes", adapter="json")
    require_good(desk, "json", outcome="read", label="审核中")
    assert (folder(desk, "json") / "01.response.json").is_file()
    assert "\\u6b27" not in written(desk, "json")


def test_a_status_in_english_is_no_token_and_no_person(desk: Desk) -> None:
    file = desk.folder / "answer.json"
    file.write_text(json.dumps({"slbh": NUMBER, "zt": "session2026-processing", "sessionId": "9f86d081884c7d65"}))
    record(desk, "--from-html", str(file), "--reference", f"slbh={NUMBER}", "--url", f"{SITE}/api", "--yes", adapter="json")
    require_good(desk, "json", outcome="read", label="session2026-processing")


def test_a_number_in_the_address_itself_is_replaced_there_too(desk: Desk, site: QuerySite) -> None:
    page = site.answer("/jd", Reply(ANSWER))
    record(desk, "--url", f"{page}?no={NUMBER}&n=%C5%B7%D1%F4%B2%E2", *GIVEN, "--yes", adapter="page")
    require_good(desk, "page", outcome="read", identity="matched")
    assert NUMBER not in written(desk, "page")
    assert "%C5%B7" not in written(desk, "page")


def test_a_page_for_a_place_that_is_never_asked_is_recorded_too(desk: Desk) -> None:
    file = desk.folder / "answer.html"
    file.write_text(ANSWER, "gb18030")
    record(desk, "--from-html", str(file), *GIVEN, "--yes", adapter="by_hand")
    require_good(desk, "by_hand", outcome="read", label="审核中")


# --- what is shown and asked -----------------------------------------------------------------------------------------


def test_what_was_replaced_is_shown_masked_before_it_is_written(desk: Desk) -> None:
    file = har(desk, FORM_PAGE, ANSWER_PAGE)
    result = desk.run("record", "form", "--scenario", "read", "--recordings", str(place(desk)),
                      "--from-har", file, *GIVEN, *BEGIN, "--dry-run")  # fmt: skip
    assert result.exit_code == 0
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert "SH2026****11 → SH9000000001 1× 02.response of the reference (受理编号)" in lines
    assert "欧** → 测试甲 1× 02.response of the reference (姓名)" in lines
    assert 'label = "审核中"' in lines
    assert NAME not in result.output
    assert NUMBER not in result.output
    assert not place(desk).exists()


def test_json_says_the_same_to_scripts(desk: Desk) -> None:
    content = desk.json("record", "form", "--scenario", "read", "--recordings", str(place(desk)), "--yes",
                        "--from-har", har(desk, FORM_PAGE, ANSWER_PAGE), *GIVEN, *BEGIN)  # fmt: skip
    assert set(content) == {"adapter", "scenario", "exchanges", "replaced", "kept", "expected", "files"}
    assert {one["value"] for one in content["replaced"]} >= {"SH2026****11", "欧**"}
    assert content["expected"]["label"] == "审核中"
    assert len(content["files"]) == 7


def test_a_person_is_asked_and_may_say_no(desk: Desk) -> None:
    file = har(desk, FORM_PAGE, ANSWER_PAGE)
    env = {"HOME": str(desk.folder), "LANG": "C.UTF-8"}
    for answer, code in (("n", 130), ("y", 0)):
        with Terminal("-c", str(desk.file), "record", "form", "--scenario", "read", "--recordings", str(place(desk)),
                      "--from-har", file, *GIVEN, *BEGIN, env=env) as terminal:  # fmt: skip
            terminal.answer("read? [y/N]", answer)
            assert terminal.end() == code
        assert folder(desk).exists() == (answer == "y")


def test_another_text_is_hidden_where_the_person_says_so(desk: Desk) -> None:
    page = replace(ANSWER_PAGE, text=ANSWER.replace("</body>", "<p>尊敬的尉迟恭女士，您好</p></body>"))
    record(desk, "--from-har", har(desk, FORM_PAGE, page), *GIVEN, *BEGIN, "--hide", "尉迟恭", "--yes")
    assert "尉迟恭" not in written(desk)
    assert "女士，您好" in written(desk)


def test_where_a_known_value_would_remain_nothing_is_written(desk: Desk, site: QuerySite) -> None:
    page = site.answer("/jd", Reply(b"<p>" + NAME.encode("utf-16-be") + b"</p>"))
    said = record(desk, "--url", page, *GIVEN, "--yes", adapter="page", code=1)
    assert "Nothing was written: 姓名 would still stand in 01.response.html" in said
    assert NAME not in said
    assert not place(desk).exists()


def test_where_the_page_would_read_otherwise_nothing_is_written(desk: Desk) -> None:
    file = har(desk, FORM_PAGE, ANSWER_PAGE)
    said = record(desk, "--from-har", file, *GIVEN, *BEGIN, "--hide", "当前状态", "--yes", code=1)
    assert "the pages read otherwise (审核中, then page_changed)" in said
    assert not place(desk).exists()


def test_where_nothing_can_be_invented_nothing_is_written(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    where = desk.folder / "dist"
    where.mkdir()
    (where / "narrow_adapter.py").write_text(
        "from tracker.pages.adapter import Field, Meta, ask_by_form, read_page\n"
        "META = Meta('narrow', {'en': 'Narrow'}, home='https://progress.example/query.htm', hosts=('progress.example',),\n"
        f"    reference=(Field('受理编号', pattern='{NUMBER}'), Field('姓名')))\n"
        "read = read_page\n"
        "def query(reference):\n    return read((yield from ask_by_form(reference)), reference)\n",
        "utf-8",
    )
    info = where / "narrow-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: narrow\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[tracker.adapters]\nnarrow = narrow_adapter\n")
    monkeypatch.syspath_prepend(where)
    said = record(desk, "--from-har", har(desk, FORM_PAGE, ANSWER_PAGE), *GIVEN, "--yes", adapter="narrow", code=1)
    assert "no invented value fits the pattern" in said
    assert not place(desk).exists()


# --- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--scenario", "No Record"), "--scenario: “No Record” is no name for a folder"),
        (("--scenario", "../x"), "is no name for a folder"),
        (("--from-har", "a", "--from-html", "b"), "--from-har, --from-html: only one of them at a time."),
        (("--shown",), "--shown goes with --from-har."),
        (("--case", "anna"), "There is no case “anna”."),
        (("--case", "me", "--reference", "a=b"), "--case, --reference: only one of them at a time."),
        (("--url", "progress.example"), "--url: “progress.example” is no address such as https://"),
        (("--yes",), "The adapter form needs an address: give it with --url, or a case with --case."),
        ((), "Nobody can be asked here: say --yes, or --dry-run to look first."),
    ],
)
def test_bad_input_names_the_next_step(desk: Desk, args: tuple[str, ...], words: str) -> None:
    assert words in record(desk, *args, code=2)


def test_an_unknown_adapter_and_one_that_asks_nobody_are_refused(desk: Desk) -> None:
    assert "There is no adapter “forn”. Did you mean “form”?" in record(desk, "--yes", adapter="forn", code=2)
    said = record(desk, "--url", SITE, "--yes", adapter="by_hand", code=2)
    assert "never asks a site: record the page that you keep, with --from-html FILE" in said


def test_a_scenario_is_not_named_after_the_case(desk: Desk) -> None:
    said = record(desk, "--scenario", f"read-{NUMBER.lower()}", *GIVEN, *BEGIN, "--yes", code=2)
    assert "the name itself holds what must not be seen" in said
    assert NUMBER.lower() not in said


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'MIME-Version: 1.0\nContent-Type: multipart/related; type="text/html"\n\n', "page archive (MHTML)"),
        (b'{"log": {"entries": []}}', "a HAR, or a zip with one, goes with --from-har"),
        (b"PK\x03\x04" + bytes(30), "a HAR, or a zip with one, goes with --from-har"),
        (b"%PDF-1.4", "it is a PDF, no page"),
        ("<p>状态</p>".encode("utf-16-le"), "it is no text"),
        (b" \n", "is empty"),
    ],
)
def test_what_is_no_page_is_named_and_not_recorded(desk: Desk, body: bytes, words: str) -> None:
    file = desk.folder / "answer.html"
    file.write_bytes(body)
    assert words in record(desk, "--from-html", str(file), *GIVEN, *BEGIN, "--yes", code=2)


def test_a_page_saved_as_utf_16_with_its_address_is_read_and_scrubbed(desk: Desk) -> None:
    file = desk.folder / "answer.html"
    file.write_bytes(f"<!-- saved from url=(0045)https://progress.example/q.do?no={NUMBER} -->{ANSWER}".encode("utf-16"))
    record(desk, "--from-html", str(file), *GIVEN, *BEGIN, "--yes")
    require_good(desk, outcome="read", label="审核中", identity="matched")
    text = (folder(desk) / "01.response.html").read_bytes().decode("utf-16")
    assert NUMBER not in text
    assert NAME not in text


def test_a_recording_is_written_whole_or_not_at_all(desk: Desk) -> None:
    made = load_made(desk)
    large = replace(made, exchanges=(replace(made.exchanges[0], body=bytes(50_000)),))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))  # as a full disk
    try:
        with pytest.raises(OSError, match="File too large"):
            write(place(desk) / "form" / "again", large)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert sorted(found.name for found in (place(desk) / "form").iterdir()) == ["read"]
    assert folders(place(desk)) == [folder(desk)]


def test_a_folder_that_was_never_finished_is_no_recording(desk: Desk) -> None:
    load_made(desk)
    folder(desk).rename(folder(desk).with_name(".read.abc"))
    assert folders(place(desk)) == []


def load_made(desk: Desk) -> Scenario:
    record(desk, "--from-har", har(desk, FORM_PAGE, ANSWER_PAGE), *GIVEN, *BEGIN, "--yes")
    return load(folder(desk))


def test_a_scenario_that_is_there_already_is_left_alone(desk: Desk) -> None:
    folder(desk).mkdir(parents=True)
    assert "read is there already: choose another name" in record(desk, *GIVEN, *BEGIN, "--yes", code=2)


def test_a_case_without_such_a_source_names_those_that_it_has(tmp_path: Path) -> None:
    case = f'[[cases]]\nname = "me"\nadapter = "page"\nurl = "{SITE}"\nreference = {{ "受理编号" = "{NUMBER}" }}\n'
    said = record(Desk(tmp_path, 'language = "en"\n' + case), "--case", "me", "--yes", code=2)
    assert "“me” has no such source of the adapter form; it has: page (page)" in said
