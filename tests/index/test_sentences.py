"""Sentences at exact offsets, in the languages of the EU."""

import random
import time
from itertools import pairwise
from pathlib import Path

import pytest

from index.sentences import split_sentences

LINES = Path(__file__).with_name("sentences.txt").read_text(encoding="utf-8").splitlines()[1:]
LEFT_WHOLE = {"en: It is Plan B. | Plan A failed."}
"""A capital before a stop looks like an initial: rather two sentences in one quote than a name cut in two."""


@pytest.mark.parametrize("line", [line for line in LINES if line not in LEFT_WHOLE])
def test_cuts_where_a_reader_would(line: str) -> None:
    language, _, marked = line.partition(": ")
    sentences = [part.strip() for part in marked.split("|")]
    text = ("" if language == "zh" else " ").join(sentences)
    assert [text[start:end] for start, end in split_sentences(text)] == sentences


@pytest.mark.parametrize("line", sorted(LEFT_WHOLE))
def test_leaves_whole_what_it_cannot_tell(line: str) -> None:
    text = line.partition(": ")[2].replace(" |", "")
    assert split_sentences(text) == [(0, len(text))]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", []),
        (" \n ", []),
        ("no stop at all", ["no stop at all"]),
        ("  One. \n Two.  ", ["One.", "Two."]),
        ("It ends with a no-break space.\u00a0Next.", ["It ends with a no-break space.", "Next."]),
        ("improve cooperation between authorities;", ["improve cooperation between authorities;"]),
    ],
)
def test_edges(text: str, sentences: list[str]) -> None:
    assert [text[start:end] for start, end in split_sentences(text)] == sentences


def test_nothing_but_space_is_left_out_whatever_the_text() -> None:
    pieces = [*"aB.!…; \n“”()»。Äά\u00a0-1", "e.g.", "31."]
    draw = random.Random(1)
    for _ in range(2000):
        text = "".join(draw.choices(pieces, k=draw.randint(0, 30)))
        spans = split_sentences(text)
        assert all(start < end for start, end in spans)
        assert all(one[1] <= two[0] for one, two in pairwise(spans))
        assert all(text[start:end] == text[start:end].strip() for start, end in spans)
        covered = "".join(text[start:end] for start, end in spans)
        assert "".join(covered.split()) == "".join(text.split())


@pytest.mark.parametrize("unit", [".", "?! ", "a. ", "Ab. ", '."', ". (", "; ", "e.g. "])
def test_hostile_text_takes_linear_time(unit: str) -> None:
    began = time.process_time()
    split_sentences(unit * 200_000)
    assert time.process_time() - began < 20  # takes less than one second; in square time it would be minutes
