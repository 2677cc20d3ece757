"""Putting the retrievers' scores together.

Each retriever's scores are brought to mean 0 and deviation 1 over the passages that any of them puts forward, then
added by weight. Raw scores cannot be added: BM25 has no upper bound, cosines of one model fill a narrow band.

The words and the English model count by the share of the question's words that the corpus knows. A question in another
language, or one that is badly misspelt, is so left to the multilingual model, and nobody has to tell the language.
What was tried, with its figures, stands in `docs/decisions/retrieval.md`.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

LEXICAL = "lexical"
ENGLISH_MODELS = frozenset({"all-MiniLM-L6-v2"})
"""By the label before `@` in their names."""

CANDIDATES = 50
"""Passages that each retriever puts forward."""

LEXICAL_WEIGHT = 1.0
ENGLISH_WEIGHT = 1.0
"""Both times the share of known words."""
DENSE_WEIGHT = 1.5
"""For any other model."""

_LEAST_COVERAGE = 0.01
"""So that a question without a known word is still ranked where there is nothing but an English model."""


def fuse(scores: Mapping[str, NDArray[np.float32]], coverage: float) -> NDArray[np.float64]:
    """The fused score of each candidate, from its scores by retriever; one that tells none apart adds nothing.

    `coverage` is the share of the question's words that the corpus knows.
    """
    fused = np.zeros(len(next(iter(scores.values()))))
    for name, values in scores.items():
        deviation = float(np.std(values, dtype=np.float64))
        if deviation > 1e-9:
            fused += _weight(name, coverage) * (values - np.mean(values, dtype=np.float64)) / deviation
    return fused


def _weight(retriever: str, coverage: float) -> float:
    known = max(coverage, _LEAST_COVERAGE)
    if retriever == LEXICAL:
        return LEXICAL_WEIGHT * known
    return ENGLISH_WEIGHT * known if retriever.partition("@")[0] in ENGLISH_MODELS else DENSE_WEIGHT
