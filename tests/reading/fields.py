"""Controls of a form and the words beside them: what is drawn, and what a browser would send of it."""

from dataclasses import dataclass, field
from html import escape
from random import Random

from tests.reading.words import Words, pick

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Drawn:
    """One control. `markup` has `{more}` where attributes go; `sent` is what it adds to the request, in its place.

    `bare`: it stands without a caption of its own (hidden fields, buttons).
    """

    caption: str
    markup: str
    sent: Pairs = ()
    bare: bool = False
    after: str = ""
    id: str = ""
    kind: str = "text"


@dataclass
class Sheet:
    """The controls of one form, in document order."""

    drawn: list[Drawn] = field(default_factory=list)

    def pairs(self, way: str) -> Pairs:
        """What is sent, in the order of the page; some ways put hidden fields first and buttons last."""
        drawn = self.drawn
        if way in {"row above", "two a row"}:
            drawn = sorted(drawn, key=lambda c: "hidden" not in c.markup)
        if way == "row above":
            drawn = sorted(drawn, key=lambda c: (c.bare and "hidden" not in c.markup) - (c.bare and "hidden" in c.markup))
        return tuple(pair for control in drawn for pair in control.sent)


def text(name: str, caption: str, value: str, *, kind: str = "text", more: str = "") -> Drawn:
    shown = f' name="{name}"' if name else ""
    sent: Pairs = ((name, value),) if name else ()
    return Drawn(caption, f'<input type="{kind}"{shown} id="{name or "x"}1"{more}{{more}}>', sent, id=f"{name or 'x'}1")


def hidden(name: str, value: str) -> Drawn:
    return Drawn("", f'<input type="hidden" name="{name}" value="{escape(value, quote=True)}">', ((name, value),), bare=True)


def select(name: str, caption: str, options: list[tuple[str, str]], chosen: int, marked: int | None) -> Drawn:
    """`chosen` is what must be sent; `marked` the option that the page has selected, if any."""
    drawn = "".join(
        f'<option value="{value}"{" selected" if at == marked else ""}>{words}</option>'
        for at, (value, words) in enumerate(options)
    )
    markup = f'<select name="{name}" id="{name}1"{{more}}>{drawn}</select>'
    return Drawn(caption, markup, ((name, options[chosen][0]),), id=f"{name}1", kind="select")


def radios(rng: Random, name: str, caption: str, options: list[tuple[str, str]], *, chosen: int, checked: int) -> Drawn:
    wrap = rng.choice(("<label><input{0}>{1}</label> ", "<input{0}>{1}&nbsp;", "<input{0}><span>{1}</span>"))
    drawn = "".join(
        wrap.format(f' type="radio" name="{name}" value="{value}"{" checked" if at == checked else ""}', words)
        for at, (value, words) in enumerate(options)
    )
    return Drawn(caption, drawn, ((name, options[chosen][0]),), kind="radio")


_HINTS = {"zh-Hans": "请输入{0}", "zh-Hant": "請輸入{0}", "en": "Enter your {0}"}
_DRESSES = ("{0}", "{0}", "{0}", "*{0}", "{0}<font color=red>*</font>", "{0}（必填）", "<b>{0}</b>")
WAYS = (
    ("label for", 31.0),
    ("in front", 25),
    ("placeholder", 13),
    ("cell left", 12),
    ("own cell", 7),
    ("hint", 7),
    ("title", 2),
    ("inside label", 2),
    ("row above", 2),
    ("sibling div", 5),
    ("th left", 4),
    ("definition", 2),
    ("two a row", 4),
)


def dressed(rng: Random, caption: str, way: str) -> str:
    """A caption with what pages put around it."""
    plain = caption.isascii()
    if not plain and len(caption) == 2 and rng.random() < 0.3:
        caption = caption[0] + rng.choice(("　　", "&nbsp;&nbsp;", " ")) + caption[1]
    elif not plain and len(caption) == 4 and rng.random() < 0.05:
        caption = " ".join(caption)
    if way == "inside label":
        return caption + rng.choice(("：", ":"))
    dress = rng.choice(_DRESSES[:5] if plain else _DRESSES)
    return dress.format(caption) + rng.choice(("：", "：", ":", "", "： "))


