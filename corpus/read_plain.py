"""Plain text: paragraphs, headings, lists and tables as people type them, with the text left as it is.

A line is a unit of its own unless it was plainly broken to fit a width. A hard-wrapped text is known by its greedy
line breaks: the next line's first word would not have fitted (Knuth and Plass, 1981, call this first-fit breaking).
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from corpus.content import Content, Span
from corpus.decode import decode_text
from corpus.marks import Mark, ends_sentence, find_mark, starts_lower
from corpus.records import Block, BlockKind
from corpus.tables import is_delimiter, row_span

_HEADING = re.compile(r"(#{1,6})[ \t]+(?=[^\s#])")
_RULE = re.compile(r"[-=_*~+.# \t]{3,}$")
_UNDERLINE = re.compile(r"(={3,}|-{3,})$")

_ADDRESS = re.compile(r"\S*(?:@|://|www\.)")

_MIN_WIDTH = 40
"""Columns: no one breaks prose narrower than this."""
_MAX_WIDTH = 100
"""Columns: lines longer than this were hardly broken by hand, unless the whole text shows it."""
_MIN_BREAKS = 4
"""Fewer line breaks tell nothing of how a text was broken."""
_GREEDY_SHARE = 0.8
"""Share of line breaks that must be greedy in a hard-wrapped text; the rest are ends of paragraphs."""
_FULL_SHARE = 0.8
"""A line counts as full from this share of the width on."""


def read_plain(data: bytes) -> Content:
    """The content of a `.txt` file. Raises `UnreadableDocument` where it is not text."""
    text = decode_text(data)
    return Content(text, tuple(plain_blocks(text)))


@dataclass(frozen=True, slots=True)
class _Line:
    """A line without the white space around it."""

    start: int
    end: int
    indent: int
    text: str

    @property
    def width(self) -> int:
        return self.indent + len(self.text)


def plain_blocks(text: str) -> list[Block]:
    """The blocks of `text`, whose line ends are LF."""
    lines = _lines(text)
    return _Parser(text, lines, _Wrapping.of(lines)).blocks()


def _lines(text: str) -> list[_Line]:
    lines: list[_Line] = []
    offset = 0
    for raw in text.split("\n"):
        stripped = raw.strip()
        lead = len(raw) - len(raw.lstrip())
        start = offset + lead if stripped else offset
        lines.append(_Line(start, start + len(stripped), len(raw[:lead].expandtabs(4)), stripped))
        offset += len(raw) + 1
    return lines


@dataclass(frozen=True, slots=True)
class _Wrapping:
    """How the lines of a text were broken."""

    width: int
    hard: bool
    """Whether the whole text was broken at `width`."""

    @classmethod
    def of(cls, lines: list[_Line]) -> "_Wrapping":
        breaks = [(a, b) for a, b in pairwise(lines) if a.text and b.text and not _is_structure(b)]
        if not breaks:
            return cls(0, False)
        widths = sorted(a.width for a, _ in breaks)
        width = widths[int(0.95 * (len(widths) - 1))]
        greedy = [a for a, b in breaks if _overflows(a, b, width)]
        hard = (
            len(breaks) >= _MIN_BREAKS
            and width >= _MIN_WIDTH
            and len(greedy) >= _GREEDY_SHARE * len(breaks)
            and sum(ends_sentence(a.text) for a in greedy) <= len(greedy) / 2
        )
        return cls(width, hard)

    def joins(self, before: _Line, line: _Line) -> bool:
        """Whether `line` continues `before`."""
        if _ADDRESS.match(line.text):
            return False
        runs_on = starts_lower(line.text) and not ends_sentence(before.text)
        overflows = _overflows(before, line, self.width)
        if self.hard:
            return overflows or (runs_on and before.width >= _FULL_SHARE * self.width)
        return runs_on and overflows and _MIN_WIDTH <= self.width <= _MAX_WIDTH


def _overflows(before: _Line, line: _Line, width: int) -> bool:
    """Whether the first word of `line` would not have fitted at the end of `before`."""
    return before.width + 1 + len(line.text.split(None, 1)[0]) > width


def _without_closing_hashes(heading: str) -> str:
    bare = heading.rstrip("#")
    return bare.rstrip() if bare.endswith((" ", "\t")) else heading


def _is_structure(line: _Line) -> bool:
    return bool(find_mark(line.text) or _HEADING.match(line.text) or _RULE.match(line.text))


@dataclass(slots=True)
class _List:
    """One level of the list that is open."""

    indent: int
    content: int
    """Column at which the last item's text starts."""
    lead: Span | None


