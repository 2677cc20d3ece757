"""Which items of a PDF are headings, how deep lists go, and what is only a table of contents."""

import re
from collections import Counter

from corpus.pdf_items import Item
from corpus.pdf_lines import Line
from corpus.records import BlockKind

_HEADING_SIZE = 1.12
"""A heading is at least this much larger than the text, unless it is bold."""
_MAX_HEADING = 200
_MAX_BOLD_HEADING = 120
"""Characters; longer than that, bold words are emphasis."""
_MAX_HEADING_LINES = 4
_SECTION_NUMBER = re.compile(r"\d{1,2}(?:\.\d{1,2})+\.?\s+[^\W\d_]")
_CONTENTS = re.compile(
    r"(?:table of )?contents|inhalt(?:sverzeichnis|sübersicht)?|table des matières|sommaire|índice|indice|sommario|"
    r"inhoud(?:sopgave)?|spis treści|obsah|cuprins|зміст|съдържание|περιεχόμενα",
    re.IGNORECASE,
)
_LAST_NUMBER = re.compile(r"(?<!\S)(\d{1,4})$")


def find_structure(items: list[Item], body: float) -> None:
    """Give each item its kind and level; `body` is the size of the running text."""
    _mark_contents(items)
    for item in items:
        _classify(item, body)
    _rank_headings(items)
    _nest_lists(items)


def body_size(pages: list[list[Line]]) -> float:
    """The size most of the text is set in."""
    weight: Counter[float] = Counter()
    for line in (line for lines in pages for line in lines):
        weight[round(line.size * 2) / 2] += len(line.text)
    return weight.most_common(1)[0][0] if weight else 0.0


def _mark_contents(items: list[Item]) -> None:
    """Take the lines under a heading “Contents” that end in rising page numbers for the table of contents."""
    last: int | None = None
    for item in items:
        if _CONTENTS.fullmatch(item.text.strip(" .:")):
            last = 0
            continue
        number = _LAST_NUMBER.search(item.text)
        if last is None or item.is_contents:
            continue
        if number and len(item.text) <= _MAX_HEADING and int(number[1]) >= last:
            item.is_contents, last = True, int(number[1])
        else:
            last = None


def _classify(item: Item, body: float) -> None:
    """Make a heading of a paragraph that looks like one."""
    if item.kind is not BlockKind.PARAGRAPH or item.is_contents or not any(c.isalpha() for c in item.text):
        return
    text = item.text
    large = item.size >= _HEADING_SIZE * body and len(text) <= _MAX_HEADING and len(item.lines) <= _MAX_HEADING_LINES
    bold = item.bold and len(text) <= _MAX_BOLD_HEADING and len(item.lines) <= 2 and item.size >= 0.95 * body
    numbered = len(item.lines) == 1 and len(text) <= _MAX_BOLD_HEADING and bool(_SECTION_NUMBER.match(text))
    if (large or bold or numbered) and not text.rstrip("\"'”’»)").endswith((".", ",", ";")) and len(text) > 1:
        item.kind = BlockKind.HEADING


def _rank_headings(items: list[Item]) -> None:
    """Levels by size, the largest first; at the same size bold comes before regular."""
    headings = [item for item in items if item.kind is BlockKind.HEADING]
    looks = sorted({_look(item) for item in headings}, reverse=True)
    for item in headings:
        item.level = min(looks.index(_look(item)) + 1, 6)


def _look(item: Item) -> tuple[float, bool]:
    return round(item.size), item.bold


def _nest_lists(items: list[Item]) -> None:
    """Depth of list items by how far they are set in."""
    edges: list[float] = []
    for item in items:
        if item.kind is not BlockKind.LIST_ITEM:
            edges = []
            continue
        x0, em = item.lines[0].x0 - item.lines[0].left, item.size
        while edges and x0 < edges[-1] - 0.5 * em:
            edges.pop()
        if not edges or x0 > edges[-1] + 0.5 * em:
            edges.append(x0)
        item.level = len(edges)
