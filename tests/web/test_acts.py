"""What the page says of a case, and what its buttons do: real service, real site, no browser."""

import re
import sqlite3
from urllib.parse import quote

from tests.e2e.desk import NUMBER, Desk, wait_for
from tests.e2e.test_service import ticking
from tests.sites.query import ASK, FORM, QuerySite, Record
from tests.sites.server import Reply
from tests.web.conftest import CAPTCHA, Office
from tests.web.served import Page, Visitor, read, serving, words_of


def shown(visitor: Visitor, case: str = "me") -> str:
    return visitor.get(f"/cases/{case}").words


def looked(visitor: Visitor, case: str = "me") -> str:
    """Taps “check now”, and waits for the answer as the page does: by asking again."""
    page = visitor.follow(visitor.post(f"/cases/{case}/check"))
    assert "Asked at" in page.words
    wait_for(lambda: 'http-equiv="refresh"' not in visitor.get(f"/cases/{case}").text)
    return shown(visitor, case)


def told(visitor: Visitor, page: Page) -> str:
    """What is said once, on the page that follows a form."""
    found = re.search(r'<div class="note [a-z]+" role="[a-z]+">(.*?)</div>', visitor.follow(page).text, re.DOTALL)
    assert found
    return words_of(found[1])


# --- what is said ----------------------------------------------------------------------------------------------------


def test_a_case_says_what_stands_there_how_sure_that_is_whose_turn_how_old_and_what_comes_next(office: Office) -> None:
    words = shown(office.visitor, "我的积分")
    assert re.search(r"审核中 likely in review", words)
    assert "Turn the authority" in words
    assert re.search(r"Since 20 Nov.*the authority's own date", words)
    assert re.search(r"Last read .* \(.*on the site\)", words)
    assert "every 4 hours" in words
    assert "Nobody has confirmed this adapter on the real site yet" in words
    assert "told first reading #" in words
    assert re.search(r"seen “审核中” \(likely in review\)", words)


def test_what_the_page_asks_the_applicant_is_quoted_and_comes_first_in_the_list(office: Office) -> None:
    assert "The page says 请于12月3日前补交劳动合同复印件" in shown(office.visitor, "act")
    text = office.visitor.get("/").text
    names = re.findall(r'<h2><a href="[^"]*">(.*?)</a></h2>', text)
    assert names[:2] == ["act", "blocked"], "who must act, then what can't be read"
    assert "the applicant" in office.visitor.get("/").words


def test_a_captcha_is_said_in_words_and_sends_the_person_to_look(office: Office) -> None:
    words = shown(office.visitor, "blocked")
    assert "not read yet" in words
    assert "The site asks for a captcha, which only the person it belongs to may answer" in words
    assert "1 failed look since" in words


def test_a_word_that_nobody_knows_stands_as_it_is_with_a_doubt(office: Office) -> None:
    words = shown(office.visitor, "new word")
    assert "窗口已收件 a word that is not known yet unconfirmed" in words
    assert "We don't know this word, so we look a second time." in words
    assert "Turn the authority" not in words, "nobody knows whose turn it is"


def test_the_list_is_searched_and_filtered_by_its_address(office: Office) -> None:
    def names(query: str) -> list[str]:
        return re.findall(r'<h2><a href="[^"]*">(.*?)</a></h2>', office.visitor.get(f"/?{query}").text)

    assert names("q=BLOCK") == ["blocked"]
    assert names(f"q={quote('审核中')}") == ["我的积分"]
    assert names("show=your-turn") == ["act"]
    assert names("show=problem") == ["blocked"]
    assert names("show=over") == []
    assert "No case is like that" in office.visitor.get("/?q=zzz").words
    assert len(names("show=nonsense&start=-1")) == 5
    assert len(names("start=999999&q=" + "x" * 5000)) == 0


def test_health_says_how_old_the_truth_is_and_what_is_broken(office: Office) -> None:
    words = office.visitor.get("/health").words
    assert re.search(r"127\.0\.0\.1 answers 4 cases Newest reading", words)
    assert re.search(r"127\.0\.0\.3 can't be read 1 case Never read 1 Rests until .* asks for a captcha", words)
    assert "new word “窗口已收件”: a word that is not known yet" in words
    assert "nobody has confirmed this adapter on the real site yet" in words
    assert "no password: whoever reaches it reads everything" in words


