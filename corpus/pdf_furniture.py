"""Headers, footers and page numbers: lines at a page's edge that repeat from page to page."""

import re
from collections import Counter

from corpus.pdf_lines import Line

_EDGE_LINES = 3
"""How many lines from the top and from the bottom may be furniture."""
_MIN_PAGES = 3
_MIN_SHARE = 0.5
_MIN_LEFT = 0.3
"""Share of the text that must be left."""
_MAX_TITLE = 100
"""Characters of a running title."""
_NO_NUMBER = -(10**6)
_FIRST_NUMBER = re.compile(r"^[\s|–-]*(\d{1,4})(?=[\s|–-]|$)")
_LAST_NUMBER = re.compile(r"(?:^|(?<=[\s|–-]))(\d{1,4})[\s|–-]*$")
_ROMAN_NUMBER = re.compile(r"[ivxl]{1,6}")
_PAGE_NUMBER = re.compile(
    r"[-–—|\s]*(?:(?:page|seite|pagina|página|p\.|стр\.?|сторінка)\s*)?(\d{1,4})"
    r"(?:\s*(?:/|of|von|de|di|sur|van|з)\s*\d{1,4})?[-–—|\s]*",
    re.IGNORECASE,
)


def without_furniture(pages: list[list[Line]]) -> list[list[Line]]:
    """The lines of each page without what repeats at the top or the bottom.

    A line goes if it stands there in the same words on three pages, a page number that rises with the pages aside;
    or, all digits aside, on half of the pages; or if it is the page's own number alone. Where such a number is known,
    the outermost line that begins or ends with it goes too: the title of a short section. Where hardly any text would
    be left, nothing is taken away.
    """
    edges = [_edges(lines) for lines in pages]
    seen: Counter[tuple[str, str, int]] = Counter()
    masked: Counter[tuple[str, str]] = Counter()
    for number, page in enumerate(edges, start=1):
        seen.update({(side, *key) for side, line in page for key in _keys(line.text, number)})
        masked.update({(side, _mask(line.text)) for side, line in page})
    rising = {
        (side, ahead)
        for (side, words, ahead), times in seen.items()
        if times >= _MIN_PAGES and words and ahead != _NO_NUMBER
    }
    enough = max(_MIN_PAGES, _MIN_SHARE * len(pages))

    def repeats(side: str, line: Line, number: int) -> bool:
        exact = any(seen[side, *key] >= _MIN_PAGES for key in _keys(line.text, number))
        return exact or masked[side, _mask(line.text)] >= enough

    def is_numbered(side: str, line: Line, number: int) -> bool:
        return any((side, ahead) in rising for _, ahead in _keys(line.text, number)[1:])

    cleaned: list[list[Line]] = []
    for number, (lines, page) in enumerate(zip(pages, edges, strict=True), start=1):
        gone: set[int] = set()
        for side in ("top", "bottom"):
            # From the edge inwards: what stands beyond a line of the text is text itself.
            inwards = [line for own, line in page if own == side]
            for line in inwards:
                numbered = line is inwards[0] and len(line.text) <= _MAX_TITLE and is_numbered(side, line, number)
                if not (repeats(side, line, number) or numbered or _is_page_number(line, lines, number)):
                    break
                gone.add(id(line))
        cleaned.append([line for line in lines if id(line) not in gone])
    return cleaned if _length(cleaned) >= _MIN_LEFT * _length(pages) else pages


def _length(pages: list[list[Line]]) -> int:
    return sum(len(line.text) for lines in pages for line in lines)


def _edges(lines: list[Line]) -> list[tuple[str, Line]]:
    """The lines nearest to the top and to the bottom of a page, outermost first."""
    down = sorted((line for line in lines if line.upright), key=lambda line: -line.y)
    return [("top", line) for line in down[:_EDGE_LINES]] + [("bottom", line) for line in down[: -_EDGE_LINES - 1 : -1]]


def _keys(text: str, page: int) -> list[tuple[str, int]]:
    """What is the same in one header on all its pages: its words, and how far its number is ahead of the page's.

    “Article 5” on page 9 and “Article 6” on page 12 differ in the second.
    """
    keys = [(text.casefold(), _NO_NUMBER)]
    for pattern in (_FIRST_NUMBER, _LAST_NUMBER):
        match = pattern.search(text)
        if match:
            rest = (text[: match.start()] + text[match.end() :]).strip(" |–-").casefold()
            keys.append((rest, int(match[1]) - page))
    return keys


def _mask(text: str) -> str:
    return re.sub(r"\d+", "#", text).casefold()


def _is_page_number(line: Line, lines: list[Line], number: int) -> bool:
    heights = [other.y for other in lines if other.upright]
    if line.y not in {min(heights), max(heights)}:
        return False
    match = _PAGE_NUMBER.fullmatch(line.text)
    return bool(match and match[1] == str(number)) or bool(number > 1 and _ROMAN_NUMBER.fullmatch(line.text))
