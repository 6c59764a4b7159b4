"""The index of key -> line, against texts whose lines we know because we wrote them."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.config.lines import KeyPath, index


@dataclass
class Writer:
    """Writes TOML and remembers on which line each key went."""

    text: str = ""
    lines: dict[KeyPath, int] = field(default_factory=dict)

    def note(self, path: KeyPath) -> None:
        self.lines.setdefault(path, self.text.count("\n") + 1)


PLAIN = st.characters(exclude_categories=["Cs"])
KEYS = st.one_of(
    st.sampled_from(["a", "every", "受理编号", "a.b", "x y", "[t]", "#no", '"', "'", "", "=", "日\n期", "1-_"]),
    st.text(PLAIN, max_size=4),
)
TEXTS = st.one_of(
    st.sampled_from(['"""', "'''", "\\", '\\"', "[[x]]", "# no", "k = 1", "]", "}", "\n\n", '""', "''"]),
    st.text(PLAIN, max_size=8),
)
SCALARS = st.sampled_from(["1", "-2.5e3", "true", "1979-05-27 07:32:00", "07:32:00", "0xdead_beef", "nan", "1979-05-27"])
GAPS = st.sampled_from(["", " ", "\n", "# ] } ' \" '''\n", " \t", '\n# """\n\n'])
BARE = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"


def basic(text: str) -> str:
    """A text as a basic string, with everything escaped that may need it."""
    return '"' + "".join(c if c.isalnum() and ord(c) < 0x3000 else f"\\U{ord(c):08x}" for c in text) + '"'


@st.composite
def keys(draw: st.DrawFn) -> tuple[str, str]:
    """(a key, the same as written)."""
    key = draw(KEYS)
    written = [basic(key)]
    if key and set(key) <= set(BARE):
        written.append(key)
    if "'" not in key and key.isprintable():
        written.append(f"'{key}'")
    return key, draw(st.sampled_from(written))


@st.composite
def strings(draw: st.DrawFn) -> str:
    """Any of the four kinds of strings, the long ones with line ends and quotes inside."""
    text = draw(TEXTS)
    kind = draw(st.sampled_from(["basic", "literal", "long", "long literal"]))
    clean = "".join(c for c in text if c == "\n" or c.isprintable())
    if kind == "literal":
        return "'" + clean.replace("\n", "").replace("'", "") + "'"
    if kind == "long":
        quotes = draw(st.sampled_from(["", '"', '""']))
        return '"""' + clean.rstrip('"').replace("\\", "\\\\").replace('"""', '""\\"') + quotes + '"""'
    if kind == "long literal":
        quotes = draw(st.sampled_from(["", "'", "''"]))
        return "'''" + re.sub("'{3,}", "''", clean.rstrip("'")) + quotes + "'''"
    return basic(text)


def write_value(draw: st.DrawFn, out: Writer, path: KeyPath, depth: int, *, one_line: bool) -> None:
    kind = draw(st.sampled_from(["scalar", "string", "string", "list", "table"] if depth else ["scalar", "string"]))
    if kind == "scalar":
        out.text += draw(SCALARS)
    elif kind == "string":
        out.text += basic(draw(st.just("x"))) if one_line else draw(strings())
    elif kind == "list":
        out.text += "["
        for number in range(draw(st.integers(0, 3))):
            out.text += "" if one_line else draw(GAPS)
            out.note((*path, number))
            write_value(draw, out, (*path, number), depth - 1, one_line=one_line)
            out.text += ("" if one_line else draw(GAPS)) + ","
        out.text += ("" if one_line else draw(GAPS)) + "]"
    else:
        out.text += "{ "
        for number, (key, written) in enumerate(draw(st.lists(keys(), max_size=3, unique_by=lambda k: k[0]))):
            out.text += ", " if number else ""
            out.note((*path, key))
            out.text += f"{written} = "
            write_value(draw, out, (*path, key), depth - 1, one_line=True)
        out.text += " }"