def test_plain_http_with_personal_data_is_said_on_the_page(desk: Desk) -> None:
    desk.add_case("http://tracker.invalid/query.htm")
    with serving(desk, gap="10s") as visitor:
        read(visitor, "me", "could not be reached")
        sentence = "Personal data travels unencrypted (plain http) to tracker.invalid."
        assert sentence in shown(visitor)
        assert sentence in visitor.get("/health").words


def test_nothing_travels_where_a_person_looks_or_a_text_is_watched(desk: Desk) -> None:
    address = 'url = "http://tracker.invalid/query.htm"\nreference = { "受理编号" = "SH2026000123" }'
    desk.cases.append(f'[[cases]]\nname = "hand"\nadapter = "by_hand"\n{address}\n')
    desk.cases.append(f'[[cases]]\nname = "list"\nadapter = "page"\nwatch = true\n{address}\n')
    with serving(desk, gap="10s") as visitor:
        for path in ("/health", "/cases/hand", "/cases/list"):
            assert "unencrypted" not in visitor.get(path).words, path


def test_an_address_with_a_password_in_it_is_not_shown(desk: Desk) -> None:
    desk.cases.append('[[cases]]\nname = "hand"\nadapter = "by_hand"\nurl = "https://anna:open-sesame@www.example.org/"\n')
    with serving(desk) as visitor:
        assert "open-sesame" not in visitor.get("/cases/hand").text


def test_a_caption_that_repeats_the_reference_is_masked(desk: Desk, site: QuerySite) -> None:
    answer = f'{{"slbh": "{NUMBER}", "status": "审核中", "{NUMBER}的材料": "齐全"}}'
    url = site.answer("/mine.json", Reply(answer.encode(), content_type="application/json"))
    desk.cases.append(f'[[cases]]\nname = "me"\nadapter = "json"\nurl = "{url}"\nreference = {{ slbh = "{NUMBER}" }}\n')
    with serving(desk) as visitor:
        read(visitor, "me", "审核中")
        assert "的材料" in shown(visitor)
        assert NUMBER not in visitor.get("/cases/me").text


def test_two_sources_with_one_word_ask_once_what_it_means(desk: Desk, site: QuerySite) -> None:
    site.cases = {NUMBER: Record(NUMBER, "审核通过")}
    source = '[[cases.sources]]\nname = "{}"\nadapter = "{}"\nurl = "{}"\nreference = {{ "受理编号" = "{}" }}'
    one, two = source.format("a", "form", site.form_url, NUMBER), source.format("b", "page", site.list_url, NUMBER)
    desk.cases.append(f'[[cases]]\nname = "me"\n{one}\n{two}\n')
    with serving(desk) as visitor:
        wait_for(lambda: shown(visitor).count("seen “审核通过”") == 2)
        assert shown(visitor).count("by its usual meaning") == 1


def test_a_case_seen_in_two_places_shows_both_and_the_later_one_on_top(desk: Desk, site: QuerySite) -> None:
    site.cases = {NUMBER: Record(NUMBER, "审核中"), "SH2026000124": Record("SH2026000124", "审核通过", on="2026-11-24")}
    source = '[[cases.sources]]\nname = "{}"\nadapter = "{}"\nurl = "{}"\nreference = {{ "受理编号" = "{}" }}'
    one = source.format("public", "form", site.form_url, NUMBER)
    two = source.format("list", "page", site.list_url, "SH2026000124")
    desk.cases.append(f'[[cases]]\nname = "me"\n{one}\n{two}\n')
    with serving(desk) as visitor:
        read(visitor, "me", "审核通过")
        read(visitor, "me", "审核中")
        head, _, sources = visitor.get("/cases/me").text.partition("Where it is looked up")
        assert re.search(r"审核通过", head.partition("</header>\n")[2])
        assert "审核中" in sources
        assert "审核通过" in sources


