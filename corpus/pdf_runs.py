"""The pieces of text on a PDF's pages, each with its place, size and weight.

The text-showing operators are followed as ISO 32000-2:2020, 9.4, describes them.
"""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, cast

from corpus.limits import Limits
from corpus.pdf_bidi import logical
from corpus.pdf_file import Box, Drawing, Face, is_array, open_pages

_MAX_FORM_DEPTH = 12
_MAX_FORMS = 2_000
_WORD_GAP = 0.5
"""A gap from this share of a space on separates words, as in pypdf's own extraction."""
_GAP_SPACES = 3
"""As many spaces in a row are no word gap: they set a column apart."""
_COLUMN_GAP = 0.9
"""A gap wider than this share of the font size is more than a word gap, even in justified text."""

Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text on one baseline, in points, with the page turned so that the text is upright."""

    text: str
    x0: float
    x1: float
    y: float
    """Of the baseline, upwards."""
    size: float
    bold: bool
    space: float
    """Width of a space in this font."""
    space_before: bool
    space_after: bool


@dataclass(slots=True)
class PageRuns:
    """What stands on one page."""

    number: int
    """1-based."""
    directions: list[list[Run]] = field(default_factory=list)
    """Runs by direction of writing, the prevailing one first."""
    has_image: bool = False
    failed: bool = False
    """Whether the page is malformed, so that none of its text could be read."""


def read_pages(data: bytes, limits: Limits) -> Iterator[PageRuns]:
    """The pages of the PDF in `data`, one after the other.

    Raises `UnreadableDocument` for a file that is encrypted, malformed or too long.
    """
    for number, drawing_of_page in enumerate(open_pages(data, limits), start=1):
        interpreter = _Interpreter()
        try:
            interpreter.read(drawing_of_page())
        except (MemoryError, RecursionError):
            raise
        except Exception:  # noqa: BLE001 - a broken page makes pypdf raise anything; the caller reports the page
            yield PageRuns(number, failed=True)
        else:
            yield PageRuns(number, interpreter.directions(), interpreter.has_image)


@dataclass(slots=True)
class _State:
    """The part of the graphics state that places text."""

    ctm: Matrix = _IDENTITY
    face: Face | None = None
    size: float = 0.0
    char_spacing: float = 0.0
    word_spacing: float = 0.0
    scale: float = 1.0
    leading: float = 0.0
    rise: float = 0.0


class _Interpreter:
    """Follows one page's drawing."""

    def __init__(self) -> None:
        self.has_image = False
        self._state = _State()
        self._stack: list[_State] = []
        self._text: Matrix = _IDENTITY
        self._line: Matrix = _IDENTITY
        self._marked: list[bool] = []
        """For each marked-content sequence that is open, whether it is an artifact: no part of the text itself."""
        self._found: list[tuple[int, bool, Run]] = []
        """Direction in degrees, whether it is an artifact or off the page, and the run."""
        self._box: Box | None = None
        self._forms = 0
        self._open_forms: list[int] = []

    def directions(self) -> list[list[Run]]:
        """The runs by direction, without artifacts and what lies off the page unless there is nothing else."""
        real = [(angle, run) for angle, aside, run in self._found if not aside]
        chosen = real or [(angle, run) for angle, _, run in self._found]
        weight: Counter[int] = Counter()
        for angle, run in chosen:
            weight[angle] += len(run.text)
        return [[run for other, run in chosen if other == angle] for angle, _ in weight.most_common()]

    def read(self, drawing: Drawing) -> None:
        """Follow the operators of a page or a form; raises whatever a malformed one makes pypdf raise."""
        self._box = drawing.box
        for operands, operator in drawing.operations():
            self._apply(operator, operands, drawing)

    def _apply(self, operator: bytes, operands: list[Any], drawing: Drawing) -> None:
        state = self._state
        match operator:
            case b"Tj":
                self._show(operands[:1])
            case b"TJ":
                self._show(operands[0] if operands and is_array(operands[0]) else [])
            case b"'":
                self._next_line(0.0, -state.leading)
                self._show(operands[:1])
            case b'"' if len(operands) >= 3:
                state.word_spacing, state.char_spacing = _numbers(operands[:2], 2)
                self._next_line(0.0, -state.leading)
                self._show(operands[2:3])
            case b"Td":
                self._next_line(*_numbers(operands, 2))
            case b"TD":
                x, y = _numbers(operands, 2)
                state.leading = -y
                self._next_line(x, y)
            case b"T*":
                self._next_line(0.0, -state.leading)
            case b"Tm":
                self._text = self._line = _matrix(operands)
            case b"BT":
                self._text = self._line = _IDENTITY
            case b"Tf":
                state.face = drawing.face(operands[0] if operands else None) or state.face
                state.size = _numbers(operands[1:], 1)[0]
            case b"Tc":
                state.char_spacing = _numbers(operands, 1)[0]
            case b"Tw":
                state.word_spacing = _numbers(operands, 1)[0]
            case b"Tz":
                state.scale = _numbers(operands, 1)[0] / 100
            case b"TL":
                state.leading = _numbers(operands, 1)[0]
            case b"Ts":
                state.rise = _numbers(operands, 1)[0]
            case b"q":
                self._stack.append(replace(state))
            case b"Q":
                self._state = self._stack.pop() if self._stack else _State()
            case b"cm":
                state.ctm = _multiply(_matrix(operands), state.ctm)
            case b"BMC" | b"BDC":
                self._marked.append(bool(operands) and operands[0] == "/Artifact")
            case b"EMC":
                if self._marked:
                    self._marked.pop()
            case b"Do":
                self._draw(operands[0] if operands else None, drawing)
            case b"INLINE IMAGE":
                self.has_image = True
            case _:
                pass

    def _next_line(self, x: float, y: float) -> None:
        self._text = self._line = _multiply((1.0, 0.0, 0.0, 1.0, x, y), self._line)

    def _draw(self, name: Any, drawing: Drawing) -> None:
        """Follow a form, which may draw others; one that draws itself, or too many, are left out."""
        self.has_image = self.has_image or drawing.is_image(name)
        form = drawing.drawn(name)
        self._forms += 1
        if form is None or self._forms > _MAX_FORMS or len(self._open_forms) >= _MAX_FORM_DEPTH:
            return
        if id(form.stream) in self._open_forms:
            return
        outer = (replace(self._state), self._text, self._line, self._stack)
        self._open_forms.append(id(form.stream))
        self._stack = []
        self._state.ctm = _multiply(_matrix(form.matrix), self._state.ctm)
        self.read(form)
        self._open_forms.pop()
        self._state, self._text, self._line, self._stack = outer

    def _show(self, pieces: list[Any]) -> None:
        """Place the glyphs of the strings in `pieces`, which numbers between them move apart or together."""
        state = self._state
        if state.face is None:
            return
        placed = _Placed(self, state.face.space * state.size * state.scale, state.size * state.scale)
        size, scale, character, word = state.size, state.scale, state.char_spacing, state.word_spacing
        position = 0.0
        for piece in pieces:
            if isinstance(piece, (int, float)):
                position -= float(piece) / 1000 * size * scale
            elif isinstance(piece, (bytes, str)):
                data = piece if isinstance(piece, bytes) else piece.encode("latin-1", "replace")
                for glyph in state.face.decode(data):
                    end = position + glyph.width * size * scale
                    after = end + (character + (word if glyph.is_space_code else 0.0)) * scale
                    placed.add(glyph.text, position, end, after)
                    position = after
        placed.flush()
        a, b, c, d, e, f = self._text
        self._text = (a, b, c, d, e + position * a, f + position * b)

    def place(self, text: str, start: float, end: float, before: bool, after: bool) -> None:
        """Record `text` between two distances from the current point, in text space."""
        state, face = self._state, self._state.face
        if face is None or not face.readable:
            return
        matrix = _multiply((1.0, 0.0, 0.0, 1.0, 0.0, state.rise), _multiply(self._text, state.ctm))
        a, b, c, d, _, _ = matrix
        angle = (0 if a > 0 else 180) if abs(a) >= abs(b) else (90 if b > 0 else 270)
        place = _point(matrix, start)
        x0, y0 = _turn(place, angle)
        x1, _ = _turn(_point(matrix, end), angle)
        size = abs(state.size) * math.hypot(c, d)
        space = face.space * abs(state.size) * abs(state.scale) * math.hypot(a, b)
        if not all(map(math.isfinite, (x0, x1, y0, size, space))) or size <= 0:
            return
        run = Run(text, min(x0, x1), max(x0, x1), y0, size, face.bold, space, before, after)
        self._found.append((angle, any(self._marked) or self._is_off_page(place, size), run))

    def _is_off_page(self, place: tuple[float, float], size: float) -> bool:
        """Whether text that starts at `place` is not seen; hidden text must not be quoted."""
        if self._box is None:
            return False
        x0, y0, x1, y1 = self._box
        return not (x0 - size <= place[0] <= x1 + size and y0 - size <= place[1] <= y1 + size)


