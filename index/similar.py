"""Words that resemble a word which no passage holds: what a misspelt, misheard or foreign word may stand for.

Resemblance is Dice's coefficient over the trigrams of the two words, each with a space before and after it: the
trigrams that they share, twice, over those of both. Words in other alphabets are compared in Latin letters.
"""

from collections.abc import Iterable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.latin import latin

MIN_LETTERS = 4
"""Shorter words share a trigram with too many."""
LEAST = 0.5
"""Less resemblance is none."""
MOST_WORDS = 3
"""Found at most, the most alike first. Measured with `LEAST` (`docs/decisions/retrieval.md`)."""


class SimilarWords:
    """The words of a vocabulary by their trigrams; put in order when first asked."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._vocabulary = vocabulary

    def to(self, word: str) -> list[tuple[str, float]]:
        """The words most like `word`, and how much they resemble it."""
        if not _is_long_word(word):
            return []
        holders, sizes = self._by_trigram
        mine = _trigrams(latin(word))
        found = [holders[trigram] for trigram in mine if trigram in holders]
        if not found:
            return []
        shared = np.bincount(np.concatenate(found), minlength=len(self._words))
        alike = 2 * shared / (sizes + len(mine))
        best = np.argsort(-alike, kind="stable")[:MOST_WORDS]
        return [(self._words[n], float(alike[n])) for n in best if alike[n] >= LEAST]

    @cached_property
    def _words(self) -> list[str]:
        return [word for word in self._vocabulary if _is_long_word(word)]

    @cached_property
    def _by_trigram(self) -> tuple[dict[str, NDArray[np.int32]], NDArray[np.int32]]:
        """The words that hold each trigram, and how many each word has."""
        holders: dict[str, list[int]] = {}
        sizes = np.zeros(len(self._words), dtype=np.int32)
        for number, word in enumerate(self._words):
            trigrams = _trigrams(latin(word))
            sizes[number] = len(trigrams)
            for trigram in trigrams:
                holders.setdefault(trigram, []).append(number)
        return {trigram: np.array(numbers, dtype=np.int32) for trigram, numbers in holders.items()}, sizes


def _is_long_word(word: str) -> bool:
    return len(word) >= MIN_LETTERS and word.isalpha()


def _trigrams(word: str) -> frozenset[str]:
    framed = f" {word} "
    return frozenset(framed[start : start + 3] for start in range(len(framed) - 2))
