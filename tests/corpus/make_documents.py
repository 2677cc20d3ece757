"""Small documents for the tests, made in memory."""

import io
import zipfile
from collections.abc import Sequence

from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, NumberObject, StreamObject

Place = tuple[float, float, float, str]
"""x and y in points from the lower left corner, the size in points, the text; a text that starts with `**` is bold."""

_FONTS = {"/F1": "/Helvetica", "/F2": "/Helvetica-Bold"}


def pdf(*pages: Sequence[Place]) -> bytes:
    """A PDF whose pages show texts at places, in Helvetica."""
    return finish(written(*pages))


def written(*pages: Sequence[Place]) -> PdfWriter:
    """The writer of such a PDF, for a test to break or to encrypt."""
    return from_streams(*(_operators(places) for places in pages))


def from_streams(*streams: str) -> PdfWriter:
    """A PDF whose pages hold these operators."""
    writer = PdfWriter()
    fonts = DictionaryObject()
    for name, base in _FONTS.items():
        font = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject(base),
                NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
            }
        )
        fonts[NameObject(name)] = writer._add_object(font)
    for operators in streams:
        page = writer.add_blank_page(595, 842)
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        contents = DecodedStreamObject()
        contents.set_data(operators.encode("cp1252"))
        page[NameObject("/Contents")] = writer._add_object(contents)
    return writer


def finish(writer: PdfWriter) -> bytes:
    """The file that the writer writes."""
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def image_only_pdf() -> bytes:
    """A PDF with one page that shows one grey pixel and no text."""
    writer = from_streams("q 200 0 0 200 100 100 cm /Im0 Do Q")
    image = StreamObject()
    image.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Image"),
            NameObject("/Width"): NumberObject(1),
            NameObject("/Height"): NumberObject(1),
            NameObject("/ColorSpace"): NameObject("/DeviceGray"),
            NameObject("/BitsPerComponent"): NumberObject(8),
        }
    )
    image.set_data(b"\x80")
    add_object(writer, "/Im0", image)
    return finish(writer)


def looping_pages_pdf() -> bytes:
    """A PDF whose page tree holds itself."""
    writer = written([(72, 700, 10, "Before the loop")])
    pages = writer.root_object["/Pages"].get_object()
    assert isinstance(pages, DictionaryObject)
    kids = pages["/Kids"]
    assert isinstance(kids, ArrayObject)
    kids.append(writer.root_object.raw_get("/Pages"))
    return finish(writer)


def looping_pdf() -> bytes:
    """A PDF whose page draws a form that draws itself."""
    writer = from_streams("BT /F1 12 Tf 72 700 Td (Before the loop) Tj ET /Fm0 Do")
    form = StreamObject()
    form.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): ArrayObject([NumberObject(n) for n in (0, 0, 595, 842)]),
        }
    )
    form.set_data(b"/Fm0 Do /Fm0 Do")
    reference = add_object(writer, "/Fm0", form)
    own = DictionaryObject({NameObject("/XObject"): DictionaryObject({NameObject("/Fm0"): reference})})
    form[NameObject("/Resources")] = own
    return finish(writer)


def add_object(writer: PdfWriter, name: str, stream: StreamObject) -> object:
    """Make `stream` known to the first page as `name`; returns its reference."""
    reference = writer._add_object(stream)
    resources = writer.pages[0]["/Resources"].get_object()
    assert isinstance(resources, DictionaryObject)
    resources[NameObject("/XObject")] = DictionaryObject({NameObject(name): reference})
    return reference


def _operators(places: Sequence[Place]) -> str:
    lines: list[str] = []
    for x, y, size, text in places:
        font = "/F2" if text.startswith("**") else "/F1"
        shown = text.removeprefix("**").replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        lines.append(f"BT {font} {size} Tf 1 0 0 1 {x} {y} Tm ({shown}) Tj ET")
    return "\n".join(lines)


def paragraph(x: float, y: float, *lines: str, size: float = 10) -> list[Place]:
    """Lines of one paragraph, set 1.2 times their size apart."""
    return [(x, y - 1.2 * size * number, size, line) for number, line in enumerate(lines)]


def package(document: bytes, **parts: bytes) -> bytes:
    """A `.docx` that holds `document` and, by name, more parts of the folder `word`."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", document)
        for name, data in parts.items():
            archive.writestr(f"word/{name}.xml", data)
    return file.getvalue()
