"""How well a sentence answers a question: features, weighed by `assistant/calibration.py`."""

from collections.abc import Sequence
from dataclasses import replace

from assistant.calibration import OTHER_LANGUAGE, SAME_LANGUAGE, Calibration
from assistant.evidence import Evidence, Parts
from assistant.understand import Question, joined
from index.search import Index

UNSEEN = "\0"
"""A term no passage holds: none is rarer."""


def weights_for(question: Question, found: Sequence[Evidence]) -> Calibration:
    """Those for the language of most of what was found, beside that of the question."""
    same = sum(evidence.cue.language == question.spoken for evidence in found)
    return SAME_LANGUAGE if 2 * same >= len(found) else OTHER_LANGUAGE


def score(found: Sequence[Evidence], question: Question, index: Index, weights: Calibration) -> list[Evidence]:
    """Weigh the candidates, best first."""
    scored = []
    for one in found:
        parts = (*one.parts, *_lexical_parts(question, one, index))
        scored.append(replace(one, score=weights.weigh(parts), parts=parts, told=_tells(question, one, index)))
    return sorted(scored, key=lambda c: (-c.score, c.authority_rank, c.document.id, c.start))


def _lexical_parts(question: Question, candidate: Evidence, index: Index) -> Parts:
    covered, missing = _coverage(question, candidate, index)
    expected = 0.0
    if question.expects:
        expected = 1.0 if candidate.values(question.expects) else -1.0
    narrower = not question.priorities and bool(candidate.priorities())
    return (
        ("covered", covered),
        ("figure_held", 1.0 if not question.expects else 1 - missing if expected > 0 else 0.0),
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
