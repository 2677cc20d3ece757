"""Putting the retrievers' scores together.

Each retriever's scores are brought to mean 0 and deviation 1 over the passages that any of them puts forward, then
added with the weights below. Raw scores cannot be added: BM25 has no upper bound, cosines of one model fill a narrow
band.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

LEXICAL = "lexical"

CANDIDATES = 50
"""Passages that each retriever puts forward."""

LEXICAL_WEIGHT = 1.0
DENSE_WEIGHT = 1.5
"""For each dense model. Chosen on a random half of ShARC's dev questions with all-MiniLM-L6-v2 (552 of them, R@1 / R@5:
weight 1 .676 / .938, 1.4 .705 / .942, 2 .723 / .944; the other half .694 / .922, .705 / .924, .716 / .922) and held
below the best there, since words weigh more elsewhere (doc2dial dev, 676 turns: 1 .247 / .435, 1.5 .251 / .433,
3 .232 / .429). Scores brought to 0 … 1 instead (.674 / .937) or ranks alone (.694 / .917) did no better."""


def fuse(scores: Mapping[str, NDArray[np.float32]]) -> NDArray[np.float64]:
    """The fused score of each candidate, from its scores by retriever; one that tells none apart adds nothing."""
    fused = np.zeros(len(next(iter(scores.values()))))
    for name, values in scores.items():
        deviation = float(np.std(values, dtype=np.float64))
        if deviation > 1e-9:
            weight = LEXICAL_WEIGHT if name == LEXICAL else DENSE_WEIGHT
            fused += weight * (values - np.mean(values, dtype=np.float64)) / deviation
    return fused
