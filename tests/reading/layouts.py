"""Ways in which an answer stands on a page, as counted on recorded pages: records in, markup out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from tests.reading.style import Item, Record, Style

Layout = Callable[[Style, Sequence[Record]], str]


@dataclass(frozen=True)
class Kind:
    """One layout: how often it is met, and whether it can show several records."""

    layout: Layout
    weight: float
    many: bool = False


def _title(style: Style) -> str:
    return style.rng.choice((*style.words.title, "&nbsp;"))


def header_rows(style: Style, records: Sequence[Record]) -> str:
    """A header row over data rows, often with a title row over all columns."""
    heads = "".join(style.td(style.caption(item.caption, colon=False), style.head) for item in records[0])
    rows = "".join("<tr>" + "".join(style.td(style.value(item)) for item in record) + "</tr>\n" for record in records)
    title = ""
    if style.rng.random() < 0.5:
        title = f"<tr><td colspan={len(records[0])} align=center><b>{_title(style)}</b></td></tr>\n"
    if style.rng.random() < 0.3:
        return f"<table border=1>{title}<thead><tr>{heads}</tr></thead>\n<tbody>{rows}</tbody></table>"
    return f"<table width='98%' border=0>{title}<tr>{heads}</tr>\n{rows}</table>"


def header_twice(style: Style, records: Sequence[Record]) -> str:
    """The header stands twice across the row: two records a row."""
    heads = "".join(style.td(style.caption(item.caption, colon=False), style.head) for item in records[0]) * 2
    out = ""
    for at in range(0, len(records), 2):
        cells = "".join(style.td(style.value(item)) for record in records[at : at + 2] for item in record)
        cells += style.td("&nbsp;") * (len(records[0]) if at + 1 == len(records) else 0)
        out += f"<tr>{cells}</tr>\n"
    return f"<table border=1><tr>{heads}</tr>\n{out}</table>"


def header_apart(style: Style, records: Sequence[Record]) -> str:
    """The header row in one table, its data in the next (a body that scrolls)."""
    heads = "".join(style.td(style.caption(item.caption, colon=False), style.head) for item in records[0])
    rows = "".join("<tr>" + "".join(style.td(style.value(item)) for item in record) + "</tr>\n" for record in records)
    between = style.rng.choice(("", "</div><div class=body style='overflow:auto'>", "\n"))
    return f"<div class=head><table width=900><tr>{heads}</tr></table>{between}<table width=900>{rows}</table></div>"


def records_as_columns(style: Style, records: Sequence[Record]) -> str:
    """The captions down the left side, a record a column."""
    rows = ""
    for at, item in enumerate(records[0]):
        cells = "".join(style.td(style.value(record[at])) for record in records)
        rows += f"<tr>{style.td(style.caption(item.caption), 'th')}{cells}</tr>\n"
    return f"<table border=1>{rows}</table>"


def alternating(style: Style, records: Sequence[Record]) -> str:
    """Caption and value cells take turns along a row."""
    across = style.rng.choice((1, 1, 2, 2, 3))
    out = ""
    for record in records:
        rows = ""
        for at in range(0, len(record), across):
            row = record[at : at + across]
            cells = "".join(style.td(style.caption(i.caption), style.head) + style.td(style.value(i)) for i in row)
            if len(row) < across:
                cells += style.td("&nbsp;") * 2 * (across - len(row))
            rows += f"<tr>{cells}</tr>\n"
        title = f"<tr><td colspan={across * 2}>{_title(style)}</td></tr>\n" if style.rng.random() < 0.25 else ""
        out += f"<table class='info' cellspacing=0>{title}{rows}</table>\n"
    if style.rng.random() < 0.3:  # the answer of a public query: a table in a table
        return f"<table width='100%'><tr><td>{out}</td></tr></table>"
    return out


def wide_value(style: Style, records: Sequence[Record]) -> str:
    """Pairs two a row, the last of them over the rest of the row."""
    out = ""
    for record in records:
        *first, last = record
        rows = ""
        for at in range(0, len(first), 2):
            row = first[at : at + 2]
            span = " colspan=3" if len(row) == 1 else ""
            cells = "".join(style.td(style.caption(i.caption), style.head) + style.td(style.value(i), more=span) for i in row)
            rows += f"<tr>{cells}</tr>\n"
        rows += (
            f"<tr>{style.td(style.caption(last.caption), style.head)}{style.td(style.value(last), more=' colspan=3')}</tr>\n"
        )
        out += f"<table class=detail>{rows}</table>"
    return out


def colon_cells(style: Style, records: Sequence[Record]) -> str:
    """“caption：value” in one cell."""
    colon = style.rng.choice(("：", ":", "： ", "：&nbsp;"))
    across = style.rng.choice((1, 1, 2))
    out = ""
    for record in records:
        cells = [style.td(f"{style.caption(i.caption, colon=False, broken=False)}{colon}{style.value(i)}") for i in record]
        rows = "".join("<tr>" + "".join(cells[at : at + across]) + "</tr>\n" for at in range(0, len(cells), across))
        out += f"<table>{rows}</table>\n"
    return out


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
        "<span class='ant-descriptions-item-label'>{0}</span><span class='ant-descriptions-item-content'>{1}</span>",
        "<div class='ant-descriptions'>%s</div>",
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


def spans_by_id(style: Style, records: Sequence[Record]) -> str:
    """Server controls: a literal caption and a span with an id, cell by cell."""
    out = ""
    for at, record in enumerate(records):
        for item in record:
            shown = f'<span id="ctl00_Main_{at}_lbl{item.role}">{style.value(item)}</span>'
            out += f"<tr><td class=l>{style.caption(item.caption)}</td><td class=r>{shown}</td></tr>\n"
    return f"<div><table id='ctl00_Main_dv'>{out}</table></div>"


def fieldset(style: Style, records: Sequence[Record]) -> str:
    """A box with a legend around paragraphs."""
    out = ""
    for record in records:
        said = "".join(f"<p><label>{style.caption(i.caption)}</label>{style.value(i)}</p>\n" for i in record)
        out += f"<fieldset><legend>{_title(style)}</legend>{said}</fieldset>"
    return out


def nested_documents(style: Style, records: Sequence[Record]) -> str:
    """Whole documents inside cells, as pages that include pages send them."""
    inner = header_rows(style, records) if style.rng.random() < 0.5 else alternating(style, records)
    head = "<head><meta http-equiv='Content-Type' content='text/html'><title></title></head>"
    return f"<table width=100%><tr><td valign=top>\n<html>{head}<body>\n{inner}\n</body></html>\n</td></tr></table>"


def nested_tables(style: Style, records: Sequence[Record]) -> str:
    """Tables for the looks: the answer stands three tables deep."""
    inner = style.rng.choice((header_rows, alternating, colon_cells))(style, records)
    return (
        f"<table width=980 align=center><tr><td width=180 valign=top>&nbsp;</td><td><table><tr><td><img src=l.gif></td></tr>"
        f"<tr><td>{inner}</td></tr></table></td></tr></table>"
    )


def bold_run(style: Style, records: Sequence[Record]) -> str:
    """Pairs one behind the other in a line."""
    colon = style.rng.choice(("：", ":"))
    gap = style.rng.choice(("&nbsp;&nbsp;", "；", " | ", "<span class=gap></span>　"))
    out = ""
    for record in records:
        run = gap.join(f"<b>{escape(i.caption)}{colon}</b>{style.value(i)}" for i in record)
        out += f"<div class=line>{run}</div>\n"
    return out


def nested_cells(style: Style, records: Sequence[Record]) -> str:
    """Header cells that hold a div each, and data cells likewise."""
    heads = "".join(f"<td><div class=hd>{style.caption(i.caption, colon=False)}</div></td>" for i in records[0])
    rows = "".join("<tr>" + "".join(f"<td><div>{style.value(i)}</div></td>" for i in r) + "</tr>\n" for r in records)
    return f"<table><tr class=t>{heads}</tr>\n{rows}</table>"


def grid_of_divs(style: Style, records: Sequence[Record]) -> str:
    """A table made of divs: a row of captions over rows of values."""
    heads = "".join(f"<div class='td'>{style.caption(i.caption, colon=False, broken=False)}</div>" for i in records[0])
    rows = "".join(
        "<div class='tr'>" + "".join(f"<div class='td'>{style.value(i)}</div>" for i in r) + "</div>\n" for r in records
    )
    return f"<div class='table'><div class='tr thead'>{heads}</div>\n{rows}</div>"


LAYOUTS: dict[str, Kind] = {
    "header rows": Kind(header_rows, 16, many=True),
    "header twice": Kind(header_twice, 3, many=True),
    "header apart": Kind(header_apart, 5, many=True),
    "records as columns": Kind(records_as_columns, 2, many=True),
    "alternating": Kind(alternating, 16),
    "wide value": Kind(wide_value, 5),
    "colon cells": Kind(colon_cells, 9),
    "lines": Kind(lines, 9),
    "definitions": Kind(definitions, 5),
    "elements": Kind(elements, 10),
    "cards": Kind(cards, 7),
    "inputs": Kind(inputs, 3),
    "input labels": Kind(input_labels, 2),
    "spans by id": Kind(spans_by_id, 3),
    "fieldset": Kind(fieldset, 2),
    "nested documents": Kind(nested_documents, 4, many=True),
    "nested tables": Kind(nested_tables, 5, many=True),
    "bold run": Kind(bold_run, 2),
    "nested cells": Kind(nested_cells, 3, many=True),
    "grid of divs": Kind(grid_of_divs, 1, many=True),
}


def table_of_steps(style: Style, steps: Sequence[Record]) -> str:
    """What happened when, a row a step."""
    return header_rows(style, steps)


def one(role: str, record: Record) -> Item:
    """The record's item of a role."""
    return next(item for item in record if item.role == role)
