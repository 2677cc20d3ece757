"""Cutting a document into passages that follow its structure.

A passage never crosses a heading and cuts no sentence. Inside a section the cuts are chosen together, by dynamic
programming over its sentences, list items and table rows: passages near `TARGET_CHARS`, cut between paragraphs rather
than inside a list, inside a list rather than inside a paragraph, and never between a list and what introduces it
unless nothing else fits.
"""

import hashlib
import math
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from textwrap import shorten

from corpus.records import Block, BlockKind, Document, Section
from index.records import Passage, Sentence
from index.sentences import Span, split_sentences

CHUNKING_VERSION = 2
"""Raised whenever the same document would be cut in another way."""

TARGET_CHARS = 750
"""About 130 English words."""

MAX_CHARS = 1000
"""English prose has 21 word pieces in 100 characters (9 in 10 thousand-character samples under 23), so that this and
the context fit the 256 pieces that all-MiniLM-L6-v2 reads. Only a sentence longer than this makes a longer passage."""

MAX_SENTENCE_CHARS = 4000
"""More without a stop is no sentence but data, or a text that lost its stops: it is cut at white space."""

MAX_UNITS = 40
"""Sentences, items or rows in one passage at most; bounds the work on text made of full stops."""

CONTEXT_PART_CHARS = 100
"""At most this much each of title, headings and lead-in, so that the context leaves the passage its room."""

_SHORT_LABEL_WORDS = 3
_WORD = re.compile(r"(?<![^\W_])[^\W\d_]{3,}(?![^\W_])")

