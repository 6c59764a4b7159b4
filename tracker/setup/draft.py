"""An adapter of one's own as a file's text: from what a probe saw, or a skeleton."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from tracker.pages.proposed import Given, Proposal, Wanted

NO_ADDRESS = "https://www.example.org/query"
MARK, GIVEN = "$reference", "$given"

SKELETON = Proposal("form", NO_ADDRESS, (Wanted("受理编号"),))


@dataclass(frozen=True, slots=True)
class Draft:
    """What the file says. `title`: the page's own, "" where nobody knows it; `source`: where its facts come from.

    `template`: a JSON body in which `{"$reference": name}` stands where a value of the reference goes, and
    `{"$given": name}` where one goes that an earlier answer gives.
    """

    name: str
    proposal: Proposal
    title: str
    source: str
    template: object = None


def module_text(draft: Draft) -> str:
    """The module. It passes the contract test, and names what nobody has confirmed."""
    kind = draft.proposal.draft
    parts = {"form": _FORM, "page": _PAGE, "by_hand": _BY_HAND}
    body, names = parts[kind] if kind in parts else _asked(draft)
    read, more = _read(draft, kind)
    names = {*names, *more, "Flow", "Meta", "Reading", "Reference", "Response"}
    if draft.proposal.wanted:
        names.add("Field")
    made = "a skeleton, to be filled in" if draft.proposal is SKELETON else "drafted from a probe, and confirmed by nobody yet"
    head = [f'"""{_plain(draft.title or draft.name)}: {made}."""', ""]
    if "json.dumps" in "".join(body):
        head += ["import json", ""]
    imports = ["from tracker.pages.adapter import (", *(f"    {name}," for name in sorted(names, key=_order)), ")", ""]
    return "\n".join([*head, *imports, *_meta(draft, kind), "", "", *body, "", "", *read]) + "\n"


def _order(name: str) -> tuple[bool, str]:
    return not name[0].isupper(), name


def _plain(text: str) -> str:
    """Words for a docstring or a comment: nothing in them ends it."""
    return " ".join(text.replace("\\", " ").replace('"', "'").split())[:60]


def _text(text: str) -> str:
    """A Python string as we write them."""
    return json.dumps(text, ensure_ascii=False)


def _meta(draft: Draft, kind: str) -> Iterator[str]:
    proposal = draft.proposal
    home = (proposal.look if kind == "by_hand" else "") or proposal.url or NO_ADDRESS
    title = _plain(draft.title) or urlsplit(home).hostname or draft.name
    yield "META = Meta("
    yield f"    id={_text(draft.name)},"
    yield f'    title={{"zh-CN": {_text(title)}, "en": {_text(title)}}},'
    if kind == "by_hand":
        yield "    by_hand=True,"
        yield f"    home={_text(home)},"
    else:
        yield f"    home={_text(home)},"
        yield f"    hosts=({', '.join(map(_text, _hosts(home, proposal.first)))},),"
    yield from _reference(proposal)
    if kind == "by_hand" and any(not w.value for w in proposal.wanted):
        yield "    free_reference=True,"
    for word in proposal.words:
        yield f"    # Nobody knows this word yet: labels={{{_text(_plain(word))}: Status.…}} (and import Status)."
    yield "    verified_on=None,  # the day somebody ran it on the live site with a real case"
    yield f"    source={_text(draft.source)},"
    yield ")"


def _hosts(*urls: str) -> list[str]:
    return list(dict.fromkeys(h for url in urls if (h := (urlsplit(url).hostname or "").lower())))


def _reference(proposal: Proposal) -> Iterator[str]:
    asked = [w for w in proposal.wanted if not w.value]
    if not asked:
        yield "    free_reference=True,"
        return
    yield "    reference=("
    for one in asked:
        remark = f"  # one of: {', '.join(_plain(c) for c in one.choices[:6])}" if one.choices else ""
        yield f"        Field({_text(one.name)}),{remark}"
    yield "    ),"


def _read(draft: Draft, kind: str) -> tuple[list[str], set[str]]:
    reader = "read_json" if kind == "json" else "read_page"
    told = (("label", draft.proposal.label), ("date", draft.proposal.date))
    # A person shows a page, not the answer that a script got.
    hints = [f"{key}={_text(text)}" for key, text in told if text and (kind == "json" or not text.startswith("json:"))]
    names = {reader} | ({"hinted"} if hints else set())
    given = f"hinted(reference, {', '.join(hints)})" if hints else "reference"
    lines = [
        "def read(page: Response, reference: Reference) -> Reading:",
        '    """What the answer says."""',
        f"    return {reader}(page, {given})",
    ]
    return lines, names


_INNER = [
    "    try:",
    "        return read(answer, reference)",
    "    except PageChanged:  # the result may stand in a frame, or behind a refresh",
    "        inner = yield from inner_page(answer)",
    "        if inner is None:",
    "            raise",
    "    return read(inner, reference)",
]
_FORM = (
    [
        "def query(reference: Reference) -> Flow:",
        '    """Open the form, send the reference, read the answer."""',
        "    answer = yield from ask_by_form(reference)",
        *_INNER,
    ],
    {"ask_by_form", "inner_page", "PageChanged"},
)
_PAGE = (
    [
        "def query(reference: Reference) -> Flow:",
        '    """Open the page and read it."""',
        "    answer = yield from get(reference.url)",
        *_INNER,
    ],
    {"get", "inner_page", "PageChanged"},
)
_BY_HAND = (
    [
        "def query(reference: Reference) -> Flow:",
        '    """Ask the person to look, and read the page that they show."""',
        "    return read((yield from look(reference.url)), reference)",
    ],
    {"look"},
)


def _asked(draft: Draft) -> tuple[list[str], set[str]]:
    """A request as the browser sent it."""
    proposal, names = draft.proposal, set[str]()
    lines = [
        "def query(reference: Reference) -> Flow:",
        '    """Ask as the site\'s own page does, and read the answer."""',
    ]
    if proposal.first:
        place = urlsplit(proposal.first)
        lines += [
            "    # The page gives a cookie that the answer may want.",
            f"    yield from get(urljoin(reference.url, {_text(place.path or '/')}))",
        ]
        names |= {"get", "urljoin"}
    tokens = _tokens(proposal.given)
    for reason in proposal.reasons:
        if reason.code == "fresh_token":
            there = {g.name for g in proposal.given}
            missing = ", ".join(n for n in reason.params["names"].split(", ") if n not in there)
            if missing:
                lines.append(f"    # Wanted beside it, and given by an earlier answer: {_plain(missing)}. Ask for that first.")
    for (url, path), variable in tokens.items():
        place = urlsplit(url)
        address = f"urljoin(reference.url, {_text(urlunsplit(('', '', place.path, place.query, '')))})"
        lines.append(f"    {variable} = value_at((yield from get({address})), {_text(path)})")
        names |= {"get", "urljoin", "value_at"}
    said = {g.name: tokens[g.url, g.path] for g in proposal.given if g.where != "header"}
    headers = "".join(f"({_text(g.name)}, {tokens[g.url, g.path]})," for g in proposal.given if g.where == "header")
    call, used = _call(draft, said, f", headers=({headers})" if headers else "")
    return [*lines, *call, "    return read(answer, reference)"], names | used


