"""Signs that people put before list items, shared by plain text, PDF and line breaks in HTML and DOCX."""

import re
from dataclasses import dataclass

BULLETS = "◊•‣⁃◦▪▫·●○■□◆◇►▸➢➤✓✔–—*-"
"""Characters that stand alone before an item."""

_BULLET = re.compile(rf"(?P<mark>[{re.escape(BULLETS)}]|o(?=[ \t]{{2}}|\t))[ \t]+(?=\S)")
_NUMBER = re.compile(r"(?P<mark>\(?(?P<number>\d{1,3})[.)])[ \t]+(?=\S)")
_LETTER = re.compile(r"(?P<mark>\((?:[a-z]|[ivx]{1,5})\)|(?:[a-z]|[ivx]{2,5})\))[ \t]+(?=\S)")

TERMINAL = ".!?:;…。！？"
"""Characters that end a sentence or a clause before a list."""
_CLOSERS = "\"'”’»)]*_"


@dataclass(frozen=True, slots=True)
class Mark:
    """A list mark at the start of a line."""

    length: int
    """Characters of the mark and the white space after it."""
    number: int | None = None
    """Of a numbered item."""


def find_mark(line: str) -> Mark | None:
    """The list mark that `line`, without leading white space, starts with."""
    bullet = _BULLET.match(line)
    if bullet:
        return None if line[bullet.end()] in "*-–—" else Mark(bullet.end())
    number = _NUMBER.match(line)
    if number:
        return Mark(number.end(), int(number["number"]))
    letter = _LETTER.match(line)
    return Mark(letter.end()) if letter else None


def ends_sentence(line: str) -> bool:
    """Whether `line` ends with a sentence's or a clause's last mark, closing quotes and brackets aside."""
    bare = line.rstrip().rstrip(_CLOSERS)
    return not bare or bare[-1] in TERMINAL


def starts_lower(line: str) -> bool:
    """Whether the first character of `line` is a small letter."""
    return line[:1].islower()
