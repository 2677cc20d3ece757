"""Weights and thresholds of answering, each with the measurement that chose it."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Calibration:
    """How evidence is scored: a linear model over a sentence's features, in log-odds."""

    bias: float
    dense: float
    """Cosine of question and sentence with its headings and lead-in, by the first dense model."""
    multilingual: float
    """The same by the last."""
    stands_out: float
    """How far the latter lies above the mean of all candidates, in deviations."""
    covered: float
    """Share of the question's terms, weighed by rarity, that the sentence, its lead-in or its headings hold."""
    missing: float
    """The rarest term that is not covered, as a share of the rarest there can be."""
    figure_missing: float
    """The same where a figure is asked for: a figure of something else would be a wrong answer."""
    expected: float
    """The sentence holds a value of the expected kind (1), none (-1), or none is expected (0)."""
    narrower: float
    """The sentence speaks of single priorities (1), and the question of none."""
    early: float
    """1 for a sentence of the passage that was found first, 1/2 for the second, 1/3 for the third, …"""
    answers: float
    """Log-odds from which a sentence counts as an answer."""
    beside: float = 1.0
    """How far below the best another sentence may lie to stand beside it."""
    source_beside: float = 2.0
    """The same for a sentence of a source itself, beside summaries."""
    in_scope: float = 0.8
    """Cosine of the nearest sentence, by the last model, under which a question with no word of calls is off topic."""

    def weigh(self, parts: Iterable[tuple[str, float]]) -> float:
        """The log-odds that features by name add up to."""
        return self.bias + sum(float(getattr(self, name)) * value for name, value in parts)


SAME_LANGUAGE = Calibration(
    bias=-5.0,
    dense=8.0,
    multilingual=0.0,
    stands_out=0.0,
    covered=4.0,
    missing=-0.5,
    figure_missing=-4.0,
    expected=0.7,
    narrower=-1.0,
    early=0.0,
    answers=0.0,
)
"""For a question in the language of the documents."""

OTHER_LANGUAGE = SAME_LANGUAGE
"""For a question in another one, whose words the documents do not hold."""
