"""Pages that are no answer, by seed: what they must be called, and that nothing on them is a status."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from random import Random

from tests.reading import layouts, noise, sentences
from tests.reading.charsets import sent
from tests.reading.plans import URL, document
from tests.reading.servers import SERVERS
from tests.reading.shapes import Plan, query_form, shaped
from tests.reading.style import Item, aged, style
from tests.reading.words import ALL, dated, day, id_number, number, person, pick
from tracker.core.model import Reference
from tracker.pages.contract import Response

CHANGED = frozenset({"page_changed/page_changed", "page_changed/truncated", "page_changed/not_text", "page_changed/too_large"})


@dataclass(frozen=True)
class NonAnswer:
    """A page that is no answer. `outcomes`: what it may be called; `leads_to`: the address that it may be followed to."""

    pages: Mapping[str, Response]
    reference: Reference
    outcomes: frozenset[str]
    traits: tuple[str, ...]
    leads_to: str = ""
    json: bool = False


def non_answer(rng: Random) -> NonAnswer:
    """One of them."""
    words = ALL[pick(rng, (("zh-Hans", 64), ("zh-Hant", 12), ("en", 24)))]
    roles = pick(rng, ((("number",), 5), (("number", "name"), 4), (("name", "id"), 3)))
    values = {"number": number(rng), "name": person(rng, words), "id": id_number(rng)}
    plan = Plan(rng, words, {rng.choice(words.captions[r]): values[r] for r in roles}, [words.code])
    return pick(rng, _KINDS)(plan)


def _page(
    plan: Plan, body: str, outcomes: frozenset[str], *, title: str | None = None, busy: float = 0.5, leads_to: str = ""
) -> NonAnswer:
    """A body on a page, with or without the portal around it."""
    rng, words = plan.rng, plan.words
    if rng.random() < busy:
        quiet = {"others", "legend", "survey", "step bar", "filter", "log-in box", "buttons"}
        before, first = noise.some(rng, words, {n: c for n, c in noise.BEFORE.items() if n not in quiet})
        after, last = noise.some(rng, words, {n: c for n, c in noise.AFTER.items() if n not in quiet})
        body = noise.laid_out(rng, before, body, after)
        plan.traits += [f"with {n}" for n in (*first, *last)]
    markup, old = aged(rng, document(rng, words, body, title=title))
    wire = sent(rng, words.code, plain=len(markup) < 1200)
    plan.traits += [old, wire.how]
    return NonAnswer({URL: wire.response(URL, markup)}, Reference(plan.reference, URL), outcomes, tuple(plan.traits), leads_to)


def _said(kind: str, *, form: bool = True) -> Callable[[Plan], NonAnswer]:
    def make(plan: Plan) -> NonAnswer:
        plan.traits.append(kind)
        said, outcomes = plan.say(kind)
        body, title = shaped(plan, said, form=form)
        return _page(plan, body, outcomes, title=title)

    return make


def _empty_list(plan: Plan) -> NonAnswer:
    """The header of a list, and no row, or one that says so."""
    rng, words = plan.rng, plan.words
    plan.traits.append("empty list")
    heads = "".join(f"<th>{words.captions[r][0]}</th>" for r in ("row", "number", "name", "status", "date"))
    if rng.random() < 0.3:
        return _page(plan, f"<table><tr>{heads}</tr></table>", CHANGED | {"not_listed/not_listed"})
    said, outcomes = plan.say("no record")
    return _page(
        plan, f"<table class=list><tr>{heads}</tr><tr><td colspan=5 align=center>{escape(said)}</td></tr></table>", outcomes
    )


def _said_as_status(plan: Plan) -> NonAnswer:
    """A record whose status cell says what is no status."""
    rng, words = plan.rng, plan.words
    kind = rng.choice(("maintenance", "error", "no record", "session over", "login", "rate limit", "wrong captcha"))
    plan.traits += ["in the status cell", kind]
    said, outcomes = plan.say(kind)
    record = [Item("number", caption, value) for caption, value in plan.reference.items()]
    record.append(Item("item", words.captions["item"][0], rng.choice(words.items)))
    record.append(Item("status", rng.choice(words.captions["status"]), said))
    name = rng.choice(("header rows", "alternating", "colon cells", "lines", "elements", "cards", "inputs", "definitions"))
    plan.traits.append(name)
    return _page(plan, layouts.LAYOUTS[name].layout(style(rng, words), [tuple(record)]), outcomes | CHANGED)


def _no_status(plan: Plan) -> NonAnswer:
    """A record whose status cell is empty, or a dash."""
    rng, words = plan.rng, plan.words
    plan.traits.append("no status")
    blank = rng.choice(("", "--", "-", "/", "　", "...", "null", "N/A", "无"))
    record = [Item("number", caption, value) for caption, value in plan.reference.items()]
    record.append(Item("status", rng.choice(words.captions["status"]), blank))
    record.append(Item("unit", words.captions["unit"][0], rng.choice(words.units)))
    name = rng.choice(("header rows", "alternating", "colon cells", "lines", "elements", "cards"))
    plan.traits.append(f"{name} {blank!r}")
    return _page(plan, layouts.LAYOUTS[name].layout(style(rng, words), [tuple(record)]), CHANGED | {"not_listed/not_listed"})


def _somebody_else(plan: Plan) -> NonAnswer:
    """A record, but another person's."""
    rng, words = plan.rng, plan.words
    plan.traits.append("somebody else's")
    record = []
    for caption, value in plan.reference.items():
        role = next(r for r in ("number", "name", "id") if caption in words.captions[r])
        other = {"number": "QT" + number(rng), "name": "Other Person" if words.join else "旁人", "id": id_number(rng)}[role]
        record.append(Item(role, caption, other if other != value else value + "9"))
    record.append(Item("status", rng.choice(words.captions["status"]), rng.choice(words.states)))
    record.append(Item("date", words.captions["date"][0], dated(rng, day(rng), words)))
    name = rng.choice([n for n, _ in layouts.LAYOUTS.items()])
    plan.traits.append(name)
    several = layouts.LAYOUTS[name].many and rng.random() < 0.3
    records = [tuple(record)] * (2 if several else 1)
    return _page(
        plan,
        layouts.LAYOUTS[name].layout(style(rng, words), records),
        CHANGED | {"mismatched/mismatched", "not_listed/not_listed"},
    )