def _tokens(given: Sequence[Given]) -> dict[tuple[str, str], str]:
    """The name of a variable for each value that is fetched first."""
    places = dict.fromkeys((g.url, g.path) for g in given)
    return {place: "token" if not number else f"token{number + 1}" for number, place in enumerate(places)}


def _call(draft: Draft, said: Mapping[str, str], headers: str) -> tuple[list[str], set[str]]:
    """The request itself. `said`: the variables of what was fetched, by the names under which they are sent."""
    proposal = draft.proposal
    asked = [w.name for w in proposal.wanted if not w.value]
    fixed = "".join(f"{_text(w.name)}: {_text(w.value)}, " for w in proposal.wanted if w.value)
    if any(reason.code == "in_path" for reason in proposal.reasons):
        value = f"reference.values[{_text(asked[0])}]" if asked else '""'
        return [f"    answer = yield from get(reference.url + {value}{headers})"], {"get"}
    if isinstance(draft.template, Mapping):
        body = f"    body = {_code(draft.template, said)}"
        return [body, f"    answer = yield from post_json(reference.url, body{headers})"], {"post_json"}
    if draft.template is not None:
        dumped = "json=json.dumps(body, ensure_ascii=False)"
        sent = f'    answer = yield from send(Request("POST", reference.url, {dumped}{headers}))'
        return [f"    body = {_code(draft.template, said)}", sent], {"Request", "send"}
    if proposal.method == "GET":
        pairs = "".join(f", ({_text(name)}, {variable})" for name, variable in said.items())
        query = f"(*not_in_query(reference){pairs})" if pairs else "not_in_query(reference)"
        return [f"    answer = yield from get(reference.url, {query}{headers})"], {"get", "not_in_query"}
    call = "post_json" if proposal.body == "json" else "post"
    fixed += "".join(f"{_text(name)}: {variable}, " for name, variable in said.items())
    sent = "values" if call == "post_json" else "tuple(values.items())"
    lines = [f"    values = {{{fixed}**reference.values}}", f"    answer = yield from {call}(reference.url, {sent}{headers})"]
    return lines, {call}


def _code(tree: object, said: Mapping[str, str]) -> str:
    """A JSON tree as Python, with the reference's values and what was fetched in their places."""
    if isinstance(tree, Mapping):
        if set(tree) == {MARK}:
            return f"reference.values[{_text(str(tree[MARK]))}]"
        if set(tree) == {GIVEN}:  # what only a page gives is left to a person
            return said.get(str(tree[GIVEN]), '""')
        return "{" + ", ".join(f"{_text(str(name))}: {_code(value, said)}" for name, value in tree.items()) + "}"
    if isinstance(tree, Sequence) and not isinstance(tree, str):
        return "[" + ", ".join(_code(value, said) for value in tree) + "]"
    return _text(tree) if isinstance(tree, str) else repr(tree)
