"""What an import would do: rows and trees to cases, each compared with what is there."""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from tracker.config.model import Case
from tracker.config.single import case_of
from tracker.core.errors import ConfigError
from tracker.core.words import N_
from tracker.pages.words import key
from tracker.registry import Metas, Registry
from tracker.roster import Cases
from tracker.sheets import Row, SheetError, is_xlsx, read_csv, read_xlsx
from tracker.trees import OF_CASE, Tree, tree_of, twins, word_tree

Tr = Callable[[str], str]
Kind = Literal["csv", "json", "xlsx"]
Became = Literal["added", "unchanged", "changed", "wrong"]

# The columns that are no captions of a reference, and what else they may be called.
NAMES: Mapping[str, tuple[str, ...]] = {
    "name": ("办件", "办件名称", "别名"),
    "source": ("来源",),
    "adapter": ("适配器",),
    "url": ("网址",),
    "receivers": ("receiver", "接收人"),
    "promised": ("承诺期限",),
}
# What `export` adds for people: known from the sites, not to be taken in.
KNOWN = ("label", "status", "turn", "since", "last_read_at", "problem")
_COLUMNS = {key(other): name for name, others in NAMES.items() for other in (name, *others)}
_LIST = re.compile(r"\s*[,;，；、]\s*")
_ROUNDED = re.compile(r"[0-9]{13,}000")


@dataclass(frozen=True, slots=True)
class Entry:
    """One case of the file: where it begins, and as a tree. `columns`: what the file could say of it; None: everything."""

    line: int
    tree: Tree = field(repr=False)
    wrong: tuple[str, ...] = ()
    columns: frozenset[str] | None = None

    @property
    def name(self) -> str:
        name = self.tree.get("name")
        return name if isinstance(name, str) else ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of one case. `why`: what is wrong with it, a line each."""

    line: int
    name: str
    became: Became
    why: tuple[str, ...] = ()
    tree: Tree = field(default_factory=dict, repr=False)
    case: Case | None = field(default=None, repr=False)


# --- the file --------------------------------------------------------------------------------------------------------


def kind_of(body: bytes) -> Kind:
    """What kind of file it is, by its first bytes."""
    if is_xlsx(body):
        return "xlsx"
    return "json" if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[") else "csv"


def entries(body: bytes, kind: Kind, usual: Mapping[str, str], tr: Tr) -> list[Entry]:
    """The cases of a file. `usual`: the adapter and the url of a row that names none; SheetError where it can't be read."""
    if kind == "json":
        return _of_json(body, usual, tr)

    def check(line: int, header: Sequence[str]) -> None:
        _require_columns(line, header, tr)

    return _of_rows(read_xlsx(body, tr, check) if kind == "xlsx" else read_csv(body, tr, check), usual, tr)


def _require_columns(line: int, header: Sequence[str], tr: Tr) -> None:
    """SheetError where the first row is no header of ours: a title, a first case, a file that is no table at all."""
    columns = [(_COLUMNS[key(name)], name) for name in header if key(name) in _COLUMNS]
    if "name" not in dict(columns):
        text = tr(N_("line {line}: no column is called “{name}” or “{other}”: the first row must name the columns"))
        raise SheetError(text.format(line=line, name="name", other=NAMES["name"][0]))
    for column in dict(columns):
        same = [name for meant, name in columns if meant == column]
        if len(same) > 1:
            raise SheetError(tr(N_("line {line}: two columns are called “{name}”")).format(line=line, name=", ".join(same)))


def _of_json(body: bytes, usual: Mapping[str, str], tr: Tr) -> list[Entry]:
    try:
        content = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise SheetError(tr(N_("this is no JSON: {why}")).format(why=str(error).partition(":")[0])) from error
    cases = content.get("cases", [content]) if isinstance(content, dict) else content
    if not isinstance(cases, list) or not all(isinstance(case, dict) for case in cases):
        text = tr(N_("this is no list of cases, needed: {example}"))
        raise SheetError(text.format(example='{"cases": [{"name": …, "adapter": …, "reference": {…}}]}'))
    return [Entry(n, case if "sources" in case else {**usual, **case}) for n, case in enumerate(cases, 1)]


def _of_rows(rows: Sequence[Row], usual: Mapping[str, str], tr: Tr) -> list[Entry]:
    """Rows of one name are the sources of one case."""
    sorted_rows = [_sorted(row, usual, tr) for row in rows]
    by_name: dict[str, list[Entry]] = {}
    for entry in sorted_rows:
        by_name.setdefault(entry.name or f"\n{entry.line}", []).append(entry)
    return [_merged(same, tr) for same in by_name.values()]


