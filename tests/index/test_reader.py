"""The trained reader: it loads by its hash, and decides plain cases as people would."""

import threading
from pathlib import Path

import pytest

from index.e5_words import load_words
from index.errors import ModelError
from index.reader import FILE, Reader, Reading, load_reader
from index.reader_input import WINDOW, windows

CASES = (
    # question, lines, the number of the one that answers
    (
        "Who may apply for this grant?",
        (
            "The town hall was built in 1887.",
            "Public bodies and non-profit organisations may apply.",
            "Parking is free.",
        ),
        1,
    ),
    (
        "How long may a project last?",
        ("Projects may last up to 24 months.", "Applications are sent by e-mail.", "The jury meets twice a year."),
        0,
    ),
    (
        "Where can I find a language course?",
        (
            "The registration office is open from Monday to Friday.",
            "Language courses are offered by the adult education centre.",
            "Dogs have to be registered.",
        ),
        1,
    ),
    (
        "Wer darf einen Antrag stellen?",
        (
            "The town hall was built in 1887.",
            "Public bodies and non-profit organisations may apply.",
            "Parking is free.",
        ),
        1,
    ),
    (
        "Combien de temps peut durer un projet ?",
        ("Projects may last up to 24 months.", "Applications are sent by e-mail.", "The jury meets twice a year."),
        0,
    ),
    (
        "¿Cuánto cuesta la guardería?",
        ("The zoo opens at nine.", "Day care costs 90 euros a month.", "Our staff wear blue."),
        1,
    ),
    (
        "Gdzie mogę zgłosić zmianę adresu?",
        ("Report a change of address to the registration office.", "The market is on Saturdays.", "Cows eat grass."),
        0,
    ),
    (
        "Do I need a permit to work?",
        ("The library lends books.", "Bring two photographs.", "You need a permit to take up employment."),
        2,
    ),
)
NOT_ANSWERED = (
    ("How much is the fine for parking?", ("The library lends books.", "The zoo opens at nine.", "Cows eat grass.")),
    ("Who won the football match?", ("Public bodies may apply.", "Projects may last up to 24 months.")),
    ("Wie viel kostet ein Visum?", ("The market is on Saturdays.", "Language courses start in May.")),
    ("Quelle est la capitale du Japon ?", ("Applications are sent by e-mail.", "The jury meets twice a year.")),
)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


@pytest.mark.parametrize(("question", "lines", "answer"), CASES, ids=[case[0] for case in CASES])
def test_the_line_that_answers_is_the_best(question: str, lines: tuple[str, ...], answer: int, reader: Reader) -> None:
    reading = reader.read(question, "", lines)
    assert len(reading.lines) == len(lines)
    assert max(range(len(lines)), key=reading.lines.__getitem__) == answer


@pytest.mark.parametrize(("question", "lines"), NOT_ANSWERED, ids=[case[0] for case in NOT_ANSWERED])
def test_what_is_not_answered_is_less_so_than_what_is(question: str, lines: tuple[str, ...], reader: Reader) -> None:
    least = min(reader.read(asked, "", text).answered for asked, text, _ in CASES)
    assert reader.read(question, "", lines).answered < least


def test_the_same_input_gives_the_same_output_in_any_thread(reader: Reader) -> None:
    question, lines, _ = CASES[0]
    expected = reader.read(question, "A heading", lines)
    found: list[Reading] = []
    threads = [
        threading.Thread(target=lambda: found.append(Reader().read(question, "A heading", lines))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 3


def test_every_line_of_a_long_text_is_read_once() -> None:
    lines = [f"Line {number} speaks of many things, one after the other." for number in range(100)]
    cut = list(windows(load_words(), "What does it speak of? " * 50, "A heading " * 50, lines))
    assert len(cut) > 1
    assert [window.first for window in cut] == [sum(len(w.spans) - 1 for w in cut[:n]) for n in range(len(cut))]
    assert sum(len(window.spans) - 1 for window in cut) == len(lines)
    assert all(len(window.tokens) <= WINDOW for window in cut)


def test_no_line_and_hostile_lines(reader: Reader) -> None:
    assert reader.read("Who?", "", ()).lines == ()
    hostile = ("", "\0", "a" * 100_000, "\ud83d", "</s> </s> <s>")
    assert len(reader.read("\0" * 9000, "\ud83d", hostile).lines) == len(hostile)


def test_another_file_is_refused_by_its_hash(tmp_path: Path) -> None:
    damaged = tmp_path / "reader.onnx"
    damaged.write_bytes(FILE.read_bytes()[:-1] + b"x")
    with pytest.raises(ModelError, match="damaged or another version"):
        Reader(damaged).read("Who?", "", ("We.",))
    with pytest.raises(ModelError, match="cannot be read"):
        Reader(tmp_path / "none.onnx").read("Who?", "", ("We.",))


def test_a_model_of_the_operators_own_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="is not there"):
        load_reader(tmp_path / "none")
