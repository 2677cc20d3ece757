"""Spans of documents that may be quoted, with what is known of each."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.language import language_of
from assistant.phrases import DEFAULT_LANGUAGE, Cues, cues
from assistant.priorities import priorities_in
from assistant.values import Value, ValueKind, extract
from corpus.profile import CallProfile, Quoted
from corpus.records import Block, BlockKind, Document, Kind
from index.fusion import LEXICAL
from index.records import Hit
from index.search import Index

CERTAIN = 10.0
"""Score of what the call's profile names as the answer: above any that is weighed."""

_WORD = re.compile(r"[^\W_]+")

Parts = tuple[tuple[str, float], ...]
"""What a score is made of, by name."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A span that may be quoted, with the arithmetic of its score."""

    document: Document
    start: int
    end: int
    context: str
    """Headings and lead-in: what the span is about, never quoted."""
    lead: str = ""
    """What introduces the list or table that the span is an item of."""
    score: float = 0.0
    """How well it answers, beside others; see `assistant/calibration.py`."""
    parts: Parts = ()
    told: bool = False
    """Whether the quote, with what introduces its list, holds all that the question asks about, headings aside."""
    items: tuple[tuple[int, int], ...] = ()
    """The items, where the span is a list with its lead-in."""

    @property
    def text(self) -> str:
        """The quote."""
        return self.document.text[self.start : self.end]

    def values(self, kind: ValueKind) -> list[Value]:
        """The values of a kind in the quote."""
        return [value for value in extract(self.text, self.cue.language) if value.kind == kind]

    @property
    def language(self) -> str:
        """The language that its document is in; English where that is not clear."""
        return language_of(self.document.text) or DEFAULT_LANGUAGE

    @property
    def cue(self) -> Cues:
        """The cues of that language, or of English where it has none."""
        return cues(self.language)

    def priorities(self, profile: CallProfile | None = None) -> frozenset[int]:
        """The priorities that the quote names; by title too, where the call's profile is given."""
        return priorities_in(self.text, self.cue, profile)

    @property
    def is_source(self) -> bool:
        """Whether the document is itself the source, not our summary of it."""
        return self.document.metadata_at(self.start).kind is Kind.ORIGINAL

    @property
    def authority_rank(self) -> int:
        """0 for the strongest."""
        authority = self.document.metadata_at(self.start).authority or self.document.metadata.authority
        return authority.rank


def candidates(hits: Sequence[Hit], index: Index, question: str | None = None) -> Iterator[Evidence]:
    """Every sentence of the passages, once, in the order they were found in.

    With a `question`, each comes with what the reader makes of it, `line`, and with the cosines of its passage by the
    first and the last dense model, `dense` and `near`.
    """
    seen: set[tuple[str, int, int]] = set()
    readings = index.read(question, hits) if question is not None else [None] * len(hits)
    for rank, (hit, reading) in enumerate(zip(hits, readings, strict=True), start=1):
        document = index.document(hit.passage.document)
        cosines = [value for name, value in hit.parts.items() if name != LEXICAL]
        shared = (("early", 1 / rank), ("dense", cosines[0]), ("near", cosines[-1]))
        for number, sentence in enumerate(hit.passage.sentences):
            key = (document.id, sentence.start, sentence.end)
            if key in seen:
                continue
            seen.add(key)
            section = document.section_at(sentence.start)
            lead = document.text[slice(*sentence.lead)] if sentence.lead else ""
            headings = section.path if section else ""
            context = " › ".join(dict.fromkeys(filter(None, [document.metadata.title, headings, lead])))
            read = (("line", reading.sentences[number]),) if reading else ()
            yield Evidence(document, sentence.start, sentence.end, context, lead, parts=(*shared, *read))


def items_with_lead(document: Document) -> list[Block]:
    """The items of all lists that something leads in."""
    return [b for b in document.blocks if b.kind is BlockKind.LIST_ITEM and b.lead]


def lead_of(evidence: Evidence) -> tuple[int, int] | None:
    """What leads in the list that `evidence` is an item of."""
    items = items_with_lead(evidence.document)
    return next((b.lead for b in items if b.start <= evidence.start < b.end), None)


def say_the_same(one: str, other: str, share: float) -> bool:
    """Whether two texts have in common that share of the shorter one's words."""
    words, others = set(_WORD.findall(one.lower())), set(_WORD.findall(other.lower()))
    return len(words & others) >= share * min(len(words), len(others))


def with_lead(evidence: Evidence) -> Evidence:
    """An item of a list together with what leads in; any other sentence as it is."""
    lead = lead_of(evidence)
    if lead is None:
        return evidence
    return replace(evidence, start=lead[0], items=(lead, (evidence.start, evidence.end)))


def quoted(entry: Quoted, index: Index) -> Evidence:
    """What carries an entry of the call's profile."""
    document = index.document(entry.document)
    start = document.text.index(entry.quote)
    return Evidence(document, start, start + len(entry.quote), document.metadata.title, score=CERTAIN, told=True)
