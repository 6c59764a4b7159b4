"""The walk over the parsed tree: once, in document order, into flat records."""

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tracker.pages.elements import CONDITIONS, TELLING, UNUSUAL, WIDE, is_open, is_undecided, names_of
from tracker.pages.looks import HIDDEN, LINES, LOUD, NAMED, Attributes, by_look, by_name
from tracker.pages.parts import Text
from tracker.pages.source import END_MARK
from tracker.pages.tables import BREAK, fold
from tracker.pages.walked import KINDS, Frame, Kind, Walked, leave_anchor, leave_block

_PLAIN: Kind = (False, 0, None, None)
_new = tuple.__new__  # a named tuple made without its Python-written constructor takes half the time


class Walk(Walked):
    """One pass over a tree in document order; afterwards the lists hold the page."""

    def run(self, markup: str) -> None:  # noqa: C901, PLR0912, PLR0915 - a call for each of a page's elements takes a tenth of it
        """Parse and walk: one loop, run once for everything that stands on a page."""
        root = LexborHTMLParser(markup).root
        assert root is not None  # the parser makes one for any text
        node, tag = root, root.tag or ""
        pending, stack, cell_texts, parents, texts = self.pending, self.stack, self.cell_texts, self.parents, self.texts
        kinds = KINDS
        stack.append(("", "", -1, -1, -1, 0, None, {}, root))
        outer, parent, block, cell, flags = "", -1, -1, -1, 0  # what the element around has: the stack's last
        while True:
            kind = kinds.get(tag)
            if kind is None and tag == "-text":
                text = node.text_content or ""
                if pending or not text.isspace():
                    pending.append(text)
                elif cell >= 0:  # what stands between two tags is only white space, mostly
                    cell_texts[cell].append(" ")
            elif kind is not None or (kind := self._unusual(node, tag)) is not None:
                if pending:
                    self._flush()
                spot = len(parents)
                parents.append(parent)
                attrs = node.attributes
                names = ""
                own_flags = flags
                own_block = block
                own_cell = cell
                if attrs and not TELLING.isdisjoint(attrs):  # most links only lead somewhere
                    names, own_flags = self._told(tag, attrs, flags, spot)
                is_block, extra, enter, leave = kind
                if extra and not (extra & HIDDEN and "open" in attrs):
                    own_flags |= extra
                if is_block:
                    own_block = spot
                    if cell >= 0:
                        cell_texts[cell].append(BREAK)
                        leave = leave or leave_block
                elif outer == "dt":
                    tag = "dt"  # <dt><b>状态</b>: a caption all the same
                child = node.first_child
                if enter is not None:
                    inner = enter(self, (tag, names, spot, own_block, cell, own_flags, leave, attrs, node))
                    if inner is None:
                        child = leave = None
                    else:
                        own_cell = inner
                if child is not None:
                    within = child.tag or ""
                    if within != "-text" or child.next is not None:
                        stack.append((tag, names, spot, own_block, own_cell, own_flags, leave, attrs, node))
                        outer = tag
                        parent = spot
                        block = own_block
                        cell = own_cell
                        flags = own_flags
                        node = child
                        tag = within
                        continue
                    raw = child.text_content or ""  # the common leaf needs no step down and up
                    if own_cell >= 0 or own_flags & ~LOUD or len(raw) == 1:
                        self._text((tag, names, spot, own_block, own_cell, own_flags, leave, attrs, node), raw)
                    elif text := " ".join(raw.split()):
                        loud = own_flags & LOUD != 0
                        texts.append(_new(Text, (text, tag, names, spot, own_block, -1, spot + 1, loud, self.broken)))
                        parents.append(spot)
                        self.broken = False
                        if leave is leave_anchor:
                            leave = None
                            if href := attrs.get("href"):
                                self.anchors.append((href, text))
                if leave is not None:
                    leave(self, (tag, names, spot, own_block, own_cell, own_flags, leave, attrs, node))
            following = node.next
            if following is None:
                while following is None and len(stack) > 1:  # that was the last child of an element, which ends here
                    if pending:
                        self._flush()
                    frame = stack.pop()
                    if frame[6] is not None:
                        frame[6](self, frame)
                    following = frame[8].next
                if following is None:
                    return
                outer, _, parent, block, cell, flags, _, _, _ = stack[-1]
            node = following
            tag = node.tag or ""

    def _unusual(self, node: LexborNode, tag: str) -> Kind | None:
        """The kind of an element that nothing is known of; None for a break, or where it is no element."""
        if tag == "br":
            self.pending.append(BREAK)
            return None
        if tag in ("-comment", ""):
            self._aside(node)
            return None
        if is_undecided(tag):
            self._flush()
            self.undecided.add(len(self.parents))
        return _PLAIN

    def _told(self, tag: str, attrs: Attributes, flags: int, spot: int) -> tuple[str, int]:
        """(an element's names, its flags) by its attributes."""
        names = names_of(attrs) if "id" in attrs or "name" in attrs else attrs.get("class") or ""
        if names:
            known = self.known_names.get(names)
            if known is None:
                known = self._learn(names)
            if known:
                flags |= known & ~LOUD if tag in WIDE else known
        if not UNUSUAL.isdisjoint(attrs):
            flags = by_look(tag, attrs, flags)
            if not CONDITIONS.isdisjoint(attrs) and is_open(attrs, names):
                self.undecided.add(spot)
        return names, flags

    def _aside(self, node: LexborNode) -> None:
        """A comment; or <? … >, the code of a server that did not run it, or what a word processor left."""
        if node.comment_content == END_MARK:
            self._end_of_source()
        elif node.tag is None and not (node.html or "").startswith("<?xml"):
            self.undecided.add(self.stack[-1][2])

    def _learn(self, names: str) -> int:
        hidden = HIDDEN if not self.hidden_names.isdisjoint(names.split()) else 0
        self.known_names[names] = known = by_name(names) | hidden
        return known

    def _flush(self) -> None:
        """The text collected since the last tag becomes one run."""
        raw = "".join(self.pending)
        self.pending.clear()
        self._text(self.stack[-1], raw)

    def _text(self, frame: Frame, raw: str) -> None:
        tag, names, parent, block, cell, flags, _, _, _ = frame
        if flags & LINES:
            raw = raw.replace("\n", BREAK)
        elif len(raw) == 1 and ("\ue000" <= raw <= "\uf8ff" or raw >= "\U000f0000"):
            return  # the glyph of an icon font
        if cell >= 0 and not flags & HIDDEN:
            self.cell_texts[cell].append(raw)
        if BREAK in raw:
            text = fold(raw)
            fresh = self.broken or raw.lstrip().startswith(BREAK)
            self.broken = not text or raw.rstrip().endswith(BREAK)
            if not text:
                return
        else:
            text = " ".join(raw.split())
            if not text:
                return
            fresh, self.broken = self.broken, False
        spot = len(self.parents)
        self.parents.append(parent)
        run = _new(Text, (text, tag, names, parent, block, cell, spot, flags & LOUD != 0, fresh))
        if not flags & HIDDEN:
            self.texts.append(run)
            return
        self.hidden.append(run)
        if flags & NAMED:
            self.dormant.append((names, text))

    def _end_of_source(self) -> None:
        open_cells = frozenset(frame[4] for frame in self.stack if frame[4] >= 0)
        self.grids.end_of_source(open_cells)
        self.ended, self.in_cell = True, bool(open_cells)
        self.unclosed = frozenset(frame[2] for frame in self.stack)
