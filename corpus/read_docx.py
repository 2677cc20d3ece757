"""Word documents: headings by style or outline level, lists with the numbers Word shows, tables, notes, in order."""

from collections.abc import Iterator

from lxml import etree

from corpus.clean import as_lines
from corpus.content import Content, ContentBuilder, Span
from corpus.docx_package import Package, open_package
from corpus.docx_styles import Numbering, Style, W, is_on, outline_level, read_styles, small_number, value
from corpus.limits import Limits
from corpus.marks import find_mark
from corpus.read_plain import plain_blocks
from corpus.records import BlockKind

_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_TRANSPARENT = {W + name for name in ("sdt", "sdtContent", "ins", "moveTo", "smartTag", "customXml", "hyperlink")}
"""Elements that only wrap others. Deleted and moved-away text has wrappers of its own, which are not entered."""


def read_docx(data: bytes, limits: Limits) -> Content:
    """The content of a `.docx` file; page headers and footers are other parts of it and are not read.

    Raises `UnreadableDocument` where it is no Word document, is encrypted or unpacks to too much.
    """
    reader = _Reader(open_package(data, limits))
    reader.read()
    return Content(reader.builder.text(), tuple(reader.builder.blocks))


def _unwrapped(parent: etree._Element) -> Iterator[etree._Element]:
    """The children of `parent`, those inside wrappers included; of alternatives, the first."""
    for child in parent:
        if child.tag in _TRANSPARENT:
            yield from _unwrapped(child)
        elif child.tag == _COMPATIBILITY + "AlternateContent":
            choice = child.find(_COMPATIBILITY + "Choice")
            if choice is not None:
                yield from _unwrapped(choice)
        elif isinstance(child.tag, str):
            yield child


class _Reader:
    def __init__(self, package: Package) -> None:
        self.builder = ContentBuilder()
        self._package = package
        self._styles = read_styles(package.styles)
        self._numbering = Numbering.of(package.numbering)
        self._notes = {**_notes(package.footnotes, "footnote"), **_notes(package.endnotes, "endnote")}
        self._default = _default_style(package.styles)
        self._before: Span | None = None
        """The paragraph that was just written, which may introduce a list."""
        self._leads: list[tuple[int, Span | None]] = []
        """For each list level that is open, its number and what introduces it."""

    def read(self) -> None:
        """Read the whole body."""
        body = self._package.document.find(W + "body")
        if body is not None:
            self._flow(body)

    def _flow(self, parent: etree._Element) -> None:
        for child in _unwrapped(parent):
            if child.tag == W + "p":
                self._paragraph(child)
            elif child.tag == W + "tbl":
                self._table(child)

    def _style_of(self, paragraph: etree._Element) -> Style:
        name = value(paragraph.find(W + "pPr"), "pStyle")
        return self._styles.get(name or self._default, Style())

    def _paragraph(self, paragraph: etree._Element) -> None:
        style = self._style_of(paragraph)
        notes: list[str] = []
        text = as_lines(self._text(paragraph, style, notes))
        properties = paragraph.find(W + "pPr")
        numbering = properties.find(W + "numPr") if properties is not None else None
        own_list = value(numbering, "numId")
        list_id = own_list if own_list is not None else style.list_id
        level = small_number(value(numbering, "ilvl")) if numbering is not None else style.list_level
        heading = outline_level(properties) or style.heading
        if text and style.is_contents:
            self.builder.add_unstructured(text.replace("\n", " "))
        elif text:
            mark = self._numbering.mark(list_id, level) if list_id and self._numbering.is_list(list_id) else None
            if heading:
                self._leads, self._before = [], None
                self.builder.add(BlockKind.HEADING, " ".join(text.split()), level=heading, mark=mark or "")
            elif mark is not None:
                self._item(text, level, mark)
            else:
                self._typed(text)
        for text_box in _text_boxes(paragraph):
            self._flow(text_box)
        for note in notes:
            self.builder.add(BlockKind.PARAGRAPH, note)

    def _typed(self, text: str) -> None:
        """A paragraph without a list of Word's; the bullet of an item may be typed."""
        typed = find_mark(text)
        if "\n" in text:
            self._leads = []
            self._before = self.builder.add_parsed(text, plain_blocks(text))
        elif typed and typed.number is None:
            self._item(text[typed.length :], 0, text[: typed.length])
        else:
            self._leads = []
            self._before = self.builder.add(BlockKind.PARAGRAPH, text)

    def _item(self, text: str, level: int, mark: str) -> None:
        while self._leads and self._leads[-1][0] > level:
            self._leads.pop()
        if not self._leads or self._leads[-1][0] < level:
            self._leads.append((level, self._before))
        depth = len(self._leads)
        mark = "  " * (depth - 1) + mark
        self._before = self.builder.add(BlockKind.LIST_ITEM, text, level=depth, lead=self._leads[-1][1], mark=mark)

    def _text(self, parent: etree._Element, style: Style, notes: list[str]) -> str:
        parts: list[str] = []
        for child in _unwrapped(parent):
            if child.tag == W + "r":
                hidden = is_on(child.find(W + "rPr"), "vanish")
                if not (style.hidden if hidden is None else hidden):
                    parts.append(self._run(child, notes))
            elif child.tag == W + "fldSimple":
                parts.append(self._text(child, style, notes))
            elif child.tag in {_MATH + "oMath", _MATH + "oMathPara"}:
                parts.extend(child.itertext(_MATH + "t"))
        return "".join(parts)

    def _run(self, run: etree._Element, notes: list[str]) -> str:
        parts: list[str] = []
        for child in _unwrapped(run):
            match child.tag.removeprefix(W):
                case "t":
                    parts.append((child.text or "").replace("\n", " "))
                case "tab" | "ptab":
                    parts.append(" ")
                case "br" | "cr" if child.get(W + "type") in {None, "textWrapping"}:
                    parts.append("\n")
                case "noBreakHyphen":
                    parts.append("\u2011")
                case "sym":
                    parts.append(_symbol(child))
                case "footnoteReference" | "endnoteReference":
                    kind = child.tag.removeprefix(W).removesuffix("Reference")
                    notes.extend(self._note(kind, child.get(W + "id", "")))
                case _:
                    pass
        return "".join(parts)

    def _note(self, kind: str, number: str) -> list[str]:
        """The paragraphs of a foot- or endnote, which stand after the paragraph that refers to it, once."""
        note = self._notes.pop((kind, number), None)
        if note is None:
            return []
        texts = [self._text(paragraph, Style(), []) for paragraph in note.iter(W + "p")]
        return [" ".join(as_lines(text).split()) for text in texts if text.strip()]

    def _table(self, table: etree._Element) -> None:
        rows = [row for row in _unwrapped(table) if row.tag == W + "tr"]
        grid = [[cell for cell in _unwrapped(row) if cell.tag == W + "tc"] for row in rows]
        self._leads = []
        if not _holds_data(table, grid):
            for cell in (cell for cells in grid for cell in cells):
                self._flow(cell)
            return
        header: Span | None = None
        carried: dict[int, str] = {}
        for position, (row, cells) in enumerate(zip(rows, grid, strict=True)):
            notes: list[str] = []
            texts = self._cells(cells, carried, notes)
            if not any(texts):
                continue
            line = " | ".join(texts).strip()
            if self._is_header(table, row, cells, position):
                header = self.builder.add(BlockKind.TABLE_HEADER, line)
            else:
                self.builder.add(BlockKind.TABLE_ROW, line, lead=header)
            for note in notes:
                self.builder.add(BlockKind.PARAGRAPH, note)
            for text_box in _text_boxes(row):
                self._flow(text_box)
        self._before = None

    def _cells(self, cells: list[etree._Element], carried: dict[int, str], notes: list[str]) -> list[str]:
        """The text of a row's cells; a cell merged with the one above holds what that one holds."""
        texts: list[str] = []
        column = 0
        for cell in cells:
            properties = cell.find(W + "tcPr")
            merged = properties.find(W + "vMerge") if properties is not None else None
            if merged is not None and merged.get(W + "val", "continue") == "continue":
                text = carried.get(column, "")
            else:
                paragraphs = [self._text(p, self._style_of(p), notes) for p in _own_paragraphs(cell)]
                text = " ".join(" ".join(as_lines(p).split()) for p in paragraphs if p.strip())
            carried[column] = text
            texts.append(text)
            column += max(1, small_number(value(properties, "gridSpan")))
        return texts

    def _is_header(
        self, table: etree._Element, row: etree._Element, cells: list[etree._Element], position: int
    ) -> bool:
        """A row that Word repeats on each page, or a first row that is set in bold."""
        if is_on(row.find(W + "trPr"), "tblHeader"):
            return True
        if position > 0 or len(cells) < 2:
            return False
        style = self._styles.get(value(table.find(W + "tblPr"), "tblStyle") or "", Style())
        if style.bold_first_row and _marks_first_row(table):
            return True
        return all(self._is_bold(cell) for cell in cells)

    def _is_bold(self, cell: etree._Element) -> bool:
        seen = False
        for paragraph in cell.iter(W + "p"):
            style = self._style_of(paragraph)
            for run in paragraph.iter(W + "r"):
                if not "".join(run.itertext(W + "t")).strip():
                    continue
                seen = True
                own = is_on(run.find(W + "rPr"), "b")
                if not (style.bold if own is None else own):
                    return False
        return seen