_TEMPLATES = {
    "inside label": "<p><label>{said} {alone}</label>{after}</p>",
    "cell left": "<tr><td align=right>{said}</td><td>{alone}{after}</td></tr>",
    "th left": "<tr><th>{said}</th><td>{alone}{after}</td></tr>",
    "definition": "<dl><dt>{said}</dt><dd>{alone}{after}</dd></dl>",
    "two a row": "<td align=right>{said}</td><td>{alone}{after}</td>",
    "own cell": "<tr><td>{said}{alone}{after}</td></tr>",
    "sibling div": "<div class=line><div class=l>{said}</div><div class=r>{alone}{after}</div></div>",
}
_IN_FRONT = (
    "<p>{said}{alone}{after}</p>",
    "{said} {alone}{after}<br>",
    "<div class=f>{said}{alone}{after}</div>",
    "<li>{said}&nbsp;{alone}{after}</li>",
)


def laid_out(rng: Random, words: Words, sheet: Sheet, way: str) -> str:
    """The inside of a form, its captions given in one way."""
    hint, front = _HINTS.get(words.code, "{0}"), rng.choice(_IN_FRONT)
    gap, named = rng.choice((" ", "\n", "<br>")), rng.random() < 0.6
    if way == "row above":
        return _row_above(rng, sheet)
    out: list[str] = []
    for control in sheet.drawn:
        if control.bare:
            out.append(_in_cells(control.markup, way))
            continue
        said = dressed(rng, control.caption, way)
        alone = control.markup.replace("{more}", "")
        if way == "label for" or (control.kind != "text" and way in _BY_ATTRIBUTE | {"inside label"}):
            label = f'<label for="{control.id}">{said}</label>' if control.id else f"<label>{said}</label>"
            out.append(f"<p>{label}{gap}{alone}{control.after}</p>")
        elif way in _BY_ATTRIBUTE:
            out.append(_with_attribute(control, way, hint.format(control.caption) if named else control.caption))
        else:
            template = front if way == "in front" else _TEMPLATES[way]
            out.append(template.format(said=said, alone=alone, after=control.after))
    if way == "two a row":
        cells = [c for c in out if "hidden" not in c]
        rows = "\n".join(f"<tr>{''.join(cells[at : at + 2])}</tr>" for at in range(0, len(cells), 2))
        return f"{''.join(c for c in out if 'hidden' in c)}<table>{rows}</table>"
    return _around("\n".join(out), way)


_BY_ATTRIBUTE = frozenset(("placeholder", "hint", "title"))


def _with_attribute(control: Drawn, way: str, shown: str) -> str:
    """The caption in an attribute. Where a hint would stay, or not be seen, it is a placeholder."""
    more = {
        "title": f" title='{control.caption}'",
        "hint": f" value='{shown}' onfocus=\"if(this.value=='{shown}')this.value=''\"",
    }.get(
        way if control.sent and control.sent[0][1] and "password" not in control.markup else "placeholder",
        f" placeholder='{shown}'",
    )
    return f"<div class=input-box>{control.markup.replace('{more}', more)}{control.after}</div>"


def _in_cells(markup: str, way: str) -> str:
    if "hidden" in markup:
        return markup
    if way == "two a row":
        return f"<td colspan=2>{markup}</td>"
    if way in {"cell left", "th left"}:
        return f"<tr><td></td><td>{markup}</td></tr>"
    if way == "own cell":
        return f"<tr><td>{markup}</td></tr>"
    return f"<div class=btn>{markup}</div>"


def _around(inside: str, way: str) -> str:
    if way in {"cell left", "own cell", "th left"}:
        return f"<table border=0>\n{inside}\n</table>"
    return f"<ul>{inside}</ul>" if "<li>" in inside else inside


def _row_above(rng: Random, sheet: Sheet) -> str:
    """The captions in one row, the fields in the next."""
    named = [c for c in sheet.drawn if not c.bare]
    heads = "".join(f"<td>{dressed(rng, c.caption, 'row above')}</td>" for c in named)
    cells = "".join(f"<td>{c.markup.replace('{more}', '')}{c.after}</td>" for c in named)
    first = "".join(c.markup for c in sheet.drawn if c.bare and "hidden" in c.markup)
    rest = "".join(c.markup for c in sheet.drawn if c.bare and "hidden" not in c.markup)
    return f"{first}<table><tr>{heads}</tr><tr>{cells}</tr></table>{rest}"


def way(rng: Random) -> str:
    """One of the ways, as often as they were counted."""
    return pick(rng, WAYS)
