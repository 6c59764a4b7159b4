"""A browser's recorded exchanges: which one has the answer, what was sent for it, and whether anybody else may ask so."""

import json
from dataclasses import replace
from urllib.parse import quote, urlencode

import pytest

from tests.hars import FORM, Asked, chrome, firefox
from tests.pages.made import NUMBER, record, table
from tracker.cli.probe_json import template_of
from tracker.har import exchanges
from tracker.pages.proposed import Fetch, Proposal, Wanted
from tracker.probing import probe_har
from tracker.proposing import propose_talk
from tracker.setup.draft import Draft, module_text
from tracker.talk import Talk
from tracker.traffic import find_talk

SITE = "https://progress.example"
PAGE = Asked(f"{SITE}/", "<html><title>办件查询</title><div id=app></div></html>", set_cookie="SESSION=abcdef; Path=/")
ANSWER = {"code": 0, "data": {"list": [{"slbh": NUMBER, "ztmc": "审核中", "gxsj": "2026-11-20"}]}}
FIELDS = "受理编号：<input name=slbh>姓名：<input name=xm><select name=lx><option value=1>个人<option value=2>企业</select>"
QUERY = f"<html><body><form method=post action=/query.do>{FIELDS}<input type=hidden name=token value=t77></form></body></html>"
RESULT = f"<html><body>{table(('受理编号', NUMBER, '办件进展', '窗口流转'))}</body></html>"


def api(url: str = f"{SITE}/api/query?slbh={NUMBER}&_t=1795704596720", tree: object = ANSWER, **more: object) -> Asked:
    text = json.dumps(tree, ensure_ascii=False)
    return Asked(url, text, "application/json", kind="xhr", **more)  # type: ignore[arg-type]


def posted(body: object, tree: object = ANSWER, **more: object) -> Asked:
    return api(
        f"{SITE}/api/query",
        tree,
        method="POST",
        sent=json.dumps(body, ensure_ascii=False),
        sent_type="application/json",
        **more,
    )


def sent_form(result: str = RESULT, **values: str) -> Asked:
    pairs = {"slbh": NUMBER, "xm": "测试甲", "lx": "1", "token": "t77"} | values
    return Asked(f"{SITE}/query.do", result, method="POST", sent=urlencode(pairs, encoding="utf-8"), sent_type=FORM)


def talk(*asked: Asked) -> Talk:
    found = find_talk(exchanges(chrome(*asked)))
    assert found is not None
    return found


def proposal(*asked: Asked) -> Proposal:
    return propose_talk(talk(*asked))


def reasons(found: Proposal) -> list[str]:
    return [reason.code for reason in found.reasons]


def roles(found: Talk) -> dict[str, str]:
    return {s.name: s.role for s in found.sent}


# --- a JSON answer ---------------------------------------------------------------------------------------------------


def test_a_query_in_the_address_is_proposed_without_the_persons_values_and_clocks() -> None:
    found = talk(PAGE, api(f"{SITE}/api/query?type=7&slbh={NUMBER}&_t=1795704596720"))
    assert roles(found) == {"type": "constant", "slbh": "reference", "_t": "stamp"}
    case = propose_talk(found)
    assert (case.adapter, case.url, case.method) == ("json", f"{SITE}/api/query?type=7", "GET")
    assert case.wanted == (Wanted("slbh"),)
    assert (case.label, case.date) == ("json:data.list[].ztmc", "json:data.list[].gxsj")
    assert (reasons(case), case.look) == ([], f"{SITE}/")


@pytest.mark.parametrize("browser", [chrome, firefox])
def test_a_json_body_is_proposed_with_its_constants(browser: object) -> None:
    data = browser(PAGE, posted({"slbh": NUMBER, "xm": "测试甲", "pageNum": 1, "all": True, "no": None}))  # type: ignore[operator]
    case = probe_har(exchanges(data)).proposal
    assert (case.adapter, case.method, case.body, case.url) == ("json", "POST", "json", f"{SITE}/api/query")
    assert case.wanted == (Wanted("slbh"), Wanted("xm"), Wanted("pageNum", value="1"), Wanted("all", value="true"))


