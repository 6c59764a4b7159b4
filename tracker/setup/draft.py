"""An adapter of one's own as a file's text: from what a probe saw, or a skeleton."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from tracker.pages.proposed import Fetch, Proposal, Wanted

NO_ADDRESS = "https://www.example.org/query"
MARK, TOKEN_MARK = "$reference", "$token"

SKELETON = Proposal("form", NO_ADDRESS, (Wanted("受理编号"),))


@dataclass(frozen=True, slots=True)
class Draft:
    """What the file says. `title`: the page's own, "" where nobody knows it; `source`: where its facts come from.

    `template`: a JSON body in which `{"$reference": name}` stands where a value of the reference goes, `{"$token": name}` where
    a token does.
    """

    name: str
    proposal: Proposal
    title: str
    source: str
    template: object = None


def module_text(draft: Draft) -> str:
    """The module. It passes the contract test, and names what nobody has confirmed."""
    kind = draft.proposal.draft
    parts = {"form": _form(draft.proposal), "page": _PAGE, "by_hand": _BY_HAND}
    body, names = parts[kind] if kind in parts else _asked(draft)
    read, more = _read(draft, kind)
    names = {*names, *more, "Flow", "Meta", "Reading", "Reference", "Response"}
    if draft.proposal.wanted:
        names.add("Field")
    made = "a skeleton, to be filled in" if draft.proposal is SKELETON else "drafted from a probe, and confirmed by nobody yet"
    head = [f'"""{_plain(draft.title or draft.name)}: {made}."""', ""]
    if any("json.dumps" in line for line in body):
        head += ["import json", ""]
    if kind == "form" and _constants(draft.proposal):
        head += ["from dataclasses import replace", ""]
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
        yield f"    hosts=({', '.join(map(_text, _hosts(home, proposal.first, *(f.url for f in proposal.fetches))))},),"
    yield from _reference(proposal)
    if kind == "by_hand" and any(not w.is_constant for w in proposal.wanted):
        yield "    free_reference=True,"
    for word in proposal.words:
        yield f"    # Nobody knows this word yet: labels={{{_text(_plain(word))}: Status.…}} (and import Status)."
    yield "    verified_on=None,  # the day somebody ran it on the live site with a real case"
    yield f"    source={_text(draft.source)},"
    yield ")"


def _hosts(*urls: str) -> list[str]:
    return list(dict.fromkeys(h for url in urls if (h := (urlsplit(url).hostname or "").lower())))


def _reference(proposal: Proposal) -> Iterator[str]:
    asked = [w for w in proposal.wanted if not w.is_constant]
    if not asked:
        yield "    free_reference=True,"
        return
    if len(asked) == 1 and not asked[0].choices:
        yield f"    reference=({_field(asked[0])},),"
        return
    yield "    reference=("
    for one in asked:
        remark = f"  # one of: {', '.join(_plain(c) for c in one.choices[:6])}" if one.choices else ""
        yield f"        {_field(one)},{remark}"
    yield "    ),"


def _field(one: Wanted) -> str:
    return f"Field({_text(one.name)}{', required=False' if one.is_optional else ''})"


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


def _form(proposal: Proposal) -> tuple[list[str], set[str]]:
    """A form, with what its page's own script would put into it."""
    lines = ["def query(reference: Reference) -> Flow:", '    """Open the form, send the reference, read the answer."""']
    fixed = _constants(proposal)
    if fixed:
        values = "".join(f"{_text(n)}: {_text(v)}, " for n, v in fixed.items())
        lines.append(f"    asked = replace(reference, values={{{values}**reference.values}})")
    lines.append(f"    answer = yield from ask_by_form({'asked' if fixed else 'reference'})")
    return [*lines, *_INNER], {"ask_by_form", "inner_page", "PageChanged"}


def _constants(proposal: Proposal) -> dict[str, str]:
    return {w.name: w.value for w in proposal.wanted if w.is_constant}


def _asked(draft: Draft) -> tuple[list[str], set[str]]:
    """A request as the browser sent it."""
    proposal, names = draft.proposal, set[str]()
    lines = [
        "def query(reference: Reference) -> Flow:",
        '    """Ask as the site\'s own page does, and read the answer."""',
    ]
    if proposal.first and all(fetch.url != proposal.first for fetch in proposal.fetches):
        place = _from(proposal, proposal.first)
        lines += ["    # The page gives a cookie that the answer may want.", f"    yield from get({place})"]
        names |= {"get"} | ({"urljoin"} if "urljoin" in place else set())
    for line, name in _fetched(proposal):
        lines.append(line)
        names |= name
    for reason in proposal.reasons:
        if reason.code == "lost_token":
            lines.append(
                f"    # Wanted beside it, and held by an earlier answer: {_plain(reason.params['names'])}. Ask for that first."
            )
    call, used = _call(draft)
    return [*lines, *call, "    return read(answer, reference)"], names | used


