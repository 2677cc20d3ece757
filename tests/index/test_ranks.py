"""Small corpora whose ranking anyone can work out, and the real models where only they can tell."""

import math
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from index import search
from index.build import refresh
from index.embed import Embedder, Vectors
from index.search import Index
from tests.index.fakes import FARM, WordEmbedder, write_corpus

ANIMALS = {
    "1.txt": "Cats purr.",
    "2.txt": "Cats chase dogs.",
    "3.txt": "Dogs chase snails.",
    "4.txt": "Birds, and birds fly home.",
}
"""Their titles are digits, so that a passage is searched by its text alone."""


class Named(WordEmbedder):
    """Finds a text near to every question if it holds the word, and at a right angle if not."""

    def __init__(self, word: str) -> None:
        super().__init__("by hand", 2)
        self._word = word

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return np.array([[1, 0] if self._word in text else [0, 1] for text in texts], dtype=np.float32)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return np.array([[1, 0]] * len(texts), dtype=np.float32)


def opened(folder: Path, corpus: dict[str, str], embedders: Sequence[Embedder]) -> Index:
    refresh(write_corpus(folder / "corpus", corpus), folder / "store", embedders)
    return Index.open(folder / "store", embedders)


def ranks(index: Index, question: str) -> list[str]:
    return [hit.passage.document for hit in index.search(question)]


def test_words_rank_as_bm25_does_by_hand(tmp_path: Path) -> None:
    """`cat` and `bird` against `ANIMALS`.

    The texts have 2, 3, 3 and 4 terms, 3 on average. `cat` stands in 2 of 4 texts, which weighs ln(1 + 2.5/2.5) = ln 2;
    `bird` in 1 of 4, which weighs ln(1 + 3.5/1.5) = ln(10/3). A term that stands n times in a text of L terms counts
    n / (n + 1.5 × (.25 + .75 × L/3)) of its weight:

    1   cat once, L = 2      ln 2 × 1 / (1 + 1.125)      = .326   second
    2   cat once, L = 3      ln 2 × 1 / (1 + 1.5)        = .277   third: the longer text
    3   neither                                            0      last
    4   bird twice, L = 4    ln(10/3) × 2 / (2 + 1.875)  = .621   first: rarer, and twice
    """
    with opened(tmp_path, ANIMALS, [Named("no text holds this")]) as index:
        hits = index.search("cats and birds")
        assert [hit.passage.document for hit in hits] == ["4.txt", "1.txt", "2.txt", "3.txt"]
        by_hand = [math.log(10 / 3) * 2 / 3.875, math.log(2) / 2.125, math.log(2) / 2.5, 0]
        assert [hit.parts["lexical"] for hit in hits] == pytest.approx(by_hand, abs=1e-5)


def test_words_and_vectors_rank_together_as_worked_out_by_hand(tmp_path: Path) -> None:
    """`cats and birds` once more, with a model that finds `chase` near.

    BM25, as above: .326, .277, 0 and .621, of mean .306 and deviation .221; the model: 0, 1, 1 and 0, of mean and
    deviation .5. All words are known, so that words weigh 1 and the model 1.5:

    1   +.09 − 1.5 = −1.41   last
    2   −.13 + 1.5 = +1.37   first: near, and a cat in it
    3   −1.39 + 1.5 = +.11   second: near alone
    4   +1.43 − 1.5 = −.07   third: words alone
    """
    with opened(tmp_path, ANIMALS, [Named("chase")]) as index:
        hits = index.search("cats and birds")
        assert [hit.passage.document for hit in hits] == ["2.txt", "3.txt", "4.txt", "1.txt"]
        assert [hit.score for hit in hits] == pytest.approx([1.37, 0.11, -0.07, -1.41], abs=0.01)


@pytest.mark.parametrize(("misspelt", "first"), [("gras", "cow.txt"), ("cornn", "hen.txt"), ("everyting", "pig.txt")])
def test_a_misspelt_word_alone_finds_its_passage(misspelt: str, first: str, tmp_path: Path) -> None:
    # The model finds all alike: what tells them apart is the word that resembles.
    with opened(tmp_path, FARM, [Named("no text holds this")]) as index:
        best, *others = index.search(misspelt)
        assert best.passage.document == first
        assert best.parts["lexical"] > 0
        assert all(hit.parts["lexical"] == 0 for hit in others)


HOURS = 200
"""More than each retriever puts forward, so that most passages are never looked at."""


class Clock(WordEmbedder):
    """Lays hours on a half circle in their order, and asks for one of them."""

    def __init__(self, asked: float) -> None:
        super().__init__("clock", 2)
        self._asked = asked

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return self._points([float(text.split()[-1].rstrip(".")) for text in texts])

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return self._points([self._asked] * len(texts))

    def _points(self, hours: Sequence[float]) -> Vectors:
        angles = np.pi * np.array(hours) / HOURS
        return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


@pytest.mark.parametrize(("limit", "through_chroma"), [(HOURS, False), (HOURS - 1, True)])
def test_the_nearest_come_first_by_comparing_all_and_beyond_the_limit_through_chroma(
    limit: int, through_chroma: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "EXACT_LIMIT", limit)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    text = "\n\n".join(f"## Hour\n\nIt strikes {hour}." for hour in range(HOURS))
    with opened(tmp_path, {"hours.md": text}, [Clock(120.2)]) as index:
        assert index.stats.passages == HOURS
        assert any(tmp_path.glob("call-assistant-*")) == through_chroma  # the private copy that Chroma is opened on
        found = [hit.passage.text for hit in index.search("When?", 5)]
    assert found == [f"It strikes {hour}." for hour in (120, 121, 119, 122, 118)]


CALL = {
    "a.txt": "Applications must be submitted by 31 January 2019.",
    "b.txt": "Each network consists of at least three partners from two Member States.",
    "c.txt": "The grant covers up to 90 % of the eligible costs.",
    "d.txt": "Projects last no longer than 24 months.",
}


@pytest.fixture(scope="module")
def call(tmp_path_factory: pytest.TempPathFactory, embedders: tuple[Embedder, ...]) -> Iterator[Index]:
    with opened(tmp_path_factory.mktemp("call"), CALL, embedders) as index:
        yield index


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("Bis wann muss der Antrag eingereicht werden?", "a.txt"),
        ("Wie viele Partner braucht ein Netzwerk mindestens?", "b.txt"),
        ("Welchen Anteil der Kosten übernimmt die Förderung?", "c.txt"),
        ("Wie lange darf ein Vorhaben dauern?", "d.txt"),
        ("Ile najdłużej może trwać projekt?", "d.txt"),
        ("Combien de partenaires au minimum ?", "b.txt"),
        ("Μέχρι πότε υποβάλλονται οι αιτήσεις;", "a.txt"),
        ("wat percentge of teh costs dose the grnat cover", "c.txt"),
    ],
)
def test_the_real_models_find_the_english_passage_for_a_foreign_or_misspelt_question(
    question: str, first: str, call: Index
) -> None:
    assert ranks(call, question)[0] == first
