"""How one site writes its cells: its habits are chosen once a page, because a page comes from one template."""

import re
from dataclasses import dataclass
from html import escape
from random import Random

from tests.reading.words import Words, pick


@dataclass(frozen=True)
class Item:
    """One caption and value of a record. `role`: number, name, id, status, date … as in `Words.captions`."""

    role: str
    caption: str
    value: str


Record = tuple[Item, ...]

_CAPTION_WRAPS = (
    "<b>%s</b>",
    "<strong>%s</strong>",
    "<font color=#333>%s</font>",
    "<span class=tit>%s</span>",
    "<div>%s</div>",
)
_VALUE_WRAPS = ("<span>%s</span>", "<font size=2>%s</font>", "<div align=center>%s</div>", "<em>%s</em>", "<label>%s</label>")
_STATUS_WRAPS = (
    *(
        '<span style="color:red">%s</span>',
        '<b class="zt">%s</b>',
        "<font color=blue>%s</font>",
        '<span class="badge">%s</span>',
    ),
    *("<a href='detail.do?id=7'>%s</a>", '<i class="tag tag-success">%s</i>', "<u>%s</u>", '<span id="lblStatus">%s</span>'),
)


@dataclass(frozen=True)
class Style:
    """The habits of one page."""

    rng: Random
    words: Words
    colon: str
    head: str
    attributes: str
    caption_wrap: str
    value_wrap: str
    status_wrap: str
    lead: str
    airy: bool
    spaced: bool
    broken: bool
    entities: bool
    coded: bool

    def caption(self, text: str, *, colon: bool = True, broken: bool | None = None) -> str:
        """A caption as the template writes it."""
        if self.spaced and len(text) == 2 and not text.isascii():
            text = text[0] + self.rng.choice(("　　", "&nbsp;&nbsp;", " ")) + text[1]
            shown = text
        elif (self.broken if broken is None else broken) and len(text) >= 4 and not text.isascii():
            shown = escape(text[: len(text) // 2]) + "<br/>" + escape(text[len(text) // 2 :])
        else:
            shown = escape(text)
        if self.entities:
            shown = "".join(f"&#{ord(sign)};" if ord(sign) > 127 and sign != "　" else sign for sign in shown)
        return self.caption_wrap % (shown + (self.colon if colon else ""))

    def value(self, item: Item) -> str:
        """A value as the template writes it; the status cell is where templates keep their remains."""
        shown = self.lead + escape(item.value)
        if item.role != "status":
            return self.value_wrap % shown if item.value else self.lead
        shown = self.status_wrap % shown
        if self.coded:
            shown = f"<span style='display:none'>{self.rng.randint(1, 9)}</span>{shown}"
        if self.airy:
            blank = "\n\t\t\t\r\n" * self.rng.randint(2, 24)
            shown = f"{blank}<!-- <td>{escape(item.caption)}</td> zt=1 -->{blank}{shown}{blank}"
        return shown

    def td(self, inside: str, tag: str = "td", more: str = "") -> str:
        return f"<{tag}{self.attributes}{more}>{inside}</{tag}>"


def style(rng: Random, words: Words) -> Style:
    """One page's habits."""
    return Style(
        rng,
        words,
        colon=pick(rng, (("：", 5), (":", 2), ("", 3), (" : ", 0.5), ("：&nbsp;", 0.7))),
        head=pick(rng, (("th", 5), ("td", 5))),
        attributes=pick(rng, (("", 5), (' align="center"', 2), (' height="30" bgcolor="#FFFFFF"', 2), (' class="cell"', 3))),
        caption_wrap=pick(rng, (("%s", 7), *((wrap, 0.6) for wrap in _CAPTION_WRAPS))),
        value_wrap=pick(rng, (("%s", 8), *((wrap, 0.5) for wrap in _VALUE_WRAPS))),
        status_wrap=pick(rng, (("%s", 8), *((wrap, 1) for wrap in _STATUS_WRAPS))),
        lead=pick(rng, (("", 7), ("&nbsp;", 2), (" ", 1), ("　", 0.5), ("&nbsp;&nbsp;", 0.5))),
        airy=rng.random() < 0.12,
        spaced=rng.random() < 0.15,
        broken=rng.random() < 0.08,
        entities=rng.random() < 0.04,
        coded=rng.random() < 0.03,
    )


_CLOSERS = re.compile(r"</(td|th|tr|li|p|dd|dt|option)>", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)((?:\s[^<>]*)?)>")
_SAFE = re.compile(r"(<script.*?</script>|<!--.*?-->|<style.*?</style>|<textarea.*?</textarea>)", re.DOTALL)


def aged(rng: Random, markup: str) -> tuple[str, str]:
    """A page as older tools write it: tags in capitals, ends left out, quotes away, lines in other ways. Says which."""
    how = pick(
        rng, (("as it is", 14), ("capitals", 2), ("unclosed", 2), ("one line", 1), ("crlf", 1), ("capitals unclosed", 1))
    )
    if how == "one line":
        return re.sub(r">\s*\n\s*<", "><", markup), how
    if how == "crlf":
        return markup.replace("\r\n", "\n").replace("\n", "\r\n"), how
    parts = _SAFE.split(markup)
    for at in range(0, len(parts), 2):
        if "unclosed" in how:
            parts[at] = _CLOSERS.sub("", parts[at])
        if "capitals" in how:
            parts[at] = _TAG.sub(lambda tag: f"<{tag[1]}{tag[2].upper()}{tag[3]}>", parts[at])
    return "".join(parts), how
