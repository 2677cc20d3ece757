"""What a model writes, read while it comes."""

import time

import pytest

from assistant.model_errors import ModelTrouble
from assistant.reading import MOST_UNREAD, Reader, Written


def read(*pieces: str) -> list[Written]:
    reader = Reader()
    return [written for piece in pieces for written in reader.feed(piece)] + list(reader.end())


@pytest.mark.parametrize("size", [1, 3, 1_000])
@pytest.mark.parametrize(
    ("reply", "sentences"),
    [
        ('{"sentences": [{"text": "One here. Two here.", "citations": [1, 2]}]}',
         [("One here.", (1, 2)), ("Two here.", (1, 2))]),
        ('```json\n{"sentences":[{"text":"One [3].","citations":[]},{"text":"Two.","citations":"1"}]}\n```',
         [("One.", (3,)), ("Two.", ())]),
        ('{"sentences": []}', []),
        ("One here. [1]\nTwo here [2, 3].\n- Three\n", [("One here.", (1,)), ("Two here.", (2, 3)), ("Three", ())]),
        ("1. One here. [1] Two here. [1][2] Three", [("One here.", (1,)), ("Two here.", (1, 2)), ("Three", ())]),
        ("The one [1] and the other. [2]", [("The one and the other.", (1, 2))]),
        ('Here it is:\n\n```json\n{"sentences": [{"text": "One.", "citations": [1, true]}]}\n```\nI hope it helps.',
         [("One.", (1,))]),
        ("```\nOne here. [1]\n```", [("One here.", (1,))]),
        ('One here. [1]\n"text": "Two here.", "citations": [2]\n', [("One here.", (1,))]),
        ('{"sentences": [{"text": "\\ud83cOne \\u202ehere\\u202c\\u200b.\\u0007", "citations": [1]}]}',
         [("One here.", (1,))]),
        ("", []),
        ("  \n\n ", []),
    ],
)  # fmt: skip
def test_sentences_with_their_numbers(size: int, reply: str, sentences: list[tuple[str, tuple[int, ...]]]) -> None:
    pieces = [reply[at : at + size] for at in range(0, len(reply), size)]
    assert [(written.text, written.numbers) for written in read(*pieces)] == sentences


def test_a_sentence_is_there_as_soon_as_it_ends() -> None:
    reader = Reader()
    assert not list(reader.feed('{"sentences": [{"text": "One.", "citations": [1]'))
    assert [written.text for written in reader.feed("}")] == ["One."]
    lines = Reader()
    assert not list(lines.feed("One. [1]"))
    assert [written.text for written in lines.feed("\n")] == ["One."]


@pytest.mark.parametrize(
    "reply",
    ['{"sentences": [{"text": "One', '{"sentences": [7]}', '{"sentences": [{"text": 1}]}', "{}", '{"a": [[[[',
     'The set {a} is one. [1]\n', "x" * (MOST_UNREAD + 1)],
)  # fmt: skip
def test_what_cannot_be_read_is_said(reply: str) -> None:
    with pytest.raises(ModelTrouble):
        read(reply)


@pytest.mark.parametrize(
    "piece",
    [" ", "\n", "\t[", "[", "]", "[1", "[1]", " [1] ", "[1,", "[1 ;", ".[1]", "`", "```json", "{", '{"sentences": [',
     '{"sentences":[' + "[", '{"text": "', "\\ud800", '"sentences"', "x. ", "a.b ", "1.", "“”"],
)  # fmt: skip
@pytest.mark.parametrize("before", ["", '{"sentences": [', "One. [1]\n"])
def test_nothing_takes_long_to_read(before: str, piece: str) -> None:
    reader, started = Reader(), time.process_time()
    try:
        for _ in reader.feed(before + piece * (200_000 // len(piece))):
            if time.process_time() - started > 2:
                break  # sentences come one by one, and whoever reads them may stop
        list(reader.end())
    except ModelTrouble:
        pass
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    "line", ["A" + " [1]" * 900 + "x", "a.[1," * 700, "[ 1 , " * 600, "x] " * 1_200, '."[1]' * 700]
)
def test_nothing_takes_long_to_read_a_character_at_a_time(line: str) -> None:
    reader, started = Reader(), time.process_time()
    for character in f"{line}\n" * 10:
        list(reader.feed(character))
    list(reader.end())
    assert time.process_time() - started < 20


def test_what_ends_a_sentence_is_found_however_it_comes() -> None:
    reply = "One " + "and one " * 60 + "here. [1]\nTwo. [1] \tThree [1][2]. Four.  [3, 4] Five"
    at_once = read(reply)
    assert [written.numbers for written in at_once] == [(1,), (1,), (1, 2), (3, 4), ()]
    for size in (1, 2, 3, 5, 7, 400):
        assert read(*(reply[at : at + size] for at in range(0, len(reply), size))) == at_once
