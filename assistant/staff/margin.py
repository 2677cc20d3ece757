"""The mail as it is shown: in pieces, the questions among them with their numbers, and what is not the sender's own."""

from dataclasses import dataclass
from itertools import pairwise

from assistant.staff.work import Work


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the mail's text; `number` is that of the question that it asks."""

    text: str
    number: int | None
    own: bool
    """Whether the sender wrote it, or passed it on."""


def pieces_of(work: Work) -> tuple[Piece, ...]:
    """The whole text of the mail, in order. Of two questions at one place, the first has it."""
    text = work.mail.text
    asked: list[tuple[int, int, int]] = []
    for number, question in enumerate(work.questions, start=1):
        start, end = question.found.start, question.found.end
        if start is not None and end is not None and all(end <= a or start >= b for a, b, _ in asked):
            asked.append((start, end, number))
    own = [*work.mail.own, *work.mail.forwarded]
    edges = sorted({0, len(text), *(edge for a, b, _ in asked for edge in (a, b)), *(edge for s in own for edge in s)})
    return tuple(
        Piece(
            text[start:end],
            next((number for a, b, number in asked if a <= start < b), None),
            any(a <= start < b for a, b in own),
        )
        for start, end in pairwise(edges)
        if start < end
    )
