"""What a format's reader hands over, and how it is built up with exact offsets."""

import json
from dataclasses import dataclass
from itertools import pairwise

from corpus.errors import UnreadableDocument
from corpus.limits import Limits
from corpus.records import Block, BlockKind, Page, Section

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Content:
    """A document's text and structure, before its metadata is known."""

    text: str
    blocks: tuple[Block, ...]
    pages: tuple[Page, ...] = ()
    title: str | None = None
    """A title that the file states beside its text (HTML's `<title>`)."""
    note: str | None = None
    """What of the file could not be read, in words for people."""

    def check(self, limits: Limits) -> None:
        """Raise `UnreadableDocument` if nothing is there to cite or there is too much.

        Raises `ValueError` if the spans are not those of `text` in order: a fault of the reader.
        """
        if len(self.text) > limits.text_characters:
            raise UnreadableDocument(
                f"holds {len(self.text):,} characters and at most {limits.text_characters:,} are read: split it"
            )
        if len(self.blocks) > limits.blocks:
            raise UnreadableDocument(
                f"holds {len(self.blocks):,} paragraphs and at most {limits.blocks:,} are read: split it"
            )
        if not self.blocks:
            raise UnreadableDocument("has no text: put text into it or remove it")
        for before, after in pairwise(self.blocks):
            if after.start < before.end:
                raise ValueError(f"blocks overlap at {after.start}")
        for block in self.blocks:
            if not 0 <= block.start < block.end <= len(self.text):
                raise ValueError(f"a block spans {block.start}:{block.end} of {len(self.text)} characters")
        for page in self.pages:
            if not 0 <= page.start <= page.end <= len(self.text):
                raise ValueError(f"page {page.number} spans {page.start}:{page.end}")

    def sections(self) -> tuple[Section, ...]:
        """Each heading with everything under it, in the order of the text."""
        headings = [b for b in self.blocks if b.kind is BlockKind.HEADING]
        sections: list[Section] = []
        above: list[tuple[int, str]] = []
        ends = self._section_ends(headings)
        for block, end in zip(headings, ends, strict=True):
            heading = " ".join(self.text[block.start : block.end].split())
            while above and above[-1][0] >= block.level:
                above.pop()
            above.append((block.level, heading))
            path = " › ".join(name for _, name in above)
            sections.append(Section(heading, path, self._line_start(block.start), end, block.level))
        return tuple(sections)

    def _section_ends(self, headings: list[Block]) -> list[int]:
        """Where the section of each heading ends, in one pass from the back."""
        ends: list[int] = []
        following: list[Block] = []
        for block in reversed(headings):
            while following and following[-1].level > block.level:
                following.pop()
            ends.append(self._line_start(following[-1].start) if following else len(self.text))
            following.append(block)
        return ends[::-1]

    def _line_start(self, offset: int) -> int:
        return self.text.rfind("\n", 0, offset) + 1

    def default_title(self) -> str | None:
        """The title the file states, else its first level-1 heading, else its first heading."""
        if self.title:
            return self.title
        headings = [b for b in self.blocks if b.kind is BlockKind.HEADING]
        best = next((b for b in headings if b.level == 1), headings[0] if headings else None)
        return " ".join(self.text[best.start : best.end].split()) if best else None

    def to_json(self) -> str:
        """For the pipe from the child process."""
        return json.dumps(
            {
                "text": self.text,
                "blocks": [[b.kind.value, b.start, b.end, b.level, b.lead] for b in self.blocks],
                "pages": [[p.number, p.start, p.end] for p in self.pages],
                "title": self.title,
                "note": self.note,
            },
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, data: bytes) -> "Content":
        """The content that `to_json` wrote."""
        raw = json.loads(data)
        blocks = tuple(
            Block(BlockKind(kind), start, end, level, (lead[0], lead[1]) if lead else None)
            for kind, start, end, level, lead in raw["blocks"]
        )
        pages = tuple(Page(number, start, end) for number, start, end in raw["pages"])
        return cls(raw["text"], blocks, pages, raw["title"], raw["note"])


class ContentBuilder:
    """Puts a text together block by block, for formats whose text is made by reading them.

    Blocks are separated by a blank line; items of one list and rows of one table by a line end.
    """

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._parts: list[str] = []
        self._length = 0
        self._last_kind: BlockKind | None = None

    @property
    def length(self) -> int:
        """Length of the text so far."""
        return self._length

    def add(self, kind: BlockKind, text: str, *, level: int = 0, lead: Span | None = None, mark: str = "") -> Span:
        """Append a block and return its span. `mark` (a bullet, a number) stands before it and is not part of it."""
        self._separate(kind)
        self._append(mark)
        start = self._length
        self._append(text)
        span = (start, self._length)
        self.blocks.append(Block(kind, *span, level, lead))
        return span

    def add_parsed(self, text: str, blocks: list[Block]) -> Span | None:
        """Append `text` whose `blocks` are known; returns the span of the last one if that is a paragraph."""
        self._separate(BlockKind.PARAGRAPH)
        shift = self._length
        self._append(text)
        for block in blocks:
            lead = (block.lead[0] + shift, block.lead[1] + shift) if block.lead else None
            self.blocks.append(Block(block.kind, block.start + shift, block.end + shift, block.level, lead))
        last = self.blocks[-1] if blocks else None
        return (last.start, last.end) if last and last.kind is BlockKind.PARAGRAPH else None

    def add_unstructured(self, text: str) -> int:
        """Append a line that is part of the text and not worth citing, as of a table of contents; returns its start."""
        self._separate(BlockKind.TABLE_ROW)
        start = self._length
        self._append(text)
        return start

    def extend(self, text: str, separator: str) -> Span:
        """Continue the last block, after `separator`; returns the span of what was added."""
        last = self.blocks.pop()
        self._append(separator)
        start = self._length
        self._append(text)
        self.blocks.append(Block(last.kind, last.start, self._length, last.level, last.lead))
        return (start, self._length)

    def last_span(self) -> Span | None:
        """The span of the last block."""
        return (self.blocks[-1].start, self.blocks[-1].end) if self.blocks else None

    def text(self) -> str:
        """The whole text."""
        return "".join(self._parts)

    def _separate(self, kind: BlockKind) -> None:
        rows = {BlockKind.TABLE_ROW, BlockKind.TABLE_HEADER}
        same = kind is self._last_kind is BlockKind.LIST_ITEM or (kind in rows and self._last_kind in rows)
        if self._parts:
            self._append("\n" if same else "\n\n")
        self._last_kind = kind

    def _append(self, text: str) -> None:
        if text:
            self._parts.append(text)
            self._length += len(text)