# --- what can be done ------------------------------------------------------------------------------------------------


def test_check_now_asks_the_site_and_its_answer_stands_on_the_page(desk: Desk, site: QuerySite) -> None:
    site.cases[NUMBER] = Record(NUMBER, "已受理")
    desk.add_case(site.form_url)
    with serving(desk) as visitor:
        read(visitor, "me", "已受理")
        asked = len(site.asked(ASK))
        assert "Nothing new." in looked(visitor)
        assert len(site.asked(ASK)) == asked + 1
        site.move(NUMBER, "审核通过")
        words = looked(visitor)
        assert "Read: “审核通过” (likely approved), on the site. That is new." in words
        assert "told status changed" in words
        assert "moved this week" in visitor.get("/").words
        site.answer(FORM, Reply(CAPTCHA))
        assert "asks for a captcha" in looked(visitor)


def test_a_paused_case_is_left_alone_until_it_is_resumed(desk: Desk, site: QuerySite) -> None:
    site.cases[NUMBER] = Record(NUMBER)
    desk.add_case(site.form_url)
    with serving(desk) as visitor:
        read(visitor, "me", "已受理")
        assert told(visitor, visitor.post("/cases/me/pause")) == "Checks are paused. What was read stays here."
        assert "paused" in visitor.get("/").words
        assert "Check now" not in shown(visitor)
        asked = len(site.log)
        assert "Checks are paused." in looked(visitor), "also where somebody sends the form by hand"
        assert len(site.log) == asked
        assert told(visitor, visitor.post("/cases/me/pause", {"resume": "1"})) == "Checks go on."
        assert "Check now" in shown(visitor)


def test_an_archived_case_is_found_under_its_own_tab(desk: Desk, site: QuerySite) -> None:
    for number, name in ((NUMBER, "kept"), ("SH2026000124", "old one")):
        site.cases[number] = Record(number)
        desk.add_case(site.form_url, number, name=name)
    with serving(desk) as visitor:
        read(visitor, "old one", "已受理")
        assert desk.run("archive", "old one").code == 0
        assert "Cases 1" in visitor.get("/").words
        assert "Archived 1" in visitor.get("/").words
        assert "old one" not in visitor.get("/").words
        assert "old one" in visitor.get("/?show=archived").words
        words = shown(visitor, "old one")
        assert "archived" in words
        assert "Pause checks" not in words, "nothing is checked that could be paused"
        assert desk.run("archive", "kept").code == 0
        assert "No case yet" not in visitor.get("/").words, "two were put away"


def test_a_case_that_is_no_longer_set_up_can_not_be_checked(desk: Desk, site: QuerySite) -> None:
    site.cases[NUMBER] = Record(NUMBER)
    desk.add_case(site.form_url)
    desk.run("check")
    desk.cases.clear()
    desk.add_case(site.form_url, "SH2026000124", name="other")
    with serving(desk) as visitor:
        assert "no longer set up" in shown(visitor)
        assert visitor.post("/cases/me/check").status == 404
        assert "Asked at" not in shown(visitor)


def test_a_tap_on_yes_confirms_a_word_from_the_next_look_on(desk: Desk, site: QuerySite) -> None:
    site.cases[NUMBER] = Record(NUMBER, "审核通过")
    desk.add_case(site.form_url)
    with serving(desk) as visitor:
        read(visitor, "me", "审核通过")
        text = visitor.get("/cases/me").text
        word = re.findall(r'name="word" value="([0-9a-f]+)"', text)[0]
        stale = visitor.post("/cases/me/confirm", {"word": "0" * 16, "status": "approved"})
        assert "nothing was changed" in told(visitor, stale)
        for nonsense in ("", "unknown", "sleeping"):
            assert visitor.post("/cases/me/confirm", {"word": word, "status": nonsense}).status == 400
        done = visitor.post("/cases/me/confirm", {"word": word, "status": "approved"})
        assert told(visitor, done) == "Noted: “审核通过” means approved. It counts from the next look on."
        assert "likely" not in looked(visitor).partition("Timeline")[0]


