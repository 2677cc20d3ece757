"""A small trained model that reads a passage for a question: which sentences answer, and is it answered at all.

Its lower layers are those of multilingual-e5-small; the upper ones are trained further (`bench/reader/`,
`docs/reader.md`). A passage is encoded once, when it is indexed: one vector for the whole and one for each sentence, as
it stands among the others ("late chunking", Günther et al. 2024, arXiv 2409.04701). A question is encoded when it is
asked; then a small network lets question and sentences look at each other, which takes a millisecond.
"""

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.e5 import E5Embedder, TokenStates, open_session
from index.e5_words import REPAIR, STATES
from index.embed import Embedder
from index.errors import ModelError
from index.records import Passage

WEIGHTS = Path(__file__).parent / "weights"
UPPER, MIXER = "reader-upper.onnx", "reader-mixer.onnx"
"""The trained layers, from the states of multilingual-e5-small's lower ones; and the network on top."""
SHA256 = {
    UPPER: "da5853cec222556a06e6fea0259242dbcc95678435f58c9ba011acd9d6515ef5",
    MIXER: "e04f0ca47e088b521ab4114104589701b055b7dfd08aa12608e75fac9d93b31a",
}
TRAITS = 6
"""What else is known of a sentence, as numbers: see `traits`."""

Rows = NDArray[np.float16]
"""A passage's vectors: its own, then one a sentence."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was made of a passage, in log-odds."""

    sentences: tuple[float, ...]
    """That the sentence answers, for each."""
    answered: float
    """That the passage answers the question."""


class Reads(Protocol):
    """What reads passages for a question. Safe to call from several threads."""

    def read(self, question: str, passages: Sequence[tuple[Passage, Rows | None]]) -> list[Reading]:
        """One reading a passage; a passage comes with its rows, where the store has them. Raises `ModelError`."""
        ...


class Reader:
    """The built-in one; the same input gives the same output."""

    def __init__(self, encoder: E5Embedder, weights: Path = WEIGHTS) -> None:
        self._encoder = encoder
        self._weights = weights
        self._lock = threading.Lock()

    def encode(self, passage: Passage) -> tuple[NDArray[np.float32], Rows]:
        """A passage's vector of the embedding model, which comes with it, and its rows. Raises `ModelError`."""
        before = len(passage.embedded) - len(passage.text) - passage.start
        spans = [(sentence.start + before, sentence.end + before) for sentence in passage.sentences]
        states = self._encoder.read_passage(passage.embedded, spans)
        return states.vector, self._rows(states)

    def read(self, question: str, passages: Sequence[tuple[Passage, Rows | None]]) -> list[Reading]:
        """See `Reads`."""
        if not passages:
            return []
        asked = self._rows(self._encoder.read_question(question))[0]
        return [
            self._read(asked, rows if rows is not None else self.encode(passage)[1], passage)
            for passage, rows in passages
        ]

    def _rows(self, states: TokenStates) -> Rows:
        count = len(states.states)
        means = np.zeros((1, len(states.spans) + 1, count), dtype=np.float32)
        for row, (start, end) in enumerate(((0, count), *states.spans)):
            means[0, row, start:end] = 1 / (end - start)
        (rows,) = self._session(UPPER).run(None, {STATES: states.states[np.newaxis], "means": means})
        return np.asarray(rows[0], dtype=np.float16)

    def _read(self, question: Rows, rows: Rows, passage: Passage) -> Reading:
        sentences = [passage.text[s.start - passage.start : s.end - passage.start] for s in passage.sentences]
        inputs = {
            "question": question[np.newaxis].astype(np.float32),
            "passage": rows[:1].astype(np.float32),
            "sentences": rows[np.newaxis, 1:].astype(np.float32),
            "traits": np.array([[traits(sentence) for sentence in sentences]], dtype=np.float32),
        }
        lines, whole = self._session(MIXER).run(None, inputs)
        return Reading(tuple(float(x) for x in lines.ravel()), float(whole.ravel()[0]))

    def _session(self, name: str) -> Any:
        with self._lock:
            return self._sessions[name]

    @cached_property
    def _sessions(self) -> dict[str, Any]:
        return {name: self._load(name) for name in SHA256}

    def _load(self, name: str) -> Any:
        file = self._weights / name
        try:
            data = file.read_bytes()
        except OSError as error:
            raise ModelError(f"the reader's file {file} cannot be read ({error.strerror})") from error
        if hashlib.sha256(data).hexdigest() != SHA256[name]:
            raise ModelError(f"the reader's file {file} is damaged or another version: install this software again")
        try:
            return open_session(data)
        except ImportError as error:
            raise ModelError(f"the reader cannot be run ({error}): {REPAIR}") from error


def traits(sentence: str) -> tuple[float, ...]:
    """Length, how it ends, whether it is a mere label, and its figures, each about 0 to 3."""
    words, end = len(sentence.split()), sentence.rstrip()[-1:]
    figures = min(3, sum(c.isdigit() for c in sentence))
    return (
        min(words, 60) / 20,
        float(end == ":"),
        float(end == "?"),
        float(words <= 4),
        figures / 3,
        float(end in (".", "!")),
    )


def load_reader(embedders: Sequence[Embedder], folder: Path | None = None) -> Reads:
    """The cross-encoder in `folder`, else the built-in reader, which shares the embedding model where it is in use.

    Raises `ModelError` where the folder is not there.
    """
    if folder is not None:
        from index.cross_encoder import CrossEncoderReader

        return CrossEncoderReader(folder)
    return Reader(next((e for e in embedders if isinstance(e, E5Embedder)), None) or E5Embedder())
