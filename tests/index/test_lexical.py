"""Words: how texts become terms, and BM25 worked out by hand."""

import math
from pathlib import Path

import pytest

from index.lexical import Analyser, LexicalIndex, fold

FOUR = ["a cat purrs", "a dog barks at the cat", "birds fly", "fish swim and swim"]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("The networks of organisations", ["network", "organis"]),
        ("the organisation's aims", ["organis", "aim"]),
        ("Café NAÏVE Straße Αθήνα", ["cafe", "naiv", "strass", "αθηνα"]),
        ("EUR 16.2 million or 16,200,000", ["eur", "16.2", "million", "16200000"]),
        ("priority 1. In 2018", ["prioriti", "1", "2018"]),
        ("ABCD-2018-XY", ["abcd-2018-xy", "abcd", "2018", "xy"]),
        ("Regulation 516/2014", ["regul", "516/2014", "516", "2014"]),
        ("third-country one-stop", ["third", "countri", "one", "stop"]),
        ("31.01.2019", ["31.01.2019"]),
        ("“…” – !", []),
        ("", []),
    ],
)
def test_terms(text: str, terms: list[str]) -> None:
    assert Analyser().terms(text) == terms


def test_folding_takes_away_case_and_accents() -> None:
    assert fold("ÇÀ Łódź ﬁn") == "ca łodz fin"


def test_scores_are_bm25_worked_out_by_hand() -> None:
    index = LexicalIndex.build(FOUR)
    # "cat" stands in 2 of 4 texts: ln(1 + 2.5/2.5). Terms by text: 2, 3, 2, 3 (fish, swim, swim), so 2.5 on average.
    idf = math.log(2)
    scores = [idf / (1 + 1.5 * (0.25 + 0.75 * length / 2.5)) for length in (2, 3)]
    assert index.idf("cat") == pytest.approx(idf)
    assert index.scores("cats?") == pytest.approx([*scores, 0, 0], rel=1e-5)
    assert index.scores("swimming")[3] > index.scores("fishes")[3] > 0


def test_rarer_terms_weigh_more_and_unknown_ones_most() -> None:
    index = LexicalIndex.build(FOUR)
    assert index.idf("zebra") > index.idf("bird") > index.idf("cat") > 0


@pytest.mark.parametrize("question", ["", "the and of", "zebra", "…"])
def test_a_question_without_a_known_word_scores_nothing(question: str) -> None:
    assert LexicalIndex.build(FOUR).scores(question).tolist() == [0, 0, 0, 0]


def test_coverage_is_the_share_of_known_terms_by_rarity() -> None:
    index = LexicalIndex.build(FOUR)
    # "cat" weighs ln 2, "zebra" as a term of no text: ln(1 + 4.5/0.5) = ln 10.
    assert index.coverage("cats and zebras") == pytest.approx(math.log(2) / (math.log(2) + math.log(10)))
    assert index.coverage("cat cat zebra") == pytest.approx(index.coverage("cat zebra"))
    assert (index.coverage("a dog barks"), index.coverage("zebra"), index.coverage("the")) == (1, 0, 0)


def test_an_unknown_word_scores_by_what_it_resembles() -> None:
    index = LexicalIndex.build(FOUR)
    # "bird" has the trigrams " bi bir ird rd ". "birdsx" (6 of them) shares three, "brds" none.
    assert index.scores("brds").tolist() == [0, 0, 0, 0]
    resemblance = 2 * 3 / (4 + 6)
    assert index.scores("birdsx")[2] == pytest.approx(resemblance * index.scores("bird")[2])
    assert index.scores("birdsx cat") == pytest.approx(index.scores("birdsx") + index.scores("cat"))


@pytest.mark.parametrize("texts", [[], [""], ["the", "…"]])
def test_texts_without_a_word(texts: list[str], tmp_path: Path) -> None:
    index = LexicalIndex.build(texts)
    index.save(tmp_path / "lexical")
    for each in (index, LexicalIndex.load(tmp_path / "lexical", len(texts))):
        assert each.scores("cat").tolist() == [0] * len(texts)
        assert each.idf("cat") > 0


def test_what_was_saved_scores_the_same(tmp_path: Path) -> None:
    index = LexicalIndex.build(FOUR)
    index.save(tmp_path / "lexical")
    loaded = LexicalIndex.load(tmp_path / "lexical", 4)
    for question in ("cat", "dogs and birds", "swim"):
        assert loaded.scores(question).tolist() == index.scores(question).tolist()
    assert loaded.idf("cat") == index.idf("cat")
    assert not any("pickle" in path.name for path in (tmp_path / "lexical").iterdir())