def test_a_form_body_too_and_a_value_that_the_answer_repeats_is_a_reference_whatever_it_is_called() -> None:
    tree = {"data": {"code7": "AB-CDEF", "ztmc": "审核中"}}
    asked = api(f"{SITE}/api/q", tree, method="POST", sent="k1=AB-CDEF&k2=x", sent_type=FORM)
    case = proposal(asked)
    assert (case.body, case.wanted) == ("form", (Wanted("k1"), Wanted("k2", value="x")))


def test_of_all_that_a_page_loads_the_answer_with_the_status_is_chosen() -> None:
    noise = [
        Asked(f"{SITE}/app.js", "var status='审核中'", "application/javascript", kind="script"),
        Asked(f"{SITE}/logo.png", "x", "image/png", kind="image"),
        api(f"{SITE}/api/dict", {"data": [{"code": "0", "name": "甲"}]}),
        api("https://count.example/c", {"status": "ok"}),
        Asked(f"{SITE}/gone", None, kind="xhr"),
        Asked(f"{SITE}/broken", "{", "application/json", kind="xhr"),
        Asked(f"{SITE}/text", "ok", "text/plain", kind="xhr"),
    ]
    assert talk(PAGE, *noise, api(), *noise).exchange.url.startswith(f"{SITE}/api/query")


NEWS = {"code": 0, "data": [{"title": "通知", "statusName": "已发布", "updateTime": "2026-10-01"}]}
MASKED = {"code": 0, "data": {"groups": [{"items": [{"xm": "测*甲", "now": {"code": 20, "text": "部门复核"}}]}]}}


def test_news_with_a_status_of_their_own_are_not_what_the_person_asked_for() -> None:
    news = api("https://other.example/api/news", NEWS)
    for answer in (MASKED, {"code": 0, "data": {"total": 0, "groups": []}}):
        mine = posted({"query": {"xm": "测试甲", "sfzh": "310101199001011234"}, "page": {"no": 1}}, answer)
        assert talk(PAGE, news, mine, news).exchange.url == f"{SITE}/api/query"
    assert talk(PAGE, news).exchange.url == "https://other.example/api/news", "better than nothing"


def test_somebody_elses_status_that_nobody_asked_for_is_not_what_the_person_asked_for() -> None:
    others = api(f"{SITE}/api/published", {"data": [{"slbh": "SH2025000001", "statusName": "已办结"}]})
    assert talk(PAGE, posted({"query": {"xm": "测试甲"}}, MASKED), others).exchange.method == "POST"


def test_a_page_behind_a_redirect_is_one_that_the_person_asked_for() -> None:
    form = (
        "<html><body><form action=/find>Owner's surname: <input name=surname>Permit: <input name=permit></form></body></html>"
    )
    asked = Asked(f"{SITE}/find?surname=Adeyemi&permit=HV%2F26%2F1", None, status=303, location=f"{SITE}/results/x")
    result = Asked(f"{SITE}/results/x", "<html><body><p>3 permits for <b>A. Adeyemi</b></p><p>In review.</p></body></html>")
    found = talk(Asked(f"{SITE}/", form), asked, result, Asked(f"{SITE}/", form))
    assert found.exchange.url == f"{SITE}/results/x"
    assert propose_talk(found).url == f"{SITE}/"


def test_however_much_a_page_loads_before_its_answer_is_found() -> None:
    images = [Asked(f"{SITE}/{n}.png", "x", "image/png", kind="image") for n in range(500)]
    news = [api(f"{SITE}/api/news/{n}", {"data": []}) for n in range(500)]
    assert NUMBER in talk(PAGE, *images, *news, api()).exchange.url


def test_the_last_of_several_looks_is_the_one() -> None:
    other = json.loads(json.dumps(ANSWER).replace("0123", "0124"))
    assert NUMBER in talk(PAGE, api(f"{SITE}/api/query?slbh=SH2026000124", other), api()).exchange.url


def test_an_answer_that_lists_nothing_is_better_than_none() -> None:
    found = talk(PAGE, api(tree={"code": 0, "data": {"list": []}}))
    assert found.json is not None
    case = propose_talk(found)
    assert (case.adapter, case.label, reasons(case)) == ("json", "", ["no_label"])


