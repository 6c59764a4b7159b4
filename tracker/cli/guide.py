"""`tracker guide [PROCEDURE]`: the steps and papers of a procedure, in full; needs no case and no configuration."""

from collections.abc import Iterable, Iterator
from gettext import NullTranslations

import click

from tracker.cli.app import App, out_json
from tracker.cli.views import put, unknown_name, width_of, words_of
from tracker.core.clean import clean
from tracker.core.guide import Caution, Expiry, Guide, Link, Paper, Step
from tracker.core.message import status_name, turn_name
from tracker.core.times import day_text
from tracker.core.words import N_
from tracker.known.fields import JSON

EXPIRIES = {
    Expiry.YES: N_("has an expiry"),
    Expiry.NO: N_("has no expiry"),
    Expiry.UNKNOWN: N_("whether it has an expiry is not known"),
}


@click.command("guide")
@click.argument("procedure", required=False)
@click.option("--json", "as_json", is_flag=True, help="Data for scripts on stdout.")
@click.pass_obj
def guide_command(app: App, procedure: str | None, *, as_json: bool) -> None:
    """Show the steps and papers of a procedure, with links; without PROCEDURE, of all."""
    from tracker.guides import load_guide, names

    tr = words_of(app)
    if procedure is not None and procedure not in names():
        sentence = tr.gettext("There is no guide “{name}”.").format(name=clean(procedure, 80))
        raise unknown_name(tr, sentence, procedure, names())
    guides = [load_guide(name) for name in ([procedure] if procedure else names())]
    if as_json:
        out_json({"guides": [guide_json(guide, tr) for guide in guides]})
        return
    for number, guide in enumerate(guides):
        if number:
            click.echo()
        _show(app, guide, tr)


def _show(app: App, guide: Guide, tr: NullTranslations) -> None:
    from rich.text import Text

    say = _language(tr)
    put(app, Text.assemble((guide.title[say], "bold"), "  ", (guide.id, "dim")))
    _lines(app, [guide.summary[say], how_sure(guide, tr)])
    _heading(app, tr.gettext("Steps"))
    for step in guide.steps:
        _lines(app, [f"{step.title[say]}  {_who(step, tr)}"], mark=f"{step.number}  ", style="bold")
        _lines(app, [step.text[say]], mark="   ")
        _lines(app, [c.text[say] for c in guide.cautions if c.step == step.number], mark="   ! ")
        _lines(app, _links(step.links, guide, say, tr), mark="   ")
    _heading(app, tr.gettext("Papers"))
    for group in guide.groups:
        _lines(app, [group.title[say]], style="bold")
        for paper in group.papers:
            _lines(app, [_paper(paper, say, tr)], mark=" - ")
            _lines(app, _links(paper.links, guide, say, tr), mark="   ")
    if guide.adapters:
        click.echo()
        text = tr.gettext("Tracker can look for you with: {names}. How each is set up: {command}")
        names = tr.gettext(", ").join(guide.adapters)
        _lines(app, [text.format(names=names, command="tracker adapters show NAME")])


def _lines(app: App, texts: Iterable[str], mark: str = "", style: str = "") -> None:
    """Texts below one another, each with `mark` in front of its first line and blanks in front of the others."""
    from rich.text import Text

    from tracker.cli.wrap import wrapped

    for text in texts:
        before = mark
        for line in wrapped(text, max(width_of(app) - len(mark), 20)):
            put(app, Text(before + line, style), whole=True)
            before = " " * len(mark)


def _heading(app: App, words: str) -> None:
    from rich.text import Text

    click.echo()
    put(app, Text(words, "bold underline"))


def how_sure(guide: Guide, tr: NullTranslations) -> str:
    """Where the facts come from, and whether anybody compared them with the authority's pages."""
    if guide.confirmed_on is not None:
        return tr.gettext("Compared with the authority's own pages on {day}.").format(day=day_text(guide.confirmed_on, tr))
    text = tr.gettext(
        "Not confirmed: this comes from {source}, and nobody has compared it with the authority's own pages since. "
        "Where they differ, the authority's pages count."
    )
    return text.format(source=guide.source[_language(tr)])


def _who(step: Step, tr: NullTranslations) -> str:
    """Whose turn it is, and what a case shows meanwhile."""
    turns = tr.gettext(", ").join(turn_name(turn, tr) for turn in step.turns)
    if not step.statuses:
        return tr.gettext("[turn: {turns}]").format(turns=turns)
    statuses = tr.gettext(", ").join(status_name(status, tr) for status in step.statuses)
    return tr.gettext("[turn: {turns}; status: {statuses}]").format(turns=turns, statuses=statuses)


def _paper(paper: Paper, say: str, tr: NullTranslations) -> str:
    parts = [paper.note[say]] if paper.note else []
    if paper.expires is not Expiry.NO:
        parts.append(tr.gettext(EXPIRIES[paper.expires]))
    if not parts:
        return paper.title[say]
    return tr.gettext("{what}: {words}").format(what=paper.title[say], words=tr.gettext("; ").join(parts))


def _links(links: Iterable[Link], guide: Guide, say: str, tr: NullTranslations) -> Iterator[str]:
    """An address on a line of its own, below what is there; with the year of who last saw it where nobody confirmed it."""
    for link in links:
        text = tr.gettext("{title} (address of {year}):") if guide.confirmed_on is None else tr.gettext("{title}:")
        yield text.format(title=link.title[say], year=link.as_of[:4])
        yield link.url


def guide_json(guide: Guide, tr: NullTranslations) -> JSON:
    """A procedure for scripts, in the reader's language."""
    say = _language(tr)
    return {
        "id": guide.id,
        "title": guide.title[say],
        "summary": guide.summary[say],
        "source": guide.source[say],
        "as_of": guide.as_of,
        "confirmed_on": guide.confirmed_on.isoformat() if guide.confirmed_on else None,
        "text": how_sure(guide, tr),
        "adapters": list(guide.adapters),
        "steps": [_step_json(step, say) for step in guide.steps],
        "groups": [
            {"id": g.id, "title": g.title[say], "papers": [_paper_json(paper, say) for paper in g.papers]} for g in guide.groups
        ],
        "cautions": [_caution_json(caution, say) for caution in guide.cautions],
    }


def _step_json(step: Step, say: str) -> JSON:
    return {
        "number": step.number,
        "title": step.title[say],
        "text": step.text[say],
        "turns": [turn.value for turn in step.turns],
        "statuses": [status.value for status in step.statuses],
        "links": [_link_json(link, say) for link in step.links],
        "as_of": step.as_of,
    }


def _paper_json(paper: Paper, say: str) -> JSON:
    return {
        "id": paper.id,
        "title": paper.title[say],
        "note": paper.note.get(say),
        "expires": {Expiry.YES: True, Expiry.NO: False}.get(paper.expires),
        "links": [_link_json(link, say) for link in paper.links],
        "as_of": paper.as_of,
    }


def _link_json(link: Link, say: str) -> JSON:
    return {"url": link.url, "title": link.title[say], "as_of": link.as_of}


def _caution_json(caution: Caution, say: str) -> JSON:
    return {"text": caution.text[say], "step": caution.step, "as_of": caution.as_of}


def _language(tr: NullTranslations) -> str:
    return "zh-CN" if tr.info().get("language", "").startswith("zh") else "en"