class _Parser:
    """Reads lines into blocks, one after the other."""

    def __init__(self, text: str, lines: list[_Line], wrapping: _Wrapping) -> None:
        self._text = text
        self._lines = lines
        self._wrapping = wrapping
        self._blocks: list[Block] = []
        self._lists: list[_List] = []
        self._open: _Line | None = None
        """The last line of the block that may still go on."""
        self._number = 0
        """Of the last numbered item."""
        self._single = False
        """Whether the open block is a paragraph of one line."""

    def blocks(self) -> list[Block]:
        position = 0
        while position < len(self._lines):
            position = self._read(position)
        return self._blocks

    def _read(self, position: int) -> int:
        """Read the line at `position` and return where to go on."""
        line = self._lines[position]
        after = position + 1
        if not line.text:
            self._open = None
            return after
        if self._single and self._open and self._is_underline(line):
            last = self._blocks.pop()
            self._blocks.append(Block(BlockKind.HEADING, last.start, last.end, 1 if line.text[0] == "=" else 2))
            self._open = None
            return after
        if "|" in line.text and after < len(self._lines) and is_delimiter(self._lines[after].text):
            return self._table(position)
        heading = _HEADING.match(line.text)
        if heading:
            end = line.start + len(_without_closing_hashes(line.text))
            self._add(BlockKind.HEADING, line.start + heading.end(), end, level=len(heading[1]))
            return after
        if _RULE.match(line.text):
            self._open = None
            return after
        mark = find_mark(line.text)
        if mark and self._starts_item(mark):
            self._item(line, mark)
        else:
            self._paragraph(line)
        return after

    def _is_underline(self, line: _Line) -> bool:
        title = self._open
        return title is not None and bool(_UNDERLINE.match(line.text)) and len(line.text) >= 0.6 * len(title.text)

    def _add(self, kind: BlockKind, start: int, end: int, *, level: int = 0) -> None:
        """A block that nothing continues and that ends every list."""
        self._blocks.append(Block(kind, start, end, level))
        self._lists.clear()
        self._open = None

    def _starts_item(self, mark: Mark) -> bool:
        """A number in the middle of a paragraph is an item only where the count goes on: “31. January” is none."""
        if mark.number is None or self._open is None or mark.number == 1:
            return True
        return mark.number == self._number + 1

    def _item(self, line: _Line, mark: Mark) -> None:
        while len(self._lists) > 1 and line.indent < self._lists[-1].indent:
            self._lists.pop()
        if not self._lists or line.indent > self._lists[-1].indent + 1:
            last = self._blocks[-1] if self._blocks else None
            introduces = last is not None and (last.kind is BlockKind.PARAGRAPH or bool(self._lists))
            lead = (last.start, last.end) if last and introduces else None
            self._lists.append(_List(line.indent, 0, lead))
        level = self._lists[-1]
        level.content = line.indent + mark.length
        self._number = mark.number or self._number
        start = line.start + mark.length
        self._blocks.append(Block(BlockKind.LIST_ITEM, start, line.end, len(self._lists), level.lead))
        self._open, self._single = line, False

    def _paragraph(self, line: _Line) -> None:
        item = self._lists[-1] if self._lists else None
        if self._open and self._joins(self._open, line, item):
            last = self._blocks.pop()
            self._blocks.append(Block(last.kind, last.start, line.end, last.level, last.lead))
            self._open, self._single = line, False
            return
        if item and line.indent > item.indent and (self._open or line.indent >= min(item.content, item.indent + 2)):
            self._blocks.append(Block(BlockKind.LIST_ITEM, line.start, line.end, len(self._lists), item.lead))
            self._open, self._single = line, False
            return
        self._add(BlockKind.PARAGRAPH, line.start, line.end)
        self._open, self._single = line, True

    def _joins(self, before: _Line, line: _Line, item: _List | None) -> bool:
        if item:
            hanging = line.indent > item.indent and line.indent >= item.content - 1
            return hanging or self._wrapping.joins(before, line)
        if self._wrapping.hard and line.indent > before.indent + 1:
            return False
        return self._wrapping.joins(before, line)

    def _table(self, position: int) -> int:
        header = self._span(position)
        lead = None
        if header:
            self._add(BlockKind.TABLE_HEADER, *header)
            lead = header
        position += 2
        while position < len(self._lines) and "|" in self._lines[position].text:
            span = self._span(position)
            if span:
                self._blocks.append(Block(BlockKind.TABLE_ROW, *span, 0, lead))
            position += 1
        self._lists.clear()
        self._open = None
        return position

    def _span(self, position: int) -> Span | None:
        line = self._lines[position]
        return row_span(self._text, line.start, line.end)