def test_a_code_wants_the_cases_own_table() -> None:
    case = proposal(PAGE, api(tree={"data": {"slbh": NUMBER, "zt": 3}}))
    assert (case.words, case.numbers, reasons(case)) == (("3",), True, ["label_number"])


def test_a_word_that_nobody_knows_is_said_to_be() -> None:
    case = proposal(PAGE, api(tree={"data": {"slbh": NUMBER, "zt": "窗口流转"}}))
    assert (case.words, reasons(case)) == (("窗口流转",), ["label_unknown"])


def test_an_answer_that_nobody_was_named_for_has_no_reference() -> None:
    assert reasons(proposal(api(f"{SITE}/api/mine"))) == ["no_reference"]


@pytest.mark.parametrize(
    ("header", "code"),
    [("Authorization", "own_header"), ("X-Access-Token", "own_header"), ("token", "own_header"), ("Sec-Fetch-Mode", "")],
)
def test_a_header_that_opens_the_door_is_the_persons_own(header: str, code: str) -> None:
    data = json.loads(chrome(PAGE, api()))
    data["log"]["entries"][1]["request"]["headers"].append({"name": header, "value": "Bearer abc.def.ghi"})
    case = probe_har(exchanges(json.dumps(data).encode())).proposal
    assert (case.adapter, reasons(case)) == (("by_hand", [code]) if code else ("json", []))


def test_a_cookie_that_the_site_gave_opens_no_door_but_may_be_wanted() -> None:
    case = proposal(PAGE, api(cookies="SESSION=abcdef; _ga=GA1.2; Hm_lvt_12=3"))
    assert (case.adapter, case.first, reasons(case)) == ("json", f"{SITE}/", ["fresh_cookie"])


def test_a_cookie_that_a_script_made_in_the_recording_is_no_log_ins() -> None:
    first = Asked(f"{SITE}/", "<html><title>办件查询</title><div id=app></div></html>")
    case = proposal(first, api(cookies="consent=essential"))
    assert (case.adapter, case.first, reasons(case)) == ("json", "", ["script_cookie"])
    before = Asked(f"{SITE}/", "<html></html>", cookies="consent=essential")
    assert reasons(proposal(before, api(cookies="consent=essential"))) == ["own_cookie"]


def test_where_several_records_are_the_persons_own_the_key_that_tells_them_apart_is_asked_for() -> None:
    items = [{"xm": "测*甲", "applyNo": f"SH202600012{n}", "now": {"state": 20, "text": "部门复核"}} for n in (3, 4)]
    case = proposal(PAGE, posted({"query": {"xm": "测试甲"}}, {"data": {"groups": [{"items": items}]}}))
    assert case.wanted == (Wanted("xm"), Wanted("applyNo"))
    assert "which_record" in reasons(case)


def test_a_cookie_from_before_may_be_a_log_ins() -> None:
    case = proposal(PAGE, api(cookies="SID=fedcba"))
    assert (case.adapter, case.draft, case.look, reasons(case)) == ("by_hand", "by_hand", f"{SITE}/", ["own_cookie"])


def test_a_token_that_an_earlier_answer_holds_can_be_fetched_first_another_not() -> None:
    given = api(f"{SITE}/api/token", {"data": "tok-12345"})
    fresh = proposal(PAGE, given, posted({"slbh": NUMBER, "token": "tok-12345"}))
    assert (fresh.adapter, fresh.draft, reasons(fresh)) == ("by_hand", "json", ["fresh_token"])
    own = proposal(PAGE, posted({"slbh": NUMBER, "sign": "9f8e7d6c"}))
    assert (own.adapter, own.draft, reasons(own)) == ("by_hand", "by_hand", ["own_token"])


TOKEN = "kZ7tq0XW5mB2dR9vL4cY"


