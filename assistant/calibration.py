"""Weights and thresholds of answering, each with the measurement that chose it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Calibration:
    """Whether a question is answered at all, and how its sentences are ranked; sums of features by weight."""

    covered: float
    """Share of the question's terms, weighed by rarity, that the sentence, its lead-in or its headings hold."""
    expected: float
    """The sentence holds a value of the expected kind (1), none (-1), or none is expected (0)."""
    narrower: float
    """The sentence speaks of single priorities (1), and the question of none."""
    early: float
    """1 for a sentence of the passage that was found first, 1/2 for the second, 1/3 for the third, …"""
    answered: tuple[tuple[str, float], ...]
    """Weights of the best sentence's `line` and the nearest passage's cosines, in the log-odds of being answered."""
    bias: float
    """Of those log-odds."""
    line: float = 1.0
    """What the reader makes of the sentence, in log-odds."""
    beside: float = 1.0
    """How far below the best another sentence may lie to stand beside it."""
    source_beside: float = 2.0
    """The same for a sentence of a source itself, beside summaries."""
    in_scope: tuple[tuple[str, float], ...] = ()
    """Cosines of the nearest passage, by feature, under which a question with no word of calls is off topic."""

    def weigh(self, parts: Iterable[tuple[str, float]]) -> float:
        """How well a sentence answers, beside others; features that have no weight do not count."""
        weights = {"covered": self.covered, "expected": self.expected, "narrower": self.narrower}
        weights |= {"early": self.early, "line": self.line}
        return sum(weights.get(name, 0.0) * value for name, value in parts)

    def is_answered(self, weighed: Iterable[Mapping[str, float]]) -> bool:
        """Whether the sentences, each by its features, answer the question more likely than not."""
        seen = list(weighed)
        return bool(seen) and self.bias + sum(w * max(one[name] for one in seen) for name, w in self.answered) >= 0


SAME_LANGUAGE = Calibration(
    covered=2.5,
    expected=0.5,
    narrower=-0.9,
    early=2.0,
    answered=(("line", 0.27), ("near", 21.0), ("dense", 6.2)),
    bias=-19.7,
    in_scope=(("dense", 0.31),),
)

OTHER_LANGUAGE = Calibration(
    covered=0.0,
    expected=1.0,
    narrower=-0.9,
    early=2.0,
    answered=(("line", 0.38), ("near", 33.0)),
    bias=-26.0,
    in_scope=(("near", 0.79),),
)
