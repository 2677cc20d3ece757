"""The blocks of a PDF before they have a place in the document's text."""

from dataclasses import dataclass, field

from corpus.pdf_lines import Line
from corpus.records import BlockKind


@dataclass(slots=True)
class Piece:
    """Text of an item on one page."""

    page: int
    text: str


@dataclass(slots=True)
class Item:
    """One block before it has a place in the document's text."""

    kind: BlockKind
    pieces: list[Piece]
    size: float
    bold: bool
    level: int = 0
    mark: str = ""
    is_contents: bool = False
    """Whether it is a line of a table of contents, which is read and not cited."""
    lines: list[Line] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The whole text."""
        return " ".join(piece.text for piece in self.pieces)