def test_what_a_person_saw_counts_at_once(desk: Desk, site: QuerySite) -> None:
    site.cases[NUMBER] = Record(NUMBER, "已受理")
    desk.add_case(site.form_url)
    with serving(desk) as visitor:
        read(visitor, "me", "已受理")
        saw = "/cases/me/saw"
        assert "Unchanged: 已受理" in visitor.get(saw).words
        assert "entered by hand. Nothing new." in told(visitor, visitor.post(saw, {"same": "1"}))
        assert "entered by hand. That is new." in told(visitor, visitor.post(saw, {"label": "审核中"}))
        assert "审核中 likely in review" in shown(visitor)
        assert "can't be put in between" in told(visitor, visitor.post(saw, {"label": "办结", "on": "2020-01-02"}))
        assert "not come yet" in told(visitor, visitor.post(saw, {"label": "办结", "on": "2999-01-02"}))
        assert "is no date" in told(visitor, visitor.post(saw, {"label": "办结", "on": "<b>"}))
        assert "Nothing was given" in told(visitor, visitor.post(saw))


def test_a_pasted_page_is_read_like_the_sites_own_and_a_captcha_page_changes_nothing(desk: Desk, site: QuerySite) -> None:
    site.cases[NUMBER] = Record(NUMBER, "已受理")
    desk.add_case(site.form_url)
    with serving(desk) as visitor:
        read(visitor, "me", "已受理")
        words = told(visitor, visitor.post("/cases/me/saw", {"page": CAPTCHA}))
        assert "asks for a captcha" in words
        assert "Nothing of it was kept" in words
        stranger = "<table><tr><th>受理编号</th><td>SH2026999999</td></tr><tr><th>状态</th><td>办结</td></tr></table>"
        assert "does not match yours" in told(visitor, visitor.post("/cases/me/saw", {"page": stranger}))
        page = stranger.replace("SH2026999999", NUMBER).replace("办结", "审核中").encode("gb18030")
        done = visitor.upload("/cases/me/saw", b'<meta charset="gb18030">' + page)
        assert "“审核中” (likely in review), from a page shown to us. That is new." in told(visitor, done)


def test_a_text_is_shown_back_masked_and_kept_only_after_a_yes(desk: Desk, site: QuerySite) -> None:
    site.cases[NUMBER] = Record(NUMBER, "已受理")
    desk.add_case(site.form_url)
    with serving(desk) as visitor:
        read(visitor, "me", "已受理")
        text = f"您的业务{NUMBER}\n状态：审核通过\n请联系13812345678"
        page = visitor.post("/cases/me/saw", {"page": text})
        assert page.status == 200
        assert "This would be kept for me: 审核通过" in page.words
        assert NUMBER not in page.text
        assert "13812345678" not in page.text
        assert "审核通过" not in shown(visitor), "not before the yes"
        (waiting,) = re.findall(r'name="shown" value="([^"]+)"', page.text)
        yes = {"shown": waiting}
        assert "from a text given to us. That is new." in told(visitor, visitor.post("/cases/me/saw", yes))
        assert "审核通过" in shown(visitor)
        assert "was forgotten" in told(visitor, visitor.post("/cases/me/saw", yes)), "one yes counts once"


def test_a_text_that_names_nobody_is_shown_back_with_a_doubt(desk: Desk, site: QuerySite) -> None:
    site.cases[NUMBER] = Record(NUMBER, "已受理")
    desk.add_case(site.form_url)
    with serving(desk) as visitor:
        read(visitor, "me", "已受理")
        doubt = "does not name the reference"
        assert doubt in visitor.post("/cases/me/saw", {"page": "状态：审核通过"}).words
        assert doubt not in visitor.post("/cases/me/saw", {"page": f"{NUMBER}状态：审核通过"}).words


