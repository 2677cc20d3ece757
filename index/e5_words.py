"""multilingual-e5-small's words: its tokenizer and embeddings. The one door to tokenizers."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.e5_weights import Blocks, Floats, Weights, find_file, read_weights
from index.errors import ModelError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MODEL = "multilingual-e5-small"
DIMENSION = 384
INPUT, OUTPUT, STATES = "embedded", "vector", "states"
"""Of the network: the tokens' word, position and type embeddings, summed; the text's vector; and the tokens' states
above the lower layers."""

REPAIR = "run `pip install --force-reinstall onnx onnxruntime tokenizers`"

_REMOVED = r"[\x01-\x08\x0b\x0e-\x1f\x7f\x8f\x9f]"
_SPACES = r"[\t\n\f\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]"
"""What the table in the weights file removes, or makes a space of, beyond NFKC; the rest of it is NFKC but for 75 signs
that newer Unicode versions map and for the full-width tilde."""


@dataclass(frozen=True, slots=True)
class Words:
    """What texts become before a network reads them. Safe to share between threads."""

    weights: Weights
    tokenizer: "Tokenizer"
    _rows: Blocks
    _positions: Floats
    """With the embedding of the one token type added."""

    def embedded(self, tokens: NDArray[np.int64]) -> Floats:
        """Words and places of one text, as a batch of one."""
        return (self._rows.rows(tokens) + self._positions[: len(tokens)])[np.newaxis]


def load_words() -> Words:
    """Read them from the installed package. Raises `ModelError`."""
    weights = read_weights(find_file())
    try:
        tokenizer = _tokenizer(weights)
    except ImportError as error:
        raise ModelError(f"{MODEL} cannot be run ({error}): {REPAIR}") from error
    positions = weights.vectors["emb.pos"].reshape(-1, DIMENSION) + weights.vectors["emb.type"][:DIMENSION]
    return Words(weights, tokenizer, weights.matrices["emb.word"], positions)


def _tokenizer(weights: Weights) -> "Tokenizer":
    """Unigram over NFKC text, words told apart by `▁`."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    bos, eos = weights.specials["bos"], weights.specials["eos"]
    start, stop = weights.pieces[bos], weights.pieces[eos]
    vocabulary = list(zip(weights.pieces, weights.scores, strict=True))
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=weights.specials["unk"]))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(_REMOVED), ""),
            normalizers.Replace(Regex(_SPACES), " "),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{start} $A {stop}", special_tokens=[(start, bos), (stop, eos)]
    )
    tokenizer.enable_truncation(weights.shape.positions)
    return tokenizer