class _Placed:
    """Gathers glyphs into runs: a word gap becomes a space, a wide gap or a step back ends the run."""

    def __init__(self, interpreter: _Interpreter, space: float, size: float) -> None:
        self._interpreter = interpreter
        self._word_gap = _WORD_GAP * min(max(space, 0.2 * size), 0.35 * size)
        self._column_gap = _COLUMN_GAP * size
        self._parts: list[str] = []
        self._spaces = 0
        self._start = self._end = self._after = 0.0
        self._led = False

    def add(self, text: str, start: float, end: float, after: float) -> None:
        """One more glyph, between two distances from the current point; the next is expected `after`."""
        if not text.strip():
            self._spaces += 1
            if self._spaces < _GAP_SPACES:
                self._after = after
            return
        if self._parts:
            gap = start - self._after
            if abs(gap) > self._column_gap:
                self.flush()
            elif self._spaces or gap > self._word_gap:
                self._parts.append(" ")
        if not self._parts:
            self._start, self._led = start, self._spaces > 0
        self._spaces = 0
        self._parts.append(text)
        self._end, self._after = end, after

    def flush(self) -> None:
        """End the run that is open."""
        if self._parts:
            text = logical(self._parts)
            self._interpreter.place(text, self._start, self._end, self._led, self._spaces > 0)
            self._parts.clear()


def _numbers(operands: list[Any], count: int) -> list[float]:
    """The first `count` operands, 0 for each that is no number."""
    found = [float(o) if isinstance(o, (int, float)) and math.isfinite(o) else 0.0 for o in operands[:count]]
    return found + [0.0] * (count - len(found))


def _matrix(operands: list[Any]) -> Matrix:
    return cast(Matrix, tuple(_numbers(operands, 6))) if len(operands) >= 6 else _IDENTITY


def _multiply(m: Matrix, n: Matrix) -> Matrix:
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


def _point(matrix: Matrix, x: float) -> tuple[float, float]:
    return matrix[0] * x + matrix[4], matrix[1] * x + matrix[5]


def _turn(point: tuple[float, float], angle: int) -> tuple[float, float]:
    """`point` on the page turned so that text written at `angle` runs to the right."""
    x, y = point
    match angle:
        case 90:
            return y, -x
        case 180:
            return -x, -y
        case 270:
            return -y, x
        case _:
            return x, y
