"""What of an HTML tree is seen, and how its lists and tables are counted."""

import re
from collections.abc import Iterator

from lxml import etree

from corpus.clean import one_line
from corpus.numerals import letters, roman

FLOW = frozenset(
    "html body main article section header footer aside div form fieldset figure figcaption center address blockquote "  # noqa: SIM905 - a list of words reads better as words
    "details summary hgroup p dd dt dl ul ol menu dir li table tbody thead tfoot tr td th caption pre hr search "
    "legend h1 h2 h3 h4 h5 h6".split()
)
"""Elements that stand apart on the page; all others run on in a line."""
HEADINGS = {f"h{level}": level for level in range(1, 7)}
LISTS = frozenset({"ul", "ol", "menu", "dir"})

_DROPPED = frozenset(
    "script style noscript template nav head svg math iframe object embed canvas audio video map "  # noqa: SIM905 - as above
    "button select option datalist input textarea dialog".split()
)
_DROPPED_ROLES = frozenset({"navigation", "search", "menu", "menubar"})
_HIDING_STYLE = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_MAX_SPAN = 1_000
"""Rows a cell may span, as browsers bound it far higher (65,534): no document needs that many."""


def is_hidden(element: etree._Element) -> bool:
    """Whether a reader of the page does not see `element`, or it is none of the page's text."""
    if not isinstance(element.tag, str) or element.tag in _DROPPED:
        return True
    if "hidden" in element.attrib or element.get("aria-hidden", "").strip().lower() == "true":
        return True
    if element.get("role", "").strip().lower() in _DROPPED_ROLES:
        return True
    return bool(_HIDING_STYLE.search(element.get("style", "")))


def stands_apart(element: etree._Element) -> bool:
    """Whether `element` begins and ends a line; custom elements (`<info-box>`) count as such."""
    return element.tag in FLOW or "-" in element.tag


def visible_text(element: etree._Element) -> str:
    """All text inside `element` that is seen, white space as in the source; parts that stand apart stay apart."""
    parts: list[str] = [element.text or ""]
    for child in element:
        if not is_hidden(child):
            apart = "\n" if child.tag == "br" or stands_apart(child) else ""
            parts += [apart, visible_text(child), apart]
        parts.append(child.tail or "")
    return "".join(parts)


class ItemMarks:
    """The marks of a list's items, one after the other."""

    def __init__(self, element: etree._Element) -> None:
        self._ordered = element.tag == "ol"
        self._style = element.get("type", "1")
        self._next = _integer(element.get("start"), 1)

    def next(self, item: etree._Element) -> str:
        """The mark of `item` with the space after it."""
        if not self._ordered:
            return "• "
        number = _integer(item.get("value"), self._next)
        self._next = number + 1
        return f"{self._format(number)}. "

    def _format(self, number: int) -> str:
        match self._style:
            case "a" | "A" if number > 0:
                shown = letters(number)
            case "i" | "I":
                shown = roman(number)
            case _:
                return str(number)
        return shown.upper() if self._style in {"A", "I"} else shown


def _integer(text: str | None, default: int) -> int:
    try:
        number = int(text) if text is not None and len(text) < 10 else default
    except ValueError:
        return default
    return number


def is_data_table(table: etree._Element) -> bool:
    """Whether `table` holds rows of data; others only lay out a page and are read cell by cell."""
    if table.get("role", "").strip().lower() in {"presentation", "none"}:
        return False
    structures = sum(1 for _ in table.iter("table", *HEADINGS, *LISTS))
    return structures == 1 and any(len(row) > 1 for row in _rows(table))


def _rows(table: etree._Element) -> Iterator[list[etree._Element]]:
    for row in table.iter("tr"):
        if not is_hidden(row) and not any(is_hidden(group) for group in row.iterancestors("thead", "tbody", "tfoot")):
            yield [cell for cell in row if cell.tag in {"td", "th"} and not is_hidden(cell)]


def table_rows(table: etree._Element) -> Iterator[tuple[bool, str]]:
    """Each row as whether it is the header, and its cells' text joined by bars.

    A cell that spans several rows is read in each of them, since it holds for each.
    """
    carried: dict[int, tuple[int, str]] = {}
    seen_header = False
    for position, row in enumerate(_rows(table)):
        texts: list[str] = []
        waiting = list(row)
        following: dict[int, tuple[int, str]] = {}
        while waiting or len(texts) in carried:
            column = len(texts)
            if column in carried:
                rows_left, text = carried[column]
            else:
                cell = waiting.pop(0)
                rows_left = min(_integer(cell.get("rowspan"), 1), _MAX_SPAN)
                text = one_line(visible_text(cell))
            if rows_left > 1:
                following[column] = (rows_left - 1, text)
            texts.append(text)
        carried = following
        if not any(texts):
            continue
        in_head = bool(row) and next(row[0].iterancestors("thead"), None) is not None
        all_heads = bool(row) and all(cell.tag == "th" for cell in row)
        is_header = not seen_header and (in_head or (all_heads and position == 0))
        seen_header = seen_header or is_header
        yield is_header, " | ".join(texts).strip()
