"""The `[[cases]]` block of a proposal, ready to be pasted, with comments in the person's language."""

from collections.abc import Iterator

from tracker.cli.probe_words import Shown
from tracker.core.mask import mask_text
from tracker.core.words import Translator
from tracker.pages.proposed import Proposal, Wanted
from tracker.setup.text import quoted

PLACEHOLDER = "…"
NO_ADDRESS = "https://www.example.org/query"
_MOST_CHOICES = 8


def block(proposal: Proposal, tr: Translator, shown: Shown, *, adapter: str = "") -> str:
    """The case as it stands in the config file. `adapter`: one of the person's own instead."""
    name = adapter or proposal.adapter
    lines = ["[[cases]]", f'name = "{tr.gettext("me")}"', f"adapter = {quoted(name)}"]
    url = proposal.look or proposal.url if name == "by_hand" else proposal.url
    if url:
        lines.append(f"url = {quoted(url)}")
    elif not adapter:
        lines.append(_noted(f"url = {quoted(NO_ADDRESS)}", tr.gettext("the address of the page")))
    if name == "json":
        if proposal.method != "GET":
            lines.append(f"method = {quoted(proposal.method)}")
        if proposal.body != "form":
            lines.append(f"body = {quoted(proposal.body)}")
    lines += _reference(proposal, tr, shown)
    lines += _read(proposal, name)
    if proposal.words and name != "by_hand":
        lines += ["", "[cases.labels]"]
        note = tr.gettext("say what it means: {statuses}").format(statuses="submitted, accepted, in_review, approved, …")
        lines += [_noted(f'# {quoted(shown.text(word, 100))} = "in_review"', note) for word in proposal.words]
    return "\n".join(lines)


def _reference(proposal: Proposal, tr: Translator, shown: Shown) -> Iterator[str]:
    wanted = proposal.wanted
    if not wanted:
        if proposal.adapter in {"form", "json", "page"}:
            yield from ("", "[cases.reference]")
            yield _noted(f'# "受理编号" = "{PLACEHOLDER}"', tr.gettext("the caption on the page, and your value"))
        return
    yield from ("", "[cases.reference]")
    first = next((w for w in wanted if not w.value and not w.choices and not w.is_optional), None)
    for one in wanted:
        line = f"{quoted(one.name)} = {quoted(fixed_value(one) or PLACEHOLDER)}"
        note = _note(one, tr, shown) or (tr.gettext("your own value; the same below") if one is first else "")
        if not one.is_optional:
            yield _noted(line, note)
        elif proposal.adapter != "by_hand":
            yield _noted(f"# {line}", note)


def _note(one: Wanted, tr: Translator, shown: Shown) -> str:
    """What is to be known of one line."""
    if one.choices:
        listed = tr.gettext(", ").join(shown.text(c, 30) for c in one.choices[:_MOST_CHOICES])
        words = listed + (tr.gettext(", …") if len(one.choices) > _MOST_CHOICES else "")
        if not fixed_value(one):
            return tr.gettext("one of: {words}").format(words=words)
        if one.is_optional:
            return tr.gettext("chosen on the page already; one of: {words}").format(words=words)
        return tr.gettext("as you chose; one of: {words}").format(words=words)
    if one.is_optional:
        return tr.gettext("nothing on the page says what it is for: only if the site wants it")
    return tr.gettext("always this: the site was asked so") if fixed_value(one) else ""


def fixed_value(wanted: Wanted) -> str:
    """A constant or a choice, unless it looks like a person's."""
    return wanted.value if mask_text(wanted.value, ()) == wanted.value else ""


def _read(proposal: Proposal, adapter: str) -> Iterator[str]:
    hints = [(key, value) for key, value in (("label", proposal.label), ("date", proposal.date)) if value]
    if adapter == "by_hand":  # a person shows a page, not the answer that a script got
        hints = [(key, value) for key, value in hints if not value.startswith("json:")]
    if hints:
        yield from ("", "[cases.read]")
        yield from (f"{key} = {quoted(value)}" for key, value in hints)


def _noted(line: str, note: str) -> str:
    return f"{line}  # {note}" if note else line
