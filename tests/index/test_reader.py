"""The trained reader: it loads by its hash, and decides plain cases as people would."""

import shutil
import threading
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path

import numpy as np
import pytest

from index.e5 import E5Embedder
from index.errors import ModelError
from index.reader import MIXER, WEIGHTS, Reader, Reading, load_reader
from index.records import Passage, Sentence

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
def encoder() -> E5Embedder:
    return E5Embedder()


@pytest.fixture(scope="module")
def reader(encoder: E5Embedder) -> Reader:
    return Reader(encoder)


def passage_of(lines: Sequence[str], heading: str = "A page") -> Passage:
    ends = list(accumulate((len(line) + 1 for line in lines), initial=0))
    sentences = tuple(Sentence(start, start + len(line)) for start, line in zip(ends, lines, strict=False))
    text = "\n".join(lines)
    return Passage("id", "page.txt", 0, len(text), text, None, None, heading, sentences)


def read(reader: Reader, question: str, lines: Sequence[str]) -> Reading:
    return reader.read(question, [(passage_of(lines), None)])[0]


@pytest.mark.parametrize(("question", "lines", "answer"), CASES, ids=[case[0] for case in CASES])
def test_the_sentence_that_answers_is_the_best(
    question: str, lines: tuple[str, ...], answer: int, reader: Reader
) -> None:
    found = read(reader, question, lines).sentences
    assert len(found) == len(lines)
    assert max(range(len(lines)), key=found.__getitem__) == answer


@pytest.mark.parametrize(("question", "lines"), NOT_ANSWERED, ids=[case[0] for case in NOT_ANSWERED])
def test_what_is_not_answered_is_less_so_than_what_is(question: str, lines: tuple[str, ...], reader: Reader) -> None:
    assert read(reader, question, lines).answered < min(read(reader, asked, text).answered for asked, text, _ in CASES)


def test_the_same_input_gives_the_same_output_stored_or_not_in_any_thread(encoder: E5Embedder, reader: Reader) -> None:
    question, lines, _ = CASES[0]
    expected = read(reader, question, lines)
    passage = passage_of(lines)
    assert reader.read(question, [(passage, reader.encode(passage)[1]), (passage, None)]) == [expected, expected]
    fresh = Reader(encoder)
    found: list[Reading] = []
    threads = [threading.Thread(target=lambda: found.append(read(fresh, question, lines))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 3


def test_a_passage_is_embedded_as_the_embedding_model_does(encoder: E5Embedder, reader: Reader) -> None:
    passage = passage_of(CASES[0][1])
    vector, rows = reader.encode(passage)
    assert np.array_equal(vector, encoder.embed_passages([passage.embedded])[0])
    assert rows.shape == (4, 384)
    assert np.linalg.norm(rows.astype(np.float32), axis=1) == pytest.approx([1] * 4, abs=0.01)


def test_nothing_to_read_and_hostile_text(reader: Reader) -> None:
    assert reader.read("Who?", []) == []
    hostile = ("\0", "a" * 100_000, "\ud83d", "</s> </s> <s>", *("one more line",) * 100)
    assert np.isfinite(read(reader, "\0\ud83d" * 9000, hostile).sentences).all()


def test_another_file_is_refused_by_its_hash(tmp_path: Path, encoder: E5Embedder) -> None:
    shutil.copytree(WEIGHTS, tmp_path / "weights")
    damaged = tmp_path / "weights" / MIXER
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"x")
    with pytest.raises(ModelError, match="damaged or another version"):
        read(Reader(encoder, tmp_path / "weights"), "Who?", ("We.",))
    with pytest.raises(ModelError, match="cannot be read"):
        read(Reader(encoder, tmp_path / "none"), "Who?", ("We.",))


def test_a_model_of_the_operators_own_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="is not there"):
        load_reader((), tmp_path / "none")


@pytest.fixture(scope="module")
def cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny one with random weights, of words of single letters."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast  # type: ignore[attr-defined]

    folder = tmp_path_factory.mktemp("cross-encoder")
    torch.manual_seed(0)
    vocabulary = [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "[MASK]",
        *"abcdefghijklmnopqrstuvwxyz",
        *(f"##{c}" for c in "aeiou"),
    ]
    (folder / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        num_labels=1,  # type: ignore[call-arg]
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    return folder


def test_a_cross_encoder_of_the_operators_own_reads_in_its_place(cross_encoder: Path) -> None:
    lines = CASES[0][1]
    (reading,) = load_reader((), cross_encoder).read("who may apply", [(passage_of(lines), None)])
    assert len(reading.sentences) == len(lines)
    assert reading.answered == max(reading.sentences)
    assert load_reader((), cross_encoder).read("who may apply", []) == []


def test_a_damaged_cross_encoder_is_one_line(cross_encoder: Path, tmp_path: Path) -> None:
    damaged = shutil.copytree(cross_encoder, tmp_path / "damaged") / "model.safetensors"
    damaged.write_bytes(damaged.read_bytes()[:100])
    with pytest.raises(ModelError, match="cannot be loaded") as caught:
        load_reader((), tmp_path / "damaged").read("who", [(passage_of(("we",)), None)])
    assert "\n" not in str(caught.value)
