"""Weights and thresholds of answering, each with the measurement that chose it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Calibration:
    """How evidence is scored: a linear model over a sentence's features, in log-odds.

    Chosen with `bench/calibrate.py` on the 51 English questions of the tuning half that have no history, 39 of them
    answerable: the best sentence answers 18 and is beside the point for 9, and none of the 12 that the sources leave
    open is answered.
    """

    bias: float = -5.0
    dense: float = 8.0
    """Cosine of question and sentence with its headings and lead-in."""
    covered: float = 4.0
    """Share of the question's terms, weighed by rarity, that the sentence, its lead-in or its headings hold."""
    missing: float = -0.5
    """The rarest term that is not covered, as a share of the rarest there can be."""
    expected: float = 0.7
    """The sentence holds a value of the expected kind (1), none (-1), or none is expected (0)."""
    figure_missing: float = -4.0
    """The same where a figure is asked for: a figure of something else would be a wrong answer."""
    narrower: float = -1.0
    """The sentence speaks of single priorities (1), and the question of none."""
    answers: float = 0.0
    """Log-odds from which a sentence counts as an answer."""
    beside: float = 1.0
    """How far below the best another sentence may lie to stand beside it."""
    source_beside: float = 2.0
    """The same for a sentence of a source itself, beside summaries."""
    in_scope: float = 0.35
    """Cosine of the nearest sentence under which a question without a word of funding calls is out of scope."""


CALIBRATION = Calibration()