def _sorted(row: Row, usual: Mapping[str, str], tr: Tr) -> Entry:
    """One row as a case with one source, which is called by the column `source`."""
    tree: Tree = {}
    wrong, columns = list(row.wrong), set()
    for column, cell in row.cells.items():
        name = _COLUMNS.get(key(column), "")
        table, dot, rest = column.partition(".")
        columns.add(name or table)
        if name == "receivers":
            tree["receivers"] = [part for part in _LIST.split(cell) if part]
        elif name:
            tree[name] = cell
        elif table == "labels" and dot:
            tree.setdefault("labels", {})[rest] = word_tree(cell)
        elif table == "read" and dot:
            many = rest in {"identify", "details"}
            tree.setdefault("read", {})[rest] = [part for part in _LIST.split(cell) if part] if many else cell
        elif column not in KNOWN:
            caption = rest if table == "reference" and dot else column
            tree.setdefault("reference", {})[caption] = cell
    if not tree.get("name"):
        wrong.append(tr(N_("name: missing: every row needs a short name of its own")))
    return Entry(row.line, {**usual, **tree}, tuple(wrong), frozenset(columns))


def _merged(same: Sequence[Entry], tr: Tr) -> Entry:
    first = same[0]
    columns = first.columns or frozenset()
    sources = [_as_source(entry.tree) for entry in same]
    wrong = tuple(text for entry in same for text in entry.wrong)
    if len(same) == 1 and "name" not in sources[0]:
        return first
    names = [source.get("name") for source in sources]
    if len(set(names)) < len(names) or None in names:
        text = tr(N_("name: line {line} has the same: give each case a name of its own, or each row its source"))
        wrong += (text.format(line=same[-1].line),)
    case = {k: v for k, v in first.tree.items() if k in OF_CASE}
    return Entry(first.line, case | {"sources": sources}, wrong, columns)


def _as_source(tree: Tree) -> Tree:
    named = {"name": tree["source"]} if "source" in tree else {}
    return named | {k: v for k, v in tree.items() if k in {"adapter", "url", "reference", "read"}}


# --- what becomes of it ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Judge:
    """Compares what comes with what is there. `places`: where the config file has a case, by its name."""

    cases: Cases
    of_file: Mapping[str, str]
    registry: Registry
    tr: Tr
    update: bool = False

    def all(self, found: Iterable[Entry]) -> list[Verdict]:
        """One verdict for each case, in the file's order."""
        verdicts, seen = [], dict[str, int]()
        for entry in found:
            verdict = self._one(entry)
            if entry.name and entry.name in seen:
                text = self.tr(N_("name: line {line} has the same: give each case a name of its own, or each row its source"))
                verdict = replace(verdict, became="wrong", why=(*verdict.why, text.format(line=seen[entry.name])))
            seen.setdefault(entry.name, entry.line)
            verdicts.append(verdict)
        return verdicts

    def _one(self, entry: Entry) -> Verdict:
        there = next((case for case in self.cases.config.cases if case.name == entry.name), None)
        tree = self._over(entry, tree_of(there)) if there is not None else entry.tree
        wrong = [*entry.wrong, *_masked(tree, self.tr)]
        if there is not None and entry.columns is not None and "sources" not in entry.tree and "sources" in tree_of(there):
            wrong.append(self.tr(N_("source: missing: this case has several, or one with a name of its own")))
        try:
            case = case_of(tree, Metas(self.registry), [r.name for r in self.cases.config.receivers], self.tr)
        except ConfigError as error:
            said = {_key(text) for text in wrong}
            wrong += [text for text in error.mistakes if _key(text) not in said]
            return Verdict(entry.line, entry.name, "wrong", tuple(wrong))
        if wrong:
            return Verdict(entry.line, entry.name, "wrong", tuple(wrong))
        became, why = self._became(case, there)
        return Verdict(entry.line, case.name, became, why, tree, case)

    def _became(self, case: Case, there: Case | None) -> tuple[Became, tuple[str, ...]]:
        if case == there:
            return "unchanged", ()
        if case.name in self.of_file:
            text = self.tr(N_("name: it stands in the config file with something else: edit {place}"))
            return "wrong", (text.format(place=self.of_file[case.name]),)
        if there is None and not self.cases.is_of_store(case.name):
            return "added", ()
        if self.update:
            return "changed", ()
        return "wrong", (self.tr(N_("name: a case of this name is there with something else: --update changes it")),)

    def _over(self, entry: Entry, old: Tree) -> Tree:
        """What comes, with what is there already of what the file has no column for."""
        columns = entry.columns
        if columns is None:
            return entry.tree
        kept = {k: old[k] for k in OF_CASE[1:] if k in old and k not in columns}
        told = {*OF_CASE, "sources", "adapter", "url", "reference"} | ({"read"} if "read" in columns else set())

        def with_rest(source: Tree, before: Tree) -> Tree:
            return {k: v for k, v in before.items() if k not in told} | source

        if "sources" not in entry.tree:
            return kept | with_rest(entry.tree, old)
        olds = {s.get("name", s.get("adapter")): s for s in old.get("sources", [old])}
        sources = [with_rest(s, olds.get(s.get("name"), {})) for s in entry.tree["sources"]]
        return kept | entry.tree | {"sources": sources}


