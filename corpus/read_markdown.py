"""Markdown (CommonMark with tables): the text stays as it is, its structure gives the blocks."""

import re

from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.content import Content, Span
from corpus.decode import decode_text
from corpus.errors import UnreadableDocument
from corpus.records import Block, BlockKind
from corpus.tables import row_span

_MAX_NESTING = 100
_QUOTE_MARKS = re.compile(r"[>\s]*")


def read_markdown(data: bytes) -> Content:
    """The content of a `.md` file. Front matter is not special: a document's text is its own.

    Raises `UnreadableDocument` where it is not text, or nested beyond any sense.
    """
    text = decode_text(data)
    parser = MarkdownIt("commonmark", {"maxNesting": _MAX_NESTING}).enable("table")
    parser.core.ruler.enableOnly(["normalize", "block"])
    tokens = parser.parse(text)
    if any(token.level >= _MAX_NESTING - 1 for token in tokens):
        raise UnreadableDocument(f"nests lists or quotes more than {_MAX_NESTING} deep: flatten it")
    return Content(text, tuple(_Blocks(text).read(tokens)))


class _Blocks:
    """Turns block tokens, which know their lines, into spans."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0]
        for line in text.split("\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._blocks: list[Block] = []
        self._leads: list[Span | None] = []
        """For each list that is open, the span that introduces it."""
        self._quotes = 0
        self._in_head = False
        self._header: Span | None = None

    def read(self, tokens: list[Token]) -> list[Block]:
        """The blocks of `tokens` in order."""
        for position, token in enumerate(tokens):
            before = tokens[position - 1] if position else None
            match token.type:
                case "bullet_list_open" | "ordered_list_open":
                    introduced = before is not None and before.type == "paragraph_close"
                    self._leads.append(self._last_span() if introduced else None)
                case "bullet_list_close" | "ordered_list_close":
                    self._leads.pop()
                case "blockquote_open" | "blockquote_close":
                    self._quotes += token.nesting
                case "table_open":
                    self._header = None
                case "thead_open" | "thead_close":
                    self._in_head = token.nesting == 1
                case "tr_open":
                    self._row(token)
                case "inline" if before is not None and before.type == "heading_open":
                    self._heading(token, int(before.tag[1]))
                case "inline" if before is not None and before.type == "paragraph_open":
                    self._passage(self._inline_span(token))
                case "fence" if token.map and token.content:
                    first = token.map[0] + 1
                    self._passage(self._lines_span(first, first + token.content.count("\n")))
                case "code_block" if token.map:
                    self._passage(self._lines_span(*token.map))
                case "html_block" if token.map and not token.content.lstrip().startswith("<!--"):
                    self._passage(self._lines_span(*token.map))
                case _:
                    pass
        return self._blocks

    def _last_span(self) -> Span | None:
        return (self._blocks[-1].start, self._blocks[-1].end) if self._blocks else None

    def _heading(self, token: Token, level: int) -> None:
        span = self._inline_span(token)
        if not span:
            return
        if self._leads or self._quotes:
            self._passage(span)
        else:
            self._blocks.append(Block(BlockKind.HEADING, *span, level))

    def _passage(self, span: Span | None) -> None:
        """A paragraph, or one of a list item."""
        if not span:
            return
        if self._leads:
            self._blocks.append(Block(BlockKind.LIST_ITEM, *span, len(self._leads), self._leads[-1]))
        else:
            self._blocks.append(Block(BlockKind.PARAGRAPH, *span))

    def _row(self, token: Token) -> None:
        if not token.map:
            return
        start, end = self._line(token.map[0])
        marks = _QUOTE_MARKS.match(self._text, start, end) if self._quotes else None
        span = row_span(self._text, marks.end() if marks else start, end)
        if not span:
            return
        if self._in_head:
            self._header = span
            self._blocks.append(Block(BlockKind.TABLE_HEADER, *span))
        else:
            self._blocks.append(Block(BlockKind.TABLE_ROW, *span, 0, self._header))

    def _inline_span(self, token: Token) -> Span | None:
        """The span of an inline token: its content, which the source holds after indentation and marks."""
        if not token.map or not token.content:
            return None
        first, *rest = token.content.split("\n")
        start, end = self._line(token.map[0])
        found = self._text.rfind(first.rstrip(), start, end)
        if found < 0:
            return self._lines_span(*token.map)
        return self._trimmed(found, self._line(token.map[0] + len(rest))[1] if rest else found + len(first))

    def _lines_span(self, first: int, after: int) -> Span | None:
        """The span from line `first` to before line `after`, without the white space around it."""
        return self._trimmed(self._starts[first], self._starts[min(after, len(self._starts) - 1)] - 1)

    def _trimmed(self, start: int, end: int) -> Span | None:
        piece = self._text[start:end]
        stripped = piece.strip()
        if not stripped:
            return None
        begin = start + piece.index(stripped)
        return begin, begin + len(stripped)

    def _line(self, number: int) -> Span:
        return self._starts[number], self._starts[number + 1] - 1