def _call(draft: Draft) -> tuple[list[str], set[str]]:
    """The request itself, with what was fetched for it."""
    proposal = draft.proposal
    asked = [w.name for w in proposal.wanted if not w.is_constant]
    doors = [f"({_text(f.name)}, tokens[{_text(f.name)}])," for f in proposal.fetches if f.is_header]
    headers = f", headers=({' '.join(doors)})" if doors else ""
    said = [f.name for f in proposal.fetches if not f.is_header]
    pairs = "".join(f"({_text(name)}, tokens[{_text(name)}]), " for name in said)
    if any(reason.code == "in_path" for reason in proposal.reasons):
        value = f"reference.values[{_text(asked[0])}]" if asked else '""'
        more = f", ({pairs.rstrip()})" if said else ""
        return [f"    answer = yield from get(reference.url + {value}{more}{headers})"], {"get"}
    if isinstance(draft.template, Mapping):
        body = f"    body = {_code(draft.template, said)}"
        return [body, f"    answer = yield from post_json(reference.url, body{headers})"], {"post_json"}
    if draft.template is not None:
        dumped = "json=json.dumps(body, ensure_ascii=False)"
        sent = f'    answer = yield from send(Request("POST", reference.url, {dumped}{headers}))'
        return [f"    body = {_code(draft.template, said)}", sent], {"Request", "send"}
    if proposal.method == "GET":
        given = f"({pairs}*not_in_query(reference))" if said else "not_in_query(reference)"
        return [f"    answer = yield from get(reference.url, {given}{headers})"], {"get", "not_in_query"}
    call = "post_json" if proposal.body == "json" else "post"
    fixed = "".join(f"{_text(n)}: {_text(v)}, " for n, v in _constants(proposal).items())
    fixed += "".join(f"{_text(name)}: tokens[{_text(name)}], " for name in said)
    sent = "values" if call == "post_json" else "tuple(values.items())"
    values = f"    values = {{{fixed}**reference.values}}"
    return [values, f"    answer = yield from {call}(reference.url, {sent}{headers})"], {call}


def _from(proposal: Proposal, url: str) -> str:
    """Another address of the site, seen from the one that is asked: a case may say where that moved to."""
    place, home = urlsplit(url), urlsplit(proposal.url)
    if (place.scheme, place.netloc) != (home.scheme, home.netloc):
        return _text(url)
    return f"urljoin(reference.url, {_text((place.path or '/') + (f'?{place.query}' if place.query else ''))})"


def _fetched(proposal: Proposal) -> Iterator[tuple[str, set[str]]]:
    """The lines that fetch what the request wants beside the reference."""
    asked: Fetch | None = None
    for fetch in proposal.fetches:
        place = _from(proposal, fetch.url)
        if asked is None or replace(asked, name=fetch.name, place=fetch.place, is_header=fetch.is_header) != fetch:
            call = "get" if fetch.method == "GET" else "post_json" if fetch.body == "json" else "post"
            sent = {"get": "", "post_json": f", {_code(dict(fetch.sent))}", "post": f", {_pairs(fetch.sent)}"}[call]
            yield f"    given = yield from {call}({place}{sent})", {call} | ({"urljoin"} if "urljoin" in place else set())
        value = f"value_in(given, {_text(fetch.place)})"
        first = f"tokens = {{{_text(fetch.name)}: {value}}}"
        yield f"    {first if asked is None else f'tokens[{_text(fetch.name)}] = {value}'}", {"value_in"}
        asked = fetch


def _pairs(pairs: Sequence[tuple[str, str]]) -> str:
    return f"({''.join(f'({_text(n)}, {_text(v)}), ' for n, v in pairs).rstrip(' ')})"


def _code(tree: object, tokens: Collection[str] = ()) -> str:
    """A JSON tree as Python, with the reference's values and the fetched tokens in their places."""
    if isinstance(tree, Mapping):
        if set(tree) == {MARK}:
            return f"reference.values[{_text(str(tree[MARK]))}]"
        if set(tree) == {TOKEN_MARK}:
            name = str(tree[TOKEN_MARK])
            return f"tokens[{_text(name)}]" if name in tokens else '""'
        return "{" + ", ".join(f"{_text(str(name))}: {_code(value, tokens)}" for name, value in tree.items()) + "}"
    if isinstance(tree, Sequence) and not isinstance(tree, str):
        return "[" + ", ".join(_code(value, tokens) for value in tree) + "]"
    return _text(tree) if isinstance(tree, str) else repr(tree)
