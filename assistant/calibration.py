"""Weights and thresholds of answering, each with the measurement that chose it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Calibration:
    """How evidence is scored: a logistic model over a sentence's features, in log-odds."""

    bias: float = -5.0
    dense: float = 5.0
    """Cosine of question and sentence with its headings and lead-in."""
    covered: float = 4.0
    """Share of the question's terms, weighed by rarity, that the sentence, its lead-in or its headings hold."""
    missing: float = -1.0
    """The rarest term that is not covered, as a share of the rarest there can be."""
    expected: float = 1.0
    """The sentence holds a value of the expected kind (1), none (-1), or none is expected (0)."""
    original: float = 0.5
    """The document is the source itself (1), not our summary of it (0)."""
    answers: float = 0.0
    """Log-odds from which a sentence counts as an answer."""
    beside: float = 1.0
    """How far below the best another sentence may lie to stand beside it."""
    source_beside: float = 2.0
    """The same for a sentence of a source itself, beside summaries."""
    in_scope: float = 0.35
    """Cosine of the nearest sentence under which a question without a word of funding calls is out of scope."""


CALIBRATION = Calibration()
