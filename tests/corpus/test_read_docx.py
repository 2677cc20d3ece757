"""Word documents: structure by styles and numbering, and packages that are not what they say."""

import io
import struct
import zipfile
from typing import Any

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from corpus.errors import UnreadableDocument
from corpus.limits import DEFAULT_LIMITS
from corpus.read_docx import read_docx
from corpus.records import BlockKind
from tests.corpus.make_documents import package

H, P, ITEM = BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.LIST_ITEM
NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def saved(document: Any) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def blocks(data: bytes) -> list[tuple[BlockKind, int, str, str | None]]:
    content = read_docx(data, DEFAULT_LIMITS)
    text = content.text
    return [(b.kind, b.level, text[b.start : b.end], text[slice(*b.lead)] if b.lead else None) for b in content.blocks]


def body(xml: str) -> bytes:
    return f"<w:document {NAMESPACE}><w:body>{xml}</w:body></w:document>".encode()


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def test_headings_lists_and_their_order() -> None:
    document = docx.Document()
    document.add_heading("The call", 0)
    document.add_heading("Who may apply", 2)
    document.add_paragraph("Applicants are:")
    document.add_paragraph("public bodies", "List Bullet")
    document.add_paragraph("non-profits", "List Bullet")
    document.add_paragraph("Steps")
    document.add_paragraph("register", "List Number")
    document.add_paragraph("submit", "List Number")
    data = saved(document)
    assert blocks(data) == [
        (H, 1, "The call", None),
        (H, 2, "Who may apply", None),
        (P, 0, "Applicants are:", None),
        (ITEM, 1, "public bodies", "Applicants are:"),
        (ITEM, 1, "non-profits", "Applicants are:"),
        (P, 0, "Steps", None),
        (ITEM, 1, "register", "Steps"),
        (ITEM, 1, "submit", "Steps"),
    ]
    assert read_docx(data, DEFAULT_LIMITS).text.endswith("• non-profits\n\nSteps\n\n1. register\n2. submit")


