"""What a probe saw, in words: sections of lines and of pairs, for a terminal."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from tracker.cli.probe_words import (
    CHARSETS,
    FIELD_NOTES,
    FOUND,
    LAYOUTS,
    PAIR_ROLES,
    ROLES,
    SENT,
    Shown,
    outcome_text,
    reason_text,
)
from tracker.core.model import Meaning
from tracker.core.times import day_text
from tracker.core.words import Translator, status_name
from tracker.pages.described import Described, SeenStatus
from tracker.pages.formed import SeenField, SeenForm
from tracker.pages.jsonseen import SeenJson
from tracker.probing import Probe
from tracker.talk import Talk

MOST_PAIRS = 40
MOST_CHOICES = 6
Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A title, lines below it, and rows of a table."""

    title: str
    lines: tuple[str, ...] = ()
    rows: tuple[Row, ...] = field(default=())


def sections(probe: Probe, tr: Translator, shown: Shown) -> Iterator[Section]:
    """All that is worth saying, in the order in which a person would look."""
    if probe.talk is not None:
        yield _talk(probe, probe.talk, tr, shown)
    if probe.form_page is not None:
        yield _page(probe.form_page, tr, shown)
        yield from _forms(probe.form_page, tr, shown, probe.sent_form)
    if probe.page is not None:
        yield _page(probe.page, tr, shown)
        if probe.form_page is None:
            yield from _forms(probe.page, tr, shown, probe.sent_form)
        yield from _pairs(probe.page, tr, shown)
        yield _verdict(probe.page, tr, shown, is_answer=probe.form_page is not None)
    if probe.json is not None:
        yield from _json(probe.json, tr, shown)
    yield Section(
        tr.gettext("What follows"),
        tuple(reason_text(reason, tr, shown) for reason in probe.proposal.reasons)
        or (tr.gettext("Nothing stands against asking the site for you."),),
    )


# --- a page ----------------------------------------------------------------------------------------------------------


def _page(seen: Described, tr: Translator, shown: Shown) -> Section:
    lines = [tr.gettext("charset: {name} ({why})").format(name=seen.charset, why=tr.gettext(CHARSETS[seen.why_charset]))]
    if seen.frames:
        lines.append(tr.gettext("frames: {urls}").format(urls=" ".join(shown.url(url) for url in seen.frames)))
    if seen.refresh:
        lines.append(tr.gettext("leads on by itself to: {url}").format(url=shown.url(seen.refresh)))
    if seen.loose:
        text = tr.ngettext(
            "{count} field outside of any form: only a script sends it",
            "{count} fields outside of any form: only a script sends them",
            seen.loose,
        )
        lines.append(text.format(count=seen.loose))
    title = shown.text(seen.title, 80) or tr.gettext("(no title)")
    where = shown.url(seen.url)
    return Section(tr.gettext("Page “{title}”").format(title=title) + (f" · {where}" if where else ""), tuple(lines))


def _forms(seen: Described, tr: Translator, shown: Shown, chosen: SeenForm | None) -> Iterator[Section]:
    if not seen.forms:
        yield Section(tr.gettext("Forms: none"))
    for number, form in enumerate(seen.forms, 1):
        yield _form(form, number, tr, shown, chosen=len(seen.forms) > 1 and form is chosen)


def _form(form: SeenForm, number: int, tr: Translator, shown: Shown, *, chosen: bool) -> Section:
    role = tr.gettext(ROLES[form.role])
    title = tr.gettext("Form {number}: {role}").format(number=number, role=role) + (
        f" {tr.gettext('← this one')}" if chosen else ""
    )
    lines = [f"{form.method} {shown.url(form.action)}" + (f" ({form.charset})" if form.charset else "")]
    if form.is_scripted:
        lines.append(tr.gettext("its action is a script"))
    elif form.has_onsubmit:
        lines.append(tr.gettext("a script looks at it before it is sent"))
    if form.captcha is not None:
        how = shown.url(form.captcha.image) if form.captcha.image else shown.text(form.captcha.question)
        words = tr.gettext("captcha: {field} {how}").format(
            field=shown.text(form.captcha.field, 40), how=f"({how})" if how else ""
        )
        lines.append(words.strip())
    if form.hidden:
        names = tr.gettext(", ").join(shown.text(name, 40) for name in form.hidden[:12])
        lines.append(tr.gettext("hidden values, copied as they are: {names}").format(names=names))
    if form.buttons:
        lines.append(
            tr.gettext("buttons: {names}").format(names=tr.gettext(", ").join(shown.text(b, 30) for b in form.buttons))
        )
    return Section(title, tuple(lines), tuple(_field(f, tr, shown) for f in form.fields))


