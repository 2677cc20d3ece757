"""Weights and thresholds of answering, each with the measurement that chose it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

IN_ONE_BESIDE, IN_ONE_MOST = 1.0, 12
"""`beside` and `most` for a question to one document: chosen on the pages of OMoS-QA that the reader's training held
out, where 1 to 3 and 8 to 15 make no difference beyond the interval."""


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
    """Weights, in the log-odds of being answered, of the highest that any sentence has: `line`; `dense` and `near`, its
    passage's cosines by the first and the last dense model; `figure_held`, where a figure is asked for, 1 less the
    rarest term that a sentence with such a figure does not hold: a figure of something else would be a wrong answer."""
    bias: float
    """Of those log-odds."""
    most: int = 3
    """Sentences of an answer."""
    line: float = 1.0
    """What the reader makes of the sentence, in log-odds."""
    beside: float = 1.0
    """How far below the best another sentence may lie to stand beside it."""
    source_beside: float = 2.0
    """The same for a sentence of a source itself, beside summaries."""
    in_scope: tuple[tuple[str, float], ...] = ()
    """Cosines of the nearest passage, by feature, under which a question with no word of calls is off topic."""

    def in_one_document(self) -> "Calibration":
        """For a question to one document alone: all of it that answers is wanted, wherever it stands."""
        return replace(self, early=0.0, covered=0.0, beside=IN_ONE_BESIDE, most=IN_ONE_MOST)

    def weigh(self, parts: Iterable[tuple[str, float]]) -> float:
        """How well a sentence answers, beside others; features that have no weight do not count."""
        weights = {"covered": self.covered, "expected": self.expected, "narrower": self.narrower}
        weights |= {"early": self.early, "line": self.line}
        return sum(weights.get(name, 0.0) * value for name, value in parts)

    def is_answered(self, weighed: Iterable[Mapping[str, float]]) -> bool:
        """Whether the sentences, each by its features, answer the question more likely than not."""
        seen = list(weighed)
        return bool(seen) and self.bias + sum(w * max(one[name] for one in seen) for name, w in self.answered) >= 0


# Fitted on the tuning half's 113 questions that are one question, have no history and do not ask for the deadline (40
# in English, 73 in others): `answered` by logistic regression with classes of equal weight, left out one by one an area
# under the curve of .89 and .85; the ranking by what lies among the first three. See `docs/decisions/reader.md`.

SAME_LANGUAGE = Calibration(
    covered=2.5,
    expected=0.5,
    narrower=-0.9,
    early=2.0,
    answered=(("line", 0.27), ("near", 21.0), ("dense", 6.2), ("figure_held", 2.0)),
    bias=-21.7,
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
