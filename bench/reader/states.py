"""What the reader is trained on top of: the states of multilingual-e5-small's lower layers, computed once.

They do not change in training. In 8 bits, which is three times as fast as the 4 bits that answer (cosine .999).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from bench.reader.data import UNKNOWN, Example, windows
from index.e5 import PASSAGE, QUERY, open_session
from index.e5_graph import LOWER, EncoderGraph
from index.e5_weights import Floats, Shape
from index.e5_words import INPUT, STATES, load_words
from index.progress import terminal

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

CONTEXT_TOKENS, PASSAGE_TOKENS, QUESTION_TOKENS = 40, 300, 100
"""The most that is read of headings, of a window and of a question, of which the end is read."""

Span = tuple[int, int]
Key = tuple[str, tuple[str, ...]]
"""A window: its headings and its lines."""
Half = NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class Bytes:
    """A matrix in 8 bits: a weight is its number times the scale of its output."""

    numbers: NDArray[np.int8]
    """By output and input."""
    scales: Floats
    """By output."""

    @classmethod
    def of(cls, matrix: Floats) -> Self:
        """The nearest such matrix; the largest weight of each output becomes 127."""
        scales = np.abs(matrix).max(axis=1) / 127
        return cls(np.round(matrix / scales[:, np.newaxis]).astype(np.int8), scales.astype(np.float32))


class ByteGraph(EncoderGraph):
    """The encoder with matrices in 8 bits."""

    def __init__(self, shape: Shape, vectors: Mapping[str, Floats], matrices: Mapping[str, Floats]) -> None:
        super().__init__(shape, vectors)
        self._bytes = {name: Bytes.of(matrix) for name, matrix in matrices.items()}

    def multiply(self, name: str, state: str) -> str:
        matrix = self._bytes[f"{name}.w"]
        numbers = self.constant(f"{name}.numbers", matrix.numbers.T)
        scales = self.constant(f"{name}.scales", matrix.scales)
        return self.add("DynamicQuantizeMatMul", [state, numbers, scales, "", self.vector(f"{name}.b")])


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and a window."""

    question: str
    window: Key
    labels: tuple[int, ...]
    answered: int
    example: int


def pairs_of(examples: Sequence[Example]) -> list[Pair]:
    """Every window of every example. Which window of a text answers is known only where lines are marked."""
    pairs = []
    for number, example in enumerate(examples):
        for first, lines in windows(example.lines):
            labels = example.labels[first : first + len(lines)]
            answered = example.answered
            if answered == 1 and UNKNOWN not in example.labels:
                answered = int(any(labels))
            elif answered == 1 and len(lines) < len(example.lines):
                answered = UNKNOWN
            pairs.append(Pair(example.question, (example.context, lines), labels, answered, number))
    return pairs


class States:
    """The lower layers' states of windows and questions, by their text."""

    def __init__(self) -> None:
        self._words = load_words()
        self._session = _lower_layers()
        self.windows: dict[Key, tuple[Half, tuple[Span, ...]]] = {}
        self.questions: dict[str, Half] = {}

    def add(self, pairs: Iterable[Pair]) -> None:
        """Compute what is not there yet."""
        some = [pair for pair in pairs if pair.window not in self.windows or pair.question not in self.questions]
        with terminal("Encoding", len(some)) as step:
            for pair in some:
                if pair.window not in self.windows:
                    tokens, spans = self._tokens(*pair.window)
                    self.windows[pair.window] = self._run(tokens), spans
                if pair.question not in self.questions:
                    ids = self._words.tokenizer.encode(QUERY + pair.question).ids
                    self.questions[pair.question] = self._run([*ids[:1], *ids[1:][1 - QUESTION_TOKENS :]])
                step.update(1)

    def _tokens(self, context: str, lines: Sequence[str]) -> tuple[list[int], tuple[Span, ...]]:
        specials = self._words.weights.specials
        tokens = [specials["bos"], *self._ids(PASSAGE), *self._ids(context)[:CONTEXT_TOKENS]]
        spans = []
        for line in lines:
            ids = self._ids(line) or [specials["pad"]]
            spans.append((len(tokens), len(tokens) + len(ids)))
            tokens += ids
        tokens = tokens[:PASSAGE_TOKENS]
        last = len(tokens) - 1
        return [*tokens, specials["eos"]], tuple(
            (min(a, last), max(min(b, last + 1), min(a, last) + 1)) for a, b in spans
        )

    def _ids(self, text: str) -> list[int]:
        return list(self._words.tokenizer.encode(text, add_special_tokens=False).ids)

    def _run(self, tokens: Sequence[int]) -> Half:
        (states,) = self._session.run(None, {INPUT: self._words.embedded(np.array(tokens, dtype=np.int64))})
        return np.asarray(states[0], dtype=np.float16)


def _lower_layers() -> "InferenceSession":
    weights = load_words().weights
    names = [name for name in weights.matrices if name.startswith("l")]
    matrices = {name: weights.matrices[name].rows(np.arange(len(weights.matrices[name].scales))) for name in names}
    graph = ByteGraph(weights.shape, weights.vectors, matrices)
    graph.add("Identity", [graph.layers(graph.start(INPUT), range(LOWER))], domain="", output=STATES)
    tokens: list[int | str] = [1, "tokens", weights.shape.width]
    return open_session(graph.serialised("lower", {INPUT: tokens}, {STATES: tokens}))
