"""Runs of text on a page become lines in reading order, columns one after the other.

Columns are told from tables by what fills them: running text reaches the right edge of its column line after line.
The page is cut along white corridors as in Nagy and Seth's recursive X-Y cut (1984), without the horizontal cuts.
"""

import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from corpus.clean import SYMBOL_BULLETS, clean
from corpus.marks import BULLETS, find_mark, starts_lower
from corpus.pdf_bidi import is_mostly_rtl
from corpus.pdf_runs import Run

_SAME_LINE = 0.35
"""Baselines closer than this share of the smaller size are one line."""
_SCRIPT = 0.5
"""A smaller run this share of the bigger size above or below is a super- or subscript."""
_DUPLICATE = 0.2
"""Share of the size within which the same text drawn again only makes it bolder."""
_CELL_GAP = 1.5
"""Ems of white between the cells of a table."""
_CORRIDOR = 0.6
"""Ems of white between columns."""
_MIN_COLUMN_LINES = 4
_MIN_FILL = 0.6
_MIN_FILL_RUNNING = 0.4
_MIN_RUNNING = 0.25
"""Where this share of the lines starts with a small letter or a list mark, the text runs on from line to line."""
_MIN_CHARACTERS = 18
"""Median per line; the columns of tables and forms hold fewer."""
_MAX_COLUMNS = 4
_WORD_GAP = 0.5
_UNDECODED = "\N{REPLACEMENT CHARACTER}"
"""At a line's start such a glyph, as of a symbol font, is a bullet."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text inside its column, lengths in points."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    region: int
    """Number of the column or band it stands in; lines of one region follow each other."""
    left: float
    right: float
    """Edges of the region."""
    upright: bool
    """Whether it runs in the page's prevailing direction."""
    cells: int = 1
    """Pieces set apart by wide gaps; ` | ` stands between them."""


def page_lines(directions: list[list[Run]]) -> list[Line]:
    """The lines of a page in reading order; text written in other directions comes last."""
    lines: list[Line] = []
    for position, runs in enumerate(directions):
        for region in _regions(_without_duplicates(runs), depth=0):
            lines += _lines_of(region, lines[-1].region + 1 if lines else 0, upright=position == 0)
    return lines


def _without_duplicates(runs: list[Run]) -> list[Run]:
    seen: dict[str, list[Run]] = {}
    kept: list[Run] = []
    for run in runs:
        near = _DUPLICATE * run.size
        same = seen.setdefault(run.text, [])
        if any(abs(run.x0 - other.x0) < near and abs(run.y - other.y) < near for other in same[-8:]):
            continue
        same.append(run)
        kept.append(run)
    return kept


def _rows(runs: list[Run]) -> list[list[Run]]:
    """Runs on one baseline, from top to bottom, each row from left to right."""
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda r: (-r.y, r.x0)):
        if rows and abs(rows[-1][0].y - run.y) <= _SAME_LINE * min(rows[-1][0].size, run.size):
            rows[-1].append(run)
        else:
            rows.append([run])
    joined: list[list[Run]] = []
    for row in rows:
        if joined and (_are_scripts(joined[-1], row) or _are_scripts(row, joined[-1])):
            joined[-1] += row
        else:
            joined.append(row)
    for row in joined:
        row.sort(key=lambda r: r.x0)
    return joined


def _are_scripts(row: list[Run], other: list[Run]) -> bool:
    """Whether all of `row` is super- or subscripts of `other`: each stretch of it touches a bigger run."""
    stretches: list[list[Run]] = []
    for run in sorted(row, key=lambda r: r.x0):
        if stretches and run.x0 - stretches[-1][-1].x1 < 0.5 * run.size:
            stretches[-1].append(run)
        else:
            stretches.append([run])
    return all(any(_is_script(small, big) for small in stretch for big in other) for stretch in stretches)


def _is_script(small: Run, big: Run) -> bool:
    beside = min(abs(small.x0 - big.x1), abs(big.x0 - small.x1)) < 0.5 * big.size
    return beside and small.size < 0.85 * big.size and abs(small.y - big.y) <= _SCRIPT * big.size


def _regions(runs: list[Run], depth: int) -> list[list[Run]]:
    """The runs in reading order, split into columns and the bands between them."""
    if depth >= _MAX_COLUMNS - 1 or len(runs) < 2 * _MIN_COLUMN_LINES:
        return [runs] if runs else []
    rows = _rows(runs)
    best = _best_split(rows)
    if best is None:
        return [runs]
    edge, first, last = best
    band = [run for row in rows[first : last + 1] for run in row]
    above = [run for row in rows[:first] for run in row]
    below = [run for row in rows[last + 1 :] for run in row]
    left = [run for run in band if run.x0 < edge]
    right = [run for run in band if run.x0 >= edge]
    return [
        *_regions(above, depth),
        *_regions(left, depth + 1),
        *_regions(right, depth + 1),
        *_regions(below, depth),
    ]


