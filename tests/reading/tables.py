"""Answers in tables: records in, markup out."""

from collections.abc import Sequence

from tests.reading.style import Record, Style


def title_of(style: Style) -> str:
    return style.rng.choice((*style.words.title, "&nbsp;"))


def header_rows(style: Style, records: Sequence[Record]) -> str:
    """A header row over data rows, often with a title row over all columns."""
    heads = "".join(style.td(style.caption(item.caption, colon=False), style.head) for item in records[0])
    rows = "".join("<tr>" + "".join(style.td(style.value(item)) for item in record) + "</tr>\n" for record in records)
    title = ""
    if style.rng.random() < 0.5:
        title = f"<tr><td colspan={len(records[0])} align=center><b>{title_of(style)}</b></td></tr>\n"
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
        title = f"<tr><td colspan={across * 2}>{title_of(style)}</td></tr>\n" if style.rng.random() < 0.25 else ""
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


def spans_by_id(style: Style, records: Sequence[Record]) -> str:
    """Server controls: a literal caption and a span with an id, cell by cell."""
    out = ""
    for at, record in enumerate(records):
        for item in record:
            shown = f'<span id="ctl00_Main_{at}_lbl{item.role}">{style.value(item)}</span>'
            out += f"<tr><td class=l>{style.caption(item.caption)}</td><td class=r>{shown}</td></tr>\n"
    return f"<div><table id='ctl00_Main_dv'>{out}</table></div>"


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


def nested_cells(style: Style, records: Sequence[Record]) -> str:
    """Header cells that hold a div each, and data cells likewise."""
    heads = "".join(f"<td><div class=hd>{style.caption(i.caption, colon=False)}</div></td>" for i in records[0])
    rows = "".join("<tr>" + "".join(f"<td><div>{style.value(i)}</div></td>" for i in r) + "</tr>\n" for r in records)
    return f"<table><tr class=t>{heads}</tr>\n{rows}</table>"


def stacked_rows(style: Style, records: Sequence[Record]) -> str:
    """A row of captions over a row of values, and again for the next ones."""
    across = style.rng.choice((2, 3, 4))
    out = ""
    for record in records:
        rows = ""
        for at in range(0, len(record), across):
            row = record[at : at + across]
            fill = style.td("&nbsp;") * (across - len(row))
            rows += (
                "<tr>" + "".join(style.td(style.caption(i.caption, colon=False), style.head) for i in row) + fill + "</tr>\n"
            )
            rows += "<tr>" + "".join(style.td(style.value(i)) for i in row) + fill + "</tr>\n"
        out += f"<table class=tb border=1>{rows}</table>"
    return out


def grouped_rows(style: Style, records: Sequence[Record]) -> str:
    """Pairs in rows, their groups named by a cell along the left side."""
    names = {"zh-Hans": ("申请信息", "办理信息"), "zh-Hant": ("申請資料", "辦理資料")}.get(
        style.words.code, ("Application", "Progress")
    )
    out = ""
    for record in records:
        half = max(1, len(record) // 2)
        rows = ""
        for name, items in zip(names, (record[:half], record[half:]), strict=True):
            for at, item in enumerate(items):
                group = f"<td rowspan={len(items)} class=group>{name}</td>" if at == 0 else ""
                rows += f"<tr>{group}{style.td(style.caption(item.caption), style.head)}{style.td(style.value(item))}</tr>\n"
        out += f"<table border=1>{rows}</table>"
    return out


def portal_list(style: Style, records: Sequence[Record]) -> str:
    """A list as portals have it: boxes to tick, headings to sort by, hidden codes, pages to turn, in one table."""
    ticks = style.rng.random() < 0.4
    sorts = style.rng.random() < 0.4
    heads = "<th><input type=checkbox name=all onclick=all()></th>" if ticks else ""
    for item in records[0]:
        shown = style.caption(item.caption, colon=False)
        heads += style.td(f"<a href='?order={item.role}'>{shown}</a><img src=sort.gif>" if sorts else shown, "th")
    rows = ""
    for at, record in enumerate(records):
        cells = f"<td><input type=checkbox name=id value={at}></td>" if ticks else ""
        for item in record:
            code = "<input type=hidden name=zt value=3>" if item.role == "status" and style.rng.random() < 0.5 else ""
            cells += style.td(code + style.value(item))
        rows += f"<tr class={'odd' if at % 2 else 'even'} onmouseover=over(this)>{cells}</tr>\n"
    turn = {
        "zh-Hans": "共{0}条记录 第1/1页 <a href=#>首页</a> <a href=#>上一页</a> <a href=#>下一页</a> <a href=#>末页</a>",
        "zh-Hant": "共{0}筆 第1頁",
    }.get(style.words.code, "{0} of {0} records, page 1 of 1")
    pages = f"<tr><td colspan={len(records[0]) + ticks} align=right>{turn.format(len(records))}</td></tr>"
    return f"<table class='list' width='100%'><tr>{heads}</tr>\n{rows}{pages}</table>"
