"""Where on a page sites say that they have no answer, and the form that they ask by."""

from dataclasses import dataclass
from html import escape
from random import Random

from tests.reading import sentences
from tests.reading.words import Words, pick


@dataclass
class Plan:
    rng: Random
    words: Words
    reference: dict[str, str]
    traits: list[str]

    def say(self, kind: str) -> tuple[str, frozenset[str]]:
        said = self.rng.choice(sentences.SAYINGS[kind][self.words.code])
        return sentences.dressed(self.rng, said, self.words.code), sentences.outcomes(kind, said)


def query_form(plan: Plan, *, captcha: bool) -> str:
    """The form that such a site asks by."""
    rng, words = plan.rng, plan.words
    rows = "".join(
        f"<tr><td>{words.captions[r][0]}：</td><td><input name=f{at}></td></tr>" for at, r in enumerate(("number", "name"))
    )
    if captcha:
        said = {"zh-Hans": "验证码", "zh-Hant": "驗證碼"}.get(words.code, "Verification code")
        rows += f"<tr><td>{said}：</td><td><input name=yzm size=4><img src=code.jsp></td></tr>"
    go = {"zh-Hans": "查询", "zh-Hant": "查詢"}.get(words.code, "Search")
    if rng.random() < 0.3:
        states = "".join(f"<option>{s}</option>" for s in rng.sample(words.states, k=4))
        rows += f"<tr><td>{words.captions['status'][0]}：</td><td><select name=zt>{states}</select></td></tr>"
    return f"<form action=result.do method=post><table>{rows}<tr><td></td><td><input type=submit value={go}></td></tr></table></form>"


def shaped(plan: Plan, said: str, *, form: bool = True) -> tuple[str, str | None]:
    """A sentence in one of the places where sites put them, and the page's title."""
    rng, words = plan.rng, plan.words
    text = escape(said)
    shapes: list[tuple[str, float]] = [
        ("bare", 2.0),
        ("box", 4),
        ("heading", 3),
        ("cell", 2),
        ("alert", 3),
        ("error page", 2),
        ("modal", 1),
        ("hidden field", 1),
    ]
    shapes += [("form again", 4), ("form and alert", 2)] if form else []
    shape = pick(rng, shapes)
    plan.traits.append(shape)
    back = rng.choice(("history.back();", "history.go(-1);", "window.location.href='index.jsp';", ""))
    script = rng.choice(
        (
            f"<script>alert('{text}');{back}</script>",
            f'<script type="text/javascript" language="javascript">\nalert("{text}");\n{back}\n</script>',
            f"<script>window.alert('{text}!');{back}</script>",
        )
    )
    title = None
    if shape == "bare":
        return text, rng.choice((None, ""))
    if shape == "box":
        return rng.choice(
            (
                "<div class='msg'>{0}</div>",
                "<p class=error>{0}</p>",
                "<div class='tip'><span>{0}</span></div>",
                "<center><font color=red>{0}</font></center>",
            )
        ).format(text), title
    if shape == "heading":
        return f"<h{rng.randint(1, 3)}>{text}</h2>", rng.choice((None, said))
    if shape == "cell":
        return f"<table width=400 align=center border=1><tr><td align=center>{text}</td></tr></table>", title
    if shape == "alert":
        return script, rng.choice((None, ""))
    if shape == "modal":
        return (
            f"<div class='modal show'><div class=modal-header>{tip_of(words)}</div><div class=modal-body>{text}</div><button>OK</button></div>",
            title,
        )
    if shape == "hidden field":
        return (
            f"<input type=hidden id=msg value='{text}'><script>var m=document.getElementById('msg').value;if(m!='')alert(m);</script>",
            title,
        )
    if shape == "error page":
        return (
            f"<div class=error-page><img src=err.png><h2>{tip_of(words)}</h2><p>{text}</p><a href=/>{words.title[0]}</a></div>",
            tip_of(words),
        )
    again = query_form(plan, captcha=rng.random() < 0.4)
    if shape == "form again":
        return rng.choice(
            (
                "<p class=red>{0}</p>{1}",
                "{1}<div id=err style='color:red'>{0}</div>",
                "<ul class='errorMessage'><li><span>{0}</span></li></ul>{1}",
            )
        ).format(text, again), title
    return again + script, title


def tip_of(words: Words) -> str:
    return {"zh-Hans": "提示信息", "zh-Hant": "系統訊息"}.get(words.code, "Message")