def _field(one: SeenField, tr: Translator, shown: Shown) -> Row:
    """(what it is called, kind and name, how the caption was found, what else)."""
    found = tr.gettext(FOUND[one.captions[0].how]) if one.captions else tr.gettext("no caption")
    notes = [tr.gettext(FIELD_NOTES[one.note])] if one.note else []
    if one.choices:
        notes.append(tr.gettext("one of: {words}").format(words=tr.gettext(", ").join(one.choices[:MOST_CHOICES])))
    if one.value:
        notes.append(
            tr.gettext("filled in: {value}").format(value=shown.value(one.caption, one.value, personal=one.is_identity))
        )
    if not one.note and not one.by:
        notes.append(tr.gettext("neither its caption nor its name leads to it alone"))
    called = one.by or one.caption or one.name or "?"
    kind = f"{one.kind} {one.name or ('#' + one.id if one.id else '')}".strip()
    return shown.text(called, 40), shown.text(kind, 40), found, shown.text(tr.gettext("; ").join(notes), 160)


def _pairs(seen: Described, tr: Translator, shown: Shown) -> Iterator[Section]:
    if not seen.pairs:
        return
    several = seen.records > 1
    rows = []
    for pair in seen.pairs[:MOST_PAIRS]:
        role = tr.gettext(PAIR_ROLES[pair.role]) if pair.role else ""
        record = tr.gettext("record {number}").format(number=pair.record) if several and pair.record else ""
        value = shown.value(pair.caption, pair.value, personal=pair.role == "identity") or "-"
        rows.append((shown.text(pair.caption, 30), value, tr.gettext(LAYOUTS[pair.how]), role, record))
    lines = []
    if several:
        text = tr.gettext("{count} records with a status: yours is the one that repeats your reference.")
        lines.append(text.format(count=seen.records))
    if len(seen.pairs) > MOST_PAIRS:
        lines.append(tr.gettext("the first {count} of {all}").format(count=MOST_PAIRS, all=len(seen.pairs)))
    yield Section(tr.gettext("Captions and values"), tuple(lines), tuple(rows))


def _verdict(seen: Described, tr: Translator, shown: Shown, *, is_answer: bool) -> Section:
    """What is taken for the status, and why; or what the page is instead. `is_answer`: a form was sent for it."""
    if seen.status is not None:
        section = _status(seen.status, tr, shown)
        if seen.outcome is None:
            return section
        note = tr.gettext("read for what was sent, it gives: {outcome}").format(outcome=outcome_text(seen.outcome, tr, shown))
        return replace(section, lines=(*section.lines, note))
    if not is_answer and seen.query is not None and (seen.outcome is None or seen.outcome.reason == "page_changed"):
        return Section(tr.gettext("Status: none"), (tr.gettext("this is the form: its answer comes once it is sent"),))
    lines = []
    if seen.outcome is not None:
        lines.append(outcome_text(seen.outcome, tr, shown))
        if seen.outcome.evidence:
            lines.append(tr.gettext("on the page: “{words}”").format(words=shown.text(seen.outcome.evidence)))
    if seen.scripted:
        lines.append(tr.gettext("Its content comes by a script ({size} characters of it).").format(size=seen.script_size))
    return Section(tr.gettext("Status: none"), tuple(lines))


def _status(status: SeenStatus, tr: Translator, shown: Shown) -> Section:
    reading = status.reading
    where = tr.gettext(LAYOUTS[status.how])
    if status.table:
        where = tr.gettext("{how}, in table {number}").format(how=where, number=status.table)
    usual = tr.gettext("a usual caption of a status") if status.is_usual else tr.gettext("no usual caption of one")
    lines = [
        tr.gettext("it stands under “{caption}” ({usual}), {where}").format(
            caption=shown.text(status.caption, 40), usual=usual, where=where
        )
    ]
    lines.append(_meaning(status.meaning, tr))
    if reading.reported_on is not None:
        lines.append(
            tr.gettext("its day: {day}, under “{caption}”").format(
                day=day_text(reading.reported_on, tr), caption=shown.text(status.date_caption, 40)
            )
        )
    if reading.notice:
        lines.append(tr.gettext("a notice beside it: “{words}”").format(words=shown.text(reading.notice)))
    return Section(tr.gettext("Status: “{label}”").format(label=shown.text(reading.label, 80)), tuple(lines))


