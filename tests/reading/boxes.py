"""Answers without tables: captions and values in lines, lists, boxes and inputs."""

from collections.abc import Sequence
from html import escape

from tests.reading.style import Record, Style
from tests.reading.tables import title_of


def lines(style: Style, records: Sequence[Record]) -> str:
    """“caption：value” a line."""
    colon = style.rng.choice(("：", ":", "：&nbsp;"))
    shape = style.rng.choice(("<p>%s</p>\n", "%s<br>\n", "<li>%s</li>\n", "<div class=row>%s</div>\n", "<h4>%s</h4>\n"))
    out = ""
    for record in records:
        said = "".join(shape % (style.caption(i.caption, colon=False, broken=False) + colon + style.value(i)) for i in record)
        out += f"<ul>{said}</ul>" if shape.startswith("<li") else f"<div class='result'>{said}</div>"
    return out


def definitions(style: Style, records: Sequence[Record]) -> str:
    """dt and dd."""
    out = ""
    for record in records:
        apart = style.rng.random() < 0.3
        pairs = [f"<dt>{style.caption(i.caption)}</dt><dd>{style.value(i)}</dd>\n" for i in record]
        out += "".join(f"<dl class=item>{p}</dl>" for p in pairs) if apart else f"<dl>{''.join(pairs)}</dl>"
    return out


_BESIDE = (
    ("<div class='row'><span class='label'>{0}</span><span class='value'>{1}</span></div>", "<div class=box>%s</div>"),
    ("<li><label>{0}</label><span>{1}</span></li>", "<ul class='info-list'>%s</ul>"),
    ("<p><strong>{0}</strong> {1}</p>", "<div>%s</div>"),
    ("<div class='col-md-3 text-right'>{0}</div><div class='col-md-9'>{1}</div>", "<div class='row'>%s</div>"),
    ("<div class='form-group'><label class='control-label'>{0}</label><div class='ctl'>{1}</div></div>", "<div>%s</div>"),
    ("<div class='item'><em>{0}</em><b>{1}</b></div>", "<section>%s</section>"),
    ("<li><span>{0}</span><p>{1}</p></li>", "<ul>%s</ul>"),
    ("<div><div class='k'>{0}</div><div class='v'>{1}</div></div>", "<div class='panel'>%s</div>"),
)


def elements(style: Style, records: Sequence[Record]) -> str:
    """A caption element beside its value element."""
    pair, around = style.rng.choice(_BESIDE)
    return "\n".join(around % "\n".join(pair.format(style.caption(i.caption), style.value(i)) for i in r) for r in records)


_CARDS = (
    (
        "<div data-v-3f2a class='weui-cell'><div class='weui-cell__bd'><p>{0}</p></div><div class='weui-cell__ft'>{1}</div></div>",
        "<div class='weui-cells'>%s</div>",
    ),
    (
        (
            "<tr class='ant-descriptions-row'><td class='ant-descriptions-item' colspan='1'><div class='ant-descriptions-item-container'>"
            "<span class='ant-descriptions-item-label'>{0}</span><span class='ant-descriptions-item-content'>{1}</span></div></td></tr>"
        ),
        "<div class='ant-descriptions'><table><tbody>%s</tbody></table></div>",
    ),
    (
        "<tr><th class='el-descriptions__label'>{0}</th><td class='el-descriptions__content'>{1}</td></tr>",
        "<div class=el-card><table class='el-descriptions__table'><tbody>%s</tbody></table></div>",
    ),
    (
        "<div class='flex justify-between py-2'><div class='text-gray-500'>{0}</div><div class='font-medium'>{1}</div></div>",
        "<section class='card rounded shadow'><div class='card-body'>%s</div></section>",
    ),
    (
        "<li class='mui-table-view-cell'><span class='mui-pull-left'>{0}</span><span class='mui-pull-right'>{1}</span></li>",
        "<ul class='mui-table-view'>%s</ul>",
    ),
    (
        "<div class='van-cell'><div class='van-cell__title'><span>{0}</span></div><div class='van-cell__value'><span>{1}</span></div></div>",
        "<div class='van-cell-group'>%s</div>",
    ),
)


