"""Putting the retrievers' scores together.

Each retriever's scores are brought to mean 0 and deviation 1 over the passages that any of them puts forward, then
added by weight. Raw scores cannot be added: BM25 has no upper bound, cosines of one model fill a narrow band.

The words and the English model count by the share of the question's words that are found in the corpus. A question in
another language, or one that is badly misspelt, is so left to the multilingual model, whichever language it is.
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
"""Times the share of found words."""
ENGLISH_WEIGHT = 1.0
"""Times the share of known words: what only resembles a word, the model has not read."""
DENSE_WEIGHT = 1.5
"""For any other model."""

_LEAST = 0.01
"""Share of words, so that a question without a known word is still ranked where there is no other model."""


def fuse(scores: Mapping[str, NDArray[np.float32]], known: float, found: float) -> NDArray[np.float64]:
    """The fused score of each candidate, from its scores by retriever; one that tells none apart adds nothing.

    `known` and `found` are the shares of the question's words (`index.lexical.Match`).
    """
    fused = np.zeros(len(next(iter(scores.values()))))
    for name, values in scores.items():
        deviation = float(np.std(values, dtype=np.float64))
        if deviation > 1e-9:
            fused += _weight(name, known, found) * (values - np.mean(values, dtype=np.float64)) / deviation
    return fused


def _weight(retriever: str, known: float, found: float) -> float:
    if retriever == LEXICAL:
        return LEXICAL_WEIGHT * max(found, _LEAST)
    return ENGLISH_WEIGHT * max(known, _LEAST) if retriever.partition("@")[0] in ENGLISH_MODELS else DENSE_WEIGHT
