"""HTML: what a reader of the page sees, without its navigation and whatever is hidden."""

import codecs
import re

from lxml import etree

from corpus.clean import as_lines, one_line
from corpus.content import Content, ContentBuilder, Span
from corpus.decode import decode_text
from corpus.errors import UnreadableDocument
from corpus.html_parts import (
    HEADINGS,
    LISTS,
    ItemMarks,
    is_data_table,
    is_hidden,
    stands_apart,
    table_rows,
    visible_text,
)
from corpus.read_plain import plain_blocks
from corpus.records import BlockKind
from corpus.trees import parse_tree

_MAX_DEPTH = 256
"""The depth at which libxml2 stops by itself (`xmlParserMaxDepth`)."""
_MAX_BYTES = 20 * 1024 * 1024

_SPACE = re.compile(r"\s+")
_DECLARED = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_DECLARED_WITHIN = 4096
_CHARSET = re.compile(r"iso-8859-\d{1,2}|windows-125\d|koi8-[ru]|gbk|gb18030|gb2312|big5|shift_jis|euc-(?:jp|kr)")


def read_html(data: bytes) -> Content:
    """The content of an `.html` file; its `<title>` is the document's title.

    Raises `UnreadableDocument` where it is not text, too large or nested too deeply.
    """
    if len(data) > _MAX_BYTES:
        raise UnreadableDocument(f"has {len(data):,} bytes and at most {_MAX_BYTES:,} of HTML are read: split it")
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    source = _decode(data)
    root = parse_tree(source.encode("utf-8"), parser) if source.strip() else None
    if root is None:
        return Content("", ())
    _check_depth(root)
    page = _Page()
    page.read(root)
    title = root.find("head/title")
    name = one_line("".join(title.itertext())) if title is not None else ""
    return Content(page.builder.text(), tuple(page.builder.blocks), title=name or None)


def _decode(data: bytes) -> str:
    """UTF-8 or UTF-16 as in every text file, else the encoding that the page declares."""
    try:
        return decode_text(data)
    except UnreadableDocument:
        declared = _DECLARED.search(data, 0, _DECLARED_WITHIN)
        label = declared[1].decode("ascii", "replace").lower() if declared else ""
        if not _CHARSET.fullmatch(label) or b"\0" in data:
            raise
        # What the label means on the web: https://encoding.spec.whatwg.org/#names-and-labels
        name = "windows-1252" if label == "iso-8859-1" else label
        try:
            return codecs.decode(data, name)
        except (UnicodeDecodeError, LookupError) as error:
            raise UnreadableDocument(f"is not text in {label}, which it declares: save it as UTF-8") from error


def _check_depth(root: etree._Element) -> None:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > _MAX_DEPTH:
            raise UnreadableDocument(f"nests its elements more than {_MAX_DEPTH} deep: save it in a simpler form")


class _Page:
    """Walks the tree and builds text and blocks. `_check_depth` bounds the recursion."""

    def __init__(self) -> None:
        self.builder = ContentBuilder()
        self._inline: list[str] = []
        """Text of the line that is being read; a line end in it stands for a `<br>`."""
        self._leads: list[Span | None] = []
        """For each list that is open, what introduces it."""
        self._mark = ""
        """Of the list item that is about to begin."""
        self._before: Span | None = None
        """The paragraph that was just written, which may introduce a list."""

    def read(self, element: etree._Element) -> None:
        """Read what is inside `element`."""
        self._inline.append(_SPACE.sub(" ", element.text or ""))
        for child in element:
            if not is_hidden(child):
                self._read_child(child)
            self._inline.append(_SPACE.sub(" ", child.tail or ""))
        if stands_apart(element):
            self._flush()

    def _read_child(self, child: etree._Element) -> None:
        if child.tag == "br":
            self._inline.append("\n")
            return
        if not stands_apart(child):
            self.read(child)
            return
        self._flush()
        if child.tag in HEADINGS:
            self._heading(child)
        elif child.tag in LISTS:
            self._list(child)
        elif child.tag == "dl":
            self._definitions(child)
        elif child.tag == "table" and is_data_table(child):
            self._table(child)
        elif child.tag == "pre":
            self._write(as_lines(visible_text(child)))
        elif child.tag == "hr":
            self._before = None
        else:
            self.read(child)

    def _flush(self) -> None:
        text, self._inline = "".join(self._inline), []
        self._write(as_lines(text))

    def _write(self, text: str) -> None:
        """A paragraph, or one of a list item."""
        if not text:
            return
        if self._leads:
            mark, self._mark = self._mark, ""
            self._before = self.builder.add(
                BlockKind.LIST_ITEM, text, level=len(self._leads), lead=self._leads[-1], mark=mark
            )
        elif "\n" in text:
            self._before = self.builder.add_parsed(text, plain_blocks(text))
        else:
            self._before = self.builder.add(BlockKind.PARAGRAPH, text)

    def _heading(self, element: etree._Element) -> None:
        text = one_line(visible_text(element))
        if text:
            self.builder.add(BlockKind.HEADING, text, level=HEADINGS[element.tag])
            self._before, self._mark = None, ""
            if self._leads:
                self._leads[-1] = None

    def _list(self, element: etree._Element) -> None:
        self._leads.append(self._before)
        marks = ItemMarks(element)
        for child in element:
            if is_hidden(child):
                continue
            if child.tag == "li":
                self._mark = "  " * (len(self._leads) - 1) + marks.next(child)
                self._before = None
                self.read(child)
            else:
                self._read_child(child)
                self._flush()
        self._leads.pop()
        self._before, self._mark = None, ""

    def _definitions(self, element: etree._Element) -> None:
        """A term introduces what defines it."""
        for child in element:
            if is_hidden(child):
                continue
            if child.tag == "dd":
                self._leads.append(self._before)
                self.read(child)
                self._before = self._leads.pop()
            elif child.tag == "div":
                self._definitions(child)
            else:
                self._read_child(child)
        self._flush()

    def _table(self, element: etree._Element) -> None:
        for caption in element.iter("caption"):
            self._write(one_line(visible_text(caption)))
        header: Span | None = None
        for is_header, text in table_rows(element):
            if is_header:
                header = self.builder.add(BlockKind.TABLE_HEADER, text)
            else:
                self.builder.add(BlockKind.TABLE_ROW, text, lead=header)
        self._before = None