def _marks_first_row(table: etree._Element) -> bool:
    look = table.find(W + "tblPr/" + W + "tblLook")
    if look is None:
        return False
    mask = look.get(W + "val", "0")
    try:
        return look.get(W + "firstRow") in {"1", "true", "on"} or bool(int(mask, 16) & 0x20)
    except ValueError:
        return False


def _holds_data(table: etree._Element, grid: list[list[etree._Element]]) -> bool:
    """Whether the table has columns; one that only frames or lays out text is read cell by cell."""
    nested = next(table.iterdescendants(W + "tbl"), None)
    return nested is None and any(len(cells) > 1 for cells in grid)


def _notes(root: etree._Element | None, kind: str) -> dict[tuple[str, str], etree._Element]:
    if root is None:
        return {}
    notes = (note for note in root.iter(W + kind) if note.get(W + "type", "normal") == "normal")
    return {(kind, note.get(W + "id", "")): note for note in notes}


def _default_style(styles: etree._Element | None) -> str:
    if styles is None:
        return ""
    defaults = (s for s in styles.iter(W + "style") if s.get(W + "default") == "1" and s.get(W + "type") == "paragraph")
    return next((style.get(W + "styleId", "") for style in defaults), "")


def _text_boxes(anchor: etree._Element) -> Iterator[etree._Element]:
    """The text boxes inside `anchor`; Word stores each once more for old programs (`Fallback`)."""
    for box in anchor.iter(W + "txbxContent"):
        outer = (above for above in box.iterancestors(_COMPATIBILITY + "Fallback", W + "txbxContent"))
        if next(outer, None) is None:
            yield box


def _own_paragraphs(cell: etree._Element) -> Iterator[etree._Element]:
    """The paragraphs of a cell without those of its text boxes."""
    return (p for p in cell.iter(W + "p") if next(p.iterancestors(W + "txbxContent"), None) is None)


def _symbol(element: etree._Element) -> str:
    code = element.get(W + "char", "")
    try:
        return chr(int(code, 16)) if len(code) <= 4 else ""
    except ValueError:
        return ""
