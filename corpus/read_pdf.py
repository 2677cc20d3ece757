"""PDF: text in reading order with its pages; headers, footers and the hyphens of line breaks are left out."""

from corpus.content import Content, ContentBuilder, Span
from corpus.errors import UnreadableDocument
from corpus.limits import Limits
from corpus.pdf_furniture import without_furniture
from corpus.pdf_items import Item
from corpus.pdf_lines import Line, page_lines
from corpus.pdf_paragraphs import read_items
from corpus.pdf_runs import PageRuns, read_pages
from corpus.records import BlockKind, Page

_MAX_UNDECODED = 0.3
"""Share of characters without a letter behind them from which on a text is unreadable."""


def read_pdf(data: bytes, limits: Limits) -> Content:
    """The content of a `.pdf` file.

    Raises `UnreadableDocument` for a file that is encrypted, malformed, too long or has no text layer.
    """
    if not data.lstrip()[:1024]:
        raise UnreadableDocument("is empty: put the document there again")
    found: list[PageRuns] = []
    pages: list[list[Line]] = []
    for page in read_pages(data, limits):
        pages.append(page_lines(page.directions))
        page.directions = []
        found.append(page)
    _check_text(found, pages)
    return _Builder(len(pages)).build(read_items(without_furniture(pages)), _note(found, pages))


def _check_text(found: list[PageRuns], pages: list[list[Line]]) -> None:
    text = "".join(line.text for lines in pages for line in lines)
    if not text:
        if all(page.failed for page in found):
            raise UnreadableDocument("has only malformed pages: open it and print it to a new PDF")
        if any(page.has_image for page in found):
            raise UnreadableDocument("has no text layer, only images: run text recognition (OCR) on it first")
        raise UnreadableDocument("has no text: if it shows any, run text recognition (OCR) on it first")
    undecoded = sum(c == "\N{REPLACEMENT CHARACTER}" or "\ue000" <= c < "\uf900" for c in text)
    if undecoded > _MAX_UNDECODED * len(text):
        raise UnreadableDocument("has fonts that do not say which letters they show: run text recognition (OCR) on it")


def _note(found: list[PageRuns], pages: list[list[Line]]) -> str | None:
    failed = [page.number for page in found if page.failed]
    images = [p.number for p, lines in zip(found, pages, strict=True) if p.has_image and not lines and not p.failed]
    notes: list[str] = []
    if failed:
        notes.append(f"Not read because malformed: {_listed(failed)}.")
    if images:
        notes.append(f"Not read because they have no text layer: {_listed(images)}.")
    return " ".join(notes) or None


def _listed(numbers: list[int]) -> str:
    shown = ", ".join(map(str, numbers[:20]))
    more = f" and {len(numbers) - 20} more" if len(numbers) > 20 else ""
    return f"page {shown}" if len(numbers) == 1 else f"pages {shown}{more}"


class _Builder:
    """Puts the items together and keeps where each page starts."""

    def __init__(self, pages: int) -> None:
        self._content = ContentBuilder()
        self._starts: list[int | None] = [None] * (pages + 1)
        self._before: Span | None = None
        self._leads: list[Span | None] = []
        self._header: Span | None = None

    def build(self, items: list[Item], note: str | None) -> Content:
        """The content of the whole document."""
        for item in items:
            self._add(item)
        return Content(self._content.text(), tuple(self._content.blocks), self._pages(), note=note)

    def _add(self, item: Item) -> None:
        first, *others = item.pieces
        if item.is_contents:
            start = self._content.add_unstructured(first.text)
        else:
            lead = self._lead(item)
            span = self._content.add(item.kind, first.text, level=item.level, lead=lead, mark=item.mark)
            start = span[0] - len(item.mark)
            if item.kind is BlockKind.TABLE_HEADER:
                self._header = span
        self._begin_page(first.page, start)
        for piece in others:
            start, _ = self._content.extend(piece.text, " ")
            self._begin_page(piece.page, start)
        introduces = item.kind in {BlockKind.PARAGRAPH, BlockKind.LIST_ITEM} and not item.is_contents
        self._before = self._content.last_span() if introduces else None

    def _lead(self, item: Item) -> Span | None:
        if item.kind is BlockKind.TABLE_ROW:
            return self._header
        self._header = None
        if item.kind is not BlockKind.LIST_ITEM:
            self._leads = []
            return None
        del self._leads[item.level :]
        while len(self._leads) < item.level:
            self._leads.append(self._before)
        return self._leads[-1]

    def _begin_page(self, number: int, start: int) -> None:
        if self._starts[number] is None:
            self._starts[number] = start

    def _pages(self) -> tuple[Page, ...]:
        """Pages follow each other without a gap; one without text is empty."""
        pages: list[Page] = []
        end = self._content.length
        for number in range(len(self._starts) - 1, 0, -1):
            start = self._starts[number]
            begin = end if start is None else start
            pages.append(Page(number, begin, end))
            end = begin
        return tuple(reversed(pages))
