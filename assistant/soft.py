"""How likely quotes carry a sentence, by the words that it shares with a few of their sentences."""

import math

from assistant.quoted import Quoted, stems
from assistant.values import extract

SENTENCES = 3
"""Sentences of the quotes whose words count: a claim may sum up some, not pick its words from all."""
SLOPE, MIDDLE = 9.0, 0.62
"""Of the logistic: a little under two thirds of the words make it even. Set beforehand, not fitted."""


def coverage(claim: str, held: Quoted) -> float:
    """The share of the words of the tidy `claim` that those sentences hold which together hold most.

    A value that some sentence has counts as held whatever its words: “16.2 million euros” is “EUR 16,200,000”.
    """
    wanted = stems(claim)
    if not wanted or not held.parts:
        return 0.0
    for value in extract(claim):
        if held.has_value(value):
            wanted -= stems(claim[value.start : value.end])
    if not wanted:
        return 1.0
    missing = wanted
    for _ in range(SENTENCES):
        missing = min((missing - part.stems for part in held.parts), key=len)
    return 1 - len(missing) / len(wanted)


def probability(share: float) -> float:
    """The probability for a share of words held."""
    return 1 / (1 + math.exp(-SLOPE * (share - MIDDLE)))