def test_a_token_of_an_earlier_json_answer_is_fetched_by_the_draft_wherever_it_is_sent() -> None:
    given = api(f"{SITE}/api/csrf?_=1795704596720", {"data": {"csrfToken": TOKEN}})
    asked = posted({"query": {"slbh": NUMBER}, "csrf": TOKEN, "ts": 1795704596720, "page": {"no": 1}})
    given = replace(given, set_cookie="SID=k1; Path=/")
    data = json.loads(chrome(PAGE, given, replace(asked, cookies="SID=k1")))
    data["log"]["entries"][-1]["request"]["headers"].append({"name": "X-Csrf-Token", "value": TOKEN})
    case = probe_har(exchanges(json.dumps(data).encode())).proposal
    assert (case.adapter, case.draft, reasons(case)) == ("by_hand", "json", ["fresh_token", "nested_body"])
    assert case.first == "", "the token's answer gives the cookie too"
    place, url = "json:data.csrfToken", f"{SITE}/api/csrf"
    assert case.fetches == (Fetch("X-Csrf-Token", place, url, is_header=True), Fetch("csrf", place, url))
    text = module_text(Draft("spa", case, "", "seen", template_of(case)))
    assert TOKEN not in text
    assert "1795704596720" not in text
    assert text.count('yield from get(urljoin(reference.url, "/api/csrf"))') == 1
    assert '"csrf": tokens["csrf"]' in text
    assert 'headers=(("X-Csrf-Token", tokens["X-Csrf-Token"]),)' in text
    compile(text, "spa.py", "exec")


def test_a_token_of_an_earlier_page_is_fetched_by_the_draft_for_a_header() -> None:
    page = Asked(f"{SITE}/", f"<html><meta name=csrf content={TOKEN}><div id=app></div></html>")
    data = json.loads(chrome(page, posted({"slbh": NUMBER})))
    data["log"]["entries"][-1]["request"]["headers"].append({"name": "X-Csrf-Token", "value": TOKEN})
    case = probe_har(exchanges(json.dumps(data).encode())).proposal
    assert (case.draft, reasons(case)) == ("json", ["fresh_token"])
    assert case.fetches == (Fetch("X-Csrf-Token", "css:meta[name='csrf']", f"{SITE}/", is_header=True),)
    text = module_text(Draft("spa", case, "", "seen", None))
    assert "post_json(reference.url, values, headers=" in text


@pytest.mark.parametrize(
    ("body", "code"),
    [({"slbh": NUMBER, "captcha": "x4t7"}, "captcha"), ({"slbh": NUMBER, "password": "geheim"}, "login")],
)
def test_what_only_the_person_may_say_is_left_to_the_person(body: dict[str, str], code: str) -> None:
    case = proposal(PAGE, posted(body))
    assert (case.adapter, reasons(case)) == ("by_hand", [code])


def test_after_a_log_in_nobody_else_asks() -> None:
    log_in = Asked(f"{SITE}/dologin", "{}", "application/json", method="POST", sent="user=a&pwd=b", kind="xhr")
    assert reasons(proposal(PAGE, log_in, api())) == ["logged_in"]
    inside = Asked(f"{SITE}/home", "<html><body><a href=/out>退出登录</a></body></html>")
    assert reasons(proposal(inside, api())) == ["logged_in"]


def test_a_body_with_parts_in_it_wants_an_adapter_of_its_own() -> None:
    case = proposal(PAGE, posted({"page": {"size": 10, "all": False}, "query": [{"slbh": NUMBER}]}))
    assert (case.adapter, case.draft, reasons(case)) == ("by_hand", "json", ["nested_body"])
    assert case.wanted == (Wanted("slbh"),)
    assert isinstance(case.body_json, dict)
    assert case.body_json["page"] == {"size": 10, "all": False}
    assert case.body_json["query"][0]["slbh"].name == "slbh"


def test_a_body_that_is_no_json_at_all_is_beyond_us() -> None:
    case = proposal(api(f"{SITE}/api/q", method="POST", sent='{"slbh":', sent_type="application/json"))
    assert (case.adapter, case.body_json, "nested_body" in reasons(case)) == ("by_hand", None, True)
    parts = proposal(api(f"{SITE}/api/q", method="POST", sent="--x", sent_type="multipart/form-data; boundary=x"))
    assert "nested_body" in reasons(parts)


def test_a_number_in_the_address_itself_is_found_by_the_answer_that_repeats_it() -> None:
    case = proposal(PAGE, api(f"{SITE}/api/progress/{NUMBER}?_={1795704596720}"))
    assert (case.adapter, case.draft, case.url, case.wanted) == ("by_hand", "json", f"{SITE}/api/progress/", (Wanted("slbh"),))
    assert reasons(case) == ["in_path"]
    assert reasons(proposal(PAGE, api(f"{SITE}/api/v202611/9988776655"))) == ["no_reference"]


