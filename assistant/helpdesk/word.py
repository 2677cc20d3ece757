"""A reply as a Word document with footnotes of its own. The one door to python-docx, which knows none (1.2.0)."""

import io

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph
from lxml import etree

from assistant.helpdesk.records import Reply, ReplySentence
from assistant.helpdesk.reply import Note, notes_of, numbers_of, state_of
from assistant.phrases import phrases
from corpus.clean import clean

_REFERENCE, _TEXT = "Footnote Reference", "Footnote Text"
_FOOTNOTES = f"""<w:footnotes {nsdecls("w")}>
<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>
<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>
</w:footnotes>"""
"""With the lines above footnotes, which Word asks for (ECMA-376, part 1, 17.11)."""


def reply_docx(reply: Reply) -> bytes:
    """The reply as a Word document with footnotes."""
    return _Letter(reply).written()


class _Letter:
    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self._said = phrases(reply.language, "reply")
        self._notes = notes_of(reply)
        self._referred: set[int] = set()
        self._document = Document()
        self._document.core_properties.author = ""
        self._document.core_properties.language = reply.language
        styles = self._document.styles
        styles.add_style(_TEXT, WD_STYLE_TYPE.PARAGRAPH).font.size = Pt(9)
        styles.add_style(_REFERENCE, WD_STYLE_TYPE.CHARACTER).font.superscript = True

    def written(self) -> bytes:
        """The file."""
        reply = self._reply
        for text in (reply.salutation, reply.opening):
            self._paragraph(text)
        for number, answer in enumerate(reply.answers, start=1):
            self._paragraph("").add_run(clean(f"{number}. {answer.question}")).bold = True
            for sentence in answer.sentences:
                self._refer(self._paragraph(sentence.text), sentence)
            if answer.conditions:
                self._paragraph(self._said.say("answer.conditions"))
            for condition in answer.conditions:
                self._refer(self._item(f"{state_of(condition, reply.language)}: {condition.text}"), condition)
            for key, points in (("missing", answer.missing), ("unanswered", answer.unanswered)):
                if points:
                    self._paragraph(self._said.say(f"answer.{key}"))
                for point in points:
                    self._item(point)
        for line in reply.closing.split("\n"):
            self._paragraph(line)
        self._add_footnotes()
        file = io.BytesIO()
        self._document.save(file)
        return file.getvalue()

    def _paragraph(self, text: str) -> Paragraph:
        return self._document.add_paragraph(clean(text))

    def _item(self, text: str) -> Paragraph:
        return self._document.add_paragraph(clean(text), style="List Bullet")

    def _refer(self, paragraph: Paragraph, sentence: ReplySentence) -> None:
        """Mark the footnotes of a sentence. Word counts them by where they first stand; a repeated mark is text."""
        for number in numbers_of(sentence, self._notes):
            run = paragraph.add_run("" if number not in self._referred else f" {number}", style=_REFERENCE)
            if number not in self._referred:
                self._referred.add(number)
                reference = OxmlElement("w:footnoteReference")
                reference.set(qn("w:id"), str(number))
                run._r.append(reference)

    def _add_footnotes(self) -> None:
        root = parse_xml(_FOOTNOTES)
        for note in self._notes.values():
            footnote = etree.SubElement(root, qn("w:footnote"), {qn("w:id"): str(note.number)})
            footnote.append(self._footnote(note))
        package = self._document.part.package
        name = PackURI("/word/footnotes.xml")
        blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
        part = Part(name, CONTENT_TYPE.WML_FOOTNOTES, blob, package)
        self._document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)

    def _footnote(self, note: Note) -> etree._Element:
        """The paragraph of a footnote: its number, then what it says."""
        paragraph = Paragraph(OxmlElement("w:p"), self._document._body)
        paragraph.style = self._document.styles[_TEXT]
        mark = paragraph.add_run(style=_REFERENCE)
        mark._r.append(OxmlElement("w:footnoteRef"))
        quote = self._said.say("notes.quote", quote=note.quote)
        paragraph.add_run(clean(f" {note.source}: {quote} {note.address}".rstrip()))
        return paragraph._p