def write_pairs(draw: st.DrawFn, out: Writer, path: KeyPath, taken: set[str]) -> None:
    for key, written in draw(st.lists(keys(), max_size=4, unique_by=lambda k: k[0])):
        if key in taken:
            continue
        taken.add(key)
        out.text += draw(GAPS)
        here = (*path, key)
        out.note(here)
        out.text += written
        for dotted, as_written in draw(st.lists(keys(), max_size=2)):
            here = (*here, dotted)
            out.note(here)
            out.text += f" . {as_written}"
        out.text += " =\t"
        write_value(draw, out, here, 2, one_line=False)
        out.text += draw(st.sampled_from(["\n", " # [x]\n", '  # """\n']))


@st.composite
def documents(draw: st.DrawFn) -> Writer:
    """A TOML text with pairs at the top, tables, lists of tables, and tables inside those."""
    out, taken = Writer(), set[str]()
    write_pairs(draw, out, (), taken)
    for key, written in draw(st.lists(keys(), max_size=4, unique_by=lambda k: k[0])):
        if key in taken:
            continue
        out.text += draw(GAPS)
        if draw(st.booleans()):
            out.note((key,))
            out.text += f"[ {written} ] # ]\n"
            write_pairs(draw, out, (key,), set())
            continue
        for number in range(draw(st.integers(1, 3))):
            out.note((key,))
            out.note((key, number))
            out.text += f"[[{written}]]\n"
            inside = set[str]()
            write_pairs(draw, out, (key, number), inside)
            if "sub" not in inside:
                out.note((key, number, "sub"))
                out.text += f"[{written}.sub]\n"
                write_pairs(draw, out, (key, number, "sub"), set())
    return out


def paths(node: object, path: KeyPath = ()) -> Iterator[KeyPath]:
    """Every path of a parsed text."""
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        yield (*path, key)
        yield from paths(child, (*path, key))


@settings(deadline=None, max_examples=60)
@given(documents())
def test_every_key_is_found_on_the_line_where_it_was_written(document: Writer) -> None:
    parsed = tomllib.loads(document.text)
    found = index(document.text)
    assert found == document.lines
    assert set(found) == set(paths(parsed))


@settings(deadline=None, max_examples=20)
@given(documents())
def test_line_ends_of_windows_count_as_one(document: Writer) -> None:
    assert index(document.text.replace("\n", "\r\n")) == document.lines


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        ('a = """\n[b]\nc = 1\n"""\nd = 1', ("d",), 5),
        ("a = '''\n''''\nd = 1", ("d",), 3),
        ('a = """x\\"""\n""""\nd = 1', ("d",), 3),
        ('"受理编号" = "1"\n[x."a.b".c]\nd.e = 1', ("x", "a.b", "c", "d", "e"), 3),
        ('"\\u53d7\\u7406" = 1', ("受理",), 1),
        ("[[cases]]\n[[cases]]\n[cases.reference]\na = 1", ("cases", 1, "reference", "a"), 4),
        ("[[a]]\n[[a.b]]\n[[a.b]]\nc = 1", ("a", 0, "b", 1, "c"), 4),
        ("a = [\n 1, # ]\n [ 2,\n3 ],\n]", ("a", 1, 1), 4),
        ("a = [ {b = [1]}, {\tb = {c = 1}}]", ("a", 1, "b", "c"), 1),
        ("[a.b]\n[a]\nc = 1", ("a",), 2),
    ],
)
def test_keys_after_a_trap_have_their_line(text: str, path: KeyPath, line: int) -> None:
    tomllib.loads(text)
    assert index(text)[path] == line


def test_the_example_has_all_its_keys_in_the_index() -> None:
    text = (Path(__file__).parents[2] / "config.example.toml").read_text("utf-8")
    assert set(index(text)) == set(paths(tomllib.loads(text)))


def test_the_time_grows_with_the_text_and_not_faster() -> None:
    def seconds(times: int) -> float:
        text = '[[cases]]\nname = "me"\n[cases.reference]\n"受理编号" = """\n1\n"""\n' * times
        begin = process_time()
        index(text)
        return process_time() - begin

    assert min(seconds(1600) for _ in range(3)) < 40 * min(seconds(100) for _ in range(3))  # 16 times the text