def _home(plan: Plan) -> NonAnswer:
    """The portal's front page, or any page of it that only talks about progress."""
    rng, words = plan.rng, plan.words
    plan.traits.append("home page")
    parts = [noise.menu, noise.news, noise.advice, noise.legend, noise.step_bar, noise.other_people, noise.links, noise.counter]
    taken = rng.sample(parts, k=rng.randint(3, 6))
    logs_in = rng.random() < 0.3
    body = "\n".join(part(rng, words) for part in taken) + (noise.log_in(rng, words) if logs_in else "")
    plan.traits += [part.__name__ for part in taken]
    plain = {"blocked/login"} if logs_in else set()
    others = {"mismatched/mismatched", "not_listed/not_listed"} if noise.other_people in taken else set()
    return _page(plan, body, CHANGED | plain | others, busy=0.8)


def _form_only(plan: Plan) -> NonAnswer:
    """The query form comes back without a word."""
    plan.traits.append("form only")
    captcha = plan.rng.random() < 0.4
    return _page(plan, query_form(plan, captcha=captcha), CHANGED | ({"blocked/captcha"} if captcha else set()), busy=0.7)


def _log_in_page(plan: Plan) -> NonAnswer:
    """A log-in, whatever was asked for."""
    rng, words = plan.rng, plan.words
    plan.traits.append("log-in page")
    user, word, go = {"zh-Hans": ("用户名", "密码", "登录"), "zh-Hant": ("帳號", "密碼", "登入")}.get(
        words.code, ("Email", "Password", "Log in")
    )
    captcha = (
        "<tr><td>验证码</td><td><input name=code><img src=code.jsp></td></tr>"
        if rng.random() < 0.4 and words.code == "zh-Hans"
        else ""
    )
    shape = rng.choice(
        (
            "<form action=login.do method=post><table><tr><td>{0}：</td><td><input name=u></td></tr><tr><td>{1}：</td><td><input type=password name=p></td></tr>{3}<tr><td colspan=2><input type=submit value='{2}'></td></tr></table></form>",
            "<div class=login-box><h2>{2}</h2><form method=post><input name=user placeholder='{0}'><input type=password name=pwd placeholder='{1}'><button>{2}</button></form></div>",
            "<form id=loginForm action='/cas/login' method=post><label for=u>{0}</label><input id=u name=username><label for=p>{1}</label><input id=p type=password name=password><input type=hidden name=lt value=LT-1><input type=submit value='{2}'></form>",
        )
    )
    body = shape.format(user, word, go, captcha)
    return _page(
        plan,
        body,
        frozenset({"blocked/login"} | ({"blocked/captcha"} if captcha in body and captcha else set())),
        title=go,
        busy=0.3,
    )


