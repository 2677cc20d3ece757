"""A document as a page, and the passage around a quote as a fragment, the quoted characters highlighted.

The text inside the `article` element is the document's, character by character: what a browser gives as its
`textContent` is what `show` prints.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from assistant.results import ShowResult
from assistant.ui.markup import render
from assistant.ui.words import Words, words

AROUND = 500
"""Characters shown before and after a quote in a fragment, where its section is longer."""
WHOLE_SECTION = 1_500
"""A section up to this many characters is shown whole in a fragment."""

_ITEM = re.compile(r"\s*(?:[-*+•–]|\d{1,3}[.)])\s")
_MARK = re.compile(r"#{1,6}[ \t]+")
_RULE = re.compile(r"\s*\|[\s:|-]*-[\s:|-]*")
_LINE = re.compile(r"[^\n]*\n?")


@dataclass(frozen=True)
class Piece:
    """A stretch of text, inside the quote or outside."""

    text: str
    quoted: bool


@dataclass(frozen=True)
class Part:
    """A heading, paragraph, list item or table row with its characters, or the blank (`gap`) between two."""

    tag: str
    kind: str
    pieces: tuple[Piece, ...]
    mark: str = ""
    """Characters before the pieces that only mark up: a heading's `##`, the rule under a table's header."""
    page: int | None = None
    """Number of the page that starts here."""


@dataclass(frozen=True)
class Facts:
    """What is known of a passage beside its text."""

    weight: str
    is_summary: bool
    date: str | None
    certainty: str | None
    source_urls: tuple[str, ...]


def render_source(shown: ShowResult, language: str, quote: tuple[int, int] | None = None) -> str:
    """The whole document as an HTML page, `quote` (start, end) highlighted and scrolled to."""
    say = words(language)
    return render("source.html", say, **_known(shown, say, quote), parts=list(_parts(shown, 0, len(shown.text), quote)))


def render_passage(shown: ShowResult, language: str, quote: tuple[int, int]) -> str:
    """The passage around `quote` (start, end) as an HTML fragment, the quote highlighted."""
    say = words(language)
    start, end = _window(shown, quote)
    return render(
        "passage.html",
        say,
        **_known(shown, say, quote),
        parts=list(_parts(shown, start, end, quote)),
        cut_before=start > 0,
        cut_after=end < len(shown.text),
    )


def _known(shown: ShowResult, say: Words, quote: tuple[int, int] | None) -> dict[str, Any]:
    at = quote[0] if quote else None
    return {
        "shown": shown,
        "facts": _facts(shown, say, at),
        "section": _section_at(shown, at),
        "page": next(
            (page["number"] for page in shown.pages if at is not None and page["start"] <= at < page["end"]), None
        ),
        "quote": quote,
    }


def _section_at(shown: ShowResult, at: int | None) -> dict[str, Any] | None:
    """The innermost section that holds the offset `at`."""
    holding = [s for s in shown.sections if at is not None and s["start"] <= at < s["end"]]
    return max(holding, key=lambda section: section["start"], default=None)


def _facts(shown: ShowResult, say: Words, at: int | None) -> Facts:
    """The document's facts, with what differs for the sections that hold the offset `at`."""
    known: dict[str, Any] = {
        "authority": shown.authority,
        "kind": shown.kind,
        "date": shown.date,
        "certainty": shown.certainty,
        "source_urls": shown.source_urls or ((shown.source_url,) if shown.source_url else ()),
    }
    for section in shown.sections:
        if at is not None and section["start"] <= at < section["end"]:
            known |= {name: section[name] for name in known if section.get(name) is not None}
    urls = tuple(known["source_urls"])
    return Facts(
        weight=say.weight(known["kind"], known["authority"], urls[0] if urls else None),
        is_summary=known["kind"] == "summary",
        date=say.day(known["date"]) if known["date"] else None,
        certainty=known["certainty"],
        source_urls=urls,
    )


def _window(shown: ShowResult, quote: tuple[int, int]) -> tuple[int, int]:
    """The stretch of text around `quote`: its section if that is short, else some lines or words on both sides."""
    section = _section_at(shown, quote[0])
    first, last = (section["start"], max(section["end"], quote[1])) if section else (0, len(shown.text))
    if last - first <= WHOLE_SECTION:
        return first, last
    start, end = quote[0] - AROUND, quote[1] + AROUND
    text = shown.text
    if start > first:
        space = re.search(r"\s", text[start : quote[0]])
        first = start + space.end() if space else start
    if end < last:
        space = re.search(r"\s", text[quote[1] : end][::-1])
        last = end - space.end() if space else end
    return first, last


def _parts(shown: ShowResult, start: int, end: int, quote: tuple[int, int] | None) -> Iterator[Part]:
    """The text from `start` to `end` in its parts; joined, their pieces are exactly that text."""
    headings = {section["start"]: _depth(shown, section) for section in shown.sections}
    pages = {page["start"]: page["number"] for page in shown.pages}
    group: list[tuple[int, int]] = []
    kind = ""
    for first, last in _lines(shown.text, start, end):
        found = _kind(shown.text, first, last, headings)
        continues = found == kind == "paragraph" or (found == "paragraph" and kind == "item")
        if group and not (continues and first not in pages):
            yield from _part(shown.text, group, kind, headings, pages, quote)
            group = []
        if not group:
            kind = found
        group.append((first, last))
    if group:
        yield from _part(shown.text, group, kind, headings, pages, quote)


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in _LINE.finditer(text, start, end):
        if match.end() > match.start():
            yield match.span()


def _kind(text: str, first: int, last: int, headings: dict[int, int]) -> str:
    line = text[first:last]
    if not line.strip():
        return "gap"
    if first in headings:
        return "heading"
    if line.lstrip().startswith("|"):
        return "row"
    return "item" if _ITEM.match(line) else "paragraph"


def _depth(shown: ShowResult, section: dict[str, Any]) -> int:
    outer = [s for s in shown.sections if s["start"] < section["start"] and section["end"] <= s["end"]]
    return min(len(outer), 4)


def _part(
    text: str,
    lines: list[tuple[int, int]],
    kind: str,
    headings: dict[int, int],
    pages: dict[int, int],
    quote: tuple[int, int] | None,
) -> Iterator[Part]:
    """One part, and the line end after it as a gap, so that the part itself ends with its last word."""
    first, last = lines[0][0], lines[-1][1]
    inner = last if kind == "gap" else first + len(text[first:last].rstrip("\n"))
    tag = f"h{headings[first] + 2}" if kind == "heading" else "span" if kind == "gap" else "p"
    marked = _marked(text, first, inner, kind)
    if quote and quote[0] < marked and first < quote[1]:
        marked = first
    yield Part(tag, kind, tuple(_pieces(text, marked, inner, quote)), text[first:marked], pages.get(first))
    if inner < last:
        yield Part("span", "gap", tuple(_pieces(text, inner, last, quote)))


def _marked(text: str, start: int, end: int, kind: str) -> int:
    """Where the mark at the start of a part ends."""
    pattern = {"heading": _MARK, "row": _RULE}.get(kind)
    match = pattern.match(text, start, end) if pattern else None
    return match.end() if match and (kind == "heading" or match.end() == end) else start


def _pieces(text: str, start: int, end: int, quote: tuple[int, int] | None) -> Iterator[Piece]:
    cuts = [start, end] if quote is None else sorted({start, end, *(c for c in quote if start < c < end)})
    for first, last in pairwise(cuts):
        yield Piece(text[first:last], quote is not None and quote[0] <= first and last <= quote[1])
