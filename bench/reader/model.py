"""The reader's network in PyTorch: multilingual-e5-small's encoder, and a head that scores every line in one pass."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from bench.reader.data import UNKNOWN, Example
from index.e5_weights import Weights
from index.e5_words import load_words
from index.reader_input import windows

FROZEN_LAYERS = 4
"""The lowest layers stay as they are: they hold what the languages have in common, and training is a fifth faster."""
NAMES = {
    "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value", "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm", "fi": "intermediate.dense", "fo": "output.dense", "oln": "output.LayerNorm",
}  # fmt: skip
"""The names in the weights file, and in `transformers`."""


class Reader(nn.Module):
    """From embedded tokens to one logit a line and one for the whole: does it answer, is it answered at all."""

    def __init__(self, weights: Weights) -> None:
        super().__init__()
        shape = weights.shape
        config = BertConfig(
            vocab_size=1, hidden_size=shape.width, num_hidden_layers=shape.layers, num_attention_heads=shape.heads,
            intermediate_size=shape.inner, max_position_embeddings=shape.positions, type_vocab_size=1,
            layer_norm_eps=shape.epsilon, hidden_dropout_prob=0.1, attention_probs_dropout_prob=0.0,
        )  # fmt: skip
        self.encoder = BertModel(config, add_pooling_layer=False)
        _load(self.encoder, weights)
        self.line = nn.Linear(2 * shape.width, 1)
        self.whole = nn.Linear(shape.width, 1)
        nn.init.normal_(self.line.weight, std=0.02)
        with torch.no_grad():  # starts near the cosine of question and line, which the encoder was made for
            self.line.weight[0, : shape.width] = 10.0
            self.line.bias.fill_(-9.0)
        for layer in self.encoder.encoder.layer[:FROZEN_LAYERS]:
            layer.requires_grad_(False)
        self.encoder.embeddings.requires_grad_(False)

    def forward(self, embedded: Tensor, mask: Tensor, spans: Tensor) -> tuple[Tensor, Tensor]:
        """`embedded` by text, token, number; `mask` by text and token; `spans` by text, line and token, rows of means.

        Line 0 of `spans` is the question. Gives logits by text and line, and by text.
        """
        states = self.encoder(inputs_embeds=embedded, attention_mask=mask).last_hidden_state
        means = torch.bmm(spans, states)
        question, lines = means[:, :1], means[:, 1:]
        alike = nn.functional.normalize(question, dim=-1) * nn.functional.normalize(lines, dim=-1)
        scale = states.shape[-1] ** 0.5
        logits = self.line(torch.cat((alike, lines / scale), dim=-1)).squeeze(-1)
        return logits, self.whole(states[:, 0]).squeeze(-1)


def _load(encoder: BertModel, weights: Weights) -> None:
    def matrix(name: str) -> Tensor:
        blocks = weights.matrices[name]
        return torch.from_numpy(blocks.rows(np.arange(len(blocks.scales))))

    def vector(name: str) -> Tensor:
        return torch.from_numpy(np.array(weights.vectors[name]))

    width = weights.shape.width
    state = {
        "embeddings.word_embeddings.weight": torch.zeros(1, width),
        "embeddings.position_embeddings.weight": vector("emb.pos").view(-1, width),
        "embeddings.token_type_embeddings.weight": vector("emb.type")[:width].view(1, -1),
        "embeddings.LayerNorm.weight": vector("emb.ln.w"),
        "embeddings.LayerNorm.bias": vector("emb.ln.b"),
    }
    for layer in range(weights.shape.layers):
        for short, long in NAMES.items():
            full = f"l{layer}.{short}.w"
            state[f"encoder.layer.{layer}.{long}.weight"] = matrix(full) if full in weights.matrices else vector(full)
            state[f"encoder.layer.{layer}.{long}.bias"] = vector(f"l{layer}.{short}.b")
    missing, unexpected = encoder.load_state_dict(state, strict=False)
    if unexpected or [name for name in missing if "position_ids" not in name]:
        raise ValueError(f"the weights do not fit: missing {missing}, unexpected {unexpected}")


@dataclass(frozen=True, slots=True)
class Window:
    """As much of a text as is read at once."""

    tokens: np.ndarray
    spans: tuple[tuple[int, int], ...]
    """Of the question, then of each line."""
    labels: tuple[int, ...]
    answered: int
    example: int
    first: int
    """Number of its first line in the text."""


class Batcher:
    """Cuts examples into windows and windows into batches."""

    def __init__(self) -> None:
        self.words = load_words()
        self.weights = self.words.weights

    def windows(self, examples: Sequence[Example]) -> Iterator[Window]:
        """Every line of every example, in order."""
        for number, example in enumerate(examples):
            for read in windows(self.words, example.question, example.context, example.lines):
                labels = example.labels[read.first : read.first + len(read.spans) - 1]
                answered = example.answered
                if answered == 1 and UNKNOWN not in labels:
                    answered = int(any(labels))
                elif answered == 1 and len(read.spans) - 1 < len(example.lines):
                    answered = UNKNOWN
                yield Window(read.tokens, read.spans, labels, answered, number, read.first)

    def tensors(self, batch: Sequence[Window]) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """What the network takes, then labels by text and line, and by text (`UNKNOWN` where there is none)."""
        length = max(len(window.tokens) for window in batch)
        lines = max(len(window.spans) for window in batch)
        tokens = np.full((len(batch), length), self.weights.specials["pad"], dtype=np.int64)
        mask = torch.zeros(len(batch), length, dtype=torch.long)
        spans = torch.zeros(len(batch), lines, length)
        labels = torch.full((len(batch), lines - 1), UNKNOWN)
        for row, window in enumerate(batch):
            tokens[row, : len(window.tokens)] = window.tokens
            mask[row, : len(window.tokens)] = 1
            for line, (start, end) in enumerate(window.spans):
                spans[row, line, start:end] = 1 / (end - start)
            labels[row, : len(window.labels)] = torch.tensor(window.labels)
        embedded = torch.from_numpy(self.words.rows(tokens))
        return embedded, mask, spans, labels, torch.tensor([window.answered for window in batch])