def test_a_table_with_a_bold_first_row_has_a_header() -> None:
    document = docx.Document()
    document.add_paragraph("Before")
    table = document.add_table(2, 2)
    for cell, text in zip(table.rows[0].cells, ("Priority", "EUR"), strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    table.cell(1, 0).text, table.cell(1, 1).text = "1", "6,000,000"
    document.add_paragraph("After")
    assert blocks(saved(document)) == [
        (P, 0, "Before", None),
        (BlockKind.TABLE_HEADER, 0, "Priority | EUR", None),
        (BlockKind.TABLE_ROW, 0, "1 | 6,000,000", "Priority | EUR"),
        (P, 0, "After", None),
    ]


def test_a_table_of_keys_and_values_has_none() -> None:
    document = docx.Document()
    table = document.add_table(2, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Deadline", "31 January"
    table.cell(1, 0).text, table.cell(1, 1).text = "Budget", "16 million"
    assert [(kind, lead) for kind, _, _, lead in blocks(saved(document))] == [(BlockKind.TABLE_ROW, None)] * 2


def test_a_merged_cell_holds_for_each_of_its_rows() -> None:
    document = docx.Document()
    table = document.add_table(2, 2)
    table.cell(0, 0).merge(table.cell(1, 0)).text = "Priority 1"
    table.cell(0, 1).text, table.cell(1, 1).text = "networks", "3 years"
    assert [found[2] for found in blocks(saved(document))] == ["Priority 1 | networks", "Priority 1 | 3 years"]


def test_headings_are_known_by_outline_level_whatever_the_style_is_called() -> None:
    styles = (
        f'<w:styles {NAMESPACE}><w:style w:type="paragraph" w:styleId="berschrift2"><w:name w:val="heading 2"/>'
        '</w:style><w:style w:type="paragraph" w:styleId="Eigen"><w:basedOn w:val="berschrift2"/></w:style></w:styles>'
    ).encode()
    document = body(
        paragraph("Localised", '<w:pStyle w:val="berschrift2"/>')
        + paragraph("Derived", '<w:pStyle w:val="Eigen"/>')
        + paragraph("Direct", '<w:outlineLvl w:val="2"/>')
        + paragraph("Body", '<w:outlineLvl w:val="9"/>')
    )
    found = blocks(package(document, styles=styles))
    assert [(kind, level) for kind, level, _, _ in found] == [(H, 2), (H, 2), (H, 3), (P, 0)]


def test_numbers_that_word_counts_are_shown_before_the_text() -> None:
    numbering = (
        f'<w:numbering {NAMESPACE}><w:abstractNum w:abstractNumId="1">'
        '<w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1.%2)"/></w:lvl>'
        '</w:abstractNum><w:num w:numId="5"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
    ).encode()

    def item(text: str, level: int) -> str:
        return paragraph(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="5"/></w:numPr>')

    items = item("three", 0) + item("a", 1) + item("b", 1) + item("four", 0) + item("again a", 1)
    content = read_docx(package(body(items), numbering=numbering), DEFAULT_LIMITS)
    assert content.text == "3. three\n  3.a) a\n  3.b) b\n4. four\n  4.a) again a"
    assert [b.level for b in content.blocks] == [1, 2, 2, 1, 2]


def test_deleted_and_hidden_text_is_not_read_and_inserted_text_is() -> None:
    run = "<w:r><w:t>{}</w:t></w:r>"
    deleted = "<w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r>"
    xml = f"<w:p>{run.format('a')}{deleted}{hidden}<w:ins>{run.format('b')}</w:ins></w:p>"
    assert blocks(package(body(xml))) == [(P, 0, "ab", None)]


def test_a_footnote_stands_after_its_paragraph() -> None:
    footnotes = (
        f'<w:footnotes {NAMESPACE}><w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>'
        '<w:footnote w:id="2"><w:p><w:r><w:t>The note.</w:t></w:r></w:p></w:footnote></w:footnotes>'
    ).encode()
    relations = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes" '
        b'Target="footnotes.xml"/></Relationships>'
    )
    xml = body('<w:p><w:r><w:t>Text</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>' + paragraph("Next"))
    data = package(xml, footnotes=footnotes, **{"_rels/document.xml.rels": relations})
    assert [found[2] for found in blocks(data)] == ["Text", "The note.", "Next"]


def test_a_table_of_contents_is_text_and_no_block() -> None:
    styles = (
        f'<w:styles {NAMESPACE}><w:style w:styleId="Verzeichnis1"><w:name w:val="toc 1"/></w:style></w:styles>'
    ).encode()
    xml = body(paragraph("Eligibility 3", '<w:pStyle w:val="Verzeichnis1"/>') + paragraph("Text"))
    content = read_docx(package(xml, styles=styles), DEFAULT_LIMITS)
    assert content.text == "Eligibility 3\n\nText"
    assert len(content.blocks) == 1


def test_a_line_break_inside_a_paragraph() -> None:
    document = docx.Document()
    run = document.add_paragraph().add_run("Contact:")
    run.add_break()
    run.add_text("Rue de la Loi 1")
    assert [found[2] for found in blocks(saved(document))] == ["Contact:", "Rue de la Loi 1"]


def test_page_headers_are_no_part_of_the_text() -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Page header"
    document.add_paragraph("Body")
    assert [found[2] for found in blocks(saved(document))] == ["Body"]


def test_a_text_box_is_read_once() -> None:
    document = docx.Document()
    anchor = document.add_paragraph("Anchor")
    box = OxmlElement("w:txbxContent")
    inner = OxmlElement("w:p")
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "In the box"
    run.append(text)
    inner.append(run)
    box.append(inner)
    holder = anchor.add_run()._r
    drawing = OxmlElement("w:pict")
    drawing.append(box)
    holder.append(drawing)
    assert qn("w:txbxContent") == box.tag
    assert [found[2] for found in blocks(saved(document))] == ["Anchor", "In the box"]


def test_a_zip_bomb_is_refused_by_what_it_declares() -> None:
    data = package(b"<a>" + b" " * 30_000_000 + b"</a>")
    assert len(data) < 100_000
    with pytest.raises(UnreadableDocument, match="ZIP bomb"):
        read_docx(data, DEFAULT_LIMITS)


def test_a_zip_bomb_is_refused_by_what_it_unpacks_to_when_it_lies() -> None:
    data = bytearray(package(b"<a>" + b" " * 60_000_000 + b"</a>"))
    declared = struct.pack("<I", 60_000_007)
    while (place := data.find(declared)) >= 0:
        data[place : place + 4] = struct.pack("<I", 1000)
    with pytest.raises(UnreadableDocument, match=r"ZIP bomb|damaged"):
        read_docx(bytes(data), DEFAULT_LIMITS)


def test_entities_are_refused() -> None:
    xml = (
        b'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
        b'<!ENTITY c SYSTEM "file:///etc/passwd">]>' + body("<w:p><w:r><w:t>&b;&c;</w:t></w:r></w:p>")
    )
    with pytest.raises(UnreadableDocument, match=r"entities|malformed XML"):
        read_docx(package(xml), DEFAULT_LIMITS)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"PK\x03\x04 cut short", "is not a Word document or is damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "is protected by a password or an old .doc"),
        (package(b"<not closed"), "holds malformed XML"),
        (package(b"<w/>"), "is a ZIP file and no Word document"),
        (package(b"<w:p " * 9), "holds malformed XML"),
    ],
)
def test_what_is_no_word_document_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        read_docx(data, DEFAULT_LIMITS)
    assert str(caught.value).startswith(why)


def test_a_zip_of_something_else_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("readme.txt", "x")
    with pytest.raises(UnreadableDocument, match="no Word document"):
        read_docx(file.getvalue(), DEFAULT_LIMITS)


def test_too_many_parts_are_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(5_001):
            archive.writestr(f"{number}", "")
    with pytest.raises(UnreadableDocument, match="5,001 parts"):
        read_docx(file.getvalue(), DEFAULT_LIMITS)


def test_deep_nesting_is_refused() -> None:
    xml = body("<w:sdt><w:sdtContent>" * 5_000 + "x" + "</w:sdtContent></w:sdt>" * 5_000)
    with pytest.raises(UnreadableDocument, match="malformed XML"):
        read_docx(package(xml), DEFAULT_LIMITS)
