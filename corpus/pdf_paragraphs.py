"""Lines of a PDF become paragraphs, headings, list items and table rows, across columns and pages."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from statistics import median

from corpus.marks import Mark, ends_sentence, find_mark, starts_lower
from corpus.pdf_hyphens import HYPHENS, joined, vocabulary
from corpus.pdf_items import Item, Piece
from corpus.pdf_lines import Line
from corpus.pdf_structure import body_size, find_structure
from corpus.records import BlockKind

_SAME_SIZE = 0.12
_PARAGRAPH_GAP = 1.35
"""Times the usual distance of lines."""
_MIN_STEPS = 4
"""Fewer lines do not show how far apart lines usually are."""
_FOOTNOTE_SIZE = 0.92
_INDENT = 0.8
"""Ems a paragraph's first line is set in."""
_LEADERS = re.compile(r"\.{4,}|(?:\. ){4,}|…{2,}")
"""The dots between a title and its page number."""


def read_items(pages: list[list[Line]]) -> list[Item]:
    """The items on all pages, in reading order."""
    words = vocabulary(pages)
    body = body_size(pages)
    items: list[Item] = []
    for number, lines in enumerate(pages, start=1):
        found = list(_page_items(number, lines, words))
        items += _continue(items, found, body, words)
    find_structure(items, body)
    return items


def _page_items(number: int, lines: list[Line], words: Counter[str]) -> Iterator[Item]:
    """The items of one page; regions are kept apart here."""
    pitch = _pitches(lines)
    rows = _table_rows(lines)
    item: Item | None = None
    for position, line in enumerate(lines):
        mark = None if rows[position] else find_mark(line.text.replace(" | ", " ", 1))
        if item is not None and not rows[position] and _continues(item, line, mark, pitch[line.region]):
            _append(item, line, words)
            continue
        if item is not None:
            yield item
        item = _start(number, line, mark, is_row=rows[position])
        if rows[position] and line.bold and not (position and rows[position - 1]) and not lines[position + 1].bold:
            item.kind = BlockKind.TABLE_HEADER
    if item is not None:
        yield item


def _start(number: int, line: Line, mark: Mark | None, *, is_row: bool) -> Item:
    if is_row:
        return Item(BlockKind.TABLE_ROW, [Piece(number, line.text)], line.size, line.bold, lines=[line])
    text = line.text.replace(" | ", " ")
    if mark is not None:
        shown, rest = text[: mark.length], text[mark.length :]
        return Item(BlockKind.LIST_ITEM, [Piece(number, rest)], line.size, line.bold, 1, shown, lines=[line])
    contents = bool(_LEADERS.search(text))
    return Item(BlockKind.PARAGRAPH, [Piece(number, text)], line.size, line.bold, is_contents=contents, lines=[line])


def _pitches(lines: list[Line]) -> dict[int, float]:
    """The usual distance of lines in each region, in sizes of their text."""
    steps: dict[int, list[float]] = {line.region: [] for line in lines}
    for before, line in pairwise(lines):
        drop = (before.y - line.y) / line.size
        if before.region == line.region and 0 < drop < 3 and abs(before.size - line.size) <= _SAME_SIZE * line.size:
            steps[line.region].append(drop)
    every = [step for found in steps.values() for step in found]
    usual = median(every) if every else 0.0
    return {r: median(found) if len(found) >= _MIN_STEPS else usual for r, found in steps.items()}


def _table_rows(lines: list[Line]) -> list[bool]:
    """Which lines are rows of a table: set in cells, next to another such line."""
    found = [False] * len(lines)
    for position, (before, line) in enumerate(pairwise(lines)):
        if before.region == line.region and _is_row(before) and _is_row(line) and before.y - line.y < 4 * line.size:
            found[position] = found[position + 1] = True
    return found


def _is_row(line: Line) -> bool:
    """Whether a line holds cells, apart from a list mark or a number that stands before a text."""
    if line.cells < 2 or _LEADERS.search(line.text):
        return False
    first = line.text.split(" | ", 1)[0]
    return line.cells > 2 or not (find_mark(first + " x") or re.fullmatch(r"[\d.]{1,8}|[•–-]", first))


