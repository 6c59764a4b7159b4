"""Answers by seed: a record that some site shows in its own way, and what a careful person would read there."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from html import escape
from random import Random

from tests.reading import layouts, tables
from tests.reading.plans import BOTH, URL, Answer, Plan, answer_of, plan_of, record_of, roles_of, written
from tests.reading.style import Item, Record, style
from tests.reading.words import dated, day, id_number, masked, number, pick
from tracker.core.model import Reference
from tracker.pages.contract import Response


def answer(rng: Random) -> Answer:
    """One answer."""
    plan = plan_of(rng)
    how = pick(rng, ((_usual, 74), (_split, 6), (_steps, 8), (_badge, 3), (_sentence, 4), (_json, 6)))
    if plan.words.code not in {"zh-Hans", "zh-Hant", "en"}:
        how = _usual
    return how(plan)


def _usual(plan: Plan) -> Answer:
    """A record in one of the layouts, with others beside it where the layout has rows."""
    rng = plan.rng
    name = pick(rng, [(name, kind.weight) for name, kind in layouts.LAYOUTS.items()])
    kind = layouts.LAYOUTS[name]
    plan.traits.append(name)
    roles = roles_of(plan, row=name.startswith("header") or name == "nested cells")
    _with_notice_inside(plan, roles)
    records = [record_of(plan, roles)]
    several = kind.many and rng.random() < 0.35 and "number" in plan.asked and "number" in plan.shown
    if several:
        plan.traits.append("several records")
        records += [_another(plan, roles) for _ in range(rng.randint(1, 4))]
        rng.shuffle(records)
        records = [tuple(replace(i, value=str(at)) if i.role == "row" else i for i in r) for at, r in enumerate(records, 1)]
    habit = style(rng, plan.words)
    main = kind.layout(habit, records)
    if not several and plan.notice is None:
        main = _with_notice_near(plan, main)
    return written(plan, main, name=name)


def _split(plan: Plan) -> Answer:
    """Who it is about in one layout, how far it has come in the next."""
    rng = plan.rng
    plan.traits.append("split")
    roles = roles_of(plan, row=False)
    _with_notice_inside(plan, roles)
    late = ("status", "date", "remark", "officer")
    first, second = [r for r in roles if r not in late], [r for r in roles if r in late]
    if rng.random() < 0.4:
        second.append("officer")
    names = [n for n, kind in layouts.LAYOUTS.items() if n not in {"chosen lists", "inputs"}]
    upper, lower = rng.choice([n for n in names if not layouts.LAYOUTS[n].many]), rng.choice(names)
    plan.traits.append(f"{upper}, {lower}")
    habit = style(rng, plan.words)
    parts = [layouts.LAYOUTS[n].layout(habit, [record_of(plan, rs)]) for n, rs in ((upper, first), (lower, second)) if rs]
    head = f"<h3>{rng.choice(plan.words.title)}</h3>"
    return written(plan, rng.choice(("\n", head, "<div class=blank></div>")).join(parts), name="split")


def _badge(plan: Plan) -> Answer:
    """No caption at all: a badge or the last point of a time line. To refuse it is as good."""
    rng = plan.rng
    plan.traits.append("badge")
    plan.may_refuse, plan.shown, plan.dated = True, (), False
    v = {role: escape(value) for role, value in plan.values.items()}
    points = "".join(
        f"<li><i>{dated(rng, day(rng), plan.words)}</i><p>{escape(s)}</p></li>" for s in rng.sample(plan.words.states, k=3)
    )
    main = rng.choice(
        (
            f"<div class=card><div class=card-head><b>{v['item']}</b><span class='badge badge-info'>{v['status']}</span></div><p>{v['number']}</p></div>",
            f"<div class=result-top><i class=icon-ok></i><h2>{v['status']}</h2><p>{v['item']}</p></div>",
            f"<ul class=timeline><li class=now><i>{v['date']}</i><p>{v['status']}</p></li>{points}</ul>",
        )
    )
    made = written(plan, main, name="badge")
    return replace(made, identities=BOTH, dates=made.dates | {plan.when})


def _another(plan: Plan, roles: Sequence[str]) -> Record:
    """Another case: of the same person, or of somebody else."""
    rng, other = plan.rng, dict(plan.values)
    other |= {"number": number(rng), "status": rng.choice(plan.words.states), "item": rng.choice(plan.words.items)}
    other["date"] = dated(rng, day(rng), plan.words)
    plan.foreign.append(other["number"])
    if rng.random() < 0.5:
        other["id"] = id_number(rng)
        other["name"] = "Somebody Else" if plan.words.join else rng.choice("邻旁另") + other["name"][-1]
        plan.foreign += [other["id"]]
    other = {r: masked(v) if r in plan.masks else v for r, v in other.items()}
    return tuple(Item(role, plan.captions[role], other[role]) for role in roles)


def _with_notice_inside(plan: Plan, roles: list[str]) -> None:
    """Sometimes the record has a caption of its own for what the applicant should do."""
    if not plan.words.notices or plan.rng.random() > 0.1:
        return
    if "remark" not in roles:
        roles.append("remark")
    plan.notice = plan.rng.choice(plan.words.notices)
    plan.values["remark"] = plan.notice
    plan.traits.append("notice inside")


_NEAR = (
    "<p><font color=red>{0}</font></p>",
    "<div class='notice' style='color:red'>{0}</div>",
    "<p style='color:#f00'>{0}</p>",
    "<span class=red>{0}</span>",
    "<div class='alert alert-warning'>{0}</div>",
    "<b>提示：</b><font color='#FF0000'>{0}</font>",
)


def _with_notice_near(plan: Plan, main: str) -> str:
    """Or a sentence stands beside the record, in red."""
    if not plan.words.notices or plan.rng.random() > 0.1:
        return main
    plan.notice = plan.rng.choice(plan.words.notices)
    near = plan.rng.choice(_NEAR if plan.words.code == "zh-Hans" else _NEAR[:-1]).format(escape(plan.notice))
    before = plan.rng.random() < 0.3
    plan.traits.append("notice before" if before else "notice after")
    return f"{near}\n{main}" if before else f"{main}\n{near}"


def _steps(plan: Plan) -> Answer:
    """Who it is about, and a table of what happened when."""
    rng, words = plan.rng, plan.words
    plan.traits.append("steps")
    plan.shown = plan.asked
    plan.dated = True
    head = layouts.LAYOUTS[rng.choice(("alternating", "lines", "elements"))].layout
    roles = ("step", "status", "date", "officer") if rng.random() < 0.4 else ("status", "date", "remark")
    when, rows = plan.when, []
    states = rng.sample(words.states, k=rng.randint(2, 5))
    for at, state in enumerate(states):
        value = {
            "step": str(at + 1),
            "status": state,
            "date": dated(Random(at), when, words),
            "officer": plan.values["officer"],
        }
        value["remark"] = rng.choice(("", *words.remarks[:2]))
        rows.append(tuple(Item(r, plan.captions[r], value[r]) for r in roles))
        plan.when, when = when, when + timedelta(days=rng.randint(1, 30))
    plan.values["status"] = states[-1]
    order = pick(rng, (("up", 5), ("down", 4)))
    if order == "down":
        rows.reverse()
    plan.traits.append(f"steps {order}")
    table = tables.header_rows(style(rng, words), rows)
    mine = record_of(plan, (*plan.asked, "item"))
    if rng.random() < 0.15:  # and the present state above it, which another of its captions names: who is to know?
        plan.may_refuse = True
        plan.traits.append("state above steps")
        state = rng.choice([c for c in words.captions["status"] if c != plan.captions["status"]])
        mine = (*mine, Item("status", state, plan.values["status"]))
    return written(plan, head(style(rng, words), [mine]) + "\n" + table, name="steps")


_SENTENCES = {
    "zh-Hans": ("{name}您好，您的申请（{number}）当前状态为：{status}。", "您申请的{item}，受理编号{number}，目前{status}。"),
    "zh-Hant": ("您的申請案（{number}）目前狀態為：{status}。",),
    "en": (
        "Your case {number} is now: {status}.",
        "On 3 November 2026 we updated your case, receipt number {number}. {status}.",
    ),
}


_BELOW = {
    "zh-Hans": (
        "您的申请（{number}）于{applied}进入该环节，请耐心等待。",
        "{name}，您申请的{item}（受理编号：{number}）由{unit}办理。",
    ),
    "zh-Hant": ("您的申請案（{number}）由{unit}辦理，申請日期{applied}。",),
    "en": (
        "On {applied}, we received your application for {item}, Receipt Number {number}. We will send you a notice by mail.",
        "Your case {number} is with the {unit}. You need not call us.",
    ),
}


def _sentence(plan: Plan) -> Answer:
    """A heading and one sentence. Half of the users have pointed at the heading with a selector."""
    rng = plan.rng
    said = rng.choice(_SENTENCES[plan.words.code]).format(**plan.values)
    title = rng.choice(plan.words.title)
    how = rng.choice(("pointed", "pointed", "heading", "sentence"))
    pointed = how == "pointed"
    plan.traits.append(f"sentence {how}")
    labels = {plan.values["status"]}
    if pointed:
        main = f"<div class='result'><h1>{escape(plan.values['status'])}</h1><p>{escape(said)}</p></div>"
    elif how == "heading":
        said = rng.choice(_BELOW[plan.words.code]).format(**plan.values)
        main = f"<div class='rows text-center'><h1>{escape(plan.values['status'])}</h1>\n<p>{escape(said)}</p></div>"
    else:
        main = f"<h2>{title}</h2><p>{escape(said)}</p>"
        labels |= {plan.values["status"] + "。", plan.values["status"] + ".", said}
    made = written(plan, main, name="sentence")
    hints = replace(made.reference.read, label="css:.result h1") if pointed else made.reference.read
    return replace(
        made, reference=replace(made.reference, read=hints), labels=frozenset(labels), identities=BOTH, tolerated=(said,)
    )


def _json(plan: Plan) -> Answer:
    """An answer for a page script: JSON, with the keys that such sites use."""
    rng = plan.rng
    keys = rng.choice(
        (
            {"number": "slbh", "name": "xm", "id": "zjhm", "status": "ztmc", "date": "gxsj", "item": "sxmc"},
            {
                "number": "acceptNo",
                "name": "name",
                "id": "idCard",
                "status": "statusName",
                "date": "updateTime",
                "item": "itemName",
            },
            {"number": "bjbh", "name": "sqr", "id": "sfzh", "status": "bjzt", "date": "gxrq", "item": "sxmc"},
            {"number": "caseNo", "name": "applicant", "id": "certNo", "status": "status", "date": "updatedAt", "item": "type"},
            {
                "number": "受理编号",
                "name": "姓名",
                "id": "证件号码",
                "status": "办理状态",
                "date": "更新时间",
                "item": "事项名称",
            },
            {"number": "ywlsh", "name": "xm", "id": "sfzhm", "status": "shzt", "date": "gxsj", "item": "ywlx"},
        )
    )
    plan.traits.append("json")
    plan.values["date"] = f"{plan.when:%Y-%m-%d} 09:30:00"
    plan.shown, plan.dated = plan.asked, True
    mine: dict[str, object] = {key: plan.values[role] for role, key in keys.items()}
    if rng.random() < 0.3:  # a code beside its name
        mine = {
            "id": 17,
            keys["status"].removesuffix("mc").removesuffix("Name") + "Code": "03",
            **mine,
            "remark": None,
            "files": [],
        }
    rows = [mine]
    if rng.random() < 0.4 and "number" in plan.asked:
        plan.traits.append("several records")
        another: dict[str, object] = {**mine, keys["number"]: number(rng), keys["status"]: rng.choice(plan.words.states)}
        rows = rng.sample([mine, another], k=2)
        plan.foreign.append(str(another[keys["number"]]))
    wrapped: object = rng.choice(
        (
            {"code": 0, "msg": "success", "data": rows if len(rows) > 1 else mine},
            {"success": True, "message": "", "result": {"total": len(rows), "list": rows}},
            {"errcode": "0", "errmsg": "ok", "rows": rows},
            {
                "code": "200",
                "message": "操作成功",
                "data": {"pageNum": 1, "total": len(rows), "records": rows},
                "timestamp": 1764120000,
            },
            {"head": {"rtnCode": "000000", "rtnMsg": "查询成功"}, "body": {"list": rows}},
            rows,
        )
    )
    text = json.dumps(wrapped, ensure_ascii=rng.random() < 0.3, indent=rng.choice((None, 2)))
    if rng.random() < 0.1:
        text = f"jQuery1124_17({text})"
    page = Response(URL, 200, rng.choice(("application/json;charset=UTF-8", "text/html;charset=utf-8")), text.encode())
    reference = Reference({keys[role]: plan.values[role] for role in plan.asked}, URL)
    return answer_of(plan, {URL: page}, reference, json=True)