def test_a_pasted_json_answer_is_read_as_an_answer_and_no_text(desk: Desk, site: QuerySite) -> None:
    site.cases[NUMBER] = Record(NUMBER, "已受理")
    desk.cases.append(f'[[cases]]\nname = "me"\nadapter = "json"\nurl = "{site.json_url}"\nreference = {{ no = "{NUMBER}" }}\n')
    with serving(desk) as visitor:
        read(visitor, "me", "已受理")
        answer = '{"code": 0, "data": {"number": "%s", "status": "审核中"}}'
        done = visitor.post("/cases/me/saw", {"page": answer % NUMBER})
        assert "“审核中” (likely in review), from a page shown to us. That is new." in told(visitor, done)
        words = told(visitor, visitor.post("/cases/me/saw", {"page": '{"code": 500, "msg": "系统维护中"}'}))
        assert "Nothing of it was kept" in words


def test_a_watched_page_offers_no_word_to_tap(desk: Desk, site: QuerySite) -> None:
    url = site.answer("/papers.htm", Reply("<p>一、身份证</p><p>二、居住证</p>"))
    desk.cases.append(f'[[cases]]\nname = "papers"\nadapter = "page"\nurl = "{url}"\nwatch = true\n')
    with serving(desk) as visitor:
        read(visitor, "papers", "watched page")
        page = visitor.get("/cases/papers/saw")
        assert "it has no status to tap" in page.words
        assert 'name="label"' not in page.text
        assert 'name="file"' in page.text
        assert "message from the authority" not in page.words, "nor can a text be given"


def test_one_page_is_read_for_every_case_and_strangers_leave_no_trace(desk: Desk, site: QuerySite) -> None:
    for number in range(123, 127):
        site.cases[f"SH2026000{number}"] = Record(f"SH2026000{number}", "已受理")
        desk.add_case(site.list_url, f"SH2026000{number}", name=f"case{number}", adapter="page")
    with serving(desk) as visitor:
        for number in range(123, 127):
            read(visitor, f"case{number}", "已受理")
        rows = {"SH2026000123": "已受理", "SH2026000124": "审核中", "SH2026999901": "办结", "SH2026999902": "办结"}
        cells = "".join(f"<tr><td>{number}</td><td>{label}</td></tr>" for number, label in rows.items())
        page = f"<table><tr><th>受理编号</th><th>状态</th></tr>{cells}</table>"
        words = told(visitor, visitor.post("/saw", {"page": page}))
        assert words == "Read 2, moved 1, not on this page 2, unknown rows 2. case124"
        assert "asks for a captcha" in told(visitor, visitor.post("/saw", {"page": CAPTCHA}))
        assert "Nothing was given" in told(visitor, visitor.post("/saw"))
    everything = (desk.folder / "tracker.db").read_bytes()
    assert b"SH2026999901" not in everything


# --- where it stands, and when something is wrong --------------------------------------------------------------------


def test_without_a_case_the_page_says_what_to_type(desk: Desk) -> None:
    with serving(desk, language="zh-CN") as visitor:
        page = visitor.get("/")
        assert "还没有办件" in page.words
        assert str(desk.config) in page.text
        assert "tracker config check" in page.words
        assert '<html lang="zh-CN">' in page.text
        assert visitor.get("/saw").status == visitor.get("/health").status == 200


def test_it_works_under_a_sub_path_whether_or_not_the_proxy_takes_it_away(desk: Desk, site: QuerySite) -> None:
    site.cases[NUMBER] = Record(NUMBER)
    desk.add_case(site.form_url)
    with serving(desk, web='base_url = "https://example.org/office/tracker"\n') as visitor:
        for prefix in ("", "/office/tracker"):
            visitor.prefix = prefix
            text = visitor.get("/").text
            links = set(re.findall(r'(?:href|action|src)="([^"]*)"', text)) - {"#main"}
            assert all(link.startswith("/office/tracker/") for link in links), links
            (style,) = (link for link in links if "style.css" in link)
            assert visitor.get(style.removeprefix("/office/tracker")).headers["content-type"].startswith("text/css")
            done = visitor.post("/cases/me/pause", Origin="https://example.org")
            assert done.headers["location"].startswith("/office/tracker/cases/me")
            assert (visitor.get("/healthz").text, visitor.get("/readyz").text) == ("ok\n", "ready\n")
        visitor.prefix = ""
        assert visitor.get("/office/trackers").status == 404
        assert visitor.get("/office/healthz").status == 404


