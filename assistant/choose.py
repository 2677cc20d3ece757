"""Step 3: the sentences that answer, or none."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.asker import named
from assistant.calibration import SAME_LANGUAGE, Calibration
from assistant.evidence import Evidence, candidates, items_with_lead, lead_of, quoted, say_the_same
from assistant.priorities import priorities_in
from assistant.score import UNSEEN, score, weights_for
from assistant.understand import Question, names_this_call, other_calls_in
from assistant.values import ValueKind
from corpus.profile import CallProfile
from corpus.records import Block
from index.records import Hit
from index.search import Index

ALIKE, ALIKE_LISTS = 0.8, 0.5
"""Share of the shorter one's words from which two sentences, or two lists, say the same."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen, and what was weighed and left."""

    evidence: tuple[Evidence, ...]
    weighed: tuple[Evidence, ...]
    """Every candidate, best first."""
    off_topic: bool
    """Whether nothing in the documents comes near to the question."""


def choose(
    question: Question,
    hits: Sequence[Hit],
    index: Index,
    profile: CallProfile | None,
    document: str | None = None,
) -> Choice:
    """Weigh each sentence of the passages and keep those that answer; of `document` alone, where one is named."""
    known = {priority.number for priority in profile.priorities} if profile else set()
    if known and question.priorities and not question.priorities & known:
        return Choice((), (), off_topic=False)
    if not (question.terms or question.priorities or question.in_domain):
        return Choice((), (), off_topic=True)
    if profile and _asks_what_is_open(question, profile):
        return Choice((), (), off_topic=False)
    found = list(candidates(hits, index, question.text))
    pinned: tuple[Evidence, ...] = ()
    asks_for_it = (question.about_deadline or question.still_open) and not question.other_calls
    weights = weights_for(question, found)
    same_language = weights is SAME_LANGUAGE
    if document is not None:
        weights = weights.in_one_document()
    if (
        profile
        and profile.deadline
        and asks_for_it
        and document in (None, profile.deadline.document)
        and not (same_language and _names_the_unknown(question, index))
    ):
        pinned = (quoted(profile.deadline, index),)
    weighed = score([c for c in found if _is_about(c, question, profile)], question, index, weights)
    off_topic = all(dict(c.parts)[name] < least for c in weighed for name, least in weights.in_scope)
    answering = weighed if weights.is_answered(dict(c.parts) for c in weighed) else []
    if pinned:
        agreeing = [c for c in answering if not _same_span(c, pinned[0]) and _agree_on_date(c, pinned[0])]
        return Choice((*pinned, *agreeing[:1]), tuple(weighed), off_topic=False)
    chosen = _stand_together(answering, question, weights)
    return Choice(tuple(chosen), tuple(weighed), off_topic=off_topic)


def _asks_what_is_open(question: Question, profile: CallProfile) -> bool:
    """Whether it asks who takes on a role of which the profile knows that no source says who may."""
    roles = [point for point in profile.open_points if point.about == "role"]
    return question.asks_who and not question.names and any(True for _ in named(question.text, roles))


def _names_the_unknown(question: Question, index: Index) -> bool:
    """Whether the question names something that stands in no document, such as another programme."""
    return any(term in question.names and index.idf(term) == index.idf(UNSEEN) for term in question.terms)


def _is_about(evidence: Evidence, question: Question, profile: CallProfile | None) -> bool:
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
        spoken = evidence.priorities(profile) or priorities_in(evidence.context, evidence.cue, profile)
        return not spoken or bool(spoken & question.priorities)
    return True


def _same_span(one: Evidence, two: Evidence) -> bool:
    return one.document.id == two.document.id and one.start < two.end and two.start < one.end


def _agree_on_date(one: Evidence, two: Evidence) -> bool:
    return any(a.agrees(b) for a in one.values(ValueKind.DATE) for b in two.values(ValueKind.DATE))


def _stand_together(answering: list[Evidence], question: Question, weights: Calibration) -> list[Evidence]:
    """The best sentences that add to each other, and the best of a source itself even where summaries lie before it."""
    if not answering:
        return []
    best = answering[0].score
    chosen: list[Evidence] = []
    for candidate in answering:
        if candidate.score < best - weights.beside or len(chosen) == weights.most:
            break
        if not chosen or _adds_to(chosen[0], candidate, question):
            _add(chosen, candidate, question)
        if chosen[-1].items:
            break
    if any(c.is_source for c in chosen):
        return chosen
    sources = [c for c in answering if c.is_source and c.score >= best - weights.source_beside]
    if chosen[-1].items:
        lists = [whole for source in sources if (whole := as_list(source)) and _says_the_same(chosen[-1], whole)]
        return lists[:1] or chosen
    if sources and _adds_to(chosen[0], sources[0], question):
        _add(chosen, sources[0], question)
    return chosen


def _adds_to(first: Evidence, other: Evidence, question: Question) -> bool:
    """Where a figure is asked for, another sentence gives the same one, or the one of other priorities."""
    if question.expects is None:
        return True
    given = first.values(question.expects)
    if any(value.agrees(known) for value in other.values(question.expects) for known in given):
        return True
    mine, others = first.priorities(), other.priorities()
    return bool(mine and others and not mine & others)


def _add(chosen: list[Evidence], candidate: Evidence, question: Question) -> None:
    whole = as_list(candidate) if question.wants_list or candidate.text.rstrip().endswith(":") else None
    span = whole or candidate
    if not any(_same_span(span, other) or _says_the_same(span, other) for other in chosen):
        chosen.append(span)


def _says_the_same(one: Evidence, two: Evidence) -> bool:
    return say_the_same(one.text, two.text, ALIKE_LISTS if one.items else ALIKE)


def as_list(evidence: Evidence) -> Evidence | None:
    """The whole list that `evidence` is an item or the lead-in of, as one span; None where it is neither."""
    items = items_with_lead(evidence.document)
    lead = lead_of(evidence)
    if lead is None:
        lead = next((b.lead for b in items if b.lead and b.lead[0] <= evidence.start < b.lead[1]), None)
    if lead is None:
        return None
    members: list[Block] = [b for b in items if b.lead == lead]
    return replace(
        evidence, start=lead[0], end=members[-1].end, items=(lead, *((member.start, member.end) for member in members))
    )