def _continues(item: Item, line: Line, mark: Mark | None, pitch: float) -> bool:
    """Whether `line` goes on with `item`, both in one region."""
    before = item.lines[-1]
    if item.kind in {BlockKind.TABLE_ROW, BlockKind.TABLE_HEADER} or before.region != line.region or item.is_contents:
        return False
    if abs(before.size - line.size) > _SAME_SIZE * before.size or _LEADERS.search(line.text):
        return False
    drop = before.y - line.y
    if drop <= 0 or drop > _PARAGRAPH_GAP * max(pitch, 1.0) * line.size:
        return False
    if mark is not None and not _is_number_in_text(item, before, line, mark):
        return False
    if before.text[-1] in HYPHENS and starts_lower(line.text):
        return True
    if before.bold != line.bold and (item.bold or line.bold) and _is_full_line_change(before, line):
        return False
    em = line.size
    if item.kind is BlockKind.LIST_ITEM:
        first = item.lines[0]
        if line.x0 < first.x0 - 0.5 * em:
            return False
        if line.x0 > first.x0 + 0.3 * em:
            return True
    elif line.x0 > before.x0 + _INDENT * em and line.x0 > line.left + _INDENT * em and _ended(before, line):
        return False
    if not _ended_early(before, line):
        return not (line.x0 > before.x0 + _INDENT * em and ends_sentence(before.text))
    width = max(line.right - line.left, 1.0)
    runs_on = starts_lower(line.text) and not ends_sentence(before.text)
    return runs_on and (before.x1 - line.left) > 0.5 * width


def _is_number_in_text(item: Item, before: Line, line: Line, mark: Mark) -> bool:
    """A number at a line's start in the middle of a paragraph, as in “until 31. January”."""
    if mark.number in {None, 1} or ends_sentence(before.text) or _ended_early(before, line):
        return False
    return item.kind is BlockKind.PARAGRAPH or line.x0 > item.lines[0].x0 + 0.3 * line.size


def _is_full_line_change(before: Line, line: Line) -> bool:
    """Whether bold print that starts or ends at this line break sets a heading apart, rather than stressing words."""
    short = line.bold and line.x1 < line.right - 2 * line.size and not starts_lower(line.text)
    return short or _ended(before, line)


def _ended(before: Line, line: Line) -> bool:
    return ends_sentence(before.text) or _ended_early(before, line)


def _ended_early(before: Line, line: Line) -> bool:
    """Whether the first word of `line` would have fitted at the end of `before`."""
    word = len(line.text.split(None, 1)[0]) + 1
    per_character = (line.x1 - line.x0) / max(len(line.text), 1)
    return before.x1 + word * per_character < before.right - 0.3 * line.size


def _append(item: Item, line: Line, words: Counter[str]) -> None:
    last = item.pieces[-1]
    last.text = joined(last.text, line.text.replace(" | ", " "), words)
    item.bold = item.bold and line.bold
    item.lines.append(line)


def _continue(items: list[Item], found: list[Item], body: float, words: Counter[str]) -> list[Item]:
    """The items of a page, those that go on in the next column or from the page before joined to their beginnings.

    Footnotes at the foot of the page before stand between the two halves of a paragraph; they are put before it.
    """
    result: list[Item] = []
    for item in found:
        earlier = result or items
        unfinished = _unfinished(earlier, body)
        if unfinished is None or not _goes_on(earlier[unfinished], item):
            result.append(item)
            continue
        first = earlier.pop(unfinished)
        _join_items(first, item, words)
        earlier.append(first)
    return result


def _unfinished(items: list[Item], body: float) -> int | None:
    """The last item, footnotes aside, if it may go on."""
    position = len(items) - 1
    while position > 0 and items[position].size < _FOOTNOTE_SIZE * body and len(items) - position < 8:
        position -= 1
    if position < 0 or items[position].kind not in {BlockKind.PARAGRAPH, BlockKind.LIST_ITEM}:
        return None
    return position


def _goes_on(item: Item, following: Item) -> bool:
    last, first = item.lines[-1], following.lines[0]
    if following.kind is not BlockKind.PARAGRAPH or following.is_contents or item.is_contents:
        return False
    if item.pieces[-1].page == following.pieces[0].page and last.region == first.region:
        return False
    if abs(item.size - following.size) > 0.05 * item.size or item.bold != following.bold:
        return False
    if ends_sentence(last.text):
        return False
    return starts_lower(first.text) or (len(item.lines) > 1 and not _ended_early(last, first))


def _join_items(item: Item, following: Item, words: Counter[str]) -> None:
    last, first = item.pieces[-1], following.pieces[0]
    if last.page == first.page:
        last.text = joined(last.text, first.text, words)
        item.pieces += following.pieces[1:]
    elif last.text[-1] in HYPHENS and starts_lower(first.text):
        # The whole word stays on the page it begins on.
        word, _, rest = first.text.partition(" ")
        last.text = joined(last.text, word, words)
        item.pieces += [Piece(first.page, rest), *following.pieces[1:]] if rest else following.pieces[1:]
    else:
        item.pieces += following.pieces
    item.lines += following.lines