def test_a_method_that_is_not_sent_for_anybody_is_named() -> None:
    assert reasons(proposal(PAGE, api(method="PUT"))) == ["method"]


# --- a form ----------------------------------------------------------------------------------------------------------


def test_a_form_is_proposed_with_the_fields_that_the_person_filled_in() -> None:
    found = talk(Asked(f"{SITE}/cx.htm", QUERY), sent_form())
    assert roles(found) == {"slbh": "reference", "xm": "reference", "lx": "constant", "token": "token"}
    case = propose_talk(found)
    assert (case.adapter, case.url, case.wanted) == ("form", f"{SITE}/cx.htm", (Wanted("受理编号"), Wanted("姓名")))
    assert (case.label, case.words, reasons(case)) == ("办件进展", ("窗口流转",), ["label_named", "label_unknown"])


def test_a_choice_that_differs_from_the_pages_own_is_part_of_the_reference_in_the_pages_words() -> None:
    found = talk(Asked(f"{SITE}/cx.htm", QUERY.replace("<select", "类别：<select")), sent_form(lx="2"))
    assert roles(found)["lx"] == "reference"
    assert propose_talk(found).wanted[2] == Wanted("类别", ("个人", "企业"), "企业")


def test_a_box_that_was_ticked_is_ticked_again() -> None:
    page = QUERY.replace("<select", "<input type=checkbox name=ok id=ok value=1><label for=ok>我已阅读</label><select")
    assert proposal(Asked(f"{SITE}/cx.htm", page), sent_form(ok="1")).wanted[2] == Wanted("我已阅读", value="yes")
    assert len(proposal(Asked(f"{SITE}/cx.htm", page), sent_form(ok="other")).wanted) == 2


def test_what_only_one_of_two_forms_was_filled_with_leads_to_that_form() -> None:
    other = "<form method=post action=/dw.do>受理编号：<input name=dwbh>单位名称：<input name=mc></form>"
    case = proposal(Asked(f"{SITE}/cx.htm", QUERY.replace("</body>", f"{other}</body>")), sent_form(xm=""))
    assert (case.adapter, case.wanted) == ("form", (Wanted("slbh"),))


def test_a_link_that_sends_the_form_puts_a_name_into_it_that_its_page_spells_out() -> None:
    link = '<a href="javascript:__doPostBack(&#39;lbQuery&#39;,&#39;&#39;)">查询</a>'
    page = QUERY.replace("<select", f"<input type=hidden name=__EVENTTARGET value=''>{link}<select")
    case = proposal(Asked(f"{SITE}/cx.htm", page), sent_form(__EVENTTARGET="lbQuery"))
    assert (case.adapter, case.wanted[-1]) == ("form", Wanted("__EVENTTARGET", value="lbQuery"))
    made = proposal(Asked(f"{SITE}/cx.htm", page), sent_form(__EVENTTARGET="lbOther"))
    assert (made.adapter, reasons(made)[0]) == ("by_hand", "scripted_fields")


def test_what_a_page_gave_to_be_copied_is_no_constant_of_the_site() -> None:
    page = QUERY.replace("<select", "<input type=hidden name=__VIEWSTATE value=packed><select")
    found = talk(Asked(f"{SITE}/cx.htm", page), sent_form(__VIEWSTATE="packed"))
    assert roles(found)["__VIEWSTATE"] == "copied"


def test_a_recorded_answer_that_nobody_can_read_is_said_to_be() -> None:
    case = proposal(Asked(f"{SITE}/cx.htm", QUERY), sent_form(f"<html><body><p>{NUMBER}，您好</p></body></html>"))
    assert (case.adapter, reasons(case)) == ("form", ["answer_unread"])


def test_what_a_script_put_into_a_form_nobody_else_can_send() -> None:
    case = proposal(Asked(f"{SITE}/cx.htm", QUERY), sent_form(token="made", extra="1"))
    assert (case.adapter, reasons(case)[0]) == ("by_hand", "scripted_fields")
    assert case.reasons[0].params == {"fields": "token, extra"}


