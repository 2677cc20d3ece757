"""Step 3: the sentences that answer, or none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.asker import named
from assistant.calibration import Calibration
from assistant.phrases import Cues
from assistant.understand import Question, joined, names_this_call, other_calls_in, priorities_in
from assistant.values import Value, ValueKind, extract
from corpus.profile import CallProfile, Quoted
from corpus.records import Block, BlockKind, Document, Kind
from index.records import Hit
from index.search import Index

MOST_SENTENCES = 3
MOST_EMBEDDED = 24
"""Sentences that are compared with the question by the dense model: on two cores, about a fifth of a second."""

UNSEEN = "\0"
"""A term no passage holds: none is rarer."""

CERTAIN = 10.0
"""Log-odds of what the call's profile names as the answer."""

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
    """Log-odds that it answers."""
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
        return [value for value in extract(self.text) if value.kind == kind]

    @property
    def is_source(self) -> bool:
        """Whether the document is itself the source, not our summary of it."""
        return self.document.metadata_at(self.start).kind is Kind.ORIGINAL

    @property
    def authority_rank(self) -> int:
        """0 for the strongest."""
        authority = self.document.metadata_at(self.start).authority or self.document.metadata.authority
        return authority.rank


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen, and what was weighed and left."""

    evidence: tuple[Evidence, ...]
    weighed: tuple[Evidence, ...]
    """Every candidate, best first."""
    off_topic: bool
    """Whether nothing in the documents comes near to the question."""


def choose(
    question: Question, hits: Sequence[Hit], index: Index, profile: CallProfile | None, cue: Cues, weights: Calibration
) -> Choice:
    """Weigh each sentence of the passages and keep those that answer."""
    known = {priority.number for priority in profile.priorities} if profile else set()
    if known and question.priorities and not question.priorities & known:
        return Choice((), (), off_topic=False)
    if not (question.terms or question.priorities or question.in_domain):
        return Choice((), (), off_topic=True)
    if profile and _asks_what_is_open(question, profile):
        return Choice((), (), off_topic=False)
    candidates = list(_candidates(hits, index))
    pinned: tuple[Evidence, ...] = ()
    asks_for_it = (question.about_deadline or question.still_open) and not question.other_calls
    if profile and profile.deadline and asks_for_it and not _names_the_unknown(question, index):
        pinned = (quoted(profile.deadline, index),)
    weighed = _score([c for c in candidates if _is_about(c, question, profile, cue)], question, index, cue, weights)
    nearest = max((dict(c.parts)["dense"] for c in weighed), default=0.0)
    answering = [c for c in weighed if c.score >= weights.answers]
    if pinned:
        agreeing = [c for c in answering if not _same_span(c, pinned[0]) and _agree_on_date(c, pinned[0])]
        return Choice((*pinned, *agreeing[:1]), tuple(weighed), off_topic=False)
    chosen = _stand_together(answering, question, cue, weights)
    return Choice(tuple(chosen), tuple(weighed), off_topic=nearest < weights.in_scope)


def _asks_what_is_open(question: Question, profile: CallProfile) -> bool:
    """Whether it asks who takes on a role of which the profile knows that no source says who may."""
    roles = [point for point in profile.open_points if point.about == "role"]
    return question.asks_who and not question.names and any(True for _ in named(question.text, roles))


def _names_the_unknown(question: Question, index: Index) -> bool:
    """Whether the question names something that stands in no document, such as another programme."""
    return any(term in question.names and index.idf(term) == index.idf(UNSEEN) for term in question.terms)


def _candidates(hits: Iterable[Hit], index: Index) -> Iterable[Evidence]:
    seen: set[tuple[str, int, int]] = set()
    for hit in hits:
        document = index.document(hit.passage.document)
        for sentence in hit.passage.sentences:
            key = (document.id, sentence.start, sentence.end)
            if key in seen:
                continue
            seen.add(key)
            section = document.section_at(sentence.start)
            lead = document.text[slice(*sentence.lead)] if sentence.lead else ""
            headings = section.path if section else ""
            context = " › ".join(dict.fromkeys(filter(None, [document.metadata.title, headings, lead])))
            yield Evidence(document, sentence.start, sentence.end, context, lead)


def quoted(entry: Quoted, index: Index) -> Evidence:
    """What carries an entry of the call's profile."""
    document = index.document(entry.document)
    start = document.text.index(entry.quote)
    return Evidence(document, start, start + len(entry.quote), document.metadata.title, score=CERTAIN, told=True)


def _is_about(evidence: Evidence, question: Question, profile: CallProfile | None, cue: Cues) -> bool:
    """Whether the sentence speaks of the call and the priorities that the question names, as far as it names any."""
    calls = other_calls_in(evidence.text, profile)
    if not calls and not names_this_call(evidence.text, profile):
        calls = other_calls_in(evidence.context, profile)
    if question.other_calls:
        both = names_this_call(question.text, profile)
        return bool(question.other_calls & calls) and (both or not names_this_call(evidence.text, profile))
    if calls and not names_this_call(evidence.text, profile):
        return False
    if question.priorities:
        spoken = priorities_in(evidence.text, cue, profile) or priorities_in(evidence.context, cue, profile)
        return not spoken or bool(spoken & question.priorities)
    return True


