"""A PDF's pages as plain data: the one door to pypdf.

Fonts are decoded by pypdf's own `Font`, which it keeps in a private module; `tests/corpus` watches that it works.
"""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from pypdf import PageObject, PdfReader, apply_configuration
from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError, PyPdfError, WrongPasswordError
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject, StreamObject
from pypdf.generic._font import Font

from corpus.errors import UnreadableDocument
from corpus.limits import Limits

_STREAM_BYTES = 32 * 1024 * 1024
_CONFIGURATION: dict[str, Any] = {
    "maximum_declared_stream_length": 75_000_000,
    "array_based_stream_maximum_output_length": _STREAM_BYTES,
    "zlib_maximum_output_length": _STREAM_BYTES,
    "lzw_maximum_output_length": _STREAM_BYTES,
    "run_length_maximum_output_length": _STREAM_BYTES,
    "brotli_maximum_output_length": _STREAM_BYTES,
    "jbig2_maximum_output_length": 0,
    "image_maximum_buffer_size": 0,
    "stream_decoding_work_maximum_length": 4 * _STREAM_BYTES,
    "stream_parsing_work_maximum_count": 1_000_000,
    "page_tree_maximum_entries": 20_000,
    "page_tree_maximum_depth": 50,
    "jbig2dec_binary": None,
}
"""pypdf's own limits, below its defaults where no text needs as much; images are never decoded."""
_BROKEN = (PyPdfError, OSError, ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError)
"""What pypdf raises on a malformed file: its own errors and, in less trodden parts, Python's."""
_BOLD_NAME = re.compile(r"bold|black|heavy|demi|[-,]bd\b|(?:^|\+)(?:CM|EC|SF|LM)(?:SS|TT)?(?:BX|SX)", re.IGNORECASE)
"""Also TeX's Computer Modern and its kin, whose bold faces are called “bold extended”."""
_FORCE_BOLD = 1 << 18

Operation = tuple[list[Any], bytes]
"""Operands, and the operator they belong to."""
Box = tuple[float, float, float, float]
"""Left, lower, right and upper edge in points."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character as a font shows it."""

    text: str
    width: float
    """In text space units of a font of size 1."""
    is_space_code: bool
    """Whether word spacing applies: a single byte of 32."""


class Face:
    """A font as this module needs it: bytes in, glyphs out."""

    def __init__(self, resource: DictionaryObject) -> None:
        self.resource = resource
        font = Font.from_font_resource(resource)
        matrix = resource.get("/FontMatrix")
        type3 = isinstance(matrix, ArrayObject) and len(matrix) == 6
        self._scale = abs(float(matrix[0])) if type3 and matrix is not None else 0.001
        self._font = font
        self._glyphs: dict[str | int, Glyph] = {}
        self.readable = font.interpretable
        self.bold = bool(_BOLD_NAME.search(font.name)) or bool(font.font_descriptor.flags & _FORCE_BOLD)
        self.space = float(font.space_width) * self._scale

    def decode(self, data: bytes) -> list[Glyph]:
        """The glyphs that `data` shows."""
        encoding = self._font.encoding
        if isinstance(encoding, str):
            try:
                codes: list[str | int] = list(data.decode(encoding, "surrogatepass"))
            except (UnicodeDecodeError, LookupError):
                codes = list(data.decode("utf-16-be", "replace"))
        else:
            codes = list(data)
        return [self._glyphs.get(code) or self._glyph(code) for code in codes]

    def _glyph(self, code: str | int) -> Glyph:
        font = self._font
        if isinstance(code, int) and isinstance(font.encoding, dict):
            raw, shown = chr(code), str(font.encoding.get(code, chr(code)))
        else:
            raw = shown = str(code)
        text = str(font.character_map.get(shown, shown))
        if len(text) > 1 and text.startswith("/"):  # a glyph name that stands for no known character
            text = "\N{REPLACEMENT CHARACTER}"
        width = font.space_width if raw == font.space_char else font.get_text_width(raw)
        glyph = self._glyphs[code] = Glyph(text, float(width) * self._scale, code == 32)
        return glyph


