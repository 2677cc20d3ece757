"""The reader's network in PyTorch: the upper layers of multilingual-e5-small, and a mixer on top.

A window and a question are encoded apart. The vector of a line is the mean over its tokens, so it is one of the line
among the others; all vectors have length 1. The mixer is a small transformer over the lines and one mark for the whole.
"""

import numpy as np
import torch
from torch import Tensor, nn
from transformers import BertConfig
from transformers.models.bert.modeling_bert import BertLayer

from index.e5_graph import LOWER
from index.e5_weights import Weights
from index.reader import TRAITS

NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
"""The names in the weights file, and in `transformers`."""

WIDTH, HEADS, LAYERS, DROPOUT = 128, 4, 2, 0.2
"""Of the mixer."""
MOST_LINES = 64
"""Places that the mixer tells apart."""
USUAL = 0.85
"""About the cosine of a question and a passage of this model; cosines are taken from here."""


class Upper(nn.Module):
    """The upper layers, from the lower ones' states."""

    def __init__(self, weights: Weights) -> None:
        super().__init__()
        shape = weights.shape
        config = BertConfig(
            vocab_size=1,
            hidden_size=shape.width,
            num_attention_heads=shape.heads,
            intermediate_size=shape.inner,
            hidden_dropout_prob=0.1,
            attention_probs_dropout_prob=0.0,
            layer_norm_eps=shape.epsilon,
        )
        config._attn_implementation = "sdpa"
        self.layer = nn.ModuleList([BertLayer(config) for _ in range(LOWER, shape.layers)])  # type: ignore[no-untyped-call]
        for number, layer in enumerate(self.layer, start=LOWER):
            layer.load_state_dict(_layer_state(weights, f"l{number}"))

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """States by text, token and number; `mask` (true where there is a token) by text and token."""
        for layer in self.layer:
            found = layer(states, attention_mask=mask[:, None, None, :])
            states = found[0] if isinstance(found, tuple) else found
        return states

    def texts(self, states: Tensor, mask: Tensor) -> Tensor:
        """One vector a text."""
        return _mean(self(states, mask), mask)

    def lines(self, states: Tensor, mask: Tensor, spans: Tensor) -> tuple[Tensor, Tensor]:
        """One vector a line, by text and line, and one a text; `spans` by text, line and token hold rows of means."""
        upper = self(states, mask)
        return nn.functional.normalize(torch.bmm(spans, upper), dim=-1), _mean(upper, mask)


class Mixer(nn.Module):
    """From the vectors of questions and windows to log-odds."""

    def __init__(self, width: int = 384) -> None:
        super().__init__()
        self.inp = nn.Linear(3 * width + TRAITS + 2, WIDTH)
        self.cls = nn.Linear(3 * width + 1, WIDTH)
        self.drop = nn.Dropout(DROPOUT)
        self.enc = nn.ModuleList(
            nn.TransformerEncoderLayer(WIDTH, HEADS, 2 * WIDTH, DROPOUT, "gelu", batch_first=True, norm_first=True)
            for _ in range(LAYERS)
        )
        self.norm = nn.LayerNorm(WIDTH)
        self.line = nn.Linear(WIDTH, 1)
        self.whole = nn.Linear(WIDTH, 1)
        self.wcos = nn.Parameter(torch.tensor([20.0, 10.0]))
        """What the cosines of line and window count by themselves: where training starts."""
        self.pos = nn.Embedding(MOST_LINES, WIDTH)
        nn.init.normal_(self.pos.weight, std=0.02)

    def forward(
        self, question: Tensor, window: Tensor, lines: Tensor, traits: Tensor, empty: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Log-odds by pair and line, and by pair; `empty` is true where a row of `lines` is padding."""
        scale = question.shape[-1] ** 0.5
        asked = question[:, None]
        cosine = (asked * lines).sum(-1, keepdim=True) - USUAL
        whole = (question * window).sum(-1, keepdim=True) - USUAL
        alike = [asked * lines * scale, asked * (lines - window[:, None]) * scale, lines * scale / 4]
        seen = torch.cat([*alike, traits, cosine * 10, (whole[:, None] * 10).expand_as(cosine)], dim=-1)
        mark = torch.cat([question * window * scale, question * scale / 4, window * scale / 4, whole * 10], dim=-1)
        places = torch.arange(lines.shape[1]).clamp(max=MOST_LINES - 1)
        states = torch.cat([self.cls(self.drop(mark))[:, None], self.inp(self.drop(seen)) + self.pos(places)], dim=1)
        padding = torch.cat([torch.zeros(len(question), 1, dtype=torch.bool), empty], dim=1)
        for layer in self.enc:
            states = layer(states, src_key_padding_mask=padding)
        states = self.norm(states)
        answers = self.line(states[:, 1:]).squeeze(-1) + cosine.squeeze(-1) * self.wcos[0]
        return answers, self.whole(states[:, 0]).squeeze(-1) + whole.squeeze(-1) * self.wcos[1]


class ReaderNetwork(nn.Module):
    """Both."""

    def __init__(self, weights: Weights) -> None:
        super().__init__()
        self.top = Upper(weights)
        self.mix = Mixer(weights.shape.width)


def _mean(states: Tensor, mask: Tensor) -> Tensor:
    return nn.functional.normalize((states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True), dim=-1)


def _layer_state(weights: Weights, layer: str) -> dict[str, Tensor]:
    state = {}
    for short, long in NAMES.items():
        name = f"{layer}.{short}.w"
        blocks = weights.matrices.get(name)
        weight = blocks.rows(np.arange(len(blocks.scales))) if blocks else np.array(weights.vectors[name])
        state[f"{long}.weight"] = torch.from_numpy(weight)
        state[f"{long}.bias"] = torch.from_numpy(np.array(weights.vectors[f"{layer}.{short}.b"]))
    return state
