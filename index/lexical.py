"""Finding by words: BM25 over the passages. The one door to bm25s and PyStemmer.

Scores are those of bm25s' default, Lucene's variant with k1 = 1.5 and b = 0.75 (Kamphuis et al. 2020, "Which BM25 do
you mean?"). A word is found by its English stem whatever its case and accents; a number by itself (`16.2`, `2018`);
what mixes the two, such as `ABC-2018-XY` or `516/2014`, whole and by its parts. A word that no text holds stands for
those that it resembles (`index/similar.py`).
"""

import math
import re
import threading
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import bm25s
import numpy as np
import Stemmer
from bm25s.stopwords import STOPWORDS_EN
from numpy.typing import NDArray

from index.similar import SimilarWords

ANALYSIS_VERSION = 1
"""Raised whenever the same text would give other terms."""

_TOKEN = re.compile(
    r"""
    (?P<number>(?<![\w.,/-])\d+(?:[.,]\d+)*+(?![\w/-]|[.,]\w))
    | (?P<compound>[^\W_]++(?:[-./_][^\W_]++)++)
    | (?P<word>[^\W_]++)
    """,
    re.VERBOSE,
)
_PART = re.compile(r"[^\W_]+")
_POSSESSIVE = re.compile(r"['’]s\b")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_MAX_TERM_CHARS = 64
_STOP_WORDS = frozenset(STOPWORDS_EN)


class Analyser:
    """Texts to terms, the same for passages and questions. Safe to share between threads."""

    def __init__(self) -> None:
        self._stemmer = Stemmer.Stemmer("english")
        self._stems: dict[str, str] = {}
        self._lock = threading.Lock()  # a Stemmer must not be entered twice

    def terms(self, text: str) -> list[str]:
        """The terms of `text` in order, repeated as often as they occur; stop words left out."""
        terms: list[str] = []
        for match in _TOKEN.finditer(_POSSESSIVE.sub("", fold(text))):
            token = match[0]
            if match.lastgroup == "number":
                terms.append(token.replace(",", "") if _GROUPED.fullmatch(token) else token)
                continue
            if match.lastgroup == "compound" and any(letter.isdigit() for letter in token):
                terms.append(token[:_MAX_TERM_CHARS])
            for part in _PART.findall(token):
                if part not in _STOP_WORDS:
                    terms.append(self._stem(part[:_MAX_TERM_CHARS]))
        return terms

    def _stem(self, word: str) -> str:
        stem = self._stems.get(word)
        if stem is None:
            with self._lock:
                stem = str(self._stemmer.stemWord(word))
            if len(self._stems) < 200_000:
                self._stems[word] = stem
        return stem


def fold(text: str) -> str:
    """`text` in lower case without accents: `Çà` becomes `ca`."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


@dataclass(frozen=True, slots=True)
class Match:
    """How a question and the texts match by words."""

    scores: NDArray[np.float32]
    """The BM25 score of every text; all 0 where no word of the question occurs in them or resembles one that does."""
    known: float
    """The share of the question's terms, weighed by rarity, that occur in the texts: 0 to 1. It is low where the
    question is in another language than the texts, or badly misspelt."""
    found: float
    """The same, where a term that resembles another counts by the square of its resemblance."""


class LexicalIndex:
    """BM25 over a list of texts, by their position in it. Safe to search from several threads."""

    def __init__(self, bm25: Any, size: int, analyser: Analyser | None = None) -> None:
        self._bm25 = bm25
        self._size = size
        self._analyser = analyser or Analyser()
        self._similar = SimilarWords(self._vocabulary)

    @classmethod
    def build(cls, texts: Sequence[str]) -> Self:
        """Index `texts`; none, or none with a word in it, is fine."""
        analyser = Analyser()
        vocabulary: dict[str, int] = {}
        ids = [[vocabulary.setdefault(term, len(vocabulary)) for term in analyser.terms(text)] for text in texts]
        if not vocabulary:
            return cls(None, len(texts), analyser)
        bm25 = bm25s.BM25()
        bm25.index((ids, vocabulary), create_empty_token=False, show_progress=False)
        return cls(bm25, len(texts), analyser)

    def save(self, folder: Path) -> None:
        """Write the index into `folder`, which is made; no pickles."""
        folder.mkdir()
        if self._bm25 is not None:
            self._bm25.save(folder, allow_pickle=False, show_progress=False)

    @classmethod
    def load(cls, folder: Path, size: int) -> Self:
        """Read what `save` wrote for `size` texts. Raises `OSError` or `ValueError` where it is damaged."""
        if not any(folder.iterdir()):
            return cls(None, size)
        return cls(bm25s.BM25.load(folder, allow_pickle=False, show_progress=False), size)

    def analyse(self, text: str) -> list[str]:
        """The terms that `text` is searched by."""
        return self._analyser.terms(text)

    def match(self, question: str) -> Match:
        """How `question` and each text match by words. What a resembling word scores counts by its resemblance."""
        terms = self.analyse(question)
        scores = self._scores([term for term in terms if term in self._vocabulary])
        rarity = {term: self.idf(term) for term in terms}
        known = found = sum(weight for term, weight in rarity.items() if term in self._vocabulary)
        for term, weight in rarity.items():
            if term not in self._vocabulary and (similar := self._similar.to(term)):
                scores += np.max([alike * self._scores([word]) for word, alike in similar], axis=0)
                found += weight * similar[0][1] ** 2
        total = sum(rarity.values()) or 1.0
        return Match(scores, known / total, found / total)

    def _scores(self, terms: Sequence[str]) -> NDArray[np.float32]:
        if not terms:
            return np.zeros(self._size, dtype=np.float32)
        ids = [self._vocabulary[term] for term in terms]
        return np.asarray(self._bm25.get_scores_from_ids(ids), dtype=np.float32)

    @property
    def _vocabulary(self) -> Mapping[str, int]:
        return {} if self._bm25 is None else self._bm25.vocab_dict

    def idf(self, term: str) -> float:
        """How rare a term is, as BM25 weighs it: ln(1 + (N - n + ½) / (n + ½)), with n of N texts holding it."""
        holding = 0
        if self._bm25 is not None and (position := self._vocabulary.get(term)) is not None:
            starts = self._bm25.scores["indptr"]
            holding = int(starts[position + 1] - starts[position])
        return math.log(1 + (self._size - holding + 0.5) / (holding + 0.5))