def _captcha_page(plan: Plan) -> NonAnswer:
    """Only a captcha: an image or a question, and a button."""
    rng, words = plan.rng, plan.words
    plan.traits.append("captcha page")
    said, outcomes = plan.say("captcha")
    go = {"zh-Hans": "继续", "zh-Hant": "繼續"}.get(words.code, "Continue")
    shape = rng.choice(
        (
            "<form method=post action=yzm.do><p>{0}</p><img src=capachaimg.jpg><input name=cap><input type=hidden name=tok value=1><input type=submit value={1}></form>",
            "<div class=verify><p>{0}</p><form><img src='/captcha?t=1'><input name=captcha maxlength=4><button>{1}</button></form></div>",
            "<p>{0}</p><form action=/check><label>7 + 5 = </label><input name=answer_code><input type=submit value={1}></form>",
            "<h1>{0}</h1><div id=nc_1_wrapper class='nc-container'></div><script src=/nc.js></script>",
            "<h2>{0}</h2><form action=x method=post><div class='g-recaptcha' data-sitekey=x></div><input type=submit value={1}></form>",
        )
    )
    return _page(plan, shape.format(said, go), outcomes, title=rng.choice((None, said)), busy=0.1)


_SERVER_OUTCOMES = {
    "error": frozenset({"unavailable/server_error"}),
    "busy": frozenset({"unavailable/server_error", "unavailable/maintenance"}),
    "gone": frozenset({"unavailable/server_error"}) | CHANGED,
    "refused": frozenset({"blocked/refused"}),
}


def _server_page(plan: Plan) -> NonAnswer:
    """What servers, gateways and firewalls write by themselves."""
    plan.words = ALL["zh-Hans"]
    plan.traits = ["zh-Hans", "server page"]
    body, title, kind = plan.rng.choice(SERVERS)
    plan.traits.append(kind)
    return _page(plan, body, _SERVER_OUTCOMES[kind], title=title, busy=0)


_WALLS = (
    "<noscript>{0}</noscript><div id=app></div><script src=/static/js/chunk-vendors.3f2a1c.js></script><script src=/static/js/app.91bc.js></script>",
    "<script>var _$={1};(function(){{var a=[];for(var i=0;i<9;i++)a.push(i);document.cookie='k='+a.join('');location.reload();}})();</script><noscript>{0}</noscript>",
    "<div id=root></div><noscript><h1>{0}</h1></noscript><script src=main.js></script>",
    "<p>{0}</p><script>setTimeout(function(){{location.href=location.href+'?c=1'}},5000)</script>",
)


def _wall(plan: Plan) -> NonAnswer:
    """Nothing but scripts."""
    plan.traits.append("script wall")
    said, outcomes = plan.say("script wall")
    shape = plan.rng.choice(_WALLS)
    return _page(
        plan,
        shape.format(said, [plan.rng.getrandbits(16) for _ in range(200)]),
        outcomes,
        title=plan.rng.choice(("", None)),
        busy=0,
    )


def _moved(plan: Plan) -> NonAnswer:
    """A refresh that leads to another host, or on the same one."""
    rng = plan.rng
    plan.traits.append("refresh")
    near = "http://127.0.0.1/new/index.jsp"
    to = rng.choice((near, "http://198.51.100.7/new/", "/new/index.jsp", "../new/index.jsp"))
    said, _ = plan.say("moved")
    body = rng.choice((f"<p>{said}</p><a href='{to}'>{to}</a>", "", f"<center>{said}</center>"))
    made = _page(
        plan, f"<meta http-equiv='refresh' content='3;url={to}'>{body}", CHANGED | sentences.outcomes("moved", said), busy=0
    )
    return NonAnswer(made.pages, made.reference, made.outcomes, made.traits, leads_to=near)


def _blank(plan: Plan) -> NonAnswer:
    plan.traits.append("blank")
    body = plan.rng.choice(("", "   \n\n ", "<div></div>", "<table><tr><td>&nbsp;</td></tr></table>", "<!-- -->", "<br><br>"))
    if plan.rng.random() < 0.3:
        page = Response(URL, 200, "text/html", b"")
        return NonAnswer(
            {URL: page}, Reference(plan.reference, URL), CHANGED | {"unavailable/server_error"}, tuple(plan.traits)
        )
    return _page(plan, body, CHANGED | {"unavailable/server_error"}, title="", busy=0)