def _score(
    candidates: list[Evidence], question: Question, index: Index, cue: Cues, weights: Calibration
) -> list[Evidence]:
    """Weigh the candidates, best first. Only the most promising are embedded; the others are left out."""

    def weigh(candidate: Evidence, parts: Parts) -> Evidence:
        total = weights.bias + sum(getattr(weights, name) * value for name, value in parts)
        return replace(candidate, score=total, parts=parts)

    cheap = [weigh(candidate, _lexical_parts(question, candidate, index, cue)) for candidate in candidates]
    promising = sorted(cheap, key=lambda c: -c.score)[:MOST_EMBEDDED]
    if not promising:
        return []
    vectors = index.embed([f"{c.context}: {c.text}" for c in promising])
    cosines = vectors @ index.embed([question.text], queries=True)[0]
    scored = [weigh(c, (*c.parts, ("dense", float(cosine)))) for c, cosine in zip(promising, cosines, strict=True)]
    scored = [replace(c, told=_tells(question, c, index)) for c in scored]
    return sorted(scored, key=lambda c: (-c.score, c.authority_rank, c.document.id, c.start))


def _lexical_parts(question: Question, candidate: Evidence, index: Index, cue: Cues) -> Parts:
    covered, missing = _coverage(question, candidate, index)
    expected = 0.0
    if question.expects:
        expected = 1.0 if candidate.values(question.expects) else -1.0
    narrower = not question.priorities and bool(priorities_in(candidate.text, cue, None))
    return (
        ("covered", covered),
        ("missing", missing),
        ("figure_missing", missing if question.expects else 0.0),
        ("expected", expected),
        ("narrower", float(narrower)),
    )


def _coverage(question: Question, candidate: Evidence, index: Index) -> tuple[float, float]:
    """Share of the question's terms that are covered, and the rarest that is not; both weighed by rarity, 0 to 1."""
    if not question.terms:
        return 1.0, 0.0
    held = set(index.analyse(joined(candidate.text))) | set(index.analyse(joined(candidate.context)))
    rarity = {term: index.idf(term) for term in question.terms}
    total = sum(rarity.values()) or 1.0
    missing = [rarity[term] for term in question.terms if not question.variants(term) & held]
    return 1 - sum(missing) / total, max(missing, default=0.0) / index.idf(UNSEEN)


def _tells(question: Question, candidate: Evidence, index: Index) -> bool:
    held = set(index.analyse(joined(f"{candidate.lead} {candidate.text}")))
    return all(question.variants(term) & held for term in question.terms)


def _same_span(one: Evidence, two: Evidence) -> bool:
    return one.document.id == two.document.id and one.start < two.end and two.start < one.end


def _agree_on_date(one: Evidence, two: Evidence) -> bool:
    return any(a.agrees(b) for a in one.values(ValueKind.DATE) for b in two.values(ValueKind.DATE))


def _stand_together(answering: list[Evidence], question: Question, cue: Cues, weights: Calibration) -> list[Evidence]:
    """The best sentences that add to each other, and the best of a source itself even where summaries lie before it."""
    if not answering:
        return []
    best = answering[0].score
    chosen: list[Evidence] = []
    for candidate in answering:
        if candidate.score < best - weights.beside or len(chosen) == MOST_SENTENCES:
            break
        if not chosen or _adds_to(chosen[0], candidate, question, cue):
            _add(chosen, candidate, question)
        if chosen[-1].items:
            break
    source = next((c for c in answering if c.is_source and c.score >= best - weights.source_beside), None)
    if source and not any(c.is_source for c in chosen):
        whole = as_list(source)
        if whole and chosen[-1].items:
            return [whole]
        if _adds_to(chosen[0], source, question, cue):
            _add(chosen, source, question)
    return chosen


def _adds_to(first: Evidence, other: Evidence, question: Question, cue: Cues) -> bool:
    """Where a figure is asked for, another sentence gives the same one, or the one of other priorities."""
    if question.expects is None:
        return True
    given = first.values(question.expects)
    if any(value.agrees(known) for value in other.values(question.expects) for known in given):
        return True
    mine, others = priorities_in(first.text, cue, None), priorities_in(other.text, cue, None)
    return bool(mine and others and not mine & others)


def _add(chosen: list[Evidence], candidate: Evidence, question: Question) -> None:
    whole = as_list(candidate) if question.wants_list or candidate.text.rstrip().endswith(":") else None
    span = whole or candidate
    if not any(_same_span(span, other) or _says_the_same(span, other) for other in chosen):
        chosen.append(span)


def _says_the_same(one: Evidence, two: Evidence) -> bool:
    words, others = set(one.text.lower().split()), set(two.text.lower().split())
    return len(words & others) >= 0.8 * min(len(words), len(others))


def as_list(evidence: Evidence) -> Evidence | None:
    """The whole list that `evidence` is an item or the lead-in of, as one span; None where it is neither."""
    blocks = evidence.document.blocks
    items = [b for b in blocks if b.kind is BlockKind.LIST_ITEM and b.lead]
    lead = next((b.lead for b in items if b.start <= evidence.start < b.end), None)
    if lead is None:
        lead = next((b.lead for b in items if b.lead and b.lead[0] <= evidence.start < b.lead[1]), None)
    if lead is None:
        return None
    members: list[Block] = [b for b in items if b.lead == lead]
    return replace(
        evidence, start=lead[0], end=members[-1].end, items=(lead, *((member.start, member.end) for member in members))
    )