def _key(line: str) -> str:
    """The key in front of a mistake, in either language."""
    return re.split("[:：]", line, maxsplit=1)[0]


def _masked(tree: Tree, tr: Tr) -> list[str]:
    """A masked export can't be taken back: its values are gone."""
    text = tr(N_("{key}: the value is masked: export with --unmasked"))
    return [text.format(key=f"reference.{caption}") for caption, value in _values(tree) if "**" in value]


def _values(tree: Tree) -> list[tuple[str, str]]:
    sources: list[Any] = tree["sources"] if isinstance(tree.get("sources"), list) else [tree]
    tables = [source.get("reference") for source in sources if isinstance(source, dict)]
    return [(k, v) for table in tables if isinstance(table, dict) for k, v in table.items() if isinstance(v, str)]


def warnings(verdicts: Sequence[Verdict], cases: Cases, tr: Tr) -> list[str]:
    """What is allowed, and probably not meant."""
    told = []
    for verdict in verdicts:
        for caption, value in _values(verdict.tree):
            if _ROUNDED.fullmatch(value):
                text = tr(N_("line {line}: {case}: {caption} ends with 000: a spreadsheet may have cut it, please compare"))
                told.append(text.format(line=verdict.line, case=verdict.name, caption=caption))
    new = {v.name: v.case for v in verdicts if v.case is not None}
    old = [case for case in cases.config.cases if case.name not in new]
    for first, second in twins([*old, *new.values()]):
        if second in new or first in new:
            text = tr(N_("{first} and {second} are asked for by the same reference: is one of them too many?"))
            told.append(text.format(first=first, second=second))
    return told


# --- the other way ---------------------------------------------------------------------------------------------------


def table_of(trees: Sequence[Tree], known: Mapping[str, Mapping[str, str]]) -> tuple[list[str], list[list[str]]]:
    """(header, rows) of cases, a row for each source; `known`: what is known of each now, for people."""
    rows = [row for tree in trees for row in _rows_of(tree, known.get(str(tree["name"]), {}))]
    order = [*NAMES, *KNOWN]
    first = [name for name in NAMES if name in {"name", "adapter"} or any(name in row for row in rows)]
    captions = list(dict.fromkeys(column for row in rows for column in row if column not in order))
    captions.sort(key=lambda column: column.startswith(("labels.", "read.")))
    header = [*first, *captions, *(name for name in KNOWN if any(row.get(name) for row in rows))]
    return header, [[row.get(column, "") for column in header] for row in rows]


def _rows_of(tree: Tree, known: Mapping[str, str]) -> list[dict[str, str]]:
    case = {"name": tree["name"], "receivers": ", ".join(tree.get("receivers", ())), "promised": tree.get("promised", "")}
    for text, meaning in tree.get("labels", {}).items():
        case[f"labels.{text}"] = meaning if isinstance(meaning, str) else ",".join(meaning.values())
    rows = []
    for source in tree.get("sources", [tree]):
        row = {"adapter": source["adapter"], "url": source.get("url", "")}
        row |= {_column(caption): value for caption, value in source.get("reference", {}).items()}
        if "sources" in tree:
            row["source"] = source.get("name", source["adapter"])
        for hint, value in source.get("read", {}).items():
            row[f"read.{hint}"] = value if isinstance(value, str) else ", ".join(value)
        rows.append({column: cell for column, cell in {**case, **row}.items() if cell} | dict(known))
    return rows


def _column(caption: str) -> str:
    """A caption that is called like one of our own columns says what it is."""
    return f"reference.{caption}" if key(caption) in _COLUMNS or caption in KNOWN else caption
