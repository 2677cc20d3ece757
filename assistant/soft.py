"""How likely quotes carry a sentence, by the words that it shares with a few of their sentences."""

import math

from assistant.quoted import Quoted, stems

SENTENCES = 3
"""Sentences of the quotes whose words count: a claim may sum up some, not pick its words from all."""
SLOPE, MIDDLE = 9.0, 0.62
"""Of the logistic."""


def coverage(claim: str, held: Quoted) -> float:
    """The share of the words of the tidy `claim` that those sentences hold which together hold most."""
    wanted = stems(claim)
    if not wanted:
        return 0.0
    missing = wanted
    for _ in range(SENTENCES):
        missing = min((missing - part.stems for part in held.parts), key=len, default=missing)
    return 1 - len(missing) / len(wanted)


def probability(share: float) -> float:
    """The probability for a share of words held."""
    return 1 / (1 + math.exp(-SLOPE * (share - MIDDLE)))
