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
    assert index.match("cats?").scores == pytest.approx([*scores, 0, 0], rel=1e-5)
    assert index.match("swimming").scores[3] > index.match("fishes").scores[3] > 0


def test_rarer_terms_weigh_more_and_unknown_ones_most() -> None:
    index = LexicalIndex.build(FOUR)
    assert index.idf("zebra") > index.idf("bird") > index.idf("cat") > 0


@pytest.mark.parametrize("question", ["", "the and of", "zebra", "…"])
def test_a_question_without_a_known_word_scores_nothing(question: str) -> None:
    assert LexicalIndex.build(FOUR).match(question).scores.tolist() == [0, 0, 0, 0]


def test_known_is_the_share_of_the_terms_that_occur_by_rarity() -> None:
    index = LexicalIndex.build(FOUR)
    # "cat" weighs ln 2, "zebra" as a term of no text: ln(1 + 4.5/0.5) = ln 10.
    assert index.match("cats and zebras").known == pytest.approx(math.log(2) / (math.log(2) + math.log(10)))
    assert index.match("cat cat zebra").known == index.match("cat zebra").known
    assert [index.match(question).known for question in ("a dog barks", "zebra", "the")] == [1, 0, 0]


def test_an_unknown_word_scores_and_is_found_by_what_it_resembles() -> None:
    index = LexicalIndex.build(FOUR)
    # "bird" has the trigrams " bi bir ird rd ". "birdsx" (6 of them) shares three, "brds" none.
    assert index.match("brds").scores.tolist() == [0, 0, 0, 0]
    resemblance = 2 * 3 / (4 + 6)
    misspelt = index.match("birdsx")
    assert misspelt.scores[2] == pytest.approx(resemblance * index.match("bird").scores[2])
    assert misspelt.known == 0
    assert misspelt.found == pytest.approx(resemblance**2)
    both = index.match("birdsx cat")
    assert both.scores == pytest.approx(misspelt.scores + index.match("cat").scores)
    # The unknown word weighs ln 10, "cat" ln 2.
    assert both.found == pytest.approx((resemblance**2 * math.log(10) + math.log(2)) / math.log(20))


def test_a_name_in_greek_or_cyrillic_letters_finds_the_same_in_latin_ones_and_the_other_way_round() -> None:
    texts = ["the Panthers won", "money for Madrid", "Οι Πάνθηρες κέρδισαν"]
    index = LexicalIndex.build(texts)
    assert [index.match(question).scores.argmax() for question in ("Πάνθερς", "пантерс", "Мадрид")] == [0, 0, 1]
    assert LexicalIndex.build(texts[1:]).match("pantheres").scores.argmax() == 1


@pytest.mark.parametrize("texts", [[], [""], ["the", "…"]])
def test_texts_without_a_word(texts: list[str], tmp_path: Path) -> None:
    index = LexicalIndex.build(texts)
    index.save(tmp_path / "lexical")
    for each in (index, LexicalIndex.load(tmp_path / "lexical", len(texts))):
        assert each.match("cat").scores.tolist() == [0] * len(texts)
        assert each.idf("cat") > 0


def test_what_was_saved_scores_the_same(tmp_path: Path) -> None:
    index = LexicalIndex.build(FOUR)
    index.save(tmp_path / "lexical")
    loaded = LexicalIndex.load(tmp_path / "lexical", 4)
    for question in ("cat", "dogs and birds", "swim"):
        assert loaded.match(question).scores.tolist() == index.match(question).scores.tolist()
    assert loaded.idf("cat") == index.idf("cat")
    assert not any("pickle" in path.name for path in (tmp_path / "lexical").iterdir())