@dataclass(frozen=True, slots=True)
class Drawing:
    """A stream of operators with the resources it names: a page's own, or a form's that is drawn on it."""

    stream: Any
    resources: DictionaryObject
    page: PageObject
    fonts: dict[int, Face]
    """Those met so far in the file; by identity of their dictionaries, which the faces keep alive."""
    box: Box | None
    """The part of the page that is seen; None where the file gives none that makes sense."""

    def operations(self) -> Iterator[Operation]:
        """The operators in order; raises whatever pypdf raises on a malformed stream."""
        if isinstance(self.stream, (ArrayObject, StreamObject)):
            yield from ContentStream(self.stream, self.page.pdf, "bytes").operations

    def face(self, name: Any) -> Face | None:
        """The font that the content calls `name`."""
        resource = self._resource("/Font", name)
        if not isinstance(resource, DictionaryObject):
            return None
        face = self.fonts.get(id(resource))
        if face is None:
            face = self.fonts[id(resource)] = Face(resource)
        return face

    def drawn(self, name: Any) -> "Drawing | None":
        """The form that the content calls `name`; None for an image or nothing."""
        form = self._resource("/XObject", name)
        if not isinstance(form, StreamObject) or form.get("/Subtype") == "/Image":
            return None
        return replace(self, stream=form, resources=_dictionary(form, "/Resources") or self.resources)

    def is_image(self, name: Any) -> bool:
        """Whether `name` is an image."""
        resource = self._resource("/XObject", name)
        return isinstance(resource, StreamObject) and resource.get("/Subtype") == "/Image"

    @property
    def matrix(self) -> list[Any]:
        """How a form lies on what draws it; empty where it is not turned or moved."""
        matrix = self.stream.get("/Matrix")
        return list(matrix) if isinstance(matrix, ArrayObject) else []

    def _resource(self, kind: str, name: Any) -> Any:
        found = (_dictionary(self.resources, kind) or {}).get(name)
        return found.get_object() if found is not None else None


def open_pages(data: bytes, limits: Limits) -> Iterator[Callable[[], Drawing]]:
    """For each page of the PDF in `data`, a function that gives its drawing; it raises anything if the page is broken.

    Raises `UnreadableDocument` for a file that is encrypted, malformed or too long.
    """
    with apply_configuration(**_CONFIGURATION):
        fonts: dict[int, Face] = {}
        for page in _pages(_open(data), limits):
            yield partial(_drawing_of, page, fonts)


def is_array(operand: Any) -> bool:
    """Whether an operand is an array."""
    return isinstance(operand, ArrayObject)


def _drawing_of(page: PageObject, fonts: dict[int, Face]) -> Drawing:
    contents = page.get("/Contents")
    stream = contents.get_object() if contents is not None else None
    return Drawing(stream, _dictionary(page, "/Resources") or DictionaryObject(), page, fonts, _box_of(page))


def _box_of(page: PageObject) -> Box | None:
    try:
        x0, y0, x1, y1 = (float(edge) for edge in page.cropbox)
    except _BROKEN:
        return None
    return (x0, y0, x1, y1) if x1 - x0 > 1 and y1 - y0 > 1 else None


def _dictionary(holder: DictionaryObject, key: str) -> DictionaryObject | None:
    found = holder.get(key)
    resolved = found.get_object() if found is not None else None
    return resolved if isinstance(resolved, DictionaryObject) else None


def _open(data: bytes) -> PdfReader:
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableDocument("is protected by a password: save it without one")
    except (WrongPasswordError, FileNotDecryptedError) as error:
        raise UnreadableDocument("is protected by a password: save it without one") from error
    except DependencyError as error:
        raise UnreadableDocument("is encrypted in a way that cannot be read: save it without encryption") from error
    except _BROKEN as error:
        raise UnreadableDocument(_malformed(error)) from error
    return reader


def _malformed(error: Exception) -> str:
    if isinstance(error, LimitReachedError):
        return "holds more than any document needs, like a bomb: print it to a new PDF"
    return f"is not a PDF or is damaged ({type(error).__name__}): open it and print it to a new PDF"


def _pages(reader: PdfReader, limits: Limits) -> list[PageObject]:
    try:
        count = len(reader.pages)
        if count > limits.pages:
            raise UnreadableDocument(f"has {count:,} pages and at most {limits.pages:,} are read: split it")
        if count == 0:
            raise UnreadableDocument("has no pages: open it and print it to a new PDF")
        return list(reader.pages)
    except _BROKEN as error:
        raise UnreadableDocument(_malformed(error)) from error
