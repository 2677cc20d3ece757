"""Resemblance of words, worked out by hand."""

import pytest

from index.similar import SimilarWords


def test_words_are_alike_by_the_trigrams_they_share() -> None:
    words = SimilarWords(["housing", "house", "hosting", "training"])
    # `housng`: " ho hou ous usn sng ng " (6). With `housing` (7) it shares 4, with `house` (5) 3, with `hosting` (7) 2.
    assert words.to("housng") == [("housing", 8 / 13), ("house", 6 / 11)]


def test_of_words_equally_alike_the_first_three_are_given() -> None:
    assert [word for word, _ in SimilarWords(["walkx", "walka", "walkb", "walkc"]).to("walkd")] == [
        "walkx",
        "walka",
        "walkb",
    ]


@pytest.mark.parametrize("word", ["", "cat", "2018", "ab-cd", "zzzz", "Ωμέγα"])
def test_what_resembles_nothing(word: str) -> None:
    assert SimilarWords(["cats", "2019", "abcd", "housing"]).to(word) == []
    assert SimilarWords([]).to(word) == []