def test_where_the_picture_was_clicked_is_no_scripts_doing() -> None:
    case = proposal(Asked(f"{SITE}/cx.htm", QUERY), sent_form(**{"go.x": "3", "go.y": "4", "x": "1", "y": "2"}))
    assert case.adapter == "form"


def test_a_captcha_in_the_form_is_left_to_the_person() -> None:
    page = QUERY.replace("<select", "验证码<input name=yzm><select")
    case = proposal(Asked(f"{SITE}/cx.htm", page), sent_form(yzm="x4t7"))
    assert (case.adapter, reasons(case)[0], reasons(case).count("captcha")) == ("by_hand", "captcha", 1)
    unfilled = proposal(Asked(f"{SITE}/cx.htm", page), sent_form())
    assert (unfilled.adapter, reasons(unfilled)[0]) == ("by_hand", "captcha")


def test_forms_that_nobody_tells_apart_are_said_to_be() -> None:
    twice = QUERY.replace("</body>", QUERY.partition("<body>")[2].replace("/query.do", "/other.do"))
    assert reasons(proposal(Asked(f"{SITE}/cx.htm", twice), sent_form()))[0] == "not_alone"


def test_values_in_gbk_are_read_as_the_person_typed_them() -> None:
    sent = f"slbh={NUMBER}&xm={quote('测试甲'.encode('gbk'))}&lx=1&token=t77"
    asked = Asked(
        f"{SITE}/query.do", method="POST", sent=sent, sent_type=FORM, body=RESULT.encode("gbk"), content_type="text/html"
    )
    assert talk(Asked(f"{SITE}/cx.htm", QUERY), asked).reference == {"slbh": NUMBER, "xm": "测试甲"}


def test_an_answer_whose_form_was_not_recorded_says_so() -> None:
    asked = sent_form(f"<html><body>{record(受理编号=NUMBER, 当前状态='审核中')}</body></html>")
    case = proposal(asked)
    assert (case.adapter, case.wanted, reasons(case)) == ("form", (Wanted("slbh"), Wanted("xm")), ["no_form_page"])
    own = proposal(sent_form(RESULT.replace("</body>", "<a>安全退出</a></body>")))
    assert (own.adapter, reasons(own)[:2]) == ("by_hand", ["logged_in", "no_form_page"])


def test_a_page_that_anybody_may_open_is_proposed_as_one() -> None:
    public = Asked(
        f"{SITE}/list.htm;jsessionid=AB12", f"<html><body>{record(受理编号=NUMBER, 当前状态='审核中')}</body></html>"
    )
    case = proposal(public)
    assert (case.adapter, case.url, reasons(case)) == ("page", f"{SITE}/list.htm", ["answer_only"])
    asked = Asked(f"{SITE}/list.htm?d=2&k={NUMBER}", public.text)
    assert NUMBER not in proposal(asked).url


def test_a_piece_of_a_page_that_a_script_asked_for_wants_an_adapter_of_its_own() -> None:
    page = Asked(f"{SITE}/q.htm", "<html><body>受理编号<input id=n></body></html>", set_cookie="S=abc1")
    piece = table(("受理编号", NUMBER, "办件进展", "窗口流转"))
    asked = Asked(
        f"{SITE}/frag", piece, method="POST", sent=f"slbh={NUMBER}&lx=2", sent_type=FORM, kind="xhr", cookies="S=abc1"
    )
    case = proposal(page, asked)
    assert (case.adapter, case.draft, case.url, case.look) == ("by_hand", "asked", f"{SITE}/frag", f"{SITE}/q.htm")
    assert case.wanted == (Wanted("slbh"), Wanted("lx", value="2"))
    assert (case.label, case.first, reasons(case)[0]) == ("办件进展", f"{SITE}/q.htm", "fragment")
    data = json.loads(firefox(page, Asked(f"{SITE}/frag?slbh={NUMBER}", piece)))
    data["log"]["entries"][1]["request"]["headers"].append({"name": "Sec-Fetch-Dest", "value": "empty"})
    assert probe_har(exchanges(json.dumps(data).encode())).proposal.draft == "asked"
    own = proposal(page, Asked(f"{SITE}/frag?slbh={NUMBER}", piece, kind="xhr", cookies="S=before"))
    assert (own.draft, reasons(own)[0]) == ("by_hand", "own_cookie")


