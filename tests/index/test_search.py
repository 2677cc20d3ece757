"""Searching: ranks that anyone can work out, and the real model for truth."""

import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from index import search
from index.build import refresh
from index.embed import BUILT_IN_MODEL, Vectors, load_embedder
from index.errors import UnknownDocument
from index.fusion import DENSE_WEIGHT, ENGLISH_WEIGHT, LEXICAL_WEIGHT, fuse
from index.search import Index
from tests.index.fakes import FARM, WordEmbedder, write_corpus

FIELDS = {
    **FARM,
    "rules.md": "# Rules\n\n## Hens\n\nHens stay inside.\n\n## Cows\n\nCows go out.\n\n## Pigs\n\nPigs roll in mud.\n",
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("search")
    refresh(write_corpus(folder / "corpus", FIELDS), folder / "store", [WordEmbedder()])
    return folder / "store"


@pytest.fixture
def index(store: Path) -> Iterator[Index]:
    with Index.open(store, [WordEmbedder()]) as opened:
        yield opened


def found(index: Index, question: str, k: int = 10, document: str | None = None) -> list[str]:
    return [hit.passage.text for hit in index.search(question, k, document)]


def test_the_passage_with_all_the_words_comes_first(index: Index) -> None:
    best, *others = index.search("Which hen lays eggs and eats corn?")
    assert best.passage.text == FARM["hen.txt"]
    assert best.score > others[0].score
    assert best.parts["lexical"] == max(hit.parts["lexical"] for hit in [best, *others])
    assert best.parts["words"] == max(hit.parts["words"] for hit in [best, *others])


def test_headings_are_searched_with_the_text(index: Index) -> None:
    (hit,) = index.search("rules cows", 1)
    assert (hit.passage.text, hit.passage.section) == ("Cows go out.", "Rules › Cows")


def test_a_question_of_unknown_words_is_answered_by_meaning_alone(index: Index) -> None:
    assert all(hit.parts["lexical"] == 0 for hit in index.search("zebra"))
    assert len(index.search("zebra")) == 6


def test_one_document_alone(index: Index) -> None:
    assert found(index, "hens", document="rules.md") == ["Hens stay inside.", "Cows go out.", "Pigs roll in mud."]
    with pytest.raises(UnknownDocument, match="no-such"):
        index.search("hens", document="no-such.md")
    with pytest.raises(UnknownDocument):
        index.document("../../etc/passwd\n")


@pytest.mark.parametrize(("k", "number"), [(1, 1), (4, 4), (6, 6), (100, 6)])
def test_never_more_than_there_are(index: Index, k: int, number: int) -> None:
    assert len(found(index, "the hen and the cow", k)) == number


def test_at_least_one_is_asked_for(index: Index) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        index.search("x", 0)


@pytest.mark.parametrize("question", ["", "   ", "?", "\0", "\ud83d", "a" * 8000, "the " * 2000])
def test_odd_questions_are_answered(index: Index, question: str) -> None:
    assert len(index.search(question)) == 6


def test_passages_that_score_alike_keep_their_order(index: Index) -> None:
    assert [hit.passage.document for hit in index.search("?")] == sorted(
        hit.passage.document for hit in index.search("?")
    )
    assert index.search("?") == index.search("?")


def test_many_at_once_are_answered_as_each_alone(index: Index) -> None:
    questions = ["hen eggs", "where do pigs roll?", "hens"]
    documents = [None, None, "rules.md"]
    many = index.search_many(questions, 3, documents)
    assert many == [index.search(q, 3, d) for q, d in zip(questions, documents, strict=True)]
    assert index.search_many([]) == []


def test_a_large_corpus_is_searched_through_chroma_with_the_same_result(
    store: Path, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "EXACT_LIMIT", 0)
    with Index.open(store, [WordEmbedder()]) as large:
        for question, document in (("hen eggs", None), ("where do pigs roll?", None), ("hens", "rules.md")):
            assert large.search(question, 3, document) == index.search(question, 3, document)


def test_several_threads_search_at_once(index: Index) -> None:
    questions = ["hen eggs", "cow milk", "pigs in mud", "grass"] * 5
    expected = [index.search(question) for question in questions]
    results: list[object] = [None] * len(questions)

    def work(n: int) -> None:
        results[n] = index.search(questions[n])

    threads = [threading.Thread(target=work, args=(n,)) for n in range(len(questions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == expected


def test_terms_and_their_rarity_are_those_of_the_words_index(index: Index) -> None:
    assert index.analyse("The hens lay") == ["hen", "lay"]
    assert index.idf("sti") > index.idf("hen") > 0


def test_stats_and_ids(index: Index) -> None:
    assert index.documents() == ("cow.txt", "hen.txt", "pig.txt", "rules.md")
    stats = index.stats
    assert (stats.documents, stats.passages, stats.models) == (4, 6, ("words",))
    assert stats.bytes > 0
    assert len(index.version) == 12


SCORES = {
    "lexical": np.array([0, 0, 30], dtype=np.float32),
    "all-MiniLM-L6-v2@1": np.array([0, 1, 2], dtype=np.float32),
    "m": np.array([0.6, 0.4, 0.5], dtype=np.float32),
}


@pytest.mark.parametrize(("known", "found"), [(1.0, 1.0), (0.25, 0.5), (0.0, 0.0)])
def test_scores_are_brought_to_one_scale_and_words_and_english_count_by_what_is_found(
    known: float, found: float
) -> None:
    words, english, other = LEXICAL_WEIGHT * max(found, 0.01), ENGLISH_WEIGHT * max(known, 0.01), DENSE_WEIGHT
    # Means 10, 1 and 0.5; deviations √200, √(2/3) and √(0.02/3).
    expected = [
        -words * 0.5**0.5 - english * 1.5**0.5 + other * 1.5**0.5,
        -words * 0.5**0.5 - other * 1.5**0.5,
        words * 2**0.5 + english * 1.5**0.5,
    ]
    assert fuse(SCORES, known, found) == pytest.approx(expected, abs=1e-5)


def test_a_retriever_that_tells_none_apart_adds_nothing() -> None:
    same = np.full(3, 0.1, dtype=np.float32)
    assert fuse({"lexical": same, "m": same}, 1.0, 1.0).tolist() == [0, 0, 0]


@pytest.fixture(scope="module")
def opposed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """Two models that are of opposite minds: the English one sees hens everywhere first, the other one cows."""
    english, other = Opinionated("all-MiniLM-L6-v2@1", "hen"), Opinionated("other", "cow")
    folder = tmp_path_factory.mktemp("opposed")
    refresh(write_corpus(folder / "corpus", FARM), folder / "store", [english, other])
    with Index.open(folder / "store", [english, other]) as index:
        yield index


class Opinionated(WordEmbedder):
    """Puts the passages that hold one word before all others, whatever is asked."""

    def __init__(self, name: str, word: str) -> None:
        super().__init__(name, 2)
        self._word = word

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return np.array([[1.0, 0.0] if self._word in text.lower() else [0.0, 1.0] for text in texts], dtype=np.float32)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return np.array([[1.0, 0.0]] * len(texts), dtype=np.float32)


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("eggs", "hen.txt"),  # a known word alone: words and the English model, 1 + 1, against 1.5
        ("der Kuckuck legt Eier", "cow.txt"),  # no known word: the English model counts for nothing
        ("laays egs", "cow.txt"),  # neither is known; what they resemble is not enough against the model
    ],
)
def test_the_words_that_the_corpus_knows_decide_how_much_the_english_model_counts(
    question: str, first: str, opposed: Index
) -> None:
    assert opposed.search(question)[0].passage.document == first


def test_a_misspelt_word_counts_as_far_as_it_resembles(index: Index) -> None:
    (misspelt,), (right,) = (
        index.search(question, 1) for question in ("the pig eats evrything", "pig eats everything")
    )
    assert misspelt.passage.text == right.passage.text == FARM["pig.txt"]
    (short,) = index.search("the pig eats", 1)
    assert short.parts["lexical"] < misspelt.parts["lexical"] < right.parts["lexical"]


def test_the_real_model_finds_what_no_word_leads_to(tmp_path: Path) -> None:
    embedders = [load_embedder(BUILT_IN_MODEL)]
    corpus = write_corpus(
        tmp_path / "corpus",
        {
            "a.txt": "Applications must be submitted by 31 January 2019.",
            "b.txt": "Chickens are kept for their eggs.",
            "c.txt": "Grants cover up to 90 % of the eligible costs.",
        },
    )
    refresh(corpus, tmp_path / "store", embedders)
    with Index.open(tmp_path / "store", embedders) as index:
        assert index.search("What is the deadline?")[0].passage.document == "a.txt"
        assert index.search("How much money do we get?")[0].passage.document == "c.txt"
        assert index.search("poultry")[0].passage.document == "b.txt"


def test_searching_imports_neither_chroma_nor_torch_before_they_are_needed() -> None:
    code = "import sys, index.live; print(*sorted({'chromadb', 'torch', 'transformers'} & sys.modules.keys()))"
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