def _json(plan: Plan) -> NonAnswer:
    """JSON that says what went wrong."""
    rng = plan.rng
    kind = rng.choice(
        ("no record", "wrong captcha", "session over", "login", "malformed", "maintenance", "rate limit", "error")
    )
    said, outcomes = plan.say(kind)
    shape: object = rng.choice(
        (
            {"code": 500, "msg": said},
            {"success": False, "message": said, "data": None},
            {"errcode": "1001", "errmsg": said, "result": []},
            {"status": "error", "msg": said},
            {"flag": False, "info": said, "rows": [], "total": 0},
            {"state": 0, "msg": said, "data": ""},
        )
    )
    by_page = rng.random() < 0.2
    plan.traits += ["json", kind, str(shape)[:20]] + (["read as a page"] if by_page else [])
    content = rng.choice(("application/json", "text/html;charset=utf-8", "text/plain; charset=utf-8"))
    page = Response(URL, 200, content, json.dumps(shape, ensure_ascii=rng.random() < 0.3).encode())
    allowed = (
        outcomes
        | (CHANGED if by_page else set())
        | ({"not_listed/not_listed"} if "[]" in str(shape) or "None" in str(shape) else set())
    )
    return NonAnswer({URL: page}, Reference(plan.reference, URL), allowed, tuple(plan.traits), json=not by_page)


def _other_states(plan: Plan) -> NonAnswer:
    """Captions that end like a status, and are none of a case."""
    rng, words = plan.rng, plan.words
    plan.traits.append("other states")
    said = {
        "zh-Hans": (
            "系统状态：正常",
            "服务状态：运行中",
            "登录状态：已登录",
            "网站当前状态：正常开放",
            "设备状态：在线",
            "大厅排队状态：办理中",
            "连接状态：已完成",
        ),
        "zh-Hant": ("系統狀態：正常", "服務狀態：開放中", "登入狀態：已登入"),
        "en": ("System status: online", "Service status: Completed", "Server Status: Accepted", "Login status: Approved"),
    }[words.code]
    picked = rng.sample(said, k=2)
    shape = rng.choice(("<p>{0}</p>", "<div class=s>{0}</div>", "<tr><td>{0}</td></tr>"))
    body = "".join(shape.format(s) for s in picked)
    return _page(plan, f"<table>{body}</table>" if "<tr>" in body else body, CHANGED, busy=0.9)


def _guide(plan: Plan) -> NonAnswer:
    """A page that explains what the states mean."""
    plan.traits.append("guide")
    body = f"<h2>{plan.words.title[0]}</h2>{noise.legend(plan.rng, plan.words)}{noise.advice(plan.rng, plan.words)}"
    return _page(plan, body, CHANGED, busy=0.7)


def _cut(plan: Plan) -> NonAnswer:
    """A record that ends in the middle of its status, or whose status came in broken bytes."""
    rng, words = plan.rng, plan.words
    record = [Item("number", caption, value) for caption, value in plan.reference.items()]
    state = rng.choice([s for s in words.states if len(s) > 2])
    record.append(Item("status", rng.choice(words.captions["status"]), state))
    name = rng.choice(("header rows", "alternating", "colon cells", "lines", "elements", "cards", "definitions"))
    habit = style(rng, words)
    made = _page(plan, layouts.LAYOUTS[name].layout(habit, [tuple(record)]), CHANGED, busy=0)
    page = made.pages[URL]
    encoding = {"shift_jis": "cp932", "windows-1252": "cp1252"}.get(
        plan.traits[-1].split(",")[0], plan.traits[-1].split(",")[0]
    )
    whole = state.encode(encoding)
    at = page.body.rfind(whole)
    if rng.random() < 0.5 or words.code == "en":
        plan.traits.append("cut in the status")
        body = page.body[: at + rng.randint(1, len(whole) - 1)]
    else:
        plan.traits.append("broken bytes")
        body = page.body[: at + 1] + b"\xff\xff" + page.body[at + 2 :]
    broken = Response(page.url, page.status, page.content_type, body)
    return NonAnswer({URL: broken}, made.reference, CHANGED, (*plan.traits, name))


_KINDS: tuple[tuple[Callable[[Plan], NonAnswer], float], ...] = (
    (_said("no record"), 12.0),
    (_said("wrong captcha"), 6),
    (_said("session over"), 5),
    (_said("login"), 4),
    (_said("malformed"), 6),
    (_said("maintenance", form=False), 8),
    (_said("rate limit"), 5),
    (_said("error"), 7),
    (_said("refused", form=False), 4),
    (_said("moved", form=False), 2),
    (_empty_list, 4),
    (_said_as_status, 6),
    (_no_status, 3),
    (_somebody_else, 6),
    (_home, 5),
    (_form_only, 3),
    (_log_in_page, 4),
    (_captcha_page, 4),
    (_server_page, 5),
    (_wall, 4),
    (_moved, 2),
    (_blank, 2),
    (_json, 5),
    (_other_states, 3),
    (_guide, 2),
    (_cut, 4),
)