_COST_INSIDE_PARAGRAPH = 0.5
_COST_INSIDE_LIST = 0.3
_COST_AFTER_LEAD = 4.0


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence to be cited and what a cut before it costs."""

    start: int
    end: int
    lead: Span | None
    cut_cost: float


def split(document: Document) -> list[Passage]:
    """The passages of `document` in reading order; every block but its headings is in exactly one of them.

    A document of nothing but headings is cut as if they were paragraphs.
    """
    page_starts = [page.start for page in document.pages]
    passages = []
    for section, blocks in _stretches(document):
        for units in _cut(_units(document.text, blocks)):
            start, end = units[0].start, units[-1].end
            text = document.text[start:end]
            page = bisect_right(page_starts, start) - 1
            passages.append(
                Passage(
                    id=hashlib.sha256(f"{document.id}\0{start}\0{end}\0{text}".encode()).hexdigest()[:20],
                    document=document.id,
                    start=start,
                    end=end,
                    text=text,
                    section=section.path if section else None,
                    page=document.pages[page].number if page >= 0 else None,
                    context=_context(document, section, units[0].lead, start, end),
                    sentences=tuple(Sentence(unit.start, unit.end, unit.lead) for unit in units),
                )
            )
    return passages


def _stretches(document: Document) -> Iterator[tuple[Section | None, list[Block]]]:
    """Runs of blocks under one heading, each with its innermost section."""
    only_headings = all(block.kind == BlockKind.HEADING for block in document.blocks)
    current: Section | None = None
    run: list[Block] = []
    for block, section in _with_sections(document):
        heading = block.kind == BlockKind.HEADING
        if run and (heading or section is not current):
            yield current, run
            run = []
        current = section
        if only_headings or not heading:
            run.append(block)
    if run:
        yield current, run


def _with_sections(document: Document) -> Iterator[tuple[Block, Section | None]]:
    """Each block with the innermost section that holds its start, in one sweep."""
    pending = sorted(document.sections, key=lambda s: (s.start, -s.end))
    open_sections: list[Section] = []
    position = 0
    for block in document.blocks:
        while position < len(pending) and pending[position].start <= block.start:
            open_sections.append(pending[position])
            position += 1
        while open_sections and open_sections[-1].end <= block.start:
            open_sections.pop()
        yield block, open_sections[-1] if open_sections else None


def _units(text: str, blocks: list[Block]) -> list[_Unit]:
    units: list[_Unit] = []
    previous: Block | None = None
    for block in blocks:
        cost = _cost_before(previous, block)
        for start, end in _bounded(text, _spans(text, block)):
            units.append(_Unit(start, end, block.lead, cost))
            cost = _COST_INSIDE_PARAGRAPH
        previous = block
    return units


def _cost_before(previous: Block | None, block: Block) -> float:
    if previous is None or block.kind not in (BlockKind.LIST_ITEM, BlockKind.TABLE_ROW):
        return 0.0
    if block.lead == (previous.start, previous.end):
        return _COST_AFTER_LEAD
    return _COST_INSIDE_LIST if previous.kind == block.kind else 0.0


def _spans(text: str, block: Block) -> list[Span]:
    """What is cited of a block: a table row whole, else its sentences; a list item keeps its short label."""
    body = text[block.start : block.end]
    if block.kind in (BlockKind.TABLE_ROW, BlockKind.TABLE_HEADER, BlockKind.HEADING):
        return [(block.start, block.end)] if body.strip() else []
    spans = [(block.start + start, block.start + end) for start, end in split_sentences(body)]
    if block.kind == BlockKind.LIST_ITEM and len(spans) > 1:
        (start, label_end), (_, end) = spans[:2]
        if len(text[start:label_end].split()) <= _SHORT_LABEL_WORDS:
            return [(start, end), *spans[2:]]
    return spans


def _bounded(text: str, spans: list[Span]) -> Iterator[Span]:
    """`spans`, those that are too long for a sentence in parts."""
    for start, end in spans:
        while end - start > MAX_SENTENCE_CHARS:
            limit = start + MAX_SENTENCE_CHARS
            space = max(text.rfind(white, start, limit) for white in " \n\t")
            cut = space if space > start else limit
            yield start, start + len(text[start:cut].rstrip())
            start = cut
            while start < end and text[start].isspace():
                start += 1
        if start < end:
            yield start, end


def _cut(units: list[_Unit]) -> Iterator[list[_Unit]]:
    """Cut the units of one section into passages at the least total cost; linear in their number."""
    if not units:
        return
    best = [0.0]
    cut_at: list[int] = []
    for last, unit in enumerate(units):
        least, least_first = math.inf, last
        for first in range(last, max(last - MAX_UNITS, -1), -1):
            candidate = units[first]
            size = unit.end - candidate.start
            if size > MAX_CHARS and first < last:
                break
            cost = best[first] + candidate.cut_cost + ((min(size, MAX_CHARS) - TARGET_CHARS) / TARGET_CHARS) ** 2
            if cost < least:
                least, least_first = cost, first
        best.append(least)
        cut_at.append(least_first)
    bounds = [len(units)]
    while bounds[-1] > 0:
        bounds.append(cut_at[bounds[-1] - 1])
    for first, end in pairwise(reversed(bounds)):
        yield units[first:end]


def _context(document: Document, section: Section | None, lead: Span | None, start: int, end: int) -> str:
    """Title, headings from the top, and what introduces the passage's beginning where that stands outside of it.

    A title without a word, such as a file name of digits, tells nothing and only shifts the vectors.
    """
    title = _one_line(document.metadata.title)
    headings = _one_line(section.path) if section else ""
    if headings == title or headings.startswith(f"{title} › "):
        headings = headings[len(title) :].removeprefix(" › ")
    parts = [shorten(title, CONTEXT_PART_CHARS, placeholder="…")] if _WORD.search(title) else []
    while len(headings) > CONTEXT_PART_CHARS and " › " in headings:
        headings = headings.partition(" › ")[2]
    parts.append(shorten(headings, CONTEXT_PART_CHARS, placeholder="…"))
    if lead and not (start <= lead[0] and lead[1] <= end):
        parts.append(shorten(document.text[lead[0] : lead[1]][:1000], CONTEXT_PART_CHARS, placeholder="…"))
    return " › ".join(part for part in parts if part)


def _one_line(text: str) -> str:
    return " ".join(text.split())