def test_a_recording_of_the_form_alone_gives_the_form() -> None:
    case = proposal(Asked(f"{SITE}/cx.htm", QUERY))
    assert (case.adapter, case.url) == ("form", f"{SITE}/cx.htm")


def test_a_log_in_page_alone_is_looked_at_by_hand() -> None:
    page = "<html><body><form action=/login>用户名<input name=u>密码<input type=password name=p></form></body></html>"
    assert reasons(proposal(Asked(f"{SITE}/", page))) == ["login"]


def test_an_answer_that_we_can_not_read_still_leads_to_its_form() -> None:
    found = talk(Asked(f"{SITE}/cx.htm", QUERY), sent_form(f"<html><body><p>{NUMBER}，您好</p></body></html>"))
    assert found.html is not None
    assert (found.html.status, propose_talk(found).adapter) == (None, "form")


def test_an_answer_that_knows_no_such_case_still_leads_to_its_form() -> None:
    nothing = "<html><body><p>未查询到相关记录</p></body></html>"
    found = talk(Asked(f"{SITE}/cx.htm", QUERY), sent_form(nothing))
    assert found.exchange.method == "POST"
    assert propose_talk(found).wanted == (Wanted("受理编号"), Wanted("姓名"))


def test_what_holds_nothing_at_all_is_nothing() -> None:
    assert find_talk(exchanges(chrome(Asked(f"{SITE}/", "<html><body><p>甲</p></body></html>")))) is None


def test_everything_that_finds_a_person_is_known_and_can_be_masked() -> None:
    found = talk(Asked(f"{SITE}/cx.htm", QUERY), sent_form())
    assert {NUMBER, "测试甲", "t77"} <= set(found.known)


def test_no_address_of_a_case_carries_what_opens_a_door_or_finds_a_person() -> None:
    page = Asked(f"{SITE}/of/{NUMBER}.html?ticket=ST-1234567890&type=7&xm=甲", "<html><div id=app></div></html>")
    given = api(f"{SITE}/api/q?slbh={NUMBER}", cookies="SID=1", referer=page.url)
    case = proposal(replace(page, set_cookie="SID=1"), given)
    assert (case.look, case.first) == (f"{SITE}/of/…?type=7", f"{SITE}/of/…?type=7")
    assert NUMBER not in str(case.reasons)
    answer = f"<html><body>{record(受理编号=NUMBER, 当前状态='审核中')}</body></html>"
    shown = proposal(Asked(f"{SITE}/case/{NUMBER}/show.html?sid=7", answer))
    assert (shown.adapter, shown.url) == ("page", f"{SITE}/case/…/show.html?sid=7")
    assert "url_cut" in reasons(shown)


def test_a_body_with_parts_in_it_keeps_nothing_of_the_moment() -> None:
    body = {"q": {"slbh": NUMBER, "sign": "9f8e7d6c", "app": "web"}}
    tree = proposal(PAGE, posted(body)).body_json
    assert isinstance(tree, dict)
    assert (tree["q"]["sign"].role, tree["q"]["app"]) == ("own_token", "web")


def test_a_short_value_opens_no_door_whatever_its_name() -> None:
    assert reasons(proposal(PAGE, api(f"{SITE}/api/q?sid=7&slbh={NUMBER}"))) == []


def test_where_the_cases_status_is_empty_that_is_said_and_no_other_things_is_named() -> None:
    case = proposal(api(tree={"data": {"slbh": NUMBER, "statusName": None, "payStatusName": "已缴费"}}))
    assert (case.adapter, case.label, reasons(case)) == ("json", "", ["status_empty"])
    assert case.reasons[-1].params == {"caption": "json:data.statusName"}
    empty = f"<html><body>{table(('受理编号', NUMBER, '办理状态', '', '缴费状态', '已缴费'))}</body></html>"
    asked = (
        Asked(f"{SITE}/", QUERY),
        Asked(
            f"{SITE}/query.do",
            empty,
            method="POST",
            sent=urlencode({"slbh": NUMBER, "xm": "测试甲", "lx": "1", "token": "t77"}),
            sent_type=FORM,
        ),
    )
    answered = proposal(*asked)
    assert (answered.adapter, answered.label, reasons(answered)) == ("form", "", ["status_empty"])
