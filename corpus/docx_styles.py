"""What a Word document's styles and numbering say of a paragraph: heading level, list level, number, boldness."""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from lxml import etree

from corpus.numerals import letters, roman

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_HEADING_NAME = re.compile(r"heading ([1-9])$", re.IGNORECASE)
_MAX_CHAIN = 50
_PLACE = re.compile(r"%([1-9])")


def value(element: etree._Element | None, name: str, attribute: str = "val") -> str | None:
    """The attribute `w:val` of the child `w:name` of `element`."""
    child = element.find(W + name) if element is not None else None
    return child.get(W + attribute) if child is not None else None


def is_on(element: etree._Element | None, name: str) -> bool | None:
    """Whether the toggle `w:name` in `element` is on; None where it is not set."""
    child = element.find(W + name) if element is not None else None
    return None if child is None else child.get(W + "val", "true") not in {"0", "false", "off", "none"}


@dataclass(frozen=True, slots=True)
class Style:
    """What a paragraph or table style sets, its bases included."""

    heading: int | None = None
    """1 to 6."""
    list_id: str | None = None
    list_level: int = 0
    bold: bool = False
    hidden: bool = False
    is_contents: bool = False
    """Whether it formats a table of contents."""
    bold_first_row: bool = False


def read_styles(root: etree._Element | None) -> dict[str, Style]:
    """All styles by ID."""
    if root is None:
        return {}
    raw = {style.get(W + "styleId", ""): style for style in root.iter(W + "style")}
    return {name: _style(name, raw) for name in raw}


def _style(name: str, raw: dict[str, etree._Element]) -> Style:
    heading = list_id = bold = hidden = None
    level = "0"
    is_contents = bold_first_row = False
    current: str | None = name
    for _ in range(_MAX_CHAIN):
        element = raw.get(current or "")
        if element is None:
            break
        shown = value(element, "name") or ""
        paragraph, run = element.find(W + "pPr"), element.find(W + "rPr")
        heading = heading if heading is not None else _heading_of(shown, paragraph)
        numbering = paragraph.find(W + "numPr") if paragraph is not None else None
        if numbering is not None and list_id is None:
            list_id, level = value(numbering, "numId"), value(numbering, "ilvl") or "0"
        bold = is_on(run, "b") if bold is None else bold
        hidden = is_on(run, "vanish") if hidden is None else hidden
        is_contents = is_contents or (shown.lower().startswith("toc ") and shown[4:].strip().isdigit())
        bold_first_row = bold_first_row or any(
            part.get(W + "type") == "firstRow" and is_on(part.find(W + "rPr"), "b")
            for part in element.iter(W + "tblStylePr")
        )
        current = value(element, "basedOn")
    return Style(heading, list_id, small_number(level), bool(bold), bool(hidden), is_contents, bold_first_row)


def _heading_of(name: str, paragraph: etree._Element | None) -> int | None:
    outline = outline_level(paragraph)
    if outline is not None:
        return outline
    match = _HEADING_NAME.match(name)
    if match:
        return min(int(match[1]), 6)
    return 1 if name.lower() == "title" else None


def outline_level(paragraph: etree._Element | None) -> int | None:
    """1 to 6 for a paragraph property's outline level; Word's level 10 is body text."""
    shown = value(paragraph, "outlineLvl")
    if shown is None or not shown.isdecimal() or int(shown[:3]) > 8:
        return None
    return min(int(shown) + 1, 6)


def small_number(text: str | None) -> int:
    """A list level, 0 to 8."""
    return min(int(text[:3]), 8) if text and text.isdecimal() else 0


@dataclass(frozen=True, slots=True)
class _Level:
    format: str = "decimal"
    text: str = "%1."
    start: int = 1


@dataclass(slots=True)
class Numbering:
    """Counts the numbers that Word shows and does not store."""

    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    """By list ID (`numId`)."""
    abstract: dict[str, str] = field(default_factory=dict)
    """Lists that share a definition go on counting together."""
    counters: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    @classmethod
    def of(cls, root: etree._Element | None) -> "Numbering":
        """The numbering that the part defines."""
        numbering = cls()
        if root is None:
            return numbering
        definitions = {
            definition.get(W + "abstractNumId", ""): {
                small_number(level.get(W + "ilvl")): _Level(
                    value(level, "numFmt") or "decimal",
                    (value(level, "lvlText") or "")[:40],
                    _bounded(value(level, "start")),
                )
                for level in definition.iter(W + "lvl")
            }
            for definition in root.iter(W + "abstractNum")
        }
        for number in root.iter(W + "num"):
            name, abstract = number.get(W + "numId", ""), value(number, "abstractNumId") or ""
            numbering.levels[name] = definitions.get(abstract, {})
            restarts = number.find(W + "lvlOverride/" + W + "startOverride") is not None
            numbering.abstract[name] = f"{abstract}/{name}" if restarts else abstract
        return numbering

    def is_list(self, list_id: str | None) -> bool:
        """Whether `list_id` names a list: 0 takes a style's list away."""
        return list_id is not None and list_id != "0"

    def mark(self, list_id: str, level: int) -> str:
        """The mark of the next item of a list at `level` (0 to 8), with the space after it."""
        levels = self.levels.get(list_id, {})
        definition = levels.get(level, _Level("bullet"))
        counters = self.counters[self.abstract.get(list_id, list_id)]
        counters[level] = counters.get(level, definition.start - 1) + 1
        for deeper in [other for other in counters if other > level]:
            del counters[deeper]
        if definition.format == "bullet":
            return "• "
        if definition.format == "none" or not definition.text:
            return ""

        def shown(place: re.Match[str]) -> str:
            at = int(place[1]) - 1
            above = levels.get(at, _Level())
            return _formatted(counters.get(at, above.start), above.format)

        return _PLACE.sub(shown, definition.text).strip() + " "


def _bounded(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 7 else 1


def _formatted(number: int, style: str) -> str:
    match style:
        case "lowerLetter" if number > 0:
            return letters(number)
        case "upperLetter" if number > 0:
            return letters(number).upper()
        case "lowerRoman":
            return roman(number)
        case "upperRoman":
            return roman(number).upper()
        case "decimalZero":
            return f"{number:02d}"
        case _:
            return str(number)
