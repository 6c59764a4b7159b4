"""`diagnostics` makes a bundle that may be published: whatever is personal or secret is not in it, in any form."""

import base64
import json
import re
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.shell.reading import NOW, NUMBER, PERSON, Desk, history, install_adapter, reading
from tracker.core.history import Shapes, Streak
from tracker.core.model import Outcome, OutcomeKind, Problem
from tracker.doctor.onecase import masked_reason, masked_type
from tracker.pages.contract import Response
from tracker.pages.shape import Place, Shape
from tracker.store.pages import ToKeep
from tracker.store.store import Finish

MOBILE, NAME, ALIAS, TOPIC = "13900001234", "测试甲乙", "甲乙的居转户", "tr-secret-topic-9x"
PASSWORD, HEARTBEAT, USER, SECRET_PATH = "correct-horse-battery", "hc-uuid-7f3e", "web-user-77", "Qx81Zt"

CONFIG = f"""
language = "en"
timezone = "Asia/Shanghai"

[web]
listen = "127.0.0.1:1"
password = "{PASSWORD}"

[fetch]
contact = "contact-of-mine@example.org"

[life]
heartbeat = "https://beats.example.org/{HEARTBEAT}"

[[receivers]]
name = "{NAME}的手机"
url = "ntfys://{USER}:{PASSWORD}@ntfy.example.org/{TOPIC}"

[[cases]]
name = "{ALIAS}"
adapter = "fancy"
url = "https://progress.example/query/{SECRET_PATH}1234567?token={TOPIC}&no={NUMBER}"
reference = {{ "受理编号" = "{NUMBER}", "证件号码" = "{PERSON}" }}
labels = {{ "{NAME}已审核" = "approved" }}
"""

SECRETS = (NUMBER, PERSON, MOBILE, NAME, ALIAS, TOPIC, PASSWORD, HEARTBEAT, USER, "contact-of-mine", "1234567")


def forms(secret: str) -> set[str]:
    """A secret as it may slip out."""
    return {
        secret,
        secret.lower(),
        secret.upper(),
        secret[::-1],
        quote(secret),
        json.dumps(secret)[1:-1],
        base64.b64encode(secret.encode()).decode().rstrip("="),
        secret.encode().hex(),
        " ".join(secret),
    }


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.syspath_prepend(str(install_adapter(tmp_path / "site")))
    desk = Desk(tmp_path, CONFIG, {"LC_ALL": "C.UTF-8"})
    seen = reading(
        label=f"已受理，请{NAME}于2026年致电{MOBILE}，编号{NUMBER}",
        notice=f"请{NAME}携带{PERSON}",
        details={"姓名": NAME, "电话": MOBILE, "受理编号": NUMBER, f"{NUMBER}的备注": PASSWORD},
    )
    problem = Problem(
        "page_changed", {"where": f"编号{NUMBER}", "expected": NAME, "found": MOBILE, "evidence": f"{NAME}{PERSON}"}
    )
    past = history(seen, streak=Streak(NOW - timedelta(days=3), 9, "page_changed"), outcome=OutcomeKind.PAGE_CHANGED)
    desk.keep(seen, case=ALIAS, past=past, problem=problem)
    return desk


def bundle(desk: Desk, *more: str) -> str:
    result = desk.run("diagnostics", *more)
    assert result.exit_code == 0, result.stderr
    return result.stdout


def leaks(text: str, desk: Desk) -> list[str]:
    key = (desk.folder / "tracker.key").read_text().strip()
    return [form for secret in (*SECRETS, key) for form in forms(secret) if form in text]


def test_nothing_that_is_personal_or_secret_is_in_the_bundle_in_any_form(desk: Desk) -> None:
    text = bundle(desk)
    assert leaks(text, desk) == []
    assert not re.search(r"(?<![\d.])\d{11,}(?!\d)", text)