def _best_split(rows: list[list[Run]]) -> tuple[float, int, int] | None:
    """The left edge of a right-hand column with its first and last row, for the tallest pair of columns."""
    x0, x1 = min(r.x0 for row in rows for r in row), max(r.x1 for row in rows for r in row)
    width = x1 - x0
    starts: dict[int, int] = {}
    for row in rows:
        for before, run in zip([None, *row], row, strict=False):
            if before is None or run.x0 - before.x1 > _CORRIDOR * run.size:
                key = round(run.x0 / 3)
                starts[key] = starts.get(key, 0) + 1
    best: tuple[int, tuple[float, int, int]] | None = None
    for key in sorted(starts, key=lambda k: -starts[k])[:8]:
        edge = key * 3 - 2.0
        if starts[key] < _MIN_COLUMN_LINES or not x0 + 0.15 * width < edge < x0 + 0.85 * width:
            continue
        for first, last in _bands(rows, edge):
            count = last - first + 1
            if (best is None or count > best[0]) and _are_columns(rows[first : last + 1], edge):
                best = count, (edge, first, last)
    return best[1] if best else None


def _bands(rows: list[list[Run]], edge: float) -> list[tuple[int, int]]:
    """Stretches of rows that keep the corridor left of `edge` white, first to last with text right of it."""
    bands: list[tuple[int, int]] = []
    first: int | None = None
    last = 0
    for number, row in enumerate(rows):
        white = all(run.x1 <= edge - _CORRIDOR * run.size + 2 or run.x0 >= edge for run in row)
        if not white:
            if first is not None:
                bands.append((first, last))
            first = None
            continue
        if any(run.x0 >= edge for run in row):
            first = number if first is None else first
            last = number
    if first is not None:
        bands.append((first, last))
    return [_with_left_rest(rows, band, edge) for band in bands]


def _with_left_rest(rows: list[list[Run]], band: tuple[int, int], edge: float) -> tuple[int, int]:
    """The band with the rows next to it whose text keeps to the left column."""
    first, last = band
    while first > 0 and _keeps_left(rows[first - 1], edge):
        first -= 1
    while last + 1 < len(rows) and _keeps_left(rows[last + 1], edge):
        last += 1
    return first, last


def _keeps_left(row: list[Run], edge: float) -> bool:
    return all(run.x1 <= edge - _CORRIDOR * run.size + 2 for run in row)


def _are_columns(rows: list[list[Run]], edge: float) -> bool:
    """Whether both sides of `edge` hold running text rather than cells of a table."""
    for side in ("left", "right"):
        parts = [[run for run in row if (run.x0 < edge) == (side == "left")] for row in rows]
        parts = [part for part in parts if part]
        if len(parts) < _MIN_COLUMN_LINES:
            return False
        x0, x1 = min(p[0].x0 for p in parts), max(run.x1 for p in parts for run in p)
        fill = median((max(run.x1 for run in p) - x0) / max(x1 - x0, 1.0) for p in parts)
        runs_on = sum(starts_lower(p[0].text) or _starts_item(p) for p in parts) / len(parts)
        if fill < (_MIN_FILL_RUNNING if runs_on >= _MIN_RUNNING else _MIN_FILL):
            return False
        if median(sum(len(run.text) for run in p) for p in parts) < _MIN_CHARACTERS:
            return False
    return True


def _starts_item(row: list[Run]) -> bool:
    first = _shown(row[0].text)
    return first in {*BULLETS, _UNDECODED} or find_mark(first) is not None


def _lines_of(runs: list[Run], region: int, *, upright: bool) -> list[Line]:
    rows = _rows(runs)
    left = min(run.x0 for run in runs)
    right = _right_edge(rows)
    return [line for row in rows if (line := _line(row, region, left, right, upright)) is not None]


def _right_edge(rows: list[list[Run]]) -> float:
    """Where full lines end; the few that stick out do not count."""
    ends = sorted(max(run.x1 for run in row) for row in rows)
    return ends[round(0.95 * (len(ends) - 1))]


def _line(row: list[Run], region: int, left: float, right: float, upright: bool) -> Line | None:
    weight = sum(len(run.text) for run in row)
    size = max(row, key=lambda run: (len(run.text), run.size)).size
    main = [run for run in row if run.size >= 0.85 * size]
    base = max(main or row, key=lambda run: len(run.text)).y
    text, cells = _join(row, size)
    text = " ".join(clean(text).split())
    if not text:
        return None
    bold = sum(len(run.text) for run in row if run.bold) > 0.9 * weight
    x1 = max(run.x1 for run in row)
    return Line(text, row[0].x0, x1, base, size, bold, region, left, right, upright, cells)


def _join(row: list[Run], size: float) -> tuple[str, int]:
    """The text of a row and the number of its cells."""
    texts = [_shown(run.text) for run in row]
    if is_mostly_rtl("".join(texts)):
        return " ".join(reversed(texts)), 1
    parts = [texts[0]]
    if len(row) > 1 and texts[0] == _UNDECODED:
        parts = ["• "]
    cells = 1
    for (before, run), text in zip(pairwise(row), texts[1:], strict=True):
        gap = run.x0 - before.x1
        space = min(max(before.space, run.space, 0.2 * size), 0.35 * size)
        if gap > _CELL_GAP * size:
            parts.append(" | ")
            cells += 1
        elif gap > _WORD_GAP * space or before.space_after or run.space_before:
            parts.append(" ")
        parts.append(text)
    return "".join(parts), cells


def _shown(text: str) -> str:
    """`text` with a mark for each glyph of which the file does not say what it is."""
    if text.isprintable():
        return text
    return "".join(_UNDECODED if _is_undecoded(c) else c for c in text)


def _is_undecoded(character: str) -> bool:
    category = unicodedata.category(character)
    return category in {"Cc", "Cs", "Cn"} or (category == "Co" and character not in SYMBOL_BULLETS)