def test_the_page_answers_while_the_store_is_locked_and_says_what_is_wrong(desk: Desk, site: QuerySite) -> None:
    site.cases[NUMBER] = Record(NUMBER)
    desk.add_case(site.form_url)
    with serving(desk) as visitor:
        read(visitor, "me", "已受理")
        # Room to read and none to write, as on a full disk.
        desk.sql("CREATE TRIGGER full BEFORE UPDATE ON sources BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
        desk.sql("UPDATE cases SET paused_at = NULL")
        visitor.post("/cases/me/check")
        wait_for(lambda: "ended without an answer" in shown(visitor))
        assert "已受理" in shown(visitor)
        lock = sqlite3.connect(desk.folder / "tracker.db")
        try:
            desk.sql("DROP TRIGGER full")
            lock.execute("BEGIN IMMEDIATE")
            assert "已受理" in visitor.get("/").words, "reading waits for nobody"
        finally:
            lock.rollback()
            lock.close()


def test_a_service_that_is_not_ready_says_so_on_every_page(desk: Desk, site: QuerySite) -> None:
    site.cases[NUMBER] = Record(NUMBER)
    desk.add_case(site.form_url)
    with serving(desk, code=ticking(0.2)) as visitor:
        read(visitor, "me", "已受理")
        desk.sql("ALTER TABLE outbox RENAME TO elsewhere")
        wait_for(lambda: visitor.get("/readyz").status == 503)
        for path in ("/saw", "/nowhere"):
            assert "The service is not well. The store can't be used right now" in visitor.get(path).words
        page = visitor.get("/")
        assert page.status == 503
        assert "no such table" in page.words
        desk.sql("ALTER TABLE elsewhere RENAME TO outbox")
        wait_for(lambda: visitor.get("/readyz").status == 200)
        assert visitor.get("/").status == 200


def test_hundreds_of_cases_stay_usable(desk: Desk, site: QuerySite) -> None:
    for number in range(120):
        site.cases[f"SH2027{number:06}"] = Record(f"SH2027{number:06}", "退回补正" if number == 110 else "审核中")
        desk.add_case(site.list_url, f"SH2027{number:06}", name=f"staff-{number:03}", adapter="page")
    with serving(desk) as visitor:
        wait_for(lambda: desk.sql("SELECT count(*) FROM observations") == [(120,)], 60)
        page = visitor.get("/")
        assert "Your turn 1 Waiting 119" in page.words
        names = re.findall(r"(staff-\d{3})</a></h2>", page.text)
        assert len(names) == 100
        assert names[0] == "staff-110", "who must act stands on the first page"
        assert "1 to 100 of 120" in page.words
        assert len(re.findall(r"staff-\d{3}</a></h2>", visitor.get("/?start=100").text)) == 20
        assert re.findall(r"(staff-\d{3})</a></h2>", visitor.get("/?q=staff-117").text) == ["staff-117"]


def test_health_names_a_page_that_changed_and_the_timeline_what_was_amended(desk: Desk, site: QuerySite) -> None:
    def answer(caption: str) -> None:
        rows = f"<tr><td>受理编号</td><td>{NUMBER}</td></tr><tr><td>{caption}</td><td>已受理</td></tr>"
        rows += "<tr><td>流转情况</td><td>审核通过</td></tr>"
        site.answer(ASK, Reply(f"<html><body><table>{rows}</table></body></html>"))

    site.cases[NUMBER] = Record(NUMBER)
    desk.add_case(site.form_url)
    answer("当前状态")
    with serving(desk) as visitor:
        assert "已受理" in looked(visitor)
        assert "it looks different now" not in visitor.get("/health").words
        answer("办理状态")
        looked(visitor)
        assert "it looks different now" in visitor.get("/health").words
    desk.cases[0] += '[cases.read]\nlabel = "流转情况"\n'
    assert desk.run("replay", "--apply").code == 0
    with serving(desk) as visitor:
        assert "审核通过" in shown(visitor)
        assert re.search(r"amended on .*, before: “已受理” \(likely accepted\)", shown(visitor))