def test_it_says_what_a_reader_of_a_bug_report_needs(desk: Desk) -> None:
    text = bundle(desk)
    head, *_ = text.partition("## versions")
    assert "It holds:" in head
    assert "It holds no reference" in head
    parts = dict(re.findall(r"^## (\w+)\n\n```json\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
    assert set(parts) == {"versions", "doctor", "config", "sources", "store"}
    (source,) = json.loads(parts["sources"])
    assert source["adapter"] == "fancy"
    assert source["site"].startswith("https://progress.example/query/")
    assert source["asked_by"] == ["受理编号", "证件号码"]
    assert source["history"]["outcome"] == "page_changed"
    assert source["history"]["streak"]["looks"] == 9
    assert source["problem"]["reason"] == "page_changed"
    assert source["problem"]["found"] == "(11 characters)"
    assert json.loads(parts["config"])["receivers"][0]["scheme"] == "ntfys"
    assert json.loads(parts["versions"])["apprise"]


def test_paths_show_no_users_name(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(desk.folder))
    text = bundle(desk)
    assert str(desk.folder) not in text
    assert "~" in text


def test_a_config_that_can_not_be_read_gives_only_the_places_of_its_mistakes(desk: Desk) -> None:
    desk.file.write_text(CONFIG.replace('"fancy"', f'"{NAME}"').replace('"en"', f'"{PASSWORD}"', 1), "utf-8")
    text = bundle(desk)
    assert leaks(text, desk) == []
    assert "line 2 language" in text


def test_a_caption_or_a_label_that_could_be_a_name_is_told_by_its_length_only(desk: Desk) -> None:
    desk.keep(reading(label="欧阳小明", details={"李小明": "审核中", "备注": "无", "流转情况": "x"}), case=ALIAS)
    text = bundle(desk)
    assert "欧阳" not in text
    assert "李小明" not in text
    parts = dict(re.findall(r"^## (\w+)\n\n```json\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
    assert json.loads(parts["sources"])[0]["observations"][0]["captions"] == ["□□□", "备注", "流转情况"]


LONGER = (
    f"已转交{NAME}处理",
    f"{NAME}的材料已寄往{MOBILE}",
    f"受理({NUMBER})待{NAME[0]}**签字",
    "轉交測試甲乙",
    "已由李小明审核",
)


@pytest.mark.parametrize("label", LONGER)
@pytest.mark.parametrize("known", ["reference", "page"])
def test_a_name_or_number_inside_longer_words_is_hidden_in_every_place(desk: Desk, label: str, known: str) -> None:
    """Whether the reference has the name, or only the page shows it beside 姓名."""
    config = CONFIG.replace("/query/", f"/{quote(NAME)}的{NUMBER}/")
    if known == "reference":
        config = config.replace('"受理编号" =', f'"姓名" = "{NAME}", "受理编号" =')
    more = f'[cases.read]\nlabel = "{label}"\nidentify = ["{label}"]\ndetails = ["{label}"]\n'
    desk.file.write_text(config.replace('adapter = "fancy"', 'adapter = "page"') + more + STORE.format(desk=desk), "utf-8")
    details = {label: "x"} | ({"姓名": NAME} if known == "page" else {})
    problem = Problem("page_changed", {"where": label, "expected": label, "found": label, "field": label, "evidence": label})
    past = history(reading(label=label), streak=Streak(NOW, 3, "page_changed"), outcome=OutcomeKind.PAGE_CHANGED)
    desk.keep(reading(label=label, details=details), case=ALIAS, source="page", past=past, problem=problem)
    kept_unread(desk, "utf-8", Shape((Place(label, "colon"),)), f"<p>{label}：{label}</p><p>{label}</p>", source="page")
    for text in (bundle(desk, ALIAS, "--page"), bundle(desk)):
        assert leaks(text, desk) == []
        assert not [part for part in ("測試甲乙", "李小明", f"{NAME[0]}*") if part in text]
    assert "colon" in bundle(desk, ALIAS)


def test_the_words_around_a_name_stay_for_the_reader(desk: Desk) -> None:
    desk.keep(reading(label=f"已转交{NAME}处理", details={"姓名": NAME}), case=ALIAS)
    assert '"label": "已转交□□□□处理"' in bundle(desk)


def test_it_goes_into_a_new_file_and_never_over_another(desk: Desk) -> None:
    page, archive = desk.folder / "bundle.md", desk.folder / "bundle.zip"
    assert desk.run("diagnostics", "--output", str(page)).exit_code == 0
    assert page.read_text("utf-8").startswith("# Tracker diagnostics")
    assert desk.run("diagnostics", "--output", str(page)).exit_code == 2
    assert desk.run("diagnostics", "--output", str(desk.folder / "bundle.txt")).exit_code == 2
    nowhere = desk.run("diagnostics", "--output", str(desk.folder / "nowhere" / "bundle.md"))
    assert (nowhere.exit_code, "can't be written (No such file or directory)" in nowhere.stderr) == (2, True)
    assert desk.run("diagnostics", "--output", str(archive)).exit_code == 0
    with zipfile.ZipFile(archive) as opened:
        assert sorted(opened.namelist()) == ["diagnostics.json", "diagnostics.md"]
        for name in opened.namelist():
            assert leaks(opened.read(name).decode(), desk) == []


def test_one_case_can_be_named_and_an_unknown_one_is_refused(desk: Desk) -> None:
    assert '"adapter": "fancy"' in bundle(desk, ALIAS)
    assert desk.run("diagnostics", "nobody").exit_code == 2


# --- one case --------------------------------------------------------------------------------------------------------

PAGE = (
    f"<html><head><title>{NAME}的办件</title></head><body><table><tr><th>受理编号</th><td>{NUMBER}</td></tr>"
    f"<tr><th>流转情况</th><td>已由{NAME}签收，{MOBILE}</td></tr><tr><td>{NAME}</td><td>{PERSON}</td></tr></table>"
    f"<!-- {NAME} --><script>var user = '{NAME}';</script><a href='/x?no={NUMBER}'>{quote(NAME)}</a>"
    f"<input type=hidden name={USER} value={base64.b64encode(NAME.encode()).decode()}><p>&#{ord('测')};&#{ord('试')};甲乙</p>"
    f"<p>当前状态：{PERSON}</p></body></html>"
)


SHAPE = Shape((Place("受理编号", "cell beside"), Place("流转情况", "cell beside")))
STORE = '\n[store]\nurl = "sqlite:///{desk.folder}/tracker.db"\n'


def kept_unread(desk: Desk, charset: str, shape: Shape = SHAPE, html: str = PAGE, source: str = "fancy") -> None:
    """The last look at the case could not be read, and its page was kept; one before it was."""
    store = desk.store()
    row = next(row for row in store.sources() if row.key == (ALIAS, source))
    held = store.claim([row.id], timedelta(minutes=1))[row.id]
    content_type = f"text/html; charset={charset}; {NAME.encode().hex()}"
    page = Response(f"https://progress.example/q?no={NUMBER}", 200, content_type, html.encode(charset))
    outcome = Outcome(OutcomeKind.PAGE_CHANGED, problem=row.problem)
    shapes = Shapes((shape.digest,), (("1.other", 3),))
    keep = ToKeep("unread", page, outcome, NOW, timedelta(days=9))
    finish = Finish(held, replace(row.history, shapes=shapes), row.next_check, row.problem, page=keep)
    assert store.finish(replace(finish, shapes={shape.digest: shape, "1.other": Shape((Place("状态", "colon"),))}))


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_the_bundle_of_one_case_holds_its_page_masked_and_nothing_of_a_person(desk: Desk, charset: str) -> None:
    kept_unread(desk, charset)
    text = bundle(desk, ALIAS, "--page")
    assert leaks(text, desk) == []
    assert not re.search(r"(?<![\d.])\d{11,}(?!\d)", text)
    assert "□□□□" in text
    assert "every other character became a sign of its kind" in text
    (source,) = json.loads(dict(re.findall(r"^## (\w+)\n\n```json\n(.*?)^```", text, re.MULTILINE | re.DOTALL))["sources"])
    (page,) = source["pages"]
    assert (page["kind"], page["then"], page["charset"]) == ("unread", "page_changed/page_changed", charset)
    assert page["content_type"] == "text/html" + ("; utf-8" if charset == "utf-8" else "; gb18030")
    assert "<tr><th>流转情况</th>" in "".join(page["text"]), "what a new caption is called is what the reader needs"
    assert source["shape"]["captions"] == ["受理编号 (cell beside)", "流转情况 (cell beside)"]
    assert source["shape"]["waiting"] == [{"looks": 3, "captions": ["状态 (colon)"]}]


def test_the_page_is_in_it_only_where_that_is_asked_for(desk: Desk) -> None:
    kept_unread(desk, "utf-8")
    text = bundle(desk, ALIAS)
    assert "no page and no log" in text
    assert '"text"' not in text.partition("## sources")[2]
    assert '"pages"' not in bundle(desk).partition("## sources")[2].partition("## store")[0]
    result = desk.run("diagnostics", "--page")
    assert (result.exit_code, "of which case?" in result.stderr) == (2, True)


def test_how_a_case_is_read_is_shown_with_its_captions_masked(desk: Desk) -> None:
    more = f'[cases.read]\nlabel = "流转情况"\ndate = "css:#{TOPIC}"\nidentify = ["张三的{NUMBER}"]\ndetails = ["备注"]\n'
    desk.file.write_text(CONFIG.replace('adapter = "fancy"', 'adapter = "page"') + more, "utf-8")
    text = bundle(desk, ALIAS)
    assert leaks(text, desk) == []
    (source,) = json.loads(dict(re.findall(r"^## (\w+)\n\n```json\n(.*?)^```", text, re.MULTILINE | re.DOTALL))["sources"])
    config = source["config"]
    assert (config["label"], config["date"], config["details"]) == ("流转情况", "css:…", ["备注"])
    assert config["own_labels"] == ["approved"]


def test_a_reason_of_an_adapters_own_and_a_foreign_content_type_are_no_way_out() -> None:
    assert masked_reason("captcha") == "captcha"
    assert masked_reason(NAME) == "other"
    assert masked_reason("x" * 41) == "other"
    assert masked_type(f"text/html; charset=GBK; user={NAME}") == "text/html; gbk"
    assert masked_type("application/json;charset='UTF-8'") == "application/json; utf-8"


DOTTED = "阿依古丽·买买提"


@pytest.mark.parametrize(
    "shown", ["阿依古丽•买买提", "阿依古丽・买买提", "阿依古丽‧买买提", "阿依古丽･买买提", "阿依古丽● ●", "阿依古丽×××"]
)
def test_a_name_is_hidden_whichever_dot_or_mask_the_page_writes(desk: Desk, shown: str) -> None:
    desk.file.write_text(
        CONFIG.replace('"受理编号" =', f'"姓名" = "{DOTTED}", "受理编号" =') + STORE.format(desk=desk), "utf-8"
    )
    desk.keep(reading(label=f"已将{shown}的件转出"), case=ALIAS)
    text = bundle(desk)
    assert "阿依古丽" not in text
    assert "买买提" not in text


def test_what_is_a_persons_in_a_case_that_is_left_out_is_hidden_all_the_same(desk: Desk) -> None:
    reference = '{ "姓名" = "测试丙丁", "受理编号" = "粤A20269" }'
    wrong = f'[[cases]]\nname = "张三丰"\nadapter = "nope"\nurl = "https://progress.example/"\nreference = {reference}\n'
    desk.file.write_text(CONFIG + wrong + STORE.format(desk=desk), "utf-8")
    desk.keep(reading(label="测试丙丁的材料粤A20269随张三丰"), case=ALIAS)
    text = bundle(desk)
    assert "的材料" in text
    assert not [part for part in ("测试丙丁", "粤A", "张三丰") if part in text]


def test_a_time_zone_is_no_path(desk: Desk) -> None:
    assert "time zone Asia/Shanghai" in bundle(desk)