def cards(style: Style, records: Sequence[Record]) -> str:
    """What the component libraries of today put on a page."""
    pair, around = style.rng.choice(_CARDS)
    return "\n".join(around % "\n".join(pair.format(style.caption(i.caption), style.value(i)) for i in r) for r in records)


def inputs(style: Style, records: Sequence[Record]) -> str:
    """Values in inputs that can't be changed."""
    how = style.rng.choice((" readonly", " disabled", " readonly='readonly'", ' readonly="true" class="txt"'))
    out = ""
    for record in records:
        rows = ""
        for at, item in enumerate(record):
            box = f"<input type='text' name='f{at}' id='f{at}' value='{escape(item.value, quote=True)}'{how}>"
            rows += f"<tr>{style.td(style.caption(item.caption))}{style.td(box)}</tr>\n"
        out += f"<form name='detail' method='post' action='list.do'><table>{rows}</table></form>"
    return out


def input_labels(style: Style, records: Sequence[Record]) -> str:
    """The same beside labels."""
    out = ""
    for record in records:
        for at, item in enumerate(record):
            box = f"<input type=text id=v{at} value='{escape(item.value, quote=True)}' readonly>"
            out += f"<div class=line><label for=v{at}>{style.caption(item.caption)}</label> {box}</div>\n"
    return f"<div class=view>{out}</div>"


def fieldset(style: Style, records: Sequence[Record]) -> str:
    """A box with a legend around paragraphs."""
    out = ""
    for record in records:
        said = "".join(f"<p><label>{style.caption(i.caption)}</label>{style.value(i)}</p>\n" for i in record)
        out += f"<fieldset><legend>{title_of(style)}</legend>{said}</fieldset>"
    return out


def bold_run(style: Style, records: Sequence[Record]) -> str:
    """Pairs one behind the other in a line."""
    colon = style.rng.choice(("：", ":"))
    gap = style.rng.choice(("&nbsp;&nbsp;", "；", " | ", "<span class=gap></span>　"))
    out = ""
    for record in records:
        run = gap.join(f"<b>{escape(i.caption)}{colon}</b>{style.value(i)}" for i in record)
        out += f"<div class=line>{run}</div>\n"
    return out


def grid_of_divs(style: Style, records: Sequence[Record]) -> str:
    """A table made of divs: a row of captions over rows of values."""
    heads = "".join(f"<div class='td'>{style.caption(i.caption, colon=False, broken=False)}</div>" for i in records[0])
    rows = "".join(
        "<div class='tr'>" + "".join(f"<div class='td'>{style.value(i)}</div>" for i in r) + "</div>\n" for r in records
    )
    return f"<div class='table'><div class='tr thead'>{heads}</div>\n{rows}</div>"


def spaced_text(style: Style, records: Sequence[Record]) -> str:
    """Plain text in a pre, as old programs print it."""
    out = ""
    for record in records:
        width = max(len(i.caption) for i in record) + 2
        out += "\n".join(f"{escape(i.caption)}：{' ' * (width - len(i.caption))}{escape(i.value)}" for i in record) + "\n\n"
    return f"<pre>\n{out}</pre>"


def tiles(style: Style, records: Sequence[Record]) -> str:
    """A grid of small boxes: the caption below or above its value, marked by classes."""
    out = ""
    for record in records:
        inside = "".join(
            f"<div class='col'><p class='name'>{style.caption(i.caption, colon=False)}</p><p class='num'>{style.value(i)}</p></div>\n"
            for i in record
        )
        out += f"<div class='row tiles'>{inside}</div>"
    return out


def chosen_lists(style: Style, records: Sequence[Record]) -> str:
    """A form that can't be changed: inputs, and a list with the status chosen in it."""
    out = ""
    for record in records:
        for item in record:
            box = f"<input type=text value='{escape(item.value, quote=True)}' disabled>"
            if item.role == "status":
                others = [s for s in style.rng.sample(style.words.states, k=4) if s != item.value]
                options = [f"<option value={n}>{escape(s)}</option>" for n, s in enumerate(others)]
                options.insert(style.rng.randrange(len(options) + 1), f"<option value=9 selected>{escape(item.value)}</option>")
                box = f"<select name=zt disabled>{''.join(options)}</select>"
            out += f"<tr>{style.td(style.caption(item.caption))}{style.td(box)}</tr>\n"
    return f"<form name=view><table>{out}</table></form>"