def _meaning(meaning: Meaning | None, tr: Translator) -> str:
    if meaning is None or not meaning.known:
        return tr.gettext("no table knows this word: it would be told as it stands")
    text = tr.gettext("it means “{status}”, likely: the word is a usual one, and nobody has confirmed it for this site")
    return text.format(status=status_name(meaning.status, tr))


# --- JSON and HAR ----------------------------------------------------------------------------------------------------


def _json(seen: SeenJson, tr: Translator, shown: Shown) -> Iterator[Section]:
    rows = [
        (
            v.path,
            shown.value(v.key, v.value, personal=v.role == "identity") or "-",
            tr.gettext(PAIR_ROLES[v.role]) if v.role else "",
        )
        for v in seen.values[:MOST_PAIRS]
    ]
    lines = []
    if seen.entries > 1:
        text = tr.gettext("{count} records with a status: yours is the one that repeats your reference.")
        lines.append(text.format(count=seen.entries))
    yield Section(tr.gettext("The JSON answer"), tuple(lines), tuple(rows))
    if not seen.label_path:
        lines = [outcome_text(seen.outcome, tr, shown)] if seen.outcome else []
        yield Section(tr.gettext("Status: none"), tuple(lines))
        return
    lines = [tr.gettext("it stands at the path {path}").format(path=f"json:{seen.label_path}")]
    lines.append(tr.gettext("a code, no words") if seen.number else _meaning(seen.meaning, tr))
    if seen.date_path:
        lines.append(tr.gettext("its day stands at the path {path}").format(path=f"json:{seen.date_path}"))
    if seen.reading is None and seen.outcome is not None:
        lines.append(tr.gettext("read so, it gives: {outcome}").format(outcome=outcome_text(seen.outcome, tr, shown)))
    if seen.reading is not None and seen.reading.notice:
        lines.append(tr.gettext("a notice beside it: “{words}”").format(words=shown.text(seen.reading.notice)))
    yield Section(tr.gettext("Status: “{label}”").format(label=shown.text(seen.label, 80)), tuple(lines))


def _talk(probe: Probe, talk: Talk, tr: Translator, shown: Shown) -> Section:
    exchange = talk.exchange
    hosts = list(dict.fromkeys(e.host for e in probe.exchanges))
    count = tr.ngettext("{count} exchange", "{count} exchanges", len(probe.exchanges)).format(count=len(probe.exchanges))
    of = tr.ngettext("of {count} host", "of {count} hosts", len(hosts)).format(count=len(hosts))
    lines = [tr.gettext("{exchanges} {hosts}; this one has what we look for:").format(exchanges=count, hosts=of)]
    if talk.asked is not exchange:
        lines.append(f"{talk.asked.method} {shown.url(talk.asked.url)}")
        lines.append(tr.gettext("which led on to: {url}").format(url=shown.url(exchange.url)))
    else:
        lines.append(f"{exchange.method} {shown.url(exchange.url)}")
    if talk.form is not None and talk.page is not None:
        lines.append(tr.gettext("the form stood on {url}").format(url=shown.url(talk.page.url)))
    elif talk.json is not None:
        lines.append(tr.gettext("the content comes by a script: the page asks this address, and gets JSON"))
    for key in talk.keys:
        given = tr.gettext("the site had given it before") if key.is_given else tr.gettext("from before the recording")
        what = tr.gettext("cookie {name}: {given}") if key.where == "cookie" else tr.gettext("header {name}: {given}")
        lines.append(what.format(name=shown.text(key.name, 40), given=given))
    rows = tuple(
        (
            shown.text(s.name, 40) or tr.gettext("(in the path)"),
            shown.sent(s) or "-",
            tr.gettext(SENT[s.role]),
        )
        for s in talk.sent
        if s.value or s.role != "constant"
    )
    return Section(tr.gettext("The recording (HAR)"), tuple(lines), rows)
